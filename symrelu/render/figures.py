"""The figures of the main paper (arXiv 2107.10370) from our own numbers: first the data, then the drawing.

What a figure shows is computed as frozen dataclasses, which need no drawing package; matplotlib (the optional extra
``plot``) is imported only to draw. One version of matplotlib makes the same file of the same data, byte by byte.
"""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from symrelu.errors import BadInput, NoFamily, ZeroRow
from symrelu.exact.arithmetic import FloatArithmetic, MpmathArithmetic
from symrelu.exact.printing import series_latex
from symrelu.exact.series import Series, monomial
from symrelu.model.reduced import Problem
from symrelu.series.lifting import Progress
from symrelu.series.points import START_D, START_ORDER, point_at
from symrelu.spectrum.blocks import all_copies
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from symrelu.families import Family
    from symrelu.spectrum.result import FamilySpectrum

DIGITS = 15
DENSITY_D = 100
FIRST_D, LAST_D = Fraction(3), Fraction(20)  # the paper's window; wider for families that begin at larger d
LARGEST_STEP, SMALLEST_STEP = 0.1, 1e-4  # of the path, in log d
CONTRACTION, CORRECTION = 0.25, 0.1  # what a step of the path may leave: of Newton's last step, of the step itself
ROUNDING = 1e-10  # a Newton step below this is the last
FORMATS = ("pdf", "svg", "png")


# -- the data of Figure 1 ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Curve:
    """One eigenvalue branch of one component against real d, rescaling zeros left out; only where it occurs."""

    component: str
    branch: int
    d: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Asymptote:
    """slope * d + constant: an eigenvalue's exact series to O(d**(-1/2)), and the components that share it.

    ``slope_latex`` and ``constant_latex`` are the exact terms; a slope of 0 is the empty text.
    """

    slope: float
    constant: float
    slope_latex: str
    constant_latex: str
    components: tuple[str, ...]

    def at(self, d: float) -> float:
        """Its value at d."""
        return self.slope * d + self.constant


@dataclass(frozen=True)
class SignChange:
    """A real d at which an eigenvalue branch of a component passes through 0."""

    component: str
    branch: int
    d: float


@dataclass(frozen=True)
class Stem:
    """One distinct eigenvalue of one component at one integer d, with its multiplicity; rescaling zeros are 0.0."""

    component: str
    value: float
    multiplicity: int


@dataclass(frozen=True)
class SpectrumFigure:
    """What Figure 1 shows of a family: its eigenvalues against d in a window, and its spectral density at one d.

    ``family``: its name, or its limit; ``isotropy``: as LaTeX; ``components``: their names, each with its dimension as
    a product in d.
    """

    family: str
    isotropy: str
    window: tuple[float, float]
    components: tuple[tuple[str, str], ...]
    curves: tuple[Curve, ...]
    asymptotes: tuple[Asymptote, ...]
    sign_changes: tuple[SignChange, ...]
    density_d: int
    density: tuple[Stem, ...]


def spectrum_figure(family: Family, progress: Progress | None = None) -> SpectrumFigure:
    """The data of Figure 1 for a family, both layers trained.

    The curves are numerical: the path of critical points is followed in floats from large d down to d = 3, or to
    where it ends, or a block would have two rows. The asymptotes are the exact series of Theorem 2. Raises NoFamily if
    there is no family, or no path of critical points to follow.
    """
    say = progress or (lambda message: None)
    entries = _entries(family, progress)
    spectrum = family.spectrum(0, progress=progress)
    problem = Problem(FixedSpace(family.actual.isotropy), family.problem.kernel)
    moved = [size for size in family.actual.isotropy.blocks if not size.is_constant]
    smallest = max(FIRST_D, *((2 - size.const) / size.slope for size in moved))
    largest = max(LAST_D, 2 * smallest)
    path = _Path(problem, entries, max(largest, Fraction(START_D)))
    samples: list[tuple[Fraction, dict[str, list[float]]]] = []
    for d, values in path.down(_grid(smallest, largest)):
        say(f"eigenvalues at d = {float(d):.4g}")
        samples.append((d, _branches(problem, values, d)))
    if len(samples) < 2:
        raise NoFamily(f"the path of {family.key.label()} ends above d = {largest}: there is nothing to draw below it")
    say("changes of sign")
    changes = tuple(_sign_changes(path, samples))
    density_d = max(DENSITY_D, int(largest))
    say(f"the spectral density at d = {density_d}")
    return SpectrumFigure(
        family=f"family {family.name}" if family.name else f"limit {family.key.limit_text()}",
        isotropy=family.actual.isotropy.latex(),
        window=(float(samples[-1][0]), float(largest)),
        components=tuple({e.component.name: str(e.multiplicity) for e in spectrum.eigenvalues}.items()),
        curves=tuple(_curves(samples[::-1])),
        asymptotes=tuple(_asymptotes(spectrum)),
        sign_changes=changes,
        density_d=density_d,
        density=tuple(_density(problem, entries, density_d)),
    )


