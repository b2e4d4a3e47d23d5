"""The tasks of a sweep, and the work of one."""

from fractions import Fraction
from typing import Any

import mpmath
import pytest

from symrelu.errors import BadInput, Undecided
from symrelu.model.setting import PAPER
from symrelu.runs.tasks import task_id
from symrelu.sweep.search import families_of
from symrelu.sweep.tasks import find_task, partitions, tasks_up_to
from symrelu.symmetry.isotropy import Isotropy


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
        *tasks_up_to(1, limits="signs"),
        *tasks_up_to(1, effort=Fraction(2)),
        *(task for task in tasks_up_to(1, extra_row=True) if "*" in task["rows"]),
    ]
    assert len({task_id(task) for task in variants}) == len(variants)
    assert [task_id(task) for task in tasks_up_to(1)] == [task_id(task) for task in tasks_up_to(2)[:2]]


@pytest.mark.parametrize("most", [-1, 31])
def test_bounds_that_make_no_sense(most: int) -> None:
    with pytest.raises(BadInput, match="from 0 to 30"):
        tasks_up_to(most)


def test_efforts_that_make_no_sense() -> None:
    with pytest.raises(BadInput, match="0.05 to 100"):
        tasks_up_to(1, effort=Fraction(0))


def test_kernels_that_cannot_be_read() -> None:
    with pytest.raises(BadInput, match="swish"):
        tasks_up_to(1, kernels=("swish",))


def signs(task: dict[str, Any], **changes: Any) -> list[dict[str, Any]]:
    """The records of a task for diagonal limits, without proofs of thresholds."""
    return find_task({**task, "prove": False, "limits": "signs", **changes})


@pytest.mark.slow
def test_the_target_alone_with_its_exact_facts() -> None:
    (task,) = tasks_up_to(0, dimensions=[Fraction(20)])
    completeness, target, other = signs(task)
    assert completeness == {"completeness": "over each sign of the diagonal, families a = limit + O(1/d): all"}
    assert [(r["family"], r["limit"], r["branch"]) for r in (target, other)] == [("1a", "+", 1), ("1b", "-", 1)]
    assert (target["closed_form"], target["loss"][0], target["verdict"]) == (True, "0", "minimum")
    assert other["loss"] == ["1/2 - 1/pi", "-4/(3*pi)", "-1/2 + 3/pi - 2/pi**2"]
    assert other["thresholds"] == [] and other["followed_down_to"] == "20" and not other["complete"]
    assert (other["verdict"], other["evidence"], other["from_d"]) == ("minimum", "spectrum", None)
    (at,) = other["dimensions"]
    assert (at["d"], at["verdict"], at["negative"]) == ("20", "minimum", 0)
    series = 1 / mpmath.mpf(2) - 1 / mpmath.pi - 4 / (3 * mpmath.pi) / mpmath.sqrt(20)
    assert abs(mpmath.mpf(at["loss"]) - series) < mpmath.mpf("0.02")


