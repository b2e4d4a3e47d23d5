"""Critical points at integer d in floats: Newton's method along a family, from large d downwards.

The families are those of `oracle`: k = d ReLU neurons, target V = I_d, output weights 1, and W with blocks of d - m and
of m rows (entries a_1 ... a_6, see there). Their series in d^(-1/2) have a finite radius of convergence, but the
families go on below it. So: solve at d = 1000 from the leading terms of Theorem 1 and follow the solution down,
d being real on the way, since the gradient by one row of each block has a formula in which d may be any real number.

A large step in d may land on another critical point of the same form. Therefore each step is predicted along the
tangent of the path, and accepted only if Newton's method contracts from its first step on and changes the predicted
step by little; else the step is halved. Where no step is small enough, the path can be followed no further.

Paths end at small d, in one of two ways. In a *fold* the Jacobian of the reduced gradient becomes singular, and the
path turns back to larger d. At the *target* W is, at an integer d, the matrix I_d with its rows permuted: a global
minimum, which belongs to the path; for smaller d an angle between rows of W and V would not be real. See `path_end`.

At d = m + 2, where block A has two rows, a family has more symmetry than its blocks show: with those two rows exchanged
W is the target if the limit is (-, +), and the matrix of the one-block family 1b if it is (+, -). So it came out for
every m tried; the tests have m up to 5.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from symrelu.reference.dense import Floats
from symrelu.reference.oracle import block_matrix, entry_count, leading_entries

# where the leading terms start Newton's method
_START = 1000
# from about here on down, each integer d is reached from the one above
_NEAR = 16
# steps are in log d
_LARGEST_STEP = 0.3
_SMALLEST_STEP = 1e-8
# the correction allowed to a step, as a part of the step
_CORRECTION = 0.1
_NEWTON_STEPS = 10
# a Newton step below this is the last: the next would be rounding, as the Jacobian is right to 1e-6 or better
_LAST_STEP = 1e-9
# half the distance of the central differences, in the entries and in log d
_DIFFERENCE = 1e-6
# the largest entry of the gradient that a critical point may leave
_RESIDUAL = 1e-12
# where a path can be followed no further and the Jacobian has a singular value below this, there is a fold
_SINGULAR = 1e-2


class PathError(ValueError):
    """A critical point was asked for that is not on the path, or the path was lost."""


@dataclass(frozen=True)
class PathEnd:
    """Where the path of a family ends as d falls.

    `kind` is "fold" (the path turns back at the real number d) or "target" (at the integer d the matrix is a
    permutation matrix); `smallest` is the smallest integer d on the path.
    """

    d: float
    kind: Literal["fold", "target"]
    smallest: int


@dataclass(frozen=True, eq=False)
class Solution:
    """A point of a path: d, the entries a_1, a_2, ..., and the Jacobian of the reduced gradient there."""

    d: float
    entries: Floats
    jacobian: Floats


# the reduced gradient -------------------------------------------------------------------------------------------------


def _array(rows: Sequence[Sequence[Any]], shape: tuple[int, ...]) -> Floats:
    """Rows of numbers or arrays as one array, every entry spread to the given shape."""
    result = np.empty((len(rows), len(rows[0]), *shape))
    for i, row in enumerate(rows):
        for j, x in enumerate(row):
            result[i, j] = x
    return result


def _row_gradient(n: Any, m: Any, row: Sequence[Any], facing: Sequence[Any]) -> Floats:
    """The derivatives of the loss by the entries of one row of a block of n rows, the other block having m rows.

    A row has three kinds of entries, (own, same, other): in its own column, in the other columns of its block, and in
    the columns of the other block; so has a row of the other block, `facing`. The rows of W and of V are collected by
    their blocks and the columns by kinds, with their numbers, n - 1 and so on, so that n and m need not be integers.
    """
    own, same, other = row
    facing_own, facing_same, facing_other = facing
    shape = np.broadcast_shapes(np.shape(n), np.shape(own))
    # kinds of columns, and the row's entries in them, beside another row of its block, one of the other, its own target
    within, across, alone = (1, 1, n - 2, m), (1, n - 1, 1, m - 1), (1, n - 1, m, 0)
    here_within, here_across, here_alone = (own, same, same, other), (own, same, other, other), (own, same, other, 0)
    # the partners, other rows of W and then rows of V: how many, the columns of each kind, the row's entries there, one
    # partner's entries there, and the sum of these partners in the row's three kinds of columns
    block = ((n - 1) * same, own + (n - 2) * same, (n - 1) * other)
    other_block = (m * facing_other, m * facing_other, facing_own + (m - 1) * facing_same)
    partners: list[tuple[Any, tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]] = [
        (n - 1, within, here_within, (same, own, same, other), block),
        (m, across, here_across, (facing_other, facing_other, facing_own, facing_same), other_block),
        (1, alone, here_alone, (1, 0, 0, 0), (1, 0, 0)),
        (n - 1, within, here_within, (0, 1, 0, 0), (0, 1, 0)),
        (m, across, here_across, (0, 0, 1, 0), (0, 0, 1)),
    ]
    signs = np.array([1, 1, -1, -1, -1])
    numbers = _array([[number] for number, *_ in partners], shape)
    columns, here, there, totals = (_array([partner[i] for partner in partners], shape) for i in range(1, 5))
    # the angles by the half-angle formula, as in `dense.angles`
    lengths = np.sqrt(np.sum(columns * here**2, axis=1, keepdims=True))
    partner_lengths = np.sqrt(np.sum(columns * there**2, axis=1, keepdims=True))
    here, there = here / lengths, there / partner_lengths
    minus = np.sqrt(np.sum(columns * (here - there) ** 2, axis=1, keepdims=True))
    plus = np.sqrt(np.sum(columns * (here + there) ** 2, axis=1, keepdims=True))
    theta = 2 * np.arctan2(minus, plus)
    entries = _array([row], shape)[0]
    terms = numbers * partner_lengths * np.sin(theta) / lengths * entries + (np.pi - theta) * totals
    # no partners contribute nothing, whatever their angle would be
    terms = np.where(numbers == 0, 0.0, terms)
    # the row with itself: d(|w|^2 / 4)/dw = w / 2
    result: Floats = entries / 2 + np.tensordot(signs, terms, axes=1) / (2 * np.pi)
    return result


def reduced_gradient(d: Any, m: int, entries: Floats) -> Floats:
    """The derivatives of the loss by one matrix entry of each kind, at the block matrix with the given entries.

    Parameters: d >= m + 1, real; m >= 0; entries a_1, a_2, ... (2, 5 or 6 of them for m = 0, m = 1, m > 1) along the
    first axis of an array. A second axis, and an array for d, are many points at once.
    Returns: an array of the shape of the entries, dL/dW at the places of a_1, a_2, ...; the derivative of
    `oracle.reduced_loss` by a_i is that times the number of places. It is nan where an angle is not real.
    """
    n = d - m
    zero = np.zeros_like(entries[0])
    with np.errstate(invalid="ignore", divide="ignore"):
        if m == 0:
            return np.array(_row_gradient(n, m, (entries[0], entries[1], zero), (zero, zero, zero))[:2])
        # a_6 does not occur for m = 1, and whatever is put there has the factor m - 1
        row_a = (entries[0], entries[1], entries[2])
        row_b = (entries[4], entries[5] if m > 1 else zero, entries[3])
        by_1, by_2, by_3 = _row_gradient(n, m, row_a, row_b)
        by_5, by_6, by_4 = _row_gradient(m, n, row_b, row_a)
    return np.array([by_1, by_2, by_3, by_4, by_5, by_6][: entry_count(m)])


def _unknowns(d: float, m: int) -> list[int]:
    """The positions of the entries that occur: a block of one row has no a_2."""
    return [i for i in range(entry_count(m)) if i != 1 or d - m > 1]


def _derivatives(d: float, m: int, entries: Floats) -> tuple[Floats, Floats]:
    """The reduced gradient and its derivatives by the entries, the latter by central differences."""
    moves = _DIFFERENCE * np.eye(entries.size)
    points = np.hstack([entries[:, None], entries[:, None] + moves, entries[:, None] - moves])
    gradient, up, down = np.split(reduced_gradient(d, m, points), [1, 1 + entries.size], axis=1)
    return gradient[:, 0], (up - down) / (2 * _DIFFERENCE)


def _tangent(at: Solution, m: int) -> Floats:
    """The derivative of the entries by log d along the path."""
    sides = at.d * np.exp([_DIFFERENCE, -_DIFFERENCE])
    up, down = reduced_gradient(sides, m, np.column_stack([at.entries, at.entries])).T
    result: Floats = -np.linalg.solve(at.jacobian, (up - down) / (2 * _DIFFERENCE))
    return result


def _solve(d: float, m: int, start: Floats) -> Solution | None:
    """The critical point to which Newton's method contracts from the start, or None."""
    point, last = start.copy(), np.inf
    unknowns = _unknowns(d, m)
    for _ in range(_NEWTON_STEPS):
        gradient, jacobian = _derivatives(d, m, point)
        square = jacobian[np.ix_(unknowns, unknowns)]
        if not (np.all(np.isfinite(square)) and np.all(np.isfinite(gradient[unknowns]))):
            return None
        try:
            step = -np.linalg.solve(square, gradient[unknowns])
        except np.linalg.LinAlgError:
            return None
        size = float(np.max(np.abs(step)))
        if size > max(last / 4, _LAST_STEP):
            return None
        point[unknowns] += step
        if size <= _LAST_STEP:
            return Solution(d, point, jacobian)
        last = size
    return None


