"""The isotropy lattice: complete against brute force over all subgroups, and the symbolic one against the complete."""

import math
from functools import cache
from itertools import permutations

import networkx
import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.inhabitants import named_inhabitants
from symrelu.reference.isotropy import isotropy_group, isotropy_order
from symrelu.reference.lattice import isotropy_classes, subgroup_classes
from symrelu.symmetry.closure import closed_classes, generators
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.lattice import Lattice, complete_lattice, young_lattice
from symrelu.symmetry.young_lattice import YoungType, diagonal_types, lies_in, separate_types, young_types

SMALL = [(1, 1), (1, 4), (4, 1), (2, 2), (2, 3), (3, 2), (3, 3)]


@cache
def lattice(k: int, d: int) -> Lattice:
    return complete_lattice(k, d, named_inhabitants())


def agrees_with_brute_force(k: int, d: int) -> None:
    classes, inclusions = isotropy_classes(k, d)
    ours = lattice(k, d)
    assert sorted((c.order, c.orbits, len(c.members)) for c in classes) == sorted(
        (int(t.order), t.dim_fix, t.conjugates) for t in ours.types
    )
    theirs = networkx.DiGraph(inclusions)
    theirs.add_nodes_from(range(len(classes)))
    for i, one in enumerate(classes):
        theirs.nodes[i]["is"] = (one.order, one.orbits, len(one.members))
    closure = networkx.transitive_closure_dag(ours.graph)
    for one in ours.types:
        closure.nodes[one.id]["is"] = (int(one.order), one.dim_fix, one.conjugates)
    assert networkx.is_isomorphic(theirs, closure, node_match=lambda a, b: a["is"] == b["is"])


@pytest.mark.parametrize(("k", "d"), SMALL)
def test_complete_lattice_is_that_of_all_subgroups(k: int, d: int) -> None:
    agrees_with_brute_force(k, d)


@pytest.mark.slow
def test_complete_lattice_of_4_x_4_is_that_of_all_subgroups() -> None:
    agrees_with_brute_force(4, 4)


def test_brute_force_counts_subgroups_that_are_known() -> None:
    # S_1 x S_4 has 30 subgroups in 11 classes (OEIS A005432, A000638); S_1 x S_3 has 6 in 4
    assert [(len(c), sum(len(one.members) for one in c)) for c in (subgroup_classes(1, 3), subgroup_classes(1, 4))] == [
        (4, 6),
        (11, 30),
    ]


def test_one_row_gives_the_partitions() -> None:
    # isotropy groups of a row of d numbers: which of them are equal
    assert [len(closed_classes(1, d).classes) for d in range(1, 7)] == [1, 2, 3, 5, 7, 11]


@pytest.mark.parametrize(("k", "d"), [(2, 3), (3, 3), (3, 4), (4, 4)])
def test_each_type_is_the_isotropy_group_of_its_pattern(k: int, d: int) -> None:
    for one in lattice(k, d).types:
        assert one.pattern is not None
        assert isotropy_order(one.pattern) == int(one.order), one.group
        assert len({x for row in one.pattern for x in row}) == one.dim_fix
        assert set(one.generators) <= set(isotropy_group(one.pattern))


def test_generators_generate() -> None:
    for one in lattice(4, 4).types:
        assert one.pattern is not None
        found = generators(one.pattern)
        group = {(tuple(range(4)), tuple(range(4)))}
        fresh = list(group)
        while fresh:
            pi, rho = fresh.pop()
            for p, r in found:
                image = tuple(p[x] for x in pi), tuple(r[x] for x in rho)
                if image not in group:
                    group.add(image)
                    fresh.append(image)
        assert len(group) == int(one.order), one.group


def test_every_matrix_has_a_type_of_the_list() -> None:
    rng = np.random.default_rng(5)
    classes = closed_classes(3, 4)
    for _ in range(100):
        W = rng.integers(0, 3, (3, 4))
        group = list(isotropy_group(W))
        orbits = np.array([[min(pi[i] * 4 + rho[j] for pi, rho in group) for j in range(4)] for i in range(3)])
        place = classes.find(orbits)
        assert place is not None and classes.classes[place].order == len(group)


