"""The oracle: its loss against the dense one, its coefficients against the formulas that Theorem 1 prints."""

from functools import partial
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from symrelu.reference import dense
from symrelu.reference.oracle import (
    NAMED,
    OracleError,
    block_matrix,
    entry_count,
    interpolate,
    leading_entries,
    newton,
    oracle_series,
    reduced_loss,
)

# the terms that Theorem 1 prints: coefficients of 1, t, t^2 in t = d^(-1/2), as functions of pi
PLUS_MINUS: list[Any] = [
    lambda pi: (1, 0, 0),
    lambda pi: (0, 0, 0),
    lambda pi: (0, 0, 2),
    lambda pi: (0, 0, 4 / pi),
    lambda pi: (-1, 0, 8 / pi**2 + 2 + 8 / pi),
    lambda pi: (0, 0, 2 * (-12 * pi + 16 + pi**3 + 4 * pi**2) / (pi**2 * (2 + pi))),
]
MINUS_PLUS: list[Any] = [
    lambda pi: (-1, 0, 2),
    lambda pi: (0, 0, 2),
    lambda pi: (0, 0, 0),
    lambda pi: (0, 0, 2 - 4 / pi),
    lambda pi: (1, 0, 8 * (-1 + pi) / pi**2),
    lambda pi: (0, 0, 4 * (-(pi**2) - 8 + 6 * pi) / (pi**2 * (2 + pi))),
]
ENTRIES: dict[str, list[Any]] = {
    "1b": MINUS_PLUS[:2],
    "2a": PLUS_MINUS[:5],
    "2b": MINUS_PLUS[:5],
    "3a": PLUS_MINUS,
    "3b": MINUS_PLUS,
    "4": PLUS_MINUS,
}
# equations (4) to (9)
LOSSES: dict[str, Any] = {
    "1b": lambda pi: (-1 / pi + mpf(1) / 2, -4 / (3 * pi), -mpf(1) / 2 - 2 / pi**2 + 3 / pi),
    "2a": lambda pi: (0, 0, mpf(1) / 2 - 2 / pi**2),
    "2b": lambda pi: (-1 / pi + mpf(1) / 2, -4 / (3 * pi), -1 - 4 / pi**2 + 5 / pi),
    "3a": lambda pi: (0, 0, (-4 + pi**2) / pi**2),
    "3b": lambda pi: (-1 / pi + mpf(1) / 2, -4 / (3 * pi), -mpf(3) / 2 - 6 / pi**2 + 7 / pi),
    "4": lambda pi: (0, 0, mpf(3) / 2 - 6 / pi**2),
}
# families that no paper lists
UNLISTED = {"4-+": (4, "-+"), "7+-": (7, "+-")}


def check_against_theorem_1(name: str, order: int) -> None:
    series = oracle_series(*NAMED[name], order, 25)
    printed = {f"a_{i}": formula for i, formula in enumerate(ENTRIES[name], start=1)} | {"loss": LOSSES[name]}
    assert list(series) == list(printed)
    with mpmath.workdps(40):
        for coordinate, formula in printed.items():
            assert len(series[coordinate]) == len(series.correct_digits[coordinate]) == order + 1
            for power, value in enumerate(formula(mpmath.pi)):
                assert series.correct_digits[coordinate][power] >= 25
                assert abs(series[coordinate][power] - value) < mpf("1e-25"), (coordinate, power)


# the reduced loss -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("d", "m"), [(2, 0), (5, 0), (2, 1), (5, 1), (4, 2), (5, 2), (6, 3), (5, 4)])
def test_reduced_loss_is_the_dense_loss_of_the_block_matrix(d: int, m: int) -> None:
    rng = np.random.default_rng([d, m])
    for _ in range(3):
        entries = [mpf(x) for x in rng.normal(size=entry_count(m))]
        W, identity, ones = block_matrix(d, m, entries), np.eye(d), np.ones(d)
        with mpmath.workdps(40):
            assert mpmath.almosteq(reduced_loss(d, m, entries), dense.loss_mp(W, ones, identity, ones), mpf("1e-30"))


