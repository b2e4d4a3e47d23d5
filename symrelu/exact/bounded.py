"""Functions of t with proved errors: a truncated series together with a ball for what its O-term hides.

    f(t) = c_v t**v + ... + c_(N-1) t**(N-1) + t**N R(t),      R(t) in ``error`` for every t of a domain.

The error is *relative* to t**N, so division by powers of t is exact and no 0 * infinity appears at t = 0. Two known
parts are in use, and the rules for errors are the same:

* exact Laurent series (:class:`symrelu.exact.series.Series`) on (0, t_0]: whatever cancels, cancels exactly;
* ball polynomials (:class:`symrelu.exact.ball_polynomials.BallPolynomial`) in tau = t - t_c on [-h, h].

Rules: the terms that a product cuts off are folded into its error with the ranges of the powers of t; 1/f = y + (1 -
f y)/f and sqrt f = y + (f - y**2)/(sqrt f + y) for the truncated series y; atan(r + u) by Horner's rule with the
last Taylor coefficient bounded on the whole real line. An unknown that is only known to lie in a ball may stand in
``error`` (or in c_0): for each t it is one real number, and nothing else is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_poly

from symrelu.errors import ParallelToPrecision, Undecided
from symrelu.exact.ball_polynomials import BallPolynomial
from symrelu.exact.balls import ball, working_bits
from symrelu.exact.operators import Operators
from symrelu.exact.series import Series, monomial

Known = Series | BallPolynomial
_ONE = arb(1)
PARTS = 8  # a sign is decided part by part of the domain: t**-4 over a wide piece looks indefinite as a whole


class Domain:
    """The t (or tau) for which errors are proved: (0, end], or [-end, end] if ``symmetric``.

    Parameters: ``end``, a positive rational; ``terms``, how many terms of a truncated function are kept; ``bits``, the
    working precision of the balls.
    """

    def __init__(self, end: Fraction, terms: int, bits: int = 128, symmetric: bool = False) -> None:
        self.end = end
        self.terms = terms
        self.bits = bits
        self.symmetric = symmetric
        self._powers: list[arb] = [_ONE]
        low = -end if symmetric else Fraction(0)
        width = (end - low) / PARTS
        with working_bits(bits):  # balls that cover the domain
            self.parts = tuple(
                ball(low + (i + Fraction(1, 2)) * width) + arb(0, 1) * ball(width / 2) for i in range(PARTS)
            )

    def power(self, k: int) -> arb:
        """A ball around t**k, for all t of the domain, k >= 0."""
        while len(self._powers) <= k:
            n = len(self._powers)
            with working_bits(self.bits):
                top = ball(self.end) ** n
                both = self.symmetric and n % 2 == 1
                self._powers.append(top * arb(0, 1) if both else top * arb(0.5, 0.5))
        return self._powers[k]

    def fold(self, coefficients: list[arb], shift: int = 0) -> arb:
        """A ball around sum(c_k t**(shift + k)), for all t of the domain."""
        total = arb(0)
        self.power(shift + len(coefficients))
        for c, power in zip(coefficients, self._powers[shift:], strict=False):
            total = total + c * power
        return total


class Bounded(Operators):
    """A function on a domain: its known part, and a ball for the rest over t**precision (None if it has no rest).

    Balls are computed at the working precision of the caller (``with working_bits(domain.bits)``): less of it makes
    them wider, never wrong.
    """

    __slots__ = ("_balls", "_known_range", "domain", "error", "known")

    def __init__(self, known: Known, error: arb | None, domain: Domain) -> None:
        self.domain = domain
        self._balls: list[arb] | None = None
        self._known_range: arb | None = None
        length = None if known.precision is None else known.precision - known.valuation
        longest = domain.terms
        if (len(known.coefficients) if length is None else length) > longest:
            end = known.valuation + longest
            self.error: arb | None = _beyond(known, error, end, domain)
            self.known: Known = known.truncate(end)
        else:
            self.known, self.error = known, error

    # -- what is known -------------------------------------------------------------------------------------------------

    @property
    def valuation(self) -> int:
        """The exponent that the known part starts with."""
        return self.known.valuation

    @property
    def is_zero(self) -> bool:
        """True for the structural zero."""
        return self.known.is_exact_zero

    def balls(self) -> list[arb]:
        """The known coefficients as balls, from the valuation on."""
        if self._balls is None:
            self._balls = _balls(self.known, self.domain.bits)
        return self._balls

    def _folded(self) -> arb:
        """A ball around (the known terms)/t**valuation for all t of the domain."""
        if self._known_range is None:
            self._known_range = self.domain.fold(self.balls())
        return self._known_range

    def _whole(self) -> arb:
        """A ball around f(t)/t**valuation for all t of the domain, from each power's range."""
        if self.error is None:
            return self._folded()
        assert self.known.precision is not None
        return self._folded() + self.error * self.domain.power(self.known.precision - self.known.valuation)

    def over(self, power: int) -> arb:
        """A ball around f(t)/t**power for all t of the domain; Undecided if a known term has a lower power."""
        if self.known.coefficients and self.known.valuation < power:
            raise Undecided(f"a function of valuation {self.known.valuation} was to be divided by t**{power}")
        total = self.domain.fold(self.balls(), self.known.valuation - power) if self.known.coefficients else arb(0)
        if self.error is not None:
            assert self.known.precision is not None
            if self.known.precision < power:
                raise Undecided(f"a function known to t**{self.known.precision} was to be divided by t**{power}")
            total = total + self.error * self.domain.power(self.known.precision - power)
        return total

    def range(self) -> arb:
        """A ball around f(t)/t**valuation for all t of the domain: the factor that decides its sign."""
        balls = self.balls()
        if not balls:
            return self.over(self.known.valuation)
        total: arb | None = None
        for part in self.domain.parts:
            value = horner(balls, part)
            total = value if total is None else total.union(value)
        assert total is not None
        if self.error is not None:
            assert self.known.precision is not None
            total = total + self.error * self.domain.power(self.known.precision - self.known.valuation)
        return total

    # -- ring operations -----------------------------------------------------------------------------------------------

    def _other(self, value: Any) -> Bounded | None:
        if isinstance(value, Bounded):
            return value
        if isinstance(value, (int, Fraction)):
            return Bounded(_constant_like(self.known, value), None, self.domain)
        return None

    def _inverse(self) -> Bounded:
        return self.inverse()

    def __neg__(self) -> Bounded:
        return Bounded(-self.known, None if self.error is None else -self.error, self.domain)

    def __add__(self, other: Any) -> Bounded:
        y = self._other(other)
        if y is None:
            return NotImplemented
        if y.is_zero:
            return self
        if self.is_zero:
            return y
        known = self.known + y.known
        if known.precision is None:
            return Bounded(known, None, self.domain)
        rest = self._rest(known.precision) + y._rest(known.precision)
        return Bounded(known, rest, self.domain)

    def __mul__(self, other: Any) -> Bounded:
        if isinstance(other, (int, Fraction)):
            if other == 1:
                return self
            if other == 0:
                return Bounded(_constant_like(self.known, 0), None, self.domain)
            error = None if self.error is None else self.error * ball(other)
            return Bounded(self.known * other, error, self.domain)
        if not isinstance(other, Bounded):
            return NotImplemented
        if self.is_zero or other.is_zero:
            return Bounded(_constant_like(self.known, 0), None, self.domain)
        x, y = self.known, other.known
        full = len(x.coefficients) + len(y.coefficients) - 1
        if x.is_exact and y.is_exact and full <= self.domain.terms:
            return Bounded(x * y, None, self.domain)
        end = x.valuation + y.valuation + self.domain.terms
        if x.precision is not None:
            end = min(end, x.precision + y.valuation)
        if y.precision is not None:
            end = min(end, y.precision + x.valuation)
        if isinstance(x, BallPolynomial):  # one product gives the known terms and what is cut off
            full_product = (arb_poly(x.coefficients) * arb_poly(y.coefficients)).coeffs()
            rest = self._product_rest(other, end, full_product[end:])
            return Bounded(BallPolynomial(full_product[:end], end), rest, self.domain)
        known = x.truncate(end - y.valuation) * y.truncate(end - x.valuation)
        return Bounded(known, self._product_rest(other, end), self.domain)

    def __pow__(self, exponent: int) -> Bounded:
        if not isinstance(exponent, int):
            return NotImplemented
        base = self if exponent >= 0 else self.inverse()
        if exponent == 0:
            return Bounded(_constant_like(self.known, 1), None, self.domain)
        result = base
        for _ in range(abs(exponent) - 1):
            result = result * base
        return result

    def __truediv__(self, other: Any) -> Bounded:
        if isinstance(other, (int, Fraction)):
            return self * (1 / Fraction(other))
        return self * other.inverse() if isinstance(other, Bounded) else NotImplemented

    def _rest(self, end: int) -> arb:
        """A ball around (what is not among the known terms below t**end) / t**end."""
        return _beyond(self.known, self.error, end, self.domain, self._balls)

    def _product_rest(self, other: Bounded, end: int, cut: list[arb] | None = None) -> arb:
        """A ball around (the product minus its known terms below t**end) / t**end; ``cut``: the product's terms from
        t**end on, if they are at hand.
        """
        a, b = self.balls(), other.balls()
        if cut is None:
            start = self.valuation + other.valuation
            cut = (arb_poly(a) * arb_poly(b)).coeffs()[end - start :] if a and b else []
        total = self.domain.fold(cut)
        if self.error is not None:
            assert self.known.precision is not None
            power = self.known.precision + other.valuation - end
            total = total + self.error * other._whole() * self.domain.power(power)
        if other.error is not None and a:
            assert other.known.precision is not None
            power = other.known.precision + self.valuation - end
            total = total + other.error * self._folded() * self.domain.power(power)
        return total

    def _shortened(self) -> Bounded:
        """Known to finitely many terms, so that its inverse and its root are."""
        if not self.known.is_exact or len(self.known.coefficients) <= 1:
            return self
        end = self.known.valuation + self.domain.terms
        return Bounded(self.known.truncate(end), self._rest(end), self.domain)

    def inverse(self) -> Bounded:
        """1/f; Undecided if f/t**valuation may vanish on the domain."""
        if not self.known.coefficients:
            raise Undecided("a function whose leading term is not known was to be inverted: take more terms")
        f = self._shortened()
        y = f.known.inverse()
        if f.error is None:
            return Bounded(y, None, self.domain)
        lead = f.range()
        if not (lead > 0 or lead < 0):
            raise Undecided(f"a function that may vanish on the domain (in {lead.str(5)}) was to be inverted")
        assert y.precision is not None
        length = y.precision - y.valuation
        rest = f._product_rest(Bounded(y.exact(), None, self.domain), length)
        return Bounded(y, -rest / lead, self.domain)

    def sqrt(self) -> Bounded:
        """The positive root; Undecided if f/t**valuation may be 0 or less on the domain."""
        if self.is_zero:
            return self
        if not self.known.coefficients:
            raise ParallelToPrecision(
                "the root of a function whose leading term is not known was wanted: take more terms"
            )
        f = self._shortened()
        y = f.known.sqrt()
        if f.error is None:
            return Bounded(y, None, self.domain)
        lead = f.range()
        if not lead > 0:
            raise Undecided(f"the root of a function that may vanish on the domain (in {lead.str(5)}) was wanted")
        assert f.known.precision is not None
        root = Bounded(y.exact(), None, self.domain)
        rest = f.error - root._product_rest(root, f.known.precision)
        return Bounded(y, rest / (lead.sqrt() + root.range()), self.domain)

    def atan(self, center: Any = 0) -> Bounded:
        """atan(center + f) - atan(center), for f that starts with a positive power, or for any f with a ball
        ``center``.

        ``center``: an element of the coefficient field (a ball for ball polynomials). The Taylor coefficients of
        atan about r are rational functions of r; the last one is at most 1/n in absolute value on the whole real
        line.
        """
        step = max(self.known.valuation, 1) if self.known.coefficients else 1
        terms = max(-(-self.domain.terms // step), 1)
        coefficients = _atan_coefficients(center, terms)
        result = self._accumulator(arb(0, 1) / terms)
        for c in reversed(coefficients[1:]):
            result = result * self + self._as_constant(c)
        return result * self

    def _accumulator(self, error: arb) -> Bounded:
        """A function of which nothing but an enclosure of its values is known."""
        known = self.known
        if isinstance(known, BallPolynomial):
            return Bounded(BallPolynomial([error]), None, self.domain)
        return Bounded(Series.make(known.field, 0, [], 0, known.ramification), error, self.domain)

    def _as_constant(self, value: Any) -> Bounded:
        return Bounded(_constant_like(self.known, value), None, self.domain)


def _atan_coefficients(center: Any, terms: int) -> list[Any]:
    """The Taylor coefficients of atan(center + u) - atan(center) in u, of u**0 .. u**(terms - 1)."""
    if isinstance(center, int) and center == 0:
        return [Fraction((-1) ** (k // 2), k) if k % 2 else Fraction(0) for k in range(terms)]
    # its derivative 1/((1 + r**2) + 2 r u + u**2), by the recurrence of its coefficients
    below = 1 / (center * center + 1)
    slopes: list[Any] = []
    for k in range(terms - 1):
        total = 1 if k == 0 else -2 * center * slopes[k - 1] - (slopes[k - 2] if k > 1 else 0)
        slopes.append(below * total)
    return [center * 0] + [c / (k + 1) for k, c in enumerate(slopes)]


def horner(coefficients: Sequence[arb], x: arb) -> arb:
    """A polynomial with ball coefficients at a ball."""
    total = arb(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def _constant_like(known: Known, value: Any) -> Known:
    return (
        known.constant(value)
        if isinstance(known, BallPolynomial)
        else monomial(known.field, value, 0, known.ramification)
    )


def _balls(known: Known, bits: int) -> list[arb]:
    if isinstance(known, BallPolynomial):
        return known.coefficients
    field = known.field
    return [field.ball(c, bits) if c else arb(0) for c in known.coefficients]


def _beyond(known: Known, error: arb | None, end: int, domain: Domain, balls: list[arb] | None = None) -> arb:
    """A ball around (the function minus its known terms below t**end) / t**end."""
    total = arb(0)
    first = end - known.valuation
    if first < len(known.coefficients):
        start = max(first, 0)
        cs = _balls(known, domain.bits) if balls is None else balls
        total = domain.fold(cs[start:], known.valuation + start - end)
    if error is not None:
        assert known.precision is not None
        total = total + error * domain.power(known.precision - end)
    return total
