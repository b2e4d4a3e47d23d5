"""Deciding what Pennington & Bahri say of the network itself, (1)-(4) and (23)-(26), on a small network, exactly.

Two inputs, two ReLU units, two outputs, five examples, all numbers integers. The loss is differentiated as a
polynomial in the weights, on the cell of weight space where the signs of the pre-activations stay; printed formulas are
read as what stands under their sums. The statements have no sizes in them: one network confirms no identity for all
sizes by itself, it refutes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product

import sympy as sp

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import outcome
from symrelu.claims.formulas import EPS, PHI, SIGMA, Reader, rational
from symrelu.errors import Undecided
from symrelu.exact.parse import parse

RESTS = "one network with integer weights and data, differentiated as a polynomial; the identity has no sizes in it"
SAMPLE = (
    ((2, -1), (1, 3)),
    ((1, 2), (-3, 1)),
    ((3, -2, 3, 1, 2), (2, 1, -2, -3, 1)),
    ((1, 0, 2, -1, 3), (0, 1, 1, 2, -2)),
)
Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Small:
    """A ReLU network of n inputs, units and outputs at integer weights W1, W2 on data x, y (n x m), exactly."""

    W1: Matrix
    W2: Matrix
    x: Matrix
    y: Matrix

    @property
    def n(self) -> int:
        """The number of inputs, hidden units and outputs."""
        return len(self.W1)

    @property
    def m(self) -> int:
        """The number of examples."""
        return len(self.x[0])

    @cached_property
    def symbols(self) -> tuple[sp.Matrix, sp.Matrix]:
        """The weights as symbols."""
        n = self.n
        return sp.Matrix(n, n, sp.symbols(f"v0:{n * n}")), sp.Matrix(n, n, sp.symbols(f"w0:{n * n}"))

    @cached_property
    def theta(self) -> list[sp.Symbol]:
        """All weights, W1 first, row by row."""
        return [*self.symbols[0], *self.symbols[1]]

    @cached_property
    def point(self) -> dict[sp.Symbol, int]:
        """The values of the weights."""
        return dict(zip(self.theta, [v for rows in (*self.W1, *self.W2) for v in rows], strict=True))

    @cached_property
    def z(self) -> sp.Matrix:
        """The pre-activations, numbers; none is 0."""
        return sp.Matrix(self.W1) * sp.Matrix(self.x)

    @cached_property
    def mask(self) -> sp.Matrix:
        """The Heaviside function of the pre-activations."""
        return sp.Matrix(self.n, self.m, lambda a, mu: 1 if self.z[a, mu] > 0 else 0)

    @cached_property
    def hidden(self) -> sp.Matrix:
        """[z]_+, numbers."""
        return self.z.multiply_elementwise(self.mask)

    @cached_property
    def output(self) -> sp.Matrix:
        """yhat as polynomials in the weights."""
        V, W = self.symbols
        hidden = V * sp.Matrix(self.x)
        return (W * hidden.multiply_elementwise(self.mask)).expand()

    @cached_property
    def errors(self) -> sp.Matrix:
        """The residuals at the point."""
        return (self.output - sp.Matrix(self.y)).subs(self.point)

    @cached_property
    def jacobian(self) -> sp.Matrix:
        """d yhat_{i mu}/d theta at the point: 2 n**2 rows, n m columns."""
        flat = list(self.output)
        return sp.Matrix([[sp.diff(y, t).subs(self.point) for y in flat] for t in self.theta])

    @cached_property
    def second(self) -> list[sp.Matrix]:
        """The Hessians of yhat_{i mu} at the point, one for each entry."""
        return [sp.hessian(y, self.theta).subs(self.point) for y in self.output]

    def loss(self, summand: Callable[[sp.Expr], sp.Expr]) -> sp.Expr:
        """The sum over i, mu of ``summand`` of the residual, as a polynomial in the weights."""
        return sp.expand(sum(summand(e) for e in self.output - sp.Matrix(self.y)))

    def sizes(self) -> dict[str, sp.Integer]:
        """n and m as numbers for printed formulas."""
        return {"n": sp.Integer(self.n), "m": sp.Integer(self.m)}


@cache
def small() -> Small:
    """The network of this module."""
    return Small(*SAMPLE)


def of_example(same: bool, found: str, rests: str = RESTS) -> Outcome:
    """What one network says of a statement about all sizes: a counterexample is exact, agreement is not a proof."""
    return outcome(same, found, rests, "derived" if same else "exact")


def _under_the_sum(text: str, names: dict[str, sp.Expr]) -> sp.Expr:
    return sp.S.Zero + parse(text, names, rational)


def _output(claim: Claim, context: Context) -> Outcome:
    """(1): the printed summand over k against W2 [W1 x]_+; and that yhat is of degree 1 in each layer."""
    net = small()
    relu = net.hidden
    same = True
    for i, mu in product(range(net.n), range(net.m)):
        names = [{"W": sp.Integer(net.W2[i][k]), "relu_z": relu[k, mu]} for k in range(net.n)]
        value = sum(_under_the_sum(claim.printed, name) for name in names)
        same = same and value == net.output[i, mu].subs(net.point)
    blocks = [sp.Matrix(s)[: net.n**2, : net.n**2] for s in net.second]
    same = same and all(block.is_zero_matrix for block in blocks)
    found = (
        "a definition; yhat is of degree 1 in W1 (between kinks) and in W2, so within a layer its second derivatives "
        "are 0"
    )
    return of_example(same, found)


def _loss(claim: Claim, context: Context) -> Outcome:
    """(2) with (3), (4): the Hessian of the printed loss against H0 + H1 with the prefactors printed there."""
    net = small()
    texts = claim.printed.split(";")
    L = net.loss(lambda e: _under_the_sum(texts[0], {"e": e, **net.sizes()}))
    H = sp.hessian(L, net.theta).subs(net.point)
    H0, H1 = parts(texts[1], texts[2])
    same = (H - H0 - H1).is_zero_matrix
    found = "the Hessian of (2), differentiated twice, equals (3) + (4) entry by entry"
    return of_example(same, found if same else "the Hessian of that loss is not that sum")


def parts(first: str, second: str) -> tuple[sp.Matrix, sp.Matrix]:
    """H0 and H1 from what is printed under their sums, in J_a, J_b, e, Y_ab (second derivative) and m."""
    net = small()
    size, sizes = len(net.theta), net.sizes()
    errors = list(net.errors)

    def H0(a: int, b: int) -> sp.Expr:
        columns = range(net.jacobian.cols)
        J = net.jacobian
        return sum(_under_the_sum(first, {"J_a": J[a, c], "J_b": J[b, c], **sizes}) for c in columns)

    def H1(a: int, b: int) -> sp.Expr:
        pairs = zip(errors, net.second, strict=True)
        return sum(_under_the_sum(second, {"e": e, "Y_ab": Y[a, b], **sizes}) for e, Y in pairs)

    return sp.Matrix(size, size, H0), sp.Matrix(size, size, H1)


def _semidefinite(claim: Claim, context: Context) -> Outcome:
    """H0 = J J'/m: u'H0 u = |J'u|**2/m, as polynomials in u; (3) as printed is that matrix."""
    net = small()
    H0, _ = parts(claim.printed, "0")
    u = sp.Matrix(sp.symbols(f"u0:{len(net.theta)}"))
    same = sp.expand((u.T * H0 * u)[0] - sum(v**2 for v in net.jacobian.T * u) / net.m) == 0
    return of_example(same, "u'H0 u is a sum of squares divided by m, for every u")


