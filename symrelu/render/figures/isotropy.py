"""Figure 2: the matrices that three isotropy groups fix, as numbers and as a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

if TYPE_CHECKING:
    from matplotlib.figure import Figure

GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
# the palette of Figure 1, light enough to lie under black letters
TINTS = ("#F6C9B0", "#CFE5F2", "#BFE6D9", "#F2D9E6", "#F9E7B0", "#DCDCDC")


@dataclass(frozen=True)
class Pattern:
    """The matrices of one isotropy at one d: which coordinate (from 0) each entry shows, and where blocks end."""

    title: str
    cells: tuple[tuple[int, ...], ...]
    blocks: tuple[int, ...]


def patterns(d: int = 5) -> tuple[Pattern, ...]:
    """Delta S_d, Delta(S_{d-1} x S_1) and Delta(S_{d-2} x S_2): the d x d matrices that they fix."""
    found = []
    for second in range(3):
        isotropy = Isotropy.diagonal(f"d-{second},{second}" if second else "d")
        sizes = tuple(int(size.at(d)) for size in isotropy.blocks)
        group = r" \times ".join(f"S_{{{n}}}" for n in sizes)
        title = rf"\Delta({group})" if second else rf"\Delta {group}"
        cells = tuple(tuple(int(i) for i in row) for row in FixedSpace(isotropy).index_matrix(d))
        found.append(Pattern(title, cells, sizes))
    return tuple(found)


def draw_patterns(data: Sequence[Pattern], figure: Figure) -> None:
    """Figure 2 on an empty figure: matrices whose equal entries have equal colours and Greek letters."""
    for axes, pattern in zip(figure.subplots(1, len(data)), data, strict=True):
        size = len(pattern.cells)
        for i, row in enumerate(pattern.cells):
            for j, entry in enumerate(row):
                tint = {"facecolor": TINTS[entry], "edgecolor": "white", "linewidth": 1}
                axes.add_patch(_rectangle((j, i), 1, 1, **tint))
                axes.text(j + 0.5, i + 0.5, rf"$\{GREEK[entry]}$", ha="center", va="center", fontsize=11)
        for end in np.cumsum(pattern.blocks)[:-1]:
            axes.plot([0, size], [end, end], color="black", linewidth=0.8)
            axes.plot([end, end], [0, size], color="black", linewidth=0.8)
        axes.set(xlim=(-0.04, size + 0.04), ylim=(size + 0.04, -0.04), aspect="equal", title=f"${pattern.title}$")
        axes.add_patch(_rectangle((0, 0), size, size, facecolor="none", edgecolor="black", linewidth=0.8))
        axes.set_axis_off()
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.88, wspace=0.12)


def _rectangle(*args: Any, **kwargs: Any) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle(*args, **kwargs)
