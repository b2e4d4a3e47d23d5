"""Lists of coefficients of power series: products, squares, inverses, square roots, and how far they are known.

Products are schoolbook, one :meth:`Field.dot` a coefficient. At the lengths that matter (up to about 60) the
coefficients' own size grows linearly with the order, so the low-order half of a product is nearly free and fast
multiplication of whole series gains nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from symrelu.exact.field import Element, Field


def convolve(field: Field, a: Sequence[Element], b: Sequence[Element], length: int) -> list[Element]:
    """The first ``length`` coefficients of the product of two coefficient lists."""
    if len(a) > len(b):
        a, b = b, a
    sparse = [(i, c) for i, c in enumerate(a) if c]
    if len(sparse) <= 2:
        return _sparse_convolve(field, sparse, b, length)
    dot = field.dot
    cs = []
    top_a, top_b = len(a) - 1, len(b) - 1
    for n in range(length):
        low = max(0, n - top_b)
        top = min(n, top_a)
        cs.append(dot(a[low : top + 1], reversed_slice(b, n - low, n - top - 1)))
    return cs


def _sparse_convolve(
    field: Field, sparse: list[tuple[int, Element]], b: Sequence[Element], length: int
) -> list[Element]:
    cs: list[Element] = [field.zero] * length
    for i, c in sparse:
        unit = c == field.one
        for j in range(min(len(b), length - i)):
            if b[j]:
                term = b[j] if unit else c * b[j]
                cs[i + j] = cs[i + j] + term if cs[i + j] else term
    return cs


def squared(field: Field, a: Sequence[Element], length: int) -> list[Element]:
    """The first ``length`` coefficients of a*a, at half the cost of a product."""
    dot = field.dot
    cs = []
    for n in range(length):
        low = max(0, n - len(a) + 1)
        half = (n + 1) // 2
        c = dot(a[low:half], reversed_slice(a, n - low, n - half))
        if c:
            c = c * 2
        if n % 2 == 0:
            c = c + a[n // 2] * a[n // 2] if a[n // 2] else c
        cs.append(c)
    return cs


def inverted(field: Field, a: Sequence[Element], lead: Element, length: int) -> list[Element]:
    """The first ``length`` coefficients of 1/a; ``lead``: 1/a_0."""
    y, dot, negative = [lead], field.dot, -lead
    for n in range(1, length):
        low = max(1, n - len(y) + 1)
        top = min(n, len(a) - 1)
        c = dot(a[low : top + 1], reversed_slice(y, n - low, n - top - 1))
        y.append(c * negative if c else field.zero)
    return y


def rooted(field: Field, a: Sequence[Element], lead: Element, length: int) -> list[Element]:
    """The first ``length`` coefficients of the square root of a that begins with ``lead``."""
    g, dot, zero = [lead], field.dot, field.zero
    half_inverse = field.inverse(lead * 2)
    for n in range(1, length):
        c = a[n] if n < len(a) else zero
        half = (n + 1) // 2
        cross = dot(g[1:half], reversed_slice(g, n - 1, n - half))
        if cross:
            c = c - cross * 2
        if n % 2 == 0 and g[n // 2]:
            c = c - g[n // 2] * g[n // 2]
        g.append(c * half_inverse if c else zero)
    return g


def least(p: int | None, q: int | None) -> int | None:
    """The smaller of two precisions, of which None is infinite."""
    return q if p is None else p if q is None else min(p, q)


def reversed_slice(values: Sequence[Element], start: int, stop: int) -> Sequence[Element]:
    """values[start], values[start - 1], ..., values[stop + 1]."""
    return values[start : None if stop < 0 else stop : -1] if start > stop else ()
