"""Every eigenvalue series against numbers at tiny t: critical points solved in many digits, then interpolation.

The points come from the independent oracle; the eigenvalues there from pencils of numbers, not of series.
"""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import mpmath
import pytest

from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.series import Series
from symrelu.reference.oracle import NAMED, interpolate, leading_entries, newton
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.spectrum.result import FIRST_POWER, FamilySpectrum

ORDER, DIGITS, STEP, COUNT, DIGITS_USED = 3, 20, 8, 9, 130
UNLISTED = {"d-4,4:-,+": (4, "-+"), "d-6,6:+,-": (6, "+-")}
SIGNS = {"1a": (0, "+"), **NAMED, **UNLISTED}


@cache
def points(name: str) -> list[tuple[Fraction, list[mpmath.mpf]]]:
    """The critical points at t = j 10**-8: (d, entries)."""
    m, limit = SIGNS[name]
    found = []
    for j in range(1, COUNT + 1):
        t = j * mpmath.mpf(10) ** -STEP
        values = [mpmath.mpf(1), mpmath.mpf(0)]
        if name != "1a":
            start = leading_entries(m, [1 if c == "+" else -1 for c in limit], t)
            values = newton(1 / t**2, m, start, mpmath.mpf(10) ** -(mpmath.mp.dps // 2 + 2 * STEP))[0]
        found.append((Fraction(10 ** (2 * STEP), j * j), values))
    return found


def branch_coefficients(name: str, layers: int, known: Callable) -> dict[tuple[str, int], list[mpmath.mpf]]:
    """The coefficients of t**-2 .. t**3 of every branch by interpolation at t = j 10**-8, in ascending order there."""
    problem = known(name).problem
    arithmetic = MpmathArithmetic(mpmath.mp.dps)
    values: dict[tuple[str, int], list[mpmath.mpf]] = {}
    for j, (d, numbers) in enumerate(points(name), 1):
        t = j * mpmath.mpf(10) ** -STEP
        point = [arithmetic.context.mpf(x) for x in numbers]
        for v in eigenvalues_at(problem, arithmetic, point, d, layers):
            values.setdefault((v.component.name, v.branch), []).append(mpmath.mpf(v.value) * t**2)
    return {
        key: [c * mpmath.mpf(10) ** (STEP * i) for i, c in enumerate(interpolate(of)[: ORDER - FIRST_POWER + 1])]
        for key, of in values.items()
    }


def number(x: Series, exponent: int) -> mpmath.mpf:
    return mpmath.mpf(x.field.ball(x.field(x[exponent]), 300).mid().str(60, radius=False))


@pytest.mark.parametrize(
    ("name", "layers"),
    [
        *((name, layers) for name in ("1a", "1b") for layers in (2, 1)),
        *(pytest.param(name, layers, marks=pytest.mark.slow) for name in list(NAMED)[1:] for layers in (2, 1)),
        *(pytest.param(name, layers, marks=pytest.mark.slow) for name, layers in zip(UNLISTED, (2, 1), strict=True)),
    ],
)
def test_all_branches_to_20_digits(name: str, layers: int, known: Callable, spectrum: Callable) -> None:
    found: FamilySpectrum = spectrum(name, ORDER, layers)
    with mpmath.workdps(DIGITS_USED):
        expected = branch_coefficients(name, layers, known)
        assert [(e.component.name, e.branch) for e in found.eigenvalues] == list(expected)
        for e in found.eigenvalues:
            for exponent in range(FIRST_POWER, ORDER + 1):
                ours = number(e.series, exponent)
                theirs = expected[e.component.name, e.branch][exponent - FIRST_POWER]
                error = abs(ours - theirs) / max(1, abs(theirs))
                assert error < mpmath.mpf(10) ** -DIGITS, f"{name} {e.component.name}.{e.branch} at t**{exponent}"
