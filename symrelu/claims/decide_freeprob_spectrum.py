"""Deciding what Pennington & Bahri say of the spectrum of H as the energy changes: gaps, limits, shape, and (19)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import acb, arb

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import law_of, outcome
from symrelu.claims.decide_freeprob_thresholds import MODELS, critical, index_at, one_positive_root
from symrelu.claims.formulas import BITS, EPS, PHI, SIGMA, Reader, rational
from symrelu.exact.balls import ball as arb_of
from symrelu.exact.balls import working_bits
from symrelu.exact.parse import parse
from symrelu.free import G, Semicircle, Z, g
from symrelu.free.closed_form import antiderivative
from symrelu.free.elimination import discriminant, factors
from symrelu.free.levy import LevySpectrum
from symrelu.free.models import wishart_wigner
from symrelu.free.spectrum import Spectrum


def _closes(claim: Claim, context: Context) -> Outcome:
    """The lowest edge at eps_c/2, eps_c and 2 eps_c, at the printed phi; and its speed d(edge)/d(eps) = dR/d(eps)."""
    law = law_of("wishart-wigner")
    speed = sp.factor(sp.diff(law.R, EPS))  # the edge is K(G) = R + 1/G at K'(G) = 0
    said, same = [], speed == 2 * g
    for text in claim.printed.split(","):
        phi = Fraction(text)
        eps = critical("wishart-wigner", phi) if phi < 1 else Fraction(1, 100)
        at = [eps * x for x in (Fraction(1, 2), Fraction(1), Fraction(2))]
        edges = [wishart_wigner(phi, x).spectrum.edges[0].ball(BITS) for x in at]
        same = same and bool(phi < 1 and edges[0] > 0 and edges[2] < 0 and abs(edges[1]) < arb(10) ** -30)
        said.append(f"{float(edges[0]):.6f}, {float(edges[1]):.1e}, {float(edges[2]):.6f} at phi = {text}")
    found = (
        f"the lowest edge at eps_c/2, eps_c, 2 eps_c is {'; '.join(said)}; for every 0 < phi < 1 it begins at lambda_- "
        f"> 0 (eps = 0) and moves with d(edge)/d(eps) = {str(speed).replace('g', 'G')} < 0, G its Stieltjes transform, "
        "negative to the left of a spectrum: so it crosses 0 once"
    )
    rests = "dR/d(eps), identically; edges in balls (K(g) = R(g) + 1/g at the zeros of K')"
    return outcome(same, found, rests, "derived" if same else "certified")


def _gap(claim: Claim, context: Context) -> Outcome:
    """Is there a gap at small eps for the printed phi? And, for the report, for others."""
    eps = Fraction(1, 1000)
    said, same = [], True
    for text in claim.printed.split(","):
        phi = Fraction(text)
        low = wishart_wigner(phi, eps).spectrum.edges[0].ball(BITS)
        same = same and bool(low > 0)
        said.append(f"{float(low):.4f} at phi = {text}")
    bands = len(wishart_wigner(2, eps).spectrum.bands)
    found = (
        f"at eps = 1/1000 the lowest edge is {', '.join(said)}: a gap for every phi with eps_c(phi) > eps. Small phi "
        f"is sufficient, not needed: at phi = 2 there are {bands} bands with a gap between them, and at eps = 0 there "
        "is one for every phi but 1"
    )
    return outcome(same, found, "edges of (18), enclosed", "certified")


def _real_roots(claim: Claim, context: Context) -> Outcome:
    """How many real roots (18) has at z = 0 below and above eps_c: the printed numbers, at three phi.

    The discriminant in G has but one zero eps > 0 for each 0 < phi < 1 (its other factors are monomials), so the
    numbers are the same on either side for every phi.
    """
    at_zero = law_of("wishart-wigner").polynomial.subs(Z, 0)
    others = [sp.Poly(f, EPS, PHI) for f, _ in factors(discriminant(at_zero, G)) if sp.degree(f, EPS) != 2]
    below, above = (int(text) for text in claim.printed.split(","))
    same, said = one_positive_root("wishart-wigner") and all(f.is_monomial for f in others), []
    for phi in (Fraction(1, 10), Fraction(1, 2), Fraction(9, 10)):
        eps = critical("wishart-wigner", phi)
        counts = []
        for factor in (Fraction(1, 2), Fraction(999, 1000), Fraction(1001, 1000), Fraction(2)):
            numbers = {PHI: rational(phi), EPS: rational(eps * factor)}
            counts.append(sp.Poly(at_zero.subs(numbers), G).count_roots())
        same = same and counts == [below, below, above, above]
        said.append(f"{counts[0]} and {counts[-1]} at phi = {phi}")
    found = (
        f"real roots of (18) at z = 0 below and above eps_c: {', '.join(said)}; the discriminant has no other zero "
        "eps > 0 for 0 < phi < 1, so these numbers are the same for every such phi"
    )
    return outcome(same, found, "Sturm's theorem; factors of the discriminant", "exact")


def _more_semicircular(claim: Claim, context: Context) -> Outcome:
    """The free cumulants of orders 3 to 8 of the law scaled to variance 1, 0 for a semicircle, as eps increases."""
    cumulants = law_of(claim.subject).free_cumulants(8)
    same, shown = True, []
    for n, k in enumerate(cumulants[2:], 3):
        squared = sp.factor(k**2 / cumulants[1] ** n)
        slope = [sp.Poly(part, EPS, PHI, SIGMA) for part in sp.fraction(sp.cancel(sp.diff(squared, EPS)))]
        signs = [{bool(c > 0) for c in part.coeffs()} for part in slope]  # of numerator and denominator
        same = same and (squared == 0 or signs in ([{False}, {True}], [{True}, {False}]))
        if n < 5:
            shown.append(f"k_{n}**2/k_2**{n} = {squared}")
    found = (
        f"{', '.join(shown)}, ...: every one of orders 3 to 8 falls as eps increases (k_n = phi**(n-1) does not depend "
        "on eps for n > 2, and k_2 = phi + 2 eps: so for all orders), and all tend to 0, as for a semicircle"
    )
    words = found if same else f"{', '.join(shown)}: not shown to fall as eps increases"
    return outcome(same, words, "free cumulants; signs of all coefficients of their derivatives", "exact")


def _small_energy(claim: Claim, context: Context) -> Outcome:
    pairs = zip(law_of("wishart-wigner").free_cumulants(8), law_of("H0").free_cumulants(8), strict=True)
    cumulants = [a - b for a, b in pairs]
    at_zero = law_of("wishart-wigner").polynomial.subs(EPS, Reader().read(claim.printed))
    same = sp.expand(at_zero - law_of("H0").polynomial) == 0 or sp.expand(at_zero + law_of("H0").polynomial) == 0
    same = same and all(c.subs(EPS, 0) == 0 for c in cumulants)
    found = f"at eps = {claim.printed} (18) is {at_zero} = 0; the free cumulants of H less those of H0: {cumulants[:4]}"
    return outcome(same, found, "the free cumulants determine a law of compact support", "exact")


def _semicircular(claim: Claim, context: Context) -> Outcome:
    """R of the law scaled to variance 1 and centred, as eps -> infinity: g for a semicircle."""
    root = sp.Symbol("r", positive=True)  # r**2 = variance
    law = law_of(claim.subject)
    first, variance = law.free_cumulants(2)
    (value,) = sp.solve(variance - root**2, EPS)
    scaled = sp.cancel(((law.R.subs(g, g / root) - first) / root).subs(EPS, value))
    limit = sp.factor(sp.limit(scaled, root, sp.oo))
    same = sp.cancel(limit - g) == 0
    found = f"scaled to variance 1 and centred, R(g) tends to {limit} as eps -> infinity"
    if same:
        found += " (k_n = phi**(n-1) for n > 2, while k_2 = phi + 2 eps)"
        other = sp.cancel(sp.limit(_scaled_R("refined"), root, sp.oo))
        found += f"; in the refined model of section 6 it does not: there R(g) tends to {other}, the law of H1"
    return outcome(same, found, "limits of rational functions; R determines the law", "exact")


def _scaled_R(name: str) -> sp.Expr:
    root = sp.Symbol("r", positive=True)
    law = law_of(name).subs({SIGMA: 1})
    first, variance = law.free_cumulants(2)
    (value,) = sp.solve(variance - root**2, EPS)
    return sp.cancel(((law.R.subs(g, g / root) - first) / root).subs(EPS, value))


def _relative_scale(claim: Claim, context: Context) -> Outcome:
    """H/sigma with H0 of mean sigma and H1 of energy eps: H0 of mean 1, H1 of the printed energy."""
    scaled = (1 / SIGMA) * wishart_wigner(PHI, EPS, SIGMA)
    one = wishart_wigner(PHI, Reader().read(claim.printed))
    same = sp.cancel(scaled.R - one.R) == 0
    found = (
        "R of H/sigma is that of (17) with eps/sigma**2 for eps: sigma_H0 = 1 loses nothing, and with it restored (17) "
        "reads sigma/(1 - sigma phi z) + 2 eps z and (21) gets the factor sigma**2"
    )
    return outcome(same, found, "c R(c g) for the law of c H", "exact")


def _both_halves(claim: Claim, context: Context) -> Outcome:
    """The second equality of (19): no mass at 0."""
    name, said, same = claim.subject, [], True
    for text in claim.printed.split(","):
        spectrum = MODELS[name](text, 1).spectrum
        left, right = spectrum.mass_below(0, 12), spectrum.cdf(0, 12)
        same = same and left == right
        said.append(f"{left} at phi = {text}" if left == right else f"{left} against {right} at phi = {text}")
    found = f"mass of (-infinity, 0), and 1 less that of (0, infinity), at eps = 1: {', '.join(said)}"
    if name == "refined":
        found += (
            ". For phi > 2 the refined model has an atom of mass 1 - 2/phi at 0; (19) holds for phi <= 2, "
            "and footnote 3"
            " sets degenerate critical points aside, which are then all of them"
        )
    return outcome(same, found, "atoms of the laws; closed form of the distribution function", "certified")


def _closed_form(claim: Claim, context: Context) -> Outcome:
    """A primitive of G along the curve z = K(G), as printed here: its derivative in G is G K'(G), identically.

    Its constant and branch: against :func:`symrelu.free.closed_form.antiderivative`, whose partial derivatives it has;
    their difference at a small G > 0, where all logarithms are real; and the index in balls.
    """
    law = law_of(claim.subject)
    K = law.R.subs(g, G) + 1 / G
    printed = Reader().read(claim.printed, {"log": sp.log})
    same = sp.cancel(sp.together(sp.diff(printed.subs(Z, K), G) - G * sp.diff(K, G))) == 0
    if not same:
        return outcome(False, "F'(z) = G does not hold along z = K(G)", "dF/dG = G K'(G), identically", "exact")
    difference = printed - antiderivative(law)
    if any(sp.simplify(sp.diff(difference, variable)) != 0 for variable in (G, Z)):
        raise ArithmeticError("the printed primitive and the derived one have different partial derivatives")
    numbers = {"wishart-wigner": (("1/4", "1/10"), ("2", "1")), "refined": (("1/4", "1"), ("3/2", "1/10"))}
    said = []
    for phi, eps in numbers[claim.subject]:
        spectrum = MODELS[claim.subject](phi, eps).spectrum
        index = spectrum.index(30)
        with working_bits(BITS):
            same = same and bool(abs(_by_formula(claim.printed, spectrum, phi, eps) - arb(index)) < arb(10) ** -28)
        said.append(f"{index} at phi = {phi}, eps = {eps}")
    (phi, eps), spectrum = numbers[claim.subject][0], MODELS[claim.subject](*numbers[claim.subject][0]).spectrum
    measured = _quadrature(spectrum.density_array, spectrum.edges[0].value)
    found = (
        f"alpha = 1 - Im F/pi at z = 0, F = {claim.printed}, G the root in the lower half plane, logarithms principal: "
        f"{', '.join(said)} (summing the density in floats gives {measured:.8f} for the first); what the paper defers "
        "to its supplement fits in a line"
    )
    rests = (
        "exact: F' = G, as dF/dG = G K'(G), and F less the derived antiderivative is constant; no argument of a "
        "logarithm meets the cut while Im G < 0; in balls: the constant and the branch, at two points"
    )
    return outcome(same, found, rests, "certified")


def _by_formula(printed: str, spectrum: Spectrum, phi: str, eps: str) -> arb:
    """1 - Im F/pi at z = 0 by the printed F, in balls, sigma = 1."""
    assert isinstance(spectrum, LevySpectrum)
    with working_bits(BITS):
        at = spectrum.stieltjes(Fraction(0), BITS)
        assert at is not None and at.imag < 0
        balls = {name: acb(arb_of(Fraction(x))) for name, x in (("phi", phi), ("eps", eps), ("z", "0"), ("sigma", "1"))}
        logarithm = {"log": lambda x: x.log()}
        F = parse(printed, {**balls, "G": at}, lambda x: acb(arb_of(x)), logarithm)
        return 1 - F.imag / arb.pi()


def _quadrature(density: Callable[..., Any], low: float) -> float:
    """The integral of a density from its lowest edge to 0, with x = low cos(t)**2 (midpoint rule, root at the edge)."""
    import numpy as np

    t = (np.arange(4000) + 0.5) / 4000 * np.pi / 2
    return float(np.mean(density(low * np.cos(t) ** 2) * np.abs(low) * np.sin(2 * t)) * np.pi / 2)


def _grows(claim: Claim, context: Context) -> Outcome:
    """d alpha/d eps = Im G**2/pi at z = 0 in section 4, and its sign: Re K + (Re G/Im G) Im K as printed, q for
    abs(1 - phi G)**2 and x for Re G, is 0 there, so Re G < 0.
    """
    law = law_of("wishart-wigner")
    slope = -sp.integrate(sp.diff(law.R, EPS), g)  # of F = z G - int K dG at fixed z, where dF/dG = 0
    x, y, q = sp.symbols("x y q", real=True)
    value = sp.together((law.R + 1 / g).subs(g, x + sp.I * y))
    over, under = sp.fraction(value)
    real, imaginary = (over * sp.conjugate(under)).expand().as_real_imag()
    size = sp.expand(under * sp.conjugate(under))
    printed = parse(claim.printed, {"eps": EPS, "phi": PHI, "x": x, "q": q}, rational)
    printed = printed.subs(q, (1 - PHI * x) ** 2 + PHI**2 * y**2)
    same = sp.cancel((real + x / y * imaginary) / size - printed) == 0 and slope == -(g**2)
    found = (
        f"d alpha/d eps = Im G**2/pi = 2 Re G Im G/pi at z = 0; there Re K + (Re G/Im G) Im K = {claim.printed} = 0 "
        "with x = Re G, q = |1 - phi G|**2, so Re G < 0 (and Im G < 0): strictly increasing where 0 is in a band, "
        "for every phi"
    )
    words = found if same else "that is not what the two parts of K = 0 give"
    return outcome(same, words, "identity in x, y, eps, phi", "exact")


SHAPES = {  # where the shape is looked at: (phi, eps), along the parameter
    "eps": [(Fraction(1, 4), Fraction(x)) for x in ("0", "1/50", "1/10", "1")],
    "phi": [(Fraction(x), Fraction(1, 10)) for x in ("1/16", "1/4", "1", "4")],
}


def _depends(claim: Claim, context: Context) -> Outcome:
    """The shape (what scaling and shifts leave: skewness, kurtosis) against the printed parameter, and by how much."""
    law = law_of(claim.subject)
    _, k2, k3, k4 = law.free_cumulants(4)
    skew, kurtosis = sp.factor(k3**2 / k2**3), sp.factor(k4 / k2**2 - 1)  # m_4/m_2**2 - 3 = k_4/k_2**2 - 1
    parameter = {"eps": EPS, "phi": PHI}[claim.printed]
    same = sp.cancel(sp.diff(skew, parameter)) != 0
    found = f"skewness**2 = k_3**2/k_2**3 = {skew}, excess kurtosis = k_4/k_2**2 - 1 = {kurtosis}"
    if same:
        said = []
        for phi, eps in SHAPES[claim.printed]:
            numbers = {PHI: rational(phi), EPS: rational(eps)}
            shape = f"{sp.sqrt(skew.subs(numbers)).evalf(3)}, {kurtosis.subs(numbers).evalf(3)}"
            index = index_at(claim.subject, phi, eps, 3) if eps else "0"
            said.append(f"{shape}, {index} at {claim.printed} = {eps if claim.printed == 'eps' else phi}")
        fixed = "phi = 1/4" if claim.printed == "eps" else "eps = 1/10"
        found += (
            f"; skewness, excess kurtosis and index, with {fixed}: {'; '.join(said)} (a semicircle has 0, -1, 1/2). "
            "That it depends is decided; whether strongly is a matter of opinion"
        )
    rests = "free cumulants of (17): a derivative that is not 0, and the shape at four points"
    return outcome(same, found, rests, "exact")


def _not_semicircular(claim: Claim, context: Context) -> Outcome:
    cumulants = [sp.factor(law_of(name).free_cumulants(3)[2]) for name in claim.subject.split(",")]
    same = all(k.is_positive for k in cumulants)
    shown = " and ".join(map(str, cumulants))
    found = f"the third free cumulant, 0 for every shifted and scaled semicircle (GOE), is {shown} in the two models"
    return outcome(same, found, "free cumulants of (17) and (29)", "exact")


def _shifted_semicircle(claim: Claim, context: Context) -> Outcome:
    """The index of a semicircle shifted so that x of its support is below 0, as x -> 0: (pi rho)**2 at a distance t
    from the lower edge has a zero of order k at t = 0, so the index goes like x**(1 + k/2).
    """
    t = sp.Symbol("t", positive=True)
    law = law_of("semicircle")
    a, b, c = sp.Poly(law.polynomial, G).all_coeffs()
    square = sp.factor(((4 * a * c - b**2) / (2 * a) ** 2).subs(Z, t - 2 * SIGMA))  # radius 2 sigma
    (order,) = min(sp.Poly(square, t).monoms())
    exponent = 1 + sp.Rational(order, 2)
    same = exponent == rational(Fraction(claim.printed))
    slope = sp.sqrt(sp.Poly(square, t).coeff_monomial(t**order)) / exponent  # times x**exponent/pi
    x = Fraction(1, 10**10)
    index = (Semicircle(1) + (2 - x)).spectrum.index(12)
    found = (
        f"(pi rho)**2 = {square} at t from the lower edge, of order {order} at t = 0: a semicircle (GOE) whose edge "
        f"passes 0 by x has index ~ {slope / sp.pi} x**({exponent}) as x -> 0 (sigma = 1, x = 1e-10: index {index}); "
        "any density that vanishes like a square root at its edge gives 3/2, whatever the law, if the edge moves "
        "linearly with the energy"
    )
    return outcome(same, found, "the quadratic of (6) at its edge, integrated term by term", "exact")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_closes": _closes,
    "free_gap": _gap,
    "free_real_roots": _real_roots,
    "free_more_semicircular": _more_semicircular,
    "free_small_energy": _small_energy,
    "free_semicircular": _semicircular,
    "free_relative_scale": _relative_scale,
    "free_both_halves": _both_halves,
    "free_closed_form": _closed_form,
    "free_depends": _depends,
    "free_grows": _grows,
    "free_not_semicircular": _not_semicircular,
    "free_shifted_semicircle": _shifted_semicircle,
}

__all__ = ["DECIDERS"]
