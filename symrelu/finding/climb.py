"""Following one curve of critical points in u = log d at high precision, up to d = 1e40 and beyond.

Newton's method on midpoints of Arb balls: the balls are only a fast arithmetic here, nothing is claimed from them.
Each step is predicted coordinate by coordinate as L + c exp(-lambda u), which is exact to leading order for a Puiseux
series, so that steps in u grow as d does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log, log10
from typing import TYPE_CHECKING, Any

from symrelu.errors import NoFamily, ParallelToPrecision, ZeroRow
from symrelu.exact.arithmetic import BallArithmetic, Scalar
from symrelu.exact.dual import Dual, DualArithmetic
from symrelu.finding.numbers import power_of_ten, to_arb, to_mpf
from symrelu.finding.scaling import columns_filled, row_numbers
from symrelu.model.reduced import Problem

if TYPE_CHECKING:
    from symrelu.finding.candidates import Candidate

BASE_DIGITS = 50
FIRST_STEP, LARGEST_STEP, SMALLEST_STEP = 0.5, 24.0, 2e-3
ALLOWED = 0.3  # the first correction, as a part of the predicted step of a coordinate
MOST_NEWTON = 24


def digits_for(d: float) -> int:
    """The digits relative to a row's norm that hold several terms of every coordinate at this d."""
    return BASE_DIGITS + ceil(4 * max(0.0, log10(d)))


@dataclass(frozen=True, eq=False)
class Spot:
    """A point of a curve: log d, d, the coordinates as Arb numbers without radius, and their derivatives by log d."""

    u: float
    d: Any
    x: list[Any]
    slope: list[Any] | None = None


class CurveLost(NoFamily):
    """A curve cannot be followed past d: a fold, or the end of smoothness."""

    def __init__(self, d: float) -> None:
        super().__init__(f"the curve is lost at d = {d:.4g}")
        self.d = d


