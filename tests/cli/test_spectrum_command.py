"""`symrelu spectrum`: its three formats, and errors of one line."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner, Result

import symrelu
from symrelu.cli import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["spectrum", *arguments])


def test_text() -> None:
    result = run("1b", "--order", "1")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.rstrip("\n") == symrelu.family("1b").spectrum(1).text()
    assert "y1" in result.stdout and "d*(d - 3)/2" in result.stdout and "1/4 + 1/(2*pi)" in result.stdout


def test_json_by_the_contract() -> None:
    result = run("1b", "--order", "0", "--format", "json")
    data = json.loads(result.stdout)
    assert (data["layers"], data["ramification"], data["first_power"], data["order"]) == (2, 2, -2, 0)
    assert data["field"] == {"base": "QQ(pi)", "generators": []} and data["exact"] is True
    rows = {(e["component"], e["branch"]): e for e in data["eigenvalues"]}
    assert rows["y1", 1] == {
        "component": "y1",
        "branch": 1,
        "multiplicity": "d*(d - 3)/2",
        "coefficients": ["0", "0", "1/4 + 1/(2*pi)"],
    }
    assert rows["x1", 1]["coefficients"] == ["0", "0", "1/4 - 1/(2*pi)"]
    assert rows["s1", 1]["coefficients"] == rows["t", 1]["coefficients"] == ["0", "0", "0"]
    assert list(rows) == [
        ("t", 1),
        ("t", 2),
        ("t", 3),
        ("s1", 1),
        ("s1", 2),
        ("s1", 3),
        ("s1", 4),
        ("x1", 1),
        ("y1", 1),
    ]


def test_first_layer_alone() -> None:
    data = json.loads(run("1b", "--order", "0", "--layers", "1", "--format", "json").stdout)
    assert data["layers"] == 1
    assert [(e["component"], e["branch"]) for e in data["eigenvalues"]] == [
        ("t", 1),
        ("t", 2),
        ("s1", 1),
        ("s1", 2),
        ("s1", 3),
        ("x1", 1),
        ("y1", 1),
    ]
    assert all(any(c != "0" for c in e["coefficients"]) for e in data["eigenvalues"])


def test_latex() -> None:
    result = run("1b", "--order", "0", "--format", "latex")
    assert result.exit_code == 0
    assert result.stdout.startswith(r"\begin{array}") and r"O\left(d^{-1/2}\right)" in result.stdout


def test_default_order_is_two() -> None:
    assert len(json.loads(run("1a", "--format", "json").stdout)["eigenvalues"][0]["coefficients"]) == 5


def test_a_type_by_its_blocks() -> None:
    data = json.loads(run("--blocks", "d-1,1", "--limit", "-,-", "--order", "0", "--format", "json").stdout)
    assert data["eigenvalues"] == json.loads(run("1b", "--order", "0", "--format", "json").stdout)["eigenvalues"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("1b", "--layers", "3"), "3 layers"),
        (("1b", "--layers", "two"), "two"),
        (("1b", "--order", "-5"), "-5"),
        (("1b", "--order", "1000"), "1000"),
        (("1b", "--order", "x"), "x"),
        (("9z",), "9z"),
        (("--blocks", "d-1,1", "--limit", "+"), "limit"),
        (("1b", "--format", "yaml"), "yaml"),
        ((), "family"),
    ],
)
def test_errors_are_one_line_with_status_2(arguments: tuple[str, ...], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1 and says in result.stderr
    assert result.stderr.startswith("symrelu: ")


def test_as_a_process() -> None:
    """JSON alone on standard output, nothing on standard error."""
    command = [sys.executable, "-m", "symrelu", "spectrum", "1a", "--order", "-1", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["eigenvalues"]) == 9
    bad = subprocess.run([*command[:4], "1a", "--layers", "3"], capture_output=True, text=True, check=False)
    assert bad.returncode == 2 and bad.stdout == "" and len(bad.stderr.splitlines()) == 1
