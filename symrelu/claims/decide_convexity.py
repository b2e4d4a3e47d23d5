"""Deciding the sentences of rebuttal 003 on functions of two variables, gradient paths and polynomials, exactly."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import sympy as sp

from symrelu.claims.claim import Claim, Context, Evidence, Outcome
from symrelu.claims.formulas import rational
from symrelu.errors import Undecided
from symrelu.exact.parse import parse, parse_fraction

X, Y, Z3 = sp.symbols("x y z", real=True)
U = sp.Symbol("u", real=True)
NAMES = {"x": X, "y": Y, "z": Z3, "u": U}
GRID = [sp.Rational(n, 2) for n in range(-4, 5)]


def outcome(same: bool, found: str, rests: str, evidence: Evidence) -> Outcome:
    """A comparison as an outcome; the kind of evidence has to be said each time."""
    return ("confirmed" if same else "refuted"), found, evidence, rests


def _read(text: str) -> sp.Expr:
    return sp.expand(sp.S.Zero + parse(text, NAMES, rational))


def evenly_nonnegative(f: sp.Expr, *variables: sp.Symbol) -> bool:
    """Whether f is a sum of squares of monomials: even exponents and positive coefficients only. Then f >= 0, and f > 0
    where no variable is 0 unless f is 0.
    """
    return all(c > 0 and all(k % 2 == 0 for k in powers) for powers, c in sp.Poly(f, *variables).terms() if c != 0)


def _hessian(f: sp.Expr) -> sp.Matrix:
    return sp.hessian(f, (X, Y))


def _at(expression: sp.Expr, x: sp.Expr, y: sp.Expr) -> sp.Expr:
    return expression.subs({X: x, Y: y})


# -- x**2 y**2 -------------------------------------------------------------------------------------------------------


def _nowhere(claim: Claim, context: Context) -> Outcome:
    """On no open set convex: det Hess < 0 on a dense set; refuted by one point of positive definite Hessian."""
    f = _read(claim.printed)
    H = _hessian(f)
    det = sp.expand(H.det())
    if det != 0 and evenly_nonnegative(-det, X, Y):
        found = (
            f"det Hess = {sp.factor(det)} < 0 wherever xy != 0, a dense set: an indefinite Hessian in every open "
            "set, so no open set on which f is convex, strongly or not (on the axes it is semi-definite)"
        )
        return outcome(
            True, found, "the Hessian, derived; a sum of squares of monomials is positive off the axes", "exact"
        )
    for x, y in product(GRID, repeat=2):
        if _at(det, x, y) > 0 and _at(H[0, 0], x, y) > 0:
            found = f"at ({x}, {y}) the Hessian is positive definite: f is strongly convex near there"
            return outcome(False, found, "the Hessian at one point", "exact")
    raise Undecided("neither is det Hess negative on a dense set by its monomials, nor was a convex point found")


def _nowhere_semidefinite(claim: Claim, context: Context) -> Outcome:
    """Points of a grid at which the Hessian is positive semi-definite."""
    f = _read(claim.printed)
    H = _hessian(f)
    for x, y in product(GRID, repeat=2):
        a, d, det = (_at(part, x, y) for part in (H[0, 0], H[1, 1], sp.expand(H.det())))
        if a >= 0 and d >= 0 and det >= 0:
            on_axes = sp.expand(H.det())
            found = (
                f"det Hess = {sp.factor(on_axes)} and the diagonal is {H[0, 0]}, {H[1, 1]}: semi-definite where xy = "
                f"0 (at ({x}, {y}) diag({a}, {d})), indefinite elsewhere; definite nowhere, so never strongly convex"
            )
            return outcome(False, found, "the Hessian at one point", "exact")
    raise Undecided("no point of a grid has a positive semi-definite Hessian, which proves nothing")


def _minima(claim: Claim, context: Context) -> Outcome:
    """Critical values: by f in the gradient's ideal (all are 0) and f >= 0, or from finitely many critical points."""
    f = _read(claim.printed)
    gradient = [sp.diff(f, v) for v in (X, Y)]
    degrees = {sum(powers) for powers in sp.Poly(f, X, Y).monoms()}
    if len(degrees) == 1 and evenly_nonnegative(f, X, Y):
        (k,) = degrees
        euler = sp.expand(X * gradient[0] + Y * gradient[1] - k * f) == 0
        found = f"x f_x + y f_y = {k} f, so f = 0 at every critical point, and f >= 0: each is a global minimum"
        return outcome(euler, found, "Euler's identity, checked; a sum of squares of monomials", "exact")
    points = sp.solve(gradient, [X, Y], dict=True)
    values = {(p[X], p[Y]): _at(f, p[X], p[Y]) for p in points if len(p) == 2}
    H = _hessian(f)
    least = min(values.values(), default=None)
    for (x, y), value in values.items():
        at = H.subs({X: x, Y: y})
        if least is not None and value > least and at[0, 0] > 0 and at.det() > 0:
            found = f"({x}, {y}) is a local minimum of value {value}, and f = {least} at another critical point"
            return outcome(False, found, "critical points by SymPy, Hessians at them", "exact")
    raise Undecided("neither homogeneous and a sum of even monomials, nor with a local minimum that is not global")


