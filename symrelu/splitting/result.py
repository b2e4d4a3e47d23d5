"""What more neurons do to a family, as values: at one d, and as exact series for d -> infinity."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu import __version__
from symrelu.catalogue import FamilyKey
from symrelu.errors import BadInput, TruncatedTooSoon
from symrelu.exact import generators
from symrelu.exact.printing import series_latex
from symrelu.exact.series import Series
from symrelu.paths.evaluation_result import Number, table
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.isotypic import Component, Dimension
from symrelu.symmetry.size import Size

# -- for d -> infinity -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, repr=False)
class SplitBranch:
    """One eigenvalue branch of D of the rows of one orbit (from 0): a series in t = d**(-1/2), with its multiplicity in
    R^d. ``branch`` counts from 1, ascending within the component for large d.
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
    """

    key: FamilyKey
    isotropy: Isotropy
    order: int
    branches: tuple[SplitBranch, ...]
    slopes: tuple[tuple[Size, Series], ...]
    loss: Series
    proof: str
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
            "splitting a neuron w keeps network and loss; the Hessian gains, once for each neuron more, the form",
            "D = Phi''(w) of its row, whose eigenvalues are (and 0 along w)",
            "",
        ]
        rows = [("row orbit", "component", "branch", "multiplicity", "eigenvalue of D")]
        for b in self.branches:
            value = "0  (exactly)" if b.series.is_exact_zero else str(b.series)
            rows.append((str(b.row + 1), b.component.name, str(b.branch), str(b.multiplicity), value))
        lines += table(rows)
        lines += [
            "",
            "slope of the loss for a new neuron that leaves 0 towards a target (times beta, they sum to -2 loss):",
            "",
        ]
        heads = [("target orbit", "targets", "slope")]
        lines += table(heads + [(str(i), n, str(x)) for i, n, x in self._targets()])
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

        def texts(x: Series) -> list[str]:
            return [x.field.text(c) for c in x.known(0, self.order + 1)]

        fields = [*(b.series.field for b in self.branches), *(x.field for _, x in self.slopes), self.loss.field]
        return {
            "family": self.key.name,
            "k": str(self.isotropy.k),
            "ramification": self.loss.ramification,
            "order": self.order,
            "field": generators.field_json(fields),
            "exact": True,
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
            "version": self.version,
        }


# -- at one d ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SplitValue:
    """One eigenvalue of D at one d, with its multiplicity in R^d (formal where a block size is no integer)."""

    component: str
    branch: int
    multiplicity: Fraction
    number: Number


@dataclass(frozen=True)
class WidthRow:
    """What splitting does to a row of one orbit.

    Attributes
    ----------
    orbit: number of the row orbit, from 1; neurons: how many rows it has. values: the eigenvalues of D, without the 0
    along the row. negative, zero: how many of them, with multiplicity: what each neuron more adds to index and nullity
    (to the nullity one more, the line of splittings). proved: whether ``negative`` is proved by balls.
    """

    orbit: int
    neurons: Fraction
    values: tuple[SplitValue, ...]
    negative: Fraction
    zero: Fraction
    proved: bool = False


@dataclass(frozen=True)
class AtWidth:
    """The critical points with k neurons, k real, that splitting makes of one with fewer: all of the same loss.

    least, most: the smallest and largest index over all ways to spread the k - k0 neurons over the rows (formal where k
    or a block size is no integer). lines: the nullity that splitting adds at least, k - k0. verdict: "minimum" or
    "saddle" at k = k0; "saddle" if every splitting is one, "some saddles" if only some are, else "degenerate".
    """

    k: Fraction
    least: Fraction
    most: Fraction
    lines: Fraction
    verdict: str


@dataclass(frozen=True, repr=False)
class Widths:
    """What more neurons do to a critical point at one d: k as a real number.

    Attributes
    ----------
    k: the neurons of the point itself. loss: the same for every number of neurons reached by splitting. index: the
    negative directions of the point, with multiplicity. rows: the forms D by row orbit. slopes: for each orbit of
    targets (their number, and the slope of the loss when a new neuron leaves 0 towards one). zero_loss: whether
    the point fits the target exactly. loss_with_one_more: what one neuron that leaves 0 towards the best target brings
    the loss down to. proved: whether the indices are proved in balls, else numerical.
    """

    label: str
    name: str | None
    d: Fraction
    k: Fraction
    digits: int
    loss: Number
    index: Fraction
    rows: tuple[WidthRow, ...]
    slopes: tuple[tuple[Fraction, Number], ...]
    zero_loss: bool
    loss_with_one_more: Any = None
    proved: bool = False
    version: str = __version__

    def at(self, k: Fraction | int) -> AtWidth:
        """The split points with k neurons, any real k from the point's own on. Raises BadInput for a smaller k."""
        k = Fraction(k)
        if k < self.k:
            raise BadInput(
                f"k = {k} was given, but the point has {self.k} neurons: splitting only adds; give k >= {self.k}"
            )
        more = k - self.k
        least = self.index + more * min(row.negative for row in self.rows)
        most = self.index + more * max(row.negative for row in self.rows)
        if not more:
            verdict = "saddle" if self.index else "minimum"
        else:
            verdict = "saddle" if least else "some saddles" if most else "degenerate"
        return AtWidth(k, least, most, more, verdict)

    @property
    def threshold(self) -> Fraction | None:
        """The k beyond which, for every real k, some splitting of this point is a saddle: its own number of neurons, or
        None if no splitting adds a negative direction.

        No other number can be a threshold: the inertia of each new block does not depend on k.
        """
        return self.k if self.index or any(row.negative for row in self.rows) else None

    def text(self, ks: Sequence[Fraction] = ()) -> str:
        """The answer as text, with a line for each number of neurons in ``ks`` (default: k, k + 1, k + 2)."""
        how = "proved in balls" if self.proved else "numerical"
        lines = [
            f"family {self.label}  at d = {self.d}, k = {self.k} neurons",
            f"loss {self.loss.text(self.digits)}, {_plain(self.index)} negative directions ({how})",
            "",
            "splitting a neuron w: network and loss stay, for any real number of copies; the Hessian gains, once for",
            "each neuron more, the form D = Phi''(w) of its row (0 along w: a line of critical points)",
            "",
        ]
        rows = [("row orbit", "neurons", "component", "branch", "multiplicity", "eigenvalue of D")]
        for row in self.rows:
            for v in row.values:
                rows.append(
                    (
                        str(row.orbit),
                        _plain(row.neurons),
                        v.component,
                        str(v.branch),
                        _plain(v.multiplicity),
                        v.number.text(self.digits),
                    )
                )
        lines += [*table(rows), ""]
        for row in self.rows:
            lines.append(
                f"each neuron more on row orbit {row.orbit}: {_plain(row.negative)} negative directions more"
                + (" (proved)" if row.proved else "")
            )
        lines += [""]
        heads = [("k", "loss", "negative directions", "lines of critical points", "verdict")]
        for at in self._at(ks):
            span = _plain(at.least) if at.least == at.most else f"{_plain(at.least)} to {_plain(at.most)}"
            heads.append((_plain(at.k), "the same", span, _plain(at.lines), at.verdict))
        lines += [*table(heads), ""]
        if self.threshold is None:
            lines.append("no number of further copies adds a negative direction")
        else:
            lines.append(
                f"a splitting is a saddle for every real k > {self.threshold}: there is no other threshold in k"
            )
        if self.zero_loss:
            lines.append("the loss is 0: no point of any width is lower")
        else:
            best = min(self.slopes, key=lambda pair: pair[1].value)[1].text(min(self.digits, 10))
            lines += [
                f"a new neuron that leaves 0 towards a target changes the loss at first order, slope {best} at best",
                "(theorem: the slopes of all targets, each times its beta, sum to -2 loss)",
            ]
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<Widths {self.label} at d = {self.d}>"

    def _at(self, ks: Sequence[Fraction]) -> list[AtWidth]:
        return [self.at(k) for k in (ks or (self.k, self.k + 1, self.k + 2))]

    def to_json(self, ks: Sequence[Fraction] = ()) -> dict[str, Any]:
        """The answer as plain data; numbers that are formal counts are fractions as text."""
        return {
            "family": self.name,
            "d": str(self.d),
            "k": str(self.k),
            "digits": self.digits,
            "loss": self.loss.text(self.digits),
            "negative": str(self.index),
            "splitting": [
                {
                    "row_orbit": row.orbit,
                    "neurons": str(row.neurons),
                    "negative": str(row.negative),
                    "zero": str(row.zero),
                    "proved": row.proved,
                    "eigenvalues": [
                        {
                            "component": v.component,
                            "branch": v.branch,
                            "multiplicity": str(v.multiplicity),
                            "value": v.number.text(self.digits),
                        }
                        for v in row.values
                    ],
                }
                for row in self.rows
            ],
            "slopes": [
                {"target_orbit": i, "targets": str(n), "slope": x.text(self.digits)}
                for i, (n, x) in enumerate(self.slopes, 1)
            ],
            "widths": [
                {
                    "k": str(at.k),
                    "loss": self.loss.text(self.digits),
                    "least_negative": str(at.least),
                    "most_negative": str(at.most),
                    "lines": str(at.lines),
                    "verdict": at.verdict,
                }
                for at in self._at(ks)
            ],
            "threshold_k": None if self.threshold is None else str(self.threshold),
            "proved": self.proved,
            "version": self.version,
        }


def _plain(x: Fraction) -> str:
    """An integer as such, a fraction as a decimal if it is one of few digits."""
    if x.denominator == 1:
        return str(x)
    return f"{float(x):.6g}"
