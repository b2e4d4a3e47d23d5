"""The path of a family: its critical point at any real d, to any number of digits, until the path ends.

From a d at which the truncated series is near the critical point upwards, the series is the start; below, the path is
followed in floats (:mod:`symrelu.paths.trace`), and its point at d is the start. Newton's method in mpmath does the
rest, and must contract from there.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu.errors import BadInput, NoFamily
from symrelu.exact.arithmetic import MpmathArithmetic, Scalar
from symrelu.model.permutations import point_isotropy
from symrelu.paths.equations import meaningless_below, system
from symrelu.paths.newton import polish
from symrelu.paths.start import Radius, evaluate, radius, start_d
from symrelu.paths.trace import Trace

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.paths.eigenvalues import Numbering
    from symrelu.paths.end import PathEnd

START_TERMS = 5
START_CORRECTION = 0.01  # how far the critical point may be from the truncated series at its smallest d
TRACE_ERROR = 0.02  # how far it may be from the prediction between two nodes
FARTHER, MOST_STARTS = 4, 5  # if it is not, a larger d is tried


class Path:
    """The path a(d) of a family in the fixed space of its actual isotropy group; what was computed is kept.

    Parameters: ``family``; ``say``, which is told what is being done; ``named``, the paths of the families of one block
    by name (1a, 1b), which it may meet.
    """

    def __init__(
        self,
        family: Family,
        say: Callable[[str], None] | None = None,
        named: Callable[[str], Path] | None = None,
    ) -> None:
        self.family = family
        self.named = named
        self.say = say or (lambda message: None)
        start = family.start
        # leading terms that differ suffice to see the isotropy, and to start from
        problem, entries, known = family.problem, start.entries, start.known if not start.exact else None
        sources = tuple(range(problem.dim))
        equal = tuple(range(1, problem.dim + 1))
        if start.exact or point_isotropy(problem, entries).actual.is_larger:
            # several coordinates agree so far: that they are equal is proved with the series, not here
            bits = family.working_bits
            family.lifted(START_TERMS, say, bits)
            problem, sources, equal = family.actual_problem, family.point.sources, family.equal_entries
            lifted = family.lifted(START_TERMS, say, bits)  # what the isotropy needed may have been more
            entries, known = lifted.entries, lifted.known
        self.problem = problem
        self.isotropy = isotropy = problem.space.isotropy
        self.entries = [entries[i] for i in sources]
        self._sources, self._equal = sources, equal
        self.known = known
        self.is_constant = known is None
        self.bound = meaningless_below(isotropy)
        self._trace: Trace | None = None
        self._end: PathEnd | None = None
        self._numbering: Numbering | None = None
        self.samples: dict[Any, Any] = {}  # what was computed at points of the path, by where and how: kept by who asks
        self.start_d = start_d(self.entries, known) if known is not None else 0.0

    def of_asked(self, values: list[Scalar]) -> list[Scalar]:
        """The coordinates of the group the family was asked for, from those of its actual isotropy group."""
        place = {self._equal[source]: i for i, source in enumerate(self._sources)}
        return [values[place[number]] for number in self._equal]

    def radius(self, terms: int = 17) -> Radius | None:
        """The series' radius of convergence in t, estimated from that many exact terms; None for a constant one."""
        lifted = self.family.lifted(terms, self.say, self.family.working_bits)
        return None if lifted.known is None else radius(lifted.entries, lifted.known)

    # -- points --------------------------------------------------------------------------------------------------------

    @property
    def trace(self) -> Trace:
        """The path below the start, in floats. Raises NoFamily where it cannot be followed at all."""
        if self._trace is None:
            d = self.start_d
            for _ in range(MOST_STARTS):
                arithmetic = MpmathArithmetic(30)
                try:
                    values = self._from_series(arithmetic.context.mpf(d), arithmetic)
                    break
                except NoFamily:
                    d *= FARTHER
            else:
                raise NoFamily(
                    f"the series of {self.family.key.label()} is near no critical point, even at d = {d:.3g}; this is "
                    "a bug, please report it"
                )
            self.start_d = d
            self._trace = Trace(self.problem, [float(x) for x in values], d)
        return self._trace

    def _from_series(self, d: Scalar, arithmetic: MpmathArithmetic) -> list[Scalar]:
        """The critical point at d by Newton's method from the truncated series, which must be as near as estimated."""
        context = arithmetic.context
        assert self.known is not None
        power = context.mpf(self.known) / self.entries[0].ramification
        expected = START_CORRECTION * (context.mpf(self.start_d) / d) ** power
        return polish(self.problem, arithmetic, evaluate(self.entries, d, arithmetic), d, expected)

    def point(self, d: Fraction | Scalar, arithmetic: MpmathArithmetic) -> list[Scalar]:
        """The coordinates at d (a Fraction, or a number of the arithmetic), to about the working precision.

        Raises BadInput where a block size has no meaning; NoFamily below the end of the path, saying where it ends.
        """
        scalar = arithmetic.rational(d) if isinstance(d, (int, Fraction)) else arithmetic.context.mpf(d)
        self.check(d)
        if self.is_constant:
            return evaluate(self.entries, scalar, arithmetic)
        if scalar >= self.start_d:
            try:
                return self._from_series(scalar, arithmetic)
            except NoFamily:
                if scalar >= FARTHER**MOST_STARTS * self.start_d:
                    raise
        values = self.trace.near(float(scalar))
        if values is None:
            return self._beyond(d, arithmetic)
        try:
            return polish(self.problem, arithmetic, list(values), scalar, TRACE_ERROR)
        except NoFamily:
            values = self.trace.near(float(scalar), exactly=True)
            if values is None:
                return self._beyond(d, arithmetic)
        try:
            return polish(self.problem, arithmetic, list(values), scalar, TRACE_ERROR)
        except NoFamily:
            return self._beyond(d, arithmetic)

    def _beyond(self, d: Fraction | Scalar, arithmetic: MpmathArithmetic) -> list[Scalar]:
        """The integer critical point at which the path ends, if d is there; else the refusal."""
        end = self.end()
        if end.corner is not None and exact(d) == end.corner[0]:
            return [arithmetic.rational(x) for x in end.corner[1]]
        if exact(d) > exact(end.d):
            raise NoFamily(f"d = {_shown(d)} is too near the end of the path for Newton's method; {end.short()}")
        raise NoFamily(
            f"{self.family.key.label()} has no critical point on this path at d = {_shown(d)}: {end.short()}"
        )

    def check(self, d: Fraction | Scalar) -> None:
        """Raise BadInput if a block would have at most one row at d although it has coordinates for others."""
        for isotropy in (self.family.key.isotropy, self.isotropy):
            bound = meaningless_below(isotropy)
            if bound is not None and exact(d) <= bound[0]:
                block = f"block {bound[1] + 1} of size {isotropy.blocks[bound[1]]}"
                raise BadInput(f"d = {_shown(d)} was given; {block} must have more than one row: give d > {bound[0]}")

    def tangent(self, values: list[Scalar], d: Scalar, arithmetic: MpmathArithmetic) -> list[Scalar]:
        """The derivative of the coordinates by log d at a point of the path."""
        context = arithmetic.context
        if self.is_constant:
            return [context.zero] * len(values)
        at = system(self.problem, arithmetic, values, d, with_d=True)
        assert at.by_log_d is not None
        return [-x for x in context.lu_solve(context.matrix(at.jacobian), context.matrix(at.by_log_d))]

    def numbering(self) -> Numbering:
        """What the branch numbers of eigenvalues start from: the signs for large d."""
        if self._numbering is None:
            from symrelu.paths.eigenvalues import numbering

            self._numbering = numbering(self)
        return self._numbering

    def end(self) -> PathEnd:
        """Where the path ends as d falls, and what the family becomes there."""
        if self._end is None:
            from symrelu.paths.end import path_end

            self._end = path_end(self)
        return self._end


def _shown(d: Fraction | Scalar) -> str:
    text = str(d)
    return text if len(text) <= 30 else f"{text[:20]}..."


def exact(x: Fraction | Scalar) -> Fraction:
    """An integer, a Fraction or an mpmath number as a Fraction, nothing rounded."""
    if isinstance(x, (int, Fraction)):
        return Fraction(x)
    sign, mantissa, exponent, _ = x._mpf_
    return (-1) ** sign * Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
