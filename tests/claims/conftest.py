"""The claims of Theorem 1 and their verdicts, with families computed once a session."""

from collections.abc import Callable, Iterable

import pytest

from symrelu.claims.claim import Claim, Verdict
from symrelu.claims.decide import claims_of, decide
from tests.shared import SharedContext


@pytest.fixture(scope="session")
def claims() -> list[Claim]:
    """The claims of Theorem 1, but for those that take certificates (test_minima.py)."""
    certified = ("minimum", "positive_loss", "exists")
    return [c for c in claims_of("theorem1") if c.kind not in certified or c.family == "1a"]


@pytest.fixture(scope="session")
def decided() -> Callable[[Iterable[Claim]], list[Verdict]]:
    """A function from claims to their verdicts."""
    context = SharedContext()
    return lambda claims: [decide(claim, context) for claim in claims]


@pytest.fixture(scope="session")
def verdicts(claims: list[Claim], decided: Callable[[Iterable[Claim]], list[Verdict]]) -> dict[str, Verdict]:
    """Claim id -> verdict."""
    return {verdict.claim.id: verdict for verdict in decided(claims)}
