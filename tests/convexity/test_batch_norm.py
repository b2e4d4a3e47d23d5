"""Networks with normalised pre-activations: gradient and Hessian, the invariance under scaling, the comparison."""

import numpy as np
import pytest

from symrelu.convexity import Regression
from symrelu.convexity.batch_norm import NormalisedLoss, compare
from symrelu.errors import BadInput

H, N = 3, 2


@pytest.fixture
def loss() -> NormalisedLoss:
    rng = np.random.default_rng(0)
    return NormalisedLoss(Regression(rng.standard_normal((N, 12)), rng.standard_normal((1, 12)), 0.1), H)


@pytest.fixture
def theta() -> np.ndarray:
    return np.random.default_rng(1).standard_normal((4, H * N + H))


def test_the_value_is_its_definition(loss: NormalisedLoss, theta: np.ndarray) -> None:
    for row, value in zip(theta, loss.value_and_gradient(theta)[0], strict=True):
        z = row[: H * N].reshape(H, N) @ loss.problem.inputs
        u = (z - z.mean(axis=1)[:, None]) / z.std(axis=1)[:, None]
        y = row[H * N :] @ np.maximum(u, 0)
        assert value == pytest.approx(np.sum((y - loss.problem.targets) ** 2) / 24 + 0.05 * row @ row)


def test_the_gradient_against_differences(loss: NormalisedLoss, theta: np.ndarray) -> None:
    step = 1e-6
    for i, unit in enumerate(step * np.eye(theta.shape[1])):
        ends = [loss.value_and_gradient(theta + sign * unit)[0] for sign in (1, -1)]
        assert np.allclose(loss.value_and_gradient(theta)[1][:, i], (ends[0] - ends[1]) / (2 * step), atol=1e-7)


def test_scaling_the_first_layer_changes_the_decay_only(loss: NormalisedLoss, theta: np.ndarray) -> None:
    larger = theta.copy()
    larger[:, : H * N] *= 3
    added = 0.05 * (np.sum(larger**2, axis=1) - np.sum(theta**2, axis=1))
    assert np.allclose(loss.value_and_gradient(larger)[0], loss.value_and_gradient(theta)[0] + added)


def test_smallest_eigenvalues(loss: NormalisedLoss, theta: np.ndarray) -> None:
    # along W_0 the Hessian of l is 0, so with a gradient there it is indefinite but for the decay
    values = loss.smallest(theta)
    rays = np.where(np.arange(theta.shape[1]) < H * N, theta, 0)
    step = 1e-4
    curvature = (
        loss.value_and_gradient(theta + step * rays)[0]
        + loss.value_and_gradient(theta - step * rays)[0]
        - 2 * loss.value_and_gradient(theta)[0]
    ) / step**2
    lengths = np.sum(rays**2, axis=1)
    assert np.allclose(curvature / lengths, 0.1, atol=1e-5)
    assert np.all(values <= 0.1 + 1e-6)


def test_the_comparison_is_seeded_and_complete() -> None:
    one, same = (compare(0.1, trials=3, steps=30, seed=5) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.shares, same.shares, strict=True))
    for parts in (one.shares, one.entered):
        assert len(parts) == 2 and all(len(x) == 3 and np.all((x >= 0) & (x <= 1)) for x in parts)
    with pytest.raises(BadInput, match="smaller rate"), np.errstate(all="ignore"):
        compare(0.1, trials=2, steps=10, rate=30.0)
