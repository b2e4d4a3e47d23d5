"""A threshold as JSON, text or LaTeX."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symrelu.errors import BadInput
from symrelu.free.radicals import exact_text
from symrelu.free.thresholds import PHI, SATURATION, Formulas, Threshold, formulas, threshold

SIGMA = sp.Symbol("sigma", positive=True)
FIELDS = ("eps_c", "G_c", "alpha_0", "a_1")
LAW = "index = alpha_0 x**(3/2) (1 + a_1 x + O(x**2)), x = (eps - eps_c)/eps_c"
BELOW = "1/(2 phi) - index = coefficient y**(3/2) (1 + next y + O(y**2)), y = (eps_sat - eps)/eps_sat"


def threshold_json(found: Threshold, digits: int) -> dict[str, Any]:
    """As plain data; ``exact`` is eps_c, the other exact forms have names of their own."""
    data: dict[str, Any] = {"model": found.model, "phi": str(found.phi), "sigma": str(found.sigma)}
    data |= {"domain": found.domain, "eps_c": None, "exact": None, "exponent": None, "alpha_0": None, "a_1": None}
    data |= {"index_limits": {"eps_to_0": str(found.floor), "eps_to_infinity": str(found.ceiling)}}
    if found.eps_c is None:
        data["reason"] = found.reason
    else:
        data |= {what: found.decimal(what, digits) for what in FIELDS}
        data |= {f"{what}_exact": exact_text(found.exact(what)) for what in FIELDS[1:]}
        data |= {"exact": exact_text(found.exact()), "exponent": str(found.exponent)}
    if found.saturation is not None:
        values = {what: found.decimal(what, digits) for what in SATURATION}
        exact = {f"{what}_exact": exact_text(found.exact(what)) for what in SATURATION}
        data["saturation"] = {**values, **exact, "exponent": str(found.exponent), "index": str(found.ceiling)}
    return data


def threshold_text(found: Threshold, digits: int) -> str:
    """Line by line: each number as a decimal and in closed form."""
    lines = [f"{found.model}, phi = {found.phi}, sigma = {found.sigma}"]
    if found.eps_c is None:
        lines.append(f"  no threshold: {found.reason}")
    else:
        lines += ["  no negative eigenvalues up to eps_c, and beyond", f"  {LAW}"]
        lines += _rows(found, FIELDS, digits)
    if found.saturation is not None:
        lines += [f"  the index is {found.ceiling} for every eps >= eps_sat, and below", f"  {BELOW}"]
        lines += _rows(found, tuple(SATURATION), digits)
    limits = f"{found.floor} as eps -> 0, {found.ceiling} as eps -> infinity"
    return "\n".join([*lines, f"  limits of the index: {limits}"])


def _rows(found: Threshold, names: tuple[str, ...], digits: int) -> list[str]:
    values = {name: found.decimal(name, digits) for name in names}
    width, first = max(map(len, values.values())), max(map(len, names))
    return [f"    {n:<{first}}  {v:<{width}}  = {exact_text(found.exact(n))}" for n, v in values.items()]


def closed_forms(model: str, sigma: sp.Expr = SIGMA) -> dict[str, dict[str, sp.Expr]]:
    """For every 0 < phi < 1 (and for the refined model every 1 < phi < 2): the names used, and the numbers in them."""
    threshold(model, PHI, sigma)  # refuses what is no model
    regimes = (model, "saturation") if model == "refined" else (model,)
    return {formulas(regime).domain: _named(formulas(regime), sigma) for regime in regimes}


def _named(here: Formulas, sigma: sp.Expr) -> dict[str, sp.Expr]:
    names = {str(name): meaning for name, meaning in here.names.items()}
    scaled = {"eps_c": sigma**2 * here.eps_c, "G_c": here.G_c / sigma, "alpha_0": here.alpha_0, "a_1": here.a_1}
    if here.domain == "0 < phi < 1":
        return {**names, **scaled}
    return {**names, **{what: scaled[of] for what, of in SATURATION.items()}}


def closed_forms_text(model: str, sigma: sp.Expr = SIGMA) -> str:
    """The closed forms line by line."""
    lines = [f"{model}: closed forms in phi and sigma (the mean of H0)"]
    for domain, forms in closed_forms(model, sigma).items():
        law = LAW if domain == "0 < phi < 1" else BELOW
        lines += ["", f"{domain}:  {law}"]
        width = max(map(len, forms))
        lines += [f"    {name:<{width}} = {exact_text(form)}" for name, form in forms.items()]
    ends = "phi >= 1: no threshold, since H1 splits the null space of H0 at once (from phi = 1 on, for every eps > 0)"
    return "\n".join([*lines, "", ends])


def closed_forms_json(model: str, sigma: sp.Expr = SIGMA) -> dict[str, Any]:
    """The closed forms as plain data."""
    forms = {
        domain: {name: exact_text(form) for name, form in group.items()}
        for domain, group in closed_forms(model, sigma).items()
    }
    main = forms["0 < phi < 1"]
    reason = "phi was left open: the closed forms are given instead of decimals"
    data: dict[str, Any] = {"model": model, "phi": "phi", "sigma": str(sigma), "domain": "0 < phi < 1"}
    data |= {
        "eps_c": None,
        "exact": main["eps_c"],
        "exponent": "3/2",
        "alpha_0": None,
        "alpha_0_exact": main["alpha_0"],
    }
    return {**data, "a_1_exact": main["a_1"], "reason": reason, "closed_forms": forms}


def latex(model: str, found: Threshold | None, sigma: sp.Expr = SIGMA) -> str:
    """The closed forms, or the exact numbers at one phi, as an align* environment. BadInput where there are none."""
    if found is not None and not found.numbers:
        raise BadInput(f"phi = {found.phi} was given with --format latex, and {found.reason}; try text or json")
    symbols = {
        sp.Symbol(name, positive=True): text
        for name, text in {"phi": r"\phi", "sigma": r"\sigma", "eps_c": r"\epsilon_c"}.items()
    }
    left = {
        "eps_c": r"\epsilon_c", "G_c": "G_c", "alpha_0": r"\alpha_0", "a_1": "a_1",
        "eps_sat": r"\epsilon_{\mathrm{sat}}", "coefficient": "C", "next": "c_1",
    }  # fmt: skip
    if found is not None:
        products = ("alpha_0", "coefficient")  # shorter as they come than over a common denominator
        forms = {n: found.numbers[n] if n in products else found.exact(n) for n in found.numbers}
        groups = {f"\\phi = {sp.latex(found.phi)}": forms}
    else:
        groups = {domain.replace("phi", r"\phi"): forms for domain, forms in closed_forms(model, sigma).items()}
    lines = []
    for title, forms in groups.items():
        lines.append(f"  &{title} \\\\")
        lines += [f"  {left.get(n, n)} &= {sp.latex(form, symbol_names=symbols)} \\\\" for n, form in forms.items()]
    lines[-1] = lines[-1].removesuffix(r" \\")
    return "\n".join([r"\begin{align*}", *lines, r"\end{align*}"])


__all__ = ["closed_forms", "closed_forms_json", "closed_forms_text", "latex", "threshold_json", "threshold_text"]
