"""Families and spectra computed once a session, points of Fix(G), and the dense Hessian's eigenvalues."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest

import symrelu
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.series import Series
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.reference.hessian import first_layer_hessian, hessian
from symrelu.spectrum.numeric import Value, eigenvalues_at
from symrelu.spectrum.rescaling import trace_along_rescaling
from symrelu.spectrum.result import FamilySpectrum
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy


@pytest.fixture(scope="session")
def spectrum(known: Callable[[str], symrelu.Family]) -> Callable[..., FamilySpectrum]:
    """A function from a name, an order and a number of layers to the spectrum."""
    return lambda name, order, layers=2: known(name).spectrum(order, layers)


@pytest.fixture(scope="session")
def traces(known: Callable[[str], symrelu.Family]) -> Callable[[str], dict[int, Series]]:
    """A function from a name to the trace along the rescaling orbit, from the Hessian without its eigenvalues."""
    return cache(lambda name: trace_along_rescaling(known(name)))


@pytest.fixture(scope="session")
def problem() -> Callable[..., Problem]:
    """A function from blocks, rows and columns to the ReLU problem on Fix(G)."""
    return lambda blocks, rows=None, cols=None: Problem(FixedSpace(Isotropy.parse(blocks, rows, cols)), RELU)


@pytest.fixture(scope="session")
def ours() -> Callable[..., list[Value]]:
    """A function from a problem, a point, d and the layers to our eigenvalues, in 40 digits."""

    def at(of: Problem, values: Sequence[float], d: int, layers: int = 2) -> list[Value]:
        arithmetic = MpmathArithmetic(40)
        return eigenvalues_at(of, arithmetic, [arithmetic.context.mpf(float(x)) for x in values], d, layers)

    return at


@pytest.fixture(scope="session")
def repeated() -> Callable[[Sequence[Value]], np.ndarray]:
    """A function that lists eigenvalues in floats, ascending, each as often as its multiplicity says."""

    def all_of(values: Sequence[Value]) -> np.ndarray:
        assert all(v.multiplicity == Fraction(int(v.multiplicity)) and v.multiplicity > 0 for v in values)
        return np.sort(np.concatenate([np.full(int(v.multiplicity), float(v.value)) for v in values]))

    return all_of


@pytest.fixture(scope="session")
def dense() -> Callable[..., np.ndarray]:
    """A function from W to the Hessian against V = I_d at second layers of ones, from the definition."""

    def at(W: np.ndarray, layers: int = 2, alpha: Any = None) -> np.ndarray:
        k, d = W.shape
        output = np.ones(k) if alpha is None else alpha
        return (hessian if layers == 2 else first_layer_hessian)(W, output, np.eye(d), np.ones(d))

    return at
