"""Gradient and Hessian blocks against dense ones at integer d, and against each other by differentiation."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, ctx

from symrelu.checker import forms
from symrelu.checker.field import Surd
from symrelu.checker.formal import Formal
from symrelu.checker.numbers import exact
from symrelu.checker.pairs import Rows, gradient
from symrelu.checker.spectrum import Place
from symrelu.checker.taylor import Domain, ball
from symrelu.checker.young import Component, Young, directions
from symrelu.reference.dense import gradient as dense_gradient
from symrelu.reference.hessian import first_layer_hessian

TYPES = [
    (["d"], 7),
    (["d - 1", "1"], 7),
    (["d - 2", "2"], 8),
    (["d - 3", "3"], 9),
    (["d - 5", "4", "1"], 10),
    (["d/2", "d/2"], 8),
]


def dense(young, d, component, direction):
    index = []
    for b, size in enumerate(young.sizes):
        split = component.singles if b in component.blocks else 0
        index += [(b, j) if j < split else (b, -1) for j in range(int(size.at(Fraction(d))))]
    return np.array([[direction.get((index[i], index[j], i == j), 0) for j in range(d)] for i in range(d)], dtype=float)


def random_point(young, seed):
    rng = np.random.default_rng(seed)
    signs = [int(s) for s in rng.choice([-1, 1], len(young.sizes))]
    return signs, [
        (signs[a] if kind == "own" else 0) + Fraction(int(rng.integers(-99, 99)), 500)
        for kind, a, _ in young.coordinates
    ]


def at(young, signs, d):
    domain = Domain(Fraction(0), Fraction(0), 1)
    return Place(young, signs, domain, [domain.constant(s.at(Fraction(d))) for s in young.sizes])


@pytest.mark.parametrize(("blocks", "d"), TYPES, ids=lambda x: str(x))
@pytest.mark.parametrize("seed", [1, 2])
def test_gradient_and_all_blocks_are_the_dense_ones(blocks, d, seed):
    young = Young.read(blocks)
    signs, entries = random_point(young, seed)
    trivial = Component("t", ())
    basis = [dense(young, d, trivial, x) for x in directions(young, trivial)]
    W = sum(float(a) * x for a, x in zip(entries, basis, strict=True))
    ones, identity = np.ones(d), np.eye(d)
    G = dense_gradient(W, ones, identity, ones).weights
    H = first_layer_hessian(W, ones, identity, ones)
    with ctx.workprec(96):
        place = at(young, signs, d)
        models = [place.domain.constant(a) for a in entries]
        for value, x in zip(place.gradient(models), basis, strict=True):
            assert np.allclose(G[x == 1], float(value.range().mid()), atol=1e-12)
        rows = place.rows(models)
        for component in young.components(Fraction(d)):
            block = forms.blocks(place._forms(rows, component), component)
            vectors = np.array([dense(young, d, component, x).ravel() for x in directions(young, component)])
            assert np.linalg.matrix_rank(vectors) == len(vectors)
            got = np.array([[float(f.range().mid()) for f in row] for row in block])
            assert np.allclose(got, vectors @ H @ vectors.T, rtol=1e-11, atol=1e-11), component.name


@pytest.mark.parametrize(("blocks", "d"), TYPES[:4], ids=lambda x: str(x))
def test_components_account_for_every_eigenvalue(blocks, d):
    young = Young.read(blocks)
    total = 0
    for c in young.components(Fraction(d)):
        n = [int(young.sizes[b].at(Fraction(d))) for b in c.blocks]
        n += [1, 1]
        dimension = {
            "t": 1,
            "s": n[0] - 1,
            "ss": (n[0] - 1) * (n[1] - 1),
            "x": (n[0] - 1) * (n[0] - 2) // 2,
            "y": n[0] * (n[0] - 3) // 2,
        }[c.kind]
        total += dimension * len(directions(young, c))
    assert total == d * d


@pytest.mark.parametrize("blocks", [b for b, _ in TYPES], ids=str)
def test_the_block_t_is_the_derivative_of_the_gradient_at_real_d(blocks):
    young = Young.read(blocks)
    signs, entries = random_point(young, 3)
    with ctx.workprec(200):
        place = at(young, signs, Fraction(127, 13))
        step = Fraction(1, 10**20)

        def values(shift):
            return place.gradient([place.domain.constant(a) for a in shift])

        jacobian = place.jacobian([place.domain.constant(a) for a in entries])
        for j in range(len(entries)):
            up = values([a + step * (i == j) for i, a in enumerate(entries)])
            down = values([a - step * (i == j) for i, a in enumerate(entries)])
            for i in range(len(entries)):
                slope = (up[i].range() - down[i].range()) / ball(2 * step)
                assert abs(slope - jacobian[i][j].range()) < 1e-25


def test_rows_parallel_to_their_targets_are_enclosed():
    """Near W = I the Hessian is enclosed without derivatives that do not exist there."""
    young = Young.read(["d"])
    with ctx.workprec(96):
        place = at(young, [1], 6)
        wide = [place.domain.constant(arb(1, "0.001")), place.domain.constant(arb(0, "0.001"))]
        rows = place.rows(wide)
        for component in young.components():
            block = forms.blocks(place._forms(rows, component), component)
            for a, b in ((1, Fraction(1, 1000)), (Fraction(1001, 1000), Fraction(-1, 2000)), (1, Fraction(1, 10**9))):
                inner = place.rows([place.domain.constant(Fraction(a)), place.domain.constant(b)])
                exact_block = forms.blocks(place._forms(inner, component), component)
                for row, exact_row in zip(block, exact_block, strict=True):
                    for f, g in zip(row, exact_row, strict=True):
                        assert f.range().overlaps(g.range())


def test_formal_series_and_balls_agree_on_the_gradient():
    """One exact series evaluated far out is the gradient at that point, up to its error term."""
    young = Young.read(["d - 2", "2"])
    signs = [1, -1]
    text = [
        ["1", "0", "0"],
        ["0", "0", "0", "0", "1/pi"],
        ["0", "0", "2"],
        ["0", "0", "sqrt(2)"],
        ["-1", "0", "pi"],
        ["0", "0", "1/2"],
    ]
    coefficients = [[exact(c, "c") for c in row] for row in text]
    entries = [Formal.polynomial(row, 14) for row in coefficients]
    sizes = [Formal.polynomial([Surd.of(s.slope), Surd.of(0), Surd.of(s.constant)], 14, -2) for s in young.sizes]
    series = gradient(Rows(young, signs, entries, sizes), Surd.of(Fraction(1, 2)) / Surd.pi())
    t = Fraction(1, 10**6)
    with ctx.workprec(600):
        place = at(young, signs, 1 / t**2)
        point = [
            place.domain.constant(sum((c.ball() * ball(t) ** k for k, c in enumerate(row)), arb(0)))
            for row in coefficients
        ]
        for f, g in zip(series, place.gradient(point), strict=True):
            value = sum(
                (Surd(entry, f.den).ball() * ball(t) ** (f.start + k) for k, entry in enumerate(f.nums)), arb(0)
            )
            assert abs(value - g.range()) < 10**6 * ball(t) ** f.end
