"""Young-type isotropy groups: products of symmetric groups acting on orbits of rows and orbits of columns.

A group G = S_{n_1} x ... x S_{n_r} acts on k x d matrices by (pi, rho) W = P_pi W P_rho^T. Each factor permutes one or
several orbits of rows and of columns at once; a row or column of its own orbit is fixed. The groups
Delta(S_{d-m} x S_m) of the paper (arXiv 2107.10370, Section 2) have rows = columns = one orbit per block.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput
from symrelu.symmetry.size import ONE, D, Size

Sizes = str | Iterable[Size | Fraction | int | str]


@dataclass(frozen=True)
class Orbit:
    """An orbit of rows or columns: all the indices of one block (counted from 0), or one fixed index (None)."""

    block: int | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether the orbit is one index that no block moves."""
        return self.block is None

    def __str__(self) -> str:
        """The block's number counted from 1, or "*": as users write it."""
        return "*" if self.block is None else str(self.block + 1)


@dataclass(frozen=True)
class Isotropy:
    """The group S_{n_1} x ... x S_{n_r}, with the orbits of rows and of columns that its factors permute.

    Parameters
    ----------
    blocks: the sizes n_i, affine in d and positive for large d; a constant one must be a positive integer.
    rows, cols: the orbits in the order in which they appear in the matrix. The columns' sizes sum to d; the number of
        rows k is the sum of the rows' sizes. Every block moves some orbit.

    Raises `BadInput` with a line of advice when one of these conditions fails.
    """

    blocks: tuple[Size, ...]
    rows: tuple[Orbit, ...]
    cols: tuple[Orbit, ...]

    def __post_init__(self) -> None:
        for name in ("blocks", "rows", "cols"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for number, size in enumerate(self.blocks, 1):
            _check_block(number, size)
        for kind, orbits in (("row", self.rows), ("column", self.cols)):
            if not orbits:
                raise BadInput(f"no {kind} orbits were given; at least one is needed: try 1,2 (block numbers) or *")
            for orbit in orbits:
                if orbit.block is not None and not 0 <= orbit.block < len(self.blocks):
                    raise BadInput(
                        f"a {kind} orbit names block {orbit.block + 1}, but the blocks are numbered 1 to "
                        f"{len(self.blocks)}: name one of those, or write * for a fixed {kind}"
                    )
        used = {orbit.block for orbit in self.rows + self.cols}
        for number, size in enumerate(self.blocks):
            if number not in used:
                raise BadInput(
                    f"block {number + 1} of size {size} moves no row and no column: leave the block out, "
                    f"or name it in the row or column orbits"
                )
        total = self._total(self.cols)
        if total != D:
            written = " + ".join(f"({self.orbit_size(c)})" for c in self.cols)
            raise BadInput(
                f"the column orbits' sizes {written} sum to {total}, but there are d columns: change the blocks or the "
                f"column orbits so that they sum to d, for example blocks d-1,1"
            )

    @classmethod
    def diagonal(cls, blocks: Sizes) -> Isotropy:
        """Delta(S_{n_1} x ... x S_{n_r}): each block moves one orbit of rows and one of columns; k = d.

        `blocks` is text such as "d-1,1", or the sizes one by one. Raises `BadInput` unless the sizes sum to d.
        """
        return cls.parse(blocks)

    @classmethod
    def parse(cls, blocks: Sizes, rows: str | None = None, cols: str | None = None) -> Isotropy:
        """Read a group as users write it: blocks="d-4,4", rows="1,2,*", cols="1,2".

        Block numbers count from 1; `*` is a fixed row or column; rows or cols left out are one orbit per block.
        Raises `BadInput` for what cannot be read and for what makes no sense together.
        """
        pieces: list[Any] = blocks.split(",") if isinstance(blocks, str) else list(blocks)
        if not pieces or (isinstance(blocks, str) and not blocks.strip()):
            raise BadInput("no block sizes were given; at least one is needed: try d-1,1")
        sizes = tuple(Size.of(piece) for piece in pieces)
        each = tuple(Orbit(i) for i in range(len(sizes)))
        return cls(
            sizes,
            each if rows is None else _read_orbits("row", rows),
            each if cols is None else _read_orbits("column", cols),
        )

    def orbit_size(self, orbit: Orbit) -> Size:
        """The number of rows or columns in an orbit of this group."""
        return ONE if orbit.block is None else self.blocks[orbit.block]

    def _total(self, orbits: Iterable[Orbit]) -> Size:
        return sum((self.orbit_size(orbit) for orbit in orbits), Size(Fraction(0)))

    @property
    def k(self) -> Size:
        """The number of rows: the sum of the row orbits' sizes."""
        return self._total(self.rows)

    @property
    def d_columns(self) -> Size:
        """The number of columns: always d."""
        return self._total(self.cols)

    @property
    def is_diagonal(self) -> bool:
        """Whether rows and columns are one orbit per block in order: Delta(S_{n_1} x ... x S_{n_r}), k = d."""
        each = tuple(Orbit(i) for i in range(len(self.blocks)))
        return self.rows == each and self.cols == each

    def order(self, d: Any = None) -> Any:
        """The order of the group, the product of n_i!, as a SymPy expression in d (by default the symbol d)."""
        import sympy

        return sympy.prod(sympy.factorial(size.sympy(d)) for size in self.blocks)

    def label(self) -> str:
        """The type in plain text: the group's name, and in brackets the orbits that the name does not tell."""
        shown = []
        for kind, orbits in (("rows", self.rows), ("columns", self.cols)):
            moved = {orbit.block for orbit in orbits if orbit.block is not None}
            if orbits != tuple(Orbit(block) for block in sorted(moved)):
                shown.append(f"{kind} {','.join(map(str, orbits))}")
        return f"{self.group_name()} ({'; '.join(shown)})" if shown else self.group_name()

    def group_name(self) -> str:
        """The group alone, such as "Delta(S_{d-1} x S_1)"; a block that moves one side only is marked so."""
        return self._named("Delta", " x ", " ", "rows({})", "columns({})")

    def latex(self) -> str:
        r"""The group in LaTeX, such as \Delta(S_{d-1}\times S_1); superscripts mark blocks that move one side only."""
        return self._named(r"\Delta", r"\times ", " ", r"({})^{{\mathrm{{row}}}}", r"({})^{{\mathrm{{col}}}}")

    def _named(self, delta: str, times: str, gap: str, on_rows: str, on_columns: str) -> str:
        row_blocks = {orbit.block for orbit in self.rows}
        col_blocks = {orbit.block for orbit in self.cols}
        both: list[str] = []
        row_only: list[str] = []
        col_only: list[str] = []
        for number, size in enumerate(self.blocks):
            name = size.latex()
            name = f"S_{name}" if len(name) == 1 else f"S_{{{name}}}"
            where = (row_only if number not in col_blocks else both) if number in row_blocks else col_only
            where.append(name)
        parts = []
        if both:
            parts.append(f"{delta}{gap}{both[0]}" if len(both) == 1 else f"{delta}({times.join(both)})")
        for form, names in ((on_rows, row_only), (on_columns, col_only)):
            if names:
                parts.append(form.format(times.join(names)))
        return times.join(parts) if parts else "1"

    def minimal_d(self) -> Fraction | None:
        """The smallest real d at which every block has size at least 1 (None if every d will do)."""
        bounds = [(1 - size.const) / size.slope for size in self.blocks if not size.is_constant]
        return max(bounds, default=None)

    def check_integer(self, d: int) -> None:
        """Raise `BadInput` unless d is an integer at which every block is a positive integer."""
        if d != int(d):
            raise BadInput(f"d = {d} was given; a whole matrix needs an integer: try d = {math.ceil(d)}")
        for number, size in enumerate(self.blocks, 1):
            value = size.at(int(d))
            if value < 1 or not isinstance(value, int):
                fit = self._next_integer_d(int(d))
                advice = f"try d = {fit}" if fit is not None else "no d makes all the blocks of this group whole"
                raise BadInput(
                    f"at d = {d} block {number} of size {size} would have {value} elements; a whole matrix needs a "
                    f"positive integer there: {advice}"
                )

    def _next_integer_d(self, d: int) -> int | None:
        """The smallest integer from d on at which every block is a positive integer, if there is one."""
        start = max(d, math.ceil(self.minimal_d() or 1))
        period = math.lcm(*(size.slope.denominator for size in self.blocks))
        for candidate in range(start, start + min(period, 10000)):
            if all(isinstance(size.at(candidate), int) for size in self.blocks):
                return candidate
        return None


def _check_block(number: int, size: Size) -> None:
    if size.slope < 0:
        problem = "which is negative for large d"
    elif size.is_constant and size.const <= 0:
        problem = "which is not positive"
    elif size.is_constant and size.const.denominator != 1:
        problem = "which is not a whole number"
    else:
        return
    raise BadInput(
        f"block {number} was given the size {size}, {problem}; a block needs a positive whole number "
        f"or a size that grows with d: try d-4,4 or d/2,d/2"
    )


def _read_orbits(kind: str, text: str) -> tuple[Orbit, ...]:
    if not text.strip():
        raise BadInput(f"no {kind} orbits were given; at least one is needed: try 1,2 (block numbers) or *")
    orbits = []
    for piece in (part.strip() for part in text.split(",")):
        if piece == "*":
            orbits.append(Orbit(None))
        elif piece.isascii() and piece.isdigit() and len(piece) < 10:
            orbits.append(Orbit(int(piece) - 1))
        else:
            raise BadInput(
                f"the {kind} orbits {text!r} contain {piece!r}; each must be a block number (from 1) "
                f"or * for a fixed {kind}: try 1,2,*"
            )
    return tuple(orbits)
