"""Thresholds of any law in one parameter: every value at which 0 enters or leaves the bands of its spectrum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

import sympy as sp
from flint import arb, fmpz_poly

from symrelu.errors import BadInput
from symrelu.exact.balls import ball, working_bits
from symrelu.free.elimination import G, Z, discriminant, factors, rational_coefficients, resultant
from symrelu.free.law import Law
from symrelu.free.spectrum import (
    Edge,
    ascending,
    compared,
    integer_polynomial,
    rational_between,
    real_roots,
    to_digits,
)


@dataclass(frozen=True)
class Crossing:
    """A value ``eps`` of the parameter at which 0 is an edge of the spectrum, inside a band on one side of eps only.

    ``polynomial``, ``number``: eps is the number-th real root (from 0) of an irreducible integer polynomial, constant
    term first. ``gap``: "below" if 0 lies in no band for smaller eps (negative eigenvalues appear, or positive ones),
    "above" if for larger eps. ``beside``: a rational value of the parameter in that gap.
    """

    law: Law
    symbol: sp.Symbol
    polynomial: tuple[int, ...]
    number: int
    gap: str
    beside: Fraction

    def ball(self, bits: int) -> arb:
        """An enclosure of eps."""
        return real_roots(fmpz_poly(list(self.polynomial)), bits)[self.number][0]

    def decimal(self, digits: int = 20) -> str:
        """eps to ``digits`` significant digits."""
        return to_digits(self.ball, digits)

    def index(self, digits: int = 20) -> str:
        """The index at eps and on the side of the gap, where it is constant."""
        return self.law.subs({self.symbol: self.beside}).spectrum.index(digits)

    def coefficient(self, digits: int = 20) -> str:
        """C in |index(eps') - index(eps)| ~ C |eps'/eps - 1|**(3/2), on the side of the band.

        BadInput where the edge is no square root there, so that the exponent is another.
        """
        return to_digits(self._coefficient, digits)

    @cached_property
    def _double_roots(self) -> fmpz_poly:
        """Its roots include G at z = 0: common roots of L and dL/dG, the parameter eliminated."""
        at_zero = _square_free(self.law.polynomial.subs(Z, 0), G)
        eliminated = resultant(at_zero, sp.diff(at_zero, G), self.symbol)
        return integer_polynomial(rational_coefficients(eliminated, G))

    def _coefficient(self, bits: int) -> arb:
        """(2/(3 pi)) sqrt(2/|K''|) (|dK/d eps| eps)**(3/2) for z = K(G): K'' = -L_GG/L_z, dK/d eps = -L_eps/L_z."""
        L = self.law.polynomial
        while True:
            with working_bits(bits):
                eps = self.ball(bits)

                def value(of: sp.Expr, at: arb, eps: arb = eps) -> arb:
                    return _value(of, {G: at, self.symbol: eps, Z: arb(0)})

                roots = [root for root, _ in real_roots(self._double_roots, bits)]
                roots = [x for x in roots if 0 in value(L, x) and 0 in value(sp.diff(L, G), x)]
                if len(roots) == 1:
                    second = value(sp.diff(L, G, 2), roots[0])
                    slope, push = value(sp.diff(L, Z), roots[0]), value(sp.diff(L, self.symbol), roots[0])
                    if 0 not in second and 0 not in slope:
                        bend, speed = abs(second / slope), abs(push / slope)
                        return 2 / (3 * arb.pi()) * (2 / bend).sqrt() * (speed * eps) * (speed * eps).sqrt()
            bits *= 2
            if bits > 4096:
                raise BadInput(
                    f"at {self.symbol} = {self.decimal(8)} the density does not begin as a square root at 0: no 3/2 law"
                )


def law_threshold(law: Law, symbol: sp.Symbol) -> tuple[Crossing, ...]:
    """Every positive value of ``symbol``, ascending, at which 0 enters or leaves a band of the spectrum.

    The candidates are the positive real roots of the discriminant of L(G, 0) in G and of its leading coefficient;
    between neighbours the spectrum at a rational value decides whether 0 lies inside a band (certified). Raises
    BadInput if other parameters are left open, or if ``symbol`` is none. ``law``: a law with that one free symbol.
    """
    if law.symbols != {symbol}:
        names = ", ".join(sorted(map(str, law.symbols))) or "none"
        raise BadInput(f"a threshold in {symbol} needs a law in which it alone is left open, and here it is {names}")
    at_zero = _square_free(law.polynomial.subs(Z, 0), G)
    candidates: list[Edge] = []
    marks = [sp.LC(at_zero, G)] + ([discriminant(at_zero, G)] if sp.degree(at_zero, G) > 1 else [])
    for polynomial in marks:
        for factor, _ in factors(polynomial) if polynomial.has(symbol) else ():
            integer = integer_polynomial(rational_coefficients(factor, symbol))
            marked = [Edge(tuple(int(c) for c in integer.coeffs()), i) for i in range(len(real_roots(integer, 128)))]
            candidates += [mark for mark in marked if compared(mark, Fraction(0)) > 0]
    ordered = ascending(dict.fromkeys(candidates))
    cells = _cells(ordered)
    inside = [_inside(law, symbol, value) for value in cells]
    found = []
    for place, mark in enumerate(ordered):
        before, after = inside[place], inside[place + 1]
        if before != after:
            beside = cells[place] if after else cells[place + 1]
            found.append(Crossing(law, symbol, mark.polynomial, mark.number, "below" if after else "above", beside))
    return tuple(found)


def _inside(law: Law, symbol: sp.Symbol, value: Fraction) -> bool:
    below, at_edge = law.subs({symbol: value}).spectrum.band_at(Fraction(0))
    return below % 2 == 1 and not at_edge


def _cells(marks: Sequence[Edge]) -> list[Fraction]:
    """A rational number in each interval of (0, infinity) between ascending positive marks."""
    if not marks:
        return [Fraction(1)]
    stops: list[Edge | Fraction] = [Fraction(0), *marks]
    inner = [rational_between(a, b) for a, b in pairwise(stops)]
    last, beyond = marks[-1], Fraction(1)
    while compared(last, beyond) >= 0:
        beyond *= 2
    return [*inner, beyond]


def _square_free(polynomial: sp.Expr, main: sp.Symbol) -> sp.Expr:
    return sp.expand(sp.prod(factor for factor, _ in factors(polynomial) if factor.has(main)))


def _value(of: sp.Expr, at: dict[sp.Symbol, arb]) -> arb:
    """A polynomial with rational coefficients at balls."""
    names = sorted(at, key=str)
    total = arb(0)
    for powers, c in sp.Poly(of, *names, domain="QQ").terms():
        term = ball(Fraction(int(c.p), int(c.q)))
        for name, power in zip(names, powers, strict=True):
            term *= at[name] ** power
        total += term
    return total


__all__ = ["Crossing", "law_threshold"]
