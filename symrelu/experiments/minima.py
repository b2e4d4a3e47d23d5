"""Energies of minimisers on random data and targets: tanh networks, and linear ones, where they are least squares.

A linear network W2 W1 x with n hidden units reaches every n x n matrix, so its global minimum is that of linear
regression: the targets lose their projection on the n rows of x, and E eps = (1 - n/m)/2 = (1 - phi/2)/2 exactly, with
phi = 2 n/m as everywhere in Pennington & Bahri. Their (1 - phi)/2 for linear networks has phi = n/m.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments.data import data
from symrelu.experiments.descent import to_small_loss
from symrelu.experiments.initial import examples
from symrelu.experiments.network import Problem

STEPS = 300


@dataclass(frozen=True)
class Minima:
    """Energies at the end of so many runs at one phi: the mean, its standard error, the standard deviation of a run.

    ``energy``: the mean.
    """

    phi: str
    n: int
    activation: str
    runs: int
    seed: int
    energy: float
    error: float
    deviation: float


def _summed(phi: Fraction, n: int, activation: str, seed: int, energies: np.ndarray) -> Minima:
    deviation = float(energies.std(ddof=1))
    error = deviation / len(energies) ** 0.5
    return Minima(str(phi), n, activation, len(energies), seed, float(energies.mean()), error, deviation)


def _random(phi: Fraction, n: int, runs: int, seed: int) -> tuple[np.random.Generator, np.ndarray, np.ndarray]:
    if runs < 2 or n < 1:
        raise BadInput(f"{runs} runs with n = {n} were asked for; give at least 2 runs, with n at least 1")
    m = examples(n, phi)
    rng = np.random.default_rng(seed)
    return rng, rng.standard_normal((runs, n, m)), rng.standard_normal((runs, n, m))


def minima(
    phi: Fraction, n: int = 8, activation: str = "tanh", runs: int = 20, seed: int = 1, steps: int = STEPS
) -> Minima:
    """Energies after so many damped Gauss-Newton steps from random weights, on standard normal data and targets."""
    rng, x, y = _random(phi, n, runs, seed)
    problem = Problem(activation, x, y, n)
    return _summed(phi, n, activation, seed, to_small_loss(problem, problem.initial(rng), steps)[1])


def linear_minima(phi: Fraction, n: int = 16, runs: int = 200, seed: int = 1) -> Minima:
    """Global minima of linear networks by least squares, on standard normal data and targets."""
    _, x, y = _random(phi, n, runs, seed)
    q = np.linalg.qr(np.swapaxes(x, 1, 2))[0]  # an orthonormal basis of the rows of x: (runs, m, min(n, m))
    left = np.sum(y**2, axis=(1, 2)) - np.sum((y @ q) ** 2, axis=(1, 2))
    return _summed(phi, n, "linear", seed, np.maximum(left, 0) / (2 * y.shape[1] * y.shape[2]))


def task(phi: Fraction, n: int = 8, activation: str = "tanh", runs: int = 20, seed: int = 1) -> dict[str, Any]:
    """The task of one :func:`minima`."""
    settings = {"phi": str(phi), "n": n, "activation": activation, "runs": runs, "seed": seed, "steps": STEPS}
    return {"experiment": "minima", **settings}


def linear_task(phi: Fraction, n: int = 16, runs: int = 200, seed: int = 1) -> dict[str, Any]:
    """The task of one :func:`linear_minima`."""
    return {"experiment": "linear", "phi": str(phi), "n": n, "runs": runs, "seed": seed}


def work(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The record of one task."""
    measure: Any = {"minima": minima, "linear": linear_minima}[settings["experiment"]]
    rest = {key: value for key, value in settings.items() if key not in ("experiment", "phi")}
    return [asdict(measure(Fraction(settings["phi"]), **rest))]


@dataclass(frozen=True)
class NaturalSigma:
    """tr H0/N of ReLU autoencoders at initialisation: the mean over the runs, and its standard error."""

    phi: str
    n: int
    dataset: str
    runs: int
    seed: int
    sigma: float
    error: float


def natural_sigma(
    phi: Fraction = Fraction(1, 4), n: int = 16, dataset: str = "gaussian", runs: int = 100, seed: int = 1
) -> NaturalSigma:
    """The mean of the spectrum of H0, the sigma of eq. (29): 1/2 on average for white data and weights of variance 1/n,
    half from each layer, since ReLU lets half of the second moment pass. Raises BadInput for less than 2 runs.
    """
    if runs < 2:
        raise BadInput(f"{runs} runs were asked for; give at least 2")
    m = examples(n, phi)
    rng = np.random.default_rng(seed)
    x = np.stack([data(dataset, m, rng, n) for _ in range(runs)])
    problem = Problem("relu", x, x, n)
    point = problem.at(problem.initial(rng))
    first = np.sum(point.W2**2, axis=1)[:, :, None] * point.slope * np.sum(x**2, axis=1)[:, None, :]
    second = n * np.sum(point.h**2, axis=(1, 2))
    means = (np.sum(first, axis=(1, 2)) + second) / m / problem.parameters
    error = float(means.std(ddof=1)) / runs**0.5
    return NaturalSigma(str(phi), n, dataset, runs, seed, float(means.mean()), error)


__all__ = ["Minima", "NaturalSigma", "linear_minima", "linear_task", "minima", "natural_sigma", "task", "work"]
