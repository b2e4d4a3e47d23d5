"""What a record is about, as canonical JSON, and the hash that names it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical(data: Any) -> str:
    """The one JSON text of plain data: sorted keys, no spaces, ASCII.

    Equal data have equal texts, and the other way round. ``data`` consists of dicts with text keys, lists or tuples
    (written alike), text, integers, True, False and None. Raises TypeError for anything else: numbers that are not
    exact are written as text, so that they mean the same on every machine.
    """
    _check(data)
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def key_of(kind: str, asked: Mapping[str, Any]) -> str:
    """The name of the record that answers a question: SHA-256 of its canonical JSON, 64 hexadecimal digits.

    ``kind``: of answer, such as "series". ``asked``: everything that the answer depends on.
    """
    return digest({"kind": kind, "asked": dict(asked)})


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON of plain data, in hexadecimal."""
    return hashlib.sha256(canonical(data).encode("ascii")).hexdigest()


def _check(data: Any) -> None:
    if data is None or isinstance(data, (str, bool, int)):
        return
    if isinstance(data, (list, tuple)):
        for item in data:
            _check(item)
        return
    if isinstance(data, dict):
        for key, value in data.items():
            if not isinstance(key, str):
                raise TypeError(f"the key {key!r} is no text, so the data have no canonical JSON")
            _check(value)
        return
    raise TypeError(f"{type(data).__name__} has no canonical JSON; write it as text")


__all__ = ["canonical", "digest", "key_of"]
