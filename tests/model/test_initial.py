"""Laws of initial weights: the usual formulas to the last bit (starts of stored runs rest on them), and one table."""

import numpy as np
import pytest

from symrelu.convexity.starts import initial_weights
from symrelu.descent.starts import INITIALISATIONS, start
from symrelu.model.initial import DEVIATIONS, HE_NORMAL, HE_UNIFORM, XAVIER_NORMAL, XAVIER_UNIFORM, Law


@pytest.mark.parametrize("n_in", [1, 2, 7, 15, 21, 60])
@pytest.mark.parametrize("n_out", [1, 6, 21])
def test_sizes(n_in: int, n_out: int) -> None:
    assert Law("fan-in").size(n_in, n_out) == n_in**-0.5
    assert Law("fan-in", factor=3).size(n_in, n_out) == 3 * n_in**-0.5
    assert XAVIER_UNIFORM.size(n_in, n_out) == (6 / (n_in + n_out)) ** 0.5
    assert XAVIER_NORMAL.size(n_in, n_out) == (2 / (n_in + n_out)) ** 0.5
    assert HE_UNIFORM.size(n_in, n_out) == (6 / n_in) ** 0.5
    assert HE_NORMAL.size(n_in, n_out) == (2 / n_in) ** 0.5
    assert Law("torch", uniform=True).size(n_in, n_out) == 1 / n_in**0.5


@pytest.mark.parametrize("rule", DEVIATIONS)
def test_a_uniform_law_has_the_variance_of_the_normal_one(rule: str) -> None:
    assert Law(rule, uniform=True).size(3, 5) ** 2 / 3 == pytest.approx(Law(rule).size(3, 5) ** 2)


@pytest.mark.parametrize(
    ("ours", "theirs"), [("xavier-uniform", "xavier-uniform"), ("he-uniform", "he-uniform"), ("he", "he-normal")]
)
def test_the_same_law_under_both_names(ours: str, theirs: str) -> None:
    assert ours in INITIALISATIONS
    few = np.array([start(ours, 4, 9, 1, run) for run in range(60)])
    many = initial_weights(theirs, [9, 4], 2000, np.random.default_rng(1))[0]
    assert few.shape[1:] == many.shape[1:] and np.std(few) == pytest.approx(np.std(many), rel=0.06)
    if "uniform" in ours:
        assert np.max(np.abs(few)) == pytest.approx(np.max(np.abs(many)), rel=0.01)
