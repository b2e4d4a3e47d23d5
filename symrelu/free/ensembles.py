"""The laws that others are made of, each with the convention of its parameters."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from symrelu.errors import BadInput
from symrelu.free.algebraic import AlgebraicLaw, point_masses
from symrelu.free.construction import Construction
from symrelu.free.elimination import g
from symrelu.free.parameters import Parameter, parameter
from symrelu.free.rational import RationalLaw


def Semicircle(variance: Parameter) -> RationalLaw:
    """Wigner's law: R = variance g, support +-2 sqrt(variance); n x n symmetric with entries of variance variance/n.

    The paper's sigma**2 (eq. 6); H1 of eq. (15) has variance 2 eps.
    """
    v = parameter(variance, "variance", positive=True)
    return RationalLaw(v * g, Construction("Semicircle", (v,)))


def MarchenkoPastur(phi: Parameter, mean: Parameter = 1) -> RationalLaw:
    """The law of X X', X of size n x p with phi = n/p and entries of variance mean/p: R = mean/(1 - mean phi g).

    ``mean`` is the sigma of the paper's eqs. (8), (29)-(33), where it stands for a variance; support
    mean (1 +- sqrt(phi))**2, and an atom 1 - 1/phi at 0 for phi > 1.
    """
    ratio, m = parameter(phi, "phi", positive=True), parameter(mean, "mean", positive=True)
    return RationalLaw(m / (1 - m * ratio * g), Construction("MarchenkoPastur", (ratio, m)))


def ProductWishart(eps: Parameter, phi: Parameter) -> RationalLaw:
    """H1 of a one-hidden-layer ReLU network at noise residuals: R = eps phi g/(2 - eps phi**2 g**2) (eq. 28).

    The symmetric law of [[0, B], [B', 0]], B = sqrt(eps/2) E X'/p with E, X standard normal n x p, phi = n/p (in the
    paper p = m/2 examples survive the mask, so phi = 2n/m, and the data have variance 1). Mean 0, variance eps phi/2.
    """
    e, ratio = parameter(eps, "eps", positive=True), parameter(phi, "phi", positive=True)
    return RationalLaw(e * ratio * g / (2 - e * ratio**2 * g**2), Construction("ProductWishart", (e, ratio)))


def PointMass(at: Parameter) -> RationalLaw:
    """All mass at one point: R = at."""
    a = parameter(at, "the point")
    return RationalLaw(a, Construction("PointMass", (a,)))


def Discrete(masses: Mapping[Parameter, Parameter]) -> AlgebraicLaw:
    """Point masses {point: mass}, rational numbers, at least two of them; BadInput unless the masses are > 0 and sum
    to 1.
    """
    points = [parameter(x, "a point") for x in masses]
    weights = [parameter(w, "a mass", positive=True) for w in masses.values()]
    if len(set(points)) < 2 or sum(weights) != 1 or not all(x.is_Rational for x in points):
        given = ", ".join(f"{x}: {w}" for x, w in masses.items())
        raise BadInput(f"Discrete was given {{{given}}}; give at least two rational points with masses that sum to 1")
    order = sorted(range(len(points)), key=lambda i: points[i])
    return point_masses([points[i] for i in order], [sp.Rational(weights[i]) for i in order])


__all__ = ["Discrete", "MarchenkoPastur", "PointMass", "ProductWishart", "Semicircle"]
