"""Commands about random-matrix models of the Hessian: ``symrelu freeprob law|polynomial|threshold|bridge``."""

from __future__ import annotations

from typing import Any

import click

from symrelu.cli.group import family_options, format_option, layers_option, main
from symrelu.cli.terminal import print_json, print_text, progress
from symrelu.errors import BadInput

MODELS = "wishart-wigner|refined|product-wishart"


@main.group(invoke_without_command=True, short_help="Random-matrix models of the Hessian, exact.")
@click.pass_context
def freeprob(context: click.Context) -> None:
    """Random-matrix models of the Hessian, H = H0 + H1 with H0, H1 free (Pennington & Bahri, ICML 2017).

    \b
    wishart-wigner   H0 Marchenko-Pastur, H1 a semicircle of variance 2 eps
                     (eqs. 15-18)
    refined          H0 Marchenko-Pastur, H1 the law of a product of Wisharts
                     (eqs. 28-30)
    product-wishart  that H1 alone

    eps is the energy (the loss over the number of outputs), phi the ratio of parameters to data (2n/m), sigma the mean
    eigenvalue of H0. Everything is exact or certified to the digits asked for.

    \b
    symrelu freeprob law --model refined --phi 1/2 --eps 1/2 --at 0 --digits 30
    symrelu freeprob polynomial --model refined
    symrelu freeprob threshold --model wishart-wigner --phi 1/4
    symrelu freeprob bridge 2a --d 20
    """
    if context.invoked_subcommand is None:
        print_text(context.get_help())


model_option = click.option("--model", "model_name", required=True, metavar="MODEL", help=f"{MODELS}.")
sigma_option = click.option("--sigma", metavar="SIGMA", help="The mean of H0 (default: 1).")


@freeprob.command(short_help="Density, mass to the left, edges, atoms and index.")
@model_option
@click.option("--phi", required=True, metavar="PHI", help="Parameters per data point, > 0: 1/4, 0.25.")
@click.option("--eps", required=True, metavar="EPS", help="The energy, > 0.")
@sigma_option
@click.option("--at", metavar="LIST", help="Points: --at=-0.1,0.5 for the density and the distribution function there.")
@click.option("--digits", type=int, default=20, show_default=True, metavar="N", help="Significant digits, all right.")
@click.option("--sample", type=int, metavar="N", help="Compare with the eigenvalues of one random N x N matrix.")
@click.option("--seed", type=int, default=1, show_default=True, metavar="S", help="Of the sample.")
@format_option("text", "json", "latex")
def law(
    model_name: str,
    phi: str,
    eps: str,
    sigma: str | None,
    at: str | None,
    digits: int,
    sample: int | None,
    seed: int,
    form: str,
) -> None:
    """The spectrum of a model: bands, atoms, index, and at points the density and the mass to the left.

    The branch of the Stieltjes transform is chosen by proof, edges are algebraic numbers, and the distribution function
    is a closed formula, so digits cost little. cdf is the mass of (-infinity, x], atoms included; index the mass of
    (-infinity, 0), an atom at 0 excluded. On an atom there is no density.

    \b
    symrelu freeprob law --model wishart-wigner --phi 1/4 --eps 1/10 --at=-0.1,0.5
    symrelu freeprob law --model refined --phi 1/2 --eps 1/2 --at 0 --format json
    symrelu freeprob law --model refined --phi 3 --eps 1 --at 0,1 --sample 600
    symrelu freeprob law --model refined --phi 1/4 --eps 1 --format latex
    """
    from symrelu.free.law_report import law_json, law_latex, law_text, sampled
    from symrelu.free.models import model

    points = [] if at is None else [point.strip() for point in at.split(",")]
    if "" in points:
        raise BadInput(f"--at was given as {at!r}; give numbers with commas between them, such as --at=-0.1,0.5")
    if seed < 0:
        raise BadInput(f"--seed was given as {seed}; give a whole number >= 0")
    one = model(model_name, phi, eps, 1 if sigma is None else sigma)
    data = {"model": model_name, "phi": phi, "eps": eps, **law_json(one, points, digits)}
    if sigma is not None:
        data["sigma"] = sigma
    if sample is not None and form == "latex":
        raise BadInput("--sample was given with --format latex, which has no place for it; give text or json")
    if sample is not None:
        data["sample"] = sampled(one, sample, seed)
    if form == "json":
        print_json(data)
    else:
        print_text(law_latex(one, data) if form == "latex" else law_text(one, data))


