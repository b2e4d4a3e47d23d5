"""Running a sweep: tasks to workers, their lines to a file, one task after the other as they are done.

A task's lines are written in one piece when it is done, so that a sweep may be ended anywhere: the same call goes on
with the tasks that are not in the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from symrelu.errors import BadInput
from symrelu.files import atomically, check_writable, locked
from symrelu.runs.do import do
from symrelu.runs.pools import Pools, Work
from symrelu.runs.progress import Bar
from symrelu.runs.tasks import Task, task_id
from symrelu.sweep.table import failed_lines, lines_of, read_sweep
from symrelu.sweep.tasks import find_task


@dataclass(frozen=True)
class Sweep:
    """What a sweep did: the number of ``tasks`` it was asked for, how many were ``before`` in the file, and ``failed``,
    the names of those that could not be done.
    """

    tasks: int
    before: int
    failed: tuple[str, ...]


def sweep(
    tasks: Sequence[Task],
    path: str | Path,
    pools: Callable[[], Pools],
    work: Work = find_task,
    on_message: Callable[[str], None] = lambda _: None,
) -> Sweep:
    """Do the tasks that are not in the file yet, and append the lines of each when it is done.

    Parameters: ``tasks``, as :func:`symrelu.sweep.tasks.tasks_up_to` makes them; ``path`` of the file, which may hold
    these or other tasks already; ``pools`` gives the workers, and is called if there is anything to do; ``work``, what
    is done for a task: a function that can be imported where the workers are; ``on_message`` is told what a user should
    know.

    A worker that dies is replaced, and what it may have been working on is tried once more alone; if it dies then, or
    if the work raises an exception, the task is written as failed, and done again by the next call. Raises BadInput for
    a file that is no sweep's, that another sweep writes to, or that cannot be written; Interrupted on Ctrl-C.
    """
    wanted = {task_id(task): task for task in tasks}
    check_writable(path)
    if os.path.exists(path) and not os.path.isfile(path):
        raise BadInput(f"{str(path)!r} is no ordinary file; give the name of one")
    with locked(path, "sweeping into"):
        done = read_sweep(path)
        if done.dropped:
            with atomically(path) as temporary:
                temporary.write_text("".join(f"{x}\n" for lines in done.lines.values() for x in lines), "ascii")
            on_message(f"{done.dropped} lines of {str(path)!r} belong to no complete task, and were taken away")
        left = [task for name, task in wanted.items() if name not in done.lines]
        before = len(wanted) - len(left)
        if before and left:
            on_message(f"{before} of {len(wanted)} tasks are in {str(path)!r} already")
        failed = []
        if left or not os.path.exists(path):
            failed = do(left, path, pools, work, Bar(len(wanted), before), lines_of, failed_lines)
    return Sweep(len(wanted), before, tuple(failed))


__all__ = ["Sweep", "sweep"]
