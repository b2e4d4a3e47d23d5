"""Commands whose answers are exact: series, spectra, expressions, families side by side."""

from __future__ import annotations

from typing import Any

import click

from symrelu.cli.group import family_options, format_option, layers_option, main, order_option, setting_options, words
from symrelu.cli.terminal import print_json, print_text, progress


@main.command(short_help="Entries, loss and multiplicity of a family as exact series.")
@family_options
@order_option(4)
@click.option("--digits", type=int, default=15, show_default=True, metavar="K", help="Of constants without exact form.")
@format_option("text", "json", "latex")
def series(order: int, digits: int, form: str, **chosen: Any) -> None:
    """Entries, loss and multiplicity of a family as exact series in t = d**(-1/2).

    All coefficients of t**0 .. t**N, exact over Q(pi) (with the square roots and roots of polynomials that the family
    forces), or enclosed in balls where constants have no exact form; proved by substitution.

    \b
    symrelu series 2a --order 8
    symrelu series 3a --order 8 --format latex
    symrelu series --blocks d-6,6 --limit +,- --order 6 --format json
    symrelu series --blocks d/2,d/2 --limit +,- --branch 1 --order 4
    symrelu series --blocks d-2,2 --rows 1,2,* --limit a_1=1,a_5=-1 --branch 1
    """
    from symrelu.families import family

    one = family(**chosen)
    result = one.series(order, progress(), digits)
    remark = one.no_series_reason() if one.actual.is_larger else None  # what was asked for has no family of its own
    if form == "json":
        print_json(result.to_json() | ({"remark": remark} if remark else {}))
    elif form == "latex":
        print_text(result.latex())
    else:
        print_text(result.text() + (f"\nnote: {remark}" if remark else ""))


@main.command(short_help="Every Hessian eigenvalue along a family as an exact series.")
@family_options
@order_option(2)
@layers_option
@format_option("text", "json", "latex")
def spectrum(order: int, layers: int, form: str, **chosen: Any) -> None:
    """The Hessian spectrum along a family: every eigenvalue as an exact series, with its multiplicity.

    One line for each eigenvalue branch of each isotypic component: t (trivial), s1 (standard representation of
    block 1), x1 and y1 (its exterior square and (n-2,2)), s1*s2. With two layers trained, the k zeros that rescaling
    causes are printed as exact zeros. "proved by" is the proof of the entries, from which the eigenvalues follow by
    exact reduction of the blocks of the isotypic decomposition; multiplicities are the components' dimensions.

    \b
    symrelu spectrum 3b --order 2
    symrelu spectrum --blocks d-5,5 --limit +,- --order 2 --format latex
    """
    from symrelu.families import family

    result = family(**chosen).spectrum(order, layers, progress())
    print_json(result.to_json()) if form == "json" else print_text(result.latex() if form == "latex" else result.text())


@main.command(short_help="Loss, gradient, Hessian or eigenvalues as exact expressions.")
@family_options
@click.option(
    "--what",
    type=click.Choice(["gradient", "loss", "hessian", "eigenvalues"]),
    default="gradient",
    show_default=True,
    help="Which expressions.",
)
@click.option(
    "--layers",
    type=int,
    default=2,
    show_default=True,
    metavar="1|2",
    help="Of a Hessian: 2 trains both layers, 1 the first alone.",
)
@click.option("--explicit", is_flag=True, help="Write norms and angles out: a_1, a_2, ... and d alone.")
@format_option("text", "json", "latex")
def expression(what: str, layers: int, explicit: bool, form: str, **chosen: Any) -> None:
    """The loss, its gradient or its Hessian on Fix(G) as exact expressions in a_1, a_2, ... and a real d.

    The gradient is the paper's F (section 4.1): derivatives of the reduced loss. Eigenvalues are those of the
    Hessian (--layers), one for each copy of an isotypic component. Components with more than two copies are given
    as pencils (H, M) with det(H - lambda M) = 0, the form in which --what hessian gives all of them: entries are
    numbered by the representatives listed below the formulas, with the multiplicity of each component. Where two rows
    are parallel, as at 1a itself, the formulas may read 0/0: take the limit, or use `symrelu spectrum`.

    Norms and angles are named as in the paper (nu, alpha, beta) and defined below the formulas; --explicit writes
    them out. Works for every isotropy type; no limit is needed.

    \b
    symrelu expression 1b --what gradient
    symrelu expression --blocks d/2,d/2 --what loss --format latex
    symrelu expression 1b --what eigenvalues
    """
    from symrelu.render.expressions import expression_json, expression_latex, expression_text, expressions_of

    result = expressions_of(what, layers=layers, **chosen)
    if form == "json":
        print_json(expression_json(result))
    else:
        print_text((expression_latex if form == "latex" else expression_text)(result, explicit))


