"""A family's point at one whole d as plain matrices, and its exact eigenvalues as clusters beside the limits that the
Hessians of training losses have.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, combinations
from typing import TYPE_CHECKING, Literal

import numpy as np

from symrelu.errors import BadInput, Undecided
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.teacher import teacher_rows
from symrelu.samples.limits import limit_hessian
from symrelu.symmetry.isotropy import Isotropy, Orbit

if TYPE_CHECKING:
    from symrelu.families import Family

DIGITS = 16
LARGEST_D = 60  # the dense Hessian of both layers has then some 13 million entries
EQUAL = 1e-9  # an exact eigenvalue and the dense Hessian's differ by less, relative to the largest entry or 1
NEAR = 1e-6  # likewise for the class sums of transpositions, whose eigenvalues are far apart


@dataclass(frozen=True)
class Cluster:
    """Eigenvalues that symmetry makes equal: of one isotypic component, one branch.

    Attributes
    ----------
    component: its name. multiplicity. value: the eigenvalue of the population's Hessian, from the exact family. limit:
    that of the almost-everywhere Hessian's limit H - B, in the same component and of the same rank.
    """

    component: str
    multiplicity: int
    value: float
    limit: float


@dataclass(frozen=True, eq=False)
class SymmetricPoint:
    """A critical point of a family at a whole d.

    Attributes
    ----------
    label: the family. W: of shape (k, d), rows and columns by orbits. alpha: the second layer. population: the loss,
    with the target in the same order of columns. layers: of the Hessians. H: the population's Hessian. limit: H - B.
    value: the population loss. clusters: by component, ascending within it.
    """

    label: str
    W: Floats
    alpha: Floats
    population: DenseLoss
    layers: Literal[1, 2]
    H: Floats
    limit: Floats
    value: float
    clusters: tuple[Cluster, ...]


def symmetric_point(family: Family, d: int, layers: Literal[1, 2] = 1) -> SymmetricPoint:
    """The family's critical point at a whole d: entries and eigenvalues from the exact family, to 16 digits.

    Rows and columns are in the order of the orbits of the family's actual isotropy group. Raises NoFamily where the
    family does not reach d, BadInput for a d at which blocks are not whole or too small for the isotypic components,
    and where the second layer is a variable of its own; Undecided if the dense Hessian does not have the exact
    eigenvalues.
    """
    problem = family.actual_problem
    if problem.alpha is None:
        raise BadInput(
            f"the kernel {problem.kernel.name} has a second layer of its own; give a family of a positively "
            "homogeneous activation, such as relu or leaky:1/10"
        )
    isotropy = problem.space.isotropy
    if not 1 <= d <= LARGEST_D:
        raise BadInput(f"d = {d} was given; give a whole number up to {LARGEST_D}, such as 10")
    isotropy.check_integer(d)
    at = family.at(d, digits=DIGITS, layers=layers)
    entries = family.in_actual([float(x.value) for x in at.entries.values()])
    W = np.asarray(problem.space.matrix(entries, d), dtype=float)
    sizes = [_size(isotropy, orbit, d) for orbit in isotropy.rows]
    alpha = np.repeat(np.array(problem.alpha, dtype=float), sizes)
    rows = teacher_rows(problem.teacher, isotropy.cols, lambda orbit: _size(isotropy, orbit, d))
    population = DenseLoss([[float(x) for x in row] for row, _ in rows], [float(b) for _, b in rows], problem.kernel)
    H = population.hessian(W, alpha, layers)
    limit = limit_hessian(population, W, alpha, layers)
    exact = sorted((e.component, float(e.value), int(e.multiplicity)) for e in at.eigenvalues if e.multiplicity > 0)
    if sum(m for _, _, m in exact) != len(H):
        raise BadInput(f"at d = {d} a block of {isotropy.label()} is too small for its components; give a larger d")
    clusters = _clusters(exact, _component_bases(isotropy, d, layers, {name for name, _, _ in exact}), H, limit)
    return SymmetricPoint(family.key.label(), W, alpha, population, layers, H, limit, float(at.loss.value), clusters)


def _clusters(
    exact: list[tuple[str, float, int]], bases: dict[str, Floats], H: Floats, limit: Floats
) -> tuple[Cluster, ...]:
    """The exact eigenvalues of each component beside those of the limit on the same component."""
    clusters = []
    for name, basis in bases.items():
        branches = [(value, m) for component, value, m in exact if component == name]
        here, there = (np.linalg.eigvalsh(basis.T @ matrix @ basis) for matrix in (H, limit))
        if len(here) != sum(m for _, m in branches):
            raise Undecided(f"the component {name} has {len(here)} dimensions and {len(branches)} exact eigenvalues")
        start = 0
        for value, m in branches:
            piece = slice(start, start + m)
            if np.abs(here[piece] - value).max() > EQUAL * max(1.0, float(np.abs(H).max())):
                raise Undecided(f"the dense Hessian does not have the exact eigenvalue {value:.9g} of {name}")
            clusters.append(Cluster(name, m, value, float(there[piece].mean())))
            start += m
    return tuple(sorted(clusters, key=lambda cluster: (cluster.component, cluster.value)))


def _size(isotropy: Isotropy, orbit: Orbit, d: int) -> int:
    return int(isotropy.orbit_size(orbit).at(d))


def _component_bases(isotropy: Isotropy, d: int, layers: int, names: set[str]) -> dict[str, Floats]:
    """Orthonormal bases of the isotypic components in the space of W (and alpha), in columns.

    They are the eigenspaces of a combination of the blocks' class sums of transpositions, which act on an irreducible
    by the sum of the contents of its Young diagram.
    """
    row_starts, col_starts = (
        _starts([_size(isotropy, o, d) for o in orbits]) for orbits in (isotropy.rows, isotropy.cols)
    )
    k, blocks = row_starts[-1], [int(size.at(d)) for size in isotropy.blocks]
    casimir = np.zeros((k * d + (k if layers == 2 else 0),) * 2)
    places = np.arange(len(casimir))
    weights = np.sqrt(2 * np.arange(len(blocks)) + 1.5)
    for block, (n, weight) in enumerate(zip(blocks, weights, strict=True)):
        for a, b in combinations(range(n), 2):
            rows, cols = np.arange(k), np.arange(d)
            for moved, orbits, starts in ((rows, isotropy.rows, row_starts), (cols, isotropy.cols, col_starts)):
                for orbit, start in zip(orbits, starts, strict=False):
                    if orbit.block == block:
                        moved[[start + a, start + b]] = start + b, start + a
            images = (rows[:, None] * d + cols).ravel()
            if layers == 2:
                images = np.append(images, k * d + rows)
            casimir[images, places] += weight
    found, vectors = np.linalg.eigh(casimir)
    return {
        name: vectors[
            :, np.abs(found - sum(w * c for w, c in zip(weights, _contents(name, blocks), strict=True))) < NEAR
        ]
        for name in sorted(names)
    }


def _contents(name: str, blocks: list[int]) -> list[int]:
    """For each block the sum of contents of the Young diagram that a component has there: t (n), s (n-1, 1),
    y (n-2, 2), x (n-2, 1, 1).
    """
    found = [n * (n - 1) // 2 for n in blocks]
    for part in name.split("*") if name != "t" else ():
        kind, block = part[0], int(part[1:]) - 1
        n = blocks[block]
        found[block] = (n - 1) * (n - 2) // 2 - 1 if kind == "s" else (n - 2) * (n - 3) // 2 - (1 if kind == "y" else 3)
    return found


def _starts(sizes: list[int]) -> list[int]:
    return [0, *accumulate(sizes)]


__all__ = ["Cluster", "SymmetricPoint", "symmetric_point"]
