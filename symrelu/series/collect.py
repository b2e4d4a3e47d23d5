"""From the coefficients of the reduced gradient to a square system: which orders are needed, what they determine, and
the exact elimination of what they leave open.

The unknowns are coefficients of the entries. Those wanted come with values (a numerical guide), the others do not.
Which conditions determine which unknowns is read off the Jacobian at the guide; that is only a choice. The equations
themselves are exact, and what is chosen is proved by enclosing its solution (:mod:`symrelu.series.enclose`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from flint import arb

from symrelu.errors import Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.function_element import Function
from symrelu.exact.function_values import Table
from symrelu.exact.functions import FunctionField
from symrelu.exact.series import Series
from symrelu.model.reduced import ReducedPoint
from symrelu.model.rows import Relation

BITS = 160  # of the numerical choices
NEWTON_STEPS = 6
NEARLY = 1e-3
MOST_TERMS = 100_000  # of a product that an elimination multiplies out; those of the derived systems stay far below

Floats = npt.NDArray[np.float64]
Place = tuple[int, int]  # (entry of the gradient, power of t)


@dataclass(frozen=True, eq=False)
class Condition:
    """``expression`` = 0, where expression = sum of multiplier * (coefficient of t**power in gradient entry i) over
    ``combination``: (i, power) -> multiplier.

    ``level``: how far the coefficients used lie above the lowest of their gradient entry.
    """

    expression: Function
    combination: Mapping[Place, Function]
    level: int

    @property
    def size(self) -> int:
        """The number of terms."""
        return len(self.expression.num)

    def minus(self, factor: Function, other: Condition) -> Condition:
        """This condition less a multiple of another."""
        largest = max([other.size, *(len(c.num) for c in other.combination.values())])
        _check_size(len(factor.num) * largest)
        combination = dict(self.combination)
        for place, multiplier in other.combination.items():
            old = combination.get(place)
            combination[place] = -(factor * multiplier) if old is None else old - factor * multiplier
        return Condition(
            self.expression - factor * other.expression,
            {place: c for place, c in combination.items() if c},
            max(self.level, other.level),
        )

    def cleared(self) -> Condition:
        """The same condition without denominators and constant factors."""
        factor = self.expression.field.clearing(self.expression)
        _check_size(len(factor.num) * max([self.size, *(len(c.num) for c in self.combination.values())]))
        combination = {place: c * factor for place, c in self.combination.items()}
        return Condition(self.expression * factor, combination, self.level)


def _check_size(terms: int) -> None:
    if terms > MOST_TERMS:
        raise Undecided(
            f"eliminating the undetermined coefficients multiplies out {terms} terms (at most {MOST_TERMS}): the "
            "leading system of this type is too large for exact elimination"
        )


def conditions(field: FunctionField, gradient: Sequence[Series]) -> list[Condition]:
    """Every known nonzero coefficient of the gradient's entries: each is 0 on a family of critical points."""
    found = []
    for i, f in enumerate(gradient):
        for power, c in enumerate(f.coefficients, f.valuation):
            if c:
                found.append(Condition(c, {(i, power): field.one}, power - f.valuation))
    return found


class Numerics:
    """Values and Jacobians of conditions near the guide, without claims.

    Parameters: ``field``; ``given``, the values of the unknowns that have one. The others are solved for, where the
    conditions determine them, the wanted ones held fixed. ``small``: pivots below it, in rows of size 1, count as 0.
    """

    def __init__(
        self, field: FunctionField, found: Sequence[Condition], given: Mapping[int, arb], small: float = 1e-9
    ) -> None:
        self.field = field
        self.small = small
        self.values = [given.get(k, arb(0)).mid() for k in range(len(field.names))]
        free = [k for k in range(len(field.names)) if k not in given]
        self.rows: dict[int, dict[int, float]] = {}
        self.residuals: dict[int, float] = {}
        with working_bits(BITS):
            for _ in range(NEWTON_STEPS):
                self._evaluate(found)
                if not self._correct(found, free):
                    break

    def _evaluate(self, found: Sequence[Condition]) -> None:
        table = Table(self.field, self.values)
        for condition in found:
            value, slope = table.jet(condition.expression)
            self.rows[id(condition)] = {k: float(y) for k, y in slope.items()}
            self.residuals[id(condition)] = float(value)

    def _correct(self, found: Sequence[Condition], free: Sequence[int]) -> bool:
        """One Newton step in the free unknowns, those not determined left alone; whether it changed anything."""
        matrix = self._matrix(found, free)
        right = np.array([[-self.residuals[id(c)]] for c in found]).reshape(-1, 1)
        changed = False
        for pivot, row in _echelon(np.hstack([matrix, right]), len(free), self.small).items():
            self.values[free[pivot]] = (self.values[free[pivot]] + float(row[-1])).mid()
            changed = changed or abs(row[-1]) > self.small
        return changed

    def _matrix(self, chosen: Sequence[Condition], places: Sequence[int]) -> Floats:
        rows = [[self.rows[id(c)].get(k, 0.0) for k in places] for c in chosen]
        return np.array(rows, dtype=float).reshape(len(chosen), len(places))

    def violated(self, found: Sequence[Condition], given: Mapping[int, arb]) -> Condition | None:
        """The first condition on given unknowns alone that does not hold at their values; None if all do."""
        for c in found:
            if c.expression.unknowns() <= given.keys():
                size = max((abs(y) for y in self.rows[id(c)].values()), default=1.0)
                if abs(self.residuals[id(c)]) > self.small * size:
                    return c
        return None

    def hidden(self, chosen: Sequence[Condition]) -> set[int]:
        """The unknowns that occur in the conditions but have derivative 0 in all of them here, as 0 has in c**2: what
        the linearised conditions determine does not tell whether the conditions themselves leave them open.
        """
        seen = {k for c in chosen for k, y in self.rows[id(c)].items() if abs(y) > self.small}
        return set().union(*(c.expression.unknowns() for c in chosen)) - seen

    def determined(self, chosen: Sequence[Condition]) -> set[int]:
        """The unknowns that the linearised conditions determine: those that can be read off a reduced echelon form."""
        places = sorted({k for condition in chosen for k in self.rows[id(condition)]})
        pivots = _echelon(self._matrix(chosen, places), len(places), self.small)
        free = [k for k in range(len(places)) if k not in pivots]
        return {places[p] for p, row in pivots.items() if not free or np.max(np.abs(row[free])) < self.small}


