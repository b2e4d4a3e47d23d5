"""Block sizes: affine functions of the dimension d with rational coefficients, such as d - 4, d/2 or 3."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any

from symrelu.errors import BadInput

_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|(?P<d>d)|(?P<op>\*\*|[-+*/()^]))")
_LONGEST = 100  # characters: far above any honest size, far below Python's recursion limit
_ADVICE = "a size must be affine in d with rational coefficients: try d-4, d/2, 3*d/4+1 or 2"


@dataclass(frozen=True)
class Size:
    """The affine function const + slope*d of the dimension d, with rational const and slope.

    Sizes of blocks are positive for large d; as an element of the ring of affine functions a `Size` may be anything,
    so that sums and differences stay in the class.
    """

    const: Fraction
    slope: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "const", Fraction(self.const))
        object.__setattr__(self, "slope", Fraction(self.slope))

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read a size such as "d-4", "d/2", "3*d/4+1", "2d/3 - 1", "(d-1)/2" or "2".

        Raises `BadInput` for anything that is not affine in d with rational coefficients. Nothing is evaluated.
        """
        return _Parser(text).result()

    @classmethod
    def of(cls, value: Size | Fraction | int | str) -> Size:
        """A size from a size, a rational constant, or text to parse.

        ``value``: what is given; floats are refused. Raises BadInput for what is no size.
        """
        if isinstance(value, Size):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        if isinstance(value, (Fraction, Integral)):
            return cls(Fraction(value))
        raise BadInput(f"{value!r} is not a size; {_ADVICE}")

    @property
    def is_constant(self) -> bool:
        """Whether the size does not depend on d."""
        return self.slope == 0

    @property
    def is_one(self) -> bool:
        """Whether the size is the constant 1."""
        return self.slope == 0 and self.const == 1

    def at(self, d: Any) -> Any:
        """The value at d, for d in any ring that knows + - * / with Python integers.

        An integer d gives an exact `int` (or `Fraction` where the value is no integer); any other d gives
        (p*d + q)/r with integers p, q, r and no division if r = 1; an integer constant stays an `int`.
        """
        r = math.lcm(self.const.denominator, self.slope.denominator)
        p, q = int(self.slope * r), int(self.const * r)
        if isinstance(d, Integral) or p == 0:
            exact = Fraction(p * int(d) + q if p else q, r)
            if exact.denominator == 1:
                return int(exact)
            if isinstance(d, Integral):
                return exact
        top = d if p == 1 else p * d
        top = top + q if q else top
        return top if r == 1 else top / r

    def sympy(self, d: Any = None) -> Any:
        """The size as a SymPy expression in d (by default the plain symbol d)."""
        import sympy  # here, not above: loading SymPy would slow down every command

        d = sympy.Symbol("d") if d is None else d
        return sympy.Rational(self.slope.numerator, self.slope.denominator) * d + sympy.Rational(
            self.const.numerator, self.const.denominator
        )

    def __add__(self, other: Size | Fraction | int) -> Size:
        if not isinstance(other, (Size, Fraction, int)):
            return NotImplemented
        other = Size.of(other)
        return Size(self.const + other.const, self.slope + other.slope)

    __radd__ = __add__

    def __neg__(self) -> Size:
        return Size(-self.const, -self.slope)

    def __sub__(self, other: Size | Fraction | int) -> Size:
        if not isinstance(other, (Size, Fraction, int)):
            return NotImplemented
        return self + (-Size.of(other))

    def __rsub__(self, other: Fraction | int) -> Size:
        return -self + other

    def __mul__(self, factor: Fraction | int) -> Size:
        if not isinstance(factor, (Fraction, int)):
            return NotImplemented
        return Size(self.const * factor, self.slope * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: Fraction | int) -> Size:
        if not isinstance(divisor, (Fraction, int)):
            return NotImplemented
        return Size(self.const / divisor, self.slope / divisor)

    def __str__(self) -> str:
        return self._written("*", " ")

    def latex(self) -> str:
        """The size as LaTeX without spaces, such as "d-4", "3d/4+1"; fit for a subscript."""
        return self._written("", "")

    def _written(self, times: str, space: str) -> str:
        if self.slope == 0:
            return str(self.const)
        top, bottom = self.slope.numerator, self.slope.denominator
        text = {1: "d", -1: "-d"}.get(top, f"{top}{times}d")
        if bottom != 1:
            text += f"/{bottom}"
        if self.const:
            text += f"{space}{'+' if self.const > 0 else '-'}{space}{abs(self.const)}"
        return text


D = Size(Fraction(0), Fraction(1))
"""The dimension d itself."""
ONE = Size(Fraction(1))
"""The constant size 1: that of a fixed row or column."""


class _Parser:
    """Recursive descent over sums, products and parentheses of rationals and d; values are `Size`s."""

    def __init__(self, text: str) -> None:
        self.text = text
        if not text.strip():
            raise BadInput(f"an empty block size was given; {_ADVICE}")
        if len(text) > _LONGEST:
            raise BadInput(f"a block size of {len(text)} characters was given (at most {_LONGEST}); {_ADVICE}")
        self.tokens: list[str] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise self.error(f"has an unexpected character {text[position:].lstrip()[0]!r}")
            self.tokens.append(match.group().strip())
            position = match.end()
        self.place = 0

    def error(self, problem: str) -> BadInput:
        return BadInput(f"the block size {self.text.strip()!r} {problem}; {_ADVICE}")

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def result(self) -> Size:
        value = self.sum()
        if self.peek() in ("**", "^"):
            raise self.error("has a power, so it is not affine in d")
        if self.peek():
            raise self.error(f"cannot be read from {self.peek()!r} on")
        return value

    def sum(self) -> Size:
        value = self.product()
        while self.peek() in ("+", "-"):
            value = value + self.product() if self.take() == "+" else value - self.product()
        return value

    def product(self) -> Size:
        value = self.factor()
        while True:
            token = self.peek()
            if token in ("*", "/"):
                self.take()
                right = self.factor()
            elif token in ("d", "("):  # 2d, 2(d-1)
                right = self.factor()
            else:
                return value
            if token == "/":
                if not right.is_constant:
                    raise self.error("divides by an expression in d, so it is not affine in d")
                if right.const == 0:
                    raise self.error("divides by zero")
                value = value / right.const
            elif right.is_constant:
                value = value * right.const
            elif value.is_constant:
                value = right * value.const
            else:
                raise self.error("multiplies d by d, so it is not affine in d")

    def factor(self) -> Size:
        token = self.take()
        if token in ("+", "-"):
            return self.factor() if token == "+" else -self.factor()
        if token == "(":
            value = self.sum()
            if self.take() != ")":
                raise self.error("has a parenthesis that is not closed")
        elif token == "d":
            value = D
        elif token and token[0].isdigit():
            value = Size(Fraction(token))
        else:
            raise self.error(f"lacks a number or d before {token!r}" if token else "ends too early")
        if self.peek() in ("**", "^"):
            raise self.error("has a power, so it is not affine in d")
        return value
