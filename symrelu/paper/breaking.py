r"""Long formulas over several lines, as a mathematician would break them.

Lines break before a plus or minus sign, and the signs of continued lines stand under one another. A term that is wider
than a line is opened: ``\frac{c (a + b + ...)}{q}`` becomes ``\frac{c}{q} \bigl( a + b + ...`` with the sum broken in
turn, further to the right; so is a fraction that holds a long fraction above. Widths are those of
:mod:`symrelu.paper.widths`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symrelu.paper.widths import TEXT, Box, boxes, row_width, tex_of

INDENT = 10.0  # of \quad
MARGIN = 6.0  # what a line leaves free, for what the estimate of widths neglects
LONG_INSIDE = 45.0  # so wide may a fraction within a fraction be
SPARE = 0.3  # of a line: with less than that left, an opened term begins on the next one


@dataclass(frozen=True)
class Line:
    """One line of a formula: how many quads it is moved to the right, and what stands there."""

    indent: int
    tex: str
    width: float


@dataclass(frozen=True)
class _Term:
    """A signed term of a sum: ``sign`` is "+", "-" or ""."""

    sign: str
    row: tuple[Box, ...]


def broken(tex: str, width: float, first: float | None = None) -> list[Line]:
    """The formula in lines of at most ``width`` points; the first may have another width, ``first``.

    A line is longer only where one symbol or one sum under a root is.
    """
    lines = _Lines(width - MARGIN, (width if first is None else first) - MARGIN)
    lines.add_sum(_terms(boxes(tex)), 0, "")
    return lines.done()


def aligned(left: str, tex: str, width: float, tag: str = "") -> str:
    r"""``left = tex`` as lines of an align environment of that width, without the last ``\\``; ``tag`` follows the last
    line.
    """
    lines = broken(tex, width - INDENT, width)
    return _joined(rf"{left} &= ", lines, r" \notag" if tag else "", tag)


def in_cell(tex: str, width: float) -> str:
    """The formula for a cell of a table of that width, in display style, over several lines if need be."""
    lines = broken(tex, width)
    if len(lines) == 1:
        return rf"$\displaystyle {lines[0].tex}$"
    return rf"$\begin{{aligned}}[t] {_joined('& ', lines)} \end{{aligned}}$"


def _joined(head: str, lines: Sequence[Line], between: str = "", tag: str = "") -> str:
    texts = [head + lines[0].tex]
    quad = r"\quad"
    texts += [f"&{quad * (line.indent + 1)}{{}}{line.tex}" for line in lines[1:]]
    return f"{between} \\\\\n".join(texts) + tag


class _Lines:
    """Lines as they are filled."""

    def __init__(self, width: float, first: float) -> None:
        self.width, self.first = width, first
        self.full: list[Line] = []
        self.texts: list[str] = []
        self.used = 0.0
        self.indent = 0

    def done(self) -> list[Line]:
        self._end()
        return self.full

    @property
    def _room(self) -> float:
        room = self.first if not self.full else self.width
        return room - INDENT * self.indent

    def _end(self) -> None:
        if self.texts:
            self.full.append(Line(self.indent, " ".join(self.texts), self.used))
        self.texts, self.used = [], 0.0

    def _put(self, tex: str, width: float, indent: int) -> None:
        if not self.texts:
            self.indent = indent if self.full else 0
        self.texts.append(tex)
        self.used += width

    def add_sum(self, terms: Sequence[_Term], indent: int, closing: str) -> None:
        """The terms, and after the last one ``closing``."""
        for i, term in enumerate(terms):
            self._add(term, indent, closing if i == len(terms) - 1 else "")

    def _add(self, term: _Term, indent: int, closing: str) -> None:
        row, opened = term.row, _opened(term.row)
        if opened is not None and _cramped(row):
            row = boxes(" ".join([opened[0], *(f"{t.sign} {tex_of(t.row)}" for t in opened[1]), opened[2]]))
        tex = " ".join(filter(None, [term.sign, tex_of(row), closing]))
        after = row_width(boxes(closing)) if closing else 0.0
        sign = row_width((Box(term.sign, "ord", 7.78),)) + 4.44 if term.sign else 0.0
        width = sign + row_width(row) + after
        if self.used + width <= self._room:
            self._put(tex, width, indent)
            return
        whole = self.width - INDENT * indent
        if width <= whole and self.texts:
            self._end()
            self._put(tex, width, indent)
            return
        if opened is None:
            self._end()
            self._put(tex, width, indent)
            return
        before, inside, behind = opened
        head = " ".join(filter(None, [term.sign, before]))
        wide = sign + row_width(boxes(before))
        follows = len(self.texts) == 1 and self.texts[0].endswith("l(") and wide < self._room - self.used
        if (
            self.texts
            and not follows
            and (self.full or len(self.texts) > 1 or self._room - self.used - wide < SPARE * self.width)
        ):
            self._end()
        self._put(head, wide, indent)
        self.add_sum(inside, indent + 1, " ".join(filter(None, [behind, closing])))


def _terms(row: Sequence[Box]) -> list[_Term]:
    """A row split at its signs."""
    found: list[_Term] = []
    sign, start = "", 0
    for i, box in enumerate(row):
        if box.tex in ("+", "-"):
            if i > start:
                found.append(_Term(sign, tuple(row[start:i])))
            sign, start = box.tex if found or box.tex == "-" else "", i + 1
    found.append(_Term(sign, tuple(row[start:])))
    return found


def _opened(row: tuple[Box, ...]) -> tuple[str, list[_Term], str] | None:
    """A product taken apart at its widest sum: what stands before it, the bracket included; its terms; what follows.

    All other factors come before the sum, so that nothing wide follows it. None if there is no sum in it.
    """
    places = [i for i, box in enumerate(row) if _sum_in(box) is not None]
    if not places:
        return None
    place = max(places, key=lambda i: row_width((row[i],)))
    box, rest = row[place], row[place + 1 :]
    inside = _sum_in(box)
    assert inside is not None
    factors, terms = inside
    size = "bigg" if any(_has_fraction(t.row) for t in terms) else "big"
    before = [tex_of(row[:place])]
    if box.is_fraction:
        before.append(rf"\frac{{{tex_of(factors) or '1'}}}{{{tex_of(box.below)}}}")
    else:
        before.append(tex_of(factors))
    before += [tex_of(rest), rf"\{size}l("]
    return " ".join(filter(None, before)), terms, rf"\{size}r)"


def _sum_in(box: Box) -> tuple[tuple[Box, ...], list[_Term]] | None:
    """The sum that a bracket holds or a fraction has above, with the factors beside it; None if there is none."""
    if box.is_bracket:
        terms = _terms(box.body)
        return ((), terms) if len(terms) > 1 else None
    if not box.is_fraction or box.scripts:
        return None
    terms = _terms(box.above)
    if len(terms) > 1:
        return (), terms
    brackets = [i for i, b in enumerate(box.above) if b.is_bracket and len(_terms(b.body)) > 1]
    if not brackets:
        return None
    place = max(brackets, key=lambda i: row_width((box.above[i],)))
    return box.above[:place] + box.above[place + 1 :], _terms(box.above[place].body)


def _cramped(row: Sequence[Box]) -> bool:
    """Whether a fraction holds a long one above, which would be set in the smallest type."""
    above = [inner for box in row if box.is_fraction for inner in box.above]
    return any(inner.is_fraction and row_width((inner,), TEXT) > LONG_INSIDE for inner in above)


def _has_fraction(row: Sequence[Box]) -> bool:
    return any(box.is_fraction or _has_fraction(box.body) for box in row)


__all__ = ["Line", "aligned", "broken", "in_cell"]
