"""Orbits of rows: inner products and partner sums of the rows of a matrix in Fix(G), by the orbit rules.

A row of row orbit A, restricted to column orbit B, is ``c * 1 + delta * e_own`` (delta only if A and B belong to one
block). So with n_B columns in B

    <u, v> = sum over B of  c_u c_v n_B + [B of v's block] c_u delta_v + [B of u's block] delta_u c_v + [both,
    same index] delta_u delta_v

which is rational in the n_B: one formula gives every norm, angle, loss, gradient and Hessian form with d a real
number, in any arithmetic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Any

from symrelu.exact.arithmetic import Arithmetic, Scalar
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit

Cell = tuple[Scalar, Scalar | None]  # (c, delta), delta None where a row has no own column


class Relation(Enum):
    """How the indices of two rows lie: the row itself or its namesake in a sister orbit, another index of the
    same block, or unrelated orbits.
    """

    SAME = "same index"
    DISTINCT = "distinct index"
    UNRELATED = "unrelated"


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of a matrix fixed by G, one representative an orbit: ``cells[orbit][column orbit]`` is (c, delta)."""

    orbits: tuple[Orbit, ...]
    cells: tuple[tuple[Cell, ...], ...]


def is_zero(x: Scalar) -> bool:
    """True for the structural zero, the int 0 (never for a scalar that merely happens to vanish)."""
    return isinstance(x, int) and x == 0


def times(x: Scalar, y: Scalar) -> Scalar:
    """x*y, without an operation where a factor is the int 0 or 1."""
    if isinstance(x, int) and x in (0, 1):
        return y if x else 0
    if isinstance(y, int) and y in (0, 1):
        return x if y else 0
    return x * y


def plus(x: Scalar, y: Scalar) -> Scalar:
    """x+y, without an operation where a summand is the int 0."""
    if is_zero(x):
        return y
    return x if is_zero(y) else x + y


def student_rows(space: FixedSpace, values: Sequence[Scalar]) -> Rows:
    """The rows of the matrix of Fix(G) with the given coordinates."""
    cells: list[list[Cell]] = [[(0, None)] * len(space.isotropy.cols) for _ in space.isotropy.rows]
    for coordinate, value in zip(space.coordinates, values, strict=True):
        c, delta = cells[coordinate.row][coordinate.col]
        if coordinate.kind == "own":
            cells[coordinate.row][coordinate.col] = (c, value)
        elif coordinate.kind == "other":
            cells[coordinate.row][coordinate.col] = (value, plus(delta, -value))
        else:
            cells[coordinate.row][coordinate.col] = (value, None)
    return Rows(space.isotropy.rows, tuple(map(tuple, cells)))


def identity_rows(isotropy: Isotropy) -> Rows:
    """The rows of the identity target V = I_d, seen by the column orbits of G."""
    cells: list[tuple[Cell, ...]] = []
    for i, orbit in enumerate(isotropy.cols):
        single = isotropy.orbit_size(orbit).is_one
        cells.append(
            tuple(((1, None) if single else (0, 1)) if i == j else (0, None) for j in range(len(isotropy.cols)))
        )
    return Rows(isotropy.cols, tuple(cells))


def teacher_rows(
    orbits: Sequence[Orbit], cells: Sequence[Sequence[tuple[Fraction, Fraction | None]]], arithmetic: Arithmetic
) -> Rows:
    """The rows of a target with exact entries: integers stay integers, other entries become scalars."""

    def entry(x: Fraction) -> Scalar:
        return int(x) if x.denominator == 1 else arithmetic.rational(x)

    return Rows(
        tuple(orbits),
        tuple(tuple((entry(c), None if delta is None else entry(delta)) for c, delta in row) for row in cells),
    )


