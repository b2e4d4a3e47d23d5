"""Many descents from random starts, in tasks that any worker can do, and the minima they end in.

A task is a batch of runs: plain data that says everything its result depends on. A run is a function of the settings,
the seed, its number and the batch it belongs to (whose first start sets the length of steps); batches are always cut
alike, so nothing depends on how many workers there are, or in what order they work.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from symrelu.descent.classify import grouped
from symrelu.descent.problem import FittedTarget
from symrelu.descent.starts import check_name, start
from symrelu.errors import BadInput
from symrelu.model.activations import kernel_named
from symrelu.model.dense import Floats
from symrelu.model.kernels import RELU, Kernel
from symrelu.model.setting import PAPER, Setting
from symrelu.runs.pools import Pools
from symrelu.runs.records import run as run_tasks
from symrelu.runs.tasks import Record, Task
from symrelu.symmetry.size import D, Size

BATCH = 25
LARGEST_D = 100
MOST_RUNS = 1_000_000
Method = Literal["gd", "sgd"]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Training:
    """What is trained, and how often.

    Parameters: ``d``, whole numbers; ``k``, the number of neurons, affine in d; ``runs`` for each d, numbered from 0;
    ``seed``; ``start``, one of :data:`symrelu.descent.starts.INITIALISATIONS`; ``layers`` trained, 1 or 2; ``method``:
    "gd", gradient descent, or "sgd", which goes on with gradient descent to the end; ``setting``, of kernel and target;
    ``matrix``, a target given by numbers instead of the setting's (its columns must be d), which ``label`` names.
    Raises BadInput for numbers that make no sense.
    """

    d: tuple[int, ...]
    k: Size = D
    runs: int = 200
    seed: int = 1
    start: str = "xavier"
    layers: Literal[1, 2] = 1
    method: Method = "gd"
    setting: Setting = PAPER
    matrix: tuple[tuple[float, ...], ...] | None = None
    label: str = field(default="a matrix", compare=False)

    def __post_init__(self) -> None:
        check_name(self.start)
        if not self.d or any(not 2 <= d <= LARGEST_D for d in self.d) or len(set(self.d)) < len(self.d):
            raise BadInput(
                f"d = {','.join(map(str, self.d))} was given; give different whole numbers from 2 to {LARGEST_D}"
            )
        if not 1 <= self.runs <= MOST_RUNS:
            raise BadInput(f"{self.runs} runs were asked for; give a whole number from 1 to {MOST_RUNS}, such as 200")
        if not 0 <= self.seed < 2**63:
            raise BadInput(f"the seed {self.seed} was given; give a whole number from 0 on, such as 1")
        if self.layers not in (1, 2) or self.method not in ("gd", "sgd"):
            raise BadInput(f"layers {self.layers}, method {self.method} were given; give 1 or 2, and gd or sgd")
        if self.method == "sgd" and self.layers == 2:
            raise BadInput("--sgd trains the first layer alone; leave --layers 2 or --sgd out")
        if self.setting.signs:
            raise BadInput("signs of alpha were given, but a descent starts from alpha = 1; leave --alpha-signs out")
        for d in self.d:
            self.neurons(d)
        if self.matrix is not None and any(d != len(self.matrix[0]) for d in self.d):
            raise BadInput(f"the target has {len(self.matrix[0])} columns; give --d {len(self.matrix[0])}")

    def neurons(self, d: int) -> int:
        """k at this d. Raises BadInput where it is no positive whole number, or above 2 d + 100."""
        k = self.k.at(d)
        if not isinstance(k, int) or not 1 <= k <= 2 * d + LARGEST_D:
            raise BadInput(f"--k {self.k} at d = {d} is {k}; give a positive whole number, or d+1")
        return k

    def fitted(self, d: int) -> FittedTarget:
        """The target at this d."""
        if self.matrix is not None:
            return FittedTarget.of_matrix(np.array(self.matrix), self.setting.kernel, self.label)
        return FittedTarget.of(self.setting, d, self.neurons(d))

    @cached_property
    def tasks(self) -> list[Task]:
        """One for each batch, those of larger d first: they take longest."""
        found = []
        for d in sorted(self.d, reverse=True):
            _ = self.fitted(d).loss  # refuses what cannot be fitted before anything is done
            for first in range(0, self.runs, BATCH):
                found.append(
                    {
                        "experiment": "train",
                        "d": d,
                        "k": self.neurons(d),
                        "first": first,
                        "runs": min(BATCH, self.runs - first),
                        "seed": self.seed,
                        "start": self.start,
                        "layers": self.layers,
                        "method": self.method,
                        **self._target(),
                    }
                )
        return found

    def _target(self) -> dict[str, Any]:
        if self.matrix is None:
            return {"setting": self.setting.to_json()}
        return {"kernel": self.setting.kernel.name, "target": [[repr(x) for x in row] for row in self.matrix]}

    @property
    def words(self) -> str:
        """The options of the command line that differ from the default, but d, runs and output."""
        parts = [f"--k {str(self.k).replace(' ', '')}"] if self.k != D else []
        parts += [f"--seed {self.seed}"]
        parts += [f"--init {self.start}"] if self.start != "xavier" else []
        parts += ["--layers 2"] if self.layers == 2 else []
        parts += ["--sgd"] if self.method == "sgd" else []
        parts += [f"(target {self.label})"] if self.matrix is not None else []
        parts += [f"({self.setting.label()})"] if self.setting.label() else []
        return " ".join(parts)


@dataclass(frozen=True, eq=False)
class Ended:
    """One run: how it ended (see :class:`symrelu.descent.descend.End`), and at which of the batch's points, if at one.

    ``kind``: "minimum", "target", "critical" or "unfinished". ``loss``, ``gradient_norm`` and ``smallest`` (Hessian
    eigenvalue): there; ``point``: the place of that point, or None.
    """

    run: int
    kind: str
    steps: int
    loss: float
    gradient_norm: float
    smallest: float | None
    point: int | None


@dataclass(frozen=True, eq=False)
class Batch:
    """What a task found: its runs, and the different points that they ended in, each W and alpha."""

    d: int
    k: int
    runs: tuple[Ended, ...]
    points: tuple[tuple[Floats, Floats], ...]

    @classmethod
    def read(cls, record: Record) -> Batch:
        """A batch from its record."""
        runs = tuple(Ended(record["first"] + i, *values) for i, values in enumerate(record["runs"]))
        points = tuple((np.array(one["weights"]), np.array(one["alpha"])) for one in record["points"])
        return cls(record["d"], record["k"], runs, points)


def work(task: Task) -> list[Record]:
    """In a worker: the descents of a task, as one record, which :meth:`Batch.read` reads."""
    from symrelu.descent.descend import descend

    d, k = task["d"], task["k"]
    numbers = range(task["first"], task["first"] + task["runs"])
    fitted = _fitted(task)
    starts = np.array([start(task["start"], k, d, task["seed"], run) for run in numbers])
    if task["method"] == "sgd":
        from symrelu.descent.sgd import sgd

        starts = sgd(fitted.loss, starts, task["seed"], numbers)
    ends = descend(fitted.loss, starts, task["layers"])
    told = [i for i, end in enumerate(ends) if end.kind in ("minimum", "critical")]
    groups = grouped([ends[i].weights for i in told], [ends[i].alpha for i in told], [ends[i].loss for i in told])
    place = {told[member]: number for number, group in enumerate(groups) for member in group.members}
    return [
        {
            "d": d,
            "k": k,
            "first": task["first"],
            "runs": [
                [end.kind, end.steps, end.loss, end.gradient_norm, end.smallest, place.get(i)]
                for i, end in enumerate(ends)
            ],
            "points": [{"weights": group.weights.tolist(), "alpha": group.alpha.tolist()} for group in groups],
        }
    ]


def _fitted(task: Task) -> FittedTarget:
    if "target" in task:
        V = np.array([[float(x) for x in row] for row in task["target"]])
        kernel: Kernel = kernel_named(task["kernel"]) if task["kernel"] != RELU.name else RELU
        return FittedTarget.of_matrix(V, kernel)
    return FittedTarget.of(Setting.from_json(task["setting"]), task["d"], task["k"])


def descents(
    training: Training,
    path: str | Path | None = None,
    pools: Callable[[], Pools] | None = None,
    progress: Progress | None = None,
    on_message: Progress = lambda _: None,
) -> dict[int, list[Batch]]:
    """The batches of all runs, by d; those that are in the file are taken from there.

    Parameters: as of :func:`symrelu.runs.records.run`, which says what is raised. ``training``: what to run;
    ``pools``: where; ``on_message``: is told of every line of news.
    """
    records = run_tasks(training.tasks, work, path, pools, progress, on_message)
    found: dict[int, list[Batch]] = {d: [] for d in sorted(training.d)}
    for record in records:
        found[record["d"]].append(Batch.read(record))
    return found


def runs_of(batches: Sequence[Batch]) -> list[Ended]:
    """All runs of batches, by number."""
    return sorted((one for batch in batches for one in batch.runs), key=lambda one: one.run)


__all__ = ["BATCH", "Batch", "Ended", "Method", "Training", "descents", "runs_of", "work"]
