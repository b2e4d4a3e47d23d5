"""Claims about every d from some d on, decided by proofs in ball arithmetic along the certified path of a family."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from math import ceil
from weakref import WeakKeyDictionary

from flint import arb

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.errors import Undecided
from symrelu.exact.balls import ball, rounded_out
from symrelu.families import Family
from symrelu.paths.threshold_result import Threshold, Thresholds
from symrelu.proof.remainder import Remainder

DIGITS = 10
FROM = 9  # "for d >= 9" in Theorem 1
BELOW = Fraction(1, 100)  # how far below the highest threshold the proof goes on
EXISTENCE = "ball arithmetic: Taylor models at d = infinity, Krawczyk's test piece by piece"
RESTS = f"{EXISTENCE}, signs of all isotypic blocks"


_HIGHEST: WeakKeyDictionary[Family, Thresholds] = WeakKeyDictionary()  # several claims ask for the same proof


def highest_threshold(family: Family) -> Thresholds:
    """The thresholds down to just below the highest one, proved to be all above there (``complete``)."""
    if family not in _HIGHEST:
        _HIGHEST[family] = _highest_threshold(family)
    return _HIGHEST[family]


def _highest_threshold(family: Family) -> Thresholds:
    numerical = family.thresholds(DIGITS, prove=False)
    if not numerical.thresholds:
        return family.thresholds(DIGITS, FROM)
    first = min(Fraction(numerical.thresholds[0].bracket[0]), Fraction(FROM))
    return family.thresholds(DIGITS, Fraction(int((first - BELOW) * 1000), 1000))


def _minimum(claim: Claim, context: Context) -> Outcome:
    """A local minimum at every d >= 9: from the highest threshold on, and at the integers below it one by one."""
    family = context.family(claim)
    if family.series(2).loss.is_exact_zero:
        rests = "the loss is an expected square, never negative: a minimum has no negative Hessian eigenvalue"
        return "confirmed", "loss = 0 identically in d: a global minimum for every d", "exact", rests
    found = highest_threshold(family)
    if not found.complete or found.followed_down_to > FROM:
        return "undecided", found.stopped_because, "certified", RESTS
    first = family.prover().first_indices()
    if any(i.negative for i in first):
        names = ", ".join(i.component.name for i in first if i.negative)
        return "refuted", f"a saddle for all large d ({names})", "certified", RESTS
    if not found.thresholds:
        return "confirmed", f"a minimum for every real d >= {found.followed_down_to}", "certified", RESTS
    highest = found.thresholds[0]
    words = f"a minimum for every real d > {_beyond(highest)}, where {highest.component} turns {highest.below}"
    saddles = []
    for d in range(FROM, ceil(highest.bracket[1])):
        certificate = family.certify(d)
        if certificate.verdict != "saddle":
            return "undecided", f"{words}; at d = {d} the verdict is {certificate.verdict}", "certified", RESTS
        saddles.append(f"at d = {d} a saddle with {certificate.negative} negative directions")
    if saddles:
        return "refuted", f"{'; '.join(saddles)}; {words}", "certified", RESTS
    return "confirmed", words, "certified", RESTS


def _exists(claim: Claim, context: Context) -> Outcome:
    """A critical point at every real d >= 9, whatever its index."""
    family = context.family(claim)
    if family.series(2).loss.is_exact_zero:
        return "confirmed", "W = V at every d", "exact", "substitution"
    try:
        left = family.prover().existence(Fraction(FROM))
    except Undecided as error:
        return "undecided", str(error), "certified", EXISTENCE
    found = (
        f"one critical point near the series of {family.name} at every real d >= {FROM}: no entry is farther than "
        f"{_largest(left)} d**(-{left.order + 1}/2) from its terms through d**(-{Fraction(left.order, 2)})"
    )
    return "confirmed", found, "certified", f"{EXISTENCE}; unique in a ball; nothing is said about the index"


def _finite_d(claim: Claim, context: Context) -> Outcome:
    """Every family at every real d >= 9, with bounds on what its series leaves out."""
    told = []
    for name in claim.printed.split(","):
        try:
            left = context.named(name).prover().existence(Fraction(FROM))
        except Undecided as error:
            return "undecided", f"{name}: {error}", "certified", EXISTENCE
        told.append(f"{name} {_largest(left)}")
    found = (
        f"each spurious family has one critical point near its series at every real d >= {FROM}, and its entries are "
        f"the terms through d**(-{Fraction(left.order, 2)}) with errors of at most c d**(-{left.order + 1}/2), c = "
        f"{', '.join(told)}; the eigenvalues are exact expressions in these entries"
    )
    return "confirmed", found, "certified", EXISTENCE


def _saddle_then_minimum(claim: Claim, context: Context) -> Outcome:
    """A saddle at one d, a minimum from another on (``printed``: both)."""
    family = context.family(claim)
    low, high = (Fraction(x) for x in claim.printed.split(","))
    certificate = family.certify(low)
    if certificate.verdict not in ("saddle", "minimum"):
        return "undecided", f"at d = {low}: {certificate.verdict}", "certified", RESTS
    found = highest_threshold(family)
    if not found.complete or any(i.negative for i in family.prover().first_indices()):
        return "undecided", found.stopped_because, "certified", RESTS
    last = found.thresholds[0].bracket[1] if found.thresholds else Fraction(0)
    directions = f"{certificate.negative} negative direction{'' if certificate.negative == 1 else 's'}"
    words = f"at d = {low} a {certificate.verdict} with {directions}; a minimum for every "
    words += f"real d > {_beyond(found.thresholds[0])}" if found.thresholds else f"real d >= {found.followed_down_to}"
    same = certificate.verdict == "saddle" and last < high
    return ("confirmed" if same else "refuted"), words, "certified", RESTS


def _threshold(claim: Claim, context: Context) -> Outcome:
    """The printed d at which stability changes, against every threshold of the family."""
    family = context.family(claim)
    found = family.thresholds(2 * DIGITS)
    if not found.complete or found.followed_down_to > Fraction(claim.printed):
        return "undecided", found.stopped_because, "certified", RESTS
    ours = ", ".join(f"{_short(t.d, 2 * DIGITS)} ({t.component}, {t.below} below)" for t in found.thresholds) or "none"
    words = (
        f"changes of sign for d >= {float(found.followed_down_to):g}: {ours}, and no other; printed: {claim.printed}"
    )
    printed = Fraction(claim.printed)
    places = len(claim.printed.partition(".")[2])
    same = any(abs(Fraction(t.bracket[0]) - printed) <= Fraction(1, 10**places) for t in found.thresholds)
    return ("confirmed" if same else "refuted"), words, "certified", RESTS


def _positive_loss(claim: Claim, context: Context) -> Outcome:
    """The loss is positive at every real d >= 9."""
    prover = context.family(claim).prover()
    low = prover.least_loss(Fraction(FROM))
    return "confirmed", f"d * loss >= {rounded_out(low, 4, up=False)} for every real d >= {FROM}", "certified", RESTS


def _beyond(threshold: Threshold) -> str:
    """A decimal that is not below the threshold."""
    return rounded_out(ball(Fraction(threshold.bracket[1])), DIGITS)


def _largest(left: Remainder) -> str:
    """The largest of the bounds on what the series of the entries leave out."""
    return rounded_out(reduce(arb.max, map(left.bound, left.constants)))


def _short(x: object, digits: int = DIGITS) -> str:
    from mpmath import nstr

    return str(nstr(x, digits))


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "minimum": _minimum,
    "exists": _exists,
    "finite_d": _finite_d,
    "saddle_then_minimum": _saddle_then_minimum,
    "threshold": _threshold,
    "positive_loss": _positive_loss,
}
