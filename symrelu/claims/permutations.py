"""The exact loss of a 2 x 2 network before and after its rows are permuted, with and without the second layer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from symrelu.model.kernels import RELU


def losses_after_a_row_swap() -> tuple[Any, Any, Any]:
    """L at W = diag(2, 1), alpha = (1, 2), V = I; with the rows swapped and alpha kept; with alpha swapped too.
    Exact.
    """
    rows, swapped = [(2, 0), (0, 1)], [(0, 1), (2, 0)]
    return _loss(rows, (1, 2)), _loss(swapped, (1, 2)), _loss(swapped, (2, 1))


def _kappa(u: tuple[int, ...], v: tuple[int, ...]) -> Any:
    def dot(x: tuple[int, ...], y: tuple[int, ...]) -> Any:
        return sympy.Integer(sum(a * b for a, b in zip(x, y, strict=True)))

    return RELU(dot(u, u), dot(v, v), dot(u, v))


def _loss(rows: Sequence[tuple[int, ...]], alpha: tuple[int, ...]) -> Any:
    """1/2 E (sum alpha_i phi(<w_i, x>) - sum phi(<v_i, x>))**2, from the kernel."""
    vectors = [*rows, (1, 0), (0, 1)]
    weights = [*alpha, -1, -1]
    total = sum(
        a * b * _kappa(u, v)
        for a, u in zip(weights, vectors, strict=True)
        for b, v in zip(weights, vectors, strict=True)
    )
    return sympy.simplify(total / 2)
