"""The search finds the families that are known, with their limits, exponents and coefficients, and says how it went."""

from fractions import Fraction
from math import pi

import mpmath
import numpy as np
import pytest

import symrelu
from symrelu.errors import NoFamily
from symrelu.finding.climb import Climber, CurveLost, Spot, digits_for
from symrelu.finding.extend import with_a_small_row
from symrelu.finding.multistart import starts_near
from symrelu.finding.numbers import power_of_ten
from symrelu.finding.scaling import Scaled, newton


def leading(candidate):
    """(limit, exponent, coefficient) of each coordinate."""
    return [
        (limit.exact, terms[0].exponent if terms else None, float(terms[0].coefficient.value) if terms else 0.0)
        for limit, terms in zip(candidate.limits, candidate.corrections, strict=True)
    ]


def test_one_block_has_the_target_and_1b(searched):
    """Delta S_d: W = V, exactly constant, and 1b; all rows equal has more symmetry and is set aside with its group."""
    candidates, report = searched("d", None, 0.15)
    assert [leading(c) for c in candidates] == [
        [(1, None, 0.0), (0, None, 0.0)],
        [(-1, 2, pytest.approx(2)), (0, 2, pytest.approx(2))],
    ]
    assert [c.kind for c in candidates] == ["minimum", "minimum"]
    assert float(candidates[1].loss_limit.value) == pytest.approx(1 / 2 - 1 / pi)
    assert [(x.why, x.detail) for x in report.discarded] == [("larger isotropy", "rows(S_d) x columns(S_d)")]
    assert "share of singletons" in report.completeness() and report.singletons == 0
    assert [line.startswith("larger isotropy") for line in report.remarks()] == [True]


def test_every_coefficient_of_1b_agrees_with_its_series(searched):
    """The exact series knows them all."""
    (_, found), _ = searched("d", None, 0.15)
    exact = symrelu.family("1b").series(6).entries
    for name, terms in zip(found.problem.space.names, found.corrections, strict=True):
        for term in terms[:3]:
            element = exact[name].field.ball(exact[name][int(term.exponent)], 200)
            coefficient = mpmath.mpf(element.str(40, radius=False))
            digits = min(term.coefficient.digits - 1, 14)
            assert abs(term.coefficient.value - coefficient) <= abs(coefficient) * mpmath.mpf(10) ** -digits


def test_a_candidate_is_evaluated_at_any_large_d(searched):
    """Newton's method from the nearest known point: 1b at d = 12345.5 and 1e60, against the family's own evaluation."""
    (_, found), _ = searched("d", None, 0.15)
    mpmath.mp.dps = 60
    for d in ("12345.5", "1e60"):
        values = found.value(Fraction(d), 40)
        expected = symrelu.family("1b").at(d, digits=40).entries
        for value, other in zip(values, expected.values(), strict=True):
            assert abs(value - other.value) < abs(other.value) * mpmath.mpf(10) ** -38


@pytest.mark.slow
def test_two_blocks_have_2a_2b_and_three_saddles_with_a_vanishing_row(searched):
    """Delta(S_{d-1} x S_1): the last row may vanish, as +t**3 and -t**3 over the bulk +1 and as 2 t**2 over -1."""
    candidates, report = searched("d-1,1", None, 1.0)
    assert [c.kind for c in candidates] == ["minimum", "saddle", "saddle", "minimum", "saddle"]
    named = leading(candidates[0]), leading(candidates[3])
    assert [x[0] for x in named[0]] == [1, 0, 0, 0, -1] and [x[0] for x in named[1]] == [-1, 0, 0, 0, 1]
    assert named[0][3][1:] == (2, pytest.approx(4 / pi))
    vanishing = [leading(candidates[i]) for i in (1, 2)]
    assert sorted(v[3][2] for v in vanishing) == [pytest.approx(-1), pytest.approx(1)]
    assert all(v[3][:2] == v[4][:2] == (0, 3) for v in vanishing)
    assert float(candidates[1].loss_limit.value) == pytest.approx(1 / 8 - 1 / (4 * pi))
    assert leading(candidates[4])[3] == (0, 2, pytest.approx(2))
    assert not report.continua


