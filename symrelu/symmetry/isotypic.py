r"""Isotypic decomposition of M(k, d) and of M(k, d) + R^k under a Young-type group, with explicit representatives.

R^n = t + s under S_n, so a pair (row orbit, column orbit) contributes (t + s_i)(t + s_j) = t + s_i + s_j + s_i s_j
for two blocks i, j,
(t + s)(t + s) = 2t + 3s + x + y for one block, t + s with a fixed row or column, t for two fixed ones; a row orbit of
the second layer contributes t + s or t.
Here s is the standard representation (n - 1, 1), x = (n - 2, 1, 1) its exterior square and y = (n - 2, 2).

A component's copies are equivariant maps from the irreducible into M(k, d) + R^k; a *representative* is the image of
one vector of the irreducible, the same for all
copies, so the Hessian and the Gram matrix on the representatives of all copies carry everything: their pencil has
each eigenvalue once, whatever its multiplicity.
Representatives live on a *refinement* of the group, in which k = 1, 2, 3 or 4 single indices are split off the blocks
concerned:

    s:       e_1 - e_2 along rows, along columns, on the diagonal, in the second layer
    x:       the cyclic antisymmetric matrix on three indices, e_1 e_2' - e_2 e_1' + e_2 e_3' - e_3 e_2' + e_3
    e_1' - e_1 e_3'
    y:       (e_1 - e_2)(e_3 - e_4)' + transpose
    s_i s_j: (e_1 - e_2)(f_1 - f_2)'
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.size import Size

Kind = Literal["t", "s", "x", "y", "ss"]
SPLIT = {
    "t": 0,
    "s": 2,
    "x": 3,
    "y": 4,
    "ss": 2,
}  # single indices that a representative splits off each block concerned

Part = (
    Literal["whole", "rest"] | int
)  # of an orbit of the given group: all of it, one of its single indices (from 0), or what is left


@dataclass(frozen=True)
class Component:
    """An irreducible of G that occurs: its kind, and the blocks (from 0) that it concerns (none for t, two for ss)."""

    kind: Kind
    blocks: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """The name on the command line: t, s1, x1, y1, s1*s2."""
        if self.kind == "ss":
            return "*".join(f"s{b + 1}" for b in self.blocks)
        return self.kind + "".join(str(b + 1) for b in self.blocks)

    def dimension(self, isotropy: Isotropy) -> Dimension:
        """The dimension of the irreducible as a polynomial in d: the multiplicity of each of its eigenvalues."""
        sizes = [isotropy.blocks[b] for b in self.blocks]
        if self.kind == "t":
            return Dimension(Fraction(1), ())
        if self.kind in ("s", "ss"):
            return Dimension(Fraction(1), *2 * (tuple(n - 1 for n in sizes),))
        n = sizes[0]
        if self.kind == "x":
            return Dimension(Fraction(1, 2), (n - 1, n - 2), (n - 2,))
        return Dimension(Fraction(1, 2), (n, n - 3), (n - 3,))


@dataclass(frozen=True)
class Dimension:
    """A product of affine functions of d with a rational coefficient.

    ``positive``: the component is there at the d's where these are positive. The sign of the product does not tell it:
    (n - 1)(n - 2)/2 is 1 for a block of n = 0. ``factors``: those affine functions.
    """

    coefficient: Fraction
    factors: tuple[Size, ...]
    positive: tuple[Size, ...] = ()

    def present(self, d: Any) -> bool:
        """Whether the component is there at the real number d: its blocks are large enough, the dimension positive."""
        return all(size.at(d) > 0 for size in self.positive)

    def formal(self, d: Fraction | int) -> Fraction:
        """The polynomial's value, which means nothing where the component is absent (y at n = 1: -1; x at n = 0: 1)."""
        value = self.coefficient
        for factor in self.factors:
            value *= Fraction(factor.at(Fraction(d)))
        return value

    def at(self, d: int) -> int:
        """The dimension at an integer d: the formal value, or 0 where the component is absent."""
        return int(self.formal(d)) if self.present(d) else 0

    def sympy(self, d: Any = None) -> Any:
        """The product as a SymPy expression in d (by default the symbol d)."""
        import sympy

        constant = self.coefficient
        for factor in self.factors:
            constant *= factor.const if factor.is_constant else 1
        factors = [factor.sympy(d) for factor in self.factors if not factor.is_constant]
        if constant != 1 or not factors:
            factors = [sympy.Rational(constant.numerator, constant.denominator), *factors]
        return factors[0] if len(factors) == 1 or not constant else sympy.Mul(*factors, evaluate=False)

    def __str__(self) -> str:
        """The product as text: (d - 2)*(d - 3)/2."""
        coefficient, factors = self.coefficient, []
        for factor in self.factors:
            if factor.is_constant:
                coefficient *= factor.const
            else:
                factors.append(f"({factor})" if len(str(factor)) > 1 else str(factor))
        if coefficient == 0 or not factors:
            return str(coefficient)
        if coefficient == 1 and len(factors) == 1:
            return factors[0].removeprefix("(").removesuffix(")")
        head = [] if coefficient.numerator == 1 else [str(coefficient.numerator)]
        below = f"/{coefficient.denominator}" if coefficient.denominator != 1 else ""
        return "*".join(head + factors) + below


