"""Laws of inputs: samples have the moments stated, and the constant is all that a rotation-invariant one changes."""

from fractions import Fraction

import numpy as np
import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.model.activations import ERF, Z2, Z3, kernel_named
from symrelu.model.dense import DenseLoss
from symrelu.reference.dense import kernel
from symrelu.samples.laws import gaussian_moment, gradient_under, law_named
from symrelu.samples.training_loss import TrainingLoss

INVARIANT = ["gaussian", "sphere", "ball", "student:15", "mixture:1/4:2"]


@pytest.mark.parametrize("name", [*INVARIANT, "cube", "signs"])
@pytest.mark.parametrize("m", [1, 2, 3])
def test_radial_moments_are_those_of_samples(name: str, m: int) -> None:
    law, d = law_named(name), 5
    x = law.sample(40_000, d, np.random.default_rng(7))
    powers = np.sum(x * x, axis=1) ** m
    moment = law.radial_moment(m, d)
    assert moment is not None
    error = powers.std() / np.sqrt(len(powers))
    assert abs(powers.mean() - float(moment)) <= 5 * error + 1e-9 * float(moment)


@pytest.mark.parametrize("name", INVARIANT)
def test_the_kernel_is_multiplied_by_the_constant(name: str) -> None:
    law, d = law_named(name), 4
    rng = np.random.default_rng(3)
    W, V = rng.standard_normal((2, d)), rng.standard_normal((3, d))
    x = law.sample(60_000, d, rng)
    products = np.maximum(x @ W.T, 0)[:, :, None] * np.maximum(x @ V.T, 0)[:, None, :]
    expected = float(law.constant(d)) * kernel(W, V)
    errors = products.std(axis=0) / np.sqrt(len(x))
    assert np.max(np.abs(products.mean(axis=0) - expected) / errors) < 5


def test_constants_are_exact() -> None:
    assert law_named("sphere").constant(10) == 1
    assert law_named("ball").constant(10) == Fraction(10, 12)
    assert law_named("student:5").constant(10) == Fraction(5, 3)
    assert law_named("mixture:1/4:2").constant(10) == Fraction(7, 4)
    # a power of degree m has E|x|**(2m) over that of the Gaussian
    assert law_named("sphere").constant_for(Z2, 10) == Fraction(10, 12)
    assert law_named("sphere").constant_for(Z3, 10) == Fraction(100, 12 * 14)
    assert gaussian_moment(3, 10) == 10 * 12 * 14
    assert law_named("sphere").constant_for(ERF, 10) is None, "erf's kernel becomes another function"
    assert law_named("cube").constant_for(kernel_named("relu"), 10) is None, "the cube has corners"


@pytest.mark.parametrize("name", ["relu", "leaky:1/10", "abs"])
def test_under_a_mixture_homogeneous_gradients_are_proportional(name: str) -> None:
    rng = np.random.default_rng(1)
    W, law = rng.standard_normal((4, 3)), law_named("mixture:1/3:3/2")
    population = DenseLoss(np.eye(3), kernel=kernel_named(name))
    found = gradient_under(law, population, W)
    np.testing.assert_allclose(found, float(law.constant(3)) * population.row_gradient(W), atol=1e-14)


def test_under_a_mixture_the_gradient_of_erf_is_another_direction() -> None:
    rng = np.random.default_rng(1)
    W, law = rng.standard_normal((4, 3)), law_named("mixture:1/3:3/2")
    population = DenseLoss(np.eye(3), kernel=ERF)
    found, gaussian = gradient_under(law, population, W).ravel(), population.row_gradient(W).ravel()
    cosine = found @ gaussian / np.linalg.norm(found) / np.linalg.norm(gaussian)
    assert cosine < 0.999
    # the sum of Gaussian losses is right: a sample under the law agrees with it
    x = law.sample(20_000, 3, np.random.default_rng(2))
    parts = [TrainingLoss(piece, population).gradient(W)[0].ravel() for piece in np.split(x, 50)]
    error = np.std(parts, axis=0) / np.sqrt(len(parts))
    assert np.max(np.abs(np.mean(parts, axis=0) - found) / error) < 5


def test_signs_keep_the_permutations_and_lose_the_critical_point() -> None:
    """All 2**d inputs, so nothing is random: at 2a the gradient does not vanish, and it lies in the fixed space."""
    d = 7
    W = symrelu.family("2a").at(d).matrix()
    population = DenseLoss(np.eye(d))
    inputs = np.array(np.meshgrid(*[[-1.0, 1.0]] * d)).reshape(d, -1).T
    gradient = TrainingLoss(inputs, population).gradient(W)[0]
    assert np.linalg.norm(population.row_gradient(W)) < 1e-12
    assert np.linalg.norm(gradient) > 0.1
    swapped = np.arange(d)
    swapped[[0, 1]] = 1, 0
    np.testing.assert_allclose(gradient[np.ix_(swapped, swapped)], gradient, atol=1e-14)
    assert np.linalg.norm(TrainingLoss(inputs, population).gradient(np.eye(d))[0]) == 0, "the target fits under any law"


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("gauss", "give one of gaussian, sphere"),
        ("student", "give one of"),
        ("student:0", "positive number"),
        ("student:x", "degrees of freedom of student was given as 'x'"),
        ("mixture:2:1", "0 < weight < 1"),
        ("sphere:2", "give one of"),
    ],
)
def test_what_is_no_law(text: str, part: str) -> None:
    with pytest.raises(BadInput, match=part):
        law_named(text)


def test_refusals_say_what_to_do() -> None:
    with pytest.raises(BadInput, match="give more degrees of freedom"):
        law_named("student:2").constant(5)
    with pytest.raises(BadInput, match="not rotation invariant"):
        law_named("cube").constant(5)
    with pytest.raises(BadInput, match="sample it"):
        gradient_under(law_named("sphere"), DenseLoss(np.eye(3), kernel=ERF), np.eye(3))
    with pytest.raises(BadInput, match="numbers from 1 on"):
        law_named("sphere").sample(0, 3, np.random.default_rng(1))
