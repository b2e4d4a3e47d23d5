"""The loss of dense students, many at once: against the definition, sampled and differentiated, and the references."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu import family
from symrelu.errors import BadInput, ZeroRow
from symrelu.model.activations import kernel_named
from symrelu.model.dense import DenseLoss
from symrelu.reference import activations, dense, hessian

NAMED = {"relu": "RELU", "abs": "ABS", "erf": "ERF", "z2": "Z2"}


def problem(seed: int, k: int, d: int, h: int) -> tuple[Any, ...]:
    """Two random students with parallel, antiparallel and nearly parallel rows, alpha, a target and beta."""
    rng = np.random.default_rng(seed)
    V, W = rng.normal(size=(h, d)), rng.normal(size=(2, k, d))
    W[0, 0], W[1, 1], W[1, 0] = 3 * W[0, 1], -2 * V[1], V[0] + 1e-9 * rng.normal(size=d)
    return W, rng.normal(size=(2, k)), V, rng.normal(size=h)


@pytest.mark.parametrize("name", NAMED)
@settings(max_examples=10, deadline=None)
@given(st.integers(0, 99), st.sampled_from([(3, 4, 5), (5, 5, 5), (6, 4, 2)]))
def test_value_gradient_and_hessian_are_those_of_the_references(
    name: str, seed: int, sizes: tuple[int, int, int]
) -> None:
    W, alpha, V, beta = problem(seed, *sizes)
    mine, activation = DenseLoss(V, beta, kernel_named(name)), getattr(activations, NAMED[name])
    loss, (rows, outputs) = mine.loss(W, alpha), mine.gradient(W, alpha)
    scale = 1 + np.abs(loss).max()
    for i in range(2):
        theirs = dense.gradient(W[i], alpha[i], V, beta, activation)
        assert loss[i] == pytest.approx(dense.loss(W[i], alpha[i], V, beta, activation), abs=1e-12 * scale)
        assert np.abs(rows[i] - theirs.weights).max() < 1e-12 * scale
        assert np.abs(outputs[i] - theirs.second_layer).max() < 1e-12 * scale
        whole = hessian.hessian(W[i], alpha[i], V, beta, activation)
        assert np.abs(mine.hessian(W, alpha, layers=2)[i] - whole).max() < 1e-11 * scale
        assert np.abs(mine.hessian(W[i], alpha[i]) - whole[: W[i].size, : W[i].size]).max() < 1e-11 * scale
    assert np.array_equal(mine.row_gradient(W, alpha), rows)


def test_the_gradient_is_the_derivative_of_the_loss() -> None:
    W, alpha, V, beta = problem(1, 3, 4, 5)
    mine, step = DenseLoss(V, beta), 1e-5
    moved = np.array([W[1] + s * step * e.reshape(3, 4) for e in np.eye(12) for s in (1, -1)])
    values = mine.loss(moved, alpha[1])
    assert (values[::2] - values[1::2]) / (2 * step) == pytest.approx(
        mine.gradient(W[1], alpha[1])[0].ravel(), abs=1e-8
    )


def test_the_loss_is_the_mean_over_gaussian_inputs() -> None:
    W, alpha, V, beta = problem(2, 3, 4, 5)
    x = np.random.default_rng(3).normal(size=(4, 400_000))
    relu = np.maximum
    errors = (alpha[0] @ relu(W[0] @ x, 0) - beta @ relu(V @ x, 0)) ** 2 / 2
    assert abs(errors.mean() - DenseLoss(V, beta).loss(W[0], alpha[0])) < 4 * errors.std() / 400_000**0.5


def test_a_family_is_a_critical_point_without_symmetry_too() -> None:
    point = family("2a").at(9)
    W = np.array([[float(x) for x in row] for row in point.matrix()])
    mine = DenseLoss(np.eye(9))
    assert np.abs(mine.gradient(W)[0]).max() < 1e-14
    assert mine.loss(W) == pytest.approx(float(point.loss.value), abs=162 * 2**-52)  # a sum over pairs
    values = mine.eigenvalues(np.array([W, np.eye(9)]))
    assert values.shape == (2, 81) and values[0, 0] > 0.01


def test_what_is_refused() -> None:
    mine = DenseLoss(np.eye(3))
    with pytest.raises(ZeroRow):
        mine.loss(np.zeros((2, 3)))
    for wrong in (np.eye(4), np.zeros((2, 2, 2, 3)), [[np.nan, 0, 0]]):
        with pytest.raises(BadInput):
            mine.gradient(wrong)
    with pytest.raises(BadInput, match="a number for each row"):
        mine.loss(np.eye(3), [1.0])
    with pytest.raises(BadInput, match="free parameter"):
        DenseLoss(np.eye(3), kernel=kernel_named("leaky:s"))
    with pytest.raises(BadInput, match="a neuron in each row"):
        DenseLoss([1.0, 2.0])
