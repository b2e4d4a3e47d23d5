r"""The minimum of a training loss next to a minimum W* of the population loss, and how far it lies.

To leading order it lies at -H^{-1} grad L_N(W*) from W*, with H the *population's* Hessian. Its covariance is
H^{-1} Sigma H^{-1}/N, Sigma that of one input's gradient (the "sandwich"), so the distance is of order N**(-1/2).
The almost-everywhere Hessian of L_N itself, which has another limit H - B (:mod:`symrelu.samples.limits`), would
predict too short a way wherever B is negative: over a way of N**(-1/2) each neuron switches at about N**(1/2) inputs,
and the jumps of the gradient there add up to B. Their number fluctuates, so the correction is of relative order
N**(-1/4). At a global minimum of a realizable target every residual is 0 and W* is a minimum of every L_N.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import Floats
from symrelu.samples.training_loss import TrainingLoss

STEPS = 500
SHORTEST = 2.0**-12  # of a step, relative: where the loss no longer falls along it
ENOUGH = 1e-9  # relative decrease of the loss below which the descent ends


@dataclass(frozen=True, eq=False)
class TrainedPoint:
    """Where a descent on the training loss ended.

    Attributes
    ----------
    W: the point. loss: L_N there. start_loss: L_N at the start. gradient: the norm of the gradient at the end; next to
    a kink it does not vanish, but is of the size of its jumps, O(1/N) times a residual. steps: taken.
    """

    W: Floats
    loss: float
    start_loss: float
    gradient: float
    steps: int


def train_from(
    training: TrainingLoss, W: Any, alpha: Any = None, metric: Any = None, rate: float = 1.0, steps: int = STEPS
) -> TrainedPoint:
    """Gradient descent on the first layer of the training loss from W, alpha held fixed.

    Parameters: ``metric``, a positive definite matrix of order k d: steps are -rate metric^{-1} grad L_N; with the
    population's Hessian they are nearly Newton's, and take tens of steps where plain descent (None: the identity, give
    a ``rate``) takes thousands. Each step is halved until the loss falls, so the loss never grows. The descent ends
    where it no longer falls, or after ``steps`` steps.
    Returns the last point. Raises BadInput for a metric that is not positive definite.
    """
    W = np.array(W, dtype=float)
    inverse = None
    if metric is not None:
        metric = np.asarray(metric, dtype=float)
        if metric.shape != (W.size, W.size) or np.linalg.eigvalsh(metric)[0] <= 0:
            raise BadInput(
                f"a metric of shape {metric.shape} was given; give a positive definite matrix of order {W.size}, such "
                "as the Hessian at a minimum"
            )
        inverse = np.linalg.inv(metric)
    start, gradient, _ = training.loss_and_gradient(W, alpha)
    loss, taken, resting = start, 0, 0
    while taken < steps and loss > 0 and resting < 3:
        step = rate * (gradient if inverse is None else (inverse @ gradient.ravel()).reshape(W.shape))
        scale, found = 1.0, training.loss_and_gradient(W - step, alpha)
        while found[0] >= loss and scale >= SHORTEST:
            scale /= 2
            found = training.loss_and_gradient(W - scale * step, alpha)
        if found[0] >= loss:
            break
        resting = resting + 1 if loss - found[0] < ENOUGH * loss else 0
        W, loss, gradient, taken = W - scale * step, found[0], found[1], taken + 1
    return TrainedPoint(W, loss, start, float(np.linalg.norm(gradient)), taken)


def predicted_move(covariance: Any, H: Any, n: int) -> float:
    """sqrt(tr(H^{-1} Sigma H^{-1})/n): the root mean square of the distance to leading order; inf for a singular H.

    ``covariance`` Sigma: of the gradient of one input, as a matrix; ``n``: inputs.
    """
    try:
        inverse = np.linalg.inv(np.asarray(H, dtype=float))
    except np.linalg.LinAlgError:
        return float("inf")
    return float(np.sqrt(max(float(np.trace(inverse @ np.asarray(covariance) @ inverse)), 0.0) / n))


__all__ = ["TrainedPoint", "predicted_move", "train_from"]
