"""The definitional loss and gradient: against Monte Carlo, against each other, and against answers known by hand."""

from typing import Any

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose

from symrelu.reference.activations import ABS, ERF, S3, Z2, Z3, Activation, leaky
from symrelu.reference.dense import (
    angles,
    gradient,
    gradient_by_differentiation,
    kernel,
    loss,
    loss_mp,
    monte_carlo_loss,
)

# students and teachers of k and h neurons over d inputs, as (k, h, d)
SIZES = [(3, 3, 3), (4, 3, 3), (2, 3, 4), (1, 5, 2), (5, 2, 3)]


def networks(k: int, h: int, d: int, seed: int = 0) -> tuple[Any, Any, Any, Any]:
    """A random student and teacher with output weights of both signs."""
    rng = np.random.default_rng([k, h, d, seed])
    return rng.normal(size=(k, d)), rng.normal(size=k), rng.normal(size=(h, d)), rng.normal(size=h)


@pytest.mark.parametrize("sizes", SIZES)
def test_closed_loss_agrees_with_monte_carlo(sizes: tuple[int, int, int]) -> None:
    problem = networks(*sizes)
    estimate = monte_carlo_loss(*problem, samples=400_000, seed=7)
    assert 0 < estimate.standard_error < 0.01 * loss(*problem)
    assert abs(estimate.mean - loss(*problem)) < 5 * estimate.standard_error


def test_monte_carlo_error_is_that_of_the_mean() -> None:
    problem = networks(3, 3, 3)
    runs = [monte_carlo_loss(*problem, samples=2000, seed=seed) for seed in range(200)]
    spread = np.std([run.mean for run in runs], ddof=1)
    # the spread of 200 runs is known to about 5 per cent
    assert abs(spread / np.mean([run.standard_error for run in runs]) - 1) < 0.3


def test_monte_carlo_repeats_itself_for_a_seed() -> None:
    problem = networks(3, 3, 3)
    assert monte_carlo_loss(*problem, 30_000, 1) == monte_carlo_loss(*problem, 30_000, 1)
    assert monte_carlo_loss(*problem, 30_000, 1) != monte_carlo_loss(*problem, 30_000, 2)


