"""Figures that the papers measured, measured again along our numerical path: ``empirical``, ours beside theirs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symrelu.claims.claim import Claim, Context, Outcome

DIGITS = 10


def _index(claim: Claim, context: Context) -> Outcome:
    """The number of negative eigenvalues at some d (``subject``: d's separated by commas), both layers trained."""
    from symrelu.exact.arithmetic import MpmathArithmetic
    from symrelu.spectrum.numeric import eigenvalues_at

    path, arithmetic = context.family(claim).path(), MpmathArithmetic(3 * DIGITS)
    zero = arithmetic.context.mpf(10) ** -DIGITS  # the rescaling zeros are zero to far more digits than this
    counts = []
    for d in map(int, claim.subject.split(",")):
        values = eigenvalues_at(path.problem, arithmetic, path.point(Fraction(d), arithmetic), d)
        counts.append(f"{sum(v.multiplicity for v in values if v.value < -zero)} at d = {d}")
    rests = "eigenvalues at the critical points of the path, in 30 digits, at these d only"
    return "empirical", f"negative eigenvalues: {', '.join(counts)}; printed: {claim.printed}", "numerical", rests


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {"index": _index}
