"""What a document says of other activations, targets and second layers is what they are."""

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy

import symrelu
from symrelu.model.kernels import PSI, G, Kernel, P, Q, S
from symrelu.model.setting import PAPER, Setting
from symrelu.model.target import Target
from symrelu.paper.fragments import isotropy_type, spectrum_table
from symrelu.paper.material import Request, gather
from symrelu.paper.setting import moves, own_setting, setting_section
from symrelu.paper.style import Style
from symrelu.results import FamilySeries

Known = Callable[[str], symrelu.Family]
QUICK = Request(order=1, spectrum_order=0, thresholds=False, certificate=False)
STYLE = Style(cites=True)


@pytest.fixture
def of_setting(known: Known) -> Callable[..., FamilySeries]:
    """The series of 2a with another setting written on it: its words are looked at, not its numbers."""

    def changed(**words: str) -> FamilySeries:
        from dataclasses import replace

        return replace(known("2a").series(1), setting=Setting.parse(**words))

    return changed


def test_the_second_layer_is_what_makes_up_for_rescaling(of_setting: Callable[..., FamilySeries]) -> None:
    alpha = {
        "relu": r"(\lambda_1^{-1},\dots,\lambda_d^{-1})",
        "z2": r"(\lambda_1^{-2},\dots,\lambda_d^{-2})",
        "z3": r"(\lambda_1^{-3},\dots,\lambda_d^{-3})",
        "erf": r"(\alpha_1 \mathcal{I}_{1,d-1}, \alpha_2)",
    }
    for kernel, expected in alpha.items():
        matrix, found = of_setting(kernel=kernel).latex_point()
        assert found == expected
        assert (r"\lambda" in matrix) == (kernel != "erf"), "only homogeneous activations are rescaled"
        assert found in of_setting(kernel=kernel).latex()
    _, found = of_setting(signs="+,-").latex_point()
    assert found == r"(\lambda_1^{-1},\dots,\lambda_{d-1}^{-1},-\lambda_d^{-1})"
    _, found = of_setting(signs="-,-").latex_point()
    assert found == r"-(\lambda_1^{-1},\dots,\lambda_d^{-1})"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"kernel": "leaky:-1/10"}, r"$\varphi(u) = \max(u, -\tfrac{1}{10} \, u)$"),
        ({"kernel": "leaky:s"}, "$\\varphi(u) = \\max(u, s u)$ with a free parameter $s < 1$"),
        ({"kernel": "erf"}, r"$\varphi(u) = \operatorname{erf}(u)$"),
        ({"kernel": "erf"}, r"The target has $v_j = e_j$, $1 \le j \le d$, and $\beta_j = 1$"),
        ({"kernel": "s3"}, r"w_i^{\otimes 3}"),
        ({"beta": "1,1/2"}, r"$\beta = (\mathcal{I}_{1,d-1}, \tfrac{1}{2})$"),
        ({"beta": "2"}, r"$\beta_j = 2$"),
        ({"target": "pad"}, r"rows $v_j$ of $V = \left("),
    ],
)
def test_a_setting_is_told_in_formulas(
    words: dict[str, str], said: str, of_setting: Callable[..., FamilySeries]
) -> None:
    assert said in own_setting(of_setting(**words), STYLE)


def test_the_papers_setting_is_told_once(of_setting: Callable[..., FamilySeries]) -> None:
    assert own_setting(of_setting(), STYLE) == ""
    both = setting_section([PAPER, Setting.parse("erf")], STYLE)
    assert r"\max(u, 0)" in both and "unless something else is said" in both
    alone = setting_section([Setting.parse("erf")], STYLE)
    assert r"\max(u, 0)" not in alone and "SafranShamir2018" not in alone


def test_works_are_cited_where_they_apply() -> None:
    sources = {"relu": "ChoSaul2009", "leaky:1/2": "ChoSaul2009", "erf": "Williams1997", "z2": "Isserlis1918"}
    for kernel, key in sources.items():
        text = setting_section([Setting.parse(kernel)], STYLE)
        assert [x in text for x in dict.fromkeys(sources.values())] == [
            x == key for x in dict.fromkeys(sources.values())
        ]


def test_a_kernel_of_ones_own_is_told_by_its_formula(of_setting: Callable[..., FamilySeries]) -> None:
    from dataclasses import replace

    kernel = Kernel("own", 3 * G * S + PSI * (P * Q + 2 * S**2), 1 / (2 * sympy.pi))
    text = own_setting(replace(of_setting(), setting=Setting(kernel)), STYLE)
    assert r"\psi" in text and r"\|w\|^2" in text and "max" not in text


def test_a_target_is_told_by_its_entries(of_setting: Callable[..., FamilySeries]) -> None:
    from dataclasses import replace

    target = Target.from_json({"blocks": "d-1,1", "entries": [[["1", "0"], "0"], ["1/2", "1"]]})
    text = own_setting(replace(of_setting(), setting=Setting(target=target, beta=(Fraction(1), Fraction(3)))), STYLE)
    for cell in (r"A_{d-1}(1,0)", r"\tfrac{1}{2} \mathcal{I}_{1,d-1}", r"(\mathcal{I}_{1,d-1}, 3)"):
        assert cell in text, cell


def test_rescaling_and_signs_are_named_where_there_are_any() -> None:
    assert "changes of sign" in moves(Setting.parse("abs").kernel)
    assert "changes of sign" in moves(Setting.parse("erf").kernel)
    assert "changes of sign" not in moves(PAPER.kernel)


def test_isotropy_and_eigenvalues_are_those_without_rescaling(known: Known) -> None:
    material = gather(known("2a"), QUICK)
    text = isotropy_type(material, STYLE)
    assert r"are those at $\lambda_i = 1$" in text
    assert r"\cite{ArjevaniField2020,ArjevaniField2021}" in text, "2a is a family of the predecessor, too"
    table = spectrum_table(material, material.spectra[0], STYLE)
    assert "The exact zeros are directions of rescaling of neurons." in table
    assert r"decomposition under $\Delta(S_{d-1}\times S_1)$" in table
