"""Sweeps over pretended work: quick, in threads or in real processes, with accidents on demand."""

import importlib
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

import symrelu

PRETENDED = '''
"""Work of a sweep that can be imported where the workers are. A file DIE_n in the folder kills the n-th task's process,
SLOW makes each task take a while; LOG has a line for each task that was begun."""

import os, time
from pathlib import Path

FOLDER = Path(__file__).parent


def record(limit):
    return {"limit": limit, "branch": 1, "loss": ["0", "1"], "ramification": 2, "closed_form": False, "family": None,
            "thresholds": [], "complete": True, "verdict": "minimum", "from_d": "9"}


def work(task):
    with open(FOLDER / "LOG", "a") as log:
        log.write(f"{os.getpid()} {task['blocks']}\\\\n")
    mark = FOLDER / f"DIE_{task['blocks'].replace('/', '')}"
    if mark.exists():
        if mark.read_text() == "once":
            mark.unlink()
        os._exit(1)
    if (FOLDER / f"RAISE_{task['blocks']}").exists():
        raise RuntimeError("nothing\\\\nfits")
    if (FOLDER / "SLOW").exists():
        time.sleep(0.3)
    if task["blocks"] == "d-1,1":
        return [{"searched": False, "reason": "not now"}]
    return [record("+"), record("-"), {"larger": "Delta S_d", "limit": "x"}]
'''.replace("\\\\", "\\")


class Threads:
    """Workers in this process."""

    width = 2

    def open(self, width: int) -> Executor:
        return ThreadPoolExecutor(width)

    def kill(self, executor: Executor) -> None:
        executor.shutdown(cancel_futures=True)

    def close(self) -> None:
        pass


@pytest.fixture
def threads() -> type[Threads]:
    return Threads


@pytest.fixture
def pretended(tmp_path: Path) -> Iterator[ModuleType]:
    """The module with the work, in a folder of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    name = f"pretended_{os.getpid()}_{abs(hash(str(tmp_path)))}"
    (folder / f"{name}.py").write_text(PRETENDED)
    sys.path.insert(0, str(folder))
    yield importlib.import_module(name)
    sys.path.remove(str(folder))
    del sys.modules[name]


@pytest.fixture
def begun(pretended: ModuleType) -> Callable[[], list[str]]:
    """The types that were begun to be worked on, in order."""

    def read() -> list[str]:
        log = Path(str(pretended.__file__)).parent / "LOG"
        return [line.split()[1] for line in log.read_text().splitlines()] if log.exists() else []

    return read


@pytest.fixture
def environment(pretended: ModuleType) -> dict[str, str]:
    """Variables for a process that finds symrelu and the pretended work."""
    parents = [Path(str(pretended.__file__)).parent, Path(next(iter(symrelu.__path__))).parent]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, parents)), "SYMRELU_STORE": "off"}
