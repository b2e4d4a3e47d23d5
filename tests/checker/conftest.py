"""Certificates made once a session by the make-shift prover."""

import copy
import importlib.util
import sys
from fractions import Fraction
from pathlib import Path

import pytest

_spec = importlib.util.spec_from_file_location("checker_prover", Path(__file__).with_name("prover.py"))
prover = importlib.util.module_from_spec(_spec)
sys.modules["checker_prover"] = prover
_spec.loader.exec_module(prover)


@pytest.fixture(name="prover", scope="session")
def _prover():
    return prover


@pytest.fixture(scope="session")
def _made():
    return {}


@pytest.fixture
def certificate(_made):
    """A fresh copy of the certificate of a family: tail to t_end, middle pieces down to d if it is given."""

    def make(name, t_end, d=None, order=6, negative=None):
        key = (name, t_end, d, order)
        if key not in _made:
            t_end = Fraction(t_end)
            data = prover.with_tail(name, t_end, order)
            if d is not None:
                data = prover.with_middle(data, Fraction(d))
            _made[key] = prover.with_claim(data, 1 / t_end**2 if d is None else Fraction(d), negative)
        return copy.deepcopy(_made[key])

    return make
