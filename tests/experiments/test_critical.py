"""Descent to critical points, curves of their indices, and thresholds."""

from fractions import Fraction

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.experiments import critical, curves
from symrelu.experiments.curves import IndexCurve, fitted, index_curves, threshold_fit
from symrelu.experiments.descent import to_small_gradient, to_small_loss
from symrelu.experiments.minima import linear_minima, minima, natural_sigma
from symrelu.experiments.network import Problem
from symrelu.experiments.training import descended


def batch(activation: str = "tanh", count: int = 4) -> tuple[Problem, np.ndarray]:
    rng = np.random.default_rng(5)
    problem = Problem(activation, rng.standard_normal((count, 3, 12)), rng.standard_normal((count, 3, 12)), 3)
    return problem, problem.initial(rng)


def test_descent_on_the_gradient_ends_at_critical_points() -> None:
    problem, theta = batch()
    before = np.sum(problem.at(theta).gradient ** 2, axis=1)
    found, J = to_small_gradient(problem, theta, 1e-8, 500)
    assert np.all(J < before) and np.median(J) < 1e-7
    assert J == pytest.approx(np.sum(problem.at(found).gradient ** 2, axis=1))
    again, _ = to_small_gradient(problem.part(np.array([2])), theta[[2]], 1e-8, 500)
    assert np.allclose(again[0], found[2], atol=1e-6), "a network does not depend on the others of its batch"


def test_descent_on_the_loss_stops_at_the_energy_asked_for() -> None:
    problem, theta = batch()
    start = problem.at(theta).energy
    found = descended(problem, theta, 0.9 * start, 500, 0.1)
    assert np.all(problem.at(found).energy <= 0.9 * start) and np.all(problem.at(found).energy > 0.8 * start)


def test_a_linear_network_descends_to_the_least_squares_minimum() -> None:
    """Every local minimum is global (Baldi & Hornik), and (1 - phi/2)/2 on average, not the paper's (1 - phi)/2."""
    problem, theta = batch("linear")
    _, energies = to_small_loss(problem, theta, 200)
    for i in range(4):
        x, y = problem.x[i], problem.y[i]
        left = y - y @ np.linalg.pinv(x) @ x
        assert energies[i] == pytest.approx(np.sum(left**2) / 72, rel=1e-8)
    for phi in (Fraction(1, 4), Fraction(1, 2), Fraction(1)):
        found = linear_minima(phi, runs=200)
        assert abs(found.energy - (1 - float(phi) / 2) / 2) < 4 * found.error
        assert abs(found.energy - (1 - float(phi)) / 2) > 20 * found.error
    assert linear_minima(Fraction(2), runs=3).energy == pytest.approx(0, abs=1e-12)


def test_tanh_networks_end_below_linear_ones() -> None:
    tanh, linear = minima(Fraction(1, 2), n=4, runs=8, steps=100), linear_minima(Fraction(1, 2), n=4)
    assert tanh.energy + 4 * tanh.error < linear.energy


def test_the_natural_sigma_is_one_half() -> None:
    found = natural_sigma(n=8, runs=60)
    assert abs(found.sigma - 0.5) < 4 * found.error < 0.1


@pytest.fixture(scope="module")
def records() -> list[dict[str, object]]:
    tasks = curves.tasks([Fraction(1, 2)], n=4, runs=50)
    assert [task["runs"] for task in tasks] == [25, 25] and tasks[0]["seed"] != tasks[1]["seed"]
    return [record for task in tasks for record in critical.work(task)]


def test_the_protocol_is_the_paper_s_at_every_phi_with_seeds_of_their_own() -> None:
    """A window that is a function of phi would put its own threshold into the fits that are compared with phi's."""
    calls = [curves.tasks(n=n, runs=26 * 25, seed=seed) for n in (4, 6) for seed in (1, 2)]
    every = [task for call in calls for task in call]
    assert {tuple(task["between"]) for task in every} == {("0", "1")}
    assert len({task["seed"] for task in every}) == len(every) == 2 * 2 * len(curves.PHIS) * 26
    assert curves.tasks(runs=50)[0] == curves.tasks(runs=25)[0], "more runs add to those that are there"
    assert all(task["seed"] < 2**53 for task in every)


