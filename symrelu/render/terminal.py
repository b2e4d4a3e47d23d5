"""Answers for people at a terminal: the text of a command with Unicode formulas, folded to a width, in colour.

Every command prints plain ASCII text, which pipes and files get unchanged. Here that text is read again, line by line:
what the exact-number grammar (:mod:`symrelu.exact.parse`) can read is a formula and written anew, with superscripts,
roots, and powers of t as powers of d where the text says what t is; lines ``name = formula`` are aligned on their =,
and columns of tables again; what is too long goes on below, indented. What cannot be read stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from symrelu.errors import BadInput
from symrelu.exact.parse import parse

NARROWEST = 40
NO_BREAK = "\u00a0"
MOST_RECORDS = 13  # rows of a table that is shown row by row
_SUPERSCRIPTS = str.maketrans("0123456789-/", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁄")
_SUBSCRIPTS = str.maketrans("0123456789o", "₀₁₂₃₄₅₆₇₈₉ₒ")
_COMPONENT = re.compile(r"[stxy]\d*(?:\*[stxy]\d*)*")
_HALVES = {"1/2": "½", "1/4": "¼", "3/4": "¾"}
_GREEK = {
    "pi": "π",
    "alpha": "α",
    "beta": "β",
    "nu": "ν",
    "theta": "θ",
    "lambda": "λ",
    "kappa": "κ",
    "Delta": "Δ",
    "eps": "ε",
}
_GREEK |= {"phi": "φ", "sigma": "σ"}
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


# -- formulas ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Written:
    """A formula as text, with how tightly it binds; ``number``: the number it is, if it is one."""

    text: str
    tightness: int
    number: Fraction | None = None
    base: str = ""  # of t: the name of a power of which the exponent is multiplied
    exponent: Fraction = Fraction(1)

    def within(self, tightness: int) -> str:
        return self.text if self.tightness >= tightness else f"({self.text})"

    def __add__(self, other: _Written) -> _Written:
        if other.text.startswith("−"):
            return _Written(f"{self.text} − {other.text[1:]}", _SUM)
        return _Written(f"{self.text} + {other.text}", _SUM)

    def __sub__(self, other: _Written) -> _Written:
        return _Written(f"{self.text} − {other.within(_PRODUCT)}", _SUM)

    def __neg__(self) -> _Written:
        return _Written(f"−{self.within(_PRODUCT)}", _PRODUCT)

    def __mul__(self, other: _Written) -> _Written:
        left, right = self.within(_PRODUCT), other.within(_POWER)
        if "/" in _outside(left):  # 4/π·d⁻¹: without the dot, what follows would seem to be below the line
            return _Written(f"{left}·{right}", _PRODUCT)
        touching = right[0].isnumeric() or (left[-1].isalpha() and right[0].isalpha())
        return _Written(f"{left}{'·' if touching else ''}{right}", _PRODUCT)

    def __truediv__(self, other: _Written) -> _Written:
        left = self.within(_PRODUCT)
        simple = _HALVES.get(f"{left}/{other.text}")
        if simple:
            return _Written(simple, _ATOM)
        return _Written(f"{left}/{other.within(_POWER)}", _PRODUCT)

    def __pow__(self, exponent: Fraction | int) -> _Written:
        if self.base:
            return _power_of(self.base, self.exponent * exponent)
        return _Written(f"{self.within(_ATOM)}{_raised(Fraction(exponent))}", _POWER)


def _raised(exponent: Fraction) -> str:
    return "" if exponent == 1 else str(exponent).translate(_SUPERSCRIPTS)


def _power_of(base: str, exponent: Fraction) -> _Written:
    return _Written(f"{base}{_raised(exponent)}", _ATOM if exponent == 1 else _POWER, None, base, exponent)


def _outside(text: str) -> str:
    """The text without what stands in parentheses."""
    while (shorter := re.sub(r"\([^()]*\)", "", text)) != text:
        text = shorter
    return text


def _root(x: _Written) -> _Written:
    return _Written(f"√{x.text}" if x.text.isdigit() or x.text == "π" else f"√({x.text})", _ATOM)


def _factorial(x: _Written) -> _Written:
    return _Written(f"{x.within(_ATOM)}!", _ATOM)


_FRACTIONAL = re.compile(r"power_(\w)_(m?\d+)_(\d+)")  # the grammar has no exponents that are fractions


class _Names(Mapping[str, _Written]):
    """Every name is a symbol; t is a power of d if ``ramification`` says which."""

    def __init__(self, ramification: int | None) -> None:
        self.ramification = ramification

    def __getitem__(self, name: str) -> _Written:
        if power := _FRACTIONAL.fullmatch(name):
            return self[power[1]] ** Fraction(int(power[2].replace("m", "-")), int(power[3]))
        if power := re.fullmatch(r"power_(\d+)_to_d", name):
            return _Written(f"{power[1]}ᵈ", _POWER)
        if name == "t" and self.ramification:
            return _power_of("d", Fraction(-1, self.ramification))
        return _Written(symbol(name), _ATOM)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (len(name) <= 2 or "_" in name or name in _GREEK)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def symbol(name: str) -> str:
    """A name with its Greek letters and subscripts: a_1 as a₁, beta_1_2 as β₁,₂, pi as π."""
    head, *indices = name.split("_")
    if any(not re.fullmatch(r"\d+o?", index) for index in indices):
        return name
    return _GREEK.get(head, head) + ",".join(index.translate(_SUBSCRIPTS) for index in indices)


_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "sqrt": _root,
    "factorial": _factorial,
    "O": lambda x: _Written(f"O({x.text})", _ATOM),
    "sin": lambda x: _Written(f"sin({x.text})", _ATOM),
    "acos": lambda x: _Written(f"arccos({x.text})", _ATOM),
    "cos": lambda x: _Written(f"cos({x.text})", _ATOM),
}


def formula(text: str, ramification: int | None = None) -> str | None:
    """A formula of the exact-number grammar in Unicode, t as d**(-1/ramification); None if it is no formula.

    Decimals and single whole numbers are no formulas: they stay as they are.
    """
    if not re.search(r"[-+*/(]|\bpi\b", text) or not re.search(r"[a-zA-Z/]", text) or re.search(r"\d\.|\d[eE]", text):
        return None
    if _COMPONENT.fullmatch(text):  # the name of an isotypic component
        return None
    text = re.sub(r"\b(\w)\*\*\((-?\d+)/(\d+)\)", lambda m: f"power_{m[1]}_{m[2].replace('-', 'm')}_{m[3]}", text)
    text = re.sub(r"\*\*\((-?\d+)\)", r"**\1", text)
    text = re.sub(r"\b(\d+)\*\*d\b", r"power_\1_to_d", text)
    try:
        value = parse(text, _Names(ramification), lambda x: _Written(str(x), _ATOM, x), _FUNCTIONS)
    except BadInput:
        return None
    return value.text if isinstance(value, _Written) else None


# -- lines -------------------------------------------------------------------------------------------------------------

_EQUATION = re.compile(r"(\s*)([A-Za-z]\w*(?: \([^)]*\))?)(\s+)= (.*)")
_T = re.compile(r"\bt = d\*\*\(-1/(\d+)\)")
_PROSE = ((r"\bDelta(?= S_|\(S_)", "Δ"), (r" x (?=S_)", " × "), (r"(?<=S)_(\d+)\b(?!\w)", None))


def pretty(text: str, width: int, ramification: int | None = None) -> str:
    """A command's text for people: formulas in Unicode, aligned, lines folded to ``width`` (40 at least).

    t is written as d**(-1/r) with the r that the text itself names ("t = d**(-1/r)"), or with ``ramification``; where
    neither says it, it stays t.
    """
    said = _T.search(text)
    ramification = int(said[1]) if said else ramification
    width = max(width, NARROWEST)
    lines: list[str] = []
    for blank, run in groupby(text.splitlines(), lambda line: not line.strip()):
        block = list(run)
        lines += [""] * len(block) if blank else _block(block, ramification, width)
    return "\n".join(lines).replace(NO_BREAK, " ")


def _block(lines: list[str], ramification: int | None, width: int) -> list[str]:
    """Lines without a blank one between them: runs of equations, of rows of a table, of words."""
    result: list[str] = []
    for kind, run in groupby(lines, _kind):
        members = list(run)
        if kind == "equation":
            result += _equations(members, ramification, width)
        elif kind == "row":
            for table in _tables(members):
                rows = table if len(table) > 1 else []
                result += _table(rows, ramification, width) if rows else _words(table[0], ramification, width)
        else:
            result += [part for line in members for part in _words(line, ramification, width)]
    return result


def _kind(line: str) -> str:
    if _EQUATION.fullmatch(line) and not _VERDICT.match(line):
        return "equation"
    return "row" if re.search(r"\S {2,}\S", line) and not _VERDICT.match(line) else "words"


def _equations(lines: list[str], ramification: int | None, width: int) -> list[str]:
    parts = [match for line in lines if (match := _EQUATION.fullmatch(line))]
    names = [match[1] + symbol(match[2]) for match in parts]
    left = max(map(len, names))
    result = []
    for name, match in zip(names, parts, strict=True):
        alone = match[4] == "t"  # elsewhere the name of a component
        body = _Names(ramification)["t"].text if alone else _cell(match[4], ramification)
        result += folded(f"{name:<{left}} = ", body, width)
    return result


def _tables(lines: list[str]) -> list[list[str]]:
    """Rows one below the other are one table until a line begins further left, other than with a mark."""
    tables: list[list[str]] = []
    for line in lines:
        if not tables or (_indent(line) < _indent(tables[-1][0]) and line.lstrip()[:2] not in ("* ", "= ")):
            tables.append([])
        tables[-1].append(line)
    return tables


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _table(lines: list[str], ramification: int | None, width: int) -> list[str]:
    """Rows whose columns are apart by at least two blanks, at the same places in all lines."""
    starts = _starts(lines)
    if len(starts) < max(2, len(_starts(lines[1:]))):  # the first line is a heading
        first = _words(lines[0], ramification, width)
        return first + (_table(lines[1:], ramification, width) if len(lines) > 1 else [])
    longest = max(map(len, lines))
    padded = [line.ljust(longest) for line in lines]
    ends = [*starts[1:], longest]
    rows = [[line[a:b].strip() for a, b in zip(starts, ends, strict=True)] for line in padded]
    cells = [[_cell(cell, ramification) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(starts))]
    numbers = [any(re.search(r"\d\.\d|\d%", row[i]) for row in cells) for i in range(len(starts))]
    if _far_too_wide(widths, width) and len(cells) <= MOST_RECORDS and _is_head(cells[0]):
        return _records(cells, width)
    _narrow(widths, numbers, width - starts[0])
    result = []
    for row in cells:
        head = " " * starts[0] + "".join(f"{_cut(x, w):<{w}}  " for x, w in zip(row[:-1], widths[:-1], strict=True))
        result += folded(head, row[-1], width)
    return [line.rstrip() for line in result]


def _starts(lines: list[str]) -> list[int]:
    """Where the columns of a table begin: after two places that are blank in all lines."""
    longest = max(map(len, lines), default=0)
    blank = [all(line[i : i + 1] in ("", " ") for line in lines) for i in range(longest)]
    first = [i for i in range(longest) if not blank[i]][:1] if len(lines) > 1 else []
    return first + [i for i in range(2, longest) if not blank[i] and blank[i - 1] and blank[i - 2] and i not in first]


def _cell(text: str, ramification: int | None) -> str:
    """A cell; a mark (*) before it stays, and so do words after two blanks."""
    if text.startswith(("* ", "= ")):
        return f"{text[:2]}{_cell(text[2:], ramification)}"
    if equation := _EQUATION.fullmatch(text):
        return f"{symbol(equation[2])} = {_cell(equation[4], ramification)}"
    return formula(text, ramification) or prose(text)


def _far_too_wide(widths: list[int], width: int) -> bool:
    return sum(widths[:-1]) + 2 * (len(widths) - 1) + min(widths[-1], width // 3) > width * 9 // 8


def _is_head(row: list[str]) -> bool:
    return sum(bool(re.search(r"[a-z]{3}", cell)) for cell in row) * 2 >= len(row)


def _records(cells: list[list[str]], width: int) -> list[str]:
    """The rows of a table one below the other, each as lines of a column's name and what stands in it."""
    head, *rows = cells
    left = max(map(len, head))
    result = []
    for row in rows:
        for name, cell in zip(head, row, strict=True):
            result += folded(f"{name:<{left}}  ", cell, width) if cell else []
        result.append("─" * left)
    return [line.rstrip() for line in result[:-1]]


