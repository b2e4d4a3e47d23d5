"""The group of commands, and the options that several of them share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NoReturn

import click

from symrelu import __version__
from symrelu.cli.terminal import INTERRUPTED, clear_progress, fail, print_text, style_of
from symrelu.errors import BadInput, SymreluError


class _Interrupted(Exception):
    """Ctrl-C inside a command, kept from click, which would print an empty line."""


@contextmanager
def _answering() -> Iterator[None]:
    """What goes wrong while an answer is computed and written: Ctrl-C, a reader that has gone, a full disk."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except KeyboardInterrupt:
        raise _Interrupted from None
    except BrokenPipeError:  # the reader (head, less) has gone: not an error, and nothing is left to be flushed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    except OSError as error:  # a full disk
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        fail(f"the answer cannot be written: {error.strerror}; make room, or write it elsewhere")


class _Commands(click.Group):
    """A group whose errors are one line on standard error with exit status 2, never a traceback or a page of usage."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        with _answering():  # --help and --version print here
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        with _answering():
            return super().invoke(ctx)

    def main(self, *args: Any, **kwargs: Any) -> NoReturn:
        kwargs["standalone_mode"] = False
        for name in ("stdout", "stderr"):  # None if closed by the shell (>&-)
            if getattr(sys, name) is None:
                setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        try:
            status = super().main(*args, **kwargs)
        except click.ClickException as error:
            context = error.ctx if isinstance(error, click.UsageError) else None
            hint = f" (try: {context.command_path} --help)" if context else ""
            fail(" ".join(error.format_message().split()) + hint)
        except SymreluError as error:
            fail(" ".join(str(error).split()))
        except (_Interrupted, click.Abort):
            clear_progress()
            print("symrelu: interrupted; nothing was written", file=sys.stderr)
            raise SystemExit(INTERRUPTED) from None
        raise SystemExit(status or 0)


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
    symrelu series 2a --order 4                # a case of Theorem 1
    symrelu series --blocks d-6,6 --limit +,-  # a type that no paper lists
    symrelu verify theorem1                    # its coefficients, decided

    A FAMILY is a name (1a 1b 2a 2b 3a 3b 4, or A, I, II as in the predecessor paper), or a type with a limit:
    --blocks d-4,4 gives the sizes of the blocks of the isotropy group, --limit +,- the signs of the diagonal of W
    at d = infinity, block by block. d-4,4:+,- is short for both. --rows 1,2,* adds a fixed row (k = d + 1). Without a
    limit, --branch counts all families that a search of the type finds (symrelu families --blocks ... lists them).

    Exact numbers are printed with integers, + - * / **, pi and sqrt(...); t stands for d**(-1/2).
    """
    if context.invoked_subcommand is None:
        print_text(context.get_help())


class _Words(click.ParamType):
    """Text that must not be empty: a variable of the shell that is not set is no wish for the default."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip():
            self.fail("it is empty; leave the option out, or give a value", param, ctx)
        return str(value)


class _Number(click.ParamType):
    """A number as everywhere: an integer, a decimal with exponent, or a fraction; the command gets a float."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        from symrelu.exact.parse import parse_fraction

        name = param.opts[-1] if param is not None else "a number"
        try:
            return value if isinstance(value, float) else float(parse_fraction(str(value), name))
        except OverflowError:
            raise BadInput(f"{name} was given as {value}, which is too large; give a number below 1e308") from None


words, number = _Words(), _Number()


def family_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The words that choose a family, the same for every command."""
    return click.argument("name", required=False, metavar="[FAMILY]")(_type_options(command))


def several_families_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same for a command about several families; it gets ``names``."""
    return click.argument("names", nargs=-1, metavar="[FAMILY]...")(_type_options(command))


def _type_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for decorate in reversed(
        (
            click.option("--blocks", type=words, metavar="SIZES", help="Block sizes, affine in d: d-4,4 or d/2,d/2."),
            click.option(
                "--rows",
                metavar="LIST",
                help="Row orbits: block numbers from 1, * for a fixed row (default: one per block).",
            ),
            click.option("--cols", metavar="LIST", help="Column orbits, likewise."),
            click.option(
                "--limit", metavar="LIMIT", help="Signs of diag W at d = infinity: +,-; or coordinates: a_1=1,a_5=-1."
            ),
            click.option(
                "--branch",
                type=int,
                metavar="K",
                help="Which of several families over one limit, or without a limit of the whole type (from 1).",
            ),
        )
    ):
        command = decorate(command)
    return setting_options(command)


def setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The words that say what is fitted to what; the command gets ``setting``."""

    @wraps(command)
    def with_setting(**given: Any) -> Any:
        from symrelu.model.setting import Setting

        said = [given.pop(name) for name in ("kernel", "target", "beta", "alpha_signs")]
        return command(setting=Setting.parse(*said), **given)

    result: Callable[..., Any] = with_setting
    for decorate in reversed(
        (
            click.option(
                "--kernel",
                type=words,
                metavar="KERNEL",
                help="relu (default), leaky:1/10, leaky:s, abs, erf, z2, z3, s3, or package.module:NAME.",
            ),
            click.option(
                "--target",
                type=words,
                metavar="TARGET",
                help="I (default), pad (k < d), or FILE.json with exact entries.",
            ),
            click.option(
                "--beta", type=words, metavar="LIST", help="The teacher's second layer, one per teacher orbit: 1,2."
            ),
            click.option(
                "--alpha-signs", type=words, metavar="LIST", help="Signs of the student's, one per row orbit: +,-."
            ),
        )
    ):
        result = decorate(result)
    return result


def format_option(*formats: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What to print, the first format by default; text comes pretty, too, which is the default on a terminal."""
    choices = [*formats, "pretty"] if "text" in formats else formats
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default="text",
        show_default="text; pretty on a terminal",
        callback=style_of,
        help="What to print.",
    )


def order_option(default: int) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Through which power of t."""
    return click.option(
        "--order",
        type=int,
        default=default,
        show_default=True,
        metavar="N",
        help="Terms through t**N, error O(t**(N+1)).",
    )


layers_option = click.option(
    "--layers",
    type=int,
    default=2,
    show_default=True,
    metavar="1|2",
    help="2: both layers trained; 1: the second fixed at 1.",
)
