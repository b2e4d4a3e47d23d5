"""Spectra by formula: laws with R(g) = a + v g + sum c_j t_j/(1 - t_j g), v >= 0, c_j > 0, t_j real and distinct.

These are the free sums of a shift, a semicircle and scaled Wisharts of either sign (freely infinitely divisible laws
with finitely many jumps); all models of the paper are among them.

Theorem (one pair). For real z the equation K(g) = R(g) + 1/g = z has at most one pair of non-real roots, or one root
of order 2 or 3, or else simple real roots; all others have K' > 0, but for one if all are simple. Proof: at its poles
1/t_j all residues are negative, so K runs from -infinity to +infinity between neighbouring poles on one side of 0, and
beyond the outermost (for v = 0, where K is finite at infinity, across infinity): degree - 2 intervals, each with an odd
number of roots. So the density is > 0 exactly where a pair exists, and G is its root in the lower half plane, since
where G is real, G' = -int rho/(z - t)**2 < 0, that is K'(G) < 0. Where all roots are real G is the only one with
K' < 0, or the multiple one; edges are the values of K where K' changes sign, and no two of them are equal.

Mass to the left: with F(z) = z G - a G - v G**2/2 - log G + sum c_j log(1 - t_j G), F' = G, it is 1 - Im F(x + i0)/pi;
G lies in the lower half plane, so each 1 - t_j G stays in one half plane and the principal logarithms are right.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import sympy as sp
from flint import Ordering, acb, arb, fmpq, fmpq_mpoly_ctx, fmpq_poly, fmpz_poly

from symrelu.errors import BadInput
from symrelu.exact.balls import ball, working_bits
from symrelu.free.closed_form import primitive_at
from symrelu.free.elimination import g, rational_coefficients
from symrelu.free.parameters import fraction
from symrelu.free.rational import RationalLaw
from symrelu.free.spectrum import Edge, Spectrum, ascending, complex_roots, real_roots

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class LevyParts:
    """R = over/under = a + v g + rest/under over Q, reduced, under with simple real zeros and negative residues."""

    over: fmpq_poly
    under: fmpq_poly
    a: Fraction
    v: Fraction
    rest: fmpq_poly

    def jumps(self, bits: int) -> list[tuple[arb, arb]]:
        """(t_j, c_j) as balls: t_j = 1/p_j at the zeros p_j of ``under``, and -c_j the residues there."""
        with working_bits(bits):
            slope = self.under.derivative()
            poles = [pole for pole, _ in real_roots(self.under.numer(), bits)]
            return [(1 / pole, -_value(self.rest, pole) / _value(slope, pole)) for pole in poles]


def _value(polynomial: fmpq_poly, x: arb) -> arb:
    total = arb(0)
    for c in reversed(polynomial.coeffs()):
        total = total * x + arb(c)
    return total


def levy_parts(law: RationalLaw) -> LevyParts:
    """The parts of R, by exact decisions; BadInput if R is not of the form that the theorem is about."""
    top, bottom = (_poly(rational_coefficients(part, g)) for part in sp.fraction(sp.together(law.R)))
    common = top.gcd(bottom)
    over, under = top // common, bottom // common
    whole, rest = divmod(over, under)
    a, v = (Fraction(int(whole[i].p), int(whole[i].q)) for i in (0, 1))
    parts = LevyParts(over, under, a, v, rest)
    poles = real_roots(under.numer(), 64)
    fits = whole.degree() <= 1 and v >= 0 and len(poles) == under.degree() and all(m == 1 for _, m in poles)
    bits = 64
    while fits:  # no c_j is 0, since the fraction is reduced: precision decides
        signs = [c for _, c in parts.jumps(bits)]
        fits = not any(c < 0 for c in signs)
        if all(c > 0 for c in signs):
            return parts
        bits *= 2
    raise BadInput(
        f"R = {law.R} was given; rational R-transforms are taken here as a + v*g + sum of c*t/(1 - t*g) with v >= 0,"
        " c > 0 and different real t: shifts, semicircles and Wisharts"
    )


def _poly(coefficients: list[Fraction]) -> fmpq_poly:
    return fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients])


class LevySpectrum(Spectrum):
    """The spectrum of a law of this module's kind, every answer proved by the one-pair theorem."""

    law: RationalLaw

    def __init__(self, law: RationalLaw) -> None:
        super().__init__(law)
        self.parts = levy_parts(law)
        self.atoms = tuple((fraction(atom.x, "an atom"), atom.mass) for atom in law.atoms)
        self.at_infinity = law.at_infinity and tuple(fraction(x, "K") for x in law.at_infinity)

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """K at the real zeros of odd order of dK/du, u = 1/g, each an algebraic number.

        There two real roots G meet and turn into a pair: by the theorem the physical one. u = 0 (G = infinity) counts.
        """
        degree = max(self.parts.over.degree(), self.parts.under.degree())
        R_over, under = (_reversed(part, degree) for part in (self.parts.over, self.parts.under))
        over = fmpq_poly([0, 1]) * under + R_over
        slope = over.derivative() * under - over * under.derivative()
        found: list[Edge] = []
        for factor, order in slope.numer().factor()[1] if slope.degree() > 0 else ():
            roots = len(real_roots(factor, 64)) if order % 2 else 0
            candidates = _values_at(factor, over, under) if roots else []
            found += [_edge_at(factor, i, over, under, candidates) for i in range(roots)]
        return tuple(ascending(found))

    def infinite_at(self, x: Fraction) -> bool:
        """Whether G(x + i0) is infinite: at the limit of K at infinity, if that is attained with K' < 0 (an atom) or
        K' = 0 (two or three roots meet there, the physical ones).
        """
        return self.at_infinity is not None and x == self.at_infinity[0] and self.at_infinity[1] >= 0

    def poles(self) -> list[Fraction]:
        """The limit of K at infinity, if two or three roots meet there."""
        return [self.at_infinity[0]] if self.at_infinity is not None and self.at_infinity[1] == 0 else []

    def stieltjes(self, x: Fraction, bits: int) -> acb | None:
        """G(x + i0): in the lower half plane inside a band, real outside and at edges; None where it is infinite."""
        if self.infinite_at(x):
            return None
        parts, variable = self.parts, fmpq_poly([0, 1])
        polynomial = (parts.under + variable * (parts.over - fmpq(x.numerator, x.denominator) * parts.under)).numer()
        while True:
            with working_bits(bits):
                roots = complex_roots(polynomial, bits)
                below = [root for root, _ in roots if root.imag < 0]
                if len(below) > 1:
                    raise ArithmeticError("unreachable: two pairs of non-real roots, against the one-pair theorem")
                if below:
                    return below[0]
                double = [root for root, m in roots if m > 1]
                if double:
                    return double[0]
                slopes = [(root, self._slope(root.real, bits)) for root, _ in roots]
                falling = [root for root, slope in slopes if slope < 0]
                if len(falling) == 1 and all(slope < 0 or slope > 0 for _, slope in slopes):
                    return falling[0]
            bits *= 2

    def _slope(self, root: arb, bits: int) -> arb:
        """K'(g)."""
        total = -1 / root**2 + ball(self.parts.v)
        for t, c in self.parts.jumps(bits):
            total += c * t**2 / (1 - t * root) ** 2
        return total

    def _density(self, x: Fraction, bits: int) -> arb:
        value = self.stieltjes(x, bits)
        with working_bits(bits):
            return arb(0) if value is None else -value.imag / arb.pi()

    def _mass_below(self, x: Fraction, bits: int) -> arb:
        value = self.stieltjes(x, bits)
        jumps = self.parts.jumps(bits)
        with working_bits(bits):
            if value is None:  # G -> -infinity from the left of a pole; at an infinite density Im F has the same limit
                return sum((c for t, c in jumps if t < 0), arb(0))
            if value.imag.is_zero():
                G0 = value.real
                share = arb(int(bool(G0 < 0)))
                for t, c in jumps:
                    if not (t * G0 > 1 or t * G0 < 1):
                        return arb(0, 1)  # no digits: the next precision decides
                    if t * G0 > 1:
                        share += c if t > 0 else -c
                return 1 - share
            z, a, v = (ball(number) for number in (x, self.parts.a, self.parts.v))
            F = primitive_at(z, value, a, v, jumps, acb.log)
            return 1 - F.imag / arb.pi()

    def density_array(self, xs: np.ndarray) -> np.ndarray:
        """rho at many points in floats: 0 outside the bands, nan on atoms."""
        from symrelu.free.arrays import levy_density

        return levy_density(self, xs)

    def cdf_array(self, xs: np.ndarray) -> np.ndarray:
        """The mass of (-infinity, x] at many points in floats."""
        from symrelu.free.arrays import levy_cdf

        return levy_cdf(self, xs)


