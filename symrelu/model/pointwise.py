"""Activations pointwise, with their derivatives: what a loss over samples needs where the population's needs kernels.

The derivative by z of a positively homogeneous activation jumps at 0; its second derivative is the jump times the
delta function, which no sample sees (:mod:`symrelu.samples.limits`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import erf, pi, sqrt

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import Floats
from symrelu.model.kernels import Kernel

Pointwise = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Activation:
    """phi with phi' and what of phi'' is a function, on arrays.

    ``jump``: phi'(0+) - phi'(0-); phi'' is ``curvature`` (None: 0) plus the jump times the delta function at 0.
    At 0 itself phi' is the value on the negative side. ``slope``: phi'.
    """

    value: Pointwise
    slope: Pointwise
    curvature: Pointwise | None = None
    jump: float = 0.0


def activation_of(kernel: Kernel) -> Activation:
    """The activation that a built-in kernel belongs to: E[phi(<w,x>) phi(<v,x>)] is the kernel.

    Raises BadInput for kernels of which no activation is known: s3, a symbolic slope, and those of other modules.
    """
    name, _, slope = kernel.name.partition(":")
    if kernel.name in _SMOOTH:
        return _SMOOTH[kernel.name]
    if kernel.name == "relu" or kernel.name == "abs":
        return _kinked(0.0 if kernel.name == "relu" else -1.0)
    if name == "leaky" and not kernel.parameters:
        return _kinked(float(Fraction(slope)))
    raise BadInput(
        f"the kernel {kernel.name} was given; samples need the activation itself, which is known for relu, "
        "leaky:1/10 (a number), abs, erf, z2 and z3"
    )


def _kinked(slope: float) -> Activation:
    """max(z, slope z), slope < 1."""
    return Activation(lambda z: np.maximum(z, slope * z), lambda z: np.where(z > 0, 1.0, slope), None, jump=1.0 - slope)


_erf = np.vectorize(erf, otypes=[float])


def _erf_slope(z: Floats) -> Floats:
    found: Floats = 2 / sqrt(pi) * np.exp(-z * z)
    return found


_SMOOTH = {
    "erf": Activation(_erf, _erf_slope, lambda z: -2 * z * _erf_slope(z)),
    "z2": Activation(lambda z: z * z, lambda z: 2 * z, lambda z: np.full_like(z, 2.0)),
    "z3": Activation(lambda z: z**3, lambda z: 3 * z * z, lambda z: 6 * z),
}

__all__ = ["Activation", "activation_of"]
