"""The end at infinity: a family and the inertia of its Hessian for all t in (0, t_0] at once.

Entries x = p(t) + t**m delta, p the exact series below t**m. With A(t) the truncated inverse of the Jacobian, exact
Laurent polynomials in t (:func:`symrelu.series.lifting.inverse_jacobian`), Krawczyk's test in delta reads

    -A F(p)/t**m + (I - A J(p + t**m box)) box   in the interior of box,       for all t in (0, t_0].

The known terms of A F(p) below t**m vanish by exact arithmetic, and nothing is ever divided by t that does not begin
late enough, so t = 0 needs no case of its own. The box is the remainder theorem: |a_i - (terms below t**m)| <= c_i
t**m for every d >= 1/t_0**2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from flint import arb

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.balls import working_bits
from symrelu.exact.bounded import Bounded, Domain
from symrelu.exact.bounded_arithmetic import BoundedArithmetic
from symrelu.exact.field import NotASquare
from symrelu.exact.linear import Matrix
from symrelu.exact.series import dimension
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.proof.inertia import block_indices
from symrelu.proof.krawczyk import contract, defect, image, included, inflate
from symrelu.proof.pieces import BITS, Tail
from symrelu.series.lifting import JACOBIAN_GUARD, Lifted, inverse_jacobian

GAIN = 5  # terms of A J = I + O(t**GAIN): more of them widen t_0 by some percent, and cost time
EXTRA_TERMS = 8  # relative terms that models keep beyond the order m
INFLATIONS = (0.15, 0.4, 1.0)


class TailProver:
    """Tries to prove tails of one family: the exact parts are computed once, and t_0 may be varied."""

    def __init__(self, problem: Problem, lifted: Lifted, order: int) -> None:
        self.problem = problem
        self.order = order
        self.field = lifted.field
        self.ramification = lifted.ramification
        self.polynomial = tuple(x.truncate(order).exact() for x in lifted.entries)
        assert lifted.known is not None
        self.known = lifted.known
        self.series = entries = tuple(x.exact() for x in lifted.entries)
        self.inverse: Matrix = inverse_jacobian(
            problem, SeriesArithmetic(self.field, self.ramification), entries, GAIN, GAIN + JACOBIAN_GUARD
        )[0]

    def prove(self, t_to: Fraction, with_index: bool = True) -> tuple[Tail, ReducedPoint]:
        """The family on (0, t_to], unique in its tube, with the index of every block if ``with_index``; and the
        point of Fix(G) that it encloses, as functions of t.

        Raises Undecided (UndecidedBlock for a block) where the proof does not go through.
        """
        try:
            return self._prove(t_to, with_index)
        except Undecided:
            raise
        except (SymreluError, NotASquare) as error:
            raise Undecided(str(error)) from None

    def _prove(self, t_to: Fraction, with_index: bool) -> tuple[Tail, ReducedPoint]:
        domain = Domain(t_to, self.order + EXTRA_TERMS, BITS)
        arithmetic = BoundedArithmetic(domain, self.field, self.ramification)
        d = Bounded(dimension(self.field, self.ramification), None, domain)
        inverse = [[Bounded(x, None, domain) for x in row] for row in self.inverse]
        with working_bits(BITS):
            p = [Bounded(x, None, domain) for x in self.polynomial]
            gradient = self.problem.at(arithmetic, p, d).gradient(scaled=True)
            residual = [self._over(e) for e in image(inverse, gradient)]
            least = arb(2) ** (8 - BITS)
            for factor in INFLATIONS:
                box = [inflate(-e, factor, least) for e in residual]
                # mean values of J lie on segments from p, which is delta = 0 and may lie outside the box
                over = [b.union(arb(0)) for b in box]
                point = self._point(arithmetic, domain, d, over)
                defects = [[self._value(x) for x in row] for row in defect(inverse, point.hessian(scaled=True))]
                inner = contract(residual, defects, box, over)
                if included(inner, box):
                    tail = Tail(t_to, self.order, self.polynomial, tuple(box), self.series, self.known)
                    return (replace(tail, indices=block_indices(point)) if with_index else tail), point
        raise Undecided("Krawczyk's test of existence and uniqueness does not go through there")

    def _point(self, arithmetic: BoundedArithmetic, domain: Domain, d: Bounded, box: Sequence[arb]) -> ReducedPoint:
        entries = [Bounded(p.truncate(self.order), b, domain) for p, b in zip(self.polynomial, box, strict=True)]
        return self.problem.at(arithmetic, entries, d)

    def _over(self, x: Bounded | int) -> arb:
        """A ball around x/t**order: the residual begins there by exact arithmetic."""
        return x.over(self.order) if isinstance(x, Bounded) else arb(x)

    @staticmethod
    def _value(x: Bounded | int) -> arb:
        return x.over(0) if isinstance(x, Bounded) else arb(x)
