"""The bound of rebuttal 003 never fails: with the printed constant H(H+1) and with H; U, A, and critical points."""

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu import convexity
from symrelu.convexity import (
    Regression,
    balls,
    exact,
    hessian_min_eig,
    in_A,
    in_U,
    milne_bound,
    slack_squared,
    theta_max,
)
from symrelu.convexity.bound import constant_of, largest_eigenvalue, norm_squared
from symrelu.convexity.trajectory import descend
from symrelu.errors import BadInput, Undecided


def network(H, seed, scale=1.0, slope=0.0, decay=0.5, batch=(), widths=(1, 4), targets=1.0):
    rng = np.random.default_rng(seed)
    sizes = [int(n) for n in rng.integers(*widths, H + 2)]
    weights = [scale * rng.standard_normal((*batch, q, p)) for p, q in zip(sizes[:-1], sizes[1:], strict=True)]
    points = int(rng.integers(1, 8))
    inputs, b = rng.standard_normal((sizes[0], points)), targets * rng.standard_normal((sizes[-1], points))
    return Regression(inputs, b, decay, slope).at(weights)


GIVEN = given(
    st.integers(1, 3),
    st.integers(0, 10**6),
    st.floats(0.05, 3),
    st.sampled_from([0.0, 0.1, -0.7, 2.0]),
    st.floats(0, 2),
)


@settings(max_examples=60)
@GIVEN
def test_the_bound_holds_with_both_constants(H: int, seed: int, scale: float, slope: float, targets: float) -> None:
    one = network(H, seed, scale, slope, batch=(8,), targets=targets)
    true = hessian_min_eig(one)
    sharp, paper = theta_max(one, "sharp"), theta_max(one, "paper")
    size = 1e-9 * (1 + np.max(np.abs(one.hessian)))
    moment = theta_max(one, "moment")
    assert np.all(moment <= true + size)
    assert np.all(paper <= sharp) and np.all(sharp <= moment + size)


@settings(max_examples=60)
@GIVEN
def test_the_second_derivative_of_y_is_bounded(H: int, seed: int, scale: float, slope: float, targets: float) -> None:
    # the step of the proof: |<y - b, D2y[X, X]>| summed, against sqrt(2 l) r m**H H ||W||**(H-1) |X|**2
    one = network(H, seed, scale, slope, targets=targets)
    largest = np.max(np.abs(np.linalg.eigvalsh(one.residual_part)))
    assert largest <= np.sqrt(slack_squared(one, "moment")) * (1 + 1e-9) + 1e-12


def test_the_sharp_constant_is_attained() -> None:
    # H = 1, one unit, one point: D2y[X, X] = 2 r X_0 X_1, so lambda - sqrt(2) r sqrt(l) is an eigenvalue but for Dy
    weight = 1e-6
    one = Regression(np.array([[1.0]]), np.array([[1.0]]), 1.0).at([np.array([[weight]]), np.array([[weight]])])
    assert np.isclose(hessian_min_eig(one), theta_max(one, "sharp"), atol=1e-5)
    assert theta_max(one, "paper") < hessian_min_eig(one) - 0.9


@settings(max_examples=12)
@given(st.integers(1, 3), st.integers(0, 10**6))
def test_the_bound_is_proved_in_balls_for_small_nets(H: int, seed: int) -> None:
    floats = network(H, seed, widths=(1, 3))
    problem = Regression(exact(floats.problem.inputs), exact(floats.problem.targets), fmpq(1, 2))
    one = problem.at([exact(W) for W in floats.weights])
    true = hessian_min_eig(one)
    assert not any(theta_max(one, constant) > true for constant in ("paper", "sharp", "moment"))
    assert abs(float(true) - hessian_min_eig(floats)) < 1e-9 * (1 + abs(float(true)))


@settings(max_examples=60)
@given(st.integers(1, 3), st.integers(0, 10**6), st.floats(0.05, 1), st.floats(0.2, 4), st.floats(-0.3, 0.5))
def test_a_lies_in_u(H: int, seed: int, scale: float, radius: float, theta: float) -> None:
    for constant in ("paper", "sharp"):
        one = network(H, seed, scale, batch=(20,), targets=0.1)
        inside = in_A(one, radius, theta, constant)
        assert np.all(in_U(one, theta, constant)[inside])
        assert not np.any(in_A(one, 0.99 * np.min(norm_squared(one)) ** 0.5, theta, constant))


