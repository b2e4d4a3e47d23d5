"""``symrelu convexity``: its commands, their JSON, and what they refuse."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

NET = {"inputs": [[-1], [1]], "targets": [[0], ["0"]], "weights": [[[1], [-1]], [["1/2", 2]]], "lambda": 1}
SMALL = ("--trials", "10", "--rate", "0.1", "--time", "3")


def write(path, data):
    path.write_text(json.dumps(data))
    return str(path)


def test_bound(good: Callable[..., str], tmp_path: Path) -> None:
    path = write(tmp_path / "net.json", NET)
    data = json.loads(good("convexity", "bound", path, "--format", "json"))
    assert data["loss"] == "17/16" and data["bounds"]["paper"]["slack_squared"] == "17/2"
    assert data["smooth"] and not data["bounds"]["sharp"]["holds"]
    assert float(data["smallest_eigenvalue"]["mid"]) == pytest.approx(0.113999063671, abs=1e-10)
    assert "theta_max = -1.915475947" in good("convexity", "bound", path)


def test_bound_at_a_kink_and_in_u(good: Callable[..., str], tmp_path: Path) -> None:
    kink = NET | {"inputs": [[0.5, 0.5]], "targets": [[0]], "weights": [[[1, -1]], [[3]]], "lambda": "0.25"}
    path = write(tmp_path / "kink.json", kink)
    data = json.loads(good("convexity", "bound", path, "--format", "json"))
    assert data["smallest_eigenvalue"] is None and not data["smooth"] and data["bounds"]["paper"]["holds"]
    assert "theta < 0.25" in good("convexity", "bound", path) and "no Hessian here" in good("convexity", "bound", path)


@pytest.mark.parametrize(
    "data",
    [
        [],
        {},
        NET | {"bias": 1},
        NET | {"lambda": "a"},
        NET | {"lambda": -1},
        NET | {"inputs": []},
        NET | {"inputs": [[1, 2], [3]]},
        NET | {"inputs": [[True], [1]]},
        NET | {"targets": [[0]]},
        NET | {"weights": 3},
        NET | {"weights": [[[1], [-1]]]},
        NET | {"weights": [[[1], [-1]], [["1/2"]]]},
        NET | {"weights": [[[1], [-1]], [["__import__", 1]]]},
        NET | {"lambda": float("nan")},
        NET | {"lambda": "1e400"},
        NET | {"inputs": [["1e-400"], [1]]},
        NET | {"inputs": [["1e100"], [1]], "weights": [*[[["1e100"]]] * 3, [["1e100"]]]},
    ],
)
def test_files_that_make_no_sense(run: Callable[..., Result], tmp_path: Path, data: Any) -> None:
    result = run("convexity", "bound", write(tmp_path / "net.json", data))
    assert result.exit_code == 2 and result.stdout == ""
    assert result.stderr.startswith("symrelu: ") and result.stderr.count("\n") == 1


def test_files_that_cannot_be_read(run: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text("{")
    for name in ("bad.json", "missing.json"):
        result = run("convexity", "bound", str(tmp_path / name))
        assert result.exit_code == 2 and result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (json.dumps([NET]), "holds a list; an object is needed"),
        (json.dumps(NET)[:-1] + ', "lambda": 2}', "'lambda' is given twice"),
        (json.dumps(NET | {"targets": [[0]]}), "2 inputs and 1 targets were given; each is a list of points"),
        (json.dumps(NET).replace("[-1]", "[1e400]"), "inputs holds 1e400; give 0 or numbers of a size from"),
    ],
)
def test_what_is_said_of_files(run: Callable[..., Result], tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "net.json").write_text(text)
    result = run("convexity", "bound", str(tmp_path / "net.json"))
    assert result.exit_code == 2 and result.stderr.startswith("symrelu: ") and result.stderr.count("\n") == 1
    assert words in result.stderr


def test_bounds_of_networks_too_large_for_an_enclosed_eigenvalue(good: Callable[..., str], tmp_path: Path) -> None:
    numbers = [[[f"{(7 * i + 3) % 11 - 5}/7", f"{(5 * i + 1) % 13 - 6}/9"] for i in range(21)]]
    numbers.append([[f"{(4 * i + 2) % 9 - 4}/50" for i in range(21)]])
    path = write(tmp_path / "net.json", NET | {"inputs": [[1, 2], [3, -1]], "weights": numbers})
    data = json.loads(good("convexity", "bound", path, "--format", "json"))
    assert data["smooth"] and data["smallest_eigenvalue"] is None
    assert data["smallest_eigenvalue_in_floats"] >= float(data["bounds"]["moment"]["theta_max"]["mid"])
    text = good("convexity", "bound", path)
    assert text.count("theta_max = ") == 3 and "(floats: with more than 60 weights)" in text and "proved" not in text


def test_experiment(good: Callable[..., str]) -> None:
    data = json.loads(good("convexity", "experiment", "--init", "normal:1.4", *SMALL, "--format", "json"))
    assert data["trials"] == 10 and data["hidden"] == [2] and data["printed"] == {"mean": 51.6, "sd": 24.0}
    assert 0 <= data["shares"]["all trials"]["mean"] <= data["shares"]["Hessian > 0"]["mean"] <= 100
    assert "start in U" in good("convexity", "experiment", "--init", "normal:1.4", *SMALL)


def test_the_initialisation_is_asked_for(run: Callable[..., Result]) -> None:
    result = run("convexity", "experiment")
    assert result.exit_code == 2 and "it decides the answer" in result.stderr and "he-uniform" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("experiment", "--init", "best"),
        ("experiment", "--init", "torch", "--hidden", "two"),
        ("experiment", "--init", "torch", "--lambda", "0"),
        ("experiment", "--init", "torch", "--trials", "0"),
        ("experiment", "--init", "torch", "--time", "inf"),
        ("experiment", "--init", "torch", "--rate", "1e-9"),
        ("experiment", "--init", "torch", "--rate", "nan"),
        ("experiment", "--init", "torch", "--trials", "100000000"),
        ("experiment", "--init", "torch", "--hidden", "100000"),
        ("experiment", "--init", "torch", "--points", "1000000000"),
        ("experiment", "--init", "torch", "--lambda", "1e400"),
        ("experiment", "--init", "torch", "--slope", "1e300"),
        ("table", "--init", "torch,,", *SMALL),
        ("minima", "1a", "--lambda", "0"),
        ("minima", "1a", "--lambda", "1e30"),
        ("minima", "1a", "--lambda", "1e-30", "--d", "6"),
        ("minima", "1a", "--d", "100000"),
        ("minima", "1a", "--samples", "100000000", "--d", "6"),
        ("minima", "1b", "--d", "5"),
        ("minima", "1b", "--samples", "many"),
        ("minima", "nothing"),
    ],
)
def test_words_that_make_no_sense(run: Callable[..., Result], arguments: tuple[str, ...]) -> None:
    result = run("convexity", *arguments)
    assert result.exit_code == 2 and result.stderr.startswith("symrelu: ") and result.stderr.count("\n") == 1


def test_table(good: Callable[..., str]) -> None:
    data = json.loads(good("convexity", "table", "--init", "torch,he-normal", *SMALL, "--format", "json"))
    assert [one["initialisation"] for one in data["setups"]] == ["torch", "he-normal"] and data["remarks"]
    assert "printed: 51.6 +- 24.0" in good("convexity", "table", "--init", "torch,he-normal", *SMALL)


def test_minima(good: Callable[..., str]) -> None:
    data = json.loads(good("convexity", "minima", "1b", "--d", "6", "--lambda", "1/20", "--format", "json"))
    (row,) = data["minima"]
    assert row["regularised"]["theta_max_sharp"] < 0 < row["regularised"]["smallest_eigenvalue"]
    assert row["at_family"]["smallest_eigenvalue"] == pytest.approx(0.05)
    assert "convexity minima" in good("convexity")
