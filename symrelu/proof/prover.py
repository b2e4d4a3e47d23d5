"""Proofs about one family: certificates at one d or from some d on, and every threshold of a range.

The certified path is computed once and continued when more of it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb, arb_poly

from symrelu.errors import BadInput, SymreluError, Undecided
from symrelu.exact.arithmetic import BallArithmetic
from symrelu.exact.balls import decimal, working_bits
from symrelu.exact.bounded import Domain, horner
from symrelu.model.reduced import Problem
from symrelu.paths.equations import meaningless_below
from symrelu.proof.certificate import Certificate, Remainder, Verdict
from symrelu.proof.constant import Constant, constant_pieces
from symrelu.proof.crossing import Crossing, join, refine, scan_piece
from symrelu.proof.inertia import BlockIndex, UndecidedBlock, first_layer_copies
from symrelu.proof.pieces import BITS, Middle, Piece, Tail, ball
from symrelu.proof.point import Box, enclose, index_at, present, same_point
from symrelu.proof.tube import TAIL_ORDER, BrokenOff, Tube, extend, prove_tail, t_of
from symrelu.series.lifting import Lifted, Progress
from symrelu.spectrum.blocks import all_copies
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotypic import Component

if TYPE_CHECKING:
    from symrelu.families import Family

SERIES_GUARD = 6  # terms beyond the tail's order: for the preconditioner, and for the checker
MOST_BITS = 4096


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
    multiplicity: Any


@dataclass(frozen=True, eq=False)
class ProvedThresholds:
    """Every sign change of an eigenvalue along the certified path, in descending d.

    ``complete``: all blocks were decided on the whole of [followed_down_to, infinity), the crossings' intervals left
    out, each of which holds exactly one; ``reason`` says what was left undecided if not.
    """

    thresholds: tuple[ProvedThreshold, ...]
    followed_down_to: Fraction
    complete: bool
    reason: str
    digits: int
    first: tuple[BlockIndex, ...]  # the index of every block for all large d


class Prover:
    """Proves things about a family; ``family.prover()`` keeps one.

    Parameter: ``family``. The blocks are those of its actual isotropy group.
    """

    def __init__(self, family: Family) -> None:
        self.family = family
        lifted = family.lifted(TAIL_ORDER + SERIES_GUARD)
        actual = family.actual
        self.isotropy = actual.isotropy
        self.problem = Problem(FixedSpace(actual.isotropy), family.problem.kernel)
        self.lifted: Lifted = replace(lifted, entries=tuple(lifted.entries[i] for i in actual.sources))
        self.limit = tuple(family.key.limit[i] for i in actual.sources)
        self._tubes: dict[bool, Tube] = {}
        self._constants: list[Constant] = []

    @property
    def is_constant(self) -> bool:
        """Whether the entries do not depend on d."""
        return self.lifted.known is None

    # -- the certified path --------------------------------------------------------------------------------------------

    def tube(self, t_end: Fraction, with_index: bool, progress: Progress | None = None) -> Tube:
        """The certified path for all t in (0, t_end]; BrokenOff where it cannot be continued."""
        tube = self._tubes.get(with_index)
        other = self._tubes.get(not with_index)
        if not with_index and other is not None and other.t_to >= t_end:
            return other
        if tube is None:
            if other is None:
                tube = Tube(self.problem, *prove_tail(self.problem, self.lifted, True, progress))
            elif with_index:
                tube = Tube(self.problem, other.tail, other.tail_point)
            else:  # continued without indices
                tube = Tube(self.problem, other.tail, other.tail_point, list(other.pieces), list(other.points))
            self._tubes[with_index] = tube
        extend(tube, t_end, with_index, progress)
        return tube

    def _box(self, d: Fraction, digits: int, last: Piece) -> Box:
        """The critical point at d in a box of ``digits`` digits, proved to be the path's."""
        bits = _bits(d, digits)
        while True:
            with working_bits(bits):
                exact = ball(d)
                near = last.enclosure((1 / exact).sqrt(), bits)
            box = enclose(self.problem, near, exact, bits)
            same_point(self.problem, near, box.entries, exact, bits)
            if all(decimal(x, digits) is not None for x in box.entries) or bits > MOST_BITS:
                return box
            bits *= 2

    def first_indices(self) -> tuple[BlockIndex, ...]:
        """The index of every block for all large d."""
        return self.tube(Fraction(1, 1 << 40), False).tail.indices

    # -- certificates --------------------------------------------------------------------------------------------------

    def at(self, d: Fraction, digits: int = 15, progress: Progress | None = None) -> Certificate:
        """A certificate at one d: the family, followed from d = infinity, exists there, and its index.

        Raises BadInput for a d at which a block size is meaningless.
        """
        self._check(d)
        try:
            if self.is_constant:
                pieces: tuple[Any, ...] = (Constant(Fraction(0), t_of(d), self.lifted.entries, ()),)
                bits = _bits(d, digits)
                with working_bits(bits):
                    field = self.lifted.field
                    box = Box(ball(d), tuple(field.ball(x[0], bits) for x in self.lifted.entries))
            else:
                tube = self.tube(t_of(d), False, progress)
                pieces = self._pieces(tube, t_of(d))
                box = self._box(d, digits, pieces[-1])
        except BrokenOff as error:
            return self._certificate("undecided", str(error), d=d, digits=digits)
        indices: tuple[BlockIndex, ...] = ()
        reason = ""
        for bits in (_bits(d, digits), 4 * _bits(d, digits)):
            try:
                indices = index_at(self.problem, box, d, bits)
                break
            except UndecidedBlock as error:
                reason = str(error)
                if not self.is_constant:
                    box = self._box(d, int(bits / 3.33), pieces[-1])
        if not indices:
            verdict: Verdict = "degenerate" if "exactly 0" in reason else "undecided"
            return self._certificate(verdict, reason, d=d, digits=digits, enclosure=box.entries, pieces=pieces)
        return self._certificate(
            _verdict(indices), "", d=d, digits=digits, indices=indices, enclosure=box.entries, pieces=pieces
        )

    def from_d(self, d: Fraction, digits: int = 15, order: int = 6, progress: Progress | None = None) -> Certificate:
        """A certificate for all real d >= ``d``: existence, index, and the remainder of the series through t**order.

        Raises BadInput for a d at which a block size is meaningless, and for an order outside 0 .. 9.
        """
        self._check(d, range_below=True)
        if not 0 <= order < TAIL_ORDER:
            raise BadInput(f"the remainder's order {order} was given; it must lie between 0 and {TAIL_ORDER - 1}")
        t_end = t_of(d)
        if self.is_constant:
            try:
                self._constants = constant_pieces(self.problem, self.lifted.entries, t_end, progress)
            except Undecided as error:
                return self._certificate("undecided", str(error), from_d=d, digits=digits)
            box = self._constants[-1].enclosure(t_end)
            indices = self._constants[0].indices
            return self._certificate(
                _verdict(indices),
                "",
                from_d=d,
                digits=digits,
                indices=indices,
                enclosure=box,
                pieces=tuple(self._constants),
            )
        try:
            tube = self.tube(t_end, True, progress)
        except BrokenOff as error:
            return self._broken(d, digits, order, error, progress)
        except UndecidedBlock as error:
            return self._certificate("undecided", str(error), from_d=d, digits=digits)
        pieces = self._pieces(tube, t_end)
        jumps = [p for p in pieces if [i.negative for i in p.indices] != [i.negative for i in pieces[0].indices]]
        if jumps:
            raise Undecided("the index jumps between two pieces of a path; this is a bug, please report it")
        entries = self._box(d, digits, pieces[-1]).entries
        indices = pieces[0].indices
        remainder = self._remainder(pieces, t_end, order, d)
        return self._certificate(
            _verdict(indices),
            "",
            from_d=d,
            digits=digits,
            indices=indices,
            enclosure=entries,
            pieces=pieces,
            remainder=remainder,
        )

    def _broken(self, d: Fraction, digits: int, order: int, error: BrokenOff, progress: Progress | None) -> Certificate:
        """What can be said where the index is not constant, or the path ends."""
        if not isinstance(error.cause, UndecidedBlock):
            return self._certificate("undecided", str(error), from_d=d, digits=digits)
        found = self.thresholds(8, d, progress)
        if not found.thresholds:
            return self._certificate("undecided", found.reason or str(error), from_d=d, digits=digits)
        shown = ", ".join(f"{t.component.name} at d = {decimal(t.d, 8)}" for t in found.thresholds)
        pieces: tuple[Piece, ...] = ()
        box: Sequence[arb] = ()
        remainder = None
        if found.followed_down_to <= d:
            pieces = self._pieces(self._tubes[False], t_of(d))
            box = self._box(d, digits, pieces[-1]).entries
            remainder = self._remainder(pieces, t_of(d), order, d)
        return self._certificate(
            "index changes",
            f"an eigenvalue changes sign: {shown}",
            from_d=d,
            digits=digits,
            enclosure=box,
            pieces=pieces,
            remainder=remainder,
        )

    @staticmethod
    def _pieces(tube: Tube, t_end: Fraction) -> tuple[Piece, ...]:
        """The tail and the pieces up to the one that holds t_end."""
        return (tube.tail, *(p for p in tube.pieces if p.t_from < t_end))

    def _certificate(
        self,
        verdict: Verdict,
        reason: str,
        *,
        digits: int,
        d: Fraction | None = None,
        from_d: Fraction | None = None,
        indices: tuple[BlockIndex, ...] = (),
        enclosure: Sequence[arb] = (),
        pieces: tuple[Any, ...] = (),
        remainder: Remainder | None = None,
    ) -> Certificate:
        return Certificate(
            family=self.family.name,
            isotropy=self.isotropy,
            limit=self.limit,
            names=tuple(self.problem.space.names),
            verdict=verdict,
            reason=reason,
            d=d,
            from_d=from_d,
            negative=self._count(indices, d),
            indices=indices,
            enclosure=tuple(enclosure),
            digits=digits,
            pieces=pieces,
            remainder=remainder,
            label=self.family.key.label(),
        )

    def _count(self, indices: tuple[BlockIndex, ...], d: Fraction | None) -> int | None:
        """The number of negative directions with multiplicity: an integer at an integer d, or 0 for all d."""
        if not indices:
            return None
        if not any(i.negative for i in indices):
            return 0
        if d is None or d.denominator != 1:
            return None
        return sum(i.negative * i.component.dimension(self.isotropy).at(int(d)) for i in indices)

    def _check(self, d: Fraction, range_below: bool = False) -> None:
        """Raise BadInput where the isotypic blocks have no meaning.

        The Gram matrix of the copies of s_i is definite for a block of more than two rows; at exactly two they are
        dependent, and a maximal independent set serves at that d alone; below, index has no meaning.
        """
        self.family.path().check(d)
        bound = meaningless_below(self.isotropy, 2)
        if bound is None or d > bound[0] or (d == bound[0] and not range_below):
            return
        raise BadInput(
            f"d = {d} was given; block {bound[1] + 1} of size {self.isotropy.blocks[bound[1]]} must have more than two "
            f"rows for the Hessian's blocks to have an index{' near d' if d == bound[0] else ''}: give d > {bound[0]}"
        )

    # -- the remainder of the series -----------------------------------------------------------------------------------

    def _remainder(self, pieces: Sequence[Piece], t_end: Fraction, order: int, d: Fraction) -> Remainder:
        """Balls around (a_i - terms through t**order)/t**(order + 1), for all t in (0, t_end]."""
        constants = {}
        with working_bits(BITS):
            for i, name in enumerate(self.problem.space.names):
                total: arb | None = None
                for piece in pieces:
                    quotient = (
                        _tail_quotient(piece, i, order) if isinstance(piece, Tail) else self._quotient(piece, i, order)
                    )
                    total = quotient if total is None else total.union(quotient)
                assert total is not None
                constants[name] = total
        return Remainder(order, d, constants)

    def _quotient(self, piece: Middle, i: int, order: int) -> arb:
        series = self.lifted.entries[i]
        bits = BITS
        below = [arb(0)] * (order + 1)
        for k in range(order + 1):
            below[k] = series.field.ball(series[k], bits) if series[k] else arb(0)
        center = ball(piece.center)
        moved = arb_poly(below)(arb_poly([center, arb(1)])).coeffs()
        own = list(piece.polynomial[i])
        length = max(len(own), len(moved))
        difference = [
            (own[k] if k < len(own) else arb(0)) - (moved[k] if k < len(moved) else arb(0)) for k in range(length)
        ]
        box = arb(0, 1) * piece.box[i]
        total: arb | None = None
        for part in Domain((piece.t_to - piece.t_from) / 2, 1, bits, symmetric=True).parts:
            value = (horner(difference, part) + box) / (center + part) ** (order + 1)
            total = value if total is None else total.union(value)
        assert total is not None
        return total

    # -- the loss ------------------------------------------------------------------------------------------------------

    def least_loss(self, d: Fraction, progress: Progress | None = None) -> arb:
        """A lower bound of d * loss (of t**-2 loss) over all real dimensions >= ``d`` along the family, as an exact
        ball.

        Raises BrokenOff where the path cannot be certified down to d.
        """
        tube = self.tube(t_of(d), False, progress)
        with working_bits(BITS):
            tail = tube.tail_point.loss()
            power = min(tail.valuation, 2)  # t**-2 loss = (loss/t**power)/t**(2 - power)
            least = (tail.over(power) / ball(tube.tail.t_to) ** (2 - power)).lower()
            for piece, point in zip(tube.pieces, tube.points, strict=True):
                if piece.t_from < t_of(d):
                    least = least.min((point.loss().range() / ball(piece.t_to) ** 2).lower())
            return least

    # -- thresholds ----------------------------------------------------------------------------------------------------

    def thresholds(
        self, digits: int = 20, down_to: Fraction | None = None, progress: Progress | None = None
    ) -> ProvedThresholds:
        """Every d from ``down_to`` upwards at which an eigenvalue changes sign, to ``digits`` digits, proved.

        Without ``down_to``: as far as the path can be certified.
        """
        lowest = self._lowest() if down_to is None else down_to
        self._check(lowest, range_below=True)
        reason = ""
        if self.is_constant:
            return self._constant_thresholds(lowest, digits, progress)
        try:
            tube = self.tube(t_of(lowest), False, progress)
        except BrokenOff as error:
            tube, reason = error.tube, str(error)
        crossings: list[Crossing] = []
        undecided: list[str] = []
        end_t = t_of(lowest)
        pieces = [(p, q) for p, q in zip(tube.pieces, tube.points, strict=True) if p.t_from < end_t]
        copies = first_layer_copies(self.isotropy)
        for n, of in enumerate(copies):
            if progress:
                progress(f"signs of the block {of.component.name} ({n + 1} of {len(copies)})")
            first = next(i for i in tube.tail.indices if i.component == of.component)
            try:
                scans = [scan_piece(self.problem, p, q, of) for p, q in pieces]
                whole = join(scans) if scans else None
            except UndecidedBlock as error:
                undecided.append(str(error))
                continue
            if whole is not None:
                if whole.first.negative != first.negative:
                    undecided.append(f"the index of {of.component.name} jumps at the end of the tail")
                    continue
                crossings += whole.crossings
        found = []
        for crossing in sorted(crossings, key=lambda c: c.low):
            if progress:
                progress(
                    f"refining the threshold of {crossing.component.name} near d = {float(1 / crossing.low**2):.6g}"
                )
            threshold = self._refined(tube, crossing, digits)
            if self._occurs(threshold) and not threshold.d < ball(lowest):
                found.append(threshold)
        end = max(lowest, _floor_d(tube.t_to))
        return ProvedThresholds(
            tuple(found),
            end,
            not undecided,
            "; ".join([*undecided, *([reason] if reason else [])]),
            digits,
            tube.tail.indices,
        )

    def _refined(self, tube: Tube, crossing: Crossing, digits: int) -> ProvedThreshold:
        piece = tube.piece_at(crossing.low)
        with working_bits(BITS):
            over = piece.enclosure(ball(crossing.low).union(ball(crossing.high)))
        d = refine(self.problem, crossing, over, digits)
        first = next(i for i in tube.tail.indices if i.component == crossing.component)
        # the eigenvalue's place among the nonzero ones, ascending; the rescaling zeros lie between negative and
        # positive ones
        place = crossing.index + 1 if crossing.below < 0 else crossing.index
        zeros = len(next(c for c in all_copies(self.isotropy, True) if c.component == crossing.component)) - first.size
        branch = place if place <= first.negative else place + zeros
        below = "negative" if crossing.below < 0 else "positive"
        return ProvedThreshold(d, crossing.component, branch, below, crossing.component.dimension(self.isotropy))

    def _occurs(self, threshold: ProvedThreshold) -> bool:
        """Whether the component occurs at the threshold: its dimension there is positive."""
        with working_bits(BITS):
            dimension = arb(1)
            for factor in threshold.multiplicity.factors:
                dimension = dimension * factor.at(threshold.d)
            return not dimension * ball(threshold.multiplicity.coefficient) <= 0

    def _constant_thresholds(self, lowest: Fraction, digits: int, progress: Progress | None) -> ProvedThresholds:
        try:
            pieces = constant_pieces(self.problem, self.lifted.entries, t_of(lowest), progress)
        except Undecided as error:
            return ProvedThresholds((), lowest, False, str(error), digits, ())
        return ProvedThresholds((), lowest, True, "", digits, pieces[0].indices)

    def _lowest(self) -> Fraction:
        """A d just above where the path ends, or a block becomes meaningless."""
        end = self.family.path().end()
        d = Fraction(str(end.d)) if not isinstance(end.d, Fraction) else end.d
        bound = meaningless_below(self.isotropy, 2)
        if bound is not None:
            d = max(d, bound[0])
        return Fraction(int((d + MARGIN) * 10**4) + 1, 10**4)


