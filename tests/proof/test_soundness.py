"""Traps that proofs fell into once: each of these was accepted by an earlier version and must not be."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from flint import arb

from symrelu.errors import Undecided
from symrelu.proof import crossing
from symrelu.proof.krawczyk import contract, included
from symrelu.proof.point import Box, enclose
from symrelu.proof.sign_changes import sign_changes
from tests.shared import family_of, prover_of


def test_a_box_that_leaves_out_its_polynomial_proves_nothing() -> None:
    """F(x) = |x|-like functions have no zero, and slope 1 on a box beyond the kink: mean values reach from p to the
    box.
    """
    residual, slope_on_box = [arb(-20)], [[arb(0)]]
    box = [arb(20, 3)]
    with pytest.raises(ValueError, match="leaves out p"):
        contract(residual, slope_on_box, box, box)
    over = [box[0].union(arb(0))]
    assert included(contract(residual, slope_on_box, box, over), box)


def test_the_slope_must_be_taken_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """A box about another critical point has a slope too: it is not glued to the path, and nothing is claimed."""
    prover = prover_of("1b")

    def elsewhere(problem: Any, start: Sequence[arb], d: arb, bits: int) -> Box:
        right = enclose(problem, start, d, bits)
        return Box(right.d, tuple(x + Fraction(1, 10).numerator / arb(10) for x in right.entries))

    prover.tube(Fraction(43, 100), False)  # the path itself is certified before
    monkeypatch.setattr(crossing, "enclose", elsewhere)
    with pytest.raises(Undecided, match="glued"):
        found = sign_changes(prover, 20, Fraction(11, 2))
        raise Undecided(f"not glued: {found.reason}") if not found.complete else AssertionError(found)


def test_a_threshold_just_below_the_range_is_not_in_it() -> None:
    """5.76381273491957116692... : asked for all d above 5.763812734919571167, nothing changes; for all above ...166,
    it does.
    """
    prover = prover_of("1b")
    assert not sign_changes(prover, 8, Fraction("5.763812734919571167")).thresholds
    assert len(sign_changes(prover, 8, Fraction("5.763812734919571166")).thresholds) == 1
    assert family_of("1b").certify(from_d=Fraction("5.763812734919571167")).verdict == "minimum"
    assert family_of("1b").certify(from_d=Fraction("5.763812734919571166")).verdict == "index changes"


def test_the_same_answer_whatever_was_asked_before() -> None:
    """A path certified farther down than a later question needs: thresholds below its range are not listed."""
    family = family_of("1b")
    family.certify(4)
    assert family.thresholds(10, 8).complete and not family.thresholds(10, 8).thresholds
