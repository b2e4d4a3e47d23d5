"""The figure ``descent-types``: which minima descents from random starts end in, against d, beside published counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symrelu.descent import public
from symrelu.descent.frequencies import code
from symrelu.descent.statistics import wilson
from symrelu.descent.training import Batch, Training, descents
from symrelu.errors import BadInput
from symrelu.render.figures.spectrum import GREY, PALETTE
from symrelu.runs.records import read_runs
from symrelu.series.lifting import Progress

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (7.0, 3.1)
CODES = ("global", "a1", "a2", "a3", "a4", "a5", "a6+", "b", "three", "other")
LABELS = (
    "target (1a)",
    "2a",
    "3a",
    "4",
    "$d-4,4$",
    "$d-5,5$",
    "$d-m,m$, $m>5$",
    r"$\Theta(1)$ class",
    "three blocks",
    "other",
)
COLOURS = ("#D9D9D9", "#0072B2", "#2C8FC9", "#56B4E9", "#8CCBEF", "#B5DDF5", "#D8EDFA", "#D55E00", "#CC79A7", "#8C6D1F")
FEW = Training(tuple(range(6, 13)), runs=50)
"""What is trained where no results are given."""


@dataclass(frozen=True)
class TypesByDimension:
    """What is drawn: ascending ``d``; of each the number of ``runs`` that ended, the ``counts`` by the classes of the
    published tables, and the mean loss at convergence, of all runs and of the spurious ends, each with its error (None
    where there is none).
    """

    d: tuple[int, ...]
    runs: tuple[int, ...]
    counts: tuple[Mapping[str, int], ...]
    mean_loss: tuple[tuple[float, float], ...]
    mean_bad_loss: tuple[tuple[float, float] | None, ...]


def types_figure(results: str | Path | None = None, progress: Progress | None = None) -> TypesByDimension:
    """The numbers of the figure, from a file that ``symrelu train --output`` wrote, or of some runs made here.

    Of the file, gradient descents on the first layer from N(0, 1/d) with V = I and k = d count; those of one seed, the
    one of most runs. Raises BadInput for a file that has none.
    """
    from symrelu.descent.found_types import types_at

    training = FEW
    found = descents(FEW, progress=progress) if results is None else _read(results)
    tables = [types_at(training, batches, progress) for _, batches in sorted(found.items())]
    return TypesByDimension(
        d=tuple(table.d for table in tables),
        runs=tuple(table.runs - table.unfinished for table in tables),
        counts=tuple(Counter(code(one) for one in table.types for _ in one.runs) for table in tables),
        mean_loss=tuple(table.mean_loss for table in tables),
        mean_bad_loss=tuple(table.mean_bad_loss for table in tables),
    )


def _read(path: str | Path) -> dict[int, list[Batch]]:
    wanted = Training((2,)).tasks[0]
    settings = {key: wanted[key] for key in ("experiment", "start", "layers", "method", "setting")}
    found: dict[int, dict[int, list[Batch]]] = {}
    for task, records in read_runs(path).values():
        if task.get("d") == task.get("k") and settings.items() <= task.items():
            found.setdefault(task["seed"], {}).setdefault(task["d"], []).extend(map(Batch.read, records))
    if not found:
        raise BadInput(
            f"the file {str(path)!r} has no descents for this figure; write it with symrelu train --d 6..20 -o FILE"
        )
    return max(found.values(), key=lambda by_d: sum(len(batch.runs) for x in by_d.values() for batch in x))


def draw_types(data: TypesByDimension, figure: Figure) -> None:
    """The figure on an empty one: stacked shares on the left, mean losses on the right."""
    left, right = figure.subplots(1, 2, width_ratios=(1.55, 1))
    figure.subplots_adjust(left=0.07, right=0.985, bottom=0.29, top=0.91, wspace=0.24)
    _draw_shares(data, left)
    _draw_losses(data, right)
    handles, labels = left.get_legend_handles_labels()
    order = sorted(range(len(labels)), key=lambda i: (labels[i] not in LABELS, i))  # what is stacked first
    handles, labels = [handles[i] for i in order], [labels[i] for i in order]
    legend: dict[str, Any] = {"frameon": False, "fontsize": 6.5, "columnspacing": 1.0, "handletextpad": 0.4}
    figure.legend(handles, labels, loc="lower left", bbox_to_anchor=(0.04, 0.005), ncols=5, **legend)
    handles, labels = right.get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower right", bbox_to_anchor=(0.995, 0.005), ncols=1, **legend)


def _draw_shares(data: TypesByDimension, axes: Axes) -> None:
    met = [x for x in CODES if any(counts.get(x) for counts in data.counts)]
    below = [0.0] * len(data.d)
    for name in met:
        shares = [counts.get(name, 0) / runs for counts, runs in zip(data.counts, data.runs, strict=True)]
        place = CODES.index(name)
        axes.bar(
            data.d, shares, 0.86, below, color=COLOURS[place], label=LABELS[place], edgecolor="white", linewidth=0.3
        )
        below = [a + b for a, b in zip(below, shares, strict=True)]
    for d, counts, runs in zip(data.d, data.counts, data.runs, strict=True):
        low, high = wilson(counts.get("global", 0), runs)
        axes.plot([d, d], [low, high], color="black", linewidth=0.9)
    first, last = data.d[0], data.d[-1]
    older = [(d, 1 - bad / public.RUNS_2018) for d, bad in public.BAD_2018.items() if first <= d <= last]
    style: dict[str, Any] = {"linestyle": "none", "color": "black", "markeredgewidth": 0.6}
    if older:
        axes.plot(*zip(*older, strict=True), marker="x", markersize=4, label="Safran & Shamir 2018", **style)
    newer = [(d, edge) for d in public.TYPES_2021 if first <= d <= last for edge in _edges(public.TYPES_2021[d])]
    if newer:
        axes.plot(
            *zip(*newer, strict=True),
            marker="o",
            markersize=2.6,
            markerfacecolor="white",
            label="S., Y. & S. 2021",
            **style,
        )
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.set_ylim(0, 1)
    axes.set_xticks(data.d)
    axes.set_xlabel("$d=k$", labelpad=1)
    axes.set_ylabel("share of runs", labelpad=2)
    many = f"{min(data.runs)}" if len(set(data.runs)) == 1 else f"{min(data.runs)} to {max(data.runs)}"
    axes.set_title(f"minima that gradient descent ends in ({many} runs each)")


def _edges(counts: Mapping[str, int]) -> list[float]:
    """Where the published classes end, stacked in the figure's order, but for the topmost."""
    total, edges = 0, []
    for name in CODES:
        if name in counts:
            total += counts[name]
            edges.append(total / public.RUNS_2021)
    return edges[:-1]


