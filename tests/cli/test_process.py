"""Commands as processes: interruption, closed pipes, progress for those who watch."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Start = Callable[..., subprocess.Popen[bytes]]
Shell = Callable[..., tuple[int, str, str]]
LONG = ("series", "2a", "--order", "150")  # many minutes
posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


@pytest.fixture
def one_claim(environment: dict[str, str], tmp_path: Path) -> None:
    """The commands started find one claim in every group: what they do with the answer is looked at, not the claims."""
    folder = tmp_path / "first"
    folder.mkdir()
    lines = (
        "from symrelu.claims import decide",
        "all_of = decide.claims_of",
        "decide.claims_of = lambda group: all_of(group)[:1]",
    )
    (folder / "sitecustomize.py").write_text("\n".join(lines), encoding="utf-8")
    environment["PYTHONPATH"] = os.pathsep.join([str(folder), environment["PYTHONPATH"]])


def test_answer_on_stdout_and_nothing_else(shell: Shell) -> None:
    status, out, err = shell("series", "1b", "--order", "2", "--format", "json")
    assert (status, err) == (0, "")
    assert json.loads(out)["entries"]["a_1"] == ["-1", "0", "2"]


def test_refusal_on_stderr(shell: Shell, refusal: Callable[[int, str, str], str]) -> None:
    assert "the named ones are" in refusal(*shell("series", "9z"))


def test_version_is_quick_and_loads_nothing_heavy(environment: dict[str, str], tmp_path: Path) -> None:
    program = (
        "import sys\nfrom symrelu.cli import main\n"
        "try:\n    main(['--version'])\nfinally:\n"
        "    print(sorted({'sympy', 'flint', 'numpy', 'mpmath', 'networkx'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=60, check=True,
    )  # fmt: skip
    assert found.stdout.splitlines()[-1] == "[]"
    assert found.stdout.startswith("symrelu, version ")


@posix
@pytest.mark.parametrize("after", [1.0, *(pytest.param(x, marks=pytest.mark.slow) for x in (0.1, 0.4, 6.0))])
def test_ctrl_c_ends_long_work_within_seconds(after: float, environment: dict[str, str], tmp_path: Path) -> None:
    # the command line in a program that says when it begins: signals before that are Python's own affair
    program = f"from symrelu.cli import main; print('begin', flush=True); main({list(LONG)!r}, prog_name='symrelu')"
    process = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, env=environment,
    )  # fmt: skip
    assert process.stdout is not None and process.stdout.readline() == b"begin\n"
    time.sleep(after)
    assert process.poll() is None, "the command was to take long"
    process.send_signal(signal.SIGINT)
    clock = time.perf_counter()
    try:
        out, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        pytest.fail("Ctrl-C did not end the command")
    assert time.perf_counter() - clock < 5
    assert process.returncode == 130
    assert out == b""
    assert b"Traceback" not in err
    assert list(tmp_path.iterdir()) == [], "nothing is left behind"
    assert err.startswith(b"symrelu: interrupted") and err.count(b"\n") == 1, err


@posix
@pytest.mark.slow
def test_a_reader_that_goes_away_is_no_error(start: Start) -> None:
    # as in `symrelu series 2a --order 20 | head -1`: more than a pipe holds
    process = start("series", "2a", "--order", "20")
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline().startswith(b"family 2a")
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert err == b""


@posix
@pytest.mark.parametrize(
    "arguments",
    [("series", "1b", "--order", "1"), ("verify", "theorem1")],
)
@pytest.mark.usefixtures("one_claim")
def test_a_reader_that_is_gone_before_is_no_error(arguments: tuple[str, ...], start: Start) -> None:
    # exit status 1 would mean an undecided claim
    process = start(*arguments)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    status = process.wait(timeout=60)
    assert err == b""
    assert status == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [("series", "1b", "--order", "1"), ("--help",), ("series", "-h"), ("--version",)])
def test_a_full_disk_is_said_in_one_line(arguments: tuple[str, ...], start: Start) -> None:
    with open("/dev/full", "wb") as full, start(*arguments, stdout=full) as process:
        err = process.communicate(timeout=60)[1].decode()
    assert process.returncode not in (0, 1), "1 is for undecided claims"
    assert err.startswith("symrelu: ") and err.count("\n") == 1, err


@posix
@pytest.mark.parametrize(
    ("arguments", "status", "closed"),
    [
        (("series", "1b", "--order", "1"), 0, "<&- >&-"),
        (("series", "9z"), 2, ">&-"),
        (("series", "9z"), 2, "2>&-"),
    ],
)
def test_closed_streams(
    arguments: tuple[str, ...], status: int, closed: str, environment: dict[str, str], tmp_path: Path
) -> None:
    line = ["sh", "-c", f'exec "$0" -m symrelu "$@" {closed}', sys.executable, *arguments]
    process = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, timeout=60, check=False)
    assert process.returncode == status
    assert b"Traceback" not in process.stdout + process.stderr
    if closed != "2>&-":
        assert process.stderr.count(b"\n") == (1 if status else 0)
    else:
        assert process.stdout == b"", "a refusal does not go to standard output"


# progress -------------------------------------------------------------------------------------------------------------


def in_terminal(start: Start, *arguments: str) -> tuple[int, bytes, bytes]:
    """Exit status, stdout (a pipe) and stderr (a terminal) of a command."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    process = start(*arguments, stderr=follower)
    os.close(follower)
    printed: list[bytes] = []
    assert process.stdout is not None
    reader = threading.Thread(target=lambda: printed.append(process.stdout.read()))
    reader.start()
    shown = b""
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(leader)
    reader.join()
    process.stdout.close()
    return process.wait(timeout=60), printed[0], shown


