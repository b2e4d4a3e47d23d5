"""What ``symrelu paper`` does with the words it is given."""

from __future__ import annotations

from pathlib import Path

from symrelu.errors import BadInput
from symrelu.families import Family, family
from symrelu.files import atomically, check_writable
from symrelu.model.setting import Setting
from symrelu.paper.cas import LANGUAGES, text_of
from symrelu.paper.compile import check_tex, compile_pdf
from symrelu.paper.document import write_paper
from symrelu.paper.material import Progress, Request
from symrelu.paper.notation import Notation
from symrelu.paper.style import WIDTH, Style

NARROWEST, WIDEST = 250.0, 1000.0


def run(
    output: str | None,
    form: str,
    progress: Progress | None,
    *,
    names: tuple[str, ...],
    blocks: str | None,
    rows: str | None,
    cols: str | None,
    limit: str | None,
    branch: int | None,
    setting: Setting,
    order: int,
    spectrum_order: int,
    layers: str,
    digits: int,
    no_thresholds: bool,
    no_certificate: bool,
    no_figures: bool,
    notation: str | None,
    width: float | None,
    fragment: bool,
    pdf: bool,
) -> str:
    """Write what was asked for; the text to be printed, "" for none. Raises BadInput for words that do not fit."""
    if len(names) > 1 and (blocks or rows or cols or limit or branch is not None):
        raise BadInput(
            f"{len(names)} families and options of one were given; write each as blocks:limit, such as d-4,4:+,-"
        )
    chosen: list[Family] = [
        family(name, blocks=blocks, rows=rows, cols=cols, limit=limit, branch=branch, setting=setting)
        for name in (names or (None,))
    ]
    read = [part.strip() for part in layers.split(",")]
    if not all(part in ("1", "2") for part in read):
        raise BadInput(f"--layers was given as {layers!r}; give 2, 1 or 2,1")
    request = Request(order, spectrum_order, tuple(map(int, read)), digits, not no_thresholds, not no_certificate)
    symbols = Notation.read(notation) if notation is not None else Notation()
    if form in LANGUAGES:
        if fragment or pdf or width is not None:
            raise BadInput(f"--fragment, --pdf and --width belong to LaTeX, not to {form}; leave them out")
        if output is not None:
            check_writable(output)
        text = text_of(chosen, form, request, symbols, progress)
        if output is None:
            return text
        with atomically(output) as temporary:
            temporary.write_text(text + "\n", encoding="utf-8")
        return f"written: {output}"
    if width is not None and not NARROWEST <= width <= WIDEST:
        raise BadInput(f"a width of {width:g} pt was given; give one from {NARROWEST:g} to {WIDEST:g}")
    if pdf:
        if fragment:
            raise BadInput("--fragment and --pdf were given; a fragment is no document, leave one of them out")
        check_tex()
    assert output is not None
    style = Style(symbols, width or WIDTH)
    files = write_paper(chosen, output, request, style, not no_figures, fragment, progress)
    if pdf:
        files.append(compile_pdf(Path(output), [path for path in files if path.suffix != ".tex"]))
    return "written: " + ", ".join(map(str, files))


__all__ = ["run"]
