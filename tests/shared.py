"""Families and their provers, made once a process, for tests that only look at them.

A family keeps its series, spectra, path and certified path, so what one test had proved is at hand for the next. A test
that alters the program, or is about computing anew, takes a family of its own: symrelu.family(name).
"""

from functools import cache

import symrelu
from symrelu.claims.claim import Context
from symrelu.families import Family
from symrelu.proof.prover import Prover


@cache
def family_of(name: str) -> Family:
    return symrelu.family(name)


@cache
def prover_of(name: str) -> Prover:
    return family_of(name).prover()


class SharedContext(Context):
    """Claims are decided with these families."""

    def named(self, name: str) -> Family:
        return family_of(name)