def _draw_losses(data: TypesByDimension, axes: Axes) -> None:
    bars: dict[str, Any] = {"marker": "o", "markersize": 2.5, "linewidth": 0.9, "elinewidth": 0.8, "capsize": 1.5}
    mean, errors = zip(*data.mean_loss, strict=True)
    axes.errorbar(data.d, mean, errors, color=PALETTE[0], label="mean loss at convergence", **bars)
    bad = [(d, *x) for d, x in zip(data.d, data.mean_bad_loss, strict=True) if x is not None]
    if bad:
        at, mean, errors = zip(*bad, strict=True)
        axes.errorbar(at, mean, errors, color=PALETTE[1], label="of spurious ends", **bars)
    theirs = [(d, x) for d, x in public.MEAN_BAD_LOSS_2018.items() if data.d[0] <= d <= data.d[-1]]
    if theirs:
        axes.plot(
            *zip(*theirs, strict=True), linestyle="none", marker="x", markersize=4, color="black", markeredgewidth=0.6,
            label="the same, Safran & Shamir 2018",
        )  # fmt: skip
    axes.set_ylim(bottom=0)
    axes.set_xlabel("$d=k$", labelpad=1)
    axes.set_ylabel("loss (mean and standard error)", labelpad=2)
    axes.set_title("it need not fall with $d$")
    axes.grid(axis="y", color=GREY, alpha=0.2, linewidth=0.5)
    axes.locator_params(axis="x", integer=True)


__all__ = ["SIZE", "TypesByDimension", "draw_types", "types_figure"]
