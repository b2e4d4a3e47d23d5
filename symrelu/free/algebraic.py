"""Laws given by a polynomial L(G, z) = 0 and their moments, which say which branch and which factor is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp

from symrelu.errors import Undecided
from symrelu.free.construction import Construction
from symrelu.free.elimination import G, Z, factors, numerator, primitive
from symrelu.free.law import Atom, Law
from symrelu.free.parameters import Parameter, fraction, parameter
from symrelu.free.series import cumulants_of, in_field

Moments = Callable[[int], list[sp.Expr]]
MOST_MOMENTS = 48  # to tell the factors of an elimination apart


class AlgebraicLaw(Law):
    """The law whose Stieltjes transform is the branch of ``polynomial`` with the series of ``moments``.

    Parameters
    ----------
    polynomial: in G, z and parameters, over Q; reducible ones are factored, and the factor that the series solves is
    kept.
    moments: n -> [m_0 = 1, ..., m_n], exact.
    atoms: the points of positive mass (proved by who makes the law). bound: a B with the support in [-B, B].
    construction: how the law is made.
    """

    def __init__(
        self,
        polynomial: sp.Expr,
        moments: Moments,
        atoms: Callable[[], Sequence[Atom]],
        bound: Callable[[], Fraction],
        construction: Construction,
    ) -> None:
        self._polynomial = factor_with_series(polynomial, moments)
        self._moments = moments
        self._atoms = atoms
        self._bound = bound
        self.construction = construction

    @property
    def symbols(self) -> frozenset[sp.Symbol]:
        """The parameters that are left open."""
        return frozenset(self._polynomial.free_symbols) - {G, Z}

    @property
    def polynomial(self) -> sp.Expr:
        """The factor that the series of ``moments`` solves."""
        return self._polynomial

    def moments(self, n: int) -> list[sp.Expr]:
        """m_0 = 1, ..., m_n, as the maker of the law computes them."""
        return self._moments(n)[: n + 1]

    def free_cumulants(self, n: int) -> list[sp.Expr]:
        """k_1, ..., k_n, from the moments."""
        return in_field(cumulants_of, self.moments(n))

    @cached_property
    def atoms(self) -> tuple[Atom, ...]:
        """The points of positive mass, ascending."""
        return tuple(sorted(self._atoms(), key=lambda atom: atom.x))

    @cached_property
    def bound(self) -> Fraction:
        """A number B with the support in [-B, B]."""
        return self._bound()

    def subs(self, values: dict[sp.Symbol, Parameter]) -> AlgebraicLaw:
        """The same law with numbers, or other expressions, for some of its parameters."""
        known = {symbol: parameter(value, f"the value of {symbol}") for symbol, value in values.items()}

        def put(x: sp.Expr) -> sp.Expr:
            return sp.cancel(x.subs(known, simultaneous=True))

        made = self.construction.subs(known)
        from symrelu.free.rebuild import rebuilt

        return AlgebraicLaw(
            numerator(self._polynomial.subs(known, simultaneous=True)),
            lambda n: [put(m) for m in self._moments(n)],
            lambda: rebuilt(made).atoms,
            lambda: rebuilt(made).bound,
            made,
        )

    def free_power(self, t: Parameter) -> AlgebraicLaw:
        """The law with R-transform t R, for t >= 1 (BadInput for a number below 1)."""
        from symrelu.free.convolution import free_power

        return free_power(self, self.power_checked(t))

    def _scaled(self, c: sp.Expr) -> AlgebraicLaw:
        return AlgebraicLaw(
            numerator(self._polynomial.subs({G: c * G, Z: Z / c}, simultaneous=True)),
            lambda n: [sp.expand(m * c**i) for i, m in enumerate(self._moments(n))],
            lambda: [Atom(c * a.x, a.mass) for a in self.atoms],
            lambda: abs(fraction(c, "the support")) * self.bound,
            Construction("scale", (c,), (self.construction,)),
        )

    def _shifted(self, c: sp.Expr) -> AlgebraicLaw:
        def moments(n: int) -> list[sp.Expr]:
            m = self._moments(n)
            return [sp.expand(sum(sp.binomial(k, j) * m[j] * c ** (k - j) for j in range(k + 1))) for k in range(n + 1)]

        return AlgebraicLaw(
            numerator(self._polynomial.subs(Z, Z - c)),
            moments,
            lambda: [Atom(a.x + c, a.mass) for a in self.atoms],
            lambda: abs(fraction(c, "the support")) + self.bound,
            Construction("shift", (c,), (self.construction,)),
        )


def point_masses(points: Sequence[sp.Rational], masses: Sequence[sp.Rational]) -> AlgebraicLaw:
    """The law of point masses at rational points: G = sum of w/(z - x)."""
    return AlgebraicLaw(
        numerator(sum(w / (Z - x) for x, w in zip(points, masses, strict=True)) - G),
        lambda n: [sp.Add(*(w * x**k for x, w in zip(points, masses, strict=True))) for k in range(n + 1)],
        lambda: [Atom(x, w) for x, w in zip(points, masses, strict=True)],
        lambda: fraction(max(abs(x) for x in points), "the support"),
        Construction("Discrete", (*points, *masses)),
    )


# -- which factor, which series ---------------------------------------------------------------------------------------


def factor_with_series(polynomial: sp.Expr, moments: Moments) -> sp.Expr:
    """The irreducible factor of ``polynomial`` that G = sum m_n/z**(n+1) solves, in normal form.

    The series solves the product, so exactly one factor; the others are excluded one by one, exactly: a factor that
    does not vanish on the truncated series, at some value of the parameters, does not vanish. Raises Undecided if two
    factors agree with too many moments.
    """
    candidates = [f for f, _ in factors(polynomial) if f.has(G)]
    order = 4
    while len(candidates) > 1 and order <= MOST_MOMENTS:
        known = moments(order)
        symbols = sorted(polynomial.free_symbols - {G, Z}, key=str)
        values = {s: sp.Rational(7 + 4 * i, 5 + 2 * i) for i, s in enumerate(symbols)}
        series = [fraction(m.subs(values), "a moment") for m in known]
        candidates = [f for f in candidates if not excluded(f.subs(values), series)]
        order *= 2
    if len(candidates) != 1:
        raise Undecided(
            f"{len(candidates)} factors of the polynomial of degree {sp.degree(polynomial, G)} agree with"
            f" {MOST_MOMENTS} moments; combine simpler laws"
        )
    return primitive(candidates[0], G, Z)


def excluded(f: sp.Expr, moments: Sequence[Fraction]) -> bool:
    """Whether f(G, z) does not vanish on G = w (m_0 + m_1 w + ...), w = 1/z, as far as the moments go."""
    length = len(moments)
    terms = [((int(i), int(j)), Fraction(int(c.p), int(c.q))) for (i, j), c in sp.Poly(f, G, Z, domain="QQ").terms()]
    least = min(i - j for (i, j), _ in terms)
    powers = [[Fraction(1)] + [Fraction(0)] * (length - 1)]
    for _ in range(max(i for (i, _), _ in terms)):
        last = powers[-1]
        powers.append([sum((last[k] * moments[n - k] for k in range(n + 1)), Fraction(0)) for n in range(length)])
    residual = [Fraction(0)] * length
    for (i, j), c in terms:
        for n in range(length - (i - j - least)):
            residual[n + i - j - least] += c * powers[i][n]
    return any(residual)


def series_at_infinity(f: sp.Expr, n: int) -> list[sp.Expr]:
    """m_0 = 1, ..., m_n with G = sum m_k/z**(k+1) solving f, where that branch is a simple root at z = infinity.

    Raises Undecided where it is not simple, so that 1 + O(1/z) does not say which branch is meant.
    """
    terms = sp.Poly(f, G, Z).terms()
    least = min(i - j for (i, j), _ in terms)
    keys = [(i, i - j - least) for (i, j), _ in terms]

    def lifted(coefficients: Sequence[Any], simplify: Callable[[Any], Any]) -> list[Any]:
        return _lifted(dict(zip(keys, coefficients, strict=True)), n, simplify)

    return in_field(lifted, [c for _, c in terms])


def _lifted(terms: dict[tuple[int, int], Any], n: int, simplify: Callable[[Any], Any]) -> list[Any]:
    """h_0 = 1, ..., h_n with sum over (i, e) of c h(w)**i w**e = 0."""
    highest = max(i for i, _ in terms)
    zero = 0 * next(iter(terms.values()))
    slope = simplify(sum((i * c for (i, e), c in terms.items() if e == 0), zero))
    if simplify(sum((c for (_, e), c in terms.items() if e == 0), zero)) != 0 or slope == 0:
        raise Undecided("the branch G ~ 1/z is not simple at infinity; build the law by sums and products instead")
    h = [zero + 1]
    for k in range(1, n + 1):
        h.append(zero)
        power = [zero + 1, *[zero] * k]
        rest = zero
        for i in range(highest + 1):
            if i:
                power = [simplify(sum((power[a] * h[b - a] for a in range(b + 1)), zero)) for b in range(k + 1)]
            rest = rest + sum((c * power[k - e] for (j, e), c in terms.items() if j == i and e <= k), zero)
        h[k] = simplify(-rest / slope)
    return h


__all__ = ["AlgebraicLaw", "excluded", "factor_with_series", "point_masses", "series_at_infinity"]
