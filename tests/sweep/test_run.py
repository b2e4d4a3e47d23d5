"""Running a sweep: nothing lost, nothing counted twice, whatever ends it or dies in it."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from symrelu.errors import BadInput
from symrelu.files import locked
from symrelu.runs import do as module
from symrelu.runs.tasks import task_id
from symrelu.sweep import Interrupted, Processes, read_sweep, sweep, tasks_up_to

Begun = Callable[[], list[str]]
TYPES = ["d", "d-1,1", "d-2,2", "d-2,1,1"]
posix = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="signals of POSIX, and /proc")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "families.jsonl"


def lines_in(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def families_in(path: Path) -> list[tuple[str, str]]:
    return sorted((r["blocks"], r["limit"]) for r in lines_in(path) if r["limit"] is not None)


ALL = sorted((blocks, limit) for blocks in TYPES if blocks != "d-1,1" for limit in "+-")


def test_every_task_is_done_once_and_written_once(
    path: Path, pretended: ModuleType, threads: Any, begun: Begun
) -> None:
    found = sweep(tasks_up_to(2), path, threads, pretended.work)
    assert (found.tasks, found.before, found.failed) == (4, 0, ())
    assert sorted(begun()) == sorted(TYPES)
    assert families_in(path) == ALL
    assert {p.name for p in path.parent.iterdir()} == {"work", path.name}, "no lock, no unfinished file"


def test_a_second_run_does_nothing_and_a_larger_one_the_rest(
    path: Path, pretended: ModuleType, threads: Any, begun: Begun
) -> None:
    sweep(tasks_up_to(1), path, threads, pretended.work)
    content = path.read_bytes()
    again = sweep(tasks_up_to(1), path, partial(pytest.fail, "workers for nothing"), pretended.work)
    assert (again.before, path.read_bytes()) == (2, content)
    told: list[str] = []
    more = sweep(tasks_up_to(2), path, threads, pretended.work, told.append)
    assert (more.tasks, more.before) == (4, 2)
    assert sorted(begun()) == sorted(TYPES)
    assert path.read_bytes().startswith(content)
    assert told == [f"2 of 4 tasks are in {str(path)!r} already"]


def test_a_torn_line_and_an_unfinished_task_are_done_again(
    path: Path, pretended: ModuleType, threads: Any, begun: Begun
) -> None:
    sweep(tasks_up_to(2), path, threads, pretended.work)
    whole = path.read_text().splitlines()
    path.write_text("\n".join(whole)[:-40])
    told: list[str] = []
    sweep(tasks_up_to(2), path, threads, pretended.work, told.append)
    assert sorted(path.read_text().splitlines()) == sorted(whole)
    assert len(begun()) == 5
    assert "belong to no complete task" in told[0]


def test_an_exception_is_a_failed_line_and_the_rest_goes_on(
    path: Path, pretended: ModuleType, threads: Any, begun: Begun
) -> None:
    mark = Path(str(pretended.__file__)).parent / "RAISE_d-2,2"
    mark.touch()
    found = sweep(tasks_up_to(2), path, threads, pretended.work)
    (failed,) = [r for r in lines_in(path) if r.get("failed")]
    assert (failed["blocks"], failed["reason"]) == ("d-2,2", "RuntimeError: nothing fits")
    assert found.failed == (failed["task"],)
    assert len(read_sweep(path).lines) == 3
    mark.unlink()
    assert sweep(tasks_up_to(2), path, threads, pretended.work).failed == ()
    assert families_in(path) == ALL
    assert not [r for r in lines_in(path) if r.get("failed")]
    assert Counter(begun()) == Counter([*TYPES, "d-2,2"])


def test_two_sweeps_into_one_file_are_refused(path: Path, pretended: ModuleType, threads: Any) -> None:
    with locked(path, "sweeping into"):  # flock excludes a second handle of one process, too
        with pytest.raises(BadInput, match="another process is sweeping into"):
            sweep(tasks_up_to(1), path, threads, pretended.work)
        assert not path.exists()
    assert sweep(tasks_up_to(1), path, threads, pretended.work).failed == ()


def test_a_lock_whose_file_was_taken_away_meanwhile_excludes_nobody(path: Path) -> None:
    beside = path.with_name(f".{path.name}.lock")
    with locked(path, "x"):
        assert beside.exists()
        beside.unlink()
        with locked(path, "y"):  # another file of that name, and its lock is free
            pass


@pytest.mark.parametrize("place", ["missing/families.jsonl", ".", "work/foreign"])
def test_places_that_cannot_be_written_are_refused_before_the_work(
    place: str, tmp_path: Path, pretended: ModuleType, begun: Begun
) -> None:
    (tmp_path / "work" / "foreign").write_text("my notes\n")
    with pytest.raises(BadInput):
        sweep(tasks_up_to(1), tmp_path / place, partial(pytest.fail, "work"), pretended.work)
    assert begun() == []
    assert (tmp_path / "work" / "foreign").read_text() == "my notes\n"


def test_a_full_disk_leaves_whole_lines(
    path: Path, pretended: ModuleType, threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sweep(tasks_up_to(0), path, threads, pretended.work)
    content = path.read_bytes()

    class Full:
        """A file on a disk with room for 100 more bytes."""

        def __init__(self, file: Any) -> None:
            self.file, self.room = file, 100

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *arguments: object) -> None:
            self.file.close()

        def fileno(self) -> int:
            return int(self.file.fileno())

        def write(self, data: bytes) -> int:
            if not self.room:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            written = self.file.write(data[: self.room])
            self.room -= written
            return int(written)

    opened = module._opened
    monkeypatch.setattr(module, "_opened", lambda p: Full(opened(p)))
    with pytest.raises(BadInput, match=r"No space left.*run the same command again"):
        sweep(tasks_up_to(2), path, threads, pretended.work)
    assert path.read_bytes() == content
    monkeypatch.undo()
    sweep(tasks_up_to(2), path, threads, pretended.work)
    assert families_in(path) == ALL


def test_ctrl_c_keeps_what_is_done(
    path: Path, pretended: ModuleType, threads: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = module._until_broken

    def interrupted(*arguments: Any) -> Generator[Any, None, None]:
        results = real(*arguments)
        yield next(results)
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "_until_broken", interrupted)
    with pytest.raises(Interrupted) as caught:
        sweep(tasks_up_to(2), path, threads, pretended.work)
    assert (caught.value.done, caught.value.total) == (1, 4)
    assert len(read_sweep(path).lines) == 1
    monkeypatch.undo()
    assert sweep(tasks_up_to(2), path, threads, pretended.work).before == 1
    assert families_in(path) == ALL


# real processes -------------------------------------------------------------------------------------------------------


def test_a_worker_that_dies_is_replaced(path: Path, pretended: ModuleType, begun: Begun) -> None:
    folder = Path(str(pretended.__file__)).parent
    (folder / "DIE_d-2,2").write_text("once")
    (folder / "DIE_d-2,1,1").write_text("always")
    found = sweep(tasks_up_to(2), path, partial(Processes, 2), pretended.work)
    (failed,) = [r for r in lines_in(path) if r.get("failed")]
    assert failed["blocks"] == "d-2,1,1" and "on nothing besides, died" in failed["reason"]
    assert found.failed == (failed["task"],)
    assert families_in(path) == [x for x in ALL if x[0] != "d-2,1,1"], "what was done beside it is not lost"
    assert 1 <= Counter(begun())["d-2,1,1"] <= 2, "once alone, and before if its process had begun with it"
    (folder / "DIE_d-2,1,1").unlink()
    sweep(tasks_up_to(2), path, partial(Processes, 1), pretended.work)
    assert families_in(path) == ALL


PROGRAM = """
if __name__ == "__main__":
    import sys
    from functools import partial
    from {name} import work
    from symrelu.sweep import Interrupted, Processes, sweep, tasks_up_to
    try:
        sweep(tasks_up_to(3), {path!r}, partial(Processes, 2), work)
    except Interrupted as stopped:
        print("interrupted", stopped.done, stopped.total)
        sys.exit(130)
