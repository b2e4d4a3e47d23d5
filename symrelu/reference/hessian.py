"""The Hessian of the population loss of two-layer networks at a matrix of integer size, from the definition.

The loss is L(W, alpha) = 1/2 sum alpha_i alpha_j kappa(w_i, w_j) - sum alpha_i beta_j kappa(w_i, v_j) + const, with the
arc-cosine kernel kappa of `dense`. Let theta be the angle between w and v, a = w / |w| and b = v / |v|, let n be the
unit vector of v's part orthogonal to w, and m that of w's part orthogonal to v. Then

    2 pi d kappa / dw      = |v| sin(theta) a + (pi - theta) v,
    2 pi d^2 kappa / dw^2  = (|v| / |w|) sin(theta) (I - a a^T + n n^T),
    2 pi d^2 kappa / dw dv = sin(theta) (a b^T + n m^T) + (pi - theta) I.

All three are continuous where w and v become parallel, although n and m are not: there d^2 kappa / dw^2 is 0, and
d^2 kappa / dw dv is I / 2 at theta = 0 and 0 at theta = pi (Safran, Yehudai and Shamir, 2021, Lemma 1), which is what
the formulas give with any n and m. The smooth part f of another activation's kernel follows by the chain rule with
p = <w, w>, q = <v, v>, s = <w, v>. A network that trains both layers has the coordinates

    w_1, ..., w_k, alpha_1, ..., alpha_k        (the rows of W one after another, then the output weights),

one that trains the first layer alone the first k d of them. Nothing here is shared with the engine, and no symmetry is
used; building the matrix takes about k^2 d^2 operations.
"""

import numpy as np
from numpy.typing import ArrayLike

from symrelu.reference.activations import RELU, Activation
from symrelu.reference.dense import Floats, angles, gradient, grams, kernel


def _directions(row: Floats, others: Floats) -> tuple[Floats, Floats]:
    """For each other vector v, the unit vectors of v's part orthogonal to the row, and of the row's orthogonal to v.

    Where the row and v are parallel, or v is zero, they are zero or any unit vectors: sin(theta) or |v| takes them out.
    """
    own = row / np.sqrt(row @ row)
    lengths = np.sqrt(np.sum(others**2, axis=1))
    units = others / np.where(lengths > 0, lengths, 1.0)[:, None]
    # near 0 and pi the part left over is the small difference or sum of the unit vectors, nearly orthogonal to both:
    # taking it first, and then its part orthogonal to one of them, loses no digits
    sign = np.where(units @ own < 0, -1.0, 1.0)[:, None]
    difference = units - sign * own
    n = difference - (difference @ own)[:, None] * own
    m = -sign * difference
    m = m - np.sum(m * units, axis=1)[:, None] * units
    return _normalised(n), _normalised(m)


def _normalised(vectors: Floats) -> Floats:
    """Each vector over its length; zero stays zero."""
    lengths = np.sqrt(np.sum(vectors**2, axis=1))
    result: Floats = vectors / np.where(lengths > 0, lengths, 1.0)[:, None]
    return result


def kernel_gradients(row: Floats, others: Floats, activation: Activation = RELU) -> Floats:
    """The derivatives d kappa(w, v_j) / dw of the kernel at one vector w, for several v_j.

    Parameters: row, w, nonzero of length d; others, the v_j as rows of a matrix of shape h x d.
    Returns: shape h x d; its row j is the derivative for v_j.
    """
    f_p, f_s = (x[0] for x in activation.first(*grams(row[None, :], others)))
    smooth: Floats = 2 * np.outer(f_p, row) + f_s[:, None] * others
    if not activation.relu_part:
        return smooth
    theta = angles(row[None, :], others)[0]
    lengths = np.sqrt(np.sum(others**2, axis=1))
    along_row = np.outer(lengths * np.sin(theta), row / np.sqrt(row @ row))
    result: Floats = (along_row + (np.pi - theta)[:, None] * others) / (2 * np.pi)
    return activation.relu_part * result + smooth


def kernel_second_derivatives(row: Floats, others: Floats, weights: Floats, activation: Activation = RELU) -> Floats:
    """The sum over j of weights_j d^2 kappa(w, v_j) / dw^2, a symmetric d x d matrix.

    Parameters: row, w, nonzero of length d; others, the v_j as rows of shape h x d; weights of length h.
    To ReLU's, a vector v_j parallel to w, or zero, adds nothing.
    """
    pqs = grams(row[None, :], others)
    f_p = activation.first(*pqs).p[0]
    f = activation.second(*(np.broadcast_to(x, pqs[2].shape) for x in pqs))
    f_pp, f_ps, f_ss = (weights * x[0] for x in (f.pp, f.ps, f.ss))
    cross = np.outer(row, f_ps @ others)
    smooth: Floats = 2 * (weights @ f_p) * np.eye(row.size) + 4 * np.sum(f_pp) * np.outer(row, row)
    smooth = smooth + 2 * (cross + cross.T) + (others.T * f_ss) @ others
    if not activation.relu_part:
        return smooth
    n = _directions(row, others)[0]
    own = row / np.sqrt(row @ row)
    lengths = np.sqrt(np.sum(others**2, axis=1))
    factors = weights * lengths * np.sin(angles(row[None, :], others)[0]) / np.sqrt(row @ row)
    result: Floats = np.sum(factors) * (np.eye(row.size) - np.outer(own, own)) + (n.T * factors) @ n
    return activation.relu_part * result / (2 * np.pi) + smooth


