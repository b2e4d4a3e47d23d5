"""The command about more neurons than k: ``symrelu widths``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from symrelu.cli.group import family_options, format_option, main
from symrelu.cli.terminal import print_json, print_text, progress
from symrelu.errors import BadInput

DIGITS, ORDER = 15, 3


@main.command(short_help="What more neurons do to a family: k as a real number.")
@family_options
@click.option("--d", "at", metavar="D", help="One real d: 20, 7.25, 29/4.")
@click.option(
    "--k", "numbers", metavar="LIST", help="Numbers of neurons, any reals: 20,20.5,21 (default: k, k+1, k+2)."
)
@click.option("--digits", type=int, metavar="N", help=f"With --d: significant digits (default: {DIGITS}).")
@click.option("--prove", is_flag=True, help="With --d: prove the indices in balls.")
@click.option(
    "--with-extra",
    is_flag=True,
    help="With --d and no family: families with k = d + 1 and d + 2 too (minutes the first time, then from the store).",
)
@click.option("--from-d", "from_d", metavar="D", help="Prove, for every real d >= D, that splitting gives saddles.")
@click.option("--order", type=int, metavar="N", help=f"The series for large d, through t**N (default: {ORDER}).")
@format_option("text", "json", "latex")
def widths(
    at: str | None,
    numbers: str | None,
    digits: int | None,
    prove: bool,
    with_extra: bool,
    from_d: str | None,
    order: int | None,
    form: str,
    **chosen: Any,
) -> None:
    """What splitting neurons does to a family, for every real number of neurons k.

    A neuron w is m neurons w/m, for every real m > 0: network and loss stay. The Hessian gains, once for each neuron
    more, the form D = Phi''(w) of its row, where Phi(u) is the slope of the loss for a small new neuron u. So a minimum
    turns into a saddle at once, for every real k above its own, or never. Without --d or --from-d: the eigenvalues of
    D of every row as exact series, and Phi of the targets. With --d and no family: a table of the named families.

    \b
    symrelu widths 2a --order 4
    symrelu widths 2a --d 20 --k 20,20.5,21 --prove
    symrelu widths 1b --from-d 6
    symrelu widths --d 20
    symrelu widths --blocks d-5,5 --limit +,- --d 12 --format json
    """
    from symrelu.exact.parse import parse_fraction
    from symrelu.families import family

    given = {"--order": order, "--digits": digits, "--k": numbers, "--prove": prove or None}
    alone = {"--d": at, "--from-d": from_d, "--order": order}
    modes = [name for name, value in alone.items() if value is not None]
    if len(modes) > 1:
        raise BadInput(f"{' and '.join(modes)} were given; give one of --d, --from-d, or --order for the series")
    unused = [name for name in ("--digits", "--k", "--prove") if given[name] is not None and at is None]
    if unused:
        raise BadInput(f"{unused[0]} was given without --d, to which it belongs; give --d, such as --d 20")
    if form == "latex" and modes and modes != ["--order"]:
        raise BadInput("--format latex is for the series; with --d or --from-d give text or json")
    words = [value for name, value in chosen.items() if name != "setting"]
    if at is not None and all(word is None for word in words) and chosen["setting"].is_default:
        if numbers is not None or prove:
            raise BadInput("--k and --prove belong to one family; give its name, such as 2a")
        _print_table(parse_fraction(at, "--d"), DIGITS if digits is None else digits, with_extra, form)
        return
    if with_extra:
        raise BadInput("--with-extra belongs to the table of families; give --d and no family, such as --d 20")
    one = family(**chosen)
    if at is not None:
        from symrelu.splitting.real_k import widths as found_at

        ks = [parse_fraction(k, "--k") for k in numbers.split(",")] if numbers is not None else []
        found = found_at(one, parse_fraction(at, "--d"), DIGITS if digits is None else digits, prove, progress())
        answer = found.to_json(ks) if form == "json" else found.text(ks)
    elif from_d is not None:
        from symrelu.splitting.proof import proved_from

        proof = proved_from(one, parse_fraction(from_d, "--from-d"), progress())
        answer = proof.to_json() if form == "json" else proof.text()
    else:
        from symrelu.splitting.series import width_series

        series = width_series(one, ORDER if order is None else order, progress())
        answer = series.to_json() if form == "json" else series.latex() if form == "latex" else series.text()
    if isinstance(answer, str):
        print_text(answer)
    else:
        print_json(answer)


def _print_table(d: Fraction, digits: int, with_extra: bool, form: str) -> None:
    """The table of families at one d."""
    from symrelu.splitting.table import annihilation_data, text_of

    data = annihilation_data(d, digits, with_extra, progress())
    if form == "json":
        print_json(data)
    else:
        print_text(text_of(data))
