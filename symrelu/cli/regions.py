"""The command about three blocks: minima that are no families in d."""

from __future__ import annotations

import click

from symrelu.cli.group import format_option, main
from symrelu.cli.terminal import print_json, print_text, progress


@main.command(short_help="Where three-block points Delta(S_q x S_1 x S_{d-q-1}) are minima.")
@click.option("--d-max", type=int, default=1000, show_default=True, metavar="D", help="Follow the region up to this d.")
@click.option("--q", type=int, metavar="Q", help="One size of the first block: for which d it has a minimum.")
@click.option("-o", "--output", metavar="FILE", help="Write the JSON to a file, too.")
@format_option("text", "json")
def region(d_max: int, q: int | None, output: str | None, form: str) -> None:
    """The minima of isotropy Delta(S_q x S_1 x S_{d-q-1}), k = d, that gradient descent finds and no theorem lists.

    They are no family in d: (q, d) is a problem in two parameters, and every line q = q(d) affine in d ends in a fold.
    The command looks for one minimum at d = 20 (random starts, seeded), continues the curves that bound the region of
    the (q, d)-plane in which the points are minima (folds, and sign changes of eigenvalues), prints for each d the
    range of real q, and proves the points at whole sizes in ball arithmetic. Takes about a minute.

    \b
    symrelu region
    symrelu region --d-max 5000 --format json
    symrelu region --q 40
    symrelu region -o region.json
    symrelu figure region -o region.pdf
    """
    from symrelu.files import check_writable, write_json
    from symrelu.regions import region_table

    if output is not None:
        check_writable(output)
    table = region_table(d_max, q, progress())
    if output is not None:
        write_json(output, table.to_json())
    print_json(table.to_json()) if form == "json" else print_text(table.text())
