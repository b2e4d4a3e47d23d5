"""Constants known by balls: they enclose what exact arithmetic gives, and tell 0 from small numbers, or refuse."""

from fractions import Fraction
from typing import Any

import pytest
from flint import arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.errors import Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.constants import BallField
from symrelu.exact.factors import factor
from symrelu.exact.qpi import QPI
from symrelu.exact.reading import BallReader
from symrelu.exact.series import Series
from symrelu.exact.square_roots import SquareRootField
from symrelu.exact.univariate import multiply

FIELD = BallField(512)
ROOT_2 = SquareRootField(QPI, 2)
rationals = st.builds(Fraction, st.integers(-9, 9), st.sampled_from([1, 2, 3, 5, 12]))
numbers = st.builds(lambda a, b, c: ROOT_2(QPI.pi) * a + ROOT_2.root * b + ROOT_2(c), rationals, rationals, rationals)
few = settings(max_examples=30)


def encloses(x: Any, exact: Any) -> bool:
    with working_bits(512):
        return bool(x.enclosure.overlaps(ROOT_2.ball(exact, 600)))


@few
@given(numbers, numbers)
def test_the_operations_are_those_of_the_exact_field(x: Any, y: Any) -> None:
    a, b = FIELD(x), FIELD(y)
    assert encloses(a + b, x + y) and encloses(a - b, x - y) and encloses(a * b, x * y) and encloses(-a, -x)
    assert encloses(a**3, x * x * x) and encloses(FIELD.dot([a, b], [b, a]), x * y * 2)
    if y:
        assert encloses(a / b, x / y) and encloses(1 / b, 1 / y) and encloses(b**-2, 1 / (y * y))
    assert (a == b) == (x == y)
    assert bool(a - b) == bool(x - y)


@few
@given(numbers)
def test_precision_is_not_lost_to_the_surrounding_context(x: Any) -> None:
    """flint rounds negations, too, to the precision of the moment: 53 bits, unless someone cares."""
    assume(x)
    for y in (FIELD(x), -FIELD(x), 1 - FIELD(x), FIELD(x) / 3, FIELD(x) * Fraction(1, 3)):
        assert not y or y.enclosure.rel_accuracy_bits() > 400


def test_what_cancels_is_0_and_what_is_small_is_not() -> None:
    x = FIELD.sqrt(FIELD(2))
    assert not x * x - 2
    tiny = FIELD(Fraction(1, 10**60))
    assert tiny and (x + tiny) != x and FIELD.sign(-tiny) == -1
    wide = FIELD(arb(0, 1e-30))
    with pytest.raises(Undecided, match="give more digits"):
        bool(wide)


def test_series_over_balls_strip_what_cancels() -> None:
    x = Series(FIELD, 0, [FIELD.pi, FIELD.sqrt(FIELD(3)), 1], 3)
    assert (x - x).valuation == 3
    assert (x * (1 / x))[0] == 1 and not (x * (1 / x))[1]


@few
@given(st.lists(st.integers(-30, 30), min_size=1, max_size=4, unique=True), st.integers(1, 3))
def test_roots_of_polynomials_with_real_roots(roots: list[int], multiplicity: int) -> None:
    """One root several times: found by common factors, then by Arb, then sharpened."""
    poly = [FIELD.one]
    for r in roots + [roots[0]] * (multiplicity - 1):
        poly = multiply(FIELD, poly, [FIELD(-r) - FIELD.pi, FIELD.one])
    found = factor(FIELD, poly)
    values = {round(float((-f[0] - FIELD.pi).enclosure.mid())): m for f, m in found}
    assert values == {r: multiplicity if r == roots[0] else 1 for r in roots}
    assert all((-f[0] - FIELD.pi).enclosure.rad() < 1e-40 for f, _ in found)


def test_complex_roots_are_refused() -> None:
    with pytest.raises(Undecided, match="real roots only"):
        factor(FIELD, [FIELD(1), FIELD(0), FIELD(1)])


@pytest.mark.parametrize("digits", [5, 15, 60])
@pytest.mark.parametrize("value", [QPI.pi, QPI.pi * 10**7, -QPI.pi / 10**9, QPI(7), QPI(0)])
def test_text_and_json_hold_the_number(value: Any, digits: int) -> None:
    x = FIELD(value)
    data = FIELD.json(x, digits)
    again = BallReader({"base": "balls", "bits": 512}).read(data)
    assert not value or again.enclosure.contains(x.enclosure)
    if value:
        assert abs(float(again.enclosure.mid()) / float(x.enclosure.mid()) - 1) < 1.1 * 10.0 ** (1 - min(digits, 15))
    else:
        assert data == {"mid": "0", "rad": "0"} and not again


def test_more_digits_than_the_balls_hold_are_refused() -> None:
    with pytest.raises(Undecided, match="give more bits"):
        FIELD.json(FIELD.pi, 300)


def test_angles() -> None:
    assert FIELD.angle(FIELD(0), FIELD(1)) * 2 == FIELD.pi
    assert FIELD.angle(FIELD(-1), FIELD(1)) * 4 == FIELD.pi * 3
