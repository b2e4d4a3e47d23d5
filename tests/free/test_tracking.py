"""Spectra of algebraic laws: the branch followed with proof, several bands, atoms, and where a rule of thumb fails."""

from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp

from symrelu.errors import Undecided
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
)
from symrelu.free.arrays import all_roots, coefficient_arrays
from symrelu.free.models import refined
from symrelu.free.spectrum import OnAtom, Unbounded
from symrelu.free.tracked import TrackedSpectrum

Quadrature = Callable[..., list[mpmath.mpf]]


@pytest.fixture(scope="module")
def with_inverse() -> Law:
    """MP(1/4) + 1/MP(1/4), the sum for which the root of largest imaginary part is the wrong one."""
    return MarchenkoPastur("1/4") + inverse(MarchenkoPastur("1/4"))


def test_a_sum_with_an_inverse(with_inverse: Law) -> None:
    """Numbers of the notes, from a homotopy."""
    low, high = (edge.decimal(15) for edge in with_inverse.spectrum.edges)
    assert (low[:16], high[:15]) == ("1.01978009226817", "5.1420010495439")
    assert with_inverse.spectrum.density(2, 15) == "0.428957741373411"


def test_the_largest_imaginary_part_is_another_root(with_inverse: Law) -> None:
    """At x = 2 that rule gives 0.43855, and a density outside of the support too: between -8 and 12 a mass above 2."""
    spectrum = with_inverse.spectrum
    roots = all_roots(coefficient_arrays(spectrum.float_rows, np.array([2.0])))[0]
    largest = -roots.imag.min() / np.pi
    assert largest == pytest.approx(0.43855, abs=1e-5)
    assert abs(largest - float(spectrum.density(2))) > 0.009
    assert min(abs(roots.imag / np.pi + float(spectrum.density(2)))) < 1e-12  # ours is among the roots

    xs = np.linspace(-8, 12, 2001)
    by_rule = -all_roots(coefficient_arrays(spectrum.float_rows, xs)).imag.min(axis=1) / np.pi
    assert by_rule.sum() * (xs[1] - xs[0]) > 2


def test_total_mass_and_moments_of_a_sum_with_an_inverse(with_inverse: Law, quadrature: Quadrature) -> None:
    found = quadrature(with_inverse, 2, 70, digits=20)
    with mpmath.workdps(40):
        for ours, exact in zip(found, with_inverse.moments(2), strict=True):
            assert abs(ours - mpmath.mpf(exact.p) / exact.q) < mpmath.mpf(10) ** -18


def test_the_mass_up_to_a_point_by_quadrature(with_inverse: Law) -> None:
    """The closed contour against the density: cdf(3) - cdf(2), by Gauss-Legendre."""
    with mpmath.workdps(30):
        nodes = mpmath.calculus.quadrature.GaussLegendre(mpmath.mp).calc_nodes(3, 100)
        values = [(with_inverse.spectrum.density(mpmath.nstr((5 + x) / 2, 28), 20), w) for x, w in nodes]
        total = sum(w / 2 * mpmath.mpf(rho) for rho, w in values)
        ours = mpmath.mpf(with_inverse.spectrum.cdf(3, 20)) - mpmath.mpf(with_inverse.spectrum.cdf(2, 20))
        assert abs(total - ours) < mpmath.mpf(10) ** -14


def test_several_bands() -> None:
    """Three atoms and three atoms: four edges among the candidates, as the notes say; the gap holds 3/4 below it."""
    law = Discrete({0: "1/2", 2: "1/4", 5: "1/4"}) + Discrete({0: "1/3", 1: "1/3", 3: "1/3"})
    spectrum = law.spectrum
    assert isinstance(spectrum, TrackedSpectrum)
    assert [edge.decimal(6) for edge in spectrum.edges] == ["0.0288016", "4.67514", "5.46096", "7.72134"]
    assert len(spectrum.candidates) > 9
    assert spectrum.cdf(5, 15) == "0.750000000000000"
    assert spectrum.density(5) == "0"


