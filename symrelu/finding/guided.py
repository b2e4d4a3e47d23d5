"""From a candidate of the search to the start of a family: its leading system, solved and proved.

Where every limit is rational and the leading system is polynomial over Q(pi), its real solutions are found exactly and
the one next to the candidate is taken. Elsewhere the leading system is derived with undetermined coefficients and
enclosed in balls (:mod:`symrelu.series.system`), and what follows is linear over these constants. The candidate's
decimals only choose among solutions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from symrelu.errors import NoFamily, SymreluError, Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.constants import DEFAULT_BITS, BallField
from symrelu.exact.field import Field, NotASquare
from symrelu.exact.polynomials import Polynomial, PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.finding.guide import Guide
from symrelu.model.reduced import Problem
from symrelu.series.leading import FIRST_GOAL, Start, continued, exact_point, leading_branches
from symrelu.series.nonlinear import from_sympy, group_solutions

if TYPE_CHECKING:
    from symrelu.series.system import LeadingSystem

FINEST = 12  # ramification of a leading system that is set up
MOST_EXACT = 16  # unknowns of a leading system that is solved by elimination
CLOSE = 1e-6  # relative: solutions of one leading system lie further apart, or the choice is refused


def guided_start(problem: Problem, guide: Guide, bits: int = DEFAULT_BITS) -> Start:
    """The start of the family next to the candidate; NoFamily or Undecided where its leading system is not solved."""
    ramification = guide.ramification
    if ramification > FINEST:
        raise Undecided(
            f"its entries are series in d**(-1/{ramification}); leading systems of a ramification above {FINEST} take "
            "too long and are not set up: exponents and coefficients are those that the search read off"
        )
    first = [ramification * FIRST_GOAL if e is None else int(e * ramification / 2) for e in guide.exponents]
    goal = _goal(problem, guide)
    limits = [x.exact for x in guide.limits]
    if all(x is not None for x in limits):
        constant = None if any(guide.corrections) else exact_point(problem, [QPI(x) for x in limits])
        if constant is not None:
            return constant
        begin = [min(e, ramification) if x is None else e for e, x in zip(first, guide.exponents, strict=True)]
        try:
            starts = leading_branches(problem, [QPI(x) for x in limits], goal, first=begin, ramification=ramification)
            return _closest(starts, guide)
        except (SymreluError, NotASquare):
            pass  # no polynomial leading system: a row of undetermined norm, or an angle that is no known constant
    return enclosed_start(problem, guide, goal, bits)


def _goal(problem: Problem, guide: Guide) -> int:
    """Below which power of t the start is to be known: further on where a row tends to 0, since what counts are the
    terms of its direction.
    """
    ramification = guide.ramification
    powers = [0 if e is None else int(e * ramification / 2) for e in guide.exponents]
    rows: dict[int, list[int]] = {}
    for i, c in enumerate(problem.space.coordinates):
        vanishing = guide.limits[i].exact == 0
        rows.setdefault(c.row, []).append(powers[i] if vanishing else 0)
    latest = max(min([p for p in row if p], default=0) if all(row) else 0 for row in rows.values())
    return max(FIRST_GOAL * ramification // 2 + latest, max(powers) + 1)


def enclosed_start(problem: Problem, guide: Guide, goal: int, bits: int) -> Start:
    """The start whose leading system :mod:`symrelu.series.system` derives: exact if no root or angle of an unknown
    enters it, in balls otherwise.
    """
    from symrelu.series.system import leading_system

    system = leading_system(problem, guide.ramification, guide)
    exact = _exact_values(system)
    if exact is not None:
        return _from_values(problem, system, *exact, goal)
    return replace(_ball_start(problem, system, goal, bits), guide=guide)


def _ball_start(problem: Problem, system: LeadingSystem, goal: int, bits: int) -> Start:
    """The start with ball coefficients of so many bits; it can be refined to more."""
    field = BallField(bits)
    values = {place: field(x) for place, x in system.start_values(bits).items()}
    start = _from_values(problem, system, field, values, goal)
    return replace(start, system=system.text(), refine=lambda more: _ball_start(problem, system, goal, more))


def refined(problem: Problem, guide: Guide, goal: int, bits: int) -> Start:
    """The start in balls of so many bits, from the numbers that were kept of its guide."""
    from symrelu.series.system import leading_system

    return _ball_start(problem, leading_system(problem, guide.ramification, guide), goal, bits)


def _from_values(
    problem: Problem, system: LeadingSystem, field: Field, values: Mapping[tuple[int, int], Any], goal: int
) -> Start:
    """The start that continues these coefficients, (place of the coordinate, power of t) -> value."""
    known, upto = [], []
    for i, exponent in enumerate(system.exponents):
        terms = {power: value for (place, power), value in values.items() if place == i}
        end = max([exponent or 1, *(power + 1 for power in terms)])
        known.append(Series(field, 0, [terms.get(k, 0) for k in range(end)], None, system.ramification))
        upto.append(end)
    starts = continued(problem, known, upto, goal, system.ramification)
    if len(starts) != 1:
        raise NoFamily(f"the leading system has {len(starts)} continuations; one was expected")
    return starts[0]


def _exact_values(system: LeadingSystem) -> tuple[Field, dict[tuple[int, int], Any]] | None:
    """The solution of the leading system next to its enclosure as exact numbers; None if an angle enters the equations,
    or if they are too large for elimination. Square roots in them are unknowns with equations of their own.
    """
    import sympy

    names = [u.name for u in system.unknowns]
    enclosures = list(system.enclose(128))
    expressions, radicands = _without_roots(system.sympy())
    names += [f"root_{i + 1}" for i in range(len(radicands))]
    if len(names) > MOST_EXACT:
        return None
    if not {x.name for e in (*expressions, *radicands) for x in e.free_symbols} <= set(names):
        return None
    ring = PolynomialRing(QPI, names)
    for radicand in radicands:
        above, below = (from_sympy(ring, part) for part in sympy.fraction(sympy.together(radicand)))
        with working_bits(128):
            enclosures.append((_ball(above, enclosures) / _ball(below, enclosures)).sqrt())
    equations = []
    for expression in expressions:
        if not expression.is_polynomial(*expression.free_symbols):
            return None
        equations.append(_vanishing_part(ring, expression, enclosures))
    field: Field = QPI
    values: dict[int, Any] = {}
    for several in group_solutions(ring, equations) or []:
        near = [s for s in several if all(_meets(s.field, v, enclosures[u]) for u, v in s.values.items())]
        if len(near) != 1:
            return None
        field = field.join(near[0].field)
        values |= near[0].values
    if len(values) < len(names):
        return None
    terms = {(u.place, u.power): field(values[i]) for i, u in enumerate(system.unknowns)}
    known = system.start_values(128)
    return field, {place: x for place, x in system.completed(terms, field).items() if place in known}


def _vanishing_part(ring: PolynomialRing, expression: Any, enclosures: Sequence[Any]) -> Polynomial:
    """The product of the irreducible factors that may be 0 at the solution: others bring in solutions of their own."""
    import sympy

    kept = ring.one
    for factor, _ in sympy.factor_list(expression)[1]:
        part = from_sympy(ring, factor)
        with working_bits(128):
            if _ball(part, enclosures).contains(0):
                kept = kept * part
    return kept


def _ball(polynomial: Polynomial, values: Sequence[arb]) -> arb:
    """The value of a polynomial over Q(pi) at enclosures of its unknowns."""
    total = arb(0)
    for monomial, c in polynomial.terms.items():
        term = QPI.ball(c, 128)
        for unknown, power in monomial:
            term *= values[unknown] ** power
        total += term
    return total


def _without_roots(expressions: Sequence[Any]) -> tuple[list[Any], list[Any]]:
    """Numerators in which each square root is a symbol root_i, followed by the equations root_i**2 = radicand; and the
    radicands.
    """
    import sympy

    numerators = [sympy.fraction(sympy.together(x))[0] for x in expressions]
    roots = sorted({p for x in numerators for p in x.atoms(sympy.Pow) if p.exp == sympy.Rational(1, 2)}, key=str)
    symbols = {root: sympy.Symbol(f"root_{i + 1}") for i, root in enumerate(roots)}
    replaced = [sympy.expand(x).subs(symbols) for x in numerators]
    relations = [sympy.fraction(sympy.together(symbols[root] ** 2 - root.base))[0] for root in roots]
    return [*replaced, *relations], [root.base for root in roots]


def _meets(field: Field, value: Any, ball: Any) -> bool:
    with working_bits(128):
        return bool(field.ball(value, 128).overlaps(ball))


def _closest(starts: Sequence[Start], guide: Guide) -> Start:
    """The start whose first corrections are the candidate's; NoFamily if none or several are."""
    near = [start for start in starts if _distance(start, guide) < CLOSE]
    if len(near) != 1:
        raise NoFamily(f"{len(near)} of {len(starts)} solutions of the leading system fit the numbers found")
    return near[0]


def _distance(start: Start, guide: Guide) -> float:
    """The largest relative difference of first coefficients."""
    worst = 0.0
    for x, terms in zip(start.entries, guide.corrections, strict=True):
        if terms:
            power = terms[0].exponent * start.ramification / 2
            theirs = float(terms[0].coefficient.value)
            ours = _float(x, power) if power < start.known else theirs
            worst = max(worst, abs(ours - theirs) / max(abs(theirs), 1e-12))
    return worst


def _float(x: Series, power: Fraction) -> float:
    value: Any = x[int(power)] if power.denominator == 1 else 0
    if not value:
        return 0.0
    with working_bits(64):
        return float(x.field.ball(x.field(value), 64).mid())
