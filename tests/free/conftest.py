"""An independent look at densities: quadrature of their certified values."""

from collections.abc import Callable

import mpmath
import pytest

from symrelu.free import Law

Quadrature = Callable[..., list[mpmath.mpf]]


@pytest.fixture
def quadrature() -> Quadrature:
    """The integrals of x**0, ..., x**count against a law: x = middle + half sin(theta) on each band, and the atoms.

    The midpoint rule in theta converges geometrically where the density vanishes or blows up like a square root.
    """

    def moments(law: Law, count: int, nodes: int, digits: int = 30) -> list[mpmath.mpf]:
        totals = [mpmath.mpf(0)] * (count + 1)
        with mpmath.workdps(digits + 10):
            for low, high in law.spectrum.bands:
                a, b = (mpmath.mpf(edge.decimal(digits + 10)) for edge in (low, high))
                for k in range(nodes):
                    theta = mpmath.pi * (2 * k + 1 - nodes) / (2 * nodes)
                    x = (a + b) / 2 + (b - a) / 2 * mpmath.sin(theta)
                    rho = mpmath.mpf(law.spectrum.density(mpmath.nstr(x, digits + 5), digits))
                    weight = rho * (b - a) / 2 * mpmath.cos(theta) * mpmath.pi / nodes
                    totals = [total + weight * x**n for n, total in enumerate(totals)]
            for x, mass in law.spectrum.atoms:
                at, weight = (mpmath.mpf(q.numerator) / q.denominator for q in (x, mass))
                totals = [total + weight * at**n for n, total in enumerate(totals)]
        return totals

    return moments