def _entries(family: Family, progress: Progress | None) -> list[Series]:
    """The coordinates of the actual isotropy's fixed space, through t**8 at least."""
    lifted = family.lifted(START_ORDER + 1, progress)
    return [lifted.entries[i] for i in family.actual.sources]


def _grid(smallest: Fraction, largest: Fraction) -> list[Fraction]:
    """Values of d from the largest down to just above the smallest, finer towards it, the integers among them."""
    quarters = range(int(4 * smallest) + 1, int(4 * largest) + 1)
    kept = [Fraction(n, 4) for n in quarters if n % 2 == 0 or n < 4 * (smallest + 4)]
    near = [smallest + Fraction(n, 64) for n in (1, 4, 8, 12, 24, 40)]
    return sorted({*kept, *near}, reverse=True)


class _Path:
    """The critical points of a family at real d, in floats: Newton's method along the path, from large d downwards.

    Every step is predicted along the tangent, and accepted if Newton's method contracts from its first step on and
    changes the prediction by little; else it is halved, down to the smallest one, where the path is said to end.
    """

    def __init__(self, problem: Problem, entries: Sequence[Series], start: Fraction) -> None:
        _, values = point_at(problem, entries, start, DIGITS)
        self.problem = problem
        self.constant = all(x.is_exact and x == x[0] for x in entries)  # 1a, where the loss is not smooth
        self.known = {start: np.array([float(x) for x in values])}

    def down(self, grid: Sequence[Fraction]) -> Iterator[tuple[Fraction, np.ndarray]]:
        """The points at the descending values of d, as far as the path goes; the last is near its end then."""
        for d in grid:
            reached = self.to(d)
            yield reached, self.known[reached]
            if reached > d:
                return

    def to(self, d: Fraction) -> Fraction:
        """Follow the path from the nearest known point above d; returns d, or the smallest value reached."""
        at = min(x for x in self.known if x >= d)
        step = LARGEST_STEP
        while at > d:
            left = log(at / d)
            following = d if step >= left else Fraction(float(at) * exp(-step)).limit_denominator(10**6)
            found = self._step(at, following)
            if found is not None:
                self.known[following] = found
                at, step = following, min(2 * step, LARGEST_STEP)
            elif step < SMALLEST_STEP:
                return at
            else:
                step = min(step, left) / 2
        return d

    def _step(self, at: Fraction, following: Fraction) -> np.ndarray | None:
        if self.constant:
            return self.known[at]
        values, moved = self.known[at], float(following - at)
        near = 1e-6 * float(at)
        (up, _), (down, _) = (self._equations(values, float(at) + side) for side in (near, -near))
        _, jacobian = self._equations(values, float(at))
        predicted = values - moved * np.linalg.solve(jacobian, (up - down) / (2 * near))
        found = self._newton(predicted, float(following))
        change = np.max(np.abs(predicted - values))
        if found is None or np.max(np.abs(found - predicted)) > CORRECTION * change + ROUNDING:
            return None
        return found

    def _newton(self, values: np.ndarray, d: float) -> np.ndarray | None:
        last = np.inf
        for _ in range(20):
            gradient, jacobian = self._equations(values, d)
            if not (np.all(np.isfinite(gradient)) and np.all(np.isfinite(jacobian))):
                return None
            try:
                move = np.linalg.solve(jacobian, gradient)
            except np.linalg.LinAlgError:
                return None
            size = float(np.max(np.abs(move)))
            values = values - move
            if size < ROUNDING:
                return values
            if size > CONTRACTION * last:
                return None
            last = size
        return None

    def _equations(self, values: np.ndarray, d: float) -> tuple[np.ndarray, np.ndarray]:
        """The reduced gradient and its Jacobian, without the kernel's prefactor; not finite where there is none."""
        n = len(values)
        with np.errstate(all="ignore"):
            try:
                point = self.problem.at(FloatArithmetic(), [np.float64(x) for x in values], np.float64(d))
                gradient, jacobian = point.gradient(scaled=True), point.hessian(scaled=True)
            except ZeroRow:
                return np.full(n, np.nan), np.full((n, n), np.nan)
        return np.array(gradient, dtype=np.float64), np.array(jacobian, dtype=np.float64)


