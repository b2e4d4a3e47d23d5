"""Running a sweep: tasks to workers, their lines to a file, one task after the other as they are done.

A task's lines are written in one piece when it is done, so that a sweep may be ended anywhere: the same call goes on
with the tasks that are not in the file.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from symrelu.errors import BadInput
from symrelu.files import atomically, check_writable, locked
from symrelu.sweep.pools import LostCluster, Pools, Work, outcome, worked
from symrelu.sweep.progress import Bar
from symrelu.sweep.table import failed_lines, lines_of, read_sweep
from symrelu.sweep.tasks import Record, Task, find_task, task_id

TICK = 1.0  # seconds between two looks at the clock
DIED = "the process that worked on it, and on nothing besides, died (out of memory?)"
Result = tuple[list[Record] | None, str]


@dataclass(frozen=True)
class Sweep:
    """What a sweep did: the number of ``tasks`` it was asked for, how many were ``before`` in the file, and ``failed``,
    the names of those that could not be done.
    """

    tasks: int
    before: int
    failed: tuple[str, ...]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C in a sweep, after its workers were ended; ``done`` of ``total`` tasks are in the file."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done, self.total = done, total


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
        failed = do(left, path, pools, work, Bar(len(wanted), before)) if left or not os.path.exists(path) else []
    return Sweep(len(wanted), before, tuple(failed))


def do(
    tasks: Sequence[Task],
    path: str | Path,
    pools: Callable[[], Pools],
    work: Work,
    bar: Bar,
    done: Callable[[Task, list[Record]], list[str]] = lines_of,
    not_done: Callable[[Task, str], list[str]] = failed_lines,
) -> list[str]:
    """Do the tasks and append the lines of each to the file (``done`` or ``not_done`` makes them), the last of them
    what closes it; returns the names of those that failed. Raises as :func:`sweep`, whose inner part this is.
    """
    failed = []
    try:
        with _opened(path) as file:
            if not tasks:
                return []
            workers = pools()
            try:
                with closing(_results(tasks, workers, work, bar.show)) as results:
                    for task, (records, reason) in results:
                        lines = not_done(task, reason) if records is None else done(task, records)
                        _append(file, path, lines)
                        bar.step(0 if records is None else len(lines) - 1, records is None)
                        if records is None:
                            failed.append(task_id(task))
            finally:
                workers.close()
    except KeyboardInterrupt:
        raise Interrupted(bar.done - bar.failed, bar.total) from None
    return failed


def _opened(path: str | Path) -> IO[bytes]:
    try:
        return open(path, "ab", buffering=0)
    except OSError as error:
        raise BadInput(f"the file {str(path)!r} cannot be written: {error.strerror}; choose another place") from None


def _append(file: IO[bytes], path: str | Path, lines: Sequence[str]) -> None:
    """Write lines in one piece, down to the disk; if that fails the file is left as it was."""
    content = "".join(f"{line}\n" for line in lines).encode("ascii")
    size = os.fstat(file.fileno()).st_size
    try:
        while content:
            content = content[file.write(content) :]
        os.fsync(file.fileno())
    except OSError as error:
        try:
            os.ftruncate(file.fileno(), size)
        except OSError:  # what is torn is recognised by the next sweep
            pass
        raise BadInput(
            f"the file {str(path)!r} cannot be written: {error.strerror}; make room and run the same command again, "
            "which goes on from there"
        ) from None


def _results(
    tasks: Sequence[Task], pools: Pools, work: Work, tick: Callable[[], None]
) -> Generator[tuple[Task, Result], None, None]:
    """The tasks with their results, in the order in which they are done."""
    queue, suspects = deque(tasks), deque[Task]()
    while queue or suspects:
        alone = bool(suspects)
        source, width = (suspects, 1) if alone else (queue, pools.width)
        executor = pools.open(width)
        lost = []
        try:
            for task, result in _until_broken(source, width, executor, work, tick):
                if result is None:
                    lost.append(task)
                else:
                    yield task, result
            executor.shutdown()
        except BaseException:  # also the end of interest in the results
            pools.kill(executor)
            raise
        if alone:
            yield from ((task, (None, DIED)) for task in lost)
        else:
            suspects.extend(lost)


def _until_broken(
    source: deque[Task], width: int, executor: Any, work: Work, tick: Callable[[], None]
) -> Iterator[tuple[Task, Result | None]]:
    """Results of tasks from the queue, at most ``width`` at a time, as long as the executor lives; None for the tasks
    that were lost with it.
    """
    running: dict[Future[Result], Task] = {}
    broken = False
    tick()
    while running or (source and not broken):
        while source and len(running) < width and not broken:
            try:
                running[executor.submit(worked, work, source[0])] = source[0]
                source.popleft()
            except BrokenExecutor:
                broken = True
        finished = wait(running, TICK, FIRST_COMPLETED).done
        tick()
        for future in finished:
            task = running.pop(future)
            try:
                yield task, outcome(future)
            except BrokenExecutor:
                broken = True
                yield task, None
            except LostCluster:
                raise
            except Exception as error:  # of the machinery: the work returns its own
                text = " ".join(str(error).split())
                yield task, (None, f"{type(error).__name__}: {text}"[:400])


__all__ = ["Interrupted", "Sweep", "do", "sweep"]
