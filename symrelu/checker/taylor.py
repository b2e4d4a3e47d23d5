"""Taylor models with relative remainder in balls.

On a domain lo <= tau <= hi a model is tau**v * (c_0 + ... + c_{n-1} tau**(n-1) + tau**n * r), v any integer, with balls
c_k and a ball r that hold for every tau of the domain: for each tau real numbers in the balls make it exact.
A coefficient that is zero for structural reasons is None and stays None: no ball is ever rounded to zero. A remainder
None is exactly zero. Nothing here uses arb_series, whose length a global setting (flint.ctx.cap) can cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_poly, fmpq

Coefficient = arb | None


class NoEnclosure(ArithmeticError):
    """An enclosure is too wide for what is asked of it: a divisor or a radicand that may be 0, an arcsine beyond 1."""


def ball(value: Fraction | int) -> arb:
    """A ball around a rational number."""
    return arb(fmpq(value.numerator, value.denominator)) if isinstance(value, Fraction) else arb(value)


def hull(lower: Any, upper: Any) -> arb:
    """A ball around an interval."""
    return arb(lower).union(arb(upper))


class Domain:
    """The interval of tau, its powers, and how many coefficients models keep."""

    def __init__(self, lo: Fraction, hi: Fraction, terms: int) -> None:
        if not lo <= 0 <= hi:
            raise ValueError("the domain of a Taylor model contains 0")
        self.lo, self.hi, self.terms = lo, hi, terms
        self._powers: list[arb] = []

    def power(self, k: int) -> arb:
        """All values of tau**k, k >= 0."""
        while len(self._powers) <= k:
            j = len(self._powers)
            ends = [self.lo**j, self.hi**j]
            low = Fraction(0) if j and j % 2 == 0 else min(ends)
            self._powers.append(hull(ball(low), ball(max(ends))) if j else arb(1))
        return self._powers[k]

    def model(self, coefficients: Sequence[Coefficient], v: int = 0) -> Model:
        """The exact Laurent polynomial tau**v * sum of c_k tau**k."""
        return Model(self, v, list(coefficients), None)

    def constant(self, value: Any) -> Model:
        """A constant model: an integer, a fraction or a ball."""
        value = ball(value) if isinstance(value, int | Fraction) else value
        return Model(self, 0, [None if value.is_zero() else value], None)


class Model:
    """A Taylor model (see the module). ``r`` None: no remainder, and all coefficients not listed are zero."""

    __slots__ = ("_inverse", "_whole", "c", "domain", "r", "v")

    def __init__(self, domain: Domain, v: int, c: list[Coefficient], r: Coefficient) -> None:
        if len(c) > domain.terms:
            n = domain.terms
            rest = _bound(domain, c[n:])
            # the old remainder stands at tau**len(c)
            r = _sum(rest, None if r is None else r * domain.power(len(c) - n))
            c = c[:n]
        strip = 0
        while strip < len(c) and c[strip] is None:
            strip += 1
        if strip:
            v, c = v + strip, c[strip:]
        if r is None:
            while c and c[-1] is None:
                c = c[:-1]
        self.domain, self.v, self.c, self.r = domain, v, c, r
        # computed when first needed; models do not change
        self._whole: tuple[Coefficient] | None = None
        self._inverse: Model | None = None

    # -- values

    @property
    def is_zero(self) -> bool:
        """Structurally zero for all tau."""
        return not self.c and self.r is None

    def factor(self) -> arb:
        """All values of f / tau**v."""
        total = _sum(self._polynomial(), None if self.r is None else self.r * self.domain.power(len(self.c)))
        return arb(0) if total is None else total

    def _polynomial(self) -> Coefficient:
        """All values of the sum of the c_k tau**k."""
        if self._whole is None:
            self._whole = (_bound(self.domain, self.c),)
        return self._whole[0]

    def range(self) -> arb:
        """All values of f; NoEnclosure at a pole."""
        if self.is_zero:
            return arb(0)
        if self.v < 0:
            raise NoEnclosure("a quantity may have a pole at t = 0")
        if self.v == 0:
            return self.factor()
        lifted = _sum(
            _bound(self.domain, [*[None] * self.v, *self.c]),
            None if self.r is None else self.r * self.domain.power(len(self.c) + self.v),
        )
        return arb(0) if lifted is None else lifted

    def sign(self, parts: int = 64) -> int:
        """The sign of f / tau**v if it is the same on the whole domain, on parts if need be; 0 if that is not seen."""
        whole = self.factor()
        if whole > 0 or whole < 0:
            return 1 if whole > 0 else -1
        lo, hi, signs = self.domain.lo, self.domain.hi, set()
        for k in range(parts):
            step = (hi - lo) / parts
            values = self._factor_at(hull(ball(lo + k * step), ball(lo + (k + 1) * step)))
            signs.add(1 if values > 0 else -1 if values < 0 else 0)
            if len(signs) > 1 or 0 in signs:
                return 0
        return signs.pop()

    def _factor_at(self, tau: arb) -> arb:
        total = arb(0) if self.r is None else self.r
        for entry in reversed(self.c):
            total = total * tau + (0 if entry is None else entry)
        return total

    def at(self, tau: arb) -> arb:
        """A ball around f(tau) at one point of the domain (tau not 0 if v < 0)."""
        return self._factor_at(tau) * tau**self.v

    def shifted(self, powers: int) -> Model:
        """f * tau**powers."""
        return Model(self.domain, self.v + powers, self.c, self.r)

    # -- arithmetic

    def _like(self, other: Any) -> Model:
        if isinstance(other, Model):
            return other
        return self.domain.model([]) if isinstance(other, int) and other == 0 else self.domain.constant(other)

    def __add__(self, other: Any) -> Model:
        other = self._like(other)
        if self.is_zero:
            return other
        if other.is_zero:
            return self
        start = min(self.v, other.v)
        end = max(self.v + len(self.c), other.v + len(other.c))
        for f in (self, other):
            if f.r is not None:
                end = min(end, f.v + len(f.c))
        c: list[Coefficient] = [None] * max(end - start, 0)
        r: Coefficient = None
        for f in (self, other):
            for k, entry in enumerate(f.c):
                place = f.v + k
                if entry is None:
                    continue
                if place < end:
                    c[place - start] = _sum(c[place - start], entry)
                else:
                    r = _sum(r, entry * self.domain.power(place - end))
            if f.r is not None:
                r = _sum(r, f.r * self.domain.power(f.v + len(f.c) - end))
        # exact cancellation of exact numbers is structural; a ball of positive radius never is
        c = [None if entry is None or entry.is_zero() else entry for entry in c]
        return Model(self.domain, min(start, end), c, r)

    __radd__ = __add__

    def __neg__(self) -> Model:
        c = [None if entry is None else -entry for entry in self.c]
        return Model(self.domain, self.v, c, None if self.r is None else -self.r)

    def __sub__(self, other: Any) -> Model:
        return self + (-self._like(other))

    def __rsub__(self, other: Any) -> Model:
        return self._like(other) + (-self)

    def __mul__(self, other: Any) -> Any:
        if isinstance(other, int) and other in (0, 1):
            return self if other else self.domain.model([])
        if not isinstance(other, Model):
            factor = ball(other) if isinstance(other, int | Fraction) else other
            c = [None if entry is None else entry * factor for entry in self.c]
            return Model(self.domain, self.v, c, None if self.r is None else self.r * factor)
        domain = self.domain
        if self.is_zero or other.is_zero:
            return domain.model([])
        known = [len(f.c) for f in (self, other) if f.r is not None]
        product = _product(self.c, other.c)
        if not known:
            return Model(domain, self.v + other.v, product, None)
        n = min([*known, domain.terms])
        r = _bound(domain, product[n:])
        for f, g in ((self, other), (other, self)):
            if f.r is not None:
                rest = g._polynomial()
                if rest is not None:
                    r = _sum(r, f.r * rest * domain.power(len(f.c) - n))
        if self.r is not None and other.r is not None:
            r = _sum(r, self.r * other.r * domain.power(len(self.c) + len(other.c) - n))
        head = product[:n] + [None] * (n - len(product))
        return Model(domain, self.v + other.v, head, r)

    __rmul__ = __mul__

    def inverse(self) -> Model:
        """1/f."""
        if self._inverse is None:
            self._inverse = self._reciprocal()
        return self._inverse

    def _reciprocal(self) -> Model:
        whole = self.factor()
        if not self.c or whole.contains(0) or _head(self.c).contains(0):
            raise NoEnclosure("a divisor may be 0")
        n = self.domain.terms if self.r is None else len(self.c)
        if self.r is None and len(self.c) == 1:
            return Model(self.domain, -self.v, [1 / _head(self.c)], None)
        y = _reciprocal(self.c, n)
        error = _bound(self.domain, _product(self.c, y)[n:])
        if self.r is not None:
            rest = _bound(self.domain, y)
            error = error if rest is None else _sum(error, self.r * rest)
        return Model(self.domain, -self.v, y, None if error is None else -error / whole)

    def __truediv__(self, other: Any) -> Any:
        if not isinstance(other, Model):
            return self * (1 / (ball(other) if isinstance(other, int | Fraction) else other))
        return self * other.inverse()

    def __rtruediv__(self, other: Any) -> Any:
        return self.inverse() * other

    def sqrt(self) -> Model:
        """The square root, positive for tau > 0; 0 for 0."""
        if self.is_zero:
            return self
        whole = self.factor()
        if not self.c or not whole > 0 or not _head(self.c) > 0:
            raise NoEnclosure("a radicand may be 0 or negative")
        if self.v % 2:
            raise NoEnclosure("a square root has an odd power of t")
        n = self.domain.terms if self.r is None else len(self.c)
        y = _root(self.c, n)
        square = _product(y, y)
        length = max(len(square), len(self.c))
        error = _bound(self.domain, [_difference(self.c, square, k) for k in range(n, length)])
        if self.r is not None:
            error = _sum(error, self.r)
        if error is not None:
            below = whole.sqrt() + (_bound(self.domain, y) or 0)
            if not below > 0:
                raise NoEnclosure("a square root is enclosed too widely")
            error = error / below
        return Model(self.domain, self.v // 2, y, error)

    def asin(self, less: int = 0) -> Model:
        """asin(f) - less * f, for |f| < 1 with v >= 0."""
        if self.is_zero:
            return self
        everything = self.range()
        centre = None if self.v > 0 or not self.c else self.c[0]
        everything = everything.union(arb(0) if centre is None else centre)
        if not (everything < 1 and everything > -1):
            raise NoEnclosure("a cosine or a sine may leave (-1, 1)")
        # f - c_0 without its constant coefficient: a ball minus itself would not be 0
        u = Model(self.domain, 0, [None, *self.c[1:]], self.r) if centre is not None else self
        if u.is_zero or u.v < 1:
            # a constant, or a model without known coefficients: the range says everything
            r = everything.asin() - less * everything
            return self.domain.constant(r) if u.is_zero else Model(self.domain, 0, [], r)
        last = -(-self.domain.terms // u.v) + 1
        inner = _arcsine_coefficients(centre, last)[:last]
        outer = _arcsine_coefficients(everything, last)[last]
        if inner[1] is not None and less:
            inner[1] = None if centre is None and less == 1 else inner[1] - less
        if inner[0] is not None and less and centre is not None:
            inner[0] = inner[0] - less * centre
        # what varies with tau starts and stays a remainder: the coefficients of the result are Taylor coefficients
        total = Model(self.domain, 0, [], outer)
        for entry in reversed(inner):
            total = u * total
            if entry is not None:
                total = total + self.domain.constant(entry)
        return total

    def chi(self) -> Model:
        """asin(f) - f."""
        return self.asin(1)


def _sum(a: Coefficient, b: Coefficient) -> Coefficient:
    if a is None:
        return b
    return a if b is None else a + b


def _head(c: list[Coefficient]) -> arb:
    assert c[0] is not None
    return c[0]


def _difference(a: list[Coefficient], b: list[Coefficient], k: int) -> Coefficient:
    left = a[k] if k < len(a) else None
    right = b[k] if k < len(b) else None
    return left if right is None else _sum(left, -right)


def _bound(domain: Domain, c: Sequence[Coefficient]) -> Coefficient:
    """All values of sum of c_k tau**k; None if every coefficient is structurally zero."""
    total: Coefficient = None
    for k, entry in enumerate(c):
        if entry is not None:
            total = _sum(total, entry * domain.power(k) if k else entry)
    return total


def _product(a: list[Coefficient], b: list[Coefficient]) -> list[Coefficient]:
    if not a or not b:
        return []
    if len(a) > 3 and len(b) > 3:
        x_all, y_all = ([entry for entry in c if entry is not None] for c in (a, b))
        if len(x_all) == len(a) and len(y_all) == len(b):  # no structural zeros that rounding could lose
            return list((arb_poly(x_all) * arb_poly(y_all)).coeffs())
    out: list[Coefficient] = [None] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        if x is not None:
            for j, y in enumerate(b):
                if y is not None:
                    out[i + j] = _sum(out[i + j], x * y)
    return out


def _reciprocal(c: list[Coefficient], n: int) -> list[Coefficient]:
    first = 1 / _head(c)
    y: list[Coefficient] = [first]
    for k in range(1, n):
        total: Coefficient = None
        for j in range(1, min(k, len(c) - 1) + 1):
            x, z = c[j], y[k - j]
            if x is not None and z is not None:
                total = _sum(total, x * z)
        y.append(None if total is None else -first * total)
    return y


def _root(c: list[Coefficient], n: int) -> list[Coefficient]:
    first = _head(c).sqrt()
    half = 1 / (2 * first)
    y: list[Coefficient] = [first]
    for k in range(1, n):
        total = c[k] if k < len(c) else None
        for j in range(1, k):
            x, z = y[j], y[k - j]
            if x is not None and z is not None:
                total = _sum(total, -(x * z))
        y.append(None if total is None else total * half)
    return y


def _arcsine_coefficients(centre: Coefficient, last: int) -> list[Coefficient]:
    """asin^(k)(centre)/k! for k <= last; from (1 - x**2) h' = x h for h = asin'. None: structurally zero (centre 0)."""
    if centre is None:
        h: list[Coefficient] = [arb(1), None]
    else:
        root = (1 - centre * centre).sqrt()
        h = [1 / root, centre / root**3]
    for k in range(1, last):
        previous, current = h[k - 1], h[k]
        total = None if previous is None else previous * k
        if centre is not None and current is not None:
            total = _sum(total, centre * (2 * k + 1) * current)
        below = (k + 1) * (1 if centre is None else 1 - centre * centre)
        h.append(None if total is None else total / below)
    value: list[Coefficient] = [None if centre is None else centre.asin()]
    for k in range(last):
        entry = h[k]
        value.append(None if entry is None else entry / (k + 1))
    return value
