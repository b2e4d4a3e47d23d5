"""The branches at every threshold of a family: subgroups, first points, courses, certified points."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor
from typing import TYPE_CHECKING

from symrelu.branching.certify import certified, places
from symrelu.branching.follow import Course, follow, kind_of, negative_directions
from symrelu.branching.kernel import Kernel, kernel
from symrelu.branching.result import Branch, Branching, HalfBranch, ThresholdBranches
from symrelu.branching.subgroups import Split, axial
from symrelu.errors import Undecided
from symrelu.paths.threshold_result import Threshold, Thresholds
from symrelu.symmetry.isotypic import components

if TYPE_CHECKING:
    from symrelu.families import Family

BEYOND = 1.01  # how far, in d, a branch is followed beyond the next integers below and above its threshold
Progress = Callable[[str], None]


def branches(
    family: Family, thresholds: Thresholds, progress: Progress | None = None, certify: bool = True
) -> Branching:
    """The branches that meet the family at its thresholds, in axial subgroups of Young type.

    Parameters: ``thresholds`` of the family (:meth:`Family.thresholds`); ``progress`` is told what is being done;
    without ``certify`` no points are proved. For each subgroup H that fixes one direction of the kernel the branch is
    solved for at a small amplitude and followed to the integers next to the threshold and one beyond, if it goes there.
    Its points at these integers, and at one d near the threshold, are proved by Krawczyk's test, with their index. What
    is not searched is listed. Subgroups in which no branch could be followed are listed with the reason.
    """
    say = progress or (lambda message: None)
    found = tuple(_at(family, t, say, certify) for t in thresholds.thresholds)
    return Branching(thresholds.key, found, thresholds.complete)


def _at(family: Family, threshold: Threshold, say: Progress, certify: bool) -> ThresholdBranches:
    path = family.path(say)
    component = next(c for c in components(path.isotropy) if c.name == threshold.component)
    splits, missing = axial(path.isotropy, component, threshold.d)
    found: list[Branch] = []
    failed: list[str] = []
    for split in splits:
        say(f"the branch in {split.isotropy.group_name()} at d = {float(threshold.d):.6g}")
        try:
            found.append(_branch(kernel(path, split, threshold.d), say, certify))
        except Undecided as error:
            failed.append(str(error))
    return ThresholdBranches(threshold.d, component.name, tuple(found), tuple(failed), tuple(missing))


def _branch(at: Kernel, say: Progress, certify: bool) -> Branch:
    d = float(at.d)
    low, high = floor(d) - BEYOND, ceil(d) + BEYOND
    courses = [c for sign in ((1,) if at.mirrored else (1, -1)) if (c := follow(at, sign, low, high)) is not None]
    if not courses:
        raise Undecided(f"no point of a branch in {_label(at.split)} was found near d = {d:.8g}")
    kind = kind_of(at, courses)
    halves = tuple(_half(at, course, say, certify) for course in courses)
    return Branch(at.split.isotropy, at.pair, kind, at.mirrored, at.larger, halves)


def _half(at: Kernel, course: Course, say: Progress, certify: bool) -> HalfBranch:
    points = []
    for d in places(at, course) if certify else ():
        say(f"certifying the branch in {_label(at.split)} at d = {d}")
        point = certified(at, course, d)
        if point is not None:
            points.append(point)
    nodes = tuple(
        (node, float(at.amplitude(node.coordinates)), negative_directions(at.problem, node)) for node in course.nodes
    )
    side = "below" if course.nodes[0].d < float(at.d) else "above"
    return HalfBranch(side, course.nodes[-1].d, _why(at, course), tuple(course.folds()), tuple(points), nodes)


def _why(at: Kernel, course: Course) -> str:
    """Why a course ends where it does."""
    if course.meets_family is not None:
        return f"it meets a point of the family's symmetry near d = {course.meets_family:.6g}"
    if course.stop is None:
        return "asked for no further"
    if course.stop.kind == "block":
        return "a block has one element there"
    if course.stop.kind == "lost":
        return "it could be followed no further"
    return f"{course.stop.what} {'becomes 0' if course.stop.kind == 'norm' else 'become parallel'} there"


def _label(split: Split) -> str:
    return split.isotropy.group_name()
