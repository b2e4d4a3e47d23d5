"""D of a row against its definition, the Hessian of split networks against dense matrices, slopes of new neurons."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.exact.arithmetic import FLOAT, MpmathArithmetic
from symrelu.families import Family
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.reference.dense import gradient, loss
from symrelu.reference.hessian import first_layer_hessian, hessian, kernel_second_derivatives
from symrelu.splitting import row_blocks, split_values, stretching_slope, target_slopes
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

TYPES = [  # blocks, rows, columns, dimensions
    ("d", None, None, (2, 3, 6)),
    ("d-1,1", None, None, (3, 5)),
    ("d-3,3", None, None, (5, 6)),
    ("d-2,2", "1,2,*", "1,2", (4, 6)),  # k = d + 1
    ("d-1,1", "1,1,2", "1,2", (3, 5)),
    ("d", "1,1", "1", (3, 4)),  # k = 2d
    ("d-2,2", "1", "1,2", (4, 6)),  # k < d
    ("d-3", "1,*", "1,*,*,*", (5, 6)),
    ("d,2", "1,2", "1", (3, 4)),  # a block of rows alone
    ("d-3,3", "*", "1,2", (5,)),
]


def dense_form(W: np.ndarray, i: int) -> np.ndarray:
    """D of row i from the definition: the second derivative with all other rows, and the copy of itself, fixed."""
    d = W.shape[1]
    others = (
        kernel_second_derivatives(W[i], np.delete(W, i, 0), np.ones(len(W) - 1)) if len(W) > 1 else np.zeros((d, d))
    )
    return np.asarray(others - kernel_second_derivatives(W[i], np.eye(d), np.ones(d)))


@pytest.mark.parametrize(("blocks", "rows", "cols", "dimensions"), TYPES)
def test_eigenvalues_of_d_at_random_points(blocks: str, rows: str, cols: str, dimensions: tuple[int, ...]) -> None:
    isotropy = Isotropy.parse(blocks, rows, cols)
    space = FixedSpace(isotropy)
    for d in dimensions:
        values = space.random(np.random.default_rng(d))
        W = space.matrix(values, d)
        found = split_values(Problem(space, RELU), MpmathArithmetic(25), list(values), d)
        first = 0
        for orbit, ours in zip(isotropy.rows, found, strict=True):
            numbers = [0.0] + [float(v.value) for v in ours for _ in range(int(v.multiplicity))]
            assert np.sort(numbers) == pytest.approx(np.linalg.eigvalsh(dense_form(W, first)), abs=1e-12)
            first += int(isotropy.orbit_size(orbit).at(d))


def test_the_row_itself_is_in_the_kernel() -> None:
    space = FixedSpace(Isotropy.parse("d-2,2"))
    point = Problem(space, RELU).at(FLOAT, list(space.random(np.random.default_rng(5))), 7.5)
    for row in (0, 1):
        trivial = row_blocks(point, row)[0]
        assert np.array(trivial.form) @ np.array(trivial.own) == pytest.approx(np.zeros(3), abs=1e-14)
        assert trivial.own[trivial.pivot] == point.student.cells[row][row][0] + point.student.cells[row][row][1]
        assert len(trivial.modulo_row(bool)) == 2


@cache
def critical_at(name: str, d: int) -> tuple[Family, list[float]]:
    family = symrelu.family(name)
    return family, [float(x.value) for x in family.at(d, 15).entries.values()]


def critical(name: str, d: int) -> np.ndarray:
    family, values = critical_at(name, d)
    return np.asarray(family.space.matrix(values, d))


def signs(matrix: np.ndarray) -> tuple[int, int]:
    eigenvalues = np.linalg.eigvalsh(matrix)
    return int(np.sum(eigenvalues < -1e-9)), int(np.sum(np.abs(eigenvalues) <= 1e-9))


@pytest.mark.parametrize(
    ("name", "d", "row", "weights"),
    [
        ("2a", 6, 0, (0.3, 0.7)),
        ("2a", 6, 5, (0.2, 0.3, 0.5)),
        ("1b", 5, 2, (0.9, 0.1)),
    ],
)
def test_inertia_of_a_split_network(name: str, d: int, row: int, weights: tuple[float, ...]) -> None:
    """index = index before + (copies - 1) ind D, and as many zeros more as copies, whatever their sizes."""
    W = critical(name, d)
    split = np.vstack([np.delete(W, row, 0), *(c * W[row] for c in weights)])
    k, V = len(split), np.eye(d)
    ones, target = np.ones(k), np.ones(d)
    dW, _ = gradient(split, ones, V, target)
    assert np.max(np.abs(dW)) < 1e-12
    assert loss(split, ones, V, target) == pytest.approx(loss(W, np.ones(d), V, target), abs=1e-13)
    index, _ = signs(first_layer_hessian(W, np.ones(d), V, target))
    of_d, null_of_d = signs(dense_form(W, row))
    assert null_of_d == 1
    more = len(weights) - 1
    assert signs(first_layer_hessian(split, ones, V, target)) == (index + more * of_d, more)
    assert signs(hessian(split, ones, V, target)) == (index + more * of_d, k + more)


@pytest.mark.parametrize(("name", "d"), [("2a", 6), ("1b", 5), ("1a", 5)])
def test_slopes_of_new_neurons(name: str, d: int) -> None:
    """Phi(v) is the derivative of the loss when a neuron leaves 0 towards v; over all targets they sum to -2 L."""
    W, V = critical(name, d), np.eye(d)
    family, values = critical_at(name, d)
    point = family.problem.at(FLOAT, values, d)
    sizes = [family.key.isotropy.orbit_size(orbit).at(d) for orbit in point.teacher.orbits]
    slopes = target_slopes(point)
    base, step = loss(W, np.ones(d), V, np.ones(d)), 1e-5
    first = 0
    for size, slope in zip(sizes, slopes, strict=True):
        wider = loss(np.vstack([W, step * V[first]]), np.ones(d + 1), V, np.ones(d))
        assert wider - base == pytest.approx(step * slope + step**2 / 4, abs=1e-14)  # exact for one new neuron
        first += size
    assert sum(n * x for n, x in zip(sizes, slopes, strict=True)) == pytest.approx(-2 * base, abs=1e-14)


def test_rate_of_the_loss_where_k_stands_for_d_in_all_formulas() -> None:
    """With n different rows and d targets, n real: the formula of the loss moves, and is below 0 at the target."""
    d, pi = 6, np.pi
    same, distinct = 0.5, 1 / (2 * pi)  # kappa of unit rows, equal and orthogonal: W = V

    def formula(n: float) -> float:
        own = same + (d - 1) * distinct
        return n * (same + (n - 1) * distinct) / 2 - n * own + d * own / 2

    point = symrelu.family("1a").problem.at(FLOAT, [1.0, 0.0], float(d))
    step = 1e-4
    assert formula(d) == pytest.approx(0, abs=1e-14) and formula(d + 0.1) < 0
    assert stretching_slope(point, 0) == pytest.approx((formula(d + step) - formula(d - step)) / (2 * step), rel=1e-9)
    assert stretching_slope(point, 0) == pytest.approx((1 / pi - 1) / 4)


def test_refusals() -> None:
    from symrelu.model.activations import kernel_named

    space = FixedSpace(Isotropy.parse("d-1,1"))
    point = Problem(space, RELU).at(FLOAT, [1.0, 0.1, 0.2, 0.3, -1.0], 5)
    with pytest.raises(BadInput, match="row orbit 3"):
        row_blocks(point, 2)
    with pytest.raises(BadInput, match="one row"):
        stretching_slope(point, 1)
    with pytest.raises(BadInput, match="z2"):
        row_blocks(Problem(space, kernel_named("z2")).at(FLOAT, [1.0, 0.1, 0.2, 0.3, -1.0], 5), 0)
    with pytest.raises(BadInput, match="give d >="):
        split_values(Problem(space, RELU), MpmathArithmetic(20), [1, 0, 0, 0, 1], Fraction(3, 2))
