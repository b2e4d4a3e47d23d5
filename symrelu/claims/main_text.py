"""Claims of the main paper's text (arXiv 2107.10370) that a second reading, paragraph by paragraph, added to main.py.

What a sentence is when taken at its word, or what it leaves open, is said in brackets at its place.
"""

from __future__ import annotations

from collections.abc import Iterator

from symrelu.claims.claim import Claim
from symrelu.claims.theorem1 import PAPER
from symrelu.claims.theorem2 import FAMILIES

_ALL = ",".join(FAMILIES)
_SPURIOUS = ",".join(FAMILIES[1:])
_REFERENCE = "a statement about other works, whose texts are not available here"


def claim(
    name: str, place: str, statement: str, kind: str, printed: str = "", subject: str = "", family: str | None = None
) -> Claim:
    """A claim of the text."""
    return Claim(f"main.{name}", f"{PAPER}, {place}", statement, kind, family, subject, printed)


def claims() -> Iterator[Claim]:
    """All claims, in the order of the text."""
    yield from _introduction()
    yield from _families()
    yield from _spectrum()
    yield from _framework()
    yield from _conclusion()


def _introduction() -> Iterator[Claim]:
    yield claim(
        "nonconvex", "section 1, before (1) and (2)", "problem (2) is nonconvex (k = d = 2, in W)", "nonconvex",
        "nonconvex", "1,0;0,1 0,1;1,0",
    )  # fmt: skip
    yield claim(
        "realizable", "before (2)", "the data are fully realizable: some network of k = d neurons is the target",
        "realizable", "", "k = d",
    )  # fmt: skip
    yield claim(
        "realizable.fewer", "before (2) (taken at its word)",
        "the data are fully realizable for all k and d of (2), V = I_d: for k < d too", "realizable", "", "2,1",
    )  # fmt: skip
    yield claim(
        "outliers.exactly", "abstract (taken at its word)",
        "all Hessian eigenvalues but the Theta(d) that grow tend to positive constants (both layers trained)", "bulk",
        _ALL, "2",
    )  # fmt: skip
    yield claim(
        "symmetry-breaking.exactly", "section 1 (taken at its word)",
        "no spurious minimum has the isotropy group Delta S_d of the global minima: each breaks their symmetry",
        "unbroken", _SPURIOUS,
    )  # fmt: skip
    yield claim(
        "fractional", "abstract, contributions and section 3",
        "the real d at which a family turns from saddle to spurious minimum is found, and is no whole number",
        "fractional", _SPURIOUS,
    )  # fmt: skip
    yield claim(
        "first-to-notice", "contributions",
        "the phenomenon of symmetry breaking seems to have gone largely unnoticed", "later", _REFERENCE,
    )  # fmt: skip
    yield claim(
        "figure-1.approximation", "figure 1",
        "the spectrum to O(d**(-1/2)) is a good approximation already for small d", "approximation",
        "a good approximation already for small values", "", "2a",
    )  # fmt: skip
    yield claim(
        "figure-1.reversed", "figure 1", "minima of case 2a are turned into saddles by more hidden neurons (d >= 9)",
        "more_neurons", "9", "", "2a",
    )  # fmt: skip
    yield claim(
        "global-minimizers", "section 1",
        "modulo conjugation the isotropy of every global minimizer is Delta S_d (k = d, V = I, alpha = beta = 1)",
        "global_minimizers", "Delta S_3",
    )  # fmt: skip
    yield claim(
        "isotropy.rescaled", "section 1 and Theorem 1 (our question)",
        "the isotropy (3) of Diag(lambda) W is that of W for every lambda > 0, as 'Delta S_d-minima' in Theorem 1 says",
        "rescaled_isotropy", "1,2,3",
    )  # fmt: skip
    yield claim(
        "figure-2", "figure 2", "the three 5 x 5 matrices have isotropy Delta S_5, Delta(S_4 x S_1), Delta(S_3 x S_2)",
        "figure_isotropy", "Delta S_5; Delta(S_4 x S_1); Delta(S_3 x S_2)", "5;4,1;3,2",
    )  # fmt: skip
    yield claim(
        "low-dimensional.real-data", "section 1",
        "hidden low-dimensional structure was observed in deep learning with real data", "later", _REFERENCE,
    )  # fmt: skip


