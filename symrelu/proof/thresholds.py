"""Thresholds by two routes that must agree: followed numerically in mpmath, and enclosed in balls along the
certified path.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from symrelu.errors import Undecided
from symrelu.exact.balls import ball, working_bits
from symrelu.paths.threshold_result import Threshold, Thresholds
from symrelu.proof.sign_changes import ProvedThreshold, ProvedThresholds


@dataclass(frozen=True)
class Completeness:
    """The proof behind a list of thresholds."""

    down_to: Fraction
    count: int
    rests_on: str = ""

    def __str__(self) -> str:
        found = {0: "no threshold", 1: "the one threshold"}.get(self.count, f"all {self.count} thresholds")
        return (
            f"proved in ball arithmetic: {found} for d >= {float(self.down_to):.10g}; each bracket holds exactly one "
            "simple zero of a pivot of its block, and all other pivots keep their signs along the certified path from "
            "d = infinity" + (f"; {self.rests_on}" if self.rests_on else "")
        )


def with_proof(numerical: Thresholds, proved: ProvedThresholds, rests_on: str = "") -> Thresholds:
    """The numerical thresholds with the brackets that were proved, and the proof that none was missed.

    ``rests_on``: what the certified path assumes, "" for nothing. Where the proof is not complete the numerical answer
    stands, and its ``stopped_because`` says what is not proved.
    Raises Undecided if the two routes disagree, which would be a bug of one of them.
    """
    end = proved.followed_down_to
    above = [t for t in numerical.thresholds if t.bracket[0] > end]
    near = [t for t in numerical.thresholds if t.bracket[0] <= end <= t.bracket[1]]  # the proof says on which side
    if len(above) < len(proved.thresholds):
        above += near
    if not proved.complete and len(above) != len(proved.thresholds):
        return replace(numerical, stopped_because=f"{numerical.stopped_because}; not proved: {proved.reason}")
    thresholds = tuple(replace(t, bracket=p.bracket()) for t, p in _paired(above, proved.thresholds))
    rest = tuple(t for t in numerical.thresholds if t not in above and t not in near)
    if not proved.complete or rest:
        reason = proved.reason or f"below d = {float(end):.8g} nothing is proved"
        return replace(
            numerical,
            thresholds=thresholds + rest,
            stopped_because=f"{numerical.stopped_because}; not proved: {reason}",
        )
    because = f"{numerical.stopped_because}; {proved.reason}" if proved.reason else numerical.stopped_because
    return replace(
        numerical,
        thresholds=thresholds,
        followed_down_to=end,
        stopped_because=because,
        proof=Completeness(end, len(thresholds), rests_on),
    )


def _paired(
    numerical: Iterable[Threshold], proved: Iterable[ProvedThreshold]
) -> list[tuple[Threshold, ProvedThreshold]]:
    first, second = list(numerical), list(proved)
    by_place = {(p.component.name, p.branch, p.below): p for p in second}
    pairs = []
    for t in first:
        candidates = [p for p in second if (p.component.name, p.branch, p.below) == (t.component, t.branch, t.below)]
        p = min(candidates, key=lambda p: abs(float(p.d.mid()) - float(t.d)), default=None)
        if p is None or not _agree(t, p):
            raise Undecided(
                f"the threshold of {t.component} near d = {float(t.d):.10g} was found numerically but not by the "
                "proof; this is a bug, please report it"
            )
        pairs.append((t, p))
    if len(first) != len(second) or len({id(p) for _, p in pairs}) != len(second):
        missed = ", ".join(f"{c} at d = {float(p.d.mid()):.10g}" for (c, _, _), p in by_place.items())
        raise Undecided(f"the proof found thresholds that the numerical search missed ({missed}); please report it")
    return pairs


def _agree(t: Threshold, p: ProvedThreshold) -> bool:
    """The bracket of the numerical threshold, which is far wider than its error, meets the ball."""
    with working_bits(256):
        low, high = (ball(x) for x in t.bracket)
        return bool(low.union(high).overlaps(p.d))
