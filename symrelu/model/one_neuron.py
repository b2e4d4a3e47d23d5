"""One neuron on one input, d = k = 1: the loss on either side of w = 0, its critical points, and what happens at w = 0.

Two numbers w, v, neither 0, make the angle 0 (w v > 0) or pi (w v < 0), so the kernel at p = w**2, q = v**2, s = w v
is an expression on each side, and L(w, v) = kappa(w, w)/2 - kappa(w, v) + kappa(v, v)/2 another. Everything here is
derived from the kernel object; no formula of a particular activation is written down.

>>> from symrelu.model.one_neuron import one_neuron
>>> [side.loss for side in one_neuron().sides]
[(v - w)**2/4, (v**2 + w**2)/4]
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import sympy

from symrelu.errors import Undecided
from symrelu.model.kernels import RELU, Kernel

W, V, ALPHA = (sympy.Symbol(name, real=True, nonzero=True) for name in ("w", "v", "alpha"))
_A, _N = sympy.symbols("a n", positive=True)  # |w| and |v|
_MOST = 8  # derivatives looked at, at w = 0

Kind = Literal["minimum", "maximum", "neither", "not a minimum", "depends on the parameters"]


@dataclass(frozen=True)
class CriticalPoint:
    """A zero of dL/dw on one side: ``at`` (w as an expression in v), the loss and the Hessian there.

    ``condition`` is None, or the inequality in the kernel's parameters under which the point lies on its side.
    ``hessian``: that second derivative.
    """

    at: sympy.Expr
    loss: sympy.Expr
    hessian: sympy.Expr
    condition: sympy.Basic | None


@dataclass(frozen=True)
class Side:
    """One side of w = 0, in w and v: ``sign`` of w v and the ``angle``; kappa(w, v), L, dL/dw, d2L/dw2; ``critical``
    lists every zero of dL/dw on this side. ``loss``, ``gradient``, ``hessian``: L and its derivatives.
    """

    sign: int
    angle: sympy.Expr
    kappa: sympy.Expr
    loss: sympy.Expr
    gradient: sympy.Expr
    hessian: sympy.Expr
    critical: tuple[CriticalPoint, ...]


@dataclass(frozen=True)
class AtZero:
    """The point w = 0, for v not 0.

    ``derivatives``: dL/dw as w tends to 0 from the side w v > 0 and from the side w v < 0. ``differentiable``: whether
    they agree. ``generalised``: whether 0 lies between them (a critical point in Clarke's sense: descent with a chosen
    value of phi'(0) may rest there), None where that depends on a parameter. ``kind``: what w = 0 is.
    """

    derivatives: tuple[sympy.Expr, sympy.Expr]
    differentiable: bool
    generalised: bool | None
    kind: Kind


@dataclass(frozen=True)
class TrainedLayer:
    """The second layer trained as well, on one side: L(w, alpha) = E(alpha phi(w x) - phi(v x))**2 / 2.

    ``loss`` in w, v, alpha; the critical points are the curve alpha = ``curve`` (in w, v), along which the loss is
    ``value`` and the Hessian in (w, alpha) has the eigenvalues 0 and ``trace``. Where the trace is positive they are
    minima, though not strict ones. ``sign``: of w v.
    """

    sign: int
    loss: sympy.Expr
    curve: sympy.Expr
    value: sympy.Expr
    trace: sympy.Expr


@dataclass(frozen=True)
class OneNeuron:
    """The whole answer for one kernel: ``sides`` (w v > 0 first), ``at_zero``, and ``trained``, which is empty where
    the second layer is a variable of its own (erf).
    """

    kernel: Kernel
    sides: tuple[Side, Side]
    at_zero: AtZero
    trained: tuple[TrainedLayer, ...]

    @property
    def critical(self) -> tuple[CriticalPoint, ...]:
        """All critical points with w not 0."""
        return tuple(point for side in self.sides for point in side.critical)


@cache
def one_neuron(kernel: Kernel = RELU) -> OneNeuron:
    """The loss of one neuron on one input with all its critical points, for w and v real and not 0.

    Parameters: ``kernel``, any; a symbolic slope stays a symbol, and conditions on it are reported.
    The list of critical points is complete: they are the roots of factors of a polynomial in w of which dL/dw is, up to
    a positive factor, a divisor. Raises Undecided where dL/dw leads to no polynomial with factors of degree 1 or 2.
    """
    sides = _side(kernel, 1), _side(kernel, -1)
    trained = () if kernel.second_layer_is_free else tuple(_trained(kernel, sign) for sign in (1, -1))
    return OneNeuron(kernel, sides, _at_zero(kernel), trained)


def _kappa(kernel: Kernel, sign: int) -> tuple[sympy.Expr, sympy.Expr, sympy.Expr]:
    """kappa(w, w), kappa(w, v), kappa(v, v) in a = |w| and n = |v|, w v of the given sign."""
    return kernel(_A**2, _A**2, _A**2), kernel(_A**2, _N**2, sign * _A * _N), kernel(_N**2, _N**2, _N**2)


def _loss(kernel: Kernel, sign: int, alpha: sympy.Expr = sympy.S.One) -> sympy.Expr:
    own, cross, teacher = _kappa(kernel, sign)
    return sympy.expand(alpha**2 * own / 2 - alpha * cross + teacher / 2)


def _signed(expression: sympy.Expr, sign: int) -> sympy.Expr:
    """The expression in a = |w|, n = |v| as one in w and v, the same whichever of the two is negative."""
    one, other = (expression.subs({_A: s * sign * W, _N: s * V}, simultaneous=True) for s in (1, -1))
    if one != other and sympy.factor(one - other) != 0:
        raise Undecided(f"{expression} in |w| = a and |v| = n has no common expression for v > 0 and v < 0")
    short: sympy.Expr = sympy.factor(one)
    return short


def _side(kernel: Kernel, sign: int) -> Side:
    loss = _loss(kernel, sign)
    first = sympy.diff(loss, _A)
    points = []
    for root in _roots(kernel, first):
        if sympy.expand(root.subs(_N, -_N) + root) != 0:
            raise Undecided(f"a critical point at |w| = {root} has no common expression for v > 0 and v < 0")
        value, second = (sympy.simplify(f.subs(_A, root)) for f in (loss, sympy.diff(first, _A)))
        condition = None if root.is_positive else sympy.simplify(root / _N > 0)
        at = sympy.factor(sign * root.subs(_N, V))
        points.append(CriticalPoint(at, _signed(value, sign), _signed(second, sign), condition))
    in_w = _signed(loss, sign)
    angle = sympy.S.Zero if sign > 0 else sympy.pi
    by_w, twice = (sympy.factor(sympy.diff(in_w, W, order)) for order in (1, 2))
    return Side(sign, angle, _signed(_kappa(kernel, sign)[1], sign), in_w, by_w, twice, tuple(points))


def _roots(kernel: Kernel, gradient: sympy.Expr) -> list[sympy.Expr]:
    """Every positive root a of the gradient, with those whose sign depends on a parameter."""
    found = []
    for factor, _ in sympy.factor_list(_polynomial(kernel, gradient))[1]:
        if not factor.has(_A):
            continue
        polynomial = sympy.Poly(factor, _A)
        if polynomial.degree() > 2:
            raise Undecided(f"kernel {kernel.name}: dL/dw has the factor {factor} (a = |w|); degrees 1, 2 are solved")
        for root in sympy.roots(polynomial):
            root = sympy.factor(root)
            if root.is_real is not False and not root.is_nonpositive and sympy.simplify(gradient.subs(_A, root)) == 0:
                found.append(root)
    return found


def _polynomial(kernel: Kernel, gradient: sympy.Expr) -> sympy.Expr:
    """A polynomial in a that vanishes wherever the gradient does: its numerator, or that of a difference of squares."""
    short = sympy.simplify(gradient)
    terms = [sympy.simplify(term) for term in sympy.Add.make_args(sympy.expand(short))]
    numerator = sympy.numer(sympy.together(short))
    if not numerator.is_polynomial(_A) and len(terms) == 2:
        numerator = sympy.numer(sympy.together(sympy.simplify(terms[0] ** 2 - terms[1] ** 2)))
    if not numerator.is_polynomial(_A):
        raise Undecided(f"kernel {kernel.name}: dL/dw = {short} in a = |w| leads to no polynomial")
    return numerator


def _at_zero(kernel: Kernel) -> AtZero:
    losses = [_loss(kernel, sign) for sign in (1, -1)]
    slopes = [sympy.limit(sympy.diff(loss, _A), _A, 0, "+") for loss in losses]
    by_w = slopes[0], -slopes[1]  # for v > 0: dL/dw on the side w < 0 is -dL/d|w|
    differentiable = sympy.simplify(by_w[0] - by_w[1]) == 0
    inside = sympy.simplify(by_w[0] * by_w[1]).is_nonpositive
    same, opposite = (sympy.factor(x.subs(_N, V)) for x in by_w)
    return AtZero((same, opposite), bool(differentiable), inside, _kind(*map(_rises, losses)))


def _kind(one: bool | None, other: bool | None) -> Kind:
    """What a point is from which the loss rises (True), falls (False), or either (None) on its two sides."""
    if one is not None and other is not None:
        return "neither" if one != other else "minimum" if one else "maximum"
    return "not a minimum" if one is False or other is False else "depends on the parameters"


def _rises(loss: sympy.Expr) -> bool | None:
    """Whether the loss rises from a = 0: the sign of its first derivative there that is not 0; None if undecided."""
    derivative = loss
    for _ in range(_MOST):
        derivative = sympy.diff(derivative, _A)
        value = sympy.simplify(sympy.limit(derivative, _A, 0, "+"))
        if value != 0:
            rises: bool | None = value.is_positive
            return rises
    return None


def _trained(kernel: Kernel, sign: int) -> TrainedLayer:
    own, cross, _ = _kappa(kernel, sign)
    loss = _loss(kernel, sign, ALPHA)
    curve = sympy.cancel(cross / own)  # the zero of dL/dalpha, which is linear in alpha
    variables = (_A, ALPHA)
    slopes = [sympy.simplify(sympy.diff(loss, x).subs(ALPHA, curve)) for x in variables]
    hessian = sympy.Matrix(2, 2, lambda i, j: sympy.diff(loss, variables[i], variables[j])).subs(ALPHA, curve)
    if any(slopes) or sympy.simplify(hessian.det()) != 0:
        raise Undecided(f"kernel {kernel.name}: the critical points of (w, alpha) are not a curve alpha(w)")
    value, trace = (_signed(sympy.simplify(x), sign) for x in (loss.subs(ALPHA, curve), hessian.trace()))
    return TrainedLayer(sign, _signed(loss, sign), _signed(curve, sign), value, trace)
