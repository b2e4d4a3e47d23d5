"""Where the paths of the named families end as d falls, and that no step of the continuation leaves the path."""

from collections.abc import Callable

import numpy as np
import pytest

import symrelu
from symrelu.paths.trace import Trace
from symrelu.reference.newton import path_end as reference_end

Known = Callable[[str], symrelu.Family]

# kind, d, what it becomes or meets
ENDS = {
    "1a": ("block", 1, "it is the target itself for every d"),
    "1b": ("parallel", 2, "there W is the target with the rows 1 and 2 permuted"),
    "2a": ("block", 2, "at d = 3 it is 1b with the rows 1 and 2 permuted"),
    "2b": ("parallel", 3, "there W is the target with the rows 1 and 2 permuted"),
    "3a": ("fold", 3.4340542099587950646, "at d = 4 it is 1b with the rows 1 and 2 permuted"),
    "3b": ("parallel", 4, "there W is the target with the rows 1 and 2 permuted"),
    "4": ("fold", 4.5639621325245268582, "at d = 5 it is 1b with the rows 1 and 2 permuted"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ENDS)
def test_ends_of_the_named_families(known: Known, name: str) -> None:
    kind, d, words = ENDS[name]
    end = known(name).path().end()
    assert (end.kind, float(end.d)) == (kind, pytest.approx(d, rel=1e-15))
    assert words in end.text()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "m"), [("3a", 2), ("4", 3), ("d-47,47:+,-", 47)])
def test_folds_are_those_of_the_reference(known: Known, name: str, m: int) -> None:
    assert float(known(name).path().end().d) == pytest.approx(reference_end(m, "+-").d, abs=1e-5)


def test_a_fold_is_followed_around(known: Known) -> None:
    """At d = 72.85 the family d-47,47:+,- turns back; its other sheet turns twice more and ends elsewhere."""
    trace = known("d-47,47:+,-").path().trace
    trace.follow(lambda node: False)
    turns = np.count_nonzero(np.diff([np.sign(node.tangent[-1]) for node in trace.nodes]))
    assert turns == 2
    assert trace.stop is not None and trace.stop.kind == "block"


@pytest.mark.parametrize(("name", "d"), [("2a", 4.0), ("3a", 5.0), ("d-47,47:+,-", 73.0)])
def test_smaller_steps_lead_to_the_same_points(
    known: Known, name: str, d: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Steps a third as large give the path that the usual ones give: no jump to another critical point."""
    path = known(name).path()
    usual = path.trace.near(d)
    monkeypatch.setattr("symrelu.paths.trace.LARGEST_STEP", 0.1)
    first = path.trace.nodes[0]
    other = Trace(path.problem, list(first.coordinates), first.d).near(d)
    assert usual is not None and other is not None
    assert np.max(np.abs(usual - other)) < 1e-3


def test_a_wrong_start_is_not_a_path(known: Known) -> None:
    trace = Trace(known("2a").problem, [5.0, -3.0, 2.0, 1.0, 4.0], 50.0)
    assert trace.nodes == [] and trace.stop is not None and trace.stop.kind == "lost"
