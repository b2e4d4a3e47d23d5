"""Searches that several tests look at, each made once a session."""

from collections.abc import Callable
from functools import cache

import pytest

from symrelu.finding.candidates import Candidate, SearchReport
from symrelu.finding.search import search
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

Found = tuple[list[Candidate], SearchReport]


def problem_of(blocks: str, rows: str | None = None) -> Problem:
    """The ReLU problem in the fixed space of a type."""
    return Problem(FixedSpace(Isotropy.parse(blocks, rows)), RELU)


@pytest.fixture(scope="session")
def problem() -> Callable[..., Problem]:
    """A function from blocks (and rows) to the ReLU problem."""
    return problem_of


@pytest.fixture(scope="session")
def searched() -> Callable[..., Found]:
    """A function from blocks, rows and effort to the result of a search, the same object each time."""

    @cache
    def run(blocks: str, rows: str | None = None, effort: float = 0.4) -> Found:
        return search(problem_of(blocks, rows), seed=1, effort=effort)

    return run
