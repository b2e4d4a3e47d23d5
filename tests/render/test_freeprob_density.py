"""The figures freeprob-1 and bridge: the numbers behind them, and what is drawn."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.render.figures.bridge import bridge_figure, draw_bridge
from symrelu.render.figures.freeprob_density import density_panels, draw_densities
from symrelu.render.figures.write import check_request

matplotlib = pytest.importorskip("matplotlib")


def test_densities_have_mass_one_and_energy_zero_is_marchenko_pastur() -> None:
    (panel,) = density_panels([Fraction(1, 2)])
    for curve in panel.curves:
        mass = sum((np.diff(xs) * (ys[1:] + ys[:-1]) / 2).sum() for xs, ys in curve.bands)
        assert mass == pytest.approx(1, abs=2e-4)
    (xs, _), first = panel.curves[0].bands[0], panel.curves[0]
    assert (xs[0], xs[-1]) == pytest.approx(((1 - 0.5**0.5) ** 2, (1 + 0.5**0.5) ** 2))
    assert first.index == "0"
    indices = [float(curve.index) for curve in panel.curves]
    assert indices == sorted(indices), "negative eigenvalues emerge as the energy grows"
    assert panel.eps_c == "0.01127"


def test_every_curve_is_drawn() -> None:
    from matplotlib.figure import Figure

    panels, figure = density_panels(), Figure()
    draw_densities(panels, figure)
    assert len(figure.axes) == 3
    for ax, panel in zip(figure.axes, panels, strict=True):
        curves = [line for line in ax.lines if len(line.get_xdata()) > 10]
        assert len(curves) == len(panel.curves)
        assert ax.get_xlim()[0] < min(line.get_xdata()[0] for line in curves)
        assert ax.get_xlim()[1] > max(line.get_xdata()[-1] for line in curves)


def test_bridge_draws_every_small_eigenvalue() -> None:
    from matplotlib.figure import Figure

    found, figure = bridge_figure(symrelu.family("1b"), 9), Figure()
    draw_bridge(found, figure)
    stems = [line.get_xdata()[0] for ax in figure.axes for line in ax.lines if line.get_color() == "black"]
    for level in found.levels:
        if level.value < Fraction(17, 10):
            assert float(level.value) in stems


def test_the_command_knows_them(tmp_path: Path) -> None:
    check_request("freeprob-1", tmp_path / "x.pdf")
    check_request("bridge", tmp_path / "x.pdf", "3a")
    with pytest.raises(BadInput, match="no family"):
        check_request("freeprob-1", tmp_path / "x.pdf", "3a")
