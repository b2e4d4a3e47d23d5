"""What real extensions K(theta) of a coefficient field share: square roots (:mod:`symrelu.exact.square_roots`) and
roots of polynomials of higher degree (:mod:`symrelu.exact.algebraic`), one on top of the other in any order.

An element is a vector of coordinates in K, those of 1, theta, theta**2, ...: zero exactly if they all are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.errors import Undecided
from symrelu.exact.balls import MAX_BITS, sign_by_balls, sign_of, working_bits
from symrelu.exact.field import Element, Field
from symrelu.exact.immutable import Immutable
from symrelu.exact.operators import Operators
from symrelu.exact.univariate import Poly, monic, squarefree, which_root

_MANY_BITS = 256  # numbers that agree to so many bits are first tested for equality


class ExtensionElement(Operators):
    """An element of an extension, immutable and hashable; ``field`` is the extension it lives in."""

    __slots__ = ("field",)
    field: Any

    @property
    @abstractmethod
    def coordinates(self) -> tuple[Element, ...]:
        """The coordinates in the base field."""

    def in_base(self) -> Element | None:
        """The element of the base field that this is, or None."""
        first, *others = self.coordinates
        return None if any(others) else first

    @abstractmethod
    def _plus(self, y: Any) -> Any:
        """The sum with an element of the same field."""

    @abstractmethod
    def _times(self, number: int | Fraction) -> Any:
        """The product with a rational number."""

    @abstractmethod
    def _over(self, number: int | Fraction) -> Any:
        """The quotient by a rational number."""

    def __bool__(self) -> bool:
        return any(self.coordinates)

    def __eq__(self, other: object) -> bool:
        try:
            y = self._other(other)
            if y is not None:
                return bool(self.coordinates == y.coordinates)
            x = self._larger(other)
        except Undecided:  # whether one field contains the other: the numbers can be compared all the same
            x = None
        if x is not None:
            return bool(x == other)
        return are_equal(self, other) if isinstance(other, ExtensionElement) else NotImplemented

    def __hash__(self) -> int:
        """By the value, since equal numbers of different towers are equal: sqrt(6) is sqrt(2)*sqrt(3)."""
        return int(self.field.hash(self))

    def _other(self, other: Any) -> Any:
        if isinstance(other, ExtensionElement) and other.field is self.field:
            return other
        try:
            return self.field(other)
        except TypeError:
            return None

    def _larger(self, other: Any) -> Any:
        """This element in the field of ``other``, where that is an extension of this one's."""
        if not isinstance(other, ExtensionElement):
            return None
        try:
            return other.field(self)
        except TypeError:
            return None

    def __neg__(self) -> Any:
        return self._times(-1)

    def __add__(self, other: Any) -> Any:
        y = self._other(other)
        if y is None:
            x = self._larger(other)
            return NotImplemented if x is None else x + other
        return self._plus(y)

    def __sub__(self, other: Any) -> Any:
        return self + (-other)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, (int, Fraction)):
            return self._times(other)
        y = self._other(other)
        if y is None:
            x = self._larger(other)
            return NotImplemented if x is None else x * other
        return self.field.dot((self,), (y,))

    def __truediv__(self, other: Any) -> Any:
        if isinstance(other, (int, Fraction)):
            return self._over(other)
        y = self._other(other)
        if y is None:
            x = self._larger(other)
            return NotImplemented if x is None else x / other
        return self * self.field.inverse(y)

    def __str__(self) -> str:
        return str(self.field.text(self))

    __repr__ = __str__


