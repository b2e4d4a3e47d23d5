"""The branches of a leading system, one by one: decided, contradictory, undecided."""

from fractions import Fraction
from typing import Any

import pytest

from symrelu.errors import NoFamily
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.finding import starts as finding
from symrelu.finding.starts import starts_over
from symrelu.model.setting import PAPER
from symrelu.series import leading
from symrelu.series.leading import Branches, Contradiction, continued, decided_branches
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

ONE = (Series(QPI, 0, [1]),)
LIMIT = (Fraction(-1), Fraction(0))
STUCK = NoFamily("coefficients are free")


def follow(monkeypatch: pytest.MonkeyPatch, *values: int) -> None:
    """Pretend a quadratic equation at t**2 with these roots; 7 turns out to be a contradiction, 8 leaves all free."""

    def rounds(problem: Any, state: Any, goal: int, ramification: int) -> list[Any]:
        if state.upto == (2,):
            return [state.put({(0, 2): QPI(v)}) for v in values]
        if state.known[0][2] == 7:
            raise Contradiction("1 = 0")
        if state.known[0][2] == 8:
            raise STUCK
        return [state.put({(0, state.upto[0]): QPI(0)})]

    monkeypatch.setattr(leading, "_continued", rounds)


def test_an_undecided_branch_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, 5, 8, 7, 6)
    found = decided_branches(None, ONE, [2], 5)  # type: ignore[arg-type]
    assert [start.entries[0][2] for start in found.starts] == [5, 6]
    ((what, why),) = found.undecided
    assert what == "the branch a_1 = 1 + 8*t**2 + O(t**3)" and why is STUCK
    with pytest.raises(NoFamily, match="are free"):  # the complete list is refused
        continued(None, ONE, [2], 5)  # type: ignore[arg-type]


def test_nothing_decided_is_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, 7, 8)
    with pytest.raises(NoFamily, match="are free") as caught:
        decided_branches(None, ONE, [2], 5)  # type: ignore[arg-type]
    assert not isinstance(caught.value, Contradiction)


def test_a_contradiction_says_what_it_excludes(monkeypatch: pytest.MonkeyPatch) -> None:
    follow(monkeypatch, 7)
    with pytest.raises(Contradiction, match=r"^no family a = limit \+ O\(1/d\) exists.*not excluded$"):
        continued(None, ONE, [2], 5)  # type: ignore[arg-type]
    monkeypatch.setattr(leading, "_continued", lambda *given: (_ for _ in ()).throw(Contradiction("1 = 0")))
    with pytest.raises(Contradiction) as caught:
        continued(None, ONE, [1], 5)  # type: ignore[arg-type]
    assert "O(d**(-1/2)) in a_1 to the given leading terms" in caught.value.excluded


def test_undecided_branches_are_named_in_the_list_of_families(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = PAPER.problem(FixedSpace(Isotropy.parse("d")))
    known = starts_over(problem, LIMIT)
    (one,) = known.starts
    monkeypatch.setattr(finding, "decided_branches", lambda *given: Branches((one,), (("the branch x", STUCK),)))

    def nothing(*given: Any) -> Any:
        raise NoFamily("no point was found")

    monkeypatch.setattr(finding, "all_starts", nothing)
    found = starts_over(problem, LIMIT)
    assert found.starts == (one,) and found.unproved == (("the branch x", "coefficients are free"),)
    assert "1 of the branches of the leading system are not decided" in found.completeness
    monkeypatch.setattr(finding, "all_starts", lambda *given: known)  # a search finds the same family: it counts once
    assert starts_over(problem, LIMIT).starts == (one,)
