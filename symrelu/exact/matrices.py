"""Linear algebra over a coefficient field: small matrices of exact numbers."""

from __future__ import annotations

from symrelu.exact.field import Element, Field
from symrelu.exact.univariate import Poly

Constant = list[list[Element]]  # a matrix over the coefficient field


def characteristic_polynomial(field: Field, matrix: Constant) -> Poly:
    """det(x - A), constant term first, by Faddeev and LeVerrier."""
    n = len(matrix)
    coefficients = [field.one]
    power: Constant = [[field.zero] * n for _ in range(n)]
    for k in range(1, n + 1):
        power = [
            [c + coefficients[-1] if i == j else c for j, c in enumerate(row)]
            for i, row in enumerate(product(field, matrix, power))
        ]
        trace = field.zero
        for i in range(n):
            trace = trace + field.dot(matrix[i], [row[i] for row in power])
        coefficients.append(-(trace / k))
    return coefficients[::-1]


def product(field: Field, a: Constant, b: Constant) -> Constant:
    """a b."""
    transposed = [list(column) for column in zip(*b, strict=True)]
    return [[field.dot(row, column) for column in transposed] for row in a]


def _echelon(field: Field, matrix: Constant) -> tuple[Constant, list[int]]:
    """The reduced rows and the columns of their pivots."""
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
    return rows, pivots


def image(field: Field, matrix: Constant) -> Constant:
    """A basis of the vectors A v: the columns of A that hold pivots."""
    return [[row[c] for row in matrix] for c in _echelon(field, matrix)[1]]


def nullspace(field: Field, matrix: Constant) -> Constant:
    """A basis of the vectors v with A v = 0."""
    n = len(matrix[0])
    rows, pivots = _echelon(field, matrix)
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
