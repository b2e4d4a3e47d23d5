"""Deciding what Pennington & Bahri say of the structure of a ReLU network's Hessian: blocks, kernels, curvature.

On the small integer network of :mod:`symrelu.claims.decide_freeprob_network`.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import outcome, product_of_gaussians
from symrelu.claims.decide_freeprob_network import Small, equal_masks, of_example, parts, small
from symrelu.claims.formulas import rational
from symrelu.errors import Undecided
from symrelu.exact.parse import parse


def _loss_of(net: Small) -> sp.Expr:
    return net.loss(lambda e: e**2 / (2 * sp.Integer(net.m)))


def _nonconvex(claim: Claim, context: Context) -> Outcome:
    """A direction of negative curvature at W2 = 0, in the printed weights: there the block of H for W1 is 0.

    In W2 alone (2) is a quadratic form of the residuals, which are linear: convex.
    """
    net = small()
    at_zero = Small(net.W1, ((0,) * net.n,) * net.n, net.x, net.y)
    H = sp.hessian(_loss_of(at_zero), at_zero.theta).subs(at_zero.point)
    half = net.n**2
    names = [name.strip() for name in claim.printed.split(",")]
    if names == ["W2"]:
        J = net.jacobian[half:, :]
        same = (H[half:, half:] - J * J.T / net.m).is_zero_matrix  # in W2 alone, at every W2
        if not same:
            raise Undecided("the Hessian in W2 is not the matrix of the argument")
        found = "in W2 alone the residuals are linear and the Hessian is J J'/m >= 0 everywhere: convex"
        return outcome(False, found, "one network; (2) is a sum of squares of linear functions of W2", "derived")
    corner = H[:half, half:]
    if sorted(names) != ["W1", "W2"]:
        raise Undecided(f"the loss as a function of {claim.printed} is not decided here: W1, W2 together, or W2 alone")
    if not H[:half, :half].is_zero_matrix or corner.is_zero_matrix:
        raise Undecided("at W2 = 0 the Hessian is not of the form of the argument")
    i, j = next((i, j) for i in range(half) for j in range(half) if corner[i, j] != 0 and H[half + j, half + j] > 0)
    value = -(corner[i, j] ** 2) / H[half + j, half + j]
    found = (
        "at W2 = 0 the block of the Hessian for W1 is 0 and H12 = -(1/m) sum y_c theta(z_a) x_b is not, unless no unit "
        f"sees targets and data that are correlated: the Hessian is indefinite (curvature {value} along u_i - "
        "(H_ij/H_jj) u_j in the example), and the loss convex in no neighbourhood of such a point"
    )
    return of_example(bool(value < 0), found)


def _alignment(claim: Claim, context: Context) -> Outcome:
    """The rescaling directions v_a (row a of W1 up, column a of W2 down): H0 v_a = 0, H1 v_a = -+ the gradient's parts.

    ``printed``: how many common null directions H0 and H1 have where the gradient is 0.
    """
    net = small()
    n = net.n
    H0, H1 = parts("J_a*J_b/m", "e*Y_ab/m")
    gradient = net.jacobian * sp.Matrix(list(net.errors)) / net.m
    directions = []
    for a in range(n):
        v, signed = sp.zeros(2 * n * n, 1), sp.zeros(2 * n * n, 1)
        for b in range(n):
            v[n * a + b], v[n * n + n * b + a] = net.W1[a][b], -net.W2[b][a]
            signed[n * a + b], signed[n * n + n * b + a] = -gradient[n * a + b], gradient[n * n + n * b + a]
        if not (H0 * v).is_zero_matrix or not (H1 * v - signed).is_zero_matrix:
            raise Undecided("the rescaling directions are not what the argument says")
        directions.append(v)
    rank = sp.Matrix.hstack(*directions).rank()
    same = rank == parse(claim.printed, {"n": sp.Integer(n)}, rational)
    found = (
        "for v = (row a of W1, -column a of W2), H0 v = 0 and H1 v = (-dL/dW1_a, dL/dW2_a), so at every critical point "
        f"H0 and H1 have {'n' if rank == n else rank} common null directions (and H has them too); null spaces of such "
        "dimensions in general position have none in common. They are n of 2 n**2: a share that vanishes as n grows"
    )
    return of_example(same, found)


def _display(claim: Claim, context: Context) -> Outcome:
    """m H12 with equal masks against I_n (x) the printed product: as matrices, or (``subject``) by singular values."""
    net = small()
    e, x = net.errors, sp.Matrix(net.x)
    printed = parse(claim.printed, {"ex": e * x.T, "xe": x * e.T}, rational)
    theirs, ours = sp.diag(*([printed] * net.n)), equal_masks()
    if claim.subject == "spectrum":
        t = sp.Symbol("t")
        same = (ours * ours.T).charpoly(t) == (theirs * theirs.T).charpoly(t)
    else:
        same = (ours - theirs).is_zero_matrix
    found = (
        "the entry of H12 is delta_ad (x e')_bc/m: with rows (a, b) and columns (c, d) it is I_n (x) x e' after the "
        "columns are put in the order (d, c); printed is e x', its transpose. Singular values do not see this"
    )
    return of_example(same, found, "all masks 1, integers: one network")


def _kronecker(claim: Claim, context: Context) -> Outcome:
    """The block of H0 (subject H0) in the second layer is I (x) h h'/m; zeros of J and H1 that no i.i.d. matrix has."""
    net = small()
    n = net.n
    if claim.subject == "H0":
        printed = parse(claim.printed, {"h": net.hidden, "ht": net.hidden.T, **net.sizes()}, rational)
        H0, _ = parts("J_a*J_b/m", "0")
        expected = sp.diag(*([printed] * n))
        same = (H0[n * n :, n * n :] - expected).is_zero_matrix
        first = H0[: n * n, : n * n]  # a Kronecker product if this rearrangement has rank 1 (Van Loan & Pitsianis)
        rearranged = sp.Matrix(n * n, n * n, lambda u, v: first[n * (u // n) + v // n, n * (u % n) + v % n])
        rank = rearranged.rank()
        found = (
            "its block for W2 is I_n (x) h h'/m, h = [z]_+ the hidden units; that for W1 is a sum of such products over"
            f" the examples, in the example of {rank} and no fewer"
        )
        return of_example(same and rank > 1, found)
    zero_J = sum(not any(row) for row in (net.jacobian[k, net.m :] for k in range(n * n, n * n + n)))
    _, H1 = parts("0", "e*Y_ab/m")
    there = sum(1 for v in H1 if v != 0)
    same = zero_J == n and there == parse(claim.printed, net.sizes(), rational)
    found = (
        f"d yhat_i/d W2_cd = delta_ic [z_d]_+, and H1 has zero diagonal blocks and delta_ad: {there} of its "
        f"{len(net.theta) ** 2} entries are not 0 in the example (2 n**3 of 4 n**4); no entries of an i.i.d. matrix"
    )
    return of_example(same, found)


def _squared_gradient(claim: Claim, context: Context) -> Outcome:
    """grad |grad L|**2 against the printed multiple of H grad L, as polynomials; its Hessian at a critical point."""
    net = small()
    L = _loss_of(net)
    gradient = sp.Matrix([sp.diff(L, t) for t in net.theta])
    H = sp.hessian(L, net.theta).subs(net.point)
    at = gradient.subs(net.point)
    J_g = sum(v**2 for v in gradient)
    ours = sp.Matrix([sp.diff(J_g, t).subs(net.point) for t in net.theta])
    factor = parse(claim.printed, {}, rational)
    same = (ours - factor * H * at).is_zero_matrix
    zero = dict.fromkeys(net.theta, 0)  # a critical point of the polynomial, and a saddle
    saddle, t = sp.hessian(L, net.theta).subs(zero), sp.Symbol("t")
    for shift in range(4):  # J_g along lines through it
        line = sp.Matrix([(3 * k + shift) % 5 - 2 for k in range(len(net.theta))])
        along = [sp.Poly(v.subs(dict(zip(net.theta, t * line, strict=True))), t) for v in gradient]
        curvature = 2 * sum((v * v).coeff_monomial(t**2) for v in along)
        same = same and curvature == (factor * line.T * saddle * saddle * line)[0]
    if not gradient.subs(zero).is_zero_matrix or saddle.is_zero_matrix or saddle.trace() != 0:
        raise Undecided("all weights 0 is no saddle of the example")
    found = (
        "grad J_g = 2 H grad L, one Hessian-vector product; where grad L = 0, J_g = 0 is a global minimum of J_g with "
        "Hessian 2 H**2 >= 0, whatever the signs of H (checked along lines through a saddle): saddles attract. (So do "
        "points with H grad L = 0, grad L not 0: hence the cut at J_g > 1e-6)"
    )
    return of_example(same, found)


def _product_factor(claim: Claim, context: Context) -> Outcome:
    """M of (26) against Y Y' with the printed Y, on the small integer network; and whether its law is (8)."""
    net = small()
    e, x = net.errors, sp.Matrix(net.x)
    Y = parse(claim.printed, {"ex": e * x.T, "xe": x * e.T, "m": sp.Integer(net.m)}, rational)
    same = (Y * Y.T - (e * x.T) * (e * x.T).T / net.m**2).is_zero_matrix
    k1, k2, k3 = (sp.factor(k) for k in product_of_gaussians().free_cumulants(3))
    gap = sp.factor(k1 * k3 - k2**2)
    same = same and gap != 0
    found = (
        "M = Y Y' with Y = e x'/m, a product of two Gaussian matrices. Wishart in this wider sense: the entries of Y "
        f"are uncorrelated, not independent, and the law is not (8): k_1 k_3 - k_2**2 = {gap}, and (8) has 0"
    )
    return of_example(same, found, "(26), integers; free cumulants of the product of two free Wishart laws")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_nonconvex": _nonconvex,
    "free_alignment": _alignment,
    "free_display": _display,
    "free_kronecker": _kronecker,
    "free_squared_gradient": _squared_gradient,
    "free_product_factor": _product_factor,
}

__all__ = ["DECIDERS"]
