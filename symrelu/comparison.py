"""Two families side by side: where their losses and entries part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from symrelu.errors import BadInput
from symrelu.exact import generators
from symrelu.exact.series import Series
from symrelu.families import Family
from symrelu.results import FamilySeries
from symrelu.series.lifting import Progress
from symrelu.spectrum.result import FIRST_POWER, Eigenvalue, FamilySpectrum, by_value, coefficient_texts
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy


@dataclass(frozen=True)
class Comparison:
    """The difference (second minus first) of two families: of the losses, and of the entries in a common
    refinement of their types.

    ``refinement`` is the type in whose fixed space both families lie, the second's small block nested in the
    first's or conversely. ``loss_difference``, ``entries_difference``: series through t**order; ``spectra``: the two
    families' spectra.
    """

    first: FamilySeries
    second: FamilySeries
    order: int
    loss_difference: Series
    refinement: Isotropy
    entries_difference: dict[str, Series]
    spectra: tuple[FamilySpectrum, FamilySpectrum]

    def text(self) -> str:
        """The comparison as text."""
        lines = [f"first   {self.first.key.label()}", f"second  {self.second.key.label()}"]
        lines += [f"t = d**(-1/{self.loss_difference.ramification})", ""]
        width = max(len("loss"), *map(len, self.entries_difference))
        lines.append("loss")
        for name, x in (
            ("first", self.first.loss),
            ("second", self.second.loss),
            ("second - first", self.loss_difference),
        ):
            lines.append(f"  {name:<14}  {x}")
        lines.append(f"entries, second - first, in the coordinates of {self.refinement.label()}")
        lines += [f"  {name:<{width}} = {x}" for name, x in self.entries_difference.items()]
        lines += ["Hessian eigenvalues, both layers trained (total multiplicity: of the first, of the second)"]
        for value, first, second in self.spectrum_difference():
            mark = " " if first == second else "*"
            lines.append(f"  {mark}  {_or_dash(first):<32}  {_or_dash(second):<32}  {value}")
        lines.append("  (* marks where the spectra part)")
        lines += generators.lines(value.field for value, _, _ in self._spectrum_rows())
        return "\n".join(lines)

    __str__ = text

    def spectrum_difference(self) -> list[tuple[str, str, str]]:
        """Each distinct eigenvalue series through t**order of either family, with its total multiplicity in
        the first and the second.

        Multiplicities are sums of the branches' dimensions as text in d; "0" where a family has no such eigenvalue.
        """
        return [(str(value), first, second) for value, first, second in self._spectrum_rows()]

    def _spectrum_rows(self) -> list[tuple[Series, str, str]]:
        values: list[Series] = []
        first: list[list[Eigenvalue]] = []
        second: list[list[Eigenvalue]] = []
        for spectrum, sides in zip(self.spectra, (first, second), strict=True):
            for e in spectrum.eigenvalues:
                x = e.series if e.is_zero else e.series.truncate(self.order + 1)
                place = next((i for i, value in enumerate(values) if not by_value(value, x)), len(values))
                if place == len(values):
                    values.append(x)
                    first.append([])
                    second.append([])
                sides[place].append(e)

        def compare(i: int, j: int) -> int:
            return by_value(values[i], values[j])

        order = sorted(range(len(values)), key=cmp_to_key(compare))
        named = generators.numbered([values[i] for i in order])
        return [(x, _total(first[i]), _total(second[i])) for x, i in zip(named, order, strict=True)]

    def latex(self) -> str:
        """The differences as LaTeX; then each eigenvalue after its multiplicities in the first and in the second."""
        import sympy

        rows = [rf"\mathcal{{L}}_2 - \mathcal{{L}}_1 &= {sympy.latex(self.loss_difference)}"]
        rows += [
            rf"\Delta {name.replace('_', '_{')}}} &= {sympy.latex(x)}" for name, x in self.entries_difference.items()
        ]
        found = self._spectrum_rows()
        rows += [
            rf"{_or_dash(x).replace('*', '')},\ {_or_dash(y).replace('*', '')}:\quad & {sympy.latex(value)}"
            for value, x, y in found
        ]
        rows += [rf"& {line}" for line in generators.latex_lines(value.field for value, _, _ in found)]
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def to_json(self) -> dict[str, Any]:
        """The comparison as plain data (the contract of ``symrelu compare --format json``)."""
        return {
            "families": [self.first.to_json(), self.second.to_json()],
            "order": self.order,
            "loss_difference": coefficient_texts(self.loss_difference, self.order, 0),
            "entries_difference": {
                name: coefficient_texts(x, self.order, 0) for name, x in self.entries_difference.items()
            },
            "entries_in": [str(size) for size in self.refinement.blocks],
            "field": generators.field_json(value.field for value, _, _ in self._spectrum_rows()),
            "spectrum_difference": [
                {
                    "first_power": FIRST_POWER,
                    "coefficients": coefficient_texts(value, self.order),
                    "multiplicity": [first, second],
                }
                for value, first, second in self._spectrum_rows()
            ],
        }


def compare(first: Family, second: Family, order: int, progress: Progress | None = None) -> Comparison:
    """Both families to t**order, and their differences.

    The families' types must be d or d-m,m; the entries are compared where both families live, the smaller small
    block inside the larger. ``first`` and ``second``: the families.
    """
    one, two = first.series(order, progress), second.series(order, progress)
    refinement = _common_refinement(one.asked, two.asked)
    entries = {}
    for name, x, y in zip(
        FixedSpace(refinement).names, _refined(one, refinement), _refined(two, refinement), strict=True
    ):
        entries[name] = y - x
    spectra = (first.spectrum(order, 2, progress), second.spectrum(order, 2, progress))
    return Comparison(one, two, order, two.loss - one.loss, refinement, entries, spectra)


def _total(members: list[Eigenvalue]) -> str:
    """The sum of the branches' multiplicities, a polynomial in d, as text."""
    import sympy

    return str(sympy.expand(sum(e.multiplicity.sympy() for e in members)))


