"""Deciding what the response to the reviewers of the predecessor says of one neuron."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_prose import said
from symrelu.errors import BadInput
from symrelu.exact.parse import parse


def _one_neuron(claim: Claim, context: Context) -> Outcome:
    import sympy

    from symrelu.model.one_neuron import V, W, one_neuron

    answer = one_neuron()
    rests = "derived from the kernel at p = w**2, q = v**2, s = w*v (symrelu neuron prints the proof)"
    names = {"w": W, "v": V, "pi": sympy.pi}
    printed = [parse(x, names, lambda n: sympy.Rational(n.numerator, n.denominator)) for x in claim.printed.split(",")]
    what = claim.subject
    found: list[Any]
    if what.startswith("loss"):
        found = [answer.sides[0 if what.endswith("same") else 1].loss]
    elif what == "angle":
        found = [side.angle for side in answer.sides]
    elif what == "critical":
        found = [point.at for point in answer.critical]
    elif what == "hessian":
        found = [point.hessian for point in answer.critical]
    elif what == "zero":
        found = list(answer.at_zero.derivatives)
        if answer.at_zero.differentiable:
            return "refuted", "L is differentiable at w = 0", "exact", rests
    elif what == "trained":
        found = list(dict.fromkeys(one.value for one in answer.trained))
        words = "; ".join(f"alpha = {one.curve}: loss {one.value}" for one in answer.trained)
        words += "; so for w v < 0 the points alpha = 0 are spurious minima, though not strict ones"
        return said(_equal(found, printed)), words, "exact", rests
    else:
        raise BadInput(f"the claim is about {what!r} of one neuron, which is not known here")
    return said(_equal(found, printed)), ", ".join(map(str, found)), "exact", rests


def _equal(found: Sequence[Any], printed: Sequence[Any]) -> bool:
    import sympy

    return len(found) == len(printed) and all(sympy.expand(a - b) == 0 for a, b in zip(found, printed, strict=True))


def _under_the_integral(claim: Claim, context: Context) -> Outcome:
    """One neuron w against one teacher v: E phi'(<w,x>)**2 x x' is what both derivatives under the integral give."""
    import sympy

    from symrelu.model.kernels import PSI, RELU
    from symrelu.model.one_neuron import V, W, one_neuron

    if claim.subject == "1":
        one = one_neuron()
        naive = sympy.diff(one.sides[0].kappa, W, V)  # a factor each: E phi'(w x) phi'(v x) x**2 with v beside w
        missed = [sympy.simplify(side.hessian - naive) for side in one.sides]
        found = f"under the integral {naive} on both sides; L has {', '.join(str(s.hessian) for s in one.sides)}"
        return said(any(missed)), found + ": nothing is missed there", "exact", "the theorem of symrelu neuron"
    x, y, theta = sympy.symbols("x y theta", positive=True)
    v = (sympy.cos(theta), sympy.sin(theta))
    kappa = RELU(x**2 + y**2, sympy.Integer(1), x * v[0] + y * v[1])
    own = RELU(x**2 + y**2, x**2 + y**2, x**2 + y**2) / 2
    naive = (RELU.prefactor * RELU.parallel_limit("s")).subs(PSI, sympy.pi)  # times the identity, as all others vanish
    others = [RELU.parallel_limit(name) for name in ("ps", "pq", "qs", "vw")]
    told, differs = [], False
    for angle in (sympy.pi / 6, sympy.pi / 3, 2 * sympy.pi / 3):
        there = {x: 1, y: 0, theta: angle}
        second = sympy.diff(own - kappa, y, 2).subs(there)
        exact = sympy.simplify(second)
        differs = differs or sympy.simplify(exact - naive) != 0
        told.append(f"{exact} at {angle}")
    if any(others):
        return "undecided", "the mixed derivative at parallel rows is not a multiple of I", "exact", "the kernel"
    found = f"|w| = |v| = 1, across w: under the integral {naive} at every angle; L has {', '.join(told)}"
    rests = (
        "derivatives of the kernel in d = 2; what is missed is the delta function phi'' on the kink times the residual"
    )
    return said(bool(differs)), found, "exact", rests


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "one_neuron": _one_neuron,
    "under_the_integral": _under_the_integral,
}
