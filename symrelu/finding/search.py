"""The whole search: multistart at several d, thinning, following to large d, limits and exponents, the report."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import log, log10
from typing import Any

import numpy as np
from flint import arb

from symrelu.errors import NoFamily, ParallelToPrecision, Undecided, ZeroRow
from symrelu.finding.aside import NO_LOSS, Aside
from symrelu.finding.candidates import Candidate, Progress, SearchReport
from symrelu.finding.climb import Climber, CurveLost, Spot, digits_for
from symrelu.finding.extend import NEAR, near_limit, with_a_small_row
from symrelu.finding.follow import follow
from symrelu.finding.multistart import sign_patterns, starts
from symrelu.finding.normaliser import symmetries
from symrelu.finding.numbers import arbs, mpfs, power_of_ten, to_mpf
from symrelu.finding.reading import PROGRESSIONS, Curve, Reader
from symrelu.finding.scaling import Scaled, newton
from symrelu.finding.thinning import SAME, Cluster, Shape, clusters, larger_isotropy, parallel_rows, shapes
from symrelu.model.reduced import Problem
from symrelu.spectrum.symmetry_zeros import rotation_zeros
from symrelu.symmetry.isotypic import Component

FAILURES = (NoFamily, ZeroRow, ParallelToPrecision)
MEETING = 1e5  # the d at which points found at smaller d are compared
CHECKED = (6, 12)  # further d = 10**n at which a curve is recorded on its way up
FLIP_AT = 30  # rows are reflected at d = 10**FLIP_AT
WANDERING = 60  # steps of Newton's method from points that floats hardly know
FLOATS_DECIDE = 2000.0  # below, where floats lose a curve it ends


class Search:
    """One search; :func:`search` is the way to call it."""

    def __init__(
        self,
        problem: Problem,
        seed: int,
        effort: float,
        progress: Progress | None,
        near: Sequence[Fraction] | None = None,
    ) -> None:
        self.problem, self.seed = problem, seed
        self.near = None if near is None else np.array([float(x) for x in near])
        self.scaled = Scaled(problem)
        self.images = symmetries(problem)
        self.turns = [s for s in self.images if min(s.signs) < 0 and s.places == tuple(range(problem.dim))]
        self.rotated = rotation_zeros(problem, Component("t")) > 0
        self.climber = Climber(problem)
        self.limit = near
        self.tell: Progress = progress or (lambda words: None)
        dim = problem.dim
        self.count = int(effort * (600 + 150 * dim))
        constants = sum(float(n.const) for n in problem.space.isotropy.blocks if n.is_constant)
        self.places = (100.0 + 20 * constants, 1e4, 1e6)
        self.starts: list[tuple[float, int, int, int]] = []
        self.aside = Aside(self.scaled)
        self.curves: list[Curve] = []
        self.singles = self.smooth = 0

    # -- multistart ----------------------------------------------------------------------------------------------------

    def found_at(self, d: float) -> list[Cluster]:
        """Smooth isolated points of this isotropy type at one d; the others go to the report."""
        rng = np.random.default_rng([self.seed, round(d)])
        if self.near is not None:
            parts = [near_limit(self.problem, self.near, d, self.seed, self.count // 2)]
        else:
            parts = [starts(self.scaled, d, self.count, rng, 0.35 if d < 1e4 else 0.6), sign_patterns(self.scaled, d)]
            if d >= 1e4:
                parts.append(with_a_small_row(self.problem, d, self.seed, self.count // 3))
        z = np.concatenate(parts)
        result = newton(self.scaled, z, np.full(len(z), d))
        self.starts.append((d, self.seed, len(z), int(np.sum(result.ok))))
        found, left_out = clusters(self.scaled, result.z[result.ok], d, self.seed, self.images)
        self.tell(f"d = {d:g}: {len(z)} starts, {int(np.sum(result.ok))} converged to {len(found)} points")
        if left_out:
            self.aside.discard("not looked at", f"more than {len(found)} points", Cluster(found[-1].z, d, left_out))
        if self.near is not None:
            found = [c for c in found if self.is_near(self.aside.unscaled(c), NEAR)]
        kept: list[Cluster] = []
        failures: dict[tuple[Any, ...], int] = {}
        forms = shapes(self.scaled, np.array([c.z for c in found]), d)
        for cluster, form in zip(found, forms, strict=True):
            x = self.aside.unscaled(cluster)
            larger = self.larger(x, 1e-7, 1e-13) if d <= 1e4 else None
            if larger:
                self.aside.discard("larger isotropy", larger, cluster)
                continue
            if self.rotated:  # O(k) moves every point with independent rows
                self.set_aside(cluster, form)
                continue
            key = self.aside.alike(cluster, form)
            if failures.get(key, 0) >= 3:
                self.set_aside(cluster, form)
                continue
            try:
                point = self.polished(x, d)
            except FAILURES:
                failures[key] = failures.get(key, 0) + 1
                self.set_aside(cluster, form)
                continue
            larger = self.larger(point, 1e-25, 1e-30)
            if larger:
                self.aside.discard("larger isotropy", larger, cluster)
                continue
            cluster.z = np.array([float(v) for v in point]) * self.scaled.roots(np.array([d]))[0]
            kept.append(cluster)
        self.smooth += sum(c.count for c in kept)
        self.singles += sum(c.count == 1 for c in kept)
        return kept

    def larger(self, x: Any, close: float, zero: float) -> str | None:
        """The name of the isotropy group of a point, or of the point with rows turned round where that leaves the loss
        unchanged, if it is larger than G.
        """
        names = (larger_isotropy(self.scaled, y, close, zero) for y in [x, *(s.of(x) for s in self.turns)])
        return next((name for name in names if name), None)

    def polished(self, x: Any, d: float) -> list[Any]:
        """The critical point near one found in floats, to 40 digits.

        Almost linear networks of small rows, which other activations than ReLU's relatives have, are so flat in some
        directions that floats know little of them: there Newton's method may wander first.
        """
        try:
            return self.climber.polish(arbs(x), arb(d), 40)
        except FAILURES:
            if not self.problem.kernel.lift:
                raise
            return self.climber.polish(arbs(x), arb(d), 40, WANDERING, cap=0.5)

    def is_near(self, x: Any, distance: float) -> bool:
        """Whether an image of a point is as near the limit asked for in every coordinate; True if there is none."""
        return self.near is None or any(np.max(np.abs(np.array(s.of(x)) - self.near)) < distance for s in self.images)

    def set_aside(self, cluster: Cluster, form: Shape) -> None:
        """Record a point that Newton's method in high precision does not confirm."""
        x = self.aside.unscaled(cluster)
        larger = self.larger(x, 1e-6, 1e-12)
        if larger:
            self.aside.discard("larger isotropy", larger, cluster)
        elif self.hit_again(cluster):
            pass
        elif abs(self.aside.loss(cluster)) < NO_LOSS:
            self.aside.add_continuum(cluster, form)
        elif form.least_norm < 1e-5:
            self.aside.discard("zero row", f"{self.aside.rows(form.least_row)} tends to 0", cluster)
        elif form.nullity:
            self.aside.add_continuum(cluster, form)
        else:
            pairs = parallel_rows(self.scaled, cluster.z, cluster.d)
            if pairs:
                self.aside.discard("parallel rows", " and ".join(map(self.aside.rows, pairs[0])), cluster)
            else:
                self.aside.discard("not followed", "not confirmed in high precision", cluster)

    def hit_again(self, cluster: Cluster) -> bool:
        """Whether a point that floats do not hold is near a curve known already, as where rows are almost parallel."""
        curve = self.known(cluster.d, arbs(self.aside.unscaled(cluster)), 1e-4)
        if curve is not None:
            self._count(curve, cluster)
        return curve is not None

    def find_continua(self, d: float) -> None:
        """Look for continua at one d: by Newton's method that does not move along flat directions."""
        rng = np.random.default_rng([self.seed, round(d), 1])
        z = starts(self.scaled, d, max(200, self.count // 4), rng)
        result = newton(self.scaled, z, np.full(len(z), d), flat=1e-7)
        found, _ = clusters(self.scaled, result.z[result.ok], d, self.seed, self.images)
        for cluster, form in zip(found, shapes(self.scaled, np.array([c.z for c in found]), d), strict=True):
            if form.nullity and not self.larger(self.aside.unscaled(cluster), 1e-6, 1e-12):
                self.aside.add_continuum(cluster, form)

    # -- curves --------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Fill ``curves`` and the report's parts."""
        low = []
        if self.near is None:
            self.find_continua(self.places[0])
            low += self.found_at(self.places[0])
        low += self.found_at(self.places[1])
        for cluster, trail in self.merged(low):
            self.add_curve(cluster, MEETING, trail)
        for cluster in self.found_at(self.places[2]):
            curve = self.known(self.places[2], arbs(self.aside.unscaled(cluster)), SAME)
            if curve is not None:
                self._count(curve, cluster)
            else:
                self.add_curve(cluster, self.places[2], [])
        self.reflect()

    def merged(self, low: Sequence[Cluster]) -> list[tuple[Cluster, list[tuple[float, Any]]]]:
        """The points found at the lower d, followed to d = MEETING and compared there."""
        if not low:
            return []
        x = np.array([self.aside.unscaled(c) for c in low])
        ends = follow(self.scaled, x, np.array([c.d for c in low]), MEETING)
        here = self.scaled.roots(np.array([MEETING]))[0]
        result: list[tuple[Cluster, list[tuple[float, Any]]]] = []
        for i, cluster in enumerate(low):
            top, end = ends.x[i], float(np.exp(ends.u[i]))
            if self.problem.kernel.lift:
                top = self._carried_on(x[i], cluster.d, cluster)
            elif not ends.reached[i]:
                if end < FLOATS_DECIDE:
                    self.aside.discard("fold", f"ends near d = {end:.4g}", cluster)
                    continue
                top = self._carried_on(top, end, cluster)
            if top is None:
                continue
            z = top * here
            allowed = SAME * self.scaled.norms(z) + 1e-14 * MEETING
            for other, _ in result:
                if any(np.all(np.abs(np.array(s.of(other.z)) - z) <= allowed) for s in self.images):
                    other.absorb(cluster)
                    break
            else:
                result.append((Cluster(z, MEETING, cluster.count, dict(cluster.hits)), ends.trail[i]))
        return result

    def _carried_on(self, x: Any, d: float, cluster: Cluster) -> Any:
        """A point that floats could not follow, followed to d = MEETING in high precision; None, and a line in the
        report, if the curve ends.
        """
        try:
            spot = Spot(log(d), arb(d), self.climber.polish(arbs(x), arb(d), digits_for(d)))
            last = self.climber.climb(spot, [log(MEETING)])[-1]
        except CurveLost as error:
            self.aside.discard("fold", f"ends near d = {error.d:.4g}", cluster)
            return None
        except FAILURES as error:
            self.aside.discard("not followed", str(error), cluster)
            return None
        return np.array([float(v) for v in last.x])

    def add_curve(self, cluster: Cluster, d: float, trail: list[tuple[float, Any]]) -> None:
        """Follow a point up from d and keep the curve, unless it is known or is lost on the way."""
        u = log(d)
        stops = [n * log(10) for n in (*CHECKED, *PROGRESSIONS[0]) if n * log(10) > u + 1e-9]
        try:
            x = self.climber.polish(arbs(self.aside.unscaled(cluster)), power_of_ten(u), digits_for(d))
            spots = [Spot(u, power_of_ten(u), x), *self.climber.walk(Spot(u, power_of_ten(u), x), stops)]
        except CurveLost as error:
            self.aside.discard("fold", f"ends near d = {error.d:.4g}", cluster)
            return
        except FAILURES as error:
            self.aside.discard("not followed", str(error), cluster)
            return
        begins = min([d, *(e for e, _ in trail), *(e for e, _ in cluster.hits)])
        curve = Curve(spots, dict(cluster.hits), begins, [(mpfs([e])[0], mpfs(v)) for e, v in trail])
        if begins > self.places[0]:
            self.descend(curve)
        old = self.known(FLIP_AT, curve.at(FLIP_AT).x, 1e-40, power=True)
        if old is not None:
            self._count(old, cluster)
            old.begins_at = min(old.begins_at, begins)
            return
        self.curves.append(curve)
        self.tell(f"{len(self.curves)} curves followed to d = 1e{PROGRESSIONS[0][-1]}")

    def descend(self, curve: Curve) -> None:
        """Follow a curve down from its lowest spot to the lowest d of the search, as far as it goes."""
        try:
            for spot in self.climber.walk(curve.spots[0], [log(self.places[0])]):
                curve.trail.insert(0, (to_mpf(spot.d), tuple(to_mpf(v) for v in spot.x)))
                curve.begins_at = min(curve.begins_at, float(spot.d))
        except FAILURES:
            pass

    def _count(self, curve: Curve, cluster: Cluster) -> None:
        for key, n in cluster.hits.items():
            curve.hits[key] = curve.hits.get(key, 0) + n

    def known(self, d: float, x: Sequence[Any], tolerance: float, power: bool = False) -> Curve | None:
        """The curve that passes through an image of x at d (at 10**d if ``power``)."""
        n = int(d) if power else round(log10(d))
        if not power and abs(n - log10(d)) > 1e-9:
            return None
        scaled = power_of_ten(n * log(10))
        norms = self.climber.norms(x, scaled)
        roots = self.climber.roots(scaled)
        for curve in self.curves:
            spot = next((s for s in curve.spots if abs(s.u - n * log(10)) < 1e-9), None)
            if spot is None:
                continue
            for s in self.images:
                image = s.of(spot.x)
                if all(abs((y - v) * r) <= tolerance * w for y, v, r, w in zip(image, x, roots, norms, strict=True)):
                    return curve
        return None

    def reflect(self) -> None:
        """Reflect each row orbit of constant size on each curve at a very large d, where every such row may turn around
        up to smaller corrections, and keep the new curves: some begin only at very large d.
        """
        isotropy = self.problem.space.isotropy
        orbits = [i for i, o in enumerate(isotropy.rows) if isotropy.orbit_size(o).is_constant]
        rows = self.scaled.rows
        d = power_of_ten(FLIP_AT * log(10))
        position = 0
        while position < len(self.curves) and position < 64:
            x = self.curves[position].at(FLIP_AT).x
            position += 1
            for orbit in orbits:
                if self.near is not None and np.any(self.near[rows[: len(self.near)] == orbit]):
                    continue  # it would leave the limit
                start = [-v if rows[i] == orbit else v for i, v in enumerate(x)]
                try:
                    point = self.climber.polish(start, d, digits_for(float(d)), 12, cap=0.5)
                except FAILURES:
                    continue
                if self.known(FLIP_AT, point, 1e-40, power=True) is None and not self.larger(point, 1e-60, 1e-150):
                    self.add_reflected(point)

    def add_reflected(self, x: list[Any]) -> None:
        """Follow a point at d = 10**FLIP_AT both ways."""
        start = Spot(FLIP_AT * log(10), power_of_ten(FLIP_AT * log(10)), x)
        spots = [start]
        try:
            spots += self.climber.walk(start, [n * log(10) for n in PROGRESSIONS[0] if n > FLIP_AT])
            below = sorted({*CHECKED, *(n for n in PROGRESSIONS[0] if n < FLIP_AT)}, reverse=True)
            for spot in self.climber.walk(start, [n * log(10) for n in below]):
                spots.append(spot)
        except FAILURES:
            pass
        spots.sort(key=lambda s: s.u)
        curve = Curve(spots, {}, float(np.exp(spots[0].u)))
        if all(any(abs(s.u - n * log(10)) < 1e-9 for s in spots) for n in PROGRESSIONS[0]):
            self.descend(curve)
            self.curves.append(curve)
            self.tell("one more curve, by reflecting a row at d = 1e30")

    # -- candidates ----------------------------------------------------------------------------------------------------

    def candidate(self, curve: Curve) -> Candidate | None:
        """The curve with its limits and exponents; None, and a line in the report, if they are not recognised or the
        point has more symmetry.
        """
        top = curve.spots[-1]
        cluster = Cluster(
            np.array([float(v) for v in top.x]) * self.scaled.roots(np.array([float(top.d)]))[0],
            float(top.d),
            sum(curve.hits.values()),
        )
        larger = self.larger(top.x, 1e-60, 1e-150)
        if larger:
            self.aside.discard("larger isotropy", larger, cluster)
            return None
        if not self.is_near([float(v) for v in top.x], 1e-2):
            self.aside.discard("another limit", "not the one asked for", cluster)
            return None
        try:
            return Reader(self.problem, self.images, self.climber).candidate(curve, self.limit)
        except (Undecided, *FAILURES) as error:
            self.aside.discard("not followed", str(error), cluster)
            return None


def search(
    problem: Problem,
    seed: int = 1,
    effort: float = 1.0,
    progress: Progress | None = None,
    near: Sequence[Fraction] | None = None,
) -> tuple[list[Candidate], SearchReport]:
    """All families of critical points of the problem in Fix(G) as d -> infinity that a numerical search finds.

    ``seed`` makes it reproducible; ``effort`` multiplies the number of starts; ``progress`` is told what happens. The
    candidates come in the order of the limit of their loss, a representative of each class under the normaliser. With
    ``near``, only those with this limit, which is much quicker: starts are near it, and nothing else is followed.
    """
    run = Search(problem, seed, effort, progress, near)
    run.run()
    found = []
    for number, curve in enumerate(run.curves, 1):
        run.tell(f"limits and exponents of curve {number} of {len(run.curves)}")
        candidate = run.candidate(curve)
        if candidate is not None:
            found.append(candidate)
    found.sort(key=lambda c: float(c.loss_limit.value))
    report = SearchReport(
        tuple(run.starts),
        tuple(sum(h.count for h in c.hits) for c in found),
        Fraction(run.singles, max(run.smooth, 1)),
        tuple(run.aside.discarded.values()),
        tuple(run.aside.continua.values()),
    )
    return found, report
