"""The order contract: ask for N and get t^0 .. t^N, no more and no less, whatever was computed before."""

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import symrelu
from symrelu.exact.series import Series

Fresh = Callable[[str, int], symrelu.FamilySeries]

FAMILIES = ["1b", *(pytest.param(name, marks=pytest.mark.slow) for name in ("2a", "3a", "d-4,4:-,+"))]
ORDERS = [(name, order) for name in ("1b", "2a", "3a", "d-4,4:-,+") for order in range(10)]
QUICK = [("2a", 0), ("2a", 5), ("2a", 8)]


def all_series(result: symrelu.FamilySeries) -> dict[str, Series]:
    return {**result.entries, "loss": result.loss}


@pytest.mark.parametrize(
    ("name", "order"),
    [pytest.param(*case, marks=() if case[0] == "1b" or case in QUICK else pytest.mark.slow) for case in ORDERS],
)
def test_exactly_the_orders_asked_for(name: str, order: int, fresh: Fresh) -> None:
    result = fresh(name, order)
    assert result.order == order
    for x in all_series(result).values():
        assert x.precision == order + 1
        assert len(x.known(0, order + 1)) == order + 1
        assert x.valuation >= 0, "a negative power of t would be missing from t^0 .. t^N"
        with pytest.raises(IndexError, match=f"O\\(t\\*\\*{order + 1}\\)"):
            x[order + 1]
    data = result.to_json()
    assert data["order"] == order
    assert {len(texts) for texts in [*data["entries"].values(), data["loss"]]} == {order + 1}
    tails = [line for line in result.text().splitlines() if re.match(r"(a_\d+|loss) *= ", line)]
    assert len(tails) == len(all_series(result))
    power = f"t**{order + 1}" if order else "t"
    assert all(line.endswith(f"O({power})") for line in tails)


@pytest.mark.parametrize("name", FAMILIES)
def test_lower_orders_are_prefixes_of_higher_ones(name: str, fresh: Fresh) -> None:
    longest = all_series(fresh(name, 9))
    for order in range(9):
        for coordinate, x in all_series(fresh(name, order)).items():
            assert x == longest[coordinate].truncate(order + 1), (coordinate, order)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=st.lists(st.integers(0, 12), min_size=2, max_size=4))
def test_a_family_extended_step_by_step_is_the_family_at_once(orders: list[int], fresh: Fresh) -> None:
    family = symrelu.family("1b")
    for order in orders:
        stepwise = family.series(order)
    at_once = fresh("1b", orders[-1])
    assert all_series(stepwise) == all_series(at_once)
    assert stepwise.field == at_once.field
    assert stepwise.multiplicity == at_once.multiplicity


@pytest.mark.parametrize(
    ("name", "orders"),
    [
        ("2a", (0, 5, 8, 5)),
        pytest.param("2a", (2, 3, 8, 12, 21), marks=pytest.mark.slow),
        pytest.param("3a", (2, 6, 8, 9), marks=pytest.mark.slow),
    ],
)
def test_steps_of_any_size_lead_to_the_same_coefficients(name: str, orders: tuple[int, ...], fresh: Fresh) -> None:
    family = symrelu.family(name)
    for order in orders:
        assert all_series(family.series(order)) == all_series(fresh(name, order)), order


@pytest.mark.parametrize("order", [0, 1, 7, 40])
def test_a_closed_form_has_all_orders(order: int) -> None:
    result = symrelu.family("1a").series(order)
    assert all(x.is_exact for x in all_series(result).values())
    assert result.to_json()["entries"] == {"a_1": ["1"] + ["0"] * order, "a_2": ["0"] * (order + 1)}
