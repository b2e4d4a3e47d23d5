"""Lists of families with their limits and leading terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.constants import BallField
from symrelu.exact.series import Series
from symrelu.families import Family
from symrelu.found import FoundFamilies
from symrelu.results import isotropy_json
from symrelu.series.lifting import Progress

SHOWN_ORDER = 2
DIGITS = 15


def _in_turn(found: Sequence[Family], progress: Progress | None) -> Iterator[Family]:
    """The families, each announced before it is computed with."""
    for number, one in enumerate(found, 1):
        if progress:
            progress(f"family {number} of {len(found)}: {one.key.label()}")
        yield one


def families_json(found: FoundFamilies, progress: Progress | None = None) -> dict[str, Any]:
    """The list as plain data (the contract of ``symrelu families --format json``)."""
    return {
        "families": [_one(f) for f in _in_turn(found.families, progress)],
        "completeness": found.completeness,
        "not_derived": [{"candidate": candidate, "reason": reason} for candidate, reason in found.unproved],
        "remarks": list(found.remarks),
    }


def _one(one: Family) -> dict[str, Any]:
    names = one.problem.names
    start = one.start
    leading, limit = {}, {}
    for name, x in zip(names, start.entries, strict=True):
        power, coefficient = _leading(x)
        leading[name] = {"power": power, "coefficient": coefficient}
        limit[name] = _number(x, x[0] if x.valuation <= 0 else x.field.zero)
    return {
        "name": one.name,
        "branch": one.key.branch or 1,
        "limit": limit,
        "leading": leading,
        "isotropy": isotropy_json(one.actual),
        "multiplicity": _multiplicity(one),
        "kind_at_large_d": kind_or_none(one),
        "exact": not isinstance(start.field, BallField),
    }


def kind_or_none(one: Family) -> str | None:
    """Minimum, saddle or degenerate for all large d; None where that is not decided."""
    try:
        return one.kind_at_large_d()
    except SymreluError:
        return None


def _multiplicity(one: Family) -> str:
    try:
        return str(one.multiplicity())
    except Undecided:
        return "undecided"


def _number(x: Series, value: Any) -> Any:
    return x.field.json(value, DIGITS) if isinstance(x.field, BallField) else x.field.text(value)


def _leading(x: Series) -> tuple[str | None, Any]:
    """The exponent of d**(-1/2) and the coefficient of the first term after the limit (or of the limit, if
    nothing follows).
    """
    for exponent in range(1, x.valuation + len(x.coefficients)):
        if x[exponent]:
            power = f"{2 * exponent}/{x.ramification}" if 2 * exponent % x.ramification else None
            return power or str(2 * exponent // x.ramification), _number(x, x[exponent])
    return None, "0"


def families_text(found: FoundFamilies, progress: Progress | None = None) -> str:
    """The list as a table."""
    lines: list[str] = []
    for one in _in_turn(found.families, progress):
        branch = f"branch {one.key.branch}  " if one.key.branch is not None else ""
        head = f"{one.name or '-':<4} {branch}{one.actual.label():<22} limit {_limit_text(one):<6}"
        lines.append(f"{head} {kind_or_none(one) or 'undecided'} for large d, multiplicity {_multiplicity(one)}")
        order = max([SHOWN_ORDER, *(e for x in one.start.entries for e in _first(x))])
        lines += [
            f"       {name} = {_shown(x, order, one.start.exact)}"
            for name, x in zip(one.problem.names, one.start.entries, strict=True)
        ]
    for candidate, reason in found.unproved:
        lines.append(f"?    found, but not derived: {candidate}")
        lines.append(f"       {reason}")
    lines += found.remarks
    return "\n".join([*lines, "", f"complete? {found.completeness}"])


def ramification_of(found: FoundFamilies) -> int | None:
    """The r of t = d**(-1/r) if it is the same in all series of the list, else None."""
    orders = {x.ramification for one in found.families for x in one.start.entries}
    return orders.pop() if len(orders) == 1 else None


def _first(x: Series) -> list[int]:
    return [i for i, c in enumerate(x.coefficients, x.valuation) if i > 0 and c][:1]


def _shown(x: Series, order: int, exact: bool) -> str:
    cut = x if exact else x.truncate(order + 1)
    return cut.text_to(12) if isinstance(x.field, BallField) else cut.text()


def _limit_text(one: Family) -> str:
    return one.key.limit_text() if one.key.limit is not None else one.limit_text()
