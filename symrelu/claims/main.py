"""The claims that the main paper (arXiv 2107.10370) makes in its prose, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.theorem1 import PAPER
from symrelu.claims.theorem2 import FAMILIES

_LATER = {
    "appendix": "rests on the paper's appendix, which is not available",
    "argument": "what SGD favours is no statement about spectra; the argument given is main.abstract.coincide, and "
    "beyond O(d**(-1/2)) the spectra do differ (main.flat-minima.exactly)",
}


def claims() -> Iterator[Claim]:
    """All claims: those of the first reading, in the order of the text, then those of a second one."""
    from symrelu.claims import main_text

    yield from _first_reading()
    yield from main_text.claims()


def _first_reading() -> Iterator[Claim]:
    def claim(
        name: str,
        place: str,
        statement: str,
        kind: str,
        family: str | None = None,
        printed: str = "",
        subject: str = "",
    ) -> Claim:
        return Claim(f"main.{name}", f"{PAPER}, {place}", statement, kind, family, subject, printed)

    def later(name: str, place: str, statement: str, why: str) -> Claim:
        return Claim(f"main.{name}", f"{PAPER}, {place}", statement, "later", None, "", _LATER[why])

    yield claim(
        "abstract.coincide",
        "abstract and section 3",
        "the Hessian spectra of global and spurious minima coincide to O(d**(-1/2))",
        "coincide",
        None,
        ",".join(FAMILIES),
    )
    yield claim(
        "abstract.finite-d",
        "abstract and section 3",
        "analytic, rather than heuristic, information for every finite d >= 9: entries with bounded errors, spectra",
        "finite_d",
        None,
        ",".join(FAMILIES[1:]),
    )
    yield claim(
        "invariance",
        "section 1",
        "L(W, alpha) = L(P_pi W P_rho^T, alpha) for all (pi, rho) in S_k x S_d",
        "invariance",
        None,
        "alpha fixed",
    )
    yield claim(
        "invariance.repaired",
        "section 1 (our reading)",
        "L(W, alpha) = L(P_pi W P_rho^T, P_pi alpha): the second layer is permuted along with the rows",
        "invariance",
        None,
        "alpha permuted",
    )
    yield claim("isotropy-of-identity", "section 1", "Iso(I_d) = Delta S_d", "isotropy", "1a", "Delta S_d")
    yield claim(
        "symmetry-breaking",
        "section 1",
        "spurious minima break the symmetry of global minima: their isotropy groups are subgroups of Delta S_d",
        "descent_symmetry",
    )
    yield claim(
        "symmetry-breaking.targets",
        "section 1",
        "when the isotropy of the target changes, the symmetry of the spurious minima does",
        "descent_targets",
    )
    yield later("symmetry-breaking.experiments", "section 1", "the experiments of section A", "appendix")
    yield claim(
        "symmetry-breaking.saddles",
        "section 1",
        "saddles, too, tend to have large isotropy groups, conjugate to subgroups of Delta S_d (k = d = 5)",
        "saddles_met",
    )
    yield claim(
        "low-dimensional",
        "section 1",
        "local minima lie in fixed spaces of low dimension",
        "descent_dimension",
    )
    yield claim(
        "figure-1.threshold",
        "figure 1",
        "case 2a changes its stability at d = 5.71 (approximately)",
        "threshold",
        "2a",
        "5.71",
    )
    yield claim(
        "figure-1.saddle",
        "figure 1",
        "case 2a is a saddle at d = 3 and a minimum for d >= 10",
        "saddle_then_minimum",
        "2a",
        "3,10",
    )
    yield claim(
        "fixed-number",
        "section 4.2",
        "the number of distinct Hessian eigenvalues does not depend on d (cases 1 and 2, all large d)",
        "fixed_number",
        None,
        "1a,1b,2a,2b",
    )
    yield claim(
        "outliers",
        "abstract and section 3",
        "Theta(d) eigenvalues grow linearly with d, the others concentrate near small positive constants or are 0",
        "linear_growth",
        None,
        "d + 1",
        ",".join(FAMILIES),
    )
    yield claim(
        "flat-minima",
        "section 3",
        "second-order curvature cannot separate global from spurious minima (to O(d**(-1/2)))",
        "coincide",
        None,
        ",".join(FAMILIES),
    )
    yield claim(
        "flat-minima.rescaling",
        "section 3 (what the discussion rests on)",
        "index and nullity are constant on the rescaling orbit Diag(lambda) W, alpha/lambda; the eigenvalues are not",
        "rescaled_spectrum",
        "1b",
    )
    yield claim(
        "second-layer",
        "section 3 and the predecessor",
        "index and nullity modulo the k rescaling zeros do not depend on whether the second layer is trained (large d)",
        "layers_agree",
        None,
        ",".join(FAMILIES),
    )
    yield claim(
        "padding",
        "section 2",
        "the series also represent spurious minima for d > k after padding by zeros (case 1b, k = d - 1)",
        "padding",
        None,
        "minimum",
        "d-1 1 1,* a_1=-1 1b",
    )
    yield claim("xavier", "section 2", "Xavier initialisation favours the Theta(1/d) class", "descent_classes")
    yield claim(
        "expected-loss",
        "section 2",
        "under Xavier initialisation the expected loss upon convergence need not decrease with d",
        "descent_expected_loss",
    )
    yield claim(
        "multiplicity-proxy",
        "section 2",
        "the multiplicity of minima is a possible proxy for the probability to converge to their type",
        "descent_multiplicity",
    )
    yield claim(
        "rates",
        "section 2",
        "the loss decays at different rates in cases 2a, 3a, 4 (by its first coefficient; all are of order 1/d)",
        "decay_rates",
        None,
        "1/d",
        "2a,3a,4",
    )
    yield claim(
        "diagonal",
        "section 2",
        "the diagonal of W consists mainly of ones where the loss decays, mainly of minus ones where it does not",
        "diagonal",
        None,
        "1,-1",
        ",".join(FAMILIES),
    )
    yield claim(
        "saddles-at-small-d",
        "section 3",
        "for small d the spurious families of Theorem 1 are saddles (d = 5)",
        "saddles_at_small_d",
        None,
        "",
        ",".join(FAMILIES[1:]),
    )
    yield claim(
        "annihilation",
        "section 3",
        "adding neurons turns spurious minima into saddles (case 1b)",
        "more_neurons",
        "1b",
        "6",
    )
    yield claim(
        "continuous-k",
        "conclusion",
        "continuously increasing k with d fixed turns minima into saddles, while the objective stays (case 1b)",
        "more_neurons",
        "1b",
        "6",
    )
    yield claim(
        "continuous-k.threshold",
        "conclusion (another reading)",
        "as k grows continuously from d, a minimum turns into a saddle at some real k > d (case 1b, d = 8)",
        "threshold_in_k",
        "1b",
        "8",
    )
    yield claim(
        "escape",
        "conclusion",
        "the number of minima grows exponentially, so SGD hardly escapes spurious minima as d grows (Safran & Shamir)",
        "descent_escape",
    )
    yield later("appendix-terms", "section 2", "the appendix lists the terms to O(d**(-5/2))", "appendix")
    yield later(
        "generalization",
        "contributions and section 3",
        "the inductive bias of SGD, provably, cannot be explained exclusively in terms of local curvature",
        "argument",
    )
