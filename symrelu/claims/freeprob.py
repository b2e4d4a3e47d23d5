"""The equations (1)-(33) of Pennington & Bahri (ICML 2017), "Geometry of Neural Network Loss Surfaces via Random Matrix
Theory", as printed. Transcribed by hand; the printed formulas stand here and nowhere else.

In formulas: phi, eps, sigma, x (the paper's lambda), d = 1 - phi, z, G; what is under a sum is written with its indices
left out (J_a for the derivative of yhat by theta_a, Y_ab for its second derivative).
"""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim

PAPER = "Pennington & Bahri, ICML 2017"

LOSS, H0_TERM, H1_TERM = "e**2/(2*m)", "J_a*J_b/m", "e*Y_ab/m"
CUBIC = "2*eps*phi*G_H**3 - (2*eps + z*phi)*G_H**2 + (z + phi - 1)*G_H - 1 = 0"
QUARTIC = (
    "2 = 2*(z - sigma*(1 - phi))*G - phi*(2*sigma*z + eps*(1 - phi))*G_H**2 - eps*phi**2*(z + sigma*(phi - 2))*G_H**3"
    " + z*eps*sigma*phi**3*G_H**4"
)
EPS_C = "1/16*(1 - 20*phi - 8*phi**2 + sqrt(1 + 8*phi)**3)"
EPS_C_REFINED = "sigma**2*(27 - 18*chi - chi**2 + 8*sqrt(chi)**3)/(32*phi*(1 - phi)**3)"
CHI = "1 + 16*phi - 8*phi**2"


def claims() -> Iterator[Claim]:
    """All claims: the equations, then the sentences in the order of the text."""
    from symrelu.claims import freeprob_prose

    yield from equations()
    yield from freeprob_prose.claims()


def equation(
    number: int, statement: str, kind: str, printed: str = "", subject: str = "", error: str = "", part: str = ""
) -> Claim:
    """A claim about a numbered equation, or a ``part`` of it."""
    name = f"freeprob.eq{number}" + (f".{part}" if part else "")
    return Claim(name, f"{PAPER}, equation ({number})", statement, kind, None, subject, printed, error)


def equations() -> Iterator[Claim]:
    """The claims about equations (1)-(33)."""
    yield from _networks()
    yield from _laws()
    yield from _transforms()
    yield from _warm_up()
    yield from _product_wishart()
    yield from _refined()


def _networks() -> Iterator[Claim]:
    yield equation(1, "yhat_(i mu) = sum_k W2_ik [z_(k mu)]_+, z = W1 x", "free_output", "W*relu_z")
    parts = f"{LOSS}; {H0_TERM}; {H1_TERM}"
    yield equation(2, "L = n2 eps = 1/(2m) sum e**2; its Hessian is H0 + H1 of (3), (4)", "free_loss", parts)
    yield equation(2, "e ~ N(0, 2 eps) is consistent with (2): E L = n2 eps", "free_energy", "2*eps", part="energy")
    yield equation(3, "H0 = (1/m) sum J_a J_b = J J'/m, positive semi-definite", "free_semidefinite", H0_TERM)
    yield equation(
        4, "H1 = (1/m) sum e d2yhat/dtheta2 contains all of the explicit dependence on the residuals",
        "free_residual_part", H1_TERM,
    )  # fmt: skip


def _laws() -> Iterator[Claim]:
    yield equation(
        5, "rho_(M_n)(lambda) = (1/n) sum_j delta(lambda - lambda_j(M_n)) is a probability density", "free_empirical",
        "1/n",
    )  # fmt: skip
    yield equation(
        6, "the semicircle law: rho_SC = sqrt(4 sigma**2 - lambda**2)/(2 pi sigma**2) for |lambda| <= 2 sigma",
        "free_density", "sqrt(4*sigma**2 - x**2)/(2*pi*sigma**2)", "semicircle",
    )  # fmt: skip
    yield equation(
        6, "a Wigner matrix with entries M_ij ~ N(0, sigma**2) has the limiting spectral density (6)", "free_variance",
        "sigma**2", "wigner", part="variance",
    )  # fmt: skip
    yield equation(
        6, "the argument phi of rho_SC(lambda; sigma, phi) in (6) and (15) occurs in the formula (our question)",
        "free_argument", "sqrt(4*sigma**2 - x**2)/(2*pi*sigma**2)", "phi", part="argument",
    )  # fmt: skip
    yield equation(
        7, "the Marchenko-Pastur law has an atom of mass 1 - 1/phi at 0 if phi > 1, none if phi < 1", "free_atom",
        "1 - 1/phi",
    )  # fmt: skip
    yield equation(
        7, "X X' with X_ij ~ N(0, sigma**2/p), X of size n x p, phi = n/p, has the limiting density (7), (8)",
        "free_variance", "sigma**2/p", "wishart", part="variance",
    )  # fmt: skip
    yield equation(
        8, "the Marchenko-Pastur density away from 0: rho = sqrt((lambda - lambda_-)(lambda_+ - lambda))/(2 pi lambda "
        "sigma phi)",
        "free_density",
        "sqrt((x - lambda_minus)*(lambda_plus - x))/(2*pi*x*sigma*phi)", "marchenko-pastur",
    )  # fmt: skip
    yield equation(
        8, "the density (8) ends at lambda_+- = sigma (1 +- sqrt(phi))**2", "free_edge",
        "sigma*(1 + sqrt(phi))**2", part="edges",
    )  # fmt: skip