# the path -------------------------------------------------------------------------------------------------------------


def _walk(m: int, start: Solution, goal: float) -> Solution:
    """Follow the path from the start down to the goal, or to where it can be followed no further."""
    at, step = start, _LARGEST_STEP
    while at.d > goal:
        tangent = _tangent(at, m)
        left = float(np.log(at.d / goal))
        while True:
            step = min(step, left)
            predicted = at.entries - step * tangent
            found = _solve(goal if step == left else at.d * float(np.exp(-step)), m, predicted)
            if found is not None:
                unknowns = _unknowns(found.d, m)
                correction = np.max(np.abs(found.entries - predicted)[unknowns])
                if correction <= _CORRECTION * np.max(np.abs(step * tangent)[unknowns]) + _LAST_STEP:
                    break
            step /= 2
            if step < _SMALLEST_STEP:
                return at
        at, step = found, min(2 * step, _LARGEST_STEP)
    return at


def _from_leading_terms(m: int, signs: tuple[int, ...], d: float) -> Solution:
    """The critical point at d >= 1000 that the leading terms of Theorem 1 approximate."""
    start = np.array([float(x) for x in leading_entries(m, signs, d**-0.5)])
    found = _solve(d, m, start)
    # what the leading terms lack begins with d^(-3/2)
    if found is None or np.max(np.abs(found.entries - start)) > 100 * d**-1.5:
        raise PathError(f"m = {m}, limit {_text(signs)} was not found at d = {d:g}: ask for a smaller d")
    return found


