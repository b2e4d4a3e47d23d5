"""evaluate and thresholds: the contract's JSON, numbers of every form, refusals in one line."""

import json
from collections.abc import Callable
from pathlib import Path

import mpmath
import numpy as np
import pytest
from click.testing import Result

from symrelu.exact.decimals import decimal_text

Good = Callable[..., str]
Run = Callable[..., Result]
Refusal = Callable[[int, str, str], str]


def test_evaluate_writes_what_the_contract_says(good: Good) -> None:
    data = json.loads(good("evaluate", "2a", "--d", "20", "--digits", "30", "--format", "json"))
    assert data["d"] == "20" and list(data["entries"]) == ["a_1", "a_2", "a_3", "a_4", "a_5"]
    assert data["entries"]["a_1"] == "1.00300374600708490398435943855"
    assert data["loss"] == "0.0112755819475817325503740999266"
    assert (data["negative"], data["zero"], data["positive"]) == (0, 20, 400)
    x1 = [e for e in data["eigenvalues"] if e["component"] == "x1"]
    assert x1 == [{"component": "x1", "branch": 1, "multiplicity": "153", "value": "0.0760925145483651056013898374716"}]
    assert [e["value"] for e in data["eigenvalues"] if e["component"] == "s1"][0] == "0"
    assert sum(int(e["multiplicity"]) for e in data["eigenvalues"]) == 20 * 21


@pytest.mark.parametrize(("text", "d"), [("7.25", "29/4"), ("29/4", "29/4"), ("1e2", "100"), ("600/3", "200")])
def test_every_form_of_a_number_is_read(good: Good, text: str, d: str) -> None:
    data = json.loads(good("evaluate", "1b", "--d", text, "--digits", "5", "--format", "json"))
    assert data["d"] == d
    assert (data["negative"] is None) == ("/" in d)


def test_evaluate_prints_the_radius_and_its_error(good: Good) -> None:
    text = good("evaluate", "1b", "--d", "1e100", "--digits", "8", "--layers", "1")
    assert "the series converges for t < 0." in text and "relative error below" in text
    assert "the second fixed at 1" in text and "0  (exactly)" not in text


def test_truncated_series_and_difference(good: Good) -> None:
    data = json.loads(good("evaluate", "1b", "--d", "400", "--truncate", "2", "--format", "json"))
    assert data["truncated"] == 2
    assert data["entries"]["a_2"] == "0.0050000000000000000000"  # 2/d
    assert abs(float(data["difference"]["a_2"])) < 1e-4
    assert all("difference" in e for e in data["eigenvalues"])


def test_the_matrix_is_saved_whole(good: Good, run: Run, refusal: Refusal, tmp_path: Path) -> None:
    good("evaluate", "2a", "--d", "5", "--digits", "10", "--save", str(tmp_path / "W.npy"))
    assert np.load(tmp_path / "W.npy").shape == (5, 5)
    assert [p.name for p in tmp_path.iterdir()] == ["W.npy"]
    for d, name, message in (
        ("5.5", "W.npy", "needs an integer"),
        ("5", "W.txt", "try W.npy"),
        ("5", "none/W.npy", "there is no folder"),
        ("1e9", "W.npy", "matrices of up to"),
    ):
        result = run("evaluate", "2a", "--d", d, "--save", str(tmp_path / name))
        assert message in refusal(result.exit_code, result.stdout, result.stderr)


BAD = {
    "no d": (("evaluate", "2a"), "Missing option '--d'"),
    "no number": (("evaluate", "2a", "--d", "inf"), "--d was given as 'inf'; give an integer, a decimal"),
    "division by zero": (("evaluate", "2a", "--d", "1/0"), "--d was given as '1/0'"),
    "one row": (("evaluate", "2a", "--d", "2"), "must have more than one row: give d > 2"),
    "negative d": (("evaluate", "2a", "--d", "-4"), "give d > 2"),
    "below the end": (("evaluate", "2b", "--d", "2.5"), "the path ends at d = 3: a row of block 1 and another teacher"),
    "no digits": (("evaluate", "2a", "--d", "9", "--digits", "0"), "give a number between 1 and 2000"),
    "three layers": (("evaluate", "2a", "--d", "9", "--layers", "3"), "2 trains both"),
    "an order below 0": (("evaluate", "2a", "--d", "9", "--truncate", "-1"), "the order -1 was given"),
    "no family": (("evaluate", "2c", "--d", "9"), "there is no family named '2c'"),
    "thresholds to no number": (("thresholds", "2a", "--down-to", "x"), "--down-to was given as 'x'"),
    "thresholds below meaning": (("thresholds", "2a", "--down-to", "1"), "give d > 2"),
    "thresholds without digits": (("thresholds", "2a", "--digits", "0"), "give a number between 1 and 1000"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_line(run: Run, refusal: Refusal, case: str) -> None:
    arguments, message = BAD[case]
    result = run(*arguments)
    assert message in refusal(result.exit_code, result.stdout, result.stderr)


def test_thresholds_write_what_the_contract_says(good: Good) -> None:
    data = json.loads(good("thresholds", "1b", "--digits", "12", "--down-to", "3", "--numerical", "--format", "json"))
    (row,) = data["thresholds"]
    low, high = row.pop("bracket")
    assert row == {
        "d": "5.76381273492",
        "component": "x1",
        "branch": 1,
        "below": "negative",
        "multiplicity": "(d - 1)*(d - 2)/2",
    }
    assert "/" in low and "/" in high
    assert data["touching"] == [] and data["complete"] is False
    assert (data["followed_down_to"], data["stopped_because"]) == ("3", "asked for no further")


@pytest.mark.parametrize("form", ["text", "latex"])
def test_thresholds_print(good: Good, form: str) -> None:
    text = good("thresholds", "1b", "--digits", "12", "--down-to", "3", "--numerical", "--format", form)
    assert "5.76381273492" in text and "x1" in text
    assert ("not proved" in text) == (form == "text")


@pytest.mark.parametrize(
    ("number", "digits", "text"),
    [
        ("249999999999999999998", 21, "249999999999999999998"),
        ("25", 2, "25"),
        ("25", 4, "25.00"),
        ("5e30", 1, "5e+30"),
        ("-0.00125", 3, "-0.00125"),
        ("2500000", 3, "2.50e+6"),
    ],
)
def test_decimals_are_those_of_json_without_a_bare_point(number: str, digits: int, text: str) -> None:
    with mpmath.workdps(30):
        shown = decimal_text(mpmath.mpf(number), digits)
    assert shown == text
    assert float(json.loads(shown)) == float(number)


@pytest.mark.parametrize("command", ["evaluate", "thresholds"])
def test_help_teaches(good: Good, command: str) -> None:
    text = good(command, "--help")
    assert f"symrelu {command} 2a --d" in text and len(text.splitlines()) < 50
