"""The Hessian on the isotypic components: for each component the pencil (H, M) of its copies.

H and M are the Hessian form and the inner product on representatives of all copies
(:mod:`symrelu.symmetry.isotypic`), as matrices as small as the number of
copies; the eigenvalues of the component are the roots of det(H - lambda M), each with the component's dimension as
multiplicity.
The representatives live on a refinement of the group, but the pairs of rows there are those of the given group, so no
Gram entry is computed twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import Arithmetic, Scalar
from symrelu.model.kernels import Gram
from symrelu.model.pairs import PairKey
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Direction, Geometry, Relation, plus, times
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component, Copies, Place, Refinement, components, copies


@dataclass(frozen=True)
class Block:
    """The pencil of one component: ``hessian`` and ``gram``, symmetric matrices of scalars in the order of
    ``copies``.
    """

    copies: Copies
    hessian: tuple[tuple[Scalar, ...], ...]
    gram: tuple[tuple[Scalar, ...], ...]

    @property
    def component(self) -> Component:
        """Which irreducible."""
        return self.copies.component


def trains_second(layers: int) -> bool:
    """Whether the second layer is trained too: ``layers`` is 2, not 1. BadInput for anything else."""
    if isinstance(layers, bool) or layers not in (1, 2):
        raise BadInput(f"{layers!r} layers were given; 2 trains both, 1 the first alone with the second fixed at 1")
    return layers == 2


def all_copies(isotropy: Isotropy, second_layer: bool) -> list[Copies]:
    """The copies of every component that occurs."""
    return [copies(isotropy, component, second_layer) for component in components(isotropy)]


def block(point: ReducedPoint, of: Copies, scaled: bool = False) -> Block:
    """The pencil of one component at a point of Fix(G). ``scaled`` leaves the kernel's prefactor out of the Hessian."""
    refined = RefinedPoint(point, of.refinement)
    hessian = refined.hessian([Direction(r.rows, r.second) for r in of.representatives], scaled)
    gram = [[refined.scalar(x) for x in row] for row in gram_matrix(of, point.d)]
    return Block(of, tuple(map(tuple, hessian)), tuple(map(tuple, gram)))


def gram_matrix(of: Copies, d: Scalar) -> list[list[Scalar]]:
    """The inner products <Y, Z> of the representatives over M(k, d) + R^k: rational functions of d, so d may be
    a Fraction.
    """
    geometry = Geometry(of.refinement.isotropy, d)
    orbits = of.refinement.isotropy.rows
    matrix = []
    for y in of.representatives:
        row = []
        for z in of.representatives:
            total: Scalar = 0
            for a, cells in y.rows.items():
                if a in z.rows:
                    along = geometry.inner(cells, z.rows[a], Relation.SAME)
                    total = plus(total, times(geometry.sizes[orbits[a]], along))
            for a, entry in y.second.items():
                if a in z.second:
                    total = plus(total, times(geometry.sizes[orbits[a]], entry * z.second[a]))
            row.append(total)
        matrix.append(row)
    return matrix


class RefinedPoint(ReducedPoint):
    """A point of Fix(G) seen in the fixed space of a subgroup that fixes single indices; Gram entries are the
    point's own.
    """

    def __init__(self, point: ReducedPoint, refinement: Refinement) -> None:
        self.base = point
        self.refinement = refinement
        problem, self._teachers = point.problem.refined(refinement)
        values = self._values(problem.space)
        if problem.alpha is None:
            values += [point.alpha[place.orbit] for place in refinement.rows]
        super().__init__(problem, point.arithmetic, values, point.d)

    def _values(self, space: FixedSpace) -> list[Scalar]:
        values = []
        for coordinate in space.coordinates:
            row, col = self.refinement.rows[coordinate.row], self.refinement.cols[coordinate.col]
            c, delta = self.base.student.cells[row.orbit][col.orbit]
            # the same part of one block: its own column, unless the part has several indices and another one is meant
            own = row.part == col.part and coordinate.kind != "other"
            values.append(c if delta is None or not own else plus(c, delta))
        return values

    def norm(self, teacher: bool, a: int) -> tuple[Scalar, Scalar]:
        """The norm of the row's orbit in the given group."""
        return self.base.norm(teacher, self._place(teacher, a).orbit)

    def _place(self, teacher: bool, a: int) -> Place:
        return self._teachers[a] if teacher else self.refinement.rows[a]

    def _given(self, key: PairKey) -> PairKey:
        """The pair of the given group that a pair of the refinement is."""
        teacher_a, a, teacher_b, b, relation = key
        u, v = self._place(teacher_a, a), self._place(teacher_b, b)
        first, second = self.base.rows(teacher_a).orbits[u.orbit], self.base.rows(teacher_b).orbits[v.orbit]
        if first.block is not None and first.block == second.block and u.part != v.part:
            relation = Relation.DISTINCT
        elif first.block is not None and first.block == second.block and relation is Relation.UNRELATED:
            relation = Relation.SAME
        return (teacher_a, u.orbit, teacher_b, v.orbit, relation)

    def gram(self, key: PairKey) -> Gram:
        """The Gram entries of the pair in the given group."""
        return self.base.gram(self._given(key))

    def partials(self, key: PairKey, order: int) -> tuple[Scalar, ...]:
        """The kernel's partials at the pair in the given group."""
        return self.base.partials(self._given(key), order)


def blocks(
    problem: Problem, arithmetic: Arithmetic, values: Sequence[Scalar], d: Scalar, layers: int = 2
) -> list[Block]:
    """The pencils of all components at one point, for both layers trained (2) or the first alone (1)."""
    point = problem.at(arithmetic, values, d)
    return [block(point, of) for of in all_copies(problem.space.isotropy, trains_second(layers))]
