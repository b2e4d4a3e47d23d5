"""The series of a family as a result: entries and loss lifted to the order asked for, with all they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symrelu.errors import Undecided
from symrelu.exact.constants import DEFAULT_BITS, BallField
from symrelu.exact.square_roots import smallest_field
from symrelu.model.row_symmetry import Orbits
from symrelu.results import FamilySeries
from symrelu.series.leading import FIRST_GOAL
from symrelu.series.lifting import Progress
from symrelu.series.loss import loss_series
from symrelu.symmetry.multiplicity import Count

if TYPE_CHECKING:
    from symrelu.families import Family


def family_series(family: Family, order: int, progress: Progress | None, digits: int) -> FamilySeries:
    """What :meth:`symrelu.families.Family.series` says, computed and not read from the store."""
    bits = max(DEFAULT_BITS, 8 * digits) if isinstance(family.start.field, BallField) else 0
    lifted = family.lifted(max(order + 1, (order + 8) // 2, FIRST_GOAL), progress, bits)
    loss = loss_series(family.problem, lifted, order + 1)
    entries = [x if x.is_exact else x.truncate(order + 1) for x in lifted.entries]
    field = smallest_field(lifted.field, [c for x in (*entries, loss) for c in x.coefficients])
    return FamilySeries(
        family=family.name,
        asked=family.key.isotropy,
        limit=family.limit,
        actual=family.actual,
        equal_entries=family.equal_entries,
        order=order,
        field=field,
        entries={name: x.over(field) for name, x in zip(family.problem.names, entries, strict=True)},
        loss=loss.over(field),
        multiplicity=_known_multiplicity(family),
        proof=lifted.proof.statement(),
        ramification=lifted.ramification,
        setting=family.key.setting,
        branch=family.key.branch,
        system=family.start.system,
        digits=digits if bits else None,
    )


def _known_multiplicity(family: Family) -> Count | Orbits | None:
    """The number of points, None where it is not decided."""
    try:
        return family.multiplicity()
    except Undecided:
        return None


__all__ = ["family_series"]
