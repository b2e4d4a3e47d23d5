"""Deciding the displayed formulas of Pennington & Bahri: what they print against what :mod:`symrelu.free` derives.

Laws come from their ensembles, H1 of section 6 from two free Wishart factors, thresholds from discriminants; what is
claimed enters only as the formula compared in the end.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import sympy as sp
from flint import acb, arb, fmpq

from symrelu.claims.claim import Claim, Context, Evidence, Outcome
from symrelu.claims.formulas import BITS, EPS, NAMES, PHI, PI, POINT, SIGMA, Reader, X, rational
from symrelu.exact.balls import working_bits
from symrelu.exact.parse import parse
from symrelu.free import G, MarchenkoPastur, ProductWishart, Semicircle, Z, g, symmetric_root, transposed
from symrelu.free.algebraic import AlgebraicLaw
from symrelu.free.construction import Construction
from symrelu.free.elimination import numerator, primitive
from symrelu.free.models import refined, wishart_wigner
from symrelu.free.rational import RationalLaw

ENSEMBLES = "the laws of symrelu.free, checked there on moments and sampled matrices"
N, P = sp.symbols("n p", positive=True)


@cache
def law_of(name: str) -> RationalLaw:
    """A law of the paper with its parameters open: the ensembles, H0 and H1 and the two models of H."""
    return {
        "semicircle": lambda: Semicircle(SIGMA**2),
        "marchenko-pastur": lambda: MarchenkoPastur(PHI, SIGMA),
        "H0": lambda: MarchenkoPastur(PHI),
        "H1": lambda: Semicircle(2 * EPS),
        "H1 refined": lambda: ProductWishart(EPS, PHI),
        "wishart-wigner": lambda: wishart_wigner(PHI, EPS),
        "refined": lambda: refined(PHI, EPS, SIGMA),
    }[name]()


@cache
def product_of_gaussians() -> AlgebraicLaw:
    """The law of M = (eps/2) E X'X E'/p**2 (eq. 26), E and X standard normal n x p, phi = n/p, by S-transforms.

    X'X/p and E'E/p are p x p Wishart matrices of mean phi and ratio 1/phi; their free product has the spectrum of M
    but for zeros.
    """
    factor = MarchenkoPastur(1 / PHI, PHI)
    return transposed((EPS / 2) * (factor @ factor), PHI)


def _same(expression: sp.Expr, printed: str) -> bool:
    reader = Reader()
    return reader.vanishes(expression - reader.read(printed))


def outcome(same: bool, found: str, rests: str, evidence: Evidence) -> Outcome:
    """A comparison as an outcome; the kind of evidence has to be said each time."""
    return ("confirmed" if same else "refuted"), found, evidence, rests


# -- section 3: densities and their normalisation ---------------------------------------------------------------------


def _variance(claim: Claim, context: Context) -> Outcome:
    """Whether entries of the printed variance give the law its own mean (Wishart) or second moment (Wigner)."""
    reader = Reader({"n": N, "p": P})
    variance = reader.read(claim.printed)
    if claim.subject == "wigner":
        sampled, moment, words = N * variance, law_of("semicircle").moments(2)[2], "E tr M**2/n"
        right, of_law = "sigma**2/n", "the second moment of (6)"
    else:
        sampled, moment, words = P * variance, law_of("marchenko-pastur").mean, "E tr X X'/n"
        right, of_law = "sigma/p", "the mean of (7)-(8)"
    same = reader.vanishes(sampled - moment, {N: "7", P: "11"})
    found = f"{words} = {sp.cancel(sampled)}, and {of_law} is {moment}: "
    found += "they agree" if same else f"entries of variance {right} are meant (then all of the paper agrees)"
    if claim.subject == "wishart" and not same:
        found += "; invisible at sigma = 1, a factor 2 at the sigma = 1/2 of section 6.3"
    return outcome(same, found, "second moments of the entries; moments of the law from its free cumulants", "exact")


def _density(claim: Claim, context: Context) -> Outcome:
    """A printed density against -Im G/pi of a quadratic: (pi rho)**2 = -disc/(2 lead)**2, identically."""
    reader = Reader()
    lower, upper = (SIGMA * (1 + sign * reader.root(PHI)) ** 2 for sign in (-1, 1))
    reader.names |= {"lambda_minus": lower, "lambda_plus": upper}
    printed = reader.read(claim.printed)
    law = law_of(claim.subject)
    a, b, c = sp.Poly(law.polynomial.subs(Z, X), G).all_coeffs()
    same = reader.vanishes((PI * printed) ** 2 + (b**2 - 4 * a * c) / (2 * a) ** 2)
    inside = {PHI: "1/4", SIGMA: "1", X: "1"}  # of the support of either law
    same = same and bool(reader.enclosure(printed, {**POINT, **inside}) > 0)
    square = sp.factor((4 * a * c - b**2) / (2 * a) ** 2)
    found = f"the roots of {law.polynomial} = 0 have Im G = -pi rho with rho**2 = {square}"
    rests = "(11)-(13), solved for G: a quadratic; equality of squares, identically"
    return outcome(same, found + "/pi**2", rests, "exact")


def _empirical(claim: Claim, context: Context) -> Outcome:
    """(5) with the printed factor: n unit masses, total mass, and the mean against tr M/n, on a 2 x 2 matrix."""
    matrix = sp.Matrix([[1, 2], [2, -2]])
    factor = Reader({"n": sp.Integer(2)}).read(claim.printed)
    eigenvalues = matrix.eigenvals()
    mass = factor * sum(eigenvalues.values())
    moments = [factor * sum(m * value**k for value, m in eigenvalues.items()) for k in (1, 2)]
    same = mass == 1 and all(sp.expand(x - (matrix**k).trace() / 2) == 0 for k, x in zip((1, 2), moments, strict=True))
    found = f"a definition; its mass is {mass}, its moments are tr M**k/n (on a symmetric 2 x 2 matrix)"
    return outcome(same, found, "eigenvalues of an integer matrix, with multiplicity", "derived" if same else "exact")


def _second_cumulant(claim: Claim, context: Context) -> Outcome:
    """The variance of a law against the printed one."""
    law = law_of(claim.subject)
    same = law.mean == 0 and _same(law.variance, claim.printed)
    found = f"mean {law.mean}, variance {law.variance}; H0 has mean {law_of('H0').mean} and ratio phi"
    return outcome(same, found, "free cumulants; entries of H1 then have variance 2 eps/n (see eq6.variance)", "exact")


def _edge(claim: Claim, context: Context) -> Outcome:
    """The printed edge and, with the other sign of its root, its partner: the zeros of the quadratic's discriminant.

    ``subject`` "lower": the printed one is to be the lower of the two, not below 0, so that (0, it) is a gap.
    """
    reader = Reader()
    printed = reader.read(claim.printed)
    polynomial = law_of("marchenko-pastur").polynomial.subs(Z, X)
    discriminant = sp.discriminant(polynomial, G)
    root = reader.root(PHI)
    other = printed.subs(root, -root)
    both = [reader.vanishes(discriminant.subs(X, edge)) for edge in (printed, other)]
    same = all(both) and not reader.vanishes(printed - other)
    found = f"the edges are the zeros of the discriminant {sp.factor(discriminant)}: sigma (1 +- sqrt(phi))**2"
    if claim.subject == "lower":
        below = sp.Poly(sp.expand((other - printed) / SIGMA), root)  # positive for every phi > 0: one term, positive
        same = same and len(below.terms()) == 1 and bool(below.LC() > 0) and sp.Poly(printed, root).LC() == SIGMA
        found += f"; the other edge less this one is sigma*({below.as_expr().subs(root, sp.Symbol('sqrt(phi)'))}) > 0, "
        found += "so no eigenvalues lie between 0 and it: a gap for every phi but 1, where it is 0"
    rests = "(11)-(13): the discriminant of the quadratic for G"
    return outcome(same, found if same else "not the edge that is meant", rests, "exact")


def _atom(claim: Claim, context: Context) -> Outcome:
    """The mass at 0 of the Marchenko-Pastur law, open in phi, and the whole mass at three phi."""
    (atom,) = law_of("marchenko-pastur").atoms
    reader = Reader()
    same = atom.x == 0 and reader.vanishes(atom.mass.args[1] - reader.read(claim.printed))
    masses = []
    for phi in ("1/4", "1", "3"):
        spectrum = MarchenkoPastur(phi).spectrum
        at_zero = sum((mass for _, mass in spectrum.atoms), sp.S.Zero)
        masses.append(f"phi = {phi}: {at_zero} at 0, {spectrum.cdf(20)} in all")
        same = same and (at_zero > 0) == (Fraction(phi) > 1)
    found = f"mass {atom.mass} at 0 ({'; '.join(masses)})"
    return outcome(same, found, "the residue of G at 0: K(g) = c/g + O(1/g**2) as g -> infinity", "exact")


def _stieltjes(claim: Claim, context: Context) -> Outcome:
    """The printed kernel, integrated against (8): as a series in 1/z, for every phi; and at one point, in balls."""
    u, t, s = sp.symbols("u t s")
    kernel = sp.S.Zero + parse(claim.printed, {"z": 1 / u, "t": t}, rational)
    powers = sp.Poly(sp.series(sp.cancel(kernel), u, 0, ORDER + 2).removeO(), t, u)
    root = sp.Symbol("root", positive=True)  # sqrt(phi); t = 1 + phi + 2 root s, s = sin(theta), and (8) dt is
    at = sp.Poly(1 + root**2 + 2 * root * s, s)  # 2 cos(theta)**2/(pi t) d theta, for phi < 1
    powers_of_sine = [sp.pi / 2]  # the integrals of s**(2i) cos(theta)**2 from -pi/2 to pi/2
    for i in range(ORDER):
        powers_of_sine.append(powers_of_sine[-1] * (2 * i + 1) / (2 * i + 4))
    moments = [sp.S.One]
    for k in range(1, ORDER + 1):
        terms = (at ** (k - 1)).terms()
        integral = sum((c * powers_of_sine[i // 2] for (i,), c in terms if i % 2 == 0), sp.S.Zero)
        moments.append(sp.expand(2 * integral / sp.pi).subs(root, sp.sqrt(PHI)))
    ours = sum((c * moments[i] * u**j for (i, j), c in powers.terms()), sp.S.Zero)
    law = law_of("H0").moments(ORDER)
    theirs = sum((sp.expand(law[k]) * u ** (k + 1) for k in range(ORDER + 1)), sp.S.Zero)
    same = sp.expand(ours - theirs) == 0
    value, below = _at_a_point(claim.printed)
    same = same and any(abs(value - candidate) < arb(10) ** -40 for candidate in below)
    found = (
        f"integrated against (8), phi < 1, it is the series in 1/z that (16) and (13) give, up to 1/z**{ORDER + 1}; at "
        f"phi = 1/4, z = -1/2 + i/3 it is {value.str(15, radius=False)}, and the root with Im G < 0 is "
        f"{below[0].str(15, radius=False)}"
    )
    rests = "moments of (8), exactly, against those of the free cumulants (not all orders); balls at the point"
    return outcome(same, found if same else "it does not give that series, or not that value", rests, "exact")


ORDER = 6


def _at_a_point(kernel: str) -> tuple[acb, list[acb]]:
    """The kernel integrated against (8) at phi = 1/4, z = -1/2 + i/3, and the roots below the axis of the quadratic."""
    with working_bits(BITS):
        phi, z = arb(1) / 4, acb(fmpq(-1, 2), fmpq(1, 3))

        def integrand(theta: acb, _: bool) -> acb:
            t = 1 + phi + 2 * phi.sqrt() * theta.sin()  # middle + half sin(theta): (8) is half cos(theta)/(2 pi t phi)
            read = parse(kernel, {"z": z, "t": t}, lambda x: acb(fmpq(x.numerator, x.denominator)))
            return read * (2 * phi.sqrt() * theta.cos()) ** 2 / (2 * acb.pi() * t * phi)

        value = acb.integral(integrand, -acb.pi() / 2, acb.pi() / 2)
        a, b, c = (phi * z, z + phi - 1, acb(1))  # phi z G**2 - (z + phi - 1) G + 1 = 0
        root = (b * b - 4 * a * c).sqrt()
        return value, [x for x in ((b + root) / (2 * a), (b - root) / (2 * a)) if x.imag < 0]


def _inversion(claim: Claim, context: Context) -> Outcome:
    """The printed factor times Im G(1 + i0) against the density (8) at lambda = 1, phi = 1/4."""
    from symrelu.free.levy import LevySpectrum

    spectrum = MarchenkoPastur("1/4").spectrum
    assert isinstance(spectrum, LevySpectrum)
    with working_bits(BITS):
        value = spectrum.stieltjes(Fraction(1), BITS)
        assert value is not None
        factor = parse(claim.printed, {"pi": arb.pi()}, lambda x: arb(fmpq(x.numerator, x.denominator)))
        ours = factor * value.imag
        low, high = arb(1) / 4, arb(9) / 4
        density = ((1 - low) * (high - 1)).sqrt() / (2 * arb.pi() / 4)
        same = abs(ours - density) < arb(10) ** -40
        found = f"{ours.str(15, radius=False)} at lambda = 1, phi = 1/4, and (8) says {density.str(15, radius=False)}"
    rests = "G in balls against (8) as printed, one law at one point; in general the theorem of Stieltjes and Perron"
    return outcome(same, found, rests, "derived" if same else "certified")


def _equation_of_R(claim: Claim, context: Context) -> Outcome:
    """The printed relation of R, G and z, with R of (16): does it solve to the quadratics behind (6) and (8)?"""
    reader = Reader()
    same = True
    for name, density in (("H0", "sqrt((x - a)*(b - x))/(2*pi*x*phi)"), ("H1", "sqrt(8*eps - x**2)/(4*pi*eps)")):
        r = law_of(name).R.subs(g, G)
        relation = Reader({"R": r}).read(claim.printed)
        coefficients = sp.Poly(numerator(relation).subs(Z, X), G).all_coeffs()
        if len(coefficients) != 3:
            same = False
            continue
        a, b, c = coefficients
        reader.names |= {"a": (1 - reader.root(PHI)) ** 2, "b": (1 + reader.root(PHI)) ** 2}
        same = same and reader.vanishes((PI * reader.read(density)) ** 2 + (b**2 - 4 * a * c) / (2 * a) ** 2)
    found = "with R of (16) it gives quadratics in G whose imaginary parts are -pi times the densities (8) and (6)"
    return outcome(same, found if same else "no way back to the densities (6) and (8)", "identity of squares", "exact")


# -- sections 4 and 6: R-transforms and equations ---------------------------------------------------------------------


def _R(claim: Claim, context: Context) -> Outcome:
    law = law_of(claim.subject)
    reader = Reader()
    same = reader.vanishes(law.R.subs(g, Z) - reader.read(claim.printed))
    return outcome(same, f"R(z) = {law.R.subs(g, Z)}", f"(13), and (14) for sums; {ENSEMBLES}", "exact")


def _R_of_product(claim: Claim, context: Context) -> Outcome:
    """(28) from (26) and (27): the free product of two Wishart laws, symmetrised, against R + 1/G = z."""
    law = symmetric_root(product_of_gaussians())
    reader = Reader()
    ours = primitive(numerator(reader.read(claim.printed).subs(Z, G) + 1 / G - Z), G, Z)
    same = sp.expand(ours - law.polynomial) == 0
    found = f"two free Wishart factors (S-transforms multiply), symmetrised by (27): {law.polynomial} = 0"
    rests = "S-transforms, resultants, and the factor that the moments choose; nothing typed in"
    return outcome(same, found, rests, "exact")


def _unit_data(claim: Claim, context: Context) -> Outcome:
    """The mean of (26) with data of the printed variance and m/2 columns, against the variance of (28)."""
    m = sp.Symbol("m", positive=True)
    mean = N * (m / 2) * 2 * EPS * Reader().read(claim.printed) / m**2  # sum over b, mu of E e**2 E x**2, over m**2
    reader = Reader()
    same = reader.vanishes((mean - law_of("H1 refined").variance).subs(N, PHI * m / 2), {m: "7"})
    found = (
        "E tr M/n = n (m/2) 2 eps Var(x)/m**2 = eps phi Var(x)/2 with phi = 2n/m, and (28) has variance eps phi/2: it "
        "needs Var(x) = 1 (the data are whitened) and m/2 columns; otherwise eps stands for eps Var(x)"
    )
    return outcome(same, found, "second moments of independent entries; the second free cumulant of (28)", "exact")


def _equation(claim: Claim, context: Context) -> Outcome:
    law = law_of(claim.subject)
    left, right = claim.printed.split(" = ")
    reader = Reader({"G_H": G})
    difference = numerator(reader.read(left) - reader.read(right))
    same = sp.expand(primitive(difference, G, Z) - law.polynomial) == 0
    found = f"{sp.collect(law.polynomial, G)} = 0"
    if claim.subject == "refined":
        at_zero = sp.degree(law.polynomial.subs(Z, 0), G)
        found += f" (the G without subscript is G_H; at z = 0 the degree drops to {at_zero}: a root at infinity)"
    return outcome(same, found, f"the numerator of R(G) + 1/G - z; {ENSEMBLES}", "exact")


def _prescription(claim: Claim, context: Context) -> Outcome:
    """Steps 1 to 4 by elimination: the quadratics of (15), added by a resultant, against the cubic (18)."""
    parts = [_as_algebraic(law_of(name)) for name in ("H0", "H1")]
    total = parts[0] + parts[1]
    left, right = claim.printed.split(" = ")
    difference = numerator(Reader({"G_H": G}).read(left) - Reader().read(right))
    same = sp.expand(primitive(difference, G, Z) - total.polynomial) == 0
    found = f"the resultant of the two quadratics, and of its factors the one with the moments: {total.polynomial} = 0"
    return outcome(same, found, "polynomials of G only (Rao & Edelman); no R-transform is solved for", "exact")


def _as_algebraic(law: RationalLaw) -> AlgebraicLaw:
    made = Construction("sum", (), (law.construction,))
    return AlgebraicLaw(law.polynomial, law.moments, lambda: law.atoms, lambda: law.bound, made)


def _root_at_infinity(claim: Claim, context: Context) -> Outcome:
    """Of the roots of (18), those with z G -> 1 as z -> infinity: exactly one."""
    h, u = sp.symbols("h u")
    leading = parse(claim.printed, {}, rational)
    found = []
    for name in ("wishart-wigner", "refined"):
        over = sp.Poly(numerator(law_of(name).polynomial.subs({G: h * u, Z: 1 / u}, simultaneous=True)), u)
        lowest = over.coeff_monomial(u ** min(e for (e,) in over.monoms()))
        found.append((sp.factor(lowest), sp.roots(sp.Poly(lowest, h)).get(leading, 0)))
    same = all(count == 1 for _, count in found)
    words = "; ".join(f"h solves {lowest} = 0 at z = infinity" for lowest, _ in found)
    words = f"with G = h/z, {words}: h = 1 is a simple root, so one branch; at real z the one-pair theorem continues it"
    return outcome(same, words, "the terms of (18) and (30) of lowest order in 1/z", "exact")


def _symmetrised(claim: Claim, context: Context) -> Outcome:
    """(27) at lambda = -1/2 and 1/2, phi = 1/4, eps = 1: the printed expression in the density of M, digit by digit."""
    numbers = {PHI: "1/4", EPS: 1}
    ours, of_M = law_of("H1 refined").subs(numbers).spectrum, product_of_gaussians().subs(numbers).spectrum
    digits, same, found = 25, True, []
    for point in (Fraction(-1, 2), Fraction(1, 2)):

        def rho_M(at: Fraction) -> Fraction:
            return Fraction(of_M.density(at, digits + 5)) if at > 0 else Fraction(0)

        printed = parse(claim.printed, {"x": point}, Fraction, {"abs": abs, "rho_M": rho_M})
        value = ours.density(point, digits)
        same = same and abs(printed - Fraction(value)) < Fraction(1, 10 ** (digits - 3))
        found.append(f"rho({point}) = {value[:18]} against {float(printed):.15g}")
    same = same and symmetric_root(product_of_gaussians()).polynomial == law_of("H1 refined").polynomial
    found_all = "; ".join(found) + " at phi = 1/4, eps = 1; and z G_M(z**2) solves the cubic of (28)"
    return outcome(same, found_all, "densities of both laws, M's branch tracked", "certified")


def _argument(claim: Claim, context: Context) -> Outcome:
    """Whether a printed density changes with one of the arguments that it is written with."""
    reader = Reader()
    square = reader.read(claim.printed) ** 2  # of a density: it has the same variables
    for root, inside in reader.squares.items():
        square = sp.cancel(square.subs(root**2, inside))
    same = NAMES[claim.subject] in square.free_symbols
    found = f"rho**2 = {square}"
    if not same:
        found += (
            f": {claim.subject} does not occur; the argument is idle (one notation for (6) and (8)), and nothing that "
            "follows changes"
        )
    return outcome(same, found, "the variables of the printed formula, reduced", "exact")


def _letter(claim: Claim, context: Context) -> Outcome:
    """Whether R at the printed argument, G or z, leads by R + 1/G = z to the printed equation of G."""
    law = law_of(claim.subject)
    argument = parse(claim.printed, {"G": G, "z": Z}, rational)
    equation = primitive(numerator(law.R.subs(g, argument) + 1 / G - Z), G, Z)
    same = sp.expand(equation - law.polynomial) == 0
    found = f"R({argument}) + 1/G = z is {sp.collect(equation, G)} = 0, of degree {sp.degree(equation, G)} in G"
    if not same:
        found += (
            f", and (18) has degree {sp.degree(law.polynomial, G)}: one letter stands for two variables; (13) puts G "
            "for the z of (16), (17), (28), (29), which gives (18) and (30), and nothing that follows changes"
        )
    return outcome(same, found, "numerators of R + 1/G - z, compared with (18)", "exact")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_variance": _variance,
    "free_density": _density,
    "free_empirical": _empirical,
    "free_second_cumulant": _second_cumulant,
    "free_edge": _edge,
    "free_atom": _atom,
    "free_stieltjes": _stieltjes,
    "free_inversion": _inversion,
    "free_equation_of_R": _equation_of_R,
    "free_R": _R,
    "free_R_of_product": _R_of_product,
    "free_unit_data": _unit_data,
    "free_equation": _equation,
    "free_prescription": _prescription,
    "free_root_at_infinity": _root_at_infinity,
    "free_symmetrised": _symmetrised,
    "free_argument": _argument,
    "free_letter": _letter,
}

__all__ = ["DECIDERS", "law_of", "outcome", "product_of_gaussians", "rational"]
