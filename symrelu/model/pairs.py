"""The classes of pairs of rows at a point of Fix(G): how many partners a row has in each relation, their Gram entries
and the kernel's partial derivatives there, each computed once. The sums over them are :mod:`symrelu.model.reduced`'s
(loss and gradient) and :mod:`symrelu.model.hessian`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symrelu.exact.arithmetic import Arithmetic, Scalar, lagrange
from symrelu.model.kernels import Gram, Kernel
from symrelu.model.rows import Cell, Geometry, Relation, Rows, identical, times
from symrelu.symmetry.isotropy import Isotropy

PairKey = tuple[bool, int, bool, int, Relation]  # is a teacher, orbit, is a teacher, orbit, how they lie


@dataclass(frozen=True)
class Pair:
    """One class of pairs of a given row: the partner orbit, the relation, how many partners, the Gram entries."""

    key: PairKey
    count: Scalar
    weighted_count: Scalar  # times the partner's entry of the second layer
    gram: Gram

    @property
    def teacher(self) -> bool:
        """Whether the partner is a teacher row."""
        return self.key[2]

    @property
    def partner(self) -> int:
        """The partner's orbit."""
        return self.key[3]

    @property
    def relation(self) -> Relation:
        """How the two rows lie."""
        return self.key[4]


class RowPairs:
    """The pairs of rows of a student and a teacher matrix in Fix(G), at one d, in one arithmetic.

    Parameters: ``kernel``; ``arithmetic``, of all scalars; ``isotropy``, the group; ``d``, the dimension; ``student``
    and ``teacher``, the rows by orbits; ``alpha`` and ``beta``, their second layers, an entry for each orbit of rows.
    """

    partners_move = True  # in Hessian forms; False for the form of each row by itself

    def __init__(
        self,
        kernel: Kernel,
        arithmetic: Arithmetic,
        isotropy: Isotropy,
        d: Scalar,
        student: Rows,
        teacher: Rows,
        alpha: Sequence[Scalar],
        beta: Sequence[Scalar],
    ) -> None:
        self.kernel = kernel
        self.arithmetic = arithmetic
        self.d = d
        self.geometry = Geometry(isotropy, d)
        self.student = student
        self.teacher = teacher
        self.alpha = alpha
        self.beta = beta
        self._norms: dict[tuple[bool, int], tuple[Scalar, Scalar]] = {}
        self._grams: dict[PairKey, Gram] = {}
        self._partials: dict[tuple[PairKey, int], tuple[Scalar, ...]] = {}

    def weight(self, teacher: bool, a: int) -> Scalar:
        """The second layer's entry of a row of orbit a."""
        return self.beta[a] if teacher else self.alpha[a]

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
            elif self.kernel.smooth_at_zero_rows:
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
            kernel, gram = self.kernel, self.gram(key)
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
        A, kernel = self.arithmetic, self.kernel
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
        A, c = self.arithmetic, self.scalar(self.kernel.lift)
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

    def pairs(self, a: int) -> Iterator[Pair]:
        """The classes of pairs of one row of student orbit a: with students, then with teachers.

        A fixed row and itself count as unrelated: it has no own columns, so `identical` knows it all the same.
        """
        orbit = self.student.orbits[a]
        for teacher in (False, True):
            for b, other in enumerate(self.rows(teacher).orbits):
                for relation, count in self.geometry.relations(orbit, other):
                    key = (False, a, teacher, b, relation)
                    yield Pair(key, count, times(self.weight(teacher, b), count), self.gram(key))
