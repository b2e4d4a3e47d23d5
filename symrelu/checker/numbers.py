"""Reading the numbers of a certificate: rationals, dyadics and exact numbers, by a small grammar of their own.

Everything read is untrusted: lengths, exponents, depth and the size of intermediate results are bounded.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from flint import fmpz_poly

from symrelu.checker.field import Surd, Unsupported

LONGEST_RATIONAL = 2_000
LONGEST_EXACT = 100_000
LARGEST_EXPONENT = 20_000  # of 2 in a dyadic number
LARGEST_POWER = 400
LARGEST_SIZE = 60_000  # degree in pi plus bits of an exact number
DEEPEST = 60

_RATIONAL = re.compile(r"([-+]?[0-9]+)(?:/([0-9]+))?")
_DYADIC = re.compile(r"([-+]?[0-9]+)(?:\*2\*\*\(?([-+]?[0-9]{1,6})\)?)?")
_TOKEN = re.compile(r"\s*(?:([0-9]+)|(pi|sqrt)|(\*\*|[-+*/()]))")


class Unreadable(ValueError):
    """What was given is not a certificate; the message says in one line why."""


def rational(value: Any, what: str) -> Fraction:
    """A string "p/q" or "p" (or an integer) as a fraction."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64 else value
    match = _RATIONAL.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST_RATIONAL else None
    if not match or (match[2] is not None and int(match[2]) == 0):
        raise Unreadable(f"{what} is not a rational number 'p/q'")
    return Fraction(int(match[1]), int(match[2] or 1))


def dyadic(value: Any, what: str) -> Fraction:
    """A string "m*2**e" (or an integer) as a fraction."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64 else value
    match = _DYADIC.fullmatch(text) if isinstance(text, str) and len(text) <= LONGEST_RATIONAL else None
    exponent = int(match[2] or 0) if match else 0
    if not match or abs(exponent) > LARGEST_EXPONENT:
        raise Unreadable(f"{what} is not a dyadic number 'm*2**e'")
    return Fraction(int(match[1])) * Fraction(2) ** exponent


def exact(value: Any, what: str) -> Surd:
    """An exact number in the grammar + - * / **, parentheses, integers, pi, sqrt(...)."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**64:
        return Surd.of(value)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_EXACT:
        raise Unreadable(f"{what} is not an exact number")
    try:
        return _Reader(value).whole()
    except (Unsupported, ZeroDivisionError, _Misfit) as error:
        raise Unreadable(f"{what} is not an exact number that is read here: {error}") from None


class _Misfit(ValueError):
    pass


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        place = 0
        text = text.rstrip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if not match:
                raise _Misfit(f"at character {place}")
            token = match[1] or match[2] or match[3]
            if match[1] and len(token) > LONGEST_RATIONAL:
                raise _Misfit("an integer is too long")
            self.tokens.append(token)
            place = match.end()
        self.tokens.append("")
        self.place = 0
        self.depth = 0

    @property
    def next(self) -> str:
        return self.tokens[self.place]

    def take(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, token: str) -> None:
        if self.take() != token:
            raise _Misfit(f"{token!r} is missing")

    def whole(self) -> Surd:
        value = self.sum()
        if self.next:
            raise _Misfit(f"{self.next!r} does not fit")
        return value

    def sum(self) -> Surd:
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Misfit("nested too deeply")
        value = self.product()
        while self.next in ("+", "-"):
            value = _bounded(value + self.product() if self.take() == "+" else value - self.product())
        self.depth -= 1
        return value

    def product(self) -> Surd:
        value = self.factor()
        while self.next in ("*", "/"):
            value = _bounded(value * self.factor() if self.take() == "*" else value / self.factor())
        return value

    def factor(self) -> Surd:
        negative = False
        while self.next == "-":
            self.take()
            negative = not negative
        value = self.atom()
        if self.next == "**":
            self.take()
            value = _power(value, self.exponent())
        return -value if negative else value

    def exponent(self) -> int:
        bracket = self.next == "("
        if bracket:
            self.take()
        sign = -1 if self.next == "-" else 1
        if sign < 0:
            self.take()
        token = self.take()
        if not token.isdigit() or len(token) > 4 or int(token) > LARGEST_POWER:
            raise _Misfit("an exponent is not a small integer")
        if bracket:
            self.expect(")")
        return sign * int(token)

    def atom(self) -> Surd:
        token = self.take()
        if token.isdigit():
            return Surd({1: fmpz_poly([int(token)])} if int(token) else {})
        if token == "pi":
            return Surd({1: fmpz_poly([0, 1])})
        if token == "sqrt":
            self.expect("(")
            inner = self.sum()
            self.expect(")")
            return inner.sqrt()
        if token != "(":
            raise _Misfit(f"{token!r} does not fit" if token else "it ends too early")
        value = self.sum()
        self.expect(")")
        return value


def _bounded(value: Surd) -> Surd:
    if value.size() > LARGEST_SIZE:
        raise _Misfit("it grows too large")
    return value


def _power(base: Surd, exponent: int) -> Surd:
    if exponent < 0:
        base, exponent = base.inverse(), -exponent
    if base.size() * exponent > LARGEST_SIZE:
        raise _Misfit("it grows too large")
    value = Surd.of(1)
    for _ in range(exponent):
        value = value * base
    return value
