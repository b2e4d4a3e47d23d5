"""Proofs about one family: certificates at one d or from some d on, and every threshold of a range.

The certified path is computed once and continued when more of it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from symrelu.catalogue import diagonal_signs
from symrelu.errors import BadInput, Undecided
from symrelu.exact.balls import ball, decimal, working_bits
from symrelu.exact.constants import BallField
from symrelu.model.reduced import ReducedPoint
from symrelu.paths.equations import meaningless_below
from symrelu.proof.certificate import Certificate, Verdict
from symrelu.proof.constant import Constant, constant_pieces
from symrelu.proof.inertia import BlockIndex, UndecidedBlock
from symrelu.proof.pieces import BITS, Piece, Tail
from symrelu.proof.point import Box, enclose, index_at, same_point
from symrelu.proof.remainder import Remainder, exact_remainder, remainder_of
from symrelu.proof.sign_changes import sign_changes
from symrelu.proof.tube import TAIL_ORDER, BrokenOff, Tube, extend, prove_tail, t_of
from symrelu.series.lifting import Lifted, Progress

if TYPE_CHECKING:
    from symrelu.families import Family

SERIES_GUARD = 6  # terms beyond the tail's order: for the preconditioner, and for the checker
MOST_BITS = 4096


class Prover:
    """Proves things about a family; ``family.prover()`` keeps one.

    Parameter: ``family``. The blocks are those of its actual isotropy group.
    """

    def __init__(self, family: Family) -> None:
        self.family = family
        lifted = family.lifted(TAIL_ORDER + SERIES_GUARD, bits=family.working_bits)
        actual = family.actual
        self.isotropy = actual.isotropy
        self.problem = family.actual_problem
        self.lifted: Lifted = replace(lifted, entries=family.in_actual(lifted.entries))
        self.limit = tuple(family.limit[i] for i in actual.sources)
        self._tubes: dict[bool, Tube] = {}
        self._end: tuple[Tail, ReducedPoint] | None = None
        self._end_failed: Undecided | None = None  # why the end at infinity, or a block's sign there, is not proved

    @property
    def _ramified(self) -> str:
        return (
            f"its entries are series in d**(-1/{self.lifted.ramification}), and certificates cover series in d**(-1/2) "
            "only; evaluate it numerically instead"
        )

    @property
    def _checkable(self) -> bool:
        """Whether the independent checker knows this loss and these numbers."""
        limits = [x for x in self.limit if x is not None]
        return (
            self.family.key.setting.is_default
            and self.isotropy.is_diagonal
            and not isinstance(self.lifted.field, BallField)
            and len(limits) == len(self.limit)
            and diagonal_signs(self.isotropy, limits) is not None
        )

    @property
    def is_constant(self) -> bool:
        """Whether the entries do not depend on d."""
        return self.lifted.known is None

    # -- the certified path --------------------------------------------------------------------------------------------

    def _proved_end(self, with_index: bool, progress: Progress | None) -> tuple[Tail, ReducedPoint]:
        """The end at infinity, with the index of every block where that is proved; Undecided where it, or, if
        ``with_index``, a block's index is not.
        """
        if self._end is None and self._end_failed is None:
            try:
                self._end = prove_tail(self.problem, self.lifted, True, progress)
            except Undecided as error:
                self._end_failed = error
                if isinstance(error, UndecidedBlock):  # the family is proved for all large d, its index is not
                    self._end = prove_tail(self.problem, self.lifted, False, progress)
        if self._end is None or (with_index and self._end_failed is not None):
            assert self._end_failed is not None
            raise self._end_failed
        return self._end

    def tube(self, t_end: Fraction, with_index: bool, progress: Progress | None = None) -> Tube:
        """The certified path for all t in (0, t_end]; BrokenOff where it cannot be continued, Undecided where its end
        at infinity is not proved. Without ``with_index`` the tail has no indices if a sign there is not decided.
        """
        tube = self._tubes.get(with_index)
        other = self._tubes.get(not with_index)
        if not with_index and other is not None and other.t_to >= t_end:
            return other
        if tube is None:
            if other is None:
                tube = Tube(self.problem, *self._proved_end(with_index, progress))
            elif with_index:
                tube = Tube(self.problem, *self._proved_end(True, progress))
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
        """The index of every block for all large d; Undecided where it is not proved."""
        return self._proved_end(True, None)[0].indices

    def existence(self, d: Fraction, order: int = 6, progress: Progress | None = None) -> Remainder:
        """A proof that the family, followed from d = infinity, exists at every real dimension >= ``d``: the remainder
        there of its series through t**order. Nothing is said about its index, which may change.

        Raises BadInput for a d or an order as :meth:`from_d` does, BrokenOff where the path cannot be certified down to
        d, Undecided where its end at infinity is not proved.
        """
        self._check_range(d, order)
        if self.lifted.ramification != 2:
            raise Undecided(self._ramified)
        if self.is_constant:
            return exact_remainder(self.problem.names, order, d)
        pieces = self._pieces(self.tube(t_of(d), False, progress), d)
        return remainder_of(self.problem.space.names, self.lifted.entries, pieces, order, d)

    # -- certificates --------------------------------------------------------------------------------------------------

    def at(self, d: Fraction, digits: int = 15, progress: Progress | None = None) -> Certificate:
        """A certificate at one d: the family, followed from d = infinity, exists there, and its index.

        Raises BadInput for a d at which a block size is meaningless.
        """
        self.check(d)
        if self.lifted.ramification != 2:
            return self._certificate("undecided", self._ramified, d=d, digits=digits)
        try:
            if self.is_constant:
                pieces: tuple[Any, ...] = (Constant(Fraction(0), t_of(d), self.lifted.entries, ()),)
                bits = _bits(d, digits)
                with working_bits(bits):
                    field = self.lifted.field
                    box = Box(ball(d), tuple(field.ball(x[0], bits) for x in self.lifted.entries))
            else:
                tube = self.tube(t_of(d), False, progress)
                pieces = self._pieces(tube, d)
                box = self._box(d, digits, pieces[-1])
        except Undecided as error:
            return self._certificate("undecided", str(error), d=d, digits=digits)
        indices: tuple[BlockIndex, ...] = ()
        reason, singular = "", False
        for bits in (_bits(d, digits), 4 * _bits(d, digits)):
            try:
                indices = index_at(self.problem, box, d, bits)
                break
            except Undecided as error:
                reason, singular = str(error), isinstance(error, UndecidedBlock) and error.singular
                if not self.is_constant:
                    try:
                        box = self._box(d, int(bits / 3.33), pieces[-1])
                    except Undecided as failed:
                        reason = str(failed)
                        break
        if not indices:
            verdict: Verdict = "degenerate" if singular else "undecided"
            return self._certificate(verdict, reason, d=d, digits=digits, enclosure=box.entries, pieces=pieces)
        return self._certificate(
            _verdict(indices), "", d=d, digits=digits, indices=indices, enclosure=box.entries, pieces=pieces
        )

    def from_d(self, d: Fraction, digits: int = 15, order: int = 6, progress: Progress | None = None) -> Certificate:
        """A certificate for all real d >= ``d``: existence, index, and the remainder of the series through t**order.

        Raises BadInput for a d at which a block size is meaningless, and for an order outside 0 .. 9.
        """
        self._check_range(d, order)
        if self.lifted.ramification != 2:
            return self._certificate("undecided", self._ramified, from_d=d, digits=digits)
        t_end = t_of(d)
        if self.is_constant:
            try:
                constants = constant_pieces(self.problem, self.lifted.entries, t_end, progress)
            except Undecided as error:
                return self._certificate("undecided", str(error), from_d=d, digits=digits)
            box = constants[-1].enclosure(t_end)
            indices = constants[0].indices
            return self._certificate(
                _verdict(indices),
                "",
                from_d=d,
                digits=digits,
                indices=indices,
                enclosure=box,
                pieces=tuple(constants),
                remainder=exact_remainder(self.problem.names, order, d),
            )
        try:
            tube = self.tube(t_end, True, progress)
        except BrokenOff as error:
            try:
                return self._broken(d, digits, order, error, progress)
            except Undecided as failed:
                return self._certificate("undecided", f"{error}; {failed}", from_d=d, digits=digits)
        except Undecided as error:
            return self._certificate("undecided", str(error), from_d=d, digits=digits)
        pieces = self._pieces(tube, d)
        jumps = [p for p in pieces if [i.negative for i in p.indices] != [i.negative for i in pieces[0].indices]]
        if jumps:
            raise Undecided("the index jumps between two pieces of a path; this is a bug, please report it")
        try:
            entries = self._box(d, digits, pieces[-1]).entries
        except Undecided as error:
            return self._certificate("undecided", str(error), from_d=d, digits=digits)
        indices = pieces[0].indices
        remainder = remainder_of(self.problem.space.names, self.lifted.entries, pieces, order, d)
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
        found = sign_changes(self, 8, d, progress)
        reached = found.followed_down_to <= d
        if not found.thresholds and not (found.complete and reached):
            return self._certificate("undecided", found.reason or str(error), from_d=d, digits=digits)
        pieces: tuple[Piece, ...] = ()
        box: Sequence[arb] = ()
        remainder = None
        if reached:
            pieces = self._pieces(self.tube(t_of(d), False), d)
            box = self._box(d, digits, pieces[-1]).entries
            remainder = self.existence(d, order, progress)
        verdict: Verdict = "index changes"
        indices: tuple[BlockIndex, ...] = ()
        reason = ", ".join(f"{t.component.name} at d = {decimal(t.d, 8)}" for t in found.thresholds)
        if not found.thresholds:  # a threshold so near below d that no whole piece was decided
            verdict, indices = _verdict(found.first), found.first
        return self._certificate(
            verdict,
            f"an eigenvalue changes sign: {reason}" if reason else "",
            from_d=d,
            digits=digits,
            indices=indices,
            enclosure=box,
            pieces=pieces,
            remainder=remainder,
        )

    @staticmethod
    def _pieces(tube: Tube, d: Fraction) -> tuple[Piece, ...]:
        """The tail and the pieces up to the one that holds d**(-1/2)."""
        return (tube.tail, *(p for p in tube.pieces if p.t_from**2 * d <= 1))

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
            names=self.problem.names,
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
            rests_on=self.lifted.proof.rests_on,
            checkable=self._checkable,
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

    def check(self, d: Fraction, range_below: bool = False) -> None:
        """Raise BadInput where the isotypic blocks have no meaning.

        The Gram matrix of the copies of s_i is definite for a block of more than two rows; at exactly two they are
        dependent, and a maximal independent set serves at that d alone; below, index has no meaning. ``range_below``:
        whether a range that begins at d is meant, not d alone.
        """
        self.family.path().check(d)
        bound = meaningless_below(self.isotropy, 2)
        if bound is None or d > bound[0] or (d == bound[0] and not range_below):
            return
        raise BadInput(
            f"d = {d} was given; block {bound[1] + 1} of size {self.isotropy.blocks[bound[1]]} must have more than two "
            f"rows for the Hessian's blocks to have an index{' near d' if d == bound[0] else ''}: give d > {bound[0]}"
        )

    def _check_range(self, d: Fraction, order: int) -> None:
        self.check(d, range_below=True)
        if not 0 <= order < TAIL_ORDER:
            raise BadInput(f"the remainder's order {order} was given; it must lie between 0 and {TAIL_ORDER - 1}")

    # -- the loss ------------------------------------------------------------------------------------------------------

    def least_loss(self, d: Fraction, progress: Progress | None = None) -> arb:
        """A positive lower bound of d * loss over all real dimensions >= ``d`` along the family, as an exact ball.

        Raises BrokenOff where the path cannot be certified down to d, Undecided if the loss is not proved positive.
        """
        tube = self.tube(t_of(d), False, progress)
        with working_bits(BITS):
            tail = tube.tail_point.loss()
            power = min(tail.valuation, 2)  # t**-2 loss = (loss/t**power)/t**(2 - power)
            least = (tail.over(power) / ball(tube.tail.t_to) ** (2 - power)).lower()
            for piece, point in zip(tube.pieces, tube.points, strict=True):
                if piece.t_from**2 * d <= 1:
                    least = least.min((point.loss().range() / ball(piece.t_to) ** 2).lower())
        if not least > 0:  # a negative number over t_to**2 would be no bound
            raise Undecided(f"the loss is not proved positive for every d >= {d}")
        return least


def _verdict(indices: Sequence[BlockIndex]) -> Verdict:
    return "saddle" if any(i.negative for i in indices) else "minimum"


def _bits(d: Fraction, digits: int) -> int:
    """Working bits for so many digits at d: sums over blocks lose about three times the digits of d."""
    return max(int(3.33 * digits) + 64 + 4 * max(int(d).bit_length(), 1), BITS)
