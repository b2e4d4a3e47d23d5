"""Commands about a real dimension: numbers to any precision, thresholds, proofs."""

from __future__ import annotations

from typing import Any

import click

from symrelu.cli.group import family_options, format_option, layers_option, main
from symrelu.cli.terminal import print_json, print_text, progress
from symrelu.errors import BadInput


@main.command(short_help="Entries, loss and spectrum of a family at one real d.")
@family_options
@click.option("--d", "at", required=True, metavar="D", help="Any real d: 20, 7.25, 29/4, 1e100.")
@click.option("--digits", type=int, default=20, show_default=True, metavar="N", help="Significant digits, all right.")
@layers_option
@click.option("--truncate", type=int, metavar="N", help="The series through t**N instead, and its true error.")
@click.option("--save", metavar="FILE.npy", help="Write the matrix W too (a whole number d).")
@format_option("text", "json", "latex")
def evaluate(
    at: str, digits: int, layers: int, truncate: int | None, save: str | None, form: str, **chosen: Any
) -> None:
    """Entries, loss and all Hessian eigenvalues of a family at one real d, to any number of digits.

    For large d the series is the start and Newton's method does the rest; below its radius of convergence, which is
    estimated, the path is followed down from larger d. Eigenvalues are numbered as by `symrelu spectrum`, with
    multiplicities. The digits are checked by a second evaluation at higher precision (numerical, no proof). Below the
    end of the path the answer says where it ends and why.

    \b
    symrelu evaluate 2a --d 20 --digits 30
    symrelu evaluate 3a --d 7.25 --layers 1 --format json
    symrelu evaluate 1b --d 1e100 --truncate 6
    symrelu evaluate --blocks d-5,5 --limit +,- --d 12 --save W.npy
    """
    from symrelu.exact.parse import parse_fraction
    from symrelu.families import family
    from symrelu.paths.evaluation_result import check_file

    one, d = family(**chosen), parse_fraction(at, "--d")
    if save is not None:
        check_file(save, d)
    result = one.at(d, digits, layers, truncate, progress(), radius=True)
    if save is not None:
        result.save(save)
    print_json(result.to_json()) if form == "json" else print_text(result.latex() if form == "latex" else result.text())


@main.command(short_help="Every d at which a Hessian eigenvalue of a family changes sign.")
@family_options
@click.option("--digits", type=int, default=20, show_default=True, metavar="N", help="Significant digits of each d.")
@click.option("--down-to", metavar="D", help="Look down to this d only (default: as far as the family goes).")
@click.option("--numerical", is_flag=True, help="Leave the proof out.")
@click.option("--branches", "with_branches", is_flag=True, help="The branches that meet the family there, too.")
@format_option("text", "json", "latex")
def thresholds(
    digits: int, down_to: str | None, numerical: bool, with_branches: bool, form: str, **chosen: Any
) -> None:
    """Every d, from large d downwards, at which an eigenvalue of the Hessian along a family changes sign.

    The family is followed down from d = infinity to where one of its blocks has two rows, or to its end. Each threshold
    comes with the isotypic component and branch (numbered as by `symrelu spectrum`), how many directions turn, the sign
    below, and two values of d that enclose it (in JSON). Found numerically, then proved in ball arithmetic along the
    certified path: exactly one sign change in each bracket, and none elsewhere. Takes some seconds to a minute; with
    --numerical the proof is left out.

    --branches solves for the critical points of less symmetry that branch off at each threshold, in the subgroups that
    fix one direction of the kernel, follows them a little way, and proves their points at the next integers d, with
    the index (some seconds more for each branch).

    \b
    symrelu thresholds 2a --digits 30
    symrelu thresholds 1b --down-to 5 --branches
    symrelu thresholds 3a --down-to 5 --format json
    symrelu thresholds --blocks d-5,5 --limit +,-
    """
    from symrelu.exact.parse import parse_fraction
    from symrelu.families import family

    if with_branches and form == "latex":
        raise BadInput("--branches was given with --format latex, in which branches are not written; try text or json")
    lowest = None if down_to is None else parse_fraction(down_to, "--down-to")
    one = family(**chosen)
    result = one.thresholds(digits, lowest, progress(), prove=not numerical)
    if with_branches:
        from symrelu.branching import branches

        found = branches(one, result, progress())
        if form == "json":
            print_json({**result.to_json(), "branches": found.to_json()})
        else:
            print_text(f"{result.text()}\n\n{found.text()}")
        return
    print_json(result.to_json()) if form == "json" else print_text(result.latex() if form == "latex" else result.text())


@main.command(short_help="Prove that a family exists at d or for all d >= D; its index.")
@family_options
@click.option("--d", "d", metavar="D", help="One dimension: an integer, a decimal or a fraction.")
@click.option("--from-d", "from_d", metavar="D", help="Every real dimension from D on.")
@click.option("--digits", type=int, default=15, show_default=True, metavar="K", help="Digits of the entries.")
@click.option("--order", type=int, metavar="N", help="With --from-d: of the remainder (default: 6).")
@click.option("-o", "--output", metavar="FILE", help="Write the certificate, for `symrelu check`.")
@format_option("text", "json", "latex")
def certify(
    d: str | None, from_d: str | None, digits: int, order: int | None, output: str | None, form: str, **chosen: Any
) -> None:
    """A proof in ball arithmetic that the family exists at d, or for all real d >= D, and of its index.

    The family is followed from d = infinity: one piece of the proof covers all large d at once, finitely many more lead
    down to D. At each d one critical point is enclosed, and the signs of all isotypic blocks of the Hessian are proved:
    "minimum" (no negative direction, none of nullity beyond rescaling) or "saddle". "index changes" says that an
    eigenvalue changes sign in the range, and where. "undecided" claims nothing. With --from-d the answer holds a
    remainder for the printed series too, valid for every d >= D.

    \b
    symrelu certify 4 --d 9
    symrelu certify 1b --from-d 6 -o 1b.json
    symrelu check 1b.json
    """
    from symrelu.exact.parse import parse_fraction
    from symrelu.families import family
    from symrelu.files import check_writable, write_json

    if output is not None:
        check_writable(output)
    if (d is None) == (from_d is None):
        raise click.UsageError("give either --d, for one dimension, or --from-d, for all real dimensions from there on")
    result = family(**chosen).certify(
        None if d is None else parse_fraction(d, "--d"),
        from_d=None if from_d is None else parse_fraction(from_d, "--from-d"),
        digits=digits,
        order=order,
        progress=progress(),
    )
    print_json(result.to_json()) if form == "json" else print_text(result.latex() if form == "latex" else result.text())
    if output is not None:
        write_json(output, result.to_file())


@main.command(short_help="Prove a certificate again, independently.")
@click.argument("path", metavar="FILE")
def check(path: str) -> None:
    """Check a certificate that `symrelu certify -o` wrote, by an independent prover.

    The checker shares nothing with the rest of symrelu but the definition of the loss and ball arithmetic: it rebuilds
    gradient and Hessian, proves existence, uniqueness and index on every piece, and that the pieces leave no d out.
    Exit status 0: accepted; 1: rejected, with the reason; 2: not a certificate.

    \b
    symrelu check 1b.json
    """
    from symrelu.checker import Unreadable
    from symrelu.checker import check as prove_again
    from symrelu.checker.__main__ import load, show

    try:
        verdict = prove_again(load(path))
    except Unreadable as error:
        raise BadInput(f"{path!r} is no certificate: {error}; give one that symrelu certify -o wrote") from None
    raise SystemExit(show(verdict))
