"""Spectra by formula (one-pair theorem): edges, densities, distribution functions, index."""

from collections.abc import Callable
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import fmpq_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.errors import BadInput
from symrelu.free import Law, MarchenkoPastur, PointMass, ProductWishart, Semicircle, g
from symrelu.free.construction import Construction
from symrelu.free.levy import LevySpectrum, levy_parts
from symrelu.free.models import refined, wishart_wigner
from symrelu.free.rational import RationalLaw
from symrelu.free.spectrum import Unbounded

Quadrature = Callable[..., list[mpmath.mpf]]


@pytest.mark.parametrize(
    ("law", "nodes"),
    [
        (wishart_wigner("1/4", "1/50"), 40),
        (wishart_wigner("1/2", "1/10"), 60),
        (wishart_wigner(2, "1/2"), 130),
        (refined("1/4", 1), 80),
        (refined("1/2", "1/2", "1/2"), 90),
        (refined(3, 1), 90),
        (MarchenkoPastur("1/4", 3), 40),
        (MarchenkoPastur(3), 60),
        (ProductWishart(1, 3), 80),
        (MarchenkoPastur("1/3") - 2 * MarchenkoPastur("1/2"), 80),
        (MarchenkoPastur("1/3") - 2 * MarchenkoPastur(5) + Semicircle("1/20"), 120),
    ],
    ids=lambda x: x.name if isinstance(x, Law) else "",
)
def test_total_mass_and_moments_by_quadrature(law: Law, nodes: int, quadrature: Quadrature) -> None:
    found = quadrature(law, 4, nodes)
    with mpmath.workdps(40):
        for ours, exact in zip(found, law.moments(4), strict=True):
            assert abs(ours - mpmath.mpf(exact.p) / exact.q) < mpmath.mpf(10) ** -20 * max(1, abs(float(exact)))


@pytest.mark.parametrize(
    "law", [wishart_wigner("1/2", "1/10"), refined("3/4", 1), refined(3, 1)], ids=lambda law: law.name
)
def test_differences_of_the_distribution_function_are_integrals_of_the_density(law: Law) -> None:
    """Gauss-Legendre on a piece inside a band against the closed form."""
    a, b = Fraction(1, 2), Fraction(5, 4)
    with mpmath.workdps(40):
        nodes = [(x, w) for x, w in mpmath.calculus.quadrature.GaussLegendre(mpmath.mp).calc_nodes(5, 140)]
        middle, half = mpmath.mpf(7) / 8, mpmath.mpf(3) / 8
        total = sum(
            w * half * mpmath.mpf(law.spectrum.density(mpmath.nstr(middle + half * x, 38), 30)) for x, w in nodes
        )
        ours = mpmath.mpf(law.spectrum.cdf(b, 30)) - mpmath.mpf(law.spectrum.cdf(a, 30))
        assert abs(total - ours) < mpmath.mpf(10) ** -20


def test_marchenko_pastur_by_its_formula() -> None:
    """rho = sqrt((b - x)(x - a))/(2 pi sigma phi x) (eq. 8)."""
    with mpmath.workdps(40):
        root = mpmath.sqrt(((mpmath.mpf(9) / 4) - 1) * (1 - mpmath.mpf(1) / 4))
        assert MarchenkoPastur("1/4").spectrum.density(1, 30) == mpmath.nstr(root / (2 * mpmath.pi / 4), 30)
    assert [edge.exact for edge in MarchenkoPastur("1/4").spectrum.edges] == [sp.Rational(1, 4), sp.Rational(9, 4)]
    assert [edge.exact for edge in MarchenkoPastur(2).spectrum.edges] == [3 - 2 * sp.sqrt(2), 3 + 2 * sp.sqrt(2)]


def test_semicircle_by_its_formula() -> None:
    with mpmath.workdps(40):
        inside = mpmath.mpf(1) / 2 + (mpmath.sqrt(3) / 4 + mpmath.asin(mpmath.mpf(1) / 2)) / mpmath.pi
        assert Semicircle(1).spectrum.cdf(1, 25) == mpmath.nstr(inside, 25)


