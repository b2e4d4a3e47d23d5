"""Deciding remarks of the main paper on its families: rates, diagonals, saddles at small d."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_series import printed_series

SMALL_D = 5
ORDER = 8  # of series whose leading terms are looked at


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


def _odd_sines(claim: Claim, context: Context) -> Outcome:
    """Whether a Gram root g = |u| |v| sin(angle) of two rows begins with an odd power of d**(-1/2)."""
    from symrelu.exact.arithmetic import SeriesArithmetic
    from symrelu.exact.series import dimension

    said, odd = [], []
    for name in claim.subject.split(","):
        one = context.named(name)
        lifted = one.lifted(ORDER)
        arithmetic = SeriesArithmetic(lifted.field, lifted.ramification)
        entries = [x.exact().truncate(ORDER) for x in lifted.entries]
        point = one.problem.at(arithmetic, entries, dimension(lifted.field, lifted.ramification))
        grams = [
            pair.gram for a in range(len(point.student.orbits)) for pair in point.pairs(a) if not pair.gram.parallel
        ]
        lengths = {x.valuation % 2 for gram in grams for x in (gram.p, gram.q, gram.s) if x.coefficients}
        powers = sorted({gram.g.valuation for gram in grams if gram.g.valuation % 2})
        odd.append(bool(powers) and lengths == {0})
        said.append(f"{name}: {', '.join(f'd**(-{power}/2)' for power in powers) or 'none'}")
    found = f"leading powers of |u| |v| sin(angle of rows u, v) that are odd in d**(-1/2): {'; '.join(said)}"
    rests = "the Gram entries as exact series: <u, u> and <u, v> all begin with powers of 1/d; that these are the cause"
    return (
        ("confirmed" if all(odd) == (claim.printed == "angles") else "refuted"),
        found,
        "derived",
        f"{rests} is an argument",
    )


def _more_by_one(claim: Claim, context: Context) -> Outcome:
    """Whether a row split in two makes a family a saddle, and a new neuron at 0 lowers its loss, for all large d."""
    from symrelu.splitting.series import width_series

    said, lowered = [], []
    for name in claim.subject.split(","):
        series = width_series(context.named(name), 3)
        slopes = [x for _, x in series.slopes if x.coefficients and x.field.sign(x.leading) < 0]
        rows = [row for row in range(len(series.isotropy.rows)) if series.negative(row)]
        lowered.append(bool(slopes) and bool(rows))
        split = "each row" if len(rows) == len(series.isotropy.rows) else f"the rows of {len(rows)} orbits"
        said.append(f"{name}: {split} split, slope {f'({slopes[0].leading})*d**(-1)' if slopes else 'not negative'}")
    found = f"directions that lower the loss with one neuron more, {'; '.join(said)}"
    rests = "eigenvalues of the form of splitting and slopes of a new neuron at 0 (symrelu widths) as exact series"
    return ("confirmed" if all(lowered) else "refuted"), found, "exact", rests


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "decay_rates": _decay_rates,
    "diagonal": _diagonal,
    "saddles_at_small_d": _saddles_at_small_d,
    "odd_sines": _odd_sines,
    "more_by_one": _more_by_one,
}