@pytest.mark.parametrize("sizes", SIZES)
def test_floats_agree_with_mpmath(sizes: tuple[int, int, int]) -> None:
    problem = networks(*sizes)
    with mpmath.workdps(40):
        exact = loss_mp(*problem)
    assert loss(*problem) == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_gradient_by_two_routes(sizes: tuple[int, int, int]) -> None:
    problem = networks(*sizes)
    closed = gradient(*problem)
    with mpmath.workdps(25):
        numerical = gradient_by_differentiation(*problem)
    assert_allclose(closed.weights, np.array(numerical.weights, dtype=float), rtol=1e-11, atol=1e-12)
    assert_allclose(closed.second_layer, np.array(numerical.second_layer, dtype=float), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_second_layer_gradient_is_the_gradient_along_the_row(sizes: tuple[int, int, int]) -> None:
    # Euler's identity: scaling w_i is scaling alpha_i
    W, alpha, V, beta = networks(*sizes)
    by_rows, by_outputs = gradient(W, alpha, V, beta)
    assert_allclose(np.sum(W * by_rows, axis=1), alpha * by_outputs, rtol=1e-11, atol=1e-12)


def test_rescaling_a_neuron_changes_nothing() -> None:
    W, alpha, V, beta = networks(4, 3, 3)
    scale = np.array([0.1, 2.0, 30.0, 1.0])
    assert loss(scale[:, None] * W, alpha / scale, V, beta) == pytest.approx(loss(W, alpha, V, beta), rel=1e-12)


@pytest.mark.parametrize("d", [1, 2, 5])
def test_target_itself_is_a_global_minimum(d: int) -> None:
    identity, ones = np.eye(d), np.ones(d)
    assert loss(identity, ones, identity, ones) == pytest.approx(0, abs=1e-14)
    by_rows, by_outputs = gradient(identity, ones, identity, ones)
    assert_allclose(by_rows, 0, atol=1e-14)
    assert_allclose(by_outputs, 0, atol=1e-14)


def test_general_target_itself_is_a_global_minimum() -> None:
    _, _, V, beta = networks(1, 4, 3)
    assert loss(V, beta, V, beta) == pytest.approx(0, abs=1e-13)
    # permuted and rescaled neurons make the same network
    assert loss(2 * V[::-1], beta[::-1] / 2, V, beta) == pytest.approx(0, abs=1e-13)


@pytest.mark.parametrize(("w", "v"), [(2.0, 0.5), (-2.0, -0.5), (3.0, 3.0)])
def test_one_neuron_of_one_input_on_the_same_side(w: float, v: float) -> None:
    assert loss([[w]], [1], [[v]], [1]) == pytest.approx((w - v) ** 2 / 4, abs=1e-15)
    assert float(loss_mp([[w]], [1], [[v]], [1])) == pytest.approx((w - v) ** 2 / 4, abs=1e-15)
    assert gradient([[w]], [1], [[v]], [1]).weights[0, 0] == pytest.approx((w - v) / 2, abs=1e-15)


@pytest.mark.parametrize(("w", "v"), [(-2.0, 0.5), (1.5, -1.0)])
def test_one_neuron_of_one_input_on_opposite_sides(w: float, v: float) -> None:
    assert loss([[w]], [1], [[v]], [1]) == pytest.approx((w**2 + v**2) / 4, rel=1e-14)
    assert float(loss_mp([[w]], [1], [[v]], [1])) == pytest.approx((w**2 + v**2) / 4, rel=1e-14)
    assert gradient([[w]], [1], [[v]], [1]).weights[0, 0] == pytest.approx(w / 2, rel=1e-14)


def test_kernel_at_right_angles_parallel_and_opposite() -> None:
    assert kernel([[2.0, 0.0]], [[0.0, 3.0]])[0, 0] == pytest.approx(6 / (2 * np.pi))
    assert kernel([[2.0, 0.0]], [[3.0, 0.0]])[0, 0] == pytest.approx(3.0)
    assert kernel([[2.0, 0.0]], [[-3.0, 0.0]])[0, 0] == pytest.approx(0, abs=1e-15)
    assert kernel([[0.0, 0.0]], [[1.0, 0.0]])[0, 0] == 0


@pytest.mark.parametrize("small", [1e-3, 1e-9, 1e-15])
def test_small_angles_keep_their_digits(small: float) -> None:
    side = [[np.cos(small), np.sin(small)]]
    assert angles([[1.0, 0.0]], side)[0, 0] == pytest.approx(small, rel=1e-12)
    assert np.pi - angles([[-1.0, 0.0]], side)[0, 0] == pytest.approx(small, abs=1e-15)


def test_zero_student_has_half_the_target_energy() -> None:
    # E[(x)_+ + (y)_+]^2 = 1/2 + 1/2 + 2/(2 pi) for independent x, y
    assert loss(np.zeros((1, 2)), [1], np.eye(2), [1, 1]) == pytest.approx((1 + 1 / np.pi) / 2)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="same number of columns"):
        loss(np.eye(2), [1, 1], np.eye(3), [1, 1, 1])
    with pytest.raises(ValueError, match="one output weight a row"):
        loss(np.eye(2), [1], np.eye(2), [1, 1])
    with pytest.raises(ValueError, match="one output weight a row"):
        loss_mp([[1, 0]], [1, 1], [[1, 0]], [1])
    with pytest.raises(ValueError, match="row 2 of W is zero"):
        gradient([[1, 0], [0, 0]], [1, 1], np.eye(2), [1, 1])
    with pytest.raises(ValueError, match="ask for 2 or more"):
        monte_carlo_loss(np.eye(2), [1, 1], np.eye(2), [1, 1], samples=1, seed=0)


# -- other activations -------------------------------------------------------------------------------------------------

