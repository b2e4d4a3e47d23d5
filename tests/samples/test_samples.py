"""Training losses: what their Hessians are, and to what they converge.

The statements of symrelu.samples.limits are checked against the reference implementation, against derivatives by
differences, and against samples with error bars (five standard errors, fixed seeds).
"""

from functools import cache
from itertools import product

import numpy as np
import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.model.activations import ERF, kernel_named
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.pointwise import activation_of
from symrelu.reference.hessian import kernel_mixed_derivatives, kernel_second_derivatives
from symrelu.samples import training_loss as module
from symrelu.samples.laws import law_named
from symrelu.samples.limits import boundary_term, limit_hessian
from symrelu.samples.minimum import predicted_move, train_from
from symrelu.samples.point import SymmetricPoint, symmetric_point
from symrelu.samples.study import SampleStudy, fitted_exponent, sample_study
from symrelu.samples.training_loss import TrainingLoss
from symrelu.splitting.real_k import widths

GAUSSIAN = law_named("gaussian")
KERNELS = ["relu", "leaky:1/10", "abs", "erf", "z2", "z3"]
KINKED = KERNELS[:3]


def network(kernel: str = "relu", k: int = 3, d: int = 4) -> tuple[DenseLoss, Floats, Floats]:
    """A loss whose target is no identity, with a student and its second layer, all in general position."""
    rng = np.random.default_rng(5)
    V, W = rng.standard_normal((2, d)), rng.standard_normal((k, d))
    return DenseLoss(V, [1.0, 0.7], kernel_named(kernel)), W, np.array([1.3, -0.8, 0.6])[:k]


family = cache(symrelu.family)  # with what it has derived already


@cache
def point(name: str, d: int) -> SymmetricPoint:
    return symmetric_point(family(name), d)


def drawn(n: int, population: DenseLoss, seed: int = 1) -> TrainingLoss:
    return TrainingLoss.drawn(n, GAUSSIAN, population, np.random.default_rng(seed))


def standard_errors_off(parts: list[Floats], expected: Floats) -> float:
    """The largest difference of a mean of independent parts from what is expected, in its standard errors."""
    mean, error = np.mean(parts, axis=0), np.std(parts, axis=0, ddof=1) / np.sqrt(len(parts))
    seen = error > 1e-12
    np.testing.assert_allclose(np.where(seen, 0, mean - expected), 0, atol=1e-9)
    return float(np.max(np.abs(mean - expected)[seen] / error[seen]))


# -- the training loss of one sample -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KERNELS)
def test_the_activation_is_the_one_of_the_kernel(name: str) -> None:
    population, W, alpha = network(name)
    losses = [np.array(drawn(2000, population, seed).loss(W, alpha)) for seed in range(40)]
    assert standard_errors_off(losses, population.loss(W, alpha)) < 5


