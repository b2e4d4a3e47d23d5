"""Kernels: one SymPy function of three Gram entries per activation, and everything derived from it.

For x ~ N(0, I) and an activation phi, kappa(w, v) = E[phi(<w,x>) phi(<v,x>)] depends only on p = <w,w>, q = <v,v>,
s = <w,v>. It is given here as a SymPy expression in p, q, s and the two functions that carry all its square roots and
angles,

    g = sqrt(p q - s**2)   (the Gram root)        psi = pi - theta   (theta the angle of w and v),

with the rules  dg/dp = q/2g, dg/ds = -s/g  and  dpsi/dp = -s/2pg, dpsi/ds = 1/g.  Partial derivatives are reduced
modulo
g**2 + s**2 = p q, which brings out the Gram form: for ReLU  2 pi kappa_p = g/2p,  2 pi kappa_s = psi, without
division by g.

Second derivatives have one singular part, on the components v_perp = v - (s/p) w and w_perp = w - (s/q) v:

    d2/dw dw = 2 k_p I + 4 k_pp w w' + 2 k_ps (w v' + v w') + k_ss v v'                + (sigma/g) v_perp v_perp'
    d2/dw dv = k_s I + 4 k_pq w v' + 2 k_ps w w' + 2 k_qs v v' + k_vw v w'             + (sigma/g) w_perp v_perp'

where sigma is the residue of kappa_ss at g = 0 and the coefficients are what is left of the partials: without 1/g,
and for
ReLU just -g/4p**2 (w w'), g/pq (v w') and sigma = 1. As v becomes parallel to w the last term is quadratic in the
opening
angle over g, linear in it: it vanishes (Safran, Yehudai & Shamir 2021, Lemma 1), so the limit is exact in every
arithmetic,
and nearly parallel rows in floating point lose no digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, NamedTuple

import sympy

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import Arithmetic, Scalar, SeriesArithmetic
from symrelu.exact.series import monomial

P, Q, S, G = sympy.symbols("p q s g", positive=True)
PSI = sympy.Symbol("psi", positive=True)
INVERSES = {P: sympy.Symbol("ip"), Q: sympy.Symbol("iq"), G: sympy.Symbol("ig")}

FIRST = ("p", "s")
SECOND = ("pp", "ps", "ss", "pq", "qs", "vw", "perp")


class NeedsAField(BadInput):
    """A kernel with a free parameter was to be evaluated where a symbol has no value."""


class Gram(NamedTuple):
    """The three Gram entries of a pair of rows (lifted, if the kernel has a lift), with what is derived from them, in
    one arithmetic. What a kernel has no use for is None. ``psi`` is pi - theta; ``parallel``: whether the rows are
    identically parallel, so that g is the number 0.
    """

    p: Scalar
    q: Scalar
    s: Scalar
    g: Scalar
    psi: Scalar  # None where it is not needed yet
    inverse_p: Scalar
    inverse_q: Scalar
    parallel: bool  # identically parallel: g is the number 0


class Parameter(sympy.Symbol):
    """A free real parameter of a kernel, such as the slope of a leaky ReLU; its name is that of the field's element."""


def parameter_in(arithmetic: Arithmetic, name: str) -> Scalar:
    """The parameter as a scalar: SymPy's symbol, or an element of a coefficient field that contains it.

    Raises NeedsAField in every other arithmetic: a symbol has no value there.
    """
    if arithmetic.name == "sympy":
        return Parameter(name, real=True)
    if isinstance(arithmetic, SeriesArithmetic):
        below: Any = arithmetic.field
        while below is not None:  # down to the field that an extension or a polynomial ring was built on
            if name in getattr(below, "parameters", ()):
                return monomial(arithmetic.field, arithmetic.field(below.parameter(name)), 0, arithmetic.ramification)
            below = getattr(below, "base", None)
    raise NeedsAField(
        f"the kernel has the free parameter {name}, which {arithmetic.name} does not know; give it a rational value "
        f"(leaky:1/10), or compute over a field such as QQ(pi, {name})"
    )


