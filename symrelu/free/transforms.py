"""Laws of functions of one variable X: 1/X, X**2, +-sqrt(X), and the spectrum of X'X from that of X X'."""

from __future__ import annotations

import sympy as sp

from symrelu.errors import BadInput, Undecided
from symrelu.free.algebraic import AlgebraicLaw, positive_atoms, series_at_infinity
from symrelu.free.construction import Construction
from symrelu.free.elimination import G, Z, numerator, primitive, resultant
from symrelu.free.law import Atom, Law
from symrelu.free.parameters import Parameter, fraction, parameter

_a = sp.Symbol("a_")


def inverse(law: Law) -> AlgebraicLaw:
    """The law of 1/X: G_{1/X}(z) = 1/z - G_X(1/z)/z**2.

    For laws whose moments of 1/X are rational, so that their series says which branch is meant: scaled
    Marchenko-Pastur laws with phi < 1, their free products and some sums. Of most others (a semicircle, shifts) these
    moments are irrational, and the inverse is refused. Raises BadInput where 0 lies in the support (numbers only: what
    depends on open parameters is not decided), and Undecided for the laws refused.
    """
    law.check_numbers("an inverse")
    if law.spectrum.holds(0):
        raise BadInput(f"the inverse of {law.name} was asked for, and 0 lies in its support; shift it, or take phi < 1")
    polynomial = primitive(numerator(law.polynomial.subs({G: Z - Z**2 * G, Z: 1 / Z}, simultaneous=True)), G, Z)
    try:
        series_at_infinity(polynomial, 1)
    except Undecided:
        raise Undecided(
            f"the inverse of {law.name} was asked for, and the moments of 1/X are not known to be rational: other"
            " branches of its polynomial are finite at 0, too; scaled Marchenko-Pastur laws (phi < 1) have one here"
        ) from None
    return AlgebraicLaw(
        polynomial,
        lambda n: series_at_infinity(polynomial, n),
        lambda: [Atom(1 / atom.x, atom.mass) for atom in law.atoms],
        lambda: law.spectrum.inverse_bound(),
        Construction("inverse", (), (law.construction,)),
    )


def square(law: Law) -> AlgebraicLaw:
    """The law of X**2: 2 w G_{X^2}(w**2) = G_X(w) - G_X(-w), one resultant."""
    first = law.polynomial.subs({G: _a, Z: Z})
    second = numerator(law.polynomial.subs({G: _a - 2 * Z * G, Z: -Z}, simultaneous=True))
    even = resultant(first, second, _a, (G, Z))
    root = sp.Symbol("w_")
    polynomial = resultant(even.subs(Z, root), root**2 - Z, root, (G, Z))

    def atoms() -> list[Atom]:
        masses: dict[sp.Expr, sp.Expr] = {}
        for atom in law.atoms:
            masses[atom.x**2] = masses.get(atom.x**2, sp.S.Zero) + atom.mass
        return [Atom(x, mass) for x, mass in masses.items()]

    return AlgebraicLaw(
        polynomial,
        lambda n: law.moments(2 * n)[::2],
        atoms,
        lambda: law.bound**2,
        Construction("square", (), (law.construction,)),
    )


def symmetric_root(law: Law) -> AlgebraicLaw:
    """The symmetric law of +-sqrt(X), X >= 0: G(z) = z G_X(z**2), so rho(x) = |x| rho_X(x**2) (eq. 27).

    Raises BadInput where X has negative values (known once parameters are numbers).
    """
    if not law.symbols and not law.spectrum.starts_at_or_above_zero:
        raise BadInput(f"the square root of {law.name} was asked for, which has negative values; square or shift it")
    polynomial = numerator(law.polynomial.subs({G: G / Z, Z: Z**2}, simultaneous=True))

    def moments(n: int) -> list[sp.Expr]:
        even = law.moments(n // 2)
        return [even[k // 2] if k % 2 == 0 else sp.S.Zero for k in range(n + 1)]

    def atoms() -> list[Atom]:
        found = []
        for atom in law.atoms:
            if atom.x == 0:
                found.append(atom)
            else:
                root = sp.sqrt(atom.x)
                found += [Atom(-root, atom.mass / 2), Atom(root, atom.mass / 2)]
        return found

    return AlgebraicLaw(
        polynomial,
        moments,
        atoms,
        lambda: law.bound + 1,
        Construction("root", (), (law.construction,)),
    )


def transposed(law: Law, phi: Parameter) -> AlgebraicLaw:
    """The spectrum of X X' (n x n) from that of X'X (p x p), phi = n/p: G/phi + (1 - 1/phi)/z, zeros added or removed.

    BadInput where phi is below the mass that is not at 0: more zeros would be removed than there are (known once
    parameters are numbers). ``law``: that of X'X.
    """
    ratio = parameter(phi, "phi", positive=True)

    def atoms() -> list[Atom]:
        for atom in law.atoms:
            fraction(atom.x, "the atoms of a transposed law")  # whether an open place is 0 is not known
        zero = sum((a.mass for a in law.atoms if a.x == 0), sp.S.Zero)
        rest = [(a.x, a.mass / ratio) for a in law.atoms if a.x != 0]
        return positive_atoms([(sp.S.Zero, zero / ratio + 1 - 1 / ratio), *rest])

    if ratio.is_number and not law.symbols:
        away = 1 - sum((a.mass for a in law.atoms if a.x == 0), sp.S.Zero)
        if ratio < away:
            raise BadInput(f"phi = {ratio} was given, and the law has mass {away} away from 0; give phi >= {away}")
    return AlgebraicLaw(
        numerator(law.polynomial.subs(G, ratio * (G - (1 - 1 / ratio) / Z))),
        lambda n: [sp.S.One, *[sp.cancel(m / ratio) for m in law.moments(n)[1:]]],
        atoms,
        lambda: law.bound,
        Construction("transposed", (ratio,), (law.construction,)),
    )


__all__ = ["inverse", "square", "symmetric_root", "transposed"]
