"""Fixed-point spaces: coordinates, matrices and their block forms."""

import itertools
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symrelu.errors import BadInput, NotInFixedSpace
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit

TYPES = [
    ("d", None, None, 4),
    ("d-1,1", None, None, 5),
    ("d-2,2", None, None, 6),
    ("d/2,d/2", None, None, 6),
    ("d-3,2,1", None, None, 6),
    ("1,d-1", "2,*,1,2", "2,1", 4),
    ("d-2,2", "1,2,*,*", "1,2", 5),
    ("d-2,3", "1,2,2", "1,*,*", 5),
    ("d/2", "1,1,1", "1,1", 6),
    ("d-1,d+1", "2", "1,*", 4),
]
types = pytest.mark.parametrize(("blocks", "rows", "cols", "d"), TYPES)


def space_of(blocks: str, rows: str | None = None, cols: str | None = None) -> FixedSpace:
    return FixedSpace(Isotropy.parse(blocks, rows, cols))


def starts(group: Isotropy, orbits: tuple[Orbit, ...], d: int) -> list[int]:
    return [sum(group.orbit_size(o).at(d) for o in orbits[:i]) for i in range(len(orbits))]


def generators(group: Isotropy, d: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Adjacent transpositions of every block, as index arrays of rows and of columns, from the definition."""
    found = []
    for block, size in enumerate(group.blocks):
        for i in range(size.at(d) - 1):
            pair = []
            for orbits, count in ((group.rows, group.k.at(d)), (group.cols, d)):
                order = np.arange(count)
                for start, orbit in zip(starts(group, orbits, d), orbits, strict=True):
                    if orbit.block == block:
                        order[[start + i, start + i + 1]] = order[[start + i + 1, start + i]]
                pair.append(order)
            found.append((pair[0], pair[1]))
    return found


@types
def test_matrices_are_exactly_those_fixed_by_the_group(blocks: str, rows: str, cols: str, d: int) -> None:
    space = space_of(blocks, rows, cols)
    W = space.matrix(range(1, space.dim + 1), d)
    assert W.shape == (space.isotropy.k.at(d), d)
    moves = generators(space.isotropy, d)
    assert all(np.array_equal(W[np.ix_(pi, rho)], W) for pi, rho in moves)
    # equal entries are in one orbit of the group on entries: spread the smallest position through each orbit
    position = np.arange(W.size).reshape(W.shape)
    for _ in range(W.size):
        for pi, rho in moves:
            position = np.minimum(position, position[np.ix_(pi, rho)])
    assert len(np.unique(position)) == space.dim == len(np.unique(W))


@types
def test_entry_counts(blocks: str, rows: str, cols: str, d: int) -> None:
    space = space_of(blocks, rows, cols)
    W = space.matrix(range(1, space.dim + 1), d)
    x = sympy.Symbol("x")
    for c in space.coordinates:
        assert space.entry_count(c, d) == np.count_nonzero(W == c.index)
        assert (sympy.Integer(0) + space.entry_count(c, x)).subs(x, d) == space.entry_count(c, d)


@types
def test_restrict_undoes_matrix(blocks: str, rows: str, cols: str, d: int) -> None:
    space = space_of(blocks, rows, cols)
    values = space.random(np.random.default_rng(7))
    assert np.array_equal(space.restrict(space.matrix(values, d)), values)
    places = [(c.row, c.col, c.kind) for c in space.coordinates]
    assert [space.position(*place) for place in places] == list(range(space.dim))


def test_numbering_of_theorem_1() -> None:
    space = space_of("d-2,2")
    assert space.names == ("a_1", "a_2", "a_3", "a_4", "a_5", "a_6")
    assert space.matrix([1, 2, 3, 4, 5, 6], 4).tolist() == [
        [1, 2, 3, 3],
        [2, 1, 3, 3],
        [4, 4, 5, 6],
        [4, 4, 6, 5],
    ]
    assert space_of("d-1,1").matrix([1, 2, 3, 4, 5], 3).tolist() == [[1, 2, 3], [2, 1, 3], [4, 4, 5]]


def test_scalars_of_any_kind() -> None:
    space = space_of("d")
    assert space.matrix([1.0, 0.5], 3).dtype == float
    for a, b in [(Fraction(1, 3), Fraction(2)), (mpmath.mpf(1), mpmath.mpf(2)), (sympy.pi, sympy.Integer(2))]:
        W = space.matrix([a, b], 3)
        assert W.dtype == object
        assert W[0, 0] is a
        assert list(space.restrict(W)) == [a, b]
    pairs = space.matrix([(1, 2), (3, 4)], 3)  # scalars that are sequences themselves
    assert pairs.shape == (3, 3)
    assert pairs[0, 1] == (3, 4)


@given(st.floats(1e-6, 1), st.integers(0, 35))
def test_a_deviation_is_reported(size: float, place: int) -> None:
    space = space_of("d-2,2")
    W = space.matrix(np.arange(1.0, 7.0), 6)
    W.flat[place] += size
    with pytest.raises(NotInFixedSpace, match="differ by up to"):
        space.restrict(W)
    assert np.allclose(space.restrict(W, tolerance=2 * size), np.arange(1.0, 7.0), atol=size)


def test_nan_is_not_in_the_space() -> None:
    with pytest.raises(NotInFixedSpace):
        space_of("d").restrict(np.full((3, 3), np.nan))


def test_bad_input() -> None:
    space = space_of("d-2,2")
    with pytest.raises(BadInput, match="a_1, a_2, a_3, a_4, a_5, a_6"):
        space.matrix([1.0, 2.0], 5)
    with pytest.raises(BadInput, match="try d = 3"):
        space.matrix([1.0] * 6, 2)
    with pytest.raises(BadInput, match="shape"):
        space.restrict(np.ones((4, 5)))
    with pytest.raises(BadInput, match="a_2"):
        space.restrict(np.ones((3, 3)))
    with pytest.raises(BadInput, match="no coordinate"):
        space.position(0, 1, "own")
    with pytest.raises(BadInput, match="6 coordinates"):
        space.latex(["x"])


def test_block_form_of_theorem_1() -> None:
    # main paper, Theorem 1, cases 1, 2 and 3
    assert space_of("d").latex() == "A_d(a_1,a_2)"
    assert space_of("d-1,1").latex(rescaled=True) == (
        r"\text{Diag}(\lambda_1,\dots,\lambda_d) \left(\begin{array}{c|c} A_{d-1}(a_1,a_2) & a_3 \mathcal{I}_{d-1,1} "
        r"\\ \hline a_4 \mathcal{I}_{1,d-1} & a_5 \end{array}\right)"
    )
    assert space_of("d-2,2").latex() == (
        r"\left(\begin{array}{c|c} A_{d-2}(a_1,a_2) & a_3 \mathcal{I}_{d-2,2} "
        r"\\ \hline a_4 \mathcal{I}_{2,d-2} & A_2(a_5,a_6) \end{array}\right)"
    )
    assert space_of("d-1,1").latex_alpha() == r"(\lambda_1^{-1},\dots,\lambda_d^{-1})"


def test_block_form_of_other_types() -> None:
    extra = space_of("d-4,4", "1,2,*", "1,2")
    assert extra.latex(rescaled=True) == (
        r"\text{Diag}(\lambda_1,\dots,\lambda_{d+1}) \left(\begin{array}{c|c} "
        r"A_{d-4}(a_1,a_2) & a_3 \mathcal{I}_{d-4,4} \\ \hline a_4 \mathcal{I}_{4,d-4} & A_4(a_5,a_6) "
        r"\\ \hline a_7 \mathcal{I}_{1,d-4} & a_8 \mathcal{I}_{1,4} \end{array}\right)"
    )
    assert "a_{10}" in space_of("d-3,2,1").latex()
    assert space_of("d", "*,*", "1").latex(rescaled=True) == (
        r"\text{Diag}(\lambda_1,\lambda_2) \left(\begin{array}{c} a_1 \mathcal{I}_{1,d} "
        r"\\ \hline a_2 \mathcal{I}_{1,d} \end{array}\right)"
    )
    assert space_of("d", "1,1", "1").latex(["p", "q", "r", "s"]) == (
        r"\left(\begin{array}{c} A_d(p,q) \\ \hline A_d(r,s) \end{array}\right)"
    )


def test_block_form_in_text() -> None:
    assert space_of("d-1,1").text(["1", "0", "8/pi", "-1", "2"]) == (
        "A_{d-1}(1, 0) | 8/pi I_{d-1,1}\n"
        "--------------+---------------\n"
        "-1 I_{1,d-1}  | 2"
    )
    assert space_of("d-1,1").text(["1", "0", "2/d - 1", "x", "2"]).startswith("A_{d-1}(1, 0) | (2/d - 1) I_{d-1,1}\n")
    assert space_of("d").text(rescaled=True) == "Diag(lambda_1,...,lambda_d) times\nA_d(a_1, a_2)"


# --- the normaliser


@pytest.mark.parametrize(("blocks", "d"), [("d", 4), ("d-1,1", 4), ("d-2,2", 5), ("2,d-2", 5), ("d-1,1", 5)])
def test_images_under_the_normaliser_against_all_permutations(blocks: str, d: int) -> None:
    """A permutation of rows and columns that takes a point with different entries into Fix(G) normalises G."""
    space = space_of(blocks)
    values = list(range(space.dim))
    W, places = space.matrix(values, d), space.index_matrix(d)
    first = [np.flatnonzero(places.ravel() == i)[0] for i in values]
    found = set()
    for rows in itertools.permutations(range(d)):
        for cols in itertools.permutations(range(d)):
            moved = W[np.ix_(rows, cols)]
            image = moved.ravel()[first]
            if (moved == image[places]).all():
                found.add(tuple(map(int, image)))
    images = space.normaliser_images(values)
    assert images[0] == tuple(values)
    assert set(images) == found and len(images) == len(found)


@pytest.mark.parametrize(("blocks", "rows"), [("d/2,d/2", None), ("d-2,1,1", None), ("d", "1,*")])
def test_normalisers_with_more_in_them_are_refused(blocks: str, rows: str | None) -> None:
    space = space_of(blocks, rows)
    with pytest.raises(BadInput, match="blocks have different sizes"):
        space.normaliser_images(range(space.dim))
