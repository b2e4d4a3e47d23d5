"""What a spectrum promises: orders, numbering, zeros, multiplicities, both models, JSON."""

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy

import symrelu
from symrelu.errors import BadInput, Undecided
from symrelu.exact.parse import parse
from symrelu.exact.qpi import QPI
from symrelu.exact.series import dimension, monomial
from symrelu.spectrum.result import FIRST_POWER, FamilySpectrum, ascending, coefficient_texts

NAMES = ("1a", "1b", "2a", "2b", "3a", "3b", "4")
SLOW = ("2a", "2b", "3a", "3b", "4")
families = pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] if n in SLOW else []) for n in NAMES]
)
both = pytest.mark.parametrize("layers", [2, 1])
# to order 6; the first layer alone for one and two blocks of each sign, as test_oracle.py has it for all to order 3
long = pytest.mark.parametrize(
    ("name", "layers"),
    [
        pytest.param(name, layers, marks=[pytest.mark.slow] if name in SLOW else [])
        for layers in (2, 1)
        for name in (NAMES if layers == 2 else NAMES[:4])
    ],
)
POINTS = [Fraction(n) for n in (12, 13, 14, 15, 99)]


def assert_prefix(found: FamilySpectrum, longer: FamilySpectrum) -> None:
    """The same branches under the same numbers, and t**-2 .. t**order of the longer series."""
    data = found.to_json()
    assert (data["order"], data["first_power"], data["layers"]) == (found.order, FIRST_POWER, longer.layers)
    for e, other, row in zip(found.eigenvalues, longer.eigenvalues, data["eigenvalues"], strict=True):
        assert (e.component, e.branch, e.multiplicity) == (other.component, other.branch, other.multiplicity)
        assert len(row["coefficients"]) == found.order - FIRST_POWER + 1
        assert e.is_zero == other.is_zero
        assert e.is_zero or e.series.precision == found.order + 1
        assert e.series.known(FIRST_POWER, found.order + 1) == other.series.known(FIRST_POWER, found.order + 1)


@long
def test_lower_orders_are_prefixes(name: str, layers: int, spectrum: Callable) -> None:
    assert_prefix(spectrum(name, 3, layers), spectrum(name, 6, layers))


@pytest.mark.parametrize("name", ["1a", "1b", pytest.param("2a", marks=pytest.mark.slow)])
@pytest.mark.parametrize("order", [-2, -1, 0, 1, 5])
def test_numbering_does_not_depend_on_the_order_nor_on_what_was_computed_before(
    name: str, order: int, spectrum: Callable
) -> None:
    fresh = symrelu.family(name).spectrum(order)
    assert_prefix(*sorted([fresh, spectrum(name, 3)], key=lambda x: x.order))


@families
@both
def test_branches_are_numbered_from_one_and_ascend(name: str, layers: int, spectrum: Callable) -> None:
    found = spectrum(name, 3, layers)
    for component in dict.fromkeys(e.component.name for e in found.eigenvalues):
        branches = found.of(component)
        assert [e.branch for e in branches] == list(range(1, len(branches) + 1))
        for low, high in zip(branches, branches[1:], strict=False):
            difference = high.series - low.series
            assert not difference.coefficients or difference.field.sign(difference.leading) > 0
        assert ascending([e.series for e in branches]) == [e.series for e in branches]


@families
def test_multiplicities_sum_and_zeros_are_exact(name: str, spectrum: Callable) -> None:
    for layers in (2, 1):
        found = spectrum(name, 3, layers)
        zeros = [e for e in found.eigenvalues if e.is_zero]
        for d in POINTS:
            assert sum(e.multiplicity.formal(d) for e in found.eigenvalues) == d * (d + layers - 1)
            assert sum(e.multiplicity.formal(d) for e in zeros) == (d if layers == 2 else 0)
        # a branch that vanishes is a rescaling zero, and nothing else looks like one
        assert all(e.is_zero == (not e.series.coefficients) for e in found.eigenvalues)
        assert all(e.series.is_exact for e in zeros)


@families
def test_inertia_does_not_depend_on_the_second_layer(name: str, spectrum: Callable) -> None:
    two, one = spectrum(name, 3, 2), spectrum(name, 3, 1)
    for component in dict.fromkeys(e.component.name for e in two.eigenvalues):
        signs = [
            sorted(e.series.field.sign(e.series.leading) for e in found.of(component) if not e.is_zero)
            for found in (two, one)
        ]
        assert signs[0] == signs[1]
    assert not two.negative_at_large_d() and not one.negative_at_large_d()


