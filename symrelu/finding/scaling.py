"""Scaled coordinates of Fix(G), and Newton's method for many points at once.

A coordinate x of a row that fills n columns is scaled to z = x sqrt(n): then the squares of a row's z sum to its
squared norm, whatever d is. The Hessian is taken in x sqrt(N), N the number of entries of W: symmetric, its spectrum
the trivial isotypic block's. An entry of a free second layer counts as a row of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symrelu.errors import ZeroRow
from symrelu.exact.arithmetic import FLOAT, Scalar
from symrelu.exact.dual import Dual, DualArithmetic
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace

Floats = np.ndarray[Any, np.dtype[np.float64]]

STEP_CAP = 0.5
NO_ROW = 1e-14  # a row of such a norm is 0
ROUNDING = 5e-16  # of the gradient of a row, as a part of d


def columns_filled(problem: Problem, d: Scalar) -> list[Scalar]:
    """How many columns of one row hold each coordinate at d; 1 for an entry of the second layer."""
    isotropy = problem.space.isotropy
    filled: list[Scalar] = []
    for coordinate in problem.space.coordinates:
        size = isotropy.orbit_size(isotropy.cols[coordinate.col]).at(d)
        filled.append(1 if coordinate.kind == "own" else size - 1 if coordinate.kind == "other" else size)
    return filled + [1] * (problem.dim - problem.space.dim)


def rows_filled(problem: Problem, d: Scalar) -> list[Scalar]:
    """How many rows hold each coordinate at d."""
    isotropy = problem.space.isotropy
    orbits = [isotropy.rows[c.row] for c in problem.space.coordinates]
    if problem.dim > problem.space.dim:
        orbits += isotropy.rows
    return [isotropy.orbit_size(orbit).at(d) for orbit in orbits]


def row_numbers(problem: Problem) -> list[int]:
    """The row orbit of each coordinate; entries of the second layer count as rows of their own, numbered behind."""
    rows = [c.row for c in problem.space.coordinates]
    return rows + [len(problem.space.isotropy.rows) + i for i in range(problem.dim - problem.space.dim)]


class Scaled:
    """A problem in scaled coordinates, for batches of points: arrays of shape (points, coordinates)."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.space: FixedSpace = problem.space
        self.dim = problem.dim
        self._tables: dict[tuple[str, float], Floats] = {}
        self.rows = np.array(row_numbers(problem))
        self.members = [np.flatnonzero(self.rows == r) for r in range(max(self.rows) + 1)]

    def roots(self, d: Floats) -> Floats:
        """sqrt(columns filled): z = x * roots."""
        return self._kept("columns", d, lambda at: columns_filled(self.problem, at))

    def entry_roots(self, d: Floats) -> Floats:
        """sqrt(entries of W)."""

        def filled(at: Floats) -> list[Scalar]:
            return [n * m for n, m in zip(rows_filled(self.problem, at), columns_filled(self.problem, at), strict=True)]

        return self._kept("entries", d, filled)

    def _kept(self, what: str, d: Floats, numbers: Callable[[Floats], list[Scalar]]) -> Floats:
        """A table of roots; one that is the same for all points, as in multistart, is computed once."""
        if not len(d) or np.any(d != d[0]):
            return self._table(d, numbers(d))
        key = (what, float(d[0]))
        if key not in self._tables:
            self._tables[key] = self._table(d[:1], numbers(d[:1]))[0]
        return np.broadcast_to(self._tables[key], (len(d), self.dim))

    @staticmethod
    def _table(d: Floats, columns: list[Any]) -> Floats:
        result: Floats = np.sqrt(np.stack([np.broadcast_to(np.asarray(n, dtype=float), d.shape) for n in columns], -1))
        return result

    def norms(self, z: Floats) -> Floats:
        """The norm of each row orbit's rows, for each coordinate: shape of z."""
        result = np.empty_like(z)
        for member in self.members:
            result[..., member] = np.sqrt(np.sum(z[..., member] ** 2, axis=-1))[..., None]
        return result

    def derivatives(self, z: Floats, d: Floats) -> tuple[Floats, Floats]:
        """(gradient by the entries of a row times ``roots``, symmetric Hessian in x sqrt(N)), without the prefactor.

        Raises ZeroRow if a row of one of the points is 0.
        """
        point = self.problem.at(FLOAT, list((z / self.roots(d)).T), d)
        gradient = self._stack(point.entry_gradient(), d) * self.roots(d)
        weights = self.entry_roots(d)
        rows = [self._stack(row, d) for row in point.hessian(scaled=True)]
        hessian = np.stack(rows, 1) / (weights[:, :, None] * weights[:, None, :])
        return gradient, hessian

    def by_log_d(self, z: Floats, d: Floats) -> Floats:
        """The derivative of the entry gradient by log d at fixed entries of W, times ``roots``."""
        x = list((z / self.roots(d)).T)
        dual = self.problem.at(DualArithmetic(FLOAT), [Dual(v) for v in x], Dual(d, d))
        slopes = [f.slope if isinstance(f, Dual) else 0.0 for f in dual.entry_gradient()]
        return self._stack(slopes, d) * self.roots(d)

    @staticmethod
    def _stack(columns: list[Any], d: Floats) -> Floats:
        return np.stack([np.broadcast_to(np.asarray(c, dtype=float), d.shape) for c in columns], -1)

    def solve(self, hessian: Floats, gradient: Floats, d: Floats, flat: float = 0.0) -> Floats:
        """The z-step s with Hessian * s = gradient, for scaled gradients; nan where the matrix is singular.

        ``flat``: directions with an eigenvalue below this part of the largest (after scaling the diagonal to 1) are not
        moved along; with 0 all are.
        """
        # With y = x sqrt(N) = z e: H_y dy = dL/dy = gradient * e, e = sqrt(rows of the orbit).
        e = self.entry_roots(d) / self.roots(d)
        scale = 1 / np.sqrt(np.abs(np.diagonal(hessian, axis1=1, axis2=2)) + 1e-300)
        matrix = hessian * scale[:, :, None] * scale[:, None, :]
        right = (gradient * e * scale)[..., None]
        try:
            if flat:
                values, vectors = np.linalg.eigh(matrix)
                kept = np.abs(values) > flat * np.max(np.abs(values), axis=1)[:, None]
                inverses = np.divide(1.0, values, out=np.zeros_like(values), where=kept)
                solution = vectors @ (inverses[..., None] * (np.swapaxes(vectors, 1, 2) @ right))
            else:
                solution = np.linalg.solve(matrix, right)
        except np.linalg.LinAlgError:
            solution = np.full_like(right, np.nan)
            for i in range(len(matrix)):
                try:
                    solution[i] = np.linalg.solve(matrix[i], right[i])
                except np.linalg.LinAlgError:
                    pass
        result: Floats = solution[..., 0] * scale / e
        return result

    def loss(self, z: Floats, d: Floats) -> Floats:
        """The loss at each point."""
        value = self.problem.at(FLOAT, list((z / self.roots(d)).T), d).loss()
        return np.broadcast_to(np.asarray(value, dtype=float), d.shape)


