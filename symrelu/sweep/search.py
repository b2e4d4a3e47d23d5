"""The families of one isotropy type, for a sweep: all over signs of the diagonal, and what a search adds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING

from symrelu.errors import NoFamily, SymreluError

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.found import FoundFamilies
    from symrelu.model.setting import Setting
    from symrelu.symmetry.isotropy import Isotropy

Limit = tuple[Fraction | None, ...]


@dataclass(frozen=True)
class Searched:
    """``families``, in the order of their branches over each limit; ``completeness`` of the list, in words; and
    ``unproved``: what a search met but did not solve or failed at, each with the reason.
    """

    families: tuple[Family, ...]
    completeness: str
    unproved: tuple[tuple[str, str], ...] = ()


def families_of(isotropy: Isotropy, setting: Setting, limits: str) -> Searched:
    """The families of a type that are found, each once up to the normaliser of the group.

    ``limits``: "signs", only those whose limit is diagonal with entries +-1 (of types with one row and one column orbit
    a block); "found", all that a numerical search meets besides. Over one limit the longer list is taken: the solutions
    of the leading system for a = limit + O(1/d), or what the search met. Raises BadInput for types that are not
    searched.
    """
    from symrelu.catalogue import check_searched
    from symrelu.finding.normaliser import symmetries
    from symrelu.found import find_families
    from symrelu.symmetry.fixed_space import FixedSpace

    check_searched(isotropy)
    blocks, rows, cols = (",".join(map(str, part)) for part in (isotropy.blocks, isotropy.rows, isotropy.cols))
    problem = setting.problem(FixedSpace(isotropy))
    images = symmetries(problem)
    over: dict[Limit, list[Family]] = {}
    notes: list[str] = []
    unproved: list[tuple[str, str]] = []

    def representative(limit: Limit) -> Limit:
        """The largest image of a rational limit."""
        known = [x for x in limit if x is not None]
        if len(known) < len(limit):
            return limit
        padded = [*known, *[Fraction(1)] * (problem.dim - len(known))]
        return max(tuple(image.of(padded)[: len(known)]) for image in images)

    def add(found: FoundFamilies) -> None:
        here: dict[Limit, list[Family]] = {}
        for one in found.families:
            here.setdefault(representative(one.limit), []).append(one)
        for limit, families in here.items():
            if len(families) > len(over.get(limit, ())):
                over[limit] = families
        unproved.extend(found.unproved)

    if isotropy.is_diagonal:
        notes.append("over each sign of the diagonal, families a = limit + O(1/d): all")
        for limit, signs in _sign_limits(isotropy).items():
            if limit == representative(limit):
                try:
                    add(find_families(blocks, rows, cols, signs, setting))
                except NoFamily:
                    continue
                except SymreluError as error:
                    unproved.append((signs, str(error)))
    if limits == "found":
        try:
            found = find_families(blocks, rows, cols, setting=setting)
        except SymreluError as error:
            notes.append(f"a search for others failed: {error}")
        else:
            notes.append(found.completeness)
            add(found)
    families = [one for group in over.values() for one in group]
    return Searched(tuple(families), "; ".join(notes), tuple(unproved))


def _sign_limits(isotropy: Isotropy) -> dict[Limit, str]:
    """The limits of diagonal matrices with entries +-1, with the words for them."""
    from symrelu.catalogue import read_limit

    patterns = [",".join(signs) for signs in product("+-", repeat=len(isotropy.blocks))]
    return {read_limit(isotropy, signs): signs for signs in patterns}


__all__ = ["Searched", "families_of"]
