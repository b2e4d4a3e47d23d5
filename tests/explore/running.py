"""The explorer as users start it, for tests."""

import contextlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

needs_marimo = pytest.mark.skipif(importlib.util.find_spec("marimo") is None, reason="marimo is not installed")


@contextlib.contextmanager
def explorer(**environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address and the process of `symrelu explore` on a free port; it is ended with the block."""
    command = [sys.executable, "-m", "symrelu", "explore", "--port", "0", "--no-browser"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("symrelu explore: http://127.0.0.1:"), line
        yield line.split()[2], process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
