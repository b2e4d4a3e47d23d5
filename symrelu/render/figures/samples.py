"""Training losses on N inputs at a symmetric point: errors against N, and eigenvalues of their Hessians."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symrelu.render.figures.spectrum import PALETTE, component_latex, spread_labels
from symrelu.samples.study import SampleStudy, sample_study
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from symrelu.families import Family

SIZE = (7.2, 3.6)
D, SIZES, SAMPLES = 10, (1000, 4000, 16000, 64000), 4
SHOWN = {
    "loss": ("loss", 6),
    "gradient": ("gradient", 2),
    "autodiff_to_limit": ("a.e. Hessian from $H-B$", 0),
    "autodiff_to_population": ("a.e. Hessian from $H$", 1),
    "smoothed_to_population": ("smoothed Hessian from $H$", 3),
    "boundary": ("$B$, estimated", 4),
    "moved": ("training minimum", 5),
}
LARGEST = 0.55  # of the eigenvalues that are drawn: the bulk


def samples_figure(family: Family, progress: Progress | None = None) -> SampleStudy:
    """The study that is drawn: d = 10, Gaussian inputs, the first layer's Hessians."""
    return sample_study(family, D, SIZES, samples=SAMPLES, progress=progress)


def draw_samples(study: SampleStudy, figure: Figure) -> None:
    """Errors against N on the left, the bulk's eigenvalues for each N on the right."""
    left = figure.add_axes((0.065, 0.13, 0.27, 0.78))
    right = figure.add_axes((0.61, 0.13, 0.28, 0.78))
    _draw_errors(study, left)
    _draw_bulk(study, right)


def _draw_errors(study: SampleStudy, axes: Axes) -> None:
    sizes = np.array([row.n for row in study.rows], dtype=float)
    ends = []
    for name, (label, colour) in SHOWN.items():
        values = [row.errors[name] for row in study.rows]
        if any(x is None or x <= 0 for x in values):
            continue
        fit = study.exponents.get(name)
        slope = "" if fit is None else rf": ${fit.value:.2f}\pm{fit.error:.2f}$"
        found = np.array(values, dtype=float)
        axes.plot(sizes, found, "o-", color=PALETTE[colour], markersize=2.5, linewidth=0.9)
        ends.append((float(np.log10(found[-1])), label + slope, PALETTE[colour]))
    guesses = [guess for guess in study.predicted if guess is not None]
    if len(guesses) == len(sizes):
        for which, dashes, text in ((0, (4, 2), "predicted with $H$ (dashed)"), (1, (1, 2), "with $H-B$ (dotted)")):
            guess = np.array([x[which] for x in guesses])
            if np.all(guess > 0):
                axes.plot(sizes, guess, color=PALETTE[5], linewidth=0.8, linestyle=(0, dashes))
                ends.append((float(np.log10(guess[-1])), text, PALETTE[5]))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xticks(sizes, [f"{n:g}" for n in sizes])
    axes.minorticks_off()
    axes.set_xlabel("$N$", labelpad=1)
    axes.set_title(f"errors at {study.label.split(':')[0]}, $d={study.d}$, with the exponent of $N$")
    low, high = (float(np.log10(x)) for x in axes.get_ylim())
    colours = {text: colour for _, text, colour in ends}
    for y, text in spread_labels([(y, text) for y, text, _ in ends], 0.058 * (high - low)):
        axes.text(1.05, (y - low) / (high - low), text, transform=axes.transAxes, va="center", fontsize=7,
                  color=colours[text])  # fmt: skip


def _draw_bulk(study: SampleStudy, axes: Axes) -> None:
    """A column for each N, the a.e. Hessian on its left and the smoothed one on its right."""
    for place, row in enumerate(study.rows):
        for side, values in enumerate(row.spectra):
            inside = [x for x in values if x < LARGEST]
            centre = place + (-0.2, 0.2)[side]
            axes.hlines(inside, centre - 0.17, centre + 0.17, color=PALETTE[(1, 3)[side]], linewidth=0.4)
    for cluster in study.clusters:
        if cluster.value < LARGEST:
            axes.axhline(cluster.value, color="black", linewidth=0.7, zorder=0)
        if cluster.limit < LARGEST:
            axes.axhline(cluster.limit, color=PALETTE[0], linewidth=0.8, linestyle=(0, (3, 2)), zorder=0)
    axes.set_xlim(-0.5, len(study.rows) - 0.5)
    axes.set_ylim(-0.05, LARGEST)
    axes.set_xticks(range(len(study.rows)), [f"{row.n:g}" for row in study.rows])
    axes.set_xlabel("$N$", labelpad=1)
    axes.set_title("bulk eigenvalues: a.e. (left) and smoothed (right)")
    labels = [
        (getattr(cluster, which), rf"${name}$: ${component_latex(cluster.component)}$ $(\times{cluster.multiplicity})$")
        for which, name in (("value", "H"), ("limit", "H-B"))
        for cluster in study.clusters
        if getattr(cluster, which) < LARGEST and cluster.multiplicity > 1
    ]
    for y, text in spread_labels(labels, 0.045 * (LARGEST + 0.05)):
        colour = "black" if text.startswith("$H$") else PALETTE[0]
        axes.text(1.03, y, text, transform=axes.get_yaxis_transform(), va="center", fontsize=6.5, color=colour)


__all__ = ["SIZE", "draw_samples", "samples_figure"]
