"""What commands print, and how they fail: one line on standard error, exit status 2, never a traceback."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, NoReturn

BAD_INPUT, INTERRUPTED = 2, 130
LONGEST_MESSAGE = 420


def fail(message: str) -> NoReturn:
    """End with exit status 2 and one line on standard error."""
    clear_progress()
    if len(message) > LONGEST_MESSAGE:  # what was given may be of any length
        message = f"{message[: LONGEST_MESSAGE // 3]} ... {message[-LONGEST_MESSAGE // 2 :]}"
    print(f"symrelu: {message}", file=sys.stderr)
    raise SystemExit(BAD_INPUT)


def progress() -> Callable[[str], None] | None:
    """A line on standard error that is overwritten as work goes on; None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(message: str) -> None:
        sys.stderr.write(f"\r\x1b[K{message[:100]}")
        sys.stderr.flush()

    return show


def clear_progress() -> None:
    """Take the line of progress away."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def print_text(text: str) -> None:
    """Print an answer."""
    clear_progress()
    print(text)


def print_json(data: Any) -> None:
    """Print an answer as JSON, which goes to standard output alone."""
    print_text(json.dumps(data, indent=1, ensure_ascii=False))
