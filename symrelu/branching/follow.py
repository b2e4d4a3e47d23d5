"""Following a branch from its threshold in floats: the first point by a prescribed amplitude, then pseudo-arclength.

At the threshold the equations F = 0 are singular, for two branches meet there. With l in the kernel of the transpose of
the Jacobian there, n a vector that is 0 on Fix(G) but not on the kernel, and an amplitude e, the equations
F(a, log d) = r l, <n, a> = e are regular in (a, r); what is left is one equation r(e, log d) = 0, the reduced equation
of Lyapunov and Schmidt. The family has e = 0, so the equation is e (sigma (log d - log d*) + c e + ...) = 0: at a small
e it is nearly linear in log d, and the secant method finds the d of the branch.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import exp, log
from typing import Literal

import numpy as np

from symrelu.branching.kernel import Kernel
from symrelu.errors import SymreluError
from symrelu.exact.arithmetic import FLOAT
from symrelu.model.reduced import Problem
from symrelu.paths.equations import system
from symrelu.paths.trace import Floats, Node, Stop, Trace, cubic
from symrelu.spectrum.blocks import all_copies, block

AMPLITUDES = (1e-3, 3e-3, 1e-2)  # of the first point, along the unit vector of the kernel
MOST_NODES, MOST_FOLDS = 90, 4
MOST_STEPS, TOLERANCE = 30, 1e-10  # of the secant method and of Newton's, for the first point
FARTHEST = 0.3  # in log d from the threshold, of the first point
SYMMETRIC = 0.1  # of the asymmetry at two nodes: what the cubic between them may leave where there is none
RATIO = 3.0  # of the odd to the even part of d - d* at the first points, or the reverse, that tells their order
Kind = Literal["transcritical", "pitchfork", "undecided"]


@dataclass(frozen=True, eq=False)
class Course:
    """One half of a branch as followed.

    ``sign``: along the kernel's direction (1) or against it (-1). ``nodes``: from the threshold outwards. ``stop``: why
    it ends (None: asked for no further). ``meets_family``: the d at which it meets a point of the family's symmetry,
    where following it ends.
    """

    sign: int
    nodes: tuple[Node, ...]
    stop: Stop | None
    meets_family: float | None = None

    def folds(self) -> list[tuple[float, str]]:
        """The d at which it turns, to some digits, with the side that it turns to: "larger" or "smaller" d."""
        found = []
        for first, second in zip(self.nodes, self.nodes[1:], strict=False):
            u, v = float(first.tangent[-1]), float(second.tangent[-1])
            if u * v < 0:
                values = [cubic(first, second, x)[-1] for x in np.linspace(0, 1, 201)]
                found.append((exp(min(values) if v > 0 else max(values)), "larger" if v > 0 else "smaller"))
        return found

    def at(self, d: Fraction) -> Floats | None:
        """The coordinates near the first point of the course at d; None if it is not met."""
        goal = log(d)
        for first, second in zip(self.nodes, self.nodes[1:], strict=False):
            u, v = first.position[-1] - goal, second.position[-1] - goal
            if u == 0:
                return first.coordinates
            if u * v <= 0:
                low, high = 0.0, 1.0
                for _ in range(50):
                    middle = (low + high) / 2
                    low, high = (low, middle) if (cubic(first, second, middle)[-1] - goal) * u < 0 else (middle, high)
                return cubic(first, second, high)[:-1]
        return None


def follow(kernel: Kernel, sign: int, low: float, high: float) -> Course | None:
    """Half of the branch, until d leaves [low, high] or the branch ends; None if no first point is found."""
    trace = next((t for amplitude in AMPLITUDES if (t := _first(kernel, sign, amplitude)) is not None), None)
    if trace is None:
        return None

    def enough(node: Node) -> bool:
        folds = sum(x.tangent[-1] * y.tangent[-1] < 0 for x, y in zip(trace.nodes, trace.nodes[1:], strict=False))
        return not low <= node.d <= high or folds > MOST_FOLDS or _meets_family(kernel, trace) is not None

    trace.follow(enough, MOST_NODES)
    met = _meets_family(kernel, trace)
    return Course(sign, tuple(trace.nodes[: None if met is None else -1]), trace.stop, met)


def _first(kernel: Kernel, sign: int, amplitude: float) -> Trace | None:
    """The branch begun at that distance from the threshold; None if there is no point, or one of another amplitude."""
    found = _solved(kernel, sign * amplitude)
    if found is None:
        return None
    start, u = found
    trace = Trace(kernel.problem, list(start), exp(u), np.append(sign * kernel.normal, 0.0))
    expected = sign * amplitude * kernel.amplitude(kernel.direction)
    ratio = kernel.amplitude(trace.nodes[0].coordinates) / expected if trace.nodes else 0.0
    return trace if 0.5 < ratio < 2 else None


def _solved(kernel: Kernel, distance: float) -> tuple[Floats, float] | None:
    """Coordinates and log d of the branch's point at a signed distance from the threshold, by the reduced equation."""
    threshold = log(float(kernel.d))
    before, after = threshold, threshold + abs(distance) / 10
    try:
        _, first = _reduced(kernel, distance, before)
        for _ in range(MOST_STEPS):
            point, second = _reduced(kernel, distance, after)
            if abs(after - before) < TOLERANCE or second == first:
                return point, after
            before, first, after = after, second, after - second * (after - before) / (second - first)
            if not abs(after - threshold) < FARTHEST:
                return None
    except (SymreluError, np.linalg.LinAlgError):
        pass
    return None