@freeprob.command(short_help="R-transform, Stieltjes polynomial, moments.")
@model_option
@click.option("--phi", metavar="PHI", help="A number (default: left open, as eps and sigma).")
@click.option("--eps", metavar="EPS", help="The energy.")
@sigma_option
@click.option("--moments", type=int, default=3, show_default=True, metavar="N", help="So many moments and cumulants.")
@format_option("text", "json", "latex")
def polynomial(model_name: str, phi: str | None, eps: str | None, sigma: str | None, moments: int, form: str) -> None:
    """R(g), the polynomial L(G, z) that the Stieltjes transform solves, moments and free cumulants, exact.

    The cubic (18) and the quartic (30) of the paper, derived, and the distribution function in closed form: F(z, G)
    with P(X < x) = 1 - Im F/pi, where G = G(x + i0) is the root of L in the lower half plane; at x = 0 the index. What
    is not given stays a symbol; sigma is open for the refined model and 1 for wishart-wigner, as in the paper, unless
    it is given (--sigma sigma leaves it open).

    \b
    symrelu freeprob polynomial --model wishart-wigner
    symrelu freeprob polynomial --model refined --format latex
    symrelu freeprob polynomial --model refined --phi 1/2 --moments 6
    """
    import sympy as sp

    from symrelu.free.law_report import polynomial_data, polynomial_latex, polynomial_text
    from symrelu.free.models import model

    scale = sigma if sigma is not None else "sigma" if model_name == "refined" else "1"
    values = [
        sp.Symbol(name, positive=True) if value is None or value == name else value
        for name, value in (("phi", phi), ("eps", eps), ("sigma", scale))
    ]
    one = model(model_name, *values)
    data = polynomial_data(one, moments)
    if form == "json":
        print_json({"model": model_name, **data})
    else:
        print_text(polynomial_latex(one) if form == "latex" else polynomial_text(one, data))


@freeprob.command(short_help="Where negative eigenvalues appear, and the 3/2 law beyond.")
@model_option
@click.option("--phi", metavar="PHI", help="Parameters per data point, > 0 (default: left open, closed forms).")
@sigma_option
@click.option("--digits", type=int, default=20, show_default=True, metavar="N", help="Significant digits, all right.")
@format_option("text", "json", "latex")
def threshold(model_name: str, phi: str | None, sigma: str | None, digits: int, form: str) -> None:
    """The energy eps_c up to which all eigenvalues are positive, and the index just beyond it.

    alpha = alpha_0 x**(3/2) (1 + a_1 x + O(x**2)) with x = (eps - eps_c)/eps_c, for 0 < phi < 1: closed forms in square
    roots, derived from R, and their digits. For phi >= 1 there is no threshold, and the answer says what holds instead:
    the limits of the index for small and large energy, and in the refined model (1 < phi < 2) the energy eps_sat from
    which on the index no longer grows.

    \b
    symrelu freeprob threshold --model wishart-wigner --phi 1/4
    symrelu freeprob threshold --model refined --phi 1/3 --sigma 1/2 --digits 40
    symrelu freeprob threshold --model refined        # closed forms for every phi
    symrelu freeprob threshold --model refined --phi 3/2
    """
    from symrelu.free.spectrum import MOST_DIGITS
    from symrelu.free.threshold_report import (
        SIGMA,
        closed_forms_json,
        closed_forms_text,
        latex,
        threshold_json,
        threshold_text,
    )
    from symrelu.free.thresholds import threshold as threshold_at

    if not 1 <= digits <= MOST_DIGITS:
        raise BadInput(f"{digits} digits were asked for; give 1 to {MOST_DIGITS}")
    if phi is None or phi == "phi":
        from symrelu.free.parameters import parameter

        scale = SIGMA if sigma is None or sigma == "sigma" else parameter(sigma, "--sigma", positive=True)
        if form == "json":
            print_json(closed_forms_json(model_name, scale))
        else:
            print_text(latex(model_name, None, scale) if form == "latex" else closed_forms_text(model_name, scale))
        return
    found = threshold_at(model_name, phi, 1 if sigma is None else sigma)
    if form == "json":
        print_json(threshold_json(found, digits))
    else:
        print_text(latex(model_name, found) if form == "latex" else threshold_text(found, digits))


@freeprob.command(short_help="An exact symmetric spectrum beside the random-matrix laws.")
@family_options
@click.option("--d", "at", required=True, metavar="D", help="A whole number, such as 20.")
@layers_option
@click.option("--phi", default="1/4", show_default=True, metavar="PHI", help="One phi to show, a choice.")
@format_option("text", "json")
def bridge(at: str, layers: int, phi: str, form: str, **chosen: Any) -> None:
    """The exact Hessian spectrum of a family beside random-matrix laws with the same number of parameters.

    eps is the family's loss (one output) and sigma the mean of its spectrum, so the means agree by construction. The
    families live on the population loss, infinitely many examples, which is phi -> 0; besides that law the table shows
    one phi of your choice and the phi at which the variances agree. It compares shapes: mean, variance, skewness, the
    fractions of negative and of zero eigenvalues, the extremes, and the largest difference of the distribution
    functions. Below it, in words, what agrees and what does not. A picture is among the examples.

    \b
    symrelu freeprob bridge 2a --d 20
    symrelu freeprob bridge 3a --d 50 --phi 1/2 --format json
    symrelu figure bridge --family 2a -o bridge.pdf
    """
    from symrelu.bridge import bridge as side_by_side
    from symrelu.families import family

    found = side_by_side(family(**chosen), at, layers, phi, progress())
    print_json(found.to_json()) if form == "json" else print_text(found.text())
