"""Deciding what the main paper says of problem (2) itself: convexity, realizable data, symmetry kept or broken, and the
saddles that a search meets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_prose import said

if TYPE_CHECKING:
    from symrelu.model.dense import DenseLoss, Floats

SEED, D, RUNS, STEPS = 1, 5, 40, 80
NEAR = 1e-6  # entries of a critical point that are taken for equal
Permutation = tuple[int, ...]


def _matrix(text: str) -> list[list[int]]:
    return [[int(x) for x in row.split(",")] for row in text.split(";")]


def _nonconvex(claim: Claim, context: Context) -> Outcome:
    """Two networks of loss 0, alpha = 1, whose midpoint has positive loss."""
    from symrelu.claims.permutations import exact_loss

    first, second = (_matrix(text) for text in claim.subject.split(" "))
    middle = [[Fraction(a + b, 2) for a, b in zip(*rows, strict=True)] for rows in zip(first, second, strict=True)]
    ends = [exact_loss(W, (1,) * len(W)) for W in (first, second)]
    between = exact_loss(middle, (1,) * len(middle))
    rises = all(x == 0 for x in ends) and float(between.evalf(30)) > 1e-20
    found = (
        f"k = d = {len(first)}, alpha = 1: the loss is {ends[0]} and {ends[1]} at two points, {between} between them"
    )
    rests = "the exact loss at three points; that it is positive between the two is read off 30 digits"
    if not rises:
        return "undecided", found, "none", rests
    return said(claim.printed == "nonconvex"), found, "numerical", rests


def _realizable(claim: Claim, context: Context) -> Outcome:
    """k = d: case 1a has loss 0. k < d: some x not 0 has W x = 0, and the targets do not vanish at x and at -x."""
    import sympy

    if claim.subject == "k = d":
        loss = context.named("1a").series(2).loss
        return said(loss.is_exact_zero), f"W = V has the loss {loss}", "exact", "substitution, exactly for every d"
    W = sympy.Matrix(_matrix(claim.subject))
    x = list(W.nullspace()[0])
    network = [sum(max(y, 0) for y in W * (s * sympy.Matrix(x))) for s in (1, -1)]
    targets = sum(max(s * y, 0) for s in (1, -1) for y in x)
    if W.rows >= W.cols or any(network) or not targets > 0:
        return (
            "undecided",
            f"the network is {network} at x and -x, the targets sum to {targets}",
            "none",
            "one example",
        )
    found = (
        "for k < d some x, not 0, has W x = 0: the network is 0 at x and at -x, where the targets sum to |x_1| + ... + "
        f"|x_d| > 0, so no network is the target; for W = {W.tolist()} x = {tuple(x)}, and they sum to {targets}"
    )
    return said(False), found, "derived", "linear algebra, for V = I_d and every alpha; the example illustrates it"


def _values_of_f(claim: Claim, context: Context) -> Outcome:
    """How many values f and its gradient have as functions on W_d."""
    from symrelu.model.expression import gradient_expression, loss_expression

    problem = context.named("1b").problem
    f, gradient = (len(of(problem).values) for of in (loss_expression, gradient_expression))
    found = f"on W_d = R^{problem.dim} f has {f} value and its gradient {gradient}: grad f is meant"
    return said(f == int(claim.printed)), found, "exact", "the expressions of f and of its gradient on W_d"


def _unbroken(claim: Claim, context: Context) -> Outcome:
    """Families of spurious minima with the isotropy group of the global minimum."""
    group = context.named("1a").actual.label()
    kept = []
    for name in claim.printed.split(","):
        one = context.named(name)
        loss = one.series(2).loss
        spurious = bool(loss.coefficients) and loss.field.sign(loss.leading) > 0
        if one.actual.label() == group and spurious and one.kind_at_large_d() == "minimum":
            kept.append(f"{name}, loss {loss}")
    found = f"spurious minima (for all large d) with the isotropy group {group} of W = I_d: {'; '.join(kept) or 'none'}"
    return said(not kept), found, "exact", "isotropy groups of exact entries, signs of losses and of eigenvalues"


# -- saddles -----------------------------------------------------------------------------------------------------------


def _saddles(claim: Claim, context: Context) -> Outcome:
    """Critical points that Levenberg's method meets from Xavier starts, and their isotropy groups, counted out."""
    import numpy as np

    from symrelu.model.dense import DenseLoss

    rng, loss = np.random.default_rng(SEED), DenseLoss(np.eye(D))
    orders, diagonal, minima = Counter[int](), 0, 0
    for _ in range(RUNS):
        W = _critical(loss, rng.standard_normal((D, D)) / D**0.5)
        if W is None:
            continue
        if loss.eigenvalues(W)[0] > -1e-8:
            minima += 1
            continue
        group = _isotropy(W)
        orders[len(group)] += 1
        diagonal += _is_diagonal(group)
    shown = ", ".join(f"{count} of order {order}" for order, count in sorted(orders.items()))
    found = (
        f"d = {D}, {RUNS} searches for zeros of the gradient from Xavier starts: {orders.total()} saddles, {minima} "
        f"minima; isotropy groups of the saddles: {shown} (Delta S_{D} has order {len(list(permutations(range(D))))}); "
        f"{diagonal} of them conjugate to a subgroup of Delta S_{D}"
    )
    rests = (
        f"Levenberg's method on |grad L|**2 (seed {SEED}): other searches weigh saddles otherwise; {D}!**2 pairs tried"
    )
    return "empirical", found, "numerical", rests


def _critical(loss: DenseLoss, W: Floats) -> Floats | None:
    """The zero of the gradient that Levenberg's method ends in, None if in none."""
    import numpy as np

    damping, size = 1e-2, W.size
    g = loss.row_gradient(W).reshape(-1)
    for _ in range(STEPS):
        H = loss.hessian(W)
        other = W - np.linalg.solve(H @ H + damping * np.eye(size), H @ g).reshape(W.shape)
        there = loss.row_gradient(other).reshape(-1)
        if there @ there < g @ g:
            W, g, damping = other, there, damping / 4
        else:
            damping *= 4
        if np.linalg.norm(g) < 1e-11:
            return W
    return None


def _isotropy(W: Floats) -> list[tuple[Permutation, Permutation]]:
    """All pairs (pi, rho) with W[pi][:, rho] = W, one by one."""
    import numpy as np

    orders = list(permutations(range(len(W))))
    columns = np.array([W[:, rho] for rho in orders])
    return [
        (pi, orders[i])
        for pi in orders
        for i in np.flatnonzero(np.abs(columns[:, pi, :] - W).max(axis=(1, 2)) < NEAR).tolist()
    ]


def _is_diagonal(group: Sequence[tuple[Permutation, Permutation]]) -> bool:
    """Whether one order s of the columns makes pi and rho of each pair the same: pi s = s rho."""
    n = len(group[0][0])
    return any(all(pi[s[j]] == s[rho[j]] for pi, rho in group for j in range(n)) for s in permutations(range(n)))


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "nonconvex": _nonconvex,
    "realizable": _realizable,
    "values_of_f": _values_of_f,
    "unbroken": _unbroken,
    "saddles_met": _saddles,
}
