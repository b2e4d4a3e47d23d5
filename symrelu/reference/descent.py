"""Gradient descents on the population loss from random starts, and the symmetry of the minima they end in.

k ReLU neurons with output weights alpha are fitted to the target V = I_d, beta = 1. A run is plain gradient descent
with a fixed step; alpha = 1 is kept, or trained too. It starts from independent entries N(0, 1/d) of W ("Xavier" in
Safran and Shamir, 2018) and alpha = 1. Many runs advance together as one array. A run ends where one of two things is
verified:

* a *minimum*: the first-layer Hessian is positive definite where the descent stands, Newton's method from there settles
  with the Hessian still positive definite, and it moves by no more than twice the gradient over the smallest
  eigenvalue, so that it ended where the descent was going;
* the *target*: W is within 0.01 of a network whose rows are nonnegative multiples of rows of I_d that add up to I_d.
  For k > d that is a continuum, to which a descent converges too slowly to wait for, and where a row may vanish, at
  which the loss is not smooth; so the descent stops, and the network of zero loss is the end point.

A plateau near a saddle fails both tests, and the descent goes on. Symmetry is found by colour refinement, and confirmed
entry by entry: no group theory is shared with the engine. A run is a function of its seed and number alone, up to the
rounding of floats: its random numbers are those that the standard library guarantees.
"""

import hashlib
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from symrelu.reference.dense import Floats, gradient, loss
from symrelu.reference.hessian import first_layer_hessian

# the descent stands this near to a critical point when the end is looked at first
_LOOK = 1e-5
# steps between two looks
_CHUNK = 250
# the distance at which a network is taken for one of zero loss
_NEAR_TARGET = 0.01
_NEWTON_STEPS = 12
# the norm of the gradient at an end point, close to its rounding
_RESIDUAL = 1e-12
# entries closer than this are equal, entries further apart than a thousand times this are different
_EQUAL = 1e-8


class DescentError(ValueError):
    """A descent did not end, or the symmetry of an end point cannot be told."""


@dataclass(frozen=True, eq=False)
class EndPoint:
    """Where a run ends: W, of shape k x d, for alpha = 1, a critical point of the loss.

    `steps` of gradient descent were taken; `kind` is "minimum" or "target" (zero loss, see the module); `loss` and
    `gradient_norm` (Frobenius) are those of W, and `smallest` is the smallest eigenvalue of the first-layer Hessian,
    None where a row is zero.
    """

    weights: Floats
    steps: int
    kind: str
    loss: float
    gradient_norm: float
    smallest: float | None