@pytest.mark.slow
def test_three_branches_lie_over_one_limit(searched):
    """Delta(S_{d/2} x S_{d/2}) over (+, -): two minima and a saddle, equivalent points under the swap counted once."""
    candidates, _ = searched("d/2,d/2", None, 1.0)
    assert [c.kind for c in candidates] == ["minimum", "minimum", "saddle"]
    assert all([x[0] for x in leading(c)] == [1, 0, 0, 0, -1, 0] for c in candidates)
    assert len({round(leading(c)[1][2], 6) for c in candidates}) == 3


def test_starts_with_a_small_row_meet_both_signs_of_a_vanishing_row(problem):
    """Delta(S_{d-1} x S_1) at d = 1e4: the last row vanishes as +t**3 and -t**3; hardly any random start is so near."""
    scaled = Scaled(problem("d-1,1"))
    z = with_a_small_row(scaled.problem, 1e4, 1, 100)
    assert len(z) and np.min(scaled.norms(z)) < 1e-6
    result = newton(scaled, z, np.full(len(z), 1e4))
    x = result.z[result.ok] / scaled.roots(np.full(int(np.sum(result.ok)), 1e4))
    vanishing = x[(np.abs(x[:, 3]) < 1e-5) & (np.abs(x[:, 3]) > 1e-7)]
    assert {1, -1} <= set(np.sign(vanishing[:, 3]).astype(int))


def branch_of_one_more_neuron(problem, d):
    """A start for the branch of k = d + 1 (d-1,1; rows 1,2,*) that exists above d = 17,360 only."""
    from flint import arb

    t = arb(d) ** arb("-0.5")
    leading = [(1, 3, "-0.5722878789"), (0, 4, "0.2212"), (0, 2, "2"), (0, 2, "0.6967111008"), (-1, 1, "1.0920365644")]
    leading += [(0, 2, "-0.9178787898"), (0, 1, "1.3883351109")]
    return [(arb(limit) + arb(c) * t**e).mid() for limit, e, c in leading]


def test_a_branch_that_begins_at_a_large_d_is_followed_down_to_its_fold(problem):
    """With one more neuron one of the branches +- begins in a fold at d = 17,360: no search at d = 10,000 meets it."""
    p = problem("d-1,1", "1,2,*")
    climber, u = Climber(p), 23.025850929940457
    x = climber.polish(branch_of_one_more_neuron(p, 10**10), power_of_ten(u), digits_for(1e10), cap=0.5)
    with pytest.raises(CurveLost) as lost:
        climber.climb(Spot(u, power_of_ten(u), x), [9.0])
    assert lost.value.d == pytest.approx(17360, rel=2e-3)


def test_a_start_that_is_no_critical_point_is_refused(problem):
    from flint import arb

    climber = Climber(problem("d"))
    with pytest.raises(NoFamily):
        climber.polish([arb("0.3"), arb("0.01")], arb(10**6), 30)


def test_starts_near_a_limit_are_near_it_but_for_rows_that_vanish(problem):
    p = problem("d-2,2", "1,2,*")
    limit = np.array([1.0, 0, 0, 0, -1, 0, 0, 0])
    scaled = Scaled(p)
    z = starts_near(scaled, limit, 1e6, 50, np.random.default_rng(1))
    away = np.abs(z / scaled.roots(np.array([1e6]))[0] - limit)
    assert np.max(away) < 0.1
    norms = np.linalg.norm(z[:, scaled.members[2]], axis=1)
    assert np.all((norms > 1e6**-2) & (norms < 1e6**-0.2))
    assert np.max(norms) > 100 * np.min(norms)
