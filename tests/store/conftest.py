"""A store of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from symrelu.store import Store

Open = Callable[[], Store]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a store that is turned on."""
    path = tmp_path / "store"
    monkeypatch.setenv("SYMRELU_STORE", str(path))
    return path


@pytest.fixture
def fresh(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens the store as a new process would: with nothing in memory, and nothing said yet."""

    def opened() -> Store:
        monkeypatch.setattr(Store, "_opened", {})
        store = Store.open()
        assert store is not None
        return store

    yield opened
