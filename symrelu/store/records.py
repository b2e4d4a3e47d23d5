"""Records of the store: an answer with what was asked, who wrote it, and a hash of all that.

A record is believed only if it reads back as what this version of the program, from the same sources, would have
written. The hash tells damage, not malice: whoever may write in the store's folder is trusted as much as whoever may
change the program.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from symrelu import __version__
from symrelu.store.keys import canonical, digest

FORMAT, FORMAT_VERSION = "symrelu-store", 1


def written(kind: str, asked: Mapping[str, Any], data: Any) -> bytes:
    """The record as a file's content: canonical JSON and a newline. TypeError for what is no plain data."""
    record = {**_head(), "kind": kind, "asked": dict(asked), "data": data}
    return (canonical({**record, "hash": digest(record)}) + "\n").encode("ascii")


def read(content: bytes, kind: str, asked: Mapping[str, Any]) -> Any:
    """The data of a record about exactly this; None for anything else.

    Something else is: a truncated or altered file, one of another program, format, version or source, or one that
    answers another question.
    """
    try:
        record = json.loads(content)
        if not isinstance(record, dict):
            return None
        found = record.pop("hash", None)
        expected = {**_head(), "kind": kind, "asked": dict(asked), "data": record.get("data")}
        if canonical(record) != canonical(expected) or found != digest(record):
            return None
        return record["data"]
    except (ValueError, TypeError, RecursionError):
        return None


def _head() -> dict[str, Any]:
    return {"format": FORMAT, "format_version": FORMAT_VERSION, "version": __version__, "sources": sources()}


@cache
def sources() -> str:
    """A hash of the package's source files, so that no result outlives a change of the program under one version."""
    root = Path(__file__).resolve().parent.parent
    found = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        found.update(f"{path.relative_to(root).as_posix()}\n".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


__all__ = ["FORMAT", "FORMAT_VERSION", "read", "sources", "written"]
