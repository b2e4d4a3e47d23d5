"""Thresholds: every d at which an eigenvalue of a certified path changes sign, enclosed, with a proof that none was
missed.

On a piece every block is brought to L D L' with functions of t as pivots. Where all have a sign, the index is
constant. Where the last one has not, it is det(block)/det(minor) with a regular minor, so its zeros are the
crossings: they are isolated by subdividing the piece, and each isolated interval holds exactly one, since the
derivative of the pivot along the path (dual numbers over balls) has a sign there and the pivot itself changes its
own. Newton's method in balls then gives any number of digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.arithmetic import BallArithmetic
from symrelu.exact.balls import ball, working_bits
from symrelu.exact.bounded import Bounded, horner
from symrelu.exact.dual import Dual, DualArithmetic
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.proof.inertia import BlockIndex, UndecidedBlock, copies_of, pivots
from symrelu.proof.middle import MiddleProver
from symrelu.proof.pieces import BITS, Middle
from symrelu.proof.point import Box, enclose, fraction, same_point
from symrelu.spectrum.blocks import block
from symrelu.symmetry.isotypic import Component, Copies

DEPTH = 60  # bisections when zeros of a pivot are isolated
WIDEST = Fraction(1, 1 << 28)  # of an interval around a crossing, relative to t, for the derivative in plain balls
SPLITS = 8  # halvings of a piece on which more than the last pivot is undecided


@dataclass(frozen=True, eq=False)
class Crossing:
    """One eigenvalue of one block changes sign in the t-interval [low, high], exactly once; ``below``: its sign for
    larger t.

    ``index``: how many eigenvalues of the block are negative for smaller t (larger d).
    """

    component: Component
    low: Fraction
    high: Fraction
    below: int
    index: int


@dataclass(frozen=True, eq=False)
class Scan:
    """The index of one block along a path: at its beginning (large d), and the crossings in ascending t."""

    first: BlockIndex
    crossings: tuple[Crossing, ...]


def scan_piece(problem: Problem, piece: Middle, point: ReducedPoint, of: Copies, depth: int = SPLITS) -> Scan:
    """The index of one block on one piece. Raises UndecidedBlock where it cannot be decided."""
    with working_bits(BITS):
        try:
            found, last = _eliminate(block(point, of, scaled=True).hessian)
            complete = len(found) == len(of)
        except SymreluError:
            found, last, complete = [], None, False
        negative = sum(1 for p in found if p < 0)
        if complete:
            return Scan(BlockIndex(of.component, len(of), negative), ())
        if len(found) == len(of) - 1 and last is not None:
            scan = _isolate(problem, piece, of, last, negative, depth)
            if scan is not None:
                return scan
    if depth == 0:
        raise UndecidedBlock(
            of.component, f"the block {of.component.name} is not decided on t = {piece.t_from} .. {piece.t_to}"
        )
    scans = []
    middle = (piece.t_from + piece.t_to) / 2
    for low, high in ((piece.t_from, middle), (middle, piece.t_to)):
        part, at = _subpiece(problem, piece, low, high)
        scans.append(scan_piece(problem, part, at, of, depth - 1))
    return join(scans)


def join(scans: Sequence[Scan]) -> Scan:
    """Scans of neighbouring intervals as one; UndecidedBlock if the index jumps between them."""
    index = scans[0].first.negative
    crossings: list[Crossing] = []
    for scan in scans:
        if scan.first.negative != index:
            raise UndecidedBlock(
                scan.first.component, f"the index of {scan.first.component.name} jumps between two pieces"
            )
        crossings += scan.crossings
        if scan.crossings:
            last = scan.crossings[-1]
            index = last.index - last.below
    return Scan(scans[0].first, tuple(crossings))


def _eliminate(form: Sequence[Sequence[Any]]) -> tuple[list[arb], Any]:
    """The decided pivots of L D L', and the last diagonal entry if it alone is left undecided."""
    left: list[Any] = []
    found = pivots(form, left=left)
    if found and not (found[-1] > 0 or found[-1] < 0):
        return found[:-1], left[0] if len(left) == 1 else None
    return found, None


