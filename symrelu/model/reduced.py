"""The loss, its gradient and its Hessian forms restricted to Fix(G), with d a real number, in any arithmetic.

    L(W, alpha) = 1/2 sum alpha_i alpha_j kappa(w_i, w_j) - sum alpha_i beta_j kappa(w_i, v_j)
                  + 1/2 sum beta_i beta_j kappa(v_i, v_j)

(the paper's (2): k x d student, ReLU, target V = I_d, alpha = beta = 1, unless a :class:`Problem` says otherwise).

With grad_w kappa = 2 kappa_p w + kappa_s v the gradient of a row is  A w + sum kappa_s * (sum of the partners in one
relation), so it lies in Fix(G) by construction. Second derivatives are arranged as :mod:`symrelu.model.kernels` says.

Nothing here knows in which scalars it computes: SymPy symbols give the exact expressions, series, mpmath numbers,
balls and floats evaluate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from symrelu.errors import BadInput
from symrelu.exact.arithmetic import Arithmetic, Scalar, entering, lagrange
from symrelu.model.kernels import RELU, Gram, Kernel
from symrelu.model.rows import (
    Cell,
    Direction,
    Geometry,
    Relation,
    Rows,
    identical,
    identity_rows,
    is_zero,
    plus,
    student_rows,
    teacher_rows,
    times,
    unit_direction,
)
from symrelu.model.second_layer import exact_beta, exact_signs, spread
from symrelu.model.target import IDENTITY, Target, Teacher, refined_teacher, starts, telling_dimension
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotypic import Place, Refinement

PairKey = tuple[bool, int, bool, int, Relation]  # is a teacher, orbit, is a teacher, orbit, how they lie


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


@dataclass(frozen=True)
class _Pair:
    """One class of pairs of a given row: the partner orbit, the relation, how many partners, the Gram entries."""

    key: PairKey
    count: Scalar
    weighted_count: Scalar  # times the partner's entry of the second layer
    gram: Gram

    @property
    def teacher(self) -> bool:
        return self.key[2]

    @property
    def partner(self) -> int:
        return self.key[3]

    @property
    def relation(self) -> Relation:
        return self.key[4]


class ReducedPoint:
    """A point of Fix(G) at one d; evaluates what is asked of it and keeps the Gram entries it has computed."""

    def __init__(self, problem: Problem, arithmetic: Arithmetic, values: Sequence[Scalar], d: Scalar) -> None:
        self.problem = problem
        self.arithmetic = arithmetic
        self.space = problem.space
        self.d = entering(arithmetic, d)
        self.geometry = Geometry(self.space.isotropy, self.d)
        values = [entering(arithmetic, x) for x in values]
        self.student = student_rows(self.space, values[: self.space.dim])
        self.alpha: Sequence[Scalar] = values[self.space.dim :] if problem.alpha is None else problem.alpha
        self.teacher, self.beta = self._teacher_rows()
        self._norms: dict[tuple[bool, int], tuple[Scalar, Scalar]] = {}
        self._grams: dict[PairKey, Gram] = {}
        self._partials: dict[tuple[PairKey, int], tuple[Scalar, ...]] = {}

    def _teacher_rows(self) -> tuple[Rows, Sequence[Scalar]]:
        if self.problem.is_identity:
            return identity_rows(self.space.isotropy), (1,) * len(self.space.isotropy.cols)
        teacher = self.problem.teacher
        return teacher_rows(teacher.orbits, teacher.cells, self.arithmetic), [
            int(b) if b.denominator == 1 else self.scalar(b) for b in teacher.beta
        ]

    def weight(self, teacher: bool, a: int) -> Scalar:
        """The second layer's entry of a row of orbit a."""
        return self.beta[a] if teacher else self.alpha[a]

    # -- Gram entries --------------------------------------------------------------------------------------------------

    def rows(self, teacher: bool) -> Rows:
        """The rows of the teacher, or of the student."""
        return self.teacher if teacher else self.student

    def scalar(self, x: Scalar) -> Scalar:
        """x as a scalar of the arithmetic, if it is still an int or a Fraction."""
        return self.arithmetic.rational(x) if isinstance(x, (int, Fraction)) else x

    def norm(self, teacher: bool, a: int) -> tuple[Scalar, Scalar]:
        """(<w,w>, 1/<w,w>) for a row of orbit a; None for 1/<w,w> where the kernel is smooth at rows that are 0."""
        key = (teacher, a)
        if key not in self._norms:
            row = self.rows(teacher).cells[a]
            p = self.geometry.inner(row, row, Relation.SAME)
            if isinstance(p, int) and p == 1:
                self._norms[key] = (self.scalar(1), 1)
            elif self.problem.kernel.smooth_at_zero_rows:
                self._norms[key] = (self.scalar(p), None)  # no kernel's formula divides by it
            else:
                p = self.scalar(p)
                self.arithmetic.check_norm(p)
                self._norms[key] = (p, 1 / p)
        return self._norms[key]

    def gram(self, key: PairKey) -> Gram:
        """The Gram entries of a row of one orbit and a partner of another in the given relation."""
        if key in self._grams:
            return self._grams[key]
        teacher_a, a, teacher_b, b, relation = key
        mirrored = self._grams.get((teacher_b, b, teacher_a, a, relation))
        if mirrored is not None:
            gram = mirrored._replace(
                p=mirrored.q, q=mirrored.p, inverse_p=mirrored.inverse_q, inverse_q=mirrored.inverse_p
            )
        else:
            gram = self._new_gram(*key)
        self._grams[key] = gram
        return gram

    def partials(self, key: PairKey, order: int) -> tuple[Scalar, ...]:
        """The kernel's value (order 0) or its partials of order 1 or 2 at a pair, without the prefactor."""
        if (key, order) not in self._partials:
            kernel, gram = self.problem.kernel, self.gram(key)
            if order == 0:
                if gram.psi is None and kernel.uses_root:
                    angle = self.arithmetic.supplement(gram.s, gram.g, gram.inverse_p, gram.inverse_q)
                    gram = gram._replace(psi=angle)
                values: tuple[Scalar, ...] = (kernel.value(self.arithmetic, gram),)
            else:
                values = (kernel.first if order == 1 else kernel.second)(self.arithmetic, gram)
            self._partials[key, order] = values
        return self._partials[key, order]

    def _new_gram(self, teacher_a: bool, a: int, teacher_b: bool, b: int, relation: Relation) -> Gram:
        A, kernel = self.arithmetic, self.problem.kernel
        u, v = self.rows(teacher_a).cells[a], self.rows(teacher_b).cells[b]
        (p, ip), (q, iq) = self.norm(teacher_a, a), self.norm(teacher_b, b)
        same = identical(u, relation, teacher_a == teacher_b and a == b)
        if kernel.lift:
            return self._lifted_gram(p, q, u, v, relation, same)
        if kernel.polynomial:
            return Gram(p, q, p if same else self.scalar(self.geometry.inner(u, v, relation)), *(None,) * 4, False)
        if same:
            return Gram(p, p, p, A.rational(0), A.pi, ip, ip, True)
        s = self.scalar(self.geometry.inner(u, v, relation))
        determinant = None if A.cancels and A.name != "sympy" else self._determinant(p, q, s, u, v, relation)
        g = A.gram_root(p, q, s, determinant)
        psi = A.supplement(s, g, ip, iq)
        return Gram(p, q, s, g, psi, ip, iq, A.is_zero(g))

    def _lifted_gram(
        self, p: Scalar, q: Scalar, u: Sequence[Cell], v: Sequence[Cell], relation: Relation, same: bool
    ) -> Gram:
        """The entries 1 + c p, 1 + c q, c s, with the determinant 1 + c (p + q) + c**2 (p q - s**2): never 0.

        The angle, which only the value of erf needs, is left out: over an exact field its limit may have no exact form.
        """
        A, c = self.arithmetic, self.scalar(self.problem.kernel.lift)
        s = p if same else self.scalar(self.geometry.inner(u, v, relation))
        p_, q_, s_ = 1 + c * p, 1 + c * q, c * s
        if A.cancels:
            determinant = p_ * q_ - s_ * s_
        else:
            determinant = 1 + c * (p + q)
            if not same:
                determinant = determinant + c * c * self._determinant(p, q, s, u, v, relation)
        g = A.gram_root(p_, q_, s_, determinant)
        return Gram(p_, q_, s_, g, None, 1 / p_, 1 / q_, False)

    def _determinant(
        self, p: Scalar, q: Scalar, s: Scalar, u: Sequence[Cell], v: Sequence[Cell], relation: Relation
    ) -> Scalar:
        if self.arithmetic.cancels:
            return p * q - s * s
        return self.scalar(lagrange(self.geometry.column_classes(u, v, relation)))

    def _pairs(self, a: int) -> Iterator[_Pair]:
        """The classes of pairs of one row of student orbit a: with students, then with teachers.

        A fixed row and itself count as unrelated: it has no own columns, so `identical` knows it all the same.
        """
        orbit = self.student.orbits[a]
        for teacher in (False, True):
            for b, other in enumerate(self.rows(teacher).orbits):
                for relation, count in self.geometry.relations(orbit, other):
                    key = (False, a, teacher, b, relation)
                    yield _Pair(key, count, times(self.weight(teacher, b), count), self.gram(key))

    # -- loss ----------------------------------------------------------------------------------------------------------

    def loss(self) -> Scalar:
        """L at this point."""
        total: Scalar = 0
        for a, orbit in enumerate(self.student.orbits):
            row: Scalar = 0
            for pair in self._pairs(a):
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
        return self.problem.kernel.prefactor_in(self.arithmetic)

    # -- gradient ------------------------------------------------------------------------------------------------------

    def gradient_rows(self) -> list[list[Cell]]:
        """The gradient with respect to one row of each orbit, divided by the kernel's prefactor, as cells
        (c, delta) of that row.
        """
        rows = []
        for a, own in enumerate(self.student.cells):
            along: Scalar = 0  # the coefficient of w itself
            cells: list[Cell] = [(0, None if delta is None else 0) for _, delta in own]
            for pair in self._pairs(a):
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
            for pair in self._pairs(a):
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
        form = _Form(len(directions))
        for a in range(len(self.student.orbits)):
            self._add_row_orbit(form, a, directions)
        return [
            [self.scalar(x) if scaled else self.scalar(x) * self._prefactor for x in row] for row in form.symmetric()
        ]

    def _add_row_orbit(self, form: _Form, a: int, directions: Sequence[Direction]) -> None:
        """Add what the rows of student orbit a contribute, with all their partners."""
        inner = self.geometry.inner
        size, w = self.geometry.sizes[self.student.orbits[a]], self.student.cells[a]
        moving = [(i, y.rows[a]) for i, y in enumerate(directions) if a in y.rows]
        scaling = [(i, y.second[a]) for i, y in enumerate(directions) if a in y.second]
        if not moving and not scaling:
            return
        along_w = {i: inner(w, y, Relation.SAME) for i, y in moving}
        identity: Scalar = 0  # the coefficient of the identity in d2/dw dw
        pull: dict[int, Scalar] = {
            i: 0 for i, _ in moving
        }  # <dL/dw, y>, which d2/dw dalpha carries off critical points
        for pair in self._pairs(a):
            v = self.rows(pair.teacher).cells[pair.partner]
            k_p, k_s = self.partials(pair.key, 1)
            sign = -1 if pair.teacher else 1
            by_alpha = times(size, times(sign, pair.weighted_count))  # the weight in the derivative by this row's alpha
            weight = times(self.alpha[a], by_alpha)
            along_v = {i: inner(v, y, pair.relation) for i, y in moving}
            slope = {i: plus(times(2, times(k_p, along_w[i])), times(k_s, along_v[i])) for i, _ in moving}
            if scaling:
                for i, _ in moving:
                    pull[i] = plus(pull[i], times(by_alpha, slope[i]))
            if moving:
                k_pp, k_ps, k_ss, _, _, _, perp = self.partials(pair.key, 2)
                identity = plus(identity, times(weight, k_p))
                v_perp = self._perpendicular(pair.gram.s, pair.gram.inverse_p, along_v, along_w, perp)
                for n, (i, _) in enumerate(moving):
                    on_w = plus(times(4, times(k_pp, along_w[i])), times(2, times(k_ps, along_v[i])))
                    on_v = plus(times(2, times(k_ps, along_w[i])), times(k_ss, along_v[i]))
                    on_perp = times(perp, v_perp[i])
                    for j, _ in moving[n:]:
                        value = plus(times(on_w, along_w[j]), times(on_v, along_v[j]))
                        form.add(i, j, times(weight, plus(value, times(on_perp, v_perp[j]))))
            if not pair.teacher:
                self._add_partners(form, pair, size, weight, w, v, moving, scaling, along_w, along_v, slope, directions)
        for n, (i, y) in enumerate(moving):
            for j, z in moving[n:]:
                form.add(i, j, times(times(2, identity), inner(y, z, Relation.SAME)))
            for j, second in scaling:
                form.add_mixed(i, j, times(pull[i], second))

    def _add_partners(
        self,
        form: _Form,
        pair: _Pair,
        size: Scalar,
        weight: Scalar,
        w: Sequence[Cell],
        v: Sequence[Cell],
        moving: Sequence[tuple[int, Sequence[Cell]]],
        scaling: Sequence[tuple[int, Scalar]],
        along_w: Mapping[int, Scalar],
        along_v: Mapping[int, Scalar],
        slope: Mapping[int, Scalar],
        directions: Sequence[Direction],
    ) -> None:
        """The terms of two rows moving, of a row and the second layer's entry of a partner, and of two such entries."""
        inner = self.geometry.inner
        partners = [(j, z.rows[pair.partner]) for j, z in enumerate(directions) if pair.partner in z.rows]
        seconds = [(j, z.second[pair.partner]) for j, z in enumerate(directions) if pair.partner in z.second]
        k_s = self.partials(pair.key, 1)[1]
        if moving and partners:
            _, k_ps, _, k_pq, k_qs, k_vw, perp = self.partials(pair.key, 2)
            gram = pair.gram
            z_on_w = {j: inner(w, z, pair.relation) for j, z in partners}
            z_on_v = {j: inner(v, z, Relation.SAME) for j, z in partners}
            w_perp = self._perpendicular(gram.s, gram.inverse_q, along_w, along_v, perp)
            v_perp = self._perpendicular(gram.s, gram.inverse_p, z_on_v, z_on_w, perp)
            for i, y in moving:
                on_v = plus(times(4, times(k_pq, along_w[i])), times(2, times(k_qs, along_v[i])))
                on_w = plus(times(2, times(k_ps, along_w[i])), times(k_vw, along_v[i]))
                on_perp = times(perp, w_perp[i])
                for j, z in partners:
                    if j < i:
                        continue
                    value = times(k_s, inner(y, z, pair.relation))
                    value = plus(value, plus(times(on_v, z_on_v[j]), times(on_w, z_on_w[j])))
                    form.add(i, j, times(weight, plus(value, times(on_perp, v_perp[j]))))
        by_both = times(size, pair.count)  # the weight in the derivative by both entries of the second layer
        by_partner = times(self.alpha[pair.key[1]], by_both)
        for i, _ in moving:
            for j, second in seconds:
                form.add_mixed(i, j, times(by_partner, times(slope[i], second)))
        for i, first in scaling:
            for j, second in seconds:
                if j >= i:
                    form.add(i, j, times(by_both, times(self.partials(pair.key, 0)[0], times(first, second))))

    @staticmethod
    def _perpendicular(
        s: Scalar, inverse: Scalar, along: Mapping[int, Scalar], along_other: Mapping[int, Scalar], perp: Scalar
    ) -> dict[int, Scalar]:
        """<u - (s/r) o, y> for each direction y, from <u, y>, <o, y>, and 1/r with r = <o, o>; 0 if not needed."""
        if is_zero(perp) or inverse is None:
            return dict.fromkeys(along, 0)
        ratio = times(s, inverse)
        return {i: plus(x, times(-1, times(ratio, along_other[i]))) for i, x in along.items()}


class _Form:
    """A symmetric bilinear form being summed up, its upper triangle kept."""

    def __init__(self, size: int) -> None:
        self.entries: list[list[Scalar]] = [[0] * size for _ in range(size)]

    def add(self, i: int, j: int, value: Scalar) -> None:
        """Add to the entry (i, j), i <= j: each ordered pair of rows counts by itself."""
        self.entries[i][j] = plus(self.entries[i][j], value)

    def add_mixed(self, i: int, j: int, value: Scalar) -> None:
        """Add a term of W along i and the second layer along j: once, on whichever side of the diagonal it lies."""
        low, high = min(i, j), max(i, j)
        self.entries[low][high] = plus(self.entries[low][high], times(2, value) if i == j else value)

    def symmetric(self) -> list[list[Scalar]]:
        """The whole matrix."""
        n = len(self.entries)
        return [[self.entries[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]
