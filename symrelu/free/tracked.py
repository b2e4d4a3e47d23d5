"""Spectra of any law here: the branch tracked with proof, candidates for edges tested on both sides."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

import sympy as sp
from flint import arb, fmpz_poly

from symrelu.exact.balls import working_bits
from symrelu.free.elimination import G, Z, discriminant, factors, rational_coefficients
from symrelu.free.law import Law
from symrelu.free.parameters import fraction
from symrelu.free.rational import RationalLaw
from symrelu.free.spectrum import Edge, Spectrum, integer_polynomial, real_roots
from symrelu.free.tracking import Branch

if TYPE_CHECKING:
    import numpy as np


class TrackedSpectrum(Spectrum):
    """The spectrum of an algebraic law; no answer rests on a choice among roots."""

    def __init__(self, law: Law) -> None:
        super().__init__(law)
        poly = sp.Poly(law.polynomial, G)
        rows = [rational_coefficients(row, Z) for row in reversed(poly.all_coeffs())]
        self.branch = Branch(rows, _bound(law))
        self.atoms = tuple((fraction(atom.x, "an atom"), atom.mass) for atom in law.atoms)
        self._masses: dict[tuple[Fraction, int], arb] = {}

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Real zeros of disc_G(L) and of L's leading coefficient in G across which the density begins or ends."""
        candidates = self._candidates()
        if not candidates:
            return ()
        places = [ball.mid() for ball, _ in candidates]
        between = [Fraction(str(((a + b) / 2).str(30, radius=False))) for a, b in zip(places, places[1:], strict=False)]
        positive = [False, *(self._positive(x) for x in between), False]
        return tuple(edge for (_, edge), a, b in zip(candidates, positive, positive[1:], strict=False) if a != b)

    def _candidates(self) -> list[tuple[arb, Edge]]:
        critical = [discriminant(self.law.polynomial, G), sp.Poly(self.law.polynomial, G).LC()]
        found: dict[tuple[int, ...], fmpz_poly] = {}
        for polynomial in critical:
            for factor, _ in factors(polynomial) if polynomial.has(Z) else ():
                one = integer_polynomial(rational_coefficients(factor, Z))
                found[tuple(int(c) for c in one.coeffs())] = one
        marks = [(ball, Edge(key, i)) for key, one in found.items() for i, (ball, _) in enumerate(real_roots(one, 256))]
        return sorted(marks, key=lambda pair: pair[0].mid())

    def _positive(self, x: Fraction) -> bool:
        return not self.branch.at_real(x, 96).imag.is_zero()

    def _density(self, x: Fraction, bits: int) -> arb:
        value = self.branch.at_real(x, bits)
        with working_bits(bits):
            return -value.imag / arb.pi()

    def _mass_below(self, x: Fraction, bits: int) -> arb:
        point = self._moved(x)
        if (point, bits) not in self._masses:
            count = bits // 3 + 4
            moments = [fraction(m, "a moment") for m in self.law.moments(count)]
            with working_bits(bits + 32):
                found = (1 + 2 * self.branch.half_line(point, moments, bits) / arb.pi()) / 2
            self._masses[point, bits] = found
        return self._masses[point, bits]

    def _moved(self, x: Fraction) -> Fraction:
        """A point with the same mass to its left: where x is an atom or lies in a gap, a point of the gap."""
        below, at_edge = self.band_at(x)
        if not at_edge and below % 2:
            return x
        left = [Fraction(edge.value) for edge in self.edges[:below]] + [a for a, _ in self.atoms if a < x]
        right = [Fraction(edge.value) for edge in self.edges[below : below + 1]] + [a for a, _ in self.atoms if a > x]
        high = x if any(a == x for a, _ in self.atoms) or (at_edge and below % 2 == 0) else min(right, default=x + 1)
        low = max(left, default=high - 2)
        if at_edge and below % 2:
            low, high = x, min(right[1:] or [x + 1], default=x + 1)
        middle = (low + high) / 2
        return middle.limit_denominator(1 << 40) if high - low > Fraction(1, 1 << 30) else middle

    def density_array(self, xs: np.ndarray) -> np.ndarray:
        """rho at many points in floats: 0 outside the bands, nan on atoms; one point of each band is proved."""
        from symrelu.free.arrays import tracked_density

        return tracked_density(self, xs)

    def cdf_array(self, xs: np.ndarray) -> np.ndarray:
        """The mass of (-infinity, x] at many points in floats."""
        from symrelu.free.arrays import tracked_cdf

        return tracked_cdf(self, xs)


def _bound(law: Law) -> Fraction:
    """A bound on the support that does not need the spectrum."""
    if not isinstance(law, RationalLaw):
        return law.bound
    # the support lies within the largest |critical value| of K and the atom: all branch points are there
    poly = discriminant(law.polynomial, G)
    ends = real_roots(integer_polynomial(rational_coefficients(poly, Z)), 96) if poly.has(Z) else []
    marks = [abs(Fraction(float(ball.mid()))) for ball, _ in ends] + [abs(fraction(a.x, "an atom")) for a in law.atoms]
    return max(marks, default=Fraction(1)) * Fraction(1001, 1000)


__all__ = ["TrackedSpectrum"]
