"""`symrelu sweep` and `symrelu store` as a user meets them."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from symrelu.families import family
from symrelu.store import Store
from symrelu.sweep.table import failed_lines, lines_of
from symrelu.sweep.tasks import tasks_up_to

Run = Callable[..., Result]
Shell = Callable[..., tuple[int, str, str]]
Refusal = Callable[[int, str, str], str]
CONTRACT = {"task", "blocks", "rows", "cols", "limit", "branch", "kernel", "loss", "thresholds", "verdict"}


def family_record(limit: str) -> dict[str, Any]:
    return {
        "limit": limit, "branch": 1, "loss": ["0", "1"], "ramification": 2, "closed_form": False, "family": "2a",
        "thresholds": [], "complete": True, "verdict": "minimum", "from_d": "9",
    }  # fmt: skip


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """The file of a sweep up to 2 in which one task failed."""
    path = tmp_path / "families.jsonl"
    first, second, third, fourth = tasks_up_to(2)
    lines = [*lines_of(first, [family_record("+"), family_record("-")]), *lines_of(second, [family_record("+,-")])]
    lines += [*lines_of(third, [{"searched": False, "reason": "not now"}]), *failed_lines(fourth, "died")]
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The command without the work: what it would call is listed, and what there is to do fails."""
    from symrelu.sweep import run as module

    calls: list[Any] = []

    def failing(task: dict[str, Any]) -> list[dict[str, Any]]:
        calls.append(task["blocks"])
        raise RuntimeError("not today")

    from concurrent.futures import Executor, ThreadPoolExecutor

    class Threads:
        width = 1

        def __init__(self, workers: int | None) -> None:
            calls.append(workers)

        def open(self, width: int) -> Executor:
            return ThreadPoolExecutor(width)

        def kill(self, executor: Executor) -> None:
            executor.shutdown()

        def close(self) -> None:
            pass

    real = module.sweep
    monkeypatch.setattr("symrelu.runs.pools.Processes", Threads)
    monkeypatch.setattr(module, "sweep", lambda *given, **words: real(*given, work=failing, **words))
    return calls


# sweeps ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_sweep_from_the_shell(shell: Shell, tmp_path: Path) -> None:
    command = [
        "sweep",
        "--max-block",
        "0",
        "--limits",
        "signs",
        "--numerical",
        "--workers",
        "1",
        "-o",
        "families.jsonl",
    ]
    status, out, err = shell(*command, seconds=120)
    assert status == 0, err
    assert err == "", "it was quick, so nothing was to be said"
    records = [json.loads(line) for line in (tmp_path / "families.jsonl").read_text().splitlines()]
    assert all(set(record) >= CONTRACT for record in records)
    assert [(r["family"], r["verdict"]) for r in records[:-1]] == [("1a", "minimum"), ("1b", "minimum")]
    assert [t["d"][:6] for t in records[1]["thresholds"]] == ["5.7638", "2.1075"]
    assert records[-1]["done"] is True and records[-1]["completeness"].startswith("over each sign")
    assert out.splitlines()[-1] == "1 tasks, 0 of them done before; 2 families in families.jsonl"
    status, again, err = shell(*command)
    assert (status, err) == (0, "")
    assert again.splitlines()[:-1] == out.splitlines()[:-1]
    assert again.splitlines()[-1].startswith("1 tasks, 1 of them done before")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["families.jsonl"]


def test_what_is_done_is_not_done_again(run: Run, done: Path, pretend: list[Any]) -> None:
    result = run("sweep", "--max-block", "2", "--workers", "3", "-o", str(done))
    assert pretend == [3, "d-2,1,1"], "the task that failed before"
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-1] == f"4 tasks, 3 of them done before; 3 families in {done}"
    first, second, third = result.stderr.splitlines()
    assert "1 lines of" in first and "taken away" in first
    assert second.startswith("symrelu: 3 of 4 tasks are in")
    assert third.startswith("symrelu: 1 of 4 tasks failed") and "does them again" in third
    (failed,) = [r for r in map(json.loads, done.read_text().splitlines()) if r.get("failed")]
    assert failed["reason"] == "RuntimeError: not today"


def test_the_answer_is_about_the_types_that_were_asked(run: Run, done: Path, pretend: list[Any]) -> None:
    result = run("sweep", "--max-block", "0", "-o", str(done), "--format", "json")
    assert (result.exit_code, pretend) == (0, [])
    assert {r["blocks"] for r in json.loads(result.stdout)} == {"d"}
    assert "1 lines of" in result.stderr


