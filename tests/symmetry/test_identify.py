"""What a matrix is: its isotropy group against brute force, block forms, families back from their shuffled points."""

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symrelu
from symrelu.errors import BadInput, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.identification import identify
from symrelu.matrix_file import read_matrix
from symrelu.reference.isotropy import isotropy_order, orbit
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.identify import cluster, doubts, matrix_isotropy
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.matching import matrix_distance
from symrelu.symmetry.young_lattice import YoungType

small_matrices = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(
        st.lists(st.integers(0, 2), min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0]
    )
)


def shuffled(W: np.ndarray, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return W[rng.permutation(len(W))][:, rng.permutation(W.shape[1])]


def point(name: str, d: int) -> np.ndarray:
    """The matrix of a family at an integer d."""
    one = symrelu.family(name)
    values = one.path().point(Fraction(d), MpmathArithmetic(20))
    return np.asarray(one.space.matrix([float(x) for x in values], d))


# -- the group ---------------------------------------------------------------------------------------------------------


@given(small_matrices)
def test_order_is_that_of_brute_force(rows: list[list[int]]) -> None:
    found = matrix_isotropy(rows)
    assert found.order == isotropy_order(rows)
    assert sorted(found.rows) == list(range(found.k)) and sorted(found.cols) == list(range(found.d))


@given(small_matrices, st.integers(0, 1000))
def test_order_of_rows_and_columns_does_not_matter(rows: list[list[int]], seed: int) -> None:
    W = np.array(rows)
    found, other = matrix_isotropy(W), matrix_isotropy(shuffled(W, seed))
    assert (found.order, found.young.order * found.extra) == (other.order, other.young.order * other.extra)


TYPES = [
    ("d", None, None, 8),
    ("d-1,1", None, None, 30),
    ("d-2,2", None, None, 9),
    ("d/2,d/2", None, None, 12),
    ("d-3,2,1", None, None, 10),
    ("d-2,1,1", None, None, 9),
    ("d-2,2", "1,2,*", None, 9),  # k = d + 1
    ("d-2", "1", "1,*,*", 9),  # k = d - 2
    ("d", "1,1", None, 7),  # k = 2d
    ("d-3,3", "1,2", "1,*,*,*", 9),
    ("d-4,2", "1,2,2", "1,2,2", 9),  # a block of 2 whose orbits are sorted into units at will
    ("d-1,d", "1,*", "2", 7),
]


@pytest.mark.parametrize(("blocks", "rows", "cols", "d"), TYPES)
def test_generic_points_have_the_group_that_fixes_them(blocks: str, rows: str | None, cols: str | None, d: int) -> None:
    group = Isotropy.parse(blocks, rows, cols)
    space = FixedSpace(group)
    rng = np.random.default_rng(1)
    values = space.random(rng)
    W = shuffled(space.matrix(values, d)) + 1e-10 * rng.standard_normal((int(group.k.at(d)), d))
    found = matrix_isotropy(W)
    assert found.extra == 1 and found.young == YoungType.of(group, d)
    assert found.isotropy is not None and YoungType.of(found.isotropy, d) == found.young
    # the block form is fixed by the group, and has the coordinates we began with
    entries = FixedSpace(found.isotropy).restrict(W[np.ix_(found.rows, found.cols)], 1e-9)
    assert np.allclose(sorted(entries), sorted(values), atol=1e-9)


def test_groups_that_are_not_young() -> None:
    circulant = np.array([np.roll([1.0, 2, 3, 4, 5], i) for i in range(5)])
    found = matrix_isotropy(shuffled(circulant))
    assert (found.order, found.extra, found.label()) == (5, 5, "1.5") and found.isotropy is None
    halves = np.kron(np.eye(2), np.ones((3, 3))) + np.eye(6)  # two equal blocks may be exchanged
    found = matrix_isotropy(shuffled(halves))
    assert (found.order, found.label()) == (2 * 6**2, "Delta(S_3 x S_3).2")


def test_fifty_columns() -> None:
    space = FixedSpace(Isotropy.parse("d-2,1,1"))
    W = shuffled(space.matrix(space.random(np.random.default_rng(2)), 50))
    assert matrix_isotropy(W).order == math.factorial(48)


# -- tolerances --------------------------------------------------------------------------------------------------------


def test_entries_fall_into_values() -> None:
    found = cluster(np.array([[0.0, 1.0, 1e-9], [1.0 - 1e-8, 2.0, 0.0]]), 1e-6)
    assert found.labels.tolist() == [[0, 1, 0], [1, 2, 0]]
    assert found.spread == pytest.approx(1e-8) and found.gap == pytest.approx(1)


def test_a_chain_of_close_values_is_refused() -> None:
    # 0 = 8e-7 and 8e-7 = 1.6e-6, but 0 is not 1.6e-6
    W = np.array([[0, 8e-7, 1.6e-6], [1, 2, 3]])
    with pytest.raises(Undecided, match="a chain of close values.*try --tol 9e-04"):
        matrix_isotropy(W)
    assert matrix_isotropy(W, 1e-3).clusters.count == 4
    assert matrix_isotropy(W, 1e-8).clusters.count == 6
    with pytest.raises(Undecided, match="a more precise matrix is needed"):
        matrix_isotropy(np.arange(12).reshape(3, 4) * 1e-7)


def test_unclear_values_are_told() -> None:
    W = np.eye(4) + 3e-6 * np.eye(4)[:, ::-1]
    assert "taken as different" in doubts(cluster(W, 1e-6), 1e-6)[0]
    assert "taken as equal" in doubts(cluster(W, 5e-6), 5e-6)[0]
    assert doubts(cluster(W, 1e-8), 1e-8) == [] == doubts(cluster(np.eye(4), 1e-6), 1e-6)


# -- families ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "d", "words"),
    [
        ("1a", 5, "--blocks d --limit +"),
        ("1b", 7, "--blocks d --limit -"),
        ("2a", 6, "--blocks d-1,1 --limit +,-"),
        # the same sizes as 4 has at d = 5
        pytest.param("3a", 5, "--blocks d-2,2 --limit +,-", marks=pytest.mark.slow),
    ],
)
def test_named_families_are_found_from_their_points(name: str, d: int, words: str) -> None:
    W = shuffled(point(name, d) + 1e-9 * np.random.default_rng(3).standard_normal((d, d)))
    found = identify(W)
    assert (found.family, found.type) == (name, words)
    assert found.match is not None and found.match.distance < 1e-8
    entries = [value for value, _ in found.entries]
    expected = symrelu.family(name).path().point(Fraction(d), MpmathArithmetic(20))
    assert np.allclose(entries, [float(x) for x in expected], atol=1e-8)


