"""Reading back exact numbers that results write, with the generators that they declare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from symrelu.errors import BadInput, NotAUnit
from symrelu.exact.algebraic import AlgebraicField
from symrelu.exact.balls import ball, working_bits
from symrelu.exact.constants import BallField
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.parameters import parameter_field
from symrelu.exact.parse import parse, parse_fraction
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.square_roots import SquareRootField
from symrelu.exact.univariate import Poly, is_squarefree, real_roots

_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_GENERATOR = re.compile(r"theta_[1-9][0-9]{0,3}")
_PARAMETER = re.compile(r"[a-z]")
_EXPONENT = re.compile(r"\*\*\s*(\d+)")
_LONGEST, _LARGEST_EXPONENT, _LARGEST_DEGREE, _MOST_BITS = 20_000, 1_000, 24, 8_192


class BallReader:
    """Reads numbers that results write as {"mid", "rad"}.

    ``declared``: the ``field`` of a result over balls.
    """

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.field = BallField(min(int(declared["bits"]), _MOST_BITS))

    def read(self, value: Any) -> Element:
        """The number in that ball."""
        with working_bits(self.field.bits):
            parts = [parse_fraction(str(value[key]), "a ball") for key in ("mid", "rad")]
            mid, rad = map(ball, parts)
            return self.field(mid + arb(0, 1) * rad) if parts[0] or parts[1] else self.field.zero


class ExactReader:
    """Reads exact numbers into one growing field: Q(pi), with each square root and each declared generator adjoined
    when it is first met; or Q(pi, s), if a parameter s is declared.

    ``declared``: the ``field`` of a result, which declares the generators; each may occur in the minimal polynomials of
    later ones. BadInput for a declaration that singles out no number.
    """

    def __init__(self, declared: Mapping[str, Any] | None = None) -> None:
        self.field: Field = QPI
        self._parameter: dict[str, Element] = {}
        for name in (declared or {}).get("parameters", []):
            self._take_parameter(name)
        self._generators: dict[str, AlgebraicField] = {}
        for generator in (declared or {}).get("generators", []):
            self._declare(**{key: str(generator[key]) for key in ("name", "minimal_polynomial", "mid", "rad")})

    def read(self, text: str) -> Element:
        """The number that ``text`` writes."""
        return parse(text, self._names(text), self.field if self._parameter else QPI, {"sqrt": self._sqrt})

    def _take_parameter(self, name: Any) -> None:
        if self._parameter or not isinstance(name, str) or not _PARAMETER.fullmatch(name):
            raise BadInput(f"a parameter was declared as {name!r}; one is read, a letter such as s")
        field = parameter_field(name)
        self.field, self._parameter = field, {name: field.parameter(name)}

    def _names(self, text: str) -> dict[str, Element]:
        """pi and the declared generators that occur in the text, whose field they join."""
        names: dict[str, Element] = {"pi": QPI.pi, **self._parameter}
        for name in dict.fromkeys(_NAME.findall(text)):
            if name in self._generators:
                self.field = self.field.join(self._generators[name])
                names[name] = self.field(self._generators[name].root)
        return names

    def _sqrt(self, x: Any) -> Element:
        try:
            return self.field.sqrt(self.field(x))
        except NotASquare as error:
            self.field = SquareRootField(self.field, error.radicand)
            return self.field.sqrt(self.field(x))
        except ValueError as error:
            raise BadInput(f"{error}: exact numbers are real") from None

    def _declare(self, name: str, minimal_polynomial: str, mid: str, rad: str) -> None:
        """Take in a generator: its polynomial must be irreducible and have one real root in the ball."""
        if not _GENERATOR.fullmatch(name) or name in self._generators:
            raise BadInput(
                f"a generator was declared as {name!r}; its name is theta_1, theta_2, ..., each declared once"
            )
        numbers = ExactReader()
        numbers._generators = self._generators
        poly = numbers._polynomial(minimal_polynomial, name)
        try:
            number = _number_in_ball(numbers.field, poly, parse_fraction(mid, "mid"), parse_fraction(rad, "rad"))
            self._generators = {**self._generators, name: AlgebraicField(numbers.field, poly, number, name)}
        except BadInput:
            raise
        except ValueError:
            raise BadInput(
                f"{minimal_polynomial!r} was declared as the minimal polynomial of {name}; it must be irreducible and "
                "have one real root in the ball given by mid and rad"
            ) from None

    def _polynomial(self, text: str, name: str) -> Poly:
        if len(text) > _LONGEST or any(int(n) > _LARGEST_EXPONENT for n in _EXPONENT.findall(text)):
            raise BadInput(f"the minimal polynomial of {name} is too long or has too large an exponent to be read")
        names = self._names(text)
        parse(text, {**names, name: QPI.one}, QPI, {"sqrt": self._sqrt})  # meets all square roots of the coefficients
        ring = PolynomialRing(self.field, [name])
        try:
            value = ring(parse(text, {**names, name: ring.unknown(0)}, QPI, {"sqrt": lambda x: ring.sqrt(ring(x))}))
        except NotAUnit:
            raise BadInput(f"the minimal polynomial of {name} was given as {text[:60]!r}: that is none") from None
        powers = {sum(e for _, e in monomial): c for monomial, c in value.terms.items()}
        degree = max(powers, default=0)
        if not 2 <= degree <= _LARGEST_DEGREE:
            raise BadInput(f"the minimal polynomial of {name} has degree {degree}; from 2 to {_LARGEST_DEGREE} is read")
        return [powers.get(i, self.field.zero) for i in range(degree + 1)]


def _number_in_ball(field: Field, poly: Poly, mid: Fraction, rad: Fraction) -> int:
    """The number of the one real root that the ball holds; ValueError if it holds none or several."""
    if not is_squarefree(field, poly):
        raise ValueError("the polynomial has a repeated root")
    bits = 64
    while bits <= _MOST_BITS:
        low, high = (fmpq(x.numerator, x.denominator) for x in (mid - rad, mid + rad))
        with working_bits(bits):
            places = [_place(x, arb(low), arb(high)) for x in real_roots(field, poly, bits)]
        if None not in places:
            if places.count(True) == 1:
                return places.index(True)
            break
        bits *= 2
    raise ValueError("the ball does not hold one real root")


def _place(x: arb, low: arb, high: arb) -> bool | None:
    """Whether x lies between two numbers; None if its ball does not tell."""
    if x > low and x < high:
        return True
    return False if x < low or x > high else None