@dataclass(frozen=True)
class Symmetry:
    """The symmetry of a matrix up to the order of its rows and columns: a product of symmetric groups, one a block.

    `blocks` are their sizes, each with one orbit of columns; `rows` the orbits of rows, each the number of its block,
    from 1, or 0 for a fixed row. `entries` are row-major over (row orbit, column orbit); an orbit of rows with the
    columns of its own block, of size other than 1, has two, in the own column and in the others. `signs` has one
    character for each block, the sign of the entry in the own column, "0" where the block has no rows or several orbits
    of rows.
    """

    blocks: tuple[int, ...]
    rows: tuple[int, ...]
    signs: str
    entries: tuple[float, ...]

    @property
    def label(self) -> str:
        """The type in the notation of the command line, at this d: "--blocks 16,4 --rows 1,2,* --limit +,-"."""
        parts = ["--blocks " + ",".join(map(str, self.blocks))]
        if self.rows != tuple(range(1, len(self.blocks) + 1)):
            parts.append("--rows " + ",".join(str(row or "*") for row in self.rows))
        if "0" not in self.signs:
            parts.append("--limit " + ",".join(self.signs))
        return " ".join(parts)

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that depend on the label and on the entries to six decimals."""
        text = " ".join([self.label, *(f"{entry + 0.0:.6f}" for entry in self.entries)])
        return hashlib.sha256(text.encode()).hexdigest()[:12]


# descents -------------------------------------------------------------------------------------------------------------


def xavier(k: int, d: int, seed: int, run: int) -> Floats:
    """The start of a run: a k x d matrix of independent entries N(0, 1/d), the same on every machine."""
    numbers = random.Random(f"{seed} {k} {d} {run}")
    normal = NormalDist(0, d**-0.5)
    return np.array([[normal.inv_cdf(numbers.random()) for _ in range(d)] for _ in range(k)])


def gradients(W: Floats, alpha: Floats) -> tuple[Floats, Floats]:
    """The gradients of the loss at many networks at once, by W and by alpha.

    Parameters: W of shape n x k x d without zero rows, alpha of shape n x k, no entry 0; the target is I_d, with output
    weights 1.
    Returns: arrays of these shapes. Angles are taken from cosines, as this is fastest: near 0 and pi half of the digits
    are lost, and `dense.gradient` is to be preferred.
    """
    lengths = np.sqrt(np.sum(W**2, axis=2))
    units = W / lengths[:, :, None]
    cosines = np.clip(units @ units.transpose(0, 2, 1), -1.0, 1.0)
    diagonal = np.arange(W.shape[1])
    cosines[:, diagonal, diagonal] = 1.0
    by_target = np.clip(units, -1.0, 1.0)
    turn = np.sqrt(1 - cosines**2) @ (alpha * lengths)[:, :, None] - np.sum(np.sqrt(1 - by_target**2), 2, keepdims=True)
    along = (np.pi - np.arccos(cosines)) @ (alpha[:, :, None] * W) - (np.pi - np.arccos(by_target))
    # the derivative by alpha_i w_i; the loss is homogeneous in w_i, of degree 1 but for alpha_i^2 |w_i|^2 / 4
    each = (turn * units + along) / (2 * np.pi)
    return alpha[:, :, None] * each, np.sum(each * W, axis=2)


def descents(
    starts: Floats,
    both_layers: bool = False,
    limit: int = 400_000,
    step: float | None = None,
    progress: Callable[[int, EndPoint], None] | None = None,
) -> list[EndPoint]:
    """Gradient descents from the given starts, to the points where they end.

    Parameters: starts of shape n x k x d, k >= d; both_layers, whether alpha, 1 at the start, is trained too; limit,
    the largest number of steps; step, their length over the gradient, 4/d if it is None (gradient descent bears no more
    than 2 over the largest eigenvalue of the Hessian: about d/4, and d/4 + 5/2 with both layers, where small d need
    shorter steps); progress, called with the number and end of each run that ends.
    Returns: the end points, in the order of the starts; where both layers are trained with the rows of W scaled to
    alpha = 1, which changes no network of positive alpha.
    Raises: DescentError if a run does not end within the limit, or at a network with a negative output weight.
    """
    count, k, d = starts.shape
    rate = 4 / d if step is None else step
    ends: dict[int, EndPoint] = {}
    active = np.arange(count)
    W, alpha = np.array(starts, dtype=np.float64), np.ones((count, k))
    steps = 0
    while active.size:
        if steps >= limit:
            raise DescentError(
                f"runs {active.tolist()} have not ended after {steps} steps: allow more, or shorter ones than {rate}"
            )
        for _ in range(_CHUNK):
            by_rows, by_outputs = gradients(W, alpha)
            W = W - rate * by_rows
            if both_layers:
                alpha = alpha - rate * by_outputs
        steps += _CHUNK
        by_rows, by_outputs = gradients(W, alpha)
        norms = np.sqrt(np.sum(by_rows**2, axis=(1, 2)) + both_layers * np.sum(by_outputs**2, axis=1))
        going = np.ones(active.size, dtype=bool)
        for place in np.flatnonzero(norms < _LOOK):
            run = int(active[place])
            if np.min(alpha[place]) < 0:
                raise DescentError(f"run {run} ends with a negative output weight: its network is none of alpha = 1")
            end = end_point(alpha[place][:, None] * W[place], steps)
            if end is not None:
                going[place] = False
                ends[run] = end
                if progress is not None:
                    progress(run, end)
        W, alpha, active = W[going], alpha[going], active[going]
    return [ends[run] for run in range(count)]


def end_point(W: Floats, steps: int) -> EndPoint | None:
    """The minimum or the target that a descent is about to reach, None if neither is verified (see the module).

    Parameters: W of shape k x d, where the descent stands, for alpha = 1; steps taken so far.
    """
    k, d = W.shape
    near = nearest_target(W)
    if near is not None and np.max(np.abs(W - near)) < _NEAR_TARGET:
        kept = near[np.any(near != 0, axis=1)]
        smallest = None if len(kept) < k else _smallest_eigenvalue(near)
        return EndPoint(near, steps, "target", _loss(near), float(np.linalg.norm(_gradient(kept))), smallest)
    eigenvalue = _smallest_eigenvalue(W)
    if eigenvalue <= 0:
        return None
    allowed = 2 * np.linalg.norm(_gradient(W)) / eigenvalue
    point = W
    for _ in range(_NEWTON_STEPS):
        slope = _gradient(point)
        if np.linalg.norm(slope) < _RESIDUAL:
            break
        point = point - np.linalg.solve(_hessian(point), slope.ravel()).reshape(k, d)
    residual = float(np.linalg.norm(_gradient(point)))
    smallest = _smallest_eigenvalue(point)
    if residual > _RESIDUAL or smallest <= 0 or np.linalg.norm(point - W) > allowed:
        return None
    return EndPoint(point, steps, "minimum", _loss(point), residual, smallest)


def nearest_target(W: Floats) -> Floats | None:
    """A network of zero loss near W: each row becomes its largest entry, and each column is scaled to have the sum 1.

    Returns: a nonnegative matrix with one entry a row, or zero rows; rows shorter than 0.01 become zero. None where a
    column is left without an entry, or the largest entry of a row is negative.
    """
    result = np.zeros_like(W)
    for i, row in enumerate(W):
        j = int(np.argmax(np.abs(row)))
        if np.linalg.norm(row) < _NEAR_TARGET:
            continue
        if row[j] < 0:
            return None
        result[i, j] = row[j]
    sums = np.sum(result, axis=0)
    return None if np.any(sums == 0) else result / sums


def _problem(W: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """The network W and its target, as `dense` takes them."""
    k, d = W.shape
    return W, np.ones(k), np.eye(d), np.ones(d)


def _loss(W: Floats) -> float:
    return loss(*_problem(W))


def _gradient(W: Floats) -> Floats:
    return gradient(*_problem(W)).weights


def _hessian(W: Floats) -> Floats:
    return first_layer_hessian(*_problem(W))


def _smallest_eigenvalue(W: Floats) -> float:
    return float(np.linalg.eigvalsh(_hessian(W))[0])


# symmetry -------------------------------------------------------------------------------------------------------------


def symmetry(W: Floats) -> Symmetry:
    """The isotropy group of a matrix up to the order of rows and columns, if it is a product of symmetric groups.

    Parameters: W of shape k x d; entries that differ by less than 1e-8 are equal.
    Returns: the type, larger blocks first, of blocks of one size the one with the larger entries on its diagonal.
    Colour refinement splits rows and columns into classes at least as large as the orbits; that a product of symmetric
    groups acts on them, one on each class of columns, is then confirmed for every entry.
    Raises: DescentError where entries are neither equal nor clearly different, and for a group of another kind.
    """
    values = _values(W)
    rows, columns = (_classes(colours) for colours in _refined(values))
    own = {(r, c): _own_columns(W, values, rows[r], columns[c]) for r in range(len(rows)) for c in range(len(columns))}
    owners = _owners(W, rows, columns, own)
    for (r, c), places in own.items():
        kinds = {values[i][j] for i in rows[r] for j in columns[c]}
        if len(kinds) != 1 and (owners[r] != c or places is None):
            raise DescentError(f"{len(rows[r])} rows and {len(columns[c])} columns are no orbits of a symmetric group")
    diagonal = {r: float(W[rows[r][0], columns[c][(own[r, c] or [0])[0]]]) for r, c in owners.items() if c is not None}
    largest = {c: max([x for r, x in diagonal.items() if owners[r] == c], default=0.0) for c in range(len(columns))}
    order = sorted(range(len(columns)), key=lambda c: (-len(columns[c]), -largest[c]))
    number: dict[int | None, int] = {c: place for place, c in enumerate(order, 1)}
    lengths = {r: float(np.linalg.norm(W[members[0]])) for r, members in enumerate(rows)}
    row_order = sorted(owners, key=lambda r: (number.get(owners[r], len(order) + 1), -lengths[r]))
    entries: list[float] = []
    for r in row_order:
        for c in order:
            part = W[rows[r][0], columns[c]]
            if owners[r] == c:
                entries.append(diagonal[r])
                part = np.delete(part, (own[r, c] or [0])[0])
            entries.extend(part[:1].tolist())
    signs = []
    for c in order:
        mine = [x for r, x in diagonal.items() if owners[r] == c]
        signs.append(("+" if mine[0] > 0 else "-") if len(mine) == 1 else "0")
    return Symmetry(
        blocks=tuple(len(columns[c]) for c in order),
        rows=tuple(number.get(owners[r], 0) for r in row_order),
        signs="".join(signs),
        entries=tuple(entries),
    )


def _values(W: Floats) -> list[list[int]]:
    """The matrix with equal entries numbered alike, in ascending order."""
    flat = np.sort(W.ravel())
    gaps = np.diff(flat)
    unclear = gaps[(gaps > _EQUAL) & (gaps < 1000 * _EQUAL)]
    if unclear.size:
        raise DescentError(
            f"entries differ by {unclear[0]:.1e}, neither equal nor clearly different: polish the matrix first"
        )
    result: list[list[int]] = np.searchsorted(flat[1:][gaps > _EQUAL], W, side="right").tolist()
    return result


def _refined(values: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Colours of rows and columns, such that lines of one colour meet each colour in the same entries as often."""
    rows, columns = [0] * len(values), [0] * len(values[0])
    while True:
        seen_by_rows = [(rows[i], sorted(zip(columns, line, strict=True))) for i, line in enumerate(values)]
        lines = zip(*values, strict=True)
        seen_by_columns = [(columns[j], sorted(zip(rows, line, strict=True))) for j, line in enumerate(lines)]
        finer_rows, finer_columns = _numbered(seen_by_rows), _numbered(seen_by_columns)
        if max(finer_rows) == max(rows) and max(finer_columns) == max(columns):
            return rows, columns
        rows, columns = finer_rows, finer_columns