def _narrow(widths: list[int], numbers: list[bool], room: int) -> None:
    """Where a table is too wide, columns of words but the last give way, the widest first; digits are never cut."""
    last = min(widths[-1], room // 3)
    while sum(widths[:-1]) + 2 * (len(widths) - 1) + last > room:
        words = [i for i in range(len(widths) - 1) if not numbers[i] and widths[i] > 6]
        if not words:
            return
        widths[max(words, key=lambda i: widths[i])] -= 1


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _words(line: str, ramification: int | None, width: int) -> list[str]:
    """A line of words, or of a label and what belongs to it."""
    if part := _PART.fullmatch(line):
        shared, count, power = (formula(x, ramification) or x for x in part.groups())
        meets = _unbroken(f"multiplicity {count}") + (": part at " if "part at" in line else ": equal through ") + power
        return folded("", f"{shared}   {meets}", width)
    match = _VERDICT.match(line) or re.match(r"(\s*(?:\S+(?: \S+){0,2} {2,}|found: |- )?)(.*)", line)
    assert match is not None
    head, body = match[1], match[2]
    return folded(prose(head), _cell(body, ramification), width)


_PART = re.compile(r"(\S.*?) {3}multiplicity (.*): (?:part at|equal through) (t\*\*-?\d+)")


def _unbroken(text: str) -> str:
    return text.replace(" ", NO_BREAK)


_NAMED = re.compile(r"(?<![\w.])(?<!--)(?<!\w-)(?:pi|alpha|kappa|lambda|theta|eps|phi|sigma)(?![\w-])")


def prose(text: str) -> str:
    """Words with what can be told to be mathematics in them: pi, powers, groups."""
    text = re.sub(r"(multiplicity |, order )(\S.*)$", lambda m: _unbroken(m[1] + (formula(m[2]) or m[2])), text)
    text = _NAMED.sub(lambda m: _GREEK[m[0]], text)
    text = re.sub(r"\*\*(?:\((-?\d+(?:/\d+)?)\)|(-?\d+)\b)", lambda m: _raised(Fraction(m[1] or m[2])), text)
    text = re.sub(r"(?<![\w.-])a_(\d+)\b(?!=)", lambda m: symbol(m[0]), text)
    text = text.replace(" <= ", " ≤ ").replace(" >= ", " ≥ ").replace("QQ(", "ℚ(").replace("sqrt(", "√(")
    text = re.sub(r"\bfactorial\((\w|[^()]*)\)", lambda m: f"{m[1]}!" if len(m[1]) == 1 else f"({m[1]})!", text)
    text = re.sub(r"(?<=\d)\*(?=[(π√])|(?<=\b\d)\*(?=[a-z])", "", text)
    text = re.sub(
        rf"\b{_COMPONENT.pattern}\b|(?<=[\w)²³⁴-⁹])\*(?=[\w(√])", lambda m: m[0] if m[0] != "*" else "·", text
    )
    for pattern, new in _PROSE:
        text = re.sub(pattern, new if new is not None else (lambda m: m[1].translate(_SUBSCRIPTS)), text)
    return text


def folded(head: str, body: str, width: int) -> list[str]:
    """Lines of at most ``width``: the body after the head, going on below where it began; terms are kept together."""
    indent = len(head) if len(head) <= width * 2 // 3 else 4
    lines, line = [], head
    for piece in _pieces(body, width - indent):
        started = line.strip() and line != " " * indent and line != head
        if started and len(line) + len(piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = " " * indent
        line += piece
    return [*lines, line.rstrip()]


def _pieces(body: str, room: int) -> list[str]:
    """Where a line may end: before a + or − outside of parentheses; between words; inside of parentheses if it must."""
    pieces, depth, start = [], 0, 0
    formula_like = " + " in body or " − " in body
    formula_like = formula_like and not re.search(r"[a-z]{2,},? [a-z]{2,}|[.:] ", body)
    for i, character in enumerate(body):
        depth += (character in "([{") - (character in ")]}")
        if character == " " and (not formula_like or (depth == 0 and body[i + 1 : i + 2] in "+−")):
            pieces.append(body[start : i + 1])
            start = i + 1
    pieces.append(body[start:])
    return [part for piece in pieces for part in (_split(piece) if len(piece) > room else [piece])]


def _split(piece: str) -> list[str]:
    return re.findall(r".*? (?=[+−])|.+", piece) if re.search(r" [+−]", piece) else re.findall(r"\S+\s*", piece)


# -- colour ------------------------------------------------------------------------------------------------------------

_VERDICT = re.compile(r"((?:confirmed|refuted|undecided|open|empirical) {2,}\S+ +)(.*)")
_COLOURS: dict[str, dict[str, Any]] = {
    "confirmed": {"fg": "green"},
    "refuted": {"fg": "red"},
    "undecided": {"fg": "yellow", "bold": True},
    "open": {"dim": True},
    "empirical": {"fg": "cyan"},
}


def coloured(text: str) -> str:
    """Verdicts at the beginning of their lines in their colours: green, red, and dim for what is open."""
    import click

    def colour(match: re.Match[str]) -> str:
        return click.style(match[1], **_COLOURS[match[1]]) + match[2]

    return re.sub(rf"^({'|'.join(_COLOURS)})(?= )(.*)", colour, text, flags=re.MULTILINE)
