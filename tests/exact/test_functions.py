"""Functions of unknown numbers: exact zero tests of identities with undetermined c's, roots and angles adjoined as they
are met, and their values at a marked point. Judges: identities, mpmath, difference quotients.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import pytest
import sympy
from flint import arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.errors import Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.function_arithmetic import FunctionArithmetic
from symrelu.exact.function_element import Function
from symrelu.exact.function_values import Table
from symrelu.exact.functions import FunctionField
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series

POINT = ("1.25", "-0.75", "0.5")


def field(*values: str) -> FunctionField:
    """Functions of x, y, z at the point (5/4, -3/4, 1/2), or at another."""
    return FunctionField(["x", "y", "z"], lambda bits: [arb(v) for v in values or POINT])


K = field()
X, Y, Z = (K.unknown(i) for i in range(3))
R = K.sqrt(X * X + Y * Y)
few = settings(max_examples=15, deadline=None)


@st.composite
def functions(draw: st.DrawFn) -> Function:
    """Sums of products of the unknowns, pi and a root over products of factors that do not vanish at the point."""
    atoms = st.sampled_from([X, Y, Z, K.pi, R, K.one])
    below = st.sampled_from([K.one, X, X + 1, X * X + Y * Y, X - Y])
    total = K(draw(st.integers(-2, 2)))
    for _ in range(draw(st.integers(0, 3))):
        total = total + draw(atoms) * draw(atoms) * draw(st.integers(-3, 3)) / draw(below)
    return total


@given(x=functions(), y=functions(), z=functions())
@few
def test_field_laws(x: Function, y: Function, z: Function) -> None:
    assert x + y == y + x and x * y == y * x
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x - x == 0 and not x - x
    assert K.dot([x, y], [y, -x]) == 0
    assert x * Fraction(1, 3) == x / 3
    assume(x and not K.ball(x, 64).contains(0))
    assert x * K.inverse(x) == 1
    assert (y / x) * x == y


@given(x=functions())
@few
def test_the_value_is_that_of_the_expression(x: Function) -> None:
    subs = dict(zip(sympy.symbols("x y z", real=True), map(sympy.Rational, POINT), strict=True))
    expected = mpmath.mpf(str(sympy.N(K.sympy(x).subs(subs), 30)))
    assert abs(mpmath.mpf(K.ball(x, 128).str(30, radius=False)) - expected) < 1e-20 * (1 + abs(expected))


def test_a_root_satisfies_identities_in_undetermined_unknowns() -> None:
    assert (R - X) * (R + X) == Y * Y
    assert 1 / (R - X) == (R + X) / (Y * Y)
    assert K.sqrt(4 * (X * X + Y * Y) * X * X) == 2 * X * R
    assert K.sqrt((X * X + Y * Y) / 3) == R * K.sqrt(K(3)) / 3
    assert K.sqrt(K(12)) == 2 * K.sqrt(K(3)) and K.sqrt(K(Fraction(9, 4))) == Fraction(3, 2)


def test_roots_take_their_sign_at_the_marked_point() -> None:
    assert K.sqrt(X * X) == X and K.sqrt(Y * Y) == -Y
    assert K.sign(R) == 1 and K.sign(Y * R) == -1 and K.sign(K.zero) == 0
    with pytest.raises(ValueError, match="negative"):
        K.sqrt(Y)


def test_elements_of_q_of_pi_are_elements() -> None:
    number = (QPI.pi - 12) * 64 / (QPI.pi**4 * (QPI.pi - 2) * 3)
    assert K.ball(K(number), 128).overlaps(QPI.ball(number, 128))
    assert K(number) * (K.pi - 2) * 3 * K.pi**4 == 64 * K.pi - 768
    with pytest.raises(TypeError):
        K(0.5)


def test_a_sign_that_the_values_do_not_tell_is_not_guessed() -> None:
    unknown = FunctionField(["x", "y"], lambda bits: [arb(1), arb(0, float("inf"))])
    x, y = unknown.unknown(0), unknown.unknown(1)
    with pytest.raises(Undecided, match="not decided"):
        unknown.sign(x + y)
    with pytest.raises(Undecided):
        1 / (x - 1)  # not 0 as a function, but 0 at the point
    assert unknown.decisions == []


def test_a_root_of_a_root_is_refused() -> None:
    with pytest.raises(Undecided, match="root of roots"):
        K.sqrt(1 + R)


def test_signs_used_are_kept_to_be_confirmed() -> None:
    own = field()
    own.sqrt(own.unknown(1) ** 2)
    assert (own.unknown(1), -1) in own.decisions


def test_an_angle_is_one_variable_whatever_pair_it_is_met_in() -> None:
    """Angles of (s, g), (-s, g) and (g, s) are one unknown psi: their relations hold exactly."""
    own = field()
    x, y = own.unknown(0), own.unknown(1)
    psi = own.angle(y, x)
    assert own.angle(2 * y, 2 * x) == psi
    assert own.angle(-y, x) == own.pi - psi
    assert len(own.angles) == 1
    for s, g in ((y, x), (-y, x), (x, -y), (-x, -y)):
        with working_bits(128):
            expected = arb.atan2(own.ball(g, 128), -own.ball(s, 128))
        assert own.ball(own.angle(s, g), 128).overlaps(expected)
    assert len(own.angles) == 1


def test_derivatives_are_those_of_the_true_functions() -> None:
    """Roots and angles by their rules, against difference quotients; an enclosure on a box holds all its points."""
    own = field()
    x, y, z = (own.unknown(i) for i in range(3))
    g = own.sqrt(x * x + y * y)
    f = own.angle(y, g) * z / (1 + x) + g * y * own.pi / (x * x + y * y)
    h = arb(2) ** -60
    with working_bits(300):
        centre = [arb(v) for v in POINT]
        value, slope = Table(own, centre).jet(f)
        for k in range(3):
            moved = [c + (h if i == k else 0) for i, c in enumerate(centre)]
            quotient = (Table(own, moved).value(f) - value) / h
            assert abs(quotient - slope[k]) < 2**-50
        box, slopes = Table(own, [c + arb(0, "1e-3") for c in centre]).jet(f)
        assert box.contains(value) and all(slopes[k].contains(slope[k]) for k in slope)


def test_an_unknown_whose_box_holds_zero_has_finite_powers() -> None:
    """flint's x**2 is nan for a ball that contains 0."""
    own = field()
    y = own.unknown(1)
    value, slope = Table(own, [arb(0, 1)] * 3).jet(y**3 + y**2)
    assert value.is_finite() and slope[1].is_finite() and value.contains(2)


