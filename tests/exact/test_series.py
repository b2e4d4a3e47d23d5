"""Truncated Puiseux series: ring laws as far as anything is known, and above all that nothing more is ever claimed.

The key law is tested operation by operation: replace every O(t**N) of the operands by arbitrary terms, compute again,
and each coefficient claimed before must still be there.
"""

# a precision is None for exact polynomials only; most series here are truncated
# mypy: disable-error-code="operator,index,arg-type,type-var"

from collections.abc import Callable
from fractions import Fraction
from math import lcm
from typing import Any

import mpmath
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.errors import LimitingAngle, NotAUnit, ParallelToPrecision, Ramified, SymreluError, TruncatedTooSoon
from symrelu.exact.angles import gram_root, supplementary_angle
from symrelu.exact.field import NotASquare
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.exact.square_roots import SquareRootField

ROOT_2 = SquareRootField(QPI, 2)
ROOT_3 = SquareRootField(QPI, 3)
PI = QPI.pi
# small numbers of both kinds; 0 often, since gaps in a series are where offsets go wrong
NUMBERS = [QPI(0), QPI(0), QPI(1), QPI(-1), QPI(2), QPI(Fraction(1, 3)), PI, 1 / PI, 2 - PI, 1 / (PI - 2), PI / 4]
UNITS = [c for c in NUMBERS if c]

coefficients = st.sampled_from(NUMBERS)
some = settings(max_examples=40)


@st.composite
def series(
    draw: st.DrawFn, leading: Any = None, valuations: tuple[int, int] = (-3, 3), known: tuple[int, int] = (0, 5)
) -> Series:
    """A truncated series over Q(pi); with ``leading``, a strategy, its leading coefficient is known."""
    valuation = draw(st.integers(*valuations))
    length = draw(st.integers(*known))
    cs = (
        [draw(leading), *draw(st.lists(coefficients, max_size=length))]
        if leading is not None
        else draw(st.lists(coefficients, max_size=length))
    )
    return Series(QPI, valuation, cs, valuation + max(length, len(cs)))


units = series(leading=st.sampled_from(UNITS))
squares = series(leading=st.sampled_from([c * c for c in UNITS]), valuations=(-1, 1)).map(
    lambda x: monomial(QPI, 1, x.valuation) * x
)


def with_tail(x: Series, tail: list[Any]) -> Series:
    """The series with its O(t**N) replaced by ``tail``, known so much further."""
    assert x.precision is not None
    gap = [x.field.zero] * (x.precision - x.valuation - len(x.coefficients))
    return Series(x.field, x.valuation, [*x.coefficients, *gap, *tail], x.precision + len(tail), x.ramification)


tails = st.lists(coefficients, min_size=4, max_size=4)


def agree(x: Series, y: Series) -> bool:
    """Equal as far as both are known."""
    return not (x - y).coefficients


# -- laws --------------------------------------------------------------------------------------------------------------


@given(x=series(), y=series(), z=series())
@some
def test_ring_laws(x: Series, y: Series, z: Series) -> None:
    assert x + y == y + x
    assert (x + y) + z == x + (y + z)
    assert x * y == y * x
    assert (x * y) * z == x * (y * z)
    assert agree(x * (y + z), x * y + x * z)
    assert x - y == x + (-y)
    assert x + 0 == x == x * 1
    assert (x * 0).is_exact_zero
    assert not (x - x).coefficients and (x - x).precision == x.precision
    assert x.square() == x * Series(
        QPI, x.valuation, x.coefficients, x.precision
    )  # a copy: `x * x` takes the short cut


@given(x=units, y=series())
@some
def test_inverse(x: Series, y: Series) -> None:
    one = x * x.inverse()
    assert agree(one, monomial(QPI, 1, 0)) and one.precision == x.precision - x.valuation
    assert agree((y / x) * x, y)
    assert x.inverse().inverse() == x
    assert x**-2 == (x * x).inverse()
    assert 1 / x == x.inverse()


@given(x=units)
@some
def test_square_root_of_a_square_is_positive_for_small_t(x: Series) -> None:
    root = x.square().sqrt()
    assert root == (x if QPI.sign(x.leading) > 0 else -x)


@given(x=squares)
@some
def test_square_of_a_square_root(x: Series) -> None:
    root = x.sqrt()
    assert root.square() == x
    assert QPI.sign(root.leading) > 0


