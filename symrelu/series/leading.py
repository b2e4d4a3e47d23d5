"""Leading coefficients of families with a given limit, from the leading-order equations, solved exactly.

The entries are written  a_i = (what is known) + c_(i,u) t**u + ... + O(t**(u+J))  with undetermined c's, the reduced
gradient is evaluated by the orbit
rules over K[c], and the coefficients of its powers of t that are known whatever the c's are give polynomial
equations. Those linear in the c's are solved over K, the solution is
put back, and the next round sees further (Gram roots whose leading term depended on a c open up). Where nothing is
linear, all real solutions of what is left are found (:mod:`symrelu.series.nonlinear`), and each is followed by itself:
several families may lie over one limit. No number is
recognised from decimals; a square root that K lacks is adjoined when
a Gram determinant forces it.

The ansatz is a = limit + O(t**2) = limit + O(1/d) unless other first exponents are given, one a coordinate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput, LimitingAngle, NoFamily, NotAUnit, SeveralFamilies, SymreluError
from symrelu.exact.arithmetic import LeadingArithmetic, SeriesArithmetic
from symrelu.exact.constants import DEFAULT_BITS, BallField
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.polynomials import Polynomial, PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, dimension, monomial
from symrelu.exact.square_roots import SquareRootField
from symrelu.exact.triangular import solve_triangular
from symrelu.model.reduced import Problem
from symrelu.series.nonlinear import solutions

FIRST_GOAL = 5  # leading terms below t**5: enough for the contraction proof of every family met so far
WINDOWS = (3, 5, 8)  # undetermined orders a coordinate and round: tried in turn
ROUNDS = 12
MOST_ROOTS = 6  # square roots adjoined to see that a point is critical for every d
MOST_BRANCHES = 20


@dataclass(frozen=True)
class Start:
    """Leading terms of a family: the entries as exact Laurent polynomials, right below t**known (all of them,
    if ``exact``).

    ``system``: the leading system that constants without exact form solve, in words; ``refine``: for such constants,
    the same start computed with so many bits; ``guide``: the numbers that led to it.
    """

    field: Field
    entries: tuple[Series, ...]
    known: int
    exact: bool = False
    ramification: int = 2
    system: str = ""
    refine: Callable[[int], Start] | None = dataclass_field(default=None, compare=False, repr=False)
    guide: Any = dataclass_field(default=None, compare=False, repr=False)


def coefficient_field(problem: Problem) -> Field:
    """The field that coefficients are sought in first: Q(pi), with the kernel's free parameter where it has one."""
    if not problem.kernel.parameters:
        return QPI
    from symrelu.exact.parameters import parameter_field

    names = [str(x) for x in problem.kernel.parameters]
    if len(names) > 1:
        raise BadInput(
            f"the kernel {problem.kernel.name} has the free parameters {', '.join(names)}; leave one at most"
        )
    return parameter_field(names[0])


def exact_point(problem: Problem, limit: Sequence[Element], field: Field = QPI) -> Start | None:
    """The constant family at ``limit`` if the limit itself is a critical point for every d (as W = V is), else None.

    ``limit``: a value for each coordinate of the problem, those of a free second layer included. Where the kernel has
    values in no field of square roots over ``field`` (an angle that is no known constant, as with erf) the gradient is
    evaluated in balls, and the start's field is theirs.
    """
    if len(limit) != problem.dim:
        return None
    for _ in range(MOST_ROOTS):
        entries = [monomial(field, value, 0) for value in limit]
        try:
            gradient = problem.at(SeriesArithmetic(field), entries, dimension(field)).gradient(scaled=True)
        except NotASquare as error:
            if not problem.kernel.lift:  # at rows that are parallel at every d or none no root is needed
                return None
            field = _adjoin(field, error.radicand)
        except LimitingAngle:
            if not problem.kernel.lift or isinstance(field, BallField):
                return None
            field = BallField(DEFAULT_BITS)
        except SymreluError:
            return None
        else:
            return Start(field, tuple(entries), 0, exact=True) if all(f.is_exact_zero for f in gradient) else None
    return None


