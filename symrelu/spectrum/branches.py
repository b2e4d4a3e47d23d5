"""Eigenvalue branches of an isotypic block along a family, as exact Laurent series in t.

The block is a matrix N = M^-1 H over Laurent series, self-adjoint for the inner product M. Rellich's theorem says
that its eigenvalues are Laurent series in t themselves,
also where they coincide at leading order; only the coefficient field may grow: by square roots for all branches at
once, by roots of polynomials of higher degree for each branch on its own. The reduction process makes that
constructive:

1. The leading matrix N_v (of t**v) is diagonalisable; take the roots mu of its characteristic polynomial, exactly.
2. Split: for each mu the invariant subspace of N that starts as mu's eigenspace is the graph of a matrix Y(t) = O(t),
which solves
   N_21 + N_22 Y - Y N_11 - Y N_12 Y = 0 (regular, since the other leading eigenvalues differ from mu); N acts on
   it as N_11 + N_12 Y.
3. That smaller matrix is mu t**v + (higher order); subtract and go on, until the blocks have size 1.

No numerical clustering anywhere: coincidences are equalities of exact numbers.
"""

from __future__ import annotations

from collections.abc import Sequence

from symrelu.errors import TruncatedTooSoon
from symrelu.exact.algebraic import AlgebraicField
from symrelu.exact.field import Element, Field
from symrelu.exact.linear import Matrix, product
from symrelu.exact.matrices import Constant, characteristic_polynomial, image, inverse_constant, nullspace
from symrelu.exact.roots import Root, roots
from symrelu.exact.series import Series, monomial


def eigenvalue_branches(matrix: Matrix, known: int) -> list[Series]:
    """The eigenvalues of a square matrix over Laurent series, right below t**known, each as often as it occurs.

    The matrix must be self-adjoint for some inner product that is positive definite for small t > 0. Raises
    TruncatedTooSoon if the entries are not known far enough to tell the
    branches apart; Undecided if a polynomial would have to be factored that is too large for it.
    """
    return [x.truncate(known) for x in _split(matrix, known)]


def _split(matrix: Matrix, known: int) -> list[Series]:
    n = len(matrix)
    if n == 1:
        if matrix[0][0].precision is not None and matrix[0][0].precision < known:
            raise TruncatedTooSoon(f"an eigenvalue is known below t**{matrix[0][0].precision} only, not t**{known}")
        return [matrix[0][0]]
    entries = [x for row in matrix for x in row]
    precision = min((x.precision for x in entries if x.precision is not None), default=known)
    valuation = min((x.valuation for x in entries if x.coefficients), default=precision)
    if valuation >= min(precision, known):
        if precision < known:
            raise TruncatedTooSoon(f"{n} eigenvalues agree as far as they are known, below t**{precision}")
        return [matrix[i][i].truncate(known) for i in range(n)]  # all of them O(t**known) here
    field = entries[0].field
    leading = [[x[valuation] for x in row] for row in matrix]
    found = roots(field, characteristic_polynomial(field, leading))
    if len(found) == 1:
        return _split_further(matrix, leading, found[0].value, valuation, known)
    by_field: dict[int, list[Root]] = {}
    for root in found:
        by_field.setdefault(id(root.field), []).append(root)
    branches: list[Series] = []
    for together in by_field.values():
        copy = _conjugate(branches, together[0])
        branches += [copy] if copy else _branches_over(matrix, leading, together, valuation, precision, known)
    return branches


def _conjugate(branches: Sequence[Series], root: Root) -> Series | None:
    """The branch of a simple root of degree 3 or more, if that of a conjugate root is there: only the generator
    differs, since sums, products, inverses and zero tests do not depend on which of the roots it is.
    """
    field = root.field
    if isinstance(field, AlgebraicField) and root.multiplicity == 1 and root.value is field.root:
        for x in branches:
            if field.is_conjugate(x.field):
                cs = [field.from_coordinates(c.coordinates) for c in x.coefficients]
                return Series.make(field, x.valuation, cs, x.precision, x.ramification)
    return None


