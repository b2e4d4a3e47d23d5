"""Processes of workers: none of them hears Ctrl-C, not even while it starts."""

import signal

import pytest

from symrelu.runs.pools import Processes

if not hasattr(signal, "pthread_sigmask"):
    pytest.skip("signals are blocked on POSIX", allow_module_level=True)


def test_workers_begin_with_ctrl_c_blocked() -> None:
    blocked_here = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with Processes(1).open(1) as executor:
        blocked = executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result(timeout=60)
    assert signal.SIGINT in blocked
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == blocked_here, "this process hears it as before"
