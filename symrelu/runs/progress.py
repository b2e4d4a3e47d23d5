"""How far many tasks are, on standard error: a bar for a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
import time

WIDTH = 24
QUIET = 30.0  # seconds between lines where nobody watches


class Bar:
    """The progress of ``total`` tasks, of which ``before`` were done when it began.

    The remaining time is that of the tasks left at the pace of those done since the beginning, and counts down from
    task to task; nothing is said of it before the first one, and when it is over. ``counted``: what the lines of a task
    are, in words ("" leaves them out).
    """

    def __init__(self, total: int, before: int = 0, counted: str = "families") -> None:
        self.counted = counted
        self.total, self.before, self.done = total, before, before
        self.families = self.failed = 0
        self._began = self._said = time.monotonic()
        self._end = self._last = self._began
        self._terminal = sys.stderr is not None and sys.stderr.isatty()

    def step(self, families: int, failed: bool = False) -> None:
        """A task is done, or failed."""
        self.done += 1
        self.families += families
        self.failed += failed
        now = time.monotonic()
        self._last = now
        self._end = now + (now - self._began) / (self.done - self.before) * (self.total - self.done)
        self.show()

    def show(self) -> None:
        """Show where it is: in a terminal at once, elsewhere if enough time has passed."""
        now = time.monotonic()
        if self._terminal:
            filled = WIDTH * self.done // max(self.total, 1)
            width = shutil.get_terminal_size().columns - 1
            line = f"[{'#' * filled}{'.' * (WIDTH - filled)}] {self.text(now)}"
            sys.stderr.write(f"\r\x1b[K{line[:width]}")
            sys.stderr.flush()
        elif sys.stderr is not None and now - self._said >= QUIET:
            self._said = now
            print(f"symrelu: {self.text(now)}", file=sys.stderr, flush=True)

    def text(self, now: float) -> str:
        """The progress in words, at a time of the monotonic clock."""
        words = [f"{self.done} of {self.total} tasks"]
        if self.counted:
            words.append(f"{self.families} {self.counted}")
        if self.failed:
            words.append(f"{self.failed} failed")
        if self.done > self.before:
            words.append(_rate((self.done - self.before) / max(self._last - self._began, 1e-3)))
        if self._end > now:
            words.append(f"{_clock(self._end - now)} left")
        return ", ".join(words)


def _rate(per_second: float) -> str:
    """Tasks a second, a minute or an hour: the first that is at least one."""
    for unit, seconds in (("s", 1), ("min", 60), ("h", 3600)):
        if per_second * seconds >= 1 or unit == "h":
            break
    return f"{per_second * seconds:.3g}/{unit}"


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


__all__ = ["Bar"]
