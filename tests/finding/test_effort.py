"""The effort and the seed of a search: what they change; answers of other searches are not taken for theirs."""

from pathlib import Path
from typing import Any

import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.finding import starts


def completeness(**words: Any) -> str:
    return symrelu.find_families(blocks="d", **words).completeness


def test_effort_and_seed_are_part_of_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def pretended(problem: Any, progress: Any, effort: starts.Effort, near: Any) -> starts.Starts:
        made.append(effort)
        return starts.Starts((), f"effort {effort.starts}, seed {effort.seed}")

    monkeypatch.setenv("SYMRELU_STORE", str(tmp_path))
    monkeypatch.setattr(starts, "_search", pretended)
    asked: list[dict[str, Any]] = [{}, {"effort": "0.1"}, {"effort": 0.1, "seed": 2}, {"effort": "1/10"}, {"seed": 1}]
    told = [completeness(**words) for words in asked]
    assert told == [f"effort {e}, seed {s}" for e, s in (("1", 1), ("1/10", 1), ("1/10", 2), ("1/10", 1), ("1", 1))]
    assert len(made) == 3, "what was asked before is not searched again"


def test_more_effort_is_more_starts() -> None:
    from symrelu.finding.search import Search
    from symrelu.model.setting import PAPER
    from symrelu.symmetry.fixed_space import FixedSpace
    from symrelu.symmetry.isotropy import Isotropy

    problem = PAPER.problem(FixedSpace(Isotropy.parse("d", "1", "1")))
    assert Search(problem, 1, 2.0, None).count == 2 * Search(problem, 1, 1.0, None).count


@pytest.mark.parametrize(("effort", "message"), [("0", "0.05 to 100"), ("1000", "0.05 to 100"), ("much", "'much'")])
def test_efforts_that_make_no_sense(effort: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        completeness(effort=effort)


def test_seeds_that_make_no_sense() -> None:
    with pytest.raises(BadInput, match="seed -1"):
        completeness(seed=-1)
