"""Activations of the reference: phi itself, and E[phi(<w,x>) phi(<v,x>)] with its derivatives, written out by hand.

With p = <w,w>, q = <v,v>, s = <w,v> the kernel is  c kappa_relu + f(p, q, s):  a multiple of the arc-cosine kernel of
`dense`, whose derivatives need care at parallel vectors, and a smooth function given here. A leaky ReLU is
(1 - a) max(0, z) + a z, so

    leaky a    c = (1 - a)^2, f = a s                   (a = 0: ReLU; a = -1: |z|)
    erf        c = 0, f = (2/pi) asin(2 s / sqrt((1 + 2p)(1 + 2q)))          (Williams, 1997)
    z^2, z^3   c = 0, f = p q + 2 s^2,  9 p q s + 6 s^3                       (Isserlis, 1918)
    s^3        c = 0, f = s^3: no activation, but the inner product of the tensors w (x) w (x) w and v (x) v (x) v

Nothing is shared with the engine.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = Any  # floats or arrays of them that broadcast


class First(NamedTuple):
    """The derivatives of f by p and by s."""

    p: Numbers
    s: Numbers


class Second(NamedTuple):
    """The second derivatives of f; that by q, q is that by p, p with the vectors exchanged."""

    pp: Numbers
    ps: Numbers
    ss: Numbers
    pq: Numbers
    qs: Numbers


@dataclass(frozen=True)
class Activation:
    """An activation and its kernel ``relu_part * kappa_relu + value(p, q, s)``; the tensor kernel has no ``phi``."""

    name: str
    phi: Callable[[Floats], Floats] | None
    relu_part: float
    value: Callable[[Numbers, Numbers, Numbers], Numbers]
    value_mp: Callable[[Any, Any, Any], Any]
    first: Callable[[Numbers, Numbers, Numbers], First]
    second: Callable[[Numbers, Numbers, Numbers], Second]
    slope: tuple[int, int] = (0, 1)  # of a leaky ReLU, as a fraction: mpmath wants the exact number

    def relu_part_mp(self) -> Any:
        """The multiple of ReLU's kernel as an mpmath number."""
        return (1 - mpmath.mpf(self.slope[0]) / self.slope[1]) ** 2 if self.relu_part else mpmath.mpf(0)


def leaky(numerator: int, denominator: int = 1) -> Activation:
    """phi(z) = max(z, a z) with a = numerator/denominator < 1."""
    a = numerator / denominator
    return Activation(
        f"leaky {a}",
        lambda z: np.maximum(z, a * z),
        (1 - a) ** 2,
        lambda p, q, s: a * s,
        lambda p, q, s: mpmath.mpf(numerator) / denominator * s,
        lambda p, q, s: First(0 * s, a + 0 * s),
        lambda p, q, s: Second(*(0 * (p + q) * s,) * 5),
        (numerator, denominator),
    )


def _erf_value(p: Numbers, q: Numbers, s: Numbers) -> Numbers:
    return 2 / np.pi * np.arcsin(2 * s / np.sqrt((1 + 2 * p) * (1 + 2 * q)))


def _erf_value_mp(p: Any, q: Any, s: Any) -> Any:
    return 2 / mpmath.pi * mpmath.asin(2 * s / mpmath.sqrt((1 + 2 * p) * (1 + 2 * q)))


def _erf_first(p: Numbers, q: Numbers, s: Numbers) -> First:
    root = np.sqrt((1 + 2 * p) * (1 + 2 * q) - 4 * s**2)
    return First(-4 / np.pi * s / ((1 + 2 * p) * root), 4 / np.pi / root)


def _erf_second(p: Numbers, q: Numbers, s: Numbers) -> Second:
    big_p, big_q = 1 + 2 * p, 1 + 2 * q
    cube = (big_p * big_q - 4 * s**2) ** 1.5
    pp = s * (2 * (big_p * big_q - 4 * s**2) / big_p**2 + big_q / big_p)
    return Second(*(4 / np.pi * x / cube for x in (pp, -big_q, 4 * s, s, -big_p)))


_erf = np.vectorize(math.erf, otypes=[np.float64])

RELU = leaky(0)
ABS = leaky(-1)
ERF = Activation("erf", lambda z: _erf(z), 0.0, _erf_value, _erf_value_mp, _erf_first, _erf_second)
Z2 = Activation(
    "z2",
    lambda z: z**2,
    0.0,
    lambda p, q, s: p * q + 2 * s**2,
    lambda p, q, s: p * q + 2 * s**2,
    lambda p, q, s: First(q + 0 * s, 4 * s),
    lambda p, q, s: Second(0 * s, 0 * s, 4 + 0 * s, 1 + 0 * s, 0 * s),
)
Z3 = Activation(
    "z3",
    lambda z: z**3,
    0.0,
    lambda p, q, s: 9 * p * q * s + 6 * s**3,
    lambda p, q, s: 9 * p * q * s + 6 * s**3,
    lambda p, q, s: First(9 * q * s, 9 * p * q + 18 * s**2),
    lambda p, q, s: Second(0 * s, 9 * q + 0 * s, 36 * s, 9 * s, 9 * p + 0 * s),
)
S3 = Activation(
    "s3",
    None,
    0.0,
    lambda p, q, s: s**3,
    lambda p, q, s: s**3,
    lambda p, q, s: First(0 * s, 3 * s**2),
    lambda p, q, s: Second(0 * s, 0 * s, 6 * s, 0 * s, 0 * s),
)
