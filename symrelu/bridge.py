"""The two systems side by side: the exact Hessian spectrum of a symmetric family, and random-matrix laws with the same
number of parameters, the same energy and the same mean.

What is set equal: the energy eps is the family's loss (L = n_2 eps with one output, eq. 2 of Pennington & Bahri; our
loss is half the mean square error, as theirs), and sigma is the mean of the exact spectrum, since the mean of both
models is sigma. What is chosen: phi, the ratio of parameters to examples. The families minimise the population loss,
infinitely many examples, so phi -> 0 is what the model says; there its law is a point (refined) or a semicircle about
sigma. The other values of phi are no prediction: 1/4 (or one that is given), as in the paper's figures, and the one
with which the variance comes out right, which says how few examples would spread a random spectrum as widely.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import sympy as sp

from symrelu.columns import aligned
from symrelu.errors import BadInput
from symrelu.families import Family
from symrelu.free import MarchenkoPastur, PointMass, Semicircle
from symrelu.free.law import Law
from symrelu.free.models import refined, wishart_wigner
from symrelu.free.parameters import Parameter, fraction, parameter
from symrelu.series.lifting import Progress

DIGITS = 25  # of the eigenvalues
ROUNDED = 15  # significant digits of sigma, eps and the matched phi, which are then exact numbers
PHI = Fraction(1, 4)


@dataclass(frozen=True)
class Level:
    """An eigenvalue of the exact spectrum with its multiplicity, the components of the same value together."""

    value: Fraction
    multiplicity: int
    components: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """The numbers by which spectra are compared; ``law`` is None for the exact one.

    ``index``: the fraction of negative eigenvalues; ``zero``: of zeros; ``distance``: the largest difference of the
    distribution functions from the exact one.
    """

    name: str
    phi: str | None
    law: Law | None
    mean: float
    variance: float
    skewness: float | None
    index: float
    zero: float
    lowest: float
    highest: float
    distance: float | None


@dataclass(frozen=True)
class Bridge:
    """An exact spectrum and the laws beside it."""

    family: str
    d: int
    layers: int
    parameters: int
    eps: Fraction
    sigma: Fraction
    levels: tuple[Level, ...]
    shapes: tuple[Shape, ...]

    @property
    def exact(self) -> Shape:
        """The shape of the exact spectrum."""
        return self.shapes[0]

    def shape(self, name: str) -> Shape:
        """The one of that name."""
        return next(shape for shape in self.shapes if shape.name == name)

    def findings(self) -> list[str]:
        """What agrees and what does not, in words, from the numbers at hand."""
        return _findings(self)

    def to_json(self) -> dict[str, Any]:
        """As plain data; numbers are decimal strings (8 digits)."""
        return {
            "family": self.family,
            "d": self.d,
            "layers": self.layers,
            "parameters": self.parameters,
            "eps": _short(self.eps),
            "sigma": _short(self.sigma),
            "levels": [
                {"value": _short(x.value), "multiplicity": x.multiplicity, "components": list(x.components)}
                for x in self.levels
            ],
            "spectra": [
                {
                    "name": shape.name,
                    "phi": shape.phi,
                    "law": None if shape.law is None else shape.law.name,
                    **{key: _short(getattr(shape, key)) for key in _COLUMNS},
                }
                for shape in self.shapes
            ],
            "findings": self.findings(),
        }

    def text(self) -> str:
        """A table and the findings."""
        head = ["spectrum", *_COLUMNS.values()]
        rows = [head] + [[shape.name, *(_cell(getattr(shape, key)) for key in _COLUMNS)] for shape in self.shapes]
        table = aligned(rows)
        layers = "both layers trained" if self.layers == 2 else "the first layer trained"
        lines = [
            f"{self.family} at d = {self.d}, {layers}: {self.parameters} parameters, eps = loss = {_cell(self.eps)},"
            f" sigma = mean eigenvalue = {_cell(self.sigma)}",
            "",
            *table,
            "",
            *(f"* {finding}" for finding in self.findings()),
        ]
        return "\n".join(lines)


_COLUMNS = {
    "mean": "mean",
    "variance": "variance",
    "skewness": "skewness",
    "index": "negative",
    "zero": "zero",
    "lowest": "lowest",
    "highest": "highest",
    "distance": "distance",
}


def bridge(
    one: Family, d: Parameter, layers: int = 2, phi: Parameter = PHI, progress: Progress | None = None
) -> Bridge:
    """The exact spectrum of a family at a whole d beside the laws of both models (see the module).

    Raises BadInput unless d is a whole number at which the blocks have whole sizes, and phi a number > 0.
    """
    size, ratio = fraction(parameter(d, "d"), "d"), fraction(parameter(phi, "phi", positive=True), "phi")
    if size.denominator != 1:
        raise BadInput(f"d was given as {d}; eigenvalues are counted at whole d, such as 20")
    found = one.at(size, DIGITS, layers, progress=progress)
    levels = _levels(found.eigenvalues)
    total = sum(level.multiplicity for level in levels)
    mean, variance, third = _moments(levels, total)
    eps, sigma = _rounded(Fraction(found.loss.text(DIGITS))), _rounded(mean)
    exact = Shape(
        "exact", None, None, float(mean), float(variance), float(third) / float(variance) ** 1.5,
        float(Fraction(sum(x.multiplicity for x in levels if x.value < 0), total)),
        float(Fraction(sum(x.multiplicity for x in levels if x.value == 0), total)),
        float(levels[0].value), float(levels[-1].value), None,
    )  # fmt: skip
    matched = _rounded(2 * variance / (eps + 2 * sigma**2)), _rounded((variance - 2 * eps) / sigma**2)
    laws: list[tuple[str, str | None, Law]] = [
        ("refined, phi -> 0", "0", PointMass(sigma)),
        ("wishart-wigner, phi -> 0", "0", PointMass(sigma) + Semicircle(2 * eps) if eps else PointMass(sigma)),
        (f"refined, phi = {ratio}", str(ratio), _refined(ratio, eps, sigma)),
        (f"wishart-wigner, phi = {ratio}", str(ratio), _wishart_wigner(ratio, eps, sigma)),
        ("refined, variance matched", _short(matched[0]), _refined(matched[0], eps, sigma)),
    ]
    if matched[1] > 0:
        law = _wishart_wigner(matched[1], eps, sigma)
        laws.append(("wishart-wigner, variance matched", _short(matched[1]), law))
    if progress:
        progress("laws beside it")
    shapes = [_shape(name, said, law, levels, total) for name, said, law in laws]
    return Bridge(one.name or one.key.label(), int(size), layers, total, eps, sigma, tuple(levels), (exact, *shapes))


def _refined(phi: Fraction, eps: Fraction, sigma: Fraction) -> Law:
    return refined(phi, eps, sigma) if eps else MarchenkoPastur(phi, sigma)


def _wishart_wigner(phi: Fraction, eps: Fraction, sigma: Fraction) -> Law:
    return wishart_wigner(phi, eps, sigma) if eps else MarchenkoPastur(phi, sigma)


def _levels(eigenvalues: Sequence[Any]) -> list[Level]:
    found: dict[Fraction, Level] = {}
    for x in eigenvalues:
        value, count = Fraction(x.number.text(DIGITS)), x.multiplicity
        if count.denominator != 1 or count < 0:
            raise BadInput("a block has no whole size at this d, so that eigenvalues are not counted; try another d")
        if count == 0:
            continue
        old = found.get(value, Level(value, 0, ()))
        found[value] = Level(value, old.multiplicity + int(count), (*old.components, x.component))
    return [found[value] for value in sorted(found)]


def _moments(levels: Sequence[Level], total: int) -> tuple[Fraction, Fraction, Fraction]:
    """Mean, variance and third central moment."""
    mean = sum((x.value * x.multiplicity for x in levels), Fraction(0)) / total
    second, third = (sum(((x.value - mean) ** n * x.multiplicity for x in levels), Fraction(0)) / total for n in (2, 3))
    return mean, second, third


def _rounded(x: Fraction) -> Fraction:
    return Fraction(f"{float(x):.{ROUNDED}g}")


def _shape(name: str, phi: str | None, law: Law, levels: Sequence[Level], total: int) -> Shape:
    spectrum = law.spectrum
    first, second, third = (float(k) for k in law.free_cumulants(3))  # the central moments up to the third
    ends = sorted([*(edge.value for edge in spectrum.edges), *(float(x) for x, _ in spectrum.atoms)])
    zero = sum((float(mass) for x, mass in spectrum.atoms if x == 0), 0.0)
    skewness = third / second**1.5 if second else None
    index, distance = float(spectrum.index(12)), _distance(law, levels, total)
    return Shape(name, phi, law, first, second, skewness, index, zero, ends[0], ends[-1], distance)


def _distance(law: Law, levels: Sequence[Level], total: int) -> float:
    """The largest difference of the two distribution functions: it is reached at a jump of one of them."""
    atoms = {float(x): float(mass) for x, mass in law.spectrum.atoms}
    jumps = {float(x.value): x.multiplicity / total for x in levels}
    points = np.array(sorted({*atoms, *jumps}))
    ours = law.spectrum.cdf_array(points)
    steps, masses = np.array([atoms.get(x, 0.0) for x in points]), np.array([jumps.get(x, 0.0) for x in points])
    theirs = np.cumsum(masses)
    return float(max(abs(ours - theirs).max(), abs((ours - steps) - (theirs - masses)).max()))


def _findings(found: Bridge) -> list[str]:
    """Sentences that hold for the numbers at hand, whatever they are: what is compared is decided from them."""
    exact, total, given, matched = found.exact, found.parameters, found.shapes[3], found.shapes[5]
    ratio = Fraction(matched.phi or "1")
    skewness = ""
    if exact.skewness is not None and matched.skewness is not None:
        leaning = _leaning(exact.skewness, matched.skewness)
        skewness = f" The skewness is then {matched.skewness:.3g} against {exact.skewness:.3g}: {leaning}."
    negative, zeros = (round(x * total) for x in (exact.index, exact.zero))
    rescalings = ""
    if found.layers == 2 and zeros * (found.d + 1) == total:
        rescalings = ", as many as neurons, each of which can be rescaled"
    return [
        f"mean: equal, since sigma was set to it. {exact.mean:.4g}{_beside_one_half(exact.mean)}.",
        "population: the families' loss is that of infinitely many examples, phi -> 0, where the refined law has"
        f" variance {_cell(found.shapes[1].variance)}. The exact spectrum has {exact.variance:.4g}.",
        f"bulk: {_bulk(found)}",
        f"tail: the largest eigenvalue is {exact.highest:.4g}, {_times(exact)}. The upper end of {given.name} is"
        f" {given.highest:.4g}, {_times(given)}; d is in it only through eps and sigma.",
        f"variance: that of the refined law is the exact one only at phi = {float(ratio):.3g}, as if there were"
        f" {float(total / ratio):.3g} examples for {total} parameters.{skewness}",
        f"negative eigenvalues: {negative} of {total}. {given.name} has {_count(given.index * total)}, the refined law"
        f" with matched variance {_count(matched.index * total)}.",
        f"zeros: {zeros} of {total}{rescalings}. {given.name} has {_count(given.zero * total)}, the refined law with"
        f" matched variance {_count(matched.zero * total)}.",
    ]


def _beside_one_half(mean: float) -> str:
    """The sigma = 1/2 of the paper's section 6, if the mean is near it."""
    if mean == 0.5:
        return " is exactly 1/2, the sigma that the paper finds curious"
    return (
        f" is {abs(mean - 0.5):.2g} from 1/2, the sigma that the paper finds curious" if abs(mean - 0.5) < 0.1 else ""
    )


