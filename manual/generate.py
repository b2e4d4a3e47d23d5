"""Pages that are made from the code: the command line, the API, and the claims of the papers."""

from __future__ import annotations

import ast
import json
import pkgutil
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import click

from manual.api import NAMES, PARTS

HERE = Path(__file__).parent
VERDICTS = ("confirmed", "refuted", "empirical", "open", "undecided")


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
    for context in _contexts(main, "symrelu", None):
        names = context.command_path.split()
        text += [f"({'-'.join(names)})=", f"{'#' * (len(names) + 1)} {context.command_path}", ""]
        if context.parent is not None:
            text += [_inline(context.command.get_short_help_str(200)), ""]
        text += ["```text", context.command.get_help(context), "```", ""]
    return "\n".join(text)


def _contexts(command: click.Command, name: str, parent: click.Context | None) -> Iterator[click.Context]:
    """A command and those below it, each in its context; help is written 88 columns wide."""
    settings = {**command.context_settings, "max_content_width": 88, "terminal_width": 88}
    context = click.Context(command, info_name=name, parent=parent, **settings)
    yield context
    if isinstance(command, click.Group):
        for below in sorted(command.commands):
            yield from _contexts(command.commands[below], below, context)


# -- the API -------------------------------------------------------------------------------------------------------


def api() -> dict[str, str]:
    """A page for each part of the package: its public modules and what they define, docstrings by autodoc."""
    index = ["# The Python interface", ""]
    index += ["Made from the docstrings. Each says what a thing is, its parameters with their ring, shape or domain,"]
    index += [
        "what is returned and with what guarantee, and which errors are raised.",
        "",
        "```{toctree}",
        ":maxdepth: 1",
        "",
    ]
    made = {}
    seen: set[int] = set()  # what two modules export stands where it is met first
    for part in PARTS:
        made[f"api_{part.name}.rst"] = _part(part.title, part.about, part.modules, seen)
        index.append(f"api_{part.name}")
    index += ["internals", "```", "", "## Names that mean the same everywhere", ""]
    index += ["Parameters and fields of these names are not explained again in each docstring.", ""]
    index += ["| name | what it is |", "|---|---|"]
    index += [f"| {', '.join(f'`{name}`' for name in names.split(', '))} | {about} |" for names, about in NAMES.items()]
    return {"api.md": "\n".join([*index, ""]), "internals.md": internals(), **made}


def internals() -> str:
    """A page about the modules that no other page documents: what each package and each of its modules is for, by the
    first sentences of their docstrings. Nothing is imported.
    """
    text = [
        "# Inside",
        "",
        "What the modules that these pages leave out are for, for those who read or change the code.",
    ]
    text += [
        "Imports point downwards only: no package here imports one that stands on it. Their functions may change.",
        "",
    ]
    documented = {name for part in PARTS for name in part.modules}
    for name in sorted(every_module()):
        path = Path(find_spec(name).origin)  # type: ignore[union-attr, arg-type]
        about = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if path.name == "__init__.py":
            if name != "symrelu":
                text += [f"## {name}", "", _inline(about.split("\n\n")[0]), ""]
        elif name not in documented and name.count(".") > 1 and not name.rsplit(".", 1)[1].startswith("_"):
            text += [f"`{name}`", f": {_inline(about.split(chr(10) + chr(10))[0])}", ""]
    return "\n".join(text)


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
    """A page of counts, and one for each text: its sections, their claims with the verdicts of claims.json, and the
    paragraphs that make no claim.
    """
    from symrelu.claims.inventory import TITLES, inventory

    groups = json.loads((HERE / "claims.json").read_text(encoding="utf-8"))["groups"]
    counts = {name: Counter(v["verdict"] for v in verdicts) for name, verdicts in groups.items()}
    total = sum(counts.values(), Counter())
    shown = [answer for answer in VERDICTS if total[answer]]
    text = ["# What was decided about the papers", "", _claims_head(sum(total.values())), ""]
    text += [*_counted("group", shown), *(_count_row(f"`{name}`", count, shown) for name, count in counts.items())]
    verdicts = {v["id"]: v for group in groups.values() for v in group}
    text += [_count_row("all", total, shown), ""]
    text += ["```{toctree}", ":maxdepth: 1", "", *(f"claims_{paper}" for paper in TITLES), "```", ""]
    text += ["## Refuted", ""]
    for v in verdicts.values():
        if v["verdict"] == "refuted":
            text += [f"`{v['id']}`", f": {_inline(v['statement'])}", "", f"  *Found:* {_inline(v['found'])}", ""]
    made = {}
    for paper, title in TITLES.items():
        sections = [section for section in inventory() if section.paper == paper]
        made[f"claims_{paper}.md"] = _claims_page(title, sections, verdicts, shown)
    return {"claims.md": "\n".join(text), **made}


