"""Gradient descent on l_lambda, many networks at once, and the share of the loss change for which a bound holds.

The metric of rebuttal 003 ("the bound given in (6) is satisfied for some theta for 51.6% +- 24.0% of the loss change
over training - see the paper for the definition") is a reconstruction: the paper's body is not available. Here: the sum
of the decreases of the loss over the steps that start inside the set, over the total decrease.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np

from symrelu.convexity.bound import slack
from symrelu.convexity.eigenvalue import hessian_min_eig
from symrelu.convexity.network import Array, Network, Regression
from symrelu.errors import BadInput

TESTS = ("paper", "sharp", "hessian")
COUNTED = ("regularised", "plain")


@dataclass(frozen=True)
class Trajectories:
    """Descents of many networks: ``plain`` l and ``regularised`` l_lambda of shape (steps + 1, trials), the slack of
    the bound with c = 1 at each point, and whether Hess l_lambda is positive definite at the start of each step
    (steps, trials; None where it was not asked for). ``hidden_layers``: how many; ``unit_slack``: that slack;
    ``convex``: that answer.
    """

    decay: float
    hidden_layers: int
    rate: float
    plain: Array
    regularised: Array
    unit_slack: Array
    convex: Array | None

    def inside(self, test: str) -> Array:
        """Whether each step starts where the bound holds for some theta > 0 (steps, trials).

        ``test``: "paper" and "sharp", the bound with that constant; "hessian": Hess l_lambda positive definite there.
        Raises BadInput for another test, and for "hessian" where it was not asked for.
        """
        if test not in TESTS:
            raise BadInput(f"the test {test!r} was given; there are {', '.join(TESTS)}")
        if test != "hessian":
            c = self.hidden_layers * (self.hidden_layers + 1 if test == "paper" else 1)
            return np.asarray(c * self.unit_slack[:-1] < self.decay)
        if self.convex is None:
            raise BadInput("the Hessian was not computed along these descents; ask for it when they are made")
        return self.convex

    def starts_inside(self, test: str = "paper") -> Array:
        """For each trial, whether its initialisation is inside. ``test`` as in :meth:`inside`."""
        return self.inside(test)[0]

    def fraction(self, test: str = "paper", counted: str = "regularised") -> Array:
        """The share of the change of the loss over the steps that start inside, one for each trial.

        ``counted``: the change of l_lambda ("regularised") or of l ("plain"). ``test`` as in :meth:`inside`. Raises
        BadInput for other words.
        """
        if counted not in COUNTED:
            raise BadInput(f"the loss {counted!r} was given; there are {', '.join(COUNTED)}")
        return trajectory_fraction(self.regularised if counted == "regularised" else self.plain, self.inside(test))

    @cached_property
    def steps(self) -> int:
        """The number of steps."""
        return len(self.plain) - 1


def trajectory_fraction(losses: Array, inside: Array) -> Array:
    """The sum of the decreases of a loss over the steps that start inside a set, over its total decrease.

    Parameters: ``losses`` (steps + 1, trials); ``inside`` (steps, trials), booleans. Returns one share for each trial,
    in [0, 1] where the loss never rises. Raises BadInput where a loss does not fall in all.
    """
    drops = losses[:-1] - losses[1:]
    total = losses[0] - losses[-1]
    if losses.ndim != 2 or inside.shape != drops.shape:
        raise BadInput(f"losses of shape {losses.shape} and steps of shape {inside.shape} do not fit together")
    if not np.all(total > 0):
        raise BadInput("a loss does not fall over its descent, so no share of its change is meant; take a smaller rate")
    return np.asarray(np.sum(np.where(inside, drops, 0.0), axis=0) / total)


class Valued(Protocol):
    """What a descent needs at each point: the losses (trials,) and their gradients (trials, n)."""

    @property
    def regularised(self) -> Any:
        """The losses."""

    @property
    def gradient(self) -> Array:
        """Their gradients."""


Place = TypeVar("Place", bound=Valued)


def gradient_steps(
    at: Callable[[Array], Place], theta: Array, rate: float, steps: int, growth: float | None = None
) -> Iterator[tuple[Array, Place]]:
    """Gradient descent theta <- theta - rate * gradient, many at once: the steps + 1 points (trials, n), with what
    ``at`` makes of each.

    Parameters: ``growth``, how many times its first value a loss may reach; None: it may never rise, but for rounding.
    Raises BadInput where a loss does more: the rate is too large.
    """
    if not rate > 0 or steps < 1:
        raise BadInput(f"a rate of {rate} and {steps} steps were given; both must be positive")
    allowed = None
    for step in range(steps + 1):
        with np.errstate(over="ignore", invalid="ignore"):  # a descent that diverges is refused here
            here = at(theta)
            value = here.regularised
            if allowed is not None and not np.all(value <= allowed):
                raise BadInput(f"the loss rises at step {step} of a descent at rate {rate}; take a smaller rate")
            if growth is None:
                allowed = value * (1 + 1e-9)
            elif allowed is None:
                allowed = growth * value
        yield theta, here
        if step < steps:
            theta = theta - rate * here.gradient


def descend(network: Network, rate: float, steps: int, hessian: bool = False) -> Trajectories:
    """Gradient descent on l_lambda from the given networks: theta <- theta - rate * gradient, so many steps.

    Parameters: ``network``, one or a batch along one leading axis; ``hessian``, whether to ask at each step if the
    Hessian is positive definite (it is inside U, where that is not computed). Raises BadInput where the descent does
    not go down: the rate is too large for the weights.
    """
    problem, hidden = network.problem, network.sizes[1:-1]
    first = np.atleast_2d(network.vector)
    plain, regularised, unit = [], [], []
    convex: list[Array] = []
    with np.errstate(over="ignore", invalid="ignore"):  # a descent that diverges is refused
        for theta, here in gradient_steps(lambda t: problem.from_vector(t, hidden), first, rate, steps):
            plain.append(here.loss)
            regularised.append(here.regularised)
            unit.append(slack(here, "one"))
            if hessian and len(convex) < steps:
                convex.append(_convex(problem, theta, hidden, unit[-1]))
    return Trajectories(
        decay=float(problem.decay),
        hidden_layers=network.hidden_layers,
        rate=rate,
        plain=np.array(plain),
        regularised=np.array(regularised),
        unit_slack=np.array(unit),
        convex=np.array(convex) if hessian else None,
    )


def _convex(problem: Regression, theta: Array, hidden: list[int], unit_slack: Array) -> Array:
    """Where the Hessian is positive definite: inside the sharp U by the bound, elsewhere by its eigenvalues."""
    positive = np.asarray(len(hidden) * unit_slack < problem.decay)
    asked = np.flatnonzero(~positive)
    if asked.size:
        inputs, targets = (x[asked] if x.ndim > 2 else x for x in (problem.inputs, problem.targets))
        part = Regression(inputs, targets, problem.decay, problem.slope).from_vector(theta[asked], hidden)
        positive[asked] = hessian_min_eig(part) > 0
    return positive


__all__ = ["COUNTED", "TESTS", "Trajectories", "Valued", "descend", "gradient_steps", "trajectory_fraction"]
