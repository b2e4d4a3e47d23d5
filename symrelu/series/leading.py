"""Leading coefficients of families with a given limit, from the leading-order equations, solved exactly.

The entries are written  a_i = (what is known) + c_(i,u) t**u + ... + O(t**(u+J))  with undetermined c's, the reduced
gradient is evaluated by the orbit
rules over K[c], and the coefficients of its powers of t that are known whatever the c's are give polynomial
equations. Those linear in the c's are solved over K, the solution is
put back, and the next round sees further (Gram roots whose leading term depended on a c open up). No number is
recognised from decimals; a square root that K lacks is adjoined when
a Gram determinant forces it.

The ansatz is a = limit + O(t**2) = limit + O(1/d). Families with other exponents are not looked for here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symrelu.errors import LimitingAngle, NoFamily, NotAUnit, SymreluError
from symrelu.exact.arithmetic import LeadingArithmetic, SeriesArithmetic
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.polynomials import Polynomial, PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.exact.square_roots import SquareRootField
from symrelu.model.reduced import Problem

WINDOW = 3  # undetermined orders a coordinate and round
ROUNDS = 12


@dataclass(frozen=True)
class Start:
    """Leading terms of a family: the entries as exact Laurent polynomials, right below t**known (all of them,
    if ``exact``).
    """

    field: Field
    entries: tuple[Series, ...]
    known: int
    exact: bool = False


def dimension(field: Field) -> Series:
    """d = t**-2 as a series."""
    return monomial(field, 1, -2)


def exact_point(problem: Problem, limit: Sequence[Element], field: Field = QPI) -> Start | None:
    """The constant family at ``limit`` if the limit itself is a critical point for every d (as W = V is), else None."""
    entries = [monomial(field, value, 0) for value in limit]
    try:
        gradient = problem.at(SeriesArithmetic(field), entries, dimension(field)).gradient(scaled=True)
    except (SymreluError, NotASquare):
        return None
    if all(f.is_exact_zero for f in gradient):
        return Start(field, tuple(entries), 0, exact=True)
    return None


def leading_terms(problem: Problem, limit: Sequence[Element], goal: int, field: Field = QPI) -> Start:
    """The unique start  a = limit + O(t**2)  of a family of critical points, known below t**goal.

    Parameters: ``limit``, the entries at d = infinity, in ``field``. Returns terms that *any* family with this
    limit and ansatz must have.
    Raises NoFamily if the equations contradict each other (there is no such family) or do not determine the terms
    (the message says which).
    """
    known = [Series(field, 0, [value]) for value in limit]
    upto = [2] * len(known)
    for _ in range(ROUNDS):
        if min(upto) >= goal:
            return Start(field, tuple(x.truncate(goal).exact() for x in known), goal)
        try:
            found = _round(problem, field, known, upto)
        except NotASquare as error:
            field = _adjoin(field, error.radicand)
            known = [x.over(field) for x in known]
            continue
        progress = False
        for (i, k), value in sorted(found.items()):
            if k == upto[i]:
                known[i] = known[i] + monomial(field, value, k)
                upto[i] += 1
                progress = True
        if not progress:
            stuck = ", ".join(f"a_{i + 1} at t**{u}" for i, u in enumerate(upto) if u < goal)
            raise NoFamily(
                f"the leading-order equations at this limit are linear in no new coefficient (open: {stuck}): "
                "families whose leading system is nonlinear are not searched in this version; try another limit"
            )
    raise NoFamily(f"the leading terms were not determined in {ROUNDS} rounds; try another limit")


def _adjoin(field: Field, radicand: Element) -> Field:
    if isinstance(radicand, Polynomial):
        radicand = radicand.constant
    return SquareRootField(field, radicand)


def _round(
    problem: Problem, field: Field, known: Sequence[Series], upto: Sequence[int]
) -> dict[tuple[int, int], Element]:
    """One round: the undetermined coefficients that the equations visible now determine."""
    places = [(i, u + j) for i, u in enumerate(upto) for j in range(WINDOW)]
    ring = PolynomialRing(field, [f"c_{i + 1}_{k}" for i, k in places])
    arithmetic = LeadingArithmetic(ring)
    entries = []
    for i, x in enumerate(known):
        terms: dict[int, Any] = {k: x[k] for k in range(upto[i])}
        terms |= {k: ring.unknown(n) for n, (j, k) in enumerate(places) if j == i}
        end = upto[i] + WINDOW
        entries.append(Series(ring, 0, [terms[k] for k in range(end)], end))
    try:
        gradient = problem.at(arithmetic, entries, dimension(ring)).entry_gradient()
    except NotAUnit:
        raise NoFamily(
            "at this limit the norm of a row is not determined at leading order: such families are not searched in "
            "this version; try a limit in which every row has a nonzero entry"
        ) from None
    except LimitingAngle as error:
        raise NoFamily(f"no family with exact coefficients at this limit: {error}") from None
    equations = [c for f in gradient for c in f.coefficients if c]
    values = solve_triangular(equations)
    if values is None:
        raise NoFamily(
            "the leading-order equations at this limit contradict each other: there is no family a = limit + "
            "O(1/d) of critical points"
        )
    return {places[n]: value for n, value in values.items()}


def solve_triangular(equations: Sequence[Polynomial]) -> dict[int, Element] | None:
    """The unknowns that a polynomial system determines through equations that are linear, one after another put back.

    Returns unknown -> value for those with a single value; None if the system is inconsistent. Equations that
    never become linear are left alone.
    """
    values: dict[int, Element] = {}
    pending = list(equations)
    while True:
        pending = [e for e in (p.substitute(values) for p in pending) if e]
        if any(e.is_constant for e in pending):
            return None
        linear = [e for e in pending if all(sum(k for _, k in m) <= 1 for m in e.terms)]
        solved = _solve_linear(linear)
        if solved is None:
            return None
        if not solved:
            return values
        values |= solved


def _solve_linear(equations: Sequence[Polynomial]) -> dict[int, Element] | None:
    """The unknowns with a single value in a linear system, by elimination over K; None if inconsistent."""
    rows: list[dict[int | None, Element]] = []  # unknown -> coefficient, None -> constant; reduced echelon form
    for equation in equations:
        row: dict[int | None, Element] = {(m[0][0] if m else None): c for m, c in equation.terms.items()}
        for pivot_row in rows:
            pivot = _pivot(pivot_row)
            if pivot in row:
                _eliminate(row, pivot_row, row[pivot])
        pivot = _pivot(row)
        if pivot is None:
            if row:
                return None
            continue
        scale = row[pivot]
        row = {u: c / scale for u, c in row.items()}
        for other in rows:
            if pivot in other:
                _eliminate(other, row, other[pivot])
        rows.append(row)
    solved = {}
    for row in rows:
        unknowns = [u for u in row if u is not None]
        if len(unknowns) == 1:
            constant = row.get(None)
            solved[unknowns[0]] = -constant if constant is not None else row[unknowns[0]] * 0
    return solved


def _pivot(row: dict[int | None, Element]) -> int | None:
    return max((u for u in row if u is not None), default=None)


def _eliminate(row: dict[int | None, Element], pivot_row: dict[int | None, Element], factor: Element) -> None:
    for u, c in pivot_row.items():
        value = row[u] - factor * c if u in row else -(factor * c)
        if value:
            row[u] = value
        else:
            del row[u]
