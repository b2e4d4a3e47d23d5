"""The file of a sweep: what a task's lines are, which are believed, and the table that a reader gets."""

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from symrelu.errors import BadInput
from symrelu.runs.tasks import task_id
from symrelu.sweep.table import failed_lines, lines_of, read_sweep, series_text, table
from symrelu.sweep.tasks import tasks_up_to

CONTRACT = {"task", "blocks", "rows", "cols", "limit", "branch", "kernel", "loss", "thresholds", "verdict"}
Write = Callable[[list[str]], Path]


@pytest.fixture
def lines(pretended: ModuleType) -> dict[str, list[str]]:
    """The lines of three tasks, by their names."""
    return {task_id(task): lines_of(task, pretended.work(task)) for task in tasks_up_to(2)[:3]}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(texts: list[str]) -> Path:
        path = tmp_path / "families.jsonl"
        path.write_text("".join(f"{text}\n" for text in texts))
        return path

    return written


def test_every_line_has_the_keys_of_the_contract(lines: dict[str, list[str]]) -> None:
    records = [json.loads(line) for texts in lines.values() for line in texts]
    assert all(set(record) >= CONTRACT for record in records)
    assert all("\n" not in line for texts in lines.values() for line in texts)
    closing = [record for record in records if record.get("done")]
    assert [record["families"] for record in closing] == [2, 0, 2]
    assert closing[1]["searched"] is False and closing[1]["reason"] == "not now"
    assert closing[0]["larger"] == [{"larger": "Delta S_d", "limit": "x"}]


def test_what_is_written_is_read(lines: dict[str, list[str]], write: Write) -> None:
    done = read_sweep(write([line for texts in lines.values() for line in texts]))
    assert (dict(done.lines), done.dropped) == ({name: tuple(texts) for name, texts in lines.items()}, 0)


def test_the_order_means_nothing_and_equal_lines_are_one(lines: dict[str, list[str]], write: Write) -> None:
    everything = [line for texts in lines.values() for line in texts]
    done = read_sweep(write(sorted(everything + everything[:4], reverse=True)))
    assert {name: set(texts) for name, texts in done.lines.items()} == {n: set(texts) for n, texts in lines.items()}
    assert done.dropped == 4


def test_a_file_that_ends_anywhere(lines: dict[str, list[str]], tmp_path: Path) -> None:
    """However many bytes were written: a task counts if all its lines are there, and not otherwise."""
    path, content = tmp_path / "families.jsonl", "".join(f"{x}\n" for texts in lines.values() for x in texts)
    ends = {}
    for name, texts in lines.items():
        ends[name] = max(ends.values(), default=0) + sum(len(line) + 1 for line in texts)
    for size in {0, 1, 5, len(content), *range(0, len(content), 97), *(e + i for e in ends.values() for i in (-1, 0))}:
        path.write_text(content[:size])
        assert set(read_sweep(path).lines) == {name for name, end in ends.items() if end <= size}, size


def test_a_failed_task_is_not_done(lines: dict[str, list[str]], write: Write) -> None:
    first, second, _ = tasks_up_to(2)[:3]
    done = read_sweep(write([*failed_lines(first, "died"), *lines[task_id(second)], *failed_lines(second, "died")]))
    assert list(done.lines) == [task_id(second)], "one that was done later counts"
    assert done.dropped == 2


def test_a_task_whose_line_is_missing_or_changed_is_not_done(lines: dict[str, list[str]], write: Write) -> None:
    name, texts = next(iter(lines.items()))
    assert not read_sweep(write(texts[1:])).lines
    more = texts[0].replace('"branch":1', '"branch":2')
    assert more != texts[0] and not read_sweep(write([*texts, more])).lines
    assert list(read_sweep(write(texts)).lines) == [name]


