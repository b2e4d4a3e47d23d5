"""The symmetry that a point of Fix(H) shows at an integer d, where blocks may be of one size and entries agree.

A branch is sought in Fix(H) for real d; at an integer d its point can have more symmetry, and be a point of another
family. Blocks are merged where all their entries agree; since rows and columns may be permuted, the two columns of a
block of two may be exchanged first. Agreement is to a tolerance: what is shown, not what is proved.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations, product

from symrelu.errors import SymreluError
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

TOLERANCE = 1e-10
DIGITS = 20


def apparent_sizes(isotropy: Isotropy, values: Sequence[float], d: int) -> tuple[int, ...] | None:
    """The sizes of the merged blocks, the largest first; None if no blocks merge, or rows and columns are not one orbit
    a block.

    ``values``: the coordinates of a point of Fix(H). The columns of blocks of two are exchanged as merges most.
    """
    if not isotropy.is_diagonal:
        return None
    sizes = [int(size.at(d)) for size in isotropy.blocks]
    pairs = [i for i, n in enumerate(sizes) if n == 2]
    merged = (_merged(isotropy, values, sizes, chosen) for chosen in product((False, True), repeat=len(pairs)))
    best = min(merged, key=len)
    return tuple(sorted(best, reverse=True)) if len(best) < len(sizes) else None


def _merged(isotropy: Isotropy, values: Sequence[float], sizes: list[int], chosen: Sequence[bool]) -> list[int]:
    """The sizes after merging, the columns of the chosen blocks of two exchanged."""
    space = FixedSpace(isotropy)
    exchanged = {i for i, on in zip((i for i, n in enumerate(sizes) if n == 2), chosen, strict=True) if on}

    def own(i: int) -> float:
        kinds = space.kinds(i, i)
        return values[space.position(i, i, kinds[-1] if i in exchanged else kinds[0])]

    def other(i: int) -> float:
        kinds = space.kinds(i, i)
        return values[space.position(i, i, kinds[0] if i in exchanged else kinds[-1])]

    def between(i: int, j: int) -> float:
        return values[space.position(i, j, "all")]

    def alike(i: int, j: int) -> bool:
        off = [between(i, j), between(j, i), *(other(k) for k in (i, j) if sizes[k] > 1)]
        rest = [k for k in range(len(sizes)) if k not in (i, j)]
        equal = [(own(i), own(j)), *((off[0], x) for x in off)]
        equal += [(between(i, k), between(j, k)) for k in rest] + [(between(k, i), between(k, j)) for k in rest]
        return all(abs(x - y) < TOLERANCE for x, y in equal)

    groups = [{i} for i in range(len(sizes))]
    for i, j in combinations(range(len(sizes)), 2):
        first, second = (next(g for g in groups if k in g) for k in (i, j))
        if first is not second and alike(i, j):
            groups.remove(second)
            first |= second
    return [sum(sizes[i] for i in group) for group in groups]


def family_of_that_loss(sizes: Sequence[int], d: int, loss: float) -> str | None:
    """A family of one or two blocks of these sizes that has the same loss at d, to 10 digits: its name or type."""
    types = [("d", "+"), ("d", "-")] if len(sizes) == 1 else []
    if len(sizes) == 2:
        types = [(f"d-{m},{m}", limit) for m in sorted(set(sizes)) for limit in ("+,-", "-,+")]
    for blocks, limit in types:
        found = _loss(blocks, limit, d)
        if found is not None and abs(found[1] - loss) < TOLERANCE:
            return found[0]
    return None


@cache
def _loss(blocks: str, limit: str, d: int) -> tuple[str, float] | None:
    """The name of the family and its loss at d; None if there is none."""
    from symrelu.families import family

    arithmetic = MpmathArithmetic(DIGITS)
    try:
        one = family(blocks=blocks, limit=limit)
        path = one.path()
        values = path.point(Fraction(d), arithmetic)
        return one.name or f"{blocks}:{limit}", float(
            path.problem.at(arithmetic, values, arithmetic.rational(d)).loss()
        )
    except SymreluError:
        return None
