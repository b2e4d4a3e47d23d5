"""Spectra of any law here: the branch tracked with proof, candidates for edges tested on both sides."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import sympy as sp
from flint import arb

from symrelu.errors import BadInput, Undecided
from symrelu.exact.balls import ball, working_bits
from symrelu.free.elimination import G, Z, discriminant, factors, rational_coefficients
from symrelu.free.law import Law
from symrelu.free.parameters import fraction
from symrelu.free.spectrum import (
    Edge,
    Spectrum,
    ascending,
    compared,
    integer_polynomial,
    is_root,
    rational_between,
    real_roots,
)
from symrelu.free.tracking import Branch

MOST_BITS_BESIDE = 128

if TYPE_CHECKING:
    import numpy as np


def atom_mark(x: Fraction) -> Edge:
    """A rational number as the root of its polynomial, as an edge is one."""
    return Edge((-x.numerator, x.denominator), 0)


class TrackedSpectrum(Spectrum):
    """The spectrum of an algebraic law; no answer rests on a choice among roots.

    BadInput where an atom is not at a rational number.
    """

    def __init__(self, law: Law) -> None:
        super().__init__(law)
        for atom in law.atoms:
            if not atom.x.is_Rational:
                raise BadInput(
                    f"{law.name} has an atom at {atom.x}; spectra are computed with atoms at rational numbers"
                )
        poly = sp.Poly(law.polynomial, G)
        rows = [rational_coefficients(row, Z) for row in reversed(poly.all_coeffs())]
        self.leading = rows[-1]
        self.branch = Branch(rows, law.bound, lambda n: [fraction(m, "a moment") for m in law.moments(n)])
        self.atoms = tuple((fraction(atom.x, "an atom"), atom.mass) for atom in law.atoms)
        self._masses: dict[tuple[Fraction, int], arb] = {}

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """Real zeros of disc_G(L) and of L's leading coefficient in G across which the density begins or ends."""
        candidates = self.candidates
        between = [rational_between(a, b) for a, b in pairwise(candidates)]
        positive = [False, *(self._positive(x) for x in between), False]
        return tuple(edge for edge, (a, b) in zip(candidates, pairwise(positive), strict=False) if a != b)

    @cached_property
    def candidates(self) -> list[Edge]:
        """Outside of them, and between two of them, all roots are simple, analytic and stay real or not real."""
        found: dict[tuple[int, ...], int] = {}
        for polynomial in (discriminant(self.law.polynomial, G), sp.Poly(self.law.polynomial, G).LC()):
            for factor, _ in factors(polynomial) if polynomial.has(Z) else ():
                one = integer_polynomial(rational_coefficients(factor, Z))
                found[tuple(int(c) for c in one.coeffs())] = len(real_roots(one, 64))
        return ascending(Edge(key, i) for key, count in found.items() for i in range(count))

    def _positive(self, x: Fraction) -> bool:
        return not self.branch.at_real(x, 96).imag.is_zero()

    def infinite_at(self, x: Fraction) -> bool:
        """Whether G(z) -> infinity as z -> x; only where L's leading coefficient vanishes."""
        return is_root(self.leading, x) and self.branch.infinite_at(x)

    def poles(self) -> list[Fraction]:
        """The rational zeros of L's leading coefficient, not atoms, at which the branch is infinite."""
        linear = [f for f, _ in integer_polynomial(self.leading).factor()[1] if f.degree() == 1]
        points = [Fraction(-int(f[0]), int(f[1])) for f in linear]
        return [x for x in points if not any(a == x for a, _ in self.atoms) and self.branch.infinite_at(x)]

    def _density(self, x: Fraction, bits: int) -> arb:
        value = self.branch.at_real(x, bits)
        with working_bits(bits):
            return -value.imag / arb.pi()

    @cached_property
    def marks(self) -> tuple[Edge, ...]:
        """Edges and atoms, ascending; gap number k is what lies between mark k - 1 and mark k."""
        return tuple(ascending({atom_mark(a) for a, _ in self.atoms} | set(self.edges)))

    def mass_left_of_gap(self, k: int, bits: int) -> arb:
        """The mass left of a point between mark k - 1 and mark k, where the law has none."""
        if k in (0, len(self.marks)):
            return arb(int(k > 0))
        return self._tracked_mass(self.clear_point(*self.marks[k - 1 : k + 1]), bits)

    def clear_point(self, low: Edge, high: Edge) -> Fraction:
        """A point between two marks that is well away from points where branches cross: there none can be followed."""
        inner = self.candidates[self.candidates.index(low) : self.candidates.index(high) + 1]
        return rational_between(*max(pairwise(inner), key=lambda pair: pair[1].value - pair[0].value))

    def _mass_below(self, x: Fraction, bits: int) -> arb:
        below, at_edge = self.band_at(x)
        if below % 2 and not at_edge:
            return self._mass_in_band(x, bits)
        k = sum(compared(mark, x) < 0 for mark in self.marks)
        if below % 2 == 0:  # in a gap or at its right end
            return self.mass_left_of_gap(k, bits)
        here = sum((fraction(w, "a mass") for a, w in self.atoms if a == x), Fraction(0))
        with working_bits(bits + 32):
            return self.mass_left_of_gap(k + 1, bits) - ball(here)

    def _mass_in_band(self, x: Fraction, bits: int) -> arb:
        """Where branches cross or the density is infinite the mass lies between those at two points beside x."""
        if any(a == x for a, _ in self.atoms) or all(compared(mark, x) for mark in self.candidates):
            return self._tracked_mass(x, bits)
        if bits > MOST_BITS_BESIDE:
            raise Undecided(f"x = {x} is a crossing of branches or a point of infinite density; ask for fewer digits")
        step = Fraction(1, 1 << bits) if x == 0 else abs(x) / (1 << min(bits, 96))
        low, high = (self._tracked_mass(x + side * step, bits) for side in (-1, 1))
        return low.union(high)

    def _tracked_mass(self, x: Fraction, bits: int) -> arb:
        if (x, bits) not in self._masses:
            with working_bits(bits + 32):
                self._masses[x, bits] = (1 + 2 * self.branch.half_line(x, bits) / arb.pi()) / 2
        return self._masses[x, bits]

    def density_array(self, xs: np.ndarray) -> np.ndarray:
        """rho at many points in floats: 0 outside the bands, nan on atoms; one point of each band is proved."""
        from symrelu.free.arrays import tracked_density

        return tracked_density(self, xs)

    def cdf_array(self, xs: np.ndarray) -> np.ndarray:
        """The mass of (-infinity, x] at many points in floats."""
        from symrelu.free.arrays import tracked_cdf

        return tracked_cdf(self, xs)


__all__ = ["TrackedSpectrum", "atom_mark"]
