"""Arb balls: the one place that sets flint's process-wide working precision.

Comparisons of balls are three-valued (for ``1 +/- 0.5`` each of ``a < 1``, ``a >= 1``, ``a == 1`` is False), so
nothing outside
this module negates a comparison: :func:`sign_of` answers only when the ball decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import inf, nextafter

from flint import arb, ctx, fmpq

from symrelu.errors import Undecided

MAX_BITS = 1 << 20


@contextmanager
def working_bits(bits: int) -> Iterator[None]:
    """Run a block with ``bits`` bits of working precision for every ball operation, then restore the old precision."""
    with ctx.workprec(bits):
        yield


def ball(value: Fraction | int) -> arb:
    """A ball around a rational number, at the working precision."""
    value = Fraction(value)
    return arb(fmpq(value.numerator, value.denominator))


def sign_of(x: arb) -> int:
    """The sign of every number in the ball x (-1 or 1; 0 only for the exact zero); raises :class:`Undecided` if
    it is not constant.
    """
    if x > 0:
        return 1
    if x < 0:
        return -1
    if x.is_zero():
        return 0
    raise Undecided(f"the sign of the ball {x.str(8, more=True)} is not decided; give more digits")


def sign_by_balls(enclosure: Callable[[int], arb]) -> int:
    """The sign of a number known not to be 0, from its enclosures with 64, 128, 256, ... bits."""
    bits = 64
    while bits < MAX_BITS:
        x = enclosure(bits)
        if x > 0 or x < 0:
            return sign_of(x)
        bits *= 2
    raise ArithmeticError("unreachable: a number that is not 0 vanished to a million bits")


def decimal(x: arb, digits: int) -> str | None:
    """The ball x as a decimal of ``digits`` significant digits, the last off by one at most; None if its radius
    is too large.
    """
    if x.is_zero():
        return "0"
    if not x.rel_accuracy_bits() > 3.33 * digits + 4:
        return None
    return str(x.mid().str(digits, radius=False))


def rounded_out(x: arb, digits: int = 3, up: bool = True) -> str:
    """A decimal of ``digits`` significant digits that no number of the ball x exceeds (``up``), or that none falls
    below: for bounds that are printed, where rounding to the nearest could say too much.
    """
    from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

    end = x.upper() if up else x.lower()
    if end.is_zero():
        return "0"
    number = nextafter(float(end), inf if up else -inf)  # floats round to the nearest
    context = Context(prec=digits, rounding=ROUND_CEILING if up else ROUND_FLOOR)
    found = context.create_decimal(Decimal(number)).normalize(context)
    return f"{found:f}" if -5 < found.adjusted() < 7 else str(found)  # 120, not 1.2E+2
