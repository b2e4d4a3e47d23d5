"""Proofs in ball arithmetic: for all d from just above a threshold, at one d, thresholds, and the checker."""

import json
from fractions import Fraction

import pytest

import symrelu
from symrelu.checker import check

# the highest threshold of each family, plus a thousandth
ABOVE = {
    "1a": Fraction("2.001"),
    "1b": Fraction("5.7649"),
    "2a": Fraction("5.5866"),
    "2b": Fraction("6.7459"),
    "3a": Fraction("7.5622"),
    "3b": Fraction("7.7308"),
    "4": Fraction("9.3242"),
}


@pytest.mark.parametrize("name", ABOVE)
def test_all_d_above_the_threshold(benchmark, name: str) -> None:
    """Series, tail, pieces and all signs, from nothing in a warm process."""
    certificate = benchmark.pedantic(lambda: symrelu.family(name).certify(from_d=ABOVE[name]), rounds=1)
    assert certificate.verdict == "minimum"


@pytest.mark.parametrize("name", ["1b", "2a", "4"])
def test_one_d_once_the_path_is_certified(benchmark, name: str) -> None:
    family = symrelu.family(name)
    family.certify(10)
    assert benchmark(lambda: family.certify(10)).verdict == "minimum"


@pytest.mark.parametrize("name", ["1b", "2a"])
def test_thresholds_with_proof(benchmark, name: str) -> None:
    assert benchmark.pedantic(lambda: symrelu.family(name).thresholds(20), rounds=1).complete


@pytest.mark.parametrize("name", ["1b", "2a", "4"])
def test_the_checker(benchmark, name: str) -> None:
    data = json.loads(json.dumps(symrelu.family(name).certify(from_d=ABOVE[name]).to_file()))
    assert benchmark.pedantic(lambda: check(data), rounds=1).accepted
