"""The subgroups in which branches are sought: blocks split into parts, so that one direction of the kernel is fixed.

At a threshold the kernel of the Hessian is one copy of an irreducible of G. Where a subgroup H fixes a line of it (H is
*axial*), the equivariant branching lemma gives a branch of critical points in Fix(H). For a product H of symmetric
groups the dimension of what it fixes in the irreducible counts parts: with r parts of the block, u of them of one
element,

    s: r - 1        x: (r - 1)(r - 2)/2        y: r(r - 1)/2 - u        s_i s_j: (r_i - 1)(r_j - 1)

since R^n has r fixed directions, the antisymmetric matrices constant on parts number r(r - 1)/2 = s + x, and the pairs
of indices fall into r(r - 1)/2 + (r - u) orbits = t + s + y. So the axial ones of Young type are two parts for s, three
for x, two parts of at least 2 elements for y, and two parts of each block for s_i s_j.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import permutations, product
from math import ceil
from typing import Any

from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.isotypic import Component, Part, Place, Refinement
from symrelu.symmetry.size import Size

LARGEST_PART = 3  # of what is split off a block that grows with d
Parts = tuple[Size, ...]

NOT_SEARCHED = {
    "t": ("the kernel is fixed by the whole group: no symmetry breaks there",),
    "s": ("subgroups of three or more parts, where the lemma gives no branch",),
    "x": (
        "isotropy groups that are no products of symmetric groups, such as those of cyclic antisymmetric patterns",
        "subgroups of four or more parts, where the lemma gives no branch",
    ),
    "y": (
        "isotropy groups that are no products of symmetric groups, such as those of perfect matchings",
        "subgroups of three or more parts",
    ),
    "ss": (
        "twisted isotropy groups, in which parts of both blocks are exchanged together",
        "subgroups of three or more parts of one block, where the lemma gives no branch",
    ),
}


def fixed_dimension(component: Component, parts: Mapping[int, Parts]) -> int:
    """The dimension of what the product of the parts' symmetric groups fixes in one copy of an irreducible.

    ``parts``: of the blocks that are split (the others are whole). At real d the formal dimension.
    """
    counts = [len(parts.get(b, (None,))) for b in component.blocks]
    if component.kind == "t":
        return 1
    if component.kind == "ss":
        return (counts[0] - 1) * (counts[1] - 1)
    (r,) = counts
    if component.kind == "s":
        return r - 1
    if component.kind == "x":
        return (r - 1) * (r - 2) // 2
    return r * (r - 1) // 2 - sum(size.is_one for size in parts.get(component.blocks[0], ()))


@dataclass(frozen=True)
class Split:
    """A subgroup H of a group G: some blocks of G split into parts.

    Attributes
    ----------
    refinement: G, H, and where the orbits of H come from. parts: the sizes, for each block of G that is split.
    """

    refinement: Refinement
    parts: tuple[tuple[int, Parts], ...]

    @property
    def isotropy(self) -> Isotropy:
        """H."""
        return self.refinement.isotropy

    @cached_property
    def sources(self) -> tuple[int, ...]:
        """For each coordinate of Fix(H) the place (from 0) of the coordinate of Fix(G) that it equals on Fix(G)."""
        given = FixedSpace(self.refinement.given)
        found = []
        for c in FixedSpace(self.isotropy).coordinates:
            row, col = self.refinement.rows[c.row], self.refinement.cols[c.col]
            kinds = given.kinds(row.orbit, col.orbit)
            own = row.part == col.part and c.kind != "other"  # the same part: own column, unless another one is meant
            kind = kinds[0] if own or len(kinds) == 1 else kinds[1]
            found.append(given.position(row.orbit, col.orbit, kind))
        return tuple(found)

    def exchanges(self) -> Iterator[tuple[int, ...]]:
        """What the elements of G that exchange parts of equal size do to the coordinates of Fix(H), the identity left
        out: the place that each coordinate is taken from.
        """
        space = FixedSpace(self.isotropy)
        moves = []
        for block, sizes in self.parts:
            orders = (p for p in permutations(range(len(sizes))) if all(sizes[i] == sizes[j] for i, j in enumerate(p)))
            moves.append([(block, p) for p in orders])
        for chosen in product(*moves):
            taken = dict(chosen)
            if all(p == tuple(range(len(p))) for p in taken.values()):
                continue
            rows, cols = (self._moved(places, taken, on) for places, on in self._orbits())
            yield tuple(space.position(rows[c.row], cols[c.col], c.kind) for c in space.coordinates)

    def _orbits(self) -> list[tuple[tuple[Place, ...], tuple[Orbit, ...]]]:
        given = self.refinement.given
        return [(self.refinement.rows, given.rows), (self.refinement.cols, given.cols)]

    @staticmethod
    def _moved(places: tuple[Place, ...], taken: Mapping[int, tuple[int, ...]], orbits: tuple[Orbit, ...]) -> list[int]:
        found = []
        for place in places:
            block = orbits[place.orbit].block
            part: Part = place.part
            if block is not None and block in taken and isinstance(part, int):
                part = taken[block][part]
            found.append(places.index(Place(place.orbit, part)))
        return found


def split(isotropy: Isotropy, parts: Mapping[int, Parts]) -> Split:
    """The subgroup of G in which blocks (from 0) are split into parts of these sizes, each block's in order."""
    sizes: list[Size] = []
    numbers: dict[int, list[tuple[Part, int]]] = {}
    for block, size in enumerate(isotropy.blocks):
        numbers[block] = []
        names: list[tuple[Part, Size]] = list(enumerate(parts[block])) if block in parts else [("whole", size)]
        for name, part_size in names:
            numbers[block].append((name, len(sizes)))
            sizes.append(part_size)

    def refined(orbits: tuple[Orbit, ...]) -> tuple[list[Orbit], list[Place]]:
        found: list[tuple[Orbit, Place]] = []
        for position, orbit in enumerate(orbits):
            if orbit.block is None:
                found.append((orbit, Place(position, "whole")))
            else:
                found += [(Orbit(number), Place(position, name)) for name, number in numbers[orbit.block]]
        return [orbit for orbit, _ in found], [place for _, place in found]

    rows, row_places = refined(isotropy.rows)
    cols, col_places = refined(isotropy.cols)
    finer = Isotropy(tuple(sizes), tuple(rows), tuple(cols))
    return Split(Refinement(isotropy, finer, tuple(row_places), tuple(col_places)), tuple(parts.items()))


