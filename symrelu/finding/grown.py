"""Families with one fixed row more: near a family that is known, the new row small.

A search of the whole type (:mod:`symrelu.finding.search`) takes minutes; what becomes of *one* family when a neuron is
added is found in seconds, since all rows but the new one are known up to what that one changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from symrelu.errors import NoFamily, ParallelToPrecision, ZeroRow
from symrelu.finding.candidates import Candidate, Progress
from symrelu.finding.climb import digits_for
from symrelu.finding.numbers import arbs, power_of_ten
from symrelu.finding.scaling import Floats, newton
from symrelu.finding.search import FLIP_AT, Search
from symrelu.finding.thinning import Cluster, clusters, larger_isotropy
from symrelu.model.reduced import Problem

STARTS = 400
NEAR = 0.6  # how far, in scaled coordinates, the known rows may move
MOST = 12  # distinct points that are followed, the most frequent first
FAILED = (NoFamily, ZeroRow, ParallelToPrecision)


def small_row_starts(run: Search, base: Sequence[float], d: float, rng: np.random.Generator) -> Floats:
    """Starts at d in scaled coordinates: the known rows at ``base`` (coordinates of Fix(G), the last row left out), the
    last one in any direction with a norm from d**-2 to d**-0.2.
    """
    roots = run.scaled.roots(np.array([d]))[0]
    known, dim = len(base), run.scaled.dim
    z = np.empty((STARTS, dim))
    z[:, :known] = np.array([float(x) for x in base]) * roots[:known]
    direction = rng.standard_normal((STARTS, dim - known)) * d ** -rng.uniform(0, 0.6, (STARTS, dim - known))
    direction /= np.linalg.norm(direction, axis=1)[:, None]
    z[:, known:] = direction * d ** -rng.uniform(0.2, 2.0, (STARTS, 1))
    return z


def grown_candidates(
    problem: Problem, base: Sequence[float], d: float, seed: int = 1, progress: Progress | None = None
) -> list[Candidate]:
    """The curves of critical points that one small row more makes of a point, followed from d to infinity.

    ``problem``: whose last row orbit is the new row; ``base``: the other coordinates at a large d, 1e6 or so. The new
    row is turned round on each curve too: some of its curves begin only at very large d. Numerical, in the order of the
    limit of the loss; that none was missed is not proved. Points of more symmetry are left out, and continua.
    """
    run = Search(problem, seed, 1.0, progress)
    z = small_row_starts(run, base, d, np.random.default_rng([seed, round(d), 4]))
    result = newton(run.scaled, z, np.full(len(z), d))
    found, _ = clusters(run.scaled, result.z[result.ok], d, seed, run.images)
    start = z[0, : len(base)]
    near = [c for c in found if np.max(np.abs(c.z[: len(base)] - start)) < NEAR]
    for cluster in near[:MOST]:
        if larger_isotropy(run.scaled, run.aside.unscaled(cluster), 1e-7, 1e-13) is None and _is_new(run, cluster):
            run.add_curve(cluster, d, [])
    _turn_last_row(run)
    candidates = [c for c in map(run.candidate, run.curves) if c is not None]
    return sorted(candidates, key=lambda c: float(c.loss_limit.value))


def _is_new(run: Search, cluster: Cluster) -> bool:
    """Whether a point of floats lies on none of the curves found, at its d."""

    return run.known(cluster.d, arbs(run.aside.unscaled(cluster)), 1e-4) is None


def _turn_last_row(run: Search) -> None:
    """Reflect the last row on each curve at a very large d, and keep the new curves."""
    last = len(run.problem.space.isotropy.rows) - 1
    d = power_of_ten(FLIP_AT * log(10))
    for curve in list(run.curves):
        start = [-v if row == last else v for row, v in zip(run.scaled.rows, curve.at(FLIP_AT).x, strict=True)]
        try:
            point = run.climber.polish(start, d, digits_for(float(d)), 12, cap=0.5)
        except FAILED:
            continue
        if run.known(FLIP_AT, point, 1e-40, power=True) is None:
            run.add_reflected(point)
