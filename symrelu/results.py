"""Results as values: the series of a family, frozen, comparable, printable as text and LaTeX, written to JSON and
read back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from symrelu import __version__
from symrelu.catalogue import FamilyKey
from symrelu.errors import BadInput
from symrelu.exact import generators
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.constants import BallField
from symrelu.exact.field import Field, NotASquare
from symrelu.exact.immutable import Immutable
from symrelu.exact.series import Series, dimension, monomial
from symrelu.exact.square_roots import SquareRootField, smallest_field
from symrelu.model.padding import padding_remark
from symrelu.model.reduced import ReducedPoint
from symrelu.model.row_symmetry import Orbits
from symrelu.model.rows import Relation
from symrelu.model.setting import PAPER, Setting
from symrelu.symmetry.actual import ActualIsotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.multiplicity import Count, group_order
from symrelu.symmetry.size import D

JSON_FORMAT = 1


@dataclass(frozen=True, repr=False)
class FamilySeries(Immutable):
    """The entries and the loss of a family of critical points as exact series in t = d**(-1/2), all coefficients
    of t**0 .. t**order.

    Attributes
    ----------
    family: its name in Theorem 1, or None. asked: the group in whose fixed space it was computed. limit: the
    entries at d = infinity.
    actual: the isotropy of the critical points themselves. equal_entries: for each coordinate the first one
    proved equal to it. field: the coefficients' field. entries: name -> series over it. loss: the loss.
    multiplicity: how many distinct critical points the family stands for, at each d, by permutations of rows
    and columns that leave the loss unchanged. proof: what proves it, in a
    line. ramification: r in t = d**(-1/r). setting, branch: as asked for. system: the leading system that constants
    without exact form solve; digits: how many digits of them are printed (None: all coefficients are exact).

    The entries are :class:`symrelu.exact.series.Series`: new series are formed from them by arithmetic, with
    :attr:`d`, :meth:`norm`, :meth:`angle`, :meth:`trace`.
    """

    family: str | None
    asked: Isotropy
    limit: tuple[Fraction | None, ...]
    actual: ActualIsotropy
    equal_entries: tuple[int, ...]
    order: int
    field: Field
    entries: Mapping[str, Series]
    loss: Series
    multiplicity: Count | Orbits | None
    proof: str
    ramification: int = 2
    setting: Setting = PAPER
    branch: int | None = None
    system: str = ""
    digits: int | None = None
    version: str = dataclass_field(default=__version__, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))

    def __hash__(self) -> int:
        return hash((self.asked, self.limit, self.order, tuple(self.entries.items()), self.loss))

    @property
    def key(self) -> FamilyKey:
        """What singles the family out."""
        exact = tuple(x for x in self.limit if x is not None)
        limit = exact if len(exact) == len(self.limit) else None
        return FamilyKey(self.asked, limit, self.family, self.setting, self.branch)

    @property
    def is_exact(self) -> bool:
        """Whether the coefficients are exact numbers, not balls."""
        return not isinstance(self.field, BallField)

    @property
    def is_closed_form(self) -> bool:
        """True if nothing is truncated: the family is constant (1a)."""
        return all(x.is_exact for x in self.entries.values())

    # -- new series from it --------------------------------------------------------------------------------------------

    @property
    def d(self) -> Series:
        """The dimension d = t**-2 as an exact series."""
        return dimension(self.field, self.ramification)

    def _point(self, over: Field) -> ReducedPoint:
        problem = self.setting.problem(FixedSpace(self.asked))
        values = [x.over(over) for x in self.entries.values()]
        return problem.at(SeriesArithmetic(over, self.ramification), values, self.d.over(over))

    def _from_point(self, compute: Callable[[ReducedPoint], Series]) -> Series:
        """A series computed from norms and angles, with the square roots adjoined that it forces."""
        over = self.field
        while True:
            try:
                return compute(self._point(over))
            except NotASquare as error:
                over = SquareRootField(over, error.radicand)

    @property
    def smallest_field(self) -> Field:
        """The field that the printed coefficients generate: the working one without roots that do not occur."""
        return smallest_field(self.field, [c for x in (*self.entries.values(), self.loss) for c in x.coefficients])

    def size(self, row: int) -> Series:
        """The number of rows in a row orbit (from 1), as a series."""
        return self._orbit_size(row)

    def _orbit_size(self, row: int) -> Series:
        self._check_row(row)
        value = self.asked.orbit_size(self.asked.rows[row - 1]).at(self.d)
        return monomial(self.field, value, 0, self.ramification) if isinstance(value, int) else value

    def _check_row(self, row: int) -> None:
        if not 1 <= row <= len(self.asked.rows):
            raise BadInput(
                f"row orbit {row} was asked for, but {self.asked.label()} has the row orbits 1 .. "
                f"{len(self.asked.rows)}"
            )

    def norm(self, row: int) -> Series:
        """The norm of the rows of a row orbit (from 1)."""
        self._check_row(row)

        def norm(point: ReducedPoint) -> Series:
            p: Series = point.norm(False, row - 1)[0]
            return p.sqrt()

        return self._from_point(norm)

    def angle(self, row: int, other: int, *, target: bool = False, same: bool = False) -> Series:
        """The angle theta between a row of orbit ``row`` and one of orbit ``other`` (from 1) of W, or of the target V.

        ``same`` asks for the rows of the same index of a block (a row and its own teacher), otherwise they
        are two different ones. Raises BadInput for an orbit that is not there, or for rows that have no partner of
        that kind.
        """
        self._check_row(row)
        if not 1 <= other <= (len(self.asked.cols) if target else len(self.asked.rows)):
            raise BadInput(f"orbit {other} was asked for, but {self.asked.label()} has not so many")
        a = self.asked.rows[row - 1]
        b = (self.asked.cols if target else self.asked.rows)[other - 1]
        if not same and not target and row == other and self.asked.orbit_size(a).is_one:
            raise BadInput(f"two different rows of row orbit {row} were asked for, but it has one; try another orbit")
        relation = (
            Relation.UNRELATED
            if a.block is None or a.block != b.block
            else Relation.SAME
            if same
            else Relation.DISTINCT
        )

        def angle(point: ReducedPoint) -> Series:
            psi: Series = point.gram((False, row - 1, target, other - 1, relation)).psi
            return psi * -1 + psi.field.pi

        return self._from_point(angle)

    def trace(self) -> Series:
        """The sum of the diagonal entries (k = d, one row orbit a block). Raises BadInput for other types."""
        space = FixedSpace(self.asked)
        if not self.asked.is_diagonal:
            raise BadInput(f"the trace needs one row and one column orbit a block; {self.asked.label()} has others")
        total: Series = monomial(self.field, 0, 0, self.ramification)
        for c, x in zip(space.coordinates, self.entries.values(), strict=True):
            if c.row == c.col and c.kind != "other":
                total = total + self._orbit_size(c.row + 1) * x
        return total

    # -- printing ------------------------------------------------------------------------------------------------------

    def notes(self) -> list[str]:
        """What a reader should know besides the numbers."""
        lines = []
        if self.actual.is_larger:
            lines.append(
                f"the critical points have more symmetry than {self.asked.label()}: their isotropy is "
                f"{self.actual.label()}"
            )
        remark = padding_remark(self.setting.problem(FixedSpace(self.asked)))
        return [*lines, remark] if remark else lines

    def text(self) -> str:
        """The series as text, one line an entry."""
        square = self.asked.k == D and self.setting == PAPER
        lines = [f"family {self.key.label()}{'  (k = d, V = I)' if square else ''}"]
        over = f"exact over {self.smallest_field.name}" if self.is_exact else "coefficients enclosed in balls"
        lines.append(f"t = d**(-1/{self.ramification}); {over}")
        lines += [f"note: {note}" for note in self.notes()]
        lines.append("")
        width = max(map(len, [*self.entries, "loss"]))
        for name, x in [*self.entries.items(), ("loss", self.loss)]:
            text = x.text() if self.is_exact else x.text_to(self.digits or 15)
            lines.append(f"{name:<{width}} = {text}{'  (exactly)' if x.is_exact else ''}")
        lines += generators.lines([self.smallest_field])
        if self.system:
            lines += ["", "the constants solve", self.system]
        lines += ["", f"isotropy      {self.actual.label()}, order {group_order(self.actual)}"]
        lines += [f"multiplicity  {self.multiplicity or 'not decided'}", f"proved by     {self.proof}"]
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<FamilySeries {self.key.label()}, through t**{self.order}>"

    def _sympystr(self, printer: Any) -> str:
        return self.text()

    def latex_formulas(self) -> list[tuple[str, str]]:
        """The two sides of each formula for an entry, and of that for the loss at the end."""
        import sympy

        def symbol(name: str) -> str:
            letter, index = name.split("_")
            return rf"{'' if letter == 'a' else chr(92)}{letter}_{{{index}}}"

        formulas = [(symbol(name), sympy.latex(x)) for name, x in self.entries.items()]
        return [*formulas, (r"\mathcal{L}(W(d), \alpha(d))", sympy.latex(self.loss))]

    def latex_point(self) -> tuple[str, str]:
        """W in block form and the second layer, with the rescalings of neurons that leave the network unchanged."""
        problem = self.setting.problem(FixedSpace(self.asked))
        degree = problem.kernel.degree
        alpha = problem.space.latex_alpha(degree, problem.alpha or ())
        return problem.space.latex(rescaled=degree is not None), alpha

    def latex(self) -> str:
        """The family as the paper prints it: W in block form, then entries and loss in powers of d, then
        the multiplicity.
        """
        matrix, alpha = self.latex_point()
        rows = [rf"W(d) &= {matrix}, \qquad \alpha(d) = {alpha}"]
        rows += [f"{left} &= {right}" for left, right in self.latex_formulas()]
        rows += [f"& {line}" for line in generators.latex_lines([self.smallest_field])]
        count = r"\text{not decided}" if self.multiplicity is None else self.multiplicity.latex()
        rows.append(rf"\text{{isotropy }} &{self.actual.latex()}, \quad \text{{multiplicity }} {count}")
        return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"

    def _latex(self, printer: Any) -> str:
        return self.latex()

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    # -- JSON ----------------------------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """The result as plain data (the contract of ``symrelu series --format json``)."""
        return {
            "format": JSON_FORMAT,
            "family": self.family,
            "isotropy": isotropy_json(self.actual),
            "asked": {**young_json(self.asked), "limit": [None if x is None else str(x) for x in self.limit]},
            **({"setting": self.setting.to_json()} if self.setting != PAPER else {}),
            **({"branch": self.branch} if self.branch is not None else {}),
            **({"leading_system": self.system} if self.system else {}),
            "ramification": self.ramification,
            "order": self.order,
            "field": generators.field_json([self.smallest_field]) if self.is_exact else self._ball_field_json(),
            "exact": self.is_exact,
            "closed_form": self.is_closed_form,
            "entries": {name: self._coefficients(x) for name, x in self.entries.items()},
            "loss": self._coefficients(self.loss),
            "multiplicity": None if self.multiplicity is None else str(self.multiplicity),
            "proved_by": self.proof,
            "equal_entries": list(self.equal_entries),
            "notes": self.notes(),
            "version": self.version,
        }

    def _coefficients(self, x: Series) -> list[Any]:
        if isinstance(self.field, BallField):
            return [self.field.json(c, self.digits or 15) for c in x.known(0, self.order + 1)]
        return [self.field.text(c) for c in x.known(0, self.order + 1)]

    def _ball_field_json(self) -> dict[str, Any]:
        assert isinstance(self.field, BallField)
        return {"base": self.field.name, "generators": [], "bits": self.field.bits, "digits": self.digits}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FamilySeries:
        """The result that :meth:`to_json` wrote. Its proof is quoted, not repeated; BadInput for data that
        are not such a result.
        """
        from symrelu.results_json import read_series

        return read_series(data)


def young_json(isotropy: Isotropy) -> dict[str, Any]:
    """A Young-type group as plain data."""

    def orbits(values: tuple[Orbit, ...]) -> list[int | str]:
        return ["*" if o.block is None else o.block + 1 for o in values]

    return {"blocks": [str(b) for b in isotropy.blocks], "rows": orbits(isotropy.rows), "cols": orbits(isotropy.cols)}


def isotropy_json(actual: ActualIsotropy) -> dict[str, Any]:
    """An isotropy group as plain data."""
    return {
        **young_json(actual.isotropy),
        "order": str(group_order(actual)),
        "label": actual.label(),
        "larger_than_asked": actual.is_larger,
    }


__all__ = ["FamilySeries"]
