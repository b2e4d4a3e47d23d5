"""Theorem 2 line by line, and verdicts that change when what is printed changes."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from symrelu.claims import main, theorem2
from symrelu.claims.claim import Claim, Context, Verdict
from symrelu.claims.decide import claims_of, decide
from symrelu.claims.decide_spectrum import displayed_vector

CLAIMS = {claim.id: claim for claim in [*theorem2.claims(), *main.claims()]}
LINES = [name for name, _, _ in theorem2.TABLE]


@pytest.fixture(scope="module")
def verdict() -> Callable[[Claim], Verdict]:
    """A function that decides a claim, keeping the families computed before."""
    context = Context()
    return lambda claim: decide(claim, context)


def test_every_line_for_every_family_is_a_claim() -> None:
    expected = {f"theorem2.{f}.{line}" for f in ("1a", "1b", "2a", "2b", "3a", "3b", "4") for line in LINES}
    assert expected <= set(CLAIMS)
    assert len(LINES) == len(set(LINES)) == 8
    assert len({claim.id for claim in claims_of("all")}) == len(claims_of("all"))


@pytest.mark.parametrize(
    "family", ["1a", "1b", "2a", *(pytest.param(f, marks=pytest.mark.slow) for f in ("2b", "3a", "3b", "4"))]
)
def test_every_line_is_confirmed(family: str, verdict: Callable[[Claim], Verdict]) -> None:
    for line in [*LINES, "total", "nonnegative"]:
        found = verdict(CLAIMS[f"theorem2.{family}.{line}"])
        assert (found.answer, found.evidence) == ("confirmed", "exact"), found.claim.id
        assert found.found and found.rests_on


@pytest.mark.parametrize("family", ["1b", "2a", pytest.param("3b", marks=pytest.mark.slow)])
@pytest.mark.parametrize("line", LINES)
def test_another_value_or_multiplicity_is_refuted(family: str, line: str, verdict: Callable[[Claim], Verdict]) -> None:
    claim = CLAIMS[f"theorem2.{family}.{line}"]
    for printed in (f"{claim.printed} + 1/1000", f"{claim.printed} - 1/pi", f"{claim.printed} + d/1000"):
        assert verdict(replace(claim, printed=printed)).answer == "refuted", printed
    for subject in (f"{claim.subject} + 1", f"{claim.subject} - 1", f"2*({claim.subject})", f"d*({claim.subject})"):
        assert verdict(replace(claim, subject=subject)).answer == "refuted", subject


def test_the_table_is_the_papers() -> None:
    """As printed: value to O(d**(-1/2)) and multiplicity."""
    assert theorem2.TABLE == (
        ("zero", "0", "d"),
        ("antisymmetric", "1/4 - 1/(2*pi)", "(d - 1)*(d - 2)/2"),
        ("half", "1/2 - 1/pi", "d - 1"),
        ("quarter", "1/4", "d - 1"),
        ("symmetric", "1/4 + 1/(2*pi)", "d*(d - 3)/2"),
        ("rows", "d/4 + 1/2", "d - 1"),
        ("first", "d/4 + (-4 + pi + pi**2)/(2*pi*(-4 + pi))", "1"),
        ("second", "d/pi + (-10*pi + 8 + pi**2)/(2*pi*(-4 + pi))", "1"),
    )


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("theorem2.vector", "confirmed"),
        ("theorem2.display", "refuted"),
        ("theorem2.display.repaired", "confirmed"),
        ("main.invariance", "refuted"),
        ("main.invariance.repaired", "confirmed"),
        pytest.param("main.abstract.coincide", "confirmed", marks=pytest.mark.slow),
        ("main.fixed-number", "confirmed"),
        ("main.outliers", "confirmed"),
        ("main.condition-number", "confirmed"),
        ("main.flat-minima.rescaling", "confirmed"),
        pytest.param("main.second-layer", "confirmed", marks=pytest.mark.slow),
        ("main.padding", "open"),
        ("theorem2.2a.nonnegative-from-9", "open"),
    ],
)
def test_other_claims(name: str, answer: str, verdict: Callable[[Claim], Verdict]) -> None:
    assert verdict(CLAIMS[name]).answer == answer


def test_changes_to_the_repaired_display_are_refuted(verdict: Callable[[Claim], Verdict]) -> None:
    claim = CLAIMS["theorem2.display.repaired"]
    for old, new in (
        ("sin(beta_1)", "sin(beta_2)"),
        ("(d - 1)", "(d - 2)"),
        ("alpha/(2*pi)", "alpha/pi"),
        ("mu_2**2", "mu_2"),
    ):
        assert old in claim.printed
        assert verdict(replace(claim, printed=claim.printed.replace(old, new, 1))).answer == "refuted", old


def test_outliers_of_another_number_are_refuted(verdict: Callable[[Claim], Verdict]) -> None:
    assert verdict(replace(CLAIMS["main.outliers"], printed="d + 2")).answer == "refuted"


@pytest.mark.parametrize("d", [4, 5, 8])
def test_the_displayed_vector(d: int) -> None:
    """Row 2 of the display is (d - 3, 0, 0, -1, ..., -1), row 3 its negative, all others (0, -1, 1, 0, ..., 0)."""
    rows = displayed_vector(d)
    assert rows[0] == [0, d - 3, 3 - d] + [0] * (d - 3)
    assert rows[1] == [d - 3, 0, 0] + [-1] * (d - 3)
    assert rows[2] == [3 - d, 0, 0] + [1] * (d - 3)
    assert all(row == [0, -1, 1] + [0] * (d - 3) for row in rows[3:]) and len(rows) == d