class Geometry:
    """The block sizes of a group at one d, with the inner products and partner sums they give."""

    def __init__(self, isotropy: Isotropy, d: Scalar) -> None:
        self.isotropy = isotropy
        self.column_sizes = tuple(isotropy.orbit_size(orbit).at(d) for orbit in isotropy.cols)
        self.sizes: dict[Orbit, Scalar] = {
            orbit: isotropy.orbit_size(orbit).at(d) for orbit in (*isotropy.rows, *isotropy.cols, Orbit(None))
        }

    def relations(self, a: Orbit, b: Orbit) -> list[tuple[Relation, Scalar]]:
        """For a row of orbit a: how rows of orbit b (another orbit of the list, or the same) lie to it, and
        how many lie so.
        """
        if a.block is None or a.block != b.block:
            return [(Relation.UNRELATED, self.sizes[b])]
        others = self.sizes[b] - 1
        return [(Relation.SAME, 1)] + ([] if is_zero(others) else [(Relation.DISTINCT, others)])

    def inner(self, u: Sequence[Cell], v: Sequence[Cell], relation: Relation) -> Scalar:
        """<u, v>."""
        total: Scalar = 0
        same = relation is Relation.SAME
        for n, (cu, du), (cv, dv) in zip(self.column_sizes, u, v, strict=True):
            if not is_zero(cu) and not is_zero(cv):
                total = plus(total, times(n, times(cu, cv)))
            if dv is not None and not is_zero(cu):
                total = plus(total, times(cu, dv))
            if du is not None and not is_zero(cv):
                total = plus(total, times(du, cv))
            if same and du is not None and dv is not None:
                total = plus(total, times(du, dv))
        return total

    def column_classes(
        self, u: Sequence[Cell], v: Sequence[Cell], relation: Relation
    ) -> list[tuple[Scalar, Scalar, Scalar]]:
        """(u's entry, v's entry, number of such columns) for each class of columns: what Lagrange's
        identity sums over.
        """
        classes: list[tuple[Scalar, Scalar, Scalar]] = []
        same = relation is Relation.SAME
        for n, (cu, du), (cv, dv) in zip(self.column_sizes, u, v, strict=True):
            rest = n
            if du is not None and dv is not None and same:
                classes.append((plus(cu, du), plus(cv, dv), 1))
                rest = rest - 1
            else:
                if du is not None:
                    classes.append((plus(cu, du), cv, 1))
                    rest = rest - 1
                if dv is not None:
                    classes.append((cu, plus(cv, dv), 1))
                    rest = rest - 1
            if not is_zero(rest):
                classes.append((cu, cv, rest))
        return classes

    def partner_sum(self, v: Sequence[Cell], relation: Relation, count: Scalar) -> list[Cell]:
        """The sum of the partners v_j over the j in one relation to a row, as cells relative to that row's
        own column.
        """
        if relation is Relation.SAME:
            return list(v)
        total: list[Cell] = []
        for c, delta in v:
            along = times(count, c)
            if delta is None:
                total.append((along, None))
            elif relation is Relation.DISTINCT:  # the partners' own columns are all of the block but ours
                total.append((plus(along, delta), times(-1, delta)))
            else:
                total.append((plus(along, delta), None))
        return total


def identical(u: Sequence[Cell], relation: Relation, same_orbit: bool) -> bool:
    """True if the rows of the pair are the same vector by structure: a row with itself, or rows of an orbit
    that has no own columns.
    """
    if not same_orbit:
        return False
    return relation is Relation.SAME or all(delta is None for _, delta in u)


@dataclass(frozen=True, eq=False)
class Direction:
    """A direction in W (row orbit -> cells) and in the second layer (row orbit -> entry); orbits left out do
    not move.
    """

    rows: Mapping[int, Sequence[Cell]]
    second: Mapping[int, Scalar] = field(default_factory=dict)


def unit_direction(space: FixedSpace, position: int) -> Direction:
    """The derivative of the rows along one coordinate of Fix(G)."""
    values: list[Any] = [0] * space.dim
    values[position] = 1
    row = space.coordinates[position].row
    return Direction({row: student_rows(space, values).cells[row]})
