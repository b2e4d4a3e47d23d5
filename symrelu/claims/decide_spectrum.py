"""Deciding the claims about Hessian spectra."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_series import printed_series
from symrelu.exact.parse import parse
from symrelu.exact.series import Series
from symrelu.spectrum.result import Eigenvalue, FamilySpectrum

POINTS = range(20, 26)  # multiplicities are polynomials of degree 2 in d: equal at six points only if equal


def _total_at(eigenvalues: list[Eigenvalue], d: int) -> Fraction:
    return sum((e.multiplicity.formal(d) for e in eigenvalues), Fraction(0))


def _printed_at(text: str, d: int) -> Fraction:
    value = parse(text, {"d": Fraction(d)}, Fraction)
    assert isinstance(value, Fraction)
    return value


def _leading(spectrum: FamilySpectrum, value: Series) -> list[Eigenvalue]:
    """The branches that equal ``value`` up to O(t)."""
    return [e for e in spectrum.eigenvalues if not (e.series - value).truncate(1).coefficients]


def _spectrum_line(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(0)
    matching = _leading(spectrum, printed_series(claim.printed))
    same = all(_total_at(matching, d) == _printed_at(claim.subject, d) for d in POINTS)
    names = " + ".join(f"{e.component.name}.{e.branch} ({e.multiplicity})" for e in matching)
    rests = f"isotypic decomposition; {spectrum.proof}"
    return ("confirmed" if same else "refuted"), f"branches {names or 'none'}", "exact", rests


def _spectrum_total(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(0)
    same = all(_total_at(list(spectrum.eigenvalues), d) == d * (d + 1) for d in POINTS)
    found = f"{len(spectrum.eigenvalues)} branches"
    return ("confirmed" if same else "refuted"), found, "exact", "dimensions of the components, as polynomials in d"


def _nonnegative(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(0)
    negative = spectrum.negative_at_large_d()
    found = ", ".join(f"{e.component.name}.{e.branch} = {e.series}" for e in negative) or "no branch is negative"
    rests = "the signs of the leading coefficients; the zeros are exact"
    return ("refuted" if negative else "confirmed"), found, "exact", rests


def _y_vector(claim: Claim, context: Context) -> Outcome:
    """The displayed vector is symmetric with zero diagonal and zero row sums: so is exactly the (d-2,2)
    isotypic part.
    """
    for d in range(4, 12):
        vector = displayed_vector(d)
        symmetric = all(vector[i][j] == vector[j][i] for i in range(d) for j in range(d))
        if not symmetric or any(vector[i][i] for i in range(d)) or any(sum(row) for row in vector):
            return "refuted", f"not so at d = {d}", "exact", "integer arithmetic"
    found = "symmetric, zero diagonal, zero row sums (d = 4 .. 11; the entries are affine in d)"
    return "confirmed", found, "exact", "such matrices are the (d-2,2) component of M(d,d)"


def displayed_vector(d: int) -> list[list[int]]:
    """The matrix that section 4.2 of the paper displays (and stacks)."""
    rows = [[0] * d for _ in range(d)]
    rows[0][1] = rows[1][0] = d - 3
    rows[0][2] = rows[2][0] = 3 - d
    for j in range(3, d):
        rows[1][j] = rows[j][1] = -1
        rows[2][j] = rows[j][2] = 1
    return rows


def _y_display(claim: Claim, context: Context) -> Outcome:
    import sympy

    from symrelu.model.expression import D, collected, coordinates
    from symrelu.spectrum.expressions import component_expression

    problem = context.family(claim).problem
    expression = component_expression(problem, "y1")
    symbols = {symbol.name: symbol for symbol in expression.definitions}
    names: dict[str, Any] = {str(a): a for a in coordinates(problem)} | {"d": D, "pi": sympy.pi, "nu": symbols["nu_1"]}
    names |= {"alpha": symbols["alpha_1_1o"], "beta_1": symbols["beta_1_1"], "beta_2": symbols["beta_1_1o"]}
    names |= {"nu_2": sympy.sin(names["alpha"]), "mu_2": sympy.sin(names["beta_2"])}
    printed = parse(claim.printed, names, lambda x: sympy.Rational(x.numerator, x.denominator), {"sin": sympy.sin})
    (found,) = expression.eigenvalues
    same = collected(found - printed) == 0
    rests = "identity of expanded expressions in a_i, d, nu, alpha, beta"
    return ("confirmed" if same else "refuted"), str(found), "exact", rests


def _profile(spectrum: FamilySpectrum) -> list[tuple[Series, tuple[Fraction, ...]]]:
    """The distinct leading parts (to O(t)) of the branches, each with its total multiplicity at some d's."""
    profile: list[tuple[Series, list[Eigenvalue]]] = []
    for e in spectrum.eigenvalues:
        for value, members in profile:
            if not (e.series - value).truncate(1).coefficients:
                members.append(e)
                break
        else:
            profile.append((e.series.truncate(1), [e]))
    return [(value, tuple(_total_at(members, d) for d in POINTS)) for value, members in profile]


