"""Numbers from one arithmetic to another, without rounding: floats, mpmath numbers, balls."""

from __future__ import annotations

from collections.abc import Iterable
from math import log
from typing import Any

from flint import arb, fmpz

from symrelu.exact.arithmetic import Scalar


def power_of_ten(u: float) -> arb:
    """The d of a stop log d = u: an exact decimal where u is the logarithm of a power of ten, else exp(u)."""
    n = round(u / log(10))
    return arb(10) ** n if abs(n * log(10) - u) < 1e-9 else arb(u).exp().mid()


def to_mpf(x: Any) -> Scalar:
    """The midpoint of an Arb number as an mpmath number, without rounding."""
    from mpmath import mp
    from mpmath.libmp import from_man_exp

    mantissa, exponent = x.mid().man_exp()
    return mp.make_mpf(from_man_exp(int(mantissa), int(exponent)))


def to_arb(x: Scalar) -> Any:
    """An mpmath number as an Arb number, without rounding."""
    sign, mantissa, exponent, _ = x._mpf_
    return arb((fmpz(-int(mantissa) if sign else int(mantissa)), fmpz(exponent)))


def arbs(x: Iterable[Any]) -> list[arb]:
    """Floats as Arb numbers."""
    return [arb(float(v)) for v in x]


def mpfs(x: Iterable[Any]) -> tuple[Scalar, ...]:
    """Floats as mpmath numbers."""
    from mpmath import mpf

    return tuple(mpf(float(v)) for v in x)
