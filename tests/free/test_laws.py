"""The ensembles: their R-transforms, moments and free cumulants, and what their parameters mean."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.free import (
    G,
    Law,
    MarchenkoPastur,
    PointMass,
    ProductWishart,
    Semicircle,
    Z,
    g,
    square,
)
from symrelu.free.models import model, refined, wishart_wigner
from symrelu.free.series import cumulants_of, moments_of, product_moments

phi, eps, sigma, v = sp.symbols("phi eps sigma v", positive=True)


def test_moments_of_the_semicircle_are_catalan_numbers() -> None:
    assert Semicircle(v).moments(8) == [sp.catalan(k // 2) * v ** (k // 2) if k % 2 == 0 else 0 for k in range(9)]
    assert Semicircle(v).free_cumulants(4) == [0, v, 0, 0]


def test_moments_of_marchenko_pastur_are_narayana_polynomials() -> None:
    def narayana(n: int) -> sp.Expr:
        return sum(sp.binomial(n, k) * sp.binomial(n, k - 1) * phi ** (n - k) for k in range(1, n + 1)) / n

    found = MarchenkoPastur(phi, sigma).moments(6)
    assert all(sp.expand(found[n] - sigma**n * narayana(n)) == 0 for n in range(1, 7))


def test_free_cumulants_of_product_wishart_are_twice_those_of_a_wishart_pair() -> None:
    """R of (28) is that of t W/(2 phi) - t W'/(2 phi) with jumps +-t, t = phi sqrt(eps/2): odd cumulants cancel."""
    found = ProductWishart(eps, phi).free_cumulants(6)
    assert found == [0, eps * phi / 2, 0, eps**2 * phi**3 / 4, 0, eps**3 * phi**5 / 8]


def test_moments_by_lagrange_inversion() -> None:
    """m_n = [u**n] (1 + u R(u))**(n+1)/(n+1), another way to the same numbers."""
    law = refined("1/2", "1/3")
    moments = law.moments(6)
    truncated = sp.Poly(1 + sum(k * g**n for n, k in enumerate(law.free_cumulants(6), 1)), g)
    for n in range(1, 7):
        assert moments[n] == (truncated ** (n + 1)).coeff_monomial(g**n) / (n + 1)


@settings(max_examples=25)
@given(st.lists(st.fractions(-3, 3, max_denominator=7), min_size=1, max_size=7))
def test_moments_and_free_cumulants_are_inverse(cumulants: list[Fraction]) -> None:
    assert cumulants_of(moments_of(cumulants)) == cumulants


def test_the_first_free_cumulants_by_hand() -> None:
    """k_1 = m_1, k_2 = m_2 - m_1**2, k_3 = m_3 - 3 m_1 m_2 + 2 m_1**3."""
    m1, m2, m3 = Fraction(2), Fraction(7), Fraction(30)
    assert cumulants_of([Fraction(1), m1, m2, m3]) == [m1, m2 - m1**2, m3 - 3 * m1 * m2 + 2 * m1**3]


def test_product_moments_of_two_marchenko_pasturs_are_fuss_catalan() -> None:
    catalan = [Fraction(int(sp.catalan(n))) for n in range(7)]
    assert product_moments(catalan, catalan) == [Fraction(int(sp.binomial(3 * n, n)), 2 * n + 1) for n in range(7)]


def test_moments_solve_the_polynomial() -> None:
    """G = sum m_n/z**(n+1) put into (18): what is left is beyond the terms that are known."""
    law, w = wishart_wigner("1/3", "2/5"), sp.Symbol("omega")
    series = sum(m * w ** (n + 1) for n, m in enumerate(law.moments(5)))
    rest = sp.Poly(sp.expand(law.polynomial.subs({G: series, Z: 1 / w}, simultaneous=True) * w), w)
    assert min(k for (k,) in rest.monoms()) > 6


def test_mean_and_variance_are_what_the_parameters_say() -> None:
    assert (MarchenkoPastur(phi, sigma).mean, MarchenkoPastur(phi, sigma).variance) == (sigma, phi * sigma**2)
    assert (Semicircle(v).mean, Semicircle(v).variance) == (0, v)
    assert (ProductWishart(eps, phi).mean, ProductWishart(eps, phi).variance) == (0, eps * phi / 2)
    assert (PointMass(v).mean, PointMass(v).variance) == (v, 0)


