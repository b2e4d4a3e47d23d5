"""The numbers of Figure 1 as frozen dataclasses, which need no drawing package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu.errors import NoFamily
from symrelu.exact import generators
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.constants import BallField
from symrelu.exact.field import Field
from symrelu.exact.printing import series_latex
from symrelu.exact.series import Series, monomial
from symrelu.paths.eigenvalues import zeros_of
from symrelu.paths.path import Path, exact
from symrelu.series.lifting import Progress
from symrelu.spectrum.numeric import eigenvalues_at

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.spectrum.result import FamilySpectrum

DENSITY_D = 100
DIGITS = 15
NOISE = 10.0**-DIGITS  # eigenvalues below it may be zeros
SHOWN = 4  # digits of labels without an exact form
NEAR_END = Fraction(1, 10**4)  # how near to the end of a path, relatively, its eigenvalues are still drawn
FIRST_D, LAST_D = Fraction(3), Fraction(20)  # the paper's window; wider for families that begin at larger d


@dataclass(frozen=True)
class Curve:
    """One eigenvalue branch of one component against real d, zeros by symmetry left out; only where it occurs."""

    component: str
    branch: int
    d: tuple[float, ...]
    values: tuple[float, ...]


@dataclass(frozen=True)
class Asymptote:
    """slope * d + constant, and what grows more slowly than d: an eigenvalue's series without the terms that vanish for
    large d, and the components that share it.

    ``slope_latex`` and ``constant_latex`` are the growing terms and the constant one, exact where they can be; what is
    0 is the empty text. ``slower``: exponents between 0 and 1 with their coefficients.
    """

    slope: float
    constant: float
    slope_latex: str
    constant_latex: str
    components: tuple[str, ...]
    slower: tuple[tuple[float, float], ...] = ()

    @property
    def grows(self) -> bool:
        """Whether it is unbounded."""
        return bool(self.slope_latex)

    def at(self, d: float) -> float:
        """Its value at d."""
        return self.slope * d + sum(c * d**exponent for exponent, c in self.slower) + self.constant


@dataclass(frozen=True)
class SignChange:
    """A real d at which an eigenvalue branch of a component passes through 0."""

    component: str
    branch: int
    d: float


@dataclass(frozen=True)
class Stem:
    """One distinct eigenvalue of one component at one integer d, with its multiplicity; zeros by symmetry are 0.0."""

    component: str
    value: float
    multiplicity: int


@dataclass(frozen=True)
class SpectrumFigure:
    """What Figure 1 shows of a family: its eigenvalues against d in a window, and its spectral density at one d.

    ``family``: its name, or its limit; ``isotropy``: as LaTeX; ``components``: their names, each with its dimension as
    a product in d. ``is_exact``: whether the terms of asymptotes are exact, not rounded.
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
    is_exact: bool = True


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
        is_exact=not any(_is_rounded(e.series.field) for e in spectrum.eigenvalues),
    )


def _grid(smallest: Fraction, largest: Fraction) -> list[Fraction]:
    """Values of d from the largest down to just above the smallest, finer towards it, the integers among them."""
    quarters = range(int(4 * smallest) + 1, int(4 * largest) + 1)
    kept = [Fraction(n, 4) for n in quarters if n % 2 == 0 or n < 4 * (smallest + 4)]
    near = [smallest + Fraction(n, 64) for n in (1, 4, 8, 12, 24, 40)]
    return sorted({*kept, *near}, reverse=True)


def _eigenvalues(path: Path, d: Fraction) -> dict[str, tuple[int, Fraction, list[float]]]:
    """For each component: how many zeros symmetries of the loss cause, the multiplicity, and the other eigenvalues,
    ascending.

    So many are zeros, by theory: those nearest to 0. Raises NoFamily below the path.
    """
    arithmetic = MpmathArithmetic(2 * DIGITS)
    values = path.point(d, arithmetic)
    found: dict[str, tuple[int, Fraction, list[float]]] = {}
    for x in eigenvalues_at(path.problem, arithmetic, values, d):
        zeros = zeros_of(path.problem, x.component, 2)
        found.setdefault(x.component.name, (zeros, x.multiplicity, []))[2].append(float(x.value))
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
                if x * y < 0 and min(abs(x), abs(y)) > NOISE:
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
        ramification = series.ramification
        known = {i: _float(series, i) for i in range(-ramification, 1)}
        slower = tuple((-i / ramification, c) for i, c in known.items() if -ramification < i < 0 and c)
        growing = " + ".join(filter(None, (_term(series, i) for i in range(-ramification, 0)))).replace("+ -", "- ")
        constant = _term(series, 0)
        yield Asymptote(known[-ramification], known[0], growing, constant, tuple(dict.fromkeys(names)), slower)


def _float(series: Series, power: int) -> float:
    c = series[power]
    return float(series.field.ball(c, 80).mid()) if c else 0.0


def _is_rounded(field: Field) -> bool:
    """Whether numbers of a field are shown rounded: balls, and what would need the names of roots of polynomials."""
    return isinstance(field, BallField) or bool(generators.declared([field]))


def _term(series: Series, power: int) -> str:
    """One term of an eigenvalue as LaTeX, "" for none."""
    c = series[power]
    if not c:
        return ""
    if not _is_rounded(series.field):
        return series_latex(monomial(series.field, c, power, series.ramification))
    exponent = Fraction(-power, series.ramification)
    factor = "" if not power else r" \, d" if exponent == 1 else rf" \, d^{{{exponent}}}"
    return f"{_float(series, power):.{SHOWN}g}{factor}"


def _density(path: Path, d: int) -> Iterator[Stem]:
    for name, (zeros, multiplicity, branches) in _eigenvalues(path, Fraction(d)).items():
        for value in [0.0] * (zeros > 0) + branches:
            yield Stem(name, value, int(multiplicity) * (zeros if value == 0.0 else 1))
