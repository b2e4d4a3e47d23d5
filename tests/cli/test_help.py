"""What --help teaches: lines that fit a terminal of 80 columns, examples that can be typed as they stand."""

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from symrelu.cli import main

NARROW = 80


def commands(group: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The words of every command, those of groups too."""
    yield words
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name)


@pytest.mark.parametrize("words", list(commands(main)), ids=" ".join)
def test_lines_fit_and_examples_are_commands(words: tuple[str, ...]) -> None:
    shown = CliRunner().invoke(main, [*words, "--help"], prog_name="symrelu", terminal_width=NARROW).stdout
    assert [line for line in shown.splitlines() if len(line) > NARROW] == []
    examples = [line.strip() for line in shown.splitlines() if line.startswith("  symrelu ")]
    assert examples or words == ("check",), "a page without an example teaches little"
    for example in examples:
        for part in example.partition("#")[0].split("&&"):
            program, *arguments = shlex.split(part)
            assert program == "symrelu"
            parsed(main, arguments)


def parsed(command: click.Command, arguments: list[str]) -> None:
    """Let a command read its arguments, and not run it; click's errors go through."""
    with command.make_context("symrelu", list(arguments)) as context:
        if isinstance(command, click.Group):
            rest = [*context._protected_args, *context.args]
            if rest:
                _, below, left = command.resolve_command(context, rest)
                assert below is not None
                parsed(below, left)
