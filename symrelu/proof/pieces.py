"""Pieces of a certified path: intervals of t = d**(-1/2) with an enclosure of the family's entries, one critical
point each.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symrelu.exact.balls import ball, working_bits
from symrelu.exact.bounded import horner
from symrelu.exact.series import Series
from symrelu.proof.inertia import BlockIndex

BITS = 128


@dataclass(frozen=True, eq=False)
class Tail:
    """(0, t_to]: entries = polynomial + t**order * delta with delta in ``box``, the polynomial exact, below t**order.

    For every t there is exactly one critical point of that form. ``indices``: of every block, on the whole piece.
    """

    t_to: Fraction
    order: int
    polynomial: tuple[Series, ...]
    box: tuple[arb, ...]
    series: tuple[Series, ...]  # the same exact series, right below t**known
    known: int
    indices: tuple[BlockIndex, ...] = ()
    t_from: Fraction = Fraction(0)

    def enclosure(self, t: Fraction | arb, bits: int = BITS) -> list[arb]:
        """Balls around the entries at one t of the piece, or at every t of a ball within it."""
        with working_bits(bits):
            at = t if isinstance(t, arb) else ball(t)
            field = self.polynomial[0].field
            return [
                arb(0) + p.evaluate(at, lambda c: field.ball(c, bits)) + at**self.order * b
                for p, b in zip(self.polynomial, self.box, strict=True)
            ]


@dataclass(frozen=True, eq=False)
class Middle:
    """[t_from, t_to]: entries = sum(c_k (t - center)**k) + delta, |delta_i| <= box_i; c_k exact dyadic numbers."""

    t_from: Fraction
    t_to: Fraction
    center: Fraction
    polynomial: tuple[tuple[arb, ...], ...]
    box: tuple[arb, ...]  # radii
    indices: tuple[BlockIndex, ...] = ()

    def enclosure(self, t: Fraction | arb, bits: int = BITS) -> list[arb]:
        """Balls around the entries at one t of the piece, or at every t of a ball within it."""
        with working_bits(bits):
            step = t - ball(self.center) if isinstance(t, arb) else ball(t - self.center)
            return [horner(cs, step) + arb(0, 1) * r for cs, r in zip(self.polynomial, self.box, strict=True)]


Piece = Tail | Middle
