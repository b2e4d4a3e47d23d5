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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

from flint import arb

from symrelu.errors import BadInput, NoFamily, TruncatedTooSoon, Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.functions import FunctionArithmetic, FunctionField
from symrelu.exact.series import Series, monomial
from symrelu.model.reduced import Problem
from symrelu.series.collect import Condition, Numerics, conditions, needed, square, whose
from symrelu.series.enclose import SquareSystem, agrees

WIDEST = 9  # orders a coordinate that are tried at most
DIGITS = 25


@dataclass(frozen=True)
class CoordinateGuide:
    """What is known numerically of one coordinate: a = limit + coefficient * t**exponent + ...

    limit: the exact limit, or None where it is an unknown; then ``value`` is its numerical value. exponent: of the
    first correction, in powers of t = d**(-1/ramification), at least 1; None for a coordinate that equals its exact
    limit for every d. coefficient: of that power (not needed where the limit is an unknown). Values are decimal strings
    or mpmath numbers, right to ``digits`` digits.
    """

    limit: Fraction | None
    exponent: int | None
    coefficient: Any = None
    value: Any = None
    digits: int = DIGITS


class NumericalFamily(Protocol):
    """A family found numerically, such as :class:`symrelu.finding.candidates.Candidate`. Its numbers have a ``value``,
    a count of ``digits`` that are right, and ``exact``, the rational number they are taken for, or None.
    """

    @property
    def limits(self) -> Sequence[Any]:
        """The limit of each coordinate, a number."""

    @property
    def corrections(self) -> Sequence[Sequence[Any]]:
        """For each coordinate its first terms ``coefficient * d**(-exponent/2)``; empty where it is constant."""


