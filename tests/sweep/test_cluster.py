"""The same sweep on a Dask cluster: a real one, of two worker processes on this machine."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from symrelu.errors import BadInput
from symrelu.sweep import Cluster, read_sweep, sweep, tasks_up_to

pytestmark = [
    pytest.mark.slow,
    # the cluster's own sockets, ports and event loops
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture
def address(pretended: ModuleType) -> Iterator[str]:
    """The scheduler of a cluster whose workers find the pretended work."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_of_two_processes(
    address: str, tmp_path: Path, pretended: ModuleType, threads: Any, begun: Callable[[], list[str]]
) -> None:
    folder, path = Path(str(pretended.__file__)).parent, tmp_path / "families.jsonl"
    (folder / "RAISE_d-2,2").touch()
    (folder / "DIE_d-3,3").write_text("once")
    (folder / "SLOW").touch()
    tasks = tasks_up_to(3)
    found = sweep(tasks, path, partial(Cluster, address), pretended.work)
    assert len(found.failed) == 1, "an exception is a failed line; who died was replaced by the cluster"
    # what a worker had done may be done again when it dies before it was asked for the result
    assert Counter([*(t["blocks"] for t in tasks), "d-3,3"]) <= Counter(begun())
    assert Counter(r["task"] for r in read_sweep(path).records() if r.get("done")).most_common(1)[0][1] == 1
    log = (folder / "LOG").read_text().splitlines()
    assert len({line.split()[0] for line in log}) >= 2, "both processes worked"
    (folder / "RAISE_d-2,2").unlink()
    again = sweep(tasks, path, partial(Cluster, address), pretended.work)
    assert (again.before, again.failed) == (6, ())

    here = tmp_path / "here.jsonl"
    sweep(tasks, here, threads, pretended.work)
    assert read_sweep(path).lines == read_sweep(here).lines, "the same lines as without a cluster"


def test_no_scheduler_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("symrelu.runs.pools.CLUSTER_TIMEOUT", 0.5)
    with pytest.raises(BadInput, match="no Dask scheduler was reached at 'tcp://127.0.0.1:9'"):
        Cluster("tcp://127.0.0.1:9")
    with pytest.raises(BadInput, match="no Dask scheduler was reached at 'nonsense://x'"):
        Cluster("nonsense://x")
