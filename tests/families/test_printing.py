"""What users see: text, LaTeX, Jupyter and repr agree, and the LaTeX is well formed."""

import re
from collections.abc import Callable
from typing import Any

import mpmath
import pytest
import sympy
from mpmath import mpf

import symrelu
from symrelu.comparison import compare
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from tests.shared import family_of

Fresh = Callable[[str, int], symrelu.FamilySeries]
slow = pytest.mark.slow
CASES = [
    ("1a", 2),
    ("1b", 6),
    ("2a", 5),
    ("3a", 4),
    ("d-2,2:-,-", 3),
    pytest.param("2b", 7, marks=slow),
    pytest.param("3b", 6, marks=slow),
    pytest.param("4", 6, marks=slow),
    pytest.param("d-6,6:+,-", 6, marks=slow),
]


def check_latex(text: str) -> None:
    """Balanced braces, \\left and \\right, and environments, and nothing of Python's notation."""
    depth = 0
    for c in re.sub(r"\\[{}]", "", text):
        depth += (c == "{") - (c == "}")
        assert depth >= 0, text
    assert depth == 0, text
    assert text.count(r"\left") == text.count(r"\right")
    environments: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            environments.append(name)
        else:
            assert environments and environments.pop() == name, text
    assert not environments, text
    assert "**" not in text and "sqrt(" not in text and "*" not in text
    assert not re.search(r"(?<!\\)\bpi\b", text), "the name pi, not its symbol"


def all_series(result: symrelu.FamilySeries) -> dict[str, Series]:
    return {**result.entries, "loss": result.loss}


def known_part(text: str) -> str:
    """A printed series without its O-term."""
    return re.sub(r"( \+ )?O(\\left)?\(.*\)$", "", text) or "0"


@pytest.mark.parametrize(("name", "order"), CASES)
def test_text_latex_and_jupyter_say_the_same(name: str, order: int, fresh: Fresh) -> None:
    result = fresh(name, order)
    assert str(result) == result.text() == sympy.sstr(result)
    assert sympy.latex(result) == result.latex()
    assert result._repr_latex_() == rf"$\displaystyle {result.latex()}$"
    for coordinate, x in all_series(result).items():
        assert str(x) == x.text() == sympy.sstr(x)
        assert x._repr_latex_() == rf"$\displaystyle {sympy.latex(x)}$"
        assert any(line.split(" = ")[0].strip() == coordinate and str(x) in line for line in str(result).splitlines())
        assert sympy.latex(x) in result.latex()


@pytest.mark.parametrize(("name", "order"), CASES)
def test_text_and_latex_have_the_value_of_the_series(
    name: str,
    order: int,
    fresh: Fresh,
    value_at: Callable[[Series, Any], Any],
    text_value: Callable[..., Any],
    latex_value: Callable[..., Any],
) -> None:
    with mpmath.workdps(60):
        d = mpf(7) / 3
        t = 1 / mpmath.sqrt(d)
        for coordinate, x in all_series(fresh(name, order)).items():
            expected = value_at(x, t)
            tolerance = mpf(10) ** -40 * max(1, abs(expected))
            assert abs(text_value(known_part(str(x)), t=t) - expected) < tolerance, coordinate
            assert abs(latex_value(known_part(sympy.latex(x)), d=d) - expected) < tolerance, coordinate
            symbol = sympy.Symbol("d", positive=True)
            in_sympy = x.sympy().subs(symbol, sympy.Rational(7, 3)).evalf(60)
            assert abs(mpf(str(in_sympy)) - expected) < tolerance, coordinate


@pytest.mark.parametrize(("name", "order"), CASES)
def test_every_term_of_the_contract_appears(name: str, order: int, fresh: Fresh) -> None:
    result = fresh(name, order)
    for x in all_series(result).values():
        if x.is_exact:
            assert "O(" not in str(x) and "O" not in sympy.latex(x)
        else:
            assert str(x).endswith(f"O(t**{order + 1})")
            power = f"{(order + 1) // 2}" if order % 2 else f"{order + 1}/2"
            assert sympy.latex(x).endswith(rf"O\left(d^{{-{power}}}\right)")


@pytest.mark.parametrize(("name", "order"), CASES)
def test_latex_is_well_formed(name: str, order: int, fresh: Fresh) -> None:
    result = fresh(name, order)
    check_latex(result.latex())
    check_latex(result.multiplicity.latex())
    for x in all_series(result).values():
        check_latex(sympy.latex(x))
    # rows of the display: W, the entries, the loss, the isotropy with the multiplicity
    assert result.latex().startswith("\\begin{aligned}\n") and result.latex().endswith("\n\\end{aligned}")
    assert len(result.latex().splitlines()) == 2 + 1 + len(result.entries) + 1 + 1