def _reduced(kernel: Kernel, distance: float, u: float) -> tuple[Floats, float]:
    """The solution (a, r) of F(a, u) = r l at that distance along the kernel. Raises LinAlgError if there is none."""
    point, r = kernel.origin + distance * kernel.direction, 0.0
    amplitude = distance * (kernel.normal @ kernel.direction)
    for _ in range(MOST_STEPS):
        at = system(kernel.problem, FLOAT, list(point), exp(u))
        upper = np.column_stack([np.array(at.jacobian, dtype=float), -kernel.left])
        matrix = np.vstack([upper, np.append(kernel.normal, 0.0)])
        value = np.array(at.gradient, dtype=float) - r * kernel.left
        step = np.linalg.solve(matrix, np.append(value, kernel.normal @ point - amplitude))
        point, r = point - step[:-1], r - float(step[-1])
        if np.max(np.abs(step)) < TOLERANCE:
            return point, r
    raise np.linalg.LinAlgError("no convergence")


def _meets_family(kernel: Kernel, trace: Trace) -> float | None:
    """The d at which the last step of a course goes through a point of the family's symmetry; None if it does not."""
    if len(trace.nodes) < 2:
        return None
    first, second = trace.nodes[-2:]
    if kernel.amplitude(first.coordinates) * kernel.amplitude(second.coordinates) > 0:
        return None
    points = [cubic(first, second, x) for x in np.linspace(0, 1, 401)]
    nearest = min(points, key=lambda point: kernel.asymmetry(point[:-1]))
    ends = max(kernel.asymmetry(node.coordinates) for node in (first, second))
    return exp(nearest[-1]) if kernel.asymmetry(nearest[:-1]) < SYMMETRIC * ends else None


def kind_of(kernel: Kernel, courses: list[Course]) -> Kind:
    """Whether d - d* is odd (transcritical) or even (pitchfork) in the amplitude, by the two first points."""
    if kernel.mirrored:
        return "pitchfork"
    if len(courses) < 2:
        return "undecided"
    first, second = (course.nodes[0].d - float(kernel.d) for course in courses)
    odd, even = abs(first - second), abs(first + second)
    return "transcritical" if odd > RATIO * even else "pitchfork" if even > RATIO * odd else "undecided"


def negative_directions(problem: Problem, node: Node) -> int | None:
    """How many eigenvalues of the Hessian's blocks are negative at a node, by floats; None where they mean nothing."""
    isotropy, d = problem.space.isotropy, node.d
    if any(1 < size.at(d) < 2 for size in isotropy.blocks):
        return None
    try:
        point = problem.at(FLOAT, list(node.coordinates), d)
        count = 0
        for of in all_copies(isotropy, False):
            if of.component.dimension(isotropy).present(d):
                hessian = np.array(block(point, of, scaled=True).hessian, dtype=float)
                count += int(np.sum(np.linalg.eigvalsh(hessian) < 0))
    except (SymreluError, np.linalg.LinAlgError):
        return None
    return count
