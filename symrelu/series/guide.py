"""Numerical guides to families: what is known of each coordinate in decimals before its leading system is derived."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from flint import arb

from symrelu.errors import BadInput
from symrelu.exact.balls import working_bits

DIGITS = 25


@dataclass(frozen=True)
class CoordinateGuide:
    """What is known numerically of one coordinate: a = limit + coefficient * t**exponent + ...

    limit: the exact limit, or None where it is an unknown; then ``value`` is its numerical value. exponent: of the
    first correction, in powers of t = d**(-1/ramification), at least 1; None for a coordinate that equals its exact
    limit for every d. coefficient: of that power (not needed where the limit is an unknown). Values are decimal strings
    or mpmath numbers, right to ``digits`` digits, or balls.
    """

    limit: Fraction | None
    exponent: int | None
    coefficient: Any = None
    value: Any = None
    digits: int = DIGITS


class NumericalFamily(Protocol):
    """A family found numerically, such as :class:`symrelu.finding.candidates.Candidate`. Its numbers have a ``value``,
    a count of ``digits`` that are right, and ``exact``, the rational number they are taken for, or None.
    """

    @property
    def limits(self) -> Sequence[Any]:
        """The limit of each coordinate, a number."""

    @property
    def corrections(self) -> Sequence[Sequence[Any]]:
        """For each coordinate its first terms ``coefficient * d**(-exponent/2)``; empty where it is constant."""


def guide_of(family: NumericalFamily, ramification: int) -> list[CoordinateGuide]:
    """The guide that a family found numerically gives, in powers of t = d**(-1/ramification).

    Raises BadInput if an exponent lies not in Z at this ramification.
    """
    guide = []
    for i, (limit, terms) in enumerate(zip(family.limits, family.corrections, strict=True)):
        first = terms[0] if terms else None
        power = None if first is None else first.exponent * Fraction(ramification, 2)
        if power is not None and power.denominator != 1:
            raise BadInput(
                f"coordinate {i + 1} has a correction d**(-{power / ramification}), which is no power of t = "
                f"d**(-1/{ramification}); give another ramification"
            )
        coefficient = None if first is None else _ball(first.coefficient.value, min(DIGITS, first.coefficient.digits))
        digits = min(DIGITS, limit.digits, DIGITS if first is None else first.coefficient.digits)
        value = _ball(limit.value, min(DIGITS, limit.digits))
        guide.append(CoordinateGuide(limit.exact, None if power is None else int(power), coefficient, value, digits))
    return guide


@dataclass(frozen=True)
class Given:
    """A coordinate's guide with its values as balls: ``values`` by powers of t, 0 for an unknown limit."""

    index: int
    limit: Fraction | None
    exponent: int | None
    values: Mapping[int, arb]

    @classmethod
    def of(cls, index: int, name: str, guide: CoordinateGuide) -> Given:
        """The guide of the coordinate with that place (from 0) and name; BadInput if it is incomplete."""
        if guide.limit is None and guide.value is None:
            raise BadInput(f"the guide gives {name} neither an exact limit nor the value of one: give one of them")
        if guide.exponent is None:
            if guide.limit is None:
                raise BadInput(f"the guide gives {name} an unknown limit and no correction: give its exponent")
            return cls(index, Fraction(guide.limit), None, {})
        if guide.exponent < 1 or (guide.limit is not None and guide.coefficient is None):
            raise BadInput(
                f"the guide gives {name} the exponent {guide.exponent} and the coefficient {guide.coefficient}: give "
                "an exponent of at least 1 and the coefficient"
            )
        values = {}
        if guide.limit is None:
            values[0] = _ball(guide.value, guide.digits)
        if guide.coefficient is not None:
            values[guide.exponent] = _ball(guide.coefficient, guide.digits)
        return cls(index, None if guide.limit is None else Fraction(guide.limit), guide.exponent, values)

    def powers(self, width: int) -> list[int]:
        """The powers of t whose coefficients are unknown, those looked for first in front."""
        start = [0] if self.limit is None else []
        return start + ([] if self.exponent is None else [self.exponent + j for j in range(width)])


def _ball(x: Any, digits: int) -> arb:
    if isinstance(x, arb):
        return x
    if not isinstance(x, str):
        from mpmath import nstr

        x = nstr(x, digits + 5)
    with working_bits(int(3.33 * digits) + 32):
        value = arb(x)
        return value + abs(value) * arb(10) ** -digits * arb(0, 1)
