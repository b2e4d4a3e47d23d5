"""Three blocks, the size of the first one real: Delta(S_q x S_1 x S_{d-q-1}) for every real q and d at once.

Block sizes are affine in d everywhere else. Here they are affine in two numbers (q, d), held together in a
:class:`Place`, which takes the place of d: whatever is generic in d (orbit rules, isotypic blocks) is then generic
in both, and dual numbers give its derivatives by q as well as by d.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.size import ONE, D, Size


@dataclass(frozen=True, eq=False)
class Place:
    """A point of the plane of sizes: ``q``, the size of the first block, and ``d``, scalars of one arithmetic."""

    q: Any
    d: Any


@dataclass(frozen=True)
class PlaneSize(Size):
    """The size const + slope*d + by_q*q at a :class:`Place`; by_q is not 0 (else it is a plain size)."""

    by_q: Fraction = Fraction(1)

    @property
    def is_constant(self) -> bool:
        """Never: it depends on q."""
        return False

    @property
    def is_one(self) -> bool:
        """Never: it depends on q."""
        return False

    def at(self, d: Any) -> Any:
        """The value at a :class:`Place`, in the arithmetic of its numbers."""
        total = (1 if self.by_q == 1 else int(self.by_q)) * d.q
        if self.slope:
            total = total + int(self.slope) * d.d
        return total + int(self.const) if self.const else total

    def __add__(self, other: Size | Fraction | int) -> Size:
        if not isinstance(other, (Size, Fraction, int)):
            return NotImplemented
        more = other if isinstance(other, Size) else Size(Fraction(other))
        by_q = self.by_q + (more.by_q if isinstance(more, PlaneSize) else 0)
        const, slope = self.const + more.const, self.slope + more.slope
        return PlaneSize(const, slope, by_q) if by_q else Size(const, slope)

    __radd__ = __add__

    def __neg__(self) -> Size:
        return PlaneSize(-self.const, -self.slope, -self.by_q)

    def _written(self, times: str, space: str) -> str:
        parts = [("q", self.by_q), ("d", self.slope), ("", self.const)]
        text = ""
        for name, factor in sorted(parts, key=lambda part: part[1] < 0):  # what is positive comes first
            if factor:
                number = str(abs(factor)) if abs(factor) != 1 or not name else ""
                joined = f"{number}{times if number and name else ''}{name}"
                sign = "-" if factor < 0 else "+" if text else ""
                text += f"{space if text else ''}{sign}{space if text else ''}{joined}"
        return text


Q = PlaneSize(Fraction(0))
"""The size q itself."""
THREE_BLOCKS = Isotropy((Q, ONE, D - ONE + -Q), *2 * (Isotropy.diagonal("d-2,1,1").rows,))
"""Delta(S_q x S_1 x S_{d-q-1}), q and d real: coordinates a_1, ..., a_11 row-major, own before other."""
PLANE = Problem(FixedSpace(THREE_BLOCKS), RELU)
"""Fitting V = I_d in its fixed space; ``PLANE.at(arithmetic, values, Place(q, d))``."""


def three_blocks(q: int) -> Problem:
    """The same problem at one whole size q, where d alone is the variable; coordinates are those of ``PLANE``."""
    return Problem(FixedSpace(Isotropy.diagonal((q, 1, D - (q + 1)))), RELU)
