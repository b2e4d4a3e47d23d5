"""The figures freeprob-2 ... freeprob-5: the experiments of Pennington & Bahri (ICML 2017), measured anew; by name
these and freeprob-6 (:mod:`symrelu.render.figures.freeprob_critical`).

Digits images stand in for the paper's CIFAR-10, and Gaussian data are shown beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.experiments import freeness, initial
from symrelu.experiments.freeness import TrainedAutoencoder
from symrelu.experiments.initial import GapFit, GaussNewtonSpectrum, NoiseSpectrum
from symrelu.free import ProductWishart
from symrelu.render.figures.freeprob_critical import RED, TEXT, critical_figure, draw_critical
from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, ORANGE = PALETTE[:2]
DATASETS = ("digits", "gaussian")
SAID = {"digits": "digits images", "gaussian": "Gaussian data"}
STAND_IN = "digits images ($4\\times4$, whitened; scikit-learn) stand in for the paper's CIFAR-10"
PHIS_3 = (Fraction(1, 16), Fraction(1, 4))
SMALLEST = 35  # eigenvalues in the inset of figure 4


# -- figure 2: free independence ---------------------------------------------------------------------------------------


def freeness_figure(seed: int = 1, progress: Progress | None = None) -> list[TrainedAutoencoder]:
    """The numbers of figure 2: one trained autoencoder for each data set."""
    found = []
    for name in DATASETS:
        if progress:
            progress(f"training on {SAID[name]}")
        found.append(freeness.trained_autoencoder(freeness.task(name, seed=seed)))
    return found


def draw_freeness(data: Sequence[TrainedAutoencoder], figure: Figure) -> None:
    """Figure 2 on an empty figure: H0 + H1 against H0 + Q H1 Q', one panel a data set, on a logarithmic scale; in the
    inset what lies near 0.
    """
    panels = figure.subplots(1, len(data), squeeze=False)[0]
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.17, top=0.84, wspace=0.2)
    for axes, one in zip(panels, data, strict=True):
        turned = np.concatenate([np.array(row) for row in one.rotated])
        samples = (
            (np.array(one.total), BLUE, "$H_0+H_1$"),
            (turned, ORANGE, f"$H_0+QH_1Q^T$, {len(one.rotated)} Haar $Q$"),
        )
        ends = min(*one.total, turned.min()), max(*one.total, turned.max())
        inset = axes.inset_axes((0.44, 0.47, 0.53, 0.28))
        inset.tick_params(labelsize=6)
        near = 4 * max(-ends[0], 0.02)
        for place, bins in ((axes, np.linspace(*ends, 61)), (inset, np.linspace(-near / 2, 2 * near, 61))):
            for sample, colour, label in samples:
                weights = _weights(sample, bins)
                place.hist(sample, bins, weights=weights, color=colour, alpha=0.45, linewidth=0, label=label)
                place.hist(sample, bins, weights=weights, color=colour, histtype="step", linewidth=0.7)
        inset.set_xlim(-near / 2, 2 * near)
        axes.set_yscale("log")
        axes.set_xlabel(r"$\lambda$", labelpad=1)
        settings, measure = one.settings, one.freeness
        axes.set_title(
            rf"{SAID[settings['dataset']]}: {settings['hidden']} hidden units, $m={settings['images']}$, "
            rf"$\epsilon={one.energy:.3f}$"
            "\n"
            rf"Kolmogorov distance {measure.distance:.3f}, "
            rf"$\varphi(ABAB)/\varphi(A^2)\varphi(B^2)={measure.alternating:.3f}$",
            fontsize=7.5,
        )
        axes.legend(loc="upper right", **TEXT)
    panels[0].set_ylabel(r"$\rho(\lambda)$", labelpad=1)
    _note(figure, "$A$, $B$: $H_0$, $H_1$ less their means (0: free, 1: commuting); insets: near 0; ")


# -- figure 3: H1 at initialisation ------------------------------------------------------------------------------------


def noise_figure(seed: int = 1, progress: Progress | None = None) -> list[tuple[NoiseSpectrum, NoiseSpectrum]]:
    """The numbers of figure 3: at each phi, digits and Gaussian data."""
    found = []
    for phi in PHIS_3:
        if progress:
            progress(f"H1 at phi = {phi}")
        digits, gaussian = (
            initial.noise_spectrum(initial.h1_task(phi, dataset=name, seed=seed, runs=runs))
            for name, runs in zip(DATASETS, (20, 20), strict=True)
        )
        found.append((digits, gaussian))
    return found


def draw_noise(data: Sequence[tuple[NoiseSpectrum, NoiseSpectrum]], figure: Figure) -> None:
    """Figure 3 on an empty figure: histograms of H1 and the law of eq. (28), one panel a phi."""
    panels = figure.subplots(1, len(data), squeeze=False)[0]
    figure.subplots_adjust(left=0.088, right=0.985, bottom=0.2, top=0.9, wspace=0.18)
    for axes, (digits, gaussian) in zip(panels, data, strict=True):
        spectrum = ProductWishart(Fraction(digits.eps), Fraction(digits.phi)).spectrum
        reach = spectrum.edges[-1].value
        bins = np.linspace(-1.35 * reach, 1.35 * reach, 61)
        values = np.array(digits.eigenvalues)
        axes.hist(
            values,
            bins,
            weights=_weights(values, bins),
            color=BLUE,
            alpha=0.5,
            linewidth=0,
            label="$H_1$, digits images",
        )
        other = np.array(gaussian.eigenvalues)
        axes.hist(
            other,
            bins,
            weights=_weights(other, bins),
            color=GREY,
            histtype="step",
            linewidth=0.8,
            label="$H_1$, Gaussian data",
        )
        x = np.linspace(-reach, reach, 801)
        axes.plot(x, spectrum.density_array(x), color=RED, linewidth=1.2, label="theory, eq. (28)")
        axes.set_xlim(bins[0], bins[-1])
        axes.set_xlabel(r"$\lambda$", labelpad=1)
        axes.set_title(
            rf"$\phi={digits.phi}$, $\epsilon={digits.eps}$: Kolmogorov distance {digits.distance:.3f}, "
            rf"Gaussian {gaussian.distance:.3f}",
            fontsize=8,
        )
    panels[0].set_ylabel(r"$\rho_{H_1}(\lambda)$", labelpad=1)
    panels[-1].legend(loc="upper right", **TEXT)
    _note(figure, f"{data[0][0].settings['n']} hidden units, residuals overwritten by noise; ")


def _weights(values: np.ndarray, bins: np.ndarray) -> np.ndarray:
    """Those of a histogram of density: of all values, not of those inside the bins alone."""
    return np.full(len(values), 1 / (len(values) * (bins[1] - bins[0])))


# -- figures 4 and 5: H0 at initialisation -----------------------------------------------------------------------------


def gauss_newton_figure(seed: int = 1) -> list[GaussNewtonSpectrum]:
    """The numbers of figure 4: digits and Gaussian data."""
    return [initial.gauss_newton_spectrum(initial.h0_task(dataset=name, seed=seed)) for name in DATASETS]


def draw_gauss_newton(data: Sequence[GaussNewtonSpectrum], figure: Figure) -> None:
    """Figure 4 on an empty figure: the spectra of H0 without their zeros, digits filled, Gaussian data as a line, and
    their smallest eigenvalues in an inset.
    """
    axes = figure.subplots()
    figure.subplots_adjust(left=0.12, right=0.97, bottom=0.19, top=0.91)
    inset = axes.inset_axes((0.42, 0.27, 0.55, 0.45))
    bins = np.linspace(0, max(one.eigenvalues[-1] for one in data), 61)
    filled: dict[str, Any] = {"bins": bins, "color": BLUE, "alpha": 0.6, "linewidth": 0}
    line: dict[str, Any] = {"bins": bins, "color": "black", "histtype": "step", "linewidth": 0.8}
    for one, style, face in zip(data, (filled, line), (BLUE, "white"), strict=True):
        values = np.array(one.eigenvalues)
        label = rf"{SAID[one.settings['dataset']]}: {one.null} zeros left out, tr$\,H_0/N={one.trace:.3f}$"
        axes.hist(values, weights=_weights(values, bins), label=label, **style)
        colour = style["color"]
        inset.plot(
            np.arange(1, SMALLEST + 1),
            values[:SMALLEST],
            "o", color=colour, markerfacecolor=face, markersize=2, markeredgewidth=0.5,
        )  # fmt: skip
    axes.set_xlabel(r"$\lambda$", labelpad=1)
    axes.set_ylabel(r"$\rho_{H_0}(\lambda)$", labelpad=1)
    settings = data[0].settings
    axes.set_title(
        rf"$H_0$ at initialisation: {settings['n']} hidden units, $m={settings['images']}$, $\phi={data[0].phi}$",
        fontsize=8,
    )
    axes.legend(loc="upper right", **TEXT)
    inset.set_ylim(0, 1.05 * max(one.eigenvalues[SMALLEST - 1] for one in data))
    inset.set_xlim(0, SMALLEST + 1)
    inset.set_xlabel(f"the {SMALLEST} smallest nonzero eigenvalues", fontsize=7, labelpad=1)
    inset.tick_params(labelsize=6)
    _note(figure)


@dataclass(frozen=True)
class GapFigure:
    """The fits of figure 5, one a data set, by name."""

    fits: tuple[tuple[str, GapFit], ...]


def gap_figure(runs: int = 30, seed: int = 1, progress: Progress | None = None) -> GapFigure:
    """The numbers of figure 5: the gap of H0 at growing 1/phi for each data set, so many runs each."""
    fits = []
    for name in DATASETS:
        gaps = []
        for phi in initial.PHIS:
            if progress:
                progress(f"gap of H0, {SAID[name]}, 1/phi = {1 / phi}")
            gaps.append(initial.gap(initial.gap_task(phi, name, runs=runs, seed=seed)))
        fits.append((name, initial.fitted_gap(gaps)))
    return GapFigure(tuple(fits))


def draw_gap(data: GapFigure, figure: Figure) -> None:
    """Figure 5 on an empty figure: the gap against 1/phi, with the lower edge of Marchenko and Pastur's law."""
    axes = figure.subplots()
    figure.subplots_adjust(left=0.14, right=0.97, bottom=0.19, top=0.91)
    for (name, fit), colour, line in zip(data.fits, ("black", GREY), (RED, ORANGE), strict=True):
        inverse = [float(1 / Fraction(g.phi)) for g in fit.gaps]
        axes.errorbar(
            inverse,
            [g.mean for g in fit.gaps],
            [g.error for g in fit.gaps],
            fmt="o",
            color=colour,
            markerfacecolor=colour if name == "digits" else "white",
            markersize=3,
            linewidth=0.6,
            capsize=0,
            label=f"{SAID[name]}, mean of {fit.gaps[0].runs} runs",
        )
        x = np.linspace(min(inverse), max(inverse), 300)
        axes.plot(
            x,
            fit.sigma * (1 - x**-0.5) ** 2,
            color=line,
            linewidth=1.2,
            linestyle="-" if name == "digits" else (0, (4, 2)),
            label=rf"$\lambda_-=\sigma(1-\sqrt{{\phi}})^2$ with $\sigma={fit.sigma:.4f}$",
            zorder=0,
        )
    axes.set_ylim(bottom=0)
    axes.set_xlabel(r"$1/\phi$", labelpad=1)
    axes.set_ylabel("gap of $H_0$", labelpad=1)
    axes.set_title("smallest nonzero eigenvalue of $H_0$ at initialisation, 16 hidden units", fontsize=8)
    handles, labels = axes.get_legend_handles_labels()
    order = [2, 0, 3, 1]  # the points of a data set before its line
    axes.legend([handles[i] for i in order], [labels[i] for i in order], loc="lower right", **TEXT)
    _note(figure)