@pytest.mark.parametrize(
    "foreign", ["hello", '{"x": 1}', "[]", "", '{"sweep":1,"task":3}', '{"sweep":2,"task":"x"}', "[" * 100_000]
)
def test_a_file_of_something_else_is_refused(foreign: str, lines: dict[str, list[str]], write: Write) -> None:
    texts = next(iter(lines.values()))
    with pytest.raises(BadInput, match=r"line \d+ of .* is no line of a sweep"):
        read_sweep(write([*texts, foreign]))


def test_a_text_without_an_end_of_line_is_no_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("my notes")
    with pytest.raises(BadInput, match="no file of a sweep"):
        read_sweep(path)


def test_lines_of_another_version_are_refused(lines: dict[str, list[str]], write: Write) -> None:
    texts = [json.dumps({**json.loads(line), "version": "0.0.9"}) for line in next(iter(lines.values()))]
    with pytest.raises(BadInput, match="was written by symrelu 0.0.9"):
        read_sweep(write(texts))


# the table ------------------------------------------------------------------------------------------------------------


def records(lines: dict[str, list[str]]) -> list[dict[str, Any]]:
    return [json.loads(line) for texts in lines.values() for line in texts]


def test_the_table_has_a_row_for_each_family(lines: dict[str, list[str]]) -> None:
    shown = table(records(lines)).splitlines()
    assert shown[0].split() == ["blocks", "rows", "limit", "family", "kernel", "loss", "thresholds", "verdict"]
    assert [line.split()[0] for line in shown[1:5]] == ["d", "d", "d-2,2", "d-2,2"]
    assert [line.split()[2] for line in shown[1:5]] == ["+", "-", "+", "-"]
    assert "t + O(t**2)" in shown[1] and shown[1].endswith("minimum for d >= 9")
    assert "not searched: d-1,1 (rows 1,2, kernel relu): not now" in shown
    assert "not counted: d (rows 1, kernel relu): of larger isotropy, and in the task of that: x (Delta S_d)" in shown


def test_markdown(lines: dict[str, list[str]]) -> None:
    shown = table(records(lines), "markdown").splitlines()
    assert shown[1] == "|" + "---|" * 8
    assert all(line.count("|") == 9 for line in shown[:6])
    assert r"t + O(t\*\*2)" in shown[2]
    assert shown[7].startswith("* ")


def test_thresholds_in_the_table(lines: dict[str, list[str]]) -> None:
    one = records(lines)[0]
    found = [{"d": "6.74483068998", "component": "s1"}, {"d": "12.1070000000", "component": "x1"}]
    assert "6.7448307 (s1), 12.107000 (x1) (numerical)" in table([{**one, "thresholds": found, "complete": False}])
    assert "none  " in table([one])
    assert " ? " in table([{**one, "thresholds": None, "complete": False}]).replace("(numerical)", "")


@pytest.mark.parametrize(
    ("coefficients", "shown"),
    [
        (["0", "0", "1/2 - 2/pi**2"], "(1/2 - 2/pi**2)*t**2 + O(t**3)"),
        (["1/2 - 1/pi", "-1", "0"], "1/2 - 1/pi + -1*t + O(t**3)"),
        (["0", "1", "8/pi"], "t + (8/pi)*t**2 + O(t**3)"),
        (["0"], "O(t**1)"),
        ([{"mid": "0.25", "rad": "1e-9"}], "0.25 + O(t**1)"),
    ],
)
def test_series_in_words(coefficients: list[Any], shown: str) -> None:
    assert series_text(coefficients, 2) == shown
    assert series_text(coefficients, 4) == f"{shown}, t = d**(-1/4)"


def test_families_that_rest_on_something_have_a_footnote(pretended: ModuleType) -> None:
    task = tasks_up_to(0)[0]
    records = [{**pretended.record("+"), "rests_on": "balls"}, {**pretended.record("-"), "rests_on": None}]
    read = [r for r in map(json.loads, lines_of(task, records)) if "done" not in r]
    text = table(read)
    first, second = (line for line in text.splitlines()[1:3])
    assert first.endswith("minimum for d >= 9 [1]") and second.endswith("minimum for d >= 9")
    assert text.endswith("\n\n[1] rests on: balls")
