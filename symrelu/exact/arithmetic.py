"""Arithmetics: the scalars that the reduced loss, gradient and Hessian can be evaluated in, behind one small contract.

The orbit rules (:mod:`symrelu.model.reduced`) and the kernel's partial derivatives (:mod:`symrelu.model.kernels`) are
written once, for scalars
that offer ``+ - * /`` and integer powers; what differs between arithmetics is here: constants, the Gram root and the
angle of a pair of rows.

Exactly parallel rows have Gram root 0 and angle 0 or pi in every arithmetic. In an inexact one (mpmath, balls, numpy)
the Gram determinant comes from Lagrange's
identity, a sum of squares that does not cancel, so rows of exact data that are parallel give an exact 0 there too.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

from symrelu.errors import NotAUnit, ParallelToPrecision, ZeroRow
from symrelu.exact.angles import gram_root, supplementary_angle
from symrelu.exact.balls import working_bits
from symrelu.exact.field import Field
from symrelu.exact.series import Series, monomial

Scalar: TypeAlias = Any  # +, -, *, / and integer powers; the arithmetic at hand says which


class Arithmetic(Protocol):
    """Scalars with the two functions a kernel needs of a pair of rows."""

    name: str
    cancels: bool  # p*q - s*s is exact: no need of Lagrange's identity

    def rational(self, value: int | Fraction) -> Scalar:
        """A rational number. ``value``: an int or a Fraction."""

    @property
    def pi(self) -> Scalar:
        """The number pi."""

    def is_zero(self, x: Scalar) -> bool:
        """True only if x is the number 0 itself."""

    def check_norm(self, p: Scalar) -> None:
        """Raise ZeroRow if the squared norm p of a row is 0."""

    def gram_root(self, p: Scalar, q: Scalar, s: Scalar, gram: Scalar) -> Scalar:
        """sqrt(p*q - s**2) >= 0; ``gram`` is that determinant, summed without cancellation where
        ``cancels`` is False.
        """

    def inverse_root(self, g: Scalar) -> Scalar:
        """1/g for a Gram root that is not identically 0; in arrays 0 where g is 0 (what it multiplies is 0)."""

    def supplement(self, s: Scalar, g: Scalar, inverse_p: Scalar, inverse_q: Scalar) -> Scalar:
        """psi = pi - theta in [0, pi], theta the angle of two rows with inner product s and Gram root g."""


class SymbolicArithmetic:
    """SymPy expressions: evaluating in it *is* building the exact formula in a_i and d."""

    name = "sympy"
    cancels = True

    def rational(self, value: int | Fraction) -> Scalar:
        """A sympy.Rational. ``value``: an int or a Fraction."""
        import sympy

        value = Fraction(value)
        return sympy.Rational(value.numerator, value.denominator)

    @property
    def pi(self) -> Scalar:
        """sympy.pi."""
        import sympy

        return sympy.pi

    def is_zero(self, x: Scalar) -> bool:
        """True if x is SymPy's 0, as written or after expansion."""
        import sympy

        return bool(sympy.expand(x) == 0)

    def check_norm(self, p: Scalar) -> None:
        """Raise ZeroRow if p is identically 0."""
        if self.is_zero(p):
            raise ZeroRow("a row of W is identically 0: the loss is not differentiable there; give it a nonzero entry")

    def gram_root(self, p: Scalar, q: Scalar, s: Scalar, gram: Scalar) -> Scalar:
        """sqrt of the Gram determinant, unevaluated."""
        import sympy

        return sympy.Integer(0) if self.is_zero(gram) else sympy.sqrt(gram)

    def inverse_root(self, g: Scalar) -> Scalar:
        """1/g."""
        return 1 / g

    def supplement(self, s: Scalar, g: Scalar, inverse_p: Scalar, inverse_q: Scalar) -> Scalar:
        """pi - acos(s/(|w| |v|))."""
        import sympy

        if g == 0:
            if s.is_positive or s.is_negative:
                return sympy.pi if s.is_positive else sympy.Integer(0)
        return sympy.pi - sympy.acos(s * sympy.sqrt(inverse_p * inverse_q))


