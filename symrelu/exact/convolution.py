"""Products of lists of coefficients, as series multiply.

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


def reversed_slice(values: Sequence[Element], start: int, stop: int) -> Sequence[Element]:
    """values[start], values[start - 1], ..., values[stop + 1]."""
    return values[start : None if stop < 0 else stop : -1] if start > stop else ()