class Climber:
    """Newton's method and continuation for one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.space = problem.space
        self.rows = row_numbers(problem)

    def polish(
        self, x: Sequence[Any], d: Any, digits: int, most: int = MOST_NEWTON, cap: float | None = None
    ) -> list[Any]:
        """The critical point near ``x`` (Arb numbers) at d, right to ``digits`` digits of each row's norm.

        Raises NoFamily unless Newton's method contracts; with a ``cap`` (the largest step, as a part of a row's norm)
        it may wander first.
        """
        point, last = list(x), float("inf")
        arithmetic = self._arithmetic(digits, d)
        with arithmetic.precision():
            goal = -digits * log(10)
            for _ in range(most):
                step = self._step(arithmetic, point, d)
                size = self._size(point, step, d)
                if cap is None:
                    if not size <= last - 1:
                        raise NoFamily("Newton's method does not contract here")
                    scale = 1.0
                else:
                    scale = min(1.0, cap * _exp(-size))
                point = [(a - scale * s).mid() for a, s in zip(point, step, strict=True)]
                if size <= goal or (size <= goal / 2 - 3 and last < -5 and size <= 1.5 * last):
                    return point
                last = size
        raise NoFamily("Newton's method does not converge here")

    def correct(self, predicted: Sequence[Any], start: Sequence[Any], d: Any, digits: int) -> list[Any] | None:
        """The critical point near a prediction made from ``start``; None if Newton moves it by too much of the step."""
        arithmetic = self._arithmetic(digits, d)
        with arithmetic.precision():
            try:
                step = self._step(arithmetic, predicted, d)
            except (NoFamily, ZeroRow, ParallelToPrecision):
                return None
            roots = self.roots(d)
            change = [abs((p - s) * r) for p, s, r in zip(predicted, start, roots, strict=True)]
            size = [abs(s * r) for s, r in zip(step, roots, strict=True)]
            norms = self.norms(predicted, d)
            floor = _ten(-digits // 2)
            for i, (c, s) in enumerate(zip(change, size, strict=True)):
                row = max((change[j] for j in range(len(change)) if self.rows[j] == self.rows[i]), key=float)
                if not s <= ALLOWED * c + row / 50 + floor * norms[i]:
                    return None
            corrected = [(p - s).mid() for p, s in zip(predicted, step, strict=True)]
        try:
            return self.polish(corrected, d, digits)
        except (NoFamily, ZeroRow, ParallelToPrecision):
            return None

    def tangent(self, x: Sequence[Any], d: Any, digits: int) -> list[Any]:
        """dx/dlog d along the curve."""
        arithmetic = self._arithmetic(digits, d)
        with arithmetic.precision():
            dual = self.problem.at(DualArithmetic(arithmetic), [Dual(v) for v in x], Dual(d, d))
            slopes = [f.slope if isinstance(f, Dual) else 0 * d for f in dual.entry_gradient()]
            return [(-s).mid() for s in self._solve(arithmetic, x, d, slopes)]

    def climb(self, spot: Spot, stops: Sequence[float], most: int = 200) -> list[Spot]:
        """The points of the curve through ``spot`` at each d = exp(stop), the stops going up or down from there.

        All spots on the way are returned. Raises NoFamily where the curve cannot be followed.
        """
        return list(self.walk(spot, stops, most))

    def walk(self, spot: Spot, stops: Sequence[float], most: int = 200) -> Any:
        """The spots of :meth:`climb` one by one."""
        step, before = FIRST_STEP, None
        here = Spot(spot.u, spot.d, spot.x, self.tangent(spot.x, spot.d, digits_for(float(spot.d))))
        count = 0
        for stop in stops:
            while abs(stop - here.u) > 1e-12:
                count += 1
                h = max(-step, min(step, stop - here.u))
                there = self._advance(here, before, h, stop)
                if there is None:
                    step = abs(h) * 0.4
                    if step < SMALLEST_STEP or count > most:
                        raise CurveLost(_exp(here.u))
                    continue
                yield there
                before, here = here, there
                step = min(max(step, 2 * abs(h)), LARGEST_STEP)

    def _advance(self, here: Spot, before: Spot | None, h: float, stop: float) -> Spot | None:
        from flint import arb

        u = stop if abs(here.u + h - stop) < 1e-9 else here.u + h
        digits = digits_for(_exp(u))
        arithmetic = self._arithmetic(digits, _exp(u))
        with arithmetic.precision():
            d = power_of_ten(u) if u == stop else arb(u).exp().mid()
            predicted = self._predict(here, before, d)
        if predicted is None:
            return None
        x = self.correct(predicted, here.x, d, digits)
        if x is None:
            return None
        try:
            return Spot(u, d, x, self.tangent(x, d, digits))
        except (NoFamily, ZeroRow, ParallelToPrecision):
            return None

    @staticmethod
    def _predict(here: Spot, before: Spot | None, d: Any) -> list[Any] | None:
        assert here.slope is not None
        growth = (d / here.d).log()
        predicted = []
        for i, (x, s) in enumerate(zip(here.x, here.slope, strict=True)):
            rate = None
            if before is not None and before.slope is not None and not before.slope[i] == 0 and not s == 0:
                ratio = s / before.slope[i]
                if ratio > 0:
                    rate = -ratio.log() / (here.d / before.d).log()
                    rate = rate if abs(rate) < 8 else None
            if rate is None and not x == 0 and 0.1 < -(s / x) < 8:
                rate = -s / x
            if rate is None or abs(float(rate.mid())) < 1e-9:
                predicted.append((x + s * growth).mid())
            else:
                predicted.append((x - s * (-rate * growth).expm1() / rate).mid())
        return predicted if all(p.is_finite() for p in predicted) else None

    # -- linear algebra ------------------------------------------------------------------------------------------------

    def _arithmetic(self, digits: int, d: Any) -> BallArithmetic:
        flat = 8 if self.problem.kernel.lift else 2  # almost linear networks: eigenvalues down to a power of 1/d
        return BallArithmetic(ceil((digits + flat * log10(max(float(d), 1.0)) + 15) * 3.33))

    def _step(self, arithmetic: BallArithmetic, x: Sequence[Any], d: Any) -> list[Any]:
        """The Newton correction."""
        return self._solve(arithmetic, x, d, None)

    def _solve(self, arithmetic: BallArithmetic, x: Sequence[Any], d: Any, right: Sequence[Any] | None) -> list[Any]:
        """J^-1 right, J the derivative of the entry gradient F; of F itself if right is None."""
        from flint import arb, arb_mat

        point = self.problem.at(arithmetic, x, d)
        if right is None:
            right = point.entry_gradient()
        roots = self.roots(d)
        counts = [arb(c) for c in point.entry_counts]
        n = len(roots)
        hessian = point.hessian(scaled=True)
        weights = [r / c for r, c in zip(roots, counts, strict=True)]
        matrix = arb_mat([[(hessian[i][j] * weights[i] / roots[j]).mid() for j in range(n)] for i in range(n)])
        vector = arb_mat([[(f * r).mid()] for f, r in zip(right, roots, strict=True)])
        try:
            solution = matrix.solve(vector, algorithm="approx")
        except (ZeroDivisionError, ValueError):
            raise NoFamily("the Jacobian of the reduced gradient is singular here") from None
        step = [(solution[i, 0] / roots[i]).mid() for i in range(n)]
        if not all(s.is_finite() for s in step):
            raise NoFamily("the Jacobian of the reduced gradient is singular here")
        return step

    def roots(self, d: Any) -> list[Any]:
        """sqrt(columns filled), for scaling only."""
        from flint import arb

        return [arb(n).sqrt().mid() for n in columns_filled(self.problem, d)]

    def norms(self, x: Sequence[Any], d: Any) -> list[Any]:
        """The norm of each entry's row, for scaling only."""
        z = [a * r for a, r in zip(x, self.roots(d), strict=True)]
        squares: dict[int, Any] = {}
        for row, a in zip(self.rows, z, strict=True):
            squares[row] = squares.get(row, 0) + a * a
        return [squares[row].sqrt().mid() for row in self.rows]

    def _size(self, x: Sequence[Any], step: Sequence[Any], d: Any) -> float:
        """log of the largest step as a part of its row's norm."""
        largest = float("-inf")
        for s, r, n in zip(step, self.roots(d), self.norms(x, d), strict=True):
            part = abs(s * r) / n
            if not part == 0:
                largest = max(largest, float(part.log().mid()))
        return largest