def _reversed(polynomial: fmpq_poly, degree: int) -> fmpq_poly:
    """u**degree p(1/u)."""
    return fmpq_poly([polynomial[degree - i] for i in range(degree + 1)])


def _values_at(factor: fmpz_poly, over: fmpq_poly, under: fmpq_poly) -> list[fmpz_poly]:
    """The irreducible polynomials of over/under at the roots of ``factor``: a resultant, factored."""
    context = fmpq_mpoly_ctx.get(("u", "x"), Ordering.lex)
    first = context.from_dict({(i, 0): fmpq(int(c)) for i, c in enumerate(factor.coeffs())})
    second = context.from_dict({(i, 0): c for i, c in enumerate(over.coeffs())})
    second -= context.from_dict({(i, 1): c for i, c in enumerate(under.coeffs())})
    eliminated = first.resultant(second, 0).to_dict()
    values = fmpq_poly([eliminated.get((0, i), fmpq(0)) for i in range(max(e for _, e in eliminated) + 1)])
    return [polynomial for polynomial, _ in values.numer().factor()[1]]


def _edge_at(factor: fmpz_poly, number: int, over: fmpq_poly, under: fmpq_poly, candidates: list[fmpz_poly]) -> Edge:
    """over/under at the ``number``-th real root of ``factor``, as a root of one of the candidate polynomials."""
    bits = 128
    while True:
        with working_bits(bits):
            at = real_roots(factor, bits)[number][0]
            value = _value(over, at) / _value(under, at)
            hits = [
                (polynomial, place)
                for polynomial in candidates
                for place, (root, _) in enumerate(real_roots(polynomial, bits))
                if root.overlaps(value)
            ]
        if len(hits) == 1:
            polynomial, place = hits[0]
            return Edge(tuple(int(c) for c in polynomial.coeffs()), place)
        bits *= 2


__all__ = ["LevyParts", "LevySpectrum", "levy_parts"]
