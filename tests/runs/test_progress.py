"""How far tasks are: words, and when they are said."""

import sys

import pytest

from symrelu.runs import progress
from symrelu.runs.progress import Bar


def test_words_and_remaining_time(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    bar = Bar(10, before=4)
    assert bar.text(clock[0]) == "4 of 10 tasks, 0 families"
    clock[0] = 130.0
    bar.step(2)
    assert bar.text(clock[0]) == "5 of 10 tasks, 2 families, 2/min, 2:30 left"  # 30 s for one, five are left
    clock[0] = 160.0
    bar.step(0, failed=True)
    assert bar.text(clock[0]) == "6 of 10 tasks, 2 families, 1 failed, 2/min, 2:00 left"
    assert bar.text(clock[0] + 50) == "6 of 10 tasks, 2 families, 1 failed, 2/min, 1:10 left"
    assert bar.text(clock[0] + 121) == "6 of 10 tasks, 2 families, 1 failed, 2/min", (
        "longer than expected: nothing is promised"
    )
    clock[0] += 2 * 3600
    bar.step(1)
    assert bar.text(clock[0]).endswith("7 of 10 tasks, 3 families, 1 failed, 1.49/h, 2:01:00 left")
    for _ in range(3):
        bar.step(1)
    assert bar.text(clock[0]) == "10 of 10 tasks, 6 families, 1 failed, 2.98/h"


def test_lines_now_and_then_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    bar = Bar(100)
    for _ in range(50):
        clock[0] += 2.0
        bar.step(1)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 3, "one each half minute of a hundred seconds"
    assert lines[0] == "symrelu: 15 of 100 tasks, 15 families, 30/min, 2:50 left"


def test_a_bar_in_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "60")
    bar = Bar(2)
    bar.step(3)
    shown = capsys.readouterr().err
    assert shown.startswith("\r\x1b[K[############............] 1 of 2 tasks")
    assert "\n" not in shown and len(shown) <= 60 + len("\r\x1b[K")
