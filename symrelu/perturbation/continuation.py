"""A critical point followed as the target moves: V(eps) = I + eps E, W(eps) with dL/dW(W(eps); V(eps)) = 0.

Where the Hessian by W is nonsingular, the implicit function theorem gives one such path near eps = 0, with

    dW/deps = -H**-1 (d2L/dW dV) E.

It is followed by steps along this tangent and Newton's method back, until eps is reached, an eigenvalue of H changes
sign, or no point is found however short the step (the path turns back, at a fold).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from symrelu.errors import BadInput, Undecided, ZeroRow
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.kernels import RELU, Kernel
from symrelu.perturbation.direction import Perturbation

_NEWTON_STEPS = 10
_ROUNDING = 1e-14  # a gradient, or a component of a right-hand side relative to it, so small is rounding
_ASTRAY = 0.5  # a first correction longer than this part of the step may lead to another critical point
_SHORTEST = 1e-8  # steps, relative to the whole way
_BRACKET = 1e-9  # width of a bracket, relative to the whole way
_FOLDS = 30.0  # |dW/deps| so much larger than at the start grows beyond bounds, as it does towards a fold
_SAME = 1e-8  # a step back ends where the step began
_TURNS = "the Hessian becomes singular, and the path turns back"
SINGULAR = 1e-9  # an eigenvalue so small, relative to the largest, is not told from 0


@dataclass(frozen=True, eq=False)
class PathPoint:
    """One point of the path: ``eps``, ``weights`` W, the ``loss``, the ``residual`` (largest entry of the gradient) and
    all ``eigenvalues`` of the Hessian by W, ascending.
    """

    eps: float
    weights: Floats
    loss: float
    residual: float
    eigenvalues: Floats

    @property
    def negative(self) -> int:
        """The index: how many eigenvalues are negative."""
        return int(np.sum(self.eigenvalues < 0))

    @property
    def smallest(self) -> float:
        """The smallest absolute value of an eigenvalue."""
        return float(np.abs(self.eigenvalues).min())


@dataclass(frozen=True, eq=False)
class Stop:
    """Why the path was not followed further: between ``last``, the last point reached, and eps = ``high`` the Hessian
    becomes singular (``reason``).
    """

    last: PathPoint
    high: float
    reason: str


class Continuation:
    """The path of a critical point over eps.

    Parameters: ``W``, of shape (k, d), critical for the target I; ``perturbation``, the direction; ``kernel``,
    positively homogeneous (the second layer is 1). Raises BadInput where W is no critical point, and Undecided where
    its Hessian is singular to rounding, so that no path is determined.
    """

    def __init__(self, W: Floats, perturbation: Perturbation, kernel: Kernel = RELU) -> None:
        self.perturbation, self.kernel = perturbation, kernel
        d = len(perturbation.direction)
        if W.ndim != 2 or W.shape[1] != d:
            raise BadInput(f"W of shape {W.shape} was given for a target of size {d}; a k x {d} matrix is needed")
        self._beside = DenseLoss(np.zeros((1, d)), kernel=kernel)  # both networks as one, against nothing
        self.start = self.point(0.0, np.asarray(W, dtype=float))
        if self.start.residual > 1e-9:
            raise BadInput(f"W is no critical point: its gradient has the entry {self.start.residual:.1e}; give one")
        if self.start.smallest <= SINGULAR * np.abs(self.start.eigenvalues).max():
            raise Undecided("the Hessian at W is singular to rounding, so no path is determined; take another d")

    def problem(self, eps: float) -> DenseLoss:
        """The loss for the target I + eps E."""
        return DenseLoss(self.perturbation.target(eps), kernel=self.kernel)

    def point(self, eps: float, W: Floats) -> PathPoint:
        """What there is to say at W."""
        problem = self.problem(eps)
        residual = float(np.abs(problem.row_gradient(W)).max())
        return PathPoint(eps, W, float(problem.loss(W)), residual, problem.eigenvalues(W))

    def motion(self, eps: float, W: Floats) -> Floats:
        """dW/deps, of the shape of W, exact to rounding."""
        k, d = W.shape
        both = np.vstack([W, self.perturbation.target(eps)])
        mixed = self._beside.hessian(both, np.concatenate([np.ones(k), -np.ones(d)]))[: k * d, k * d :]
        pull = mixed @ self.perturbation.direction.reshape(-1)
        return -_solved(self.problem(eps).hessian(W), pull, _ROUNDING * float(np.linalg.norm(pull))).reshape(k, d)

    def correct(self, eps: float, W: Floats, longest: float = np.inf) -> Floats | None:
        """The critical point that Newton's method finds from W; None if it does not settle, or strays too far.

        ``longest``: the norm that its first step may have; the next ones must halve.
        """
        problem, last = self.problem(eps), longest
        for _ in range(_NEWTON_STEPS):
            try:
                gradient = problem.row_gradient(W).reshape(-1)
                if np.abs(gradient).max() <= _ROUNDING:
                    return W
                step = _solved(problem.hessian(W), gradient, _ROUNDING).reshape(W.shape)
            except (np.linalg.LinAlgError, ZeroRow):
                return None
            length = float(np.linalg.norm(step))
            if length > last:
                return None
            W, last = W - step, length / 2
        return None

    def ahead(self, before: PathPoint, eps: float) -> PathPoint | None:
        """The path's point at eps, one step from the one before; None if the step is too long."""
        step = (eps - before.eps) * self.motion(before.eps, before.weights)
        W = self.correct(eps, before.weights + step, _ASTRAY * float(np.linalg.norm(step)))
        return None if W is None else self.point(eps, W)

    def follow(self, size: float, steps: int) -> Iterator[PathPoint | Stop]:
        """The points at eps = size j/steps for j = 1, ..., steps, in turn; a last Stop where the path ends before."""
        here, pace = self.start, size / steps
        for goal in (size * j / steps for j in range(1, steps + 1)):
            while here.eps != goal:
                eps = goal if abs(goal - here.eps) <= 1.001 * abs(pace) else here.eps + pace
                there = self.ahead(here, eps)
                if there is None or (there.negative == here.negative and not self._returns(here, there)):
                    if abs(eps - here.eps) < _SHORTEST * abs(size):
                        yield self._turned(here, eps)
                        return
                    pace = (eps - here.eps) / 2
                elif there.negative != here.negative:
                    yield self._crossing(here, there, abs(size) * _BRACKET)
                    return
                else:
                    here, pace = there, 2 * pace
            yield here

    def _turned(self, here: PathPoint, eps: float) -> Stop:
        """Where no step succeeds: at a fold the path's motion grows beyond bounds."""
        folds = self._speed(here) > _FOLDS * self._speed(self.start)
        return Stop(here, eps, _TURNS if folds else "Newton's method does not settle")

    def _crossing(self, low: PathPoint, high: PathPoint, width: float) -> Stop:
        """The bracket of a change of index between two points. Steps that fail say nothing but that they are too long;
        next to a fold a step may land on the other branch, whose index differs by one.
        """
        top, step = high.eps, (high.eps - low.eps) / 2
        while abs(top - low.eps) > width:
            middle = self.ahead(low, low.eps + step)
            if middle is None:
                if abs(step) < width:
                    return self._turned(low, low.eps + step)
                step /= 2
                continue
            if middle.negative == low.negative:
                low = middle
            else:
                top = middle.eps
            step = (top - low.eps) / 2
        folds = self._speed(low) > _FOLDS * self._speed(self.start)
        return Stop(low, top, _TURNS if folds else "an eigenvalue of the Hessian changes sign")

    def _speed(self, point: PathPoint) -> float:
        """|dW/deps| beside 1, for directions that move nothing at the start."""
        return 1.0 + float(np.linalg.norm(self.motion(point.eps, point.weights)))

    def _returns(self, before: PathPoint, there: PathPoint) -> bool:
        """Whether a step back from the new point leads to where the step came from: both lie on one branch."""
        back = (before.eps - there.eps) * self.motion(there.eps, there.weights)
        W = self.correct(before.eps, there.weights + back, _ASTRAY * float(np.linalg.norm(back)))
        return W is not None and float(np.abs(W - before.weights).max()) < _SAME


def _solved(H: Floats, right: Floats, rounding: float) -> Floats:
    """H**-1 of a right-hand side, its components along eigenvectors left out where they are rounding: near a singular H
    they would break symmetries that the exact solution keeps.
    """
    values, vectors = np.linalg.eigh(H)
    along = vectors.T @ right
    keep = np.abs(along) > rounding
    solution: Floats = vectors[:, keep] @ (along[keep] / values[keep])
    return solution


__all__ = ["Continuation", "PathPoint", "Stop"]