def test_a_gap_in_whose_middle_branches_cross() -> None:
    """At x = 4 in the gap (3, 5) the branch meets another: its mass is found beside it."""
    spectrum = (Discrete({0: "3/4", 2: "1/4"}) + Discrete({1: "3/4", 5: "1/4"})).spectrum
    assert [edge.decimal(8) for edge in spectrum.edges] == ["1.3542487", "3.0000000", "5.0000000", "6.6457513"]
    assert [spectrum.cdf(x, 6) for x in (1, 3, 4, 5)] == ["0.500000", "0.750000", "0.750000", "0.750000"]
    assert spectrum.mass_below(1) == "0"


def test_an_atom_between_and_beside_bands(quadrature: Quadrature) -> None:
    """mu(0) + nu(1) - 1 = 1/2 at 1; the rest in bands. The density is no density at the atom."""
    law = Discrete({0: "3/4", 2: "1/4"}) + Discrete({1: "3/4", 5: "1/4"})
    spectrum = law.spectrum
    (total, mean) = quadrature(law, 1, 20, digits=15)
    assert total == pytest.approx(1, abs=1e-12) and mean == pytest.approx(2.5, abs=1e-12)
    with pytest.raises(OnAtom, match="x = 1 is an atom"):
        spectrum.density(1)
    assert Fraction(spectrum.cdf(1, 15)) - Fraction(spectrum.mass_below(1, 15)) == Fraction(1, 2)


def test_the_arcsine_law() -> None:
    coin = Discrete({-1: "1/2", 1: "1/2"})
    spectrum = (coin + coin).spectrum
    assert [edge.exact for edge in spectrum.edges] == [-2, 2]
    with mpmath.workdps(40):
        assert spectrum.density(1, 25) == mpmath.nstr(1 / (mpmath.pi * mpmath.sqrt(3)), 25)
    assert spectrum.cdf(1, 20) == "0.66666666666666666667"
    with pytest.raises(Unbounded, match="infinite at x = 2"):
        spectrum.density(2)


@pytest.mark.parametrize(
    ("tracked", "by_formula"),
    [
        (square(Semicircle(1)), MarchenkoPastur(1)),
        (symmetric_root(MarchenkoPastur(1)), Semicircle(1)),
        (inverse(inverse(MarchenkoPastur("1/4"))), MarchenkoPastur("1/4")),
        (PointMass(2) @ MarchenkoPastur(3), MarchenkoPastur(3, 2)),
        (PointMass(1) @ MarchenkoPastur("1/4") + ProductWishart(1, "1/4"), refined("1/4", 1)),
        ((PointMass(1) @ MarchenkoPastur(2)).free_power(2), 2 * MarchenkoPastur(1)),
    ],
    ids=lambda law: law.name,
)
def test_tracking_agrees_with_the_formulas(tracked: Law, by_formula: Law) -> None:
    ours, theirs = tracked.spectrum, by_formula.spectrum
    assert isinstance(ours, TrackedSpectrum) and not isinstance(theirs, TrackedSpectrum)
    assert [edge.decimal(15) for edge in ours.edges] == [edge.decimal(15) for edge in theirs.edges]
    assert ours.atoms == theirs.atoms
    for x in ("1/3", "3/2", 3):
        assert ours.density(x, 15) == theirs.density(x, 15)
    assert ours.cdf("3/2", 15) == theirs.cdf("3/2", 15)


def test_infinite_densities_of_tracked_laws() -> None:
    """The square of a semicircle has its infinite density at an edge, that of a product-Wishart law too."""
    with pytest.raises(Unbounded, match="infinite at x = 0"):
        square(Semicircle(1)).spectrum.density(0)
    with pytest.raises(Unbounded, match="infinite at x = 0"):
        symmetric_root(MarchenkoPastur(1) @ MarchenkoPastur(1)).spectrum.density(0)
    assert (PointMass(2) @ MarchenkoPastur("1/4")).spectrum.density("1/2") == "0"  # an edge, the density 0


