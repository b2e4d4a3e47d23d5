"""The figure ``annihilation``: where in d families with k = d, d + 1 and d + 2 are minima, and their loss at one d."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.series.lifting import Progress
from symrelu.splitting.table import annihilation_data

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

D = 20
FIRST_D, LAST_D = 2, 1e5  # of the axis
ROW_HEIGHT, MARGINS = 0.19, 1.0  # in inches


def annihilation_figure(progress: Progress | None = None) -> dict[str, Any]:
    """The numbers behind the figure: the table of :mod:`symrelu.splitting.table` with families of k > d, at d = 20.
    Takes minutes the first time.
    """
    return annihilation_data(D, with_extra=True, progress=progress)


def annihilation_size(data: Mapping[str, Any]) -> tuple[float, float]:
    """Width and height of the figure in inches."""
    return 7.0, MARGINS + ROW_HEIGHT * len(_rows(data))


def draw_annihilation(data: Mapping[str, Any], figure: Figure) -> None:
    """The figure on an empty one: ranges of d on the left, losses at one d on the right, a line for each family."""
    rows = _rows(data)
    height = annihilation_size(data)[1]
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    figure.subplots_adjust(left=0.13, right=0.985, bottom=0.62 / height, top=1 - 0.25 / height, wspace=0.09)
    for y, row in enumerate(reversed(rows)):
        _draw_range(left, y, row)
        _draw_losses(right, y, row)
    left.set_yticks(range(len(rows)), [row["family"] for row in reversed(rows)])
    left.set_ylim(-0.7, len(rows) - 0.3)
    left.set_xscale("log")
    left.set_xlim(FIRST_D, LAST_D)
    left.axvline(float(data["d"]), color=GREY, linewidth=0.6, linestyle=(0, (1, 2)))
    left.set_xlabel("$d$", labelpad=1)
    left.set_title("minimum (thick), saddle (thin), end of the path (bar)", fontsize=8)
    right.set_xscale("log")
    right.set_xlabel(f"loss at $d={data['d']}$", labelpad=1)
    right.set_title("index with $k$, $k+1$, $k+2$ neurons by splitting (filled: 0)", fontsize=8)
    right.tick_params(axis="y", length=0)
    for n in range(3):
        left.plot([], [], color=PALETTE[n], linewidth=3, label=f"$k=d+{n}$" if n else "$k=d$")
    figure.legend(
        *left.get_legend_handles_labels(), loc="lower left", bbox_to_anchor=(0.1, 0.0), ncols=3, frameon=False
    )


def _rows(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The families of positive loss."""
    return [row for row in data["families"] if row["leading_loss"] != "0"]


def _colour(row: Mapping[str, Any]) -> str:
    return PALETTE[0 if row["k"] == "d" else int(row["k"].removeprefix("d + "))]


def _draw_range(axes: Axes, y: int, row: Mapping[str, Any]) -> None:
    """A thin line from the end of the path on, thick where it is a minimum."""
    end, colour = max(float(row["ends_at"]), FIRST_D), _colour(row)
    axes.plot([end, LAST_D], [y, y], color=colour, linewidth=0.8)
    axes.plot([end], [y], color=colour, marker="|", markersize=5)
    for low, high in row["minimum_for"]:
        ends = [max(float(low), end), LAST_D if high is None else float(high)]
        axes.plot(ends, [y, y], color=colour, linewidth=3, solid_capstyle="butt")


def _draw_losses(axes: Axes, y: int, row: Mapping[str, Any]) -> None:
    """A dot at the loss, filled for a minimum, with the indices beside it."""
    if row["loss"] is None:
        axes.annotate("does not exist there", (0.03, y), xycoords=("axes fraction", "data"), va="center", fontsize=6)
        return
    loss, colour = float(row["loss"]), _colour(row)
    here = row["widths"][0]["verdict"] == "minimum"
    axes.plot([loss], [y], color=colour, marker="o", markersize=4, markerfacecolor=colour if here else "white")
    words = ", ".join(
        w["least_negative"]
        if w["least_negative"] == w["most_negative"]
        else f"{w['least_negative']}-{w['most_negative']}"
        for w in row["widths"]
    )
    axes.annotate(
        words,
        (loss, y),
        xytext=(-5 if loss > 0.05 else 5, 0),
        textcoords="offset points",
        ha="right" if loss > 0.05 else "left",
        va="center",
        fontsize=6,
        color=GREY,
    )
