"""Which permutations leave a loss, and a point of it, unchanged: isotropy and multiplicity for any target and signs.

Permutations of the student's rows with equal second-layer entries leave the loss unchanged, and so do permutations of
columns that permute the teacher's rows (of equal beta) among themselves. Only these count: another permutation makes
of a critical point something that need not be one. For V = I_d and equal signs they are all of S_k x S_d.

The isotropy group of a point is the automorphism group of W stacked on V, each row marked with its entry of
the second layer: a permutation of columns that leaves W unchanged counts if it comes with one of V's rows. Other
symmetries (signs of rows for an even activation, rotations of columns that no teacher sees) are no permutations and not
counted here.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.model.reduced import Problem
from symrelu.model.teacher import Exact, Teacher
from symrelu.symmetry.actual import ActualIsotropy, actual_isotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.multiplicity import Count, group_order, multiplicity
from symrelu.symmetry.size import Size

Marked = tuple[Orbit, tuple[Exact, ...], Fraction]  # a teacher orbit, its cells, its weight


@dataclass(frozen=True)
class PointIsotropy:
    """The isotropy group of a point of Fix(G), and the same networks in the fixed space of it.

    actual: the group, as :func:`symrelu.symmetry.actual.actual_isotropy` gives it. problem: on that group's fixed
    space. sources: for each coordinate of the problem, the place of an equal coordinate of the given one (those of
    the second layer included, where it is free).
    """

    actual: ActualIsotropy
    problem: Problem
    sources: tuple[int, ...]


def all_permutations(problem: Problem) -> bool:
    """Whether every permutation of rows and columns leaves the loss unchanged: V = I_d and equal second layers."""
    return problem.is_identity and problem.alpha is not None and len(set(problem.alpha)) == 1


def point_isotropy(problem: Problem, labels: Sequence[Hashable]) -> PointIsotropy:
    """The isotropy group of a point for all large d, among the permutations that leave the loss unchanged.

    ``labels``: one hashable object a coordinate of the problem, equal if and only if the coordinates are.
    """
    space = problem.space
    n = space.dim
    if all_permutations(problem):
        actual = actual_isotropy(space.isotropy, labels)
        same = actual.isotropy == space.isotropy
        larger = problem if same else problem.on(FixedSpace(actual.isotropy))
        return PointIsotropy(actual, larger, actual.sources)
    given = space.isotropy
    second: Sequence[Hashable] = labels[n:] if problem.alpha is None else problem.alpha
    marked = _marked(problem)
    stacked = Isotropy(given.blocks, given.rows + tuple(orbit for orbit, *_ in marked), given.cols)
    tagged: list[Hashable] = [("student", second[c.row], labels[i]) for i, c in enumerate(space.coordinates)]
    tagged += _tags(stacked, len(given.rows), marked)
    found = actual_isotropy(stacked, tagged)
    if found.isotropy == stacked:
        actual = ActualIsotropy(given, given, tuple(range(n)), tuple(labels[:n]), found.local, found.extra)
        return PointIsotropy(actual, problem, tuple(range(problem.dim)))
    whole = FixedSpace(found.isotropy)
    labelled = list(zip(whole.coordinates, found.sources, found.labels, strict=True))
    students = [i for i in range(len(found.isotropy.rows)) if _row_label(labelled, i)[0] == "student"]
    group = Isotropy(found.isotropy.blocks, tuple(found.isotropy.rows[i] for i in students), found.isotropy.cols)
    sources = tuple(source for c, source, _ in labelled if c.row in students)
    first = [next(source for c, source, _ in labelled if c.row == i) for i in students]
    rows = [space.coordinates[source].row for source in first]
    actual = ActualIsotropy(given, group, sources, tuple(labels[i] for i in sources), found.local, found.extra)
    signs = () if problem.alpha is None else tuple(problem.alpha[row] for row in rows)
    teacher = _teacher_on(found.isotropy, labelled, [i for i in range(len(found.isotropy.rows)) if i not in students])
    larger = Problem(FixedSpace(group), problem.kernel, teacher, signs=signs)
    layer = tuple(n + row for row in rows) if problem.alpha is None else ()
    return PointIsotropy(actual, larger, sources + layer)


def multiplicity_of(problem: Problem, actual: ActualIsotropy) -> Count:
    """The number of distinct critical points that the permutations which leave the loss unchanged make of one.

    ``problem``: in whichever fixed space; ``actual``: the isotropy group of the point among these permutations.
    """
    if all_permutations(problem):
        return multiplicity(actual)
    isotropy = problem.space.isotropy
    classes: dict[int, Size] = {}
    for orbit, sign in zip(isotropy.rows, problem.alpha or (1,) * len(isotropy.rows), strict=True):
        size = isotropy.orbit_size(orbit)
        classes[sign] = classes[sign] + size if sign in classes else size
    return multiplicity(actual, tuple(classes.values()), group_order(target_isotropy(problem)))


def target_isotropy(problem: Problem) -> ActualIsotropy:
    """The permutations of columns that leave the target unchanged, as the isotropy group of V with its rows marked."""
    isotropy, marked = problem.space.isotropy, _marked(problem)
    rows = tuple(orbit for orbit, *_ in marked)
    used = sorted({o.block for o in (*rows, *isotropy.cols) if o.block is not None})
    numbers: dict[int | None, int | None] = {None: None} | {b: i for i, b in enumerate(used)}
    rows, cols = (tuple(Orbit(numbers[o.block]) for o in orbits) for orbits in (rows, isotropy.cols))
    group = Isotropy(tuple(isotropy.blocks[b] for b in used), rows, cols)
    return actual_isotropy(group, _tags(group, 0, marked))


def _marked(problem: Problem) -> list[Marked]:
    """The teacher's orbits without two that stand for the same rows: their weights are added.

    For a positively homogeneous activation parallel rows are the same, so rows are scaled to largest entry 1.
    """
    teacher = problem.teacher
    weights: dict[tuple[Orbit, tuple[Exact, ...]], Fraction] = {}
    for orbit, cells, beta in zip(teacher.orbits, teacher.cells, teacher.beta, strict=True):
        weight = beta
        if problem.kernel.homogeneous:
            scale = max(max(abs(c), abs(c + (delta or 0))) for c, delta in cells)
            cells = tuple((c / scale, None if delta is None else delta / scale) for c, delta in cells)
            weight = beta * scale
        key = (orbit, cells)
        weights[key] = weights.get(key, Fraction(0)) + weight
    return [(orbit, cells, weight) for (orbit, cells), weight in weights.items() if weight]


def _tags(stacked: Isotropy, above: int, marked: Sequence[Marked]) -> list[Hashable]:
    """The labels of the teacher's coordinates, which lie below ``above`` row orbits."""
    tags: list[Hashable] = []
    for coordinate in FixedSpace(stacked).coordinates:
        if coordinate.row >= above:
            _, cells, weight = marked[coordinate.row - above]
            c, delta = cells[coordinate.col]
            own = coordinate.kind == "own" and delta is not None
            tags.append(("teacher", weight, c + delta if own and delta is not None else c))
    return tags


def _row_label(labelled: Sequence[tuple[Any, int, Any]], row: int) -> Any:
    return next(label for c, _, label in labelled if c.row == row)


def _teacher_on(isotropy: Isotropy, labelled: Sequence[tuple[Any, int, Any]], rows: Sequence[int]) -> Teacher:
    """The teacher's rows of the larger group, from their labels."""
    cells: list[tuple[Exact, ...]] = []
    for row in rows:
        here: dict[int, dict[str, Fraction]] = {}
        for c, _, label in labelled:
            if c.row == row:
                here.setdefault(c.col, {})[c.kind] = label[2]
        cells.append(
            tuple(
                (kinds["all"], None) if "all" in kinds else (kinds["other"], kinds["own"] - kinds["other"])
                for _, kinds in sorted(here.items())
            )
        )
    orbits = tuple(isotropy.rows[row] for row in rows)
    return Teacher(orbits, tuple(cells), tuple(_row_label(labelled, row)[1] for row in rows))


__all__ = ["PointIsotropy", "all_permutations", "multiplicity_of", "point_isotropy", "target_isotropy"]
