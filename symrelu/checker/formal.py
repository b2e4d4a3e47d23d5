"""Exact truncated Laurent series in t over Q(pi) with square roots: what the vanishing of residuals is proved with.

All coefficients of a series share one denominator, so products need few divisors. ``end`` is the first unknown power
of t; None says that the series is a Laurent polynomial, known to the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import fmpz_poly

from symrelu.checker.field import Numerators, Surd, Unsupported, add_numerators, common_factor, multiply_numerators

_ONE = fmpz_poly([1])


class Formal:
    """t**start * (sum of nums[k] t**k) / den + O(t**end); ``terms`` caps the length of what is not a polynomial."""

    __slots__ = ("den", "end", "nums", "start", "terms")

    def __init__(self, start: int, nums: list[Numerators], den: fmpz_poly, end: int | None, terms: int) -> None:
        if end is not None:
            nums = nums[: max(end - start, 0)]
        while nums and not nums[-1]:
            nums = nums[:-1]
        zeros = next((k for k, entry in enumerate(nums) if entry), 0)
        start, nums = start + zeros, nums[zeros:]
        if end is not None and nums and end - start > terms:
            end = start + terms
            nums = nums[:terms]
        factor = common_factor(den, nums)
        if not factor.is_one():
            nums = [{r: num // factor for r, num in entry.items()} for entry in nums]
            den = den // factor
        self.start, self.nums, self.den, self.end, self.terms = start, nums, den, end, terms

    @classmethod
    def polynomial(cls, coefficients: Sequence[Surd], terms: int, start: int = 0) -> Formal:
        """The Laurent polynomial with these coefficients."""
        den = _ONE
        for c in coefficients:
            den = den * (c.den // den.gcd(c.den))
        nums = [{r: num * (den // c.den) for r, num in c.nums.items()} for c in coefficients]
        return cls(start, nums, den, None, terms)

    def constant(self, value: Surd | Fraction | int) -> Formal:
        """A constant beside this series."""
        return Formal.polynomial([value if isinstance(value, Surd) else Surd.of(value)], self.terms)

    def _like(self, other: Any) -> Formal:
        return other if isinstance(other, Formal) else self.constant(other)

    @property
    def is_zero(self) -> bool:
        """Exactly zero, to all orders."""
        return not self.nums and self.end is None

    def __add__(self, other: Any) -> Formal:
        other = self._like(other)
        ends = [e for e in (self.end, other.end) if e is not None]
        start = min(self.start, other.start) if self.nums and other.nums else (self if self.nums else other).start
        common = self.den.gcd(other.den)
        left, right = other.den // common, self.den // common
        length = max(self.start + len(self.nums), other.start + len(other.nums)) - start
        nums: list[Numerators] = [{} for _ in range(max(length, 0))]
        for series, factor in ((self, left), (other, right)):
            for k, entry in enumerate(series.nums):
                place = series.start - start + k
                nums[place] = add_numerators(nums[place], {r: num * factor for r, num in entry.items()})
        return Formal(start, nums, self.den * left, min(ends) if ends else None, self.terms)

    __radd__ = __add__

    def __neg__(self) -> Formal:
        nums = [{r: -num for r, num in entry.items()} for entry in self.nums]
        return Formal(self.start, nums, self.den, self.end, self.terms)

    def __sub__(self, other: Any) -> Formal:
        return self + (-self._like(other))

    def __rsub__(self, other: Any) -> Formal:
        return self._like(other) - self

    def __mul__(self, other: Any) -> Formal:
        other = self._like(other)
        if self.is_zero or other.is_zero:
            return self.constant(0)
        # an unknown series without a known term starts, for all we know, at its end
        starts = [s.start if s.nums else s.end or 0 for s in (self, other)]
        ends = [e + v for e, v in ((self.end, starts[1]), (other.end, starts[0])) if e is not None]
        end = min(ends) if ends else None
        start = starts[0] + starts[1]
        length = len(self.nums) + len(other.nums) - 1 if self.nums and other.nums else 0
        if end is not None:
            end = min(end, start + self.terms)
            length = min(length, max(end - start, 0))
        nums: list[Numerators] = [{} for _ in range(length)]
        for i, a in enumerate(self.nums):
            for j, b in enumerate(other.nums[: max(length - i, 0)]):
                if a and b:
                    nums[i + j] = add_numerators(nums[i + j], multiply_numerators(a, b))
        return Formal(start, nums, self.den * other.den, end, self.terms)

    __rmul__ = __mul__

    def leading(self) -> Surd:
        """The first coefficient."""
        if not self.nums:
            raise Unsupported("a series that is needed as a divisor or under a root has no known term")
        return Surd(self.nums[0], self.den)

    def shifted(self, powers: int) -> Formal:
        """The series times t**powers."""
        end = None if self.end is None else self.end + powers
        return Formal(self.start + powers, self.nums, self.den, end, self.terms)

    def _cut(self, length: int) -> Formal:
        return Formal(self.start, self.nums[:length], self.den, self.start + length, self.terms)

    def _unit(self) -> tuple[Surd, Formal, int | None]:
        """Leading coefficient, the series divided by its leading term, and the known length (None: a monomial)."""
        lead = self.leading()
        unit = self.shifted(-self.start) * lead.inverse()
        if self.end is None and len(self.nums) == 1:
            return lead, unit, None
        return lead, unit, self.terms if self.end is None else self.end - self.start

    def inverse(self) -> Formal:
        """1/f, by Newton's iteration."""
        lead, unit, length = self._unit()
        value = self.constant(1)
        if length is not None:
            known = 1
            while known < length:
                known = min(2 * known, length)
                value = value._exact() * (2 - unit._cut(known) * value._exact())
            value = value._exact()._cut(length)
        return (value * lead.inverse()).shifted(-self.start)

    def __truediv__(self, other: Any) -> Formal:
        return self * self._like(other).inverse()

    def __rtruediv__(self, other: Any) -> Formal:
        return self._like(other) * self.inverse()

    def _exact(self) -> Formal:
        return Formal(self.start, self.nums, self.den, None, self.terms)

    def _unit_root(self, unit: Formal, length: int | None) -> Formal:
        """1/sqrt of a series with leading term 1, by Newton's iteration."""
        value = self.constant(1)
        if length is None:
            return value
        known = 1
        while known < length:
            known = min(2 * known, length)
            square = value._exact() * value._exact()
            value = value._exact() * (3 - unit._cut(known) * square) * Fraction(1, 2)
        return value._exact()._cut(length)

    def sqrt(self) -> Formal:
        """The square root that is positive for small t > 0; 0 for 0."""
        if self.is_zero:
            return self
        if self.leading().sign() < 0 or self.start % 2:
            raise Unsupported("a square root of a series is not a real power series in t")
        lead, unit, length = self._unit()
        return (unit * self._unit_root(unit, length) * lead.sqrt()).shifted(self.start // 2)

    def asin(self) -> Formal:
        """The arcsine of a series without constant term, by integrating f'/sqrt(1 - f**2)."""
        if self.is_zero:
            return self
        if self.start < 1 and self.nums:
            raise Unsupported("the arcsine of a series with a constant term is not supported")
        one = 1 - self * self
        slope = self._derivative() * self._unit_root(one, one.terms if one.end is None else one.end)
        # the integral of t**k divides by k + 1: over one denominator, so by multiplying each term with a fraction
        values = [Surd(entry, slope.den) * Surd.of(Fraction(1, slope.start + k + 1))
                  for k, entry in enumerate(slope.nums)]  # fmt: skip
        whole = Formal.polynomial(values, self.terms, slope.start + 1)
        end = None if slope.end is None else slope.end + 1
        return Formal(whole.start, whole.nums, whole.den, end, self.terms)

    def chi(self) -> Formal:
        """asin(f) - f."""
        return self.asin() - self

    def _derivative(self) -> Formal:
        nums = [{r: num * (self.start + k) for r, num in entry.items() if self.start + k}
                for k, entry in enumerate(self.nums)]  # fmt: skip
        end = None if self.end is None else self.end - 1
        return Formal(self.start - 1, nums, self.den, end, self.terms)

    def vanishes_below(self, power: int) -> bool:
        """Whether all coefficients below t**power are known and exactly zero."""
        known = self.end is None or self.end >= power
        return known and (not self.nums or self.start >= power)
