"""Moments, free cumulants and S-series, exact, over any field (flint's rationals, Fractions or SymPy expressions).

With G(z) = sum m_n / z**(n+1) and R(g) = sum k_n g**(n-1) the equation R(G) + 1/G = z (Pennington & Bahri, eq. 13) says
m_n = sum over j of k_j [u**(n-j)] M(u)**j, M(u) = sum m_n u**n (Speicher's recursion).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy as sp
from flint import fmpq

Coefficient = Any  # of one field: Fraction, or sympy.Expr


def in_field(compute: Callable[..., list[Coefficient]], *lists: Sequence[sp.Expr]) -> list[sp.Expr]:
    """``compute(*lists, simplify)`` on SymPy expressions: in flint's rationals if all are numbers, else by cancel."""
    if all(x.is_Rational for values in lists for x in values):
        rationals = [[fmpq(int(x.p), int(x.q)) for x in values] for values in lists]
        return [sp.Rational(int(y.p), int(y.q)) for y in compute(*rationals, lambda y: y)]
    return compute(*lists, sp.cancel)


def _times(a: Sequence[Coefficient], b: Sequence[Coefficient], length: int) -> list[Coefficient]:
    return [sum((a[i] * b[n - i] for i in range(n + 1)), 0 * a[0]) for n in range(length)]


def moments_of(cumulants: Sequence[Coefficient], simplify: Callable[[Any], Any] = lambda x: x) -> list[Coefficient]:
    """m_0, ..., m_N of the law with free cumulants k_1, ..., k_N (N >= 1)."""
    moments = [simplify(0 * cumulants[0] + 1)]
    for n in range(1, len(cumulants) + 1):
        moments.append(_moment(cumulants[:n], moments, n, simplify))
    return moments


def cumulants_of(moments: Sequence[Coefficient], simplify: Callable[[Any], Any] = lambda x: x) -> list[Coefficient]:
    """k_1, ..., k_N of the law with moments m_0 = 1, m_1, ..., m_N: the recursion of :func:`moments_of` solved for k_n,
    whose coefficient there is m_0**n = 1.
    """
    cumulants: list[Coefficient] = []
    for n in range(1, len(moments)):
        cumulants.append(simplify(moments[n] - _moment(cumulants, moments[:n], n, simplify)))
    return cumulants


def _moment(
    cumulants: Sequence[Coefficient], moments: Sequence[Coefficient], n: int, simplify: Callable[[Any], Any]
) -> Coefficient:
    """sum over j of k_j [u**(n-j)] M(u)**j over the given cumulants, from m_0, ..., m_{n-1}."""
    total = 0 * moments[0]
    power = [moments[0], *[total] * (n - 1)]
    for j, cumulant in enumerate(cumulants, 1):
        power = [simplify(c) for c in _times(power, moments, n - j + 1)]
        total = total + cumulant * power[n - j]
    return simplify(total)


def inverse_series(a: Sequence[Coefficient], simplify: Callable[[Any], Any] = lambda x: x) -> list[Coefficient]:
    """b with b(a(u)) = u for a(u) = a_1 u + a_2 u**2 + ... (``a`` starts with a_0 = 0, a_1 a unit), of a's length."""
    length = len(a)
    zero = 0 * a[1]
    result = [zero] * length
    powers = [zero] * length
    powers[0] = zero + 1
    table = []
    for _ in range(1, length):  # the powers of a
        powers = [simplify(c) for c in _times(powers, a, length)]
        table.append(powers)
    rest = [zero] * length
    rest[1] = zero + 1
    for j in range(1, length):
        result[j] = simplify(rest[j] / table[j - 1][j])
        rest = [simplify(r - result[j] * t) for r, t in zip(rest, table[j - 1], strict=True)]
    return result


def product_moments(
    a: Sequence[Coefficient], b: Sequence[Coefficient], simplify: Callable[[Any], Any] = lambda x: x
) -> list[Coefficient]:
    """Moments of the free multiplicative convolution of two laws with moments ``a``, ``b``, both of mean not 0.

    With psi(w) = sum_{n>=1} m_n w**n and its inverse chi(u), S(u) = chi(u) (1 + u)/u multiplies (Voiculescu).
    """
    length = min(len(a), len(b))
    zero = 0 * a[1]
    chi_a, chi_b = (inverse_series([zero, *m[1:length]], simplify) for m in (a, b))
    product = [sum((chi_a[i] * chi_b[n - i] for i in range(1, n)), zero) for n in range(length + 1)]
    chi = [simplify(product[n] + product[n + 1]) for n in range(length)]
    psi = inverse_series(chi, simplify)
    return [zero + 1, *psi[1:]]


__all__ = ["cumulants_of", "in_field", "inverse_series", "moments_of", "product_moments"]
