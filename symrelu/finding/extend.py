"""Starts with one row orbit close to 0: critical points of the problem without it, and a small row in any direction.

ReLU's limit problem is homogeneous in each row, so that a row may always tend to 0 there; whether it does, and at which
scale, is found at the next order. Such families attract few random starts: every other row must be right as well. Here
the other rows are, up to what the small one changes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from symrelu.errors import SymreluError
from symrelu.finding.multistart import small_rows, starts, starts_near
from symrelu.finding.normaliser import symmetries
from symrelu.finding.scaling import Floats, Scaled, newton
from symrelu.finding.thinning import clusters
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

POINTS = 30  # of a smaller problem, the most frequent first
REPEATS = 40  # small rows for each of them
NEAR = 0.3  # how far the coordinates of points near a limit may be from it


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
        z[:, member] = small_rows(len(member), d, len(z), rng)
        found.append(z)
    return np.concatenate(found)


def near_limit(problem: Problem, limit: Floats, d: float, seed: int, count: int) -> Floats:
    """Starts at dimension d in scaled coordinates near one limit; where a row tends to 0, also from critical points of
    the problem without it near the rest of the limit, with a small row in its place.
    """
    scaled = Scaled(problem)
    isotropy = problem.space.isotropy
    rng = np.random.default_rng([seed, round(d), 4, len(isotropy.rows)])
    found = [starts_near(scaled, limit, d, count, rng)]
    for orbit, member in enumerate(scaled.members):
        constant = isotropy.orbit_size(isotropy.rows[orbit]).is_constant and len(isotropy.rows) > 1
        smaller = without_row(problem, orbit) if constant and not np.any(limit[member]) else None
        if smaller is None:
            continue
        others = [i for i in range(scaled.dim) if i not in member]
        part = Scaled(smaller)
        z = near_limit(smaller, limit[others], d, seed, count // 4)
        result = newton(part, z, np.full(len(z), d), 40)
        points, _ = clusters(part, result.z[result.ok], d, seed, symmetries(smaller))
        base = np.array([c.z for c in points[:POINTS]]).reshape(-1, part.dim)
        base = base[np.max(np.abs(base / part.roots(np.array([d]))[0] - limit[others]), axis=1) < NEAR]
        z = np.empty((len(base) * REPEATS, scaled.dim))
        z[:, others] = np.repeat(base, REPEATS, axis=0)
        z[:, member] = small_rows(len(member), d, len(z), rng)
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
