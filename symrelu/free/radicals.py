"""Numbers in nested square roots and pi: their text in the grammar of the command line, and their balls."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from flint import arb
from sympy.printing.str import StrPrinter

from symrelu.exact.balls import ball, working_bits


class _Printer(StrPrinter):
    """SymPy's text with sqrt(...) alone for roots: 2**(3/4) is sqrt(sqrt(2))**3."""

    def _print_Pow(self, expr: Any, rational: bool = False) -> str:
        base, exponent = expr.as_base_exp()
        if not (exponent.is_Rational and exponent.q > 1):
            return str(super()._print_Pow(expr, rational))
        text = self._print(base)
        for _ in range(_halvings(exponent)):
            text = f"sqrt({text})"
        over = abs(exponent.p)
        text = f"{text}**{over}" if over > 1 else text
        return f"1/{text}" if exponent < 0 and over == 1 else f"1/({text})" if exponent < 0 else text

    def _print_Mul(self, expr: Any) -> str:
        over, under = sp.fraction(expr, exact=True)
        if under == 1 or not (over.is_Mul or over.is_Pow or over.is_Symbol or over.is_Number or over.is_Add):
            return str(super()._print_Mul(expr))
        top = self._print(over)
        bottom = self._print(under)
        top = f"({top})" if over.is_Add else top
        return f"{top}/({bottom})" if under.is_Mul or under.is_Add else f"{top}/{bottom}"


def _halvings(exponent: sp.Rational) -> int:
    count = int(exponent.q).bit_length() - 1
    if exponent.q != 1 << count:
        raise ValueError(f"a root of order {exponent.q} is not written in square roots")
    return count


def exact_text(x: sp.Expr) -> str:
    """A formula of integers, + - * / **, parentheses, pi, sqrt(...) and symbols."""
    return str(_Printer().doprint(x))


def ball_of(x: sp.Expr, bits: int) -> arb:
    """An enclosure of a number made of rationals, pi, sums, products and roots whose order is a power of two."""
    with working_bits(bits):
        return _ball(x)


def _ball(x: sp.Expr) -> arb:
    if x.is_Rational:
        return ball(Fraction(int(x.p), int(x.q)))
    if x is sp.pi:
        return arb.pi()
    if x.is_Add:
        return sum((_ball(term) for term in x.args), arb(0))
    if x.is_Mul:
        product = arb(1)
        for factor in x.args:
            product *= _ball(factor)
        return product
    base, exponent = x.as_base_exp()
    if not (x.is_Pow and exponent.is_Rational):
        raise ValueError(f"{x} is not a number in square roots")
    root = _ball(base)
    for _ in range(_halvings(exponent)):
        root = root.sqrt()
    return root ** int(exponent.p)


def reduced(x: sp.Expr) -> sp.Expr:
    """A number of Q(sqrt(m)) as a + b sqrt(m)."""
    return sp.together(sp.expand(sp.radsimp(sp.expand(x))))


__all__ = ["ball_of", "exact_text", "reduced"]
