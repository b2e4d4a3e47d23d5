"""The loss along a family, as a series."""

from __future__ import annotations

from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.series import Series, dimension
from symrelu.model.reduced import Problem
from symrelu.series.leading import Start
from symrelu.series.lifting import Lifted

LOSS_GUARD = 8


def start_loss(problem: Problem, start: Start) -> Series:
    """The loss along the family that begins like ``start``, as far as its leading terms determine it."""
    arithmetic = SeriesArithmetic(start.field, start.ramification)
    d = dimension(start.field, start.ramification)
    if start.exact:
        return problem.at(arithmetic, start.entries, d).loss()
    entries = [x.exact().truncate(start.known + LOSS_GUARD) for x in start.entries]
    hessian = problem.at(arithmetic, entries, d).hessian(scaled=True)
    least = min(h.valuation for row in hessian for h in row if h.coefficients)
    return problem.at(arithmetic, entries, d).loss().truncate(max(2 * start.known + least, 1))


def loss_series(problem: Problem, lifted: Lifted, known: int) -> Series:
    """The loss along the family, right below t**known.

    It is evaluated at the truncated entries x, not at the family x*; but the gradient vanishes at x*, so the
    error is a quadratic form:  L(x) - L(x*) = O(t**(2n + v))
    with n the order to which the entries are known and v the least valuation of the reduced Hessian. Raises
    ArithmeticError if the entries are known too short for that.
    """
    arithmetic = SeriesArithmetic(lifted.field, lifted.ramification)
    d = dimension(lifted.field, lifted.ramification)
    if lifted.known is None:
        return problem.at(arithmetic, lifted.entries, d).loss()
    if 2 * lifted.known + lifted.hessian_valuation < known:
        raise ArithmeticError(
            f"the loss to t**{known} needs the entries beyond t**{lifted.known}; this is a bug, please report it"
        )
    precision = known + LOSS_GUARD
    while True:
        loss = problem.at(arithmetic, [x.exact().truncate(precision) for x in lifted.entries], d).loss()
        if loss.precision is None or loss.precision >= known:
            return loss.truncate(known)
        precision += known - loss.precision
