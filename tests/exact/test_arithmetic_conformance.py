"""One suite for every arithmetic: at one rational point they all give the same numbers, each as honestly as it can.

SymPy's exact values are the common reference; that they are the loss, gradient and Hessian of the *definition* is
tested under tests/model. mpmath must agree to its digits, balls must contain, floats must agree to rounding, and series
are evaluated along a path with constant entries. Exactly parallel rows, zero rows and rows parallel as far as known
come last.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
import sympy

from symrelu.errors import ParallelToPrecision, ZeroRow
from symrelu.exact.arithmetic import FLOAT, SYMBOLIC, BallArithmetic, MpmathArithmetic, SeriesArithmetic, lagrange
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.exact.square_roots import SquareRootField
from symrelu.model.kernels import FIRST, RELU, SECOND, Gram
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

MPMATH, BALLS, SERIES = MpmathArithmetic(40), BallArithmetic(160), SeriesArithmetic(QPI)
NUMERIC = [MPMATH, BALLS, FLOAT]
EVERY = [SYMBOLIC, *NUMERIC, SERIES]

every_arithmetic = pytest.mark.parametrize("arithmetic", EVERY, ids=lambda arithmetic: arithmetic.name)
numeric_arithmetic = pytest.mark.parametrize("arithmetic", NUMERIC, ids=lambda arithmetic: arithmetic.name)

Case = tuple[str, str | None, str | None, str, str]  # blocks, rows, columns, d, coordinates a_1 a_2 ...

GENERIC: dict[str, Case] = {
    "one block": ("d", None, None, "5", "4/3 -1/5"),
    "two blocks": ("d-2,2", None, None, "6", "1 1/7 -1/3 1/2 -5/4 2/3"),
    "block of one": ("d-1,1", None, None, "4", "-3/4 1/3 2/7 1/5 5/6"),
    "k = d + 1": ("d-1,1", "1,2,*", None, "5", "1 1/7 -1/3 1/2 -5/4 2/3 -1/9"),
    "k < d": ("d-2,2", "1", None, "5", "1 1/7 -1/3"),
    "two row orbits of a block": ("d-1,1", "1,1,2", None, "4", "1 1/7 -1/3 1/2 -5/4 2/3 1/6 3"),
    "rows only": ("d,3", "1,2", "1", "4", "1 1/7 -1/3"),
    "d between integers": ("d-1,1", None, None, "9/2", "-3/4 1/3 2/7 1/5 5/6"),
}


def problem_of(case: Case) -> tuple[Problem, list[Fraction], Fraction]:
    blocks, rows, cols, d, values = case
    problem = Problem(FixedSpace(Isotropy.parse(blocks, rows, cols)), RELU)
    return problem, [Fraction(a) for a in values.split()], Fraction(d)


def numbers(arithmetic: Any, problem: Problem, values: Sequence[Any], d: Any) -> dict[str, Any]:
    """Loss, gradient and upper Hessian by name, at a point given in rationals or in the arithmetic's own scalars."""

    def scalar(x: Any) -> Any:
        return arithmetic.rational(x) if isinstance(x, Fraction) else x

    with arithmetic.precision() if arithmetic is BALLS else nullcontext():
        point = problem.at(arithmetic, [scalar(a) for a in values], scalar(d))
        found = {"L": point.loss()} | {f"F_{i}": f for i, f in enumerate(point.gradient(), 1)}
        for i, row in enumerate(point.hessian(), 1):
            found |= {f"H_{i}_{j}": h for j, h in enumerate(row, 1) if j >= i}
    return found


def digits(x: sympy.Expr) -> mpmath.mpf:
    """An exact SymPy number to 60 digits."""
    return mpmath.mpf(str(sympy.N(x, 60)))


def assert_honest(arithmetic: Any, value: Any, exact: mpmath.mpf, scale: mpmath.mpf) -> None:
    """``value`` agrees with the 60-digit ``exact`` as its arithmetic promises, where terms have size ``scale``."""
    if arithmetic is BALLS:
        with flint.ctx.workprec(300):
            assert value.overlaps(flint.arb(mpmath.nstr(exact, 55), 1e-50 * float(scale)))
            assert value.rad() < 1e-40 * float(scale)
    else:
        assert abs(mpmath.mpf(value) - exact) < (mpmath.mpf(10) ** -37 if arithmetic is MPMATH else 1e-13) * scale


