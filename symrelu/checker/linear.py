"""Small linear algebra for proofs: scalings by powers of t, approximate inverses, contraction and inertia."""

from __future__ import annotations

from collections.abc import Sequence

from flint import arb, arb_mat

from symrelu.checker.taylor import Domain, Model, NoEnclosure

Matrix = list[list[Model]]
GAIN = 6  # coefficients of the polynomial preconditioner


class Rejected(ValueError):
    """The certificate proves less than it claims; the message says in one line what is missing."""


def scaling(valuations: Sequence[Sequence[int | None]]) -> tuple[list[int], list[int]]:
    """Powers u, v with u_i + v_j <= valuation of entry (i, j), equal along a permutation; max v = 0, v largest.

    The matrix with entries J_ij / t**(u_i + v_j) is then a power series whose determinant has the lowest power that
    the valuations allow; None is the valuation of zero. Rejected if every permutation meets a zero.
    """
    size = len(valuations)
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for row in valuations:
        following: dict[int, tuple[int, tuple[int, ...]]] = {}
        for used, (cost, columns) in best.items():
            for j, value in enumerate(row):
                if value is not None and not used >> j & 1:
                    candidate = (cost + value, (*columns, j))
                    if used | 1 << j not in following or candidate < following[used | 1 << j]:
                        following[used | 1 << j] = candidate
        best = following
    if not best:
        raise Rejected("the Jacobian at t = 0 is singular for every scaling by powers of t")
    ((_, chosen),) = best.values()
    v = [0] * size
    for _ in range(size):
        for i, row in enumerate(valuations):
            base = row[chosen[i]]
            assert base is not None
            for j, value in enumerate(row):
                if value is not None:
                    v[j] = min(v[j], v[chosen[i]] + value - base)
    u = []
    for i, row in enumerate(valuations):
        base = row[chosen[i]]
        assert base is not None
        u.append(base - v[chosen[i]])
    return u, v


def preconditioner(jacobian: Matrix) -> Matrix:
    """A polynomial matrix near the inverse, with exact midpoints for coefficients; no claim depends on how near."""
    domain, size = jacobian[0][0].domain, len(jacobian)

    def coefficient(f: Model, k: int) -> arb:
        place = k - f.v
        entry = f.c[place] if 0 <= place < len(f.c) else None
        return arb(0) if entry is None else entry.mid()

    layers = [arb_mat([[coefficient(f, k) for f in row] for row in jacobian]) for k in range(min(GAIN, domain.terms))]
    try:
        first = _middle(layers[0].inv())
    except ZeroDivisionError:
        raise NoEnclosure("the Jacobian is not seen to be regular") from None
    series = [first]
    for k in range(1, len(layers)):
        total = layers[k] * first
        for j in range(1, k):
            total = total + layers[j] * series[k - j]
        series.append(_middle(-(first * total)))
    return [[_exact(domain, [layer[i, j] for layer in series]) for j in range(size)] for i in range(size)]


def _middle(matrix: arb_mat) -> arb_mat:
    return arb_mat([[matrix[i, j].mid() for j in range(matrix.ncols())] for i in range(matrix.nrows())])


def _exact(domain: Domain, coefficients: list[arb]) -> Model:
    return domain.model([None if c.is_zero() else c for c in coefficients])


def defect(y: Matrix, jacobian: Matrix) -> list[list[arb]]:
    """All values of I - Y J."""
    size = len(y)
    out = []
    for i in range(size):
        row = []
        for j in range(size):
            total = y[0][0].domain.constant(1 if i == j else 0)
            for k in range(size):
                total = total - y[i][k] * jacobian[k][j]
            row.append(total.range())
        out.append(row)
    return out


def applied(y: Matrix, residual: Sequence[Model]) -> list[arb]:
    """All values of Y times the residual."""
    out = []
    for row in y:
        total = y[0][0].domain.model([])
        for entry, value in zip(row, residual, strict=True):
            total = total + entry * value
        out.append(total.range())
    return out


def image(step: Sequence[arb], rest: Sequence[Sequence[arb]], box: Sequence[arb]) -> list[arb]:
    """Krawczyk's operator about 0: -Y F + (I - Y J) box."""
    return [-s + sum((entry * b for entry, b in zip(row, box, strict=True)), arb(0))
            for s, row in zip(step, rest, strict=True)]  # fmt: skip


def contracts(rest: Sequence[Sequence[arb]], weights: Sequence[arb] | None = None) -> bool:
    """Whether |I - Y J| x < x for some positive x: then every matrix J enclosed, and every mean of such, is regular."""
    size = len(rest)
    sizes = [[entry.abs_upper() for entry in row] for row in rest]
    if not all(entry.is_finite() for row in sizes for entry in row):
        return False
    x = [arb(1)] * size if weights is None else list(weights)
    for _ in range(30):
        new = [sum((entry * b for entry, b in zip(row, x, strict=True)), arb(0)) for row in sizes]
        if all(a < b for a, b in zip(new, x, strict=True)):
            return True
        # towards the Perron vector, kept positive
        top = max((a.upper() for a in new), key=float)
        if not top > 0:
            return False
        x = [(a / top).mid().abs_upper() + arb(2) ** -20 for a in new]
    return False


def inertia(matrix: Matrix) -> int:
    """The number of negative eigenvalues for all tau > 0 (for all tau, if the domain is two-sided).

    LDL' without exchanges; a pivot tau**v * f counts if f has one sign. NoEnclosure where a pivot may be 0.
    """
    a = [list(row) for row in matrix]
    size, negative = len(a), 0
    for k in range(size):
        pivot = a[k][k]
        one_sided = pivot.domain.lo == 0 and pivot.domain.hi > 0
        sign = pivot.sign() if pivot.c and (pivot.v == 0 or one_sided) else 0
        if sign == 0:
            raise NoEnclosure(f"pivot {k + 1} of {size} may be 0")
        negative += sign < 0
        for i in range(k + 1, size):
            factor = a[i][k] / pivot
            for j in range(k + 1, i + 1):
                a[i][j] = a[j][i] = a[i][j] - factor * a[j][k]
    return negative
