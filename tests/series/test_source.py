"""The source itself: no constant is recognised from decimals, and nothing but `verify` needs the papers' claims."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import symrelu

PACKAGE = Path(next(iter(symrelu.__path__)))
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "reference" not in path.relative_to(PACKAGE).parts)

# numerical recognition of constants
RECOGNITION = {"pslq", "nsimplify", "findpoly", "lindep"}  # and mpmath.identify: see below
# evaluation of text
EVALUATION = {"eval", "exec", "sympify", "parse_expr", "pickle", "marshal"}
# the way from an isotropy type to its exact series, with the claims and what decides them: no decimals here
EXACT = [
    "catalogue.py",
    "comparison.py",
    "families.py",
    "results.py",
    "results_along.py",
    "results_json.py",
    "exact/angles.py",
    "exact/coefficients.py",
    "exact/field.py",
    "exact/linear.py",
    "exact/parse.py",
    "exact/polynomials.py",
    "exact/printing.py",
    "exact/qpi.py",
    "exact/qpi_text.py",
    "exact/series.py",
    "exact/square_roots.py",
    "exact/triangular.py",
    "model/hessian.py",
    "model/pairs.py",
    "model/reduced.py",
    "model/rows.py",
    "model/target.py",
    "model/teacher.py",
    "series/leading.py",
    "series/lifting.py",
    "series/lifts.py",
    "series/loss.py",
    "claims/decide.py",
    "claims/theorem1.py",
]
DECIMALS = {"evalf", "Float", "RealNumber", "mpf", "mpmath", "numpy", "math.pi"}


def names_in(tree: ast.AST) -> Iterator[str]:
    """Every identifier that the code uses or imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                yield from alias.name.split(".")
            yield from (getattr(node, "module", None) or "").split(".")


def test_the_package_was_found() -> None:
    assert {"families.py", "results.py", "papers.py"} <= {path.name for path in MODULES}
    assert len(MODULES) > 30


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_recognition_of_constants_and_no_evaluation_of_text(path: Path) -> None:
    used = set(names_in(ast.parse(path.read_text(encoding="utf-8"))))
    assert not used & RECOGNITION
    assert not {"identify", "mpmath"} <= used  # our own command of that name tells matrices, not constants
    assert not used & EVALUATION


def is_seconds(node: ast.AST) -> bool:
    """A field such as ``seconds: float = 0.0``: the time that something took."""
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == "seconds"


@pytest.mark.parametrize("name", EXACT)
def test_no_decimals_on_the_way_to_exact_series(name: str) -> None:
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    assert not set(names_in(tree)) & DECIMALS
    seconds = {inner for node in ast.walk(tree) if is_seconds(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if node in seconds:
            continue
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, (float, complex))), node.lineno
        assert not (isinstance(node, ast.Name) and node.id in ("float", "complex")), node.lineno


def test_only_verify_and_claims_import_the_claims() -> None:
    importers = set()
    for path in MODULES:
        if "claims" in path.relative_to(PACKAGE).parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef) and "claims" in {
                part for node in ast.walk(function) for part in imported_parts(node)
            }:
                importers.add((path.name, function.name))
        assert not any("claims" in imported_parts(statement) for statement in tree.body), path
    assert importers == {("papers.py", "verify"), ("papers.py", "claims")}


def imported_parts(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").split(".") + [alias.name for alias in node.names]
    return [part for alias in node.names for part in alias.name.split(".")] if isinstance(node, ast.Import) else []


def test_everything_but_verify_works_without_the_claims(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "symrelu", ignore=shutil.ignore_patterns("claims", "__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "symrelu", *arguments]
        return subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=120, check=False
        )

    where = subprocess.run(
        [sys.executable, "-c", "import symrelu; print(symrelu.__file__)"],
        capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=60, check=True,
    )  # fmt: skip
    assert where.stdout.startswith(str(tmp_path)), "the copy must be what runs"
    assert not (tmp_path / "symrelu" / "claims").exists()
    series = run("series", "2a", "--order", "2")
    assert series.returncode == 0, series.stderr
    assert "a_4  = 4/pi*t**2 + O(t**3)" in series.stdout
    assert run("compare", "1a", "1b", "--order", "0").returncode == 0
