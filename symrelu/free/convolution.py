"""Free additive and multiplicative convolution, and free powers.

Rational R-transforms add. An algebraic law takes a rational R by the substitution z -> z - R(G), another algebraic one
by one resultant (Rao & Edelman); S-transforms multiply by a resultant. Atoms follow Bercovici & Voiculescu (1998): a
sum has one at a + b exactly if mu(a) + nu(b) > 1, of the excess; a product at 0 of the larger of the two masses there,
and at a b != 0 by the same excess (sqrt(A) B sqrt(A) - c is sqrt(A) (B - c/A) sqrt(A), a sum).
"""

from __future__ import annotations

from itertools import product

import sympy as sp

from symrelu.errors import BadInput
from symrelu.free.algebraic import AlgebraicLaw, positive_atoms
from symrelu.free.construction import Construction
from symrelu.free.elimination import G, S, U, Z, check_degree, g, numerator, resultant
from symrelu.free.law import Atom, Law
from symrelu.free.parameters import fraction
from symrelu.free.rational import RationalLaw
from symrelu.free.series import in_field, moments_of, product_moments

_r = sp.Symbol("r_")
_s = sp.Symbol("s_")


def free_sum(a: Law, b: Law) -> Law:
    """The law of A + B for free A, B.

    Raises DegreeTooLarge where the elimination passes the bound, Undecided where its factors cannot be told apart.
    """
    parts = [part for law in (a, b) for part in _summands(law.construction)]
    made = Construction("sum", (), tuple(parts))
    if isinstance(a, RationalLaw) and isinstance(b, RationalLaw):
        return RationalLaw(a.R + b.R, made)
    if isinstance(a, RationalLaw):
        a, b = b, a
    if isinstance(b, RationalLaw):
        polynomial = numerator(a.polynomial.subs(Z, Z - b.R.subs(g, G)))
        check_degree(sp.degree(polynomial, G), G)
    elif a.polynomial == b.polynomial and a.construction == b.construction:
        polynomial = numerator(a.polynomial.subs(Z, (Z + 1 / G) / 2))  # R + R on the same branch: z -> 2 R(G) + 1/G
    else:
        first = numerator(a.polynomial.subs(Z, _r + 1 / G))
        second = numerator(b.polynomial.subs(Z, Z - _r))
        polynomial = resultant(first, second, _r, (G, Z))

    def moments(n: int) -> list[sp.Expr]:
        if n == 0:
            return [sp.S.One]
        both = zip(a.free_cumulants(n), b.free_cumulants(n), strict=True)
        return in_field(moments_of, [x + y for x, y in both])

    return AlgebraicLaw(
        polynomial,
        moments,
        lambda: positive_atoms((x.x + y.x, x.mass + y.mass - 1) for x, y in product(a.atoms, b.atoms)),
        lambda: a.bound + b.bound,
        made,
    )


def free_power(a: AlgebraicLaw, t: sp.Expr) -> AlgebraicLaw:
    """The law with R-transform t R: z = t R(G) + 1/G, so z -> (z - 1/G)/t + 1/G in L."""

    def moments(n: int) -> list[sp.Expr]:
        return in_field(moments_of, [t * k for k in a.free_cumulants(n)]) if n else [sp.S.One]

    def atoms() -> list[Atom]:  # of a free power: excess t mu(x) - (t - 1) at t x (Belinschi & Bercovici 2004)
        return positive_atoms((t * x.x, t * x.mass - t + 1) for x in a.atoms)

    return AlgebraicLaw(
        numerator(a.polynomial.subs(Z, (Z - 1 / G) / t + 1 / G)),
        moments,
        atoms,
        lambda: fraction(t, "the support") * a.bound,  # t times a compression of A (Nica & Speicher 1996)
        Construction("power", (t,), (a.construction,)),
    )


def free_product(a: Law, b: Law) -> AlgebraicLaw:
    """The law of sqrt(A) B sqrt(A) for free A, B, where A has no negative values.

    Raises NoSTransform where a mean is 0, BadInput where both laws reach below 0 (known once parameters are numbers),
    DegreeTooLarge and Undecided as :func:`free_sum`.
    """
    for law in (a, b):
        law.s_relation()
    if not (a.symbols or b.symbols) and not (_non_negative(a) or _non_negative(b)):
        raise BadInput(
            f"the free product of {a.name} and {b.name} was asked for, and both have negative values; one of"
            " the two must be a law on [0, infinity)"
        )
    parts = [part for law in (a, b) for part in _factors(law.construction)]
    first = numerator(a.s_relation().subs(S, _s))
    second = numerator(b.s_relation().subs(S, S / _s))
    relation = resultant(first, second, _s, (S, U))
    polynomial = numerator(relation.subs({S: G / (Z * G - 1), U: Z * G - 1}, simultaneous=True))

    def atoms() -> list[Atom]:
        for atom in (*a.atoms, *b.atoms):
            fraction(atom.x, "the atoms of a free product")  # whether an open place is 0 is not known
        zero = sp.Max(0, *(x.mass for x in (*a.atoms, *b.atoms) if x.x == 0))
        pairs = [(x.x * y.x, x.mass + y.mass - 1) for x, y in product(a.atoms, b.atoms) if x.x * y.x != 0]
        return positive_atoms([(sp.S.Zero, zero), *pairs])

    return AlgebraicLaw(
        polynomial,
        lambda n: in_field(product_moments, a.moments(max(n, 1)), b.moments(max(n, 1)))[: n + 1],
        atoms,
        lambda: a.bound * b.bound,
        Construction("product", (), tuple(parts)),
    )


def _non_negative(law: Law) -> bool:
    return all(atom.x >= 0 for atom in law.atoms) and law.spectrum.starts_at_or_above_zero


def _summands(made: Construction) -> tuple[Construction, ...]:
    return made.of if made.kind == "sum" else (made,)


def _factors(made: Construction) -> tuple[Construction, ...]:
    return made.of if made.kind == "product" else (made,)


__all__ = ["free_power", "free_product", "free_sum"]