@pytest.mark.parametrize("name", GENERIC)
@numeric_arithmetic
def test_loss_gradient_and_hessian_agree(arithmetic: Any, name: str) -> None:
    problem, values, d = problem_of(GENERIC[name])
    exact = numbers(SYMBOLIC, problem, values, d)
    found = numbers(arithmetic, problem, values, d)
    assert found.keys() == exact.keys()
    with mpmath.workdps(60):
        for key, value in found.items():
            assert_honest(arithmetic, value, digits(exact[key]), mpmath.mpf(100))


def test_global_precisions_are_left_alone() -> None:
    problem, values, d = problem_of(GENERIC["two blocks"])
    before = mpmath.mp.prec, flint.ctx.prec
    for arithmetic in (MpmathArithmetic(100), BALLS):
        numbers(arithmetic, problem, values, d)
        assert (mpmath.mp.prec, flint.ctx.prec) == before


def test_floats_in_arrays_are_floats_one_by_one() -> None:
    problem, values, d = problem_of(GENERIC["k = d + 1"])
    shifts = np.array([0.0, 0.25, -0.3])
    together = numbers(FLOAT, problem, [float(a) + shifts for a in values], float(d))
    for i, shift in enumerate(shifts):
        alone = numbers(FLOAT, problem, [float(a) + shift for a in values], float(d))
        for key, value in together.items():
            assert value[i] == pytest.approx(alone[key], rel=1e-13)


# -- the kernel alone --------------------------------------------------------------------------------------------------

ROOT_3 = SquareRootField(QPI, 3)
# p, q, s and the exact Gram root: angles pi/4, 3 pi/4, pi/2, pi/3, 2 pi/3, pi/6, which series can hold too
TRIPLES = [(1, 2, 1, 1), (2, 1, -1, 1), (9, 4, 0, 6), (4, 1, 1, (0, 1)), (1, 4, -1, (0, 1)), (4, 3, 3, (0, 1))]


@pytest.mark.parametrize("triple", TRIPLES, ids=str)
def test_kernel_and_partials_agree(triple: tuple[Any, ...]) -> None:
    p, q, s, root = triple

    def partials(arithmetic: Any) -> list[Any]:
        with arithmetic.precision() if arithmetic is BALLS else nullcontext():
            p_, q_, s_ = (arithmetic.rational(x) for x in (p, q, s))
            g = arithmetic.gram_root(p_, q_, s_, arithmetic.rational(p * q - s * s))
            gram = Gram(p_, q_, s_, g, arithmetic.supplement(s_, g, 1 / p_, 1 / q_), 1 / p_, 1 / q_, False)
            factor = RELU.prefactor_in(arithmetic)
            found = [RELU.value(arithmetic, gram), *RELU.first(arithmetic, gram), *RELU.second(arithmetic, gram)]
            return [x * factor for x in found]

    exact = partials(SYMBOLIC)
    assert len(exact) == 1 + len(FIRST) + len(SECOND)
    series = SeriesArithmetic(ROOT_3)
    by_series = partials(series)
    g = series.gram_root(series.rational(p), series.rational(q), series.rational(s), None)
    assert g == monomial(ROOT_3, ROOT_3.root if root == (0, 1) else root, 0)
    with mpmath.workdps(60):
        for arithmetic in NUMERIC:
            for value, x in zip(partials(arithmetic), exact, strict=True):
                assert_honest(arithmetic, value, digits(x), mpmath.mpf(1))
        for value, x in zip(by_series, exact, strict=True):
            assert value.is_exact and value == monomial(ROOT_3, value[0], 0)
            number = mpmath.mpf(ROOT_3.ball(value[0], 300).mid().str(60, radius=False))
            assert abs(number - digits(x)) < mpmath.mpf(10) ** -50


# -- series along a path -----------------------------------------------------------------------------------------------

