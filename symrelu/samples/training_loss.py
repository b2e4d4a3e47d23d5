"""The training loss (1/2N) sum_n (f(x_n) - y_n)**2 of two-layer networks over N inputs, its gradient and its Hessians.

The inputs are given, or drawn from a law (:mod:`symrelu.samples.laws`); the labels are the target's. Sums run
over parts of the inputs, so memory does not grow with N beyond the inputs themselves. The Hessian of a kinked
activation exists almost everywhere, and does not converge to the population's: :mod:`symrelu.samples.limits`
says what converges to what, and proves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import pi, sqrt
from typing import Any, Literal

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.pointwise import activation_of
from symrelu.samples.laws import InputLaw
from symrelu.samples.limits import check_width

PART = 2**21  # entries of Jacobians held at a time


class TrainingLoss:
    """The loss over given inputs, for students of any number of rows.

    Parameters: ``inputs`` of shape (N, d); ``population``, the loss whose target gives the labels, with its kernel.

    Methods take W of shape (k, d) and alpha of shape (k,) (default: 1). Coordinates of Hessians are the rows of W one
    after another, then alpha. Raises BadInput for shapes that do not fit.
    """

    def __init__(self, inputs: Any, population: DenseLoss) -> None:
        self.inputs = np.asarray(inputs, dtype=float)
        if self.inputs.ndim != 2 or self.inputs.shape[1] != population.d or not len(self.inputs):
            raise BadInput(f"inputs of shape {self.inputs.shape} were given; give N x {population.d} numbers, N > 0")
        self.population = population
        self.activation = activation_of(population.kernel)
        self.labels = self.activation.value(self.inputs @ population.V.T) @ population.beta

    @classmethod
    def drawn(cls, n: int, law: InputLaw, population: DenseLoss, rng: np.random.Generator) -> TrainingLoss:
        """The loss over n inputs drawn from a law."""
        return cls(law.sample(n, population.d, rng), population)

    def __len__(self) -> int:
        return len(self.inputs)

    def loss(self, W: Any, alpha: Any = None) -> float:
        """L_N."""
        W, alpha = self._network(W, alpha)
        return sum(float(r @ r) for _, _, _, r in self._parts(W, alpha, len(W))) / (2 * len(self))

    def gradient(self, W: Any, alpha: Any = None) -> tuple[Floats, Floats]:
        """The derivatives of L_N by W, of shape (k, d), and by alpha, of shape (k,).

        With a kinked activation it jumps by O(1/N) wherever a row is orthogonal to an input.
        """
        return self.loss_and_gradient(W, alpha)[1:]

    def loss_and_gradient(self, W: Any, alpha: Any = None) -> tuple[float, Floats, Floats]:
        """L_N and its derivatives by W and by alpha, in one pass over the inputs."""
        W, alpha = self._network(W, alpha)
        loss, by_rows, by_alpha = 0.0, np.zeros(W.shape), np.zeros(len(W))
        for x, z, value, r in self._parts(W, alpha, len(W)):
            loss += float(r @ r)
            by_rows += (r[:, None] * self.activation.slope(z)).T @ x
            by_alpha += r @ value
        n = len(self)
        return loss / (2 * n), alpha[:, None] * by_rows / n, by_alpha / n

    def hessian(self, W: Any, alpha: Any = None, layers: Literal[1, 2] = 1, width: float | None = None) -> Floats:
        """The Hessian of L_N by W (``layers`` 1), of order k d, or by W and alpha (2), of order k (d + 1).

        ``width``: None for the Hessian as it exists almost everywhere, which automatic differentiation returns; h > 0
        adds what it misses of a kinked activation, smoothed over |<w_i, x>| ~ h |w_i|. The limits for N -> infinity are
        :func:`symrelu.samples.limits.limit_hessian`. Raises BadInput for a width with a smooth activation, whose
        Hessian misses nothing.
        """
        W, alpha = self._network(W, alpha)
        k, d = W.shape
        added = None if width is None else self.smoothed_boundary(W, width, alpha)
        size = k * (d + 1) if layers == 2 else k * d
        H, pull, blocks = np.zeros((size, size)), np.zeros((k, d)), np.zeros((k, d, d))
        for x, z, value, r in self._parts(W, alpha, size):
            slope = self.activation.slope(z)
            J = np.empty((len(x), size))
            J[:, : k * d] = ((alpha * slope)[:, :, None] * x[:, None, :]).reshape(len(x), k * d)
            if layers == 2:
                J[:, k * d :] = value
                pull += (r[:, None] * slope).T @ x
            H += J.T @ J
            if self.activation.curvature is not None:
                blocks += _moments(x, alpha * r[:, None] * self.activation.curvature(z))
        H, pull, blocks = H / len(self), pull / len(self), blocks / len(self)
        if added is not None:
            blocks += added
        for i in range(k):
            own = slice(i * d, (i + 1) * d)
            H[own, own] += blocks[i]
            if layers == 2:
                H[own, k * d + i] += pull[i]
                H[k * d + i, own] += pull[i]
        return H

    def smoothed_boundary(self, W: Any, width: float, alpha: Any = None) -> Floats:
        """What this sample says of the B_i, which its almost-everywhere Hessian misses: shape (k, d, d).

        ``width`` h > 0, relative to the lengths of rows. For Gaussian inputs its mean is exactly
        :func:`symrelu.samples.limits.boundary_term` of the same width. Raises BadInput for smooth activations.
        """
        W, alpha = self._network(W, alpha)
        check_width(width)
        if width == 0:
            raise BadInput("the width 0 was given; no input lies on a kink: give a positive number, or leave it out")
        if self.activation.jump == 0:
            raise BadInput(f"a width was given for {self.population.kernel.name}, which has no kink; leave it out")
        over = width * np.sqrt(np.einsum("ia,ia->i", W, W))
        blocks = np.zeros((*W.shape, W.shape[1]))
        for x, z, value, r in self._parts(W, alpha, len(W)):
            density = np.exp(-((z / over) ** 2) / 2) / (sqrt(2 * pi) * over)
            blocks += _moments(x, self.activation.jump * alpha * density * (r[:, None] - alpha * value))
        return blocks / len(self)

    def difference_hessian(self, W: Any, step: float, alpha: Any = None) -> Floats:
        """The Hessian by W from differences (grad(W + h e) - grad(W - h e))/2h along every entry e, made symmetric.

        ``step`` h > 0. It takes 2 k d gradients. For N -> infinity it converges to the same quotient of the population
        loss, and for h -> 0 after that to the population's Hessian.
        """
        W, alpha = self._network(W, alpha)
        if not (np.isfinite(step) and step > 0):
            raise BadInput(f"the step {step} was given; give a positive number, such as 0.1")
        columns = []
        for index in np.ndindex(W.shape):
            moved = [W.copy(), W.copy()]
            moved[0][index] += step
            moved[1][index] -= step
            above, below = (self.gradient(x, alpha)[0] for x in moved)
            columns.append((above - below).ravel() / (2 * step))
        H = np.array(columns)
        return np.asarray((H + H.T) / 2)

    def gradient_covariance(self, W: Any, alpha: Any = None) -> Floats:
        """The covariance of one input's gradient by W, of order k d, as this sample estimates it: N times that of the
        training loss's gradient.
        """
        W, alpha = self._network(W, alpha)
        size = W.size
        second, first = np.zeros((size, size)), np.zeros(size)
        for x, z, _, r in self._parts(W, alpha, size):
            g = ((r[:, None] * alpha * self.activation.slope(z))[:, :, None] * x[:, None, :]).reshape(len(x), size)
            second += g.T @ g
            first += g.sum(0)
        mean = first / len(self)
        return np.asarray(second / len(self) - np.outer(mean, mean))

    # -- the parts -----------------------------------------------------------------------------------------------------

    def _network(self, W: Any, alpha: Any) -> tuple[Floats, Floats]:
        W = np.asarray(W, dtype=float)
        d = self.inputs.shape[1]
        if W.ndim != 2 or W.shape[1] != d or not len(W):
            raise BadInput(f"W of shape {W.shape} was given; give one k x {d} matrix")
        alpha = np.ones(len(W)) if alpha is None else np.asarray(alpha, dtype=float)
        if alpha.shape != W.shape[:1]:
            raise BadInput(f"alpha of shape {alpha.shape} was given for {len(W)} neurons; give one number each")
        return W, alpha

    def _parts(self, W: Floats, alpha: Floats, columns: int) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
        """Inputs, <w_i, x>, phi of it, and residuals, so many inputs at a time that arrays stay small."""
        step = max(1, PART // columns)
        for start in range(0, len(self), step):
            x = self.inputs[start : start + step]
            z = x @ W.T
            value = self.activation.value(z)
            yield x, z, value, value @ alpha - self.labels[start : start + step]


def _moments(x: Floats, weights: Floats) -> Floats:
    """sum_n weights_ni x_n x_n' for each i."""
    return np.array([(column[:, None] * x).T @ x for column in weights.T])


__all__ = ["PART", "TrainingLoss"]
