"""All families of an isotropy type, or all over one limit: numbered, proved, with a word on how complete the list is.

>>> import symrelu
>>> found = symrelu.find_families(blocks="d/2,d/2", limit="+,-")
>>> len(found.families)
3
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from symrelu.catalogue import check_searched, choose
from symrelu.errors import BadInput, NoFamily
from symrelu.exact.parse import parse_fraction
from symrelu.families import Family
from symrelu.families import families as named_families
from symrelu.finding.starts import Effort, nothing_found, starts_of
from symrelu.model.padding import padding_remark
from symrelu.model.setting import PAPER, Setting
from symrelu.symmetry.fixed_space import FixedSpace

Progress = Callable[[str], None]
NAMED_ONLY = "the seven cases of Theorem 1; give --blocks to search a type for all its families"


@dataclass(frozen=True)
class FoundFamilies:
    """Families in the order of their branches.

    families: each with its number in its key. completeness: "proved ..." or how the type was searched. unproved:
    curves that the search followed to infinity, but whose leading system was not solved, with the reason. remarks: of
    a search (continua, folds, points of larger isotropy), a line each.
    """

    families: tuple[Family, ...]
    completeness: str
    unproved: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()


def find_families(
    blocks: str | None = None,
    rows: str | None = None,
    cols: str | None = None,
    limit: str | None = None,
    setting: Setting = PAPER,
    progress: Progress | None = None,
    effort: Fraction | float | str = 1,
    seed: int = 1,
) -> FoundFamilies:
    """All families of critical points of a type as d -> infinity, or those over one limit; without blocks, the named
    ones.

    Parameters: as of :func:`symrelu.family`; ``effort``, which multiplies the number of a search's starts, and its
    ``seed``. The numbering (``key.branch``) does not depend on how they were found.
    Raises BadInput for words that make no sense, NoFamily, saying what was tried, if none is found.
    """
    if not blocks:
        if rows or cols or limit or setting != PAPER or seed != 1 or parse_fraction(str(effort), "the effort") != 1:
            raise BadInput(
                "--rows, --cols, --limit, --effort, --seed and other kernels or targets belong to a type; give "
                "--blocks d-4,4 too, or nothing for the named families"
            )
        return FoundFamilies(tuple(named_families()), NAMED_ONLY)
    key = choose(None, blocks, rows, cols, limit, None, setting)
    check_searched(key.isotropy)
    problem = setting.problem(FixedSpace(key.isotropy))
    try:
        found = starts_of(key, problem, progress, Effort(parse_fraction(str(effort), "the effort"), seed))
    except NoFamily as error:
        raise nothing_found(key, error) from None
    alone = len(found.starts) == 1 and key.limit is not None
    families = tuple(
        Family(key if alone else replace(key, branch=number, name=None), start)
        for number, start in enumerate(found.starts, 1)
    )
    remark = padding_remark(problem)
    remarks = (*found.remarks, *([remark] if remark else []))
    return FoundFamilies(families, found.completeness, found.unproved, remarks)
