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
from symrelu.free.law_report import sampled
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
    law = ProductWishart(1, 2)
    one, two = (law.sample_matrix(7, np.random.default_rng(3)) for _ in range(2))
    assert one.shape == (7, 7)
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, one.T)


@pytest.mark.parametrize(
    ("numbers", "atom"),
    [((3, 10**18), 1 / 3), (("5/2", 1, 10**12), 1 / 5), (("5/2", "1e-24", "1e-12"), 1 / 5)],
    ids=str,
)
def test_zeros_are_told_from_negative_eigenvalues_at_every_scale(numbers: tuple[object, ...], atom: float) -> None:
    """Rounding is relative to the largest eigenvalue: an absolute bound would take zeros for negative eigenvalues."""
    law = refined(*numbers)
    data = sampled(law, 200, 1)
    assert float(data["index"]) == pytest.approx(float(law.spectrum.index(6)), abs=0.008)
    assert float(data["largest_cdf_difference"]) < 0.03 < atom / 2


def test_eigenvalues_that_floats_do_not_resolve_are_refused() -> None:
    with pytest.raises(BadInput, match=r"of 100 eigenvalues 40 are not 0 but too small"):
        sampled(refined("5/2", 1, 10**30), 100, 1)


def test_sizes_at_which_the_sample_would_be_of_another_law() -> None:
    """n = 7 at phi = 3 has p = 2: the matrices are of phi = 7/2. The size that is named instead is taken."""
    rng = np.random.default_rng(1)
    for law in (refined(3, 1), MarchenkoPastur(300), transposed(MarchenkoPastur("1/2"), 7), ProductWishart(1, "5/2")):
        with pytest.raises(
            BadInput, match=r"a sample of 8 rows .* would be drawn with the ratio .* give \d+ rows"
        ) as error:
            law.sample_matrix(8, rng)
        words = str(error.value).split()
        rows = int(words[words.index("give") + 1])
        assert law.sample_matrix(rows, rng).shape == (rows, rows)


@pytest.mark.parametrize("law", [MarchenkoPastur("1e-9"), Semicircle(1).free_power(10**8)], ids=lambda law: law.name)
def test_samples_that_do_not_fit_into_memory(law: Law) -> None:
    with pytest.raises(BadInput, match="at most 100000000 entries"):
        law.sample_matrix(100, np.random.default_rng(1))


def test_no_size_is_named_where_none_fits() -> None:
    with pytest.raises(BadInput, match="no sample of at most 100000000 entries comes near"):
        MarchenkoPastur(10**7).sample_matrix(100, np.random.default_rng(1))
