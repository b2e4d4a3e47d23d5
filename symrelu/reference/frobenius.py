"""The squared Frobenius norm of the Hessian at a point of Fix(Delta(S_n1 x ... x S_nr)), by counting orbits of rows.

The Hessian is made of blocks, one a pair of rows, each a combination of I and dyads of two or three vectors (see
`hessian`). With a the unit vector of w_i, n_j that of v_j's part orthogonal to w_i, psi = pi - theta, and the sum over
all other rows v_j of the student (plus) and the rows of the teacher (minus),

    2 pi H_ii = pi I + sum_j c_j (I - a a^T + n_j n_j^T),     c_j = +-(|v_j| / |w_i|) sin(theta_j),
    2 pi H_ij = sin(theta) (a b^T + n m^T) + psi I,           tr(a b^T + n m^T) = cos(theta) - cos(theta) = 0,

so the squared norms of the blocks are sums over pairs and triples of rows of functions of their Gram entries:

    4 pi^2 |H_ii|^2 = pi^2 d + 2 pi d sum_j c_j + sum_jk c_j c_k (d + 1 + <n_j, n_k>^2),
    4 pi^2 |H_ij|^2 = 2 sin(theta)^2 + d psi^2.

Under the group these fall into finitely many classes, whose sizes are falling factorials of the n's: the result is an
expression in the Gram entries and the n's, for any scalars (numbers, polynomials, expressions) and any n's. It needs no
eigenvalues, no representation theory and no critical point; rows must not be parallel.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

Scalar = Any


class Row(NamedTuple):
    """A row of the student or of the teacher V = I: its block, and its number within the block, from 0."""

    teacher: bool
    block: int
    number: int


class Angle(NamedTuple):
    """What is needed of the angle of two rows: cosine, sine, 1/sine, and pi minus the angle."""

    cosine: Scalar
    sine: Scalar
    inverse_sine: Scalar
    supplement: Scalar


class Point(NamedTuple):
    """A point of the fixed space: the sizes of the blocks, and functions that give (|w|, 1/|w|) of a row and the angle
    of two different rows of which at most one is the teacher's; pi as a scalar.
    """

    sizes: Sequence[Scalar]
    norm: Callable[[Row], tuple[Scalar, Scalar]]
    angle: Callable[[Row, Row], Angle]
    pi: Scalar


def inner(sizes: Sequence[Scalar], own: Sequence[Scalar], other: Sequence[Sequence[Scalar]], x: Row, y: Row) -> Scalar:
    """The inner product of two rows, column by column.

    A row of block b of the student has the entry own[b] in its own column, and other[b][c] in the other columns of
    block c.
    """

    def entry(row: Row, block: int, number: int) -> Scalar:
        diagonal = (row.block, row.number) == (block, number)
        if row.teacher:
            return int(diagonal)
        return own[row.block] if diagonal else other[row.block][block]

    total: Scalar = 0
    for (block, number), count in _places(sizes, [x, y]):
        total += count * entry(x, block, number) * entry(y, block, number)
    return total


def squared_norm(point: Point, layers: int = 2) -> Scalar:
    """4 pi^2 times the squared Frobenius norm of the Hessian, of both layers at alpha = 1 (2) or of the first alone."""
    d = sum(point.sizes)
    total: Scalar = 0
    for block, size in enumerate(point.sizes):
        row = Row(False, block, 0)
        of_row = _diagonal_block(point, row, d)
        for other, count, _ in _partners(point.sizes, [row], row):
            if not other.teacher:
                angle = point.angle(row, other)
                of_row += count * (2 * angle.sine**2 + d * angle.supplement**2)
        if layers == 2:
            of_row += _second_layer(point, row)
        total += size * of_row
    return total


def _diagonal_block(point: Point, row: Row, d: Scalar) -> Scalar:
    """4 pi^2 |H_ii|^2."""
    total = point.pi**2 * d
    for x, count, sign in _partners(point.sizes, [row], row):
        with_x, factor_x = point.angle(row, x), sign * _ratio(point, x, row)
        total += 2 * point.pi * d * count * factor_x * with_x.sine
        for y, count_y, sign_y in _partners(point.sizes, [row, x], row):
            with_y, factor_y = point.angle(row, y), sign_y * _ratio(point, y, row)
            # sin sin <n_x, n_y>, whose square takes 1/(sin sin) once
            overlap = _cosine(point, x, y) - with_x.cosine * with_y.cosine
            value = (d + 1) * with_x.sine * with_y.sine + overlap**2 * with_x.inverse_sine * with_y.inverse_sine
            total += count * count_y * factor_x * factor_y * value
    return total


def _second_layer(point: Point, row: Row) -> Scalar:
    """4 pi^2 times the squared norms of one row's mixed blocks, on both sides of the diagonal, and entries in alpha.

    2 pi d2L/dw_i dalpha_j = |w_j| sin(theta) a + psi w_j; for j = i it is twice pi w_i plus the gradient's sum of such
    terms; 2 pi d2L/dalpha_i dalpha_j = |w_i| |w_j| (sin(theta) + psi cos(theta)), and pi |w_i|^2 for j = i.
    """
    length, inverse = point.norm(row)
    along: Scalar = 2 * point.pi * length  # the coefficient of a in the vector of j = i
    pulls = []
    total = (point.pi * length**2) ** 2
    for x, count, sign in _partners(point.sizes, [row], row):
        angle, length_x = point.angle(row, x), point.norm(x)[0]
        along += count * sign * length_x * angle.sine
        pulls.append((x, count, sign * length_x * angle.supplement))
        if not x.teacher:
            mixed = angle.sine**2 + angle.supplement**2 + 2 * angle.sine * angle.supplement * angle.cosine
            total += count * length_x**2 * (2 * mixed + length**2 * (angle.sine + angle.supplement * angle.cosine) ** 2)
    total += 2 * along**2
    for x, count, pull in pulls:
        total += 4 * count * along * pull * point.angle(row, x).cosine
        for y, count_y, sign_y in _partners(point.sizes, [row, x], row):
            pull_y = sign_y * point.norm(y)[0] * point.angle(row, y).supplement
            total += 2 * count * count_y * pull * pull_y * _cosine(point, x, y)
    return total


def _partners(sizes: Sequence[Scalar], known: Sequence[Row], row: Row) -> Iterator[tuple[Row, Scalar, int]]:
    """One row of each class relative to the known rows, how many there are, and its sign in the loss; never row."""
    for teacher, sign in ((False, 1), (True, -1)):
        for (block, number), count in _places(sizes, known):
            if (found := Row(teacher, block, number)) != row:
                yield found, count, sign


def _places(sizes: Sequence[Scalar], known: Sequence[Row]) -> Iterator[tuple[tuple[int, int], Scalar]]:
    """The (block, number) that known rows have, once each, and for each block a new number with how many are left."""
    for block, size in enumerate(sizes):
        numbers = sorted({x.number for x in known if x.block == block})
        for number in numbers:
            yield (block, number), 1
        left = size - len(numbers)
        if left != 0:
            yield (block, max(numbers, default=-1) + 1), left


def _ratio(point: Point, x: Row, row: Row) -> Scalar:
    return point.norm(x)[0] * point.norm(row)[1]


def _cosine(point: Point, x: Row, y: Row) -> Scalar:
    if x == y:
        return 1
    if x.teacher and y.teacher:
        return 0
    return point.angle(x, y).cosine
