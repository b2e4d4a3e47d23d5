"""Which families live in which isotropy type: the named ones, and those of a sweep's file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from symrelu.catalogue import NAMED, name_of, read_limit
from symrelu.errors import BadInput
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.lattice import Inhabitant


def named_inhabitants() -> list[Inhabitant]:
    """The named families with their isotropy groups."""
    return [(Isotropy.parse(entry.blocks), entry.name) for entry in NAMED]


def read_inhabitants(path: str | Path) -> list[Inhabitant]:
    """The families of a file of JSON lines, such as `symrelu sweep` writes, with their isotropy groups.

    Each line is an object with blocks, and rows, cols, limit, branch, kernel where they are known; lines without a
    limit describe no family. A named family is called by its name, others by limit, branch (from the second on) and
    kernel. Raises BadInput, with the line's number, for what cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise BadInput(f"the file {str(path)!r} cannot be read: {reason}") from None
    found: list[Inhabitant] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):  # of numbers of thousands of digits, too
            if number == len(lines) > 1:  # cut off as it was written
                continue
            raise _unreadable(path, number, "it is no JSON") from None
        if not isinstance(record, dict):
            raise _unreadable(path, number, "it is no object with keys such as blocks and limit")
        if record.get("limit") is None:
            continue
        one = _inhabitant(path, number, record)
        if one not in found:
            found.append(one)
    return found


def _unreadable(path: str | Path, number: int, problem: str) -> BadInput:
    return BadInput(f"line {number} of {str(path)!r} cannot be read: {problem}; try a file that symrelu sweep -o wrote")


def _inhabitant(path: str | Path, number: int, record: dict[str, Any]) -> Inhabitant:
    words = {key: record.get(key) for key in ("blocks", "rows", "cols", "limit", "kernel")}
    bad = next((key for key, value in words.items() if value is not None and not isinstance(value, str)), None)
    if bad or words["blocks"] is None:
        raise _unreadable(path, number, f"{bad or 'blocks'} must be text such as 'd-1,1'")
    try:
        isotropy = Isotropy.parse(words["blocks"], words["rows"], words["cols"])
    except BadInput as error:
        raise _unreadable(path, number, str(error)) from None
    limit, kernel, branch = str(words["limit"]), words["kernel"] or "relu", record.get("branch")
    if kernel == "relu" and branch in (None, 1):
        try:
            name = name_of(isotropy, read_limit(isotropy, limit))
        except BadInput:  # a limit without exact form
            name = None
        if name is not None:
            return isotropy, name
    parts = [limit, *([f"#{branch}"] if branch not in (None, 1) else []), *([kernel] if kernel != "relu" else [])]
    return isotropy, " ".join(parts)
