"""Timings of the series engine, exact and on one core: run by `make bench`, never by the tests.

The lifting, with its leading terms, is timed apart from the proof by substitution. Cold processes are timed as a user
sees them.
"""

import subprocess
import sys

import pytest

from symrelu.families import FIRST_GOAL, Family, family
from symrelu.series import lifting
from symrelu.series.leading import Start

CASES = [("2a", 8), ("2a", 18), ("2a", 38), ("1b", 48), ("3a", 12)]


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Imports, the compiled kernel: what a second computation in one process does not pay again."""
    for name in ("1b", "2a", "3a"):
        family(name).series(4)


def lift_only(name: str, order: int, monkeypatch: pytest.MonkeyPatch) -> Family:
    """A fresh family lifted to t**order without the substitution (timed by `bench_proof`)."""
    monkeypatch.setattr(lifting._Engine, "residual", lambda self, matrix, x, wanted: wanted)
    one = family(name)
    one.lifted(order + 1)
    return one


@pytest.mark.parametrize(("name", "order"), CASES, ids=[f"{n}-t{o}" for n, o in CASES])
def test_lifting(benchmark, monkeypatch, name: str, order: int) -> None:
    """Leading terms and lifting, from nothing but the isotropy type and the limit."""
    benchmark.pedantic(lift_only, args=(name, order, monkeypatch), rounds=3, iterations=1)


@pytest.mark.parametrize(("name", "order"), CASES, ids=[f"{n}-t{o}" for n, o in CASES])
def test_proof(benchmark, name: str, order: int) -> None:
    """The proof by substitution of terms already known (with the contraction check of the start)."""
    one = family(name)
    lifted = one.lifted(order + 1)
    start = Start(lifted.field, tuple(x.exact() for x in lifted.entries), order + 1)
    benchmark.pedantic(lambda: lifting.lift(one.problem, start, order + 1), rounds=3, iterations=1)


@pytest.mark.parametrize("name", ["1b", "2a", "3a", "4"])
def test_leading_terms(benchmark, name: str) -> None:
    """The leading terms below t**5, by undetermined coefficients."""
    benchmark.pedantic(lambda: family(name).start, rounds=3, iterations=1)
    assert FIRST_GOAL == 5


@pytest.mark.parametrize(
    "command",
    [["--version"], ["series", "2a", "--order", "18"], ["verify", "theorem1"]],
    ids=["version", "series-2a-t18", "verify-theorem1"],
)
def test_cold_process(benchmark, command: list[str]) -> None:
    """A command as a user types it, interpreter start and imports included."""

    def run() -> None:
        subprocess.run([sys.executable, "-m", "symrelu", *command], check=True, capture_output=True)

    benchmark.pedantic(run, rounds=3, iterations=1)