def axial(isotropy: Isotropy, component: Component, d: Any) -> tuple[list[Split], list[str]]:
    """The axial subgroups of Young type for a component that are searched at the threshold d, and what is not searched.

    A block of n = d - m elements is split into parts of 1 .. 3 elements and the rest, where the rest is not the smaller
    part at the next integer above d (there the same subgroups come back in another order), and has more than one
    element at d.
    """
    missing: list[str] = []
    choices = []
    for block in component.blocks:
        found = list(_parts(isotropy.blocks[block], component.kind, d, missing))
        choices.append([(block, sizes) for sizes in found])
    combined = (dict(chosen) for chosen in product(*choices)) if component.blocks else iter(())
    splits = [split(isotropy, parts) for parts in combined if fixed_dimension(component, parts) == 1]
    if component.blocks and not splits:
        sizes = " and ".join(str(isotropy.blocks[b]) for b in component.blocks)
        missing.append(f"any subgroup: the block of size {sizes} is too small at this d to be split with a rest")
    return splits, [*dict.fromkeys(missing), *NOT_SEARCHED[component.kind]]


def _parts(size: Size, kind: str, d: Any, missing: list[str]) -> Iterator[Parts]:
    """The ways to split a block of that size, the largest part first; ``missing`` learns what is left out."""
    least, several = (2 if kind == "y" else 1), kind == "x"
    if size.is_constant:
        rest = whole = Fraction(size.const)
    else:
        rest, whole = Fraction(size.at(Fraction(str(d)))), Fraction(size.at(ceil(d)))
        missing.append(f"parts proportional to the block of size {size}, such as halves")
    largest = whole / 2 if size.is_constant else LARGEST_PART
    for p in range(least, int(min(largest, whole / 2)) + 1):
        for q in range(p, int(min(largest, whole)) + 1) if several else (0,):
            left = size - p - q
            if p + q < rest and whole - p - q >= max(p, q) and (size.is_constant or rest - p - q > 1):
                yield (left, *((Size(Fraction(q)),) if several else ()), Size(Fraction(p)))
    if not size.is_constant and whole >= (3 if several else 2) * (LARGEST_PART + 1):
        missing.append(f"parts of more than {LARGEST_PART} elements beside the rest of the block of size {size}")


__all__ = ["Split", "axial", "fixed_dimension", "split"]
