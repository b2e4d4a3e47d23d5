"""Intervals and tests against numbers worked out elsewhere, and against what must hold of them."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symrelu.descent.statistics import (
    binomial_tail,
    mean_and_error,
    normal_tail,
    rank_correlation,
    two_proportions,
    wilson,
)
from symrelu.errors import BadInput

counts = st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_wilson() -> None:
    assert wilson(5, 10) == pytest.approx((0.236593, 0.763407), abs=1e-6)
    assert wilson(0, 10) == pytest.approx((0, 0.277533), abs=1e-6)
    assert wilson(0, 10)[0] == 0.0 and wilson(10, 10)[1] == 1.0


@given(counts)
def test_wilson_is_where_the_score_test_accepts(pair: tuple[int, int]) -> None:
    count, runs = pair
    for bound in wilson(count, runs):
        if 0 < bound < 1:
            score = (count / runs - bound) / math.sqrt(bound * (1 - bound) / runs)
            assert abs(score) == pytest.approx(1.959963985, rel=1e-6)


def test_binomial_tail() -> None:
    assert binomial_tail(29, 29) == pytest.approx(2.0**-29, rel=1e-12)
    assert binomial_tail(1000, 2000) == pytest.approx(0.5 + math.comb(2000, 1000) / 2**2001, rel=1e-9), "large numbers"
    assert binomial_tail(0, 7) == 1
    assert binomial_tail(2, 3, 0.25) == pytest.approx(10 / 64)


def test_fisher_on_the_lady_tasting_tea() -> None:
    assert two_proportions(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert two_proportions(4, 4, 0, 4) == pytest.approx(2 / 70)


@given(counts, counts)
def test_two_proportions_is_symmetric_and_a_probability(first: tuple[int, int], second: tuple[int, int]) -> None:
    p = two_proportions(*first, *second)
    assert 0 < p <= 1 + 1e-12
    assert two_proportions(*second, *first) == pytest.approx(p)


def test_many_runs_are_compared_by_the_normal_approximation() -> None:
    assert two_proportions(1500, 3000, 1600, 3000) == pytest.approx(0.0098, abs=1e-4)  # z = 2.5834
    assert two_proportions(300, 3000, 340, 3000) == pytest.approx(0.0944, abs=2e-4)  # z = 1.6729
    assert two_proportions(0, 3000, 0, 3000) == 1


def test_small_tails_of_the_normal_law() -> None:
    assert normal_tail(0) == 0.5 and normal_tail(1.959963985) == pytest.approx(0.025)
    assert normal_tail(20) == pytest.approx(2.7536e-89, rel=1e-4)


def test_mean_and_error() -> None:
    assert mean_and_error([1, 2, 3, 4]) == pytest.approx((2.5, math.sqrt(5 / 3 / 4)))
    assert mean_and_error([7]) == (7, 0)


def test_rank_correlation() -> None:
    assert rank_correlation([1, 10, 100], [2, 3, 9]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3], [3, 1, 2]) == pytest.approx(-0.5)
    assert rank_correlation([1, 1], [2, 3]) is None
    values = [rank_correlation(list(p), [1, 2, 3, 4]) for p in itertools.permutations([1, 2, 3, 4])]
    assert sum(x for x in values if x is not None) == pytest.approx(0), "none on average over all orders"


def test_refused() -> None:
    for given_ in ((3, 2), (-1, 2), (0, 0)):
        with pytest.raises(BadInput, match="runs were given"):
            wilson(*given_)
    with pytest.raises(BadInput, match="level"):
        wilson(1, 2, 1.0)
    with pytest.raises(BadInput, match="mean"):
        mean_and_error([])