def _bulk(found: Bridge) -> str:
    """How the eigenvalues of the exact spectrum pile up, and which of the laws have atoms."""
    largest = sorted(found.levels, key=lambda x: -x.multiplicity)[:2]
    share = sum(x.multiplicity for x in largest) / found.parameters
    at = " and ".join(f"{float(x.value):.4g} ({x.multiplicity} times, {', '.join(x.components)})" for x in largest)
    atoms = {s.name: sum((m for _, m in s.law.spectrum.atoms), sp.S.Zero) for s in found.shapes if s.law is not None}
    points = [name for name, mass in atoms.items() if mass == 1]
    mixed = [f"{name} ({float(mass):.3g} of it)" for name, mass in atoms.items() if 0 < mass < 1]
    smooth = [name for name, mass in atoms.items() if mass == 0]
    groups = (("a point", points), ("an atom and a density", mixed), ("a density alone", smooth))
    laws = "; ".join(f"{what}: {', '.join(names)}" for what, names in groups if names)
    different = f"{len(found.levels)} different eigenvalue" + ("s" if len(found.levels) > 1 else "")
    return f"the exact spectrum has {different}, {100 * share:.3g}% of it at {at}. The laws by kind - {laws}."


def _leaning(exact: float, law: float) -> str:
    """Two skewnesses compared in words."""
    if exact * law <= 0:
        sides = ["to the left" if x < 0 else "to the right" if x > 0 else "to no side" for x in (exact, law)]
        return f"the exact spectrum leans {sides[0]}, the law {sides[1]}"
    side = "right" if exact > 0 else "left"
    if exact == law:
        return f"both lean to the {side}, equally"
    return f"both lean to the {side}, the {'exact one' if abs(exact) > abs(law) else 'law'} further"


def _times(shape: Shape) -> str:
    return f"{shape.highest / shape.mean:.3g} times the mean"


def _count(x: float) -> str:
    return "none" if x == 0 else f"{x:.0f}" if x >= 10 else f"{x:.2g}"


def _short(x: float | Fraction | None) -> str | None:
    return None if x is None else "0" if x == 0 else f"{float(x):.8g}"


def _cell(x: float | Fraction | None) -> str:
    return "-" if x is None else "0" if x == 0 else f"{float(x):.5g}"


__all__ = ["Bridge", "Level", "Shape", "bridge"]
