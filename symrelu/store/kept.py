"""Answers that are kept: the calls that the rest of the package makes. With the store off each of them computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, TypeVar

from symrelu.store.store import Store

T = TypeVar("T")


def remembered(kind: str, asked: Mapping[str, Any], make: Callable[[], T]) -> T:
    """What ``make()`` returns, or returned for this question before in this process; not kept on disk.

    ``asked``: plain data, everything the answer depends on. The object must be one that nobody changes.
    """
    store = Store.open()
    return make() if store is None else store.remembered(kind, asked, make)


def kept(
    kind: str,
    asked: Mapping[str, Any],
    make: Callable[[], T],
    write: Callable[[T], Any],
    read: Callable[[Any], T],
) -> T:
    """What ``make()`` returns, or returned for this question before, in this process or in another one.

    Parameters: ``kind`` of answer; ``asked``, plain data, everything the answer depends on; ``write`` turns the answer
    into plain data (ValueError, of which BadInput is one, where it cannot: then it is kept in memory only); ``read``
    turns them back, raising ValueError, KeyError or TypeError for data that are no such answer: then it is made anew.
    The object must be one that nobody changes.
    """
    store = Store.open()
    if store is None:
        return make()

    def find() -> T:
        data = store.get(kind, asked)
        if data is not None:
            try:
                return read(data)
            except (ValueError, KeyError, TypeError, RecursionError):
                pass
        made = make()
        try:
            data = write(made)
        except ValueError:  # no plain data say it: kept in memory only
            return made
        store.put(kind, asked, data)
        return made

    return store.remembered(kind, asked, find)


def kept_data(kind: str, asked: Mapping[str, Any], make: Callable[[], T]) -> T:
    """The same for plain data, such as a list of the families found for a type; the caller gets a copy of his own.

    ``make``: computes it where it is not kept.
    """
    return deepcopy(kept(kind, asked, make, lambda data: data, lambda data: data))


__all__ = ["kept", "kept_data", "remembered"]
