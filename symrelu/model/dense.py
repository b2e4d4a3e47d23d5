"""The population loss of k x d students against one target, in floats, for many students at once.

Nothing is reduced by symmetry here: this is where descents run, and where points without symmetry are met. The kernel
is the same object as everywhere else (:mod:`symrelu.model.kernels`), evaluated on arrays of Gram entries, one for each
pair of rows. With gamma = (alpha, -beta) and u_j the rows of W and V together,

    L = 1/2 sum_ij alpha_i alpha_j kappa(w_i, w_j) - sum_ij alpha_i beta_j kappa(w_i, v_j) + 1/2 sum_ij beta_i beta_j
        kappa(v_i, v_j),
    dL/dw_i = alpha_i sum_j gamma_j (2 kappa_p w_i + kappa_s u_j),    dL/dalpha_i = sum_j gamma_j kappa(w_i, u_j).

Coordinates of Hessians are the rows of W one after another, then alpha.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any, Literal, TypeAlias

import numpy as np

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import FloatArithmetic
from symrelu.model.kernels import RELU, Gram, Kernel

Floats: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]
_ARITHMETIC = FloatArithmetic()
_NEAR = 0.9  # pairs of rows whose cosine is larger have their Gram root from differences, which do not cancel
_CHUNK = 2**25  # entries of Hessians that are held at a time while their eigenvalues are taken


class DenseLoss:
    """The loss L(W, alpha) for one target, on students of any number k of rows, one or many at once.

    Parameters: ``V`` of shape (h, d), the target's rows; ``beta`` of length h, its second layer (default: 1);
    ``kernel``, of the activation, without free parameters.

    Methods take W of shape (n, k, d) and alpha of shape (n, k) or (k,) (default: 1), or W of shape (k, d), for which
    the leading axis is left out of what is returned. Derivatives have the rounding of sums over k + h rows, the loss
    that of a sum over their pairs; rows may be parallel. Raises BadInput for shapes that do not fit and numbers that
    are not finite, ZeroRow for a row 0 where the kernel is not smooth.
    """

    def __init__(self, V: Any, beta: Any = None, kernel: Kernel = RELU) -> None:
        self.V = _finite(V, "the target")
        if self.V.ndim != 2 or 0 in self.V.shape:
            raise BadInput(f"a target of shape {self.V.shape} was given; a matrix with a neuron in each row is needed")
        self.h, self.d = self.V.shape
        self.beta = np.ones(self.h) if beta is None else _finite(beta, "beta")
        if self.beta.shape != (self.h,):
            raise BadInput(
                f"beta of shape {self.beta.shape} was given for {self.h} target neurons; give one number each"
            )
        if kernel.parameters:
            raise BadInput(f"the kernel {kernel.name} has a free parameter; give it a value, as in leaky:1/10")
        self.kernel = kernel
        self._prefactor = float(kernel.prefactor_in(_ARITHMETIC))

    # -- values --------------------------------------------------------------------------------------------------------

    def loss(self, W: Any, alpha: Any = None) -> Floats:
        """L, of shape (n,)."""
        W, alpha, single = self._networks(W, alpha)
        kappa = self._values(self._gram(W))
        k = W.shape[1]
        own = np.einsum("ni,nij,nj->n", alpha, kappa[:, :, :k], alpha)
        mixed = np.einsum("ni,nij,j->n", alpha, kappa[:, :, k:], self.beta)
        return _out(self._prefactor * (own / 2 - mixed + self._target / 2), single)

    def gradient(self, W: Any, alpha: Any = None) -> tuple[Floats, Floats]:
        """The derivatives of L by W, of shape (n, k, d), and by alpha, of shape (n, k)."""
        W, alpha, single = self._networks(W, alpha)
        gram = self._gram(W)
        gamma = self._gamma(alpha)
        pull = self._pull(W, gram, gamma)
        kappa = self._values(gram)
        by_alpha = self._prefactor * np.einsum("nij,nj->ni", kappa, gamma)
        return _out(alpha[:, :, None] * pull, single), _out(by_alpha, single)

    def row_gradient(self, W: Any, alpha: Any = None) -> Floats:
        """The derivative by W alone, without the kernel's values: the step of a descent with alpha fixed."""
        W, alpha, single = self._networks(W, alpha)
        return _out(alpha[:, :, None] * self._pull(W, self._gram(W), self._gamma(alpha)), single)

    # -- second derivatives --------------------------------------------------------------------------------------------

    def hessian(self, W: Any, alpha: Any = None, layers: Literal[1, 2] = 1) -> Floats:
        """The Hessian by W (``layers`` 1), of shape (n, k d, k d), or by W and alpha (2), (n, k (d+1), k (d+1))."""
        W, alpha, single = self._networks(W, alpha)
        n, k, d = W.shape
        gram, gamma = self._gram(W), self._gamma(alpha)
        first = self.kernel.first(_ARITHMETIC, gram)
        second = self.kernel.second(_ARITHMETIC, gram)
        by_rows = self._own_blocks(W, alpha, gram, gamma, first, second)
        mixed = self._mixed_blocks(W, alpha, gram, first, second)
        rows = np.arange(k)
        mixed[:, rows, :, rows, :] += np.moveaxis(by_rows, 1, 0)
        H = self._prefactor * mixed.reshape(n, k * d, k * d)
        if layers == 1:
            return _out((H + np.swapaxes(H, 1, 2)) / 2, single)
        k_p, k_s = (np.broadcast_to(x, gram.s.shape)[:, :, :k] for x in first)
        # d2L/dw_i dalpha_j = alpha_i dkappa(w_i, w_j)/dw_i, and for j = i the derivative by the first argument besides
        corner = alpha[:, :, None, None] * (2 * k_p[..., None] * W[:, :, None, :] + k_s[..., None] * W[:, None, :, :])
        corner *= self._prefactor
        corner[:, rows, rows, :] += self._pull(W, gram, gamma)
        corner = np.swapaxes(corner, 2, 3).reshape(n, k * d, k)
        whole = np.empty((n, k * (d + 1), k * (d + 1)))
        whole[:, : k * d, : k * d] = H
        whole[:, : k * d, k * d :] = corner
        whole[:, k * d :, : k * d] = np.swapaxes(corner, 1, 2)
        whole[:, k * d :, k * d :] = self._prefactor * self._values(gram)[:, :, :k]
        return _out((whole + np.swapaxes(whole, 1, 2)) / 2, single)

    def eigenvalues(self, W: Any, alpha: Any = None, layers: Literal[1, 2] = 1) -> Floats:
        """The eigenvalues of the Hessian in ascending order, of shape (n, k d) or (n, k (d + 1))."""
        W, alpha, single = self._networks(W, alpha)
        size = W.shape[1] * (W.shape[2] + (layers == 2))
        step = max(1, _CHUNK // size**2)
        parts = [
            np.linalg.eigvalsh(self.hessian(W[i : i + step], alpha[i : i + step], layers))
            for i in range(0, len(W), step)
        ]
        return _out(np.concatenate(parts), single)

    # -- the parts -----------------------------------------------------------------------------------------------------

    def _networks(self, W: Any, alpha: Any) -> tuple[Floats, Floats, bool]:
        W = _finite(W, "W")
        single = W.ndim == 2
        W = W[None] if single else W
        if W.ndim != 3 or W.shape[2] != self.d or W.shape[1] == 0:
            raise BadInput(f"W of shape {W.shape[single:]} was given; give k x {self.d} matrices, one or n of them")
        alpha = np.ones(W.shape[1]) if alpha is None else _finite(alpha, "alpha")
        if alpha.shape not in (W.shape[1:2], W.shape[:2]):
            raise BadInput(
                f"alpha of shape {alpha.shape} was given for W of shape {W.shape}; give a number for each row"
            )
        return W, np.broadcast_to(alpha, W.shape[:2]), single

    def _gamma(self, alpha: Floats) -> Floats:
        return np.concatenate([alpha, np.broadcast_to(-self.beta, (len(alpha), self.h))], axis=1)

    def _others(self, W: Floats) -> Floats:
        return np.concatenate([W, np.broadcast_to(self.V, (len(W), self.h, self.d))], axis=1)

    def _gram(self, W: Floats, rows: Floats | None = None) -> Gram:
        """The Gram entries of each row of W and each of the rows (default: those of W and of V)."""
        others = self._others(W) if rows is None else rows
        k, own = W.shape[1], rows is None
        s = W @ np.swapaxes(others, 1, 2)
        p = np.einsum("nia,nia->ni", W, W)[:, :, None]
        q = np.einsum("nja,nja->nj", others, others)[:, None, :]
        kernel = self.kernel
        if kernel.polynomial and not kernel.lift:
            return Gram(p, q, s, *(None,) * 4, False)
        if not kernel.smooth_at_zero_rows:
            _ARITHMETIC.check_norm(p)
        determinant = p * q - s * s
        near = s * s > _NEAR**2 * p * q
        if own:
            near[:, np.arange(k), np.arange(k)] = False
        n, i, j = np.nonzero(near)
        if len(n):
            determinant[n, i, j] = _determinants(W[n, i], others[n, j])
        if own:  # a row and itself: exactly parallel
            determinant[:, np.arange(k), np.arange(k)] = 0.0
        if kernel.lift:
            c = float(kernel.lift)
            determinant = 1 + c * (p + q) + c * c * np.maximum(determinant, 0.0)
            p, q, s = 1 + c * p, 1 + c * q, c * s
        g = _ARITHMETIC.gram_root(p, q, s, determinant)
        inverse_p = 1 / p
        inverse_q = np.divide(1.0, q, out=np.zeros_like(q), where=q != 0)
        return Gram(p, q, s, g, _ARITHMETIC.supplement(s, g, inverse_p, inverse_q), inverse_p, inverse_q, False)

    def _values(self, gram: Gram) -> Floats:
        return np.broadcast_to(np.asarray(self.kernel.value(_ARITHMETIC, gram), dtype=float), gram.s.shape)

    @cached_property
    def _target(self) -> float:
        """Twice the target's part of the loss, without the prefactor."""
        V = self.V[None, np.any(self.V != 0, axis=1)]  # a zero row adds nothing where phi(0) = 0
        beta = self.beta[np.any(self.V != 0, axis=1)]
        gram = self._gram(V, V)
        return float(np.einsum("i,nij,j->n", beta, self._values(gram), beta)[0]) if V.shape[1] else 0.0

    def _pull(self, W: Floats, gram: Gram, gamma: Floats) -> Floats:
        """sum_j gamma_j dkappa(w_i, u_j)/dw_i: the gradient by w_i over alpha_i."""
        k_p, k_s = self.kernel.first(_ARITHMETIC, gram)
        along = np.einsum("nij,nj->ni", np.broadcast_to(k_p, gram.s.shape), gamma)
        pulled: Floats = 2 * along[:, :, None] * W + (np.broadcast_to(k_s, gram.s.shape) * gamma[:, None, :]) @ (
            self._others(W)
        )
        return self._prefactor * pulled

    def _own_blocks(self, W: Floats, alpha: Floats, gram: Gram, gamma: Floats, first: Any, second: Any) -> Floats:
        """The second derivatives by one row of W, its partners held fixed: (n, k, d, d), without the prefactor."""
        others = self._others(W)
        k_p, k_pp, k_ps, k_ss, perp = (
            np.broadcast_to(x, gram.s.shape) * gamma[:, None, :]
            for x in (first[0], second[0], second[1], second[2], second[6])
        )
        cross = 2 * np.einsum("nia,nib->niab", W, k_ps @ others)
        blocks = cross + np.swapaxes(cross, 2, 3)
        blocks += 4 * np.einsum("ni,nia,nib->niab", k_pp.sum(2), W, W)
        blocks += 2 * k_p.sum(2)[:, :, None, None] * np.eye(self.d)
        blocks += np.einsum("nija,njb->niab", k_ss[..., None] * others[:, None], others, optimize=True)
        if np.any(perp):
            v_perp = others[:, None] - (gram.s * gram.inverse_p)[..., None] * W[:, :, None]
            blocks += np.swapaxes(perp[..., None] * v_perp, 2, 3) @ v_perp
        result: Floats = alpha[:, :, None, None] * blocks
        return result

    def _mixed_blocks(self, W: Floats, alpha: Floats, gram: Gram, first: Any, second: Any) -> Floats:
        """The second derivatives by two rows w, v of W as arguments: (n, k, d, k, d), without the prefactor."""
        n, k, d = W.shape
        weight = alpha[:, :, None] * alpha[:, None, :]
        k_s, k_ps, k_pq, k_qs, k_vw, perp = (
            np.broadcast_to(x, gram.s.shape)[:, :, :k] * weight
            for x in (first[1], second[1], second[3], second[4], second[5], second[6])
        )
        H = np.zeros((n, k, d, k, d))
        spread = np.arange(d)
        H[:, :, spread, :, spread] += k_s
        w_a, w_b = W[:, :, :, None, None], W[:, :, None, None, :]
        v_a, v_b = np.swapaxes(W, 1, 2)[:, None, :, :, None], W[:, None, None, :, :]

        def by_pair(x: Floats) -> Floats:
            return x[:, :, None, :, None]

        if np.any(k_pq):
            H += by_pair(4 * k_pq) * w_a * v_b
        if np.any(k_vw):
            H += by_pair(k_vw) * v_a * w_b
        if np.any(k_ps):
            H += by_pair(2 * k_ps) * w_a * w_b
        if np.any(k_qs):
            H += by_pair(2 * k_qs) * v_a * v_b
        if np.any(perp):
            w_perp = W[:, :, None] - (gram.s * gram.inverse_q)[:, :, :k, None] * W[:, None]
            v_perp = W[:, None] - (gram.s * gram.inverse_p)[:, :, :k, None] * W[:, :, None]
            H += np.einsum("nija,nijb->niajb", perp[..., None] * w_perp, v_perp)
        return H


def _determinants(w: Floats, v: Floats) -> Floats:
    """|w|**2 |v|**2 - <w, v>**2 of pairs of nearly parallel rows, without cancellation.

    For unit vectors a, b it is |a - b|**2 |a + b|**2 / 4.
    """
    p, q = np.einsum("ia,ia->i", w, w), np.einsum("ia,ia->i", v, v)
    a, b = w / np.sqrt(p)[:, None], v / np.sqrt(q)[:, None]
    result: Floats = p * q * np.sum((a - b) ** 2, axis=1) * np.sum((a + b) ** 2, axis=1) / 4
    return result


def _finite(x: Any, what: str) -> Floats:
    found = np.asarray(x, dtype=np.float64)
    if not np.isfinite(found).all():
        raise BadInput(f"{what} has an entry that is not finite; give finite numbers")
    return found


def _out(result: Floats, single: bool) -> Floats:
    return result[0] if single else result


__all__ = ["DenseLoss", "Floats"]
