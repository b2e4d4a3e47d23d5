"""Figure 1, drawn: eigenvalues against d, and the spectral density."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from symrelu.render.figures.data import Asymptote, SpectrumFigure

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by the colour-blind too
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D1F")
COLOURED = ("t", "s1", "x1", "y1", "s2", "s1*s2", "x2", "y2")  # one colour each, the same in every family
GREY = "#666666"
FRACTION = r"\\frac\{(\w)\}\{(\d+|\\pi)\}"
STEPS = 40  # of a line that is not straight
SMALL = 0.5  # what lies below is drawn on a scale of its own, at least
LONGEST = 36  # the LaTeX of a limit that is set upright
MANY = 4  # limits whose labels stand side by side
LOW = -0.09  # where that scale begins, at most


Rename = Callable[[str], str]


def draw_spectrum(data: SpectrumFigure, figure: Figure, rename: Rename = str) -> None:
    """Figure 1 on an empty figure: eigenvalues against d on the left, the spectral density on the right.

    ``rename``: puts other symbols into the LaTeX of labels.
    """
    colours = coloured([name for name, _ in data.components])
    lines = -(-len(data.components) // 4)  # of the legend of components
    height = {"bottom": 0.205 + 0.05 * lines, "top": 0.83 if _many(data) else 0.91}
    left = figure.add_gridspec(2, 1, left=0.05, right=0.46, height_ratios=(1, 1.4), hspace=0.1, **height)
    right = figure.add_gridspec(1, 2, left=0.615, right=0.99, width_ratios=(2.1, 1), wspace=0.07, **height)
    _draw_curves(data, colours, figure.add_subplot(left[0]), figure.add_subplot(left[1]), rename)
    near = figure.add_subplot(right[0])
    _draw_density(data, colours, near, figure.add_subplot(right[1], sharey=near), rename)
    legend: dict[str, Any] = {"frameon": False, "fontsize": 7, "borderpad": 0, "borderaxespad": 0}
    handles = []
    for name, count in data.components:
        label = rf"${component_latex(name)}$, dimension ${rename(count.replace('*', ''))}$"
        handles += figure.axes[0].plot([], [], color=colours[name], label=label)
    columns = -(-len(handles) // lines)
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.075), ncols=columns, **legend)
    kind, bound = "exact" if data.is_exact else "rounded", "O(d^{-1/2})"
    styles = [("-", "numerical"), ((0, (3, 2)), f"{kind} series, to ${rename(bound)}$")]
    handles = [figure.axes[0].plot([], [], color=GREY, linestyle=x, linewidth=0.9, label=y)[0] for x, y in styles]
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.015), ncols=2, **legend)


def coloured(components: Sequence[str]) -> dict[str, str]:
    """A colour for each component: the same in every family and figure, as far as there are colours."""
    names = [*COLOURED, *(name for name in components if name not in COLOURED)]
    return {name: PALETTE[i % len(PALETTE)] for i, name in enumerate(names)}


def _draw_curves(data: SpectrumFigure, colours: dict[str, str], large: Axes, small: Axes, rename: Rename) -> None:
    """Eigenvalues that grow above, those that stay bounded below; solid lines numerical, dashed ones analytic."""
    first, last = data.window
    top, low = _bounded(data)
    for curve in data.curves:
        axes = large if curve.values[-1] > top else small
        axes.plot(curve.d, curve.values, color=colours[curve.component], linewidth=0.9)
    notes: list[str] | None = None if _many(data) else []
    for axes in (large, small):
        labels = []
        for a in (a for a in data.asymptotes if a.grows == (axes is large)):
            x = [first + (last - first) * i / STEPS for i in range(STEPS + 1)] if a.slower else [first, last]
            _dashes(axes, x, [a.at(d) for d in x], [colours[name] for name in a.components])
            labels.append((a.at(last), _asymptote(a, notes, rename)))
        ends = [y for y, _ in labels]
        axes.set_ylim(*((min(0, 1.2 * min(ends)), 1.2 * max(ends)) if axes is large and ends else (low, top)))
        axes.set_xlim(int(first), last)
        labels += [(0.0, "0")] if axes is small and "0" not in (text for _, text in labels) else []
        for y, text in within(labels, *axes.get_ylim(), usual=0.15):
            axes.text(1.02, y, f"${text}$", transform=axes.get_yaxis_transform(), va="center", fontsize=7.5)
    large.text(0.03, 0.93, ", ".join(notes or []), transform=large.transAxes, va="top", fontsize=7.5)
    large.tick_params(labelbottom=False)
    large.locator_params(axis="y", integer=True, nbins=5)
    large.set_title(f"Hessian eigenvalues of ${rename(data.isotropy)}$, {_in_words(data.family, rename)}")
    small.axhline(0, color="black", linewidth=0.6)
    small.set_xlabel(f"${rename('d')}$", labelpad=1)
    for change in data.sign_changes:
        small.plot([change.d], [0], "o", markersize=3, color=colours[change.component], zorder=5)
    if data.sign_changes:
        zeros = ",\\ ".join(f"{d:.2f}" for d in sorted(change.d for change in data.sign_changes))
        text = rf"change of sign at ${rename('d')}\approx {zeros}$"
        small.text(0.98, 0.03, text, transform=small.transAxes, ha="right")


def _dashes(axes: Axes, x: Sequence[float], y: Sequence[float], colours: Sequence[str]) -> None:
    """A dashed line whose dashes take the colours in turn."""
    dash, gap = 3.0, 2.0
    period = len(colours) * (dash + gap)
    for i, colour in enumerate(colours):
        style = (period - i * (dash + gap), (dash, period - dash))
        axes.plot(x, y, color=colour, linewidth=0.8, linestyle=style, zorder=1.5)


def _draw_density(data: SpectrumFigure, colours: dict[str, str], near: Axes, far: Axes, rename: Rename) -> None:
    """Multiplicity against eigenvalue, on a broken axis: near 0, and the eigenvalues of order d."""
    blank = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    top, _ = _bounded(data)
    total = sum(stem.multiplicity for stem in data.density)
    for stem in data.density:
        axes, colour = near if stem.value < top else far, colours[stem.component]
        axes.plot([stem.value] * 2, [0.1, stem.multiplicity], color=colour, linewidth=1)
        axes.plot([stem.value], [stem.multiplicity], "o", color=colour, markersize=3)
        if stem.multiplicity > total / 10:
            share = rf"{100 * stem.multiplicity / total:.0f}%"
            axes.annotate(
                share, (stem.value, stem.multiplicity), (0, 5.5), textcoords="offset points", ha="center", bbox=blank
            )
    near.set_yscale("log")
    near.set_ylim(0.6, 4 * max(stem.multiplicity for stem in data.density))
    near.set_xlim(1.15 * min(0.0, *(stem.value for stem in data.density)) - 0.06 * top, 0.94 * top)
    large = [stem.value for stem in data.density if stem.value >= top] or [top]
    far.set_xlim(min(large) - 3, max(large) + 3)
    longest = LONGEST if _many(data) else math.inf
    limits = [
        (a.constant, rename(a.constant_latex) or "0" if len(a.constant_latex) < longest else rf"{a.constant:.3f}\ldots")
        for a in data.asymptotes
        if not a.grows
    ]
    slopes: dict[str, list[float]] = {}
    for a in data.asymptotes:
        if a.grows:  # with the constant: the legend says to O(d**(-1/2))
            slopes.setdefault(a.slope_latex, []).append(a.at(data.density_d))
    growing = [(sum(values) / len(values), rf"\sim {rename(latex)}") for latex, values in slopes.items()]
    places = [x for values in slopes.values() for x in values]
    for axes, labels, lines in ((near, limits, [x for x, _ in limits]), (far, growing, places)):
        style: dict[str, Any] = {"ha": "center", "fontsize": 7.5, "va": "bottom", "rotation": 90 if _many(data) else 0}
        for x, text in within(labels, *axes.get_xlim(), usual=0.07 * (1 + (axes is far)) if _many(data) else 0.19):
            axes.text(x, 1.02, f"${text}$", transform=axes.get_xaxis_transform(), **style)
        for x in lines:
            axes.axvline(x, color=GREY, linewidth=0.6, linestyle=(0, (3, 2)), zorder=0.5)
    near.set_ylabel("multiplicity", labelpad=1)
    near.set_xlabel(f"eigenvalue at ${rename('d')}={data.density_d}$", x=0.73, labelpad=1)
    near.spines.right.set_visible(False)
    far.spines.left.set_visible(False)
    far.tick_params(which="both", left=False, labelleft=False)
    for axes, x in ((near, 1), (far, 0)):  # the break of the axis
        mark: dict[str, Any] = {"marker": [(-1, -2), (1, 2)], "markersize": 6, "color": "black", "markeredgewidth": 0.6}
        axes.plot([x, x], [0, 1], transform=axes.transAxes, linestyle="none", clip_on=False, **mark)


def _bounded(data: SpectrumFigure) -> tuple[float, float]:
    """The scale of the eigenvalues that stay bounded: where it ends, and where it begins; what falls without bound at
    the end of a path leaves it.
    """
    top = max([SMALL, *(1.2 * a.constant for a in data.asymptotes if not a.grows)])
    lowest = 1.15 * min(y for curve in data.curves for y in curve.values)
    return top, max(lowest, -top) if lowest < LOW else LOW


def _many(data: SpectrumFigure) -> bool:
    """Whether labels are too many, or too wide, to stand side by side."""
    return not data.is_exact or sum(not a.grows for a in data.asymptotes) > MANY


def within(labels: Sequence[tuple[float, str]], low: float, high: float, usual: float) -> list[tuple[float, str]]:
    """The labels spread along an axis from ``low`` to ``high``, none of them outside; ``usual``: their distance, as a
    part of the axis, if there is room for it.
    """
    gap = min(usual, 1 / max(len(labels), 1)) * (high - low)
    found = spread_labels(labels, gap)
    places = [x for x, _ in found]
    for i in range(len(places)):
        places[i] = max(places[i], places[i - 1] + gap if i else low)
    for i in reversed(range(len(places))):
        places[i] = min(places[i], places[i + 1] - gap if i + 1 < len(places) else high)
    return [(x, text) for x, (_, text) in zip(places, found, strict=True)]


def spread_labels(labels: Sequence[tuple[float, str]], gap: float) -> list[tuple[float, str]]:
    """The labels at places at least a gap apart, moved as groups as little as need be."""
    groups: list[list[tuple[float, str]]] = []
    for label in sorted(labels):
        groups.append([label])
        while len(groups) > 1:
            before, after = groups[-2:]
            if _middle(after) - _middle(before) >= gap * (len(before) + len(after)) / 2:
                break
            groups[-2:] = [before + after]
    return [
        (_middle(group) + gap * (i - (len(group) - 1) / 2), text)
        for group in groups
        for i, (_, text) in enumerate(group)
    ]


def _middle(group: Sequence[tuple[float, str]]) -> float:
    return sum(place for place, _ in group) / len(group)


def component_latex(name: str) -> str:
    """The name of a component as the LaTeX of the spectrum's tables has it."""
    return r" \boxtimes ".join(rf"\mathfrak{{{x[0]}}}" + (f"_{{{x[1:]}}}" if x[1:] else "") for x in name.split("*"))


def _in_words(family: str, rename: Rename) -> str:
    """The name of a family, or its limit, with entries and signs as mathematics."""
    text = re.sub(r"\ba_(\d+)=", lambda match: f"${rename(f'a_{{{match[1]}}}')}$=", family)
    return re.sub(r"(?<=[ ,])[+-](?=,|$)", r"$\g<0>$", text)


def _asymptote(a: Asymptote, notes: list[str] | None, rename: Rename) -> str:
    """The terms as LaTeX; a long constant beside a slope gets a name, and a line in the notes, or is rounded if there
    are none.
    """
    if not a.grows:
        return rename(a.constant_latex) or "0"
    constant = re.sub(FRACTION, r"\1/\2", a.constant_latex)
    if len(constant) <= 12:
        constant = rename(constant)
    elif notes is None:
        constant = f"{a.constant:.3f}\\ldots"
    else:
        constant = rename(f"c_{{{len(notes) + 1}}}")
        notes.append(f"${constant} = {rename(a.constant_latex)}$")
    slope = rename(re.sub(FRACTION, r"\1/\2", a.slope_latex))
    return slope + (f" + {constant}" if constant else "").replace("+ -", "- ")
