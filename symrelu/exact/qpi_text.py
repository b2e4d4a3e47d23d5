"""Elements of Q(pi) as text and as SymPy expressions: num / prod(f ** e), all polynomials in pi over Q."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flint import fmpq_poly

Factors = Iterable[tuple[fmpq_poly, int]]  # the irreducible factors of a denominator, with their exponents

_PI = fmpq_poly([0, 1])


def element_text(num: fmpq_poly, factors: Factors) -> str:
    """The element as text, e.g. ``8/pi``, ``1/2 - 2/pi**2``, ``-320/(3*pi**3*(pi - 2))``."""
    if not num:
        return "0"
    denominator = _ordered(factors)
    power = _power_of_pi(denominator)
    if power is not None:
        return _laurent_text(num, power)
    numerator, content = num.numer(), num.numer().content()
    if numerator.leading_coefficient() < 0:
        content = -content
    primitive = _laurent_text(fmpq_poly(numerator) / content, 0)
    below = [str(num.denom())] if num.denom() != 1 else []
    for factor, e in denominator:
        base = "pi" if factor == _PI else f"({_laurent_text(factor, 0)})"
        below.append(base if e == 1 else f"{base}**{e}")
    if primitive == "1":
        above = str(content)
    else:
        above = {1: "", -1: "-"}.get(int(content), f"{content}*") + (
            f"({primitive})" if " " in primitive else primitive
        )
    return f"{above}/({'*'.join(below)})" if len(below) > 1 else f"{above}/{below[0]}"


def element_expression(num: fmpq_poly, factors: Factors) -> Any:
    """The element as a SymPy expression in ``sympy.pi``, arranged as :func:`element_text` arranges it."""
    import sympy

    numerator = sum(
        (sympy.Rational(int(c.p), int(c.q)) * sympy.pi**i for i, c in enumerate(num.coeffs()) if c), sympy.Integer(0)
    )
    denominator = _ordered(factors)
    power = _power_of_pi(denominator)
    if power is not None:
        return sympy.expand(numerator * sympy.pi**-power)
    content = sympy.Rational(int(num.numer().content()), int(num.denom()))
    if num.leading_coefficient() < 0:
        content = -content
    primitive = sympy.expand(numerator / content)
    if num.degree() == 0:
        content, primitive = numerator, sympy.Integer(1)
    below = [
        sum((sympy.Integer(int(c.p)) * sympy.pi**j for j, c in enumerate(f.coeffs())), sympy.Integer(0)) ** -e
        for f, e in denominator
    ]
    return sympy.Mul(content, primitive, *below)


def _ordered(factors: Factors) -> list[tuple[fmpq_poly, int]]:
    """The factors in an order that does not depend on which was met first."""
    return sorted(factors, key=lambda pair: (pair[0].degree(), pair[0] != _PI, [-int(c.p) for c in pair[0].coeffs()]))


def _power_of_pi(denominator: list[tuple[fmpq_poly, int]]) -> int | None:
    """The n of a denominator pi**n, None for another one."""
    if any(factor != _PI for factor, _ in denominator):
        return None
    return sum(e for _, e in denominator)


def _laurent_text(poly: fmpq_poly, shift: int) -> str:
    """sum(c_i * pi**(i - shift)), highest power first."""
    parts: list[str] = []
    coefficients = poly.coeffs()
    for i in range(len(coefficients) - 1, -1, -1):
        c = coefficients[i]
        if not c:
            continue
        power, p, q = i - shift, abs(int(c.p)), int(c.q)
        name = "" if power == 0 else ("pi" if abs(power) == 1 else f"pi**{abs(power)}")
        above = name if power > 0 and p == 1 else (f"{p}*{name}" if power > 0 else str(p))
        below = [str(q)] * (q != 1) + [name] * (power < 0)
        term = above if not below else f"{above}/{below[0]}" if len(below) == 1 else f"{above}/({'*'.join(below)})"
        sign = "-" if c < 0 else "+"
        parts.append((f" {sign} " if parts else ("-" if c < 0 else "")) + term)
    return "".join(parts) or "0"