def _eigenvalues(problem: Problem, values: Iterable[Any], d: Fraction) -> dict[str, tuple[int, Fraction, list[float]]]:
    """For each component: how many rescaling zeros, the multiplicity, and the other eigenvalues, ascending.

    As many as the second layer has copies are zeros, by theory: those nearest to 0.
    """
    isotropy = problem.space.isotropy
    copies = zip(all_copies(isotropy, True), all_copies(isotropy, False), strict=True)
    zeros = {both.component.name: len(both) - len(first) for both, first in copies}
    arithmetic = MpmathArithmetic(2 * DIGITS)
    found: dict[str, tuple[int, Fraction, list[float]]] = {}
    for x in eigenvalues_at(problem, arithmetic, [arithmetic.context.mpf(v) for v in values], d):
        found.setdefault(x.component.name, (zeros[x.component.name], x.multiplicity, []))[2].append(float(x.value))
    return {
        name: (count, multiplicity, sorted(sorted(branches, key=abs)[count:]))
        for name, (count, multiplicity, branches) in found.items()
    }


def _branches(problem: Problem, values: Iterable[Any], d: Fraction) -> dict[str, list[float]]:
    return {name: branches for name, (_, _, branches) in _eigenvalues(problem, values, d).items()}


def _curves(samples: Sequence[tuple[Fraction, dict[str, list[float]]]]) -> Iterator[Curve]:
    for name, branches in samples[-1][1].items():
        for i in range(len(branches)):
            points = [(float(d), found[name][i]) for d, found in samples if name in found]
            yield Curve(name, i + 1, tuple(d for d, _ in points), tuple(value for _, value in points))


def _sign_changes(path: _Path, samples: Sequence[tuple[Fraction, dict[str, list[float]]]]) -> Iterator[SignChange]:
    """Where a branch has different signs at neighbouring d: the zero between them."""
    for (above, first), (below, second) in zip(samples, samples[1:], strict=False):
        for name in first.keys() & second.keys():
            for i, (x, y) in enumerate(zip(first[name], second[name], strict=True)):
                if x * y < 0:
                    yield SignChange(name, i + 1, _zero(path, name, i, (float(below), float(above))))


def _zero(path: _Path, name: str, branch: int, bracket: tuple[float, float]) -> float:
    """The d in the bracket at which a branch is 0, by a bracketing method."""

    def value(d: Any) -> Any:
        at = Fraction(float(d))
        if path.to(at) != at:
            raise NoFamily(f"the path of critical points breaks off before d = {float(d):.6g}; try another family")
        return _branches(path.problem, path.known[at], at)[name][branch]

    return float(MpmathArithmetic(DIGITS).context.findroot(value, bracket, solver="anderson", tol=1e-9))


def _asymptotes(spectrum: FamilySpectrum) -> Iterator[Asymptote]:
    """The branches through t**0, those that agree as one; rescaling zeros left out."""
    shared: dict[Series, list[str]] = {}
    for e in spectrum.eigenvalues:
        if not e.is_zero:
            shared.setdefault(e.series.exact(), []).append(e.component.name)
    for series, names in shared.items():
        slope, constant = (float(series.field.ball(series[i], 80).mid()) for i in (-2, 0))
        terms = [series_latex(monomial(series.field, series[i], i)) if series[i] else "" for i in (-2, 0)]
        yield Asymptote(slope, constant, terms[0], terms[1], tuple(dict.fromkeys(names)))


