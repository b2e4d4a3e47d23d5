"""Training losses at a symmetric critical point for growing N: what approaches what, how fast, measured.

For each N and each of several independent sets of inputs: the training loss, its gradient, its Hessian as it exists
almost everywhere and smoothed, their eigenvalues cluster by cluster, and the training minimum next to the point. The
exponents of N come from a straight line through the logarithms, with their standard errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from symrelu import __version__
from symrelu.errors import BadInput
from symrelu.model.dense import Floats
from symrelu.samples.laws import InputLaw, law_named
from symrelu.samples.minimum import predicted_move, train_from
from symrelu.samples.point import Cluster, SymmetricPoint, symmetric_point
from symrelu.samples.report import QUANTITIES, study_json, study_text
from symrelu.samples.training_loss import TrainingLoss

if TYPE_CHECKING:
    from symrelu.families import Family

Progress = Callable[[str], None]
SIZES = (1000, 4000, 16000)
REPEATS = 8
WIDTH = 0.2  # of the smoothed Hessian at N = 1000, relative to the length of a row
SMALLEST_POSITIVE = 1e-9  # a smallest eigenvalue above it makes a minimum
MOST_ENTRIES = 2**29  # of inputs at a time: 4 GB


@dataclass(frozen=True)
class Exponent:
    """The slope of log(error) against log(N), with its standard error from the scatter of the samples.

    ``value``: the slope.
    """

    value: float
    error: float


@dataclass(frozen=True)
class ClusterDistance:
    """How far sorted sample eigenvalues lie from a cluster: the mean over samples of the largest distance within it.

    autodiff: of the almost-everywhere Hessian, from H - B; autodiff_to_population: of the same from the exact
    eigenvalues of H; smoothed: of the smoothed Hessian from those of H; width: largest minus smallest of autodiff's.
    """

    autodiff: float
    autodiff_to_population: float
    smoothed: float
    width: float


@dataclass(frozen=True)
class SampleRow:
    """One N.

    Attributes
    ----------
    errors: root mean squares over the samples of each of ``QUANTITIES`` (None: not measured); geometric means for laws
    with E|x|**4 infinite. width: of the smoothing (None for smooth activations). clusters: a distance for each.
    negative: how many negative eigenvalues the Hessians had at most (as it exists almost everywhere, smoothed).
    scatter: the errors of every sample. spectra: the eigenvalues of the first sample's Hessians, a.e. and smoothed.
    """

    n: int
    samples: int
    width: float | None
    errors: dict[str, float | None]
    clusters: tuple[ClusterDistance, ...]
    negative: tuple[int, int]
    scatter: dict[str, tuple[float, ...]]
    spectra: tuple[tuple[float, ...], tuple[float, ...]]


@dataclass(frozen=True, repr=False)
class SampleStudy:
    """What was measured.

    Attributes
    ----------
    label, d, k, layers, law, seed: of what. constant: by what the law multiplies the Gaussian population loss, exact
    as text; None where no constant does, and errors are to the Gaussian values. loss: the population's, times the
    constant, as are the clusters and the norms. missed: |B|, and hessian: |H|, Frobenius. rows: for each N, ascending.
    exponents: for each quantity, None where it vanishes identically or N has one value. predicted: for each N the
    distance to the training minimum to leading order, with H and with H - B. negative: the eigenvalues of H that are
    negative, in the first layer, with multiplicity. heavy: whether variances are infinite (E|x|**(4m) for degree m).
    """

    label: str
    d: int
    k: int
    layers: int
    law: str
    seed: int
    constant: str | None
    loss: float
    hessian: float
    missed: float
    negative: int
    clusters: tuple[Cluster, ...]
    rows: tuple[SampleRow, ...]
    exponents: dict[str, Exponent | None]
    predicted: tuple[tuple[float, float] | None, ...]
    heavy: bool = False
    version: str = __version__

    def text(self) -> str:
        """The study as text."""
        return study_text(self)

    __str__ = text

    def to_json(self) -> dict[str, Any]:
        """The study as plain data (the contract of ``symrelu samples --format json``)."""
        return study_json(self)


def sample_study(
    family: Family,
    d: int,
    sizes: Sequence[int] = SIZES,
    law: InputLaw | str = "gaussian",
    layers: Literal[1, 2] = 1,
    seed: int = 1,
    samples: int = REPEATS,
    move: bool = True,
    progress: Progress | None = None,
) -> SampleStudy:
    """Training losses over N inputs, N in ``sizes``, at the family's critical point at a whole d.

    Parameters: ``law`` of the inputs; ``layers`` of the Hessians; ``seed``, from which every number follows;
    ``samples``, independent sets of inputs for each N; ``move``: whether to look for the training minimum too (only
    where the point is a minimum and the residual does not vanish identically).
    Returns measured numbers. Raises BadInput for sizes and numbers of samples below 1 or too large, and what
    :func:`symrelu.samples.point.symmetric_point` raises.
    """
    law = law_named(law) if isinstance(law, str) else law
    ns = sorted(set(sizes))
    if not ns or ns[0] < 1 or samples < 1 or seed < 0:
        raise BadInput(
            f"sizes {list(sizes)}, {samples} samples and the seed {seed} were given; give positive numbers, such as "
            "1000,4000,16000, and a seed >= 0"
        )
    if ns[-1] * d > MOST_ENTRIES:
        raise BadInput(f"{ns[-1]} inputs in dimension {d} were asked for; at most {MOST_ENTRIES // d} are held at once")
    if progress:
        progress("the exact point")
    point = symmetric_point(family, d, layers)
    constant = law.constant_for(point.population.kernel, d)
    heavy = not law.has_moment(2 * (point.population.kernel.degree or 1), d)
    c = 1.0 if constant is None else float(constant)
    streams = np.random.SeedSequence(seed).spawn(len(ns))
    trains = _can_move(point) if move else None
    rows, predicted = [], []
    for n, stream in zip(ns, streams, strict=True):
        if progress:
            progress(f"N = {n}")
        row, prediction = _row(
            point, n, law, constant, [np.random.default_rng(s) for s in stream.spawn(samples)], trains
        )
        rows.append(row)
        predicted.append(prediction)
    names = [name for name in QUANTITIES if name in rows[0].scatter]
    first = _first_layer(point)
    return SampleStudy(
        label=point.label,
        d=d,
        k=len(point.W),
        layers=layers,
        law=law.name,
        seed=seed,
        constant=None if constant is None else str(constant),
        loss=c * point.value,
        hessian=c * float(np.linalg.norm(point.H)),
        missed=c * float(np.linalg.norm(point.H - point.limit)),
        negative=int(np.sum(np.linalg.eigvalsh(first) < -SMALLEST_POSITIVE)),
        clusters=tuple(Cluster(x.component, x.multiplicity, c * x.value, c * x.limit) for x in point.clusters),
        rows=tuple(rows),
        exponents={name: fitted_exponent(ns, [row.scatter[name] for row in rows], heavy) for name in names},
        predicted=tuple(predicted),
        heavy=heavy,
    )


def fitted_exponent(sizes: Sequence[int], errors: Sequence[Sequence[float]], heavy: bool = False) -> Exponent | None:
    """The slope of the least-squares line of log(error) against log(N), with its standard error.

    Parameters: ``errors``, those of the samples for each size, of which the root mean square is taken, or the geometric
    mean if their variance is infinite (``heavy``). The standard error is that of the logarithms of such means of so
    many samples, the relative scatter being taken for the same at all sizes.
    None if all errors of a size are 0, or fewer than two sizes or two samples of each are there.
    """
    if len(set(sizes)) < 2 or min(map(len, errors)) < 2 or not all(np.any(np.asarray(e) > 0) for e in errors):
        return None
    x, y = np.log(np.asarray(sizes, dtype=float)), np.log([_typical(e, heavy) for e in errors])
    x = x - x.mean()
    if heavy:
        variances = [np.log(e).var(ddof=1) / len(e) for e in errors]
    else:
        squares = [np.square(e) for e in errors]
        variances = [s.var(ddof=1) / s.mean() ** 2 / len(s) / 4 for s in squares]
    scatter = float(np.mean(variances))
    return Exponent(float(x @ y / (x @ x)), sqrt(scatter / float(x @ x)))


def _typical(errors: Sequence[float], heavy: bool) -> float:
    """The root mean square, or the geometric mean of errors of infinite variance."""
    if heavy and np.all(np.asarray(errors) > 0):
        return float(np.exp(np.mean(np.log(errors))))
    return float(np.sqrt(np.mean(np.square(errors))))


def width_at(n: int) -> float:
    """The smoothing width for N inputs, of the best order N**(-1/5)."""
    return WIDTH * (n / 1000) ** -0.2


def _can_move(point: SymmetricPoint) -> Floats | None:
    """The metric of the descents on training losses: the first layer's Hessian where it is positive definite."""
    first = _first_layer(point)
    return first if np.linalg.eigvalsh(first)[0] > SMALLEST_POSITIVE else None


