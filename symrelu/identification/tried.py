"""Which families a matrix is compared with: by its group, the signs of its diagonal, and with one fixed row more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from symrelu.catalogue import NAMED
from symrelu.errors import BadInput, SeveralFamilies, SymreluError
from symrelu.families import Family, family
from symrelu.found import FoundFamilies
from symrelu.identification.result import size_word
from symrelu.model.setting import PAPER, Setting
from symrelu.series.lifting import Progress
from symrelu.symmetry.identify import MatrixIsotropy
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.size import D, Size
from symrelu.symmetry.young_lattice import YoungType

NEAR_SIGN = 0.5  # how far from +-1 a diagonal entry may be and still be taken for its limit
MOST_BRANCHES = 8  # over one limit
LARGEST_CONSTANT = 20  # rows in a constant block of a type that no paper lists, whose families are worked out

Array = np.ndarray[Any, np.dtype[Any]]


def types_with_limits(W: Array, found: MatrixIsotropy) -> tuple[list[tuple[Isotropy, str]], list[str]]:
    """The types that this group may belong to for all d, each with the signs of its diagonal; what is not clear.

    At one d it is not told which block grows: any that is at least half as large as the largest, or two halves.
    """
    young = found.young
    if found.isotropy is None:
        return [], []
    if _has_one_row_more(found):
        return [], []
    if not young.is_diagonal:
        return [], ["families are compared where the group is Delta(...) and k = d; none of this type was tried"]
    sizes, _, _ = young.orbits()
    counts = [int(size.const) for size in sizes]
    starts = [sum(counts[:i]) for i in range(len(counts))]
    own = [W[found.rows[start], found.cols[start]] for start in starts]
    if any(abs(abs(x) - 1) > NEAR_SIGN for x in own):
        return [], ["the diagonal is not near +-1: no family of its type was tried beyond the named ones"]
    signs = ["+" if x > 0 else "-" for x in own]
    types = []
    for grows, count in enumerate(counts):
        if 2 * count >= counts[0]:
            turn = [grows, *(i for i in range(len(counts)) if i != grows)]
            blocks = [D - (found.d - count), *(Size(Fraction(counts[i])) for i in turn[1:])]
            types.append((Isotropy.diagonal(blocks), ",".join(signs[i] for i in turn)))
    if len(counts) == 2 and counts[0] == counts[1]:
        halves = Isotropy.diagonal([D / 2, D / 2])
        types += [(halves, ",".join(signs)), (halves, ",".join(reversed(signs)))]
    return types, []


@lru_cache(maxsize=512)
def _family(
    name: str | None = None,
    blocks: str | None = None,
    limit: str | None = None,
    branch: int | None = None,
    setting: Setting = PAPER,
) -> Family:
    """A family, the same object for the same words: what it has computed serves the next matrix."""
    return family(name, blocks=blocks, limit=limit, branch=branch, setting=setting)


def families_to_try(
    found: MatrixIsotropy, limits: Sequence[tuple[Isotropy, str]], notes: list[str], setting: Setting
) -> Iterator[Family]:
    """The families to compare with, the named ones first."""
    tried = set()
    for entry in NAMED:
        one = _family(entry.name, setting=setting)
        if found.k == found.d and _fits(one.key.isotropy, found):
            tried.add((one.key.isotropy, entry.limit))
            yield one
    for isotropy, limit in limits:
        if (isotropy, limit) in tried:
            continue
        tried.add((isotropy, limit))
        constant = sum(int(size.const) for size in isotropy.blocks if size.is_constant)
        if constant > LARGEST_CONSTANT:
            notes.append(f"families of {isotropy.label()} were not worked out: {constant} rows in constant blocks")
            continue
        blocks = ",".join(size_word(size) for size in isotropy.blocks)
        one = _family(blocks=blocks, limit=limit, setting=setting)
        yield one
        if _several(one):
            for branch in range(1, MOST_BRANCHES + 1):
                another = _family(blocks=blocks, limit=limit, branch=branch, setting=setting)
                try:
                    _ = another.start
                except SymreluError:
                    break
                yield another


def _has_one_row_more(found: MatrixIsotropy) -> bool:
    """Whether the group is that of two diagonal blocks and one fixed row."""
    isotropy = found.isotropy
    return (
        isotropy is not None
        and found.k == found.d + 1
        and len(isotropy.blocks) == 2
        and [o.block for o in isotropy.rows] == [0, 1, None]
        and [o.block for o in isotropy.cols] == [0, 1]
    )


def families_with_one_row_more(
    W: Array, found: MatrixIsotropy, notes: list[str], progress: Progress | None, setting: Setting
) -> Iterator[Family]:
    """For k = d + 1, two blocks and one fixed row: what the family with k = d whose diagonal has the matrix's signs
    becomes with one row more.
    """
    if not _has_one_row_more(found):
        return
    size = found.d - int(found.young.orbits()[0][0].const)
    if size > LARGEST_CONSTANT:
        notes.append(f"families with one row more were not worked out: {size} rows in a constant block")
        return
    first, rest = found.rows[0], found.rows[found.d - size :]
    last = W[[*rest[:1], *rest[size:]], found.cols[-size]]  # a block of one row may be either of the fixed rows
    signs = ["+" if x > 0 else "-" for x in (W[first, found.cols[0]], last[np.abs(last).argmax()])]
    base = _family(blocks=f"d-{size},{size}", limit=",".join(signs), setting=setting)
    try:
        grown = _grown(base, progress)
    except SymreluError as error:
        notes.append(f"families with one row more than {base.key.label()} were not compared: {error}")
        return
    notes.append(
        f"families tried with k = d + 1: {len(grown.families)} near {base.key.label()} whose further row tends to 0; "
        "branches are numbered among these"
    )
    yield from grown.families


_GROWN: dict[Family, FoundFamilies] = {}  # by the family, of which there is one object


def _grown(base: Family, progress: Progress | None) -> FoundFamilies:
    from symrelu.growing import with_one_row_more

    if base not in _GROWN:
        _GROWN[base] = with_one_row_more(base, progress)
    return _GROWN[base]


def _several(one: Family) -> bool:
    try:
        _ = one.start
    except SeveralFamilies:
        return True
    except SymreluError:
        return False
    return False


def _fits(isotropy: Isotropy, found: MatrixIsotropy) -> bool:
    try:
        return YoungType.of(isotropy, found.d) == found.young
    except BadInput:  # a block is no positive integer at this d
        return False
