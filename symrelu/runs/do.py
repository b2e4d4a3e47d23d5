"""Doing tasks: to workers, their lines to a file, one task after the other as they are done.

A task's lines are written in one piece when it is done, so that a run may be ended anywhere: the same call goes on with
the tasks that are not in the file.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import closing
from pathlib import Path
from typing import IO, Any

from symrelu.errors import BadInput
from symrelu.runs.pools import LostCluster, Pools, Work, outcome, worked
from symrelu.runs.progress import Bar
from symrelu.runs.tasks import Record, Task, task_id

TICK = 1.0  # seconds between two looks at the clock
DIED = "the process that worked on it, and on nothing besides, died (out of memory?)"
Result = tuple[list[Record] | None, str]


class Interrupted(KeyboardInterrupt):
    """Ctrl-C among tasks, after its workers were ended; ``done`` of ``total`` tasks are in the file."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done, self.total = done, total


def do(
    tasks: Sequence[Task],
    path: str | Path,
    pools: Callable[[], Pools],
    work: Work,
    bar: Bar,
    done: Callable[[Task, list[Record]], list[str]],
    not_done: Callable[[Task, str], list[str]],
) -> list[str]:
    """Do the tasks and append the lines of each to the file (``done`` or ``not_done`` makes them), the last of them
    what closes it; returns the names of those that failed.

    Parameters: ``pools`` gives the workers, and is called if there is anything to do; ``work``, what is done for a
    task: a function that can be imported where the workers are. A worker that dies is replaced, and what it may have
    been working on is tried once more alone; if it dies then, or if the work raises an exception, the task is written
    as failed. Raises BadInput for a file that cannot be written; Interrupted on Ctrl-C.
    """
    failed = []
    try:
        if not tasks:
            _opened(path).close()
            return []
        workers = pools()  # before there is a file: where there are no workers nothing is written
        try:
            with _opened(path) as file, closing(_results(tasks, workers, work, bar.show)) as results:
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
        except OSError:  # what is torn is recognised by the next run
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


__all__ = ["Interrupted", "do"]
