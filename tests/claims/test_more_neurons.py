"""Claims about more neurons: confirmed under a stated definition, refuted under another; altered ones are not."""

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from symrelu.claims.claim import Claim, Verdict
from symrelu.claims.decide import claims_of

Decide = Callable[[Iterable[Claim]], list[Verdict]]


@pytest.fixture(scope="module")
def by_id() -> dict[str, Claim]:
    """The claims of the paper's prose."""
    return {claim.id: claim for claim in claims_of("main")}


def test_continuous_k(by_id: dict[str, Claim], decided: Decide) -> None:
    confirmed, refuted = decided([by_id["main.continuous-k"], by_id["main.continuous-k.threshold"]])
    assert (confirmed.answer, confirmed.evidence) == ("confirmed", "certified")
    assert "every real k > d, proved for every real d >= 6" in confirmed.found and "copies" in confirmed.found
    assert (refuted.answer, refuted.evidence) == ("refuted", "certified")
    assert "index (k - d)*7" in refuted.found


def test_altered_claims_are_not_decided(by_id: dict[str, Claim], decided: Decide) -> None:
    """Of the target neither holds: no splitting of it is a saddle. Of 1b at d = 5, a saddle, no threshold is told."""
    target = replace(by_id["main.continuous-k"], family="1a")
    saddle = replace(by_id["main.continuous-k.threshold"], printed="5")
    assert [verdict.answer for verdict in decided([target, saddle])] == ["undecided", "undecided"]
