r"""Hessian eigenvalues along one descent, and the clusters they form.

One gradient descent on the population loss, the second layer fixed at 1, from a random start to the minimum it ends in.
At steps that grow geometrically the Hessian's eigenvalues (of the first layer, and of both at alpha = 1) are compared
with the clusters that the exact family of the end point has: the terms d and 1 of its eigenvalue series, as Theorem 2
of the main paper states them, and its exact eigenvalues. Sorted eigenvalues are matched to sorted cluster values,
which no other matching betters in the largest distance or in the sum, so three numbers tell how far clusters have
formed:

    distance   the largest distance of an eigenvalue from the value of its cluster, in the bulk and among outliers;
    width      of a cluster, the largest minus the smallest of its eigenvalues;
    filling    the sum of the widths in the bulk over the range of the bulk: near 1 for a continuum, 0 for points.

Outliers are the clusters whose value grows with d. What they have to do with the dynamics is measured by the share of
the gradient's square in their eigenspace: to first order in the step, the share of the loss's decrease due to it. As
gradient descent steps along the gradient it is also their share in the step.

Beside the Hessian H stands its part H - B without the residual's curvature (:mod:`symrelu.samples.limits`): what
automatic differentiation on training data converges to. It depends on directions of rows alone, and its clusters form
while the loss is still large; those of H follow when the residual, and with it B, becomes small.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from symrelu.descent.classified import Classified
from symrelu.descent.classify import classify
from symrelu.descent.descend import LIMIT, default_rate, descend
from symrelu.descent.problem import FittedTarget
from symrelu.descent.starts import start
from symrelu.errors import BadInput, Undecided
from symrelu.families import Family, family
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.setting import PAPER
from symrelu.samples.limits import limit_hessian
from symrelu.spectrum.result import FamilySpectrum

Progress = Callable[[str], None]
D, SEED, RUN = 20, 1, 7  # the descent that is drawn: it ends in 2a
POINTS = 60  # Hessians along a descent
LARGEST_D = 40
GLOBAL = "1a"


@dataclass(frozen=True)
class Level:
    """One cluster: eigenvalue branches whose series agree in the terms d and 1.

    Attributes
    ----------
    slope, constant: exact as text; value: slope d + constant; constant_value: the latter alone. components: of its
    branches. multiplicity. exact: the eigenvalues of the end point in it, each with its multiplicity, from the exact
    family, ascending. latex: slope and constant as LaTeX.
    """

    slope: str
    constant: str
    value: float
    constant_value: float
    components: tuple[str, ...]
    multiplicity: int
    exact: tuple[tuple[float, int], ...]
    latex: tuple[str, str]

    @property
    def is_outlier(self) -> bool:
        """Whether it grows with d."""
        return self.slope != "0"

    @property
    def text(self) -> str:
        """slope*d + constant."""
        if not self.is_outlier:
            return self.constant
        slope = "d" if self.slope == "1" else f"{self.slope}*d" if "+" not in self.slope else f"({self.slope})*d"
        return f"{slope} + {self.constant}"


@dataclass(frozen=True, eq=False)
class Spectra:
    """The eigenvalues along a descent, of the first layer or of both, and the clusters of the end point.

    ``eigenvalues``: of shape (number of points, order of the Hessian), ascending. ``levels``: ascending by value.
    """

    layers: Literal[1, 2]
    eigenvalues: Floats
    levels: tuple[Level, ...]

    @cached_property
    def ranks(self) -> tuple[slice, ...]:
        """The ranks of each cluster among the sorted eigenvalues."""
        ends = np.cumsum([0, *(level.multiplicity for level in self.levels)]).tolist()
        return tuple(slice(a, b) for a, b in zip(ends, ends[1:], strict=False))

    @cached_property
    def distances(self) -> Floats:
        """For each point and cluster the largest distance of an eigenvalue from the cluster's value."""
        return np.stack(
            [
                np.abs(self.eigenvalues[:, ranks] - level.value).max(axis=1)
                for level, ranks in zip(self.levels, self.ranks, strict=True)
            ],
            axis=1,
        )

    @cached_property
    def widths(self) -> Floats:
        """For each point and cluster the largest minus the smallest eigenvalue."""
        return np.stack([np.ptp(self.eigenvalues[:, ranks], axis=1) for ranks in self.ranks], axis=1)

    @cached_property
    def distance_to_end(self) -> Floats:
        """For each point the largest distance of an eigenvalue from the end point's of the same rank, bulk alone."""
        bulk = slice(0, self.bulk)
        return np.asarray(np.abs(self.eigenvalues[:, bulk] - self.end[bulk]).max(axis=1))

    @cached_property
    def end(self) -> Floats:
        """The exact eigenvalues of the end point, ascending."""
        pairs = [pair for level in self.levels for pair in level.exact]
        return np.sort(np.repeat([x for x, _ in pairs], [m for _, m in pairs]))

    @property
    def bulk(self) -> int:
        """How many eigenvalues are no outliers; they are the smallest ones."""
        return sum(level.multiplicity for level in self.levels if not level.is_outlier)

    def distance(self, outliers: bool = False) -> Floats:
        """For each point the largest distance from a cluster's value, in the bulk or among the outliers."""
        return np.asarray(self.distances[:, [level.is_outlier == outliers for level in self.levels]].max(axis=1))

    @cached_property
    def filling(self) -> Floats:
        """For each point the sum of the widths in the bulk over the bulk's range."""
        inside = [not level.is_outlier for level in self.levels]
        return np.asarray(self.widths[:, inside].sum(axis=1) / np.ptp(self.eigenvalues[:, : self.bulk], axis=1))


