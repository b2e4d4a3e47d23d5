"""What every test starts from: no store of earlier results, and the default precisions."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import flint
import hypothesis
import mpmath
import pytest

import symrelu
from tests.exhaustive import marks
from tests.shared import family_of

# here, not in a fixture, so that fixtures of wider scope see it too
os.environ["SYMRELU_STORE"] = "off"

# the first example of a property pays for caches and compilation, so a deadline would measure the machine
hypothesis.settings.register_profile("symrelu", deadline=None)
hypothesis.settings.load_profile("symrelu")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Proofs right after claims: both certify the named families, which neighbours share, and xdist gives neighbours to
    one worker. And the mark of repeats that `make test` leaves out.
    """

    def place(item: pytest.Item) -> str:
        folder = item.path.relative_to(Path(__file__).parent).parts[0]
        return "claims, proof" if folder == "proof" else folder

    items.sort(key=place)
    names = {id(item): item.nodeid.removeprefix("tests/") for item in items}
    found: dict[str, set[str]] = {}
    for name in names.values():
        test, _, parameters = name.partition("[")
        found.setdefault(test, set()).add(parameters.removesuffix("]"))
    repeats = marks(found)
    for item in items:
        if names[id(item)] in repeats:
            item.add_marker(pytest.mark.exhaustive)


def _reset_precision() -> None:
    mpmath.mp.prec = 53
    mpmath.iv.prec = 53
    flint.ctx.default()


@pytest.fixture(autouse=True)
def default_precision() -> Iterator[None]:
    """Precision is global in mpmath and flint: a test neither inherits nor leaves a changed one."""
    _reset_precision()
    yield
    _reset_precision()


@pytest.fixture(scope="session")
def known() -> Callable[[str], symrelu.Family]:
    """A function from a name (2a or d-4,4:+,-) to the family, the same object each time: it continues its series."""
    return family_of
