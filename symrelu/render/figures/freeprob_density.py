"""The figure ``freeprob-1``: spectral densities of Wishart + Wigner for three phi and several energies (Figure 1 of
Pennington & Bahri).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from symrelu.free import MarchenkoPastur
from symrelu.free.law import Law
from symrelu.free.models import wishart_wigner
from symrelu.free.thresholds import threshold
from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PHIS = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
ENERGIES = (Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(1))
POINTS = 600  # of each band
SIZE = (7.0, 2.5)
WINDOW, TOP = (-2.6, 4.8), 1.15


@dataclass(frozen=True)
class DensityCurve:
    """The density of one energy, band by band, and the fraction of negative eigenvalues (12 digits)."""

    eps: Fraction
    bands: tuple[tuple[np.ndarray, np.ndarray], ...]
    index: str


@dataclass(frozen=True)
class DensityPanel:
    """The curves at one phi, and where negative eigenvalues begin."""

    phi: Fraction
    curves: tuple[DensityCurve, ...]
    eps_c: str


def density_panels(
    phis: Sequence[Fraction] = PHIS, energies: Sequence[Fraction] = ENERGIES, progress: Progress | None = None
) -> list[DensityPanel]:
    """What the figure shows. Energy 0 is H0 alone, the Marchenko-Pastur law."""
    panels = []
    for phi in phis:
        if progress:
            progress(f"densities at phi = {phi}")
        laws = [MarchenkoPastur(phi) if eps == 0 else wishart_wigner(phi, eps) for eps in energies]
        curves = [density_curve(eps, law) for eps, law in zip(energies, laws, strict=True)]
        panels.append(DensityPanel(phi, tuple(curves), threshold("wishart-wigner", phi).decimal("eps_c", 4)))
    return panels


def density_curve(eps: Fraction, law: Law) -> DensityCurve:
    """The density on points that crowd towards the edges, where it rises like a square root."""
    bands = []
    for low, high in law.spectrum.bands:
        a, b = low.value, high.value
        xs = (a + b) / 2 - (b - a) / 2 * np.cos(np.linspace(0, np.pi, POINTS))
        ys = law.spectrum.density_array(xs)
        ys[[0, -1]] = 0
        bands.append((xs, ys))
    return DensityCurve(eps, tuple(bands), law.spectrum.index(12))


def draw_densities(panels: Sequence[DensityPanel], figure: Figure) -> None:
    """The figure on an empty one: a panel for each phi, the half line of negative eigenvalues shaded."""
    axes = figure.subplots(1, len(panels), sharey=True)
    figure.subplots_adjust(left=0.055, right=0.995, bottom=0.165, top=0.9, wspace=0.06)
    for place, (ax, panel) in enumerate(zip(np.atleast_1d(axes), panels, strict=True)):
        _draw_panel(ax, panel)
        if place == 0:
            ax.set_ylabel(r"$\rho(\lambda)$", labelpad=2)


def _draw_panel(ax: Axes, panel: DensityPanel) -> None:
    ax.axvspan(WINDOW[0], 0, color="#eeeeee", zorder=0)
    ax.axvline(0, color=GREY, linewidth=0.6, zorder=1)
    for colour, curve in zip(PALETTE, panel.curves, strict=False):
        label = rf"$\epsilon={float(curve.eps):.1f}$, $\alpha={float(curve.index):.3g}$"
        for number, (xs, ys) in enumerate(curve.bands):
            ax.plot(xs, ys, color=colour, linewidth=1.1, label=None if number else label)
    ax.set_xlim(*WINDOW)
    ax.set_ylim(0, TOP)
    ax.set_xlabel(r"$\lambda$", labelpad=1)
    ax.set_title(rf"$\phi={panel.phi.numerator}/{panel.phi.denominator}$,  $\epsilon_c={panel.eps_c}$")
    ax.legend(loc="upper right", frameon=False, fontsize=7.5, handlelength=1.4, labelspacing=0.35, borderaxespad=0.3)


__all__ = ["SIZE", "DensityCurve", "DensityPanel", "density_curve", "density_panels", "draw_densities"]
