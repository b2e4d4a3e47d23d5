"""symrelu region: the JSON, the text, the file, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Refusal = Callable[[int, str, str], str]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--d-max", "10"), "25 to 20000"),
        (("--d-max", "1e3"), "--d-max"),
        (("--q", "1"), "at least 2"),
        (("--q", "40", "--d-max", "100", "-o", "/no/such/folder/x.json"), "folder"),
        (("--format", "latex"), "latex"),
    ],
)
def test_wrong_input_is_one_line(run: Run, refusal: Refusal, arguments: tuple[str, ...], expected: str) -> None:
    result = run("region", *arguments)
    assert expected in refusal(result.exit_code, result.stdout, result.stderr)


def test_help_says_what_it_does(run: Run) -> None:
    result = run("region", "--help")
    assert result.exit_code == 0
    assert "Delta(S_q x S_1 x S_{d-q-1})" in result.stdout


@pytest.mark.slow
def test_one_size_as_json_and_as_a_file(run: Run, tmp_path: Path) -> None:
    """q = 6 has minima at d = 19 and 20: certified, with the loss of the public data."""
    path = tmp_path / "six.json"
    result = run("region", "--q", "6", "--d-max", "25", "--format", "json", "-o", str(path))
    assert result.exit_code == 0, result.stderr
    data = json.loads(result.stdout)
    assert data == json.loads(path.read_text())
    assert data["isotropy"] == "Delta(S_q x S_1 x S_{d-q-1})" and data["q"] == 6
    assert [float(x["d_low"]) for x in data["intervals"]] == pytest.approx([18.7295, 23.1879], abs=1e-3)
    assert [x["high_ends_by"] for x in data["intervals"]] == ["s1", "fold"]
    at = {row["d"]: row for row in data["windows"]}
    assert sorted(at) == [19, 20]
    for d, loss in ((19, 0.06005422), (20, 0.0597534191)):
        (point,) = at[d]["certified"]
        assert (point["q"], point["verdict"]) == (6, "minimum")
        assert float(point["loss"]) == pytest.approx(loss, abs=5e-9)
        assert set(point["enclosure"]) == {f"a_{i}" for i in range(1, 12)}
        assert all(0 < float(ball["rad"]) < 1e-25 for ball in point["enclosure"].values())
    assert {part["component"]: part["fold"] for part in data["boundary"]} == {"t": True, "s1": False}


@pytest.mark.slow
def test_the_table_as_text(run: Run) -> None:
    result = run("region", "--d-max", "25")
    assert result.exit_code == 0, result.stderr
    rows = {line.split()[0]: line for line in result.stdout.splitlines() if line.split() and line.split()[0].isdigit()}
    assert list(rows) == [str(d) for d in range(17, 26)]
    assert rows["18"].endswith("(no whole q)")
    assert rows["20"].endswith("  6") and rows["24"].endswith("  7, 8") and rows["25"].endswith("  7..9")
    assert "s1, fold" in rows["20"] and "fold, fold" in rows["25"]
