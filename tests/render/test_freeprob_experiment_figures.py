"""The figures freeprob-2 ... freeprob-6, from small measurements on Gaussian data."""

import importlib.util
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from symrelu.cli import main
from symrelu.experiments import critical, curves, initial
from symrelu.experiments.freeness import task, trained_autoencoder
from symrelu.experiments.work import work
from symrelu.render.figures import freeprob_critical as figure_6
from symrelu.render.figures import freeprob_experiments as module
from symrelu.render.figures.freeprob_critical import CriticalFigure
from symrelu.render.figures.freeprob_experiments import EXPERIMENTS, GapFigure
from symrelu.runs.records import run

drawn = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib: pip install 'symrelu[plot]'"
)


def autoencoders() -> list[Any]:
    return [trained_autoencoder(task("gaussian", hidden=4, images=40, steps=50, rotations=2, seed=s)) for s in (1, 2)]


def noise() -> list[Any]:
    tasks = [initial.h1_task(phi, dataset="gaussian", n=8, runs=1) for phi in module.PHIS_3]
    return [(initial.noise_spectrum(one), initial.noise_spectrum(one)) for one in tasks]


def gaps() -> GapFigure:
    found = [initial.gap(initial.gap_task(Fraction(1, k), "gaussian", n=6, runs=2)) for k in (2, 4)]
    return GapFigure((("digits", initial.fitted_gap(found)), ("gaussian", initial.fitted_gap(found))))


def points() -> CriticalFigure:
    def curve(phi: str) -> curves.IndexCurve:
        eps_c = (1 - float(Fraction(phi))) ** 2 / 2
        some = tuple(curves.IndexPoint(k / 100, eps_c + (k / 100) ** (2 / 3), 0.01, k) for k in range(1, 30))
        fit = curves.Fit(eps_c, 0.01, 1.0, 100, 0.1, 1.5, (1.4, 1.6))
        return curves.IndexCurve(phi, 4, "tanh", 500, 10, some, fit, None, fit, ("0", "1"))

    found = (curve("1/4"), curve("1/2"))
    linear = tuple(figure_6.minima.linear_minima(Fraction(c.phi), 4, 10) for c in found)
    return CriticalFigure(found, curves.threshold_fit(found), linear)


@drawn
@pytest.mark.parametrize(
    ("measured", "draw", "words"),
    [
        (autoencoders, module.draw_freeness, ["stand in for the paper's CIFAR-10", "$H_0+H_1$"]),
        (noise, module.draw_noise, ["theory, eq. (28)", "$\\phi=1/4$"]),
        (
            lambda: [initial.gauss_newton_spectrum(initial.h0_task(64, "gaussian", 8, seed)) for seed in (1, 2)],
            module.draw_gauss_newton,
            ["8 zeros left out", "smallest nonzero", "Gaussian data: "],
        ),
        (gaps, module.draw_gap, ["mean of 2 runs", "1/\\phi"]),
        (
            points,
            figure_6.draw_critical,
            ["1000 runs", "(linear, exact)", "\\phi=1/2", "in (0, 1) of", "1.40 to 1.60 (1/4)"],
        ),
    ],
)
def test_drawings_say_what_they_show(
    measured: Callable[[], Any], draw: Callable[[Any, Any], None], words: list[str]
) -> None:
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    figure = Figure(figsize=(7, 3))
    draw(measured(), figure)
    figure.canvas.draw()
    said = "\n".join(text.get_text() for text in figure.findobj(Text))
    for word in words:
        assert word in said


@drawn
def test_critical_points_come_from_a_file_of_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "points.jsonl"
    records = run(curves.tasks([Fraction(1, 2), Fraction(1)], n=3, runs=4), work)
    from symrelu.runs.records import line_of

    path.write_text("".join(f"{line_of(record['settings'], [record])[0]}\n" for record in records))
    with pytest.raises(figure_6.BadInput, match="at least 2"):  # too few of small index for fits
        figure_6.critical_figure(results=path)
    narrow = run([critical.task(Fraction(1, 2), 3, 2, between=(Fraction(1, 2), Fraction(1)))], work)[0]
    with path.open("a") as file:
        file.write(f"{line_of(narrow['settings'], [narrow])[0]}\n")
    with pytest.raises(figure_6.BadInput, match=r"2 windows of the first energy, \(0, 1\) and \(1/2, 1\)"):
        figure_6.critical_figure(results=path)
    with pytest.raises(figure_6.BadInput, match="no critical points"):
        figure_6.critical_figure(results=tmp_path / "nothing.jsonl")
    assert EXPERIMENTS == ("freeprob-2", "freeprob-3", "freeprob-4", "freeprob-5", "freeprob-6")
    refused = CliRunner().invoke(main, ["figure", "main-2", "--results", str(path), "-o", str(tmp_path / "x.pdf")])
    assert refused.exit_code == 2 and "leave --results out" in refused.stderr


@drawn
def test_freeprob_4_is_written(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    path = tmp_path / "h0.png"
    assert CliRunner().invoke(main, ["figure", "freeprob-4", "-o", str(path)]).exit_code == 0
    assert path.stat().st_size > 10_000
