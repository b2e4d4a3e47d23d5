"""Deciding remarks of the main paper on its families: rates, diagonals, saddles at small d."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_series import printed_series

SMALL_D = 5


def _decay_rates(claim: Claim, context: Context) -> Outcome:
    """Whether the losses are all of the printed order, with different coefficients."""
    order = printed_series(claim.printed).valuation
    losses = {name: context.named(name).series(2).loss for name in claim.subject.split(",")}
    leading = {name: str(loss.leading) for name, loss in losses.items()}
    same_order = all(loss.valuation == order for loss in losses.values())
    found = ", ".join(f"{name}: ({x})*d**(-{losses[name].valuation}/2)" for name, x in leading.items())
    same = same_order and len(set(leading.values())) == len(leading)
    return ("confirmed" if same else "refuted"), found, "exact", "the loss series"


def _diagonal(claim: Claim, context: Context) -> Outcome:
    """The limit of the diagonal on the block that grows, against whether the loss tends to 0."""
    decays, stays = (Fraction(x) for x in claim.printed.split(","))
    said, same = [], True
    for name in claim.subject.split(","):
        one = context.named(name)
        own, loss = one.limit[0], one.series(2).loss
        falls = loss.is_exact_zero or loss.valuation > 0
        same = same and own == (decays if falls else stays)
        said.append(f"{name}: {own}, loss {'decays or is 0' if falls else 'does not decay'}")
    rests = "limits of a_1, which is the diagonal of the block of size d - O(1), and the loss series"
    return ("confirmed" if same else "refuted"), "; ".join(said), "exact", rests


def _saddles_at_small_d(claim: Claim, context: Context) -> Outcome:
    saddles: list[str] = []
    minima: list[str] = []
    for name in claim.subject.split(","):
        point = context.named(name).at(SMALL_D, 10, layers=1)
        (saddles if point.negative else minima).append(name)
    found = f"at d = {SMALL_D}: saddles {', '.join(saddles) or 'none'}; minima {', '.join(minima) or 'none'}"
    rests = f"eigenvalues at d = {SMALL_D}, in more digits than floats; for the thresholds see symrelu thresholds"
    return ("refuted" if minima else "confirmed"), found, "numerical", rests


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "decay_rates": _decay_rates,
    "diagonal": _diagonal,
    "saddles_at_small_d": _saddles_at_small_d,
}
