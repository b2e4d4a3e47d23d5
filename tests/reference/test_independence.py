"""The reference shares nothing with the engine: it imports numpy, mpmath, the standard library and itself."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import symrelu.reference

FOLDER = Path(next(iter(symrelu.reference.__path__)))
ALLOWED = {"numpy", "mpmath"} | sys.stdlib_module_names


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} has a relative import"
            yield str(node.module)


def test_imports() -> None:
    modules = sorted(FOLDER.glob("*.py"))
    assert len(modules) >= 4
    for path in modules:
        for name in imported_modules(path):
            assert name.split(".")[0] in ALLOWED or name.startswith("symrelu.reference."), f"{path.name}: {name}"
