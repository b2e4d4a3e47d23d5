"""The bound of rebuttal 003 at the symmetric minima of the main paper, in its population version.

Derived. For the population loss L = 1/2 E (y - f)**2 with x of mean 0, symmetric law and covariance I (Gaussian x) the
radius r is infinite. One hidden layer, y = sum alpha_i relu(<w_i, x>), D2y[X, X] = 2 sum c_i 1(<w_i, x> > 0) <X_i, x>:
x and -x see complementary sets of units, so E (sum ...)**2 <= |c|**2 |X|**2/2, E |D2y[X, X]|**2 <= |(X, c)|**4/2, and

    mean of the pieces' Hessians of L_lambda = E Dy Dy' + E e D2y + lambda  >=  lambda - c sqrt(L),   c = 1,

sqrt(2) r of the finite version having become 1 (with the printed constant c = 2). The same estimate of E e y along rays
shows sqrt(L) >= lambda at every critical point W != 0 of L_lambda: none lies where the bound holds.

**The mean of the pieces' Hessians is not the Hessian of L.** The gradient of a sample's loss jumps at kinks, and on
average the jumps add alpha_i E e delta(<w_i, x>) x x' to the block of w_i (:mod:`symrelu.samples.limits`). It
vanishes where y = f, not at spurious minima, and no multiple of sqrt(L) bounds it (it grows like alpha_i/|w_i|). So the
bound is about almost every point of a sample's loss, however large the sample, and says nothing of the curvature of L.
Both Hessians are computed here.

Also derived: at a critical point of L_lambda each unit with w_i != 0 gives the exact eigenvector (w_i, -alpha_i) of
Hess L_lambda, of eigenvalue 2 lambda: what weight decay makes of the k zeros of rescaling.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from symrelu.convexity.bound import constant_of, theta_max
from symrelu.convexity.eigenvalue import hessian_min_eig
from symrelu.convexity.network import Array, Regression
from symrelu.errors import BadInput
from symrelu.model.dense import DenseLoss
from symrelu.model.pointwise import activation_of
from symrelu.samples.limits import limit_hessian

NEWTON_STEPS, TOLERANCE = 40, 1e-11
FIRST_STEP, LAST_STEP = 1 / 8, 1e-7  # of the way in lambda
LEAST_DECAY, MOST_DECAY = 1e-4, 1e3  # under smaller ones Newton's steps are rounding alone, under larger ones W = 0
LARGEST_D, MOST_NUMBERS = 60, 20_000_000  # Hessians of d (d + 1) weights; derivatives on samples, kept in memory


@dataclass(frozen=True)
class Point:
    """Students of both layers: W (k, d) and alpha (k,), with the loss they are measured by and lambda."""

    problem: DenseLoss
    decay: float
    W: Array
    alpha: Array

    @cached_property
    def loss(self) -> float:
        """L, without weight decay (0 where rounding makes it negative)."""
        return max(float(self.problem.loss(self.W, self.alpha)), 0.0)

    @cached_property
    def gradient(self) -> Array:
        """The gradient of L_lambda, rows of W one after another, then alpha."""
        by_rows, by_alpha = self.problem.gradient(self.W, self.alpha)
        return np.concatenate([by_rows.ravel(), by_alpha]) + self.decay * self.vector

    @cached_property
    def hessian(self) -> Array:
        """The Hessian of L_lambda."""
        H = np.asarray(self.problem.hessian(self.W, self.alpha, layers=2))
        return H + self.decay * np.eye(len(H))

    @cached_property
    def smallest(self) -> float:
        """The true constant of strong convexity: the smallest eigenvalue of Hess L_lambda."""
        return float(np.linalg.eigvalsh(self.hessian)[0])

    @cached_property
    def pieces_hessian(self) -> Array:
        """The mean of the Hessians of the pieces of sample losses, plus lambda: E Dy Dy' + E e D2y + lambda."""
        H = np.asarray(limit_hessian(self.problem, self.W, self.alpha, layers=2))
        return H + self.decay * np.eye(len(H))

    @cached_property
    def pieces_smallest(self) -> float:
        """The smallest eigenvalue of the mean of the pieces' Hessians: never below :meth:`theta_max`."""
        return float(np.linalg.eigvalsh(self.pieces_hessian)[0])

    def theta_max(self, constant: str = "paper") -> float:
        """lambda - c sqrt(L): the point lies in the population's U(lambda, theta) exactly for theta below it."""
        return self.decay - constant_of(1, constant) * self.loss**0.5

    @property
    def vector(self) -> Array:
        """The rows of W one after another, then alpha."""
        return np.concatenate([self.W.ravel(), self.alpha])

    def moved(self, step: Array) -> Point:
        """The point at ``vector`` + ``step``."""
        there, (k, d) = self.vector + step, self.W.shape
        return Point(self.problem, self.decay, there[: k * d].reshape(k, d), there[k * d :])

    def with_decay(self, decay: float) -> Point:
        """The same students under another lambda."""
        return Point(self.problem, decay, self.W, self.alpha)

    def balanced(self) -> Point:
        """The same function with |w_i| = |alpha_i|: the point of its rescaling orbit where |theta| is least."""
        norms = np.linalg.norm(self.W, axis=1)
        scale = np.sqrt(np.abs(self.alpha) / norms)
        return Point(self.problem, self.decay, self.W * scale[:, None], self.alpha / scale)

    def sampled(self, points: int, seed: int) -> SampledPoint:
        """The same students on a sample of Gaussian inputs."""
        x = np.random.default_rng(seed).standard_normal((points, self.problem.d)).T
        targets = self.problem.beta @ activation_of(self.problem.kernel).value(self.problem.V @ x)
        network = Regression(x, targets[None], self.decay).at([self.W, self.alpha[None]])
        return SampledPoint(
            points=points,
            seed=seed,
            loss=float(network.loss),
            radius=float(network.problem.radius_squared) ** 0.5,
            theta_max_paper=float(theta_max(network)),
            theta_max_sharp=float(theta_max(network, "sharp")),
            theta_max_moment=float(theta_max(network, "moment")),
            smallest=float(hessian_min_eig(network)),
        )


