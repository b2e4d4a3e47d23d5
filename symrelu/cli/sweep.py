"""Commands about many results: sweeps over isotropy types, and the store of what was derived."""

from __future__ import annotations

import sys
from fractions import Fraction
from functools import partial
from typing import Any

import click

from symrelu.cli.group import format_option, main, words
from symrelu.cli.terminal import INTERRUPTED, clear_progress, fail, print_json, print_text
from symrelu.errors import BadInput

MOST_DIMENSIONS = 1000


@main.command(short_help="Families of all isotropy types up to a block size, in one file.")
@click.option("--max-block", "most", type=int, metavar="M", help="All types d-m with a partition of m, m = 0 .. M.")
@click.option(
    "--kernel",
    "kernels",
    type=words,
    multiple=True,
    metavar="KERNEL",
    help="Of the activation (default: relu); may be given again.",
)
@click.option("--extra-row", is_flag=True, help="Each type with one fixed row more, too (k = d + 1).")
@click.option("--d-range", "d_range", metavar="LO:HI[:STEP]", help="Loss and index at these d, too.")
@click.option(
    "--limits",
    type=click.Choice(("found", "signs")),
    default="found",
    show_default=True,
    help="found: all that a search meets; signs: only diagonal limits +-1.",
)
@click.option("--effort", default="1", metavar="X", help="Times as many starts, and unknowns, of searches.")
@click.option("--numerical", is_flag=True, help="Thresholds without proof, verdicts for large d (quicker).")
@click.option("--workers", type=int, metavar="N", help="Processes on this machine (default: one a core).")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler instead: tcp://HOST:8786 (extra: cluster).")
@click.option("-o", "--output", metavar="FILE", help="JSON lines, appended to; what is there is not done again.")
@click.option("--table", "shown", metavar="FILE", help="Only print the table of such a file.")
@format_option("text", "markdown", "json")
def sweep(
    most: int | None,
    kernels: tuple[str, ...],
    extra_row: bool,
    d_range: str | None,
    limits: str,
    effort: str,
    numerical: bool,
    workers: int | None,
    cluster: str | None,
    output: str | None,
    shown: str | None,
    form: str,
) -> None:
    """All families found for the types d-m,... up to a block size: losses, thresholds, verdicts, one line each.

    The lines of a type are written when it is done. A sweep that was ended, by Ctrl-C or in any other way, goes on
    where it stopped when the same command is run again; a larger one goes on from a smaller one. Types that are not
    searched are said with the reason, types that failed (exit status 1) are done again by the next run.

    Each family is a line with task, blocks, rows, cols, limit, branch (over the limit, or among all families of the
    type where the limit is no rational number), kernel, loss (coefficients of powers of t), thresholds, and verdict:
    "certified" for every real d >= from_d, or for large d by the signs of the "spectrum" (evidence). Thresholds of
    minima are proved, those of saddles numerical. Types with more than 12 unknowns are not searched beyond diagonal
    limits (--effort 2: more than 24); completeness says so. A line with "done" closes a task.

    \b
    symrelu sweep --max-block 4 -o families.jsonl
    symrelu sweep --max-block 2 --d-range 6:20 --workers 2 -o families.jsonl
    symrelu sweep --max-block 6 --cluster tcp://127.0.0.1:8786 -o families.jsonl
    symrelu sweep --table families.jsonl --format markdown
    """
    from symrelu.exact.parse import parse_fraction
    from symrelu.runs.tasks import task_id
    from symrelu.sweep.table import read_sweep, table
    from symrelu.sweep.tasks import tasks_up_to

    if shown is not None:
        if output is not None or most is not None:
            raise BadInput("--table prints a file that is there; leave --max-block and --output out, or --table")
        done = read_sweep(shown)
        if not done.lines:
            raise BadInput(
                f"the file {shown!r} has no complete task of a sweep; write it with symrelu sweep -o {shown}"
            )
        records = done.records()
        print_json(records) if form == "json" else print_text(table(records, form))
        return
    if most is None or output is None:
        raise BadInput("give the largest block and a file, such as --max-block 4 -o families.jsonl; or --table FILE")
    if workers is not None and cluster is not None:
        raise BadInput("both --workers and --cluster were given; give one of them")
    dimensions = [] if d_range is None else read_range(d_range)
    tasks = tasks_up_to(
        most, kernels or ("relu",), extra_row, dimensions, not numerical, limits, parse_fraction(effort, "--effort")
    )

    from symrelu.runs.do import Interrupted
    from symrelu.runs.pools import Cluster, Processes
    from symrelu.sweep.run import sweep as run_sweep

    pools: Any = partial(Cluster, cluster) if cluster is not None else partial(Processes, workers)
    try:
        result = run_sweep(tasks, output, pools, on_message=_say)
    except Interrupted as stopped:
        clear_progress()
        print(
            f"symrelu: interrupted; {stopped.done} of {stopped.total} tasks are in {output!r}: the same command goes "
            "on from there",
            file=sys.stderr,
        )
        raise SystemExit(INTERRUPTED) from None
    records = read_sweep(output).records(task_id(task) for task in tasks)
    if form == "json":
        print_json(records)
    else:
        families = sum(record["limit"] is not None for record in records)
        total = f"{result.tasks} tasks, {result.before} of them done before; {families} families in {output}"
        print_text(f"{table(records, form)}\n\n{total}")
    if result.failed:
        clear_progress()
        print(
            f"symrelu: {len(result.failed)} of {result.tasks} tasks failed (the reasons are in {output!r}); the same "
            "command does them again",
            file=sys.stderr,
        )
        raise SystemExit(1)


