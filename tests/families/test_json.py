"""Results to JSON and back: nothing is lost, and what is not such a result is refused."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.results import FamilySeries

Fresh = Callable[[str, int], symrelu.FamilySeries]
slow = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("1a", 0),
        ("1a", 5),
        ("1b", 0),
        ("1b", 9),
        ("2a", 5),
        ("3a", 3),  # before the square root comes in
        ("3a", 4),
        ("d-2,2:-,-", 4),  # larger isotropy than asked
        pytest.param("4", 6, marks=slow),
        pytest.param("d-6,6:+,-", 6, marks=slow),
        pytest.param("d-20,20:-,+", 4, marks=slow),
    ],
)
def test_round_trip(name: str, order: int, fresh: Fresh) -> None:
    result = fresh(name, order)
    data = result.to_json()
    read = FamilySeries.from_json(json.loads(json.dumps(data)))
    assert read == result
    assert read.to_json() == data
    assert read.text() == result.text()
    assert read.latex() == result.latex()
    assert read.entries == result.entries
    assert read.multiplicity.at(30) == result.multiplicity.at(30)
    assert read.actual.label() == result.actual.label()
    assert read.proof == result.proof


def test_what_was_read_can_be_computed_with(fresh: Fresh) -> None:
    result = fresh("3a", 4)
    read = FamilySeries.from_json(json.loads(json.dumps(result.to_json())))
    assert read.norm(2) == result.norm(2)
    assert read.trace() == result.trace()
    assert (read.loss - result.loss).truncate(5) == result.loss - result.loss


def test_keys_that_a_later_version_may_add_do_no_harm(fresh: Fresh) -> None:
    data = fresh("2a", 5).to_json() | {"kernel": "relu"}
    assert FamilySeries.from_json(data) == fresh("2a", 5)


def altered(data: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The data with the value at ``path`` (keys and places joined by dots) replaced."""
    data = copy.deepcopy(data)
    *parents, last = path.split(".")
    place: Any = data
    for key in parents:
        place = place[int(key)] if isinstance(place, list) else place[key]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
    return data


# every path names something that to_json writes for 3a at order 4
TAMPERED = {
    "another format": ("format", 2),
    "no format": ("format", None),
    "a lower order": ("order", 3),
    "a higher order": ("order", 5),
    "a negative order": ("order", -1),
    "an order that is no number": ("order", "four"),
    "an order that is no integer": ("order", 4.5),
    "another ramification": ("ramification", 4),
    "said to be inexact": ("exact", False),
    "another field": ("field", {"base": "balls"}),
    "said to be a closed form": ("closed_form", True),
    "another name": ("family", "1b"),
    "a name that is no text": ("family", 17),
    "another multiplicity": ("multiplicity", "factorial(d)"),
    "another isotropy": ("isotropy.blocks", ["d"]),
    "another isotropy label": ("isotropy.label", "Delta S_d"),
    "other blocks": ("asked.blocks", ["d - 3", "3"]),
    "blocks as one text": ("asked.blocks", "d-2,2"),
    "blocks that make no sense": ("asked.blocks", ["d**2", "2"]),
    "another limit": ("asked.limit", ["-1", "0", "0", "0", "1", "0"]),
    "a limit that is no number": ("asked.limit.0", "x"),
    "a short limit": ("asked.limit", ["1"]),
    "entries said to be equal that differ": ("equal_entries", [1, 2, 2, 2, 1, 2]),
    "too few equal entries": ("equal_entries", [1, 2, 3]),
    "equal entries that are no numbers": ("equal_entries", ["a"] * 6),
    "entries as a list": ("entries", [1, 2]),
    "an entry as a text": ("entries.a_1", "10000"),
    "an entry too short": ("entries.a_1", ["1"]),
    "an entry too many": ("entries.a_7", ["0"] * 5),
    "a coefficient that the limit contradicts": ("entries.a_1.0", "2"),
    "a coefficient that is a number": ("entries.a_1.0", 1),
    "a coefficient that is null": ("entries.a_1.0", None),
    "an unknown name": ("entries.a_1.3", "theta_1"),
    "a call": ("entries.a_1.3", "__import__('os')"),
    "a division by zero": ("entries.a_1.3", "1/0"),
    "the root of a negative number": ("entries.a_1.3", "sqrt(-1)"),
    "the root of a negative number in Q(pi)": ("entries.a_1.3", "sqrt(2 - pi)"),
    "deep parentheses": ("entries.a_1.3", "(" * 5000 + "1" + ")" * 5000),
    "an integer of 5000 digits": ("entries.a_1.3", "9" * 5000),
    "a loss too short": ("loss", ["0"]),
    "a loss that is null": ("loss", None),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_tampered_data_are_refused(what: str, fresh: Fresh) -> None:
    data = altered(fresh("3a", 4).to_json(), *TAMPERED[what])
    with pytest.raises(BadInput) as caught:
        FamilySeries.from_json(data)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 500


@pytest.mark.parametrize("key", ["format", "family", "asked", "order", "entries", "loss", "equal_entries", "proved_by"])
def test_missing_keys_are_refused(key: str, fresh: Fresh) -> None:
    data = fresh("3a", 4).to_json()
    del data[key]
    with pytest.raises(BadInput, match=key):
        FamilySeries.from_json(data)


@pytest.mark.parametrize("data", [None, [], {}, "text", 3, {"claims": []}])
def test_data_of_another_kind_are_refused(data: Any) -> None:
    with pytest.raises(BadInput):
        FamilySeries.from_json(data)
