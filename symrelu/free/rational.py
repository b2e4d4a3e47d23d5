"""Laws whose R-transform is a rational function: free sums of shifts, semicircles and Wisharts, scaled by either sign.

Everything about them is a formula: K(g) = R(g) + 1/g inverts G, so z = K(G) parametrises the curve L = 0 by G. All are
freely infinitely divisible: R(g) = a + v g + sum c_j t_j/(1 - t_j g) with v >= 0, c_j > 0 and real t_j
(:mod:`symrelu.free.levy` decides it once the parameters are numbers).
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property

import sympy as sp

from symrelu.free.construction import Construction
from symrelu.free.elimination import G, Z, g, numerator, primitive
from symrelu.free.law import Atom, Law
from symrelu.free.parameters import Parameter, parameter
from symrelu.free.series import in_field, moments_of, quotient


class RationalLaw(Law):
    """The law with R-transform ``R``, a rational function of the symbol ``g`` (:data:`symrelu.free.elimination.g`).

    Parameters
    ----------
    R: rational over Q in g and the parameters, of the form above.
    construction: how the law is made.
    """

    def __init__(self, R: sp.Expr, construction: Construction) -> None:
        self.R: sp.Expr = R
        self.construction = construction

    @property
    def symbols(self) -> frozenset[sp.Symbol]:
        """The parameters that are left open."""
        return frozenset(self.R.free_symbols) - {g}

    @cached_property
    def polynomial(self) -> sp.Expr:
        """The numerator of R(G) + 1/G - z."""
        return primitive(numerator(self.R.subs(g, G) + 1 / G - Z), G, Z)

    def free_cumulants(self, n: int) -> list[sp.Expr]:
        """k_1, ..., k_n, by dividing the series of R's numerator by its denominator's."""
        parts = (sp.Poly(part, g) for part in sp.fraction(sp.together(self.R)))
        a, b = ((list(reversed(p.all_coeffs())) + [sp.S.Zero] * n)[:n] for p in parts)
        return in_field(quotient, a, b) if n else []

    def moments(self, n: int) -> list[sp.Expr]:
        """m_0 = 1, ..., m_n, from the free cumulants."""
        return in_field(moments_of, self.free_cumulants(n)) if n else [sp.S.One]

    @cached_property
    def at_infinity(self) -> tuple[sp.Expr, sp.Expr] | None:
        """(a, c) with K(g) = a + c/g + O(1/g**2) as g -> infinity; None where K has no finite limit there."""
        over, under = (sp.Poly(part, g) for part in sp.fraction(sp.together(self.R)))
        degree = under.degree()
        if over.degree() > degree:
            return None
        a0, a1, b0, b1 = (p.coeff_monomial(g**i) if i >= 0 else 0 for p in (over, under) for i in (degree, degree - 1))
        return sp.cancel(a0 / b0), sp.cancel(1 + (a1 * b0 - a0 * b1) / b0**2)

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """One at a, of mass c = 1 - sum c_j, exactly if v = 0 and that is > 0: K(g) = a + c/g + ... as g -> infinity.

        A root g = infinity with c > 0 is the physical one: by the one-pair theorem (:mod:`symrelu.free.levy`) all
        others at z = a have K' > 0.
        """
        if self.at_infinity is None:
            return ()
        a, c = self.at_infinity
        if c.is_number:
            return (Atom(a, c),) if c > 0 else ()
        return (Atom(a, sp.Max(0, c)),)

    @property
    def bound(self) -> Fraction:
        """A number B with the support in [-B, B]."""
        return self.spectrum.bound

    def subs(self, values: dict[sp.Symbol, Parameter]) -> RationalLaw:
        """The same law with numbers, or other expressions, for some of its parameters."""
        known = {symbol: parameter(value, f"the value of {symbol}") for symbol, value in values.items()}
        return RationalLaw(self.R.subs(known, simultaneous=True), self.construction.subs(known))

    def free_power(self, t: Parameter) -> RationalLaw:
        """The law with R-transform t R, for t > 0: the law is freely infinitely divisible (BadInput otherwise)."""
        number = parameter(t, "the free power", positive=True)
        return RationalLaw(number * self.R, Construction("power", (number,), (self.construction,)))

    def _scaled(self, c: sp.Expr) -> RationalLaw:
        return RationalLaw(c * self.R.subs(g, c * g), Construction("scale", (c,), (self.construction,)))

    def _shifted(self, c: sp.Expr) -> RationalLaw:
        return RationalLaw(self.R + c, Construction("shift", (c,), (self.construction,)))


__all__ = ["RationalLaw"]
