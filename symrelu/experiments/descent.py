"""Damped least-squares steps for many networks at once (Levenberg & Marquardt): on the loss, and on its gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from symrelu.experiments.network import Problem

FIRST_DAMPING, LESS, MORE, LEAST, MOST = 1e-2, 0.3, 4.0, 1e-14, 1e12
Model = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
Value = Callable[[np.ndarray, np.ndarray], np.ndarray]


def to_small_gradient(
    problem: Problem, theta: np.ndarray, stop: float, iterations: int
) -> tuple[np.ndarray, np.ndarray]:
    """Parameters with a smaller J = |g|**2, g = dL/dtheta, one network of the batch like the other, and J there.

    Steps -(H**2 + mu)**-1 H g, which tend to descent on J (its gradient is 2 H g) for a large mu, and to Newton's for
    a small one; J never grows. A run ends at J < ``stop``, or after so many steps.
    """

    def model(which: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        point = problem.part(which).at(at)
        H = point.hessian
        return H @ H, (H @ point.gradient[:, :, None])[:, :, 0]

    def value(which: np.ndarray, at: np.ndarray) -> np.ndarray:
        return np.sum(problem.part(which).at(at).gradient ** 2, axis=1)

    return _damped(theta, model, value, stop, iterations)


def to_small_loss(problem: Problem, theta: np.ndarray, iterations: int) -> tuple[np.ndarray, np.ndarray]:
    """Parameters with a smaller loss after at most so many steps -(H0 + mu)**-1 dL/dtheta, and eps there."""

    def model(which: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        point = problem.part(which).at(at)
        return point.H0, point.gradient

    return _damped(theta, model, lambda which, at: problem.part(which).at(at).energy, 0.0, iterations)


def _damped(
    theta: np.ndarray, model: Model, value: Value, stop: float, iterations: int
) -> tuple[np.ndarray, np.ndarray]:
    """Steps -(M + mu)**-1 r with (M, r) from ``model``, those that lower ``value`` accepted, each network with a mu of
    its own.
    """
    theta = theta.copy()
    count, N = theta.shape
    everyone = np.arange(count)
    values = value(everyone, theta)
    M, r = model(everyone, theta)
    mu = FIRST_DAMPING * np.max(np.abs(M), axis=(1, 2))
    unit = np.eye(N)
    for _ in range(iterations):
        here = np.flatnonzero((values > stop) & (mu < MOST))
        if len(here) == 0:
            break
        tried = theta[here] - np.linalg.solve(M[here] + mu[here, None, None] * unit, r[here][:, :, None])[:, :, 0]
        found = value(here, tried)
        better = found < values[here]
        moved = here[better]
        theta[moved], values[moved] = tried[better], found[better]
        if len(moved):
            M[moved], r[moved] = model(moved, theta[moved])
        mu[here] = np.maximum(mu[here] * np.where(better, LESS, MORE), LEAST)
    return theta, values


__all__ = ["to_small_gradient", "to_small_loss"]
