"""Thresholds in balls against the numerical ones, which share no code with the search for them."""

from fractions import Fraction

import pytest
from flint import arb

from symrelu.exact.balls import working_bits
from symrelu.proof.sign_changes import ProvedThresholds, sign_changes
from symrelu.proof.thresholds import with_proof
from tests.shared import family_of, prover_of


def test_the_threshold_of_1b() -> None:
    proved = sign_changes(prover_of("1b"), 30, Fraction(4))
    assert proved.complete and [t.component.name for t in proved.thresholds] == ["x1"]
    (threshold,) = proved.thresholds
    assert (
        threshold.below == "negative" and threshold.branch == 1 and str(threshold.multiplicity) == "(d - 1)*(d - 2)/2"
    )
    assert threshold.d.rad() < arb(10) ** -29


def test_both_routes_agree() -> None:
    numerical = family_of("1b").thresholds(25, Fraction(4), prove=False)
    assert not numerical.complete
    both = family_of("1b").thresholds(25, Fraction(4))
    assert both.complete and len(both.thresholds) == len(numerical.thresholds) == 1
    low, high = both.thresholds[0].bracket
    assert low < high < low + Fraction(1, 10**24)
    assert both.to_json()["complete"] is True and both.to_json()["thresholds"][0]["d"].startswith(
        "5.763812734919571166924"
    )


def test_a_threshold_missed_by_one_route_is_an_error() -> None:
    numerical = family_of("1b").thresholds(15, Fraction(5), prove=False)
    nothing = ProvedThresholds((), Fraction(5), True, "", 15, ())
    with pytest.raises(ValueError, match="not by the proof"):
        with_proof(numerical, nothing)


def test_an_incomplete_proof_is_said() -> None:
    numerical = family_of("1b").thresholds(15, Fraction(5), prove=False)
    partial = ProvedThresholds((), Fraction(7), False, "the block x1 is not decided", 15, ())
    result = with_proof(numerical, partial)
    assert not result.complete and "x1" in result.stopped_because


@pytest.mark.slow
def test_the_paper_says_5_71_for_2a() -> None:
    """Decided: 5.58550524742588..., in the standard representation, and nothing else changes sign above d = 3."""
    proved = sign_changes(prover_of("2a"), 20)
    assert proved.complete and proved.followed_down_to < Fraction(31, 10)
    (threshold,) = proved.thresholds
    assert threshold.component.name == "s1" and threshold.branch == 2 and threshold.below == "negative"
    with working_bits(128):
        assert abs(threshold.d - arb("5.58550524742588000694117")) < arb("1e-20")


@pytest.mark.slow
def test_every_threshold_of_case_4() -> None:
    result = family_of("4").thresholds(12)
    assert result.complete
    found = [(t.component, f"{float(t.d):.6f}") for t in result.thresholds]
    assert found == [
        ("s1", "9.323172"),
        ("s2", "6.285988"),
        ("x1", "5.793024"),
        ("s1*s2", "5.722001"),
        ("x2", "5.573310"),
    ]
