"""The command ``symrelu freeprob experiment``."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click

from symrelu.cli.freeprob import freeprob
from symrelu.cli.group import format_option
from symrelu.cli.terminal import INTERRUPTED, clear_progress, print_json, print_text, progress
from symrelu.errors import BadInput


@freeprob.command(short_help="The paper's experiments with networks, seeded.")
@click.argument("name", metavar="NAME")
@click.option("--phi", metavar="LIST", help="Parameters per target, 2 n/m: 1/4,1/2.")
@click.option("--eps", metavar="EPS", help="Energy of the noise (h1), or of the models sampled.")
@click.option("--n", type=int, metavar="N", help="Units in each layer; size of matrices.")
@click.option("--runs", type=int, metavar="R", help="Runs (critical points: for each phi).")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Of all random numbers.")
@click.option("--data", metavar="LIST", help="digits, gaussian (default: as in the figures).")
@click.option("--activation", metavar="NAME", help="tanh (default), relu or linear.")
@click.option("--entries", metavar="LIST", help="normal, rademacher, uniform, student-5, student-3.")
@click.option("--workers", type=int, metavar="W", help="Processes, with --output (default: one a core).")
@click.option("-o", "--output", metavar="FILE", help="JSON lines, appended to; what is there is not done again.")
@format_option("text", "json")
def experiment(
    name: str,
    seed: int,
    workers: int | None,
    output: str | None,
    form: str,
    **given: Any,
) -> None:
    """Measure what Pennington & Bahri measured in sections 5 and 6, with digits images for CIFAR-10.

    \b
    freeness         H0, H1 of a trained ReLU autoencoder: how free; residuals
                     and weights: how normal (fig. 2)
    h1               H1 at initialisation, residuals overwritten by noise,
                     against its law (fig. 3)
    h0, gap          H0 at initialisation, and its gap against phi with the
                     fit (figs. 4, 5)
    critical-points  index against energy of critical points, with the 3/2
                     fit, minutes to hours (fig. 6)
    minima, linear   energies at the end of descent; global minima of linear
                     networks
    finite-size, universality   sampled Wishart + Wigner against their law

    The file of --output holds all numbers with settings and seeds. What was ended, by Ctrl-C or otherwise, goes on from
    there when the same command is run again, and more --runs add to it.

    \b
    symrelu freeprob experiment freeness --data gaussian
    symrelu freeprob experiment critical-points --phi 1/4 --n 6 -o points.jsonl
    symrelu figure freeprob-6 --results points.jsonl -o critical.pdf
    """
    from symrelu.runs.pools import Processes, one_thread

    one_thread()
    from symrelu.exact.parse import parse_fraction
    from symrelu.experiments.catalogue import summary, tasks_of, text
    from symrelu.experiments.work import work
    from symrelu.runs.do import Interrupted
    from symrelu.runs.records import run

    if workers is not None and output is None:
        raise BadInput("--workers is of use with a file of results; give --output FILE besides")
    chosen: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    for key in ("phi", "data", "entries"):
        if key in chosen:
            chosen[key] = [part.strip() for part in chosen[key].split(",")]
    if "phi" in chosen:
        chosen["phi"] = [parse_fraction(part, "--phi") for part in chosen["phi"]]
    if "eps" in chosen:
        chosen["eps"] = parse_fraction(chosen["eps"], "--eps")
    tasks = tasks_of(name, {**chosen, "seed": seed})
    pools: Any = partial(Processes, workers)
    try:
        records = run(tasks, work, output, pools if output else None, progress(), _say)
    except Interrupted as stopped:
        clear_progress()
        print(
            f"symrelu: interrupted; {stopped.done} of {stopped.total} tasks are in {output!r}: the same command goes "
            "on from there",
            file=sys.stderr,
        )
        raise SystemExit(INTERRUPTED) from None
    if form == "text":
        print_text(text(name, records))
        return
    together = summary(name, records)
    print_json({"experiment": name, "records": records, **({"summary": together} if together else {})})


def _say(message: str) -> None:
    clear_progress()
    print(f"symrelu: {message}", file=sys.stderr)
