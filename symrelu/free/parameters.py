"""Parameters of laws: exact numbers or SymPy symbols, read in one place."""

from __future__ import annotations

from fractions import Fraction
from numbers import Rational as RationalNumber
from typing import Any

import sympy as sp

from symrelu.errors import BadInput
from symrelu.exact.parse import parse_fraction

RESERVED = frozenset({"G", "S", "g", "u", "z", "a_", "r_", "s_", "w_"})  # the variables of laws' polynomials
LARGEST = 10**100
Parameter = Any  # int, Fraction, "1/4", 0.25, or a SymPy rational or rational function of symbols


def parameter(value: Parameter, what: str, *, positive: bool = False) -> sp.Expr:
    """``value`` as an exact SymPy expression: a rational number or a rational function of symbols.

    A float is read as its shortest decimal (0.1 is 1/10). Raises BadInput for anything else, for a symbol with the name
    of a variable of our own, where ``positive`` is asked for and a number is not, and for positive parameters beyond
    1e100 or below 1e-100, with which spectra would take minutes.
    """
    read = _read(value, what)
    if positive and read.is_number:
        if not read > 0:
            raise BadInput(f"{what} was given as {_shown(value)}; give a number > 0, such as 1/4")
        if not 1 <= read * LARGEST <= LARGEST**2:
            raise BadInput(f"{what} was given as {_shown(value)}; give a number from 1e-100 to 1e100, such as 1/4")
    return read


def _shown(value: Parameter) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:40]}... ({len(text)} characters)"


def _read(value: Parameter, what: str) -> sp.Expr:
    if isinstance(value, bool):
        raise BadInput(f"{what} was given as {value}; give a number such as 1/4, or a SymPy symbol")
    if isinstance(value, RationalNumber):
        return sp.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, float):
        return _rational(parse_fraction(float.__repr__(value), what))
    if isinstance(value, str):
        return _rational(parse_fraction(value, what))
    if isinstance(value, sp.Expr) and all(_allowed(part) for part in sp.preorder_traversal(value)):
        taken = sorted({symbol.name for symbol in value.free_symbols} & RESERVED)
        if taken:
            raise BadInput(
                f"{what} was given as {value}, and {taken[0]} is a variable of the law's polynomial; take another name"
            )
        return value
    raise BadInput(f"{what} was given as {value!r}; give a rational number such as 1/4, or a SymPy symbol")


def _allowed(part: sp.Basic) -> bool:
    """Whether a node of an expression belongs to a rational function over Q."""
    return part.is_Rational or part.is_Symbol or part.is_Add or part.is_Mul or (part.is_Pow and part.exp.is_Integer)


def _rational(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def fraction(value: sp.Expr, what: str) -> Fraction:
    """A SymPy rational number as a Fraction; BadInput if a symbol is left in it."""
    if not isinstance(value, sp.Rational):
        names = ", ".join(sorted(map(str, value.free_symbols))) or str(value)
        raise BadInput(f"{what} needs numbers, and {names} is left open; substitute one, as in law.subs({{phi: 1}})")
    return Fraction(int(value.p), int(value.q))


__all__ = ["Parameter", "fraction", "parameter"]
