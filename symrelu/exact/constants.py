"""Real constants known by balls: the coefficient field where constants have no exact form.

An element is an Arb ball of many bits around a real number. Zero is known structurally (what was put in as 0 and its
products) or numerically: a ball that contains 0 with a radius below 2**(-half of the bits) counts as the number 0.
That is a test of identities between constants to a hundred digits and more, not a proof of them, and results over this
field say so; a ball that is too wide to tell raises Undecided, and more bits are to be tried. Every square root and
every real root of a polynomial lies in this field.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_poly, fmpz

from symrelu.errors import Undecided
from symrelu.exact.balls import ball, sign_of, working_bits
from symrelu.exact.field import Element, Field
from symrelu.exact.operators import Operators

DEFAULT_BITS = 1024
TEXT_DIGITS = 15


class Constant(Operators):
    """A real number, enclosed in a ball; ``field`` says with how many bits it is computed with."""

    __slots__ = ("enclosure", "field", "is_structural_zero")
    field: BallField

    def __init__(self, field: BallField, enclosure: arb) -> None:
        self.field = field
        self.enclosure = enclosure
        self.is_structural_zero = bool(enclosure.is_zero())

    def __bool__(self) -> bool:
        """False for 0, structural or to the precision of the field; Undecided where the ball is too wide to tell."""
        if self.is_structural_zero:
            return False
        if not self.enclosure.contains(0):
            return True
        if self.enclosure.rad() < self.field.threshold:
            return False
        raise Undecided(
            f"whether a constant in {self.enclosure.str(5)} is 0 is not decided with {self.field.bits} bits; give more "
            "digits"
        )

    def __eq__(self, other: object) -> bool:
        try:
            y = self.field(other)
        except TypeError:
            return NotImplemented
        return not self - y

    def __hash__(self) -> int:
        """Equal numbers have equal balls' heads, to 40 bits of the midpoint."""
        return hash((BallField, round(float(self.enclosure.mid()), 9)))

    def _with(self, enclosure: arb) -> Constant:
        return Constant(self.field, enclosure)

    def __neg__(self) -> Constant:
        with working_bits(self.field.bits):  # flint rounds negations too
            return self._with(-self.enclosure)

    def _other(self, value: Any) -> Constant | None:
        try:
            return self.field(value)
        except TypeError:
            return None

    def __add__(self, other: Any) -> Constant:
        y = self._other(other)
        if y is None:
            return NotImplemented
        with working_bits(self.field.bits):
            return self._with(self.enclosure + y.enclosure)

    def __sub__(self, other: Any) -> Constant:
        y = self._other(other)
        if y is None:
            return NotImplemented
        with working_bits(self.field.bits):
            return self._with(self.enclosure - y.enclosure)

    def __mul__(self, other: Any) -> Constant:
        y = self._other(other)
        if y is None:
            return NotImplemented
        with working_bits(self.field.bits):
            return self._with(self.enclosure * y.enclosure)

    def __truediv__(self, other: Any) -> Constant:
        y = self._other(other)
        return NotImplemented if y is None else self * self.field.inverse(y)

    def __pow__(self, exponent: int) -> Constant:
        if not isinstance(exponent, int):
            return NotImplemented
        base = self if exponent >= 0 else self.field.inverse(self)
        with working_bits(self.field.bits):
            return self._with(base.enclosure ** abs(exponent))

    def __str__(self) -> str:
        return self.field.text(self)

    __repr__ = __str__


