"""Dual numbers give the derivative of what the orbit rules compute: against differences in many digits."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import symrelu
from symrelu.errors import ZeroRow
from symrelu.exact.arithmetic import FLOAT, MpmathArithmetic
from symrelu.exact.dual import Dual, DualArithmetic

Known = Callable[[str], symrelu.Family]
A = MpmathArithmetic(60)
mpf = A.context.mpf


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * x - 3 * x + 2,
        lambda x: (x + 1) / (x - 5),
        lambda x: 1 / x**3,
        lambda x: 2 - x**0,
        lambda x: -x + x / 7 - (1 - x) * x,
    ],
)
def test_rules_of_differentiation(function: Callable[[Any], Any]) -> None:
    x, h = mpf(3) / 7, mpf(10) ** -20
    difference = (function(x + h) - function(x - h)) / (2 * h)
    slope = function(Dual(x, mpf(1))).slope
    assert abs(slope - difference) < mpf(10) ** -35


def test_gradient_and_hessian_are_differentiated_by_d_and_by_coordinates(known: Known) -> None:
    """Along a generic line of (a, d); the Hessian has every partial of the kernel in it."""
    problem = known("3a").problem
    line = [(mpf(k + 2) / 7, mpf((-1) ** k) / (k + 3)) for k in range(problem.space.dim)]
    d = (mpf(29) / 4, mpf(2) / 3)

    def entries(s: Any) -> list[Any]:
        point = problem.at(A, [x + s * dx for x, dx in line], d[0] + s * d[1])
        return [point.loss(), *point.gradient(), *(x for row in point.hessian() for x in row)]

    point = problem.at(DualArithmetic(A), [Dual(*pair) for pair in line], Dual(*d))
    duals = [point.loss(), *point.gradient(), *(x for row in point.hessian() for x in row)]
    h = mpf(10) ** -18
    for dual, value, up, down in zip(duals, entries(0), entries(h), entries(-h), strict=True):
        assert abs(dual.value - value) < mpf(10) ** -50
        assert abs(dual.slope - (up - down) / (2 * h)) < mpf(10) ** -30


def test_rows_that_stay_parallel_have_no_slope(known: Known) -> None:
    """1a: every row is its own teacher, whatever d is; the derivative of g there is 0, not 0/0."""
    point = known("1a").problem.at(DualArithmetic(A), [Dual(mpf(1)), Dual(mpf(0))], Dual(mpf(10), mpf(1)))
    assert all(x.value == 0 for x in point.entry_gradient())
    assert all(abs(x.slope) < mpf(10) ** -55 for x in point.entry_gradient())


def test_zero_rows_are_refused(known: Known) -> None:
    with pytest.raises(ZeroRow):
        known("1b").problem.at(DualArithmetic(FLOAT), [Dual(0.0), Dual(0.0)], Dual(5.0, 1.0)).gradient()


def test_numpy_scalars_and_fractions_combine() -> None:
    import numpy as np

    x = np.float64(2.0) * Dual(3.0, 1.0)
    assert isinstance(x, Dual) and (x.value, x.slope) == (6.0, 2.0)
    assert DualArithmetic(FLOAT).rational(Fraction(1, 4)).value == 0.25
