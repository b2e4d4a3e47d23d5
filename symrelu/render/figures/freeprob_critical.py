"""The figure freeprob-6: index and energy of critical points, as in Pennington & Bahri (ICML 2017), measured anew."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments import curves, minima
from symrelu.experiments.curves import IndexCurve, ThresholdFit
from symrelu.experiments.minima import Minima
from symrelu.experiments.work import work
from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.runs.records import read_runs, run
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GREEN = PALETTE[2]
RED = "#C1272D"  # the paper's colour of theory
FEW = 3  # a mean of fewer critical points is drawn pale
TEXT: dict[str, Any] = {"frameon": False, "fontsize": 7, "borderpad": 0.2, "handlelength": 1.6}


@dataclass(frozen=True)
class CriticalFigure:
    """The curves of figure 6, their thresholds against (1 - phi)**2/2, and the energies of minimisers of linear
    networks, measured at the same phi and n.
    """

    curves: tuple[IndexCurve, ...]
    thresholds: ThresholdFit
    linear: tuple[Minima, ...]


def critical_figure(
    runs: int = 200, n: int = 6, seed: int = 1, results: str | Path | None = None, progress: Progress | None = None
) -> CriticalFigure:
    """The numbers of figure 6, from the critical points in a file of results, or from so many runs at each phi, by the
    paper's protocol. BadInput for a file without critical points, or with those of several windows of energies.
    """
    if results is None:
        records = run(curves.tasks(n=n, runs=runs, seed=seed), work, progress=progress)
    else:
        records = [
            one
            for task, found in read_runs(results).values()
            if task["experiment"] == "critical-points"
            for one in found
        ]
    if not records:
        raise BadInput(
            f"the file {str(results)!r} has no critical points; write it with symrelu freeprob experiment "
            f"critical-points -o {results}"
        )
    found = tuple(curves.index_curves(records))
    if len(windows := {curve.between for curve in found}) > 1:
        raise BadInput(
            f"the critical points in {str(results)!r} were found in {len(windows)} windows of the first energy, "
            f"{' and '.join(f'({low}, {high})' for low, high in sorted(windows))}; give a file with one"
        )
    linear = tuple(minima.linear_minima(Fraction(c.phi), c.n, 400, seed) for c in found)
    return CriticalFigure(found, curves.threshold_fit(found), linear)


def draw_critical(data: CriticalFigure, figure: Figure) -> None:
    """Figure 6 on an empty figure: index against energy with the fits on the left, thresholds against phi right."""
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    figure.subplots_adjust(left=0.07, right=0.985, bottom=0.31, top=0.92, wspace=0.2)
    inset = left.inset_axes((0.085, 0.57, 0.4, 0.4))
    inset.tick_params(labelsize=6)
    for i, curve in enumerate(data.curves):
        colour = PALETTE[i % len(PALETTE)]
        for axes in (left, inset):
            _draw_curve(curve, axes, colour)
    fitted = [c for c in data.curves if c.fit]
    inset.set_ylim(0, curves.SMALL)
    inset.set_yticks([0, curves.SMALL / 2, curves.SMALL])
    inset.set_xlim(0, 0.05 + max(c.fit.eps_c for c in fitted if c.fit))
    left.set_ylim(0, 1.45 * max(p.alpha for c in data.curves for p in c.points))
    left.set_xlim(left=0)
    left.set_xlabel(r"$\epsilon$", labelpad=1)
    left.set_ylabel(r"$\alpha$", labelpad=1)
    one = data.curves[0]
    runs = sum(c.runs for c in data.curves)
    left.set_title(
        rf"(a) {one.activation} networks, $n={one.n}$, {runs} runs; lines: $\alpha_0|\epsilon-\epsilon_c|^{{3/2}}$",
        fontsize=8,
    )
    left.legend(loc="upper right", ncols=2, columnspacing=0.8, handletextpad=0.1, **TEXT)
    phi = np.linspace(0, 1, 201)
    right.plot(phi, (1 - phi) ** 2 / 2, color=RED, linewidth=1.2, label=r"$\frac{1}{2}(1-\phi)^2$")
    right.plot(
        phi,
        (1 - phi) / 2,
        color=GREY,
        linewidth=1,
        linestyle=(0, (1, 1.5)),
        label=r"$\frac{1}{2}(1-\phi)$ (paper: linear)",
    )
    right.plot(
        phi,
        (1 - phi / 2) / 2,
        color=GREEN,
        linewidth=1,
        linestyle=(0, (4, 2)),
        label=r"$\frac{1}{2}(1-\frac{\phi}{2})$ (linear, exact)",
    )
    right.errorbar(
        [float(Fraction(c.phi)) for c in fitted],
        [c.fit.eps_c for c in fitted if c.fit],
        [c.fit.eps_c_error for c in fitted if c.fit],
        fmt="o", color="black", markersize=3.5, linewidth=0.8, label=r"$\epsilon_c$ of the fits",
    )  # fmt: skip
    second = [(float(Fraction(c.phi)), c.all_negative) for c in data.curves if c.all_negative]
    right.errorbar(
        [phi for phi, _ in second],
        [fit.eps_c for _, fit in second],
        [fit.eps_c_error for _, fit in second],
        fmt="o", color=GREY, markerfacecolor="white", markersize=3.5, linewidth=0.8, label="all negative counted",
    )  # fmt: skip
    right.errorbar(
        [float(Fraction(m.phi)) for m in data.linear],
        [m.energy for m in data.linear],
        [m.error for m in data.linear],
        fmt="s", color=GREEN, markersize=3, linewidth=0.8, label="linear networks, minimum",
    )  # fmt: skip
    right.set_xlim(0, 1)
    right.set_ylim(0, 0.72)
    right.set_xlabel(r"$\phi$", labelpad=1)
    right.set_ylabel(r"$\epsilon_c$", labelpad=1)
    right.set_title("(b) threshold of the fits, and energy of linear networks", fontsize=8)
    figure.text(0.01, 0.012, "\n".join(_caption(data)), color=GREY, fontsize=6, linespacing=1.25)
    right.legend(loc="upper center", ncols=2, columnspacing=1, **(TEXT | {"fontsize": 6.5}))


def _caption(data: CriticalFigure) -> list[str]:
    """What is shown, how it was found, and which exponents fit."""
    first, second = (
        ", ".join(f"{fit.exponent_range} ({curve.phi})" if fit else f"no fit ({curve.phi})" for curve, fit in pairs)
        for pairs in (
            [(curve, curve.fit) for curve in data.curves],
            [(curve, curve.all_negative) for curve in data.curves],
        )
    )
    text = (
        "Random data and targets, as in the paper; energies in units of the targets' mean square; pale: fewer than "
        f"three runs. {curves.protocol(data.curves[0].between)}"
    )
    return [
        *wrap(text, 190),
        f"Exponents within one standard error of the best, (phi): {first};",
        f"all negative counted: {second}.",
    ]


def _draw_curve(curve: IndexCurve, axes: Axes, colour: str) -> None:
    from matplotlib.colors import to_rgb

    energies, alphas = [p.energy for p in curve.points], [p.alpha for p in curve.points]
    colours = [(*to_rgb(colour), 1 if p.count >= FEW else 0.3) for p in curve.points]
    axes.scatter(energies, alphas, s=4, c=colours, linewidths=0)
    axes.plot([], [], "o", color=colour, markersize=2, label=rf"$\phi={curve.phi}$", linewidth=0)
    if curve.fit:
        alpha = np.linspace(0, 1.5 * curves.SMALL, 60)
        axes.plot(curve.fit.eps_c + (alpha / curve.fit.alpha_0) ** (2 / 3), alpha, color=colour, linewidth=0.9)


__all__ = ["CriticalFigure", "critical_figure", "draw_critical"]