@cache
def _solution(m: int, signs: tuple[int, ...], d: int) -> Solution:
    """The solution at the integer d, or the last one above it if the path does not reach d."""
    if d >= _START:
        return _from_leading_terms(m, signs, d)
    if d >= m + _NEAR:
        return _walk(m, _solution(m, signs, _START), d)
    above = _solution(m, signs, d + 1)
    return above if above.d > d + 1 else _walk(m, above, d)


@cache
def _end(m: int, signs: tuple[int, ...]) -> PathEnd:
    """The end of the path, by going down from one integer d to the next."""
    for d in range(m + _NEAR, m, -1):
        found = _solution(m, signs, d)
        if found.d > d:
            if np.min(np.linalg.svd(found.jacobian, compute_uv=False)) > _SINGULAR:
                break
            return PathEnd(found.d, "fold", int(found.d) + 1)
        if _is_permutation(_matrix(d, m, found.entries)):
            return PathEnd(float(d), "target", d)
    raise PathError(f"the path of m = {m}, limit {_text(signs)} was lost at d = {found.d:.6g}: try another m")


def _matrix(d: int, m: int, entries: Floats) -> Floats:
    """The block matrix in floats."""
    return np.array(block_matrix(d, m, entries.tolist()), dtype=np.float64)


def _is_permutation(matrix: Floats) -> bool:
    """Whether the matrix is a permutation matrix up to rounding."""
    nearest = np.round(matrix)
    return bool(np.max(np.abs(matrix - nearest)) < 1e-8 and np.array_equal(nearest @ nearest.T, np.eye(len(matrix))))


