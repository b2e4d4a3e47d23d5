"""Turn derivations and notebooks into executed notebooks and web pages.

    python derivations/render.py derivations/01_kernel.py                writes 01_kernel.html in the current folder
    python derivations/render.py notebooks/01_tour.ipynb --in-place      runs the notebook again and stores its outputs

A derivation is a Python script in the percent format: a line ``# %% [markdown]`` begins a text cell, whose lines are
comments, and a line ``# %%`` a code cell. Executing needs nbformat, nbclient and ipykernel (``pip install
symrelu[test]``), web pages need nbconvert as well (``pip install nbconvert``). Formulas on the pages are set by
MathJax, which the browser loads from the network; ``--mathjax`` names another copy of it.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CELL = re.compile(r"# %%(?P<markdown> \[markdown\])?(?: tags=\[(?P<tags>[^\]]*)\])?")
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
TIMEOUT = 600


def cells_of(text: str) -> list[tuple[str, str, list[str]]]:
    """The cells of a script in the percent format: (kind, source, tags), kind "markdown" or "code".

    What stands before the first cell belongs to none. Raises ValueError for a text cell with a line that is no comment.
    """
    cells: list[tuple[str, list[str], list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if head := CELL.fullmatch(line.rstrip()):
            tags = [tag.strip().strip("\"'") for tag in (head["tags"] or "").split(",") if tag.strip()]
            cells.append(("markdown" if head["markdown"] else "code", [], tags))
        elif cells and cells[-1][0] == "code":
            cells[-1][1].append(line)
        elif cells and (line.startswith("# ") or line.rstrip() in ("", "#")):
            cells[-1][1].append(line[2:])
        elif cells:
            raise ValueError(f"line {number} stands in a text cell but is no comment: {line!r}; put '# ' before it")
    return [(kind, "\n".join(lines).strip("\n"), tags) for kind, lines, tags in cells]


def notebook_of(path: Path) -> Any:
    """The notebook that a percent script is, or that an .ipynb file holds; not executed."""
    import nbformat

    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    book = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL, "language_info": {"name": "python"}})
    for number, (kind, source, tags) in enumerate(cells_of(path.read_text(encoding="utf-8")), 1):
        cell = nbformat.v4.new_markdown_cell(source) if kind == "markdown" else nbformat.v4.new_code_cell(source)
        cell.id = f"cell-{number:02}"  # not random: running it again changes nothing
        if tags:
            cell.metadata["tags"] = tags
        book.cells.append(cell)
    return book


def execute(book: Any, folder: Path) -> Any:
    """The notebook, run in ``folder`` from top to bottom, with nothing of this machine left in it.

    Raises nbclient's CellExecutionError if a cell fails.
    """
    from nbclient import NotebookClient

    resources = {"metadata": {"path": str(folder)}}
    # streams arrive in pieces of arbitrary length: join them
    options = {"timeout": TIMEOUT, "kernel_name": "python3", "coalesce_streams": True}
    NotebookClient(book, resources=resources, **options).execute()
    book.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in book.cells:
        cell.metadata.pop("execution", None)  # when it ran
    return book


def page_of(book: Any, title: str, mathjax: str | None = None, pages: Iterable[str] = ()) -> str:
    """The notebook as one HTML page. Links to ``pages``, names of scripts or notebooks, lead to their pages."""
    from nbconvert import HTMLExporter

    for name in pages:
        for cell in book.cells:
            if cell.cell_type == "markdown":
                cell.source = cell.source.replace(f"]({name}", f"]({Path(name).with_suffix('.html')}")
    exporter = HTMLExporter()
    if mathjax:
        exporter.mathjax_url = mathjax
    page, _ = exporter.from_notebook_node(book, resources={"metadata": {"name": title}})
    return str(page)


def missing(to: str) -> str | None:
    """What must be installed first, in a line; None if nothing."""
    from importlib.util import find_spec

    needed = ["nbformat", "nbclient", "ipykernel"] + (["nbconvert"] if to == "html" else [])
    absent = [name for name in needed if find_spec(name) is None]
    if not absent:
        return None
    other = "; --to notebook does without" if absent == ["nbconvert"] else ""
    return f"this needs {', '.join(absent)}: pip install {' '.join(absent)}{other}"


def main(arguments: list[str] | None = None) -> int:
    """Render what the command line names; 0 if all went well, 1 if a cell failed, 2 if something is missing."""
    parser = argparse.ArgumentParser(description="Execute derivations and notebooks; write web pages or notebooks.")
    parser.add_argument("sources", nargs="+", type=Path, help="scripts in the percent format, or notebooks")
    parser.add_argument("--to", choices=["html", "notebook"], default="html", help="what to write (html)")
    parser.add_argument("--output", type=Path, default=Path("."), help="the folder to write to (the current one)")
    parser.add_argument("--in-place", action="store_true", help="store a notebook's new outputs in its own file")
    parser.add_argument("--mathjax", help="the address of the MathJax script that the page loads")
    options = parser.parse_args(arguments)
    to = "notebook" if options.in_place else options.to
    if problem := missing(to):
        print(problem, file=sys.stderr)
        return 2
    for source in options.sources:
        if not source.is_file() or source.suffix not in (".py", ".ipynb"):
            print(f"{source} is no script and no notebook; name a .py or an .ipynb file", file=sys.stderr)
            return 2
        if options.in_place and source.suffix != ".ipynb":
            print(f"--in-place is for notebooks, and {source} is a script; leave it out", file=sys.stderr)
            return 2

    import nbformat
    from nbclient.exceptions import CellExecutionError

    for source in options.sources:
        try:
            book = execute(notebook_of(source), source.parent)
        except (CellExecutionError, ValueError) as error:
            print(f"{source}: {error}", file=sys.stderr)
            return 1
        target = source if options.in_place else options.output / source.with_suffix(f".{_suffix(to)}").name
        target.parent.mkdir(parents=True, exist_ok=True)
        if to == "html":
            target.write_text(
                page_of(book, source.stem, options.mathjax, [x.name for x in options.sources]), encoding="utf-8"
            )
        else:
            nbformat.write(book, target)
        print(f"wrote {target}")
    return 0


def _suffix(to: str) -> str:
    return {"html": "html", "notebook": "ipynb"}[to]


if __name__ == "__main__":
    sys.exit(main())
