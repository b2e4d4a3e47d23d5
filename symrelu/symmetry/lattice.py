"""The isotropy lattice: conjugacy classes of isotropy subgroups of S_k x S_d on M(k, d), and which lies in which.

Complete for small k and d (`complete_lattice`); Young-type groups for every d at once, d a symbol (`young_lattice`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from symrelu.columns import aligned
from symrelu.errors import BadInput
from symrelu.symmetry.closure import ClosedClasses, Permutation, closed_classes, generators
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.multiplicity import group_order
from symrelu.symmetry.size import D
from symrelu.symmetry.young_lattice import YoungType, diagonal_types, lies_in, separate_types, young_types

Progress = Callable[[str], None]
Inhabitant = tuple[Isotropy, str]
"""A family: its isotropy group and what it is called."""
Pattern = tuple[tuple[int, ...], ...]
Generators = tuple[tuple[Permutation, Permutation], ...]


@dataclass(frozen=True)
class IsotropyType:
    """One conjugacy class of isotropy subgroups.

    id: its number from 0, dimensions of fixed spaces descending; group: its name; latex: its direct factors; order: in
    integers, d and factorial(...); dim_fix: the dimension of the fixed space. conjugates: how many groups the class
    has, where d is a number. young: the group as a Young-type one, if it is. isotropy: the same as other commands take
    it (None if it is not of Young type, or moves no columns). pattern: a matrix with this isotropy group, where d is a
    number. generators: of the isotropy group of that matrix, for groups that are not of Young type. families: those
    that live there.
    """

    id: int
    group: str
    latex: tuple[str, ...]
    order: str
    dim_fix: int
    conjugates: int | None
    young: YoungType | None
    isotropy: Isotropy | None
    pattern: Pattern | None
    generators: Generators
    families: tuple[str, ...] = ()

    @property
    def is_diagonal(self) -> bool:
        """Whether the group is Delta(S_{n_1} x ... x S_{n_r})."""
        return self.young is not None and self.young.is_diagonal

    def to_json(self) -> dict[str, Any]:
        """The class as plain data."""
        words = None
        if self.isotropy is not None:
            words = {
                "blocks": [str(size) for size in self.isotropy.blocks],
                "rows": [_orbit(orbit.block) for orbit in self.isotropy.rows],
                "cols": [_orbit(orbit.block) for orbit in self.isotropy.cols],
            }
        return {
            "id": self.id,
            "group": self.group,
            "order": self.order,
            "dim_fix": self.dim_fix,
            "conjugates": self.conjugates,
            "young": self.young is not None,
            "diagonal": self.is_diagonal,
            "isotropy": words,
            "generators": [
                {"rows": [x + 1 for x in pi], "columns": [x + 1 for x in rho]} for pi, rho in self.generators
            ],
            "pattern": None if self.pattern is None else [[x + 1 for x in row] for row in self.pattern],
            "families": list(self.families),
        }


@dataclass(frozen=True)
class Lattice:
    """Types and their inclusions.

    k, d: as text. inclusions: pairs (i, j) of ids where groups of type j cover those of type i: a group of type i lies
    in one of type j, and no other type of the list is between. scope: what is listed, in words. types: the isotropy
    types, their ids being their places.
    """

    k: str
    d: str
    types: tuple[IsotropyType, ...]
    inclusions: tuple[tuple[int, int], ...]
    scope: str

    @cached_property
    def graph(self) -> Any:
        """The Hasse diagram as a networkx DiGraph: nodes are ids with plain attributes, an edge goes from the smaller
        group to the larger one. Its transitive closure is the inclusion of groups up to conjugacy.
        """
        import networkx

        graph = networkx.DiGraph(k=self.k, d=self.d, scope=self.scope)
        for one in self.types:
            graph.add_node(
                one.id,
                group=one.group,
                order=one.order,
                dim_fix=one.dim_fix,
                kind="diagonal" if one.is_diagonal else "young" if one.young is not None else "other",
                families=", ".join(one.families),
            )
        graph.add_edges_from(self.inclusions)
        return graph

    def to_json(self) -> dict[str, Any]:
        """The lattice as plain data (the contract of ``symrelu lattice --format json``)."""
        return {
            "k": self.k,
            "d": self.d,
            "types": [one.to_json() for one in self.types],
            "inclusions": [list(pair) for pair in self.inclusions],
            "inclusions_mean": "[smaller, larger]: ids of types of which the second covers the first, up to conjugacy",
            "scope": self.scope,
        }

    def graphml(self) -> str:
        """The Hasse diagram as GraphML."""
        import networkx

        return "\n".join(networkx.generate_graphml(self.graph))

    def text(self) -> str:
        """The lattice as a table, a line for each type."""
        covers: dict[int, list[str]] = {one.id: [] for one in self.types}
        for i, j in self.inclusions:
            covers[i].append(str(j))
        head = ["id", "group", "order", "dim Fix", "conjugates", "families", "covered by"]
        rows = [head]
        for one in self.types:
            count = "" if one.conjugates is None else str(one.conjugates)
            families = ", ".join(one.families)
            rows.append(
                [str(one.id), one.group, one.order, str(one.dim_fix), count, families, " ".join(covers[one.id])]
            )
        kept = [i for i in range(len(head)) if i < 4 or any(row[i] for row in rows[1:])]
        lines = aligned([[row[i] for i in kept] for row in rows])
        title = f"isotropy subgroups of S_k x S_d on M(k, d), up to conjugacy: k = {self.k}"
        title += ", any d" if self.d == "d" else f", d = {self.d}"
        return "\n".join([title, "", *lines, "", self.scope])

    __str__ = text

    def of_young_type(self) -> Lattice:
        """The Young-type classes alone, renumbered, with the inclusions among them."""
        import networkx

        kept = [one for one in self.types if one.young is not None]
        place = {one.id: i for i, one in enumerate(kept)}
        below = networkx.transitive_closure_dag(self.graph).subgraph(place)
        pairs = sorted((place[i], place[j]) for i, j in networkx.transitive_reduction(below).edges)
        types = tuple(replace(one, id=place[one.id]) for one in kept)
        scope = f"the {len(kept)} classes of Young type among {len(self.types)}"
        return Lattice(self.k, self.d, types, tuple(pairs), scope)


def _orbit(block: int | None) -> int | str:
    return "*" if block is None else block + 1


def complete_lattice(k: int, d: int, families: Iterable[Inhabitant] = (), progress: Progress | None = None) -> Lattice:
    """All conjugacy classes of isotropy subgroups of S_k x S_d on M(k, d), with the families that live in each.

    k, d: positive integers with k! d! at most `closure.LARGEST_GROUP`; the list is complete (`symrelu.symmetry.closure`
    states why). families: their groups are taken at this d; those of another k, or whose blocks are no positive
    integers at this d, are left out. Raises BadInput for other sizes.
    """
    found = closed_classes(k, d, progress)
    young: dict[int, YoungType] = {}
    for one in young_types(k, d):
        place = found.find(one.pattern())
        if place is not None and found.classes[place].order == one.order:
            young[place] = one
    living = _living(found, families)
    types = []
    for i, closed in enumerate(found.classes):
        kind = young.get(i)
        pattern: Pattern = closed.pattern
        moves: Generators = ()
        if kind is not None:
            pattern, name, latex = kind.pattern(), kind.name(), kind.latex()
        else:
            pattern, moves, name = _other(closed.pattern)
            latex = (rf"\mathrm{{order}}\ {closed.order}",)
            name = f"order {closed.order}: {name}"
        types.append(
            IsotropyType(
                id=i,
                group=name,
                latex=latex,
                order=str(closed.order),
                dim_fix=closed.dim_fix,
                conjugates=closed.conjugates,
                young=kind,
                isotropy=kind.isotropy(d) if kind else None,
                pattern=pattern,
                generators=moves,
                families=tuple(living.get(i, ())),
            )
        )
    scope = f"complete: all {len(types)} classes, of {sum(c.conjugates for c in found.classes)} isotropy subgroups"
    return Lattice(str(k), str(d), tuple(types), _reduced(len(types), found.inclusions), scope)


def _living(found: ClosedClasses, families: Iterable[Inhabitant]) -> dict[int, list[str]]:
    living: dict[int, list[str]] = {}
    for isotropy, name in families:
        if isotropy.k.at(found.d) != found.k:
            continue
        try:
            pattern = FixedSpace(isotropy).index_matrix(found.d)
        except BadInput:  # a block is no positive integer at this d
            continue
        place = found.find(pattern)
        assert place is not None, "the orbits of a group are the orbits of its closure"
        living.setdefault(place, []).append(name)
    return living


def _other(pattern: Pattern) -> tuple[Pattern, Generators, str]:
    """Matrix, generators and name of a group that is not of Young type; diagonal, if one of its conjugates is."""
    from itertools import permutations

    import numpy as np

    moves = generators(pattern)
    d = len(pattern[0])
    for sigma in permutations(range(d)) if len(pattern) == d else ():
        # columns in the order sigma: rho becomes sigma^-1 rho sigma
        if all(sigma[pi[j]] == rho[sigma[j]] for pi, rho in moves for j in range(d)):
            moves = tuple((pi, pi) for pi, _ in moves)
            _, first, labels = np.unique(np.asarray(pattern)[:, list(sigma)], return_index=True, return_inverse=True)
            turn = np.argsort(np.argsort(first))
            pattern = tuple(map(tuple, turn[labels].reshape(len(pattern), d).tolist()))
            return pattern, moves, f"Delta<{', '.join(_cycles(pi) for pi, _ in moves)}>"
    words = [f"{_cycles(pi)}|{_cycles(rho)}" for pi, rho in moves]
    return pattern, moves, f"<{', '.join(words)}>"


def _cycles(permutation: Permutation) -> str:
    """A permutation as a product of cycles of the numbers from 1; the identity is 1."""
    seen: set[int] = set()
    cycles = ""
    for start in range(len(permutation)):
        cycle, point = [], start
        while point not in seen:
            seen.add(point)
            cycle.append(str(point + 1))
            point = permutation[point]
        if len(cycle) > 1:
            cycles += f"({' '.join(cycle)})"
    return cycles or "1"


def young_lattice(
    max_block: int = 4, extra_rows: int = 0, separate: bool = False, families: Iterable[Inhabitant] = ()
) -> Lattice:
    """Young-type isotropy groups for every d at once, with k = d + extra_rows.

    max_block: the largest number of columns (and, for k = d, rows) outside the growing blocks. separate: whether rows
    and columns may be moved separately too (`young_lattice.separate_types`); otherwise the groups are
    Delta(S_{d-m} x S_lambda), lambda a partition. families: those whose type is listed are shown there. The statements
    hold wherever every block has two points or more and no growing block is as small as a constant one. Raises BadInput
    for numbers out of range.
    """
    found = (separate_types if separate else diagonal_types)(max_block, extra_rows)
    dims: dict[YoungType, tuple[int, Isotropy]] = {}
    for one in found:
        isotropy = one.isotropy()
        assert isotropy is not None, "d columns need a growing block"
        dims[one] = FixedSpace(isotropy).dim, isotropy
    found.sort(key=lambda one: (-dims[one][0], len(one.blocks), one.name()))
    living: dict[YoungType, list[str]] = {}
    for group, name in families:
        living.setdefault(YoungType.of(group), []).append(name)
    types = tuple(
        IsotropyType(
            id=i,
            group=one.name(),
            latex=one.latex(),
            order=str(group_order(dims[one][1])),
            dim_fix=dims[one][0],
            conjugates=None,
            young=one,
            isotropy=dims[one][1],
            pattern=None,
            generators=(),
            families=tuple(living.get(one, ())),
        )
        for i, one in enumerate(found)
    )
    pairs = [(i, j) for i, one in enumerate(found) for j, other in enumerate(found) if i != j and lies_in(one, other)]
    kind = "isotropy groups of Young type" if separate else "groups Delta(S_{d-m} x S_lambda), lambda a partition"
    scope = f"all {kind} with at most {max_block} columns outside the growing block, for large d"
    return Lattice(str(D + extra_rows), "d", types, _reduced(len(types), pairs), scope)


def _reduced(count: int, pairs: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The covering pairs of the partial order that these pairs generate."""
    import networkx

    graph = networkx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(pairs)
    return tuple(sorted(networkx.transitive_reduction(graph).edges))
