"""A process that answers the questions of a page: `python -m symrelu.explore.worker`, lines of JSON in and out.

A line in is {"id", "kind", "question"}; lines out are {"id", "say": what is being done}, {"id", "part": part of an
answer} and last {"id", "done" or "failed": data}. The process ends with its standard input.
"""

from __future__ import annotations

import json
import signal
import sys
from typing import Any, TextIO


def serve(lines: TextIO, out: TextIO) -> None:
    """Answer until there are no more lines; BrokenPipeError, from a page that is gone, ends it too."""
    from symrelu.explore.answers import answer

    def tell(number: int, what: str, data: Any) -> None:
        out.write(json.dumps({"id": number, what: data}) + "\n")
        out.flush()

    tell(-1, "say", "ready")
    for line in lines:
        asked = json.loads(line)
        number = asked["id"]
        try:
            how, data = answer(
                asked["kind"],
                asked["question"],
                lambda text, to=number: tell(to, "say", text),  # type: ignore[misc]
                lambda data, to=number: tell(to, "part", data),  # type: ignore[misc]
            )
        except BrokenPipeError:
            return
        except Exception as error:  # a bug of ours: the page says so, and goes on
            text = f"{type(error).__name__}: {error}"[:300]
            how, data = "failed", {"error": f"this is a bug, please report it: {text}", "class": type(error).__name__}
        tell(number, how, data)


def main() -> None:
    """Answer on standard output, which nothing else may use; Ctrl-C is left to the page's process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out, sys.stdout = sys.stdout, sys.stderr
    try:
        serve(sys.stdin, out)
    except BrokenPipeError:
        pass


if __name__ == "__main__":
    main()
