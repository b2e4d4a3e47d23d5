"""Claims of the authors' response to the reviewers of the predecessor paper: Y. Arjevani, M. Field, "Analytic
Characterization of the Hessian in Shallow ReLU Models: A Tale of Symmetry" (NeurIPS 2020), paragraph by paragraph. The
body of that paper is not at hand. Its second layer is fixed at 1, its k is d.
"""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.theorem2 import FAMILIES

PAPER = "Analytic Characterization of the Hessian in Shallow ReLU Models (NeurIPS 2020), the authors' response"
_ALL = ",".join(FAMILIES)
_BODY = "rests on the paper's body and appendix, which are not available here"
_OUTLOOK = "an opinion, an intention or a line of research; there is nothing to decide by computation"
_READING = " (our reading)"


def claim(name: str, place: str, statement: str, kind: str, printed: str = "", subject: str = "") -> Claim:
    """A claim of the response."""
    return Claim(f"predecessor.{name}", f"{PAPER}, {place}", statement, kind, None, subject, printed)


def claims() -> Iterator[Claim]:
    """All claims, in the order of the text."""
    yield from _general()
    yield from _first_reviewer()
    yield from _second_reviewer()
    yield from _third_reviewer()
    yield from _fourth_reviewer()


def _general() -> Iterator[Claim]:
    place = "second paragraph"
    yield claim(
        "other-spectra", place,
        "other activations can be treated likewise, and yield different spectral properties of the Hessian",
        "other_spectra", "leaky:1/10", "1a",
    )  # fmt: skip
    yield claim("bias", place, "adding a bias to the activation is quite tractable", "later",
                "a bias makes the kernel depend on more than <w,w>, <v,v>, <w,v>; not built here")  # fmt: skip
    yield claim(
        "second-layer", place + " and reviewer 4",
        "a second layer that is not fixed is quite tractable: index and nullity (but k zeros) stay (large d)",
        "layers_agree", "1a,1b,2a",
    )  # fmt: skip
    yield claim("multi-layers", place, "the methods and results extend to more layers and more neurons", "later",
                "more layers: not built here; more neurons: main.annihilation and main.continuous-k")  # fmt: skip
    yield claim(
        "robust", place,
        "the results are robust under symmetry-breaking perturbation: for every V near I_d there is one critical point "
        "near each of the family's, with the same index (all large d)",
        "persistent", _ALL,
    )  # fmt: skip
    yield claim(
        "robust.spectrum", place + _READING,
        "under a perturbation that a subgroup keeps, the spectrum moves continuously, and multiplicities split as "
        "representations restrict to that subgroup",
        "descent_perturbed", "S_4 x S_2", "2a,3a",
    )  # fmt: skip
    yield claim(
        "robust.how-far", place + " (how far)",
        "up to which |V - I| (spectral norm, one random direction) the minima at d = 8 can be followed",
        "descent_how_far", "", "1a,1b,2a",
    )  # fmt: skip


def _first_reviewer() -> Iterator[Claim]:
    place = "reviewer 1"
    yield claim(
        "dominating.fixed", place, "the number of distinct dominating eigenvalues does not depend on k = d (large d)",
        "dominating", "distinct of degree 0", _ALL,
    )  # fmt: skip
    yield claim(
        "dominating.linear", place, "the number of dominating eigenvalues, with multiplicity, grows linearly with k",
        "dominating", "all of degree 1", _ALL,
    )  # fmt: skip
    yield claim("classes", place, "two Gaussians as data (Sagun, Bottou, LeCun 2016) change the effective number of "
                "classes", "later", "a remark on another work, which is not available here")  # fmt: skip
    yield claim(
        "invariants.orthogonal", place,
        "an orthogonally invariant distribution makes the loss invariant under W, V -> W Q, V Q, so that permutations "
        "that fix V determine its symmetry",
        "orthogonal", "invariant", "kernel",
    )  # fmt: skip
    yield claim(
        "invariants.distribution", place, "another distribution may lead to another group: for signs (+-1) rotations "
        "Q are lost, permutations stay", "orthogonal", "not invariant", "signs",
    )  # fmt: skip
    yield claim(
        "invariants.activation", place, "another activation may lead to another group", "activation_group", "larger",
        "abs",
    )  # fmt: skip
    yield claim(
        "invariants.architecture", place,
        "another architecture may lead to another group: with a teacher's second layer (1, 2) columns do not permute",
        "teacher_group", "smaller", "1,2",
    )  # fmt: skip
    yield claim(
        "estimates", place,
        "the asymptotic estimates of eigenvalues (second layer fixed) are in terms of 1/sqrt(k): odd powers occur",
        "odd_powers", "1/sqrt(k)", "1b,2a,2b",
    )  # fmt: skip
    yield claim("toy-model", place, "the revision has a toy (polynomial) model, and highlights the spectral "
                "computation for W = V", "later", _BODY)  # fmt: skip
    yield claim(
        "hessian.isotropy", place, "symmetry properties of the Hessian are inherited from the isotropy of the point",
        "inherited", "isotropy", "2a",
    )  # fmt: skip
    yield claim(
        "hessian.orbit", place, "the Hessian spectrum is constant along the group orbit of the critical point",
        "inherited", "orbit", "2a",
    )  # fmt: skip


