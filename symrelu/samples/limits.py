r"""To what the Hessian of a training loss converges, and why that is not the Hessian of the population loss.

Let phi(0) = 0, phi' = const on each side of 0 with jump c (ReLU: c = 1), z_i = <w_i, x>, f = sum alpha_i phi(z_i),
y = sum beta_j phi(<v_j, x>), r = f - y, L = E r**2/2 and L_N = (1/2N) sum_n r(x_n)**2, x_n independent, with a density
and E|x|**4 finite; all rows nonzero.

**What is computed.** Almost surely no x_n lies on a hyperplane z_i = 0, so near (W, alpha) no sign changes, L_N is a
polynomial there, and its Hessian (what automatic differentiation returns) is the mean over the inputs of

    h(x) = J J' + r M,     J = (alpha_i phi'(z_i) x for each i; phi(z_i) for each i),
    M: phi'(z_i) x between w_i and alpha_i, 0 elsewhere.

Between rows it is a Gram matrix: *positive semidefinite at every W, for every N*. No saddle shows in it.

**Its limit.** By the law of large numbers it converges to E h, with errors of order N**(-1/2). Differentiating
kappa(w, v) = E phi(<w,x>) phi(<v,x>) once by each argument, which the integral allows as phi is Lipschitz, gives
E[phi'(z_i) phi'(z_j) x x'] = d2kappa/dw dv (w_i, w_j), and in all blocks with alpha each factor is differentiated at
most once as well. So with the population's Hessian H of (W, alpha)

    E h = H - diag(B_1, ..., B_k, 0),    B_i = alpha_i Phi''(w_i),    Phi(u) = E[phi(<u,x>) r(x)]
                                             = sum_j alpha_j kappa(u, w_j) - sum_j beta_j kappa(u, v_j),

what H has from differentiating one factor twice. phi'' is c times the delta function: differentiating
grad Phi(u) = E[phi'(<u,x>) r x], in which a move of u moves the half space only, for x ~ N(0, I)

    B_i = (alpha_i c/(sqrt(2 pi) |w_i|)) E[r(x_P) x_P x_P'],      x_P = x's part orthogonal to w_i:

the residual on the hyperplane where neuron i switches, a set that N inputs miss. B_i w_i = 0. B_i is the form D of
splitting neuron i (:mod:`symrelu.splitting.split`). It vanishes where r does, at global minima; at spurious minima it
does not. As E h is positive semidefinite between rows, every negative direction of L in W comes from B.

**Uniform convergence.** The functions r phi'(z_i) x are products of functions Lipschitz in W, with square integrable
constants, and indicators of half spaces, a Vapnik-Chervonenkis class: sup |grad L_N - grad L| -> 0 over every compact
set of nonzero rows, almost surely. The same holds for h: the almost-everywhere Hessians converge uniformly, to H - B.
So bounds for gradients carry over to the training loss as they are; for "higher-order derivatives" they speak of H - B,
since the limit of the derivatives is not the derivative of the limit. (Theorems with Hessians assume activations that
are twice differentiable, where c = 0 and B is part of h: erf, z**2.)

**What does converge to H** are derivatives over a step h that contains many kinks: the difference quotient

    (grad L_N(W + h E) - grad L_N(W - h E))/2h

has for every h the mean of the same quotient of L, which is H E + O(h**2) where L is three times differentiable. About
N h inputs switch a neuron on the way, each worth 1/(N h), so it fluctuates by (N h)**(-1/2). It converges to H if
h -> 0 and N h -> infinity: first N -> infinity, then h -> 0. The best h ~ N**(-1/5) leaves an error N**(-2/5), not
N**(-1/2). (Where a row is parallel to a target's, as at V itself, L is only twice differentiable and O(h) stands for
O(h**2).) The *smoothed* Hessian does the same in one pass: it adds to the mean of h(x) the mean of

    alpha_i c r_i(x) delta_h(z_i) x x'   to block i,    r_i = r - alpha_i phi(z_i),

delta_h the density of N(0, h**2 |w_i|**2). (A neuron is 0 on its own hyperplane; its kink there would cost O(h).) Its
mean, for Gaussian inputs, is exact for every h from the same kernel: phi(z + h |w_i| g) with g ~ N(0, 1) is a neuron
(w_i, h |w_i|) with one more input, which the others do not see, so that B_i(h) = alpha_i Phi_i'' in R**(d+1) there, on
the first d coordinates.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.pointwise import activation_of


def boundary_term(loss: DenseLoss, W: Any, alpha: Any = None, width: float = 0.0) -> Floats:
    """The B_i of all rows, of shape (k, d, d): what the sample Hessian of a kinked activation misses.

    Parameters: ``loss``, the population loss; ``W`` of shape (k, d), rows nonzero; ``alpha`` of length k (default: 1);
    ``width`` h >= 0, relative to the length of a row: the mean of what the smoothed Hessian adds, exactly, with h = 0
    for B itself. For smooth activations h must be 0: there B is the part of the Hessian with phi''.
    Returns symmetric matrices to rounding. Source: the module's head. Raises BadInput for another shape, and for a
    width where the kernel has no kink.
    """
    W = np.asarray(W, dtype=float)
    if W.ndim != 2 or W.shape[1] != loss.d:
        raise BadInput(f"W of shape {W.shape} was given; give one k x {loss.d} matrix")
    k, d = W.shape
    weights = np.ones(k) if alpha is None else np.asarray(alpha, dtype=float)
    check_width(width)
    if width and activation_of(loss.kernel).jump == 0:
        raise BadInput(f"the width {width} was given; the kernel {loss.kernel.name} has no kink to be smoothed: give 0")
    blocks = np.empty((k, d, d))
    for i in range(k):
        others = np.delete(np.arange(k), i)
        rows = np.vstack([W[others], loss.V])
        partners = DenseLoss(
            np.column_stack([rows, np.zeros(len(rows))]), np.append(-weights[others], loss.beta), loss.kernel
        )
        neuron = np.append(W[i], width * np.linalg.norm(W[i]))[None, None]
        # the loss of one student of weight +-1 is (its own part) +- Phi_i
        plus, minus = partners.hessian(np.repeat(neuron, 2, axis=0), np.array([[1.0], [-1.0]]))[:, :d, :d]
        blocks[i] = weights[i] * (plus - minus) / 2
    return blocks


def limit_hessian(
    loss: DenseLoss, W: Any, alpha: Any = None, layers: Literal[1, 2] = 1, width: float | None = None
) -> Floats:
    """To what the Hessian of the training loss converges as N grows, W and alpha fixed.

    Parameters: as for :func:`boundary_term`; ``layers`` as for :meth:`DenseLoss.hessian`. ``width``: None for the
    almost-everywhere Hessian, whose limit is H - diag(B); h > 0 for the smoothed one, H - diag(B) + diag(B(h)).
    For smooth activations it is H. Returns a symmetric matrix of order k d or k (d + 1).
    """
    H = loss.hessian(W, alpha, layers)
    if activation_of(loss.kernel).jump == 0:
        return H
    missed = boundary_term(loss, W, alpha)
    if width is not None:
        missed = missed - boundary_term(loss, W, alpha, width)
    k, d = missed.shape[:2]
    for i in range(k):
        own = slice(i * d, (i + 1) * d)
        H[own, own] -= missed[i]
    return H


def check_width(width: float) -> None:
    """Raise BadInput for a width that is negative or no number."""
    if not (np.isfinite(width) and width >= 0):
        raise BadInput(f"the width {width} was given; give a number >= 0, such as 0.1")


__all__ = ["boundary_term", "check_width", "limit_hessian"]
