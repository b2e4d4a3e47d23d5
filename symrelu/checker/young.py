"""Young types with equal row and column orbits: block sizes affine in d, coordinates of Fix(G), isotypic components.

A matrix of Fix(G) has three kinds of coordinates: ``own`` (A, A): the diagonal of block A; ``other`` (A, A): the rest
of that block (absent for a block of size 1); ``cross`` (A, B): the block with rows A and columns B. They are numbered
a_1, a_2, ... block row by block row.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.checker.numbers import Unreadable

MOST_BLOCKS = 3
LARGEST_CONSTANT = 10_000
_SIZE = re.compile(r"(?:([0-9]{1,5}) ?\* ?)?(d)(?: ?/ ?([0-9]{1,5}))?(?: ?([-+]) ?([0-9]{1,5}))?|([0-9]{1,5})")


@dataclass(frozen=True)
class Size:
    """A block's size slope * d + constant."""

    slope: Fraction
    constant: Fraction

    @classmethod
    def read(cls, text: Any) -> Size:
        """Read "d", "d - 1", "d/2", "3"; Unreadable otherwise."""
        match = _SIZE.fullmatch(text.strip()) if isinstance(text, str) and len(text) < 40 else None
        if not match or (match[3] is not None and int(match[3]) == 0):
            raise Unreadable(f"a block's size is not of the form d, d - 1, d/2 or 3: {str(text)[:40]!r}")
        if match[6] is not None:
            return cls(Fraction(0), Fraction(int(match[6])))
        constant = Fraction(int(match[5] or 0)) * (-1 if match[4] == "-" else 1)
        return cls(Fraction(int(match[1] or 1), int(match[3] or 1)), constant)

    def at(self, d: Fraction) -> Fraction:
        """The value at d."""
        return self.slope * d + self.constant

    @property
    def fixed(self) -> int | None:
        """The size as an integer if it does not depend on d."""
        return int(self.constant) if self.slope == 0 else None


Place = tuple[str, int, int]  # kind, row block, column block


@dataclass(frozen=True)
class Young:
    """The type with these blocks, rows and columns alike."""

    sizes: tuple[Size, ...]

    @classmethod
    def read(cls, blocks: Any) -> Young:
        """Blocks as a certificate lists them; their sizes add up to d."""
        if not isinstance(blocks, list) or not 1 <= len(blocks) <= MOST_BLOCKS:
            raise Unreadable(f"family.blocks is not a list of 1 to {MOST_BLOCKS} sizes")
        sizes = tuple(Size.read(text) for text in blocks)
        if sum(s.slope for s in sizes) != 1 or sum(s.constant for s in sizes) != 0:
            raise Unreadable("the blocks' sizes do not add up to d")
        if any(s.slope < 0 or (s.slope == 0 and s.constant < 1) for s in sizes):
            raise Unreadable("a block is empty")
        return cls(sizes)

    @property
    def coordinates(self) -> list[Place]:
        """The coordinates of Fix(G) in their order."""
        out: list[Place] = []
        for a, size in enumerate(self.sizes):
            for b in range(len(self.sizes)):
                if a != b:
                    out.append(("cross", a, b))
                else:
                    out.append(("own", a, a))
                    if size.fixed != 1:
                        out.append(("other", a, a))
        return out

    @property
    def names(self) -> list[str]:
        """The names a_1, a_2, ... of the coordinates."""
        return [f"a_{k + 1}" for k in range(len(self.coordinates))]

    def components(self, d: Fraction | None = None) -> list[Component]:
        """The isotypic components of M(d, d); at an integer d only those that occur there."""
        n: list[Fraction | None] = []
        for s in self.sizes:
            n.append(s.at(d) if d is not None and d.denominator == 1 else (s.constant if s.slope == 0 else None))
        blocks = range(len(self.sizes))

        def at_least(block: int, least: int) -> bool:
            size = n[block]
            return size is None or size >= least

        out = [Component("t", ())]
        out += [Component("s", (b,)) for b in blocks if at_least(b, 2)]
        out += [Component("x", (b,)) for b in blocks if at_least(b, 3)]
        out += [Component("y", (b,)) for b in blocks if at_least(b, 4)]
        out += [Component("ss", (a, b)) for a in blocks for b in blocks if a < b and at_least(a, 2) and at_least(b, 2)]
        return [Component(c.kind, c.blocks, c.kind == "s" and n[c.blocks[0]] == 2) for c in out]


