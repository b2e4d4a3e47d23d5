"""symrelu widths: its JSON and text, real numbers of neurons, refusals in one line."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Good = Callable[..., str]
Run = Callable[..., Result]
Refusal = Callable[[int, str, str], str]


def test_series_for_large_d(good: Good) -> None:
    data = json.loads(good("widths", "1b", "--order", "2", "--format", "json"))
    assert data["k"] == "d" and data["exact"] and data["field"] == {"base": "QQ(pi)", "generators": []}
    assert [(b["component"], b["multiplicity"], b["coefficients"]) for b in data["splitting"]] == [
        ("t", "1", ["0", "-2/pi", "1/pi + 4/pi**2"]),
        ("s1", "d - 2", ["0", "-1/pi", "1/pi"]),
    ]
    assert data["slopes"][0]["coefficients"] == ["0", "0", "-1 + 2/pi"]
    assert "eigenvalue of D" in good("widths", "1b", "--order", "2")
    assert good("widths", "1b", "--order", "2", "--format", "latex").startswith(r"\begin{array}")


def test_real_numbers_of_neurons(good: Good) -> None:
    data = json.loads(good("widths", "1b", "--d", "8", "--k", "8,17/2,9", "--digits", "10", "--format", "json"))
    assert [(w["k"], w["verdict"], w["least_negative"]) for w in data["widths"]] == [
        ("8", "minimum", "0"),
        ("17/2", "saddle", "7/2"),
        ("9", "saddle", "7"),
    ]
    assert len({w["loss"] for w in data["widths"]}) == 1 and data["threshold_k"] == "8" and not data["proved"]
    assert data["splitting"][0]["eigenvalues"][0]["value"] == "-0.1162978780"
    assert "a splitting is a saddle for every real k > 8" in good("widths", "1b", "--d", "8")


def test_proof_at_one_d(good: Good) -> None:
    text = good("widths", "1a", "--d", "5", "--prove")
    assert "0 negative directions (proved in balls)" in text and "the loss is 0" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--d", "8", "--k", "7"), "splitting only adds; give k >= 8"),
        (("--k", "9"), "--k was given without --d"),
        (("--d", "8", "--order", "3"), "--d and --order were given"),
        (("--d", "8", "--format", "latex"), "give text or json"),
        (("--order", "0"), "must lie between 1 and"),
        (("--d", "8", "--digits", "0"), "0 digits were asked for"),
        (("--d", "0.5"), "give d >"),
        (("--d", "8", "--with-extra"), "--with-extra belongs to the table"),
    ],
)
def test_refusals(run: Run, refusal: Refusal, words: tuple[str, ...], message: str) -> None:
    result = run("widths", "1b", *words)
    assert message in refusal(result.exit_code, result.stdout, result.stderr)


def test_the_table_takes_no_words_of_one_family(run: Run, refusal: Refusal) -> None:
    result = run("widths", "--d", "8", "--k", "9")
    assert "belong to one family" in refusal(result.exit_code, result.stdout, result.stderr)


def test_split_points_are_certified_as_degenerate(good: Good) -> None:
    data = json.loads(good("widths", "1a", "--d", "5", "--k", "6", "--prove", "--format", "json"))
    assert data["verdict"] == "degenerate" and data["proved"]
    assert [(w["certified"], w["least_zero"]) for w in data["widths"]] == [("degenerate", "5")]
    alone = json.loads(good("widths", "1b", "--d", "8", "--k", "8", "--prove", "--format", "json"))
    assert alone["verdict"] == "minimum"
    split = good("widths", "1b", "--d", "8", "--k", "9", "--prove")
    assert "k = 9: degenerate: continua of critical points, nullity 1 beyond rescaling, 7 negative directions" in split
