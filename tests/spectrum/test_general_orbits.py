"""Spectra for general orbits of rows and columns (k different from d, several row orbits on one block) against dense
Hessians at small integers, blocks of size 1, 2 and 3 among them.
"""

import numpy as np
import pytest

from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.reference.hessian import first_layer_hessian, hessian
from symrelu.spectrum.numeric import eigenvalues_at
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

TYPES = [  # blocks, rows, columns, dimensions
    ("d-1,1", "1,2,*", "1,2", (2, 3, 4, 5)),  # k = d + 1
    ("d-2,2", "1,2,*,*", "1,2", (3, 4, 5)),  # k = d + 2
    ("d-3,3", "1,2,2", "1,2", (4, 5, 6)),  # two row orbits on the small block
    ("d", "1,1", "1", (2, 3, 4)),  # k = 2d
    ("d-1,1", "1,1,2", "1,2", (3, 4)),
    ("d/2", "1,1,1", "1,1", (2, 4, 6)),  # k = 3d/2, two column orbits on one block
    ("d-2,2", "1", "1,2", (3, 4, 6)),  # k < d: a block of columns alone
    ("d-3,3", "*", "1,2", (4, 5)),
    ("d-2", "1,*", "1,*,*", (3, 4, 5)),
    ("d,3", "1,2", "1", (2, 3)),  # a block of rows alone: equal rows
    ("d,1", "1,2", "1", (2, 3)),
    ("d-4,2", "1,2", "1,2,2", (5, 6)),
]


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(("blocks", "rows", "cols", "dimensions"), TYPES)
def test_against_dense_hessians(blocks: str, rows: str, cols: str, dimensions: tuple[int, ...], layers: int) -> None:
    isotropy = Isotropy.parse(blocks, rows, cols)
    space = FixedSpace(isotropy)
    for d in dimensions:
        values = list(space.random(np.random.default_rng(100 + d)))  # no critical points: the gradient enters too
        W = space.matrix(values, d)
        k = len(W)
        found = eigenvalues_at(Problem(space, RELU), MpmathArithmetic(20), values, d, layers)
        assert all(v.multiplicity.denominator == 1 and v.multiplicity > 0 for v in found)
        ours = np.sort([float(v.value) for v in found for _ in range(int(v.multiplicity))])
        assert len(ours) == k * (d + layers - 1)
        dense = (hessian if layers == 2 else first_layer_hessian)(W, np.ones(k), np.eye(d), np.ones(d))
        assert ours == pytest.approx(np.linalg.eigvalsh(dense), abs=1e-11)
