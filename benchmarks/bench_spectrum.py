"""Timings of the Hessian spectrum: exact series, and numbers at any d beside a dense eigensolver (`make bench`)."""

import subprocess
import sys

import numpy as np
import pytest

from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.families import family
from symrelu.spectrum.numeric import eigenvalues_at


@pytest.mark.parametrize("name", ["1b", "2a", "3a", "4"])
def test_exact_spectrum(benchmark, name: str) -> None:
    """All branches through t**2, from isotropy type and limit (warm process)."""
    family("1b").spectrum(0)
    benchmark.pedantic(lambda: family(name).spectrum(2), rounds=2, iterations=1)


def test_cold_process(benchmark) -> None:
    """`symrelu spectrum 2a --order 2` as a user types it."""
    command = [sys.executable, "-m", "symrelu", "spectrum", "2a", "--order", "2"]
    benchmark.pedantic(lambda: subprocess.run(command, check=True, capture_output=True), rounds=3, iterations=1)


@pytest.mark.parametrize("d", [20, 10**6, 10**100], ids=["20", "1e6", "1e100"])
def test_numbers(benchmark, d: int) -> None:
    """The whole spectrum of 2a at one d, 20 digits, the point being known."""
    one = family("2a")
    arithmetic = MpmathArithmetic(30 + 3 * len(str(d)))
    values = one.path().point(d, arithmetic)
    eigenvalues_at(one.problem, arithmetic, values, d)
    benchmark(lambda: eigenvalues_at(one.problem, arithmetic, values, d))


@pytest.mark.parametrize("d", [10, 20, 40, 60])
def test_dense(benchmark, d: int) -> None:
    """What this replaces: the dense k(d+1) x k(d+1) Hessian of 2a in double precision and numpy's eigensolver."""
    from symrelu.reference import hessian

    one = family("2a")
    values = one.path().point(d, MpmathArithmetic(30))
    matrix = one.space.matrix([float(v) for v in values], d)
    ones, target = np.ones(d), np.eye(d)
    benchmark.pedantic(lambda: np.linalg.eigvalsh(hessian.hessian(matrix, ones, target, ones)), rounds=2, iterations=1)