class ExtensionField(Immutable, ABC):
    """K(theta) for a real number theta that is algebraic over the field K = ``base``; ``root`` is theta."""

    name: str
    base: Field
    degree: int
    zero: Any
    one: Any
    root: Any

    def __init__(self, base: Field) -> None:
        self.base = base
        self._embedded: dict[ExtensionField, Element | None] = {}  # the roots of other extensions; None: not in here

    def __repr__(self) -> str:
        return self.name

    @property
    def pi(self) -> Any:
        """The number pi."""
        return self.constant(self.base.pi)

    def constant(self, c: Element) -> Any:
        """The element that an element of the base field is."""
        return self.from_coordinates([c, *[self.base.zero] * (self.degree - 1)])

    def __call__(self, value: Any) -> Any:
        """An int, Fraction, element of a subfield or of an equal extension, as an element; TypeError otherwise."""
        if not isinstance(value, ExtensionElement):
            return self.constant(self.base(value))
        if value.field is self:
            return value
        coordinates = value.coordinates
        if value.field == self:
            return self.from_coordinates([self.base(c) for c in coordinates])
        if not any(coordinates[1:]):
            return self(coordinates[0])
        if self._embedded.get(value.field) is None:
            try:
                return self.constant(self.base(value))
            except TypeError:  # another extension: it embeds if its root lies here
                pass
        root = self.embedded(value.field)
        total = self(coordinates[-1])
        for c in reversed(coordinates[:-1]):
            total = total * root + self(c)
        return total

    def embedded(self, other: ExtensionField) -> Element:
        """The root that another extension adjoins, as an element of this field; TypeError if it lies not here."""
        if other not in self._embedded:
            try:
                self._embedded[other] = other.root_in(self)
            except TypeError:
                self._embedded[other] = None
        root = self._embedded[other]
        if root is None:
            raise TypeError(f"{other.text(other.root)} is no element of {self.name}")
        return root

    def remember(self, other: ExtensionField, root: Element) -> None:
        """Take it as known that the root of another extension is this element."""
        self._embedded[other] = root

    def over(self, base: Field, generator: str) -> Any:
        """The same field over an equal base field, where generators have other names; here too, if it has one."""
        copy = object.__new__(type(self))
        copy.__dict__.update(self.__dict__)
        copy.base, copy._embedded = base, {}
        for name in ("zero", "one", "root"):
            setattr(copy, name, copy.raw(getattr(self, name).coordinates))
        copy.rename(generator)
        return copy

    @abstractmethod
    def rename(self, generator: str) -> None:
        """Give the field its name anew, and the generator the given one, before the field is used."""

    @abstractmethod
    def raw(self, coordinates: Sequence[Element]) -> Any:
        """The element with these coordinates, in the form that products and sums leave it."""

    def join(self, other: Field) -> Field:
        """The smallest tower over this field that contains ``other`` too."""
        if not isinstance(other, ExtensionField):
            self(other.one)  # Q(pi), or TypeError for a ring of polynomials
            return self
        if any(below == other for below in tower_of(self)):
            return self
        return other.adjoined_to(self.join(other.base))

    @abstractmethod
    def polynomial_norm(self, poly: Poly) -> Poly:
        """The product of a polynomial over this field and its conjugates, a polynomial over the base field."""

    @abstractmethod
    def root_in(self, field: ExtensionField) -> Element:
        """The root that this extension adjoins, as an element of another field; TypeError if it lies not there."""

    @abstractmethod
    def adjoined_to(self, field: Field) -> Field:
        """The smallest field over ``field``, which contains the base field, with this extension's root in it."""

    @abstractmethod
    def from_coordinates(self, coordinates: Sequence[Element]) -> Any:
        """The element with these coordinates, elements of the base field."""

    @abstractmethod
    def dot(self, xs: Iterable[Any], ys: Iterable[Any]) -> Any:
        """The sum of the products x*y."""

    @abstractmethod
    def inverse(self, x: Any) -> Any:
        """1/x."""

    @abstractmethod
    def sqrt(self, x: Any) -> Any:
        """The non-negative square root; NotASquare if there is none here."""

    @abstractmethod
    def ball(self, x: Any, bits: int) -> arb:
        """An enclosure of x computed with ``bits`` bits."""

    @abstractmethod
    def text(self, x: Any) -> str:
        """x in the exact-number grammar."""

    @abstractmethod
    def sympy(self, x: Any) -> Any:
        """x as a SymPy expression."""

    def sign(self, x: Any) -> int:
        """The sign of x: exact, by balls of growing precision (zero is decided exactly first)."""
        return sign_by_balls(lambda bits: self.ball(x, bits)) if x else 0

    def hash(self, x: Any) -> int:
        """The hash of the element of Q(pi) that x is, else of the integer part of 2**32 x, which balls decide."""
        y = _lowest(x)
        if not isinstance(y, ExtensionElement):
            return hash(y)
        bits = 128
        while bits < MAX_BITS:
            with working_bits(bits):
                part = (self.ball(x, bits) * 2**32).floor().unique_fmpz()
            if part is not None:
                return hash(int(part))
            bits *= 2
        return 0  # a number of Q(pi) in disguise, such as sqrt(2)*sqrt(3)*sqrt(6): any hash will do


def _lowest(x: Element) -> Element:
    """x as an element of the lowest field of its tower that holds it."""
    while isinstance(x, ExtensionElement) and (below := x.in_base()) is not None:
        x = below
    return x


def tower_of(field: Field) -> Iterator[Field]:
    """The field, its base field, and so on down to Q(pi)."""
    while True:
        yield field
        if not isinstance(field, ExtensionField):
            return
        field = field.base


def absolute_degree(field: Field) -> int:
    """The degree over Q(pi)."""
    degree = 1
    for f in tower_of(field):
        degree *= f.degree if isinstance(f, ExtensionField) else 1
    return degree


# -- numbers of different fields, compared without a field that contains both ------------------------------------------


def minimal_polynomial(x: ExtensionElement) -> tuple[Field, Poly]:
    """The field at the foot of the tower, and the monic irreducible polynomial of x over it."""
    field: Field = x.field
    poly: Poly = [-x, field.one]
    while isinstance(field, ExtensionField):
        poly = field.polynomial_norm(poly)
        field = field.base
    ((part, _),) = squarefree(field, monic(field, poly))  # the norm is a power of it
    return field, part


def are_equal(x: ExtensionElement, y: ExtensionElement) -> bool:
    """Whether two numbers are the same root of the same irreducible polynomial."""
    if not x.field.ball(x, _MANY_BITS).overlaps(y.field.ball(y, _MANY_BITS)):
        return False
    field, poly = minimal_polynomial(x)
    if (field, poly) != minimal_polynomial(y):
        return False
    return _number_of_root(field, poly, x) == _number_of_root(field, poly, y)


def _number_of_root(field: Field, poly: Poly, x: ExtensionElement) -> int:
    return which_root(field, poly, lambda bits: x.field.ball(x, bits))


def order_of(field: Field, x: Element, other: Field, y: Element) -> int:
    """-1, 0 or 1 as the number x of ``field`` is less than, equal to, or greater than the number y of ``other``."""
    low, high = _lowest(field(x)), _lowest(other(y))
    extended = [isinstance(z, ExtensionElement) for z in (low, high)]
    if not any(extended):  # both in the field at the foot of the towers
        return next(f for f in tower_of(field) if not isinstance(f, ExtensionField)).sign(low - high)
    bits = 64
    while bits < MAX_BITS:
        with working_bits(bits):
            difference = field.ball(x, bits) - other.ball(y, bits)
        if difference > 0 or difference < 0:
            return sign_of(difference)
        if bits == _MANY_BITS and all(extended) and are_equal(low, high):
            return 0
        bits *= 2
    raise ArithmeticError("unreachable: two different algebraic numbers agree to a million bits")