def _or_dash(multiplicity: str) -> str:
    return "-" if multiplicity == "0" else multiplicity


def _small(isotropy: Isotropy) -> int:
    """m in d-m,m (0 for the type d)."""
    if len(isotropy.blocks) > 2 or not isotropy.is_diagonal:
        raise BadInput(f"families of types d and d-m,m are compared; {isotropy.label()} is neither")
    return int(isotropy.blocks[1].const) if len(isotropy.blocks) == 2 else 0


def _common_refinement(one: Isotropy, two: Isotropy) -> Isotropy:
    low, high = sorted((_small(one), _small(two)))
    sizes = [f"d-{high}" if high else "d"] + [str(m) for m in (high - low, low) if m]
    return Isotropy.diagonal(",".join(sizes))


def _refined(result: FamilySeries, refinement: Isotropy) -> list[Series]:
    """The family's entries in the coordinates of the finer type, whose last blocks make up the family's small block."""
    space = FixedSpace(result.asked)
    small = _small(result.asked)
    owner, rest = [], small
    for size in reversed(refinement.blocks):
        inside = rest > 0 and size.is_constant
        owner.append(1 if inside else 0)
        rest -= int(size.const) if inside else 0
    owner.reverse()
    series = list(result.entries.values())
    entries = []
    for coordinate in FixedSpace(refinement).coordinates:
        i, j = owner[coordinate.row], owner[coordinate.col]
        single = result.asked.blocks[i].is_one
        if i != j or single:
            kind = "all"
        else:
            kind = "own" if coordinate.row == coordinate.col and coordinate.kind != "other" else "other"
        entries.append(series[space.position(i, j, kind)])  # type: ignore[arg-type]
    return entries
