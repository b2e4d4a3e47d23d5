"""What Pennington & Bahri (ICML 2017) say in words of networks: sections 6 and 7, their captions and footnotes."""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.freeprob_prose import REFERENCE, claim

_FIT = "1/2*(1 - phi)**2"


def claims() -> Iterator[Claim]:
    """The claims of sections 6 and 7 that are not numbered equations."""
    yield from _product_wishart()
    yield from _smallest_eigenvalues()
    yield from _refined()
    yield from _critical_points()
    yield from _conclusions()


def _product_wishart() -> Iterator[Claim]:
    yield claim(
        "sec6.1.blocks", "section 6.1, display before (23)", "H1 = [[0, H12], [H12', 0]] for ReLU", "free_blocks", "0"
    )
    yield claim(
        "sec6.1.mask", "section 6.1", "theta(z) is a mask that eliminates half of the examples (on average)",
        "free_mask", "1/2",
    )  # fmt: skip
    yield claim(
        "sec6.1.display", "section 6.1, display before (25)",
        "H12 ~ (1/m) I_n (x) e x' when the columns that a mask removes are left out, as matrices (equal masks)",
        "free_display", "ex",
    )  # fmt: skip
    yield claim(
        "sec6.1.display.spectrum", "section 6.1, display before (25)",
        "H12 ~ (1/m) I_n (x) e x' when the columns that a mask removes are left out, in its singular values (equal "
        "masks)",
        "free_display", "ex", "spectrum",
    )  # fmt: skip
    yield claim(
        "sec6.1.squares", "section 6.1", "the squares of the eigenvalues of H1 are those of the products of its blocks",
        "free_squares", "H12*H12t; H12t*H12",
    )  # fmt: skip
    yield claim(
        "sec6.1.product", "section 6.1",
        "M is a Wishart matrix where each factor is itself a product of real Gaussian random matrices",
        "free_product_factor", "ex/m",
    )  # fmt: skip
    yield claim(
        "sec6.1.cavity", "section 6.1",
        "the density of M was computed by the cavity method (Dupic & Castillo) and by free probability (Muller; "
        "Burda et al.)",
        "free_open", f"{REFERENCE}; the law itself is derived: eq28",
    )  # fmt: skip
    yield claim(
        "sec6.1.figure-3.energy", "figure 3", "noise distributed as N(0, 100) is eps = 50", "free_energy", "100", "50"
    )
    yield claim(
        "sec6.1.figure-3", "figure 3",
        "the spectrum of H1 with noise residuals matches the prediction well (phi = 1/16, 1/4, eps = 50)",
        "free_measured", "matches well (CIFAR-10)", "h1",
    )  # fmt: skip


def _smallest_eigenvalues() -> Iterator[Claim]:
    yield claim(
        "sec6.2.kronecker", "section 6.2", "H0 has both block structure and Kronecker structure", "free_kronecker",
        "h*ht/m", "H0",
    )  # fmt: skip
    yield claim(
        "sec6.2.null-directions", "figure 4", "H0 of a ReLU autoencoder with 16 hidden units has 16 null directions",
        "free_null_directions", "16",
    )  # fmt: skip
    yield claim(
        "sec6.2.inset", "figure 4 (its inset, taken at its word)",
        "the positive value of the smallest nonzero eigenvalue of H0 reflects the existence of a gap (it shows one)",
        "free_inset", "1",
    )  # fmt: skip
    yield claim(
        "sec6.2.in-principle", "section 6.2",
        "in principle the density of H0 can be computed by diagrammatics and the method of moments", "free_open",
        "a statement of what could be done; here the first moment is computed: sec6.3.natural-sigma",
    )  # fmt: skip
    yield claim(
        "sec6.2.known-laws", "section 6.2", "the limiting density of H0 cannot easily be deduced from known results",
        "free_open", f"a remark on the literature of 2017; {REFERENCE}",
    )  # fmt: skip
    yield claim(
        "sec6.2.smallest", "section 6.2",
        "the smallest eigenvalues of H0 are the most relevant ones for the smallest eigenvalues of H", "free_open",
        "an expectation without a measure of relevance; what can be decided near eps_c is sec6.3.H0-governs",
    )  # fmt: skip
    yield claim(
        "sec6.2.figure-4", "section 6.2 and figure 4",
        "H0 has a heavy tail and a small, nonzero gap, unlike the Marchenko-Pastur law", "free_measured",
        "heavy tail, small nonzero gap (CIFAR-10)", "h0",
    )  # fmt: skip
    yield claim(
        "sec6.2.figure-5", "section 6.2 and figure 5",
        "the gap of H0 scales with phi like lambda_-, with one fitted sigma", "free_measured",
        "well-approximated (CIFAR-10, 30 runs)", "gap",
    )  # fmt: skip


