"""The arithmetic of functions with proved errors (:mod:`symrelu.exact.bounded`): what formulas are evaluated in."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import arb

from symrelu.errors import Undecided, ZeroRow
from symrelu.exact.angles import limiting_supplement
from symrelu.exact.ball_polynomials import BallPolynomial
from symrelu.exact.bounded import Bounded, Domain, Known
from symrelu.exact.field import Field
from symrelu.exact.series import Series, monomial


class BoundedArithmetic:
    """Functions with proved errors as scalars of the reduced loss, gradient and Hessian.

    Parameters: ``domain``; ``field``, the coefficient field of exact series on (0, t_0], or None for ball polynomials.
    """

    cancels = False

    def __init__(self, domain: Domain, field: Field | None = None, ramification: int = 2) -> None:
        self.domain = domain
        self.field = field
        self.ramification = ramification
        self.name = f"functions with proved errors on {'[-' if domain.symmetric else '(0, '}{domain.end}]"

    def constant(self, value: Any) -> Bounded:
        """A constant: a number of the field, or a ball."""
        if self.field is None:
            known: Known = BallPolynomial([]).constant(value)
        else:
            known = monomial(self.field, value, 0, self.ramification)
        return Bounded(known, None, self.domain)

    def rational(self, value: int | Fraction) -> Bounded:
        """A rational number."""
        return self.constant(value)

    @property
    def pi(self) -> Bounded:
        """The number pi."""
        return self.constant(arb.pi() if self.field is None else self.field.pi)

    def is_zero(self, x: Any) -> bool:
        """True for the structural zero."""
        return x == 0 if isinstance(x, int) else bool(x.is_zero)

    def check_norm(self, p: Bounded) -> None:
        """Raise ZeroRow if the squared norm of a row may vanish on the domain."""
        if p.is_zero or not p.known.coefficients or not p.range() > 0:
            raise ZeroRow("the norm of a row may vanish on the piece: the loss is not differentiable there")

    def gram_root(self, p: Bounded, q: Bounded, s: Bounded, gram: Bounded) -> Bounded:
        """The root of a Gram determinant that is summed without cancellation."""
        return gram.sqrt()

    def inverse_root(self, g: Bounded) -> Bounded:
        """1/g."""
        return g.inverse()

    def supplement(self, s: Bounded, g: Bounded, inverse_p: Bounded, inverse_q: Bounded) -> Bounded:
        """psi = pi - theta by an arctangent whose argument stays bounded: psi = pi/2 + atan(s/g), or constant -
        atan(g/s).
        """
        if self.field is None:
            return self._supplement_of_balls(s, g)
        known_s, known_g = s.known, g.known
        assert isinstance(known_s, Series) and isinstance(known_g, Series)
        constant = self.constant(limiting_supplement(known_s, known_g))
        if s.is_zero:
            return constant
        if g.is_zero:
            if not (s.range() > 0 or s.range() < 0):
                raise Undecided("the inner product of parallel rows may vanish on the domain")
            return constant
        if known_g.valuation > known_s.valuation:
            return constant - (g / s).atan()
        ratio = s / g
        center = known_s.leading / known_g.leading if known_s.valuation == known_g.valuation else 0
        return constant + (ratio - self.constant(center)).atan(center)

    def _supplement_of_balls(self, s: Bounded, g: Bounded) -> Bounded:
        if g.is_zero:
            sign = s.range()
            if not (sign > 0 or sign < 0):
                raise Undecided("the inner product of parallel rows may vanish")
            return self.pi if sign > 0 else self.constant(0)
        if s.is_zero:
            return self.constant(arb.pi() / 2)
        steep = abs(s.balls()[0].mid()) > g.balls()[0].mid()
        ratio = g / s if steep else s / g
        center = ratio.balls()[0].mid()
        if steep:
            constant = arb.pi() if s.balls()[0] > 0 else arb(0)
            return self.constant(constant - center.atan()) - (ratio - self.constant(center)).atan(center)
        return self.constant(arb.pi() / 2 + center.atan()) + (ratio - self.constant(center)).atan(center)