def test_unknowns_inside_roots_and_angles_are_found() -> None:
    own = field()
    x, y, z = (own.unknown(i) for i in range(3))
    root = own.sqrt(x * x + z * z)
    assert root.unknowns() == {0, 2}
    assert (own.pi + own.angle(y, root)).unknowns() == {0, 1, 2}
    assert (y / (1 + x)).unknowns() == {0, 1}
    assert own.zero.unknowns() == set()  # flint gives 0 the degrees -1


def test_series_of_an_angle_with_an_unknown_limit() -> None:
    """Two rows (1, x t + ...) and (y + t, z): psi as a series over functions, against mpmath at a small t."""
    own = field()
    x, y, z = (own.unknown(i) for i in range(3))
    arithmetic = FunctionArithmetic(own)

    def row(*coefficients: Any) -> Series:
        return Series(own, 0, coefficients, 5)

    u, v = (row(1, 0, z), row(0, x)), (row(y, 1), row(z, x, y))
    p, q, s = (a[0] * b[0] + a[1] * b[1] for a, b in ((u, u), (v, v), (u, v)))
    area = u[0] * v[1] - u[1] * v[0]
    g = arithmetic.gram_root(p, q, s, area * area)
    psi = arithmetic.supplement(s, g, 1 / p, 1 / q)
    assert own.definitions()["psi_1"] == f"atan2({z}, {-y})"
    t = mpmath.mpf("1e-5")
    with mpmath.workdps(40):
        a, b, c = map(mpmath.mpf, POINT)
        first, second = (1 + c * t**2, a * t), (b + t, c + a * t + b * t**2)
        inner = first[0] * second[0] + first[1] * second[1]
        expected = mpmath.atan2(abs(first[0] * second[1] - first[1] * second[0]), -inner)
        number: Callable[[Function], Any] = lambda e: mpmath.mpf(own.ball(e, 150).str(40, radius=False))  # noqa: E731
        assert abs(psi.evaluate(t, number) - expected) < 100 * t**5


def test_series_of_a_constant_angle_needs_no_variable() -> None:
    own = field()
    arithmetic = FunctionArithmetic(own)
    one = arithmetic.rational(1)
    psi = arithmetic.supplement(-one, one, one, one / 2)
    assert psi[0] == own.pi / 4 and own.angles == []


def test_text_and_sympy() -> None:
    own = field()
    x, y = own.unknown(0), own.unknown(1)
    element = own.sqrt(x * x + y * y) * own.pi / (x * x + y * y) - 1
    assert own.text(element) == "(g_1*pi - x**2 - y**2)/(x**2 + y**2)"
    assert own.definitions() == {"g_1": "sqrt(x**2 + y**2)"}
    a, b = sympy.symbols("x y", real=True)
    assert sympy.simplify(own.sympy(element) - (sympy.pi / sympy.sqrt(a**2 + b**2) - 1)) == 0
