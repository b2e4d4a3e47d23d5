"""Young-type groups up to conjugacy: their names, which lie in which, and all of them for a given k and d.

A Young-type group G = S_{n_1} x ... x S_{n_r} is told, up to conjugacy in S_k x S_d, by its blocks with two points or
more, each with the numbers of its orbits of rows and of columns, and by how many rows and columns it fixes.

G lies in a conjugate of G' = S_{n'_1} x ... x S_{n'_s} exactly if G acts on the n'_c indices of each block c of G' such
that the rows and columns of G fall into r'_c + c'_c copies of these G-sets and fixed points. Orbits of different blocks
of G are different as G-sets, so such an action is a choice of blocks of G and of fixed points whose sizes sum to n'_c:
finitely many choices, also where sizes are affine in a symbolic d.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symrelu.errors import BadInput
from symrelu.symmetry.actual import actual_isotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.size import ONE, D, Size

LARGEST_DIAGONAL, LARGEST_SEPARATE = 12, 4
"""The largest numbers of rows outside growing blocks for which types are listed, diagonal ones and all."""


@dataclass(frozen=True)
class YoungBlock:
    """A factor S_n, n >= 2, that permutes `rows` orbits of rows and `cols` orbits of columns at once. ``size``: n."""

    size: Size
    rows: int
    cols: int

    def key(self) -> tuple[Fraction, Fraction, int, int]:
        """The order of blocks within a group: the reverse of this key's."""
        return self.size.slope, self.size.const, self.rows, self.cols


