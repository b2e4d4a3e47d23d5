"""Activations on arrays: their Gaussian means are the kernels, and slopes are derivatives."""

import numpy as np
import pytest

from symrelu.errors import BadInput
from symrelu.model.activations import kernel_named
from symrelu.model.dense import DenseLoss
from symrelu.model.pointwise import activation_of

NAMES = ("relu", "leaky:1/10", "abs", "erf", "z2", "z3")


@pytest.mark.parametrize("name", NAMES)
def test_the_kernel_is_the_mean_of_the_activation(name: str) -> None:
    rng = np.random.default_rng(5)
    W, V, x = rng.normal(size=(2, 3)) / 2, rng.normal(size=(2, 3)) / 2, rng.normal(size=(3, 400_000))
    phi = activation_of(kernel_named(name))
    errors = (phi.value(W @ x).sum(0) - phi.value(V @ x).sum(0)) ** 2 / 2
    loss = DenseLoss(V, kernel=kernel_named(name)).loss(W)
    assert abs(errors.mean() - loss) < 4 * errors.std() / 400_000**0.5


@pytest.mark.parametrize("name", NAMES)
def test_slopes(name: str) -> None:
    phi, z = activation_of(kernel_named(name)), np.array([-1.5, -0.2, 0.3, 2.0])
    assert (phi.value(z + 1e-6) - phi.value(z - 1e-6)) / 2e-6 == pytest.approx(phi.slope(z), rel=1e-8)


def test_kernels_without_an_activation() -> None:
    for name in ("s3", "leaky:s"):
        with pytest.raises(BadInput, match="samples need the activation"):
            activation_of(kernel_named(name))
