"""The smallest eigenvalue of the Hessian of l_lambda: in floats for many networks, or enclosed with a proof for one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb, fmpq

from symrelu.convexity.network import Array, Network
from symrelu.errors import Undecided
from symrelu.exact.balls import working_bits
from symrelu.proof.inertia import pivots

BITS = 128


def hessian_min_eig(network: Network) -> Any:
    """The smallest eigenvalue of Hess l_lambda: floats, one a network; for exact weights or balls a ball that is
    proved to contain it. Raises Kink where there is no Hessian, Undecided where balls are too wide.
    """
    if network.is_float:
        return np.linalg.eigvalsh(network.hessian)[..., 0]
    return smallest_eigenvalue(network.hessian)


def smallest_eigenvalue(matrix: Array, bits: int = BITS) -> arb:
    """The smallest eigenvalue of a symmetric matrix of exact numbers or balls, proved: M - low is positive definite
    and M - high is not, by the signs of pivots of L D L' in ball arithmetic. Multiple eigenvalues do no harm.

    Returns a ball of radius 1e-13 times the matrix's size, or 1e-11, 1e-9 or 1e-7 where balls are too wide for less.
    Raises Undecided if the widest bracket fails, too, or the entries are too large for floats.
    """
    with working_bits(bits):
        form = [[arb(x) for x in row] for row in matrix.tolist()]
        middle = [[float(x.mid()) for x in row] for row in form]
        if not np.all(np.isfinite(middle)):
            raise Undecided("the Hessian has entries that are too large for floats; give smaller data or weights")
        values = np.linalg.eigvalsh(middle)
        size = max(float(np.max(np.abs(values))), 1e-300)
        for digits in (13, 11, 9, 7):
            step = size * 10.0**-digits
            low, high = (_rational(values[0] + sign * step) for sign in (-1, 1))
            if is_definite_above(form, low) and is_definite_above(form, high) is False:
                return arb(low).union(arb(high))
    raise Undecided("the smallest eigenvalue is not enclosed: the entries are too wide; give more digits")


def is_definite_above(form: list[list[Any]], bound: fmpq) -> bool | None:
    """Whether all eigenvalues of a symmetric matrix of balls are larger than ``bound``; None where not decided."""
    shifted = [[x - bound if i == j else x for j, x in enumerate(row)] for i, row in enumerate(form)]
    found = pivots(shifted)
    if any(p < 0 for p in found):
        return False
    return True if len(found) == len(form) and all(p > 0 for p in found) else None


def _rational(x: float) -> fmpq:
    return fmpq(*Fraction(x).as_integer_ratio())


__all__ = ["hessian_min_eig", "is_definite_above", "smallest_eigenvalue"]
