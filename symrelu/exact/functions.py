"""Functions of unknown numbers: Q(pi, c_1, ..., c_n) with the square roots and the limiting angles that a computation
meets.

A leading system is derived with its unknowns c as variables: the orbit rules make rational functions of them, square
roots of such functions (norms and Gram roots at leading order) and limiting angles. An element is
``num / prod(f_i ** e_i)``: ``num`` a polynomial in pi, the c's, angles psi_k and roots g_i, of degree at most 1 in each
g_i; the f_i interned irreducible polynomials in pi and the c's, none of which divides ``num`` while its e_i > 0.

Each g_i is the positive root of one f_i or of a prime number. Roots of different irreducible polynomials are
independent, so the form is unique and tests for zero are exact: identities in the c's. The angles count as variables;
of their relations only psi(-s) = pi - psi(s) and the exchange of s and g are known, so an element that is 0 by another
relation is not seen to be 0 (and then its sign cannot be decided either: Undecided).

The c's have values at one *marked point*. Signs, and with them the choice of roots, are those there; each sign that
was used is kept in :attr:`FunctionField.decisions`, to be confirmed once the c's are enclosed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from flint import arb, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpz
from flint.utils.flint_exceptions import DomainError

from symrelu.errors import Undecided
from symrelu.exact import function_text
from symrelu.exact.balls import working_bits
from symrelu.exact.field import Field
from symrelu.exact.function_element import Function, UndecidedSign
from symrelu.exact.function_values import Table
from symrelu.exact.immutable import Immutable
from symrelu.exact.qpi import QPI, Exponents, QPiElement, add_exponents

Point: TypeAlias = Callable[[int], Sequence[arb]]  # bits -> the values of the c's; an infinite ball where unknown

SPARE = 12  # roots, and angles, that a field has room for
MOST_BITS = 1024


class FunctionField(Immutable):
    """The field of functions of the unknowns with the given names, at a marked point.

    Parameters: ``names`` of the unknowns; ``point``, which gives their values as balls at so many bits (a ball of
    infinite radius where a value is not known: signs that depend on it are then Undecided).
    """

    base: Field = QPI

    def __init__(self, names: Iterable[str], point: Point) -> None:
        self.names = tuple(names)
        self.point = point
        self.name = f"Q(pi, {', '.join(self.names)}) with roots and angles"
        generators = [f"g_{i + 1}" for i in range(SPARE)] + [f"psi_{i + 1}" for i in range(SPARE)]
        self.ctx = fmpq_mpoly_ctx.get([*generators, *self.names, "pi"], "lex")
        self.gens: tuple[fmpq_mpoly, ...] = self.ctx.gens()
        self.spare = SPARE
        self.first = 2 * SPARE  # the place of the first unknown among the variables
        self.factors: list[fmpq_mpoly] = []
        self.radicands: list[fmpq_mpoly] = []
        self.angles: list[tuple[Function, Function]] = []  # psi_k = atan2(g, -s) as (s, g)
        self.decisions: list[tuple[Function, int]] = []
        self._index: dict[str, int] = {}
        self._relations: list[fmpq_mpoly] = []
        self._ratios: list[Function] = []
        self._tables: dict[int, Table] = {}
        self.zero = Function(self, self.ctx.constant(0), ())
        self.one = Function(self, self.ctx.constant(1), ())
        self.pi = Function(self, self.gens[-1], ())

    def __repr__(self) -> str:
        return self.name

    def unknown(self, number: int) -> Function:
        """The unknown of that number (from 0)."""
        return Function(self, self.gens[self.first + number], ())

    def other(self, value: Any) -> Function | None:
        """An int, Fraction, element of Q(pi) or of this field as an element; None for anything else."""
        if isinstance(value, Function):
            return value if value.field is self else None
        if isinstance(value, int):
            return Function(self, self.ctx.constant(value), ())
        if isinstance(value, Fraction):
            return Function(self, self.ctx.constant(fmpq(value.numerator, value.denominator)), ())
        if isinstance(value, QPiElement):
            below = QPI.denominator(value)
            return self._of_pi(value * below) / self._of_pi(below)
        return None

    def _of_pi(self, x: QPiElement) -> Function:
        total = self.zero
        for c in reversed(x.num.coeffs()):
            total = total * self.pi + Fraction(int(c.p), int(c.q))
        return total

    def __call__(self, value: Any) -> Function:
        """An int, Fraction or element of Q(pi) or of this field, as an element; TypeError otherwise."""
        y = self.other(value)
        if y is None:
            raise TypeError(f"{value!r} is no element of {self.name}")
        return y

    def join(self, other: Field) -> Field:
        """This field, if it contains ``other``; TypeError otherwise."""
        if other is not self and other is not QPI:
            raise TypeError(f"{other.name} lies not in {self.name}")
        return self

    # -- the normal form -----------------------------------------------------------------------------------------------

    def combine(self, parts: dict[Exponents, fmpq_mpoly]) -> Function:
        """The sum of num / prod(f_i ** den_i) over the given den -> num, normalised once."""
        width = max(len(den) for den in parts)
        padded = {den + (0,) * (width - len(den)): num for den, num in parts.items()}
        top = tuple(map(max, *padded)) if len(padded) > 1 else next(iter(padded))
        total = self.zero.num
        for den, num in padded.items():
            for factor, e, least in zip(self.factors, top, den, strict=False):
                if e > least:
                    num = num * factor ** (e - least)
            total = total + num
        return self._normal(total, top)

    def _normal(self, num: fmpq_mpoly, den: Exponents) -> Function:
        if num.is_zero():
            return self.zero
        degrees = num.degrees() if self._relations else ()
        for degree, relation in zip(degrees, self._relations, strict=False):
            if degree > 1:
                num = divmod(num, relation)[1]
        exponents = list(den)
        for i, e in enumerate(exponents):
            while e:
                try:
                    num = num / self.factors[i]
                except DomainError:
                    break
                e -= 1
            exponents[i] = e
        while exponents and not exponents[-1]:
            exponents.pop()
        return Function(self, num, tuple(exponents)) if num else self.zero

    def dot(self, xs: Iterable[Function], ys: Iterable[Function]) -> Function:
        """sum(x*y), normalised once."""
        parts: dict[Exponents, fmpq_mpoly] = {}
        for x, y in zip(xs, ys, strict=False):
            if x and y:
                den, term = add_exponents(x.den, y.den), x.num * y.num
                parts[den] = parts[den] + term if den in parts else term
        return self.combine(parts) if parts else self.zero

    def _factored(self, num: fmpq_mpoly) -> tuple[Fraction, dict[int, int]]:
        """num = content * prod(f_i ** e_i), every f_i positive at the marked point (its sign is decided there)."""
        content, parts = num.factor()
        exponents: dict[int, int] = {}
        for part, e in parts:
            lead = part.leading_coefficient()
            part, content = part / lead, content * lead ** int(e)
            if self.sign(Function(self, part, ())) < 0:
                part, content = -part, content * (-1) ** int(e)
            key = str(part)
            if key not in self._index:
                self._index[key] = len(self.factors)
                self.factors.append(part)
            exponents[self._index[key]] = int(e)
        return Fraction(int(content.p), int(content.q)), exponents

    def irreducible_factors(self, x: Function) -> list[Function]:
        """The irreducible factors of the numerator, as polynomials in all the variables."""
        return [Function(self, part, ()) for part, _ in x.num.factor()[1]]

    def _monomial(self, content: Fraction, exponents: dict[int, int], num: fmpq_mpoly) -> Function:
        """content * num * prod(f_i ** e_i), e_i of either sign."""
        den = [0] * len(self.factors)
        num = num * fmpq(content.numerator, content.denominator)
        for i, e in exponents.items():
            if e > 0:
                num = num * self.factors[i] ** e
            else:
                den[i] = -e
        return self._normal(num, tuple(den))

    def coefficients(self, x: Function, variable: int) -> list[Function]:
        """x as a polynomial in one variable that its denominator is free of: its coefficients, constant term first."""
        parts: list[dict[Any, Any]] = [{} for _ in range(int(x.num.degrees()[variable]) + 1)]
        for m, c in x.num.to_dict().items():
            parts[m[variable]][(*m[:variable], 0, *m[variable + 1 :])] = c
        return [self._normal(self.ctx.from_dict(part), x.den) for part in parts]

    def is_polynomial(self, x: Function, number: int) -> bool:
        """Whether an unknown enters x as in a polynomial: not in its denominator, its roots or its angles."""
        rest = self.unknowns_in(Function(self, self.one.num, x.den))
        for v, degree in enumerate(x.num.degrees()[: self.first]):
            if degree > 0:
                rest |= self.unknowns_in(Function(self, self.gens[v], ()))
        return number not in rest

    def is_affine(self, x: Function) -> bool:
        """Whether x is an affine function of the unknowns with coefficients in Q(pi)."""
        inner = range(self.first, len(self.gens) - 1)
        return (
            not x.unknowns() & self.unknowns_in(Function(self, self.one.num, x.den))
            and all(degree <= 0 for degree in x.num.degrees()[: self.first])
            and all(sum(int(m[v]) for v in inner) <= 1 for m in x.num.monoms())
        )

    def clearing(self, x: Function) -> Function:
        """What x is to be multiplied with to become a polynomial in the variables, primitive over the integers and not
        divisible by a variable that is not 0 at the marked point: a function that is not 0 there either.
        """
        monomial = self.one
        for v, degree in enumerate(x.num.term_content().degrees()):
            variable = Function(self, self.gens[v], ())
            if degree > 0 and self._is_nonzero(variable):
                monomial = monomial * variable ** int(degree)
        content = fmpq(1)
        for i, c in enumerate(x.num.coeffs()):
            content = abs(c) if not i else fmpq(content.p.gcd(c.p), content.q.lcm(c.q))
        if x.num.leading_coefficient() < 0:
            content = -content
        below = self.one.num
        for i, e in enumerate(x.den):
            below = below * self.factors[i] ** e
        return Function(self, below / content, ()) / monomial

    def _is_nonzero(self, x: Function) -> bool:
        try:
            return self.sign(x) != 0
        except Undecided:
            return False

    def inverse(self, x: Function) -> Function:
        """1/x; ZeroDivisionError for 0, Undecided if x may be 0 at the marked point."""
        if not x:
            raise ZeroDivisionError(f"inverse of 0 in {self.name}")
        x, conjugates = Function(self, x.num, x.den), self.one
        for i in range(len(self.radicands)):
            if x.num.degrees()[i]:
                a, b = self.coefficients(x, i)
                conjugate = a - b * Function(self, self.gens[i], ())
                conjugates, x = conjugates * conjugate, x * conjugate
        content, exponents = self._factored(x.num)
        inverted = {i: -e for i, e in exponents.items()}
        for i, e in enumerate(x.den):
            inverted[i] = inverted.get(i, 0) + e
        return self._monomial(1 / content, inverted, self.one.num) * conjugates

    def sqrt(self, x: Function) -> Function:
        """The root that is positive at the marked point; roots of irreducible factors are adjoined as they are met.

        Undecided for an x that contains roots or angles itself, or may be 0 there; ValueError for a negative one.
        """
        if not x:
            return self.zero
        if any(x.num.degrees()[: self.first]):
            raise Undecided(f"the square root of {x} is a root of roots: such a leading system is not derived here")
        content, exponents = self._factored(x.num)
        if content < 0:
            raise ValueError(f"square root of {x}, which is negative at the marked point")
        for i, e in enumerate(x.den):
            exponents[i] = exponents.get(i, 0) - e
        num, halves = self.one.num, {}
        for i, e in exponents.items():
            halves[i] = e // 2
            if e % 2:
                num = num * self._root(self.factors[i])
        outer = Fraction(1, content.denominator)
        for prime, e in fmpz(content.numerator * content.denominator).factor():
            outer *= int(prime) ** (int(e) // 2)
            if e % 2:
                num = num * self._root(self.ctx.constant(prime))
        return self._monomial(outer, halves, num)

    def _root(self, radicand: fmpq_mpoly) -> fmpq_mpoly:
        for i, known in enumerate(self.radicands):
            if known == radicand:
                return self.gens[i]
        i = len(self.radicands)
        if i == SPARE:
            raise Undecided(
                f"more than {SPARE} independent square roots enter this leading system: give a simpler type"
            )
        self.radicands.append(radicand)
        self._relations.append(self.gens[i] ** 2 - radicand)
        self._tables.clear()
        return self.gens[i]

    def angle(self, s: Function, g: Function) -> Function:
        """psi in (0, pi) with tan(psi) = -g/s, as a variable psi_k, g positive: the same one for the same s/g."""
        ratio = s / g
        for k, known in enumerate(self._ratios):
            psi = Function(self, self.gens[SPARE + k], ())
            product = ratio * known
            if ratio == known:
                return psi
            if ratio == -known:
                return self.pi - psi
            if product == 1:  # s and g exchanged
                return self.pi * Fraction(3 if self.sign(known) > 0 else 1, 2) - psi
            if product == -1:
                return psi + self.pi * Fraction(-1 if self.sign(known) > 0 else 1, 2)
        k = len(self.angles)
        if k == SPARE:
            raise Undecided(f"more than {SPARE} limiting angles enter this leading system: give a simpler type")
        self.angles.append((s, g))
        self._ratios.append(ratio)
        self._tables.clear()
        return Function(self, self.gens[SPARE + k], ())

    # -- numbers -------------------------------------------------------------------------------------------------------

    def _table(self, bits: int) -> Table:
        if bits not in self._tables:
            self._tables[bits] = Table(self, self.point(bits))
        return self._tables[bits]

    def moved(self) -> None:
        """To be called when the point gives other values than before."""
        self._tables.clear()

    def ball(self, x: Function, bits: int) -> arb:
        """An enclosure of x at the marked point, computed with ``bits`` bits."""
        with working_bits(bits):
            return self._table(bits).value(x)

    def sign(self, x: Function) -> int:
        """The sign of x at the marked point; UndecidedSign if the balls of its unknowns do not tell."""
        if not x:
            return 0
        bits = 64
        while bits <= MOST_BITS:
            ball = self.ball(x, bits)
            if ball > 0 or ball < 0:
                sign = 1 if ball > 0 else -1
                if x.rational() is None:
                    self.decisions.append((x, sign))
                return sign
            bits *= 4
        raise UndecidedSign(x, ball)

    def unknowns_in(self, x: Function) -> set[int]:
        """The numbers of the unknowns that x depends on, through its roots and angles too."""
        places = {v for v, e in enumerate(x.num.degrees()) if e > 0}  # -1 for 0
        for i, e in enumerate(x.den):
            if e:
                places.update(v for v, degree in enumerate(self.factors[i].degrees()) if degree > 0)
        found = {v - self.first for v in places if self.first <= v < len(self.gens) - 1}
        for v in places:
            if v < SPARE:
                found |= self.unknowns_in(Function(self, self.radicands[v], ()))
            elif v < self.first:
                found |= self.unknowns_in(self.angles[v - SPARE][0]) | self.unknowns_in(self.angles[v - SPARE][1])
        return found

    def angles_in(self, x: Function) -> list[int]:
        """The numbers k (from 0) of the angles that occur in x."""
        degrees = x.num.degrees()
        return [k for k in range(len(self.angles)) if degrees[SPARE + k]]

    # -- printing ------------------------------------------------------------------------------------------------------

    def text(self, x: Function) -> str:
        """x as text in pi, the names of the unknowns, g_i and psi_k."""
        return function_text.text(self, x)

    def definitions(self) -> dict[str, str]:
        """What the roots g_i and the angles psi_k stand for, as text."""
        return function_text.definitions(self)

    def sympy(self, x: Function, explicit: bool = False) -> Any:
        """x as a SymPy expression in symbols of the unknowns' names, roots written out; angles are symbols psi_k, or
        written out as atan2 if ``explicit``.
        """
        return function_text.expression(self, x, explicit)
