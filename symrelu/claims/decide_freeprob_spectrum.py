"""Deciding what Pennington & Bahri say of the spectrum of H as the energy changes: gaps, limits, shape, the "
"integral (19)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy as sp

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import law_of, outcome
from symrelu.claims.decide_freeprob_thresholds import MODELS, critical, index_at
from symrelu.claims.formulas import EPS, PHI, SIGMA, Reader, rational
from symrelu.exact.parse import parse
from symrelu.free import G, Semicircle, Z, g
from symrelu.free.models import wishart_wigner


def _closes(claim: Claim, context: Context) -> Outcome:
    """The gap below the positive bulk and the lowest edge as eps passes eps_c, at phi = 1/4; the speed of the edge."""
    phi = Fraction(claim.printed)
    eps = critical("wishart-wigner", phi) if phi < 1 else Fraction(1, 100)
    edges = [wishart_wigner(phi, eps * x).spectrum.edges[0].value for x in (Fraction(1, 2), Fraction(1), Fraction(2))]
    same = phi < 1 and edges[0] > 0 > edges[2] and abs(edges[1]) < 1e-12
    found = (
        f"at phi = {phi} the lowest edge is {edges[0]:.6f}, {edges[1]:.1e}, {edges[2]:.6f} at eps_c/2, eps_c, "
        "2 eps_c; it "
        "moves with d(edge)/d(eps) = 2 G < 0, G the Stieltjes transform there, so it crosses 0 once; for 0 < phi < 1"
    )
    return outcome(same, found, "edges: K(g) = R(g) + 1/g at the zeros of K'", "certified")


def _gap(claim: Claim, context: Context) -> Outcome:
    """Is there a gap at small eps for the printed phi? And, for the report, for others."""
    eps = Fraction(1, 1000)
    said, same = [], True
    for text in claim.printed.split(","):
        phi = Fraction(text)
        low = wishart_wigner(phi, eps).spectrum.edges[0]
        same = same and low.value > 0
        said.append(f"{low.value:.4f} at phi = {text}")
    bands = len(wishart_wigner(2, eps).spectrum.bands)
    same = same and bands == 2
    found = (
        f"at eps = 1/1000 the lowest edge is {', '.join(said)}: a gap for every phi with eps_c(phi) > eps. "
        "Small phi is "
        f"sufficient, not needed: at phi = 2 there are {bands} bands with a gap between them, and at eps = 0 "
        "there is one"
        " for every phi but 1"
    )
    return outcome(same, found, "edges of (18)", "certified")


def _small_energy(claim: Claim, context: Context) -> Outcome:
    pairs = zip(law_of("wishart-wigner").free_cumulants(8), law_of("H0").free_cumulants(8), strict=True)
    cumulants = [a - b for a, b in pairs]
    at_zero = law_of("wishart-wigner").polynomial.subs(EPS, Reader().read(claim.printed))
    same = sp.expand(at_zero - law_of("H0").polynomial) == 0 or sp.expand(at_zero + law_of("H0").polynomial) == 0
    same = same and all(c.subs(EPS, 0) == 0 for c in cumulants)
    found = f"at eps = {claim.printed} (18) is {at_zero} = 0; the free cumulants of H less those of H0: {cumulants[:4]}"
    return outcome(same, found, "the free cumulants determine a law of compact support; they are continuous in eps")


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
    return outcome(same, found, "limits of rational functions; R determines the law")


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
    return outcome(same, found, "c R(c g) for the law of c H")


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
    """A primitive of G along the curve z = K(G), as printed here: its derivative in G is G K'(G), identically."""
    law = law_of(claim.subject)
    K = law.R.subs(g, G) + 1 / G
    functions = {"log": sp.log}
    primitive = Reader().read(claim.printed, functions).subs(Z, K)
    same = sp.cancel(sp.together(sp.diff(primitive, G) - G * sp.diff(K, G))) == 0
    at = {"wishart-wigner": ("1/4", "1/10"), "refined": ("1/4", "1")}[claim.subject]
    spectrum = MODELS[claim.subject](*at).spectrum
    measured = _quadrature(spectrum.density_array, spectrum.edges[0].value)
    index = spectrum.index(12)
    same = same and abs(measured - float(index)) < 1e-7
    found = (
        f"alpha = 1 - Im F/pi at z = 0, F = {claim.printed}, G the root in the lower half plane; at phi, eps = "
        f"{', '.join(at)} it is {index}, and summing the density gives {measured:.8f}"
    )
    return outcome(same, found, "F' = G, as G dz/dG = G K'(G); what the paper defers to its supplement fits in a line")


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
    return outcome(
        same, found if same else "that is not what the two parts of K = 0 give", "identity in x, y, eps, phi"
    )


def _depends(claim: Claim, context: Context) -> Outcome:
    """The shape (what scaling and shifts leave) against the printed parameter."""
    _, k2, k3 = law_of(claim.subject).free_cumulants(3)
    skew = sp.factor(k3**2 / k2**3)
    parameter = {"eps": EPS, "phi": PHI}[claim.printed]
    same = sp.cancel(sp.diff(skew, parameter)) != 0
    found = f"k_3**2/k_2**3 = {skew}; at phi = 1/4 the index is " + ", ".join(
        f"{index_at('wishart-wigner', Fraction(1, 4), eps, 4)} at eps = {eps}"
        for eps in (Fraction(1, 50), Fraction(1, 10), Fraction(1))
    )
    return outcome(same, found, "free cumulants of (17)")


def _not_semicircular(claim: Claim, context: Context) -> Outcome:
    cumulants = [sp.factor(law_of(name).free_cumulants(3)[2]) for name in claim.subject.split(",")]
    same = all(k.is_positive for k in cumulants)
    shown = " and ".join(map(str, cumulants))
    found = f"the third free cumulant, 0 for every shifted and scaled semicircle (GOE), is {shown} in the two models"
    return outcome(same, found, "free cumulants of (17) and (29)")


def _shifted_semicircle(claim: Claim, context: Context) -> Outcome:
    """The index of a semicircle shifted so that x of its support is below 0, as x -> 0."""
    from math import log

    values = []
    for k in (6, 10):
        x = Fraction(1, 10**k)
        values.append((log(float(x)), log(float((Semicircle(1) + (2 - x)).spectrum.index(20)))))
    (x1, y1), (x2, y2) = values
    exponent = (y2 - y1) / (x2 - x1)
    same = abs(exponent - float(Fraction(claim.printed))) < 1e-4
    found = (
        f"a semicircle (GOE) whose lower edge passes 0 by x has index ~ x**{exponent:.6f}: any density that "
        "vanishes like"
        " a square root at its edge gives 3/2, whatever the law, if the edge moves linearly with the energy"
    )
    return outcome(same, found, "index in ball arithmetic at x = 1e-6 and 1e-10", "certified")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_closes": _closes,
    "free_gap": _gap,
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
