"""The actual isotropy group of a point: worked cases, and enumeration of all pairs of permutations at a small d."""

import time
from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.errors import BadInput
from symrelu.reference.isotropy import isotropy_order
from symrelu.symmetry.actual import ActualIsotropy, actual_isotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.multiplicity import group_order

d = sympy.Symbol("d")


def actual(blocks: str, labels: Sequence[Hashable], rows: str | None = None, cols: str | None = None) -> ActualIsotropy:
    return actual_isotropy(Isotropy.parse(blocks, rows, cols), labels)


# --- worked cases


@pytest.mark.parametrize("blocks", ["d", "d-1,1", "d-2,2", "d-3,3", "d-3,2,1", "d/2,d/2", "d-9,9"])
def test_different_labels_leave_the_group_as_it_is(blocks: str) -> None:
    group = Isotropy.diagonal(blocks)
    found = actual_isotropy(group, range(FixedSpace(group).dim))
    assert found.isotropy is group
    assert not found.is_larger
    assert found.extra == 1
    assert found.sources == tuple(range(FixedSpace(group).dim))
    assert found.label() == group.label()
    assert found.order() == group.order()


@pytest.mark.parametrize(
    ("blocks", "labels"),
    [
        ("d-1,1", "abbba"),
        ("1,d-1", "abbab"),
        ("d-2,2", "abbbab"),
        ("d-2,2", "abbbba"),  # the same point with the two columns of the block exchanged
        ("d/2,d/2", "abbbab"),
        ("d-3,2,1", "abbbbabbbba"),
        ("d-2,1,1", "abbbbabbba"),
        ("d-2,1,1", "abbbbbabab"),  # the last two columns exchanged
    ],
)
def test_the_identity_has_isotropy_delta_s_d(blocks: str, labels: str) -> None:
    found = actual(blocks, labels)
    assert found.isotropy == Isotropy.diagonal("d")
    assert found.labels == ("a", "b")
    assert found.is_larger
    assert found.order() == sympy.factorial(d)
    assert found.latex() == r"\Delta S_d"


def test_partial_merging() -> None:
    # W of Delta(S_{d-1} x S_1), written with the block d - 1 cut into d - 3 and 2
    found = actual("d-3,2,1", "abbcbabcdde")
    assert found.isotropy == Isotropy.diagonal("d-1,1")
    assert found.labels == tuple("abcde")
    assert found.sources == (0, 1, 3, 8, 10)


def test_constant_blocks_merge() -> None:
    found = actual("d-3,1,1,1", "abccc" + "dfgg" + "dgfg" + "dggf")
    assert found.isotropy == Isotropy.diagonal("d-3,3")
    assert found.labels == tuple("abcdfg")
    # the two columns of a block of size 2 exchanged: own and other change places
    for blocks, labels in [("d-3,2,1", "abcc" + "dfef" + "dfe"), ("d-4,2,2", "abcc" + "deff" + "dffe")]:
        found = actual(blocks, labels)
        assert found.isotropy in (Isotropy.diagonal("d-3,3"), Isotropy.diagonal("d-4,4"))
        assert found.labels == tuple("abcdef")


def test_own_equal_to_other_decouples_rows_from_columns() -> None:
    found = actual("d", "aa")
    assert found.order() == sympy.factorial(d) ** 2
    assert found.label() == "rows(S_d) x columns(S_d)"
    assert found.latex() == r"(S_d)^{\mathrm{row}}\times (S_d)^{\mathrm{col}}"
    assert actual("d-1,1", "aaaaa").isotropy == found.isotropy
    half = actual("d-1,1", "aabcd")
    assert half.order() == sympy.factorial(d - 1) ** 2
    small = actual("d-2,2", "abcdee")
    assert small.order() == 4 * sympy.factorial(d - 2)


def test_equal_blocks_that_may_be_exchanged() -> None:
    found = actual("d/2,d/2", "abccab")
    assert found.isotropy == Isotropy.diagonal("d/2,d/2")
    assert (found.extra, found.is_larger, found.is_young) == (2, True, False)
    assert found.order() == 2 * sympy.factorial(d / 2) ** 2
    assert found.label() == "Delta(S_{d/2} x S_{d/2}).2"
    assert actual("d/2,d/2", "abcdab").extra == 1
    assert not actual("d/2+1,d/2-1", "abccab").is_larger  # of different sizes


def test_three_fixed_neurons_in_a_cycle() -> None:
    cycle = actual("d-3,1,1,1", "abccc" + "dfgh" + "dhfg" + "dghf")
    assert (cycle.extra, cycle.is_young) == (3, False)