def leading_terms(problem: Problem, limit: Sequence[Element], goal: int, field: Field = QPI) -> Start:
    """The one start  a = limit + O(t**2)  of a family of critical points, known below t**goal.

    Parameters: ``limit``, the entries at d = infinity, in ``field``. Returns terms that *any* family with this
    limit and ansatz must have.
    Raises NoFamily if the equations contradict each other (there is no such family) or do not determine the terms
    (the message says which), and SeveralFamilies if several families lie over the limit.
    """
    starts = leading_branches(problem, limit, goal, field)
    if len(starts) > 1:
        raise SeveralFamilies(f"{len(starts)} families a = limit + O(1/d) lie over this limit; choose one of them")
    return starts[0]


@dataclass(frozen=True)
class _State:
    """What is known of one branch: the entries below t**upto[i], over the field that they need so far."""

    field: Field
    known: tuple[Series, ...]
    upto: tuple[int, ...]

    def text(self) -> str:
        """What is known, in words."""
        terms = (str(x.truncate(u)) for x, u in zip(self.known, self.upto, strict=True))
        return "the branch " + ", ".join(f"a_{i} = {x}" for i, x in enumerate(terms, 1))

    def over(self, field: Field) -> _State:
        return _State(field, tuple(x.over(field) for x in self.known), self.upto)

    def put(self, values: Mapping[tuple[int, int], Element]) -> _State:
        """With the values found at the next places of each entry; values further on wait for their turn."""
        known, upto = list(self.known), list(self.upto)
        for (i, k), value in sorted(values.items()):
            if k == upto[i]:
                known[i] = known[i] + monomial(self.field, value, k, known[i].ramification)
                upto[i] += 1
        return _State(self.field, tuple(known), tuple(upto))


def leading_branches(
    problem: Problem,
    limit: Sequence[Element],
    goal: int,
    field: Field = QPI,
    first: Sequence[int] | None = None,
    ramification: int = 2,
) -> list[Start]:
    """Every real start of a family of critical points with these limits, known below t**goal.

    Parameters: ``limit``, the entries at d = infinity, in ``field``; ``first``, for each entry the power of
    t = d**(-1/ramification) at which its correction to the limit may begin (the one of 1/d by default). The list is
    complete for that ansatz: each start follows from the equations, or is one of all real solutions of a polynomial
    system. Raises NoFamily if there is none, or if the equations do not determine the terms.
    """
    begin = tuple(first) if first is not None else (ramification,) * len(limit)
    known = tuple(Series(field, 0, [value], None, ramification) for value in limit)
    return continued(problem, known, begin, goal, ramification)


def continued(
    problem: Problem, known: Sequence[Series], upto: Sequence[int], goal: int, ramification: int = 2
) -> list[Start]:
    """Every real start that begins like ``known``, entry i right below t**upto[i]; otherwise as
    :func:`leading_branches`.
    """
    found = decided_branches(problem, known, upto, goal, ramification)
    if found.undecided:
        raise found.undecided[0][1]
    return list(found.starts)


@dataclass(frozen=True)
class Branches:
    """The branches of a leading system that were followed to the end, and those that were not: the terms that are known
    of each, in words, with the error that stopped it.
    """

    starts: tuple[Start, ...]
    undecided: tuple[tuple[str, SymreluError], ...] = ()


def decided_branches(
    problem: Problem, known: Sequence[Series], upto: Sequence[int], goal: int, ramification: int = 2
) -> Branches:
    """As :func:`continued`, but where a branch is not decided the others are returned all the same.

    Raises Contradiction if the equations exclude every branch, and the first error if none is decided.
    """
    waiting = [_State(known[0].field, tuple(known), tuple(upto))]
    found: list[Start] = []
    undecided: list[tuple[str, SymreluError]] = []
    contradicted = False
    for _ in range(ROUNDS * MOST_BRANCHES):
        if not waiting:
            break
        state = waiting.pop(0)
        if min(state.upto) >= goal:
            entries = tuple(x.truncate(goal).exact() for x in state.known)
            found.append(Start(state.field, entries, goal, ramification=ramification))
            continue
        try:
            waiting += _continued(problem, state, goal, ramification)
        except NotASquare as error:
            waiting.insert(0, state.over(_adjoin(state.field, error.radicand)))
        except Contradiction:
            contradicted = True
        except SymreluError as error:
            undecided.append((state.text(), error))
    else:
        late = NoFamily("the leading terms were not determined in so many rounds; try another limit")
        undecided += [(state.text(), late) for state in waiting]
    if found:
        return Branches(tuple(found), tuple(undecided))
    if undecided:
        raise undecided[0][1]
    if not contradicted:
        raise NoFamily("the leading system has no real solution")
    excluded = _ansatz(upto, ramification)
    raise Contradiction(
        f"no family {excluded} exists: the leading-order equations contradict each other; other exponents are not "
        "excluded",
        excluded,
    )


