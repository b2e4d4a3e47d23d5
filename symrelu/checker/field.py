"""Exact constants: the field Q(pi) with square roots of positive integers, pi a transcendental symbol.

An element is (sum of num_r * sqrt(r)) / den with polynomials in pi over the integers, r squarefree. As pi is
transcendental and the roots are independent over Q(pi), an element is zero exactly if all its numerators are.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd

from flint import arb, ctx, fmpz_poly
from flint.utils.flint_exceptions import DomainError

_ONE = fmpz_poly([1])
LARGEST_RADICAND = 10**6
MOST_ROOTS = 16
SIGN_BITS = 2_000
Numerators = dict[int, fmpz_poly]


class Unsupported(ValueError):
    """An exact operation leaves the field, or the polynomials grow beyond what is read from strangers."""


def add_numerators(a: Numerators, b: Numerators) -> Numerators:
    """The sum, zeros left out."""
    out = dict(a)
    for root, num in b.items():
        total = out[root] + num if root in out else num
        if total.is_zero():
            del out[root]
        else:
            out[root] = total
    return out


def multiply_numerators(a: Numerators, b: Numerators) -> Numerators:
    """The product; sqrt(r) sqrt(s) = g sqrt(r s / g**2) with g = gcd(r, s)."""
    out: Numerators = {}
    for r, p in a.items():
        for s, q in b.items():
            g = gcd(r, s)
            out = add_numerators(out, {r * s // g**2: p * q * g})
    if len(out) > MOST_ROOTS:
        raise Unsupported(f"more than {MOST_ROOTS} square roots")
    return out


def common_factor(den: fmpz_poly, numerators: list[Numerators]) -> fmpz_poly:
    """The greatest common divisor of the denominator and all numerators, with the sign that makes den positive."""
    factor = den
    for entry in numerators:
        for num in entry.values():
            if factor.degree() == 0 and abs(factor[0]) == 1:
                break
            factor = factor.gcd(num)
    negative = den.leading_coefficient() < 0
    return -factor if negative != (factor.leading_coefficient() < 0) else factor


class Surd:
    """An element of the field; immutable, reduced."""

    __slots__ = ("den", "nums")

    def __init__(self, nums: Numerators, den: fmpz_poly = _ONE) -> None:
        if den.is_zero():
            raise ZeroDivisionError("division by zero in an exact number")
        factor = common_factor(den, [nums])
        if not factor.is_one():
            nums, den = {r: num // factor for r, num in nums.items()}, den // factor
        self.nums, self.den = nums, den

    @classmethod
    def of(cls, value: Fraction | int) -> Surd:
        """A rational number."""
        value = Fraction(value)
        return cls({1: fmpz_poly([value.numerator])} if value else {}, fmpz_poly([value.denominator]))

    @classmethod
    def pi(cls) -> Surd:
        """The number pi."""
        return cls({1: fmpz_poly([0, 1])})

    @classmethod
    def root(cls, value: Fraction) -> Surd:
        """The square root of a positive rational number of moderate size."""
        radicand = value.numerator * value.denominator
        if not 0 < radicand <= LARGEST_RADICAND:
            raise Unsupported(f"square root of {value} is not read")
        square, free, k = 1, radicand, 2
        while k * k <= free:
            while free % (k * k) == 0:
                square, free = square * k, free // (k * k)
            k += 1
        return cls({free: fmpz_poly([square])}, fmpz_poly([value.denominator]))

    def __add__(self, other: Surd) -> Surd:
        if self.den == other.den:
            return Surd(add_numerators(self.nums, other.nums), self.den)
        left = {r: num * other.den for r, num in self.nums.items()}
        right = {r: num * self.den for r, num in other.nums.items()}
        return Surd(add_numerators(left, right), self.den * other.den)

    def __neg__(self) -> Surd:
        return Surd({r: -num for r, num in self.nums.items()}, self.den)

    def __sub__(self, other: Surd) -> Surd:
        return self + (-other)

    def __mul__(self, other: Surd) -> Surd:
        return Surd(multiply_numerators(self.nums, other.nums), self.den * other.den)

    def inverse(self) -> Surd:
        """1/x; roots are cleared from the denominator by conjugation."""
        if not self.nums:
            raise ZeroDivisionError("division by zero in an exact number")
        top, below = Surd({1: self.den}), self.nums
        while len(below) > 1 or 1 not in below:
            if len(below) == 1:
                (root,) = below
                conjugate: Numerators = {root: _ONE}
            else:
                prime = _prime_factor(next(r for r in below if r > 1))
                conjugate = {r: -num if r % prime == 0 else num for r, num in below.items()}
            top, below = top * Surd(conjugate), multiply_numerators(below, conjugate)
        return top * Surd({1: _ONE}, below[1])

    def __truediv__(self, other: Surd) -> Surd:
        return self * other.inverse()

    def sqrt(self) -> Surd:
        """The positive square root of a positive rational number times a square of Q(pi); Unsupported otherwise."""
        if self.sign() < 0:
            raise Unsupported("the square root of a negative number")
        if list(self.nums) != [1]:
            raise Unsupported("the square root of a sum of roots is not supported")
        num, den = self.nums[1], self.den
        content = Fraction(int(num.content()), int(den.content()))
        try:
            value = Surd({1: (num // num.content()).sqrt()}, (den // den.content()).sqrt())
        except (ValueError, DomainError):
            raise Unsupported("a series needs the square root of an element of Q(pi) that is not a square") from None
        value = value * Surd.root(content)
        return value if value.sign() > 0 else -value

    def sign(self) -> int:
        """1, 0 or -1; Unsupported where balls of SIGN_BITS do not tell a number that is not 0 from 0."""
        if not self.nums:
            return 0
        with ctx.workprec(SIGN_BITS):
            ball = self.ball()
        if ball.contains(0):
            raise Unsupported("a number is too small for its sign to be known")
        return 1 if ball > 0 else -1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Surd) and not (self - other).nums

    def __hash__(self) -> int:
        return hash((tuple(sorted((r, str(num)) for r, num in self.nums.items())), str(self.den)))

    def __bool__(self) -> bool:
        return bool(self.nums)

    def size(self) -> int:
        """Degree in pi plus bits of the coefficients: what untrusted input may not make large."""
        return max(num.degree() + num.height_bits() for num in [self.den, *self.nums.values()])

    def ball(self) -> arb:
        """A ball around the number at the current precision; exact for dyadic rationals."""
        total = arb(0)
        for root, num in self.nums.items():
            total += _at_pi(num) * (arb(root).sqrt() if root > 1 else 1)
        return total / _at_pi(self.den)


def _prime_factor(value: int) -> int:
    k = 2
    while k * k <= value:
        if value % k == 0:
            return k
        k += 1
    return value


def _at_pi(poly: fmpz_poly) -> arb:
    total = arb(0)
    for coefficient in reversed(poly.coeffs()):
        total = total * arb.pi() + arb(coefficient) if not total.is_zero() else arb(coefficient)
    return total
