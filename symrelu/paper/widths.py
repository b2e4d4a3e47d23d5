"""How wide formulas are: LaTeX as the library prints it, read into boxes whose widths are those of Computer Modern.

Widths are in points at a type size of 10 pt, after the rules of TeX (The TeXbook, chapters 17, 18, appendix G): styles
for scripts and fractions, and the spaces between classes of symbols.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

DISPLAY, TEXT, SCRIPT, SMALLEST = range(4)
SIZES = (1.0, 1.0, 0.797, 0.68)  # of a digit in fonts of 10, 10, 7 and 5 pt, of that in 10 pt
THIN, MEDIUM, THICK = 1.67, 2.22, 2.78
DIGIT = 5.0

# cmmi10, cmr10, cmsy10: widths of characters, the italic correction included
_LETTERS = dict(
    zip(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (
            *(5.29, 4.29, 4.33, 5.2, 4.66, 5.98, 5.13, 5.76, 3.45, 4.69, 5.52, 3.18, 8.78),
            *(6.0, 4.85, 5.03, 4.82, 4.79, 4.69, 3.61, 5.72, 5.21, 7.43, 5.72, 5.26, 5.09),
            *(7.5, 8.09, 7.87, 8.56, 7.96, 7.82, 7.86, 9.12, 5.18, 6.51, 9.21, 6.81, 10.79),
            *(9.12, 7.91, 7.81, 7.91, 7.67, 6.71, 7.23, 7.92, 8.05, 10.83, 9.06, 8.03, 7.55),
        ),
        strict=True,
    )
)
_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi
omega varepsilon vartheta varpi varrho varsigma varphi Gamma Delta Theta Lambda Xi Pi Sigma ell Upsilon Phi
Psi Omega hbar infty partial
"""
GREEK = dict(
    zip(
        _NAMES.split(),
        (
            *(6.4, 6.19, 6.12, 4.82, 4.06, 5.12, 5.33, 4.97, 3.54, 5.76, 5.83, 6.03, 5.58),
            *(4.84, 6.06, 5.17, 6.07, 5.5, 5.76, 5.96, 6.26, 6.87, 6.22, 4.66, 5.91, 8.56),
            *(5.17, 4.43, 6.54, 7.64, 8.33, 7.91, 6.94, 8.18, 9.12, 8.38, 4.17, 6.97, 6.67),
            *(7.22, 7.72, 5.76, 10.0, 5.87),
        ),
        strict=True,
    )
)
_BINARY = {"+": 7.78, "-": 7.78, "cdot": 2.78, "times": 7.78, "boxtimes": 7.78, "pm": 7.78, "ast": 5.0}
_RELATIONS = {"=": 7.78, "<": 7.78, ">": 7.78, "le": 7.78, "ge": 7.78, "leq": 7.78, "geq": 7.78, "approx": 7.78}
_DELIMITERS = {"(": 3.89, ")": 3.89, "[": 2.78, "]": 2.78, "|": 2.78, "{": 5.0, "}": 5.0}
_TALL = {3.89: (3.89, 4.58, 5.97, 7.36), 2.78: (2.78, 4.17, 4.72, 5.28), 5.0: (5.0, 5.83, 6.67, 7.5)}
_SPACES = {",": THIN, ":": MEDIUM, ";": THICK, "quad": 10.0, "qquad": 20.0, " ": 3.33, "!": -THIN}
_BIG = ("bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr")
_WORDS = ("mathrm", "operatorname", "mathfrak", "mathcal", "mathbb", "mathbf", "mathsf", "mathit")

_TOKEN = re.compile(r"\\text\{[^{}]*\}|\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|\S", re.DOTALL)


