"""Whole documents: families, one section each, with figures and a bibliography, in files that appear whole or not at
all.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from symrelu import __version__
from symrelu.errors import BadInput
from symrelu.families import Family
from symrelu.files import atomically, check_writable
from symrelu.model.setting import PAPER
from symrelu.paper.figures import check_figures, write_figures
from symrelu.paper.fragments import fragments
from symrelu.paper.material import Material, Progress, Request, gather, short_name
from symrelu.paper.references import bibliography
from symrelu.paper.setting import setting_section
from symrelu.paper.style import Style

_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*\.tex")
TITLES = {
    "type": "Type",
    "series": "Entries and loss",
    "spectrum-2": "Spectrum of the Hessian, both layers trained",
    "spectrum-1": "Spectrum of the Hessian, one layer trained",
    "thresholds": "Changes of stability",
    "certificate": "What is proved",
}
PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage{textcomp}
\usepackage{amsmath,amssymb}
\usepackage{longtable}
\usepackage{graphicx}
\usepackage[textwidth=%gpt,textheight=690pt]{geometry}
\allowdisplaybreaks
\emergencystretch=20pt
\setlength{\jot}{5pt}
\renewcommand{\topfraction}{0.9}
\renewcommand{\textfraction}{0.1}
\renewcommand{\floatpagefraction}{0.8}
"""


def write_paper(
    families: Sequence[Family],
    path: str | Path,
    request: Request | None = None,
    style: Style | None = None,
    figures: bool = True,
    fragment: bool = False,
    progress: Progress | None = None,
) -> list[Path]:
    r"""Write a LaTeX document about families, and what it reads: figures (PDF) and a BibTeX file beside it.

    Parameters: ``path``, which ends in .tex; ``request``, what is computed; ``style``, symbols and width; ``fragment``,
    for parts without a preamble, in files of their own, and a file that reads them with ``\input``.
    Returns all files written, the one of ``path`` last. Each appears whole or not at all, and none before everything
    is computed.
    Raises BadInput for places that cannot be written to, before anything is computed; NoFamily for a family that does
    not exist.
    """
    target, request, style = Path(path), request or Request(), style or Style()
    if not _FILE.fullmatch(target.name):
        raise BadInput(
            f"the document was named {target.name!r}; give a name of letters, digits, '.', '-', '+' ending in .tex"
        )
    check_writable(target)
    if not families:
        raise BadInput("no family was given; give a name such as 2a, or --blocks d-4,4 --limit +,-")
    if figures:
        check_figures([target.with_suffix(".pdf")])
    style = Style(style.notation, style.width, not fragment)
    parts: list[tuple[Material, dict[str, str]]] = []
    stems = _different([short_name(one.key) for one in families])
    with tempfile.TemporaryDirectory(prefix="symrelu-figures-") as folder:
        for one, name in zip(families, stems, strict=True):
            material = gather(one, request, progress)
            stem = Path(folder) / f"{target.stem}-{name}"
            drawn = write_figures(material, stem, style.notation, progress) if figures else []
            parts.append((material, fragments(material, style, name, [p.name for p in drawn])))
        written = [target.with_name(path.name) for path in _by_age(Path(folder))]
        for place in written:
            with atomically(place) as temporary:
                shutil.copyfile(Path(folder) / place.name, temporary)
    if fragment:
        texts = _fragment_files(target, stems, parts)
    else:
        texts = _document_files(target, parts, style)
    for place, text in texts.items():
        with atomically(place) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return [*written, *texts]


def _by_age(folder: Path) -> list[Path]:
    return sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)


def _different(names: Sequence[str]) -> list[str]:
    if len(set(names)) == len(names):
        return list(names)
    return [f"{name}-{number}" for number, name in enumerate(names, 1)]


def _fragment_files(
    target: Path, stems: Sequence[str], parts: Sequence[tuple[Material, dict[str, str]]]
) -> dict[Path, str]:
    head = f"% written by symrelu {__version__}; needs \\usepackage{{amsmath,amssymb,longtable,graphicx,textcomp}}\n"
    texts: dict[Path, str] = {}
    names: list[str] = []
    for stem, (_, pieces) in zip(stems, parts, strict=True):
        for piece, text in pieces.items():
            place = target.with_name(f"{target.stem}-{stem}-{piece}.tex")
            texts[place] = head + text
            names.append(place.stem)
    return texts | {target: head + "".join(f"\\input{{{name}}}\n\n" for name in names)}


def _document_files(target: Path, parts: Sequence[tuple[Material, dict[str, str]]], style: Style) -> dict[Path, str]:
    sections = []
    for material, pieces in parts:
        sections.append(rf"\section{{{_title(material, style)}}}")
        for piece, text in pieces.items():
            sections += [rf"\subsection*{{{TITLES[piece]}}}"] if piece in TITLES else []
            sections.append(text)
    opening = setting_section([material.series.setting for material, _ in parts], style)
    body = "\n".join([opening, *sections])
    cited = {key for keys in re.findall(r"\\cite\{([^}]*)\}", body) for key in keys.split(",")}
    what = "Family" if len(parts) == 1 else "Families"
    text = f"""{PREAMBLE % style.width}\\title{{{what} of critical points of two-layer neural networks}}
\\author{{}}
\\date{{computed by symrelu {__version__}}}
\\begin{{document}}
\\maketitle
{body}
\\bibliographystyle{{plain}}
\\bibliography{{{target.stem}}}
\\end{{document}}
"""
    return {target.with_suffix(".bib"): bibliography(cited), target: text}


def _title(material: Material, style: Style) -> str:
    series = material.series
    named = f"Family {series.family}" if series.family and series.setting == PAPER else ""
    named += (" in the type " if series.actual.is_larger else ": ") if named else ""
    branch = f", branch {series.branch}" if series.branch is not None else ""
    signs = re.sub(r"(?<![=\d])([+-])(?=,|$)", r"{\1}", series.key.limit_text())
    limit = f", limit $({signs})$" if series.key.limit is not None else ""
    return style.write(f"{named}${series.asked.latex()}${limit}{branch}")


__all__ = ["write_paper"]