def _claims_head(number: int) -> str:
    return f"""The checkable sentences of the papers, {number} in all, each with a permanent name, what it says, what
symrelu found, and what that rests on. *Confirmed* and *refuted* are decisions. *Empirical* sets a measured figure of
ours beside theirs. *Open* is what is not decided, with the reason. *Undecided* is what was tried and failed. Evidence
is *exact* (algebra over the field of the coefficients), *certified* (ball arithmetic), *derived* (an argument in words,
each step checked on examples) or *numerical*.

`symrelu verify GROUP` decides a group anew on your machine; `python manual/claims.py` renews what stands here. The
groups `theorem1`, `theorem2` and `main` are about the main paper."""


def _counted(what: str, shown: list[str]) -> list[str]:
    return [f"| {what} | claims | {' | '.join(shown)} |", f"|---|{'--:|' * (len(shown) + 1)}"]


def _count_row(name: str, count: Counter[str], shown: list[str]) -> str:
    return f"| {name} | {count.total()} | {' | '.join(str(count[answer] or '') for answer in shown)} |"


def _claims_page(title: str, sections: list[Any], verdicts: dict[str, dict[str, str]], shown: list[str]) -> str:
    """The claims of one text, section by section."""
    answers = [Counter(_answer(claim.id, verdicts) for claim in section.claims) for section in sections]
    title = title[0].upper() + title[1:]
    text = [f"# {_inline(title)}", "", *_counted("section", shown)]
    text += [_count_row(_inline(s.title), count, shown) for s, count in zip(sections, answers, strict=True)]
    text += [_count_row("all", sum(answers, Counter()), shown), ""]
    for section in sections:
        text += [f"## {_inline(section.title)}", ""]
        for paragraph in section.paragraphs:
            about = f" {_inline(paragraph.remark)}" if paragraph.remark else ""
            words = f"“{_inline(paragraph.first_words)} …”" if paragraph.first_words else "Our own questions."
            text += [f"*{words}*{about}", ""]
            for claim in paragraph.claims:
                text += _claim(claim.id, claim.statement, verdicts)
    return "\n".join(text)


def _answer(name: str, verdicts: dict[str, dict[str, str]]) -> str:
    return verdicts[name]["verdict"] if name in verdicts else "undecided"


def _claim(name: str, statement: str, verdicts: dict[str, dict[str, str]]) -> list[str]:
    if name not in verdicts:
        return [f"`{name}`: **not decided yet**", f": {_inline(statement)}", ""]
    v = verdicts[name]
    evidence = "" if v["verdict"] == "open" else f" ({v['grounds']})"
    text = [f"`{name}`: **{v['verdict']}**{evidence}", f": {_inline(statement)}", ""]
    return [*text, f"  *Found:* {_inline(v['found'])}", "", f"  *Rests on:* {_inline(v['rests_on'])}", ""]


def _inline(text: str) -> str:
    """Text of one line in which nothing is markup."""
    for mark in "\\`*_$<>[]|#~":
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())
