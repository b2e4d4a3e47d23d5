"""Deep networks without biases: regularised loss, gradient and exact Hessian, in any scalars.

    y = W_H s(W_(H-1) ... s(W_0 a)),   s(z) = z for z > 0, slope z for z < 0  (slope 0: ReLU),  no s at the output
    l = (1/2N) sum |y(a_i) - b_i|**2,   l_lambda = l + (lambda/2) sum |W_i|_F**2

Written once, for arrays of floats (leading axes are batches: many networks at once) and for object arrays of exact
rationals (flint's fmpq, Fraction) or of balls (flint's arb). With the signs of all pre-activations fixed y is a
polynomial of degree at most 1 in each weight, so that its second derivatives pair different layers only:

    D2 l[X, X] = (1/N) sum |Dy[X]|**2 + (1/N) sum <y - b, D2y[X, X]>

Rebuttal 003 (Milne, "Piecewise strong convexity of neural networks", arXiv 1810.12805); normalisation and the norms
are reconstructed from its printed constant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from flint import arb, fmpq

from symrelu.errors import BadInput, SymreluError, Undecided

Array = np.ndarray[Any, np.dtype[Any]]


class Kink(SymreluError):
    """A second derivative was asked for where a pre-activation is 0: the loss has none there."""


def exact(values: Any) -> Array:
    """Integers, Fractions or floats (taken as the binary fractions that they are) as an array of fmpq."""
    given = np.asarray(values, dtype=object)
    return _mapped(given, lambda x: x if isinstance(x, fmpq) else fmpq(*Fraction(x).as_integer_ratio()))


def balls(values: Any) -> Array:
    """An array of exact numbers as balls of the present working precision."""
    return _mapped(exact(values), arb)


def _mapped(values: Array, f: Any) -> Array:
    result = np.empty(values.shape, dtype=object)
    for place, x in np.ndenumerate(values):
        result[place] = f(x)
    return result


@dataclass(frozen=True)
class Regression:
    """The regularised loss of fitting ``targets`` at ``inputs``.

    Parameters: ``inputs`` of shape (..., n_0, N), the points a_i in columns; ``targets`` (..., n_(H+1), N); ``decay``,
    lambda >= 0; ``slope`` of s for negative arguments, 0 for ReLU. All in the scalars of the weights to come: floats,
    or object arrays (:func:`exact`, :func:`balls`). Raises BadInput for shapes that do not fit.
    """

    inputs: Array
    targets: Array
    decay: Any
    slope: Any = 0

    def __post_init__(self) -> None:
        a, b = self.inputs, self.targets
        if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-1] or not a.size:
            raise BadInput(f"inputs of shape {a.shape} and targets of shape {b.shape} do not fit: points go in columns")
        if self.decay < 0:
            raise BadInput(f"lambda = {self.decay} was given; weight decay needs lambda >= 0")

    @property
    def points(self) -> int:
        """N, the number of points."""
        return int(self.inputs.shape[-1])

    @cached_property
    def radius_squared(self) -> Any:
        """r**2, r = max |a_i|: one for each problem of a batch."""
        return largest(np.sum(self.inputs * self.inputs, axis=-2))

    def at(self, weights: Sequence[Array]) -> Network:
        """The network with weights W_0, ..., W_H, each (..., n_(i+1), n_i); BadInput if they do not fit."""
        return Network(self, tuple(weights))

    def from_vector(self, theta: Array, hidden: Sequence[int]) -> Network:
        """The network whose weights stand in ``theta`` of shape (..., n), matrix by matrix, row by row."""
        sizes = [self.inputs.shape[-2], *hidden, self.targets.shape[-2]]
        shapes = list(zip(sizes[1:], sizes[:-1], strict=True))
        if theta.shape[-1] != sum(p * q for p, q in shapes):
            raise BadInput(f"{theta.shape[-1]} weights were given for layers of {sizes} units")
        weights, start = [], 0
        for p, q in shapes:
            weights.append(theta[..., start : start + p * q].reshape(*theta.shape[:-1], p, q))
            start += p * q
        return self.at(weights)


class Network:
    """A network at given weights: everything of the module's formulas, computed when asked for."""

    def __init__(self, problem: Regression, weights: tuple[Array, ...]) -> None:
        self.problem, self.weights = problem, weights
        sizes = [problem.inputs.shape[-2], *(W.shape[-2] if W.ndim > 1 else -1 for W in weights)]
        if len(weights) < 2 or any(W.ndim < 2 or W.shape[-1] != n for W, n in zip(weights, sizes, strict=False)):
            raise BadInput(f"matrices of shapes {[W.shape for W in weights]} are no network on {sizes[0]} inputs")
        if sizes[-1] != problem.targets.shape[-2]:
            raise BadInput(f"the network has {sizes[-1]} outputs, the targets {problem.targets.shape[-2]}")
        self.sizes = sizes

    @property
    def hidden_layers(self) -> int:
        """H."""
        return len(self.weights) - 1

    @property
    def is_float(self) -> bool:
        """Whether the scalars are floats."""
        return all(x.dtype != object for x in (*self.weights, self.problem.inputs, self.problem.targets))

    @cached_property
    def vector(self) -> Array:
        """All weights as one vector, matrix by matrix, row by row: (..., n)."""
        return _joined([_flat(W) for W in self.weights])

    @cached_property
    def _layers(self) -> tuple[list[Array], list[Array], Array]:
        """What enters each layer h_0 = a, h_1, ..., h_H (..., n_i, N); the slopes at its units; and where kinks are."""
        h = self.problem.inputs
        alive = np.any(np.asarray(h != 0, dtype=bool) if self.is_float else ~_is_zero(h), axis=-2)
        entering, slopes = [h], [np.ones_like(h)]
        kinks = np.zeros((), dtype=bool)
        for W in self.weights[:-1]:
            z = W @ h
            positive = np.asarray(z > 0, dtype=bool)
            zero = _is_zero(z)
            if not np.all(positive | zero | np.asarray(z < 0, dtype=bool)):
                raise Undecided("the sign of a pre-activation is not decided: give more digits, or other weights")
            one = np.ones_like(z) if self.is_float else 0 * z + 1
            slope = np.where(positive, one, self.problem.slope * one)
            kinks = kinks | np.any(zero & alive[..., None, :], axis=(-2, -1))
            alive = alive & np.any(~_is_zero(slope) | zero, axis=-2)  # where no unit passes anything all is constant
            h = slope * z
            entering.append(h)
            slopes.append(slope)
        return entering, slopes, kinks

    @property
    def kinks(self) -> Array:
        """For each network, whether a pre-activation is 0 that varies with the weights: l is not smooth there."""
        return np.broadcast_to(self._layers[2], np.shape(self.loss))

    @cached_property
    def residuals(self) -> Array:
        """y(a_i) - b_i, (..., n_(H+1), N)."""
        return self.weights[-1] @ self._layers[0][-1] - self.problem.targets

    @cached_property
    def loss(self) -> Any:
        """The loss l, without weight decay."""
        return np.sum(self.residuals * self.residuals, axis=(-2, -1)) / (2 * self.problem.points)

    @cached_property
    def regularised(self) -> Any:
        """The loss l_lambda."""
        return self.loss + self.problem.decay * np.sum(self.vector * self.vector, axis=-1) / 2

    @cached_property
    def _back(self) -> list[Array]:
        """dl/dz for the output of each matrix W_i, (..., n_(i+1), N)."""
        _, slopes, _ = self._layers
        back = [self.residuals / self.problem.points]
        for i in range(self.hidden_layers, 0, -1):
            back.insert(0, slopes[i] * (_t(self.weights[i]) @ back[0]))
        return back

    @cached_property
    def gradient(self) -> Array:
        """The gradient of l_lambda, (..., n); at a kink that of the piece on which the slope of s is ``slope``."""
        parts = [g @ _t(h) for g, h in zip(self._back, self._layers[0], strict=True)]
        return _joined([_flat(g) for g in parts]) + self.problem.decay * self.vector

    def _sensitivities(self, j: int) -> list[Array]:
        """The derivatives of h_j (of y for j = H + 1) by the output of each of W_(j-1), W_(j-2), ..., W_0.

        Each of shape (..., n_j, n_(i+1), N), for i = 0, ..., j - 1 in this order.
        """
        entering, slopes, _ = self._layers
        like = self.residuals if j > self.hidden_layers else slopes[j]
        one = like * 0 + 1 if j > self.hidden_layers else like
        eye = np.eye(one.shape[-2]) if self.is_float else np.eye(one.shape[-2], dtype=object)
        found = [eye[:, :, None] * one[..., None, :, :]]
        for i in range(j - 1, 0, -1):
            found.insert(0, slopes[i][..., None, :, :] * (_t(self.weights[i])[..., None, :, :] @ found[0]))
        return found

    @cached_property
    def jacobian(self) -> Array:
        """The derivatives of the outputs by the weights, (..., n_(H+1), n, N): degree-1 parts of the polynomial y."""
        parts = [
            np.einsum("...opn,...qn->...opqn", s, h)
            for s, h in zip(self._sensitivities(self.hidden_layers + 1), self._layers[0], strict=True)
        ]
        flat = [p.reshape(*p.shape[:-3], p.shape[-3] * p.shape[-2], p.shape[-1]) for p in parts]
        batch = np.broadcast_shapes(*(p.shape[:-3] for p in flat))
        return np.concatenate([np.broadcast_to(p, (*batch, *p.shape[-3:])) for p in flat], axis=-2)

    @cached_property
    def gauss_newton(self) -> Array:
        """(1/N) sum |Dy[X]|**2 as a matrix: positive semi-definite, made of first derivatives of y alone."""
        J = self.jacobian
        return np.sum(J @ _t(J), axis=-3) / self.problem.points

    @cached_property
    def residual_part(self) -> Array:
        """(1/N) sum <y - b, D2y[X, X]> as a matrix: blocks of two different layers, 0 elsewhere. Raises Kink."""
        self.check_smooth()
        layers, ends = range(len(self.weights)), self._ends
        batch = self.gauss_newton.shape[:-2]
        result = np.zeros((*batch, ends[-1], ends[-1])) if self.is_float else 0 * self.gauss_newton
        for j in layers[1:]:
            through = self._sensitivities(j)
            for i in range(j):
                block = np.einsum("...pn,...qrn,...sn->...pqrs", self._back[j], through[i], self._layers[0][i])
                rows, columns = slice(ends[j], ends[j + 1]), slice(ends[i], ends[i + 1])
                flat = block.reshape(*block.shape[:-4], ends[j + 1] - ends[j], ends[i + 1] - ends[i])
                result[..., rows, columns] = flat
                result[..., columns, rows] = _t(flat)
        return result

    @property
    def _ends(self) -> list[int]:
        return [0, *np.cumsum([W.shape[-2] * W.shape[-1] for W in self.weights]).tolist()]

    @property
    def plain_hessian(self) -> Array:
        """The Hessian of l, without weight decay. Raises Kink where a network has none."""
        return self.gauss_newton + self.residual_part

    @property
    def hessian(self) -> Array:
        """The Hessian of l_lambda, (..., n, n). Raises Kink where a network has none."""
        n = self._ends[-1]
        return self.plain_hessian + self.problem.decay * (np.eye(n) if self.is_float else np.eye(n, dtype=object))

    def check_smooth(self) -> None:
        """Raise Kink unless every network lies inside a piece."""
        if np.any(self.kinks):
            raise Kink("a pre-activation is 0: the loss has no second derivatives there; move the weights or the data")


