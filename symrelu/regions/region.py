"""The region of the (q, d)-plane where three-block points are minima, by walking around its boundary.

The walk starts at one minimum and goes through the plane at its d until an eigenvalue of some isotypic component
reaches 0. From there the curve on which that component is singular (folds, for the trivial one) is continued both ways.
Where another eigenvalue reaches 0 the region has a corner, and the walk turns onto the curve of that component.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import ceil, floor

import numpy as np

from symrelu.errors import NoFamily, Undecided
from symrelu.regions.curve import (
    KAPPA,
    VARIABLES,
    Floats,
    Level,
    Line,
    Node,
    Singular,
    between,
    fixed_d,
    fixed_q,
    follow,
    node_of,
    place_of,
    solve,
    tangent_of,
)
from symrelu.regions.search import Minimum, find_minima
from symrelu.regions.spectrum import component_copies, least_eigenvalues
from symrelu.symmetry.isotypic import Component

Progress = Callable[[str], None]

LARGEST_D = 20000  # beyond it floats are too coarse for folds
NEGATIVE = -1e-7  # an eigenvalue below this has crossed 0 (the one that is 0 on the curve has rounding errors)
MOST_CORNERS = 12
STEP = 0.4  # the largest on a boundary
FIRST_D, FEW_STARTS = 20, 30  # where the first minimum is looked for, with how many starts


@dataclass(frozen=True, eq=False)
class Edge:
    """A part of the boundary: the nodes of a curve on which the block of one component is singular."""

    component: Component
    nodes: tuple[Node, ...]

    @property
    def is_fold(self) -> bool:
        """Whether critical points end there; else they go on as saddles."""
        return self.component.kind == "t"

    def meets(self, level: Level) -> list[Floats]:
        """The positions of the edge on this level, right to the last digits of a float."""
        found = []
        for first, second in zip(self.nodes, self.nodes[1:], strict=False):
            guess = None if level.value(first.y) == 0 and first is not self.nodes[0] else between(first, second, level)
            if guess is not None:
                found.append(solve(guess, (Singular(component_copies()[self.component], guess), level)))
        return found


@dataclass(frozen=True, eq=False)
class End:
    """One end of an interval of minima: the position, and the component with an eigenvalue 0 there (t: a fold)."""

    y: Floats
    component: Component

    @property
    def q(self) -> float:
        """The size of the first block."""
        return float(place_of(self.y).q)

    @property
    def d(self) -> float:
        """The dimension."""
        return float(place_of(self.y).d)


@dataclass(frozen=True, eq=False)
class Corner(End):
    """A point of the boundary at which the block of a second component is singular too."""

    second: Component


@dataclass(frozen=True, eq=False)
class Window:
    """An interval of real q, between ``low`` and ``high``, in which the point is a minimum, at one d."""

    d: float
    low: End
    high: End

    @property
    def integers(self) -> range:
        """The whole q in it."""
        return range(ceil(self.low.q), floor(self.high.q) + 1)

    def points(self) -> dict[int, Floats]:
        """The positions of the points at the whole q of the window."""
        d = self.d
        nodes = follow(
            self.high.y,
            fixed_d(d),
            self.low.y - self.high.y,
            lambda node: node.q < self.integers.start,
            largest=STEP / 2,
        )
        found = {}
        for first, second in zip(nodes, nodes[1:], strict=False):
            for q in self.integers:
                guess = between(first, second, fixed_q(q))
                if guess is not None and q not in found:
                    found[q] = solve(guess, (fixed_d(d), fixed_q(q)))
        return dict(sorted(found.items()))


@dataclass(frozen=True, eq=False)
class Region:
    """Where three-block points are minima, for d up to ``d_max``: its boundary, in order, from one end at d_max to the
    other.

    ``start``: the minimum from which it was found. Numerical; :mod:`symrelu.regions.certify` proves single points.
    """

    start: Minimum
    d_max: float
    edges: tuple[Edge, ...]
    corners: tuple[Corner, ...]

    @property
    def least_d(self) -> float:
        """The least d on the boundary, as far as its nodes show."""
        return min(node.d for edge in self.edges for node in edge.nodes)

    def windows(self, d: float) -> list[Window]:
        """The intervals of q at this d: one, as a rule; none below the region. Raises Undecided above d_max."""
        ends = self._pairs(fixed_d(d), f"d = {d:g}", d)
        return [Window(d, low, high) for low, high in ends]

    def crossed_by(self, line: Line) -> list[tuple[End, End]]:
        """The intervals, in ascending d, in which a line of the plane runs through the region.

        Raises Undecided if the line is in the region at d_max.
        """
        return self._pairs(line, f"q = {line.slope:g} d + {line.const:g}", None)

    def _pairs(self, level: Level, words: str, d: float | None) -> list[tuple[End, End]]:
        ends = [End(y, edge.component) for edge in self.edges for y in edge.meets(level)]
        if len(ends) % 2 or (d is not None and d > self.d_max):
            raise Undecided(
                f"the region of minima is known up to d = {self.d_max:g}; {words} is asked for: give a larger d-max"
            )
        ends.sort(key=lambda end: end.d if d is None else end.q)
        return list(zip(ends[::2], ends[1::2], strict=True))


@cache
def first_minimum() -> Minimum:
    """A minimum of three blocks at d = 20, found by a seeded search. Raises NoFamily if the search finds none."""
    found = find_minima(FIRST_D, FEW_STARTS)
    if not found:
        raise NoFamily(
            f"no minimum of three blocks was found at d = {FIRST_D} from {FEW_STARTS} random starts for each q"
        )
    return found[0]


_found: dict[float, Region] = {}


def find_region(d_max: float, start: Minimum | None = None, progress: Progress | None = None) -> Region:
    """The region around a minimum (by default the first that a search at d = 20 finds), followed up to ``d_max``.

    The regions of the default are kept. Raises Undecided if a boundary curve cannot be followed so far, NoFamily if no
    minimum is found. ``start``: that minimum.
    """
    if start is None:
        if d_max not in _found:
            if progress:
                progress(f"looking for a minimum of three blocks at d = {FIRST_D}")
            _found[d_max] = find_region(d_max, first_minimum(), progress)
        return _found[d_max]
    say = progress or (lambda message: None)
    component, y = _edge_from(start.y, start.d)
    say(f"on the boundary at d = {start.d}")
    parts: list[tuple[list[Edge], list[Corner]]] = []
    tangent = tangent_of(y, Singular(component_copies()[component], y))
    for along in (tangent, -tangent):
        parts.append(_walk(component, y, along, d_max, say))
    (back, back_corners), (ahead, ahead_corners) = parts
    joined = Edge(component, _turned(back[0].nodes)[:-1] + ahead[0].nodes)
    turned = [Edge(edge.component, _turned(edge.nodes)) for edge in back[:0:-1]]
    return Region(start, d_max, tuple(turned + [joined] + ahead[1:]), tuple(back_corners[::-1] + ahead_corners))


def _turned(nodes: Sequence[Node]) -> tuple[Node, ...]:
    """The same curve in the other direction."""
    return tuple(Node(node.y, -node.tangent) for node in nodes[::-1])


def _edge_from(y: Floats, d: float) -> tuple[Component, Floats]:
    """The end of the window of q at this d, upwards from a minimum: the component that becomes singular, and where."""
    along = np.zeros(VARIABLES)
    along[KAPPA] = -1.0
    nodes = follow(y, fixed_d(d), along, lambda node: _negative(node.y, None) is not None, largest=STEP / 2)
    component = _negative(nodes[-1].y, None)
    if component is None:
        raise Undecided(f"no end of the window of minima was found at d = {d:g}")
    guess = _zero_between(component, nodes)
    condition = Singular(component_copies()[component], guess)
    return component, solve(guess, (condition, fixed_d(d)))


def _negative(y: Floats, but: Component | None) -> Component | None:
    """The component with the most negative eigenvalue, leaving ``but`` aside; None if none is negative."""
    least = least_eigenvalues(y)
    worst = min((c for c in least if c != but), key=lambda c: least[c])
    return worst if least[worst] < NEGATIVE else None


def _walk(
    component: Component, y: Floats, along: Floats, d_max: float, say: Progress
) -> tuple[list[Edge], list[Corner]]:
    """The edges and corners from a point of the boundary in one direction, to d_max."""
    edges: list[Edge] = []
    corners: list[Corner] = []
    while len(corners) < MOST_CORNERS:
        condition = Singular(component_copies()[component], y)

        def ended(node: Node, component: Component = component) -> bool:
            say(f"the curve where {component.name} is singular, at d = {node.d:.1f}, q = {node.q:.1f}")
            return node.d > d_max or _negative(node.y, component) is not None

        nodes = follow(y, condition, along, ended, largest=STEP)
        last = nodes[-1]
        if last.d > d_max:
            return [*edges, Edge(component, tuple(nodes))], corners
        other = _negative(last.y, component)
        if other is None or len(nodes) < 2:
            raise Undecided(
                f"the boundary where {component.name} is singular could not be followed beyond d = {last.d:.6g}; "
                "give a smaller d-max"
            )
        corner = _corner(component, other, nodes)
        corners.append(Corner(corner, component, other))
        edges.append(Edge(component, (*nodes[:-1], node_of(corner, condition, last.tangent))))
        along = _onwards(corner, component, other)
        component, y = other, corner
    raise Undecided(f"the boundary has more than {MOST_CORNERS} corners; try a smaller --d-max")


def _corner(component: Component, other: Component, nodes: Sequence[Node]) -> Floats:
    """The point between the last two nodes where the other component becomes singular too."""
    guess = _zero_between(other, nodes)
    both = [Singular(component_copies()[c], guess) for c in (component, other)]
    return solve(guess, both)


def _zero_between(component: Component, nodes: Sequence[Node]) -> Floats:
    """About where the component's smallest eigenvalue is 0, between the last two nodes."""
    low, high = (least_eigenvalues(node.y)[component] for node in nodes[-2:])
    first, second = nodes[-2:]
    guess: Floats = first.y + low / (low - high) * (second.y - first.y)
    return guess


def _onwards(corner: Floats, component: Component, other: Component) -> Floats:
    """The direction of the curve where ``other`` is singular in which ``component`` becomes positive."""
    condition = Singular(component_copies()[other], corner)
    tangent = tangent_of(corner, condition)
    ahead = [least_eigenvalues(corner + sign * 1e-3 * tangent)[component] for sign in (1, -1)]
    return tangent if ahead[0] > ahead[1] else -tangent