@dataclass(frozen=True)
class YoungType:
    """A Young-type group up to conjugacy.

    blocks: those with two points or more, largest first. fixed_rows, fixed_cols: how many rows and columns are fixed.
    Sizes are all constant (at one d), or affine in d.
    """

    blocks: tuple[YoungBlock, ...]
    fixed_rows: int
    fixed_cols: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", tuple(sorted(self.blocks, key=YoungBlock.key, reverse=True)))

    @classmethod
    def of(cls, isotropy: Isotropy, d: int | None = None) -> YoungType:
        """The type of a group, at an integer d or for d symbolic. Raises BadInput where a block is no integer at d."""
        if d is not None:
            isotropy.check_integer(d)
        sizes = [size if d is None else Size(Fraction(size.at(d))) for size in isotropy.blocks]
        rows, cols = (Counter(orbit.block for orbit in orbits) for orbits in (isotropy.rows, isotropy.cols))
        single = [None, *(block for block, size in enumerate(sizes) if size.is_one)]
        blocks = [YoungBlock(n, rows[b], cols[b]) for b, n in enumerate(sizes) if b not in single]
        return cls(tuple(blocks), sum(rows[b] for b in single), sum(cols[b] for b in single))

    @property
    def is_diagonal(self) -> bool:
        """Whether the group is Delta(S_{n_1} x ... x S_{n_r}): each block moves one orbit of rows and one of columns,
        and as many rows as columns are fixed.
        """
        return self._pairs and self.fixed_rows == self.fixed_cols

    @property
    def _pairs(self) -> bool:
        return all((block.rows, block.cols) == (1, 1) for block in self.blocks)

    @property
    def order(self) -> int:
        """The order of the group, the product of n!, where all sizes are constant."""
        return math.prod(math.factorial(int(block.size.const)) for block in self.blocks)

    def orbits(self) -> tuple[tuple[Size, ...], tuple[Orbit, ...], tuple[Orbit, ...]]:
        """Blocks, row orbits and column orbits, block by block. Fixed rows and columns of a group whose blocks all move
        one orbit of each are paired as blocks of size 1, as in Delta(S_{d-1} x S_1); others are fixed.
        """
        sizes = [block.size for block in self.blocks]
        rows = [Orbit(i) for i, block in enumerate(self.blocks) for _ in range(block.rows)]
        cols = [Orbit(i) for i, block in enumerate(self.blocks) for _ in range(block.cols)]
        pairs = self._paired_ones
        ones = [Orbit(len(sizes) + i) for i in range(pairs)]
        return (
            (*sizes, *[ONE] * pairs),
            (*rows, *ones, *[Orbit(None)] * (self.fixed_rows - pairs)),
            (*cols, *ones, *[Orbit(None)] * (self.fixed_cols - pairs)),
        )

    def isotropy(self, d: int | None = None) -> Isotropy | None:
        """The group with sizes affine in d, as other commands take it. Where the sizes are those at an integer d, which
        is then given, the first block that moves columns is taken to grow; if it moves columns alone, the first that
        moves rows alone grows with it. None if no block moves columns.
        """
        sizes, rows, cols = self.orbits()
        if d is not None:
            growing = next((i for i, block in enumerate(self.blocks) if block.cols), None)
            if growing is None:
                return None
            count = self.blocks[growing].cols
            rest = d - count * sizes[growing].const
            grown = {growing: (D - rest) / count}
            alone = [i for i, block in enumerate(self.blocks) if not block.cols]
            if alone and not self.blocks[growing].rows:
                grown[alone[0]] = D - d + sizes[alone[0]]
            sizes = tuple(grown.get(i, size) for i, size in enumerate(sizes))
        return Isotropy(sizes, rows, cols)

    def orbit_counts(self) -> tuple[int, int]:
        """The numbers of orbits of rows and of columns."""
        return (
            sum(block.rows for block in self.blocks) + self.fixed_rows,
            sum(block.cols for block in self.blocks) + self.fixed_cols,
        )

    def pattern(self) -> tuple[tuple[int, ...], ...]:
        """A matrix with constant sizes whose equal entries are the orbits of the group."""
        sizes, rows, cols = self.orbits()
        lines, columns = (
            [(place, orbit.block, i) for place, orbit in enumerate(orbits) for i in range(_count(sizes, orbit))]
            for orbits in (rows, cols)
        )
        number: dict[tuple[int, int, bool], int] = {}
        return tuple(
            tuple(
                number.setdefault((r, c, block is not None and block == other and i == j), len(number))
                for c, other, j in columns
            )
            for r, block, i in lines
        )

    def name(self) -> str:
        """The group, such as "Delta(S_3 x S_1)", "rows(S_2) x columns(S_3)"; S_2[2,1] moves two orbits of rows and one
        of columns at once. The trivial group is "1".
        """
        parts = []
        if both := self._moving(True, True):
            factors = [_factor(b) + ("" if (b.rows, b.cols) == (1, 1) else f"[{b.rows},{b.cols}]") for b in both]
            factors += ["S_1"] * self._paired_ones
            parts = [f"Delta {factors[0]}" if len(factors) == 1 else f"Delta({' x '.join(factors)})"]
        for side, blocks in (("rows", self._moving(True, False)), ("columns", self._moving(False, True))):
            if blocks:
                parts.append(f"{side}({' x '.join(map(_factor, blocks))})")
        return " x ".join(parts) or "1"

    def latex(self) -> tuple[str, ...]:
        r"""The direct factors of the group in LaTeX: what moves rows and columns together, rows alone, columns alone.

        Equal factors are powers, as in \Delta(S_{d-2}\times S_1^2); S_2^{(2,1)} moves two orbits of rows and one of
        columns at once.
        """
        parts = []
        if both := self._moving(True, True):
            counts = Counter((_factor(b), "" if (b.rows, b.cols) == (1, 1) else f"({b.rows},{b.cols})") for b in both)
            counts[("S_1", "")] += self._paired_ones
            factors = _powers(counts)
            single = sum(counts.values()) == 1
            parts = [rf"\Delta {factors[0]}" if single else rf"\Delta({_TIMES.join(factors)})"]
        for side, blocks in (("row", self._moving(True, False)), ("col", self._moving(False, True))):
            if blocks:
                factors = _powers(Counter((_factor(b), "") for b in blocks))
                inner = factors[0] if len(factors) == 1 and "^" not in factors[0] else f"({_TIMES.join(factors)})"
                parts.append(rf"{inner}^{{\mathrm{{{side}}}}}")
        return tuple(parts) or ("1",)

    def _moving(self, rows: bool, cols: bool) -> list[YoungBlock]:
        return [block for block in self.blocks if (block.rows > 0, block.cols > 0) == (rows, cols)]

    @property
    def _paired_ones(self) -> int:
        return min(self.fixed_rows, self.fixed_cols) if self._pairs else 0

    def is_closed(self) -> bool:
        """Whether the group, with sizes affine in d, is the isotropy group of a generic point that it fixes."""
        isotropy = self.isotropy()
        assert isotropy is not None
        actual = actual_isotropy(isotropy, range(FixedSpace(isotropy).dim))
        return not actual.is_larger