def _first_layer(point: SymmetricPoint) -> Floats:
    return point.H[: point.W.size, : point.W.size]


def _row(
    point: SymmetricPoint,
    n: int,
    law: InputLaw,
    constant: Fraction | None,
    rngs: Sequence[np.random.Generator],
    metric: Floats | None,
) -> tuple[SampleRow, tuple[float, float] | None]:
    """All samples of one N, and the prediction of how far the training minimum lies."""
    kinked = TrainingLoss(np.zeros((1, point.population.d)), point.population).activation.jump != 0
    width = width_at(n) if kinked else None
    W, alpha, size = point.W, point.alpha, point.W.size
    c = 1.0 if constant is None else float(constant)
    heavy = not law.has_moment(2 * (point.population.kernel.degree or 1), point.population.d)
    H, limit = c * point.H, c * point.limit
    levels = _levels(point, c)
    scatter: dict[str, list[float]] = {}
    distances, negative, covariance = [], [0, 0], np.zeros((size, size))
    shown: list[tuple[float, ...]] = []
    for rng in rngs:
        training = TrainingLoss.drawn(n, law, point.population, rng)
        plain = training.hessian(W, alpha, point.layers)
        smooth = plain if width is None else _with_blocks(plain, training.smoothed_boundary(W, width, alpha))
        measured = {
            "loss": abs(training.loss(W, alpha) - c * point.value),
            "gradient": float(np.linalg.norm(training.gradient(W, alpha)[0])),
            "autodiff_to_limit": float(np.linalg.norm(plain - limit)),
            "autodiff_to_population": float(np.linalg.norm(plain - H)),
        }
        if kinked:
            measured["smoothed_to_population"] = float(np.linalg.norm(smooth - H))
            measured["boundary"] = float(np.linalg.norm(smooth - plain - (H - limit)))
        if metric is not None:
            reached = train_from(training, W, alpha, metric=c * metric)
            measured["moved"] = float(np.linalg.norm(reached.W - W))
            covariance += training.gradient_covariance(W, alpha) / len(rngs)
        for name, value in measured.items():
            scatter.setdefault(name, []).append(value)
        spectra: list[Floats] = [np.asarray(np.linalg.eigvalsh(x), dtype=float) for x in (plain, smooth)]
        shown = shown or [tuple(x.tolist()) for x in spectra]
        # rounding of zeros of rank-deficient Hessians (few inputs, rescalings) is no negative eigenvalue
        floor = -SMALLEST_POSITIVE * float(np.abs(spectra[0]).max())
        negative = [max(m, int(np.sum(x < floor))) for m, x in zip(negative, spectra, strict=True)]
        distances.append([_distance(spectra[0], spectra[1], *level) for level in levels])
    return (
        SampleRow(
            n=n,
            samples=len(rngs),
            width=width,
            errors={name: _typical(scatter[name], heavy) if name in scatter else None for name in QUANTITIES},
            clusters=tuple(ClusterDistance(*x) for x in np.mean(distances, axis=0).tolist()),
            negative=(negative[0], negative[1]),
            scatter={name: tuple(values) for name, values in scatter.items()},
            spectra=(shown[0], shown[1]),
        ),
        None
        if metric is None or constant is None
        else (
            predicted_move(covariance, c * metric, n),
            predicted_move(covariance, limit[:size, :size], n),
        ),
    )


