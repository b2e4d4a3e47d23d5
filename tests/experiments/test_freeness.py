"""The measures of freeness on matrices of which it is known how free they are, and facts about ReLU networks."""

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.experiments.freeness import freeness, task, trained_autoencoder, words
from symrelu.experiments.network import Problem
from symrelu.experiments.statistics import rotated
from symrelu.experiments.training import trained


def test_commuting_independent_matrices_are_told_from_free_ones() -> None:
    signs = np.repeat([1.0, -1.0], 100)
    a, b = np.diag(signs), np.diag(np.tile([1.0, -1.0], 100))  # all four pairs of signs equally often
    assert words(a, b) == pytest.approx((1, 0), abs=1e-12)
    found, total, spectra = freeness(a, b, np.random.default_rng(0))
    # A + B has the values -2, 0, 2 with 1/4, 1/2, 1/4; the free sum is the arcsine law on [-2, 2]
    assert found.defects[:3] == pytest.approx((0, 0, 8 / 4 - 6 / 4), abs=1e-9)
    assert found.distance == pytest.approx(0.25, abs=0.02)
    assert sorted(set(total.round(9))) == [-2, 0, 2] and spectra.shape == (4, 200)
    assert found.by_chance is not None and found.by_chance.distance < 0.02
    assert abs(found.by_chance.alternating) < 0.05


def test_rotated_matrices_are_free_up_to_chance() -> None:
    rng = np.random.default_rng(1)
    a, b = np.diag(rng.uniform(0, 1, 200) ** 2), rotated(np.diag(rng.uniform(-1, 1, 200)), rng)
    found, _, _ = freeness(a, b, rng)
    assert abs(found.alternating) < 0.05 and abs(found.pair) < 0.05 and found.distance < 0.03
    assert np.allclose(found.defects[:3], 0, atol=0.1)


def test_equal_matrices_are_aligned() -> None:
    a = np.diag(np.random.default_rng(2).standard_normal(50))
    assert words(a, a)[1] == pytest.approx(1)


def test_bad_input() -> None:
    a = np.diag([1.0, 2.0])
    with pytest.raises(BadInput, match="multiple of 1"):
        freeness(a, 3 * np.eye(2), np.random.default_rng(0))
    with pytest.raises(BadInput, match="at least 2"):
        freeness(a, a, np.random.default_rng(0), rotations=1)


def test_trace_of_h0_h1_is_linear_in_the_gradient() -> None:
    """So it vanishes at every critical point of a ReLU network, as for free matrices of which one is centred."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal((5, 40))
    problem = Problem("relu", x, rng.standard_normal((3, 40)), 4)
    theta = problem.initial(rng)
    for at in (theta, trained(problem, theta, 1500)):
        point = problem.at(at)
        first = problem.layers(point.gradient)[0]
        assert np.trace(point.H0 @ point.H1) == pytest.approx(2 / 40 * np.sum(point.h @ x.T * first), rel=1e-9)
    assert abs(words(point.H0, point.H1)[1]) < 1e-2 < abs(words(problem.at(theta).H0, problem.at(theta).H1)[1])


def test_a_trained_autoencoder_is_nearly_free_and_the_run_is_seeded() -> None:
    settings = task("gaussian", hidden=12, images=60, steps=200, seed=4)
    found = trained_autoencoder(settings)
    assert found == trained_autoencoder(settings)
    assert found.phi == pytest.approx(12 * 32 / (16 * 60))
    assert len(found.total) == 12 * 32 and len(found.rotated) == 4
    assert found.means[1] == pytest.approx(0, abs=1e-12)
    assert found.freeness.distance < 0.15 and abs(found.freeness.alternating) < 0.3
    assert found.negative[0] < 0.03 < 0.06 < found.negative[1], (
        "freeness would give negative eigenvalues that are not there"
    )
    assert found.residuals.size == 16 * 60 and abs(found.residuals.excess_kurtosis) < 2
