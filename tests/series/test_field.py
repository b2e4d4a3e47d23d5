"""Which square roots a family forces: found out, never assumed, and none before an order needs it."""

from collections.abc import Callable

import pytest

import symrelu
from symrelu.exact.qpi import QPI
from symrelu.exact.square_roots import SqrtElement

slow = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("1b", "QQ(pi)"),
        ("2a", "QQ(pi)"),
        pytest.param("2b", "QQ(pi)", marks=slow),
        pytest.param("3a", "QQ(pi)(sqrt(2))", marks=slow),
        pytest.param("3b", "QQ(pi)", marks=slow),
        pytest.param("4", "QQ(pi)(sqrt(3))", marks=slow),
        pytest.param("d-4,4:+,-", "QQ(pi)", marks=slow),  # sqrt(4) = 2
        pytest.param("d-6,6:+,-", "QQ(pi)(sqrt(6))", marks=slow),
        pytest.param("d-8,8:+,-", "QQ(pi)(sqrt(2))", marks=slow),  # sqrt(8) = 2 sqrt(2)
        pytest.param("d-9,9:+,-", "QQ(pi)", marks=slow),
        pytest.param("d-5,5:-,+", "QQ(pi)", marks=slow),
        pytest.param("d-6,6:-,+", "QQ(pi)", marks=slow),
    ],
)
def test_field_at_order_8(name: str, field: str, known: Callable[[str], symrelu.Family]) -> None:
    result = known(name).series(8)
    assert result.field.name == field
    written = " ".join(text for texts in result.to_json()["entries"].values() for text in texts)
    assert ("sqrt" in written) == (field != "QQ(pi)")


def test_3a_needs_sqrt_2_from_t4_on(known: Callable[[str], symrelu.Family]) -> None:
    # a block of size m brings sqrt(m) into the a-types: here with a_5 at t^4
    a_5 = known("3a").series(4).entries["a_5"]
    for exponent in range(4):
        assert not isinstance(a_5[exponent], SqrtElement) or not a_5[exponent].b
    assert isinstance(a_5[4], SqrtElement) and a_5[4].b


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("3a", None),
        *(pytest.param(*case, marks=slow) for case in [("3a", 8), ("4", None), ("4", 8), ("d-6,6:+,-", 8)]),
    ],
)
def test_no_root_is_mentioned_before_it_is_forced(name: str, before: int | None) -> None:
    family = symrelu.family(name)
    if before:
        family.series(before)  # what was computed before must not show
    result = family.series(3)
    assert "sqrt" not in result.text()
    assert "sqrt" not in result.latex()
    assert "sqrt" not in str(result.to_json())
    assert symrelu.FamilySeries.from_json(result.to_json()).field == QPI


def test_the_root_is_mentioned_where_it_is_forced(known: Callable[[str], symrelu.Family]) -> None:
    result = known("3a").series(4)
    assert "QQ(pi)(sqrt(2))" in result.text()
    assert r"\sqrt{2}" in result.latex()
