"""The normaliser acts on Fix(G) by permutations of the coordinates that leave the loss unchanged."""

import math

import numpy as np
import pytest

from symrelu.exact.arithmetic import FLOAT
from symrelu.finding.normaliser import normaliser, symmetries
from symrelu.model.activations import ABS, ERF, Z3
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.model.target import Target
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

TYPES = {
    ("d", None): 1,
    ("d-1,1", None): 1,
    ("d-2,2", None): 2,  # the two columns of the block of size 2
    ("d/2,d/2", None): 2,  # the blocks trade places
    ("d-4,2,2", None): 8,
    ("d-1,1", "1,2,*"): 2,  # a block of one row is a fixed row
    ("d-2,2", "1,2,*"): 2,
    ("d-3,3", "1,2,*,*"): 2,
    ("d", "1,1"): 2,
}


@pytest.mark.parametrize(("given", "count"), TYPES.items())
def test_symmetries_form_a_group_that_keeps_the_loss(problem, given, count):
    """They contain the identity, are closed under composition, and the loss is the same at every image."""
    p = problem(*given)
    found = symmetries(p)
    x = p.space.random(np.random.default_rng(5))
    images = {tuple(s.of(x)) for s in found}
    assert len(images) == len(found) == count and found[0].of(x) == list(x)
    assert {tuple(s.of(r)) for s in found for r in images} == images
    for image in images:
        assert math.isclose(p.at(FLOAT, image, 24.0).loss(), p.at(FLOAT, list(x), 24.0).loss(), rel_tol=1e-9)


@pytest.mark.parametrize(("kernel", "count"), [(RELU, 1), (ABS, 4), (ERF, 4), (Z3, 1)])
def test_rows_of_even_and_odd_activations_turn_round(kernel, count):
    """|z|: each row orbit alone; erf: along with its entry of the second layer; the others not at all."""
    p = Problem(FixedSpace(Isotropy.parse("d-1,1")), kernel)
    assert len(symmetries(p)) == count


def test_the_images_are_those_of_the_fixed_space(problem):
    """Where the fixed space knows its normaliser, it is the same."""
    space = problem("d-2,2").space
    assert {tuple(s) for s in normaliser(space)} == set(space.normaliser_images(range(space.dim)))


def test_images_have_the_same_entries_and_singular_values(problem):
    """At d = 8 entries and singular values of W and of its image agree."""
    space = problem("d-4,2,2").space
    x = space.random(np.random.default_rng(2))
    W = space.matrix(x, 8)
    for s in normaliser(space):
        image = space.matrix(x[list(s)], 8)
        assert np.allclose(np.sort(image.ravel()), np.sort(W.ravel()))
        assert np.allclose(np.linalg.svd(image, compute_uv=False), np.linalg.svd(W, compute_uv=False))


@pytest.mark.parametrize(
    ("target", "beta", "signs", "count"),
    [
        ({"blocks": "d/2,d/2", "entries": [[["1", "0"], "0"], ["0", ["1", "0"]]]}, (), (), 2),
        ({"blocks": "d/2,d/2", "entries": [[["1", "0"], "0"], ["0", ["2", "0"]]]}, (), (), 1),
        ({"blocks": "d/2,d/2", "entries": [[["1", "0"], "1/3"], ["1/3", ["1", "0"]]]}, (), (), 2),
        ({"blocks": "d/2,d/2", "entries": [[["1", "0"], "1/3"], ["1/7", ["1", "0"]]]}, (), (), 1),
        ("I", (1, 2), (), 1),
        ("I", (2, 2), (), 2),
        ("I", (), (1, -1), 1),  # the target can be exchanged, the two halves of the second layer cannot
    ],
)
def test_the_target_and_the_second_layer_are_compared_exactly(target, beta, signs, count):
    """Nearly equal is not equal, and what is equal keeps the loss (also at a block size that was not compared)."""
    space = FixedSpace(Isotropy.parse("d/2,d/2"))
    p = Problem(space, RELU, Target.from_json(target), beta, signs)
    found = symmetries(p)
    assert len(found) == count
    x = space.random(np.random.default_rng(3))
    for image in found:
        assert math.isclose(p.at(FLOAT, image.of(x), 34.0).loss(), p.at(FLOAT, list(x), 34.0).loss(), rel_tol=1e-9)
    if count == 1:
        swap = next(s for s in normaliser(space) if s != tuple(range(space.dim)))
        changed = p.at(FLOAT, [x[i] for i in swap], 34.0).loss()
        assert not math.isclose(changed, p.at(FLOAT, list(x), 34.0).loss(), rel_tol=1e-9)


def test_a_target_that_nearly_has_a_symmetry_does_not_have_it():
    near = f"{10**12 + 1}/{10**12}"
    target = Target.from_json({"blocks": "d/2,d/2", "entries": [[["1", "0"], "0"], ["0", [near, "0"]]]})
    assert len(symmetries(Problem(FixedSpace(Isotropy.parse("d/2,d/2")), RELU, target))) == 1
