"""The isotropy group of the critical points of a family themselves, which may be larger than the group asked for.

Entries that differ in a known coefficient are different. Entries that agree as far as they are known, so that the
group would be larger, are *proved* equal: lifted in the fixed space of the larger group, the start contracts there too,
so that space holds a family that starts alike, and the start belongs to one family only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symrelu.errors import SymreluError, Undecided
from symrelu.model.permutations import PointIsotropy, point_isotropy
from symrelu.model.reduced import Problem
from symrelu.series.leading import FIRST_GOAL, Start
from symrelu.series.lifting import Lifted, lift


def proved_isotropy(
    problem: Problem, lifted_to: Callable[[int], Lifted], label: str
) -> tuple[PointIsotropy, tuple[int, ...]]:
    """The isotropy group along a family, and for each coordinate the number of the first one proved equal to it.

    Parameters: ``problem``, in the fixed space asked for; ``lifted_to``, which gives the entries right below t**known;
    ``label``, what messages call the family. Raises Undecided if entries that agree are not proved equal.
    """
    n = problem.space.dim
    for known in (FIRST_GOAL, 2 * FIRST_GOAL, 4 * FIRST_GOAL):
        lifted = lifted_to(known)
        found = point_isotropy(problem, lifted.entries)
        if not found.actual.is_larger:
            equal = tuple(range(1, problem.dim + 1))
            break
        if lifted.known is None or _embeds(found, lifted):
            entries, layer = lifted.entries[:n], lifted.entries[n:]
            equal = (
                *(entries.index(x) + 1 for x in entries),
                *(n + layer.index(x) + 1 for x in layer),
            )
            break
    else:
        raise Undecided(
            f"the entries of {label} agree as if the isotropy were {found.actual.label()}, as far as "
            f"t**{4 * FIRST_GOAL - 1}, but that could not be proved; ask for that type itself"
        )
    actual = replace(found.actual, labels=found.actual.sources)  # not depending on how many terms are known
    return replace(found, actual=actual), equal


def _embeds(found: PointIsotropy, lifted: Lifted) -> bool:
    """Whether the fixed space of the larger group holds a family that starts like this one, so far as the start
    determines this family.
    """
    order = lifted.proof.contraction_order
    assert order is not None and lifted.known is not None
    entries = tuple(lifted.entries[i].exact() for i in found.sources)
    start = Start(lifted.field, entries, lifted.known, ramification=lifted.ramification)
    try:
        larger = lift(found.problem, start, lifted.known)
    except SymreluError:
        return False
    images = dict(zip((lifted.entries[i] for i in found.sources), larger.entries, strict=True))
    return not any((images[x].exact() - x.exact()).truncate(order) for x in lifted.entries)