def test_second_moments_are_no_sup_norm() -> None:
    # one far point among many near 0 hardly matters to the moments, and is all of r
    far = np.zeros((2, 100))
    far[0, 0], far[1, 1] = 10.0, 1.0
    one = Regression(far, np.ones((1, 100)), 1.0).at([np.array([[0.1, 0.2]]), np.array([[0.3]])])
    assert convexity.radius_squared(one) == 100 and convexity.radius_squared(one, "moment") == pytest.approx(1.0)
    rational = Regression(exact(far), exact(np.ones((1, 100))), fmpq(1)).at([exact([[1, 2]]), exact([[3]])])
    assert convexity.radius_squared(rational, "moment").contains(1)
    deep = Regression(far, np.ones((1, 100)), 1.0).at([np.ones((1, 2)), np.ones((1, 1)), np.ones((1, 1))])
    assert convexity.radius_squared(deep, "moment") == pytest.approx(1.01)


def test_a_is_not_empty_and_smaller_than_u() -> None:
    # l = 0 and a norm above R: in U, not in A
    one = Regression(np.array([[1.0]]), np.array([[0.0]]), 1.0).at([np.array([[-2.0]]), np.array([[3.0]])])
    assert in_U(one, 0.5) and not in_A(one, 2, 0.5) and in_A(one, 3, 0.5)
    with pytest.raises(BadInput, match="R > 0"):
        in_A(one, 0, 0.5)


# -- critical points ---------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@GIVEN
def test_no_point_stationary_along_its_ray_lies_in_u(
    H: int, seed: int, scale: float, slope: float, targets: float
) -> None:
    # along W -> t W the loss is a polynomial in t: at its critical points t > 0 the slack with c = 1 is at least lambda
    one = network(H, seed, 1.0, slope, decay=0.02, targets=3 * targets)
    b, N = one.problem.targets, one.problem.points
    y = one.residuals + b
    along = np.zeros(2 * H + 2)  # of t**(2H+1), ..., t, 1, divided by t: l_lambda'(t)/t
    along[0], along[H + 1], along[-2] = (H + 1) * np.sum(y * y) / N, -(H + 1) * np.sum(y * b) / N, 0
    along[2 * H] += one.problem.decay * np.sum(one.vector**2)
    roots = np.roots(along[:-1])
    for t in roots[(abs(roots.imag) < 1e-12) & (roots.real > 1e-6)].real:
        there = one.problem.at([t * W for W in one.weights])
        assert abs(there.gradient @ there.vector) < 1e-6 * (1 + t ** (2 * H + 2) * along[0])
        assert convexity.slack(there, "one") >= one.problem.decay * (1 - 1e-6)
        assert convexity.slack(there, "moment") >= one.problem.decay * (1 - 1e-6)


def test_no_minimum_but_zero_lies_in_u() -> None:
    rng = np.random.default_rng(4)
    problem = Regression(rng.standard_normal((1, 8)), rng.standard_normal((1, 8)), 0.05)  # more inputs: minima at kinks
    one = problem.at([rng.standard_normal((40, 2, 1)), rng.standard_normal((40, 1, 2))])
    for _ in range(1000):
        one = problem.from_vector(one.vector - 0.1 * one.gradient, [2])
    smooth = np.linalg.norm(one.gradient, axis=-1) < 1e-4
    one = problem.from_vector(one.vector[smooth], [2])
    for _ in range(4):
        one = problem.from_vector(one.vector - np.linalg.solve(one.hessian, one.gradient[..., None])[..., 0], [2])
    found = (np.linalg.norm(one.gradient, axis=-1) < 1e-12) & (np.linalg.norm(one.vector, axis=-1) > 0.1)
    assert np.sum(found) >= 5
    assert np.all(convexity.slack(one, "one")[found] >= problem.decay)
    assert not np.any(in_U(one, 0, "sharp")[found])
    values = np.linalg.eigvalsh(one.hessian[found])
    assert np.all(np.min(abs(values - 2 * problem.decay), axis=-1) < 1e-10)  # what becomes of the rescaling zeros


def test_the_bound_at_critical_points_is_attained() -> None:
    # a = b = 1, one unit: v = w, w**2 = 1 - lambda, and sqrt(2) r sqrt(l) = lambda exactly
    decay = fmpq(3, 4)
    one = Regression(exact([[1]]), exact([[1]]), decay).at([exact([["1/2"]]), exact([["1/2"]])])
    assert not np.any(one.gradient != 0)
    assert slack_squared(one, "one") == decay**2
    assert not in_U(one, 0, "sharp")
    assert hessian_min_eig(one).contains(min(2 * decay, 2 - 2 * decay))