def largest(values: Array) -> Any:
    """The largest along the last axis, in floats, rationals or balls."""
    if values.dtype != object:
        return np.max(values, axis=-1)
    if values.ndim > 1:
        return np.stack([np.asarray(largest(row), dtype=object) for row in values])
    best = values[0]
    for x in values[1:]:
        best = arb(best).max(arb(x)) if isinstance(best, arb) or isinstance(x, arb) else max(best, x)
    return best


def _is_zero(values: Array) -> Array:
    """Where a number is 0 itself (a ball: the exact 0)."""
    return np.asarray(values == 0, dtype=bool)


def _t(a: Array) -> Array:
    return np.swapaxes(a, -1, -2)


def _flat(a: Array) -> Array:
    """Matrices as vectors, row by row."""
    return a.reshape(*a.shape[:-2], a.shape[-2] * a.shape[-1])


def _joined(parts: list[Array]) -> Array:
    """Arrays with the same leading axes, up to broadcasting, put one after another along the last."""
    batch = np.broadcast_shapes(*(p.shape[:-1] for p in parts))
    return np.concatenate([np.broadcast_to(p, (*batch, p.shape[-1])) for p in parts], axis=-1)


__all__ = ["Array", "Kink", "Network", "Regression", "balls", "exact", "largest"]
