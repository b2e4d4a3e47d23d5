"""From a candidate of the search to the start of a family: its leading system, solved and proved.

Where every limit is rational and the leading system is polynomial over Q(pi), its real solutions are found exactly and
the one next to the candidate is taken. Elsewhere the leading system is derived with undetermined coefficients and
enclosed in balls (:mod:`symrelu.series.system`), and what follows is linear over these constants. The candidate's
decimals only choose among solutions.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symrelu.errors import NoFamily, SymreluError
from symrelu.exact.balls import working_bits
from symrelu.exact.constants import DEFAULT_BITS, BallField
from symrelu.exact.field import NotASquare
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.finding.candidates import Candidate
from symrelu.model.reduced import Problem
from symrelu.series.leading import FIRST_GOAL, Start, continued, leading_branches

CLOSE = 1e-6  # relative: solutions of one leading system lie further apart, or the choice is refused


def guided_start(problem: Problem, candidate: Candidate, bits: int = DEFAULT_BITS) -> Start:
    """The start of the family next to the candidate; NoFamily or Undecided where its leading system is not solved."""
    ramification = candidate.ramification
    first = [ramification * FIRST_GOAL if e is None else int(e * ramification / 2) for e in candidate.exponents]
    goal = max([FIRST_GOAL * ramification // 2, *(e + 1 for e, x in zip(first, candidate.exponents, strict=True) if x)])
    limits = [x.exact for x in candidate.limits]
    if all(x is not None for x in limits):
        begin = [min(e, ramification) if x is None else e for e, x in zip(first, candidate.exponents, strict=True)]
        try:
            starts = leading_branches(problem, [QPI(x) for x in limits], goal, first=begin, ramification=ramification)
            return _closest(starts, candidate)
        except (SymreluError, NotASquare):
            pass  # no polynomial leading system: a row of undetermined norm, or an angle that is no known constant
    return enclosed_start(problem, candidate, goal, bits)


def enclosed_start(problem: Problem, candidate: Candidate, goal: int, bits: int) -> Start:
    """The start with ball coefficients whose leading system :mod:`symrelu.series.system` derives and encloses."""
    from symrelu.series.system import leading_system

    ramification = candidate.ramification
    system = leading_system(problem, ramification, candidate)
    values = system.start_values(bits)
    field = BallField(bits)
    known, upto = [], []
    for i in range(problem.dim):
        terms = {power: value for (index, power), value in values.items() if index == i}
        end = max(terms, default=-1) + 1
        known.append(Series(field, 0, [field(terms.get(k, 0)) for k in range(end)], None, ramification))
        upto.append(end)
    starts = continued(problem, known, upto, goal, ramification)
    if len(starts) != 1:
        raise NoFamily(f"the leading system has {len(starts)} continuations; one was expected")
    return starts[0]


def _closest(starts: Sequence[Start], candidate: Candidate) -> Start:
    """The start whose first corrections are the candidate's; NoFamily if none or several are."""
    near = [start for start in starts if _distance(start, candidate) < CLOSE]
    if len(near) != 1:
        raise NoFamily(f"{len(near)} of {len(starts)} solutions of the leading system fit the candidate {candidate}")
    return near[0]


def _distance(start: Start, candidate: Candidate) -> float:
    """The largest relative difference of first coefficients."""
    worst = 0.0
    for x, terms in zip(start.entries, candidate.corrections, strict=True):
        if terms:
            power = terms[0].exponent * start.ramification / 2
            theirs = float(terms[0].coefficient.value)
            ours = _float(x, power) if power < start.known else theirs
            worst = max(worst, abs(ours - theirs) / max(abs(theirs), 1e-12))
    return worst


def _float(x: Series, power: Fraction) -> float:
    value: Any = x[int(power)] if power.denominator == 1 else 0
    if not value:
        return 0.0
    with working_bits(64):
        return float(x.field.ball(x.field(value), 64).mid())