def kernel_mixed_derivatives(row: Floats, others: Floats, activation: Activation = RELU) -> Floats:
    """The mixed second derivatives d^2 kappa(w, v_j) / dw dv_j at one vector w, for several v_j.

    Parameters: row, w, nonzero of length d; others, the v_j as nonzero rows of a matrix of shape h x d.
    Returns: shape h x d x d; entry (j, a, b) is the derivative by the entries w_a and (v_j)_b. For v_j parallel to w
    ReLU's value is the limit: I / 2 in the same direction, 0 in the opposite one.
    """
    pqs = tuple(np.broadcast_to(x, (1, len(others))) for x in grams(row[None, :], others))
    f_s = activation.first(*pqs).s[0]
    f = [x[0][:, None, None] for x in activation.second(*pqs)]
    w_first, w_second = row[None, :, None], row[None, None, :]
    v_first, v_second = others[:, :, None], others[:, None, :]
    smooth: Floats = f_s[:, None, None] * np.eye(row.size) + 4 * f[3] * w_first * v_second + f[2] * v_first * w_second
    smooth = smooth + 2 * f[1] * w_first * w_second + 2 * f[4] * v_first * v_second
    if not activation.relu_part:
        return smooth
    n, m = _directions(row, others)
    theta = angles(row[None, :], others)[0]
    own = row / np.sqrt(row @ row)
    units = _normalised(others)
    dyads = own[None, :, None] * units[:, None, :] + n[:, :, None] * m[:, None, :]
    scalars = (np.pi - theta)[:, None, None] * np.eye(row.size)
    result: Floats = (np.sin(theta)[:, None, None] * dyads + scalars) / (2 * np.pi)
    return activation.relu_part * result + smooth


def first_layer_hessian(
    W: ArrayLike, alpha: ArrayLike, V: ArrayLike, beta: ArrayLike, activation: Activation = RELU
) -> Floats:
    """The Hessian of W -> L(W, alpha), the output weights fixed.

    Parameters: W of shape k x d (without zero rows, unless the kernel is smooth there), alpha of length k, V of shape
    h x d, beta of length h; k, h and d any positive integers; the activation. Rows may be parallel: the loss is twice
    continuously differentiable there.
    Returns: a symmetric matrix of order k d, for the rows of W one after another, with the rounding of sums of k + h
    terms.
    Raises: ValueError if the shapes do not fit or a row of W is zero.
    """
    student, alphas, teacher, betas = _checked(W, alpha, V, beta, activation)
    k, d = student.shape
    hessian = np.empty((k, d, k, d))
    for i, row in enumerate(student):
        mixed = kernel_mixed_derivatives(row, student, activation)
        hessian[i] = np.moveaxis(alphas[i] * alphas[:, None, None] * mixed, 0, 1)
        # half of the second derivative of kappa(w, w) is that by one argument twice plus that by both
        hessian[i, :, i] += alphas[i] * (
            kernel_second_derivatives(row, student, alphas, activation)
            - kernel_second_derivatives(row, teacher, betas, activation)
        )
    return _symmetric(hessian.reshape(k * d, k * d))


def hessian(W: ArrayLike, alpha: ArrayLike, V: ArrayLike, beta: ArrayLike, activation: Activation = RELU) -> Floats:
    """The Hessian of (W, alpha) -> L(W, alpha), both layers trained.

    The mixed entries of a row and its own output weight carry the gradient: with alpha_i nonzero they are, for ReLU,
    d^2 L / dw_i dalpha_i = (dL/dw_i) / alpha_i + alpha_i w_i / 2, where the first term vanishes at critical
    points only.

    Parameters: as for `first_layer_hessian`.
    Returns: a symmetric matrix of order k (d + 1), for the rows of W one after another and then alpha.
    Raises: ValueError if the shapes do not fit or a row of W is zero where the loss is not differentiable there.
    """
    student, alphas, teacher, betas = _checked(W, alpha, V, beta, activation)
    k, d = student.shape
    result = np.empty((k * (d + 1), k * (d + 1)))
    result[: k * d, : k * d] = first_layer_hessian(student, alphas, teacher, betas, activation)
    result[k * d :, k * d :] = kernel(student, student, activation)
    mixed = np.empty((k, d, k))
    for i, row in enumerate(student):
        # dL/dw_i = alpha_i (sum_j alpha_j g_ij - sum_j beta_j h_ij), g by the first argument alone
        by_students = kernel_gradients(row, student, activation)
        by_teachers = kernel_gradients(row, teacher, activation)
        mixed[i] = alphas[i] * by_students.T
        mixed[i, :, i] += alphas @ by_students - betas @ by_teachers
    result[: k * d, k * d :] = mixed.reshape(k * d, k)
    result[k * d :, : k * d] = mixed.reshape(k * d, k).T
    return _symmetric(result)


def _checked(
    W: ArrayLike, alpha: ArrayLike, V: ArrayLike, beta: ArrayLike, activation: Activation
) -> tuple[Floats, Floats, Floats, Floats]:
    """Float arrays of student and teacher, if the gradient accepts them."""
    # it refuses shapes that do not fit and zero rows of W, with messages of its own
    gradient(W, alpha, V, beta, activation)
    student, alphas, teacher, betas = (np.asarray(x, dtype=np.float64) for x in (W, alpha, V, beta))
    return student, alphas, teacher, betas


def _symmetric(matrix: Floats) -> Floats:
    """The matrix with the rounding of its two halves made equal."""
    result: Floats = (matrix + matrix.T) / 2
    return result
