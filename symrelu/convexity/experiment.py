"""The experiment of rebuttal 003, and its table over setups.

Printed: target f(x) = 0, 100 data points sampled uniformly in [-1, 1], H = 1, n_1 = 2, no biases, no ReLU on the
output, lambda = 1, 100 trials: 51.6% +- 24.0% (mean +- standard deviation) of the loss change. Not printed, hence
chosen here: the initialisation (which decides the answer and must be named), the step size and the length of the
descent, the normalisation 1/2N of the loss, r = max |x_i|, which loss is counted, and whether trials that start inside
U count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np

from symrelu.columns import aligned
from symrelu.convexity.network import Regression
from symrelu.convexity.starts import initial_weights
from symrelu.convexity.trajectory import COUNTED, Trajectories, descend
from symrelu.errors import BadInput

PRINTED = (51.6, 24.0)
TIME, RATE = 8.0, 0.02  # rate times steps: the weights fall like exp(-t) in the end
SMALL = 1e-6  # lambda is from SMALL to 1/SMALL
MOST_STEPS, MOST_NUMBERS = 100_000, 20_000_000  # of a descent; in memory at once, a few times over
TABLE = (
    "torch xavier-uniform he-normal he-uniform normal:1 normal:1.4 normal:1.5 normal:2 uniform:2 uniform:2.3 uniform:3"
).split()
STARTING = ("all", "outside")


@dataclass(frozen=True)
class Share:
    """The mean and the standard deviation of the share over ``trials`` trials, in percent; None over too few."""

    trials: int
    mean: float | None
    sd: float | None

    def text(self) -> str:
        """Such as "51.9 +- 23.6"."""
        if self.mean is None:
            return "-"
        return f"{self.mean:.1f} +- {self.sd:.1f}" if self.sd is not None else f"{self.mean:.1f}"

    def to_json(self) -> dict[str, Any]:
        """The share as plain data."""
        return dict(vars(self))


@dataclass(frozen=True)
class Experiment:
    """The experiment with one initialisation: the settings, and the descents of all trials.

    ``time``: that the steps of ``rate`` make up; ``grid``: whether the inputs lie on a grid; ``slope``: of the
    activation below 0.
    """

    initialisation: str
    trials: int
    seed: int
    points: int
    hidden: tuple[int, ...]
    decay: float
    rate: float
    time: float
    grid: bool
    slope: float
    descents: Trajectories

    def share(self, test: str = "paper", counted: str = "regularised", starting: str = "all") -> Share:
        """Mean and standard deviation of the share over all trials, or only over those that start "outside" U.

        ``test`` and ``counted`` as in :meth:`Trajectories.fraction`; ``starting``: "all" or "outside". Raises BadInput
        for other words.
        """
        if starting not in STARTING:
            raise BadInput(f"the trials {starting!r} were asked for; there are {', '.join(STARTING)}")
        shares = 100 * self.descents.fraction(test, counted)
        if starting == "outside":
            shares = shares[~self.descents.starts_inside(test)]
        return share_of(shares)

    @cached_property
    def inside_at_start(self) -> float:
        """The part of the trials that start in U(lambda, theta) for some theta > 0."""
        return float(np.mean(self.descents.starts_inside()))

    @cached_property
    def columns(self) -> dict[str, Share]:
        """The readings of the metric that the table shows."""
        return {
            "all trials": self.share(),
            "outside at first": self.share(starting="outside"),
            "change of l": self.share(counted="plain"),
            "sharp constant": self.share("sharp"),
            "Hessian > 0": self.share("hessian"),
        }

    def text(self) -> str:
        """The experiment in words and numbers."""
        where = "on the grid" if self.grid else "uniformly at random"
        lines = [
            f"f = 0, {self.points} points {where} in [-1, 1], hidden layers {list(self.hidden)}, lambda = "
            f"{self.decay:g}, {self.trials} trials from {self.initialisation} (seed {self.seed}), rate {self.rate:g}, "
            f"time {self.time:g}" + (f", slope {self.slope:g}" if self.slope else ""),
            "",
            f"start in U(lambda, theta) for some theta > 0: {self.inside_at_start:.0%} of the trials",
            "",
            "share of the loss change for which the bound holds for some theta > 0, mean +- sd in %",
            "",
        ]
        width = max(map(len, _WORDS.values()))
        lines += [f"  {_WORDS[name]:<{width}}  {share.text()}" for name, share in self.columns.items()]
        lines += ["", f"printed: {PRINTED[0]} +- {PRINTED[1]}, of a setup that is not fully stated"]
        return "\n".join(lines)

    __str__ = text

    def to_json(self) -> dict[str, Any]:
        """The experiment as plain data."""
        settings = {k: v for k, v in vars(self).items() if k in _SETTINGS}
        return {
            **settings,
            "hidden": list(self.hidden),
            "inside_at_start": self.inside_at_start,
            "shares": {name: share.to_json() for name, share in self.columns.items()},
            "printed": {"mean": PRINTED[0], "sd": PRINTED[1]},
        }


_SETTINGS = ("initialisation", "trials", "seed", "points", "decay", "rate", "time", "grid", "slope")
_WORDS = {
    "all trials": "all trials",
    "outside at first": "trials that start outside U only",
    "change of l": "all trials, the change of l counted (not of l_lambda)",
    "sharp constant": "all trials, the bound with the sharp constant H",
    "Hessian > 0": "all trials, where the exact Hessian is positive definite",
}


def share_of(shares: np.ndarray) -> Share:
    """Mean and standard deviation (of the sample) of some percentages."""
    n = len(shares)
    return Share(n, float(np.mean(shares)) if n else None, float(np.std(shares, ddof=1)) if n > 1 else None)


def experiment(
    initialisation: str,
    *,
    trials: int = 100,
    seed: int = 1,
    points: int = 100,
    hidden: Sequence[int] = (2,),
    decay: float = 1.0,
    rate: float = RATE,
    time: float = TIME,
    grid: bool = False,
    slope: float = 0.0,
) -> Experiment:
    """The experiment of rebuttal 003: descents on l_lambda with target 0 and scalar inputs, seeded.

    Parameters: ``initialisation``, a name of :mod:`symrelu.convexity.starts`, required since it decides the answer;
    ``hidden``, units of each hidden layer; ``rate`` and ``time`` = rate * steps of the descent; ``grid``, the points
    -1 + 2 i/(points - 1) instead of random ones, fresh for each trial; ``slope`` of a leaky ReLU. Raises BadInput for
    settings that make no sense or ask for more steps or memory than there is, and for a rate that is too large.
    """
    if trials < 1 or points < 2 or not hidden or min(hidden) < 1 or seed < 0:
        raise BadInput(
            f"{trials} trials, {points} points, hidden layers {list(hidden)} and the seed {seed} were given; give at "
            "least 1 trial, 2 points, 1 unit a layer, and a seed >= 0"
        )
    if not SMALL <= decay <= 1 / SMALL or not abs(slope) <= 1 / SMALL:
        raise BadInput(
            f"lambda = {decay:g} and the slope {slope:g} were given; give lambda from {SMALL:g} to {1 / SMALL:g}, and "
            f"a slope of at most {1 / SMALL:g}"
        )
    if not (0 < rate <= time < inf):
        raise BadInput(f"a rate of {rate:g} and a time of {time:g} were given; give numbers, time >= rate > 0")
    steps, sizes = round(min(time / rate, 10.0 * MOST_STEPS)), [1, *hidden, 1]
    if steps > MOST_STEPS or steps * trials > MOST_NUMBERS:
        raise BadInput(
            f"{trials} descents of {time / rate:.3g} steps (time/rate) were asked for; at most {MOST_STEPS} steps, and "
            f"{MOST_NUMBERS} in all descents, are done: take a larger rate, or fewer trials"
        )
    weights = sum(p * q for p, q in pairwise(sizes))
    if trials * weights * max(weights, points) > MOST_NUMBERS:
        raise BadInput(
            f"{trials} networks of {weights} weights on {points} points were asked for, too many for the memory; take "
            "fewer trials, points or units"
        )
    rng = np.random.default_rng(seed)
    spaced = np.linspace(-1, 1, points)[None, None, :]
    x = np.broadcast_to(spaced, (trials, 1, points)) if grid else rng.uniform(-1, 1, (trials, 1, points))
    problem = Regression(x, np.zeros_like(x), decay, slope)
    start = problem.at(initial_weights(initialisation, sizes, trials, rng))
    descents = descend(start, rate, steps, hessian=True)
    return Experiment(
        initialisation, trials, seed, points, tuple(hidden), float(decay), rate, time, grid, slope, descents
    )


def table(initialisations: Sequence[str] = tuple(TABLE), progress: Any = None, **settings: Any) -> list[Experiment]:
    """The experiment for each of several initialisations, by default those of ``TABLE``, with the same settings."""
    found = []
    for name in initialisations:
        if progress:
            progress(f"descents from {name}")
        found.append(experiment(name, **settings))
    return found


def table_text(found: Sequence[Experiment]) -> str:
    """The table over setups, with what it shows and what it cannot show."""
    head = ["initialisation", "start in U", *found[0].columns]
    rows = [
        [one.initialisation, f"{one.inside_at_start:.2f}", *(s.text() for s in one.columns.values())] for one in found
    ]
    one = found[0]
    words = (
        f"share of the loss change for which the bound holds for some theta > 0, mean +- sd in %; {one.trials} trials "
        f"each, seed {one.seed}, rate {one.rate:g}, time {one.time:g}; printed: {PRINTED[0]} +- {PRINTED[1]}"
    )
    return "\n".join([words, "", *aligned([head, *rows]), "", *closest(found)])


def closest(found: Sequence[Experiment]) -> list[str]:
    """Which readings of the table come within what 100 trials leave open of the printed figure, in words."""
    near = []
    for one in found:
        for name in ("all trials", "outside at first", "change of l"):
            share = one.columns[name]
            if share.mean is None or share.sd is None:
                continue
            error = PRINTED[1] / 10  # of a mean of 100 trials
            if abs(share.mean - PRINTED[0]) <= 2 * error and abs(share.sd - PRINTED[1]) <= 2 * error / 2**0.5:
                near.append(f"{one.initialisation}, {name}: {share.text()}")
    words = f"within two standard errors of the printed figure, as 100 trials have them: {'; '.join(near) or 'none'}"
    return [words, "assumed throughout: the loss 1/2N, r = max |x_i|, gradient descent, the definition of the metric"]


__all__ = [
    "COUNTED",
    "PRINTED",
    "TABLE",
    "Experiment",
    "Share",
    "closest",
    "experiment",
    "share_of",
    "table",
    "table_text",
]
