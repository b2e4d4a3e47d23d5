"""The reduced loss, gradient and Hessian: derivatives of each other, and restrictions of the dense ones.

Random Young types: several row orbits of one block, fixed rows and columns, k > d and k < d, blocks that move rows
only. Coordinates are dyadic, so that rows that happen to be parallel are so in every arithmetic.
"""

from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, event, example, given, settings
from hypothesis import strategies as st

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import FLOAT, MpmathArithmetic
from symrelu.model.activations import ABS, ERF, S3, Z2, Z3, leaky
from symrelu.model.kernels import PSI, RELU, G, Kernel, P, Q, S
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Direction, student_rows
from symrelu.reference import dense
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

PRECISE = MpmathArithmetic(70)
MPF = PRECISE.context.mpf
STEP = MPF(10) ** -20
SQUARED = Kernel("relu2", 3 * G * S + PSI * (P * Q + 2 * S**2), 1 / (2 * sympy.pi))  # phi(z) = max(0, z)**2


class Point(NamedTuple):
    """A random point of a random fixed-point space, with two directions in that space."""

    group: Isotropy
    values: list[Fraction]
    first: list[Fraction]
    second: list[Fraction]


@st.composite
def young_types(draw: st.DrawFn) -> Isotropy:
    """S_{d - m} (or S_{(d - m)/2}, twice) x S_{m_1} x S_{m_2} with random orbits of rows and columns."""
    constants = draw(st.lists(st.integers(1, 3), max_size=2))
    moving_columns = [i for i in range(len(constants)) if draw(st.booleans())]
    fixed_columns = draw(st.integers(0, 1))
    taken = sum(constants[i] for i in moving_columns) + fixed_columns
    halves = draw(st.booleans())
    big = f"(d-{taken})/2" if halves else f"d-{taken}"
    cols = ["1"] * (1 + halves) + [str(i + 2) for i in moving_columns] + ["*"] * fixed_columns
    rows_only = [str(i + 2) for i in range(len(constants)) if i not in moving_columns]
    rows = rows_only + draw(
        st.lists(st.sampled_from(["1", "1", *(str(i + 2) for i in range(len(constants))), "*"]), min_size=1, max_size=3)
    )
    return Isotropy.parse(
        [big, *map(str, constants)], ",".join(draw(st.permutations(rows))), ",".join(draw(st.permutations(cols)))
    )


eighths = st.integers(-16, 16).map(lambda n: Fraction(n, 8))


@st.composite
def points(draw: st.DrawFn) -> Point:
    group = draw(young_types())
    space = FixedSpace(group)
    values, first, second = (draw(st.lists(eighths, min_size=space.dim, max_size=space.dim)) for _ in range(3))
    for row in range(len(group.rows)):  # the loss is not differentiable at rows that vanish
        assume(any(a for a, c in zip(values, space.coordinates, strict=True) if c.row == row))
    event(f"{len(group.rows)} row orbits, {len(group.cols)} column orbits")
    return Point(group, values, first, second)


def fixed_point(blocks: str, rows: str | None, cols: str | None, values: str, first: str, second: str) -> Point:
    """The same, written out."""
    return Point(
        Isotropy.parse(blocks, rows, cols), *([Fraction(x) for x in text.split()] for text in (values, first, second))
    )


SISTERS = fixed_point("d-1", "1,1,*", "1,*", "1 1/2 -1 1/4 2 1/8 3/2 -1/2", "1 0 1 -1 2 0 1/2 1", "0 1 1 1/2 0 -1 1 2")
ROWS_ONLY = fixed_point("d,2", "2,1,2", "1", "1/2 1 -3/4 -1/4", "1 2 -1 1/2", "1/4 1 1 -1")

some = settings(max_examples=25)


def mp(values: list[Fraction], along: list[Fraction] | None = None, step: Any = 0) -> list[Any]:
    """values + step * along at 70 digits."""
    along = along or [Fraction(0)] * len(values)
    return [
        MPF(a.numerator) / a.denominator + step * (MPF(y.numerator) / y.denominator)
        for a, y in zip(values, along, strict=True)
    ]


def reduced(
    point: Point, d: Any, along: list[Fraction] | None = None, step: Any = 0, kernel: Kernel = RELU
) -> ReducedPoint:
    """The point moved by step * along, at a real d, at 70 digits."""
    return Problem(FixedSpace(point.group), kernel).at(
        PRECISE, mp(point.values, along, step), MPF(d.numerator) / d.denominator
    )


def rows_direction(space: FixedSpace, y: list[Fraction], second: dict[int, Any] | None = None) -> Direction:
    """The direction of Fix(G) with coordinates y, and of the second layer with one entry for each row orbit."""
    return Direction(dict(enumerate(student_rows(space, mp(y)).cells)), second or {})


def pairing(x: list[Any], y: list[Fraction]) -> Any:
    return PRECISE.context.fsum(a * b for a, b in zip(x, mp(y), strict=True))


def real_dimension(group: Isotropy, excess: Fraction) -> Fraction:
    """A real d at which every block that grows has at least 2 elements."""
    return (group.minimal_d() or Fraction(1)) + 2 + excess


