"""The exact loss of a small network before and after its rows and columns are permuted, with and without the second
layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy

from symrelu.model.kernels import RELU

Matrix = Sequence[Sequence[int | Fraction]]


def losses_permuted(W: Matrix, alpha: Sequence[int], pi: Sequence[int], rho: Sequence[int]) -> tuple[Any, Any, Any]:
    """L(W, alpha), L(P_pi W P_rho', alpha) and L(P_pi W P_rho', P_pi alpha) against V = I_d, beta = 1, exactly.

    The permutations are lists of indices from 0: row i of P_pi W is row pi[i] of W, and likewise for columns.
    """
    moved = [[W[i][j] for j in rho] for i in pi]
    return exact_loss(W, alpha), exact_loss(moved, alpha), exact_loss(moved, [alpha[i] for i in pi])


def exact_loss(W: Matrix, alpha: Sequence[int]) -> Any:
    """1/2 E (sum alpha_i phi(<w_i, x>) - sum phi(<v_i, x>))**2 for V = I_d, from the kernel, as a SymPy number.

    Parameters: ``W``, k rows of d integers or fractions; ``alpha``, k integers.
    """
    d = len(W[0])
    vectors = [*W, *([int(i == j) for j in range(d)] for i in range(d))]
    weights = [*alpha, *([-1] * d)]
    total = sum(
        a * b * _kappa(u, v)
        for a, u in zip(weights, vectors, strict=True)
        for b, v in zip(weights, vectors, strict=True)
    )
    return sympy.expand(total / 2)


def _kappa(u: Sequence[int | Fraction], v: Sequence[int | Fraction]) -> Any:
    def dot(x: Sequence[int | Fraction], y: Sequence[int | Fraction]) -> Any:
        total = Fraction(sum(a * b for a, b in zip(x, y, strict=True)))
        return sympy.Rational(total.numerator, total.denominator)

    return RELU(dot(u, u), dot(v, v), dot(u, v))
