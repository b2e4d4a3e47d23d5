"""Deciding what Pennington & Bahri say of matrices of finite size: moments of Gaussian matrices, by pairings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product

import sympy as sp

from symrelu.claims.claim import Claim, Context, Outcome
from symrelu.claims.decide_freeprob import law_of, outcome
from symrelu.claims.formulas import PHI, SIGMA, Reader
from symrelu.errors import Undecided
from symrelu.exact.parse import parse
from symrelu.free import MarchenkoPastur

N, P = sp.symbols("n p", positive=True)
Pairs = tuple[tuple[int, int], ...]


def pairings(items: Sequence[int]) -> Iterator[Pairs]:
    """All ways to pair the items."""
    if not items:
        yield ()
        return
    first, *rest = items
    for other in rest:
        for tail in pairings([x for x in rest if x != other]):
            yield ((first, other), *tail)


def classes(size: int, equal: Sequence[tuple[int, int]]) -> int:
    """How many classes the numbers below ``size`` fall into if those pairs are equal."""
    parent = list(range(size))

    def root(x: int) -> int:
        return x if parent[x] == x else root(parent[x])

    for a, b in equal:
        parent[root(a)] = root(b)
    return sum(parent[x] == x for x in range(size))


def wishart_moment(k: int) -> sp.Expr:
    """E tr (X X')**k/n for X of size n x p with independent normal entries of variance 1/p: Wick's formula.

    The 2k factors X have the rows a_1, a_2, a_2, ..., a_k, a_k, a_1 and the columns b_1, b_1, ..., b_k, b_k; a pairing
    makes those of two factors equal, and leaves a power of n and of p.
    """
    row, column = [((i + 1) // 2) % k for i in range(2 * k)], [i // 2 for i in range(2 * k)]
    total = sp.S.Zero
    for pairs in pairings(range(2 * k)):
        rows = classes(k, [(row[i], row[j]) for i, j in pairs])
        columns = classes(k, [(column[i], column[j]) for i, j in pairs])
        total += N**rows * P**columns
    return sp.expand(total / (N * P**k))


def wigner_moment(word: str) -> sp.Expr:
    """E tr of a word in independent normal symmetric matrices of size n, over n, their entries of variance 1/n (2/n on
    the diagonal): a pair of equal letters M_ij M_kl gives i = k, j = l or i = l, j = k.
    """
    size, total = len(word), sp.S.Zero
    for pairs in pairings(range(size)):
        if any(word[i] != word[j] for i, j in pairs):
            continue
        for twists in product((False, True), repeat=len(pairs)):
            equal = []
            for (i, j), twisted in zip(pairs, twists, strict=True):
                ends = [i, (i + 1) % size], [j, (j + 1) % size]
                equal += list(zip(ends[0], reversed(ends[1]) if twisted else ends[1], strict=True))
            total += N ** classes(size, equal)
    return sp.expand(total / N ** (1 + size // 2))


def _finite_size(claim: Claim, context: Context) -> Outcome:
    """E tr (X X')**2/n less its limit as the size grows, against the printed correction, which is to fall."""
    exact = wishart_moment(2)
    limit = law_of("marchenko-pastur").moments(2)[2].subs({SIGMA: 1, PHI: N / P})
    correction = sp.cancel(exact - limit)
    reader = Reader({"n": N, "p": P})
    same = reader.vanishes(correction - reader.read(claim.printed), {N: "7", P: "11"})
    third = sp.cancel(wishart_moment(3) - law_of("marchenko-pastur").moments(3)[3].subs({SIGMA: 1, PHI: N / P}))
    leading = [sp.limit((P * c).subs(N, PHI * P), P, sp.oo) for c in (correction, third)]
    same = same and all(c.is_finite and c.is_positive for c in leading)
    found = (
        f"E tr (X X')**2/n is 1 + n/p + {correction}, and the third moment differs from its limit by {third}: with n = "
        f"phi p these are about ({leading[0]})/p and ({leading[1]})/p, so both corrections fall like 1/size"
    )
    return outcome(same, found, "Wick's formula, all pairings; two moments of one ensemble", "exact")


def _only_in_the_limit(claim: Claim, context: Context) -> Outcome:
    """E of a word in independent Wigner matrices whose value for free ones is 0: not 0 at any size, 0 in the limit."""
    value = wigner_moment(claim.printed)
    positive = value != 0 and all(c > 0 for c in sp.Poly(value, 1 / N).coeffs())
    same = positive and sp.limit(value, N, sp.oo) == 0
    found = (
        f"E tr {claim.printed}/n of independent normal symmetric matrices of size n and variance 1/n is "
        f"{sp.factor(value)}, and 0 for free ones by (9): never 0 at a finite n, and 0 in the limit"
    )
    words = found if same else f"E tr {claim.printed}/n = {value}"
    return outcome(same, words, "Wick's formula, all pairings; one moment", "exact")


def _rotation(claim: Claim, context: Context) -> Outcome:
    """E tr (A Q B Q')**2/n, tr A = tr B = 0, as n grows: over the orthogonal group ("haar"), or over signs ("signs").

    Over O(n) E of four entries of Q is a sum over pairs of pairings of rows and columns with the coefficients of the
    inverse of their Gram matrix n**(classes). Diagonal A, B commute with signs: the moment is that of A**2 B**2.
    """
    if claim.printed == "signs":
        found = "with Q a matrix of signs, A and B diagonal, Q B Q' = B: E tr (A B)**2/n is tr A**2 B**2/n, not small"
        return outcome(False, found, "diagonal matrices commute", "derived")
    if claim.printed != "haar":
        raise Undecided(f"the law {claim.printed!r} of Q is not decided here: haar or signs")
    three = list(pairings(range(4)))
    gram = sp.Matrix(3, 3, lambda i, j: N ** (classes(4, [*three[i], *three[j]])))
    inverse = gram.inv().applyfunc(sp.factor)
    rows, columns = (1, 2, 3, 0), (0, 1, 2, 3)  # A_(a b) Q_(b c) B_(c d) Q_(e d) A_(e f) Q_(f g) B_(g h) Q_(a h)
    value = sp.S.Zero
    for i, p in enumerate(three):
        for j, q in enumerate(three):
            value += inverse[i, j] * _traces(p, rows) * _traces(q, columns)
    value = sp.factor(value * N)  # tr A**2 = n a_2, tr B**2 = n b_2, and over n
    same = sp.limit(value, N, sp.oo) == 0
    found = (
        f"E tr (A Q B Q')**2/n = a_2 b_2 {value} for tr A = tr B = 0, a_2 = tr A**2/n, b_2 = tr B**2/n: it is 0 in the "
        "limit, as (9) says for free ones, whatever A and B are: what H0 + H1 differs by is their alignment, but for a "
        "term of order 1/n"
    )
    return outcome(same, found, "the integral over the orthogonal group, exactly; one mixed moment, the first", "exact")


def _traces(pairs: Pairs, positions: tuple[int, ...]) -> int:
    """1 if a pairing of the four indices of M_.. M_.. leaves tr M M' (or M M), 0 if it leaves (tr M)**2 = 0.

    ``positions``: the place (0, 1 in the first matrix, 2, 3 in the second) of each of the four indices.
    """
    first = {positions.index(0), positions.index(1)}
    return int(not any({*pair} == first for pair in pairs))


def _wishart(claim: Claim, context: Context) -> Outcome:
    """J (2 n**2 x n m) with independent normal entries of variance v: mean and ratio of J J'/m, against the printed."""
    n, m, v = sp.symbols("n m v", positive=True)
    sizes = {N: 2 * n**2, P: n * m}
    mean = sp.cancel(n * v * wishart_moment(1))  # J/sqrt(m) has entries of variance v/m = (n v)/(n m)
    second = sp.cancel((wishart_moment(2) / wishart_moment(1) ** 2 - 1).subs(sizes, simultaneous=True))
    ratio = sp.limit(second.subs(m, 2 * n / PHI), n, sp.oo)
    printed = sp.cancel(Reader({"n": n, "m": m}).read(claim.printed).subs(m, 2 * n / PHI))
    found = (
        f"J J'/m is Wishart, J of size 2 n**2 x n m: its mean is {mean} for entries of variance v, m_2/m_1**2 - 1 = "
        f"{second} tends to {ratio}, the ratio of section 2; mean 1, as in (15), is v = 1/n"
    )
    return outcome(sp.cancel(ratio - printed) == 0, found, "Wick's formula, all pairings; the sizes of J", "exact")


def _low_rank(claim: Claim, context: Context) -> Outcome:
    """The share of zero eigenvalues of X X' for integer X of size n x p, against the printed mass at phi = n/p."""
    said, same = [], True
    for n, p in ((4, 2), (6, 4), (5, 3), (3, 3), (2, 4)):
        X = sp.Matrix(n, p, lambda i, j: (i + 1) ** j)  # of full rank: Vandermonde
        share = 1 - sp.Rational((X * X.T).rank(), n)
        printed = parse(claim.printed, {"phi": Fraction(n, p)}, Fraction) if n > p else Fraction(0)
        same = same and share == sp.Rational(printed.numerator, printed.denominator)
        said.append(f"{share} at phi = {Fraction(n, p)}")
    (atom,) = law_of("marchenko-pastur").atoms
    found = (
        f"the share of zero eigenvalues of X X' is 1 - p/n for n > p: {', '.join(said)}; the atom of (7): {atom.mass}"
    )
    rests = "ranks of integer matrices, a rank is at most p; the residue of G at 0"
    return outcome(same, found, rests, "derived" if same else "exact")


def _inset(claim: Claim, context: Context) -> Outcome:
    """Whether a positive smallest eigenvalue shows a gap: at the printed phi, where the law may have none.

    X X' for an n x n integer matrix X of full rank, zero eigenvalues (there are none) left out.
    """
    phi = parse(claim.printed, {}, Fraction)
    edge = MarchenkoPastur(str(phi)).spectrum.edges[0].ball(128)
    X = sp.Matrix([[1, 2], [2, -3]])
    positive = (X * X.T).det() > 0
    gap = bool(edge > 0)
    found = (
        "the nonzero eigenvalues of X X' are positive whatever X is (for X = [[1, 2], [2, -3]] their product is "
        f"{(X * X.T).det()}), and at phi = {phi} the limiting law has its lower edge at {edge.str(5, radius=False)}: "
    )
    found += "a gap" if gap else "no gap. A gap shows in the smallest one staying away from 0 as the size grows"
    return outcome(bool(positive and gap), found, "the law (7), (8); one integer matrix", "exact")


DECIDERS: dict[str, Callable[[Claim, Context], Outcome]] = {
    "free_finite_size": _finite_size,
    "free_only_in_the_limit": _only_in_the_limit,
    "free_rotation": _rotation,
    "free_wishart": _wishart,
    "free_low_rank": _low_rank,
    "free_inset": _inset,
}

__all__ = ["DECIDERS", "pairings", "wigner_moment", "wishart_moment"]
