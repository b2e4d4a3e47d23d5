"""Long formulas for windows of several widths: the lines are broken by :mod:`symrelu.paper.breaking`.

The page holds a formula once for each width at which it is broken differently, and its style shows the one that fits.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from symrelu.paper.breaking import aligned, in_cell
from symrelu.paper.widths import formula_width

POINT = 1.6  # pixels on the page of a TeX point at a type size of 10 pt
WIDTHS = (400, 640, 960)  # pixels between which formulas are broken anew; ``pieces`` has them in its style
TABLE_TAKES = 190  # pixels of a table's row that are not the eigenvalue's


class Variant(TypedDict):
    """A formula as it is broken for windows of at least so many pixels."""

    least: int
    tex: str


def displays(formulas: Sequence[Sequence[str]]) -> list[Variant]:
    """Formulas ``left = right``, aligned at their equality signs, the narrowest variant first.

    formulas: pairs (left, right) of LaTeX.
    """
    left = max(formula_width(name) for name, _ in formulas) + formula_width("=") + 6

    def display(room: float) -> str:
        rows = [aligned(name, tex, room - left) for name, tex in formulas]
        return "\\begin{aligned}\n" + " \\\\[4pt]\n".join(rows) + "\n\\end{aligned}"

    return _variants([display(width / POINT) for width in WIDTHS])


def cells(tex: str) -> list[Variant]:
    """A formula for a cell of the table of eigenvalues."""
    made = [in_cell(tex, (width - TABLE_TAKES) / POINT).strip("$") for width in WIDTHS]
    return _variants([text.replace(r"\begin{aligned}[t]", r"\begin{aligned}") for text in made])  # KaTeX has no [t]


def _variants(texts: Sequence[str]) -> list[Variant]:
    found = [Variant(least=0, tex=texts[0])]
    for width, text in zip(WIDTHS[1:], texts[1:], strict=True):
        if text != found[-1]["tex"]:
            found.append(Variant(least=width, tex=text))
    return found
