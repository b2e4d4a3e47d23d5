"""The bound at the symmetric minima: population version, balanced points, regularised minima, samples."""

import numpy as np
import pytest

from symrelu.convexity.minima import Point, family_point, follow, minima_text, newton, symmetric_minimum
from symrelu.errors import BadInput
from symrelu.model.dense import DenseLoss
from symrelu.reference import dense

D = 7


@pytest.fixture(scope="module")
def spurious() -> Point:
    return family_point("1b", D)


def test_balanced_points_are_the_same_function(spurious: Point) -> None:
    assert np.allclose(np.linalg.norm(spurious.W, axis=1), np.abs(spurious.alpha))
    assert spurious.loss == pytest.approx(dense.loss(spurious.W, spurious.alpha, np.eye(D), np.ones(D)))
    assert np.max(np.abs(spurious.gradient)) < 1e-12  # critical for L, with lambda = 0


def test_the_constant_at_a_minimum_of_the_bare_loss_is_lambda(spurious: Point) -> None:
    # the k zeros of rescaling are the least eigenvalues of Hess L at a minimum of L
    for decay in (0.01, 0.5):
        there = spurious.with_decay(decay)
        assert there.smallest == pytest.approx(decay, abs=1e-12)
        assert np.sum(np.abs(np.linalg.eigvalsh(there.hessian) - decay) < 1e-10) == D


def test_regularised_minima_lie_in_no_u_and_have_the_eigenvalue_two_lambda(spurious: Point) -> None:
    for decay in (0.001, 0.05, 0.3):
        found, reached = follow(spurious, decay)
        assert found is not None and reached == decay
        assert np.max(np.abs(found.gradient)) < 1e-10
        assert found.theta_max("sharp") < 0 and found.theta_max("paper") < found.theta_max("sharp")
        for i in range(D):  # (w_i, -alpha_i), an exact eigenvector
            turned = np.zeros_like(found.vector)
            turned[i * D : (i + 1) * D], turned[D * D + i] = found.W[i], -found.alpha[i]
            assert np.allclose(found.hessian @ turned, 2 * decay * turned, atol=1e-9)


def random_point(seed, decay=0.1, scale=1.0, target=True):
    rng = np.random.default_rng(seed)
    k, d, h = (int(n) for n in rng.integers(1, 4, 3))
    problem = DenseLoss(rng.standard_normal((h, d)) * target, rng.standard_normal(h))
    return Point(problem, decay, scale * rng.standard_normal((k, d)), scale * rng.standard_normal(k))


@pytest.mark.parametrize("seed", range(25))
def test_the_bound_holds_for_the_mean_of_the_pieces(seed: int) -> None:
    for scale in (0.3, 1.0, 2.0):
        point = random_point(seed, scale=scale)
        assert point.theta_max("sharp") <= point.pieces_smallest + 1e-10


def test_blocks_of_the_mean_of_the_pieces() -> None:
    # E alpha_i**2 1(<w_i, x> > 0) x x' = alpha_i**2/2, whatever the target
    point = random_point(7)
    k, d = point.W.shape
    for i in range(k):
        block = point.pieces_hessian[i * d : (i + 1) * d, i * d : (i + 1) * d]
        assert np.allclose(block, (point.alpha[i] ** 2 / 2 + point.decay) * np.eye(d))
    rest = point.pieces_hessian - point.hessian
    assert np.allclose(rest[k * d :], 0) and not np.allclose(rest, 0)


def test_the_mean_of_the_pieces_is_what_samples_have() -> None:
    point = random_point(3)
    sampled = [point.sampled(40_000, seed) for seed in range(2)]
    for one in sampled:
        assert one.loss == pytest.approx(point.loss, rel=0.05)
        assert one.smallest == pytest.approx(point.pieces_smallest, abs=0.06)
        assert one.theta_max_paper < one.theta_max_sharp < one.theta_max_moment <= one.smallest
        assert one.radius > 3


def test_the_hessian_of_the_population_loss_obeys_no_such_bound() -> None:
    # y = alpha relu(w x): the kinks add alpha/|w| times something negative where y falls short of f
    problem = DenseLoss(np.eye(2)[:1])
    losses = []
    for size in (1e-1, 1e-2, 1e-3):
        point = Point(problem, 1.0, np.array([[0.0, size]]), np.array([1.0]))
        losses.append(point.loss)
        assert point.pieces_smallest >= point.theta_max("sharp")
    assert max(losses) < 0.3  # in U(1, theta) for theta < 0.45 all along
    assert point.theta_max("sharp") > 0.45 and point.smallest < -300


def test_newton_does_not_wander(spurious: Point) -> None:
    far = Point(spurious.problem, 0.1, spurious.W + 0.4, spurious.alpha)
    assert newton(far) is None


def test_a_minimum_and_its_table() -> None:
    rows = [symmetric_minimum(name, D, 0.02, samples=(500,) if name == "1a" else ()) for name in ("1a", "1b")]
    assert rows[0].at_family.loss == pytest.approx(0, abs=1e-12) and rows[0].at_family.theta_max() == pytest.approx(
        0.02
    )
    assert rows[1].to_json()["regularised"]["theta_max_sharp"] < 0
    text = minima_text(rows)
    assert "500 Gaussian points" in text and "in no U" in text and max(map(len, text.splitlines())) < 260


def test_what_is_refused() -> None:
    with pytest.raises(BadInput, match="lambda = 0 the set U is empty"):
        symmetric_minimum("1a", D, 0.0)
    with pytest.raises(BadInput, match="no minimum at d = 5"):
        symmetric_minimum("1b", 5, 0.1)
