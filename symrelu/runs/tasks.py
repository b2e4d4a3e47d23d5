"""A task of a run: plain data that says everything its result depends on but the version of symrelu."""

from __future__ import annotations

from typing import Any

from symrelu.store.keys import digest

Task = dict[str, Any]
Record = dict[str, Any]


def task_id(task: Task) -> str:
    """The name of a task: the first 16 hexadecimal digits of the hash of its canonical JSON."""
    return digest(task)[:16]


__all__ = ["Record", "Task", "task_id"]
