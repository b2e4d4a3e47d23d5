"""The lifted entries of one family, kept: exact or in balls of any precision, continued when more terms are wanted."""

from __future__ import annotations

from dataclasses import replace

from symrelu.errors import BadInput, NotRegular
from symrelu.exact.constants import DEFAULT_BITS, BallField
from symrelu.exact.extension import ExtensionField, absolute_degree
from symrelu.exact.field import Field
from symrelu.model.reduced import Problem
from symrelu.series.leading import Start
from symrelu.series.lifting import Lifted, Progress, lift, longer

LARGEST_WORKING_DEGREE = 4
LONGER = 3  # times that a start which does not determine one family is given two more terms


class Lifts:
    """The entries that a start determines, lifted as far as was asked for so far.

    Parameters: ``problem``, what the family is critical for; ``start``, its leading terms; ``label``, what messages
    call it.
    """

    def __init__(self, problem: Problem, start: Start, label: str) -> None:
        self.problem, self.start, self.label = problem, start, label
        self._lifted: dict[int, Lifted] = {}  # by the bits of its balls, 0 for exact coefficients

    def upto(self, known: int, progress: Progress | None = None, bits: int = 0) -> Lifted:
        """The entries, right below t**known at least, with their proof; what was computed before is continued.

        ``bits``: with balls of so many bits for coefficients (0: exact ones, if they have an exact form). Raises
        BadInput for more bits than a start in balls can be computed with.
        """
        start = self._start_over(bits)
        before = self._lifted.get(bits)
        if before is None or (before.known is not None and before.known < known):
            if before is not None and before.known is not None:
                start = replace(start, entries=tuple(x.exact() for x in before.entries), known=before.known)
            self._lifted[bits] = self._lift(start, known, progress)
        return self._lifted[bits]

    def _lift(self, start: Start, known: int, progress: Progress | None) -> Lifted:
        """The start lifted; where it does not determine one family yet, with more terms."""
        for _ in range(LONGER):
            try:
                return lift(self.problem, start, known, progress)
            except NotRegular:
                start = longer(self.problem, start)
        return lift(self.problem, start, known, progress)

    def _start_over(self, bits: int) -> Start:
        """The start, its coefficients as balls of so many bits unless that is 0."""
        start = self.start
        if not bits or (isinstance(start.field, BallField) and start.field.bits >= bits):
            return start
        if start.refine is not None:
            return start.refine(bits)
        if isinstance(start.field, BallField):
            raise BadInput(
                f"the constants of {self.label} are stored with {start.field.bits} bits; fewer digits are at hand than "
                "were asked for"
            )
        field = BallField(bits)
        return replace(start, field=field, entries=tuple(x.over(field) for x in start.entries))


def working_bits_of(field: Field) -> int:
    """With balls of how many bits spectra and proofs of a family with coefficients in this field are computed: 0,
    exactly, unless the field is of so high a degree over Q(pi) that exact arithmetic would take minutes.
    """
    if isinstance(field, BallField):
        return field.bits
    large = isinstance(field, ExtensionField) and absolute_degree(field) > LARGEST_WORKING_DEGREE
    return DEFAULT_BITS if large else 0


__all__ = ["Lifts", "working_bits_of"]
