"""K(sqrt(r)): the real quadratic extension that a family forces on its coefficients (sqrt(2) in case 3a, sqrt(3) in
case 4).

Extensions nest, so Q(pi)(sqrt(2))(sqrt(3)) is the extension of an extension. An element is a + b*sqrt(r) with a, b in
K.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.exact.balls import MAX_BITS, sign_of, working_bits
from symrelu.exact.field import Element, Field, NotASquare, is_sum
from symrelu.exact.immutable import Immutable


class SqrtElement(Immutable):
    """a + b*sqrt(r), immutable and hashable; ``field`` is the extension it lives in."""

    __slots__ = ("a", "b", "field")

    def __init__(self, field: SquareRootField, a: Element, b: Element) -> None:
        self.field = field
        self.a = a
        self.b = b

    def __bool__(self) -> bool:
        return bool(self.a) or bool(self.b)

    def __eq__(self, other: object) -> bool:
        y = self._other(other)
        if y is None:
            x = self._larger(other)
            return NotImplemented if x is None else x == other
        return bool(self.a == y.a) and bool(self.b == y.b)

    def __hash__(self) -> int:
        """By the value, since equal numbers of different towers are equal: sqrt(6) is sqrt(2)*sqrt(3)."""
        return self.field.hash(self)

    def _other(self, other: Any) -> SqrtElement | None:
        if isinstance(other, SqrtElement) and other.field is self.field:
            return other
        try:
            return self.field(other)
        except TypeError:
            return None

    def __neg__(self) -> SqrtElement:
        return self.field.make(-self.a, -self.b)

    def _larger(self, other: Any) -> SqrtElement | None:
        """This element in the field of ``other``, where that is an extension of this one's."""
        if not isinstance(other, SqrtElement):
            return None
        try:
            return other.field(self)
        except TypeError:
            return None

    def __add__(self, other: Any) -> SqrtElement:
        y = self._other(other)
        if y is None:
            x = self._larger(other)
            return NotImplemented if x is None else x + other
        return self.field.make(self.a + y.a, self.b + y.b)

    __radd__ = __add__

    def __sub__(self, other: Any) -> SqrtElement:
        return self + (-other)

    def __rsub__(self, other: Any) -> SqrtElement:
        return (-self) + other

    def __mul__(self, other: Any) -> SqrtElement:
        if isinstance(other, (int, Fraction)):
            return self.field.make(self.a * other, self.b * other)
        y = self._other(other)
        if y is None:
            x = self._larger(other)
            return NotImplemented if x is None else x * other
        return self.field.dot((self,), (y,))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> SqrtElement:
        if isinstance(other, (int, Fraction)):
            return self.field.make(self.a / other, self.b / other)
        y = self._other(other)
        if y is None:
            x = self._larger(other)
            return NotImplemented if x is None else x / other
        return self * self.field.inverse(y)

    def __rtruediv__(self, other: Any) -> SqrtElement:
        return self.field.inverse(self) * other

    def __pow__(self, exponent: int) -> SqrtElement:
        if not isinstance(exponent, int):
            return NotImplemented
        base = self if exponent >= 0 else self.field.inverse(self)
        result = self.field.one
        for _ in range(abs(exponent)):
            result = result * base
        return result

    def __str__(self) -> str:
        return self.field.text(self)

    __repr__ = __str__


