"""Boxes at one d, or over a small interval of d: existence, uniqueness and index in plain balls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import arb, arb_mat

from symrelu.errors import Undecided
from symrelu.exact.arithmetic import BallArithmetic
from symrelu.exact.balls import ball, working_bits
from symrelu.model.reduced import Problem
from symrelu.proof.inertia import BlockIndex, copies_of, negative_pivots
from symrelu.proof.krawczyk import contract, defect, image, included
from symrelu.spectrum.blocks import block
from symrelu.spectrum.numeric import independent
from symrelu.spectrum.symmetry_zeros import rotation_zeros, rows_independent_in_balls
from symrelu.symmetry.isotypic import Copies

GUARD_BITS = 16
INFLATIONS = (4, 64, 4096)


@dataclass(frozen=True, eq=False)
class Box:
    """Balls around the entries of a critical point at d, which is the only one in them; for every d of a ball."""

    d: arb
    entries: tuple[arb, ...]


def enclose(problem: Problem, start: Sequence[arb], d: arb, bits: int) -> Box:
    """A box with exactly one critical point for each d in the ball ``d``, near ``start``; as narrow as ``bits`` bits
    allow.

    Raises Undecided where Newton's method or Krawczyk's test fails.
    """
    from symrelu.proof.middle import newton

    arithmetic = BallArithmetic(bits)
    with working_bits(bits):
        center = newton(problem, start, d.mid(), bits)
        at_center = problem.at(arithmetic, center, d)
        hessian = at_center.hessian(scaled=True)
        n = len(center)
        try:
            inverse = arb_mat([[x.mid() for x in row] for row in hessian]).inv()
        except ZeroDivisionError:
            raise Undecided(f"the Jacobian is singular near d = {d.str(8, radius=False)}") from None
        rows = [[inverse[i, j].mid() for j in range(n)] for i in range(n)]
        residual = image(rows, at_center.gradient(scaled=True))
        sizes = [abs(e).upper() for e in residual]
        least = arb(2) ** (GUARD_BITS - bits)
        for factor in INFLATIONS:
            box = [arb(0, 1) * (factor * s + least) for s in sizes]
            point = problem.at(arithmetic, [c + b for c, b in zip(center, box, strict=True)], d)
            inner = contract(residual, defect(rows, point.hessian(scaled=True)), box, box)
            if included(inner, box):
                return Box(d, tuple(c + b for c, b in zip(center, inner, strict=True)))
    raise Undecided(f"no box around a critical point could be proved at d = {d.str(8, radius=False)}: give more digits")


def same_point(problem: Problem, first: Sequence[arb], second: Sequence[arb], d: arb, bits: int) -> None:
    """Prove that two boxes with one critical point each (for every d of the ball) hold the same one; Undecided
    otherwise.

    The Jacobian is regular over the hull of both: two zeros x, y in it satisfy (x - y) = -(A J - I)(x - y), and a
    positive vector that A J - I shrinks leaves only x = y.
    """
    with working_bits(bits):
        hull = [x.union(y) for x, y in zip(first, second, strict=True)]
        jacobian = problem.at(BallArithmetic(bits), hull, d).hessian(scaled=True)
        n = len(hull)
        try:
            inverse = arb_mat([[x.mid() for x in row] for row in jacobian]).inv()
        except ZeroDivisionError:
            raise Undecided("two enclosures could not be glued: the Jacobian between them is singular") from None
        rows = [[inverse[i, j].mid() for j in range(n)] for i in range(n)]
        radii = [x.rad() for x in hull]
        for row, r in zip(defect(rows, jacobian), radii, strict=True):
            if not sum((abs(x) * s for x, s in zip(row, radii, strict=True)), arb(0)) < r:
                raise Undecided(f"two enclosures could not be glued at d = {d.str(8, radius=False)}")


def fraction(x: arb) -> Fraction:
    """An exact ball as a fraction."""
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def present(problem: Problem, d: Fraction) -> list[tuple[Copies, list[int]]]:
    """The components that occur at this d, each with a maximal independent set of its copies.

    At an integer d these are what the Hessian at that d decomposes into; at any other all of them, formally.
    """
    isotropy = problem.space.isotropy
    found = []
    for of in copies_of(problem):
        if d.denominator != 1 or of.component.dimension(isotropy).formal(d) > 0:
            found.append((of, independent(of, d)))
    return found


def index_at(problem: Problem, box: Box, d: Fraction, bits: int) -> tuple[BlockIndex, ...]:
    """The index of the block of every component that occurs at d, proved; UndecidedBlock (degenerate or too few
    digits).
    """
    found = []
    with working_bits(bits):
        point = problem.at(BallArithmetic(bits), list(box.entries), ball(d))
        rotated = problem.kernel.rotations and rows_independent_in_balls(point)
        for of, kept in present(problem, d):
            form = block(point, of, scaled=True).hessian
            kept_form = [[form[i][j] for j in kept] for i in kept]
            zeros = rotation_zeros(problem, of.component) if rotated else 0
            negative = negative_pivots(kept_form, of.component, zeros)
            found.append(BlockIndex(of.component, len(kept) - zeros, negative))
    return tuple(found)
