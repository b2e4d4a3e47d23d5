"""Loss, gradient and the split of the Hessian against definitions and differences."""

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.experiments.network import ACTIVATIONS, Problem


def random_problem(activation: str, batch: tuple[int, ...] = (), seed: int = 0) -> tuple[Problem, np.ndarray]:
    """n0 = 3, n1 = 4, n2 = 2, m = 5: no two sizes agree, so that a mixed-up index is seen."""
    rng = np.random.default_rng(seed)
    problem = Problem(activation, rng.standard_normal((*batch, 3, 5)), rng.standard_normal((*batch, 2, 5)), 4)
    return problem, problem.initial(rng)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_loss_is_that_of_equations_1_and_2(activation: str) -> None:
    problem, theta = random_problem(activation)
    W1, W2 = theta[:12].reshape(4, 3), theta[12:].reshape(2, 4)
    total = 0.0
    for mu in range(5):
        for i in range(2):
            hidden = [sum(W1[k, b] * problem.x[b, mu] for b in range(3)) for k in range(4)]
            f = {"relu": lambda t: max(t, 0.0), "tanh": np.tanh, "linear": lambda t: t}[activation]
            total += (sum(W2[i, k] * f(hidden[k]) for k in range(4)) - problem.y[i, mu]) ** 2
    assert problem.at(theta).loss == pytest.approx(total / 10, rel=1e-13)
    assert problem.at(theta).energy == pytest.approx(total / 20, rel=1e-13)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_gradient_is_the_derivative_of_the_loss(activation: str) -> None:
    problem, theta = random_problem(activation)
    step = 1e-6 * np.eye(len(theta))
    slopes = [(problem.at(theta + s).loss - problem.at(theta - s).loss) / 2e-6 for s in step]
    assert np.allclose(problem.at(theta).gradient, slopes, rtol=0, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_h0_plus_h1_is_the_hessian(activation: str) -> None:
    """Equations (2)-(4): the derivative of the exact gradient, by central differences away from the kinks."""
    problem, theta = random_problem(activation)
    step = 1e-6 * np.eye(len(theta))
    columns = [(problem.at(theta + s).gradient - problem.at(theta - s).gradient) / 2e-6 for s in step]
    point = problem.at(theta)
    assert np.abs(point.z).min() > 1e-3
    assert np.allclose(point.H0 + point.H1, np.array(columns).T, rtol=0, atol=1e-8)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_h0_is_the_product_of_the_jacobian(activation: str) -> None:
    problem, theta = random_problem(activation)
    step = 1e-6 * np.eye(len(theta))
    point = problem.at(theta)
    outputs = [((problem.at(theta + s).residuals - problem.at(theta - s).residuals) / 2e-6).ravel() for s in step]
    assert np.allclose(point.jacobian, outputs, rtol=0, atol=1e-8)
    assert np.allclose(point.H0, point.jacobian @ point.jacobian.T / 5, rtol=0, atol=1e-13)
    assert np.linalg.eigvalsh(point.H0)[0] > -1e-13


def test_h1_is_equation_23_for_relu() -> None:
    """Off-diagonal blocks alone, [H12]_{ab;cd} = (1/m) sum_mu e_{c mu} delta_{ad} theta(z_{a mu}) x_{b mu}."""
    problem, theta = random_problem("relu")
    point = problem.at(theta)
    H12 = np.zeros((4, 3, 2, 4))
    for a, b, c, d, mu in np.ndindex(4, 3, 2, 4, 5):
        H12[a, b, c, d] += point.residuals[c, mu] * (a == d) * (point.z[a, mu] > 0) * problem.x[b, mu] / 5
    expected = np.block([[np.zeros((12, 12)), H12.reshape(12, 8)], [H12.reshape(12, 8).T, np.zeros((8, 8))]])
    assert np.allclose(point.H1, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_batches_and_products_with_vectors_agree_with_one_dense_network(activation: str) -> None:
    problem, theta = random_problem(activation, (2, 3))
    point, v = problem.at(theta), np.random.default_rng(1).standard_normal(theta.shape)
    products, H = point.hessian_vector(v), point.hessian
    for i in np.ndindex(2, 3):
        alone = Problem(activation, problem.x[i], problem.y[i], 4).at(theta[i])
        assert np.allclose(H[i], alone.hessian, rtol=0, atol=1e-14)
        assert np.allclose(products[i], alone.hessian @ v[i], rtol=0, atol=1e-13)
        assert point.loss[i] == pytest.approx(alone.loss, rel=1e-14)
        assert np.allclose(point.jacobian[i], alone.jacobian, rtol=0, atol=1e-15)


def test_a_relu_unit_can_be_rescaled_so_h0_has_a_null_direction_for_each() -> None:
    rng = np.random.default_rng(3)
    problem = Problem("relu", rng.standard_normal((6, 60)), rng.standard_normal((6, 60)), 6)
    values = np.linalg.eigvalsh(problem.at(problem.initial(rng)).H0)
    assert problem.phi == pytest.approx(2 * 6 / 60)
    assert np.sum(values < 1e-12) == 6


def test_bad_input_is_refused() -> None:
    x = np.zeros((3, 5))
    for arguments in (("sine", x, x, 3), ("relu", x, x[:, :4], 3), ("relu", x, x, 0), ("relu", x[0], x[0], 2)):
        with pytest.raises(BadInput):
            Problem(*arguments)  # type: ignore[arg-type]
