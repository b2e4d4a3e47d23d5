"""Following many points at once along their curves in u = log d, in floats: to thin out what multistart found before
any high precision is spent, and to see which curves end in a fold.

Predictor: each coordinate as L + c exp(-lambda u), from its implicit derivatives at the last two points. Corrector:
Newton at fixed d; a step is accepted only if it moves each coordinate by a small part of what was predicted.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from symrelu.errors import ZeroRow
from symrelu.finding.scaling import Floats, Scaled

FIRST_STEP, LARGEST_STEP, SMALLEST_STEP = 0.1, 2.0, 2e-4
ROUNDING = 2e-15  # of a step in z, as a part of d
ALLOWED = 0.15  # the first correction, as a part of the predicted step of a coordinate


@dataclass(eq=False)
class Ends:
    """Where each point of a batch got to: coordinates x (not scaled) at u = log d; ``reached`` tells if that is the
    goal; ``trail`` has the accepted points of each, as (d, x).
    """

    x: Floats
    u: Floats
    reached: np.ndarray[Any, np.dtype[np.bool_]]
    trail: list[list[tuple[float, Floats]]] = field(default_factory=list)


def follow(scaled: Scaled, x: Floats, d: Floats, goal: float, most: int = 400) -> Ends:
    """Follow each point (coordinates ``x`` at its ``d``) to d = goal, up or down."""
    x, u = x.copy(), np.log(d)
    count, target = len(x), float(np.log(goal))
    trail = [[(float(d[i]), x[i].copy())] for i in range(count)]
    step = np.full(count, FIRST_STEP)
    tangent = np.full_like(x, np.nan)
    before, before_u = np.full_like(x, np.nan), np.full(count, np.nan)
    alive = np.ones(count, dtype=bool)
    fresh = np.ones(count, dtype=bool)
    with np.errstate(all="ignore"):
        for _ in range(most):
            todo = np.flatnonzero(alive & (np.abs(u - target) > 1e-12))
            if not len(todo):
                break
            new = todo[fresh[todo]]
            if len(new):
                tangent[new] = _tangent(scaled, x[new], np.exp(u[new]))
                fresh[new] = False
            h = np.clip(target - u[todo], -step[todo], step[todo])
            predicted = predict(x[todo], tangent[todo], before[todo], u[todo] - before_u[todo], h)
            found, good = _correct(scaled, x[todo], predicted, np.exp(u[todo] + h))
            moved, stuck = todo[good], todo[~good]
            before[moved], before_u[moved] = tangent[moved], u[moved]
            x[moved] = found[good]
            u[moved] += h[good]
            fresh[moved] = True
            step[moved] = np.minimum(1.6 * np.abs(h[good]), LARGEST_STEP)
            step[moved] = np.maximum(step[moved], 4 * SMALLEST_STEP)
            step[stuck] *= 0.4
            alive[stuck[step[stuck] < SMALLEST_STEP]] = False
            for i in moved:
                trail[i].append((float(np.exp(u[i])), x[i].copy()))
    return Ends(x, u, np.abs(u - target) <= 1e-12, trail)


def _tangent(scaled: Scaled, x: Floats, d: Floats) -> Floats:
    """dx/du along the curve."""
    z = x * scaled.roots(d)
    try:
        _, hessian = scaled.derivatives(z, d)
        return -scaled.solve(hessian, scaled.by_log_d(z, d), d) / scaled.roots(d)
    except ZeroRow:
        return np.full_like(x, np.nan)


def predict(x: Floats, slope: Floats, before: Floats, gap: Floats, h: Floats) -> Floats:
    """x(u + h), each coordinate as L + c exp(-lambda u): lambda from the slopes here and at u - gap; where they do not
    tell, a power of d if the coordinate decays like one, else linear.
    """
    h, gap = h[:, None], gap[:, None]
    ratio = slope / before
    rate = -np.log(np.where(ratio > 0, ratio, np.nan)) / gap
    rate = np.where(np.abs(rate) < 6, rate, np.nan)
    own = -slope / x
    rate = np.where(np.isnan(rate) & (own > 0.1) & (own < 6), own, rate)
    rate = np.where(np.isnan(rate) | (np.abs(rate * h) < 1e-6), 1e-6, rate)
    result: Floats = x - slope * np.expm1(-rate * h) / rate
    return np.where(np.isfinite(result), result, x)


def _correct(scaled: Scaled, x: Floats, predicted: Floats, d: Floats) -> tuple[Floats, Any]:
    """Newton from the predictions; which of them converge without leaving what was predicted."""
    roots = scaled.roots(d)
    z = predicted * roots
    norms = scaled.norms(z)
    change = np.abs(z - x * roots)
    rounding = (ROUNDING * d)[:, None]
    allowed = ALLOWED * change + 0.01 * scaled.norms(change) + 1e-8 * norms + rounding
    good = np.all(np.isfinite(z), axis=1)
    last = np.full(len(z), np.inf)
    done = np.zeros(len(z), dtype=bool)
    for k in range(7):
        try:
            gradient, hessian = scaled.derivatives(z, d)
        except ZeroRow:
            return z / roots, np.zeros(len(z), dtype=bool)
        s = scaled.solve(hessian, gradient, d)
        if k == 0:
            good &= np.all(np.abs(s) <= allowed, axis=1)
        size = np.max(np.abs(s) / (1e-8 * norms + rounding), axis=1)
        good &= np.isfinite(size) & ((size <= 0.3 * last) | (size < 1))
        s[~good | done] = 0
        z = z - s
        done |= size < 0.1
        last = size
    return z / roots, good & (last < 1)
