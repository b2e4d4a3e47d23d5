"""Certified points of a branch: Krawczyk's test and the index at one d, both in balls."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

import numpy as np
from flint import arb

from symrelu.branching.apparent import apparent_sizes, family_of_that_loss
from symrelu.branching.follow import Course
from symrelu.branching.kernel import Kernel
from symrelu.branching.result import BranchPoint
from symrelu.errors import SymreluError, Undecided
from symrelu.exact.arithmetic import BallArithmetic, MpmathArithmetic, Scalar
from symrelu.exact.balls import ball, working_bits
from symrelu.model.reduced import Problem
from symrelu.paths.newton import polish
from symrelu.paths.path import exact
from symrelu.proof.inertia import BlockIndex
from symrelu.proof.pieces import BITS
from symrelu.proof.point import Box, enclose, index_at

DIGITS = 30
CLOSE = 0.02  # how far a point may be from where the branch was followed to
DRIFT = 0.1  # by how much of it the amplitude may change when a point is made exact
NEAR = Fraction(1, 10)  # the distance from the threshold at which a first point is certified, at most


def places(kernel: Kernel, course: Course) -> list[Fraction]:
    """The d at which points are certified: one near the threshold, where the branch first goes, then the integers that
    it meets, in the order in which it meets them.
    """
    d_star = float(kernel.d)
    first = course.nodes[0].d - d_star
    reach = 0.0
    for node in course.nodes:
        if (node.d - d_star) * first < 0 or abs(node.d - d_star) < reach:
            break
        reach = abs(node.d - d_star)
    found = []
    distance = min(float(NEAR), reach / 2)
    if distance > abs(first):
        unit = Fraction(1, 10 ** max(2, 1 - floor(np.log10(distance))))
        near = round(Fraction(d_star + distance * np.sign(first)) / unit) * unit
        found.append(near)
    for before, after in zip(course.nodes, course.nodes[1:], strict=False):
        low, high = sorted((before.d, after.d))
        met = [Fraction(n) for n in range(ceil(low), floor(high) + 1)]
        found += [n for n in (met if before.d < after.d else met[::-1]) if n not in found]
    return found


def certified(kernel: Kernel, course: Course, d: Fraction) -> BranchPoint | None:
    """The first point of the course at d, certified; None if Krawczyk's test fails, or the point is another one."""
    start = course.at(d)
    if start is None:
        return None
    arithmetic = MpmathArithmetic(DIGITS)
    wanted = float(kernel.amplitude(start))
    try:
        values = polish(kernel.problem, arithmetic, list(start), arithmetic.rational(d), CLOSE)
        if abs(float(kernel.amplitude(values)) - wanted) > DRIFT * abs(wanted):
            return None
        box = _box(kernel.problem, values, d)
    except SymreluError:
        return None
    with working_bits(BITS):
        amplitude = kernel.amplitude(box.entries)
        if not (amplitude > 0 or amplitude < 0):
            return None
        loss = kernel.problem.at(BallArithmetic(BITS), list(box.entries), box.d).loss()
    family = _family_loss(kernel, d)
    with working_bits(BITS):
        difference = None if family is None else loss - family
    indices: tuple[BlockIndex, ...] = ()
    reason = ""
    if any(1 < size.at(d) < 2 for size in kernel.split.isotropy.blocks):
        reason = "a block of between 1 and 2 elements has no index"
    else:
        try:
            indices = index_at(kernel.problem, box, d, BITS)
        except Undecided as error:
            reason = str(error)
    larger, same = None, None
    if d.denominator == 1:
        larger = apparent_sizes(kernel.split.isotropy, [float(x.mid()) for x in box.entries], int(d))
        same = None if larger is None else family_of_that_loss(larger, int(d), float(loss.mid()))
    return BranchPoint(
        d=d,
        isotropy=kernel.split.isotropy,
        names=kernel.problem.space.names,
        entries=box.entries,
        amplitude=amplitude,
        indices=indices,
        reason=reason,
        loss=loss,
        loss_difference=difference,
        larger=larger,
        same_loss=same,
    )


def _box(problem: Problem, values: list[Scalar], d: Fraction) -> Box:
    with working_bits(BITS):
        start, at = [ball(exact(x)) for x in values], ball(d)
    return enclose(problem, start, at, BITS)


def _family_loss(kernel: Kernel, d: Fraction) -> arb | None:
    """The loss of the family's own point at d, in a ball around it; None if the path has no point there."""
    path = kernel.path
    arithmetic = MpmathArithmetic(DIGITS)
    try:
        values = path.point(d, arithmetic)
        box = _box(path.problem, values, d)
    except SymreluError:
        return None
    with working_bits(BITS):
        return path.problem.at(BallArithmetic(BITS), list(box.entries), box.d).loss()
