"""The inventory: every paragraph of the four texts with its claims, or the remark that it makes none. No deciding.

The paragraphs are data (:mod:`symrelu.claims.inventory_text`); the claims of :func:`symrelu.claims.decide.groups`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from symrelu.claims.claim import Claim, Verdict
from symrelu.claims.decide import claims_of

OPEN_KINDS = frozenset({"later", "free_open", "convex_open"})
"""Kinds of claims that stand as open, whatever is computed."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph by its first words (empty: our own questions); its claims; what is remarked on it."""

    first_words: str
    claims: tuple[Claim, ...]
    remark: str = ""


@dataclass(frozen=True)
class Section:
    """A section of one of the texts: ``paper`` is the name of its group or groups, ``title`` as in the text."""

    paper: str
    title: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the section, in the order of the text."""
        return tuple(claim for paragraph in self.paragraphs for claim in paragraph.claims)

    @property
    def open(self) -> int:
        """How many of them stand as open."""
        return sum(claim.kind in OPEN_KINDS for claim in self.claims)


TITLES = {
    "main": "Arjevani & Field, Analytic Study of Families of Spurious Minima (arXiv 2107.10370)",
    "predecessor": "Arjevani & Field, authors' response on the predecessor (NeurIPS 2020)",
    "freeprob": "Pennington & Bahri, Geometry of Neural Network Loss Surfaces via Random Matrix Theory (ICML 2017)",
    "convexity": "rebuttal on piecewise strong convexity",
}
"""The four texts, in the order of the inventory; "main" holds the groups theorem1, theorem2 and main."""


def inventory(group: str = "all") -> tuple[Section, ...]:
    """The sections of the texts in their order, with the claims of a group (or of all of them).

    For one group, paragraphs and sections without a claim of it are left out. Raises BadInput for a name that is no
    group. Nothing is decided, so it takes no time.
    """
    from symrelu.claims.inventory_freeprob import FREEPROB
    from symrelu.claims.inventory_text import CONVEXITY, MAIN, PREDECESSOR

    wanted = {claim.id for claim in claims_of(group)}
    known = {claim.id: claim for claim in claims_of("all")}
    texts = {"main": MAIN, "predecessor": PREDECESSOR, "freeprob": FREEPROB, "convexity": CONVEXITY}
    sections = [section for paper in TITLES for section in _sections(paper, texts[paper], known)]
    return tuple(sections) if group == "all" else tuple(x for s in sections if (x := _only(s, wanted)).paragraphs)


def _only(section: Section, wanted: set[str]) -> Section:
    cut = [replace(p, claims=tuple(c for c in p.claims if c.id in wanted)) for p in section.paragraphs]
    return replace(section, paragraphs=tuple(p for p in cut if p.claims))


def _sections(paper: str, text: str, known: Mapping[str, Claim]) -> list[Section]:
    sections: list[Section] = []
    for line in re.sub(r"\n {4}", " ", text.strip()).splitlines():
        if line.startswith("# "):
            sections.append(Section(paper, line[2:], ()))
        elif line:
            last = sections[-1]
            sections[-1] = replace(last, paragraphs=(*last.paragraphs, _paragraph(line, known)))
    return sections


def _paragraph(line: str, known: Mapping[str, Claim]) -> Paragraph:
    head, arrow, tail = line.partition(" => ")
    if not arrow:
        first_words, _, remark = line.partition(" -- ")
        return Paragraph(first_words, (), remark)
    patterns, _, remark = tail.partition(" -- ")
    claims: list[Claim] = []
    for pattern in patterns.split():
        matching = [known[pattern]] if pattern in known else [c for i, c in known.items() if fnmatchcase(i, pattern)]
        if not matching:
            raise KeyError(f"the inventory names {pattern}, which is no claim")
        claims += [claim for claim in matching if claim not in claims]
    return Paragraph("" if head == "--" else head, tuple(claims), remark)


def inventory_json(sections: tuple[Section, ...]) -> dict[str, Any]:
    """The inventory as plain data."""
    return {
        "sections": [
            {
                "paper": s.paper,
                "section": s.title,
                "count": len(s.claims),
                "open": s.open,
                "paragraphs": [
                    {"first_words": p.first_words, "claims": [_claim_json(c) for c in p.claims], "remark": p.remark}
                    for p in s.paragraphs
                ],
            }
            for s in sections
        ],
        "count": sum(len(s.claims) for s in sections),
        "open": sum(s.open for s in sections),
    }


def _claim_json(claim: Claim) -> dict[str, Any]:
    return {"id": claim.id, "statement": claim.statement, "source": claim.source, "open": claim.kind in OPEN_KINDS}


def inventory_text(sections: tuple[Section, ...]) -> str:
    """One line a claim under its paragraph and section, then counts by section and by text."""
    lines: list[str] = []
    paper = None
    for s in sections:
        if s.paper != paper:
            paper = s.paper
            lines += [TITLES[paper], ""]
        lines.append(f"{s.title}  ({_count(len(s.claims), s.open)})")
        for p in s.paragraphs:
            lines.append(f"  [{p.first_words or 'ours'}]" + (f" {p.remark}" if p.remark else ""))
            lines += [f"    {c.id}  {c.statement}{' (open)' if c.kind in OPEN_KINDS else ''}" for c in p.claims]
        lines.append("")
    return "\n".join([*lines, *_summary(sections)])


def _count(number: int, unsettled: int) -> str:
    return f"{number} claim{'' if number == 1 else 's'}" + (f", {unsettled} open" if unsettled else "")


def _summary(sections: tuple[Section, ...]) -> list[str]:
    by_paper: Counter[str] = Counter()
    open_: Counter[str] = Counter()
    for s in sections:
        by_paper[s.paper] += len(s.claims)
        open_[s.paper] += s.open
    width = max((len(s.title) for s in sections), default=0)
    lines = [f"{s.paper:<11}  {s.title:<{width}}  {_count(len(s.claims), s.open)}" for s in sections] + [""]
    lines += [f"{paper}: {_count(by_paper[paper], open_[paper])}" for paper in TITLES if by_paper[paper]]
    return [*lines, f"all: {_count(sum(by_paper.values()), sum(open_.values()))}"]


def inventory_markdown(sections: tuple[Section, ...], verdicts: Mapping[str, Verdict] | None = None) -> str:
    """Tables for the manual: one for each section, with the counts; with verdicts (by id), what was found too."""
    lines: list[str] = []
    paper = None
    for s in sections:
        if s.paper != paper:
            paper = s.paper
            lines += [f"## {TITLES[paper]}", ""]
        lines += [f"### {s.title}", "", f"{_count(len(s.claims), s.open)}.", ""]
        silent = [p for p in s.paragraphs if not p.claims]
        if s.claims:
            head = ["claim", "statement"] + (["verdict", "found", "rests on"] if verdicts else [])
            lines += [_row(head), _row(["---"] * len(head))]
            lines += [_row(_cells(c, verdicts)) for c in s.claims]
            lines.append("")
        lines += [f"* “{p.first_words} …”: {p.remark}" for p in silent]
        lines += [""] if silent else []
    return "\n".join([*lines, *(f"* {line}" for line in _summary(sections)[len(sections) + 1 :])])


def _cells(claim: Claim, verdicts: Mapping[str, Verdict] | None) -> list[str]:
    cells = [f"`{claim.id}`", _escaped(claim.statement)]
    if verdicts is None:
        return cells
    found = verdicts.get(claim.id)
    if found is None:
        return [*cells, "", "", ""]
    return [*cells, found.answer, _escaped(found.found), _escaped(f"{found.evidence}: {found.rests_on}")]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    for mark in "\\|*_<":
        text = text.replace(mark, f"\\{mark}")
    return text
