"""Critical points of small networks, by descent on J = |dL/dtheta|**2 (Pennington & Bahri, section 6.4).

Many networks are treated at once. Data and targets are standard normal: a memorization task.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments.descent import to_small_gradient
from symrelu.experiments.initial import examples
from symrelu.experiments.network import Problem
from symrelu.experiments.training import descended

Settings = dict[str, Any]
RATE, DESCENT = 0.2, 3000  # of the descent on the loss that comes first; at most so many steps
ITERATIONS = 300
THRESHOLD = 1e-6  # of the paper, for J
STOP = "1e-7"  # for J: far below the paper's threshold, and before most runs are far on their way to infinity
ZERO = 1e-6  # times the largest |eigenvalue|: below it an eigenvalue counts as zero


@dataclass(frozen=True)
class CriticalPoint:
    """Where one run ended: ``energy`` eps, |dL/dtheta|**2, the numbers of negative and of zero eigenvalues of the
    Hessian, and the energy at which the descent on the loss was left for that on J.
    """

    energy: float
    squared_gradient: float
    negative: int
    null: int
    left_at: float


def critical_points(settings: Settings) -> list[CriticalPoint]:
    """So many runs, each on data of its own: random weights, descent on the loss to a random energy between 0 and that
    at the beginning, then descent on J. ``settings`` as :func:`task` makes them. All runs are returned, those whose J
    is above 1e-6 too, which the paper discards.
    """
    n, phi, runs = settings["n"], Fraction(settings["phi"]), settings["runs"]
    m = examples(n, phi)
    rng = np.random.default_rng(settings["seed"])
    x, y = rng.standard_normal((runs, n, m)), rng.standard_normal((runs, n, m))
    problem = Problem(settings["activation"], x, y, n)
    theta = problem.initial(rng)
    wanted = problem.at(theta).energy * rng.uniform(size=runs)
    theta = descended(problem, theta, wanted, DESCENT, RATE)
    left_at = problem.at(theta).energy
    theta, J = to_small_gradient(problem, theta, float(settings["stop"]), ITERATIONS)
    point = problem.at(theta)
    values = np.linalg.eigvalsh(point.hessian)
    small = ZERO * np.max(np.abs(values), axis=1, keepdims=True)
    return [
        CriticalPoint(float(e), float(j), int(neg), int(nul), float(left))
        for e, j, neg, nul, left in zip(
            point.energy,
            J,
            np.sum(values < -small, axis=1),
            np.sum(np.abs(values) <= small, axis=1),
            left_at,
            strict=True,
        )
    ]


def task(
    phi: Fraction, n: int = 8, runs: int = 25, seed: int = 1, activation: str = "tanh", stop: str = STOP
) -> Settings:
    """The task of so many runs with one seed; the paper has n = 16 and some 50 000 runs in all.

    ``stop``: at which J a run ends. Most runs go on to smaller J only with weights that grow without bound, along
    valleys where their energy hardly changes, so that a tiny ``stop`` costs time and tells little.
    """
    if n < 2 or runs < 1:
        raise BadInput(f"{runs} runs with n = {n} were asked for; give at least 1, with n at least 2")
    examples(n, phi)
    return {
        "experiment": "critical-points",
        "phi": str(phi),
        "n": n,
        "runs": runs,
        "seed": seed,
        "activation": activation,
        "stop": stop,
    }


def work(settings: Settings) -> list[dict[str, Any]]:
    """The records of one task: a list for each number of a run, and how many parameters there are."""
    found = critical_points(settings)
    return [
        {
            "settings": settings,
            "parameters": 2 * settings["n"] ** 2,
            **{name: [getattr(one, name) for one in found] for name in CriticalPoint.__dataclass_fields__},
        }
    ]


__all__ = ["THRESHOLD", "CriticalPoint", "critical_points", "task", "work"]