def _density(problem: Problem, entries: Sequence[Series], d: int) -> Iterator[Stem]:
    _, values = point_at(problem, entries, d, DIGITS)
    for name, (zeros, multiplicity, branches) in _eigenvalues(problem, values, Fraction(d)).items():
        for value in [0.0] * (zeros > 0) + branches:
            yield Stem(name, value, int(multiplicity) * (zeros if value == 0.0 else 1))


# -- the data of Figure 2 ----------------------------------------------------------------------------------------------


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


# -- drawing -----------------------------------------------------------------------------------------------------------

# Okabe and Ito's colours, told apart by the colour-blind too
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#8C6D1F")
GREY = "#666666"
GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta")
STYLE: dict[Any, Any] = {
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 8,
    "axes.linewidth": 0.6,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "lines.scale_dashes": False,
    "pdf.fonttype": 42,
    "svg.hashsalt": "symrelu",
    "path.simplify": False,
}
TINTS = ("#F6C9B0", "#CFE5F2", "#BFE6D9", "#F2D9E6", "#F9E7B0", "#DCDCDC")  # the palette, under black letters
FRACTION = r"\\frac\{(\w)\}\{(\d+|\\pi)\}"
SMALL = 0.5  # what lies below is drawn on a scale of its own


def draw_spectrum(data: SpectrumFigure, figure: Figure) -> None:
    """Figure 1 on an empty figure: eigenvalues against d on the left, the spectral density on the right."""
    colours = {name: PALETTE[i % len(PALETTE)] for i, (name, _) in enumerate(data.components)}
    lines = -(-len(data.components) // 4)  # of the legend of components
    height = {"bottom": 0.205 + 0.05 * lines, "top": 0.91}
    left = figure.add_gridspec(2, 1, left=0.05, right=0.46, height_ratios=(1, 1.4), hspace=0.1, **height)
    right = figure.add_gridspec(1, 2, left=0.615, right=0.99, width_ratios=(2.1, 1), wspace=0.07, **height)
    _draw_curves(data, colours, figure.add_subplot(left[0]), figure.add_subplot(left[1]))
    near = figure.add_subplot(right[0])
    _draw_density(data, colours, near, figure.add_subplot(right[1], sharey=near))
    legend: dict[str, Any] = {"frameon": False, "fontsize": 7, "borderpad": 0, "borderaxespad": 0}
    handles = []
    for name, count in data.components:
        label = rf"${_component(name)}$, dimension ${count.replace('*', '')}$"
        handles += figure.axes[0].plot([], [], color=colours[name], label=label)
    columns = -(-len(handles) // lines)
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.075), ncols=columns, **legend)
    styles = [("-", "numerical"), ((0, (3, 2)), "exact series, to $O(d^{-1/2})$")]
    handles = [figure.axes[0].plot([], [], color=GREY, linestyle=x, linewidth=0.9, label=y)[0] for x, y in styles]
    figure.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 0.015), ncols=2, **legend)


