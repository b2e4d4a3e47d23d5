"""Automorphisms of small matrices, against groups known from textbooks and against enumeration."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.reference.isotropy import isotropy_order
from symrelu.symmetry.automorphisms import automorphism_count, refine

FANO = [[1 if (i - j) % 7 in (0, 1, 3) else 0 for j in range(7)] for i in range(7)]


def uncoloured(entries: list[list[int]]) -> tuple[int, ...]:
    return (0,) * (len(entries) + len(entries[0]))


def test_known_groups() -> None:
    assert automorphism_count(FANO, uncoloured(FANO)) == 168  # PSL(3, 2)
    identity = [[int(i == j) for j in range(8)] for i in range(8)]
    assert automorphism_count(identity, uncoloured(identity)) == math.factorial(8)
    cyclic = [[(i - j) % 6 for j in range(6)] for i in range(6)]
    assert automorphism_count(cyclic, uncoloured(cyclic)) == 6
    assert automorphism_count([[0] * 4] * 3, (0,) * 7) == 6 * 24


def test_colours_are_kept() -> None:
    assert automorphism_count(FANO, (1,) + (0,) * 13) == 24  # the stabiliser of a point in 7
    assert automorphism_count([[0] * 4] * 3, (0, 0, 1, 0, 0, 2, 2)) == 2 * 2 * 2


def test_refinement_tells_copies_apart() -> None:
    path = [[1, 0, 0], [1, 1, 0], [0, 1, 1]]
    assert refine(path, (1, 0, 0, 0, 0, 0), (0, 1, 0, 0, 0, 0)) is None
    assert refine(FANO, (1,) + (0,) * 13, (0, 1) + (0,) * 12) is not None


@given(st.integers(1, 5), st.integers(1, 5), st.data())
@settings(max_examples=150, deadline=None)
def test_agrees_with_enumeration(k: int, d: int, data: st.DataObject) -> None:
    entries = [[data.draw(st.integers(0, 1)) for _ in range(d)] for _ in range(k)]
    assert automorphism_count(entries, uncoloured(entries)) == isotropy_order(entries)
    swap = {0: 1, 1: 0}
    if k > 1 and entries[0] == entries[1]:  # known automorphisms change nothing
        assert automorphism_count(entries, uncoloured(entries), [swap]) == isotropy_order(entries)
