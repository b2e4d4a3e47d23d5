"""Linear algebra over Laurent series: inverses of small matrices, pivoting on valuations, and products."""

from __future__ import annotations

from collections.abc import Sequence

from symrelu.errors import NotRegular
from symrelu.exact.series import Series

Matrix = list[list[Series]]


def inverse_matrix(matrix: Sequence[Sequence[Series]]) -> Matrix:
    """The inverse of a square matrix of truncated series, as far as it is known.

    Raises NotRegular if a column has no entry with a known leading term to pivot on.
    """
    n = len(matrix)
    if not n:
        return []
    one, zero = matrix[0][0] * 0 + 1, matrix[0][0] * 0
    work = [[*row, *(one if i == j else zero for j in range(n))] for i, row in enumerate(matrix)]
    for c in range(n):
        candidates = [i for i in range(c, n) if work[i][c].coefficients]
        if not candidates:
            raise NotRegular(
                f"the Jacobian along the family is singular as far as it is known (column {c + 1}): the family "
                "is not isolated here"
            )
        pivot = min(candidates, key=lambda i: work[i][c].valuation)
        work[c], work[pivot] = work[pivot], work[c]
        scale = work[c][c].inverse()
        work[c] = [*work[c][: c + 1], *(x * scale for x in work[c][c + 1 :])]
        for i in range(n):
            if i == c or work[i][c].is_exact_zero:
                continue
            factor = work[i][c]
            work[i] = [
                *work[i][: c + 1],
                *(x - factor * y for x, y in zip(work[i][c + 1 :], work[c][c + 1 :], strict=True)),
            ]
    return [row[n:] for row in work]


def apply(matrix: Sequence[Sequence[Series]], vector: Sequence[Series]) -> list[Series]:
    """matrix * vector."""
    return [_dot(row, vector) for row in matrix]


def product(a: Sequence[Sequence[Series]], b: Sequence[Sequence[Series]]) -> Matrix:
    """The product of two matrices."""
    columns = list(zip(*b, strict=True))
    return [[_dot(row, column) for column in columns] for row in a]


def _dot(xs: Sequence[Series], ys: Sequence[Series]) -> Series:
    total = xs[0] * ys[0]
    for x, y in zip(xs[1:], ys[1:], strict=True):
        total = total + x * y
    return total
