"""The Hessian at random points against differences of the loss in many digits, which share no formula with it."""

from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from symrelu.reference.dense import loss_mp
from symrelu.spectrum.blocks import blocks as pencils

STEP = mpmath.mpf(10) ** -15


def difference_hessian(W: np.ndarray, layers: int) -> mpmath.matrix:
    """Central second differences of the loss in all entries of W (row by row) and of alpha."""
    k, d = W.shape
    start = [mpmath.mpf(float(x)) for x in W.reshape(-1)] + [mpmath.mpf(1)] * k

    def loss(*moves: tuple[int, int]) -> mpmath.mpf:
        x = list(start)
        for place, sign in moves:
            x[place] += sign * STEP
        return loss_mp([x[i * d : (i + 1) * d] for i in range(k)], x[k * d :], np.eye(d).tolist(), [1] * d)

    size = k * d + (k if layers == 2 else 0)
    H = mpmath.matrix(size, size)
    for i in range(size):
        for j in range(i, size):
            corners = [(s, r, loss((i, s), (j, r))) for s in (1, -1) for r in (1, -1)]
            H[i, j] = H[j, i] = sum(s * r * value for s, r, value in corners) / (4 * STEP**2)
    return H


@pytest.mark.parametrize(
    ("blocks", "rows", "cols", "d"),
    [
        ("d-1,1", None, None, 3),
        pytest.param("d", None, None, 3, marks=pytest.mark.slow),
        pytest.param("d-1,1", "1,*", "1,2", 3, marks=pytest.mark.slow),
        pytest.param("d-2", "*,*", "1,*,*", 3, marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("layers", [pytest.param(1, marks=pytest.mark.slow), 2])
def test_spectrum_against_differences_of_the_loss(
    blocks: str, rows: str | None, cols: str | None, d: int, layers: int, problem: Callable, ours: Callable
) -> None:
    of = problem(blocks, rows, cols)
    values = of.space.random(np.random.default_rng(2))
    with mpmath.workdps(60):
        expected = sorted(mpmath.eigsy(difference_hessian(of.space.matrix(values, d), layers), eigvals_only=True))
        found = sorted(v.value for v in ours(of, values, d, layers) for _ in range(int(v.multiplicity)))
        assert len(found) == len(expected)
        for x, y in zip(found, expected, strict=True):
            assert abs(mpmath.mpf(x) - y) < mpmath.mpf(10) ** -22


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_the_whole_matrix_where_nothing_is_symmetric(seed: int, problem: Callable) -> None:
    """Two free rows and three free columns: the component t is all of M(2, 3) + R^2, entry by entry."""
    from symrelu.exact.arithmetic import MpmathArithmetic

    of = problem("d-2", "*,*", "1,*,*")
    values = of.space.random(np.random.default_rng(seed))
    arithmetic = MpmathArithmetic(40)
    (whole,) = pencils(of, arithmetic, [arithmetic.context.mpf(float(x)) for x in values], 3)[:1]
    with mpmath.workdps(60):
        expected = difference_hessian(of.space.matrix(values, 3), 2)
        assert len(whole.hessian) == 8 and all(whole.gram[i][j] == (i == j) for i in range(8) for j in range(8))
        for i in range(8):
            for j in range(8):
                assert abs(mpmath.mpf(whole.hessian[i][j]) - expected[i, j]) < mpmath.mpf(10) ** -22
