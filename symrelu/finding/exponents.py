"""Limits, exponents and coefficients of a curve from its points at very large d in geometric progression.

With x(u) = L + c_1 exp(-l_1 u) + c_2 exp(-l_2 u) + ..., the difference x(u + h) - x(u) has no limit left, its slope of
log|.| tends to -l_1; what is then left without exp(-l_1 u) has the slope -l_2, and so on: each exponent is recognised
as a rational number from slopes that must have settled, and eliminated exactly. The limit and the coefficients are what
a linear system with those exponents gives; how many digits are right is seen from two such systems.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import log10
from typing import Any

from symrelu.errors import Undecided
from symrelu.finding.candidates import Number, Term

LARGEST_DENOMINATOR = 30
SETTLED = 1e-5  # two slopes in a row, and the rational number taken for them, agree to this
SURE_DIGITS = 25  # of a limit that is taken for a rational number
SIMPLE = 12  # the largest denominator of such a limit


class Unbounded(Undecided):
    """A quantity has no limit for d -> infinity."""


@dataclass(frozen=True, eq=False)
class Expansion:
    """Limit and first terms of one coordinate."""

    limit: Number
    terms: tuple[Term, ...]

    def __neg__(self) -> Expansion:
        return Expansion(-self.limit, tuple(Term(t.exponent, -t.coefficient) for t in self.terms))


def expansion(
    context: Any, values: Sequence[Any], d: Sequence[Any], digits: int, scale: Any, most: int = 4
) -> Expansion:
    """Limit and terms of a coordinate from its values (numbers of the mpmath ``context``) at the given d.

    The d are in geometric progression; ``digits``: how many digits of the values, relative to ``scale``, are right.
    Raises Undecided where the slope of the first correction has not settled on a rational number, and Unbounded where
    there is no limit.
    """
    noise = context.mpf(10) ** -digits * scale
    ratio = d[1] / d[0]
    differences = [b - a for a, b in zip(values, values[1:], strict=False)]
    powers: list[Fraction] = []  # in t
    while len(differences) >= 3 and len(powers) < most:
        if max(abs(x) for x in differences[-3:]) < noise * context.mpf(10) ** 8:
            break
        slope = _settled(context, differences, ratio)
        if slope is None:
            if not powers:
                raise Undecided("the slopes of a coordinate do not settle on a rational exponent; go to larger d")
            break
        if not powers and slope <= 0:
            raise Unbounded(f"it grows like t**({slope})")
        if slope <= (powers[-1] if powers else 0):
            break
        powers.append(slope)
        factor = _power(context, ratio, slope)
        differences = [b - factor * a for a, b in zip(differences, differences[1:], strict=False)]
    if not powers:
        return Expansion(_recognised(context, values[-1], digits), ())
    return _solved(context, values, d, powers, noise)


def _power(context: Any, d: Any, exponent: Fraction) -> Any:
    """t**exponent at d."""
    return d ** (context.mpf(-exponent.numerator) / (2 * exponent.denominator))


def _settled(context: Any, x: Sequence[Any], ratio: Any) -> Fraction | None:
    """The exponent of t of a sequence that behaves like one power of it; None if its slopes do not say."""
    if any(v == 0 for v in x[-3:]):
        return None
    slopes = [-2 * context.log(abs(b / a)) / context.log(ratio) for a, b in zip(x[-3:], x[-2:], strict=False)]
    near = Fraction(float(slopes[-1])).limit_denominator(LARGEST_DENOMINATOR)
    off = abs(slopes[1] - context.mpf(near.numerator) / near.denominator)
    if abs(slopes[0] - slopes[1]) > SETTLED or off > SETTLED:
        return None
    return near


def _solved(context: Any, values: Sequence[Any], d: Sequence[Any], powers: list[Fraction], noise: Any) -> Expansion:
    """Limit and coefficients with these powers, from the last points and, to see the digits, from those before."""
    size = len(powers) + 1
    solutions = []
    for end in (len(values), len(values) - 1):
        at, right = d[end - size : end], values[end - size : end]
        last = at[-1]
        matrix = context.matrix([[1] + [_power(context, x / last, p) for p in powers] for x in at])
        solved = context.lu_solve(matrix, context.matrix(right))
        solutions.append([solved[0]] + [solved[i + 1] / _power(context, last, p) for i, p in enumerate(powers)])
    limit = _number(context, solutions[0][0], solutions[1][0], noise)
    terms = []
    for p, a, b in zip(powers, solutions[0][1:], solutions[1][1:], strict=True):
        coefficient = _number(context, a, b, noise / _power(context, d[-1], p))
        if coefficient.digits < 3:
            break
        terms.append(Term(p, coefficient))
    return Expansion(limit, tuple(terms))


def _number(context: Any, a: Any, b: Any, noise: Any) -> Number:
    """The better value ``a`` with the digits in which it agrees with ``b``."""
    gap = max(abs(a - b), noise)
    absolute = int(-context.log10(gap)) - 1
    exact = _rational(context, a, absolute)
    size = abs(a) if exact is None or exact else context.one
    digits = absolute if not size else absolute + int(log10(float(size))) if size > 1e-300 else absolute
    return Number(_plain(a), max(0, digits), exact)


def _recognised(context: Any, a: Any, digits: int) -> Number:
    return Number(_plain(a), digits, _rational(context, a, digits))


def _rational(context: Any, a: Any, digits: int) -> Fraction | None:
    if digits < SURE_DIGITS or abs(a) > 100:
        return None
    near = Fraction(float(a)).limit_denominator(SIMPLE)
    return near if abs(a - context.mpf(near.numerator) / near.denominator) < context.mpf(10) ** -(digits - 2) else None


def _plain(x: Any) -> Any:
    from mpmath import mp

    return mp.make_mpf(x._mpf_)