def _sublevel(claim: Claim, context: Context) -> Outcome:
    """Star-shaped about 0 by homogeneity; or split in two by the line x = 0."""
    f = _read(claim.printed)
    degrees = {sum(powers) for powers in sp.Poly(f, X, Y).monoms()}
    if len(degrees) == 1 and degrees != {0} and evenly_nonnegative(f, X, Y):
        (k,) = degrees
        found = (
            f"f(tx, ty) = t**{k} f(x, y) and f >= 0: with a point {{f <= c}} holds the segment to 0, so it is connected"
        )
        return outcome(True, found, "homogeneity; star-shaped sets are connected, the empty one too", "exact")
    wall = sp.expand(f.subs(X, 0) - f.subs({X: 0, Y: 0}))
    height = f.subs({X: 0, Y: 0})
    if (wall == 0 or evenly_nonnegative(wall, Y)) and all(_at(f, sp.Integer(s), sp.S.Zero) < height for s in (1, -1)):
        below = max(_at(f, sp.Integer(s), sp.S.Zero) for s in (1, -1))
        found = f"f >= {height} on the line x = 0, and f <= {below} at (1, 0) and (-1, 0): {{f <= {below}}} is not "
        found += "connected"
        return outcome(False, found, "values on a line that separates two points", "exact")
    raise Undecided("neither star-shaped about 0 by homogeneity nor split by the line x = 0")


def _conclusion(claim: Claim, context: Context) -> Outcome:
    """A function with both properties that is convex nowhere: all three as decided above."""
    parts = [decider(claim, context) for decider in (_minima, _sublevel, _nowhere)]
    found = "; ".join(part[1] for part in parts)
    if not all(part[0] == "confirmed" for part in parts):
        raise Undecided(f"{claim.printed} is no example: {found}")
    return outcome(True, found, "one example, by the three claims on it", "exact")


def _stronger(claim: Claim, context: Context) -> Outcome:
    """Two points of positive definite Hessian, both critical, of different values: strong convexity near both."""
    f = _read(claim.printed)
    H = _hessian(f)
    minima = {}
    for point in sp.solve([sp.diff(f, v) for v in (X, Y)], [X, Y], dict=True):
        at = H.subs(point)
        if at[0, 0] > 0 and at.det() > 0:
            minima[point[X], point[Y]] = f.subs(point)
    if len(set(minima.values())) < 2:
        raise Undecided("no two local minima of different values were found")
    said = ", ".join(f"{value} at {point}" for point, value in minima.items())
    found = (
        f"f = {f} has local minima {said}, all in the open set of Hessians > 0: locally strongly convex there, yet "
        "not all minima are global, and sublevel sets are not connected. Neither property implies the other (on a "
        "convex set strong convexity is the stronger one)"
    )
    return outcome(False, found, "critical points by SymPy, Hessians at them", "exact")


# -- gradient paths --------------------------------------------------------------------------------------------------


def _paths_sufficient(claim: Claim, context: Context) -> Outcome:
    """g' H g >= theta g' g from H >= theta: for H = theta + B B', identically, with the printed factor of theta."""
    factor = _read(claim.printed)
    theta = sp.Symbol("theta", positive=True)
    g = sp.Matrix(sp.symbols("g1 g2", real=True))
    B = sp.Matrix(2, 2, sp.symbols("b1:5", real=True))
    rest = sp.expand((g.T * (theta * sp.eye(2) + B * B.T) * g - factor * theta * g.T * g)[0])
    squares = sp.expand(rest - ((B.T * g).T * (B.T * g))[0])
    slack = sp.Poly(squares, *g, *B)
    holds = all(c.subs(theta, 1) >= 0 for c in slack.coeffs()) if squares != 0 else True
    found = "g' H g = theta g' g + |B' g|**2 for H = theta + B B'; g the gradient: f is strongly convex along its paths"
    return outcome(holds, found, "f'' along a gradient path is g' H g/|g|**2, an identity", "exact")