def test_rows_and_columns_change_places_by_transposition() -> None:
    shape = lambda one: (int(one.order), one.dim_fix, one.conjugates)  # noqa: E731
    assert sorted(map(shape, lattice(2, 3).types)) == sorted(map(shape, lattice(3, 2).types))


def test_inclusions_go_up_and_are_covers() -> None:
    ours = lattice(4, 4)
    graph = ours.graph
    assert networkx.is_directed_acyclic_graph(graph)
    assert set(networkx.transitive_reduction(graph).edges) == set(ours.inclusions)
    for i, j in ours.inclusions:
        assert i < j and ours.types[i].dim_fix > ours.types[j].dim_fix
        assert int(ours.types[j].order) % int(ours.types[i].order) == 0
    assert [v for v in graph if not graph.in_degree(v)] == [0] and ours.types[0].group == "1"
    assert [v for v in graph if not graph.out_degree(v)] == [50]


def test_groups_that_are_not_young() -> None:
    ours = {one.group: one for one in lattice(3, 3).types}
    circulant = ours["order 3: Delta<(1 2 3)>"]
    assert circulant.dim_fix == 3 and circulant.young is None and not circulant.is_diagonal
    assert circulant.pattern == ((0, 1, 2), (2, 0, 1), (1, 2, 0))
    assert [one.group for one in lattice(3, 3).types if one.young is None] == [circulant.group]
    assert sum(one.young is None for one in lattice(4, 4).types) == 14


def test_families_are_shown_where_they_live() -> None:
    living = {one.group: one.families for one in lattice(4, 4).types if one.families}
    assert living == {
        "Delta(S_3 x S_1)": ("2a", "2b", "4"),
        "Delta(S_2 x S_2)": ("3a", "3b"),
        "Delta S_4": ("1a", "1b"),
    }
    assert not any(one.families for one in lattice(2, 3).types)  # they have k = d
    symbolic = {one.group: one.families for one in young_lattice(3, families=named_inhabitants()).types if one.families}
    assert symbolic["Delta(S_{d-3} x S_3)"] == ("4",) and len(symbolic) == 4


def test_young_types_alone() -> None:
    young = lattice(4, 4).of_young_type()
    assert len(young.types) == 37 and [one.id for one in young.types] == list(range(37))
    whole = networkx.transitive_closure_dag(lattice(4, 4).graph)
    here = networkx.transitive_closure_dag(young.graph)
    place = {one.group: one.id for one in lattice(4, 4).types}
    number = [place[one.group] for one in young.types]
    assert all(whole.has_edge(number[i], number[j]) == here.has_edge(i, j) for i in here for j in here if i != j)


@pytest.mark.parametrize(("k", "d"), [(1, 4), (2, 3), (3, 3), (3, 4), (4, 4)])
def test_inclusion_of_young_types_is_that_of_the_groups(k: int, d: int) -> None:
    classes = closed_classes(k, d)
    graph = networkx.DiGraph(classes.inclusions)
    graph.add_nodes_from(range(len(classes.classes)))
    closure = networkx.transitive_closure_dag(graph)
    types = {}
    for one in young_types(k, d):
        place = classes.find(one.pattern())
        assert place is not None
        if classes.classes[place].order == one.order:
            types[place] = one
    assert all(
        lies_in(one, other) == (i == j or closure.has_edge(i, j))
        for i, one in types.items()
        for j, other in types.items()
    )


# -- d a symbol --------------------------------------------------------------------------------------------------------


def test_diagonal_types_are_partitions() -> None:
    ours = young_lattice(4)
    assert len(ours.types) == 1 + 1 + 2 + 3 + 5
    # of m into parts: Delta(S_{d-m} x S_1 ...) counts with Delta(S_{d-m'}) only once
    names = {one.group: one for one in ours.types}
    assert names["Delta S_d"].dim_fix == 2 and names["Delta(S_{d-1} x S_1)"].dim_fix == 5
    assert names["Delta(S_{d-2} x S_2)"].order == "2*factorial(d - 2)"
    assert names["Delta(S_{d-4} x S_2 x S_2)"].dim_fix == 9 + 3