@given(x=series(), y=series(), c=coefficients)
@some
def test_derivation(x: Series, y: Series, c: Any) -> None:
    assert agree((x * y).derive(), x.derive() * y + x * y.derive())
    assert (x + y).derive() == x.derive() + y.derive()
    assert agree((x.derive()).integrate(c), x if x.precision <= 0 else x - x[0] + c)


def test_integrating_a_constant_would_need_a_logarithm() -> None:
    with pytest.raises(ArithmeticError):
        Series(QPI, -1, [1, 1], 4).integrate(QPI.zero)


@given(x=series(valuations=(1, 3)), y=series(valuations=(1, 3)))
@some
def test_logarithm_and_exponential(x: Series, y: Series) -> None:
    assert x.exp() * y.exp() == (x + y).exp()
    assert x.exp().log() == x
    assert ((1 + x).log()).exp() == 1 + x
    assert agree(((1 + x) * (1 + y)).log(), (1 + x).log() + (1 + y).log())


def test_logarithm_and_exponential_refuse_other_leading_terms() -> None:
    with pytest.raises(NotAUnit):
        Series(QPI, 0, [2, 1], 4).log()
    with pytest.raises(NotAUnit):
        Series(QPI, 0, [1, 1], 4).exp()


def test_exponential_of_a_series_known_to_a_negative_power_only() -> None:
    """exp(O(t**-2)) may be exp(t**-2), which is O of no power of t."""
    with pytest.raises(SymreluError):
        Series(QPI, -2, [], -2).exp()


# -- nothing is claimed beyond what is known ---------------------------------------------------------------------------


def angle_of(u: tuple[Series, Series], v: tuple[Series, Series]) -> tuple[Series, Series]:
    """Gram root and supplementary angle of two vectors in the plane, as the reduced gradient computes them."""
    p, q, s = u[0] * u[0] + u[1] * u[1], v[0] * v[0] + v[1] * v[1], u[0] * v[0] + u[1] * v[1]
    g = gram_root(p, q, s)
    return g, supplementary_angle(s, g, 1 / p, 1 / q)


OPERATIONS: dict[str, tuple[Callable[..., Series], list[st.SearchStrategy[Series]]]] = {
    "sum": (lambda x, y: x + y, [series(), series()]),
    "difference": (lambda x, y: x - y, [series(), series()]),
    "product": (lambda x, y: x * y, [series(), series()]),
    "square": (lambda x: x.square(), [series()]),
    "power": (lambda x: x**3, [series()]),
    "inverse": (lambda x: x.inverse(), [units]),
    "quotient": (lambda x, y: x / y, [series(), units]),
    "quotient of exact polynomials' truncations": (lambda x, y: x / y.exact(), [series(), units]),
    "root": (lambda x: x.sqrt(), [squares]),
    "derivative": (lambda x: x.derive(), [series()]),
    "integral": (lambda x: x.derive().integrate(PI), [series()]),
    "logarithm": (lambda x: (1 + x).log(), [series(valuations=(1, 3))]),
    "exponential": (lambda x: x.exp(), [series(valuations=(1, 3))]),
}


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@some
def test_the_unknown_tail_never_shows(name: str, data: st.DataObject) -> None:
    operation, strategies = OPERATIONS[name]
    operands = [data.draw(strategy) for strategy in strategies]
    claimed = operation(*operands)
    if name == "quotient of exact polynomials' truncations":  # the divisor is exact: only the dividend has a tail
        actual = operation(with_tail(operands[0], data.draw(tails)), operands[1])
    else:
        actual = operation(*(with_tail(x, data.draw(tails)) for x in operands))
    assert claimed.precision is not None and actual.precision >= claimed.precision
    assert actual.truncate(claimed.precision) == claimed


DIRECTIONS = [(1, 0), (0, 1), (1, 1), (-1, 1), (-1, 0), (2, 0), (PI, PI), (0, -1)]  # angles that are multiples of pi/4


@st.composite
def vectors(draw: st.DrawFn) -> tuple[Any, ...]:
    """A vector t**e (direction + O(t)) of the plane, its entries known to five terms or so."""
    exponent = draw(st.integers(-2, 1))
    first, second = draw(st.sampled_from(DIRECTIONS))
    return tuple(
        Series(
            QPI,
            exponent,
            [c, *draw(st.lists(coefficients, min_size=5, max_size=5))],
            exponent + draw(st.integers(4, 6)),
        )
        for c in (first, second)
    )