class Broken:
    """What a family does when the program cannot decide."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, *arguments: object, **words: object) -> None:
        raise self.error


@pytest.mark.slow
def test_a_type_with_families_of_its_own_and_of_larger_isotropy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symrelu.families.Family.thresholds", Broken(Undecided("not tried")))
    monkeypatch.setattr("symrelu.families.Family.certify", Broken(Undecided("not tried")))
    records = signs(tasks_up_to(1)[1])
    families = {r["family"]: r for r in records if "verdict" in r}
    assert {name: r["limit"] for name, r in families.items()} == {"2a": "+,-", "2b": "-,+"}
    assert sorted(r["limit"] for r in records if r.get("larger") == "Delta S_d") == ["+,+", "-,-"]
    assert families["2a"]["loss"] == ["0", "0", "1/2 - 2/pi**2"]
    assert families["2a"]["multiplicity"] == "d*factorial(d)"


@pytest.mark.slow
def test_families_that_the_normaliser_exchanges_are_one() -> None:
    """Of diag(I, s, s') the blocks of one row can be exchanged; in a block of two rows the two columns."""
    records = signs({**tasks_up_to(2)[3], "dimensions": ["1000"]})
    assert [r["limit"] for r in records if "larger" in r].count("+,+,-") == 1
    assert "+,-,+" not in [r.get("limit") for r in records]
    assert not [r for r in records if "verdict" in r], "every one has two blocks of one sign, and their symmetry"


def test_a_type_without_a_growing_block_is_not_searched() -> None:
    (record,) = find_task({**tasks_up_to(0)[0], "blocks": "600,d-600", "rows": "1,2", "cols": "1,2"})
    assert record["searched"] is False and "at most 500" in record["reason"]


def test_errors_of_the_program_pass_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symrelu.families.Family.series", Broken(AttributeError("a mistake")))
    with pytest.raises(AttributeError, match="a mistake"):
        signs(tasks_up_to(0)[0])


def test_thresholds_that_are_not_found_are_null_with_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symrelu.families.Family.thresholds", Broken(Undecided("not decided")))
    monkeypatch.setattr("symrelu.families.Family.certify", Broken(Undecided("not certified")))
    found = [r for r in signs(tasks_up_to(0)[0]) if "verdict" in r]
    assert [(r["thresholds"], r["reason"], r["complete"]) for r in found] == [(None, "not decided", False)] * 2
    assert [(r["verdict"], r["evidence"], r["from_d"]) for r in found] == [("minimum", "spectrum", None)] * 2
    assert [r["rests_on"] for r in found] == [None, None]


class Proved:
    """Thresholds with a proof that none was missed down to d = 3."""

    def __init__(self, *at: str) -> None:
        self.at = at

    def to_json(self) -> dict[str, Any]:
        found = [{"d": d, "component": "x1", "branch": 1, "below": "negative", "multiplicity": "1"} for d in self.at]
        return {"thresholds": found, "touching": [], "complete": True, "followed_down_to": "3", "stopped_because": ""}


@pytest.mark.parametrize(("at", "first"), [((), "3"), (("5.76", "2.1"), "6"), (("7.0",), "8")])
def test_a_proof_of_all_thresholds_proves_the_verdict_above(
    at: tuple[str, ...], first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def thresholds(*_: Any, prove: bool) -> Proved:
        asked.append(prove)
        return Proved(*at)

    monkeypatch.setattr("symrelu.families.Family.thresholds", thresholds)
    found = [r for r in signs(tasks_up_to(0)[0], prove=True) if "verdict" in r]
    assert [(r["verdict"], r["evidence"], r["from_d"]) for r in found] == [("minimum", "certified", first)] * 2
    assert asked == [True, True]


def test_thresholds_of_saddles_are_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def thresholds(*_: Any, prove: bool) -> Proved:
        asked.append(prove)
        raise Undecided("not decided")

    monkeypatch.setattr("symrelu.families.Family.kind_at_large_d", lambda _: "saddle")
    monkeypatch.setattr("symrelu.families.Family.thresholds", thresholds)
    found = [r for r in signs(tasks_up_to(0)[0], prove=True) if "verdict" in r]
    assert [(r["verdict"], r["evidence"], r["from_d"]) for r in found] == [("saddle", "spectrum", None)] * 2
    assert asked == [False, False]


def test_a_kind_that_is_not_decided_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for method in ("thresholds", "kind_at_large_d"):
        monkeypatch.setattr(f"symrelu.families.Family.{method}", Broken(Undecided("branches are not told apart")))
    found = [r for r in signs(tasks_up_to(0)[0], prove=True) if "verdict" in r]
    assert [(r["verdict"], r["verdict_reason"]) for r in found] == [("undecided", "branches are not told apart")] * 2


def test_limits_that_the_columns_of_a_block_of_two_exchange() -> None:
    """Such an exchange turns a diagonal limit into another matrix, larger in the order of coordinates: it is the limit
    with signs that stands for both.
    """
    searched = families_of(Isotropy.parse("d-2,2", "1,2", "1,2"), PAPER, "signs")
    assert [(one.limit_text(), branch) for one, branch in searched.families] == [
        (signs, 1) for signs in ("+,+", "+,-", "-,+", "-,-")
    ]


def test_types_with_many_unknowns_are_not_searched_without_effort() -> None:
    searched = families_of(Isotropy.parse("d-1,1", "1,2", "1,2"), PAPER, "found", Fraction(1, 4))
    assert searched.completeness.endswith("not searched for others: 5 unknowns, and 3 are searched at this effort")


def test_a_family_that_is_not_derived_is_said_and_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symrelu.families.Family.series", Broken(Undecided("too hard")))
    records = signs(tasks_up_to(0)[0])
    assert [r for r in records if "unproved" in r] == [
        {"unproved": f"limit {sign}", "reason": "too hard"} for sign in "+-"
    ]
    assert not [r for r in records if "verdict" in r]


def test_a_search_that_fails_leaves_what_is_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    from symrelu import found

    real = found.find_families

    def failing(*given: Any, **words: Any) -> Any:
        if len(given) < 4:
            raise Undecided("two rows are parallel")
        return real(*given, **words)

    monkeypatch.setattr(found, "find_families", failing)
    monkeypatch.setattr("symrelu.families.Family.thresholds", Broken(Undecided("not decided")))
    monkeypatch.setattr("symrelu.families.Family.certify", Broken(Undecided("not certified")))
    records = find_task(tasks_up_to(0)[0])
    assert "a search for others failed: two rows are parallel" in records[0]["completeness"]
    assert [r["family"] for r in records if "verdict" in r] == ["1a", "1b"]
