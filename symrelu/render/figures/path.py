"""The critical points of a family at real d, in floats: the path that the curves of Figure 1 are drawn along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import exp, log

import numpy as np

from symrelu.errors import ZeroRow
from symrelu.exact.arithmetic import FloatArithmetic
from symrelu.exact.series import Series
from symrelu.model.reduced import Problem
from symrelu.series.points import point_at

DIGITS = 15
LARGEST_STEP, SMALLEST_STEP = 0.1, 1e-4  # of the path, in log d
CONTRACTION, CORRECTION = 0.25, 0.1  # what a step of the path may leave: of Newton's last step, of the step itself
ROUNDING = 1e-10  # a Newton step below this is the last


class Path:
    """The critical points of a family at real d, in floats: Newton's method along the path, from large d downwards.

    Every step is predicted along the tangent, and accepted if Newton's method contracts from its first step on and
    changes the prediction by little; else it is halved, down to the smallest one, where the path is said to end.
    """

    def __init__(self, problem: Problem, entries: Sequence[Series], start: Fraction) -> None:
        _, values = point_at(problem, entries, start, DIGITS)
        self.problem = problem
        self.constant = all(x.is_exact and x == x[0] for x in entries)  # 1a, where the loss is not smooth
        self.known = {start: np.array([float(x) for x in values])}

    def down(self, grid: Sequence[Fraction]) -> Iterator[tuple[Fraction, np.ndarray]]:
        """The points at the descending values of d, as far as the path goes; the last is near its end then."""
        for d in grid:
            reached = self.to(d)
            yield reached, self.known[reached]
            if reached > d:
                return

    def to(self, d: Fraction) -> Fraction:
        """Follow the path from the nearest known point above d; returns d, or the smallest value reached."""
        at = min(x for x in self.known if x >= d)
        step = LARGEST_STEP
        while at > d:
            left = log(at / d)
            following = d if step >= left else Fraction(float(at) * exp(-step)).limit_denominator(10**6)
            found = self._step(at, following)
            if found is not None:
                self.known[following] = found
                at, step = following, min(2 * step, LARGEST_STEP)
            elif step < SMALLEST_STEP:
                return at
            else:
                step = min(step, left) / 2
        return d

    def _step(self, at: Fraction, following: Fraction) -> np.ndarray | None:
        if self.constant:
            return self.known[at]
        values, moved = self.known[at], float(following - at)
        near = 1e-6 * float(at)
        (up, _), (down, _) = (self._equations(values, float(at) + side) for side in (near, -near))
        _, jacobian = self._equations(values, float(at))
        predicted = values - moved * np.linalg.solve(jacobian, (up - down) / (2 * near))
        found = self._newton(predicted, float(following))
        change = np.max(np.abs(predicted - values))
        if found is None or np.max(np.abs(found - predicted)) > CORRECTION * change + ROUNDING:
            return None
        return found

    def _newton(self, values: np.ndarray, d: float) -> np.ndarray | None:
        last = np.inf
        for _ in range(20):
            gradient, jacobian = self._equations(values, d)
            if not (np.all(np.isfinite(gradient)) and np.all(np.isfinite(jacobian))):
                return None
            try:
                move = np.linalg.solve(jacobian, gradient)
            except np.linalg.LinAlgError:
                return None
            size = float(np.max(np.abs(move)))
            values = values - move
            if size < ROUNDING:
                return values
            if size > CONTRACTION * last:
                return None
            last = size
        return None

    def _equations(self, values: np.ndarray, d: float) -> tuple[np.ndarray, np.ndarray]:
        """The reduced gradient and its Jacobian, without the kernel's prefactor; not finite where there is none."""
        n = len(values)
        with np.errstate(all="ignore"):
            try:
                point = self.problem.at(FloatArithmetic(), [np.float64(x) for x in values], np.float64(d))
                gradient, jacobian = point.gradient(scaled=True), point.hessian(scaled=True)
            except ZeroRow:
                return np.full(n, np.nan), np.full((n, n), np.nan)
        return np.array(gradient, dtype=np.float64), np.array(jacobian, dtype=np.float64)
