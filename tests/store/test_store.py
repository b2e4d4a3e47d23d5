"""The folder of records: what is put comes back, what is not ours does not, and nothing that happens to it is an
error.
"""

import errno
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from symrelu.store import Store
from symrelu.store import store as module
from symrelu.store.keys import canonical, digest, key_of

Open = Callable[[], Store]
ASKED = {"blocks": ["d - 1", "1"], "order": 4}
DATA = {"entries": {"a_1": ["1", "0", "8/pi"]}, "exact": True, "nothing": None}


# keys -----------------------------------------------------------------------------------------------------------------


def test_canonical_json_does_not_depend_on_order() -> None:
    assert canonical({"b": [1, True], "a": "é"}) == '{"a":"\\u00e9","b":[1,true]}'
    assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})
    assert key_of("series", {"a": 1, "b": 2}) == key_of("series", {"b": 2, "a": 1})


def test_keys_tell_questions_apart() -> None:
    questions = [{"order": 4}, {"order": 5}, {"order": "4"}, {"order": True}, {"order": 1}, {"order": [4]}, {}]
    keys = {key_of(kind, asked) for kind in ("series", "spectrum") for asked in questions}
    assert len(keys) == 2 * len(questions)


@pytest.mark.parametrize("data", [0.1, {"x": float("nan")}, {1: 2}, [{3}], b"x"])
def test_what_is_not_exact_has_no_canonical_json(data: object) -> None:
    with pytest.raises(TypeError, match="canonical JSON"):
        canonical(data)


# records --------------------------------------------------------------------------------------------------------------


def test_what_is_put_comes_back_in_another_process(fresh: Open, folder: Path) -> None:
    fresh().put("series", ASKED, DATA)
    assert fresh().get("series", ASKED) == DATA
    program = (
        f"from symrelu.store import Store; import json\nasked = json.loads({json.dumps(ASKED)!r})\n"
        "print(json.dumps(Store.open().get('series', asked)))"
    )
    environment = {**os.environ, "SYMRELU_STORE": str(folder)}
    found = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, check=True, timeout=60
    )
    assert json.loads(found.stdout) == DATA


def test_another_question_has_no_answer(fresh: Open) -> None:
    store = fresh()
    store.put("series", ASKED, DATA)
    assert store.get("spectrum", ASKED) is None
    assert store.get("series", {**ASKED, "order": 5}) is None


