"""Roots of polynomials in one unknown over a coefficient field, exact: rational over the field, or after adjoining a
square root.

Over Q(pi) polynomials are factored by FLINT, as bivariate integer polynomials; over K(sqrt r) through their norm to K.
A polynomial is a list of coefficients, constant term first.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpz, fmpz_mpoly, fmpz_mpoly_ctx

from symrelu.errors import Undecided
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.qpi import QPI, RationalFunctionsOfPi
from symrelu.exact.square_roots import SquareRootField

Poly = list[Element]

_CONTEXT = fmpz_mpoly_ctx.get(("p", "x"), "lex")


def factor(field: Field, poly: Sequence[Element]) -> list[tuple[Poly, int]]:
    """The monic irreducible factors of a nonzero polynomial over the field, with multiplicities."""
    monic = _monic(field, list(poly))
    if isinstance(field, RationalFunctionsOfPi):
        return _factor_over_qpi(monic)
    if isinstance(field, SquareRootField):
        return _factor_over_square_root(field, monic)
    raise Undecided(f"polynomials over {field.name} are not factored in this version")


def roots(field: Field, poly: Sequence[Element]) -> tuple[Field, list[tuple[Element, int]]]:
    """All roots of a polynomial known to have real roots only, with multiplicities, and the field they lie in.

    The field grows by the square roots that irreducible quadratic factors need. Raises Undecided for an
    irreducible factor of degree 3 or more.
    """
    factors = factor(field, poly)
    for f, _ in factors:
        if len(f) > 3:
            degree = len(f) - 1
            raise Undecided(
                f"a polynomial of degree {degree} irreducible over {field.name} would have to be solved: "
                "its roots have no square-root form, which this version does not handle"
            )
    for f, _ in factors:
        if len(f) == 3:
            discriminant = f[1] * f[1] - f[0] * 4
            try:
                field.sqrt(field(discriminant))
            except NotASquare as error:
                larger = SquareRootField(field, error.radicand)
                return roots(larger, [larger(c) for c in poly])
    return field, [(-f[0], m) for f, m in factors]


def _trim(poly: Poly) -> Poly:
    while poly and not poly[-1]:
        poly.pop()
    return poly


def _monic(field: Field, poly: Poly) -> Poly:
    poly = _trim([field(c) for c in poly])
    inverse = field.inverse(poly[-1])
    return [c * inverse for c in poly]


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
            found.append((_monic(QPI, coefficients), int(multiplicity)))
    return sorted(found, key=lambda pair: (len(pair[0]), str(pair[0])))


def _in_x(f: fmpz_mpoly) -> Poly:
    coefficients: dict[int, dict[int, int]] = {}
    for (power, i), value in f.to_dict().items():
        coefficients.setdefault(int(i), {})[int(power)] = int(value)
    poly: Poly = []
    for i in range(max(coefficients) + 1):
        of_pi = coefficients.get(i, {})
        poly.append(QPI.from_polynomial([of_pi.get(j, 0) for j in range(max(of_pi, default=0) + 1)]))
    return poly


def _factor_over_square_root(field: SquareRootField, poly: Poly) -> list[tuple[Poly, int]]:
    """Trager's method: squarefree parts, shifted until the norm is squarefree; its factors over the base cut
    out ours.
    """
    found: list[tuple[Poly, int]] = []
    for part, multiplicity in _squarefree(field, poly):
        found += [(f, multiplicity) for f in _factor_squarefree(field, part)]
    return found


def _factor_squarefree(field: SquareRootField, poly: Poly) -> list[Poly]:
    if len(poly) <= 2:
        return [poly]
    shift = 0
    while True:
        shifted = _shift(field, poly, field.root * (-shift))
        conjugate = [field.conjugate(c) for c in shifted]
        norm = [c.a for c in _multiply(field, shifted, conjugate)]
        if len(_gcd(field.base, norm, _derivative(norm))) == 1:
            break
        shift += 1
    factors = []
    for f, _ in factor(field.base, norm):
        common = _gcd(field, shifted, [field(c) for c in f])
        if len(common) > 1:
            factors.append(_shift(field, common, field.root * shift))
    return factors


def _squarefree(field: Field, poly: Poly) -> list[tuple[Poly, int]]:
    """Yun's squarefree decomposition (characteristic 0)."""
    found = []
    common = _gcd(field, poly, _derivative(poly))
    rest, multiplicity = _divide(field, poly, common)[0], 1
    while len(rest) > 1:
        shared = _gcd(field, rest, common) if len(common) > 1 else [field.one]
        part = _divide(field, rest, shared)[0]
        if len(part) > 1:
            found.append((_monic(field, part), multiplicity))
        rest, common = shared, _divide(field, common, shared)[0]
        multiplicity += 1
    return found


def _derivative(poly: Poly) -> Poly:
    return [c * i for i, c in enumerate(poly)][1:]


def _multiply(field: Field, f: Poly, g: Poly) -> Poly:
    product = [field.zero] * (len(f) + len(g) - 1)
    for i, a in enumerate(f):
        for j, b in enumerate(g):
            product[i + j] = product[i + j] + a * b
    return _trim(product)


def _divide(field: Field, f: Poly, g: Poly) -> tuple[Poly, Poly]:
    remainder, inverse = list(f), field.inverse(g[-1])
    quotient = [field.zero] * max(len(f) - len(g) + 1, 0)
    for i in range(len(f) - len(g), -1, -1):
        c = remainder[i + len(g) - 1] * inverse
        quotient[i] = c
        if c:
            for j, b in enumerate(g):
                remainder[i + j] = remainder[i + j] - c * b
    return _trim(quotient), _trim(remainder[: len(g) - 1])


def _gcd(field: Field, f: Poly, g: Poly) -> Poly:
    f, g = _trim(list(f)), _trim(list(g))
    while g:
        f, g = g, _divide(field, f, g)[1]
    return _monic(field, f)


def _shift(field: Field, poly: Poly, by: Element) -> Poly:
    """poly(x + by), by Horner."""
    result: Poly = []
    for c in reversed(poly):
        result = _multiply(field, result, [field(by), field.one]) if result else []
        if result:
            result[0] = result[0] + c
        else:
            result = [field(c)]
    return _trim(result)