@pytest.mark.parametrize(
    "law",
    [
        Semicircle("1/2"),
        MarchenkoPastur("1/4", 3),
        MarchenkoPastur(2, "1/2"),
        ProductWishart(2, "1/2"),
        ProductWishart("1/2", 3),
    ],
    ids=lambda law: law.name,
)
def test_sampled_matrices_have_the_mean_and_variance_that_the_convention_says(law: Law) -> None:
    eigenvalues = np.linalg.eigvalsh(law.sample_matrix(300, np.random.default_rng(7)))
    assert abs(eigenvalues.mean() - float(law.mean)) < 0.03 * (1 + float(law.mean))
    assert abs(eigenvalues.var() / float(law.variance) - 1) < 0.06


def test_the_repr_says_the_convention() -> None:
    said = repr(MarchenkoPastur("1/4") + Semicircle("1/5"))
    assert "MarchenkoPastur(phi=1/4, mean=1) + Semicircle(variance=1/5)" in said
    assert "entries of variance mean/p" in said and "phi = n/p" in said
    assert "entries of variance variance/n" in said


def test_s_transforms() -> None:
    u = sp.Symbol("u")
    assert sp.simplify(MarchenkoPastur(phi, sigma).S_transform - 1 / (sigma * (1 + phi * u))) == 0
    assert PointMass(v).S_transform == 1 / v
    product = MarchenkoPastur(phi) @ MarchenkoPastur(phi)
    assert sp.simplify(product.S_transform - 1 / (1 + phi * u) ** 2) == 0
    assert (MarchenkoPastur(phi) + Semicircle(v)).S_transform is None  # algebraic only


def test_atoms_with_the_parameters_open() -> None:
    """Marchenko-Pastur: 1 - 1/phi at 0; the refined model: 1 - 2/phi, which the paper does not mention."""
    (atom,) = MarchenkoPastur(phi).atoms
    assert [atom.mass.subs(phi, value) for value in (sp.Rational(1, 2), 1, 3)] == [0, 0, sp.Rational(2, 3)]
    (atom,) = refined(phi, eps).atoms
    assert [atom.mass.subs(phi, value) for value in (1, 2, 3)] == [0, 0, sp.Rational(1, 3)]
    assert wishart_wigner(phi, eps).atoms == ()  # a semicircle smears every atom


def test_numbers_for_open_parameters_in_steps() -> None:
    law = refined(phi, eps, sigma).subs({phi: "1/2"}).subs({eps: "1/2", sigma: 1})
    assert law.polynomial == refined("1/2", "1/2").polynomial
    assert law.name == refined("1/2", "1/2").name


def test_scaling_and_shifting() -> None:
    law = 3 - 2 * MarchenkoPastur("1/2")
    assert law.mean == 1 and law.variance == 2
    assert [edge.decimal(10) for edge in law.spectrum.edges] == [
        "-2.828427125",
        "2.828427125",
    ]  # 3 - 2 (1 +- 2**-1/2)**2
    assert (MarchenkoPastur("1/2") - "1/4").mean == sp.Rational(3, 4)


def test_scaling_is_the_same_for_formulas_and_for_algebraic_laws() -> None:
    by_formula, algebraic = (c @ PointMass(1) for c in (-2 * MarchenkoPastur("1/2"), MarchenkoPastur("1/2")))
    assert by_formula.polynomial == (-2 * algebraic).polynomial
    assert by_formula.moments(5) == (-2 * algebraic).moments(5)
    assert (algebraic + "1/3").moments(5) == (MarchenkoPastur("1/2") + "1/3").moments(5)


def test_the_square_of_a_semicircle_is_marchenko_pastur() -> None:
    law = square(Semicircle(v))
    assert law.polynomial == MarchenkoPastur(1, v).polynomial
    assert law.moments(5) == MarchenkoPastur(1, v).moments(5)


def test_models_by_name() -> None:
    assert model("wishart-wigner", phi, eps, 1).R == wishart_wigner(phi, eps).R
    assert model("product-wishart", phi, eps).R == ProductWishart(eps, phi).R
