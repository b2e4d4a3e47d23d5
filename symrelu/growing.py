"""One neuron more: the families that a known family becomes when a small row is added, proved like any other.

>>> import symrelu
>>> from symrelu.growing import with_one_row_more
>>> [f.kind_at_large_d() for f in with_one_row_more(symrelu.family("1b")).families]
['saddle']
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symrelu.catalogue import FamilyKey
from symrelu.errors import NoFamily, SymreluError
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.families import Family
from symrelu.finding.guide import Guide
from symrelu.finding.guided import guided_start
from symrelu.finding.keeping import start_from_json, start_json
from symrelu.finding.starts import limits_of
from symrelu.found import FoundFamilies
from symrelu.model.reduced import Problem
from symrelu.series.leading import Start
from symrelu.series.numbering import numbered
from symrelu.store.kept import kept
from symrelu.store.series import asked_of
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit

Progress = Callable[[str], None]
AT = 10**6
DIGITS = 60
COMPLETENESS = (
    "near the family given, its last row small: starts of Newton's method at d = 1e6, and the row turned round at d = "
    "1e30; not proved complete"
)
_Found = tuple[tuple[Start, ...], tuple[tuple[str, str], ...]]


def with_one_row_more(one: Family, progress: Progress | None = None) -> FoundFamilies:
    """The families whose rows are those of ``one``, up to what tends to 0, and one fixed row that tends to 0 (or near
    that: a fixed row of ``one`` may share its place with the new one).

    Each is proved as every family is: its leading system is derived, solved and enclosed; what was found before is
    taken from the store. Numbered over their limit by their loss, among themselves: a search of the whole type
    (:func:`symrelu.find_families`) may number them otherwise where it finds more. ``unproved``: curves whose leading
    system was not solved, with the reason. Raises NoFamily if nothing was found, if ``one`` does not exist, or not at
    d = 1e6.
    """
    isotropy = Isotropy(one.key.isotropy.blocks, (*one.key.isotropy.rows, Orbit(None)), one.key.isotropy.cols)
    key = FamilyKey(isotropy, None, None, one.key.setting)
    problem = key.setting.problem(FixedSpace(isotropy))
    starts, unproved = kept(
        "one row more",
        {**asked_of(one.key), "start": start_json(one.start)["entries"]},  # the number of a branch may mean another one
        lambda: _found(one, problem, progress),
        _write,
        lambda data: _read(problem, data),
    )
    limited: dict[tuple[Fraction | None, ...], int] = {}
    families = []
    for start in starts:
        limit = limits_of(start)
        limited[limit] = limited.get(limit, 0) + 1
        exact = tuple(x for x in limit if x is not None)
        known = exact if len(exact) == len(limit) else None
        families.append(Family(replace(key, limit=known, branch=limited[limit]), start))
    return FoundFamilies(tuple(families), COMPLETENESS, unproved)


def _found(one: Family, problem: Problem, progress: Progress | None) -> _Found:
    from symrelu.finding.grown import grown_candidates

    base = one.path(progress).point(Fraction(AT), MpmathArithmetic(DIGITS))
    candidates = grown_candidates(problem, [float(x) for x in base], float(AT), progress=progress)
    starts: list[Start] = []
    unproved: list[tuple[str, str]] = []
    for number, candidate in enumerate(candidates, 1):
        if progress:
            progress(f"solving leading systems: {number} of {len(candidates)}")
        try:
            starts.append(guided_start(problem, Guide.of(candidate)))
        except SymreluError as error:
            unproved.append((candidate.text(), str(error)))
    if not starts and not unproved:
        raise NoFamily(f"no family with one small row more was found near {one.key.label()}")
    return numbered(problem, starts), tuple(unproved)


def _write(found: _Found) -> dict[str, Any]:
    starts, unproved = found
    return {"starts": [start_json(start) for start in starts], "unproved": [list(pair) for pair in unproved]}


def _read(problem: Problem, data: Mapping[str, Any]) -> _Found:
    starts = tuple(start_from_json(problem, one) for one in data["starts"])
    return starts, tuple((str(what), str(why)) for what, why in data["unproved"])
