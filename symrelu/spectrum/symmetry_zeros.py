"""Exact zeros of the Hessian that continuous symmetries of the loss cause, component by component.

Two symmetries are known. Rescaling w_i -> lambda w_i, alpha_i -> alpha_i/lambda**m for kernels of degree m, one zero a
neuron with both layers trained. And for kernels that see sum alpha_i w_i w_i' alone (z**2) the group of the form
diag(alpha), O(k) where all signs agree: its tangent directions are A W with A diag(alpha) antisymmetric. They are as
many as antisymmetric matrices, k(k - 1)/2, where the rows of W are linearly independent.
"""

from __future__ import annotations

from math import comb

from symrelu.errors import NotRegular
from symrelu.exact.arithmetic import Scalar
from symrelu.exact.linear import inverse_matrix
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Relation
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component, copies


def rescaling_zeros(problem: Problem, component: Component) -> int:
    """How many rescaling zeros a component has with both layers trained: its copies in the second layer, and none where
    the second layer is a variable of its own.
    """
    if problem.kernel.second_layer_is_free:
        return 0
    isotropy = problem.space.isotropy
    return len(copies(isotropy, component, True)) - len(copies(isotropy, component, False))


def rotation_zeros(problem: Problem, component: Component) -> int:
    """How many copies of a component there are among the antisymmetric k x k matrices, for a kernel with the symmetry
    O(k); 0 for the others. So many zeros its Hessian has where the rows of W are linearly independent.
    """
    if not problem.kernel.rotations:
        return 0
    return antisymmetric_copies(problem.space.isotropy, component)


def antisymmetric_copies(isotropy: Isotropy, component: Component) -> int:
    """The multiplicity of an irreducible in the exterior square of R^k: with r_i row orbits of block i and T orbits in
    all, R^k = T t + sum r_i s_i, and the exterior square of r s is binom(r, 2) (t + s + y) + binom(r + 1, 2) x.
    """
    total = len(isotropy.rows)
    several = [sum(o.block == i for o in isotropy.rows) for i in range(len(isotropy.blocks))]
    own = [several[b] for b in component.blocks]
    if component.kind == "t":
        return comb(total, 2) + sum(comb(r, 2) for r in several)
    if len(own) == 2:
        return own[0] * own[1]
    (r,) = own
    return {"s": total * r + comb(r, 2), "x": comb(r + 1, 2), "y": comb(r, 2)}[component.kind]


def rows_independent(point: ReducedPoint, precision: int) -> bool:
    """Whether the rows of W are linearly independent for all large d, by the Gram matrices of their isotypic parts, as
    series right below t**precision. False also where those terms do not tell.
    """
    for matrix in _gram_parts(point):
        try:
            inverse_matrix([[x.truncate(precision) for x in row] for row in matrix])
        except NotRegular:
            return False
    return True


def rows_independent_in_balls(point: ReducedPoint) -> bool:
    """The same at a point in balls; False also where the balls do not tell."""
    from flint import arb_mat

    return all(not arb_mat(matrix).det().contains(0) for matrix in _gram_parts(point))


def _gram_parts(point: ReducedPoint) -> list[list[list[Scalar]]]:
    """The Gram matrices of the rows on the trivial part and on the standard part of each block."""
    orbits, blocks = point.student.orbits, point.space.isotropy.blocks
    parts = [list(range(len(orbits)))] + [
        [a for a, o in enumerate(orbits) if o.block == i] for i, size in enumerate(blocks) if not size.is_one
    ]
    return [
        [[_gram_part(point, a, b, not number) for b in members] for a in members]
        for number, members in enumerate(parts)
        if members
    ]


def _gram_part(point: ReducedPoint, a: int, b: int, trivial: bool) -> Scalar:
    """An entry of the Gram matrix of the rows on the trivial part (of sums of rows), or on a standard one."""
    cells, orbits, geometry = point.student.cells, point.student.orbits, point.geometry
    total = point.arithmetic.rational(0)
    for relation, count in geometry.relations(orbits[a], orbits[b]):
        value = point.scalar(geometry.inner(cells[a], cells[b], relation))
        if trivial:
            total = total + value * count
        elif relation is Relation.SAME:
            total = total + value
        elif relation is Relation.DISTINCT:
            total = total - value
    return total
