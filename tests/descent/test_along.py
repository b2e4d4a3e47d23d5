"""Clusters along a descent: the numbers behind the figure, each by another way."""

import numpy as np
import pytest

import symrelu
from symrelu.descent.along import AlongDescent, Spectra, along_descent
from symrelu.descent.starts import start
from symrelu.errors import BadInput
from symrelu.reference.dense import gradient, loss
from symrelu.reference.hessian import first_layer_hessian, hessian

POINTS = 16


@pytest.fixture(scope="module")
def one() -> AlongDescent:
    """A descent at d = 8 that ends in a family of theorem 1."""
    return along_descent(8, seed=1, run=0, points=POINTS)


def test_it_starts_at_the_seeded_matrix_and_ends_in_a_critical_point_of_the_family(one: AlongDescent) -> None:
    W, identity, ones = start("xavier", 8, 8, 1, 0), np.eye(8), np.ones(8)
    assert one.loss[0] == pytest.approx(loss(W, ones, identity, ones), rel=1e-12)
    assert one.gradient[0] == pytest.approx(np.linalg.norm(gradient(W, ones, identity, ones).weights), rel=1e-12)
    assert one.gradient[-1] < 1e-10
    assert one.end.family is not None
    assert np.all(np.diff(one.loss) < 0), "gradient descent with this step never goes up"
    assert one.steps[0] == 0 and list(one.steps[:-1]) == sorted(set(one.steps[:-1]))


def test_eigenvalues_are_those_of_the_reference(one: AlongDescent) -> None:
    W, identity, ones = start("xavier", 8, 8, 1, 0), np.eye(8), np.ones(8)
    args = (ones, identity, ones)
    np.testing.assert_allclose(one.first.eigenvalues[0], np.linalg.eigvalsh(first_layer_hessian(W, *args)), atol=1e-12)
    np.testing.assert_allclose(one.both.eigenvalues[0], np.linalg.eigvalsh(hessian(W, *args)), atol=1e-12)
    after = W - one.rate * gradient(W, *args).weights
    assert one.steps[1] == 1
    np.testing.assert_allclose(
        one.first.eigenvalues[1], np.linalg.eigvalsh(first_layer_hessian(after, *args)), atol=1e-11
    )


def test_the_end_has_the_exact_eigenvalues_of_the_family(one: AlongDescent) -> None:
    for spectra in (one.first, one.both):
        np.testing.assert_allclose(spectra.eigenvalues[-1], spectra.end, atol=1e-9)
        assert sum(level.multiplicity for level in spectra.levels) == spectra.eigenvalues.shape[1]
        assert spectra.distance_to_end[-1] < 1e-9 < 0.1 < spectra.distance_to_end[0]


def test_clusters_are_those_of_theorem_2(one: AlongDescent) -> None:
    bulk = {level.constant for level in one.both.levels if not level.is_outlier}
    assert {"1/4 - 1/(2*pi)", "1/2 - 1/pi", "1/4", "1/4 + 1/(2*pi)", "0"} == bulk
    slopes = {level.slope for level in one.both.levels if level.is_outlier}
    assert slopes == {"1/4", "1/pi"}
    by_value = {level.text: level for level in one.both.levels}
    assert by_value["0"].multiplicity == 8, "the rescalings"
    assert by_value["1/4*d + 1/2"].value == 2.5


def test_the_matching_of_sorted_eigenvalues_is_the_best(one: AlongDescent) -> None:
    """No permutation of eigenvalues over clusters brings the largest distance down: tried on random exchanges."""
    rng = np.random.default_rng(1)
    values = one.first.eigenvalues[0]
    targets = np.repeat([level.value for level in one.first.levels], [level.multiplicity for level in one.first.levels])
    best = np.abs(values - np.sort(targets)).max()
    assert best == pytest.approx(max(one.first.distance()[0], one.first.distance(True)[0]))
    for _ in range(200):
        i, j = rng.integers(len(values), size=2)
        swapped = np.sort(targets)
        swapped[[i, j]] = swapped[[j, i]]
        assert np.abs(values - swapped).max() >= best - 1e-12


def test_clusters_form(one: AlongDescent) -> None:
    assert one.first.filling[0] > 0.9, "a continuum at the start"
    assert one.first.distance()[-1] < 0.3 * one.first.distance()[0]
    assert one.formed(one.first, 10.0) == 0
    assert one.formed(one.first, 1e-9) is None, "the end point's eigenvalues are not Theorem 2's constants themselves"
    tolerance = 1.1 * float(one.first.distance()[-1])
    step = one.formed(one.first, tolerance)
    assert step is None or one.first.distance()[one.steps.index(step)] <= tolerance


def test_the_gradient_among_outliers(one: AlongDescent) -> None:
    """The share at the start from the reference Hessian, by another projection."""
    W, identity, ones = start("xavier", 8, 8, 1, 0), np.eye(8), np.ones(8)
    values, vectors = np.linalg.eigh(first_layer_hessian(W, ones, identity, ones))
    g = gradient(W, ones, identity, ones).weights.ravel()
    rest = g - vectors[:, : one.first.bulk] @ (vectors[:, : one.first.bulk].T @ g)
    assert one.share[0] == pytest.approx(rest @ rest / (g @ g), rel=1e-9)
    assert one.share[0] > 0.5 > one.share[-1]
    assert 0 < one.decrease_share < 1
    assert one.first_below(2.0) == 0
    assert len(one.share) == len(one.steps) - 1, "at the end there is no gradient to share"


def test_filling_and_widths_of_made_up_eigenvalues(one: AlongDescent) -> None:
    levels = one.first.levels
    exact = np.concatenate([np.full(level.multiplicity, level.value) for level in levels])
    spread = exact + np.linspace(-1e-3, 1e-3, len(exact))
    found = Spectra(1, np.array([exact, spread]), levels)
    assert np.all(found.widths[0] == 0) and found.filling[0] == 0
    assert found.distance()[1] == pytest.approx(1e-3, rel=0.1)


def test_text_and_data(one: AlongDescent) -> None:
    text = one.text()
    assert "1/4 - 1/(2*pi)" in text and "seed 1, run 0" in text
    data = one.to_json()
    assert len(data["loss"]) == len(data["steps"]) == len(data["spectra"][0]["bulk_distance"])
    assert sum(x["multiplicity"] for x in data["spectra"][0]["clusters"]) == 64


def test_refusals() -> None:
    with pytest.raises(BadInput, match="2 <= d <= 40"):
        along_descent(1)
    with pytest.raises(BadInput, match="xavier"):
        along_descent(6, initialisation="none")


@pytest.mark.slow
def test_without_the_residual_clusters_form_while_the_loss_is_large() -> None:
    """d = 20: H - B is within 0.03 of Theorem 2's values at ten times the end's loss, where H is not within 0.1."""
    one = along_descent(20, run=7, points=30)
    assert one.end.family == "2a"
    place = next(i for i, x in enumerate(one.without.distance()) if x < 0.03)
    assert one.loss[place] > 10 * one.loss[-1]
    assert one.first.distance()[place] > 0.1
    assert one.first.distance()[-1] < 0.05
    assert symrelu.family("2a").at(20).loss.value == pytest.approx(one.loss[-1], abs=1e-10)
