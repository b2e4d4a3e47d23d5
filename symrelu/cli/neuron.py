"""The command about one neuron on one input: ``symrelu neuron``."""

from __future__ import annotations

import click

from symrelu.cli.group import format_option, main, words
from symrelu.cli.terminal import print_json, print_text


@main.command(short_help="One neuron on one input: every critical point, proved.")
@click.option(
    "--kernel", type=words, metavar="KERNEL", help="relu (default), leaky:1/10, leaky:s, abs, erf, z2, z3, s3, ..."
)
@format_option("text", "json", "latex")
def neuron(kernel: str | None, form: str) -> None:
    """The loss L(w, v) of one neuron on one input (d = k = 1) with every critical point in w, and the proof.

    Derived from the kernel; w and v are real and not 0, so the angle between them is 0 or pi. What happens at w = 0 is
    said apart (one-sided derivatives), and what changes when the second layer is trained as well. A slope may be a
    symbol (leaky:s): then the answer says for which slopes a point is there.

    \b
    symrelu neuron
    symrelu neuron --kernel leaky:s
    symrelu neuron --kernel abs --format json
    symrelu neuron --format latex
    """
    from symrelu.model.activations import kernel_named
    from symrelu.model.kernels import RELU
    from symrelu.model.one_neuron import one_neuron
    from symrelu.render.one_neuron import neuron_json, neuron_latex, neuron_text

    answer = one_neuron(kernel_named(kernel) if kernel else RELU)
    if form == "json":
        print_json(neuron_json(answer))
    else:
        print_text(neuron_latex(answer) if form == "latex" else neuron_text(answer))
