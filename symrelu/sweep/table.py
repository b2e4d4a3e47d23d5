"""The file of a sweep: JSON lines of which a task's are believed when its closing line is there.

Every line has the keys ``sweep`` (the format's version), ``version`` (symrelu's), ``task``, ``blocks``, ``rows``,
``cols``, ``kernel``, ``limit``, ``branch``, ``loss``, ``thresholds`` and ``verdict``. A family's line has them all; the
line that closes a task has ``"done": true`` and ``families``, how many lines of families there are besides, and null
for what belongs to a family; so has one with ``"failed": true`` and a reason, for a task that is to be done again. The
order of the lines means nothing, and equal lines are one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context
from pathlib import Path
from typing import Any

from symrelu import __version__
from symrelu.columns import aligned, markdown
from symrelu.errors import BadInput
from symrelu.runs.tasks import Record, Task, task_id
from symrelu.store.keys import canonical

FORMAT = 1
_OF_A_FAMILY = ("limit", "branch", "loss", "thresholds", "verdict")


@dataclass(frozen=True)
class Done:
    """The complete tasks of a file: the lines of each, its closing line last, as they stand in the file.

    ``dropped``: the number of other lines: of tasks that were not completed or failed, torn ones, and repetitions.
    """

    lines: dict[str, tuple[str, ...]]
    dropped: int

    def records(self, tasks: Iterable[str] | None = None) -> list[Record]:
        """All lines of these tasks (default: of all), as plain data."""
        chosen = self.lines if tasks is None else [task for task in tasks if task in self.lines]
        return [json.loads(line) for task in chosen for line in self.lines[task]]


def lines_of(task: Task, records: Sequence[Record]) -> list[str]:
    """What is written for a task that is done: a line for each family, and the line that closes it."""
    families = [r for r in records if "limit" in r and "larger" not in r]
    closing: Record = {"done": True, "families": len(families)}
    for record in records:
        if "searched" in record or "completeness" in record:
            closing |= record
    for key in ("larger", "unproved"):
        closing[key] = [record for record in records if key in record]
    return [_line(task, record) for record in (*families, closing)]


def failed_lines(task: Task, reason: str) -> list[str]:
    """What is written for a task that could not be done: one line, which does not close it."""
    return [_line(task, {"failed": True, "reason": reason})]


def _line(task: Task, record: Record) -> str:
    head: Record = {
        "sweep": FORMAT,
        "version": __version__,
        "task": task_id(task),
        **{key: task[key] for key in ("blocks", "rows", "cols")},
        "kernel": task["setting"]["kernel"],
        **dict.fromkeys(_OF_A_FAMILY),
    }
    return canonical({**head, **record})


def read_sweep(path: str | Path) -> Done:
    """The complete tasks of a file; of none if there is no file.

    The last line may be torn: a process died while writing it. Raises BadInput for a file that is no sweep's, and for
    one that another version of symrelu wrote.
    """
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        return Done({}, 0)
    except OSError as error:
        raise BadInput(f"the file {str(path)!r} cannot be read: {error.strerror}; give another one") from None
    *whole, torn = content.split(b"\n")
    lines: dict[str, dict[str, Record]] = {}
    count = 0
    for number, line in enumerate(whole, 1):
        record = _record(line)
        if record is None:
            raise BadInput(f"line {number} of {str(path)!r} is no line of a sweep; give another file")
        if record.get("version") != __version__:
            raise BadInput(
                f"line {number} of {str(path)!r} was written by symrelu {record.get('version')}, and this is "
                f"{__version__}; give another file, or take this one away"
            )
        count += 1
        lines.setdefault(record["task"], {}).setdefault(line.decode("ascii"), record)
    if not whole and torn and not _begins_a_line(torn):
        raise BadInput(f"the file {str(path)!r} is no file of a sweep; give another one")
    complete: dict[str, tuple[str, ...]] = {}
    for task, texts in lines.items():
        families = [text for text, record in texts.items() if "done" not in record and "failed" not in record]
        closing = [text for text, record in texts.items() if record.get("done") is True]
        if len(closing) == 1 and texts[closing[0]].get("families") == len(families):
            complete[task] = (*families, *closing)
    kept = sum(map(len, complete.values()))
    return Done(complete, count - kept + bool(torn))


def _record(line: bytes) -> Record | None:
    """A line as plain data, if it is one of a sweep."""
    try:
        record = json.loads(line.decode("ascii"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("sweep") != FORMAT or not isinstance(record.get("task"), str):
        return None
    return record


def _begins_a_line(torn: bytes) -> bool:
    """Whether some bytes may be the beginning of a file's first line: nothing of the user's is taken for it."""
    start = b'{"blocks":"'
    return torn.startswith(start[: len(torn)])


# -- the table of a reader ---------------------------------------------------------------------------------------------

HEADS = ("blocks", "rows", "limit", "family", "kernel", "loss", "thresholds", "verdict")


def table(records: Sequence[Record], form: str = "text") -> str:
    """The families of a sweep as a table, as "text" or "markdown", and below it footnotes (what families rest on that
    is not proved), and what was not searched or failed. ``records``: the lines of the sweep's file; ``form``: one of
    the two words.
    """
    families = sorted((record for record in records if record["limit"] is not None), key=_order)
    assumed = list(dict.fromkeys(record["rests_on"] for record in families if record.get("rests_on")))
    rows = [HEADS, *(_row(record, assumed) for record in families)]
    lines = markdown(rows) if form == "markdown" else aligned(rows)
    notes = [f"[{number}] rests on: {text}" for number, text in enumerate(assumed, 1)]
    for record in sorted((r for r in records if r["limit"] is None), key=_order):
        if record.get("searched") is False:
            notes.append(f"not searched: {_type(record)}: {record['reason']}")
        if record.get("larger"):
            others = ", ".join(f"{other['limit']} ({other['larger']})" for other in record["larger"])
            notes.append(f"not counted: {_type(record)}: of larger isotropy, and in the task of that: {others}")
        for other in record.get("unproved", ()):
            notes.append(f"not proved: {_type(record)}: {other['unproved']}: {other['reason']}")
    if notes:
        lines += ["", *(f"* {note}" if form == "markdown" else note for note in notes)]
    return "\n".join(lines)


def _order(record: Record) -> tuple[Any, ...]:
    blocks = record["blocks"].split(",")
    sizes = [int(size) for size in blocks[1:] if size.isdigit()]
    branch = record["branch"] or 0
    return record["kernel"], sum(sizes), len(blocks), [-s for s in sizes], record["rows"], record["limit"] or "", branch


def _type(record: Record) -> str:
    return f"{record['blocks']} (rows {record['rows']}, kernel {record['kernel']})"


def _row(record: Record, assumed: Sequence[str]) -> tuple[str, ...]:
    limit = record["limit"] if record["branch"] == 1 else f"{record['limit']} #{record['branch']}"
    found = record["thresholds"]
    shown = "?" if found is None else ", ".join(f"{_short(t['d'])} ({t['component']})" for t in found) or "none"
    if found is not None and not record["complete"]:
        shown += " (numerical)"
    where = f"for d >= {record['from_d']}" if record["from_d"] else "for large d"
    verdict = record["verdict"] if record["verdict"] == "undecided" else f"{record['verdict']} {where}"
    if record.get("rests_on"):
        verdict += f" [{assumed.index(record['rests_on']) + 1}]"
    return (
        record["blocks"],
        record["rows"],
        limit,
        record["family"] or "",
        record["kernel"],
        record["loss"][0] if record["closed_form"] else series_text(record["loss"], record["ramification"]),
        shown,
        verdict,
    )


def _short(d: str) -> str:
    """A decimal rounded to 8 significant digits."""
    return str(Context(prec=8).create_decimal(d))


def series_text(coefficients: Sequence[Any], ramification: int) -> str:
    """The terms of a series in t = d**(-1/2) (or what it says), with the order of the first one that is left out."""
    terms = []
    for power, value in enumerate(coefficients):
        text = value if isinstance(value, str) else str(value["mid"])
        if text != "0":
            factor = "1" if power == 0 else "t" if power == 1 else f"t**{power}"
            plain = text.lstrip("-").replace("pi", "").isdigit()
            coefficient = text if plain else f"({text})"
            terms.append(text if power == 0 else factor if text == "1" else f"{coefficient}*{factor}")
    shown = " + ".join([*terms, f"O(t**{len(coefficients)})"])
    return shown if ramification == 2 else f"{shown}, t = d**(-1/{ramification})"


__all__ = ["Done", "failed_lines", "lines_of", "read_sweep", "series_text", "table"]
