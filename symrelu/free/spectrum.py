"""The spectrum of a law whose parameters are numbers: edges, density, distribution function, index, certified.

Values are Arb balls that hold the exact value; ``digits`` says how narrow they are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sympy as sp
from flint import acb, arb, fmpq, fmpq_poly, fmpz_poly

from symrelu.errors import BadInput, SymreluError, Undecided
from symrelu.exact.balls import ball, decimal, working_bits
from symrelu.free.parameters import Parameter, fraction, parameter

if TYPE_CHECKING:
    import numpy as np

    from symrelu.free.law import Law

MOST_DIGITS = 10_000
MOST_BITS = 1 << 17


class OnAtom(SymreluError):
    """The density was asked for at a point of positive mass."""


class Unbounded(SymreluError):
    """The density was asked for at a point where it is infinite."""


def integer_polynomial(coefficients: Sequence[Fraction]) -> fmpz_poly:
    """A positive multiple with integer coefficients, constant term first."""
    return fmpq_poly([fmpq(c.numerator, c.denominator) for c in coefficients]).numer()


def complex_roots(polynomial: fmpz_poly, bits: int) -> list[tuple[acb, int]]:
    """Balls around the distinct roots, with multiplicities; certified. Real ones have the imaginary part 0 exactly, and
    no other ball meets the real axis (arb_fmpz_poly_complex_roots). ``polynomial``: not 0.
    """
    with working_bits(bits):
        found: list[Any] = polynomial.complex_roots()
    return [(root, int(m)) for root, m in found]


def real_roots(polynomial: fmpz_poly, bits: int) -> list[tuple[arb, int]]:
    """Balls around the distinct real roots, ascending, with multiplicities; certified. ``polynomial``: not 0."""
    found = [(root.real, m) for root, m in complex_roots(polynomial, bits) if root.imag.is_zero()]
    return sorted(found, key=lambda pair: pair[0].mid())


@dataclass(frozen=True)
class Edge:
    """An end of a band: the ``number``-th real root (from 0, ascending) of an irreducible integer polynomial."""

    polynomial: tuple[int, ...]
    number: int

    def ball(self, bits: int) -> arb:
        """An enclosure at ``bits`` bits of working precision."""
        return real_roots(fmpz_poly(list(self.polynomial)), bits)[self.number][0]

    def decimal(self, digits: int) -> str:
        """The edge to ``digits`` significant digits."""
        return to_digits(self.ball, digits)

    @property
    def exact(self) -> sp.Expr | None:
        """The edge in radicals where its degree is at most 2, else None."""
        if len(self.polynomial) > 3:
            return None
        x = sp.Symbol("x")
        return sp.real_roots(sp.Poly(list(reversed(self.polynomial)), x), radicals=True)[self.number]

    @property
    def value(self) -> float:
        """The edge as a float."""
        return float(self.ball(96).mid())


def ball_of(mark: Edge | Fraction, bits: int) -> arb:
    """An enclosure of an edge or a rational number. ``mark``: that number."""
    with working_bits(bits):
        return mark.ball(bits) if isinstance(mark, Edge) else ball(mark)


def compared(edge: Edge, x: Fraction) -> int:
    """-1, 0 or 1 as the edge is below, at or above x; exact. An irreducible polynomial that x solves is linear."""
    if is_root(edge.polynomial, x):
        return 0
    bits = 128
    while True:
        a, b = ball_of(edge, bits), ball_of(x, bits)
        if a < b or a > b:
            return 1 if a > b else -1
        bits *= 2


def ascending(marks: Iterable[Edge]) -> list[Edge]:
    """Different edges in order: their balls are narrowed until they are disjoint. ``marks``: the edges."""
    found, bits = list(marks), 128
    while True:
        balls = sorted(((edge.ball(bits), edge) for edge in found), key=lambda pair: pair[0].mid())
        if all(a < b for (a, _), (b, _) in pairwise(balls)):
            return [edge for _, edge in balls]
        bits *= 2


def rational_between(low: Edge | Fraction, high: Edge | Fraction) -> Fraction:
    """A rational number of few digits near the middle of low < high."""
    bits = 128
    while True:
        a, b = ball_of(low, bits), ball_of(high, bits)
        if a < b:
            least, most = _exact(a.mid()) + _exact(a.rad()), _exact(b.mid()) - _exact(b.rad())
            fine = 1
            while fine * (most - least) < 4:
                fine *= 2
            return Fraction(round((least + most) / 2 * fine), fine)
        bits *= 2


def _exact(x: arb) -> Fraction:
    """An exact ball as a fraction."""
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def to_digits(enclosure: Callable[[int], arb], digits: int) -> str:
    """A number as a decimal, from its enclosures at growing precision.

    ``enclosure``: takes the bits. Raises BadInput for a number of digits out of range, Undecided where the balls stay
    too wide.
    """
    if not 1 <= digits <= MOST_DIGITS:
        raise BadInput(f"{digits} digits were asked for; give 1 to {MOST_DIGITS}")
    bits = int(3.33 * digits) + 48
    while bits < MOST_BITS:
        with working_bits(bits):
            said = decimal(enclosure(bits), digits)
        if said is not None:
            return said
        bits *= 2
    raise Undecided(f"{digits} digits were not reached with {MOST_BITS} bits; ask for fewer")


class Spectrum(ABC):
    """The measure of a law with numbers for parameters."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.atoms: tuple[tuple[Fraction, sp.Expr], ...] = ()

    # -- what the kinds of law answer differently ---------------------------------------------------------------------

    @property
    @abstractmethod
    def edges(self) -> tuple[Edge, ...]:
        """The ends of the bands, ascending: where the continuous part begins or ends."""

    @abstractmethod
    def _density(self, x: Fraction, bits: int) -> arb:
        """rho(x), x inside the support or not; no atom, no edge, rho finite."""

    @abstractmethod
    def infinite_at(self, x: Fraction) -> bool:
        """Whether the density is infinite at x, which is no atom."""

    @abstractmethod
    def poles(self) -> list[Fraction]:
        """The rational points, not atoms, at which the density is infinite."""

    @abstractmethod
    def _mass_below(self, x: Fraction, bits: int) -> arb:
        """The mass of (-infinity, x)."""

    @abstractmethod
    def density_array(self, xs: np.ndarray) -> np.ndarray:
        """rho at many points in floats, for plots: 0 outside the bands, nan on atoms. Checked, not proved."""

    @abstractmethod
    def cdf_array(self, xs: np.ndarray) -> np.ndarray:
        """The mass of (-infinity, x] at many points in floats. Checked, not proved."""

    # -- what follows --------------------------------------------------------------------------------------------------

    @property
    def bands(self) -> tuple[tuple[Edge, Edge], ...]:
        """The intervals of the continuous part."""
        return tuple(zip(self.edges[::2], self.edges[1::2], strict=True))

    @cached_property
    def edge_floats(self) -> list[float]:
        """The edges in floats, for arrays."""
        return [edge.value for edge in self.edges]

    @cached_property
    def float_rows(self) -> list[list[float]]:
        """The coefficients of the law's polynomial in floats, for arrays."""
        from symrelu.free.arrays import float_rows

        return float_rows(self.law.polynomial)

    def band_at(self, x: Fraction) -> tuple[int, bool]:
        """(number of edges below x, whether x is an edge); exact."""
        signs = [compared(edge, x) for edge in self.edges]
        return signs.count(-1), 0 in signs

    def holds(self, x: Parameter) -> bool:
        """Whether x lies in the support (bands with their ends, and atoms)."""
        point = _point(x)
        below, at_edge = self.band_at(point)
        return at_edge or below % 2 == 1 or any(a == point for a, _ in self.atoms)

    def density(self, x: Parameter, digits: int = 20) -> str:
        """rho(x) to ``digits`` significant digits; "0" is exact. Raises OnAtom, Unbounded."""
        point = _point(x)
        if any(a == point for a, _ in self.atoms):
            raise OnAtom(f"x = {x} is an atom of {self.law.name}: it has mass, not a density; ask at another x")
        below, at_edge = self.band_at(point)
        if (at_edge or below % 2) and self.infinite_at(point):
            raise Unbounded(f"the density of {self.law.name} is infinite at x = {x}; ask at another x")
        if at_edge or below % 2 == 0:
            return "0"
        return to_digits(lambda bits: self._density(point, bits), digits)

    def mass_below(self, x: Parameter, digits: int = 20) -> str:
        """The mass of (-infinity, x), an atom at x excluded."""
        point = _point(x)
        return self._sure_mass(point, 0) or to_digits(lambda bits: self._mass_below(point, bits), digits)

    def cdf(self, x: Parameter, digits: int = 20) -> str:
        """The mass of (-infinity, x], an atom at x included."""
        point = _point(x)
        mass = sum((w for a, w in self.atoms if a == point), sp.S.Zero)
        if mass == 0:
            return self.mass_below(x, digits)
        sure = self._sure_mass(point, mass)
        return sure or to_digits(lambda bits: self._mass_below(point, bits) + ball(fraction(mass, "a mass")), digits)

    def index(self, digits: int = 20) -> str:
        """alpha, the mass of (-infinity, 0) (eq. 19, without an atom at 0)."""
        return self.mass_below(0, digits)

    def _sure_mass(self, x: Fraction, mass: sp.Expr) -> str | None:
        """The mass to the left of x (and at x, if ``mass`` is there) where it is 0 or 1 for sure."""
        below, at_edge = self.band_at(x)
        if below == 0 and mass == 0 and all(a >= x for a, _ in self.atoms):
            return "0"
        if below + at_edge == len(self.edges) and all(a < x or (a == x and mass != 0) for a, _ in self.atoms):
            return "1"
        return None

    @property
    def starts_at_or_above_zero(self) -> bool:
        """Whether the support lies in [0, infinity)."""
        below, at_edge = self.band_at(Fraction(0))
        return below == 0 and all(a >= 0 for a, _ in self.atoms)

    @property
    def bound(self) -> Fraction:
        """A number B with the support in [-B, B]."""
        ends = [abs(edge.value) for edge in (*self.edges[:1], *self.edges[-1:])]
        return Fraction(max([0.0, *(abs(float(a)) for a, _ in self.atoms), *ends])) * Fraction(1001, 1000) + Fraction(
            1, 10**9
        )

    def inverse_bound(self) -> Fraction:
        """A number B with 1/x in [-B, B] on the support, which must not hold 0."""
        nearest = min([abs(edge.value) for edge in self.edges] + [abs(float(a)) for a, _ in self.atoms])
        return 1 / (Fraction(nearest) * Fraction(999, 1000))


def _point(x: Parameter) -> Fraction:
    return fraction(parameter(x, "x"), "x")


def is_root(polynomial: Sequence[int | Fraction], x: Fraction) -> bool:
    """Whether a polynomial, constant term first, vanishes at x."""
    total = Fraction(0)
    for c in reversed(polynomial):
        total = total * x + c
    return total == 0


def spectrum(law: Law) -> Spectrum:
    """The spectrum of a law: by formula where its R-transform is rational, else by tracking the branch."""
    from symrelu.free.rational import RationalLaw

    if isinstance(law, RationalLaw):
        from symrelu.free.levy import LevySpectrum

        return LevySpectrum(law)
    from symrelu.free.tracked import TrackedSpectrum

    return TrackedSpectrum(law)


__all__ = [
    "Edge",
    "OnAtom",
    "Spectrum",
    "Unbounded",
    "ascending",
    "ball_of",
    "compared",
    "complex_roots",
    "integer_polynomial",
    "is_root",
    "rational_between",
    "real_roots",
    "spectrum",
    "to_digits",
]
