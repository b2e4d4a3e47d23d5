"""The population loss of two-layer networks, straight from its definition, for matrices of integer size.

For x ~ N(0, I_d), a student (W, alpha) with W of shape k x d and a teacher (V, beta) with V of shape h x d,

    L(W, alpha) = 1/2 E [ sum_i alpha_i max(0, <w_i, x>) - sum_j beta_j max(0, <v_j, x>) ]^2.

Expanding the square leaves one function of two vectors, the arc-cosine kernel of degree one (Cho and Saul, 2009),

    kappa(w, v) = E [max(0, <w, x>) max(0, <v, x>)] = (1 / 2 pi) |w| |v| (sin(theta) + (pi - theta) cos(theta)),

theta the angle between w and v. The loss is given in floats, in mpmath, and by Monte Carlo (which knows nothing of
kappa); its gradient by the closed formula and by numerical differentiation. This is ReLU; other activations, whose
kernels `activations` writes out, are given by name. Nothing here is fast, and nothing is shared with the engine.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import ArrayLike, NDArray

from symrelu.reference.activations import RELU, Activation

Floats = NDArray[np.float64]
# mpmath has no type stubs: its numbers are Any to the type checker
Mpf = Any
# what mpmath converts entry by entry: nested sequences, or arrays of floats
VectorLike = Sequence[Any] | NDArray[Any]
MatrixLike = Sequence[Sequence[Any]] | NDArray[Any]

# samples drawn at a time by the Monte-Carlo estimate: bounds its memory
_CHUNK = 20_000


class MonteCarlo(NamedTuple):
    """A Monte-Carlo estimate: the sample mean and its standard error (standard deviation over root of sample size)."""

    mean: float
    standard_error: float


class Gradient(NamedTuple):
    """The gradient of the loss: with respect to W (shape k x d) and to alpha (length k)."""

    weights: Floats
    second_layer: Floats


class GradientMp(NamedTuple):
    """The gradient of the loss in mpmath numbers: k rows of d entries, and k entries."""

    weights: list[list[Mpf]]
    second_layer: list[Mpf]


def _network(weights: ArrayLike, outputs: ArrayLike, name: str) -> tuple[Floats, Floats]:
    """Checked float arrays of one network, its weight matrix and its output weights."""
    matrix = np.asarray(weights, dtype=np.float64)
    vector = np.asarray(outputs, dtype=np.float64)
    if matrix.ndim != 2 or vector.shape != matrix.shape[:1]:
        raise ValueError(
            f"the {name} has weights of shape {matrix.shape} and output weights of shape {vector.shape}: "
            "give a matrix with one row a neuron, and one output weight a row"
        )
    return matrix, vector


def _networks(W: ArrayLike, alpha: ArrayLike, V: ArrayLike, beta: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    """Checked float arrays of student and teacher over the same inputs."""
    student, alphas = _network(W, alpha, "student")
    teacher, betas = _network(V, beta, "teacher")
    if student.shape[1] != teacher.shape[1]:
        raise ValueError(
            f"the student reads {student.shape[1]} inputs and the teacher {teacher.shape[1]}: "
            "give W and V the same number of columns (pad the smaller with zeros)"
        )
    return student, alphas, teacher, betas


def _unit_rows(rows: Floats) -> tuple[Floats, Floats]:
    """The norms of the rows and the rows divided by them; a zero row stays zero."""
    norms = np.sqrt(np.sum(rows**2, axis=1))
    return norms, rows / np.where(norms > 0, norms, 1.0)[:, None]


def angles(A: ArrayLike, B: ArrayLike) -> Floats:
    """The angles between each row of A and each row of B.

    Parameters: A of shape k x d and B of shape h x d, real.
    Returns: shape k x h, values in [0, pi]. The half-angle form 2 atan2(|a - b|, |a + b|) for unit vectors a and b is
    accurate near 0 and pi, where arccos loses half of the digits (Kahan). A zero row is given angle pi/2.
    """
    a = _unit_rows(np.asarray(A, dtype=np.float64))[1][:, None, :]
    b = _unit_rows(np.asarray(B, dtype=np.float64))[1][None, :, :]
    minus = np.sqrt(np.sum((a - b) ** 2, axis=2))
    plus = np.sqrt(np.sum((a + b) ** 2, axis=2))
    theta: Floats = 2.0 * np.arctan2(minus, plus)
    return theta


def grams(A: ArrayLike, B: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """p, q, s of each pair: the squared norms of A's rows as a column, those of B's as a row, the inner products."""
    a, b = np.asarray(A, dtype=np.float64), np.asarray(B, dtype=np.float64)
    return np.sum(a**2, axis=1)[:, None], np.sum(b**2, axis=1)[None, :], a @ b.T


def kernel(A: ArrayLike, B: ArrayLike, activation: Activation = RELU) -> Floats:
    """The kernel E[phi(<a, x>) phi(<b, x>)] of each row of A with each row of B, for ReLU the arc-cosine kernel.

    Parameters: A of shape k x d and B of shape h x d, real. Returns: shape k x h. A zero row gives phi(0) = 0.
    """
    result = activation.value(*grams(A, B))
    if activation.relu_part:
        result = result + activation.relu_part * _arc_cosine(A, B)
    return np.asarray(result, dtype=np.float64)


def _arc_cosine(A: ArrayLike, B: ArrayLike) -> Floats:
    norms_a = _unit_rows(np.asarray(A, dtype=np.float64))[0]
    norms_b = _unit_rows(np.asarray(B, dtype=np.float64))[0]
    theta = angles(A, B)
    result: Floats = np.outer(norms_a, norms_b) * (np.sin(theta) + (np.pi - theta) * np.cos(theta)) / (2 * np.pi)
    return result


def loss(W: ArrayLike, alpha: ArrayLike, V: ArrayLike, beta: ArrayLike, activation: Activation = RELU) -> float:
    """The population loss L(W, alpha) against the teacher (V, beta), in floats.

    Parameters: W of shape k x d, alpha of length k, V of shape h x d, beta of length h; k, h, d any positive integers;
    the activation of both networks.
    Returns: L, with the rounding of sums of (k + h)^2 terms of the size of the squared norms.
    Raises: ValueError if the shapes do not fit.
    """
    student, alphas, teacher, betas = _networks(W, alpha, V, beta)
    return float(
        alphas @ kernel(student, student, activation) @ alphas / 2
        - alphas @ kernel(student, teacher, activation) @ betas
        + betas @ kernel(teacher, teacher, activation) @ betas / 2
    )


def monte_carlo_loss(
    W: ArrayLike,
    alpha: ArrayLike,
    V: ArrayLike,
    beta: ArrayLike,
    samples: int,
    seed: int,
    activation: Activation = RELU,
) -> MonteCarlo:
    """The loss as half the mean squared difference of the two networks on random inputs.

    Parameters: as for `loss`; samples >= 2, the number of inputs drawn; seed, of numpy's default generator.
    Returns: the mean and its standard error; the same for the same seed.
    Raises: ValueError if the shapes do not fit, there are fewer than two samples, or the kernel is no activation's.
    """
    student, alphas, teacher, betas = _networks(W, alpha, V, beta)
    if activation.phi is None:
        raise ValueError(f"the kernel {activation.name} is no mean over inputs: compare its tensors instead")
    if samples < 2:
        raise ValueError(f"{samples} samples give no standard error: ask for 2 or more")
    rng = np.random.default_rng(seed)
    values = np.empty(samples)
    for start in range(0, samples, _CHUNK):
        stop = min(start + _CHUNK, samples)
        x = rng.standard_normal((stop - start, student.shape[1]))
        output = activation.phi(x @ student.T) @ alphas
        wanted = activation.phi(x @ teacher.T) @ betas
        values[start:stop] = (output - wanted) ** 2 / 2
    return MonteCarlo(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(samples)))


def gradient(W: ArrayLike, alpha: ArrayLike, V: ArrayLike, beta: ArrayLike, activation: Activation = RELU) -> Gradient:
    """The gradient of the loss by the closed formula.

    It rests on kappa being symmetric, on d kappa(w, v) / dw = (1 / 2 pi) (|v| sin(theta) w / |w| + (pi - theta) v) for
    ReLU, and on 2 f_p w + f_s v for a smooth function f of p = <w, w>, q = <v, v>, s = <w, v>.

    Parameters: as for `loss`. Returns: the derivatives by W and by alpha.
    Raises: ValueError if the shapes do not fit, or if a row of W is zero where the loss is not differentiable there.
    """
    student, alphas, teacher, betas = _networks(W, alpha, V, beta)
    norms, units = _unit_rows(student)
    if np.any(norms == 0) and activation.relu_part:
        row = int(np.argmin(norms)) + 1
        raise ValueError(f"row {row} of W is zero and the loss is not differentiable there: give nonzero rows")

    def first_argument(others: Floats, weights: Floats) -> Floats:
        """The sum over j of weights_j d kappa(w_i, other_j) / d w_i, one row for each i."""
        f_p, f_s = activation.first(*grams(student, others))
        smooth: Floats = 2 * (f_p @ weights)[:, None] * student + (f_s * weights) @ others
        if not activation.relu_part:
            return smooth
        theta = angles(student, others)
        lengths = weights * np.sqrt(np.sum(others**2, axis=1))
        along_own = (np.sin(theta) @ lengths)[:, None] * units
        result: Floats = (along_own + ((np.pi - theta) * weights) @ others) / (2 * np.pi)
        return activation.relu_part * result + smooth

    by_rows = alphas[:, None] * (first_argument(student, alphas) - first_argument(teacher, betas))
    by_outputs = kernel(student, student, activation) @ alphas - kernel(student, teacher, activation) @ betas
    return Gradient(by_rows, by_outputs)


# mpmath versions ------------------------------------------------------------------------------------------------------


def kernel_mp(w: Sequence[Mpf], v: Sequence[Mpf], activation: Activation = RELU) -> Mpf:
    """The kernel of two vectors at the current working precision of mpmath; 0 if one of them is zero."""
    if activation == RELU:
        return _arc_cosine_mp(w, v)
    p, q, s = (mpmath.fsum(x * y for x, y in zip(a, b, strict=True)) for a, b in ((w, w), (v, v), (w, v)))
    relu = activation.relu_part_mp() * _arc_cosine_mp(w, v) if activation.relu_part else 0
    return relu + activation.value_mp(p, q, s)


def _arc_cosine_mp(w: Sequence[Mpf], v: Sequence[Mpf]) -> Mpf:
    length_w = mpmath.sqrt(mpmath.fsum(x * x for x in w))
    length_v = mpmath.sqrt(mpmath.fsum(x * x for x in v))
    if length_w == 0 or length_v == 0:
        return mpmath.mpf(0)
    minus = mpmath.sqrt(mpmath.fsum((x / length_w - y / length_v) ** 2 for x, y in zip(w, v, strict=True)))
    plus = mpmath.sqrt(mpmath.fsum((x / length_w + y / length_v) ** 2 for x, y in zip(w, v, strict=True)))
    theta = 2 * mpmath.atan2(minus, plus)
    return length_w * length_v * (mpmath.sin(theta) + (mpmath.pi - theta) * mpmath.cos(theta)) / (2 * mpmath.pi)


def loss_mp(W: MatrixLike, alpha: VectorLike, V: MatrixLike, beta: VectorLike, activation: Activation = RELU) -> Mpf:
    """The population loss L(W, alpha) at the current working precision of mpmath.

    Parameters: as for `loss`, as arrays or nested sequences of numbers that mpmath converts.
    Returns: an mpf.
    Raises: ValueError if the numbers of rows, columns and output weights do not fit.
    """
    vectors = [[mpmath.mpf(x) for x in row] for row in W] + [[mpmath.mpf(x) for x in row] for row in V]
    # the loss is one quadratic form: student neurons enter with alpha, teacher neurons with -beta
    signed = [mpmath.mpf(x) for x in alpha] + [-mpmath.mpf(x) for x in beta]
    if len(W) != len(alpha) or len(V) != len(beta) or len({len(row) for row in vectors}) != 1:
        raise ValueError("the networks do not fit: give rows of one length and one output weight a row")
    neurons = list(zip(signed, vectors, strict=True))
    return mpmath.fsum(x * y * kernel_mp(w, v, activation) for x, w in neurons for y, v in neurons) / 2


def gradient_by_differentiation(
    W: MatrixLike, alpha: VectorLike, V: MatrixLike, beta: VectorLike, activation: Activation = RELU
) -> GradientMp:
    """The gradient of the loss by numerical differentiation of `loss_mp` in mpmath: no formula for it is used.

    Parameters: as for `loss_mp`.
    Returns: the derivatives by W and by alpha. mpmath raises its own precision so that they carry nearly the working
    precision where the loss is smooth, fewer digits where two rows are parallel (the loss is only C^2 there).
    """
    rows = [[mpmath.mpf(x) for x in row] for row in W]
    outputs = [mpmath.mpf(x) for x in alpha]

    def along_entry(i: int, j: int) -> Mpf:
        def moved(x: Mpf) -> Mpf:
            changed = [x if column == j else entry for column, entry in enumerate(rows[i])]
            return loss_mp([*rows[:i], changed, *rows[i + 1 :]], outputs, V, beta, activation)

        return mpmath.diff(moved, rows[i][j])

    def along_output(i: int) -> Mpf:
        def moved(x: Mpf) -> Mpf:
            return loss_mp(rows, [*outputs[:i], x, *outputs[i + 1 :]], V, beta, activation)

        return mpmath.diff(moved, outputs[i])

    by_rows = [[along_entry(i, j) for j in range(len(row))] for i, row in enumerate(rows)]
    return GradientMp(by_rows, [along_output(i) for i in range(len(outputs))])