"""


def started(path: Path, pretended: ModuleType, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """A sweep of seven slow tasks in a process of its own, with at least one task in its file."""
    folder = Path(str(pretended.__file__)).parent
    (folder / "SLOW").touch()
    program = folder / "program.py"
    program.write_text(PROGRAM.format(name=pretended.__name__, path=str(path)))
    process = subprocess.Popen(
        [sys.executable, str(program)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    for _ in range(600):
        if path.exists() and path.stat().st_size:
            return process
        time.sleep(0.05)
    process.kill()
    pytest.fail("the sweep did not begin")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def workers(pretended: ModuleType) -> set[int]:
    log = Path(str(pretended.__file__)).parent / "LOG"
    return {int(line.split()[0]) for line in log.read_text().splitlines()}


@posix
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.slow
def test_a_sweep_that_is_killed_goes_on(
    number: int, path: Path, pretended: ModuleType, threads: Any, environment: dict[str, str], begun: Begun
) -> None:
    process = started(path, pretended, environment)
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == -number
    kept = read_sweep(path).lines
    assert 1 <= len(kept) < 7
    for _ in range(200):
        if not any(map(alive, workers(pretended))):
            break
        time.sleep(0.05)
    else:
        pytest.fail("workers outlived the sweep")
    before = len(begun())
    (Path(str(pretended.__file__)).parent / "SLOW").unlink()
    found = sweep(tasks_up_to(3), path, threads, pretended.work)
    assert (found.before, found.failed) == (len(kept), ())
    again = begun()[before:]
    assert Counter(again) == Counter(t["blocks"] for t in tasks_up_to(3) if task_id(t) not in kept)
    closing = Counter(r["task"] for r in lines_in(path) if r.get("done"))
    assert closing == Counter(task_id(t) for t in tasks_up_to(3)), "nothing lost, nothing counted twice"
    assert max(Counter(path.read_text().splitlines()).values()) == 1


@posix
@pytest.mark.slow
def test_ctrl_c_ends_the_workers_too(path: Path, pretended: ModuleType, environment: dict[str, str]) -> None:
    process = started(path, pretended, environment)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out.split() == [b"interrupted", str(len(read_sweep(path).lines)).encode(), b"7"]
    assert err == b""
    assert not any(map(alive, workers(pretended)))
