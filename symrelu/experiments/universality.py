"""Finite size and universality: sampled Wishart + Wigner matrices and their law (Pennington & Bahri, section 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments.statistics import distance_to
from symrelu.free.models import wishart_wigner

SIZES = (20, 40, 80, 160, 320)
ENTRIES: dict[str, Callable[[np.random.Generator, tuple[int, int]], np.ndarray]] = {
    "normal": lambda rng, shape: rng.standard_normal(shape),
    "rademacher": lambda rng, shape: rng.integers(0, 2, shape) * 2.0 - 1,
    "uniform": lambda rng, shape: rng.uniform(-(3**0.5), 3**0.5, shape),
    "student-5": lambda rng, shape: rng.standard_t(5, shape) / (5 / 3) ** 0.5,
    "student-3": lambda rng, shape: rng.standard_t(3, shape) / 3**0.5,
}


def sampled(n: int, phi: Fraction, eps: Fraction, entries: str, rng: np.random.Generator) -> np.ndarray:
    """X X'/p + W, with p = n/phi columns, and W symmetric with entries of variance 2 eps/n.

    All entries are independent, of mean 0, of one of the distributions ``ENTRIES`` (student-k has moments below the
    k-th only). Raises BadInput for others, and where n/phi is no whole number.
    """
    if entries not in ENTRIES:
        raise BadInput(f"entries {entries!r} were asked for; there are {', '.join(ENTRIES)}")
    if phi <= 0 or eps <= 0 or (n / phi).denominator != 1:
        raise BadInput(f"n = {n}, phi = {phi}, eps = {eps} were given; n/phi must be a whole number, all positive")
    X = ENTRIES[entries](rng, (n, int(n / phi)))
    upper = np.triu(ENTRIES[entries](rng, (n, n)))
    wigner = upper + np.triu(upper, 1).T
    return np.asarray(X @ X.T / X.shape[1] + wigner * float(2 * eps / n) ** 0.5)


@dataclass(frozen=True)
class SizePoint:
    """Matrices of one size: the mean Kolmogorov distance of one spectrum to the law with its standard error, and the
    distance of all their eigenvalues together.
    """

    n: int
    draws: int
    distance: float
    error: float
    together: float


@dataclass(frozen=True)
class FiniteSize:
    """The approach to the law as n grows; ``slope`` of log distance against log n (-1: like 1/n).

    ``entries``: the distribution of the matrices' entries.
    """

    phi: str
    eps: str
    entries: str
    seed: int
    points: tuple[SizePoint, ...]
    slope: float


def finite_size(
    phi: Fraction = Fraction(1, 4),
    eps: Fraction = Fraction(1, 10),
    entries: str = "normal",
    sizes: Sequence[int] = SIZES,
    draws: int = 20,
    seed: int = 1,
) -> FiniteSize:
    """Kolmogorov's distance of sampled Wishart + Wigner matrices to the law of eq. (18), for growing sizes.

    ``entries``: a name of ``ENTRIES``; ``sizes``: n. Raises BadInput for others, and for less than 2 sizes or draws.
    """
    if len(sizes) < 2 or draws < 2:
        raise BadInput(f"{len(sizes)} sizes with {draws} draws each were asked for; give at least 2 of both")
    cdf = wishart_wigner(phi, eps).spectrum.cdf_array
    points = []
    for n, stream in zip(sizes, np.random.SeedSequence(seed).spawn(len(sizes)), strict=True):
        rng = np.random.default_rng(stream)
        spectra = [np.linalg.eigvalsh(sampled(n, phi, eps, entries, rng)) for _ in range(draws)]
        alone = np.array([distance_to(values, cdf) for values in spectra])
        error = float(alone.std(ddof=1)) / draws**0.5
        points.append(SizePoint(n, draws, float(alone.mean()), error, distance_to(np.concatenate(spectra), cdf)))
    logs = np.log([(p.n, p.distance) for p in points])
    slope = float(np.polyfit(logs[:, 0], logs[:, 1], 1)[0])
    return FiniteSize(str(phi), str(eps), entries, seed, tuple(points), slope)


def task(phi: Fraction, eps: Fraction, entries: str, sizes: Sequence[int], draws: int, seed: int = 1) -> dict[str, Any]:
    """The task of one :func:`finite_size`. ``entries``, ``sizes``: as there."""
    return {
        "experiment": "wishart-wigner",
        "phi": str(phi),
        "eps": str(eps),
        "entries": entries,
        "sizes": list(sizes),
        "draws": draws,
        "seed": seed,
    }


def work(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The record of one task."""
    phi, eps = Fraction(settings["phi"]), Fraction(settings["eps"])
    found = finite_size(phi, eps, settings["entries"], settings["sizes"], settings["draws"], settings["seed"])
    return [{"settings": settings, **asdict(found)}]


def universality(
    phi: Fraction = Fraction(1, 4), eps: Fraction = Fraction(1, 10), n: int = 160, draws: int = 20, seed: int = 1
) -> dict[str, SizePoint]:
    """The same distance at one size (and at half of it, which is not returned) for all distributions of entries."""
    return {entries: finite_size(phi, eps, entries, (n // 2, n), draws, seed).points[1] for entries in ENTRIES}


__all__ = ["ENTRIES", "SIZES", "FiniteSize", "SizePoint", "finite_size", "sampled", "task", "universality", "work"]
