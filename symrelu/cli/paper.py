r"""The command ``symrelu paper``: a LaTeX document about families, or their formulas as text for algebra systems."""

from __future__ import annotations

from typing import Any

import click

from symrelu.cli.group import main, several_families_options
from symrelu.cli.terminal import clear_progress, print_text, progress


@main.command(short_help="LaTeX documents about families; formulas for other systems.")
@several_families_options
@click.option("-o", "--output", metavar="FILE", help="The document, out.tex, or the text for an algebra system.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["latex", "mathematica", "maple", "sage"]),
    default="latex",
    show_default=True,
    help="What to write.",
)
@click.option("--order", type=int, default=4, show_default=True, metavar="N", help="Of the series: through t**N.")
@click.option("--spectrum-order", type=int, default=1, show_default=True, metavar="N", help="Of the eigenvalues.")
@click.option("--layers", default="2", show_default=True, metavar="LIST", help="Spectra: 2 (both trained), 1, or 2,1.")
@click.option("--digits", type=int, default=12, show_default=True, metavar="K", help="Of thresholds and constants.")
@click.option("--no-thresholds", is_flag=True, help="Leave out where eigenvalues change sign.")
@click.option("--no-certificate", is_flag=True, help="Leave out what takes minutes: proofs for all d from some d on.")
@click.option("--no-figures", is_flag=True, help="Leave the figures out.")
@click.option("--notation", metavar="FILE", help='Other symbols, JSON: {"d": "n", "\\\\mathcal{L}": "F"}.')
@click.option("--width", type=float, metavar="PT", help="Of the text in points, for breaking lines (default: 455).")
@click.option("--fragment", is_flag=True, help="Parts to be \\input, without preamble and bibliography.")
@click.option("--pdf", is_flag=True, help="Compile the document, too (needs pdflatex and bibtex).")
def paper(output: str | None, form: str, **given: Any) -> None:
    """A LaTeX document about one or several families, ready to be compiled, with all that it reads beside it.

    For each family the isotropy type in block form, entries and loss as series with their error terms, the number of
    points, every Hessian eigenvalue with its multiplicity, the d at which eigenvalues change sign, what is proved for
    all d from some d on, figures, and the command that gives each formula again. Long coefficients are broken over
    lines. The bibliography is a BibTeX file beside the document. What cannot be decided is left out, with the reason.

    Proofs take some minutes a family; --no-certificate leaves them out. --format mathematica, maple or sage writes
    entries, loss and eigenvalues as exact functions of d instead, to standard output unless -o is given.

    \b
    symrelu paper --blocks d-6,6 --limit +,- -o d66.tex --pdf
    symrelu paper 2a 3b --order 8 --no-certificate -o families.tex
    symrelu paper 2a --fragment --no-figures --width 345 -o 2a.tex
    symrelu paper 2a --notation names.json -o 2a.tex
    symrelu paper 2a --format mathematica --order 8 -o 2a.m
    """
    from symrelu.paper.command import run

    if output is None and form == "latex":
        raise click.UsageError("a document is written to a file; give -o out.tex", click.get_current_context())
    printed = run(output, form, progress(), **given)
    clear_progress()
    if printed:
        print_text(printed)
