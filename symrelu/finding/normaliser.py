"""The normaliser of G acting on Fix(G), for every Young type: which permutations of a_1, a_2, ... are symmetries.

(P, Q) with P G Q^-1 = G maps blocks to blocks of the same size and orbits of a block to orbits of its image; orbits of
one row or column are permuted freely; in a block of size 2 the two indices of one orbit can be exchanged alone, which
swaps own and other entries. Of these, the symmetries of a problem are those that leave its loss unchanged; there are
more where an activation is even or odd: rows change sign, alone or along with their entry of the second layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, permutations, product
from typing import Any, NamedTuple

import numpy as np

from symrelu.exact.arithmetic import FLOAT
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit

MOST = 20000  # permutations of orbits that are tried


class Image(NamedTuple):
    """A symmetry of Fix(G): (signs[0]*x[places[0]], signs[1]*x[places[1]], ...) is the image of x."""

    places: tuple[int, ...]
    signs: tuple[int, ...]

    def of(self, x: Any) -> list[Any]:
        """The image of a point."""
        return [x[i] if sign > 0 else -x[i] for i, sign in zip(self.places, self.signs, strict=True)]


Images = tuple[Image, ...]


def symmetries(problem: Problem) -> Images:
    """The images of a point under the normaliser and under changes of sign of rows that leave the loss unchanged.

    The identity comes first. That the loss is unchanged is tested in floats at a random point.
    """
    space = problem.space
    rng = np.random.default_rng(0)
    d = 40.0 + 10 * sum(float(n.const) for n in space.isotropy.blocks if n.is_constant)
    x = rng.standard_normal(problem.dim)

    def loss(values: Any) -> float:
        return float(problem.at(FLOAT, list(values), d).loss())

    value = loss(x)

    def kept(image: Image) -> bool:
        return abs(loss(image.of(x)) - value) <= 1e-9 * abs(value)

    identity = tuple(range(problem.dim))
    plus = (1,) * problem.dim
    found = [s for s in normaliser(space, problem.dim > space.dim) if kept(Image(s, plus))]
    turns = [signs for signs in _changes_of_sign(problem) if kept(Image(identity, signs))]
    images = {Image(s, signs) for s in {identity, *found} for signs in {plus, *turns}}
    return (Image(identity, plus), *sorted(images - {Image(identity, plus)}))


def _changes_of_sign(problem: Problem) -> Iterator[tuple[int, ...]]:
    """The signs of all coordinates when some row orbits turn round, alone or along with the second layer."""
    rows, n = [c.row for c in problem.space.coordinates], problem.space.dim
    for turned in islice(product((1, -1), repeat=len(problem.space.isotropy.rows)), 1, MOST):
        signs = tuple(turned[row] for row in rows)
        yield signs + (1,) * (problem.dim - n)
        if problem.dim > n:
            yield signs + turned


def normaliser(space: FixedSpace, second_layer: bool = False) -> Iterator[tuple[int, ...]]:
    """The permutations by which the normaliser of G in S_k x S_d acts on the coordinates of Fix(G), followed by one
    entry of the second layer for each row orbit if ``second_layer``.
    """
    isotropy = space.isotropy
    seen = set()
    for blocks in permutations(range(len(isotropy.blocks))):
        if any(isotropy.blocks[i] != isotropy.blocks[j] for i, j in enumerate(blocks)):
            continue
        moves = product(_orbit_moves(isotropy, isotropy.rows, blocks), _orbit_moves(isotropy, isotropy.cols, blocks))
        for rows, cols in islice(moves, MOST):
            for flips in product((False, True), repeat=len(rows) + len(cols)):
                if _possible(isotropy, flips):
                    s = _permutation(space, rows, cols, flips)
                    if second_layer and s:
                        s += tuple(space.dim + row for row in rows)
                    if s and s not in seen:
                        seen.add(s)
                        yield s


def _orbit_moves(isotropy: Isotropy, orbits: Sequence[Orbit], blocks: Sequence[int]) -> list[tuple[int, ...]]:
    """Where each orbit of rows (or columns) goes, given where the blocks go; orbits of size 1 go to any such orbit."""

    def kind(orbit: Orbit) -> int | None:
        return None if isotropy.orbit_size(orbit).is_one else orbit.block

    kinds = [kind(orbit) for orbit in orbits]
    goals = [None if k is None else blocks[k] for k in kinds]
    result: list[tuple[int, ...]] = [()]
    for goal in goals:
        result = [(*s, i) for s in result for i in range(len(orbits)) if i not in s and kinds[i] == goal][:MOST]
    return result


def _possible(isotropy: Isotropy, flips: Sequence[bool]) -> bool:
    """Only orbits of blocks of size 2 can be flipped; of each block the first row orbit need not be."""
    first = set()
    for orbit, flip in zip((*isotropy.rows, *isotropy.cols), flips, strict=True):
        two = orbit.block is not None and isotropy.blocks[orbit.block].is_constant
        two = two and isotropy.orbit_size(orbit).const == 2
        if flip and (not two or orbit.block not in first):
            return False
        if two:
            first.add(orbit.block)
    return True


def _permutation(space: FixedSpace, rows: Sequence[int], cols: Sequence[int], flips: Sequence[bool]) -> tuple[int, ...]:
    other = {"own": "other", "other": "own", "all": "all"}
    places = {(c.row, c.col, c.kind): i for i, c in enumerate(space.coordinates)}
    result = []
    for c in space.coordinates:
        flipped = flips[c.row] != flips[len(rows) + c.col]
        kind = other[c.kind] if flipped else c.kind
        place = places.get((rows[c.row], cols[c.col], kind))  # type: ignore[arg-type]
        if place is None:  # the images of a row and a column do not lie as they did: not in the normaliser
            return ()
        result.append(place)
    return tuple(result)
