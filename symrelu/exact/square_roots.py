"""K(sqrt(r)): the real quadratic extension that a family forces on its coefficients (sqrt(2) in case 3a, sqrt(3) in
case 4).

Extensions nest, so Q(pi)(sqrt(2))(sqrt(3)) is the extension of an extension. An element is a + b*sqrt(r) with a, b in
K.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.exact.balls import working_bits
from symrelu.exact.extension import ExtensionElement, ExtensionField
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.printing import product_text, sum_text
from symrelu.exact.univariate import Poly, multiply


class SqrtElement(ExtensionElement):
    """a + b*sqrt(r), immutable and hashable; ``field`` is the extension it lives in."""

    __slots__ = ("a", "b")

    def __init__(self, field: SquareRootField, a: Element, b: Element) -> None:
        self.field = field
        self.a = a
        self.b = b

    @property
    def coordinates(self) -> tuple[Element, ...]:
        """(a, b)."""
        return (self.a, self.b)

    def __bool__(self) -> bool:
        return bool(self.a) or bool(self.b)

    def __neg__(self) -> SqrtElement:
        return self.field.make(-self.a, -self.b)

    def _plus(self, y: SqrtElement) -> SqrtElement:
        return self.field.make(self.a + y.a, self.b + y.b)

    def _times(self, number: int | Fraction) -> SqrtElement:
        return self.field.make(self.a * number, self.b * number)

    def _over(self, number: int | Fraction) -> SqrtElement:
        return self.field.make(self.a / number, self.b / number)


class SquareRootField(ExtensionField):
    """The field base(sqrt(radicand)), the root being the positive one.

    Parameters: ``base``, a field; ``radicand``, a positive element of it that is no square there (ValueError
    otherwise).
    """

    def __init__(self, base: Field, radicand: Element) -> None:
        radicand = base(radicand)
        if base.sign(radicand) <= 0:
            raise ValueError(f"sqrt({base.text(radicand)}) is not real: the radicand must be positive")
        try:
            base.sqrt(radicand)
        except NotASquare:
            pass
        else:
            raise ValueError(f"sqrt({base.text(radicand)}) lies in {base.name} already")
        super().__init__(base)
        self.degree = 2
        self.radicand = radicand
        self.rename("")
        self.zero = SqrtElement(self, base.zero, base.zero)
        self.one = SqrtElement(self, base.one, base.zero)
        self.root = SqrtElement(self, base.zero, base.one)

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, SquareRootField)
            and self.name == other.name
            and self.base == other.base
            and bool(self.radicand == other.radicand)
        )

    def __hash__(self) -> int:
        return hash((self.base, "sqrt"))

    def make(self, a: Element, b: Element) -> SqrtElement:
        """a + b*sqrt(r); zero is always the one object ``self.zero``, which products skip by identity."""
        zero = self.base.zero
        if b:
            return SqrtElement(self, a if a else zero, b)
        return SqrtElement(self, a, zero) if a else self.zero

    def rename(self, generator: str) -> None:
        """Name the field by its radicand. ``generator`` is not used: a root needs no other name."""
        self.name = f"{self.base.name}(sqrt({self.base.text(self.radicand)}))"

    def raw(self, coordinates: Sequence[Element]) -> SqrtElement:
        """a + b*sqrt(r). ``coordinates``: a and b, elements of the base field."""
        return SqrtElement(self, *coordinates)

    def from_coordinates(self, coordinates: Sequence[Element]) -> SqrtElement:
        """a + b*sqrt(r). ``coordinates``: a and b, elements of the base field."""
        return self.make(*coordinates)

    def root_in(self, field: ExtensionField) -> Element:
        """sqrt(r) as an element of another field; TypeError if it lies not there."""
        try:
            return field.sqrt(field(self.radicand))
        except NotASquare:
            raise TypeError(f"sqrt({self.radicand}) is no element of {field.name}") from None

    def adjoined_to(self, field: Field) -> Field:
        """The smallest field over ``field`` that contains sqrt(r)."""
        radicand = field(self.radicand)
        try:
            field.sqrt(radicand)
        except NotASquare as error:
            return SquareRootField(field, error.radicand)
        return field

    def dot(self, xs: Iterable[SqrtElement], ys: Iterable[SqrtElement]) -> SqrtElement:
        """sum(x*y) by two sums of products in the base field for each part."""
        zero, base, none = self.zero, self.base, self.base.zero
        xa, xb, ya, yb = [], [], [], []
        mixed = False
        for x, y in zip(xs, ys, strict=False):
            if x is zero or y is zero:
                continue
            xa.append(x.a)
            xb.append(x.b)
            ya.append(y.a)
            yb.append(y.b)
            mixed = mixed or x.b is not none or y.b is not none
        if not mixed:
            return self.make(base.dot(xa, ya), none)
        a, bb = base.dot(xa, ya), base.dot(xb, yb)
        return self.make(a + self.radicand * bb if bb else a, base.dot(xa + xb, yb + ya))

    def conjugate(self, x: SqrtElement) -> SqrtElement:
        """a - b*sqrt(r)."""
        return self.make(x.a, -x.b)

    def norm(self, x: SqrtElement) -> Element:
        """a**2 - r*b**2, in the base field."""
        return x.a * x.a - self.radicand * x.b * x.b

    def polynomial_norm(self, poly: Poly) -> Poly:
        """f times its conjugate, over the base field. ``poly`` f: coefficients, constant term first."""
        return [c.a for c in multiply(self, poly, [self.conjugate(c) for c in poly])]

    def inverse(self, x: SqrtElement) -> SqrtElement:
        """1/x, by the conjugate."""
        if not x:
            raise ZeroDivisionError(f"inverse of 0 in {self.name}")
        inverse_norm = self.base.inverse(self.norm(x))
        return self.make(x.a * inverse_norm, -(x.b * inverse_norm))

    def sqrt(self, x: SqrtElement) -> SqrtElement:
        """The non-negative square root if x is a square here; NotASquare otherwise (decided, by norms down
        to Q(pi)).
        """
        if not x:
            return self.zero
        if self.sign(x) < 0:
            raise ValueError(f"square root of the negative number {self.text(x)}")
        root = self._sqrt_or_none(x)
        if root is None:
            radicand = x
            if not x.b:
                try:
                    self.base.sqrt(x.a)
                except NotASquare as error:
                    radicand = self(error.radicand)
            raise NotASquare(
                radicand, f"{self.text(x)} has no square root in {self.name}: adjoin sqrt({self.text(radicand)})"
            )
        return root if self.sign(root) > 0 else -root

    def _sqrt_or_none(self, x: SqrtElement) -> SqrtElement | None:
        base = self.base
        if not x.b:
            root = _base_sqrt(base, x.a)
            if root is not None:
                return self.make(root, base.zero)
            root = _base_sqrt(base, x.a / self.radicand)
            return None if root is None else self.make(base.zero, root)
        norm_root = _base_sqrt(base, self.norm(x))
        if norm_root is None:
            return None
        for n in (norm_root, -norm_root):  # (a + b sqrt r)**2 = u + v sqrt r  =>  a**2 = (u +- n)/2, b = v/(2a)
            a = _base_sqrt(base, (x.a + n) / 2)
            if a is not None and a:
                return self.make(a, x.b / (a * 2))
        return None

    def ball(self, x: SqrtElement, bits: int) -> arb:
        """An enclosure of x computed with ``bits`` bits."""
        a, b, r = (self.base.ball(y, bits) for y in (x.a, x.b, self.radicand))
        with working_bits(bits):
            return a + b * r.sqrt()

    def text(self, x: SqrtElement) -> str:
        """x as text: ``a + b*sqrt(r)``."""
        if not x.b:
            return self.base.text(x.a)
        product = product_text(self.base.text(x.b), f"sqrt({self.base.text(self.radicand)})")
        return sum_text([self.base.text(x.a), product]) if x.a else product

    def sympy(self, x: SqrtElement) -> Any:
        """x as a SymPy expression."""
        import sympy

        return self.base.sympy(x.a) + self.base.sympy(x.b) * sympy.sqrt(self.base.sympy(self.radicand))


def _base_sqrt(base: Field, x: Element) -> Element | None:
    try:
        return base.sqrt(x) if base.sign(x) >= 0 else None
    except NotASquare:
        return None


def smallest_field(field: Field, elements: Iterable[Element]) -> Field:
    """The field without the outermost roots that occur in none of the elements."""
    elements = [field(c) for c in elements]
    while isinstance(field, ExtensionField):
        below = [c.in_base() for c in elements]
        if any(c is None for c in below):
            break
        field, elements = field.base, below
    return field


def tower(base: Field, radicands: Iterable[Element]) -> Field:
    """base with the square roots of the radicands adjoined in turn."""
    field: Field = base
    for radicand in radicands:
        field = SquareRootField(field, radicand)
    return field