def _paths_necessary(claim: Claim, context: Context) -> Outcome:
    """f = F(x**2 + y**2): the gradient is radial; the second derivatives along it and across it, on u >= low."""
    F, low = _read(claim.printed), parse_fraction(claim.subject, "the region")
    f = F.subs(U, X**2 + Y**2)
    if f.has(U, Z3) or sp.expand(X * sp.diff(f, Y) - Y * sp.diff(f, X)) != 0:
        raise Undecided(f"F = {F} is no function of u alone, so its gradient is not radial")
    at = _hessian(f).subs(Y, 0)
    along, across = (sp.expand(entry.subs(X, sp.sqrt(U))) for entry in (at[0, 0], at[1, 1]))
    bottom = rational(low)
    rising = all(c >= 0 for c in sp.Poly(sp.expand(along.subs(U, U + bottom)), U).all_coeffs()[:-1])
    theta = along.subs(U, bottom)
    negative = [u for u in (bottom, bottom + sp.Rational(1, 10)) if across.subs(U, u) < 0]
    holds = bool(rising and theta > 0 and negative)
    found = (
        f"along the (radial) gradient f'' = {along}, at least {theta} on u >= {low}; across it {across}, negative at "
        f"u = {negative[0] if negative else '-'}"
    )
    return outcome(holds, found, "f depends on u = x**2 + y**2 only; second derivatives at (sqrt(u), 0)", "exact")


def _rate(claim: Claim, context: Context) -> Outcome:
    """d|g|**2/dt = -2 g' H g along x' = -g, for an arbitrary function."""
    f = sp.Function("f")(X, Y)
    g = sp.Matrix([sp.diff(f, v) for v in (X, Y)])
    H = sp.hessian(f, (X, Y))
    change = sum(sp.diff((g.T * g)[0], v) * -g[i] for i, v in enumerate((X, Y)))
    factor = -2
    identity = sp.simplify(change - factor * (g.T * H * g)[0]) == 0
    wanted = _read(claim.printed)
    found = (
        "along x' = -grad f, d|grad f|**2/dt = -2 g' H g <= -2 theta |grad f|**2: |grad f|**2 <= C exp(-2 theta t), "
        "and f - f(end) <= |grad f|**2/(2 theta); no faster in general (f = theta x**2/2)"
    )
    return outcome(bool(identity and 0 < wanted <= 2), found, "the chain rule, for an arbitrary f; Gronwall", "derived")


# -- polynomials -----------------------------------------------------------------------------------------------------


def _degree(claim: Claim, context: Context) -> Outcome:
    """y of networks with symbolic weights and every pattern of active units, by SymPy: the largest degree."""
    most = _read(claim.printed)
    degrees: set[int] = set()
    for sizes in ((2, 2, 1), (1, 2, 2, 1), (1, 1, 1, 1, 1)):
        units = sum(sizes[1:-1])
        weights = [
            sp.Matrix(q, p, lambda i, j, k=k: sp.Symbol(f"w{k}_{i}{j}"))
            for k, (p, q) in enumerate(zip(sizes[:-1], sizes[1:], strict=True))
        ]
        for pattern in product((0, 1), repeat=units):
            slopes = list(pattern)
            h = sp.Matrix([sp.Integer(2 + i) for i in range(sizes[0])])
            for W in weights[:-1]:
                h = sp.Matrix([slopes.pop() * z for z in W * h])
            for output in weights[-1] * h:
                poly = sp.Poly(output, *(x for W in weights for x in W))
                degrees |= {max(0, poly.degree(v)) for v in poly.gens}
    top = max(degrees)
    found = f"networks 2-2-1, 1-2-2-1 and 1-1-1-1-1, every pattern of active units: the largest degree is {top}"
    rests = "with the pattern fixed y is a sum over paths through the layers, one weight of each (for every network)"
    return outcome(top <= most, found, rests, "derived" if top <= most else "exact")


def _degree_of(claim: Claim, context: Context) -> Outcome:
    """Second derivatives of a polynomial by the same variable."""
    f = _read(claim.printed)
    twice = {v: sp.diff(f, v, 2) for v in (X, Y, Z3)}
    found = ", ".join(f"d2f/d{v}2 = {value}" for v, value in twice.items())
    return outcome(all(value == 0 for value in twice.values()), found, "differentiation", "exact")


def _open(claim: Claim, context: Context) -> Outcome:
    """Not decided here, with the reason in ``printed``."""
    return "open", claim.printed, "none", "not decided here"


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "convex_nowhere": _nowhere,
    "convex_nowhere_semidefinite": _nowhere_semidefinite,
    "convex_minima": _minima,
    "convex_sublevel": _sublevel,
    "convex_conclusion": _conclusion,
    "convex_stronger": _stronger,
    "convex_paths_sufficient": _paths_sufficient,
    "convex_paths_necessary": _paths_necessary,
    "convex_rate": _rate,
    "convex_degree": _degree,
    "convex_degree_of": _degree_of,
    "convex_open": _open,
}

__all__ = ["DECIDERS", "evenly_nonnegative", "outcome"]