@given(u=vectors(), v=vectors(), data=st.data())
@settings(max_examples=60)
def test_the_unknown_tail_of_rows_never_shows_in_their_angle(u: Any, v: Any, data: st.DataObject) -> None:
    try:
        root, psi = angle_of(u, v)
    except ParallelToPrecision:  # the only refusal that vectors of these directions can meet
        assume(False)
    moved = [tuple(with_tail(x, data.draw(tails)) for x in vector) for vector in (u, v)]
    other_root, other_psi = angle_of(moved[0], moved[1])
    assert other_root.truncate(root.precision) == root
    assert other_psi.truncate(psi.precision) == psi


@given(u=vectors(), v=vectors())
@settings(max_examples=60)
def test_gram_root_in_the_plane_is_the_area(u: Any, v: Any) -> None:
    """In the plane the Gram root is |u_1 v_2 - u_2 v_1|, which needs no root."""
    area = u[0] * v[1] - u[1] * v[0]
    try:
        root, _ = angle_of(u, v)
    except ParallelToPrecision:
        return  # right to refuse: the next test asks for an answer whenever the area is known well
    assert agree(root, area) or agree(root, -area)
    assert root.is_exact_zero or QPI.sign(root.leading) > 0


@given(u=vectors(), v=vectors())
@settings(max_examples=60)
def test_an_angle_that_opens_early_enough_is_answered(u: Any, v: Any) -> None:
    """The sine is t**k up to a factor, its square t**(2 k): more than 2 k known terms of the rows must suffice."""
    area = u[0] * v[1] - u[1] * v[0]
    sizes = [min(x.valuation for x in vector) for vector in (u, v)]
    terms = min(x.precision - size for vector, size in zip((u, v), sizes, strict=True) for x in vector)
    assume(area.coefficients and 2 * (area.valuation - sum(sizes)) < terms)
    root, psi = angle_of(u, v)
    assert root.valuation == area.valuation
    assert psi.precision is not None and psi.precision > 0


@given(x=series(known=(1, 5)), y=series(known=(1, 5)), c=st.sampled_from(UNITS))
@some
def test_what_is_claimed_of_a_product_is_all_that_is_known(x: Series, y: Series, c: Any) -> None:
    """Sharp: the first unknown coefficient of the less known factor does move the first coefficient not claimed."""
    assume(x.coefficients and y.coefficients)
    product = x * y
    lengths = x.precision - x.valuation, y.precision - y.valuation
    moved = with_tail(x, [c, 0, 0, 0]) * with_tail(y, [0] * 4), with_tail(x, [0] * 4) * with_tail(y, [c, 0, 0, 0])
    still = with_tail(x, [0] * 4) * with_tail(y, [0] * 4)
    changed = moved[0] if lengths[0] <= lengths[1] else moved[1]
    assert changed[product.precision] != still[product.precision]


# -- the order contract ------------------------------------------------------------------------------------------------


@given(x=series(), n=st.integers(-4, 8))
@some
def test_truncation_asks_and_gets(x: Series, n: int) -> None:
    cut = x.truncate(n)
    assert cut.precision == min(n, x.precision)
    assert agree(cut, x) and not any(e >= n for e in range(cut.valuation, cut.valuation + len(cut.coefficients)))
    with pytest.raises(IndexError):
        x[x.precision]
    with pytest.raises(IndexError):
        x.known(x.precision - 1, x.precision + 1)
    assert len(x.known(x.precision - 5, x.precision)) == 5


@given(x=series(known=(1, 5)), y=units)
@some
def test_relative_precision_of_results(x: Series, y: Series) -> None:
    """A product, a quotient and a root know as many terms as their least known operand, not one fewer."""
    assume(x.coefficients)
    known_x, known_y = x.precision - x.valuation, y.precision - y.valuation
    for result in (x * y, x / y):
        assert result.precision - result.valuation == min(known_x, known_y)
    assert y.inverse().precision - y.inverse().valuation == known_y
    root = y.square().sqrt()
    assert root.precision - root.valuation == known_y
    assert (x + y).precision == min(x.precision, y.precision)


