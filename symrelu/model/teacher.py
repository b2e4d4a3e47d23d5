"""Teacher networks exactly: their rows by the orbits of a group, of a subgroup, or of any other group that fixes them.

A teacher row, like a student's, is ``c * 1 + delta * e_own`` on each column orbit; its own orbit is one fixed row, or
as many rows as a block has indices. How another group permutes the rows is found by permuting them, at one whole d
that is large enough to tell all the orbits apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any

from symrelu.errors import BadInput
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.isotypic import Place, Refinement

Exact = tuple[Fraction, Fraction | None]  # (c, delta): delta None where a row has no own column
Vector = tuple[Fraction, ...]

ROOM = 4  # a growing interval of columns has so many of them at the d where orbits are told apart
SEARCHED = 3000


@dataclass(frozen=True)
class Teacher:
    """The teacher rows that one group sees: an orbit of rows, its cells over the column orbits, and its beta, each."""

    orbits: tuple[Orbit, ...]
    cells: tuple[tuple[Exact, ...], ...]
    beta: tuple[Fraction, ...]


def paired(group: Isotropy, row: Orbit, col: Orbit) -> bool:
    """Whether rows of one orbit have own columns in the other: both are the indices of one block."""
    return row.block is not None and row == col and not group.orbit_size(row).is_one


def refined_teacher(teacher: Teacher, refinement: Refinement) -> tuple[Teacher, tuple[Place, ...]]:
    """The teacher rows as a refinement of the group sees them, and the origin of each of its orbits: which of the given
    orbits, and which part of it.
    """
    parts = {
        (refinement.given.cols[place.orbit].block, place.part): (orbit, place.part)
        for place, orbit in zip(refinement.cols, refinement.isotropy.cols, strict=True)
    }
    orbits: list[Orbit] = []
    cells: list[tuple[Exact, ...]] = []
    places: list[Place] = []
    for number, (given, row) in enumerate(zip(teacher.orbits, teacher.cells, strict=True)):
        split = [x for (block, _), x in parts.items() if block == given.block] if given.block is not None else []
        for orbit, part in split or [(Orbit(None), "whole")]:
            orbits.append(orbit)
            places.append(Place(number, part))
            cells.append(
                tuple(
                    _refined_cell(row[place.orbit], part == place.part, paired(refinement.isotropy, orbit, col))
                    for place, col in zip(refinement.cols, refinement.isotropy.cols, strict=True)
                )
            )
    beta = tuple(teacher.beta[place.orbit] for place in places)
    return Teacher(tuple(orbits), tuple(cells), beta), tuple(places)


def _refined_cell(cell: Exact, same_part: bool, paired: bool) -> Exact:
    c, delta = cell
    if delta is None or not same_part:
        return c, None
    return (c, delta) if paired else (c + delta, None)


# -- the orbits of another group ---------------------------------------------------------------------------------------


def telling_dimension(*groups: Isotropy) -> int:
    """A whole d at which the groups' blocks are whole, and all orbits that differ for large d are told apart."""
    ends = {end for group in groups for end in accumulate(group.orbit_size(orbit) for orbit in group.cols)}
    ends |= {end for group in groups for end in accumulate(group.orbit_size(orbit) for orbit in group.rows)}
    gaps = [x - y for x in ends for y in ends if (x - y).slope > 0] + [
        size for group in groups for size in group.blocks if not size.is_constant
    ]
    for d in range(1, SEARCHED):
        whole = all(isinstance(size.at(d), int) for group in groups for size in group.blocks)
        if whole and all(gap.at(d) >= ROOM for gap in gaps):
            return d
    raise BadInput(
        f"no d below {SEARCHED} makes the blocks of {' and '.join(group.label() for group in groups)} whole and tells "
        "them apart; give sizes with smaller numbers"
    )


def starts(isotropy: Isotropy, orbits: Sequence[Orbit], d: int) -> list[int]:
    """The first index of each orbit at a whole d."""
    sizes: list[Any] = [isotropy.orbit_size(orbit).at(d) for orbit in orbits]
    return [0, *accumulate(sizes)][:-1]