@dataclass(frozen=True, eq=False)
class Converged:
    """What became of a batch of starts: ``z`` where each stopped, ``ok`` where Newton converged, ``why`` elsewhere."""

    z: Floats
    ok: np.ndarray[Any, np.dtype[np.bool_]]
    why: dict[str, int]


def newton(scaled: Scaled, z: Floats, d: Floats, most: int = 60, cap: float = STEP_CAP, flat: float = 0.0) -> Converged:
    """Newton's method from every start at once, each step at most ``cap`` in the largest z; no descent, since saddles
    are wanted too.

    A point has converged when the next step is below 1e-6 of every row's norm, or the gradient is rounding. With
    ``flat`` (see :meth:`Scaled.solve`) the method stops anywhere on a continuum of critical points.
    """
    z, ok = z.copy(), np.zeros(len(z), dtype=bool)
    active = np.arange(len(z))
    why = {"zero row": 0, "runaway": 0, "singular": 0, "not converged": 0}
    with np.errstate(all="ignore"):
        for _ in range(most):
            if not len(active):
                break
            active = _still(active, np.min(scaled.norms(z[active]), axis=1) > NO_ROW, why, "zero row")
            active = _still(active, np.max(np.abs(z[active]), axis=1) < 1e3 * (1 + cap), why, "runaway")
            if not len(active):
                break
            here, at = z[active], d[active]
            try:
                gradient, hessian = scaled.derivatives(here, at)
            except ZeroRow:  # a norm that underflows
                why["zero row"] += len(active)
                active = active[:0]
                break
            still = np.max(np.abs(gradient), axis=1) < ROUNDING * (20 + at)
            step = scaled.solve(hessian, gradient, at, flat)
            lost = ~np.all(np.isfinite(step), axis=1)
            step[lost] = 0
            size = np.max(np.abs(step), axis=1)
            small = np.max(np.abs(step) / scaled.norms(here), axis=1) < 1e-6
            step *= np.minimum(1, cap / np.maximum(size, 1e-300))[:, None]
            done = still | (small & ~lost)
            z[active[~still]] = (here - step)[~still]
            ok[active[done]] = True
            active = _still(active[~done], ~lost[~done], why, "singular")
    why["not converged"] += len(active)
    return Converged(z, ok, why)


def _still(active: Any, good: Any, why: dict[str, int], reason: str) -> Any:
    why[reason] += int(np.sum(~good))
    return active[good]
