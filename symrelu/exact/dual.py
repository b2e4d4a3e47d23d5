"""Dual numbers x + x' e with e**2 = 0 over any arithmetic: exact derivatives along a curve, by the same orbit rules.

Evaluating the reduced gradient at (a, d + e) gives its partial derivative by d; evaluating the isotypic blocks at
(a + a' e, d + e), with a' the tangent of a path of critical points, gives their derivatives along the path. No
difference quotient is taken, and no formula of the model is written a second time.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from symrelu.exact.arithmetic import Arithmetic, Scalar


class Dual:
    """A number with its derivative: ``value + slope*e``. Plain numbers combine with it as constants."""

    __slots__ = ("slope", "value")
    __array_ufunc__ = None  # a numpy scalar on the left leaves the operation to us

    def __init__(self, value: Scalar, slope: Scalar = 0) -> None:
        self.value = value
        self.slope = slope

    def __repr__(self) -> str:
        return f"Dual({self.value}, {self.slope})"

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value - other.value, self.slope - other.slope)
        return Dual(self.value - other, self.slope)

    def __rsub__(self, other: Any) -> Dual:
        return Dual(other - self.value, -self.slope)

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)
        return Dual(self.value * other, self.slope * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        if isinstance(other, Dual):
            quotient = self.value / other.value
            return Dual(quotient, (self.slope - quotient * other.slope) / other.value)
        return Dual(self.value / other, self.slope / other)

    def __rtruediv__(self, other: Any) -> Dual:
        quotient = other / self.value
        return Dual(quotient, -quotient * self.slope / self.value)

    def __pow__(self, exponent: int) -> Dual:
        if exponent == 0:
            return Dual(self.value**0)
        return Dual(self.value**exponent, exponent * self.value ** (exponent - 1) * self.slope)


class DualArithmetic:
    """Dual numbers over the scalars of another arithmetic (mpmath, numpy, balls)."""

    cancels = False

    def __init__(self, base: Arithmetic) -> None:
        self.base = base
        self.name = f"dual numbers over {base.name}"

    def rational(self, value: int | Fraction) -> Dual:
        """A constant."""
        return Dual(self.base.rational(value))

    @property
    def pi(self) -> Dual:
        """The constant pi."""
        return Dual(self.base.pi)

    def is_zero(self, x: Scalar) -> bool:
        """True if x is the number 0 and its derivative too."""
        if not isinstance(x, Dual):
            return bool(x == 0)
        return self.base.is_zero(x.value) and (isinstance(x.slope, int) and x.slope == 0 or self.base.is_zero(x.slope))

    def check_norm(self, p: Dual) -> None:
        """Raise ZeroRow if the squared norm p of a row is 0."""
        self.base.check_norm(p.value)

    def gram_root(self, p: Dual, q: Dual, s: Dual, gram: Dual) -> Dual:
        """The root of the base with the derivative gram'/2g; where g is 0 (parallel rows) the derivative is given as 0,
        which is right for rows that stay parallel.
        """
        p, q, s, gram = (x if isinstance(x, Dual) else Dual(x) for x in (p, q, s, gram))
        g = self.base.gram_root(p.value, q.value, s.value, gram.value)
        return Dual(g) if self.base.is_zero(g) else Dual(g, gram.slope / (2 * g))

    def inverse_root(self, g: Dual) -> Dual:
        """1/g."""
        return 1 / g

    def supplement(self, s: Dual, g: Dual, inverse_p: Scalar, inverse_q: Scalar) -> Dual:
        """psi = atan2(g, -s), with psi' = (g s' - s g')/(g**2 + s**2)."""
        ip, iq = (x.value if isinstance(x, Dual) else x for x in (inverse_p, inverse_q))
        psi = self.base.supplement(s.value, g.value, ip, iq)
        turn = g.value * s.slope - s.value * g.slope
        return Dual(psi, turn / (g.value * g.value + s.value * s.value))
