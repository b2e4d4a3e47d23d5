"""Altering one number or sign of a printed claim flips its verdict: the decisions do not lean on what is claimed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from symrelu.claims.claim import Claim, Verdict
from symrelu.claims.decide import claims_of

Decided = Callable[[Iterable[Claim]], list[Verdict]]
NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")  # not the digits of names such as a_1, nor those of 2107.10370
SIGN = re.compile(r"(?<!\*)[-+]")
CLAIMS = {claim.id: claim for claim in claims_of("theorem1")}


def altered(text: str) -> Iterator[str]:
    """The text with one number one larger (or smaller), or one sign exchanged."""
    for match in NUMBER.finditer(text):
        for change in (1, -1):
            yield f"{text[: match.start()]}{int(match[0]) + change}{text[match.end() :]}"
    for match in SIGN.finditer(text):
        yield f"{text[: match.start()]}{'+' if match[0] == '-' else '-'}{text[match.end() :]}"


def with_printed(claim: Claim, texts: Iterator[str] | list[str]) -> list[Claim]:
    return [replace(claim, printed=text) for text in texts]


def names(*kinds: str) -> list[Any]:
    """The ids of the claims of these kinds; the longer ones are slow to alter in all places."""
    found = [claim for claim in CLAIMS.values() if claim.kind in kinds]
    assert found
    slow = [claim for claim in found if claim.family in ("3a", "3b", "4") or claim.subject == "F_2"]
    return [pytest.param(claim.id, marks=pytest.mark.slow if claim in slow else (), id=claim.id) for claim in found]


def check_refuted(verdicts: list[Verdict]) -> None:
    assert verdicts
    for verdict in verdicts:
        assert verdict.answer == "refuted", (verdict.claim.id, verdict.claim.printed, verdict.found)


def test_alterations_are_what_they_should_be() -> None:
    assert list(altered("-1 + 2/d")) == ["-2 + 2/d", "-0 + 2/d", "-1 + 3/d", "-1 + 1/d", "+1 + 2/d", "-1 - 2/d"]
    assert list(altered("a_1*beta_2")) == []


def test_every_kind_of_claim_with_a_printed_value_is_altered_here() -> None:
    printed = {claim.kind for claim in CLAIMS.values() if claim.printed}
    assert printed == {"series", "multiplicity", "isotropy", "corner", "limit", "gradient"}


@pytest.mark.parametrize("name", names("series"))
def test_entries_and_losses(name: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    check_refuted(decided(with_printed(claim, altered(claim.printed))))


@pytest.mark.parametrize("name", names("series"))
@pytest.mark.parametrize("term", ["1/d", "pi", "1/(1000000*d)", "1/sqrt(d)"])
def test_entries_and_losses_with_one_term_more(name: str, term: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    check_refuted(decided(with_printed(claim, [f"{claim.printed} + {term}", f"{claim.printed} - {term}"])))


@pytest.mark.parametrize("name", [name for name in names("series") if CLAIMS[name.id].error])
def test_terms_beyond_the_error_are_not_judged(name: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    (verdict,) = decided(with_printed(claim, [f"{claim.printed} + 17/(d*sqrt(d))"]))
    assert verdict.answer == "confirmed"


def test_a_larger_claim_of_accuracy_is_refuted(decided: Decided) -> None:
    # -1 + 2/d is right to O(d**(-3/2)), but not to O(d**(-5/2)): a term in d**(-2) follows
    claim = CLAIMS["theorem1.1b.entries.a_1"]
    (verdict,) = decided([replace(claim, error="d**(-5/2)")])
    assert verdict.answer == "refuted"


@pytest.mark.parametrize("name", names("multiplicity"))
def test_multiplicities(name: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    texts = [
        *altered(claim.printed),
        f"2*({claim.printed})",
        f"({claim.printed})/2",
        f"{claim.printed} + 1",
        claim.printed.replace("factorial(d)", "factorial(d - 1)"),
        claim.printed.replace("factorial(d)", "factorial(d)**2"),
        f"d*({claim.printed})",
        "0",
        "1",
    ]
    check_refuted(decided(with_printed(claim, texts)))


@pytest.mark.parametrize("name", names("isotropy"))
def test_isotropy_groups(name: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    others = {other.printed for other in CLAIMS.values() if other.kind == "isotropy"} - {claim.printed}
    assert len(others) == 3
    labels = [re.sub(r"\d", lambda digit: str(int(digit[0]) + 1), claim.printed), claim.printed.replace("Delta", "")]
    check_refuted(decided(with_printed(claim, sorted({*others, *labels} - {claim.printed}))))


@pytest.mark.parametrize("name", names("corner"))
def test_corner_blocks(name: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    size = {"3a": 2, "3b": 2, "4": 3}[claim.family or ""]
    for verdict in decided(with_printed(claim, [str(n) for n in range(1, 6)])):
        expected = "confirmed" if verdict.claim.printed == str(size) else "refuted"
        assert verdict.answer == expected


@pytest.mark.parametrize("name", names("limit"))
def test_limits_of_the_loss(name: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    other = {"constant": "decaying", "decaying": "constant"}[claim.printed]
    check_refuted(decided(with_printed(claim, [other])))


@pytest.mark.parametrize("name", names("gradient"))
def test_terms_of_the_displayed_gradient(name: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    texts = list(altered(claim.printed))
    assert len(texts) > 30
    check_refuted(decided(with_printed(claim, texts)))


@pytest.mark.parametrize("name", names("gradient"))
@pytest.mark.parametrize(
    ("old", "new"),
    [("beta_1", "beta_2"), ("beta_2", "beta_1"), ("alpha", "beta_1"), ("a_1", "a_2"), ("a_2", "a_1"), ("nu", "1")],
)
def test_names_in_the_displayed_gradient(name: str, old: str, new: str, decided: Decided) -> None:
    claim = CLAIMS[name]
    places = [match.start() for match in re.finditer(rf"\b{old}\b", claim.printed)]
    assert places
    texts = [claim.printed[:place] + new + claim.printed[place + len(old) :] for place in places]
    check_refuted(decided(with_printed(claim, texts)))


def test_families_exchanged(decided: Decided) -> None:
    # an entry's claim put to another family: refuted wherever the printed values differ
    for name, other in [("2a", "2b"), ("2b", "2a"), ("3a", "3b"), ("1b", "1a")]:
        loss = CLAIMS[f"theorem1.{name}.loss"]
        check_refuted(decided([replace(loss, family=other)]))