def _ansatz(upto: Sequence[int], ramification: int) -> str:
    """What every family looks like that the leading system is complete for."""
    if all(u == ramification for u in upto):
        return "a = limit + O(1/d)"
    orders = ", ".join(f"O(d**(-{Fraction(u, ramification)})) in a_{i}" for i, u in enumerate(upto, 1))
    return f"with corrections {orders} to the given leading terms"


class Contradiction(NoFamily):
    """The leading-order equations exclude every family of an ansatz; ``excluded``: which, "" if that is not known."""

    def __init__(self, message: str, excluded: str = "") -> None:
        super().__init__(message)
        self.excluded = excluded


def _adjoin(field: Field, radicand: Element) -> Field:
    if isinstance(radicand, Polynomial):
        radicand = radicand.constant
    return SquareRootField(field, radicand)


def _continued(problem: Problem, state: _State, goal: int, ramification: int) -> list[_State]:
    """The branches that one more round makes of one: more orders are looked at only where fewer say nothing."""
    for window in WINDOWS:
        places = [(i, u + j) for i, u in enumerate(state.upto) for j in range(window)]
        ring = PolynomialRing(state.field, [f"c_{i + 1}_{k}" for i, k in places])
        equations = _equations(problem, state, ring, places, ramification)
        values = solve_triangular(equations)
        if values is None:
            raise Contradiction("the leading-order equations contradict each other")
        further = state.put({places[n]: value for n, value in values.items()})
        if further.upto != state.upto:
            return [further]
        if state.field is QPI:
            left = [e for e in (p.substitute(values) for p in equations) if e]
            several = solutions(ring, left, {n for n, (i, k) in enumerate(places) if k == state.upto[i]})
            if several is not None:
                return [
                    state.over(s.field).put({places[n]: s.field(v) for n, v in [*values.items(), *s.values.items()]})
                    for s in several
                ]
    stuck = ", ".join(f"a_{i + 1} at t**{u}" for i, u in enumerate(state.upto) if u < goal)
    raise NoFamily(
        f"the leading-order equations at this limit leave coefficients free (open: {stuck}): the families there, "
        "if any, have other exponents or are not isolated"
    )


def _equations(
    problem: Problem, state: _State, ring: PolynomialRing, places: Sequence[tuple[int, int]], ramification: int
) -> list[Polynomial]:
    """The coefficients of the gradient that are known whatever the undetermined coefficients are."""
    arithmetic = LeadingArithmetic(ring, ramification)
    entries = []
    for i, x in enumerate(state.known):
        terms: dict[int, Any] = {k: x[k] for k in range(state.upto[i])}
        terms |= {k: ring.unknown(n) for n, (j, k) in enumerate(places) if j == i}
        end = state.upto[i] + len(places) // len(state.known)
        entries.append(Series(ring, 0, [terms[k] for k in range(end)], end, ramification))
    try:
        gradient = problem.at(arithmetic, entries, dimension(ring, ramification)).entry_gradient()
    except NotAUnit:
        raise NoFamily(
            "at this limit the norm of a row is not determined at leading order; try a limit in which every row has "
            "a nonzero entry"
        ) from None
    except LimitingAngle as error:
        raise NoFamily(f"no family with exact coefficients at this limit: {error}") from None
    return [c for f in gradient for c in f.coefficients if c]
