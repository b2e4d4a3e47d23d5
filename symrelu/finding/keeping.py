"""Starts of families as plain data and back, so that a search is done once: exact coefficients as text, constants
without exact form as balls together with the numbers that guide a finer computation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from symrelu.errors import BadInput
from symrelu.exact import generators
from symrelu.exact.constants import BallField
from symrelu.exact.reading import BallReader, ExactReader
from symrelu.exact.series import Series
from symrelu.finding.guide import Guide
from symrelu.finding.guided import refined
from symrelu.model.reduced import Problem
from symrelu.series.leading import Start


def start_json(start: Start) -> dict[str, Any]:
    """The start as plain data."""
    field = start.field
    balls = isinstance(field, BallField)
    digits = field.bits * 3 // 10 if isinstance(field, BallField) else 0
    entries = []
    for x in start.entries:
        cs = [
            field.json(c, _digits(field, c, digits)) if isinstance(field, BallField) else field.text(c)
            for c in x.coefficients
        ]
        entries.append({"valuation": x.valuation, "coefficients": cs})
    return {
        "field": {"base": "balls", "bits": field.bits}
        if isinstance(field, BallField)
        else generators.field_json([field]),
        "balls": balls,
        "entries": entries,
        "known": start.known,
        "exact": start.exact,
        "ramification": start.ramification,
        "system": start.system,
        "guide": None if start.guide is None else start.guide.to_json(),
    }


def _digits(field: BallField, x: Any, most: int) -> int:
    """How many digits of a constant are known, at most ``most``."""
    return max(1, min(most, int(x.enclosure.rel_accuracy_bits() * 0.3) - 2)) if x else most


def start_from_json(problem: Problem, data: Mapping[str, Any]) -> Start:
    """The start that :func:`start_json` wrote; BadInput for data that are none of this problem."""
    reader: Any = BallReader(data["field"]) if data["balls"] else ExactReader(data["field"])
    rows: Sequence[Any] = data["entries"]
    if len(rows) != problem.dim:
        raise BadInput(
            f"a start of {len(rows)} coordinates was kept; {problem.space.isotropy.label()} has {problem.dim}"
        )
    values = [[reader.read(c) for c in row["coefficients"]] for row in rows]
    ramification = int(data["ramification"])
    entries = tuple(
        Series(reader.field, int(row["valuation"]), cs, None, ramification)
        for row, cs in zip(rows, values, strict=True)
    )
    start = Start(
        reader.field, entries, int(data["known"]), bool(data["exact"]), ramification, system=str(data["system"])
    )
    if data["guide"] is None:
        return start
    guide = Guide.from_json(data["guide"])
    return replace(start, guide=guide, refine=lambda bits: refined(problem, guide, start.known, bits))
