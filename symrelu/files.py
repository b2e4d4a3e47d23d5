"""Files that appear whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from symrelu.errors import BadInput


def check_writable(path: str | Path) -> None:
    """Raise BadInput if a file could not be written there, before anything is computed for it."""
    target = Path(path).resolve()
    if not target.parent.is_dir():
        raise BadInput(f"there is no folder {str(Path(path).parent)!r} to write {target.name} to; make it first")
    if target.is_dir():
        raise BadInput(f"{str(path)!r} is a folder; give the name of a file")
    if not os.access(target.parent, os.W_OK):
        raise BadInput(f"the folder {str(Path(path).parent)!r} cannot be written to; choose another place")


@contextmanager
def atomically(path: str | Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; at the end of the block that file takes its name, and on any error it
    vanishes.

    Raises BadInput, with the system's reason, if the file cannot be written.
    """
    check_writable(path)
    target = Path(path).resolve()
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        raise BadInput(f"the file {str(path)!r} cannot be written: {error.strerror}; choose another place") from None
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: str | Path, data: Any) -> None:
    """Write plain data as JSON."""
    with atomically(path) as temporary:
        temporary.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
