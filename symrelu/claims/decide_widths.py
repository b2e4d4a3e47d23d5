"""Claims about more neurons than k: adding neurons one by one, and k as a real number (:mod:`symrelu.splitting`)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.exact.series import dimension

DIGITS = 10
ORDER = 7
COPIES = "a neuron w as m copies w/m, m > 0 real, or a new neuron of mass 0 at a target: network and loss stay"
RESTS = (
    "inertia adds up when a neuron is split (symrelu/splitting/split.py, derivations/10_real_k.py); signs of the form "
    "D in ball arithmetic along the certified path; the same for other families: symrelu widths FAMILY --from-d D"
)


def _more_neurons(claim: Claim, context: Context) -> Outcome:
    """Whether more neurons make the family a saddle of the same loss: splitting, for every real d >= ``printed``, and
    a new neuron at 0, for all large d (exactly: the slopes at the targets sum to -2 loss).
    """
    from symrelu.splitting.proof import proved_from
    from symrelu.splitting.series import width_series

    family = context.family(claim)
    series = width_series(family, ORDER)
    total = series.loss * 2
    for size, slope in series.slopes:
        total = total + slope * size.at(dimension(slope.field, slope.ramification))
    lossy = bool(series.loss.coefficients) and series.loss.field.sign(series.loss.leading) > 0
    if total.coefficients or not lossy:
        return "undecided", f"the slopes of a new neuron and 2 loss sum to {total}", "exact", RESTS
    first = Fraction(claim.printed)
    proof = proved_from(family, first)
    if not proof.always_saddle():
        return "undecided", proof.text().splitlines()[-1], "certified", RESTS
    found = (
        f"with {COPIES}; then it holds for {claim.family}: every splitting is a saddle of the same loss for every real "
        f"k > d, proved for every real d >= {first}; a neuron leaving 0 lowers every critical point of positive loss "
        "at first order, as the slopes at the targets sum to -2 loss. The threshold is k = d"
    )
    return "confirmed", found, "certified", RESTS


def _threshold_in_k(claim: Claim, context: Context) -> Outcome:
    """Whether a minimum with k = d turns into a saddle at a real k above d: the index at k is that at d plus (k - d)
    times that of D, which does not depend on k.
    """
    from symrelu.splitting.real_k import widths

    d = Fraction(claim.printed)
    found = widths(context.family(claim), d, DIGITS, prove=True)
    if found.index or found.threshold is None:
        return "undecided", "the point is no minimum, or no splitting adds a negative direction", "certified", RESTS
    rates = {row.negative for row in found.rows}
    words = (
        f"{claim.family} at d = {d}: index (k - d)*{'|'.join(map(str, sorted(rates)))} for every real k >= d (formal "
        "dimensions), a minimum at k = d and a saddle for every k > d: no eigenvalue crosses 0 at any k > d, those of "
        "the new directions enter with multiplicity k - d"
    )
    return ("refuted" if min(rates) > 0 else "undecided"), words, "certified", RESTS


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "more_neurons": _more_neurons,
    "threshold_in_k": _threshold_in_k,
}
