"""Descents on the population loss: starts, ends, and what an independent descent finds from the same starts."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from symrelu import family
from symrelu.descent.descend import Diverged, default_rate, descend, nearest_target
from symrelu.descent.sgd import sample_gradient, sgd
from symrelu.descent.starts import INITIALISATIONS, start
from symrelu.errors import BadInput
from symrelu.model.activations import kernel_named
from symrelu.model.dense import DenseLoss
from symrelu.reference import descent as reference
from symrelu.samples.training_loss import TrainingLoss

RECORD = Path(__file__).parents[1] / "reference" / "data" / "descents-20-20.json"


def starts(k: int, d: int, n: int, name: str = "xavier") -> np.ndarray:
    return np.array([start(name, k, d, 1, run) for run in range(n)])


@pytest.mark.parametrize("name", INITIALISATIONS)
def test_initialisations(name: str) -> None:
    W = starts(6, 8, 200, name)
    variance = {
        "xavier": 1 / 8,
        "he": 1 / 4,
        "he-uniform": 1 / 4,
        "small": 1e-4 / 8,
        "large": 9 / 8,
        "sphere": 1 / 8,
        "orthogonal": 1 / 8,
    }.get(name, 1 / 7)
    assert W.shape == (200, 6, 8) and abs(W.mean()) < 4 * (variance / W.size) ** 0.5
    assert np.mean(W**2) == pytest.approx(variance, rel=0.06)
    assert np.array_equal(W[7], start(name, 6, 8, 1, 7)), "a start is a function of seed and number"
    assert not np.array_equal(W[7], start(name, 6, 8, 2, 7))
    if name == "orthogonal":
        assert W[0] @ W[0].T == pytest.approx(np.eye(6), abs=1e-12)
        tall = start(name, 9, 8, 1, 0)
        assert tall.T @ tall == pytest.approx(np.eye(8), abs=1e-12)


def test_ends_are_minima_and_known_ones() -> None:
    mine = DenseLoss(np.eye(8))
    ends = descend(mine, starts(8, 8, 40))
    losses = Counter(round(end.loss, 10) for end in ends)
    assert all(end.kind == "minimum" and end.gradient_norm < 1e-11 and end.smallest > 0.01 for end in ends)
    assert set(losses) == {0.0, round(float(family("2a").at(8).loss.value), 10)}, "the target, and case 2a"


@pytest.mark.slow
def test_an_independent_descent_from_the_same_starts_ends_in_the_same_minima() -> None:
    """The record is of `symrelu.reference.descent`: plain steps until the gradient is 1e-5, no code shared."""
    recorded = json.loads(RECORD.read_text())["runs"][:12]
    assert np.array_equal(starts(20, 20, 12)[5], reference.xavier(20, 20, 1, 5))
    ends = descend(DenseLoss(np.eye(20)), starts(20, 20, 12), rate=4 / 20)
    assert [end.loss for end in ends] == pytest.approx([run["loss"] for run in recorded], abs=1e-11)


def test_a_run_depends_on_its_start_and_the_rate_alone() -> None:
    mine, W = DenseLoss(np.eye(7)), starts(7, 7, 6)
    together, alone = descend(mine, W), descend(mine, W[3:4], rate=default_rate(mine, W))
    assert together[3].steps == alone[0].steps and together[3].weights == pytest.approx(alone[0].weights, abs=1e-13)


def test_one_neuron_more_ends_near_a_continuum_of_zero_loss() -> None:
    mine = DenseLoss(np.eye(6))
    ends = descend(mine, starts(7, 6, 8))
    assert {end.kind for end in ends} == {"target"} and max(end.loss for end in ends) < 1e-15
    W = ends[0].weights
    assert nearest_target(mine, W, np.ones(7)) == pytest.approx(W)
    assert (W.sum(axis=0) == pytest.approx(np.ones(6))) and np.all(W >= 0)


def test_both_layers_end_scaled_to_output_weights_of_one() -> None:
    ends = descend(DenseLoss(np.eye(6)), starts(6, 6, 8), layers=2)
    for end in ends:
        assert end.kind == "minimum" and np.array_equal(end.alpha, np.ones(6)) and end.loss < 1e-14
        assert np.sort(end.weights.max(axis=1)) == pytest.approx(np.ones(6), abs=1e-10)


def test_both_layers_of_an_activation_that_no_scaling_makes_up_for() -> None:
    mine = DenseLoss(np.eye(3), kernel=kernel_named("erf"))
    (end,) = descend(mine, np.eye(3)[None] + 0.1 * starts(3, 3, 1), layers=2)
    assert end.kind == "minimum" and end.loss < 1e-15 and end.alpha == pytest.approx(np.ones(3), abs=1e-8)


def test_what_does_not_end_says_so() -> None:
    mine, W = DenseLoss(np.eye(5)), starts(5, 5, 2)
    (first, _) = descend(mine, W, limit=25)
    assert first.kind == "unfinished" and first.steps == 25 and first.gradient_norm > 1e-4
    with pytest.raises(Diverged, match="give a smaller rate"):
        descend(mine, W, rate=50.0)
    with pytest.raises(BadInput, match="must be positive"):
        descend(mine, W, rate=0)
    with pytest.raises(BadInput, match="matrices of 5 columns"):
        descend(mine, W[0])
    with pytest.raises(BadInput, match="there are xavier"):
        start("kaiming", 3, 3, 1, 0)


def test_a_degenerate_minimum_is_no_minimum_but_critical() -> None:
    """z**2: the loss depends on W'W alone, so that minima are orbits of rotations."""
    (end,) = descend(DenseLoss(np.eye(2), kernel=kernel_named("z2")), np.array([[[0.9, 0.3], [-0.2, 0.8]]]))
    assert end.kind == "critical" and end.loss < 1e-15 and abs(end.smallest or 0) < 1e-6


