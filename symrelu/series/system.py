"""The leading system of a family of critical points, derived mechanically from a numerical guide, and its solution.

The entries are written  a_i = L_i + sum over j of c_(i,e_i+j) t**(e_i+j) + O(t**(e_i+w)),  t = d**(-1/r), with
undetermined c's (and L_i, where the limit is not known), and put into the reduced gradient by the orbit rules, over the
field of functions of the c's (:mod:`symrelu.exact.functions`). Series carry their O-terms, so every coefficient that
comes out known is right whatever follows: it vanishes on every family of this form. The lowest ones that determine the
leading unknowns are the leading system; unknowns of the next orders that they leave open are eliminated exactly.

It need not be algebraic: limiting angles that depend on the unknowns enter as psi_k. Its solution is enclosed by the
interval Newton test, which proves that there is one, and one only in a box.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import arb

from symrelu.errors import BadInput, NoFamily, TruncatedTooSoon, Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.function_arithmetic import FunctionArithmetic
from symrelu.exact.function_element import Function, UndecidedSign
from symrelu.exact.functions import FunctionField
from symrelu.exact.series import Series, dimension, monomial
from symrelu.model.reduced import Problem
from symrelu.series.collect import BITS, Condition, Numerics, conditions, needed, square, whose
from symrelu.series.enclose import SquareSystem, agrees
from symrelu.series.guide import CoordinateGuide, Given, NumericalFamily, guide_of

WIDEST = 9  # orders a coordinate that are tried at most
MOST_TERMS = 40_000  # of all conditions together


Place = tuple[int, int]  # (coordinate from 0, power of t; 0 for the limit)


@dataclass(frozen=True)
class Relation:
    """What the guide says of one coefficient to all its digits, and is taken to hold exactly: it is the constant plus
    the sum of the multiples of other coefficients in ``terms``. (It decides which leading coefficients are 0, so there
    is no system without it; a family is proved with it or not at all.)
    """

    of: Place
    terms: tuple[tuple[Place, Fraction], ...]
    constant: Fraction
    text: str


@dataclass(frozen=True)
class Unknown:
    """One unknown of a leading system: the coefficient of t**power (power 0: the limit) of the coordinate with that
    name and place (from 0).
    """

    name: str
    coordinate: str
    place: int
    power: int

    def __str__(self) -> str:
        what = f"the coefficient of t**{self.power} in" if self.power else "the limit of"
        return f"{self.name} = {what} {self.coordinate}"


@dataclass(frozen=True, eq=False)
class LeadingSystem:
    """As many equations as unknowns that every family with the guide's limits, exponents and signs satisfies.

    unknowns, equations: each equation (``expression`` = 0) says of which gradient coefficients it is a combination.
    angles: for each psi_k, whose angle it is. limits: those given exactly, None for those that are unknowns.
    exponents: of the first corrections (0 for a coordinate that is constant). relations: what is assumed besides.
    vanishing: functions of the unknowns taken to be 0 at the solution, tested to as many bits as are asked for.
    """

    problem: Problem
    ramification: int
    unknowns: tuple[Unknown, ...]
    equations: tuple[Condition, ...]
    angles: tuple[str, ...]
    limits: tuple[Fraction | None, ...]
    exponents: tuple[int, ...]
    relations: tuple[Relation, ...]
    vanishing: tuple[Function, ...]
    system: SquareSystem
    _start: tuple[arb, ...]
    _guide: Mapping[int, arb]

    @property
    def field(self) -> FunctionField:
        """The field of functions that the equations lie in."""
        return self.system.field

    @cached_property
    def _enclosures(self) -> dict[int, tuple[list[arb], list[arb]]]:
        return {}

    def enclose(self, bits: int = 128) -> list[arb]:
        """Balls of radius about 2**-bits around the values of the unknowns, in their order.

        Proved: the system has exactly one solution in :meth:`box`, and it lies in these balls; the signs of roots are
        those of the derivation there. Raises Undecided if the system is singular, or the guide is none of its solution.
        """
        return self._enclosed(bits)[0]

    def box(self, bits: int = 128) -> list[arb]:
        """A box about the solution that holds no other solution of the system."""
        return self._enclosed(bits)[1]

    def _enclosed(self, bits: int) -> tuple[list[arb], list[arb]]:
        if bits not in self._enclosures:
            values, box = self.system.enclose(self._start, bits)
            stray = agrees(self._guide, self.system.unknowns, values)
            if stray is not None:
                raise Undecided(
                    f"the leading system's solution has {self.field.names[stray]} = "
                    f"{values[self.system.unknowns.index(stray)].str(12, radius=False)}, the numerical guide "
                    f"{self._guide[stray].str(12)}: the guide does not solve it; look at the exponents again"
                )
            self._enclosures[bits] = values, box
        return self._enclosures[bits]

    def start_values(self, bits: int = 128) -> dict[tuple[int, int], arb]:
        """(place of the coordinate from 0, power of t) -> ball: exact limits (power 0), and each coordinate's
        coefficients that the system determines, up to the first one that it leaves open; powers below the exponent,
        which are 0, are left out.
        """
        values = {(u.place, u.power): x for u, x in zip(self.unknowns, self.enclose(bits), strict=True)}
        with working_bits(bits):
            values = self.completed(values, lambda q: arb(q.numerator) / q.denominator)
        found: dict[Place, arb] = {}
        for i, exponent in enumerate(self.exponents):
            power = 0
            while (i, power) in values:
                found[i, power] = values[i, power]
                power = power + 1 if power else exponent or -1
        return found

    def completed(self, values: Mapping[Place, Any], rational: Callable[[Fraction], Any]) -> dict[Place, Any]:
        """Values of unknowns with the exact limits and what the relations say of other coefficients added; scalars of
        any kind, into which ``rational`` takes Fractions.
        """
        found = {(i, 0): rational(x) for i, x in enumerate(self.limits) if x is not None} | dict(values)
        for relation in self.relations:
            if all(place in found for place, _ in relation.terms):
                found[relation.of] = sum(
                    (found[place] * rational(c) for place, c in relation.terms), rational(relation.constant)
                )
        return found

    def definitions(self) -> dict[str, str]:
        """What g_i and psi_k in the equations stand for."""
        return self.field.definitions()

    def sympy(self, explicit: bool = False) -> list[Any]:
        """The equations' left sides as SymPy expressions (``explicit``: angles written out as atan2)."""
        return [self.field.sympy(e.expression, explicit) for e in self.equations]

    def text(self) -> str:
        """Unknowns, equations, the gradient coefficients they come from, and the meaning of roots and angles."""
        lines = [f"t = d**(-1/{self.ramification}); unknowns:", *(f"  {u}" for u in self.unknowns)]
        lines += [f"  {relation.text} = 0, read off the guide" for relation in self.relations]
        lines += [f"  {x} = 0, tested to as many digits as are asked for" for x in self.vanishing]
        lines.append("equations:")
        for e in self.equations:
            lines.append(f"  {e.expression} = 0")
            lines.append(f"    from {_places(e)}")
        used = " ".join(str(e.expression) for e in self.equations)
        meanings = [f"  {name} = {value}" for name, value in self.definitions().items() if name in used]
        if meanings:
            lines += ["where", *meanings]
        lines += [f"  psi_{k + 1}: {where}" for k, where in enumerate(self.angles) if f"psi_{k + 1}" in used]
        return "\n".join(lines)

    def statement(self) -> str:
        """What is proved, in a sentence."""
        return (
            f"the coefficients named here vanish in the gradient of every family a = limit + O(t) of this form "
            f"(series over the field of functions of the unknowns, with their O-terms); the {len(self.equations)} "
            f"equations have one solution in a box about the guide (interval Newton)"
        )


