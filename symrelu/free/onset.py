"""The 3/2 law in closed form: where 0 becomes an edge of the spectrum as the energy eps grows, and the index beyond.

At z = 0 the Stieltjes polynomials of the paper's models are linear in eps, so their curve is eps = e(G). A pair of
roots G is born where e'(G) = 0 (the discriminant of L(G, 0) vanishes there), and by the one-pair theorem
(:mod:`symrelu.free.levy`) 0 is an edge there. With h = G - G_c and x = (eps - eps_c)/eps_c

    eps - eps_c = e_2 h**2 + e_3 h**3 + ...        e_2 < 0, so that h is imaginary beyond eps_c
    d alpha/d eps = Im Phi/pi                      Phi = int_0^h (dR/d eps)(G_c + u, eps) du

(alpha = 1 - Im F(0)/pi with F(z) = z G - int (R + 1/g) dg, and R + 1/g vanishes at G), which gives
alpha = alpha_0 x**(3/2) (1 + a_1 x + O(x**2)). All of it is rational over a parameter p that makes phi and the
discriminant's root rational.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.polys.fields import FracField

from symrelu.free.elimination import G, Z, factors, g
from symrelu.free.rational import RationalLaw

p = sp.Symbol("p")
FIELD: Any = FracField((p,), sp.QQ, sp.lex)
Interval = tuple[sp.Expr, sp.Expr]


@dataclass(frozen=True)
class Onset:
    """A double root at z = 0, as functions of p: ``eps_c``, ``G_c``, ``square`` = (pi alpha_0)**2, and ``a_1``."""

    eps_c: sp.Expr
    G_c: sp.Expr
    square: sp.Expr
    a_1: sp.Expr


def onset(law: RationalLaw, eps: sp.Symbol, phi: sp.Symbol, curve: sp.Expr, interval: Interval) -> Onset:
    """The onset at the double root whose eps_c is positive for p in the open ``interval``.

    ``law`` has the parameters eps and phi left open, ``curve`` is phi as a function of p. The double roots are all
    rational over Q(p), and that no other one has eps_c > 0 anywhere in the interval is proved by Sturm's theorem;
    ArithmeticError if one of the two is not so.
    """
    slope, constant = (sp.Poly(c, G, phi) for c in _linear(law, eps))
    critical = constant * slope.diff(G) - constant.diff(G) * slope  # e'(G) times slope**2, e = -constant/slope
    roots = []
    for factor, _ in factors(_numerator_on(critical, phi, curve)):
        degree = sp.degree(factor, G)
        if degree > 1:
            raise ArithmeticError(f"a double root of {law.name} has degree {degree} over Q(p): not decided")
        if degree == 1:
            roots.append(_root_of(factor, phi, curve))
    e = -constant.as_expr() / slope.as_expr()
    found = []
    for G_c in roots:
        if _taylor(slope.as_expr(), G, {phi: curve}, G_c, 0)[0] == 0:
            continue  # eps = infinity
        eps_c = _taylor(e, G, {phi: curve}, G_c, 0)[0]
        sign = sign_on(eps_c.as_expr(), interval)
        if sign is None:
            raise ArithmeticError(f"eps_c = {eps_c} changes its sign on {interval}")
        if sign > 0:
            found.append((G_c, eps_c))
    if len(found) != 1:
        raise ArithmeticError(f"{len(found)} double roots of {law.name} have eps_c > 0 on {interval}, not one")
    return _expanded(law, e, *found[0], {phi: curve}, eps)


def _linear(law: RationalLaw, eps: sp.Symbol) -> tuple[sp.Expr, sp.Expr]:
    """(slope, constant) of L(G, 0) = slope eps + constant."""
    linear = sp.Poly(law.polynomial.subs(Z, 0), eps)
    if linear.degree() != 1:
        raise ArithmeticError(f"L(G, 0) of {law.name} is not linear in {eps}")
    return linear.nth(1), linear.nth(0)


def _root_of(linear: sp.Expr, phi: sp.Symbol, curve: sp.Expr) -> Any:
    slope, constant = (at_curve(c, phi, curve) for c in sp.Poly(linear, G).all_coeffs())
    return -constant / slope


def cube_root_scale(law: RationalLaw, eps: sp.Symbol) -> sp.Rational:
    """c in index ~ 3 sqrt(3)/(2 pi) (eps/c)**(1/3) as eps -> 0, where the bulk of the law begins at 0 for eps = 0.

    Only eps is left open. Leading terms at z = 0 as G -> infinity: eps = e(G) ~ a/G**3, so that G ~ (a/eps)**(1/3)
    exp(-2 pi i/3) in the lower half plane; dR/d eps ~ b G, so that d alpha/d eps = Im Phi/pi (see the module) is
    b sqrt(3)/(4 pi) (a/eps)**(2/3), and c = 8/(a**2 b**3). ArithmeticError where the leading terms have other degrees.
    """
    slope, constant = (sp.Poly(c, G) for c in _linear(law, eps))
    a, b = -constant.LC() / slope.LC(), sp.cancel(sp.diff(law.R, eps).subs(eps, 0) / g)
    if slope.degree() - constant.degree() != 3 or not (a > 0 and b.is_Rational and b > 0):
        raise ArithmeticError(f"the index of {law.name} does not begin with the exponent 1/3")
    return 8 / (a**2 * b**3)


def at_curve(x: sp.Expr, phi: sp.Symbol, curve: sp.Expr) -> Any:
    """A rational function of phi as an element of Q(p)."""
    return FIELD.from_expr(x.subs(phi, curve))


def _numerator_on(polynomial: sp.Poly, phi: sp.Symbol, curve: sp.Expr) -> sp.Expr:
    """The numerator over Q[p, G] of a polynomial in G and phi on the curve."""
    over, under = sp.fraction(sp.together(curve))
    top = polynomial.degree(phi)
    terms = (c * G**i * over**j * under ** (top - j) for (i, j), c in polynomial.terms())
    return sp.expand(sum(terms, sp.S.Zero))


def _expanded(
    law: RationalLaw, e: sp.Expr, G_c: Any, eps_c: Any, curve: Mapping[sp.Symbol, sp.Expr], eps: sp.Symbol
) -> Onset:
    """The expansions of the module's docstring, in Q(p)."""
    values = {**curve, eps: eps_c.as_expr()}
    slope = sp.diff(law.R, eps)
    _, e1, e2, e3, e4 = _taylor(e, G, values, G_c, 4)
    if e1 != 0:
        raise ArithmeticError("unreachable: e'(G) does not vanish at its own root")
    first, second, third = _taylor(slope, g, values, G_c, 2)
    mixed = _taylor(sp.diff(slope, eps), g, values, G_c, 0)[0]
    p1, p2, p3 = first, second / 2, third / 3 + e2 * mixed  # Phi = p1 h + p2 h**2 + p3 h**3 + ...
    q3, q4, q5 = e2 * p1 * 2 / 3, (e3 * p1 * 3 + e2 * p2 * 2) / 4, (e4 * p1 * 4 + e3 * p2 * 3 + e2 * p3 * 2) / 5
    # h = r1 tau + r1**2 r2 tau**2 + r1**3 r3 tau**3 with tau**2 = eps - eps_c, r1**2 = 1/e2
    r2 = -e3 / (2 * e2)
    r3 = -(e2 * r2**2 + 3 * e3 * r2 + e4) / (2 * e2)
    a_1 = (3 * r3 + 3 * r2**2 + 4 * (q4 / q3) * r2 + q5 / q3) / e2 * eps_c
    square = -(q3**2) * eps_c**3 / e2**3
    return Onset(*(sp.factor(x.as_expr()) for x in (eps_c, G_c, square, a_1)))