def _isolate(problem: Problem, piece: Middle, of: Copies, pivot: Bounded, negative: int, depth: int) -> Scan | None:
    """The zeros of the last pivot on a piece, each in an interval of its own; None if its sign is hidden on most of
    it.
    """
    half = (piece.t_to - piece.t_from) / 2
    coefficients = pivot.balls()
    error = pivot.error
    order = pivot.known.precision

    def sign(low: Fraction, high: Fraction) -> int:
        tau = ball((low + high) / 2) + arb(0, 1) * ball((high - low) / 2)
        value = horner(coefficients, tau)
        if error is not None and order is not None:
            value = value + error * tau**order
        return 1 if value > 0 else -1 if value < 0 else 0

    merged = _signs(sign, half)
    if sum(high - low for low, high, found in merged if not found) > half:
        return None
    index: int | None = None
    first: int | None = None
    crossings: list[Crossing] = []
    for i, (low, high, found) in enumerate(merged):
        if found:
            if index is None:
                first = index = negative + (found < 0)
            continue
        t_low, t_high = piece.center + low, piece.center + high
        ends = i == 0 or i == len(merged) - 1
        if ends or high - low > WIDEST * piece.center:  # a narrow piece about it has a smaller error
            if depth == 0:
                raise UndecidedBlock(
                    of.component, f"the sign of {of.component.name} near t = {float(t_low):.8g} is hidden"
                )
            # reaching into the decided neighbours, but not to what lies beyond them
            before = min((high - low) / 2, (merged[i - 1][1] - merged[i - 1][0]) / 2) if i else Fraction(0)
            after = (
                min((high - low) / 2, (merged[i + 1][1] - merged[i + 1][0]) / 2) if i < len(merged) - 1 else Fraction(0)
            )
            narrow, at = _subpiece(problem, piece, t_low - before, t_high + after)
            inner = scan_piece(problem, narrow, at, of, depth - 1)
            if index is not None and inner.first.negative != index:
                raise UndecidedBlock(
                    of.component, f"the index of {of.component.name} is not the same on a narrower piece"
                )
            if first is None:
                first = inner.first.negative
            crossings += inner.crossings
            index = inner.crossings[-1].index - inner.crossings[-1].below if inner.crossings else inner.first.negative
            continue
        assert index is not None
        crossing = _crossing(problem, piece, of, t_low, t_high, merged[i - 1][2], merged[i + 1][2], index)
        crossings.append(crossing)
        index -= crossing.below
    assert first is not None
    return Scan(BlockIndex(of.component, len(of), first), tuple(crossings))


def _crossing(
    problem: Problem, piece: Middle, of: Copies, low: Fraction, high: Fraction, before: int, after: int, index: int
) -> Crossing:
    """The only zero of a pivot in a narrow interval, at the ends of which it has the signs ``before`` and ``after``."""
    name = of.component.name
    if before == after:
        raise UndecidedBlock(
            of.component, f"an eigenvalue of {name} touches 0, or nearly, at d = {float(1 / low**2):.8g}"
        )
    with working_bits(BITS):
        over = piece.enclosure(ball(low).union(ball(high)))
    box, _, slope = pivot_and_slope(problem, of, over, low, high, BITS)
    same_point(problem, over, box.entries, box.d, BITS)
    if not (slope > 0 or slope < 0):
        raise UndecidedBlock(of.component, f"the crossing of {name} near t = {float(low):.8g} may not be simple")
    return Crossing(of.component, low, high, after, index)


def _signs(sign: Callable[[Fraction, Fraction], int], half: Fraction) -> list[tuple[Fraction, Fraction, int]]:
    """Intervals (low, high, sign) that cover [-half, half] in order, sign 0 where the function's error hides it."""
    covered: list[tuple[Fraction, Fraction, int]] = []
    work = [(-half, half)]
    while work:
        low, high = work.pop()
        found = sign(low, high)
        quarter = (high - low) / 4
        hidden = not found and not any(sign(x, x) for x in (low + quarter, low + 2 * quarter, high - quarter))
        if found or hidden or high - low < half / (1 << DEPTH):
            if covered and covered[-1][2] == found:
                covered[-1] = (covered[-1][0], high, found)
            else:
                covered.append((low, high, found))
            continue
        middle = (low + high) / 2
        work += [(middle, high), (low, middle)]
    return covered


