"""Eigenvalue branches of an isotypic block along a family, as exact Laurent series in t.

The block is a matrix N = M^-1 H over Laurent series, self-adjoint for the inner product M. Rellich's theorem says
that its eigenvalues are Laurent series in t themselves,
also where they coincide at leading order; only the coefficient field may grow. The reduction process makes that
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
from symrelu.exact.field import Element, Field
from symrelu.exact.linear import Matrix
from symrelu.exact.roots import Poly, roots
from symrelu.exact.series import Series, monomial

Constant = list[list[Element]]  # a matrix over the coefficient field


def eigenvalue_branches(matrix: Matrix, known: int) -> list[Series]:
    """The eigenvalues of a square matrix over Laurent series, right below t**known, each as often as it occurs.

    The matrix must be self-adjoint for some inner product that is positive definite for small t > 0. Raises
    TruncatedTooSoon if the entries are not known far enough to tell the
    branches apart; Undecided if a leading coefficient has no square-root form.
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
    larger, found = roots(field, characteristic_polynomial(field, leading))
    if larger is not field:
        matrix = [[x.over(larger) for x in row] for row in matrix]
        leading = [[larger(c) for c in row] for row in leading]
        field = larger
    if len(found) == 1:
        ((mu, _),) = found
        if any(c != (mu if i == j else 0) for i, row in enumerate(leading) for j, c in enumerate(row)):
            raise ArithmeticError(
                "the leading matrix is not diagonalisable: the block is not self-adjoint; this is a bug, please report"
            )
        shift = monomial(field, mu, valuation)
        rest = [[x - shift if i == j else x for j, x in enumerate(row)] for i, row in enumerate(matrix)]
        return [x + shift for x in _split(rest, known)]
    branches: list[Series] = []
    spaces = [
        nullspace(field, [[c - mu if i == j else c for j, c in enumerate(row)] for i, row in enumerate(leading)])
        for mu, _ in found
    ]
    for number, (mu, multiplicity) in enumerate(found):
        if len(spaces[number]) != multiplicity:
            raise ArithmeticError(
                "the leading matrix is not diagonalisable: the block is not self-adjoint; this is a bug, please "
                "report it"
            )
        basis = spaces[number] + [v for other, space in enumerate(spaces) if other != number for v in space]
        branches += _split(_restrict(field, matrix, basis, multiplicity, mu, valuation, precision), known)
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
    zero = monomial(field, 0, 0)
    y: Matrix = [[zero] * size for _ in range(n - size)]
    for order in range(valuation + 1, precision):
        # all below t**order holds already; the correction of Y at t**(order - valuation) mends t**order
        cut = [[[x.truncate(order + 1) for x in row] for row in part] for part in (n11, n12, n21, n22)]
        residual = _plus(_plus(cut[2], _times(cut[3], y)), _times(_times(y, _plus(cut[0], _times(cut[1], y))), -1))
        step = _constant_times(
            solver, [[monomial(field, x[order], order - valuation) for x in row] for row in residual]
        )
        y = [[a - b for a, b in zip(r, s, strict=True)] for r, s in zip(y, step, strict=True)]
    end = precision - valuation
    y = [[x.truncate(end) for x in row] for row in y]
    return _plus(n11, _times(n12, y))


def characteristic_polynomial(field: Field, matrix: Constant) -> Poly:
    """det(x - A), constant term first, by Faddeev and LeVerrier."""
    n = len(matrix)
    coefficients = [field.one]
    power: Constant = [[field.zero] * n for _ in range(n)]
    for k in range(1, n + 1):
        power = [
            [c + coefficients[-1] if i == j else c for j, c in enumerate(row)]
            for i, row in enumerate(_product(field, matrix, power))
        ]
        trace = field.zero
        for i in range(n):
            trace = trace + field.dot(matrix[i], [row[i] for row in power])
        coefficients.append(-(trace / k))
    return coefficients[::-1]


def _product(field: Field, a: Constant, b: Constant) -> Constant:
    transposed = [list(column) for column in zip(*b, strict=True)]
    return [[field.dot(row, column) for column in transposed] for row in a]


def nullspace(field: Field, matrix: Constant) -> Constant:
    """A basis of the vectors v with A v = 0."""
    rows, n = [list(row) for row in matrix], len(matrix[0])
    pivots: list[int] = []
    for c in range(n):
        r = len(pivots)
        pivot = next((i for i in range(r, len(rows)) if rows[i][c]), None)
        if pivot is None:
            continue
        rows[r], rows[pivot] = rows[pivot], rows[r]
        inverse = field.inverse(rows[r][c])
        rows[r] = [x * inverse for x in rows[r]]
        for i in range(len(rows)):
            if i != r and rows[i][c]:
                factor = rows[i][c]
                rows[i] = [x - factor * y for x, y in zip(rows[i], rows[r], strict=True)]
        pivots.append(c)
    basis = []
    for free in (c for c in range(n) if c not in pivots):
        vector = [field.zero] * n
        vector[free] = field.one
        for r, c in enumerate(pivots):
            vector[c] = -rows[r][free]
        basis.append(vector)
    return basis


def inverse_constant(field: Field, matrix: Constant) -> Constant:
    """The inverse of a regular matrix over the field."""
    n = len(matrix)
    extended = [[*row, *(field.one if i == j else field.zero for j in range(n))] for i, row in enumerate(matrix)]
    for c in range(n):
        pivot = next(i for i in range(c, n) if extended[i][c])
        extended[c], extended[pivot] = extended[pivot], extended[c]
        inverse = field.inverse(extended[c][c])
        extended[c] = [x * inverse for x in extended[c]]
        for i in range(n):
            if i != c and extended[i][c]:
                factor = extended[i][c]
                extended[i] = [x - factor * y for x, y in zip(extended[i], extended[c], strict=True)]
    return [row[n:] for row in extended]


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


def _times(a: Matrix, b: Matrix | int) -> Matrix:
    if isinstance(b, int):
        return [[x * b for x in row] for row in a]
    if not a or not b:
        return [[] for _ in a]
    product: Matrix = []
    for row in a:
        line = []
        for column in zip(*b, strict=True):
            total = row[0] * column[0]
            for x, y in zip(row[1:], column[1:], strict=True):
                total = total + x * y
            line.append(total)
        product.append(line)
    return product


def _plus(a: Matrix, b: Matrix) -> Matrix:
    return [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(a, b, strict=True)]
