"""Printed formulas with square roots, read by the grammar of :mod:`symrelu.exact.parse`, and when one of them is 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symrelu.errors import Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.parse import parse
from symrelu.free.elimination import G, Z

PHI, EPS, SIGMA = sp.symbols("phi eps sigma", positive=True)
X = sp.Symbol("x")  # a point of a spectrum
D = sp.Symbol("d", positive=True)  # 1 - phi
PI = sp.Symbol("pi", positive=True)  # pi as a symbol: it is transcendental, so identities hold for every value
NAMES = {s.name: s for s in (PHI, EPS, SIGMA, X, D, PI, G, Z)}
POINT = {PHI: "2/7", EPS: "3/11", SIGMA: "5/3", X: "17/13", D: "5/7", PI: "22/7", G: "19/23", Z: "29/31"}
BITS = 256


def rational(x: Fraction) -> sp.Rational:
    """A Fraction as a SymPy number."""
    return sp.Rational(x.numerator, x.denominator)


class Reader:
    """Reads formulas into expressions in which every square root is a symbol of its own, with its square kept here."""

    def __init__(self, names: Mapping[str, Any] | None = None) -> None:
        self.names: dict[str, Any] = {**NAMES, **(names or {})}
        self.squares: dict[sp.Symbol, sp.Expr] = {}

    def read(self, text: str, functions: Mapping[str, Callable[[Any], Any]] | None = None) -> sp.Expr:
        """The value of ``text``: rational in the names and in the symbols of roots."""
        return sp.S.Zero + parse(text, self.names, rational, {"sqrt": self.root, **(functions or {})})

    def root(self, square: sp.Expr) -> sp.Symbol:
        """The symbol for the root of ``square``; the same one for the same square."""
        square = sp.factor(square)
        for symbol, known in self.squares.items():
            if known == square:
                return symbol
        symbol = sp.Dummy(f"root{len(self.squares)}", positive=True)
        self.squares[symbol] = square
        return symbol

    def reduced(self, expression: sp.Expr) -> sp.Expr:
        """The numerator of ``expression``, of degree at most 1 in each root; 0 shows that ``expression`` is 0."""
        over = sp.expand(sp.fraction(sp.together(expression))[0])
        for symbol, square in reversed(self.squares.items()):
            terms = sp.Poly(over, symbol).terms()
            over = sp.together(sum(c * square ** (k // 2) * symbol ** (k % 2) for (k,), c in terms))
            over = sp.expand(sp.fraction(over)[0])
        return over

    def vanishes(self, expression: sp.Expr, at: Mapping[sp.Symbol, str] | None = None) -> bool:
        """Whether ``expression`` is 0 identically: yes by reduction, no by an enclosure at one point without 0.

        Raises Undecided where neither holds.
        """
        over = self.reduced(expression)
        if over == 0:
            return True
        if not self.enclosure(over, {**POINT, **(at or {})}).contains(0):
            return False
        raise Undecided(f"{expression} is not 0 by reduction, and not different from 0 at a point; simplify the roots")

    def enclosure(self, expression: sp.Expr, at: Mapping[sp.Symbol, str]) -> arb:
        """A ball that holds ``expression``, rational in names and roots, at a rational point."""
        with working_bits(BITS):
            over, under = (self._polynomial(part, at) for part in sp.fraction(sp.together(expression)))
            return over / under

    def _polynomial(self, part: sp.Expr, at: Mapping[sp.Symbol, str]) -> arb:
        symbols = sorted(part.free_symbols, key=str)
        if not symbols:
            return arb(fmpq(int(part.p), int(part.q)))
        values = [self._value(symbol, at) for symbol in symbols]
        total = arb(0)
        for exponents, c in sp.Poly(part, *symbols, domain="QQ").terms():
            term = arb(fmpq(int(c.p), int(c.q)))
            for value, exponent in zip(values, exponents, strict=True):
                term *= value ** int(exponent)
            total += term
        return total

    def _value(self, symbol: sp.Symbol, at: Mapping[sp.Symbol, str]) -> arb:
        if symbol in self.squares:
            return self.enclosure(self.squares[symbol], at).sqrt()
        value = Fraction(at[symbol])
        return arb(fmpq(value.numerator, value.denominator))


__all__ = ["D", "EPS", "NAMES", "PHI", "PI", "POINT", "SIGMA", "X", "Reader", "rational"]
