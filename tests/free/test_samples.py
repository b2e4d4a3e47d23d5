"""Laws against sampled matrices: distribution functions, operations, and the index, which needs a tolerance for 0."""

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.free import (
    Discrete,
    Law,
    MarchenkoPastur,
    PointMass,
    ProductWishart,
    Semicircle,
    inverse,
    square,
    symmetric_root,
    transposed,
)
from symrelu.free.models import refined, wishart_wigner

SIZE = 400
ZERO = 1e-9  # of an eigenvalue that is 0 but for rounding


def eigenvalues(law: Law, n: int = SIZE) -> np.ndarray:
    return np.linalg.eigvalsh(law.sample_matrix(n, np.random.default_rng(20170706)))


def distance(law: Law, found: np.ndarray) -> float:
    """Kolmogorov's distance between the sample and the law, an atom being taken where it is up to rounding."""
    found = found.copy()
    for x, _ in law.spectrum.atoms:
        found[abs(found - float(x)) < ZERO] = float(x)
    at, counts = np.unique(found, return_counts=True)
    after = np.cumsum(counts) / len(found)
    exact = law.spectrum.cdf_array(at)
    jumps = sum((float(mass) * (at == float(x)) for x, mass in law.spectrum.atoms), np.zeros_like(at))
    return float(max(abs(after - exact).max(), abs(after - counts / len(found) - exact + jumps).max()))


@pytest.mark.parametrize(
    "law",
    [
        wishart_wigner("1/4", "1/10"),
        wishart_wigner("3/4", "1/4"),
        refined("1/2", "1/2"),
        refined("1/2", "1/2", "1/2"),
        refined("3/2", 60),
        refined(3, 1),
        ProductWishart(1, 3),
        MarchenkoPastur(2) - MarchenkoPastur(2),
        MarchenkoPastur("1/4") + inverse(MarchenkoPastur("1/4")),
        MarchenkoPastur("1/2") @ MarchenkoPastur("1/3"),
        (MarchenkoPastur("1/4") - "1/2") @ MarchenkoPastur("1/3") @ Discrete({1: "1/2", 2: "1/2"}),
        MarchenkoPastur("1/3") @ (Semicircle(1) + 1),
        square(MarchenkoPastur("1/4") - 1),
        symmetric_root(MarchenkoPastur("1/2")),
        transposed(MarchenkoPastur("1/2"), 2),
        transposed(2 * MarchenkoPastur(2), "1/2"),
        Discrete({0: "1/4", 1: "3/4"}).free_power(3),
        Discrete({0: "3/4", 2: "1/4"}) + Discrete({1: "3/4", 5: "1/4"}),
        PointMass(2) + Semicircle("1/2"),
    ],
    ids=lambda law: law.name,
)
def test_sampled_spectra(law: Law) -> None:
    """At n = 400 the distance is of order 1/n; 0.015 is 6 eigenvalues."""
    assert distance(law, eigenvalues(law)) < 0.015


@pytest.mark.parametrize(
    "law",
    [wishart_wigner("1/2", "1/10"), wishart_wigner(2, "1/2"), refined("1/4", 1), refined("3/4", 1), refined(3, 1)],
    ids=lambda law: law.name,
)
def test_the_index_of_samples(law: Law) -> None:
    """For refined(3, 1) a third of the eigenvalues is 0 and comes out as +-1e-16: the tolerance decides."""
    found = eigenvalues(law)
    assert abs((found < -ZERO).mean() - float(law.spectrum.index(6))) < 0.008


def test_without_a_tolerance_the_index_would_be_wrong() -> None:
    law = refined(3, 1)
    found = eigenvalues(law)
    assert (abs(found) < ZERO).mean() == pytest.approx(1 / 3, abs=0.005)
    assert (found < 0).mean() > float(law.spectrum.index(6)) + 0.05


def test_free_powers_below_1_have_no_matrix_model() -> None:
    with pytest.raises(BadInput, match="from the power 1 on"):
        MarchenkoPastur("1/2").free_power("1/2").sample_matrix(10, np.random.default_rng(1))


def test_draws_are_symmetric_and_repeatable() -> None:
    law = ProductWishart(1, 3)
    one, two = (law.sample_matrix(7, np.random.default_rng(3)) for _ in range(2))
    assert one.shape == (7, 7)
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, one.T)
