"""The lower bound on the Hessian of l_lambda of rebuttal 003, the sets U and A, and how far a minimum is from them.

Derived, for ||W||_* = max_i ||W_i||_op, r = max |a_i| and m = max(1, |slope|): each of the H(H+1) ordered pairs of
layers contributes at most r m**H ||W||_***(H-1) |X_i| |X_j| to |D2y[X, X]|, and (1/N) sum |y - b| <= sqrt(2 l). Hence,
wherever l_lambda is twice differentiable,

    Hess l_lambda >= lambda - slack,   slack = sqrt(2) c r m**H ||W||_***(H-1) sqrt(l),

with c = H(H+1) from |X_i| |X_j| <= |X|**2 (the printed constant, "paper"), and with c = H ("sharp") since
sum_(i != j) x_i x_j = (sum x_i)**2 - sum x_i**2 <= H sum x_i**2 for H + 1 numbers. U(lambda, theta) is the set where
lambda - slack > theta, and inside it lies
A(R, lambda, theta) = {||W||_* <= R, l**(1/2) < (lambda - theta)/(sqrt(2) c r m**H R**(H-1))}.

Also derived: y is homogeneous of degree H + 1 in all weights together, so along the ray through any W != 0 that is a
critical point or a local minimum of l_lambda (kinks or not), lambda |W|_F**2 = -(H+1) (1/N) sum <y - b, y>. With
|y| <= r m**H prod ||W_i||, and prod ||W_i|| <= ||W||_***(H-1) |W|_F**2/(H+1) (the product of the two smallest norms is
at most their mean square), this gives

    lambda <= sqrt(2) r m**H ||W||_***(H-1) sqrt(l)          at every critical point W != 0,

which is slack with c = 1: no critical point but W = 0 lies in U(lambda, theta), theta >= 0, for either constant.

Instead of max |a_i| the second moments do ("moment", with c = H): by Cauchy-Schwarz over the points the bound holds
with r**2 = (1/N) sum |a_i|**2, and for H = 1 even with the largest eigenvalue of S = (1/N) sum a_i a_i', since then
(1/N) sum |X_0 a_i|**2 = tr(X_0 S X_0') <= |X_0|_F**2 ||S||. It is what is left for unbounded inputs, and the estimate
at critical points holds with it, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from flint import arb, arb_mat, fmpq

from symrelu.convexity.network import Array, Network, largest
from symrelu.errors import BadInput, Undecided
from symrelu.exact.balls import working_bits

Constant = Literal["paper", "sharp", "moment", "one"]
SQUARINGS, NORM_BITS, KEPT_BITS = 60, 256, 20  # of a Gram matrix in balls: its norm to a factor n**(2**-60)


def constant_of(hidden_layers: int, constant: str) -> int:
    """c for H hidden layers: H(H+1) for "paper", H for "sharp" and "moment", 1 for "one" (at critical points)."""
    known = {"paper": hidden_layers * (hidden_layers + 1), "sharp": hidden_layers, "moment": hidden_layers, "one": 1}
    if constant not in known:
        raise BadInput(f"the constant {constant!r} was given; there are paper, H(H+1), sharp, H, and moment")
    return known[constant]


def norm_squared(network: Network) -> Any:
    """||W||_***2, the largest squared operator norm of the W_i: floats; exact where the largest of exact matrices is
    a row or a column; else a ball that contains it.
    """
    squares = [_operator_norm_squared(W) for W in network.weights]
    if network.is_float:
        return np.max(np.broadcast_arrays(*squares), axis=0)
    return largest(np.array(squares, dtype=object))


def _operator_norm_squared(W: Array) -> Any:
    if W.dtype != object:
        return np.linalg.norm(W, 2, axis=(-2, -1)) ** 2
    if W.ndim > 2:
        raise BadInput("exact weights and balls are treated one network at a time; leave the leading axes out")
    if 1 in W.shape:
        return np.sum(W * W)
    with working_bits(NORM_BITS):
        return largest_eigenvalue(arb_mat((W @ W.T if W.shape[0] <= W.shape[1] else W.T @ W).tolist()))


def largest_eigenvalue(gram: arb_mat) -> arb:
    """The largest eigenvalue of a positive semi-definite matrix of balls, enclosed: with t = tr G**K, K a power of 2,
    it lies between (t/n)**(1/K) and t**(1/K).
    """
    n, scale, power = gram.nrows(), arb(1), arb(1)
    trace = gram.trace()
    if trace.is_zero():
        return trace
    with working_bits(NORM_BITS):
        for _ in range(SQUARINGS):
            if not trace > 0:
                raise Undecided("a matrix of balls is not decided to be other than 0; give more digits")
            if trace.rel_accuracy_bits() < KEPT_BITS:  # each squaring costs a bit, the root gives it back
                break
            scale *= trace**power
            gram = gram * (1 / trace)
            gram, power = gram * gram, power / 2
            trace = gram.trace()
        return (scale * trace**power).union(scale * (trace / n) ** power)


def radius_squared(network: Network, constant: str = "paper") -> Any:
    """r**2 of the bound: max |a_i|**2, or for "moment" the mean of |a_i|**2, for H = 1 the largest eigenvalue of the
    mean of a_i a_i' (exact where that is one number, else a ball).
    """
    problem = network.problem
    if constant != "moment":
        return problem.radius_squared
    a = problem.inputs
    if network.hidden_layers > 1 or a.shape[-2] == 1:
        return np.sum(a * a, axis=(-2, -1)) / problem.points
    if network.is_float:
        return np.linalg.norm(a, 2, axis=(-2, -1)) ** 2 / problem.points
    return _operator_norm_squared(a) / problem.points


def slack_squared(network: Network, constant: str = "paper") -> Any:
    """slack**2 = 2 c**2 r**2 m**(2H) ||W||_***(2H-2) l: floats, exact for exact weights and H = 1, else a ball."""
    H, problem = network.hidden_layers, network.problem
    c = constant_of(H, constant)
    steepest = max(1, problem.slope, -problem.slope)
    norms = norm_squared(network) ** (H - 1) if H > 1 else 1
    return 2 * c * c * steepest ** (2 * H) * radius_squared(network, constant) * norms * network.loss


def slack(network: Network, constant: str = "paper") -> Any:
    """What the bound takes off lambda: floats, or a ball for exact numbers and balls."""
    square = slack_squared(network, constant)
    return np.sqrt(square) if network.is_float else arb(square).sqrt()


def theta_max(network: Network, constant: str = "paper") -> Any:
    """lambda - slack: the network lies in U(lambda, theta) exactly for theta < theta_max; Hess l_lambda >= theta_max
    wherever l_lambda is twice differentiable.

    Returns floats, one a network, or a ball for exact numbers and balls; negative or 0 where the bound says nothing.
    """
    decay = network.problem.decay
    return (decay if network.is_float else arb(decay)) - slack(network, constant)


def in_U(network: Network, theta: Any = 0, constant: str = "paper") -> Any:
    """Whether the network lies in U(lambda, theta): for floats an array of booleans; for exact weights and H = 1
    decided exactly, else by balls, with Undecided where they do not tell.
    """
    left = network.problem.decay - theta
    if network.is_float:
        return slack_squared(network, constant) < np.where(left > 0, left, 0) ** 2
    return _less(0, left) and _less(slack_squared(network, constant), left * left)


def in_A(network: Network, radius: Any, theta: Any = 0, constant: str = "paper") -> Any:
    """Whether the network lies in A(R, lambda, theta), R = ``radius`` > 0; as :func:`in_U`, which it implies.

    Raises BadInput for R <= 0 and for another constant.
    """
    H, problem = network.hidden_layers, network.problem
    if not radius > 0:
        raise BadInput(f"R = {radius} was given; the set A(R, lambda, theta) needs R > 0")
    c, steepest = constant_of(H, constant), max(1, problem.slope, -problem.slope)
    left = problem.decay - theta
    norms, most = norm_squared(network), radius * radius
    square = 2 * c * c * steepest ** (2 * H) * radius_squared(network, constant) * most ** (H - 1) * network.loss
    if network.is_float:
        return (norms <= most) & (square < np.where(left > 0, left, 0) ** 2)
    inside = norms <= most if isinstance(norms, fmpq | int) else _less(norms, most)
    return bool(inside) and _less(0, left) and _less(square, left * left)


def _less(a: Any, b: Any) -> bool:
    """Whether a < b, exactly or by balls; Undecided where balls overlap."""
    if not isinstance(a, arb) and not isinstance(b, arb):
        return bool(a < b)
    a, b = arb(a), arb(b)
    if a < b:
        return True
    if a >= b:
        return False
    raise Undecided(f"whether {a.str(6)} < {b.str(6)} is not decided; give more digits")


@dataclass(frozen=True)
class MilneBound:
    """The bound at one network: ``hidden_layers`` H, ``constant`` (its name) and ``c``, ``loss`` l, ``radius`` r,
    ``norm`` ||W||_*, ``decay`` lambda, ``slack`` and ``theta_max`` = lambda - slack. Floats, rounded to nearest.
    """

    hidden_layers: int
    constant: str
    c: int
    loss: float
    radius: float
    norm: float
    decay: float
    slack: float
    theta_max: float

    @property
    def holds(self) -> bool:
        """Whether the network lies in U(lambda, theta) for some theta > 0."""
        return self.theta_max > 0

    def to_json(self) -> dict[str, Any]:
        """The bound as plain data."""
        return {**vars(self), "holds": self.holds}


def milne_bound(network: Network, constant: str = "paper") -> MilneBound:
    """The bound of rebuttal 003 at one network (no batch); the constant is "paper", H(H+1), "sharp", H, or "moment".

    Raises BadInput for a batch and for another constant.
    """
    if np.ndim(network.loss):
        raise BadInput("the bound is reported for one network; use theta_max for a batch")
    return MilneBound(
        hidden_layers=network.hidden_layers,
        constant=constant,
        c=constant_of(network.hidden_layers, constant),
        loss=_float(network.loss),
        radius=_float(radius_squared(network, constant)) ** 0.5,
        norm=_float(norm_squared(network)) ** 0.5,
        decay=_float(network.problem.decay),
        slack=_float(slack(network, constant)),
        theta_max=_float(theta_max(network, constant)),
    )


def _float(x: Any) -> float:
    """A number of any kind as a float; BadInput where it is too large for one."""
    try:
        found = int(x.p) / int(x.q) if isinstance(x, fmpq) else float(x)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise BadInput("a number of the bound is too large to be printed (above 1e308); give smaller data or weights")
    return found


__all__ = [
    "Constant",
    "MilneBound",
    "constant_of",
    "in_A",
    "in_U",
    "largest_eigenvalue",
    "milne_bound",
    "norm_squared",
    "radius_squared",
    "slack",
    "slack_squared",
    "theta_max",
]