def _subpiece(problem: Problem, piece: Middle, low: Fraction, high: Fraction) -> tuple[Middle, ReducedPoint]:
    """A narrower piece [low, high] of the same path."""
    center = (low + high) / 2
    part, at = MiddleProver(problem, center, piece.enclosure(center)).tube((high - low) / 2)
    with working_bits(BITS):
        d = 1 / ball(center) ** 2
    same_point(problem, part.enclosure(center), piece.enclosure(center), d, BITS)
    return part, at


def pivot_and_slope(
    problem: Problem,
    of: Copies,
    start: Sequence[arb],
    low: Fraction,
    high: Fraction,
    bits: int,
    order: list[int] | None = None,
) -> tuple[Box, arb, arb]:
    """Over [low, high] in t: the box of the path, and balls around the last pivot of a block and its derivative by t.

    ``order``: of elimination, as :func:`symrelu.proof.inertia.pivots` takes it: another order is another function.
    """
    with working_bits(bits):
        t = ball((low + high) / 2) + arb(0, 1) * ball((high - low) / 2)
        d, slope_d = 1 / t**2, -2 / t**3
        box = enclose(problem, start, d, bits)
        arithmetic = DualArithmetic(BallArithmetic(bits))
        moving = Dual(d, slope_d)
        partial = problem.at(arithmetic, [Dual(x, arb(0)) for x in box.entries], moving).gradient(scaled=True)
        hessian = problem.at(BallArithmetic(bits), list(box.entries), d).hessian(scaled=True)
        try:
            tangent = arb_mat([list(row) for row in hessian]).solve(arb_mat([[_slope(f)] for f in partial]))
        except ZeroDivisionError:
            raise Undecided("the Jacobian is singular along the path") from None
        path = [Dual(x, -tangent[i, 0]) for i, x in enumerate(box.entries)]
        form = block(problem.at(arithmetic, path, moving), of, scaled=True).hessian
        left: list[Any] = []
        pivots(form, enclose=_value, left=left, order=order)
        if len(left) > 1:
            raise UndecidedBlock(
                of.component, f"more than one eigenvalue of {of.component.name} is undecided near a crossing"
            )
        last = left[0]
        return box, _value(last), _slope(last)


def _value(x: Any) -> arb:
    value = x.value if isinstance(x, Dual) else x
    return value if isinstance(value, arb) else arb(value)


def _slope(x: Any) -> arb:
    slope = x.slope if isinstance(x, Dual) else 0
    return slope if isinstance(slope, arb) else arb(slope)


def refine(problem: Problem, crossing: Crossing, tube_entries: Sequence[arb], digits: int) -> arb:
    """A ball around d at the crossing, to ``digits`` digits, by Newton's method in balls on the pivot along the path.

    ``tube_entries``: an enclosure of the path over the crossing's interval, from the certified tube.
    """
    of = next(c for c in copies_of(problem) if c.component == crossing.component)
    low, high = crossing.low, crossing.high
    target = Fraction(1, 10 ** (digits + 2))
    known: Sequence[arb] = tube_entries
    bits = BITS
    while high - low > target * low:
        bits = max(bits, min(int(3.4 * digits) + 64, 2 * (-_log2((high - low) / low)) + 128))
        order: list[int] = []  # of elimination, the same at the middle: another order is another function
        box, _, slope = pivot_and_slope(problem, of, known, low, high, bits, order)
        same_point(problem, known, box.entries, box.d, bits)
        middle = _short((low + high) / 2, bits)
        inner, value, _ = pivot_and_slope(problem, of, box.entries, middle, middle, bits, order)
        same_point(problem, box.entries, inner.entries, inner.d, bits)
        with working_bits(bits):
            root = ball(middle) - value / slope
            new_low, new_high = max(low, fraction(root.lower())), min(high, fraction(root.upper()))
        if not new_low <= new_high:
            raise Undecided("Newton's method lost a crossing; this is a bug, please report it")
        if (new_high - new_low) * 2 > high - low:
            bits *= 2
            if bits > 64 * BITS:
                raise Undecided(f"a crossing could not be refined to {digits} digits")
        low, high, known = new_low, new_high, box.entries
    with working_bits(bits):
        return 1 / (ball(low).union(ball(high))) ** 2


def _log2(x: Fraction) -> int:
    return x.numerator.bit_length() - x.denominator.bit_length() if x else -100000


def _short(x: Fraction, bits: int) -> Fraction:
    return Fraction(round(x * (1 << bits)), 1 << bits)
