"""A compactly supported probability law on the real line, by exact algebra; what all laws share.

Conventions (Pennington & Bahri, eqs. 11-14): G(z) = int rho(t)/(z - t) dt, so G ~ 1/z at infinity and
rho = -Im G(x + i0)/pi; R(G) + 1/G = z. Every law here is algebraic: L(G, z) = 0 for a polynomial L over Q in G, z and
the law's parameters.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sympy as sp

from symrelu.errors import BadInput, SymreluError
from symrelu.free.elimination import G, S, U, Z, numerator, primitive
from symrelu.free.parameters import Parameter, fraction, parameter

if TYPE_CHECKING:
    import numpy as np

    from symrelu.free.construction import Construction
    from symrelu.free.spectrum import Spectrum


class NoSTransform(SymreluError):
    """A law of mean 0 has no S-transform: it would be a series in sqrt(u)."""


@dataclass(frozen=True)
class Atom:
    """A point ``x`` of positive mass; with symbols left open ``mass`` is a formula that may be 0, as in Max(0, ...)."""

    x: sp.Expr
    mass: sp.Expr


class Law(ABC):
    """A law: its polynomial, series, atoms and, once its parameters are numbers, its spectrum.

    ``construction`` says how it is made. ``A + B`` is the free additive convolution (``A + c``: the shift),
    ``A @ B`` the free multiplicative one, ``c * A`` the law of c X.
    """

    construction: Construction

    @property
    @abstractmethod
    def symbols(self) -> frozenset[sp.Symbol]:
        """The parameters that are left open."""

    @property
    @abstractmethod
    def polynomial(self) -> sp.Expr:
        """L(G, z), irreducible over Q with integer coefficients, that the Stieltjes transform solves."""

    @abstractmethod
    def moments(self, n: int) -> list[sp.Expr]:
        """m_0 = 1, m_1, ..., m_n, exact."""

    @abstractmethod
    def free_cumulants(self, n: int) -> list[sp.Expr]:
        """k_1, ..., k_n, exact: the Taylor coefficients of R."""

    @property
    @abstractmethod
    def atoms(self) -> tuple[Atom, ...]:
        """The points of positive mass."""

    @property
    @abstractmethod
    def bound(self) -> Fraction:
        """A number B with the support in [-B, B] (numbers only)."""

    @abstractmethod
    def subs(self, values: dict[sp.Symbol, Parameter]) -> Law:
        """The same law with numbers, or other expressions, for some of its parameters."""

    @abstractmethod
    def free_power(self, t: Parameter) -> Law:
        """The law with R-transform t R, that of t free copies for whole t."""

    @abstractmethod
    def _scaled(self, c: sp.Expr) -> Law: ...

    @abstractmethod
    def _shifted(self, c: sp.Expr) -> Law: ...

    # -- what follows ------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The law in words: the ensembles with their parameters, and the operations."""
        return str(self.construction)

    def __repr__(self) -> str:
        from symrelu.free.conventions import conventions

        return "\n".join([self.name, *conventions(self.construction)])

    def sample_matrix(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """A random real symmetric n x n matrix whose spectrum tends to the law as n grows."""
        return self.construction.draw(n, rng)

    @property
    def mean(self) -> sp.Expr:
        """The first moment."""
        return self.free_cumulants(1)[0]

    @property
    def variance(self) -> sp.Expr:
        """The second free cumulant, which is the variance."""
        return self.free_cumulants(2)[1]

    @cached_property
    def spectrum(self) -> Spectrum:
        """Density, CDF, edges, bands and index, certified, to any number of digits; BadInput if a parameter is open."""
        from symrelu.free.spectrum import spectrum

        self.check_numbers("the spectrum")
        return spectrum(self)

    def check_numbers(self, what: str) -> None:
        """BadInput if a parameter is left open."""
        for symbol in sorted(self.symbols, key=str):
            fraction(symbol, what)

    def s_relation(self) -> sp.Expr:
        """The polynomial in u, S that the S-transform solves: z = (1 + u)/(u S), G = u S put into L.

        Raises NoSTransform where the mean is 0.
        """
        if self.mean == 0:
            raise NoSTransform(
                f"{self.name} has mean 0, so it has no S-transform; give a law of mean not 0, or take the free product"
                " of its square"
            )
        return primitive(numerator(self.polynomial.subs({G: U * S, Z: (1 + U) / (U * S)}, simultaneous=True)), S)

    @property
    def S_transform(self) -> sp.Expr | None:
        """S(u) where it is rational in u; None where it is only algebraic (see :meth:`s_relation`)."""
        relation = sp.Poly(self.s_relation(), S)
        if relation.degree() != 1:
            return None
        a, b = relation.all_coeffs()
        return sp.factor(-b / a)

    # -- arithmetic --------------------------------------------------------------------------------------------------

    def __add__(self, other: Any) -> Law:
        if isinstance(other, Law):
            from symrelu.free.convolution import free_sum

            return free_sum(self, other)
        return self._shifted(parameter(other, "the shift"))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Law:
        return self + (-other if isinstance(other, Law) else -parameter(other, "the shift"))

    def __rsub__(self, other: Any) -> Law:
        return -self + other

    def __mul__(self, c: Any) -> Law:
        if isinstance(c, Law):
            raise BadInput("two laws were multiplied by *; the free multiplicative convolution is A @ B")
        factor = parameter(c, "the factor")
        if factor == 0:
            raise BadInput("a law was multiplied by 0; the result is PointMass(0)")
        return self._scaled(factor)

    __rmul__ = __mul__

    def __neg__(self) -> Law:
        return (-1) * self

    def __matmul__(self, other: Law) -> Law:
        from symrelu.free.convolution import free_product

        if not isinstance(other, Law):
            raise BadInput(f"{self.name} @ {other} was asked for; @ multiplies two laws, and c * A is the law of c X")
        return free_product(self, other)


__all__ = ["Atom", "Law", "NoSTransform"]
