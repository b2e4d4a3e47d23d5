"""The number of automorphisms of a small matrix: pairs of a row and a column permutation that leave it unchanged.

The matrix is a complete bipartite graph with coloured edges and vertices. Orbit-stabiliser along a chain of points,
with colour refinement and backtracking for the existence tests (McKay and Piperno, "Practical graph isomorphism II",
J. Symbolic Comput. 60, 2014, Section 2, without any of its accelerations: the matrices here have some twenty rows).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Points = tuple[int, ...]
"""A permutation or colouring of the points: the rows, then the columns."""


def refine(entries: Sequence[Sequence[int]], *colourings: Points) -> list[Points] | None:
    """Refine colourings of the rows and columns until each colour sees equally many entries of every kind.

    Several colourings of the same matrix are refined together, so that equal colours mean the same in all of them.
    Returns None if they differ in the number of points of some colour: no automorphism maps one to the other.
    """
    k = len(entries)
    columns = list(zip(*entries, strict=True))
    colours = [tuple(c) for c in colourings]
    classes = -1
    while True:
        signatures = []
        for colour in colours:
            rows, cols = colour[:k], colour[k:]
            signatures.append(
                [(0, rows[i], sorted(zip(line, cols, strict=True))) for i, line in enumerate(entries)]
                + [(1, cols[j], sorted(zip(line, rows, strict=True))) for j, line in enumerate(columns)]
            )
        keys = [[(side, old, tuple(seen)) for side, old, seen in copy] for copy in signatures]
        rank = {key: number for number, key in enumerate(sorted(set().union(*keys)))}
        colours = [tuple(rank[key] for key in copy) for copy in keys]
        first = sorted(colours[0])
        if any(sorted(other) != first for other in colours[1:]):
            return None
        if len(rank) == classes:
            return colours
        classes = len(rank)


def automorphism_count(
    entries: Sequence[Sequence[int]], colours: Points, known: Iterable[dict[int, int]] = ()
) -> int:
    """The number of automorphisms of a matrix that preserve the colours of its rows and columns.

    entries: the matrix, by rows; colours: of the rows, then of the columns, whose colours may not be shared with rows.
    known: automorphisms known already, as the points they move (rows from 0, then columns) with their images; they save
    time and change nothing else.
    """
    refined = refine(entries, colours)
    assert refined is not None
    state = refined[0]
    generators = list(known)
    count = 1
    while (cell := _smallest_cell(state)) is not None:
        base, *rest = cell
        orbit = _orbit(base, generators)
        refuted: set[int] = set()
        for point in rest:
            if point in orbit or point in refuted:
                continue
            found = _automorphism(entries, _single_out(state, base), _single_out(state, point))
            if found is None:
                refuted |= _orbit(point, generators)
            else:
                generators.append(found)
                orbit = _orbit(base, generators)
        count *= len(orbit)
        refined = refine(entries, _single_out(state, base))
        assert refined is not None
        state = refined[0]
        generators = [g for g in generators if base not in g]
    return count


def _automorphism(entries: Sequence[Sequence[int]], left: Points, right: Points) -> dict[int, int] | None:
    """An automorphism that maps the colouring `left` to `right`, as moved points and images; None if there is none."""
    refined = refine(entries, left, right)
    if refined is None:
        return None
    left, right = refined
    cell = _smallest_cell(left)
    if cell is None:  # discrete, and each point sees the same as its image: an automorphism
        place = {colour: point for point, colour in enumerate(right)}
        return {point: place[colour] for point, colour in enumerate(left) if place[colour] != point}
    chosen = _single_out(left, cell[0])
    for point, colour in enumerate(right):
        if colour == left[cell[0]]:
            found = _automorphism(entries, chosen, _single_out(right, point))
            if found is not None:
                return found
    return None


def _smallest_cell(colours: Points) -> list[int] | None:
    cells: dict[int, list[int]] = {}
    for point, colour in enumerate(colours):
        cells.setdefault(colour, []).append(point)
    return min((cell for cell in cells.values() if len(cell) > 1), key=len, default=None)


def _single_out(colours: Points, point: int) -> Points:
    """The colouring with one point given a colour of its own."""
    return colours[:point] + (-1,) + colours[point + 1 :]


def _orbit(point: int, generators: Sequence[dict[int, int]]) -> set[int]:
    orbit, fresh = {point}, [point]
    while fresh:
        here = fresh.pop()
        for generator in generators:
            image = generator.get(here, here)
            if image not in orbit:
                orbit.add(image)
                fresh.append(image)
    return orbit
