"""The annihilation story in one table: where families are minima, and what one or two neurons more do to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symrelu import __version__
from symrelu.paths.evaluation_result import Number, table
from symrelu.series.lifting import Progress
from symrelu.splitting.real_k import widths
from symrelu.splitting.result import Widths

if TYPE_CHECKING:
    from symrelu.families import Family

THRESHOLD_DIGITS = 10
MORE = (0, 1, 2)


@dataclass(frozen=True)
class AnnihilationRow:
    """One family. last_threshold: the largest d at which, with its own neurons, an eigenvalue changes sign (None: none
    down to where its path or its isotypic components end); at: what splitting makes of it at the table's d.
    """

    name: str
    k: str
    last_threshold: Any
    at: Widths


@dataclass(frozen=True, repr=False)
class Annihilation:
    """Families at one d with k, k + 1 and k + 2 neurons, the further ones by splitting: numerical."""

    d: Fraction
    rows: tuple[AnnihilationRow, ...]
    version: str = __version__

    def text(self) -> str:
        """The table."""
        heads = ["family", "k", "minimum for d >", f"loss at d = {self.d}", *(f"index, k + {n}" for n in MORE)]
        rows = [(*heads, "loss with k + 1 at most")]
        for row in self.rows:
            threshold = "the end" if row.last_threshold is None else Number(row.last_threshold).text(8)
            rows.append((row.name, row.k, threshold, row.at.loss.text(8), *map(_index, _at(row)), _bound(row).text(8)))
        return "\n".join(
            [
                *table(rows),
                "",
                "index, k + n: negative directions with n neurons more by splitting; loss and network stay.",
                "loss with k + 1 at most: by a neuron that leaves 0 towards the best target.",
            ]
        )

    __str__ = text

    def to_json(self) -> dict[str, Any]:
        """The table as plain data."""
        return {
            "d": str(self.d),
            "families": [
                {
                    "family": row.name,
                    "k": row.k,
                    "last_threshold": None if row.last_threshold is None else Number(row.last_threshold).text(8),
                    "loss": row.at.loss.text(row.at.digits),
                    "widths": [
                        {
                            "more": more,
                            "least_negative": str(at.least),
                            "most_negative": str(at.most),
                            "verdict": at.verdict,
                        }
                        for more, at in zip(MORE, _at(row), strict=True)
                    ],
                    "loss_with_one_more_at_most": _bound(row).text(row.at.digits),
                }
                for row in self.rows
            ],
            "version": self.version,
        }


def annihilation(
    chosen: Sequence[Family], d: Fraction | int, digits: int = 15, progress: Progress | None = None
) -> Annihilation:
    """The table of these families at one real d. Any families with a path will do, k = d or not.

    Raises NoFamily where a path ends above d, and BadInput for a d or digits that make no sense.
    """
    rows = []
    for family in chosen:
        at = widths(family, d, digits, progress=progress)
        found = family.thresholds(THRESHOLD_DIGITS, progress=progress, prove=False).thresholds
        last = max((t.d for t in found), default=None)
        rows.append(AnnihilationRow(family.name or family.key.label(), str(family.actual.isotropy.k), last, at))
    return Annihilation(Fraction(d), tuple(rows))


def _at(row: AnnihilationRow) -> list[Any]:
    return [row.at.at(row.at.k + more) for more in MORE]


def _index(at: Any) -> str:
    return str(at.least) if at.least == at.most else f"{at.least} to {at.most}"


def _bound(row: AnnihilationRow) -> Number:
    """The least of L + s Phi(v) + s**2 kappa(v, v)/2 over s >= 0 and the targets v: for unit targets L - Phi(v)**2."""
    return Number(0 if row.at.zero_loss else row.at.loss_with_one_more)
