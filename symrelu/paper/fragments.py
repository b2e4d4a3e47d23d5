r"""The parts of a document about one family, as LaTeX without a preamble.

They need amsmath, amssymb, longtable and textcomp, and graphicx for figures. Each is complete in itself: it can be
``\input``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symrelu.catalogue import NAMED
from symrelu.exact import generators
from symrelu.exact.constants import TEXT_DIGITS
from symrelu.model.row_symmetry import Orbits
from symrelu.paper.breaking import aligned, broken, in_cell
from symrelu.paper.material import Material
from symrelu.paper.setting import moves, own_setting, unchanged
from symrelu.paper.style import Style, escaped
from symrelu.paper.widths import TEXT, formula_width
from symrelu.render.figures.spectrum import component_latex
from symrelu.spectrum.result import FamilySpectrum

NUMBER = 32.0  # what the number of an equation takes, with some space before it
CELL_GAP = 10.4  # of a matrix in block form
COLUMN_GAPS = 24.0  # of a table of three columns
HEADS = (52.0, 55.0)  # the widths of the words "component" and "multiplicity"
HEAD_STRUT = r"\rule[-4pt]{0pt}{14pt}"
KEPT = 4  # rows of a table that stay with its head
FIGURE_WIDTHS = (0.32, 1.0)

COMPONENTS = {
    "t": r"$\mathfrak{t}$ is the trivial representation",
    "s": r"$\mathfrak{s}_i$ the standard representation of the $i$-th symmetric group",
    "x": r"$\mathfrak{x}_i$ its exterior square",
    "y": r"$\mathfrak{y}_i$ its representation of the partition $(n-2,2)$",
}


def fragments(material: Material, style: Style, label: str, figures: Sequence[str] = ()) -> dict[str, str]:
    """The parts about a family by name: type, figures, series, spectrum-2, spectrum-1, thresholds, certificate.

    ``label``: before those of equations, eq:label:a_1. ``figures``: of the matrix and of the spectrum, names of files;
    none for no figures.
    """
    parts = {"type": isotropy_type(material, style)}
    if figures:
        parts["figures"] = figure_floats(material, style, figures)
    parts["series"] = formulas(material, style, label)
    found = {spectrum.layers: spectrum for spectrum in material.spectra}
    for layers in material.request.layers:
        name = f"spectrum-{layers}"
        parts[name] = (
            spectrum_table(material, found[layers], style)
            if layers in found
            else _absent("The spectrum of the Hessian is left out", material.missing[name])
        )
    if material.request.thresholds:
        parts["thresholds"] = threshold_table(material, style)
    parts["certificate"] = certificate_text(material, style)
    return {name: part.strip() + "\n" for name, part in parts.items()}


def isotropy_type(material: Material, style: Style) -> str:
    """The type: W in block form, the isotropy, the number of points."""
    series = material.series
    kernel = series.setting.kernel
    body, alpha = (style.notation.apply(x) for x in series.latex_point())
    matrix = _fitted(style.notation.apply("W(d) = "), body, style.width)
    second = style.notation.apply(r"\alpha(d) = ") + alpha
    before = rf"A family of critical points $(W(d), \alpha(d))$, $d \to \infty$, of isotropy ${series.actual.latex()}$"
    behind = r"""Here $A_n(x,y)$ is the $n$ by $n$ matrix with $x$ on its diagonal and $y$ elsewhere, and
$\mathcal{I}_{m,n}$ the $m$ by $n$ matrix of ones."""
    notes = " ".join(_sentence(note, style) for note in series.notes())
    said = [own_setting(series, style).strip(), style.write(behind), style.write(unchanged(kernel)), notes]
    told = "\n".join(filter(None, [*said, style.write(_count(material))]))
    return rf"""{style.write(before)}{style.cite(*_sources(material))}:
\begingroup\renewcommand{{\arraystretch}}{{1.3}}
\begin{{gather*}}
{matrix}, \\
{second}.
\end{{gather*}}
\endgroup
{told}
"""


_BLOCKS = re.compile(r"(.*?)(\\left\(\\begin\{array\}\{[c|]*\} (.*) \\end\{array\}\\right\))", re.DOTALL)


def _fitted(left: str, body: str, width: float) -> str:
    """A matrix in block form, with the factor before it on a line of its own, and smaller, where it is too wide."""
    match = _BLOCKS.fullmatch(body)
    if match is None:
        return left + body
    rows = [[formula_width(cell, TEXT) for cell in row.split(" & ")] for row in match[3].split(r" \\ \hline ")]
    wide = sum(map(max, zip(*rows, strict=True))) + CELL_GAP * len(rows[0]) + CELL_GAP
    if formula_width(left + match[1]) + wide <= width - CELL_GAP:
        return left + body
    shown = match[2] if wide <= width - CELL_GAP else rf"\resizebox{{{width - CELL_GAP:g}pt}}{{!}}{{${match[2]}$}}"
    return f"{left}{match[1]} \\\\\n{shown}" if match[1] else f"{left}{shown}"


def _sources(material: Material) -> tuple[str, ...]:
    """Where the family was described before, or else its notation was."""
    earlier = any(one.name == material.series.family and one.alias for one in NAMED)
    return ("ArjevaniField2020", "ArjevaniField2021") if earlier else ("ArjevaniField2021",)


def _count(material: Material) -> str:
    """How many points the family stands for."""
    series = material.series
    if series.multiplicity is None:
        return "How many critical points it stands for is not decided."
    if isinstance(series.multiplicity, Orbits):
        return "It stands for infinitely many critical points: rotations of the neurons leave the loss unchanged."
    return (
        f"It stands for ${series.multiplicity.latex()}$ distinct critical points, which {moves(series.setting.kernel)} "
        "that leave the loss unchanged carry into one another."
    )


def formulas(material: Material, style: Style, label: str) -> str:
    """Entries and loss as series, each with its error term, and the command that prints them."""
    series = material.series
    pairs = [(style.notation.apply(left), style.notation.apply(right)) for left, right in series.latex_formulas()]
    parts = [
        _display(pairs[:-1], [f"{label}:{name}" for name in series.entries], style),
        _display(pairs[-1:], [f"{label}:loss"], style),
    ]
    where = _definitions(generators.latex_lines([series.smallest_field]), style)
    if series.is_exact:
        exact = "Every coefficient is exact."
    else:
        exact = (
            f"The coefficients have no exact form here: they are printed to {TEXT_DIGITS} digits, from enclosures of "
            "the numbers that solve the equations at leading order."
        )
    constant = " Nothing is truncated in the entries." if series.is_closed_form else ""
    power = style.write(f"$d^{{{Fraction(-series.order, series.ramification)}}}$")
    proof = _prose(series.proof, style)
    meant = style.write(rf", where $t = d^{{-1/{series.ramification}}}$") if "t^" in proof else ""
    return f"""The entries and the loss have the expansions
{parts[0]}
and
{parts[1]}
{where}{exact}{constant} The series are right through {power}; proved by {proof}{meant}.
{_command(f"symrelu series {material.words} --order {series.order} --format latex")}
"""


def _display(pairs: Sequence[tuple[str, str]], labels: Sequence[str], style: Style) -> str:
    """Numbered formulas, aligned at their equality signs."""
    left = max(formula_width(x) for x, _ in pairs)
    room = style.width - left - formula_width("=") - 6 - NUMBER
    rows = [aligned(x, y, room, rf" \label{{eq:{name}}}") for (x, y), name in zip(pairs, labels, strict=True)]
    body = " \\\\\n".join(rows)
    return f"\\begin{{align}}\n{body}\n\\end{{align}}"


def _definitions(lines: Sequence[str], style: Style) -> str:
    """What the roots of polynomials are that stand in the formulas."""
    if not lines:
        return ""
    shown = []
    for line in lines:
        near, equation = line.split(r", \quad ")
        parts = broken(style.notation.apply(equation), style.width - NUMBER)
        poly = " \\\\\n".join([parts[0].tex, *(r"\quad{}" + part.tex for part in parts[1:])])
        shown.append(style.notation.apply(near) + r", \qquad\text{a root of}" + f" \\\\\n{poly}")
    body = " \\\\\n".join(shown)
    return f"where\n\\begin{{gather*}}\n{body}\n\\end{{gather*}}\n"


def spectrum_table(material: Material, spectrum: FamilySpectrum, style: Style) -> str:
    """Every eigenvalue of the Hessian with its multiplicity."""
    rows = [[style.notation.apply(cell) for cell in row] for row in spectrum.latex_rows()]
    names = max(HEADS[0], *(formula_width(row[0]) for row in rows))
    counts = max(HEADS[1], *(formula_width(row[2], TEXT) for row in rows))
    room = style.width - names - counts - COLUMN_GAPS
    lines: list[str] = []
    before = ""
    for name, value, multiplicity in rows:
        cell = "$0$ (exactly)" if value == "0" else in_cell(value, room)
        strut = r"\rule[-12pt]{0pt}{30pt}" if "frac" in cell + multiplicity else r"\rule[-5pt]{0pt}{15pt}"
        lines.append(
            rf"{f'${name}$' if name != before else ''} & {strut}{cell} & ${multiplicity}$ \\"
            + "*" * (len(lines) < KEPT)
        )
        before = name
    what = "both layers trained" if spectrum.layers == 2 else "the first layer trained, the second fixed at ones"
    zeros = _zeros(material, spectrum)
    where = _definitions(generators.latex_lines([e.series.field for e in spectrum.eigenvalues]), style)
    declared = "In this table\n" + where.removeprefix("where\n") if where else ""
    spectrum_group = style.notation.apply(spectrum.actual.isotropy.latex())
    kinds = dict.fromkeys(e.component.kind for e in spectrum.eigenvalues)
    explained = style.write(", ".join(COMPONENTS[kind] for kind in kinds if kind in COMPONENTS))
    body = "\n".join(lines)
    words = f"symrelu spectrum {material.words} --order {spectrum.order} --layers {spectrum.layers} --format latex"
    return rf"""The eigenvalues of the Hessian at the points of the family, {what}, by components of the isotypic
