"""Certified minima of three blocks at whole sizes: existence, uniqueness, index and symmetry, all in Arb balls."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from flint import arb

from symrelu.errors import Undecided
from symrelu.exact.arithmetic import BallArithmetic
from symrelu.exact.balls import working_bits
from symrelu.proof.inertia import BlockIndex
from symrelu.proof.pieces import BITS
from symrelu.proof.point import enclose, index_at
from symrelu.regions.curve import Floats
from symrelu.regions.sizes import three_blocks


@dataclass(frozen=True, eq=False)
class Certified:
    """A proved critical point of Delta(S_q x S_1 x S_{d-q-1}), k = d, at whole sizes.

    ``entries``: balls around a_1, ..., a_11 that hold exactly one critical point; ``loss``: a ball around its loss,
    proved to be positive; ``indices``: the negative eigenvalues of the Hessian by isotypic component, the others proved
    to be positive. The eleven entries are proved to be different, so that its isotropy is no larger group.
    """

    q: int
    d: int
    entries: tuple[arb, ...]
    loss: arb
    indices: tuple[BlockIndex, ...]

    @property
    def is_minimum(self) -> bool:
        """Whether no eigenvalue is negative (none is 0, beside the d rescaling directions)."""
        return all(index.negative == 0 for index in self.indices)


def certify(entries: Floats, q: int, d: int, bits: int = BITS) -> Certified:
    """The critical point near these entries at the whole sizes (q, 1, d - q - 1), proved.

    Krawczyk's test in a box, and the pivots of every isotypic block that occurs at d. Raises Undecided where a test
    fails, an entry is not proved to differ from another, or the loss not to be positive.
    """
    problem = three_blocks(q)
    with working_bits(bits):
        box = enclose(problem, [arb(float(x)) for x in entries], arb(d), bits)
        if any(x.overlaps(y) for x, y in combinations(box.entries, 2)):
            raise Undecided(
                f"the point near q = {q}, d = {d} may have fewer than three blocks: two entries are too near"
            )
        loss = problem.at(BallArithmetic(bits), list(box.entries), box.d).loss()
        if not loss > 0:
            raise Undecided(f"the loss at q = {q}, d = {d} lies in {loss.str(4)}, which is not proved to be positive")
    return Certified(q, d, box.entries, loss, index_at(problem, box, Fraction(d), bits))
