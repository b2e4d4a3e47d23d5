"""K[c_1, ..., c_n]: polynomials in undetermined coefficients over a field K, as a coefficient ring for series.

Small by design: leading-order systems have a few unknowns and low degree, so an element is a dict from monomials to
elements of K. The ring offers what
:mod:`symrelu.exact.field` asks of a field, with one difference: only constants have inverses, square roots and signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from symrelu.errors import NotAUnit
from symrelu.exact.field import Element, Field
from symrelu.exact.immutable import Immutable
from symrelu.exact.operators import Operators

Monomial = tuple[tuple[int, int], ...]  # ((unknown, exponent), ...), unknowns ascending


def _multiply_monomials(a: Monomial, b: Monomial) -> Monomial:
    if not a:
        return b
    if not b:
        return a
    exponents = dict(a)
    for unknown, e in b:
        exponents[unknown] = exponents.get(unknown, 0) + e
    return tuple(sorted(exponents.items()))


class Polynomial(Operators):
    """An element of K[c]; immutable."""

    __slots__ = ("ring", "terms")

    def __init__(self, ring: PolynomialRing, terms: dict[Monomial, Element]) -> None:
        self.ring = ring
        self.terms = terms

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __eq__(self, other: object) -> bool:
        try:
            return bool(self.terms == self.ring(other).terms)
        except TypeError:
            return NotImplemented

    def __hash__(self) -> int:
        return hash(self.constant) if self.is_constant else hash(frozenset(self.terms.items()))

    @property
    def is_constant(self) -> bool:
        """True if no unknown occurs."""
        return not self.terms or (len(self.terms) == 1 and () in self.terms)

    @property
    def constant(self) -> Element:
        """The constant term."""
        return self.terms.get((), self.ring.base.zero)

    def unknowns(self) -> set[int]:
        """The unknowns that occur."""
        return {unknown for monomial in self.terms for unknown, _ in monomial}

    def _other(self, value: Any) -> Polynomial | None:
        return self.ring.other(value)

    def _one(self) -> Polynomial:
        return self.ring.one

    def _inverse(self) -> Polynomial:
        return self.ring.inverse(self)

    def __neg__(self) -> Polynomial:
        return Polynomial(self.ring, {m: -c for m, c in self.terms.items()})

    def __add__(self, other: Any) -> Polynomial:
        y = self.ring.other(other)
        if y is None:
            return NotImplemented
        terms = dict(self.terms)
        for m, c in y.terms.items():
            total = terms[m] + c if m in terms else c
            if total:
                terms[m] = total
            else:
                del terms[m]
        return self.ring.make(terms)

    def __mul__(self, other: Any) -> Polynomial:
        if isinstance(other, int):
            return self.ring.make({m: c * other for m, c in self.terms.items()} if other else {})
        y = self.ring.other(other)
        if y is None:
            return NotImplemented
        terms: dict[Monomial, Element] = {}
        for m, c in self.terms.items():
            for n, d in y.terms.items():
                key = _multiply_monomials(m, n)
                terms[key] = terms[key] + c * d if key in terms else c * d
        return self.ring.make({m: c for m, c in terms.items() if c})

    def __truediv__(self, other: Any) -> Polynomial:
        if isinstance(other, int) and other:
            return self.ring.make({m: c / other for m, c in self.terms.items()})
        y = self.ring.other(other)
        return NotImplemented if y is None else self * self.ring.inverse(y)

    def substitute(self, values: Mapping[int, Element]) -> Polynomial:
        """The polynomial with some unknowns replaced by elements of K."""
        total = self.ring.zero
        for m, c in self.terms.items():
            rest: list[tuple[int, int]] = []
            for unknown, e in m:
                if unknown in values:
                    for _ in range(e):
                        c = c * values[unknown]
                else:
                    rest.append((unknown, e))
            if c:
                total = total + Polynomial(self.ring, {tuple(rest): c})
        return total

    def __str__(self) -> str:
        return self.ring.text(self)

    __repr__ = __str__


class PolynomialRing(Immutable):
    """K[c_0, c_1, ...] over a field K; unknowns are numbered, and named for printing."""

    def __init__(self, base: Field, names: Iterable[str]) -> None:
        self.base = base
        self.names = tuple(names)
        self.name = f"{base.name}[{', '.join(self.names)}]"
        self.zero = Polynomial(self, {})
        self.one = Polynomial(self, {(): base.one})

    def unknown(self, number: int) -> Polynomial:
        """The unknown of that number."""
        return Polynomial(self, {((number, 1),): self.base.one})

    @property
    def pi(self) -> Polynomial:
        """The number pi."""
        return Polynomial(self, {(): self.base.pi})

    def make(self, terms: dict[Monomial, Element]) -> Polynomial:
        """A polynomial with the given nonzero terms; zero is always the one object ``self.zero``."""
        return Polynomial(self, terms) if terms else self.zero

    def other(self, value: Any) -> Polynomial | None:
        """``value`` in this ring, or None."""
        if isinstance(value, Polynomial) and value.ring is self:
            return value
        try:
            return self(value)
        except TypeError:
            return None

    def __call__(self, value: Any) -> Polynomial:
        """An int, a Fraction, an element of K or of this ring; TypeError otherwise."""
        if isinstance(value, Polynomial):
            if value.ring is not self:
                raise TypeError(f"{value} lies in another ring than {self.name}")
            return value
        constant = self.base(value)
        return self.make({(): constant} if constant else {})

    def dot(self, xs: Iterable[Polynomial], ys: Iterable[Polynomial]) -> Polynomial:
        """sum(x*y)."""
        terms: dict[Monomial, tuple[list[Element], list[Element]]] = {}
        for x, y in zip(xs, ys, strict=False):
            for m, c in x.terms.items():
                for n, d in y.terms.items():
                    left, right = terms.setdefault(_multiply_monomials(m, n), ([], []))
                    left.append(c)
                    right.append(d)
        sums = {m: self.base.dot(left, right) for m, (left, right) in terms.items()}
        return self.make({m: c for m, c in sums.items() if c})

    def constant_of(self, x: Polynomial, what: str) -> Element:
        """The constant that x is; NotAUnit if it depends on unknowns."""
        if not x.is_constant:
            raise NotAUnit(f"{what} of {x}, which depends on undetermined coefficients")
        return x.constant

    def inverse(self, x: Polynomial) -> Polynomial:
        """1/x for a nonzero constant x; NotAUnit otherwise."""
        return self(self.base.inverse(self.constant_of(x, "inverse")))

    def sqrt(self, x: Polynomial) -> Polynomial:
        """The non-negative root of a constant; NotAUnit for other polynomials, NotASquare as in K."""
        return self(self.base.sqrt(self.constant_of(x, "square root")))

    def sign(self, x: Polynomial) -> int:
        """The sign of a constant; NotAUnit for other polynomials."""
        return self.base.sign(self.constant_of(x, "sign"))

    def ball(self, x: Polynomial, bits: int) -> Any:
        """An enclosure of a constant; NotAUnit for other polynomials."""
        return self.base.ball(self.constant_of(x, "value"), bits)

    def text(self, x: Polynomial) -> str:
        """x as text."""
        parts = []
        for m, c in sorted(x.terms.items()):
            monomial = "*".join(self.names[u] + (f"**{e}" if e > 1 else "") for u, e in m)
            parts.append(f"({self.base.text(c)})" + (f"*{monomial}" if monomial else ""))
        return " + ".join(parts) or "0"

    def sympy(self, x: Polynomial) -> Any:
        """x as a SymPy expression in symbols of the unknowns' names."""
        import sympy

        return sympy.Add(
            *(
                self.base.sympy(c) * sympy.Mul(*(sympy.Symbol(self.names[u]) ** e for u, e in m))
                for m, c in x.terms.items()
            )
        )

    def join(self, other: Field) -> Field:
        """This ring, if it contains ``other``; TypeError otherwise."""
        if self.base.join(other) != self.base:
            raise TypeError(f"{other.name} lies not in {self.name}")
        return self
