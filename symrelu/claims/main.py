"""The claims that the main paper (arXiv 2107.10370) makes in its prose, paragraph by paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.theorem1 import PAPER
from symrelu.claims.theorem2 import FAMILIES

_LATER = {
    "minimum": "a remark; what it rests on is decided case by case in theorem1.*.minimum (case 4 fails at d = 9)",
    "training": "an experiment: training is a later version",
    "padding": "types with k < d are a later version",
    "appendix": "rests on the paper's appendix, which is not available",
    "opinion": "an opinion or an outlook, not decidable by computation",
}


def claims() -> Iterator[Claim]:
    """All claims, in the order of the text."""

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
    yield later(
        "abstract.finite-d",
        "abstract",
        "analytic, rather than heuristic, information for every finite d (granted d >= 9)",
        "minimum",
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
    yield later("symmetry-breaking", "section 1", "spurious minima break the symmetry of global minima", "training")
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
        "index",
        "2a",
        "some at d = 3, none from d = 10 on",
        "3,5,6,9,10,11",
    )
    yield claim(
        "fixed-number",
        "section 4.2",
        "the number of distinct Hessian eigenvalues does not depend on d (case 2a, all large d)",
        "fixed_number",
        "2a",
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
    yield later("padding", "section 2", "the series also represent minima for d > k after padding by zeros", "padding")
    yield later("xavier", "section 2", "Xavier initialisation favours the Theta(1/d) class", "training")
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
    yield later("appendix-terms", "section 2", "the appendix lists the terms to O(d**(-5/2))", "appendix")
    yield later(
        "generalization", "section 3", "the bias of SGD cannot be explained by local curvature alone", "opinion"
    )