def test_another_window_is_a_curve_of_its_own_and_is_said(records: list[dict[str, object]]) -> None:
    narrow = critical.task(Fraction(1, 2), 4, 3, between=(Fraction(2, 5), Fraction(9, 10)))
    found = index_curves([*records, *critical.work(narrow)])
    assert [(curve.between, curve.runs) for curve in found] == [(("0", "1"), 50), (("2/5", "9/10"), 3)]
    assert "(2/5, 9/10)" in curves.protocol(found[1].between) and "in the paper (0, 1)" in curves.protocol(("2/5", "1"))


def test_exponents_at_an_end_of_those_tried_bound_nothing() -> None:
    def said(low: float, high: float) -> str:
        return curves.Fit(0.1, 0.01, 1.0, 30, 0.1, 1.5, (low, high)).exponent_range

    assert said(1.2, 1.8) == "1.20 to 1.80"
    assert said(0.5, 1.8) == "at most 1.80" and said(1.2, 4.0) == "at least 1.20"
    assert said(0.5, 4.0) == "not determined"


def test_critical_points_are_recorded_and_their_index_grows_with_energy(records: list[dict[str, object]]) -> None:
    assert critical.work(records[0]["settings"])[0] == records[0]  # type: ignore[arg-type]
    (curve,) = index_curves(records)
    assert curve.runs == 50 and curve.phi == "1/2" and curve.left_out < 30
    assert sum(point.count for point in curve.points) == 50 - curve.left_out
    energies = [(p.alpha, p.energy) for p in curve.points for _ in range(p.count)]
    assert np.corrcoef(np.array(energies).T)[0, 1] > 0.8
    assert all(0 < energy < 0.6 for _, energy in energies)


def test_the_fit_finds_a_threshold_that_was_put_in() -> None:
    rng = np.random.default_rng(0)
    eps = rng.uniform(0.31, 0.45, 400)
    alpha = 2.5 * (eps - 0.3) ** 1.5
    fit = fitted(eps + 0.001 * rng.standard_normal(400), alpha)
    assert fit is not None
    assert abs(fit.eps_c - 0.3) < 4 * fit.eps_c_error < 0.002
    assert fit.alpha_0 == pytest.approx(2.5, rel=0.02)
    assert fit.exponents[0] <= 1.5 <= fit.exponents[1] and fit.exponents[1] - fit.exponents[0] < 0.2
    other = fitted(eps, 2.5 * (eps - 0.3) ** 2.5)
    assert other is not None and other.exponent == pytest.approx(2.5, abs=0.05)
    assert fitted(eps[:9], alpha[:9]) is None
    assert fitted(eps, np.zeros(400)) is None, "minimisers say nothing about the exponent"
    assert fitted(-eps, alpha) is None


def test_thresholds_are_compared_with_the_paper_s_curve() -> None:
    eps = np.linspace(0.01, 0.1, 40)

    def curve(phi: Fraction) -> IndexCurve:
        fit = fitted(eps + (1 - float(phi)) ** 3 / 2, eps**1.5)
        return IndexCurve(str(phi), 8, "tanh", 40, 0, (), fit, None, None, ("0", "1"))

    found = threshold_fit([curve(Fraction(1, 4)), curve(Fraction(1, 2))])
    assert found.power == pytest.approx(3, abs=0.011)
    with pytest.raises(BadInput, match="at least 2"):
        threshold_fit([curve(Fraction(1, 4))])


@pytest.mark.parametrize(
    "arguments", [{"n": 1}, {"runs": 0}, {"phi": Fraction(3, 7)}, {"between": (Fraction(1, 2), Fraction(1, 2))}]
)
def test_bad_tasks(arguments: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        critical.task(**{"phi": Fraction(1, 2), **arguments})  # type: ignore[arg-type]
