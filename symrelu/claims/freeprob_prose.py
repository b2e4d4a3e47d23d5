"""What Pennington & Bahri (ICML 2017) say in words: abstract, sections 1 to 5, captions and footnotes, in their order.

What only they or others can show (their supplement, references) and opinions are ``open``, with the reason. Sections 6
and 7: :mod:`symrelu.claims.freeprob_networks`.
"""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.freeprob import CUBIC, EPS_C, PAPER

_SUPPLEMENT = "rests on the paper's supplementary material, which is not available here"
REFERENCE = "a statement about another work, which is not available here"


def claim(
    name: str, place: str, statement: str, kind: str, printed: str = "", subject: str = "", error: str = ""
) -> Claim:
    """A claim of the text."""
    return Claim(f"freeprob.{name}", f"{PAPER}, {place}", statement, kind, None, subject, printed, error)


def claims() -> Iterator[Claim]:
    """All claims of the text that are not numbered equations."""
    from symrelu.claims import freeprob_networks

    yield from _front()
    yield from _preliminaries()
    yield from _primer()
    yield from _warm_up()
    yield from _assumptions()
    yield from freeprob_networks.claims()


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
        "abstract.open-problem", "abstract and section 7",
        "it is an open problem to explain why the energy of minimizers is close to (1 - phi)**2/2", "free_open",
        "the paper's open problem; neither of its models explains it (sec6.4.models-and-fit), and we have no "
        "derivation",
    )  # fmt: skip
    yield claim(
        "sec1.nonconvex", "section 1", "the objectives of neural networks are generically non-convex (here: (2))",
        "free_nonconvex", "W1, W2",
    )  # fmt: skip
    yield claim(
        "sec1.1.prevalence", "section 1.1",
        "Choromanska et al., Dauphin et al.: saddles dominate among critical points and plague optimization, and many "
        "local minima have low loss",
        "free_open", REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec1.1.saddles", "section 1.1",
        "Dauphin et al.: the index of critical points depends on the loss qualitatively as in Gaussian landscapes",
        "free_open", REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec1.1.spin-glass", "section 1.1",
        "Choromanska et al.: the loss is well-approximated by a spin-glass model, which predicts minima at low loss "
        "and saddles at high loss as the network grows",
        "free_open", REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec1.1.slices", "section 1.1",
        "Goodfellow et al.: loss surfaces tend to be smooth and seemingly convex along low-dimensional slices",
        "free_open", REFERENCE,
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
        "free_ratio", "2*n/m",
    )  # fmt: skip
    yield claim(
        "sec2.rank", "section 2",
        "phi governs the rank of H0 = J J'/m (it is n m or 2 n**2 - n, whichever is less, at phi >= 2 and small phi)",
        "free_rank", "n*m; 2*n**2 - n",
    )  # fmt: skip
    yield claim(
        "sec2.gradient", "sections 2 and 5.2.2",
        "with residuals of variance 2 eps, independent of J, the gradient vanishes as m grows (n fixed)",
        "free_gradient", "2*eps/m", "fixed n",
    )  # fmt: skip
    yield claim(
        "sec2.gradient.proportional", "sections 2 and 5.2.2 (in the limit of section 2: n grows with m)",
        "with n and m of the same order, too, the gradient vanishes as m grows, so that the analysis is one of "
        "critical points",
        "free_gradient", "2*eps/m", "fixed phi",
    )  # fmt: skip


def _primer() -> Iterator[Claim]:
    yield claim(
        "sec3.1.low-rank", "section 3.1", "for phi > 1 the Wishart matrix has low rank, which explains the atom of (7)",
        "free_low_rank", "1 - 1/phi",
    )  # fmt: skip
    yield claim(
        "sec3.1.gap", "section 3.1", "there is an eigenvalue gap lambda_- = sigma (1 - sqrt(phi))**2 (0 at phi = 1)",
        "free_edge", "sigma*(1 - sqrt(phi))**2", "lower",
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
        "sec4.wishart", "section 4",
        "if the entries of J are i.i.d. normal, H0 = J J'/m is a Wishart matrix (of ratio phi, as (15) has it)",
        "free_wishart", "2*n/m",
    )  # fmt: skip
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
        "as eps passes eps_c the gap disappears and negative eigenvalues appear (0 < phi < 1)", "free_closes",
        "1/10,1/4,1/2,9/10",
    )  # fmt: skip
    yield claim(
        "sec4.1.large-energy-semicircle", "section 4.1 and figure 1",
        "as eps gets large, the spectrum becomes semicircular", "free_semicircular", "", "wishart-wigner",
    )  # fmt: skip
    yield claim(
        "sec4.1.figure-1", "figure 1",
        "as eps increases, the spectrum becomes more semicircular (its scaled free cumulants k_n, n > 2, fall)",
        "free_more_semicircular", "", "wishart-wigner",
    )  # fmt: skip
    yield claim(
        "sec4.2.grows", "section 4.2 (in the model; that prior work observed it for networks is not decided)",
        "the index grows with the energy (in the model of section 4, for every phi)", "free_grows", "1/q + 4*eps*x",
    )  # fmt: skip
    yield claim(
        "sec4.2.closed-form", "section 4.2", "the integral (19) can be performed analytically (our formula)",
        "free_closed_form", "z*G - log(G) + log(1 - phi*G)/phi - eps*G**2", "wishart-wigner",
    )  # fmt: skip
    yield claim(
        "sec4.2.supplement", "section 4.2", "the full result of the integration is too long to present (supplement)",
        "free_open", f"{_SUPPLEMENT}; ours is one line: see sec4.2.closed-form",
    )  # fmt: skip
    yield claim(
        "sec4.2.discriminant", "section 4.2",
        "eps_c is the value of eps for which the discriminant of (18) vanishes at z = 0 (0 < phi < 1)",
        "free_threshold", EPS_C, "wishart-wigner",
    )  # fmt: skip
    yield claim(
        "sec4.2.real-roots", "section 4.2",
        "eps_c is the value below which (18) has only real roots at z = 0: 3 below it, 1 above it (0 < phi < 1)",
        "free_real_roots", "3,1",
    )  # fmt: skip
    yield claim(
        "sec4.2.semicircle", "section 4.2 (what the comparison rests on)",
        "for Gaussian fields, with a GOE Hessian shifted by the energy, the index has the exponent 3/2 as well",
        "free_shifted_semicircle", "3/2",
    )  # fmt: skip
    yield claim(
        "sec4.2.bray-dean", "section 4.2", "Bray & Dean (2007) found the 3/2 scaling for Gaussian random functions",
        "free_open", f"{REFERENCE}; that a shifted GOE gives 3/2 is decided: sec4.2.semicircle",
    )  # fmt: skip


