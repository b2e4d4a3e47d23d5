"""The kernel of the Hessian at a threshold, seen in the fixed space of a subgroup: the direction of a branch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.branching.subgroups import Split
from symrelu.errors import Undecided
from symrelu.exact.arithmetic import FLOAT, MpmathArithmetic
from symrelu.model.reduced import Problem
from symrelu.paths.equations import system
from symrelu.paths.trace import Floats
from symrelu.symmetry.fixed_space import FixedSpace

if TYPE_CHECKING:
    from symrelu.paths.path import Path

DIGITS = 30
SINGULAR, REGULAR = 1e-11, 1e-6  # singular values of the Jacobian, relative to the largest: 0, and surely not 0


@dataclass(frozen=True, eq=False)
class Kernel:
    """The one direction of Fix(H) in which the Hessian at a threshold is singular, in floats.

    Attributes
    ----------
    path: of the family, whose group G is. split: the subgroup H. problem: on Fix(H). d: the threshold, an mpmath
    number. origin: the family's point there, in coordinates of Fix(H). direction: a unit vector, its largest coordinate
    positive. normal: a unit vector whose product with every point of Fix(G) is 0, and positive with the direction.
    left: a unit vector in the kernel of the transpose of the Jacobian. pair: two coordinates (from 0) that
    are equal on Fix(G), the difference of which the direction changes most: it measures how far a point is from the
    family's symmetry. mirrored: whether an element of G turns the direction into its negative, so that both halves of a
    branch are the same up to order. larger: whether an exchange of parts keeps the direction, so that the points of the
    branch have more symmetry than H.
    """

    path: Path
    split: Split
    problem: Problem
    d: Any
    origin: Floats
    direction: Floats
    normal: Floats
    left: Floats
    pair: tuple[int, int]
    mirrored: bool
    larger: bool

    def amplitude(self, values: Any) -> Any:
        """How far a point of Fix(H) is from the family's symmetry: the difference of two entries of W, 0 on Fix(G)."""
        return values[self.pair[0]] - values[self.pair[1]]

    def asymmetry(self, values: Floats) -> float:
        """The largest difference of two entries that are equal on Fix(G): 0 at the points of the family's symmetry."""
        groups: dict[int, list[float]] = {}
        for source, value in zip(self.split.sources, values, strict=True):
            groups.setdefault(source, []).append(float(value))
        return max(max(group) - min(group) for group in groups.values())


def kernel(path: Path, split: Split, d: Any) -> Kernel:
    """The kernel at the threshold d. Raises Undecided unless exactly one direction of Fix(H) is singular there."""
    arithmetic = MpmathArithmetic(DIGITS)
    given = [float(x) for x in path.point(arithmetic.context.mpf(d), arithmetic)]
    origin = np.array([given[i] for i in split.sources])
    problem = path.problem.on(FixedSpace(split.isotropy))
    jacobian = np.array(system(problem, FLOAT, list(origin), float(d)).jacobian, dtype=float)
    lefts, values, vectors = np.linalg.svd(jacobian)
    if not (values[-1] < SINGULAR * values[0] and values[-2] > REGULAR * values[0]):
        raise Undecided(
            f"in the fixed space of {split.isotropy.label()} the kernel at d = {float(d):.8g} is not one direction: "
            f"the least singular values are {values[-1]:.2g} and {values[-2]:.2g}"
        )
    direction: Floats = vectors[-1]
    direction = direction * np.sign(direction[int(np.argmax(np.abs(direction) > 0.999 * np.max(np.abs(direction))))])
    moved = [direction[list(taken)] for taken in split.exchanges()]
    mirrored = any(np.allclose(x, -direction, rtol=0, atol=1e-8) for x in moved)
    larger = any(np.allclose(x, direction, rtol=0, atol=1e-8) for x in moved)
    normal, pair = _normal(split, direction), _pair(split, direction)
    return Kernel(path, split, problem, d, origin, direction, normal, lefts[:, -1], pair, mirrored, larger)


def _normal(split: Split, direction: Floats) -> Floats:
    """The direction less its part in Fix(G), the means over coordinates of one source, as a unit vector."""
    sources = np.array(split.sources)
    means = np.array([direction[sources == source].mean() for source in sources])
    normal: Floats = (direction - means) / np.linalg.norm(direction - means)
    return normal


def _pair(split: Split, direction: Floats) -> tuple[int, int]:
    """Two coordinates with the same source whose difference changes most, the one that grows first."""
    pairs = [(i, j) for i, j in combinations(range(len(direction)), 2) if split.sources[i] == split.sources[j]]
    i, j = max(pairs, key=lambda p: round(abs(float(direction[p[0]] - direction[p[1]])), 9))
    return (i, j) if direction[i] > direction[j] else (j, i)
