"""The figure ``convexity``: how the experiment of rebuttal 003 depends on the initialisation's scale, and descents with
the moment at which they enter U.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from symrelu.convexity.experiment import PRINTED, Experiment, Share, experiment
from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (7.0, 2.9)
SCALES = (0.5, 0.7, 0.9, 1.1, 1.4, 1.7, 2.0, 2.4, 2.8)
TRIALS, SEED, SHOWN = 200, 1, 9
SHOWN_SCALE = 1.7


@dataclass(frozen=True)
class ConvexityFigure:
    """Shares by the standard deviation of normal weights, for each reading; and some descents at one of them.

    ``times``, ``losses`` (steps + 1, descents) of l_lambda; ``entries``: for each constant the first step inside U, or
    None, by descent.
    """

    scales: tuple[float, ...]
    shares: dict[str, list[Share]]
    times: np.ndarray
    losses: np.ndarray
    entries: dict[str, list[int | None]]


def convexity_figure(progress: Progress | None = None, trials: int = TRIALS) -> ConvexityFigure:
    """The numbers behind the figure: :func:`symrelu.convexity.experiment` for normal weights of several scales."""
    found = []
    for scale in SCALES:
        if progress:
            progress(f"{trials} descents from normal:{scale}")
        found.append(experiment(f"normal:{scale}", trials=trials, seed=SEED, time=8.0))
    readings = ("all trials", "outside at first", "sharp constant", "Hessian > 0")
    shares = {name: [one.columns[name] for one in found] for name in readings}
    return ConvexityFigure(SCALES, shares, *_descents(found[SCALES.index(SHOWN_SCALE)]))


def _descents(one: Experiment) -> tuple[np.ndarray, np.ndarray, dict[str, list[int | None]]]:
    """Times and losses of some descents, spread over the range of first losses, and when they enter U."""
    path = one.descents
    order = np.argsort(path.regularised[0])
    chosen = order[np.linspace(0, len(order) - 1, SHOWN).round().astype(int)]
    entries = {test: [_first(path.inside(test)[:, i]) for i in chosen] for test in ("paper", "sharp")}
    return one.rate * np.arange(path.steps + 1), path.regularised[:, chosen], entries


def _first(inside: np.ndarray) -> int | None:
    return int(np.argmax(inside)) if inside.any() else None


def draw_convexity(data: ConvexityFigure, figure: Figure) -> None:
    """On an empty figure: left the shares against the scale, right descents of l_lambda."""
    left, right = figure.subplots(1, 2, width_ratios=(1.15, 1))
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.15, top=0.91, wspace=0.24)
    _draw_shares(data, left)
    _draw_descents(data, right)


def _draw_shares(data: ConvexityFigure, ax: Axes) -> None:
    mean, sd = PRINTED
    ax.axhspan(mean - sd, mean + sd, color="#e8e8e8", zorder=0)
    ax.axhline(mean, color=GREY, linewidth=0.6, zorder=1)
    where = (SCALES[0], mean - sd)
    ax.annotate(rf"printed: {mean} $\pm$ {sd}", where, (-4, 3), textcoords="offset points", fontsize=7)
    words = {
        "Hessian > 0": "exact Hessian positive",
        "sharp constant": "sharp constant $H$",
        "all trials": "printed constant, all trials",
        "outside at first": "printed constant, starting outside",
    }
    for place, (name, label) in enumerate(words.items()):
        known = [
            (x, s) for x, s in zip(data.scales, data.shares[name], strict=True) if s.sd is not None and s.trials > 9
        ]
        x, y = np.array([k for k, _ in known]), np.array([s.mean for _, s in known])
        colour = PALETTE[(2, 4, 0, 1)[place]]
        ax.plot(x, y, "o-", color=colour, markersize=2.5, linewidth=1.0, label=label, zorder=3)
        if name == "outside at first":
            spread = np.array([s.sd for _, s in known])
            ax.errorbar(x, y, yerr=spread, fmt="none", ecolor=colour, elinewidth=0.7, capsize=1.8, zorder=2)
    ax.set_xlabel(r"standard deviation of the initial weights", labelpad=1)
    ax.set_ylabel("share of the loss change, %", labelpad=2)
    ax.set_ylim(0, 104)
    ax.set_title(r"where the bound holds for some $\theta>0$ (bars: $\pm$ sd over trials)", fontsize=8)
    ax.legend(loc="lower left", frameon=False, fontsize=7, borderaxespad=0.2, labelspacing=0.25)


def _draw_descents(data: ConvexityFigure, ax: Axes) -> None:
    ax.plot(data.times, data.losses, color=GREY, linewidth=0.7)
    for test, colour, label in (
        ("sharp", PALETTE[4], "enters $U$, sharp"),
        ("paper", PALETTE[1], "enters $U$, printed"),
    ):
        steps = [(step, i) for i, step in enumerate(data.entries[test]) if step is not None]
        at = [data.times[step] for step, _ in steps]
        ax.plot(at, [data.losses[s, i] for s, i in steps], "o", color=colour, markersize=3.2, label=label, zorder=3)
    ax.set_yscale("log")
    ax.set_xlim(-0.04, 2.5)
    ax.set_ylim(np.min(data.losses[data.times <= 2.5]) / 1.5, np.max(data.losses) * 1.6)
    ax.set_xlabel("time (rate times steps)", labelpad=1)
    ax.set_ylabel(r"$\ell_\lambda$", labelpad=1)
    ax.set_title(f"descents from normal weights, sd {SHOWN_SCALE}", fontsize=8)
    ax.legend(loc="upper right", frameon=False, fontsize=7, borderaxespad=0.2)


__all__ = ["SIZE", "ConvexityFigure", "convexity_figure", "draw_convexity"]