@dataclass(frozen=True)
class Kernel:
    """An activation's kernel ``prefactor * expression`` with ``expression`` in the symbols p, q, s, g, psi.

    Parameters: ``name``; ``expression``, made of those symbols, pi, rational numbers and at most free parameters, with
    + - * / and integer powers; ``prefactor``, a number; ``lift`` c, a rational: 0, or the kernel is a function of the
    *lifted* Gram entries 1 + c p, 1 + c q, c s (with their own g and psi), as erf's is with c = 2.

    What follows from the expression is computed, not stated: ``degree``, ``even``, ``odd``, ``rotations``,
    ``polynomial``, ``smooth_at_parallel_rows``, ``smooth_at_zero_rows``, ``second_layer_is_free``.
    Raises BadInput for an expression of another kind; a float among its numbers is refused.
    """

    name: str
    expression: sympy.Expr
    prefactor: sympy.Expr
    lift: Fraction = Fraction(0)

    def __post_init__(self) -> None:
        if not (isinstance(self.expression, sympy.Expr) and isinstance(self.prefactor, sympy.Expr)):
            raise BadInput(f"the kernel {self.name} must be given by SymPy expressions, such as sympy.Integer(1) for 1")
        if isinstance(self.lift, float):
            raise BadInput(f"the kernel {self.name} was given the lift {self.lift}; give a rational number")
        object.__setattr__(self, "lift", Fraction(self.lift))
        if self.expression.has(sympy.Float) or self.prefactor.has(sympy.Float):
            raise BadInput(f"the kernel {self.name} contains a float; give rational numbers, such as 1/10 for 0.1")
        powers = self.expression.atoms(sympy.Pow)
        if self.expression.atoms(sympy.Function) or not all(power.exp.is_Integer for power in powers):
            raise BadInput(
                f"the kernel {self.name} is {self.expression}; it must be a rational expression in p, q, s, "
                "g = sqrt(p*q - s**2) and psi = pi - angle, with integer powers"
            )
        if self.lift < 0:
            raise BadInput(f"the kernel {self.name} was given the lift {self.lift}; it must be 0 or positive")

    def __call__(self, p: sympy.Expr, q: sympy.Expr, s: sympy.Expr) -> sympy.Expr:
        """kappa as an explicit SymPy function of (<w,w>, <v,v>, <w,v>)."""
        if self.lift:
            c = sympy.Rational(self.lift.numerator, self.lift.denominator)
            p, q, s = 1 + c * p, 1 + c * q, c * s
        return (
            (self.prefactor * self.expression)
            .subs({G: sympy.sqrt(P * Q - S**2), PSI: sympy.pi - sympy.acos(S / sympy.sqrt(P * Q))})
            .subs({P: p, Q: q, S: s}, simultaneous=True)
        )

    # -- what the expression says ------------------------------------------------------------------------------------

    @property
    def parameters(self) -> tuple[sympy.Symbol, ...]:
        """The free parameters (a symbolic slope): what a coefficient field must contain beside pi."""
        return tuple(sorted(self.expression.free_symbols - {P, Q, S, G, PSI}, key=str))

    @cached_property
    def degree(self) -> int | None:
        """m if phi(c z) = c**m phi(z) for c > 0, that is kappa(c**2 p, q, c s) = c**m kappa(p, q, s); None if for no m.

        With such an m the second layer adds nothing at a critical point, since m alpha_i dL/dalpha_i = <w_i, dL/dw_i>.
        """
        if self.lift:
            return None
        scale = sympy.Symbol("scale", positive=True)
        scaled = self.expression.subs({P: scale**2 * P, S: scale * S, G: scale * G}, simultaneous=True)
        ratio = sympy.cancel(scaled / self.expression)
        m = ratio.as_powers_dict().get(scale, 0)
        return int(m) if m > 0 and ratio == scale**m else None

    @property
    def homogeneous(self) -> bool:
        """Whether phi(c z) = c phi(z) for c > 0, as ReLU's relatives do: the rescaling symmetry of the loss."""
        return self.degree == 1

    def is_homogeneous(self) -> bool:
        """Whether kappa(l**2 p, q, l s) = l kappa(p, q, s) identically, for l > 0: the rescaling symmetry
        of the loss.
        """
        return self.homogeneous

    @property
    def second_layer_is_free(self) -> bool:
        """Whether the second layer is a variable of its own: no rescaling of a neuron makes up for its entry."""
        return self.degree is None

    @cached_property
    def _mirrored(self) -> sympy.Expr:
        return self.expression.subs({S: -S, PSI: sympy.pi - PSI}, simultaneous=True)

    @cached_property
    def even(self) -> bool:
        """Whether kappa(-w, v) = kappa(w, v): each row may change sign by itself."""
        return bool(_reduced(self._mirrored - self.expression) == 0)

    @cached_property
    def odd(self) -> bool:
        """Whether kappa(-w, v) = -kappa(w, v): a row may change sign together with its second-layer entry."""
        return bool(_reduced(self._mirrored + self.expression) == 0)

    @cached_property
    def rotations(self) -> bool:
        """Whether the loss depends on sum alpha_i w_i w_i' alone, so that O(k) acts on rows of one sign (z**2)."""
        form = sympy.Poly(self.expression, P, Q, S) if self.polynomial and not self.lift else None
        return form is not None and set(form.monoms()) <= {(1, 1, 0), (0, 0, 2)}

    @cached_property
    def polynomial(self) -> bool:
        """Whether kappa is a polynomial in p, q, s: no root, no angle, no division."""
        return bool(not self.expression.has(G, PSI) and self.expression.is_polynomial(P, Q, S))

    @cached_property
    def smooth_at_parallel_rows(self) -> bool:
        """Whether kappa is analytic where two rows are parallel; ReLU's is twice continuously differentiable there."""
        return bool(self.lift or not self.expression.has(G, PSI))

    @cached_property
    def smooth_at_zero_rows(self) -> bool:
        """Whether kappa is analytic where a row is 0."""
        return bool(self.lift) or self.polynomial

    def prefactor_in(self, arithmetic: Arithmetic) -> Scalar:
        """The prefactor as a scalar."""
        return _compiled(self.prefactor)(arithmetic, None, None)

    @cached_property
    def partials(self) -> dict[str, sympy.Expr]:
        """The coefficients of the first and second derivatives (see the module's head), of ``expression``,
        in Gram form. Kernels that are smooth at parallel rows have no singular part; with a lift the derivatives are
        those by p, q, s as functions of the lifted entries, whose g is positive, so that it may be divided by.
        """
        if self.smooth_at_parallel_rows:
            return self._smooth_partials
        kappa_p, kappa_s = _total_derivative(self.expression, P), _total_derivative(self.expression, S)
        kappa_ss = _total_derivative(kappa_s, S)
        sigma = _reduced(G * kappa_ss).subs(G, 0)
        regular = {
            "pp": _total_derivative(kappa_p, P) - sigma * S**2 / (4 * P**2 * G),
            "ps": _total_derivative(kappa_p, S) + sigma * S / (2 * P * G),
            "ss": kappa_ss - sigma / G,
            "pq": _total_derivative(kappa_p, Q) - sigma / (4 * G),
            "qs": _total_derivative(kappa_s, Q) + sigma * S / (2 * Q * G),
            "vw": kappa_ss - sigma * S**2 / (P * Q * G),
        }
        return {"p": kappa_p, "s": kappa_s} | {name: _reduced(e) for name, e in regular.items()} | {"perp": sigma / G}

    @property
    def _smooth_partials(self) -> dict[str, sympy.Expr]:
        c = sympy.Rational(self.lift.numerator, self.lift.denominator) if self.lift else 1

        def by(f: sympy.Expr, x: sympy.Symbol) -> sympy.Expr:
            return c * (_total_derivative(f, x) if self.uses_root else sympy.expand(sympy.diff(f, x)))

        kappa_p, kappa_s = by(self.expression, P), by(self.expression, S)
        return {
            "p": kappa_p,
            "s": kappa_s,
            "pp": by(kappa_p, P),
            "ps": by(kappa_p, S),
            "ss": by(kappa_s, S),
            "pq": by(kappa_p, Q),
            "qs": by(kappa_s, Q),
            "vw": by(kappa_s, S),
            "perp": sympy.Integer(0),
        }

    @cached_property
    def uses_root(self) -> bool:
        """Whether the Gram root is needed, for the value or for a derivative."""
        return bool(self.expression.has(G, PSI))

    def parallel_limit(self, name: str) -> sympy.Expr:
        """The coefficient at identically parallel rows: g = 0 in the regular ones, and 0 for the singular part."""
        return self._parallel_limits[name]

    @cached_property
    def _parallel_limits(self) -> dict[str, sympy.Expr]:
        return {
            name: sympy.Integer(0) if name == "perp" else sympy.expand(partial.subs(G, 0))
            for name, partial in self.partials.items()
        }

    def value(self, arithmetic: Arithmetic, gram: Gram) -> Scalar:
        """kappa / prefactor for one pair."""
        return _compiled(self.expression)(arithmetic, gram, None)

    def first(self, arithmetic: Arithmetic, gram: Gram) -> tuple[Scalar, Scalar]:
        """(kappa_p, kappa_s) / prefactor for one pair."""
        k_p, k_s = self._evaluate(arithmetic, gram, FIRST, self._first_divides_by_root)
        return k_p, k_s

    def second(self, arithmetic: Arithmetic, gram: Gram) -> tuple[Scalar, ...]:
        """The coefficients of the second derivatives / prefactor for one pair, in the order of ``SECOND``."""
        return self._evaluate(arithmetic, gram, SECOND, self.uses_root)

    @cached_property
    def _first_divides_by_root(self) -> bool:
        return any(sympy.denom(sympy.together(self.partials[name])).has(G) for name in FIRST)

    def _evaluate(
        self, arithmetic: Arithmetic, gram: Gram, names: tuple[str, ...], divides: bool
    ) -> tuple[Scalar, ...]:
        inverse_g = arithmetic.inverse_root(gram.g) if divides and not gram.parallel else None
        expressions = tuple(self.parallel_limit(n) if gram.parallel else self.partials[n] for n in names)
        result: tuple[Scalar, ...] = _compiled(expressions)(arithmetic, gram, inverse_g)
        return result


