"""The reduction process that finds eigenvalue branches, on matrices made by hand."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.errors import TruncatedTooSoon
from symrelu.exact.field import Field
from symrelu.exact.linear import inverse_matrix
from symrelu.exact.matrices import characteristic_polynomial, inverse_constant, nullspace
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.exact.square_roots import SquareRootField
from symrelu.spectrum.branches import eigenvalue_branches
from symrelu.spectrum.result import ascending

Matrix = list[list[Series]]
END = 12  # the matrices are known below t**END
SMALL = Fraction(1, 1000)


def series(*coefficients: object, valuation: int = 0, precision: int | None = END, field: Field = QPI) -> Series:
    return Series(field, valuation, coefficients, precision)


def diagonal(*values: Series) -> Matrix:
    return [[x if i == j else Series(x.field, 0, []) for j in range(len(values))] for i, x in enumerate(values)]


def product(a: Matrix, b: Matrix) -> Matrix:
    return [[sum((x * y for x, y in zip(r, c, strict=True)), r[0] * 0) for c in zip(*b, strict=True)] for r in a]


def turned(values: list[Series], change: Matrix) -> Matrix:
    """A matrix with these eigenvalues: self-adjoint for the inner product in which the columns are orthonormal."""
    return product(product(change, diagonal(*values)), inverse_matrix(change))


def shear(n: int, entries: list[list[int]]) -> Matrix:
    """Lower times upper triangular with ones on the diagonals, of entries c_0 + c_1 t: invertible at t = 0."""
    numbers = iter(entries * 2)
    low = [[series(1) if i == j else series(*next(numbers)) if j < i else series() for j in range(n)] for i in range(n)]
    up = [[series(1) if i == j else series(*next(numbers)) if j > i else series() for j in range(n)] for i in range(n)]
    return product(low, up)


FULL = [[1, 2], [0, -1], [2, 1], [1, 1], [-1, 0], [3, 2]]


def assert_same(found: list[Series], expected: list[Series], known: int) -> None:
    """Equal below t**known, in the order of size for small t."""
    assert len(found) == len(expected)
    for x, y in zip(ascending(found), ascending([y.truncate(known) for y in expected]), strict=True):
        assert x.precision == known
        assert not (x - y).coefficients, f"{x} is not {y}"


# laws -----------------------------------------------------------------------------------------------------------------


@st.composite
def branches_of_one_matrix(draw: st.DrawFn) -> list[Series]:
    """Two to four Laurent series that often share their leading terms."""
    count = draw(st.integers(2, 4))
    common = draw(st.lists(st.integers(-1, 1), min_size=4, max_size=4))
    found = []
    for _ in range(count):
        split = draw(st.integers(0, 4))
        tail = draw(st.lists(st.integers(-2, 2), min_size=4, max_size=4))
        found.append(series(*(common[:split] + tail[split:] + [draw(st.integers(-1, 1)) * QPI.pi]), valuation=-2))
    return found


@settings(max_examples=25)
@given(branches_of_one_matrix(), st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=6, max_size=6))
def test_branches_of_a_turned_diagonal_matrix(values: list[Series], entries: list[list[int]]) -> None:
    matrix = turned(values, shear(len(values), entries))
    assert_same(eigenvalue_branches(matrix, 3), values, 3)


@settings(max_examples=12)
@given(branches_of_one_matrix(), st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=6, max_size=6))
def test_branches_sum_to_the_trace_and_their_squares_to_that_of_the_square(
    values: list[Series], entries: list[list[int]]
) -> None:
    matrix = turned(values, shear(len(values), entries))
    found = eigenvalue_branches(matrix, 5)
    squared = product(matrix, matrix)
    for powers, of in ((list(found), matrix), ([x * x for x in found], squared)):
        trace = sum((of[i][i] for i in range(len(of))), series(precision=None))
        assert not (sum(powers, series(precision=None)) - trace).coefficients


# coincidences ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [0, 1, 2, 3, 5])
def test_branches_that_split_at_a_later_order(order: int) -> None:
    same = [1, QPI.pi, -2, 0, 5][:order]
    values = [series(*same, 1), series(*same, 2), series(*same, 2, *[0] * 1, 1)]
    assert_same(eigenvalue_branches(turned(values, shear(3, FULL)), 8), values, 8)


def test_one_pole_and_two_branches_of_order_one() -> None:
    values = [series(1, 0, 3, valuation=-2), series(1, 0, 4, valuation=-2), series(7)]
    assert_same(eigenvalue_branches(turned(values, shear(3, FULL)), 4), values, 4)


def test_branches_that_agree_for_ever_are_given_as_far_as_they_are_known() -> None:
    values = [series(1, 1), series(1, 1), series(2)]
    assert_same(eigenvalue_branches(turned(values, shear(3, FULL)), 6), values, 6)


def test_branches_that_are_not_told_apart_where_the_matrix_is_known() -> None:
    matrix = [[x.truncate(4) for x in row] for row in turned([series(1, 1), series(1, 1), series(2)], shear(3, FULL))]
    with pytest.raises(TruncatedTooSoon):
        eigenvalue_branches(matrix, 6)
    with pytest.raises(TruncatedTooSoon, match="known below"):
        eigenvalue_branches([[series(1, precision=2)]], 3)


def test_zero_branches() -> None:
    values = [series(), series(), series(0, 0, 1)]
    assert_same(eigenvalue_branches(turned(values, shear(3, FULL)), 5), values, 5)
    exact = Series(QPI, 0, [])
    found = eigenvalue_branches([[exact, exact], [exact, exact]], 3)
    assert [(x.coefficients, x.precision) for x in found] == [((), 3), ((), 3)]


def test_exact_entries() -> None:
    """[[0, t], [t, 1]]: the roots of x (x - 1) = t^2."""
    entries = [[Series(QPI, 0, []), Series(QPI, 1, [1])], [Series(QPI, 1, [1]), Series(QPI, 0, [1])]]
    small, large = ascending(eigenvalue_branches(entries, 7))
    assert small == Series(QPI, 2, [-1, 0, 1, 0, -2], 7)
    assert large == Series(QPI, 0, [1, 0, 1, 0, -1, 0, 2], 7)


# the coefficient field ------------------------------------------------------------------------------------------------


def test_a_square_root_at_leading_order() -> None:
    """Eigenvalues (1 -+ sqrt 5)/2."""
    found = ascending(eigenvalue_branches([[series(0), series(1)], [series(1), series(1)]], 4))
    for x, sign in zip(found, (-1, 1), strict=True):
        assert not (x * x - x - 1).coefficients
        assert x.field.sign(x.leading) == sign


def test_a_square_root_at_a_later_order() -> None:
    """1 + t (1 -+ sqrt(1 + 4 pi))/2, exactly."""
    matrix = [[series(1), series(0, 1)], [series(0, QPI.pi), series(1, 1)]]
    for x in eigenvalue_branches(matrix, 6):
        y = x - 1
        assert y.valuation == 1 and isinstance(x.field, SquareRootField)
        assert not (y * y - y * series(0, 1) - series(0, 0, QPI.pi)).coefficients


def test_one_square_root_inside_another() -> None:
    """The squares of the four eigenvalues are 2 -+ sqrt 2."""
    zero, one = series(), series(1)
    matrix = [[zero, one, zero, zero], [one, zero, one, zero], [zero, one, zero, zero], [zero, zero, zero, zero]]
    assert [str(x) for x in ascending(eigenvalue_branches(matrix, 1))] == [
        "-sqrt(2) + O(t)",
        "O(t)",
        "O(t)",
        "sqrt(2) + O(t)",
    ]
    field = SquareRootField(QPI, QPI(2))
    inner = [[series(field=field), series(1, field=field)], [series(2 + field.root, field=field), series(field=field)]]
    for x in eigenvalue_branches(inner, 2):
        assert not ((x * x - 2) * (x * x - 2) - 2).coefficients


def test_the_same_square_root_from_two_sides() -> None:
    block = [[series(0), series(0, 1)], [series(0, 1), series(0, 1)]]
    zero = series()
    matrix = [
        [block[0][0] + 1, block[0][1], zero, zero],
        [block[1][0], block[1][1] + 1, zero, zero],
        [zero, zero, block[0][0] + 2, block[0][1]],
        [zero, zero, block[1][0], block[1][1] + 2],
    ]
    found = ascending(eigenvalue_branches(matrix, 3))
    differences = [found[i + 2] - found[i] for i in range(2)]
    assert all(not (x - 1).coefficients for x in differences)


def test_different_square_roots_on_two_sides() -> None:
    """1 + t (1 -+ sqrt 5)/2 and 2 + t (1 -+ sqrt 2): comparing them needs both roots at once."""
    zero, t = series(), series(0, 1)
    matrix = [
        [series(1), t, zero, zero],
        [t, series(1, 1), zero, zero],
        [zero, zero, series(2), t],
        [zero, zero, t, series(2, 2)],
    ]
    found = ascending(eigenvalue_branches(matrix, 3))
    assert [x[0] for x in found] == [1, 1, 2, 2]
    assert [x.field.sign(x[1]) for x in found] == [-1, 1, -1, 1]
    assert not (sum(found[1:], found[0]) - series(6, 3)).coefficients


# what is not self-adjoint ---------------------------------------------------------------------------------------------


def test_jordan_block_beside_another_eigenvalue_is_refused() -> None:
    matrix = [[series(1), series(1), series()], [series(), series(1), series()], [series(), series(), series(2)]]
    with pytest.raises(ArithmeticError, match="not diagonalisable"):
        eigenvalue_branches(matrix, 3)


def test_jordan_block_alone_is_refused() -> None:
    for corner in (series(0), series(0, 1)):
        with pytest.raises(ArithmeticError, match="not diagonalisable"):
            eigenvalue_branches([[series(1), series(1)], [corner, series(1)]], 3)


# constant matrices ----------------------------------------------------------------------------------------------------

matrices = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(-4, 4), min_size=n, max_size=n), min_size=n, max_size=n)
)


@settings(max_examples=60)
@given(matrices)
def test_characteristic_polynomial_nullspace_and_inverse(rows: list[list[int]]) -> None:
    n = len(rows)
    matrix = [[QPI(x) for x in row] for row in rows]
    poly = characteristic_polynomial(QPI, matrix)
    assert len(poly) == n + 1 and poly[-1] == 1
    assert poly[-2] == -sum(rows[i][i] for i in range(n))
    for x in range(-n, n + 1):  # det(x - A), by the definition of the determinant
        shifted = [[(x if i == j else 0) - rows[i][j] for j in range(n)] for i in range(n)]
        assert sum((c * x**i for i, c in enumerate(poly)), QPI.zero) == determinant(shifted)
    kernel = nullspace(QPI, matrix)
    for v in kernel:
        assert any(v) and not any(sum((a * b for a, b in zip(row, v, strict=True)), QPI.zero) for row in matrix)
    assert bool(kernel) == (determinant(rows) == 0)
    if not kernel:
        inverse = inverse_constant(QPI, matrix)
        for i in range(n):
            for j in range(n):
                assert sum((matrix[i][m] * inverse[m][j] for m in range(n)), QPI.zero) == (1 if i == j else 0)


def determinant(rows: list[list[int]]) -> int:
    if not rows:
        return 1
    return sum(
        (-1) ** j * x * determinant([row[:j] + row[j + 1 :] for row in rows[1:]]) for j, x in enumerate(rows[0]) if x
    )
