"""The command line: parse, call, print. Every command is thin over the library; imports happen inside, so that
--version is quick.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn

import click

from symrelu import __version__
from symrelu.errors import BadInput, SymreluError

BAD_INPUT, INTERRUPTED = 2, 130
LONGEST_MESSAGE = 420


class _Interrupted(Exception):
    """Ctrl-C inside a command, kept from click, which would print an empty line."""


class _Commands(click.Group):
    """A group whose errors are one line on standard error with exit status 2, never a traceback or a page of usage."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            value = super().invoke(ctx)
            if sys.stdout is not None:  # closed by the shell: >&-
                sys.stdout.flush()
            return value
        except KeyboardInterrupt:
            raise _Interrupted from None
        except BrokenPipeError:  # the reader (head, less) has gone: not an error, and nothing is left to be flushed
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(0) from None
        except OSError as error:  # a full disk
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            _fail(f"the answer cannot be written: {error.strerror}; make room, or write it elsewhere")

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        kwargs["standalone_mode"] = False
        try:
            status = super().main(*args, **kwargs)
        except click.ClickException as error:
            context = error.ctx if isinstance(error, click.UsageError) else None
            hint = f" (try: {context.command_path} --help)" if context else ""
            _fail(" ".join(error.format_message().split()) + hint)
        except SymreluError as error:
            _fail(" ".join(str(error).split()))
        except (_Interrupted, click.Abort):
            _clear_progress()
            print("symrelu: interrupted; nothing was written", file=sys.stderr)
            raise SystemExit(INTERRUPTED) from None
        raise SystemExit(status or 0)


def _fail(message: str) -> NoReturn:
    _clear_progress()
    if len(message) > LONGEST_MESSAGE:  # what was given may be of any length
        message = f"{message[: LONGEST_MESSAGE // 3]} ... {message[-LONGEST_MESSAGE // 2 :]}"
    print(f"symrelu: {message}", file=sys.stderr)
    raise SystemExit(BAD_INPUT)


def _progress() -> Callable[[str], None] | None:
    """A line on standard error that is overwritten as work goes on; None where nobody watches."""
    if not sys.stderr.isatty():
        return None

    def show(message: str) -> None:
        sys.stderr.write(f"\r\x1b[K{message[:100]}")
        sys.stderr.flush()

    return show


def _clear_progress() -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()


def _print(text: str) -> None:
    _clear_progress()
    print(text)


def _print_json(data: Any) -> None:
    _print(json.dumps(data, indent=1, ensure_ascii=False))


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="symrelu")
@click.pass_context
def main(context: click.Context) -> None:
    """Exact families of critical points of two-layer ReLU networks (student-teacher, Gaussian inputs).

    \b
    symrelu series 2a --order 4                          entries and loss of a case of Theorem 1
    symrelu series --blocks d-6,6 --limit +,- --order 4  the same for a type that no paper lists
    symrelu verify theorem1                              every printed coefficient, decided

    A FAMILY is a name (1a 1b 2a 2b 3a 3b 4, or A, I, II as in the predecessor paper), or a type with a limit:
    --blocks d-4,4 gives the sizes of the blocks of the isotropy group, --limit +,- the signs of the diagonal of W
    at d = infinity, block by block. d-4,4:+,- is short for both.

    Exact numbers are printed with integers, + - * / **, pi and sqrt(...); t stands for d**(-1/2).
    """
    if context.invoked_subcommand is None:
        _print(context.get_help())


def _family_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in reversed(
        (
            click.argument("name", required=False, metavar="[FAMILY]"),
            click.option("--blocks", metavar="SIZES", help="Block sizes, affine in d: d-4,4 or d/2,d/2."),
            click.option(
                "--rows",
                metavar="LIST",
                help="Row orbits: block numbers from 1, * for a fixed row (default: one per block).",
            ),
            click.option("--cols", metavar="LIST", help="Column orbits, likewise."),
            click.option(
                "--limit", metavar="LIMIT", help="Signs of diag W at d = infinity: +,-; or coordinates: a_1=1,a_5=-1."
            ),
            click.option("--branch", type=int, metavar="K", help="Which of several families over one limit (from 1)."),
        )
    ):
        command = decorate(command)
    return command


def _format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--format", "form", type=click.Choice(formats), default="text", show_default=True, help="What to print."
    )


def _order_option(default: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--order",
        type=int,
        default=default,
        show_default=True,
        metavar="N",
        help="Terms through t**N, error O(t**(N+1)).",
    )


