"""Deciding the claims about entries, losses, multiplicities and the displayed gradient."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import factorial
from typing import Any

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.exact.parse import parse
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial


def _series(claim: Claim, context: Context) -> Outcome:
    order = _order_of(claim.error) - 1 if claim.error else 2
    result = context.family(claim).series(order)
    ours = result.loss if claim.subject == "loss" else result.entries[claim.subject]
    printed = printed_series(claim.printed)
    if claim.error:
        difference = (ours - printed).truncate(order + 1)
        same = not difference.coefficients
    else:
        same = ours.is_exact and (ours - printed).is_exact_zero
    return ("confirmed" if same else "refuted"), str(ours), "exact", result.proof


def _isotropy(claim: Claim, context: Context) -> Outcome:
    found = context.family(claim).actual.label()
    proof = "equalities and differences of the exact entries, as a coloured graph"
    return ("confirmed" if found == claim.printed else "refuted"), found, "exact", proof


def _multiplicity(claim: Claim, context: Context) -> Outcome:
    count = context.family(claim).multiplicity()
    # both are polynomials of degree at most 3 times d!: they agree at 8 points only if they are equal
    same = all(count.at(d) == _printed_integer(claim.printed, d) for d in range(8, 16))
    return ("confirmed" if same else "refuted"), str(count), "exact", "orbit-stabilizer: |S_d x S_d| / |isotropy|"


def _corner(claim: Claim, context: Context) -> Outcome:
    size = context.family(claim).key.isotropy.blocks[-1]
    found = f"A_{size}(a_5, a_6): the block has {size} rows and {size} columns"
    return ("confirmed" if str(size) == claim.printed else "refuted"), found, "exact", "the sizes of the blocks"


def _global(claim: Claim, context: Context) -> Outcome:
    loss = context.family(claim).series(2).loss
    rests = "substitution, exactly for every d; the loss is an expected square, hence not negative"
    return ("confirmed" if loss.is_exact_zero else "refuted"), f"loss = {loss}", "exact", rests


def _limit(claim: Claim, context: Context) -> Outcome:
    loss = context.family(claim).series(2).loss
    constant = loss[0]
    if claim.printed == "constant":
        same = constant == Fraction(1, 2) - 1 / QPI.pi
    else:
        same = not constant and not loss[1] and bool(loss[2])
    return ("confirmed" if same else "refuted"), f"loss = {loss}", "exact", "the loss series"


def _spurious(claim: Claim, context: Context) -> Outcome:
    loss = context.family(claim).series(2).loss
    positive = loss.field.sign(loss.leading) > 0
    rests = "the sign of the leading coefficient of the loss (a ball); at a given d: see the claim from-9"
    return ("confirmed" if positive else "refuted"), f"loss = {loss}", "exact", rests


def _rescaling(claim: Claim, context: Context) -> Outcome:
    from symrelu.model.kernels import RELU

    same = RELU.is_homogeneous()
    found = "kappa(l**2 p, q, l s) = l kappa(p, q, s) identically, so alpha_i kappa(w_i, .) is invariant"
    return ("confirmed" if same else "refuted"), found, "exact", "the kernel as a SymPy expression"


def _gradient(claim: Claim, context: Context) -> Outcome:
    import sympy

    from symrelu.model.expression import D, coordinates, gradient_expression

    problem = context.family(claim).problem
    expression = gradient_expression(problem)
    names: dict[str, Any] = {str(a): a for a in coordinates(problem)} | {"d": D, "pi": sympy.pi}
    for ours, theirs in (("nu_1", "nu"), ("alpha_1_1o", "alpha"), ("beta_1_1", "beta_1"), ("beta_1_1o", "beta_2")):
        names[theirs] = next(symbol for symbol in expression.definitions if symbol.name == ours)
    printed = parse(claim.printed, names, lambda x: sympy.Rational(x.numerator, x.denominator), {"sin": sympy.sin})
    found = expression.values[claim.subject]
    same = sympy.expand(found - printed) == 0
    return (
        ("confirmed" if same else "refuted"),
        str(found),
        "exact",
        "identity of expanded expressions in a_i, d, nu, alpha, beta",
    )


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "series": _series,
    "isotropy": _isotropy,
    "multiplicity": _multiplicity,
    "corner": _corner,
    "global": _global,
    "limit": _limit,
    "spurious": _spurious,
    "rescaling": _rescaling,
    "gradient": _gradient,
}


def printed_series(text: str) -> Series:
    """A printed formula in d as an exact series in t = d**(-1/2)."""
    value = parse(
        text,
        {"pi": monomial(QPI, QPI.pi, 0), "d": monomial(QPI, 1, -2)},
        lambda x: monomial(QPI, x, 0),
        {"sqrt": Series.sqrt},
    )
    assert isinstance(value, Series)
    return value


def _printed_integer(text: str, d: int) -> int:
    value = parse(text, {"d": Fraction(d)}, Fraction, {"factorial": lambda n: Fraction(factorial(int(n)))})
    return int(value) if value.denominator == 1 else -1


def _order_of(error: str) -> int:
    """The exponent n of t in an error term ``d**(-n/2)``."""
    return int(error.removeprefix("d**(-").removesuffix("/2)"))
