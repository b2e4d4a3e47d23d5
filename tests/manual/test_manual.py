"""The manual: its examples run, what is generated says what the code says, and it builds without a warning."""

import dataclasses
import doctest
import importlib
import importlib.util
import inspect
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest

from manual.api import PARTS, common_names
from manual.claims import as_said, read
from manual.docstrings import as_rst
from manual.generate import commands, every_module, public_names
from symrelu.claims.decide import claims_of, groups
from symrelu.errors import BadInput

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "manual"
PAGES = sorted(p for p in MANUAL.rglob("*.md") if not {"_generated", "_build"} & set(p.relative_to(MANUAL).parts))
EXAMPLES = re.compile(r"^```pycon\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def said(path: Path) -> str:
    return path.read_text(encoding="utf-8")


WITH_EXAMPLES = [module_of(p) for p in sorted((ROOT / "symrelu").rglob("*.py")) if ">>> " in said(p)]
PAGES_WITH_EXAMPLES = [p for p in PAGES if EXAMPLES.search(said(p))]


# -- examples run --------------------------------------------------------------------------------------------------


LONG = {"symrelu.found"}  # it searches


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow if n in LONG else ()) for n in WITH_EXAMPLES])
def test_examples_of_docstrings(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0 and found.attempted > 0


@pytest.mark.parametrize("page", PAGES_WITH_EXAMPLES, ids=lambda p: p.stem)
def test_examples_of_pages(page):
    """The examples of a page are one session, in their order."""
    text = "\n".join(EXAMPLES.findall(said(page)))
    assert text.count(">>> ") == said(page).count(">>> "), "an example stands outside a pycon block"
    runner = doctest.DocTestRunner()
    runner.run(doctest.DocTestParser().get_doctest(text, {}, page.stem, str(page), 0))
    assert runner.summarize(verbose=False).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_commands_of_pages_can_be_given(page):
    """Each line of a console names a command, and its options are read."""
    from symrelu.cli import main

    for line in re.findall(r"^ *\$ symrelu (.*)$", said(page), re.MULTILINE):
        words = shlex.split(line, comments=True)
        context = click.Context(main, info_name="symrelu")
        name, command, rest = main.resolve_command(context, words)
        while isinstance(command, click.Group):
            name, command, rest = command.resolve_command(context, rest)
        command.make_context(name, list(rest), parent=context)


# -- what is public is documented ----------------------------------------------------------------------------------


def exporting() -> list[ModuleType]:
    """Every module that names what it exports, but for commands and what needs an extra that is not installed."""
    found = []
    for name in every_module():
        path = importlib.util.find_spec(name)
        if name.startswith("symrelu.cli") or path is None or path.origin is None:
            continue
        if "\n__all__ = " in said(Path(path.origin)):
            try:
                found.append(importlib.import_module(name))
            except BadInput:  # an extra is missing, and the module says so
                continue
    return found


def test_what_is_exported_says_what_it_is():
    """The first paragraph of each docstring is a statement; a dataclass without one would show its signature."""
    missing = []
    for module in exporting():
        for name, value in public_names(module):
            first = (inspect.getdoc(value) or "").split("\n\n")[0]
            if not re.search(r"[.:;)]$", first) or first.startswith(f"{name}("):
                missing.append(f"{module.__name__}.{name}: {first[:60]!r}")
    assert not missing


def documented() -> list[tuple[str, object, list[str]]]:
    """What the pages of the API describe: (name, class or function, docstrings that may speak of it)."""
    found, seen = [], set()
    for part in PARTS:
        for name in part.modules:
            for label, value in public_names(importlib.import_module(name)):
                if id(value) in seen:
                    continue
                seen.add(id(value))
                about = inspect.getdoc(value) or ""
                found.append((f"{name}.{label}", value, [about]))
                for member, raw in vars(value).items() if isinstance(value, type) else ():
                    inner = raw.fget if isinstance(raw, property) else getattr(raw, "__func__", raw)
                    if not member.startswith("_") and inspect.isfunction(inspect.unwrap(inner)):
                        inner = inspect.unwrap(inner)
                        found.append((f"{name}.{label}.{member}", inner, [inspect.getdoc(inner) or "", about]))
    return found


def wants(value: object) -> list[str]:
    """The parameters of a function, or the fields of a class of values."""
    if isinstance(value, type):
        names = [f.name for f in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else []
        names = names or list(getattr(value, "_fields", ()))
    else:
        names = list(inspect.signature(value).parameters)  # type: ignore[arg-type]
    return [n for n in names if not n.startswith("_") and n not in ("self", "cls") and n not in common_names()]


def raised(value: object) -> set[str]:
    """The errors that a function raises itself."""
    if isinstance(value, type) or not inspect.isfunction(value):
        return set()
    return set(re.findall(r"^ +raise ([A-Z]\w+)", inspect.getsource(value), re.MULTILINE)) - {"AssertionError"}


def test_parameters_and_fields_of_what_is_public_are_explained():
    """By the docstring, by that of the class, or by the names that mean the same everywhere."""

    def says(name, texts):
        return any(re.search(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", text) for text in texts)

    everything = documented()
    assert len(everything) > 800
    missing = {name: [n for n in wants(value) if not says(n, texts)] for name, value, texts in everything}
    assert not {name: lacking for name, lacking in missing.items() if lacking}


def test_errors_of_what_is_public_are_announced():
    silent = []
    for name, value, texts in documented():
        errors = raised(value)
        if errors and not re.search("|".join(["[Rr]aise", "[Rr]efuse", "Error", *errors]), " ".join(texts)):
            silent.append((name, errors))
    assert not silent


def test_documented_modules_export_something():
    for part in PARTS:
        for name in part.modules:
            module = importlib.import_module(name)
            assert inspect.getdoc(module) and public_names(module), name


# -- what is generated -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", list(groups()))
def test_claims_that_are_kept_are_those_of_the_code(group):
    kept = [{key: v[key] for key in ("id", "source", "statement")} for v in read().get(group, [])]
    now = [as_said(claim) for claim in claims_of(group)]
    assert kept == now, "the claims changed: python manual/claims.py decides what is new, and keeps it"


def test_no_claim_stands_undecided():
    verdicts = [v for group in read().values() for v in group]
    assert len({v["id"] for v in verdicts}) == len(verdicts)
    assert {v["verdict"] for v in verdicts} <= {"confirmed", "refuted", "open", "empirical"}
    assert all(v["found"] and v["rests_on"] for v in verdicts)


def test_the_page_of_commands_holds_every_command_with_its_help():
    from symrelu.cli import main

    page = commands()
    for name, command in main.commands.items():
        assert f"\n### symrelu {name}\n" in page
        assert f"Usage: symrelu {name} " in page, command.name
    assert "\\b" not in page, "the mark of lines that stay apart is a backspace: no raw docstring"


def test_docstrings_become_restructured_text():
    lines = [
        "The norm |w|**2 of `w` and ``*``.",
        "",
        "    a = b*c",
        "",
        "* one |x|",
        "  goes on",
        "* two",
        "",
        ">>> 1",
        "1",
    ]
    assert as_rst(lines) == [
        r"The norm \|w\|\*\*2 of ``w`` and ``*``.",
        *("", "::", "", "    a = b*c", ""),
        *(r"* one \|x\| goes on", "* two", ""),
        *(">>> 1", "1", ""),
    ]
    assert as_rst(["Attributes", "----------", "d: a number.", "    The", "largest one.", "a, b: two"]) == [
        *("*Attributes*", "", "* d: a number. The largest one.", "* a, b: two", ""),
    ]


# -- it builds -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_builds_without_a_warning(tmp_path):
    for needed in ("sphinx", "furo", "myst_parser"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed: pip install 'symrelu[manual]'")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", str(MANUAL), str(tmp_path)]
    # no network: proxies that lead nowhere
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **nowhere}, check=False)
    assert done.returncode == 0, done.stderr
    for page in ("index.html", "theory/notation.html", "_generated/commands.html", "_generated/claims_main.html"):
        assert (tmp_path / page).exists()
    assert "theorem1.2a.entries.a_3" in said(tmp_path / "_generated/claims_main.html")
    assert 'id="symrelu.Family.series"' in said(tmp_path / "_generated/api_front.html")
