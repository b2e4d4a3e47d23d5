"""Hessian eigenvalues along a path: numbered as their series are for large d, and with their derivatives by log d.

Within a component the nonzero eigenvalues keep their ascending order along a path (two branches of one irreducible meet
only where a condition of codimension two happens to hold), so their numbers at any d are those of their series: the
rescaling zeros stand behind the branches that are negative for large d.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.errors import Undecided
from symrelu.exact.arithmetic import FLOAT, Arithmetic, MpmathArithmetic, Scalar
from symrelu.exact.dual import Dual, DualArithmetic
from symrelu.model.reduced import Problem
from symrelu.paths.trace import Node
from symrelu.spectrum.blocks import Block, all_copies, block
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.spectrum.symmetry_zeros import rescaling_zeros, rotation_zeros
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import SPLIT, Component, Copies, copies

if TYPE_CHECKING:
    from symrelu.paths.path import Path

LARGE = 10**8  # times the path's start: there the signs of the leading terms show
ZERO_DIGITS = 40  # an eigenvalue this small there has no sign that is known


@dataclass(frozen=True)
class Value:
    """One eigenvalue at one d: its component and branch (numbered as the series), formal multiplicity and value.

    The rescaling zeros are the int 0.
    """

    component: Component
    branch: int
    multiplicity: Fraction
    value: Scalar


@dataclass(frozen=True)
class Numbering:
    """For each component the number of branches negative for large d: what the branch numbers start from."""

    negative: dict[Component, int]

    def branch(self, component: Component, position: int, zeros: int) -> int:
        """The branch number of the nonzero eigenvalue at ``position`` (from 1, ascending), beside so many zeros."""
        return position if position <= self.negative[component] else position + zeros


def numbering(path: Path) -> Numbering:
    """The signs of all branches for large d. Raises Undecided where one is too small to be told from 0."""
    d = max(int(path.start_d), 4) * LARGE
    arithmetic = MpmathArithmetic(ZERO_DIGITS + 4 * len(str(d)))
    values = path.point(Fraction(d), arithmetic)
    negative: dict[Component, int] = {}
    components = [of.component for of in all_copies(path.problem.space.isotropy, False)]
    flat = {component: rotation_zeros(path.problem, component) for component in components}
    layers = 2 if path.problem.kernel.second_layer_is_free else 1
    for value in eigenvalues_at(path.problem, arithmetic, values, d, layers):
        if abs(value.value) < arithmetic.context.mpf(10) ** -ZERO_DIGITS:
            if flat[value.component] > 0:
                flat[value.component] -= 1
                negative.setdefault(value.component, 0)
                continue
            raise Undecided(
                f"the sign of an eigenvalue of the component {value.component.name} for large d is not seen by d = "
                f"{d:.1e}; try symrelu spectrum"
            )
        negative[value.component] = negative.get(value.component, 0) + bool(value.value < 0)
    return Numbering(negative)


def zeros_of(problem: Problem, component: Component, layers: int) -> int:
    """How many zeros of a component the symmetries of the loss cause: those of rescaling, with both layers trained, and
    those of O(k), where the kernel has it.
    """
    return rotation_zeros(problem, component) + (rescaling_zeros(problem, component) if layers == 2 else 0)


def spectrum_at(
    problem: Problem,
    arithmetic: MpmathArithmetic,
    values: Sequence[Scalar],
    d: Fraction,
    layers: int,
    order: Numbering,
) -> list[Value]:
    """Every eigenvalue at a critical point of the path, d real, in the order of the components and branches.

    ``layers``: 2 (both trained, with the exact rescaling zeros) or 1. Components without dimension at d are left out.
    """
    by_component: dict[Component, list[Scalar]] = {}
    multiplicities: dict[Component, Fraction] = {}
    for found in eigenvalues_at(problem, arithmetic, values, d, layers):
        by_component.setdefault(found.component, []).append(found.value)
        multiplicities[found.component] = found.multiplicity
    result = []
    for component, eigenvalues in by_component.items():
        zeros = zeros_of(problem, component, layers)
        nonzero = sorted(sorted(eigenvalues, key=abs)[zeros:])
        numbered = _positions(problem, arithmetic, values, d, component, nonzero)
        branches = [
            Value(component, order.branch(component, i, zeros), multiplicities[component], x) for i, x in numbered
        ]
        first = order.negative[component] + 1
        branches += [Value(component, first + i, multiplicities[component], 0) for i in range(zeros)]
        result += sorted(branches, key=lambda value: value.branch)
    return result


def _positions(
    problem: Problem,
    arithmetic: MpmathArithmetic,
    values: Sequence[Scalar],
    d: Fraction,
    component: Component,
    nonzero: list[Scalar],
) -> list[tuple[int, Scalar]]:
    """The nonzero eigenvalues with their positions. In a block of two rows one branch of s is missing.

    There R^2 (x) R^2 has one copy of s less: formally dim y = -1, so the branch that has the value of y is absent, and
    the others keep their numbers.
    """
    isotropy = problem.space.isotropy
    size = isotropy.blocks[component.blocks[0]] if component.kind == "s" else None
    if size is not None and not size.is_constant and size.at(d) == 2:
        of = copies(isotropy, Component("y", component.blocks), False)
        if len(of) == 1:
            pencil = block(problem.at(arithmetic, values, arithmetic.rational(d)), of)
            absent = pencil.hessian[0][0] / pencil.gram[0][0]
            below = sum(1 for x in nonzero if x < absent)
            return [(i + 1 + (i >= below), x) for i, x in enumerate(nonzero)]
    return list(enumerate(nonzero, 1))


# -- with derivatives --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moving:
    """The eigenvalues of one component at one point of a path, ascending, and their derivatives by log d."""

    component: Component
    values: list[Scalar]
    slopes: list[Scalar]


def moving(
    path: Path, arithmetic: MpmathArithmetic, d: Fraction | Scalar, only: Component | None = None
) -> list[Moving]:
    """The eigenvalues with the second layer fixed, with derivatives along the path; of the component ``only`` if given.

    By dual numbers along the tangent of the path: lambda' = v'(H' - lambda M')v for v'Mv = 1, exactly.
    """
    context = arithmetic.context
    scalar = arithmetic.rational(d) if isinstance(d, (int, Fraction)) else context.mpf(d)
    values = path.point(d, arithmetic)
    tangent = path.tangent(values, scalar, arithmetic)

    def solved(hessian: Any, gram: Any) -> tuple[list[Scalar], Any]:
        inverse = context.cholesky(context.matrix(gram)) ** -1
        symmetric = inverse * context.matrix(hessian) * inverse.T
        found, vectors = context.eigsy((symmetric + symmetric.T) / 2)
        return list(found), (inverse.T * vectors).T.tolist()

    return _moving(path.problem, arithmetic, values, tangent, scalar, solved, only)


def moving_at_node(path: Path, node: Node) -> list[Moving]:
    """The same in floats at a node of the path's trace, which has a point and a tangent already."""

    def solved(hessian: Any, gram: Any) -> tuple[list[Scalar], Any]:
        inverse = np.linalg.inv(np.linalg.cholesky(np.array(gram, dtype=float)))
        symmetric = inverse @ np.array(hessian, dtype=float) @ inverse.T
        found, vectors = np.linalg.eigh((symmetric + symmetric.T) / 2)
        return list(found), (inverse.T @ vectors).T.tolist()

    tangent = node.tangent[:-1] / node.tangent[-1]
    return _moving(path.problem, FLOAT, list(node.coordinates), list(tangent), node.d, solved, None)


