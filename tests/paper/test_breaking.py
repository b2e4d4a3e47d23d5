"""Long formulas over several lines: nothing is lost, nothing is too wide, and TeX agrees about widths."""

import re
from collections.abc import Callable

import pytest
import sympy

import symrelu
from symrelu.paper.breaking import aligned, broken, in_cell
from symrelu.paper.fragments import _fitted
from symrelu.paper.widths import boxes, formula_width, tex_of

Known = Callable[[str], symrelu.Family]

FORMULAS = (
    r"a_{1}",
    r"\mathcal{L}(W(d), \alpha(d))",
    r"\frac{2}{d} - \frac{2 + \frac{8}{\pi}}{d^{2}} + O\left(d^{-5/2}\right)",
    r"\frac{64 \left(\pi - 12\right)}{3 \pi^{4} \left(\pi - 2\right) d^{3/2}}",
    r"\pi^{13} - 295 \pi^{12} + 1690 \pi^{11} + 11340 \pi^{10} - 310960 \pi^{9}",
    r"-\frac{\frac{8 \sqrt{6}}{\pi + 2} + \frac{2 \left(\pi^{9} + 34 \pi^{8}\right)}{\pi^{6}}}{d^{2}}",
    r"\frac{0.805931770738165}{d} - 1.25 \theta_{1}^{2}",
    r"\frac{(d-2)(d-3)}{2}",
    r"\mathfrak{s}_{1} \boxtimes \mathfrak{s}_{2}",
    r"20 \bigl( d + 1 \bigr) = 7",
)


def plain(tex: str) -> str:
    return re.sub(r"\s", "", tex)


@pytest.mark.parametrize("formula", FORMULAS)
def test_reading_loses_nothing(formula: str) -> None:
    assert plain(tex_of(boxes(formula))) == plain(formula)


def test_widths_are_those_of_tex(tex: Callable[[str], str]) -> None:
    lines = "\n".join(rf"\settowidth{{\w}}{{$\displaystyle {f}$}}\typeout{{width=\the\w}}" for f in FORMULAS)
    head = r"\documentclass{article}\usepackage{amsmath,amssymb}\newlength{\w}"
    log = tex(rf"{head}\begin{{document}}{lines} x\end{{document}}")
    for formula, width in zip(FORMULAS, re.findall(r"width=([\d.]+)pt", log), strict=True):
        assert abs(formula_width(formula) - float(width)) < 1 + 0.03 * float(width), formula


def test_what_fits_stays_on_one_line() -> None:
    assert [line.tex for line in broken("a + b - c", 200)] == ["a + b - c"]
    assert in_cell("a + b", 100) == r"$\displaystyle a + b$"


def test_lines_break_before_signs() -> None:
    lines = broken("a + b - c - d + e", 40)
    assert len(lines) > 1 and all(line.tex[0] in "+-" for line in lines[1:])
    assert plain("".join(line.tex for line in lines)) == "a+b-c-d+e"


def test_a_long_fraction_becomes_a_sum_behind_its_denominator() -> None:
    sums = " + ".join(rf"{k}00000 \pi^{{{k}}}" for k in range(2, 20))
    lines = broken(rf"1 - \frac{{4 \left({sums}\right)}}{{3 \pi^{{2}} d}} + O\left(d^{{-2}}\right)", 300)
    assert any(plain(r"- \frac{4}{3 \pi^{2} d} \bigl(") in plain(line.tex) for line in lines)
    assert lines[-1].indent == 1 and r"\bigr)" in "".join(line.tex for line in lines)
    assert all(line.width + 10 * line.indent <= 300 for line in lines)


def test_factors_stand_before_a_sum_that_is_broken() -> None:
    """Behind it they would follow its last term without a place to break."""
    sums = " + ".join(rf"{k}00000 \pi^{{{k}}}" for k in range(2, 9))
    root = r"\sqrt{- \frac{5 \pi}{2} + \sqrt{- \pi^{2} + 2 \pi + 4} + 11}"
    lines = broken(rf"\left({sums}\right) {root}", 190)
    assert plain(lines[0].tex).startswith(plain(rf"{root} \bigl("))
    assert all(line.width + 10 * line.indent <= 190 for line in lines)


