"""The formulas of families as text for Mathematica, Maple and Sage: exact functions of d.

>>> from symrelu.paper.cas import LANGUAGES, translated
>>> translated("-320/(3*pi**3*(pi - sqrt(2)))", LANGUAGES["mathematica"])
'-320/(3*Pi^3*(Pi - Sqrt[2]))'
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from symrelu import __version__
from symrelu.errors import SymreluError
from symrelu.exact import generators
from symrelu.exact.algebraic import AlgebraicField
from symrelu.exact.constants import BallField
from symrelu.exact.series import Series
from symrelu.paper.material import Progress, Request, command_words
from symrelu.paper.notation import Notation
from symrelu.results import FamilySeries

if TYPE_CHECKING:
    from symrelu.families import Family
    from symrelu.spectrum.result import FamilySpectrum

_TOKEN = re.compile(r"\*\*|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|[A-Za-z_]\w*|\s+|.", re.DOTALL)
ROOT_DIGITS = 40  # of roots that are written as numbers
GENERATORS = {"series": "theta", "spectrum-2": "thetaTwo", "spectrum-1": "thetaOne"}


@dataclass(frozen=True)
class Language:
    """How a computer algebra system writes things.

    comment: with {} for what is said. function: {name}, {d} and {body}. value: {name} and {body}. row: a list.
    names: of what the library calls pi, sqrt, factorial, binomial. brackets: of arguments. power: its sign.
    tick: what follows a decimal of so many digits, {}; exponent: before that of a decimal. root: of {poly} near {near},
    with {x} the unknown that the polynomial is written in; exact_roots: whether that is the root itself, not a number.
    """

    comment: str
    function: str
    value: str
    row: str
    names: Mapping[str, str]
    brackets: str
    power: str
    tick: str
    exponent: str
    root: str
    x: str
    exact_roots: bool = True


LANGUAGES = {
    "mathematica": Language(
        comment="(* {} *)",
        function="{name}[{d}_] := {body}",
        value="{name} = {body}",
        row="{{{}}}",
        names={"pi": "Pi", "sqrt": "Sqrt", "factorial": "Factorial", "binomial": "Binomial"},
        brackets="[]",
        power="^",
        tick="`{}",
        exponent="*^",
        root="Root[{{({poly})&, {near}}}]",
        x="#",
    ),
    "maple": Language(
        comment="# {}",
        function="{name} := {d} -> {body}:",
        value="{name} := {body}:",
        row="[{}]",
        names={"pi": "Pi", "sqrt": "sqrt", "factorial": "factorial", "binomial": "binomial"},
        brackets="()",
        power="^",
        tick="",
        exponent="e",
        root="RootOf({poly}, {near})",
        x="_Z",
    ),
    "sage": Language(
        comment="# {}",
        function="def {name}({d}): return {body}",
        value="{name} = {body}",
        row="[{}]",
        names={"pi": "pi", "sqrt": "sqrt", "factorial": "factorial", "binomial": "binomial"},
        brackets="()",
        power="**",
        tick="",
        exponent="e",
        root='RealField(140)("{near}")  # rounded; the root of {poly}',
        x="x",
        exact_roots=False,
    ),
}


def translated(text: str, language: Language, names: Mapping[str, str] | None = None) -> str:
    """A formula in the library's grammar (integers, decimals, + - * / **, parentheses, pi, functions) in a language.

    ``names``: other names for its variables.
    """
    parts: list[str] = []
    closing: list[str] = []
    called = False
    for match in _TOKEN.finditer(text):
        token, calls = match[0], False
        if token == "**":
            token = language.power
        elif token[0].isdigit():
            token = _number(token, language)
        elif token[0].isalpha():
            calls = token in language.names and token != "pi"
            token = (names or {}).get(token) or language.names.get(token, token)
        elif token == "(":
            closing.append(language.brackets[1] if called else ")")
            token = language.brackets[0] if called else "("
        elif token == ")":
            token = closing.pop()
        called = calls
        parts.append(token)
    return "".join(parts)


def _number(token: str, language: Language) -> str:
    digits, _, exponent = token.lower().partition("e")
    if "." in digits:
        digits += language.tick.format(sum(c.isdigit() for c in digits.lstrip("0.")))
    return digits + (language.exponent + exponent if exponent else "")


def series_of(x: Series, language: Language, d: str, names: Mapping[str, str], digits: int = 15) -> str:
    """The known part of a series as a function of d."""
    terms = []
    for i, c in enumerate(x.coefficients, x.valuation):
        if not c:
            continue
        field = x.field
        text = field.text(c, digits) if isinstance(field, BallField) else field.text(c)
        body = translated(text, language, names)
        power = "" if i == 0 else f"{d}{language.power}({Fraction(-i, x.ramification)})"
        terms.append(body if not power else f"({body})*{power}")
    total = terms[0] if terms else "0"
    return total + "".join(f" - {t[1:]}" if t.startswith("-") else f" + {t}" for t in terms[1:])


def text_of(
    families: Sequence[Family], form: str, request: Request, notation: Notation, progress: Progress | None = None
) -> str:
    """Entries, loss, multiplicity and eigenvalues of families as text of LANGUAGES[form].

    Names of several families begin with f1, f2, ... Raises BadInput for a notation that is no name there, NoFamily for
    a family that does not exist; a spectrum that cannot be computed is left out with the reason.
    """
    language = LANGUAGES[form]
    several = len(families) > 1
    lines: list[str] = []
    for number, family in enumerate(families, 1):
        prefix = f"f{number}" if several else ""
        words = f"symrelu paper {command_words(family.key)} --format {form} {_options(request)}"
        lines += [] if number == 1 else [""]
        lines += [
            language.comment.format(_plain(x))
            for x in (f"family {family.key.label()}", f"symrelu {__version__}: {words}", "error terms: d to infinity")
        ]
        lines += entry_lines(family.series(request.order, progress, request.digits), language, notation, prefix)
        for layers in request.layers:
            try:
                spectrum = family.spectrum(request.spectrum_order, layers, progress)
            except SymreluError as error:
                lines.append(language.comment.format(_plain(f"no spectrum for {layers} layers trained: {error}")))
                continue
            lines += eigenvalue_lines(spectrum, language, notation, prefix, several=len(request.layers) > 1)
    return "\n".join(lines)


def _options(request: Request) -> str:
    """The options that the text depends on, and the names of symbols do not."""
    layers = ",".join(map(str, request.layers))
    more = "" if request.digits == Request.digits else f" --digits {request.digits}"
    return f"--order {request.order} --spectrum-order {request.spectrum_order} --layers {layers}{more}"


def _plain(text: str) -> str:
    """Text that ends no comment."""
    return " ".join(text.replace("(*", "( *").replace("*)", "* )").split())


def entry_lines(series: FamilySeries, language: Language, notation: Notation, prefix: str) -> list[str]:
    """Entries, loss and multiplicity as functions; their names begin with ``prefix``."""
    d = notation.word("d")
    names, lines = declared_lines([series.smallest_field], language, prefix + GENERATORS["series"])
    values = [(notation.word(name), x) for name, x in series.entries.items()]
    for name, x in [*values, (notation.word("loss"), series.loss)]:
        body = series_of(x, language, d, names, series.digits or 15)
        lines.append(language.function.format(name=prefix + name, d=d, body=body))
        error = "exactly" if x.precision is None else f"+ O({d}^({Fraction(-x.precision, x.ramification)}))"
        lines[-1] += "  " + language.comment.format(error)
    if series.multiplicity is not None:
        body = translated(str(series.multiplicity), language, {"d": d})
        lines.append(language.function.format(name=f"{prefix}multiplicity", d=d, body=body))
    return lines


def eigenvalue_lines(
    spectrum: FamilySpectrum, language: Language, notation: Notation, prefix: str, several: bool
) -> list[str]:
    """All eigenvalues with their multiplicities as one function that gives a list."""
    d = notation.word("d")
    kind = f"spectrum-{spectrum.layers}"
    names, lines = declared_lines([e.series.field for e in spectrum.eigenvalues], language, prefix + GENERATORS[kind])
    rows = []
    for e in spectrum.eigenvalues:
        cells = [
            f'"{e.component.name}"',
            str(e.branch),
            translated(str(e.multiplicity), language, {"d": d}),
            series_of(e.series, language, d, names),
        ]
        rows.append(language.row.format(", ".join(cells)))
    error = f"O({d}^({Fraction(-spectrum.order - 1, spectrum.ramification)}))"
    trained = "both layers trained" if spectrum.layers == 2 else "the first layer trained"
    told = f"{trained}: component, number, multiplicity, eigenvalue + {error} (0 exactly)"
    name = f"{prefix}eigenvalues" + (str(spectrum.layers) if several else "")
    body = language.row.format(", ".join(rows))
    return [*lines, language.comment.format(told), language.function.format(name=name, d=d, body=body)]


def declared_lines(fields: Sequence[object], language: Language, stem: str) -> tuple[dict[str, str], list[str]]:
    """Names for the generators of the fields, and the lines that define them."""
    names: dict[str, str] = {}
    lines: list[str] = []
    found: list[AlgebraicField] = generators.declared(fields)  # type: ignore[arg-type]
    for number, field in enumerate(found, 1):
        name = f"{stem}{number}"
        poly = translated(field.polynomial_text(), language, {**names, field.generator: language.x})
        near = generators.ball_json(field)["mid"] if language.exact_roots else rounded(field)
        body = language.root.format(poly=poly, near=_number(near, language) if language.tick else near)
        lines.append(language.value.format(name=name, body=body))
        names[field.generator] = name
    return names, lines


def rounded(field: AlgebraicField) -> str:
    """The generator to ROOT_DIGITS digits."""
    return field.root_ball(8 * ROOT_DIGITS).mid().str(ROOT_DIGITS, radius=False)


__all__ = [
    "LANGUAGES",
    "Language",
    "declared_lines",
    "eigenvalue_lines",
    "entry_lines",
    "series_of",
    "text_of",
    "translated",
]
