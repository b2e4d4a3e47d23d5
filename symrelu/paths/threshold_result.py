"""The thresholds of a family as a value: printable, and plain data for programs."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symrelu import __version__
from symrelu.catalogue import FamilyKey
from symrelu.columns import aligned
from symrelu.exact.decimals import decimal_text
from symrelu.symmetry.isotypic import Dimension


@dataclass(frozen=True)
class Threshold:
    """One d at which an eigenvalue is 0.

    Attributes
    ----------
    d: an mpmath number with some digits more than were asked. bracket: two fractions around it at which the
    eigenvalue was found to have opposite signs (proved to hold exactly one sign change, where the thresholds
    come with a proof); for one that touches 0, its neighbourhood. component, branch: as in the spectrum with both
    layers trained. multiplicity: how many directions, as a polynomial in d. below: the sign for smaller d,
    "negative" or "positive".
    """

    d: Any
    bracket: tuple[Fraction, Fraction]
    component: str
    branch: int
    multiplicity: Dimension
    below: str


@dataclass(frozen=True, repr=False)
class Thresholds:
    """Every sign change of a Hessian eigenvalue of a family along its path, from large d downwards.

    Attributes
    ----------
    thresholds: in the order in which they are met. touching: zeros without a change of sign. followed_down_to: where
    the search stopped, and stopped_because: why (the last millionth above it was not searched). proof: what proves
    that none was missed, or None; without it ``complete`` is False.
    """

    key: FamilyKey
    digits: int
    thresholds: tuple[Threshold, ...]
    touching: tuple[Threshold, ...]
    followed_down_to: Any
    stopped_because: str
    proof: Any = field(default=None, compare=False)
    version: str = __version__

    @property
    def complete(self) -> bool:
        """Whether it is proved that no sign change was missed in the range."""
        return self.proof is not None

    def text(self) -> str:
        """The thresholds as a table."""
        lines = [
            f"family {self.key.label()}",
            "d at which an eigenvalue (isotypic component and branch) changes sign",
            "",
        ]
        rows = [("d", "component", "branch", "below", "multiplicity")]
        for t in self.thresholds:
            rows.append((decimal_text(t.d, self.digits), t.component, str(t.branch), t.below, str(t.multiplicity)))
        lines += aligned(rows) if self.thresholds else ["none"]
        lines += [f"touches 0 at d = {decimal_text(t.d, self.digits)}: {t.component}.{t.branch}" for t in self.touching]
        lines += ["", f"followed down to d = {self._down_to()}: {self.stopped_because}"]
        lines.append(str(self.proof) if self.proof is not None else "that none was missed is not proved")
        return "\n".join(lines)

    __str__ = text

    def __repr__(self) -> str:
        return f"<Thresholds {self.key.label()}: {len(self.thresholds)}>"

    def latex(self) -> str:
        """The thresholds as a LaTeX table."""
        rows = [
            f"{decimal_text(t.d, self.digits)} & \\text{{{t.component}}} & {t.branch} & \\text{{{t.below}}} \\\\"
            for t in self.thresholds
        ]
        head = "d & \\text{component} & \\text{branch} & \\text{below} \\\\ \\hline"
        return "\n".join(["\\begin{array}{llll}", head, *rows, "\\end{array}"])

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"

    def _down_to(self) -> str:
        d = self.followed_down_to
        return str(d) if isinstance(d, Fraction) else decimal_text(d, self.digits)

    def to_json(self) -> dict[str, Any]:
        """The thresholds as plain data (the contract of ``symrelu thresholds --format json``)."""
        return {
            "family": self.key.name,
            "digits": self.digits,
            "thresholds": [self._row(t) for t in self.thresholds],
            "touching": [self._row(t) for t in self.touching],
            "followed_down_to": self._down_to(),
            "stopped_because": self.stopped_because,
            "complete": self.complete,
            "proved_by": None if self.proof is None else str(self.proof),
            "version": self.version,
        }

    def _row(self, t: Threshold) -> dict[str, Any]:
        return {
            "d": decimal_text(t.d, self.digits),
            "component": t.component,
            "branch": t.branch,
            "below": t.below,
            "multiplicity": str(t.multiplicity),
            "bracket": [str(x) for x in t.bracket],
        }