def _places(condition: Condition) -> str:
    return ", ".join(f"t**{power} of dL/da_{i + 1}" for i, power in sorted(condition.combination))


def leading_system(
    problem: Problem, ramification: int, guide: Sequence[CoordinateGuide] | NumericalFamily, terms: int = 1
) -> LeadingSystem:
    """The leading system that the family next to a numerical guide solves.

    Parameters: ``guide``, one for each coordinate, or a family found numerically; ``terms``, how many coefficients of
    each coordinate the system must determine: an unknown limit, then the powers from its exponent on.

    Raises BadInput for a guide of another length or incomplete; Ramified if powers of t between those of this
    ramification are needed; NoFamily if the guide does not satisfy the equations; Undecided if the lowest orders do not
    determine the unknowns, or zero cannot be told from the guide's digits.
    """
    if not isinstance(guide, Sequence):
        guide = guide_of(guide, ramification)
    if len(guide) != problem.dim:
        raise BadInput(
            f"a guide of {len(guide)} coordinates was given; {problem.space.isotropy.label()} has {problem.dim}: "
            f"give one for each of {', '.join(problem.names)}"
        )
    if all(g.exponent is None for g in guide):
        raise BadInput("the guide is a constant point: there is no leading system; substitute it instead")
    # the guide's digits must tell the smallest pivot taken from 0
    small = 10.0 ** -max(3, min(9, *(g.digits - 5 for g in guide)))
    given = [Given.of(i, name, g) for i, (name, g) in enumerate(zip(problem.names, guide, strict=True))]
    failure: Exception | None = None
    relations: list[Relation] = []
    widest = max(WIDEST, terms + 3 * ramification)
    width = terms
    while width <= widest:
        ansatz = _Ansatz(problem, ramification, given, width, relations)
        try:
            found = ansatz.system(terms, small)
        except UndecidedSign as error:
            relation = ansatz.relation(error.element, small)
            if relation is None or len(relations) > len(given):
                raise
            relations.append(relation)
            continue
        except TruncatedTooSoon as error:
            found, failure = None, error
        if found is not None:
            relation = _tie(given, relations) if found.vanishing else None
            if relation is None:
                return found
            relations.append(relation)
            continue
        width += 1
    raise Undecided(
        f"the lowest orders of the gradient, from {widest} orders of each entry, do not determine the leading "
        "coefficients"
        + (f" ({failure})" if failure else "")
        + "; the family may not be isolated, or an exponent of the guide is wrong"
    )