ROOT_2 = SquareRootField(QPI, 2)
# Constant entries as d grows. Rows of a block open like sqrt(2) |a_1 - a_2| / |w|; the last two are chosen so that
# the other limiting Gram determinant, a_4**2 (a_1 - a_2)**2 + (a_4 a_3 - a_2 a_5)**2, is a square: (3/2, 2, 5/2).
PATHS: dict[str, Case] = {
    "one block": ("d", None, None, "", "4/3 -1/5"),
    "rows near parallel": ("d-1,1", None, None, "", "10/3 1/3 5 1/2 3/2"),
    "rows near antiparallel": ("d-1,1", None, None, "", "10/3 1/3 5 -1/2 -3/2"),
}


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("order", [5, 9])
def test_series_along_a_path_with_constant_entries(name: str, order: int) -> None:
    """At t = 10**-30 a wrong claimed coefficient shows as t**(N-1), what is truncated only as t**N times a constant."""
    problem, values, _ = problem_of((*PATHS[name][:3], "1", PATHS[name][4]))
    arithmetic = SeriesArithmetic(ROOT_2)
    entries = [Series(ROOT_2, 0, [a], order) for a in values]
    found = numbers(arithmetic, problem, entries, monomial(ROOT_2, 1, -2))
    precise = MpmathArithmetic(500)
    truth = numbers(precise, problem, values, precise.context.mpf(10) ** 60)
    t = precise.context.mpf(10) ** -30
    for key, value in found.items():
        assert value.precision is not None and (order == 5 or value.coefficients)  # nine orders suffice for each
        known = value.evaluate(t, lambda c: precise.context.mpf(ROOT_2.ball(c, 1700).mid().str(500, radius=False)))
        assert abs(known - truth[key]) < t ** (value.precision - precise.context.mpf(1) / 2)


# -- exactly parallel rows ---------------------------------------------------------------------------------------------

ON_AXES: dict[str, Case] = {  # every Gram root and norm is a number, so exact series can follow
    "W = V": ("d-1,1", None, None, "4", "1 0 0 0 1"),
    "W = V, one block": ("d", None, None, "3", "1 0"),
    "W = -V": ("d-1,1", None, None, "4", "-1 0 0 0 -1"),
    "rows along and against": ("d-1", "1,*,*", "1,*", "4", "-1 0 0 0 3 0 -2"),
    "two copies of V": ("d", "1,1", "1", "3", "1/2 0 1/2 0"),
}
IN_GENERAL: dict[str, Case] = {  # dyadic, so that every arithmetic holds the data exactly
    "a row and its triple": ("d-1", "*,*", "1,*", "4", "1/2 -3/4 3/2 -9/4"),
    "a row and its opposite": ("d-1", "*,*,1", "1,*", "4", "1/2 -3/4 -1 3/2 1 1/4 -1/2"),
    "rows of one orbit that coincide": ("d-1,2", "2,2,1", "1,*", "4", "1/2 -3/4 1 -3/2 1 1/4 -1/2"),
}
PARALLEL = ON_AXES | IN_GENERAL


def dense_gradient(W: Any) -> Any:
    """dL/dW for the target V = I, straight from grad_w kappa = (|v| sin(theta) w/|w| + (pi - theta) v) / 2 pi."""
    k, d = W.shape
    V = [[mpmath.mpf(int(i == j)) for j in range(d)] for i in range(d)]
    rows = [list(w) for w in W]
    gradient = np.zeros((k, d), dtype=object)
    for i, w in enumerate(rows):
        norm_w = mpmath.sqrt(mpmath.fsum(x * x for x in w))
        for v, sign in [*((v, 1) for v in rows), *((v, -1) for v in V)]:
            norm_v = mpmath.sqrt(mpmath.fsum(x * x for x in v))
            chord = [[x / norm_w - c * y / norm_v for x, y in zip(w, v, strict=True)] for c in (1, -1)]
            theta = 2 * mpmath.atan2(*(mpmath.sqrt(mpmath.fsum(x * x for x in c)) for c in chord))
            along = norm_v * mpmath.sin(theta) / norm_w
            for j in range(d):
                gradient[i, j] += sign * (along * w[j] + (mpmath.pi - theta) * v[j]) / (2 * mpmath.pi)
    return gradient


def dense_limits(problem: Problem, values: list[Fraction], d: int) -> dict[str, Any]:
    """Gradient and one-sided difference quotients of the dense gradient, contracted with the coordinate directions."""
    space, step = problem.space, mpmath.mpf(10) ** -25
    W = space.matrix([mpmath.mpf(a.numerator) / a.denominator for a in values], d)
    units = [space.matrix([mpmath.mpf(int(i == j)) for j in range(space.dim)], d) for i in range(space.dim)]
    here = dense_gradient(W)
    found = {f"F_{i}": np.sum(here * unit) for i, unit in enumerate(units, 1)}
    for i, unit in enumerate(units, 1):
        forward, backward = (dense_gradient(W + unit * h) for h in (step, -step))
        for j, other in enumerate(units[i - 1 :], i):
            right, left = np.sum((forward - here) * other) / step, np.sum((here - backward) * other) / step
            assert abs(right - left) < mpmath.mpf(10) ** -20  # twice differentiable there, as the limits assume
            found[f"H_{i}_{j}"] = right
    return found


