"""Deciding the claims of Pennington & Bahri about the index, its threshold eps_c, and limits of the spectrum.

The threshold is where the equation of G has a double root at z = 0: a factor of a discriminant, derived here from the
law. For 0 < phi < 1 both models have one positive root there.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache, reduce
from itertools import pairwise

import sympy as sp
from flint import arb

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import law_of, outcome
from symrelu.claims.formulas import BITS, EPS, PHI, SIGMA, D, Reader, rational
from symrelu.exact.balls import decimal
from symrelu.exact.parse import parse
from symrelu.free import G, Z
from symrelu.free.closed_form import jumps
from symrelu.free.elimination import discriminant, factors, resultant
from symrelu.free.models import refined, wishart_wigner
from symrelu.free.radicals import ball_of
from symrelu.free.thresholds import EXPONENT, formulas, threshold

RESTS = "discriminant of the law's polynomial in G at z = 0; the one-pair theorem (symrelu/free/levy.py)"
MODELS = {"wishart-wigner": wishart_wigner, "refined": refined}


@cache
def threshold_polynomial(name: str) -> sp.Expr:
    """The factor of the discriminant at z = 0 that is quadratic in eps, over Q[phi, sigma]."""
    at_zero = law_of(name).polynomial.subs(Z, 0)
    (found,) = (f for f, _ in factors(discriminant(at_zero, G)) if sp.degree(f, EPS) == 2)
    return found


@cache
def one_positive_root(name: str) -> bool:
    """Whether the threshold polynomial has exactly one positive root in eps for every 0 < phi < 1.

    The product of its roots has the sign of its outer coefficients' product, here negative on (0, 1).
    """
    a, _, c = sp.Poly(threshold_polynomial(name), EPS).all_coeffs()
    product = sp.Poly(sp.expand(a * c).subs(SIGMA, 1), PHI)
    return bool(_no_zero_inside(product) and product(sp.Rational(1, 2)) < 0)


def _no_zero_inside(polynomial: sp.Poly) -> bool:
    """Whether a polynomial in phi has no zero in 0 < phi < 1."""
    if polynomial.is_zero:
        return False
    ends = sum(polynomial(end) == 0 for end in (0, 1))
    return bool(polynomial.count_roots(0, 1) == ends)


def index_at(name: str, phi: Fraction, eps: Fraction, digits: int = 12, sigma: int = 1) -> str:
    """The index of a model, by its name, as a decimal; "0" is exact."""
    law = MODELS[name](phi, eps, sigma)
    return law.spectrum.index(digits)


def critical(name: str, phi: Fraction, digits: int = 40) -> Fraction:
    """eps_c at sigma = 1 to ``digits`` digits: the positive root of the threshold polynomial, from its coefficients."""
    numbers = {PHI: sp.Rational(phi.numerator, phi.denominator), SIGMA: 1}
    roots = sp.real_roots(sp.Poly(threshold_polynomial(name).subs(numbers), EPS))
    (root,) = (r for r in roots if r > 0)
    return Fraction(str(sp.N(root, digits)))


def _threshold(claim: Claim, context: Context) -> Outcome:
    """The printed eps_c solves the threshold polynomial identically, is its positive root on (0, 1), and the index
    turns from 0 to > 0 there.
    """
    reader = Reader()
    names = {"chi": reader.read(claim.error)} if claim.error else {}
    reader.names |= names
    printed = reader.read(claim.printed)
    polynomial = threshold_polynomial(claim.subject)
    if claim.subject == "wishart-wigner":
        printed = printed.subs(SIGMA, 1)
    same = reader.vanishes(polynomial.subs(EPS, printed))
    values = {}
    for phi in (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4)):
        at = {PHI: str(phi), SIGMA: "1"}
        ball = reader.enclosure(printed, at)
        same = same and bool(ball > 0)
        values[phi] = ball
    same = same and one_positive_root(claim.subject)
    shown = ", ".join(f"{decimal(ball, 12)} at phi = {phi}" for phi, ball in values.items())
    collected = sp.collect(sp.expand(polynomial), EPS)
    found = f"the positive root of {collected}, one for every 0 < phi < 1; {shown}"
    if same:
        eps = critical(claim.subject, Fraction(1, 4))
        below, above = (index_at(claim.subject, Fraction(1, 4), eps * (1 + step)) for step in (-STEP, STEP))
        found += f"; at phi = 1/4 the index is {below} at 0.999 eps_c, {above} at 1.001 eps_c"
        same = below == "0" and above != "0"
    rests = f"{RESTS}: no edge passes 0 between eps = 0, where the lowest is lambda_- > 0, and eps_c"
    return outcome(same, found, rests, "exact")


STEP = Fraction(1, 1000)


def _domain(claim: Claim, context: Context) -> Outcome:
    """Whether a printed threshold, read for a phi beyond 1, is one there: the index at a tiny energy decides."""
    phi = Fraction(claim.subject.rpartition(" ")[2])
    name = claim.subject.split()[0]
    reader = Reader()
    if claim.error:
        reader.names |= {"chi": reader.read(claim.error)}
    printed = reader.enclosure(reader.read(claim.printed), {PHI: str(phi), SIGMA: "1"})
    tiny = Fraction(1, 10**6)
    index = index_at(name, phi, tiny)
    same = index == "0" and bool(printed > 0)
    said = decimal(printed, 8) if printed.is_finite() else None
    found = f"at phi = {phi} the formula gives {said or 'no real number'}, and the index at eps = 1e-6 is {index}"
    if not same:
        found += (
            ": for phi >= 1 there is no threshold, and as eps -> 0 the index tends to (1 - 1/phi)/2 (half of the zero"
            f" modes of H0{'; phi <= 2' if name == 'refined' else ''})"
        )
        found += f"; {'(21)' if name == 'wishart-wigner' else '(32)'} holds for 0 < phi < 1, its domain is not said"
    return outcome(same, found, f"{RESTS}; the index in ball arithmetic", "certified")


def _at_one(claim: Claim, context: Context) -> Outcome:
    """The limit of eps_c as phi -> 1, and the value of the printed denominator there."""
    small = _small_root(claim.subject, 4)
    denominator = parse(claim.printed, {"phi": Fraction(1)}, Fraction)
    same = sp.Poly(small, D)(0) == 0 and denominator == 0
    reader = Reader()
    reader.names |= {"t": reader.read("sqrt(1 + 16*phi - 8*phi**2)")}
    without_pole = reader.read("16*sigma**2*(1 - phi)**3*(1 + t)/(phi*(3 + t)**3)")
    if not reader.vanishes(threshold_polynomial("refined").subs(EPS, without_pole)):
        raise ArithmeticError("the form without a pole is no root of the threshold polynomial")
    found = (
        f"eps_c = {small} + O(d**5), d = 1 - phi: it tends to 0; the printed fraction is 0/0 at phi = 1 itself (with "
        "t = sqrt(chi) it is 16 sigma**2 d**3 (1 + t)/(phi (3 + t)**3), which is 0 there and loses no digits near it)"
    )
    return outcome(same, found, "implicit power series of the root in d", "exact")


def _small_root(name: str, order: int) -> sp.Expr:
    """The root eps(d) = O(d) of the threshold polynomial at phi = 1 - d, as a power series up to d**order.

    Newton's iteration on the equation solved for its linear term, whose coefficient is not 0 at d = 0.
    """
    polynomial = sp.Poly(sp.expand(threshold_polynomial(name).subs(PHI, 1 - D)), EPS)
    c2, c1, c0 = polynomial.all_coeffs()
    inverse = sp.series(1 / c1, D, 0, order + 1).removeO()
    eps = sp.S.Zero
    for _ in range(order + 1):
        value = sp.Poly(sp.expand(-(c0 + c2 * eps**2) * inverse), D)
        eps = sum((c * D**k for (k,), c in value.terms() if k <= order), sp.S.Zero)
    return sp.expand(eps)


def _series(claim: Claim, context: Context) -> Outcome:
    """The printed leading terms of eps_c in d = 1 - phi, up to the printed error."""
    order = int(claim.error.removeprefix("d**"))
    ours = _small_root(claim.subject, order + 1)
    difference = sp.Poly(ours - Reader().read(claim.printed), D)
    same = all(k >= order for (k,), _ in difference.terms() if difference.coeff_monomial(D**k) != 0)
    lowest = min(k for (k,), _ in sp.Poly(ours, D).terms())
    found = f"eps_c = {ours} + O(d**{order + 2}), d = 1 - phi: it vanishes to order {lowest}"
    return outcome(same, found, "implicit power series of the positive root", "exact")


def _sigma_half(claim: Claim, context: Context) -> Outcome:
    """The two small roots at the printed sigma of the refined model, to the order asked for."""
    order = int(claim.subject)
    first, second = (_small_root(name, 4) for name in ("wishart-wigner", "refined"))
    second = sp.expand(second.subs(SIGMA, Reader().read(claim.printed)))
    difference = sp.Poly(first - second, D)
    same = all(k > order for (k,), c in difference.terms() if c != 0)
    found = (
        f"eps_c = {first} in section 4 (sigma = 1 there) and {second} in section 6, up to O(d**5): "
        + ("equal" if same else "different")
        + f" to order d**{order}"
    )
    found += "; at one and the same sigma they differ by the factor 4, by which the variances 2 eps and eps phi/2 of"
    return outcome(same, f"{found} the two H1 differ at phi = 1", "implicit power series of both roots", "exact")


def _H0_governs(claim: Claim, context: Context) -> Outcome:
    """The variance of H1 at the threshold: to leading order in 1 - phi the same for both models."""
    order = int(claim.printed)
    first = sp.expand(2 * _small_root("wishart-wigner", 5))
    second = sp.expand(sp.cancel(PHI / 2).subs(PHI, 1 - D) * _small_root("refined", 5)).subs(SIGMA, 1)
    difference = sp.Poly(sp.expand(first - second), D)
    same = all(k > order for (k,), c in difference.terms() if c != 0 and k <= 5)
    at_edge = {sp.limit(D * formulas(name).at(1 - D)["G_c"], D, 0) for name in MODELS}  # of order 1/d in both models
    same = same and len(at_edge) == 1
    ratios = []
    for phi in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        ratio = 2 * critical("wishart-wigner", phi) / (phi / 2 * critical("refined", phi))
        ratios.append(f"{float(ratio):.3f} at phi = {phi}")
    found = (
        "at equal sigma the variance of H1 at its threshold, 2 eps_c or eps_c phi/2, is "
        f"{sp.Poly(first, D).coeff_monomial(D**3)} sigma**2 d**3 + O(d**4) for both (d = 1 - phi): there sigma d G "
        f"tends to {' or '.join(map(str, at_edge))}, so the terms k_n G**(n-1) of H1 with n > 2 are of higher order; "
        f"the ratio of the two is {', '.join(ratios)}"
    )
    rests = "implicit power series; the variances are second free cumulants; that this is to govern is our reading"
    return outcome(same, found, rests, "derived")


def _exponent(claim: Claim, context: Context) -> Outcome:
    """The exponent 1 + 1/r of the index, r the order of the root of K(g) = R(g) + 1/g that meets z = 0 at eps_c.

    r = 2 where K'' is not 0, and the edge moves with nonzero speed dK/deps there: resultants without zeros on (0, 1).
    """
    name = claim.subject
    at_zero = sp.expand(law_of(name).polynomial.subs({Z: 0, SIGMA: 1}))
    q = threshold_polynomial(name).subs(SIGMA, 1)
    clean, order = [], 2  # at eps_c the discriminant vanishes: a root of at least this order
    for other in (sp.diff(at_zero, G, 2), sp.diff(at_zero, EPS)):
        common = resultant(at_zero, sp.expand(other), G)
        both = sp.Poly(resultant(q, common, EPS), PHI) if common.has(EPS) else sp.Poly(common, PHI)
        clean.append(_no_zero_inside(both))
    phi = Fraction(1, 4)
    eps, scales = critical(name, phi), []
    for k in (4, 8, 12):
        x = Fraction(1, 10**k)
        ratio = arb(index_at(name, phi, eps * (1 + x), 20)) / arb(10) ** (-3 * k // 2)
        scales.append(f"{float(ratio.mid()):.8f} at x = 1e-{k}")
    if not all(clean):
        return "undecided", "the resultants have zeros on (0, 1)", "none", RESTS
    closed = formulas(name)
    alpha_0 = arb(str(sp.N(closed.at(sp.Rational(1, 4))["alpha_0"], 30)))
    if not bool(abs(ratio - alpha_0) < arb(10) ** -9):
        raise ArithmeticError(f"alpha_0 in closed form and the index at x = 1e-12 differ for {name}")
    names = ", ".join(f"{symbol} = {meaning}" for symbol, meaning in closed.names.items())
    found = (
        "at eps_c the root of K is double and the edge moves with nonzero speed for every 0 < phi < 1: the index is ~"
        f" alpha_0 x**(3/2), x = (eps - eps_c)/eps_c > 0, alpha_0 = {closed.alpha_0}, {names} (which the paper "
        f"leaves to its supplement); at phi = 1/4 alpha/x**(3/2) is {', '.join(scales)}"
    )
    same = 1 + Fraction(1, order) == Fraction(claim.printed)
    return outcome(same, found, "K(g) = R(g) + 1/g at its double root; resultants in phi; symrelu.free.onset", "exact")


def _absolute(claim: Claim, context: Context) -> Outcome:
    """|eps - eps_c|**(3/2) below the threshold, where the index is exactly 0."""
    name, phi = claim.subject, Fraction(1, 4)
    factor = Fraction(claim.printed)
    index = index_at(name, phi, critical(name, phi) * factor)
    near = index_at(name, phi, critical(name, phi) * (1 - Fraction(1, 10**6)))
    same = index != "0" or near != "0"
    found = (
        f"at phi = 1/4 the index is {near} at (1 - 1e-6) eps_c and {index} at {factor} eps_c: exactly 0 below eps_c, "
        f"where the right-hand side is positive; right with max(0, (eps - eps_c)/eps_c)"
    )
    return outcome(same, found, "support of the law, by the one-pair theorem", "exact")


def _coefficients_differ(claim: Claim, context: Context) -> Outcome:
    """alpha_0 of both models in closed form at the printed phi."""
    phi = parse(claim.printed, {}, rational)
    first, second = (ball_of(formulas(name).at(phi)["alpha_0"], BITS) for name in ("wishart-wigner", "refined"))
    same = not first.overlaps(second)
    found = f"at phi = {phi} they are {decimal(first, 12)} and {decimal(second, 12)}"
    return outcome(same, found, "closed forms derived from R (symrelu freeprob threshold), enclosed", "certified")


def index_in_gap(name: str, phi: Fraction, eps: Fraction) -> Fraction | None:
    """The index of a model at sigma = 1 where 0 lies in no band, exactly; None where it lies in one.

    There it is 1 - [G < 0] + a signed sum of the weights of R's jumps, so one of finitely many numbers: its ball
    chooses.
    """
    law = MODELS[name](phi, eps)
    below, at_edge = law.spectrum.band_at(Fraction(0))
    if at_edge or below % 2:
        return None
    weights = [Fraction(str(weight)) for _, weight in jumps(law)[2]]
    sums = {Fraction(0)}
    for weight in weights:
        sums |= {x + sign * weight for x in sums for sign in (-1, 1)}
    candidates = {x for s in sums for x in (s, 1 - s) if 0 <= x <= 1}
    value = Fraction(law.spectrum.index(20))
    near = [x for x in candidates if abs(x - value) < Fraction(1, 10**15)]
    if len(near) != 1:
        raise ArithmeticError(f"the index {float(value)} in a gap is none of the sums of weights: a bug")
    return near[0]


def _stays_in_gap(name: str, phi: Fraction, eps: Fraction) -> bool:
    """Whether 0 is no edge at any energy from eps on: no zero of the discriminant at z = 0, none of its leading
    coefficient (G infinite). In a gap for one of them, 0 is then in a gap for all, and the index constant.
    """
    at_zero = sp.Poly(law_of(name).polynomial.subs({Z: 0, PHI: rational(phi), SIGMA: 1}), G)
    if at_zero.degree() != sp.degree(law_of(name).polynomial.subs(Z, 0), G):
        return False
    over = (discriminant(at_zero.as_expr(), G), at_zero.LC())
    return all(sp.Poly(f, EPS).count_roots(rational(eps), None) == 0 for f in over)


def _saturates(claim: Claim, context: Context) -> Outcome:
    """Whether the index of the refined model still grows at large energies, at the printed phi."""
    phi = Fraction(claim.printed)
    energies = [Fraction(1), Fraction(10), Fraction(100), Fraction(1000)]
    exact = [index_in_gap("refined", phi, eps) for eps in energies]
    if exact[-1] is None:
        indices = [index_at("refined", phi, eps, 12) for eps in energies]
        grows = all(Fraction(a) + Fraction(1, 10**11) < Fraction(b) for a, b in pairwise(indices))
        found = f"at phi = {phi} the index is {', '.join(indices)} at eps = 1, 10, 100, 1000"
        rests = f"{RESTS}; the index in ball arithmetic, at four energies"
        return ("confirmed" if grows else "undecided"), found, "certified", rests
    there = threshold("refined", rational(phi))
    first = next(eps for eps, index in zip(energies, exact, strict=True) if index is not None)
    if exact[-1] != Fraction(str(there.ceiling)) or not _stays_in_gap("refined", phi, first):
        return "undecided", f"0 lies in a gap at eps = 1000, index {exact[-1]}, but not for sure beyond", "none", RESTS
    found = f"at phi = {phi} 0 lies in a gap of the spectrum for every eps >= {first}, and the index is {exact[-1]}"
    if there.saturation is not None:
        eps_sat = Fraction(there.decimal("eps_sat", 15))
        steps = {text: eps_sat * Fraction(text) for text in ("9/10", "11/10", "2")}
        said = [
            f"{index_in_gap('refined', phi, eps) or index_at('refined', phi, eps, 10)} at {text}"
            for text, eps in steps.items()
        ]
        found += (
            f" exactly: for 1 < phi < 2 it reaches 1/(2 phi), the inertia of H1, at a finite energy (another root of "
            f"the very discriminant that gives eps_c) and stays there; here at eps_sat = {float(eps_sat):.12g}: "
            f"{', '.join(said)} times it"
        )
    found += "; for phi >= 2 it is 1/(2 phi) always"
    rests = "in a gap the index is a sum of weights of jumps, exact; no zero of the discriminant at z = 0 beyond"
    return outcome(False, found, rests, "exact")


def _energy_itself(claim: Claim, context: Context) -> Outcome:
    """The 3/2 power of the printed energy, ``eps`` or an excess over ``eps_c``, as the index tends to 0.

    The index is alpha_0 x**(3/2) (1 + O(x)), x = (eps - eps_c)/eps_c, with eps_c and alpha_0 positive for every
    0 < phi < 1, and 0 up to eps_c: it goes with the power 3/2 of what vanishes at eps_c to first order.
    """
    x, eps_c = sp.symbols("x eps_c", positive=True)
    energy = sp.Poly(parse(claim.printed, {"eps": eps_c * (1 + x), "eps_c": eps_c}, rational), x)
    order = min(k for (k,), _ in energy.terms())
    same, said = order == 1, []
    for name in MODELS:
        closed = formulas(name)
        if not (closed.eps_c.is_positive and closed.alpha_0.is_positive and EXPONENT == Fraction(3, 2)):
            raise ArithmeticError(f"eps_c and alpha_0 of {name} are not positive by their form")
        half = index_at(name, Fraction(1, 4), critical(name, Fraction(1, 4)) / 2)
        names = ", ".join(f"{symbol} = {meaning}" for symbol, meaning in closed.names.items() if symbol != PHI)
        said.append(f"{name}: alpha_0 = {closed.alpha_0}, {names}, index {half} at phi = 1/4, eps_c/2")
    found = (
        "for every 0 < phi < 1 the index is alpha_0 x**(3/2) (1 + O(x)), x = (eps - eps_c)/eps_c > 0, alpha_0 > 0 "
        f"({'; '.join(said)}), and {claim.printed} is {energy.as_expr()}"
    )
    if not same:
        found += ", not 0 at eps_c > 0, where the index is: the 3/2 power is one of the excess eps - eps_c, as in (20)"
    return outcome(same, found, "the 3/2 law, on the whole domain by Sturm's theorem (symrelu.free.onset)", "exact")


def _fit_is_no_model(claim: Claim, context: Context) -> Outcome:
    """Is the printed eps_c that of one of the models, at some sigma? Its values must solve the threshold polynomial."""
    scale = sp.Symbol("s", positive=True)  # sigma**2
    reader, same, said = Reader(), False, []
    printed = reader.read(claim.printed)
    for name in MODELS:
        q = threshold_polynomial(name).subs(SIGMA, 1).subs(EPS, printed / scale)
        over = sp.Poly(reader.reduced(q), PHI, *reader.squares)
        common = reduce(sp.gcd, over.coeffs())
        fits = [root for root in sp.real_roots(sp.Poly(common, scale)) if root > 0] if common.has(scale) else []
        same = same or bool(fits)
        values = [float(critical(name, phi)) for phi in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10))]
        said.append(f"{name}: {', '.join(f'{v:.5g}' for v in values)} times sigma**2")
    found = (
        f"at phi = 1/10, 1/2, 9/10 the models have {'; '.join(said)}, cubic in 1 - phi near 1; printed: {claim.printed}"
    )
    rests = "the printed eps_c put into the threshold polynomials, for every sigma at once"
    return outcome(same, found, rests, "exact")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_threshold": _threshold,
    "free_domain": _domain,
    "free_at_one": _at_one,
    "free_series": _series,
    "free_sigma_half": _sigma_half,
    "free_H0_governs": _H0_governs,
    "free_exponent": _exponent,
    "free_absolute": _absolute,
    "free_coefficients_differ": _coefficients_differ,
    "free_energy_itself": _energy_itself,
    "free_saturates": _saturates,
    "free_fit_is_no_model": _fit_is_no_model,
}

__all__ = ["DECIDERS", "MODELS", "critical", "index_at", "index_in_gap", "one_positive_root", "threshold_polynomial"]