@dataclass(frozen=True)
class SampledPoint:
    """The bound of 003 on so many Gaussian points, r = max |a_i|: l, theta_max with each constant (and with second
    moments for r), and the smallest eigenvalue of the sample's Hess l_lambda. ``loss`` l, ``radius`` r;
    ``theta_max_paper``, ``theta_max_sharp``, ``theta_max_moment``: with each constant.
    """

    points: int
    seed: int
    loss: float
    radius: float
    theta_max_paper: float
    theta_max_sharp: float
    theta_max_moment: float
    smallest: float


@dataclass(frozen=True)
class SymmetricMinimum:
    """One family at one d under weight decay: ``gap``, the smallest eigenvalue of Hess L but for the k zeros of
    rescaling (alpha = 1, from the exact spectrum); ``at_family``, its balanced point (a critical point of L, not of
    L_lambda), and ``regularised``, the critical point of L_lambda that continues it from lambda = 0, or None where
    that is lost; then ``lost_at`` is the largest lambda reached. ``samples``: the first on data, if asked for.
    """

    family: str
    d: int
    decay: float
    gap: float
    at_family: Point
    regularised: Point | None
    lost_at: float | None
    samples: tuple[SampledPoint, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The numbers as plain data."""
        return {
            "family": self.family,
            "d": self.d,
            "lambda": self.decay,
            "gap": self.gap,
            "at_family": _point_json(self.at_family),
            "regularised": None if self.regularised is None else _point_json(self.regularised),
            "lost_at": self.lost_at,
            "samples": [vars(s) for s in self.samples],
        }


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "loss": point.loss,
        "theta_max_paper": point.theta_max("paper"),
        "theta_max_sharp": point.theta_max("sharp"),
        "smallest_eigenvalue": point.smallest,
        "smallest_eigenvalue_of_pieces": point.pieces_smallest,
    }


def family_point(name: str, d: int) -> Point:
    """The balanced point of a family at an integer d, lambda = 0, in floats from 20 digits."""
    return _family_point(name, d)[0]


def _family_point(name: str, d: int) -> tuple[Point, float]:
    """The balanced point, and the smallest eigenvalue that is no zero of rescaling, from the exact spectrum."""
    from symrelu.families import family

    there = family(name).at(d)
    W = there.matrix()
    gap = min(float(e.value) for e in there.eigenvalues if e.value)
    return Point(DenseLoss(np.eye(d)), 0.0, W, np.ones(len(W))).balanced(), gap


def newton(point: Point) -> Point | None:
    """The critical point of L_lambda that Newton's method reaches from a near one; None if it does not converge.

    Steps that would move the point by more than a fifth of its size count as lost: they lead elsewhere.
    """
    start, size = point.vector, float(np.linalg.norm(point.vector))
    for _ in range(NEWTON_STEPS):
        step = np.linalg.solve(point.hessian, -point.gradient)
        point = point.moved(step)
        if not np.linalg.norm(point.vector - start) < size / 5 or np.any(~np.any(point.W, axis=1)):
            return None
        if np.max(np.abs(step)) < TOLERANCE:
            return point
    return None


def follow(point: Point, decay: float) -> tuple[Point | None, float]:
    """The critical point of L_lambda that continues a minimum of L up to lambda = ``decay``, by Newton's method, its
    steps halved where it fails or an eigenvalue turns negative. Returns it, or None, and the lambda that was reached.
    """
    reached, step = 0.0, decay * FIRST_STEP
    while reached < decay:
        if step < decay * LAST_STEP:
            return None, reached
        there = min(reached + step, decay)
        found = newton(point.with_decay(there))
        if found is None or found.smallest <= 0:
            step /= 2
            continue
        point, reached, step = found, there, step * 1.5
    return point, reached


def symmetric_minimum(name: str, d: int, decay: float, samples: Sequence[int] = (), seed: int = 1) -> SymmetricMinimum:
    """The bound and the true constants of strong convexity at one family.

    Parameters: ``name`` of a family that is a minimum at ``d``, an integer; ``decay``, lambda > 0; ``samples``, numbers
    of Gaussian points on which the balanced point is looked at, too. Raises BadInput where lambda is not positive
    (U is empty at lambda = 0) or the family is no minimum there.
    """
    if not decay > 0:
        raise BadInput(f"lambda = {decay} was given; at lambda = 0 the set U is empty: give lambda > 0, such as 1/100")
    if not LEAST_DECAY <= decay <= MOST_DECAY or d > LARGEST_D:
        raise BadInput(
            f"lambda = {decay:g} at d = {d} was given; give lambda from {LEAST_DECAY:g} to {MOST_DECAY:g}, and d <= "
            f"{LARGEST_D}"
        )
    bare, gap = _family_point(name, d)
    most = MOST_NUMBERS // len(bare.vector)
    if any(n > most for n in samples):
        raise BadInput(f"{max(samples)} Gaussian points were asked for; the memory is enough for {most} at d = {d}")
    if gap < 0:
        raise BadInput(f"family {name} is no minimum at d = {d}; take a larger d (symrelu thresholds {name})")
    regularised, reached = follow(bare, decay)
    at_family = bare.with_decay(decay)
    return SymmetricMinimum(
        family=name,
        d=d,
        decay=decay,
        gap=gap,
        at_family=at_family,
        regularised=regularised,
        lost_at=None if regularised is not None else reached,
        samples=tuple(at_family.sampled(n, seed) for n in samples),
    )


def minima_text(rows: Sequence[SymmetricMinimum]) -> str:
    """A table of several families at one d and lambda, and what it says."""
    first = rows[0]
    head = ["family", "gap", "loss", "printed", "sharp", "true", "pieces", "", "loss", "sharp", "true", "pieces"]
    lines = [head]
    for row in rows:
        line = [row.family, f"{row.gap:.5f}", *_cells(row.at_family, both=True), "|"]
        lines.append(
            [*line, *(_cells(row.regularised) if row.regularised else [f"lost at lambda = {row.lost_at:.4g}"])]
        )
    widths = [max(len(line[i]) for line in lines if i < len(line) - (len(line) < len(head))) for i in range(len(head))]
    shown = ["  ".join(f"{x:<{w}}" for x, w in zip(line, widths, strict=False)).rstrip() for line in lines]
    words = [
        f"population loss, d = {first.d}, lambda = {first.decay:g}; left of the bar the family's balanced point, "
        "right of it the critical point of L_lambda that continues it",
        "gap      smallest eigenvalue of Hess L but for the k zeros of rescaling (alpha = 1, exact spectrum)",
        "printed  theta_max = lambda - 2 sqrt(L): the point is in U(lambda, theta) for theta below it",
        "sharp    theta_max = lambda - sqrt(L), the same with the sharp constant",
        "true     smallest eigenvalue of Hess L_lambda",
        "pieces   smallest eigenvalue of the mean of the pieces' Hessians, which the bound is about",
        "",
        *shown,
        "",
        "at lambda = 0 the set U is empty; proved: a critical point W != 0 of L_lambda has sqrt(L) >= lambda, so it "
        "lies in no U, and its Hessian has the eigenvalue 2 lambda, once a unit",
    ]
    for row in rows:
        words += [
            f"{row.family} on {s.points} Gaussian points (seed {s.seed}): r = {s.radius:.3g}, theta_max = "
            f"{s.theta_max_paper:.4g} (printed), {s.theta_max_sharp:.4g} (sharp), {s.theta_max_moment:.4g} (second "
            f"moments), true {s.smallest:.4g}"
            for s in row.samples
        ]
    return "\n".join(words)


def _cells(point: Point, both: bool = False) -> list[str]:
    bounds = [point.theta_max(c) for c in (("paper", "sharp") if both else ("sharp",))]
    return [f"{x:.5g}" for x in (point.loss, *bounds, point.smallest, point.pieces_smallest)]


__all__ = [
    "Point",
    "SampledPoint",
    "SymmetricMinimum",
    "family_point",
    "follow",
    "minima_text",
    "newton",
    "symmetric_minimum",
]
