"""Commands about piecewise strong convexity: ``symrelu convexity experiment|table|bound|minima``."""

from __future__ import annotations

from typing import Any

import click

from symrelu.cli.group import format_option, main, number
from symrelu.cli.terminal import print_json, print_text, progress
from symrelu.errors import BadInput


@main.group(invoke_without_command=True, short_help="Piecewise strong convexity of regularised losses.")
@click.pass_context
def convexity(context: click.Context) -> None:
    """Piecewise strong convexity (rebuttal 003, Milne): ReLU networks with H hidden layers and weight decay lambda.

    Wherever l_lambda = l + (lambda/2)|W|**2 is smooth, Hess l_lambda >= lambda - sqrt(2) c r ||W||_***(H-1) sqrt(l),
    with the printed c = H(H+1) or the sharper c = H. U(lambda, theta) is where the right side exceeds theta; no
    critical point but W = 0 lies in it.

    \b
    symrelu convexity experiment --init he-uniform  # loss change inside the bound
    symrelu convexity table                         # over initialisations
    symrelu convexity bound net.json                # one network, exactly
    symrelu convexity minima 2a --lambda 1/100      # regularised minima
    symrelu figure convexity -o convexity.pdf
    """
    if context.invoked_subcommand is None:
        print_text(context.get_help())


def _experiment_options(command: Any) -> Any:
    for decorate in reversed(
        (
            click.option("--trials", type=int, default=100, show_default=True, metavar="N", help="Descents."),
            click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Of data and weights."),
            click.option("--points", type=int, default=100, show_default=True, metavar="N", help="Data in [-1, 1]."),
            click.option("--grid", is_flag=True, help="The points -1 + 2 i/(N - 1) instead of random ones."),
            click.option("--hidden", default="2", show_default=True, metavar="LIST", help="Units a layer: 2 or 3,3."),
            click.option("--lambda", "decay", default="1", show_default=True, metavar="L", help="Weight decay."),
            click.option("--rate", type=number, default=0.02, show_default=True, metavar="R", help="Step size."),
            click.option("--time", type=number, default=8.0, show_default=True, metavar="T", help="Rate times steps."),
            click.option("--slope", default="0", show_default=True, metavar="S", help="Of a leaky ReLU."),
            format_option("text", "json"),
        )
    ):
        command = decorate(command)
    return command


def _settings(given: dict[str, Any]) -> dict[str, Any]:
    """The options as arguments of the library."""
    try:
        hidden = tuple(int(n) for n in given.pop("hidden").split(","))
    except ValueError:
        raise BadInput("--hidden takes the number of units of each hidden layer, such as 2 or 3,3") from None
    decay, slope = _number(given.pop("decay"), "--lambda"), _number(given.pop("slope"), "--slope")
    return {**given, "hidden": hidden, "decay": decay, "slope": slope}


def _number(text: str, what: str) -> float:
    """An exact number of the command line as a float."""
    from symrelu.exact.parse import parse_fraction

    exact = parse_fraction(text, what)
    if abs(exact) > 10**300:
        raise BadInput(f"{what} was given as {text[:40]}; give a number below 1e300")
    return float(exact)


@convexity.command(short_help="Share of the loss change for which the bound holds.")
@click.option("--init", "initialisation", metavar="NAME", help="Of the weights; required, since it decides the answer.")
@_experiment_options
def experiment(initialisation: str | None, form: str, **given: Any) -> None:
    """The experiment of the rebuttal: f = 0, points in [-1, 1], gradient descent on l_lambda; printed: 51.6 +- 24.0.

    The initialisation is not printed, and it decides the answer, so it must be named: torch, xavier-uniform,
    xavier-normal, he-uniform, he-normal, normal:S or uniform:S. The metric is a reconstruction: the decrease of
    l_lambda over steps that start where the bound holds for some theta > 0, over its whole decrease.

    \b
    symrelu convexity experiment --init he-uniform
    symrelu convexity experiment --init normal:1.4 --trials 1000 --format json
    """
    from symrelu.convexity.experiment import experiment as run
    from symrelu.convexity.starts import NAMED, SCALED

    if initialisation is None:
        names = ", ".join([*NAMED, *(f"{kind}:S" for kind in SCALED)])
        raise BadInput(f"no initialisation was given, and it decides the answer; give --init with one of {names}")
    found = run(initialisation, **_settings(given))
    print_json(found.to_json()) if form == "json" else print_text(found.text())


