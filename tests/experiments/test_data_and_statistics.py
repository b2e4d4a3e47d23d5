import sys
from typing import Any

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.experiments import data as module
from symrelu.experiments.data import data, whitened
from symrelu.experiments.statistics import (
    distance_between,
    distance_to,
    distance_to_normal,
    excess_kurtosis,
    haar,
    normal_cdf,
)


def test_whitened_data_have_mean_0_and_covariance_1() -> None:
    rng = np.random.default_rng(0)
    x = whitened(rng.standard_normal((4, 4)) @ rng.standard_normal((4, 50)) + 3)
    assert np.allclose(x.mean(axis=1), 0, atol=1e-12)
    assert np.allclose(x @ x.T / 50, np.eye(4), atol=1e-12)
    with pytest.raises(BadInput, match="singular"):
        whitened(rng.standard_normal((5, 5)))


def test_digits_are_16_whitened_features_of_different_images() -> None:
    pytest.importorskip("sklearn")
    x = data("digits", 1797, np.random.default_rng(0))
    assert x.shape == (16, 1797)
    assert np.allclose(x @ x.T / 1797, np.eye(16), atol=1e-10)
    assert len(np.unique(x.round(9), axis=1).T) == 1797
    again = data("digits", 100, np.random.default_rng(5))
    assert np.array_equal(again, data("digits", 100, np.random.default_rng(5)))


def test_without_scikit_learn_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    module._all_digits.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn.datasets", None)
    with pytest.raises(BadInput, match=r"symrelu\[experiments\]"):
        data("digits", 10, np.random.default_rng(0))


@pytest.mark.parametrize("arguments", [("cifar", 10), ("digits", 0), ("digits", 1798), ("digits", 10, 8)])
def test_bad_requests(arguments: tuple[Any, ...]) -> None:
    name, m, *n = arguments
    with pytest.raises(BadInput):
        data(name, m, np.random.default_rng(0), *n)


def test_kolmogorov_distances_by_hand() -> None:
    # the uniform distribution function against the points 1/4 and 1/2: largest gap 1 - 1/2
    assert distance_to(np.array([0.5, 0.25]), lambda x: x) == pytest.approx(0.5)
    assert distance_between(np.array([1.0, 2, 3]), np.array([1.5, 2.5])) == pytest.approx(1 / 3)
    assert distance_between(np.array([0.0]), np.array([1.0])) == 1
    assert normal_cdf(np.array([1.959963984540054]))[0] == pytest.approx(0.975, abs=1e-12)


def test_normal_samples_are_told_from_others() -> None:
    rng = np.random.default_rng(1)
    normal, uniform = rng.standard_normal(4000), rng.uniform(-1, 1, 4000)
    assert abs(excess_kurtosis(normal)) < 0.2 and excess_kurtosis(uniform) == pytest.approx(-1.2, abs=0.05)
    assert distance_to_normal(3 * normal + 7) < 0.02 < 0.04 < distance_to_normal(uniform)


def test_haar_matrices_are_orthogonal_and_have_no_preferred_sign() -> None:
    rng = np.random.default_rng(2)
    draws = np.array([haar(3, rng) for _ in range(2000)])
    assert np.allclose(draws @ draws.swapaxes(1, 2), np.eye(3), atol=1e-12)
    assert np.all(np.abs(draws.mean(axis=0)) < 5 / np.sqrt(3 * 2000))  # entries have mean 0, variance 1/3