class SquareRootField(Immutable):
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
        self.base = base
        self.radicand = radicand
        self.name = f"{base.name}(sqrt({base.text(radicand)}))"
        self.zero = SqrtElement(self, base.zero, base.zero)
        self.one = SqrtElement(self, base.one, base.zero)
        self.root = SqrtElement(self, base.zero, base.one)

    def __repr__(self) -> str:
        return self.name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SquareRootField) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def pi(self) -> SqrtElement:
        """The number pi."""
        return self.make(self.base.pi, self.base.zero)

    def make(self, a: Element, b: Element) -> SqrtElement:
        """a + b*sqrt(r); zero is always the one object ``self.zero``, which products skip by identity."""
        zero = self.base.zero
        if b:
            return SqrtElement(self, a if a else zero, b)
        return SqrtElement(self, a, zero) if a else self.zero

    def __call__(self, value: Any) -> SqrtElement:
        """An int, Fraction, element of a subfield or of an equal extension, as an element; TypeError otherwise."""
        if isinstance(value, SqrtElement):
            if value.field is self:
                return value
            if value.field == self:
                return self.make(self.base(value.a), self.base(value.b))
            if not value.b:
                return self(value.a)
            try:
                return self.make(self.base(value), self.base.zero)
            except TypeError:  # another extension: it embeds if its root lies here
                return self(value.a) + self(value.b) * self._root_of(value.field.radicand)
        return self.make(self.base(value), self.base.zero)

    def _root_of(self, radicand: Element) -> SqrtElement:
        try:
            return self.sqrt(self(radicand))
        except NotASquare:
            raise TypeError(f"sqrt({radicand}) is no element of {self.name}") from None

    def join(self, other: Field) -> Field:
        """The smallest tower over this field that contains ``other`` too."""
        if not isinstance(other, SquareRootField):
            self(other.one)  # Q(pi), or TypeError for a ring of polynomials
            return self
        below = self.join(other.base)
        radicand = below(other.radicand)
        try:
            below.sqrt(radicand)
        except NotASquare as error:
            return SquareRootField(below, error.radicand)
        return below

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

    def sign(self, x: SqrtElement) -> int:
        """The sign of x: exact, by balls of growing precision (zero is decided exactly first)."""
        if not x:
            return 0
        bits = 64
        while bits < MAX_BITS:
            ball = self.ball(x, bits)
            if ball > 0 or ball < 0:
                return sign_of(ball)
            bits *= 2
        raise ArithmeticError("unreachable: a nonzero algebraic number vanished to a million bits")

    def hash(self, x: SqrtElement) -> int:
        """The hash of the element of Q(pi) that x is, else of the integer part of 2**32 x, which balls decide."""
        y: Element = x
        while isinstance(y, SqrtElement) and not y.b:
            y = y.a
        if not isinstance(y, SqrtElement):
            return hash(y)
        bits = 128
        while bits < MAX_BITS:
            with working_bits(bits):
                part = (self.ball(x, bits) * 2**32).floor().unique_fmpz()
            if part is not None:
                return hash(int(part))
            bits *= 2
        return 0  # a number of Q(pi) in disguise, such as sqrt(2)*sqrt(3)*sqrt(6): any hash will do

    def ball(self, x: SqrtElement, bits: int) -> arb:
        """An enclosure of x computed with ``bits`` bits."""
        a, b, r = (self.base.ball(y, bits) for y in (x.a, x.b, self.radicand))
        with working_bits(bits):
            return a + b * r.sqrt()

    def text(self, x: SqrtElement) -> str:
        """x as text: ``a + b*sqrt(r)``."""
        if not x.b:
            return self.base.text(x.a)
        root, b = f"sqrt({self.base.text(self.radicand)})", self.base.text(x.b)
        if b in ("1", "-1"):
            product = b[:-1] + root
        elif is_sum(b):
            product = f"({b})*{root}"
        elif (slash := _top_level_slash(b)) is not None:
            above, below = b[:slash], b[slash + 1 :]
            lead = {"1": "", "-1": "-"}.get(above, above + "*")
            product = f"{lead}{root}/{below}"
        else:
            product = f"{b}*{root}"
        if not x.a:
            return product
        return (
            f"{self.base.text(x.a)} - {product[1:]}"
            if product.startswith("-")
            else f"{self.base.text(x.a)} + {product}"
        )

    def sympy(self, x: SqrtElement) -> Any:
        """x as a SymPy expression."""
        import sympy

        return self.base.sympy(x.a) + self.base.sympy(x.b) * sympy.sqrt(self.base.sympy(self.radicand))


def _top_level_slash(text: str) -> int | None:
    """The place of the last division sign outside parentheses."""
    depth, place = 0, None
    for i, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if c == "/" and depth == 0:
            place = i
    return place


def _base_sqrt(base: Field, x: Element) -> Element | None:
    try:
        return base.sqrt(x) if base.sign(x) >= 0 else None
    except NotASquare:
        return None


def smallest_field(field: Field, elements: Iterable[Element]) -> Field:
    """The field without the outermost square roots that occur in none of the elements."""
    elements = [field(c) for c in elements]
    while isinstance(field, SquareRootField) and not any(c.b for c in elements):
        field, elements = field.base, [c.a for c in elements]
    return field


def tower(base: Field, radicands: Iterable[Element]) -> Field:
    """base with the square roots of the radicands adjoined in turn."""
    field: Field = base
    for radicand in radicands:
        field = SquareRootField(field, radicand)
    return field
