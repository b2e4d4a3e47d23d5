"""What follows from counts, on counts that are made up; and the published ones."""

import math

import pytest

from symrelu.descent import public
from symrelu.descent.classify import Classified
from symrelu.descent.found_types import MinimumType, TypesAt
from symrelu.descent.frequencies import code, frequencies, is_minimum
from symrelu.descent.report import report
from symrelu.descent.training import Ended, Training
from symrelu.symmetry.size import Size

LOSSES = {"1a": 0.0, "2a": 0.02, "3a": 0.035, "2b": 0.15, "d-4,4:-,+": 0.14}


def kind(name: str, d: int) -> Classified:
    """A family as classification gives it."""
    if name == "1a":
        return Classified("1a", "--blocks d --limit +", "", "Delta S_d", 1, 1, math.factorial(d), 0.0, "0", "0")
    m = int(name[0]) - 1 if name[1] in "ab" else 4
    minus = name.endswith(("b", "-,+"))
    limit = ("-,+", "1/2 - 1/pi", "Theta(1)") if minus else ("+,-", "0", "Theta(1/d)")
    line = f"--blocks d-{m},{m} --limit {limit[0]}"
    group = f"Delta(S_{d - m} x S_{m})"
    count = math.comb(d, m)
    return Classified(name, line, "", group, 1, count, math.factorial(d) * count, LOSSES[name], limit[1], limit[2])


def table(d: int, counts: dict[str, int], unfinished: int = 0, k: int | None = None) -> TypesAt:
    ended = []
    types = []
    total = sum(counts.values()) + unfinished
    for name, count in counts.items():
        runs = tuple(range(len(ended), len(ended) + count))
        ended += [Ended(run, "minimum", 100, LOSSES[name], 1e-14, 0.01, 0) for run in runs]
        types.append(MinimumType(kind(name, d), runs, total, "minimum", 0.01))
    ended += [Ended(len(ended) + i, "unfinished", 10**6, 0.3, 1e-4, None, None) for i in range(unfinished)]
    return TypesAt(d, d if k is None else k, "I", f"Delta S_{d}", tuple(types), tuple(ended))


TABLES = [
    table(10, {"1a": 85, "2a": 15}),
    table(11, {"1a": 70, "2a": 25, "3a": 5}),
    table(12, {"1a": 45, "2a": 40, "3a": 12, "d-4,4:-,+": 1}, 2),
]
FOUND = frequencies(Training((10, 11, 12), runs=100), list(reversed(TABLES)))


def test_counts_of_a_table() -> None:
    last = FOUND.tables[-1]
    assert [t.d for t in FOUND.tables] == [10, 11, 12]
    assert (last.runs, last.unfinished, last.bad) == (100, 2, 53)
    mean = (40 * 0.02 + 12 * 0.035 + 0.14) / 98
    assert last.mean_loss[0] == pytest.approx(mean), "over the runs that ended"
    assert last.mean_bad_loss is not None and last.mean_bad_loss[0] == pytest.approx(mean * 98 / 53)


def test_the_favoured_class() -> None:
    favour = FOUND.favour()
    assert (favour.falls, favour.stays) == (97, 1)
    assert favour.p == pytest.approx((1 + 98) / 2**98, rel=1e-9)
    [first, second] = FOUND.pairs()
    assert (first.first, first.second, first.counts, first.p) == ("2a", "2b", (80, 0), pytest.approx(2.0**-80))
    assert second.counts == (17, 0)
    assert FOUND.hidden()[1][:3] == ("2b", 0, 300)


def test_nothing_is_favoured_where_nothing_was_met() -> None:
    nothing = frequencies(Training((10,), runs=50), [table(10, {"1a": 50})])
    assert (nothing.favour().p, nothing.pairs(), nothing.expected_loss_rises()) == (1.0, [], None)
    assert [x[:3] for x in nothing.hidden()] == [(name, 0, 50) for name in ("1b", "2b", "3b")]


