"""What multistart found, thinned out: equivalent points counted as one, and points that are no smooth isolated critical
point of this isotropy type set aside with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symrelu.finding.normaliser import Images
from symrelu.finding.scaling import Floats, Scaled
from symrelu.model.permutations import point_isotropy

SAME = 1e-5  # points whose z agree to this part of each row's norm are one
FLAT = 1e-9  # of the scaled Hessian's largest eigenvalue: below, a direction is flat
PARALLEL = 1e-12  # the squared sine of an angle


@dataclass(eq=False)
class Cluster:
    """One point up to the normaliser: scaled coordinates z of its first hit at d, and how many starts led there."""

    z: Floats
    d: float
    count: int = 1
    hits: dict[tuple[float, int], int] = field(default_factory=dict)  # (d, seed) -> count
    loss: float | None = None  # once it has been asked for

    def absorb(self, other: Cluster) -> None:
        """Add the hits of another cluster that turned out to be the same point."""
        self.count += other.count
        for key, n in other.hits.items():
            self.hits[key] = self.hits.get(key, 0) + n


def clusters(
    scaled: Scaled, z: Floats, d: float, seed: int, images: Images, most: int = 1500
) -> tuple[list[Cluster], int]:
    """The distinct points among converged ones, the most frequent first, and how many points were left out when there
    were more than ``most`` distinct ones (a continuum gives a new point each time).
    """
    found: list[Cluster] = []
    table = np.empty((most * len(images), z.shape[1]))
    left_out, size = 0, 0
    for point in z:
        norms = scaled.norms(point)
        if size:
            near = np.flatnonzero(np.all(np.abs(table[:size] - point) <= SAME * norms, axis=1))
            if len(near):
                found[near[0] // len(images)].count += 1
                continue
        if len(found) == most:
            left_out += 1
            continue
        for s in images:
            table[size] = s.of(point)
            size += 1
        found.append(Cluster(point, d))
    for cluster in found:
        cluster.hits = {(d, seed): cluster.count}
    return sorted(found, key=lambda c: -c.count), left_out


def larger_isotropy(scaled: Scaled, x: Sequence[Any], close: float, zero: float) -> str | None:
    """The name of the isotropy group of a point if it is larger than G; entries are equal if they agree to the part
    ``close`` of the larger one, or both are below ``zero``.
    """
    labels: list[int] = []
    for i, value in enumerate(x):
        same = [
            j
            for j in range(i)
            if abs(value - x[j]) <= close * max(abs(value), abs(x[j])) or (abs(value) <= zero and abs(x[j]) <= zero)
        ]
        labels.append(labels[same[0]] if same else i)
    n = scaled.space.dim
    if len(set(labels[:n])) == n:
        return None
    actual = point_isotropy(scaled.problem, labels).actual
    return actual.label() if actual.is_larger else None


@dataclass(frozen=True)
class Shape:
    """Signs of trouble at a point: the least norm of a row orbit and which, and the number of flat directions."""

    least_norm: float
    least_row: int
    nullity: int


def shapes(scaled: Scaled, z: Floats, d: float) -> list[Shape]:
    """The shapes of critical points at one d, in floats."""
    if not len(z):
        return []
    _, hessian = scaled.derivatives(z, np.full(len(z), d))
    scale = 1 / np.sqrt(np.abs(np.diagonal(hessian, axis1=1, axis2=2)) + 1e-300)
    values = np.abs(np.linalg.eigvalsh(hessian * scale[:, :, None] * scale[:, None, :]))
    nullities = np.sum(values < FLAT * np.max(values, axis=1)[:, None], axis=1)
    norms = np.stack(
        [np.sqrt(np.sum(z[:, m] ** 2, axis=1)) for m in scaled.members[: len(scaled.space.isotropy.rows)]], 1
    )
    least = np.argmin(norms, axis=1)
    return [Shape(float(norms[i, j]), int(j), int(n)) for i, (j, n) in enumerate(zip(least, nullities, strict=True))]


def parallel_rows(scaled: Scaled, z: Floats, d: float) -> tuple[tuple[int, int], ...]:
    """The pairs of row orbits (a, b), a <= b, with parallel or anti-parallel rows; (a, a): rows of one orbit."""
    from symrelu.exact.arithmetic import FLOAT, lagrange
    from symrelu.model.rows import Relation

    point = scaled.problem.at(FLOAT, list(z / scaled.roots(np.array([d]))[0]), d)
    found = []
    cells, orbits, geometry = point.student.cells, point.student.orbits, point.geometry
    for a, u in enumerate(cells):
        for b in range(a, len(cells)):
            v = cells[b]
            for relation, _ in geometry.relations(orbits[a], orbits[b]):
                if a == b and relation is not Relation.DISTINCT:
                    continue
                p, q = geometry.inner(u, u, Relation.SAME), geometry.inner(v, v, Relation.SAME)
                if lagrange(geometry.column_classes(u, v, relation)) < PARALLEL * p * q:
                    found.append((a, b))
    return tuple(dict.fromkeys(found))
