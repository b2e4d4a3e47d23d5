"""The figure descent-types: what it counts, what it reads, and that it is drawn."""

from pathlib import Path

import pytest

from symrelu.descent import public
from symrelu.descent.training import Training, work
from symrelu.errors import BadInput
from symrelu.render.figures.types import CODES, COLOURS, LABELS, TypesByDimension, draw_types, types_figure
from symrelu.runs.records import line_of

DATA = TypesByDimension(
    d=(9, 10, 11),
    runs=(40, 40, 38),
    counts=({"global": 30, "a1": 10}, {"global": 25, "a1": 14, "a2": 1}, {"global": 20, "a1": 15, "a3": 2, "b": 1}),
    mean_loss=((0.005, 0.001), (0.007, 0.001), (0.01, 0.001)),
    mean_bad_loss=((0.02, 0.0), (0.02, 0.001), None),
)


def write(path: Path, *trainings: Training) -> None:
    """The file that symrelu train --output leaves behind."""
    tasks = [task for training in trainings for task in training.tasks]
    path.write_text("".join(line_of(task, work(task))[0] + "\n" for task in tasks))


def test_it_is_drawn_with_the_published_counts_as_marks() -> None:
    figure = pytest.importorskip("matplotlib.figure").Figure(figsize=(7, 3))
    draw_types(DATA, figure)
    left, right = figure.axes
    bars = [patch for patch in left.patches if abs(patch.get_x() + patch.get_width() / 2 - 10) < 0.1]
    assert sum(bar.get_height() for bar in bars) == pytest.approx(1)
    marks = {line.get_label(): line for line in left.lines}
    older = dict(zip(*marks["Safran & Shamir 2018"].get_data(), strict=True))
    assert older == {d: pytest.approx(1 - public.BAD_2018[d] / 1000) for d in (9, 10, 11)}
    newer = list(zip(*marks["S., Y. & S. 2021"].get_data(), strict=True))
    assert (10, pytest.approx(340 / 500)) in newer and (10, pytest.approx(490 / 500)) in newer
    assert len(right.containers) == 2, "two curves with errors"
    assert len(CODES) == len(LABELS) == len(COLOURS)


def test_a_file_of_descents(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    mine, others = Training((6,), runs=3), (Training((6,), runs=2, seed=9), Training((5,), runs=3, start="he"))
    write(path, mine, *others)
    found = types_figure(path)
    assert (found.d, found.runs, dict(found.counts[0])) == ((6,), (3,), {"global": 3})


def test_a_file_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    write(path, Training((5,), runs=2, start="he"))
    with pytest.raises(BadInput, match="symrelu train --d 6"):
        types_figure(path)
