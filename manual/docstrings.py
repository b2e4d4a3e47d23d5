"""Docstrings as reStructuredText. The package writes them as plain text with ``code``, roles, lists, examples and
indented formulas; a * or | in between is meant as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from textwrap import dedent

_KEPT = re.compile(r"``.+?``|:[\w:]+:`[^`]+`|`[^`]+`|(?<![\w*)\]/])\*\*?[A-Za-z][A-Za-z ]*[A-Za-z]\*\*?(?![\w*(])")
_MARKED = re.compile(r"([\\*|_`])")
_NAMES = re.compile(r"\w+(, \w+)*: ")
_ITEM = re.compile(r"(\* |- |\d+\. )")


def as_rst(lines: Iterable[str]) -> list[str]:
    """The lines of a docstring as those of a reStructuredText text: formulas that stand indented, and tables that are
    aligned by spaces, become literal blocks; examples stay; everything else is escaped outside ``code`` and roles.
    """
    text = "\n".join(lines).strip("\n")
    found: list[str] = []
    for block in re.split(r"\n[ \t]*\n", dedent(text)):
        rows = block.split("\n")
        if len(rows) > 1 and set(rows[1]) == {"-"}:
            found += [f"*{rows[0]}*", "", *_items(_entries(rows[2:])), ""]
        elif rows[0].lstrip().startswith(">>>"):
            found += [*rows, ""]
        elif all(row.startswith("  ") for row in rows) or _is_table(rows):
            found += ["::", "", *(f"    {row}" for row in dedent(block).split("\n")), ""]
        elif _ITEM.match(rows[0]):
            found += [*_items(rows), ""]
        else:
            found += [*_paragraph(rows), ""]
    return found


def _paragraph(rows: list[str]) -> list[str]:
    """A paragraph, with the list or the formula that may follow it at once."""
    for number, row in enumerate(rows):
        if number and _ITEM.match(row):
            return [*_paragraph(rows[:number]), "", *_items(rows[number:])]
        if number and row.startswith("    "):
            end = next((k for k in range(number, len(rows)) if not rows[k].startswith("    ")), len(rows))
            literal = ["", "::", "", *(f"    {r.strip()}" for r in rows[number:end]), ""]
            rest = _paragraph(rows[end:]) if end < len(rows) else []
            return [*_paragraph(rows[:number]), *literal, *rest]
    return _escaped(" ".join(row.strip() for row in rows)).split("\n")


def _items(rows: list[str]) -> list[str]:
    """A list, each item on a line of its own."""
    items: list[str] = []
    for row in rows:
        if _ITEM.match(row):
            items.append(_ITEM.sub("", row, count=1))
        elif items:
            items[-1] += " " + row.strip()
    return [f"* {_escaped(item)}" for item in items]


def _entries(rows: list[str]) -> list[str]:
    """The rows of a section such as "Attributes", each that begins with names and a colon as one of a list."""
    return [f"* {row}" if number == 0 or _NAMES.match(row) else row for number, row in enumerate(rows)]


def _is_table(rows: list[str]) -> bool:
    """Rows whose columns are set apart by several spaces."""
    return len(rows) > 1 and sum(bool(re.search(r"\S {3,}\S", row)) for row in rows) > 1


def _escaped(text: str) -> str:
    """The text with what reStructuredText would take for markup escaped, but for code and roles. A name between single
    quotes of code is code.
    """
    parts, last = [], 0
    for match in _KEPT.finditer(text):
        kept = match.group()
        if kept.startswith("`") and not kept.startswith("``"):
            kept = f"``{kept[1:-1]}``"
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        if re.match(r"[\w(\[]", before) and before not in "([":
            kept = "\\ " + kept
        if re.match(r"\w", after):
            kept += "\\ "
        parts += [_MARKED.sub(r"\\\1", text[last : match.start()]), kept]
        last = match.end()
    return "".join([*parts, _MARKED.sub(r"\\\1", text[last:])])