def damaged(content: bytes) -> dict[str, bytes]:
    record = json.loads(content)
    wrong = {**record, "data": {**DATA, "exact": False}}
    unhashed = {key: value for key, value in record.items() if key != "hash"}

    def signed(**changes: object) -> bytes:
        new = {**unhashed, **changes}
        return canonical({**new, "hash": digest(new)}).encode()

    return {
        "empty": b"",
        "truncated": content[: len(content) // 2],
        "one byte less": content[:-3],
        "zeros after a crash": b"\0" * len(content),
        "a coefficient changed": content.replace(b"8/pi", b"9/pi"),
        "data changed": canonical(wrong).encode(),
        "foreign text": b"not JSON at all \xff\xfe",
        "foreign JSON": b"[1, 2, 3]",
        "deeply nested": b"[" * 100_000,
        "a number that is none": b'{"hash": NaN}',
        "another version": signed(version="0.0.1"),
        "other sources": signed(sources="0" * 64),
        "another format": signed(format_version=2),
        "another program": signed(format="cache"),
        "another question": signed(asked={**ASKED, "order": 5}),
        "another kind": signed(kind="spectrum"),
        "no data": signed(data=None),
        "something more": signed(more=1),
    }


@pytest.mark.parametrize("how", damaged(b'{"data": {}, "hash": ""}'))
def test_what_is_not_our_record_is_no_answer_and_is_replaced(how: str, fresh: Open) -> None:
    store = fresh()
    store.put("series", ASKED, DATA)
    path = store.path("series", ASKED)
    content = path.read_bytes()
    assert store.get("series", ASKED) == DATA
    path.write_bytes(damaged(content)[how])
    assert store.get("series", ASKED) is None
    store.put("series", ASKED, DATA)
    assert path.read_bytes() == content
    assert store.get("series", ASKED) == DATA


def test_what_is_signed_alike_is_read() -> None:
    # the damages above fail for the reason they name: the same signature over the right data is accepted
    from symrelu.store.records import read, written

    content = written("series", ASKED, DATA)
    record = {key: value for key, value in json.loads(content).items() if key != "hash"}
    assert read(canonical({**record, "hash": digest(record)}).encode(), "series", ASKED) == DATA


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_a_records_place_does_not_block(fresh: Open) -> None:
    store = fresh()
    path = store.path("series", ASKED)
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert store.get("series", ASKED) is None


# several writers ------------------------------------------------------------------------------------------------------


def test_writers_and_readers_at_once(fresh: Open) -> None:
    store = fresh()
    seen: list[object] = []

    def work(seed: int) -> None:
        for i in range(40):
            asked = {"order": (seed + i) % 3}
            store.put("series", asked, DATA)
            seen.append(store.get("series", asked))

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [DATA] * 160
    assert store.size()[0] == 3
    assert not list(store.folder.rglob("*.part")), "no unfinished file is left"


@pytest.mark.slow
def test_processes_at_once(fresh: Open, folder: Path) -> None:
    program = (
        "from symrelu.store import Store\nstore, data = Store.open(), {'x': 'y' * 5000}\nfor i in range(150):\n"
        "    asked = {'order': i % 5}\n    store.put('series', asked, data)\n    if i % 50 == 49: store.clear()\n"
        "    assert store.get('series', asked) in (None, data)\n"
    )
    environment = {**os.environ, "SYMRELU_STORE": str(folder)}
    running = [
        subprocess.Popen([sys.executable, "-c", program], env=environment, stderr=subprocess.PIPE) for _ in range(2)
    ]
    for process in running:
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (0, b"")


# what may go wrong with the folder ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_read_only_folder_is_said_once(
    number: int, fresh: Open, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store = fresh()
    store.put("series", ASKED, DATA)

    def refused(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(module.os, "replace", refused)
    store.put("series", {**ASKED, "order": 5}, DATA)
    store.put("series", {**ASKED, "order": 6}, DATA)
    monkeypatch.setattr(module.os, "utime", refused)
    assert store.get("series", ASKED) == DATA, "what is there can still be read"
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1, err
    assert err.startswith("symrelu: warning: the store ") and os.strerror(number) in err
    assert not list(store.folder.rglob("*.part"))


def test_a_folder_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv("SYMRELU_STORE", str(tmp_path / "file"))
    store = Store.open()
    assert store is not None
    store.put("series", ASKED, DATA)
    assert store.get("series", ASKED) is None
    assert capsys.readouterr().err.count("\n") == 1
    assert (store.size(), store.clear()) == ((0, 0), 0)
    assert (tmp_path / "file").read_text() == "mine"


# which folder ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["off", "OFF", " off "])
def test_off(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYMRELU_STORE", word)
    assert Store.open() is None


def test_the_default_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYMRELU_STORE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    store = Store.open()
    assert store is not None
    assert store.folder.name == "symrelu" and tmp_path in store.folder.parents
    assert list(tmp_path.iterdir()) == [], "opening makes nothing"


# size -----------------------------------------------------------------------------------------------------------------


def test_the_size_is_bounded_and_the_longest_unused_go_first(folder: Path) -> None:
    store = Store(folder, most_bytes=20_000)
    for i in range(10):
        store.put("series", {"order": i}, {"x": "y" * 3000})
        os.utime(store.path("series", {"order": i}), (1000 + i, 1000 + i))
    assert store.get("series", {"order": 0}) is not None  # used: now the youngest
    store._bound()
    left = [i for i in range(10) if store.path("series", {"order": i}).exists()]
    assert left == [0, 7, 8, 9]
    assert store.size()[1] <= 15_000


def test_clearing_leaves_what_is_not_ours(fresh: Open) -> None:
    store = fresh()
    for i in range(3):
        store.put("series", {"order": i}, DATA)
    path = store.path("series", {"order": 0})
    mine = [store.folder / "letter.json", path.parent / "letter.json", store.folder / "ab.txt"]
    for file in mine:
        file.write_text("mine")
    unfinished = path.with_name(f".{path.name}.1.1.part")
    unfinished.write_bytes(b"half")
    assert store.clear() == 3
    assert store.size() == (0, 0)
    assert not unfinished.exists()
    assert all(file.read_text() == "mine" for file in mine)
    assert sorted(p.name for p in store.folder.iterdir()) == sorted([path.parent.name, "ab.txt", "letter.json"])


def test_what_died_while_writing_is_swept_up(fresh: Open) -> None:
    store = fresh()
    path = store.path("series", ASKED)
    path.parent.mkdir(parents=True)
    old, young = path.with_name(f".{path.name}.1.1.part"), path.with_name(f".{path.name}.2.1.part")
    for file in (old, young):
        file.write_bytes(b"half")
    os.utime(old, (1, 1))
    store.put("series", ASKED, DATA)
    assert not old.exists() and young.exists(), "the young one may still have its writer"
