"""What a coefficient field must offer: the contract behind series, and the suite in ``tests/exact`` that every field
passes.

A field is an object (a *parent*); its elements carry ``+ - * /`` and compare exactly. Real fields only: every element
has a
sign, decided by balls of growing precision.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

from flint import arb

Rational: TypeAlias = int | Fraction
Element: TypeAlias = Any  # an element of the field at hand: fields are swapped at run time, so mypy cannot follow them


class Field(Protocol):
    """A real field of coefficients (see :mod:`symrelu.exact.qpi` for the first one)."""

    name: str
    zero: Element
    one: Element

    def __call__(self, value: Any) -> Element:
        """The element that an int, a Fraction or an element of a subfield is; TypeError otherwise."""

    @property
    def pi(self) -> Element:
        """The number pi."""

    def dot(self, xs: Iterable[Element], ys: Iterable[Element]) -> Element:
        """The sum of the products x*y: one normalisation for the whole sum, the inner loop of every series product."""

    def inverse(self, x: Element) -> Element:
        """1/x; ZeroDivisionError for zero, :class:`symrelu.errors.NotAUnit` in a ring where x has no inverse."""

    def sqrt(self, x: Element) -> Element:
        """The non-negative square root in this field; :class:`NotASquare` (with the radicand to adjoin) if
        there is none.
        """

    def sign(self, x: Element) -> int:
        """-1, 0 or 1."""

    def ball(self, x: Element, bits: int) -> arb:
        """An enclosure of x, computed with ``bits`` bits."""

    def join(self, other: Field) -> Field:
        """The smallest field at hand that contains this one and ``other``."""

    def text(self, x: Element) -> str:
        """x in the exact-number grammar of the command line: ``+ - * / **``, parentheses, integers, ``pi``,
        ``sqrt(...)``.
        """

    def sympy(self, x: Element) -> Any:
        """x as a SymPy expression."""


class NotASquare(ArithmeticError):
    """A square root that the field does not contain: ``radicand`` is what must be adjoined."""

    def __init__(self, radicand: Element, message: str) -> None:
        super().__init__(message)
        self.radicand = radicand


def is_sum(text: str) -> bool:
    """True if an exact number is written as a sum, so that it needs parentheses as a factor."""
    depth = 0
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0 and i > 0 and text[i - 1 : i + 2] in (" + ", " - "):
            return True
    return False


def lies_over(large: Any, small: Field) -> bool:
    """True if ``small`` is one of the fields that ``large`` was built on."""
    while hasattr(large, "base"):
        large = large.base
        if large == small:
            return True
    return False