_TIMES = r"\times "


def _factor(block: YoungBlock) -> str:
    size = block.size.latex()
    return f"S_{size}" if len(size) == 1 else f"S_{{{size}}}"


def _powers(counts: Counter[tuple[str, str]]) -> list[str]:
    """Factors of LaTeX with their superscripts, equal ones as powers."""
    factors = []
    for (name, above), count in counts.items():
        upper = above + (str(count) if count > 1 and not above else "")
        factors += [f"{name}^{{{upper}}}" if upper else name] * (count if above else min(count, 1))
    return factors


def _count(sizes: tuple[Size, ...], orbit: Orbit) -> int:
    return 1 if orbit.block is None else int(sizes[orbit.block].const)


# --- inclusion


def lies_in(small: YoungType, large: YoungType) -> bool:
    """Whether a group of the first type lies in some group of the second one (see the module), for the same k and d.

    ``small`` and ``large``: the two types.
    """
    orbits = small.orbit_counts()
    if any(few < many for few, many in zip(orbits, large.orbit_counts(), strict=True)):
        return False
    left = tuple((block.rows, block.cols) for block in small.blocks)
    sizes = [_plain(block.size) for block in small.blocks]
    return _fill(sizes, large, 0, left, (small.fixed_rows, small.fixed_cols))


_Plain = tuple[Fraction | int, Fraction | int]
_Left = tuple[tuple[int, int], ...]


def _plain(size: Size) -> _Plain:
    """Slope and constant of a size, as integers where they are: this is the inner loop."""
    slope, const = (int(x) if x.denominator == 1 else x for x in (size.slope, size.const))
    return slope, const


def _fill(sizes: Sequence[_Plain], large: YoungType, place: int, left: _Left, fixed: tuple[int, int]) -> bool:
    """Whether the blocks of `large` from a place on can be filled with the orbits that are left of each block."""
    if place == len(large.blocks):
        return all(pair == (0, 0) for pair in left) and fixed == (large.fixed_rows, large.fixed_cols)
    block = large.blocks[place]
    for remaining, points in _choices(sizes, block, _plain(block.size), left, 0):
        taken = (fixed[0] - points * block.rows, fixed[1] - points * block.cols)
        if min(taken) >= 0 and _fill(sizes, large, place + 1, remaining, taken):
            return True
    return False


def _choices(
    sizes: Sequence[_Plain], block: YoungBlock, room: _Plain, left: _Left, start: int
) -> Iterator[tuple[_Left, int]]:
    """What is left of the orbits, and how many fixed points are taken, for each way to fill one block."""
    slope, const = room
    if slope == 0 and const.denominator == 1:
        yield left, int(const)
    for i in range(start, len(sizes)):
        rows, cols = left[i][0] - block.rows, left[i][1] - block.cols
        rest = slope - sizes[i][0], const - sizes[i][1]
        if rows >= 0 and cols >= 0 and rest >= (0, 0):
            yield from _choices(sizes, block, rest, (*left[:i], (rows, cols), *left[i + 1 :]), i)


# --- lists


