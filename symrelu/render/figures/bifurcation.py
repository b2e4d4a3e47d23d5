"""The figure ``branching``: the branches that meet families at their thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, exp, floor
from typing import TYPE_CHECKING, Any

from symrelu.branching import Branch, HalfBranch, branches
from symrelu.paths.trace import cubic
from symrelu.render.figures.spectrum import GREY, PALETTE, component_latex
from symrelu.series.lifting import Progress
from symrelu.symmetry.isotropy import Isotropy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from symrelu.families import Family

DIGITS = 10
BETWEEN = 6  # points drawn from one node of a course to the next
SOLID, DASHED, UNKNOWN = "-", (0, (4, 2)), (0, (1, 2))


@dataclass(frozen=True)
class Course:
    """One half of a branch: d, the amplitude and the number of negative eigenvalues (None: without meaning) at its
    points, from the threshold outwards; and the certified integers (d, amplitude, whether a minimum).
    """

    d: tuple[float, ...]
    amplitude: tuple[float, ...]
    negative: tuple[int | None, ...]
    certified: tuple[tuple[int, float, bool], ...]


@dataclass(frozen=True)
class Bundle:
    """The branch in one subgroup: its name in LaTeX, and the courses of its halves (mirror images included)."""

    label: str
    courses: tuple[Course, ...]


@dataclass(frozen=True)
class BranchingPanel:
    """The picture at one threshold: of which family and component, where, whether the family is a minimum above it, and
    the branches.
    """

    family: str
    component: str
    d: float
    minimum_above: bool
    bundles: tuple[Bundle, ...]


def branching_panels(
    family: Family, largest_only: bool, progress: Progress | None = None
) -> tuple[BranchingPanel, ...]:
    """The numbers behind the figure for one family, at all its thresholds or at the largest one.

    A threshold at which no branch was followed has no panel.
    """
    found = family.thresholds(DIGITS, progress=progress, prove=False)
    if largest_only:
        found = replace(found, thresholds=found.thresholds[:1])
    panels = []
    for i, at in enumerate(branches(family, found, progress).thresholds):
        bundles = tuple(Bundle(_label(branch), tuple(_courses(branch))) for branch in at.branches)
        name = family.name or family.key.label()
        if bundles:
            panels.append(BranchingPanel(name, at.component, float(at.d), i == 0, bundles))
    return tuple(panels)


def _label(branch: Branch) -> str:
    return f"${_group(branch.isotropy)}$: ${_entries(branch.amplitude)}$"


def _group(isotropy: Isotropy) -> str:
    return isotropy.latex().replace(r"\Delta(", "").removesuffix(")")


def _entries(amplitude: str) -> str:
    return " - ".join(f"a_{{{name.strip()[2:]}}}" for name in amplitude.split(" - "))


def _courses(branch: Branch) -> list[Course]:
    signs = (1, -1) if branch.mirrored else (1,)
    return [_course(half, branch.pair, sign) for half in branch.halves for sign in signs]


def _course(half: HalfBranch, pair: tuple[int, int], sign: int) -> Course:
    first, amplitude, negative = half.nodes[0]
    points = [(first.d, amplitude, negative)]
    for (before, _, _), (after, _, negative) in zip(half.nodes, half.nodes[1:], strict=False):
        for i in range(1, BETWEEN + 1):
            position = cubic(before, after, i / BETWEEN)
            points.append((exp(position[-1]), float(position[pair[0]] - position[pair[1]]), negative))
    return Course(
        tuple(d for d, _, _ in points),
        tuple(sign * x for _, x, _ in points),
        tuple(n for _, _, n in points),
        tuple(
            (int(p.d), sign * float(p.amplitude.mid()), p.verdict == "minimum")
            for p in half.points
            if p.d.denominator == 1 and p.indices
        ),
    )


def panel_size(count: int) -> tuple[float, float]:
    """The size in inches of a figure of so many panels."""
    columns = min(count, 3)
    return (0.6 + 2.2 * columns if columns > 1 else 4.0, 0.8 + 1.9 * -(-count // columns))


def draw_branching(data: Sequence[BranchingPanel], figure: Figure) -> None:
    """The panels on an empty figure, at most three in a row."""
    columns = min(len(data), 3)
    rows = -(-len(data) // columns)
    grid = figure.subplots(rows, columns, squeeze=False)
    height = figure.get_figheight()
    figure.subplots_adjust(
        left=0.42 / figure.get_figwidth(),
        right=0.985,
        top=1 - 0.25 / height,
        bottom=(0.62 if columns > 2 else 0.75) / height,
        wspace=0.2,
        hspace=0.42,
    )
    for axes, panel in zip(grid.flat, data, strict=False):
        _draw_panel(panel, axes)
    for axes in list(grid.flat)[len(data) :]:
        axes.set_visible(False)
    for axes in list(grid.flat)[max(0, len(data) - columns) : len(data)]:
        axes.set_xlabel("$d$", labelpad=1)
    for row in grid:
        row[0].set_ylabel("difference of two entries of $W$", labelpad=1, fontsize=7)
    last = grid[0][0]
    styles = [(SOLID, "minimum"), (DASHED, "saddle"), (UNKNOWN, "no index at these $d$")]
    handles = [last.plot([], [], color=GREY, linestyle=style, linewidth=1, label=text)[0] for style, text in styles]
    for face, text in ((GREY, "certified minimum"), ("white", "certified saddle")):
        handles += last.plot([], [], "o", color=GREY, markerfacecolor=face, markersize=3.5, label=text)
    figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.0),
        frameon=False,
        fontsize=7,
        ncols=5 if columns > 2 else 3,
    )


def _draw_panel(panel: BranchingPanel, axes: Axes) -> None:
    first, last = floor(panel.d) - 1, ceil(panel.d) + 1
    axes.plot([first, panel.d], [0, 0], color="black", linewidth=1, linestyle=DASHED)
    axes.plot([panel.d, last], [0, 0], color="black", linewidth=1, linestyle=SOLID if panel.minimum_above else DASHED)
    axes.axvline(panel.d, color=GREY, linewidth=0.6, linestyle=(0, (1, 1.5)))
    for i, bundle in enumerate(panel.bundles):
        colour = PALETTE[i % len(PALETTE)]
        axes.plot([], [], color=colour, linewidth=1, label=bundle.label)
        for course in bundle.courses:
            d, amplitude = (panel.d, *course.d), (0.0, *course.amplitude)
            negative = (course.negative[0], *course.negative)
            for style, begin, end in _runs(negative):
                run = slice(begin, end + 1)
                axes.plot(d[run], amplitude[run], color=colour, linewidth=1, linestyle=style)
            for at, value, minimum in course.certified:
                face = colour if minimum else "white"
                axes.plot([at], [value], "o", color=colour, markerfacecolor=face, markersize=3.5, zorder=5)
    axes.set_xlim(first - 0.06, last + 0.06)
    axes.locator_params(axis="x", integer=True)
    reach = max(abs(x) for b in panel.bundles for c in b.courses for x in c.amplitude)
    axes.set_ylim(-1.15 * reach, 1.15 * reach + 0.16 * reach * len(panel.bundles))
    axes.set_title(rf"{panel.family}: ${component_latex(panel.component)}$ at $d={panel.d:.4f}$", fontsize=8)
    box: dict[str, Any] = {"facecolor": "white", "edgecolor": "none", "framealpha": 0.9, "borderpad": 0.1}
    axes.legend(fontsize=6, loc="upper left", handlelength=1.6, labelspacing=0.2, **box)


def _runs(negative: Sequence[int | None]) -> list[tuple[Any, int, int]]:
    """Stretches (style, first point, last point) of one kind: minimum, saddle, without meaning."""
    styles = [UNKNOWN if n is None else DASHED if n else SOLID for n in negative]
    found: list[tuple[Any, int, int]] = []
    for i in range(len(styles) - 1):
        if found and found[-1][0] == styles[i + 1]:
            found[-1] = (styles[i + 1], found[-1][1], i + 1)
        else:
            found.append((styles[i + 1], i, i + 1))
    return found