def _taylor(f: sp.Expr, variable: sp.Symbol, values: Mapping[sp.Symbol, sp.Expr], at: Any, order: int) -> list[Any]:
    """The coefficients in Q(p) of f(at + h) through h**order, f rational, the other symbols replaced by ``values``."""
    over, under = (
        _shifted([FIELD.from_expr(c.subs(values)) for c in sp.Poly(part, variable).all_coeffs()], at, order)
        for part in sp.fraction(sp.together(f))
    )
    found: list[Any] = []
    for i in range(order + 1):
        found.append((over[i] - sum((found[j] * under[i - j] for j in range(i)), FIELD.zero)) / under[0])
    return found


def _shifted(coefficients: list[Any], at: Any, order: int) -> list[Any]:
    """The polynomial (leading coefficient first) at ``at + h``, its coefficients through h**order from the constant."""
    result = [FIELD.zero] * (order + 1)
    for c in coefficients:
        result = [at * here + before for here, before in zip(result, [c, *result[:-1]], strict=True)]
    return result


def sign_on(x: sp.Expr, interval: Interval) -> int | None:
    """The sign of a rational function of p on an open interval; None if it changes or vanishes. Proved (Sturm)."""
    low, high = interval
    sign = 1
    for part in sp.fraction(sp.together(x)):
        poly = sp.Poly(part, p)
        ends = sum(end.is_finite and poly(end) == 0 for end in interval)
        if poly.degree() > 0 and poly.count_roots(low, high) > ends:
            return None
        sign *= 1 if poly(_between(low, high)) > 0 else -1
    return sign


