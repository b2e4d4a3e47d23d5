"""The isotypic decomposition of M(k, d) + R^k: dimensions, and representatives against explicit permutations.

Which isotypic component a vector lies in is decided by central elements of the group algebra: the sum of all
transpositions of a block acts on an irreducible by the sum of the contents of its Young diagram. On what occurs here
these numbers differ: trivial n(n-1)/2, (n-1,1) n less, (n-2,2) another n - 2 less, (n-2,1,1) another 2 less.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial, prod
from typing import Any

import numpy as np
import pytest
import sympy
from flint import fmpz_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.exact.parse import parse
from symrelu.spectrum.numeric import independent
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.isotypic import Component, Copies, Dimension, components, copies, refine
from symrelu.symmetry.size import D, Size

Action = tuple[np.ndarray, np.ndarray]  # how a permutation moves the rows and the columns
POINTS = [Fraction(-3), Fraction(0), Fraction(1, 2), Fraction(7), Fraction(100)]

# blocks, rows, columns, d: among them constant and growing blocks that have 1, 2 or 3 elements at that d
TYPES = [
    ("d", None, None, 1),
    ("d", None, None, 2),
    ("d", None, None, 3),
    ("d", None, None, 4),
    ("d", None, None, 5),
    ("d-1,1", None, None, 2),
    ("d-1,1", None, None, 3),
    ("d-1,1", None, None, 5),
    ("d-2,2", None, None, 3),
    ("d-2,2", None, None, 4),
    ("d-2,2", None, None, 5),
    ("d-2,2", None, None, 6),
    ("d-3,3", None, None, 4),
    ("d-3,3", None, None, 5),
    ("d-3,2,1", None, None, 5),
    ("d-3,2,1", None, None, 6),
    ("d/2,d/2", None, None, 4),
    ("d/2,d/2", None, None, 6),
    ("d-1,1", "1,2,*", "1,2", 4),
    ("d-1,1", "1,2,*", "1,2", 3),
    ("d-2", "1,1,*", "1,*,*", 4),
    ("d-2", "1,1,*", "1,*,*", 5),
    ("d/2", "1,1,*", "1,1", 4),
    ("d/2", "1", "1,1", 6),
    ("d-2,3", "1,2", "1,*,*", 5),
    ("d-2,2", "2,2,1", "1,2", 5),
    ("d-1,d-2", "2,*", "1,*", 4),
    ("2,d-2", "1,2", "2,1", 6),
]
types = pytest.mark.parametrize(("blocks", "rows", "cols", "d"), TYPES)


# explicit matrices and permutations -----------------------------------------------------------------------------------


def size_at(group: Isotropy, orbit: Orbit, d: int) -> int:
    return 1 if orbit.block is None else int(group.blocks[orbit.block].at(d))


def starts(group: Isotropy, orbits: Sequence[Orbit], d: int) -> list[int]:
    return [sum(size_at(group, o, d) for o in orbits[:i]) for i in range(len(orbits))]


def transposition(group: Isotropy, block: int, i: int, j: int, d: int) -> Action:
    moves = []
    for orbits in (group.rows, group.cols):
        order = np.arange(sum(size_at(group, o, d) for o in orbits))
        for start, orbit in zip(starts(group, orbits, d), orbits, strict=True):
            if orbit.block == block:
                order[[start + i, start + j]] = order[[start + j, start + i]]
        moves.append(order)
    return moves[0], moves[1]


def moved(vector: np.ndarray, action: Action, k: int, d: int) -> np.ndarray:
    """A vector of M(k, d), or of M(k, d) + R^k, after a permutation."""
    rows, cols = action
    matrix = vector[: k * d].reshape(k, d)[rows][:, cols].reshape(-1)
    return np.concatenate([matrix, vector[k * d :][rows]]) if len(vector) > k * d else matrix


def class_sum(vector: np.ndarray, group: Isotropy, block: int, d: int) -> np.ndarray:
    n, k = int(group.blocks[block].at(d)), int(group.k.at(d))
    total = np.zeros_like(vector)
    for i, j in combinations(range(n), 2):
        total = total + moved(vector, transposition(group, block, i, j, d), k, d)
    return total


def content(component: Component, block: int, n: int) -> int:
    """By what the sum of all transpositions of the block acts on the component."""
    if block not in component.blocks:
        return n * (n - 1) // 2
    less = {"s": n, "ss": n, "y": 2 * n - 2, "x": 2 * n}[component.kind]
    return n * (n - 1) // 2 - less


def explicit(of: Copies, number: int, d: int, second_layer: bool) -> np.ndarray:
    """A representative written out as a vector of M(k, d) (+ R^k)."""
    fine, given_group = of.refinement.isotropy, of.refinement.given
    k = int(given_group.k.at(d))
    row_starts, col_starts = starts(fine, fine.rows, d), starts(fine, fine.cols, d)
    matrix, second = np.zeros((k, d), dtype=int), np.zeros(k, dtype=int)
    representative = of.representatives[number]
    for r, cells in representative.rows.items():
        for i in range(size_at(fine, fine.rows[r], d)):
            for c, (value, delta) in enumerate(cells):
                for j in range(size_at(fine, fine.cols[c], d)):
                    own = delta is not None and i == j and fine.rows[r] == fine.cols[c]
                    matrix[row_starts[r] + i, col_starts[c] + j] = value + (delta if own and delta is not None else 0)
    for r, value in representative.second.items():
        for i in range(size_at(fine, fine.rows[r], d)):
            second[row_starts[r] + i] = value
    flat = matrix.reshape(-1)
    return np.concatenate([flat, second]) if second_layer else flat


def rank(vectors: Iterable[np.ndarray]) -> int:
    rows = [[int(x) for x in v] for v in vectors]
    return int(fmpz_mat(rows).rank()) if rows else 0


def orbit_span(vectors: Sequence[np.ndarray], group: Isotropy, d: int) -> list[np.ndarray]:
    """A basis of the smallest invariant space that contains the vectors."""
    k = int(group.k.at(d))
    actions = [
        transposition(group, block, i, i + 1, d)
        for block, size in enumerate(group.blocks)
        for i in range(int(size.at(d)) - 1)
    ]
    basis: list[np.ndarray] = []
    queue = list(vectors)
    while queue:
        vector = queue.pop()
        if rank([*basis, vector]) > len(basis):
            basis.append(vector)
            queue += [moved(vector, action, k, d) for action in actions]
    return basis


def occurring(group: Isotropy, d: int, second_layer: bool) -> list[tuple[Copies, list[np.ndarray]]]:
    """The components present at d, each with the explicit vectors of its independent representatives."""
    found = []
    for component in components(group):
        if component.dimension(group).formal(d) > 0:
            of = copies(group, component, second_layer)
            found.append((of, [explicit(of, i, d, second_layer) for i in independent(of, Fraction(d))]))
    return found


# dimensions -----------------------------------------------------------------------------------------------------------


@st.composite
def young_types(draw: st.DrawFn) -> Isotropy:
    """Types with one to three blocks, several orbits a block, fixed rows and columns; one block takes up the rest."""
    sizes = [D]  # the first is replaced below
    for _ in range(draw(st.integers(0, 2))):
        sizes.append(draw(st.sampled_from([Size(Fraction(n)) for n in (1, 2, 3, 4, 5)] + [D / 8, D / 8 + 1])))
    orbit = st.one_of(st.none(), st.integers(0, len(sizes) - 1)).map(Orbit)
    rows = draw(st.lists(orbit, min_size=1, max_size=4))
    cols = draw(st.lists(orbit, min_size=0, max_size=2))
    first = draw(st.integers(1, 2))
    cols += [Orbit(0)] * (first - cols.count(Orbit(0)))
    rest = D
    for o in cols:
        if o.block != 0:
            rest = rest - (1 if o.block is None else sizes[o.block])
    sizes[0] = rest / cols.count(Orbit(0))
    used = {o.block for o in [*rows, *cols]}
    rows += [Orbit(i) for i in range(len(sizes)) if i not in used]
    return Isotropy(tuple(sizes), tuple(rows), tuple(draw(st.permutations(cols))))


def total_dimension(group: Isotropy, d: Fraction, second_layer: bool) -> Fraction:
    found = [copies(group, component, second_layer) for component in components(group)]
    return sum((len(of) * of.component.dimension(group).formal(d) for of in found), Fraction(0))


@settings(max_examples=60)
@given(young_types())
def test_dimensions_times_copies_sum_to_the_whole_identically_in_d(group: Isotropy) -> None:
    # both sides are polynomials of degree at most 2: equal at five points, equal everywhere
    for d in POINTS:
        k = Fraction(group.k.at(d))
        assert total_dimension(group, d, False) == k * d
        assert total_dimension(group, d, True) == k * (d + 1)


@settings(max_examples=25)
@given(young_types())
def test_dimensions_read_as_they_are_written(group: Isotropy) -> None:
    for component in components(group):
        dimension = component.dimension(group)
        for d in POINTS:
            assert parse(str(dimension), {"d": d}, Fraction) == dimension.formal(d)
            value = dimension.sympy()
            assert {symbol.name for symbol in value.free_symbols} <= {"d"}
            number = sympy.Rational(d.numerator, d.denominator)
            assert Fraction(str(value.subs(dict.fromkeys(value.free_symbols, number)).doit())) == dimension.formal(d)


@pytest.mark.parametrize(
    ("component", "blocks", "text"),
    [
        (Component("t"), "d", "1"),
        (Component("s", (0,)), "d", "d - 1"),
        (Component("s", (1,)), "d-2,2", "1"),
        (Component("x", (0,)), "d-2,2", "(d - 3)*(d - 4)/2"),
        (Component("x", (1,)), "d-4,4", "3"),
        (Component("y", (0,)), "d", "d*(d - 3)/2"),
        (Component("y", (1,)), "d-4,4", "2"),
        (Component("ss", (0, 1)), "d-2,2", "d - 3"),
        (Component("ss", (0, 1)), "d-3,3", "2*(d - 4)"),
    ],
)
def test_dimension_as_text(component: Component, blocks: str, text: str) -> None:
    assert str(component.dimension(Isotropy.parse(blocks))) == text


@pytest.mark.parametrize(
    ("component", "blocks", "latex"),
    [
        (Component("s", (0,)), "d", "d - 1"),
        (Component("s", (1,)), "d-2,2", "1"),
        (Component("x", (1,)), "d-4,4", "3"),
        (Component("y", (1,)), "d-4,4", "2"),
        (Component("ss", (0, 1)), "d-2,2", "d - 3"),
        (Component("ss", (0, 1)), "d-3,3", r"2 \left(d - 4\right)"),
    ],
)
def test_constant_factors_of_a_dimension_are_gathered(component: Component, blocks: str, latex: str) -> None:
    assert sympy.latex(component.dimension(Isotropy.parse(blocks)).sympy()) == latex


def test_dimension_at_an_integer_is_never_negative() -> None:
    y = Component("y", (0,)).dimension(Isotropy.parse("d"))
    assert [y.at(d) for d in range(1, 7)] == [0, 0, 0, 2, 5, 9]
    assert [y.formal(d) for d in (1, 2)] == [-1, -1]
    assert Dimension(Fraction(1), ()).at(1) == 1


@pytest.mark.parametrize("kind", ["s", "x", "y", "ss"])
def test_no_component_of_a_block_without_elements(kind: str) -> None:
    """The polynomials know no block: (n - 1)(n - 2)/2 is 1 at n = 0, n(n - 3)/2 is 2 and (n - 1)(m - 1) 4 at -1."""
    group = Isotropy.parse("d/2,d/2" if kind == "ss" else "d-2,2")
    dimension = Component(kind, (0, 1) if kind == "ss" else (0,)).dimension(group)  # type: ignore[arg-type]
    for d in range(-6, 3):
        assert not dimension.present(d) and dimension.at(d) == 0, d


def test_presence_at_a_real_d() -> None:
    """s is there above n = 1, x above 2, y above 3: where the dimension is positive and stays so."""
    for kind, bound in (("s", 1), ("x", 2), ("y", 3)):
        dimension = Component(kind, (0,)).dimension(Isotropy.parse("d"))  # type: ignore[arg-type]
        near = Fraction(1, 100)
        assert not dimension.present(Fraction(bound)) and dimension.present(bound + near)
        assert dimension.formal(bound) == 0 < dimension.formal(bound + near)


@pytest.mark.parametrize(("n", "expected"), [(4, 24), (5, 120), (6, 720)])
def test_irreducibles_of_a_symmetric_group_by_the_hook_formula(n: int, expected: int) -> None:
    shapes = {"s": (n - 1, 1), "x": (n - 2, 1, 1), "y": (n - 2, 2)}
    assert expected == factorial(n)
    for kind, shape in shapes.items():
        hooks = [
            shape[i] - j + sum(1 for row in shape[i + 1 :] if row > j)
            for i in range(len(shape))
            for j in range(shape[i])
        ]
        dimension = Component(kind, (0,)).dimension(Isotropy.parse("d"))  # type: ignore[arg-type]
        assert dimension.at(n) == factorial(n) // prod(hooks)


@pytest.mark.parametrize(
    ("blocks", "rows", "cols", "names"),
    [
        ("d", None, None, "t s1 x1 y1"),
        ("d-1,1", None, None, "t s1 x1 y1"),
        ("d-2,2", None, None, "t s1 s2 x1 y1 s1*s2"),
        ("d-3,3", None, None, "t s1 s2 x1 x2 y1 s1*s2"),
        ("d-4,4", None, None, "t s1 s2 x1 x2 y1 y2 s1*s2"),
        ("d-3,2,1", None, None, "t s1 s2 x1 y1 s1*s2"),
        ("d-1,3", "2", "1,*", "t s1 s2 s1*s2"),
        ("d,3", "2,2", "1", "t s1 s2 s1*s2"),
        ("d-3,3", "1,*", "1,2", "t s1 s2 x1 y1 s1*s2"),
        ("d", "*", "1", "t s1"),
    ],
)
def test_components_that_occur(blocks: str, rows: str | None, cols: str | None, names: str) -> None:
    assert [c.name for c in components(Isotropy.parse(blocks, rows, cols))] == names.split()


@pytest.mark.parametrize("r", [1, 2, 3])
def test_copies_for_diagonal_types_with_large_blocks(r: int) -> None:
    """r blocks: t has r^2 + r copies, s_i 2r + 1, s_i s_j 2, x and y 1; the second layer adds r, 1, 0, 0, 0."""
    group = Isotropy.parse(["d", "d/2,d/2", "d/3,d/3,d/3"][r - 1])
    expected = {"t": r * r + r, "s": 2 * r + 1, "ss": 2, "x": 1, "y": 1}
    more = {"t": r, "s": 1, "ss": 0, "x": 0, "y": 0}
    for component in components(group):
        assert len(copies(group, component, False)) == expected[component.kind]
        assert len(copies(group, component, True)) == expected[component.kind] + more[component.kind]


# representatives ------------------------------------------------------------------------------------------------------


@types
def test_representatives_lie_in_their_component(blocks: str, rows: str | None, cols: str | None, d: int) -> None:
    group = Isotropy.parse(blocks, rows, cols)
    for of, vectors in occurring(group, d, True):
        for vector in vectors:
            assert vector.any()
            for block, size in enumerate(group.blocks):
                scalar = content(of.component, block, int(size.at(d)))
                assert (class_sum(vector, group, block, d) == scalar * vector).all()


@types
def test_copies_are_irreducible_and_independent(blocks: str, rows: str | None, cols: str | None, d: int) -> None:
    group = Isotropy.parse(blocks, rows, cols)
    for second_layer in (False, True):
        for of, vectors in occurring(group, d, second_layer):
            dimension = of.component.dimension(group).at(d)
            assert rank(vectors) == len(vectors)
            assert all(len(orbit_span([v], group, d)) == dimension for v in vectors)
            assert len(orbit_span(vectors, group, d)) == dimension * len(vectors)


@types
def test_components_fill_the_space_and_are_orthogonal(blocks: str, rows: str | None, cols: str | None, d: int) -> None:
    group = Isotropy.parse(blocks, rows, cols)
    k = int(group.k.at(d))
    for second_layer in (False, True):
        spans = [orbit_span(vectors, group, d) for _, vectors in occurring(group, d, second_layer)]
        for left, right in combinations([np.array(s) for s in spans if s], 2):
            assert not (left @ right.T).any()
        assert sum(len(s) for s in spans) == k * (d + second_layer)


@pytest.mark.parametrize(
    ("blocks", "rows", "cols", "d"),
    [t for t in TYPES if t[3] >= 4 and t[0] in ("d", "d-2,2", "d-3,2,1", "d-2", "d/2", "d-2,3")],
)
def test_number_of_copies_by_characters(blocks: str, rows: str | None, cols: str | None, d: int) -> None:
    """The isotypic components of the whole space are joint eigenspaces of the class sums: their dimensions, by rank."""
    group = Isotropy.parse(blocks, rows, cols)
    k = int(group.k.at(d))
    unit = np.eye(k * (d + 1), dtype=int)
    sums = [np.array([class_sum(e, group, b, d) for e in unit]) for b in range(len(group.blocks))]
    for of, vectors in occurring(group, d, True):
        shifted = [s - content(of.component, b, int(group.blocks[b].at(d))) * unit for b, s in enumerate(sums)]
        nullity = len(unit) - rank(np.hstack(shifted))
        assert nullity == of.component.dimension(group).at(d) * len(vectors)


@settings(max_examples=20)
@given(young_types(), st.integers(24, 40))
def test_representatives_are_independent_wherever_blocks_are_large(group: Isotropy, d: int) -> None:
    for component in components(group):
        of = copies(group, component, True)
        assert independent(of, Fraction(d)) == list(range(len(of)))
        assert len({r.name for r in of.representatives}) == len(of)


# the paper's vector of section 4.2 ------------------------------------------------------------------------------------


def paper_vector(d: int) -> np.ndarray:
    """Rows 1, 2, 3 as displayed; row j > 3 is (0, -1, 1, 0, ..., 0)."""
    rows = [[0, d - 3, 3 - d, *[0] * (d - 3)], [d - 3, 0, 0, *[-1] * (d - 3)], [3 - d, 0, 0, *[1] * (d - 3)]]
    rows += [[0, -1, 1, *[0] * (d - 3)] for _ in range(d - 3)]
    return np.array(rows).reshape(-1)


@pytest.mark.parametrize("d", [4, 5, 6, 7])
def test_the_displayed_vector_spans_a_copy_of_the_y_component(d: int) -> None:
    group = Isotropy.parse("d")
    of = copies(group, Component("y", (0,)), False)
    span = orbit_span([explicit(of, 0, d, False)], group, d)
    assert len(span) == d * (d - 3) // 2
    assert rank([*span, paper_vector(d)]) == len(span)
    assert len(orbit_span([paper_vector(d)], group, d)) == len(span)
    wrong = paper_vector(d)
    wrong[1] += 1
    assert rank([*span, wrong]) == len(span) + 1


# refinements ----------------------------------------------------------------------------------------------------------


def test_refinement_splits_single_indices_off() -> None:
    group = Isotropy.parse("d-2,2", "1,2,*", "1,2")
    fine = refine(group, (0, 1), 2)
    assert [str(size) for size in fine.isotropy.blocks] == ["1", "1", "d - 4", "1", "1"]
    assert [(p.orbit, p.part) for p in fine.rows] == [(0, 0), (0, 1), (0, "rest"), (1, 0), (1, 1), (2, "whole")]
    assert [(p.orbit, p.part) for p in fine.cols] == [(0, 0), (0, 1), (0, "rest"), (1, 0), (1, 1)]
    assert refine(group, (), 0).isotropy == group


@pytest.mark.parametrize("second_layer", [False, True])
def test_second_layer_representatives_do_not_move_rows(second_layer: bool) -> None:
    found: list[Any] = []
    for component in components(Isotropy.parse("d-2,2", "1,1,2,*", "1,2")):
        for r in copies(Isotropy.parse("d-2,2", "1,1,2,*", "1,2"), component, second_layer).representatives:
            assert bool(r.rows) != bool(r.second)
            found += [r] if r.second else []
    assert len(found) == (4 + 2 + 1 if second_layer else 0)  # t: each row orbit; s1: two; s2: one
