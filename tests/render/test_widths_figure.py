"""The figure widths: its numbers against the dense Hessian of split networks, its drawing from made-up data."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import symrelu
from symrelu.reference.hessian import first_layer_hessian
from symrelu.render.figures.widths import SplitCurve, WidthCurves, draw_widths, width_curves

drawn = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib: pip install 'symrelu[plot]'"
)


def test_indices_are_those_of_split_networks() -> None:
    family = symrelu.family("1b")
    curves = width_curves(family, last=7)
    assert curves.d == (3, 4, 5, 6, 7) and curves.name == "1b"
    for d, indices in zip(curves.d, zip(*curves.index, strict=True), strict=True):
        W = np.asarray(family.space.matrix([float(x.value) for x in family.at(d, 15).entries.values()], d))
        for more, index in enumerate(indices):
            shares = np.full(more + 1, 1 / (more + 1))
            split = np.vstack([W[1:], np.outer(shares, W[0])])
            dense = np.linalg.eigvalsh(first_layer_hessian(split, np.ones(len(split)), np.eye(d), np.ones(d)))
            assert np.sum(dense < -1e-9) == index
    assert [values[-1] for values in curves.index] == [0, 6, 12]
    (curve,) = curves.curves
    assert all(a < b < 0 for a, b in zip(curve.smallest, curve.largest, strict=True))


@drawn
def test_drawing(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 2.9))
    rows = (SplitCurve(1, (-0.1, 0.1), (-0.2, -0.1)), SplitCurve(2, (-0.3, -0.2), (-0.4, -0.3)))
    draw_widths([WidthCurves("made-up", (5, 6), rows, ((1, 0), (5, 6), (9, 12)))], figure)
    left, right = figure.axes
    assert [np.asarray(line.get_ydata()).tolist() for line in left.lines[:2]] == [[-0.1, 0.1], [-0.3, -0.2]]
    assert [np.asarray(line.get_ydata()).tolist() for line in right.lines] == [[1, 0], [5, 6], [9, 12]]
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["made-up"]
    figure.savefig(tmp_path / "widths.svg")
    assert (tmp_path / "widths.svg").stat().st_size > 1000


@drawn
def test_drawing_where_families_are_minima() -> None:
    """A minimum from a threshold on is drawn thick from there, a family that does not exist at this d in words."""
    from matplotlib.figure import Figure

    from symrelu.render.figures.annihilation import annihilation_size, draw_annihilation

    widths = [{"least_negative": "0", "most_negative": str(n), "verdict": "minimum"} for n in range(3)]
    there = {"family": "2a", "k": "d", "leading_loss": "1/d", "minimum_for": [["5.5", None]]}
    there |= {"ends_at": "2", "loss": "0.0113", "widths": widths}
    absent = there | {"family": "2a +1", "k": "d + 1", "ends_at": "17347.7", "loss": None}
    absent["minimum_for"] = [["17347.7", None]]
    target = there | {"family": "1a", "leading_loss": "0"}
    data = {"d": "20", "families": [target, there, absent]}
    figure = Figure(figsize=annihilation_size(data))
    draw_annihilation(data, figure)
    left, right = figure.axes
    assert [label.get_text() for label in left.get_yticklabels()] == ["2a +1", "2a"]
    thick = [
        np.asarray(line.get_xdata())[0] for line in left.lines if line.get_linewidth() == 3 and len(line.get_xdata())
    ]
    assert thick == [17347.7, 5.5]
    assert [text.get_text() for text in right.texts] == ["does not exist there", "0, 0-1, 0-2"]
