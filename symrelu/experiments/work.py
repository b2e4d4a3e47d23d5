"""The work of one task of any experiment, in a process of its own if need be."""

from __future__ import annotations

import importlib
from typing import Any

from symrelu.errors import BadInput

MODULES = {
    "critical-points": "symrelu.experiments.critical",
    "freeness": "symrelu.experiments.freeness",
    "h0": "symrelu.experiments.initial",
    "h1": "symrelu.experiments.initial",
    "gap": "symrelu.experiments.initial",
    "minima": "symrelu.experiments.minima",
    "linear": "symrelu.experiments.minima",
    "wishart-wigner": "symrelu.experiments.universality",
}


def work(task: dict[str, Any]) -> list[dict[str, Any]]:
    """The records of a task: plain data. The module of the experiment does it, on one core."""
    if task["experiment"] not in MODULES:
        raise BadInput(f"the experiment {task['experiment']!r} was asked for; there are {', '.join(MODULES)}")
    found: list[dict[str, Any]] = importlib.import_module(MODULES[task["experiment"]]).work(task)
    return found


__all__ = ["MODULES", "work"]