@dataclass(frozen=True)
class Place:
    """Where an orbit of the refinement comes from: an orbit (position) of the given group, and which part of it."""

    orbit: int
    part: Part


@dataclass(frozen=True)
class Refinement:
    """A subgroup with single indices split off some blocks: the group, and for each of its row and column
    orbits its origin. ``given``: the group that was split.
    """

    given: Isotropy
    isotropy: Isotropy
    rows: tuple[Place, ...]
    cols: tuple[Place, ...]


def refine(isotropy: Isotropy, blocks: tuple[int, ...], singles: int) -> Refinement:
    """Split ``singles`` single indices off each of the given blocks; a block with nothing left keeps no rest."""
    sizes: list[Size] = []
    numbers: dict[tuple[int, Part], int] = {}
    for i, size in enumerate(isotropy.blocks):
        parts: list[tuple[Part, Size]] = [("whole", size)]
        if i in blocks and singles:
            rest = size - singles
            parts = [(p, Size(Fraction(1))) for p in range(singles)]
            if not (rest.is_constant and rest.const == 0):
                parts.append(("rest", rest))
        for part, part_size in parts:
            numbers[i, part] = len(sizes)
            sizes.append(part_size)

    def split(orbits: tuple[Orbit, ...]) -> tuple[list[Orbit], list[Place]]:
        found: list[Orbit] = []
        places: list[Place] = []
        for position, orbit in enumerate(orbits):
            if orbit.block is None:
                found.append(orbit)
                places.append(Place(position, "whole"))
                continue
            for (block, part), number in numbers.items():
                if block == orbit.block:
                    found.append(Orbit(number))
                    places.append(Place(position, part))
        return found, places

    rows, row_places = split(isotropy.rows)
    cols, col_places = split(isotropy.cols)
    return Refinement(isotropy, Isotropy(tuple(sizes), tuple(rows), tuple(cols)), tuple(row_places), tuple(col_places))


Cells = tuple[
    tuple[int, int | None], ...
]  # one row over the column orbits: (c, delta), delta None without an own column


@dataclass(frozen=True)
class Representative:
    """The vector that one copy of a component shows to the Hessian: integer entries, constant on the orbits of a
    refinement.

    ``rows``: row orbit of the refinement -> cells (orbits left out are 0); ``second``: row orbit -> entry of the
    second layer; ``second_orbit``: for one in the second layer, the row orbit of the given group that it lives on.
    """

    name: str
    rows: Mapping[int, Cells]
    second: Mapping[int, int]
    second_orbit: int | None = None


@dataclass(frozen=True)
class Copies:
    """All copies of one component in M(k, d) (+ R^k), by representatives on one refinement, linearly independent."""

    component: Component
    refinement: Refinement
    representatives: tuple[Representative, ...]

    def __len__(self) -> int:
        return len(self.representatives)


def components(isotropy: Isotropy) -> list[Component]:
    """The irreducibles that occur, in the order t, s_i, x_i, y_i, s_i s_j; blocks of constant size 1, 2, 3 lack
    some.
    """
    moved_rows = {o.block for o in isotropy.rows if o.block is not None}
    moved_cols = {o.block for o in isotropy.cols if o.block is not None}
    both = sorted(moved_rows & moved_cols)
    found = [Component("t")]
    found += [Component("s", (i,)) for i in sorted(moved_rows | moved_cols) if _at_least(isotropy.blocks[i], 2)]
    found += [Component("x", (i,)) for i in both if _at_least(isotropy.blocks[i], 3)]
    found += [Component("y", (i,)) for i in both if _at_least(isotropy.blocks[i], 4)]
    for i in range(len(isotropy.blocks)):
        for j in range(i + 1, len(isotropy.blocks)):
            meet = (i in moved_rows and j in moved_cols) or (j in moved_rows and i in moved_cols)
            if meet and _at_least(isotropy.blocks[i], 2) and _at_least(isotropy.blocks[j], 2):
                found.append(Component("ss", (i, j)))
    return found


def _at_least(size: Size, n: int) -> bool:
    return not size.is_constant or size.const >= n


