"""The Hasse diagram of a lattice of isotropy groups, by levels of equal dimension of the fixed space."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symrelu.errors import BadInput
from symrelu.files import atomically, check_writable
from symrelu.symmetry.lattice import IsotropyType, Lattice

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST_DRAWN = 120
"""More types than these make no diagram that can be read."""
GAP, BEND = 0.12, 0.07  # inches between boxes; the width kept free for an edge that passes a level
LEVEL, MARGIN, LEFT, FOOT = (
    0.4,
    0.2,
    0.6,
    0.5,
)  # inches between levels, around all, left for dimensions, for the caption
LINE, LEAST_WIDTH = 0.14, 4.6  # inches: the height of a line of text, and what the caption needs
SWEEPS = 40
LONGEST = 24  # characters of a family's name
FONT = 7
DIAGONAL, YOUNG, OTHER = "#CFE5F2", "#F3F3F3", "white"
GREY, FAMILY = "#8A8A8A", "#B23A00"

Key = int | tuple[int, int, int]
"""A type by its id, or the bend of the edge (i, j) at a level."""


@dataclass(frozen=True)
class Layout:
    """Where things are, in inches from the lower left corner.

    boxes: of each type by id, (x, y) of the middle, width and height. lines: of each inclusion, the points it goes
    through, from the smaller group up. levels: the height of each dimension. size: of the whole diagram.
    """

    boxes: Mapping[int, tuple[float, float, float, float]]
    lines: Mapping[tuple[int, int], tuple[tuple[float, float], ...]]
    levels: Mapping[int, float]
    size: tuple[float, float]


def label(one: IsotropyType) -> tuple[str, ...]:
    """The lines in the box of a type, in mathtext: its direct factors, then the families that live there, if any.

    A group that is not of Young type is shown by its id and order.
    """
    shown = [name if len(name) <= LONGEST else f"{name[: LONGEST - 3]}..." for name in one.families[:4]]
    if len(one.families) > len(shown):
        shown.append(f"+{len(one.families) - len(shown)}")
    number = "" if one.young else f"{one.id}: "
    return (*(f"{number}${part}$" for part in one.latex), *([", ".join(shown)] if shown else []))


def layout(lattice: Lattice, sizes: Mapping[int, tuple[float, float]]) -> Layout:
    """Places for boxes of the given widths and heights (inches): larger groups, with smaller fixed spaces, above.

    Edges that pass a level get a place of their own there. Boxes and passing edges of a level do not overlap; their
    order comes from sweeps to the mean place of neighbours, each followed by the least squares move that keeps them
    apart. The answer depends on the lattice and the sizes alone.
    """
    level = {one.id: one.dim_fix for one in lattice.types}
    dims = sorted(set(level.values()), reverse=True)
    rank = {dim: i for i, dim in enumerate(dims)}
    rows: list[list[Key]] = [[one.id for one in lattice.types if one.dim_fix == dim] for dim in dims]
    near: dict[Key, list[Key]] = {one.id: [] for one in lattice.types}
    chains: dict[tuple[int, int], list[Key]] = {}
    for i, j in lattice.inclusions:
        chain: list[Key] = [i, *((i, j, r) for r in range(rank[level[i]] + 1, rank[level[j]])), j]
        chains[i, j] = chain
        for key, r in zip(chain[1:-1], range(rank[level[i]] + 1, rank[level[j]]), strict=True):
            near[key] = []
            rows[r].append(key)
        for a, b in zip(chain, chain[1:], strict=False):
            near[a].append(b)
            near[b].append(a)
    width = {key: sizes[key][0] + GAP if isinstance(key, int) else BEND for key in near}
    x: dict[Key, float] = {}
    for row in rows:
        place = -sum(width[key] for key in row) / 2
        for key in row:
            x[key] = place + width[key] / 2
            place += width[key]
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 else reversed(rows):
            wanted = {key: sum(x[other] for other in near[key]) / len(near[key]) if near[key] else 0.0 for key in row}
            row.sort(key=lambda key: (wanted[key], str(key)))
            for key, place in zip(row, _apart([wanted[k] for k in row], [width[k] for k in row]), strict=True):
                x[key] = place
    left = min(x[key] - width[key] / 2 for key in x)
    right = max(x[key] + width[key] / 2 for key in x)
    heights, talls, y = [], [], MARGIN + FOOT
    for row in rows:
        talls.append(max(sizes[key][1] for key in row if isinstance(key, int)))
        heights.append(y + talls[-1] / 2)
        y += talls[-1] + LEVEL
    shift = MARGIN + LEFT - left
    boxes = {one.id: (x[one.id] + shift, heights[rank[one.dim_fix]], *sizes[one.id]) for one in lattice.types}
    lines = {}
    for pair, chain in chains.items():
        first = rank[level[pair[0]]]
        points = []
        for step, key in enumerate(chain):  # straight up through a level, so that no box beside is met
            middle, half = heights[first + step], talls[first + step] / 2
            points += [(x[key] + shift, middle - half)] if step else []
            points += [(x[key] + shift, middle + half)] if step < len(chain) - 1 else []
        own, other = sizes[pair[0]][1] / 2, sizes[pair[1]][1] / 2
        start, end = boxes[pair[0]], boxes[pair[1]]
        lines[pair] = ((start[0], start[1] + own), *points, (end[0], end[1] - other))
    levels = {dim: heights[rank[dim]] for dim in dims}
    return Layout(boxes, lines, levels, (max(right + shift + MARGIN, LEAST_WIDTH), y - LEVEL + MARGIN))


def _apart(wanted: Sequence[float], widths: Sequence[float]) -> list[float]:
    """Places in the given order, closest to the wanted ones in least squares, at which things of these widths do not
    overlap.
    """
    offsets, total = [], 0.0
    for w in widths:
        offsets.append(total + w / 2)
        total += w
    pools: list[tuple[float, int]] = []  # mean and number of the things that touch
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append((want - offset, 1))
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (a, m), (b, n) = pools[-2:]
            pools[-2:] = [((a * m + b * n) / (m + n), m + n)]
    starts = [mean for mean, count in pools for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def write_hasse(lattice: Lattice, path: str | Path) -> None:
    """Draw the Hasse diagram into a file, whose ending gives the format (pdf, svg or png).

    The same lattice makes the same file, byte by byte. Raises BadInput for another ending, a folder that is not there,
    too many types, and without matplotlib.
    """
    check_hasse(path)
    if len(lattice.types) > LARGEST_DRAWN:
        raise BadInput(
            f"the lattice has {len(lattice.types)} types; up to {LARGEST_DRAWN} are drawn: try a smaller d, or --young"
        )
    import matplotlib
    from matplotlib.figure import Figure

    from symrelu.render.figures.write import STYLE

    form = Path(path).suffix[1:].lower()
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {}}[form]
    with atomically(path) as temporary, matplotlib.rc_context(STYLE):
        found = layout(lattice, _measured(lattice))
        figure = Figure(figsize=found.size)
        draw_hasse(lattice, found, figure)
        figure.savefig(temporary, format=form, dpi=200, metadata=undated)


def check_hasse(path: str | Path) -> None:
    """Refuse what could not be drawn or written, before anything is computed: BadInput says what can be."""
    from symrelu.render.figures.write import FORMATS

    if Path(path).suffix[1:].lower() not in FORMATS:
        raise BadInput(f"the ending of {str(path)!r} names no format; give one of {', '.join(FORMATS)}: lattice.pdf")
    check_writable(path)
    if importlib.util.find_spec("matplotlib") is None:
        raise BadInput("figures need matplotlib, which is not installed; try: pip install 'symrelu[plot]'")


def _measured(lattice: Lattice) -> dict[int, tuple[float, float]]:
    """Width and height of the box of each type, in inches: the widest of its lines as drawn, with some room around."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4, 4))
    renderer = FigureCanvasAgg(figure).get_renderer()
    sizes = {}
    for one in lattice.types:
        lines = label(one)
        text = figure.text(0, 0, "\n".join(lines), fontsize=FONT)
        width = text.get_window_extent(renderer).width / figure.dpi
        text.remove()
        sizes[one.id] = (width + 0.12, LINE * len(lines) + 0.08)
    return sizes


