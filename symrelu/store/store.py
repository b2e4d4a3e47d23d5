"""A folder of derived results, and the same results in memory.

The folder is ``SYMRELU_STORE`` if that is set, else the user's cache folder; ``SYMRELU_STORE=off`` turns the store off,
memory included. Records are files that take their names when they are complete, so any number of processes may use one
folder without locks: two that write one record write the same. What cannot be read is derived again; what cannot be
written is said once on standard error, and the answer is not affected.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from symrelu.files import temporary_for
from symrelu.store.keys import key_of
from symrelu.store.records import read, written

T = TypeVar("T")
VARIABLE = "SYMRELU_STORE"
MOST_BYTES = 512 * 2**20  # of all records together
MOST_READ = 64 * 2**20  # of one: more is not one of ours
MOST_OBJECTS = 256  # kept in memory
PUTS_PER_LOOK = 64  # between two looks at the folder's size
OLD = 3600.0  # seconds after which an unfinished file has no writer any more
_RECORD = re.compile(r"[0-9a-f]{64}\.json")
_PART = re.compile(r"\.[0-9a-f]{64}\.json\.\d+\.\d+\.part")


class Store:
    """The store in one folder. Get it by :meth:`open`; one object a folder and process.

    Parameters: ``folder``, made when first written to; ``most_bytes``, the bound of its size: beyond it the records
    that were not used for longest are taken away.
    """

    _opened: dict[Path, Store] = {}

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._objects: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()
        self._puts = 0
        self._writes = True

    def __repr__(self) -> str:
        return f"<Store {str(self.folder)!r}>"

    @classmethod
    def open(cls) -> Store | None:
        """The store that the environment names; None if it is turned off. Never fails: the folder is not touched."""
        folder = chosen_folder()
        if folder is None:
            return None
        return cls._opened.setdefault(folder, cls(folder))

    # -- records on disk -----------------------------------------------------------------------------------------------

    def path(self, kind: str, asked: Mapping[str, Any]) -> Path:
        """Where the record about this is, or would be."""
        key = key_of(kind, asked)
        return self.folder / key[:2] / f"{key}.json"

    def get(self, kind: str, asked: Mapping[str, Any]) -> Any:
        """The data that were put for exactly this question by this version of symrelu; None if there are none.

        A truncated, altered or foreign file counts as none. TypeError if ``asked`` is no plain data.
        """
        path = self.path(kind, asked)
        try:
            content = _content(path)
        except OSError:
            return None
        data = None if content is None else read(content, kind, asked)
        if data is not None:
            try:
                os.utime(path)  # used: among the last to be taken away
            except OSError:
                pass
        return data

    def put(self, kind: str, asked: Mapping[str, Any], data: Any) -> None:
        """Keep plain data (not None) as the answer to this question, in place of what was there.

        A folder that cannot be written to is said once on standard error, and left alone from then on. TypeError for
        data without canonical JSON.
        """
        path, content = self.path(kind, asked), written(kind, asked, data)
        if not self._writes:
            return
        try:
            try:
                _replace(path, content)
            except FileNotFoundError:  # the first in its folder, or another process has just cleared the store
                path.parent.mkdir(parents=True, exist_ok=True)
                _replace(path, content)
        except OSError as error:
            self._writes = False
            _say(
                f"the store {str(self.folder)!r} cannot be written ({error.strerror}), so results are not kept; "
                f"{VARIABLE} names another folder, {VARIABLE}=off turns it off"
            )
            return
        if self._puts % PUTS_PER_LOOK == 0:
            self._bound()
        self._puts += 1

    # -- objects in memory ---------------------------------------------------------------------------------------------

    def remembered(self, kind: str, asked: Mapping[str, Any], make: Callable[[], T]) -> T:
        """What ``make()`` returned for this question in this process, an object that nobody may change.

        The last 256 are kept. An exception of ``make`` passes through, and nothing is kept.
        """
        key = key_of(kind, asked)
        with self._lock:
            if key in self._objects:
                self._objects.move_to_end(key)
                found: T = self._objects[key]
                return found
        made = make()
        with self._lock:
            self._objects[key] = made
            self._objects.move_to_end(key)
            while len(self._objects) > MOST_OBJECTS:
                self._objects.popitem(last=False)
        return made

    # -- size ----------------------------------------------------------------------------------------------------------

    def size(self) -> tuple[int, int]:
        """The number of records in the folder, and their bytes."""
        sizes = [info.st_size for _, info in self._files(_RECORD)]
        return len(sizes), sum(sizes)

    def clear(self) -> int:
        """Take all records away, also what a process that died left unfinished, and nothing else; how many they were.

        Raises OSError if the folder cannot be written to.
        """
        with self._lock:
            self._objects.clear()
        count = 0
        for path, _ in [*self._files(_RECORD), *self._files(_PART)]:
            path.unlink(missing_ok=True)
            count += bool(_RECORD.fullmatch(path.name))
        for folder in self._folders():
            try:
                folder.rmdir()
            except OSError:  # another process has just written there, or the user keeps something of his own in it
                pass
        return count

    def _bound(self) -> None:
        """Take the records away that were not used for longest, until a quarter of the space is free."""
        now = time.time()
        for path, info in self._files(_PART):
            if now - info.st_mtime > OLD:
                _unlink(path)
        files = sorted(self._files(_RECORD), key=lambda found: found[1].st_mtime)
        total = sum(info.st_size for _, info in files)
        if total <= self.most_bytes:
            return
        for path, info in files:
            if total <= self.most_bytes * 3 // 4:
                break
            _unlink(path)
            total -= info.st_size

    def _folders(self) -> list[Path]:
        try:
            return [path for path in self.folder.iterdir() if re.fullmatch(r"[0-9a-f]{2}", path.name)]
        except OSError:
            return []

    def _files(self, names: re.Pattern[str]) -> Iterator[tuple[Path, os.stat_result]]:
        for folder in self._folders():
            try:
                entries = [entry for entry in os.scandir(folder) if names.fullmatch(entry.name)]
                infos = [(Path(entry.path), entry.stat(follow_symlinks=False)) for entry in entries]
            except OSError:  # taken away by another process meanwhile
                continue
            yield from infos


def chosen_folder() -> Path | None:
    """The store's folder, an absolute path; None if it is turned off."""
    text = os.environ.get(VARIABLE, "")
    if text.strip().lower() == "off":
        return None
    if not text.strip():
        import platformdirs

        return Path(platformdirs.user_cache_dir("symrelu", appauthor=False)).absolute()
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # ~ without a home
        return Path(text).absolute()


def _content(path: Path) -> bytes | None:
    """The content of an ordinary file of honest size."""
    info = os.stat(path)
    if not stat.S_ISREG(info.st_mode) or info.st_size > MOST_READ:
        return None
    return path.read_bytes()


def _replace(path: Path, content: bytes) -> None:
    temporary = temporary_for(path)
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        _unlink(temporary)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError:
        pass


def _say(message: str) -> None:
    if sys.stderr is not None:
        print(f"symrelu: warning: {message}", file=sys.stderr)


__all__ = ["MOST_BYTES", "VARIABLE", "Store", "chosen_folder"]
