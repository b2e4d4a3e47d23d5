"""What a sweep computes: its tasks, and the work of one of them.

A task is plain data that says everything its result depends on but the version of symrelu; its name is a hash of that.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from symrelu.errors import BadInput, SymreluError, TruncatedTooSoon
from symrelu.runs.tasks import Record, Task

if TYPE_CHECKING:
    from symrelu.families import Family

LARGEST_BLOCK = 30  # 5604 partitions of 30
LOSS_ORDER = 2
DIGITS = 15
TRIES = 3  # doublings of d until a certificate is found
FIRST_D = 100  # from where on a verdict is sought where no threshold is known
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
    effort: Fraction = Fraction(1),
) -> list[Task]:
    """One task for each isotropy type Delta(S_{d-m} x S_lambda), lambda a partition of m = 0 .. ``most``, and kernel.

    Parameters: ``kernels``, as the option --kernel takes them; ``extra_row``: each type once more with one fixed row
    beside its blocks (k = d + 1); ``dimensions``: where loss and index are wanted besides (thresholds are then sought
    from the smallest of them on only); ``prove``: thresholds of minima with a proof that none was missed, and so the
    verdict from the largest of them on; ``limits``: "found" for all families that a search meets, "signs" for those
    alone whose limit is diagonal with entries +-1; ``effort`` of a search, and up to how many unknowns there is one.
    Raises BadInput for a bound outside 0 .. 30, for a kernel that cannot be read, and an effort outside 1/20 .. 100.
    """
    from symrelu.finding.starts import Effort
    from symrelu.model.setting import Setting

    if not 0 <= most <= LARGEST_BLOCK:
        raise BadInput(f"--max-block {most} was given; give a whole number from 0 to {LARGEST_BLOCK}, such as 4")
    Effort(effort)
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
                        "effort": str(effort),
                    }
                )
    return tasks


def find_task(task: Task) -> list[Record]:
    """All families that are found for a task, each as plain data with losses, thresholds and verdicts.

    Other records: {"completeness": ...}, of the list; {"searched": false, "reason": ...} for a type that is not
    searched; {"larger": group, "limit": ...} for a family whose critical points have more symmetry than the type: it
    belongs to the task of that type, and is not counted here; {"unproved": what, "reason": ...} for what was met but
    not proved. The branch of a family is that of the option --branch: over its limit, or among all families of the type
    where the limit is no rational number. Errors other than those of symrelu pass through.
    """
    from symrelu.model.setting import Setting
    from symrelu.sweep.search import families_of
    from symrelu.symmetry.isotropy import Isotropy

    with _precisions:
        try:
            isotropy = Isotropy.parse(task["blocks"], task["rows"], task["cols"])
            found = families_of(isotropy, Setting.from_json(task["setting"]), task["limits"], Fraction(task["effort"]))
        except BadInput as error:
            return [{"searched": False, "reason": str(error)}]
        records: list[Record] = [{"completeness": found.completeness}]
        records += [{"unproved": what, "reason": reason} for what, reason in found.unproved]
        for one, branch in found.families:
            limit = one.limit_text()
            try:
                if one.actual.is_larger:
                    records.append({"larger": one.actual.label(), "limit": limit})
                    continue
                series = one.series(LOSS_ORDER).to_json()
            except SymreluError as error:
                records.append({"unproved": f"limit {limit}", "reason": str(error)})
                continue
            records.append({"limit": limit, "branch": branch, **_described(one, series, task)})
        return records


def _described(one: Family, series: Record, task: Task) -> Record:
    """Loss, thresholds and verdicts of one family with this series.

    The kind for large d is read off the signs of the spectrum. Thresholds of minima are proved, which also proves the
    verdict from the largest of them on; those of other families are followed numerically. "rests_on": what all of it
    assumes and does not prove, None for nothing.
    """
    from symrelu.series.leading import FIRST_GOAL

    dimensions = [Fraction(d) for d in task["dimensions"]]
    keys = ("isotropy", "multiplicity", "ramification", "field", "exact", "closed_form", "loss")
    record = {"family": one.name, **{key: series[key] for key in keys}}
    try:
        kind, negative = _at_large_d(one)
    except SymreluError as error:
        kind, negative, record["verdict_reason"] = "undecided", None, str(error)
    proved = task["prove"] and kind == "minimum"
    record |= _thresholds(one, min(dimensions, default=None), proved)
    record |= {"verdict": kind, "from_d": None, "evidence": "spectrum", "negative_components": negative}
    if record["complete"]:
        found = record["thresholds"]
        first = _above(found[0]["d"]) if found else -(-Fraction(record["followed_down_to"]) // 1)
        record |= {"from_d": str(first), "evidence": "certified"}
    elif proved:
        found = record["thresholds"]
        record |= _certified(one, _above(found[0]["d"]) + 1 if found else FIRST_D)
    record["dimensions"] = [_at(one, d) for d in dimensions]
    record["rests_on"] = one.lifted(FIRST_GOAL, bits=one.working_bits).proof.rests_on or None
    return record


def _at_large_d(one: Family) -> tuple[str, list[Record]]:
    """ "minimum", "saddle" or "degenerate", and how many negative branches the components of the first layer's Hessian
    have for large d.
    """
    kind = one.kind_at_large_d()
    negative: Counter[str] = Counter()
    if kind == "saddle":
        for order in (0, 2, 4):
            try:
                branches = one.spectrum(order, 1).negative_at_large_d()
            except TruncatedTooSoon:
                continue
            negative = Counter(e.component.name for e in branches)
            break
    return kind, [{"component": name, "negative": count} for name, count in negative.items()]


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


def _certified(one: Family, start: int) -> Record:
    """The verdict proved for every real d from ``start`` on, or from the first of some doublings of it on; nothing if
    that fails.
    """
    for from_d in (start << i for i in range(TRIES)):
        try:
            proof = one.certify(from_d=from_d)
        except SymreluError:
            continue
        if proof.verdict in ("minimum", "saddle", "degenerate"):
            return {"verdict": proof.verdict, "from_d": str(from_d), "evidence": "certified"}
    return {}


def _at(one: Family, d: Fraction) -> Record:
    """Loss and index at one d, or why there are none."""
    try:
        loss = one.at(d, DIGITS).to_json()["loss"]
        proof = one.certify(d)
    except SymreluError as error:
        return {"d": str(d), "loss": None, "verdict": None, "negative": None, "reason": str(error)}
    return {"d": str(d), "loss": loss, "verdict": proof.verdict, "negative": proof.negative}


__all__ = ["LARGEST_BLOCK", "find_task", "partitions", "tasks_up_to"]