@posix
def test_progress_in_a_terminal(start: Start) -> None:
    status, out, shown = in_terminal(start, "series", "2a", "--order", "12")
    assert status == 0
    messages = [part.decode() for part in re.split(rb"\r\x1b\[K", shown) if part]
    assert any(re.fullmatch(r"lifting: t\^\d+ of t\^13", message) for message in messages)
    assert any(message.startswith("proving by substitution") for message in messages)
    assert all("\n" not in message for message in messages), "each message takes the last one's place"
    assert shown.endswith(b"\r\x1b[K"), "the line is empty when the answer comes"
    assert out.startswith(b"family 2a") and b"lifting" not in out and b"\x1b" not in out


@posix
@pytest.mark.slow
def test_progress_does_not_touch_json(start: Start) -> None:
    status, out, shown = in_terminal(start, "series", "2a", "--order", "9", "--format", "json")
    assert status == 0
    assert b"lifting" in shown
    assert json.loads(out)["order"] == 9


@posix
@pytest.mark.usefixtures("one_claim")
def test_progress_of_verify(start: Start) -> None:
    status, out, shown = in_terminal(start, "verify", "theorem1")
    assert status == 0
    assert b"deciding theorem1." in shown
    assert out.rstrip().endswith(b"1 confirmed, 0 undecided")


@posix
def test_progress_of_families(start: Start) -> None:
    status, out, shown = in_terminal(start, "families", "--blocks", "d", "--limit", "-")
    assert status == 0
    assert b"family 1 of 1: 1b" in shown and shown.endswith(b"\r\x1b[K")
    assert out.startswith(b"1b ") and b"\x1b" not in out


@posix
def test_refusals_in_a_terminal_clear_the_line_first(start: Start) -> None:
    status, out, shown = in_terminal(start, "series", "9z")
    assert (status, out) == (2, b"")
    text = shown.replace(b"\r\x1b[K", b"").replace(b"\r\n", b"\n")
    assert text.startswith(b"symrelu: ") and text.count(b"\n") == 1


@posix
def test_ctrl_c_in_a_terminal(start: Start) -> None:
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    process = start(*LONG, stderr=follower)
    os.close(follower)
    shown = b""
    while b"lifting" not in shown:  # at work
        shown += os.read(leader, 4096)
    process.send_signal(signal.SIGINT)
    while True:
        try:
            part = os.read(leader, 4096)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(leader)
    assert process.stdout is not None
    process.stdout.close()
    assert process.wait(timeout=30) == 130
    last = shown.split(b"\r\x1b[K")[-1].replace(b"\r\n", b"\n")
    assert last == b"symrelu: interrupted; nothing was written\n"
