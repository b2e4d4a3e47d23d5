"""Expansions that well-known programs get silently wrong, or cannot do: here only *right* and *refuses* pass.

Every expected coefficient comes from a recurrence or a binomial written out in the test, its derivation beside it.
"""

from fractions import Fraction
from math import comb
from typing import Any

import flint
import pytest

from symrelu.errors import LimitingAngle, ParallelToPrecision, Ramified, TruncatedTooSoon
from symrelu.exact.angles import gram_root, supplementary_angle
from symrelu.exact.field import NotASquare
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.exact.square_roots import SquareRootField

ORDER = 24


def angle_between(u: list[Series], v: list[Series]) -> Series:
    """theta = pi - psi by the Gram root and the differential equation: never an arccos of a series."""
    p, q, s = (a[0] * b[0] + a[1] * b[1] for a, b in ((u, u), (v, v), (u, v)))
    g = gram_root(p, q, s)
    return -supplementary_angle(s, g, 1 / p, 1 / q) + s.field.pi


def arctan_coefficients(n: int) -> list[Fraction]:
    """Taylor coefficients of arctan(x/(1 + x)) = acos((1 + x)/sqrt(1 + 2x + 2x**2)), the angle of (1, 0), (1 + x, x).

    The derivative is 1/(1 + 2x + 2x**2), with coefficients c_k = -2 c_(k-1) - 2 c_(k-2): x - x**2 + 2 x**3/3 + 0 - ...
    """
    derivative = [Fraction(1), Fraction(-2)]
    while len(derivative) < n:
        derivative.append(-2 * derivative[-1] - 2 * derivative[-2])
    return [Fraction(0)] + [c / k for k, c in enumerate(derivative[: n - 1], 1)]


# -- arccos at 1 -------------------------------------------------------------------------------------------------------


def test_the_recurrence_starts_as_the_books_do() -> None:
    assert arctan_coefficients(6) == [0, 1, -1, Fraction(2, 3), 0, Fraction(-4, 5)]


@pytest.mark.parametrize("ramification", [1, 2, 3], ids=["x = 1/d", "x = 1/sqrt(d)", "x = d**(-1/3)"])
@pytest.mark.parametrize("scale", [Fraction(1), Fraction(-2), Fraction(1, 3)])
def test_arccos_at_a_branch_point(ramification: int, scale: Fraction) -> None:
    """acos((1 + x)/sqrt(1 + 2x + 2x**2)), x = scale * t: at argument 1 analytic as an angle, not as an arccos.

    For x < 0 the angle, being positive, is -arctan(x/(1 + x)).
    """

    def entry(*cs: Any) -> Series:
        return Series(QPI, 0, cs, ORDER, ramification)

    theta = angle_between([entry(1), entry(0)], [entry(1, scale), entry(0, scale)])
    sign = 1 if scale > 0 else -1
    expected = [sign * c * scale**k for k, c in enumerate(arctan_coefficients(ORDER - 2))]
    assert theta.known(0, ORDER - 2) == expected


def test_arccos_at_minus_one() -> None:
    """The supplement: the angle of (1, 0) with (-1 - x, x) is pi minus the one above."""
    rows = [[Series(QPI, 0, cs, ORDER) for cs in row] for row in (([1], [0]), ([-1, -1], [0, 1]))]
    expected = [-c for c in arctan_coefficients(ORDER - 2)]
    theta = angle_between(*rows)
    assert theta[0] == QPI.pi and theta.known(1, ORDER - 2) == expected[1:]


def test_arccos_of_one_minus_x_has_no_series_in_x() -> None:
    """acos(1 - x) ~ sqrt(2 x): a half power of x, so refused, not rounded to a power series."""
    one, cosine = monomial(QPI, 1, 0), Series(QPI, 0, [1, -1], ORDER)
    with pytest.raises((Ramified, NotASquare)):
        gram_root(one, one, cosine)
    over_root = SquareRootField(QPI, 2)
    with pytest.raises(Ramified):
        gram_root(one.over(over_root), one.over(over_root), cosine.over(over_root))


def test_arccos_of_one_minus_t_squared() -> None:
    """acos(1 - t**2) = 2 asin(t/sqrt(2)) = sqrt(2) sum C(2k, k) t**(2k+1) / (8**k (2k+1)), over Q(sqrt(2)) only."""
    one, cosine = monomial(QPI, 1, 0), Series(QPI, 0, [1, 0, -1], ORDER)
    with pytest.raises(NotASquare) as refusal:
        gram_root(one, one, cosine)
    assert refusal.value.radicand == 2
    field = SquareRootField(QPI, refusal.value.radicand)
    one, cosine = one.over(field), cosine.over(field)
    theta = -supplementary_angle(cosine, gram_root(one, one, cosine), one, one) + field.pi
    assert theta.precision is not None and theta.precision > 15
    for e in range(theta.precision):
        k, odd = divmod(e, 2)
        assert theta[e] == (field.root * Fraction(comb(2 * k, k), 8**k * e) if odd else 0)


def test_rows_about_to_be_parallel_are_not_guessed() -> None:
    """(1, 0) and (1 + O(t**4), O(t**4)): any small angle is possible, 0 among them."""
    unknown = [Series(QPI, 0, [1], 4), Series(QPI, 0, [], 4)]
    with pytest.raises(ParallelToPrecision):
        angle_between([monomial(QPI, 1, 0), monomial(QPI, 0, 0)], unknown)