@dataclass(frozen=True)
class Box:
    """A piece of a formula.

    tex: what it is in LaTeX. kind: "ord", "bin", "rel", "open", "close", "punct", "inner", "space". width: of a symbol,
    at 10 pt. above, below: of a fraction. body: of brackets (delimiters ``left`` and ``right``) or of a root. scripts:
    what stands as sub- and superscript.
    """

    tex: str
    kind: str = "ord"
    width: float = 0.0
    above: tuple[Box, ...] = ()
    below: tuple[Box, ...] = ()
    body: tuple[Box, ...] = ()
    left: str = ""
    right: str = ""
    scripts: tuple[tuple[Box, ...], ...] = field(default=())

    @property
    def is_fraction(self) -> bool:
        """Whether this is a fraction."""
        return bool(self.below)

    @property
    def is_bracket(self) -> bool:
        """Whether this is a pair of brackets with something inside, and no exponent."""
        return bool(self.left) and not self.scripts


def boxes(tex: str) -> tuple[Box, ...]:
    """A formula as boxes; their ``tex``, joined by spaces, is the formula again."""
    return _Reader(tex).row()


def tex_of(row: Sequence[Box]) -> str:
    """Boxes as LaTeX."""
    return " ".join(box.tex for box in row)


def _tight(row: Sequence[Box]) -> str:
    """The same without spaces that LaTeX does not need."""
    return re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", tex_of(row))


def formula_width(tex: str, style: int = DISPLAY) -> float:
    """The width of a formula in points at 10 pt."""
    return row_width(boxes(tex), style)


def row_width(row: Sequence[Box], style: int = DISPLAY) -> float:
    """The width of boxes side by side."""
    total, before = 0.0, ""
    for i, box in enumerate(row):
        kind = box.kind
        if kind == "bin" and (before in ("", "bin", "rel", "open", "punct") or i == len(row) - 1):
            kind = "ord"
        total += _between(before, kind, style) + box_width(box, style)
        before = before if kind == "space" else kind
    return total


def _between(before: str, after: str, style: int) -> float:
    """The space that TeX puts between two classes."""
    if not before or after == "space":
        return 0.0
    if "inner" in (before, after) and not {"rel", "bin", "open", "close"} & {before, after}:
        return THIN if style < SCRIPT else 0.0
    if (before, after) in (("close", "inner"), ("inner", "open")):
        return THIN if style < SCRIPT else 0.0
    if style >= SCRIPT:
        return 0.0
    if "bin" in (before, after):
        return MEDIUM
    if "rel" in (before, after):
        return 0.0 if before == after else THICK
    return THIN if before == "punct" else 0.0


@cache
def box_width(box: Box, style: int = DISPLAY) -> float:
    """The width of one box."""
    inner = min(style + 1, SMALLEST)
    if box.is_fraction:
        width = max(row_width(box.above, inner), row_width(box.below, inner)) + 2.4
    elif box.left:
        sides = [
            _TALL.get(_DELIMITERS.get(d, 0.0), (0.0,) * 4)[_height(box.body, style)] for d in (box.left, box.right)
        ]
        width = row_width(box.body, style) + sum(sides) * SIZES[style]
    elif box.body:
        width = row_width(box.body, style) + 8.33 * SIZES[style]
    else:
        width = box.width * SIZES[style]
    script = max(style + 1, SCRIPT) if style < SMALLEST else SMALLEST
    if box.scripts:
        width += max(row_width(s, script) for s in box.scripts) + 0.5
    return width


def _height(row: Sequence[Box], style: int) -> int:
    """How tall brackets around these boxes are: 0 to 3."""
    tallest = 0
    for box in row:
        if box.is_fraction:
            tallest = max(tallest, 3 if style == DISPLAY else 2)
        elif box.left:
            tallest = max(tallest, _height(box.body, style))
        elif box.scripts and style == DISPLAY:
            tallest = max(tallest, 1 if len(box.scripts[0]) > 1 else 0)
    return tallest