def _exp(u: float) -> float:
    from math import exp

    return exp(min(u, 700.0))


def _ten(n: int) -> Any:
    from flint import arb

    return arb(10) ** n


def value_at(candidate: Candidate, d: Any, digits: int) -> list[Scalar]:
    """See :meth:`symrelu.finding.candidates.Candidate.value`."""
    from mpmath import mp, mpf

    with mp.workdps(digits + 30):
        goal = mpf(d.numerator) / d.denominator if isinstance(d, Fraction) else mpf(d)
        u = float(mp.log(goal))
    at, x = min(candidate.trail, key=lambda point: abs(float(mp.log(point[0])) - u))
    climber = Climber(candidate.problem)
    spot = Spot(float(mp.log(at)), to_arb(at), [to_arb(v) for v in x])
    needed = max(digits + ceil(2 * max(0.0, log10(goal))), digits_for(float(goal)))
    try:
        polished = Spot(spot.u, spot.d, climber.polish(spot.x, spot.d, digits_for(float(at))))
        last = [polished, *climber.climb(polished, [u])][-1]
        return [to_mpf(v) for v in climber.polish(last.x, to_arb(goal), needed)]
    except (NoFamily, ZeroRow, ParallelToPrecision) as error:
        raise NoFamily(f"the family was not reached at d = {mp.nstr(goal, 6)} ({error}); try a larger d") from None
