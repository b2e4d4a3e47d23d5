"""Families and results computed once a session."""

from collections.abc import Callable
from functools import cache

import pytest

import symrelu


@pytest.fixture(scope="session")
def fresh() -> Callable[[str, int], symrelu.FamilySeries]:
    """A function from a name and an order to the series, computed by a family that has computed nothing else."""
    return cache(lambda name, order: symrelu.family(name).series(order))
