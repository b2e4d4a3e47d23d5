"""Gradient descent on the population loss, many runs at once, each ended by Newton's method where that is safe.

A run takes steps of a fixed length over the gradient. When its gradient is small it is looked at: if the Hessian is
positive definite there, Newton's method from there settles with the Hessian still positive definite, and it has moved
by no more than twice the gradient over the smallest eigenvalue, then it ended where the descent was going, and that is
the run's end. A plateau near a saddle fails this, and the descent goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from symrelu.errors import BadInput, SymreluError
from symrelu.model.dense import DenseLoss, Floats

Kind = Literal["minimum", "target", "critical", "unfinished"]
_LOOK = 1e-3  # the gradient at which a run is looked at first; then each time it has fallen by _AGAIN
_AGAIN = 4.0
_CHUNK = 25  # steps between two looks at the gradients
_NEWTON_STEPS = 15
_POSITIVE = 1e-9  # an eigenvalue is positive if it is more than this, over the largest
_RESIDUAL = 1e-12  # a gradient of this norm, over the number of neurons, is zero to rounding
_NEAR_TARGET = 0.01  # the distance at which a network is taken for one of zero loss
_SHORT = 1e-6  # a row of this norm is on its way to 0
LIMIT = 400_000


class Diverged(SymreluError):
    """The steps of a descent were too long."""


@dataclass(frozen=True, eq=False)
class End:
    """Where a run ends.

    ``weights`` W of shape (k, d) and ``alpha`` of shape (k,); where both layers are trained, and one makes up for the
    other, scaled to alpha = 1 or -1. ``kind``: "minimum" (verified, see the module); "target": near a continuum of
    networks of zero loss (k > d), of which W is one; "critical": the gradient is zero to rounding, the Hessian is not
    positive definite to rounding; "unfinished": none of these within the steps allowed. ``steps`` taken by gradient
    descent; ``loss`` and ``gradient_norm`` (Frobenius) at W; ``smallest`` eigenvalue of the Hessian by what is trained
    (by W alone where alpha is +-1), None where a row is zero.
    """

    weights: Floats
    alpha: Floats
    kind: Kind
    steps: int
    loss: float
    gradient_norm: float
    smallest: float | None


@dataclass(frozen=True)
class _Trained:
    """What is trained: W, or W and alpha as coordinates of one point."""

    problem: DenseLoss
    k: int
    both: bool

    def split(self, point: Floats) -> tuple[Floats, Floats]:
        W = point[..., : self.k * self.problem.d].reshape(*point.shape[:-1], self.k, self.problem.d)
        return W, point[..., self.k * self.problem.d :]

    def gradient(self, point: Floats, alpha: Floats) -> Floats:
        if not self.both:
            W, _ = self.split(point)
            return self.problem.row_gradient(W, alpha).reshape(point.shape)
        rows, outputs = self.problem.gradient(*self.split(point))
        return np.concatenate([rows.reshape(*point.shape[:-1], -1), outputs], axis=-1)

    def hessian(self, point: Floats, alpha: Floats) -> Floats:
        W, second = self.split(point)
        return self.problem.hessian(W, second if self.both else alpha, 2 if self.both else 1)


def descend(
    problem: DenseLoss,
    starts: Floats,
    layers: Literal[1, 2] = 1,
    alpha: Floats | None = None,
    rate: float | None = None,
    limit: int = LIMIT,
    progress: Callable[[int], None] | None = None,
) -> list[End]:
    """Gradient descents from the given starts, to the points where they end.

    Parameters: ``starts`` of shape (n, k, d); ``layers`` trained: the first, or both; ``alpha`` of shape (k,), the
    second layer (default 1), from which it starts if it is trained; ``rate``, the length of a step over the gradient
    (default: :func:`default_rate`, which looks at the first start); ``limit``, the largest number of steps;
    ``progress`` is told how many runs have ended. Returns the ends in the order of the starts; each depends on the rate
    and its own start alone, up to rounding.
    Raises Diverged if the loss of a run grows beyond bounds; BadInput for starts of another shape, a rate or limit that
    is not positive.
    """
    starts = np.asarray(starts, dtype=float)
    if starts.ndim != 3 or starts.shape[2] != problem.d:
        raise BadInput(f"starts of shape {starts.shape} were given; give n matrices of {problem.d} columns")
    if (rate is not None and not rate > 0) or limit < 1:
        raise BadInput(f"the rate {rate} and limit {limit} were given; both must be positive")
    n, k, _ = starts.shape
    second = np.ones(k) if alpha is None else np.asarray(alpha, dtype=float)
    step = default_rate(problem, starts, layers, second) if rate is None else rate
    trained = _Trained(problem, k, layers == 2)
    outputs = np.broadcast_to(second, (n, k))
    points = np.concatenate([starts.reshape(n, -1), outputs], axis=1) if trained.both else starts.reshape(n, -1).copy()
    ends: dict[int, End] = {}
    active, outputs, look = np.arange(n), outputs.copy(), np.full(n, _LOOK)
    bound = 1e3 * (1 + np.max(np.linalg.norm(points, axis=1), initial=0.0) + np.linalg.norm(problem.V))
    steps = 0
    while active.size:
        for _ in range(_CHUNK):
            points = points - step * trained.gradient(points, outputs)
        steps += _CHUNK
        size = np.linalg.norm(points, axis=1)
        if not np.all(size < bound):  # also nan
            raise Diverged(
                f"run {int(active[np.argmin(size < bound)])} diverges with steps of {step:.3g} over the gradient; give "
                f"a smaller rate, such as {step / 4:.2g}"
            )
        norms = np.linalg.norm(trained.gradient(points, outputs), axis=1)
        going = np.ones(active.size, dtype=bool)
        for place in np.flatnonzero(norms < look):
            end = _end(trained, points[place], outputs[place], steps)
            look[place] = norms[place] / _AGAIN
            if end is not None:
                ends[int(active[place])], going[place] = end, False
        if steps >= limit:
            for place in np.flatnonzero(going):
                ends[int(active[place])] = _here(trained, points[place], outputs[place], "unfinished", steps)
            going[:] = False
        if progress is not None and not going.all():
            progress(len(ends))
        points, outputs, active, look = points[going], outputs[going], active[going], look[going]
    return [ends[run] for run in range(n)]


def default_rate(problem: DenseLoss, starts: Floats, layers: Literal[1, 2] = 1, alpha: Floats | None = None) -> float:
    """A length of steps over the gradient that descents bear: one over the largest eigenvalue of Hessians met.

    These are those at the first start and, for as many student as teacher neurons, at the target; both are enlarged by
    a half where both layers are trained. For V = I_d this is about 4/d.
    """
    k = starts.shape[1]
    second = np.ones(k) if alpha is None else alpha
    places = [starts[0]] if len(starts) else []
    if k == problem.h:
        places.append(problem.V / np.where(second == 0, 1, second)[:, None] * problem.beta[:, None])
    largest = max((float(problem.eigenvalues(W, second, layers)[-1]) for W in places), default=1.0)
    return 1 / (largest * (1.5 if layers == 2 else 1))


def _end(trained: _Trained, point: Floats, alpha: Floats, steps: int) -> End | None:
    """The end that a run is about to reach, None if none is verified."""
    point, alpha, trained = _rescaled(trained, point, alpha)
    W, _ = trained.split(point)
    near = _zero_loss(trained, W, alpha)
    if near is not None:
        return _here(trained, near.reshape(-1), alpha, "target", steps)
    values = np.linalg.eigvalsh(trained.hessian(point, alpha))
    gradient = trained.gradient(point, alpha)
    zero = _RESIDUAL * trained.k
    if values[0] <= _POSITIVE * values[-1]:
        small = np.linalg.norm(gradient) < zero
        return _here(trained, point, alpha, "critical", steps) if small else None
    allowed = 2 * np.linalg.norm(gradient) / values[0]
    found = point
    for _ in range(_NEWTON_STEPS):
        if np.linalg.norm(gradient) < zero / 100:
            break
        move = np.linalg.solve(trained.hessian(found, alpha), gradient)
        if np.linalg.norm(found - move - point) > allowed:
            return None
        before, found = np.linalg.norm(gradient), found - move
        gradient = trained.gradient(found, alpha)
        if np.linalg.norm(gradient) >= before < zero:  # rounding
            break
    W, _ = trained.split(found)
    near = _zero_loss(trained, W, alpha)
    if near is not None:  # a row may have shrunk to nothing, where the loss is not smooth
        return _here(trained, near.reshape(-1), alpha, "target", steps)
    if not trained.problem.kernel.smooth_at_zero_rows and np.min(np.linalg.norm(W, axis=1)) < _SHORT:
        return None
    end = _here(trained, found, alpha, "minimum", steps)
    positive = end.smallest is not None and end.smallest > _POSITIVE * values[-1]
    return end if positive and end.gradient_norm <= zero else None


def _zero_loss(trained: _Trained, W: Floats, alpha: Floats) -> Floats | None:
    """With more student neurons than the teacher's have directions: the network of zero loss that W is near to."""
    if trained.both or not trained.problem.kernel.homogeneous or trained.k <= len(_directions(trained.problem)[1]):
        return None
    near = nearest_target(trained.problem, W, alpha)
    return near if near is not None and np.max(np.abs(W - near)) < _NEAR_TARGET else None


