"""Moments, free cumulants and S-series over any field: flint's rationals, fractions, rational functions, floats.

With G(w) = w (m_0 + m_1 w + ...), w = 1/z, and R(g) = k_1 + k_2 g + ... the equation R(G) + 1/G = z (Pennington &
Bahri, eq. 13) says that G(w) and g/(1 + g R(g)) are inverse to each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sympy as sp
from flint import ctx, fmpq, fmpq_series
from sympy.polys.fields import FracElement

Coefficient = Any  # of one field
Series = Sequence[Coefficient]  # the coefficients of u**0, u**1, ...


def in_field(compute: Callable[..., list[Coefficient]], *lists: Sequence[sp.Expr]) -> list[sp.Expr]:
    """``compute(*lists)`` for SymPy's rational numbers and rational functions, in the field that they generate."""
    flat = [x for values in lists for x in values]
    if all(x.is_Rational for x in flat):
        rationals = [[fmpq(int(x.p), int(x.q)) for x in values] for values in lists]
        return [sp.Rational(int(y.p), int(y.q)) for y in compute(*rationals)]
    field, elements = sp.construct_domain(flat, field=True)
    rest = iter(elements)
    return [field.to_sympy(y) for y in compute(*([next(rest) for _ in values] for values in lists))]


def moments_of(cumulants: Series) -> list[Coefficient]:
    """m_0, ..., m_N of the law with free cumulants k_1, ..., k_N (N >= 1)."""
    one = _one(cumulants[0])
    return inverse_series([0 * one, *reciprocal([one, *cumulants])])[1:]


def cumulants_of(moments: Series) -> list[Coefficient]:
    """k_1, ..., k_N of the law with moments m_0 = 1, m_1, ..., m_N."""
    return reciprocal(inverse_series([0 * moments[0], *moments])[1:])[1:]


def product_moments(a: Series, b: Series) -> list[Coefficient]:
    """Moments of the free multiplicative convolution of two laws with moments ``a``, ``b``, both of mean not 0.

    With psi(w) = sum_{n>=1} m_n w**n and its inverse chi(u), S(u) = chi(u) (1 + u)/u multiplies (Voiculescu).
    """
    length = min(len(a), len(b))
    zero = 0 * a[1]
    chi_a, chi_b = (inverse_series([zero, *m[1:length]]) for m in (a, b))
    product = [sum((chi_a[i] * chi_b[n - i] for i in range(1, n)), zero) for n in range(length + 1)]
    chi = [product[n] + product[n + 1] for n in range(length)]
    return [_one(a[1]), *inverse_series(chi)[1:]]


def quotient(a: Series, b: Series) -> list[Coefficient]:
    """a(u)/b(u), as far as both go; b_0 is not 0."""
    under = reciprocal(b)
    return [sum((a[i] * under[n - i] for i in range(n + 1)), 0 * a[0]) for n in range(min(len(a), len(b)))]


def reciprocal(a: Series) -> list[Coefficient]:
    """1/a(u), as far as ``a`` goes; a_0 is not 0."""
    if isinstance(a[0], fmpq):
        with capped(len(a)):
            return _coefficients(1 / fmpq_series(list(a)), len(a))
    result = [_one(a[0]) / a[0]]
    for n in range(1, len(a)):
        result.append(-sum((a[i] * result[n - i] for i in range(1, n + 1)), 0 * a[0]) / a[0])
    return result


def inverse_series(a: Series) -> list[Coefficient]:
    """b with b(a(u)) = u for a(u) = a_1 u + a_2 u**2 + ... (``a`` starts with a_0 = 0, a_1 a unit), of a's length."""
    length = len(a)
    if isinstance(a[1], fmpq):
        with capped(length):
            return _coefficients(fmpq_series(list(a)).reversion(), length)
    zero = 0 * a[1]
    power, result = [_one(a[1]), *[zero] * (length - 1)], [zero] * length
    rest = [zero, _one(a[1]), *[zero] * (length - 2)]  # u less the terms found so far
    for j in range(1, length):
        power = [sum((power[i] * a[n - i] for i in range(n)), zero) for n in range(length)]
        result[j] = rest[j] / power[j]
        rest = [r - result[j] * p for r, p in zip(rest, power, strict=True)]
    return result


def _one(x: Coefficient) -> Coefficient:
    return x.field.one if isinstance(x, FracElement) else 0 * x + 1  # SymPy's 0 + 1 would leave the field


def _coefficients(series: fmpq_series, length: int) -> list[Coefficient]:
    return [series[n] for n in range(length)]


@contextmanager
def capped(length: int) -> Iterator[None]:
    """Run a block with flint's power series of ``length`` terms, then restore the old length."""
    old, ctx.cap = ctx.cap, length
    try:
        yield
    finally:
        ctx.cap = old


__all__ = [
    "capped",
    "cumulants_of",
    "in_field",
    "inverse_series",
    "moments_of",
    "product_moments",
    "quotient",
    "reciprocal",
]