class SeriesArithmetic:
    """Truncated Puiseux series over a field of coefficients."""

    cancels = True

    def __init__(self, field: Field, ramification: int = 2) -> None:
        self.field = field
        self.ramification = ramification
        self.name = f"series over {field.name}"

    def rational(self, value: int | Fraction) -> Series:
        """An exact constant. ``value``: an int or a Fraction."""
        return monomial(self.field, value, 0, self.ramification)

    @property
    def pi(self) -> Series:
        """The exact constant pi."""
        return monomial(self.field, self.field.pi, 0, self.ramification)

    def is_zero(self, x: Scalar) -> bool:
        """True for the exact 0, not for O(t**N)."""
        return x == 0 if isinstance(x, int) else x.is_exact_zero

    def check_norm(self, p: Series) -> None:
        """Raise ZeroRow if p is the exact 0."""
        if p.is_exact_zero:
            raise ZeroRow("a row of W is 0: the loss is not differentiable there; give it a nonzero entry")

    def gram_root(self, p: Series, q: Series, s: Series, gram: Series | None) -> Series:
        """The root of p*q - s**2, exact cancellations included."""
        return gram_root(p, q, s)

    def inverse_root(self, g: Scalar) -> Scalar:
        """1/g."""
        return 1 / g

    def supplement(self, s: Series, g: Series, inverse_p: Series, inverse_q: Series) -> Series:
        """psi by its differential equation."""
        return supplementary_angle(s, g, inverse_p, inverse_q)