class BallField:
    """The real numbers that balls of ``bits`` bits enclose."""

    def __init__(self, bits: int = DEFAULT_BITS) -> None:
        self.bits = bits
        self.name = "balls"
        self.threshold = arb(2) ** (-bits // 2)
        self.zero = Constant(self, arb(0))
        self.one = Constant(self, arb(1))

    def __repr__(self) -> str:
        return f"BallField({self.bits})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BallField) and other.bits == self.bits

    def __hash__(self) -> int:
        return hash((BallField, self.bits))

    def __call__(self, value: Any) -> Constant:
        """An int, a Fraction, a ball, or an element of an exact field; TypeError otherwise."""
        if isinstance(value, Constant):
            return value if value.field is self else Constant(self, value.enclosure)
        if isinstance(value, (int, fmpz)):
            return Constant(self, arb(value)) if value else self.zero
        if isinstance(value, Fraction):
            with working_bits(self.bits):
                return Constant(self, ball(value))
        if isinstance(value, arb):
            return Constant(self, value)
        exact = _field_of(value)
        if exact is None:
            raise TypeError(f"{value!r} is no real constant")
        return Constant(self, exact.ball(value, self.bits)) if value else self.zero

    @property
    def pi(self) -> Constant:
        """The number pi."""
        with working_bits(self.bits):
            return Constant(self, arb.pi())

    def dot(self, xs: Iterable[Constant], ys: Iterable[Constant]) -> Constant:
        """sum(x*y)."""
        with working_bits(self.bits):
            total = arb(0)
            for x, y in zip(xs, ys, strict=False):
                if not (x.is_structural_zero or y.is_structural_zero):
                    total = total + x.enclosure * y.enclosure
        return Constant(self, total)

    def inverse(self, x: Constant) -> Constant:
        """1/x. Raises ZeroDivisionError for 0."""
        if not x:
            raise ZeroDivisionError("inverse of 0")
        with working_bits(self.bits):
            return Constant(self, 1 / x.enclosure)

    def sqrt(self, x: Constant) -> Constant:
        """The non-negative square root: every positive number has one here. Raises ValueError for a negative number."""
        if not x:
            return self.zero
        if self.sign(x) < 0:
            raise ValueError(f"square root of the negative number {self.text(x)}")
        with working_bits(self.bits):
            return Constant(self, x.enclosure.sqrt())

    def angle(self, s: Constant, g: Constant) -> Constant:
        """The angle in [0, pi] whose cosine and sine are as s to g >= 0."""
        with working_bits(self.bits):
            return Constant(self, arb.atan2(g.enclosure, s.enclosure))

    def sign(self, x: Constant) -> int:
        """-1, 0 or 1."""
        return sign_of(x.enclosure) if x else 0

    def ball(self, x: Constant, bits: int) -> arb:
        """The enclosure of x, whatever ``bits``: it is no better than the field's."""
        return x.enclosure

    def real_roots(self, poly: Sequence[Constant]) -> list[Constant]:
        """The roots of a squarefree polynomial with real roots only, ascending; Undecided if a root may not be real,
        or if the roots are not told apart. ``poly``: coefficients, constant term first.
        """
        with working_bits(self.bits):
            p = arb_poly([c.enclosure for c in poly])
            try:
                boxes = p.complex_roots(tol=arb(2) ** (-self.bits // 4), maxprec=self.bits)
            except ValueError:
                raise Undecided("the roots of a polynomial over balls are not told apart; give more digits") from None
            if not all(z.imag.contains(0) for z in boxes):
                raise Undecided("a polynomial over balls that should have real roots only has others")
            slope = p.derivative()
            found = []
            for z in boxes:  # real and simple: a box that is its own mirror image holds one root
                x = z.real
                for _ in range(3):
                    mid = x.mid()
                    step = mid - p(mid) / slope(x)
                    x = step if step.is_finite() and step.rad() < x.rad() else x
                found.append(Constant(self, x))
        return sorted(found, key=lambda c: float(c.enclosure.mid()))

    def join(self, other: Field) -> Field:
        """This field contains the others, to its precision; of two ball fields the less precise one is the join.

        ``other``: the field to join with.
        """
        if isinstance(other, BallField):
            return self if self.bits <= other.bits else other
        return self

    def text(self, x: Constant, digits: int = TEXT_DIGITS) -> str:
        """The digits that are known, at most so many; whole numbers as such."""
        if not x:
            return "0"
        whole = x.enclosure.unique_fmpz()
        if whole is not None and not x - int(whole):
            return str(whole)
        with working_bits(self.bits):
            return str(x.enclosure.str(digits, radius=False))

    def json(self, x: Constant, digits: int) -> Any:
        """x as {"mid", "rad"} in decimals: so many digits, a radius that covers the rounding; 0 for whole numbers.

        Raises Undecided where so many digits are not known.
        """
        whole = x.enclosure.unique_fmpz() if x else 0
        if whole is not None and not x - int(whole):
            return {"mid": str(int(whole)), "rad": "0"}
        with working_bits(self.bits):
            mid = x.enclosure.mid().str(digits, radius=False)
            size = x.enclosure.abs_upper().log_base(10).floor().unique_fmpz()
            for wider in (1, 2):  # a number that was read back is known one digit less well than its text
                rad = f"1e{int(size or 0) + wider - digits}"
                if (arb(mid) + arb(0, 1) * arb(rad)).contains(x.enclosure):
                    return {"mid": mid, "rad": rad}
        raise Undecided(f"a constant is not known to {digits} digits with {self.bits} bits; give more bits")

    def sympy(self, x: Constant) -> Any:
        """x as a SymPy Float of the digits that :meth:`text` prints; whole numbers as such."""
        import sympy

        text = self.text(x)
        return sympy.Integer(text) if text.lstrip("-").isdigit() else sympy.Float(text, TEXT_DIGITS)


def _field_of(value: Element) -> Any:
    """The exact field that an element lies in, or None."""
    from symrelu.exact.extension import ExtensionElement
    from symrelu.exact.qpi import QPI, QPiElement

    if isinstance(value, QPiElement):
        return QPI
    return value.field if isinstance(value, ExtensionElement) else None
