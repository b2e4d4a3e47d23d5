"""Where a path begins: the exact series at a d so large that it is near the critical point, and its radius of
convergence, estimated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log
from typing import Any

from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.exact.series import Series

START_ERROR = 1e-4  # of the truncated series, in units of its radius' geometric series
FEWEST_TERMS = 8  # from fewer terms no radius is estimated


@dataclass(frozen=True)
class Radius:
    """An estimate of the radius of convergence in t = d**(-1/ramification), from so many exact ``terms``, in floats.

    The slope of log|c_k| (the largest coefficient of t**k in the entries) over the upper half of the terms. Good to
    some tenths with 9 terms and to a few hundredths with 25; no bound.
    """

    value: float
    terms: int
    ramification: int = 2

    @property
    def d(self) -> float:
        """The series converges for d above about this."""
        return float(self.value**-self.ramification)

    def text(self) -> str:
        """The estimate in a line."""
        return (
            f"the series converges for t < {self.value:.2g} or so, d > {self.d:.3g} (estimated from {self.terms} "
            "exact terms)"
        )


def evaluate(entries: Sequence[Series], d: Scalar, arithmetic: MpmathArithmetic) -> list[Scalar]:
    """The known parts of the series at d, a Fraction or a number of the arithmetic."""
    context = arithmetic.context
    d = arithmetic.rational(d) if isinstance(d, (int, Fraction)) else context.mpf(d)
    found = []
    for x in entries:
        t = d ** (context.mpf(-1) / x.ramification)

        def convert(c: Any, x: Series = x) -> Scalar:
            ball = x.field.ball(x.field(c), context.prec + 20)
            return context.mpf(ball.mid().str(context.dps + 5, radius=False))

        found.append(x.evaluate(t, convert) if x.coefficients else context.zero)
    return found


def start_d(entries: Sequence[Series], known: int) -> float:
    """A d from which upwards the series through t**(known - 1) is near the critical point: error about START_ERROR."""
    root = max((c ** (1 / k) for k, c in enumerate(_sizes(entries, known)) if k and c), default=1.0)
    return max(4.0, (root / START_ERROR ** (1 / known)) ** entries[0].ramification)


def radius(entries: Sequence[Series], known: int) -> Radius | None:
    """The radius of convergence, estimated from the terms below t**known; None from fewer than ``FEWEST_TERMS`` terms,
    and for exact entries, whose series do not end at all.
    """
    if all(x.is_exact for x in entries) or known < FEWEST_TERMS:
        return None
    points = [(k, log(c)) for k, c in enumerate(_sizes(entries, known)) if k >= known // 2 and c]
    if len(points) < 3:
        return None
    mean_k, mean = sum(k for k, _ in points) / len(points), sum(y for _, y in points) / len(points)
    slope = sum((k - mean_k) * (y - mean) for k, y in points) / sum((k - mean_k) ** 2 for k, _ in points)
    return Radius(exp(-slope), known, entries[0].ramification)


def _sizes(entries: Sequence[Series], known: int) -> list[float]:
    """The largest coefficient of t**k in any entry, for k below ``known``."""
    return [
        max(abs(float(x.field.ball(x.field(x[k]), 60).mid())) if x[k] else 0.0 for x in entries) for k in range(known)
    ]
