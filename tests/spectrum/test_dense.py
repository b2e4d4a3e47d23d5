"""Our eigenvalues with our multiplicities are those of the dense Hessian from the definition."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.reference.newton import critical_point, path_end
from symrelu.reference.oracle import NAMED

TOLERANCE = 1e-12  # relative to the largest eigenvalue
DIMENSIONS = range(3, 15)
FAST = (3, 4, 5)
SIGNS = {"1a": (0, "+"), **NAMED}


def cases() -> list[object]:
    """Every named family at every d of 3 .. 14 at which it exists."""
    found: list[object] = []
    for name, (m, limit) in SIGNS.items():
        smallest = 1 if name == "1a" else {0: 2, 1: 2, 2: 4, 3: 5}[m] + (limit == "-+" and m == 1)
        for d in DIMENSIONS:
            if d >= smallest:
                found.append(pytest.param(name, d, marks=[] if d in FAST else pytest.mark.slow))
    return found


def blocks_of(m: int) -> str:
    return f"d-{m},{m}" if m else "d"


def point(name: str, d: int) -> np.ndarray:
    m, limit = SIGNS[name]
    return np.eye(d) if name == "1a" else critical_point(m, limit, d)


def entries(space: object, W: np.ndarray) -> np.ndarray:
    """The coordinates of W; a coordinate that no entry shows (a block of one row has no a_2) is 0.3."""
    places = space.index_matrix(len(W))  # type: ignore[attr-defined]
    values = [W[places == i] for i in range(space.dim)]  # type: ignore[attr-defined]
    assert all(np.ptp(v) < 1e-12 for v in values if v.size)
    return np.array([v[0] if v.size else 0.3 for v in values])


@pytest.mark.parametrize("name", ["2a", "2b", "3a", "3b", "4"])
def test_the_cases_leave_out_only_what_does_not_exist(name: str) -> None:
    listed = {case.values[1] for case in cases() if case.values[0] == name}  # type: ignore[attr-defined]
    assert listed == {d for d in DIMENSIONS if d >= path_end(*SIGNS[name]).smallest}


@pytest.mark.parametrize(("name", "d"), cases())
def test_named_families(
    name: str, d: int, problem: Callable, ours: Callable, repeated: Callable, dense: Callable
) -> None:
    of = problem(blocks_of(SIGNS[name][0]))
    W = point(name, d)
    for layers in (2, 1):
        values = ours(of, entries(of.space, W), d, layers)
        expected = np.linalg.eigvalsh(dense(W, layers))
        found = repeated(values)
        assert len(found) == len(expected) == d * (d + layers - 1)
        assert np.max(np.abs(found - expected)) < TOLERANCE * np.max(np.abs(expected))


@pytest.mark.parametrize(("name", "d"), [("1a", 9), ("1b", 8), ("2a", 9), ("3b", 8)])
def test_exactly_k_rescaling_zeros_and_none_with_the_second_layer_fixed(
    name: str, d: int, problem: Callable, ours: Callable
) -> None:
    of = problem(blocks_of(SIGNS[name][0]))
    W = point(name, d)
    zeros = [
        sum(v.multiplicity for v in ours(of, entries(of.space, W), d, layers) if abs(v.value) < 1e-11)
        for layers in (2, 1)
    ]
    assert zeros == [d, 0]


RANDOM = [
    # three blocks, constant and growing, of one, two or three elements among others
    ("d-3,2,1", None, None, (5, 6, 7)),
    ("d-4,3,1", None, None, (6, 7, 8)),
    ("d-5,3,2", None, None, (7, 8)),
    ("d/2-1,d/2-1,2", None, None, (6, 8)),
    ("d-6,4,2", None, None, (8, 9)),
    ("d-2,1,1", None, None, (4, 5)),
    # one and two blocks that have two or three elements at small d
    ("d", None, None, (2, 3, 4)),
    ("d-1,1", None, None, (3, 4)),
    ("d-2,2", None, None, (4, 5)),
    # k != d, several orbits a block, fixed rows and columns, blocks of one side only
    ("d-3,2,1", "1,2,*", "1,2,3", (5, 6)),
    ("d-3,2,1", "1,1,3", "1,2,3", (5, 6)),
    ("d-3,2", "2,1", "1,2,*", (5, 7)),
    ("d/2-1,3,2", "1,2,1,*", "1,1,3", (6, 10)),
    ("d-2", "1,*", "1,*,*", (4, 6)),
    ("d/2,2", "2,1,2", "1,1", (4, 6)),
    ("2,d-2", "2,1,*", "1,2", (4, 6)),
]


def random_cases() -> list[object]:
    """The types one by one; the smallest d of each is quick."""
    return [
        pytest.param(blocks, rows, cols, d, marks=[pytest.mark.slow] if d > dimensions[0] else [])
        for blocks, rows, cols, dimensions in RANDOM
        for d in dimensions
    ]


@pytest.mark.parametrize(("blocks", "rows", "cols", "d"), random_cases())
def test_random_points_of_the_fixed_space(
    blocks: str,
    rows: str | None,
    cols: str | None,
    d: int,
    problem: Callable,
    ours: Callable,
    repeated: Callable,
    dense: Callable,
) -> None:
    of = problem(blocks, rows, cols)
    values = of.space.random(np.random.default_rng(d))
    W = of.space.matrix(values, d)
    for layers in (2, 1):
        expected = np.linalg.eigvalsh(dense(W, layers))
        found = repeated(ours(of, values, d, layers))
        assert len(found) == len(expected)
        assert np.max(np.abs(found - expected)) < TOLERANCE * np.max(np.abs(expected))


@pytest.mark.parametrize(("blocks", "d", "hidden"), [("d-2,2", 3, 1), ("d-3,3", 4, 1), ("d-3,2,1", 4, 1)])
@pytest.mark.parametrize("seed", range(4))
def test_growing_block_with_one_element(
    blocks: str, d: int, hidden: int, seed: int, problem: Callable, ours: Callable, repeated: Callable, dense: Callable
) -> None:
    """The coordinate that no entry shows has no influence, whatever its value."""
    of = problem(blocks)
    values = of.space.random(np.random.default_rng(seed))
    expected = np.linalg.eigvalsh(dense(of.space.matrix(values, d)))
    for other in (values[hidden], 0.0, 5.0):
        values[hidden] = other
        found = repeated(ours(of, values, d))
        assert np.max(np.abs(found - expected)) < TOLERANCE * np.max(np.abs(expected))


@pytest.mark.parametrize(("name", "d"), [("1b", 5), ("2a", 6), ("3b", 6)])
def test_spectrum_is_constant_on_the_permutation_orbit(
    name: str, d: int, problem: Callable, ours: Callable, repeated: Callable, dense: Callable
) -> None:
    of = problem(blocks_of(SIGNS[name][0]))
    W = point(name, d)
    found = repeated(ours(of, entries(of.space, W), d))
    rng = np.random.default_rng(0)
    for _ in range(3):
        expected = np.linalg.eigvalsh(dense(W[rng.permutation(d)][:, rng.permutation(d)]))
        assert np.max(np.abs(found - expected)) < TOLERANCE * np.max(np.abs(expected))


def test_blocks_in_another_order_have_the_same_spectrum(problem: Callable, ours: Callable, repeated: Callable) -> None:
    d, W = 6, point("3a", 6)
    reversed_W = W[::-1, ::-1]
    first, second = problem("d-2,2"), problem("2,d-2")
    left = ours(first, entries(first.space, W), d)
    right = ours(second, entries(second.space, np.ascontiguousarray(reversed_W)), d)
    assert np.max(np.abs(repeated(left) - repeated(right))) < 1e-13
    swapped = {"t": "t", "s1": "s2", "s2": "s1", "x1": "x2", "y1": "y2", "s1*s2": "s1*s2"}
    for v in left:
        (same,) = [u for u in right if u.component.name == swapped[v.component.name] and u.branch == v.branch]
        assert same.multiplicity == v.multiplicity and abs(same.value - v.value) < 1e-13


@pytest.mark.parametrize(("blocks", "d"), [("d-2,2", 2), ("d-2,2", 1), ("d-2,2", 2.5), ("d-2,2", 3.5), ("d-1,1", 1)])
def test_blocks_without_elements_have_no_eigenvalues(blocks: str, d: float, problem: Callable, ours: Callable) -> None:
    """At d = 2 the block d-2 is empty, and x1 came with the multiplicity (0-1)(0-2)/2 = 1: 7 eigenvalues of 6."""
    of = problem(blocks)
    with pytest.raises(BadInput, match=f"d = .* was given; block 1 of size {blocks.split(',')[0][0]} - "):
        ours(of, of.space.random(np.random.default_rng(0)), Fraction(d))


@pytest.mark.parametrize("count", [0, 5, 7])
def test_too_few_or_too_many_coordinates_are_refused(count: int, problem: Callable, ours: Callable) -> None:
    with pytest.raises(BadInput, match=f"{count} coordinates were given .* a_1, a_2, a_3, a_4, a_5, a_6"):
        ours(problem("d-2,2"), [0.5] * count, 6)
