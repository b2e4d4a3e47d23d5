"""The spectra of several families side by side: for each group of eigenvalues the first power of t at which they part.

Branches of different families have no names in common (their isotropy groups differ), so spectra are compared as
multisets of series. All branches that agree through t**(p-1) form a group; while every family has each coefficient of
t**p equally often, the group is split by these coefficients and t**(p+1) is looked at; else the families part at t**p.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import TYPE_CHECKING, Any

import sympy

from symrelu.catalogue import FamilyKey
from symrelu.columns import aligned
from symrelu.errors import BadInput
from symrelu.exact.field import Element
from symrelu.exact.series import Series, monomial
from symrelu.series.lifting import Progress
from symrelu.spectrum.result import FIRST_POWER, Eigenvalue, by_value

if TYPE_CHECKING:
    from symrelu.families import Family


@dataclass(frozen=True)
class Part:
    """What one family has in a group: a term c t**power, how often (a polynomial in d), and in which branches.

    ``multiplicity``: how often.
    """

    term: Series
    text: str
    multiplicity: sympy.Expr
    branches: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Eigenvalues that agree below t**power: the terms they share, and the parts of each family at t**power.

    ``power`` is None, and there are no parts, if nothing tells the families apart as far as was asked. ``shared``: the
    terms they share; ``multiplicity``: how many eigenvalues, in d.
    """

    shared: Series
    power: int | None
    multiplicity: sympy.Expr
    parts: tuple[tuple[Part, ...], ...] = ()


@dataclass(frozen=True, repr=False)
class Parting:
    """Where the spectra of several families part, both layers trained: groups of eigenvalues in ascending order."""

    families: tuple[FamilyKey, ...]
    order: int
    groups: tuple[Group, ...]

    def text(self) -> str:
        """Each group's shared terms and multiplicity, then the coefficients, families that agree together."""
        lines = [
            "Hessian eigenvalues, both layers trained: the first power of t = d**(-1/2) at which the families part, "
            "with each family's coefficients, their multiplicities and branches",
        ]
        for group in self.groups:
            head = f"{group.shared}   multiplicity {group.multiplicity}"
            if group.power is None:
                lines += ["", f"{head}: equal through t**{self.order}"]
                continue
            lines += ["", f"{head}: part at t**{group.power}"]
            rows = [
                (members if n == 0 else "", part.text, str(part.multiplicity), ", ".join(part.branches))
                for members, parts in self._alike(group)
                for n, part in enumerate(parts)
            ]
            lines += [f"  {line}" for line in aligned(rows)]
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<Parting of {', '.join(key.name or key.label() for key in self.families)}, through t**{self.order}>"

    def latex(self) -> str:
        """The table as a LaTeX array in powers of d."""
        heads = (r"\text{shared terms}", r"\text{families}", r"\text{term that parts them}", r"\text{multiplicity}")
        rows = [" & ".join(heads)]
        for group in self.groups:
            shared = sympy.latex(group.shared)
            if group.power is None:
                rows.append(rf"{shared} & \text{{all}} & \text{{none}} & {sympy.latex(group.multiplicity)}")
            for members, parts in self._alike(group):
                left = rf"{shared} & \text{{{members}}}"
                for part in parts:
                    rows.append(f"{left} & {sympy.latex(part.term)} & {sympy.latex(part.multiplicity)}")
                    left = " &"
                shared = ""
        rows[0] += r" \\ \hline"
        body = " \\\\\n".join(rows[1:])
        return "\\begin{array}{llll}\n" + rows[0] + "\n" + body + "\n\\end{array}"

    def _latex(self, printer: Any) -> str:
        return self.latex()

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def to_json(self) -> dict[str, Any]:
        """The table as plain data (``symrelu compare --format json`` with any number of families but two)."""
        return {
            "families": [key.name or key.label() for key in self.families],
            "layers": 2,
            "order": self.order,
            "first_power": FIRST_POWER,
            "spectrum_parting": [
                {
                    "shared": self._coefficients(group),
                    "multiplicity": str(group.multiplicity),
                    "power": group.power,
                    "parts": [
                        [
                            {
                                "coefficient": part.text,
                                "multiplicity": str(part.multiplicity),
                                "branches": list(part.branches),
                            }
                            for part in parts
                        ]
                        for parts in group.parts
                    ],
                }
                for group in self.groups
            ],
        }

    def _coefficients(self, group: Group) -> list[str]:
        stop = self.order + 1 if group.power is None else group.power
        return [group.shared.field.text(c) for c in group.shared.known(FIRST_POWER, stop)]

    def _alike(self, group: Group) -> list[tuple[str, tuple[Part, ...]]]:
        """The families of a group, those with the same coefficients in the same multiplicities together."""
        found: dict[tuple, tuple[list[str], tuple[Part, ...]]] = {}
        for key, parts in zip(self.families, group.parts, strict=False):
            kind = tuple((part.text, part.multiplicity) for part in parts)
            members, merged = found.setdefault(kind, ([], parts))
            if members:  # branches are named for one family, or where the names agree
                same = [a.branches == b.branches for a, b in zip(merged, parts, strict=True)]
                merged = tuple(a if x else replace(a, branches=()) for a, x in zip(merged, same, strict=True))
            found[kind] = ([*members, key.name or key.label()], merged)
        return [(" ".join(members), parts) for members, parts in found.values()]