@pytest.mark.parametrize("name", PARALLEL)
def test_parallel_rows_take_their_limits(name: str) -> None:
    problem, values, d = problem_of(PARALLEL[name])
    with mpmath.workdps(60):
        limits = dense_limits(problem, values, int(d))
        for arithmetic in [SYMBOLIC, *NUMERIC]:
            found = numbers(arithmetic, problem, values, d)
            for key, limit in limits.items():
                value = found[key]
                if arithmetic is BALLS:
                    assert value.overlaps(flint.arb(mpmath.nstr(limit, 30), 1e-18)) and value.rad() < 1e-40
                else:
                    number = digits(value) if arithmetic is SYMBOLIC else mpmath.mpf(value)
                    assert abs(number - limit) < (1e-13 if arithmetic is FLOAT else mpmath.mpf(10) ** -19)


@pytest.mark.parametrize("name", ON_AXES)
def test_parallel_rows_take_their_limits_in_exact_series(name: str) -> None:
    """On the axes all is exact, a Laurent polynomial in t = d**(-1/2), to be evaluated at the integer d itself."""
    problem, values, d = problem_of(ON_AXES[name])
    found = numbers(SERIES, problem, values, monomial(QPI, 1, -2))
    with mpmath.workdps(60):
        t = mpmath.sqrt(mpmath.mpf(1) / int(d))
        for key, limit in dense_limits(problem, values, int(d)).items():
            assert found[key].is_exact
            value = found[key].evaluate(t, lambda c: mpmath.mpf(QPI.ball(c, 300).mid().str(60, radius=False)))
            assert abs(value - limit) < mpmath.mpf(10) ** -19


def test_at_the_target_itself_loss_and_gradient_are_the_number_zero() -> None:
    problem, values, _ = problem_of(ON_AXES["W = V"])
    found = numbers(SERIES, problem, values, monomial(QPI, 1, -2))
    assert found["L"].is_exact_zero
    assert all(found[f"F_{i}"].is_exact_zero for i in range(1, 6))


# rows (x, x, y) and c (x, x, y) whose products round: Lagrange's areas are then rounding errors, not zeros
ROUNDED = ["1/3 1/7 10/21 10/49", "49/31 2/47 490/217 20/329", "7/11 -3/13 35/187 -15/221", "5/6 7/9 -85/114 -119/171"]


@pytest.mark.parametrize("arithmetic", [MPMATH, FLOAT], ids=lambda arithmetic: arithmetic.name)
@pytest.mark.parametrize("values", ROUNDED)
def test_rows_parallel_up_to_rounding_take_their_limits_too(arithmetic: Any, values: str) -> None:
    """The rational rows are exactly parallel, their rounded entries only nearly: 1/g must not blow the rounding up."""
    problem, point, d = problem_of(("d-1", "*,*", "1,*", "3", values))
    exact = numbers(SYMBOLIC, problem, point, d)
    found = numbers(arithmetic, problem, point, d)
    with mpmath.workdps(60):
        for key, value in found.items():
            assert_honest(arithmetic, value, digits(exact[key]), mpmath.mpf(100))


@pytest.mark.parametrize("arithmetic", [MPMATH, FLOAT], ids=lambda arithmetic: arithmetic.name)
@pytest.mark.parametrize(
    ("big", "small", "factor"), [("49/31", "2/47", "10/7"), ("5/6", "7/9", "3"), ("5/6", "7/9", "5/17")]
)
def test_rows_parallel_up_to_rounding_whose_entries_differ_in_size(
    arithmetic: Any, big: str, small: str, factor: str
) -> None:
    """(a, a, b) and c (a, a, b) with b tiny: the rounded areas are far smaller than the rounding of the rows."""
    row = [Fraction(big), Fraction(small) / 2**40]
    problem, _, d = problem_of(("d-1", "*,*", "1,*", "3", "0 0 0 0"))
    point = row + [Fraction(factor) * a for a in row]
    exact = numbers(SYMBOLIC, problem, point, d)
    found = numbers(arithmetic, problem, point, d)
    with mpmath.workdps(60):
        for key, value in found.items():
            assert_honest(arithmetic, value, digits(exact[key]), mpmath.mpf(100))


