"""K(theta) for a real root theta of an irreducible polynomial over a real field K: what eigenvalues force on their
coefficients where no square root solves the characteristic polynomial.

An element is a vector of coordinates in K, those of 1, theta, ..., theta**(n - 1). It is 0 exactly if they all are,
since the polynomial is irreducible. Which root theta is, its number among the real roots says; balls around it are
proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.exact.balls import working_bits
from symrelu.exact.extension import ExtensionElement, ExtensionField, absolute_degree
from symrelu.exact.factors import factor
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.matrices import characteristic_polynomial
from symrelu.exact.printing import product_text, sum_text
from symrelu.exact.square_roots import SquareRootField
from symrelu.exact.univariate import Poly, evaluate, interpolate, real_roots, which_root


class AlgebraicElement(ExtensionElement):
    """sum(c_i * theta**i), immutable and hashable; ``field`` is the extension it lives in."""

    __slots__ = ("_coordinates",)

    def __init__(self, field: AlgebraicField, coordinates: tuple[Element, ...]) -> None:
        self.field = field
        self._coordinates = coordinates

    @property
    def coordinates(self) -> tuple[Element, ...]:
        """The coordinates in the base field, of 1, theta, theta**2, ..."""
        return self._coordinates

    def _plus(self, y: AlgebraicElement) -> AlgebraicElement:
        return self.field.from_coordinates([a + b for a, b in zip(self._coordinates, y._coordinates, strict=True)])

    def _times(self, number: int | Fraction) -> AlgebraicElement:
        return self.field.from_coordinates([c * number for c in self._coordinates])

    def _over(self, number: int | Fraction) -> AlgebraicElement:
        return self.field.from_coordinates([c / number for c in self._coordinates])


class AlgebraicField(ExtensionField):
    """The field base(theta).

    Parameters
    ----------
    base: a field.
    polynomial: coefficients of a polynomial over it, constant term first, irreducible of degree 2 or more (ValueError
    otherwise).
    number: which of its real roots theta is, from 0, ascending (ValueError if there are fewer).
    generator: theta's name.
    """

    def __init__(self, base: Field, polynomial: Sequence[Element], number: int, generator: str = "theta_1") -> None:
        super().__init__(base)
        self.rename(generator)
        factors = factor(base, polynomial)
        if len(factors) != 1 or factors[0][1] != 1 or len(factors[0][0]) < 3:
            raise ValueError(f"{self.name}: the polynomial of {generator} must be irreducible, of degree 2 or more")
        self.polynomial: Poly = factors[0][0]
        self.degree = len(self.polynomial) - 1
        self.number = number
        self._balls: dict[int, arb] = {}
        if not 0 <= number < len(self.roots_near(64)):
            raise ValueError(f"{self.name}: the polynomial of {generator} has no real root of the number {number}")
        zero, one = base.zero, base.one
        self.zero = AlgebraicElement(self, (zero,) * self.degree)
        self.one = AlgebraicElement(self, (one, *(zero,) * (self.degree - 1)))
        self.root = AlgebraicElement(self, (zero, one, *(zero,) * (self.degree - 2)))
        self._powers = [tuple(-c for c in self.polynomial[:-1])]  # theta**degree, theta**(degree + 1), ... reduced
        for _ in range(self.degree - 2):
            last = self._powers[-1]
            lifted = [zero, *last[:-1]]
            self._powers.append(tuple(a + last[-1] * b for a, b in zip(lifted, self._powers[0], strict=True)))

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, AlgebraicField)
            and self.number == other.number
            and self.degree == other.degree
            and self.base == other.base
            and bool(self.polynomial == other.polynomial)
        )

    def __hash__(self) -> int:
        return hash((self.base, self.degree, self.number))

    def is_conjugate(self, other: Field) -> bool:
        """Whether ``other`` differs in nothing but the choice of the root, over the same base field."""
        return (
            isinstance(other, AlgebraicField) and other.base is self.base and bool(other.polynomial == self.polynomial)
        )

    def rename(self, generator: str) -> None:
        """Name theta."""
        self.generator, self.name = generator, f"{self.base.name}({generator})"

    def raw(self, coordinates: Sequence[Element]) -> AlgebraicElement:
        """sum(c_i * theta**i). ``coordinates``: the c_i, elements of the base field, fewer than the degree."""
        return AlgebraicElement(self, tuple(coordinates))

    # -- the root ------------------------------------------------------------------------------------------------------

    def roots_near(self, bits: int) -> list[arb]:
        """Disjoint balls around all real roots of the polynomial, ascending; theta is the one of its number."""
        return real_roots(self.base, self.polynomial, bits)

    def root_ball(self, bits: int) -> arb:
        """A ball that holds theta and no other root of its polynomial."""
        if bits not in self._balls:
            self._balls[bits] = self.roots_near(bits)[self.number]
        return self._balls[bits]

    def root_in(self, field: ExtensionField) -> Element:
        """theta as an element of another field; TypeError if it lies not there."""
        if absolute_degree(field) % absolute_degree(self) == 0:
            own = self._own_factor(field)
            if len(own) == 2:
                return -own[0]
        raise TypeError(f"{self.generator} is no element of {field.name}")

    def adjoined_to(self, field: Field) -> Field:
        """The smallest field over ``field``, which contains the base field, with theta in it."""
        own = self._own_factor(field)
        if len(own) == 2:
            return field
        larger: ExtensionField
        if len(own) > 3:
            number = which_root(field, own, self.root_ball)
            free = self.generator not in (f.generator for f in generators(field))
            larger = AlgebraicField(field, own, number, self.generator if free else free_names(field, 1)[0])
            larger.remember(self, larger.root)
            return larger
        discriminant = own[1] * own[1] - own[0] * 4
        with_root = SquareRootField(field, _radicand(field, discriminant))
        upper = 1 if which_root(field, own, self.root_ball) else -1
        with_root.remember(self, (with_root.sqrt(with_root(discriminant)) * upper - own[1]) / 2)
        return with_root

    def _own_factor(self, field: Field) -> Poly:
        """The irreducible factor of the polynomial over a larger field whose root theta is."""
        factors = [f for f, _ in factor(field, [field(c) for c in self.polynomial])]
        bits = 64
        while len(factors) > 1:  # only one of them vanishes at theta
            with working_bits(bits):
                near = self.root_ball(bits)
                factors = [f for f in factors if _ball_of(field, f, near, bits).contains(0)]
            bits *= 2
        return factors[0]

    # -- elements ------------------------------------------------------------------------------------------------------

    def from_coordinates(self, coordinates: Sequence[Element]) -> AlgebraicElement:
        """sum(c_i * theta**i); zero is always the one object ``self.zero``, which products skip by identity.

        ``coordinates``: the c_i, elements of the base field.
        """
        return self.raw(coordinates) if any(coordinates) else self.zero

    def dot(self, xs: Iterable[AlgebraicElement], ys: Iterable[AlgebraicElement]) -> AlgebraicElement:
        """sum(x*y): sums of products in the base field, then one reduction by the polynomial."""
        n, base, zero = self.degree, self.base, self.zero
        pairs: list[tuple[list[Element], list[Element]]] = [([], []) for _ in range(2 * n - 1)]
        for x, y in zip(xs, ys, strict=False):
            if x is zero or y is zero:
                continue
            below = [(j, b) for j, b in enumerate(y.coordinates) if b]
            for i, a in enumerate(x.coordinates):
                if a:
                    for j, b in below:
                        pairs[i + j][0].append(a)
                        pairs[i + j][1].append(b)
        sums = [base.dot(*pair) if pair[0] else base.zero for pair in pairs]
        low, high = sums[:n], sums[n:]
        if any(high):
            low = [c + base.dot(high, [p[i] for p in self._powers]) for i, c in enumerate(low)]
        return self.from_coordinates(low)

    def conjugates_polynomial(self, x: AlgebraicElement) -> Poly:
        """The product of X - y over the conjugates y of x: its characteristic polynomial over the base field."""
        rows, power = [], x
        for i in range(self.degree):
            rows.append(list(power.coordinates))
            power = power * self.root if i < self.degree - 1 else power
        return characteristic_polynomial(self.base, rows)

    def norm(self, x: AlgebraicElement) -> Element:
        """The product of the conjugates, in the base field."""
        return self.conjugates_polynomial(x)[0] * (-1) ** self.degree

    def polynomial_norm(self, poly: Poly) -> Poly:
        """The product of the conjugates of a polynomial, over the base field, interpolated from its values.

        ``poly``: coefficients, constant term first.
        """
        points = range(self.degree * (len(poly) - 1) + 1)
        return interpolate(self.base, [self.norm(evaluate(self, poly, k)) for k in points])

    def inverse(self, x: AlgebraicElement) -> AlgebraicElement:
        """1/x, by Cayley and Hamilton: the only division is that by the norm."""
        if not x:
            raise ZeroDivisionError(f"inverse of 0 in {self.name}")
        last = x.in_base()
        if last is not None:
            return self.constant(self.base.inverse(last))
        poly = self.conjugates_polynomial(x)
        scale = -self.base.inverse(poly[0])
        return self.from_coordinates([c * scale for c in evaluate(self, poly[1:], x).coordinates])

    def sqrt(self, x: AlgebraicElement) -> AlgebraicElement:
        """The non-negative square root if x is a square here; NotASquare otherwise (decided: y**2 - x is factored)."""
        if not x:
            return self.zero
        if self.sign(x) < 0:
            raise ValueError(f"square root of the negative number {self.text(x)}")
        root, radicand = self._sqrt_or_none(x)
        if root is None:
            raise NotASquare(
                radicand, f"{self.text(x)} has no square root in {self.name}: adjoin sqrt({self.text(radicand)})"
            )
        return root if self.sign(root) > 0 else -root

    def _sqrt_or_none(self, x: AlgebraicElement) -> tuple[AlgebraicElement | None, AlgebraicElement]:
        radicand, below = x, x.in_base()
        if below is not None:
            try:
                return self.constant(self.base.sqrt(below)), x
            except NotASquare as error:
                radicand = self(error.radicand)
            if self.degree % 2:  # an extension of odd degree has no quadratic one inside
                return None, radicand
        else:
            norm = self.norm(x)
            if self.base.sign(norm) < 0:
                return None, radicand
            try:
                self.base.sqrt(norm)  # a square has a norm that is a square
            except NotASquare:
                return None, radicand
        roots = [-f[0] for f, _ in factor(self, [-x, self.zero, self.one]) if len(f) == 2]
        return (roots[0] if roots else None), radicand

    def ball(self, x: AlgebraicElement, bits: int) -> arb:
        """An enclosure of x computed with ``bits`` bits."""
        with working_bits(bits):
            return _ball_of(self.base, x.coordinates, self.root_ball(bits), bits)

    # -- printing ------------------------------------------------------------------------------------------------------

    def text(self, x: AlgebraicElement) -> str:
        """x as text: a polynomial in the generator, highest power first."""
        return polynomial_text(self.base, x.coordinates, self.generator)

    def polynomial_text(self) -> str:
        """The minimal polynomial as text in the generator."""
        return polynomial_text(self.base, self.polynomial, self.generator)

    @property
    def symbol(self) -> Any:
        """The generator as a SymPy symbol."""
        import sympy

        return sympy.Symbol(self.generator, real=True)

    def sympy(self, x: AlgebraicElement) -> Any:
        """x as a SymPy expression in the generator's symbol."""
        return self._sympy(x.coordinates)

    def polynomial_sympy(self) -> Any:
        """The minimal polynomial as a SymPy expression in the generator's symbol."""
        return self._sympy(self.polynomial)

    def _sympy(self, coefficients: Sequence[Element]) -> Any:
        import sympy

        return sympy.Add(*(self.base.sympy(c) * self.symbol**i for i, c in enumerate(coefficients) if c))


