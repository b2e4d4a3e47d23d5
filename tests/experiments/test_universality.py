from fractions import Fraction

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.experiments.universality import ENTRIES, finite_size, sampled, universality


@pytest.mark.parametrize("entries", ENTRIES)
def test_entries_have_mean_0_and_variance_1(entries: str) -> None:
    x = ENTRIES[entries](np.random.default_rng(0), (300, 300))
    assert abs(x.mean()) < 0.02
    assert x.var() == pytest.approx(1, abs=0.2 if entries == "student-3" else 0.05)


def test_sampled_matrices_are_symmetric_with_the_right_first_moments() -> None:
    H = sampled(200, Fraction(1, 4), Fraction(1, 10), "rademacher", np.random.default_rng(1))
    assert np.array_equal(H, H.T)
    assert np.trace(H) / 200 == pytest.approx(1, abs=0.02)
    assert np.sum(H**2) / 200 - 1 == pytest.approx(1 / 4 + 2 / 10, abs=0.02)


def test_the_distance_to_the_law_falls_about_like_1_over_n() -> None:
    found = finite_size(sizes=(20, 40, 80), draws=8)
    distances = [point.distance for point in found.points]
    assert distances[0] > distances[1] > distances[2] and -1.3 < found.slope < -0.5


def test_light_tails_are_universal_at_once_and_heavy_ones_are_not() -> None:
    found = universality(n=80, draws=6)
    assert all(found[name].distance < 1.3 * found["normal"].distance for name in ("rademacher", "uniform"))
    assert found["student-3"].distance > 1.5 * found["normal"].distance


def test_bad_input() -> None:
    rng = np.random.default_rng(0)
    for n, phi, eps, entries in (
        (10, Fraction(3, 7), Fraction(1), "normal"),
        (10, Fraction(1, 2), Fraction(0), "normal"),
        (10, Fraction(1, 2), Fraction(1), "cauchy"),
    ):
        with pytest.raises(BadInput):
            sampled(n, phi, eps, entries, rng)
    with pytest.raises(BadInput):
        finite_size(sizes=(20,))