def _rescaled(trained: _Trained, point: Floats, alpha: Floats) -> tuple[Floats, Floats, _Trained]:
    """The same network with alpha = +-1, if both layers are trained and one can make up for the other.

    Then the loss has no more than W to depend on, and its Hessian by both has a zero for each neuron.
    """
    if not trained.both or not trained.problem.kernel.homogeneous:
        return point, alpha, trained
    W, second = trained.split(point)
    if np.any(second == 0):
        return point, alpha, trained
    return (np.abs(second)[:, None] * W).reshape(-1), np.sign(second), replace(trained, both=False)


def _here(trained: _Trained, point: Floats, alpha: Floats, kind: Kind, steps: int) -> End:
    point, alpha, trained = _rescaled(trained, point, alpha)
    W, second = trained.split(point)
    outputs = second if trained.both else alpha
    kept = np.any(W != 0, axis=1)
    loss = float(trained.problem.loss(W[kept], outputs[kept]))
    if kept.all():
        norm = float(np.linalg.norm(trained.gradient(point, alpha)))
        smallest: float | None = float(np.linalg.eigvalsh(trained.hessian(point, alpha))[0])
    else:
        norm, smallest = float(np.linalg.norm(trained.problem.row_gradient(W[kept], outputs[kept]))), None
    return End(W, outputs.copy(), kind, steps, max(loss, 0.0), norm, smallest)


