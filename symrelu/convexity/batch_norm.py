"""One small experiment on batch normalisation: does a descent enter the region of positive Hessian sooner with it?

    y = W_1 relu(u),   u = (z - mean z)/sd z over all data,   z = W_0 a

The bound of rebuttal 003 is not about such networks (y is no polynomial of degree 1 in each weight), so what is
compared is the truth: where the Hessian of l_lambda is positive definite, with and without normalisation, on the same
data and from the same weights. Hessians with normalisation are central differences of exact gradients.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from symrelu.convexity.network import Array, Regression
from symrelu.convexity.trajectory import Valued, gradient_steps, trajectory_fraction
from symrelu.errors import BadInput
from symrelu.experiments.data import data
from symrelu.model.kernels import RELU
from symrelu.model.pointwise import activation_of

STEP = 1e-5
_RELU = activation_of(RELU)


@dataclass(frozen=True)
class NormalisedPoint:
    """l_lambda and its gradients at some points."""

    regularised: Array
    gradient: Array


@dataclass(frozen=True)
class NormalisedLoss:
    """l_lambda of one hidden layer of ``hidden`` units, pre-activations normalised; weights (trials, n), W_0 first."""

    problem: Regression
    hidden: int

    def value_and_gradient(self, theta: Array) -> tuple[Array, Array]:
        """l_lambda and its gradient, for each row of ``theta``."""
        a, b, N = self.problem.inputs, self.problem.targets, self.problem.points
        n, h = a.shape[0], self.hidden
        W0, W1 = theta[:, : h * n].reshape(-1, h, n), theta[:, h * n :].reshape(len(theta), b.shape[0], h)
        z = W0 @ a
        centred = z - z.mean(axis=-1, keepdims=True)
        sd = np.sqrt(np.mean(centred**2, axis=-1, keepdims=True))
        u = centred / sd
        active = _RELU.value(u)
        e = W1 @ active - b
        back = _RELU.slope(u) * (np.swapaxes(W1, 1, 2) @ e) / N
        through = back - back.mean(axis=-1, keepdims=True) - u * np.mean(back * u, axis=-1, keepdims=True)
        by_first = (through / sd) @ a.T
        by_second = e @ np.swapaxes(active, 1, 2) / N
        gradient = np.concatenate([by_first.reshape(len(theta), -1), by_second.reshape(len(theta), -1)], axis=1)
        decay = self.problem.decay
        value = np.sum(e**2, axis=(1, 2)) / (2 * N) + decay * np.sum(theta**2, axis=1) / 2
        return value, gradient + decay * theta

    def at(self, theta: Array) -> NormalisedPoint:
        """The points in the rows of ``theta``, as a descent wants them."""
        return NormalisedPoint(*self.value_and_gradient(theta))

    def smallest(self, theta: Array) -> Array:
        """The smallest eigenvalue of the Hessian, for each row of ``theta``."""
        trials, n = theta.shape
        moves = STEP * np.eye(n)
        ends = [
            self.value_and_gradient((theta[:, None] + sign * moves).reshape(-1, n))[1].reshape(trials, n, n)
            for sign in (1, -1)
        ]
        H = (ends[0] - ends[1]) / (2 * STEP)
        return np.asarray(np.linalg.eigvalsh((H + np.swapaxes(H, 1, 2)) / 2)[:, 0])


@dataclass(frozen=True)
class Comparison:
    """Without and with normalisation, one entry a trial: the share of the change of l_lambda over steps that start
    where the Hessian is positive definite; the part of the descent after which it first is (1: never); and l_lambda at
    the end. ``shares``, ``entered``, ``final``: these three, each a pair of arrays.
    """

    shares: tuple[Array, Array]
    entered: tuple[Array, Array]
    final: tuple[Array, Array]
    decay: float
    trials: int
    steps: int
    rate: float
    seed: int


def compare(
    decay: float = 0.03,
    trials: int = 8,
    seed: int = 1,
    points: int = 60,
    hidden: int = 3,
    steps: int = 240,
    rate: float = 0.1,
    dataset: str = "gaussian",
    features: int = 4,
) -> Comparison:
    """Descents with and without normalisation: inputs of a data set of :mod:`symrelu.experiments.data`, targets of a
    random network of two units with noise, He normal weights. Raises BadInput where a descent does not go down.
    ``features``: of an input.
    """
    rng = np.random.default_rng(seed)
    a = data(dataset, points, rng, features)[:features]
    n = len(a)
    teacher = rng.standard_normal((2, n))
    b = np.maximum(teacher @ a, 0).sum(axis=0, keepdims=True) + 0.3 * rng.standard_normal((1, points))
    problem = Regression(a, b - b.mean(), decay)
    first = rng.standard_normal((trials, hidden * n)) * np.sqrt(2 / n)
    start = np.concatenate([first, rng.standard_normal((trials, hidden)) * np.sqrt(2 / hidden)], axis=1)
    normalised = NormalisedLoss(problem, hidden)

    def plain_smallest(theta: Array) -> Array:
        return np.asarray(np.linalg.eigvalsh(problem.from_vector(theta, [hidden]).hessian)[:, 0])

    shares, entered, final = [], [], []
    ways: list[tuple[Callable[[Array], Valued], Callable[[Array], Array]]] = [
        (lambda theta: problem.from_vector(theta, [hidden]), plain_smallest),
        (normalised.at, normalised.smallest),
    ]
    for at, smallest in ways:
        losses: list[Array] = []
        convex: list[Array] = []
        for theta, here in gradient_steps(at, start, rate, steps, growth=10):
            losses.append(here.regularised)
            if len(convex) < steps:
                convex.append(smallest(theta) > 0)
        if not np.all(losses[-1] < losses[0]):
            raise BadInput(f"the loss does not fall over a descent at rate {rate}; take a smaller rate")
        inside = np.array(convex)
        shares.append(trajectory_fraction(np.array(losses), inside))
        entered.append(np.where(inside.any(axis=0), inside.argmax(axis=0), steps) / steps)
        final.append(losses[-1])
    return Comparison(
        (shares[0], shares[1]), (entered[0], entered[1]), (final[0], final[1]), decay, trials, steps, rate, seed
    )


__all__ = ["Comparison", "NormalisedLoss", "compare"]