@long
def test_sum_of_the_branches_is_the_trace(name: str, layers: int, spectrum: Callable, traces: Callable) -> None:
    """At lambda = 1; the first layer alone is the part with lambda**-2."""
    found = spectrum(name, 6, layers)
    by_power = traces(name)
    total = by_power[-2] + by_power[2] if layers == 2 else by_power[-2]
    for e in found.eigenvalues:
        term = e.series
        for factor in e.multiplicity.factors:
            term = term * factor.at(dimension(e.series.field))
        total = total - term * e.multiplicity.coefficient
    assert not total.coefficients
    assert total.precision is None or total.precision >= 2


@pytest.mark.parametrize(
    ("blocks", "limit", "name"), [("d-1,1", "-,-", "1b"), ("d-1,1", "+,+", "1a"), ("d-2,2", "-,-", "1b")]
)
@both
def test_a_smaller_group_asked_for_gives_the_spectrum_of_the_actual_one(
    blocks: str, limit: str, name: str, layers: int, spectrum: Callable
) -> None:
    found = symrelu.family(blocks=blocks, limit=limit).spectrum(2, layers).to_json()
    expected = spectrum(name, 2, layers).to_json()
    assert found["eigenvalues"] == expected["eigenvalues"]
    assert found["isotropy"]["label"] == expected["isotropy"]["label"] == "Delta S_d"
    assert found["isotropy"]["larger_than_asked"] and not expected["isotropy"]["larger_than_asked"]


@pytest.mark.parametrize("name", ["1b", pytest.param("3a", marks=pytest.mark.slow)])
def test_json_is_what_the_series_say(name: str, spectrum: Callable) -> None:
    found = spectrum(name, 2)
    data = found.to_json()
    assert set(data) >= {"family", "isotropy", "layers", "ramification", "first_power", "order", "field", "exact"}
    assert (data["family"], data["ramification"], data["exact"]) == (name, 2, True)
    assert data["field"] == {"base": "QQ(pi)", "generators": []}

    def rational(x: Fraction) -> sympy.Rational:
        return sympy.Rational(x.numerator, x.denominator)

    for e, row in zip(found.eigenvalues, data["eigenvalues"], strict=True):
        assert (row["component"], row["branch"]) == (e.component.name, e.branch)
        assert all(parse(row["multiplicity"], {"d": d}, Fraction) == e.multiplicity.formal(d) for d in POINTS)
        for text, c in zip(row["coefficients"], e.series.known(FIRST_POWER, 3), strict=True):
            value = parse(text, {"pi": sympy.pi}, rational, {"sqrt": sympy.sqrt})
            ball = e.series.field.ball(e.series.field(c), 200)
            assert abs(value.evalf(40) - sympy.Float(ball.mid().str(45, radius=False), 45)) < 1e-35
        if e.is_zero:
            assert set(row["coefficients"]) == {"0"}


def test_text_and_latex(spectrum: Callable) -> None:
    found = spectrum("1b", 2)
    assert str(found) == found.text() and "0  (exactly)" in found.text()
    assert len(found.text().splitlines()) >= len(found.eigenvalues) + 4
    latex = found.latex()
    assert latex.startswith(r"\begin{array}") and latex.endswith(r"\end{array}")
    assert latex.count("\\\\") == len(found.eigenvalues)
    assert latex.count("{") == latex.count("}")
    assert sympy.latex(found) == latex


@pytest.mark.parametrize(("order", "layers"), [(2, 3), (2, 0), (-3, 2), (61, 2), (10**6, 1)])
def test_orders_and_layers_that_make_no_sense(order: int, layers: int) -> None:
    with pytest.raises(BadInput) as error:
        symrelu.family("1b").spectrum(order, layers)
    assert "\n" not in str(error.value)


# what is asked wrongly, or would be lost ------------------------------------------------------------------------------


def test_a_component_that_does_not_occur(spectrum: Callable) -> None:
    """An empty list would pass for a component without eigenvalues; component_expression refuses it likewise."""
    found = spectrum("1b", 2)
    assert [e.branch for e in found.of("x1")] == [1]
    with pytest.raises(BadInput, match="no component 'zz' .*; its components are t, s1, x1, y1"):
        found.of("zz")


def test_a_branch_prints_as_one_line(spectrum: Callable) -> None:
    assert repr(spectrum("1b", 0).of("y1")) == "[<y1.1 of multiplicity d*(d - 3)/2: 1/4 + 1/(2*pi) + O(t)>]"


def test_no_leading_term_is_dropped_in_json() -> None:
    """Coefficients begin at t**-2: a branch that grew like d**2 would have lost its leading term without a word."""
    assert coefficient_texts(monomial(QPI, 3, -2), 0) == ["3", "0", "0"]
    with pytest.raises(Undecided, match="grows faster than d"):
        coefficient_texts(monomial(QPI, 3, -4), 0)