@given(cs=st.lists(coefficients, max_size=4), valuation=st.integers(-3, 3))
@some
def test_leading_and_trailing_zeros_are_stripped(cs: list[Any], valuation: int) -> None:
    x, y = Series(QPI, valuation, cs, valuation + 5), Series(QPI, valuation - 2, [0, 0, *cs, 0], valuation + 5)
    assert x == y and hash(x) == hash(y)
    assert not x.coefficients or (x.coefficients[0] and x.coefficients[-1])
    assert x.valuation == (x.precision if not x else valuation + next(i for i, c in enumerate(cs) if c))


def test_a_series_without_a_known_term_has_no_leading_one() -> None:
    unknown = Series(QPI, 0, [], 3)
    assert not unknown and not unknown.is_exact_zero and unknown.valuation == 3
    for ask in (lambda: unknown.leading, unknown.inverse, unknown.sqrt, lambda: 1 / unknown):
        with pytest.raises(TruncatedTooSoon):
            ask()
    assert (unknown * unknown).precision == 6


# -- exact polynomials -------------------------------------------------------------------------------------------------


@given(x=series(), y=series(), z=series())
@some
def test_exact_polynomials_stay_exact(x: Series, y: Series, z: Series) -> None:
    p, q, r = x.exact(), y.exact(), z.exact()
    assert all(result.is_exact for result in (p + q, p - q, p * q, p.square(), p**3, p.derive(), p / 3, -p))
    assert p * (q + r) == p * q + p * r
    assert (p - p).is_exact_zero and (p - p) == 0
    assert (p + x).precision == x.precision


def test_infinitely_many_terms_are_refused_and_monomials_are_not() -> None:
    polynomial = Series(QPI, 0, [1, 1])
    for ask in (polynomial.inverse, polynomial.sqrt, lambda: 1 / polynomial, polynomial.log, (polynomial - 1).exp):
        with pytest.raises(TruncatedTooSoon):
            ask()
    power = monomial(QPI, PI**2, -4)
    assert power.sqrt() == monomial(QPI, PI, -2) and 1 / power == monomial(QPI, 1 / PI**2, 4)
    nothing = monomial(QPI, 0, 0)
    assert nothing.sqrt().is_exact_zero
    assert nothing.exp() == 1 and monomial(QPI, 1, 0).log().is_exact_zero
    with pytest.raises(ZeroDivisionError):
        power / nothing
    with pytest.raises(ZeroDivisionError):
        power / 0


def test_an_exact_divisor_is_expanded_as_far_as_the_dividend_is_known() -> None:
    geometric = Series(QPI, 0, [1], 6) / Series(QPI, 0, [1, -1])
    assert geometric == Series(QPI, 0, [1] * 6, 6)


@given(x=series(), q=st.fractions(-3, 3, max_denominator=5), c=coefficients)
@some
def test_numbers_as_operands(x: Series, q: Fraction, c: Any) -> None:
    for number in (q, q.numerator, c):
        constant = monomial(QPI, number, 0)
        assert x + number == number + x == x + constant
        assert x - number == x - constant and number - x == constant - x
        assert x * number == number * x == x * constant
        if number:
            assert x / number == x / constant


@pytest.mark.parametrize("value", [0.5, "1", None, 1j])
def test_other_operands_are_refused(value: Any) -> None:
    x = Series(QPI, 0, [1, 2], 4)
    for ask in (lambda: x + value, lambda: x * value, lambda: value - x, lambda: x / value, lambda: value / x):
        with pytest.raises(TypeError):
            ask()
    assert x != value


# -- several fields and ramifications ----------------------------------------------------------------------------------


