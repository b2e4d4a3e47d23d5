"""The numbers of Figure 1 as frozen dataclasses, which need no drawing package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu.errors import NoFamily
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.printing import series_latex
from symrelu.exact.series import Series, monomial
from symrelu.paths.path import Path, exact
from symrelu.series.lifting import Progress
from symrelu.spectrum.blocks import all_copies
from symrelu.spectrum.numeric import eigenvalues_at

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.spectrum.result import FamilySpectrum

DENSITY_D = 100
DIGITS = 15
NEAR_END = Fraction(1, 10**4)  # how near to the end of a path, relatively, its eigenvalues are still drawn
FIRST_D, LAST_D = Fraction(3), Fraction(20)  # the paper's window; wider for families that begin at larger d


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

    The curves are numerical: the path of critical points is followed from large d down to d = 3, or to
    where it ends, or a block would have two rows. The asymptotes are the exact series of Theorem 2. Raises NoFamily if
    there is no family, or no path of critical points to follow.
    """
    say = progress or (lambda message: None)
    spectrum = family.spectrum(0, progress=progress)
    path = family.path(progress)
    moved = [size for size in family.actual.isotropy.blocks if not size.is_constant]
    smallest = max(FIRST_D, *((2 - size.const) / size.slope for size in moved))
    largest = max(LAST_D, 2 * smallest)
    samples: list[tuple[Fraction, dict[str, list[float]]]] = []
    for d in _grid(smallest, largest):
        say(f"eigenvalues at d = {float(d):.4g}")
        try:
            samples.append((d, _branches(path, d)))
        except NoFamily:
            last = exact(path.end().d) * (1 + NEAR_END)
            if samples and last < samples[-1][0]:
                samples.append((last, _branches(path, last)))
            break
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
        density=tuple(_density(path, density_d)),
    )


def _grid(smallest: Fraction, largest: Fraction) -> list[Fraction]:
    """Values of d from the largest down to just above the smallest, finer towards it, the integers among them."""
    quarters = range(int(4 * smallest) + 1, int(4 * largest) + 1)
    kept = [Fraction(n, 4) for n in quarters if n % 2 == 0 or n < 4 * (smallest + 4)]
    near = [smallest + Fraction(n, 64) for n in (1, 4, 8, 12, 24, 40)]
    return sorted({*kept, *near}, reverse=True)


def _eigenvalues(path: Path, d: Fraction) -> dict[str, tuple[int, Fraction, list[float]]]:
    """For each component: how many rescaling zeros, the multiplicity, and the other eigenvalues, ascending.

    As many as the second layer has copies are zeros, by theory: those nearest to 0. Raises NoFamily below the path.
    """
    isotropy = path.isotropy
    copies = zip(all_copies(isotropy, True), all_copies(isotropy, False), strict=True)
    zeros = {both.component.name: len(both) - len(first) for both, first in copies}
    arithmetic = MpmathArithmetic(2 * DIGITS)
    values = path.point(d, arithmetic)
    found: dict[str, tuple[int, Fraction, list[float]]] = {}
    for x in eigenvalues_at(path.problem, arithmetic, values, d):
        found.setdefault(x.component.name, (zeros[x.component.name], x.multiplicity, []))[2].append(float(x.value))
    return {
        name: (count, multiplicity, sorted(sorted(branches, key=abs)[count:]))
        for name, (count, multiplicity, branches) in found.items()
    }


def _branches(path: Path, d: Fraction) -> dict[str, list[float]]:
    return {name: branches for name, (_, _, branches) in _eigenvalues(path, d).items()}


def _curves(samples: Sequence[tuple[Fraction, dict[str, list[float]]]]) -> Iterator[Curve]:
    for name, branches in samples[-1][1].items():
        for i in range(len(branches)):
            points = [(float(d), found[name][i]) for d, found in samples if name in found]
            yield Curve(name, i + 1, tuple(d for d, _ in points), tuple(value for _, value in points))


def _sign_changes(path: Path, samples: Sequence[tuple[Fraction, dict[str, list[float]]]]) -> Iterator[SignChange]:
    """Where a branch has different signs at neighbouring d: the zero between them."""
    for (above, first), (below, second) in zip(samples, samples[1:], strict=False):
        for name in first.keys() & second.keys():
            for i, (x, y) in enumerate(zip(first[name], second[name], strict=True)):
                if x * y < 0:
                    yield SignChange(name, i + 1, _zero(path, name, i, (float(below), float(above))))


def _zero(path: Path, name: str, branch: int, bracket: tuple[float, float]) -> float:
    """The d in the bracket at which a branch is 0, by a bracketing method."""

    def value(d: Any) -> Any:
        return _branches(path, Fraction(float(d)))[name][branch]

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


def _density(path: Path, d: int) -> Iterator[Stem]:
    for name, (zeros, multiplicity, branches) in _eigenvalues(path, Fraction(d)).items():
        for value in [0.0] * (zeros > 0) + branches:
            yield Stem(name, value, int(multiplicity) * (zeros if value == 0.0 else 1))