class LeadingArithmetic(SeriesArithmetic):
    """Series whose coefficients contain undetermined c's: a Gram root with an undetermined leading term is kept
    as O(t**e).

    What is then claimed holds for every value of the unknowns: the truncation only forgets.
    """

    def gram_root(self, p: Series, q: Series, s: Series, gram: Series | None) -> Series:
        """The Gram root as far as it does not depend on the unknowns."""
        determinant = p * q - s.square()
        if determinant.is_exact_zero:
            return determinant
        if determinant.coefficients:
            try:
                return determinant.sqrt()
            except NotAUnit:
                pass
        half = -(-determinant.valuation // 2) if determinant.coefficients else determinant.valuation // 2
        return Series(self.field, half, [], half, self.ramification)


class FloatArithmetic:
    """numpy arrays (or Python floats), entry by entry: figures and dense comparisons."""

    name = "numpy"
    cancels = False

    def rational(self, value: int | Fraction) -> float:
        """The nearest float. ``value``: an int or a Fraction."""
        return float(value)

    @property
    def pi(self) -> float:
        """The nearest float."""
        import math

        return math.pi

    def is_zero(self, x: Scalar) -> bool:
        """True if every entry is 0."""
        import numpy as np

        return not np.any(x)

    def check_norm(self, p: Scalar) -> None:
        """Raise ZeroRow if an entry is 0."""
        import numpy as np

        if not np.all(p):
            raise ZeroRow("a row of W is 0: the loss is not differentiable there; give it a nonzero entry")

    def gram_root(self, p: Scalar, q: Scalar, s: Scalar, gram: Scalar) -> Scalar:
        """The root of a sum of squares; 0 where it is no more than the rounding of its areas."""
        import numpy as np

        return np.sqrt(np.where(gram > (8 * np.finfo(float).eps) ** 2 * p * q, gram, 0.0))

    def inverse_root(self, g: Scalar) -> Scalar:
        """1/g, and 0 at the entries where g is 0."""
        import numpy as np

        return np.divide(1.0, g, out=np.zeros_like(np.asarray(g, dtype=float)), where=np.asarray(g) != 0)

    def supplement(self, s: Scalar, g: Scalar, inverse_p: Scalar, inverse_q: Scalar) -> Scalar:
        """atan2(g, -s)."""
        import numpy as np

        return np.arctan2(g, -s)


class MpmathArithmetic:
    """mpmath numbers at the precision of the given context (a context of its own: no global precision is touched)."""

    cancels = False

    def __init__(self, digits: int) -> None:
        from mpmath.ctx_mp import MPContext

        self.context = MPContext()
        self.context.dps = digits
        self.name = f"mpmath at {digits} digits"

    def own(self, x: Scalar) -> Scalar:
        """x as a number of this context: operations take the precision of their first operand's. Exact numbers stay."""
        return x if isinstance(x, (int, Fraction)) else self.context.convert(x)

    def rational(self, value: int | Fraction) -> Scalar:
        """The rounded quotient. ``value``: an int or a Fraction."""
        value = Fraction(value)
        return self.context.mpf(value.numerator) / value.denominator

    @property
    def pi(self) -> Scalar:
        """pi at the context's precision."""
        return +self.context.pi

    def is_zero(self, x: Scalar) -> bool:
        """True if x is 0."""
        return bool(x == 0)

    def check_norm(self, p: Scalar) -> None:
        """Raise ZeroRow if p is 0."""
        if p == 0:
            raise ZeroRow("a row of W is 0: the loss is not differentiable there; give it a nonzero entry")

    def gram_root(self, p: Scalar, q: Scalar, s: Scalar, gram: Scalar) -> Scalar:
        """The root of a sum of squares; 0 where it is no more than the rounding of its areas."""
        return self.context.sqrt(gram) if gram > (8 * self.context.eps) ** 2 * p * q else self.context.zero

    def inverse_root(self, g: Scalar) -> Scalar:
        """1/g."""
        return 1 / g

    def supplement(self, s: Scalar, g: Scalar, inverse_p: Scalar, inverse_q: Scalar) -> Scalar:
        """atan2(g, -s)."""
        return self.context.atan2(g, -s)


class BallArithmetic:
    """Arb balls: every value encloses the true one. Evaluate inside ``with arithmetic.precision():``."""

    cancels = False

    def __init__(self, bits: int = 128) -> None:
        self.bits = bits
        self.name = f"balls at {bits} bits"

    def precision(self) -> Any:
        """The context in which this arithmetic computes."""
        return working_bits(self.bits)

    def rational(self, value: int | Fraction) -> Scalar:
        """A ball around the quotient."""
        from flint import arb

        value = Fraction(value)
        return arb(value.numerator) / value.denominator

    @property
    def pi(self) -> Scalar:
        """A ball around pi."""
        from flint import arb

        return arb.pi()

    def is_zero(self, x: Scalar) -> bool:
        """True only for the exact 0."""
        return x == 0 if isinstance(x, int) else bool(x.is_zero())

    def check_norm(self, p: Scalar) -> None:
        """Raise ZeroRow if the ball contains 0: the derivatives are not bounded on it."""
        if not p > 0:
            raise ZeroRow(
                f"the norm of a row may be 0 (its square lies in {p}): the loss is not differentiable there; "
                "use more bits or a smaller box"
            )

    def gram_root(self, p: Scalar, q: Scalar, s: Scalar, gram: Scalar) -> Scalar:
        """The root of the ball; ParallelToPrecision if it contains 0 without being exactly 0."""
        if gram.is_zero() or gram > 0:
            return gram.sqrt()
        raise ParallelToPrecision(
            f"two rows may be parallel (their Gram determinant lies in {gram}): use more bits or a smaller box"
        )

    def inverse_root(self, g: Scalar) -> Scalar:
        """1/g."""
        return 1 / g

    def supplement(self, s: Scalar, g: Scalar, inverse_p: Scalar, inverse_q: Scalar) -> Scalar:
        """The angle of (-s, g)."""
        from flint import arb

        return arb.atan2(g, -s)


def entering(arithmetic: Arithmetic, x: Scalar) -> Scalar:
    """x as it enters a computation in the arithmetic: only mpmath's numbers bring a precision of their own along."""
    return arithmetic.own(x) if isinstance(arithmetic, MpmathArithmetic) else x


SYMBOLIC = SymbolicArithmetic()
FLOAT = FloatArithmetic()


def lagrange(pairs: Sequence[tuple[Scalar, Scalar, Scalar]]) -> Scalar:
    """p*q - s**2 of two rows as a sum of squares: sum over i < j of n_i n_j (u_i v_j - u_j v_i)**2 over classes
    (u_i, v_i, n_i) of equal columns. ``pairs``: the classes.
    """
    total: Scalar = 0
    for i, (u, v, n) in enumerate(pairs):
        for x, y, m in pairs[i + 1 :]:
            area = u * y - x * v
            total = total + n * m * area * area
    return total
