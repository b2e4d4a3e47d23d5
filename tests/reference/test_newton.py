"""Paths of critical points in d: gradients vanish, series agree, steps do not matter, ends are what they are said."""

from math import factorial
from typing import Any

import mpmath
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from symrelu.reference import dense, newton
from symrelu.reference.dense import Floats
from symrelu.reference.isotropy import isotropy_order
from symrelu.reference.jets import variables
from symrelu.reference.newton import (
    PathEnd,
    PathError,
    critical_entries,
    critical_point,
    path_end,
    reduced_gradient,
)
from symrelu.reference.oracle import NAMED, block_matrix, entry_count, oracle_series, reduced_loss

# families that no paper lists
UNLISTED = {"4-+": (4, "-+"), "5+-": (5, "+-")}
ALL = [*NAMED.values(), *UNLISTED.values()]


def places(d: Any, m: int) -> list[Any]:
    """The numbers of matrix entries equal to a_1, a_2, ...."""
    n = d - m
    return [n, n * (n - 1), n * m, n * m, m, m * (m - 1)][: entry_count(m)]


# the reduced gradient -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("d", "m"), [(2, 0), (5, 0), (3, 1), (6, 1), (4, 2), (7, 3), (7, 5)])
def test_reduced_gradient_is_the_gradient_at_the_places_of_the_entries(d: int, m: int) -> None:
    entries = np.random.default_rng([d, m]).normal(size=entry_count(m))
    W = np.array(block_matrix(d, m, entries.tolist()))
    full = dense.gradient(W, np.ones(d), np.eye(d), np.ones(d)).weights
    by_entry = reduced_gradient(d, m, entries)
    assert_allclose(full, np.array(block_matrix(d, m, by_entry.tolist())), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize(("d", "m"), [(3.7, 0), (3.7, 1), (41.25, 1), (5.5, 2), (20.1, 3)])
def test_reduced_gradient_at_real_d_is_that_of_the_reduced_loss(d: float, m: int) -> None:
    entries = np.random.default_rng([int(d), m]).normal(size=entry_count(m))
    with mpmath.workdps(30):
        automatic = reduced_loss(d, m, variables(entries.tolist())).first
    wanted = [float(x) / count for x, count in zip(automatic, places(d, m), strict=True)]
    assert_allclose(reduced_gradient(d, m, entries), wanted, rtol=1e-12, atol=1e-13)


def test_reduced_gradient_of_many_points_at_once() -> None:
    d = np.array([4.5, 6.0, 9.25])
    points = np.random.default_rng(0).normal(size=(6, 3))
    together = reduced_gradient(d, 2, points)
    for i in range(3):
        assert_allclose(together[:, i], reduced_gradient(d[i], 2, points[:, i]), rtol=1e-14)


# points ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "limit"), ALL)
def test_full_gradient_vanishes(m: int, limit: str) -> None:
    for d in [*range(path_end(m, limit).smallest, 15), 40, 60]:
        W = critical_point(m, limit, d)
        assert W.shape == (d, d)
        by_rows, by_outputs = dense.gradient(W, np.ones(d), np.eye(d), np.ones(d))
        assert np.max(np.abs(by_rows)) < 1e-12, d
        assert np.max(np.abs(by_outputs)) < 1e-12, d


@pytest.mark.parametrize(("m", "limit"), ALL)
def test_diagonal_keeps_the_signs_of_the_limit(m: int, limit: str) -> None:
    for d in [m + 4, 20, 60, 500]:
        entries = critical_entries(m, limit, d)
        own = [entries[0], entries[4]] if m else [entries[0]]
        assert [x > 0 for x in own] == [sign == "+" for sign in limit], d


@pytest.mark.parametrize(("m", "limit"), ALL)
def test_matrices_have_the_symmetry_of_their_blocks_and_no_more(m: int, limit: str) -> None:
    d = m + 3
    # equal entries are equal to the last digit, and different ones differ by more than this
    W = np.round(critical_point(m, limit, d), 9)
    assert isotropy_order(W) == factorial(d - m) * factorial(m)


@pytest.mark.parametrize(
    "name", [name if name in ("1b", "2a", "3b") else pytest.param(name, marks=pytest.mark.slow) for name in NAMED]
)
def test_series_agree_as_far_as_they_reach(name: str) -> None:
    m, limit = NAMED[name]
    series = oracle_series(m, limit, 8, 25)  # as other tests have it
    for d in (60, 240, 3000):
        t = d**-0.5
        for i, entry in enumerate(critical_entries(m, limit, d), start=1):
            terms = [float(c) * t**power for power, c in enumerate(series[f"a_{i}"])]
            # at these d, t is at most 2/5 of the radius of convergence: the tail is below the last terms
            assert abs(entry - sum(terms)) < max(map(abs, terms[-2:])) + 1e-14, (d, i)


def test_points_are_the_callers_own() -> None:
    first = critical_point(1, "+-", 7)
    first[0, 0] = 17.0
    assert critical_point(1, "+-", 7)[0, 0] < 1


def test_limits_are_read_with_commas_and_spaces() -> None:
    assert critical_entries(2, "+, -", 9) == critical_entries(2, "+-", 9) != critical_entries(2, "-,+", 9)


# paths ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "limit"), [NAMED["2a"], NAMED["2b"], UNLISTED["5+-"]])
def test_smaller_steps_lead_to_the_same_points(m: int, limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    goals = [30, m + 4, m + 2]
    expected = [critical_entries(m, limit, d) for d in goals]
    monkeypatch.setattr(newton, "_LARGEST_STEP", 0.1)
    monkeypatch.setattr(newton, "_CORRECTION", 0.04)
    signs = tuple(1 if sign == "+" else -1 for sign in limit)
    at = newton._from_leading_terms(m, signs, 1000)
    for d, entries in zip(goals, expected, strict=True):
        at = newton._walk(m, at, d)
        assert at.d == d
        occurring = newton._unknowns(d, m)
        assert_allclose(at.entries[occurring], np.array(entries)[occurring], atol=1e-10)


def test_one_large_step_would_lose_the_path() -> None:
    # what the control of steps is for: started at 2b for d = 1000, Newton's method for d = 5 finds 1b
    point = np.array(critical_entries(1, "-+", 1000))
    for _ in range(50):
        gradient, jacobian = newton._derivatives(5, 1, point)
        point = point - np.linalg.solve(jacobian, gradient)
    own, same = critical_entries(0, "-", 5)
    assert_allclose(point, [own, same, same, same, own], atol=1e-10)
    assert critical_entries(1, "-+", 5)[4] > 1


# ends -----------------------------------------------------------------------------------------------------------------


def exchanged(W: Floats) -> Floats:
    """The matrix with its first two rows exchanged."""
    return W[[1, 0, *range(2, len(W))]]


@pytest.mark.parametrize("m", [0, 1, 2, 3, 5])
def test_minus_plus_ends_at_the_target_with_two_rows_exchanged(m: int) -> None:
    limit = "-+" if m else "-"
    assert path_end(m, limit) == PathEnd(d=m + 2, kind="target", smallest=m + 2)
    assert_array_equal(critical_point(m, limit, m + 2), exchanged(np.eye(m + 2)))
    # and is not there before
    W = critical_point(m, limit, m + 3)
    assert dense.loss(W, np.ones(m + 3), np.eye(m + 3), np.ones(m + 3)) > 0.01


@pytest.mark.parametrize("m", [1, 2, 3, 5])
def test_plus_minus_is_1b_with_two_rows_exchanged_where_block_a_has_two_rows(m: int) -> None:
    assert_allclose(exchanged(critical_point(m, "+-", m + 2)), critical_point(0, "-", m + 2), atol=1e-13)


def test_2a_ends_at_the_target() -> None:
    assert path_end(1, "+-") == PathEnd(d=2, kind="target", smallest=2)
    assert_array_equal(critical_point(1, "+-", 2), [[0, 1], [1, 0]])


def fold_near(d: float, m: int, entries: Floats) -> float:
    """The d of the fold near a point, by Newton's method for gradient = 0, Jacobian v = 0 and |v| = 1 together."""
    size = entries.size

    def jacobian(at: float, point: Floats, distance: float = 1e-4) -> Floats:
        moves = distance * np.eye(size)
        up, down = reduced_gradient(at, m, point[:, None] + moves), reduced_gradient(at, m, point[:, None] - moves)
        return (up - down) / (2 * distance)

    def system(x: Floats) -> Floats:
        point, v, at = x[:size], x[size:-1], float(x[-1])
        return np.concatenate([reduced_gradient(at, m, point), jacobian(at, point) @ v, [v @ v - 1]])

    v = np.linalg.svd(jacobian(d, entries))[2][-1]
    x = np.concatenate([entries, v, [d]])
    for _ in range(8):
        slopes = [(system(x + dx) - system(x - dx)) / 2e-5 for dx in 1e-5 * np.eye(x.size)]
        x = x - np.linalg.solve(np.array(slopes).T, system(x))
    assert np.max(np.abs(system(x))) < 1e-10
    return float(x[-1])


@pytest.mark.parametrize("m", [2, 3, 5])
def test_plus_minus_with_a_larger_block_ends_in_a_fold(m: int) -> None:
    end = path_end(m, "+-")
    assert end.kind == "fold"
    assert m + 1 < end.d < end.smallest == m + 2
    start = newton._walk(m, newton._solution(m, (1, -1), m + 2), end.d + 0.001)
    assert fold_near(start.d, m, start.entries) == pytest.approx(end.d, abs=1e-5)


# errors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("m", "limit"), [(0, "+"), (0, "+-"), (1, "-"), (1, "++"), (2, "--"), (1, "x-"), (-1, "-")])
def test_unknown_limits_are_refused(m: int, limit: str) -> None:
    for ask in (path_end, lambda m, limit: critical_point(m, limit, 20)):
        with pytest.raises(PathError, match="give '-' for m = 0"):
            ask(m, limit)


def test_points_below_the_end_are_refused() -> None:
    with pytest.raises(PathError, match=r"m = 2, limit \+-.* ends in a fold at d = 3\.434.*: give an integer d >= 4$"):
        critical_point(2, "+-", 3)
    with pytest.raises(PathError, match="ends in a target at d = 3: give an integer d >= 3$"):
        critical_point(1, "-+", 2)


def test_points_that_rounding_spoils_are_refused() -> None:
    with pytest.raises(PathError, match="ask for a smaller d"):
        critical_entries(1, "+-", 10**6)