def nearest_target(problem: DenseLoss, W: Floats, alpha: Floats) -> Floats | None:
    """A network of zero loss near W, for a positively homogeneous activation: each row becomes a multiple of the
    teacher's row of nearest direction, and the multiples of each are scaled to add up to its beta.

    Returns None where a teacher's row is left without one, or the signs of alpha and beta do not allow it; rows shorter
    than 0.01 become zero.
    """
    if not problem.kernel.homogeneous or np.any(problem.beta <= 0) or np.any(alpha <= 0):
        return None
    directions, strengths = _directions(problem)
    along = W @ directions.T
    choice = np.argmax(along, axis=1)
    rows = np.arange(len(W))
    multiples = np.where(np.linalg.norm(W, axis=1) < _NEAR_TARGET, 0.0, along[rows, choice])
    if np.any(multiples < 0):
        return None
    sums = np.bincount(choice, weights=alpha * multiples, minlength=len(strengths))
    if not sums.all():
        return None
    scaled = multiples * (strengths / sums)[choice]
    result: Floats = scaled[:, None] * directions[choice]
    return result


def _directions(problem: DenseLoss) -> tuple[Floats, Floats]:
    """The directions of the teacher's nonzero rows, parallel ones as one, and the sum of beta |v| over each."""
    lengths = np.linalg.norm(problem.V, axis=1)
    units = problem.V[lengths > 0] / lengths[lengths > 0, None]
    first = np.argmax(units @ units.T > 1 - 1e-12, axis=1)
    strengths = np.bincount(first, weights=(problem.beta * lengths)[lengths > 0], minlength=len(units))
    kept = strengths != 0
    return units[kept], strengths[kept]


__all__ = ["LIMIT", "Diverged", "End", "Kind", "default_rate", "descend", "nearest_target"]
