r"""k as a real number: what splitting makes of a critical point, for every real number of neurons.

The remark that continuously increasing k turns minima into saddles while the objective stays (the conclusion of the
paper) needs a definition of a network with k neurons, k real. Three are natural.

*Copies.* An orbit of m equal neurons w/m is the neuron w, for every real m > 0: orbit sizes may be real. Network,
loss and criticality do not depend on m; by :mod:`symrelu.splitting.split` the Hessian is, up to a congruence, the old
one and (m - 1) times D of the row, so with multiplicities m_i >= 1 and k = sum m_i

    index(k) = index + sum (m_i - 1) ind(D_i),     nullity(k) = nullity + sum (m_i - 1) null(D_i).

For a minimum the only threshold in k is its own number of neurons: it is a saddle for *every* real k above it, or for
none, as some D_i has a negative eigenvalue or none has. No eigenvalue crosses 0 while k moves; those of the new block
enter with formal multiplicity m - 1. The same holds for an orbit of m equal *new* neurons at a critical position of
their own: loss and criticality do not depend on the real number m > 0, and the index only as above.

*A neuron of mass 0.* The new neuron leaves 0 in direction u: L + s Phi(u) + O(s**2). The slopes at the targets sum to
-2 L (:func:`symrelu.splitting.split.target_slopes`), so *every* critical point of positive loss is no minimum as soon
as one neuron is added, at the same loss. It is the end c -> 0 of the segment of split points ((1 - c) w, c w).

*All formulas with k in place of d.* The loss then moves at the rate -(kappa(w, w) - kappa(w, w'))/2
(:func:`symrelu.splitting.split.stretching_slope`), and is negative at the target itself: no network has that loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.model.rows import Relation
from symrelu.paths.evaluation import MAX_DIGITS
from symrelu.paths.evaluation_result import Number
from symrelu.series.lifting import Progress
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.splitting.result import SplitValue, WidthRow, Widths
from symrelu.splitting.split import RowValue, row_values, target_slopes
from symrelu.symmetry.isotropy import Isotropy

if TYPE_CHECKING:
    from symrelu.families import Family

ZERO_DIGITS = 30
GUARD = 15


def widths(
    family: Family, d: Fraction | int, digits: int = 15, prove: bool = False, progress: Progress | None = None
) -> Widths:
    """What more neurons than k do to a family at one real d: the forms of splitting, indices, slopes of a new neuron.

    ``prove``: the index of the point and of every D in balls (for a point with D = 0, as 1a, they are exact). Numbers
    are numerical, to ``digits`` digits as computed with guard digits. Raises BadInput for digits or a d that make no
    sense, NoFamily below the end of the path, Undecided where a proof fails.
    """
    if not 1 <= digits <= MAX_DIGITS:
        raise BadInput(f"{digits} digits were asked for; give a number between 1 and {MAX_DIGITS}")
    d = Fraction(d)
    path = family.path(progress)
    arithmetic = _arithmetic(d, max(digits, ZERO_DIGITS))  # what is 0 must not depend on the digits shown
    found = point_widths(path.problem, arithmetic, path.point(d, arithmetic), d, digits)
    found = replace(found, label=family.key.label(), name=family.name)
    return _with_proof(found, family, d, progress) if prove else found


def point_widths(
    problem: Problem, arithmetic: MpmathArithmetic, values: Sequence[Scalar], d: Fraction, digits: int
) -> Widths:
    """The same for any critical point in Fix(G), numerically: k = d or not, any orbits of rows.

    ``values``: its coordinates as numbers of ``arithmetic``, which must carry some more digits than ``digits`` (and
    three times the digits of d). An eigenvalue counts as 0 where the arithmetic's digits do not tell it from 0. Raises
    BadInput at a d at which a block has no element or between one and two.
    """
    context = arithmetic.context
    isotropy = problem.space.isotropy
    point = problem.at(arithmetic, values, arithmetic.rational(d))
    tiny = context.mpf(10) ** (GUARD + 4 * len(str(int(d))) - context.dps)
    spectrum = eigenvalues_at(problem, arithmetic, values, d, 1)
    loss = point.loss()
    zero_loss = bool(abs(loss) < tiny)
    return Widths(
        label=isotropy.label(),
        name=None,
        d=d,
        k=Fraction(isotropy.k.at(d)),
        digits=digits,
        loss=Number(0 if zero_loss else loss),
        index=sum((v.multiplicity for v in spectrum if v.value < -tiny), Fraction(0)),
        rows=tuple(_row(isotropy, row_values(point, row, d), row, d, tiny) for row in range(len(isotropy.rows))),
        slopes=tuple(
            (Fraction(isotropy.orbit_size(orbit).at(d)), Number(0 if abs(x) < tiny else x))
            for orbit, x in zip(point.teacher.orbits, target_slopes(point), strict=True)
        ),
        zero_loss=zero_loss,
        loss_with_one_more=_with_one_more(point, loss),
    )


def _with_one_more(point: ReducedPoint, loss: Scalar) -> Scalar:
    """The least of L + s Phi(v) + s**2 kappa(v, v)/2 over s >= 0 and the targets v."""
    prefactor = point.problem.kernel.prefactor_in(point.arithmetic)
    best = loss
    for b, slope in enumerate(target_slopes(point)):
        relation = Relation.UNRELATED if point.teacher.orbits[b].block is None else Relation.SAME
        (itself,) = point.partials((True, b, True, b, relation), 0)
        if slope < 0:
            best = min(best, loss - slope**2 / (2 * itself * prefactor))
    return best


def _arithmetic(d: Fraction, digits: int) -> MpmathArithmetic:
    return MpmathArithmetic(digits + GUARD + 4 * len(str(int(d))))


def _row(isotropy: Isotropy, values: Sequence[RowValue], row: int, d: Fraction, tiny: Any) -> WidthRow:
    shown = tuple(
        SplitValue(v.component.name, v.branch, v.multiplicity, Number(0 if abs(v.value) < tiny else v.value))
        for v in values
    )
    return WidthRow(
        orbit=row + 1,
        neurons=Fraction(isotropy.orbit_size(isotropy.rows[row]).at(d)),
        values=shown,
        negative=sum((v.multiplicity for v in shown if v.number.value < 0), Fraction(0)),
        zero=sum((v.multiplicity for v in shown if v.number.value == 0), Fraction(0)),
    )


def _with_proof(found: Widths, family: Family, d: Fraction, progress: Progress | None) -> Widths:
    """The same with indices proved in balls at this d."""
    from symrelu.errors import Undecided
    from symrelu.splitting.proof import proved_at

    prover = family.prover()
    certificate = family.certify(d, digits=found.digits, progress=progress)
    if certificate.verdict not in ("minimum", "saddle"):
        raise Undecided(f"the index of {family.key.label()} at d = {d} is not proved: {certificate.reason}")
    index = sum(
        (i.negative * i.component.dimension(prover.isotropy).formal(d) for i in certificate.indices), Fraction(0)
    )
    if prover.is_constant and found.zero_loss:
        exactly = tuple(replace(row, proved=True) for row in found.rows)
        return replace(found, index=index, proved=True, rows=exactly, rests_on=certificate.rests_on)
    bits = int(3.33 * found.digits) + 64 + 4 * int(d).bit_length()
    blocks = proved_at(prover.problem, certificate.enclosure, d, bits)
    rows = []
    for row in found.rows:
        own = [b for b in blocks if b.row == row.orbit - 1]
        negative = sum((b.least * b.multiplicity.formal(d) for b in own), Fraction(0))
        rows.append(replace(row, negative=negative, zero=Fraction(0), proved=True))
    return replace(found, index=index, rows=tuple(rows), proved=True, rests_on=certificate.rests_on)