def _draw_curves(data: SpectrumFigure, colours: dict[str, str], large: Axes, small: Axes) -> None:
    """Eigenvalues that grow above, those that stay bounded below; solid lines numerical, dashed ones analytic."""
    first, last = data.window
    for curve in data.curves:
        axes = large if curve.values[-1] > SMALL else small
        axes.plot(curve.d, curve.values, color=colours[curve.component], linewidth=0.9)
    notes: list[str] = []
    for axes in (large, small):
        labels = []
        for a in (a for a in data.asymptotes if bool(a.slope) == (axes is large)):
            _dashes(axes, (first, last), (a.at(first), a.at(last)), [colours[name] for name in a.components])
            labels.append((a.at(last), _asymptote(a, notes)))
        axes.set_ylim(*((0, 1.2 * max(y for y, _ in labels)) if axes is large else (-0.09, SMALL)))
        axes.set_xlim(int(first), last)
        labels += [(0.0, "0")] if axes is small else []
        for y, text in _spread(labels, 0.15 * (axes.get_ylim()[1] - axes.get_ylim()[0])):
            axes.text(1.02, y, f"${text}$", transform=axes.get_yaxis_transform(), va="center", fontsize=7.5)
    large.text(0.03, 0.93, ", ".join(notes), transform=large.transAxes, va="top", fontsize=7.5)
    large.tick_params(labelbottom=False)
    large.locator_params(axis="y", integer=True, nbins=5)
    large.set_title(f"Hessian eigenvalues of ${data.isotropy}$, {data.family}")
    small.axhline(0, color="black", linewidth=0.6)
    small.set_xlabel("$d$", labelpad=1)
    for change in data.sign_changes:
        small.plot([change.d], [0], "o", markersize=3, color=colours[change.component], zorder=5)
    if data.sign_changes:
        zeros = ",\\ ".join(f"{d:.2f}" for d in sorted(change.d for change in data.sign_changes))
        small.text(0.98, 0.03, rf"change of sign at $d\approx {zeros}$", transform=small.transAxes, ha="right")


def _dashes(axes: Axes, x: tuple[float, float], y: tuple[float, float], colours: Sequence[str]) -> None:
    """A dashed line whose dashes take the colours in turn."""
    dash, gap = 3.0, 2.0
    period = len(colours) * (dash + gap)
    for i, colour in enumerate(colours):
        style = (period - i * (dash + gap), (dash, period - dash))
        axes.plot(x, y, color=colour, linewidth=0.8, linestyle=style, zorder=1.5)


def _draw_density(data: SpectrumFigure, colours: dict[str, str], near: Axes, far: Axes) -> None:
    """Multiplicity against eigenvalue, on a broken axis: near 0, and the eigenvalues of order d."""
    blank = {"facecolor": "white", "edgecolor": "none", "pad": 0.5}
    total = sum(stem.multiplicity for stem in data.density)
    for stem in data.density:
        axes, colour = near if stem.value < SMALL else far, colours[stem.component]
        axes.plot([stem.value] * 2, [0.1, stem.multiplicity], color=colour, linewidth=1)
        axes.plot([stem.value], [stem.multiplicity], "o", color=colour, markersize=3)
        if stem.multiplicity > total / 10:
            share = rf"{100 * stem.multiplicity / total:.0f}%"
            axes.annotate(
                share, (stem.value, stem.multiplicity), (0, 5.5), textcoords="offset points", ha="center", bbox=blank
            )
    near.set_yscale("log")
    near.set_ylim(0.6, 4 * max(stem.multiplicity for stem in data.density))
    near.set_xlim(-0.03, SMALL - 0.03)
    large = [stem.value for stem in data.density if stem.value > SMALL]
    far.set_xlim(min(large) - 3, max(large) + 3)
    limits = [(a.constant, a.constant_latex) for a in data.asymptotes if not a.slope]
    slopes: dict[str, list[float]] = {}
    for a in data.asymptotes:
        if a.slope:
            slopes.setdefault(a.slope_latex, []).append(a.slope * data.density_d)
    growing = [(values[0], rf"\sim {latex}") for latex, values in slopes.items()]
    for axes, labels in ((near, limits), (far, growing)):
        for x, text in _spread(labels, 0.19 * (axes.get_xlim()[1] - axes.get_xlim()[0])):
            axes.text(x, 1.02, f"${text}$", transform=axes.get_xaxis_transform(), ha="center", fontsize=7.5)
        for x, _ in labels:
            axes.axvline(x, color=GREY, linewidth=0.6, linestyle=(0, (3, 2)), zorder=0.5)
    near.set_ylabel("multiplicity", labelpad=1)
    near.set_xlabel(f"eigenvalue at $d={data.density_d}$", x=0.73, labelpad=1)
    near.spines.right.set_visible(False)
    far.spines.left.set_visible(False)
    far.tick_params(which="both", left=False, labelleft=False)
    for axes, x in ((near, 1), (far, 0)):  # the break of the axis
        mark: dict[str, Any] = {"marker": [(-1, -2), (1, 2)], "markersize": 6, "color": "black", "markeredgewidth": 0.6}
        axes.plot([x, x], [0, 1], transform=axes.transAxes, linestyle="none", clip_on=False, **mark)


