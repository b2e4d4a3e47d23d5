"""A store of derived results: a folder that processes share, and a memory of each of them."""

from symrelu.store.kept import kept, kept_data, remembered
from symrelu.store.store import Store

__all__ = ["Store", "kept", "kept_data", "remembered"]
