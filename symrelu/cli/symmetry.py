"""Commands about symmetry alone: the lattice of isotropy groups, and what a given matrix is."""

from __future__ import annotations

import click

from symrelu.cli.group import format_option, main, number
from symrelu.cli.terminal import print_json, print_text, progress
from symrelu.errors import BadInput

DEFAULT_BLOCK = 4


@main.command(short_help="Isotropy types and which lies in which; the Hasse diagram.")
@click.option("--d", "d", metavar="D", help="Columns: a number such as 4, or d for every d at once.")
@click.option("--k", "k", metavar="K", help="Rows (default: as many as columns): a number, or d+1 with --d d.")
@click.option("--symbolic", is_flag=True, help="The same as --d d.")
@click.option("--max-block", type=int, metavar="M", help="With --d d: columns outside the growing block (default: 4).")
@click.option("--separate", is_flag=True, help="With --d d: groups that move rows and columns separately, too.")
@click.option("--young", is_flag=True, help="With a number d: the types of Young form alone.")
@click.option("--families", metavar="FILE", help="Show the families of a file that symrelu sweep wrote, too.")
@click.option("--figure", metavar="FILE", help="Draw the Hasse diagram; the file ends in .pdf, .svg or .png.")
@format_option("text", "json", "graphml")
def lattice(
    d: str | None,
    k: str | None,
    symbolic: bool,
    max_block: int | None,
    separate: bool,
    young: bool,
    families: str | None,
    figure: str | None,
    form: str,
) -> None:
    """The isotropy subgroups of S_k x S_d acting on k x d matrices, up to conjugacy, and which lies in which.

    For a number d the list is complete (k! d! up to 20,000: k = d = 5 takes some seconds). With --d d it holds the
    groups Delta(S_{d-m} x S_lambda), lambda a partition, for every large d; with --separate all groups of Young type.
    Each type comes with the order of its group, the dimension of its fixed space, and the named families that live
    there. rows(...) and columns(...) move one side alone, S_2[2,1] two orbits of rows and one of columns at once; a
    group that is not of Young type is written by generators, row permutation | column permutation. In the JSON,
    inclusions are the covering pairs [smaller, larger]; all others follow.

    \b
    symrelu lattice --d 4
    symrelu lattice --d 4 --k 5 --format json
    symrelu lattice --d 4 --figure lattice.pdf
    symrelu lattice --d d --max-block 5
    symrelu lattice --d d --k d+1 --max-block 2 --separate --format graphml
    """
    from symrelu.inhabitants import named_inhabitants, read_inhabitants
    from symrelu.symmetry.size import D, Size

    if symbolic and d not in (None, "d"):
        raise BadInput(f"both --symbolic and --d {d} were given; give one of them")
    if d is None and not symbolic:
        raise BadInput("no d was given; give a number, such as --d 4, or --d d for every d at once")
    columns = Size.parse(d) if d is not None else D
    rows = columns if k is None else Size.parse(k)
    if figure is not None:
        from symrelu.render.hasse import check_hasse

        check_hasse(figure)
    living = named_inhabitants()
    if families is not None:
        living += [one for one in read_inhabitants(families) if one not in living]
    if columns == D:
        from symrelu.symmetry.lattice import young_lattice

        extra = rows - D
        if not extra.is_constant or extra.const.denominator != 1:
            raise BadInput(f"--k {k} was given; with --d d it must be d plus or minus a number, such as d+1")
        if young:
            raise BadInput("--young was given with --d d, which lists groups of Young type alone; leave it out")
        found = young_lattice(DEFAULT_BLOCK if max_block is None else max_block, int(extra.const), separate, living)
    else:
        from symrelu.symmetry.lattice import complete_lattice

        for name, size, given in (("--d", columns, d), ("--k", rows, k)):
            if not size.is_constant or size.const.denominator != 1:
                raise BadInput(f"{name} {given} was given; it must be a whole number, or --d d for every d at once")
        if separate or max_block is not None:
            option = "--separate" if separate else "--max-block"
            raise BadInput(f"{option} was given with --d {d}, for which the list is complete; it belongs to --d d")
        found = complete_lattice(int(rows.const), int(columns.const), living, progress())
        found = found.of_young_type() if young else found
    if figure is not None:
        from symrelu.render.hasse import write_hasse

        write_hasse(found, figure)
    if form == "json":
        print_json(found.to_json())
    else:
        print_text(found.graphml() if form == "graphml" else found.text())


@main.command(short_help="The isotropy, block form and family of a given matrix.")
@click.argument("path", metavar="FILE")
@click.option(
    "--tol", "tolerance", type=number, default=1e-6, show_default=True, metavar="X", help="Entries within it are equal."
)
@click.option("--rescaled", is_flag=True, help="Up to positive factors of the rows: compare rows of norm 1.")
@format_option("text", "json")
def identify(path: str, tolerance: float, rescaled: bool, form: str) -> None:
    """The isotropy group of a matrix of numbers (.npy or .csv), up to the order of rows and columns, and its family.

    The answer has the order of rows and columns that brings the matrix into block form, the entries a_1, a_2, ..., the
    words that name its type, and the family it belongs to: a named one, or one of its own type with the signs that its
    diagonal shows, evaluated at this d, if all entries agree to the tolerance. Entries that do not fall clearly into
    values at this tolerance are refused. Takes some seconds at d = 50.

    \b
    symrelu evaluate 2a --d 20 --save W.npy && symrelu identify W.npy
    symrelu identify W.csv --tol 1e-4 --format json
    symrelu identify W.npy --rescaled
    """
    from symrelu.identification import identify as identify_matrix
    from symrelu.matrix_file import read_matrix

    result = identify_matrix(read_matrix(path), tolerance, rescaled, progress())
    print_json(result.to_json()) if form == "json" else print_text(result.text())
