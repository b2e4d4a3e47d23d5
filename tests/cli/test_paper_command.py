"""symrelu paper: documents that compile, fragments, text for algebra systems, refusals in one line."""

import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]
Refusal = Callable[[int, str, str], str]
QUICK = ("--order", "2", "--spectrum-order", "0", "--no-thresholds", "--no-certificate", "--no-figures")
needs_tex = pytest.mark.skipif(
    shutil.which("pdflatex") is None or shutil.which("bibtex") is None,
    reason="pdflatex and bibtex are not installed (Debian: texlive-latex-recommended), so nothing is compiled",
)
needs_drawing = pytest.mark.skipif(importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def written(result: Result) -> list[str]:
    """The files that a command says it wrote; each of them is there, and nothing else."""
    assert result.exit_code == 0, result.stderr
    names = result.stdout.strip().removeprefix("written: ").split(", ")
    assert all(Path(name).is_file() for name in names)
    return names


def compiled(name: str) -> str:
    """TeX's log of the last of the runs that a document takes."""
    for words in (["pdflatex"], ["bibtex"], ["pdflatex"], ["pdflatex"]):
        options = [] if words == ["bibtex"] else ["-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"]
        done = subprocess.run([*words, *options, name], capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    log = Path(f"{name}.log").read_text(encoding="utf-8", errors="replace")
    assert "Overfull" not in log, re.findall(r"Overfull.*", log)
    assert "undefined" not in log
    return log


@needs_tex
@pytest.mark.slow
def test_a_document_of_several_families_compiles_without_overfull_lines(run: Run) -> None:
    names = written(run("paper", "2a", "1b", *QUICK, "--layers", "2,1", "--order", "4", "-o", "two.tex"))
    assert names == ["two.bib", "two.tex"] and sorted(p.name for p in Path().iterdir()) == names
    text = Path("two.tex").read_text(encoding="utf-8")
    for what in (
        r"\section{Family 2a: $\Delta(S_{d-1}\times S_1)$, limit $({+},{-})$}",
        r"A_{d-1}(a_1,a_2)",
        r"O \left( d^{-5/2} \right)",
        r"\label{eq:1b:loss}",
        "the first layer trained",
        r"symrelu series 2a {-}{-}order 4 {-}{-}format latex",
    ):
        assert what in text, what
    cited = set(re.findall(r"@\w+\{(\w+),", Path("two.bib").read_text(encoding="utf-8")))
    assert cited == {key for keys in re.findall(r"\\cite\{([^}]*)\}", text) for key in keys.split(",")}
    compiled("two")


@needs_tex
@needs_drawing
@pytest.mark.slow
def test_a_type_that_no_paper_lists_becomes_a_pdf_with_figures(run: Run) -> None:
    options = ("--blocks", "d-4,4", "--limit", "+,-", "--spectrum-order", "0", "--no-thresholds", "--no-certificate")
    names = written(run("paper", *options, "--pdf", "-o", "d44.tex"))
    assert names == ["d44-d-4.4.pm-matrix.pdf", "d44-d-4.4.pm-eigenvalues.pdf", "d44.bib", "d44.tex", "d44.pdf"]
    assert all(Path(name).read_bytes().startswith(b"%PDF") for name in names if name.endswith(".pdf"))


@needs_tex
@pytest.mark.slow
def test_what_is_proved_is_said_and_marked(run: Run) -> None:
    written(run("paper", "1b", "--order", "2", "--spectrum-order", "0", "--no-figures", "-o", "1b.tex"))
    text = Path("1b.tex").read_text(encoding="utf-8")
    assert r"$5.76381273492$ & $\mathfrak{x}_{1}$ & $(d-1) (d-2)/2$ & negative & proof" in text
    assert r"For every real $d \ge 6$ the family" in text and "is a local minimum" in text
    assert r"\le" in text and r"a_{1,k}" in text
    compiled("1b")


@needs_tex
def test_fragments_are_input_by_a_document_of_ones_own(run: Run) -> None:
    names = written(run("paper", "1b", *QUICK, "--fragment", "--width", "345", "-o", "part.tex"))
    assert names == [f"part-1b-{piece}.tex" for piece in ("type", "series", "spectrum-2", "certificate")] + ["part.tex"]
    assert not any("documentclass" in Path(name).read_text(encoding="utf-8") for name in names)
    head = r"\documentclass{article}\usepackage{amsmath,amssymb,longtable,graphicx,textcomp}"
    Path("own.tex").write_text(rf"{head}\begin{{document}}\input{{part}} \input{{part-1b-series}}\end{{document}}")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "own"], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 0 and b"Overfull" not in done.stdout


@needs_tex
def test_symbols_are_renamed_and_the_document_compiles(run: Run) -> None:
    Path("names.json").write_text(json.dumps({"d": "n", "a": r"\xi", r"\mathcal{L}": r"\mathcal{F}", "W": r"\Omega"}))
    written(run("paper", "1b", *QUICK, "--notation", "names.json", "-o", "own.tex"))
    text = Path("own.tex").read_text(encoding="utf-8")
    assert r"\xi _{1} &= - 1 + \frac{2}{n}" in text.replace(r"\xi_{1}", r"\xi _{1}")
    assert r"\mathcal{F} ( \Omega" in text or r"\mathcal{F}(\Omega" in text
    assert not re.search(r"\$[^$]*\bd\b[^$]*\$", text)
    compiled("own")


@needs_drawing
@pytest.mark.slow
def test_an_interrupted_document_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    from symrelu.paper import document

    def interrupted(material: object, *more: object) -> dict[str, str]:
        raise KeyboardInterrupt

    monkeypatch.setattr(document, "fragments", interrupted)
    result = run("paper", "1a", *QUICK[:-1], "-o", "x.tex")
    assert result.exit_code != 0 and not list(Path().iterdir()), "the figures were drawn already"


def test_text_for_algebra_systems_is_printed_or_written(run: Run) -> None:
    options = ("--order", "2", "--spectrum-order", "0")
    printed = run("paper", "1b", "--format", "mathematica", *options)
    assert printed.exit_code == 0 and "\na1[d_] := -1 + (2)*d^(-1)  (* + O(d^(-3/2)) *)\n" in printed.stdout
    assert written(run("paper", "1b", "--format", "mathematica", *options, "-o", "1b.m")) == ["1b.m"]
    assert Path("1b.m").read_text(encoding="utf-8") == printed.stdout
    assert "symrelu paper 1b --format mathematica --order 2" in printed.stdout


BAD = {
    "no file": (("2a",), "give -o out.tex"),
    "no family": (("-o", "x.tex"), "no family was given"),
    "another ending": (("2a", *QUICK, "-o", "x.pdf"), "ending in .tex"),
    "a name that TeX cannot read": (("2a", *QUICK, "-o", "x y.tex"), "give a name of letters"),
    "no folder": (("2a", *QUICK, "-o", "none/x.tex"), "make it first"),
    "an unknown family": (("2a", "9z", *QUICK, "-o", "x.tex"), "no family named '9z'"),
    "two and a type": (("2a", "2b", "--blocks", "d-4,4", "-o", "x.tex"), "write each as blocks:limit"),
    "layers": (("2a", *QUICK, "--layers", "3", "-o", "x.tex"), "give 2, 1 or 2,1"),
    "the same layers": (("2a", *QUICK, "--layers", "2,2", "-o", "x.tex"), "give 2, 1 or 2,1"),
    "digits": (("2a", *QUICK, "--digits", "0", "-o", "x.tex"), "between 1 and 200"),
    "an order": (("2a", *QUICK, "--order", "-1", "-o", "x.tex"), "between 0 and 200"),
    "a width": (("2a", *QUICK, "--width", "10", "-o", "x.tex"), "give one from 250"),
    "a width that is none": (("2a", *QUICK, "--width", "nan", "-o", "x.tex"), "give one from 250"),
    "no notation": (("2a", *QUICK, "--notation", "none.json", "-o", "x.tex"), "cannot be read"),
    "a fragment as PDF": (("2a", *QUICK, "--fragment", "--pdf", "-o", "x.tex"), "a fragment is no document"),
    "LaTeX of Maple": (("2a", "--format", "maple", "--fragment"), "belong to LaTeX, not to maple"),
}


@pytest.mark.parametrize("case", BAD)
def test_refusals(case: str, run: Run, refusal: Refusal) -> None:
    arguments, words = BAD[case]
    result = run("paper", *arguments)
    assert words in refusal(result.exit_code, result.stdout, result.stderr)
    assert not list(Path().iterdir()), "nothing is left behind"
