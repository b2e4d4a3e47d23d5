"""Q(pi, s): rational functions of pi and of a free real parameter s, such as the slope of a leaky ReLU.

An element is num/den in Q[pi, s], coprime, den with leading coefficient 1: pi is transcendental and s is a symbol, so
that form is unique. What is computed holds for every value of s in its range at which no denominator vanishes; equal
means equal as a function of s, and a nonzero element may vanish at single values of s.

The sign of an element that depends on s is known where its factors have signs: those without s, those of even
multiplicity, and the bound of the range (s < 1: the factor s - 1 is negative). Any other sign is refused by name.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from math import gcd, lcm
from typing import Any

from flint import arb, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symrelu.errors import BadInput, Undecided
from symrelu.exact.field import Field, NotASquare
from symrelu.exact.immutable import Immutable
from symrelu.exact.operators import Operators
from symrelu.exact.qpi import QPI, QPiElement


class DependsOnParameter(Undecided):
    """A sign, a square root or a decimal of an element that has none before the parameter has a value."""


class ParameterElement(Operators):
    """An element of Q(pi, s); immutable, hashable, equal exactly when equal as a function of s."""

    __slots__ = ("den", "field", "num")
    field: ParameterField

    def __init__(self, field: ParameterField, num: fmpq_mpoly, den: fmpq_mpoly) -> None:
        self.field = field
        self.num = num
        self.den = den

    def __bool__(self) -> bool:
        return not self.num.is_zero()

    def __eq__(self, other: object) -> bool:
        y = self.field.coerce(other)
        return NotImplemented if y is None else bool(self.num == y.num and self.den == y.den)

    def __hash__(self) -> int:
        below = self.in_base()
        return hash((str(self.num), str(self.den))) if below is None else hash(below)

    def in_base(self) -> QPiElement | None:
        """The element of Q(pi) that this is, or None if it depends on the parameter."""
        return self.field.in_base(self)

    def _other(self, value: Any) -> ParameterElement | None:
        return self.field.coerce(value)

    def __neg__(self) -> ParameterElement:
        return ParameterElement(self.field, -self.num, self.den)

    def __add__(self, other: Any) -> ParameterElement:
        y = self.field.coerce(other)
        if y is None:
            return NotImplemented
        if self.den == y.den:
            return self.field.reduce(self.num + y.num, self.den)
        return self.field.reduce(self.num * y.den + y.num * self.den, self.den * y.den)

    def __mul__(self, other: Any) -> ParameterElement:
        if isinstance(other, int) and other:
            return ParameterElement(self.field, self.num * other, self.den)
        y = self.field.coerce(other)
        return NotImplemented if y is None else self.field.reduce(self.num * y.num, self.den * y.den)

    def __truediv__(self, other: Any) -> ParameterElement:
        y = self.field.coerce(other)
        return NotImplemented if y is None else self * self.field.inverse(y)

    def __pow__(self, exponent: int) -> ParameterElement:
        if not isinstance(exponent, int):
            return NotImplemented
        if exponent < 0:
            return self.field.inverse(self) ** (-exponent)
        return ParameterElement(self.field, self.num**exponent, self.den**exponent)

    def __str__(self) -> str:
        return self.field.text(self)

    def __repr__(self) -> str:
        return f"{self.field.name}({self.field.text(self)!r})"


class ParameterField(Immutable):
    """The field Q(pi, s) for one parameter, a real number below ``below``. Make it with :func:`parameter_field`."""

    def __init__(self, parameter: str, below: Fraction) -> None:
        self.parameters = (parameter,)
        self.below = below
        self.base = QPI
        self.name = f"QQ(pi, {parameter})"
        self._ring = fmpq_mpoly_ctx.get(("pi", parameter), "lex")
        self._pi, self._s = self._ring.gens()
        self._one = self._ring.constant(1)
        self.zero = ParameterElement(self, self._ring.constant(0), self._one)
        self.one = ParameterElement(self, self._one, self._one)
        self.pi = ParameterElement(self, self._pi, self._one)

    def __repr__(self) -> str:
        return self.name

    def parameter(self, name: str) -> ParameterElement:
        """The parameter as an element; BadInput for another name."""
        if name not in self.parameters:
            raise BadInput(f"{self.name} has no parameter {name}; it has {', '.join(self.parameters)}")
        return ParameterElement(self, self._s, self._one)

    def coerce(self, value: Any) -> ParameterElement | None:
        """The value as an element, or None if it is no element of this field."""
        if isinstance(value, ParameterElement):
            return value if value.field is self else None
        if isinstance(value, int):
            return ParameterElement(self, self._ring.constant(value), self._one)
        if isinstance(value, Fraction):
            return ParameterElement(self, self._ring.constant(fmpq(value.numerator, value.denominator)), self._one)
        if isinstance(value, QPiElement):
            below = QPI.denominator(value)
            num, den = (self._polynomial(x) for x in (value * below, below))
            return self.reduce(num, den)
        return None

    def _polynomial(self, x: QPiElement) -> fmpq_mpoly:
        """An element without denominator as a polynomial."""
        total = self._ring.constant(0)
        for c in reversed(x.num.coeffs()):
            total = total * self._pi + c
        return total

    def __call__(self, value: Any) -> ParameterElement:
        """An int, Fraction or an element of this field or of Q(pi); TypeError otherwise."""
        found = self.coerce(value)
        if found is None:
            raise TypeError(f"{value!r} is not an exact element of {self.name}: give an int, a Fraction or an element")
        return found

    def reduce(self, num: fmpq_mpoly, den: fmpq_mpoly) -> ParameterElement:
        """num/den in lowest terms."""
        if num.is_zero():
            return self.zero
        if not den.is_one():
            common = num.gcd(den)
            if not common.is_one():
                num, den = num // common, den // common
            leading = den.leading_coefficient()
            if leading != 1:
                num, den = num / leading, den / leading
        return ParameterElement(self, num, den)

    def in_base(self, x: ParameterElement) -> QPiElement | None:
        """x as an element of Q(pi), or None if it depends on the parameter."""
        if x.num.degrees()[1] > 0 or x.den.degrees()[1] > 0:
            return None
        above, below = (self._univariate(f) for f in (x.num, x.den))
        return above / below

    @staticmethod
    def _univariate(f: fmpq_mpoly) -> QPiElement:
        terms = {int(m[0]): Fraction(int(c.p), int(c.q)) for m, c in f.terms()}
        return QPI.from_polynomial([terms.get(i, Fraction(0)) for i in range(max(terms, default=0) + 1)])

    def dot(self, xs: Iterable[ParameterElement], ys: Iterable[ParameterElement]) -> ParameterElement:
        """The sum of the products x*y, products of one denominator summed first."""
        groups: dict[str, tuple[fmpq_mpoly, fmpq_mpoly]] = {}
        for x, y in zip(xs, ys, strict=False):
            if x and y:
                den = x.den * y.den
                num, _ = groups.get(key := str(den), (0, den))
                groups[key] = (x.num * y.num + num, den)
        total = self.zero
        for num, den in groups.values():
            total = total + self.reduce(num, den)
        return total

    def inverse(self, x: ParameterElement) -> ParameterElement:
        """1/x; ZeroDivisionError for zero."""
        if not x:
            raise ZeroDivisionError(f"inverse of 0 in {self.name}")
        leading = x.num.leading_coefficient()
        return ParameterElement(self, x.den / leading, x.num / leading)

    def _factored(self, x: ParameterElement) -> tuple[Fraction, list[tuple[fmpq_mpoly, int]]]:
        """A rational number and irreducible factors with their exponents, those of the denominator negative."""
        content, above = x.num.factor()
        _, below = x.den.factor()
        scale = x.num.leading_coefficient()
        factors = [*above, *((f, -e) for f, e in below)]
        for f, e in factors:
            scale /= f.leading_coefficient() ** int(e)
        return Fraction(int(scale.p), int(scale.q)), [(f, int(e)) for f, e in factors]

    def sign(self, x: ParameterElement) -> int:
        """The sign for every value of the parameter in its range, but for single zeros and poles of even order.

        Raises DependsOnParameter where the factors do not tell.
        """
        below = self.in_base(x)
        if below is not None:
            return QPI.sign(below)
        content, factors = self._factored(x)
        sign = 1 if content > 0 else -1
        for f, e in factors:
            if e % 2:
                sign *= self._factor_sign(f, x)
        return sign

    def _factor_sign(self, f: fmpq_mpoly, x: ParameterElement) -> int:
        scale = f.leading_coefficient()
        if f.degrees()[1] == 0:
            return QPI.sign(self._univariate(f))
        if f == (self._s - fmpq(self.below.numerator, self.below.denominator)) * scale:
            return -1 if scale > 0 else 1
        name = self.parameters[0]
        raise DependsOnParameter(
            f"the sign of {self.text(x)} depends on {name}, of which only {name} < {self.below} is known; give {name} "
            "a rational value, such as 1/10"
        )

    def sqrt(self, x: ParameterElement) -> ParameterElement:
        """The non-negative square root in this field; NotASquare if there is none, DependsOnParameter if the sign of
        the root is not known.
        """
        below = self.in_base(x)
        if below is not None:
            try:
                return self(QPI.sqrt(below))
            except NotASquare as error:
                raise NotASquare(self(error.radicand), str(error)) from None
        content, factors = self._factored(x)
        if any(e % 2 for _, e in factors):
            raise NotASquare(x, f"{self.text(x)} has no square root in {self.name}")
        root = self(QPI.sqrt(QPI(content)))
        for f, e in factors:
            root = root * ParameterElement(self, f, self._one) ** (e // 2)
        return root if self.sign(root) > 0 else -root

    def ball(self, x: ParameterElement, bits: int) -> arb:
        """An enclosure of an element that does not depend on the parameter; DependsOnParameter for others."""
        below = self.in_base(x)
        if below is None:
            name = self.parameters[0]
            raise DependsOnParameter(
                f"{self.text(x)} has no decimal value; give {name} a rational value, such as leaky:1/10"
            )
        return QPI.ball(below, bits)

    def at(self, x: ParameterElement, value: Fraction | int) -> QPiElement:
        """x at a rational value of the parameter, an element of Q(pi); ZeroDivisionError at a pole."""
        number = Fraction(value)
        places: dict[str | int, Any] = {self.parameters[0]: fmpq(number.numerator, number.denominator)}
        above, below = (self._univariate(f.subs(places)) for f in (x.num, x.den))
        return above / below

    def join(self, other: Field) -> Field:
        """The field itself over Q(pi); with another parameter there is no common field.

        Raises BadInput then; ``other``: the field to join with.
        """
        if other is self or other is QPI:
            return self
        if isinstance(other, ParameterField):
            raise BadInput(f"{self.name} and {other.name} have no common field here; use one parameter")
        return other

    def text(self, x: ParameterElement) -> str:
        """x as text in pi and the parameter, such as ``2*(s - 1)**2/(3*pi*(s + 1))``."""
        below = self.in_base(x)
        if below is not None:
            return QPI.text(below)
        content, above = self._written(x.num)
        below_content, below_factors = self._written(x.den)
        content /= below_content
        number = abs(content.numerator)
        if len(above) == 1 and number == content.denominator == 1 and not below_factors:
            numerator = above[0].removeprefix("(").removesuffix(")")  # one sum by itself
            return f"-{above[0]}" if content < 0 else numerator
        numerator = ("-" if content < 0 else "") + "*".join(([str(number)] if number != 1 else []) + above or ["1"])
        parts = [str(content.denominator)] * (content.denominator != 1) + below_factors
        if not parts:
            return numerator
        return f"{numerator}/({'*'.join(parts)})" if len(parts) > 1 else f"{numerator}/{parts[0]}"

    def _written(self, f: fmpq_mpoly) -> tuple[Fraction, list[str]]:
        """A polynomial as its content and the texts of its irreducible factors, sums in parentheses."""
        constant, factors = f.factor()
        content = Fraction(int(constant.p), int(constant.q))
        texts = []
        for factor, e in sorted(factors, key=lambda pair: (len(pair[0]), str(pair[0]))):
            factor_content, primitive = _primitive(factor)
            content *= factor_content ** int(e)
            written = self._sum(primitive)
            base = f"({written})" if " " in written else written
            texts.append(base if e == 1 else f"{base}**{int(e)}")
        return content, texts

    def _sum(self, f: fmpq_mpoly) -> str:
        """A polynomial with integer coefficients as text."""
        written = ""
        for exponents, c in f.terms():
            powers = [
                name if e == 1 else f"{name}**{int(e)}"
                for name, e in zip(("pi", *self.parameters), exponents, strict=True)
                if e
            ]
            number = abs(int(c.p))
            term = "*".join(([str(number)] if number != 1 or not powers else []) + powers)
            written += (" - " if c < 0 else " + ") + term if written else ("-" if c < 0 else "") + term
        return written

    def sympy(self, x: ParameterElement) -> Any:
        """x as a SymPy expression in ``sympy.pi`` and the symbol of the parameter."""
        import sympy

        symbol = sympy.Symbol(self.parameters[0], real=True)

        def polynomial(f: fmpq_mpoly) -> Any:
            terms = ((sympy.Rational(int(c.p), int(c.q)), int(m[0]), int(m[1])) for m, c in f.terms())
            return sympy.Add(*(c * sympy.pi**i * symbol**j for c, i, j in terms))

        return polynomial(x.num) / polynomial(x.den)


def _primitive(f: fmpq_mpoly) -> tuple[Fraction, fmpq_mpoly]:
    """The rational content of f with its sign, and f over it, which has coprime integer coefficients."""
    coefficients = f.coeffs()
    above = gcd(*(int(c.p) for c in coefficients))
    below = lcm(*(int(c.q) for c in coefficients))
    content = Fraction(above if coefficients[0] > 0 else -above, below)
    return content, f / fmpq(content.numerator, content.denominator)


@cache
def parameter_field(parameter: str = "s", below: Fraction = Fraction(1)) -> ParameterField:
    """Q(pi, parameter), the parameter ranging over the reals below ``below`` (1, as for the slope of a leaky ReLU)."""
    return ParameterField(parameter, Fraction(below))
