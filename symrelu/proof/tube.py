"""A certified path: the tail at d = infinity, then pieces glued to it one by one, downwards in d.

At each common end the Jacobian over the hull of the two enclosures is regular, so both enclose the same critical
point; the tail encloses the family's series. Widths are found by trial: halved or so where a proof fails, widened
where it succeeds. The search is heuristic, what it returns is proved.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from flint import arb

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.balls import ball, working_bits
from symrelu.exact.field import NotASquare
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.proof.inertia import UndecidedBlock
from symrelu.proof.middle import MiddleProver
from symrelu.proof.pieces import BITS, Middle, Piece, Tail
from symrelu.proof.point import same_point
from symrelu.proof.tail import TailProver
from symrelu.series.lifting import Lifted, Progress

TAIL_ORDER = 10
LARGEST_TAIL = Fraction(1, 5)
TAIL_TRIES, FAR_TRIES = 8, 8
SHORTER, FAR_SHORTER = Fraction(3, 4), Fraction(1, 4)  # the next try, relative to the last
FIRST_WIDTH = Fraction(1, 10)  # of a piece, relative to its t
WIDEN, NARROW = Fraction(5, 4), Fraction(1, 2)
WIDEST = Fraction(1, 5)  # of a piece, relative to its t
REACH = 0.15  # of half a piece, relative to the radius of convergence: an independent checker may be less sharp
NARROWEST = Fraction(
    1, 10**6
)  # a piece narrower than this, relative to t, is not tried: the path or the index ends here
GRID = 1 << 40


class BrokenOff(Undecided):
    """A certified path that could not be continued: ``t`` is how far it reaches, ``cause`` why the next piece
    failed.
    """

    def __init__(self, t: Fraction, cause: SymreluError, tube: Tube) -> None:
        d = float(1 / t**2)
        super().__init__(f"the certified path from d = infinity breaks off near d = {d:.6g}: {cause}")
        self.t = t
        self.cause = cause
        self.tube = tube


@dataclass
class Tube:
    """A family enclosed for all t in (0, t_to]: the tail and the pieces after it, in ascending t."""

    problem: Problem
    tail: Tail
    tail_point: ReducedPoint  # of the tail, as functions of t
    pieces: list[Middle] = field(default_factory=list)
    points: list[ReducedPoint] = field(default_factory=list)  # of the pieces, as functions of tau

    @property
    def t_to(self) -> Fraction:
        """Where it ends."""
        return self.last.t_to

    @property
    def last(self) -> Piece:
        """The last piece."""
        return self.pieces[-1] if self.pieces else self.tail

    def piece_at(self, t: Fraction) -> Piece:
        """The piece that t lies in."""
        if t <= self.tail.t_to:
            return self.tail
        return next(p for p in self.pieces if p.t_from <= t <= p.t_to)


def t_of(d: Fraction) -> Fraction:
    """The least multiple of 2**-40 that is at least d**(-1/2)."""
    quotient = Fraction(GRID * GRID) / d
    root = isqrt(quotient.numerator // quotient.denominator)
    while Fraction(root * root) < quotient:
        root += 1
    return Fraction(root, GRID)


def prove_tail(
    problem: Problem, lifted: Lifted, with_index: bool, progress: Progress | None = None
) -> tuple[Tail, ReducedPoint]:
    """A tail as long as is found easily, and its point.

    Raises Undecided if none of the lengths tried goes through (UndecidedBlock if the last one failed at a block).
    """
    try:
        prover = TailProver(problem, lifted, TAIL_ORDER)
    except (SymreluError, NotASquare) as caught:
        raise Undecided(f"the end at infinity of the certified path is not proved: {caught}") from None
    t_to = min(LARGEST_TAIL, _short(_radius_guess(lifted) * Fraction(3, 8)))
    error: Undecided | None = None
    for n in range(TAIL_TRIES + FAR_TRIES):
        if progress:
            progress(f"proving the end at infinity: all d >= {float(1 / t_to**2):.5g}")
        try:
            return prover.prove(t_to, with_index)
        except Undecided as caught:
            error, tried = caught, t_to
            if n >= TAIL_TRIES and isinstance(caught, UndecidedBlock):  # the path is proved, and its sign stays unknown
                break
            t_to = _short(t_to * (SHORTER if n < TAIL_TRIES else FAR_SHORTER))
    assert error is not None
    message = f"the end at infinity of the certified path is not proved, not even d >= {_power(1 / tried**2)}: {error}"
    raise (
        UndecidedBlock(error.component, message, error.singular)
        if isinstance(error, UndecidedBlock)
        else Undecided(message)
    )


def _short(t: Fraction) -> Fraction:
    """A fraction of few digits near t, within some percent of it however small it is."""
    return t.limit_denominator(max(200, int(8 / t) + 1))


def _power(d: Fraction) -> str:
    """A large number, to three digits."""
    return f"{float(d):.3g}"


def _radius_guess(lifted: Lifted) -> Fraction:
    """Roughly where the series stop converging, from ratios of their last coefficients."""
    radius = 0.4
    for x in lifted.entries:
        sizes = [abs(float(x.field.ball(c, 64).mid())) for c in x.coefficients]
        known = [(i, s) for i, s in enumerate(sizes, x.valuation) if s]
        if len(known) > 3:
            (i, s), (j, r) = known[-1], known[-3]
            radius = min(radius, (r / s) ** (1 / (i - j)))
    return _short(Fraction(radius))


def extend(tube: Tube, t_end: Fraction, with_index: bool, progress: Progress | None = None) -> None:
    """Continue the tube to t_end, piece by piece. Raises BrokenOff where no piece, however narrow, goes through.

    With ``with_index`` every piece proves the index of every block, so a threshold ends it.
    """
    width = tube.t_to * FIRST_WIDTH
    while tube.t_to < t_end:
        t = tube.t_to
        if progress:
            progress(f"proving pieces of the path: all d >= {float(1 / t**2):.5g}, down to {float(1 / t_end**2):.5g}")
        narrowest = t * NARROWEST
        while True:
            width = min(width, WIDEST * t)
            width = t_end - t if width >= t_end - t else _on_grid(width)
            try:
                piece, point = _piece(tube, t, width, with_index)
                break
            except SymreluError as error:
                if width <= narrowest:
                    raise BrokenOff(t, error, tube) from None
                width = max(width * NARROW, narrowest)
        tube.pieces.append(piece)
        tube.points.append(point)
        width = (piece.t_to - piece.t_from) * WIDEN


def _piece(tube: Tube, t: Fraction, width: Fraction, with_index: bool) -> tuple[Middle, ReducedPoint]:
    half = width / 2
    prover = MiddleProver(tube.problem, t + half, _start(tube.last, t, t + half))
    while half > REACH * prover.radius():
        half = _on_grid(Fraction(REACH * prover.radius()) * Fraction(19, 10)) / 2
        prover = MiddleProver(tube.problem, t + half, _start(tube.last, t, t + half))
    piece, point = prover.tube(half)
    glue(tube.problem, t, tube.last, piece)
    if with_index:
        piece = prover.indexed(piece, point)
    return piece, point


def _start(last: Piece, t: Fraction, center: Fraction) -> list[arb]:
    """Where Newton's method starts at the next center: the last polynomial, continued beyond its piece."""
    with working_bits(BITS):
        if isinstance(last, Middle):
            return last.enclosure(center)
        return last.enclosure(t)


def glue(problem: Problem, t: Fraction, first: Piece, second: Piece) -> None:
    """Prove that two pieces enclose the same critical point at t; Undecided if that fails."""
    with working_bits(BITS):
        d = 1 / ball(t) ** 2
    same_point(problem, first.enclosure(t), second.enclosure(t), d, BITS)


def _on_grid(width: Fraction) -> Fraction:
    """A width whose half is a multiple of 2**-41, so that ends and centers stay short rationals."""
    return Fraction(max(int(width * GRID), 1), GRID)
