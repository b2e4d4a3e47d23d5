"""Who does the work of a sweep: processes on this machine, or a Dask cluster, through concurrent.futures alike."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor
from typing import Any, Protocol

from symrelu import __version__
from symrelu.errors import BadInput, SymreluError

Work = Callable[[dict[str, Any]], list[dict[str, Any]]]
CLUSTER_TIMEOUT = 15  # seconds to reach a scheduler


class LostCluster(SymreluError):
    """The connection to a cluster broke while it worked."""


class Pools(Protocol):
    """Gives executors; ``width`` is how many tasks one should have at a time."""

    width: int

    def open(self, width: int) -> Executor:
        """An executor for so many tasks at a time."""

    def kill(self, executor: Executor) -> None:
        """End an executor without waiting for its tasks."""

    def close(self) -> None:
        """The last call."""


class Processes:
    """Processes on this machine, each started anew (spawned), one task at a time in each.

    Parameters: ``workers``, how many; by default as many as there are cores for this process. Raises BadInput for less
    than one.
    """

    def __init__(self, workers: int | None = None) -> None:
        if workers is not None and not 1 <= workers <= 1000:
            raise BadInput(f"--workers {workers} was given; give a whole number of processes, such as 2")
        self.width = workers or cores()
        self._before: set[Any] = set()

    def open(self, width: int) -> Executor:
        """An executor with so many processes, which end with it, or with this process however that ends.

        ``width``: that number.
        """
        import multiprocessing

        from symrelu.runs.spawning import CONTEXT

        self._before = set(multiprocessing.active_children())
        return ProcessPoolExecutor(width, mp_context=CONTEXT, initializer=_begin)

    def kill(self, executor: Executor) -> None:
        """End an executor and its processes in the middle of their work."""
        import multiprocessing

        executor.shutdown(wait=False, cancel_futures=True)
        for process in set(multiprocessing.active_children()) - self._before:
            process.terminate()
        executor.shutdown(wait=True)

    def close(self) -> None:
        """Nothing is left to be closed."""


class Cluster:
    """A Dask cluster, by the address of its scheduler, such as tcp://127.0.0.1:8786.

    Its workers must have this version of symrelu; each does one task at a time in a process, so that workers with one
    thread (``dask worker --nthreads 1``) use their cores best. Raises BadInput if it cannot be reached, if it has no
    workers, if theirs is another version, and where the package ``distributed`` is not installed.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise BadInput(
                "--cluster needs the package distributed, which is not installed: pip install 'symrelu[cluster]'"
            ) from None
        import logging

        for name in ("distributed", "distributed.client"):  # what goes wrong is said by us, in a line
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.address = address
        try:
            self._client = Client(address, timeout=CLUSTER_TIMEOUT, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            why = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise BadInput(
                f"no Dask scheduler was reached at {address!r} ({why}); give the address that `dask scheduler` prints, "
                "such as tcp://127.0.0.1:8786"
            ) from None
        try:
            versions = self._client.run(version, on_error="return")
        except BaseException:
            self._client.close()
            raise
        other = {str(found) for found in versions.values()} - {__version__}
        if not versions or other:
            self._client.close()
            raise BadInput(
                f"workers of the cluster at {address!r} answer {sorted(other)[0][:100]!r} where symrelu {__version__} "
                "is expected; install it there"
                if other
                else f"the cluster at {address!r} has no workers; start some: dask worker {address} --nthreads 1"
            )
        self.width = 2 * len(versions)  # a task waits at each worker while it works

    def open(self, width: int) -> Executor:
        """An executor on the cluster; how many tasks it is given at a time is up to the caller.

        ``width``: is not used.
        """
        executor: Executor = self._client.get_executor(pure=False)
        return executor

    def kill(self, executor: Executor) -> None:
        """Take tasks back that have not begun; those that have are let go of. ``executor``: that of :meth:`open`."""
        executor.shutdown(wait=False)

    def close(self) -> None:
        """End the connection."""
        self._client.close(timeout=5)


def outcome(future: Future[Any]) -> Any:
    """What a future returned, or its exception; LostCluster if it was taken away by a cluster that is gone."""
    try:
        return future.result()
    except CancelledError:
        raise LostCluster("the cluster was lost; what is done is in the file, and the same command goes on") from None


def version() -> str:
    """The version of symrelu that a worker has."""
    return __version__


def worked(work: Work, task: dict[str, Any]) -> tuple[list[dict[str, Any]] | None, str]:
    """In a worker: the records of a task, or None and why there are none. Raises nothing that is an Exception."""
    try:
        return work(task), ""
    except Exception as error:
        text = " ".join(str(error).split())
        return None, f"{type(error).__name__}: {text}"[:400]


def cores() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def one_thread() -> None:
    """Let the linear algebra of this process, if numpy is not loaded yet, and of those it starts use one thread each,
    unless the environment says otherwise: for many small matrices more threads cost time, much on a busy machine.
    """
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")


def _begin() -> None:
    """In a new process: leave Ctrl-C to the one that started it, and end when that one ends, however it does."""
    import multiprocessing

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    one_thread()
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)


__all__ = [
    "Cluster",
    "LostCluster",
    "Pools",
    "Processes",
    "Work",
    "cores",
    "one_thread",
    "outcome",
    "version",
    "worked",
]
