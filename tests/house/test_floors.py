"""The house: every room of the package stands on a floor, and imports point down, those inside functions included."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

import symrelu

PACKAGE = Path(next(iter(symrelu.__path__)))

# a room is a folder, or a module that stands by itself; those of one floor do not know each other
FLOORS = (
    {"errors", "columns", "checker", "reference"},
    {"exact", "symmetry", "files"},
    {"model", "free", "matrix_file"},
    {"series", "catalogue", "experiments"},
    {"results", "inhabitants"},
    {"spectrum", "store"},
    {"paths", "finding", "runs"},
    {"proof"},
    {"regions"},
    {"families"},
    {"found", "branching", "samples", "perturbation", "bridge", "comparison"},
    {"growing", "convexity", "sweep"},
    {"splitting", "identification"},
    {"descent"},
    {"claims", "render"},
    {"paper"},
    {"explore"},
    {"cli"},
    {"__main__"},
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
SAME_ROOM = {"results_json": "results", "results_along": "results"}
ABOVE_FOR_TYPES = "symrelu.families"  # what computes along a family is annotated with it, and families call that
# rooms in which a method of a value computes another value, which is made of such values: a sum of laws is a law, a
# result is read back; and the lists of claims, of which one holds the other's
CIRCLES = {"free", "results", "claims"}


class Import(NamedTuple):
    """One module imports a name of another, or the module itself; ``for_types``: for type checkers alone."""

    importer: str
    module: str
    name: str
    for_types: bool


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = ("symrelu", *path.relative_to(PACKAGE).with_suffix("").parts)
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(name: str, source: str) -> Iterator[Import]:
    """The imports of modules of the package, wherever they stand in the source of the module ``name``."""

    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(source), False)]
    while waiting:
        node, for_types = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            for_types = True
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            base = node.module or ""
            found = [(f"{base}.{x.name}" if f"{base}.{x.name}" in modules() else base, x.name) for x in node.names]
        elif isinstance(node, ast.Import):
            found = [(x.name, "") for x in node.names]
        else:
            found = []
            inner = (ast.stmt, ast.excepthandler, ast.match_case)  # no import stands inside an expression
            waiting += [(x, for_types) for x in ast.iter_child_nodes(node) if isinstance(x, inner)]
        yield from (Import(name, module, x, for_types) for module, x in found if module.split(".")[0] == "symrelu")


@cache
def imports() -> tuple[Import, ...]:
    """All imports within the package."""
    return tuple(x for name, path in modules().items() for x in imports_of(name, path.read_text(encoding="utf-8")))


def room(module: str) -> str:
    """The room a module belongs to; "" for the package itself, which gives its version to everybody."""
    name = (module.split(".") + [""])[1]
    return SAME_ROOM.get(name, name)


def climbs(one: Import) -> bool:
    """Whether an import leads to a room on the same floor or above."""
    here, there = room(one.importer), room(one.module)
    if not there or not here or here == there:
        return False
    return FLOOR[there] >= FLOOR[here] and not (one.for_types and one.module == ABOVE_FOR_TYPES)


def test_every_room_has_its_floor() -> None:
    assert {room(name) for name in modules()} - {""} == set(FLOOR)
    assert sum(map(len, FLOORS)) == len(FLOOR), "a room stands on two floors"


def test_imports_point_down() -> None:
    assert len(imports()) > 1500
    assert [x for x in imports() if climbs(x)] == []


def test_the_front_door_is_all_that_is_named_from_below() -> None:
    named = {room(x.importer) for x in imports() if x.for_types and FLOOR.get(room(x.importer), 99) < FLOOR["families"]}
    assert {"paths", "proof", "spectrum"} <= named, "where this fails the exception above may go"


@pytest.mark.parametrize(
    ("importer", "line", "wrong"),
    [
        ("symrelu.exact.series", "from symrelu.model.reduced import Problem", True),
        ("symrelu.exact.series", "def f():\n    import symrelu.cli", True),
        ("symrelu.exact.series", "from symrelu.symmetry import size", True),
        ("symrelu.exact.series", "from symrelu.exact.field import Field", False),
        ("symrelu.exact.series", "from symrelu import __version__", False),
        ("symrelu.model.rows", "if TYPE_CHECKING:\n    from symrelu.series.leading import Start", True),
        ("symrelu.paths.path", "if TYPE_CHECKING:\n    from symrelu.families import Family", False),
        ("symrelu.paths.path", "from symrelu.families import Family", True),
    ],
)
def test_an_import_upwards_is_seen(importer: str, line: str, wrong: bool) -> None:
    (found,) = imports_of(importer, line)
    assert climbs(found) is wrong


def test_private_names_stay_in_their_room() -> None:
    private = [x for x in imports() if x.name.startswith("_") and not x.name.startswith("__")]
    assert [x for x in private if room(x.importer) != room(x.module)] == []


def test_modules_of_a_room_do_not_import_each_other_in_circles() -> None:
    below: dict[str, set[str]] = {name: set() for name in modules()}
    for x in imports():
        if not x.for_types and room(x.importer) == room(x.module) not in {"", *CIRCLES}:
            below[x.importer].add(x.module)
    packages = {name for name, path in modules().items() if path.name == "__init__.py"}
    done: set[str] = set()
    while ready := {name for name in below if name not in done and below[name] - packages <= done}:
        done |= ready
    assert sorted(set(below) - done) == []