def _total_derivative(f: sympy.Expr, x: sympy.Symbol) -> sympy.Expr:
    """df/dx along the rules for g and psi, reduced to Gram form."""
    dg = {P: Q / (2 * G), Q: P / (2 * G), S: -S / G}[x]
    dpsi = {P: -S / (2 * P * G), Q: -S / (2 * Q * G), S: 1 / G}[x]
    total = sympy.diff(f, x) + sympy.diff(f, G) * dg + sympy.diff(f, PSI) * dpsi
    return _reduced(total)


def _reduced(expr: sympy.Expr) -> sympy.Expr:
    """The expression with s**2 replaced by p q - g**2 in its numerator: the Gram form."""
    numerator, denominator = sympy.fraction(sympy.together(expr))
    reduced = sympy.rem(sympy.Poly(numerator, S), sympy.Poly(S**2 + G**2 - P * Q, S)).as_expr()
    return sympy.expand(sympy.cancel(sympy.expand(reduced) / denominator))


def _name_inverses(expr: sympy.Expr) -> sympy.Expr:
    """The expanded expression with 1/p, 1/q, 1/g as symbols of their own, since arithmetics share inverses
    between pairs.
    """
    return sympy.expand(expr).replace(
        lambda e: e.is_Pow and e.base in INVERSES and e.exp.is_Integer and e.exp < 0,
        lambda e: INVERSES[e.base] ** (-e.exp),
    )


