"""The Gram root and the angle of two rows, as series: the two functions of a pair that a kernel needs.

The angle's limit theta is its one transcendental constant. Over an exact field it must be a rational multiple of pi
with rational cos**2, which is a multiple of pi/4 or of pi/6 (Niven): cos**2 in {0, 1/4, 1/2, 3/4, 1}. Other limits are
refused, pi/5 too. Over balls every angle is a constant.
"""

from __future__ import annotations

from fractions import Fraction

from symrelu.errors import LimitingAngle, ParallelToPrecision, TruncatedTooSoon
from symrelu.exact.coefficients import reversed_slice
from symrelu.exact.constants import BallField
from symrelu.exact.field import Element
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.series import Series, common, product_precision


def gram_root(p: Series, q: Series, s: Series) -> Series:
    """sqrt(p*q - s**2), the area spanned by two rows with norms**2 p, q and inner product s.

    Exactly parallel rows give the exact 0; rows that are parallel only as far as the known precision reaches
    raise ParallelToPrecision.
    """
    gram = p * q - s.square()
    if not gram.coefficients and not gram.is_exact_zero:
        raise ParallelToPrecision(
            f"two rows are parallel as far as they are known (their Gram determinant is {gram}): give a higher order"
        )
    if gram.is_exact and len(gram.coefficients) > 1:
        raise TruncatedTooSoon(
            f"the root of the exact Gram determinant {gram} has infinitely many terms: truncate the entries first"
        )
    return gram.sqrt()


def supplementary_angle(
    s: Series, g: Series, inverse_p: Series, inverse_q: Series, constant: Element | None = None
) -> Series:
    """psi = pi - theta, theta the angle of two rows with inner product s and Gram root g, given 1/p and 1/q.

    Never an arccos of a series at +-1: psi solves t psi' = (g t s' - s t g')/(p q), with the constant read off
    the limit unless it is given. Raises LimitingAngle for a limit that is no multiple of pi/4 or pi/6.
    """
    constant = limiting_supplement(s, g) if constant is None else constant
    numerator = _wronskian(g, s)
    if numerator.is_exact_zero:
        return Series.make(s.field, 0, [constant], None, s.ramification)
    return (numerator * inverse_p * inverse_q).integrate(constant)


def limiting_supplement(s: Series, g: Series) -> Element:
    """pi - theta at t = 0: theta in {0, pi/6, pi/4, pi/3, pi/2, ...} by the exact value of cos(theta)**2 =
    s**2/(s**2 + g**2).
    """
    s, g = common(s, g)  # valuations are compared: one ramification
    field = s.field
    pi = field.pi
    if s.is_exact_zero or (s.valuation > g.valuation and not g.is_exact_zero):
        return pi / 2
    if g.valuation > s.valuation or g.is_exact_zero:
        return pi if field.sign(s.leading) > 0 else field.zero
    if isinstance(field, BallField):
        return pi - field.angle(s.leading, g.leading)
    if isinstance(field, PolynomialRing) and isinstance(field.base, BallField):
        return pi - field(field.base.angle(*(field.constant_of(x.leading, "the angle") for x in (s, g))))
    cosine_squared = s.leading * s.leading / (s.leading * s.leading + g.leading * g.leading)
    for value, denominator in ((Fraction(1, 4), 3), (Fraction(1, 2), 4), (Fraction(3, 4), 6)):
        if cosine_squared == value:
            theta = pi / denominator
            return pi - theta if field.sign(s.leading) > 0 else theta
    raise LimitingAngle(
        f"two rows meet at a limiting angle with cosine**2 = {field.text(cosine_squared)}, which is no multiple of "
        "pi/4 or pi/6, so this family has no exact series here"
    )


def _wronskian(g: Series, s: Series) -> Series:
    """g * t s' - s * t g' = sum((j - i) g_i s_j t**(i+j)): one product instead of two."""
    g, s = common(g, s)
    if g.is_exact_zero or s.is_exact_zero:
        return Series.make(g.field, 0, [], None, g.ramification)
    precision = product_precision(g, s)
    valuation, offset = g.valuation + s.valuation, s.valuation - g.valuation
    a, b, dot = g.coefficients, s.coefficients, g.field.dot
    length = len(a) + len(b) - 1 if a and b else 0
    if precision is not None:
        length = min(length, precision - valuation)
    cs = []
    for n in range(length):
        low, top = max(0, n - len(b) + 1), min(n, len(a) - 1)
        weighted = [a[i] * (n - 2 * i + offset) for i in range(low, top + 1)]
        cs.append(dot(weighted, reversed_slice(b, n - low, n - top - 1)))
    return Series.make(g.field, valuation, cs, precision, g.ramification)
