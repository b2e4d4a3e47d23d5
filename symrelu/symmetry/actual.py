r"""The actual isotropy group of a point of Fix(G), for all large d at once: it may be larger than G.

Iso(W) = {(pi, rho) in S_k x S_d: P_pi W P_rho^T = W} depends only on which coordinates of W are equal. Call the rows
and columns that one element of a block moves a *unit*. Two facts make the group computable for all large d.

1. The orbits of a block fall into components, linked by own entries that differ from the others; each component is
   permuted by a symmetric group of its own.
2. Merge growing components as long as a unit of one can be exchanged with a unit of another, or with a set of constant
   rows and columns. Then, for large d, automorphisms map units of growing components to units. For a transposition tau
   of two units and an automorphism g, the conjugate g tau g^-1 moves boundedly many points; if it moved a point out of
   its component, then the whole unit (linked points move together), and that would be one more exchange as above.
   Hence Iso(W) = N Theta, where N is the product of the wreath products of H_c by S_{n_c}, H_c is the group of
   permutations within one unit of c that leave W unchanged, and Theta is the automorphism group of a *skeleton* with
   one point per orbit of a growing component and with the constant rows and columns as they are. N and Theta meet in
   the product of the H_c, so |Iso(W)| = |Theta| * prod(n_c! |H_c|**(n_c - 1)).

Theta is counted exactly. Symmetric groups that permute constant rows and columns are split off it by exchanges, too,
starting from those of G, until no exchange is left.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from symrelu.errors import BadInput
from symrelu.symmetry.exchange import Component, Point
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.size import ONE, Size


@dataclass(frozen=True)
class ActualIsotropy:
    """The isotropy group of a point for all large d: a Young-type group and its index in the whole.

    given: the group in whose fixed space the point was given.
    isotropy: a Young-type subgroup of Iso(W) that no exchange of units enlarges; `given` itself where that is as large.
    sources: for each coordinate of the fixed space of `isotropy`, the place (from 0) of an equal coordinate of `given`.
    labels: the labels of those coordinates; the matrix they make is the point up to the order of its rows and columns.
    local: per block, the number of permutations within one unit that leave the point unchanged (1, unless several
        orbits of the block are alike).
    extra: what is missing: |Iso(W)| = extra * prod(n_i! * local_i**n_i).
    """

    given: Isotropy
    isotropy: Isotropy
    sources: tuple[int, ...]
    labels: tuple[Hashable, ...]
    local: tuple[int, ...]
    extra: int

    @property
    def is_young(self) -> bool:
        """Whether Iso(W) is the Young-type group `isotropy`, and nothing more."""
        return self.extra == 1 and all(h == 1 for h in self.local)

    @property
    def is_larger(self) -> bool:
        """Whether Iso(W) is larger than the group given."""
        return not self.is_young or self.isotropy != self.given

    def order(self, d: Any = None) -> Any:
        """|Iso(W)| as a SymPy expression in d (by default the symbol d)."""
        result = self.extra * self.isotropy.order(d)
        for size, h in self._alike():
            result = result * h ** size.sympy(d)
        return result

    def label(self) -> str:
        """The group in plain text; h^(n).G.e stands for local permutations, the Young-type group G and the index e."""
        return self._extended(self.isotropy.group_name(), "({})")

    def latex(self) -> str:
        """The same in LaTeX."""
        return self._extended(self.isotropy.latex(), "{{{}}}")

    def _extended(self, name: str, exponent: str) -> str:
        local = "".join(f"{h}^{exponent.format(size.latex())}." for size, h in self._alike())
        return local + name + (f".{self.extra}" if self.extra > 1 else "")

    def _alike(self) -> list[tuple[Size, int]]:
        return [(size, h) for size, h in zip(self.isotropy.blocks, self.local, strict=True) if h > 1]


def actual_isotropy(isotropy: Isotropy, labels: Sequence[Hashable]) -> ActualIsotropy:
    """The isotropy group of a point of Fix(isotropy) for all large d, from the equalities among its coordinates.

    labels: one hashable object per coordinate of `FixedSpace(isotropy)`, equal if and only if the entries are equal for
    all large d (exact series, for example). Raises `BadInput` for another number of labels.
    """
    labels = tuple(labels)
    space = FixedSpace(isotropy)
    if len(labels) != space.dim:
        raise BadInput(
            f"{len(labels)} labels were given for the {space.dim} coordinates of {isotropy.label()}: give one for each "
            f"of {', '.join(space.names)}"
        )
    point = Point.written_out(space, labels)
    point.merge_growing()
    local = [point.local_order(c) for c in point.growing]
    rest = _divided(point.skeleton_order(), math.prod(local))
    while True:
        extra = _divided(rest, math.prod(math.factorial(c.count) for c in point.constant))
        if extra == 1 or not point.merge_constant_once():
            break
    found = point.growing + point.constant
    if _sizes(c.size for c in found) == _sizes(size for size in isotropy.blocks if not size.is_one):
        # The components were made from the given blocks by splitting and merging; if the sizes agree, nothing happened.
        orders = [1] * len(isotropy.blocks)
        for component, h in zip(point.growing, local, strict=True):
            orders[_block_of(point, component)] = h
        return ActualIsotropy(isotropy, isotropy, tuple(range(space.dim)), labels, tuple(orders), extra)
    larger, sources, orders = _regrouped(point, local)
    return ActualIsotropy(isotropy, larger, sources, tuple(labels[i] for i in sources), tuple(orders), extra)


def _divided(order: int, subgroup_order: int) -> int:
    index, remainder = divmod(order, subgroup_order)
    assert remainder == 0, "Lagrange's theorem"
    return index


def _sizes(sizes: Iterable[Size]) -> list[str]:
    return sorted(str(size) for size in sizes)


def _block_of(point: Point, component: Component) -> int:
    rows, cols = component.units[0]
    block = (point.row_home[rows[0]] if rows else point.col_home[cols[0]])[0]
    assert block is not None
    return block


def _regrouped(point: Point, local: list[int]) -> tuple[Isotropy, tuple[int, ...], list[int]]:
    """The Young-type group of the components, the given coordinate of each of its coordinates, and the local orders."""
    components = point.growing + point.constant + _blocks_of_size_one(point)
    orders = local + [1] * (len(components) - len(local))
    owner: tuple[dict[int, int], dict[int, int]] = ({}, {})  # row or column of a first unit -> its component
    for number, component in enumerate(components):
        for side in (0, 1):
            owner[side].update(dict.fromkeys(component.units[0][side], number))
    hidden = [{x for c in components for unit in c.units[1:] for x in unit[side]} for side in (0, 1)]
    rows = [r for r in point.rows if r not in hidden[0]]
    cols = [c for c in point.cols if c not in hidden[1]]
    order = list(dict.fromkeys(owner[side][x] for side, xs in ((0, rows), (1, cols)) for x in xs if x in owner[side]))
    if len(order) == len(rows) == len(cols) and all(c.shape == (1, 1) for c in components):
        cols.sort(key=lambda c: order.index(owner[1][c]))  # the diagonal form Delta(...)

    def orbit(side: int, x: int) -> Orbit:
        return Orbit(order.index(owner[side][x]) if x in owner[side] else None)

    group = Isotropy(
        tuple(components[number].size for number in order),
        tuple(orbit(0, r) for r in rows),
        tuple(orbit(1, c) for c in cols),
    )
    sources = []
    for coordinate in FixedSpace(group).coordinates:
        r, c = rows[coordinate.row], cols[coordinate.col]
        if coordinate.kind == "other":  # the same column orbit in the second unit
            units = components[owner[1][c]].units
            c = units[1][1][units[0][1].index(c)]
        sources.append(point.source[r][c])
    return group, tuple(sources), [orders[number] for number in order]


def _blocks_of_size_one(point: Point) -> list[Component]:
    """The single rows and columns that came from the same index of a block, or at least from the same block."""
    rows, cols = point.singles()
    found = []
    for same_index in (True, False):
        units: dict[tuple[int | None, int], tuple[list[int], list[int]]] = {}
        for side, xs, homes in ((0, rows, point.row_home), (1, cols, point.col_home)):
            for x in xs:
                block, index = homes[x]
                if block is not None:
                    units.setdefault((block, index if same_index else 0), ([], []))[side].append(x)
        for its_rows, its_cols in units.values():
            if same_index and its_rows and its_cols:
                found.append(Component(ONE, [(tuple(its_rows), tuple(its_cols))]))
            elif len(its_rows) == len(its_cols):
                found += [Component(ONE, [((r,), (c,))]) for r, c in zip(its_rows, its_cols, strict=True)]
        rows = [r for r in rows if all(r not in c.units[0][0] for c in found)]
        cols = [x for x in cols if all(x not in c.units[0][1] for c in found)]
    return found
