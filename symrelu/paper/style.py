"""How fragments are written: the names of symbols, the width of the text, whether works are cited."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from symrelu.paper.notation import Notation

WIDTH = 455.0  # of the text of a page, in points at 10 pt

_SPECIAL = {c: rf"\{c}" for c in "#$%&_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
    "'": r"\textquotesingle{}",
}


@dataclass(frozen=True)
class Style:
    """How fragments are written. width: of the text, in points at 10 pt. cites: whether works are cited."""

    notation: Notation = field(default_factory=Notation)
    width: float = WIDTH
    cites: bool = False

    def write(self, text: str) -> str:
        """LaTeX with the symbols between dollar signs renamed."""
        return re.sub(r"(?<!\\)\$([^$]+)\$", lambda match: f"${self.notation.apply(match[1])}$", text)

    def cite(self, *keys: str) -> str:
        """References in square brackets, or nothing."""
        return rf"~\cite{{{','.join(keys)}}}" if self.cites and keys else ""


def escaped(text: str) -> str:
    """Plain text for LaTeX."""
    return "".join(_SPECIAL.get(c, c) for c in text)


__all__ = ["WIDTH", "Style", "escaped"]
