"""Polynomials in G, z and parameters: elimination and factoring, by flint, between SymPy expressions.

The polynomial method (Rao & Edelman 2008): an operation on algebraic laws is a substitution in L(G, z) = 0 or one
resultant.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import sympy as sp
from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from symrelu.errors import BadInput, SymreluError

G, Z, U, S = sp.symbols("G z u S")  # of Stieltjes polynomials, and of the S-transform's
g = sp.Symbol("g")  # the argument of R
MOST_DEGREE = 64


class DegreeTooLarge(SymreluError):
    """An elimination would give a polynomial of a degree past the stated bound."""


def numerator(expression: sp.Expr) -> sp.Expr:
    """The numerator of a rational expression over its common denominator, expanded."""
    return sp.expand(sp.fraction(sp.together(expression))[0])


def _context(*expressions: sp.Expr) -> tuple[fmpq_mpoly_ctx, list[sp.Symbol]]:
    symbols = sorted(set().union(*(e.free_symbols for e in expressions)), key=lambda s: s.name)
    for one, other in pairwise(symbols):
        if one.name == other.name:
            raise BadInput(f"two symbols are called {one}, with different assumptions; make them one symbol")
    return fmpq_mpoly_ctx.get(tuple(s.name for s in symbols), Ordering.lex), symbols


def _to_flint(expression: sp.Expr, context: fmpq_mpoly_ctx, symbols: list[sp.Symbol]) -> fmpq_mpoly:
    if not symbols:
        return context.constant(fmpq(int(expression.p), int(expression.q)))
    terms = sp.Poly(expression, *symbols, domain="QQ").terms()
    return context.from_dict({m: fmpq(int(c.p), int(c.q)) for m, c in terms})


def _from_flint(p: fmpq_mpoly, symbols: list[sp.Symbol]) -> sp.Expr:
    coefficients = {tuple(int(e) for e in m): sp.Rational(int(c.p), int(c.q)) for m, c in p.to_dict().items()}
    if not symbols:
        return sum(coefficients.values(), sp.S.Zero)
    return sp.Poly.from_dict(coefficients, *symbols, domain="QQ").as_expr()


def check_degree(degree: int, symbol: sp.Symbol) -> None:
    """Raises DegreeTooLarge for a degree (or a bound of it) past the one that is computed."""
    if degree > MOST_DEGREE:
        raise DegreeTooLarge(
            f"the law's polynomial would have degree up to {degree} in {symbol}, and at most {MOST_DEGREE} is computed;"
            " combine laws of smaller degree"
        )


def resultant(a: sp.Expr, b: sp.Expr, eliminated: sp.Symbol, kept: Sequence[sp.Symbol] = ()) -> sp.Expr:
    """The resultant of two polynomials (rational coefficients) with respect to ``eliminated``.

    Raises DegreeTooLarge if its degree in one of ``kept`` could pass the bound (by the degrees of the two).
    """
    pa, pb = sp.Poly(a, eliminated), sp.Poly(b, eliminated)
    for symbol in kept:
        check_degree(pa.degree() * sp.degree(b, symbol) + pb.degree() * sp.degree(a, symbol), symbol)
    context, symbols = _context(a, b)
    x = symbols.index(eliminated)
    return _from_flint(_to_flint(a, context, symbols).resultant(_to_flint(b, context, symbols), x), symbols)


def discriminant(a: sp.Expr, x: sp.Symbol) -> sp.Expr:
    """The discriminant of a polynomial with respect to ``x``."""
    context, symbols = _context(a)
    return _from_flint(_to_flint(a, context, symbols).discriminant(symbols.index(x)), symbols)


def factors(a: sp.Expr) -> list[tuple[sp.Expr, int]]:
    """The irreducible factors over Q, of positive degree, with their multiplicities."""
    context, symbols = _context(a)
    found = _to_flint(a, context, symbols).factor()[1]
    return [(_from_flint(f, symbols), int(m)) for f, m in found]


def primitive(a: sp.Expr, *main: sp.Symbol) -> sp.Expr:
    """``a`` with integer coefficients without a common divisor, and without factors free of ``main``; the sign is such
    that the leading coefficient (graded by the names of the symbols) is positive.
    """
    kept = [(f, m) for f, m in factors(a) if f.free_symbols & set(main)]
    product = sp.expand(sp.prod(f**m for f, m in kept))
    poly = sp.Poly(product, *sorted(product.free_symbols, key=lambda s: s.name), domain="QQ")
    poly = poly.clear_denoms()[1].primitive()[1]
    return (poly if poly.LC() > 0 else -poly).as_expr()


def rational_coefficients(a: sp.Expr, x: sp.Symbol) -> list[Fraction]:
    """The coefficients of a polynomial in ``x`` alone, constant term first."""
    return [Fraction(int(c.p), int(c.q)) for c in reversed(sp.Poly(a, x, domain="QQ").all_coeffs())]


__all__ = [
    "DegreeTooLarge",
    "G",
    "S",
    "U",
    "Z",
    "check_degree",
    "discriminant",
    "factors",
    "g",
    "numerator",
    "primitive",
    "rational_coefficients",
    "resultant",
]
