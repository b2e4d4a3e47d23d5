"""Continuation: through a fold, along it, and the bordered systems, against eigenvalues of dense Hessians."""

from math import sqrt

import numpy as np
import pytest

from symrelu.errors import Undecided
from symrelu.reference import dense
from symrelu.reference.hessian import first_layer_hessian
from symrelu.regions.curve import (
    KAPPA,
    VARIABLES,
    Floats,
    Line,
    Singular,
    cubic,
    entries_of,
    fixed_d,
    fixed_q,
    follow,
    moving_point,
    place_of,
    position,
    solve,
)
from symrelu.regions.search import exchanged
from symrelu.regions.sizes import three_blocks
from symrelu.regions.spectrum import component_copies, least_eigenvalues
from symrelu.symmetry.isotypic import Component


def dense_matrix(y: Floats) -> Floats:
    place = place_of(y)
    W: Floats = three_blocks(round(place.q)).space.matrix(entries_of(y), round(place.d))
    return W


def arguments(y: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    W = dense_matrix(y)
    return W, np.ones(len(W)), np.eye(len(W)), np.ones(len(W))


def test_the_published_minimum_is_a_critical_point(published: Floats, point: Floats) -> None:
    assert entries_of(point) == pytest.approx(published, abs=2e-9)
    assert np.max(np.abs(dense.gradient(*arguments(point))[0])) < 1e-12
    assert dense.loss(*arguments(point)) == pytest.approx(0.0597534191, abs=1e-10)


def test_least_eigenvalues_are_the_dense_ones(point: Floats) -> None:
    eigenvalues = np.linalg.eigvalsh(first_layer_hessian(*arguments(point)))
    least = least_eigenvalues(point)
    assert min(least, key=lambda c: least[c]).name == "s1"
    assert min(least.values()) == pytest.approx(0.0004012357, abs=1e-9)
    for value in least.values():
        assert np.min(np.abs(eigenvalues - value)) < 1e-10


def test_a_block_of_two_rows_drops_the_copy_that_depends_on_others() -> None:
    """(2, 1, 4): at any matrix every component's least eigenvalue is one of the dense ones."""
    y = position(np.random.default_rng(8).standard_normal(11), 2, 7)
    eigenvalues = np.linalg.eigvalsh(first_layer_hessian(*arguments(y)))
    least = least_eigenvalues(y)
    assert {c.name for c in least} == {"t", "s1", "s3", "x3", "y3", "s1*s3"}
    for value in least.values():
        assert np.min(np.abs(eigenvalues - value)) < 1e-9


@pytest.mark.parametrize("name", ["t", "s1", "s1*s3"])
def test_derivatives_of_the_bordered_system(point: Floats, name: str) -> None:
    of = next(of for component, of in component_copies().items() if component.name == name)
    condition = Singular(of, point)
    along = np.random.default_rng(2).standard_normal(VARIABLES)
    step = 1e-6
    ends = [condition(y, moving_point(y))[0] for y in (point + step * along, point - step * along)]
    slope = condition(point, moving_point(point))[1] @ along
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * step), abs=1e-7)


def test_the_curve_at_one_d_turns_at_the_fold(point: Floats) -> None:
    """At d = 20 the three-block minimum meets a saddle as q grows: before and after, and at the fold itself."""
    towards = np.zeros(VARIABLES)
    towards[KAPPA] = -1.0
    nodes = follow(point, fixed_d(20), towards, lambda node: bool(node.tangent[KAPPA] > 0.3), largest=0.1)
    largest = max(node.q for node in nodes)
    trivial = Component("t")
    assert least_eigenvalues(nodes[0].y)[trivial] > 0 > least_eigenvalues(nodes[-1].y)[trivial]
    guess = min(nodes, key=lambda node: abs(node.tangent[KAPPA])).y
    fold = solve(guess, (Singular(component_copies()[trivial], guess), fixed_d(20)))
    assert least_eigenvalues(fold)[trivial] == pytest.approx(0, abs=1e-10)
    assert largest <= place_of(fold).q < largest + 0.02
    # no critical point beyond, two before: on the curve q has its maximum there
    middle = cubic(nodes[-2], nodes[-1], 0.5)
    assert fixed_d(20).value(middle) == pytest.approx(0, abs=1e-12)


def test_lines_of_the_plane() -> None:
    y = position(np.ones(11), 6, 20)
    assert Line(0.5, -4).value(y) == pytest.approx(0, abs=1e-15)
    assert Line(0.0, 7).value(y) == pytest.approx(1 / sqrt(20))
    value, slopes = fixed_q(5)(y, moving_point(y))
    step = 1e-6 * np.eye(VARIABLES)
    differences = [(fixed_q(5).value(y + e) - fixed_q(5).value(y - e)) / 2e-6 for e in step]
    assert value == pytest.approx(-1 / sqrt(20)) and slopes == pytest.approx(differences, abs=1e-8)


def test_newton_refuses_what_is_far(point: Floats) -> None:
    """A first correction beyond the reach, and a start from which the corrections do not shrink."""
    with pytest.raises(Undecided, match="contract"):
        solve(point, (fixed_d(20), fixed_q(6.5)), reach=1e-3)
    with pytest.raises(Undecided, match="contract"):
        solve(-point + 2 * point[KAPPA + 1], (fixed_d(20), fixed_q(6)))


def test_the_blocks_in_the_other_order(point: Floats) -> None:
    other = exchanged(entries_of(point))
    y = position(other, 13, 20)
    assert dense.loss(*arguments(y)) == pytest.approx(dense.loss(*arguments(point)), rel=1e-13)
    assert exchanged(other) == pytest.approx(entries_of(point), abs=0)