def _radicand(field: Field, x: Element) -> Element:
    try:
        field.sqrt(x)
    except NotASquare as error:
        return error.radicand
    raise ArithmeticError("unreachable: the discriminant of an irreducible quadratic polynomial is a square")


def _ball_of(field: Field, poly: Sequence[Element], x: arb, bits: int) -> arb:
    """The value of a polynomial at a ball."""
    total = arb(0)
    for c in reversed(poly):
        total = total * x + field.ball(c, bits)
    return total


def polynomial_text(field: Field, coefficients: Sequence[Element], name: str) -> str:
    """A polynomial as text, highest power first. ``coefficients``: elements of ``field``, constant term first."""
    terms = []
    for i in range(len(coefficients) - 1, -1, -1):
        if coefficients[i]:
            text = field.text(coefficients[i])
            terms.append(product_text(text, name if i == 1 else f"{name}**{i}") if i else text)
    return sum_text(terms)


def generators(field: Field) -> list[AlgebraicField]:
    """The fields of the tower that have a generator, the lowest first."""
    found: list[AlgebraicField] = []
    while isinstance(field, ExtensionField):
        if isinstance(field, AlgebraicField):
            found.insert(0, field)
        field = field.base
    return found


def free_names(field: Field, count: int) -> list[str]:
    """Names for generators to be adjoined: theta_1, theta_2, ... without those of the tower.

    ``count``: how many names.
    """
    used = {f.generator for f in generators(field)}
    return [name for i in range(count + len(used)) if (name := f"theta_{i + 1}") not in used][:count]
