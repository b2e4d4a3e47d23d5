"""The Hessian spectrum of a family as a value: every eigenvalue branch as an exact series, with its multiplicity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cmp_to_key
from typing import Any

from symrelu import __version__
from symrelu.catalogue import FamilyKey
from symrelu.columns import aligned
from symrelu.errors import BadInput, TruncatedTooSoon, Undecided
from symrelu.exact import algebraic, generators
from symrelu.exact.constants import BallField
from symrelu.exact.extension import order_of
from symrelu.exact.field import Field
from symrelu.exact.immutable import Immutable
from symrelu.exact.series import Series
from symrelu.symmetry.actual import ActualIsotropy
from symrelu.symmetry.isotypic import Component, Dimension

BALL_DIGITS = 15  # of coefficients without exact form
FIRST_POWER = -2  # the largest eigenvalues grow like d = t**-2


@dataclass(frozen=True, repr=False)
class Eigenvalue:
    """One eigenvalue branch of one isotypic component: lambda as a series in t, with the component's dimension as
    multiplicity.

    ``branch`` counts from 1, ascending within the component for large d. The rescaling zeros are the exact series 0.
    """

    component: Component
    branch: int
    multiplicity: Dimension
    series: Series

    @property
    def is_zero(self) -> bool:
        """True for a rescaling zero: exactly 0, not O(t**N)."""
        return self.series.is_exact_zero

    def __repr__(self) -> str:
        return f"<{self.component.name}.{self.branch} of multiplicity {self.multiplicity}: {self.series}>"


@dataclass(frozen=True, repr=False)
class FamilySpectrum(Immutable):
    """The Hessian spectrum along a family, every branch right through t**order.

    ``layers`` is 2 (W and alpha trained: k(d+1) eigenvalues, k of them exactly 0) or 1 (W alone, alpha = 1: kd
    eigenvalues). ``actual`` is the isotropy of the
    critical points, whose isotypic decomposition this is; the multiplicities sum to k(d+1) or kd. ``proof``: what was
    checked, in words; ``ramification`` r: t = d**(-1/r).
    """

    key: FamilyKey
    actual: ActualIsotropy
    layers: int
    order: int
    eigenvalues: tuple[Eigenvalue, ...]
    proof: str
    ramification: int = 2
    version: str = __version__

    def __post_init__(self) -> None:
        series = generators.numbered([e.series for e in self.eigenvalues])
        values = tuple(replace(e, series=x) for e, x in zip(self.eigenvalues, series, strict=True))
        object.__setattr__(self, "eigenvalues", values)

    def _fields(self) -> list[Field]:
        return [e.series.field for e in self.eigenvalues]

    def of(self, component: str) -> list[Eigenvalue]:
        """The branches of the component of that name (t, s1, x1, y1, s1*s2). BadInput if it does not occur."""
        found = [e for e in self.eigenvalues if e.component.name == component]
        if not found:
            known = ", ".join(dict.fromkeys(e.component.name for e in self.eigenvalues))
            raise BadInput(f"there is no component {component!r} for {self.actual.label()}; its components are {known}")
        return found

    def negative_at_large_d(self) -> list[Eigenvalue]:
        """The branches that are negative for all large d, decided by exact signs; TruncatedTooSoon if a
        sign is not known yet.
        """
        found = []
        for e in self.eigenvalues:
            if e.is_zero:
                continue
            if not e.series.coefficients:
                raise TruncatedTooSoon(
                    f"the sign of the branch {e.component.name}.{e.branch} is not known at order {self.order}; "
                    "give a higher order"
                )
            if e.series.field.sign(e.series.leading) < 0:
                found.append(e)
        return found

    def text(self) -> str:
        """The spectrum as a table."""
        what = "both layers trained" if self.layers == 2 else "the first layer trained, the second fixed at 1"
        lines = [
            f"Hessian spectrum of family {self.key.label()}",
            f"{what}; isotropy {self.actual.label()}; t = d**(-1/{self.ramification})",
            "",
        ]
        rows = [
            (e.component.name, str(e.branch), str(e.multiplicity), "0  (exactly)" if e.is_zero else str(e.series))
            for e in self.eigenvalues
        ]
        heads = ("component", "branch", "multiplicity", "eigenvalue")
        lines += aligned([heads, *rows])
        lines += ["", *generators.lines(self._fields())] if generators.declared(self._fields()) else []
        return "\n".join([*lines, "", f"proved by  {self.proof}"])

    __str__ = text

    def __repr__(self) -> str:
        return f"<FamilySpectrum {self.key.label()}, {self.layers} trained, through t**{self.order}>"

    def _sympystr(self, printer: Any) -> str:
        return self.text()

    def latex_rows(self) -> list[tuple[str, str, str]]:
        """Component, eigenvalue and multiplicity of every branch in LaTeX."""
        import sympy

        return [
            (
                _component_latex(e.component),
                "0" if e.is_zero else sympy.latex(e.series),
                _dimension_latex(e.multiplicity),
            )
            for e in self.eigenvalues
        ]

    def latex(self) -> str:
        """The spectrum as a LaTeX table, like the paper's Theorem 2."""
        body = " \\\\\n".join(" & ".join(row) for row in self.latex_rows())
        table = (
            "\\begin{array}{lll}\n\\text{component} & \\text{eigenvalue} & \\text{multiplicity} \\\\ \\hline\n"
            + body
            + "\n\\end{array}"
        )
        below = generators.latex_lines(self._fields())
        if not below:
            return table
        return "\\begin{array}{l}\n" + " \\\\\n".join([table, *below]) + "\n\\end{array}"

    def _latex(self, printer: Any) -> str:
        return self.latex()

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def to_json(self) -> dict[str, Any]:
        """The spectrum as plain data (the contract of ``symrelu spectrum --format json``)."""
        from symrelu.results import isotropy_json

        balls = any(isinstance(field, BallField) for field in self._fields())
        return {
            "family": self.key.name,
            "isotropy": isotropy_json(self.actual),
            "layers": self.layers,
            "ramification": self.ramification,
            "first_power": -self.ramification,
            "order": self.order,
            "field": generators.field_json(self._fields()),
            "exact": not balls,
            "eigenvalues": [
                {
                    "component": e.component.name,
                    "branch": e.branch,
                    "multiplicity": str(e.multiplicity),
                    "coefficients": coefficient_texts(e.series, self.order, -self.ramification),
                }
                for e in self.eigenvalues
            ],
            "proved_by": self.proof,
            "version": self.version,
        }


