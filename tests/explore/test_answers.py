"""What the page shows is what the library says, in plain data."""

import json
from fractions import Fraction

import pytest
import sympy

import symrelu
from symrelu.errors import SeveralFamilies
from symrelu.explore import answers, charts, pieces
from symrelu.explore.model import named_choices


def ask(kind, name, **more):
    said, parts = [], []
    how, data = answers.answer(kind, {"family": named_choices()[name].words(), **more}, said.append, parts.append)
    assert json.loads(json.dumps(data)) == data
    return how, data, parts


def test_series():
    how, data, _ = ask("series", "1b", order=3)
    result = symrelu.family("1b").series(3)
    assert how == "done"
    assert data["json"] == result.to_json()
    assert data["latex"] == result.latex()
    widest = data["displays"][-1]["tex"].replace(" ", "")
    for name, x in {r"\mathcal{L}": result.loss, "a_{1}": result.entries["a_1"]}.items():
        assert f"{name}&={sympy.latex(x)}".replace(" ", "") in widest


def test_a_refusal_is_a_line():
    how, data, _ = ask("series", "1b", order=-1)
    assert (how, data["class"]) == ("failed", "BadInput")
    assert "the order -1 was given" in data["error"]


def test_which_branch_is_asked_where_there_are_several(monkeypatch):
    def several(**words):
        raise SeveralFamilies("3 families were found; choose one with --branch K", 3)

    monkeypatch.setattr(answers, "family", several)
    answers._family.cache_clear()
    _, data, _ = ask("series", "1b", order=2)
    answers._family.cache_clear()
    assert (data["class"], data["families"]) == ("SeveralFamilies", 3)


def test_one_d_with_its_matrix():
    _, data, _ = ask("point", "1b", d="7", matrix=True)
    found = symrelu.family("1b").at(7, answers.DIGITS)
    assert data["loss"] == found.loss.text(answers.DIGITS)
    assert [[float(x) for x in row] for row in data["matrix"]] == pytest.approx(found.matrix())
    assert data["negative"] == 0
    spec = charts.heat_map(data["matrix"], "7")
    drawn = {(v["row"], v["column"]): v["entry"] for v in spec["data"]["values"]}
    assert drawn[2, 2] == pytest.approx(float(data["entries"]["a_1"]))
    assert drawn[7, 1] == pytest.approx(float(data["entries"]["a_2"]))


def test_curves_end_with_the_path_and_hand_out_their_points(monkeypatch):
    monkeypatch.setattr(answers, "POINTS", 5)
    how, data, parts = ask("curves", "1b")
    assert how == "done"
    assert parts == data["points"]
    distances = [float(p["d"]) for p in parts]
    assert distances == sorted(distances, reverse=True)
    middle = parts[2]
    found = symrelu.family("1b").at(Fraction(middle["d"]), 9)
    assert float(middle["loss"]) == pytest.approx(float(found.loss.value), rel=1e-8)
    expected = {(e.component, e.branch): float(e.value) for e in found.eigenvalues if e.value != 0}
    assert {(c, b): float(x) for c, b, x in middle["eigenvalues"]} == pytest.approx(expected, rel=1e-6)


def test_the_grid_stays_where_the_blocks_have_two_rows():
    for name, lowest in (("1b", 2), ("4", 5)):
        found = list(answers.grid(symrelu.family(name).key))
        assert len(found) == answers.POINTS
        assert found[0] == lowest + 40
        assert lowest < found[-1] < lowest + Fraction(1, 10)


POINTS = [
    {"d": "40", "loss": "0.1", "eigenvalues": [["t", 1, "10.2"], ["s1", 1, "0.2"]]},
    {"d": "5", "loss": "0.2", "eigenvalues": [["t", 1, "0.3"], ["s1", 1, "-0.1"]]},
]


def test_branches_are_told_apart_by_their_growth():
    small, large = charts.branches(POINTS)
    assert {row["branch"] for row in small} == {"s1.1"}
    assert [row["eigenvalue"] for row in large] == [10.2, 0.3]  # the whole branch, also where it is small
    assert charts.branches([]) == ([], [])


def test_thresholds_are_marked_where_the_curves_reach():
    rows = [{"d": "7.5", "component": "s1", "branch": 1}, {"d": "3", "component": "s1", "branch": 1}]
    bounded, _ = charts.spectrum_charts(POINTS, rows)
    marks = [layer["data"]["values"] for layer in bounded["layer"]][-1]
    assert [mark["d"] for mark in marks] == [7.5]
    assert len(charts.spectrum_charts(POINTS, [])[0]["layer"]) == 2


def test_pieces_escape_what_they_are_given():
    evil = "\"><script>alert('x')</script>"
    made = [
        pieces.copy_button(evil, evil),
        pieces.command_line(evil),
        pieces.said(evil),
        pieces.busy(evil, 3),
        pieces.note(evil),
        pieces.section(evil),
        pieces.remark(evil),
        pieces.table([evil], [[evil]]),
        pieces.cards({evil: ""}),
    ]
    assert not any("<script>" in text or '""' in text for text in made)


def test_names_in_unicode():
    assert pieces.field("QQ(pi)(sqrt(2))") == "ℚ(π, √2)"
    assert pieces.field("QQ(pi)(sqrt(4 - pi))(sqrt(sqrt(4 - pi) + 3))") == "ℚ(π) and 2 roots"
    assert pieces.subscript("a_12") == "a₁₂"
    assert pieces.powers("residual O(t**6), d**-1") == "residual O(t⁶), d⁻¹"
