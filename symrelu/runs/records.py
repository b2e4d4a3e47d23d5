"""Many runs of an experiment: tasks to workers, one line of JSON each in a file, from which the same call goes on.

A task is plain data that says everything its result depends on but the version of symrelu: the name of the experiment,
its settings (numbers that are not whole as text) and a seed. Its name is a hash of that.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from symrelu import __version__
from symrelu.errors import BadInput, SymreluError
from symrelu.files import atomically, check_writable, locked
from symrelu.runs.do import do
from symrelu.runs.pools import Pools, Processes, Work
from symrelu.runs.progress import Bar
from symrelu.runs.tasks import Record, Task, task_id

FORMAT = 1
Progress = Callable[[str], None]


class RunsFailed(SymreluError):
    """Some tasks of an experiment could not be done."""


def line_of(task: Task, records: list[Record]) -> list[str]:
    """The line of a task that is done."""
    head = {"experiment": FORMAT, "version": __version__, "task": task_id(task), "settings": task}
    return [json.dumps({**head, "records": records}, sort_keys=True, separators=(",", ":"), allow_nan=False)]


def failed_line(task: Task, reason: str) -> list[str]:
    """The line of a task that could not be done, and is done again by the next run."""
    head = {"experiment": FORMAT, "version": __version__, "task": task_id(task), "settings": task}
    return [json.dumps({**head, "failed": reason}, sort_keys=True, separators=(",", ":"))]


def read_runs(path: str | Path) -> dict[str, tuple[Task, list[Record]]]:
    """The tasks that are done in a file, by name: each with its records; none if there is no file.

    The last line may be torn: a process died while writing it. Raises BadInput for a file that is none of experiments,
    and for lines of another version of symrelu.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadInput(f"the file {str(path)!r} cannot be read: {error.strerror}; give another one") from None
    *whole, torn = content.split(b"\n")
    start = b'{"experiment":'
    if not whole and torn and not torn.startswith(start[: len(torn)]):
        raise BadInput(f"the file {str(path)!r} is no file of experiments; give another one")
    found = {}
    for number, line in enumerate(whole, 1):
        try:
            data = json.loads(line)
            name, version, settings = data["task"], data["version"], data["settings"]
            right = data["experiment"] == FORMAT and task_id(settings) == name
        except (ValueError, KeyError, TypeError, RecursionError):
            right = False
        if not right:
            raise BadInput(f"line {number} of {str(path)!r} is no line of an experiment; give another file")
        if version != __version__:
            raise BadInput(
                f"line {number} of {str(path)!r} was written by symrelu {version}, and this is {__version__}; give "
                "another file, or take this one away"
            )
        if "records" in data:
            found[name] = (settings, data["records"])
    return found


def run(
    tasks: Sequence[Task],
    work: Work,
    path: str | Path | None = None,
    pools: Callable[[], Pools] | None = None,
    progress: Progress | None = None,
    on_message: Progress = lambda _: None,
) -> list[Record]:
    """The records of the tasks, in their order; those that are in the file are taken from there.

    Parameters: ``work``, what is done for a task, a function that can be imported where the workers are; ``path`` of
    the file that the others are appended to, each when it is done, by the workers that ``pools`` gives (default: a
    process for each core). Without a path, what is done lasts as long as this call, which uses the workers of
    ``pools``, or without those does one task after the other, and tells ``progress`` of each. Raises RunsFailed, with
    the first reason, if some could not be done; BadInput for a file that is none of experiments or cannot be written;
    symrelu.runs.do.Interrupted on Ctrl-C.
    """
    if path is None and pools is not None and len(tasks) > 1:
        with tempfile.TemporaryDirectory(prefix="symrelu-") as folder:
            return run(tasks, work, Path(folder) / "runs.jsonl", pools, progress, on_message)
    if path is None:
        records = []
        for number, task in enumerate(tasks, 1):
            if progress and len(tasks) > 1:
                progress(f"{task['experiment']}: run {number} of {len(tasks)}")
            records += work(task)
        return records
    wanted = {task_id(task): task for task in tasks}
    check_writable(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise BadInput(f"{str(path)!r} is no ordinary file; give the name of one")
    with locked(path, "writing experiments to"):
        _mend(path)
        done = read_runs(path)
        left = [task for name, task in wanted.items() if name not in done]
        if left and len(left) < len(wanted):
            on_message(f"{len(wanted) - len(left)} of {len(wanted)} tasks are in {str(path)!r} already")
        if left:
            bar = Bar(len(wanted), len(wanted) - len(left), "")
            failed = do(left, path, pools or partial(Processes, None), work, bar, line_of, failed_line)
            if failed:
                raise RunsFailed(
                    f"{len(failed)} of {len(wanted)} tasks failed, the first with: {_reason(path, failed[0])}; the "
                    "same call does them again"
                )
        done = read_runs(path)
    return [record for name in wanted for record in done[name][1]]


def _reason(path: str | Path, name: str) -> str:
    """Why a task failed, as its last line in the file says."""
    lines = [json.loads(line) for line in Path(path).read_bytes().splitlines()]
    reason: str = [line["failed"] for line in lines if line["task"] == name and "failed" in line][-1]
    return reason


def _mend(path: str | Path) -> None:
    """Take a torn last line away."""
    read_runs(path)  # refuses what is no file of ours
    if not os.path.exists(path):
        return
    content = Path(path).read_bytes()
    if content and not content.endswith(b"\n"):
        with atomically(path) as temporary:
            temporary.write_bytes(content[: content.rfind(b"\n") + 1])


__all__ = ["FORMAT", "RunsFailed", "failed_line", "line_of", "read_runs", "run"]
