"""Figures about descent and samples: files that are drawn, from small data."""

import importlib.util
from pathlib import Path

import pytest
from click.testing import CliRunner

import symrelu
from symrelu.cli import main
from symrelu.descent.along import along_descent
from symrelu.render.figures import write
from symrelu.samples.study import sample_study

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib: pip install 'symrelu[plot]'"
)


def drawn(name: str, folder: Path, *arguments: str) -> str:
    path = folder / f"{name}.svg"
    result = CliRunner().invoke(main, ["figure", name, "-o", str(path), *arguments], prog_name="symrelu")
    assert result.exit_code == 0, result.stderr
    return path.read_text()


def test_clusters_along_a_descent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = along_descent(5, run=0, points=6)
    monkeypatch.setattr(write, "clusters_figure", lambda progress=None: one)
    assert drawn("descent-clusters", tmp_path).count("<path") > 25, "a line for each of the 25 eigenvalues"


def test_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = sample_study(symrelu.family("1b"), 5, (100, 300), samples=2)
    monkeypatch.setattr(write, "samples_figure", lambda family, progress=None: study)
    assert "<path" in drawn("samples", tmp_path)
    # where the residual vanishes some errors are 0, and have no place on a logarithmic axis
    exact = sample_study(symrelu.family("1a"), 4, (100, 300), samples=2)
    monkeypatch.setattr(write, "samples_figure", lambda family, progress=None: exact)
    assert "<path" in drawn("samples", tmp_path, "--family", "1a")
