"""Stochastic gradient descent: each step on fresh Gaussian inputs, labelled by the target.

With fresh inputs the mean of a step is that of gradient descent on the population loss, and its noise vanishes where
the loss does. At a spurious minimum it does not, so a run hovers there; `symrelu.descent.descend` takes it to the end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symrelu.descent.descend import Diverged, default_rate
from symrelu.errors import BadInput
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.pointwise import Activation, activation_of

BATCH = 64
STEPS = 4000


def sample_gradient(problem: DenseLoss, W: Floats, alpha: Floats, x: Floats, phi: Activation | None = None) -> Floats:
    """The gradient by W of 1/(2 B) sum_b (f(x_b) - y_b)**2, one for each of n students on its own B inputs.

    Parameters: W of shape (n, k, d); alpha of shape (k,); x of shape (n, d, B). Where a row meets a kink the derivative
    is that from the left. Returns shape (n, k, d); its mean over Gaussian inputs is the population gradient.
    """
    phi = activation_of(problem.kernel) if phi is None else phi
    z = W @ x
    errors = np.einsum("k,nkb->nb", alpha, phi.value(z))
    errors -= np.einsum("h,nhb->nb", problem.beta, phi.value(problem.V @ x))
    pulled: Floats = (alpha[:, None] * phi.slope(z) * errors[:, None, :]) @ np.swapaxes(x, 1, 2)
    return pulled / x.shape[2]


def sgd(
    problem: DenseLoss,
    starts: Floats,
    seed: int,
    runs: Sequence[int],
    alpha: Floats | None = None,
    batch: int = BATCH,
    steps: int = STEPS,
    rate: float | None = None,
) -> Floats:
    """Where SGD stands after its steps, with the first layer trained.

    Parameters: ``starts`` of shape (n, k, d); ``seed`` and the numbers ``runs`` of the runs, each of which draws inputs
    of its own; ``alpha`` of shape (k,), fixed (default 1); ``batch``, inputs of a step; ``steps``; ``rate``, the length
    of a step over the gradient: constant for the first half, then falling to zero linearly (default: the lesser of
    gradient descent's and 2 batch/((k + 2)(d + 2)), as noise allows). Returns shape (n, k, d), no critical points: see
    the module. Raises Diverged if a run grows beyond bounds; BadInput for numbers that are not positive.
    """
    starts = np.asarray(starts, dtype=float)
    n, k, d = starts.shape
    if batch < 1 or steps < 1 or (rate is not None and not rate > 0) or len(runs) != n:
        raise BadInput(f"batch {batch}, steps {steps} and rate {rate} were given; all must be positive")
    second = np.ones(k) if alpha is None else np.asarray(alpha, dtype=float)
    if rate is None:
        rate = min(default_rate(problem, starts, 1, second), 2 * batch / ((k + 2) * (d + 2)))
    phi = activation_of(problem.kernel)
    generators = [np.random.default_rng([seed, k, d, run]) for run in runs]
    W = starts.copy()
    bound = 1e3 * (1 + np.linalg.norm(starts) + np.linalg.norm(problem.V))
    for step in range(steps):
        x = np.array([rng.standard_normal((d, batch)) for rng in generators])
        W -= rate * min(1.0, 2 - 2 * step / steps) * sample_gradient(problem, W, second, x, phi)
        if step % 50 == 0 and not np.linalg.norm(W) < bound:
            raise Diverged(
                f"SGD diverges with steps of {rate:.3g} over the gradient of {batch} inputs; give a smaller rate, such "
                f"as {rate / 4:.2g}"
            )
    return W


__all__ = ["BATCH", "STEPS", "sample_gradient", "sgd"]