def test_sample_gradients_have_the_population_gradient_as_mean() -> None:
    mine, W = DenseLoss(np.eye(4), [1.0, 2.0, 1.0, 1.0]), starts(5, 4, 2)
    alpha, x = np.array([1.0, -1.0, 2.0, 1.0, 1.0]), np.random.default_rng(0).normal(size=(2, 4, 200_000))
    mean = sample_gradient(mine, W, alpha, x)
    assert mean == pytest.approx(mine.row_gradient(W, alpha), abs=0.1)
    assert sample_gradient(mine, W, alpha, x)[1] == pytest.approx(
        TrainingLoss(x[1].T, mine).gradient(W[1], alpha)[0], abs=1e-12
    )
    half = sample_gradient(mine, W, alpha, x[..., :100_000]) - sample_gradient(mine, W, alpha, x[..., 100_000:])
    assert np.sqrt(np.mean((mean - mine.row_gradient(W, alpha)) ** 2)) < np.sqrt(np.mean(half**2))


def test_sgd_reaches_the_same_minima() -> None:
    mine, W = DenseLoss(np.eye(6)), starts(6, 6, 6)
    there = sgd(mine, W, 1, range(6), steps=1500)
    assert np.array_equal(there[4:], sgd(mine, W[4:], 1, [4, 5], steps=1500, rate=min(default_rate(mine, W), 2)))
    ends = descend(mine, there)
    assert all(end.kind == "minimum" and end.steps <= 200 for end in ends)
    with pytest.raises(BadInput, match="must be positive"):
        sgd(mine, W, 1, range(6), steps=0)


def test_teacher_rows_of_one_direction_leave_a_continuum() -> None:
    """relu(x) + relu(2 x) is relu(3 x): two students share it in any proportion."""
    mine = DenseLoss([[1.0, 0.0], [2.0, 0.0]])
    (end,) = descend(mine, np.array([[[0.5, 0.1], [1.0, -0.2]]]))
    assert end.kind == "target" and end.weights.sum(axis=0) == pytest.approx([3, 0]) and end.steps < 5000
