"""Deciding what rebuttal 003 says of minima, of descents to them, and of convexity: exact examples and identities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy as sp
from flint import fmpq

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_convexity import outcome
from symrelu.claims.decide_convexity_bound import DERIVED, fraction_of, too_small_at, value_of
from symrelu.convexity import Network, Regression, exact, hessian_min_eig, slack_squared
from symrelu.convexity.network import Array
from symrelu.errors import Undecided


def tight(decay: Fraction = Fraction(3, 4)) -> Network:
    """a = b = 1, one unit, v = w = sqrt(1 - lambda): the global minimizer, and sqrt(2) r sqrt(l) = lambda there."""
    return Regression(exact([[1]]), exact([[1]]), fraction_of(decay)).at([exact([["1/2"]]), exact([["1/2"]])])


def _ray_identity() -> bool:
    """<W, grad l> = (H+1) (1/N) sum <y - b, y>, checked in rationals for H = 1, 2, 3: y has degree H + 1."""
    for H in (1, 2, 3):
        problem = Regression(exact([[1, -2, 3], [2, 1, -1]]), exact([[1, 0, 2]]), fmpq(1, 3))
        W = [exact([[1, 2], [-3, 1]]), *[exact([[1, "1/2"], [-1, 2]])] * (H - 1), exact([[2, -1]])]
        network = problem.at(W)
        y = network.residuals + problem.targets
        left = _dot(network.gradient, network.vector) - problem.decay * _dot(network.vector, network.vector)
        if left != (H + 1) * _dot(network.residuals.ravel(), y.ravel()) / problem.points:
            return False
    return True


def _dot(a: Array, b: Array) -> Any:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))


def excludes(printed: str) -> tuple[bool, str]:
    """Whether U with the printed constant c(H) is proved to hold no critical point or local minimizer W != 0."""
    if not _ray_identity():
        raise Undecided("the identity along rays fails")
    if too_small_at(printed, "1") is None:
        return True, (
            "along the ray through a critical point or local minimum W != 0, lambda |W|**2 = -((H+1)/N) sum <y - b, "
            "y> <= (H+1) sqrt(2 l) r prod ||W_i|| <= sqrt(2 l) r ||W||_***(H-1) |W|**2, so lambda <= sqrt(2) r "
            "||W||_***(H-1) l**(1/2), kinks or not, while U(lambda, theta), theta >= 0, wants the right side below "
            "lambda/c, c >= 1: it holds no such W (with c = H(H+1) >= 2 not even for 1/N instead of 1/2N, or a larger "
            "norm than ||W||_*)"
        )
    network = tight()
    c = value_of(printed, H=1)
    square = fraction_of(c) ** 2 * slack_squared(network, "one")
    if _dot(network.gradient, network.gradient) == 0 and square < network.problem.decay**2:
        return False, (
            "a = b = 1, one unit, lambda = 3/4, v = w = 1/2: the global minimizer (min over p = vw of (p-1)**2/2 + "
            f"lambda |p|), and c = {c} puts it into U"
        )
    raise Undecided(f"the constant {printed} is not decided")


def _nonzero_critical(claim: Claim, context: Context) -> Outcome:
    """Whether U can hold a critical point other than 0."""
    empty, found = excludes(claim.printed)
    rests = f"homogeneity of y, the mean of the two smallest norms; {DERIVED}"
    return outcome(not empty, found, rests, "derived" if empty else "exact")


def _halts(claim: Claim, context: Context) -> Outcome:
    """Whether the bound fails at every critical point and minimum other than 0, and near it."""
    empty, found = excludes(claim.printed)
    if empty and too_small_at(claim.printed, "1", strict=True) is None:
        found += "; the right side is continuous in W, and above lambda/c by a factor c > 1 there: so near it too"
    elif empty:
        raise Undecided(f"with {claim.printed} the bound fails at the limit, but perhaps only just: near it is open")
    rests = f"homogeneity of y, the mean of the two smallest norms; {DERIVED}"
    return outcome(empty, found, rests, "derived" if empty else "exact")


def _on_the_way(claim: Claim, context: Context) -> Outcome:
    """A descent from U to W != 0: a = b = 1, one unit, from v = w = 1; lambda in ``subject``."""
    decay, c = value_of(claim.subject), value_of(claim.printed, H=1)
    if not 0 < decay < 1:
        raise Undecided(f"at lambda = {decay} the descent looked at does not converge to W != 0")
    problem = Regression(exact([[1]]), exact([[1]]), fraction_of(decay))
    # a polynomial of degree 3 (y has degree 2), known from 4 values
    for t in (Fraction(1, 2), Fraction(2, 3), Fraction(1), Fraction(2)):
        gradient = problem.at([exact([[t]]), exact([[t]])]).gradient
        if any(g != fraction_of(t * (t * t - 1 + decay)) for g in gradient):
            raise Undecided("the gradient on v = w is not the one of the argument")
    start = problem.at([exact([[1]]), exact([[1]])])
    if not fraction_of(c) ** 2 * slack_squared(start, "one") < problem.decay**2:
        raise Undecided("the start of the descent looked at does not lie in U")
    found = (
        f"a = b = 1, one unit, lambda = {decay}, from v = w = 1: l = 0, so it starts in U(lambda, theta) for every "
        f"theta < lambda; on v = w = t > 0 gradient flow is t' = -t (t**2 - {1 - decay}) and ends at t = "
        f"sqrt({1 - decay}), where sqrt(2) r sqrt(l) = lambda: outside U. It leaves U, instead of not reaching it"
    )
    return outcome(False, found, "an exact example; a flow on a line", "derived")


def _all_minimizers(claim: Claim, context: Context) -> Outcome:
    """f constant (0, or ``subject``) at the points 1 and -1, lambda = 1: W = 0 is the global minimizer alone while r
    max |f| <= lambda, as |mean y f| <= max |f| r |W|**2/2; and whether it lies in U. Undecided for larger f.
    """
    c, target = value_of(claim.printed, H=1), value_of(claim.subject or "0")
    problem = Regression(exact([[1, -1]]), exact([[target, target]]), fmpq(1))
    zero = problem.at([exact([[0], [0]]), exact([[0, 0]])])
    if max(abs(x) for x in problem.targets.ravel()) ** 2 * problem.radius_squared > problem.decay**2:
        raise Undecided(f"f = {target}: r max |f| > lambda, and W = 0 is not shown to be the global minimizer")
    square = fraction_of(c) ** 2 * slack_squared(zero, "one")
    empty, _ = excludes(claim.printed)
    where = (
        f"f = {target} at the points 1 and -1, lambda = 1: the global minimizer is W = 0 alone, as l_lambda(W) - "
        "l_lambda(0) >= (lambda - r max |f|) |W|**2/2 + mean y**2/2"
    )
    rests = f"|y| <= r |v||w| <= r |W|**2/2; {DERIVED}"
    if not square < problem.decay**2:
        return outcome(False, f"{where}; it does not lie in U, as l(0) = {zero.loss}", rests, "derived")
    found = f"{where}; it lies in U(lambda, theta) for every theta < lambda" + (f" - sqrt({square})" if square else "")
    if empty:
        found += "; W = 0 is the only minimizer, local or global, that U can hold (r1.lemma4.nonzero)"
    return outcome(True, found, rests, "derived")


def _enters(claim: Claim, context: Context) -> Outcome:
    """Gradient flow with f = 0 goes to W = 0, an interior point of U."""
    c = value_of(claim.printed, H=1)
    found = (
        "f = 0: d|W|**2/dt = -2 <W, grad l_lambda> = -8 l - 2 lambda |W|**2, so |W| <= exp(-lambda t)|W(0)| and l "
        f"-> 0: every descent ends in U, where l < lambda**2/(2 c**2 r**2), c = {c}; when, depends on the "
        "initialisation (r2.only-after)"
    )
    problem = Regression(exact([[1, "-1/2"]]), exact([[0, 0]]), fmpq(1))
    network = problem.at([exact([[2], ["-1/3"]]), exact([["5/7", 3]])])
    along = _dot(network.gradient, network.vector)
    identity = along == 4 * network.loss + _dot(network.vector, network.vector)
    if not identity or c <= 0:
        raise Undecided(f"Euler's identity fails at a point, or c = {c} is not positive")
    return outcome(True, found, f"Euler's identity for y of degree 2, checked at one point; {DERIVED}", "derived")


def _coercive(claim: Claim, context: Context) -> Outcome:
    """l >= 0 leaves (lambda/2)|W|**2; with lambda = 0 a curve to infinity along which l is constant."""
    decay = value_of(claim.printed)
    if decay > 0:
        found = "l_lambda >= (lambda/2)|W|**2 and is continuous: bounded sublevel sets, so a minimum is attained"
        return outcome(True, found, "l is a sum of squares; Weierstrass", "derived")
    problem = Regression(exact([[1, -1]]), exact([[2, 1]]), fraction_of(decay))
    values = {problem.at([exact([[c]]), exact([[Fraction(1, c)]])]).regularised for c in (1, 10, 1000)}
    if len(values) > 1:
        raise Undecided(f"with lambda = {decay} the loss is not constant along the curve looked at")
    found = f"(c w, v/c) leaves l as it is: l = {values.pop()} along a curve to infinity, so l is not coercive"
    return outcome(False, found, "an exact example; rescaling", "derived")


def _gram(claim: Claim, context: Context) -> Outcome:
    """Two targets, the same network: equal Gram (and Gauss-Newton) matrices, Hessians of different signature."""
    W = [exact([[1]]), exact([[1]])]
    networks = [Regression(exact([[1]]), exact([[b]]), fmpq(0)).at(W) for b in (1, 10)]
    parts: list[Mapping[str, Array]] = [{"gauss_newton": n.gauss_newton, "hessian": n.plain_hessian} for n in networks]
    if claim.printed not in parts[0]:
        raise Undecided(f"{claim.printed} is not compared here")
    same = not (parts[0][claim.printed] != parts[1][claim.printed]).any()
    least = [hessian_min_eig(n) for n in networks]
    found = (
        "y = v relu(w a) at a = v = w = 1 with b = 1 and b = 10: the same first derivatives, smallest Hessian "
        f"eigenvalues {float(least[0]):.4f} and {float(least[1]):.4f}"
    )
    rests = "exact matrices, eigenvalues enclosed; that [3] uses this Gram matrix is read, not checked"
    return outcome(bool(same and least[1] < -1), found, rests, "certified")


def _gram_zero(claim: Claim, context: Context) -> Outcome:
    """Whether the Hessian of l is more than its part from first derivatives, where y = 1, the target as printed."""
    target = value_of(claim.printed)
    network = Regression(exact([[1]]), exact([[target]]), fmpq(0)).at([exact([[1]]), exact([[1]])])
    different = bool((network.gauss_newton != network.plain_hessian).any())
    found = (
        f"y = v relu(w a) at a = v = w = 1, b = {target}, error {network.residuals.ravel()[0]}: the Hessian of l is "
    )
    found += (
        "not (1/N) Dy' Dy"
        if different
        else "(1/N) Dy' Dy, whose nonzero eigenvalues are those of the Gram matrix over N: at zero error it says all "
        "of the second order, that l is convex to second order there, and which directions are flat"
    )
    rests = "D2 l = (1/N) Dy' Dy + (1/N) sum <y - b, D2y>; an exact example"
    return outcome(different, found, rests, "exact" if different else "derived")


def _biases(claim: Claim, context: Context) -> Outcome:
    """A chain of H (as printed) hidden units with biases, in U with H(H+1), and the curvature in a bias and a weight.

    One point a = 1, b = 10, lambda = 1 on weights and biases; the norm is that of [W_i b_i], the radius that of (a, 1).
    """
    H, size, target = int(claim.printed), sp.Rational(1, 1000), 10
    w, b = sp.symbols(f"w0:{H + 1}"), sp.symbols(f"b0:{H}")
    y = sp.S.One
    for weight, bias in zip(w[:-1], b, strict=True):  # all units are active
        y = sp.expand(weight * y + bias)
    y = w[-1] * y
    at = dict.fromkeys((*w, *b), size)
    loss = (y - target) ** 2 / 2
    slack = 2 * (H * (H + 1)) ** 2 * 2 * (2 * size**2) ** (H - 1) * loss.subs(at)  # squared: |(a, 1)|**2 = 2
    pair = (b[-1], w[-1])
    curvature = sum(sp.diff(loss, u, v).subs(at) for u in pair for v in pair) / 2 + 1
    if not (4 * slack < 1 and curvature < 0):
        raise Undecided(f"H = {H}: the chain looked at does not lie in U, or its curvature is not negative")
    found = (
        f"H = {H}, one unit a layer, a = 1, b = {target}, lambda = 1, all weights and biases 1/1000: in U (for theta < "
        f"1/2), as U wants the weights small, and the curvature is {float(curvature):.3f} along the last bias and the "
        "output weight: D2y in these two is 1, whatever the weights are. Biases need another bound"
    )
    return outcome(False, found, "an exact example; the bound reconstructed from the printed constant", "exact")


def _non_convex(claim: Claim, context: Context) -> Outcome:
    """A point of the experiment on the grid whose Hessian has a negative direction, exactly; then any data."""
    grid = [Fraction(-99 + 2 * i, 99) for i in range(100)]
    target = value_of(claim.printed)
    problem = Regression(exact([grid]), exact([[target] * 100]), fraction_of(value_of(claim.subject or "1")))
    network = problem.at([exact([[3], [-3]]), exact([[3, 3]])])
    direction = exact([1, 0, -1, 0])
    value = _dot(network.hessian @ direction, direction)
    found = (
        f"points -1 + 2i/99, w = (3, -3), v = (3, 3): the Hessian is {value} < 0 on (w_1, v_1) = (1, -1); for any "
        "data with a point x != 0, v = w = t gives the eigenvalue lambda - S t**2, S the mean of x**2 on that side"
    )
    if not value < 0:
        raise Undecided(f"the Hessian is {value} >= 0 in the direction tried, which proves nothing")
    return outcome(True, found, "an exact Hessian", "exact")


def _symmetric(claim: Claim, context: Context) -> Outcome:
    """The population's critical points: sqrt(L) >= lambda, by the estimate of E e y; and two of them, computed."""
    factor = value_of(claim.printed)
    from symrelu.convexity.minima import symmetric_minimum

    said, ratios = [], []
    for name in ("1a", "1b"):
        row = symmetric_minimum(name, 8, 0.02)
        if row.regularised is None:
            raise Undecided(f"the minimum of {name} under weight decay was lost at lambda = {row.lost_at}")
        ratio = row.regularised.loss**0.5 / row.decay
        ratios.append(ratio)
        said.append(f"{name}: sqrt(L)/lambda = {ratio:.3f}, true constant {row.regularised.smallest:.5f}")
    found = (
        "lambda |W|**2 = -2 E e y <= 2 sqrt(2 L) |alpha||W|/sqrt(2) at critical points of L_lambda, so sqrt(L) >= "
        f"lambda: never in U, at lambda = 0 U is empty; d = 8, lambda = 1/50: {'; '.join(said)}; at the minima of L "
        "itself the true constant is lambda exactly (the k zeros), and sqrt(L) < lambda decides"
    )
    rests = "the estimate of E e y, derived in symrelu.convexity.minima; two critical points by Newton's method"
    return outcome(any(r < factor for r in ratios), found, rests, "numerical")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "convex_nonzero_critical": _nonzero_critical,
    "convex_halts": _halts,
    "convex_on_the_way": _on_the_way,
    "convex_all_minimizers": _all_minimizers,
    "convex_enters": _enters,
    "convex_coercive": _coercive,
    "convex_gram": _gram,
    "convex_gram_zero": _gram_zero,
    "convex_biases": _biases,
    "convex_non_convex": _non_convex,
    "convex_symmetric": _symmetric,
}

__all__ = ["DECIDERS", "excludes"]