def test_minima_by_dimension() -> None:
    """The thresholds in manual/findings/real_d.md: 6.7448307 (2b) and 7.7297592 (3b)."""
    assert [is_minimum("2b", d) for d in (6, 7, 20)] == [False, True, True]
    assert [is_minimum("3b", d) for d in (7, 8)] == [False, True]


def test_the_expected_loss() -> None:
    rises = FOUND.expected_loss_rises()
    assert rises is not None
    difference, error, p = rises
    assert difference == pytest.approx(FOUND.tables[-1].mean_loss[0] - 0.003) and difference > 4 * error
    assert p < 1e-4


def test_counts_beside_published_ones() -> None:
    found = {(x.d, x.what, x.source): x for x in FOUND.comparisons()}
    bad = found[11, "spurious", public.SOURCE_2018]
    assert (bad.ours, bad.runs, bad.theirs, bad.their_runs) == (30, 100, 455, 1000) and bad.p < 0.01
    assert found[11, "a2", public.SOURCE_2021].ours == 5 and found[12, "b", public.SOURCE_2021].theirs == 2
    assert found[12, "spurious", public.SOURCE_2018].runs == 98, "of those that ended"
    assert frequencies(Training((10,), start="he"), TABLES[:1]).comparisons() == [], "another start"
    more = frequencies(Training((8,), k=Size.parse("d+1")), [table(8, {"1a": 100}, k=9)])
    assert [(x.ours, x.theirs) for x in more.comparisons()] == [(0, 1)]


@pytest.mark.parametrize(
    ("name", "words"), [("1a", "global"), ("2a", "a1"), ("3a", "a2"), ("2b", "b"), ("d-4,4:-,+", "b")]
)
def test_classes_of_the_published_tables(name: str, words: str) -> None:
    assert code(MinimumType(kind(name, 12), (0,), 1, "minimum", 0.1)) == words


def test_the_three_blocks_of_the_published_tables() -> None:
    what = Classified(None, "--blocks d-7,6,1", "none", "Delta(S_{13} x S_6 x S_1)", 1, 1, 1, 0.0597)
    assert code(MinimumType(what, (0,), 1, "minimum", 0.1)) == "three"


def test_published_counts_add_up() -> None:
    assert all(sum(types.values()) == public.RUNS_2021 for types in public.TYPES_2021.values())
    assert all(0 <= bad <= public.RUNS_2018 for bad in (*public.BAD_2018.values(), *public.BAD_ONE_MORE_2018.values()))
    for d, types in public.TYPES_2021.items():  # two experiments of the same authors agree
        share, other = 1 - types["global"] / public.RUNS_2021, public.BAD_2018[d] / public.RUNS_2018
        assert abs(share - other) < 0.07, d


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_reports(form: str) -> None:
    words = report(FOUND, form)  # type: ignore[arg-type]
    assert "2 runs did not end" in words and "no family" in words
    assert "of 98 spurious ends in families, 97 are of the class Theta(1/d) and 1 of Theta(1)" in words
    assert "2a and 2b have one multiplicity" in words and "rises from d = 10 to d = 12" in words
    assert "--blocks d-1,1 --limit +,-" in words and "455 of 1000" in words
    one = report(frequencies(Training((10,), runs=100), TABLES[:1]), form)  # type: ignore[arg-type]
    assert "mean loss 0.003000" in one and "rises" not in one


def test_plain_data() -> None:
    data = FOUND.to_json()
    assert data["runs"] == 300
    assert [(x["d"], x["family"], x["count"]) for x in data["types"]][:3] == [
        (10, "1a", 85),
        (10, "2a", 15),
        (11, "1a", 70),
    ]
    assert {"family", "type", "count", "loss"} <= set(data["types"][0])
    assert data["tables"][2]["unfinished"] == 2 and data["favour"]["Theta(1)"] == 1
