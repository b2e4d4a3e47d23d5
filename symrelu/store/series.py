"""Series of families, kept on disk by their own JSON, which is checked when it is read back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symrelu.catalogue import FamilyKey
from symrelu.errors import BadInput
from symrelu.model.setting import Setting
from symrelu.results import FamilySeries
from symrelu.store.kept import kept
from symrelu.symmetry.isotropy import Isotropy


def asked_of(key: FamilyKey) -> dict[str, Any]:
    """What singles a family out, as plain data: group, limit, setting and branch. Its name follows from them."""
    limit = None if key.limit is None else [str(x) for x in key.limit]
    return {**asked_of_type(key.isotropy, key.setting), "limit": limit, "branch": key.branch}


def asked_of_type(isotropy: Isotropy, setting: Setting) -> dict[str, Any]:
    """What singles an isotropy type out, as plain data: group and setting."""
    return {
        "blocks": [str(b) for b in isotropy.blocks],
        "rows": [str(o) for o in isotropy.rows],
        "cols": [str(o) for o in isotropy.cols],
        "setting": setting.to_json(),
    }


def kept_series(
    key: FamilyKey, order: int, make: Callable[[], FamilySeries], digits: int = 15, start: str | None = None
) -> FamilySeries:
    """The family's series through t**order, coefficients without exact form to so many digits: from memory, from disk,
    or by ``make()``.

    What comes from disk was proved when it was written, by this version of symrelu from the same sources; its JSON is
    read by :meth:`FamilySeries.from_json`, which refuses what does not fit together, and must be about this group,
    limit and order; else the series is made anew. ``start``: a hash of the family's start, where its branch number
    alone does not say which family it is. Exceptions of ``make`` pass through, and nothing is kept.
    """

    def read(data: Any) -> FamilySeries:
        found = FamilySeries.from_json(data)
        if found.asked != key.isotropy or found.order != order or key.limit not in (None, found.limit):
            raise BadInput("the series kept here is another one's")
        return found

    asked = {**asked_of(key), "order": order, "digits": digits, "start": start}
    return kept("series", asked, make, FamilySeries.to_json, read)


__all__ = ["asked_of", "asked_of_type", "kept_series"]
