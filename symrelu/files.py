"""Files that appear whole or not at all, and locks that end with their process."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

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


def temporary_for(target: Path) -> Path:
    """A name beside ``target`` that no other process and no other thread uses."""
    return target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.part")


@contextmanager
def atomically(path: str | Path) -> Iterator[Path]:
    """A path beside ``path`` to write to; at the end of the block that file takes its name, and on any error it
    vanishes.

    Raises BadInput, with the system's reason, if the file cannot be written.
    """
    check_writable(path)
    target = Path(path).resolve()
    temporary = temporary_for(target)
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


@contextmanager
def locked(path: str | Path, doing: str) -> Iterator[None]:
    """Holds the lock of ``path`` during the block; the system lets it go when the process ends, however it ends.

    The lock is on a file of its own beside ``path``, which is taken away at the end. Raises BadInput, with ``doing`` in
    its words, if another process holds it.
    """
    target = Path(path).resolve()
    beside = target.with_name(f".{target.name}.lock")
    while True:
        try:
            handle = open(beside, "ab")
        except OSError as error:
            raise BadInput(
                f"the file {str(path)!r} cannot be written: {error.strerror}; choose another place"
            ) from None
        if not _lock(handle):
            handle.close()
            raise BadInput(f"another process is {doing} {str(path)!r}; wait for it, or give another file")
        if _is_at(handle, beside):
            break
        handle.close()  # the holder before us took the file away: the lock on it excludes nobody
    try:
        yield
    finally:
        if sys.platform != "win32":  # where an open file cannot be taken away
            beside.unlink(missing_ok=True)
        handle.close()


def _is_at(handle: IO[bytes], path: Path) -> bool:
    """Whether the open file is the one that the path names."""
    try:
        return os.path.samestat(os.fstat(handle.fileno()), os.stat(path))
    except FileNotFoundError:
        return False


def _lock(handle: IO[bytes]) -> bool:
    """Whether the lock could be had."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


__all__ = ["atomically", "check_writable", "locked", "temporary_for", "write_json"]
