"""Truncated Puiseux series at d = infinity: Laurent series in t = d**(-1/r) that carry their own precision.

A series is ``sum(c_i * t**i) + O(t**precision)`` with coefficients in a field (:mod:`symrelu.exact.field`);
``precision`` None means exact (a Laurent polynomial). Nothing beyond the known precision is ever claimed: every
operation computes what is known of its result from what is known of its operands. Valuations are true valuations:
leading zeros are stripped after every sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import lcm
from typing import Any

from symrelu.errors import NotAUnit, Ramified, TruncatedTooSoon
from symrelu.exact.coefficients import convolve, inverted, least, rooted, squared
from symrelu.exact.field import Element, Field, lies_over
from symrelu.exact.operators import Operators
from symrelu.exact.printing import series_expression, series_latex, series_text


class Series(Operators):
    """A truncated Laurent series in t = d**(-1/ramification).

    Parameters
    ----------
    field: the coefficient field K.
    valuation: exponent of the first coefficient given.
    coefficients: elements of K (ints and Fractions are taken into it).
    precision: exponents below it are known; None for an exact Laurent polynomial.
    ramification: r in t = d**(-1/r).
    """

    __slots__ = ("coefficients", "field", "precision", "ramification", "valuation")
    field: Field

    def __init__(
        self,
        field: Field,
        valuation: int,
        coefficients: Iterable[Any],
        precision: int | None = None,
        ramification: int = 2,
    ) -> None:
        cs = [field(c) for c in coefficients]
        self._set(field, valuation, cs, precision, ramification)

    def _set(self, field: Field, valuation: int, cs: list[Element], precision: int | None, ramification: int) -> None:
        if precision is not None and len(cs) > precision - valuation:
            del cs[max(precision - valuation, 0) :]
        while cs and not cs[-1]:
            cs.pop()
        start = 0
        while start < len(cs) and not cs[start]:
            start += 1
        zero = field.zero
        for i in range(start, len(cs)):
            if not cs[i]:
                cs[i] = zero
        self.field = field
        self.coefficients: tuple[Element, ...] = tuple(cs[start:])
        self.valuation = valuation + start if self.coefficients else (precision if precision is not None else 0)
        self.precision = precision
        self.ramification = ramification

    @classmethod
    def make(cls, field: Field, valuation: int, cs: list[Element], precision: int | None, ramification: int) -> Series:
        """The series with these coefficients, which must be elements of ``field`` already (the list is taken over).

        ``cs``: the coefficients of t**valuation, t**(valuation + 1), ...
        """
        self = object.__new__(cls)
        self._set(field, valuation, cs, precision, ramification)
        return self

    # -- what is known -------------------------------------------------------------------------------------------------

    @property
    def is_exact_zero(self) -> bool:
        """True for the number 0 itself (not for O(t**N))."""
        return self.precision is None and not self.coefficients

    @property
    def is_exact(self) -> bool:
        """True if nothing is truncated."""
        return self.precision is None

    @property
    def leading(self) -> Element:
        """The leading coefficient; raises if the series is zero as far as it is known."""
        if not self.coefficients:
            raise TruncatedTooSoon(f"{self} has no known leading term; give a higher order")
        return self.coefficients[0]

    def __getitem__(self, exponent: int) -> Element:
        """The coefficient of t**exponent; IndexError at or beyond the precision."""
        if self.precision is not None and exponent >= self.precision:
            raise IndexError(f"the coefficient of t**{exponent} is not known: the series is O(t**{self.precision})")
        i = exponent - self.valuation
        return self.coefficients[i] if 0 <= i < len(self.coefficients) else self.field.zero

    def known(self, start: int, stop: int) -> list[Element]:
        """The coefficients of t**start .. t**(stop - 1); IndexError if one of them is not known."""
        return [self[i] for i in range(start, stop)]

    def truncate(self, precision: int | None) -> Series:
        """The same series known below t**precision only (or as far as it is known, if that is less)."""
        if precision is None or (self.precision is not None and self.precision <= precision):
            return self
        return Series.make(self.field, self.valuation, list(self.coefficients), precision, self.ramification)

    def exact(self) -> Series:
        """The known part alone, as an exact Laurent polynomial: a *different* function, for whoever
        perturbs about it.
        """
        return Series.make(self.field, self.valuation, list(self.coefficients), None, self.ramification)

    def over(self, field: Field) -> Series:
        """The same series with coefficients in an extension field."""
        return Series(field, self.valuation, self.coefficients, self.precision, self.ramification)

    def __bool__(self) -> bool:
        return bool(self.coefficients)

    def __eq__(self, other: object) -> bool:
        """Equal as data: same known coefficients, same precision (for equality as far as known, look at the
        difference).
        """
        if isinstance(other, (int, Fraction)):
            other = self._constant(other)
        if not isinstance(other, Series):
            return NotImplemented
        try:
            a, b = common(self, other)
        except TypeError:  # coefficients in unrelated fields
            return False
        return a.valuation == b.valuation and a.precision == b.precision and a.coefficients == b.coefficients

    def __hash__(self) -> int:
        if self.is_exact and len(self.coefficients) <= 1 and self.valuation == 0:
            return hash(self[0])  # the number
        r = self.ramification
        terms = tuple((Fraction(i, r), c) for i, c in enumerate(self.coefficients, self.valuation) if c)
        return hash((terms, None if self.precision is None else Fraction(self.precision, r)))

    # -- ring operations -----------------------------------------------------------------------------------------------

    def _constant(self, value: Any) -> Series:
        return Series.make(self.field, 0, [self.field(value)], None, self.ramification)

    def _other(self, value: Any) -> Series | None:
        if isinstance(value, Series):
            return value
        try:
            return self._constant(value)
        except TypeError:
            return None

    def _one(self) -> Series:
        return self._constant(1)

    def _inverse(self) -> Series:
        return self.inverse()

    def __neg__(self) -> Series:
        return Series.make(
            self.field, self.valuation, [-c for c in self.coefficients], self.precision, self.ramification
        )

    def __add__(self, other: Any) -> Series:
        y = self._other(other)
        if y is None:
            return NotImplemented
        x, y = common(self, y)
        if y.is_exact_zero:
            return x
        if x.is_exact_zero:
            return y
        precision = least(x.precision, y.precision)
        if not x.coefficients or not y.coefficients:
            z = x if x.coefficients else y
            return Series.make(z.field, z.valuation, list(z.coefficients), precision, z.ramification)
        low = min(x.valuation, y.valuation)
        high = max(x.valuation + len(x.coefficients), y.valuation + len(y.coefficients))
        cs: list[Element] = [x.field.zero] * (high - low)
        cs[x.valuation - low : x.valuation - low + len(x.coefficients)] = x.coefficients
        stop = len(cs) if precision is None else max(0, precision - low)
        for i, c in enumerate(y.coefficients, y.valuation - low):
            if i >= stop:
                break
            if c:
                cs[i] = cs[i] + c if cs[i] else c
        return Series.make(x.field, low, cs, precision, x.ramification)

    def __mul__(self, other: Any) -> Series:
        if not isinstance(other, Series):
            try:
                c = other if isinstance(other, int) else self.field(other)
            except TypeError:
                return NotImplemented
            cs = [c * a for a in self.coefficients] if c else []
            return Series.make(self.field, self.valuation, cs, self.precision if c else None, self.ramification)
        if other is self:
            return self.square()
        x, y = common(self, other)
        if x.is_exact_zero or y.is_exact_zero:
            return Series.make(x.field, 0, [], None, x.ramification)
        precision = product_precision(x, y)
        valuation = x.valuation + y.valuation
        a, b = x.coefficients, y.coefficients
        length = len(a) + len(b) - 1 if a and b else 0
        if precision is not None:
            length = min(length, precision - valuation)
        cs = convolve(x.field, a, b, length) if length > 0 else []
        return Series.make(x.field, valuation, cs, precision, x.ramification)

    def square(self) -> Series:
        """self*self, at half the cost of a product."""
        precision = product_precision(self, self)
        a = self.coefficients
        length = 2 * len(a) - 1 if a else 0
        if precision is not None:
            length = min(length, precision - 2 * self.valuation)
        cs = squared(self.field, a, length)
        return Series.make(self.field, 2 * self.valuation, cs, precision, self.ramification)

    def __truediv__(self, other: Any) -> Series:
        if isinstance(other, int) and other:
            cs = [c / other for c in self.coefficients]
            return Series.make(self.field, self.valuation, cs, self.precision, self.ramification)
        y = self._other(other)
        if y is None:
            return NotImplemented
        x, y = common(self, y)
        return x * y.inverse(x)

    def inverse(self, needed_with: Series | None = None) -> Series:
        """1/self. An exact polynomial has an inverse of infinite length: it must be a monomial, or
        ``needed_with`` bounds what is used of it. Raises ZeroDivisionError for the exact 0, TruncatedTooSoon where it
        may be 0 or the inverse has no end.
        """
        if not self.coefficients:
            if self.is_exact_zero:
                raise ZeroDivisionError("division of series by the exact 0")
            raise TruncatedTooSoon(f"division by {self}, which may be 0; give a higher order")
        lead = self.field.inverse(self.leading)
        length = self._relative_length(needed_with)
        if length is None:
            if len(self.coefficients) > 1:
                raise TruncatedTooSoon(f"the inverse of the exact {self} has infinitely many terms: truncate it first")
            return Series.make(self.field, -self.valuation, [lead], None, self.ramification)
        y = inverted(self.field, self.coefficients, lead, length)
        return Series.make(self.field, -self.valuation, y, length - self.valuation, self.ramification)

    def _relative_length(self, other: Series | None) -> int | None:
        if self.precision is not None:
            return self.precision - self.valuation
        if len(self.coefficients) > 1 and other is not None and other.precision is not None:
            return max(other.precision - other.valuation, 1)
        return None

    # -- analytic operations -------------------------------------------------------------------------------------------

    def sqrt(self) -> Series:
        """The square root that is positive for small t > 0.

        Raises NotASquare (what to adjoin) if the leading coefficient has no root in the field, Ramified for an odd
        valuation, TruncatedTooSoon if no leading term is known.
        """
        if self.is_exact_zero:
            return self
        lead = self.field.sqrt(self.leading)
        if self.valuation % 2:
            raise Ramified(
                f"the square root of a series of valuation {self.valuation} needs powers of t**(1/2), t = "
                f"d**(-1/{self.ramification})"
            )
        if self.precision is None and len(self.coefficients) == 1:
            return Series.make(self.field, self.valuation // 2, [lead], None, self.ramification)
        if self.precision is None:
            raise TruncatedTooSoon(f"the square root of the exact {self} has infinitely many terms: truncate it first")
        length = self.precision - self.valuation
        g = rooted(self.field, self.coefficients, lead, length)
        return Series.make(self.field, self.valuation // 2, g, length + self.valuation // 2, self.ramification)

    def derive(self) -> Series:
        """t * d/dt of the series."""
        cs = [c * i for i, c in enumerate(self.coefficients, self.valuation)]
        return Series.make(self.field, self.valuation, cs, self.precision, self.ramification)

    def integrate(self, constant: Element) -> Series:
        """The series whose t*d/dt is this one, with the given constant term; the constant term of this one
        must be 0. Raises ArithmeticError otherwise.
        """
        if (self.precision is None or self.precision > 0) and self[0]:
            raise ArithmeticError("a logarithm would be needed: the constant term is not 0")
        cs = [c / i if i else c for i, c in enumerate(self.coefficients, self.valuation)]
        integral = Series.make(self.field, self.valuation, cs, self.precision, self.ramification)
        return integral + self.field(constant)

    def log(self) -> Series:
        """The logarithm of a series 1 + (positive powers): what powers with an exponent that grows with d need.

        Raises NotAUnit for other constant terms.
        """
        if self.valuation != 0 or self.leading != 1:
            raise NotAUnit(
                f"the logarithm of {self} is no series over {self.field.name}: the leading term must be 1; "
                "divide by it first"
            )
        return (self.derive() * self.inverse()).integrate(self.field.zero)

    def exp(self) -> Series:
        """The exponential of a series of positive valuation, by y' = x' y.

        Raises NotAUnit for another valuation, TruncatedTooSoon where no term is known or the terms have no end.
        """
        if self.coefficients and self.valuation <= 0:
            raise NotAUnit(
                f"the exponential of {self} is no series over {self.field.name}: the constant term must be 0; "
                "split it off first"
            )
        if self.precision is not None and self.precision <= 0:
            raise TruncatedTooSoon(f"the exponential of {self} is not known to any order; give a higher order")
        if self.precision is None:
            if self.is_exact_zero:
                return self._constant(1)
            raise TruncatedTooSoon(f"the exponential of the exact {self} has infinitely many terms: truncate it first")
        slopes, y = self.derive(), [self.field.one]
        for n in range(1, self.precision):
            y.append(self.field.dot([slopes[i] for i in range(1, n + 1)], y[::-1]) / n)
        return Series.make(self.field, 0, y, self.precision, self.ramification)

    def evaluate(self, t: Any, convert: Any) -> Any:
        """The value of the known part at t, with every coefficient passed through ``convert`` (Horner)."""
        value: Any = 0
        for c in reversed(self.coefficients):
            value = value * t + convert(c)
        return value * t**self.valuation

    # -- printing ------------------------------------------------------------------------------------------------------

    def text(self, name: str = "t") -> str:
        """The series with its O-term, as text."""
        return series_text(self, name)

    def text_to(self, digits: int) -> str:
        """The series over balls with so many digits a coefficient."""
        return series_text(self, "t", digits)

    def __str__(self) -> str:
        return self.text()

    def sympy(self, d: Any = None) -> Any:
        """The known part as a SymPy expression in d (the symbol ``d`` by default)."""
        return series_expression(self, d)

    def _sympystr(self, printer: Any) -> str:
        return str(self)

    def _latex(self, printer: Any) -> str:
        """What ``sympy.latex`` prints: powers of d, leading terms first, with the O-term."""
        return series_latex(self)

    def _repr_latex_(self) -> str:
        import sympy

        return rf"$\displaystyle {sympy.latex(self)}$"

    def __repr__(self) -> str:
        shown = str(self) if len(self.coefficients) < 8 else f"{len(self.coefficients)} terms + O(t**{self.precision})"
        return f"<Series {shown} over {self.field.name}>"


def product_precision(x: Series, y: Series) -> int | None:
    """How far the product of two series is known."""
    p = None if y.precision is None else x.valuation + y.precision
    q = None if x.precision is None else y.valuation + x.precision
    return least(p, q)


def _ramify(x: Series, ramification: int) -> Series:
    factor = ramification // x.ramification
    cs: list[Element] = []
    for c in x.coefficients:
        cs.extend([c] + [x.field.zero] * (factor - 1))
    precision = None if x.precision is None else x.precision * factor
    return Series.make(x.field, x.valuation * factor, cs, precision, ramification)


def common(x: Series, y: Series) -> tuple[Series, Series]:
    """Two series over one field and in one t: a field that contains both, the least common ramification."""
    if x.field is not y.field and x.field != y.field:  # decided by the fields, not by which values happen to fit
        joined = y.field if lies_over(y.field, x.field) else x.field.join(y.field)
        x, y = x.over(joined), y.over(joined)
    if x.ramification != y.ramification:
        r = lcm(x.ramification, y.ramification)
        x, y = _ramify(x, r), _ramify(y, r)
    return x, y


def monomial(field: Field, coefficient: Any, exponent: int, ramification: int = 2) -> Series:
    """The exact series coefficient * t**exponent."""
    return Series(field, exponent, [coefficient], None, ramification)


def dimension(field: Field, ramification: int = 2) -> Series:
    """d = t**-r as a series in t = d**(-1/r)."""
    return monomial(field, 1, -ramification, ramification)