def _echelon(matrix: Floats, width: int, small: float) -> dict[int, Floats]:
    """The reduced row echelon form by complete pivoting over the first ``width`` columns: pivot column -> row."""
    size = np.max(np.abs(matrix[:, :width]), axis=1, initial=0.0)
    matrix = matrix[size > 0] / size[size > 0, None]
    pending = np.ones(len(matrix), dtype=bool)
    pivots: dict[int, int] = {}
    while pending.any():
        candidates = np.where(pending[:, None], np.abs(matrix[:, :width]), 0.0)
        r, p = (int(i) for i in np.unravel_index(np.argmax(candidates), candidates.shape))
        if candidates[r, p] < small:
            break
        matrix[r] /= matrix[r, p]
        factors = matrix[:, p].copy()
        factors[r] = 0.0
        matrix -= np.outer(factors, matrix[r])
        matrix[factors != 0, p] = 0.0
        pending[r] = False
        pivots[p] = r
    return {p: matrix[r] for p, r in pivots.items()}


def needed(numerics: Numerics, found: Sequence[Condition], wanted: set[int]) -> tuple[list[Condition] | None, set[int]]:
    """A minimal choice among the lowest conditions that determines the wanted unknowns, None if all together do not;
    and the unknowns hidden in it that these conditions cannot determine as well.
    """
    chosen = _needed(numerics, found, wanted)
    while chosen is not None:
        hidden = numerics.hidden(chosen) - wanted
        wanted = wanted | hidden
        more = _needed(numerics, found, wanted) if hidden else chosen
        if more is None or not hidden:
            return chosen, hidden
        chosen = more
    return None, set()


def _needed(numerics: Numerics, found: Sequence[Condition], wanted: set[int]) -> list[Condition] | None:
    for level in sorted({c.level for c in found}):
        chosen = [c for c in found if c.level <= level]
        if wanted <= numerics.determined(chosen):
            break
    else:
        return None
    for condition in sorted(chosen, key=lambda c: (-c.level, -c.size)):
        without = [c for c in chosen if c is not condition]
        if wanted <= numerics.determined(without):
            chosen = without
    return chosen


def square(
    field: FunctionField, chosen: Sequence[Condition], kept: set[int], leading: Collection[int] = ()
) -> tuple[list[Condition], list[Function]]:
    """As many conditions as unknowns kept, in these alone: the other unknowns eliminated exactly. With them, functions
    of the kept unknowns that are taken to vanish at the solution.

    Affine conditions on kept unknowns are put into the others: what cancels only by them cancels then. ``leading``:
    unknowns that are preferred to stay.

    An unknown is eliminated by a condition that is linear in it with a coefficient that is not 0 at the marked point,
    a constant one if there is one. Where there is none, but an unknown enters only with coefficients that vanish at the
    marked point (for they follow from the other conditions in a way that is not seen), it is dropped, and the
    coefficients are reported. Raises Undecided elsewhere.
    """
    pending = [c.cleared() for c in chosen]
    vanishing: list[Function] = []
    while True:
        pending = _substituted(field, pending, kept, leading)
        others = set().union(*(c.expression.unknowns() for c in pending)) - kept
        if not others:
            break
        found = _pivot(field, pending, others)
        if found is None:
            pending = [_without(field, c, kept, vanishing) for c in pending]
            continue
        unknown, pivot, slope = found
        pending = [_eliminated(field, c, unknown, pivot, slope) for c in pending if c is not pivot]
        pending = [c for c in pending if c.expression]
    if len(pending) != len(kept):
        raise Undecided(
            f"{len(pending)} equations for {len(kept)} unknowns are left when the undetermined coefficients are "
            "eliminated from the leading system; give a larger ramification, more terms or more digits"
        )
    return sorted((c.cleared() for c in pending), key=lambda c: (len(c.expression.unknowns()), c.size)), vanishing


