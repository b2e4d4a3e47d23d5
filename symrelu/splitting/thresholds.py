"""Every d at which an eigenvalue of D of a row changes sign: there splitting adds another number of directions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, exp, log
from typing import TYPE_CHECKING

from symrelu.errors import BadInput, NoFamily
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.model.reduced import ReducedPoint
from symrelu.paths.equations import meaningless_below
from symrelu.paths.path import Path, exact
from symrelu.series.lifting import Progress
from symrelu.splitting.split import row_blocks, row_values
from symrelu.symmetry.isotypic import Component, Dimension

if TYPE_CHECKING:
    from symrelu.families import Family

MAX_DIGITS = 200
MESH_DIGITS = 25
STEP = 0.25  # of the mesh in log d
MARGIN = 1e-3  # relative distance from the least d looked at
LARGEST = 1e5
_Key = tuple[int, Component, int]  # row orbit, component, branch


@dataclass(frozen=True)
class SplitThreshold:
    """A d at which an eigenvalue of D of the rows of one orbit (from 1) is 0: bracket, two fractions around it at which
    the eigenvalue was found to have opposite signs; below: the sign for smaller d; multiplicity: in R^d.
    """

    d: Scalar
    bracket: tuple[Fraction, Fraction]
    orbit: int
    component: str
    branch: int
    multiplicity: Dimension
    below: str


def split_thresholds(
    family: Family, digits: int = 15, down_to: Fraction | None = None, progress: Progress | None = None
) -> list[SplitThreshold]:
    """The changes of sign from d = 1e5 down to ``down_to`` (default: where a block has two rows, or the path ends).

    Found on a mesh, numerically: that none was missed is not proved here.

    Raises BadInput for digits that make no sense, NoFamily if there is no such family.
    """
    if not 1 <= digits <= MAX_DIGITS:
        raise BadInput(f"{digits} digits were asked for; give a number between 1 and {MAX_DIGITS}")
    path = family.path(progress)
    if path.is_constant:
        return []
    two = meaningless_below(path.isotropy, 2)
    lowest = max([float(x) for x in (two[0] if two else 1, down_to) if x is not None] + [float(exact(path.end().d))])
    first, last = log(lowest * (1 + MARGIN)), log(LARGEST)
    steps = ceil((last - first) / STEP)
    before: dict[_Key, int] = {}
    u_before = last
    found: list[SplitThreshold] = []
    for i in range(steps + 1):
        u = last - (last - first) * i / steps
        if progress:
            progress(f"forms of splitting of {family.key.label()} at d = {exp(u):.5g}")
        try:
            values = _values(path, Fraction(exp(u)).limit_denominator(10**9), MESH_DIGITS)
        except NoFamily:
            break  # too near the end
        signs = {key: 1 if x > 0 else -1 for key, (x, _) in values.items()}
        for key, sign in signs.items():
            if before.get(key, sign) != sign:
                found.append(_refined(path, key, values[key][1], (u, u_before), -before[key], digits))
        before, u_before = signs, u
    return sorted(found, key=lambda t: -t.d)


def _values(path: Path, d: Fraction, digits: int) -> dict[_Key, tuple[Scalar, Dimension]]:
    arithmetic = MpmathArithmetic(digits + 4 * len(str(int(d))))
    point = path.problem.at(arithmetic, path.point(d, arithmetic), arithmetic.rational(d))
    return dict(_keyed(point, path, d))


def _keyed(point: ReducedPoint, path: Path, d: Fraction) -> Iterator[tuple[_Key, tuple[Scalar, Dimension]]]:
    for row in range(len(path.isotropy.rows)):
        dimensions = {block.component: block.dimension for block in row_blocks(point, row)}
        for v in row_values(point, row, d):
            yield (row, v.component, v.branch), (v.value, dimensions[v.component])


def _refined(
    path: Path, key: _Key, dimension: Dimension, bracket: tuple[float, float], low_sign: int, digits: int
) -> SplitThreshold:
    """The zero in a bracket of log d, by the secant method inside the bracket (Illinois), to so many digits."""
    low, high = (Fraction(exp(u)).limit_denominator(10**9) for u in bracket)
    f, g = (_values(path, d, MESH_DIGITS)[key][0] for d in (low, high))
    unit = Fraction(1, 10 ** (digits + 1 - len(str(int(high)))))
    for i in range(60 + 4 * digits):
        if high - low <= unit:
            break
        weight = exact(g / (g - f)) if i % 3 else Fraction(1, 2)
        middle = high - (high - low) * weight
        middle = round(middle / unit * 8) * unit / 8  # a short fraction
        middle = min(max(middle, low + unit / 4), high - unit / 4)
        value = _values(path, middle, digits + MESH_DIGITS)[key][0]
        if value * g > 0:
            high, g = middle, value
        else:
            low, f = middle, value
    arithmetic = MpmathArithmetic(digits + 5)
    return SplitThreshold(
        arithmetic.rational((low + high) / 2),
        (low, high),
        key[0] + 1,
        key[1].name,
        key[2],
        dimension,
        "negative" if low_sign < 0 else "positive",
    )
