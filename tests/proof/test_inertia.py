"""Signs of pivots: exact inertia where balls decide it, a refusal where they do not."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from hypothesis import assume, given
from hypothesis import strategies as st

from symrelu.errors import Undecided
from symrelu.proof.inertia import UndecidedBlock, negative_pivots, pivots
from symrelu.symmetry.isotypic import Component

T = Component("t")
entries = st.integers(-4, 4)


@st.composite
def symmetric(draw: st.DrawFn) -> list[list[int]]:
    n = draw(st.integers(1, 5))
    upper = {(i, j): draw(entries) for i in range(n) for j in range(i, n)}
    return [[upper[min(i, j), max(i, j)] for j in range(n)] for i in range(n)]


@given(symmetric())
def test_the_index_is_that_of_the_eigenvalues(matrix: list[list[int]]) -> None:
    """Sylvester's law, against numpy's eigenvalues of well-conditioned integer matrices."""
    values = np.linalg.eigvalsh(np.array(matrix, dtype=float))
    assume(min(abs(values)) > 1e-6)
    balls = [[arb(x) for x in row] for row in matrix]
    try:
        negative = negative_pivots(balls, T)
    except UndecidedBlock:  # a zero diagonal needs pivots of size 2, which are not taken: refused, never wrong
        return
    assert negative == sum(values < 0)


def test_a_positive_definite_matrix_is_never_refused() -> None:
    rng = np.random.default_rng(1)
    for n in range(1, 7):
        a = rng.integers(-5, 6, (n, n))
        matrix = a @ a.T + np.eye(n, dtype=int)
        assert negative_pivots([[arb(int(x)) for x in row] for row in matrix], T) == 0


def test_what_a_ball_hides_is_not_decided() -> None:
    """The second pivot of [[1, 1], [1, 1 + x]] is x; with x = 0 +- 1e-9 nothing is claimed."""
    hidden = [[arb(1), arb(1)], [arb(1), arb(1) + arb(0, 1e-9)]]
    with pytest.raises(UndecidedBlock) as error:
        negative_pivots(hidden, T)
    assert error.value.component == T
    assert isinstance(error.value, Undecided)
    left: list[arb] = []
    found = pivots(hidden, left=left)
    assert len(found) == 2 and len(left) == 1 and left[0].contains(0)


def test_singular_matrices_are_not_decided() -> None:
    with pytest.raises(UndecidedBlock):
        negative_pivots([[arb(1), arb(2)], [arb(2), arb(4)]], T)
    with pytest.raises(UndecidedBlock):
        negative_pivots([[arb(0)]], T)


def test_the_last_pivot_is_the_determinant_over_the_minor() -> None:
    matrix = [[arb(4), arb(1), arb(0)], [arb(1), arb(3), arb(1)], [arb(0), arb(1), arb(Fraction(1, 8).numerator) / 8]]
    found = pivots(matrix)
    product = found[0] * found[1] * found[2]
    assert product.contains(arb(4) * (arb(3) / 8 - 1) - arb(1) / 8)
