"""Axial subgroups: dimensions of fixed spaces by another count, and coordinates against matrices."""

from fractions import Fraction

import numpy as np
import pytest

import symrelu
from symrelu.branching.apparent import apparent_sizes, family_of_that_loss
from symrelu.branching.subgroups import Split, axial, fixed_dimension, split
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component, components, copies
from symrelu.symmetry.size import Size

CASES: dict[str, tuple[str, dict[int, tuple[str, ...]]]] = {
    "one block in two": ("d", {0: ("d-2", "2")}),
    "one block in three": ("d", {0: ("d-3", "2", "1")}),
    "one block in four": ("d", {0: ("d-4", "2", "1", "1")}),
    "halves": ("d-1,1", {0: ("(d-1)/2", "(d-1)/2")}),
    "two blocks": ("d-4,4", {0: ("d-6", "2"), 1: ("3", "1")}),
    "two blocks, one in three": ("d-4,4", {0: ("d-7", "2", "1"), 1: ("2", "2")}),
}


def given(name: str) -> tuple[Isotropy, dict[int, tuple[Size, ...]], Split]:
    blocks, written = CASES[name]
    parts = {b: tuple(map(Size.parse, sizes)) for b, sizes in written.items()}
    isotropy = Isotropy.diagonal(blocks)
    return isotropy, parts, split(isotropy, parts)


@pytest.mark.parametrize("name", CASES)
def test_fixed_spaces_of_the_irreducibles_make_up_the_fixed_space(name: str) -> None:
    """dim Fix(H) in M(d, d) is the sum over the irreducibles of copies times the dimension of what H fixes in one."""
    isotropy, parts, found = given(name)
    total = sum(len(copies(isotropy, c, False)) * fixed_dimension(c, parts) for c in components(isotropy))
    assert FixedSpace(found.isotropy).dim == total


@pytest.mark.parametrize("name", CASES)
def test_sources_are_the_entries_of_the_same_matrix(name: str) -> None:
    """A point of Fix(G), written in the coordinates of Fix(H), is the same matrix (blocks keep their order)."""
    isotropy, _, found = given(name)
    d = 11
    values = np.arange(1, FixedSpace(isotropy).dim + 1)
    fine = FixedSpace(found.isotropy).matrix([int(values[i]) for i in found.sources], d)
    assert np.array_equal(fine, FixedSpace(isotropy).matrix([int(x) for x in values], d))


@pytest.mark.parametrize("name", ["one block in four", "halves", "two blocks, one in three"])
def test_exchanges_are_permutations_of_rows_and_columns(name: str) -> None:
    """An exchange of parts maps a matrix of Fix(H) to one whose Gram matrix has the same entries, row by row."""
    _, _, found = given(name)
    space = FixedSpace(found.isotropy)
    values = np.random.default_rng(1).integers(-50, 50, space.dim)
    exchanges = list(found.exchanges())
    assert len(exchanges) == 1
    W, moved = (space.matrix([int(values[i]) for i in taken], 11) for taken in (range(space.dim), exchanges[0]))
    assert not np.array_equal(W, moved)
    for A, B in ((W @ W.T, moved @ moved.T), (W.T @ W, moved.T @ moved)):
        assert sorted(map(sorted, A.tolist())) == sorted(map(sorted, B.tolist()))
    assert np.trace(W) == np.trace(moved)


@pytest.mark.parametrize(
    ("blocks", "component", "d", "sizes"),
    [
        ("d", Component("s", (0,)), 5.6, ["d - 1,1", "d - 2,2", "d - 3,3"]),
        ("d", Component("x", (0,)), 5.76, ["d - 2,1,1", "d - 3,2,1", "d - 4,2,2"]),
        ("d", Component("y", (0,)), 7.5, ["d - 2,2", "d - 3,3"]),
        ("d-2,2", Component("s", (1,)), 6.01, ["d - 2,1,1"]),
        ("d-3,3", Component("x", (1,)), 6.5, ["d - 3,1,1,1"]),
        ("d-3,3", Component("ss", (0, 1)), 5.7, ["d - 4,1,2,1"]),
        ("d-5,5", Component("s", (1,)), 9.5, ["d - 5,4,1", "d - 5,3,2"]),
        ("d-5,5", Component("x", (1,)), 9.5, ["d - 5,3,1,1", "d - 5,2,2,1"]),
        ("d", Component("t"), 5.5, []),
    ],
)
def test_axial_subgroups(blocks: str, component: Component, d: float, sizes: list[str]) -> None:
    found, missing = axial(Isotropy.diagonal(blocks), component, d)
    assert [",".join(map(str, s.isotropy.blocks)) for s in found] == sizes
    assert missing
    for one in found:
        assert fixed_dimension(component, dict(one.parts)) == 1
        assert all(size.at(Fraction(str(d))) >= 1 for size in one.isotropy.blocks)


def test_the_pattern_of_three_parts_is_fixed_and_antisymmetric() -> None:
    """For x: with c_12 = n_3, c_23 = n_1, c_31 = n_2 the rows of the antisymmetric block matrix sum to 0."""
    n = (4, 2, 1)
    c = {(0, 1): n[2], (1, 2): n[0], (2, 0): n[1]}
    A = np.zeros((7, 7), dtype=int)
    start = np.cumsum((0, *n))
    for (i, j), value in c.items():
        A[start[i] : start[i + 1], start[j] : start[j + 1]] = value
    A -= A.T
    assert np.array_equal(A, -A.T) and not np.any(A @ np.ones(7, dtype=int))
    found = split(Isotropy.diagonal("d"), {0: tuple(map(Size.parse, ("d-3", "2", "1")))})
    assert FixedSpace(found.isotropy).restrict(A) is not None


# -- the symmetry that a point shows -----------------------------------------------------------------------------------


def test_a_point_of_the_larger_group_shows_it() -> None:
    """A generic point of Fix(S_{d-3} x S_3), in the coordinates of a subgroup, merges back to 8 + 3 and no further."""
    isotropy = Isotropy.diagonal("d-3,3")
    values = np.random.default_rng(2).normal(size=FixedSpace(isotropy).dim)
    fine = split(isotropy, {0: tuple(map(Size.parse, ("d-5", "2"))), 1: tuple(map(Size.parse, ("2", "1")))})
    assert apparent_sizes(fine.isotropy, [values[i] for i in fine.sources], 11) == (8, 3)
    assert apparent_sizes(isotropy, list(values), 11) is None


def test_columns_of_a_block_of_two_may_be_exchanged_first() -> None:
    """The same point with two columns of the part of two exchanged: own and other entry of that block trade places."""
    isotropy = Isotropy.diagonal("d")
    fine = split(isotropy, {0: tuple(map(Size.parse, ("d-2", "2")))}).isotropy
    a, b = 0.9, 0.2
    assert apparent_sizes(fine, [a, b, b, b, a, b], 7) == (7,)
    assert apparent_sizes(fine, [a, b, b, b, b, a], 7) == (7,)
    assert apparent_sizes(fine, [a, b, b, b, b, 0.8], 7) is None


def test_families_are_told_by_their_loss() -> None:
    loss = float(symrelu.family("1b").at(6, 15).loss.value)
    assert family_of_that_loss((6,), 6, loss) == "1b"
    assert family_of_that_loss((6,), 6, loss + 1e-8) is None
    assert family_of_that_loss((5, 1), 6, float(symrelu.family("2a").at(6, 15).loss.value)) == "2a"
    assert family_of_that_loss((3, 2, 1), 6, loss) is None