def copies(isotropy: Isotropy, component: Component, second_layer: bool = True) -> Copies:
    """The copies of a component in M(k, d), with R^k if ``second_layer``, by independent representatives.

    At a block of constant size 2 the diagonal copy of s is half the sum of the other two and is left out.
    """
    refinement = refine(isotropy, component.blocks, SPLIT[component.kind])
    found = [
        r
        for a in range(len(isotropy.rows))
        for b in range(len(isotropy.cols))
        for r in _of_pair(refinement, component, a, b)
    ]
    if second_layer:
        found += _of_second_layer(refinement, component)
    return Copies(component, refinement, tuple(found))


def _of_pair(refinement: Refinement, component: Component, a: int, b: int) -> Iterator[Representative]:
    """The copies of a component in the entries of row orbit a and column orbit b."""
    isotropy = refinement.given
    i, j = isotropy.rows[a].block, isotropy.cols[b].block
    place = f"({a + 1},{b + 1})"
    if component.kind == "t":
        paired = i is not None and i == j and not isotropy.blocks[i].is_one
        for kind in ("own", "other") if paired else ("all",):
            cell = {"own": (0, 1), "other": (1, -1), "all": (1, None)}[kind]
            cells = tuple(
                cell if n == b else (0, 0 if _has_own(isotropy, a, n) else None) for n in range(len(isotropy.cols))
            )
            yield Representative(f"{kind}{place}", {a: cells}, {})
    elif component.kind == "s":
        (block,) = component.blocks
        if i == block:
            yield _entries(refinement, f"rows{place}", a, b, lambda p, q: _sign(p))
        if j == block:
            yield _entries(refinement, f"columns{place}", a, b, lambda p, q: _sign(q))
        if i == j == block and isotropy.blocks[block] != Size(Fraction(2)):
            yield _entries(refinement, f"diagonal{place}", a, b, lambda p, q: _sign(p) if p == q else 0)
    elif component.kind == "x" and i == j == component.blocks[0]:
        yield _entries(refinement, f"antisymmetric{place}", a, b, _cyclic)
    elif component.kind == "y" and i == j == component.blocks[0]:
        yield _entries(refinement, f"symmetric{place}", a, b, lambda p, q: _four(p, q) + _four(q, p))
    elif component.kind == "ss" and i != j and {i, j} == set(component.blocks):
        yield _entries(refinement, f"product{place}", a, b, lambda p, q: _sign(p) * _sign(q))


def _sign(part: Part) -> int:
    return {0: 1, 1: -1}.get(part, 0) if isinstance(part, int) else 0


def _cyclic(p: Part, q: Part) -> int:
    """The antisymmetric matrix on 0 -> 1 -> 2 -> 0."""
    if not isinstance(p, int) or not isinstance(q, int) or p == q:
        return 0
    return 1 if (q - p) % 3 == 1 else -1


def _four(p: Part, q: Part) -> int:
    """(e_0 - e_1)(e_2 - e_3)'."""
    return {0: 1, 1: -1}.get(p, 0) * {2: 1, 3: -1}.get(q, 0) if isinstance(p, int) and isinstance(q, int) else 0


def _has_own(isotropy: Isotropy, row: int, col: int) -> bool:
    orbit = isotropy.rows[row]
    return orbit.block is not None and orbit == isotropy.cols[col] and not isotropy.orbit_size(orbit).is_one


def _entries(refinement: Refinement, name: str, a: int, b: int, entry: Callable[[Part, Part], int]) -> Representative:
    """The matrix supported on (row orbit a, column orbit b) whose entries depend on the parts that row and
    column lie in.
    """
    rows: dict[int, Cells] = {}
    for r, row in enumerate(refinement.rows):
        if row.orbit != a:
            continue
        cells: list[tuple[int, int | None]] = []
        for c, col in enumerate(refinement.cols):
            value = entry(row.part, col.part) if col.orbit == b else 0
            cells.append((value, 0 if _has_own(refinement.isotropy, r, c) else None))
        if any(value for value, _ in cells):
            rows[r] = tuple(cells)
    return Representative(name, rows, {})


def _of_second_layer(refinement: Refinement, component: Component) -> Iterator[Representative]:
    for a, orbit in enumerate(refinement.given.rows):
        if component.kind == "t":
            yield Representative(f"second({a + 1})", {}, {a: 1}, a)
        elif component.kind == "s" and orbit.block == component.blocks[0]:
            parts = {place.part: r for r, place in enumerate(refinement.rows) if place.orbit == a}
            yield Representative(f"second({a + 1})", {}, {parts[0]: 1, parts[1]: -1}, a)
