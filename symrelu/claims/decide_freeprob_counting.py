"""Deciding what Pennington & Bahri say of ranks, sizes and energies: counting, parity and least squares."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import sympy as sp

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import outcome
from symrelu.claims.decide_freeprob_network import Small, small
from symrelu.claims.formulas import EPS, PHI, Reader
from symrelu.exact.parse import parse


def _null_directions(claim: Claim, context: Context) -> Outcome:
    """The rank of J for a ReLU network with 16 inputs, units and outputs and 256 examples of integer data, mod a prime.

    Rescaling a hidden unit (row of W1 up, column of W2 down) leaves yhat as it is: 16 null directions at least; the
    rank mod p is at most the rank, so 2 n**2 - 16 from below.
    """
    from flint import nmod_mat

    prime, n, m, state = (1 << 61) - 1, 16, 256, 12345

    def draw() -> int:
        nonlocal state
        state = (1103515245 * state + 12345) % (1 << 31)
        return (state >> 16) % 2001 - 1000

    W1, W2, x = ([[draw() for _ in range(k)] for _ in range(n)] for k in (n, n, m))
    z = [[sum(W1[a][b] * x[b][mu] for b in range(n)) for mu in range(m)] for a in range(n)]
    rows = []
    columns = range(48)  # of the 256 examples: more can only raise the rank, which has its upper bound
    for a, b in product(range(n), repeat=2):
        rows.append([W2[i][a] * (z[a][mu] > 0) * x[b][mu] % prime for i in range(n) for mu in columns])
    for c, d in product(range(n), repeat=2):
        rows.append([(int(i == c) * max(z[d][mu], 0)) % prime for i in range(n) for mu in columns])
    rank = nmod_mat(len(rows), n * len(columns), [v for row in rows for v in row], prime).rank()
    null = 2 * n * n - rank
    same = null == int(claim.printed)
    found = (
        f"{null} for integer weights and data of the figure's size: one for every hidden unit, row of W1 against column"
    )
    found += " of W2"
    return outcome(
        same, found, f"from above: rescaling leaves yhat as it is; from below: the rank {rank} of J mod 2**61 - 1"
    )


def _rank(claim: Claim, context: Context) -> Outcome:
    """The bound on the rank of H0: J has 2 n**2 rows and n m columns; their printed ratio is phi."""
    n, m = sp.symbols("n m", positive=True)
    reader = Reader({"n": n, "m": m})
    same = reader.vanishes(reader.read(claim.printed) - (2 * n**2) / (n * m), {n: "3", m: "7"})
    found = (
        "J has 2 n**2 rows and n m columns, so H0 has rank at most min(2 n**2, n m) = 2 n**2 min(1, 1/phi), "
        "phi = 2 n/m "
        "(in a ReLU network less n rescaling directions)"
    )
    return outcome(same, found, "the sizes in (1)-(3)")


def _energy(claim: Claim, context: Context) -> Outcome:
    """E L with residuals of the printed variance against n2 eps of (2)."""
    n, m = sp.symbols("n m", positive=True)
    variance = Reader().read(claim.printed)
    mean = n * m * variance / (2 * m)
    same = sp.expand(mean - n * EPS) == 0
    return outcome(same, f"E L = n2 m Var(e)/(2 m) = {mean}, and (2) says n2 eps", "n2 m residuals of one variance")


def _mask(claim: Claim, context: Context) -> Outcome:
    """The probability of theta(z) = 1 for z symmetric about 0, by the two signs of one draw of W1."""
    net = small()
    flipped = Small(tuple(tuple(-v for v in row) for row in net.W1), net.W2, net.x, net.y)
    share = Fraction(int(sum(net.mask) + sum(flipped.mask)), 2 * net.n * net.m)
    same = share == parse(claim.printed, {}, Fraction)
    found = (
        f"W1 and -W1 are equally likely and exactly one of them lets an example pass: each passes with probability "
        f"{share}, so m/2 on average, binomially and not exactly (relative deviation 1/sqrt(m)), another half "
        "for every unit"
    )
    return outcome(same, found, "weights symmetric about 0; pre-activations not 0")


def _linear_network(claim: Claim, context: Context) -> Outcome:
    """The least squares residual of a linear network y ~ W2 W1 x, with ``subject`` what phi stands for.

    The product W2 W1 is any n x n matrix; with y independent of x, E|residual|**2 = n tr(1 - P), P the projection on
    the rows of x, of rank n <= m: n (m - n), so eps = (1 - n/m)/2.
    """
    n, m = sp.symbols("n m", positive=True)
    x = sp.Matrix([[1, -2, 3, 1, 2], [2, 1, -1, -3, 1]])
    rest = sp.eye(5) - x.T * (x * x.T).inv() * x
    traced = rest.trace() == 5 - 2
    ours = (1 - n / m) / 2
    phi = Reader({"n": n, "m": m}).read(claim.subject)
    printed = Reader().read(claim.printed).subs(PHI, phi)
    same = traced and sp.cancel(ours - printed) == 0
    found = (
        "least squares with normal targets leaves eps = (1 - n/m)/2 = (1 - phi/2)/2 in the phi = 2 n/m of section 2 "
        "(phi = 1 leaves 1/4); it is (1 - phi)/2 with phi = n/m, as W2 W1 has n**2 free parameters of its 2 "
        "n**2, or for"
        " a model that is linear in all of its parameters, as linear regression is"
    )
    return outcome(same, found, "tr(1 - P) = m - rank x; E over independent targets of variance 1")


def _capacity(claim: Claim, context: Context) -> Outcome:
    """Whether the n x m matrix of hidden units can have rank m, so that W2 alone stores any targets, at phi."""
    phi = parse(claim.printed, {}, Fraction)
    ratio = 2 / phi  # m/n
    same = ratio <= 1
    found = (
        f"at phi = {phi} there are m = {ratio} n examples, and the n x m matrix of hidden units has rank at most n: "
        + ("no constraint" if same else "it is rank constrained (m <= n, phi >= 2, would be needed).")
    )
    if not same:
        found += (
            " What balances at phi = 1 are 2 n**2 parameters and n m equations; the statement is right for phi = n/m"
        )
    return outcome(same, found, "the sizes of section 2, phi = 2 n/m")


def _no_capacity(claim: Claim, context: Context) -> Outcome:
    """eps of the network with output 0 and targets of variance 1, against the printed curve at phi = 0."""
    value = parse(claim.printed, {"phi": Fraction(0)}, Fraction)
    same = value == Fraction(1, 2)
    found = f"output 0 and targets of variance 1 give eps = 1/2 by (2); the curve is {value} at phi = 0"
    return outcome(same, found, "(2) with yhat = 0")


def _better(claim: Claim, context: Context) -> Outcome:
    """(1 - phi)/2 less the printed curve on 0 < phi < 1."""
    difference = sp.Poly(sp.expand((1 - PHI) / 2 - Reader().read(claim.printed)), PHI)
    ends = sum(difference(end) == 0 for end in (0, 1))
    inside = not difference.is_zero and difference.count_roots(0, 1) == ends
    same = bool(inside and difference(sp.Rational(1, 2)) > 0)
    found = f"(1 - phi)/2 less it is {sp.factor(difference.as_expr())}, positive inside (0, 1)"
    return outcome(
        same, found if same else "the difference changes its sign", "polynomials; that the curve fits is measured"
    )


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_null_directions": _null_directions,
    "free_rank": _rank,
    "free_energy": _energy,
    "free_mask": _mask,
    "free_linear_network": _linear_network,
    "free_capacity": _capacity,
    "free_no_capacity": _no_capacity,
    "free_better": _better,
}

__all__ = ["DECIDERS"]
