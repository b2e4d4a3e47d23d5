"""Leading terms: formulas that hold for every block size m."""

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
from mpmath import mpf

import symrelu
from symrelu.exact.qpi import QPI
from symrelu.reference.oracle import oracle_series

pi = QPI.pi
HALF = Fraction(1, 2)
SIZES = [1, *(pytest.param(m, marks=pytest.mark.slow) for m in range(2, 10))]

# section 3 of the main paper prints them for m = 1, 2, 3: coefficients of t^2 of the entries of Delta(S_{d-m} x S_m)
AT_T2 = {
    "+,-": (0, 0, 2, 4 / pi, 2 + 8 / pi + 8 / pi**2, 2 * (pi**3 + 4 * pi**2 - 12 * pi + 16) / (pi**2 * (pi + 2))),
    "-,+": (2, 2, 0, 2 - 4 / pi, 8 * (pi - 1) / pi**2, 4 * (6 * pi - 8 - pi**2) / (pi**2 * (pi + 2))),
}


@pytest.mark.parametrize("limit", AT_T2)
@pytest.mark.parametrize("m", SIZES)
def test_leading_entries_do_not_depend_on_m(m: int, limit: str, known: Callable[[str], symrelu.Family]) -> None:
    entries = known(f"d-{m},{m}:{limit}").series(2).entries
    assert len(entries) == (5 if m == 1 else 6)
    for x, expected in zip(entries.values(), AT_T2[limit], strict=False):
        assert x[1] == 0
        assert x[2] == expected


@pytest.mark.parametrize("m", SIZES)
def test_leading_losses_are_affine_in_m(m: int, known: Callable[[str], symrelu.Family]) -> None:
    flipped = known(f"d-{m},{m}:+,-").series(2).loss
    assert (flipped[0], flipped[1], flipped[2]) == (0, 0, m * (HALF - 2 / pi**2))
    right = known(f"d-{m},{m}:-,+").series(2).loss
    none = known("1b").series(2).loss  # m = 0
    assert (right[0], right[1]) == (none[0], none[1])
    assert right[2] - none[2] == -m * (HALF - 2 / pi + 2 / pi**2)


@pytest.mark.parametrize("limit", AT_T2)
@pytest.mark.parametrize("m", SIZES)
def test_the_oracle_has_the_same_leading_terms(m: int, limit: str, known: Callable[[str], symrelu.Family]) -> None:
    result = known(f"d-{m},{m}:{limit}").series(2)
    theirs = oracle_series(m, limit, 2, 25)
    with mpmath.workdps(60):
        for name, x in {**result.entries, "loss": result.loss}.items():
            for exponent in range(3):
                ball = result.field.ball(x[exponent], 200)
                assert theirs.correct_digits[name][exponent] >= 25
                assert abs(mpf(ball.mid().str(50, radius=False)) - theirs[name][exponent]) < mpf("1e-25")
