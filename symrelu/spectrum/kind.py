"""Whether the critical points of a family are minima or saddles for all large d."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from symrelu.errors import Undecided
from symrelu.spectrum.symmetry_zeros import rotation_zeros

if TYPE_CHECKING:
    from symrelu.families import Family


def kind_at_large_d(family: Family) -> str:
    """ "minimum", "saddle" or "degenerate": what :meth:`symrelu.families.Family.kind_at_large_d` says.

    The spectrum is taken to higher orders until no moving branch vanishes. Raises Undecided if one still does, and
    TruncatedTooSoon where branches are not told apart.
    """
    ramification = family.start.ramification
    layers = 2 if family.key.setting.kernel.second_layer_is_free else 1
    for order in (0, 2, 4, 8):
        found = family.spectrum(order * ramification // 2, layers)
        moving = [e.series for e in found.eigenvalues if not e.is_zero]
        if any(x.coefficients and x.field.sign(x.leading) < 0 for x in moving):
            return "saddle"
        if not all(x.coefficients for x in moving):
            continue
        zeros = Counter(e.component for e in found.eigenvalues if e.is_zero)
        if any(n > rotation_zeros(family.actual_problem, component) for component, n in zeros.items()):
            return "degenerate"
        return "minimum"
    raise Undecided(
        f"an eigenvalue along {family.key.label()} vanishes as far as t**{order * ramification // 2}, and whether it "
        "is 0 is not decided"
    )
