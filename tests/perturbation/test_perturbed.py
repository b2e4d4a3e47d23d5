"""A minimum followed as the target moves off the identity, against the independent dense oracle and group theory."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from symrelu.errors import BadInput, Undecided
from symrelu.families import family
from symrelu.perturbation.continuation import Continuation
from symrelu.perturbation.direction import Kind, parse_kept, perturbation
from symrelu.perturbation.path import PerturbedPath, perturbed
from symrelu.reference import dense
from symrelu.reference.hessian import first_layer_hessian
from symrelu.symmetry.identify import matrix_isotropy

ONES = np.ones(8)


@cache
def path(name: str, d: int, size: float, steps: int, kind: Kind = "random", keep: Sequence[int] = ()) -> PerturbedPath:
    return perturbed(family(name), d, size, 1, steps, kind, keep)


def test_points_are_critical_and_their_spectra_right_by_the_oracle() -> None:
    found = path("2a", 8, 0.1, 4)
    for point in found.points:
        V = found.perturbation.target(point.eps)
        assert np.abs(dense.gradient(point.weights, ONES, V, ONES)[0]).max() < 1e-13
        oracle = np.linalg.eigvalsh(first_layer_hessian(point.weights, ONES, V, ONES))
        assert point.eigenvalues == pytest.approx(oracle, abs=1e-12)
        assert point.loss == pytest.approx(dense.loss(point.weights, ONES, V, ONES), rel=1e-10)
    assert [point.negative for point in found.points] == [0] * 5 and found.stop is None


def test_the_tangent_is_that_of_the_implicit_function_theorem() -> None:
    found = path("2a", 8, 0.1, 4)
    errors = [found.first_order_error(point) for point in found.points[1:]]
    assert errors[0] == pytest.approx(errors[1], rel=0.1), "what is left is of second order"
    h, W, E = 1e-5, found.points[0].weights, found.perturbation
    ahead, behind = (dense.gradient(W, ONES, E.target(x), ONES)[0] for x in (h, -h))
    H = first_layer_hessian(W, ONES, np.eye(8), ONES)
    assert H @ found.motion.reshape(-1) == pytest.approx(-(ahead - behind).reshape(-1) / (2 * h), abs=1e-9)


@pytest.mark.parametrize(
    ("name", "keep", "left"),
    [
        ("1a", (3, 2), "Delta(S_3 x S_2 x S_1 x S_1)"),
        ("2a", (), "1"),
        ("2a", (4, 2), "Delta(S_4 x S_2 x S_1)"),
        ("3b", (6,), "Delta(S_5 x S_1 x S_1)"),
    ],
)
def test_multiplicities_split_as_representations_restrict(name: str, keep: tuple[int, ...], left: str) -> None:
    found = path(name, 7, 0.01, 1, "random", keep)
    assert found.isotropy[1] == found.left == left
    for one in found.clusters:
        assert one.measured == one.predicted and sum(one.predicted) == one.multiplicity, one.components
        counts = [int(n) for n in np.diff(np.flatnonzero([True, *(np.diff(one.slopes) > 1e-6), True]))]
        if one.components != ("s1", "x1"):  # at the global minimum, where dH/deps has a kernel on these
            assert tuple(sorted(counts, reverse=True)) == one.predicted, "already at first order"


def test_the_lowest_cluster_of_the_global_minimum_splits_in_part_at_second_order_only() -> None:
    lowest = path("1a", 7, 0.01, 1).clusters[0]
    assert (lowest.components, lowest.multiplicity) == (("s1", "x1"), 21)
    assert int(np.sum(np.abs(lowest.slopes) < 1e-9)) == 21 - 2 * 6 and set(lowest.measured) == {1}


def test_widths_are_those_of_first_order() -> None:
    found = path("2a", 8, 0.1, 4)
    near, far = found.points[1], found.points[2]
    for one in found.clusters:
        off = [abs(one.width(point) / point.eps - one.spread) for point in (near, far)]
        assert off[0] < 0.1 * one.spread + 1e-9 and (off[0] < 0.75 * off[1] or off[1] < 0.02 * one.spread + 1e-9)


def test_a_rotation_of_the_data_changes_nothing_and_so_the_antisymmetric_part_splits_nothing_at_first_order() -> None:
    found = path("2a", 8, 0.1, 4, "antisymmetric")
    assert max(float(np.abs(one.slopes).max()) for one in found.clusters) < 1e-6
    widths = [[one.width(point) for point in found.points[1:3]] for one in found.clusters if one.multiplicity > 1]
    assert all(far / near == pytest.approx(4, rel=0.05) for near, far in widths), "of second order"
    E, W = found.perturbation.direction, found.points[0].weights
    assert found.motion == pytest.approx(W @ E, abs=1e-9), "W turns along"


def test_at_the_global_minimum_w_is_the_target() -> None:
    found = path("1a", 7, 0.01, 1, "random", (3, 2))
    assert found.points[1].weights == pytest.approx(found.perturbation.target(0.01), abs=1e-14)


def test_where_the_path_turns_back() -> None:
    found = path("1b", 8, 1.0, 4)
    stop = found.stop
    assert stop is not None and "turns back" in stop.reason and stop.high - stop.last.eps < 1e-7
    assert found.points[-1] is stop.last and 0 < stop.last.eigenvalues[0] < 1e-4
    near = perturbed(family("1b"), 8, stop.last.eps - 1e-3, 1, 2).points[-1].eigenvalues[0]
    nearer = perturbed(family("1b"), 8, stop.last.eps - 2.5e-4, 1, 2).points[-1].eigenvalues[0]
    assert near / nearer == pytest.approx(2, rel=0.02), "a fold: the eigenvalue falls like a square root"


def test_where_an_eigenvalue_changes_sign_and_the_symmetry_stays() -> None:
    found = path("1b", 6, 0.1, 2, "random", (3, 3))
    stop = found.stop
    assert stop is not None and stop.reason == "an eigenvalue of the Hessian changes sign"
    assert 0 < stop.high - stop.last.eps < 1e-9 and found.isotropy[-1] == "Delta(S_3 x S_3)"
    V = found.perturbation.target(stop.high + 1e-4)
    beyond = perturbed(family("1b"), 6, stop.high + 1e-4, 1, 1, "random", (3, 3)).stop
    assert beyond is not None and beyond.high == pytest.approx(stop.high, abs=1e-8), "found again from another size"
    ahead = Continuation(found.points[0].weights, found.perturbation).correct(stop.high + 1e-4, stop.last.weights)
    assert ahead is not None
    assert np.sum(np.linalg.eigvalsh(first_layer_hessian(ahead, ONES[:6], V, ONES[:6])) < 0) == 1


def test_next_to_a_singular_hessian_steps_are_short() -> None:
    found = path("3a", 6, 0.001, 2)
    assert found.points[0].smallest < 1e-4 and 0 < found.looked_at < 0.0005
    assert all(one.measured == one.predicted for one in found.clusters)


def test_directions() -> None:
    E = perturbation(9, 3, "symmetric", (4, 3))
    assert np.linalg.norm(E.direction, 2) == pytest.approx(1) and (E.direction == E.direction.T).all()
    assert matrix_isotropy(E.direction, 1e-9).label() == "Delta(S_4 x S_3 x S_1 x S_1)"
    assert (perturbation(9, 3).direction == perturbation(9, 3).direction).all()
    assert parse_kept("Delta(S_5 x S_3)") == parse_kept("5,3") == parse_kept("S_5xS_3") == (5, 3)


def test_refusals() -> None:
    with pytest.raises(BadInput, match="no antisymmetric matrix but 0"):
        perturbation(5, 1, "antisymmetric", (5,))
    with pytest.raises(BadInput, match="in all <= d"):
        perturbation(5, 1, keep=(4, 2))
    with pytest.raises(BadInput, match="give it as S_5 x S_3"):
        parse_kept("five")
    with pytest.raises(BadInput, match="Hessians are dense"):
        perturbed(family("2a"), 400, 0.1, 1)
    with pytest.raises(BadInput, match="one of the form Delta"):
        perturbed(family(blocks="d-1,1", rows="1,2,*", limit="a_1=1,a_5=-1"), 8, 0.1, 1)
    with pytest.raises(BadInput, match="no critical point"):
        Continuation(np.eye(4) + 0.1, perturbation(4, 1))
    with pytest.raises(Undecided, match="singular to rounding"):
        Continuation(np.array([[0.5, 0.0], [0.5, 0.0], [0.0, 1.0]]), perturbation(2, 1))


def test_the_figure_shows_every_eigenvalue_and_where_the_path_ends() -> None:
    figures = pytest.importorskip("matplotlib.figure")
    from symrelu.render.figures.perturbed import draw_perturbed

    found, figure = path("1b", 8, 1.0, 4), figures.Figure()
    draw_perturbed(found, figure)
    upper, lower, right = figure.axes
    ends = sorted(line.get_ydata()[-1] for line in lower.lines if len(line.get_xdata()) == len(found.points))
    assert ends == pytest.approx(found.points[-1].eigenvalues[:21], abs=1e-12)
    assert "0.4933" in upper.texts[0].get_text() and len(right.lines) == 2 * 5


@pytest.mark.parametrize(("name", "d", "size", "seed"), [("2a", 6, 0.3, 2), ("1b", 8, 0.6, 6)])
def test_where_a_path_ends_does_not_hang_on_the_steps(name: str, d: int, size: float, seed: int) -> None:
    """Long steps land behind the fold, on the other branch: the bracket is narrowed to the fold all the same."""
    ends = []
    for steps in (1, 30):
        stop = perturbed(family(name), d, size, seed, steps).stop
        assert stop is not None and "turns back" in stop.reason and abs(stop.high - stop.last.eps) < 1e-6
        ends.append(stop.high)
    assert ends[0] == pytest.approx(ends[1], abs=1e-6)


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e-9, 1e300, float("nan")])
def test_sizes_that_make_no_sense(size: float) -> None:
    with pytest.raises(BadInput, match="give the norm of V - I"):
        perturbed(family("2a"), 8, size, 1)
