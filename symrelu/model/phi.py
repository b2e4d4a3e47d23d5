"""The activations phi themselves, on arrays of floats, for what samples inputs; kernels are their Gaussian means."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from symrelu.errors import BadInput
from symrelu.exact.parse import parse_fraction
from symrelu.model.kernels import Kernel

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Phi:
    """phi and its derivative, entry by entry; at a kink the derivative is that from the left."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


def _leaky(a: float) -> Phi:
    """max(z, a z) for a < 1."""
    return Phi(lambda z: np.where(z > 0, z, a * z), lambda z: np.where(z > 0, 1.0, a))


def _erf(z: Floats) -> Floats:
    result: Floats = np.asarray(np.frompyfunc(math.erf, 1, 1)(z), dtype=float)
    return result


_NAMED = {
    "relu": Phi(lambda z: np.maximum(z, 0.0), lambda z: (z > 0).astype(float)),
    "abs": _leaky(-1.0),
    "erf": Phi(_erf, lambda z: 2 / np.sqrt(np.pi) * np.exp(-z * z)),
    "z2": Phi(np.square, lambda z: 2 * z),
    "z3": Phi(lambda z: z**3, lambda z: 3 * z * z),
}


def phi_of(kernel: Kernel) -> Phi:
    """The activation of a built-in kernel.

    Raises BadInput for kernels that are the mean of no activation (s3), have a free slope, or are a user's own: these
    are known by their mean alone.
    """
    if kernel.name in _NAMED:
        return _NAMED[kernel.name]
    if kernel.name.startswith("leaky:") and not kernel.parameters:
        return _leaky(float(parse_fraction(kernel.name.removeprefix("leaky:"), "the slope")))
    raise BadInput(
        f"inputs are sampled, and of the kernel {kernel.name} no activation is known; use relu, leaky:1/10, abs, erf, "
        "z2 or z3"
    )


__all__ = ["Phi", "phi_of"]
