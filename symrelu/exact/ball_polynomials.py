"""Polynomials in tau = t - t_0 with ball coefficients, truncated: the known part of a Taylor model about a point t_0
> 0.

They offer what :class:`symrelu.exact.series.Series` offers of a truncated series of valuation 0, so that
:mod:`symrelu.exact.bounded` bounds the errors of both by the same rules. Nothing cancels here but the structural zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from flint import arb, arb_poly

from symrelu.errors import ParallelToPrecision
from symrelu.exact.balls import ball
from symrelu.exact.coefficients import least

_ZERO = arb(0)


class BallPolynomial:
    """c_0 + c_1 tau + ... + O(tau**precision), every c_k a ball; ``precision`` None for a polynomial."""

    __slots__ = ("coefficients", "precision")
    valuation = 0

    def __init__(self, coefficients: Iterable[Any], precision: int | None = None) -> None:
        cs = [c if isinstance(c, arb) else arb(c) for c in coefficients]
        if precision is None:
            while cs and cs[-1].is_zero():  # exactly 0: what cancels exactly is the structural zero
                cs.pop()
        self.coefficients: list[arb] = cs if precision is None else cs[:precision]
        self.precision = precision

    @property
    def is_exact(self) -> bool:
        """True if nothing is truncated."""
        return self.precision is None

    @property
    def is_exact_zero(self) -> bool:
        """True for the structural zero, which has no coefficients."""
        return self.precision is None and not self.coefficients

    def balls(self) -> list[arb]:
        """The coefficients."""
        return self.coefficients

    def truncate(self, precision: int | None) -> BallPolynomial:
        """The same, known below tau**precision only."""
        if precision is None or (self.precision is not None and self.precision <= precision):
            return self
        return BallPolynomial(self.coefficients, precision)

    def exact(self) -> BallPolynomial:
        """The known part alone."""
        return BallPolynomial(self.coefficients)

    def constant(self, value: Any) -> BallPolynomial:
        """A constant."""
        if isinstance(value, Fraction):
            value = ball(value)
        return BallPolynomial([] if isinstance(value, int) and value == 0 else [value])

    def __neg__(self) -> BallPolynomial:
        return BallPolynomial([-c for c in self.coefficients], self.precision)

    def __add__(self, other: BallPolynomial) -> BallPolynomial:
        a, b = self.coefficients, other.coefficients
        if len(a) < len(b):
            a, b = b, a
        cs = [x + y for x, y in zip(a, b, strict=False)] + a[len(b) :]
        return BallPolynomial(cs, least(self.precision, other.precision))

    def __mul__(self, other: BallPolynomial | int | Fraction | arb) -> BallPolynomial:
        if not isinstance(other, BallPolynomial):
            factor = ball(other) if isinstance(other, Fraction) else other
            return BallPolynomial([c * factor for c in self.coefficients], self.precision)
        precision = least(self.precision, other.precision)
        if not self.coefficients or not other.coefficients:
            return BallPolynomial([], precision)
        return BallPolynomial((arb_poly(self.coefficients) * arb_poly(other.coefficients)).coeffs(), precision)

    def inverse(self) -> BallPolynomial:
        """1/self, as far as it is known."""
        a, length = self.coefficients, self.precision
        if length is None:
            if len(a) != 1:
                raise ValueError("the inverse of a polynomial has infinitely many terms: truncate it first")
            length = 1
        lead = 1 / a[0]
        y = [lead]
        for n in range(1, length):
            total = _ZERO
            for i in range(1, min(n, len(a) - 1) + 1):
                total += a[i] * y[n - i]
            y.append(-total * lead)
        return BallPolynomial(y, self.precision)

    def sqrt(self) -> BallPolynomial:
        """The positive root; ParallelToPrecision if the constant term may be 0 or less."""
        a = self.coefficients
        if not a[0] > 0:
            raise ParallelToPrecision(f"the square root of a number in {a[0]} was wanted: use a smaller box")
        length = 1 if self.precision is None and len(a) == 1 else self.precision
        if length is None:
            raise ValueError("the root of a polynomial has infinitely many terms: truncate it first")
        g = [a[0].sqrt()]
        half = 1 / (2 * g[0])
        for n in range(1, length):
            total = a[n] if n < len(a) else _ZERO
            for i in range(1, n):
                total -= g[i] * g[n - i]
            g.append(total * half)
        return BallPolynomial(g, self.precision)
