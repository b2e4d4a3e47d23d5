"""The distribution function in closed form: derived with symbols, compared with the certified numbers."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp

from symrelu.errors import Undecided
from symrelu.free import G, MarchenkoPastur, PointMass, ProductWishart, Semicircle, Z, g
from symrelu.free.closed_form import antiderivative, jumps
from symrelu.free.rational import RationalLaw

phi, eps, sigma = sp.symbols("phi eps sigma", positive=True)
MODELS = [MarchenkoPastur(phi, sigma) + Semicircle(2 * eps), MarchenkoPastur(phi, sigma) + ProductWishart(eps, phi)]


def test_the_product_wishart_law_has_two_opposite_jumps() -> None:
    """(28): t = +-phi sqrt(eps/2), each with c = 1/(2 phi)."""
    a, v, found = jumps(ProductWishart(eps, phi))
    assert (a, v) == (0, 0)
    assert {sp.simplify(t / (phi * sp.sqrt(eps / 2))) for t, _ in found} == {1, -1}
    assert all(sp.simplify(c - 1 / (2 * phi)) == 0 for _, c in found)


@pytest.mark.parametrize("law", MODELS, ids=["wishart-wigner", "refined"])
def test_it_is_an_antiderivative_on_the_curve(law: RationalLaw) -> None:
    """dF/dG = z - K(G), which vanishes on the curve, so dF/dz = G there."""
    F = antiderivative(law)
    assert sp.simplify(sp.diff(F, G) - (Z - law.R.subs(g, G) - 1 / G)) == 0
    assert sp.simplify(sp.diff(F, Z) - G) == 0


@pytest.mark.parametrize("law", MODELS, ids=["wishart-wigner", "refined"])
@pytest.mark.parametrize("x", ["0", "1/3", "2"])
def test_its_imaginary_part_is_the_certified_distribution_function(law: RationalLaw, x: str) -> None:
    """Two routes: mpmath on the formula with the root in the lower half plane, Arb on the law's spectrum."""
    values = {phi: sp.Rational(1, 2), eps: sp.Rational(1, 2), sigma: sp.Rational(3, 4)}
    at = law.subs(values)
    with mpmath.workdps(30):
        roots = sp.Poly(at.polynomial.subs(Z, sp.Rational(x)), G).nroots(n=30)
        lower = min(roots, key=lambda root: sp.im(root))
        F = antiderivative(law).subs(values).subs({G: lower, Z: sp.Rational(x)})
        found = 1 - sp.im(F.evalf(30)) / sp.pi.evalf(30)
        assert abs(found - sp.Float(at.spectrum.cdf(x, 20), 30)) < sp.Float("1e-18")


def test_other_transforms_are_refused() -> None:
    """A double pole is none of the jumps that the logarithms come from; a point mass has none at all."""
    with pytest.raises(Undecided, match="not simple"):
        jumps(RationalLaw(1 / (1 - g) ** 2, PointMass(1).construction))
    assert jumps(PointMass(3)) == (3, 0, [])
