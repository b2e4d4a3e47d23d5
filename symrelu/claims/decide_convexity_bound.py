"""Deciding what rebuttal 003 says of its bound, of U and A, and of minima: in exact rationals and proved enclosures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp
from flint import arb, fmpq

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_convexity import outcome
from symrelu.claims.formulas import Reader
from symrelu.convexity import Network, Regression, exact, hessian_min_eig, in_A, in_U, slack_squared
from symrelu.convexity.network import Array
from symrelu.errors import Undecided
from symrelu.exact.parse import parse

DEPTHS = range(1, 6)
SLOPES = [Fraction(x) for x in ("-4", "-1/2", "1/10", "1", "2", "4")]
DERIVED = (
    "derived for l = (1/2N) sum |y - b|**2, l_lambda = l + (lambda/2)|W|**2, no biases; that the paper's setting is "
    "this one is a reconstruction from the printed constant"
)


def _value(text: str, **names: Any) -> Fraction:
    """A printed formula in rationals."""
    found = parse(text, {k: Fraction(v) for k, v in names.items()}, Fraction)
    return Fraction(found)


def chain(H: int, weight: Fraction, slope: Fraction = Fraction(0), sign: int = 1) -> Network:
    """One unit a layer, all weights ``weight`` (the hidden ones times ``sign``), one point a = 1, b = 1, lambda = 1.

    With sign -1 the first unit is on its negative side (all are if the slope is positive, too).
    """
    problem = Regression(exact([[1]]), exact([[1]]), fmpq(1), _fmpq(slope))
    sizes = [exact([[weight]]) for _ in range(H + 1)]
    if sign < 0:
        sizes[0] = exact([[-weight]])
    return problem.at(sizes)


def _fmpq(x: Fraction) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def violation(c: Fraction, network: Network, factor: Fraction = Fraction(1)) -> str | None:
    """How the smallest eigenvalue at a network lies below lambda - c factor**H sqrt(2) r ||W||**(H-1) sqrt(l), proved;
    None if it does not.
    """
    H, steepest = network.hidden_layers, max(Fraction(1), abs(Fraction(*_parts(network.problem.slope))))
    unit = arb(slack_squared(network, "one") / _fmpq(steepest) ** (2 * H)).sqrt()
    claimed = arb(network.problem.decay) - arb(_fmpq(c * factor**H)) * unit
    true = hessian_min_eig(network)
    if true < claimed:
        return f"smallest eigenvalue {true.str(8, radius=False)} below {claimed.str(8, radius=False)}"
    return None


def _parts(x: Any) -> tuple[int, int]:
    return (int(x.p), int(x.q)) if isinstance(x, fmpq) else Fraction(x).as_integer_ratio()


def least_constant(H: int) -> int:
    """The largest eigenvalue of the quadratic form sum_(i != j) x_i x_j of H + 1 numbers, exactly."""
    form = sp.ones(H + 1, H + 1) - sp.eye(H + 1)
    return int(max(form.eigenvals()))


def _constant(claim: Claim, context: Context) -> Outcome:
    """The printed constant against the least one for H = 1, ..., 5; below it, a network that violates the bound."""
    for H in DEPTHS:
        c, least = _value(claim.printed, H=H), least_constant(H)
        if c >= least:
            continue
        for k in range(1, 12):  # chains of small weights come as near to the least constant as one likes
            seen = violation(c, chain(H, Fraction(1, 2**k)))
            if seen:
                found = f"H = {H}: c = {c} is violated by a chain of weights 1/{2**k}: {seen}"
                return outcome(
                    False, found, f"an exact network, its smallest eigenvalue enclosed; {DERIVED}", "certified"
                )
        raise Undecided(f"H = {H}: c = {c} is below {least}, but no chain tried violates the bound")
    found = (
        "|D2y[X, X]| <= r ||W||**(H-1) sum_(i != j) |X_i||X_j|, one term an ordered pair of layers, and that sum is "
        f"at most H |X|**2: constants {', '.join(str(least_constant(H)) for H in DEPTHS)} for H = 1, ..., 5 suffice "
        f"and none smaller does; printed: {', '.join(str(_value(claim.printed, H=H)) for H in DEPTHS)}"
    )
    return outcome(True, found, DERIVED)


def _kinks(claim: Claim, context: Context) -> Outcome:
    """A segment in U across a kink: a = b = 1, v = 1, w from -1/10 to 1/10; the middle against the mean of the ends."""
    decay = _value(claim.printed)
    problem = Regression(exact([[1]]), exact([[1]]), _fmpq(decay))
    ends = [problem.at([exact([[w]]), exact([[1]])]) for w in (Fraction(-1, 10), 0, Fraction(1, 10))]
    inside = all(in_U(n, 0) for n in ends)  # l is largest, 1/2, on the side w <= 0
    low, middle, high = (n.regularised for n in ends)
    if not inside:
        raise Undecided(f"the segment does not lie in U at lambda = {decay}")
    found = (
        f"a = b = 1, v = 1, lambda = {decay}, U with H(H+1): l_lambda is {low}, {middle}, {high} at w = -1/10, 0, "
        f"1/10, and the mean of the ends is {(low + high) / 2}: the kink at w = 0 is concave. Convex piece by piece "
        "is what is true"
    )
    return outcome(bool(2 * middle <= low + high), found, "exact values on a segment in U")


def _widths(claim: Claim, context: Context) -> Outcome:
    """The sharp bound for several depths and widths, on exact networks: the estimate uses no width."""
    widths, depths = (1, 2, 4), (1, 2, 3)
    for H, width in product(depths, widths):
        problem = Regression(exact([[1, -2]]), exact([[3, 1]]), fmpq(1))
        eye = [[int(i == j) for j in range(width)] for i in range(width)]
        network = problem.at([exact([[1]] * width), *[exact(eye)] * (H - 1), exact([[1] * width])])
        violated = violation(_value(claim.printed, H=H), network)
        if violated:
            return outcome(False, f"H = {H}, width {width}: {violated}", DERIVED, "certified")
    found = (
        "the estimate uses r, ||W||_*, l and the number of layers, and no width; smallest eigenvalues enclosed for "
        "H = 1, 2, 3 and widths 1, 2, 4 agree with it (random networks: in the tests)"
    )
    return outcome(True, found, DERIVED)


def _proper(claim: Claim, context: Context) -> Outcome:
    """A network outside U for given data, lambda > 0, theta >= 0."""
    decay = _fmpq(_value(claim.printed))
    problem = Regression(exact([[1, -1]]), exact([[0, 0]]), decay)
    outside = [t for t in (1, 10, 100) if not in_U(problem.at([exact([[t]]), exact([[t]])]), 0, "sharp")]
    found = (
        f"f = 0, points 1 and -1: weights {outside[0]}, {outside[0]} lie outside for every theta >= 0 (l grows, and "
        "U wants it small); in general wherever l**(1/2) ||W||_***(H-1) is unbounded"
        if outside
        else "none of the networks tried lies outside"
    )
    return outcome(bool(outside), found, f"an exact example; {DERIVED}")


def _leaky(claim: Claim, context: Context) -> Outcome:
    """The printed factor of each hidden layer for several slopes, against H(H+1) and a chain on the negative side."""
    for slope in SLOPES:
        steepest = max(Fraction(1), abs(slope))
        factor = _value(claim.printed, m=steepest, s=slope)
        for H in (1, 2, 3):
            if H * (H + 1) * factor**H >= H * steepest**H:
                continue
            for k in range(1, 14):
                network = chain(H, Fraction(1, 2**k), slope, -1)
                seen = violation(Fraction(H * (H + 1)), network, factor)
                if seen:
                    found = f"slope {slope}, H = {H}, factor {factor}: violated by a chain of weights 1/{2**k}: {seen}"
                    return outcome(False, found, f"an exact network, enclosed; {DERIVED}", "certified")
            raise Undecided(f"slope {slope}, H = {H}: the factor {factor} is too small, but no chain tried violates it")
    found = (
        "|s(z)| <= m |z| and |s'| <= m, m = max(1, |s|): each term of D2y is at most r m**H ||W||**(H-1) "
        "|X_i||X_j|; for |s| <= 1 nothing changes"
    )
    return outcome(True, found, DERIVED)


def _inclusion(claim: Claim, context: Context) -> Outcome:
    """The printed bound on l**(1/2) in A, times P = R**(H-1), against the bound of U: a ratio of at most 1."""
    L, T, H, r, P = symbols = sp.symbols("L T H r P", positive=True)
    reader = Reader({str(s): s for s in symbols})
    printed = reader.read(claim.printed)
    of_u = (L - T) / (reader.root(sp.Integer(2)) * H * (H + 1) * r)
    ratio = sp.cancel(printed * P / of_u)
    top = sp.cancel(sp.fraction(ratio)[1] - sp.fraction(ratio)[0])
    below = ratio == 1 or all(c > 0 for c in sp.Poly(top, *symbols, *reader.squares).coeffs())
    if not below:
        values = ratio.subs({L: 2, T: 1, H: 2, r: 1, P: 3})
        found = f"l**(1/2) ||W||**(H-1) is bounded in A by {ratio} times the bound of U: {values} at some values"
        return outcome(False, found, "the definitions, multiplied out")
    found = f"l**(1/2) ||W||**(H-1) <= l**(1/2) R**(H-1) < (bound of A) R**(H-1) = {ratio} times the bound of U"
    return outcome(True, found, "the definitions, multiplied out; U as the rebuttal prints it in the same lines")


def _ball(claim: Claim, context: Context) -> Outcome:
    """Whether A(R) lies in the ball of radius (printed) R: a network of zero error whose norm, and one entry, is R."""
    factor = _value(claim.printed)
    problem = Regression(exact([[1]]), exact([[0]]), fmpq(1))
    R = fmpq(3)
    edge = problem.at([exact([[-3]]), exact([[1]])])
    beyond = problem.at([exact([["-31/10"]]), exact([[1]])])
    inside, outside = in_A(edge, R, fmpq(1, 2)), in_A(beyond, R, fmpq(1, 2))
    found = (
        "||W||_* <= R is a condition of A, and |(W_i)_pq| <= ||W_i||_op; zero error, norm and an entry R: in A "
        f"{inside}; norm 31/30 R: in A {outside}"
    )
    return outcome(bool(inside and not outside and factor >= 1), found, "the definition of A as the rebuttal prints it")


def _zero_error(claim: Claim, context: Context) -> Outcome:
    """W_0 scaled up and W_1 down: y unchanged, the norm as large as one likes. Small: |y| <= r ||W||**(H+1)."""
    problem = Regression(exact([[1, 2]]), exact([[3, 6]]), fmpq(1, 100))
    if claim.subject == "small" or claim.printed == "small":
        found = (
            "|y(a)| <= |a| ||W||_***(H+1): zero error with some b != 0 needs ||W||_* >= (max "
            "|b_i|/|a_i|)**(1/(H+1)); for a = 1, 2, b = 3a it needs ||W||_* >= sqrt(3) (H = 1), though U itself "
            "reaches 0 for H >= 2 since ||W||_* stands in its definition"
        )
        small = problem.at([exact([[1]]), exact([[1]])])
        return outcome(not small.loss > 0, found, "the operator norms of the layers; exact example")
    for H in (1, 2):
        for k in (1, 6, 30):
            W = [exact([[10**k]]), *[exact([[1]])] * (H - 1), exact([[Fraction(3, 10**k)]])]
            network = problem.at(W)
            if network.loss != 0 or not in_U(network, fmpq(1, 200)):
                return outcome(False, f"H = {H}, scale 10**{k}: l = {network.loss}", "an exact example")
    found = (
        "scaling W_0 by c and W_1 by 1/c leaves y as it is (s is homogeneous): zero error and ||W||_* >= c |W_0|; "
        "examples with ||W||_* = 10, 10**6, 10**30 lie in U"
    )
    return outcome(True, found, "homogeneity, and exact examples")


# -- minima ------------------------------------------------------------------------------------------------------------


def tight(decay: Fraction = Fraction(3, 4)) -> Network:
    """a = b = 1, one unit, v = w = sqrt(1 - lambda): the global minimizer, and sqrt(2) r sqrt(l) = lambda there."""
    return Regression(exact([[1]]), exact([[1]]), _fmpq(decay)).at([exact([["1/2"]]), exact([["1/2"]])])


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
    if all(_value(printed, H=H) >= 1 for H in DEPTHS):
        return True, (
            "along the ray through a critical point or local minimum W != 0, lambda |W|**2 = -((H+1)/N) sum <y - b, "
            "y> <= (H+1) sqrt(2 l) r prod ||W_i|| <= sqrt(2 l) r ||W||_***(H-1) |W|**2, so lambda <= sqrt(2) r "
            "||W||_***(H-1) l**(1/2), kinks or not, while U(lambda, theta), theta >= 0, wants the right side below "
            "lambda/c, c >= 1: it holds no such W"
        )
    network = tight()
    c = _value(printed, H=1)
    square = _fmpq(c) ** 2 * slack_squared(network, "one")
    if _dot(network.gradient, network.gradient) == 0 and square < network.problem.decay**2:
        return False, (
            "a = b = 1, one unit, lambda = 3/4, v = w = 1/2: the global minimizer (min over p = vw of (p-1)**2/2 + "
            f"lambda |p|), and c = {c} puts it into U"
        )
    raise Undecided(f"the constant {printed} is not decided")


def _nonzero_critical(claim: Claim, context: Context) -> Outcome:
    """Whether U can hold a critical point other than 0."""
    empty, found = excludes(claim.printed)
    return outcome(not empty, found, f"homogeneity of y, the mean of the two smallest norms; {DERIVED}")


def _halts(claim: Claim, context: Context) -> Outcome:
    """Whether the bound fails at every critical point and minimum other than 0."""
    empty, found = excludes(claim.printed)
    return outcome(empty, found, f"homogeneity of y, the mean of the two smallest norms; {DERIVED}")


def _all_minimizers(claim: Claim, context: Context) -> Outcome:
    """f = 0: W = 0 is the only critical point of l_lambda, the global minimizer, and lies in U for theta < lambda.

    ``subject``: another target f <= 1 at the points 1 and -1, lambda = 1, where W = 0 is the global minimizer too.
    """
    c, target = _value(claim.printed, H=1), _value(claim.subject or "0")
    problem = Regression(exact([[1, -1]]), exact([[target, target]]), fmpq(1))
    zero = problem.at([exact([[0], [0]]), exact([[0, 0]])])
    inside = _fmpq(c) ** 2 * slack_squared(zero, "one") < 1
    empty, _ = excludes(claim.printed)
    if not inside:
        return outcome(
            False, f"f = {target}: the global minimizer W = 0 does not lie in U, as l(0) = {zero.loss}", DERIVED
        )
    found = "for f = 0 the global minimizer is W = 0 alone, and it lies in U(lambda, theta) for every theta < lambda"
    if empty:
        found += "; W = 0 is the only minimizer, local or global, that U can hold (r1.lemma4.nonzero)"
    return outcome(True, found, f"<W, grad l> = 2 (H+1) l >= 0 for f = 0; {DERIVED}")


def _enters(claim: Claim, context: Context) -> Outcome:
    """Gradient flow with f = 0 goes to W = 0, an interior point of U."""
    c = _value(claim.printed, H=1)
    found = (
        "f = 0: d|W|**2/dt = -2 <W, grad l_lambda> = -8 l - 2 lambda |W|**2, so |W| <= exp(-lambda t)|W(0)| and l "
        f"-> 0: every descent ends in U, where l < lambda**2/(2 c**2 r**2), c = {c}; when, depends on the "
        "initialisation (r2.only-after)"
    )
    problem = Regression(exact([[1, "-1/2"]]), exact([[0, 0]]), fmpq(1))
    network = problem.at([exact([[2], ["-1/3"]]), exact([["5/7", 3]])])
    along = _dot(network.gradient, network.vector)
    identity = along == 4 * network.loss + _dot(network.vector, network.vector)
    return outcome(bool(identity and c > 0), found, f"Euler's identity for y of degree 2, checked exactly; {DERIVED}")


def _coercive(claim: Claim, context: Context) -> Outcome:
    """l >= 0 leaves (lambda/2)|W|**2; with lambda = 0 a curve to infinity along which l is constant."""
    decay = _value(claim.printed)
    if decay > 0:
        found = "l_lambda >= (lambda/2)|W|**2 and is continuous: bounded sublevel sets, so a minimum is attained"
        return outcome(True, found, "l is a sum of squares; Weierstrass")
    problem = Regression(exact([[1, -1]]), exact([[2, 1]]), _fmpq(decay))
    values = {problem.at([exact([[c]]), exact([[Fraction(1, c)]])]).regularised for c in (1, 10, 1000)}
    found = f"(c w, v/c) leaves l as it is: l = {values.pop()} along a curve to infinity, so l is not coercive"
    return outcome(bool(values), found, "an exact example; rescaling")


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
        f"eigenvalues {least[0].str(4, radius=False)} and {least[1].str(4, radius=False)}"
    )
    return outcome(
        bool(same and least[1] < -1), found, "exact matrices; that [3] uses this Gram matrix is read, not checked"
    )


def _non_convex(claim: Claim, context: Context) -> Outcome:
    """A point of the experiment on the grid whose Hessian has a negative direction, exactly; then any data."""
    grid = [Fraction(-99 + 2 * i, 99) for i in range(100)]
    target = _value(claim.printed)
    problem = Regression(exact([grid]), exact([[target] * 100]), _fmpq(_value(claim.subject or "1")))
    network = problem.at([exact([[3], [-3]]), exact([[3, 3]])])
    direction = exact([1, 0, -1, 0])
    value = _dot(network.hessian @ direction, direction)
    found = (
        f"points -1 + 2i/99, w = (3, -3), v = (3, 3): the Hessian is {value} < 0 on (w_1, v_1) = (1, -1); for any "
        "data with a point x != 0, v = w = t gives the eigenvalue lambda - S t**2, S the mean of x**2 on that side"
    )
    if not value < 0:
        raise Undecided(f"the Hessian is {value} >= 0 in the direction tried, which proves nothing")
    return outcome(True, found, "an exact Hessian")


def _symmetric(claim: Claim, context: Context) -> Outcome:
    """The population's critical points: sqrt(L) >= lambda, by the estimate of E e y; and two of them, computed."""
    factor = _value(claim.printed)
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
    "convex_constant": _constant,
    "convex_kinks": _kinks,
    "convex_widths": _widths,
    "convex_proper": _proper,
    "convex_leaky": _leaky,
    "convex_inclusion": _inclusion,
    "convex_ball": _ball,
    "convex_zero_error": _zero_error,
    "convex_nonzero_critical": _nonzero_critical,
    "convex_halts": _halts,
    "convex_all_minimizers": _all_minimizers,
    "convex_enters": _enters,
    "convex_coercive": _coercive,
    "convex_gram": _gram,
    "convex_non_convex": _non_convex,
    "convex_symmetric": _symmetric,
}

__all__ = ["DECIDERS", "chain", "excludes", "least_constant", "violation"]
