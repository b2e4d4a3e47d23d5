"""The minima of Theorem 1, by certificates: from which real d on each case is one, and whether that covers d >= 9."""

from collections.abc import Callable, Iterable

import pytest

from symrelu.claims.claim import Claim, Verdict
from symrelu.claims.decide import claims_of

CLAIMS = {claim.id: claim for claim in claims_of("theorem1")}
Decide = Callable[[Iterable[Claim]], list[Verdict]]


def test_every_spurious_case_has_the_claims() -> None:
    for case in ("1b", "2a", "2b", "3a", "3b", "4"):
        assert {f"theorem1.{case}.minimum", f"theorem1.{case}.spurious-from-9"} <= CLAIMS.keys()


def test_1b_is_a_minimum_above_its_threshold(decided: Decide) -> None:
    (found,) = decided([CLAIMS["theorem1.1b.minimum"]])
    assert (found.answer, found.evidence) == ("confirmed", "certified")
    assert "every real d > 5.76381" in found.found and "x1" in found.found
    (positive,) = decided([CLAIMS["theorem1.1b.spurious-from-9"]])
    assert (positive.answer, positive.evidence) == ("confirmed", "certified")
    (exists,) = decided([CLAIMS["theorem1.1b.exists"]])
    assert (exists.answer, exists.evidence) == ("confirmed", "certified")
    assert "at every real d >= 9" in exists.found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("case", "threshold", "component"),
    [("2a", "5.58550", "s1"), ("2b", "6.74483", "x1"), ("3a", "7.56119", "s1"), ("3b", "7.72975", "x1")],
)
def test_minima_from_the_highest_threshold_on(case: str, threshold: str, component: str, decided: Decide) -> None:
    minimum, positive = decided([CLAIMS[f"theorem1.{case}.minimum"], CLAIMS[f"theorem1.{case}.spurious-from-9"]])
    assert (minimum.answer, minimum.evidence) == ("confirmed", "certified")
    assert f"every real d > {threshold}" in minimum.found and component in minimum.found
    assert positive.answer == "confirmed"


@pytest.mark.slow
def test_case_4_is_refuted_at_9(decided: Decide) -> None:
    """The theorem says d >= 9; at d = 9 five directions are negative, and from d = 10 on none is."""
    (found,) = decided([CLAIMS["theorem1.4.minimum"]])
    assert (found.answer, found.evidence) == ("refuted", "certified")
    assert "at d = 9 a saddle with 5 negative directions" in found.found and "d > 9.32317" in found.found
