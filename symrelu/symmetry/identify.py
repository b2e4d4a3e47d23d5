"""The isotropy group of a matrix of numbers, known to a tolerance, up to the order of its rows and columns.

Iso(W) = {(pi, rho): P_pi W P_rho^T = W} depends only on which entries are equal. Entries are sorted into clusters; if
"equal to the tolerance" is no equivalence on them, that is refused. Then a Young-type subgroup is built from exchanges:
involutions of few rows and columns, found by moving what must move, within the cells of colour refinement. The order of
the whole group is exact: where the cells are the orbits of that subgroup and each of its blocks is linked, the whole
group is no larger; elsewhere automorphisms are counted (`symrelu.symmetry.automorphisms`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symrelu.errors import BadInput, Undecided
from symrelu.symmetry.automorphisms import automorphism_count, refine
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.size import Size
from symrelu.symmetry.young_lattice import YoungBlock, YoungType

LARGEST_MATRIX = 200
"""The largest number of rows and of columns."""
_LARGEST_UNIT = 6  # rows and columns that one exchange moves to one side, at most
_CLOSE = 10  # clusters nearer than so many tolerances, or wider than a tolerance by this factor, are told

Array = np.ndarray[Any, np.dtype[Any]]
Unit = tuple[tuple[int, ...], tuple[int, ...]]
"""Rows and columns that one element of a block moves, one of each orbit, in the order of the orbits."""


@dataclass(frozen=True)
class Clusters:
    """The entries of a matrix sorted into values.

    labels: the number of the value of each entry, from 0 by size. count: of values. spread: the largest difference
    within a value. gap: the smallest difference between values (None if there is one value).
    """

    labels: Array
    count: int
    spread: float
    gap: float | None


@dataclass(frozen=True)
class MatrixIsotropy:
    """The isotropy group of a matrix of numbers.

    k, d: its shape. young: a Young-type subgroup of Iso(W) that no exchange enlarges. extra: its index in Iso(W); 1
    where Iso(W) is of Young type. isotropy: `young` with sizes affine in d, as other commands take it (None if it moves
    no columns). rows, cols: the rows and columns of W in the order of the block form, numbered from 0:
    W[rows][:, cols] lies in the fixed space of `isotropy` at d. blocks: the units of each block of `young`, in the
    order of its blocks. clusters: how the entries fall into values.
    """

    k: int
    d: int
    young: YoungType
    extra: int
    isotropy: Isotropy | None
    rows: tuple[int, ...]
    cols: tuple[int, ...]
    blocks: tuple[tuple[Unit, ...], ...]
    clusters: Clusters

    @property
    def order(self) -> int:
        """|Iso(W)|."""
        return self.extra * self.young.order

    def label(self) -> str:
        """The group, such as "Delta(S_18 x S_2)"; G.e stands for the Young-type subgroup G of index e."""
        return self.young.name() + (f".{self.extra}" if self.extra > 1 else "")


def check_matrix(matrix: Any) -> Array:
    """A k x d matrix as floats. Raises BadInput for what is none: other shapes, no numbers, nan, too large."""
    found = np.asarray(matrix)
    if found.ndim != 2 or 0 in found.shape:
        raise BadInput(f"an array of shape {found.shape} was given; a matrix with rows and columns is needed")
    if found.dtype.kind not in "fiu":
        raise BadInput(f"a matrix of {found.dtype} was given; real numbers are needed")
    if max(found.shape) > LARGEST_MATRIX:
        raise BadInput(
            f"a matrix of shape {found.shape[0]} x {found.shape[1]} was given; up to {LARGEST_MATRIX} rows and columns "
            "are handled"
        )
    found = found.astype(float)
    if not np.isfinite(found).all():
        i, j = np.argwhere(~np.isfinite(found))[0]
        raise BadInput(f"the entry in row {i + 1}, column {j + 1} is {found[i, j]}; finite numbers are needed")
    return found


def cluster(matrix: Array, tolerance: float) -> Clusters:
    """Sort the entries into values: entries are equal exactly if they differ by at most the tolerance.

    Raises Undecided where that is no equivalence: x close to y and y to z, but not x to z. It names a tolerance at
    which the entries are told apart, if there is a clear one. ``matrix``: an array of floats of any shape.
    """
    order = np.argsort(matrix, axis=None, kind="stable")
    values = matrix.reshape(-1)[order]
    steps = np.diff(values)
    number = np.concatenate([[0], np.cumsum(steps > tolerance)])
    first = np.flatnonzero(np.concatenate([[True], steps > tolerance]))
    last = np.concatenate([first[1:], [len(values)]]) - 1
    spread = values[last] - values[first]
    wide = int(spread.argmax())
    if spread[wide] > tolerance:
        raise Undecided(
            f"at tolerance {tolerance:g} the entries between {values[first[wide]]:.10g} and {values[last[wide]]:.10g} "
            f"are a chain of close values, neither equal nor different: {_advice(matrix, tolerance)}"
        )
    labels = np.empty(matrix.size, dtype=np.intp)
    labels[order] = number
    between = values[first[1:]] - values[last[:-1]]
    gap = float(between.min()) if len(between) else None
    return Clusters(labels.reshape(matrix.shape), len(first), float(spread.max()), gap)


def _advice(matrix: Array, tolerance: float) -> str:
    """A tolerance in a wide gap between the steps of the sorted entries, if there is one."""
    steps = np.sort(np.diff(np.sort(matrix, axis=None)))
    steps = steps[steps > 0]
    ratios = steps[1:] / steps[:-1] if len(steps) > 1 else np.array([])
    clear = np.flatnonzero(ratios > 100)
    if not len(clear):
        return "a more precise matrix is needed"
    best = int(clear[np.abs(np.log(steps[clear] / tolerance)).argmin()])
    return f"try --tol {math.sqrt(steps[best] * steps[best + 1]):.0e}"


def doubts(clusters: Clusters, tolerance: float) -> list[str]:
    """What makes the clustering less than clear: values hardly farther apart than the tolerance, or nearly as wide.

    ``clusters``: the answer of :func:`cluster`.
    """
    found = []
    if clusters.gap is not None and clusters.gap < _CLOSE * tolerance:
        found.append(
            f"two values differ by {clusters.gap:.2g}, less than {_CLOSE} tolerances; they are taken as different"
        )
    if clusters.spread > tolerance / _CLOSE:
        found.append(
            f"entries that differ by {clusters.spread:.2g}, more than a tenth of the tolerance, are taken as equal"
        )
    return found


def matrix_isotropy(matrix: Any, tolerance: float = 1e-6) -> MatrixIsotropy:
    """The isotropy group of a k x d matrix of real numbers whose entries are known to a tolerance.

    k, d up to `LARGEST_MATRIX`. Raises BadInput for what is no such matrix or tolerance, and Undecided where the
    entries do not fall into values.
    """
    W = check_matrix(matrix)
    if not 0 <= tolerance < math.inf:
        raise BadInput(f"the tolerance {tolerance} was given; it must be a number >= 0, such as 1e-6")
    clusters = cluster(W, tolerance)
    k, d = W.shape
    search = _Exchanges(clusters.labels)
    blocks = [_largest_own(W, units) for units in search.blocks()]
    whole = search.order(blocks)
    shapes = [YoungBlock(Size(Fraction(len(units))), len(units[0][0]), len(units[0][1])) for units in blocks]
    turn = sorted(range(len(blocks)), key=lambda i: shapes[i].key(), reverse=True)
    moved = [{x for units in blocks for unit in units for x in unit[side]} for side in (0, 1)]
    fixed = tuple([x for x in range(n) if x not in its] for n, its in zip((k, d), moved, strict=True))
    young = YoungType(tuple(shapes), len(fixed[0]), len(fixed[1]))
    if shapes and all((shape.rows, shape.cols) == (1, 1) for shape in shapes):
        fixed = _largest_pairs(W, *fixed)
    ordered = tuple(tuple(blocks[i]) for i in turn)
    rows, cols = (
        [unit[side][o] for units in ordered for o in range(len(units[0][side])) for unit in units] + fixed[side]
        for side in (0, 1)
    )
    extra = whole // young.order
    return MatrixIsotropy(k, d, young, extra, young.isotropy(d), tuple(rows), tuple(cols), ordered, clusters)


def _largest_own(W: Array, units: list[Unit]) -> list[Unit]:
    """Of a block of size 2, the columns paired with the rows where the entries are largest."""
    (rows, cols), (other_rows, other_cols) = units[0], units[1]
    if len(units) == 2 and len(rows) == len(cols) == 1 and abs(W[rows[0], other_cols[0]]) > abs(W[rows[0], cols[0]]):
        return [(rows, other_cols), (other_rows, cols)]
    return units


def _largest_pairs(W: Array, rows: list[int], cols: list[int]) -> tuple[list[int], list[int]]:
    """Rows and columns, the pair with the largest entry first and so on; those without a partner last."""
    rows, cols = list(rows), list(cols)
    pairs = []
    while rows and cols:
        i, j = np.unravel_index(int(np.abs(W[np.ix_(rows, cols)]).argmax()), (len(rows), len(cols)))
        pairs.append((rows.pop(int(i)), cols.pop(int(j))))
    return [i for i, _ in pairs] + rows, [j for _, j in pairs] + cols


class _Exchanges:
    """The search for involutions of few rows and columns that leave a matrix of labels unchanged."""

    def __init__(self, labels: Array) -> None:
        self.labels = labels
        self.k, self.d = labels.shape
        self.entries = labels.tolist()
        found = refine(self.entries, (0,) * self.k + (1,) * self.d)
        assert found is not None
        self.colours = found[0]
        self.row_cell, self.col_cell = np.array(found[0][: self.k]), np.array(found[0][self.k :])
        self.free = (np.ones(self.k, dtype=bool), np.ones(self.d, dtype=bool))

    def blocks(self) -> list[list[Unit]]:
        """Disjoint blocks of units, two or more, any two of which may be exchanged."""
        blocks: list[list[Unit]] = []
        for most in range(1, _LARGEST_UNIT + 1):
            for side, cells in ((0, self.row_cell), (1, self.col_cell)):
                for first in range(len(cells)):
                    if self.free[side][first] and (most == 1 or side == 0):
                        units = self._block(side, first, most)
                        if units:
                            blocks.append(units)
                            for rows, cols in units:
                                self.free[0][list(rows)] = False
                                self.free[1][list(cols)] = False
        return blocks

    def _block(self, side: int, first: int, most: int) -> list[Unit]:
        """The block of a row (side 0) or column (side 1), by exchanges of at most so many pairs; empty if none is."""
        cells = (self.row_cell, self.col_cell)[side]
        swaps = []
        for other in np.flatnonzero((cells == cells[first]) & self.free[side]).tolist():
            if other != first:
                pair = {first: other, other: first}
                found = self._close(pair, {}, most) if side == 0 else self._close({}, pair, most)
                if found is not None:
                    swaps.append(found)
        if not swaps:
            return []
        if len(swaps) == 1:  # S_2: which of two points belongs to which unit is free
            halves = [[x for x, y in moved.items() if x < y] for moved in swaps[0]]
        else:
            halves = [[x for x in swaps[0][s] if all(x in swap[s] for swap in swaps[1:3])] for s in (0, 1)]
        unit: Unit = (tuple(halves[0]), tuple(halves[1]))
        units = [unit]
        taken = [set(unit[0]), set(unit[1])]
        for swap in swaps:
            if any(x not in swap[s] for s in (0, 1) for x in unit[s]):
                continue
            image = (tuple(swap[0][x] for x in unit[0]), tuple(swap[1][x] for x in unit[1]))
            if all(len(swap[s]) == 2 * len(unit[s]) and taken[s].isdisjoint(image[s]) for s in (0, 1)):
                units.append(image)
                for s in (0, 1):
                    taken[s].update(image[s])
        return units if len(units) > 1 else []

    def _close(
        self, rows: dict[int, int], cols: dict[int, int], most: int
    ) -> tuple[dict[int, int], dict[int, int]] | None:
        """Extend an exchange by what must move too, to at most so many pairs; None if that is impossible."""
        columns, lines = np.arange(self.d), np.arange(self.k)
        columns[list(cols)] = list(cols.values())
        lines[list(rows)] = list(rows.values())
        here, there = list(rows), list(cols)
        wrong_cols = (self.labels[here] != self.labels[lines[here]][:, columns]).any(axis=0)
        wrong_rows = (self.labels[:, there] != self.labels[lines][:, columns[there]]).any(axis=1)
        if wrong_cols[there].any() or wrong_rows[here].any():
            return None
        must = int(wrong_cols.sum() + wrong_rows.sum())
        if len(rows) + len(cols) + must > 2 * most:
            return None
        if not must:
            return rows, cols
        if wrong_cols.any():
            c = int(wrong_cols.argmax())
            for v in self._images(c, there, self.labels[lines[here]], self.labels[here], 1):
                found = self._close(rows, {**cols, c: v, v: c}, most)
                if found is not None:
                    return found
            return None
        r = int(wrong_rows.argmax())
        for u in self._images(r, here, self.labels[:, columns[there]].T, self.labels[:, there].T, 0):
            found = self._close({**rows, r: u, u: r}, cols, most)
            if found is not None:
                return found
        return None

    def _images(self, x: int, used: list[int], images: Array, lines: Array, side: int) -> Iterator[int]:
        """Where a column (side 1; or a row) can go, if the given lines across it move to their images."""
        cells = (self.row_cell, self.col_cell)[side]
        fit = (cells == cells[x]) & self.free[side]
        if not fit[x]:
            return
        fit[[x, *used]] = False
        fit &= (images == lines[:, [x]]).all(axis=0)
        yield from np.flatnonzero(fit).tolist()

    def order(self, blocks: Sequence[Sequence[Unit]]) -> int:
        """The number of automorphisms, exactly, given disjoint blocks of units that can be exchanged."""
        orbit = list(range(self.k + self.d))
        known = []
        for units in blocks:
            for a, b in zip(units, units[1:], strict=False):
                swaps = [(x, y) for x, y in zip(a[0], b[0], strict=True)]
                swaps += [(self.k + x, self.k + y) for x, y in zip(a[1], b[1], strict=True)]
                known.append({x: y for pair in swaps for x, y in (pair, pair[::-1])})
                for x, y in swaps:
                    orbit[y] = orbit[x]
        cells = len(set(self.colours))
        if cells == len(set(zip(self.colours, orbit, strict=True))) and all(map(self._is_linked, blocks)):
            return math.prod(math.factorial(len(units)) for units in blocks)
        return automorphism_count(self.entries, self.colours, known)

    def _is_linked(self, units: Sequence[Unit]) -> bool:
        """Whether an automorphism that maps each orbit of the block to itself moves all of them alike: own entries that
        differ from the others link all the orbits of rows and columns.
        """
        (rows, cols), (_, other) = units[0], units[1]
        linked: set[tuple[int, int]] = {(0, 0)} if rows else {(1, 0)}
        grown = True
        while grown:
            grown = False
            for a, r in enumerate(rows):
                for b, c in enumerate(cols):
                    if ((0, a) in linked) != ((1, b) in linked) and self.labels[r, c] != self.labels[r, other[b]]:
                        linked |= {(0, a), (1, b)}
                        grown = True
        return len(linked) == len(rows) + len(cols)