def test_masses_at_an_infinite_density_inside_a_band() -> None:
    """+-sqrt of the Fuss-Catalan law: the density is infinite at 0, the mass left of it 1/2."""
    spectrum = symmetric_root(MarchenkoPastur(1) @ MarchenkoPastur(1)).spectrum
    assert spectrum.index(6) == "0.500000"
    with pytest.raises(Undecided, match="fewer digits"):
        spectrum.index(60)


def test_a_picture_of_a_law_whose_middle_is_a_crossing() -> None:
    spectrum = (Discrete({0: "3/4", 2: "1/4"}) + Discrete({0: "3/4", 2: "1/4"}) - 2).spectrum
    values = spectrum.density_array(np.linspace(-1.9, 1.9, 20))
    assert np.isfinite(values).all() and values.max() > 0


def test_masses_at_rational_ends_of_bands() -> None:
    """Bands [1/4, 9/4] and, shifted by an atom far away, their masses at exactly these ends and in the gap."""
    law = inverse(inverse(MarchenkoPastur("1/4"))) @ Discrete({1: "1/2", 100: "1/2"})
    spectrum = law.spectrum
    assert len(spectrum.bands) == 2
    assert spectrum.cdf(20, 12) == "0.500000000000"
    plain = (PointMass(1) @ MarchenkoPastur("1/4")).spectrum
    assert (plain.cdf("1/4"), plain.cdf("9/4"), plain.mass_below("9/4")) == ("0", "1", "1")


def test_a_gap_beside_a_rational_upper_edge_is_not_jumped_over() -> None:
    """Two arcsine bands, [-2, 2] and its copy at 10, made as one law of x**2: ends 0 and 4 are rational.

    With X = sqrt of MP(1) (a semicircle): X**2 + 0 has the upper edge 4 and the mass 1 there.
    """
    coin = Discrete({-1: "1/4", 1: "1/4", 9: "1/4", 11: "1/4"})
    spectrum = coin.free_power(1).spectrum
    assert spectrum.edges == ()
    assert [spectrum.cdf(x, 5) for x in (-1, 0, 1, 5, 9, 10, 11)] == [
        "0.25000", "0.25000", "0.50000", "0.50000", "0.75000", "0.75000", "1",
    ]  # fmt: skip
    assert [spectrum.mass_below(x, 5) for x in (-1, 1, 9, 11)] == ["0", "0.25000", "0.50000", "0.75000"]


def test_a_transform_that_is_0_in_a_gap() -> None:
    """G(0) = 0 between the atoms -1 and 1: the root to be followed there is 0 itself."""
    spectrum = Discrete({-1: "1/2", 1: "1/2"}).spectrum
    assert [spectrum.cdf(x, 5) for x in (-2, -1, 0, 1)] == ["0", "0.50000", "0.50000", "1"]


def test_digits_of_tracked_values(with_inverse: Law) -> None:
    forty = with_inverse.spectrum.density(2, 40)
    assert forty.startswith(with_inverse.spectrum.density(2, 20)[:19])
    few, many = (Fraction(with_inverse.spectrum.cdf(2, digits)) for digits in (12, 25))
    assert abs(few - many) < Fraction(1, 10**12)


def test_points_very_near_an_edge() -> None:
    """10**-30 beside the edge 9/4 of Marchenko-Pastur the density is about 10**-15; 10**-80 beside it we give up."""
    tracked, by_formula = (PointMass(1) @ MarchenkoPastur("1/4")).spectrum, MarchenkoPastur("1/4").spectrum
    near, nearer = (Fraction(9, 4) - Fraction(1, 10**k) for k in (30, 80))
    assert tracked.density(near, 8) == by_formula.density(near, 8)
    assert by_formula.density(nearer, 2) == "4.0e-41"
    with pytest.raises(Undecided, match="too near one"):
        tracked.density(nearer, 2)
    assert tracked.density(Fraction(9, 4) + Fraction(1, 10**80)) == "0"


def test_symmetric_roots_with_irrational_atoms_have_no_spectrum_here() -> None:
    law = symmetric_root(Discrete({0: "1/2", 2: "1/2"}))
    assert law.atoms[-1].x in (sp.sqrt(2), -sp.sqrt(2), 0)
    with pytest.raises(ValueError, match="atom at"):
        _ = law.spectrum
