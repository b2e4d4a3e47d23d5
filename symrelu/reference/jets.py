"""Second-order automatic differentiation in mpmath: a number carried along with its gradient and its Hessian matrix.

A jet is f(x), the first derivatives of f and the lower half of its second derivatives at one point x of R^n. Sums,
products, square roots and two-argument arctangents of jets follow from the chain rule, so a loss written once for
numbers yields its gradient and Hessian with no further formula. Derivatives are exact up to the rounding of mpmath.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Union

import mpmath

# mpmath has no type stubs: its numbers are Any to the type checker
Mpf = Any
Number = Union["Jet", Mpf]


# mpmath spells out the right operand before it lets a jet act on a number from the right: no long repr
@dataclass(frozen=True, slots=True, repr=False)
class Jet:
    """A value, its n first derivatives, and its second derivatives as rows of length 1, 2, ..., n."""

    value: Mpf
    first: tuple[Mpf, ...]
    second: tuple[tuple[Mpf, ...], ...]

    def __add__(self, other: Number) -> "Jet":
        if not isinstance(other, Jet):
            return Jet(self.value + other, self.first, self.second)
        return Jet(
            self.value + other.value,
            tuple(x + y for x, y in zip(self.first, other.first, strict=True)),
            tuple(
                tuple(x + y for x, y in zip(row, row_, strict=True))
                for row, row_ in zip(self.second, other.second, strict=True)
            ),
        )

    __radd__ = __add__

    def __mul__(self, other: Number) -> "Jet":
        if not isinstance(other, Jet):
            return Jet(
                self.value * other,
                tuple(x * other for x in self.first),
                tuple(tuple(x * other for x in row) for row in self.second),
            )
        # f = x y: f_x = y, f_y = x, f_xy = 1
        return _chain(self.value * other.value, (self, other), (other.value, self.value), (0, 1, 0))

    __rmul__ = __mul__

    def __neg__(self) -> "Jet":
        return self * -1

    def __sub__(self, other: Number) -> "Jet":
        return self + (-other)

    def __rsub__(self, other: Number) -> "Jet":
        return -self + other


def _chain(value: Mpf, arguments: tuple[Jet, Jet], first: tuple[Mpf, Mpf], second: tuple[Mpf, Mpf, Mpf]) -> Jet:
    """The jet of f(x, y) from f, (f_x, f_y) and (f_xx, f_xy, f_yy) at the point."""
    x, y = arguments
    f_x, f_y = first
    f_xx, f_xy, f_yy = second
    # the derivative of f_x (and of f_y) along each coordinate
    along_x = [f_xx * xi + f_xy * yi for xi, yi in zip(x.first, y.first, strict=True)]
    along_y = [f_xy * xi + f_yy * yi for xi, yi in zip(x.first, y.first, strict=True)]
    return Jet(
        value,
        tuple(f_x * xi + f_y * yi for xi, yi in zip(x.first, y.first, strict=True)),
        tuple(
            tuple(
                f_x * x.second[i][j] + f_y * y.second[i][j] + along_x[i] * x.first[j] + along_y[i] * y.first[j]
                for j in range(i + 1)
            )
            for i in range(len(x.first))
        ),
    )


def variables(point: Sequence[Mpf]) -> list[Jet]:
    """The coordinate functions of R^n as jets at the given point of length n."""
    n = len(point)
    zero, one = mpmath.mpf(0), mpmath.mpf(1)
    flat = tuple(tuple(zero for _ in range(i + 1)) for i in range(n))
    return [Jet(mpmath.mpf(x), tuple(one if j == i else zero for j in range(n)), flat) for i, x in enumerate(point)]


def sqrt(x: Number) -> Number:
    """The square root of a number or jet.

    Raises: ValueError for a jet whose value is zero or negative, where the root has no derivative.
    """
    if not isinstance(x, Jet):
        return mpmath.sqrt(x)
    if x.value <= 0:
        raise ValueError("a square root has no derivative at 0 or below: move the point or raise the working precision")
    root = mpmath.sqrt(x.value)
    slope = 1 / (2 * root)
    return _chain(root, (x, x), (slope, 0), (-slope / (2 * x.value), 0, 0))


def atan2(y: Number, x: Number) -> Number:
    """The angle of the point (x, y) of the plane, in (-pi, pi]: both arguments numbers, or y a jet and x either.

    Raises: ZeroDivisionError for jets at the origin.
    """
    if not isinstance(y, Jet):
        return mpmath.atan2(y, x)
    if not isinstance(x, Jet):
        x = y * 0 + x
    square = x.value**2 + y.value**2
    f_x, f_y = -y.value / square, x.value / square
    # f is harmonic: f_xx = -f_yy
    return _chain(mpmath.atan2(y.value, x.value), (x, y), (f_x, f_y), (-2 * f_x * f_y, f_x**2 - f_y**2, 2 * f_x * f_y))