# -- exact values ------------------------------------------------------------------------------------------------------


def grid_network():
    points = [fmpq(-99 + 2 * i, 99) for i in range(100)]
    problem = Regression(exact([points]), exact([[0] * 100]), fmpq(1))
    return problem.at([exact([["1/2"], ["-1/3"]]), exact([["1/4", "2/5"]])])


def test_everything_is_exact_on_the_grid() -> None:
    one = grid_network()
    # l = (1/2N) (sum over x > 0 of x**2 (1/8)**2 + over x < 0 of x**2 (2/15)**2)
    half = sum((fmpq(2 * i + 1, 99)) ** 2 for i in range(50))
    assert one.loss == (half * (fmpq(1, 8) ** 2 + fmpq(2, 15) ** 2)) / 200
    assert slack_squared(one) == 8 * one.loss and slack_squared(one, "sharp") == 2 * one.loss
    top = theta_max(one)
    assert (top - 1) ** 2 - arb(8 * one.loss) < 1e-14 and in_U(one, fmpq(1, 2)) and in_U(one)
    assert not in_U(one, 1) and not in_U(one, 2)


def test_membership_is_exact_at_the_boundary() -> None:
    # l = 1/8 with r = lambda = 1: theta_max is 0 exactly with the printed constant
    one = Regression(exact([[1]]), exact([["1/2"]]), fmpq(1)).at([exact([[-1]]), exact([[1]])])
    assert one.loss == fmpq(1, 8) and slack_squared(one) == 1
    assert not in_U(one, 0) and in_U(one, fmpq(-1, 10**30)) and in_U(one, 0, "sharp")


def test_balls_that_do_not_tell_are_undecided() -> None:
    one = Regression(balls([[1]]), balls([["1/2"]]), arb(1, 1e-9)).at([balls([[-1]]), balls([[1]])])
    with pytest.raises(Undecided, match="not decided"):
        in_U(one, 0)


def test_the_report_of_one_network() -> None:
    one = milne_bound(grid_network())
    assert one.c == 2 and one.holds and one.radius == 1 and one.hidden_layers == 1
    assert one.theta_max == pytest.approx(1 - (8 * one.loss) ** 0.5)
    assert one.to_json()["holds"] is True
    with pytest.raises(BadInput, match="one network"):
        milne_bound(network(1, 0, batch=(3,)))


def test_what_floats_do_not_hold_is_refused() -> None:
    huge = fmpq(10) ** 160
    one = Regression(exact([[1]]), exact([[0]]), fmpq(1)).at([exact([[huge]]), exact([[huge]])])
    with pytest.raises(BadInput, match="too large to be printed"):
        milne_bound(one)
    with pytest.raises(Undecided, match="too large for floats"):
        hessian_min_eig(one)
    assert not in_U(one)  # exact numbers do not mind


def test_constants() -> None:
    assert [constant_of(H, "paper") for H in (1, 2, 3)] == [2, 6, 12]
    assert [constant_of(H, "sharp") for H in (1, 2, 3)] == [1, 2, 3]
    with pytest.raises(BadInput, match="paper"):
        constant_of(1, "best")


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_operator_norms_are_enclosed(seed: int, n: int) -> None:
    from flint import arb_mat

    A = np.random.default_rng(seed).integers(-5, 6, (n, n + 1))
    ball = largest_eigenvalue(arb_mat((A @ A.T).tolist()))
    true = np.linalg.norm(A, 2) ** 2
    assert abs(float(ball.mid()) - true) < 1e-6 * (1 + true) and ball.rad() < 1e-4 * (1 + true)
    assert (ball + arb(0, 1e-9) * (1 + true)).contains(true)


def test_operator_norms_of_zero_and_multiples_of_the_identity() -> None:
    from flint import arb_mat

    assert largest_eigenvalue(arb_mat(2, 2)) == 0
    assert largest_eigenvalue(arb_mat([[4, 0], [0, 4]])).contains(4)


def test_descents_stay_where_the_hessian_is_positive() -> None:
    # in U the Hessian is positive definite by the bound: what the descent takes for granted there
    one = network(1, 3, scale=0.3, batch=(10,), targets=0.2)
    path = descend(one, 0.01, 30, hessian=True)
    assert np.all(path.inside("hessian")[path.inside("sharp")])
