"""symrelu train: the table of types, the JSON that others read, and what is refused."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result

from symrelu.cli.train import read_dimensions
from symrelu.errors import BadInput

Run = Callable[..., Result]
Refusal = Callable[[int, str, str], str]
SMALL = ("train", "--d", "7", "--runs", "16", "--seed", "4", "--workers", "1")


def test_json_of_the_contract(good: Callable[..., str]) -> None:
    data = json.loads(good(*SMALL, "--format", "json"))
    assert data["runs"] == 16 and data["seed"] == 4
    assert [(x["family"], x["type"], x["count"]) for x in data["types"]] == [
        ("1a", "--blocks d --limit +", 15),
        ("2a", "--blocks d-1,1 --limit +,-", 1),
    ]
    spurious = data["types"][1]
    assert spurious["loss"] == pytest.approx(0.0232027, abs=1e-7)
    assert spurious["loss_class"] == "Theta(1/d)" and spurious["multiplicity"] == "35280"
    assert spurious["share_by_multiplicity"] == pytest.approx(7 / 8) and spurious["runs"] == [15]
    low, high = spurious["interval"]
    assert 0 < low < 1 / 16 < high < 0.3
    assert data["tables"][0]["unfinished"] == 0 and data["favour"]["p"] == 0.5


def test_the_table_in_words(good: Callable[..., str]) -> None:
    words = good(*SMALL)
    assert words.startswith("d = 7, k = d: 16 runs each of gradient descent on the first layer from xavier, seed 4")
    assert re.search(r"\n2a +1 +6\.2% +1\.1 - 28\.3% +0\.023202715 +Theta\(1/d\) ", words)
    assert "every run ended" in words and "Safran, Yehudai & Shamir 2021" in words
    table = good(*SMALL, "--format", "markdown")
    assert "| 2a | 1 | 6.2% |" in table and "|---|" in table


def test_a_file_is_gone_on_from(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    words = ("train", "--d", "6", "--runs", "4", "--workers", "1", "--format", "json", "-o", str(path))
    first = run(*words)
    assert first.exit_code == 0, first.stderr
    content = path.read_bytes()
    again = run(*words)
    assert (again.stdout, path.read_bytes()) == (first.stdout, content), "nothing is done again"


def test_targets_of_numbers_and_of_orbits(run: Run, tmp_path: Path) -> None:
    np.save(tmp_path / "V.npy", np.diag([1.0, 1, 1, 2, 2]))
    (tmp_path / "V.json").write_text('{"blocks": "d-2,2", "entries": [[["1", "0"], "0"], ["0", ["2", "0"]]]}')
    found = []
    for name in ("V.npy", "V.json"):
        result = run("train", "--d", "5", "--runs", "6", "--target", str(tmp_path / name), "--format", "json")
        assert result.exit_code == 0, result.stderr
        found.append(json.loads(result.stdout))
    assert [x["tables"][0]["target_symmetry"] for x in found] == ["Delta(S_3 x S_2)"] * 2
    assert [x["types"][0]["count"] for x in found] == [6, 6] and found[0]["types"][0]["family"] == "global"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--d", "ten"), "such as 10, 6,7,8 or 6..20"),
        (("--d", "9..7"), "whole numbers"),
        (("--d", "1"), "from 2 to"),
        (("--d", "7", "--k", "d/2"), "--k"),
        (("--d", "7", "--runs", "0"), "0 runs"),
        (("--d", "7", "--init", "zeros"), "there are xavier"),
        (("--d", "7", "--layers", "3"), "give 1 or 2"),
        (("--d", "7", "--sgd", "--layers", "2"), "--sgd"),
        (("--d", "7", "--workers", "0"), "--workers 0"),
        (("--d", "7", "--workers", "2", "--cluster", "tcp://127.0.0.1:1"), "give one of them"),
        (("--d", "7", "--target", "nothing.npy"), "cannot be read"),
        (("--d", "7", "--target", "pad", "--k", "8"), "k <= d"),
        (("--d", "7", "--kernel", "leaky:s"), "leaky:1/10"),
        (("--d", "7", "--beta", "1,2"), "2 values of beta"),
    ],
)
def test_refused(run: Run, refusal: Refusal, words: tuple[str, ...], said: str) -> None:
    result = run("train", *words)
    assert said in refusal(result.exit_code, result.stdout, result.stderr)


def test_dimensions() -> None:
    assert read_dimensions("10") == (10,)
    assert read_dimensions("6, 8,20..22") == (6, 8, 20, 21, 22)
    with pytest.raises(BadInput):
        read_dimensions("")