def test_a_matrix_that_is_too_wide_is_set_below_its_factor_or_smaller() -> None:
    body = r"\left(\begin{array}{c|c} A_{d-1}(a_1,a_2) & a_3 \\ \hline a_4 & a_5 \end{array}\right)"
    scaled = r"\text{Diag}(\lambda_1,\dots,\lambda_d) " + body
    assert _fitted("W = ", scaled, 400) == "W = " + scaled
    assert _fitted("W = ", scaled, 150).endswith("\\\\\n" + body)
    assert r"\resizebox" in _fitted("W = ", scaled, 80)


def test_no_long_fraction_stays_within_a_fraction() -> None:
    long = r"\frac{2 \left(\pi^{9} + 34 \pi^{8} + 104 \pi^{7}\right)}{\pi^{6} \left(\pi + 2\right)}"
    (line,) = broken(rf"1 - \frac{{\frac{{8}}{{\pi}} + {long}}}{{d^{{2}}}}", 400)
    assert plain(line.tex) == plain(rf"1 - \frac{{1}}{{d^{{2}}}} \biggl( \frac{{8}}{{\pi}} + {long} \biggr)")
    (line,) = broken(r"\frac{4 - \frac{24}{\pi}}{d^{2}}", 400)
    assert plain(line.tex) == plain(r"\frac{4 - \frac{24}{\pi}}{d^{2}}")


def value(tex: str) -> sympy.Expr:
    """The value of such LaTeX: fractions, brackets of any kind, powers of pi and d, integers; without O-terms."""
    text = re.sub(r"[-+]\s*O\s*\\left\s*\(.*?\\right\s*\)", "", tex)
    text = re.sub(r"\\(?:bigg?[lr]|left|right)\s*", "", text)
    text = re.sub(r"\^\s*\{\s*(-?\d+)\s*(?:/\s*(\d+))?\s*\}", lambda m: f"**({m[1]}/{m[2] or 1})", text)
    while "\\frac" in text:
        text = re.sub(r"\\frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}", r"((\1)/(\2))", text)
    text = text.replace(r"\pi", " pi ")
    text = re.sub(r"(?<=[\w)])\s+(?=[\w(])|(?<=\))(?=[\w(])|(?<=\d)(?=\()", "*", text.strip())
    names = {"pi": sympy.Rational(22, 7), "d": sympy.Integer(16)}
    return read(text, names)


def read(text: str, names: dict[str, sympy.Expr]) -> sympy.Expr:
    from symrelu.exact.parse import parse

    text = re.sub(r"d\*\*\((-?\d+)/2\)", lambda m: f"(4**{m[1]})", text)
    text = re.sub(r"\*\*\((-?\d+)/1\)", r"**\1", text)
    return parse(text, names, lambda x: sympy.Rational(x.numerator, x.denominator))


@pytest.mark.parametrize("width", [150, 250, 420])
def test_broken_series_have_the_same_value(width: int, known: Known) -> None:
    series = known("2a").series(6)
    for x in (*series.entries.values(), series.loss):
        whole = sympy.latex(x)
        lines = broken(whole, width)
        assert value(" ".join(line.tex for line in lines)) == value(whole)
        assert all(line.width + 10 * line.indent <= width for line in lines)


def test_no_line_is_overfull(tex: Callable[[str], str], known: Known) -> None:
    series = known("2a").series(6)
    rows = " \\\\\n".join(aligned(left, right, 220) for left, right in series.latex_formulas())
    preamble = r"\documentclass{article}\usepackage[textwidth=330pt]{geometry}\usepackage{amsmath}\allowdisplaybreaks"
    log = tex(rf"{preamble}\begin{{document}}\begin{{align}}{rows}\end{{align}}\end{{document}}")
    assert "Overfull" not in log
