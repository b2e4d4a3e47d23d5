"""Q(pi): rational functions of pi with rational coefficients, exact, since pi is transcendental.

Why this representation. Coefficients of the families have denominators that are products of a few small irreducible
factors (pi, pi - 2, pi + 2) to high powers. So an element is ``num / prod(f_i ** e_i)``: ``num`` a flint ``fmpq_poly``,
the f_i interned irreducible polynomials, and ``num`` divisible by no f_i with e_i > 0. That form is unique, a product
never needs a gcd (trial division by a few small polynomials instead), and a sum of products is normalised once
(:meth:`RationalFunctionsOfPi.dot`). CHANGELOG.md has what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, arb_poly, fmpq, fmpq_poly, fmpz, fmpz_poly

from symrelu.exact.balls import sign_by_balls, working_bits
from symrelu.exact.field import Field, NotASquare, Rational
from symrelu.exact.immutable import Immutable
from symrelu.exact.operators import Operators
from symrelu.exact.qpi_text import element_expression, element_text

Exponents = tuple[int, ...]

_ONE = fmpq_poly([1])


def add_exponents(e: Exponents, f: Exponents) -> Exponents:
    """The exponents of a product, from those of its two factors; trailing ones that are missing are 0.

    ``e``, ``f``: of the factors, one number for each irreducible factor of denominators.
    """
    if not e:
        return f
    if not f:
        return e
    if len(e) == len(f):
        return tuple(map(int.__add__, e, f))
    if len(e) < len(f):
        e, f = f, e
    return tuple(map(int.__add__, e[: len(f)], f)) + e[len(f) :]


class QPiElement(Operators):
    """An element of Q(pi); immutable, hashable, equal exactly when equal as a real number."""

    __slots__ = ("den", "num")

    num: fmpq_poly
    den: Exponents

    def __init__(self, num: fmpq_poly, den: Exponents) -> None:
        self.num = num
        self.den = den

    def __bool__(self) -> bool:
        return bool(self.num)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, QPiElement):
            if not isinstance(other, (int, Fraction)):
                return NotImplemented
            other = QPI(other)
        return self.den == other.den and bool(self.num == other.num)

    def __hash__(self) -> int:
        rational = self.rational()
        if rational is not None:
            return hash(rational)
        return hash((self.den, tuple(str(c) for c in self.num.coeffs())))

    def rational(self) -> Fraction | None:
        """The element as a Fraction if it lies in Q, else None."""
        if self.den or self.num.degree() > 0:
            return None
        value = self.num[0]
        return Fraction(int(value.p), int(value.q))

    def _other(self, value: Any) -> QPiElement | None:
        return _coerce(value)

    def _one(self) -> QPiElement:
        return QPI.one

    def _inverse(self) -> QPiElement:
        return QPI.inverse(self)

    def __neg__(self) -> QPiElement:
        return QPiElement(-self.num, self.den) if self.num else self

    def __add__(self, other: Any) -> QPiElement:
        other = _coerce(other)
        if other is None:
            return NotImplemented
        if not other.num:
            return self
        if not self.num:
            return other
        return QPI.combine(
            {self.den: self.num + other.num} if self.den == other.den else {self.den: self.num, other.den: other.num}
        )

    def __mul__(self, other: Any) -> QPiElement:
        if isinstance(other, int):
            return QPiElement(self.num * other, self.den) if other and self.num else QPI.zero
        other = _coerce(other)
        if other is None:
            return NotImplemented
        if not self.num or not other.num:
            return QPI.zero
        return QPI.reduce(self.num * other.num, add_exponents(self.den, other.den))

    def __truediv__(self, other: Any) -> QPiElement:
        if isinstance(other, int) and other:
            return QPiElement(self.num / fmpz(other), self.den)
        other = _coerce(other)
        return NotImplemented if other is None else self * QPI.inverse(other)

    def __pow__(self, exponent: int) -> QPiElement:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            return QPI.inverse(self) ** (-exponent)
        if not self.num:
            return QPI.zero if exponent else QPI.one
        return QPiElement(self.num**exponent, tuple(e * exponent for e in self.den) if exponent else ())

    def __str__(self) -> str:
        return QPI.text(self)

    def __repr__(self) -> str:
        return f"QPI({QPI.text(self)!r})"


def _coerce(value: Any) -> QPiElement | None:
    if isinstance(value, QPiElement):
        return value
    if isinstance(value, (int, Fraction)):
        return QPI(value)
    return None


class RationalFunctionsOfPi(Immutable):
    """The field Q(pi), with the interned irreducible factors of its denominators (a cache: values do not depend
    on it).
    """

    name = "QQ(pi)"

    def __init__(self) -> None:
        self.zero = QPiElement(fmpq_poly([]), ())
        self.one = QPiElement(_ONE, ())
        self.pi = QPiElement(fmpq_poly([0, 1]), ())
        self._factors: list[fmpq_poly] = []
        self._roots: list[fmpq | None] = []  # of the linear factors: a cheap first test of divisibility
        self._index: dict[tuple[int, ...], int] = {}
        self._powers: dict[Exponents, fmpq_poly] = {}
        self._intern(fmpz_poly([0, 1]))

    def __repr__(self) -> str:
        return self.name

    def __call__(self, value: Any) -> QPiElement:
        """An int, Fraction or QPiElement as an element; TypeError for anything else (floats are never exact)."""
        if isinstance(value, QPiElement):
            return value
        if isinstance(value, int):
            return QPiElement(fmpq_poly([value]), ()) if value else self.zero
        if isinstance(value, Fraction):
            return QPiElement(fmpq_poly([fmpq(value.numerator, value.denominator)]), ()) if value else self.zero
        if hasattr(value, "in_base") and (below := value.in_base()) is not None:  # an element of an extension
            return self(below)
        raise TypeError(f"{value!r} is not an exact element of QQ(pi): give an int, a Fraction or an element")

    def join(self, other: Field) -> Field:
        """``other``: every field at hand contains Q(pi)."""
        return other

    def from_polynomial(self, coefficients: Iterable[Rational]) -> QPiElement:
        """The polynomial sum(c_i * pi**i), constant term first. ``coefficients``: the rational numbers c_i."""
        total = self.zero
        for c in reversed(tuple(coefficients)):
            total = total * self.pi + self(c)
        return total

    def _intern(self, factor: fmpz_poly) -> int:
        """The index of a primitive irreducible polynomial with positive leading coefficient."""
        key = tuple(int(c) for c in factor.coeffs())
        if key not in self._index:
            self._index[key] = len(self._factors)
            self._factors.append(fmpq_poly(factor))
            self._roots.append(fmpq(-key[0], key[1]) if len(key) == 2 else None)
        return self._index[key]

    def _power(self, exponents: Exponents) -> fmpq_poly:
        power = self._powers.get(exponents)
        if power is None:
            power = _ONE
            for factor, e in zip(self._factors, exponents, strict=False):
                if e:
                    power = power * factor**e
            self._powers[exponents] = power
        return power

    def reduce(self, num: fmpq_poly, den: Exponents) -> QPiElement:
        """num / prod(f_i ** den_i) in its unique form."""
        if not num:
            return self.zero
        if not den:
            return QPiElement(num, ())
        exponents = list(den)
        for i, e in enumerate(exponents):
            if not e:
                continue
            if i == 0:  # the factor pi: count trailing zeros
                k = 0
                while k < e and not num[k]:
                    k += 1
                if k:
                    num = num.right_shift(k)
                    exponents[0] = e - k
                continue
            root, factor = self._roots[i], self._factors[i]
            while e:
                if root is not None and num(root):
                    break
                quotient, remainder = divmod(num, factor)
                if remainder:
                    break
                num, e = quotient, e - 1
            exponents[i] = e
        while exponents and not exponents[-1]:
            exponents.pop()
        return QPiElement(num, tuple(exponents))

    def combine(self, groups: dict[Exponents, fmpq_poly]) -> QPiElement:
        """The sum of num / prod(f_i ** den_i) over the given den -> num, normalised once.

        ``groups``: those pairs, numerators by the exponents of their denominators.
        """
        if len(groups) == 1:
            ((den, num),) = groups.items()
            return self.reduce(num, den)
        width = max(len(den) for den in groups)
        padded = {den + (0,) * (width - len(den)): num for den, num in groups.items()}
        common = tuple(map(max, *padded))
        total = fmpq_poly([])
        for den, num in padded.items():
            missing = tuple(c - e for c, e in zip(common, den, strict=True))
            total = total + (num * self._power(missing) if any(missing) else num)
        return self.reduce(total, common)

    def dot(self, xs: Iterable[QPiElement], ys: Iterable[QPiElement]) -> QPiElement:
        """sum(x*y), grouped by denominator so that only one normalisation is paid."""
        groups: dict[Exponents, fmpq_poly] = {}
        zero = self.zero
        for x, y in zip(xs, ys, strict=False):
            if x is zero or y is zero:
                continue
            den = add_exponents(x.den, y.den)
            term = x.num * y.num
            old = groups.get(den)
            groups[den] = term if old is None else old + term
        return self.combine(groups) if groups else zero

    def _factored(self, poly: fmpq_poly) -> tuple[Fraction, dict[int, int]]:
        content, factors = poly.numer().factor()
        exponents: dict[int, int] = {}
        for factor, e in factors:
            if factor.leading_coefficient() < 0:
                factor, content = -factor, content * (-1) ** e
            exponents[self._intern(factor)] = int(e)
        return Fraction(int(content), int(poly.denom())), exponents

    def factors_of(self, x: QPiElement) -> tuple[Fraction, dict[tuple[int, ...], int]]:
        """x = content * prod(f ** e): the rational content and the irreducible factors (coefficient tuples)
        with exponents in Z.
        """
        content, exponents = self._factored(x.num)
        for i, e in enumerate(x.den):
            if e:
                exponents[i] = -e
        keys = {i: key for key, i in self._index.items()}
        return content, {keys[i]: e for i, e in exponents.items()}

    def denominator(self, x: QPiElement) -> QPiElement:
        """The least polynomial in pi with integer coefficients that x is to be multiplied with to become one."""
        return QPiElement(self._power(x.den) * x.num.denom(), ()) if x.num else self.one

    def integer_coefficients(self, x: QPiElement) -> list[fmpz]:
        """The coefficients of a polynomial in pi with integer coefficients, constant term first; ValueError
        otherwise.
        """
        if x.den or x.num.denom() != 1:
            raise ValueError(f"{self.text(x)} is no polynomial in pi with integer coefficients")
        return [c.p for c in x.num.coeffs()]

    def inverse(self, x: QPiElement) -> QPiElement:
        """1/x. Raises ZeroDivisionError for 0."""
        if not x.num:
            raise ZeroDivisionError("inverse of 0 in QQ(pi)")
        content, exponents = self._factored(x.num)
        num = self._power(x.den) if x.den else _ONE
        width = max(exponents, default=-1) + 1
        den = tuple(exponents.get(i, 0) for i in range(width))
        return QPiElement(num * fmpq(content.denominator, content.numerator), den)

    def sqrt(self, x: QPiElement) -> QPiElement:
        """The non-negative square root if x is a square in Q(pi); NotASquare with the squarefree radicand otherwise."""
        if not x.num:
            return self.zero
        if self.sign(x) < 0:
            raise ValueError(f"square root of the negative number {self.text(x)}")
        content, exponents = self._factored(x.num)
        for i, e in enumerate(x.den):
            exponents[i] = exponents.get(i, 0) - e
        # content and an odd factor may both be negative: the sign goes with the factors under the root
        sign = -1 if content < 0 else 1
        outside, inside = _split_square(abs(content.numerator) * content.denominator)
        inside *= sign
        if any(e % 2 for e in exponents.values()) or inside != 1:
            radicand = QPiElement(fmpq_poly([inside]), ())
            for i, e in exponents.items():
                if e % 2:
                    radicand = radicand * QPiElement(self._factors[i], ())
            raise NotASquare(
                radicand, f"{self.text(x)} has no square root in QQ(pi): adjoin sqrt({self.text(radicand)})"
            )
        root = self(Fraction(outside, content.denominator))
        for i, e in exponents.items():
            root = root * QPiElement(self._factors[i], ()) ** (e // 2)
        return root if self.sign(root) > 0 else -root

    def sign(self, x: QPiElement) -> int:
        """The sign of x as a real number: exact, by balls of growing precision (a nonzero element is never 0 at pi)."""
        return sign_by_balls(lambda bits: self.ball(x, bits)) if x.num else 0

    def ball(self, x: QPiElement, bits: int) -> arb:
        """An enclosure of x computed with ``bits`` bits."""
        with working_bits(bits):
            return self.substitute(x, arb.pi())

    def substitute(self, x: QPiElement, value: Any) -> Any:
        """x with pi replaced by an fmpq or an arb (at the current working precision); ZeroDivisionError at a pole.

        ``value``: that number.
        """
        if isinstance(value, arb):
            result = arb_poly(x.num.numer().coeffs())(value) / arb(x.num.denom())
        else:
            result = x.num(value)
        for factor, e in zip(self._factors, x.den, strict=False):
            if e:
                base = arb_poly(factor.numer().coeffs())(value) if isinstance(value, arb) else factor(value)
                result = result / base**e
        return result

    def _denominator(self, x: QPiElement) -> list[tuple[fmpq_poly, int]]:
        return [(f, e) for f, e in zip(self._factors, x.den, strict=False) if e]

    def text(self, x: QPiElement) -> str:
        """x as text, e.g. ``8/pi``, ``1/2 - 2/pi**2``, ``-320/(3*pi**3*(pi - 2))``."""
        return element_text(x.num, self._denominator(x))

    def sympy(self, x: QPiElement) -> Any:
        """x as a SymPy expression in ``sympy.pi``, arranged as :meth:`text` arranges it."""
        return element_expression(x.num, self._denominator(x))


def _split_square(n: int) -> tuple[int, int]:
    """(a, b) with n = a**2 * b and b squarefree, for n > 0."""
    root = isqrt(n)
    if root * root == n:
        return root, 1
    outside, inside = 1, 1
    for p, e in fmpz(n).factor():
        outside *= int(p) ** (e // 2)
        inside *= int(p) ** (e % 2)
    return outside, inside


QPI = RationalFunctionsOfPi()
