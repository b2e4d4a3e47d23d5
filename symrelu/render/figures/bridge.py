"""The figure ``bridge``: the exact Hessian spectrum of a family beside random-matrix laws of its mean and energy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symrelu.bridge import Bridge, Shape, bridge
from symrelu.families import Family
from symrelu.render.figures.spectrum import GREY, PALETTE, component_latex
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

D = 20
SIZE = (7.0, 3.0)
NEAR = (-0.75, 1.7)  # the left panel
POINTS = 500
LABELLED = 0.1  # stems of at least so many eigenvalues
SHOWN = (3, 4, 5)  # of the shapes: phi = 1/4 in both models, and the refined law of the right variance


def bridge_figure(one: Family, d: int = D, progress: Progress | None = None) -> Bridge:
    """The numbers behind the figure: :func:`symrelu.bridge.bridge` at d."""
    return bridge(one, d, progress=progress)


def draw_bridge(found: Bridge, figure: Figure) -> None:
    """On an empty figure: left, where the eigenvalues lie and the densities; right, what lies above a value."""
    near, tail = figure.subplots(1, 2, width_ratios=(1.15, 1))
    figure.subplots_adjust(left=0.07, right=0.99, bottom=0.135, top=0.9, wspace=0.36)
    _draw_near(found, near)
    _draw_tail(found, tail)
    handles = tail.get_legend_handles_labels()
    near.legend(*handles, loc="upper right", frameon=False, fontsize=7.5, borderaxespad=0.3, labelspacing=0.3)


def _label(shape: Shape) -> str:
    name = "refined" if shape.name.startswith("refined") else "Wishart + Wigner"
    phi = shape.phi or "0"
    value = rf"\phi={phi}" if "/" in phi else rf"\phi={float(phi):.3g}"
    return f"{name}, ${value}$" + (" (same variance)" if "matched" in shape.name else "")


def _draw_near(found: Bridge, ax: Axes) -> None:
    ax.axvspan(NEAR[0], 0, color="#eeeeee", zorder=0)
    share = ax.twinx()
    for level in found.levels:
        value, mass = float(level.value), level.multiplicity / found.parameters
        if value < NEAR[1]:
            share.plot([value, value], [0, mass], color="black", linewidth=1.2, zorder=4)
            share.plot([value], [mass], "o", color="black", markersize=2.5, zorder=4)
            if mass > LABELLED:
                name = f"${component_latex(level.components[-1])}$"
                share.annotate(name, (value, mass), (0, 4), textcoords="offset points", ha="center", fontsize=7.5)
    share.set_ylim(0, 0.75)
    share.set_ylabel("fraction at a point (stems)", labelpad=3)
    for place, number in enumerate(SHOWN):
        shape = found.shapes[number]
        assert shape.law is not None
        for low, high in shape.law.spectrum.bands:
            a, b = low.value, high.value
            xs = (a + b) / 2 - (b - a) / 2 * np.cos(np.linspace(0, np.pi, POINTS))
            ys = np.nan_to_num(shape.law.spectrum.density_array(xs))
            ys[[0, -1]] = 0
            ax.plot(xs, ys, color=_CURVES[place], linewidth=1.0, linestyle=_DASHES[place])
        for x, mass in ((float(a), float(m)) for a, m in shape.law.spectrum.atoms):
            share.plot([x, x], [0, mass], color=_CURVES[place], linewidth=1.2, linestyle=_DASHES[place], zorder=3)
            share.plot([x], [mass], "o", color=_CURVES[place], markersize=3.5, fillstyle="none", zorder=3)
    ax.set_xlim(*NEAR)
    ax.set_ylim(0, 2.5)
    ax.set_xlabel(r"$\lambda$", labelpad=1)
    ax.set_ylabel("density of the laws (curves)", labelpad=3)
    layers = "both layers" if found.layers == 2 else "first layer"
    ax.set_title(f"{found.family} at $d={found.d}$, {layers}: {found.parameters} parameters", fontsize=8)
    negative = round(found.exact.index * found.parameters)
    said = f"exact: {negative} negative,\n{round(found.exact.zero * found.parameters)} zeros"
    ax.text(0.02, 0.97, said, transform=ax.transAxes, va="top", fontsize=7.5)


def _draw_tail(found: Bridge, ax: Axes) -> None:
    """The fraction of eigenvalues above lambda, both axes logarithmic: steps and curves."""
    least = 0.5 / found.parameters
    values = np.array([float(level.value) for level in found.levels if level.value > 0])
    counts = np.array([level.multiplicity for level in found.levels if level.value > 0])
    above = counts[::-1].cumsum()[::-1] / found.parameters
    low, high = values[0] / 2, values[-1] * 1.6
    xs = np.concatenate([[low], values, [high]])
    ax.step(
        xs, np.concatenate([above[:1], above, [least / 10]]), where="pre", color="black", linewidth=1.2, label="exact"
    )
    grid = np.geomspace(low, high, POINTS)
    for place, number in enumerate(SHOWN):
        shape = found.shapes[number]
        assert shape.law is not None
        survival = 1 - shape.law.spectrum.cdf_array(grid)
        label = _label(shape)
        ax.plot(
            grid,
            np.maximum(survival, least / 10),
            color=_CURVES[place],
            linewidth=1.0,
            linestyle=_DASHES[place],
            label=label,
        )
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.set_xlim(low, high)
    ax.set_ylim(least, 1.3)
    ax.set_xlabel(r"$\lambda$", labelpad=1)
    ax.set_title(r"fraction of the eigenvalues above $\lambda$", fontsize=8)
    ax.axhline(1 / found.parameters, color=GREY, linewidth=0.6, linestyle=(0, (1, 2)))


_CURVES = (PALETTE[1], PALETTE[2], PALETTE[3])
_DASHES: tuple[object, ...] = ("-", (0, (5, 2)), (0, (2, 1)))

__all__ = ["D", "SIZE", "bridge_figure", "draw_bridge"]
