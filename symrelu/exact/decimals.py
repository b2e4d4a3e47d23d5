"""Decimals as text: here and not in :mod:`symrelu.exact.printing`, which exact series go through."""

from __future__ import annotations

from typing import Any


def decimal_text(x: Any, digits: int, *, fixed: int = 0) -> str:
    """An mpmath number to so many significant digits, zeros at the end kept; no point without digits after it.

    Whole parts of up to ``max(fixed, digits)`` digits are written out, larger ones with an exponent.
    """
    from mpmath.libmp import to_str

    text: str = to_str(x._mpf_, digits, strip_zeros=False, min_fixed=-5, max_fixed=max(digits, fixed))
    mantissa, e, exponent = text.partition("e")
    return mantissa.removesuffix(".") + e + exponent