def _moving(
    problem: Problem,
    arithmetic: Arithmetic,
    values: Sequence[Scalar],
    tangent: Sequence[Scalar],
    d: Scalar,
    solved: Callable[[Any, Any], tuple[list[Scalar], Any]],
    only: Component | None,
) -> list[Moving]:
    duals = [Dual(x, dx) for x, dx in zip(values, tangent, strict=True)]
    point = problem.at(DualArithmetic(arithmetic), duals, Dual(d, d))
    found = []
    for of in all_copies(problem.space.isotropy, problem.kernel.second_layer_is_free):
        if (only is None or of.component == only) and _present(problem.space.isotropy, of, d):
            found.append(Moving(of.component, *_eigenvalues(block(point, of), solved)))
    return found


def _present(isotropy: Isotropy, of: Copies, d: Scalar) -> bool:
    """Whether the component has a positive dimension at d."""
    value: Any = 1
    for factor in of.component.dimension(isotropy).factors:
        value = value * factor.at(d)
    return bool(value > 0) and all(
        isotropy.blocks[b].at(d) >= SPLIT[of.component.kind] - 1 for b in of.component.blocks
    )


def _eigenvalues(
    pencil: Block, solved: Callable[[Any, Any], tuple[list[Scalar], Any]]
) -> tuple[list[Scalar], list[Scalar]]:
    """Eigenvalues, ascending, and derivatives of a pencil of dual numbers, its representatives scaled to norm 1."""
    n = range(len(pencil.copies))
    norms = [_value(pencil.gram[i][i]) ** 0.5 for i in n]

    def part(matrix: Any, take: Callable[[Scalar], Scalar]) -> list[list[Scalar]]:
        return [[take(matrix[i][j]) / (norms[i] * norms[j]) for j in n] for i in n]

    values, vectors = solved(part(pencil.hessian, _value), part(pencil.gram, _value))
    moved_hessian, moved_gram = part(pencil.hessian, _slope), part(pencil.gram, _slope)
    slopes = []
    for value, v in zip(values, vectors, strict=True):
        slopes.append(sum(v[i] * v[j] * (moved_hessian[i][j] - value * moved_gram[i][j]) for i in n for j in n))
    order = sorted(n, key=lambda i: values[i])
    return [values[i] for i in order], [slopes[i] for i in order]


def _value(x: Scalar) -> Scalar:
    return x.value if isinstance(x, Dual) else x


def _slope(x: Scalar) -> Scalar:
    return x.slope if isinstance(x, Dual) else 0