def _between(low: sp.Expr, high: sp.Expr) -> sp.Expr:
    return low + 1 if high is sp.oo else (low + high) / 2


def as_product(x: sp.Expr, units: Mapping[sp.Symbol, sp.Expr]) -> tuple[sp.Rational, sp.Expr]:
    """(c, product of the units to rational exponents), with x(p) = c times the product.

    ``units`` names functions of p; where they are positive c has the sign of x. ArithmeticError if x is no such product
    in exactly one way.
    """
    exponents = {unit: sp.Dummy(str(unit)) for unit in units}
    balance: dict[sp.Expr, sp.Expr] = {}
    for f, exponent in [*((f, exponents[unit]) for unit, f in units.items()), (x, -sp.S.One)]:
        for part, side in zip(sp.fraction(sp.together(f)), (1, -1), strict=True):
            for factor, m in sp.factor_list(part, p)[1]:
                balance[factor] = balance.get(factor, sp.S.Zero) + side * m * exponent
    solved = list(sp.linsolve(list(balance.values()), *exponents.values()))
    if len(solved) != 1 or any(value.free_symbols for value in solved[0]):
        raise ArithmeticError(f"{x} is not a product of powers of {list(units)} in exactly one way")
    powers = dict(zip(units, solved[0], strict=True))
    constant = sp.cancel(x / sp.prod(units[unit] ** power for unit, power in powers.items()))
    return sp.Rational(constant), sp.prod(unit**power for unit, power in powers.items())


def as_polynomial(x: sp.Expr, names: Mapping[sp.Symbol, sp.Expr], monomials: Sequence[sp.Expr]) -> sp.Expr:
    """x(p) as the rational combination of monomials in ``names``; ArithmeticError unless there is exactly one."""
    columns = [FIELD.from_expr(f) for f in (*(m.subs(names) for m in monomials), x)]
    under = FIELD.ring.one
    for f in columns:
        under = under.lcm(f.denom)
    scaled = [f * FIELD.from_expr(under.as_expr()) for f in columns]
    cleared = [f.numer.quo_ground(f.denom.LC) for f in scaled]  # the denominators are constants now
    powers = {power for f in cleared for power in f.keys()}
    rows = [[sp.QQ.to_sympy(f.get(power, sp.QQ.zero)) for f in cleared] for power in powers]
    unknowns = [sp.Dummy(str(monomial)) for monomial in monomials]
    solved = list(sp.linsolve(sp.Matrix(rows), *unknowns))
    if len(solved) != 1 or any(value.free_symbols for value in solved[0]):
        raise ArithmeticError(f"{x} is not a combination of {list(monomials)} in exactly one way")
    return sum((c * m for c, m in zip(solved[0], monomials, strict=True)), sp.S.Zero)


__all__ = [
    "FIELD",
    "Interval",
    "Onset",
    "as_polynomial",
    "as_product",
    "at_curve",
    "cube_root_scale",
    "onset",
    "p",
    "sign_on",
]
