"""The figure ``widths``: what splitting a neuron adds to the Hessian, and the index for k = d, d + 1, d + 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any

from symrelu.errors import NoFamily
from symrelu.paths.equations import meaningless_below
from symrelu.paths.path import exact
from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.series.lifting import Progress
from symrelu.splitting.real_k import widths

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from symrelu.families import Family

DIGITS = 10
LAST_D = 60
LAST_INDEX_D = 14  # of the panel on the right: for larger d nothing happens
MORE = (0, 1, 2)  # neurons more than d
STYLES: tuple[Any, ...] = ("-", (0, (5, 2)), (0, (1, 1.5)))


@dataclass(frozen=True)
class SplitCurve:
    """For the rows of one orbit (from 1): the largest and the smallest eigenvalue of D but the 0 along the row, at the
    figure's d's.
    """

    orbit: int
    largest: tuple[float, ...]
    smallest: tuple[float, ...]


@dataclass(frozen=True)
class WidthCurves:
    """What is drawn of one family: at ascending integers ``d``, the curves of its row orbits, and the least index over
    all ways of splitting with k - d = 0, 1, 2 neurons more, one list each.
    """

    name: str
    d: tuple[int, ...]
    curves: tuple[SplitCurve, ...]
    index: tuple[tuple[int, ...], ...]


def width_curves(family: Family, last: int = LAST_D, progress: Progress | None = None) -> WidthCurves:
    """The numbers behind the figure, for one family: integers d above the end of its path and above blocks of two rows,
    up to 20, and every fifth one on to ``last``. Raises NoFamily if there is no such family.
    """
    path = family.path(progress)
    two = meaningless_below(path.isotropy, 2)
    first = floor(max(exact(path.end().d), two[0] if two else Fraction(1))) + 1
    found = []
    for d in range(first, last + 1):
        if d > 20 and d % 5:
            continue
        if progress:
            progress(f"splitting {family.key.label()} at d = {d}")
        try:
            found.append(widths(family, d, DIGITS))
        except NoFamily:
            continue  # too near the end
    rows = range(len(found[0].rows))
    return WidthCurves(
        name=family.name or family.key.label(),
        d=tuple(int(at.d) for at in found),
        curves=tuple(
            SplitCurve(
                row + 1,
                tuple(float(max(v.number.value for v in at.rows[row].values)) for at in found),
                tuple(float(min(v.number.value for v in at.rows[row].values)) for at in found),
            )
            for row in rows
        ),
        index=tuple(tuple(int(at.at(at.k + more).least) for at in found) for more in MORE),
    )


def draw_widths(data: Sequence[WidthCurves], figure: Figure) -> None:
    """The figure on an empty one: eigenvalues of D against d on the left, indices on the right."""
    left, right = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.08, right=0.985, bottom=0.225, top=0.9, wspace=0.22)
    for i, one in enumerate(data):
        colour = PALETTE[i % len(PALETTE)]
        for curve, style in zip(one.curves, STYLES, strict=False):
            left.fill_between(one.d, curve.smallest, curve.largest, color=colour, alpha=0.12, linewidth=0)
            left.plot(one.d, curve.largest, color=colour, linewidth=1, linestyle=style)
        _draw_index(one, right, colour)
    left.axhline(0, color="black", linewidth=0.6)
    left.set_ylabel("eigenvalues of $D$", labelpad=2)
    left.set_title("splitting a neuron: from the least eigenvalue of $D$ to the largest (line)", fontsize=8)
    right.set_ylabel("negative directions", labelpad=2)
    shown = [x for one in data for values in one.index for d, x in zip(one.d, values, strict=True) if d <= LAST_INDEX_D]
    right.set_xlim(2.5, LAST_INDEX_D + 0.5)
    right.set_ylim(-0.5, max(shown, default=1) + 1.5)
    right.set_title("index for $k=d$ (solid), $d+1$ (dashed), $d+2$ (dotted)", fontsize=8)
    for axes in (left, right):
        axes.set_xlabel("$d$", labelpad=1)
        axes.locator_params(axis="x", integer=True)
    handles, labels = right.get_legend_handles_labels()
    figure.legend(
        handles,
        labels,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.01),
        ncols=min(len(labels), 9),
        frameon=False,
        fontsize=7,
    )
    figure.text(0.08, 0.005, "left, solid: rows of the first orbit; dashed: of the second", color=GREY, fontsize=6)


def _draw_index(one: WidthCurves, axes: Axes, colour: str) -> None:
    for values, style in zip(one.index, STYLES, strict=True):
        label = one.name if style == "-" else None
        axes.plot(one.d, values, color=colour, linewidth=1, linestyle=style, label=label, marker="o", markersize=2)
