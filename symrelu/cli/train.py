"""The command ``symrelu train``: where descents end."""

from __future__ import annotations

import re
import sys
from functools import partial
from pathlib import Path
from typing import Any, Literal

import click

from symrelu.cli.group import format_option, main, words
from symrelu.cli.terminal import INTERRUPTED, clear_progress, print_json, print_text, progress
from symrelu.errors import BadInput


@main.command(short_help="Which minima descents end in: types, shares, theory.")
@click.option("--d", "d", metavar="D", required=True, help="Columns: 10, or several: 6,7,8 or 6..20.")
@click.option("--k", "k", metavar="K", default="d", show_default=True, help="Neurons: 10, or d+1.")
@click.option("--runs", type=int, default=200, show_default=True, metavar="R", help="For each d.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Of all random numbers.")
@click.option("--init", "start", default="xavier", show_default=True, metavar="NAME", help="Initialisation (below).")
@click.option(
    "--layers",
    type=int,
    default=1,
    show_default=True,
    metavar="1|2",
    help="1: the second layer fixed at 1; 2: both layers trained.",
)
@click.option("--sgd", is_flag=True, help="SGD on fresh Gaussian inputs first; gradient descent takes it to the end.")
@click.option(
    "--target", type=words, metavar="TARGET", help="I (default), pad (k < d), FILE.json exact, or FILE.npy, FILE.csv."
)
@click.option("--beta", type=words, metavar="LIST", help="The teacher's second layer, one per teacher orbit: 1,2.")
@click.option("--kernel", type=words, metavar="KERNEL", help="relu (default), leaky:1/10, erf, ... as for series.")
@click.option("--workers", type=int, metavar="W", help="Processes on this machine (default: one a core).")
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler instead: tcp://HOST:8786 (extra: cluster).")
@click.option("-o", "--output", metavar="FILE", help="JSON lines, appended to; what is there is not done again.")
@format_option("text", "markdown", "json")
def train(
    d: str,
    k: str,
    runs: int,
    seed: int,
    start: str,
    layers: Literal[1, 2],
    sgd: bool,
    target: str | None,
    beta: str | None,
    kernel: str | None,
    workers: int | None,
    cluster: str | None,
    output: str | None,
    form: str,
) -> None:
    """Descend on the population loss from random starts, and say which minima were met.

    Each end is verified in floats: a minimum (the Hessian is positive definite), a network of zero loss, or else called
    critical or unfinished. Its isotropy group is found in any order of rows and columns, and it is matched to a family
    of critical points by entries and loss, to 1e-8. The table has for each type: the family ("new" if there is
    none), how many runs, their share with Wilson's 95% interval, the loss and how the family's loss behaves as d grows,
    the smallest Hessian eigenvalue (by what is trained, alpha = 1), the number of critical points that symmetry makes
    of it (multiplicity) and the share that would be its by that alone, its isotropy ("kept": that of the target), and
    the options with which symrelu series derives it. Several d's come with a summary, tests, and published counts.

    Initialisations: xavier (N(0, 1/d)), xavier-uniform, glorot, he, he-uniform, orthogonal, sphere, small, large.

    The results depend on the seed, not on the workers. With --output a run that was ended, by Ctrl-C or otherwise, goes
    on from there when the same command is run again; more --runs or other d's add to the file.

    \b
    symrelu train --d 10 --runs 200 --seed 1
    symrelu train --d 6..20 -o types.jsonl --format markdown
    symrelu train --d 14 --k d+1 --runs 100
    symrelu train --d 8 --init he --sgd
    symrelu train --d 8 --target target.json --format json
    """
    from symrelu.runs.pools import Cluster, Processes, one_thread

    one_thread()
    from symrelu.descent.found_types import types_at
    from symrelu.descent.frequencies import frequencies
    from symrelu.descent.report import report
    from symrelu.descent.training import BATCH, Training, descents
    from symrelu.runs.do import Interrupted
    from symrelu.symmetry.size import Size

    if workers is not None and cluster is not None:
        raise BadInput("both --workers and --cluster were given; give one of them")
    training = Training(
        d=read_dimensions(d),
        k=Size.parse(k),
        runs=runs,
        seed=seed,
        start=start,
        layers=layers,
        method="sgd" if sgd else "gd",
        **_fitted(target, beta, kernel),
    )
    if workers is not None:
        Processes(workers)  # refuses here what it would refuse later, or not at all for few runs
    pools: Any = partial(Cluster, cluster) if cluster is not None else partial(Processes, workers)
    alone = output is None and cluster is None and (workers == 1 or runs * len(training.d) <= BATCH)
    try:
        found = descents(training, output, None if alone else pools, progress(), _say)
    except Interrupted as stopped:
        clear_progress()
        where = "nothing was kept: give --output FILE for that"
        if output is not None:
            where = f"{stopped.done} of {stopped.total} tasks are in {output!r}: the same command goes on from there"
        print(f"symrelu: interrupted; {where}", file=sys.stderr)
        raise SystemExit(INTERRUPTED) from None
    result = frequencies(training, [types_at(training, batches, progress()) for batches in found.values()])
    if form == "json":
        print_json(result.to_json())
    else:
        print_text(report(result, "markdown" if form == "markdown" else "text"))


def read_dimensions(text: str) -> tuple[int, ...]:
    """The whole numbers of "10", "6,7,8", "6..20" or "6..10,20". Raises BadInput for anything else."""
    found: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*(\d{1,6})\s*(?:\.\.\s*(\d{1,6})\s*)?", part)
        low, high = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if low > high or high - low > 1000:
            raise BadInput(f"--d {text!r} was given; give whole numbers, such as 10, 6,7,8 or 6..20")
        found += range(low, high + 1)
    return tuple(found)


def _fitted(target: str | None, beta: str | None, kernel: str | None) -> dict[str, Any]:
    """Target and kernel, as :class:`symrelu.descent.training.Training` takes them."""
    from symrelu.model.setting import Setting

    if target is None or Path(target).suffix.lower() not in (".npy", ".csv"):
        return {"setting": Setting.parse(kernel, target, beta)}
    if beta is not None:
        raise BadInput("--beta was given with a target of numbers; scale its rows instead, or give a .json target")
    from symrelu.matrix_file import read_matrix

    rows = tuple(tuple(float(x) for x in row) for row in read_matrix(target))
    return {"setting": Setting.parse(kernel), "matrix": rows, "label": Path(target).name}


def _say(message: str) -> None:
    clear_progress()
    print(f"symrelu: {message}", file=sys.stderr)