@dataclass(frozen=True)
class Component:
    """An irreducible of G: t, s_i, x_i, y_i or s_i*s_j, blocks from 0; ``pair``: s of a block of size 2."""

    kind: str
    blocks: tuple[int, ...]
    pair: bool = False

    @property
    def name(self) -> str:
        """t, s1, x1, y1, s1*s2."""
        return "*".join(f"{self.kind[0]}{b + 1}" for b in self.blocks) if self.blocks else "t"

    @property
    def smallest(self) -> int:
        """The size of the blocks concerned from which the irreducible has positive dimension."""
        return {"t": 1, "s": 2, "ss": 2, "x": 3, "y": 4}[self.kind]

    @property
    def singles(self) -> int:
        """How many single indices a representative splits off each block concerned."""
        return {"t": 0, "s": 2, "ss": 2, "x": 3, "y": 4}[self.kind]


Part = tuple[int, int]  # block and which of its single indices; -1: the rest of the block
Direction = dict[tuple[Part, Part, bool], int]  # (row part, column part, same index of the rest) -> entry


def parts_of(young: Young, component: Component) -> list[Part]:
    """Row (and column) parts of the refinement on which the representatives of a component live."""
    out: list[Part] = []
    for b in range(len(young.sizes)):
        if b in component.blocks:
            out += [(b, k) for k in range(component.singles)]
        out.append((b, -1))
    return out


def directions(young: Young, component: Component) -> list[Direction]:
    """One matrix for each copy of the component in M(d, d), all images of one vector of the irreducible.

    t: the coordinates of Fix(G); s_i, with e = e_1 - e_2 in block i: diag(e), e along the rows and along the columns of
    each block; s_i*s_j: e f' and f e'; x_i: the cyclic antisymmetric matrix on three indices; y_i:
    (e_1 - e_2)(e_3 - e_4)' + transpose.
    """
    parts = parts_of(young, component)

    def fill(value: Any) -> Direction:
        out = {}
        for i in parts:
            for j in parts:
                for same in (True, False) if i == j and i[1] < 0 else (i == j,):
                    entry = value(i, j, same)
                    if entry:
                        out[i, j, same] = int(entry)
        return out

    if component.kind == "t":
        chosen = []
        for kind, a, b in young.coordinates:
            want = None if kind == "cross" else kind == "own"
            chosen.append(
                fill(lambda i, j, same, a=a, b=b, w=want: i[0] == a and j[0] == b and (w is None or same == w))
            )
        return chosen
    b = component.blocks[0]
    if component.kind == "x":
        cyclic = {(0, 1): 1, (1, 2): 1, (2, 0): 1, (1, 0): -1, (2, 1): -1, (0, 2): -1}
        return [fill(lambda i, j, same: cyclic.get((i[1], j[1]), 0) if i[0] == j[0] == b else 0)]
    if component.kind == "y":
        square = {(0, 2): 1, (0, 3): -1, (1, 2): -1, (1, 3): 1}
        return [
            fill(lambda i, j, same: square.get((i[1], j[1]), square.get((j[1], i[1]), 0)) if i[0] == j[0] == b else 0)
        ]

    def sign(part: Part, block: int) -> int:
        return {0: 1, 1: -1}.get(part[1], 0) if part[0] == block else 0

    if component.kind == "ss":
        e = component.blocks[1]
        return [fill(lambda i, j, same: sign(i, b) * sign(j, e)), fill(lambda i, j, same: sign(i, e) * sign(j, b))]
    out = [
        fill(lambda i, j, same: sign(i, b) if same else 0),
        fill(lambda i, j, same: sign(i, b) if j[0] == b and not same else 0),
    ]
    if not component.pair:  # for two indices the column direction is minus the row direction
        out.append(fill(lambda i, j, same: sign(j, b) if i[0] == b and not same else 0))
    for e in range(len(young.sizes)):
        if e != b:
            out.append(fill(lambda i, j, same, e=e: sign(i, b) if j[0] == e else 0))
            out.append(fill(lambda i, j, same, e=e: sign(j, b) if i[0] == e else 0))
    return out
