"""The Hessian form of the loss on directions in Fix(G) and in the second layer, summed over the pairs of rows.

Second derivatives are arranged as :mod:`symrelu.model.kernels` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symrelu.exact.arithmetic import Scalar
from symrelu.model.pairs import Pair, RowPairs
from symrelu.model.rows import Cell, Direction, Relation, is_zero, plus, times


def hessian_form(pairs: RowPairs, directions: Sequence[Direction]) -> list[list[Scalar]]:
    """The symmetric matrix of the Hessian form on these directions, divided by the kernel's prefactor; where
    ``pairs.partners_move`` is False, with the partners of each row held fixed.
    """
    form = _Form(len(directions))
    for a in range(len(pairs.student.orbits)):
        _add_row_orbit(form, pairs, a, directions)
    return form.symmetric()


def _add_row_orbit(form: _Form, pairs: RowPairs, a: int, directions: Sequence[Direction]) -> None:
    """Add what the rows of student orbit a contribute, with all their partners."""
    inner = pairs.geometry.inner
    size, w = pairs.geometry.sizes[pairs.student.orbits[a]], pairs.student.cells[a]
    moving = [(i, y.rows[a]) for i, y in enumerate(directions) if a in y.rows]
    scaling = [(i, y.second[a]) for i, y in enumerate(directions) if a in y.second]
    if not moving and not scaling:
        return
    along_w = {i: inner(w, y, Relation.SAME) for i, y in moving}
    identity: Scalar = 0  # the coefficient of the identity in d2/dw dw
    pull: dict[int, Scalar] = {i: 0 for i, _ in moving}  # <dL/dw, y>, which d2/dw dalpha carries off critical points
    for pair in pairs.pairs(a):
        v = pairs.rows(pair.teacher).cells[pair.partner]
        k_p, k_s = pairs.partials(pair.key, 1)
        sign = -1 if pair.teacher else 1
        by_alpha = times(size, times(sign, pair.weighted_count))  # the weight in the derivative by this row's alpha
        weight = times(pairs.alpha[a], by_alpha)
        along_v = {i: inner(v, y, pair.relation) for i, y in moving}
        slope = {i: plus(times(2, times(k_p, along_w[i])), times(k_s, along_v[i])) for i, _ in moving}
        if scaling:
            for i, _ in moving:
                pull[i] = plus(pull[i], times(by_alpha, slope[i]))
        if moving:
            k_pp, k_ps, k_ss, _, _, _, perp = pairs.partials(pair.key, 2)
            identity = plus(identity, times(weight, k_p))
            v_perp = _perpendicular(pair.gram.s, pair.gram.inverse_p, along_v, along_w, perp)
            for n, (i, _) in enumerate(moving):
                on_w = plus(times(4, times(k_pp, along_w[i])), times(2, times(k_ps, along_v[i])))
                on_v = plus(times(2, times(k_ps, along_w[i])), times(k_ss, along_v[i]))
                on_perp = times(perp, v_perp[i])
                for j, _ in moving[n:]:
                    value = plus(times(on_w, along_w[j]), times(on_v, along_v[j]))
                    form.add(i, j, times(weight, plus(value, times(on_perp, v_perp[j]))))
        if pairs.partners_move and not pair.teacher:
            _add_partners(form, pairs, pair, size, weight, w, v, moving, scaling, along_w, along_v, slope, directions)
    for n, (i, y) in enumerate(moving):
        for j, z in moving[n:]:
            form.add(i, j, times(times(2, identity), inner(y, z, Relation.SAME)))
        for j, second in scaling:
            form.add_mixed(i, j, times(pull[i], second))


def _add_partners(
    form: _Form,
    pairs: RowPairs,
    pair: Pair,
    size: Scalar,
    weight: Scalar,
    w: Sequence[Cell],
    v: Sequence[Cell],
    moving: Sequence[tuple[int, Sequence[Cell]]],
    scaling: Sequence[tuple[int, Scalar]],
    along_w: Mapping[int, Scalar],
    along_v: Mapping[int, Scalar],
    slope: Mapping[int, Scalar],
    directions: Sequence[Direction],
) -> None:
    """The terms of two rows moving, of a row and the second layer's entry of a partner, and of two such entries."""
    inner = pairs.geometry.inner
    partners = [(j, z.rows[pair.partner]) for j, z in enumerate(directions) if pair.partner in z.rows]
    seconds = [(j, z.second[pair.partner]) for j, z in enumerate(directions) if pair.partner in z.second]
    k_s = pairs.partials(pair.key, 1)[1]
    if moving and partners:
        _, k_ps, _, k_pq, k_qs, k_vw, perp = pairs.partials(pair.key, 2)
        gram = pair.gram
        z_on_w = {j: inner(w, z, pair.relation) for j, z in partners}
        z_on_v = {j: inner(v, z, Relation.SAME) for j, z in partners}
        w_perp = _perpendicular(gram.s, gram.inverse_q, along_w, along_v, perp)
        v_perp = _perpendicular(gram.s, gram.inverse_p, z_on_v, z_on_w, perp)
        for i, y in moving:
            on_v = plus(times(4, times(k_pq, along_w[i])), times(2, times(k_qs, along_v[i])))
            on_w = plus(times(2, times(k_ps, along_w[i])), times(k_vw, along_v[i]))
            on_perp = times(perp, w_perp[i])
            for j, z in partners:
                if j < i:
                    continue
                value = times(k_s, inner(y, z, pair.relation))
                value = plus(value, plus(times(on_v, z_on_v[j]), times(on_w, z_on_w[j])))
                form.add(i, j, times(weight, plus(value, times(on_perp, v_perp[j]))))
    by_both = times(size, pair.count)  # the weight in the derivative by both entries of the second layer
    by_partner = times(pairs.alpha[pair.key[1]], by_both)
    for i, _ in moving:
        for j, second in seconds:
            form.add_mixed(i, j, times(by_partner, times(slope[i], second)))
    for i, first in scaling:
        for j, second in seconds:
            if j >= i:
                form.add(i, j, times(by_both, times(pairs.partials(pair.key, 0)[0], times(first, second))))


def _perpendicular(
    s: Scalar, inverse: Scalar, along: Mapping[int, Scalar], along_other: Mapping[int, Scalar], perp: Scalar
) -> dict[int, Scalar]:
    """<u - (s/r) o, y> for each direction y, from <u, y>, <o, y>, and 1/r with r = <o, o>; 0 if not needed."""
    if is_zero(perp) or inverse is None:
        return dict.fromkeys(along, 0)
    ratio = times(s, inverse)
    return {i: plus(x, times(-1, times(ratio, along_other[i]))) for i, x in along.items()}


class _Form:
    """A symmetric bilinear form being summed up, its upper triangle kept."""

    def __init__(self, size: int) -> None:
        self.entries: list[list[Scalar]] = [[0] * size for _ in range(size)]

    def add(self, i: int, j: int, value: Scalar) -> None:
        """Add to the entry (i, j), i <= j: each ordered pair of rows counts by itself."""
        self.entries[i][j] = plus(self.entries[i][j], value)

    def add_mixed(self, i: int, j: int, value: Scalar) -> None:
        """Add a term of W along i and the second layer along j: once, on whichever side of the diagonal it lies."""
        low, high = min(i, j), max(i, j)
        self.entries[low][high] = plus(self.entries[low][high], times(2, value) if i == j else value)

    def symmetric(self) -> list[list[Scalar]]:
        """The whole matrix."""
        n = len(self.entries)
        return [[self.entries[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]