def test_fuss_catalan_edge_of_the_product_wishart_law() -> None:
    """phi = 1, eps = 2: the square has the Fuss-Catalan law, edge 27/4; its density is infinite at 0 inside."""
    spectrum = ProductWishart(2, 1).spectrum
    (low, high) = spectrum.edges
    assert (low.exact, high.exact) == (-3 * sp.sqrt(3) / 2, 3 * sp.sqrt(3) / 2)
    with pytest.raises(Unbounded, match="infinite at x = 0"):
        spectrum.density(0)
    assert spectrum.cdf(0, 20) == "0.50000000000000000000"


@pytest.mark.parametrize(
    ("law", "digits"),
    [
        (wishart_wigner("1/4", "1/10"), "0.05398"),
        (wishart_wigner("1/2", "1/10"), "0.11356"),
        (wishart_wigner("3/4", "1/4"), "0.22024"),
        (wishart_wigner(2, "1/100"), "0.26576"),
        (wishart_wigner(2, "1/2"), "0.33810"),
        (refined("1/4", 1), "0.02058"),
        (refined("1/2", "1/2"), "0.07754"),
        (refined("1/2", "1/2", "1/2"), "0.17548"),
        (refined("3/4", 1), "0.18253"),
        (refined("3/2", 1), "0.25750"),
    ],
    ids=lambda x: x.name if isinstance(x, Law) else "",
)
def test_index_against_the_numbers_of_the_notes(law: Law, digits: str) -> None:
    """Computed elsewhere, by quadrature, before this engine (section 4 of the notes)."""
    assert abs(float(law.spectrum.index(10)) - float(digits)) < 6e-6


def test_index_is_0_up_to_the_threshold_and_positive_after() -> None:
    """phi = 3/8: eps_c = 3/128; there an edge is at 0 exactly."""
    assert wishart_wigner("3/8", "3/129").spectrum.index() == "0"
    at = wishart_wigner("3/8", "3/128").spectrum
    assert at.index() == "0" and at.edges[0].exact == 0
    assert float(wishart_wigner("3/8", "3/127").spectrum.index()) > 0


@pytest.mark.parametrize("eps", ["1/10", "1", "1000"])
def test_the_index_of_the_refined_model_is_saturated_beyond_phi_2(eps: str) -> None:
    assert refined(2, eps).spectrum.index(12) == "0.250000000000"
    assert refined("5/2", eps).spectrum.index(12) == "0.200000000000"


def test_the_index_of_the_refined_model_saturates_at_a_finite_energy_for_phi_3_2() -> None:
    """eps_sat(3/2) = 49.36034...: there the upper end of the negative band passes 0; the index is 1/(2 phi) after."""
    below, above = (refined("3/2", eps).spectrum for eps in ("49.3", "49.4"))
    assert below.edges[1].value > 0 > above.edges[1].value
    assert above.index(20) == "0.33333333333333333333"
    assert 0 < Fraction(1, 3) - Fraction(below.index(20)) < Fraction(1, 10**4)


def test_singular_edges() -> None:
    """phi = 1 puts the lower edge of Marchenko-Pastur at 0; phi = 2 that of the refined model's density inside."""
    with pytest.raises(Unbounded, match="infinite at x = 0"):
        MarchenkoPastur(1).spectrum.density(0)
    with pytest.raises(Unbounded, match="infinite at x = 0"):
        refined(2, 1).spectrum.density(0)
    assert MarchenkoPastur(1).spectrum.cdf(0) == "0"
    assert MarchenkoPastur("1/4").spectrum.density("1/4") == "0"
    assert float(MarchenkoPastur(1).spectrum.density("1/1000000")) > 300


def test_atoms_count_in_the_distribution_function_at_and_after_their_place() -> None:
    spectrum = refined(3, 1).spectrum  # atom 1/3 at 0, between two bands
    assert len(spectrum.bands) == 2
    assert spectrum.index(15) == spectrum.mass_below(0, 15) == "0.166666666666667"
    assert spectrum.cdf(0, 15) == "0.500000000000000"
    assert MarchenkoPastur(3).spectrum.mass_below(0) == "0"
    assert MarchenkoPastur(3).spectrum.cdf(0, 15) == "0.666666666666667"


def test_point_masses() -> None:
    spectrum = PointMass("3/2").spectrum
    assert spectrum.edges == () and spectrum.atoms == ((Fraction(3, 2), 1),)
    assert [spectrum.cdf(x) for x in (1, "3/2", 2)] == ["0", "1", "1"]
    assert [spectrum.mass_below(x) for x in (1, "3/2", 2)] == ["0", "0", "1"]
    shifted = MarchenkoPastur("1/2") + PointMass(-1)
    assert shifted.spectrum.density("1/2") == MarchenkoPastur("1/2").spectrum.density("3/2")