def draw_hasse(lattice: Lattice, places: Layout, figure: Figure) -> None:
    """The diagram on an empty figure of the size of the layout."""
    from matplotlib.patches import FancyBboxPatch

    axes: Any = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, places.size[0]), ylim=(0, places.size[1]))
    axes.set_axis_off()
    for dim, y in places.levels.items():
        axes.text(MARGIN, y, rf"$\dim = {dim}$", fontsize=FONT, va="center", color=GREY)
    for pair in sorted(places.lines):
        xs, ys = zip(*places.lines[pair], strict=True)
        axes.plot(xs, ys, color=GREY, linewidth=0.5, zorder=1, solid_joinstyle="round")
    pad = 0.02
    for one in lattice.types:
        x, y, width, height = places.boxes[one.id]
        box = FancyBboxPatch(
            (x - width / 2 + pad, y - height / 2 + pad),
            width - 2 * pad,
            height - 2 * pad,
            boxstyle=f"round,pad={pad}",
            facecolor=DIAGONAL if one.is_diagonal else YOUNG if one.young else OTHER,
            edgecolor="black",
            linewidth=0.5,
            linestyle="-" if one.young else (0, (3, 2)),
            zorder=2,
        )
        axes.add_patch(box)
        lines = label(one)
        for i, line in enumerate(lines):
            colour = FAMILY if one.families and i == len(lines) - 1 else "black"
            at = y + LINE * ((len(lines) - 1) / 2 - i)
            axes.text(x, at, line, fontsize=FONT, ha="center", va="center_baseline", zorder=3, color=colour)
    for i, line in enumerate(caption(lattice)):
        axes.text(MARGIN, FOOT - LINE * i, line, fontsize=FONT - 1, va="center", color="black")


def caption(lattice: Lattice) -> list[str]:
    """What the signs of the diagram mean, as far as they occur in it, line by line."""
    size = f"$k = {lattice.k}$, " + ("any large $d$" if lattice.d == "d" else f"$d = {lattice.d}$")
    lines = [f"Isotropy groups on $M(k, d)$ up to conjugacy, {size}; height: $\\dim$ Fix; larger groups above."]
    if any(len(one.latex) > 1 for one in lattice.types):
        lines.append("Direct factors stand below each other; row, col: moves rows or columns alone.")
    notes = []
    if any(one.is_diagonal for one in lattice.types):
        notes.append("Blue: diagonal $\\Delta(\\dots)$.")
    if any(one.young is None for one in lattice.types):
        notes.append("Dashed: not of Young type (id in the list, and order).")
    if any(one.families for one in lattice.types):
        notes.append("Red: families that live there.")
    return [*lines, *([" ".join(notes)] if notes else [])]