def _numbered(seen: Sequence[tuple[int, list[tuple[int, int]]]]) -> list[int]:
    """Numbers from 0 for what is seen, in ascending order, equal for equals."""
    kinds = sorted({(colour, tuple(view)) for colour, view in seen})
    place = {kind: number for number, kind in enumerate(kinds)}
    return [place[colour, tuple(view)] for colour, view in seen]


def _classes(colours: Sequence[int]) -> list[list[int]]:
    """The lines of each colour."""
    return [[i for i, x in enumerate(colours) if x == colour] for colour in range(max(colours) + 1)]


def _own_columns(
    W: Floats, values: Sequence[Sequence[int]], rows: Sequence[int], columns: Sequence[int]
) -> list[int] | None:
    """Each row's own column, as a place among the columns: its entry there occurs once in its row and its column.

    None if there is no such entry, or there are more than two kinds of entries. Where there are two rows, either entry
    would do: the larger one in absolute value is the own one.
    """
    part = np.array(values)[np.ix_(rows, columns)]
    kinds = np.unique(part)
    if len(rows) != len(columns) or len(kinds) != min(len(rows), 2):
        return None
    single = [x for x in kinds if np.all(np.sum(part == x, axis=0) == 1) and np.all(np.sum(part == x, axis=1) == 1)]
    if not single:
        return None
    entries = np.abs(W[np.ix_(rows, columns)])
    own = part == max(single, key=lambda x: float(np.max(entries[part == x])))
    result: list[int] = np.argmax(own, axis=1).tolist()
    return result


def _owners(
    W: Floats,
    rows: Sequence[Sequence[int]],
    columns: Sequence[Sequence[int]],
    own: dict[tuple[int, int], list[int] | None],
) -> dict[int, int | None]:
    """The class of columns that each class of rows is permuted with, None for fixed rows.

    A fixed row and a fixed column are always permuted together; they are paired off by the size of the entry, one each.
    """
    owners: dict[int, int | None] = {}
    for r, members in enumerate(rows):
        found = [c for c in range(len(columns)) if own[r, c] is not None]
        if len(members) == 1:
            owners[r] = None
        elif len(found) == 1:
            owners[r] = found[0]
        else:
            raise DescentError(f"{len(members)} rows are permuted with {len(found)} classes of columns, not with one")
    fixed = [pair for pair, places in own.items() if places is not None and len(rows[pair[0]]) == 1]
    taken: set[int] = set()
    for r, c in sorted(fixed, key=lambda pair: -abs(W[rows[pair[0]][0], columns[pair[1]][0]])):
        if owners[r] is None and c not in taken:
            owners[r] = c
            taken.add(c)
    return owners
