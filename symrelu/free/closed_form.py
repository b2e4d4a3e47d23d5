"""The distribution function in closed form, with symbols: F(z, G) with dF/dG = z - K(G), and P(X < x) = 1 - Im F/pi.

Since dz G = d(zG) - z dG and z = K(G), an antiderivative of G along the curve is F = z G - int K dG. At z = x + i0 its
imaginary part falls from pi (x left of everything) to 0. For R = a + v g + sum c_j t_j/(1 - t_j g)

    F = (z - a) G - v G**2/2 - log G + sum c_j log(1 - t_j G),

the logarithms principal and apart, since each 1 - t_j G stays in one half plane while G is in the lower one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sympy as sp

from symrelu.errors import Undecided
from symrelu.free.elimination import G, Z, factors, g
from symrelu.free.rational import RationalLaw


def primitive_at(
    z: Any, value: Any, a: Any, v: Any, found: Iterable[tuple[Any, Any]], log: Callable[[Any], Any]
) -> Any:
    """F(z, G) at G = ``value``, in any scalar with its principal ``log``: SymPy, balls, numpy arrays."""
    total = (z - a) * value - v * value**2 / 2 - log(value)
    for t, c in found:
        total = total + c * log(1 - t * value)
    return total


def jumps(law: RationalLaw) -> tuple[sp.Expr, sp.Expr, list[tuple[sp.Expr, sp.Expr]]]:
    """(a, v, [(t_j, c_j), ...]) of R = a + v g + sum c_j t_j/(1 - t_j g), in radicals of the parameters.

    Raises Undecided where R has another form: a pole that is not simple or no root of a quadratic, or a polynomial part
    of degree 2 or more.
    """
    over, under = (sp.Poly(part, g) for part in sp.fraction(sp.together(law.R)))
    whole, rest = sp.div(over, under)
    if whole.degree() > 1:
        raise Undecided(f"R of {law.name} has a polynomial part of degree {whole.degree()}; it is no free sum of jumps")
    found = []
    for factor, order in factors(under.as_expr()) if under.degree() else ():
        poles = list(sp.roots(sp.Poly(factor, g)))
        if order > 1 or len(poles) < sp.degree(factor, g) or sp.degree(factor, g) > 2:
            raise Undecided(f"the poles of R of {law.name} are not simple roots of quadratics; give numbers instead")
        for pole in poles:
            residue = rest.as_expr() / under.diff(g).as_expr()
            found.append((sp.radsimp(1 / pole), sp.simplify(-residue.subs(g, pole))))
    return whole.coeff_monomial(1), whole.coeff_monomial(g), sorted(found, key=lambda jump: str(jump[0]))


def antiderivative(law: RationalLaw) -> sp.Expr:
    """F(z, G) of the law, in the symbols G and z of this package."""
    a, v, found = jumps(law)
    return primitive_at(Z, G, a, v, found, sp.log)


__all__ = ["antiderivative", "jumps", "primitive_at"]
