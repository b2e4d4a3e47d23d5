"""Two families side by side: the common refinement of their types, and the differences there."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

import symrelu
from symrelu.comparison import Comparison, compare
from symrelu.exact.series import Series
from tests.shared import family_of

slow = pytest.mark.slow
ORDER = 2
Compared = Callable[[str, str], Comparison]
# with the blocks of the finest type in which both live
PAIRS = [
    ("1a", "1b", ["d"]),
    ("1b", "2a", ["d - 1", "1"]),
    *(
        pytest.param(first, second, blocks, marks=slow)
        for first, second, blocks in [
            ("2b", "1b", ["d - 1", "1"]),
            ("2a", "2b", ["d - 1", "1"]),
            ("3a", "2a", ["d - 2", "1", "1"]),
            ("3a", "4", ["d - 3", "1", "2"]),  # square roots of 2 and of 3
            ("4", "d-5,5:-,+", ["d - 5", "2", "3"]),
        ]
    ),
]


@pytest.fixture(scope="module")
def compared() -> Compared:
    return cache(lambda first, second: compare(family_of(first), family_of(second), ORDER))


def number(x: Series, t: float) -> float:
    return float(x.evaluate(t, lambda c: float(x.field.ball(x.field(c), 100).mid())))


@pytest.mark.parametrize(("first", "second", "blocks"), PAIRS)
def test_differences_are_those_of_the_matrices(first: str, second: str, blocks: list[str], compared: Compared) -> None:
    found, d, t = compared(first, second), 11, 0.125

    def matrix(result: symrelu.FamilySeries) -> Any:
        return symrelu.FixedSpace(result.asked).matrix([number(x, t) for x in result.entries.values()], d)

    one, two = family_of(first).series(ORDER), family_of(second).series(ORDER)
    # both matrices written out with the small blocks at the end, and the difference in the finer fixed space
    assert [str(size) for size in found.refinement.blocks] == blocks
    space = symrelu.FixedSpace(found.refinement)
    assert tuple(found.entries_difference) == space.names
    values = [number(x, t) for x in found.entries_difference.values()]
    assert np.allclose(space.matrix(values, d), matrix(two) - matrix(one), rtol=0, atol=1e-12)
    assert found.loss_difference == two.loss - one.loss


@pytest.mark.parametrize("name", ["1a", "1b", pytest.param("2a", marks=slow), pytest.param("3a", marks=slow)])
def test_a_family_does_not_differ_from_itself(name: str) -> None:
    """Derived twice."""
    found = compare(family_of(name), symrelu.family(name), ORDER)
    assert not found.loss_difference.coefficients
    assert not any(x.coefficients for x in found.entries_difference.values())


def test_order_contract(compared: Compared) -> None:
    found = compared("1b", "2a")
    data = found.to_json()
    assert data["order"] == found.order == ORDER
    assert len(data["loss_difference"]) == ORDER + 1
    assert {len(texts) for texts in data["entries_difference"].values()} == {ORDER + 1}
    assert [family["family"] for family in data["families"]] == ["1b", "2a"]
    assert data["loss_difference"] == ["-1/2 + 1/pi", "4/(3*pi)", "1 - 3/pi"]  # equations (5) minus (4)


@pytest.mark.slow
def test_exchanging_the_families_changes_the_signs(compared: Compared) -> None:
    there, back = compared("1b", "2a"), compared("2a", "1b")
    assert back.loss_difference == -there.loss_difference
    assert back.entries_difference == {name: -x for name, x in there.entries_difference.items()}