def _refined() -> Iterator[Claim]:
    yield claim(
        "sec6.3.first-term", "section 6.3",
        "the first term of (29) is R of the Marchenko-Pastur law with sigma restored", "free_R",
        "sigma/(1 - sigma*z*phi)", "marchenko-pastur",
    )  # fmt: skip
    yield claim(
        "sec6.3.same-techniques", "section 6.3",
        "alpha(eps, phi) follows by the same techniques (our formula, sigma = 1)", "free_closed_form",
        "z*G - log(G) + log(1 - sigma*phi*G)/phi + log(2 - eps*phi**2*G**2)/(2*phi)", "refined",
    )  # fmt: skip
    yield claim(
        "sec6.3.sigma-half", "section 6.3",
        "for sigma = 1/2, eps_c vanishes at phi = 1 as in section 4 (leading order)", "free_sigma_half", "1/2", "3",
    )  # fmt: skip
    yield claim(
        "sec6.3.sigma-half.precisely", "section 6.3, taken at its word",
        "for sigma = 1/2 this is precisely the same behavior near phi = 1 (to the next order)", "free_sigma_half",
        "1/2", "4",
    )  # fmt: skip
    yield claim(
        "sec6.3.H0-governs", "section 6.3",
        "it is H0, rather than H1, that governs the behavior near eps_c (phi near 1)", "free_H0_governs", "3",
    )  # fmt: skip
    yield claim(
        "sec6.3.saturation", "section 6.3 (our question)",
        "the index of the refined model keeps growing with the energy, for every phi (phi = 3/2 tried)",
        "free_saturates", "3/2",
    )  # fmt: skip
    yield claim(
        "sec6.3.natural-sigma", "section 6.3 (our addition)",
        "sigma = 1/2 is the value of the network itself: E tr H0/(2 n**2) at initialisation, weights of variance 1/n, "
        "white data",
        "free_natural_sigma", "1/2",
    )  # fmt: skip


def _critical_points() -> Iterator[Claim]:
    yield claim(
        "sec6.4.squared-gradient", "section 6.4",
        "J_g = |grad L|**2 is attracted to saddle points, and its gradient takes Hessian-vector products only",
        "free_squared_gradient", "2",
    )  # fmt: skip
    yield claim(
        "sec6.4.robust", "section 6.4", "averaging the energy at each index infers the curve alpha(eps) robustly",
        "free_open", "a judgement without a figure; the curve itself is measured: sec6.4.figure-6a",
    )  # fmt: skip
    yield claim(
        "sec6.4.figure-6a", "section 6.4 and figure 6(a)",
        "for small alpha, alpha ~ |eps - eps_c|**(3/2) fits tanh networks, especially for smaller phi", "free_measured",
        "a good approximation, especially for smaller phi (n = 16, 50k runs)", "index curve",
    )  # fmt: skip
    yield claim(
        "sec6.4.figure-6b", "abstract, section 6.4 and figure 6(b)",
        "the energy of minimizers is well described by (1 - phi)**2/2", "free_measured",
        "a surprisingly good fit; linear networks (1 - phi)/2", "minimizers",
    )  # fmt: skip
    yield claim(
        "sec6.4.models-and-fit", "section 6.4 (our question)",
        "eps_c = (1 - phi)**2/2 is eps_c of one of the two models, for some sigma", "free_fit_is_no_model", _FIT,
    )  # fmt: skip
    yield claim(
        "sec6.4.linear", "section 6.4 and figure 6(b)",
        "linear networks obey eps_c = (1 - phi)/2, with phi = 2n/m as in section 2", "free_linear_network",
        "(1 - phi)/2", "2*n/m",
    )  # fmt: skip
    yield claim(
        "sec6.4.linear.repaired", "section 6.4 (our reading)",
        "linear networks obey eps_c = (1 - phi)/2, with phi = n/m", "free_linear_network", "(1 - phi)/2", "n/m",
    )  # fmt: skip
    yield claim(
        "sec6.4.advani-ganguli", "section 6.4", "Advani & Ganguli derived (1 - phi)/2 for linear networks", "free_open",
        f"{REFERENCE}; what linear networks do is decided: sec6.4.linear",
    )  # fmt: skip
    yield claim(
        "sec6.4.phi-zero", "section 6.4", "at phi = 0 the variance of the targets determines the loss",
        "free_no_capacity", _FIT,
    )  # fmt: skip
    yield claim(
        "sec6.4.phi-one", "section 6.4", "at phi = 1 the matrix of hidden units is no longer rank constrained",
        "free_capacity", "1",
    )  # fmt: skip
    yield claim(
        "sec6.4.phi-one.stores", "section 6.4 (taken at its word)",
        "at phi = 1 a network, tanh or linear, can store every input-output map", "free_stores", "1",
    )  # fmt: skip
    yield claim(
        "sec6.4.better", "section 6.4 and figure 6(b)", "(1 - phi)**2/2 lies below (1 - phi)/2 for 0 < phi < 1",
        "free_better", _FIT,
    )  # fmt: skip
    yield claim(
        "sec6.4.information", "section 6.4", "the result may have a simple information-theoretic explanation",
        "free_open", "a speculation of the authors; no quantitative statement to decide",
    )  # fmt: skip


def _conclusions() -> Iterator[Claim]:
    yield claim(
        "sec7.beyond-GOE", "section 7", "the approximations go beyond the Gaussian Orthogonal Ensemble",
        "free_not_semicircular", "", "wishart-wigner,refined",
    )  # fmt: skip
    yield claim(
        "sec7.universal", "section 7", "the 3/2 scaling may be universal (a question of the paper)", "free_open",
        "no more is said; part of an answer: any law whose density vanishes like a square root at its lower edge, that "
        "moves through 0 at nonzero speed, gives 3/2 (sec4.2.semicircle, eq20, eq31)",
    )  # fmt: skip


__all__ = ["claims"]
