"""Families and their provers, made once for all tests."""

from functools import cache

import symrelu
from symrelu.families import Family
from symrelu.proof.prover import Prover


@cache
def family_of(name: str) -> Family:
    return symrelu.family(name)


@cache
def prover_of(name: str) -> Prover:
    return family_of(name).prover()
