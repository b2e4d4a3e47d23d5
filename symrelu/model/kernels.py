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

from symrelu.exact.arithmetic import Arithmetic, Scalar

P, Q, S, G = sympy.symbols("p q s g", positive=True)
PSI = sympy.Symbol("psi", positive=True)
INVERSES = {P: sympy.Symbol("ip"), Q: sympy.Symbol("iq"), G: sympy.Symbol("ig")}

FIRST = ("p", "s")
SECOND = ("pp", "ps", "ss", "pq", "qs", "vw", "perp")


class Gram(NamedTuple):
    """The three Gram entries of a pair of rows, with what is derived from them, in one arithmetic."""

    p: Scalar
    q: Scalar
    s: Scalar
    g: Scalar
    psi: Scalar
    inverse_p: Scalar
    inverse_q: Scalar
    parallel: bool  # identically parallel: g is the number 0


@dataclass(frozen=True)
class Kernel:
    """An activation's kernel ``prefactor * expression`` with ``expression`` in the symbols p, q, s, g, psi.

    ``homogeneous`` says that phi(c z) = c phi(z) for c > 0: then the second layer adds nothing at a critical point.
    """

    name: str
    expression: sympy.Expr
    prefactor: sympy.Expr
    homogeneous: bool = True

    def __call__(self, p: sympy.Expr, q: sympy.Expr, s: sympy.Expr) -> sympy.Expr:
        """kappa as an explicit SymPy function of (<w,w>, <v,v>, <w,v>)."""
        return (
            (self.prefactor * self.expression)
            .subs({G: sympy.sqrt(P * Q - S**2), PSI: sympy.pi - sympy.acos(S / sympy.sqrt(P * Q))})
            .subs({P: p, Q: q, S: s}, simultaneous=True)
        )

    def is_homogeneous(self) -> bool:
        """Whether kappa(l**2 p, q, l s) = l kappa(p, q, s) identically, for l > 0: the rescaling symmetry
        of the loss.
        """
        scale = sympy.Symbol("l", positive=True)
        scaled = self.expression.subs({P: scale**2 * P, S: scale * S, G: scale * G}, simultaneous=True)
        return bool(sympy.expand(scaled - scale * self.expression) == 0)

    def prefactor_in(self, arithmetic: Arithmetic) -> Scalar:
        """The prefactor as a scalar."""
        return _compiled(self.prefactor)(arithmetic, None, None)

    @cached_property
    def partials(self) -> dict[str, sympy.Expr]:
        """The coefficients of the first and second derivatives (see the module's head), of ``expression``,
        in Gram form.
        """
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

    def parallel_limit(self, name: str) -> sympy.Expr:
        """The coefficient at identically parallel rows: g = 0 in the regular ones, and 0 for the singular part."""
        return sympy.Integer(0) if name == "perp" else sympy.expand(self.partials[name].subs(G, 0))

    def value(self, arithmetic: Arithmetic, gram: Gram) -> Scalar:
        """kappa / prefactor for one pair."""
        return _compiled(self.expression)(arithmetic, gram, None)

    def first(self, arithmetic: Arithmetic, gram: Gram) -> tuple[Scalar, Scalar]:
        """(kappa_p, kappa_s) / prefactor for one pair."""
        k_p, k_s = self._evaluate(arithmetic, gram, FIRST, None)
        return k_p, k_s

    def second(self, arithmetic: Arithmetic, gram: Gram) -> tuple[Scalar, ...]:
        """The coefficients of the second derivatives / prefactor for one pair, in the order of ``SECOND``."""
        inverse_g = None if gram.parallel else arithmetic.inverse_root(gram.g)
        return self._evaluate(arithmetic, gram, SECOND, inverse_g)

    def _evaluate(
        self, arithmetic: Arithmetic, gram: Gram, names: tuple[str, ...], inverse_g: Scalar | None
    ) -> tuple[Scalar, ...]:
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

    many = isinstance(expressions, tuple)
    body = tuple(_name_inverses(e) for e in (expressions if many else (expressions,)))
    arguments = (sympy.Symbol("A"), P, Q, S, G, PSI, INVERSES[P], INVERSES[Q], INVERSES[G])
    function = sympy.lambdify(
        arguments,
        body,
        modules=[{"F": Fraction}],
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
