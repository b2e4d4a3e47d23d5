r"""The Hessian of splitting a neuron: the form D of a row, its isotypic blocks, and the slopes of a new neuron.

Let Phi(u) = sum_j kappa(u, w_j) - sum_j kappa(u, v_j): what a further, infinitely small neuron u adds to the loss. For
a homogeneous activation (alpha = 1) replace neuron i by copies c_1 w_i, ..., c_m w_i, c_l > 0, sum c_l = 1. The network
is the same. Move the copies by h_l = c_l h + g_l with sum g_l = 0, and the other rows as before. Then the second
variation of L is

    (the one before, with w_i moved by h)  +  sum over l of (1/c_l) D_i[g_l, g_l],        D_i = Phi''(w_i),

since Phi''(c w) = Phi''(w)/c and the mixed derivative of kappa at (c w, c' w) does not depend on c, c'; the cross terms
are 2 D_i[h, sum g_l] = 0. So inertia adds up:

    index = index before + (m - 1) ind(D_i),      nullity = nullity before + (m - 1) null(D_i),

and D_i w_i = 0, the direction of the line of critical points (c_l changes). Only m - 1, the dimension of the standard
representation of S_m, counts copies: for real multiplicity m it is a formal dimension. The rule is that of Fukumizu and
Amari (2000) and Simsek et al. (2021); for ReLU with m = 2 it is Lemma 28 of Safran, Yehudai and Shamir (2021).

D_i commutes with the stabiliser of row i, so on R^d it has a block t (a column of each orbit of columns, the row's own
one apart) and a number for each block's standard representation s. Everything is evaluated in any arithmetic, at any d,
for any orbits of rows: k = d or not. With second layers alpha_i = +-1 and beta_j in the sums, D_i = alpha_i Phi''(w_i).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Cell, Direction, Relation, plus, times
from symrelu.spectrum.blocks import RefinedPoint
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component, Dimension, Place, Refinement, refine
from symrelu.symmetry.meaningful import meaningful
from symrelu.symmetry.size import Size


class PotentialPoint(RefinedPoint):
    """A point whose Hessian form keeps the partners of a row fixed: on directions of one row it is D of that row."""

    partners_move = False


@dataclass(frozen=True)
class RowBlock:
    """One isotypic block of D of a row, under the stabiliser of that row.

    Attributes
    ----------
    row: position (from 0) of the row's orbit. component: t, or s of a block. dimension: the multiplicity of its
    eigenvalues. form, gram: D and the inner product on the block's basis. own: in t, the row itself in that basis, on
    which D is 0 for a homogeneous kernel; empty in s. pivot: the position in ``own`` to be eliminated first, that of
    the row's own column where it has one.
    """

    row: int
    component: Component
    dimension: Dimension
    form: tuple[tuple[Scalar, ...], ...]
    gram: tuple[tuple[Scalar, ...], ...]
    own: tuple[Scalar, ...] = ()
    pivot: int = 0

    def modulo_row(self, nonzero: Callable[[Scalar], bool]) -> tuple[tuple[Scalar, ...], ...]:
        """The form on R^d modulo the row, which it annihilates: its inertia is that of D without the zero along w.

        ``nonzero`` tells whether a scalar is known not to be 0. Raises Undecided if no entry of the row is.
        """
        if not self.own:
            return self.form
        keep = self.kept(nonzero)
        return tuple(tuple(self.form[i][j] for j in keep) for i in keep)

    def kept(self, nonzero: Callable[[Scalar], bool]) -> list[int]:
        """The basis vectors that together with the row span the block: all but one at which the row is not 0.

        ``nonzero``: whether a number is known not to be 0. Raises Undecided where none is.
        """
        order = sorted(range(len(self.own)), key=lambda i: i != self.pivot)
        for out in order:
            if nonzero(self.own[out]):
                return [i for i in range(len(self.own)) if i != out]
        raise Undecided(f"a row of orbit {self.row + 1} may be 0: no entry of it is known not to vanish")


def row_blocks(point: ReducedPoint, row: int) -> list[RowBlock]:
    """D of a row of the given orbit (from 0), block by block: t first, then s of each block of columns.

    The point need not be critical; D w = 0 holds for homogeneous kernels at every point. Blocks that are absent for
    every d are left out; the others have a ``dimension`` that says where they are there. Raises BadInput for a number
    that is no row orbit, and for kernels that are not positively homogeneous of degree 1.
    """
    check_homogeneous(point.problem)
    isotropy = point.space.isotropy
    if not 0 <= row < len(isotropy.rows):
        raise BadInput(f"row orbit {row + 1} was asked for; {isotropy.label()} has {len(isotropy.rows)}")
    own = _moving_block(isotropy, row)
    found = [_trivial(point, refine(isotropy, () if own is None else (own,), 1), row)]
    for block, size in enumerate(isotropy.blocks):
        if not any(orbit.block == block for orbit in isotropy.cols):
            continue
        # two further indices of the block beside the row's, and the row's own split off where it lies in another block
        rest = size - 1 if block == own else size
        if rest.is_constant and rest.const < 2:
            continue
        if block == own:
            refinement, pair = refine(isotropy, (block,), 3), (1, 2)
        elif own is None:
            refinement, pair = refine(isotropy, (block,), 2), (0, 1)
        else:
            refinement, pair = refine(isotropy, (own, block), 2), (0, 1)
        found.append(_standard(point, refinement, row, block, pair, _standard_dimension(rest)))
    return found


def check_homogeneous(problem: Problem) -> None:
    """Raise BadInput unless phi(c z) = c phi(z) for c > 0, so that copies c_l w with sum c_l = 1 are the neuron w."""
    if not problem.kernel.is_homogeneous():
        raise BadInput(
            f"the kernel {problem.kernel.name} was given; splitting a neuron into copies c w needs an activation with "
            "phi(c z) = c phi(z) for c > 0: try relu or leaky:1/10"
        )


def _standard_dimension(rest: Size) -> Dimension:
    return Dimension(Fraction(1), (rest - 1,), (rest - 1,))


def _moving_block(isotropy: Isotropy, row: int) -> int | None:
    """The block that moves the rows of an orbit, None where the orbit is a single row."""
    orbit = isotropy.rows[row]
    return None if isotropy.orbit_size(orbit).is_one else orbit.block


def _single_row(refinement: Refinement, row: int) -> int:
    """The row orbit of the refinement that is one row of the given orbit."""
    return refinement.rows.index(Place(row, "whole" if _moving_block(refinement.given, row) is None else 0))


def _trivial(point: ReducedPoint, refinement: Refinement, row: int) -> RowBlock:
    refined = PotentialPoint(point, refinement)
    r = _single_row(refinement, row)
    cols = len(refinement.cols)
    directions = [Direction({r: _cells(cols, {j: 1})}) for j in range(cols)]
    own = [c if delta is None else plus(c, delta) for c, delta in refined.student.cells[r]]
    place = refinement.rows[r]
    block = refinement.given.rows[row].block
    pivot = next(
        (
            j
            for j, col in enumerate(refinement.cols)
            if block is not None and refinement.given.cols[col.orbit].block == block and col.part == place.part
        ),
        0,
    )
    return RowBlock(
        row,
        Component("t"),
        Component("t").dimension(refinement.given),
        _form(refined, directions),
        _gram(refined, directions, r),
        tuple(refined.scalar(x) for x in own),
        pivot,
    )


def _standard(
    point: ReducedPoint, refinement: Refinement, row: int, block: int, pair: tuple[int, int], dimension: Dimension
) -> RowBlock:
    refined = PotentialPoint(point, refinement)
    r = _single_row(refinement, row)
    directions = []
    for position, orbit in enumerate(refinement.given.cols):
        if orbit.block == block:
            entries = {
                refinement.cols.index(Place(position, part)): sign for part, sign in zip(pair, (1, -1), strict=True)
            }
            directions.append(Direction({r: _cells(len(refinement.cols), entries)}))
    return RowBlock(row, Component("s", (block,)), dimension, _form(refined, directions), _gram(refined, directions, r))


def _cells(count: int, entries: dict[int, int]) -> list[Cell]:
    return [(entries.get(j, 0), None) for j in range(count)]


def _form(refined: PotentialPoint, directions: Sequence[Direction]) -> tuple[tuple[Scalar, ...], ...]:
    return tuple(map(tuple, refined.hessian(directions)))


def _gram(refined: PotentialPoint, directions: Sequence[Direction], r: int) -> tuple[tuple[Scalar, ...], ...]:
    inner = refined.geometry.inner
    return tuple(
        tuple(refined.scalar(inner(y.rows[r], z.rows[r], Relation.SAME)) for z in directions) for y in directions
    )


@dataclass(frozen=True)
class RowValue:
    """One eigenvalue of D of a row: its component, branch (ascending, from 1), formal multiplicity at this d, value."""

    row: int
    component: Component
    branch: int
    multiplicity: Fraction
    value: Any


def split_values(
    problem: Problem, arithmetic: MpmathArithmetic, values: Sequence[Scalar], d: Fraction | int
) -> list[list[RowValue]]:
    """The eigenvalues of D for a row of each orbit, in mpmath: the zero along the row itself left out.

    For any orbits of rows and columns, so for points of any k. ``values``: the coordinates of Fix(G), as numbers of
    ``arithmetic``; sums over blocks lose about three times the digits of d. Raises BadInput at a d at which a block has
    no element or between one and two.
    """
    exact_d = Fraction(d)
    meaningful(problem.space.isotropy, exact_d, spectrum=True)
    point = problem.at(arithmetic, values, arithmetic.rational(exact_d))
    return [row_values(point, row, exact_d) for row in range(len(problem.space.isotropy.rows))]


def row_values(point: ReducedPoint, row: int, d: Fraction) -> list[RowValue]:
    """The eigenvalues of D for one row orbit of a point in mpmath numbers at d, without the zero along the row."""
    assert isinstance(point.arithmetic, MpmathArithmetic)
    context = point.arithmetic.context
    found = []
    for block in row_blocks(point, row):
        if not block.dimension.present(d):
            continue
        there = [i for i in range(len(block.gram)) if block.gram[i][i] != 0]
        scale = [context.sqrt(block.gram[i][i]) for i in there]
        matrix = context.matrix(
            [[block.form[i][j] / (scale[m] * scale[n]) for n, j in enumerate(there)] for m, i in enumerate(there)]
        )
        numbers = sorted(context.eigsy(matrix, eigvals_only=True))
        if block.own:
            numbers.remove(min(numbers, key=abs))
        multiplicity = block.dimension.formal(d)
        found += [RowValue(row, block.component, i, multiplicity, x) for i, x in enumerate(numbers, 1)]
    return found


def target_slopes(point: ReducedPoint) -> list[Scalar]:
    """Phi(v) for a target row v of each orbit: the slope of the loss when a neuron (alpha = 1) leaves 0 towards v.

    At a critical point <w_i, grad Phi(w_i)> = Phi(w_i) = 0, so with r = f - f* the error of the network
    sum over all targets of beta_j Phi(v_j) = E r (f* - f) = -2 L: where L > 0 and beta = 1, some slope is at most
    -2 L/d. Raises BadInput for a kernel that is not positively homogeneous of degree 1.
    """
    check_homogeneous(point.problem)
    prefactor = point.problem.kernel.prefactor_in(point.arithmetic)
    found = []
    for b, target in enumerate(point.teacher.orbits):
        total: Scalar = 0
        for teacher, rows in ((False, point.student), (True, point.teacher)):
            for a, orbit in enumerate(rows.orbits):
                for relation, count in point.geometry.relations(target, orbit):
                    (value,) = point.partials((teacher, a, True, b, relation), 0)
                    weight = times(point.weight(teacher, a), count)
                    total = plus(total, times(-1 if teacher else 1, times(weight, value)))
        found.append(point.scalar(total) * prefactor)
    return found


def stretching_slope(point: ReducedPoint, row: int) -> Scalar:
    """dL/dn at a critical point where n, the number of *different* rows of an orbit, is a real variable of its own.

    That is k real with all formulas kept (row i still has its own column, though there are only d): not a network. By
    Euler's identity the derivative is -(kappa(w, w) - kappa(w, w'))/2 with w, w' two rows of the orbit, negative by
    Cauchy and Schwarz: this k does not leave the loss where it was. Raises BadInput for an orbit of one fixed row.
    """
    isotropy: Isotropy = point.space.isotropy
    orbit = isotropy.rows[row]
    if orbit.block is None or isotropy.orbit_size(orbit).is_one:
        raise BadInput(f"row orbit {row + 1} has one row; only the number of rows of a block can be stretched")
    (same,) = point.partials((False, row, False, row, Relation.SAME), 0)
    (distinct,) = point.partials((False, row, False, row, Relation.DISTINCT), 0)
    return (distinct - same) / 2 * point.problem.kernel.prefactor_in(point.arithmetic)
