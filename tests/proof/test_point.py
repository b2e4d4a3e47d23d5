"""Boxes at one d: unique critical points, never a verdict from midpoints."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.balls import ball
from symrelu.proof.point import enclose, index_at, present, same_point
from symrelu.reference.hessian import hessian
from tests.shared import family_of, prover_of


def start(name: str, d: Fraction) -> list[arb]:
    """The critical point at d in floats."""
    return [arb(str(x.value)) for x in family_of(name).at(d, 15).entries.values()]


@pytest.mark.parametrize(("name", "d"), [("1b", 6), ("1b", 20), ("2a", 7), ("2b", 8), ("3a", 8)])
def test_a_box_holds_the_critical_point_at_twice_the_precision(name: str, d: int) -> None:
    prover = prover_of(name)
    at = Fraction(d)
    box = enclose(prover.problem, start(name, at), ball(at), 128)
    fine = enclose(prover.problem, box.entries, ball(at), 256)
    assert all(x.contains(y) for x, y in zip(box.entries, fine.entries, strict=True))
    assert all(x.rad() < arb(10) ** -25 for x in box.entries)


@pytest.mark.parametrize(("name", "d"), [("1b", 5), ("1b", 6), ("2a", 5), ("2a", 6), ("3a", 7), ("4", 9), ("4", 10)])
def test_the_index_is_that_of_the_dense_hessian(name: str, d: int) -> None:
    """Every block's index times its dimension sums to the negative eigenvalues of the dense W-Hessian."""
    prover = prover_of(name)
    at = Fraction(d)
    box = enclose(prover.problem, start(name, at), ball(at), 128)
    indices = index_at(prover.problem, box, at, 128)
    counted = sum(i.negative * i.component.dimension(prover.isotropy).at(d) for i in indices)
    w = np.array(prover.problem.space.matrix([float(x.mid()) for x in box.entries], d), dtype=float)
    dense = hessian(w, np.ones(d), np.eye(d), np.ones(d))[: d * d, : d * d]
    assert counted == int(np.sum(np.linalg.eigvalsh(dense) < 0))


def test_case_4_is_a_saddle_at_9() -> None:
    prover = prover_of("4")
    box = enclose(prover.problem, start("4", Fraction(9)), ball(9), 128)
    indices = {i.component.name: i.negative for i in index_at(prover.problem, box, Fraction(9), 128)}
    assert indices == {"t": 0, "s1": 1, "s2": 0, "x1": 0, "x2": 0, "y1": 0, "s1*s2": 0}


def test_components_that_are_absent_are_not_asked() -> None:
    """d = 4 leaves 2a a block of 3: no y there; d = 3 a block of 2: no x, and one copy of s less."""
    problem = prover_of("2a").problem
    found = {of.component.name: len(kept) for of, kept in present(problem, Fraction(4))}
    assert found == {"t": 5, "s1": 5, "x1": 1}
    found = {of.component.name: len(kept) for of, kept in present(problem, Fraction(3))}
    assert found == {"t": 5, "s1": 4}


@pytest.mark.parametrize("wrong", [[0.3, 0.3], [0.9, 0.1], [0.0, 0.0], [-0.1, -0.1]])
def test_a_wrong_start_is_refused_or_found_out(wrong: list[float]) -> None:
    """Newton's method may fail, or go to another critical point: that one is not glued to the path's."""
    prover = prover_of("1b")
    right = enclose(prover.problem, start("1b", Fraction(8)), ball(8), 128)
    with pytest.raises(SymreluError):
        other = enclose(prover.problem, [arb(x) for x in wrong], ball(8), 128)
        same_point(prover.problem, right.entries, other.entries, ball(8), 128)


def test_a_ball_of_d_is_enclosed_as_a_whole() -> None:
    """For every d in 8 +- 1e-6: the points at both ends lie in the box."""
    prover = prover_of("1b")
    wide = enclose(prover.problem, start("1b", Fraction(8)), ball(8) + arb(0, 1e-6), 128)
    for d in (Fraction(8) - Fraction(1, 10**6), Fraction(8) + Fraction(1, 10**6)):
        point = enclose(prover.problem, start("1b", d), ball(d), 128)
        assert all(x.contains(y) for x, y in zip(wide.entries, point.entries, strict=True))


def test_two_families_are_not_one_point() -> None:
    """1a and 1b at d = 8 are both critical: no regular hull joins them."""
    prover = prover_of("1b")
    right = enclose(prover.problem, start("1b", Fraction(8)), ball(8), 128)
    with pytest.raises((Undecided, SymreluError)):
        same_point(prover.problem, right.entries, [arb(1), arb(0)], ball(8), 128)
