"""The problem at real (q, d): at whole sizes it is the old one, and dense matrices agree."""

from fractions import Fraction

import numpy as np
import pytest

from symrelu.exact.arithmetic import FLOAT
from symrelu.reference import dense
from symrelu.regions.curve import VARIABLES, Floats, gradient
from symrelu.regions.sizes import PLANE, THREE_BLOCKS, Place, PlaneSize, Q, three_blocks
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.size import ONE, D, Size


def test_sizes_stay_in_the_class_or_lose_q() -> None:
    assert [str(size) for size in THREE_BLOCKS.blocks] == ["q", "1", "d - q - 1"]
    assert THREE_BLOCKS.label() == "Delta(S_q x S_1 x S_{d-q-1})"
    assert THREE_BLOCKS.k == D and not isinstance(THREE_BLOCKS.k, PlaneSize)
    rest = THREE_BLOCKS.blocks[2] - 4
    assert isinstance(rest, PlaneSize) and rest.at(Place(6, 20)) == 9
    assert Q - Q == Size(Fraction(0)) and Q + ONE == 1 + Q
    assert not Q.is_constant and not Q.is_one


@pytest.mark.parametrize(("q", "d"), [(6, 20), (3, 12), (2, 9)])
def test_at_whole_sizes_it_is_the_problem_in_d_alone(q: int, d: int) -> None:
    values = list(np.random.default_rng(q).standard_normal(11))
    here, there = PLANE.at(FLOAT, values, Place(q, d)), three_blocks(q).at(FLOAT, values, d)
    assert here.loss() == pytest.approx(there.loss(), rel=1e-14)
    assert here.gradient() == pytest.approx(there.gradient(), rel=1e-12)
    assert np.array(here.hessian()) == pytest.approx(np.array(there.hessian()), rel=1e-12)


def test_gradient_is_the_dense_one() -> None:
    """At a random matrix of Fix(G): the dense gradient, entry by entry, times 2 pi."""
    q, d = 6, 20
    values = np.random.default_rng(3).standard_normal(11)
    space = three_blocks(q).space
    W = space.matrix(values, d)
    expected = dense.gradient(W, np.ones(d), np.eye(d), np.ones(d))[0]
    entries = PLANE.at(FLOAT, list(values), Place(q, d)).entry_gradient()
    assert space.matrix(np.array(entries), d) == pytest.approx(2 * np.pi * expected, abs=1e-12)


def test_derivatives_by_q_and_d(point: Floats) -> None:
    """Dual numbers against central differences, in a direction that moves everything."""
    along = np.random.default_rng(5).standard_normal(VARIABLES)
    step = 1e-5
    y = point + 0.01 * np.sin(np.arange(VARIABLES))
    difference = (gradient(y + step * along)[0] - gradient(y - step * along)[0]) / (2 * step)
    assert gradient(y)[1] @ along == pytest.approx(difference, abs=1e-7)


def test_the_old_type_has_the_same_coordinates() -> None:
    assert three_blocks(6).space.coordinates == PLANE.space.coordinates
    assert three_blocks(6).space.isotropy == Isotropy.diagonal("6,1,d-7")
