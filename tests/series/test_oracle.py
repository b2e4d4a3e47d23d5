"""Every coefficient by two routes: the engine, and solves at tiny t interpolated in mpmath, which share no code."""

from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import arb
from mpmath import mpf

import symrelu
from symrelu.reference import dense
from symrelu.reference.oracle import oracle_series

ORDER = 8
DIGITS = 25
BITS = 320  # polynomials in pi of degree 20 with alternating terms lose about 60 bits

# name -> the oracle's words for the same family: the size of the small block, the signs of the limit
NAMED = {"1b": (0, "-"), "2a": (1, "+-"), "2b": (1, "-+"), "3a": (2, "+-"), "3b": (2, "-+"), "4": (3, "+-")}
UNLISTED = {
    "d-4,4:-,+": (4, "-+"),
    "d-7,7:+,-": (7, "+-"),
    "d-6,6:-,+": (6, "-+"),
    "d-8,8:+,-": (8, "+-"),  # sqrt(8) = 2 sqrt(2)
}
QUICK = ("1b", "2a")
CASES = [
    pytest.param(name, *words, marks=() if name in QUICK else pytest.mark.slow, id=name)
    for name, words in (NAMED | UNLISTED).items()
]


def decimal(ball: arb, digits: int) -> Any:
    """The middle of a ball as an mpf; its radius must not touch the digits asked for."""
    assert ball.rad() < arb(10) ** -(digits + 2), "the ball is too wide to judge by: use more bits"
    return mpf(ball.mid().str(digits + 20, radius=False))


@pytest.mark.parametrize(("name", "m", "limit"), CASES)
def test_engine_agrees_with_the_oracle(
    name: str, m: int, limit: str, known: Callable[[str], symrelu.Family]
) -> None:
    ours = known(name).series(ORDER)
    theirs = oracle_series(m, limit, ORDER, DIGITS)
    series = {**ours.entries, "loss": ours.loss}
    assert list(series) == list(theirs)
    with mpmath.workdps(100):
        for coordinate, x in series.items():
            for exponent, expected in enumerate(theirs[coordinate]):
                digits = theirs.correct_digits[coordinate][exponent]
                assert digits >= DIGITS
                value = decimal(ours.field.ball(x[exponent], BITS), digits)
                assert abs(value - expected) <= max(1, abs(expected)) * mpf(10) ** -digits, (coordinate, exponent)


@pytest.mark.parametrize("d", [1, 2, 3, 5, 12])
def test_1a_is_the_target_at_every_d(d: int) -> None:
    result = symrelu.family("1a").series(ORDER)
    assert result.is_closed_form
    assert result.loss.is_exact_zero
    values = [float(x[0].rational()) for x in result.entries.values()]
    W = symrelu.FixedSpace(result.asked).matrix(values, d)
    ones = np.ones(d)
    with mpmath.workdps(30):
        assert abs(dense.loss_mp(W, ones, np.eye(d), ones)) < mpf("1e-27")
    by_rows, by_outputs = dense.gradient(W, ones, np.eye(d), ones)
    assert np.max(np.abs(by_rows)) < 1e-14
    assert np.max(np.abs(by_outputs)) < 1e-14
