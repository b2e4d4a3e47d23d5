"""The exact spectrum of a family beside the laws: shapes against numpy, laws against sampled matrices."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest

from symrelu.bridge import Bridge, bridge
from symrelu.errors import BadInput
from symrelu.reference.hessian import hessian
from tests.shared import family_of


@pytest.fixture(scope="module")
def beside() -> Bridge:
    return bridge(family_of("2a"), 12)


def test_exact_shape_against_a_dense_hessian(beside: Bridge) -> None:
    at = family_of("2a").at(12, 20)
    values = np.linalg.eigvalsh(hessian(at.matrix(), np.ones(12), np.eye(12), np.ones(12)))
    assert len(values) == beside.parameters == 12 * 13
    shape, centred = beside.exact, values - values.mean()
    assert shape.mean == pytest.approx(values.mean(), rel=1e-9)
    assert shape.variance == pytest.approx(values.var(), rel=1e-9)
    assert shape.skewness == pytest.approx((centred**3).mean() / values.std() ** 3, rel=1e-9)
    assert (shape.index, shape.zero) == (0, pytest.approx(12 / 156))
    assert shape.highest == pytest.approx(values[-1], rel=1e-9)


def test_what_is_set_equal(beside: Bridge) -> None:
    for shape in beside.shapes[1:]:
        assert shape.mean == pytest.approx(beside.exact.mean, rel=1e-12)
    for name in ("refined, variance matched", "wishart-wigner, variance matched"):
        assert beside.shape(name).variance == pytest.approx(beside.exact.variance, rel=1e-12)
    assert float(beside.eps) == pytest.approx(float(family_of("2a").at(12, 20).loss.value), rel=1e-12)


def test_laws_against_sampled_matrices(beside: Bridge) -> None:
    for name in ("refined, variance matched", "wishart-wigner, phi = 1/4"):
        shape = beside.shape(name)
        values = np.linalg.eigvalsh(shape.law.sample_matrix(300, np.random.default_rng(3)))
        centred = values - values.mean()
        assert (values < -1e-9).mean() == pytest.approx(shape.index, abs=0.012)
        assert values.mean() == pytest.approx(shape.mean, rel=0.05)
        assert (centred**3).mean() / values.std() ** 3 == pytest.approx(shape.skewness, rel=0.15)


def test_population_limit_is_a_point_or_a_semicircle(beside: Bridge) -> None:
    point, semicircle = beside.shapes[1:3]
    assert point.variance == 0 and point.lowest == point.highest == pytest.approx(beside.exact.mean)
    radius = 2 * math.sqrt(2 * float(beside.eps))
    assert semicircle.highest - semicircle.mean == pytest.approx(radius, rel=1e-12)


def test_distance_of_distribution_functions(beside: Bridge) -> None:
    """Against the definition, on a fine grid and at the jumps from both sides."""
    shape = beside.shape("refined, phi = 1/4")
    levels = np.array([float(x.value) for x in beside.levels])
    share = np.array([x.multiplicity for x in beside.levels]) / beside.parameters
    grid = np.sort(np.concatenate([np.linspace(-0.5, 8, 4001), levels - 1e-9, levels + 1e-9]))
    exact = np.array([share[levels <= x].sum() for x in grid])
    assert shape.distance == pytest.approx(abs(shape.law.spectrum.cdf_array(grid) - exact).max(), abs=1e-6)


def test_mean_at_the_global_minimum_is_one_half() -> None:
    found = bridge(family_of("1a"), 9)
    assert found.eps == 0
    assert found.exact.mean == 0.5
    assert found.exact.zero == pytest.approx(1 / 10)
    assert all(shape.index == 0 for shape in found.shapes), "H1 = 0 at loss 0: both models are Marchenko-Pastur"


def test_tail_grows_with_d_and_the_laws_do_not(beside: Bridge) -> None:
    larger = bridge(family_of("2a"), 48)
    assert larger.exact.highest > 3 * beside.exact.highest
    assert larger.shapes[3].highest == pytest.approx(beside.shapes[3].highest, rel=0.05)
    assert larger.exact.skewness > 1.5 * beside.exact.skewness


def said(found: Bridge, about: str) -> str:
    (sentence,) = (finding for finding in found.findings() if finding.startswith(f"{about}: "))
    return sentence


def with_exact(found: Bridge, **numbers: float) -> Bridge:
    return replace(found, shapes=(replace(found.exact, **numbers), *found.shapes[1:]))


def test_skewness_in_words(beside: Bridge) -> None:
    """The same sentence from numbers that say otherwise."""
    assert "both lean to the right, the exact one further" in said(beside, "variance")
    assert "both lean to the right, the law further" in said(with_exact(beside, skewness=0.1), "variance")
    assert "leans to the left, the law to the right" in said(with_exact(beside, skewness=-0.1), "variance")
    assert "leans to no side, the law to the right" in said(with_exact(beside, skewness=0.0), "variance")


def test_laws_with_and_without_densities_in_words(beside: Bridge) -> None:
    words = said(beside, "bulk")
    assert "13 different eigenvalues" in words
    assert "a point: refined, phi -> 0;" in words
    assert re.search(r"an atom and a density: refined, variance matched \(0\.\d+ of it\);", words)
    assert "a density alone: wishart-wigner, phi -> 0, refined, phi = 1/4," in words
    at_minimum = said(bridge(family_of("1a"), 9), "bulk")
    assert "a point: refined, phi -> 0, wishart-wigner, phi -> 0" in at_minimum, "eps = 0: no semicircle"


def test_other_sentences_follow_their_numbers(beside: Bridge) -> None:
    assert "curious" in said(beside, "mean") and "exactly" not in said(beside, "mean")
    assert "exactly 1/2" in said(with_exact(beside, mean=0.5), "mean")
    assert "1/2" not in said(with_exact(beside, mean=0.8), "mean")
    assert "12 of 156, as many as neurons" in said(beside, "zeros")
    assert "neurons" not in said(with_exact(beside, zero=11 / 156), "zeros")
    assert "neurons" not in said(replace(beside, layers=1), "zeros")
    for shape, words in ((beside.exact, "the largest eigenvalue"), (beside.shapes[3], "The upper end of refined")):
        assert re.search(
            rf"{words}.* is {shape.highest:.4g}, {shape.highest / shape.mean:.3g} times", said(beside, "tail")
        )


def test_words_and_data(beside: Bridge) -> None:
    text, data = beside.text(), beside.to_json()
    assert text.count("\n* ") == len(data["findings"]) == 7
    assert "0 of 156" in text
    assert [x["name"] for x in data["spectra"]][0] == "exact"
    assert sum(x["multiplicity"] for x in data["levels"]) == data["parameters"] == 156


@pytest.mark.parametrize(("d", "phi", "said"), [("7.5", "1/4", "whole"), ("12", "0", "phi"), ("x", "1/4", "'x'")])
def test_bad_input(d: str, phi: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        bridge(family_of("2a"), d, phi=phi)
