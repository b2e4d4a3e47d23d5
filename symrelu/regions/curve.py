"""Curves of critical points of three blocks in the space of (entries, q, d), by pseudo-arclength continuation.

The critical points form a surface; a *condition* cuts a curve out of it: a fixed d, a fixed q, a fixed entry, or a
singular isotypic block. The last one is bordered: with M(y) the block and u the null vector at hand, the number g in

    [ M   u ] [ v ]   [ 0 ]
    [ u'  0 ] [ g ] = [ 1 ]

is 0 exactly where M is singular (Griewank & Reddien 1984), and dg = -v' dM v. For the trivial component, M is the
Jacobian of the equations, so that curve is a curve of folds; for another one an eigenvalue changes its sign there.

Positions y are 13 floats of like size: own entries, the other entries times sqrt(d), kappa = (d/2 - q)/sqrt(d), log d.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Any, Protocol

import numpy as np

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.arithmetic import FLOAT
from symrelu.exact.dual import Dual, DualArithmetic
from symrelu.model.reduced import ReducedPoint
from symrelu.paths.trace import hermite
from symrelu.regions.sizes import PLANE, Place
from symrelu.spectrum.blocks import block
from symrelu.symmetry.isotypic import Copies

Floats = np.ndarray[Any, np.dtype[np.float64]]

DUALS = DualArithmetic(FLOAT)
ENTRIES = PLANE.space.dim
KAPPA, LOG_D = ENTRIES, ENTRIES + 1
VARIABLES = ENTRIES + 2
OWN = np.array([c.kind == "own" or c.row == c.col == 1 for c in PLANE.space.coordinates])

FIRST_STEP, LARGEST_STEP, SMALLEST_STEP = 0.02, 0.3, 1e-7
CORRECTION = 0.1  # the first correction allowed, as a part of the step
CONTRACTION = 1 / 3  # of the corrections from one to the next, along a curve
TURN = 0.9  # the least cosine between the tangents of neighbouring points
DONE = 1e-7  # Newton's method squares it: after a correction below this the next one would be rounding
STEPS = 12


def position(entries: Sequence[float] | Floats, q: float, d: float) -> Floats:
    """The position of a point with these entries at the place (q, d)."""
    scaled = np.where(OWN, 1.0, sqrt(d)) * np.asarray(entries, dtype=float)
    return np.concatenate([scaled, [(d / 2 - q) / sqrt(d), log(d)]])


def entries_of(y: Floats) -> Floats:
    """The entries a_1, ..., a_11 at a position."""
    found: Floats = y[:ENTRIES] * np.where(OWN, 1.0, exp(-y[LOG_D] / 2))
    return found


def place_of(y: Floats) -> Place:
    """The place (q, d) of a position."""
    d = exp(y[LOG_D])
    return Place(d / 2 - y[KAPPA] * sqrt(d), d)


def moving_point(y: Floats, directions: Floats | None = None) -> ReducedPoint:
    """The point at a position in dual numbers, with slopes along ``directions`` (rows; by default every variable)."""
    along = np.eye(VARIABLES) if directions is None else np.atleast_2d(directions)
    root = exp(y[LOG_D] / 2)
    d = root * root
    entries, place = entries_of(y), place_of(y)
    by_log = along[:, LOG_D]
    values = []
    for i in range(ENTRIES):
        slope = along[:, i] if OWN[i] else along[:, i] / root - entries[i] / 2 * by_log
        values.append(Dual(float(entries[i]), slope))
    by_q = -root * along[:, KAPPA] + (d / 2 + (place.q - d / 2) / 2) * by_log
    return PLANE.at(DUALS, values, Place(Dual(place.q, by_q), Dual(d, d * by_log)))


def gradient(y: Floats) -> tuple[Floats, Floats]:
    """The equations of a critical point (derivatives of 2 pi L by single entries) and their derivatives by y."""
    return _gradient(moving_point(y))


def _gradient(point: ReducedPoint) -> tuple[Floats, Floats]:
    found = point.entry_gradient()
    return np.array([x.value for x in found]), np.array([x.slope for x in found])


class Condition(Protocol):
    """One equation on positions."""

    def __call__(self, y: Floats, point: ReducedPoint) -> tuple[float, Floats]:
        """The value at y, 0 where the condition holds, and its derivatives; ``point`` is :func:`moving_point` there."""


class Level(Condition, Protocol):
    """A condition that is a function of the position alone."""

    def value(self, y: Floats) -> float:
        """The value at y."""


@dataclass(frozen=True, eq=False)
class Linear:
    """normal . (y - through) = 0."""

    normal: Floats
    through: Floats

    def value(self, y: Floats) -> float:
        """The value at y."""
        return float(self.normal @ (y - self.through))

    def __call__(self, y: Floats, point: ReducedPoint) -> tuple[float, Floats]:
        """The value and its derivatives."""
        return self.value(y), self.normal


@dataclass(frozen=True)
class Line:
    """q = slope*d + const: the condition that the place lies on a line of the plane of sizes."""

    slope: float
    const: float

    def value(self, y: Floats) -> float:
        """(slope*d + const - q)/sqrt(d): kappa less that of the line."""
        root = exp(y[LOG_D] / 2)
        return float(y[KAPPA] - (0.5 - self.slope) * root + self.const / root)

    def __call__(self, y: Floats, point: ReducedPoint) -> tuple[float, Floats]:
        """The value and its derivatives."""
        root = exp(y[LOG_D] / 2)
        slope = np.zeros(VARIABLES)
        slope[KAPPA] = 1.0
        slope[LOG_D] = -(0.5 - self.slope) * root / 2 - self.const / root / 2
        return self.value(y), slope


def fixed(index: int, value: float) -> Linear:
    """One variable has this value: KAPPA, LOG_D, or an own entry."""
    normal = np.zeros(VARIABLES)
    normal[index] = 1.0
    return Linear(normal, value * normal)


def fixed_d(d: float) -> Linear:
    """d has this value."""
    return fixed(LOG_D, log(d))


def fixed_q(q: float) -> Line:
    """q has this value."""
    return Line(0.0, q)


class Singular:
    """The block of one component is singular.

    Parameters: ``of``, its copies in M(d, d); ``near``, a position: the eigenvector of its smallest eigenvalue in
    absolute value borders the block. :meth:`renew` moves the border along.
    """

    def __init__(self, of: Copies, near: Floats) -> None:
        self.of = of
        matrix, _ = self._block(moving_point(near, np.zeros((1, VARIABLES))))
        values, vectors = np.linalg.eigh(matrix)
        self.border: Floats = vectors[:, np.argmin(np.abs(values))]
        self._latest = self.border

    def renew(self) -> None:
        """Take the border from the last evaluation, whose solution v tends to the null vector."""
        self.border = self._latest / np.linalg.norm(self._latest)

    def _block(self, point: ReducedPoint) -> tuple[Floats, Floats]:
        """The block, its representatives scaled to norm 1, and its derivatives."""
        pencil = block(point, self.of, scaled=True)
        n = range(len(self.of))
        gram = np.array([_value(pencil.gram[i][i]) for i in n])
        by_gram = [_slope(pencil.gram[i][i]) / gram[i] for i in n]
        matrix = np.empty((len(n), len(n)))
        slopes: list[list[Floats]] = [[] for _ in n]
        for i in n:
            for j in n:
                scale = 1 / sqrt(gram[i] * gram[j])
                matrix[i, j] = scale * _value(pencil.hessian[i][j])
                slopes[i].append(scale * _slope(pencil.hessian[i][j]) - matrix[i, j] * (by_gram[i] + by_gram[j]) / 2)
        width = max(np.size(x) for row in slopes for x in row)
        return matrix, np.array([[np.broadcast_to(x, width) for x in row] for row in slopes])

    def __call__(self, y: Floats, point: ReducedPoint) -> tuple[float, Floats]:
        """The number g and its derivatives."""
        matrix, slopes = self._block(point)
        size = len(matrix)
        bordered = np.block([[matrix, self.border[:, None]], [self.border[None, :], np.zeros((1, 1))]])
        solved = np.linalg.solve(bordered, np.append(np.zeros(size), 1.0))
        v = self._latest = solved[:size]
        return float(solved[size]), -np.einsum("i,ijk,j->k", v, slopes, v)


def _value(x: Any) -> float:
    return float(x.value if isinstance(x, Dual) else x)


def _slope(x: Any) -> Any:
    return x.slope if isinstance(x, Dual) else 0.0


@dataclass(frozen=True, eq=False)
class Node:
    """A point of a curve: ``y``, its position, and the unit ``tangent`` there."""

    y: Floats
    tangent: Floats

    @property
    def entries(self) -> Floats:
        """The entries a_1, ..., a_11."""
        return entries_of(self.y)

    @property
    def place(self) -> Place:
        """(q, d)."""
        return place_of(self.y)

    @property
    def q(self) -> float:
        """The size of the first block."""
        return float(self.place.q)

    @property
    def d(self) -> float:
        """The dimension."""
        return float(self.place.d)

    @property
    def kappa(self) -> float:
        """(d/2 - q)/sqrt(d)."""
        return float(self.y[KAPPA])


def solve(y: Floats, conditions: Sequence[Condition], reach: float = np.inf) -> Floats:
    """The critical point near a position that satisfies two conditions, by Newton's method, to the last digits.

    ``reach``: the largest first correction allowed; every further one must be smaller than the one before. Raises
    Undecided where that fails.
    """
    return _newton(y, conditions, reach, 1.0)[0]


def _newton(y: Floats, conditions: Sequence[Condition], reach: float, contraction: float) -> tuple[Floats, Floats]:
    """The solution, and the matrix of the equations as good as there."""
    point, last = np.array(y, dtype=float), np.inf
    for number in range(STEPS):
        try:
            with np.errstate(all="ignore"):
                matrix, values = _system(point, conditions)
                step = np.linalg.solve(matrix, values)
        except (np.linalg.LinAlgError, SymreluError, OverflowError):
            break
        size = float(np.max(np.abs(step)))
        if not np.isfinite(size) or (number == 0 and size > reach) or size > max(contraction * last, DONE):
            break
        point = point - step
        if size <= DONE:
            return point, matrix
        last = size
    raise Undecided("Newton's method did not contract to a critical point of three blocks: start nearer to one")


def _system(y: Floats, conditions: Sequence[Condition]) -> tuple[Floats, Floats]:
    point = moving_point(y)
    values, jacobian = _gradient(point)
    more = [condition(y, point) for condition in conditions]
    return (
        np.vstack([jacobian, *(slope for _, slope in more)]),
        np.append(values, [value for value, _ in more]),
    )


def tangent_of(y: Floats, condition: Condition) -> Floats:
    """A unit tangent of the curve at a point of it, of either sign. Raises Undecided where two curves meet."""
    matrix, _ = _system(y, (condition,))
    sizes, vectors = np.linalg.svd(matrix)[1:]
    if sizes[-1] < DONE:
        raise Undecided("a curve of critical points has no tangent here: two curves meet")
    found: Floats = vectors[-1]
    return found


def follow(
    start: Floats,
    condition: Condition,
    along: Floats,
    enough: Callable[[Node], bool],
    most: int = 400,
    largest: float = LARGEST_STEP,
) -> list[Node]:
    """Nodes of the curve of critical points that satisfy the condition, from a point of it in the direction ``along``.

    Ends with the first node that satisfies ``enough`` (the last of the list), after ``most`` nodes, or where no step is
    small enough: ask ``enough`` of the last node.
    """
    nodes = [node_of(start, condition, along)]
    step = min(FIRST_STEP, largest)
    while len(nodes) < most and not enough(nodes[-1]):
        node = None
        while node is None and step > SMALLEST_STEP:
            node = _next(nodes, condition, step)
            step = min(1.6 * step, largest) if node else step / 2
        if node is None:
            break
        nodes.append(node)
        if isinstance(condition, Singular):
            condition.renew()
    return nodes


def _next(nodes: Sequence[Node], condition: Condition, step: float) -> Node | None:
    """The node after the last one, predicted by the cubic through the last two; None if the step is too long."""
    last = nodes[-1]
    ahead = last.y + step * last.tangent
    if len(nodes) > 1:
        ahead = cubic(nodes[-2], last, 1 + step / float(np.linalg.norm(last.y - nodes[-2].y)))
    try:
        node = _node(*_newton(ahead, (condition, Linear(last.tangent, ahead)), CORRECTION * step, CONTRACTION))
    except Undecided:
        return None
    return node if node.tangent @ last.tangent > TURN else None


def node_of(y: Floats, condition: Condition, along: Floats) -> Node:
    """A point of the curve as a node, its tangent in the direction of ``along``."""
    return _node(y, _system(y, (condition, Linear(along, y)))[0])


def _node(y: Floats, matrix: Floats) -> Node:
    try:
        tangent = np.linalg.solve(matrix, np.append(np.zeros(VARIABLES - 1), 1.0))
    except np.linalg.LinAlgError:
        raise Undecided("a curve of critical points has no tangent here: two curves meet") from None
    return Node(y, tangent / np.linalg.norm(tangent))


def between(first: Node, second: Node, level: Level) -> Floats | None:
    """About where the curve meets the level between two nodes; None if they lie on one side of it."""
    low, high = level.value(first.y), level.value(second.y)
    if low * high > 0 or low == high:
        return None
    a, b = 0.0, 1.0
    for _ in range(50):
        x = (a + b) / 2
        a, b = (x, b) if level.value(cubic(first, second, x)) * low > 0 else (a, x)
    return cubic(first, second, b)


def cubic(first: Node, second: Node, x: float) -> Floats:
    """The cubic through two nodes and their tangents, at x (0 at the first, 1 at the second)."""
    length = float(np.linalg.norm(second.y - first.y))
    found: Floats = hermite(x, first.y, length * first.tangent, second.y, length * second.tangent)
    return found
