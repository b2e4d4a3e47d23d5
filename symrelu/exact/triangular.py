"""Polynomial systems that are solved step by step: what is linear is solved over K and put back into the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symrelu.exact.field import Element
from symrelu.exact.polynomials import Monomial, Polynomial


def solve_triangular(equations: Sequence[Polynomial]) -> dict[int, Element] | None:
    """The unknowns that a polynomial system determines through equations that are linear, one after another put back.

    Returns unknown -> value for those with a single value; None if the system is inconsistent. Where no unknown has
    one, linear relations between several are put into the other equations. Equations that never become linear are left
    alone.
    """
    values: dict[int, Element] = {}
    tied: dict[int, Polynomial] = {}
    pending = list(equations)
    while True:
        pending = [e for e in (p.substitute(values) for p in pending) if e]
        if any(e.is_constant for e in pending):
            return None
        rows = _echelon(pending)
        if rows is None:
            return None
        solved = _single_values(rows)
        if not solved:
            relations = _relations(pending, rows)
            if not relations:
                break
            tied |= relations
            pending = [_put(p, relations) for p in pending]
        values |= solved
    for unknown, relation in reversed(tied.items()):
        value = relation.substitute(values)
        if value.is_constant:
            values[unknown] = value.constant
    return values


def _relations(pending: Sequence[Polynomial], rows: Sequence[dict[Monomial, Element]]) -> dict[int, Polynomial]:
    """Unknown -> the affine function of others that it is, if that can help: if some equation is not linear."""
    if all(_degree(m) < 2 for p in pending for m in p.terms):
        return {}
    ring = pending[0].ring
    found = {}
    for row in rows:
        pivot = _pivot(row)
        if pivot is not None and all(_degree(m) < 2 for m in row):
            found[pivot[0][0]] = Polynomial(ring, {m: -c for m, c in row.items() if m != pivot})
    return found


def _put(p: Polynomial, relations: Mapping[int, Polynomial]) -> Polynomial:
    """The polynomial with unknowns replaced by what they are in terms of others."""
    total = p.ring.zero
    for m, c in p.terms.items():
        product = Polynomial(p.ring, {tuple((u, k) for u, k in m if u not in relations): c})
        for unknown, power in m:
            if unknown in relations:
                product = product * relations[unknown] ** power
        total = total + product
    return total


def _echelon(equations: Sequence[Polynomial]) -> list[dict[Monomial, Element]] | None:
    """The reduced echelon form of a system read as linear in its monomials, over K, products first, so that products
    which several equations share drop out; None if it is inconsistent.
    """
    rows: list[dict[Monomial, Element]] = []  # reduced echelon form; () is the constant
    for equation in equations:
        row = dict(equation.terms)
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
        row = {m: c / scale for m, c in row.items()}
        for other in rows:
            if pivot in other:
                _eliminate(other, row, other[pivot])
        rows.append(row)
    return rows


def _single_values(rows: Sequence[dict[Monomial, Element]]) -> dict[int, Element]:
    """The unknowns with a single value."""
    solved = {}
    for row in rows:
        monomials = [m for m in row if m]
        if len(monomials) == 1 and _degree(monomials[0]) == 1:
            constant = row.get(())
            solved[monomials[0][0][0]] = -constant if constant is not None else row[monomials[0]] * 0
    return solved


def _degree(monomial: Monomial) -> int:
    return sum(k for _, k in monomial)


def _pivot(row: dict[Monomial, Element]) -> Monomial | None:
    return max((m for m in row if m), key=lambda m: (_degree(m), m[::-1]), default=None)


def _eliminate(row: dict[Monomial, Element], pivot_row: dict[Monomial, Element], factor: Element) -> None:
    for m, c in pivot_row.items():
        value = row[m] - factor * c if m in row else -(factor * c)
        if value:
            row[m] = value
        else:
            del row[m]
