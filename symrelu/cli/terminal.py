"""What commands print, and how they fail: one line on standard error, exit status 2, never a traceback."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

BAD_INPUT, INTERRUPTED = 2, 130
LONGEST_MESSAGE = 420
STYLE = "symrelu.style"  # in the context of a command: pretty (asked for), auto (by default) or plain
SAMPLE = "⁻³⁄²₁πΔ√·−½×…"  # what an encoding must be able to write


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


def style_of(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Keep what --format says about looks, and give the command its format: "pretty" is text, too."""
    by_default = context.get_parameter_source(parameter.name or "") == click.core.ParameterSource.DEFAULT
    context.meta[STYLE] = "pretty" if value == "pretty" else "auto" if by_default and value == "text" else "plain"
    return "text" if value == "pretty" else value


def print_text(text: str, ramification: int | None = None) -> None:
    """Print an answer: for people, folded to the terminal's width, where --format pretty asks or a terminal shows it.

    Into a pipe or a file, with --format text, or in an encoding without the signs, it is the plain ASCII text as it is.
    ``ramification``: of the t in the text, where the text does not say it.
    """
    clear_progress()
    context = click.get_current_context(silent=True)
    style = context.meta.get(STYLE, "plain") if context else "plain"
    if style == "plain" or (style == "auto" and not sys.stdout.isatty()) or not _can_write(SAMPLE):
        print(text)
        return
    from symrelu.render.terminal import coloured, pretty

    shown = pretty(text, shutil.get_terminal_size().columns, ramification)
    print(coloured(shown) if _in_colour() else shown)


def _can_write(signs: str) -> bool:
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _in_colour() -> bool:
    """On a terminal that knows escape sequences, unless NO_COLOR (no-color.org) is set."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def print_json(data: Any) -> None:
    """Print an answer as JSON, which goes to standard output alone."""
    clear_progress()
    print(json.dumps(data, indent=1, ensure_ascii=False))
