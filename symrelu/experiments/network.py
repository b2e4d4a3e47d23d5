"""One-hidden-layer networks without biases: loss, gradient, Jacobian and the split of the Hessian, H = H0 + H1.

Pennington & Bahri (ICML 2017), eqs. (1)-(4). The parameters are theta = (W1, W2), row by row. Leading axes are
batches: many networks, each on data of its own, are treated at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from symrelu.errors import BadInput

Scalar = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Activation:
    """An activation with its first two derivatives, of which ReLU's are 0 at 0.

    ``value``, ``first``, ``second``: functions of arrays.
    """

    value: Scalar
    first: Scalar
    second: Scalar


def _tanh_first(z: np.ndarray) -> np.ndarray:
    return 1 - np.tanh(z) ** 2


ACTIVATIONS = {
    "relu": Activation(lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float), np.zeros_like),
    "tanh": Activation(np.tanh, _tanh_first, lambda z: -2 * np.tanh(z) * _tanh_first(z)),
    "linear": Activation(lambda z: z, np.ones_like, np.zeros_like),
}


@dataclass(frozen=True)
class Problem:
    """The loss of a network with ``hidden`` units on data ``x`` of shape (..., n0, m), targets ``y`` (..., n2, m).

    The loss is L = n2 eps = |yhat - y|**2/(2 m), yhat = W2 f(W1 x), f one of ``ACTIVATIONS``; theta has shape (..., N),
    N = hidden (n0 + n2). Raises BadInput for another activation, and for shapes that do not fit.
    """

    activation: str
    x: np.ndarray
    y: np.ndarray
    hidden: int

    def __post_init__(self) -> None:
        if self.activation not in ACTIVATIONS:
            raise BadInput(f"the activation {self.activation!r} was given; there are {', '.join(ACTIVATIONS)}")
        if self.x.ndim < 2 or self.y.ndim != self.x.ndim or self.x.shape[-1] != self.y.shape[-1]:
            raise BadInput(f"data of shape {self.x.shape} and targets of shape {self.y.shape} do not fit together")
        if self.hidden < 1:
            raise BadInput(f"{self.hidden} hidden units were given; give at least 1")

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """n0, n1, n2 and the number m of examples."""
        return self.x.shape[-2], self.hidden, self.y.shape[-2], self.x.shape[-1]

    @property
    def parameters(self) -> int:
        """N, the number of parameters."""
        n0, n1, n2, _ = self.sizes
        return n1 * (n0 + n2)

    @property
    def phi(self) -> float:
        """Parameters per target: N/(n2 m), in a square network 2 n/m."""
        return self.parameters / (self.sizes[2] * self.sizes[3])

    def initial(self, rng: np.random.Generator) -> np.ndarray:
        """Independent normal weights, each of variance 1/(number of inputs of its unit)."""
        n0, n1, n2, _ = self.sizes
        batch = self.x.shape[:-2]
        first = rng.standard_normal((*batch, n1 * n0)) / np.sqrt(n0)
        second = rng.standard_normal((*batch, n2 * n1)) / np.sqrt(n1)
        return np.concatenate([first, second], axis=-1)

    def layers(self, theta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """W1 of shape (..., n1, n0) and W2 of shape (..., n2, n1)."""
        n0, n1, n2, _ = self.sizes
        batch = theta.shape[:-1]
        return theta[..., : n1 * n0].reshape(*batch, n1, n0), theta[..., n1 * n0 :].reshape(*batch, n2, n1)

    def at(self, theta: np.ndarray, residuals: np.ndarray | None = None) -> Point:
        """What there is to compute at theta; ``residuals`` of shape (..., n2, m) overwrite those of the network."""
        return Point(self, theta, residuals)

    def part(self, which: np.ndarray) -> Problem:
        """The same loss for some of the networks of a batch. ``which``: their numbers."""
        return Problem(self.activation, self.x[which], self.y[which], self.hidden)


class Point:
    """A network at given parameters: everything of eqs. (1)-(4), computed when asked for."""

    def __init__(self, problem: Problem, theta: np.ndarray, residuals: np.ndarray | None = None) -> None:
        self.problem, self.theta = problem, theta
        self.W1, self.W2 = problem.layers(theta)
        self._overwritten = residuals

    @cached_property
    def z(self) -> np.ndarray:
        """The pre-activations W1 x."""
        return self.W1 @ self.problem.x

    @cached_property
    def h(self) -> np.ndarray:
        """The hidden units f(z)."""
        return ACTIVATIONS[self.problem.activation].value(self.z)

    @cached_property
    def slope(self) -> np.ndarray:
        """f'(z)."""
        return ACTIVATIONS[self.problem.activation].first(self.z)

    @cached_property
    def bend(self) -> np.ndarray:
        """f''(z)."""
        return ACTIVATIONS[self.problem.activation].second(self.z)

    @cached_property
    def residuals(self) -> np.ndarray:
        """e = yhat - y (eq. 1), unless they were overwritten."""
        return self.W2 @ self.h - self.problem.y if self._overwritten is None else self._overwritten

    @cached_property
    def loss(self) -> np.ndarray:
        """L = n2 eps (eq. 2), one a network."""
        return np.sum(self.residuals**2, axis=(-2, -1)) / (2 * self.problem.sizes[3])

    @property
    def energy(self) -> np.ndarray:
        """eps = L/n2."""
        return self.loss / self.problem.sizes[2]

    @cached_property
    def back(self) -> np.ndarray:
        """W2' e, the residuals seen from the hidden units."""
        return _t(self.W2) @ self.residuals

    @cached_property
    def gradient(self) -> np.ndarray:
        """dL/dtheta."""
        return self._joined((self.back * self.slope) @ _t(self.problem.x), self.residuals @ _t(self.h))

    def hessian_vector(self, v: np.ndarray) -> np.ndarray:
        """H v, in the time of a few gradients."""
        V1, V2 = self.problem.layers(v)
        dz = V1 @ self.problem.x
        dh = self.slope * dz
        de = V2 @ self.h + self.W2 @ dh
        hidden = (_t(V2) @ self.residuals + _t(self.W2) @ de) * self.slope + self.back * self.bend * dz
        return self._joined(hidden @ _t(self.problem.x), de @ _t(self.h) + self.residuals @ _t(dh))

    def _joined(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        batch = first.shape[:-2]
        joined = np.concatenate([first.reshape(*batch, -1), second.reshape(*batch, -1)], axis=-1)
        return joined / self.problem.sizes[3]

    @cached_property
    def jacobian(self) -> np.ndarray:
        """J of shape (..., N, n2 m): the derivatives of yhat_{i mu} (eq. 3)."""
        n0, n1, n2, m = self.problem.sizes
        batch = self.theta.shape[:-1]
        first = np.einsum("...ia,...au,...bu->...abiu", self.W2, self.slope, self.problem.x)
        second = np.einsum("ci,...du->...cdiu", np.eye(n2), self.h)
        return np.concatenate(
            [first.reshape(*batch, n1 * n0, n2 * m), second.reshape(*batch, n2 * n1, n2 * m)], axis=-2
        )

    @cached_property
    def _slopes(self) -> np.ndarray:
        """f'(z_{a mu}) x_{b mu}, of shape (..., n1 n0, m)."""
        n0, n1, _, m = self.problem.sizes
        product = self.slope[..., :, None, :] * self.problem.x[..., None, :, :]
        return product.reshape(*product.shape[:-3], n1 * n0, m)

    @cached_property
    def H0(self) -> np.ndarray:
        """J J'/m (eq. 3), block by block: J itself, of n2 m columns, is never made."""
        n0, n1, n2, m = self.problem.sizes
        A = self._slopes
        batch = A.shape[:-2]
        first = (A @ _t(A)).reshape(*batch, n1, n0, n1, n0) * (_t(self.W2) @ self.W2)[..., :, None, :, None]
        mixed = (A @ _t(self.h)).reshape(*batch, n1, n0, n1)
        corner = np.einsum("...ca,...abd->...abcd", self.W2, mixed)
        second = np.einsum("ce,...df->...cdef", np.eye(n2), self.h @ _t(self.h))
        return self._assembled(first, corner, second)

    @cached_property
    def H1(self) -> np.ndarray:
        """The part with the residuals and the second derivatives (eq. 4)."""
        n0, n1, n2, m = self.problem.sizes
        A = self._slopes
        batch = A.shape[:-2]
        unit = np.eye(n1)
        x = self.problem.x[..., None, :, :]
        curved = (x * (self.back * self.bend)[..., :, None, :]) @ _t(x)  # per hidden unit: (..., n1, n0, n0)
        first = np.einsum("ae,...abf->...abef", unit, curved)
        mixed = (A @ _t(self.residuals)).reshape(*batch, n1, n0, n2)
        corner = np.einsum("ad,...abc->...abcd", unit, mixed)
        return self._assembled(first, corner, np.zeros((*batch, n2, n1, n2, n1)))

    def _assembled(self, first: np.ndarray, corner: np.ndarray, second: np.ndarray) -> np.ndarray:
        n0, n1, n2, m = self.problem.sizes
        batch, p, q = first.shape[:-4], n1 * n0, n2 * n1
        H = np.empty((*batch, p + q, p + q))
        H[..., :p, :p] = first.reshape(*batch, p, p)
        H[..., :p, p:] = corner.reshape(*batch, p, q)
        H[..., p:, :p] = _t(H[..., :p, p:])
        H[..., p:, p:] = second.reshape(*batch, q, q)
        return H / m

    @property
    def hessian(self) -> np.ndarray:
        """H = H0 + H1."""
        return self.H0 + self.H1


def _t(a: np.ndarray) -> np.ndarray:
    return np.swapaxes(a, -1, -2)


__all__ = ["ACTIVATIONS", "Activation", "Point", "Problem"]