def _assumptions() -> Iterator[Claim]:
    yield claim(
        "sec5.1.tao-vu", "section 5.1",
        "Tao & Vu: Wishart spectra tend to the Marchenko-Pastur law for independent entries of mean 0, variance 1 "
        "and finite k-th moment, k > 2",
        "free_open", REFERENCE,
    )  # fmt: skip
    yield claim(
        "sec5.1.aggarwal", "section 5.1", "Aggarwal: results like those of Tao & Vu hold for Wigner matrices",
        "free_open", f"{REFERENCE}; for Wishart plus Wigner it is measured: sec5.1.universality",
    )  # fmt: skip
    yield claim(
        "sec5.1.universality", "section 5.1",
        "normality of the entries is probably not necessary (Wishart plus Wigner)", "free_measured",
        "probably not necessary", "universal",
    )  # fmt: skip
    yield claim(
        "sec5.1.only-in-the-limit", "section 5.1",
        "the tools of random matrix theory used are exact only in the limit of infinite size (here: freeness, (9))",
        "free_only_in_the_limit", "ABAB",
    )  # fmt: skip
    yield claim(
        "sec5.1.finite-size", "section 5.1",
        "finite-size corrections are largest for small matrices (here: moments of Wishart matrices)",
        "free_finite_size", "1/p",
    )  # fmt: skip
    yield claim(
        "sec5.1.larger-systems", "section 5.1", "agreement with theory is expected to improve for larger systems",
        "free_measured", "expected to improve", "finite size",
    )  # fmt: skip
    yield claim(
        "sec5.2.1.alignment", "section 5.2.1",
        "generically the eigenspaces of H0 and H1 are somewhat aligned, which violates free independence (here: common "
        "null directions of a ReLU network at a critical point)",
        "free_alignment", "n",
    )  # fmt: skip
    yield claim(
        "sec5.2.1.rotation", "section 5.2.1",
        "to see the violation it suffices to compare with H0 + Q H1 Q', Q orthogonal of Haar measure: H0 and Q H1 Q' "
        "are free as n grows (here: the moment of order 4)",
        "free_rotation", "haar",
    )  # fmt: skip
    yield claim(
        "sec5.2.1.free-independence", "section 5.2.1 and figure 2",
        "the discrepancy of the spectra of H0 + H1 and H0 + Q H1 Q' is small for a trained autoencoder",
        "free_measured", "minimal discrepancy (CIFAR-10)", "freeness",
    )  # fmt: skip
    yield claim(
        "sec5.2.1.supplement", "section 5.2.1",
        "further experiments, in the supplement, bear out that H0 and H1 are close to free", "free_open", _SUPPLEMENT,
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
        "that data are i.i.d. normal is almost never strictly satisfied, but approximately enforced by whitening and "
        "random projections",
        "free_measured", "almost never strictly satisfied, approximately enforced", "data",
    )  # fmt: skip
    yield claim(
        "sec5.2.4.weights", "section 5.2.4", "weights of trained networks often appear random, sometimes normal",
        "free_measured", "sometimes normal (figure S1)", "weights",
    )  # fmt: skip
    yield claim(
        "sec5.2.4.figure-S1", "section 5.2.4", "figure S1, in the supplement, shows weights that appear normal",
        "free_open", _SUPPLEMENT,
    )  # fmt: skip
    yield claim(
        "sec5.3.1.substructure", "section 5.3.1",
        "J and H1 have substructure that violates the independence of entries", "free_kronecker", "2*n**3", "J and H1",
    )  # fmt: skip


__all__ = ["REFERENCE", "claim", "claims"]
