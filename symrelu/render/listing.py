"""Lists of families with their limits and leading terms."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symrelu.errors import BadInput
from symrelu.exact.series import Series
from symrelu.families import FIRST_GOAL, Family, family
from symrelu.families import families as named_families
from symrelu.series.lifting import Progress
from symrelu.symmetry.isotropy import Isotropy

NAMED_ONLY = "the seven cases of Theorem 1; isotropy types are not searched for families in this version"
ONE_LIMIT = (
    "the one family a = limit + O(1/d) over this limit (unique by the leading-order equations); "
    "other limits and exponents not searched"
)


def listed(blocks: str | None, rows: str | None, cols: str | None, limit: str | None) -> tuple[list[Family], str]:
    """The families to list, and how complete the list is."""
    if not blocks:
        if rows or cols or limit:
            raise BadInput(
                "--rows, --cols and --limit belong to a type; give --blocks d-4,4 too, or nothing for the named "
                "families"
            )
        return named_families(), NAMED_ONLY
    if limit is None:
        raise BadInput(
            f"searching the type {Isotropy.parse(blocks, rows, cols).label()} for all its families comes in a later "
            "version; give one limit, such as --limit +,-, or nothing for the named families"
        )
    return [family(blocks=blocks, rows=rows, cols=cols, limit=limit)], ONE_LIMIT


def _in_turn(found: list[Family], progress: Progress | None) -> Iterator[Family]:
    """The families, each announced before it is computed with."""
    for number, one in enumerate(found, 1):
        if progress:
            progress(f"family {number} of {len(found)}: {one.key.label()}")
        yield one


def families_json(found: list[Family], completeness: str, progress: Progress | None = None) -> dict[str, Any]:
    """The list as plain data (the contract of ``symrelu families --format json``)."""
    return {"families": [_one(f) for f in _in_turn(found, progress)], "completeness": completeness}


def _one(one: Family) -> dict[str, Any]:
    result = one.series(FIRST_GOAL - 1).to_json()
    leading = {}
    for name, x in one.series(FIRST_GOAL - 1).entries.items():
        power, coefficient = _leading(x)
        leading[name] = {"power": power, "coefficient": coefficient}
    limit = {name: str(value) for name, value in zip(one.space.names, one.key.limit, strict=True)}
    return {
        "name": one.name,
        "branch": 1,
        "limit": limit,
        "leading": leading,
        "isotropy": result["isotropy"],
        "multiplicity": result["multiplicity"],
        "kind_at_large_d": None,
    }


def _leading(x: Series) -> tuple[str | None, str]:
    """The exponent of d**(-1/2) and the coefficient of the first term after the limit (or of the limit, if
    nothing follows).
    """
    for exponent in range(1, x.valuation + len(x.coefficients)):
        if x[exponent]:
            return str(exponent), x.field.text(x[exponent])
    return None, "0"


def families_text(found: list[Family], completeness: str, progress: Progress | None = None) -> str:
    """The list as a table."""
    lines = []
    for one in _in_turn(found, progress):
        result = one.series(2)
        head = f"{one.name or '-':<4} {result.actual.label():<22} limit {one.key.limit_text():<6}"
        lines.append(f"{head} multiplicity {result.multiplicity}")
        lines += [f"       {name} = {x}" for name, x in result.entries.items()]
        lines.append(f"       loss = {result.loss}")
    return "\n".join([*lines, "", f"complete? {completeness}"])