def _text(signs: Sequence[int]) -> str:
    """The limit as it is typed."""
    return "".join("+" if sign > 0 else "-" for sign in signs)


def _signs(m: int, limit: str) -> tuple[int, ...]:
    """The limit as a tuple of 1 and -1, if it is one of those known."""
    text = limit.replace(",", "").replace(" ", "")
    if m < 0 or text not in (("-",) if m == 0 else ("+-", "-+")):
        raise PathError(
            f"limit {limit!r} was given with a second block of size {m}: give '-' for m = 0, '+-' or '-+' for m >= 1"
        )
    return tuple(1 if sign == "+" else -1 for sign in text)


def critical_entries(m: int, limit: str, d: int) -> list[float]:
    """The entries a_1, a_2, ... of a family's critical point at one integer d.

    Parameters: m >= 0, the size of the second block (0: one block d); limit, the signs of the diagonal at d = infinity,
    "-" for m = 0 and "+-" or "-+" otherwise (commas and spaces may stand in it); d, an integer on the path, up to some
    thousands (the rounding of the gradient grows with d).
    Returns: 2, 5 or 6 entries (m = 0, m = 1, m > 1), for which every entry of dL/dW comes out below 1e-12 in absolute
    value. For d = m + 1, a block of one row, there is no a_2, and the number in its place means nothing.
    Raises: PathError for a limit it does not know, for a d below the end of the path (see `path_end`), or if the path
    is lost or a point misses the bound.
    """
    signs = _signs(m, limit)
    end = _end(m, signs)
    if d < end.smallest:
        raise PathError(
            f"m = {m}, limit {limit} was asked for at d = {d}, but its path ends in a {end.kind} at d = {end.d:.6g}: "
            f"give an integer d >= {end.smallest}"
        )
    found = _solution(m, signs, d)
    if found.d != d:
        raise PathError(f"the path of m = {m}, limit {limit} was lost at d = {found.d:.6g}: ask for another d")
    residual = float(np.max(np.abs(reduced_gradient(d, m, found.entries)[_unknowns(d, m)])))
    if residual > _RESIDUAL:
        raise PathError(f"a gradient of {residual:.1e} is left at m = {m}, limit {limit}, d = {d}: ask for a smaller d")
    # a permutation matrix is known exactly, and adding 0 makes a zero of -0
    entries = np.round(found.entries) + 0.0 if d == end.d else found.entries
    return [float(x) for x in entries]


def critical_point(m: int, limit: str, d: int) -> Floats:
    """The matrix W of a family at one integer d; with output weights 1 it is a critical point in both layers.

    Parameters and errors: as for `critical_entries`.
    Returns: an array of shape d x d of the caller's own. What was solved is kept for the life of the process.
    """
    return _matrix(d, m, np.array(critical_entries(m, limit, d)))


def path_end(m: int, limit: str) -> PathEnd:
    """Where the path of a family ends as d falls from infinity.

    Parameters: m and limit as for `critical_entries`. Returns: the d of a fold to about six digits, or the integer d
    at which W is the target with its rows permuted.
    Raises: PathError for a limit it does not know, or if the path is lost.
    """
    return _end(m, _signs(m, limit))
