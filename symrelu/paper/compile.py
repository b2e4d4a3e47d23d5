"""Compiling a document with pdfTeX, where that is installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from symrelu.errors import BadInput
from symrelu.files import atomically

SECONDS = 120


def check_tex() -> None:
    """Raise BadInput if pdfTeX or BibTeX is not installed."""
    for program in ("pdflatex", "bibtex"):
        if shutil.which(program) is None:
            raise BadInput(
                f"--pdf needs {program}, which is not installed; on Debian: apt install texlive-latex-recommended; or "
                "leave --pdf out"
            )


def compile_pdf(document: Path, beside: Sequence[Path]) -> Path:
    """The PDF of a document, beside it; it appears whole or not at all.

    ``beside``: the files it reads. TeX runs in a folder of its own, may start no program, and reads nothing outside it
    but its own trees. Raises BadInput with the first error of TeX.
    """
    check_tex()
    with tempfile.TemporaryDirectory(prefix="symrelu-tex-") as folder:
        for path in (document, *beside):
            shutil.copy(path, folder)
        for program in ("pdflatex", "bibtex", "pdflatex", "pdflatex"):
            _run(program, document, Path(folder))
        result = Path(folder) / f"{document.stem}.pdf"
        target = document.with_suffix(".pdf")
        with atomically(target) as temporary:
            shutil.copy(result, temporary)
    return target


def _run(program: str, document: Path, folder: Path) -> None:
    words = [program, document.stem]
    if program == "pdflatex":
        words = [program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", document.name]
    environment = {**os.environ, "openin_any": "p", "openout_any": "p"}
    try:
        done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BadInput(f"{program} took more than {SECONDS} s over {document.name!r}; run it yourself") from None
    if done.returncode:
        log = done.stdout.decode(errors="replace")
        first = re.search(r"^! .*", log, re.MULTILINE)
        reason = first[0][2:] if first else f"exit status {done.returncode}"
        raise BadInput(f"{program} does not compile {document.name!r}: {reason}; run it yourself to see more")


__all__ = ["check_tex", "compile_pdf"]
