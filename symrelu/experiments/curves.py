"""Index against energy over many critical points, the 3/2 law and its threshold (Pennington & Bahri, figure 6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments import critical

PHIS = tuple(Fraction(x) for x in ("1/8", "1/4", "1/2", "2/3", "4/5"))
SMALL = 0.1  # up to which alpha a curve is fitted
EXPONENTS = np.round(np.arange(0.5, 4.001, 0.02), 2)


@dataclass(frozen=True)
class IndexPoint:
    """The critical points of one index: alpha = index/N, their mean energy, its standard error (None for one point
    alone), how many there are.
    """

    alpha: float
    energy: float
    error: float | None
    count: int


@dataclass(frozen=True)
class Fit:
    """alpha = alpha_0 (eps - eps_c)**(3/2), fitted to the runs with 0 < alpha <= ``up_to``: eps against alpha**(2/3) is
    a line. ``eps_c_error``: its standard error. ``exponent``: that of the best fit of the same form with any exponent,
    and ``exponents``: the range of those whose sum of squares is not larger by more than one part in the number of
    runs (about one standard error).
    """

    eps_c: float
    eps_c_error: float
    alpha_0: float
    runs: int
    up_to: float
    exponent: float
    exponents: tuple[float, float]


@dataclass(frozen=True)
class IndexCurve:
    """All runs at one phi: the mean energies by index, the runs with |dL/dtheta|**2 > 1e-6, left out as in the paper,
    and the fit (None where too few runs have a small index); index: of the eigenvalues that are resolved.
    ``minimisers``: the mean energy of those of index 0, with its error (None with less than two). ``all_negative``: the
    fit with every negative eigenvalue counted.
    """

    phi: str
    n: int
    activation: str
    runs: int
    left_out: int
    points: tuple[IndexPoint, ...]
    fit: Fit | None
    minimisers: tuple[float, float] | None
    all_negative: Fit | None


def tasks(
    phis: Sequence[Fraction] = PHIS, n: int = 8, runs: int = 200, seed: int = 1, activation: str = "tanh"
) -> list[dict[str, Any]]:
    """So many runs at each phi, in tasks of at most 25, with seeds of their own.

    In every second task the descent on the loss is left at an energy anywhere below the first one, as in the paper; in
    the others at one from 3/4 (1 - phi)**2 of it to 2/5 more, where the index is small.
    """
    if runs < 1:
        raise BadInput(f"{runs} runs were asked for; give at least 1")
    found = []
    for phi in phis:
        low = Fraction(3, 4) * (1 - min(phi, Fraction(1))) ** 2
        windows = ((low, min(low + Fraction(2, 5), Fraction(1))), (Fraction(0), Fraction(1)))
        for number, begun in enumerate(range(0, runs, 25)):
            size, own = min(25, runs - begun), 1000 * seed + number
            found.append(critical.task(phi, n, size, own, activation, between=windows[number % 2]))
    return found


def index_curves(records: Sequence[dict[str, Any]]) -> list[IndexCurve]:
    """The curves behind the records of tasks of critical points, one for each phi, n and activation, phi ascending."""
    groups: dict[tuple[Fraction, int, str], list[dict[str, Any]]] = {}
    for record in records:
        settings = record["settings"]
        key = Fraction(settings["phi"]), settings["n"], settings["activation"]
        groups.setdefault(key, []).append(record)
    return [_curve(*key, groups[key]) for key in sorted(groups)]


def _curve(phi: Fraction, n: int, activation: str, records: list[dict[str, Any]]) -> IndexCurve:
    names = ("energy", "squared_gradient", "negative", "resolved")
    energy, squares, negative, index = (np.concatenate([r[name] for r in records]) for name in names)
    kept = squares <= critical.THRESHOLD
    energy, negative, index = energy[kept], negative[kept], index[kept]
    N = records[0]["parameters"]
    points = []
    for k in np.unique(index):
        here = energy[index == k]
        error = float(here.std(ddof=1)) / len(here) ** 0.5 if len(here) > 1 else None
        points.append(IndexPoint(float(k) / N, float(here.mean()), error, len(here)))
    first = points[0] if points and points[0].alpha == 0 else None
    return IndexCurve(
        phi=str(phi),
        n=n,
        activation=activation,
        runs=len(kept),
        left_out=int(np.sum(~kept)),
        points=tuple(points),
        fit=fitted(energy, index / N),
        minimisers=(first.energy, first.error) if first and first.error is not None else None,
        all_negative=fitted(energy, negative / N),
    )


def fitted(energy: np.ndarray, alpha: np.ndarray, up_to: float = SMALL) -> Fit | None:
    """The fit of the 3/2 law to runs with these energies and indices; None with less than 10 runs of small index, or
    less than three different indices among them, or energies that fall with the index.
    """
    small = (alpha > 0) & (alpha <= up_to)
    energy, alpha = energy[small], alpha[small]
    if len(energy) < 10 or len(np.unique(alpha)) < 3:
        return None
    (eps_c, slope), square = _line(energy, alpha ** (2 / 3))
    if slope <= 0:
        return None
    x = alpha ** (2 / 3)
    variance = square / (len(x) - 2)
    error = variance**0.5 * float(np.sqrt(1 / len(x) + x.mean() ** 2 / np.sum((x - x.mean()) ** 2)))
    squares = np.array([_line(energy, alpha ** (1 / p))[1] for p in EXPONENTS])
    good = EXPONENTS[squares <= squares.min() * (1 + 1 / len(x))]
    return Fit(
        eps_c=eps_c,
        eps_c_error=error,
        alpha_0=slope**-1.5,
        runs=len(x),
        up_to=up_to,
        exponent=float(EXPONENTS[np.argmin(squares)]),
        exponents=(float(good[0]), float(good[-1])),
    )


def _line(y: np.ndarray, x: np.ndarray) -> tuple[tuple[float, float], float]:
    """Constant and slope of the best line, and the sum of the squares that it leaves."""
    columns = np.stack([np.ones_like(x), x], axis=1)
    (constant, slope), *_ = np.linalg.lstsq(columns, y, rcond=None)
    return (float(constant), float(slope)), float(np.sum((y - constant - slope * x) ** 2))


@dataclass(frozen=True)
class ThresholdFit:
    """The fitted eps_c against (1 - phi)**2/2: ``deviation``, the root of the mean square difference; ``power``, the
    best b in (1 - phi)**b/2, by least squares.
    """

    phi: tuple[float, ...]
    eps_c: tuple[float, ...]
    deviation: float
    power: float


def threshold_fit(curves: Sequence[IndexCurve]) -> ThresholdFit:
    """Compare the thresholds of several curves with (1 - phi)**2/2; BadInput for less than two fitted ones below 1."""
    found = [(float(Fraction(c.phi)), c.fit.eps_c) for c in curves if c.fit and Fraction(c.phi) < 1]
    if len(found) < 2:
        raise BadInput(f"{len(found)} of the curves have a fit; at least 2 are needed: give more runs")
    phi, eps_c = (np.array(x) for x in zip(*found, strict=True))
    powers = np.arange(0.5, 5, 0.01)
    left = [float(np.sum((eps_c - (1 - phi) ** b / 2) ** 2)) for b in powers]
    deviation = float(np.sqrt(np.mean((eps_c - (1 - phi) ** 2 / 2) ** 2)))
    return ThresholdFit(
        tuple(phi.tolist()), tuple(eps_c.tolist()), deviation, round(float(powers[int(np.argmin(left))]), 2)
    )


__all__ = [
    "PHIS",
    "Fit",
    "IndexCurve",
    "IndexPoint",
    "ThresholdFit",
    "fitted",
    "index_curves",
    "tasks",
    "threshold_fit",
]
