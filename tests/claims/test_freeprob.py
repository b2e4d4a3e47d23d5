"""The random-matrix paper: every equation is a claim, the findings are what they are, and each decider can say no."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
import sympy as sp

from symrelu.claims import freeprob
from symrelu.claims.claim import Context, Verdict
from symrelu.claims.decide import claims_of, decide
from symrelu.claims.decide_freeprob_counting import rank_of_J
from symrelu.claims.decide_freeprob_finite import pairings, wigner_moment, wishart_moment
from symrelu.claims.decide_freeprob_thresholds import index_in_gap
from symrelu.claims.formulas import PHI, Reader
from symrelu.errors import BadInput, Undecided

CLAIMS = {claim.id: claim for claim in claims_of("freeprob")}
DECIDED = {key: claim for key, claim in CLAIMS.items() if claim.kind not in ("free_open", "free_measured")}
REFUTED = {  # the findings, each a sentence that is wrong as it stands or a question of ours with the answer no
    "freeprob.eq6.variance",
    "freeprob.eq6.argument",
    "freeprob.eq7.variance",
    "freeprob.eq17.letter",
    "freeprob.eq19.refined",
    "freeprob.eq20.absolute",
    "freeprob.eq21.domain",
    "freeprob.eq25",
    "freeprob.eq25.degeneracy.network",
    "freeprob.eq31.absolute",
    "freeprob.eq32.domain",
    "freeprob.abstract.three-halves",
    "freeprob.sec1.2.three-halves",
    "freeprob.sec2.gradient.proportional",
    "freeprob.sec3.2.exactly-when",
    "freeprob.sec6.1.display",
    "freeprob.sec6.2.inset",
    "freeprob.sec6.3.sigma-half.precisely",
    "freeprob.sec6.3.saturation",
    "freeprob.sec6.4.models-and-fit",
    "freeprob.sec6.4.linear",
    "freeprob.sec6.4.phi-one",
    "freeprob.sec6.4.phi-one.stores",
}
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
SIGN = re.compile(r"(?<![*(])[-+]")


def verdict(key: str, **changes: str) -> Verdict:
    """The verdict on a claim, or on one that differs from it."""
    return decide(replace(CLAIMS[key], **changes), Context())


def altered(text: str) -> Iterator[str]:
    """The text with one number larger by 1, or one sign exchanged."""
    for match in NUMBER.finditer(text):
        yield f"{text[: match.start()]}{int(match[0]) + 1}{text[match.end() :]}"
    for match in SIGN.finditer(text):
        yield f"{text[: match.start()]}{'+' if match[0] == '-' else '-'}{text[match.end() :]}"


# -- the inventory ---------------------------------------------------------------------------------------------------


def test_every_numbered_equation_has_a_claim() -> None:
    numbers = {int(re.match(r"freeprob\.eq(\d+)", claim.id)[1]) for claim in freeprob.equations()}  # type: ignore[index]
    assert numbers == set(range(1, 34))


def test_ids_are_unique_and_name_their_place() -> None:
    assert max(Counter(claim.id for claim in claims_of("freeprob")).values()) == 1
    for claim in CLAIMS.values():
        number = re.fullmatch(r"freeprob\.(eq\d+|sec[1-7](\.\d+)*|abstract)(\.[A-Za-z0-9-]+)*", claim.id)
        assert number, claim.id
        assert claim.source.startswith(freeprob.PAPER) and claim.statement and "\n" not in claim.statement


HEADINGS = ("1 1.1 1.2 2 3.1 3.2 3.2.2 4 4.1 4.2 5.1 5.2.1 5.2.2 5.2.3 5.2.4 5.3.1 6.1 6.2 6.3 6.4 7").split()


def claims_of_section(number: str) -> list[str]:
    """The claims in words whose source names that section, and none below it."""
    name = re.compile(rf", sections? ([\d., ]|and )*(?<![\d.]){re.escape(number)}(?!\.?\d)")
    return [key for key, claim in CLAIMS.items() if ".sec" in key and name.search(claim.source)]


@pytest.mark.parametrize("number", HEADINGS)
def test_every_heading_of_the_text_is_there(number: str) -> None:
    """3.2.1 is the equations (11) and (12); 3, 5, 5.2, 5.3 and 6 only announce what follows."""
    assert claims_of_section(number)
    assert all(key.startswith("freeprob.sec") for key in claims_of_section(number))


def test_the_abstract_is_there() -> None:
    assert sum(key.startswith("freeprob.abstract.") for key in CLAIMS) >= 4


def test_a_missing_heading_would_be_seen() -> None:
    assert claims_of_section("5.2.3") == ["freeprob.sec5.2.3.data"]
    assert claims_of_section("5.2") == claims_of_section("5.2.5") == claims_of_section("6") == []


@pytest.mark.parametrize("figure", range(1, 7))
def test_every_figure_is_there(figure: int) -> None:
    assert any(f"figure {figure}" in claim.source for claim in CLAIMS.values())


def test_what_is_open_has_a_reason() -> None:
    open_ = [claim for claim in CLAIMS.values() if claim.kind == "free_open"]
    assert len(open_) >= 8
    for claim in open_:
        found = decide(claim, Context())
        assert (found.answer, found.evidence) == ("open", "none") and len(found.found) > 40


# -- the verdicts ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", DECIDED)
def test_verdicts(key: str) -> None:
    found = verdict(key)
    assert found.answer == ("refuted" if key in REFUTED else "confirmed"), found.found
    assert found.found and found.rests_on and found.evidence in ("exact", "certified", "derived")


def test_refuted_claims_are_claims() -> None:
    assert set(CLAIMS) >= REFUTED


# -- what is exact, and what is not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "evidence"),
    [
        ("abstract.three-halves", "exact"),
        ("sec1.2.three-halves", "exact"),
        ("sec4.2.semicircle", "exact"),
        ("sec6.3.saturation", "exact"),
        ("sec4.2.closed-form", "certified"),
        ("sec6.3.same-techniques", "certified"),
        ("eq21.domain", "certified"),  # an index in balls
        ("eq31.coefficient", "certified"),
        ("eq2", "derived"),  # agreement on one network is no proof for all sizes,
        ("eq25", "exact"),  # a counterexample is one
        ("eq12", "derived"),  # one law at one point
        ("sec6.4.linear", "derived"),
        ("sec6.3.H0-governs", "derived"),
    ],
)
def test_evidence(key: str, evidence: str) -> None:
    assert verdict(f"freeprob.{key}").evidence == evidence


def test_the_index_in_a_gap_is_exact() -> None:
    assert index_in_gap("refined", Fraction(3, 2), Fraction(100)) == Fraction(1, 3)  # 1/(2 phi)
    assert index_in_gap("refined", Fraction(3, 2), Fraction(49)) is None  # eps_sat = 49.36...: 0 lies in a band
    assert index_in_gap("wishart-wigner", Fraction(1, 4), Fraction(1, 100)) == 0
    assert index_in_gap("refined", Fraction(3), Fraction(1)) == Fraction(1, 6)  # an atom at 0, between two bands


@pytest.mark.parametrize(("energy", "answer"), [("(eps - eps_c)**2", "refuted"), ("2*(eps - eps_c)", "confirmed")])
def test_the_order_of_the_energy_at_the_threshold_decides(energy: str, answer: str) -> None:
    assert verdict("freeprob.abstract.three-halves", printed=energy).answer == answer


def test_the_wrong_branch_of_the_closed_form_is_seen() -> None:
    printed = CLAIMS["freeprob.sec4.2.closed-form"].printed.replace("log(G)", "log(0 - G)")  # differs by i pi
    assert verdict("freeprob.sec4.2.closed-form", printed=printed).answer == "refuted"


def test_the_transform_at_the_threshold_near_one() -> None:
    """(18) at z = 0 has the double root G there: eps and phi from G, with phi = 1 - d, d G -> -3/2 (once said: -3)."""
    found = verdict("freeprob.sec6.3.H0-governs").found
    assert "sigma d G tends to -3/2," in found
    g, phi, eps = sp.symbols("g phi eps")
    cubic = 2 * eps * phi * g**3 - 2 * eps * g**2 + (phi - 1) * g - 1
    value = sp.solve([cubic.subs({g: -1500, phi: sp.Rational(999, 1000)})], [eps])[eps]
    slope = sp.diff(cubic, g).subs({g: -1500, phi: sp.Rational(999, 1000), eps: value})
    assert abs(slope) < 1e-5 and abs(value * 10**9 - sp.Rational(2, 27)) < 1e-3


def test_how_much_the_shape_depends_is_said() -> None:
    found = verdict("freeprob.abstract.shape-energy").found
    assert "0.500, -0.750, 0 at eps = 0" in found  # of the Marchenko-Pastur law: sqrt(phi), phi - 1
    assert "matter of opinion" in found


# -- a wrong formula is refuted --------------------------------------------------------------------------------------

FORMULAS = ("free_R", "free_equation", "free_density", "free_atom", "free_edge", "free_series", "free_R_of_product")


ALTERED = [key for key, claim in CLAIMS.items() if claim.kind in FORMULAS]


@pytest.mark.parametrize("key", ALTERED)
def test_altered_formulas(key: str) -> None:
    texts = set(altered(CLAIMS[key].printed)) - {CLAIMS[key].printed}
    if key == "freeprob.eq8.edges":  # it claims both; the gap ends at the lower one only
        texts -= {"sigma*(1 - sqrt(phi))**2"}
    assert texts
    for text in sorted(texts):
        assert verdict(key, printed=text).answer == "refuted", text


@pytest.mark.parametrize("key", ["freeprob.eq21", pytest.param("freeprob.eq32", marks=pytest.mark.slow)])
def test_altered_thresholds(key: str) -> None:
    for text in altered(CLAIMS[key].printed):
        assert verdict(key, printed=text).answer == "refuted", text


WRONG = [
    ("eq1", {"printed": "2*W*relu_z"}),
    ("eq2", {"printed": "e**2/m; J_a*J_b/m; e*Y_ab/m"}),
    ("eq2", {"printed": "e**2/(2*m); J_a*J_b/(2*m); e*Y_ab/m"}),
    ("eq2", {"printed": "e**2/(2*m); J_a*J_b/m; -e*Y_ab/m"}),
    ("eq2.energy", {"printed": "eps"}),
    ("eq3", {"printed": "J_a*J_b"}),
    ("sec5.2.2.prior", {"printed": "1"}),
    ("eq4", {"printed": "2*e*Y_ab/m"}),
    ("eq5", {"printed": "2/n"}),
    ("eq7.variance", {"printed": "sigma/n"}),
    ("eq9", {"subject": "1"}),
    ("eq9.one-pair", {"printed": "1"}),
    ("eq10", {"printed": "1"}),
    ("eq11", {"printed": "1/(t - z)"}),
    ("eq12", {"printed": "1/pi"}),
    ("eq13", {"printed": "R - 1/G - z"}),
    ("eq13", {"printed": "R + 1/G + z"}),
    ("eq14", {"printed": "R_A + 2*R_B"}),
    ("eq15", {"printed": "eps"}),
    ("eq15.scaling", {"printed": "eps/sigma"}),
    ("eq20", {"printed": "2"}),
    ("eq21.domain", {"subject": "wishart-wigner at 3"}),
    ("eq23", {"printed": "e_c*delta_ad*x_b/m"}),
    ("eq23", {"printed": "e_c*theta_a*x_b/m"}),
    ("eq25.spectrum", {"printed": "ex*ex"}),
    ("eq26", {"printed": "2"}),
    ("eq27", {"printed": "x*rho_M(x**2)"}),
    ("eq31", {"printed": "1/2"}),
    ("eq31.coefficient", {"printed": "1"}),
    ("eq32.pole", {"printed": "32*phi"}),
    ("eq33", {"error": "d**5"}),
    ("abstract.shape-energy", {"subject": "H1"}),
    ("sec4.1.correct-root", {"printed": "2"}),
    ("sec5.3.1.substructure", {"printed": "n**3"}),
    ("sec6.1.blocks", {"printed": "1"}),
    ("sec6.1.product", {"printed": "xe/m"}),
    ("sec6.1.product", {"printed": "ex"}),
    ("sec6.1.squares", {"printed": "H12*H12; H12t*H12"}),
    ("sec6.2.kronecker", {"printed": "h*ht"}),
    ("sec7.beyond-GOE", {"subject": "wishart-wigner,H1"}),
    ("sec2.phi", {"printed": "n/m"}),
    ("sec2.rank", {"printed": "2*n**2; n*m"}),  # without the rescalings of hidden units
    ("sec1.nonconvex", {"printed": "W2"}),
    ("sec3.1.low-rank", {"printed": "1 - 1/(2*phi)"}),
    ("sec4.wishart", {"printed": "n/m"}),
    ("sec4.1.figure-1", {"subject": "refined"}),
    ("sec4.2.real-roots", {"printed": "1,3"}),
    ("sec5.1.only-in-the-limit", {"printed": "AB"}),
    ("sec5.1.only-in-the-limit", {"printed": "AABB"}),
    ("sec5.2.1.rotation", {"printed": "signs"}),
    ("sec5.2.1.alignment", {"printed": "0"}),
    ("sec6.1.display.spectrum", {"printed": "ex*ex"}),
    ("sec6.1.figure-3.energy", {"printed": "50"}),
    ("sec6.3.natural-sigma", {"printed": "1/4"}),
    ("sec2.gradient", {"printed": "2*eps"}),
    ("sec3.2.fourier", {"printed": "F_A*F_B"}),
    ("sec3.2.prescription", {"printed": "2*eps*phi*G_H**3 - 1 = 0"}),
    ("sec4.1.small-energy", {"printed": "1"}),
    ("sec4.1.gap", {"printed": "9/10"}),
    ("sec4.1.gap-closes", {"printed": "2"}),
    ("sec4.1.large-energy-semicircle", {"subject": "refined"}),
    ("sec4.2.closed-form", {"printed": "z*G - log(G) + log(1 - phi*G)/phi + eps*G**2"}),
    ("sec4.2.grows", {"printed": "1/q + 2*eps*x"}),
    ("sec4.2.semicircle", {"printed": "1"}),
    ("sec5.1.finite-size", {"printed": "1/n"}),
    ("sec6.1.mask", {"printed": "1/3"}),
    ("sec6.2.null-directions", {"printed": "15"}),
    ("sec6.3.sigma-half", {"printed": "1"}),
    ("sec6.3.H0-governs", {"printed": "4"}),
    ("sec6.4.squared-gradient", {"printed": "1"}),
    ("sec6.4.phi-zero", {"printed": "1 - phi"}),
    ("sec6.4.better", {"printed": "1 - phi"}),
]


@pytest.mark.parametrize(("key", "changes"), WRONG)
def test_wrong_claims_are_refuted(key: str, changes: dict[str, str]) -> None:
    assert verdict(f"freeprob.{key}", **changes).answer == "refuted"


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("eq6.variance", {"printed": "sigma**2/n"}),
        ("eq6.argument", {"subject": "sigma"}),
        ("eq7.variance", {"printed": "sigma/p"}),
        ("eq17.letter", {"printed": "G"}),
        ("eq19.refined", {"printed": "1/4,1,2"}),
        ("eq20.absolute", {"printed": "2"}),
        ("eq21.domain", {"subject": "wishart-wigner at 1/2"}),
        ("eq25", {"printed": "xe*ex"}),
        ("eq25.degeneracy.network", {"printed": "equal masks"}),
        ("eq32.domain", {"subject": "refined at 1/2"}),
        ("abstract.three-halves", {"printed": "eps - eps_c"}),
        ("sec2.gradient.proportional", {"subject": "fixed n"}),
        ("sec3.2.exactly-when", {"printed": "free"}),
        ("sec6.3.saturation", {"printed": "1/2"}),
        ("sec6.4.models-and-fit", {"printed": "1/4*(1 - 20*phi - 8*phi**2 + sqrt(1 + 8*phi)**3)"}),
        ("sec6.4.linear", {"printed": "(1 - phi/2)/2"}),
        ("sec6.2.inset", {"printed": "1/4"}),
        ("sec6.4.phi-one", {"printed": "2"}),
        ("sec6.4.phi-one.stores", {"printed": "2"}),
    ],
)
def test_the_findings_repaired(key: str, changes: dict[str, str]) -> None:
    assert verdict(f"freeprob.{key}").answer == "refuted"
    assert verdict(f"freeprob.{key}", **changes).answer == "confirmed"


@pytest.mark.parametrize(
    ("key", "printed"),
    [("sec1.nonconvex", "W1"), ("sec5.2.1.rotation", "unitary"), ("eq25.degeneracy", "masks"), ("eq25", "1/w")],
)
def test_what_is_not_known_is_undecided(key: str, printed: str) -> None:
    found = verdict(f"freeprob.{key}", printed=printed)
    assert (found.answer, found.evidence) == ("undecided", "none")


def test_a_formula_that_cannot_be_read_is_undecided() -> None:
    found = verdict("freeprob.eq16.H0", printed="1/(1 - w)")
    assert found.answer == "undecided" and "cannot read" in found.found


# -- matrices of finite size -----------------------------------------------------------------------------------------


def test_moments_of_gaussian_matrices_by_pairings() -> None:
    n, p = sp.symbols("n p", positive=True)
    assert sum(1 for _ in pairings(range(6))) == 15
    assert sp.expand(wishart_moment(2) - (1 + n / p + 1 / p)) == 0
    assert wishart_moment(3).subs({n: 1, p: 1}) == 15  # E x**6 of a normal x
    assert sp.expand(wigner_moment("AAAA") - (2 + 5 / n + 5 / n**2)) == 0
    assert wigner_moment("AA").subs(n, 1) == 2 and wigner_moment("ABAB").subs(n, 1) == 4  # variance 2 on the diagonal


def test_the_moment_over_rotations() -> None:
    """E (A Q B Q')**2 over O(2), by the mean over angles: rotations and reflections of diag(1, -1)."""
    assert "(n - 2)" in verdict("freeprob.sec5.2.1.rotation").found  # 0 at n = 2
    t = sp.Symbol("t")
    Q, A = sp.Matrix([[sp.cos(t), -sp.sin(t)], [sp.sin(t), sp.cos(t)]]), sp.diag(1, -1)
    M = A * Q * A * Q.T
    assert sp.integrate(sp.expand((M * M).trace()), (t, 0, 2 * sp.pi)) == 0


def test_ranks_of_small_jacobians() -> None:
    assert rank_of_J(3, 40) == 2 * 9 - 3 and rank_of_J(3, 1) == 3


# -- formulas with roots ---------------------------------------------------------------------------------------------


def test_roots_are_reduced() -> None:
    reader = Reader()
    assert reader.vanishes(reader.read("sqrt(1 + 8*phi)**2 - 1 - 8*phi"))
    assert reader.vanishes(reader.read("(1 - sqrt(phi))*(1 + sqrt(phi)) - (1 - phi)"))
    assert reader.vanishes(reader.read("1/(1 - sqrt(phi)) - (1 + sqrt(phi))/(1 - phi)"))
    assert not reader.vanishes(reader.read("sqrt(1 + 8*phi) - 1 - 4*phi"))


def test_nested_roots() -> None:
    reader = Reader()
    assert reader.vanishes(reader.read("sqrt(1 + sqrt(phi))**4 - 1 - 2*sqrt(phi) - phi"))


def test_a_zero_that_reduction_does_not_see_is_undecided() -> None:
    reader = Reader()
    with pytest.raises(Undecided):  # sqrt(phi**2) = phi for phi > 0, but a root is a symbol of its own
        reader.vanishes(reader.read("sqrt(phi)*sqrt(4*phi) - 2*phi"))


def test_the_value_at_a_point() -> None:
    reader = Reader()
    assert reader.enclosure(reader.read("sqrt(1 + 8*phi)"), {PHI: "3/8"}).contains(2)


def test_no_other_names_are_read() -> None:
    with pytest.raises(BadInput, match="cannot read"):
        Reader().read("__import__(1)")


def test_every_decider_was_seen_to_refute() -> None:
    altered_kinds = {CLAIMS[key].kind for key in ("freeprob.eq21", *ALTERED)} | {CLAIMS[key].kind for key in REFUTED}
    wrong = {CLAIMS[f"freeprob.{key}"].kind for key, _ in WRONG}
    assert altered_kinds | wrong == {claim.kind for claim in DECIDED.values()}
