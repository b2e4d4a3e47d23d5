"""The verdicts on Theorem 1: every claim is there once, decided as it should be, and written as the contract says."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner

import symrelu
from symrelu.claims.claim import Claim, Evidence, Verdict
from symrelu.claims.decide import claims_of, decide_all
from symrelu.claims.report import report_json, report_text
from symrelu.cli import main
from symrelu.errors import BadInput, Undecided

CASES = {"1a": 2, "1b": 2, "2a": 5, "2b": 5, "3a": 6, "3b": 6, "4": 6}  # case -> number of entries
ANSWERS = {"confirmed", "refuted", "undecided", "open", "empirical"}
EVIDENCE = {"exact", "certified", "numerical"}  # of the contract


def test_ids_are_unique_and_permanent(claims: list[Claim]) -> None:
    counts = Counter(claim.id for claim in claims)
    assert set(counts.values()) == {1}
    assert all(claim.id.startswith("theorem1.") for claim in claims)
    # the contract's example
    assert "theorem1.2a.entries.a_5" in counts


@pytest.mark.parametrize("case", CASES)
def test_every_printed_quantity_of_a_case_is_a_claim(case: str) -> None:
    ids = {claim.id for claim in claims_of("theorem1")}
    names = [f"entries.a_{i + 1}" for i in range(CASES[case])]
    for part in [*names, "loss", "multiplicity", "isotropy", "minimum"]:
        assert f"theorem1.{case}.{part}" in ids
    assert f"theorem1.{case}.entries.a_{CASES[case] + 1}" not in ids


def test_every_claim_of_a_number_is_confirmed(verdicts: dict[str, Verdict]) -> None:
    for case, dim in CASES.items():
        for i in range(dim):
            assert verdicts[f"theorem1.{case}.entries.a_{i + 1}"].answer == "confirmed"
        for part in ("loss", "multiplicity", "isotropy"):
            assert verdicts[f"theorem1.{case}.{part}"].answer == "confirmed"


def test_the_display_of_case_4_is_refuted(verdicts: dict[str, Verdict]) -> None:
    refuted = {key for key, verdict in verdicts.items() if verdict.answer == "refuted"}
    assert refuted == {"theorem1.4.display"}
    assert "A_3(a_5, a_6)" in verdicts["theorem1.4.display"].found


def test_a_global_minimum_is_a_minimum(verdicts: dict[str, Verdict]) -> None:
    """Case 1a needs no certificate: its loss is 0 for every d, and no loss is negative."""
    found = verdicts["theorem1.1a.minimum"]
    assert (found.answer, found.evidence) == ("confirmed", "exact") and "loss = 0" in found.found


def test_everything_else_is_confirmed(verdicts: dict[str, Verdict]) -> None:
    counts = Counter(verdict.answer for verdict in verdicts.values())
    assert counts == {"confirmed": len(verdicts) - 1, "refuted": 1}


def test_verdicts_say_what_they_rest_on(verdicts: dict[str, Verdict]) -> None:
    for key, verdict in verdicts.items():
        assert verdict.answer in ANSWERS
        assert verdict.evidence in EVIDENCE
        assert verdict.found and verdict.rests_on, key
        if verdict.claim.kind == "series":
            assert verdict.evidence == "exact" and "substitution" in verdict.rests_on, key


def test_order_of_verdicts_is_that_of_the_claims(claims: list[Claim], verdicts: dict[str, Verdict]) -> None:
    assert list(verdicts) == [claim.id for claim in claims]


# JSON and text --------------------------------------------------------------------------------------------------------


def test_json_is_that_of_the_contract(verdicts: dict[str, Verdict], claims: list[Claim]) -> None:
    data = json.loads(json.dumps(report_json(list(verdicts.values()))))
    assert list(data) == ["claims"]
    assert [item["id"] for item in data["claims"]] == [claim.id for claim in claims]
    keys = {"id", "source", "statement", "verdict", "found", "evidence", "grounds", "rests_on"}
    for item in data["claims"]:
        assert keys <= item.keys()
        assert all(isinstance(value, str) and value for value in item.values())
        assert item["verdict"] in ANSWERS and item["evidence"] in EVIDENCE
        assert "\n" not in item["statement"]


@pytest.mark.parametrize(
    ("grounds", "evidence"),
    [
        ("exact", "exact"),
        ("certified", "certified"),
        ("numerical", "numerical"),
        ("derived", "numerical"),
        ("none", "numerical"),
    ],
)
def test_json_has_the_kinds_of_evidence_of_the_contract(claims: list[Claim], grounds: Evidence, evidence: str) -> None:
    """Others read three kinds; an argument in words never counts as exact."""
    data = Verdict(claims[0], "open", "found", grounds, "rests on").to_json()
    assert (data["evidence"], data["grounds"]) == (evidence, grounds)


def test_text_has_one_line_a_claim(verdicts: dict[str, Verdict], claims: list[Claim]) -> None:
    lines = report_text(list(verdicts.values()), verbose=False).splitlines()
    for claim in claims:
        matching = [line for line in lines if claim.id in line.split()]
        assert len(matching) == 1
        assert matching[0].split()[0] == verdicts[claim.id].answer
        assert claim.statement in matching[0]
    assert lines[-1] == f"{len(claims)} claims: {len(claims) - 1} confirmed, 1 refuted, 0 undecided"
    found = next(i for i, line in enumerate(lines) if "theorem1.4.display" in line)
    assert "A_3(a_5, a_6)" in lines[found + 1]


def test_verbose_text_names_evidence_and_source(verdicts: dict[str, Verdict]) -> None:
    text = report_text(list(verdicts.values()), verbose=True)
    assert text.count("source: arXiv 2107.10370") == len(verdicts)
    assert "exact: substitution: preconditioned residual" in text


# what is not decided --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [Undecided("the sign was not decided"), ArithmeticError("a proof that failed")])
def test_a_failed_computation_is_undecided(
    error: Exception, claims: list[Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise error

    monkeypatch.setattr(symrelu.Family, "series", fail)
    chosen = [claim for claim in claims if claim.family == "1b"]
    answers = {verdict.claim.id: verdict for verdict in decide_all(chosen)}
    assert answers["theorem1.1b.loss"].answer == "undecided"
    assert str(error) in answers["theorem1.1b.loss"].found
    assert answers["theorem1.1b.multiplicity"].answer == "confirmed", "other claims are decided all the same"


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch, claims: list[Claim]) -> Callable[[str], None]:
    """A function that leaves `verify` the claims whose ids begin so."""

    def keep(prefix: str) -> None:
        chosen = [claim for claim in claims if claim.id.startswith(prefix)]
        assert chosen
        monkeypatch.setattr("symrelu.claims.decide.claims_of", lambda group: chosen)

    return keep


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_undecided_claim_is_exit_status_1(
    form: str, only: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise Undecided("the sign was not decided")

    only("theorem1.1b")
    monkeypatch.setattr(symrelu.Family, "series", fail)
    result = CliRunner().invoke(main, ["verify", "theorem1", "--format", form])
    assert result.exit_code == 1
    assert "the sign was not decided" in result.stdout
    assert result.stderr == ""
    if form == "json":
        answers = {item["id"]: item["verdict"] for item in json.loads(result.stdout)["claims"]}
        assert {key for key, answer in answers.items() if answer == "undecided"} == {
            f"theorem1.1b.{part}" for part in ("entries.a_1", "entries.a_2", "loss", "limit", "spurious")
        }
    else:
        assert result.stdout.splitlines()[-1].endswith("5 undecided")


@pytest.mark.parametrize(
    ("group", "id", "answer"), [("theorem1", "theorem1.4.display", "refuted"), ("main", "main.appendix-terms", "open")]
)
def test_a_refuted_or_open_claim_is_no_failure(
    group: str, id: str, answer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [claim for claim in claims_of(group) if claim.id == id]
    monkeypatch.setattr("symrelu.claims.decide.claims_of", lambda group: chosen)
    result = CliRunner().invoke(main, ["verify", group])
    assert result.exit_code == 0
    assert result.stdout.startswith(answer)
    assert result.stderr == ""


# groups ---------------------------------------------------------------------------------------------------------------


def test_all_contains_every_group(claims: list[Claim]) -> None:
    everything = claims_of("all")
    assert set(claims) <= set(everything)
    assert len({claim.id for claim in everything}) == len(everything)


@pytest.mark.parametrize("group", ["theorem3", "Theorem1", "", "theorem1 ", "__class__"])
def test_unknown_groups_are_refused(group: str) -> None:
    with pytest.raises(BadInput, match="the groups are theorem1"):
        claims_of(group)
