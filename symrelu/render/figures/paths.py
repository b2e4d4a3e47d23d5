"""The figure ``paths``: loss and lowest eigenvalues of families along d, down to where they end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.errors import NoFamily
from symrelu.exact.arithmetic import FLOAT, MpmathArithmetic, Scalar
from symrelu.paths.eigenvalues import zeros_of
from symrelu.paths.equations import meaningless_below
from symrelu.paths.path import Path, exact
from symrelu.render.figures.spectrum import GREY, PALETTE, coloured, component_latex
from symrelu.series.lifting import Progress
from symrelu.spectrum.blocks import all_copies, block

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from symrelu.families import Family

DIGITS = 20
SAMPLES = 36
LAST_D = 20.0  # of the window, or twice the end of a path
NEAR_END = 1e-4  # the relative distance from the end of a path at which it begins to be drawn
THRESHOLD_DIGITS = 10


@dataclass(frozen=True)
class LowestEigenvalue:
    """The lowest nonzero eigenvalue of one component, both layers trained, at ascending d."""

    component: str
    d: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class FamilyPath:
    """What is drawn of one family: its loss at ascending ``d``, the lowest eigenvalue of each component where it has a
    meaning, the thresholds (component, d), and where and why the path ends.
    """

    name: str
    isotropy: str
    d: tuple[float, ...]
    loss: tuple[float, ...]
    lowest: tuple[LowestEigenvalue, ...]
    thresholds: tuple[tuple[str, float], ...]
    end: float
    end_words: str

    def least(self) -> tuple[list[float], list[float]]:
        """The least eigenvalue over all components, at the d at which there are any."""
        at: dict[float, float] = {}
        for curve in self.lowest:
            for d, value in zip(curve.d, curve.values, strict=True):
                at[d] = min(value, at.get(d, value))
        return sorted(at), [at[d] for d in sorted(at)]


def family_path(family: Family, progress: Progress | None = None) -> FamilyPath:
    """The numbers behind the figure, for one family. Raises NoFamily if there is no such family."""
    say = progress or (lambda message: None)
    path = family.path(progress)
    end = path.end()
    lowest = float(end.d)
    two = meaningless_below(path.isotropy, 2)
    arithmetic = MpmathArithmetic(DIGITS)
    ds: list[float] = []
    losses: list[float] = []
    curves: dict[str, list[tuple[float, float]]] = {}
    for d in _grid(exact(end.d), Fraction(max(LAST_D, 2 * lowest))):
        say(f"{family.key.label()} at d = {float(d):.4g}")
        try:
            values = path.point(d, arithmetic)
        except NoFamily:
            continue  # too near the end
        loss = path.problem.at(arithmetic, values, arithmetic.rational(d)).loss()
        ds.append(float(d))
        losses.append(abs(float(loss)) if path.is_constant else float(loss))
        if two is None or d > two[0] * (1 + Fraction(NEAR_END)):
            for name, x in _lowest(path, values, float(d)):
                curves.setdefault(name, []).append((float(d), x))
    say(f"the thresholds of {family.key.label()}")
    found = family.thresholds(THRESHOLD_DIGITS, progress=progress, prove=False).thresholds
    return FamilyPath(
        name=family.name or family.key.label(),
        isotropy=path.isotropy.latex(),
        d=tuple(ds),
        loss=tuple(losses),
        lowest=tuple(LowestEigenvalue(n, *map(tuple, zip(*pairs, strict=True))) for n, pairs in curves.items()),
        thresholds=tuple((t.component, float(t.d)) for t in found),
        end=lowest,
        end_words=end.reason,
    )


def _lowest(path: Path, values: Sequence[Scalar], d: float) -> Iterator[tuple[str, float]]:
    """The lowest eigenvalue of each component at one d, in floats; as many as are rescaling zeros left out."""
    point = path.problem.at(FLOAT, [float(x) for x in values], d)
    for of in all_copies(path.isotropy, True):
        if not of.component.dimension(path.isotropy).present(d):
            continue
        pencil = block(point, of)
        inverse = np.linalg.inv(np.linalg.cholesky(np.array(pencil.gram, dtype=float)))
        symmetric = inverse @ np.array(pencil.hessian, dtype=float) @ inverse.T
        found = sorted(np.linalg.eigvalsh((symmetric + symmetric.T) / 2), key=abs)
        yield of.component.name, float(min(found[zeros_of(path.problem, of.component, 2) :]))


def _grid(end: Fraction, last: Fraction) -> list[Fraction]:
    """Ascending values of d, the nearer to the end the denser, the integers among them."""
    first = end * (1 + Fraction(NEAR_END))
    steps = [first + (last - first) * Fraction(i * i, SAMPLES * SAMPLES) for i in range(SAMPLES + 1)]
    whole = [Fraction(n) for n in range(int(first) + 1, int(last) + 1)]
    return sorted({*(Fraction(round(d * 10**6), 10**6) for d in steps if d > first), *whole, first})


def draw_paths(data: Sequence[FamilyPath], figure: Figure) -> None:
    """The figure on an empty one: the loss on the left, the lowest eigenvalues on the right. One family is drawn by
    components, several by families.
    """
    left, right = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.075, right=0.985, bottom=0.225, top=0.9, wspace=0.2)
    if len(data) == 1:
        _draw_one(data[0], left, right)
    else:
        _draw_all(data, left, right)
    last = max(d for one in data for d in one.d)
    for axes in (left, right):
        axes.set_xlim(0, last)
        axes.set_xlabel("$d$", labelpad=1)
        axes.locator_params(axis="x", integer=True)
    left.set_ylabel("loss", labelpad=3)
    left.set_ylim(bottom=0)
    right.axhline(0, color="black", linewidth=0.6)
    handles, labels = right.get_legend_handles_labels()
    columns = min(len(handles), 9)
    figure.legend(
        handles, labels, loc="lower center", bbox_to_anchor=(0.5, 0.01), ncols=columns, frameon=False, fontsize=7
    )


def _draw_one(one: FamilyPath, left: Axes, right: Axes) -> None:
    colours = coloured([curve.component for curve in one.lowest])
    left.plot(one.d, one.loss, color="black", linewidth=1)
    for curve in one.lowest:
        label = f"${component_latex(curve.component)}$"
        right.plot(curve.d, curve.values, color=colours[curve.component], linewidth=1, label=label)
    bottom = min([0.0, *(x for curve in one.lowest for x in curve.values)])
    top = max(curve.values[-1] for curve in one.lowest)
    right.set_ylim(min(1.15 * bottom, -0.05 * top), 1.12 * top)
    for axes in (left, right):
        axes.axvline(one.end, color=GREY, linewidth=0.8)
        for component, d in one.thresholds:
            axes.axvline(d, color=colours[component], linewidth=0.7, linestyle=(0, (3, 2)))
    for i, (component, d) in enumerate(sorted(one.thresholds, key=lambda t: -t[1])):
        text = f"${component_latex(component)}$ at ${d:.4f}$"
        left.text(0.97, 0.06 + 0.075 * i, text, transform=left.transAxes, ha="right", color=colours[component])
        right.plot([d], [0], "o", markersize=3, color=colours[component], zorder=5)
    if one.thresholds:
        title = "changes of sign:"
        left.text(0.97, 0.06 + 0.075 * len(one.thresholds), title, transform=left.transAxes, ha="right")
    left.set_title(f"loss of ${one.isotropy}$, family {one.name}", fontsize=8)
    right.set_title("lowest nonzero eigenvalue of each component", fontsize=8)
    words, room = f"path ends at $d={one.end:.5g}$", one.end > 0.1 * one.d[-1]
    place: dict[str, Any] = {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
    place |= {"xytext": (-3 if room else 3, 0), "ha": "right" if room else "left", "va": "top", "rotation": 90}
    right.annotate(words, (one.end, 0.97), color=GREY, fontsize=7, **place)


def _draw_all(data: Sequence[FamilyPath], left: Axes, right: Axes) -> None:
    for i, one in enumerate(data):
        style: dict[str, Any] = {"color": PALETTE[i % len(PALETTE)], "linewidth": 1}
        left.plot(one.d, one.loss, **style)
        left.plot([one.d[0]], [one.loss[0]], "s", markersize=2.5, color=style["color"], clip_on=False)
        d, values = one.least()
        largest = max((at for _, at in one.thresholds), default=None)
        right.plot(d, values, label=one.name + (f": ${largest:.4f}$" if largest else ""), **style)
        for at in (largest,) if largest else ():
            right.plot([at], [0], "o", markersize=3, color=style["color"], zorder=5)
    right.set_ylim(-0.15, 0.12)
    left.set_title("loss of the named families (squares: ends of paths)", fontsize=8)
    right.set_title("lowest nonzero eigenvalue (dots, and below: largest thresholds)", fontsize=8)
