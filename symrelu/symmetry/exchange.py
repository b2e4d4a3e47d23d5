"""Exchanges of rows and columns that leave a point of a fixed space unchanged, and the larger blocks that they make.

The working part of `symrelu.symmetry.actual`, which states the mathematics. A point is written out with two units of
each growing component (any two look like the first two) and with all its constant rows and columns; a *unit* is the
set of rows and columns that one element of a block moves.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from symrelu.symmetry.automorphisms import automorphism_count, refine
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Orbit
from symrelu.symmetry.size import Size

Unit = tuple[tuple[int, ...], tuple[int, ...]]
"""Rows and columns that move together: one of each orbit of a component, in the order of the orbits."""


@dataclass
class Component:
    """A block in the making. units: two of them if the size grows with d, else all."""

    size: Size
    units: list[Unit]

    @property
    def count(self) -> int:
        """The number of units written out: the size, if it is constant."""
        return len(self.units)

    @property
    def shape(self) -> tuple[int, int]:
        """The numbers of row orbits and of column orbits."""
        return len(self.units[0][0]), len(self.units[0][1])

    def orientations(self) -> Iterator[list[Unit]]:
        """The ways to sort the points into units: only a component of size 2 has several, as S_2 is abelian."""
        if self.count != 2:
            yield self.units
            return
        p = self.shape[0]
        first, second = (rows + cols for rows, cols in self.units)
        for rest in itertools.product(*zip(first[1:], second[1:], strict=True)):
            one = (first[0], *rest)
            two = tuple(y if x in one[i : i + 1] else x for i, (x, y) in enumerate(zip(first, second, strict=True)))
            yield [(one[:p], one[p:]), (two[:p], two[p:])]


@dataclass
class Point:
    """A point of a fixed space, written out.

    entry, source: per row and column, the label as an integer and the coordinate's place; rows and columns are numbered
    for good. rows, cols: those still present; a component swallows those that it is merged with.
    row_home, col_home: the block (None: fixed) and the index in it that a row or column came from.
    growing, constant: the components; constant rows and columns in no component are *single*.
    """

    entry: list[list[int]]
    source: list[list[int]]
    rows: list[int]
    cols: list[int]
    row_home: list[tuple[int | None, int]]
    col_home: list[tuple[int | None, int]]
    growing: list[Component] = field(default_factory=list)
    constant: list[Component] = field(default_factory=list)

    @classmethod
    def written_out(cls, space: FixedSpace, labels: Sequence[Hashable]) -> Point:
        """The point with these labels; its components are the parts of blocks that unequal own and other link."""
        group = space.isotropy

        def indices(orbits: Iterable[Orbit]) -> list[tuple[int, int | None, int]]:
            found = []
            for place, orbit in enumerate(orbits):
                size = group.orbit_size(orbit)
                count = int(size.const) if size.is_constant else 2
                found += [(place, orbit.block, index) for index in range(count)]
            return found

        rows, cols = indices(group.rows), indices(group.cols)
        number: dict[Hashable, int] = {}
        names = [number.setdefault(label, len(number)) for label in labels]
        source = []
        for i, _, index in rows:
            line = []
            for j, _, column_index in cols:
                kinds = space.kinds(i, j)
                line.append(space.position(i, j, kinds[0] if index == column_index else kinds[-1]))
            source.append(line)
        point = cls(
            [[names[place] for place in line] for line in source],
            source,
            list(range(len(rows))),
            list(range(len(cols))),
            [(block, index) for _, block, index in rows],
            [(block, index) for _, block, index in cols],
        )
        for block, size in enumerate(group.blocks):
            if not size.is_one:
                for part in point._linked_parts(block):
                    (point.growing if not size.is_constant else point.constant).append(Component(size, part))
        return point

    def _linked_parts(self, block: int) -> list[list[Unit]]:
        """The units of each part of a block whose orbits are linked by own entries that differ from the others."""
        rows: dict[int, list[int]] = {}  # by the index in the block
        cols: dict[int, list[int]] = {}
        for home, table in ((self.row_home, rows), (self.col_home, cols)):
            for i, (its_block, index) in enumerate(home):
                if its_block == block:
                    table.setdefault(index, []).append(i)
        count = max(len(rows), len(cols))
        left_rows, left_cols = list(range(len(rows.get(0, [])))), list(range(len(cols.get(0, []))))
        parts = []
        while left_rows or left_cols:
            part: tuple[list[int], list[int]] = ([left_rows.pop(0)], []) if left_rows else ([], [left_cols.pop(0)])
            grown = True
            while grown:
                grown = False
                for a, b in itertools.product(range(len(rows.get(0, []))), range(len(cols.get(0, [])))):
                    if (a in part[0]) != (b in part[1]):
                        row = self.entry[rows[0][a]]
                        if row[cols[0][b]] != row[cols[1][b]]:
                            grown = True
                            if a in part[0]:
                                part[1].append(b)
                                left_cols.remove(b)
                            else:
                                part[0].append(a)
                                left_rows.remove(a)
            part[0].sort()
            part[1].sort()
            parts.append(
                [(tuple(rows[i][a] for a in part[0]), tuple(cols[i][b] for b in part[1])) for i in range(count)]
            )
        return parts

    # --- exchanges

    def is_unchanged(self, rows: dict[int, int], cols: dict[int, int]) -> bool:
        """Whether the point is unchanged when these rows and columns are moved to their images."""
        entry = self.entry
        for r, image in rows.items():
            here, there = entry[r], entry[image]
            if any(here[c] != there[cols.get(c, c)] for c in self.cols):
                return False
        still = [entry[r] for r in self.rows if r not in rows]
        return all(line[c] == line[image] for c, image in cols.items() for line in still)

    def find_partner(self, unit: Unit, rows: Sequence[int], cols: Sequence[int]) -> Unit | None:
        """A unit among the given rows and columns whose exchange with `unit` leaves the point unchanged."""
        entry, (unit_rows, unit_cols) = self.entry, unit
        if len(rows) < len(unit_rows) or len(cols) < len(unit_cols):
            return None
        moving_rows, moving_cols = {*unit_rows, *rows}, {*unit_cols, *cols}
        still_rows = [r for r in self.rows if r not in moving_rows]
        still_cols = [c for c in self.cols if c not in moving_cols]
        row_choices = [[u for u in rows if all(entry[a][c] == entry[u][c] for c in still_cols)] for a in unit_rows]
        col_choices = [[v for v in cols if all(entry[r][b] == entry[r][v] for r in still_rows)] for b in unit_cols]

        def extend(chosen_rows: tuple[int, ...], chosen_cols: tuple[int, ...]) -> Unit | None:
            if len(chosen_rows) < len(unit_rows):
                for u in row_choices[len(chosen_rows)]:
                    if u not in chosen_rows:
                        found = extend((*chosen_rows, u), ())
                        if found is not None:
                            return found
                return None
            if len(chosen_cols) < len(unit_cols):
                b = unit_cols[len(chosen_cols)]
                for v in col_choices[len(chosen_cols)]:
                    if v not in chosen_cols and all(
                        entry[a][b] == entry[u][v] and entry[a][v] == entry[u][b]
                        for a, u in zip(unit_rows, chosen_rows, strict=True)
                    ):
                        found = extend(chosen_rows, (*chosen_cols, v))
                        if found is not None:
                            return found
                return None
            return (chosen_rows, chosen_cols) if self.is_unchanged(*_swap(unit, (chosen_rows, chosen_cols))) else None

        return extend((), ())

    def find_exchange(self) -> Component | None:
        """An involution of fewest single rows and columns that leaves the point unchanged, as a component of size 2."""
        rows, cols = self.singles()
        for most in range(1, len(rows) // 2 + len(cols) // 2 + 1):
            for pair in itertools.combinations(rows, 2):
                found = self._close({pair[0]: pair[1], pair[1]: pair[0]}, {}, rows, cols, most)
                if found is not None:
                    return found
            for pair in itertools.combinations(cols, 2) if most == 1 else ():
                found = self._close({}, {pair[0]: pair[1], pair[1]: pair[0]}, rows, cols, most)
                if found is not None:
                    return found
        return None

    def _close(
        self, rows: dict[int, int], cols: dict[int, int], free_rows: list[int], free_cols: list[int], most: int
    ) -> Component | None:
        """Extend an exchange by as few pairs as it takes, at most `most` in all; None if that is impossible."""
        entry = self.entry
        for r, image in rows.items():
            for c in self.cols:
                if entry[r][c] != entry[image][cols.get(c, c)]:
                    if c in cols or c not in free_cols or len(rows) + len(cols) >= 2 * most:
                        return None
                    for v in free_cols:  # column c must move
                        if v != c and v not in cols and entry[r][c] == entry[image][v]:
                            found = self._close(rows, {**cols, c: v, v: c}, free_rows, free_cols, most)
                            if found is not None:
                                return found
                    return None
        for c, image in cols.items():
            for r in self.rows:
                if r not in rows and entry[r][c] != entry[r][image]:
                    if r not in free_rows or len(rows) + len(cols) >= 2 * most:
                        return None
                    for u in free_rows:  # row r must move
                        if u != r and u not in rows and entry[r][c] == entry[u][image]:
                            found = self._close({**rows, r: u, u: r}, cols, free_rows, free_cols, most)
                            if found is not None:
                                return found
                    return None
        first = tuple(tuple(sorted(x for x, y in moved.items() if x < y)) for moved in (rows, cols))
        second = tuple(rows[r] for r in first[0]), tuple(cols[c] for c in first[1])
        return Component(Size.of(2), [(first[0], first[1]), second])

    def singles(self) -> tuple[list[int], list[int]]:
        """The constant rows and columns in no component."""
        rows, cols = self.rows, self.cols
        for component in self.growing + self.constant:
            for unit in component.units:
                rows, cols = [r for r in rows if r not in unit[0]], [c for c in cols if c not in unit[1]]
        return rows, cols

    # --- merging

    def merge_growing(self) -> None:
        """Merge growing components with each other and with constant rows and columns until no exchange is left."""
        while self._merge_growing_once():
            pass

    def _merge_growing_once(self) -> bool:
        written = {r for c in self.growing for unit in c.units for r in unit[0]}
        constant_rows = [r for r in self.rows if r not in written]
        written = {x for c in self.growing for unit in c.units for x in unit[1]}
        constant_cols = [x for x in self.cols if x not in written]
        for component in self.growing:
            for other in self.growing:
                if other is not component and other.shape == component.shape:
                    if self.find_partner(component.units[0], *other.units[0]) is not None:
                        self.growing.remove(other)
                        for unit in other.units:
                            self._drop(unit)
                        component.size = component.size + other.size
                        return True
            partner = self.find_partner(component.units[0], constant_rows, constant_cols)
            if partner is not None:
                swallowed = [partner]
                for other in self.constant:
                    if any(_same_points(partner, unit) for unit in other.units):
                        swallowed = other.units
                for unit in swallowed:
                    self._drop(unit)
                component.size = component.size + len(swallowed)
                # a component that lost points to the partner is broken up; what is left of it becomes single
                self.constant = [c for c in self.constant if all(self._is_present(unit) for unit in c.units)]
                return True
        return False

    def _drop(self, unit: Unit) -> None:
        self.rows = [r for r in self.rows if r not in unit[0]]
        self.cols = [c for c in self.cols if c not in unit[1]]

    def _is_present(self, unit: Unit) -> bool:
        return set(unit[0]) <= set(self.rows) and set(unit[1]) <= set(self.cols)

    def merge_constant_once(self) -> bool:
        """Enlarge or find one constant component by an exchange; False if there is none."""
        rows, cols = self.singles()
        for component in self.constant:
            for units in component.orientations():
                for other in self.constant:
                    if other is component or other.shape != component.shape:
                        continue
                    for theirs in other.orientations():
                        partner = self.find_partner(units[0], *theirs[0])
                        if partner is not None:
                            component.units = units + [_reordered(unit, theirs[0], partner) for unit in theirs]
                            component.size = component.size + other.size
                            self.constant.remove(other)
                            return True
                partner = self.find_partner(units[0], rows, cols)
                if partner is not None:
                    component.units = [*units, partner]
                    component.size = component.size + 1
                    return True
        found = self.find_exchange()
        if found is not None:
            self.constant.append(found)
        return found is not None

    # --- orders

    def local_order(self, component: Component) -> int:
        """The number of permutations within one unit of a growing component that leave the point unchanged."""
        if max(component.shape) <= 1:
            return 1
        rows, cols = component.units[0]
        colours = [0 if r in rows else 1 + r for r in self.rows] + [0 if c in cols else 1 + c for c in self.cols]
        return automorphism_count([[self.entry[r][c] for c in self.cols] for r in self.rows], tuple(colours))

    def skeleton_order(self) -> int:
        """The order of the automorphism group of the skeleton: one point per orbit of a growing component."""
        member: dict[tuple[int, int], Component] = {}  # (side, row or column) -> its growing component
        second: dict[int, int] = {}  # a column of the first unit -> that of the second
        hidden: tuple[set[int], set[int]] = (set(), set())
        for component in self.growing:
            for side in (0, 1):
                member |= {(side, x): component for x in component.units[0][side]}
                hidden[side].update(component.units[1][side])
            second |= dict(zip(component.units[0][1], component.units[1][1], strict=True))
        rows = [r for r in self.rows if r not in hidden[0]]
        cols = [c for c in self.cols if c not in hidden[1]]
        table: list[list[tuple[int, ...]]] = []
        for r in rows:
            line = self.entry[r]
            mine = member.get((0, r))
            same = [mine is not None and member.get((1, c)) is mine for c in cols]
            table.append([(line[c], line[second[c]]) if s else (line[c],) for c, s in zip(cols, same, strict=True)])
        code = {key: number for number, key in enumerate(sorted({key for line in table for key in line}))}
        entries = [[code[key] for key in line] for line in table]
        sizes: dict[Size, int] = {}
        points = [(0, r) for r in rows] + [(1, c) for c in cols]
        colours = tuple(sizes.setdefault(member[p].size, len(sizes) + 1) if p in member else 0 for p in points)

        place = {point: number for number, point in enumerate(points)}
        orbit = list(range(len(points)))
        known = []
        for component in self.constant:
            for a, b in itertools.pairwise(component.units):
                pairs = [(side, *pair) for side in (0, 1) for pair in zip(a[side], b[side], strict=True)]
                swaps = [(place[side, x], place[side, y]) for side, x, y in pairs]
                known.append({x: y for pair in swaps for x, y in (pair, pair[::-1])})
                for x, y in swaps:
                    orbit[y] = orbit[x]
        refined = refine(entries, colours)
        assert refined is not None
        if len(set(refined[0])) == len(set(zip(refined[0], orbit, strict=True))):
            # each cell is within one orbit of the known group, and linked orbits can only move together
            return math.prod(math.factorial(c.count) for c in self.constant)
        return automorphism_count(entries, colours, known)


def _swap(first: Unit, second: Unit) -> tuple[dict[int, int], dict[int, int]]:
    rows, cols = (
        {x: y for pair in zip(a, b, strict=True) for x, y in (pair, pair[::-1])}
        for a, b in zip(first, second, strict=True)
    )
    return rows, cols


def _same_points(first: Unit, second: Unit) -> bool:
    return set(first[0]) == set(second[0]) and set(first[1]) == set(second[1])


def _reordered(unit: Unit, model: Unit, ordered: Unit) -> Unit:
    """The unit with its orbits in the order in which `ordered` lists the points of `model`."""
    rows, cols = (
        tuple(here[there.index(x)] for x in wanted) for here, there, wanted in zip(unit, model, ordered, strict=True)
    )
    return rows, cols