@pytest.mark.parametrize("name", KERNELS)
def test_derivatives_of_a_sample_are_those_by_differences(name: str) -> None:
    """Between kinks: with 60 inputs a step of 1e-6 crosses none."""
    population, W, alpha = network(name)
    training = drawn(60, population)
    whole = np.concatenate([W.ravel(), alpha])

    def at(x: Floats) -> tuple[Floats, Floats]:
        return x[: W.size].reshape(W.shape), x[W.size :]

    gradient = np.concatenate([g.ravel() for g in training.gradient(W, alpha)])
    hessian = training.hessian(W, alpha, layers=2)
    for i, unit in enumerate(np.eye(len(whole))):
        step = 1e-6 * unit
        slope = (training.loss(*at(whole + step)) - training.loss(*at(whole - step))) / 2e-6
        assert slope == pytest.approx(gradient[i], rel=1e-6, abs=1e-6)
        above, below = (np.concatenate([g.ravel() for g in training.gradient(*at(whole + s))]) for s in (step, -step))
        np.testing.assert_allclose((above - below) / 2e-6, hessian[i], rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(training.hessian(W, alpha), hessian[: W.size, : W.size], atol=1e-12)


def test_sums_do_not_depend_on_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    population, W, alpha = network()
    training = drawn(101, population)
    whole = (training.loss(W, alpha), training.hessian(W, alpha, 2, 0.2), training.gradient_covariance(W, alpha))
    monkeypatch.setattr(module, "PART", 40)
    for x, y in zip(
        whole, (training.loss(W, alpha), training.hessian(W, alpha, 2, 0.2), training.gradient_covariance(W, alpha)),
        strict=True,
    ):  # fmt: skip
        np.testing.assert_allclose(x, y, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", KINKED)
def test_no_saddle_shows_in_the_first_layer(name: str) -> None:
    """The almost-everywhere Hessian is a Gram matrix, at every W and for every sample."""
    population, _, alpha = network(name)
    for seed in range(5):
        W = 2 * np.random.default_rng(seed).standard_normal((3, 4))
        values = np.linalg.eigvalsh(drawn(50 + seed, population, seed).hessian(W, alpha))
        assert values[0] > -1e-12 * values[-1]
    indefinite = population.hessian(0.2 * network(name)[1], alpha)
    assert np.linalg.eigvalsh(indefinite)[0] < -0.05, "while the population's is indefinite at many points"


def test_2a_at_5_is_a_saddle_that_samples_take_for_a_minimum() -> None:
    """Below its threshold 5.71 the family 2a has three negative directions; all of them come from B."""
    here = point("2a", 5)
    assert np.sum(np.linalg.eigvalsh(here.H) < -1e-3) == 3
    training = drawn(20_000, here.population)
    assert np.linalg.eigvalsh(training.hessian(here.W))[0] > 0.08
    assert np.sum(np.linalg.eigvalsh(training.hessian(here.W, width=0.1)) < 0) == 3


# -- limits ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("name", KERNELS)
def test_to_what_the_hessian_of_samples_converges(name: str, layers: int) -> None:
    population, W, alpha = network(name)
    parts = [drawn(1000, population, seed).hessian(W, alpha, layers) for seed in range(40)]
    assert standard_errors_off(parts, limit_hessian(population, W, alpha, layers)) < 5
    off = standard_errors_off(parts, population.hessian(W, alpha, layers))
    assert off > 10 if name in KINKED else off < 5, "to the population's Hessian only if phi is twice differentiable"


def test_the_limit_is_the_mixed_derivative_of_the_kernel() -> None:
    population, W, alpha = network()
    k, d = W.shape
    expected = np.zeros((k, d, k, d))
    for i, row in enumerate(W):
        expected[i] = np.moveaxis(alpha[i] * alpha[:, None, None] * kernel_mixed_derivatives(row, W), 0, 1)
    np.testing.assert_allclose(limit_hessian(population, W, alpha), expected.reshape(k * d, k * d), atol=1e-14)


def test_what_is_missed_is_the_residual_where_neurons_switch() -> None:
    """B_i as the derivative of the kernel by one row, as integral over its hyperplane, and as form D of splitting."""
    population, W, alpha = network()
    B = boundary_term(population, W, alpha)
    for i, row in enumerate(W):
        others = np.vstack([W, population.V])
        by_kernel = kernel_second_derivatives(row, others, np.append(alpha, -population.beta))
        np.testing.assert_allclose(B[i], alpha[i] * by_kernel, atol=1e-14)
        np.testing.assert_allclose(B[i] @ row, 0, atol=1e-14)
        rng = np.random.default_rng(i)
        parts = []
        for _ in range(40):
            x = rng.standard_normal((2000, 4))
            x -= np.outer(x @ row, row) / (row @ row)
            r = np.maximum(x @ W.T, 0) @ alpha - np.maximum(x @ population.V.T, 0) @ population.beta
            parts.append(alpha[i] / np.sqrt(2 * np.pi * row @ row) * (r[:, None] * x).T @ x / len(x))
        assert standard_errors_off(parts, B[i]) < 5


def test_what_is_missed_is_the_form_of_splitting() -> None:
    here = point("2a", 10)
    B = boundary_term(here.population, here.W)
    for row, i in zip(widths(family("2a"), 10).rows, (0, 9), strict=True):
        expected = [0.0] + [float(x.number.value) for x in row.values for _ in range(int(x.multiplicity))]
        np.testing.assert_allclose(np.linalg.eigvalsh(B[i]), sorted(expected), atol=1e-12)


@pytest.mark.parametrize("name", KINKED)
def test_smoothed_it_converges_to_a_closed_form(name: str) -> None:
    population, W, alpha = network(name)
    parts = [drawn(1000, population, seed).smoothed_boundary(W, 0.3, alpha) for seed in range(40)]
    assert standard_errors_off(parts, boundary_term(population, W, alpha, 0.3)) < 5


def test_the_closed_form_tends_to_what_is_missed() -> None:
    """By h**2 in general position; by h at the target, where each row is parallel to one of V."""

    def off(population: DenseLoss, W: Floats, alpha: Floats, width: float) -> float:
        return float(np.linalg.norm(boundary_term(population, W, alpha, width) - boundary_term(population, W, alpha)))

    general, target = network(), (DenseLoss(np.eye(4)), np.eye(4), np.ones(4))
    for setting, order in ((general, 2), (target, 1)):
        assert np.log2(off(*setting, 0.02) / off(*setting, 0.01)) == pytest.approx(order, abs=0.02)


def test_difference_quotients_over_many_kinks_converge_to_the_populations_hessian() -> None:
    here, step = point("2a", 5), 0.1
    parts = [drawn(5000, here.population, seed).difference_hessian(here.W, step) for seed in range(8)]
    mean, error = np.mean(parts, axis=0), np.linalg.norm(np.std(parts, axis=0, ddof=1)) / np.sqrt(len(parts))
    exact = np.empty_like(here.H)  # the same quotient of the population loss
    for i, unit in enumerate(np.eye(here.W.size).reshape(-1, *here.W.shape)):
        above, below = (here.population.row_gradient(here.W + s * step * unit) for s in (1, -1))
        exact[i] = (above - below).ravel() / (2 * step)
    assert np.linalg.norm(mean - (exact + exact.T) / 2) < 2 * error
    assert np.linalg.norm(mean - here.H) < 2 * error
    assert np.linalg.norm(mean - here.limit) > 4 * error


def test_a_smooth_activation_misses_nothing() -> None:
    population, W, alpha = network("erf")
    np.testing.assert_array_equal(limit_hessian(population, W, alpha, 2), population.hessian(W, alpha, 2))
    # phi'' is a function there, and B, which is part of H, is the mean of residual and phi''
    phi = activation_of(ERF)
    assert phi.curvature is not None
    parts = []
    for seed in range(40):
        x = GAUSSIAN.sample(1000, 4, np.random.default_rng(seed))
        z = x @ W[0]
        r = phi.value(x @ W.T) @ alpha - phi.value(x @ population.V.T) @ population.beta
        r = r - alpha[0] * phi.value(z)
        parts.append(alpha[0] * ((r * phi.curvature(z))[:, None] * x).T @ x / len(x))
    assert standard_errors_off(parts, boundary_term(population, W, alpha)[0]) < 5


# -- clusters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "d", "layers"), [("1b", 7, 2), ("2a", 10, 1), ("3a", 8, 2)])
def test_clusters_are_all_eigenvalues_of_both_hessians(name: str, d: int, layers: int) -> None:
    here = symmetric_point(family(name), d, layers)
    for which, matrix in (("value", here.H), ("limit", here.limit)):
        values = np.repeat([getattr(c, which) for c in here.clusters], [c.multiplicity for c in here.clusters])
        np.testing.assert_allclose(np.sort(values), np.linalg.eigvalsh(matrix), atol=1e-12)
    assert sum(c.multiplicity for c in here.clusters) == d * (d + layers - 1)


def test_without_b_the_clusters_are_where_theorem_2_puts_them() -> None:
    """At d = 10 the sample's clusters of 1b are nearer to the constants of Theorem 2 than the population's own."""
    (x,) = [c for c in point("1b", 10).clusters if c.component == "x1"]
    constant = 1 / 4 - 1 / (2 * np.pi)
    assert abs(x.limit - constant) < 1e-6 < 0.07 < abs(x.value - constant)


# -- training ----------------------------------------------------------------------------------------------------------


def test_a_global_minimum_does_not_move() -> None:
    here = point("1a", 6)
    reached = train_from(drawn(300, here.population), here.W, metric=here.H)
    assert reached.steps == 0 and reached.loss == 0
    np.testing.assert_array_equal(reached.W, here.W)


def test_plain_descent_is_slower_and_comes_as_low() -> None:
    here = point("2a", 10)
    training = drawn(2000, here.population)
    quick = train_from(training, here.W, metric=here.H)
    plain = train_from(training, here.W, rate=0.3, steps=300)
    assert plain.steps > 4 * quick.steps
    assert 0.9 < (plain.start_loss - plain.loss) / (quick.start_loss - quick.loss) < 1.02
    assert quick.gradient < 0.1 * np.linalg.norm(training.gradient(here.W)[0])


def test_the_descent_never_goes_up() -> None:
    here = point("2a", 10)
    training = drawn(500, here.population)
    losses = [train_from(training, here.W, metric=here.H, steps=n).loss for n in range(6)]
    assert all(y < x for x, y in zip(losses, losses[1:], strict=False))


@pytest.mark.slow
def test_the_training_minimum_moves_as_the_populations_hessian_says() -> None:
    """The mean square of the way agrees with the sandwich formula with H within a quarter, and not with H - B."""
    here, n = point("2a", 10), 16_000
    moved, covariance = [], np.zeros_like(here.H)
    for seed in range(8):
        training = drawn(n, here.population, seed)
        moved.append(float(np.sum((train_from(training, here.W, metric=here.H, steps=30).W - here.W) ** 2)))
        covariance += training.gradient_covariance(here.W) / 8
    found, error = np.mean(moved), np.std(moved, ddof=1) / np.sqrt(8)
    expected, wrong = (predicted_move(covariance, matrix, n) ** 2 for matrix in (here.H, here.limit))
    assert abs(found - expected) < 3 * error + expected / 4, "the correction is of relative order N**(-1/4)"
    assert found - wrong > 4 * error


# -- the study ---------------------------------------------------------------------------------------------------------


def test_exponents_of_known_errors() -> None:
    """Their standard error is right: over 100 seeds the deviations in its units have variance 1."""
    sizes = [100, 400, 1600, 6400]
    for heavy in (False, True):
        deviations = []
        for seed in range(100):
            rng = np.random.default_rng(seed)
            fit = fitted_exponent(sizes, [np.abs(rng.standard_normal(100)) * n**-0.4 for n in sizes], heavy)
            assert fit is not None and fit.error < 0.05
            deviations.append((fit.value + 0.4) / fit.error)
        assert abs(np.mean(deviations)) < 0.4
        assert 0.75 < np.std(deviations) < 1.25
    assert fitted_exponent(sizes, [[0.0, 0.0]] * 4) is None
    assert fitted_exponent([100], [[1.0, 2.0]]) is None


@cache
def study(name: str = "2a", d: int = 6, law: str = "gaussian") -> SampleStudy:
    return sample_study(family(name), d, (500, 2000, 8000), law, samples=4, move=False)


def test_exponents_at_a_spurious_minimum() -> None:
    found = study()
    for name, expected in {"gradient": -0.5, "autodiff_to_limit": -0.5}.items():
        fit = found.exponents[name]
        assert fit is not None
        assert abs(fit.value - expected) < 4 * fit.error < 0.25
    last = found.rows[-1].errors
    missed = np.sqrt(last["autodiff_to_population"] ** 2 - last["autodiff_to_limit"] ** 2)
    assert missed == pytest.approx(found.missed, rel=0.15), "what the sample Hessian keeps missing"
    smooth = [row.errors["smoothed_to_population"] for row in found.rows]
    assert smooth[-1] < 0.4 * smooth[0]


def test_clusters_of_a_sample_lie_around_the_limits() -> None:
    last = study().rows[-1]
    for cluster, distance in zip(study().clusters, last.clusters, strict=True):
        assert distance.autodiff < 0.02 + 0.05 * cluster.limit
    x = next(i for i, c in enumerate(study().clusters) if c.component == "x1")
    assert last.clusters[x].autodiff_to_population > 3 * last.clusters[x].autodiff


def test_another_invariant_law_is_a_constant() -> None:
    found, plain = study(law="ball"), study()
    assert found.constant == "3/4", "d/(d+2) at d = 6"
    assert found.loss == pytest.approx(0.75 * plain.loss)
    for a, b in zip(found.clusters, plain.clusters, strict=True):
        assert a.value == pytest.approx(0.75 * b.value, abs=1e-12)
    last = found.rows[-1]
    assert last.errors["gradient"] < 0.3 * found.rows[0].errors["gradient"]


def test_under_a_law_that_rotations_change_the_gradient_stays() -> None:
    found = study(law="cube")
    assert found.constant is None
    assert found.rows[-1].errors["gradient"] > 0.75 * found.rows[0].errors["gradient"]
    assert found.predicted == (None, None, None)


def test_numbers_follow_from_the_seed() -> None:
    def once(seed: int, sizes: tuple[int, ...]) -> dict[str, object]:
        return sample_study(family("1b"), 4, sizes, samples=2, move=False, seed=seed).to_json()

    assert once(3, (200, 400)) == once(3, (400, 200))
    assert once(3, (200, 400)) != once(4, (200, 400))


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_what_is_refused() -> None:
    population, W, alpha = network()
    training = drawn(10, population)
    smooth, V, beta = network("erf")
    refused = [
        (lambda: TrainingLoss(np.zeros((3, 7)), population), "N x 4 numbers"),
        (lambda: training.loss(W[:, :2]), "k x 4 matrix"),
        (lambda: training.loss(W, alpha[:2]), "3 neurons"),
        (lambda: training.hessian(W, alpha, width=0), "no input lies on a kink"),
        (lambda: training.hessian(W, alpha, width=-1), "a number >= 0"),
        (lambda: drawn(10, smooth).hessian(V, beta, width=0.1), "no kink"),
        (lambda: boundary_term(smooth, V, beta, 0.1), "no kink"),
        (lambda: training.difference_hessian(W, 0.0), "positive number"),
        (lambda: train_from(training, W, metric=-np.eye(12)), "positive definite"),
        (lambda: activation_of(kernel_named("s3")), "known for relu"),
        (lambda: activation_of(kernel_named("leaky:s")), "known for relu"),
        (lambda: sample_study(family("1a"), 10, [0]), "give positive numbers"),
        (lambda: sample_study(family("1a"), 10, [10**10]), "at most"),
    ]
    for call, part in refused:
        with pytest.raises(BadInput, match=part):
            call()


def test_every_kernel_has_the_same_limit_for_both_ways_to_name_a_width() -> None:
    for name, layers in product(KINKED, (1, 2)):
        population, W, alpha = network(name)
        narrow = limit_hessian(population, W, alpha, layers, 1e-3)
        np.testing.assert_allclose(narrow, population.hessian(W, alpha, layers), atol=1e-5)