def test_block_matrix_has_the_entries_in_their_places() -> None:
    assert block_matrix(4, 2, [1, 2, 3, 4, 5, 6]) == [[1, 2, 3, 3], [2, 1, 3, 3], [4, 4, 5, 6], [4, 4, 6, 5]]
    assert block_matrix(3, 1, [1, 2, 3, 4, 5]) == [[1, 2, 3], [2, 1, 3], [4, 4, 5]]
    assert block_matrix(2, 0, [1, 2]) == [[1, 2], [2, 1]]


def test_target_has_no_loss() -> None:
    with mpmath.workdps(30):
        for m in range(4):
            target = [1, 0, 0, 0, 1, 0][: entry_count(m)]
            assert abs(reduced_loss(mpf(41) / 3, m, target)) < mpf("1e-27")


def test_parallel_rows_have_a_loss() -> None:
    # rows of the two blocks are multiples of each other, and rounding may make their Gram determinant negative
    d, m = 7, 2
    for divisor in range(1, 30):
        x, y = mpf(1) / divisor, mpf(3) / (7 * divisor + 1)
        W, identity, ones = block_matrix(d, m, [x, x, x, y, y, y]), np.eye(d), np.ones(d)
        value = reduced_loss(d, m, [x, x, x, y, y, y])
        assert isinstance(value, mpf)
        assert float(value) == pytest.approx(float(dense.loss_mp(W, ones, identity, ones)), rel=1e-12)


# critical points ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMED)
def test_solutions_are_critical_for_the_full_loss(name: str) -> None:
    d = 40
    m, limit = NAMED[name]
    signs = [{"+": 1, "-": -1}[x] for x in limit]
    point, value = newton(mpf(d), m, leading_entries(m, signs, 1 / mpmath.sqrt(d)), mpf("1e-10"))
    W, identity, ones = np.array(block_matrix(d, m, point), dtype=float), np.eye(d), np.ones(d)
    assert np.diag(W)[0] * signs[0] > 0.5 and np.diag(W)[-1] * signs[-1] > 0.5
    by_rows, by_outputs = dense.gradient(W, ones, identity, ones)
    assert np.max(np.abs(by_rows)) < 1e-12
    assert np.max(np.abs(by_outputs)) < 1e-12
    assert float(value) == pytest.approx(dense.loss(W, ones, identity, ones), rel=1e-10)


@pytest.mark.parametrize("m", [1, 2, 3])
def test_one_block_is_found_again_among_two(m: int) -> None:
    d = mpf(10) ** 8
    with mpmath.workdps(80):
        tolerance = mpf("1e-40")
        (a1, a2), loss = newton(d, 0, leading_entries(0, [-1], 1 / mpmath.sqrt(d)), tolerance)
        start = [-1 + 2 / d, 2 / d, 2 / d, 2 / d, -1 + 2 / d, 2 / d][: entry_count(m)]
        point, same_loss = newton(d, m, start, tolerance)
        for x, y in zip(point, [a1, a2, a2, a2, a1, a2], strict=False):
            assert abs(x - y) < mpf("1e-45")
        assert abs(loss - same_loss) < mpf("1e-45")


def test_target_itself_is_singular() -> None:
    with pytest.raises(OracleError, match="singular point"):
        newton(mpf(20), 1, [1, 0, 0, 0, 1], mpf("1e-10"))


# series ---------------------------------------------------------------------------------------------------------------


def test_interpolation_returns_the_polynomial() -> None:
    with mpmath.workdps(30):
        coefficients = [mpf(3), mpf(-1) / 7, mpf(0), mpf(5), mpf(2) / 3]
        values = [mpmath.polyval(coefficients[::-1], j) for j in range(1, 6)]
        for found, wanted in zip(interpolate(values), coefficients, strict=True):
            assert abs(found - wanted) < mpf("1e-25")


