"""Pieces away from infinity: the path over [t_c - h, t_c + h] as a Taylor polynomial with a proved absolute box.

The polynomial comes from Newton's method at t_c and the linear equations of its Taylor coefficients, rounded:
nothing about it is assumed. Krawczyk's test, uniform in tau = t - t_c, with A(tau) an approximate inverse of the
Jacobian along the polynomial, proves one critical point for each t within the box around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from flint import arb, arb_mat

from symrelu.errors import Undecided
from symrelu.exact.arithmetic import BallArithmetic
from symrelu.exact.ball_polynomials import BallPolynomial
from symrelu.exact.balls import ball, working_bits
from symrelu.exact.bounded import Bounded, Domain
from symrelu.exact.bounded_arithmetic import BoundedArithmetic
from symrelu.model.reduced import Problem, ReducedPoint
from symrelu.proof.inertia import block_indices
from symrelu.proof.krawczyk import contract, defect, image, included, inflate
from symrelu.proof.pieces import BITS, Middle

ORDER = 12  # 8 to 14 cost alike (fewer, dearer pieces)
INVERSE_TERMS = 6
NEWTON_STEPS = 40
FORMAL = Fraction(1, 1 << 40)
INFLATIONS = (14.0, 3.0)
MARGIN = 0.7  # the part of its box that the zero is proved to lie in: an independent checker may be less sharp


def newton(problem: Problem, start: Sequence[arb], d: arb, bits: int = BITS) -> list[arb]:
    """The critical point at d near ``start``, to about ``bits`` bits, rounded to exact balls: an approximation,
    nothing proved.

    Raises Undecided where Newton's method does not contract.
    """
    arithmetic = BallArithmetic(bits)
    with working_bits(bits):
        values = [x.mid() for x in start]
        previous: arb | None = None
        for _ in range(NEWTON_STEPS):
            point = problem.at(arithmetic, values, d)
            gradient = point.gradient(scaled=True)
            try:
                step = solve(
                    [[x.mid() for x in row] for row in point.hessian(scaled=True)], [x.mid() for x in gradient]
                )
            except ZeroDivisionError:
                raise Undecided(f"the Jacobian is singular near d = {d.str(8, radius=False)}") from None
            size = _largest(step)
            if not size.is_finite() or (previous is not None and size > previous / 4):
                if size.is_finite() and size < arb(2) ** (-bits // 2):  # rounding errors alone are left
                    return values
                if not size.is_finite() or (previous is not None and size > previous):
                    raise Undecided(f"Newton's method does not contract near d = {d.str(8, radius=False)}")
            values = [(x - s).mid() for x, s in zip(values, step, strict=True)]
            previous = size
        raise Undecided(f"Newton's method did not converge near d = {d.str(8, radius=False)}")


def solve(matrix: Sequence[Sequence[arb]], vector: Sequence[arb]) -> list[arb]:
    """matrix**-1 * vector; ZeroDivisionError if the matrix is not proved regular."""
    solution = arb_mat([list(row) for row in matrix]).solve(arb_mat([[x] for x in vector]))
    return [solution[i, 0] for i in range(len(vector))]


def _largest(values: Sequence[arb]) -> arb:
    total = arb(0)
    for x in values:
        total = total.max(abs(x))
    return total.mid()


class MiddleProver:
    """Proves pieces about one center t_c: the polynomial is computed once, and the width may be varied."""

    def __init__(self, problem: Problem, center: Fraction, start: Sequence[arb]) -> None:
        self.problem = problem
        self.center = center
        with working_bits(BITS):
            d = 1 / ball(center) ** 2
            values = newton(problem, start, d)
            self.polynomial = self._taylor(values)

    def _taylor(self, values: list[arb]) -> list[list[arb]]:
        """The Taylor coefficients of the path: those of each order solve a linear system with the Jacobian at the
        center.
        """
        coefficients = [[x] for x in values]
        n = len(values)
        inverse: arb_mat | None = None
        for order in range(1, ORDER):
            domain = Domain(FORMAL, order + 1, BITS, symmetric=True)  # only coefficients are wanted
            arithmetic = BoundedArithmetic(domain)
            point = self._at(arithmetic, domain, [Bounded(BallPolynomial(c, None), None, domain) for c in coefficients])
            if inverse is None:
                at_center = self.problem.at(BallArithmetic(BITS), values, 1 / ball(self.center) ** 2)
                hessian = at_center.hessian(scaled=True)
                inverse = arb_mat([[x.mid() for x in row] for row in hessian]).inv()
            gradient = point.gradient(scaled=True)
            column = arb_mat([[_coefficient(f, order)] for f in gradient])
            step = inverse * column
            for i in range(n):
                coefficients[i].append((-step[i, 0]).mid())
        return coefficients

    def radius(self) -> float:
        """Roughly the radius of convergence of the path's Taylor series at the center, from its last coefficients."""
        found = float("inf")
        for row in self.polynomial:
            first, last = abs(float(row[-3])), abs(float(row[-1]))
            if last:
                found = min(found, (first / last) ** 0.5)
        return found

    def _at(self, arithmetic: BoundedArithmetic, domain: Domain, entries: Sequence[Bounded]) -> ReducedPoint:
        t = BallPolynomial([ball(self.center), arb(1)])
        d = (Bounded(t, None, domain) ** 2).inverse()
        return self.problem.at(arithmetic, entries, d)

    def prove(self, half_width: Fraction, with_index: bool = True) -> Middle:
        """The piece [center - half_width, center + half_width]; Undecided (UndecidedBlock) where the proof fails."""
        middle, point = self.tube(half_width)
        return self.indexed(middle, point) if with_index else middle

    @staticmethod
    def indexed(middle: Middle, point: ReducedPoint) -> Middle:
        """The piece with the index of every block; UndecidedBlock where one is not constant, or not proved to be."""
        with working_bits(BITS):
            return replace(middle, indices=block_indices(point))

    def tube(self, half_width: Fraction) -> tuple[Middle, ReducedPoint]:
        """The piece without indices, and the point of Fix(G) it encloses, as functions of tau: what its blocks are
        evaluated at.
        """
        domain = Domain(half_width, ORDER, BITS, symmetric=True)
        arithmetic = BoundedArithmetic(domain)
        with working_bits(BITS):
            along = self._at(arithmetic, domain, [self._entry(c, domain) for c in self.polynomial])
            jacobian = along.hessian(scaled=True)
            inverse = _approximate_inverse(jacobian, domain)
            residual = [x.over(0) for x in image(inverse, along.gradient(scaled=True))]
            least = arb(2) ** (24 - BITS)
            for factor in INFLATIONS:
                radii = [(inflate(-e, factor, least) + 0).rad() + abs(e.mid()).upper() for e in residual]
                box = [arb(0, 1) * r for r in radii]
                point = self._at(
                    arithmetic, domain, [self._entry(c, domain, b) for c, b in zip(self.polynomial, box, strict=True)]
                )
                defects = [[x.over(0) for x in row] for row in defect(inverse, point.hessian(scaled=True))]
                if included(contract(residual, defects, box, box), [b * MARGIN for b in box]):
                    middle = Middle(
                        self.center - half_width,
                        self.center + half_width,
                        self.center,
                        tuple(map(tuple, self.polynomial)),
                        tuple(b.rad() for b in box),
                    )
                    return middle, point
        raise Undecided(
            "Krawczyk's test of existence and uniqueness does not go through there, however short the piece"
        )

    def _entry(self, coefficients: Sequence[arb], domain: Domain, box: arb | None = None) -> Bounded:
        first = coefficients[0] if box is None else coefficients[0] + box
        return Bounded(BallPolynomial([first, *coefficients[1:]]), None, domain)


