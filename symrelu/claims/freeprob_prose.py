"""What Pennington & Bahri (ICML 2017) say in words: abstract, sections 1 to 7, captions and footnotes, in their order.

What only they or others can show (their supplement, references) and opinions are ``open``, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.freeprob import CUBIC, EPS_C, PAPER

_SUPPLEMENT = "rests on the paper's supplementary material, which is not available here"
_REFERENCE = "a statement about another work, which is not available here"
_FIT = "1/2*(1 - phi)**2"


def claim(
    name: str, place: str, statement: str, kind: str, printed: str = "", subject: str = "", error: str = ""
) -> Claim:
    """A claim of the text."""
    return Claim(f"freeprob.{name}", f"{PAPER}, {place}", statement, kind, None, subject, printed, error)


def claims() -> Iterator[Claim]:
    """All claims of the text that are not numbered equations."""
    yield from _front()
    yield from _preliminaries()
    yield from _primer()
    yield from _warm_up()
    yield from _assumptions()
    yield from _product_wishart()
    yield from _refined()
    yield from _critical_points()
    yield from _conclusions()


def _front() -> Iterator[Claim]:
    for parameter, words in (("eps", "energy"), ("phi", "ratio")):
        yield claim(
            f"abstract.shape-{words}", "abstract",
            f"the shape of the spectrum depends on {parameter} (strongly, the paper says: by how much is under found)",
            "free_depends", parameter, "wishart-wigner",
        )  # fmt: skip
    statement = "for critical points of small index, the index scales like the 3/2 power of the energy"
    yield claim("abstract.three-halves", "abstract", statement, "free_energy_itself", "eps")
    yield claim(
        "abstract.three-halves.excess", "abstract (our reading, that of (20))",
        "for critical points of small index, the index scales like the 3/2 power of the excess energy eps - eps_c",
        "free_energy_itself", "eps - eps_c",
    )  # fmt: skip
    yield claim(
        "abstract.open-problem", "abstract and section 7", "why the energy of minimizers is close to (1 - phi)**2/2",
        "free_open",
        "the paper's open problem; neither of its models explains it (sec6.4.models-and-fit), and we have no "
        "derivation",
    )  # fmt: skip
    yield claim(
        "sec1.1.saddles", "section 1.1", "Dauphin et al.: index against loss qualitatively as for Gaussian landscapes",
        "free_open", _REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec1.1.spin-glass", "section 1.1", "Choromanska et al.: the loss is well-approximated by a spin-glass model",
        "free_open", _REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec1.1.slices", "section 1.1",
        "Goodfellow et al.: loss surfaces tend to be smooth and seemingly convex along low-dimensional slices",
        "free_open", _REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec1.2.architectures", "section 1.2", "in principle the framework can accommodate any network architecture",
        "free_open",
        "a statement of what could be done, with nothing printed to decide; here, as in the paper, there is one hidden "
        "layer",
    )  # fmt: skip
    yield claim("sec1.2.three-halves", "section 1.2", statement, "free_energy_itself", "eps")
    yield claim(
        "sec1.2.independence", "footnote 1", "the framework does not require that the random variables are independent",
        "free_open", "a statement of what could be done in principle, with nothing printed to decide",
    )  # fmt: skip


def _preliminaries() -> Iterator[Claim]:
    yield claim(
        "sec2.phi", "section 2 and footnote 2", "phi = 2 n**2/(m n) = 2n/m: parameters per effective example",
        "free_rank", "2*n/m",
    )  # fmt: skip
    yield claim("sec2.rank", "section 2", "phi governs the rank of H0 = J J'/m", "free_rank", "2*n**2/(m*n)")
    yield claim(
        "sec2.gradient", "sections 2 and 5.2.2",
        "with residuals of variance 2 eps, independent of J, the gradient vanishes as m grows (n fixed)",
        "free_gradient", "2*eps/m", "fixed n",
    )  # fmt: skip
    yield claim(
        "sec2.gradient.proportional", "sections 2 and 5.2.2 (in the limit of section 2: n grows with m)",
        "the same with n and m of the same order, so that the analysis is one of critical points", "free_gradient",
        "2*eps/m", "fixed phi",
    )  # fmt: skip


def _primer() -> Iterator[Claim]:
    yield claim(
        "sec3.1.low-rank", "section 3.1", "for phi > 1 the Wishart matrix has low rank, which explains the atom of (7)",
        "free_atom", "1 - 1/phi",
    )  # fmt: skip
    yield claim(
        "sec3.1.gap", "section 3.1", "there is an eigenvalue gap lambda_- = sigma (1 - sqrt(phi))**2 (0 at phi = 1)",
        "free_edge", "sigma*(1 - sqrt(phi))**2",
    )  # fmt: skip
    yield claim(
        "sec3.2.exactly-when", "section 3.2", "the spectra of A and B give that of A + B exactly when A, B are free",
        "free_exactly_when", "commuting",
    )  # fmt: skip
    yield claim(
        "sec3.2.fourier", "section 3.2.2",
        "R plays the role of the log of the Fourier transform: that of a sum of independent variables is the sum",
        "free_fourier", "F_A + F_B",
    )  # fmt: skip
    yield claim(
        "sec3.2.prescription", "section 3.2.2", "steps 1) to 4) give the spectrum of A + B (for (15): the cubic (18))",
        "free_prescription", CUBIC,
    )  # fmt: skip


def _warm_up() -> Iterator[Claim]:
    yield claim(
        "sec4.1.correct-root", "section 4.1", "the root of (18) is determined by G ~ 1/z as z -> infinity",
        "free_root_at_infinity", "1",
    )  # fmt: skip
    yield claim(
        "sec4.1.small-energy", "section 4.1", "for small eps the density resembles the Marchenko-Pastur law",
        "free_small_energy", "0",
    )  # fmt: skip
    yield claim(
        "sec4.1.gap", "section 4.1", "for small eps and small enough phi there is an eigenvalue gap", "free_gap",
        "1/16,1/4,1/2",
    )  # fmt: skip
    yield claim(
        "sec4.1.gap-closes", "section 4.1 and figure 1",
        "as eps passes eps_c the gap disappears and negative eigenvalues appear (phi = 1/4; 0 < phi < 1)",
        "free_closes", "1/4",
    )  # fmt: skip
    yield claim(
        "sec4.1.large-energy-semicircle", "section 4.1 and figure 1",
        "as eps gets large, the spectrum becomes semicircular", "free_semicircular", "", "wishart-wigner",
    )  # fmt: skip
    yield claim(
        "sec4.2.grows", "section 4.2 (an observation of prior work)",
        "the index grows with the energy (in the model of section 4, for every phi)", "free_grows", "1/q + 4*eps*x",
    )  # fmt: skip
    yield claim(
        "sec4.2.closed-form", "section 4.2", "the integral (19) can be performed analytically (our formula)",
        "free_closed_form", "z*G - log(G) + log(1 - phi*G)/phi - eps*G**2", "wishart-wigner",
    )  # fmt: skip
    yield claim(
        "sec4.2.supplement", "section 4.2", "the method and the full result of the integration in the supplement",
        "free_open", f"{_SUPPLEMENT}; ours is one line: see sec4.2.closed-form",
    )  # fmt: skip
    yield claim(
        "sec4.2.discriminant", "section 4.2",
        "eps_c is where the discriminant of (18) at z = 0 vanishes: only real roots below it (0 < phi < 1)",
        "free_threshold", EPS_C, "wishart-wigner",
    )  # fmt: skip
    yield claim(
        "sec4.2.semicircle", "section 4.2 (what the comparison rests on)",
        "for Gaussian fields, with a GOE Hessian shifted by the energy, the index has the exponent 3/2 as well",
        "free_shifted_semicircle", "3/2",
    )  # fmt: skip
    yield claim(
        "sec4.2.bray-dean", "section 4.2", "Bray & Dean (2007) found the 3/2 scaling for Gaussian random functions",
        "free_open", f"{_REFERENCE}; that a shifted GOE gives 3/2 is decided: sec4.2.semicircle",
    )  # fmt: skip


def _assumptions() -> Iterator[Claim]:
    yield claim(
        "sec5.1.tao-vu", "section 5.1",
        "Tao & Vu: Wishart spectra tend to the Marchenko-Pastur law for independent entries of mean 0, variance 1 "
        "and finite k-th moment, k > 2",
        "free_open", _REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec5.1.aggarwal", "section 5.1", "Aggarwal: results like those of Tao & Vu hold for Wigner matrices",
        "free_open", f"{_REFERENCE}; for Wishart plus Wigner it is measured: sec5.1.universality",
    )  # fmt: skip
    yield claim(
        "sec5.1.universality", "section 5.1",
        "normality of the entries is probably not necessary (Wishart plus Wigner)", "free_measured",
        "probably not necessary", "universal",
    )  # fmt: skip
    yield claim(
        "sec5.1.finite-size", "section 5.1", "finite-size corrections are largest for small matrices",
        "free_finite_size", "1/p",
    )  # fmt: skip
    yield claim(
        "sec5.1.larger-systems", "section 5.1", "agreement with theory is expected to improve for larger systems",
        "free_measured", "expected to improve", "finite size",
    )  # fmt: skip
    yield claim(
        "sec5.2.1.free-independence", "section 5.2.1 and figure 2",
        "the discrepancy of the spectra of H0 + H1 and H0 + Q H1 Q' is small for a trained autoencoder",
        "free_measured", "minimal discrepancy (CIFAR-10)", "freeness",
    )  # fmt: skip
    yield claim(
        "sec5.2.1.supplement", "section 5.2.1", "further experiments on free independence in the supplement",
        "free_open", _SUPPLEMENT,
    )  # fmt: skip
    yield claim(
        "sec5.2.2.consistent", "section 5.2.2", "e ~ N(0, 2 eps) is consistent with the definition of eps in (2)",
        "free_energy", "2*eps",
    )  # fmt: skip
    yield claim(
        "sec5.2.2.prior", "section 5.2.2",
        "normal residuals are consistent with the priors that lead to the squared error", "squared_error", "2",
    )  # fmt: skip
    yield claim(
        "sec5.2.2.normal", "section 5.2.2", "residuals that are normal are a fairly mild assumption", "free_measured",
        "believed to be fairly mild", "residuals",
    )  # fmt: skip
    yield claim(
        "sec5.2.3.data", "section 5.2.3",
        "data i.i.d. normal: almost never strictly satisfied, approximately enforced by whitening and random "
        "projections",
        "free_measured", "almost never strictly satisfied, approximately enforced", "data",
    )  # fmt: skip
    yield claim(
        "sec5.2.4.weights", "section 5.2.4", "weights of trained networks often appear random, sometimes normal",
        "free_measured", "sometimes normal (figure S1)", "weights",
    )  # fmt: skip
    yield claim("sec5.2.4.figure-S1", "section 5.2.4", "figure S1 of the supplement", "free_open", _SUPPLEMENT)
    yield claim(
        "sec5.3.1.substructure", "section 5.3.1",
        "J and H1 have substructure that violates the independence of entries", "free_kronecker", "2*n**3", "J and H1",
    )  # fmt: skip


def _product_wishart() -> Iterator[Claim]:
    yield claim(
        "sec6.1.blocks", "section 6.1, display before (23)", "H1 = [[0, H12], [H12', 0]] for ReLU", "free_blocks", "0"
    )
    yield claim(
        "sec6.1.mask", "section 6.1", "theta(z) is a mask that eliminates half of the examples (on average)",
        "free_mask", "1/2",
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
        "free_open", f"{_REFERENCE}; the law itself is derived: eq28",
    )  # fmt: skip
    yield claim(
        "sec6.1.figure-3", "figure 3",
        "the spectrum of H1 with noise residuals matches the prediction well (phi = 1/16, 1/4, eps = 50)",
        "free_measured", "matches well (CIFAR-10)", "h1",
    )  # fmt: skip
    yield claim(
        "sec6.2.kronecker", "section 6.2", "H0 has both block structure and Kronecker structure", "free_kronecker",
        "h*ht/m", "H0",
    )  # fmt: skip
    yield claim(
        "sec6.2.null-directions", "figure 4", "H0 of a ReLU autoencoder with 16 hidden units has 16 null directions",
        "free_null_directions", "16",
    )  # fmt: skip
    yield claim(
        "sec6.2.known-laws", "section 6.2", "the limiting density of H0 cannot easily be deduced from known results",
        "free_open", f"a remark on the literature of 2017; {_REFERENCE}",
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
        "sec6.3.natural-sigma", "section 6.3 (our addition)", "the network itself has sigma = 1/2", "free_measured",
        "curiously, sigma = 1/2", "natural sigma",
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
        "for small alpha, alpha ~ |eps - eps_c|**(3/2) fits tanh networks", "free_measured",
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
        f"{_REFERENCE}; what linear networks do is decided: sec6.4.linear",
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
        "sec7.universal", "section 7", "how universal the 3/2 scaling may be", "free_open",
        "a question; part of an answer: any law whose density vanishes like a square root at its lower edge, that "
        "moves through 0 at nonzero speed, gives 3/2 (sec4.2.semicircle, eq20, eq31)",
    )  # fmt: skip


__all__ = ["claims"]