@pytest.mark.parametrize("name", ["1b", "2a"])
def test_leading_coefficients_of_theorem_1(name: str) -> None:
    check_against_theorem_1(name, order=2)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMED)
def test_all_printed_coefficients_of_theorem_1(name: str) -> None:
    check_against_theorem_1(name, order=8)


def test_another_computation_agrees_to_the_digits_claimed() -> None:
    # other points, another degree and another precision
    series, better = oracle_series(*NAMED["1b"], 4, 20), oracle_series(*NAMED["1b"], 5, 45)
    with mpmath.workdps(60):
        for coordinate, values in series.items():
            for x, y, digits in zip(values, better[coordinate], series.correct_digits[coordinate], strict=False):
                assert digits >= 20
                assert abs(x - y) <= max(1, abs(y)) * mpf(10) ** -min(digits, 40)


@pytest.mark.slow
@pytest.mark.parametrize(("m", "limit"), [*NAMED.values(), *UNLISTED.values()])
def test_required_digits_through_order_8(m: int, limit: str) -> None:
    series, better = oracle_series(m, limit, 8, 25), oracle_series(m, limit, 9, 36)
    with mpmath.workdps(60):
        for coordinate, values in series.items():
            assert min(series.correct_digits[coordinate]) >= 25
            for x, y in zip(values, better[coordinate], strict=False):
                assert abs(x - y) <= max(1, abs(y)) * mpf("1e-25")


@pytest.mark.slow
@pytest.mark.parametrize(("m", "limit"), [*NAMED.values(), *UNLISTED.values()])
def test_series_predicts_the_critical_point(m: int, limit: str) -> None:
    # at an unrelated d the series through t^8 misses by its next term
    series = oracle_series(m, limit, 9, 36)
    with mpmath.workdps(120):
        t = 1 / mpmath.sqrt(mpf(3) * 10**13)
        start = [mpmath.polyval(values[::-1], t) for values in series.values()][:-1]
        point, loss = newton(t**-2, m, start, mpf("1e-45"))
        for (name, values), exact in zip(series.items(), [*point, loss], strict=True):
            missed = (exact - mpmath.polyval(values[8::-1], t)) / t**9
            assert abs(missed - values[9]) < max(1, abs(values[9])) / 100, name


def test_limits_are_read_in_every_notation() -> None:
    ask = partial(oracle_series, order=2, digits=5)
    assert dict(ask(1, "+-")) == dict(ask(1, "+, -")) == dict(ask(1, (1, -1))) == dict(ask(1, [1, -1]))
    assert dict(ask(1, "+-")) != dict(ask(1, "-+"))


def test_answers_are_the_callers_own() -> None:
    first = oracle_series(0, "-", 2, 5)
    first["a_1"][0] = mpf(17)
    assert abs(oracle_series(0, "-", 2, 5)["a_1"][0] + 1) < 1e-5


@pytest.mark.parametrize(("m", "limit"), [(0, "+"), (0, "+-"), (1, "-"), (1, "++"), (2, "--"), (1, "x-"), (-1, "-")])
def test_unknown_limits_are_refused(m: int, limit: str) -> None:
    with pytest.raises(OracleError, match="give '-' for m = 0"):
        oracle_series(m, limit, 4, 10)


def test_meaningless_requests_are_refused() -> None:
    with pytest.raises(OracleError, match="order >= 2"):
        oracle_series(1, "+-", 1, 10)
    with pytest.raises(OracleError, match="digits >= 1"):
        oracle_series(1, "+-", 4, 0)
    with pytest.raises(OracleError, match="give 5"):
        reduced_loss(10, 1, [1, 2])


def test_precision_of_the_caller_is_left_alone() -> None:
    mpmath.mp.dps = 21
    oracle_series(0, "-", 3, 6)
    assert mpmath.mp.dps == 21