def _tie(given: Sequence[Given], relations: Sequence[Relation]) -> Relation | None:
    """That two unknown limits are equal or opposite, if they are to the digits of the guide and it is not known yet."""
    done = {relation.of for relation in relations}
    free = [g for g in given if g.limit is None and (g.index, 0) not in done]
    for i, g in enumerate(free):
        for h in free[:i]:
            for sign, between in ((1, "-"), (-1, "+")):
                if g.values[0].overlaps(h.values[0] * sign):
                    text = f"L_{h.index + 1} {between} L_{g.index + 1}"
                    return Relation((g.index, 0), (((h.index, 0), Fraction(sign)),), Fraction(0), text)
    return None


class _Ansatz:
    """The entries with undetermined coefficients, ``width`` orders of each from its exponent on."""

    def __init__(
        self,
        problem: Problem,
        ramification: int,
        given: Sequence[Given],
        width: int,
        relations: Sequence[Relation],
    ) -> None:
        self.problem, self.ramification, self.given, self.width = problem, ramification, given, width
        self.relations = {relation.of: relation for relation in relations}
        self.unknowns: list[Unknown] = []
        self.numbers: dict[Place, int] = {}
        self.values: dict[int, arb] = {}
        for g in given:
            name = problem.names[g.index]
            for power in g.powers(width):
                if (g.index, power) in self.relations:
                    continue
                number = self.numbers[g.index, power] = len(self.unknowns)
                symbol = f"{name.replace('a_', 'c_')}_{power}" if power else f"L_{g.index + 1}"
                self.unknowns.append(Unknown(symbol, name, g.index, power))
                if power in g.values:
                    self.values[number] = g.values[power]
        self.found: dict[int, arb] = {}  # approximate values of unknowns that the guide does not give
        nowhere = arb(0, float("inf"))
        count = len(self.unknowns)
        self.field = FunctionField(
            [u.name for u in self.unknowns],
            lambda bits: [self.values.get(k, self.found.get(k, nowhere)) for k in range(count)],
        )

    def coefficient(self, place: Place) -> Function:
        """The coefficient at a place, as an element of the field."""
        if place in self.numbers:
            return self.field.unknown(self.numbers[place])
        if place in self.relations:
            relation = self.relations[place]
            total = self.field(relation.constant)
            for other, c in relation.terms:
                total = total + self.coefficient(other) * c
            return total
        limit = self.given[place[0]].limit
        return self.field(limit) if place[1] == 0 and limit is not None else self.field.zero

    def entry(self, given: Given) -> Series:
        """One coordinate."""
        if given.exponent is None:
            return monomial(self.field, given.limit, 0, self.ramification)
        end = given.exponent + self.width
        return Series(self.field, 0, [self.coefficient((given.index, k)) for k in range(end)], end, self.ramification)

    def relation(self, element: Function, small: float) -> Relation | None:
        """That a factor of an element is 0, if it is affine with rational coefficients and vanishes to the digits of
        the guide: solved for its last unknown. None if there is no such factor.
        """
        for part in self.field.irreducible_factors(element):
            ball = self.field.ball(part, BITS)
            if ball.contains(0) and ball.rad() < small and self.field.is_affine(part):
                found = self._solved(part)
                if found is not None:
                    return found
        return None

    def _solved(self, affine: Function) -> Relation | None:
        terms: dict[Place, Fraction] = {}
        rest = affine
        for k in sorted(affine.unknowns()):
            slope = self.field.coefficients(affine, self.field.first + k)[1].rational()
            if slope is None:
                return None
            terms[self.unknowns[k].place, self.unknowns[k].power] = slope
            rest = rest - self.field.unknown(k) * slope
        constant = rest.rational()
        if constant is None or not terms:
            return None
        last, slope = terms.popitem()
        return Relation(last, tuple((p, -c / slope) for p, c in terms.items()), -constant / slope, str(affine))

    def system(self, terms: int, small: float) -> LeadingSystem | None:
        """The leading system that these orders give; None if they do not determine the wanted unknowns."""
        field, values, unknowns = self.field, self.values, self.unknowns
        wanted = {
            self.numbers[g.index, power]
            for g in self.given
            for power in g.powers(self.width)[:terms]
            if (g.index, power) in self.numbers
        }
        d = dimension(field, self.ramification)
        arithmetic = FunctionArithmetic(field, self.ramification)
        point = self.problem.at(arithmetic, [self.entry(g) for g in self.given], d)
        found = conditions(field, point.entry_gradient())
        terms_in_all = sum(c.size for c in found)
        if terms_in_all > MOST_TERMS:
            raise Undecided(
                f"{self.width - 1} orders of each entry do not determine the leading coefficients, and {self.width} "
                f"give conditions of {terms_in_all} terms; the family may not be isolated, or an exponent is wrong"
            )
        numerics = Numerics(field, found, values, small)
        wrong = numerics.violated(found, values)
        if wrong is not None:
            raise NoFamily(
                f"the guide does not satisfy {wrong.expression} = 0 ({_places(wrong)}), which every family with its "
                "limits and exponents does: look at the exponents again, or give more digits"
            )
        for x, _ in field.decisions:  # signs that were read off the guide are to be confirmed too
            wanted |= x.unknowns()
        chosen, hidden = needed(numerics, found, wanted)
        if chosen is None:
            return None
        kept = numerics.determined(chosen)
        self.found = {k: numerics.values[k] + arb(0, 1e-6) for k in kept if k not in values}
        field.moved()
        try:
            equations, vanishing = square(field, chosen, kept, values)
        except Undecided:
            if hidden:  # more orders may determine them
                return None
            raise
        order = tuple(sorted(kept, key=lambda k: (unknowns[k].place, unknowns[k].power)))
        highest = max(c.level for c in chosen)
        others = [c.expression for c in found if c.level <= highest and c not in chosen]
        others = [*vanishing, *(x for x in others if x.unknowns() <= kept)]
        return LeadingSystem(
            self.problem,
            self.ramification,
            tuple(unknowns[k] for k in order),
            tuple(equations),
            tuple(whose(point, field)),
            tuple(g.limit for g in self.given),
            tuple(g.exponent or 0 for g in self.given),
            tuple(self.relations.values()),
            tuple(vanishing),
            SquareSystem(field, order, tuple(e.expression for e in equations), tuple(others)),
            tuple(numerics.values[k] for k in order),
            {k: x for k, x in values.items() if k in kept},
        )
