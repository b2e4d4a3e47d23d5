"""Values that never change: copies are the values themselves, and pickles are refused in words."""

from __future__ import annotations

from typing import Any, NoReturn, Self


class Immutable:
    """An immutable value. A copy is the value itself, since flint's numbers cannot be copied deeply, fields are told
    apart by identity, and nothing can change.
    """

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            f"objects of {type(self).__name__} are not pickled; keep the JSON of a result instead (to_json) or its text"
        )