# -- all of them -------------------------------------------------------------------------------------------------------

EXPERIMENTS = tuple(f"freeprob-{number}" for number in range(2, 7))


def experiment_figure(
    name: str, results: str | Path | None = None, progress: Progress | None = None
) -> tuple[Callable[[Figure], None], tuple[float, float]]:
    """Measure what the figure of this name shows; returned are what draws it, and its size in inches.

    ``results``: a file of critical points for freeprob-6, which is measured anew, in little, without one.
    """
    if name == "freeprob-2":
        trained = freeness_figure(progress=progress)
        return (lambda figure: draw_freeness(trained, figure)), (7.0, 2.6)
    if name == "freeprob-3":
        noise = noise_figure(progress=progress)
        return (lambda figure: draw_noise(noise, figure)), (7.0, 2.4)
    if name == "freeprob-4":
        spectra = gauss_newton_figure()
        return (lambda figure: draw_gauss_newton(spectra, figure)), (4.2, 2.6)
    if name == "freeprob-5":
        gaps = gap_figure(progress=progress)
        return (lambda figure: draw_gap(gaps, figure)), (4.2, 2.6)
    points = critical_figure(results=results, progress=progress)
    return (lambda figure: draw_critical(points, figure)), (7.0, 3.3)


def _note(figure: Figure, before: str = "") -> None:
    figure.text(0.01, 0.012, before + STAND_IN, color=GREY, fontsize=6)


__all__ = [
    "EXPERIMENTS",
    "GapFigure",
    "draw_freeness",
    "draw_gap",
    "draw_gauss_newton",
    "draw_noise",
    "experiment_figure",
    "freeness_figure",
    "gap_figure",
    "gauss_newton_figure",
    "noise_figure",
]
