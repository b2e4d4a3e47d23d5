"""Critical points at one real d in high precision: from the series where it converges, else followed down from larger
d.

A plain path with a fixed step rule: it refuses when Newton's method does not contract, and proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symrelu.errors import NoFamily
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.exact.series import Series
from symrelu.model.reduced import Problem

START_ORDER = 8
START_D = 100  # the truncated series is a safe start from here upwards
STEP = Fraction(9, 10)


def point_at(
    problem: Problem, entries: Sequence[Series], d: Fraction | int, digits: int
) -> tuple[MpmathArithmetic, list[Scalar]]:
    """The critical point of a family at d, with the arithmetic it is given in: ``digits`` digits beyond what sums
    over blocks lose.

    ``entries``: the family's truncated series through t**8 or more. Raises NoFamily where the path from large d
    breaks off before d.
    """
    d = Fraction(d)
    size = max(len(str(int(d))), 1)
    arithmetic = MpmathArithmetic(digits + 3 * size + 10)
    if all(x.is_exact for x in entries):
        return arithmetic, evaluate(entries, d, arithmetic)
    here = max(d, Fraction(START_D))
    values = _newton(problem, arithmetic, evaluate(entries, here, arithmetic), here)
    while values is not None and here > d:
        following = max(d, here * STEP)
        values = _newton(problem, arithmetic, values, following)
        here = following
    if values is None:
        raise NoFamily(
            f"the path of critical points from large d breaks off before d = {d} (near d = {float(here):.4g})"
        )
    return arithmetic, values


def evaluate(entries: Sequence[Series], d: Fraction, arithmetic: MpmathArithmetic) -> list[Scalar]:
    """The known parts of the series at d."""
    context = arithmetic.context
    t = arithmetic.rational(d) ** (context.mpf(-1) / entries[0].ramification)

    def convert(c: Any) -> Scalar:
        ball = entries[0].field.ball(entries[0].field(c), context.prec + 20)
        return context.mpf(ball.mid().str(context.dps + 5, radius=False))

    return [x.evaluate(t, convert) for x in entries]


def _newton(problem: Problem, arithmetic: MpmathArithmetic, values: list[Scalar], d: Fraction) -> list[Scalar] | None:
    """Newton's method on the reduced gradient; None unless it contracts quadratically to the working precision."""
    context = arithmetic.context
    at = arithmetic.rational(d)
    previous = None
    for _ in range(40):
        point = problem.at(arithmetic, values, at)
        step = context.lu_solve(context.matrix(point.hessian(scaled=True)), context.matrix(point.gradient(scaled=True)))
        size = max(abs(s) for s in step)
        if not context.isfinite(size) or (
            previous is not None and size > previous / 2 and size > context.mpf(10) ** (6 - context.dps // 2)
        ):
            return None
        values = [v - s for v, s in zip(values, step, strict=True)]
        if size < context.mpf(10) ** (5 + 2 * len(str(int(d))) - context.dps):
            return values
        previous = size
    return None
