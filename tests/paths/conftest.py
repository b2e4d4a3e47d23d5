"""Families whose paths are followed once a session."""

from collections.abc import Callable
from functools import cache

import pytest

import symrelu


@pytest.fixture(scope="session")
def known() -> Callable[[str], symrelu.Family]:
    """A function from a name (2a or d-4,4:+,-) to the family, the same object each time."""
    return cache(symrelu.family)
