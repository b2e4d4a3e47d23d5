"""What a search meets and does not list: continua, and points set aside with the reason."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from symrelu.exact.arithmetic import BallArithmetic
from symrelu.finding.candidates import Continuum, Discarded
from symrelu.finding.numbers import arbs
from symrelu.finding.scaling import Scaled, newton
from symrelu.finding.thinning import Cluster, Shape, parallel_rows
from symrelu.spectrum.symmetry_zeros import rotation_zeros
from symrelu.symmetry.isotypic import Component

NO_LOSS = 1e-13
DEAD = 1e-8  # entries of the second layer below are 0


class Aside:
    """The points of one search that are no families, by kind."""

    def __init__(self, scaled: Scaled) -> None:
        self.scaled = scaled
        self.discarded: dict[tuple[str, str], Discarded] = {}
        self.continua: dict[str, Continuum] = {}

    def unscaled(self, cluster: Cluster) -> Any:
        """The coordinates of a point, an array of floats."""
        return cluster.z / self.scaled.roots(np.array([cluster.d]))[0]

    def loss(self, cluster: Cluster) -> float:
        """The loss at a point known in floats: the sums over pairs would lose all digits of a float at large d."""
        from flint import arb

        if cluster.loss is None:
            arithmetic = BallArithmetic(200)
            with arithmetic.precision():
                point = self.scaled.problem.at(arithmetic, arbs(self.unscaled(cluster)), arb(cluster.d))
                cluster.loss = float(point.loss().mid())
        return cluster.loss

    def rows(self, orbit: int) -> str:
        """A row orbit in words."""
        block = self.scaled.space.isotropy.rows[orbit]
        return f"row orbit {orbit + 1} (" + ("fixed" if block.is_fixed else f"block {block}") + ")"

    def discard(self, why: str, detail: str, cluster: Cluster) -> None:
        """Add a point, or more hits of its kind, to what was discarded."""
        old = self.discarded.get((why, detail))
        if old is None:
            x = self.unscaled(cluster)
            old = Discarded(why, detail, 0, (cluster.d, tuple(float(v) for v in x)))
        self.discarded[why, detail] = replace(old, hits=old.hits + cluster.count)

    def alike(self, cluster: Cluster, form: Shape) -> tuple[Any, ...]:
        """Points of a continuum have this in common; when three of them are no smooth points, others are not tried."""
        if abs(self.loss(cluster)) < NO_LOSS:
            return ("no loss",)
        small = form.least_norm < 1e-3
        rest = tuple(
            round(float(v), 2) for r, v in zip(self.scaled.rows, cluster.z, strict=True) if r != form.least_row
        )
        return (small, form.least_row, form.nullity, rest)

    def add_continuum(self, cluster: Cluster, form: Shape) -> None:
        """Add a point of a continuum, or more hits, to the continua."""
        loss = self.loss(cluster)
        zeros = rotation_zeros(self.scaled.problem, Component("t"))
        if zeros and form.nullity >= zeros:
            what = (
                f"orbits of O(k), {zeros} of the flat directions in Fix(G): {self.scaled.problem.kernel.name} sees W'W "
                f"alone (loss {0 if abs(loss) < NO_LOSS else round(loss, 6):g} at d = {cluster.d:g})"
            )
        elif abs(loss) < NO_LOSS:
            what = "the loss is 0: the target is fitted exactly, and a neuron may be split or dead"
        else:
            what = f"not recognised (loss {loss:.6g} at d = {cluster.d:g})"
            dead = self._dead_rows(cluster)
            if dead:
                what = (
                    f"{' and '.join(map(self.rows, dead))}: the second layer's entry is 0, the neuron is dead, and its "
                    f"weights move freely where dL/dalpha = 0 (loss {loss:.6g} at d = {cluster.d:g})"
                )
            split = next((pair for pair in self._single_rows() if self._splits(cluster, *pair)), None)
            if split is not None:
                first, second = map(self.rows, split)
                what = (
                    f"{first} and {second} are parallel and may share their length in any way: a split neuron "
                    f"(loss {loss:.6g} at d = {cluster.d:g})"
                )
        old = self.continua.get(what)
        if old is None:
            x = self.unscaled(cluster)
            old = Continuum(max(1, form.nullity), what, 0, (cluster.d, tuple(float(v) for v in x)))
        self.continua[what] = replace(old, hits=old.hits + cluster.count)

    def _dead_rows(self, cluster: Cluster) -> list[int]:
        """The row orbits whose entry of the second layer is 0, where that is a variable."""
        n = self.scaled.space.dim
        return [i for i, x in enumerate(self.unscaled(cluster)[n:]) if abs(x) < DEAD]

    def _single_rows(self) -> list[tuple[int, int]]:
        """The pairs of row orbits of one row each."""
        isotropy = self.scaled.space.isotropy
        return list(combinations([i for i, o in enumerate(isotropy.rows) if isotropy.orbit_size(o).is_one], 2))

    def _splits(self, cluster: Cluster, a: int, b: int) -> bool:
        """Whether two single rows, almost parallel, may be replaced by other parts of their sum: after a correction by
        Newton's method the point is critical again, and they are parallel.
        """
        z, d = cluster.z.copy(), cluster.d
        first, second = self.scaled.rows == a, self.scaled.rows == b
        total = z[first] + z[second]
        lengths = float(np.linalg.norm(z[first])) + float(np.linalg.norm(z[second]))
        if np.linalg.norm(total) < 0.99 * lengths:
            return False
        z[first], z[second] = 0.3 * total, 0.7 * total
        result = newton(self.scaled, z[None], np.array([d]), 20, flat=1e-7)
        near = bool(np.max(np.abs(result.z[0] - z)) < 0.05 * lengths)
        return bool(result.ok[0]) and near and (a, b) in parallel_rows(self.scaled, result.z[0], d)
