"""Tables as text: in columns, as on the terminal, and in Markdown."""

from __future__ import annotations

from collections.abc import Sequence


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows of text as lines with aligned columns, without spaces at their ends."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(f"{x:<{w}}" for x, w in zip(row, widths, strict=True)).rstrip() for row in rows]


def markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a Markdown table, the first row its head; bars and stars are escaped."""
    head, *body = [f"| {' | '.join(x.replace('|', chr(92) + '|') for x in row)} |" for row in rows]
    return [head, f"|{'---|' * len(rows[0])}", *(line.replace("*", "\\*") for line in body)]


__all__ = ["aligned", "markdown"]