def coefficient_texts(x: Series, order: int, first: int = FIRST_POWER) -> list[Any]:
    """The coefficients of t**first .. t**order, exactly or as balls. Undecided, a bug, if there are terms before."""
    if x.coefficients and x.valuation < first:
        raise Undecided(f"{x} grows faster than d, which no eigenvalue was thought to do; please report this")
    if isinstance(x.field, BallField):
        return [x.field.json(c, BALL_DIGITS) for c in x.known(first, order + 1)]
    return [x.field.text(c) for c in x.known(first, order + 1)]


def by_value(x: Series, y: Series) -> int:
    """-1, 0 or 1 as x is less than, equal (as far as known) to, or greater than y for all small t > 0."""
    if x.field != y.field and (algebraic.generators(x.field) or algebraic.generators(y.field)):
        return _by_coefficients(x, y)
    difference = x - y
    return difference.field.sign(difference.leading) if difference.coefficients else 0


def _by_coefficients(x: Series, y: Series) -> int:
    """The same, number by number: no field is needed that contains both, which for conjugate ones would be large."""
    start = min(x.valuation, y.valuation)
    ends = [z.valuation + len(z.coefficients) if z.precision is None else z.precision for z in (x, y)]
    stop = (
        max(ends)
        if x.is_exact and y.is_exact
        else min(end for end, z in zip(ends, (x, y), strict=True) if not z.is_exact)
    )
    orders = (order_of(x.field, x[i], y.field, y[i]) for i in range(start, stop))
    return next((order for order in orders if order), 0)


def ascending(branches: list[Series]) -> list[Series]:
    """Series sorted by their values for small t > 0; branches that agree as far as they are known keep their order."""
    return sorted(branches, key=cmp_to_key(by_value))


def _component_latex(component: Component) -> str:
    names = {"t": r"\mathfrak{t}", "s": r"\mathfrak{s}", "x": r"\mathfrak{x}", "y": r"\mathfrak{y}"}
    if component.kind == "ss":
        return r" \boxtimes ".join(rf"\mathfrak{{s}}_{{{b + 1}}}" for b in component.blocks)
    return names[component.kind] + "".join(f"_{{{b + 1}}}" for b in component.blocks)


def _dimension_latex(dimension: Dimension) -> str:
    """A product of affine functions over its denominator, as the paper prints multiplicities."""
    constant, factors = dimension.coefficient, []
    for factor in dimension.factors:
        if factor.is_constant:
            constant *= factor.const
        else:
            factors.append(factor.latex())
    if len(factors) != 1 or constant.numerator != 1:
        factors = [f"({f})" if len(f) > 1 else f for f in factors]
    head = "" if constant.numerator == 1 and factors else str(constant.numerator)
    above = head + "".join(factors)
    return above if constant.denominator == 1 else rf"\frac{{{above}}}{{{constant.denominator}}}"
