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
BATCH = 25  # runs in a task
SMALL = 0.1  # up to which alpha a curve is fitted
EXPONENTS = np.round(np.arange(0.5, 4.001, 0.02), 2)


@dataclass(frozen=True)
class IndexPoint:
    """The critical points of one index: alpha = index/N, their mean energy, its standard error (None for one point
    alone), how many there are. ``count``: that number.
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

    @property
    def exponent_range(self) -> str:
        """``exponents`` in words: an end of them that is an end of ``EXPONENTS``, those tried, bounds nothing."""
        low, high = self.exponents
        below, above = low <= EXPONENTS[0], high >= EXPONENTS[-1]
        if below or above:
            return "not determined" if below and above else f"at most {high:.2f}" if below else f"at least {low:.2f}"
        return f"{low:.2f} to {high:.2f}"


@dataclass(frozen=True)
class IndexCurve:
    """All runs at one phi: the mean energies by index, the runs with |dL/dtheta|**2 > 1e-6, left out as in the paper,
    and the fit (None where too few runs have a small index); index: of the eigenvalues that are resolved.
    ``minimisers``: the mean energy of those of index 0, with its error (None with less than two). ``all_negative``: the
    fit with every negative eigenvalue counted. ``between``: in which shares of the first energy the descent on the
    loss was left, the paper's (0, 1) unless a task said otherwise. ``left_out``: how many runs.
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
    between: tuple[str, str]


def tasks(
    phis: Sequence[Fraction] = PHIS, n: int = 8, runs: int = 200, seed: int = 1, activation: str = "tanh"
) -> list[dict[str, Any]]:
    """So many runs at each phi, in tasks of at most 25, each with a seed that follows from ``seed``, phi, n and its
    number.

    The protocol is the paper's: the descent on the loss is left at an energy that is a uniformly random share, in
    (0, 1), of the first one, whatever phi. A window chosen by phi would put its own threshold into the fits. Raises
    BadInput for less than one run and a negative seed. ``phis``: those phi.
    """
    if runs < 1:
        raise BadInput(f"{runs} runs were asked for; give at least 1")
    if seed < 0:
        raise BadInput(f"the seed {seed} was given; give 0 or a larger whole number")
    return [
        critical.task(phi, n, min(BATCH, runs - begun), _seed(seed, phi, n, number), activation)
        for phi in phis
        for number, begun in enumerate(range(0, runs, BATCH))
    ]


def _seed(seed: int, phi: Fraction, n: int, number: int) -> int:
    """A seed below 2**53, which every reader of JSON keeps."""
    mixed = np.random.SeedSequence([seed, phi.numerator, phi.denominator, n, number])
    return int(mixed.generate_state(1, np.uint64)[0] >> np.uint64(11))


def index_curves(records: Sequence[dict[str, Any]]) -> list[IndexCurve]:
    """The curves behind the records of tasks of critical points, one for each phi, n, activation and window, phi
    ascending.
    """
    groups: dict[tuple[Fraction, int, str, tuple[str, str]], list[dict[str, Any]]] = {}
    for record in records:
        settings = record["settings"]
        key = Fraction(settings["phi"]), settings["n"], settings["activation"], tuple(settings["between"])
        groups.setdefault(key, []).append(record)
    return [_curve(*key, groups[key]) for key in sorted(groups)]


def protocol(between: tuple[str, str]) -> str:
    """How the critical points of a curve with this window were found, and what its two fits count, in sentences.

    ``between``: the window, shares as text.
    """
    ours, papers = (f"({', '.join(window)})" for window in (between, critical.WINDOW))
    threshold, resolved, zero = (
        f"1e{round(np.log10(x))}" for x in (critical.THRESHOLD, critical.RESOLVED, critical.ZERO)
    )
    return (
        f"Descent on the loss is left at a uniformly random share in {ours} of its first energy "
        f"({'as in the paper' if ours == papers else f'in the paper {papers}'}), for that on |dL/dtheta|^2; runs with "
        f"that above {threshold} are left out. Index: eigenvalues below -{resolved} of the largest; the paper states "
        f"no tolerance, and the exponent depends on it: the second fit counts all negative ones (< -{zero} of it). "
        f"Both fits: 0 < alpha <= {SMALL:g}, alpha = 0 left out."
    )


def _curve(
    phi: Fraction, n: int, activation: str, between: tuple[str, str], records: list[dict[str, Any]]
) -> IndexCurve:
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
        between=between,
    )


def fitted(energy: np.ndarray, alpha: np.ndarray, up_to: float = SMALL) -> Fit | None:
    """The fit of the 3/2 law to runs with these energies and indices; None with less than 10 runs of small index, or
    less than three different indices among them, or energies that fall with the index. ``energy``, ``alpha``: one
    number a run; ``up_to``: the largest index that counts as small.
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
    "protocol",
    "tasks",
    "threshold_fit",
]
