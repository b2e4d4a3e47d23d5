"""The arithmetic of truncated series over functions of unknown numbers (:mod:`symrelu.exact.functions`)."""

from __future__ import annotations

from symrelu.errors import LimitingAngle, TruncatedTooSoon
from symrelu.exact.angles import supplementary_angle
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.field import Element
from symrelu.exact.functions import FunctionField
from symrelu.exact.series import Series, common


class FunctionArithmetic(SeriesArithmetic):
    """Truncated series over a :class:`FunctionField`: Gram roots and limiting angles are adjoined as they are met.

    Gram determinants come from Lagrange's identity: where entries carry O-terms, p*q - s**2 would forget more.
    """

    cancels = False
    field: FunctionField

    def gram_root(self, p: Series, q: Series, s: Series, gram: Element) -> Series:
        """The root of the Gram determinant; O(t**n) where nothing of it is known."""
        if gram.is_exact_zero:
            return gram
        if not gram.coefficients:
            half = gram.valuation // 2
            return Series(self.field, half, [], half, self.ramification)
        if gram.is_exact and len(gram.coefficients) > 1:
            raise TruncatedTooSoon(
                f"the root of the exact Gram determinant {gram} has infinitely many terms: truncate the entries first"
            )
        return gram.sqrt()

    def supplement(self, s: Series, g: Series, inverse_p: Series, inverse_q: Series) -> Series:
        """psi by its differential equation, its limit a variable psi_k where it is no multiple of pi/4 or pi/6."""
        try:
            return supplementary_angle(s, g, inverse_p, inverse_q)
        except LimitingAngle:
            s, g = common(s, g)
            return supplementary_angle(s, g, inverse_p, inverse_q, self.field.angle(s.leading, g.leading))
