"""Running commands, in the process and outside, and a reader of the contract's numbers of its own."""

import ast
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import pytest
from click.testing import CliRunner, Result

import symrelu
from symrelu.cli import main

PARENT = Path(next(iter(symrelu.__path__))).parent


def run_here(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="symrelu")


@pytest.fixture
def run() -> Callable[..., Result]:
    """Runs a command in this process: quick, with stdout and stderr apart."""
    return run_here


@pytest.fixture(scope="session")
def good() -> Callable[..., str]:
    """What a command that must succeed prints; the same command is run once a session."""

    @cache
    def printed(*arguments: str) -> str:
        result = run_here(*arguments)
        assert result.exit_code == 0, result.stderr
        assert result.stderr == "", "progress and warnings only where somebody watches"
        return result.stdout

    return printed


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Variables for a process whose folder and home are the test's own, so that what it leaves behind is seen."""
    return {
        **os.environ,
        "PYTHONPATH": str(PARENT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOME": str(tmp_path),
        "SYMRELU_STORE": "off",
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Callable[..., subprocess.Popen[bytes]]:
    """Starts a command in a process of its own."""

    def popen(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        return subprocess.Popen([sys.executable, "-m", "symrelu", *arguments], cwd=tmp_path, env=environment, **streams)

    return popen


@pytest.fixture
def shell(start: Callable[..., subprocess.Popen[bytes]]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in a process of its own: exit status, stdout, stderr. One that hangs is ended and fails."""

    def finished(*arguments: str, seconds: float = 60) -> tuple[int, str, str]:
        with start(*arguments) as process:
            try:
                out, err = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                pytest.fail(f"no answer within {seconds} s")
        return process.returncode, out.decode(), err.decode()

    return finished


def bad_input_line(status: int, out: str, err: str) -> str:
    """The one line of a refusal, checked."""
    assert "Traceback" not in out + err, err
    assert status == 2, (status, err)
    assert out == ""
    assert err.startswith("symrelu: ")
    assert err.endswith("\n") and err.count("\n") == 1, err
    assert len(err) < 450, f"{len(err)} characters are no line to read"
    return err


@pytest.fixture(scope="session")
def refusal() -> Callable[[int, str, str], str]:
    """Checks exit status 2, nothing on stdout, one line on stderr; returns the line."""
    return bad_input_line


# the contract's numbers -----------------------------------------------------------------------------------------------


def value(node: ast.AST, names: dict[str, Any], functions: dict[str, Callable[[Any], Any]]) -> Any:
    """The value of a formula of integers, + - * / **, parentheses, the given names and functions; nothing else."""
    match node:
        case ast.Expression(body):
            return value(body, names, functions)
        case ast.Constant(number) if type(number) is int:
            return mpmath.mpf(number)
        case ast.Name(name) if name in names:
            return names[name]
        case ast.UnaryOp(ast.USub(), operand):
            return -value(operand, names, functions)
        case ast.Call(ast.Name(name), [argument], []) if name in functions:
            return functions[name](value(argument, names, functions))
        case ast.BinOp(left, operator, right):
            x, y = value(left, names, functions), value(right, names, functions)
            match operator:
                case ast.Add():
                    return x + y
                case ast.Sub():
                    return x - y
                case ast.Mult():
                    return x * y
                case ast.Div():
                    return x / y
                case ast.Pow():
                    return x**y
    raise AssertionError(f"{ast.dump(node)} is not in the grammar of the contract")


@pytest.fixture(scope="session")
def exact() -> Callable[[str], Any]:
    """Reads an exact number of the contract: integers, + - * / **, parentheses, pi, sqrt(...)."""

    def read(text: str) -> Any:
        assert text == text.strip() and "\n" not in text
        return value(ast.parse(text, mode="eval"), {"pi": +mpmath.pi}, {"sqrt": mpmath.sqrt})

    return read


@pytest.fixture(scope="session")
def count() -> Callable[[str, int], int]:
    """Reads a multiplicity or group order of the contract (d, factorial(...)) at an integer d."""

    def read(text: str, d: int) -> int:
        with mpmath.workdps(60):
            found = value(ast.parse(text, mode="eval"), {"d": mpmath.mpf(d)}, {"factorial": mpmath.factorial})
            assert found == mpmath.nint(found)
            return int(found)

    return read
