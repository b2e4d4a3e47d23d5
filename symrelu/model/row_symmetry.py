"""Symmetries of rows that are no permutations: changes of sign for even and odd activations, rotations for z**2.

With an even activation each row may change sign by itself, with an odd one together with its second-layer entry (for
homogeneous odd activations (w, alpha) and (-w, -alpha) are the two halves of a rescaling orbit). So the group that acts
on neurons is Z_2 wr S_k, and a point has 2**k times as many images, unless a permutation of rows and columns together
with changes of sign leaves it unchanged. With z**2 the group O(k) acts, and critical points come in whole orbits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from symrelu.errors import BadInput, Undecided
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.field import Field
from symrelu.exact.series import Series, dimension
from symrelu.model.permutations import multiplicity_of
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.symmetry.actual import ActualIsotropy
from symrelu.symmetry.multiplicity import Count

POWERS = (1, 3, 5)  # sums of these powers of a row's entries change sign with the row


@dataclass(frozen=True)
class Orbits:
    """Critical points in orbits of O(k): infinitely many, in orbits of dimension k(k - 1)/2 where the rows of W are
    linearly independent.
    """

    def at(self, d: int) -> int:
        """Raises BadInput: there is no number."""
        raise BadInput(f"at d = {d} the points fill orbits of O(k), which have no number of points")

    def sympy(self, d: Any = None) -> Any:
        """SymPy's infinity."""
        import sympy

        return sympy.oo

    def __str__(self) -> str:
        return "infinite (orbits of O(k))"

    def latex(self) -> str:
        """The same in LaTeX."""
        return r"\infty\ (\text{orbits of } O(k))"


def points_of(problem: Problem, actual: ActualIsotropy, point: ReducedPoint) -> Count | Orbits:
    """The number of distinct critical points that all known symmetries of the loss make of one: permutations, changes
    of sign of rows, rotations.

    Parameters: ``problem``, as it was asked for; ``actual``, the isotropy group of the point among permutations;
    ``point``, the point along a family as series, in any fixed space that contains it. Raises Undecided where a change
    of sign may leave the point unchanged up to a permutation.
    """
    count = multiplicity_of(problem, actual)
    kernel = problem.kernel
    if kernel.rotations:
        return Orbits()
    if not (kernel.even or (kernel.odd and kernel.second_layer_is_free)):
        return count  # with an odd activation a row turns round along with its second layer, which must be free to
    if not signs_move(point):
        raise Undecided(
            f"with the kernel {kernel.name} rows may change sign, and whether a permutation makes up for that at this "
            "point is not decided; the number of permuted points alone is "
            f"{count}"
        )
    k = problem.space.isotropy.k
    if k.is_constant:
        return replace(count, coefficient=count.coefficient * 2 ** int(k.const))
    powers = dict(count.powers)
    return replace(count, powers=(*((b, n) for b, n in powers.items() if b != 2), (2, k + powers.get(2, 0))))


def points_along(
    problem: Problem, actual: ActualIsotropy, entries: Sequence[Series], field: Field, ramification: int
) -> Count | Orbits:
    """:func:`points_of` for a family with these entries, series over ``field`` in t = d**(-1/ramification)."""
    arithmetic = SeriesArithmetic(field, ramification)
    return points_of(problem, actual, problem.at(arithmetic, entries, dimension(field, ramification)))


def signs_move(point: ReducedPoint) -> bool:
    """Whether no change of sign of some rows, undone by a permutation of rows and columns, leaves the point unchanged.

    Such a permutation takes a row to minus another (or itself), so sums of odd powers of their entries are opposite;
    for odd activations their entries of the second layer are too. False where neither tells two rows apart.
    """
    orbits = range(len(point.student.orbits))
    if point.problem.kernel.odd and all(
        _differ(point, point.alpha[a], point.alpha[b]) for a in orbits for b in orbits if b >= a
    ):
        return True
    sums = {power: [_power_sum(point, a, power) for a in orbits] for power in POWERS}
    return all(any(_differ(point, s[a], s[b]) for s in sums.values()) for a in orbits for b in orbits if b >= a)


def _differ(point: ReducedPoint, x: Any, y: Any) -> bool:
    """Whether x + y is known not to be 0."""
    total = point.scalar(x + y)
    return bool(total.coefficients)


def _power_sum(point: ReducedPoint, a: int, power: int) -> Any:
    """The sum of a power of the entries of a row of orbit a."""
    total = point.arithmetic.rational(0)
    for (c, delta), n in zip(point.student.cells[a], point.geometry.column_sizes, strict=True):
        total = total + n * c**power
        if delta is not None:
            total = total + (c + delta) ** power - c**power
    return total


def column_gram(point: ReducedPoint) -> list[Any]:
    """The entries of W' diag(alpha) W, one for each pair of column orbits: of two different columns (the first of each
    orbit), and of a column with itself.
    """
    sizes = [point.geometry.sizes[orbit] for orbit in point.student.orbits]
    found = []
    columns = range(len(point.space.isotropy.cols))
    for i, j, same in [*((i, j, False) for i in columns for j in columns if i <= j), *((i, i, True) for i in columns)]:
        total = point.arithmetic.rational(0)
        for cells, n, alpha in zip(point.student.cells, sizes, point.alpha, strict=True):
            (c, delta), (e, other) = cells[i], cells[j]
            part = n * c * e
            if delta is not None:
                part = part + delta * e
            if other is not None:
                part = part + c * other
            if same and delta is not None and other is not None:
                part = part + delta * other
            total = total + alpha * part
        found.append(total)
    return found