def _families() -> Iterator[Claim]:
    yield claim(
        "other-approaches", "section 2",
        "other approaches hold in limiting regimes only, and explain little at widths met in practice", "later",
        _REFERENCE,
    )  # fmt: skip
    yield claim(
        "appendix-terms.required", "section 2",
        "entries to O(d**(-3/2)), as Theorem 1 has them, do not determine the Hessian spectrum to O(d**(-1/2))",
        "terms_required", "3/2: moves", "1b,2a,3b,4",
    )  # fmt: skip
    yield claim(
        "appendix-terms.order", "section 2",
        "entries to O(d**(-5/2)) are required for the Hessian spectrum to O(d**(-1/2)); to O(d**(-2)) is not enough",
        "terms_required", "2: moves", "1b,2a,3b,4",
    )  # fmt: skip
    yield claim(
        "appendix-terms.values", "section 2 (another reading)",
        "the Hessian spectrum to O(d**(-1/2)) changes if the terms beyond those printed in Theorem 1 are left out",
        "terms_required", "cut: moves", "1b,2a,3b,4",
    )  # fmt: skip
    yield claim(
        "one-family", "Theorem 1, case 4 (our question)",
        "the one family of Delta(S_{d-3} x S_3)-minima has no partner, unlike those of cases 1 to 3", "one_family",
        "d-3,3 -,+",
    )  # fmt: skip
    yield claim(
        "other-targets", "section 2", "the same technique can be used for other target networks", "other_target",
        "d-1,1 a_1=1,a_5=-2 1,2",
    )  # fmt: skip
    for name, type_ in (
        ("2a", "d-2,1 1,2 1,2,* a_1=1,a_6=-1"),
        ("2b", "d-2,1 1,2 1,2,* a_1=-1,a_6=1"),
        ("3a", "d-3,2 1,2 1,2,* a_1=1,a_6=-1"),
        ("3b", "d-3,2 1,2 1,2,* a_1=-1,a_6=1"),
        ("4", "d-4,3 1,2 1,2,* a_1=1,a_6=-1"),
    ):
        yield claim(
            f"padding.{name}", "section 2",
            f"the series also represent spurious minima for d > k after padding by zeros (case {name}, k = d - 1)",
            "padding", "minimum", f"{type_} {name}",
        )  # fmt: skip
    yield claim(
        "padding.spectrum", "section 2",
        "the spectrum for d > k follows from that for d = k (case 1b, k = d - 1: it is contained in it)", "padding",
        "spectrum", "d-1 1 1,* a_1=-1 1b",
    )  # fmt: skip
    yield claim(
        "more-neurons.tools", "section 2", "studying d < k requires qualitatively different tools", "later",
        "an opinion; here the same tools serve k > d (types with fixed rows, and symrelu widths for real k)",
    )  # fmt: skip