def _with_blocks(H: Floats, blocks: Floats) -> Floats:
    """The Hessian with something added to the block of each row."""
    found = H.copy()
    for i, block in enumerate(blocks):
        own = slice(i * len(block), (i + 1) * len(block))
        found[own, own] += block
    return found


def _levels(point: SymmetricPoint, c: float) -> list[tuple[Floats, Floats, slice, slice]]:
    """For each cluster the sorted levels of H - B and of H, and the ranks the cluster takes up in either."""
    found = []
    order = {}
    for which in ("limit", "value"):
        at, ranks = 0, {}
        for i in sorted(range(len(point.clusters)), key=lambda i: getattr(point.clusters[i], which)):
            ranks[i] = slice(at, at + point.clusters[i].multiplicity)
            at += point.clusters[i].multiplicity
        order[which] = ranks
    limits, values = (
        np.sort(np.repeat([getattr(x, which) for x in point.clusters], [x.multiplicity for x in point.clusters]))
        for which in ("limit", "value")
    )
    for i in range(len(point.clusters)):
        found.append((c * limits, c * values, order["limit"][i], order["value"][i]))
    return found


def _distance(
    plain: Floats, smooth: Floats, limits: Floats, values: Floats, at_limit: slice, at_value: slice
) -> tuple[float, float, float, float]:
    """The largest distances within one cluster, sorted eigenvalues matched in order, and autodiff's width."""
    return (
        float(np.abs(plain - limits)[at_limit].max()),
        float(np.abs(plain - values)[at_value].max()),
        float(np.abs(smooth - values)[at_value].max()),
        float(np.ptp(plain[at_limit])),
    )


__all__ = [
    "QUANTITIES",
    "REPEATS",
    "SIZES",
    "ClusterDistance",
    "Exponent",
    "SampleRow",
    "SampleStudy",
    "fitted_exponent",
    "sample_study",
    "width_at",
]
