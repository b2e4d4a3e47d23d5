"""Every derivation and every notebook runs, and says what it said when it was stored."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DERIVATIONS = sorted((ROOT / "derivations").glob("[0-9][0-9]_*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def name(path: Path) -> str:
    return path.name


@pytest.fixture(scope="module")
def render() -> ModuleType:
    """The script derivations/render.py, as a module."""
    spec = importlib.util.spec_from_file_location("render", ROOT / "derivations" / "render.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def repository_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scripts and kernels started by a test import this symrelu, installed or not, and leave nothing behind."""
    others = [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), *others]))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")


def run(script: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(script), *map(str, arguments)]
    return subprocess.run(command, cwd=script.parent, capture_output=True, text=True, timeout=600)


def markdown_cells(path: Path, render: ModuleType) -> list[str]:
    if path.suffix == ".py":
        return [source for kind, source, _ in render.cells_of(path.read_text(encoding="utf-8")) if kind == "markdown"]
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def imbalance(formula: str) -> str | None:
    """What is wrong with the nesting of a LaTeX formula, or None."""
    depth = 0
    for token in re.findall(r"\\.|[{}]", formula):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            return "a } without its {"
    if depth:
        return "a { without its }"
    if len(re.findall(r"\\left(?![a-zA-Z])", formula)) != len(re.findall(r"\\right(?![a-zA-Z])", formula)):
        return r"\left without \right"
    opened: list[str] = []
    for what, environment in re.findall(r"\\(begin|end)\{(\w+\*?)\}", formula):
        if what == "begin":
            opened.append(environment)
        elif not opened or opened.pop() != environment:
            return r"\end without \begin"
    return r"\begin without \end" if opened else None


def formulas(markdown: str) -> list[str]:
    """The formulas of a markdown text; ValueError if dollar signs do not pair up."""
    text = re.sub(r"`[^`]*`", "", markdown)
    displayed = re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL)
    rest = re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL)
    if rest.count("$") % 2:
        raise ValueError("an odd number of dollar signs")
    return displayed + re.findall(r"\$([^$]*)\$", rest)


