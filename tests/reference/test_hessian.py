"""The dense Hessian: against second differences of the loss, Euler's identities, limits, symmetry and Theorem 2."""

from functools import cache
from typing import Any

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from symrelu.reference.activations import ABS, ERF, RELU, S3, Z2, Z3, Activation, leaky
from symrelu.reference.dense import Floats, gradient, loss_mp
from symrelu.reference.hessian import first_layer_hessian, hessian, kernel_mixed_derivatives, kernel_second_derivatives
from symrelu.reference.newton import critical_point
from symrelu.reference.oracle import NAMED

# students and teachers of k and h neurons over d inputs, as (k, h, d)
SIZES = [(1, 1, 1), (3, 2, 3), (2, 3, 4), (4, 1, 2)]

Problem = tuple[Any, Any, Any, Any]


def networks(k: int, h: int, d: int) -> Problem:
    """A random student and teacher with output weights of both signs."""
    rng = np.random.default_rng([k, h, d, 1])
    return rng.normal(size=(k, d)), rng.normal(size=k), rng.normal(size=(h, d)), rng.normal(size=h)


def at_target(W: Any) -> Problem:
    """The network W with output weights 1, and the target I_d."""
    k, d = np.shape(W)
    return W, np.ones(k), np.eye(d), np.ones(d)


def second_differences(W: Any, alpha: Any, V: Any, beta: Any, activation: Activation = RELU) -> Floats:
    """The Hessian by second differences of the loss in 55 digits: right to about 16, by no formula but the loss."""
    k, d = np.shape(W)
    size = k * (d + 1)
    with mpmath.workdps(55):
        h = mpmath.mpf(10) ** -17
        point = [mpmath.mpf(float(x)) for x in [*np.ravel(W), *alpha]]

        def moved(*places: int) -> Any:
            x = list(point)
            for place in places:
                x[place] += h
            return loss_mp([x[i * d : (i + 1) * d] for i in range(k)], x[k * d :], V, beta, activation)

        origin, single = moved(), [moved(i) for i in range(size)]
        result = np.empty((size, size))
        for i in range(size):
            for j in range(i + 1):
                result[i, j] = result[j, i] = (moved(i, j) - single[i] - single[j] + origin) / h**2
    return result


def neuron_vectors(W: Any, signed: Any) -> Floats:
    """The vectors (0, ..., W_i, ..., 0; 0, ..., signed_i, ..., 0), one row for each neuron i."""
    k, d = np.shape(W)
    result = np.zeros((k, k * (d + 1)))
    for i in range(k):
        result[i, i * d : (i + 1) * d] = W[i]
        result[i, k * d + i] = signed[i]
    return result