def test_inclusions_are_refinements() -> None:
    ours = young_lattice(5)
    closure = networkx.transitive_closure_dag(ours.graph)

    def refines(fine: tuple[int, ...], coarse: tuple[int, ...]) -> bool:
        """Whether the parts of one partition sum to those of the other, by trying all."""
        if not coarse:
            return not fine
        return any(
            sum(fine[i] for i in chosen) == coarse[0]
            and refines(tuple(x for i, x in enumerate(fine) if i not in chosen), coarse[1:])
            for r in range(1, len(fine) + 1)
            for chosen in {tuple(sorted(c)) for c in permutations(range(len(fine)), r)}
        )

    d = 100  # large against all parts
    parts = [tuple(size.at(d) for size in one.isotropy.blocks) for one in ours.types if one.isotropy]
    for i, fine in enumerate(parts):
        for j, coarse in enumerate(parts):
            if i != j:
                assert closure.has_edge(i, j) == refines(fine, coarse), (fine, coarse)


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_symbolic_types_are_found_in_the_complete_lattice(extra: int) -> None:
    d = 4
    ours, complete = young_lattice(1, extra, separate=True), lattice(d + extra, d)
    place = {one.young: one.id for one in complete.types if one.young}
    closure = networkx.transitive_closure_dag(complete.graph)
    here = networkx.transitive_closure_dag(ours.graph)
    there = []
    for one in ours.types:
        assert one.isotropy is not None
        number = place[YoungType.of(one.isotropy, d)]
        assert complete.types[number].dim_fix == one.dim_fix == FixedSpace(one.isotropy).dim
        there.append(number)
    assert all(here.has_edge(i, j) == closure.has_edge(there[i], there[j]) for i in here for j in here if i != j)


def test_names_are_those_of_the_groups() -> None:
    for one in (*diagonal_types(4), *separate_types(2)):
        isotropy = one.isotropy()
        assert isotropy is not None
        assert isotropy.group_name() == one.name()
        assert YoungType.of(isotropy) == one
    assert YoungType.of(Isotropy.parse("d-2,2", "1,2", "1,2"), 5).name() == "Delta(S_3 x S_2)"
    assert YoungType.of(Isotropy.parse("d", "1,1"), 3).name() == "Delta S_3[2,1]"
    assert YoungType.of(Isotropy.parse("d-3,1,1,1"), 6).latex() == (r"\Delta(S_3\times S_1^{3})",)


def test_sizes_at_one_d_become_a_type_for_all() -> None:
    one = YoungType.of(Isotropy.parse("d-2,2", "1,2,*"), 7)
    assert one.isotropy(7) == Isotropy.parse("d-2,2", "1,2,*")
    rows = YoungType.of(Isotropy.parse("d-1,d", "1,*", "2"), 5)
    assert rows.isotropy(5) == Isotropy.parse("d,d-1", "2,*", "1")
    assert YoungType((), 3, 3).isotropy(3) is None


def test_not_every_young_group_is_an_isotropy_group() -> None:
    twice = YoungType.of(Isotropy.parse("d-4,2", "1,2,2", "1,*,*,*,*"))  # its rows alone can be moved separately
    assert not twice.is_closed()
    assert YoungType.of(Isotropy.parse("d-4,2,2", "1,2,3", "1,*,*,*,*")).is_closed()


# -- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "d", "words"), [(0, 3, "at least one"), (3, -1, "at least one"), (6, 6, "--d d"), (10**9, 2, "--d d")]
)
def test_sizes_out_of_range(k: int, d: int, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        complete_lattice(k, d)


@pytest.mark.parametrize(("most", "extra", "separate"), [(-1, 0, False), (13, 0, False), (5, 0, True), (2, -3, False)])
def test_symbolic_types_out_of_range(most: int, extra: int, separate: bool) -> None:
    with pytest.raises(BadInput, match="given"):
        young_lattice(most, extra, separate)


def test_number_of_conjugates() -> None:
    found = {one.group: one.conjugates for one in lattice(4, 4).types}
    assert found["Delta S_4"] == math.factorial(4)  # (1, sigma) conjugates, none of them normalises
    assert found["rows(S_2) x columns(S_3)"] == 6 * 4