@pytest.mark.slow
def test_a_family_that_no_paper_lists() -> None:
    found = identify(shuffled(point("d-5,5:-,+", 11)))
    assert (found.family, found.type) == ("d-5,5:-,+", "--blocks d-5,5 --limit -,+")


@pytest.mark.slow
def test_a_family_ends_in_another() -> None:
    # the table in manual/findings/real_d.md: at d = 5 family 4 is 1b with two rows exchanged
    assert identify(point("4", 5), 1e-9).family == "1b"


def test_near_a_family_is_not_in_it() -> None:
    W = point("1b", 8)
    W[W < -0.5] -= 1e-3
    found = identify(shuffled(W))
    assert found.family is None and found.nearest is not None
    assert found.nearest.name == "1b" and found.nearest.distance == pytest.approx(1e-3)
    assert found.to_json()["family"] is None and found.to_json()["type"] == "--blocks d --limit -"


def test_rescaled_rows() -> None:
    W = shuffled(point("2a", 7)) * np.random.default_rng(4).uniform(0.5, 2, 7)[:, None]
    assert identify(W).family is None
    found = identify(W, rescaled=True)
    assert (found.family, found.found.label()) == ("2a", "Delta(S_6 x S_1)")
    with pytest.raises(BadInput, match="row 3 is zero"):
        identify(np.diag([1.0, 2, 0]), rescaled=True)


def test_nothing_is_guessed_far_from_families() -> None:
    found = identify(np.arange(6.0).reshape(2, 3))
    assert (found.family, found.type, found.nearest) == (None, None, None)
    assert found.to_json()["isotropy"] == {
        "group": "1", "order": "1", "extra": 1, "blocks": None, "rows": None, "cols": None
    }  # fmt: skip


@settings(max_examples=30)
@given(small_matrices, st.integers(0, 1000))
def test_distance_of_matrices_that_are_alike(rows: list[list[int]], seed: int) -> None:
    W = np.array(rows, dtype=float)
    found = matrix_isotropy(W)
    # the same matrix with its values a little changed, in another order
    M = shuffled(W + 0.01 * W**2 + 0.02, seed)
    distance = matrix_distance(W, found, M, matrix_isotropy(M))
    least = min(float(np.abs(np.array(image) - M).max()) for image in orbit(W))
    assert distance is not None and distance >= least
    if found.extra == 1:  # any order that matches values matches blocks
        assert distance == pytest.approx(least)


def test_matrices_of_different_groups_have_no_distance() -> None:
    W, M = np.eye(3), np.diag([1.0, 1, 2])
    assert matrix_distance(W, matrix_isotropy(W), M, matrix_isotropy(M)) is None


# -- files -------------------------------------------------------------------------------------------------------------


def test_files_of_both_kinds(tmp_path: Path) -> None:
    W = np.array([[1.5, 2], [3, -4e-3]])
    np.save(tmp_path / "W.npy", W)
    (tmp_path / "W.csv").write_text("1.5, 2\n3,-4e-3\n\n")
    assert np.array_equal(read_matrix(tmp_path / "W.npy"), W)
    assert np.array_equal(read_matrix(tmp_path / "W.csv"), W)


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    np.save(tmp_path / "W.npy", np.array([[{}]], dtype=object), allow_pickle=True)
    with pytest.raises(BadInput, match="holds no matrix of numbers"):
        read_matrix(tmp_path / "W.npy")


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        (np.zeros(3), "shape"),
        (np.zeros((2, 0)), "shape"),
        (np.eye(2) * 1j, "real numbers"),
        (np.array([["a"]]), "real numbers"),
        (np.array([[1, np.nan]]), "row 1, column 2 is nan"),
        (np.zeros((1, 201)), "up to 200"),
    ],
)
def test_what_is_no_matrix(matrix: np.ndarray, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        identify(matrix)


@pytest.mark.parametrize("tolerance", [-1.0, math.nan, math.inf])
def test_what_is_no_tolerance(tolerance: float) -> None:
    with pytest.raises(BadInput, match="tolerance"):
        identify(np.eye(2), tolerance)
