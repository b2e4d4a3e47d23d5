"""The page is served on this machine only, to who has its address, and nobody can run code through it."""

import http.cookiejar
import importlib.util
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner

from symrelu.cli import main
from symrelu.explore import server
from tests.explore.running import explorer, needs_marimo


def test_without_marimo_the_line_that_installs_it(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "marimo" else found(name, *a))
    answer = CliRunner().invoke(main, ["explore"])
    assert answer.exit_code == 2
    assert answer.output.strip().endswith("pip install 'symrelu[explore]'")


@needs_marimo
def test_a_port_in_use_is_one_line():
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        answer = CliRunner().invoke(main, ["explore", "--no-browser", "--port", str(taken.getsockname()[1])])
    assert answer.exit_code == 2
    assert "cannot be used (Address already in use); try --port 0" in answer.output
    assert len(answer.output.strip().splitlines()) == 1


@needs_marimo
@pytest.mark.parametrize("port", ["-1", "65536", "99999999999"])
def test_no_port(port):
    answer = CliRunner().invoke(main, ["explore", "--no-browser", f"--port={port}"])
    assert answer.exit_code == 2
    assert f"--port {port} was given" in answer.output


def test_it_listens_on_the_loopback_interface_alone():
    with server.listening(0) as found:
        assert found.getsockname()[0] == "127.0.0.1"


def test_other_commands_load_nothing_of_it():
    code = "import sys, symrelu.cli; print([m for m in sys.modules if m.split('.')[0] in ('marimo', 'uvicorn')])"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[]"


RUN = ("/api/kernel/run", "/api/kernel/scratchpad/run", "/api/kernel/save", "/api/kernel/read_code")


@pytest.mark.slow  # starts the server
@needs_marimo
def test_only_who_has_the_address_gets_the_page_and_nobody_runs_code():
    jar = http.cookiejar.CookieJar()
    known = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    with explorer() as (address, process):
        base = address.split("/?")[0]
        stranger = urllib.request.build_opener()
        with stranger.open(base, timeout=20) as page:
            assert "/auth/login" in page.url
        with pytest.raises(urllib.error.HTTPError) as refused:  # a name that was made to point here
            stranger.open(urllib.request.Request(address, headers={"Host": "example.org"}), timeout=20)
        with refused.value as answer:
            assert answer.code == 400
        with known.open(address, timeout=20) as page:
            text = page.read().decode()
        assert "symrelu explore" in text
        assert "page.ask" not in text  # the code of the page is not sent
        for path in RUN:
            request = urllib.request.Request(base + path, b"{}", {"Content-Type": "application/json"})
            with pytest.raises(urllib.error.HTTPError) as refused:
                known.open(request, timeout=20)
            with refused.value as answer:
                assert answer.code in (401, 403)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
        assert (process.returncode, err) == (0, "")