def guide_of(family: NumericalFamily, ramification: int) -> list[CoordinateGuide]:
    """The guide that a family found numerically gives, in powers of t = d**(-1/ramification).

    Raises BadInput if an exponent lies not in Z at this ramification.
    """
    guide = []
    for i, (limit, terms) in enumerate(zip(family.limits, family.corrections, strict=True)):
        first = terms[0] if terms else None
        power = None if first is None else first.exponent * Fraction(ramification, 2)
        if power is not None and power.denominator != 1:
            raise BadInput(
                f"coordinate {i + 1} has a correction d**(-{power / ramification}), which is no power of t = "
                f"d**(-1/{ramification}); give another ramification"
            )
        coefficient = None if first is None else first.coefficient.value
        digits = min(DIGITS, limit.digits, DIGITS if first is None else first.coefficient.digits)
        guide.append(
            CoordinateGuide(limit.exact, None if power is None else int(power), coefficient, limit.value, digits)
        )
    return guide


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
    exponents: of the first corrections (0 for a coordinate that is constant).
    """

    problem: Problem
    ramification: int
    unknowns: tuple[Unknown, ...]
    equations: tuple[Condition, ...]
    angles: tuple[str, ...]
    limits: tuple[Fraction | None, ...]
    exponents: tuple[int, ...]
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
        values = self.enclose(bits)
        with working_bits(bits):
            found = {(i, 0): arb(x.numerator) / x.denominator for i, x in enumerate(self.limits) if x is not None}
        expected: dict[int, int] = {}
        for u, x in zip(self.unknowns, values, strict=True):
            if u.power == 0 or u.power == expected.get(u.place, self.exponents[u.place]):
                found[u.place, u.power] = x
                expected[u.place] = u.power + 1 if u.power else self.exponents[u.place]
        return found

    def definitions(self) -> dict[str, str]:
        """What g_i and psi_k in the equations stand for."""
        return self.field.definitions()

    def sympy(self, explicit: bool = False) -> list[Any]:
        """The equations' left sides as SymPy expressions (``explicit``: angles written out as atan2)."""
        return [self.field.sympy(e.expression, explicit) for e in self.equations]

    def text(self) -> str:
        """Unknowns, equations, the gradient coefficients they come from, and the meaning of roots and angles."""
        lines = [f"t = d**(-1/{self.ramification}); unknowns:", *(f"  {u}" for u in self.unknowns), "equations:"]
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
    # twice the digits of the smallest pivot taken, and more, are known of the guide
    small = 10.0 ** -max(3, min(DIGITS, *(g.digits for g in guide)) // 2 - 3)
    given = [_Given.of(i, name, g) for i, (name, g) in enumerate(zip(problem.names, guide, strict=True))]
    failure: Exception | None = None
    widest = max(WIDEST, terms + 3 * ramification)
    for width in range(terms, widest + 1):
        try:
            found = _attempt(problem, ramification, given, width, terms, small)
        except TruncatedTooSoon as error:
            failure = error
            continue
        if found is not None:
            return found
    raise Undecided(
        f"the lowest orders of the gradient, from {widest} orders of each entry, do not determine the leading "
        "coefficients"
        + (f" ({failure})" if failure else "")
        + "; the family may not be isolated, or an exponent of the guide is wrong"
    )


@dataclass(frozen=True)
class _Given:
    """A coordinate's guide with its values as balls: ``values`` by powers of t, 0 for an unknown limit."""

    index: int
    limit: Fraction | None
    exponent: int | None
    values: Mapping[int, arb]

    @classmethod
    def of(cls, index: int, name: str, guide: CoordinateGuide) -> _Given:
        if guide.limit is None and guide.value is None:
            raise BadInput(f"the guide gives {name} neither an exact limit nor the value of one: give one of them")
        if guide.exponent is None:
            if guide.limit is None:
                raise BadInput(f"the guide gives {name} an unknown limit and no correction: give its exponent")
            return cls(index, Fraction(guide.limit), None, {})
        if guide.exponent < 1 or (guide.limit is not None and guide.coefficient is None):
            raise BadInput(
                f"the guide gives {name} the exponent {guide.exponent} and the coefficient {guide.coefficient}: give "
                "an exponent of at least 1 and the coefficient"
            )
        if guide.limit is None:
            return cls(index, None, guide.exponent, {0: _ball(guide.value, guide.digits)})
        return cls(
            index, Fraction(guide.limit), guide.exponent, {guide.exponent: _ball(guide.coefficient, guide.digits)}
        )

    def powers(self, width: int) -> list[int]:
        """The powers of t whose coefficients are unknown, those looked for first in front."""
        start = [0] if self.limit is None else []
        return start + ([] if self.exponent is None else [self.exponent + j for j in range(width)])


def _ball(x: Any, digits: int) -> arb:
    if not isinstance(x, str):
        from mpmath import nstr

        x = nstr(x, digits + 5)
    with working_bits(int(3.33 * digits) + 32):
        value = arb(x)
        return value + abs(value) * arb(10) ** -digits * arb(0, 1)


def _attempt(
    problem: Problem, ramification: int, given: Sequence[_Given], width: int, terms: int, small: float
) -> LeadingSystem | None:
    """The leading system from ``width`` orders of each entry; None if they do not determine the wanted unknowns."""
    unknowns: list[Unknown] = []
    values: dict[int, arb] = {}
    wanted: set[int] = set()
    numbers: list[dict[int, int]] = []  # per coordinate: power of t -> unknown
    for g in given:
        own: dict[int, int] = {}
        for place, power in enumerate(g.powers(width)):
            own[power] = number = len(unknowns)
            name = problem.names[g.index]
            symbol = f"{name.replace('a_', 'c_')}_{power}" if power else f"L_{g.index + 1}"
            unknowns.append(Unknown(symbol, name, g.index, power))
            if power in g.values:
                values[number] = g.values[power]
            if place < terms:
                wanted.add(number)
        numbers.append(own)
    nowhere = arb(0, float("inf"))
    field = FunctionField(
        [u.name for u in unknowns], lambda bits: [values.get(k, nowhere) for k in range(len(unknowns))]
    )
    entries = [_entry(field, g, own, width, ramification) for g, own in zip(given, numbers, strict=True)]
    d = monomial(field, 1, -ramification, ramification)
    point = problem.at(FunctionArithmetic(field, ramification), entries, d)
    found = conditions(field, point.entry_gradient())
    numerics = Numerics(field, found, values, small)
    wrong = numerics.violated(found, values)
    if wrong is not None:
        raise NoFamily(
            f"the guide does not satisfy {wrong.expression} = 0 ({_places(wrong)}), which every family with its limits "
            "and exponents does: look at the exponents again, or give more digits"
        )
    # signs that were read off the guide are to be confirmed too
    wanted |= set().union(*(x.unknowns() for x, _ in field.decisions)) if field.decisions else set()
    chosen = needed(numerics, found, wanted)
    if chosen is None:
        return None
    kept = numerics.determined(chosen)
    equations = square(field, chosen, kept, values)
    order = tuple(sorted(kept, key=lambda k: (unknowns[k].place, unknowns[k].power)))
    highest = max(c.level for c in chosen)
    others = [c for c in found if c.level <= highest and c not in chosen and c.expression.unknowns() <= kept]
    system = SquareSystem(field, order, tuple(e.expression for e in equations), tuple(c.expression for c in others))
    start = tuple(numerics.values[k] for k in order)
    return LeadingSystem(
        problem,
        ramification,
        tuple(unknowns[k] for k in order),
        tuple(equations),
        tuple(whose(point, field)),
        tuple(g.limit for g in given),
        tuple(g.exponent or 0 for g in given),
        system,
        start,
        {k: x for k, x in values.items() if k in kept},
    )


def _entry(field: FunctionField, given: _Given, numbers: Mapping[int, int], width: int, ramification: int) -> Series:
    if given.exponent is None:
        return monomial(field, given.limit, 0, ramification)
    end = given.exponent + width
    limit = field(given.limit) if given.limit is not None else field.zero
    coefficients = [field.unknown(numbers[k]) if k in numbers else field.zero for k in range(end)]
    coefficients[0] = coefficients[0] + limit
    return Series(field, 0, coefficients, end, ramification)
