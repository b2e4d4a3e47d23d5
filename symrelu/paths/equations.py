"""The equations of a path at one point, in any inexact arithmetic: the reduced gradient, its derivatives by the
coordinates and by log d, and what tells that a path comes to an end (norms of rows, angles between rows).

All of it by the generic orbit rules (:mod:`symrelu.model.reduced`): the derivative by log d is theirs at the dual
number d + d e, so it is as exact as the gradient.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symrelu.exact.arithmetic import Arithmetic, Scalar, lagrange
from symrelu.exact.dual import Dual, DualArithmetic
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Relation
from symrelu.symmetry.isotropy import Isotropy, Orbit


@dataclass(frozen=True)
class System:
    """The equations F(a, log d) = 0 at one point: ``gradient`` F, ``jacobian`` by the coordinates, ``by_log_d``.

    F is the derivative of the loss by one entry of W for each coordinate, times 2 pi: rows of one size, whatever d is.
    """

    gradient: list[Scalar]
    jacobian: list[list[Scalar]]
    by_log_d: list[Scalar] | None


def system(
    problem: Problem, arithmetic: Arithmetic, values: Sequence[Scalar], d: Scalar, with_d: bool = False
) -> System:
    """The equations at the point of Fix(G) with these coordinates, d a scalar of the arithmetic.

    ``with_d`` asks for the derivative by log d too (at fixed coordinates). Raises ZeroRow if a row of W is 0.
    """
    point = problem.at(arithmetic, values, d)
    counts = [point.scalar(c) for c in point.entry_counts]
    jacobian = [[x / c for x in row] for row, c in zip(point.hessian(scaled=True), counts, strict=True)]
    if not with_d:
        return System(point.entry_gradient(), jacobian, None)
    dual = problem.at(DualArithmetic(arithmetic), [Dual(x) for x in values], Dual(d, d))
    gradient = [x if isinstance(x, Dual) else Dual(x) for x in dual.entry_gradient()]
    return System([x.value for x in gradient], jacobian, [x.slope + 0 * d for x in gradient])


@dataclass(frozen=True)
class Guard:
    """A quantity that stays positive along a smooth path: the square of a row's norm, or of the sine of the angle of
    two rows. ``slope``: its derivative along the tangent.
    """

    what: str
    value: Scalar
    slope: Scalar


def guards(
    problem: Problem, arithmetic: Arithmetic, values: Sequence[Scalar], d: Scalar, tangent: Sequence[Scalar]
) -> list[Guard]:
    """Norms and sines at a point of a path, with their derivatives along the tangent (da, dlog d)."""
    coordinates = [Dual(x, dx) for x, dx in zip(values, tangent[:-1], strict=True)]
    point = ReducedPoint(problem, DualArithmetic(arithmetic), coordinates, Dual(d, d * tangent[-1]))
    found = []
    for a, orbit in enumerate(point.student.orbits):
        u = point.student.cells[a]
        p = point.geometry.inner(u, u, Relation.SAME)
        found.append(Guard(f"the norm of {_rows(orbit, a)}", p.value, p.slope))
        for teacher, b, other, relation in _partners(point, a):
            v = (point.teacher if teacher else point.student).cells[b]
            q = point.geometry.inner(v, v, Relation.SAME)
            square = lagrange(point.geometry.column_classes(u, v, relation)) / (p * q)
            found.append(Guard(_words(orbit, a, teacher, other, b, relation), square.value, square.slope))
    return found


def _partners(point: ReducedPoint, a: int) -> Iterator[tuple[bool, int, Orbit, Relation]]:
    orbit = point.student.orbits[a]
    for teacher in (False, True):
        for b, other in enumerate((point.teacher if teacher else point.student).orbits):
            if not teacher and b < a:
                continue
            relations = point.geometry.relations(orbit, other)
            for relation, _ in relations:
                if teacher or a != b or relation is Relation.DISTINCT:
                    yield teacher, b, other, relation


def _rows(orbit: Orbit, a: int) -> str:
    return f"the rows of block {orbit.block + 1}" if orbit.block is not None else f"row orbit {a + 1}"


def _words(orbit: Orbit, a: int, teacher: bool, other: Orbit, b: int, relation: Relation) -> str:
    """The two rows, in words."""
    first = f"a row of block {orbit.block + 1}" if orbit.block is not None else f"the fixed row {a + 1}"
    if relation is Relation.SAME:
        return f"{first} and its own teacher"
    name = "teacher" if teacher else "row"
    if relation is Relation.DISTINCT:
        return f"{first} and another {name} of that block"
    place = f"block {other.block + 1}" if other.block is not None else f"orbit {b + 1}"
    return f"{first} and a {name} of {place}"


def meaningless_below(isotropy: Isotropy, size: int = 1) -> tuple[Fraction, int] | None:
    """The largest d at which a block that grows with d has that size, and which block (from 0); None if none grows.

    At size 1 the coordinates of the other columns of its block stand for no entries; at size 2 some isotypic
    components vanish, and below it their inner products are not positive.
    """
    bounds = [(Fraction(size - n.const) / n.slope, i) for i, n in enumerate(isotropy.blocks) if not n.is_constant]
    return max(bounds, default=None)
