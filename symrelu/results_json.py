"""The series of a family read back from JSON: whatever the data say that can be found out anew is found out anew, and
data that do not fit together are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from symrelu.catalogue import name_of
from symrelu.errors import BadInput, LimitingAngle, SymreluError, Undecided
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.field import Field, NotASquare
from symrelu.exact.qpi import QPI
from symrelu.exact.reading import BallReader, ExactReader
from symrelu.exact.series import Series
from symrelu.exact.square_roots import SquareRootField
from symrelu.model.permutations import point_isotropy
from symrelu.model.reduced import Problem
from symrelu.model.row_symmetry import Orbits, points_along
from symrelu.model.setting import PAPER, Setting
from symrelu.results import JSON_FORMAT, FamilySeries
from symrelu.series.leading import exact_point
from symrelu.symmetry.actual import ActualIsotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.multiplicity import Count


def read_series(data: Mapping[str, Any]) -> FamilySeries:
    """The result that :meth:`symrelu.results.FamilySeries.to_json` wrote. Its proof is quoted, not repeated; BadInput
    for data that are not such a result.
    """
    try:
        if data["format"] != JSON_FORMAT:
            raise BadInput(f"a result of format {data['format']!r} was given; this version reads format {JSON_FORMAT}")
        asked = _young_from_json(data["asked"])
        order, exact = int(data["order"]), bool(data["closed_form"])
        balls = data["field"]["base"] == "balls"
        numbers: Any = BallReader(data["field"]) if balls else ExactReader(data["field"])
        setting = Setting.from_json(data.get("setting", {}))
        branch = data.get("branch")
        precision = None if exact else order + 1
        coefficients = {name: [numbers.read(text) for text in texts] for name, texts in data["entries"].items()}
        loss = [numbers.read(text) for text in data["loss"]]
        if (
            any(len(texts) != order + 1 for texts in (*coefficients.values(), loss))
            or tuple(coefficients) != setting.problem(FixedSpace(asked)).names
        ):
            raise BadInput(
                "the entries of the result do not fit its order and its isotropy type; write it anew with "
                "symrelu series"
            )
        ramification = int(data["ramification"])
        entries = {name: Series(numbers.field, 0, cs, precision, ramification) for name, cs in coefficients.items()}
        limit = tuple(None if x is None else Fraction(x) for x in data["asked"]["limit"])
        if len(limit) != FixedSpace(asked).dim or any(
            value is not None and x[0] != value for x, value in zip(entries.values(), limit, strict=False)
        ):
            raise BadInput("the entries of the result do not begin with its limit; write it anew with symrelu series")
        equal = tuple(int(i) for i in data["equal_entries"])
        problem = setting.problem(FixedSpace(asked))
        actual = point_isotropy(problem, equal).actual
        actual = replace(actual, labels=actual.sources)
        if exact and (None in limit or exact_point(problem, [QPI(value) for value in limit]) is None):
            raise BadInput("the result says that it is a closed form, but its limit is no critical point for every d")
        name = _name(asked, limit, actual) if setting == PAPER and branch in (None, 1) else None
        if data["family"] != name:
            raise BadInput(
                f"the result is called {data['family']!r}, but its isotropy and limit are those of {name or 'no case'}"
            )
        result = FamilySeries(
            family=data["family"],
            asked=asked,
            limit=limit,
            actual=actual,
            equal_entries=equal,
            order=order,
            field=numbers.field,
            entries=entries,
            loss=Series(numbers.field, 0, loss, precision, ramification),
            multiplicity=_points_or_none(problem, actual, numbers.field, entries, ramification),
            proof=str(data["proved_by"]),
            ramification=ramification,
            setting=setting,
            branch=None if branch is None else int(branch),
            system=str(data.get("leading_system", "")),
            digits=data["field"]["digits"] if balls else None,
            version=str(data["version"]),
        )
        if not _is_critical(result):
            raise BadInput(
                "the entries of the result do not solve the gradient's equations at leading order; give what "
                "symrelu series --format json wrote"
            )
        written = result.to_json()
        looser = {"entries", "loss"} if balls else set()  # balls that were read back are a little wider
        wrong = [key for key in written if key not in {"version", *looser} and written[key] != data[key]]
        if wrong:
            raise BadInput(
                f"the data do not fit together at {wrong[0]!r}; give what symrelu series --format json wrote"
            )
        return result
    except BadInput:
        raise
    except (KeyError, IndexError, TypeError, AttributeError, ValueError, ZeroDivisionError) as error:
        raise BadInput(
            f"the data are no series of a family ({type(error).__name__}: {error}); give what symrelu "
            "series --format json wrote"
        ) from None


def _is_critical(result: FamilySeries) -> bool:
    """Whether the gradient vanishes and the loss is the entries' as far as the coefficients at hand tell (True
    where they are balls, which tell nothing).
    """
    if not result.is_exact:
        return True
    over = result.field
    while True:
        values = [x.over(over) for x in result.entries.values()]
        problem = result.setting.problem(FixedSpace(result.asked))
        arithmetic = SeriesArithmetic(over, result.ramification)
        try:
            point = problem.at(arithmetic, values, result.d.over(over))
            gradient, loss = point.gradient(scaled=True), point.loss()
        except NotASquare as error:
            over = SquareRootField(over, error.radicand)
        except LimitingAngle:  # exact coefficients come with limiting angles of exact measure
            return False
        except SymreluError:  # known to too few terms to tell
            return True
        else:
            return not any(f.coefficients for f in (*gradient, loss - result.loss.over(over)))


def _points_or_none(
    problem: Problem, actual: ActualIsotropy, field: Field, entries: Mapping[str, Series], ramification: int
) -> Count | Orbits | None:
    """The number of points, None where it is not decided."""
    try:
        return points_along(problem, actual, list(entries.values()), field, ramification)
    except Undecided:
        return None


def _name(asked: Isotropy, limit: tuple[Fraction | None, ...], actual: ActualIsotropy) -> str | None:
    """The name of the family with these limits, if it has one."""
    known = [x for x in limit if x is not None]
    if len(known) < len(limit):
        return None
    return name_of(asked, known) or name_of(actual.isotropy, [known[i] for i in actual.sources])


def _young_from_json(data: Mapping[str, Any]) -> Isotropy:
    return Isotropy.parse(",".join(data["blocks"]), ",".join(map(str, data["rows"])), ",".join(map(str, data["cols"])))
