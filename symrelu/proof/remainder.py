"""The remainder theorem: |a_i - (terms through t**N)| <= c t**(N + 1) for every d of a certified range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce

from flint import arb, arb_poly

from symrelu.exact.balls import ball, working_bits
from symrelu.exact.bounded import Domain, horner
from symrelu.exact.series import Series
from symrelu.proof.pieces import BITS, Middle, Piece, Tail


@dataclass(frozen=True)
class Remainder:
    """|a_i - (terms through t**order)| <= c t**(order + 1) for all d >= from_d: a ball around the quotient for each."""

    order: int
    from_d: Fraction
    constants: Mapping[str, arb]

    def bound(self, name: str) -> arb:
        """c for one entry: the largest absolute value of its quotient."""
        return abs(self.constants[name]).upper()


def remainder_of(
    names: Sequence[str], entries: Sequence[Series], pieces: Sequence[Piece], order: int, d: Fraction
) -> Remainder:
    """Balls around (a_i - terms through t**order)/t**(order + 1), for all t that the pieces cover."""
    constants = {}
    with working_bits(BITS):
        for i, name in enumerate(names):
            known = [_ball(entries[i], k) for k in range(order + 1)]
            quotients = [
                _on_tail(p, i, order) if isinstance(p, Tail) else _on_middle(p, i, known, order) for p in pieces
            ]
            constants[name] = reduce(arb.union, quotients)
    return Remainder(order, d, constants)


def exact_remainder(names: Sequence[str], order: int, d: Fraction) -> Remainder:
    """Of entries that do not depend on d: 0."""
    return Remainder(order, d, {name: arb(0) for name in names})


def _ball(x: Series, k: int) -> arb:
    return x.field.ball(x[k], BITS) if x[k] else arb(0)


def _on_tail(tail: Tail, i: int, order: int) -> arb:
    """On the tail, entries are the polynomial below t**m and a box at t**m."""
    coefficients = [_ball(tail.polynomial[i], k) for k in range(order + 1, tail.order)]
    parts = Domain(tail.t_to, 1, BITS).parts
    return reduce(arb.union, (horner([*coefficients, tail.box[i]], part) for part in parts))


def _on_middle(piece: Middle, i: int, known: Sequence[arb], order: int) -> arb:
    """On a piece, the difference of both polynomials is formed in powers of t - center, where what is near cancels."""
    center = ball(piece.center)
    moved = arb_poly(list(known))(arb_poly([center, arb(1)])).coeffs()
    own = list(piece.polynomial[i])
    length = max(len(own), len(moved))
    own += [arb(0)] * (length - len(own))
    moved += [arb(0)] * (length - len(moved))
    difference = [x - y for x, y in zip(own, moved, strict=True)]
    box = arb(0, 1) * piece.box[i]
    parts = Domain((piece.t_to - piece.t_from) / 2, 1, BITS, symmetric=True).parts
    return reduce(arb.union, ((horner(difference, part) + box) / (center + part) ** (order + 1) for part in parts))