def whole_dimensions(group: Isotropy) -> list[int]:
    """The first two integers d at which every block is a whole number, and those that grow are 2 at least."""
    start, found = ceil(real_dimension(group, Fraction(0))), []
    for d in range(start, start + 4):
        try:
            group.check_integer(d)
        except BadInput:
            continue
        found.append(d)
    return found[:2]


quarters = st.integers(0, 20).map(lambda n: Fraction(n, 4))


# -- derivatives of each other -----------------------------------------------------------------------------------------


@given(point=points(), excess=quarters)
@example(point=SISTERS, excess=Fraction(1, 4))
@example(point=ROWS_ONLY, excess=Fraction(1, 4))
@some
def test_gradient_is_the_derivative_of_the_loss(point: Point, excess: Fraction) -> None:
    d = real_dimension(point.group, excess)
    ahead, behind = (reduced(point, d, point.first, sign * STEP).loss() for sign in (1, -1))
    assert abs((ahead - behind) / (2 * STEP) - pairing(reduced(point, d).gradient(), point.first)) < MPF(10) ** -15


@given(point=points(), excess=quarters)
@example(point=SISTERS, excess=Fraction(1, 4))
@example(point=ROWS_ONLY, excess=Fraction(1, 4))
@some
def test_hessian_is_the_derivative_of_the_gradient(point: Point, excess: Fraction) -> None:
    d = real_dimension(point.group, excess)
    ahead, behind = (reduced(point, d, point.first, sign * STEP).gradient() for sign in (1, -1))
    for row, f, g in zip(reduced(point, d).hessian(), ahead, behind, strict=True):
        assert abs((f - g) / (2 * STEP) - pairing(row, point.first)) < MPF(10) ** -15


@given(point=points(), excess=quarters)
@example(point=SISTERS, excess=Fraction(0))
@settings(max_examples=15)
def test_forms_of_general_directions_are_bilinear(point: Point, excess: Fraction) -> None:
    """Directions that move several row orbits at once: the form is y' H z of the coordinate matrix."""
    here = reduced(point, real_dimension(point.group, excess))
    matrix = here.hessian()
    form = here.hessian([rows_direction(here.space, y) for y in (point.first, point.second)])
    for i, y in enumerate((point.first, point.second)):
        for j, z in enumerate((point.first, point.second)):
            expected = pairing([pairing(row, z) for row in matrix], y)
            assert abs(form[i][j] - expected) < MPF(10) ** -50 * (1 + abs(expected))


def test_scaled_forms_leave_the_prefactor_out() -> None:
    here = reduced(SISTERS, Fraction(5))
    factor = 1 / (2 * PRECISE.pi)
    assert all(abs(f * factor - g) < 1e-60 for f, g in zip(here.gradient(scaled=True), here.gradient(), strict=True))
    for scaled, row in zip(here.hessian(scaled=True), here.hessian(), strict=True):
        assert all(abs(f * factor - g) < 1e-60 for f, g in zip(scaled, row, strict=True))


# -- restrictions of the dense loss, gradient and Hessian --------------------------------------------------------------


def networks(point: Point, d: int) -> tuple[np.ndarray, list[int], np.ndarray, list[int]]:
    """The k x d student, the target I_d, and their second layers of ones, in floats (the entries are dyadic)."""
    W = FixedSpace(point.group).matrix([float(a) for a in point.values], d)
    return W, [1] * len(W), np.eye(d), [1] * d


@given(point=points())
@example(point=SISTERS)
@example(point=ROWS_ONLY)
@some
def test_dense_loss_and_gradient_restrict_to_ours(point: Point) -> None:
    """The gradient of an invariant function lies in Fix(G): `restrict` would raise if the dense one did not."""
    space = FixedSpace(point.group)
    for d in whole_dimensions(point.group):
        network = networks(point, d)
        here = Problem(space, RELU).at(FLOAT, [float(a) for a in point.values], d)
        assert here.loss() == pytest.approx(dense.loss(*network), rel=1e-10, abs=1e-10)
        entries = np.array(here.entry_gradient()) / (2 * np.pi)
        gradient = dense.gradient(*network).weights
        assert entries == pytest.approx(space.restrict(gradient, tolerance=1e-10), rel=1e-10, abs=1e-10)
        counts = [np.count_nonzero(space.index_matrix(d) == i) for i in range(space.dim)]
        assert np.array(here.gradient()) == pytest.approx(counts * entries, rel=1e-12)


@given(point=points())
@example(point=SISTERS)
@example(point=ROWS_ONLY)
@settings(max_examples=8)
def test_hessian_form_is_the_dense_one_on_fixed_directions(point: Point) -> None:
    """Mixed second differences of the dense loss at 60 digits, in two random directions of Fix(G)."""
    space, d = FixedSpace(point.group), whole_dimensions(point.group)[0]
    assume(space.isotropy.k.at(d) + d <= 13)  # the dense loss sums over all pairs of rows
    expected = pairing([pairing(row, point.second) for row in reduced(point, Fraction(d)).hessian()], point.first)
    with mpmath.workdps(60):
        W, Y, Z = (space.matrix([mpmath.mpf(x.numerator) / x.denominator for x in values], d) for values in point[1:])
        step, ones = mpmath.mpf(10) ** -15, [1] * len(W)

        def loss(y: int, z: int) -> Any:
            return dense.loss_mp(W + Y * (y * step) + Z * (z * step), ones, np.eye(d), [1] * d)

        form = (loss(1, 1) - loss(1, -1) - loss(-1, 1) + loss(-1, -1)) / (4 * step**2)
        # an error of the order of the step where rows are parallel (the loss is only C^2), of its square elsewhere
        assert abs(form - mpmath.mpf(expected)) < 1e-12


