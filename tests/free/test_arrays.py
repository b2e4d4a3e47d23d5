"""Fast arrays in floats against certified values."""

import numpy as np
import pytest

from symrelu.free import Discrete, Law, MarchenkoPastur, PointMass, ProductWishart, Semicircle, inverse, square
from symrelu.free.models import refined, wishart_wigner

LAWS = [
    wishart_wigner("1/4", "1/10"),
    refined("1/2", "1/2"),
    refined(3, 1),
    MarchenkoPastur("1/2") - MarchenkoPastur("1/3"),
    PointMass(1) @ MarchenkoPastur(2),
    MarchenkoPastur("1/4") + inverse(MarchenkoPastur("1/4")),
    Discrete({0: "3/4", 2: "1/4"}) + Semicircle("1/9"),
]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_density_arrays_are_the_certified_density(law: Law) -> None:
    spectrum = law.spectrum
    low, high = spectrum.edges[0].value, spectrum.edges[-1].value
    xs = np.round(np.linspace(low - 0.1, high + 0.1, 9), 3) + 1e-4
    certified = [float(spectrum.density(float(x), 15)) for x in xs]
    np.testing.assert_allclose(spectrum.density_array(xs), certified, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("law", LAWS[:-1], ids=lambda law: law.name)
def test_cdf_arrays_are_the_certified_distribution_function(law: Law) -> None:
    spectrum = law.spectrum
    low, high = spectrum.edges[0].value, spectrum.edges[-1].value
    xs = np.round(np.linspace(low - 0.1, high + 0.1, 5), 3) + 1e-4
    certified = [float(spectrum.cdf(float(x), 6)) for x in xs]
    np.testing.assert_allclose(spectrum.cdf_array(xs), certified, atol=1e-5)


def test_arrays_say_where_there_is_an_atom_or_an_infinite_density() -> None:
    assert np.isnan(MarchenkoPastur(2).spectrum.density_array(np.array([0.0])))
    assert np.isnan((PointMass(1) @ MarchenkoPastur(2)).spectrum.density_array(np.array([0.0])))
    for law in (MarchenkoPastur(1), ProductWishart(1, 1), square(Semicircle(1))):
        assert np.isposinf(law.spectrum.density_array(np.array([0.0])))


def test_the_root_at_infinity_of_the_quartic_is_left_out() -> None:
    """At z = 0 the degree of (30) drops to 3."""
    spectrum = refined("1/2", "1/2").spectrum
    assert spectrum.density_array(np.array([0.0]))[0] == pytest.approx(float(spectrum.density(0)), rel=1e-12)


def test_the_area_under_a_density_array() -> None:
    xs = np.linspace(-0.5, 3.5, 4001)
    values = refined("1/4", 1).spectrum.density_array(xs)
    assert np.trapezoid(values, xs) == pytest.approx(1, abs=1e-4)