def _spread(labels: Sequence[tuple[float, str]], gap: float) -> list[tuple[float, str]]:
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


def _component(name: str) -> str:
    """The name of a component as the LaTeX of the spectrum's tables has it."""
    return r" \boxtimes ".join(rf"\mathfrak{{{x[0]}}}" + (f"_{{{x[1:]}}}" if x[1:] else "") for x in name.split("*"))


def _asymptote(a: Asymptote, notes: list[str]) -> str:
    """The exact terms as LaTeX; a long constant beside a slope gets a name, and a line in the notes."""
    if not a.slope:
        return a.constant_latex
    constant = re.sub(FRACTION, r"\1/\2", a.constant_latex)
    if len(constant) > 12:
        constant = f"c_{len(notes) + 1}"
        notes.append(f"${constant} = {a.constant_latex}$")
    return re.sub(FRACTION, r"\1/\2", a.slope_latex) + (f" + {constant}" if constant else "").replace("+ -", "- ")


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


# -- figures by name ---------------------------------------------------------------------------------------------------

FIGURES = {
    "main-1": "Figure 1 of the main paper: Hessian eigenvalues against d, and the spectral density",
    "main-2": "Figure 2 of the main paper: 5 x 5 matrices by isotropy",
}


def check_request(name: str, path: Path, family: str | None = None) -> None:
    """Refuse what could not be drawn or written, before anything is computed: BadInput says what can be."""
    if name not in FIGURES:
        raise BadInput(f"there is no figure {name!r}; the figures are {', '.join(FIGURES)}")
    if name != "main-1" and family is not None:
        raise BadInput(f"the figure {name} shows no family, but {family!r} was given; leave --family out")
    if path.suffix[1:].lower() not in FORMATS:
        raise BadInput(f"the ending of {str(path)!r} names no format; give one of {', '.join(FORMATS)}: {name}.pdf")
    if not path.parent.is_dir():
        raise BadInput(f"there is no folder {str(path.parent)!r} to write {path.name} to; make it first")
    if path.is_dir():
        raise BadInput(f"{str(path)!r} is a folder; give the name of a file, such as {name}.pdf")
    if importlib.util.find_spec("matplotlib") is None:
        raise BadInput("figures need matplotlib, which is not installed; try: pip install 'symrelu[plot]'")


def write_figure(name: str, path: str | Path, family: str | None = None, progress: Progress | None = None) -> None:
    """Compute and draw a figure of ``FIGURES`` into a file, whose ending gives the format (pdf, svg or png).

    ``family``: of main-1, a name or ``blocks:limit`` (2a, as in the paper, if not given). The file appears whole or
    not at all. Raises BadInput for names, endings, folders and families that make no sense, and without matplotlib.
    """
    path = Path(path)
    check_request(name, path, family)
    from symrelu.families import family as find

    draw: Callable[[Figure], None]
    if name == "main-1":
        data = spectrum_figure(find(family or "2a"), progress)
        draw, size = (lambda figure: draw_spectrum(data, figure)), (7.0, 3.4)
    else:
        draw, size = (lambda figure: draw_patterns(patterns(), figure)), (5.5, 2.0)
    if progress:
        progress(f"drawing {path.name}")
    _save(draw, size, path)


def _save(draw: Callable[[Figure], None], size: tuple[float, float], path: Path) -> None:
    """Draw into a file beside the target, which then takes its name."""
    import matplotlib
    from matplotlib.figure import Figure

    target = path.resolve()
    form = target.suffix[1:].lower() if target.suffix[1:].lower() in FORMATS else path.suffix[1:].lower()
    undated = {"pdf": {"CreationDate": None}, "svg": {"Date": None}, "png": {}}[form]
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with matplotlib.rc_context(STYLE):
            figure = Figure(figsize=size)
            draw(figure)
            figure.savefig(temporary, format=form, dpi=300, metadata=undated)
        os.replace(temporary, target)
    except OSError as error:
        raise BadInput(f"cannot write {str(path)!r}: {error.strerror}; choose another place") from None
    finally:
        temporary.unlink(missing_ok=True)