@given(x=series(), y=series(), r=st.sampled_from([1, 2, 3, 4]), s=st.sampled_from([1, 2, 3, 6]))
@some
def test_mixed_ramification(x: Series, y: Series, r: int, s: int) -> None:
    """d**(-1/r) and d**(-1/s) are powers of one u = d**(-1/lcm): spread the coefficients by hand and compare."""
    common = lcm(r, s)

    def again(z: Series, ramification: int) -> Series:
        return Series(QPI, z.valuation, z.coefficients, z.precision, ramification)

    def spread(z: Series, factor: int) -> Series:
        cs = [c for c in z.coefficients for c in (c, *([0] * (factor - 1)))]
        return Series(QPI, z.valuation * factor, cs, z.precision * factor, common)

    x, y = again(x, r), again(y, s)
    by_hand = spread(x, common // r), spread(y, common // s)
    assert x == by_hand[0] and hash(x) == hash(by_hand[0])
    assert x + y == by_hand[0] + by_hand[1]
    assert x * y == by_hand[0] * by_hand[1]
    if y:
        assert x / y == by_hand[0] / by_hand[1]
    assert (x + y).ramification == common


def test_an_exact_divisor_in_a_finer_variable_loses_no_terms() -> None:
    """1 + O(d**-4) over the exact 1 + d**(-1/2) is known below d**-4, that is to eight terms."""
    quotient = Series(QPI, 0, [1], 4, ramification=1) / Series(QPI, 0, [1, 1], None, ramification=2)
    assert quotient == Series(QPI, 0, [1, -1] * 4, 8, ramification=2)


@given(x=series(), y=series())
@some
def test_coefficients_go_to_the_larger_field(x: Series, y: Series) -> None:
    root = monomial(ROOT_2, ROOT_2.root, 0)
    assert x * root * root == x * 2 == root * x * root
    assert (x + root) - root == x and x == x.over(ROOT_2) and hash(x) == hash(x.over(ROOT_2))
    assert (x * root) * (y * root) == x * y * 2


@pytest.mark.parametrize("small", [QPI, ROOT_2], ids=lambda field: field.name)
def test_the_field_of_a_result_is_that_of_its_operands_whatever_their_values(small: Any) -> None:
    """3 + t + O(t**3) over Q(pi)(sqrt(2))(sqrt(3)) stays there, though 3 is rational: its root is to be found."""
    large = SquareRootField(ROOT_2, 3)
    x, y = Series(small, 0, [1, 1], 3), Series(large, 0, [3, 1], 3)
    for result in (x * y, y * x, x + y, y + x, x - y, x / y, y / x, x * y.exact(), x + 0 * y):
        assert result.field == large
    assert (x * y).sqrt().leading == large.root


def test_unrelated_fields_meet_in_a_common_extension() -> None:
    x, y = monomial(ROOT_2, ROOT_2.root, 0), monomial(ROOT_3, ROOT_3.root, 0)
    assert x != y
    assert (x + y) * (x - y) == -1
    assert (x * y) * (x * y) == 6


@given(c=coefficients)
def test_a_constant_series_is_the_number(c: Any) -> None:
    assert monomial(QPI, 2, 0) == 2 and hash(monomial(QPI, 2, 0)) == hash(2)
    assert monomial(QPI, c, 0) == monomial(QPI, c, 0, 4)


# -- values at a small t, by mpmath ------------------------------------------------------------------------------------

DIGITS = 400
SMALL = 30  # t = 10**-30


def as_mpf(c: Any) -> Any:
    """A number of Q(pi) at DIGITS digits."""
    return mpmath.mpf(QPI.ball(c, 1400).mid().str(DIGITS, radius=False))


def assert_asymptotic(x: Series, value: Any) -> None:
    """x claims value + O(t**N); at t = 10**-30 a wrong coefficient shows as some t**(N-1), so t**(N-1/2) tells."""
    t = mpmath.mpf(10) ** -SMALL
    assert x.precision is not None
    assert abs(x.evaluate(t, as_mpf) - value) < t ** (x.precision - mpmath.mpf(1) / 2)


@given(x=squares)
@some
def test_square_root_against_mpmath(x: Series) -> None:
    with mpmath.workdps(DIGITS):
        assert_asymptotic(x.sqrt(), mpmath.sqrt(x.evaluate(mpmath.mpf(10) ** -SMALL, as_mpf)))


@given(u=vectors(), v=vectors())
@some
def test_angle_against_mpmath(u: Any, v: Any) -> None:
    try:
        root, psi = angle_of(u, v)
    except ParallelToPrecision:
        assume(False)
    with mpmath.workdps(DIGITS):
        t = mpmath.mpf(10) ** -SMALL
        (u1, u2), (v1, v2) = (tuple(x.evaluate(t, as_mpf) for x in vector) for vector in (u, v))
        assert_asymptotic(root, abs(u1 * v2 - u2 * v1))
        assert_asymptotic(psi, mpmath.pi - abs(mpmath.arg(mpmath.mpc(u1, u2) / mpmath.mpc(v1, v2))))


@pytest.mark.parametrize(("height", "theta"), [(Fraction(1, 3), 6), (1, 3)])
@pytest.mark.parametrize("sign", [1, -1])
def test_angles_of_thirty_and_sixty_degrees_need_the_root_of_three(height: Fraction, theta: int, sign: int) -> None:
    """(1, 0) and (+-1, h sqrt(3)) meet at pi/3 for h = 1 and pi/6 for h = 1/3 (or the supplement)."""

    def row(*entries: Any) -> tuple[Series, ...]:
        return tuple(Series(ROOT_3, 0, [c, 1], 6) for c in entries)

    _, psi = angle_of(row(1, 0), row(sign, ROOT_3.root * height))
    assert psi[0] == (PI - PI / theta if sign > 0 else PI / theta)


def test_a_limiting_angle_without_a_measure_is_refused() -> None:
    with pytest.raises(LimitingAngle):
        angle_of((Series(QPI, 0, [1], 6), Series(QPI, 0, [0], 6)), (Series(QPI, 0, [2], 6), Series(QPI, 0, [1], 6)))


def test_pi_over_5_is_refused_though_it_is_a_rational_multiple_of_pi() -> None:
    root_5 = SquareRootField(QPI, QPI(5)).root
    field = SquareRootField(root_5.field, (root_5 * -2 + 10) / 16)  # cos(pi/5) = (1 + sqrt(5))/4, and the sine's square
    s, g = (Series(field, 0, [x, 1], 6) for x in ((root_5 + 1) / 4, field.root))
    with pytest.raises(LimitingAngle, match="no multiple of pi/4 or pi/6"):
        supplementary_angle(s, g, monomial(field, 1, 0), monomial(field, 1, 0))


def test_limits_of_angles_compare_powers_of_d_not_of_t() -> None:
    # <u, v> = d**(-1/2), area d**(-1/4): the rows become perpendicular, although both are t**1 of their own t
    s, g = Series(QPI, 1, [1], 6, 2), Series(QPI, 1, [1], 12, 4)
    one = monomial(QPI, 1, 0, 4)
    assert supplementary_angle(s, g, one, one)[0] == PI / 2
    # exactly perpendicular rows, one of which vanishes at d = infinity
    assert supplementary_angle(monomial(QPI, 0, 0), Series(QPI, 2, [1], 6), one, one)[0] == PI / 2


def test_exactly_parallel_rows_have_an_exact_angle() -> None:
    row = (Series(QPI, 0, [1, 1]), Series(QPI, -1, [1, 0, 3]))
    p = row[0] * row[0] + row[1] * row[1]
    assert gram_root(p, p * 4, p * -2).is_exact_zero
    nothing = monomial(QPI, 0, 0)
    anything = monomial(QPI, 1, 0)
    assert supplementary_angle(p * 2, nothing, anything, anything) == monomial(QPI, PI, 0)
    assert supplementary_angle(p * -2, nothing, anything, anything).is_exact_zero
    assert supplementary_angle(nothing, anything, anything, anything) == monomial(QPI, PI / 2, 0)


def test_rows_parallel_as_far_as_known_are_refused() -> None:
    p = Series(QPI, 0, [1, 1], 6)
    with pytest.raises(ParallelToPrecision):
        gram_root(p, p, p)


def test_square_roots_out_of_reach_say_why() -> None:
    with pytest.raises(Ramified):
        Series(QPI, 1, [1, 1], 5).sqrt()
    with pytest.raises(NotASquare) as refusal:
        Series(QPI, 0, [2, 1], 5).sqrt()
    assert refusal.value.radicand == 2
    assert Series(ROOT_2, 0, [2, 1], 5).sqrt().leading == ROOT_2.root
    with pytest.raises(ValueError):
        Series(QPI, 0, [-1, 1], 5).sqrt()


# -- text --------------------------------------------------------------------------------------------------------------


def test_text() -> None:
    x = Series(QPI, -1, [1, 2 - PI, 0, -1 / PI, Fraction(2, 3)], 6)
    assert str(x) == "t**(-1) - pi + 2 - 1/pi*t**2 + 2/3*t**3 + O(t**6)"
    assert str(Series(QPI, 0, [], 0)) == "O(1)" and str(monomial(QPI, 0, 0)) == "0"
    assert str(Series(QPI, 1, [PI - 2, -1])) == "(pi - 2)*t - t**2"


@given(x=series())
@some
def test_sympy_value_is_the_known_part(x: Series) -> None:
    with mpmath.workdps(40):
        value = mpmath.mpf(str(x.sympy(10**6).evalf(40)))
        assert mpmath.almosteq(value, x.evaluate(mpmath.mpf(10) ** -3, as_mpf), 1e-30, 1e-30)
