"""Reading exact numbers and formulas in d: the grammar of the command line, by recursive descent. Nothing is
evaluated by Python.

    expression = term (("+" | "-") term)*      term = factor (("*" | "/") factor)*      factor = "-" factor | power
    power = atom ["**" ["-"] integer]          atom = number | name | function "(" expression ")" | "(" expression ")"

Numbers are integers or decimals (with an exponent), read exactly; names are those that the caller allows (``pi``,
``d``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput

_TOKEN = re.compile(
    r"\s*(?:(\d+(?:\.\d*)?(?:[eE][-+]?\d{1,3})?|\.\d+(?:[eE][-+]?\d{1,3})?)|([A-Za-z_][A-Za-z_0-9]*)|(\*\*|[-+*/()]))"
)
_LONGEST = 200_000
_DEEPEST = 100
_LONGEST_NUMBER = 1_000
_LARGEST_EXPONENT = 10_000


def parse(
    text: str,
    names: Mapping[str, Any],
    number: Callable[[Fraction], Any],
    functions: Mapping[str, Callable[[Any], Any]] | None = None,
) -> Any:
    """The value of ``text`` with the given names, numbers taken in by ``number``, roots by ``sqrt`` (None: no
    roots allowed).

    Raises BadInput with the place of the first thing that does not fit. ``functions``: what else may be called, by
    name.
    """
    return _Parser(text, names, number, functions or {}).whole()


def parse_fraction(text: str, what: str) -> Fraction:
    """An integer, a decimal (with exponent) or a fraction such as 1/4, exactly; BadInput otherwise."""
    if len(text) > _LONGEST_NUMBER:
        raise BadInput(f"{what} was given with {len(text)} characters; at most {_LONGEST_NUMBER} are read")
    match = re.fullmatch(r"\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?)(?:\s*/\s*(\d+))?\s*", text)
    if not match or (match[2] and int(match[2]) == 0):
        raise BadInput(
            f"{what} was given as {text!r}; give an integer, a decimal such as 7.25 or 1e100, or a fraction such as 1/4"
        )
    return Fraction(match[1]) / (int(match[2]) if match[2] else 1)


class _Parser:
    def __init__(
        self,
        text: str,
        names: Mapping[str, Any],
        number: Callable[[Fraction], Any],
        functions: Mapping[str, Callable[[Any], Any]],
    ) -> None:
        if len(text) > _LONGEST:
            raise BadInput(f"an expression of {len(text)} characters was given; at most {_LONGEST} are read")
        self.text, self.names, self.number, self.functions = text, names, number, functions
        self.tokens: list[tuple[str, int]] = []
        position = 0
        while position < len(text.rstrip()):
            match = _TOKEN.match(text, position)
            if not match:
                raise self._error(position)
            self.tokens.append((match[0].strip(), match.start()))
            position = match.end()
        self.place = 0
        self.depth = 0

    def _error(self, position: int) -> BadInput:
        shown = self.text if len(self.text) < 60 else self.text[:57] + "..."
        allowed = ", ".join([*self.names, *(f"{name}(...)" for name in self.functions)])
        return BadInput(
            f"cannot read {shown!r} at character {position + 1}: an exact number is written with integers, + - "
            "* / **, parentheses" + (f" and {allowed}" if allowed else "")
        )

    def _peek(self) -> str:
        return self.tokens[self.place][0] if self.place < len(self.tokens) else ""

    def _take(self, *wanted: str) -> str | None:
        token = self._peek()
        if token and token in wanted:
            self.place += 1
            return token
        return None

    def _here(self) -> BadInput:
        return self._error(self.tokens[self.place][1] if self.place < len(self.tokens) else len(self.text))

    def whole(self) -> Any:
        value = self._sum()
        if self.place != len(self.tokens):
            raise self._here()
        return value

    def _sum(self) -> Any:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadInput(f"an expression nested more than {_DEEPEST} deep was given; write it with fewer parentheses")
        value = self._product()
        while operator := self._take("+", "-"):
            other = self._product()
            value = value + other if operator == "+" else value - other
        self.depth -= 1
        return value

    def _product(self) -> Any:
        value = self._factor()
        while operator := self._take("*", "/"):
            other = self._factor()
            try:
                value = value * other if operator == "*" else value / other
            except ZeroDivisionError:
                raise BadInput(f"{self.text!r} divides by zero") from None
        return value

    def _factor(self) -> Any:
        negative = False
        while operator := self._take("-", "+"):
            negative ^= operator == "-"
        value = self._power()
        return -value if negative else value

    def _power(self) -> Any:
        base = self._atom()
        if not self._take("**"):
            return base
        negative = self._take("-") is not None
        token = self._peek()
        if not token.isdigit() or int(token) > _LARGEST_EXPONENT:
            raise self._here()
        self.place += 1
        try:
            return base ** (-int(token) if negative else int(token))
        except ZeroDivisionError:
            raise BadInput(f"{self.text!r} divides by zero") from None

    def _atom(self) -> Any:
        token = self._peek()
        if self._take("("):
            value = self._sum()
        elif token in self.functions:
            self.place += 1
            if not self._take("("):
                raise self._here()
            value = self.functions[token](self._sum())
        elif token and (token[0].isdigit() or token[0] == "."):
            if len(token) > _LONGEST_NUMBER:
                raise BadInput(f"a number of {len(token)} characters was given; at most {_LONGEST_NUMBER} are read")
            self.place += 1
            return self.number(Fraction(token))
        elif token in self.names:
            self.place += 1
            return self.names[token]
        else:
            raise self._here()
        if not self._take(")"):
            raise self._here()
        return value
