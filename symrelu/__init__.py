"""Exact families of critical points of two-layer ReLU networks.

Importing this package is cheap: a public name is imported from its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the same names for type checkers
    from symrelu.errors import SymreluError as SymreluError
    from symrelu.exact.series import Series as Series
    from symrelu.families import Family as Family
    from symrelu.families import family as family
    from symrelu.found import find_families as find_families
    from symrelu.model.setting import Setting as Setting
    from symrelu.results import FamilySeries as FamilySeries
    from symrelu.symmetry import FixedSpace as FixedSpace
    from symrelu.symmetry import Isotropy as Isotropy
    from symrelu.symmetry import Size as Size

__version__ = "0.1.0"

# Public names and the modules that define them. No name here may be a submodule's: importing that submodule binds the
# name to the module, so what users saw would depend on who imported what first.
_HOMES = {
    "Family": "symrelu.families",
    "FamilySeries": "symrelu.results",
    "Series": "symrelu.exact.series",
    "Setting": "symrelu.model.setting",
    "family": "symrelu.families",
    "find_families": "symrelu.found",
    "FixedSpace": "symrelu.symmetry",
    "Isotropy": "symrelu.symmetry",
    "Size": "symrelu.symmetry",
    "SymreluError": "symrelu.errors",
}
__all__ = ["__version__", *_HOMES]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module 'symrelu' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value  # found at once from now on
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
