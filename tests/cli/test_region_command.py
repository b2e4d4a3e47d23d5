"""symrelu region: the JSON, the text, the file, and what it refuses."""

from collections.abc import Callable

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
def test_the_table_as_text(run: Run) -> None:
    result = run("region", "--d-max", "25")
    assert result.exit_code == 0, result.stderr
    rows = {line.split()[0]: line for line in result.stdout.splitlines() if line.split() and line.split()[0].isdigit()}
    assert list(rows) == [str(d) for d in range(17, 26)]
    assert rows["18"].endswith("(no whole q)")
    assert rows["20"].endswith("  6") and rows["24"].endswith("  7, 8") and rows["25"].endswith("  7..9")
    assert "s1, fold" in rows["20"] and "fold, fold" in rows["25"]