@main.command(short_help="Entries, loss and multiplicity of a family as exact series.")
@_family_options
@_order_option(4)
@_format_option("text", "json", "latex")
def series(order: int, form: str, **chosen: Any) -> None:
    """Entries, loss and multiplicity of a family as exact series in t = d**(-1/2).

    All coefficients of t**0 .. t**N, exact over Q(pi) (with the square roots that the family forces), proved by
    substitution.

    \b
    symrelu series 2a --order 8
    symrelu series 3a --order 8 --format latex
    symrelu series --blocks d-6,6 --limit +,- --order 6 --format json
    """
    from symrelu.families import family

    result = family(**chosen).series(order, _progress())
    _print_json(result.to_json()) if form == "json" else _print(result.latex() if form == "latex" else result.text())


@main.command(short_help="Every Hessian eigenvalue along a family as an exact series.")
@_family_options
@_order_option(2)
@click.option(
    "--layers",
    type=int,
    default=2,
    show_default=True,
    metavar="1|2",
    help="2: both layers trained; 1: the second fixed at 1.",
)
@_format_option("text", "json", "latex")
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

    result = family(**chosen).spectrum(order, layers, _progress())
    _print_json(result.to_json()) if form == "json" else _print(result.latex() if form == "latex" else result.text())


@main.command(short_help="Entries, loss and spectrum of a family at one real d.")
@_family_options
@click.option("--d", "at", required=True, metavar="D", help="Any real d: 20, 7.25, 29/4, 1e100.")
@click.option("--digits", type=int, default=20, show_default=True, metavar="N", help="Significant digits, all right.")
@click.option(
    "--layers",
    type=int,
    default=2,
    show_default=True,
    metavar="1|2",
    help="2: both layers trained; 1: the second fixed at 1.",
)
@click.option("--truncate", type=int, metavar="N", help="The series through t**N instead, and its true error.")
@click.option("--save", metavar="FILE.npy", help="Write the matrix W too (a whole number d).")
@_format_option("text", "json", "latex")
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
    result = one.at(d, digits, layers, truncate, _progress(), radius=True)
    if save is not None:
        result.save(save)
    _print_json(result.to_json()) if form == "json" else _print(result.latex() if form == "latex" else result.text())


@main.command(short_help="Every d at which a Hessian eigenvalue of a family changes sign.")
@_family_options
@click.option("--digits", type=int, default=20, show_default=True, metavar="N", help="Significant digits of each d.")
@click.option("--down-to", metavar="D", help="Look down to this d only (default: as far as the family goes).")
@click.option("--numerical", is_flag=True, help="Leave the proof out.")
@click.option("--branches", "with_branches", is_flag=True, help="The branches that meet the family there, too.")
@_format_option("text", "json", "latex")
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
    result = one.thresholds(digits, lowest, _progress(), prove=not numerical)
    if with_branches:
        from symrelu.branching import branches

        found = branches(one, result, _progress())
        if form == "json":
            _print_json({**result.to_json(), "branches": found.to_json()})
        else:
            _print(f"{result.text()}\n\n{found.text()}")
        return
    _print_json(result.to_json()) if form == "json" else _print(result.latex() if form == "latex" else result.text())


@main.command(short_help="A figure, of the papers or our own, drawn from our own numbers.")
@click.argument("name", metavar="NAME")
@click.option("-o", "--output", required=True, metavar="FILE", help="The file to write; it ends in .pdf, .svg or .png.")
@click.option("--family", metavar="FAMILY", help="A name or d-5,5:+,- (default: 2a for main-1, else all named ones).")
def figure(name: str, output: str, family: str | None) -> None:
    """A figure of the papers, drawn from our own numbers: main-1 or main-2; or our own: paths or branching.

    main-1 shows the Hessian eigenvalues of a family against d, numerical and exact to O(d**(-1/2)), and their
    multiplicities at d = 100 (some 20 s); main-2 the 5 x 5 matrices of three isotropy types. paths shows loss and
    lowest eigenvalues along d, the thresholds and the end of the path (some 10 s a family); branching the branches
    that meet a family at its thresholds, certified points marked (all named families, at their largest thresholds:
    some 2 minutes). The file appears whole or not at all. Needs matplotlib: pip install 'symrelu[plot]'.

    \b
    symrelu figure main-1 -o spectrum.pdf
    symrelu figure main-1 --family 3a -o spectrum-3a.svg
    symrelu figure main-2 -o isotropy.png
    symrelu figure paths --family 3a -o path.pdf
    symrelu figure branching --family 2a -o branches.pdf
    """
    from symrelu.render.figures import write_figure

    write_figure(name, output, family, _progress())
    _clear_progress()


