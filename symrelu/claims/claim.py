"""A claim of a paper, and a verdict on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from symrelu.families import Family, family

Answer = Literal["confirmed", "refuted", "undecided", "open", "empirical"]
Evidence = Literal["exact", "certified", "derived", "numerical", "none"]
"""exact: computed in exact numbers or symbols; certified: in proved enclosures; derived: an argument in words, each
step of which is checked on examples, which no program proves; numerical: in floats or by sampling; none: not decided.
"""


@dataclass(frozen=True)
class Claim:
    """One claim: a permanent ``id``, where the paper makes it, what it says, how it is decided (``kind``), about
    which family, and the printed value if it has one.

    Printed values are written in the exact-number grammar with ``d`` (and, for the displayed gradient, the names
    nu, alpha, beta_1, beta_2 and sin).
    """

    id: str
    source: str
    statement: str
    kind: str
    family: str | None = None
    subject: str = ""
    printed: str = ""
    error: str = ""


@dataclass(frozen=True)
class Verdict:
    """The verdict on a claim: what was found, by which kind of evidence, and what that rests on."""

    claim: Claim
    answer: Answer
    found: str
    evidence: Evidence
    rests_on: str

    def to_json(self) -> dict[str, str]:
        """The verdict as plain data (the contract of ``symrelu verify --format json``).

        The contract's ``evidence`` is what a program established, exact, certified or numerical (the weakest of them,
        also where nothing was); ``grounds`` is the full ``Evidence``.
        """
        claim = self.claim
        data = {"id": claim.id, "source": claim.source, "statement": claim.statement, "verdict": self.answer}
        evidence = "numerical" if self.evidence in ("derived", "none") else self.evidence
        return data | {"found": self.found, "evidence": evidence, "grounds": self.evidence, "rests_on": self.rests_on}


Outcome = tuple[Answer, str, Evidence, str]  # the verdict, what was found, by which evidence, what it rests on


class Context:
    """The families computed so far: what one claim needed is there for the next."""

    def __init__(self) -> None:
        self._families: dict[str, Family] = {}

    def family(self, claim: Claim) -> Family:
        """The family that a claim is about."""
        assert claim.family is not None
        return self.named(claim.family)

    def named(self, name: str) -> Family:
        """The family of that name."""
        if name not in self._families:
            self._families[name] = family(name)
        return self._families[name]