@main.command(short_help="The named families, or all families found for a type.")
@click.option("--blocks", type=words, metavar="SIZES", help="Block sizes of a type, affine in d: d-6,6 or d/2,d/2.")
@click.option("--rows", metavar="LIST", help="Row orbits: block numbers from 1, * for a fixed row.")
@click.option("--cols", metavar="LIST", help="Column orbits, likewise.")
@click.option("--limit", metavar="LIMIT", help="Only the families over this limit, such as +,- or a_1=1,a_5=-1.")
@click.option("--effort", default="1", metavar="X", help="Times as many starts of a search (default: 1).")
@click.option("--seed", type=int, default=1, show_default=True, metavar="N", help="Of the random starts.")
@setting_options
@format_option("text", "json")
def families(form: str, **chosen: Any) -> None:
    """The named families with their limits and leading terms; with --blocks, the families of an isotropy type.

    With --limit the leading system a = limit + O(1/d) is solved completely, where it is polynomial. Without, the fixed
    space is searched: Newton's method from many starts at several d, every point followed up to d = 1e30 and more, its
    limits and exponents read off, its leading system derived, solved and proved. That takes from ten seconds to some
    minutes; the last line says how complete the list is.

    \b
    symrelu families
    symrelu families --blocks d/2,d/2 --limit +,-
    symrelu families --blocks d-3,3
    symrelu families --blocks d-2,2 --rows 1,2,* --format json
    symrelu families --blocks d-1,1 --kernel leaky:1/10
    symrelu families --blocks d-2,2 --effort 4 --seed 2
    """
    from symrelu.found import find_families
    from symrelu.render.listing import families_json, families_text, ramification_of

    found = find_families(**chosen, progress=progress())
    if form == "json":
        print_json(families_json(found, progress()))
    else:
        print_text(families_text(found, progress()), ramification_of(found))


@main.command(short_help="Families side by side: losses, entries and spectra.")
@click.argument("names", nargs=-1, metavar="[FAMILY FAMILY ...]")
@order_option(4)
@setting_options
@format_option("text", "json", "latex")
def compare(names: tuple[str, ...], order: int, form: str, setting: Any) -> None:
    """Losses, entries and spectra of two families, and their differences.

    Of three families or more, or of all the named ones if none is given: their Hessian eigenvalues with both layers
    trained, side by side, with the coefficients and multiplicities of each family at the first power of d where any
    two part.

    \b
    symrelu compare 1a 2a --order 2
    symrelu compare 3a d-6,6:+,- --order 4
    symrelu compare --order 2                 # spectra of all the named families
    symrelu compare 1a 1b 2a --order 2 --format latex
    """
    from symrelu.families import families as named_families
    from symrelu.families import family

    if len(names) == 1:
        raise click.UsageError(f"one family was given, {names[0]!r}; give two or more, or none for all the named ones")
    if len(names) == 2:
        from symrelu.comparison import compare as compare_families

        first, second = (family(name, setting=setting) for name in names)
        result: Any = compare_families(first, second, order, progress())
    else:
        from symrelu.spectrum.parting import part_spectra

        result = part_spectra([family(name, setting=setting) for name in names] or named_families(), order, progress())
    print_json(result.to_json()) if form == "json" else print_text(result.latex() if form == "latex" else result.text())