MARGIN = Fraction(1, 1000)


def _tail_quotient(tail: Tail, i: int, order: int) -> arb:
    """A ball around (a_i - terms through t**order)/t**(order + 1) on the tail."""
    p = tail.polynomial[i]
    coefficients = [p.field.ball(p[k], BITS) if p[k] else arb(0) for k in range(order + 1, tail.order)]
    total: arb | None = None
    for part in Domain(tail.t_to, 1, BITS).parts:
        value = horner([*coefficients, tail.box[i]], part)
        total = value if total is None else total.union(value)
    assert total is not None
    return total


def _verdict(indices: Sequence[BlockIndex]) -> Verdict:
    return "saddle" if any(i.negative for i in indices) else "minimum"


def _bits(d: Fraction, digits: int) -> int:
    """Working bits for so many digits at d: sums over blocks lose about three times the digits of d."""
    return max(int(3.33 * digits) + 64 + 4 * max(int(d).bit_length(), 1), BITS)


def _floor_d(t: Fraction) -> Fraction:
    """The least d that a path to t covers, rounded up."""
    return Fraction(-(-(10**9 * t.denominator**2) // t.numerator**2), 10**9)


__all__ = ["BallArithmetic", "ProvedThreshold", "ProvedThresholds", "Prover", "SymreluError", "present"]