def teacher_rows(
    teacher: Teacher, cols: Sequence[Orbit], size: Callable[[Orbit], int]
) -> list[tuple[Vector, Fraction]]:
    """The teacher's rows over columns of these orbits, orbit by orbit, each with its beta; ``size``: of an orbit."""
    rows = []
    for orbit, cells, b in zip(teacher.orbits, teacher.cells, teacher.beta, strict=True):
        for i in range(size(orbit)):
            row: list[Fraction] = []
            for col, (c, delta) in zip(cols, cells, strict=True):
                piece = [c] * size(col)
                if delta is not None:
                    piece[i] += delta
                row += piece
            rows.append((tuple(row), b))
    return rows


def regrouped(given: Teacher, group: Isotropy, isotropy: Isotropy, label: str) -> Teacher:
    """The orbits of another group on a teacher's rows, found by permuting them.

    Parameters: ``given``, as its own ``group`` sees it; ``isotropy``, the other group; ``label``, what messages call
    the target. Raises BadInput if the other group does not fix the rows.
    """
    d = telling_dimension(group, isotropy)
    first = starts(isotropy, isotropy.cols, d)
    rows = Counter(teacher_rows(given, group.cols, lambda orbit: group.orbit_size(orbit).at(d)))  # it keeps their order
    moves: list[tuple[int, list[tuple[int, int]]]] = []
    for block, size in enumerate(isotropy.blocks):
        own = [start for start, orbit in zip(first, isotropy.cols, strict=True) if orbit.block == block]
        moves += [(block, [(start + i, start + i + 1) for start in own]) for i in range(size.at(d) - 1) if own]
    teacher: list[tuple[Orbit, tuple[Exact, ...], Fraction]] = []
    done: set[tuple[Vector, Fraction]] = set()
    for (row, b), count in rows.items():
        if (row, b) in done:
            continue
        orbit, movers = {row}, set()
        pending = [row]
        while pending:
            here = pending.pop()
            for block, swaps in moves:
                there = _swapped(here, swaps)
                if there == here:
                    continue
                movers.add(block)
                if rows.get((there, b)) != count:
                    raise BadInput(
                        f"the target ({label}) is not fixed by {isotropy.label()}: its symmetry must contain "
                        "the group; give a group with smaller blocks, or another target"
                    )
                if there not in orbit:
                    orbit.add(there)
                    pending.append(there)
        done |= {(x, b) for x in orbit}
        place, index = Orbit(None), 0
        if movers:
            own_index = _own_index(row, movers, len(orbit), isotropy, first, d)
            if own_index is None:
                raise BadInput(
                    f"{isotropy.label()} moves rows of the target ({label}) otherwise than one block moves "
                    "its indices; give a group with smaller blocks"
                )
            place, index = Orbit(movers.pop()), own_index
        teacher += [(place, _cells(row, place, index, isotropy, first), b)] * count
    return Teacher(*(tuple(column) for column in zip(*teacher, strict=True)))


def _swapped(row: Vector, swaps: Sequence[tuple[int, int]]) -> Vector:
    moved = list(row)
    for i, j in swaps:
        moved[i], moved[j] = moved[j], moved[i]
    return tuple(moved)


def _own_index(
    row: Vector, movers: set[int], images: int, isotropy: Isotropy, first: Sequence[int], d: int
) -> int | None:
    """The index of the moving block that the row belongs to; None if it is moved otherwise than an index is."""
    block = min(movers)
    size = isotropy.blocks[block].at(d)
    if len(movers) != 1 or images != size:
        return None
    pieces = [
        row[start : start + size] for start, orbit in zip(first, isotropy.cols, strict=True) if orbit.block == block
    ]
    return next((i for i in range(size) if all(len({*x[:i], *x[i + 1 :]}) == 1 for x in pieces)), None)


def _cells(row: Vector, place: Orbit, index: int, isotropy: Isotropy, first: Sequence[int]) -> tuple[Exact, ...]:
    cells: list[Exact] = []
    for start, orbit in zip(first, isotropy.cols, strict=True):
        if not paired(isotropy, place, orbit):
            cells.append((row[start], None))
        else:
            other, own = row[start + (index == 0)], row[start + index]
            cells.append((other, own - other if own != other else None))
    return tuple(cells)