def _substituted(
    field: FunctionField, pending: Sequence[Condition], kept: set[int], leading: Collection[int]
) -> list[Condition]:
    """The conditions, with unknowns that an affine one of them gives in terms of others put into the others."""
    done: set[int] = set()
    result = list(pending)
    while True:
        found = _affine(field, result, kept, leading, done)
        if found is None:
            return result
        unknown, pivot = found
        slope = field.coefficients(pivot.expression, field.first + unknown)[1]
        done.add(unknown)
        result = [c if c is pivot else _eliminated(field, c, unknown, pivot, slope) for c in result]
        result = [c for c in result if c.expression]


def _affine(
    field: FunctionField, pending: Sequence[Condition], kept: set[int], leading: Collection[int], done: set[int]
) -> tuple[int, Condition] | None:
    """A kept unknown that a condition gives as an affine function of kept ones, and that enters others polynomially."""
    for condition in sorted(pending, key=lambda c: c.size):
        unknowns = condition.expression.unknowns()
        if not unknowns <= kept or unknowns & done or not field.is_affine(condition.expression):
            continue
        for unknown in sorted(unknowns, key=lambda k: (k in leading, -k)):
            users = [c for c in pending if c is not condition and unknown in c.expression.unknowns()]
            if users and all(field.is_polynomial(c.expression, unknown) for c in users):
                return unknown, condition
    return None


def _without(field: FunctionField, condition: Condition, kept: set[int], vanishing: list[Function]) -> Condition:
    """The condition without the terms in other unknowns than the kept ones: their coefficients must vanish."""
    expression = condition.expression
    for unknown in expression.unknowns() - kept:
        constant, *slopes = field.coefficients(expression, field.first + unknown)
        for slope in slopes:
            ball = field.ball(slope, BITS) if slope.unknowns() <= kept else None
            if slope and (ball is None or not (ball.contains(0) and ball.rad() < NEARLY)):
                raise Undecided(
                    f"the undetermined coefficient {field.names[unknown]} enters the lowest-order conditions in no "
                    "linear way, so it cannot be eliminated exactly; try another ramification or more terms"
                )
            if slope:
                vanishing.append(slope)
        expression = constant
    return Condition(expression, condition.combination, condition.level)


def _pivot(
    field: FunctionField, pending: Sequence[Condition], others: set[int]
) -> tuple[int, Condition, Function] | None:
    candidates = []
    for condition in pending:
        for unknown in others & condition.expression.unknowns():
            parts = field.coefficients(condition.expression, field.first + unknown)
            if len(parts) == 2 and not parts[1].unknowns() & others:
                constant = not parts[1].unknowns()
                candidates.append((not constant, len(parts[1].num), condition.size, unknown, condition, parts[1]))
    for *_, unknown, condition, slope in sorted(candidates, key=lambda c: c[:4]):
        try:
            field.sign(slope)
        except Undecided:
            continue
        return unknown, condition, slope
    return None


def _eliminated(
    field: FunctionField, condition: Condition, unknown: int, pivot: Condition, slope: Function
) -> Condition:
    """The condition less the multiple of the pivot that frees it of the unknown."""
    variable = field.first + unknown
    while (degree := int(condition.expression.num.degrees()[variable])) > 0:
        leading = field.coefficients(condition.expression, variable)[degree]
        condition = condition.minus(leading / slope * field.unknown(unknown) ** (degree - 1), pivot)
    return condition


def whose(point: ReducedPoint, field: FunctionField) -> list[str]:
    """For each limiting angle psi_k of the field, whose it is: the first pair of rows whose angle it enters."""
    found = [""] * len(field.angles)
    for a, orbit in enumerate(point.student.orbits):
        for teacher in (False, True):
            for b, other in enumerate((point.teacher if teacher else point.student).orbits):
                for relation, _ in point.geometry.relations(orbit, other):
                    psi = point.gram((False, a, teacher, b, relation)).psi
                    if isinstance(psi, Series) and psi.precision != 0 and psi[0]:
                        for k in field.angles_in(psi[0]):
                            found[k] = found[k] or f"pi - the limiting angle of {_pair(a, teacher, b, relation)}"
    return found


def _pair(a: int, teacher: bool, b: int, relation: Relation) -> str:
    what = f"{'teacher' if teacher else 'row'} orbit {b + 1}"
    if relation is Relation.UNRELATED:
        return f"row orbit {a + 1} and {what}"
    return f"a row of row orbit {a + 1} and the one of {what} with {relation.value}"
