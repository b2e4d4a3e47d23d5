"""Laws given by a polynomial L(G, z) = 0 and their moments, which say which branch and which factor is meant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import cached_property

import sympy as sp
from flint import fmpq, fmpq_series

from symrelu.errors import BadInput, Undecided
from symrelu.free.construction import Construction
from symrelu.free.elimination import G, Z, factors, numerator, primitive
from symrelu.free.law import Atom, Law
from symrelu.free.parameters import Parameter, fraction, parameter
from symrelu.free.series import capped, cumulants_of, in_field

Moments = Callable[[int], list[sp.Expr]]
MOST_MOMENTS = 32  # to tell the factors of an elimination apart


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
        return tuple(sorted(self._atoms(), key=lambda atom: sp.default_sort_key(atom.x)))

    @cached_property
    def bound(self) -> Fraction:
        """A number B with the support in [-B, B]."""
        return self._bound()

    def subs(self, values: dict[sp.Symbol, Parameter]) -> Law:
        """The same law with numbers, or other expressions, for some of its parameters: made again, so that all is
        checked for these numbers.
        """
        from symrelu.free.rebuild import rebuilt

        known = {symbol: parameter(value, f"the value of {symbol}") for symbol, value in values.items()}
        return rebuilt(self.construction.subs(known))

    def free_power(self, t: Parameter) -> AlgebraicLaw:
        """The law with R-transform t R, for t >= 1 (BadInput for a number below 1)."""
        from symrelu.free.convolution import free_power

        number = parameter(t, "the free power")
        if number.is_number and number < 1:
            raise BadInput(f"the free power {number} of {self.name} was asked for; it exists for every law from 1 on")
        return free_power(self, number)

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


def positive_atoms(candidates: Iterable[tuple[sp.Expr, sp.Expr]]) -> list[Atom]:
    """Atoms at places with their masses: those > 0; with symbols left open Max(0, mass)."""
    found = []
    for place, mass in candidates:
        if not mass.is_number:
            found.append(Atom(place, sp.Max(0, mass)))
        elif mass > 0:
            found.append(Atom(place, mass))
    return found


# -- which factor, which series ---------------------------------------------------------------------------------------


def factor_with_series(polynomial: sp.Expr, moments: Moments) -> sp.Expr:
    """The irreducible factor of ``polynomial`` that G = sum m_n/z**(n+1) solves, in normal form.

    The series solves the product, so exactly one factor; the others are excluded one by one, exactly: a factor that
    does not vanish on the truncated series, at some value of the parameters, does not vanish. Raises Undecided if two
    factors agree with too many moments.
    """
    candidates = [f for f, _ in factors(polynomial) if f.has(G)]
    symbols = sorted(polynomial.free_symbols - {G, Z}, key=str)
    values = {s: sp.Rational(7 + 4 * i, 5 + 2 * i) for i, s in enumerate(symbols)}
    order = 2
    while order == 2 or (len(candidates) > 1 and order <= MOST_MOMENTS):
        series = [fraction(m.subs(values), "a moment") for m in moments(order)]
        candidates = [f for f in candidates if not excluded(f.subs(values), series)]
        order *= 2
    if not candidates:
        raise ArithmeticError("unreachable: the moments solve no factor of the law's polynomial")
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
    """m_0 = 1, ..., m_n with G = sum m_k/z**(k+1) solving f (numbers only), where that branch is a simple root at
    z = infinity: Newton's method for h = z G as a power series in 1/z.

    Raises Undecided where it is not simple, so that 1 + O(1/z) does not say which branch is meant.
    """
    terms = [((int(i), int(j)), fmpq(int(c.p), int(c.q))) for (i, j), c in sp.Poly(f, G, Z, domain="QQ").terms()]
    least = min(i - j for (i, j), _ in terms)
    rows = [[fmpq(0)] * (n + 1) for _ in range(max(i for (i, _), _ in terms) + 1)]  # sum rows[i](w) h**i = 0, w = 1/z
    for (i, j), c in terms:
        if i - j - least <= n:
            rows[i][i - j - least] = c
    if sum((row[0] for row in rows), fmpq(0)) != 0 or sum((i * row[0] for i, row in enumerate(rows)), fmpq(0)) == 0:
        raise Undecided("the branch G ~ 1/z is not simple at infinity; build the law by sums and products instead")
    h, length = fmpq_series([1]), 1
    while length < n + 1:
        length = min(2 * length, n + 1)
        with capped(length):
            h = fmpq_series(h.coeffs())
            value = slope = fmpq_series([0])
            for row in reversed(rows):
                value, slope = value * h + fmpq_series(row), slope * h + value
            h = h - value / slope
    return [sp.Rational(int(h[k].p), int(h[k].q)) for k in range(n + 1)]


__all__ = ["AlgebraicLaw", "excluded", "factor_with_series", "point_masses", "positive_atoms", "series_at_infinity"]
