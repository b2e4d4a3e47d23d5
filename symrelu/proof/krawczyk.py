"""Krawczyk's test, uniformly in t: a critical point in a box, one for each t of a domain, and only one.

For an approximate inverse A of the Jacobian J of F, a box B and p in B (all functions of t):  if

    p - A F(p) + (I - A J(B)) (B - p)   lies in the interior of B,

then for each t there is exactly one zero of F in B (mean value form over the convex set B; the strict inclusion
makes A and J regular). Balls are convex, so an enclosure of J over B holds every mean value of J on segments of B.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb

from symrelu.exact.bounded import Bounded


def image(matrix: Sequence[Sequence[Any]], vector: Sequence[Any]) -> list[Any]:
    """matrix * vector for scalars of any arithmetic."""
    result = []
    for row in matrix:
        total: Any = 0
        for x, y in zip(row, vector, strict=True):
            if not (isinstance(x, Bounded) and x.is_zero):
                total = y * x + total
        result.append(total)
    return result


def defect(inverse: Sequence[Sequence[Any]], jacobian: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """A J - I."""
    columns = [image(inverse, column) for column in zip(*jacobian, strict=True)]
    n = len(columns)
    return [[columns[j][i] - (1 if i == j else 0) for j in range(n)] for i in range(n)]


def contract(
    residual: Sequence[arb], defects: Sequence[Sequence[arb]], box: Sequence[arb], over: Sequence[arb]
) -> list[arb]:
    """-A F(p) - (A J - I) box: where the zero lies relative to p, if it lies in p + box.

    ``over``: the box, relative to p, that J was enclosed over. It must hold the box and p itself (0): mean values of
    J lie on segments from p. ValueError if it does not.
    """
    for b, o in zip(box, over, strict=True):
        if not (o.contains(b) and o.contains(0)):
            raise ValueError("the Jacobian was enclosed over a box that leaves out p, or a part of the box")
    return [
        -e - sum((r * b for r, b in zip(row, box, strict=True)), arb(0))
        for e, row in zip(residual, defects, strict=True)
    ]


def included(inner: Sequence[arb], outer: Sequence[arb]) -> bool:
    """Whether every ball lies in the interior of its partner."""
    return all(b.contains_interior(x) for x, b in zip(inner, outer, strict=True))


def inflate(ball: arb, factor: float, least: arb) -> arb:
    """A larger ball about the same midpoint."""
    return ball + arb(0, 1) * (least + factor * (abs(ball) + 0).upper())
