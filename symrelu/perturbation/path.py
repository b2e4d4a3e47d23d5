"""Stability under symmetry breaking: a symmetric critical point followed as V moves off the identity.

Its index persists until an eigenvalue of the Hessian reaches 0; the eigenvalues move continuously, at first order by
those of dH/deps on each eigenspace. A permutation of Iso(W) that leaves E unchanged stays a symmetry of the perturbed
loss, so W(eps) keeps it (the path is unique), and an eigenvalue of one irreducible of Iso(W) splits into one eigenvalue
for each irreducible of the group that is left, as often as it occurs in the restriction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import Floats
from symrelu.model.setting import Setting
from symrelu.perturbation.continuation import Continuation, PathPoint, Stop
from symrelu.perturbation.direction import Kind, Perturbation, perturbation
from symrelu.series.lifting import Progress
from symrelu.symmetry.identify import matrix_isotropy
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import components
from symrelu.symmetry.restriction import common_parts, split_multiplicities
from symrelu.symmetry.size import Size
from symrelu.symmetry.young_lattice import YoungBlock, YoungType

if TYPE_CHECKING:
    from symrelu.families import Family

EQUAL = 1e-9
"""Eigenvalues, and entries, that differ by less are equal: what rounding leaves of a multiplicity."""
_STEP = 1e-4  # of the differences that give dH/deps
_HALVINGS = 20
_APART = 0.1  # clusters are looked at where they are wider than no more than this part of the gaps between them
LARGEST_D, LARGEST_STEPS = 40, 1000
SMALLEST_SIZE, LARGEST_SIZE = 1e-4, 1e3  # below it, values that differ look alike to the isotropy's tolerance


@dataclass(frozen=True, eq=False)
class Cluster:
    """One eigenvalue at eps = 0 and what it splits into.

    ``components`` of Iso(W) that share it; ``value``; ``first``, ``stop``: its place among the eigenvalues in ascending
    order. ``predicted``: the multiplicities after splitting, by restricting the components to the group that is left;
    ``measured``: those found at ``PerturbedPath.looked_at``, largest first. ``slopes``: dlambda/deps of its eigenvalues
    at eps = 0, ascending.
    """

    components: tuple[str, ...]
    value: float
    first: int
    stop: int
    predicted: tuple[int, ...]
    measured: tuple[int, ...]
    slopes: Floats

    @property
    def multiplicity(self) -> int:
        """How many eigenvalues it has."""
        return self.stop - self.first

    @property
    def spread(self) -> float:
        """The first-order width over eps."""
        return float(self.slopes[-1] - self.slopes[0])

    def width(self, point: PathPoint) -> float:
        """The width of the cluster at a point of the path."""
        return float(point.eigenvalues[self.stop - 1] - point.eigenvalues[self.first])


@dataclass(frozen=True, eq=False)
class PerturbedPath:
    """A critical point followed in eps.

    ``points`` at eps = 0, at the steps, and the last one reached where the path stops; ``isotropy``, of W at each of
    them, as :func:`matrix_isotropy` finds it; ``left``: the group predicted for eps not 0; ``motion``: dW/deps at 0;
    ``clusters``, ascending; ``looked_at``: the eps at which their multiplicities were measured, so small that they are
    apart; ``stop``: why and where the path was given up, None if it reached the last step. ``family``: where it
    starts; ``perturbation``: the direction E.
    """

    family: str
    d: int
    perturbation: Perturbation
    points: tuple[PathPoint, ...]
    isotropy: tuple[str, ...]
    left: str
    motion: Floats
    clusters: tuple[Cluster, ...]
    looked_at: float
    stop: Stop | None

    def first_order_error(self, point: PathPoint) -> float:
        """|W(eps) - W(0) - eps dW/deps| / eps**2 in the Frobenius norm: bounded as eps tends to 0."""
        off = point.weights - self.points[0].weights - point.eps * self.motion
        return float(np.linalg.norm(off)) / point.eps**2 if point.eps else 0.0

    def gap(self, point: PathPoint) -> float:
        """The smallest distance between neighbouring clusters at a point."""
        edges = [one.stop for one in self.clusters[:-1]]
        return min((float(point.eigenvalues[i] - point.eigenvalues[i - 1]) for i in edges), default=float("inf"))


def perturbed(
    family: Family,
    d: int,
    size: float,
    seed: int,
    steps: int = 10,
    kind: Kind = "random",
    keep: Sequence[int] = (),
    progress: Progress | None = None,
) -> PerturbedPath:
    """The family's point at d, followed from V = I to V = I + size E in equal steps.

    Parameters: ``family`` with k = d and the target I, its group of the form Delta(S_n1 x ... x S_nr), with a
    positively homogeneous kernel; ``d``, an integer; ``size``, not 0; ``seed``, ``kind`` and ``keep`` (sizes of blocks
    of consecutive indices, from the first row of the block form) choose E, of spectral norm 1.
    Floats: residuals of the points are those of rounding, nothing is proved. Raises BadInput for what makes no sense,
    and Undecided where the Hessian is singular at the start.
    """
    _check(family, d, size, steps)
    E = perturbation(d, seed, kind, keep)
    isotropy = family.key.isotropy
    at = family.at(d, layers=1)
    path = Continuation(at.matrix(), E, family.key.setting.kernel)
    motion = path.motion(0.0, path.start.weights)
    ends = np.cumsum([0, *(n.at(d) for n in isotropy.blocks)])
    cells = common_parts([range(a, b) for a, b in zip(ends[:-1], ends[1:], strict=True)], E.kept_sets)
    levels = _levels(isotropy, [(e.component, float(e.value), int(e.multiplicity)) for e in at.eigenvalues], cells)
    if sum(count for *_, count, _ in levels) != d * d:
        raise BadInput(f"the components of {isotropy.label()} at d = {d} do not add up to {d * d}; take a larger d")
    slopes = _slopes(path, motion, [count for *_, count, _ in levels])
    looked_at = _small(size / steps, [value for _, value, _, _ in levels], slopes)
    near = path.ahead(path.start, looked_at)
    for _ in range(_HALVINGS):  # next to a singular Hessian steps are short
        if near is None:
            looked_at /= 2
            near = path.ahead(path.start, looked_at)
    clusters, first = [], 0
    for (names, value, count, predicted), its in zip(levels, slopes, strict=True):
        measured = () if near is None else _multiplicities(near.eigenvalues[first : first + count])
        clusters.append(Cluster(names, value, first, first + count, predicted, measured, its))
        first += count
    points, stop = [path.start], None
    for point in path.follow(size, steps):
        if isinstance(point, Stop):
            stop = point
            points += [stop.last] if stop.last.eps != points[-1].eps else []
            break
        if progress:
            progress(f"eps = {point.eps:.4g}, index {point.negative}")
        points.append(point)
    groups = tuple(matrix_isotropy(point.weights, EQUAL).label() for point in points)
    sizes = [len(cell) for block in cells for cell in block]
    blocks = tuple(YoungBlock(Size(Fraction(n)), 1, 1) for n in sizes if n > 1)
    left = YoungType(blocks, sizes.count(1), sizes.count(1)).name()
    return PerturbedPath(
        family.key.label(), d, E, tuple(points), groups, left, motion, tuple(clusters), looked_at, stop
    )


def _check(family: Family, d: int, size: float, steps: int) -> None:
    setting = family.key.setting
    if setting != Setting(kernel=setting.kernel):
        raise BadInput(f"the setting {setting.label()} was given; V = I, beta = 1 and alpha = 1 are perturbed here")
    if setting.kernel.degree is None or setting.kernel.parameters:
        raise BadInput(
            f"the kernel {setting.kernel.name} was given; a positively homogeneous one without symbols is needed"
        )
    if not family.key.isotropy.is_diagonal:
        raise BadInput(
            f"the group {family.key.isotropy.label()} was given; one of the form Delta(S_n1 x ...) is needed"
        )
    if family.actual.is_larger:
        raise BadInput(f"the family has the larger group {family.actual.label()}; give it by the blocks of that one")
    if not 2 <= d <= LARGEST_D:
        raise BadInput(f"d = {d} was given; Hessians are dense here, so give 2 <= d <= {LARGEST_D}")
    if not SMALLEST_SIZE <= abs(size) <= LARGEST_SIZE:  # also nan
        raise BadInput(
            f"the size {size} was given; give the norm of V - I, {SMALLEST_SIZE:g} to {LARGEST_SIZE:g}, such as 0.1"
        )
    if not 1 <= steps <= LARGEST_STEPS:
        raise BadInput(f"{steps} steps were given; give 1 to {LARGEST_STEPS}")


_Level = tuple[tuple[str, ...], float, int, tuple[int, ...]]  # components, value, multiplicity, what they split into


def _levels(isotropy: Isotropy, eigenvalues: list[tuple[str, float, int]], cells: Any) -> list[_Level]:
    """The distinct eigenvalues in ascending order: components may share one, as at the global minimum."""
    kinds = {one.name: one for one in components(isotropy)}
    sizes = [[len(cell) for cell in block] for block in cells]
    levels: list[_Level] = []
    for name, value, count in sorted((e for e in eigenvalues if e[2]), key=lambda e: e[1]):
        parts = split_multiplicities(kinds[name].kind, [sizes[b] for b in kinds[name].blocks])
        if levels and value - levels[-1][1] < EQUAL:
            names, first, number, before = levels.pop()
            merged = tuple(sorted((*before, *parts), reverse=True))
            levels.append(((*names, name), first, number + count, merged))
        else:
            levels.append(((name,), value, count, parts))
    return levels


def _slopes(path: Continuation, motion: Floats, counts: list[int]) -> list[Floats]:
    """The eigenvalues of dH/deps on each eigenspace of H: how fast they part."""
    W = path.start.weights
    ahead, behind = (path.problem(h).hessian(W + h * motion) for h in (_STEP, -_STEP))
    derivative = (ahead - behind) / (2 * _STEP)
    vectors = np.linalg.eigh(path.problem(0.0).hessian(W))[1]
    ends = np.cumsum([0, *counts])
    spaces = [vectors[:, a:b] for a, b in zip(ends[:-1], ends[1:], strict=True)]
    return [np.linalg.eigvalsh(space.T @ derivative @ space) for space in spaces]


def _small(step: float, values: list[float], slopes: list[Floats]) -> float:
    """An eps, at most one step, at which no cluster has grown by more than a part of the gaps."""
    gaps = np.diff(values)
    fastest = max(float(np.abs(its).max()) for its in slopes)
    if not len(gaps) or fastest == 0:
        return step
    return float(np.sign(step)) * min(abs(step), _APART * float(gaps.min()) / fastest)


def _multiplicities(values: Floats) -> tuple[int, ...]:
    """How many eigenvalues are equal, largest first."""
    ends = np.flatnonzero(np.concatenate([[True], np.diff(values) > EQUAL, [True]]))
    return tuple(sorted((int(n) for n in np.diff(ends)), reverse=True))


__all__ = ["EQUAL", "Cluster", "PerturbedPath", "perturbed"]
