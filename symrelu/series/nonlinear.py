"""Leading systems that are not linear: all real solutions of a polynomial system over Q(pi), exact.

Unknowns that only enter linearly (the next orders of the entries) are eliminated first, which leaves equations in the
leading unknowns alone; what is left falls into groups that share no unknown. A group with finitely many solutions is
solved by a lexicographic Groebner basis over Q(pi) (SymPy), its last polynomial factored, each real root taken in the
field it generates and the others by going back up the basis. Nothing is recognised from decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symrelu.errors import Undecided
from symrelu.exact.algebraic import AlgebraicField, free_names
from symrelu.exact.factors import factor
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.polynomials import Polynomial, PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.square_roots import SquareRootField
from symrelu.exact.univariate import Poly, gcd, real_roots, trim

LARGEST_GROUP = 14  # unknowns in one group: Groebner bases of more are not tried


@dataclass(frozen=True)
class Solution:
    """One real solution: the unknowns it determines, with their values in ``field``."""

    field: Field
    values: dict[int, Element]


def solutions(ring: PolynomialRing, equations: Sequence[Polynomial], wanted: set[int]) -> list[Solution] | None:
    """All real solutions, for the first group of unknowns among ``wanted`` that the equations leave finitely many of.

    ``ring``: polynomials over Q(pi). Returns None if no such group was found. An empty list means that there is no real
    solution. Raises Undecided where the system is too large or its field is not Q(pi).
    """
    for group in _groups(_eliminated(equations, wanted)):
        found = _of_group(ring, group, wanted)
        if found is not None:
            return found
    return None


def group_solutions(ring: PolynomialRing, equations: Sequence[Polynomial]) -> list[list[Solution]] | None:
    """All real solutions of each group of equations that share no unknown; None if one has infinitely many."""
    found = []
    for group in _groups([e for e in equations if e]):
        several = _of_group(ring, group, set().union(*(e.unknowns() for e in group)))
        if several is None:
            return None
        found.append(several)
    return found


def _of_group(ring: PolynomialRing, group: list[Polynomial], wanted: set[int]) -> list[Solution] | None:
    """All real solutions, for the unknowns that the group leaves finitely many values; None if there are none such
    among ``wanted``.
    """
    unknowns = sorted(set().union(*(e.unknowns() for e in group)))
    while wanted.intersection(unknowns) and len(unknowns) <= LARGEST_GROUP:
        basis = _groebner(ring, group, unknowns)
        if basis == [1]:
            return []
        free = _free(basis, len(unknowns))
        if not free:
            return [Solution(s.field, {unknowns[i]: v for i, v in s.values.items()}) for s in _back_up(basis)]
        # what the free unknowns do not enter may still be finite: the basis with them in front eliminates them
        group = _without(ring, group, [unknowns[i] for i in free], unknowns)
        unknowns = sorted(set().union(*(e.unknowns() for e in group)))
    return None


def _eliminated(equations: Sequence[Polynomial], wanted: set[int]) -> list[Polynomial]:
    """The equations without the unknowns (other than ``wanted``) that only enter linearly, with constant coefficients:
    each is solved for in one equation and subtracted from the others.
    """
    pending = [e for e in equations if e]
    mixed = {u for e in pending for m in e.terms if sum(k for _, k in m) > 1 for u, _ in m}
    for unknown in sorted(set().union(*(e.unknowns() for e in pending)) - mixed - wanted, reverse=True):
        place = ((unknown, 1),)
        pivot = next((e for e in pending if place in e.terms), None)
        if pivot is None:
            continue
        inverse = pivot.ring.base.inverse(pivot.terms[place])
        pending = [e - pivot * (e.terms[place] * inverse) if place in e.terms else e for e in pending if e is not pivot]
        pending = [e for e in pending if e]
    return pending


def _groups(equations: Sequence[Polynomial]) -> list[list[Polynomial]]:
    """The equations in groups that share no unknown; the group of the lowest unknown first."""
    groups: list[tuple[set[int], list[Polynomial]]] = []
    for e in equations:
        unknowns, members = e.unknowns(), [e]
        rest = []
        for known, others in groups:
            if known & unknowns:
                unknowns, members = unknowns | known, others + members
            else:
                rest.append((known, others))
        groups = [*rest, (unknowns, members)]
    return [members for unknowns, members in sorted(groups, key=lambda pair: min(pair[0], default=-1))]


def _groebner(ring: PolynomialRing, equations: Sequence[Polynomial], unknowns: Sequence[int]) -> list[Any]:
    """The reduced lexicographic basis over Q(pi), the first unknown largest, as SymPy ring elements."""
    import sympy
    from sympy.polys.groebnertools import groebner
    from sympy.polys.orderings import lex
    from sympy.polys.rings import PolyRing

    base = sympy.QQ.frac_field(sympy.pi)
    target = PolyRing([ring.names[u] for u in unknowns], base, lex)
    place = {u: i for i, u in enumerate(unknowns)}
    converted = []
    for e in equations:
        terms = {}
        for monomial, c in e.terms.items():
            exponents = [0] * len(unknowns)
            for u, k in monomial:
                exponents[place[u]] = k
            terms[tuple(exponents)] = base.from_sympy(QPI.sympy(c))
        converted.append(target.from_dict(terms))
    return list(groebner(converted, target))


def _free(basis: Sequence[Any], count: int) -> list[int]:
    """The unknowns of which no power alone leads an element of the basis: none if there are finitely many solutions."""
    pure = {i for f in basis for i, k in enumerate(f.LM) if k and sum(f.LM) == k}
    return [i for i in range(count) if i not in pure]


def _without(
    ring: PolynomialRing, group: Sequence[Polynomial], free: Sequence[int], unknowns: Sequence[int]
) -> list[Polynomial]:
    """Generators of what the system says about the unknowns but the free ones."""
    others = [u for u in unknowns if u not in free]
    order = [*free, *others]
    kept = []
    for f in _groebner(ring, group, order):
        if not any(any(m[: len(free)]) for m in f.monoms()):
            terms = {tuple((order[i], k) for i, k in enumerate(m) if k): _in_qpi(c) for m, c in f.terms()}
            kept.append(Polynomial(ring, {tuple(sorted(m)): c for m, c in terms.items()}))
    return kept


def _back_up(basis: Sequence[Any]) -> list[Solution]:
    """The real solutions of a finite lexicographic basis, from its last unknown up."""
    terms = [[(m, _in_qpi(c)) for m, c in f.terms()] for f in basis]
    found = [Solution(QPI, {})]
    for i in range(len(terms[0][0][0]) - 1, -1, -1):
        level = [f for f in terms if not any(any(m[:i]) for m, _ in f) and any(m[i] for m, _ in f)]
        found = [larger for s in found for larger in _extended(s, level, i)]
    return found


def _extended(solution: Solution, level: Sequence[list[tuple[tuple[int, ...], Element]]], i: int) -> list[Solution]:
    """The solution with the values of one more unknown: common roots of the polynomials of its level."""
    common: Poly = []
    for f in level:
        poly = trim(_univariate(solution, f, i))
        if poly:
            common = gcd(solution.field, common, poly) if common else poly
    if len(common) < 2:
        if common:
            return []
        raise Undecided("a leading system has a solution with an unknown left free; give more leading terms")
    found = []
    for f, _ in factor(solution.field, common):
        for field, root in _real_roots(solution.field, f):
            values = {u: field(v) for u, v in solution.values.items()}
            found.append(Solution(field, {**values, i: root}))
    return found


def _univariate(solution: Solution, f: Sequence[tuple[tuple[int, ...], Element]], i: int) -> Poly:
    field = solution.field
    coefficients = [field.zero] * (1 + max(m[i] for m, _ in f))
    for monomial, c in f:
        value = field(c)
        for u, k in enumerate(monomial):
            if k and u != i:
                value = value * solution.values[u] ** k
        coefficients[monomial[i]] = coefficients[monomial[i]] + value
    return coefficients


def _real_roots(field: Field, f: Poly) -> list[tuple[Field, Element]]:
    """The real roots of a monic irreducible polynomial, each in the field it generates."""
    if len(f) == 2:
        return [(field, -f[0])]
    if len(f) == 3:
        discriminant = f[1] * f[1] - f[0] * 4
        if field.sign(discriminant) < 0:
            return []
        try:
            larger, root = field, field.sqrt(discriminant)
        except NotASquare as error:
            larger = SquareRootField(field, error.radicand)
            root = larger.sqrt(larger(discriminant))
        return [(larger, (root * sign - f[1]) / 2) for sign in (-1, 1)]
    count = len(real_roots(field, f, 64))
    name = free_names(field, 1)[0]
    fields = [AlgebraicField(field, f, number, name) for number in range(count)]
    return [(own, own.root) for own in fields]


def from_sympy(ring: PolynomialRing, expression: Any) -> Polynomial:
    """A SymPy polynomial over Q(pi) in symbols of the unknowns' names as an element of the ring (over Q(pi))."""
    import sympy

    base = sympy.QQ.frac_field(sympy.pi)
    named = {symbol.name: symbol for symbol in expression.free_symbols}
    poly = sympy.Poly(expression, *(named.get(name, sympy.Symbol(name)) for name in ring.names))
    return ring.make(
        {tuple((u, k) for u, k in enumerate(m) if k): _in_qpi(base.from_sympy(c)) for m, c in poly.terms() if c != 0}
    )


def _in_qpi(c: Any) -> Element:
    """An element of SymPy's QQ(pi) in ours."""
    from fractions import Fraction

    def polynomial(p: Any) -> Element:
        coefficients: list[Fraction] = [Fraction(0)] * (1 + max((m[0] for m in p), default=0))
        for (power,), value in p.items():
            coefficients[power] = Fraction(int(value.numerator), int(value.denominator))
        return QPI.from_polynomial(coefficients)

    return polynomial(c.numer) / polynomial(c.denom)