def _residual_part(claim: Claim, context: Context) -> Outcome:
    """(4) is linear in the residuals and (3) free of them: with y shifted, H changes by (4) of the shift."""
    net = small()
    moved = Small(net.W1, net.W2, net.x, tuple(tuple(v + 1 + i for i, v in enumerate(row)) for row in net.y))
    hessians = []
    for each in (net, moved):
        L = each.loss(lambda e: e**2 / (2 * sp.Integer(net.m)))
        hessians.append(sp.hessian(L, each.theta).subs(each.point))
    change = sp.zeros(len(net.theta))
    for e, f, Y in zip(net.errors, moved.errors, net.second, strict=True):
        names = {"e": e - f, **net.sizes()}
        change += Y.applyfunc(lambda v, names=names: _under_the_sum(claim.printed, {**names, "Y_ab": v}))
    same = (hessians[0] - hessians[1] - change).is_zero_matrix and not change.is_zero_matrix
    found = "for fixed weights and data, H as a function of the targets is H0, a constant, plus (4), linear in e"
    return of_example(same, found)


def _blocks(claim: Claim, context: Context) -> Outcome:
    """H1 against the display: no diagonal blocks."""
    net = small()
    _, H1 = parts("0", "e*Y_ab/m")
    half = net.n**2
    block = sp.ones(half, half) * _under_the_sum(claim.printed, {})
    same = H1[:half, :half] == block and H1[half:, half:] == block and not H1[:half, half:].is_zero_matrix
    return of_example(same, "within W1 and within W2 the second derivatives of yhat are 0 (between kinks)")


