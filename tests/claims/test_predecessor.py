"""The response to the reviewers of the predecessor: each sentence decided, and refuted where it is altered."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from symrelu.claims import predecessor
from symrelu.claims.claim import Claim, Verdict
from symrelu.claims.decide import claims_of
from symrelu.claims.theorem2 import FAMILIES

Decided = Callable[[Iterable[Claim]], list[Verdict]]
CLAIMS = {claim.id.removeprefix("predecessor."): claim for claim in predecessor.claims()}
CHEAP = "1a,1b,2a"  # instead of all named families

VERDICTS = {
    "robust": "confirmed",
    "dominating.fixed": "confirmed",
    "dominating.linear": "confirmed",
    "invariants.orthogonal": "confirmed",
    "invariants.distribution": "confirmed",
    "invariants.activation": "confirmed",
    "invariants.architecture": "confirmed",
    "hessian.isotropy": "confirmed",
    "hessian.orbit": "confirmed",
    "hessian.size": "confirmed",
    "analytic": "confirmed",
    "analytic.minima": "refuted",
    "power-series": "confirmed",
    "one-neuron.loss.same": "confirmed",
    "one-neuron.loss.opposite": "confirmed",
    "one-neuron.angle": "confirmed",
    "one-neuron.critical": "confirmed",
    "one-neuron.hessian": "confirmed",
    "one-neuron.zero": "confirmed",
    "one-neuron.second-layer": "refuted",
    "under-the-integral": "confirmed",
    "under-the-integral.one": "refuted",
    "skewed": "confirmed",
    "estimates": "confirmed",
    "bias": "open",
}


def cheaper(claim: Claim) -> Claim:
    """The claim about fewer families."""
    every = ",".join(FAMILIES)
    few = {every: CHEAP, every.removeprefix("1a,"): "1b,2a"}
    return replace(claim, subject=few.get(claim.subject, claim.subject), printed=few.get(claim.printed, claim.printed))


@pytest.mark.parametrize(("name", "answer"), VERDICTS.items())
def test_verdicts(name: str, answer: str, decided: Decided) -> None:
    (verdict,) = decided([cheaper(CLAIMS[name])])
    assert verdict.answer == answer and verdict.found and verdict.rests_on


ALTERED = [
    ("other-spectra", {"printed": "relu"}),
    ("dominating.fixed", {"printed": "distinct of degree 1"}),
    ("dominating.linear", {"printed": "all of degree 2"}),
    ("dominating.linear", {"printed": "all of degree 0"}),
    ("estimates", {"printed": "1/k"}),
    ("analytic", {"printed": "empty"}),
    ("invariants.orthogonal", {"printed": "not invariant"}),
    ("invariants.orthogonal", {"subject": "signs"}),
    ("invariants.distribution", {"subject": "kernel"}),
    ("invariants.activation", {"subject": "relu"}),
    ("invariants.architecture", {"subject": "1,1"}),
    ("hessian.size", {"printed": "k**2 + k"}),
    ("power-series", {"printed": "4"}),
    ("power-series", {"printed": "1"}),
    ("one-neuron.loss.same", {"printed": "(w + v)**2/4"}),
    ("one-neuron.loss.same", {"printed": "(w - v)**2/2"}),
    ("one-neuron.loss.opposite", {"printed": "(w**2 - v**2)/4"}),
    ("one-neuron.loss.opposite", {"subject": "loss same"}),
    ("one-neuron.angle", {"printed": "0,pi/2"}),
    ("one-neuron.critical", {"printed": "-v"}),
    ("one-neuron.critical", {"printed": "v,-v"}),
    ("one-neuron.hessian", {"printed": "1/4"}),
    ("one-neuron.zero", {"printed": "0,0"}),
    ("one-neuron.zero", {"printed": "v/2,0"}),
    ("skewed", {"printed": "1"}),
    ("skewed", {"printed": "0"}),
]


@pytest.mark.parametrize(("name", "change"), ALTERED)
def test_altered_claims_are_refuted(name: str, change: dict[str, str], decided: Decided) -> None:
    (verdict,) = decided([replace(cheaper(CLAIMS[name]), **change)])
    assert verdict.answer == "refuted", verdict.found


def test_repaired_claims_are_confirmed(decided: Decided) -> None:
    """The refuted readings, put as they are true: all but the global minimum lie where L is analytic; both values."""
    repaired = [
        replace(CLAIMS["analytic.minima"], subject="1b,2a"),
        replace(CLAIMS["one-neuron.second-layer"], printed="0,v**2/4"),
    ]
    assert [verdict.answer for verdict in decided(repaired)] == ["confirmed", "confirmed"]


def test_what_was_found_is_said(decided: Decided) -> None:
    names = ("analytic.minima", "one-neuron.second-layer", "under-the-integral", "invariants.distribution")
    found = [verdict.found for verdict in decided([cheaper(CLAIMS[name]) for name in names])]
    assert "in it: 1a" in found[0] and "alpha = 0: loss v**2/4" in found[1]
    assert "(pi - sqrt(3))/(2*pi) at pi/3" in found[2] and "from 1/4 to 19/100" in found[3]


def test_arguments_in_words_are_not_called_exact(decided: Decided) -> None:
    names = ("robust", "analytic", "hessian.size", "hessian.orbit", "hessian.isotropy", "invariants.orthogonal")
    assert {v.evidence for v in decided([cheaper(CLAIMS[name]) for name in names])} == {"derived"}
    assert {v.evidence for v in decided([CLAIMS["invariants.distribution"], CLAIMS["bias"]])} == {"exact", "none"}


def test_dominating_eigenvalues_are_counted(decided: Decided, monkeypatch: pytest.MonkeyPatch) -> None:
    """It used to compare the printed word with itself: a family without growing branches was confirmed too."""
    import symrelu.claims.decide_predecessor as deciders

    monkeypatch.setattr(deciders, "_growing", lambda name, context: [])
    assert [v.answer for v in decided([cheaper(CLAIMS["dominating.fixed"])])] == ["refuted"]


def test_what_is_open_says_why(decided: Decided) -> None:
    verdicts = decided([claim for claim in CLAIMS.values() if claim.kind == "later"])
    assert len(verdicts) >= 7 and all(v.answer == "open" and len(v.found) > 20 for v in verdicts)


def test_the_statement_of_a_printed_formula_has_it() -> None:
    for name, claim in CLAIMS.items():
        if name.startswith("one-neuron.loss"):
            assert claim.printed in claim.statement


DESCENTS = [c for c in [*claims_of("predecessor"), *claims_of("main")] if c.kind.startswith("descent_")]


@pytest.mark.slow
def test_measured_claims(decided: Decided) -> None:
    verdicts = {v.claim.id: v for v in decided(DESCENTS)}
    answers = {key: v.answer for key, v in verdicts.items() if v.answer != "empirical"}
    assert answers == {
        "predecessor.robust.spectrum": "confirmed",
        "predecessor.generalization": "confirmed",
        "predecessor.training-loss.hessian": "refuted",
    }
    found = {key: v.found for key, v in verdicts.items()}
    assert "20 spurious ends 20 have a proper subgroup" in found["main.symmetry-breaking"]
    assert "17 and 0 times" in found["main.multiplicity-proxy"] and ", 0 in the other" in found["main.xavier"]
    assert "Delta(S_5 x S_3 x S_1) 5 times" in found["main.symmetry-breaking.targets"]
    assert "6 and 0 times" in found["predecessor.accessible"]
    assert "8 of 8 from distance 1" in found["predecessor.mix"] and "0 of 60 from Xavier" in found["predecessor.mix"]
    assert "12 of 12 eigenvalues split as predicted" in found["predecessor.robust.spectrum"]
    assert "1b: to 0.4933" in found["predecessor.robust.how-far"]


@pytest.mark.parametrize(
    ("name", "change", "answer"),
    [
        ("main.rates", {}, "confirmed"),
        ("main.rates", {"printed": "1/d**2"}, "refuted"),
        ("main.rates", {"subject": "2a,1b"}, "refuted"),
        ("main.diagonal", {"subject": CHEAP}, "confirmed"),
        ("main.diagonal", {"subject": CHEAP, "printed": "1,1"}, "refuted"),
        ("main.saddles-at-small-d", {"subject": "1b"}, "confirmed"),
        ("main.saddles-at-small-d", {"subject": "1a,1b"}, "refuted"),
    ],
)
def test_remarks_of_the_main_paper(name: str, change: dict[str, str], answer: str, decided: Decided) -> None:
    (claim,) = (c for c in claims_of("main") if c.id == name)
    assert decided([replace(claim, **change)])[0].answer == answer
