"""Running TeX, where it is installed."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def tex(tmp_path: Path) -> Callable[[str], str]:
    """Compiles a document in a folder of its own and gives TeX's log; skipped where TeX is not installed."""
    if shutil.which("pdflatex") is None:
        pytest.skip("pdflatex is not installed (Debian: texlive-latex-recommended), so nothing is compiled")

    def compiled(document: str, times: int = 1) -> str:
        (tmp_path / "test.tex").write_text(document, encoding="utf-8")
        words = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "test.tex"]
        for _ in range(times):
            done = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=60, check=False)
        log = (tmp_path / "test.log").read_text(encoding="utf-8", errors="replace")
        assert done.returncode == 0, log[-2000:]
        return log

    return compiled
