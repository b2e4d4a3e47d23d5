"""Splitting along a family as d -> infinity: eigenvalues of D of every row, and slopes of a new neuron, exactly."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symrelu.errors import BadInput, TruncatedTooSoon
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.series import Series, dimension, monomial
from symrelu.series.lifting import Progress
from symrelu.series.loss import loss_series
from symrelu.spectrum.branches import eigenvalue_branches
from symrelu.spectrum.result import ascending
from symrelu.splitting.series_result import SplitBranch, WidthSeries
from symrelu.splitting.split import RowBlock, row_blocks, target_slopes

if TYPE_CHECKING:
    from symrelu.families import Family

MAX_ORDER = 30
SORTING_ORDER = 3  # branches are numbered by their terms through t**3 at least: D is O(t)
FIRST_GUARD, LARGEST_GUARD = 6, 26


def width_series(family: Family, order: int, progress: Progress | None = None) -> WidthSeries:
    """The eigenvalues of D for a row of each orbit, and Phi of the targets, through t**order, t = d**(-1/2).

    Exact, from the family's proved series; the zero of D along the row itself is left out. Raises BadInput for an order
    outside 1 .. 30, NoFamily if there is no such family.
    """
    if isinstance(order, bool) or not isinstance(order, int) or not 1 <= order <= MAX_ORDER:
        raise BadInput(f"the order {order} was given; for the forms of splitting it must lie between 1 and {MAX_ORDER}")
    guard = FIRST_GUARD
    while True:
        try:
            return _width_series(family, order, max(order, SORTING_ORDER) + 1 + guard, progress)
        except TruncatedTooSoon:
            guard += 4
            if guard > LARGEST_GUARD:
                raise


def _width_series(family: Family, order: int, known: int, progress: Progress | None) -> WidthSeries:
    lifted = family.lifted(known, progress, family.working_bits)
    isotropy = family.actual.isotropy
    entries = list(family.in_actual(lifted.entries))
    if lifted.known is not None:
        entries = [x.exact().truncate(known) for x in entries]
    arithmetic = SeriesArithmetic(lifted.field, lifted.ramification)
    point = family.actual_problem.at(arithmetic, entries, dimension(lifted.field, lifted.ramification))
    found = []
    for row in range(len(isotropy.rows)):
        for block in row_blocks(point, row):
            branches = ascending(_branches(block, max(order, SORTING_ORDER) + 1, known))
            found += [
                SplitBranch(row, block.component, i, block.dimension, _cut(x, order + 1))
                for i, x in enumerate(branches, 1)
            ]
    slopes = tuple(
        (isotropy.orbit_size(orbit), _cut(x, order + 1))
        for orbit, x in zip(point.teacher.orbits, target_slopes(point), strict=True)
    )
    loss = loss_series(family.problem, lifted, order + 1)
    proof = lifted.proof
    return WidthSeries(family.key, isotropy, order, tuple(found), slopes, loss, proof.statement(), proof.rests_on)


def _branches(block: RowBlock, known: int, precision: int) -> list[Series]:
    """The eigenvalues of one block, the zero along the row divided out.

    With M the Gram matrix, which is diagonal, A = M^-1 D annihilates w; on the quotient by w it is
    A_ij - (w_i/w_p) A_pj without row and column p, for a p with w_p not 0.
    """
    inverse = [1 / block.gram[i][i].truncate(precision) for i in range(len(block.gram))]
    matrix = [[x * inverse[i] for x in row] for i, row in enumerate(block.form)]
    if all(x.is_exact_zero for row in matrix for x in row):
        keep = block.kept(lambda x: bool(x.coefficients)) if block.own else range(len(matrix))
        return [monomial(x.field, 0, 0, x.ramification) for x in (matrix[0][0],) for _ in keep]
    keep = list(range(len(matrix)))
    if block.own:
        keep = block.kept(lambda x: bool(x.coefficients))
        (p,) = set(range(len(matrix))) - set(keep)
        inverse_own = 1 / block.own[p].truncate(precision)
        ratio = [x * inverse_own for x in block.own]
        matrix = [
            [x - r * y for x, y in zip(row, matrix[p], strict=True)] for row, r in zip(matrix, ratio, strict=True)
        ]
    if not keep:
        return []
    scales = {i: -(block.gram[i][i].valuation // 2) for i in keep}
    e = matrix[0][0]
    small = [[matrix[i][j] * monomial(e.field, 1, scales[j] - scales[i], e.ramification) for j in keep] for i in keep]
    return eigenvalue_branches(small, known)


def _cut(x: Series, known: int) -> Series:
    return x if x.is_exact_zero else x.truncate(known)
