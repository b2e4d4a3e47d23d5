"""Laws of random initial weights: how large the entries of a layer from n_in to n_out units are, under its usual names.

One table for all that starts from random weights. The numbers themselves are drawn where they are used: from Python's
generator in :mod:`symrelu.descent.starts`, from NumPy's in :mod:`symrelu.convexity.starts`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

DEVIATIONS: dict[str, Callable[[int, int, int], float]] = {
    "fan-in": lambda times, n_in, n_out: times**0.5 * n_in**-0.5,
    "glorot": lambda times, n_in, n_out: (2 * times / (n_in + n_out)) ** 0.5,
    "he": lambda times, n_in, n_out: (2 * times / n_in) ** 0.5,
    "torch": lambda times, n_in, n_out: (times / 3) ** 0.5 / n_in**0.5,
}
"""The root of so many times the variance, by (times, n_in, n_out). Variances: fan-in 1/n_in (LeCun et al. 1998; Xavier
in Safran & Shamir 2018); glorot 2/(n_in + n_out) (Glorot & Bengio 2010); he 2/n_in (He et al. 2015); torch 1/(3 n_in),
its default of a linear layer."""


@dataclass(frozen=True)
class Law:
    """Independent entries of mean 0, normal or uniform, with the variance of a rule of ``DEVIATIONS`` times
    ``factor``**2.
    """

    rule: str
    uniform: bool = False
    factor: float = 1.0

    def size(self, n_in: int, n_out: int) -> float:
        """The standard deviation of a normal law; the bound of the entries of a uniform one, sqrt(3) times it."""
        return self.factor * DEVIATIONS[self.rule](3 if self.uniform else 1, n_in, n_out)


XAVIER_UNIFORM, XAVIER_NORMAL = Law("glorot", uniform=True), Law("glorot")
HE_UNIFORM, HE_NORMAL = Law("he", uniform=True), Law("he")

__all__ = ["DEVIATIONS", "HE_NORMAL", "HE_UNIFORM", "XAVIER_NORMAL", "XAVIER_UNIFORM", "Law"]
