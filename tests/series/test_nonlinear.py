"""Leading systems that are not linear: all real solutions, exact; and the first type that needs them."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import symrelu
from symrelu.exact.algebraic import AlgebraicField
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.reference import dense
from symrelu.series.nonlinear import Solution, group_solutions, solutions

RING = PolynomialRing(QPI, ["x", "y", "z", "u"])
x, y, z, u = (RING.unknown(i) for i in range(4))
pi = QPI.pi


def floats(found: list[Solution]) -> list[dict[int, float]]:
    return [{i: float(s.field.ball(s.field(v), 80).mid()) for i, v in s.values.items()} for s in found]


@pytest.mark.parametrize(
    ("equations", "expected"),
    [
        pytest.param([x * x - 2], [{0: -(2**0.5)}, {0: 2**0.5}], id="a square root"),
        pytest.param([x * x + 1], [], id="no real solution"),
        pytest.param([x * x - 1, x * y - 1], [{0: 1, 1: 1}, {0: -1, 1: -1}], id="two points"),
        pytest.param([x + y - 2, x * y - 1], [{0: 1, 1: 1}], id="a double point"),
        pytest.param([x - 1, x - 2], [], id="a contradiction"),
        pytest.param([x * x * x - pi], [{0: np.pi ** (1 / 3)}], id="a cube root of pi: one root is real"),
    ],
)
def test_all_real_solutions(equations: list[Any], expected: list[dict[int, float]]) -> None:
    found = solutions(RING, equations, {0, 1})
    assert found is not None
    ours, theirs = (sorted(sorted(values.items()) for values in part) for part in (floats(found), expected))
    for one, other in zip(ours, theirs, strict=True):
        assert dict(one) == pytest.approx(dict(other))
    for s in found:  # exactly: substituted into the equations
        ring = PolynomialRing(s.field, RING.names)
        for e in equations:
            moved = sum((ring.make({m: s.field(c)}) for m, c in e.terms.items()), ring.zero)
            assert not moved.substitute(s.values)


def test_unknowns_that_enter_linearly_are_eliminated_first() -> None:
    """z is of a later order: it says nothing about x and y, and nothing is said about it."""
    found = solutions(RING, [x * x - y + z, x * x + y + z - 4, y * y - x * x - 3], {0, 1})
    assert found is not None
    assert sorted((values[0], values[1]) for values in floats(found)) == [(-1.0, 2.0), (1.0, 2.0)]


def test_an_unknown_that_is_left_free_does_not_hide_the_others() -> None:
    found = solutions(RING, [x * x - 3, (u * y - 1) * (x - 1)], {0})
    assert found is not None and len(found) == 2 and all(set(s.values) == {0} for s in found)


def test_infinitely_many_solutions_are_none() -> None:
    assert solutions(RING, [x * y - 1], {0, 1}) is None
    assert group_solutions(RING, [x * x - 1, y * z - 1]) is None


def test_groups_that_share_no_unknown_are_solved_each_for_itself() -> None:
    found = group_solutions(RING, [x * x - 2, y * y * y - 3 * y + 1])
    assert found is not None and [len(several) for several in found] == [2, 3]
    assert {type(s.field) for s in found[1]} == {AlgebraicField}


# Delta(S_{d/2} x S_{d/2}) ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def halves() -> list[symrelu.Family]:
    return list(symrelu.find_families(blocks="d/2,d/2", limit="+,-").families)


@pytest.mark.slow
def test_three_branches_lie_over_the_limit(halves: list[symrelu.Family]) -> None:
    """Two of them conjugate over Q(pi), one in a cubic field (finding_families.md, section 4)."""
    assert len(halves) == 3
    leading = [[float(f.start.field.ball(e[2], 80).mid()) for e in f.start.entries] for f in halves]
    assert [row[1] for row in leading] == pytest.approx([-0.10765239187884748, -0.7507549545313593, -0.39259781553072])
    texts = [f.start.field.text(f.start.entries[1][2]) for f in halves]
    assert texts[:2] == ["pi/2 - 2 + sqrt(-pi**2 + 2*pi + 4)/2", "pi/2 - 2 - sqrt(-pi**2 + 2*pi + 4)/2"]
    assert texts[2] == "-theta_1 + 2"


@pytest.mark.slow
def test_they_are_critical_points(halves: list[symrelu.Family]) -> None:
    """At d = 40 the dense gradient vanishes; the two conjugate branches are minima, the third is a saddle."""
    for one, negative in zip(halves, (0, 0, 1), strict=True):
        at = one.at(40, digits=16)
        W = one.space.matrix([float(v.value) for v in at.entries.values()], 40)
        in_w, _ = dense.gradient(np.asarray(W, dtype=float), np.ones(40), np.eye(40), np.ones(40))
        assert np.max(np.abs(in_w)) < 1e-13
        assert (at.negative == 0) == (negative == 0)
        assert one.kind_at_large_d() == ("saddle" if negative else "minimum")


@pytest.mark.slow
def test_the_leading_terms_are_near_the_points_at_large_d(halves: list[symrelu.Family]) -> None:
    """Two routes: the coefficients of the leading system, and Newton's method at d = 10**8."""
    for one in halves:
        at = one.at(10**8, digits=20)
        for name, x in zip(one.problem.names, one.start.entries, strict=True):
            limit = x[0] if x.valuation <= 0 else x.field.zero
            first = float(at.entries[name].value - Fraction(round(float(x.field.ball(x.field(limit), 64).mid())))) * 1e8
            assert first == pytest.approx(float(x.field.ball(x[2], 64).mid()), abs=5e-3)
