"""Pieces of the certified path against the path in 60 digits: whatever lies outside is an error of the proof."""

from fractions import Fraction

import pytest
from flint import arb

from symrelu.errors import Undecided
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.balls import working_bits
from symrelu.proof.pieces import Middle, Tail
from symrelu.proof.tail import TailProver
from symrelu.proof.tube import BrokenOff, Tube, extend, prove_tail, t_of
from tests.shared import family_of, prover_of


def contains(piece: Tail | Middle, name: str, t: Fraction) -> bool:
    """Whether the piece's enclosure at t holds the critical point found by Newton's method in 60 digits."""
    arithmetic = MpmathArithmetic(70)
    path = family_of(name).path()
    point = path.point(1 / t**2, arithmetic)
    with working_bits(256):
        shown = [arb(arithmetic.context.nstr(x, 60)) for x in point]
        slack = arb(0, 1) * arb(10) ** -50
        return all((ball + slack).contains(x) for ball, x in zip(piece.enclosure(t, 256), shown, strict=True))


def test_the_tail_of_1b() -> None:
    """One piece for all d >= 44.4: every d tried lies in it, and all blocks are positive on all of it."""
    prover = prover_of("1b")
    tail, _ = prove_tail(prover.problem, prover.lifted, True)
    assert tail.t_to >= Fraction(1, 10)
    assert {i.component.name: i.negative for i in tail.indices} == {"t": 0, "s1": 0, "x1": 0, "y1": 0}
    for place in (Fraction(1, 1000), Fraction(1, 7), Fraction(1, 2), Fraction(9, 10), Fraction(1)):
        assert contains(tail, "1b", tail.t_to * place)


def test_the_box_of_a_tail_is_nearly_sharp() -> None:
    """(a_i - polynomial)/t**m tends to the next coefficient, which must lie in the box, not far from its ends."""
    prover = prover_of("1b")
    tail, _ = TailProver(prover.problem, prover.lifted, 6).prove(Fraction(1, 20))
    for x, box in zip(prover.lifted.entries, tail.box, strict=True):
        following = x.field.ball(x[6], 128)
        assert box.contains(following)
        assert abs(box).upper() < 4 * abs(following) + 4


@pytest.mark.parametrize("t", [Fraction(1, 2), Fraction(1, 3)])
def test_a_tail_beyond_the_series_is_refused(t: Fraction) -> None:
    prover = prover_of("1b")
    with pytest.raises(Undecided):
        TailProver(prover.problem, prover.lifted, 6).prove(t)


def test_an_altered_coefficient_is_refused() -> None:
    """The residual of a wrong polynomial does not begin at t**m: Undecided before any ball is looked at."""
    prover = prover_of("1b")
    tail = TailProver(prover.problem, prover.lifted, 6)
    first = tail.polynomial[0]
    tail.polynomial = (first + first * 0 + (first * 0 + 1) * Fraction(1, 10**9), *tail.polynomial[1:])
    with pytest.raises(Undecided):
        tail.prove(Fraction(1, 20))


def test_pieces_of_1b_down_to_6() -> None:
    prover = prover_of("1b")
    tube = Tube(prover.problem, *prove_tail(prover.problem, prover.lifted, True))
    extend(tube, t_of(Fraction(6)), True)
    assert tube.pieces[0].t_from == tube.tail.t_to
    for before, after in zip(tube.pieces, tube.pieces[1:], strict=False):
        assert before.t_to == after.t_from
    assert tube.t_to**2 * 6 >= 1
    for piece in tube.pieces:
        assert all(i.negative == 0 for i in piece.indices)
        for t in (piece.t_from, piece.center, (piece.center + piece.t_to) / 2, piece.t_to):
            assert contains(piece, "1b", t)


def test_the_index_ends_the_path_at_the_threshold() -> None:
    """Aimed below the threshold at 5.7638 the proof stops just above it, at the block x1."""
    prover = prover_of("1b")
    tube = Tube(prover.problem, *prove_tail(prover.problem, prover.lifted, True))
    with pytest.raises(BrokenOff, match="x1") as error:
        extend(tube, t_of(Fraction(57, 10)), True)
    assert 5.7638 < float(1 / error.value.t**2) < 5.7639


@pytest.mark.slow
@pytest.mark.parametrize(("name", "d"), [("2a", Fraction(6)), ("2b", Fraction(7)), ("3b", Fraction(8))])
def test_pieces_of_families_with_two_blocks(name: str, d: Fraction) -> None:
    tube = prover_of(name).tube(t_of(d), False)
    for piece in (tube.tail, *tube.pieces):
        for place in (Fraction(1, 10), Fraction(1, 2), Fraction(1)):
            assert contains(piece, name, piece.t_from + (piece.t_to - piece.t_from) * place)


@pytest.mark.parametrize("d", [Fraction(6), Fraction(29, 4), Fraction(10**100), Fraction(5, 7)])
def test_t_of_d_reaches_d_in_exact_rationals(d: Fraction) -> None:
    assert t_of(d) ** 2 * d >= 1
    assert (t_of(d) - Fraction(1, 1 << 40)) ** 2 * d < 1
