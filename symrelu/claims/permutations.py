"""The exact loss of a small network before and after its rows and columns are permuted, with and without the second
layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from symrelu.model.kernels import RELU

Matrix = Sequence[Sequence[int]]


def losses_permuted(W: Matrix, alpha: Sequence[int], pi: Sequence[int], rho: Sequence[int]) -> tuple[Any, Any, Any]:
    """L(W, alpha), L(P_pi W P_rho', alpha) and L(P_pi W P_rho', P_pi alpha) against V = I_d, beta = 1, exactly.

    The permutations are lists of indices from 0: row i of P_pi W is row pi[i] of W, and likewise for columns.
    """
    moved = [[W[i][j] for j in rho] for i in pi]
    return _loss(W, alpha), _loss(moved, alpha), _loss(moved, [alpha[i] for i in pi])


def _kappa(u: Sequence[int], v: Sequence[int]) -> Any:
    def dot(x: Sequence[int], y: Sequence[int]) -> Any:
        return sympy.Integer(sum(a * b for a, b in zip(x, y, strict=True)))

    return RELU(dot(u, u), dot(v, v), dot(u, v))


def _loss(W: Matrix, alpha: Sequence[int]) -> Any:
    """1/2 E (sum alpha_i phi(<w_i, x>) - sum phi(<v_i, x>))**2, from the kernel."""
    d = len(W[0])
    vectors = [*W, *([int(i == j) for j in range(d)] for i in range(d))]
    weights = [*alpha, *([-1] * d)]
    total = sum(
        a * b * _kappa(u, v)
        for a, u in zip(weights, vectors, strict=True)
        for b, v in zip(weights, vectors, strict=True)
    )
    return sympy.expand(total / 2)