@pytest.mark.parametrize(("name", "order"), CASES)
def test_minus_signs_stand_before_fractions_and_brackets(name: str, order: int, fresh: Fresh) -> None:
    for x in all_series(fresh(name, order)).values():
        assert not re.search(r"(\\frac\{|\\left\()\s*-", sympy.latex(x)), sympy.latex(x)


def test_a_negative_coefficient_is_subtracted() -> None:
    pi = QPI.pi
    x = Series(QPI, 0, [-8 / pi, 0, -2 - 8 / pi, 0, (1 - pi) / (pi - 2)])
    assert sympy.latex(x) == (
        r"-\frac{8}{\pi} - \frac{2 + \frac{8}{\pi}}{d} - \frac{\pi - 1}{\left(\pi - 2\right) d^{2}}"
    )
    assert sympy.latex(Series(QPI, -2, [-1 - pi])) == r"-\left(\pi + 1\right) d"


def test_latex_shows_the_block_form_of_theorem_1(fresh: Fresh) -> None:
    latex = fresh("3a", 4).latex()
    assert r"A_{d-2}(a_1,a_2) & a_3 \mathcal{I}_{d-2,2}" in latex
    assert r"a_4 \mathcal{I}_{2,d-2} & A_2(a_5,a_6)" in latex
    assert r"\text{Diag}(\lambda_1,\dots,\lambda_d)" in latex
    assert r"\Delta(S_{d-2}\times S_2)" in latex
    assert r"d!\binom{d}{2}" in latex


def test_derived_series_print_too(fresh: Fresh) -> None:
    result = fresh("2a", 5)
    for x in (result.norm(1), result.angle(2, 2, target=True, same=True), result.trace(), result.d, result.loss * 0):
        check_latex(sympy.latex(x))
        assert x._repr_latex_() == rf"$\displaystyle {sympy.latex(x)}$"
    assert str(result.d) == "t**(-2)"
    assert sympy.latex(result.d) == "d"
    assert str(result.trace()).startswith("t**(-2) - 2 + ")
    assert sympy.latex(result.trace()).startswith("d - 2 + ")
    # inside SymPy's containers as well
    check_latex(sympy.latex([result.loss, result.norm(1)]))


def test_repr_tells_what_it_is(fresh: Fresh) -> None:
    assert repr(symrelu.family("2a")) == "<Family 2a: Delta(S_{d-1} x S_1), limit +,->"
    unnamed = symrelu.family(blocks="d-4,4", limit="+,-")
    assert repr(unnamed) == "<Family Delta(S_{d-4} x S_4), limit +,->"
    result = fresh("1b", 2)
    for part in ("FamilySeries", "1b", "Delta S_d", "2"):
        assert part in repr(result)
    assert len(repr(result)) < 120, "a repr is for one line of a terminal"
    assert str(result.loss) in repr(result.loss)


def test_text_notes_the_larger_isotropy(fresh: Fresh) -> None:
    text = fresh("d-2,2:-,-", 3).text()
    assert text.splitlines()[0].startswith("family 1b: ")
    assert "more symmetry than Delta(S_{d-2} x S_2): their isotropy is Delta S_d" in text
    assert "isotropy      Delta S_d, order factorial(d)" in text
    assert "multiplicity  factorial(d)" in text
    assert "more symmetry" not in fresh("2a", 5).text()


def test_closed_forms_are_marked(fresh: Fresh) -> None:
    lines = fresh("1a", 2).text().splitlines()
    assert [line for line in lines if line.endswith("(exactly)")] == [
        "a_1  = 1  (exactly)",
        "a_2  = 0  (exactly)",
        "loss = 0  (exactly)",
    ]


@pytest.mark.parametrize(
    ("first", "second"),
    [("1a", "1b"), pytest.param("2a", "2b", marks=slow), pytest.param("1b", "d-2,2:-,-", marks=slow)],
)
def test_comparisons_print(first: str, second: str) -> None:
    comparison = compare(family_of(first), family_of(second), 1)
    check_latex(comparison.latex())
    assert comparison._repr_latex_() == rf"$\displaystyle {comparison.latex()}$"
    assert str(comparison) == comparison.text()
    assert str(comparison.loss_difference) in comparison.text()
    assert sympy.latex(comparison.loss_difference) in comparison.latex()
