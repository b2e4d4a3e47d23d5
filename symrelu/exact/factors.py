"""Factors of polynomials in one unknown: over Q(pi) by FLINT, as bivariate integer polynomials; over an extension
K(theta) by Trager's method, through the norm to K; over balls by their roots, which must be real.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq_mpoly, fmpq_mpoly_ctx, fmpz

from symrelu.errors import Undecided
from symrelu.exact.constants import BallField
from symrelu.exact.extension import ExtensionField, absolute_degree
from symrelu.exact.field import Element, Field
from symrelu.exact.qpi import QPI, RationalFunctionsOfPi
from symrelu.exact.univariate import Poly, gcd, is_squarefree, monic, shift, squarefree

LARGEST_NORM = 54  # norms of larger degree over Q(pi) are not tried: degree 18 takes seconds already

_CONTEXT = fmpq_mpoly_ctx.get(("p", "x"), "lex")  # python-flint 0.9 sorts the factors of fmpz_mpoly by C integers


def factor(field: Field, poly: Sequence[Element]) -> list[tuple[Poly, int]]:
    """The monic irreducible factors of a nonzero polynomial over the field, with multiplicities."""
    if isinstance(field, RationalFunctionsOfPi):
        return _factor_over_qpi(monic(field, poly))
    if isinstance(field, ExtensionField):
        found: list[tuple[Poly, int]] = []
        for part, multiplicity in squarefree(field, monic(field, poly)):
            found += [(f, multiplicity) for f in _factor_squarefree(field, part)]
        return found
    if isinstance(field, BallField):
        parts = squarefree(field, monic(field, poly))
        return [([-x, field.one], multiplicity) for part, multiplicity in parts for x in field.real_roots(part)]
    raise Undecided(
        f"polynomials over {field.name} are not factored in this version: give a number for the symbol, such as "
        "leaky:1/10"
    )


def _factor_over_qpi(poly: Poly) -> list[tuple[Poly, int]]:
    """FLINT's factorisation of the polynomial in (pi, x) with denominators cleared; factors in pi alone are units."""
    common = QPI.one
    for c in poly:
        common = common * QPI.denominator(c * common)
    terms: dict[tuple[int, ...], int | fmpz] = {}
    for i, c in enumerate(poly):
        for power, value in enumerate(QPI.integer_coefficients(c * common)):
            if value:
                terms[power, i] = value
    _, factors = _CONTEXT.from_dict(terms).factor()
    found = []
    for f, multiplicity in factors:
        coefficients = _in_x(f)
        if len(coefficients) > 1:
            found.append((monic(QPI, coefficients), int(multiplicity)))
    return sorted(found, key=lambda pair: (len(pair[0]), str(pair[0])))


def _in_x(f: fmpq_mpoly) -> Poly:
    coefficients: dict[int, dict[int, Fraction]] = {}
    for (power, i), value in f.to_dict().items():
        coefficients.setdefault(int(i), {})[int(power)] = Fraction(int(value.p), int(value.q))
    poly: Poly = []
    for i in range(max(coefficients) + 1):
        of_pi = coefficients.get(i, {})
        poly.append(QPI.from_polynomial([of_pi.get(j, Fraction(0)) for j in range(max(of_pi, default=0) + 1)]))
    return poly


def _factor_squarefree(field: ExtensionField, poly: Poly) -> list[Poly]:
    """Trager: shifted until its norm is squarefree, the polynomial is cut out by the norm's factors over the base."""
    if len(poly) <= 2:
        return [poly]
    degree = (len(poly) - 1) * absolute_degree(field)
    if degree > LARGEST_NORM:
        raise Undecided(
            f"a polynomial of degree {len(poly) - 1} over {field.name} would have to be factored, through one of "
            f"degree {degree} over Q(pi); this version goes up to {LARGEST_NORM}"
        )
    steps = 0
    while True:
        shifted = shift(field, poly, field.root * (-steps)) if steps else poly
        norm = field.polynomial_norm(shifted)
        if is_squarefree(field.base, norm):
            break
        steps += 1
    factors = []
    for f, _ in factor(field.base, norm):
        common = gcd(field, shifted, [field(c) for c in f])
        if len(common) > 1:
            factors.append(shift(field, common, field.root * steps) if steps else common)
    return factors