def _coincide(claim: Claim, context: Context) -> Outcome:
    names = claim.printed.split(",")
    reference = _profile(context.named(names[0]).spectrum(0))
    for name in names[1:]:
        other = _profile(context.named(name).spectrum(0))
        for value, totals in reference:
            matching = [t for v, t in other if not (v - value).truncate(1).coefficients]
            if len(other) != len(reference) or matching != [totals]:
                return "refuted", f"{names[0]} and {name} differ at {value}", "exact", "the spectra to O(t)"
    found = f"{len(reference)} distinct leading parts, the same with the same multiplicities for {', '.join(names)}"
    return (
        "confirmed",
        found,
        "exact",
        "the spectra as exact series (they differ at the next order: see symrelu compare)",
    )


def _fixed_number(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(2)
    return "confirmed", f"{len(spectrum.eigenvalues)} branches for every d", "exact", "the isotypic decomposition"


def _linear_growth(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(0)
    growing = [e for e in spectrum.eigenvalues if e.series.coefficients and e.series.valuation < 0]
    linear = all(e.series.valuation == -2 for e in growing)
    same = linear and all(_total_at(growing, d) == _printed_at(claim.printed, d) for d in POINTS)
    rest = {str(e.series.truncate(1)) for e in spectrum.eigenvalues if e not in growing and not e.is_zero}
    found = f"{claim.printed} eigenvalues of order d; the others: {', '.join(sorted(rest))}, and the exact zeros"
    return ("confirmed" if same else "refuted"), found, "exact", "the spectrum as exact series"


def _condition(claim: Claim, context: Context) -> Outcome:
    spectrum = context.family(claim).spectrum(0)
    values = [e.series for e in spectrum.eigenvalues if not e.is_zero]
    largest = min(x.valuation for x in values)
    smallest = max(x.valuation for x in values)
    found = f"largest of order d**{-largest // 2}, least nonzero of order d**{-smallest // 2}"
    return (
        ("confirmed" if (largest, smallest) == (-2, 0) else "refuted"),
        found,
        "exact",
        "the spectrum as exact series",
    )


def _layers_agree(claim: Claim, context: Context) -> Outcome:
    for name in claim.printed.split(","):
        two, one = (context.named(name).spectrum(0, layers) for layers in (2, 1))
        negative = [tuple(_total_at(spectrum.negative_at_large_d(), d) for d in POINTS) for spectrum in (two, one)]
        zeros = [e for e in two.eigenvalues if e.is_zero]
        if negative[0] != negative[1] or any(_total_at(zeros, d) != d for d in POINTS):
            return "refuted", f"they differ for {name}", "exact", "the spectra for one and two trained layers"
    found = "k exact zeros with two layers, none with one; the same number of negative eigenvalues"
    return "confirmed", found, "exact", "both spectra as exact series; L depends on alpha_i w_i only"


def _rescaled_spectrum(claim: Claim, context: Context) -> Outcome:
    from symrelu.spectrum.rescaling import trace_along_rescaling

    by_power = trace_along_rescaling(context.family(claim))
    found = " + ".join(f"({x}) lambda**({power})" for power, x in sorted(by_power.items()))
    same = len([x for x in by_power.values() if x.coefficients]) > 1
    rests = "H becomes S' H S with S = Diag(1/lambda, lambda): congruent (Sylvester: inertia is constant), not similar"
    return ("confirmed" if same else "refuted"), f"trace of the Hessian = {found}", "exact", rests


def _invariance(claim: Claim, context: Context) -> Outcome:
    from symrelu.claims.permutations import losses_after_a_row_swap

    before, fixed, permuted = losses_after_a_row_swap()
    same = (before - (permuted if "permuted" in claim.printed else fixed)) == 0
    if "permuted" in claim.printed:
        found = "the network sum alpha_i phi(<w_i, x>) is a sum over neurons (checked at k = d = 2)"
    else:
        found = f"k = d = 2, W = diag(2, 1), alpha = (1, 2), rows swapped: L goes from {before} to {fixed}"
    return ("confirmed" if same else "refuted"), found, "exact", "the exact loss of a 2 x 2 network"


def _later(claim: Claim, context: Context) -> Outcome:
    return "open", claim.printed, "exact", "not attempted"


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "spectrum_line": _spectrum_line,
    "spectrum_total": _spectrum_total,
    "nonnegative": _nonnegative,
    "y_vector": _y_vector,
    "y_display": _y_display,
    "coincide": _coincide,
    "fixed_number": _fixed_number,
    "linear_growth": _linear_growth,
    "condition": _condition,
    "layers_agree": _layers_agree,
    "rescaled_spectrum": _rescaled_spectrum,
    "invariance": _invariance,
    "later": _later,
}
