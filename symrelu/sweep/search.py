"""The families of one isotropy type, for a sweep: all over signs of the diagonal, and what a search adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from symrelu.errors import NoFamily, SymreluError

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.finding.normaliser import Images
    from symrelu.found import FoundFamilies
    from symrelu.model.setting import Setting
    from symrelu.symmetry.isotropy import Isotropy

Limit = tuple[Fraction | None, ...]
MOST_UNKNOWNS = 12  # of a type that is searched at effort 1
USUAL = Fraction(1)


@dataclass(frozen=True)
class Searched:
    """``families``, each with the number of its branch: over its limit, or, where a limit is no rational number, among
    all families of the type that the search found. Families that only the search met over a sign of the diagonal are
    counted after the others there. ``completeness`` of the list, in words; and ``unproved``: what a search met but did
    not solve or failed at, each with the reason.
    """

    families: tuple[tuple[Family, int], ...]
    completeness: str
    unproved: tuple[tuple[str, str], ...] = ()


def families_of(isotropy: Isotropy, setting: Setting, limits: str, effort: Fraction = USUAL) -> Searched:
    """The families of a type that are found, each once up to the normaliser of the group.

    ``limits``: "signs", only those whose limit is diagonal with entries +-1 (of types with one row and one column orbit
    a block); "found", all that a numerical search meets besides. Over one limit these are the solutions of the leading
    system for a = limit + O(1/d) and what the search met besides; a family that both give counts once. ``effort``
    multiplies the number of a search's starts, and the largest number of unknowns that one is tried with. Raises
    BadInput for types that are not searched.
    """
    from symrelu.catalogue import check_searched
    from symrelu.finding.normaliser import symmetries
    from symrelu.found import find_families
    from symrelu.symmetry.fixed_space import FixedSpace

    check_searched(isotropy)
    blocks, rows, cols = (",".join(map(str, part)) for part in (isotropy.blocks, isotropy.rows, isotropy.cols))
    problem = setting.problem(FixedSpace(isotropy))
    images = symmetries(problem)
    over: dict[Limit, list[tuple[Family, int]]] = {}
    notes: list[str] = []
    unproved: list[tuple[str, str]] = []

    def representative(limit: Limit) -> Limit:
        """The largest image of a rational limit, the same for all limits that the normaliser exchanges."""
        known = [x for x in limit if x is not None]
        if len(known) < len(limit):
            return limit
        padded = [*known, *[Fraction(1)] * (problem.dim - len(known))]
        return max(tuple(image.of(padded)[: len(known)]) for image in images)

    def add(found: FoundFamilies) -> None:
        for one in found.families:
            limit = representative(one.limit)
            here = over.setdefault(limit, [])
            if any(_same(one, other, images) for other, _ in here):
                continue
            # branches count over their limit where it is rational: a search of all limits numbers them otherwise
            rational, over_limit = all(x is not None for x in limit), one.key.limit is not None
            last = max((number for _, number in here), default=0)
            here.append((one, last + 1 if rational and not over_limit else one.key.branch or 1))
        unproved.extend(found.unproved)

    if isotropy.is_diagonal:
        notes.append("over each sign of the diagonal, families a = limit + O(1/d): all")
        classes = {representative(limit): signs for limit, signs in reversed(_sign_limits(isotropy))}
        for signs in reversed(classes.values()):
            try:
                add(find_families(blocks, rows, cols, signs, setting, effort=effort))
            except NoFamily:
                continue
            except SymreluError as error:
                unproved.append((signs, str(error)))
    most = int(MOST_UNKNOWNS * effort)
    if limits == "found" and problem.dim > most:
        notes.append(f"not searched for others: {problem.dim} unknowns, and {most} are searched at this effort")
    elif limits == "found":
        try:
            found = find_families(blocks, rows, cols, setting=setting, effort=effort)
        except SymreluError as error:
            notes.append(f"a search for others failed: {error}")
        else:
            notes.append(found.completeness)
            add(found)
    families = tuple(pair for group in over.values() for pair in group)
    return Searched(families, "; ".join(notes), tuple(unproved))


def _same(one: Family, other: Family, images: Images) -> bool:
    """Whether two families are one up to the normaliser: whether some image of the first start is the second."""
    from symrelu.series.numbering import agree

    start = one.start
    return any(agree(replace(start, entries=tuple(image.of(start.entries))), other.start) for image in images)


def _sign_limits(isotropy: Isotropy) -> list[tuple[Limit, str]]:
    """The limits of diagonal matrices with entries +-1, with the words for them."""
    from symrelu.catalogue import read_limit

    patterns = [",".join(signs) for signs in product("+-", repeat=len(isotropy.blocks))]
    return [(read_limit(isotropy, signs), signs) for signs in patterns]


__all__ = ["Searched", "families_of"]
