"""Pages that are made from the code: the command line, the API, and the claims of the papers."""

from __future__ import annotations

import json
import pkgutil
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import click
from api import PARTS

HERE = Path(__file__).parent
VERDICTS = ("confirmed", "refuted", "empirical", "open", "undecided")
TITLES = {
    "theorem1": "Theorem 1 of the main paper",
    "theorem2": "Theorem 2 of the main paper",
    "main": "The main paper's prose",
    "predecessor": "The response to the predecessor's reviewers",
    "freeprob": "The random-matrix paper (Pennington & Bahri, ICML 2017)",
    "convexity": "The rebuttal on piecewise strong convexity",
}


def pages(folder: Path) -> None:
    """Write the generated pages; one that would not change is left, so that it is not read again."""
    folder.mkdir(exist_ok=True)
    made = {"commands.md": commands(), **api(), **claims()}
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for path in set(folder.glob("*")) - {folder / name for name in made}:
        path.unlink()


# -- the command line ----------------------------------------------------------------------------------------------


def commands() -> str:
    """Every command with its help, as the command line prints it."""
    from symrelu.cli import main

    text = ["# The command line", ""]
    text += ["What `symrelu COMMAND --help` prints, for every command. This page is made from the code.", ""]
    for path, command in _walk(main, ("symrelu",)):
        name = " ".join(path)
        text += [f"({'-'.join(path)})=", f"{'#' * min(len(path) + 1, 4)} {name}", ""]
        short = command.get_short_help_str(200) if len(path) > 1 else ""
        text += [_inline(short), ""] if short else []
        text += ["```text", _help(command, path), "```", ""]
    return "\n".join(text)


def _walk(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _walk(command.commands[name], (*path, name))


def _help(command: click.Command, path: tuple[str, ...]) -> str:
    """The help of a command, 96 columns wide."""
    context = None
    for name in path:
        context = click.Context(command, info_name=name, parent=context, terminal_width=96, max_content_width=96)
    assert context is not None
    return command.get_help(context)


# -- the API -------------------------------------------------------------------------------------------------------


def api() -> dict[str, str]:
    """A page for each part of the package: its public modules and what they define, docstrings by autodoc."""
    index = ["# The Python interface", ""]
    index += ["Made from the docstrings. Each says what a thing is, its parameters with their ring, shape or domain,"]
    index += ["what is returned and with what guarantee, and which errors are raised.", "", "```{toctree}"]
    made = {}
    seen: set[int] = set()  # what two modules export stands where it is met first
    for part in PARTS:
        made[f"api_{part.name}.rst"] = _part(part.title, part.about, part.modules, seen)
        index.append(f"api_{part.name}")
    index += ["```", ""]
    return {"api.md": "\n".join(index), **made}


def _part(title: str, about: str, modules: tuple[str, ...], seen: set[int]) -> str:
    text = [title, "=" * len(title), "", about, ""]
    for name in modules:
        module = import_module(name)
        members = [(member, value) for member, value in public_names(module) if id(value) not in seen]
        seen |= {id(value) for _, value in members}
        text += [name, "-" * len(name), "", f".. automodule:: {name}", "   :no-members:", ""]
        if len(members) > 1:
            text += [", ".join(f":py:obj:`~{name}.{member}`" for member, _ in members), ""]
        for member, value in members:
            if isinstance(value, type):
                text += [f".. autoclass:: {name}.{member}", "   :members:", ""]
            else:
                text += [f".. autofunction:: {name}.{member}", ""]
    return "\n".join(text)


def public_names(module: ModuleType) -> list[tuple[str, Any]]:
    """The public functions and classes of a module, in the order in which they are defined: those that it exports in
    ``__all__``, or else those that it defines and that do not begin with an underscore.
    """
    exported = getattr(module, "__all__", None)
    if exported is not None:
        names = [name for name in exported if not name.startswith("_")]
        values = [(name, getattr(module, name)) for name in names]
    else:
        values = [
            (name, value)
            for name, value in vars(module).items()
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
        ]
    return [(name, value) for name, value in values if _is_ours(value)]


def _is_ours(value: Any) -> bool:
    """Whether this is a class or a function of the package, not a number or a name for somebody else's type."""
    home = getattr(value, "__module__", None) or ""
    return callable(value) and hasattr(value, "__qualname__") and home.split(".")[0] == "symrelu"


def every_module() -> list[str]:
    """The names of all modules of the package."""
    import symrelu

    return ["symrelu", *(m.name for m in pkgutil.walk_packages(symrelu.__path__, "symrelu."))]


# -- the claims ----------------------------------------------------------------------------------------------------


def claims() -> dict[str, str]:
    """A page of counts, and one of the claims of each paper, from claims.json."""
    groups = json.loads((HERE / "claims.json").read_text(encoding="utf-8"))["groups"]
    counts = {name: Counter(v["verdict"] for v in verdicts) for name, verdicts in groups.items()}
    total = sum(counts.values(), Counter())
    shown = [answer for answer in VERDICTS if total[answer]]
    text = ["# What was decided about the papers", "", _claims_head(sum(total.values())), ""]
    text += [f"| group | claims | {' | '.join(shown)} |", f"|---|{'---|' * (len(shown) + 1)}"]
    for name, count in counts.items():
        cells = " | ".join(str(count[answer]) for answer in shown)
        text.append(f"| [{TITLES.get(name, name)}](claims_{name}.md) (`{name}`) | {count.total()} | {cells} |")
    text += [f"| all | {total.total()} | {' | '.join(str(total[answer]) for answer in shown)} |", ""]
    text += ["```{toctree}", ":maxdepth: 1", ""] + [f"claims_{name}" for name in groups] + ["```", ""]
    made = {f"claims_{name}.md": _claims_page(name, verdicts) for name, verdicts in groups.items()}
    return {"claims.md": "\n".join(text), **made}


def _claims_head(number: int) -> str:
    return f"""The checkable sentences of the papers, {number} in all, each with a permanent name, what it says, what symrelu found, and
what that rests on. *Confirmed* and *refuted* are decisions. *Empirical* sets a measured figure of ours beside theirs.
*Open* is what is not decided, with the reason. *Undecided* is what was tried and failed. Evidence is *exact* (algebra over
the field of the coefficients), *certified* (ball arithmetic) or *numerical*.

`symrelu verify GROUP` decides a group anew on your machine; `python manual/claims.py` renews what stands here."""


def _claims_page(name: str, verdicts: list[dict[str, str]]) -> str:
    counts = Counter(v["verdict"] for v in verdicts)
    summary = ", ".join(f"{counts[answer]} {answer}" for answer in VERDICTS if counts[answer])
    text = [f"# {TITLES.get(name, name)}", "", f"{len(verdicts)} claims: {summary}. Decided by `symrelu verify {name}`.", ""]
    section = None
    for v in verdicts:
        if v["source"] != section:
            section = v["source"]
            text += [f"## {_inline(section)}", ""]
        text += [
            f"`{v['id']}`: **{v['verdict']}** ({v['evidence']})",
            f": {_inline(v['statement'])}",
            "",
            f"  Found: {_inline(v['found'])}",
            "",
            f"  Rests on: {_inline(v['rests_on'])}",
            "",
        ]
    return "\n".join(text)


def _inline(text: str) -> str:
    """Text of one line in which nothing is markup."""
    for mark in "\\`*_$<>[]|#~":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