def _transforms() -> Iterator[Claim]:
    yield equation(
        9,
        "A, B are free if E f_1(A) g_1(B) ... f_k(A) g_k(B) = 0 whenever (10): this fixes all mixed moments, and "
        "(14) follows (to order 6)",
        "free_linearizes", "R_A + R_B", "0",
    )  # fmt: skip
    yield equation(9, "for k = 1, (9) is classical independence", "free_one_pair", "0", part="one-pair")
    yield equation(10, "in (9), f_i and g_i are such that E f_i(A) = 0 and E g_i(B) = 0", "free_centring", "0")
    yield equation(
        11, "G(z) = int rho(t)/(z - t) dt: with (8) it is the G of the equations of section 4 (as a series in 1/z, up "
        "to 1/z**7)",
        "free_stieltjes", "1/(z - t)",
    )  # fmt: skip
    yield equation(
        12, "rho is recovered from G: rho(lambda) = -(1/pi) lim Im G(lambda + i eps) as eps -> 0+", "free_inversion",
        "-1/pi",
    )  # fmt: skip
    yield equation(
        13, "R(G(z)) + 1/G(z) = z: with R of (16) this gives the densities (6) and (8) back", "free_equation_of_R",
        "R + 1/G - z",
    )  # fmt: skip
    yield equation(
        14, "R_(A+B) = R_A + R_B for free A, B (to order 6, from (9) and (10))", "free_linearizes", "R_A + R_B", "0"
    )


def _warm_up() -> Iterator[Claim]:
    yield equation(
        15, "rho_H0 = rho_MP(lambda; 1, phi), rho_H1 = rho_SC(lambda; sqrt(2 eps), phi): H1 has variance 2 eps",
        "free_second_cumulant", "sqrt(2*eps)**2", "H1",
    )  # fmt: skip
    yield equation(
        15, "only the relative scaling matters: sigma_H0 = 1 loses nothing (eps then stands for eps/sigma**2)",
        "free_relative_scale", "eps/sigma**2", part="scaling",
    )  # fmt: skip
    yield equation(16, "R_H0(z) = 1/(1 - z phi)", "free_R", "1/(1 - z*phi)", "H0", part="H0")
    yield equation(16, "R_H1(z) = 2 eps z", "free_R", "2*eps*z", "H1", part="H1")
    yield equation(
        17, "R_H = 1/(1 - z phi) + 2 eps z (with sigma_H0 = 1)", "free_R", "1/(1 - z*phi) + 2*eps*z", "wishart-wigner"
    )
    yield equation(
        17,
        "the z of R(z) in (16), (17), (28), (29) is the z of G(z) in (11), (13), (18), as the letters say (our "
        "question)",
        "free_letter", "z", "wishart-wigner", part="letter",
    )  # fmt: skip
    yield equation(
        18, "G_H solves 2 eps phi G**3 - (2 eps + z phi) G**2 + (z + phi - 1) G - 1 = 0", "free_equation", CUBIC,
        "wishart-wigner",
    )  # fmt: skip
    yield equation(
        19, "alpha = int_(-inf)^0 rho = 1 - int_0^inf rho, in section 4", "free_both_halves", "1/4,1,3",
        "wishart-wigner",
    )  # fmt: skip
    yield equation(
        19, "int_(-inf)^0 rho = 1 - int_0^inf rho in the refined model of section 6, too, for every phi (our reading)",
        "free_both_halves", "1/4,1,3", "refined", part="refined",
    )  # fmt: skip
    yield equation(
        20, "the index alpha ~ alpha_0(phi) ((eps - eps_c)/eps_c)**(3/2) for small alpha > 0", "free_exponent", "3/2",
        "wishart-wigner",
    )  # fmt: skip
    yield equation(
        20, "with the absolute value, (20) also describes alpha just below eps_c (taken at its word)", "free_absolute",
        "1/2", "wishart-wigner", part="absolute",
    )  # fmt: skip
    yield equation(
        21,
        "eps_c = (1 - 20 phi - 8 phi**2 + (1 + 8 phi)**(3/2))/16, below which all critical points are minimizers (0 "
        "< phi < 1)",
        "free_threshold", EPS_C, "wishart-wigner",
    )  # fmt: skip
    yield equation(
        21, "eps_c of (21) is the critical energy for every phi (no domain is given; phi = 2 tried)", "free_domain",
        EPS_C, "wishart-wigner at 2", part="domain",
    )  # fmt: skip
    yield equation(
        22, "near phi = 1, eps_c ~ (2/27)(1 - phi)**3 + O((1 - phi)**4)", "free_series", "2/27*d**3",
        "wishart-wigner", "d**4",
    )  # fmt: skip


