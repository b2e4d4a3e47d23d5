"""What is fitted at one whole d, as plain matrices: the target, its symmetry, and the isotropy of students under it.

The loss of k students is unchanged by every order of their rows, and by those orders Q of the columns that permute the
teacher's rows among themselves (with their betas): its symmetry group is S_k x Pi(V). The isotropy group of a point W
is what leaves W unchanged *in that group*. Both are found as the isotropy of a matrix of numbers: of W and V stacked,
V moved out of the way of W's values so that rows of one are never exchanged with rows of the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from symrelu.errors import BadInput
from symrelu.model.dense import DenseLoss, Floats
from symrelu.model.kernels import RELU, Kernel
from symrelu.model.second_layer import spread
from symrelu.model.setting import Setting
from symrelu.model.teacher import Teacher, teacher_rows
from symrelu.symmetry.identify import MatrixIsotropy, check_matrix, matrix_isotropy
from symrelu.symmetry.size import Size
from symrelu.symmetry.young_lattice import YoungBlock, YoungType

EQUAL = 1e-8  # entries of V nearer than this are equal


@dataclass(frozen=True, eq=False)
class FittedTarget:
    """A target at one whole d.

    Parameters: ``V`` of shape (h, d) and ``beta`` of shape (h,), in floats; ``kernel``, of the activation;
    ``setting``, in the words of which families with this target are derived (None: the target is but a matrix of
    numbers, and no family is derived for it). ``label``: the target in a few words.
    """

    V: Floats
    beta: Floats
    kernel: Kernel = RELU
    setting: Setting | None = None
    label: str = "I"

    @classmethod
    def of(cls, setting: Setting, d: int, k: int | None = None) -> FittedTarget:
        """The target of a setting at a whole d, for k student rows (default: d), which the padded one depends on.

        Raises BadInput where a block of the target's group is no whole number at d, for several betas with a target
        that has no orbits of its own to tell them by, and for more student rows than columns with the padded one.
        """
        target = setting.target
        if target.isotropy is None:
            rows = d if target.kind == "I" else (d if k is None else k)
            if rows > d:
                raise BadInput(f"target pad is for k <= d, and k = {rows}, d = {d} were given; leave --target out")
            if len(setting.beta) > 1:
                raise BadInput(
                    f"{len(setting.beta)} values of beta were given for target {target.kind}, whose rows are all "
                    "alike; give one, or a target file with orbits of its own"
                )
            V, beta = np.eye(rows, d), np.full(rows, float(setting.beta[0]) if setting.beta else 1.0)
        else:
            group = target.isotropy
            group.check_integer(d)
            betas = tuple(
                Fraction(x) for x in spread(setting.beta, len(target.cells), "values of beta (one for each orbit)")
            )
            teacher = Teacher(group.rows, target.cells, betas)
            found = teacher_rows(teacher, group.cols, lambda orbit: int(group.orbit_size(orbit).at(d)))
            V = np.array([[float(x) for x in row] for row, _ in found])
            beta = np.array([float(b) for _, b in found])
        return cls(V, beta, setting.kernel, setting, target.label())

    @classmethod
    def of_matrix(cls, V: Any, kernel: Kernel = RELU, label: str = "a matrix") -> FittedTarget:
        """The rows of a matrix of numbers as the target. Raises BadInput for what is none, and for zero rows."""
        V = check_matrix(V)
        if not np.any(V, axis=1).all():
            raise BadInput(f"row {int(np.argmin(np.any(V, axis=1))) + 1} of the target is 0; leave it out")
        return cls(V, np.ones(len(V)), kernel, None, label)

    @property
    def d(self) -> int:
        """The number of columns."""
        return int(self.V.shape[1])

    @property
    def is_identity(self) -> bool:
        """Whether V = I_d with beta = 1, so that every order of columns is a symmetry."""
        return self.V.shape == (self.d, self.d) and bool(np.array_equal(self.V, np.eye(self.d)) and self.is_unweighted)

    @property
    def is_unweighted(self) -> bool:
        """Whether beta = 1."""
        return bool(np.all(self.beta == 1))

    @cached_property
    def loss(self) -> DenseLoss:
        """The population loss."""
        return DenseLoss(self.V, self.beta, self.kernel)

    @cached_property
    def symmetry(self) -> MatrixIsotropy:
        """The isotropy group of V itself, its rows told apart by beta: what a minimum can break."""
        marked = np.column_stack([self.V, self.beta + _offset(self.V)])
        return _restricted(matrix_isotropy(marked, EQUAL), self.V.shape)

    def isotropy(self, W: Any, alpha: Any = None, tolerance: float = EQUAL) -> MatrixIsotropy:
        """The isotropy group of a student W of shape (k, d) in the symmetry group of the loss, with the order of rows
        and columns that shows its block form.

        Parameters: ``alpha`` of shape (k,), its second layer (default: 1): rows are exchanged only if theirs agree.
        Entries are equal exactly if they differ by at most ``tolerance``. Raises Undecided where that is no
        equivalence.
        """
        W = check_matrix(W)
        weights = np.ones(len(W)) if alpha is None else np.asarray(alpha, dtype=float)
        if self.is_identity and np.all(weights == 1):
            return matrix_isotropy(W, tolerance)
        aside = _offset(np.vstack([W, self.V]))
        above = np.column_stack([W, weights + 4 * aside + _offset(weights[None])])
        below = np.column_stack([self.V + 2 * aside, self.beta + 8 * aside + 4 * _offset(weights[None])])
        return _restricted(matrix_isotropy(np.vstack([above, below]), tolerance), W.shape)


def _offset(values: Any) -> float:
    """A number that is far from the differences of all the given ones."""
    return float(4 * (1 + np.abs(values).max(initial=0)))


def _restricted(found: MatrixIsotropy, shape: tuple[int, ...]) -> MatrixIsotropy:
    """A group on more rows and columns than those of W, as a group of W's: it acts there alike."""
    k, d = shape
    blocks, shapes = [], []
    for units in found.blocks:
        kept = tuple((tuple(r for r in rows if r < k), tuple(c for c in cols if c < d)) for rows, cols in units)
        if any(kept[0]):
            blocks.append(kept)
            shapes.append(YoungBlock(Size(Fraction(len(kept))), len(kept[0][0]), len(kept[0][1])))
    unmoved = math.prod(math.factorial(len(units)) for units in found.blocks) // math.prod(
        math.factorial(len(units)) for units in blocks
    )
    turn = sorted(range(len(blocks)), key=lambda i: shapes[i].key(), reverse=True)
    moved = [{x for units in blocks for unit in units for x in unit[side]} for side in (0, 1)]
    rows, cols = (
        [x for x in order if x < n and x not in its]
        for order, n, its in zip((found.rows, found.cols), (k, d), moved, strict=True)
    )
    ordered = tuple(blocks[i] for i in turn)
    front = [[unit[s][o] for units in ordered for o in range(len(units[0][s])) for unit in units] for s in (0, 1)]
    young = YoungType(tuple(shapes), len(rows), len(cols))
    extra = found.order // unmoved // young.order
    return MatrixIsotropy(
        k,
        d,
        young,
        extra,
        young.isotropy(d),
        (*front[0], *rows),
        (*front[1], *cols),
        ordered,
        found.clusters,
    )


__all__ = ["EQUAL", "FittedTarget"]