# against the definition -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", SIZES)
def test_second_differences_of_the_loss(sizes: tuple[int, int, int]) -> None:
    problem = networks(*sizes)
    assert_allclose(hessian(*problem), second_differences(*problem), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(
    "W",
    [
        np.eye(3),
        -np.eye(2),
        [[1.0, 2.0, 2.0], [-3.0, 1.0, 0.5], [2.0, 4.0, 4.0]],
        [[1.0, 2.0, 2.0], [-3.0, 1.0, 0.5], [-2.0, -4.0, -4.0]],
    ],
    ids=["target", "minus target", "parallel", "opposite"],
)
def test_second_differences_at_parallel_rows(W: Any) -> None:
    problem = at_target(W)
    assert_allclose(hessian(*problem), second_differences(*problem), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("activation", [leaky(1, 10), ABS, ERF, Z2, Z3, S3], ids=lambda activation: activation.name)
def test_second_differences_of_other_activations(activation: Activation) -> None:
    """With two parallel rows, and where the loss is smooth there also a row that is zero."""
    W, alpha, V, beta = networks(3, 2, 2)
    W[1] = -W[0] if activation.relu_part else 0
    exact = second_differences(W, alpha, V, beta, activation)
    assert_allclose(hessian(W, alpha, V, beta, activation), exact, rtol=1e-11, atol=1e-11)
    first = first_layer_hessian(W, alpha, V, beta, activation)
    assert_allclose(first, exact[:6, :6], rtol=1e-11, atol=1e-11)


def test_a_neuron_without_output_weight() -> None:
    W, alpha, V, beta = networks(3, 2, 3)
    alpha[1] = 0.0
    assert_allclose(hessian(W, alpha, V, beta), second_differences(W, alpha, V, beta), rtol=1e-12, atol=1e-13)


def test_one_neuron_of_one_input_by_hand() -> None:
    # L = (alpha w - v)^2 / 4 for w, v > 0, and (alpha^2 w^2 + v^2) / 4 for w < 0 < v
    w, v, alpha = 2.0, 0.5, 3.0
    assert_allclose(
        hessian([[w]], [alpha], [[v]], [1]),
        [[alpha**2 / 2, alpha * w - v / 2], [alpha * w - v / 2, w**2 / 2]],
        atol=1e-14,
    )
    assert_allclose(
        hessian([[-w]], [alpha], [[v]], [1]), [[alpha**2 / 2, -alpha * w], [-alpha * w, w**2 / 2]], atol=1e-14
    )


# limits at parallel vectors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [0.3, 1.0, 7.0])
def test_limits_of_the_kernel(scale: float) -> None:
    w = np.array([0.6, -1.3, 0.2])
    along, against = kernel_mixed_derivatives(w, np.array([scale * w, -scale * w]))
    assert_allclose(along, np.eye(3) / 2, atol=1e-15)
    assert_allclose(against, 0, atol=1e-15)
    for v in (scale * w, -scale * w):
        assert_allclose(kernel_second_derivatives(w, v[None, :], np.ones(1)), 0, atol=1e-15)


@pytest.mark.parametrize("small", [1e-3, 1e-7, 1e-12])
def test_limits_are_approached_at_the_rate_of_the_angle(small: float) -> None:
    w, v = np.array([1.0, 0.0, 0.0]), np.array([np.cos(small), np.sin(small), 0.0])
    along, against = kernel_mixed_derivatives(w, np.array([v, -v]))
    # w v^T + n m^T, with n = e_2 and m = -e_2 to leading order
    turn = small / (2 * np.pi) * np.diag([1, -1, 0])
    assert_allclose(along - np.eye(3) / 2 + small / (2 * np.pi) * np.eye(3), turn, atol=small**2 + 1e-15)
    assert_allclose(against - small / (2 * np.pi) * np.eye(3), -turn, atol=small**2 + 1e-15)
    second = kernel_second_derivatives(w, v[None, :], np.ones(1))
    assert_allclose(second, small / (2 * np.pi) * np.diag([0, 2, 1]), rtol=1e-6, atol=small**2 + 1e-15)


# structure ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", SIZES)
def test_symmetric_with_the_first_layer_as_its_corner(sizes: tuple[int, int, int]) -> None:
    k, _, d = sizes
    full, corner = hessian(*networks(*sizes)), first_layer_hessian(*networks(*sizes))
    assert full.shape == (k * (d + 1), k * (d + 1))
    assert_array_equal(full, full.T)
    assert_array_equal(full[: k * d, : k * d], corner)


@pytest.mark.parametrize("sizes", SIZES)
def test_rescaling_a_neuron_differentiates_to_the_gradient(sizes: tuple[int, int, int]) -> None:
    # differentiate the identity <w_i, dL/dw_i> - alpha_i dL/dalpha_i = 0 once more, anywhere
    W, alpha, V, beta = networks(*sizes)
    by_rows, by_outputs = gradient(W, alpha, V, beta)
    moved = hessian(W, alpha, V, beta) @ neuron_vectors(W, -alpha).T
    assert_allclose(moved.T, -neuron_vectors(by_rows, -by_outputs), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("sizes", SIZES)
def test_first_layer_second_derivatives_by_homogeneity(sizes: tuple[int, int, int]) -> None:
    # dL/dw_i is homogeneous of degree 1 in all rows of W and V together
    W, alpha, V, beta = networks(*sizes)
    k, h, d = sizes
    both = first_layer_hessian(np.vstack([W, V]), np.concatenate([alpha, -beta]), np.zeros((1, d)), [0.0])
    moved = both @ np.concatenate([W.ravel(), V.ravel()])
    assert_allclose(moved[: k * d], gradient(W, alpha, V, beta).weights.ravel(), rtol=1e-11, atol=1e-12)


def random_orbit(W: Any, alpha: Any, seed: int) -> tuple[Any, Any]:
    """The network with neurons and inputs permuted: the output weights go with the rows."""
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(W.shape[0]), rng.permutation(W.shape[1])
    return W[rows][:, columns], alpha[rows]


@pytest.mark.parametrize("k", [3, 4, 6])
def test_spectrum_is_constant_along_the_orbit(k: int) -> None:
    d = 4
    W, alpha, _, _ = networks(k, 1, d)
    expected = np.linalg.eigvalsh(hessian(W, alpha, np.eye(d), np.ones(d)))
    for seed in range(3):
        moved = hessian(*random_orbit(W, alpha, seed), np.eye(d), np.ones(d))
        assert_allclose(np.linalg.eigvalsh(moved), expected, rtol=1e-12, atol=1e-12)
    # permuting the rows and leaving the output weights alone is no symmetry
    left_alone = hessian(np.roll(W, 1, axis=0), alpha, np.eye(d), np.ones(d))
    assert np.max(np.abs(np.linalg.eigvalsh(left_alone) - expected)) > 1e-3


# critical points ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMED)
def test_rescalings_are_null_vectors_at_critical_points(name: str) -> None:
    d = 8
    W, alpha, V, beta = at_target(critical_point(*NAMED[name], d))
    assert_allclose(hessian(W, alpha, V, beta) @ neuron_vectors(W, -alpha).T, 0, atol=1e-12)
    # and also where the neurons are rescaled
    scale = np.random.default_rng(0).uniform(0.5, 2.0, size=d)
    W, alpha = scale[:, None] * W, alpha / scale
    full = hessian(W, alpha, V, beta)
    assert_allclose(full @ neuron_vectors(W, -alpha).T, 0, atol=1e-12)
    # there are no others
    assert np.sum(np.abs(np.linalg.eigvalsh(full)) < 1e-9) == d


@pytest.mark.parametrize("name", ["1b", "2a"])
def test_spectrum_at_critical_points_is_constant_along_their_orbit(name: str) -> None:
    W, alpha, V, beta = at_target(critical_point(*NAMED[name], 9))
    expected = np.linalg.eigvalsh(hessian(W, alpha, V, beta))
    moved = hessian(*random_orbit(W, alpha, 5), V, beta)
    assert_allclose(np.linalg.eigvalsh(moved), expected, atol=1e-12)


def theorem_2(d: int) -> list[tuple[float, int]]:
    """The constants and linear terms that Theorem 2 prints, with their multiplicities, in ascending order for d > 8."""
    pi = np.pi
    return [
        (0, d),
        (1 / 4 - 1 / (2 * pi), (d - 1) * (d - 2) // 2),
        (1 / 2 - 1 / pi, d - 1),
        (1 / 4, d - 1),
        (1 / 4 + 1 / (2 * pi), d * (d - 3) // 2),
        (d / 4 + (-4 + pi + pi**2) / (2 * pi * (-4 + pi)), 1),
        (d / 4 + 1 / 2, d - 1),
        (d / pi + (-10 * pi + 8 + pi**2) / (2 * pi * (-4 + pi)), 1),
    ]


@cache
def deviations(name: str, d: int) -> list[Floats]:
    """The eigenvalues less the printed terms, an array for each line of `theorem_2`, times the square root of d."""
    W = np.eye(d) if name == "1a" else critical_point(*NAMED[name], d)
    eigenvalues = np.linalg.eigvalsh(hessian(*at_target(W)))
    assert sum(multiplicity for _, multiplicity in theorem_2(d)) == eigenvalues.size
    result, start = [], 0
    for value, multiplicity in theorem_2(d):
        result.append((eigenvalues[start : start + multiplicity] - value) * np.sqrt(d))
        start += multiplicity
    return result


@pytest.mark.parametrize("name", ["1a", "1b", "2a"])
def test_eigenvalues_are_those_of_theorem_2_up_to_the_root_of_d(name: str) -> None:
    lines = deviations(name, 30)
    assert np.max(np.abs(lines[0])) < 1e-12
    for i, line in enumerate(lines[1:], start=1):
        # the constant in O(d^(-1/2)) is near 4.5 for the two simple eigenvalues, and the next test sees it settle
        assert np.max(np.abs(line)) < (5 if i in (5, 7) else 1 / 2), i


@pytest.mark.parametrize("name", ["1a", "1b"])
def test_eigenvalues_of_one_block_have_the_multiplicities_of_theorem_2(name: str) -> None:
    lines = deviations(name, 12)
    assert all(np.ptp(line) < 1e-11 for line in lines)
    means = np.array([np.mean(line) for line in lines]) / np.sqrt(12) + [value for value, _ in theorem_2(12)]
    assert np.min(np.diff(means)) > 1e-3


def simple_eigenvalues(name: str, d: int) -> Floats:
    """The eigenvalues on the vectors that all permutations fix: I, the rest of the matrix, and alpha; one is zero."""
    basis = np.zeros((d * (d + 1), 3))
    basis[: d * d, 0] = np.eye(d).ravel() / np.sqrt(d)
    basis[: d * d, 1] = (1 - np.eye(d)).ravel() / np.sqrt(d * (d - 1))
    basis[d * d :, 2] = 1 / np.sqrt(d)
    W = np.eye(d) if name == "1a" else critical_point(*NAMED[name], d)
    moved = hessian(*at_target(W)) @ basis
    # the space is invariant
    assert_allclose(basis @ (basis.T @ moved), moved, atol=1e-11)
    return np.linalg.eigvalsh(basis.T @ moved)


@pytest.mark.parametrize("name", ["1a", "1b"])
def test_simple_eigenvalues_of_theorem_2_approach_at_the_rate_of_the_root(name: str) -> None:
    scaled = {}
    for d in (15, 60):
        terms = theorem_2(d)
        scaled[d] = (simple_eigenvalues(name, d) - [0, terms[5][0], terms[7][0]]) * np.sqrt(d)
    # a printed constant that is off by x would change this by x (sqrt(60) - sqrt(15)) = 3.9 x
    assert np.max(np.abs(scaled[60] - scaled[15])) < 0.4, scaled


# errors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [hessian, first_layer_hessian])
def test_what_does_not_fit_is_refused(function: Any) -> None:
    with pytest.raises(ValueError, match="same number of columns"):
        function(np.eye(2), [1, 1], np.eye(3), [1, 1, 1])
    with pytest.raises(ValueError, match="one output weight a row"):
        function(np.eye(2), [1], np.eye(2), [1, 1])
    with pytest.raises(ValueError, match="row 2 of W is zero"):
        function([[1, 0], [0, 0]], [1, 1], np.eye(2), [1, 1])
