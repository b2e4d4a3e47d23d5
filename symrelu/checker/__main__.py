"""Check a certificate in a file: exit 0 if it is accepted, 1 if rejected, 2 if it cannot be read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from symrelu.checker import Unreadable, Verdict, check

LARGEST_FILE = 20_000_000


def load(path: str) -> Any:
    """The JSON values in a file of moderate size; Unreadable if that fails."""
    try:
        with Path(path).open("rb") as file:
            raw = file.read(LARGEST_FILE + 1)
        if len(raw) > LARGEST_FILE:
            raise Unreadable(f"the file is larger than {LARGEST_FILE} bytes")
        return json.loads(raw.decode("utf-8"))
    except OSError as error:
        raise Unreadable(f"the file cannot be opened: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, Unreadable) else "the file is not JSON"
        raise Unreadable(reason) from None


def main(arguments: list[str]) -> int:
    """Check the file named; print one line, and what is proved."""
    if len(arguments) != 1:
        print("usage: python -m symrelu.checker certificate.json", file=sys.stderr)
        return 2
    try:
        verdict = check(load(arguments[0]))
    except Unreadable as error:
        print(f"unreadable: {error}", file=sys.stderr)
        return 2
    return show(verdict)


def show(verdict: Verdict) -> int:
    """Print what is proved, or why not; the exit status."""
    print(f"{'accepted' if verdict.accepted else 'rejected'}: {verdict.reason}")
    if verdict.accepted:
        print(verdict.details["statement"])
    return 0 if verdict.accepted else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
