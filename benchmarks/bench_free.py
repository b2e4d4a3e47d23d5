"""Free convolution: deriving (18) and (30), 1000 densities of (30), 50 digits of index and edges, a tracked law."""

from collections.abc import Callable

import numpy as np
import sympy as sp

from symrelu.free import MarchenkoPastur, inverse
from symrelu.free.models import refined, wishart_wigner

phi, eps, sigma = sp.symbols("phi eps sigma", positive=True)


def test_derivation_of_18(benchmark: Callable[..., object]) -> None:
    """Target: below 0.3 s with (30)."""
    benchmark(lambda: wishart_wigner(phi, eps).polynomial)


def test_derivation_of_30(benchmark: Callable[..., object]) -> None:
    """Target: below 0.3 s with (18)."""
    benchmark(lambda: refined(phi, eps, sigma).polynomial)


def test_1000_densities_of_30(benchmark: Callable[..., object]) -> None:
    """Target: below 20 ms."""
    spectrum = refined("1/2", "1/2").spectrum
    xs = np.linspace(spectrum.edges[0].value, spectrum.edges[1].value, 1000)
    benchmark(lambda: spectrum.density_array(xs))


def test_50_digits_of_index_and_edges(benchmark: Callable[..., object]) -> None:
    """Target: below 0.2 s, from the parameters on."""

    def run() -> object:
        spectrum = refined("1/2", "1/2").spectrum
        return spectrum.index(50), [edge.decimal(50) for edge in spectrum.edges]

    benchmark(run)


def test_20_digits_by_tracking(benchmark: Callable[..., object]) -> None:
    """The distribution function of MP(1/4) + 1/MP(1/4) at 2, from the parameters on."""
    benchmark(lambda: (MarchenkoPastur("1/4") + inverse(MarchenkoPastur("1/4"))).spectrum.cdf(2, 20))