def _corner(claim: Claim, context: Context) -> Outcome:
    """(23): the printed summand over mu against the corner block of H1, index by index."""
    net = small()
    _, H1 = parts("0", "e*Y_ab/m")
    same = True
    for a, b, c, d in product(range(net.n), repeat=4):
        terms = [
            {"e_c": net.errors[c, mu], "delta_ad": sp.Integer(a == d), "theta_a": net.mask[a, mu], "x_b": net.x[b][mu]}
            for mu in range(net.m)
        ]
        value = sum(_under_the_sum(claim.printed, {**names, **net.sizes()}) for names in terms)
        same = same and value == H1[net.n * a + b, net.n**2 + net.n * c + d]
    return of_example(same, "equal for all a, b, c, d")


def equal_masks() -> sp.Matrix:
    """m H12 of the network with all masks 1, rows (a, b), columns (c, d)."""
    net = small()
    n = net.n
    xe = sp.Matrix(net.x) * net.errors.T
    return sp.Matrix(n * n, n * n, lambda row, column: xe[row % n, column // n] * int(row // n == column % n))


def _corner_squared(claim: Claim, context: Context) -> Outcome:
    """(25), with all masks 1 as its derivation supposes: I (x) the printed product against H12 H12', and its spectrum.

    ``printed`` is the product of ``ex`` = e x' and ``xe`` = x e' that is printed; ``subject`` says what is compared.
    """
    net = small()
    n = net.n
    e, x = net.errors, sp.Matrix(net.x)
    H12 = equal_masks()
    ours = H12 * H12.T
    printed = parse(claim.printed, {"ex": e * x.T, "xe": x * e.T}, rational)
    theirs = sp.diag(*([printed] * n))
    if claim.subject == "spectrum":
        t = sp.Symbol("t")
        same = sp.expand(ours.charpoly(t).as_expr() - theirs.charpoly(t).as_expr()) == 0
    else:
        same = (ours - theirs).is_zero_matrix
    found = (
        "with rows (a, b) and columns (c, d), H12 is I (x) x e' up to the order of its columns, so H12 H12' = I (x) "
        "(x e')(x e')'/m**2; printed is (e x')(e x')', which belongs to H12' H12, a matrix"
    )
    found += " of the same eigenvalues, so nothing that follows changes (square networks)"
    return of_example(same, found, "all masks 1, integers; for the spectrum: e x' is the transpose of x e'")


def _degenerate(claim: Claim, context: Context) -> Outcome:
    """The n-fold degeneracy in the network itself: the blocks H12 H12' of the hidden units compared.

    ``printed``: with "equal masks" all units see the same examples, with "own masks" each its own.
    """
    if claim.printed not in ("own masks", "equal masks"):
        raise Undecided(f"{claim.printed!r} was given; there are own masks and equal masks")
    net = small()
    n, polynomials = net.n, []
    t = sp.Symbol("t")
    for a in range(n):
        mask = net.mask[a, :] if claim.printed == "own masks" else sp.ones(1, net.m)
        block = (net.errors * sp.diag(*mask) * sp.Matrix(net.x).T) / net.m
        polynomials.append((block * block.T).charpoly(t).as_expr())
    same = len(set(polynomials)) == 1
    found = (
        f"H12 H12' is block diagonal, a block for each unit; with {claim.printed} their characteristic polynomials are "
        f"{' and '.join(map(str, polynomials))}: "
    )
    found += (
        "n times the same block, as on the right of (25)"
        if same
        else "every unit has a mask of its own and blocks differ. Their spectral density is the same in the limit, the "
        "degeneracy is not there"
    )
    return of_example(same, found)


def _squares(claim: Claim, context: Context) -> Outcome:
    """H1**2 is block diagonal with H12 H12' and H12' H12."""
    net = small()
    _, H1 = parts("0", "e*Y_ab/m")
    half = net.n**2
    H12 = H1[:half, half:]
    t = sp.Symbol("t")
    squared = (H1 * H1).charpoly(t).as_expr()
    printed = [parse(text, {"H12": H12, "H12t": H12.T}, rational) for text in claim.printed.split(";")]
    same = sp.expand(squared - sp.prod(block.charpoly(t).as_expr() for block in printed)) == 0
    return of_example(same, "det(t - H1**2) = det(t - H12 H12') det(t - H12' H12)")


def _gradient(claim: Claim, context: Context) -> Outcome:
    """The covariance of the gradient J e/m with residuals independent of J, the printed multiple of H0, and its trace
    as m grows, with n (``fixed n``) or phi (``fixed phi``) fixed.
    """
    net = small()
    e = sp.Matrix(sp.symbols(f"e0:{net.jacobian.cols}"))
    gradient = net.jacobian * e / net.m
    covariance = sp.zeros(len(net.theta))
    for column in range(e.rows):
        part = gradient.diff(e[column])
        covariance += part * part.T * 2 * EPS
    H0, _ = parts("J_a*J_b/m", "0")
    n, m = sp.symbols("n m", positive=True)
    factor = Reader({"m": m}).read(claim.printed)
    squared = factor * 2 * n**2 * SIGMA  # tr H0 = 2 n**2 sigma
    together = claim.subject == "fixed phi"
    limit = sp.limit(squared.subs(m, 2 * n / PHI), n, sp.oo) if together else sp.limit(squared, m, sp.oo)
    same = (covariance - factor.subs(m, net.m) * H0).is_zero_matrix and limit == 0
    found = (
        "residuals independent of J of variance 2 eps give a gradient of mean 0 and covariance (2 eps/m) H0, so every "
        "component tends to 0 as m grows, and so does the norm if n stays. If phi = 2n/m stays, it does not: E "
        "|grad|**2 = (2 eps/m) tr H0 = 2 eps sigma n phi, which is 2 sigma phi times the loss n eps"
    )
    rests = "the gradient J e/m is linear in e; checked on a small J; tr H0 = 2 n**2 sigma"
    return outcome(same, found, rests, "derived")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_output": _output,
    "free_loss": _loss,
    "free_semidefinite": _semidefinite,
    "free_residual_part": _residual_part,
    "free_blocks": _blocks,
    "free_corner": _corner,
    "free_corner_squared": _corner_squared,
    "free_degenerate": _degenerate,
    "free_squares": _squares,
    "free_gradient": _gradient,
}

__all__ = ["DECIDERS", "Small", "equal_masks", "of_example", "parts", "small"]
