"""Runs from a seed: the same whatever the workers, whoever dies, and however often it is interrupted."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from symrelu.descent.found_types import TypesAt, types_at
from symrelu.descent.problem import FittedTarget
from symrelu.descent.training import BATCH, Batch, Training, descents, runs_of, work
from symrelu.errors import BadInput
from symrelu.model.setting import Setting
from symrelu.reference.dense import gradient, loss
from symrelu.runs.pools import Cluster, Processes
from symrelu.runs.records import run
from symrelu.symmetry.size import Size

SMALL = Training((7,), runs=30, seed=4)
I7, ONES = np.eye(7), np.ones(7)


class Threads:
    """Workers in this process."""

    width = 2

    def open(self, width: int) -> Executor:
        return ThreadPoolExecutor(width)

    def kill(self, executor: Executor) -> None:
        executor.shutdown(cancel_futures=True)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def small() -> TypesAt:
    return types_at(SMALL, descents(SMALL)[7])


def test_a_small_training_meets_a_spurious_minimum(small: TypesAt) -> None:
    found = {one.name: one for one in small.types}
    assert sum(one.count for one in small.types) == 30 and small.unfinished == 0
    assert list(found) == ["1a", "2a"] and found["2a"].count >= 1
    spurious = found["2a"]
    assert spurious.what.type == "--blocks d-1,1 --limit +,-" and spurious.what.loss_class == "Theta(1/d)"
    assert spurious.what.broken == 7 and spurious.predicted == pytest.approx(7 / 8)
    low, high = spurious.interval
    assert low < spurious.share < high
    mean, error = small.mean_loss
    assert mean == pytest.approx(spurious.share * spurious.what.loss) and 0 < error < mean


def test_ends_are_critical_points_by_other_code() -> None:
    batch = Batch.read(work(SMALL.tasks[0])[0])
    assert len(batch.points) == 2
    for W, alpha in batch.points:
        assert np.all(alpha == 1)
        assert np.linalg.norm(gradient(W, alpha, I7, ONES)[0]) < 1e-10
    for one in batch.runs:
        assert one.point is not None and one.gradient_norm < 1e-10
        assert one.loss == pytest.approx(loss(*batch.points[one.point], I7, ONES), abs=1e-12)


def test_the_same_whatever_the_workers(tmp_path: Path) -> None:
    alone = run(SMALL.tasks, work)
    assert run(SMALL.tasks, work, tmp_path / "runs.jsonl", Threads) == alone
    assert Training((7,), runs=99, seed=4).tasks[0] == SMALL.tasks[0], "a batch does not depend on how many there are"
    assert run(Training((7,), runs=5, seed=2).tasks, work)[0]["runs"] != alone[0]["runs"][:5]


def test_batches_are_cut_alike() -> None:
    tasks = Training((7, 9), runs=60, k=Size.parse("d+1")).tasks
    assert [(t["d"], t["k"], t["first"], t["runs"]) for t in tasks] == [
        (d, d + 1, first, min(BATCH, 60 - first)) for d in (9, 7) for first in (0, 25, 50)
    ]


def test_one_neuron_more() -> None:
    training = Training((7,), k=Size.parse("d+1"), runs=25)
    found = types_at(training, descents(training)[7])
    assert [one.name for one in found.types] == ["global"] and found.bad == 0
    assert found.types[0].predicted is None, "a continuum has no multiplicity"


def test_other_ways_to_train() -> None:
    both = Training((6,), runs=8, layers=2)
    sgd = Training((6,), runs=8, method="sgd", start="he")
    for training in (both, sgd):
        found = types_at(training, descents(training)[6])
        assert [one.name for one in found.types] == ["1a"] and found.runs == 8


def test_a_target_of_numbers() -> None:
    V = np.eye(6) + 0.3 * np.roll(np.eye(6), 1, axis=1)
    training = Training((6,), runs=10, matrix=tuple(tuple(row) for row in V.tolist()))
    found = types_at(training, descents(training)[6])
    assert FittedTarget.of_matrix(V).symmetry.order == 6, "the cyclic group, which has a product of S_2 in it"
    assert found.symmetry.endswith(".3")
    assert sum(one.count for one in found.types) + found.unfinished == 10
    assert [one.name for one in found.types if one.what.is_global] == ["global"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"d": (1,)}, "whole numbers from 2"),
        ({"d": (7, 7)}, "different whole numbers"),
        ({"d": (7,), "runs": 0}, "0 runs"),
        ({"d": (7,), "start": "zero"}, "xavier"),
        ({"d": (7,), "k": Size.parse("d/2")}, "--k"),
        ({"d": (7,), "method": "sgd", "layers": 2}, "--sgd"),
        ({"d": (7,), "setting": Setting.parse(signs="+,-")}, "alpha = 1"),
        ({"d": (7,), "matrix": ((1.0, 0.0),)}, "--d 2"),
    ],
)
def test_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Training(**given)


def test_padded_targets_need_fewer_rows() -> None:
    assert FittedTarget.of(Setting.parse(target="pad"), 5, 4).V.tolist() == np.eye(4, 5).tolist()
    with pytest.raises(BadInput, match="k <= d"):
        FittedTarget.of(Setting.parse(target="pad"), 5, 6)


# -- accidents ---------------------------------------------------------------------------------------------------------

COMMAND = ["train", "--d", "8", "--runs", "200", "--workers", "2", "--format", "json", "-o"]


def started(path: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "SYMRELU_STORE": "off", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "symrelu", *COMMAND, str(path)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def children(pid: int) -> Iterator[int]:
    """The processes that work for one (not those that look after resources)."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield child


def until(path: Path, lines: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(1200):
        if path.exists() and path.read_bytes().count(b"\n") >= lines:
            return
        if process.poll() is not None:
            pytest.fail(f"the command ended: {process.communicate()}")
        time.sleep(0.02)
    process.kill()
    pytest.fail("no line was written")


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for workers in /proc")
@pytest.mark.slow
def test_a_killed_worker_and_ctrl_c_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / "runs.jsonl"
    process = started(path)
    until(path, 1, process)
    os.kill(next(children(process.pid)), signal.SIGKILL)
    until(path, 3, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, b""), err
    assert b"the same command goes on from there" in err
    kept, training, said = path.read_bytes(), Training((8,), runs=200), list[str]()
    again = descents(training, path, Threads, on_message=said.append)[8]
    assert "of 8 tasks are in" in said[0] and path.read_bytes().startswith(kept)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert Counter(line["task"] for line in lines).most_common(1)[0][1] == 1 and len(lines) == 8
    assert [one.run for one in runs_of(again)] == list(range(200)), "nothing lost, nothing counted twice"
    assert [line["records"] for line in sorted(lines, key=lambda x: x["settings"]["first"])[:2]] == [
        work(task) for task in training.tasks[:2]
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the cluster's own sockets, ports and event loops
def test_a_cluster_of_two_processes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    training = Training((7,), runs=60)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        there = descents(training, tmp_path / "there.jsonl", partial(Cluster, cluster.scheduler_address))
    here = descents(training, tmp_path / "here.jsonl", partial(Processes, 2))
    for found in (there, here):
        assert [one.run for one in runs_of(found[7])] == list(range(60))
    lines = [sorted((tmp_path / f"{name}.jsonl").read_text().splitlines()) for name in ("there", "here")]
    assert lines[0] == lines[1], "the same lines, down to the last digit"
