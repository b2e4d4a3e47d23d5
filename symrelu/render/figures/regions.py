"""The region of three-block minima in the plane of sizes: its boundary, and the certified points at whole sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symrelu.regions.curve import cubic, place_of
from symrelu.regions.region import Edge
from symrelu.regions.result import RegionTable
from symrelu.render.figures.spectrum import GREY, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BETWEEN = 6  # points drawn between two nodes
ZOOM = (16, 41)  # the d of the second panel
FILL = "#E8EEF4"
TICKS = (20, 30, 50, 100, 200, 300, 500, 1000, 2000, 5000, 10000, 20000)


@dataclass(frozen=True)
class Boundary:
    """A part of the boundary: what is singular there, and its points (d, q)."""

    component: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class RegionFigure:
    """What is drawn: the boundary in order, and the whole sizes (d, q) with a certified minimum."""

    d_max: float
    boundary: tuple[Boundary, ...]
    minima: tuple[tuple[int, int], ...]


def region_figure(table: RegionTable) -> RegionFigure:
    """The numbers behind the figure."""
    minima = tuple((row.d, q) for row in table.rows for q in row.minima)
    boundary = tuple(Boundary(edge.component.name, tuple(_points(edge))) for edge in table.region.edges)
    return RegionFigure(table.region.d_max, boundary, minima)


def _points(edge: Edge) -> list[tuple[float, float]]:
    found = [(edge.nodes[0].d, edge.nodes[0].q)]
    for first, second in zip(edge.nodes, edge.nodes[1:], strict=False):
        for i in range(1, BETWEEN + 1):
            place = place_of(cubic(first, second, i / BETWEEN))
            found.append((float(place.d), float(place.q)))
    return found


def draw_region(data: RegionFigure, figure: Figure) -> None:
    """Both panels on an empty figure: kappa against d, and q against d where the region begins."""
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
    figure.subplots_adjust(left=0.075, right=0.99, top=0.93, bottom=0.245, wspace=0.2)
    _draw(data, left, lambda d, q: (d / 2 - q) / d**0.5)
    left.set_xscale("log")
    left.set_xlim(16, data.d_max * 1.04)
    left.set_ylim(0, 1.28)
    ticks = [d for d in TICKS if d <= data.d_max]
    left.set_xticks(ticks, [str(d) for d in ticks])
    left.minorticks_off()
    left.set_ylabel(r"$\kappa=(d/2-q)/\sqrt{d}$", labelpad=2)
    left.set_title(r"minima of isotropy $\Delta(S_q\times S_1\times S_{d-q-1})$, $k=d$")
    _draw(data, right, lambda d, q: q)
    last = min(ZOOM[1], data.d_max)
    right.set_xlim(ZOOM[0], last)
    right.set_ylim(4, last / 2 - 2)
    right.locator_params(integer=True)
    right.set_ylabel("$q$", labelpad=2)
    right.set_title("where the region begins")
    for axes in (left, right):
        axes.set_xlabel("$d$", labelpad=1)
    names = list(dict.fromkeys(part.component for part in data.boundary))
    handles = [
        left.plot([], [], color=_colour(name), linewidth=1.1, label=_label(name))[0]
        for name in sorted(names, key=lambda name: name != "t")
    ]
    handles += left.plot([], [], "o", color="black", markersize=2.4, label="whole sizes, certified minimum")
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.0), ncols=3, frameon=False, fontsize=7)


def _draw(data: RegionFigure, axes: Axes, height: Callable[[float, float], float]) -> None:
    around = [(d, height(d, q)) for part in data.boundary for d, q in part.points]
    axes.fill(*_columns(around), color=FILL, linewidth=0)
    for part in data.boundary:
        curve = [(d, height(d, q)) for d, q in part.points]
        axes.plot(*_columns(curve), color=_colour(part.component), linewidth=1.1)
    axes.plot(*_columns([(d, height(d, q)) for d, q in data.minima]), "o", color="black", markersize=1.7, linewidth=0)


def _columns(points: Sequence[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _colour(name: str) -> str:
    return {"t": PALETTE[0], "s1": PALETTE[1]}.get(name, GREY)


def _label(name: str) -> str:
    return "fold: meets a saddle" if name == "t" else f"an eigenvalue of ${name[0]}_{{{name[1:]}}}$ changes sign"
