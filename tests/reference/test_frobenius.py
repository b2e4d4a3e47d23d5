"""The Frobenius norm by counting orbits against the dense Hessian, whose entries are squared one by one."""

from collections.abc import Sequence

import numpy as np
import pytest

from symrelu.reference.frobenius import Angle, Point, Row, inner, squared_norm
from symrelu.reference.hessian import first_layer_hessian, hessian

CASES = [(5,), (2,), (4, 1), (3, 2), (3, 2, 1), (2, 2, 3), (1, 1, 1)]


def matrix(sizes: Sequence[int], own: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The matrix with the entry own[b] in the diagonal of block b, and other[b, c] elsewhere."""
    block = np.repeat(np.arange(len(sizes)), sizes)
    W = other[np.ix_(block, block)]
    np.fill_diagonal(W, own[block])
    return W


def point(sizes: Sequence[int], own: np.ndarray, other: np.ndarray) -> Point:
    """Norms and angles in floats."""

    def dot(x: Row, y: Row) -> float:
        return float(inner(sizes, own, other, x, y))

    def norm(x: Row) -> tuple[float, float]:
        length = np.sqrt(dot(x, x))
        return length, 1 / length

    def angle(x: Row, y: Row) -> Angle:
        theta = np.arccos(dot(x, y) * norm(x)[1] * norm(y)[1])
        return Angle(np.cos(theta), np.sin(theta), 1 / np.sin(theta), np.pi - theta)

    return Point(sizes, norm, angle, np.pi)


@pytest.mark.parametrize("sizes", CASES, ids=str)
@pytest.mark.parametrize("seed", [0, 1])
def test_squared_norm_is_that_of_the_dense_hessian(sizes: tuple[int, ...], seed: int) -> None:
    rng = np.random.default_rng(seed)
    own, other = rng.standard_normal(len(sizes)), rng.standard_normal((len(sizes), len(sizes)))
    W, at = matrix(sizes, own, other), point(sizes, own, other)
    d = len(W)
    both = hessian(W, np.ones(d), np.eye(d), np.ones(d))
    first = first_layer_hessian(W, np.ones(d), np.eye(d), np.ones(d))
    for layers, H in ((2, both), (1, first)):
        assert squared_norm(at, layers) / (4 * np.pi**2) == pytest.approx(np.sum(H**2), rel=1e-11)


@pytest.mark.parametrize("sizes", CASES, ids=str)
def test_inner_products_are_those_of_the_rows(sizes: tuple[int, ...]) -> None:
    rng = np.random.default_rng(2)
    own, other = rng.standard_normal(len(sizes)), rng.standard_normal((len(sizes), len(sizes)))
    W, starts = matrix(sizes, own, other), np.cumsum([0, *sizes])
    both = {False: W, True: np.eye(len(W))}
    rows = [Row(t, b, n) for t in both for b, size in enumerate(sizes) for n in range(min(size, 2))]
    for x in rows:
        for y in rows:
            u, v = (both[r.teacher][starts[r.block] + r.number] for r in (x, y))
            assert inner(sizes, own, other, x, y) == pytest.approx(u @ v, abs=1e-12)