ACTIVATIONS = [leaky(1, 10), ABS, ERF, Z2, Z3]
names = [activation.name for activation in ACTIVATIONS]


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=names)
def test_kernels_are_the_means_that_define_them(activation: Activation) -> None:
    """kappa(w, v) = E[phi(<w,x>) phi(<v,x>)] over 400 000 inputs, for vectors at an acute and an obtuse angle."""
    assert activation.phi is not None
    x = np.random.default_rng(5).standard_normal((400_000, 3))
    w, v = np.array([0.75, -0.5, 0.25]), np.array([[0.5, 0.25, 1.0], [-1.0, 0.5, 0.5]])
    products = activation.phi(x @ w)[:, None] * activation.phi(x @ v.T)
    errors = np.std(products, axis=0, ddof=1) / np.sqrt(len(x))
    assert np.all(np.abs(np.mean(products, axis=0) - kernel([w], v, activation)[0]) < 5 * errors)
    assert np.all(errors < 0.02 * np.sqrt(kernel([w], [w], activation) * np.diag(kernel(v, v, activation))))


@pytest.mark.parametrize("activation", [leaky(-3, 2), ERF, Z3], ids=lambda activation: activation.name)
def test_loss_of_other_activations_agrees_with_monte_carlo(activation: Activation) -> None:
    W, alpha, V, beta = networks(3, 2, 3)
    problem = (W / 2, alpha, V / 2, beta)
    estimate = monte_carlo_loss(*problem, samples=400_000, seed=7, activation=activation)
    assert 0 < estimate.standard_error < 0.05 * loss(*problem, activation)
    assert abs(estimate.mean - loss(*problem, activation)) < 5 * estimate.standard_error


@pytest.mark.parametrize("activation", [*ACTIVATIONS, S3], ids=[*names, "s3"])
def test_gradient_of_other_activations_by_two_routes(activation: Activation) -> None:
    problem = networks(3, 2, 3)
    closed = gradient(*problem, activation)
    with mpmath.workdps(25):
        exact = loss_mp(*problem, activation)
        numerical = gradient_by_differentiation(*problem, activation)
    assert loss(*problem, activation) == pytest.approx(float(exact), rel=1e-12)
    assert_allclose(closed.weights, np.array(numerical.weights, dtype=float), rtol=1e-10, atol=1e-11)
    assert_allclose(closed.second_layer, np.array(numerical.second_layer, dtype=float), rtol=1e-10, atol=1e-11)


def test_tensor_kernel_is_the_distance_of_tensors() -> None:
    """2 L = |sum alpha_i w_i^(x 3) - sum beta_j v_j^(x 3)|^2, with the tensors themselves; no mean over inputs."""
    W, alpha, V, beta = networks(3, 2, 3)
    tensor = np.einsum("i,ia,ib,ic", alpha, W, W, W) - np.einsum("i,ia,ib,ic", beta, V, V, V)
    assert loss(W, alpha, V, beta, S3) == pytest.approx(np.sum(tensor**2) / 2, rel=1e-12)
    with pytest.raises(ValueError, match="compare its tensors"):
        monte_carlo_loss(W, alpha, V, beta, 10, 0, S3)


@pytest.mark.parametrize("activation", [ERF, Z2, Z3, S3], ids=lambda activation: activation.name)
def test_smooth_kernels_have_a_gradient_at_rows_that_are_zero(activation: Activation) -> None:
    """Where ReLU's loss is not differentiable; for erf and s^3 with a first-order term along the target."""
    W, alpha, V, beta = networks(2, 2, 3)
    W[1] = 0
    closed = gradient(W, alpha, V, beta, activation).weights[1]
    along = np.array([0.5, -1.0, 0.25])
    step = 1e-5
    ahead, behind = (loss(np.array([W[0], sign * step * along]), alpha, V, beta, activation) for sign in (1, -1))
    assert closed @ along == pytest.approx((ahead - behind) / (2 * step), abs=1e-8)
    with pytest.raises(ValueError, match="row 2 of W is zero"):
        gradient(W, alpha, V, beta, ABS)
