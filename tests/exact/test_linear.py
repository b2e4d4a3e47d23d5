"""Inverses of matrices of Laurent series: right as far as they claim to be known."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.errors import NotRegular
from symrelu.exact.linear import apply, inverse_matrix
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial

NUMBERS = [QPI(0), QPI(1), QPI(-1), QPI(2), QPI.pi, 1 / QPI.pi, 2 - QPI.pi]
coefficients = st.sampled_from(NUMBERS)


@st.composite
def entries(draw: st.DrawFn) -> Series:
    valuation, cs = draw(st.integers(-2, 1)), draw(st.lists(coefficients, max_size=5))
    return Series(QPI, valuation, cs, valuation + 5)


@st.composite
def matrices(draw: st.DrawFn) -> list[list[Series]]:
    n = draw(st.integers(1, 3))
    return [[draw(entries()) for _ in range(n)] for _ in range(n)]


def inverse_or_reject(matrix: list[list[Series]]) -> list[list[Series]]:
    try:
        return inverse_matrix(matrix)
    except NotRegular:
        assume(False)
        raise


def agree(x: Series, y: Series) -> bool:
    """Equal as far as both are known."""
    return not (x - y).coefficients


@given(matrix=matrices())
@settings(max_examples=40)
def test_inverse_times_matrix_is_one(matrix: list[list[Series]]) -> None:
    inverse = inverse_or_reject(matrix)
    n = len(matrix)
    for i in range(n):
        column = apply(inverse, [row[i] for row in matrix])
        assert all(agree(column[j], monomial(QPI, int(i == j), 0)) for j in range(n))


@given(matrix=matrices(), data=st.data())
@settings(max_examples=40)
def test_the_unknown_tail_never_shows(matrix: list[list[Series]], data: st.DataObject) -> None:
    inverse = inverse_or_reject(matrix)

    def with_tail(x: Series) -> Series:
        tail = data.draw(st.lists(coefficients, min_size=3, max_size=3))
        return x.exact() + Series(QPI, x.precision or 0, tail, (x.precision or 0) + 3)

    moved = inverse_matrix([[with_tail(x) for x in row] for row in matrix])
    for claimed_row, moved_row in zip(inverse, moved, strict=True):
        for claimed, actual in zip(claimed_row, moved_row, strict=True):
            assert actual.truncate(claimed.precision) == claimed


def test_pivots_are_chosen_by_valuation() -> None:
    """[[t**3, 1], [1, t**3]]: dividing by t**3 first would cost six orders of what is known."""
    small, one = Series(QPI, 3, [1], 8), Series(QPI, 0, [1], 8)
    inverse = inverse_matrix([[small, one], [one, small]])
    assert min(x.precision or 0 for row in inverse for x in row) == 8


@pytest.mark.parametrize("corner", [Series(QPI, 0, [4], 6), Series(QPI, 0, [4])], ids=["as far as known", "exactly"])
def test_singular_matrices_are_refused(corner: Series) -> None:
    rows: list[list[Any]] = [[1, 2], [2, corner]]
    with pytest.raises(NotRegular):
        inverse_matrix([[x if isinstance(x, Series) else monomial(QPI, x, 0) for x in row] for row in rows])


def test_the_empty_matrix_is_its_own_inverse() -> None:
    assert inverse_matrix([]) == []
