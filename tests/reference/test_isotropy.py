"""The search for Iso(W), against the definition and against groups known by hand."""

from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symrelu.reference.isotropy import isotropy_group, isotropy_order, orbit, orbit_size

small_matrices = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 2), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


def permutation_matrix(pi: tuple[int, ...]) -> np.ndarray:
    """The main paper's P_pi: its entry (i, j) is 1 where i = pi(j)."""
    P = np.zeros((len(pi), len(pi)), dtype=int)
    for j, i in enumerate(pi):
        P[i, j] = 1
    return P


@given(small_matrices)
def test_group_is_that_of_the_definition(rows: list[list[int]]) -> None:
    W = np.array(rows)
    k, d = W.shape
    by_definition = {
        (pi, rho)
        for pi in permutations(range(k))
        for rho in permutations(range(d))
        if np.array_equal(permutation_matrix(pi) @ W @ permutation_matrix(rho).T, W)
    }
    found = list(isotropy_group(W))
    assert len(found) == len(set(found)) == isotropy_order(W)
    assert set(found) == by_definition


@given(small_matrices)
def test_orbit_and_isotropy_share_out_all_permutations(rows: list[list[int]]) -> None:
    assert len(orbit(rows)) == orbit_size(rows)


@given(small_matrices)
def test_transpose_exchanges_rows_and_columns(rows: list[list[int]]) -> None:
    transposed = {(rho, pi) for pi, rho in isotropy_group(np.array(rows).T)}
    assert transposed == set(isotropy_group(rows))


def blocks(n: int, m: int, entries: list[int]) -> np.ndarray:
    """The matrix of Theorem 1 with a block of n and a block of m rows and the given a_1 ... a_6."""
    a1, a2, a3, a4, a5, a6 = entries
    W = np.empty((n + m, n + m), dtype=int)
    W[:n, :n] = a2 + (a1 - a2) * np.eye(n, dtype=int)
    W[:n, n:], W[n:, :n] = a3, a4
    W[n:, n:] = a6 + (a5 - a6) * np.eye(m, dtype=int)
    return W


@pytest.mark.parametrize(("n", "m"), [(5, 1), (4, 2), (3, 3)])
def test_two_blocks_have_the_diagonal_group(n: int, m: int) -> None:
    W = blocks(n, m, [1, 2, 3, 4, 5, 6])
    assert isotropy_order(W) == factorial(n) * factorial(m)
    assert all(pi == rho for pi, rho in isotropy_group(W))


def test_known_orders() -> None:
    assert isotropy_order(np.eye(6, dtype=int)) == factorial(6)
    assert isotropy_order(np.ones((3, 5), dtype=int)) == factorial(3) * factorial(5)
    assert isotropy_order([[1, 2], [2, 1]]) == 2
    # a circulant matrix: the cyclic group, and no reflection
    assert isotropy_order([[0, 1, 2], [2, 0, 1], [1, 2, 0]]) == 3
    # two equal blocks may be exchanged
    assert isotropy_order(blocks(3, 3, [1, 2, 0, 0, 1, 2])) == 2 * factorial(3) ** 2


def test_orbit_sizes_of_theorem_1() -> None:
    # d! for one block, d d! for a block of size 1, d! C(d, 2) for a block of size 2
    assert orbit_size(blocks(3, 2, [1, 2, 2, 2, 1, 2])) == factorial(5)
    assert orbit_size(blocks(4, 1, [1, 2, 3, 4, 5, 0])) == 5 * factorial(5)
    assert orbit_size(blocks(3, 2, [1, 2, 3, 4, 5, 6])) == factorial(5) * 10


def test_no_matrix_is_refused() -> None:
    with pytest.raises(ValueError, match="no matrix"):
        isotropy_order(np.zeros((2, 0)))
    with pytest.raises(ValueError, match="no matrix"):
        isotropy_order(np.arange(3))