# -- derivations ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("folder, documents", [("derivations", DERIVATIONS), ("notebooks", NOTEBOOKS)])
def test_documents_are_numbered_and_listed_in_order(folder: str, documents: list[Path]) -> None:
    assert [path.name[:2] for path in documents] == [f"{n:02}" for n in range(1, len(documents) + 1)]
    readme = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\d\d_\w+\.\w+)`", readme, re.MULTILINE) == [path.name for path in documents]


@pytest.mark.parametrize("path", DERIVATIONS + NOTEBOOKS, ids=name)
def test_links_between_documents_lead_somewhere(path: Path, render: ModuleType) -> None:
    for markdown in markdown_cells(path, render):
        links = re.findall(r"\]\((?!https?:|#)([^)#]+)\)", markdown)
        assert all((path.parent / link).exists() for link in links), links
        named = re.findall(r"`((?:derivations|notebooks)/[^`]+)`", markdown)
        assert all((ROOT / file).exists() for file in named), named


@pytest.mark.slow
@pytest.mark.parametrize("path", DERIVATIONS, ids=name)
def test_derivation_runs(path: Path, tmp_path: Path, repository_on_path: None) -> None:
    result = run(Path(shutil.copy(path, tmp_path)))
    assert result.returncode == 0, result.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "right, wrong",
    [
        ("-4 * over_pi / 3,", "-5 * over_pi / 3,"),  # a coefficient of equation (4)
        ("+ beta_other * (d**2 - d) / (2 * pi)", "+ beta_other * (d**2 - 2 * d) / (2 * pi)"),  # the paper's F
        ("2 * a1 * a2 + (d - 2) * a2**2\n", "2 * a1 * a2 + (d - 1) * a2**2\n"),  # an orbit rule
    ],
)
def test_derivation_of_equation_4_fails_where_it_is_changed(
    right: str, wrong: str, tmp_path: Path, repository_on_path: None
) -> None:
    text = (ROOT / "derivations" / "04_delta_s_d.py").read_text(encoding="utf-8")
    assert text.count(right) == 1
    script = tmp_path / "changed.py"
    script.write_text(text.replace(right, wrong), encoding="utf-8")
    result = run(script)
    assert result.returncode == 1
    assert "AssertionError" in result.stderr


@pytest.mark.parametrize("path", DERIVATIONS, ids=name)
def test_every_step_of_a_derivation_asserts_something(path: Path, render: ModuleType) -> None:
    """After the cell of imports, no two code cells in a row go unchecked."""
    code = [source for kind, source, _ in render.cells_of(path.read_text(encoding="utf-8")) if kind == "code"]
    unchecked = [i for i, source in enumerate(code) if i and not re.search(r"^\s*assert ", source, re.MULTILINE)]
    assert not any(i + 1 in unchecked for i in unchecked)
    assert len(unchecked) <= len(code) // 10


# -- notebooks -----------------------------------------------------------------------------------------------------


def text_outputs(cell: dict) -> list[str]:
    """What a cell printed and displayed, as text and LaTeX."""
    texts = []
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            texts.append(output["text"])
        else:
            texts += [output["data"].get(kind, "") for kind in ("text/plain", "text/latex")]
    return texts


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_notebook_runs_and_says_the_same(
    path: Path, tmp_path: Path, render: ModuleType, repository_on_path: None
) -> None:
    copy = Path(shutil.copy(path, tmp_path))
    stored = render.notebook_of(copy)
    ran = render.execute(render.notebook_of(copy), tmp_path)
    compared = 0
    for before, after in zip(stored.cells, ran.cells, strict=True):
        if "compare" in before.metadata.get("tags", []):
            refresh = f"if the change is meant: python derivations/render.py --in-place notebooks/{path.name}"
            assert text_outputs(after) == text_outputs(before), refresh
            compared += 1
    assert compared


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_notebook_is_stored_executed_and_belongs_to_no_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    book = json.loads(text)
    assert book["metadata"]["kernelspec"] == {"display_name": "Python 3", "language": "python", "name": "python3"}
    code = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert not any(output["output_type"] == "error" for cell in code for output in cell["outputs"])
    assert str(ROOT) not in text
    assert not re.search(r"/(home|root|tmp|usr|Users)/|[A-Z]:\\\\Users|site-packages", text)


def test_the_tour_has_ten_code_cells() -> None:
    book = json.loads((ROOT / "notebooks" / "01_tour.ipynb").read_text(encoding="utf-8"))
    assert sum(cell["cell_type"] == "code" for cell in book["cells"]) == 10


# -- text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DERIVATIONS + NOTEBOOKS, ids=name)
def test_formulas_in_the_text_are_balanced(path: Path, render: ModuleType) -> None:
    for markdown in markdown_cells(path, render):
        for formula in formulas(markdown):
            assert imbalance(formula) is None, formula


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_formulas_in_the_outputs_are_balanced(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    displayed = ["".join(o["data"]["text/latex"]) for o in outputs if "text/latex" in o.get("data", {})]
    assert displayed
    for formula in displayed:
        assert imbalance(formula) is None, formula


@pytest.mark.parametrize(
    "formula", [r"\frac{1}{2", "a}b{", r"\left( x )", r"\begin{aligned} x", r"\begin{array}\begin{aligned}\end{array}"]
)
def test_imbalance_is_seen(formula: str) -> None:
    assert imbalance(formula) is not None


@pytest.mark.parametrize(
    "formula",
    [r"\{x", r"x \leftarrow y", r"\left\{ x \right.", r"\begin{aligned}\begin{array}x\end{array}\end{aligned}"],
)
def test_balanced_formulas_pass(formula: str) -> None:
    assert imbalance(formula) is None


# -- render.py -----------------------------------------------------------------------------------------------------

SCRIPT = """# a comment before the first cell

# %% [markdown]
# # Title
#
# Text with $x$.

# %% tags=["compare", "other"]
x = 6 * 7

print(x)
"""


def test_cells_of_a_script(render: ModuleType) -> None:
    assert render.cells_of(SCRIPT) == [
        ("markdown", "# Title\n\nText with $x$.", []),
        ("code", "x = 6 * 7\n\nprint(x)", ["compare", "other"]),
    ]


def test_code_in_a_text_cell_is_refused(render: ModuleType) -> None:
    with pytest.raises(ValueError, match="line 2 stands in a text cell"):
        render.cells_of("# %% [markdown]\nx = 1\n")


def test_a_script_becomes_an_executed_notebook(tmp_path: Path, render: ModuleType, repository_on_path: None) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    assert render.main([str(script), "--to", "notebook", "--output", str(tmp_path / "out")]) == 0
    text = (tmp_path / "out" / "script.ipynb").read_text(encoding="utf-8")
    cell = json.loads(text)["cells"][1]
    assert cell["outputs"] == [{"name": "stdout", "output_type": "stream", "text": ["42\n"]}]
    assert cell["metadata"] == {"tags": ["compare", "other"]}
    assert str(tmp_path) not in text

    notebook = tmp_path / "out" / "script.ipynb"
    assert render.main([str(notebook), "--in-place"]) == 0
    assert notebook.read_text(encoding="utf-8") == text


def test_a_failing_cell_is_reported(
    tmp_path: Path, render: ModuleType, repository_on_path: None, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script.py"
    script.write_text("# %%\nassert 1 == 2, 'not so'\n", encoding="utf-8")
    assert render.main([str(script), "--to", "notebook", "--output", str(tmp_path)]) == 1
    assert "not so" in capsys.readouterr().err
    assert not (tmp_path / "script.ipynb").exists()


def test_what_is_missing_is_said_in_a_line(
    render: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "nbconvert" else find_spec(name))
    assert render.main(["derivations/01_kernel.py"]) == 2
    error = capsys.readouterr().err
    assert error == "this needs nbconvert: pip install nbconvert; --to notebook does without\n"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["nothing.py"], "nothing.py is no script and no notebook"),
        (["README.md"], "README.md is no script and no notebook"),
        (["derivations/render.py", "--in-place"], "--in-place is for notebooks"),
    ],
)
def test_wrong_sources_are_refused(
    arguments: list[str],
    message: str,
    render: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    assert render.main([*arguments, "--to", "notebook"]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_a_page_has_its_text_and_its_outputs(tmp_path: Path, render: ModuleType, repository_on_path: None) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    assert render.main([str(script), "--output", str(tmp_path), "--mathjax", "local-copy.js"]) == 0
    page = (tmp_path / "script.html").read_text(encoding="utf-8")
    script.with_name("other.py").write_text(
        "# %% [markdown]\n# See [it](script.py) and [more](more.py).\n", encoding="utf-8"
    )
    assert render.main([str(script), str(script.with_name("other.py")), "--output", str(tmp_path)]) == 0
    other = (tmp_path / "other.html").read_text(encoding="utf-8")
    assert 'href="script.html"' in other and 'href="more.py"' in other  # pages made together lead to each other
    assert "<title>script</title>" in page and "Text with $x$." in page and "42" in page and "local-copy.js" in page
