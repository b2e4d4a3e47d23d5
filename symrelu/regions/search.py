"""Finding the points of three blocks: many random starts in Fix(G) at once, led downhill to minima of the loss there.

All starts of all sizes are one batch of numpy arrays, evaluated by the same orbit rules as everything else.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np

from symrelu.errors import Undecided
from symrelu.exact.arithmetic import FLOAT
from symrelu.regions.curve import ENTRIES, KAPPA, OWN, Floats, entries_of, fixed, fixed_d, position, solve
from symrelu.regions.sizes import PLANE, Place
from symrelu.regions.spectrum import least_eigenvalues

SEED, STARTS, STEPS = 1, 60, 150
LONGEST = 0.3  # of a step, in the scaled entries
ARRIVED = 1e-9  # the step after which Newton's method has nothing left to do
ZERO_LOSS = 1e-9
ALIKE = 1e-4  # entries nearer than this are the same: the point has fewer than three blocks
SAME = 1e-5  # two points nearer than this are one


@dataclass(frozen=True, eq=False)
class Minimum:
    """A minimum of positive loss at whole sizes: three blocks of rows, all entries different.

    ``y``: its position (:mod:`symrelu.regions.curve`); ``found``: how many of the starts led to it.
    """

    q: int
    d: int
    y: Floats
    loss: float
    least: float
    found: int

    @property
    def entries(self) -> Floats:
        """The entries a_1, ..., a_11."""
        return entries_of(self.y)


def find_minima(d: int = 20, starts: int = STARTS, seed: int = SEED) -> list[Minimum]:
    """The minima of the full loss with isotropy Delta(S_q x S_1 x S_{d-q-1}) that random starts lead to, k = d.

    For every q from 2 to d - 3, ``starts`` random matrices of Fix(G) (entries normal, of variance 1/d off the own
    columns) are led downhill in Fix(G); what converges to a point of positive loss with 11 different entries and no
    negative Hessian eigenvalue in any isotypic component is kept, once for each order of the two large blocks (the
    smaller own entry comes first), in the order of q. Numerical, and no proof that there are no others.
    """
    rng = np.random.default_rng(seed)
    sizes = np.repeat(np.arange(2, d - 2), starts).astype(float)
    scale = np.where(OWN, 1.0, 1 / sqrt(d))
    values = rng.standard_normal((len(sizes), ENTRIES)) * scale
    values, sizes = _downhill(values, sizes, float(d))
    found: list[Minimum] = []
    for row, q in zip(values, sizes, strict=True):
        if row[0] > row[9]:
            row, q = exchanged(row), d - 1 - q
        _add(found, row, int(q), d)
    return sorted(found, key=lambda point: (point.q, point.loss))


def exchanged(entries: Floats) -> Floats:
    """The same matrix with its two large blocks in the other order: q becomes d - q - 1."""
    order = [c.index - 1 for c in PLANE.space.coordinates]
    for c in PLANE.space.coordinates:
        order[PLANE.space.position(2 - c.row, 2 - c.col, c.kind)] = c.index - 1
    return entries[order]


def _downhill(values: Floats, sizes: Floats, d: float) -> tuple[Floats, Floats]:
    """Where the starts arrive by Newton's method with the absolute values of the Hessian's eigenvalues.

    What arrives leaves the batch; half of the starts meet at the points of fewer blocks early.
    """
    arrived, at = [np.empty((0, ENTRIES))], [np.empty(0)]
    with np.errstate(all="ignore"):
        for _ in range(STEPS):
            move = _direction(values, sizes, d)
            step = np.max(np.abs(move), axis=1)
            values = values - move * np.minimum(1.0, LONGEST / np.maximum(step, 1e-300))[:, None]
            done = step < ARRIVED
            arrived.append(values[done])
            at.append(sizes[done])
            left = np.all(np.isfinite(values), axis=1) & ~done
            values, sizes = values[left], sizes[left]
            if not len(values):
                break
    return np.vstack(arrived), np.concatenate(at)


def _direction(values: Floats, sizes: Floats, d: float) -> Floats:
    point = PLANE.at(FLOAT, list(values.T), Place(sizes, d))
    n = len(values)
    counts = np.sqrt(np.stack([np.broadcast_to(np.asarray(c, dtype=float), n) for c in point.entry_counts], axis=1))
    gradient = np.stack([np.broadcast_to(g, n) for g in point.gradient(scaled=True)], axis=1) / counts
    rows: list[list[Any]] = point.hessian(scaled=True)
    hessian = np.stack([np.stack([np.broadcast_to(x, n) for x in row], axis=1) for row in rows], axis=1)
    hessian = hessian / (counts[:, :, None] * counts[:, None, :])
    lost = ~(np.all(np.isfinite(hessian), axis=(1, 2)) & np.all(np.isfinite(gradient), axis=1))
    hessian[lost], gradient[lost] = np.eye(ENTRIES), np.nan
    eigenvalues, vectors = np.linalg.eigh(hessian)
    along = np.einsum("nji,nj->ni", vectors, gradient) / np.maximum(np.abs(eigenvalues), 1e-3)
    found: Floats = np.einsum("nij,nj->ni", vectors, along) / counts
    return found


def _add(found: list[Minimum], entries: Floats, q: int, d: int) -> None:
    """Add a point to the list if it is a minimum of three blocks; count it if it is there already."""
    ordered = np.sort(entries)
    if np.min(np.diff(ordered)) < ALIKE:
        return
    y = position(entries, q, d)
    for i, old in enumerate(found):
        if old.q == q and np.max(np.abs(old.y - y)) < SAME:
            found[i] = Minimum(q, d, old.y, old.loss, old.least, old.found + 1)
            return
    try:
        y = solve(y, (fixed_d(d), fixed(KAPPA, y[KAPPA])), SAME)
    except Undecided:
        return
    loss = float(PLANE.at(FLOAT, list(entries_of(y)), Place(float(q), float(d))).loss())
    least = min(least_eigenvalues(y).values())
    if loss > ZERO_LOSS and least > 0:
        found.append(Minimum(q, d, y, loss, least, 1))
