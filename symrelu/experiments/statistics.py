"""What samples are compared by: Kolmogorov distances, kurtosis, Haar rotations."""

from __future__ import annotations

from collections.abc import Callable
from math import erf, sqrt

import numpy as np


def distance_to(sample: np.ndarray, cdf: Callable[[np.ndarray], np.ndarray]) -> float:
    """The Kolmogorov distance of a sample to a continuous distribution function."""
    x = np.sort(np.ravel(sample))
    values = cdf(x)
    steps = np.arange(len(x) + 1) / len(x)
    return float(max(np.max(steps[1:] - values), np.max(values - steps[:-1])))


def distance_between(a: np.ndarray, b: np.ndarray) -> float:
    """The Kolmogorov distance of two samples."""
    a, b = np.sort(np.ravel(a)), np.sort(np.ravel(b))
    points = np.concatenate([a, b])
    at_a = np.searchsorted(a, points, side="right") / len(a)
    at_b = np.searchsorted(b, points, side="right") / len(b)
    return float(np.max(np.abs(at_a - at_b)))


def normal_cdf(x: np.ndarray) -> np.ndarray:
    """The distribution function of N(0, 1)."""
    return np.array([(1 + erf(t / sqrt(2))) / 2 for t in np.ravel(x)])


def excess_kurtosis(sample: np.ndarray) -> float:
    """m4/m2**2 - 3 of the centred sample: 0 for a normal one."""
    x = np.ravel(sample) - np.mean(sample)
    return float(np.mean(x**4) / np.mean(x**2) ** 2 - 3)


def distance_to_normal(sample: np.ndarray) -> float:
    """The Kolmogorov distance to the normal law of the sample's own mean and variance."""
    x = np.ravel(sample)
    return distance_to((x - x.mean()) / x.std(), normal_cdf)


def haar(n: int, rng: np.random.Generator) -> np.ndarray:
    """An orthogonal matrix of Haar measure: Q of the QR factorisation of a Gaussian one, with R's signs put right."""
    q, r = np.linalg.qr(rng.standard_normal((n, n)))
    return np.asarray(q * np.sign(np.diag(r)))


def rotated(a: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Q a Q' with Q of Haar measure."""
    q = haar(len(a), rng)
    return np.asarray(q @ a @ q.T)


__all__ = [
    "distance_between",
    "distance_to",
    "distance_to_normal",
    "excess_kurtosis",
    "haar",
    "normal_cdf",
    "rotated",
]
