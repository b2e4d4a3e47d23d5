"""From a family to the matrices whose eigenvalues are its Hessian spectrum, as series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symrelu.errors import TruncatedTooSoon
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.linear import Matrix, inverse_matrix, product
from symrelu.exact.series import Series, dimension, monomial
from symrelu.model.reduced import ReducedPoint
from symrelu.series.lifting import Progress
from symrelu.spectrum.blocks import Block, all_copies, block, trains_second
from symrelu.spectrum.branches import eigenvalue_branches
from symrelu.spectrum.result import Eigenvalue, FamilySpectrum, ascending
from symrelu.spectrum.symmetry_zeros import rescaling_zeros, rotation_zeros, rows_independent
from symrelu.symmetry.isotypic import Copies

if TYPE_CHECKING:
    from symrelu.families import Family

SORTING_ORDER = 2  # branches are told apart, and so numbered, by their terms through t**2 at least
FIRST_GUARD, LARGEST_GUARD = 6, 26  # working orders beyond the order asked for: tried first, given up at


def reduced_matrix(point: ReducedPoint, of: Copies, first: Copies, precision: int) -> Matrix:
    """M^-1 H on one component, in representatives scaled to norm O(1), with the rescaling zeros divided out.

    With both layers trained and a kernel of degree m the direction (w_i, -m alpha_i) of each neuron is a zero of the
    Hessian at a critical point. So second-layer representatives are equal to first-layer ones over m alpha_i modulo
    these zeros, and the matrix is that of the quotient, in the first-layer representatives ``first``. Where the second
    layer is a variable of its own there is nothing to divide out.
    """
    whole = block(point, of)
    n = len(of) if point.problem.kernel.second_layer_is_free else len(first)
    scales = _scales(whole)
    hessian = [[whole.hessian[i][j].truncate(precision) for j in range(len(of))] for i in range(len(of))]
    single = len(of) == 1 and len(whole.gram[0][0].coefficients) == 1  # its inverse is exact
    gram = [[x if single else x.truncate(precision) for x in row] for row in whole.gram]
    inverse_first = inverse_matrix([row[:n] for row in gram[:n]])
    matrix = product(inverse_first, [row[:n] for row in hessian[:n]])
    if len(of) > n:
        inverse_second = inverse_matrix([row[n:] for row in gram[n:]])
        lower = product(inverse_second, [row[:n] for row in hessian[n:]])
        weights = _row_directions(point, of, first)
        matrix = [
            [x + y for x, y in zip(r, s, strict=True)] for r, s in zip(matrix, product(weights, lower), strict=True)
        ]
    return [
        [x * monomial(x.field, 1, scales[j] - scales[i], x.ramification) for j, x in enumerate(row[:n])]
        for i, row in enumerate(matrix)
    ]


def _scales(of: Block) -> list[int]:
    """The powers of t that bring the representatives to norm O(1)."""
    return [-(of.gram[i][i].valuation // 2) for i in range(len(of.copies))]


def _row_directions(point: ReducedPoint, of: Copies, first: Copies) -> Matrix:
    """For each second-layer representative (columns) the coordinates of the rows' own direction W in the
    first-layer ones.
    """
    zero = point.arithmetic.rational(0)
    names = [r.name for r in first.representatives]
    degree = point.problem.kernel.degree or 1
    columns = []
    for representative in of.representatives[len(first) :]:
        a = representative.second_orbit
        assert a is not None
        column = [zero] * len(names)
        for b, (c, delta) in enumerate(point.student.cells[a]):
            place = f"({a + 1},{b + 1})"
            for kind, value in _in_copies(of.component.kind, c, delta, names, place):
                column[names.index(kind + place)] = column[names.index(kind + place)] + value
        weight = degree * point.alpha[a]  # 1 or -1 times the degree
        columns.append(column if weight == 1 else [x / weight for x in column])
    return [list(row) for row in zip(*columns, strict=True)]


def _in_copies(kind: str, c: Series, delta: Series | None, names: list[str], place: str) -> list[tuple[str, Series]]:
    """One cell of a row, (c, delta), spread over the copies of its pair of orbits."""
    if kind == "t":
        return [("all", c)] if delta is None else [("own", c + delta), ("other", c)]
    if delta is None:
        return [("rows", c)]
    if "diagonal" + place in names:
        return [("rows", c), ("diagonal", delta)]
    half = delta / 2  # a block of size 2: the diagonal copy is half of rows and columns
    return [("rows", c + half), ("columns", half)]


def family_spectrum(family: Family, order: int, layers: int, progress: Progress | None = None) -> FamilySpectrum:
    """The spectrum of a family through t**order: all components of its actual isotropy, branches ascending for
    small t.
    """
    say = progress or (lambda message: None)
    guard = FIRST_GUARD
    while True:
        try:
            work = max(order, SORTING_ORDER)
            return _spectrum(family, order, work, layers, work + 1 + guard, say)
        except TruncatedTooSoon:
            guard += 4
            if guard > LARGEST_GUARD:
                raise


def _with_zeros(branches: list[Series], count: int, zero: Series) -> list[Series]:
    """The branches with ``count`` of those that vanish as far as they are known as exact zeros, which a symmetry says
    that they are.
    """
    vanishing = [i for i, x in enumerate(branches) if not x.coefficients]
    return [zero if i in vanishing[:count] else x for i, x in enumerate(branches)]


def _cut(x: Series, known: int) -> Series:
    return x if x.is_exact_zero else x.truncate(known)


def _spectrum(family: Family, order: int, work: int, layers: int, known: int, say: Progress) -> FamilySpectrum:
    second = trains_second(layers)
    lifted = family.lifted(known, say, family.working_bits)
    actual = family.actual
    entries = list(family.in_actual(lifted.entries))
    if lifted.known is not None:
        entries = [x.exact().truncate(known) for x in entries]
    problem = family.actual_problem
    r = lifted.ramification
    point = problem.at(SeriesArithmetic(lifted.field, r), entries, dimension(lifted.field, r))
    zero = monomial(lifted.field, 0, 0, r)
    rotated = problem.kernel.rotations and rows_independent(point, known)
    found: list[Eigenvalue] = []
    for of, first in zip(all_copies(actual.isotropy, second), all_copies(actual.isotropy, False), strict=True):
        say(f"eigenvalues of the component {of.component.name}")
        matrix = reduced_matrix(point, of, first, known)
        branches = eigenvalue_branches(matrix, work + 1)
        if rotated:
            branches = _with_zeros(branches, rotation_zeros(problem, of.component), zero)
        branches = ascending(branches + [zero] * (rescaling_zeros(problem, of.component) if second else 0))
        multiplicity = of.component.dimension(actual.isotropy)
        found += [Eigenvalue(of.component, i, multiplicity, _cut(x, order + 1)) for i, x in enumerate(branches, 1)]
    return FamilySpectrum(
        family.key, actual, layers, order, tuple(found), lifted.proof.statement(), lifted.ramification
    )
