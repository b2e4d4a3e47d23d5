"""Timings of families at real d: points with their spectra to 50 digits, ends of paths, thresholds (`make bench`)."""

import pytest

from symrelu.families import family


@pytest.mark.parametrize("d", ["6", "20", "1e6", "1e100"])
@pytest.mark.parametrize("name", ["2a", "3a"])
def test_fifty_digits(benchmark, name: str, d: str) -> None:
    """Entries, loss and the whole spectrum of a family that nothing is known of yet (warm process)."""
    family("1b").at(7, 5)
    benchmark.pedantic(lambda: family(name).at(d, 50), rounds=2, iterations=1)


@pytest.mark.parametrize("name", ["1b", "2a", "3a", "4"])
def test_thresholds(benchmark, name: str) -> None:
    """All thresholds to 20 digits, without the proof."""
    benchmark.pedantic(lambda: family(name).thresholds(20, prove=False), rounds=1, iterations=1)


@pytest.mark.parametrize("name", ["2a", "3a"])
def test_end_of_the_path(benchmark, name: str) -> None:
    """Where the path ends, around its fold if there is one."""
    benchmark.pedantic(lambda: family(name).path().end(), rounds=1, iterations=1)
