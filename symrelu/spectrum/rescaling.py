"""The Hessian along the rescaling orbit w_i -> lambda w_i, alpha_i -> alpha_i/lambda, on which the loss is constant.

With S = Diag(1/lambda on W, lambda on alpha) the Hessian at the rescaled point is S H S (the loss is the same
function in the scaled variables). So index and
nullity do not change (Sylvester's law of inertia), and eigenvalues do: the trace is tr(H_WW)/lambda**2 + lambda**2
tr(H_aa), which
takes every value above 2 sqrt(tr H_WW tr H_aa). Flatness as a size of eigenvalues is no property of the network.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.linear import inverse_matrix
from symrelu.exact.series import Series, dimension, monomial
from symrelu.spectrum.blocks import all_copies, block

if TYPE_CHECKING:
    from symrelu.families import Family

ORDER = 2
GUARD = 10


def trace_along_rescaling(family: Family) -> dict[int, Series]:
    """The trace of the Hessian of both layers at (lambda W, alpha/lambda), as a series in t for each power of
    lambda.
    """
    known = ORDER + GUARD
    lifted = family.lifted(known)
    entries = [x if lifted.known is None else x.exact().truncate(known) for x in lifted.entries]
    d = dimension(lifted.field)
    point = family.problem.at(SeriesArithmetic(lifted.field), entries, d)
    isotropy = family.key.isotropy
    total = {-2: monomial(lifted.field, 0, 0), 2: monomial(lifted.field, 0, 0)}
    for of in all_copies(isotropy, True):
        pencil = block(point, of)
        first = len([r for r in of.representatives if r.rows])
        multiplicity = monomial(lifted.field, of.component.dimension(isotropy).coefficient, 0)
        for factor in of.component.dimension(isotropy).factors:
            multiplicity = multiplicity * factor.at(d)
        for power, part in ((-2, range(first)), (2, range(first, len(of)))):
            if not part:
                continue
            gram = [[pencil.gram[i][j].truncate(known) for j in part] for i in part]
            inverse = inverse_matrix(gram)
            for m, i in enumerate(part):
                for n, j in enumerate(part):
                    total[power] = total[power] + multiplicity * inverse[m][n] * pencil.hessian[j][i]
    return {power: x.truncate(ORDER + 1) for power, x in total.items()}