Branches = tuple[tuple[Eigenvalue, ...], ...]  # of each family


def part_spectra(families: Sequence[Family], order: int, progress: Progress | None = None) -> Parting:
    """Where the spectra of the families part, looked at through t**order; both layers trained.

    Raises BadInput for fewer than two families, and for orders that a spectrum refuses.
    """
    if len(families) < 2:
        raise BadInput(f"{len(families)} families were given; give two or more to compare, such as 1a 2a 3b")
    spectra = [family.spectrum(order, 2, progress) for family in families]
    groups = list(_groups(tuple(s.eigenvalues for s in spectra), FIRST_POWER, order))
    groups.sort(key=cmp_to_key(lambda x, y: by_value(x.shared, y.shared)))
    return Parting(tuple(s.key for s in spectra), order, tuple(groups))


def _groups(members: Branches, power: int, order: int) -> Iterator[Group]:
    """The groups that branches which agree below t**power fall into."""
    first = next(e for family in members for e in family)
    shared = first.series if first.is_zero else first.series.truncate(power).exact()
    if power > order or all(e.is_zero for family in members for e in family):
        shared = first.series if first.is_zero else first.series.truncate(power)
        yield Group(shared, None, _multiplicity(members[0]))
        return
    split = [_by_coefficient(family, power) for family in members]
    counts = [{c: _multiplicity(of) for c, of in found.items()} for found in split]
    if any(count != counts[0] for count in counts):
        parts = tuple(_sorted(_part(c, of, power) for c, of in found.items()) for found in split)
        yield Group(shared, power, _multiplicity(members[0]), parts)
        return
    for c in counts[0]:
        yield from _groups(tuple(found[c] for found in split), power + 1, order)


def _by_coefficient(branches: Sequence[Eigenvalue], power: int) -> dict[Element, tuple[Eigenvalue, ...]]:
    """The branches by their coefficient of t**power."""
    found: dict[Element, tuple[Eigenvalue, ...]] = {}
    for e in branches:
        (c,) = e.series.known(power, power + 1)
        found[c] = (*found.get(c, ()), e)
    return found


def _sorted(parts: Iterable[Part]) -> tuple[Part, ...]:
    def compare(x: Part, y: Part) -> int:
        return by_value(x.term, y.term)

    return tuple(sorted(parts, key=cmp_to_key(compare)))


def _part(c: Element, branches: Sequence[Eigenvalue], power: int) -> Part:
    field = branches[0].series.field
    names = tuple(f"{e.component.name}.{e.branch}" for e in branches)
    return Part(monomial(field, c, power), field.text(c), _multiplicity(branches), names)


def _multiplicity(branches: Sequence[Eigenvalue]) -> sympy.Expr:
    return sympy.factor(sum((e.multiplicity.sympy() for e in branches), sympy.Integer(0)))
