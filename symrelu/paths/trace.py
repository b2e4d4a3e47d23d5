"""Following a path in floats: pseudo-arclength continuation in (a, log d), from large d downwards, around folds.

A step is predicted by the cubic through the last two points and tangents, and corrected by Newton's method on the
equations bordered by the plane across the tangent, which are regular at folds too. It is accepted if

* the first correction is small against the step (the prediction was nearly right: a jump to another critical point
  makes it large), and Newton's method contracts from there on;
* the tangent turns by little;
* every norm and every sine of an angle stays positive over the whole step (by their cubics);

and halved otherwise. Where no step is small enough, the path has come to an end, and what stopped it is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log
from typing import Any, Literal

import numpy as np

from symrelu.errors import ZeroRow
from symrelu.exact.arithmetic import FLOAT
from symrelu.model.reduced import Problem
from symrelu.paths.equations import Guard, guards, meaningless_below, system

Floats = np.ndarray[Any, np.dtype[np.float64]]
Kind = Literal["block", "parallel", "norm", "lost"]

FIRST_STEP, LARGEST_STEP, SMALLEST_STEP = 0.05, 0.3, 1e-9
CORRECTION = 0.03  # the first correction allowed, as a part of the step
TURN = 0.9  # the least cosine between tangents of neighbouring points
SMALL = 1e-6  # after a correction below this the next one would be rounding
END = 1e-6  # a path that stops this near to a bound, or to a zero of a guard, stops because of it


@dataclass(frozen=True, eq=False)
class Node:
    """A point of a path in floats: ``position`` (a, log d), the unit ``tangent`` and the guards there."""

    position: Floats
    tangent: Floats
    guards: list[Guard]

    @property
    def d(self) -> float:
        """The dimension."""
        return exp(self.position[-1])

    @property
    def coordinates(self) -> Floats:
        """The coordinates of Fix(G)."""
        return self.position[:-1]


@dataclass(frozen=True)
class Stop:
    """Why a path can be followed no further: the kind and, for a norm or two rows, which."""

    kind: Kind
    what: str = ""


class Trace:
    """The nodes of one path, made as far as they are asked for.

    Parameters: ``start``, coordinates near the path at ``d``; ``direction`` (da, dlog d), a unit vector in which the
    path is followed, and across which its first point is sought: downwards at ``d`` itself if not given.
    """

    def __init__(self, problem: Problem, start: Sequence[float], d: float, direction: Floats | None = None) -> None:
        self.problem = problem
        bound = meaningless_below(problem.space.isotropy)
        self._lowest = -np.inf if bound is None else log(float(bound[0])) if bound[0] > 0 else -np.inf
        self.stop: Stop | None = None
        position = np.append(np.asarray(start, dtype=float), log(d))
        downwards = np.append(np.zeros(len(start)), -1.0)
        first = self._corrected(position, downwards if direction is None else direction)
        if first is None:
            self.nodes: list[Node] = []
            self.stop = Stop("lost")
            return
        self.nodes = [first]
        self._step = FIRST_STEP
        self._why = Stop("lost")

    def follow(self, enough: Callable[[Node], bool], most: int = 600) -> None:
        """Add nodes until one satisfies ``enough``, the path ends (:attr:`stop` says why), or there are ``most``."""
        with np.errstate(all="ignore"):
            while self.stop is None and not enough(self.nodes[-1]) and len(self.nodes) < most:
                self._advance()

    def _advance(self) -> None:
        last = self.nodes[-1]
        while True:
            predicted = self._predicted(self._step)
            found = self._corrected(predicted, last.tangent, CORRECTION * self._step)
            if found is not None and found.tangent @ last.tangent < TURN:
                found, self._why = None, Stop("lost")
            if found is not None and not self._positive(last, found):
                found = None
            if found is not None:
                self.nodes.append(found)
                self._step = min(1.6 * self._step, LARGEST_STEP)
                return
            self._step /= 2
            if self._step < SMALLEST_STEP or last.position[-1] < self._lowest + END:
                self.stop = self._reason(last)
                return

    def _reason(self, last: Node) -> Stop:
        if last.position[-1] < self._lowest + END:
            return Stop("block")
        for guard in last.guards:
            if guard.value < END:
                return Stop("norm" if guard.what.startswith("the norm") else "parallel", guard.what)
        return self._why

    def _predicted(self, step: float) -> Floats:
        last = self.nodes[-1]
        if len(self.nodes) == 1:
            return last.position + step * last.tangent
        return cubic(self.nodes[-2], last, 1 + step / float(np.linalg.norm(last.position - self.nodes[-2].position)))

    def _corrected(self, predicted: Floats, normal: Floats, allowed: float = np.inf) -> Node | None:
        """The point of the path in the plane through the prediction; None, and the reason kept, if Newton fails."""
        point, last = predicted.copy(), np.inf
        self._why = Stop("lost")
        for i in range(8):
            if point[-1] <= self._lowest:
                self._why = Stop("block")
                return None
            try:
                matrix, gradient = self._bordered(point, normal)
                step = np.linalg.solve(matrix, np.append(gradient, normal @ (point - predicted)))
            except (np.linalg.LinAlgError, ZeroRow):
                return None
            size = float(np.max(np.abs(step)))
            if not np.isfinite(size) or (i == 0 and size > allowed) or size > max(last / 3, SMALL):
                return None
            point -= step
            if size <= SMALL:
                tangent = np.linalg.solve(matrix, np.append(np.zeros(len(gradient)), 1.0))
                tangent /= np.linalg.norm(tangent)
                if point[-1] <= self._lowest:
                    self._why = Stop("block")
                    return None
                found = guards(self.problem, FLOAT, list(point[:-1]), exp(point[-1]), list(tangent))
                return Node(point, tangent, found)
            last = size
        return None

    def _bordered(self, point: Floats, normal: Floats) -> tuple[Floats, Floats]:
        at = system(self.problem, FLOAT, list(point[:-1]), exp(point[-1]), with_d=True)
        assert at.by_log_d is not None
        upper = np.column_stack([np.array(at.jacobian, dtype=float), np.array(at.by_log_d, dtype=float)])
        return np.vstack([upper, normal]), np.array(at.gradient, dtype=float)

    def _positive(self, first: Node, second: Node) -> bool:
        """Whether the guards stay positive between two nodes, by the cubics through values and derivatives."""
        length = float(np.linalg.norm(second.position - first.position))
        grid = np.linspace(0, 1, 17)
        for x, y in zip(first.guards, second.guards, strict=True):
            values = hermite(grid, float(x.value), length * float(x.slope), float(y.value), length * float(y.slope))
            if np.min(values) <= 0:
                self._why = Stop("norm" if x.what.startswith("the norm") else "parallel", x.what)
                return False
        return True

    def near(self, d: float, exactly: bool = False) -> Floats | None:
        """Coordinates near the path's point at d, before its first fold; None below the path.

        By the cubic through the two nodes around d, which is right to some 1e-4; or, if ``exactly``, to the last digits
        of a float, by points corrected onto the path: near a fold nothing less is a start for Newton's method at one d.
        """
        self.follow(lambda node: node.d <= d or node.tangent[-1] >= 0)
        goal = log(d)
        for first, second in zip(self.nodes, self.nodes[1:], strict=False):
            folds = second.tangent[-1] >= 0  # log d falls along the step, to its least value if there is a fold in it
            lowest = _lowest(first, second) if folds else 1.0
            if cubic(first, second, lowest)[-1] <= goal <= first.position[-1]:
                return self._between(first, second, lowest, goal, exactly)
            if folds:
                break
        return None

    def _between(self, first: Node, second: Node, lowest: float, goal: float, exactly: bool) -> Floats | None:
        """The point between two nodes where log d is the goal, by bisection."""
        low, high = 0.0, lowest
        point: Floats = first.position
        for _ in range(48):
            middle = (low + high) / 2
            point = cubic(first, second, middle)
            if exactly:
                node = self._corrected(point, first.tangent)
                if node is None:
                    return None
                point = node.position
            low, high = (middle, high) if point[-1] > goal else (low, middle)
        return point[:-1]


def _lowest(first: Node, second: Node) -> float:
    """Where on the cubic between two nodes log d is least."""
    low, high = 0.0, 1.0
    for _ in range(60):
        x, y = low + (high - low) / 3, high - (high - low) / 3
        low, high = (x, high) if cubic(first, second, x)[-1] > cubic(first, second, y)[-1] else (low, y)
    return low


def hermite(x: Any, f: Any, df: Any, g: Any, dg: Any) -> Any:
    """The cubic with values f, g and derivatives df, dg at 0 and 1, at x."""
    return f + x * df + x**2 * (3 * (g - f) - 2 * df - dg) + x**3 * (2 * (f - g) + df + dg)


def cubic(first: Node, second: Node, x: float) -> Floats:
    """The cubic through two nodes and their tangents, at x (0 at the first, 1 at the second)."""
    length = np.linalg.norm(second.position - first.position)
    result: Floats = hermite(x, first.position, length * first.tangent, second.position, length * second.tangent)
    return result