def _second_reviewer() -> Iterator[Claim]:
    place = "reviewer 2"
    yield claim(
        "generalization", place,
        "the objective is the generalization error: the expected loss on fresh inputs", "descent_fresh", "", "2a",
    )  # fmt: skip
    yield claim("random-weights", place, "the spectrum at minima, not at random weights, is a virtue", "later",
                _OUTLOOK)  # fmt: skip
    yield claim(
        "training-loss.gradients", place,
        "properties of the training loss follow by concentration: its gradient at a fixed point approaches the "
        "population's as N**(-1/2)",
        "descent_concentration", "gradient", "2a",
    )  # fmt: skip
    yield claim(
        "training-loss.uniform", place, "bounds for gradients of the training loss hold uniformly over weights",
        "later", "a bound over all weights (by Rademacher complexity); only fixed points are sampled here",
    )  # fmt: skip
    yield claim(
        "training-loss.hessian", place + _READING,
        "properties of the training loss follow by concentration: its Hessian (a 'higher-order derivative', which "
        "exists almost everywhere) at a fixed point approaches the population's",
        "descent_concentration", "hessian", "2a",
    )  # fmt: skip


def _third_reviewer() -> Iterator[Claim]:
    place = "reviewer 3"
    yield claim("hessian.size", place, "the Hessian at a critical point is a k**2 x k**2 symmetric matrix",
                "hessian_size", "k**2", "2a")  # fmt: skip
    yield claim(
        "analytic", place, "the objective is real analytic outside a thin (measure zero) subset of parameter space",
        "analytic", "thin",
    )  # fmt: skip
    yield claim(
        "analytic.minima", place + _READING,
        "the critical points lie outside that subset", "analytic", "outside", _ALL,
    )  # fmt: skip
    yield claim(
        "power-series", place, "the critical points of Theorem 1's families are power series in 1/sqrt(k), not in 1/k",
        "root_of_k", "2", _ALL.replace("1a,", ""),
    )  # fmt: skip
    yield from _one_neuron(place)
    yield claim(
        "condition-number", place,
        "the condition number of the Hessian of W alone is Omega(k), at global and spurious minima (all large d = k)",
        "condition", "1", _ALL,
    )  # fmt: skip
    yield claim(
        "skewed", place,
        "the spectrum is extremely skewed, at global and spurious minima: its skewness grows with d, like d**(1/2)",
        "skewed", "1/2", _ALL,
    )  # fmt: skip
    yield claim("skewed.challenge", place, "this challenges classical approaches to gradient-based methods", "later",
                _OUTLOOK)  # fmt: skip
    yield claim(
        "clusters", place, "along the optimization process clusters of eigenvalues form", "descent_clusters", "form",
        "10",
    )  # fmt: skip
    yield claim(
        "clusters.drive", place, "the clusters of eigenvalues drive most of the dynamics of an optimization",
        "descent_clusters", "drive", "10",
    )  # fmt: skip
    yield claim("appendix-f1", place, "section F.1 shows the clusters of eigenvalues empirically", "later", _BODY)
    yield claim(
        "accessible", place, "some minima are more likely to be detected by SGD than others", "descent_accessible",
        "", "2a,2b",
    )  # fmt: skip


def _one_neuron(place: str) -> Iterator[Claim]:
    for name, where, printed in (("same", "w v > 0", "(w - v)**2/4"), ("opposite", "w v < 0", "(w**2 + v**2)/4")):
        yield claim(
            f"one-neuron.loss.{name}", place, f"d = k = 1: L(w, v) = {printed} for {where}", "one_neuron", printed,
            f"loss {name}",
        )  # fmt: skip
    yield claim("one-neuron.angle", place, "d = k = 1: for w, v not 0 the angle between them is 0 or pi",
                "one_neuron", "0,pi", "angle")  # fmt: skip
    yield claim("one-neuron.critical", place, "d = k = 1: the only critical point (w, v not 0) is at w = v",
                "one_neuron", "v", "critical")  # fmt: skip
    yield claim("one-neuron.hessian", place, "d = k = 1: the Hessian at w = v is 1/2", "one_neuron", "1/2", "hessian")
    yield claim(
        "one-neuron.zero", place + " (why w is not 0)",
        "d = k = 1: L has no derivative at w = 0: the one-sided ones are -v/2 (from w v > 0) and 0", "one_neuron",
        "-v/2,0", "zero",
    )  # fmt: skip
    yield claim(
        "one-neuron.second-layer", place + " (with a second layer that is trained too)",
        "d = k = 1, both layers trained: the only critical points (w, v not 0) are those of loss 0", "one_neuron", "0",
        "trained",
    )  # fmt: skip
    yield claim(
        "under-the-integral", place,
        "differentiating twice under the integral sign misses the dependence on the angle (one neuron, d > 1)",
        "under_the_integral", "angle", "2",
    )  # fmt: skip
    yield claim(
        "under-the-integral.one", place + _READING,
        "differentiating twice under the integral sign misses the dependence on the angle (one neuron, d = 1)",
        "under_the_integral", "angle", "1",
    )  # fmt: skip
    yield claim("explicit-hessian", place, "for d = k > 1 the explicit dependence on the angle is in the article",
                "later", _BODY)  # fmt: skip


def _fourth_reviewer() -> Iterator[Claim]:
    place = "reviewer 4"
    yield claim(
        "types-A-I", place, "minima of types I and A (2b and 1b here) did not appear in [22] (here: in our descents)",
        "descent_hidden", "", "1b,2b",
    )  # fmt: skip
    yield claim(
        "mix", place,
        "which minima appear is a mix of the initialisation and the critical points: type A is met from starts near it",
        "descent_near", "", "1b",
    )  # fmt: skip
