r"""Other names for the symbols of a paper: ``{"d": "n", "a": "w", "\\mathcal{L}": "F"}``.

A renaming goes through LaTeX symbol by symbol; words (``\text``), environments and isotypic components stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from symrelu.errors import BadInput
from symrelu.paper.widths import GREEK

_ALIASES = {
    "\\pi": "pi",
    "\\alpha": "alpha",
    "\\lambda": "lambda",
    "\\mathcal{L}": "loss",
    "\\mathcal{I}": "ones",
}
_SHOWN = {"d": "d", "W": "W", "a": "a", **{name: tex for tex, name in _ALIASES.items()}}
_WITH_SCRIPTS = ("a", "lambda", "alpha", "ones")  # what LaTeX writes indices to
_TAKEN = ("A", "S", "O", "t", "\\Delta", "\\theta", "\\beta", "\\psi", "\\varphi", "\\mathfrak{t}", "\\mathfrak{s}")
_BOUND = ("x", "y", "u", "v", "w", "e", "i", "j", "k", "m", "n", "p", "q", "r", "g", "s", "c", "N", "I", "V")
_FREE = "zhfbloGHMPQRTUXYZ"  # for those of them whose letter a paper needs
_LONGEST = 10_000
_GREEK_NAMES = "|".join(sorted(GREEK, key=len, reverse=True))
_SYMBOL = (
    rf"(?:[A-Za-z]|\\(?:{_GREEK_NAMES})|\\(?:mathcal|mathbb|mathbf|mathrm|mathsf|mathfrak|mathit)\{{[A-Za-z]{{1,12}}\}}"
    rf"|\\(?:hat|tilde|bar|boldsymbol)\{{(?:[A-Za-z]|\\(?:{_GREEK_NAMES}))\}})"
)
_VALUE = re.compile(rf"({_SYMBOL})(?:_(?:\{{([A-Za-z0-9]{{1,12}})\}}|([A-Za-z0-9])))?")
_ENTRY = re.compile(r"a_(?:\{(\d+)\}|(\d))")
_TOKEN = re.compile(
    r"\\begin\{array\}\{[^{}]*\}|\\(?:text|begin|end|mathfrak|mathrm|operatorname|label|includegraphics)\{[^{}]*\}"
    r"|\\mathcal\{[A-Za-z]\}|\\[A-Za-z]+|\\.|a_(?:\{\d+\}|\d)|[A-Za-z]|[^A-Za-z\\]+",
    re.DOTALL,
)
ADVICE = 'give a JSON object such as {"d": "n", "a_1": "x", "\\\\mathcal{L}": "F"}'


class Notation:
    """A renaming of symbols.

    Parameters: ``names``, from symbols (d, W, a, a_1, a_2, ..., pi, alpha, lambda, loss, ones, the last five also as
    they stand in LaTeX) to what stands for them: a letter, a Greek one, one in another alphabet, with an accent or an
    index. Letters that have a meaning of their own in the text around the formulas (the input x, the rows w_i, the
    number k of neurons, sizes n and m) make way for them. Raises BadInput for other symbols and names, and for two
    symbols of one name.
    """

    def __init__(self, names: Mapping[str, str] | None = None) -> None:
        self.names: dict[str, str] = {}
        for given, value in (names or {}).items():
            symbol = _canonical(given)
            if symbol in self.names:
                raise BadInput(f"the notation names {symbol} twice; give each symbol once")
            self.names[symbol] = _checked(symbol, given, value)
        self._check_different()
        used = {_base(tex) for tex in [*self.names.values(), *(x for s, x in _SHOWN.items() if s not in self.names)]}
        free = (letter for letter in _FREE if letter not in used)
        self.bound = {letter: next(free) for letter in _BOUND if letter in used}

    @classmethod
    def read(cls, path: str | Path) -> Notation:
        """The notation in a JSON file. Raises BadInput if it cannot be read or makes no sense."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
            raise BadInput(f"the notation {str(path)!r} cannot be read: {reason}; {ADVICE}") from None
        if len(text) > _LONGEST:
            raise BadInput(f"the notation {str(path)!r} has {len(text)} characters; at most {_LONGEST} are read")
        try:
            data = json.loads(text, object_pairs_hook=_object)
        except BadInput:
            raise
        except (ValueError, RecursionError):  # of numbers of thousands of digits, too
            raise BadInput(f"the notation {str(path)!r} is no JSON; {ADVICE}") from None
        if not isinstance(data, dict):
            raise BadInput(f"the notation {str(path)!r} is no object; {ADVICE}")
        return cls(data)

    def __bool__(self) -> bool:
        return bool(self.names)

    def apply(self, tex: str) -> str:
        """Mathematics in LaTeX with the symbols renamed."""
        if not self.names:
            return tex
        parts: list[str] = []
        for match in _TOKEN.finditer(tex):
            new = self._one(match[0])
            if parts and re.search(r"\\[A-Za-z]+$", parts[-1]) and new[:1].isalpha():
                parts.append(" ")
            parts.append(new)
        return "".join(parts)

    def _one(self, token: str) -> str:
        entry = _ENTRY.fullmatch(token)
        if entry:
            number = entry[1] or entry[2]
            whole = self.names.get(f"a_{number}")
            return whole or (f"{self.names['a']}_{{{number}}}" if "a" in self.names else token)
        return self.names.get(_ALIASES.get(token, token)) or self.bound.get(token, token)

    def word(self, symbol: str) -> str:
        """The name of d, a_1, ... in the text of a computer algebra system.

        Raises BadInput if that name is no plain word of letters and digits.
        """
        number = symbol[2:] if symbol.startswith("a_") else ""
        name = self.names.get(symbol) or (self.names["a"] + number if number and "a" in self.names else "")
        if not name:
            return symbol.replace("_", "")
        plain = re.sub(r"[_{}]", "", name)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", plain) or plain in ("D", "E", "I", "N", "C", "O", "K"):
            raise BadInput(
                f"the notation writes {symbol} as {name!r}, which is no name in an algebra system; give a small letter "
                "or a word there"
            )
        return plain

    def _check_different(self) -> None:
        shown: dict[str, str] = {}
        for symbol, tex in _SHOWN.items():
            shown[_plain(self.names.get(symbol, tex))] = symbol
        for symbol, value in self.names.items():
            plain = _plain(value)
            clash = shown.get(plain, symbol)
            for other in _WITH_SCRIPTS:
                index = re.fullmatch(re.escape(_plain(self.names.get(other, _SHOWN[other]))) + r"_(\w+)", plain)
                if index and f"a_{index[1]}" not in (self.names if other == "a" else {}):
                    clash = f"{other}_{index[1]}"
            if _base(value) in _TAKEN:
                clash = "something else in the formulas"
            if clash != symbol or [_plain(v) for v in self.names.values()].count(plain) > 1:
                others = [s for s, v in self.names.items() if s != symbol and _plain(v) == plain]
                clash = others[0] if others else clash
                raise BadInput(
                    f"the notation writes {symbol} as {value!r}, which stands for {clash}; give another name"
                )


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BadInput(f"the notation names {key} twice; give each symbol once")
        found[key] = value
    return found


