"""Deciding what section 3 says of free independence, from its definition alone: mixed moments by (9) and (10)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import combinations, product
from math import comb

import sympy as sp

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import outcome
from symrelu.exact.parse import parse
from symrelu.free import Discrete
from symrelu.free.series import cumulants_of, in_field

ORDER = 6
MOMENTS = {letter: sp.symbols(f"{letter}0:{ORDER + 1}") for letter in "ab"}  # m_k of A and of B
Word = tuple[tuple[str, int], ...]  # (letter, power), ...


@cache
def mixed_moment(word: Word, centred: sp.Expr) -> sp.Expr:
    """E of a product of powers of A and B: every alternating product of centred factors has the value ``centred``
    (0 in (9)); E is a trace, so a word is read round.
    """
    merged: list[tuple[str, int]] = []
    for letter, power in word:
        if merged and merged[-1][0] == letter:
            merged[-1] = (letter, merged[-1][1] + power)
        else:
            merged.append((letter, power))
    if len(merged) > 1 and merged[0][0] == merged[-1][0]:
        letter, power = merged.pop()
        merged[0] = (letter, merged[0][1] + power)
    if not merged:
        return sp.S.One
    if len(merged) == 1:
        letter, power = merged[0]
        return MOMENTS[letter][power]
    total = centred  # E of the centred product, less its other terms
    for size in range(1, len(merged) + 1):
        for chosen in combinations(range(len(merged)), size):
            rest = tuple(merged[i] for i in range(len(merged)) if i not in chosen)
            factor = sp.prod(MOMENTS[merged[i][0]][merged[i][1]] for i in chosen)
            total -= (-1) ** size * factor * mixed_moment(rest, centred)
    return sp.expand(total)


def _moments_of_sum(centred: sp.Expr) -> list[sp.Expr]:
    found = [sp.S.One]
    for n in range(1, ORDER + 1):
        words = product("ab", repeat=n)
        found.append(sp.expand(sum(mixed_moment(tuple((x, 1) for x in word), centred) for word in words)))
    return found


def _free_cumulants(moments: list[sp.Expr]) -> list[sp.Expr]:
    return [sp.expand(k) for k in in_field(cumulants_of, moments)]


def _linearizes(claim: Claim, context: Context) -> Outcome:
    """Whether alternating centred products of the printed value, (9), make free cumulants combine as printed, (14)."""
    centred = parse(claim.subject, {}, lambda x: sp.Rational(x.numerator, x.denominator))
    of_a, of_b = (_free_cumulants([sp.S.One, *MOMENTS[x][1:]]) for x in "ab")
    of_sum = _free_cumulants(_moments_of_sum(centred))
    same = True
    for k, a, b in zip(of_sum, of_a, of_b, strict=True):
        printed = parse(claim.printed, {"R_A": a, "R_B": b}, lambda x: sp.Rational(x.numerator, x.denominator))
        same = same and sp.expand(k - printed) == 0
    found = (
        f"(9), (10) and the trace property fix all mixed moments; for arbitrary laws of A and B the free cumulants of "
        f"A + B of orders 1 to {ORDER} "
        + ("are the sums of those of A and B" if same else "are not so combined")
        + (": E ABAB = " + str(mixed_moment((("a", 1), ("b", 1), ("a", 1), ("b", 1)), centred)) if same else "")
    )
    rests = f"recursion on words of length up to {ORDER}, moments as symbols (not all orders)"
    return outcome(same, found, rests, "exact")


def _centring(claim: Claim, context: Context) -> Outcome:
    """Which constants (10) may allow as the mean of f and g: constant functions f = g = c must satisfy (9)."""
    c = parse(claim.printed, {}, Fraction)
    found = f"for constant f = g = c, (9) says c**2 = 0, and c is {c}: without (10), f = g = 1 would contradict (9)"
    return outcome(c * c == 0, found, "(9) for k = 1 and constant functions", "exact")


def _one_pair_of_functions(claim: Claim, context: Context) -> Outcome:
    """(9) with k = 1 for f - Ef, g - Eg, expanded: E fg = Ef Eg plus the printed right-hand side of (9)."""
    f, h, joint = sp.symbols("Ef Eg Efg")
    value = parse(claim.printed, {}, lambda x: sp.Rational(x.numerator, x.denominator))
    centred = joint - f * h - h * f + f * h
    same = sp.solve(centred - value, joint)[0] == f * h
    found = (
        "E (f - Ef)(g - Eg) = Efg - Ef Eg: it says that E f(A) g(B) = Ef(A) Eg(B) for all f, g, which is "
        "independence of"
        " commuting random variables A and B"
    )
    return outcome(same, found, "linearity of E; for matrices, k = 1 alone is weaker than freeness", "exact")


def _exactly_when(claim: Claim, context: Context) -> Outcome:
    """Two signs +-1, each of mass 1/2: independent and commuting, the spectrum of the sum is determined, and not free.

    ``printed`` names the joint law that is tried.
    """
    half = {-1: "1/2", 1: "1/2"}
    free = (Discrete(half) + Discrete(half)).moments(4)[4]
    commuting = sum(comb(4, j) * (1 - j % 2) for j in range(5))  # E A**j B**(4-j): 1 for even powers, else 0
    tried = {"commuting": commuting, "free": free}[claim.printed]
    same = free == tried
    found = (
        f"freeness suffices; it is not needed: independent diagonal A, B with entries +-1 have the spectrum of A + B "
        f"determined by theirs (fourth moment {commuting}, mass 1/4, 1/2, 1/4 at -2, 0, 2), and it is not the free one "
        f"(fourth moment {free}, the arcsine law)"
    )
    return outcome(same, found, "one counterexample; fair reading: freeness is what general position gives", "exact")


def _fourier(claim: Claim, context: Context) -> Outcome:
    """log E exp(tX) of a sum of independent commuting variables, to order 6 in t, against the printed combination."""
    t = sp.Symbol("t")

    def log_of(moments: list[sp.Expr]) -> list[sp.Expr]:
        c: list[sp.Expr] = []  # classical cumulants: m_n = sum binom(n-1, j-1) c_j m_(n-j)
        for n in range(1, ORDER + 1):
            known = sum(comb(n - 1, j - 1) * c[j - 1] * moments[n - j] for j in range(1, n))
            c.append(sp.expand(moments[n] - known))
        return c

    of = {x: [sp.S.One, *MOMENTS[x][1:]] for x in "ab"}
    of_sum = [sum(comb(n, j) * of["a"][j] * of["b"][n - j] for j in range(n + 1)) for n in range(ORDER + 1)]
    same = all(
        sp.expand(s - parse(claim.printed, {"F_A": a, "F_B": b}, lambda x: sp.Rational(x.numerator, x.denominator)))
        == 0
        for s, a, b in zip(log_of(of_sum), log_of(of["a"]), log_of(of["b"]), strict=True)
    )
    found = f"the coefficients in {t} of the logarithm add for independent A, B (orders 1 to {ORDER}), as those of R do"
    return outcome(same, found + " for free ones", "classical cumulants from moments, as symbols", "exact")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_linearizes": _linearizes,
    "free_centring": _centring,
    "free_one_pair": _one_pair_of_functions,
    "free_exactly_when": _exactly_when,
    "free_fourier": _fourier,
}

__all__ = ["DECIDERS", "mixed_moment"]
