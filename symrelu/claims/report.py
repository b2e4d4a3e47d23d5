"""Verdicts as a table and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from symrelu.claims.claim import Verdict

WIDEST = 36  # ids: longer ones push their line to the right


def report_json(verdicts: list[Verdict]) -> dict[str, Any]:
    """The verdicts as plain data (the contract of ``symrelu verify --format json``)."""
    return {"claims": [v.to_json() for v in verdicts]}


def report_text(verdicts: list[Verdict], verbose: bool) -> str:
    """One line a claim: verdict, id, what is claimed; and what was found, where that says more."""
    lines: list[str] = []
    width = max([28, *(len(v.claim.id) for v in verdicts if len(v.claim.id) <= WIDEST)])
    for v in verdicts:
        lines.append(f"{v.answer:<9}  {v.claim.id:<{width}} {v.claim.statement}")
        if v.answer != "confirmed" or verbose:
            lines.append(f"{'':<9}    found: {v.found}")
        if verbose:
            lines.append(f"{'':<9}    {v.evidence}: {v.rests_on}")
            lines.append(f"{'':<9}    source: {v.claim.source}")
    counts = Counter(v.answer for v in verdicts)
    summary = ", ".join(
        f"{counts[a]} {a}"
        for a in ("confirmed", "refuted", "empirical", "open", "undecided")
        if counts[a] or a == "undecided"
    )
    return "\n".join([*lines, "", f"{len(verdicts)} claims: {summary}"])
