"""The tasks of a sweep, and the work of one."""

from fractions import Fraction
from typing import Any

import mpmath
import pytest

from symrelu.errors import BadInput
from symrelu.sweep.tasks import find_task, partitions, task_id, tasks_up_to


def test_the_numbers_of_partitions() -> None:
    assert [len(list(partitions(m))) for m in range(9)] == [1, 1, 2, 3, 5, 7, 11, 15, 22]
    assert list(partitions(4)) == [(4,), (3, 1), (2, 2), (2, 1, 1), (1, 1, 1, 1)]


def test_all_types_up_to_a_block() -> None:
    tasks = tasks_up_to(3)
    types = ["d", "d-1,1", "d-2,2", "d-2,1,1", "d-3,3", "d-3,2,1", "d-3,1,1,1"]
    assert [task["blocks"] for task in tasks] == types
    assert all(task["rows"] == task["cols"] for task in tasks)


def test_kernels_and_extra_rows_multiply() -> None:
    tasks = tasks_up_to(2, kernels=("relu", "abs"), extra_row=True)
    assert len(tasks) == 2 * 4 * 2
    assert [task["rows"] for task in tasks[:4]] == ["1", "1,*", "1,2", "1,2,*"]
    assert [task["setting"]["kernel"] for task in tasks] == ["relu"] * 8 + ["abs"] * 8


def test_the_name_says_everything_that_the_result_depends_on() -> None:
    variants = [
        *tasks_up_to(2),
        *tasks_up_to(2, kernels=("leaky:1/10",)),
        *tasks_up_to(1, dimensions=[9]),
        *tasks_up_to(1, prove=False),
        *(task for task in tasks_up_to(1, extra_row=True) if "*" in task["rows"]),
    ]
    assert len({task_id(task) for task in variants}) == len(variants)
    assert [task_id(task) for task in tasks_up_to(1)] == [task_id(task) for task in tasks_up_to(2)[:2]]


@pytest.mark.parametrize("most", [-1, 31])
def test_bounds_that_make_no_sense(most: int) -> None:
    with pytest.raises(BadInput, match="from 0 to 30"):
        tasks_up_to(most)


def test_kernels_that_cannot_be_read() -> None:
    with pytest.raises(BadInput, match="swish"):
        tasks_up_to(1, kernels=("swish",))


@pytest.mark.slow
def test_the_target_alone_with_its_exact_facts() -> None:
    (task,) = tasks_up_to(0, prove=False, dimensions=[Fraction(20)])
    found = find_task(task)
    assert [(r["family"], r["limit"], r["branch"]) for r in found] == [("1a", "+", 1), ("1b", "-", 1)]
    target, other = found
    assert (target["closed_form"], target["loss"][0], target["verdict"], target["thresholds"]) == (
        True,
        "0",
        "minimum",
        [],
    )
    assert other["loss"] == ["1/2 - 1/pi", "-4/(3*pi)", "-1/2 + 3/pi - 2/pi**2"]
    # the smallest integer above the largest threshold, which the README tells
    assert other["thresholds"] == [] and other["followed_down_to"] == "20" and other["from_d"] == "21"
    (at,) = other["dimensions"]
    assert (at["d"], at["verdict"], at["negative"]) == ("20", "minimum", 0)
    series = 1 / mpmath.mpf(2) - 1 / mpmath.pi - 4 / (3 * mpmath.pi) / mpmath.sqrt(20)
    assert abs(mpmath.mpf(at["loss"]) - series) < mpmath.mpf("0.02")


@pytest.mark.slow
def test_a_type_with_thresholds_and_families_of_larger_isotropy() -> None:
    task = tasks_up_to(1, prove=False)[1]
    records = find_task(task)
    families = [r for r in records if "larger" not in r]
    assert [(r["family"], r["limit"]) for r in families] == [("2a", "+,-"), ("2b", "-,+")]
    assert [r for r in records if "larger" in r] == [
        {"larger": "Delta S_d", "limit": "+,+"},
        {"larger": "Delta S_d", "limit": "-,-"},
    ]
    largest = [r["thresholds"][0]["d"] for r in families]
    assert [d[:6] for d in largest] == ["5.5855", "6.7448"]
    assert [(r["verdict"], r["from_d"]) for r in families] == [("minimum", "6"), ("minimum", "7")]
    assert find_task(task) == records, "the same lines whenever it is done"


@pytest.mark.parametrize(
    ("change", "word"), [({"rows": "1,2,*"}, "not searched"), ({"setting": {"kernel": "abs"}}, "abs")]
)
def test_what_is_not_searched_is_said(change: dict[str, Any], word: str) -> None:
    (record,) = find_task({**tasks_up_to(1)[1], **change})
    assert record["searched"] is False and word in record["reason"]


def test_errors_of_the_program_pass_through(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: object) -> None:
        raise AttributeError("a mistake")

    monkeypatch.setattr("symrelu.families.Family.series", wrong)
    with pytest.raises(AttributeError, match="a mistake"):
        find_task(tasks_up_to(0)[0])


def test_thresholds_that_are_not_found_are_null_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    from symrelu.errors import Undecided

    def undecided(*arguments: object, **words: object) -> None:
        raise Undecided("not decided")

    monkeypatch.setattr("symrelu.families.Family.thresholds", undecided)
    found = find_task(tasks_up_to(0)[0])
    assert [(r["thresholds"], r["reason"], r["complete"]) for r in found] == [(None, "not decided", False)] * 2
    assert [(r["verdict"], r["from_d"]) for r in found] == [("minimum", "100")] * 2