def test_a_limiting_angle_that_is_no_number_of_the_field_is_refused() -> None:
    """acos(4/5) is no rational multiple of pi (Niven), and nothing says that it lies in Q(pi)."""
    with pytest.raises(LimitingAngle):
        angle_between(
            [Series(QPI, 0, [1], 5), Series(QPI, 0, [0], 5)], [Series(QPI, 0, [4], 5), Series(QPI, 0, [3, 1], 5)]
        )


# -- square roots ------------------------------------------------------------------------------------------------------


def binomials_of_one_half(n: int) -> list[Fraction]:
    """Coefficients of sqrt(1 + x): C(1/2, k) by C(1/2, k + 1) = C(1/2, k) (1/2 - k)/(k + 1)."""
    found = [Fraction(1)]
    for k in range(n - 1):
        found.append(found[-1] * (Fraction(1, 2) - k) / (k + 1))
    return found


def test_square_root_of_one_plus_x() -> None:
    assert Series(QPI, 0, [1, 1], ORDER).sqrt().known(0, ORDER) == binomials_of_one_half(ORDER)


@pytest.mark.xfail(reason="python-flint truncates the exponent of a series' power to an integer")
def test_what_flint_makes_of_a_fractional_power() -> None:
    """Why no power of ours has a fractional exponent: in python-flint 0.9.0 (1 + x)**(1/2) is 1, without a warning."""
    base: Any = flint.fmpq_series([1, 1], 4)
    power = base ** flint.fmpq(1, 2)
    assert [Fraction(int(c.p), int(c.q)) for c in power.coeffs()] == binomials_of_one_half(4)


@pytest.mark.parametrize("exponent", [Fraction(1, 2), 0.5, flint.fmpq(1, 2)], ids=repr)
def test_fractional_powers_are_refused(exponent: Any) -> None:
    root_2 = SquareRootField(QPI, 2)
    for x in (Series(QPI, 0, [1, 1], 4), QPI.pi, root_2.root):
        with pytest.raises(TypeError):
            x**exponent


def test_square_root_of_an_odd_valuation_is_refused() -> None:
    with pytest.raises(Ramified):
        Series(QPI, 1, [1, 1], ORDER).sqrt()
    assert Series(QPI, 2, [1], ORDER, 4).sqrt().valuation == 1  # the same series, in t = d**(-1/4): sqrt(t**2) = t


@pytest.mark.parametrize("base", [[0, 1], [0, -1], [0, 0, 2, -3], [QPI.pi - 4, 1], [2 - QPI.pi, QPI.pi]], ids=str)
def test_square_root_of_a_square_takes_the_positive_branch(base: list[Any]) -> None:
    """sqrt(x**2) = |x| for small t > 0: t for (-t)**2, 4 - pi - t for (pi - 4 + t)**2."""
    x = Series(QPI, 0, base, ORDER)
    lead = x.leading
    positive = (lead.rational() or 0) > 0  # of the leading terms above only 1 and 2 are positive: 2 < pi < 4
    assert x.square().sqrt() == (x if positive else -x)


@pytest.mark.parametrize(
    "root", [QPI.pi - 2, 2 - QPI.pi, QPI.pi - 4, 4 - QPI.pi, (QPI.pi - 4) / (QPI.pi - 3), QPI(-3)], ids=str
)
def test_square_roots_in_the_field_are_positive(root: Any) -> None:
    """|2 - pi| = pi - 2 and |pi - 4| = 4 - pi: the sign is decided at pi, not by a leading coefficient."""
    absolute = {"pi - 2": QPI.pi - 2, "-pi + 2": QPI.pi - 2, "pi - 4": 4 - QPI.pi, "-pi + 4": 4 - QPI.pi, "-3": QPI(3)}
    assert QPI.sqrt(root * root) == absolute.get(str(root), (4 - QPI.pi) / (QPI.pi - 3))


def test_a_negative_number_has_no_square_root() -> None:
    for number in (QPI(-1), 3 - QPI.pi):
        with pytest.raises(ValueError):
            QPI.sqrt(number)
        with pytest.raises(ValueError):
            Series(QPI, 0, [number, 1], 4).sqrt()


# -- what is not known -------------------------------------------------------------------------------------------------


def test_cancellation_is_not_taken_for_zero() -> None:
    """x - x is O(t**4), not 0: dividing by it or asking for its leading term is refused, and its root too."""
    x = Series(QPI, 0, [1, 2], 4)
    rest = x - x
    assert not rest.is_exact_zero and rest != 0
    for ask in (lambda: 1 / rest, lambda: rest.leading, rest.sqrt):
        with pytest.raises(TruncatedTooSoon):
            ask()


def test_a_pole_costs_precision() -> None:
    """(1 + O(t**4)) / t**3 is known up to t**0 only: a sum over d = t**-2 columns must not keep the old O-term."""
    x = Series(QPI, 0, [1], 4)
    assert (x / monomial(QPI, 1, 3)).precision == 1
    assert (x * monomial(QPI, 1, -2)).precision == 2
    with pytest.raises(IndexError):
        (x * monomial(QPI, 1, -2))[2]
