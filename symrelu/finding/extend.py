"""Starts with one row orbit close to 0: critical points of the problem without it, and a small row in any direction.

ReLU's limit problem is homogeneous in each row, so that a row may always tend to 0 there; whether it does, and at which
scale, is found at the next order. Such families attract few random starts: every other row must be right as well. Here
the other rows are, up to what the small one changes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symrelu.errors import SymreluError
from symrelu.finding.multistart import starts
from symrelu.finding.normaliser import symmetries
from symrelu.finding.scaling import Floats, Scaled, newton
from symrelu.finding.thinning import clusters
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

POINTS = 30  # of a smaller problem, the most frequent first
REPEATS = 40  # small rows for each of them


def without_row(problem: Problem, orbit: int) -> Problem | None:
    """The problem without one row orbit; None where that is no problem of its own."""
    isotropy = problem.space.isotropy
    rows = tuple(o for i, o in enumerate(isotropy.rows) if i != orbit)
    signs = tuple(s for i, s in enumerate(problem.signs) if i != orbit) if len(problem.signs) > 1 else problem.signs
    try:
        return replace(problem, space=FixedSpace(Isotropy(isotropy.blocks, rows, isotropy.cols)), signs=signs)
    except SymreluError:
        return None


def with_a_small_row(
    problem: Problem, d: float, seed: int, count: int, known: dict[Problem, Floats] | None = None
) -> Floats:
    """Starts at dimension d in scaled coordinates: for each row orbit of constant size, critical points without it
    (from ``count`` starts, and from small rows in their turn), and rows of norm d**-2 to d**-0.2 in its place.
    """
    scaled = Scaled(problem)
    known = {} if known is None else known
    rng = np.random.default_rng([seed, round(d), 2, len(problem.space.isotropy.rows)])
    isotropy = problem.space.isotropy
    found = [np.empty((0, scaled.dim))]
    if problem.dim > problem.space.dim:  # a free second layer: rows are not small, their weights are
        return found[0]
    for orbit, member in enumerate(scaled.members):
        if not isotropy.orbit_size(isotropy.rows[orbit]).is_constant or len(isotropy.rows) == 1:
            continue
        smaller = without_row(problem, orbit)
        if smaller is None:
            continue
        points = _points(smaller, d, seed, count, known)
        z = np.empty((len(points) * REPEATS, scaled.dim))
        z[:, [i for i in range(scaled.dim) if i not in member]] = np.repeat(points, REPEATS, axis=0)
        direction = rng.standard_normal((len(z), len(member))) * d ** -rng.uniform(0, 0.6, (len(z), len(member)))
        direction /= np.linalg.norm(direction, axis=1)[:, None]
        z[:, member] = direction * d ** -rng.uniform(0.2, 2.0, (len(z), 1))
        found.append(z)
    return np.concatenate(found)


def _points(problem: Problem, d: float, seed: int, count: int, known: dict[Problem, Floats]) -> Floats:
    """Distinct critical points of a problem at one d, from multistart and from small rows."""
    if problem not in known:
        scaled = Scaled(problem)
        rng = np.random.default_rng([seed, round(d), 3, len(problem.space.isotropy.rows)])
        z = np.concatenate([starts(scaled, d, count, rng, 0.5), with_a_small_row(problem, d, seed, count, known)])
        result = newton(scaled, z, np.full(len(z), d), 40)
        found, _ = clusters(scaled, result.z[result.ok], d, seed, symmetries(problem))
        best = [cluster.z for cluster in found[:POINTS]]
        known[problem] = np.array(best).reshape(len(best), scaled.dim)
    return known[problem]
