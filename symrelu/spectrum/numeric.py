"""The whole spectrum at one point and one real d, in high precision: small symmetric pencils, whatever the
dimension.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.model.reduced import Problem
from symrelu.spectrum.blocks import all_copies, block, gram_matrix, trains_second
from symrelu.symmetry.isotypic import Component, Copies
from symrelu.symmetry.meaningful import meaningful


@dataclass(frozen=True)
class Value:
    """One eigenvalue at one d; ``multiplicity`` is the formal dimension there (a Fraction; an integer where the
    sizes are).
    """

    component: Component
    branch: int
    multiplicity: Fraction
    value: Any


def independent(of: Copies, d: Fraction) -> list[int]:
    """The positions of a maximal independent set of representatives at this d, by exact elimination of their Gram
    matrix.

    All of them, unless a block has size 1 or 2 at this d.
    """
    gram = [[Fraction(x) for x in row] for row in gram_matrix(of, d)]
    kept: list[int] = []
    rows: list[list[Fraction]] = []  # the Gram rows of the kept ones, in echelon form
    pivots: list[int] = []
    for i in range(len(gram)):
        row = list(gram[i])
        for pivot, other in zip(pivots, rows, strict=True):
            factor = row[pivot] / other[pivot]
            row = [x - factor * y for x, y in zip(row, other, strict=True)]
        leading = next((j for j, x in enumerate(row) if x), None)
        if leading is not None:
            kept.append(i)
            rows.append(row)
            pivots.append(leading)
    return kept


def eigenvalues_at(
    problem: Problem, arithmetic: MpmathArithmetic, values: Sequence[Scalar], d: Fraction | int, layers: int = 2
) -> list[Value]:
    """Every eigenvalue of the Hessian at a point of Fix(G), ascending within each component, with its multiplicity.

    ``values`` are the coordinates as numbers of ``arithmetic``, whose precision is that of the answer, less what
    the sums over the blocks lose: about three times the digits of d. The point need not be critical. Components that
    are absent at this d are left out; at a real d multiplicities are formal. Raises BadInput where a block has no
    element or between one and two (:func:`symrelu.symmetry.meaningful.meaningful`), and for layers other than 1 and 2.
    """
    exact_d, isotropy = Fraction(d), problem.space.isotropy
    meaningful(isotropy, exact_d, spectrum=True)
    point = problem.at(arithmetic, values, arithmetic.rational(exact_d))
    context = arithmetic.context
    found: list[Value] = []
    for of in all_copies(isotropy, trains_second(layers)):
        dimension = of.component.dimension(isotropy)
        if not dimension.present(exact_d):
            continue
        kept = independent(of, exact_d)
        pencil = block(point, of)
        norms = [context.sqrt(pencil.gram[i][i]) for i in kept]
        hessian = _normalised(pencil.hessian, kept, norms, context)
        gram = _normalised(pencil.gram, kept, norms, context)
        inverse = context.cholesky(gram) ** -1
        symmetric = inverse * hessian * inverse.T
        branches = sorted(context.eigsy((symmetric + symmetric.T) / 2, eigvals_only=True))
        multiplicity = dimension.formal(exact_d)
        found += [Value(of.component, i, multiplicity, x) for i, x in enumerate(branches, 1)]
    return found


def _normalised(matrix: Sequence[Sequence[Scalar]], kept: Sequence[int], norms: Sequence[Scalar], context: Any) -> Any:
    return context.matrix(
        [[matrix[i][j] / (norms[m] * norms[n]) for n, j in enumerate(kept)] for m, i in enumerate(kept)]
    )
