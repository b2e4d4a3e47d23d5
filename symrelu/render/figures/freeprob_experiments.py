"""The figures freeprob-2 ... freeprob-6: the experiments of Pennington & Bahri (ICML 2017), measured anew.

Digits images stand in for the paper's CIFAR-10, and Gaussian data are shown beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.experiments import curves, freeness, initial, minima
from symrelu.experiments.curves import IndexCurve, ThresholdFit
from symrelu.experiments.freeness import TrainedAutoencoder
from symrelu.experiments.initial import GapFit, GaussNewtonSpectrum, NoiseSpectrum
from symrelu.experiments.minima import Minima
from symrelu.experiments.work import work
from symrelu.free import ProductWishart
from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.runs.records import read_runs, run
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREEN = PALETTE[:3]
RED = "#C1272D"  # the paper's colour of theory
DATASETS = ("digits", "gaussian")
SAID = {"digits": "digits images", "gaussian": "Gaussian data"}
STAND_IN = "digits images ($4\\times4$, whitened; scikit-learn) stand in for the paper's CIFAR-10"
PHIS_3 = (Fraction(1, 16), Fraction(1, 4))
FEW = 3  # a mean of fewer critical points is drawn pale
SMALLEST = 35  # eigenvalues in the inset of figure 4
TEXT: dict[str, Any] = {"frameon": False, "fontsize": 7, "borderpad": 0.2, "handlelength": 1.6}


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


# -- figure 6: critical points -----------------------------------------------------------------------------------------


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
    "CriticalFigure",
    "GapFigure",
    "critical_figure",
    "draw_critical",
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
