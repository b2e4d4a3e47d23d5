"""What a sweep computes: its tasks, and the work of one of them.

A task is plain data that says everything its result depends on but the version of symrelu; its name is a hash of that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any

from symrelu.errors import BadInput, SymreluError
from symrelu.store.keys import digest

if TYPE_CHECKING:
    from symrelu.families import Family

Task = dict[str, Any]
Record = dict[str, Any]
LARGEST_BLOCK = 30  # 5604 partitions of 30
LOSS_ORDER = 2
DIGITS = 15
TRIES = 10  # doublings of d until the verdict is decided
FIRST_D = 100  # from where on the verdict is sought if the thresholds are not proved
_precisions = threading.Lock()  # those of flint and mpmath belong to the process: its threads take turns


def partitions(number: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """The partitions of a number into positive parts, largest parts first."""
    if number == 0:
        yield ()
        return
    for part in range(min(number, number if largest is None else largest), 0, -1):
        for rest in partitions(number - part, part):
            yield (part, *rest)


def tasks_up_to(
    most: int,
    kernels: Sequence[str] = ("relu",),
    extra_row: bool = False,
    dimensions: Sequence[Fraction | int] = (),
    prove: bool = True,
    limits: str = "found",
) -> list[Task]:
    """One task for each isotropy type Delta(S_{d-m} x S_lambda), lambda a partition of m = 0 .. ``most``, and kernel.

    Parameters: ``kernels``, as the option --kernel takes them; ``extra_row``: each type once more with one fixed row
    beside its blocks (k = d + 1); ``dimensions``: where loss and index are wanted besides (thresholds are then sought
    from the smallest of them on only); ``prove``: thresholds with a proof that none was missed, and the verdict from
    the largest of them on (else from d = 100 on); ``limits``: "found" for all families that a search meets, "signs" for
    those alone whose limit is diagonal with entries +-1.
    Raises BadInput for a bound outside 0 .. 30 and for a kernel that cannot be read.
    """
    from symrelu.model.setting import Setting

    if not 0 <= most <= LARGEST_BLOCK:
        raise BadInput(f"--max-block {most} was given; give a whole number from 0 to {LARGEST_BLOCK}, such as 4")
    tasks = []
    settings = [Setting.parse(kernel).to_json() for kernel in kernels]
    for setting, m in product(settings, range(most + 1)):
        for parts in partitions(m):
            numbers = ",".join(str(i + 1) for i in range(len(parts) + 1))
            for rows in (numbers, f"{numbers},*") if extra_row else (numbers,):
                tasks.append(
                    {
                        "blocks": ",".join([f"d-{m}" if m else "d", *map(str, parts)]),
                        "rows": rows,
                        "cols": numbers,
                        "setting": setting,
                        "dimensions": [str(d) for d in dimensions],
                        "prove": prove,
                        "limits": limits,
                    }
                )
    return tasks


def task_id(task: Task) -> str:
    """The name of a task: the first 16 hexadecimal digits of the hash of its canonical JSON."""
    return digest(task)[:16]


def find_task(task: Task) -> list[Record]:
    """All families that are found for a task, each as plain data with losses, thresholds and verdicts.

    Other records: {"completeness": ...}, of the list; {"searched": false, "reason": ...} for a type that is not
    searched; {"larger": group, "limit": ...} for a family whose critical points have more symmetry than the type: it
    belongs to the task of that type, and is not counted here; {"unproved": what, "reason": ...} for what was met but
    not proved. Errors other than those of symrelu pass through.
    """
    from symrelu.model.setting import Setting
    from symrelu.sweep.search import families_of
    from symrelu.symmetry.isotropy import Isotropy

    with _precisions:
        try:
            isotropy = Isotropy.parse(task["blocks"], task["rows"], task["cols"])
            found = families_of(isotropy, Setting.from_json(task["setting"]), task["limits"])
        except BadInput as error:
            return [{"searched": False, "reason": str(error)}]
        records: list[Record] = [{"completeness": found.completeness}]
        records += [{"unproved": what, "reason": reason} for what, reason in found.unproved]
        counted: dict[str, int] = {}
        for one in found.families:
            limit = one.limit_text()
            try:
                if one.actual.is_larger:
                    records.append({"larger": one.actual.label(), "limit": limit})
                    continue
                series = one.series(LOSS_ORDER).to_json()
            except SymreluError as error:
                records.append({"unproved": f"limit {limit}", "reason": str(error)})
                continue
            counted[limit] = counted.get(limit, 0) + 1
            records.append({"limit": limit, "branch": counted[limit], **_described(one, series, task)})
        return records


def _described(one: Family, series: Record, task: Task) -> Record:
    """Loss, thresholds and verdicts of one family with this series."""
    dimensions = [Fraction(d) for d in task["dimensions"]]
    keys = ("isotropy", "multiplicity", "ramification", "field", "exact", "closed_form", "loss")
    record = {
        "family": one.name,
        **{key: series[key] for key in keys},
        **_thresholds(one, min(dimensions, default=None), task["prove"]),
    }
    found = record["thresholds"]
    start = FIRST_D if found is None else _above(found[0]["d"] if found else record["followed_down_to"])
    record |= _verdict(one, start if task["prove"] else max(start, FIRST_D))  # close to a threshold it takes long
    record["dimensions"] = [_at(one, d) for d in dimensions]
    return record


def _thresholds(one: Family, down_to: Fraction | None, prove: bool) -> Record:
    """The thresholds of a family down to some d, or as far as it goes; None with a reason if they are not found."""
    try:
        try:
            found = one.thresholds(DIGITS, down_to, prove=prove)
        except BadInput:  # the block sizes have no meaning so far down
            if down_to is None:
                raise
            found = one.thresholds(DIGITS, prove=prove)
    except SymreluError as error:
        return {"thresholds": None, "reason": str(error), "complete": False, "followed_down_to": None}
    data = found.to_json()
    keys = ("d", "component", "branch", "below", "multiplicity")
    return {
        "thresholds": [{key: t[key] for key in keys} for t in data["thresholds"]],
        "touching": [{key: t[key] for key in keys} for t in data["touching"]],
        "complete": data["complete"],
        "followed_down_to": data["followed_down_to"],
        "stopped_because": data["stopped_because"],
    }


def _above(d: str) -> int:
    """The smallest integer that is larger than a decimal."""
    return int(Fraction(d)) + 1


def _verdict(one: Family, start: int) -> Record:
    """What the family is, proved for every real d from ``start`` on, or from the first of some doublings of it on."""
    reason = ""
    for from_d in (start << i for i in range(TRIES)):
        try:
            proof = one.certify(from_d=from_d)
        except SymreluError as error:
            reason = str(error)
            continue
        reason = proof.reason
        if proof.verdict in ("minimum", "saddle", "degenerate"):
            negative = [{"component": i.component.name, "negative": i.negative} for i in proof.indices if i.negative]
            return {"verdict": proof.verdict, "from_d": str(from_d), "negative_components": negative}
    return {"verdict": "undecided", "from_d": None, "negative_components": None, "verdict_reason": reason}


def _at(one: Family, d: Fraction) -> Record:
    """Loss and index at one d, or why there are none."""
    try:
        loss = one.at(d, DIGITS).to_json()["loss"]
        proof = one.certify(d)
    except SymreluError as error:
        return {"d": str(d), "loss": None, "verdict": None, "negative": None, "reason": str(error)}
    return {"d": str(d), "loss": loss, "verdict": proof.verdict, "negative": proof.negative}


__all__ = ["LARGEST_BLOCK", "Record", "Task", "find_task", "partitions", "task_id", "tasks_up_to"]
