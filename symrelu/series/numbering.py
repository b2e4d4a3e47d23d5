"""The numbering of families: one of each orbit of rotations, by ascending loss for large d, ties broken by the leading
terms of a_1, a_2, ...

It does not depend on how the families were found. Losses are compared in balls: they cost little there, however large
the fields of the families are, and coefficients that agree to hundreds of digits count as equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cmp_to_key
from typing import Any

from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.balls import working_bits
from symrelu.exact.constants import DEFAULT_BITS, BallField
from symrelu.exact.series import Series, dimension
from symrelu.model.reduced import Problem
from symrelu.model.row_symmetry import column_gram
from symrelu.series.leading import Start
from symrelu.series.loss import start_loss

BITS = 512  # numbers that agree to half as many count as equal


def numbered(problem: Problem, starts: Sequence[Start]) -> tuple[Start, ...]:
    """The starts in the order in which branches are numbered."""
    if len(starts) < 2:
        return tuple(starts)
    losses = {id(start): loss_in_balls(problem, start) for start in starts}

    def compare(x: Start, y: Start) -> int:
        sign = _compare_series(losses[id(x)], losses[id(y)])
        return sign or _compare_leading(x, y)

    return tuple(sorted(starts, key=cmp_to_key(compare)))


def agree(x: Start, y: Start) -> bool:
    """Whether two starts of one problem are equal as far as both are known, their coefficients compared in balls.

    A start determines its family, so both then belong to the same one.
    """
    ends = [Fraction(start.known, start.ramification) for start in (x, y) if not start.exact]
    for a, b in zip(x.entries, y.entries, strict=True):
        exponents = {Fraction(i, s.ramification) for s in (a, b) for i, _ in enumerate(s.coefficients, s.valuation)}
        for exponent in exponents:
            if all(exponent < end for end in ends):
                if _compare(a.field, _coefficient(a, exponent), b.field, _coefficient(b, exponent)):
                    return False
    return True


def _coefficient(x: Series, exponent: Fraction) -> Any:
    power = exponent * x.ramification
    return x[int(power)] if power.denominator == 1 else x.field.zero


def loss_in_balls(problem: Problem, start: Start) -> Series:
    """The loss along a family as far as its start determines it, the coefficients as balls."""
    if not isinstance(start.field, BallField):
        field = BallField(DEFAULT_BITS)
        start = replace(start, field=field, entries=tuple(x.over(field) for x in start.entries))
    return start_loss(problem, start)


def _compare_series(x: Series, y: Series) -> int:
    """The sign of x - y for small t, as far as both are known; 0 if they agree there."""
    ramification = x.ramification * y.ramification
    for exponent in range(ramification * 8):
        at = [Fraction(exponent, ramification) * z.ramification for z in (x, y)]
        if any(z.precision is not None and e >= z.precision for z, e in zip((x, y), at, strict=True)):
            return 0
        a, b = ((z.field, z[int(e)] if e.denominator == 1 else z.field.zero) for z, e in zip((x, y), at, strict=True))
        sign = _compare(*a, *b)
        if sign:
            return sign
    return 0


def _compare_leading(x: Start, y: Start) -> int:
    """By limit, exponent and coefficient of the first correction, coordinate by coordinate."""
    for a, b in zip(x.entries, y.entries, strict=True):
        for p, q in zip(_leading(a), _leading(b), strict=True):
            sign = _compare(a.field, p, b.field, q)
            if sign:
                return sign
    return 0


def _leading(x: Series) -> tuple[Any, Fraction, Any]:
    limit = x[0] if x.valuation <= 0 and (x.precision is None or x.precision > 0) else x.field.zero
    for i, c in enumerate(x.coefficients, x.valuation):
        if i > 0 and c:
            return limit, Fraction(i, x.ramification), c
    return limit, Fraction(0), x.field.zero


def _compare(field: Any, a: Any, other: Any, b: Any) -> int:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return (a > b) - (a < b)
    with working_bits(BITS):
        difference = field.ball(field(a), BITS) - other.ball(other(b), BITS)
        if abs(difference) < abs(difference).__class__(2) ** (-BITS // 2):
            return 0
        return 1 if difference > 0 else -1 if difference < 0 else 0


def up_to_rotations(problem: Problem, starts: Sequence[Start]) -> list[Start]:
    """The starts without those that a rotation of rows makes of an earlier one, for kernels with the symmetry O(k):
    where W' diag(alpha) W agrees as far as both are known.
    """
    if not problem.kernel.rotations:
        return list(starts)
    kept: list[tuple[Start, list[Any]]] = []
    for start in starts:
        entries = [x if start.exact else x.exact().truncate(start.known) for x in start.entries]
        d = dimension(start.field, start.ramification)
        gram = column_gram(problem.at(SeriesArithmetic(start.field, start.ramification), entries, d))
        if not any(all(not (x - y).coefficients for x, y in zip(gram, old, strict=True)) for _, old in kept):
            kept.append((start, gram))
    return [start for start, _ in kept]