def _canonical(given: str) -> str:
    symbol = _ALIASES.get(given, given)
    entry = _ENTRY.fullmatch(symbol) if isinstance(symbol, str) else None
    if entry:
        return f"a_{int(entry[1] or entry[2])}"
    if re.fullmatch(r"a_[1-9]\d{0,3}", symbol):
        return symbol
    if symbol not in _SHOWN:
        raise BadInput(
            f"the notation names {given[:40]!r}; the symbols to be renamed are d, W, a, a_1, a_2, ..., pi, alpha, "
            "lambda, loss (\\mathcal{L}), ones (\\mathcal{I})"
        )
    return symbol


def _checked(symbol: str, given: str, value: object) -> str:
    match = _VALUE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        shown = repr(value)
        raise BadInput(
            f"the notation writes {given} as {shown if len(shown) < 60 else shown[:57] + '...'}; give a letter, a "
            "Greek one, \\mathcal{F}, \\mathbf{w}, \\tilde{a} or the like, with an index if need be: n_{0}"
        )
    index = match[2] or match[3]
    if index and symbol in _WITH_SCRIPTS:
        raise BadInput(f"the notation writes {given} as {value!r}, but {given} has indices itself; give a letter alone")
    return match[1] + (f"_{{{index}}}" if index else "")


def _base(tex: str) -> str:
    """A symbol without its index."""
    return _plain(tex).partition("_")[0] if not tex.startswith("\\math") else tex.partition("_")[0]


def _plain(tex: str) -> str:
    """The same for LaTeX that reads the same."""
    return re.sub(r"[{}\s]", "", tex)


__all__ = ["Notation"]