def _spectrum() -> Iterator[Claim]:
    yield claim(
        "annihilation.all", "section 3", "adding one neuron turns each spurious family of Theorem 1 into saddles (all "
        "large d)", "more_by_one", "", _SPURIOUS,
    )  # fmt: skip
    yield claim(
        "skewed", "section 3",
        "the spectrum (both layers) is extremely and positively skewed: its skewness grows like d**(1/2)",
        "skewed_both", "1/2", _ALL,
    )  # fmt: skip
    yield claim("skewed.first", "section 3", "the skewed spectrum is established rigorously for the first time",
                "later", _REFERENCE)  # fmt: skip
    yield claim(
        "skewed.observed", "section 3",
        "skewed spectra, a bulk near 0 and positive outliers, were observed for small and for full-scale networks",
        "later", _REFERENCE,
    )  # fmt: skip
    yield claim(
        "cubic-cost", "section 3", "an exact computation of the spectrum costs cubic time in k and d", "later",
        "a statement about algorithms: dense solvers are cubic in the matrix size k(d + 1), hence in k and in d; with "
        "the isotypic decomposition the cost does not depend on d",
    )  # fmt: skip
    yield claim(
        "flat-minima.exactly", "section 3 (taken at its word)",
        "every notion of flatness that relies on the Hessian spectrum alone fails: the spectra are the same beyond "
        "O(d**(-1/2)) too",
        "spectra_part", "1a,1b,2a,2b",
    )  # fmt: skip
    yield claim(
        "flat-minima.generalize", "section 3", "wider minima tend to generalize better", "later",
        f"a hypothesis of other works that the paper argues against; {_REFERENCE}",
    )  # fmt: skip


def _framework() -> Iterator[Claim]:
    yield claim(
        "fixed-space", "section 4.1, equation (10)",
        "W_d, the space fixed by Delta S_d, has dimension 2, and the gradient of f maps it to itself", "fixed_space",
        "2",
    )  # fmt: skip
    yield claim(
        "gradient.definition", "section 4.1 (taken at its word)",
        "the display is grad f(a_1 I + a_2 (1 1' - I)) itself, in the coordinates of W_d", "gradient_definition",
        "1,1",
    )  # fmt: skip
    yield claim(
        "fixed-space.values", "section 4.1 (taken at its word)", "f is a function from R^2 = W_d to R^2", "values_of_f",
        "2",
    )  # fmt: skip
    yield claim(
        "implicit-function", "section 4.1",
        "there is one path of critical points (a_1(d), a_2(d)), d real (case 1b, every d >= 9)", "exists", "", "", "1b",
    )  # fmt: skip
    yield claim(
        "simple-limits", "section 4.1", "the limiting entries of W(d) have a very simple form: 0, 1 and -1",
        "simple_limits", _ALL, "0,1,-1",
    )  # fmt: skip
    yield claim(
        "initial-values", "section 4.1",
        "the limiting entries of W(d) are initial values that determine one path by the implicit function theorem",
        "initial_values", "1", "d +;d -;d-1,1 +,-;d-1,1 -,+;d-2,2 +,-;d-2,2 -,+;d-3,3 +,-",
    )  # fmt: skip
    yield claim(
        "half-powers", "section 4.1", "the series are in 1/sqrt(d) (not in 1/d: some odd power occurs)", "root_of_k",
        "2", _SPURIOUS,
    )  # fmt: skip
    yield claim(
        "half-powers.reason", "section 4.1",
        "the series are in 1/sqrt(d) because the gradient depends on the angles between rows", "odd_sines", "angles",
        _SPURIOUS,
    )  # fmt: skip
    yield claim(
        "eigenvector", "section 4.2",
        "the displayed vector Y is an eigenvector of the Hessian of f at I_d, with the eigenvalue (H Y)_2/(d - 3), "
        "which is 1/4 + 1/(2 pi)",
        "eigenvector", "1/4 + 1/(2*pi)",
    )  # fmt: skip
    yield claim(
        "display.angle", "section 4.2 (taken at its word)",
        "the displayed eigenvalue with nu_(1)^(2) = sin arccos(alpha_(1)^(2)), alpha the angle of section 4.1",
        "display_of_angle",
    )  # fmt: skip


def _conclusion() -> Iterator[Claim]:
    yield claim(
        "tensors", "section 1 and conclusion", "symmetry breaking holds for other nonconvex problems (tensors)",
        "later",
        f"{_REFERENCE}; families for the kernels of tensor problems: symrelu families --kernel s3",
    )  # fmt: skip
    yield claim(
        "multiplicity.exponential", "conclusion", "the multiplicity of local minima for k = d is exponential in d, at "
        "least", "growth_of_multiplicity", _SPURIOUS,
    )  # fmt: skip


__all__ = ["claims"]
