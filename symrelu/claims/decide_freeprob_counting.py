"""Deciding what Pennington & Bahri say of ranks, sizes and energies: counting, parity and least squares."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import product

import sympy as sp

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import outcome
from symrelu.claims.decide_freeprob_network import Small, small
from symrelu.claims.formulas import PHI, Reader
from symrelu.errors import Undecided
from symrelu.exact.parse import parse

PRIME = (1 << 61) - 1


def rank_of_J(n: int, m: int) -> int:
    """The rank mod a prime of J (2 n**2 x n m) for a ReLU network with integer weights and data drawn at random.

    It is at most the rank for these numbers, and this at most the largest that a network of these sizes has.
    """
    from flint import nmod_mat

    state = 12345

    def draw() -> int:
        nonlocal state
        state = (1103515245 * state + 12345) % (1 << 31)
        return (state >> 16) % 2001 - 1000

    W1, W2, x = ([[draw() for _ in range(k)] for _ in range(n)] for k in (n, n, m))
    z = [[sum(W1[a][b] * x[b][mu] for b in range(n)) for mu in range(m)] for a in range(n)]
    rows = []
    for a, b in product(range(n), repeat=2):
        rows.append([W2[i][a] * (z[a][mu] > 0) * x[b][mu] % PRIME for i in range(n) for mu in range(m)])
    for c, d in product(range(n), repeat=2):
        rows.append([(int(i == c) * max(z[d][mu], 0)) % PRIME for i in range(n) for mu in range(m)])
    return int(nmod_mat(len(rows), n * m, [v for row in rows for v in row], PRIME).rank())


def _null_directions(claim: Claim, context: Context) -> Outcome:
    """The rank of J with 16 inputs, units and outputs on 48 of 256 examples: more can only raise the rank, and
    rescaling a hidden unit (row of W1 up, column of W2 down) leaves yhat as it is: 16 null directions at least.
    """
    n = 16
    rank = rank_of_J(n, 48)
    null = 2 * n * n - rank
    found = (
        f"{null} for integer weights and data of the figure's size: one for every hidden unit, row of W1 against column"
        " of W2"
    )
    rests = f"from above: rescaling leaves yhat as it is; from below: the rank {rank} of J mod 2**61 - 1"
    return outcome(null == int(claim.printed), found, rests, "exact")


def _ratio(claim: Claim, context: Context) -> Outcome:
    """The printed ratio against that of the 2 n**2 weights to the n m effective examples (n2 = n targets each)."""
    n, m = sp.symbols("n m", positive=True)
    reader = Reader({"n": n, "m": m})
    same = reader.vanishes(reader.read(claim.printed) - (2 * n**2) / (n * m), {n: "3", m: "7"})
    found = "2 n**2 weights, n m effective examples (each of the n targets of an example is one): 2 n/m"
    return outcome(same, found, "the sizes in (1)-(3)", "exact")


def _rank(claim: Claim, context: Context) -> Outcome:
    """The rank of J, n = 6, at several phi, against the least of the printed functions of n and m.

    It is to have that value at phi >= 2 and phi <= 1/4. Between, a unit sees fewer than n of the m/2 examples that its
    mask leaves, or not many more, which costs some of the rank: no more than the value is asked for.
    """
    n, said, same = 6, [], True
    for m in (3, 6, 9, 12, 18, 48, 96):
        names = {"n": Fraction(n), "m": Fraction(m)}
        rank, phi = rank_of_J(n, m), Fraction(2 * n, m)
        printed = min(parse(text, names, Fraction) for text in claim.printed.split(";"))
        same = same and (rank == printed if phi >= 2 or phi <= Fraction(1, 4) else rank <= printed)
        said.append(f"{rank} at phi = {phi}")
    found = (
        "J has 2 n**2 rows and n m = 2 n**2/phi columns, and the n rescalings of hidden units are null directions, so "
        f"the rank is at most the lesser of n m and 2 n**2 - n; for n = 6 it is {', '.join(said)}: that bound, but for "
        "some near phi = 1, where masks leave a unit hardly n examples"
    )
    rests = "integer networks of these sizes, ranks of J mod 2**61 - 1; bounds from above: sizes and rescaling"
    return outcome(same, found, rests, "derived" if same else "exact")


def _energy(claim: Claim, context: Context) -> Outcome:
    """E L with residuals of the printed variance against n2 eps of (2), ``subject`` a value of eps if any."""
    n, m = sp.symbols("n m", positive=True)
    variance = Reader().read(claim.printed)
    mean = n * m * variance / (2 * m)
    eps = Reader().read(claim.subject or "eps")
    same = sp.expand(mean - n * eps) == 0
    found = f"E L = n2 m Var(e)/(2 m) = {mean}, and (2) says n2 eps" + (f" = {n * eps}" if claim.subject else "")
    return outcome(same, found, "n2 m residuals of one variance", "exact")


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
    return outcome(same, found, "weights symmetric about 0; pre-activations not 0; one network checked", "derived")


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
    rests = "tr(1 - P) = m - rank x, checked on one x; E over independent targets of variance 1"
    return outcome(same, found, rests, "derived")


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
    return outcome(same, found, "the sizes of section 2, phi = 2 n/m", "exact")


def _stores(claim: Claim, context: Context) -> Outcome:
    """Whether a tanh network can store any targets, at phi: at phi = 1 on e_1, ..., e_n, 2 e_1, ..., 2 e_n.

    With T = tanh(W1) the hidden units are T and 2 T/(1 + T**2), entry by entry; targets Y, c Y with Y invertible need
    2/(1 + T**2) = c in all entries that are not 0, so T**2 = 2/c - 1.
    """
    phi, c = parse(claim.printed, {}, Fraction), Fraction(1, 2)
    if phi >= 2:
        return outcome(True, "m <= n: n x m hidden units can be independent", "the sizes of section 2", "derived")
    x = sp.Symbol("x", real=True)
    doubled = sp.tanh(2 * x, evaluate=False).rewrite(sp.exp) - 2 * sp.tanh(x) / (1 + sp.tanh(x) ** 2)
    square = 2 / c - 1
    if phi != 1 or square < 1 or sp.simplify(doubled.rewrite(sp.exp)) != 0:
        raise Undecided(f"phi = {phi}: the examples looked at show nothing")
    found = (
        f"tanh, every n, the examples e_1, ..., e_n, 2 e_1, ..., 2 e_n with invertible targets Y and Y/2: W2 T = Y "
        f"and tanh(2 w) = 2 T/(1 + T**2) want T**2 = {square} in an entry that is not 0, and |T| < 1. A linear network "
        "leaves eps = 1/4 at phi = 1 (sec6.4.linear), and for ReLU 2 n**2 - n < n m. That 2 n**2 weights balance n m "
        "targets is no guarantee"
    )
    return outcome(False, found, "tanh(2 w) in tanh(w), and an invertible W2 T", "exact")


def _natural_sigma(claim: Claim, context: Context) -> Outcome:
    """E tr H0/N at initialisation: weights of variance 1/n, data of mean square 1, W1 as likely as -W1.

    tr H0 at W1 plus tr H0 at -W1 is (|W2|**2 |x|**2 + n |W1 x|**2)/m, checked on a network; N = 2 n**2.
    """
    net = small()
    flipped = Small(tuple(tuple(-v for v in row) for row in net.W1), net.W2, net.x, net.y)
    traces = [sum(v**2 for v in each.jacobian) / sp.Integer(net.m) for each in (net, flipped)]
    squares = [sum(v**2 for v in sp.Matrix(rows)) for rows in (net.W2, net.x)]
    both = (squares[0] * squares[1] + net.n * sum(v**2 for v in net.z)) / sp.Integer(net.m)
    if sum(traces) != both:
        raise ArithmeticError("the two traces do not add up")
    n, m = sp.symbols("n m", positive=True)
    of_W, of_x = n**2 / n, n * m  # E |W|**2, E |x|**2; E |W1 x|**2 = n m (n/n)
    sigma = sp.cancel((of_W * of_x + n * n * m) / (2 * m) / (2 * n**2))
    same = sigma == parse(claim.printed, {}, lambda x: sp.Rational(x.numerator, x.denominator))
    found = (
        f"E tr H0/N = {sigma} for every n and m (weights of variance 1/n, data of mean square 1): a unit sees half of "
        "the examples, as W1 and -W1 are equally likely. It is sigma in (29), the mean of the spectrum"
    )
    return outcome(same, found, "tr H0 at W1 plus that at -W1, checked on one network; second moments", "derived")


def _no_capacity(claim: Claim, context: Context) -> Outcome:
    """eps of the network with output 0 and targets of variance 1, against the printed curve at phi = 0."""
    value = parse(claim.printed, {"phi": Fraction(0)}, Fraction)
    same = value == Fraction(1, 2)
    found = f"output 0 and targets of variance 1 give eps = 1/2 by (2); the curve is {value} at phi = 0"
    return outcome(same, found, "(2) with yhat = 0", "exact")


def _better(claim: Claim, context: Context) -> Outcome:
    """(1 - phi)/2 less the printed curve on 0 < phi < 1."""
    difference = sp.Poly(sp.expand((1 - PHI) / 2 - Reader().read(claim.printed)), PHI)
    ends = sum(difference(end) == 0 for end in (0, 1))
    inside = not difference.is_zero and difference.count_roots(0, 1) == ends
    same = bool(inside and difference(sp.Rational(1, 2)) > 0)
    found = f"(1 - phi)/2 less it is {sp.factor(difference.as_expr())}, positive inside (0, 1)"
    rests = "polynomials; that the curve fits is measured"
    return outcome(same, found if same else "the difference changes its sign", rests, "exact")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_null_directions": _null_directions,
    "free_ratio": _ratio,
    "free_rank": _rank,
    "free_stores": _stores,
    "free_natural_sigma": _natural_sigma,
    "free_energy": _energy,
    "free_mask": _mask,
    "free_linear_network": _linear_network,
    "free_capacity": _capacity,
    "free_no_capacity": _no_capacity,
    "free_better": _better,
}

__all__ = ["DECIDERS", "rank_of_J"]
