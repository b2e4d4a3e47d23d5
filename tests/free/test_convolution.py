"""Free sums and products: the paper's equations derived, and rules for atoms, powers and factors."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.free import (
    Atom,
    Discrete,
    G,
    Law,
    MarchenkoPastur,
    PointMass,
    ProductWishart,
    Semicircle,
    Z,
    inverse,
    square,
    symmetric_root,
    transposed,
)
from symrelu.free.elimination import primitive
from symrelu.free.models import refined, wishart_wigner

phi, eps, sigma = sp.symbols("phi eps sigma", positive=True)
rationals = st.fractions("1/5", 4, max_denominator=6)


def same(a: sp.Expr, b: sp.Expr) -> bool:
    """Equal up to a factor that is free of G and z."""
    return bool(sp.expand(primitive(a, G, Z) - primitive(b, G, Z)) == 0)


def test_the_cubic_18_as_printed() -> None:
    printed = 2 * eps * phi * G**3 - (2 * eps + Z * phi) * G**2 + (Z + phi - 1) * G - 1
    assert same(wishart_wigner(phi, eps).polynomial, printed)


def test_the_quartic_30_as_printed() -> None:
    printed = (
        2 * (Z - sigma * (1 - phi)) * G
        - phi * (2 * sigma * Z + eps * (1 - phi)) * G**2
        - eps * phi**2 * (Z + sigma * (phi - 2)) * G**3
        + Z * eps * sigma * phi**3 * G**4
        - 2
    )
    assert same(refined(phi, eps, sigma).polynomial, printed)


def test_the_law_of_H1_derived_from_its_matrices_gives_28() -> None:
    """B B' = (eps/2) E X'X E'/p**2 has the spectrum of (eps/2) (E'E/p)(X'X/p), p x p, but for zeros (phi = n/p).

    E'E/p is phi times Marchenko-Pastur of ratio p/n; [[0, B], [B', 0]] has the eigenvalues +-sqrt of those of B B'.
    """
    wishart = phi * MarchenkoPastur(1 / phi)
    H1 = symmetric_root(transposed(eps / 2 * (wishart @ wishart), phi))
    assert H1.polynomial == ProductWishart(eps, phi).polynomial
    assert H1.moments(6) == ProductWishart(eps, phi).moments(6)


def test_the_way_of_28_holds_with_numbers_beyond_phi_1() -> None:
    """phi = 3: two thirds of the eigenvalues of B B' are 0."""
    wishart = 3 * MarchenkoPastur("1/3")
    H1 = symmetric_root(transposed(sp.Rational(1, 2) * (wishart @ wishart), 3))
    law = ProductWishart(1, 3)
    assert H1.atoms == law.atoms == (Atom(sp.Integer(0), sp.Rational(2, 3)),)
    assert [e.decimal(12) for e in H1.spectrum.edges] == [e.decimal(12) for e in law.spectrum.edges]
    assert H1.spectrum.density(1, 15) == law.spectrum.density(1, 15)


def test_two_wisharts_make_one() -> None:
    """X X' + Y Y' = [X Y] [X Y]', with twice the columns: MP(phi) + MP(phi) = 2 MP(phi/2)."""
    assert (MarchenkoPastur(phi) + MarchenkoPastur(phi)).polynomial == (2 * MarchenkoPastur(phi / 2)).polynomial


def test_semicircles_add_their_variances() -> None:
    a, b = sp.symbols("a b", positive=True)
    assert (Semicircle(a) + Semicircle(b)).polynomial == Semicircle(a + b).polynomial


def test_two_coins_make_the_arcsine_law() -> None:
    coin = Discrete({-1: "1/2", 1: "1/2"})
    arcsine = coin + coin
    assert arcsine.polynomial == G**2 * Z**2 - 4 * G**2 - 1
    assert arcsine.atoms == ()


def test_a_law_of_two_points_twice_by_resultant_and_by_doubling_R() -> None:
    """The same law built differently, so that the short way for A + A is not taken: a spurious factor must go."""
    coin = Discrete({0: "1/3", 2: "2/3"})
    shifted = Discrete({1: "1/3", 3: "2/3"}) - 1
    assert shifted.polynomial == coin.polynomial
    assert (coin + shifted).polynomial == (coin + coin).polynomial == coin.free_power(2).polynomial


def test_fuss_catalan() -> None:
    law = MarchenkoPastur(1) @ MarchenkoPastur(1)
    assert law.moments(7) == [sp.binomial(3 * n, n) / (2 * n + 1) for n in range(8)]
    low, high = law.spectrum.edges
    assert (low.exact, high.exact) == (0, sp.Rational(27, 4))


def test_a_product_with_a_point_mass_scales() -> None:
    assert (MarchenkoPastur(phi) @ PointMass(sigma)).polynomial == MarchenkoPastur(phi, sigma).polynomial


def test_the_order_of_factors_does_not_matter() -> None:
    A, B = MarchenkoPastur("1/2"), Discrete({1: "1/4", 3: "3/4"})
    assert (A @ B).polynomial == (B @ A).polynomial


@settings(max_examples=4)
@given(rationals, rationals, rationals)
def test_free_cumulants_add(a: sp.Rational, b: sp.Rational, c: sp.Rational) -> None:
    A, B = MarchenkoPastur(a) @ MarchenkoPastur(b), Semicircle(c)
    both = zip(A.free_cumulants(5), B.free_cumulants(5), strict=True)
    assert (A + B).free_cumulants(5) == [x + y for x, y in both]


