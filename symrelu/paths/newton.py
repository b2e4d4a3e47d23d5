"""Newton's method on the reduced gradient at one d, in mpmath: to the working precision, or refused.

The method must contract quadratically: a start that merely wanders to some critical point is not accepted.
"""

from __future__ import annotations

from collections.abc import Sequence

from symrelu.errors import NoFamily, ZeroRow
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.model.reduced import Problem
from symrelu.paths.equations import system

MOST_STEPS = 60


def newton_step(problem: Problem, arithmetic: MpmathArithmetic, values: Sequence[Scalar], d: Scalar) -> list[Scalar]:
    """The Newton correction at a point: what to subtract from the coordinates. Raises NoFamily where the Jacobian is
    singular.
    """
    context = arithmetic.context
    at = system(problem, arithmetic, values, d)
    try:
        return list(context.lu_solve(context.matrix(at.jacobian), context.matrix(at.gradient)))
    except ZeroDivisionError:
        raise NoFamily("the Jacobian of the reduced gradient is singular here (a fold); try a larger d") from None


def polish(
    problem: Problem,
    arithmetic: MpmathArithmetic,
    values: Sequence[Scalar],
    d: Scalar,
    closeness: Scalar | None = None,
) -> list[Scalar]:
    """The critical point near ``values``, right to about the working precision less what sums over blocks lose.

    ``closeness``: the largest first correction allowed. Raises NoFamily if Newton's method does not contract
    quadratically from the first step on, or moves further than that.
    """
    context = arithmetic.context
    point = [context.mpf(x) for x in values]
    done = context.mpf(10) ** (-(context.dps // 2) - 2)
    floor = context.mpf(10) ** (8 - context.dps) * max(1, context.mpf(d)) ** 2
    sizes: list[Scalar] = []
    for _ in range(MOST_STEPS):
        try:
            step = newton_step(problem, arithmetic, point, d)
        except ZeroRow as error:
            raise NoFamily(str(error)) from None
        size = max(abs(s) for s in step)
        if not context.isfinite(size) or (closeness is not None and not sizes and size > max(closeness, floor)):
            break
        if sizes and size > max(sizes[-1] / 4, floor):
            break
        point = [x - s for x, s in zip(point, step, strict=True)]
        curvature = max([size / s**2 for s, size in zip(sizes[-1:], [size], strict=False) if s] + [context.one])
        if sizes and (size <= floor or (size < done and curvature * size**2 < floor)):
            return point
        if size == 0:
            return point
        sizes.append(size)
    raise NoFamily("Newton's method does not contract to a critical point from the path's prediction")