def _product_wishart() -> Iterator[Claim]:
    yield equation(
        23, "[H12]_(ab;cd) = (1/m) sum_mu e_(c mu) delta_ad theta(z_(a mu)) x_(b mu)", "free_corner",
        "e_c*delta_ad*theta_a*x_b/m",
    )  # fmt: skip
    yield equation(
        24, "taken as normal, e = W2 [z]_+ - y is N(0, 2 eps): of variance 2 eps, by (2)", "free_energy", "2*eps"
    )
    yield equation(
        25, "H12 H12' = (1/m**2) I_n (x) (e x')(e x')', as matrices (equal masks)", "free_corner_squared", "ex*xe"
    )
    yield equation(
        25, "H12 H12' has the eigenvalues of (1/m**2) I_n (x) (e x')(e x')' (equal masks)", "free_corner_squared",
        "ex*xe", "spectrum", part="spectrum",
    )  # fmt: skip
    yield equation(
        25, "the Kronecker product I_n (x) ... of (25) has each eigenvalue of M n-fold, so the spectral density of M",
        "free_degenerate", "equal masks", part="degeneracy",
    )  # fmt: skip
    yield equation(
        25, "H12 H12' of the network itself has each eigenvalue n-fold (our question: (25) supposes equal masks)",
        "free_degenerate", "own masks", part="degeneracy.network",
    )  # fmt: skip
    yield equation(
        26,
        "M = (1/m**2)(e x')(e x')' with m/2 columns: its mean is the variance of (28), for data of variance 1 (the "
        "variance is not stated)",
        "free_unit_data", "1",
    )  # fmt: skip
    yield equation(27, "rho_H1(lambda) = |lambda| rho_M(lambda**2)", "free_symmetrised", "abs(x)*rho_M(x**2)")
    yield equation(
        28, "R_H1(z) = eps phi z/(2 - eps phi**2 z**2), from (26) and (27)", "free_R_of_product",
        "eps*phi*z/(2 - eps*phi**2*z**2)",
    )  # fmt: skip


def _refined() -> Iterator[Claim]:
    yield equation(
        29, "R_H(z) = sigma/(1 - sigma z phi) + eps phi z/(2 - eps phi**2 z**2)", "free_R",
        "sigma/(1 - sigma*z*phi) + eps*phi*z/(2 - eps*phi**2*z**2)", "refined",
    )  # fmt: skip
    yield equation(
        30,
        "G_H solves 2 = 2(z - sigma(1 - phi))G - phi(2 sigma z + eps(1 - phi))G**2 - eps phi**2(z + sigma(phi - 2))G**3"
        " + z eps sigma phi**3 G**4 (G and G_H are one)",
        "free_equation", QUARTIC, "refined",
    )  # fmt: skip
    yield equation(
        31, "the index alpha ~ alpha~_0(phi) ((eps - eps_c)/eps_c)**(3/2) for small alpha > 0", "free_exponent", "3/2",
        "refined",
    )  # fmt: skip
    yield equation(
        31, "with the absolute value, (31) also describes alpha just below eps_c (taken at its word)", "free_absolute",
        "1/2", "refined", part="absolute",
    )  # fmt: skip
    yield equation(31, "alpha~_0(phi) differs from alpha_0(phi)", "free_coefficients_differ", "1/2", part="coefficient")
    yield equation(
        32,
        "eps_c = sigma**2 (27 - 18 chi - chi**2 + 8 chi**(3/2))/(32 phi (1 - phi)**3), chi = 1 + 16 phi - 8 phi**2 "
        "(0 < phi < 1)",
        "free_threshold", EPS_C_REFINED, "refined", CHI,
    )  # fmt: skip
    yield equation(
        32, "eps_c of (32) is the critical energy for every phi (no domain is given; phi = 3/2 tried)", "free_domain",
        EPS_C_REFINED, "refined at 3/2", CHI, "domain",
    )  # fmt: skip
    yield equation(
        32, "despite the apparent pole at phi = 1, eps_c vanishes there (as a limit)", "free_at_one",
        "32*phi*(1 - phi)**3", "refined", part="pole",
    )  # fmt: skip
    yield equation(
        33, "near phi = 1, eps_c ~ (8/27) sigma**2 (1 - phi)**3 + O((1 - phi)**4)", "free_series",
        "8/27*sigma**2*d**3", "refined", "d**4",
    )  # fmt: skip


__all__ = ["PAPER", "claims", "equation", "equations"]
