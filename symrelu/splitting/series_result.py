"""What more neurons do to a family for d -> infinity, as values: exact series in t = d**(-1/2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symrelu import __version__
from symrelu.catalogue import FamilyKey
from symrelu.columns import aligned
from symrelu.errors import TruncatedTooSoon
from symrelu.exact import generators
from symrelu.exact.constants import BallField
from symrelu.exact.printing import series_latex
from symrelu.exact.series import Series
from symrelu.spectrum.result import coefficient_texts
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component, Dimension
from symrelu.symmetry.size import Size


@dataclass(frozen=True, repr=False)
class SplitBranch:
    """One eigenvalue branch of D of the rows of one orbit (from 0): a series in t = d**(-1/2), with its multiplicity in
    R^d. ``branch`` counts from 1, ascending within the component for large d. ``row``: that orbit.
    """

    row: int
    component: Component
    branch: int
    multiplicity: Dimension
    series: Series

    def __repr__(self) -> str:
        return f"<row orbit {self.row + 1}, {self.component.name}.{self.branch}: {self.series}>"


@dataclass(frozen=True, repr=False)
class WidthSeries:
    """What more neurons do to a family for large d.

    Attributes
    ----------
    branches: every eigenvalue of D of a row of each orbit, through t**order, without the 0 along the row. slopes:
    for each orbit of targets their number, and the slope of the loss for a new neuron that leaves 0 towards one.
    rests_on: what the proof assumes, "" for nothing.
    """

    key: FamilyKey
    isotropy: Isotropy
    order: int
    branches: tuple[SplitBranch, ...]
    slopes: tuple[tuple[Size, Series], ...]
    loss: Series
    proof: str
    rests_on: str = ""
    version: str = __version__

    def negative(self, row: int) -> list[SplitBranch]:
        """The branches of a row orbit (from 0) that are negative for all large d, by exact signs.

        Raises TruncatedTooSoon if a sign is not known yet.
        """
        found = []
        for b in self.branches:
            if b.row != row or b.series.is_exact_zero:
                continue
            if not b.series.coefficients:
                raise TruncatedTooSoon(
                    f"the sign of {b.component.name}.{b.branch} of row orbit {row + 1} is not known at order "
                    f"{self.order}; give a higher order"
                )
            if b.series.field.sign(b.series.leading) < 0:
                found.append(b)
        return found

    def text(self) -> str:
        """The series as tables."""
        lines = [
            f"family {self.key.label()}, more than k = {self.isotropy.k} neurons; t = d**(-1/2)",
            "splitting a neuron w keeps network and loss; the Hessian gains, once for each neuron more, the form "
            "D = Phi''(w) of its row, whose eigenvalues are (and 0 along w)",
            "",
        ]
        rows = [("row orbit", "component", "branch", "multiplicity", "eigenvalue of D")]
        for b in self.branches:
            value = "0  (exactly)" if b.series.is_exact_zero else str(b.series)
            rows.append((str(b.row + 1), b.component.name, str(b.branch), str(b.multiplicity), value))
        lines += aligned(rows)
        lines += [
            "",
            "slope of the loss for a new neuron that leaves 0 towards a target (times beta, they sum to -2 loss):",
            "",
        ]
        heads = [("target orbit", "targets", "slope")]
        lines += aligned(heads + [(str(i), n, str(x)) for i, n, x in self._targets()])
        fields = [b.series.field for b in self.branches]
        lines += ["", *generators.lines(fields)] if generators.declared(fields) else []
        return "\n".join([*lines, "", f"proved by  {self.proof}"])

    __str__ = text

    def __repr__(self) -> str:
        return f"<WidthSeries {self.key.label()}, through t**{self.order}>"

    def _targets(self) -> list[tuple[int, str, Series]]:
        return [(i, str(size), x) for i, (size, x) in enumerate(self.slopes, 1)]

    def latex(self) -> str:
        """The eigenvalues of D as a LaTeX table."""
        rows = []
        for b in self.branches:
            name = rf"\mathfrak{{{b.component.kind}}}" + "".join(f"_{{{i + 1}}}" for i in b.component.blocks)
            value = "0" if b.series.is_exact_zero else series_latex(b.series)
            rows.append(rf"{b.row + 1} & {name} & {str(b.multiplicity).replace('*', '')} & {value} \\")
        head = r"\text{row orbit} & \text{component} & \text{multiplicity} & \text{eigenvalue of } D \\ \hline"
        return "\n".join([r"\begin{array}{llll}", head, *rows, r"\end{array}"])

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def to_json(self) -> dict[str, Any]:
        """The series as plain data: coefficients of t**0, t**1, ..."""

        def texts(x: Series) -> list[Any]:
            return coefficient_texts(x, self.order, 0)

        fields = [*(b.series.field for b in self.branches), *(x.field for _, x in self.slopes), self.loss.field]
        return {
            "family": self.key.name,
            "k": str(self.isotropy.k),
            "ramification": self.loss.ramification,
            "order": self.order,
            "field": generators.field_json(fields),
            "exact": not any(isinstance(field, BallField) for field in fields),
            "splitting": [
                {
                    "row_orbit": b.row + 1,
                    "component": b.component.name,
                    "branch": b.branch,
                    "multiplicity": str(b.multiplicity),
                    "coefficients": texts(b.series),
                }
                for b in self.branches
            ],
            "slopes": [{"target_orbit": i, "targets": n, "coefficients": texts(x)} for i, n, x in self._targets()],
            "loss": texts(self.loss),
            "proved_by": self.proof,
            "rests_on": self.rests_on or None,
            "version": self.version,
        }
