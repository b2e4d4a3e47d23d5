"""Processes that are deaf to Ctrl-C from their first moment on: a terminal sends it to them, too, and one that is still
importing would print a traceback. They are ended by the process that started them.
"""

from __future__ import annotations

import signal
from multiprocessing import resource_tracker
from multiprocessing.context import SpawnContext, SpawnProcess


class DeafProcess(SpawnProcess):
    """A spawned process that begins with SIGINT blocked, where the system knows of blocked signals."""

    def start(self) -> None:
        """Start the process; what is blocked while it starts it inherits."""
        if not hasattr(signal, "pthread_sigmask"):
            super().start()
            return
        resource_tracker.ensure_running()  # unblocks SIGINT when it starts
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class DeafContext(SpawnContext):
    """The context of such processes."""

    Process = DeafProcess


CONTEXT = DeafContext()
