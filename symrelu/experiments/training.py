"""Descent on the loss of a network."""

from __future__ import annotations

import numpy as np

from symrelu.experiments.network import Problem

DECAY = (0.9, 0.999)


def trained(problem: Problem, theta: np.ndarray, steps: int, rate: float = 0.02) -> np.ndarray:
    """Parameters after so many steps of Adam (Kingma & Ba) on all examples, its rate falling linearly to 0."""
    first, second = np.zeros_like(theta), np.zeros_like(theta)
    for step in range(1, steps + 1):
        g = problem.at(theta).gradient
        first = DECAY[0] * first + (1 - DECAY[0]) * g
        second = DECAY[1] * second + (1 - DECAY[1]) * g * g
        size = rate * (1 - (step - 1) / steps)
        unbiased = np.sqrt(second / (1 - DECAY[1] ** step)) + 1e-12
        theta = theta - size * (first / (1 - DECAY[0] ** step)) / unbiased
    return theta


def descended(problem: Problem, theta: np.ndarray, energies: np.ndarray, steps: int, rate: float) -> np.ndarray:
    """Each network of a batch after plain gradient descent, ended at its own energy, or after so many steps."""
    theta = theta.copy()
    going = np.ones(len(theta), dtype=bool)
    for _ in range(steps):
        here = np.flatnonzero(going)
        point = problem.part(here).at(theta[here])
        below = point.energy <= energies[here]
        going[here[below]] = False
        theta[here[~below]] -= rate * point.gradient[~below]
        if not going.any():
            break
    return theta


__all__ = ["descended", "trained"]