@given(point=points())
@example(point=SISTERS)
@example(point=ROWS_ONLY)
@settings(max_examples=8)
def test_hessian_form_with_the_second_layer(point: Point) -> None:
    """Both layers move, off critical points too, where d2L/dalpha dw carries the gradient as an extra term."""
    space, d = FixedSpace(point.group), whole_dimensions(point.group)[0]
    assume(space.isotropy.k.at(d) + d <= 13)
    by_orbit = [{a: Fraction(n + 3 * a - 4, 2) for a in range(len(point.group.rows))} for n in (0, 1)]
    with_alpha = [
        rows_direction(space, y, {a: mp([x])[0] for a, x in second.items()})
        for y, second in zip((point.first, point.second), by_orbit, strict=True)
    ]
    form = reduced(point, Fraction(d)).hessian(with_alpha)
    with mpmath.workdps(60):
        W, Y, Z = (space.matrix([mpmath.mpf(x.numerator) / x.denominator for x in values], d) for values in point[1:])
        sizes = [point.group.orbit_size(orbit).at(d) for orbit in point.group.rows]
        b, c = ([mpmath.mpf(float(second[a])) for a, n in enumerate(sizes) for _ in range(n)] for second in by_orbit)
        step = mpmath.mpf(10) ** -15

        def loss(y: int, z: int) -> Any:
            alpha = [1 + (y * p + z * q) * step for p, q in zip(b, c, strict=True)]
            return dense.loss_mp(W + Y * (y * step) + Z * (z * step), alpha, np.eye(d), [1] * d)

        here = loss(0, 0)
        seconds = [
            [(loss(2, 0) - 2 * here + loss(-2, 0)) / 4, (loss(1, 1) - loss(1, -1) - loss(-1, 1) + loss(-1, -1)) / 4],
            [None, (loss(0, 2) - 2 * here + loss(0, -2)) / 4],
        ]
        for i, j in ((0, 0), (0, 1), (1, 1)):
            assert abs(seconds[i][j] / step**2 - mpmath.mpf(form[i][j])) < 1e-12
            assert form[i][j] == form[j][i]


def test_k_other_than_d_at_a_whole_matrix() -> None:
    """One neuron too many, one too few: hand-written matrices, not through FixedSpace."""
    wide = Problem(FixedSpace(Isotropy.parse("d", "1,*", "1")), RELU).at(FLOAT, [1.0, 0.25, -0.5], 2)
    W = np.array([[1.0, 0.25], [0.25, 1.0], [-0.5, -0.5]])
    assert wide.loss() == pytest.approx(dense.loss(W, [1] * 3, np.eye(2), [1] * 2), rel=1e-13)
    short = Problem(FixedSpace(Isotropy.parse("d-1", "1", "1,*")), RELU).at(FLOAT, [1.0, 0.25, -0.5], 3)
    W = np.array([[1.0, 0.25, -0.5], [0.25, 1.0, -0.5]])
    assert short.loss() == pytest.approx(dense.loss(W, [1] * 2, np.eye(3), [1] * 3), rel=1e-13)


# -- the orbit rules do not know ReLU ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kernel", [leaky("1/10"), ABS, ERF, Z2, Z3, S3, SQUARED], ids=lambda kernel: kernel.name)
@pytest.mark.parametrize("point", [SISTERS, ROWS_ONLY], ids=["sister orbits", "rows only"])
def test_other_kernels(point: Point, kernel: Kernel) -> None:
    """Their gradient and Hessian are derivatives; for erf by the second layer too, at alpha other than 1.

    For z**3, say, kappa_p does not vanish at parallel rows (a row with itself among them), as it does for ReLU.
    """
    d = MPF(17) / 4
    problem = Problem(FixedSpace(point.group), kernel)
    extra = problem.dim - problem.space.dim
    assert extra == (len(point.group.rows) if kernel == ERF else 0)
    along = [*point.first, *(Fraction(2 - i, 3) for i in range(extra))]
    values = [*point.values, *(Fraction(i - 3, 2) for i in range(extra))]
    here, ahead, behind = (problem.at(PRECISE, mp(values, along, sign * STEP), d) for sign in (0, 1, -1))
    assert abs((ahead.loss() - behind.loss()) / (2 * STEP) - pairing(here.gradient(), along)) < MPF(10) ** -15
    for row, f, g in zip(here.hessian(), ahead.gradient(), behind.gradient(), strict=True):
        assert abs((f - g) / (2 * STEP) - pairing(row, along)) < MPF(10) ** -15
