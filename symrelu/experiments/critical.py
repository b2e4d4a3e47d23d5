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
ITERATIONS = 400
THRESHOLD = 1e-6  # of the paper, for J
STOP = "1e-6"  # for J, the paper's
WINDOW = ("0", "1")  # of the paper: shares of the first energy at which the descent on the loss is left
ZERO, RESOLVED = 1e-6, 1e-3  # times the largest |eigenvalue|


@dataclass(frozen=True)
class CriticalPoint:
    """Where one run ended.

    ``energy`` eps and ``left_at``, that at which the descent on the loss was left for that on J, are in units of the
    mean square ``targets`` of the targets, 1 on average, which takes most of the chance of small data out of them;
    ``squared_gradient`` is |dL/dtheta|**2. ``negative`` eigenvalues of the Hessian: those below -1e-6 times the largest
    |eigenvalue|; ``resolved``: those below -1e-3 times it. Where |dL/dtheta| is some 1e-3, the others belong to
    directions, of saturated units, along which no critical point is near, and have signs by chance.
    """

    energy: float
    squared_gradient: float
    negative: int
    resolved: int
    left_at: float
    targets: float


def critical_points(settings: Settings) -> list[CriticalPoint]:
    """So many runs, each on data of its own: random weights, descent on the loss to a random energy, then descent on J.

    ``settings`` as :func:`task` makes them. All runs are returned, those whose J is above 1e-6 too, which the paper
    discards.
    """
    n, phi, runs = settings["n"], Fraction(settings["phi"]), settings["runs"]
    m = examples(n, phi)
    rng = np.random.default_rng(settings["seed"])
    x, y = rng.standard_normal((runs, n, m)), rng.standard_normal((runs, n, m))
    problem = Problem(settings["activation"], x, y, n)
    theta = problem.initial(rng)
    low, high = (float(Fraction(bound)) for bound in settings["between"])
    theta = descended(problem, theta, problem.at(theta).energy * rng.uniform(low, high, runs), DESCENT, RATE)
    left_at = problem.at(theta).energy
    theta, J = to_small_gradient(problem, theta, float(settings["stop"]), ITERATIONS)
    point = problem.at(theta)
    values = np.linalg.eigvalsh(point.hessian)
    largest = np.max(np.abs(values), axis=1, keepdims=True)
    targets = np.mean(y**2, axis=(1, 2))
    return [
        CriticalPoint(float(e), float(j), int(k), int(r), float(left), float(t))
        for e, j, k, r, left, t in zip(
            point.energy / targets,
            J,
            np.sum(values < -ZERO * largest, axis=1),
            np.sum(values < -RESOLVED * largest, axis=1),
            left_at / targets,
            targets,
            strict=True,
        )
    ]


def task(
    phi: Fraction,
    n: int = 8,
    runs: int = 25,
    seed: int = 1,
    activation: str = "tanh",
    stop: str = STOP,
    between: tuple[Fraction, Fraction] = (Fraction(0), Fraction(1)),
) -> Settings:
    """The task of so many runs with one seed; the paper has n = 16 and some 50 000 runs in all.

    ``between``: where the random energy lies, as shares of that at the beginning; the paper's (0, 1) by default. The
    fits follow another window, which is therefore kept in the settings and said with them. ``stop``: at which J a run
    ends. Most runs go on to smaller J only with weights that grow without bound, along
    valleys where their energy hardly changes, so that a tiny ``stop`` costs time and tells little. Raises BadInput for
    no run, for n < 2, and for a window that does not lie in (0, 1).
    """
    if n < 2 or runs < 1:
        raise BadInput(f"{runs} runs with n = {n} were asked for; give at least 1, with n at least 2")
    if not 0 <= between[0] < between[1] <= 1:
        raise BadInput(f"energies between {between[0]} and {between[1]} of the first one were asked for; give 0 to 1")
    examples(n, phi)
    return {
        "experiment": "critical-points",
        "phi": str(phi),
        "n": n,
        "runs": runs,
        "seed": seed,
        "activation": activation,
        "stop": stop,
        "between": [str(bound) for bound in between],
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