decomposition under ${spectrum_group}${style.cite("FultonHarris1991")}; {explained}.{zeros}
\begin{{longtable}}{{@{{}}lll@{{}}}}
\hline
{HEAD_STRUT}component & eigenvalue & multiplicity \\ \hline \endhead
\hline \endfoot
{body}
\end{{longtable}}
{declared}{_command(words)}
"""


def _zeros(material: Material, spectrum: FamilySpectrum) -> str:
    """Where the exact zeros of a table come from."""
    kernel = material.series.setting.kernel
    if not any(e.is_zero for e in spectrum.eigenvalues):
        return ""
    causes = [
        *(["rescaling of neurons"] if spectrum.layers == 2 and not kernel.second_layer_is_free else []),
        *(["rotations of neurons"] if kernel.rotations else []),
    ]
    return f" The exact zeros are directions of {' and '.join(causes)}." if causes else ""


def threshold_table(material: Material, style: Style) -> str:
    """Where eigenvalues change sign."""
    found = material.thresholds
    if found is None:
        return _absent("The changes of sign of its eigenvalues are left out", material.missing["thresholds"])
    digits = [line.split(" & ")[0] for line in found.latex().split("\n")[2:-1]]
    status = "proof" if found.complete else "numbers"
    lines = [
        rf"${d}$ & ${component_latex(t.component)}$ & ${_product(str(t.multiplicity))}$ & {t.below} & {status} \\"
        for d, t in zip(digits, found.thresholds, strict=True)
    ]
    down = _prose(f"d = {_number(found.followed_down_to)}: {found.stopped_because}", style)
    if found.proof is not None:
        end = _sentence(str(found.proof), style)[:-1] + style.cite("Johansson2017") + "."
    else:
        end = "These numbers are numerical; that no change of sign was missed is not proved."
    if lines:
        body = style.write("\n".join(lines))
        head = HEAD_STRUT + style.write(r"$d$ & component & multiplicity & for smaller $d$ & shown by \\ \hline")
        said = rf"""An eigenvalue of the Hessian (both layers trained) changes sign at