class _Reader:
    """Reads LaTeX of formulas, as SymPy and this library print them."""

    def __init__(self, tex: str) -> None:
        self.tokens = [m[0] for m in _TOKEN.finditer(tex)]
        self.place = 0

    def row(self, *ends: str) -> tuple[Box, ...]:
        found: list[Box] = []
        while self.place < len(self.tokens) and self.tokens[self.place] not in ends:
            token = self.tokens[self.place]
            if token in "^_" and found:
                self.place += 1
                script = self._group()
                base = found.pop()
                text = f"{base.tex}{token}{{{_tight(script)}}}"
                found.append(_with(base, text, (*base.scripts, script)))
            else:
                found.append(self._box())
        return tuple(found)

    def _take(self) -> str:
        token = self.tokens[self.place] if self.place < len(self.tokens) else ""
        self.place += 1
        return token

    def _group(self) -> tuple[Box, ...]:
        """What stands in braces, or one symbol."""
        if self.place < len(self.tokens) and self.tokens[self.place] == "{":
            self.place += 1
            row = self.row("}")
            self.place += 1
            return row
        return (self._box(),)

    def _box(self) -> Box:
        token = self._take()
        name = token[1:] if token.startswith("\\") else token
        if token == "{":
            self.place -= 1
            row = self._group()
            return Box(f"{{{tex_of(row)}}}", width=row_width(row))
        if token in ("\\frac", "\\dfrac", "\\tfrac"):
            above, below = self._group(), self._group()
            return Box(rf"{token}{{{tex_of(above)}}}{{{tex_of(below)}}}", "inner", above=above, below=below)
        if token == "\\binom":
            above, below = self._group(), self._group()
            wide = max(row_width(above, TEXT), row_width(below, TEXT)) + 15
            return Box(rf"\binom{{{tex_of(above)}}}{{{tex_of(below)}}}", width=wide)
        if token == "\\left":
            left = self._take()
            body = self.row("\\right")
            self.place += 1
            right = self._take()
            return Box(rf"\left{left} {tex_of(body)} \right{right}", "inner", body=body, left=left, right=right)
        if token == "\\sqrt":
            body = self._group()
            return Box(rf"\sqrt{{{tex_of(body)}}}", body=body)
        if name in _BIG and self.place < len(self.tokens):
            delimiter = self._take()
            width = _TALL[_DELIMITERS.get(delimiter, 3.89)][_BIG.index(name) // 2 + 1]
            return Box(f"{token}{delimiter}", "open" if name.endswith("l") else "close", width)
        if name in _WORDS:
            row = self._group()
            return Box(rf"{token}{{{tex_of(row)}}}", width=row_width(row) * 1.1)
        return _symbol(token, name)


def _symbol(token: str, name: str) -> Box:
    if token in _BINARY or (token != name and name in _BINARY):
        return Box(token, "bin", _BINARY[name])
    if token in _RELATIONS or (token != name and name in _RELATIONS):
        return Box(token, "rel", _RELATIONS[name])
    if token != name and name in _SPACES:
        return Box(token, "space", _SPACES[name])
    if token in _DELIMITERS:
        return Box(token, "open" if token in "([" else "close" if token in ")]" else "ord", _DELIMITERS[token])
    if token in (",", ";"):
        return Box(token, "punct", 2.78)
    if token in (".", "!", ":"):
        return Box(token, "ord", 2.78)
    if token == "/":
        return Box(token, "ord", 5.0)
    if token[0].isdigit():
        return Box(token, "ord", DIGIT * sum(c.isdigit() for c in token) + 2.78 * token.count("."))
    if name.startswith("text{"):
        return Box(token, "ord", sum(_LETTERS.get(c, DIGIT) for c in name[5:-1]))
    if name in ("dots", "ldots", "cdots"):
        return Box(token, "inner", 11.67)
    return Box(token, "ord", _LETTERS.get(token, DIGIT) if token == name else GREEK.get(name, 7.78))


def _with(base: Box, tex: str, scripts: tuple[tuple[Box, ...], ...]) -> Box:
    return Box(tex, base.kind, base.width, base.above, base.below, base.body, base.left, base.right, scripts)