@dataclass(frozen=True, eq=False, repr=False)
class AlongDescent:
    """One descent.

    Attributes
    ----------
    d, seed, run, initialisation, rate: what it was. steps: at which it was looked at, the first 0; the last point is
    the end itself, found by Newton's method. loss, gradient (norm): at each. first, both: the eigenvalues of the first
    layer's Hessian and of both layers'; without: of the first layer's H - B, beside the same clusters. share: of the
    gradient's square in the eigenspace of the outliers, at each point but the end. end: what the end point is; family:
    the family it lies on.
    """

    d: int
    seed: int
    run: int
    initialisation: str
    rate: float
    steps: tuple[int, ...]
    loss: Floats
    gradient: Floats
    share: Floats
    first: Spectra
    both: Spectra
    without: Spectra
    end: Classified
    family: Family

    @cached_property
    def decrease_share(self) -> float:
        """The share of the loss's whole decrease that the outliers' eigenspace accounts for, to first order.

        Each piece of the decrease between two points counts with the mean of their shares.
        """
        falls = -np.diff(self.loss[:-1])
        return float(falls @ (self.share[1:] + self.share[:-1]) / 2 / falls.sum())

    def first_below(self, threshold: float) -> int | None:
        """The first step seen from which on less than this share of the gradient's square lies among the outliers.

        ``threshold``: that share; None if there is no such step.
        """
        above = np.flatnonzero(self.share >= threshold)
        place = 0 if not len(above) else int(above[-1]) + 1
        return self.steps[place] if place < len(self.share) else None

    def formed(self, spectra: Spectra, tolerance: float) -> int | None:
        """The first step seen from which on every bulk eigenvalue is within this of its cluster's value; None if none.

        ``spectra``: ``first``, ``both`` or ``without``. The tolerance must exceed the O(d**(-1/2)) by which the end
        point's own eigenvalues differ from the values.
        """
        distance = spectra.distance()
        above = np.flatnonzero(distance > tolerance)
        place = 0 if not len(above) else int(above[-1]) + 1
        return self.steps[place] if place < len(distance) else None

    def text(self) -> str:
        """The descent as tables."""
        from symrelu.descent.along_report import along_text

        return along_text(self)

    __str__ = text

    def to_json(self) -> dict[str, Any]:
        """The descent as plain data."""
        from symrelu.descent.along_report import along_json

        return along_json(self)


