"""The figure ``convexity``: its numbers on few trials, and a drawing."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from symrelu.render.figures import convexity, write

drawn = pytest.mark.skipif(
    importlib.util.find_spec("matplotlib") is None, reason="drawing needs matplotlib: pip install 'symrelu[plot]'"
)


@pytest.fixture(scope="module")
def data() -> convexity.ConvexityFigure:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(convexity, "SCALES", (0.7, 1.7))
        return convexity.convexity_figure(trials=40)


def test_the_numbers(data: convexity.ConvexityFigure) -> None:
    everywhere = [share.mean for share in data.shares["all trials"]]
    convex = [share.mean for share in data.shares["Hessian > 0"]]
    assert everywhere[0] > everywhere[1] and all(a <= b for a, b in zip(everywhere, convex, strict=True))
    assert np.all(np.diff(data.losses, axis=0) < 0) and np.all(np.diff(data.losses[0]) >= 0)
    for sharp, paper in zip(data.entries["sharp"], data.entries["paper"], strict=True):
        assert sharp is not None and paper is not None and sharp <= paper  # the sharp U is the larger one


@drawn
def test_it_is_drawn(data: convexity.ConvexityFigure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "convexity_figure", lambda progress: data)
    write.write_figure("convexity", tmp_path / "convexity.svg")
    text = (tmp_path / "convexity.svg").read_text()
    assert text.startswith("<?xml") and len(text) > 10_000
