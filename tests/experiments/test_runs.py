"""Files of results: resumed, torn, refused; and the command."""

import json
from concurrent.futures import Executor, ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from symrelu.cli import main
from symrelu.errors import BadInput
from symrelu.experiments.minima import linear_task
from symrelu.experiments.work import work
from symrelu.runs.records import RunsFailed, read_runs, run

TASKS = [linear_task(Fraction(1, k), n=4, runs=5, seed=k) for k in (1, 2, 4)]


class Threads:
    """Workers in this process."""

    width = 2

    def open(self, width: int) -> Executor:
        return ThreadPoolExecutor(width)

    def kill(self, executor: Executor) -> None:
        executor.shutdown(cancel_futures=True)

    def close(self) -> None:
        pass


def test_runs_with_and_without_a_file_agree_and_nothing_is_done_twice(tmp_path: Path) -> None:
    path, said = tmp_path / "runs.jsonl", list[str]()
    first = run(TASKS[:2], work, path, Threads)
    begun = []

    def counted(task: dict[str, Any]) -> list[dict[str, Any]]:
        begun.append(task["phi"])
        return work(task)

    everything = run(TASKS, counted, path, Threads, on_message=said.append)
    assert begun == ["1/4"] and "2 of 3 tasks are in" in said[0]
    assert everything == run(TASKS, work) and everything[:2] == first == run(TASKS[:2], work, path, Threads)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(lines) == 3 and all(line["settings"]["seed"] in (1, 2, 4) for line in lines)


def test_a_torn_line_is_taken_away_and_done_again(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    found = run(TASKS[:2], work, path, Threads)
    content = path.read_bytes()
    path.write_bytes(content[:-40])
    assert len(read_runs(path)) == 1
    assert run(TASKS[:2], work, path, Threads) == found
    assert sorted(path.read_bytes().splitlines()) == sorted(content.splitlines())


def test_failed_tasks_are_named_and_done_again(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    bad = {**TASKS[0], "n": 3, "phi": "4/5"}  # no whole number of examples
    with pytest.raises(RunsFailed, match="1 of 2 tasks failed, the first with: .*whole number"):
        run([TASKS[1], bad], work, path, Threads)
    assert "whole number" in path.read_text() and len(read_runs(path)) == 1


@pytest.mark.parametrize("content", ["a letter\n", '{"experiment":1}\n', "no line of ours"])
def test_files_of_others_are_refused_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "letter.txt"
    path.write_text(content)
    with pytest.raises(BadInput, match="letter"):
        run(TASKS, work, path, Threads)
    assert path.read_text() == content


def test_lines_of_another_version_or_changed_settings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    run(TASKS[:1], work, path, Threads)
    line = json.loads(path.read_text())
    path.write_text(json.dumps({**line, "version": "0.0"}) + "\n")
    with pytest.raises(BadInput, match=r"symrelu 0\.0"):
        read_runs(path)
    path.write_text(json.dumps({**line, "settings": TASKS[1]}) + "\n")
    with pytest.raises(BadInput, match="line 1"):
        read_runs(path)


def asked(*words: str) -> Any:
    return CliRunner().invoke(main, ["freeprob", "experiment", *words])


def test_the_command_prints_tables_and_json() -> None:
    table = asked("linear", "--phi", "1/2,1", "--n", "4", "--runs", "5").output.splitlines()
    assert table[0].split() == ["phi", "n", "activation", "runs", "seed", "energy", "error", "deviation"]
    assert [line.split()[0] for line in table[1:]] == ["1/2", "1"]
    data = json.loads(asked("linear", "--phi", "1", "--n", "4", "--runs", "5", "--format", "json").output)
    assert data["experiment"] == "linear" and data["records"][0]["runs"] == 5
    gaps = asked("gap", "--phi", "1/2,1/4", "--n", "6", "--runs", "2", "--data", "gaussian").output
    assert "gaussian: sigma = " in gaps
    curve = asked("critical-points", "--phi", "1/2", "--n", "2", "--runs", "2").output
    assert "(1-phi)**2/2" in curve and "0.1250" in curve
    assert "share in (0, 1) of its first energy (as in the paper)" in curve and "states no tolerance" in curve
    sizes = asked("universality", "--n", "20", "--runs", "2").output
    assert "rademacher" in sizes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("dreams",), "freeness, h1"),
        (("h1", "--activation", "tanh"), "has no use for it"),
        (("h1", "--phi", "0"), "phi"),
        (("h1", "--phi", "one"), "--phi"),
        (("h1", "--eps", "-1", "--data", "gaussian"), "eps"),
        (("h1", "--data", "cifar"), "digits, gaussian"),
        (("linear", "--workers", "2"), "--output"),
        (("linear", "--runs", "1"), "at least 2"),
        (("critical-points", "--n", "1"), "n at least 2"),
        (("critical-points", "--seed", "-1"), "seed -1"),
        (("minima", "--activation", "sine", "--phi", "1"), "relu, tanh, linear"),
    ],
)
def test_bad_requests_end_with_one_line(words: tuple[str, ...], said: str) -> None:
    result = asked(*words)
    assert result.exit_code == 2
    assert said in result.stderr and result.stderr.count("\n") == 1 and result.stdout == ""
