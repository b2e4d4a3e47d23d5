"""Functions with proved errors: whatever is computed encloses the true value, for every t of the domain.

The law is tested operation by operation. A random function is a known part and, maybe, a perturbation t**N R with R
drawn from the error ball (a different number at every t is allowed, so a constant will do). The true value of the
operation, in 200 bits at a random t, must lie in the enclosure.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
from flint import arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.errors import SymreluError, Undecided, ZeroRow
from symrelu.exact.ball_polynomials import BallPolynomial
from symrelu.exact.balls import working_bits
from symrelu.exact.bounded import Bounded, Domain
from symrelu.exact.bounded_arithmetic import BoundedArithmetic
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series

PI = QPI.pi
NUMBERS = [QPI(0), QPI(0), QPI(1), QPI(-1), QPI(2), QPI(Fraction(1, 3)), PI, 1 / PI, 2 - PI]
UNITS = [c for c in NUMBERS if c]
context = mpmath.mp.clone()
context.prec = 240

some = settings(max_examples=60)
places = st.integers(1, 64)  # t = place/64 of the domain's end


@st.composite
def functions(draw: st.DrawFn, domain: Domain, low: int = -2) -> tuple[Bounded, Callable[[Any], Any]]:
    """A Bounded, and one function that it encloses."""
    valuation = draw(st.integers(low, 2))
    coefficients = [draw(st.sampled_from(UNITS)), *draw(st.lists(st.sampled_from(NUMBERS), max_size=4))]
    exact = draw(st.booleans())
    precision = None if exact else valuation + len(coefficients) + draw(st.integers(0, 1))
    radius, inside = draw(st.sampled_from([0.0, 0.5, 2.0])), draw(st.floats(-1, 1))
    if domain.symmetric:
        valuation, precision = 0, None if exact else len(coefficients)
        balls = [QPI.ball(c, domain.bits) for c in coefficients]
        known: Any = BallPolynomial(balls, precision)
    else:
        known = Series(QPI, valuation, coefficients, precision)
    f = Bounded(known, None if exact else arb(0, radius), domain)

    def value(t: Any) -> Any:
        total = context.zero
        for k, c in enumerate(coefficients, valuation):
            ball = QPI.ball(c, 300)
            total += context.mpf(ball.mid().str(80, radius=False)) * t**k
        return total if precision is None else total + context.mpf(radius * inside) * t**precision

    return f, value


def encloses(f: Bounded, t: Fraction, true: Any) -> bool:
    """Whether the true value at t lies in known(t) + t**N error, up to the 200 bits it is known to."""
    with working_bits(220):
        at = arb(t.numerator) / t.denominator
        total = arb(0)
        for k, c in enumerate(f.balls(), f.known.valuation):
            total = total + c * at**k
        if f.error is not None:
            assert f.known.precision is not None
            total = total + f.error * at**f.known.precision
        slack = arb(0, 1) * (abs(arb(context.nstr(true, 60))) + 1) * arb(2) ** -100
        return bool((total + slack).contains(arb(context.nstr(true, 60))))


DOMAINS = [Domain(Fraction(1, 5), 5), Domain(Fraction(1, 20), 8), Domain(Fraction(1, 5), 5, symmetric=True)]
domains = st.sampled_from(DOMAINS)


def at(domain: Domain, place: int, negative: bool) -> tuple[Fraction, Any]:
    t = domain.end * place / 64 * (-1 if negative and domain.symmetric else 1)
    return t, context.mpf(t.numerator) / t.denominator


@some
@given(st.data(), domains, places, st.booleans())
def test_sums_and_products(data: st.DataObject, domain: Domain, place: int, negative: bool) -> None:
    f, x = data.draw(functions(domain))
    g, y = data.draw(functions(domain))
    t, u = at(domain, place, negative)
    assert encloses(f + g, t, x(u) + y(u))
    assert encloses(f - g, t, x(u) - y(u))
    assert encloses(f * g, t, x(u) * y(u))
    assert encloses(f * 3 - Fraction(1, 7), t, 3 * x(u) - context.mpf(1) / 7)


@some
@given(st.data(), domains, places, st.booleans())
def test_inverses_and_roots_of_functions_with_a_sign(
    data: st.DataObject, domain: Domain, place: int, negative: bool
) -> None:
    f, x = data.draw(functions(domain))
    t, u = at(domain, place, negative)
    try:
        inverse = f.inverse()
    except Undecided:
        assume(False)
    assert encloses(inverse, t, 1 / x(u))
    try:
        root = (f * f).sqrt()
    except Undecided:  # the square of what is nearly 0 somewhere
        assume(False)
    assert encloses(root, t, abs(x(u)))


@some
@given(st.data(), domains, places, st.booleans())
def test_arctangents_of_small_functions(data: st.DataObject, domain: Domain, place: int, negative: bool) -> None:
    f, x = data.draw(functions(domain, low=1))
    t, u = at(domain, place, negative)
    assert encloses(f.atan(), t, context.atan(x(u)))
    if not domain.symmetric:
        center = QPI(Fraction(1, 2))
        assert encloses(f.atan(center), t, context.atan(x(u) + 0.5) - context.atan(context.mpf(1) / 2))


@some
@given(st.data(), places)
def test_the_range_holds_every_value(data: st.DataObject, place: int) -> None:
    """What decides signs: f(t)/t**valuation for every t."""
    domain = data.draw(domains)
    f, x = data.draw(functions(domain))
    t, u = at(domain, place, False)
    with working_bits(220):
        true = arb(context.nstr(x(u) / u**f.known.valuation, 50))
        assert (f.range() + arb(0, 1) * arb(2) ** -100).contains(true)
        assert (f.over(f.known.valuation) + arb(0, 1) * arb(2) ** -100).contains(true)


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_range_of_a_power_of_t(domain: Domain) -> None:
    """Odd powers change their sign on [-h, h]; no power leaves its range."""
    end = domain.end
    for k in range(6):
        power = domain.power(k)
        for t in (end, end / 3, -end if domain.symmetric else end / 7):
            assert power.contains(arb(Fraction(t**k).numerator) / Fraction(t**k).denominator)


def test_exact_cancellation_leaves_no_pole() -> None:
    """(t**-4 + 1) - t**-4 is 1 exactly; a ball for the coefficient of t**-4 would have ruined it at t = 0."""
    domain = Domain(Fraction(1, 10), 6)
    pole = Bounded(Series(QPI, -4, [1 / PI]), None, domain)
    difference = (pole + 1) - pole
    assert difference.known == Series(QPI, 0, [1]) and difference.error is None


def test_a_truncated_pole_is_not_divided_away() -> None:
    """A function known to O(t) cannot be enclosed divided by t**2: Undecided, not infinity."""
    domain = Domain(Fraction(1, 10), 6)
    f = Bounded(Series(QPI, 0, [], 1), arb(0, 1), domain)
    with pytest.raises(Undecided):
        f.over(2)


def test_what_may_vanish_is_not_inverted() -> None:
    """1 - 8 t vanishes at 1/8, inside (0, 1/5]; on (0, 1/10] it does not."""
    for end, fails in ((Fraction(1, 5), True), (Fraction(1, 10), False)):
        f = Bounded(Series(QPI, 0, [1, -8]), None, Domain(end, 6))
        if fails:
            with pytest.raises(Undecided):
                f.inverse()
            with pytest.raises(SymreluError):
                f.sqrt()
        else:
            f.inverse()
            f.sqrt()


@pytest.mark.parametrize(
    ("s", "g"), [((1, 2), (0, 3)), ((0, 2), (1, 1)), ((-1, 1), (0, 1)), ((1, 1), (1, 1)), ((-2,), (2,))]
)
def test_the_angle_near_every_limit(s: tuple[int, ...], g: tuple[int, ...]) -> None:
    """psi = atan2(g, -s), for rows that become parallel, opposite, orthogonal, or neither."""
    domain = Domain(Fraction(1, 10), 8)
    arithmetic = BoundedArithmetic(domain, QPI)
    f = arithmetic.supplement(
        Bounded(Series(QPI, 0, list(s)), None, domain), Bounded(Series(QPI, 0, list(g)), None, domain), None, None
    )
    for place in (1, 20, 64):
        t, u = at(domain, place, False)
        true = context.atan2(sum(c * u**k for k, c in enumerate(g)), -sum(c * u**k for k, c in enumerate(s)))
        assert encloses(f, t, true)


def test_the_angle_of_balls_near_every_direction() -> None:
    domain = Domain(Fraction(1, 10), 6, symmetric=True)
    arithmetic = BoundedArithmetic(domain)
    for s, g in (((3, 1), (1, 2)), ((1, 1), (3, 1)), ((-3, 1), (1, 1)), ((-1, 1), (2, 1))):
        f = arithmetic.supplement(
            Bounded(BallPolynomial(s), None, domain), Bounded(BallPolynomial(g), None, domain), None, None
        )
        for t in (Fraction(-1, 10), Fraction(1, 30)):
            u = context.mpf(t.numerator) / t.denominator
            assert encloses(f, t, context.atan2(g[0] + g[1] * u, -(s[0] + s[1] * u)))


def test_a_row_that_may_vanish_is_refused() -> None:
    domain = Domain(Fraction(1, 2), 6)
    with pytest.raises(ZeroRow):
        BoundedArithmetic(domain, QPI).check_norm(Bounded(Series(QPI, 0, [1, -3]), None, domain))
