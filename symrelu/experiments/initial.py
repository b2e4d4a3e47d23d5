"""The spectra of H1 and H0 of a ReLU autoencoder at initialisation (Pennington & Bahri, section 6, figures 3 to 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments.data import data
from symrelu.experiments.network import Point, Problem
from symrelu.experiments.statistics import distance_to
from symrelu.free import ProductWishart

Settings = dict[str, Any]
PHIS = tuple(1 / Fraction(x) for x in "1 5/4 3/2 2 5/2 3 4 5 6 8 10 12 14 16".split())  # of figure 5
NULL = 1e-10  # times the largest eigenvalue: below it an eigenvalue of H0 is one of its exact zeros


def examples(n: int, phi: Fraction) -> int:
    """The number m = 2 n/phi of examples; BadInput where it is no whole number, or phi not positive."""
    if phi <= 0 or (2 * n / phi).denominator != 1:
        raise BadInput(f"phi = {phi} was given with n = {n}; phi = 2 n/m needs a whole number m of examples")
    return int(2 * n / phi)


def _autoencoder(settings: Settings, m: int, rng: np.random.Generator) -> tuple[Problem, np.ndarray]:
    x = data(settings["dataset"], m, rng, settings["n"])
    problem = Problem("relu", x, x, settings["n"])
    return problem, problem.initial(rng)


# -- H1 against the product-Wishart law (figure 3) ---------------------------------------------------------------------


@dataclass(frozen=True)
class NoiseSpectrum:
    """H1 at initialisation with its residuals overwritten by noise N(0, 2 eps), against its law (eq. 28).

    ``eigenvalues``: of all runs; ``distance``: Kolmogorov's, of all of them together to the law; ``second``,
    ``fourth``: their moments over those of the law; ``null``: the share of eigenvalues that are 0.
    """

    settings: Settings
    phi: str
    eps: str
    distance: float
    second: float
    fourth: float
    null: float
    eigenvalues: tuple[float, ...]


def h1_task(
    phi: Fraction, eps: Fraction = Fraction(50), dataset: str = "digits", n: int = 16, runs: int = 10, seed: int = 1
) -> Settings:
    """The task of one panel of figure 3 (there phi = 1/16 and 1/4, eps = 50, n = 16)."""
    return {
        "experiment": "h1",
        "phi": str(phi),
        "eps": str(eps),
        "dataset": dataset,
        "n": n,
        "runs": runs,
        "seed": seed,
    }


def noise_spectrum(settings: Settings) -> NoiseSpectrum:
    """Measure H1 of so many networks; ``settings`` as :func:`h1_task` makes them."""
    phi, eps, n = Fraction(settings["phi"]), Fraction(settings["eps"]), settings["n"]
    m, law = examples(n, phi), ProductWishart(eps, phi)
    found = []
    for rng in map(np.random.default_rng, np.random.SeedSequence(settings["seed"]).spawn(settings["runs"])):
        problem, theta = _autoencoder(settings, m, rng)
        noise = float(2 * eps) ** 0.5 * rng.standard_normal((n, m))
        found.append(np.linalg.eigvalsh(problem.at(theta, noise).H1))
    values = np.sort(np.concatenate(found))
    moments = [float(x) for x in law.moments(4)]
    return NoiseSpectrum(
        settings=settings,
        phi=str(phi),
        eps=str(eps),
        distance=distance_to(values, law.spectrum.cdf_array),
        second=float(np.mean(values**2)) / moments[2],
        fourth=float(np.mean(values**4)) / moments[4],
        null=float(np.mean(np.abs(values) < NULL * values[-1])),
        eigenvalues=tuple(values.tolist()),
    )


# -- H0 and its gap (figures 4 and 5) ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class GaussNewtonSpectrum:
    """H0 at initialisation: ``null`` directions, the other ``eigenvalues``, ascending, and ``trace`` = tr H0/N.

    With weights of variance 1/n and white data tr H0/N is 1/2 on average: the mean sigma of the Marchenko-Pastur law
    that stands for H0 in eq. (29).
    """

    settings: Settings
    phi: str
    null: int
    trace: float
    eigenvalues: tuple[float, ...]


def split_null(point: Point) -> tuple[int, np.ndarray]:
    """The number of zero eigenvalues of H0, and the others, ascending. ``point``: of a network, with its H0."""
    values = np.linalg.eigvalsh(point.H0)
    null = int(np.sum(values < NULL * values[-1]))
    return null, values[null:]


def h0_task(images: int = 256, dataset: str = "digits", n: int = 16, seed: int = 1) -> Settings:
    """The task of figure 4: 16 hidden units, 256 images."""
    return {"experiment": "h0", "images": images, "dataset": dataset, "n": n, "seed": seed}


def gauss_newton_spectrum(settings: Settings) -> GaussNewtonSpectrum:
    """Measure H0 of one network; ``settings`` as :func:`h0_task` makes them."""
    rng = np.random.default_rng(settings["seed"])
    problem, theta = _autoencoder(settings, settings["images"], rng)
    point = problem.at(theta)
    null, values = split_null(point)
    return GaussNewtonSpectrum(
        settings=settings,
        phi=str(Fraction(2 * settings["n"], settings["images"])),
        null=null,
        trace=float(np.trace(point.H0)) / problem.parameters,
        eigenvalues=tuple(values.tolist()),
    )


def gap_task(phi: Fraction, dataset: str = "digits", n: int = 16, runs: int = 30, seed: int = 1) -> Settings:
    """The task of one point of figure 5: the gap of H0 at one phi, averaged over so many networks."""
    return {"experiment": "gap", "phi": str(phi), "dataset": dataset, "n": n, "runs": runs, "seed": seed}


@dataclass(frozen=True)
class Gap:
    """The smallest eigenvalue of H0 that is not 0: its mean over the runs, with the standard error; and tr H0/N.

    ``trace``: tr H0/N.
    """

    phi: str
    runs: int
    mean: float
    error: float
    trace: float


def gap(settings: Settings) -> Gap:
    """Measure the gap; ``settings`` as :func:`gap_task` makes them."""
    phi, n = Fraction(settings["phi"]), settings["n"]
    m = examples(n, phi)
    gaps, traces = [], []
    for rng in map(np.random.default_rng, np.random.SeedSequence(settings["seed"]).spawn(settings["runs"])):
        problem, theta = _autoencoder(settings, m, rng)
        point = problem.at(theta)
        gaps.append(float(split_null(point)[1][0]))
        traces.append(float(np.trace(point.H0)) / problem.parameters)
    error = float(np.std(gaps, ddof=1)) / len(gaps) ** 0.5 if len(gaps) > 1 else 0.0
    return Gap(str(phi), len(gaps), float(np.mean(gaps)), error, float(np.mean(traces)))


@dataclass(frozen=True)
class GapFit:
    """The gaps against sigma (1 - sqrt(phi))**2 (the lower edge of eq. 8) with the one best sigma.

    ``residual``: the root of the mean square of gap - fit over that of the gaps (0: a perfect fit).
    """

    gaps: tuple[Gap, ...]
    sigma: float
    residual: float


def fitted_gap(gaps: Sequence[Gap]) -> GapFit:
    """Fit sigma by least squares; BadInput for less than two gaps."""
    if len(gaps) < 2:
        raise BadInput(f"{len(gaps)} gaps were given to be fitted; give at least 2")
    found = np.array([g.mean for g in gaps])
    shape = np.array([(1 - float(Fraction(g.phi)) ** 0.5) ** 2 for g in gaps])
    sigma = float(found @ shape / (shape @ shape))
    residual = float(np.linalg.norm(found - sigma * shape) / np.linalg.norm(found))
    return GapFit(tuple(gaps), sigma, residual)


def work(settings: Settings) -> list[dict[str, Any]]:
    """The record of one task of h0, h1 or gap."""
    measure: Any = {"h0": gauss_newton_spectrum, "h1": noise_spectrum, "gap": gap}[settings["experiment"]]
    return [{"settings": settings, **vars(measure(settings))}]


__all__ = [
    "Gap",
    "GapFit",
    "PHIS",
    "GaussNewtonSpectrum",
    "NoiseSpectrum",
    "examples",
    "fitted_gap",
    "gap",
    "gap_task",
    "gauss_newton_spectrum",
    "h0_task",
    "h1_task",
    "noise_spectrum",
    "split_null",
    "work",
]
