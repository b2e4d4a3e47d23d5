"""The command about training losses: ``symrelu samples``."""

from __future__ import annotations

from typing import Any

import click

from symrelu.cli.group import family_options, format_option, main
from symrelu.cli.terminal import print_json, print_text, progress
from symrelu.errors import BadInput

SIZES = "1000,4000,16000"


@main.command(short_help="Training losses over N inputs, as N grows.")
@family_options
@click.option("--d", "at", required=True, metavar="D", help="A whole number, such as 10.")
@click.option("--n", "sizes", default=SIZES, show_default=True, metavar="LIST", help="Numbers of inputs.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Of all inputs.")
@click.option("--samples", type=int, default=8, show_default=True, metavar="R", help="Independent samples for each N.")
@click.option(
    "--law",
    default="gaussian",
    show_default=True,
    metavar="LAW",
    help="Of the inputs: gaussian, sphere, ball, student:5, mixture:1/2:2, cube, signs.",
)
@click.option(
    "--layers", type=int, default=1, show_default=True, metavar="1|2", help="Of the Hessians: W, or W and alpha."
)
@click.option("--no-move", is_flag=True, help="Do not look for the training minimum next to the point.")
@format_option("text", "json")
def samples(
    at: str, sizes: str, seed: int, samples: int, law: str, layers: int, no_move: bool, form: str, **chosen: Any
) -> None:
    """The training loss (1/2N) sum (f(x_i) - y_i)**2 at a symmetric critical point, against the population loss.

    Loss and gradient converge like N**(-1/2). The Hessian that automatic differentiation returns does too, but its
    limit is H - B, not the population's H: B is the residual on the hyperplanes where neurons switch, which samples
    miss. Smoothed over a width that shrinks with N, the Hessian converges to H. Eigenvalue clusters are compared one by
    one, and the training minimum next to a minimum is found, at a distance of order N**(-1/2).

    Rotation-invariant laws of the inputs multiply everything by one constant, E|x|**2/d for ReLU; under others (cube,
    signs) the points are no longer critical. Every number follows from the seed.

    \b
    symrelu samples 2a --d 10
    symrelu samples 1b --d 10 --n 4000,16000,64000 --samples 4
    symrelu samples 2a --d 5              # a saddle no training Hessian shows
    symrelu samples 2a --d 10 --law sphere --format json
    symrelu samples 2a --d 10 --law cube  # not rotation invariant
    symrelu figure samples -o samples.pdf
    """
    from symrelu.families import family
    from symrelu.samples.study import sample_study

    found = sample_study(
        family(**chosen),
        _whole(at, "--d"),
        [_whole(n, "a number of --n") for n in sizes.split(",")],
        law,
        _layers(layers),
        seed,
        samples,
        not no_move,
        progress(),
    )
    print_json(found.to_json()) if form == "json" else print_text(found.text())


def _whole(text: str, what: str) -> int:
    from symrelu.exact.parse import parse_fraction

    number = parse_fraction(text, what)
    if number.denominator != 1:
        raise BadInput(f"{what} was given as {text}; a whole number is needed, such as {round(number)}")
    return int(number)


def _layers(layers: int) -> Any:
    from symrelu.spectrum.blocks import trains_second

    trains_second(layers)
    return layers