def test_fixed_rows() -> None:
    # two equal fixed rows are exchanged; so are a fixed row and the equal row of a block of size 1
    assert actual("d-1,1", "abcdefgfg", rows="1,2,*,*", cols="1,2").order() == 2 * sympy.factorial(d - 1)
    assert actual("d-1,1", "abcdedefg", rows="1,2,*,*", cols="1,2").order() == 2 * sympy.factorial(d - 1)
    # a fixed row and a fixed column join a block
    joined = actual("d-1", "ab" + "b" + "ba" + "cc", rows="1,*,*", cols="1,*")
    assert joined.isotropy == Isotropy.parse("d", "1,*", "1")
    assert joined.labels == tuple("abc")
    # fixed rows equal to the rows of a block that only rows belong to
    alike = actual("d,d+1", "a" + "a" + "b", rows="2,*,*", cols="1")
    assert alike.isotropy == Isotropy.parse("d+2,d", "1,*", "2")


def test_two_neurons_per_input() -> None:
    # k = 2d with equal halves: each pair of equal rows may be exchanged on its own
    found = actual("d", "abab", rows="1,1", cols="1")
    assert found.local == (2,)
    assert found.order() == 2**d * sympy.factorial(d)
    assert found.label() == "2^(d).Delta S_d"
    assert actual("d", "abcb", rows="1,1", cols="1").order() == sympy.factorial(d)
    # one half sees its own input, the other does not
    mixed = actual("d", "abcc", rows="1,1", cols="1")
    assert mixed.order() == sympy.factorial(d) ** 2


def test_labels_must_fit() -> None:
    with pytest.raises(BadInput, match="4 labels"):
        actual("d-1,1", "abcd")


# --- against enumeration

# type and a dimension at which its growing blocks are larger than the constant ones
TYPES = [
    ("d", None, None, 4),
    ("d", "1,*", None, 4),
    ("d", "1,1", "1", 3),
    ("d-1,1", None, None, 5),
    ("d-2,2", None, None, 6),
    ("d-2,1,1", None, None, 6),
    ("d-1,1", "1,2,*,*", "1,2", 5),
    ("d-2,2", "1,2,2", "1,2", 6),
    ("d-2,2", "2,*", "1,2", 6),
    ("d-2", "1,*,*", "1,*,*", 6),
    ("d-2,2,2", "1,3", "1,2", 6),
    ("d-1,2", "1,2", "1,*", 5),
    ("d,d+1", "2", "1", 4),
    ("d/2,d/2", None, None, 6),
    ("d/2", "1,1", "1,1", 6),
]


def same_up_to_permutations(A: np.ndarray, B: np.ndarray) -> bool:
    """Whether B = P A Q for permutation matrices P and Q: columns of B are picked one by one."""

    def extend(chosen: tuple[int, ...]) -> bool:
        if Counter(map(tuple, A[:, : len(chosen)].tolist())) != Counter(map(tuple, B[:, list(chosen)].tolist())):
            return False
        return len(chosen) == A.shape[1] or any(extend((*chosen, j)) for j in range(A.shape[1]) if j not in chosen)

    return A.shape == B.shape and extend(())


@st.composite
def points(draw: st.DrawFn) -> tuple[Isotropy, list[int], int]:
    """A type with labels, often with many equal ones, and a dimension."""
    blocks, rows, cols, dimension = draw(st.sampled_from(TYPES))
    group = Isotropy.parse(blocks, rows, cols)
    own = st.integers(0, draw(st.integers(1, 2)))
    rest = st.integers(0, draw(st.integers(0, 2)))
    return group, [draw(own if c.kind == "own" else rest) for c in FixedSpace(group).coordinates], dimension


@given(points())
@settings(max_examples=120, deadline=None)
def test_agrees_with_enumeration(point: tuple[Isotropy, list[int], int]) -> None:
    group, labels, dimension = point
    found = actual_isotropy(group, labels)
    W = FixedSpace(group).matrix(labels, dimension)
    order = isotropy_order(W)
    assert group_order(found).at(dimension) == order
    assert found.order().subs(d, dimension) == order
    assert found.is_larger == (order != group_order(group).at(dimension))
    # the point in the new coordinates is the old one with its rows and columns in another order
    assert found.labels == tuple(labels[i] for i in found.sources)
    assert same_up_to_permutations(W, FixedSpace(found.isotropy).matrix(found.labels, dimension))


@given(points())
@settings(max_examples=60, deadline=None)
def test_regrouping_is_final(point: tuple[Isotropy, list[int], int]) -> None:
    group, labels, _ = point
    once = actual_isotropy(group, labels)
    twice = actual_isotropy(once.isotropy, once.labels)
    assert twice.isotropy == once.isotropy
    assert (twice.extra, twice.local) == (once.extra, once.local)


def test_fast_enough_to_be_run_for_every_family() -> None:
    start = time.perf_counter()
    for m in range(1, 9):
        group = Isotropy.diagonal(f"d-{m},{m}")
        for labels in ("abcdef", "abccde", "abbbab", "aabbcc"):
            actual_isotropy(group, labels[: FixedSpace(group).dim])
    assert time.perf_counter() - start < 2  # 32 calls that take about a millisecond each
