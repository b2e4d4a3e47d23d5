"""Starts of families as plain data and back, so that a search is done once: exact coefficients as text, constants
without exact form as balls together with the numbers that guide a finer computation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from symrelu.errors import BadInput
from symrelu.exact import generators
from symrelu.exact.constants import BallField
from symrelu.exact.reading import BallReader, ExactReader
from symrelu.exact.series import Series
from symrelu.finding.candidates import Number, Term
from symrelu.finding.normaliser import Image
from symrelu.model.reduced import Problem
from symrelu.series.leading import Start

GUIDE_DIGITS = 60


@dataclass(frozen=True)
class Guide:
    """The numbers of a candidate that its leading system is set up from: limits, corrections and ramification, as of
    :class:`symrelu.finding.candidates.Candidate`.
    """

    limits: tuple[Number, ...]
    corrections: tuple[tuple[Term, ...], ...]
    ramification: int

    @classmethod
    def of(cls, candidate: Any) -> Guide:
        """The guide that a candidate is."""
        return cls(tuple(candidate.limits), tuple(map(tuple, candidate.corrections)), candidate.ramification)

    @property
    def exponents(self) -> tuple[Fraction | None, ...]:
        """The exponent of t of each coordinate's first correction; None where the coordinate is constant."""
        return tuple(terms[0].exponent if terms else None for terms in self.corrections)

    def moved(self, image: Image) -> Guide:
        """The guide of the image of the family under a symmetry of the fixed space."""

        def turned(x: Number, sign: int) -> Number:
            return x if sign > 0 else Number(-x.value, x.digits, None if x.exact is None else -x.exact)

        pairs = list(zip(image.places, image.signs, strict=True))
        return Guide(
            tuple(turned(self.limits[i], sign) for i, sign in pairs),
            tuple(
                tuple(Term(t.exponent, turned(t.coefficient, sign)) for t in self.corrections[i]) for i, sign in pairs
            ),
            self.ramification,
        )

    def to_json(self) -> dict[str, Any]:
        """The guide as plain data."""
        return {
            "ramification": self.ramification,
            "limits": [_number_json(x) for x in self.limits],
            "corrections": [
                [{"exponent": str(t.exponent), **_number_json(t.coefficient)} for t in terms[:1]]
                for terms in self.corrections
            ],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Guide:
        """The guide that :meth:`to_json` wrote."""
        return cls(
            tuple(_number(x) for x in data["limits"]),
            tuple(tuple(Term(Fraction(t["exponent"]), _number(t)) for t in terms) for terms in data["corrections"]),
            int(data["ramification"]),
        )


def _number_json(x: Number) -> dict[str, Any]:
    from mpmath import nstr

    exact = None if x.exact is None else str(x.exact)
    return {"value": nstr(x.value, GUIDE_DIGITS), "digits": min(x.digits, GUIDE_DIGITS - 5), "exact": exact}


def _number(data: Mapping[str, Any]) -> Number:
    from symrelu.exact.arithmetic import MpmathArithmetic

    exact = None if data["exact"] is None else Fraction(data["exact"])
    return Number(MpmathArithmetic(GUIDE_DIGITS + 10).context.mpf(data["value"]), int(data["digits"]), exact)


def start_json(start: Start) -> dict[str, Any]:
    """The start as plain data."""
    field = start.field
    balls = isinstance(field, BallField)
    digits = field.bits * 3 // 10 if isinstance(field, BallField) else 0
    entries = []
    for x in start.entries:
        cs = [
            field.json(c, _digits(field, c, digits)) if isinstance(field, BallField) else field.text(c)
            for c in x.coefficients
        ]
        entries.append({"valuation": x.valuation, "coefficients": cs})
    return {
        "field": {"base": "balls", "bits": field.bits}
        if isinstance(field, BallField)
        else generators.field_json([field]),
        "balls": balls,
        "entries": entries,
        "known": start.known,
        "exact": start.exact,
        "ramification": start.ramification,
        "system": start.system,
        "guide": None if start.guide is None else start.guide.to_json(),
    }


def _digits(field: BallField, x: Any, most: int) -> int:
    """How many digits of a constant are known, at most ``most``."""
    return max(1, min(most, int(x.enclosure.rel_accuracy_bits() * 0.3) - 2)) if x else most


def start_from_json(problem: Problem, data: Mapping[str, Any]) -> Start:
    """The start that :func:`start_json` wrote; BadInput for data that are none of this problem."""
    reader: Any = BallReader(data["field"]) if data["balls"] else ExactReader(data["field"])
    rows: Sequence[Any] = data["entries"]
    if len(rows) != problem.dim:
        raise BadInput(
            f"a start of {len(rows)} coordinates was kept; {problem.space.isotropy.label()} has {problem.dim}"
        )
    values = [[reader.read(c) for c in row["coefficients"]] for row in rows]
    ramification = int(data["ramification"])
    entries = tuple(
        Series(reader.field, int(row["valuation"]), cs, None, ramification)
        for row, cs in zip(rows, values, strict=True)
    )
    start = Start(
        reader.field, entries, int(data["known"]), bool(data["exact"]), ramification, system=str(data["system"])
    )
    if data["guide"] is None:
        return start
    from symrelu.finding.guided import refined

    guide = Guide.from_json(data["guide"])
    return replace(start, guide=guide, refine=lambda bits: refined(problem, guide, start.known, bits))
