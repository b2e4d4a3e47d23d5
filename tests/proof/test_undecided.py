"""What a user reads where the proof of a family's end at infinity is hard, or fails."""

from fractions import Fraction
from typing import Any

import pytest

import symrelu
from symrelu.errors import Undecided
from symrelu.proof import tube
from symrelu.proof.inertia import UndecidedBlock, copies_of
from symrelu.proof.tail import TailProver

prove = TailProver.prove


def test_the_tail_becomes_as_short_as_it_must(monkeypatch: pytest.MonkeyPatch) -> None:
    def only_short(self: TailProver, t_to: Fraction, with_index: bool = True) -> Any:
        if t_to > Fraction(1, 3000):
            raise Undecided("not so far")
        return prove(self, t_to, with_index)

    monkeypatch.setattr(TailProver, "prove", only_short)
    certificate = symrelu.family("1b").certify(from_d=10**7)
    assert certificate.verdict == "minimum"
    assert certificate.pieces[0].t_to <= Fraction(1, 3000)


def test_a_short_fraction_is_near_however_small_the_number() -> None:
    for t in (Fraction(1, 7), Fraction(3, 680), Fraction(123457, 10**11)):
        assert abs(tube._short(t) / t - 1) < Fraction(1, 8)
        assert tube._short(t * Fraction(3, 4)) < tube._short(t)


@pytest.mark.parametrize("given", [{"d": 9}, {"from_d": 9}])
def test_a_tail_that_is_not_proved_leaves_the_certificate_undecided(
    given: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: TailProver, t_to: Fraction, with_index: bool = True) -> Any:
        raise Undecided("Krawczyk's test does not go through")

    monkeypatch.setattr(TailProver, "prove", never)
    family = symrelu.family("1b")
    certificate = family.certify(**given)  # type: ignore[arg-type]
    assert certificate.verdict == "undecided" and certificate.negative is None and not certificate.indices
    assert certificate.reason.startswith("the end at infinity of the certified path is not proved, not even d >= ")
    found = family.thresholds(down_to=5)
    assert not found.complete and "the end at infinity" in found.stopped_because
    with pytest.raises(Undecided, match="end at infinity"):
        family.prover().first_indices()


def test_a_sign_that_is_unknown_at_infinity_does_not_hide_the_index_at_one_d(monkeypatch: pytest.MonkeyPatch) -> None:
    family = symrelu.family("1b")
    component = copies_of(family.problem)[0].component

    def without_index(self: TailProver, t_to: Fraction, with_index: bool = True) -> Any:
        if with_index:
            raise UndecidedBlock(component, "the block x1 is not decided: a pivot contains 0")
        return prove(self, t_to, False)

    monkeypatch.setattr(TailProver, "prove", without_index)
    assert family.certify(d=40).verdict == "minimum"
    from_40 = family.certify(from_d=40)
    assert from_40.verdict == "undecided" and "the block x1 is not decided" in from_40.reason