def along_descent(
    d: int = D,
    seed: int = SEED,
    run: int = RUN,
    initialisation: str = "xavier",
    points: int = POINTS,
    progress: Progress | None = None,
) -> AlongDescent:
    """One descent for V = I_d, k = d, ReLU, with the eigenvalues of its Hessians and the clusters of its end.

    Parameters: ``d``, at most 40; ``seed`` and ``run``: the start, as in ``symrelu train``; ``points``: how many
    Hessians, at steps that grow geometrically. The end is classified; its family gives the clusters, exactly.
    Raises BadInput for numbers out of range, Undecided where the end lies on no family that is known or the descent
    did not end in a minimum: try another run. ``initialisation``: its name.
    """
    if not 2 <= d <= LARGEST_D or points < 4 or run < 0:
        raise BadInput(
            f"d = {d}, {points} points and run {run} were given; give 2 <= d <= {LARGEST_D}, 4 points or more"
        )
    say = progress or (lambda message: None)
    population = DenseLoss(np.eye(d))
    W = start(initialisation, d, d, seed, run)
    rate = default_rate(population, W[None])
    say("the descent")
    (end,) = descend(population, W[None], rate=rate)
    if end.kind != "minimum":
        raise Undecided(f"run {run} did not end in a minimum within {LIMIT} steps; try another run")
    kept = _steps(end.steps, points - 1)
    places = [W, *_visited(population, W, rate, kept), end.weights]
    path = np.array(places)
    say("which minimum")
    found = classify(end.weights, FittedTarget.of(PAPER, d), loss=end.loss)
    one = _family(found)
    gradients = population.row_gradient(path)
    spectra = {}
    share = np.empty(0)
    for layers in (1, 2):
        say(f"Hessians of {('the first layer', 'both layers')[layers - 1]}")
        levels = _levels(one, d, layers)
        if layers == 1:
            bulk = sum(level.multiplicity for level in levels if not level.is_outlier)
            values, share = _with_shares(population, path, gradients, bulk)
        else:
            values = population.eigenvalues(path, layers=2)
        spectra[layers] = Spectra(layers, values, levels)
    say("what the residual adds")
    without = np.array([np.linalg.eigvalsh(limit_hessian(population, x)) for x in path])
    return AlongDescent(
        d=d,
        seed=seed,
        run=run,
        initialisation=initialisation,
        rate=rate,
        steps=(0, *kept, end.steps),
        loss=population.loss(path),
        gradient=np.asarray(np.linalg.norm(gradients.reshape(len(path), -1), axis=1)),
        share=share,
        first=spectra[1],
        both=spectra[2],
        without=Spectra(1, without, spectra[1].levels),
        end=found,
        family=one,
    )


def _steps(last: int, points: int) -> list[int]:
    """Steps from 1 to just before the last, geometric."""
    return sorted({int(round(x)) for x in np.geomspace(1, max(last - 1, 1), max(points - 1, 1))})


def _visited(population: DenseLoss, W: Floats, rate: float, steps: list[int]) -> list[Floats]:
    found, at = [], 0
    for step in steps:
        while at < step:
            W = W - rate * population.row_gradient(W)
            at += 1
        found.append(W)
    return found


def _with_shares(population: DenseLoss, path: Floats, gradients: Floats, bulk: int) -> tuple[Floats, Floats]:
    """The eigenvalues at each point, and the share of the gradient's square among the largest ones (not at the end)."""
    values, shares = [], []
    for W, gradient in zip(path, gradients, strict=True):
        found, vectors = np.linalg.eigh(population.hessian(W))
        values.append(found)
        parts = (vectors.T @ gradient.ravel()) ** 2
        shares.append(float(parts[bulk:].sum() / parts.sum()) if parts.sum() else 0.0)
    return np.array(values), np.array(shares[:-1])


def _family(found: Classified) -> Family:
    """The family that the end lies on."""
    if found.is_global:
        return family(GLOBAL)
    if found.family is None:
        raise Undecided(
            f"the end point, of loss {found.loss:.8f} and isotropy {found.isotropy}, lies on no family that is known; "
            "try another run"
        )
    return family(found.family)


def _levels(one: Family, d: int, layers: Literal[1, 2]) -> tuple[Level, ...]:
    """The clusters, by the series of the family, with the exact eigenvalues at d in them.

    Branches of a component are ascending in both, so they correspond in order.
    """
    import sympy

    at = one.at(d, digits=16, layers=layers)
    spectrum: FamilySpectrum = one.spectrum(0, layers=layers)
    exact = {(e.component, e.branch): (float(e.value), int(e.multiplicity)) for e in at.eigenvalues}
    merged: dict[tuple[str, str], tuple[float, float, tuple[str, str], list[str], list[tuple[float, int]]]] = {}
    for e in spectrum.eigenvalues:
        value, multiplicity = exact[e.component.name, e.branch]
        if multiplicity <= 0:
            continue
        terms = [e.series[power] for power in (-spectrum.ramification, 0)]
        slope, constant = (float(e.series.field.ball(x, 80).mid()) for x in terms)
        texts = [e.series.field.text(x) for x in terms]
        latex = [sympy.latex(e.series.field.sympy(x)) for x in terms]
        *_, names, values = merged.setdefault(
            (texts[0], texts[1]), (slope * d + constant, constant, (latex[0], latex[1]), [], [])
        )
        names.append(e.component.name)
        values.append((value, multiplicity))
    levels = [
        Level(
            slope,
            constant,
            value,
            rest,
            tuple(dict.fromkeys(names)),
            sum(m for _, m in values),
            tuple(sorted(values)),
            latex,
        )
        for (slope, constant), (value, rest, latex, names, values) in merged.items()
    ]
    return tuple(sorted(levels, key=lambda level: (level.is_outlier, level.value)))


__all__ = ["AlongDescent", "Level", "Spectra", "along_descent"]
