"""symrelu samples: its JSON, its text, and what is refused."""

import json
from collections.abc import Callable

import pytest
from click.testing import Result

Run = Callable[..., Result]
Good = Callable[..., str]
Refusal = Callable[[int, str, str], str]
SMALL = ("--d", "6", "--n", "300,1200", "--samples", "3", "--no-move")


def test_samples_as_json(good: Good) -> None:
    data = json.loads(good("samples", "1b", *SMALL, "--format", "json"))
    assert data["law"] == "gaussian" and data["constant"] == "1" and data["k"] == 6
    assert [row["n"] for row in data["rows"]] == [300, 1200]
    assert sum(cluster["multiplicity"] for cluster in data["clusters"]) == 36
    assert data["missed_norm"] > 0.5
    first, last = (row["errors"] for row in data["rows"])
    assert last["gradient"] < first["gradient"] and last["autodiff_to_limit"] < first["autodiff_to_limit"]
    assert last["autodiff_to_population"] > data["missed_norm"] * 0.8
    assert first["moved"] is None and data["rows"][0]["predicted_move"] is None
    assert data["exponents"]["autodiff_to_limit"]["value"] == pytest.approx(-0.5, abs=0.1)


def test_samples_as_text_say_what_converges(good: Good) -> None:
    text = good("samples", "1b", *SMALL)
    assert "converges to H - B, not to H" in text
    assert "as it is a Gram matrix" in text
    assert good("samples", "1b", *SMALL) == text
    both = good("samples", "1b", *SMALL, "--layers", "2", "--law", "ball")
    assert "3/4 times Gaussian" in both and "Hessians of both layers" in both


def test_the_global_minimum_has_no_residual(good: Good) -> None:
    text = good("samples", "1a", "--d", "5", "--n", "200,800", "--samples", "2")
    assert "the residual vanishes" in text
    (row,) = [line for line in text.splitlines() if line.startswith("|W_N - W|")]
    assert row.split()[-3:] == ["0", "0", "-"], "it is a minimum of every training loss"


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("2a", "--d", "7.5"), "a whole number is needed"),
        (("2a", "--d", "10", "--n", "1000,x"), "was given as 'x'"),
        (("2a", "--d", "10", "--n", "0"), "give positive numbers"),
        (("2a", "--d", "10", "--law", "cauchy"), "give one of gaussian"),
        (("2a", "--d", "10", "--law", "student:2", "--n", "10"), "give more degrees of freedom"),
        (("2a", "--d", "10", "--layers", "3"), "3"),
        (("2a",), "--d"),
        (("--blocks", "d-4,4", "--limit", "+,-", "--d", "4"), "d = 4"),
    ],
)
def test_refusals(run: Run, refusal: Refusal, arguments: tuple[str, ...], part: str) -> None:
    result = run("samples", *arguments)
    assert part in refusal(result.exit_code, result.stdout, result.stderr)
