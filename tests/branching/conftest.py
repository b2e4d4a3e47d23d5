"""Branches, found once a session."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache

import pytest

from symrelu.branching import Branching, branches
from tests.shared import family_of

Found = Callable[[str], Branching]


@pytest.fixture(scope="session")
def found() -> Found:
    """A function from a family's name to the branches at its largest threshold."""

    @cache
    def computed(name: str) -> Branching:
        family = family_of(name)
        return branches(family, family.thresholds(10, Fraction(LOWEST.get(name, 5)), prove=False))

    return computed


LOWEST = {"4": 7, "3a": 7, "3b": 5, "2b": 5}  # so far down that the largest threshold alone is met
