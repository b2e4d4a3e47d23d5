"""Roots of polynomials in one unknown over a coefficient field, exact: in the field, or after adjoining square roots,
or, where these do not help, each in a field of its own.

The roots of an irreducible polynomial of degree 3 or more are conjugate, so the fields K(theta_i) differ in nothing but
the place of theta_i on the line: whoever follows one root needs no field that contains them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symrelu.exact.algebraic import AlgebraicField, free_names
from symrelu.exact.factors import factor
from symrelu.exact.field import Element, Field, NotASquare
from symrelu.exact.square_roots import SquareRootField
from symrelu.exact.univariate import Poly, real_roots, shift


@dataclass(frozen=True)
class Root:
    """A root, the field it lies in, and its multiplicity."""

    field: Field
    value: Element
    multiplicity: int


def roots(field: Field, poly: Sequence[Element]) -> list[Root]:
    """All roots of a polynomial known to have real roots only.

    Those that square roots give lie in one field, the given one with these adjoined: roots of irreducible factors of
    degree 1 and 2, and of degree 4 where there is a quadratic field in between. Every other root lies in a field of its
    own over the given one, generators being numbered as the roots ascend.
    """
    factors = sorted(factor(field, poly), key=lambda pair: len(pair[0]))
    larger, together, found = field, [], []
    for f, multiplicity in factors:
        radicand = _quadratic_subfield(field, f) if len(f) == 5 else None
        if len(f) <= 3 or radicand is not None:
            larger, values = _by_square_roots(larger, f, radicand)
            together += [(value, multiplicity) for value in values]
        else:
            found += [Root(own, own.root, multiplicity) for own in conjugate_fields(field, f)]
    return [Root(larger, larger(value), multiplicity) for value, multiplicity in together] + found


def conjugate_fields(field: Field, f: Poly) -> list[AlgebraicField]:
    """The fields that the roots of an irreducible polynomial with real roots only generate, ascending."""
    count, names = len(real_roots(field, f, 64)), free_names(field, len(f) - 1)
    if count < len(f) - 1:
        raise ArithmeticError(
            f"{len(f) - 1 - count} roots of a polynomial that should have real roots only are not real; this is a bug, "
            "please report it"
        )
    return [AlgebraicField(field, f, i, name) for i, name in enumerate(names)]


def _by_square_roots(field: Field, f: Poly, radicand: Element | None) -> tuple[Field, list[Element]]:
    """The field with the square roots adjoined that a polynomial of degree 1, 2 or 4 needs, and the roots in it."""
    if len(f) == 2:
        return field, [field(-f[0])]
    if len(f) == 3:
        b = field(f[1])
        field, root = _with_sqrt(field, b * b - f[0] * 4)
        return field, [(root - b) / 2, -(root + b) / 2]
    field, _ = _with_sqrt(field, field(radicand))
    values: list[Element] = []
    for part, _ in factor(field, [field(c) for c in f]):
        field, more = _by_square_roots(field, part, None)
        values += more
    return field, values


def _with_sqrt(field: Field, x: Element) -> tuple[Field, Element]:
    """The field with sqrt(x) adjoined if need be, and sqrt(x)."""
    try:
        return field, field.sqrt(x)
    except NotASquare as error:
        larger = SquareRootField(field, error.radicand)
        return larger, larger.sqrt(larger(x))


def _quadratic_subfield(field: Field, f: Poly) -> Element | None:
    """For an irreducible quartic with real roots: a number whose square root splits it, or None if there is none.

    There is one exactly if the resolvent with the roots x_1 x_2 + x_3 x_4 and the like has a root y in the field.
    """
    r, q, p, _, _ = shift(field, f, f[3] / -4)
    for g, _ in factor(field, [p * r * 4 - q * q, r * -4, -p, field.one]):
        if len(g) == 2:
            y = -g[0]
            return y - p if y != p else p * p / 4 - r  # (x_1 + x_2)**2, or where that is 0 the roots are +-x_1, +-x_3
    return None