def read_range(text: str) -> list[Fraction]:
    """The numbers of LO:HI or LO:HI:STEP, both ends included. Raises BadInput for what is no range."""
    from symrelu.exact.parse import parse_fraction

    parts = [parse_fraction(part.strip(), "--d-range") for part in text.split(":")]
    if len(parts) not in (2, 3) or parts[0] > parts[1] or parts[0] < 1 or (len(parts) == 3 and parts[2] <= 0):
        raise BadInput(f"--d-range {text!r} was given; give LO:HI or LO:HI:STEP with 1 <= LO <= HI, such as 6:20")
    low, high, step = (*parts, Fraction(1))[:3]
    count = (high - low) // step + 1
    if count > MOST_DIMENSIONS:
        raise BadInput(
            f"--d-range {text!r} names {count} dimensions, and at most {MOST_DIMENSIONS} are handled; give a STEP"
        )
    return [low + i * step for i in range(count)]


def _say(message: str) -> None:
    clear_progress()
    print(f"symrelu: {message}", file=sys.stderr)


@main.command(short_help="The folder of derived results: where, how large; clear it.")
@click.option("--clear", is_flag=True, help="Take all records away.")
@format_option("text", "json")
def store(clear: bool, form: str) -> None:
    """Where derived results are kept, how many they are, and how large.

    What was derived and proved is kept, so that it need not be derived twice. A record that is damaged, or of another
    version of symrelu, is derived again; those that were not used for longest are taken away when there are too many.
    SYMRELU_STORE names the folder, SYMRELU_STORE=off turns the store off.

    \b
    symrelu store
    symrelu store --clear
    SYMRELU_STORE=off symrelu series 2a --order 8
    """
    from symrelu.store.store import VARIABLE, Store

    found = Store.open()
    if found is None:
        if clear:
            raise BadInput(f"the store is off ({VARIABLE}=off), so there is nothing to clear; unset {VARIABLE}")
        print_json({"store": None}) if form == "json" else print_text(f"the store is off ({VARIABLE}=off)")
        return
    cleared = 0
    if clear:
        try:
            cleared = found.clear()
        except OSError as error:
            fail(f"the store {str(found.folder)!r} cannot be cleared: {error.strerror}")
    count, size = found.size()
    if form == "json":
        data: dict[str, Any] = {"store": str(found.folder), "records": count, "bytes": size, "limit": found.most_bytes}
        print_json({**data, "cleared": cleared} if clear else data)
    elif clear:
        print_text(f"{found.folder}: {cleared} records taken away")
    else:
        print_text(f"{found.folder}: {count} records, {size / 2**20:.1f} of {found.most_bytes / 2**20:.0f} MB")