def test_masses_of_gaps_are_exact() -> None:
    """MP(4) - MP(4) has jumps +-4 at the rate 1/4 each: an atom of 1/2 at 0 and two bands of 1/4."""
    spectrum = (MarchenkoPastur(4) - MarchenkoPastur(4)).spectrum
    assert spectrum.atoms == ((Fraction(0), sp.Rational(1, 2)),)
    assert [spectrum.cdf(x, 10) for x in (-100, "-1/100", 0, "1/100", 100)] == [
        "0",
        "0.2500000000",
        "0.7500000000",
        "0.7500000000",
        "1",
    ]


def test_a_negative_factor_mirrors_the_spectrum() -> None:
    law = refined("1/2", "1/2")
    assert (-law).spectrum.density("-3/2", 20) == law.spectrum.density("3/2", 20)
    mirrored = [edge.decimal(20) for edge in (-law).spectrum.edges]
    assert [Fraction(x) for x in mirrored] == [-Fraction(edge.decimal(20)) for edge in reversed(law.spectrum.edges)]


def test_fifty_digits_agree_with_a_hundred() -> None:
    spectrum = refined("1/2", "1/2").spectrum
    assert abs(Fraction(spectrum.index(50)) - Fraction(spectrum.index(100))) < Fraction(1, 10**51)
    assert all(abs(Fraction(e.decimal(50)) - Fraction(e.decimal(100))) < Fraction(1, 10**49) for e in spectrum.edges)


positive = st.fractions("1/9", 9, max_denominator=9)
jumps = st.lists(st.tuples(positive, st.sampled_from([-2, -1, 1, 3]), positive), min_size=1, max_size=3)


@settings(max_examples=15)
@given(jumps, st.one_of(st.just(Fraction(0)), positive), st.fractions(-9, 9, max_denominator=9))
def test_the_one_pair_theorem(parts: list[tuple[Fraction, int, Fraction]], v: Fraction, x: Fraction) -> None:
    """At any real x at most one pair of non-real roots; a density exactly inside the bands; a mass that grows."""
    law = PointMass(0) + sum((c * MarchenkoPastur(phi, mean) for phi, c, mean in parts), PointMass("1/7"))
    if v:
        law = law + Semicircle(v)
    spectrum = law.spectrum
    assert isinstance(spectrum, LevySpectrum)
    R = spectrum.parts
    equation = R.under + fmpq_poly([0, 1]) * (R.over - fmpq_poly([Fraction(x).numerator]) / x.denominator * R.under)
    roots = equation.numer().complex_roots()
    assert sum(not root.imag.is_zero() for root, _ in roots) in (0, 2)
    below, at_edge = spectrum.band_at(x)
    if not at_edge and not any(a == x for a, _ in spectrum.atoms):
        assert (spectrum.density(x, 5) != "0") == (below % 2 == 1)
    assert Fraction(spectrum.cdf(x, 12)) <= Fraction(spectrum.cdf(x + 1, 12)) + Fraction(1, 10**12)


@pytest.mark.parametrize(
    "R",
    [-g, g**2, g / (1 - g) ** 2, g / (1 + g**2), -1 / (1 - g)],
    ids=["v < 0", "square", "double", "complex", "c < 0"],
)
def test_other_rational_R_transforms_are_refused(R: sp.Expr) -> None:
    with pytest.raises(BadInput, match="shifts, semicircles and Wisharts"):
        levy_parts(RationalLaw(R, Construction("PointMass", (sp.Integer(0),))))


@settings(max_examples=10)
@given(st.fractions("1/5", 3, max_denominator=9), st.fractions("1/5", 3, max_denominator=9))
def test_edges_are_zeros_of_the_discriminant(phi: Fraction, eps: Fraction) -> None:
    from symrelu.free.elimination import G, Z, discriminant

    law = refined(phi, eps)
    disc = sp.Poly(discriminant(law.polynomial, G), Z)
    for edge in law.spectrum.edges:
        assert disc.rem(sp.Poly(list(reversed(edge.polynomial)), Z)).is_zero