def test_tables(run: Run, done: Path) -> None:
    text, markdown, data = (run("sweep", "--table", str(done), "--format", f) for f in ("text", "markdown", "json"))
    assert [r.exit_code for r in (text, markdown, data)] == [0, 0, 0]
    assert text.stdout.splitlines()[3].split()[:4] == ["d-1,1", "1,2", "+,-", "2a"]
    assert text.stdout.splitlines()[-1] == "not searched: d-2,2 (rows 1,2, kernel relu): not now"
    assert markdown.stdout.splitlines()[4].startswith("| d-1,1 | 1,2 | +,- | 2a |")
    assert len(json.loads(data.stdout)) == 6


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--max-block 4 -o families.jsonl"),
        (("--max-block", "2"), "-o families.jsonl"),
        (("-o", "x.jsonl"), "--max-block 4"),
        (("--max-block", "-1", "-o", "x.jsonl"), "from 0 to 30"),
        (("--max-block", "31", "-o", "x.jsonl"), "from 0 to 30"),
        (("--max-block", "two", "-o", "x.jsonl"), "two"),
        (("--max-block", "2", "-o", "nowhere/x.jsonl"), "no folder"),
        (("--max-block", "2", "-o", "."), "is a folder"),
        (("--max-block", "2", "-o", "x.jsonl", "--workers", "0"), "--workers 0"),
        (("--max-block", "2", "-o", "x.jsonl", "--workers", "2", "--cluster", "tcp://x:1"), "one of them"),
        (("--max-block", "2", "-o", "x.jsonl", "--kernel", "swish"), "swish"),
        (("--max-block", "2", "-o", "x.jsonl", "--d-range", "9"), "LO:HI"),
        (("--max-block", "2", "-o", "x.jsonl", "--d-range", "9:6"), "LO:HI"),
        (("--max-block", "2", "-o", "x.jsonl", "--d-range", "6:9:0"), "LO:HI"),
        (("--max-block", "2", "-o", "x.jsonl", "--d-range", "six:9"), "six"),
        (("--max-block", "2", "-o", "x.jsonl", "--d-range", "1:1e9"), "give a STEP"),
        (("--table", "missing.jsonl"), "no complete task"),
        (("--table", "foreign.jsonl"), "no line of a sweep"),
        (("--table", "."), "cannot be read"),
        (("--table", "x.jsonl", "--max-block", "2"), "leave --max-block"),
    ],
)
def test_bad_input(
    arguments: tuple[str, ...],
    words: str,
    run: Run,
    refusal: Refusal,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "foreign.jsonl").write_text("mine\n")
    result = run("sweep", *arguments)
    assert words in refusal(result.exit_code, result.stdout, result.stderr)
    assert [p.name for p in tmp_path.iterdir() if p.name != "x.jsonl"] == ["foreign.jsonl"]
    assert not (tmp_path / "x.jsonl").exists() or not (tmp_path / "x.jsonl").read_bytes()


def test_ranges_of_d() -> None:
    from fractions import Fraction

    from symrelu.cli.sweep import read_range

    assert read_range("6:9") == [6, 7, 8, 9]
    assert read_range("6 : 9 : 2") == [6, 8]
    assert read_range("6.5:8:1/2") == [Fraction(13, 2), 7, Fraction(15, 2), 8]
    assert read_range("9:9") == [9]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.slow
def test_ctrl_c_says_how_to_go_on(start: Callable[..., "subprocess.Popen[bytes]"], tmp_path: Path) -> None:
    process = start("sweep", "--max-block", "3", "--workers", "2", "-o", "families.jsonl")
    for _ in range(600):
        if (tmp_path / "families.jsonl").exists():
            break
        time.sleep(0.05)
    time.sleep(1.5)  # while workers start
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert err.decode().startswith("symrelu: interrupted; ") and err.count(b"\n") == 1, err
    assert "of 7 tasks are in 'families.jsonl': the same command goes on from there" in err.decode()
    assert [p.name for p in tmp_path.iterdir()] == ["families.jsonl"]


# the store ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("SYMRELU_STORE", str(tmp_path / "store"))
    found = Store.open()
    assert found is not None
    return found


def test_the_store_is_shown_and_cleared(run: Run, store: Store) -> None:
    shown = run("store")
    assert (shown.exit_code, shown.stdout) == (0, f"{store.folder}: 0 records, 0.0 of 512 MB\n")
    store.put("series", {"x": 1}, family("1a").series(1).to_json())
    count = store.size()[0]  # series keep themselves, too
    data = json.loads(run("store", "--format", "json").stdout)
    assert data == {"store": str(store.folder), "records": count, "bytes": store.size()[1], "limit": 512 * 2**20}
    cleared = run("store", "--clear")
    assert cleared.stdout == f"{store.folder}: {count} records taken away\n"
    assert store.size() == (0, 0)


def test_the_store_is_off(run: Run, refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMRELU_STORE", "off")
    assert run("store").stdout == "the store is off (SYMRELU_STORE=off)\n"
    assert json.loads(run("store", "--format", "json").stdout) == {"store": None}
    result = run("store", "--clear")
    assert "nothing to clear" in refusal(result.exit_code, result.stdout, result.stderr)


@pytest.mark.parametrize("words", [("--workers", "0"), ("--cluster", "nowhere")])
def test_without_workers_nothing_is_written(words: tuple[str, ...], run: Run, refusal: Refusal, tmp_path: Path) -> None:
    result = run("sweep", "--max-block", "0", "-o", str(tmp_path / "new.jsonl"), *words)
    refusal(result.exit_code, result.stdout, result.stderr)
    assert list(tmp_path.iterdir()) == []
