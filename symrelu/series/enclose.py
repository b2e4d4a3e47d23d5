"""The solution of a square system of functions, enclosed: Newton's method in many bits, then the interval Newton test.

For a box B about p and an enclosure J(B) of the Jacobian over it: if  p - J(B)^-1 F(p)  lies in the interior of B, then
J is regular on B and F has exactly one zero in B, which lies there. Arb's linear solver encloses the solutions for all
matrices in J(B).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flint import arb, arb_mat

from symrelu.errors import NoFamily, Undecided
from symrelu.exact.balls import working_bits
from symrelu.exact.function_element import Function
from symrelu.exact.function_values import Table
from symrelu.exact.functions import FunctionField

GUARD = 64
LARGEST_RADIUS, SMALLEST_RADIUS = 8, 56  # boxes of radius 2**-8 ... 2**-56 are tried for uniqueness
MOST_STEPS = 40


@dataclass(frozen=True, eq=False)
class SquareSystem:
    """As many equations as unknowns, numbers of unknowns of the field in ``unknowns``.

    ``others``: what must vanish at the solution too if it is to be of use (conditions left out as redundant).
    """

    field: FunctionField
    unknowns: tuple[int, ...]
    equations: tuple[Function, ...]
    others: tuple[Function, ...] = ()

    def jet(self, at: Sequence[arb]) -> tuple[arb_mat, arb_mat]:
        """F and its Jacobian, enclosed over the box ``at``."""
        table = Table(self.field, self._all(at))
        rows = [table.jet(e) for e in self.equations]
        values = arb_mat([[value] for value, _ in rows])
        return values, arb_mat([[slope.get(k, arb(0)) for k in self.unknowns] for _, slope in rows])

    def _all(self, at: Sequence[arb]) -> list[arb]:
        values = [arb(0, float("inf"))] * len(self.field.names)
        for k, x in zip(self.unknowns, at, strict=True):
            values[k] = x
        return values

    def newton(self, start: Sequence[arb], bits: int) -> list[arb]:
        """An approximate zero near the start, to about ``bits`` bits; Undecided if Newton's method does not converge
        from there.
        """
        point, last = [x.mid() for x in start], arb(1)
        with working_bits(bits + GUARD):
            goal = arb(2) ** -bits
            for _ in range(MOST_STEPS):
                values, jacobian = self.jet(point)
                step = _solve(jacobian.mid(), values.mid())
                point = [(x - s).mid() for x, s in zip(point, step, strict=True)]
                size = max((abs(s).upper() for s in step), key=float)
                if size < goal:
                    return point
                if not size <= 4 * last:
                    break
                last = size
        raise Undecided(
            "Newton's method on the leading system does not converge from the numerical guide; look at its exponents "
            "again, or give more digits"
        )

    def test(self, point: Sequence[arb], radius: arb) -> list[arb] | None:
        """The interval Newton image of the box point +- radius if it lies in the box's interior, else None."""
        box = [x + radius * arb(0, 1) for x in point]
        values, _ = self.jet(point)
        try:
            _, jacobian = self.jet(box)
            step = jacobian.solve(values)
        except ZeroDivisionError:
            return None
        image = [x - step[i, 0] for i, x in enumerate(point)]
        return image if all(b.contains_interior(x) for b, x in zip(box, image, strict=True)) else None

    def enclose(self, start: Sequence[arb], bits: int) -> tuple[list[arb], list[arb]]:
        """(balls of radius about 2**-bits around the zero near the start, a box in which it is the only one).

        Raises Undecided if the system is singular there, or the signs taken in deriving it do not hold on the balls;
        NoFamily if one of ``others`` does not vanish.
        """
        point = self.newton(start, bits)
        with working_bits(bits + GUARD):
            for exponent in range(LARGEST_RADIUS, SMALLEST_RADIUS + 1, 4):
                radius = arb(2) ** -exponent
                image = self.test(point, radius)
                if image is not None:
                    break
            else:
                raise Undecided(
                    "the leading system is singular, or nearly so, at the guide: no box about it passes the interval "
                    "Newton test; give another ramification or more terms"
                )
            unique = [x + radius * arb(0, 1) for x in point]
            near = self.test(point, arb(2) ** (4 - bits))
            image = image if near is None else [x.intersection(y) for x, y in zip(image, near, strict=True)]
            self._confirm(image)
        return image, unique

    def _confirm(self, at: Sequence[arb]) -> None:
        table = Table(self.field, self._all(at))
        for x, sign in self.field.decisions:
            if not table.value(x) * sign > 0:
                raise Undecided(f"the sign of {x}, taken from the guide, is not confirmed by the enclosed solution")
        for x in self.others:
            if not table.value(x).contains(0):
                raise NoFamily(
                    f"the leading system has a solution next to the guide, but {x}, which must vanish on every family "
                    "of this form, does not: there is no family with these limits and exponents"
                )


def _solve(matrix: arb_mat, vector: arb_mat) -> list[arb]:
    try:
        solution = matrix.solve(vector)
    except ZeroDivisionError:
        raise Undecided("the leading system is singular at the numerical guide; give more terms") from None
    return [solution[i, 0] for i in range(solution.nrows())]


def agrees(guide: Mapping[int, arb], unknowns: Sequence[int], enclosed: Sequence[arb]) -> int | None:
    """The first unknown whose enclosure leaves its ball in the guide, None if all agree."""
    for k, x in zip(unknowns, enclosed, strict=True):
        if k in guide and not guide[k].overlaps(x):
            return k
    return None
