"""The normaliser of G acting on Fix(G), for every Young type: which permutations of a_1, a_2, ... are symmetries.

(P, Q) with P G Q^-1 = G maps blocks to blocks of the same size and orbits of a block to orbits of its image; orbits of
one row or column are permuted freely; in a block of size 2 the two indices of one orbit can be exchanged alone, which
swaps own and other entries. Of these, the symmetries of a problem are those that leave its loss unchanged; there are
more where an activation is even or odd: rows change sign, alone or along with their entry of the second layer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate, islice, permutations, product
from typing import Any, NamedTuple

from symrelu.model.reduced import Problem
from symrelu.model.teacher import teacher_rows, telling_dimension
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit

MOST = 20000  # permutations of orbits that are tried
LARGE = 3  # indices that stand for all of a larger block where rows are compared: one own and two others


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

    The identity comes first. All is decided exactly: rows of the student are exchanged that have the same entry of the
    second layer, and the columns so that the target's rows, with theirs, are the same as before; rows turn round where
    the activation is even, or odd and the second layer turns too.
    """
    identity = tuple(range(problem.dim))
    plus = (1,) * problem.dim
    keeps_target = _target_test(problem)
    found = {
        move.places
        for move in _moves(problem.space, problem.dim > problem.space.dim)
        if (problem.alpha is None or all(problem.alpha[i] == a for i, a in zip(move.rows, problem.alpha, strict=True)))
        and keeps_target(move.cols, move.col_flips)
    }
    images = {Image(s, signs) for s in {identity, *found} for signs in {plus, *_changes_of_sign(problem)}}
    return (Image(identity, plus), *sorted(images - {Image(identity, plus)}))


def _changes_of_sign(problem: Problem) -> Iterator[tuple[int, ...]]:
    """The signs of all coordinates when some row orbits turn round: alone if the activation is even, along with their
    entries of the second layer if it is odd and these are variables.
    """
    free = problem.dim > problem.space.dim
    if not (problem.kernel.even or (problem.kernel.odd and free)):
        return
    rows, n = [c.row for c in problem.space.coordinates], problem.space.dim
    for turned in islice(product((1, -1), repeat=len(problem.space.isotropy.rows)), 1, MOST):
        signs = tuple(turned[row] for row in rows)
        if problem.kernel.even:
            yield signs + (1,) * (problem.dim - n)
        else:
            yield signs + turned


def _target_test(problem: Problem) -> Callable[[tuple[int, ...], tuple[bool, ...]], bool]:
    """Whether moving the columns (orbit c gets the place of orbit cols[c], its two indices exchanged where flipped)
    leaves the target unchanged.

    The rows are compared entry by entry, with blocks of three indices in place of larger ones: one own entry and two
    others show what the row is at any size. Up to signs where the activation is even or odd; by V' diag(beta) V alone
    where the network has the symmetry O(k), at a d at which growing blocks are told apart.
    """
    isotropy = problem.space.isotropy
    d = telling_dimension(isotropy) if problem.kernel.rotations else None

    def size(orbit: Orbit) -> int:
        n = isotropy.orbit_size(orbit)
        if d is not None:
            return n.at(d)
        return min(int(n.const), LARGE) if n.is_constant else LARGE

    sizes = [size(col) for col in isotropy.cols]
    first = [0, *accumulate(sizes)]
    rows = teacher_rows(problem.teacher, isotropy.cols, size)

    def moved(order: Sequence[int]) -> Hashable:
        images = [(tuple(row[i] for i in order), beta) for row, beta in rows]
        if problem.kernel.rotations:
            pairs = product(range(len(order)), repeat=2)
            return tuple(sum((b * v[i] * v[j] for v, b in images), Fraction(0)) for i, j in pairs)
        return frozenset(Counter(_turned(problem, v, b) for v, b in images).items())

    before = moved(range(sum(sizes)))

    @cache
    def keeps(cols: tuple[int, ...], flips: tuple[bool, ...]) -> bool:
        order: list[int] = []
        for col, flip, size in zip(cols, flips, sizes, strict=True):
            places = range(first[col], first[col] + size)
            order += reversed(places) if flip else places
        return moved(order) == before

    return keeps


def _turned(problem: Problem, row: tuple[Fraction, ...], beta: Fraction) -> tuple[tuple[Fraction, ...], Fraction]:
    """A row of the target with its beta, the same for all that are the same neuron up to a change of sign."""
    if (problem.kernel.even or problem.kernel.odd) and next((x for x in row if x), 0) < 0:
        return tuple(-x for x in row), beta if problem.kernel.even else -beta
    return row, beta


class _Move(NamedTuple):
    """An element of the normaliser: how it permutes the coordinates, orbits of rows and of columns; of which column
    orbits of two it exchanges the indices.
    """

    places: tuple[int, ...]
    rows: tuple[int, ...]
    cols: tuple[int, ...]
    col_flips: tuple[bool, ...]


def normaliser(space: FixedSpace, second_layer: bool = False) -> Iterator[tuple[int, ...]]:
    """The permutations by which the normaliser of G in S_k x S_d acts on the coordinates of Fix(G), followed by one
    entry of the second layer for each row orbit if ``second_layer``.
    """
    yield from dict.fromkeys(move.places for move in _moves(space, second_layer))


def _moves(space: FixedSpace, second_layer: bool = False) -> Iterator[_Move]:
    """The elements of the normaliser, the exchange of two indices in a whole block left out."""
    isotropy = space.isotropy
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
                    if s:
                        yield _Move(s, rows, cols, flips[len(rows) :])


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
