"""An element of a field of functions of unknown numbers (:mod:`symrelu.exact.functions`), and the sign that its values
leave undecided.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq, fmpq_mpoly

from symrelu.errors import Undecided
from symrelu.exact.operators import Operators
from symrelu.exact.qpi import Exponents

if TYPE_CHECKING:
    from symrelu.exact.functions import FunctionField


class UndecidedSign(Undecided):
    """An element that is not 0 as a function, but may be 0 at the marked point: ``element``, and its ``ball`` there."""

    def __init__(self, element: Function, ball: arb) -> None:
        super().__init__(
            f"whether {element} is 0 is not decided by the values at hand ({ball.str(5)}); give more digits, or more "
            "terms"
        )
        self.element = element
        self.ball = ball


class Function(Operators):
    """An element of a :class:`FunctionField`; immutable, equal exactly when equal as a function of the unknowns."""

    __slots__ = ("den", "field", "num")
    field: FunctionField

    def __init__(self, field: FunctionField, num: fmpq_mpoly, den: Exponents) -> None:
        self.field = field
        self.num = num
        self.den = den

    def __bool__(self) -> bool:
        return not self.num.is_zero()

    def __eq__(self, other: object) -> bool:
        y = self.field.other(other)
        return NotImplemented if y is None else self.den == y.den and bool(self.num == y.num)

    def __hash__(self) -> int:
        rational = self.rational()
        return hash((self.den, str(self.num))) if rational is None else hash(rational)

    def rational(self) -> Fraction | None:
        """The element as a Fraction if it is a rational number, else None."""
        if self.den or not self.num.is_constant():
            return None
        if not self.num:
            return Fraction(0)
        c = self.num.leading_coefficient()
        return Fraction(int(c.p), int(c.q))

    def unknowns(self) -> set[int]:
        """The numbers of the unknowns that occur, those inside its roots and angles included."""
        return self.field.unknowns_in(self)

    def _other(self, value: Any) -> Function | None:
        return self.field.other(value)

    def __neg__(self) -> Function:
        return Function(self.field, -self.num, self.den)

    def __add__(self, other: Any) -> Function:
        y = self.field.other(other)
        if y is None:
            return NotImplemented
        if not y:
            return self
        if not self:
            return y
        if self.den == y.den:
            return self.field.combine({self.den: self.num + y.num})
        return self.field.combine({self.den: self.num, y.den: y.num})

    def __mul__(self, other: Any) -> Function:
        if isinstance(other, int):
            return Function(self.field, self.num * other, self.den) if other and self else self.field.zero
        y = self.field.other(other)
        return NotImplemented if y is None else self.field.dot((self,), (y,))

    def __truediv__(self, other: Any) -> Function:
        if isinstance(other, int) and other:
            return Function(self.field, self.num * fmpq(1, other), self.den)
        y = self.field.other(other)
        return NotImplemented if y is None else self * self.field.inverse(y)

    def __str__(self) -> str:
        return self.field.text(self)

    __repr__ = __str__
