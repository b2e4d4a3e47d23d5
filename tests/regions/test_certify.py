"""Proofs at whole sizes: against the public data, dense eigenvalues, and what must be refused."""

from itertools import pairwise

import numpy as np
import pytest
from flint import arb

from symrelu.errors import Undecided
from symrelu.reference.hessian import first_layer_hessian
from symrelu.regions.certify import certify
from symrelu.regions.curve import (
    KAPPA,
    VARIABLES,
    Floats,
    between,
    entries_of,
    fixed_d,
    fixed_q,
    follow,
    position,
    solve,
)
from symrelu.regions.sizes import three_blocks


def negative_directions(entries: Floats, q: int, d: int) -> int:
    W = three_blocks(q).space.matrix(entries, d)
    return int(np.sum(np.linalg.eigvalsh(first_layer_hessian(W, np.ones(d), np.eye(d), np.ones(d))) < 0))


def test_the_published_point_is_a_minimum(published: Floats) -> None:
    proved = certify(published, 6, 20)
    assert proved.is_minimum
    assert negative_directions(published, 6, 20) == 0
    for ball, value in zip(proved.entries, published, strict=True):
        assert abs(float(ball.mid()) - value) < 2e-9
        assert float(ball.rad()) < 1e-30
    assert proved.loss > arb("0.05975341905") and proved.loss < arb("0.05975341915")
    assert sum(index.size for index in proved.indices) == 11 + 7 + 7 + 4 + 2


def test_the_partner_beyond_the_fold_is_a_saddle(point: Floats) -> None:
    """The curve at d = 20 turns at the fold and comes back to q = 6: one negative eigenvalue, on s1 (dimension 5)."""
    nodes = follow(point, fixed_d(20), -np.eye(VARIABLES)[KAPPA], lambda node: node.q < 5.9, largest=0.1)
    guesses = [between(*pair, fixed_q(6)) for pair in pairwise(nodes[2:])]
    (guess,) = (y for y in guesses if y is not None)
    partner = entries_of(solve(guess, (fixed_d(20), fixed_q(6))))
    proved = certify(partner, 6, 20)
    assert not proved.is_minimum
    assert {i.component.name: i.negative for i in proved.indices if i.negative} == {"s1": 1}
    assert negative_directions(partner, 6, 20) == 5


def test_a_point_with_two_blocks_is_refused() -> None:
    """Delta(S_7 x S_13) in the fixed space of (6, 1, 13): exact equalities are no overlap that could be excluded."""
    own, other, across = -0.726532396, 0.229621530, -0.005641070
    guess = np.array(
        [own, other, other, across, other, own, across, 0.00953058707, 0.00953058707, 1.03345934, 0.000894287538]
    )
    with pytest.raises(Undecided, match="fewer than three blocks"):
        certify(guess, 6, 20)


def test_a_bad_guess_is_refused(published: Floats) -> None:
    with pytest.raises(Undecided):
        certify(np.roll(published, 3), 6, 20)
    assert position(published, 6, 20)[KAPPA] == pytest.approx(4 / 20**0.5)