@settings(max_examples=4)
@given(rationals, rationals)
def test_mean_and_second_moment_of_a_product(a: sp.Rational, b: sp.Rational) -> None:
    """For free A, B: E AB = E A E B, E (AB)**2 = m_2 n_1**2 + m_1**2 n_2 - m_1**2 n_1**2 (Nica & Speicher)."""
    A, B = MarchenkoPastur(a), Discrete({1: "1/2", 2: "1/2"}) + Semicircle(b)
    (_, m1, m2), (_, n1, n2) = A.moments(2), B.moments(2)
    assert (A @ B).moments(2) == [1, m1 * n1, m2 * n1**2 + m1**2 * n2 - m1**2 * n1**2]


@settings(max_examples=4)
@given(rationals, st.fractions(1, 3, max_denominator=4))
def test_free_powers_multiply_free_cumulants(a: sp.Rational, t: sp.Rational) -> None:
    law = Discrete({0: "1/2", 1: "1/4", 3: "1/4"}) + Semicircle(a)
    assert law.free_power(t).free_cumulants(4) == [t * k for k in law.free_cumulants(4)]


@pytest.mark.parametrize(
    ("law", "atoms"),
    [
        (Discrete({0: "3/4", 2: "1/4"}) + Discrete({1: "3/4", 5: "1/4"}), {1: "1/2"}),
        (Discrete({0: "3/4", 2: "1/4"}) + Discrete({1: "1/4", 5: "3/4"}), {5: "1/2"}),
        (Discrete({0: "1/2", 2: "1/2"}) + Discrete({1: "1/2", 5: "1/2"}), {}),
        (Discrete({0: "3/4", 2: "1/4"}) + MarchenkoPastur(3), {0: "5/12"}),
        (Discrete({0: "3/4", 2: "1/4"}) + PointMass(-2), {-2: "3/4", 0: "1/4"}),
        (Discrete({0: "3/4", 2: "1/4"}) @ Discrete({0: "1/3", 3: "2/3"}), {0: "3/4"}),
        (Discrete({1: "3/4", 2: "1/4"}) @ Discrete({2: "2/3", 3: "1/3"}), {2: "5/12", 3: "1/12"}),
        (MarchenkoPastur(3) @ MarchenkoPastur(2), {0: "2/3"}),
        (MarchenkoPastur(3) + MarchenkoPastur(3), {0: "1/3"}),
        (MarchenkoPastur(3) + MarchenkoPastur(3) + Semicircle(1), {}),
        (Discrete({0: "3/4", 2: "1/4"}).free_power(2), {0: "1/2"}),
        (square(Discrete({-1: "1/4", 0: "1/4", 1: "1/2"})), {0: "1/4", 1: "3/4"}),
        (inverse(Discrete({-2: "1/4", 4: "3/4"})), {"-1/2": "1/4", "1/4": "3/4"}),
        (symmetric_root(Discrete({0: "1/2", 4: "1/2"})), {-2: "1/4", 0: "1/2", 2: "1/4"}),
        (transposed(MarchenkoPastur("1/2"), 2), {0: "1/2"}),
        (transposed(2 * MarchenkoPastur(2), "1/2"), {}),
        (PointMass(3), {3: "1"}),
        (PointMass(3) + PointMass(4), {7: "1"}),
    ],
    ids=lambda x: x.name if isinstance(x, Law) else "",
)
def test_atoms(law: Law, atoms: dict[str, str]) -> None:
    expected = {sp.Rational(x): sp.Rational(mass) for x, mass in atoms.items()}
    assert {atom.x: atom.mass for atom in law.atoms} == expected


def test_an_atom_is_the_residue_of_the_stieltjes_transform() -> None:
    """For the sum of two laws of two points with an atom 1/2 at 1: h = (z - 1) G has the value 1/2 there."""
    law = Discrete({0: "3/4", 2: "1/4"}) + Discrete({1: "3/4", 5: "1/4"})
    h, w = sp.symbols("h omega")
    near = sp.fraction(sp.together(law.polynomial.subs({G: h / w, Z: 1 + w}, simultaneous=True)))[0]
    lowest = sp.Poly(sp.expand(near), w)
    at_the_atom = lowest.coeff_monomial(w ** min(k for (k,) in lowest.monoms()))
    assert at_the_atom.subs(h, sp.Rational(1, 2)) == 0


def test_transposing_twice_gives_the_law_back() -> None:
    law = MarchenkoPastur(phi)
    assert transposed(transposed(law, 2), sp.Rational(1, 2)).polynomial == law.polynomial


def test_transposed_marchenko_pastur() -> None:
    """X X' and X'X: MP(phi) from MP(1/phi), where the variance of the entries is 1/p for both."""
    assert transposed(phi * MarchenkoPastur(1 / phi), phi).polynomial == MarchenkoPastur(phi).polynomial


def test_inverting_twice_gives_the_law_back() -> None:
    law = MarchenkoPastur("1/4")
    assert inverse(inverse(law)).polynomial == law.polynomial
    assert inverse(law).mean == sp.Rational(4, 3)  # 1/(1 - phi)


def test_a_parameter_left_open_in_an_algebraic_law() -> None:
    law = (MarchenkoPastur(phi) @ MarchenkoPastur(phi)) + Semicircle(eps)
    numbers = law.subs({phi: 2, eps: "1/3"})
    built = (MarchenkoPastur(2) @ MarchenkoPastur(2)) + Semicircle("1/3")
    assert numbers.polynomial == built.polynomial
    assert numbers.moments(5) == built.moments(5) == [m.subs({phi: 2, eps: sp.Rational(1, 3)}) for m in law.moments(5)]
