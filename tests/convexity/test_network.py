"""Loss, gradient and Hessian: against differences and another implementation, and the same formula in exact numbers."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.convexity import Kink, Regression, balls, exact
from symrelu.errors import BadInput, Undecided
from symrelu.experiments.network import Problem


def random_network(H, seed, batch=(), slope=0.0, decay=0.3, sizes=None):
    rng = np.random.default_rng(seed)
    sizes = sizes or [2, *rng.integers(1, 4, H), 2]
    weights = [rng.standard_normal((*batch, q, p)) for p, q in zip(sizes[:-1], sizes[1:], strict=True)]
    inputs, targets = rng.standard_normal((sizes[0], 6)), rng.standard_normal((sizes[-1], 6))
    return Regression(inputs, targets, decay, slope).at(weights)


@pytest.mark.parametrize("slope", [0.0, 0.2, -0.5])
@pytest.mark.parametrize("H", [1, 2, 3])
def test_derivatives_against_differences(H: int, slope: float) -> None:
    network = random_network(H, seed=H, batch=(4,), slope=slope)
    problem, theta, hidden = network.problem, network.vector, network.sizes[1:-1]
    step = 1e-6
    units = step * np.eye(theta.shape[-1])

    def central(value):
        pairs = [(problem.from_vector(theta + e, hidden), problem.from_vector(theta - e, hidden)) for e in units]
        return np.stack([(value(p) - value(m)) / (2 * step) for p, m in pairs], axis=-1)

    assert np.allclose(network.gradient, central(lambda n: n.regularised), rtol=1e-6, atol=1e-6)
    assert np.allclose(network.hessian, central(lambda n: n.gradient), rtol=1e-6, atol=1e-6)


def test_the_loss_is_its_definition() -> None:
    network = random_network(2, seed=5)
    W0, W1, W2 = network.weights
    total = 0.0
    for a, b in zip(network.problem.inputs.T, network.problem.targets.T, strict=True):
        total += np.sum((W2 @ np.maximum(W1 @ np.maximum(W0 @ a, 0), 0) - b) ** 2)
    assert np.isclose(network.loss, total / (2 * 6))
    assert np.isclose(network.regularised, network.loss + 0.15 * sum(np.sum(W**2) for W in network.weights))


def test_one_hidden_layer_against_the_experiments_of_the_random_matrix_paper() -> None:
    network = random_network(1, seed=3, sizes=[3, 4, 2])
    other = Problem("relu", network.problem.inputs, network.problem.targets, 4).at(network.vector)
    assert np.isclose(network.loss, other.loss)
    assert np.allclose(network.gradient - 0.3 * network.vector, other.gradient)
    assert np.allclose(network.plain_hessian, other.hessian)
    assert np.allclose(network.gauss_newton, other.H0)


@pytest.mark.parametrize("H", [1, 2])
def test_exact_numbers_share_the_formula(H: int) -> None:
    floats = random_network(H, seed=11)
    problem = Regression(exact(floats.problem.inputs), exact(floats.problem.targets), fmpq(3, 10))
    rational = problem.at([exact(W) for W in floats.weights])
    in_balls = Regression(balls(problem.inputs), balls(problem.targets), arb(fmpq(3, 10))).at(
        [balls(W) for W in rational.weights]
    )
    assert isinstance(rational.loss, fmpq) and isinstance(in_balls.loss, arb)
    assert in_balls.loss.contains(rational.loss)
    assert abs(float(arb(rational.loss)) - floats.loss) < 1e-14
    for name in ("gradient", "hessian"):
        ours, enclosed = getattr(rational, name).ravel(), getattr(in_balls, name).ravel()
        assert all(e.contains(x) for e, x in zip(enclosed, ours, strict=True))
        assert np.allclose([float(arb(x)) for x in ours], getattr(floats, name).ravel(), atol=1e-12)


def test_fractions_of_python_work_too() -> None:
    given = [[Fraction(1, 3)]]
    network = Regression(np.array([[Fraction(1)]]), np.array([[Fraction(2)]]), Fraction(1, 2)).at(
        [np.array(given), np.array(given)]
    )
    assert network.loss == Fraction(1, 2) * (Fraction(1, 9) - 2) ** 2


def test_a_symbolic_derivation_gives_the_same_hessian() -> None:
    # inside a piece y is the polynomial v1 w1 a + v2 w2 a of the units that are on, and SymPy differentiates it
    w1, w2, v1, v2 = names = sp.symbols("w1 w2 v1 v2")
    points = [Fraction(-1), Fraction(1, 2), Fraction(3, 4)]
    values = {w1: Fraction(2), w2: Fraction(-1), v1: Fraction(1, 3), v2: Fraction(5)}
    loss = sum(
        (sum(v * w * a for w, v in ((w1, v1), (w2, v2)) if values[w] * a > 0) - 1) ** 2 for a in points
    ) / sp.Integer(6)
    expected = sp.hessian(loss, names).subs(values) + sp.eye(4) / 2
    problem = Regression(exact([points]), exact([[1, 1, 1]]), fmpq(1, 2))
    H = problem.at([exact([[2], [-1]]), exact([[Fraction(1, 3), 5]])]).hessian
    assert [[sp.Rational(int(x.p), int(x.q)) for x in row] for row in H.tolist()] == expected.tolist()


@settings(max_examples=40)
@given(st.integers(1, 3), st.integers(0, 10**6))
def test_y_has_degree_at_most_one_in_each_weight(H: int, seed: int) -> None:
    network = random_network(H, seed)
    assert np.all(np.einsum("...ii->...i", network.residual_part) == 0)
    ends = np.cumsum([W.size for W in network.weights])
    for first, last in zip([0, *ends[:-1]], ends, strict=True):  # nor do two weights of one layer meet
        assert not np.any(network.residual_part[first:last, first:last])


@settings(max_examples=40)
@given(st.integers(1, 3), st.integers(0, 10**6), st.floats(0.1, 3))
def test_homogeneous_of_degree_h_plus_one(H: int, seed: int, t: float) -> None:
    network = random_network(H, seed, slope=0.1)
    scaled = network.problem.at([t * W for W in network.weights])
    y = network.residuals + network.problem.targets
    assert np.allclose(scaled.residuals + network.problem.targets, t ** (H + 1) * y)
    along = np.sum((network.gradient - 0.3 * network.vector) * network.vector)
    assert np.isclose(along, (H + 1) * np.sum(network.residuals * y) / network.problem.points)


# -- kinks -----------------------------------------------------------------------------------------------------------


def test_a_preactivation_of_zero_is_a_kink() -> None:
    problem = Regression(np.array([[1.0], [1.0]]), np.array([[0.0]]), 1.0)
    at_kink = problem.at([np.array([[1.0, -1.0]]), np.array([[1.0]])])
    assert at_kink.kinks and at_kink.loss == 0
    with pytest.raises(Kink, match="pre-activation is 0"):
        _ = at_kink.hessian
    assert not problem.at([np.array([[1.0, -0.5]]), np.array([[1.0]])]).kinks


def test_zeros_that_do_not_vary_are_no_kinks() -> None:
    # the first layer passes nothing at either point, or the point is 0: the loss is constant there
    for a in (-1.0, 0.0):
        problem = Regression(np.array([[a]]), np.array([[1.0]]), 1.0)
        network = problem.at([np.array([[2.0]]), np.array([[1.0]]), np.array([[3.0]])])
        assert not network.kinks
        assert np.allclose(network.hessian, np.eye(3))


def test_a_batch_tells_which_of_its_networks_has_a_kink() -> None:
    problem = Regression(np.array([[1.0], [1.0]]), np.array([[0.0]]), 1.0)
    batch = problem.at([np.array([[[1.0, -1.0]], [[1.0, 1.0]]]), np.ones((2, 1, 1))])
    assert batch.kinks.tolist() == [True, False]


def test_balls_that_contain_zero_are_undecided() -> None:
    wide = arb(0, 1e-3)
    problem = Regression(balls([[1]]), balls([[0]]), arb(1))
    with pytest.raises(Undecided, match="pre-activation"):
        _ = problem.at([np.array([[wide]], dtype=object), balls([[1]])]).loss


# -- shapes ----------------------------------------------------------------------------------------------------------


def test_what_does_not_fit_is_refused() -> None:
    problem = Regression(np.ones((2, 3)), np.ones((1, 3)), 1.0)
    for weights in ([np.ones((1, 2))], [np.ones((2, 3)), np.ones((1, 2))], [np.ones((2, 2)), np.ones((2, 2))]):
        with pytest.raises(BadInput):
            problem.at(weights)
    with pytest.raises(BadInput, match="do not fit"):
        Regression(np.ones((2, 3)), np.ones((1, 4)), 1.0)
    with pytest.raises(BadInput, match="lambda"):
        Regression(np.ones((2, 3)), np.ones((1, 3)), -1.0)
    with pytest.raises(BadInput, match="5 weights"):
        problem.from_vector(np.ones(5), [2])


def test_layers_pair_off() -> None:
    network = random_network(2, seed=1, sizes=[1, 1, 1, 1])
    H1 = network.residual_part
    assert all(H1[i, j] != 0 for i, j in combinations(range(3), 2)) or network.loss >= 0
    assert np.allclose(H1, H1.T)
