"""The numbers that lead to the start of a family: what a search read off a candidate, and as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symrelu.finding.candidates import Number, Term
from symrelu.finding.normaliser import Image

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