@cache
def _compiled(expressions: Any) -> Callable[[Arithmetic, Gram | None, Scalar | None], Any]:
    """A Python function of an arithmetic and a Gram tuple for SymPy expressions: common subexpressions named,
    no rational turned into a float.
    """
    from sympy.printing.pycode import PythonCodePrinter

    class Printer(PythonCodePrinter):
        """Numbers through the arithmetic: SymPy's own printer would write 1/2, a float."""

        def _print_Rational(self, expr: Any) -> str:
            return f"A.rational(F({expr.p}, {expr.q}))"

        def _print_Pi(self, expr: Any) -> str:
            return "A.pi"

        def _print_Parameter(self, expr: Any) -> str:
            return f"parameter(A, {expr.name!r})"

    many = isinstance(expressions, tuple)
    body = tuple(_name_inverses(e) for e in (expressions if many else (expressions,)))
    arguments = (sympy.Symbol("A"), P, Q, S, G, PSI, INVERSES[P], INVERSES[Q], INVERSES[G])
    function = sympy.lambdify(
        arguments,
        body,
        modules=[{"F": Fraction, "parameter": parameter_in}],
        cse=True,
        printer=Printer({"fully_qualified_modules": False, "allow_unknown_functions": True}),
    )

    def call(arithmetic: Arithmetic, gram: Gram | None, inverse_g: Scalar | None) -> Any:
        values = (
            function(arithmetic, *((None,) * 8))
            if gram is None
            else function(
                arithmetic, gram.p, gram.q, gram.s, gram.g, gram.psi, gram.inverse_p, gram.inverse_q, inverse_g
            )
        )
        return tuple(values) if many else values[0]

    return call


RELU = Kernel("relu", G + PSI * S, 1 / (2 * sympy.pi))
"""phi(z) = max(0, z): kappa = (|w||v| sin(theta) + (pi - theta) <w,v>) / 2 pi (the arc-cosine kernel)."""