def _coefficient(f: Bounded, order: int) -> arb:
    cs = f.known.coefficients
    return cs[order].mid() if order < len(cs) else arb(0)


def _approximate_inverse(jacobian: Sequence[Sequence[Bounded]], domain: Domain) -> list[list[Bounded]]:
    """The inverse of the midpoints of J(tau), to a few terms, rounded to midpoints: any matrix may serve."""
    n = len(jacobian)
    zero = BallPolynomial([])
    work = [
        [BallPolynomial([c.mid() for c in x.balls()], INVERSE_TERMS) for x in row]
        + [BallPolynomial([1 if i == j else 0], INVERSE_TERMS) if i == j else zero for j in range(n)]
        for i, row in enumerate(jacobian)
    ]
    for c in range(n):
        pivot = max(range(c, n), key=lambda i: _size(work[i][c]))
        work[c], work[pivot] = work[pivot], work[c]
        try:
            scale = work[c][c].inverse()
        except (ZeroDivisionError, IndexError):
            raise Undecided("the Jacobian along the path is singular") from None
        work[c] = [x * scale if x.coefficients else x for x in work[c]]
        for i in range(n):
            if i != c and work[i][c].coefficients:
                factor = work[i][c]
                work[i] = [x + -(factor * y) if y.coefficients else x for x, y in zip(work[i], work[c], strict=True)]
    return [
        [Bounded(BallPolynomial([c.mid() for c in x.coefficients[:INVERSE_TERMS]]), None, domain) for x in row[n:]]
        for row in work
    ]


def _size(x: BallPolynomial) -> float:
    return abs(float(x.coefficients[0].mid())) if x.coefficients else 0.0