def _split_further(matrix: Matrix, leading: Constant, mu: Element, valuation: int, known: int) -> list[Series]:
    """The branches where the leading matrix has one eigenvalue mu alone: mu t**valuation and what the rest adds."""
    if any(c != (mu if i == j else 0) for i, row in enumerate(leading) for j, c in enumerate(row)):
        raise ArithmeticError(
            "the leading matrix is not diagonalisable: the block is not self-adjoint; this is a bug, please report it"
        )
    shift = monomial(matrix[0][0].field, mu, valuation, matrix[0][0].ramification)
    rest = [[x - shift if i == j else x for j, x in enumerate(row)] for i, row in enumerate(matrix)]
    return [x + shift for x in _split(rest, known)]


def _branches_over(
    matrix: Matrix, leading: Constant, found: Sequence[Root], valuation: int, precision: int, known: int
) -> list[Series]:
    """The branches that start at the given eigenvalues of the leading matrix, all in one field."""
    field, n = found[0].field, len(matrix)
    if field is not matrix[0][0].field:
        matrix = [[x.over(field) for x in row] for row in matrix]
        leading = [[field(c) for c in row] for row in leading]
    shifted = [
        [[c - r.value if i == j else c for j, c in enumerate(row)] for i, row in enumerate(leading)] for r in found
    ]
    spaces = [nullspace(field, a) for a in shifted]
    if any(len(space) != r.multiplicity for space, r in zip(spaces, found, strict=True)):
        raise ArithmeticError(
            "the leading matrix is not diagonalisable: the block is not self-adjoint; this is a bug, please report it"
        )
    complete = sum(map(len, spaces)) == n
    branches: list[Series] = []
    for number, root in enumerate(found):
        # the other eigenspaces complete a basis; where they lie in other fields, the image of A - mu does
        others = (
            [v for other, space in enumerate(spaces) if other != number for v in space]
            if complete
            else image(field, shifted[number])
        )
        basis = spaces[number] + others
        branches += _split(_restrict(field, matrix, basis, root.multiplicity, root.value, valuation, precision), known)
    return branches


def _restrict(
    field: Field, matrix: Matrix, basis: Constant, size: int, mu: Element, valuation: int, precision: int
) -> Matrix:
    """The matrix on the invariant subspace that starts as the span of the first ``size`` basis vectors,
    eigenvectors for mu.
    """
    n = len(matrix)
    columns = [[basis[j][i] for j in range(n)] for i in range(n)]
    inverse = inverse_constant(field, columns)
    moved = _times_constant(_constant_times(inverse, matrix), columns)
    n11, n12 = [row[:size] for row in moved[:size]], [row[size:] for row in moved[:size]]
    n21, n22 = [row[:size] for row in moved[size:]], [row[size:] for row in moved[size:]]
    others = [[x[valuation] - mu if i == j else x[valuation] for j, x in enumerate(row)] for i, row in enumerate(n22)]
    solver = inverse_constant(field, others)
    ramification = matrix[0][0].ramification
    zero = monomial(field, 0, 0, ramification)
    y: Matrix = [[zero] * size for _ in range(n - size)]
    for order in range(valuation + 1, precision):
        # all below t**order holds already; the correction of Y at t**(order - valuation) mends t**order
        cut = [[[x.truncate(order + 1) for x in row] for row in part] for part in (n11, n12, n21, n22)]
        residual = _minus(_plus(cut[2], product(cut[3], y)), product(y, _plus(cut[0], product(cut[1], y))))
        step = _constant_times(
            solver, [[monomial(field, x[order], order - valuation, ramification) for x in row] for row in residual]
        )
        y = [[a - b for a, b in zip(r, s, strict=True)] for r, s in zip(y, step, strict=True)]
    end = precision - valuation
    y = [[x.truncate(end) for x in row] for row in y]
    return _plus(n11, product(n12, y))


def _constant_times(a: Constant, b: Matrix) -> Matrix:
    return [[_combine(row, column) for column in zip(*b, strict=True)] for row in a]


def _times_constant(a: Matrix, b: Constant) -> Matrix:
    return [[_combine(column, row) for column in zip(*b, strict=True)] for row in a]


def _combine(constants: Sequence[Element], series: Sequence[Series]) -> Series:
    total = series[0] * 0
    for c, x in zip(constants, series, strict=True):
        if c:
            total = total + x * c
    return total


def _plus(a: Matrix, b: Matrix) -> Matrix:
    return [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]


def _minus(a: Matrix, b: Matrix) -> Matrix:
    return [[x - y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]
