"""The figure ``perturbed``: the Hessian's eigenvalues at a minimum while the target moves off the identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from symrelu.families import Family
from symrelu.perturbation.path import Cluster, PerturbedPath, perturbed
from symrelu.render.figures.spectrum import GREY, coloured, component_latex
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

D, FAR, SEED, STEPS = 8, 2.0, 1, 80
SIZE = (7.0, 3.3)
NEAR = 0.6  # the upper panel; eigenvalues that grow with d lie far above
THICK = 0.6


def perturbed_figure(one: Family, progress: Progress | None = None) -> PerturbedPath:
    """The numbers behind the figure: the family's point at d = 8 followed as far as it goes, up to |V - I| = 2."""
    return perturbed(one, D, FAR, SEED, STEPS, progress=progress)


def draw_perturbed(path: PerturbedPath, figure: Figure) -> None:
    """On an empty figure: left, the eigenvalues against eps, coloured by the cluster they come from, the lowest cluster
    once more below; right, the widths of the clusters over eps, with their limits at first order.
    """
    place = {"bottom": 0.215, "top": 0.915}
    left = figure.add_gridspec(2, 1, left=0.07, right=0.55, height_ratios=(1.7, 1), hspace=0.12, **place)
    upper = figure.add_subplot(left[0])
    lower = figure.add_subplot(left[1], sharex=upper)
    right = figure.add_subplot(figure.add_gridspec(1, 1, left=0.645, right=0.985, **place)[0])
    colours = coloured([name for one in path.clusters for name in one.components])
    near = [one for one in path.clusters if one.value < NEAR]
    _draw_eigenvalues(path, near, colours, upper)
    upper.set_ylim(None, NEAR)
    _draw_eigenvalues(path, near[:1], colours, lower)
    _label_left(path, upper, lower)
    _draw_widths(path, colours, right)
    names = dict.fromkeys(one.components for one in path.clusters if one.value < NEAR or one.multiplicity > 1)
    labels = [f"${' + '.join(map(component_latex, name))}$" for name in names]
    handles = [
        upper.plot([], [], color=colours[name[-1]], label=label)[0] for name, label in zip(names, labels, strict=True)
    ]
    figure.legend(handles=handles, loc="lower center", ncols=8, frameon=False, fontsize=7.5, borderaxespad=0.2)


def _draw_eigenvalues(path: PerturbedPath, clusters: list[Cluster], colours: dict[str, str], ax: Axes) -> None:
    eps = [point.eps for point in path.points]
    values = np.array([point.eigenvalues for point in path.points])
    for one in clusters:
        ax.plot(eps, values[:, one.first : one.stop], color=colours[one.components[-1]], linewidth=THICK)
    ax.axhline(0, color=GREY, linewidth=0.6)
    if path.stop is not None:
        ax.axvline(path.stop.last.eps, color=GREY, linewidth=0.7, linestyle=(0, (3, 2)))


def _label_left(path: PerturbedPath, upper: Axes, lower: Axes) -> None:
    end = path.points[-1].eps
    if path.stop is not None:
        said = rf"singular at $\varepsilon = {end:.4f}$ "
        upper.text(end, NEAR * 0.97, said, ha="right", va="top", fontsize=7.5)
    upper.set_xlim(0, end * 1.03)
    upper.tick_params(labelbottom=False)
    lower.set_xlabel(r"$\varepsilon$   ($V = I + \varepsilon E$, $\|E\| = 1$)", labelpad=1)
    upper.set_ylabel("eigenvalues of the Hessian", labelpad=3)
    lower.set_ylabel("the lowest", labelpad=3)
    index = ", ".join(map(str, sorted({point.negative for point in path.points})))
    name = path.family.split(":")[0]
    upper.set_title(f"{name} at $d={path.d}$, first layer; index along the path: {index}", fontsize=8)


def _draw_widths(path: PerturbedPath, colours: dict[str, str], ax: Axes) -> None:
    points = [point for point in path.points if point.eps]
    for one in path.clusters:
        if one.multiplicity > 1:
            colour = colours[one.components[-1]]
            ax.plot([p.eps for p in points], [one.width(p) / p.eps for p in points], color=colour, linewidth=0.9)
            ax.plot([0], [one.spread], "o", color=colour, markersize=3, clip_on=False, zorder=3)
    ax.set_xlim(0, path.points[-1].eps * 1.03)
    ax.set_ylim(0, None)
    ax.set_xlabel(r"$\varepsilon$", labelpad=1)
    ax.set_title(r"width$/\varepsilon$ of the clusters; at 0: first order", fontsize=8)


__all__ = ["SIZE", "draw_perturbed", "perturbed_figure"]