@pytest.mark.parametrize("opening", [1e-6, 1e-9, 1e-12, 1e-15])
def test_nearly_parallel_floats_lose_no_digits(opening: float) -> None:
    """The Hessian is continuous where rows become parallel, so rounding must not be divided by the opening angle."""
    problem, point, d = problem_of(("d-1", "*,*", "1,*", "3", "1/3 1/7 10/21 10/49"))
    values = [float(a) for a in point]
    values[3] += opening
    found = numbers(FLOAT, problem, values, 3.0)
    precise = MpmathArithmetic(60)
    truth = numbers(precise, problem, [precise.context.mpf(a) for a in values], precise.context.mpf(3))
    for key, value in found.items():
        assert abs(value - float(truth[key])) < 1e-12


def test_arrays_that_meet_parallel_rows_take_the_limit_there() -> None:
    """An array of points that contains W = V: the other entries must not keep it from its limit."""
    problem, values, d = problem_of(ON_AXES["W = V, one block"])
    moved = [np.array([1.0, 1.0, 0.5]), np.array([0.0, 0.25, 0.0])]
    together = numbers(FLOAT, problem, moved, float(d))
    alone = numbers(FLOAT, problem, [1.0, 0.0], float(d))
    for key, value in together.items():
        assert np.all(np.isfinite(value))
        assert value[0] == pytest.approx(alone[key], abs=1e-14)


# -- refusals ----------------------------------------------------------------------------------------------------------


@every_arithmetic
@pytest.mark.parametrize("ask", ["loss", "gradient", "hessian"])
@pytest.mark.parametrize("values", ["1 0 0 0 0", "0 0 0 0 1"])
def test_a_row_of_norm_zero_is_refused(arithmetic: Any, ask: str, values: str) -> None:
    problem, point, _ = problem_of(("d-1,1", None, None, "4", values))
    d = monomial(QPI, 1, -2) if arithmetic is SERIES else arithmetic.rational(4)
    for entries in ([arithmetic.rational(a) for a in point], [a if a else 0 for a in map(arithmetic.rational, point)]):
        with pytest.raises(ZeroRow), arithmetic.precision() if arithmetic is BALLS else nullcontext():
            getattr(problem.at(arithmetic, entries, d), ask)()


def test_one_zero_row_in_an_array_is_refused() -> None:
    problem, _, _ = problem_of(("d", None, None, "3", "0 0"))
    with pytest.raises(ZeroRow):
        problem.at(FLOAT, [np.array([1.0, 0.0]), np.array([0.5, 0.0])], 3.0).gradient()


@pytest.mark.parametrize("ask", ["loss", "gradient", "hessian"])
@pytest.mark.parametrize("values", ["1 0 0 0 1", "-1 0 0 0 -1"])
def test_rows_parallel_as_far_as_known_are_refused(ask: str, values: str) -> None:
    """+-V + O(t**6), or in a box around +-V: the angle with the target may or may not be 0 (or pi)."""
    problem, point, _ = problem_of(("d-1,1", None, None, "4", values))
    series = [Series(QPI, 0, [a], 6) for a in point]
    with pytest.raises(ParallelToPrecision):
        getattr(problem.at(SERIES, series, monomial(QPI, 1, -2)), ask)()
    with BALLS.precision(), pytest.raises(ParallelToPrecision):
        getattr(problem.at(BALLS, [flint.arb(int(a), 1e-30) for a in point], flint.arb(4)), ask)()


def test_balls_of_rows_that_rounding_makes_parallel_are_refused() -> None:
    problem, point, d = problem_of(("d-1", "*,*", "1,*", "3", ROUNDED[0]))
    with pytest.raises(ParallelToPrecision):
        numbers(BALLS, problem, point, d)


def test_a_ball_of_a_row_that_may_vanish_is_refused() -> None:
    problem, _, _ = problem_of(("d", None, None, "3", "1 0"))
    with BALLS.precision(), pytest.raises(ZeroRow):
        problem.at(BALLS, [flint.arb(0, 1), flint.arb(0, 1)], flint.arb(3)).gradient()


# -- Lagrange's identity -----------------------------------------------------------------------------------------------


def test_lagrange_sums_the_gram_determinant_without_cancellation() -> None:
    """(1, 1, 1 + x) and (1, 1, 1) with x = 1e-12: p q - s**2 = 2 x**2, lost entirely in floats by the difference."""
    x = 2.0**-40
    u, v = (1.0, 1.0, 1.0 + x), (1.0, 1.0, 1.0)
    assert lagrange([(u[0], v[0], 2), (u[2], v[2], 1)]) == 2 * x * x
    assert lagrange([(a, b, 1) for a, b in zip(u, v, strict=True)]) == 2 * x * x
    assert np.dot(u, u) * np.dot(v, v) - np.dot(u, v) ** 2 != 2 * x * x
