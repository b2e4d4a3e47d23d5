"""Deciding what rebuttal 003 says of its bound and of the sets U and A: in exact rationals and proved enclosures."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import sympy as sp
from flint import arb, fmpq

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_convexity import outcome
from symrelu.claims.formulas import Reader, rational
from symrelu.convexity import Network, Regression, exact, hessian_min_eig, in_A, in_U, slack_squared
from symrelu.errors import Undecided
from symrelu.exact.parse import parse

DEPTHS, DEEPEST = range(1, 6), 40
SLOPES = [Fraction(x) for x in ("-4", "-1/2", "1/10", "1", "2", "4")]
DERIVED = (
    "derived for l = (1/2N) sum |y - b|**2, l_lambda = l + (lambda/2)|W|**2, no biases; that the paper's setting is "
    "this one is a reconstruction from the printed constant"
)


def value_of(text: str, **names: Any) -> Fraction:
    """A printed formula in rationals."""
    found = parse(text, {k: Fraction(v) for k, v in names.items()}, Fraction)
    return Fraction(found)


def chain(H: int, weight: Fraction, slope: Fraction = Fraction(0), sign: int = 1) -> Network:
    """One unit a layer, all weights of size ``weight``, one point a = 1, b = 1, lambda = 1.

    With sign 1 all weights are positive, and so are all units. With sign -1, for slope != 0, the signs are such that
    every hidden unit is on its negative side, and y > 0.
    """
    problem = Regression(exact([[1]]), exact([[1]]), fmpq(1), fraction_of(slope))
    signs = [1] * (H + 1)
    if sign < 0:
        signs = [-1] * H + [1] if slope < 0 else [-1] + [1] * (H - 1) + [-1]
    return problem.at([exact([[s * weight]]) for s in signs])


def fraction_of(x: Fraction) -> fmpq:
    """A Fraction as flint has it."""
    return fmpq(x.numerator, x.denominator)


def violation(c: Fraction, network: Network, factor: Fraction = Fraction(1)) -> str | None:
    """How the smallest eigenvalue at a network lies below lambda - c factor**H sqrt(2) r ||W||**(H-1) sqrt(l), proved;
    None if it does not.
    """
    H, steepest = network.hidden_layers, max(Fraction(1), abs(Fraction(*_parts(network.problem.slope))))
    unit = arb(slack_squared(network, "one") / fraction_of(steepest) ** (2 * H)).sqrt()
    claimed = arb(network.problem.decay) - arb(fraction_of(c * factor**H)) * unit
    true = hessian_min_eig(network)
    if true < claimed:
        return f"smallest eigenvalue {true.str(8, radius=False)} below {claimed.str(8, radius=False)}"
    return None


def _parts(x: Any) -> tuple[int, int]:
    return (int(x.p), int(x.q)) if isinstance(x, fmpq) else Fraction(x).as_integer_ratio()


def least_constant(H: int) -> int:
    """The largest eigenvalue of the quadratic form sum_(i != j) x_i x_j of H + 1 numbers, exactly."""
    form = sp.ones(H + 1, H + 1) - sp.eye(H + 1)
    return int(max(form.eigenvals()))


def chain_violation(c: Fraction, H: int, slope: Fraction = Fraction(0), factor: Fraction = Fraction(1)) -> str:
    """How a chain violates the bound with c factor**H < H m**H, in exact rationals, however near the two are.

    Along the signs of the weights w the Hessian of a chain is 1 - S H w**(H-1) (1 - S q) + (H+1) S**2 w**(2H), where q
    = w**(H+1) and S = |slope|**H (1 on the positive side), and the slack is c factor**H w**(H-1) (1 - S q): so it falls
    short of the bound for q < delta/(S ((H+1) S + delta)), delta = H S - c factor**H > 0.

    Raises Undecided where c factor**H is not below H m**H, or the network would be too deep to be built.
    """
    steep = abs(slope) > 1
    S = abs(slope) ** H if steep else Fraction(1)
    total = c * factor**H
    delta = H * S - total
    if delta <= 0 or H > DEEPEST:
        raise Undecided(
            f"H = {H}: no chain is known to violate c = {c}, or one of more than {DEEPEST} layers is wanted"
        )
    most, k = delta / (S * ((H + 1) * S + delta)), 1
    while Fraction(1, 2 ** (k * (H + 1))) >= most:
        k += 1
    network = chain(H, Fraction(1, 2**k), slope, -1 if steep else 1)
    direction = np.array([1 if x > 0 else -1 for x in network.vector], dtype=object)
    along = (direction @ network.hessian @ direction) / (H + 1)
    short = network.problem.decay - along
    unit = slack_squared(network, "one") / fraction_of(max(Fraction(1), abs(slope)) ** (2 * H))
    if not (short > 0 and (total <= 0 or short * short > fraction_of(total) ** 2 * unit)):
        raise Undecided(
            f"H = {H}: the chain of weights 1/2**{k} does not violate c = {c}"
        )  # the formula would be wrong
    return (
        f"H = {H}: c = {total} is violated by a chain of weights 1/2**{k}: a direction of curvature {_short(along)}, "
        f"below lambda - c sqrt({_short(unit)})"
    )


def _short(x: Any) -> str:
    text = str(x)
    return text if len(text) <= 40 else f"{int(x.p) / int(x.q):.15g}"


def too_small_at(printed: str, least: str = "H", strict: bool = False) -> int | None:
    """The smallest of the H >= 1 looked at with c(H) < ``least`` (<= if ``strict``), for printed polynomials in H; None
    if there is no such H at all: between two real roots the difference has one sign, so that 1 and the whole numbers
    next to the roots tell all. Raises Undecided for what is no polynomial in H.
    """
    H = sp.Symbol("H")
    try:
        c, wanted = (sp.S.Zero + parse(text, {"H": H}, rational) for text in (printed, least))
        rest = sp.Poly(sp.expand(c - wanted), H)
    except sp.PolynomialError:
        raise Undecided(f"{printed} is no polynomial in H, and is not decided for every H") from None
    below = [int(sp.floor(root)) for root in sp.real_roots(rest)] if rest.degree() > 0 else []
    candidates = sorted({1, *(max(1, n + more) for n in below for more in (0, 1))})
    values = {n: rest.as_expr().subs(H, n) for n in candidates}
    return next((n for n in candidates if values[n] < 0 or (strict and values[n] == 0)), None)


def _smaller(claim: Claim) -> Outcome | None:
    """The refutation of a printed constant that is below H for some H; None if it is at least H for every H."""
    H = too_small_at(claim.printed)
    if H is None:
        return None
    found = chain_violation(value_of(claim.printed, H=H), H)
    return outcome(False, found, f"an exact network and direction; {DERIVED}", "exact")


def _constant(claim: Claim, context: Context) -> Outcome:
    """The printed constant against H, for every H; below it, a network that violates the bound."""
    smaller = _smaller(claim)
    if smaller:
        return smaller
    tried = {H: H - Fraction(1, 10**9) for H in DEPTHS}
    for H, c in tried.items():
        chain_violation(c, H)  # raises Undecided if not
    found = (
        "|D2y[X, X]| <= r ||W||**(H-1) sum_(i != j) |X_i||X_j|, one term an ordered pair of layers, and that sum is "
        f"at most H |X|**2 (largest eigenvalues {', '.join(str(least_constant(H)) for H in DEPTHS)} for H = 1, ..., "
        "5), so c = H suffices; no c < H does, by chains of weights w, w**(H+1) < (H - c)/(2H + 1 - c) (computed for "
        f"H - 10**-9); printed: {claim.printed} >= H for every H >= 1"
    )
    return outcome(True, found, DERIVED, "derived")


def _kinks(claim: Claim, context: Context) -> Outcome:
    """A segment in U across a kink: a = b = 1, v = 1, w from -1/10 to 1/10; the middle against the mean of the ends."""
    decay = value_of(claim.printed)
    problem = Regression(exact([[1]]), exact([[1]]), fraction_of(decay))
    ends = [problem.at([exact([[w]]), exact([[1]])]) for w in (Fraction(-1, 10), 0, Fraction(1, 10))]
    inside = all(in_U(n, 0) for n in ends)  # l is largest, 1/2, on the side w <= 0
    low, middle, high = (n.regularised for n in ends)
    if not inside:
        raise Undecided(f"the segment does not lie in U at lambda = {decay}")
    found = (
        f"a = b = 1, v = 1, lambda = {decay}, U with H(H+1): l_lambda is {low}, {middle}, {high} at w = -1/10, 0, "
        f"1/10, and the mean of the ends is {(low + high) / 2}: the kink at w = 0 is concave. Convex piece by piece "
        "is what is true"
    )
    if 2 * middle <= low + high:
        raise Undecided(f"at lambda = {decay} l_lambda is convex along the segment tried, which proves nothing")
    return outcome(False, found, "exact values on a segment in U", "exact")


def _widths(claim: Claim, context: Context) -> Outcome:
    """A constant of at least H for every depth; and the bound on exact networks of several depths and widths."""
    smaller = _smaller(claim)
    if smaller:
        return smaller
    widths, depths = (1, 2, 4), (1, 2, 3)
    for H, width in product(depths, widths):
        problem = Regression(exact([[1, -2]]), exact([[3, 1]]), fmpq(1))
        eye = [[int(i == j) for j in range(width)] for i in range(width)]
        network = problem.at([exact([[1]] * width), *[exact(eye)] * (H - 1), exact([[1] * width])])
        violated = violation(value_of(claim.printed, H=H), network)
        if violated:
            return outcome(False, f"H = {H}, width {width}: {violated}", DERIVED, "certified")
    found = (
        f"the estimate uses r, ||W||_*, l and the number of layers, and no width; {claim.printed} >= H for every H >= "
        "1; smallest eigenvalues enclosed for H = 1, 2, 3 and widths 1, 2, 4 agree with it (random networks: in the "
        "tests)"
    )
    return outcome(True, found, DERIVED, "derived")


def _proper(claim: Claim, context: Context) -> Outcome:
    """A network outside U for given data, lambda > 0, theta >= 0."""
    decay = fraction_of(value_of(claim.printed))
    problem = Regression(exact([[1, -1]]), exact([[0, 0]]), decay)
    outside = [t for t in (1, 10, 100) if not in_U(problem.at([exact([[t]]), exact([[t]])]), 0, "sharp")]
    found = (
        f"f = 0, points 1 and -1: weights {outside[0]}, {outside[0]} lie outside for every theta >= 0 (l grows, and "
        "U wants it small); in general wherever l**(1/2) ||W||_***(H-1) is unbounded"
        if outside
        else "none of the networks tried lies outside"
    )
    return outcome(bool(outside), found, f"an exact example; {DERIVED}", "exact")


def _leaky(claim: Claim, context: Context) -> Outcome:
    """The printed factor of each hidden layer, at least m for every slope; else a chain that violates H(H+1)."""
    m, slope_symbol, t = sp.symbols("m s t")
    factor_formula = sp.S.Zero + parse(claim.printed, {"m": m, "s": slope_symbol}, rational)
    try:
        rest = sp.Poly(sp.expand((factor_formula - m).subs(m, t + 1)), t, slope_symbol)
    except sp.PolynomialError:
        raise Undecided(f"{claim.printed} is no polynomial in m and s, and is not decided for every slope") from None
    if not all(c >= 0 and powers[1] % 2 == 0 for powers, c in rest.terms()):
        for slope, H in product(SLOPES, range(1, 13)):
            steepest = max(Fraction(1), abs(slope))
            factor = value_of(claim.printed, m=steepest, s=slope)
            if H * (H + 1) * factor**H < H * steepest**H:
                found = f"slope {slope}, factor {factor}: {chain_violation(Fraction(H * (H + 1)), H, slope, factor)}"
                return outcome(False, found, f"an exact network and direction; {DERIVED}", "exact")
        raise Undecided(f"{claim.printed} is not shown to be at least m, and no chain tried violates the bound with it")
    found = (
        "|s(z)| <= m |z| and |s'| <= m, m = max(1, |s|): each term of D2y is at most r m**H ||W||**(H-1) "
        f"|X_i||X_j|; for |s| <= 1 nothing changes; printed: {claim.printed} >= m"
    )
    return outcome(True, found, DERIVED, "derived")


def _inclusion(claim: Claim, context: Context) -> Outcome:
    """The printed bound on l**(1/2) in A, times P = R**(H-1), against the bound of U: a ratio of at most 1."""
    L, T, H, r, P = symbols = sp.symbols("L T H r P", positive=True)
    reader = Reader({str(s): s for s in symbols})
    printed = reader.read(claim.printed)
    of_u = (L - T) / (reader.root(sp.Integer(2)) * H * (H + 1) * r)
    ratio = sp.cancel(printed * P / of_u)
    top = sp.cancel(sp.fraction(ratio)[1] - sp.fraction(ratio)[0])
    below = ratio == 1 or all(c > 0 for c in sp.Poly(top, *symbols, *reader.squares).coeffs())
    if not below:
        values = ratio.subs({L: 2, T: 1, H: 2, r: 1, P: 3})
        found = f"l**(1/2) ||W||**(H-1) is bounded in A by {ratio} times the bound of U: {values} at some values"
        return outcome(False, found, "the definitions, multiplied out", "exact")
    found = f"l**(1/2) ||W||**(H-1) <= l**(1/2) R**(H-1) < (bound of A) R**(H-1) = {ratio} times the bound of U"
    rests = "the definitions, multiplied out; U as the rebuttal prints it in the same lines"
    return outcome(True, found, rests, "exact")


def _ball(claim: Claim, context: Context) -> Outcome:
    """Whether A(R) lies in the ball of radius (printed) R: a network of zero error whose norm, and one entry, is R."""
    factor = value_of(claim.printed)
    problem = Regression(exact([[1]]), exact([[0]]), fmpq(1))
    R = fmpq(3)
    edge = problem.at([exact([[-3]]), exact([[1]])])
    beyond = problem.at([exact([["-31/10"]]), exact([[1]])])
    inside, outside = in_A(edge, R, fmpq(1, 2)), in_A(beyond, R, fmpq(1, 2))
    found = (
        "||W||_* <= R is a condition of A, and |(W_i)_pq| <= ||W_i||_op; zero error, norm and an entry R: in A "
        f"{inside}; norm 31/30 R: in A {outside}"
    )
    same = bool(inside and not outside and factor >= 1)
    return outcome(same, found, "the definition of A as the rebuttal prints it", "derived" if same else "exact")


def _zero_error(claim: Claim, context: Context) -> Outcome:
    """W_0 scaled up and W_1 down: y unchanged, the norm as large as one likes. Small: |y| <= r ||W||**(H+1)."""
    problem = Regression(exact([[1, 2]]), exact([[3, 6]]), fmpq(1, 100))
    if claim.subject == "small" or claim.printed == "small":
        found = (
            "|y(a)| <= |a| ||W||_***(H+1): zero error with some b != 0 needs ||W||_* >= (max "
            "|b_i|/|a_i|)**(1/(H+1)); for a = 1, 2, b = 3a it needs ||W||_* >= sqrt(3) (H = 1), though U itself "
            "reaches 0 for H >= 2 since ||W||_* stands in its definition"
        )
        small = problem.at([exact([[1]]), exact([[1]])])
        return outcome(not small.loss > 0, found, "the operator norms of the layers; an exact example", "derived")
    for H in (1, 2):
        for k in (1, 6, 30):
            W = [exact([[10**k]]), *[exact([[1]])] * (H - 1), exact([[Fraction(3, 10**k)]])]
            network = problem.at(W)
            if network.loss != 0 or not in_U(network, fmpq(1, 200)):
                return outcome(False, f"H = {H}, scale 10**{k}: l = {network.loss}", "an exact example", "exact")
    found = (
        "scaling W_0 by c and W_1 by 1/c leaves y as it is (s is homogeneous): zero error and ||W||_* >= c |W_0|; "
        "examples with ||W||_* = 10, 10**6, 10**30 lie in U"
    )
    return outcome(True, found, "homogeneity, and exact examples", "derived")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "convex_constant": _constant,
    "convex_kinks": _kinks,
    "convex_widths": _widths,
    "convex_proper": _proper,
    "convex_leaky": _leaky,
    "convex_inclusion": _inclusion,
    "convex_ball": _ball,
    "convex_zero_error": _zero_error,
}

__all__ = [
    "DECIDERS",
    "DEPTHS",
    "DERIVED",
    "chain",
    "chain_violation",
    "fraction_of",
    "least_constant",
    "too_small_at",
    "value_of",
    "violation",
]
