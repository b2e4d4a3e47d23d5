"""Eigenvalues along one descent, the clusters they form, and what the outliers have to do with the gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symrelu.descent.along import AlongDescent, Level, Spectra, along_descent
from symrelu.render.figures.spectrum import GREY, PALETTE, spread_labels
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (7.2, 4.1)
LONGEST = 12  # letters of a constant's LaTeX that is written out
START, END = 0.5, 1.6  # where step 0 stands, and the end, in units of the last step


def clusters_figure(progress: Progress | None = None) -> AlongDescent:
    """The descent that is drawn: d = k = 20, from a seeded Xavier start into 2a."""
    return along_descent(progress=progress)


def draw_clusters(one: AlongDescent, figure: Figure) -> None:
    """Outliers above and the bulk below, for the first layer and for both; loss and the outliers' share beside."""
    height = {"bottom": 0.115, "top": 0.9, "hspace": 0.07, "height_ratios": (1, 2)}
    left = figure.add_gridspec(2, 1, left=0.055, right=0.285, **height)
    middle = figure.add_gridspec(2, 1, left=0.42, right=0.65, **height)
    right = figure.add_gridspec(2, 1, left=0.805, right=0.985, bottom=0.115, top=0.9, hspace=0.42)
    for grid, spectra, title in ((left, one.first, "first layer"), (middle, one.both, r"both layers, at $\alpha=1$")):
        large, small = figure.add_subplot(grid[0]), figure.add_subplot(grid[1])
        _draw_spectra(one, spectra, large, small)
        large.set_title(f"Hessian eigenvalues, {title}")
    _draw_loss(one, figure.add_subplot(right[0]))
    _draw_share(one, figure.add_subplot(right[1]))


def _draw_spectra(one: AlongDescent, spectra: Spectra, large: Axes, small: Axes) -> None:
    """Every eigenvalue in the colour of its cluster, the clusters' values dashed, the end's exact ones as ticks."""
    places, colours = _places(one), _colours(one)
    for level, ranks in zip(spectra.levels, spectra.ranks, strict=True):
        axes, colour = large if level.is_outlier else small, colours[level.text]
        axes.plot(places, spectra.eigenvalues[:, ranks], color=colour, linewidth=0.35, alpha=0.7, zorder=2)
        axes.axhline(level.value, color=colour, linewidth=0.8, linestyle=(0, (3, 2)), zorder=3)
        for value, _ in level.exact:
            axes.plot([places[-1]], [value], "_", color="black", markersize=5, markeredgewidth=0.7, zorder=4)
    for axes, outliers in ((large, True), (small, False)):
        levels = [level for level in spectra.levels if level.is_outlier == outliers]
        if outliers:
            low, high = min(x.value for x in levels), max(x.value for x in levels)
            start = spectra.eigenvalues[0, spectra.bulk :]
            axes.set_ylim(min(low, float(start.min())) - 1, max(high, float(start.max())) + 1)
        else:
            axes.set_ylim(-0.22, 0.75)
            axes.axhline(0, color=GREY, linewidth=0.5, zorder=1)
        _label(axes, levels, 0.19 if outliers else 0.075)
        _steps_axis(one, axes)
    large.tick_params(labelbottom=False)
    small.set_xlabel("step", labelpad=1)
    below = int(np.sum(spectra.eigenvalues[0] < -0.22))
    above = int(np.sum(spectra.eigenvalues[0, : spectra.bulk] > 0.75))
    if below or above:
        text = f"at the start {below} below and\n{above} of the bulk above this window"
        small.text(0.97, 0.98, text, transform=small.transAxes, va="top", ha="right", fontsize=6, color=GREY)


def _colours(one: AlongDescent) -> dict[str, str]:
    """A colour for each cluster, the same for the first layer and for both; bulk and outliers begin anew."""
    found: dict[str, str] = {}
    for outliers in (False, True):
        texts = [x.text for spectra in (one.first, one.both) for x in spectra.levels if x.is_outlier == outliers]
        found |= {text: PALETTE[i % len(PALETTE)] for i, text in enumerate(dict.fromkeys(texts))}
    return found


def _label(axes: Axes, levels: list[Level], gap: float) -> None:
    """The clusters' values and multiplicities beside the axes."""
    low, high = axes.get_ylim()
    labels = [(level.value, rf"${_latex(level)}$ $(\times{level.multiplicity})$") for level in levels]
    for y, text in spread_labels(labels, gap * (high - low)):
        axes.text(1.03, y, text, transform=axes.get_yaxis_transform(), va="center", fontsize=6.5)


def _latex(level: Level) -> str:
    """The cluster's value; a long constant beside a slope as a decimal."""
    slope, constant = (_flat(x) for x in level.latex)
    if not level.is_outlier:
        return constant
    if len(constant) > LONGEST:
        constant = f"{level.constant_value:.2f}"
    head = {"1/4": "d/4", r"1/\pi": r"d/\pi", r"1/2 \pi": r"d/2\pi"}.get(slope, f"{slope}\\,d")
    return f"{head} + {constant}".replace("+ -", "- ")


def _flat(latex: str) -> str:
    """Simple fractions on one line."""
    import re

    return re.sub(r"\\frac\{(\d+)\}\{(\d*\s*\\pi|\d+)\}", r"\1/\2", latex)


def _places(one: AlongDescent) -> np.ndarray:
    """The abscissas: steps, the start a little left of 1 and the end right of the last."""
    places = np.array(one.steps, dtype=float)
    places[0], places[-1] = START, END * places[-1]
    return places


def _steps_axis(one: AlongDescent, axes: Axes) -> None:
    places = _places(one)
    axes.set_xscale("log")
    axes.set_xlim(places[0], places[-1])
    decades = [10.0**i for i in range(int(np.log10(one.steps[-1])) + 1)]
    axes.set_xticks([START, *decades], ["0", *(f"$10^{{{i}}}$" if i else "1" for i in range(len(decades)))])
    axes.minorticks_off()


def _draw_loss(one: AlongDescent, axes: Axes) -> None:
    axes.plot(_places(one), one.loss, color="black", linewidth=0.9)
    axes.axhline(one.loss[-1], color=GREY, linewidth=0.6, linestyle=(0, (3, 2)))
    axes.set_yscale("log")
    axes.set_title(f"loss, down to {one.loss[-1]:.5f} ({one.end.family})")
    _steps_axis(one, axes)
    axes.set_xlabel("step", labelpad=1)


def _draw_share(one: AlongDescent, axes: Axes) -> None:
    """The share of the gradient's square among the outliers, and how much of the bulk's range clusters fill."""
    places = _places(one)
    axes.plot(places[:-1], one.share, color=PALETTE[1], linewidth=0.9, label="gradient among outliers")
    axes.plot(places, one.first.filling, color=PALETTE[0], linewidth=0.9, label="filling of the bulk by clusters")
    axes.plot(places, one.first.distance(), color=PALETTE[2], linewidth=0.9, label="distance in the bulk, $H$")
    axes.plot(places, one.without.distance(), color=PALETTE[3], linewidth=0.9, label="the same, $H-B$")
    axes.set_ylim(0, 1.65)
    axes.set_yticks([0, 0.5, 1])
    axes.set_title("first layer")
    axes.legend(frameon=False, fontsize=6, loc="upper left", borderaxespad=0.2, handlelength=1.2)
    _steps_axis(one, axes)
    axes.set_xlabel("step", labelpad=1)


__all__ = ["SIZE", "clusters_figure", "draw_clusters"]
