"""The inventory of the four texts: every paragraph is there, and every claim in one of them."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from symrelu.claims.claim import Context
from symrelu.claims.decide import claims_of, decide, groups
from symrelu.claims.inventory import OPEN_KINDS, TITLES, Section, inventory, inventory_markdown
from symrelu.cli import main
from symrelu.errors import BadInput, Undecided

SEEDS = Path(os.environ.get("SYMRELU_SEEDS", Path(__file__).parents[3] / "shared" / "seeds"))  # beside the project
FILES = {"main": "001_*.txt", "predecessor": "000_*.txt", "freeprob": "002_*.txt", "convexity": "003_*.txt"}
# a paragraph begins with a capital, an item or a mark; what begins otherwise goes on after a display or a page break
BEGINS = re.compile(r"[A-Z]|\d+\. |- |\(b\)|\*\*|<sup>|<i>")
WITH_MARKS = re.compile(r"\$[A-Za-z\\]")
FRONT = ("**Yossi", "**Michael", "Jeffrey Pennington")


@pytest.fixture(scope="module")
def sections() -> tuple[Section, ...]:
    return inventory()


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_claim_is_there_once(sections: tuple[Section, ...]) -> None:
    counts = Counter(claim.id for section in sections for claim in section.claims)
    assert max(counts.values()) == 1
    assert set(counts) == {claim.id for claim in claims_of("all")}
    assert len(claims_of("all")) == sum(len(list(claims())) for claims in groups().values()) == counts.total()


def test_every_paragraph_has_claims_or_a_remark(sections: tuple[Section, ...]) -> None:
    for section in sections:
        assert section.paragraphs, section.title
        for paragraph in section.paragraphs:
            assert paragraph.claims or len(paragraph.remark) >= 6, paragraph.first_words


def seed(paper: str) -> str:
    found = list(SEEDS.glob(FILES[paper])) if SEEDS.is_dir() else []
    if not found:
        pytest.skip(f"the text of {paper} is not there: {SEEDS}/{FILES[paper]} (SYMRELU_SEEDS names another folder)")
    return found[0].read_text(encoding="utf-8").split("## References")[0]


@pytest.mark.parametrize("paper", ["main", "freeprob"])
def test_every_paragraph_of_the_papers_is_there_in_order(paper: str, sections: tuple[Section, ...]) -> None:
    rows = [p.first_words for s in sections if s.paper == paper for p in s.paragraphs]
    blocks = [flat(block) for block in re.split(r"\n\s*\n", seed(paper))]
    begun = [b for b in blocks if BEGINS.match(b) and not b.startswith(FRONT)]
    for row, block in zip(rows, begun, strict=False):
        assert block.startswith(flat(row))
    assert len(rows) == len(begun)


@pytest.mark.parametrize("paper", ["main", "freeprob"])
def test_every_heading_of_the_papers_is_a_section(paper: str, sections: tuple[Section, ...]) -> None:
    numbers = {s.title.split()[0] for s in sections if s.paper == paper}
    headings = re.findall(r"^#+ (\d[\d.]*)", seed(paper), re.MULTILINE)
    assert {h.rstrip(".") for h in headings} - numbers <= {"5"}, "section 5 of 002 is its subsections"


@pytest.mark.parametrize("paper", ["predecessor", "convexity"])
def test_the_sentences_of_the_responses_are_in_order(paper: str, sections: tuple[Section, ...]) -> None:
    text, place = flat(seed(paper)), 0
    for section in sections:
        for paragraph in section.paragraphs:
            if section.paper == paper and paragraph.first_words:
                found = text.find(flat(paragraph.first_words), place)
                assert found >= place, paragraph.first_words
                assert found - place < 1900, f"much text before {paragraph.first_words}"
                place = found
    assert len(text) - place < 900


def test_what_stands_as_open_is_open(sections: tuple[Section, ...]) -> None:
    unsettled = [c for s in sections for c in s.claims if c.kind in OPEN_KINDS]
    assert len(unsettled) == sum(s.open for s in sections) > 30
    for claim in unsettled:
        found = decide(claim, Context())
        assert found.answer == "open" and len(found.found) > 20, claim.id


def test_sections_of_one_group() -> None:
    ours = inventory("theorem2")
    assert [c.id for s in ours for c in s.claims if c.id.split(".")[0] != "theorem2"] == []
    assert sum(len(s.claims) for s in ours) == len(claims_of("theorem2"))
    with pytest.raises(BadInput, match="the groups are theorem1"):
        inventory("theorem3")


def test_the_command(sections: tuple[Section, ...]) -> None:
    result = CliRunner().invoke(main, ["claims"])
    assert result.exit_code == 0 and result.stderr == ""
    lines = result.stdout.splitlines()
    everything = claims_of("all")
    assert lines[-1].startswith(f"all: {len(everything)} claims, ")
    listed = [line.split()[0] for line in lines if line.startswith("    ")]
    assert sorted(listed) == sorted(claim.id for claim in everything)
    data = json.loads(CliRunner().invoke(main, ["claims", "freeprob", "--format", "json"]).stdout)
    assert data["count"] == len(claims_of("freeprob")) and {s["paper"] for s in data["sections"]} == {"freeprob"}
    refused = CliRunner().invoke(main, ["claims", "freeprob2"])
    assert refused.exit_code == 2 and refused.stdout == "" and "the groups are" in refused.stderr


def test_markdown_has_a_row_for_each_claim(sections: tuple[Section, ...]) -> None:
    chosen = next(c for c in claims_of("main") if c.kind == "later")
    verdict = decide(chosen, Context())
    text = inventory_markdown(sections, {chosen.id: verdict})
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) == len(claims_of("all"))
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 6 for row in rows), "five columns"
    assert any(f"| `{chosen.id}` |" in row and "| open |" in row for row in rows)
    assert all(f"## {title}" in text for title in TITLES.values())


# claims of the second reading ---------------------------------------------------------------------------------------

QUICK = {
    "main.global-minimizers": "confirmed",
    "main.isotropy.rescaled": "refuted",
    "main.figure-2": "confirmed",
    "main.fixed-space": "confirmed",
    "main.gradient.definition": "refuted",
    "main.simple-limits": "confirmed",
    "main.eigenvector": "confirmed",
    "main.display.angle": "refuted",
    "main.multiplicity.exponential": "confirmed",
    "main.padding": "confirmed",
    "main.padding.spectrum": "confirmed",
    "main.other-targets": "confirmed",
    "main.padding.2b": "confirmed",
    "main.nonconvex": "confirmed",
    "main.realizable": "confirmed",
    "main.realizable.fewer": "refuted",
    "main.symmetry-breaking.exactly": "refuted",
    "main.fixed-space.values": "refuted",
    "main.half-powers.reason": "confirmed",
    "main.initial-values": "confirmed",
    "main.appendix-terms.order": "refuted",
    "main.appendix-terms.values": "refuted",
    "main.appendix-terms.required": "confirmed",
}
SLOW = {
    "main.one-family": "refuted",
    "main.flat-minima.exactly": "refuted",
    "main.implicit-function": "confirmed",
    "main.annihilation.all": "confirmed",
    "main.figure-1.approximation": "empirical",
}
CLAIMS = {claim.id: claim for claim in claims_of("main")}


@pytest.mark.parametrize(
    ("key", "answer"), [*QUICK.items(), *(pytest.param(*x, marks=pytest.mark.slow) for x in SLOW.items())]
)
def test_verdicts_of_the_second_reading(key: str, answer: str) -> None:
    from tests.shared import SharedContext

    found = decide(CLAIMS[key], SharedContext())
    assert found.answer == answer and found.found and found.rests_on, found


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("main.global-minimizers", {"printed": "Delta S_2"}),
        ("main.figure-2", {"subject": "5;3,2;3,2"}),
        ("main.fixed-space", {"printed": "3"}),
        ("main.simple-limits", {"subject": "0,1"}),
        ("main.padding", {"subject": "d-1 1 1,* a_1=-1 1a"}),
        ("main.appendix-terms.required", {"printed": "3/2: stays", "subject": "1b"}),
        ("main.appendix-terms.required", {"printed": "5/2: moves", "subject": "1b"}),
        ("main.nonconvex", {"printed": "convex"}),
        ("main.initial-values", {"printed": "2"}),
        ("main.gradient.definition", {"printed": "d, d**2"}),
        ("main.eigenvector", {"printed": "1/4 - 1/(2*pi)"}),
        ("main.half-powers.reason", {"printed": "lengths", "subject": "1b"}),
        ("main.annihilation.all", {"subject": "1a"}),
    ],
)
def test_other_words_are_refuted(key: str, changes: dict[str, str]) -> None:
    from dataclasses import replace

    from tests.shared import SharedContext

    assert decide(replace(CLAIMS[key], **changes), SharedContext()).answer == "refuted"


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("main.isotropy.rescaled", {"printed": "2,2,2"}),
        ("main.gradient.definition", {"printed": "d, d*(d - 1)"}),
        ("main.fixed-space.values", {"printed": "1"}),
        ("main.symmetry-breaking.exactly", {"printed": "2a"}),
        ("main.appendix-terms.order", {"printed": "2: stays", "subject": "1b"}),
        ("main.appendix-terms.values", {"printed": "cut: stays", "subject": "1b"}),
    ],
)
def test_repaired_readings_are_confirmed(key: str, changes: dict[str, str]) -> None:
    from dataclasses import replace

    assert decide(replace(CLAIMS[key], **changes), Context()).answer == "confirmed"


def test_between_equal_points_nothing_is_shown() -> None:
    from dataclasses import replace

    claim = replace(CLAIMS["main.nonconvex"], subject="1,0;0,1 1,0;0,1")
    assert decide(claim, Context()).answer == "undecided"


def test_existence_does_not_hang_on_the_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """1b exists down to d = 5, where it is a saddle; a path that is not followed down to there is not refuted."""
    monkeypatch.setattr("symrelu.claims.decide_proof.FROM", 5)
    assert decide(CLAIMS["main.implicit-function"], Context()).answer == "confirmed"

    def fails(*_: object) -> None:
        raise Undecided("no piece is proved")

    monkeypatch.setattr("symrelu.proof.tube._piece", fails)
    found = decide(CLAIMS["main.implicit-function"], Context())
    assert found.answer == "undecided" and "breaks off" in found.found


@pytest.mark.slow
def test_the_saddles_that_are_met() -> None:
    """Their groups are small, and half of them no subgroups of Delta S_d up to conjugation."""
    found = decide(CLAIMS["main.symmetry-breaking.saddles"], Context())
    assert (found.answer, found.evidence) == ("empirical", "numerical")
    assert "21 saddles, 0 minima" in found.found and "11 of them conjugate" in found.found


def test_groups_counted_out() -> None:
    import numpy as np

    from symrelu.claims.decide_problem import _is_diagonal, _isotropy

    identity, alike = np.eye(3), np.array([[1.0, 1, 0], [2, 2, 0], [3, 3, 4]])
    assert len(_isotropy(identity)) == 6 and _is_diagonal(_isotropy(identity[[1, 2, 0]]))
    assert len(_isotropy(alike)) == 2 and not _is_diagonal(_isotropy(alike)), "equal columns, rows that all differ"
