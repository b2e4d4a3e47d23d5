"""The operators that follow from others in every commutative ring, written once for the elements of all rings here."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Self

from symrelu.exact.immutable import Immutable


class Operators(Immutable):
    """An immutable element of a commutative ring that gives its negative, sum and product, and gets the rest.

    A class gives ``-x``, ``x + y`` and ``x * y`` (NotImplemented for a y from elsewhere) and :meth:`_other`, and
    :meth:`_one` and :meth:`_inverse` where ``field`` does not; it gets differences, powers, and the operators with the
    element on the right.
    """

    __slots__ = ()
    field: Any

    @abstractmethod
    def _other(self, value: Any) -> Any:
        """The value as an element of the same ring, or None."""

    def _one(self) -> Any:
        """The number 1 of the ring."""
        return self.field.one

    def _inverse(self) -> Any:
        """1/x; raises where x has no inverse."""
        return self.field.inverse(self)

    @abstractmethod
    def __neg__(self) -> Any:
        """-x."""

    @abstractmethod
    def __add__(self, other: Any) -> Any:
        """x + y."""

    @abstractmethod
    def __mul__(self, other: Any) -> Any:
        """x * y."""

    def __pos__(self) -> Self:
        return self

    def __radd__(self, other: Any) -> Self:
        return self.__add__(other)  # not self + other: two rings that do not know each other would ask in circles

    def __sub__(self, other: Any) -> Self:
        y = self._other(other)
        return NotImplemented if y is None else self + (-y)

    def __rsub__(self, other: Any) -> Self:
        return (-self) + other

    def __rmul__(self, other: Any) -> Self:
        return self.__mul__(other)

    def __rtruediv__(self, other: Any) -> Self:
        return self._inverse() * other

    def __pow__(self, exponent: int) -> Self:
        """The power, by repeated products: exponents are small."""
        if not isinstance(exponent, int):
            return NotImplemented
        base = self if exponent >= 0 else self._inverse()
        result = self._one()
        for _ in range(abs(exponent)):
            result = result * base
        return result