\begin{{center}}
\begin{{tabular}}{{lllll}}
\hline
{head}
{body}
\hline
\end{{tabular}}
\end{{center}}
"""
    else:
        said = "No eigenvalue of the Hessian (both layers trained) changes sign.\n"
    proof = "" if found.complete else " --numerical"
    for t in found.touching:
        name = component_latex(t.component)
        said += style.write(f"An eigenvalue of ${name}$ is zero without changing sign at $d = {_number(t.d)}$.") + "\n"
    return f"""{said}The family was followed down to {down}.
{end}
{_command(f"symrelu thresholds {material.words} --digits {found.digits}{proof} --format latex")}
"""


def certificate_text(material: Material, style: Style) -> str:
    """What is proved of the family for all d from some d on, and the remainders of the series."""
    proved = material.certificate
    if proved is None:
        what = "For no range of dimensions is it proved here what the family is"
        return _absent(what, material.missing["certificate"])
    if proved.verdict == "minimum":
        free = material.series.setting.kernel.second_layer_is_free
        kind = (
            f"a local minimum, every block of the Hessian being positive definite{'' if free else ' modulo rescaling'}"
        )
    elif proved.negative is not None:
        kind = f"a saddle with {proved.negative} negative directions"
    else:
        kind = "a saddle: " + _prose(proved.statement().partition("; ")[2], style)
    remainder = ""
    if proved.remainder is not None:
        bounds = [_powers_of_ten(line) for line in proved.latex().split(" \\\\\n")[1:]]
        body = " \\\\\n".join(style.notation.apply(x) for x in bounds)
        told = style.write(
            rf"For all $d \ge {proved.remainder.from_d}$, with the coefficients $a_{{i,k}}$ of the series,"
        )
        remainder = f" {told}\n\\begin{{gather*}}\n{body}\n\\end{{gather*}}"
    rests = f" The proof rests on: {_sentence(proved.rests_on, style)}" if proved.rests_on else ""
    order = f" --order {proved.remainder.order}" if proved.remainder is not None else ""
    keep = " -o certificate.json" if proved.checkable else ""
    where = style.write(rf"For every real $d \ge {proved.from_d}$ the family, followed from $d = \infty$,")
    return f"""{where} exists and is {kind}: proved in ball arithmetic{style.cite("Johansson2017")}.{rests}{remainder}
{_command(f"symrelu certify {material.words} --from-d {proved.from_d}{order}{keep}")}
"""


def figure_floats(material: Material, style: Style, figures: Sequence[str]) -> str:
    """The figures of the matrix and of the spectrum."""
    matrix = rf"A matrix fixed by ${material.series.asked.latex()}$: equal entries have one colour."
    spectrum = "Eigenvalues of the Hessian against $d$, and their multiplicities."
    floats = []
    for name in figures:
        is_matrix = name.endswith("-matrix.pdf")
        caption = style.write(matrix if is_matrix else spectrum)
        width = FIGURE_WIDTHS[0 if is_matrix else 1]
        floats.append(rf"""\begin{{figure}}[htbp]
\centering
\includegraphics[width={width}\linewidth]{{{name}}}
\caption{{{caption}}}
\end{{figure}}""")
    return "\n".join(floats)


def _absent(what: str, reason: str) -> str:
    return f"{what}: {escaped(reason).rstrip('.')}.\n"


def _command(words: str) -> str:
    tex = escaped(words).replace("-", "{-}")  # no dashes made of two hyphens
    return rf"\begin{{flushleft}}\small\ttfamily\hangindent=2em {tex}\end{{flushleft}}"


def _sentence(text: str, style: Style) -> str:
    text = _prose(text, style).strip().rstrip(".")
    return text[:1].upper() + text[1:] + "."


_MATH_IN_PROSE = re.compile(
    r"(?P<order>O\()?\b(?P<base>\w+)\*\*(?:\((?P<minus>-\d+)\)|(?P<power>-?\d+))(?(order)\))"
    r"|\bd (?P<sign>>=|=) (?P<value>[\d.]+\d(?:/\d+)?|\d)|\ba_(?P<entry>\d+)\b|\bd [-+] \d+|(?<=\bin )d\b"
    r"|\bd = infinity|\bDelta(?: S_(?:\w|\{[^{}]*\})|\([^()]*\))"
)


def _prose(text: str, style: Style) -> str:
    """A line that the library prints, with its powers and names of entries set as mathematics."""
    parts, place = [], 0
    for match in _MATH_IN_PROSE.finditer(text):
        parts.append(escaped(text[place : match.start()]))
        if match["base"]:
            tex = f"{match['base']}^{{{match['minus'] or match['power']}}}"
            tex = f"O({tex})" if match["order"] else tex
        elif match["sign"]:
            tex = f"d {chr(92) + 'ge' if match['sign'] == '>=' else '='} {match['value']}"
        elif match["entry"]:
            tex = f"a_{{{match['entry']}}}"
        else:
            tex = match[0].replace("Delta", r"\Delta").replace(" x ", r" \times ").replace("infinity", r"\infty")
        parts.append(style.write(f"${tex}$"))
        place = match.end()
    return "".join([*parts, escaped(text[place:])])


def _number(d: Any) -> str:
    text = str(d)
    return f"{float(Fraction(text)):.10g}" if "/" in text else text[:13]


def _product(text: str) -> str:
    """A multiplicity as the library prints it, in LaTeX: (d - 7)*(d - 8)/2."""
    above, _, below = text.partition("/")
    above = above.replace("*", " ").replace(" - ", "-").replace(" + ", "+")
    return rf"{above}/{below}" if below else above


def _powers_of_ten(tex: str) -> str:
    return re.sub(r"(\d)E\+?(-?\d+)", r"\1 \\cdot 10^{\2}", tex)


__all__ = ["fragments"]
