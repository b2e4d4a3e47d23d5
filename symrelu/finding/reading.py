"""From a curve followed to very large d to a candidate: limits, exponents, the kind of critical point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm, log
from typing import Any

from symrelu.errors import Undecided
from symrelu.exact.arithmetic import BallArithmetic, MpmathArithmetic
from symrelu.finding.candidates import Candidate, Hits, Kind, Number
from symrelu.finding.climb import Climber, Spot, digits_for
from symrelu.finding.exponents import Expansion, Unbounded, expansion
from symrelu.finding.normaliser import Images
from symrelu.finding.numbers import to_mpf
from symrelu.model.reduced import Problem

PROGRESSIONS = (tuple(range(22, 40, 2)), tuple(range(60, 96, 4)), tuple(range(120, 210, 10)))  # n of d = 10**n
INDEX_AT, FLAT_DIGITS = 24, 60  # the signs of eigenvalues are taken at 10**INDEX_AT; t**5 is 10**-60 there
WANTED_DIGITS = 30


@dataclass(eq=False)
class Curve:
    """A curve on its way to becoming a candidate: spots in ascending d, and what led to it."""

    spots: list[Spot]
    hits: dict[tuple[float, int], int]
    begins_at: float
    trail: list[tuple[Any, tuple[Any, ...]]] = field(default_factory=list)

    def at(self, n: int) -> Spot:
        """The spot at d = 10**n."""
        return next(s for s in self.spots if abs(s.u - n * log(10)) < 1e-9)


class Reader:
    """Reads candidates off curves of one problem, whose symmetries are ``images``."""

    def __init__(self, problem: Problem, images: Images, climber: Climber) -> None:
        self.problem, self.images, self.climber = problem, images, climber

    def candidate(self, curve: Curve, limit: Sequence[Fraction] | None = None) -> Candidate:
        """The curve with its limits and exponents, as the greatest of its images, of those with this limit if one is
        given.

        Raises Undecided where exponents are not recognised, NoFamily, ZeroRow or ParallelToPrecision where the curve
        cannot be followed to where they would be.
        """
        parts, loss = self.expansions(curve)
        kind, negative = self.kind(curve)
        denominators = [t.exponent.denominator for p in parts for t in p.terms]
        images = [s for s in self.images if limit is None or [x.limit.exact for x in s.of(parts)] == list(limit)]
        if not images:
            raise Undecided("its limit is not the one asked for, or is not recognised")
        chosen = max(images, key=lambda s: tuple(_order(x) for x in s.of(parts)))
        parts = chosen.of(parts)
        spots = curve.trail + [(to_mpf(s.d), tuple(to_mpf(v) for v in s.x)) for s in curve.spots]
        return Candidate(
            self.problem,
            tuple(p.limit for p in parts),
            tuple(p.terms for p in parts),
            2 * lcm(1, *denominators),
            tuple(Hits(d, seed, n) for (d, seed), n in sorted(curve.hits.items())),
            curve.begins_at,
            kind,
            negative,
            Fraction(10) ** INDEX_AT,
            loss,
            tuple((d, tuple(chosen.of(x))) for d, x in spots),
            len(self.images),
        )

    def expansions(self, curve: Curve) -> tuple[list[Expansion], Number]:
        """Limits and terms of every coordinate, and the limit of the loss, at the lowest progression of d that settles
        them.
        """
        for level, progression in enumerate(PROGRESSIONS):
            if level:
                missing = [n * log(10) for n in progression]
                curve.spots += self.climber.walk(curve.spots[-1], missing)
            try:
                parts = self._expansions_at(curve, progression)
            except Undecided:
                if level == len(PROGRESSIONS) - 1:
                    raise
                continue
            if level == len(PROGRESSIONS) - 1 or all(
                p.limit.exact is not None or p.limit.digits >= WANTED_DIGITS for p in parts
            ):
                return parts, self._loss_limit(curve, progression)
        raise Undecided("no progression of d settles the exponents")

    def _expansions_at(self, curve: Curve, progression: Sequence[int]) -> list[Expansion]:
        context = _context(digits_for(10.0 ** progression[-1]) + 60)
        spots = [curve.at(n) for n in progression]
        d = [context.convert(to_mpf(s.d)) for s in spots]
        digits = digits_for(10.0 ** progression[0]) - 20
        parts = []
        for i in range(self.problem.dim):
            values = [context.convert(to_mpf(s.x[i])) for s in spots]
            parts.append(expansion(context, values, d, digits, context.one))
        return parts

    def _loss_limit(self, curve: Curve, progression: Sequence[int]) -> Number:
        context = _context(digits_for(10.0 ** progression[-1]) + 60)
        values = []
        for n in progression:
            spot = curve.at(n)
            arithmetic = BallArithmetic(int(3.4 * (digits_for(10.0**n) + 3 * n)))
            with arithmetic.precision():
                values.append(context.convert(to_mpf(self.problem.at(arithmetic, spot.x, spot.d).loss())))
        d = [context.mpf(10) ** n for n in progression]
        try:
            return expansion(context, values, d, digits_for(10.0 ** progression[0]) - 40, context.one).limit
        except Unbounded:
            return Number(context.inf if values[-1] > 0 else -context.inf, 0)

    def kind(self, curve: Curve) -> tuple[Kind, tuple[tuple[str, int, Fraction], ...]]:
        """The signs of the eigenvalues of the first layer's Hessian at d = 10**INDEX_AT."""
        from symrelu.spectrum.numeric import eigenvalues_at

        spot = curve.at(INDEX_AT)
        arithmetic = MpmathArithmetic(digits_for(10.0**INDEX_AT))
        values = [arithmetic.context.convert(to_mpf(v)) for v in spot.x]
        negative: dict[str, tuple[int, Fraction]] = {}
        flat = False
        for value in eigenvalues_at(self.problem, arithmetic, values, 10**INDEX_AT, 1):
            if abs(value.value) < arithmetic.context.mpf(10) ** -FLAT_DIGITS:
                flat = True
            elif value.value < 0:
                count, _ = negative.get(value.component.name, (0, Fraction(0)))
                negative[value.component.name] = (count + 1, value.multiplicity)
        kind: Kind = "saddle" if negative else "degenerate" if flat else "minimum"
        return kind, tuple((name, n, m) for name, (n, m) in negative.items())


def _order(part: Expansion) -> tuple[float, float, float]:
    """What a coordinate is compared by: its limit, and the first correction's exponent and coefficient."""
    limit = float(part.limit.value) if part.limit.exact is None else float(part.limit.exact)
    if not part.terms:
        return round(limit, 9), float("inf"), 0.0
    return round(limit, 9), float(part.terms[0].exponent), round(float(part.terms[0].coefficient.value), 9)


def _context(digits: int) -> Any:
    from mpmath.ctx_mp import MPContext

    context = MPContext()
    context.dps = digits
    return context
