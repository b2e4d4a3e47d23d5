"""The loss, its gradient and its Hessian forms restricted to Fix(G), with d a real number, in any arithmetic.

    L(W, alpha) = 1/2 sum alpha_i alpha_j kappa(w_i, w_j) - sum alpha_i beta_j kappa(w_i, v_j)
                  + 1/2 sum beta_i beta_j kappa(v_i, v_j)

(the paper's (2): k x d student, ReLU, target V = I_d, alpha = beta = 1, unless a :class:`Problem` says otherwise).

With grad_w kappa = 2 kappa_p w + kappa_s v the gradient of a row is  A w + sum kappa_s * (sum of the partners in one
relation), so it lies in Fix(G) by construction. The pairs of rows, with their Gram entries and the kernel's partials,
are :mod:`symrelu.model.pairs`; the sums of second derivatives :mod:`symrelu.model.hessian`.

Nothing here knows in which scalars it computes: SymPy symbols give the exact expressions, series, mpmath numbers,
balls and floats evaluate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import Arithmetic, Scalar, entering
from symrelu.model.hessian import hessian_form
from symrelu.model.kernels import RELU, Kernel
from symrelu.model.pairs import RowPairs
from symrelu.model.rows import (
    Cell,
    Direction,
    Rows,
    identity_rows,
    plus,
    student_rows,
    teacher_rows,
    times,
    unit_direction,
)
from symrelu.model.second_layer import exact_beta, exact_signs, spread
from symrelu.model.target import IDENTITY, Target
from symrelu.model.teacher import Teacher, refined_teacher, starts, telling_dimension
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotypic import Place, Refinement


@dataclass(frozen=True)
class Problem:
    """Fitting a target by a k x d student in Fix(G), population squared loss.

    Parameters: ``space``, the fixed-point subspace of a Young-type group; ``kernel``, of the activation; ``target``, as
    a user names it, or the teacher rows that this group sees, with their beta;
    ``beta``, the teacher's second layer, one exact number for each orbit of teacher rows (or one for all; () for 1);
    ``signs``, the student's second layer, 1 or -1 for each row orbit (or one for all; () for 1). Where the second layer
    is a variable of its own (``kernel.second_layer_is_free``), there are no signs and the coordinates a_1, ..., a_n are
    followed by alpha_1, alpha_2, ..., one for each row orbit.

    Raises BadInput if the group does not fix the target, and for betas or signs that do not fit.
    """

    space: FixedSpace
    kernel: Kernel = RELU
    target: Target | Teacher = IDENTITY
    beta: tuple[Fraction, ...] = ()
    signs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "beta", exact_beta(self.beta))
        object.__setattr__(self, "signs", exact_signs(self.signs, self.kernel))
        if not self.is_identity:
            self.teacher  # noqa: B018 - refuses here what it would refuse later
        self.alpha  # noqa: B018

    @cached_property
    def is_identity(self) -> bool:
        """Whether V = I_d with beta = 1."""
        return self.target == IDENTITY and not self.beta

    @cached_property
    def teacher(self) -> Teacher:
        """The teacher rows seen by the group: orbits, entries, beta."""
        if isinstance(self.target, Teacher):
            return self.target
        return self.target.teacher(self.space.isotropy, self.beta)

    @cached_property
    def alpha(self) -> tuple[int, ...] | None:
        """The student's second layer by row orbits; None where it is a variable."""
        if self.kernel.second_layer_is_free:
            return None
        rows = len(self.space.isotropy.rows)
        return tuple(map(int, spread(self.signs, rows, "signs of alpha (one for each row orbit)")))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the coordinates: a_1, ..., a_n, and alpha_1, ... where the second layer is a variable."""
        return self.space.names + tuple(f"alpha_{i + 1}" for i in range(self.dim - self.space.dim))

    @property
    def dim(self) -> int:
        """The number of coordinates."""
        return self.space.dim + (len(self.space.isotropy.rows) if self.kernel.second_layer_is_free else 0)

    def on(self, space: FixedSpace) -> Problem:
        """The same networks in the fixed space of another group, rows and columns in the same order.

        Raises BadInput if that group does not fix this target, or if its row orbits join rows of different signs.
        """
        if space == self.space or (self.is_identity and not self.signs):
            return Problem(space, self.kernel, self.target, self.beta, self.signs)
        target, beta, signs = self.target, self.beta, self.signs
        if isinstance(target, Teacher) or (target.isotropy is None and not self.is_identity):
            # pad, and beta by orbit, mean what they mean here
            target, beta = Target.of(self.space.isotropy, self.teacher), self.teacher.beta
        if len(signs) > 1:
            signs = self._signs_on(space)
        return Problem(space, self.kernel, target, beta, signs)

    def refined(self, refinement: Refinement) -> tuple[Problem, tuple[Place, ...]]:
        """The same networks in the fixed space of a refinement of the group, and the origins of the teacher orbits."""
        space = FixedSpace(refinement.isotropy)
        signs = tuple(self.alpha[place.orbit] for place in refinement.rows) if self.signs and self.alpha else ()
        if self.is_identity:
            return Problem(space, self.kernel, signs=signs), refinement.cols
        teacher, places = refined_teacher(self.teacher, refinement)
        return Problem(space, self.kernel, teacher, signs=signs), places

    def _signs_on(self, space: FixedSpace) -> tuple[int, ...]:
        given, other = self.space.isotropy, space.isotropy
        d = telling_dimension(given, other)
        assert self.alpha is not None
        sizes = [given.orbit_size(orbit).at(d) for orbit in given.rows]
        signs = [sign for sign, n in zip(self.alpha, sizes, strict=True) for _ in range(n)]
        ends = [*starts(other, other.rows, d), len(signs)]
        found = [set(signs[i:j]) for i, j in zip(ends, ends[1:], strict=False)]
        if other.k.at(d) != len(signs) or any(len(x) != 1 for x in found):
            raise BadInput(
                f"{other.label()} moves rows of different signs of alpha (those of {given.label()}); give a group with "
                "smaller blocks"
            )
        return tuple(x.pop() for x in found)

    def at(self, arithmetic: Arithmetic, values: Sequence[Scalar], d: Scalar) -> ReducedPoint:
        """The point of Fix(G) with these coordinates (those of :attr:`names`) at dimension d, ready to be evaluated in
        ``arithmetic``.

        Numbers of another mpmath context (``mpmath.mpf``) are taken as they are and computed with at the arithmetic's.
        Nothing is computed yet: a row that is 0 raises ZeroRow when a value or derivative that needs it is asked for.
        Raises BadInput unless there are as many values as coordinates.
        """
        if len(values) != self.dim:
            raise BadInput(
                f"{len(values)} coordinates were given for {self.space.isotropy.label()}; give the {self.dim} "
                f"values of {', '.join(self.names)}"
            )
        return ReducedPoint(self, arithmetic, values, d)


class ReducedPoint(RowPairs):
    """A point of Fix(G) at one d; evaluates what is asked of it and keeps the Gram entries it has computed."""

    def __init__(self, problem: Problem, arithmetic: Arithmetic, values: Sequence[Scalar], d: Scalar) -> None:
        self.problem = problem
        self.space = problem.space
        values = [entering(arithmetic, x) for x in values]
        student = student_rows(self.space, values[: self.space.dim])
        alpha: Sequence[Scalar] = values[self.space.dim :] if problem.alpha is None else problem.alpha
        teacher, beta = _teacher_rows(problem, arithmetic)
        isotropy, d = self.space.isotropy, entering(arithmetic, d)
        super().__init__(problem.kernel, arithmetic, isotropy, d, student, teacher, alpha, beta)

    # -- loss ----------------------------------------------------------------------------------------------------------

    def loss(self) -> Scalar:
        """L at this point."""
        total: Scalar = 0
        for a, orbit in enumerate(self.student.orbits):
            row: Scalar = 0
            for pair in self.pairs(a):
                value = times(pair.weighted_count, self.partials(pair.key, 0)[0])
                row = row - value if pair.teacher else row + value / 2
            total = plus(total, times(self.geometry.sizes[orbit], times(self.alpha[a], row)))
        target: Scalar = 0
        for a, orbit in enumerate(self.teacher.orbits):
            for b, other in enumerate(self.teacher.orbits):
                for relation, count in self.geometry.relations(orbit, other):
                    (value,) = self.partials((True, a, True, b, relation), 0)
                    weight = times(times(self.beta[a], self.beta[b]), count)
                    target = target + times(self.geometry.sizes[orbit], times(weight, value))
        return (total + target / 2) * self._prefactor

    @cached_property
    def _prefactor(self) -> Scalar:
        return self.kernel.prefactor_in(self.arithmetic)

    # -- gradient ------------------------------------------------------------------------------------------------------

    def gradient_rows(self) -> list[list[Cell]]:
        """The gradient with respect to one row of each orbit, divided by the kernel's prefactor, as cells
        (c, delta) of that row.
        """
        rows = []
        for a, own in enumerate(self.student.cells):
            along: Scalar = 0  # the coefficient of w itself
            cells: list[Cell] = [(0, None if delta is None else 0) for _, delta in own]
            for pair in self.pairs(a):
                k_p, k_s = self.partials(pair.key, 1)
                term = times(pair.weighted_count, k_p)
                along = plus(along, times(-1, term) if pair.teacher else term)
                partner = self.rows(pair.teacher).cells[pair.partner]
                k_s = times(self.weight(pair.teacher, pair.partner), k_s)
                for j, (c, delta) in enumerate(self.geometry.partner_sum(partner, pair.relation, pair.count)):
                    sign = -1 if pair.teacher else 1
                    old_c, old_delta = cells[j]
                    new_c = plus(old_c, times(sign, times(k_s, c)))
                    if delta is None:
                        cells[j] = (new_c, old_delta)
                    else:
                        cells[j] = (new_c, plus(old_delta, times(sign, times(k_s, delta))))
            along = times(2, along)
            alpha = self.alpha[a]
            for j, (c, delta) in enumerate(own):
                old_c, old_delta = cells[j]
                cells[j] = (
                    times(alpha, plus(old_c, times(along, c))),
                    None if delta is None else times(alpha, plus(old_delta, times(along, delta))),
                )
            rows.append(cells)
        return rows

    def second_layer_gradient(self) -> list[Scalar]:
        """dL/dalpha_i for one row of each orbit, divided by the kernel's prefactor."""
        found = []
        for a in range(len(self.student.orbits)):
            total: Scalar = 0
            for pair in self.pairs(a):
                value = times(pair.weighted_count, self.partials(pair.key, 0)[0])
                total = plus(total, times(-1, value) if pair.teacher else value)
            found.append(self.scalar(total))
        return found

    def entry_gradient(self) -> list[Scalar]:
        """dL/dW_ij at an entry of each coordinate's orbit, divided by the kernel's prefactor; then, where the second
        layer is a variable, dL/dalpha_i for a row of each orbit.
        """
        rows = self.gradient_rows()
        entries = []
        for coordinate in self.space.coordinates:
            c, delta = rows[coordinate.row][coordinate.col]
            entries.append(self.scalar(plus(c, delta) if coordinate.kind == "own" else c))
        return entries + (self.second_layer_gradient() if self.problem.alpha is None else [])

    def gradient(self, scaled: bool = False) -> list[Scalar]:
        """The gradient of the reduced loss in a_1, a_2, ...: entry gradients times orbit sizes, the vector F
        of the paper's section 4.1.

        ``scaled`` leaves the kernel's prefactor (1/2 pi) out.
        """
        entries = self.entry_gradient()
        summed = [self.scalar(times(n, f)) for n, f in zip(self.entry_counts, entries, strict=True)]
        return summed if scaled else [f * self._prefactor for f in summed]

    @cached_property
    def entry_counts(self) -> list[Scalar]:
        """How many entries of W, or of the second layer, each coordinate stands for."""
        counts = [self.space.entry_count(coordinate, self.d) for coordinate in self.space.coordinates]
        if self.problem.alpha is None:
            counts += [self.geometry.sizes[orbit] for orbit in self.student.orbits]
        return counts

    # -- Hessian -------------------------------------------------------------------------------------------------------

    def hessian(self, directions: Sequence[Direction] | None = None, scaled: bool = False) -> list[list[Scalar]]:
        """The matrix of the Hessian form on directions in Fix(G) and in the second layer.

        Without directions: on the coordinate directions, which is the Hessian of the reduced loss, the derivative of
        :meth:`gradient`. ``scaled`` leaves the kernel's prefactor out.
        """
        if directions is None:
            directions = [unit_direction(self.space, i) for i in range(self.space.dim)]
            if self.problem.alpha is None:
                directions += [Direction({}, {a: 1}) for a in range(len(self.student.orbits))]
        form = hessian_form(self, directions)
        return [[self.scalar(x) if scaled else self.scalar(x) * self._prefactor for x in row] for row in form]


def _teacher_rows(problem: Problem, arithmetic: Arithmetic) -> tuple[Rows, Sequence[Scalar]]:
    """The rows of the target and their second layer."""
    if problem.is_identity:
        isotropy = problem.space.isotropy
        return identity_rows(isotropy), (1,) * len(isotropy.cols)
    teacher = problem.teacher
    return teacher_rows(teacher.orbits, teacher.cells, arithmetic), [
        int(b) if b.denominator == 1 else arithmetic.rational(b) for b in teacher.beta
    ]
