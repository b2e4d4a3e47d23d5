"""The isotropy group of a small matrix, by search over pairs of permutations.

    Iso(W) = { (pi, rho) in S_k x S_d : P_pi W P_rho^T = W },

which in entries says W[pi(i)][rho(j)] = W[i][j] for all i and j (main paper, eq. 3, with its P_pi). The search builds
column permutations rho one column at a time; a beginning of rho survives only if the rows of W read along it are, as a
multiset, the rows of W read along its first columns. Meant for sizes up to about 7.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from itertools import permutations, product
from math import factorial, prod
from typing import Any

import numpy as np

Permutation = tuple[int, ...]
Rows = tuple[tuple[Hashable, ...], ...]


def _rows(W: Any) -> Rows:
    """The matrix as tuples of hashable entries."""
    matrix = np.asarray(W)
    if matrix.ndim != 2 or 0 in matrix.shape:
        raise ValueError(f"an array of shape {matrix.shape} is no matrix: give rows of equal length, one or more")
    return tuple(tuple(row) for row in matrix.tolist())


def _column_permutations(rows: Rows, chosen: Permutation = ()) -> Iterator[Permutation]:
    """All rho that begin with `chosen` and for which some pi has (pi, rho) in Iso."""
    width = len(rows[0])
    if Counter(row[: len(chosen)] for row in rows) != Counter(tuple(row[j] for j in chosen) for row in rows):
        return
    if len(chosen) == width:
        yield chosen
        return
    for column in range(width):
        if column not in chosen:
            yield from _column_permutations(rows, (*chosen, column))


def _row_permutations(rows: Rows, rho: Permutation) -> Iterator[Permutation]:
    """All pi with W[pi(i)][rho(j)] = W[i][j], for a rho that admits one."""
    read = [tuple(row[j] for j in rho) for row in rows]
    # rows that are equal may be matched to their images in any order, independently of other rows
    kinds = list(dict.fromkeys(rows))
    sources = [[i for i, row in enumerate(rows) if row == kind] for kind in kinds]
    images = [[i for i, row in enumerate(read) if row == kind] for kind in kinds]
    for choice in product(*(permutations(image) for image in images)):
        pi = [0] * len(rows)
        for source, image in zip(sources, choice, strict=True):
            for i, target in zip(source, image, strict=True):
                pi[i] = target
        yield tuple(pi)


def isotropy_group(W: Sequence[Sequence[Hashable]] | np.ndarray) -> Iterator[tuple[Permutation, Permutation]]:
    """Every pair (pi, rho) with P_pi W P_rho^T = W, the identity among them.

    Parameters: W, a k x d matrix with entries that compare exactly (integers, fractions, labels).
    Returns: an iterator of pairs of tuples, pi with pi[i] the image of row i and rho with rho[j] the image of column j.
    Raises: ValueError if W is not a matrix.
    """
    rows = _rows(W)
    for rho in _column_permutations(rows):
        for pi in _row_permutations(rows, rho):
            yield pi, rho


def isotropy_order(W: Sequence[Sequence[Hashable]] | np.ndarray) -> int:
    """The order of Iso(W): as many rho as the search finds, times the permutations of equal rows that each admits.

    Parameters and errors as for `isotropy_group`.
    """
    rows = _rows(W)
    return sum(1 for _ in _column_permutations(rows)) * prod(factorial(count) for count in Counter(rows).values())


def orbit_size(W: Sequence[Sequence[Hashable]] | np.ndarray) -> int:
    """The number of distinct matrices P W Q, P and Q permutation matrices: k! d! / |Iso(W)| (orbit-stabiliser theorem).

    Parameters and errors as for `isotropy_group`.
    """
    rows = _rows(W)
    return factorial(len(rows)) * factorial(len(rows[0])) // isotropy_order(W)


def orbit(W: Sequence[Sequence[Hashable]] | np.ndarray) -> set[Rows]:
    """The distinct matrices P W Q themselves, as tuples of rows; all k! d! products are formed (sizes up to 5 or so).

    Parameters and errors as for `isotropy_group`.
    """
    rows = _rows(W)
    return {
        tuple(tuple(rows[i][j] for j in rho) for i in pi)
        for pi in permutations(range(len(rows)))
        for rho in permutations(range(len(rows[0])))
    }
