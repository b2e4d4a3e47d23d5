"""Families that do not depend on d (1a: W = V): the entries are exact, the gradient vanishes identically, only signs
are proved.

Rows of such a point may be parallel to teachers, where the loss is C^2 but not analytic: no box around the point is
needed or used.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symrelu.errors import Undecided
from symrelu.exact.ball_polynomials import BallPolynomial
from symrelu.exact.balls import ball, working_bits
from symrelu.exact.bounded import Bounded, Domain
from symrelu.exact.bounded_arithmetic import BoundedArithmetic
from symrelu.exact.series import Series, dimension
from symrelu.model.reduced import Problem
from symrelu.proof.inertia import BlockIndex, UndecidedBlock, block_indices
from symrelu.proof.pieces import BITS
from symrelu.series.lifting import Progress

TERMS, MIDDLE_TERMS = 60, 12
FIRST_WIDTH = Fraction(1, 4)
NARROWEST = Fraction(1, 10**4)


@dataclass(frozen=True, eq=False)
class Constant:
    """[t_from, t_to] (0 left out) with the index of every block at the constant point."""

    t_from: Fraction
    t_to: Fraction
    entries: tuple[Series, ...]
    indices: tuple[BlockIndex, ...]

    def enclosure(self, t: Fraction | arb, bits: int = BITS) -> list[arb]:
        """The entries as balls."""
        field = self.entries[0].field
        return [field.ball(x[0], bits) for x in self.entries]


def constant_pieces(
    problem: Problem, entries: tuple[Series, ...], t_end: Fraction, progress: Progress | None = None
) -> list[Constant]:
    """Pieces that cover (0, t_end], each with the index of every block. Raises UndecidedBlock where a sign is not
    proved.
    """
    found: list[Constant] = []
    t, width = Fraction(0), FIRST_WIDTH
    while t < t_end:
        width = min(width, t_end - t)
        if progress:
            progress(f"proving signs for all d >= {float(1 / (t + width) ** 2):.5g}")
        try:
            indices = _indices(problem, entries, t, t + width)
        except UndecidedBlock:
            if width < NARROWEST:
                raise
            width = width / 2
            continue
        if found and [i.negative for i in indices] != [i.negative for i in found[-1].indices]:
            raise Undecided(f"the index of a constant point jumps at t = {t}")
        found.append(Constant(t, t + width, entries, indices))
        t += width
    return found


def _indices(problem: Problem, entries: tuple[Series, ...], low: Fraction, high: Fraction) -> tuple[BlockIndex, ...]:
    """The index of every block on [low, high]: about t = 0 as exact series, elsewhere as ball polynomials."""
    field = entries[0].field
    with working_bits(BITS):
        if not low:
            domain = Domain(high, TERMS, BITS)
            d = Bounded(dimension(field), None, domain)
            values = [Bounded(x, None, domain) for x in entries]
            return block_indices(problem.at(BoundedArithmetic(domain, field), values, d))
        domain = Domain((high - low) / 2, MIDDLE_TERMS, BITS, symmetric=True)
        t = Bounded(BallPolynomial([ball((low + high) / 2), arb(1)]), None, domain)
        values = [Bounded(BallPolynomial([field.ball(x[0], BITS)]), None, domain) for x in entries]
        return block_indices(problem.at(BoundedArithmetic(domain), values, (t**2).inverse()))
