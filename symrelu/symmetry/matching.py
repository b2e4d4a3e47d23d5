"""How far two matrices of numbers are from each other, up to the order of rows and columns.

Two matrices whose isotropy groups are of the same Young type are compared block by block: rows and columns within a
block are alike, so only blocks of the same shape, the orbits of a block, fixed rows and fixed columns can be exchanged.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from symrelu.symmetry.identify import MatrixIsotropy, Unit

MOST_ARRANGEMENTS = 50_000

Array = np.ndarray[Any, np.dtype[Any]]
Units = Sequence[Unit]


def matrix_distance(W: Array, found: MatrixIsotropy, M: Array, other: MatrixIsotropy) -> float | None:
    """The largest difference of entries of W and M, rows and columns of one in the best order that maps blocks to
    blocks: the least over all orders, wherever that is small against the gaps between the values of both.

    found, other: their isotropy groups, as `matrix_isotropy` gives them. None where the groups are not of one type, or
    where more than `MOST_ARRANGEMENTS` orders would have to be tried.
    """
    young = found.young
    if other.young != young or (found.k, found.d) != (other.k, other.d):
        return None
    fixed = [list(itertools.permutations(range(n))) for n in _few(young.fixed_rows, young.fixed_cols)]
    blocks = list(itertools.islice(_arrangements(found.blocks), MOST_ARRANGEMENTS + 1))
    if not fixed or len(blocks) * math.prod(map(len, fixed)) > MOST_ARRANGEMENTS:
        return None
    there = _values(M, other.blocks, other, range(young.fixed_rows), range(young.fixed_cols))
    return min(
        float(np.abs(_values(W, arranged, found, rows, cols) - there).max())
        for arranged in blocks
        for rows, cols in itertools.product(*fixed)
    )


def _few(*counts: int) -> tuple[int, ...]:
    """The counts, or nothing if their permutations are too many."""
    return counts if math.prod(math.factorial(min(n, 12)) for n in counts) <= MOST_ARRANGEMENTS else ()


def _values(
    W: Array, blocks: Sequence[Units], found: MatrixIsotropy, fixed_rows: Sequence[int], fixed_cols: Sequence[int]
) -> Array:
    """The entries of W among the first two units of each block and the fixed rows and columns, in the given order."""
    young = found.young
    sides = []
    for side, fixed, order in (
        (0, found.rows[found.k - young.fixed_rows :], fixed_rows),
        (1, found.cols[found.d - young.fixed_cols :], fixed_cols),
    ):
        sides.append([x for units in blocks for unit in units[:2] for x in unit[side]] + [fixed[i] for i in order])
    part: Array = W[np.ix_(*sides)]
    return part


def _arrangements(
    blocks: Sequence[Units],
) -> Iterator[list[Units]]:
    """The blocks in all orders that fit: blocks alike exchanged, orbits of a block exchanged, and in a block of size 2
    the points of each orbit.
    """
    shapes = [(len(units), len(units[0][0]), len(units[0][1])) for units in blocks]
    for order in itertools.permutations(range(len(blocks))):
        if [shapes[i] for i in order] == shapes:
            yield from map(list, itertools.product(*(_within(blocks[i]) for i in order)))


def _within(units: Units) -> list[Units]:
    """The first two units of a block, its orbits in all orders, the points of S_2 in all units."""
    rows, cols = units[0]
    found: list[Units] = []
    for p, q in itertools.product(itertools.permutations(range(len(rows))), itertools.permutations(range(len(cols)))):
        turned = [(tuple(u[0][i] for i in p), tuple(u[1][j] for j in q)) for u in units[:2]]
        found.append(turned)
        if len(units) == 2:
            (r, c), (s, e) = turned
            for flips in itertools.product((False, True), repeat=len(r) + len(c) - 1):
                if any(flips):
                    a, b = [*r, *c], [*s, *e]
                    for place, flip in enumerate(flips, 1):
                        if flip:
                            a[place], b[place] = b[place], a[place]
                    split = len(r)
                    found.append([(tuple(a[:split]), tuple(a[split:])), (tuple(b[:split]), tuple(b[split:]))])
    return found