@convexity.command(short_help="The experiment over initialisations, beside the printed figure.")
@click.option(
    "--init", "initialisations", metavar="LIST", help="Initialisations: he-normal,normal:2 (default: eleven)."
)
@_experiment_options
def table(initialisations: str | None, form: str, **given: Any) -> None:
    """The experiment for many initialisations, each read in five ways: some 10 seconds.

    All trials, or only those that start outside U; the change of l instead of l_lambda; the sharp constant; the steps
    at which the exact Hessian is positive definite. Below it, which readings come near the printed figure.

    \b
    symrelu convexity table
    symrelu convexity table --init normal:1,normal:1.4,normal:2 --trials 1000
    """
    from symrelu.convexity.experiment import TABLE, closest, table_text
    from symrelu.convexity.experiment import table as run

    names = TABLE if initialisations is None else [name.strip() for name in initialisations.split(",")]
    found = run(names, progress(), **_settings(given))
    if form == "json":
        print_json({"setups": [one.to_json() for one in found], "remarks": closest(found)})
    else:
        print_text(table_text(found))


@convexity.command(short_help="The bound at one network, exactly, beside the true smallest eigenvalue.")
@click.argument("file", metavar="FILE.json")
@format_option("text", "json")
def bound(file: str, form: str) -> None:
    """The bound at the network of a JSON file, with both constants (and with second moments of the data in place of r,
    which is sharper still), and the smallest eigenvalue of its Hessian, proved.

    The file holds inputs and targets as lists of points, weights as a list of matrices W_0, ..., W_H by rows, and
    lambda; numbers are taken exactly, and may be text such as "1/3". "slope" is that of a leaky ReLU (default 0).
    With more than 60 weights the eigenvalue is computed in floats, and not proved.

    \b
    {"inputs": [[-1], [1]], "targets": [[0], [0]],
     "weights": [[[1], [-1]], [["1/2", 2]]], "lambda": 1}

    \b
    symrelu convexity bound net.json
    symrelu convexity bound net.json --format json
    """
    from symrelu.convexity.problem_file import Report, read_network

    report = Report(read_network(file))
    print_json(report.to_json()) if form == "json" else print_text(report.text())


@convexity.command(short_help="The bound at the symmetric minima of the main paper.")
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@click.option("--d", "at", type=int, default=10, show_default=True, metavar="D", help="A whole number.")
@click.option("--lambda", "decay", default="1/100", show_default=True, metavar="L", help="Weight decay, > 0.")
@click.option("--samples", metavar="LIST", help="Numbers of Gaussian points on which to look besides: 1000,4000.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Of the samples.")
@format_option("text", "json")
def minima(families: tuple[str, ...], at: int, decay: str, samples: str | None, seed: int, form: str) -> None:
    """The bound, in its population version, at the symmetric minima of the main paper, beside the true Hessian.

    x is Gaussian, so r is infinite; with E x x' = I the bound becomes Hess >= lambda - c sqrt(L) for the mean of the
    pieces' Hessians, c = 2 (printed) or 1 (sharp). Shown at the family's balanced point (|w_i| = |alpha_i|, where
    |theta| is least), and at the critical point of the regularised loss that continues it, by Newton's method.

    \b
    symrelu convexity minima                # all named minima at d = 10
    symrelu convexity minima 1b 2a --d 20 --lambda 1/20
    symrelu convexity minima 2a --samples 1000,4000
    """
    from symrelu.catalogue import NAMED
    from symrelu.convexity.minima import minima_text, symmetric_minimum

    weight = _number(decay, "--lambda")
    try:
        numbers = [int(n) for n in samples.split(",")] if samples else []
    except ValueError:
        raise BadInput(f"--samples was given as {samples!r}; give whole numbers with commas: 1000,4000") from None
    if any(n < 1 for n in numbers) or seed < 0:
        raise BadInput("--samples takes numbers of points >= 1, and --seed a number >= 0")
    show, rows = progress(), []
    for name in families or [entry.name for entry in NAMED]:
        if show:
            show(f"family {name} at d = {at}")
        rows.append(symmetric_minimum(name, at, weight, numbers, seed))
    print_json({"minima": [row.to_json() for row in rows]}) if form == "json" else print_text(minima_text(rows))