def young_types(k: int, d: int) -> Iterator[YoungType]:
    """All Young-type groups at one k and d, up to conjugacy; some are not isotropy groups."""
    for blocks, rows, cols in _block_lists(k, d):
        yield YoungType(blocks, rows, cols)


def diagonal_types(max_block: int, extra_rows: int = 0) -> list[YoungType]:
    """The groups Delta(S_{d-m} x S_lambda), lambda a partition, with at most `max_block` columns outside the first
    block, for k = d + extra_rows; rows or columns in excess are fixed. Raises BadInput for numbers out of range.
    """
    _check_range(max_block, LARGEST_DIAGONAL, extra_rows)
    found = []
    for m in range(max(0, -extra_rows), max_block + 1):
        common = min(m, m + extra_rows)
        for parts in _partitions(common, common):
            blocks = [YoungBlock(D - m, 1, 1), *(YoungBlock(Size(Fraction(n)), 1, 1) for n in parts if n > 1)]
            ones = sum(n == 1 for n in parts)
            found.append(YoungType(tuple(blocks), ones + m + extra_rows - common, ones + m - common))
    return found


def separate_types(max_block: int, extra_rows: int = 0) -> list[YoungType]:
    """The Young-type isotropy groups for k = d + extra_rows with at most `max_block` columns outside a growing block:
    one growing block moves rows and columns, or one moves rows and another columns; other blocks are of constant size,
    and move any orbits. Raises BadInput for numbers out of range.
    """
    _check_range(max_block, LARGEST_SEPARATE, extra_rows)
    found = []
    for m in range(max(0, -extra_rows), max_block + 1):
        for blocks, rows, cols in _block_lists(m + extra_rows, m):
            found.append(YoungType((YoungBlock(D - m, 1, 1), *blocks), rows, cols))
    for p in range(max_block + 1):
        for q in range(max_block + 1):
            for blocks, rows, cols in _block_lists(p, q):
                growing = (YoungBlock(D + extra_rows - p, 1, 0), YoungBlock(D - q, 0, 1))
                found.append(YoungType((*growing, *blocks), rows, cols))
    return [one for one in found if one.is_closed()]


def _check_range(max_block: int, largest: int, extra_rows: int) -> None:
    if not 0 <= max_block <= largest:
        raise BadInput(
            f"--max-block {max_block} was given; between 0 and {largest} rows outside the growing blocks are listed "
            f"here (up to {LARGEST_DIAGONAL} for diagonal groups, {LARGEST_SEPARATE} with --separate)"
        )
    if not -max_block <= extra_rows <= largest:
        raise BadInput(
            f"k = {D + extra_rows} was given; with --max-block {max_block}, k can be from {D - max_block} to "
            f"{D + largest}: try --k d+1"
        )


def _partitions(total: int, largest: int) -> Iterator[tuple[int, ...]]:
    """The partitions of a number into parts of at most a size, in descending order."""
    if total == 0:
        yield ()
    for first in range(min(total, largest), 0, -1):
        for rest in _partitions(total - first, first):
            yield (first, *rest)


def _block_lists(rows: int, cols: int) -> Iterator[tuple[tuple[YoungBlock, ...], int, int]]:
    """All lists of blocks of constant size for so many rows and columns, with the rows and columns left over."""
    # two orbits of a block that moves rows alone are moved by a larger group with the same orbits of places
    shapes = [
        (n, r, c)
        for n in range(2, max(rows, cols) + 1)
        for r in range(rows // n + 1)
        for c in range(cols // n + 1)
        if (r and c) or r + c == 1
    ]

    def extend(start: int, rows: int, cols: int) -> Iterator[tuple[tuple[YoungBlock, ...], int, int]]:
        yield (), rows, cols
        for i in range(start, len(shapes)):
            n, r, c = shapes[i]
            if n * r <= rows and n * c <= cols:
                for blocks, its_rows, its_cols in extend(i, rows - n * r, cols - n * c):
                    yield (YoungBlock(Size(Fraction(n)), r, c), *blocks), its_rows, its_cols

    return extend(0, rows, cols)
