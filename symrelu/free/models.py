"""The models of the Hessian in Pennington & Bahri (ICML 2017)."""

from __future__ import annotations

from symrelu.errors import BadInput
from symrelu.free.ensembles import MarchenkoPastur, ProductWishart, Semicircle
from symrelu.free.parameters import Parameter, parameter
from symrelu.free.rational import RationalLaw

MODELS = ("wishart-wigner", "refined", "product-wishart")


def wishart_wigner(phi: Parameter, eps: Parameter, sigma: Parameter = 1) -> RationalLaw:
    """H0 + H1 of section 4 (eqs. 15-18): Marchenko-Pastur of mean sigma (the paper takes 1), semicircle of variance
    2 eps.
    """
    return _sum(
        MarchenkoPastur(phi, parameter(sigma, "sigma", positive=True)),
        Semicircle(2 * parameter(eps, "eps", positive=True)),
    )


def refined(phi: Parameter, eps: Parameter, sigma: Parameter = 1) -> RationalLaw:
    """H0 + H1 of section 6 (eqs. 29, 30): Marchenko-Pastur of mean sigma, the product-Wishart law of H1."""
    return _sum(MarchenkoPastur(phi, parameter(sigma, "sigma", positive=True)), ProductWishart(eps, phi))


def model(name: str, phi: Parameter, eps: Parameter, sigma: Parameter = 1) -> RationalLaw:
    """A model by its name; BadInput for another name, or a sigma other than 1 for product-wishart, which has none."""
    if name == "wishart-wigner":
        return wishart_wigner(phi, eps, sigma)
    if name == "refined":
        return refined(phi, eps, sigma)
    if name != "product-wishart":
        raise BadInput(f"the model {name!r} was asked for; there are {', '.join(MODELS)}")
    if parameter(sigma, "sigma") != 1:
        raise BadInput(f"sigma = {sigma} was given with product-wishart, which has no sigma; leave it out")
    return ProductWishart(eps, phi)


def _sum(a: RationalLaw, b: RationalLaw) -> RationalLaw:
    total = a + b
    assert isinstance(total, RationalLaw)
    return total


__all__ = ["MODELS", "model", "refined", "wishart_wigner"]
