"""Every sign change of an eigenvalue along the certified path of a family."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb

from symrelu.errors import Undecided
from symrelu.exact.balls import ball, working_bits
from symrelu.paths.equations import meaningless_below
from symrelu.proof.constant import constant_pieces
from symrelu.proof.crossing import Crossing, join, refine, scan_piece
from symrelu.proof.inertia import BlockIndex, UndecidedBlock, copies_of
from symrelu.proof.pieces import BITS
from symrelu.proof.point import fraction
from symrelu.proof.tube import BrokenOff, Tube, t_of
from symrelu.series.lifting import Progress
from symrelu.spectrum.blocks import all_copies
from symrelu.symmetry.isotypic import Component, Dimension

if TYPE_CHECKING:
    from symrelu.proof.prover import Prover

MARGIN = Fraction(1, 1000)  # above the end of a path: nearer to it pieces become narrow
MOST_DIGITS = 200  # to which a threshold near the end of the range asked for is refined, to tell on which side it lies


@dataclass(frozen=True, eq=False)
class ProvedThreshold:
    """One sign change: ``d`` a ball around the only place in its interval, ``component`` and ``branch`` (numbered as
    in the spectrum of both layers at large d), ``below`` "negative" or "positive", ``multiplicity`` of the
    eigenvalue.
    """

    d: arb
    component: Component
    branch: int
    below: str
    multiplicity: Dimension

    def bracket(self) -> tuple[Fraction, Fraction]:
        """The ends of the ball, exactly."""
        middle, radius = fraction(self.d.mid()), fraction(self.d.rad())
        return middle - radius, middle + radius


@dataclass(frozen=True, eq=False)
class ProvedThresholds:
    """Every sign change of an eigenvalue along the certified path, in descending d.

    ``complete``: all blocks were decided on the whole of [followed_down_to, infinity), the brackets left out, each of
    which holds exactly one sign change; ``reason`` says what was left undecided if not, and what ended the path.
    """

    thresholds: tuple[ProvedThreshold, ...]
    followed_down_to: Fraction
    complete: bool
    reason: str
    digits: int
    first: tuple[BlockIndex, ...]  # the index of every block for all large d


def sign_changes(
    prover: Prover, digits: int = 20, down_to: Fraction | None = None, progress: Progress | None = None
) -> ProvedThresholds:
    """Every d from ``down_to`` upwards at which an eigenvalue changes sign, to ``digits`` digits, proved.

    Without ``down_to``: as far as the path can be certified. Raises BadInput for a bound where blocks have no index.
    """
    lowest = lowest_d(prover) if down_to is None else down_to
    prover.check(lowest, range_below=True)
    if prover.is_constant:
        return _of_constant(prover, lowest, digits, progress)
    reasons: list[str] = []
    try:
        tube = prover.tube(t_of(lowest), False, progress)
    except BrokenOff as error:
        tube = error.tube
        reasons.append(str(error))
    except Undecided as error:
        return ProvedThresholds((), lowest, False, str(error), digits, ())
    if not tube.tail.indices:
        reason = "the sign of an eigenvalue for all large d is not decided"
        return ProvedThresholds((), lowest, False, reason, digits, ())
    end = lowest if tube.t_to**2 * lowest >= 1 else _floor_d(tube.t_to)
    pieces = [(p, q) for p, q in zip(tube.pieces, tube.points, strict=True) if p.t_from**2 * end <= 1]
    crossings: list[Crossing] = []
    complete = True
    copies = copies_of(prover.problem)
    for n, of in enumerate(copies):
        if progress:
            progress(f"signs of the block {of.component.name} ({n + 1} of {len(copies)})")
        first = next(i for i in tube.tail.indices if i.component == of.component)
        try:
            whole = join([scan_piece(prover.problem, p, q, of) for p, q in pieces]) if pieces else None
            if whole is not None and whole.first.negative != first.negative:
                raise UndecidedBlock(of.component, f"the index of {of.component.name} jumps at the end of the tail")
        except UndecidedBlock as error:
            complete = False
            reasons.append(str(error))
            continue
        crossings += whole.crossings if whole is not None else ()
    found = []
    for crossing in sorted(crossings, key=lambda c: c.low):
        if progress:
            progress(f"refining the threshold of {crossing.component.name} near d = {float(1 / crossing.low**2):.6g}")
        threshold = _inside(prover, tube, crossing, digits, end)
        if threshold is not None and _occurs(threshold):
            found.append(threshold)
    return ProvedThresholds(tuple(found), end, complete, "; ".join(reasons), digits, tube.tail.indices)


def _inside(prover: Prover, tube: Tube, crossing: Crossing, digits: int, end: Fraction) -> ProvedThreshold | None:
    """The threshold, refined until it is known on which side of ``end`` it lies; None if below."""
    while True:
        threshold = _refined(prover, tube, crossing, digits)
        low, high = threshold.bracket()
        if low > end:
            return threshold
        if high < end:
            return None
        digits *= 2
        if digits > MOST_DIGITS:
            raise Undecided(
                f"a threshold of {crossing.component.name} agrees with d = {end} to {MOST_DIGITS // 2} digits: whether "
                "it lies in the range is not decided; give a bound that is farther from it"
            )


def _refined(prover: Prover, tube: Tube, crossing: Crossing, digits: int) -> ProvedThreshold:
    piece = tube.piece_at(crossing.low)
    with working_bits(BITS):
        over = piece.enclosure(ball(crossing.low).union(ball(crossing.high)))
    d = refine(prover.problem, crossing, over, digits)
    first = next(i for i in tube.tail.indices if i.component == crossing.component)
    # the eigenvalue's place among the nonzero ones, ascending; the rescaling zeros lie between the negative and the
    # positive ones
    place = crossing.index + 1 if crossing.below < 0 else crossing.index
    zeros = len(next(c for c in all_copies(prover.isotropy, True) if c.component == crossing.component)) - first.size
    branch = place if place <= first.negative else place + zeros
    below = "negative" if crossing.below < 0 else "positive"
    return ProvedThreshold(d, crossing.component, branch, below, crossing.component.dimension(prover.isotropy))


def _occurs(threshold: ProvedThreshold) -> bool:
    """False if it is proved that the component's dimension at the threshold is 0 or less: there it is absent."""
    with working_bits(BITS):
        dimension = ball(threshold.multiplicity.coefficient)
        for factor in threshold.multiplicity.factors:
            dimension = dimension * factor.at(threshold.d)
        absent = dimension <= 0  # three-valued: False where it is not decided
    return not absent


def _of_constant(prover: Prover, lowest: Fraction, digits: int, progress: Progress | None) -> ProvedThresholds:
    try:
        pieces = constant_pieces(prover.problem, prover.lifted.entries, t_of(lowest), progress)
    except Undecided as error:
        return ProvedThresholds((), lowest, False, str(error), digits, ())
    return ProvedThresholds((), lowest, True, "", digits, pieces[0].indices)


def lowest_d(prover: Prover) -> Fraction:
    """A d just above where the path ends, or a block has two rows."""
    end = prover.family.path().end()
    d = Fraction(str(end.d)) if not isinstance(end.d, Fraction) else end.d
    bound = meaningless_below(prover.isotropy, 2)
    asked = meaningless_below(prover.family.key.isotropy)
    for least in (bound, asked):
        if least is not None:
            d = max(d, least[0])
    return Fraction(int((d + MARGIN) * 10**4) + 1, 10**4)


def _floor_d(t: Fraction) -> Fraction:
    """A d with nine decimals that a path to t covers, the least such."""
    return Fraction(-(-(10**9 * t.denominator**2) // t.numerator**2), 10**9)
