"""What a search hands on: candidates for families of critical points as d -> infinity, and how far the search went.

Everything here is numerical: high-precision guides for the exact side, which sets up the leading system, picks the
root next to a candidate and proves it. Numbers are mpmath numbers with a count of the digits that are right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from symrelu.exact.arithmetic import Scalar
from symrelu.model.reduced import Problem

Kind = Literal["minimum", "saddle", "degenerate"]


@dataclass(frozen=True, eq=False)
class Number:
    """A real number found numerically.

    value: an mpmath number; digits: how many of its significant digits are right; exact: the rational number it is
    taken for, None where none is recognised with certainty (a guide, proved only by the exact side).
    """

    value: Scalar
    digits: int
    exact: Fraction | None = None

    def __neg__(self) -> Number:
        return Number(-self.value, self.digits, None if self.exact is None else -self.exact)

    def __str__(self) -> str:
        if self.exact is not None:
            return str(self.exact)
        from mpmath import nstr

        return str(nstr(self.value, min(self.digits, 12)))


@dataclass(frozen=True, eq=False)
class Term:
    """One term ``coefficient * t**exponent`` of an expansion at infinity, t = d**(-1/2)."""

    exponent: Fraction
    coefficient: Number


@dataclass(frozen=True)
class Hits:
    """How many starts of the search at dimension ``d`` with this seed led to one point (or to its equivalents)."""

    d: float
    seed: int
    count: int


@dataclass(frozen=True, eq=False)
class Candidate:
    """A curve of critical points of Fix(G) that was followed to very large d: a family, up to proof.

    problem: what it is critical for.
    limits: the limit of each coordinate a_1, a_2, ... for d -> infinity.
    corrections: for each coordinate the first terms beyond the limit, exponents ascending; empty where it is constant.
    ramification: the smallest even r such that every exponent of d seen in the corrections lies in Z/r.
    hits: which starts found it; begins_at: the lowest d at which it was seen (it may go on below).
    kind, negative: minimum, saddle or degenerate, and the number of negative branches in each isotypic component of
        the Hessian of the first layer, (name, branches, multiplicity there), at ``index_at``, a large d.
    loss_limit: the limit of the loss; infinite where it grows with d.
    trail: points of the curve, d ascending, as (d, coordinates); each is right to about half its digits at least.
    images: how many points of Fix(G) the normaliser makes of it (1: it is its own only image).
    """

    problem: Problem
    limits: tuple[Number, ...]
    corrections: tuple[tuple[Term, ...], ...]
    ramification: int
    hits: tuple[Hits, ...]
    begins_at: float
    kind: Kind
    negative: tuple[tuple[str, int, Fraction], ...]
    index_at: Fraction
    loss_limit: Number
    trail: tuple[tuple[Scalar, tuple[Scalar, ...]], ...] = field(repr=False)
    images: int = 1

    @property
    def exponents(self) -> tuple[Fraction | None, ...]:
        """The exponent of t of each coordinate's first correction; None where the coordinate is constant."""
        return tuple(terms[0].exponent if terms else None for terms in self.corrections)

    @property
    def coefficients(self) -> tuple[Number | None, ...]:
        """The coefficient of each coordinate's first correction; None where the coordinate is constant."""
        return tuple(terms[0].coefficient if terms else None for terms in self.corrections)

    def value(self, d: Any, digits: int) -> list[Scalar]:
        """The coordinates of the family at a large d (not below ``begins_at``), to so many digits.

        By Newton's method from the nearest point known, followed there along the curve. Raises NoFamily where the curve
        does not reach that d.
        """
        from symrelu.finding.climb import value_at

        return value_at(self, d, digits)

    def text(self) -> str:
        """Limits and first corrections in one line."""
        names = self.problem.names
        parts = []
        for name, limit, terms in zip(names, self.limits, self.corrections, strict=True):
            first = f" + ({terms[0].coefficient})*t^{terms[0].exponent}" if terms else ""
            parts.append(f"{name} = {limit}{first}")
        return f"{self.kind}: " + ", ".join(parts)


@dataclass(frozen=True, eq=False)
class Discarded:
    """Points that are no family of this type, and why.

    why: "zero row", "larger isotropy", "parallel rows", "fold", "runaway", "continuum", "not followed"; detail: one
    clause in words, such as the larger group or where the fold is; hits: how many starts led there; example: one such
    point as (d, coordinates).
    """

    why: str
    detail: str
    hits: int
    example: tuple[float, tuple[float, ...]]


@dataclass(frozen=True, eq=False)
class Continuum:
    """A set of critical points of positive dimension: named once, not listed point by point.

    dimension: the nullity of the reduced Hessian along it; what: in words, where it comes from (two parallel rows that
    may share their length, ...), or that it was not recognised; hits; example: one point, (d, coordinates).
    """

    dimension: int
    what: str
    hits: int
    example: tuple[float, tuple[float, ...]]


@dataclass(frozen=True, eq=False)
class SearchReport:
    """How the search went, and so how complete its list may be.

    starts: at each (d, seed) how many starts, and how many of them converged; singletons: the share of hits on points
    met only once (Good-Turing: an estimate of the chance that one more start meets something new).
    """

    starts: tuple[tuple[float, int, int, int], ...]  # d, seed, starts, converged
    hits: tuple[int, ...]  # of each candidate, in order
    singletons: Fraction
    discarded: tuple[Discarded, ...]
    continua: tuple[Continuum, ...]

    def completeness(self) -> str:
        """How complete the list is, in words."""
        total = sum(n for _, _, n, _ in self.starts)
        converged = sum(n for *_, n in self.starts)
        places = ", ".join(dict.fromkeys(f"{d:g}" for d, *_ in self.starts))
        listed = ", ".join(str(n) for n in self.hits) or "none"
        return (
            f"found by search, not proved complete: {total} starts of Newton's method at d = {places}, {converged} "
            f"converged; hits of the families listed: {listed}; share of singletons {float(self.singletons):.4f}"
        )

    def remarks(self) -> list[str]:
        """What was found and is not listed, one line each: continua, then points set aside, the most frequent first."""
        lines = [f"continuum of dimension {c.dimension} ({c.hits} hits): {c.what}" for c in self.continua]
        for found in sorted(self.discarded, key=lambda x: -x.hits):
            lines.append(f"{found.why} ({found.hits} hits): {found.detail}")
        return lines


Progress = Callable[[str], None]
"""Is told in a few words what the search is doing."""