@main.command(short_help="Loss, gradient, Hessian or eigenvalues as exact expressions.")
@_family_options
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
@_format_option("text", "json", "latex")
def expression(what: str, layers: int, explicit: bool, form: str, **chosen: Any) -> None:
    """The loss, its gradient or its Hessian on Fix(G) as exact expressions in a_1, a_2, ... and a real d.

    The gradient is the paper's F (section 4.1): derivatives of the reduced loss. Eigenvalues are those of the
    Hessian (--layers), one for each copy of an isotypic component. Components with more than two copies are given
    as pencils (H, M) with det(H - lambda M) = 0, the form in which --what hessian gives all of them: entries are
    numbered by the representatives listed below the formulas, with the multiplicity of each component. Where two rows
    are parallel, as at 1a itself, the formulas may read 0/0: take the limit, or symrelu spectrum.

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
        _print_json(expression_json(result))
    else:
        _print((expression_latex if form == "latex" else expression_text)(result, explicit))


@main.command(short_help="The named families, or the family over one limit.")
@click.option("--blocks", metavar="SIZES", help="Block sizes of a type, such as d-6,6; needs --limit in this version.")
@click.option("--rows", metavar="LIST", hidden=True)
@click.option("--cols", metavar="LIST", hidden=True)
@click.option("--limit", metavar="LIMIT", help="The limit over which the type's family lies, such as +,-.")
@_format_option("text", "json")
def families(blocks: str | None, rows: str | None, cols: str | None, limit: str | None, form: str) -> None:
    """The named families with their limits and leading terms; with --blocks and --limit, the family over one limit.

    \b
    symrelu families
    symrelu families --blocks d-6,6 --limit +,- --format json
    """
    from symrelu.render.listing import families_json, families_text, listed

    found, completeness = listed(blocks, rows, cols, limit)
    if form == "json":
        _print_json(families_json(found, completeness, _progress()))
    else:
        _print(families_text(found, completeness, _progress()))


@main.command(short_help="Families side by side: losses, entries and spectra.")
@click.argument("names", nargs=-1, metavar="[FAMILY FAMILY ...]")
@_order_option(4)
@_format_option("text", "json", "latex")
def compare(names: tuple[str, ...], order: int, form: str) -> None:
    """Losses, entries and spectra of two families, and their differences.

    Of three families or more, or of all the named ones if none is given: their Hessian eigenvalues with both layers
    trained, side by side, with the coefficients and multiplicities of each family at the first power of d where any
    two part.

    \b
    symrelu compare 1a 2a --order 2
    symrelu compare 3a d-6,6:+,- --order 4
    symrelu compare --order 2                           spectra of all the named families
    symrelu compare 1a 1b 2a --order 2 --format latex
    """
    from symrelu.families import families as named_families
    from symrelu.families import family

    if len(names) == 1:
        raise click.UsageError(f"one family was given, {names[0]!r}; give two or more, or none for all the named ones")
    if len(names) == 2:
        from symrelu.comparison import compare as compare_families

        result: Any = compare_families(family(names[0]), family(names[1]), order, _progress())
    else:
        from symrelu.spectrum.parting import part_spectra

        result = part_spectra([family(name) for name in names] or named_families(), order, _progress())
    _print_json(result.to_json()) if form == "json" else _print(result.latex() if form == "latex" else result.text())


@main.command(short_help="Prove that a family exists at d or for all d >= D; its index.")
@_family_options
@click.option("--d", "d", metavar="D", help="One dimension: an integer, a decimal or a fraction.")
@click.option("--from-d", "from_d", metavar="D", help="Every real dimension from D on.")
@click.option("--digits", type=int, default=15, show_default=True, metavar="K", help="Digits of the entries.")
@click.option("--order", type=int, metavar="N", help="With --from-d: of the remainder (default: 6).")
@click.option("-o", "--output", metavar="FILE", help="Write the certificate, for `symrelu check`.")
@_format_option("text", "json", "latex")
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
        progress=_progress(),
    )
    _print_json(result.to_json()) if form == "json" else _print(result.latex() if form == "latex" else result.text())
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
    from symrelu.checker.__main__ import main as check_main

    raise SystemExit(check_main([path]))


@main.command(short_help="Decide the claims of the papers, one by one.")
@click.argument("group", default="all", metavar="[GROUP]")
@_format_option("text", "json")
@click.option("--verbose", "-v", is_flag=True, help="For every claim, the evidence and what it rests on.")
def verify(group: str, form: str, verbose: bool) -> None:
    """Decide the claims of the papers, one by one: theorem1, theorem2, main (its prose), predecessor (one claim so
    far), or all of them (the default).

    Each printed coefficient, loss and multiplicity is decided by exact computation. Exit status 0 unless a claim
    is undecided; a refuted claim is a finding, not a failure. Empirical: a measured figure, ours beside the paper's;
    open: not decided by this version, with the reason.

    \b
    symrelu verify theorem1
    symrelu verify theorem2 --verbose
    symrelu verify all --format json
    """
    from symrelu.claims.decide import claims_of, decide_all
    from symrelu.claims.report import report_json, report_text

    verdicts = decide_all(claims_of(group), _progress())
    _print_json(report_json(verdicts)) if form == "json" else _print(report_text(verdicts, verbose))
    if any(v.answer == "undecided" for v in verdicts):
        raise SystemExit(1)
