"""Restrictions of irreducibles to Young subgroups, against characters summed over the whole subgroup."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from math import factorial, prod

import pytest

from symrelu.symmetry.isotypic import Kind
from symrelu.symmetry.restriction import common_parts, dimension, restrict, split_multiplicities

Permutation = tuple[int, ...]


def subgroup(parts: list[int]) -> Iterator[Permutation]:
    starts = [sum(parts[:i]) for i in range(len(parts))]
    choices = [permutations(range(a, a + m)) for a, m in zip(starts, parts, strict=True)]
    for chosen in product(*choices):
        yield tuple(x for one in chosen for x in one)


def character(kind: str, g: Permutation) -> int:
    """Of s, its exterior square x, and y = Sym^2 s - t - s, from fixed points of g and of g^2."""
    s = sum(g[i] == i for i in range(len(g))) - 1
    squared = sum(g[g[i]] == i for i in range(len(g))) - 1
    return {"t": 1, "s": s, "x": (s * s - squared) // 2, "y": (s * s + squared) // 2 - 1 - s}[kind]


@pytest.mark.parametrize("kind", ["s", "x", "y"])
@pytest.mark.parametrize("parts", [[5], [4, 1], [3, 2], [2, 2, 1], [2, 1, 1, 1], [1] * 5, [3, 3], [2, 2, 2], [4, 2]])
def test_against_characters(kind: Kind, parts: list[int]) -> None:
    found, order = restrict(kind, [parts]), prod(map(factorial, parts))
    values = [character(kind, g) for g in subgroup(parts)]
    assert found.get("t", 0) == Fraction(sum(values), order), "invariants"
    assert sum(times**2 for times in found.values()) == Fraction(sum(x * x for x in values), order), "endomorphisms"
    assert sum(dimension(name, parts) * times for name, times in found.items()) == values[0], "dimension"


def test_product_of_two_blocks() -> None:
    assert restrict("ss", [[2, 1], [3]]) == {"s3": 1, "s1*s3": 1}
    assert split_multiplicities("ss", [[2, 1], [3]]) == (2, 2)
    assert restrict("t", []) == {"t": 1} and split_multiplicities("t", []) == (1,)


def test_nothing_left_of_the_symmetry_makes_every_eigenvalue_simple() -> None:
    assert split_multiplicities("y", [[1] * 7]) == (1,) * 14


def test_common_parts() -> None:
    assert common_parts([range(5), [5]], [[0, 1, 2], [4, 5]]) == [[(0, 1, 2), (4,), (3,)], [(5,)]]
