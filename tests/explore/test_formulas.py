"""Formulas are broken for windows of several widths, and one of them is shown at each width."""

import re

import sympy

from symrelu.explore import formulas, pieces
from symrelu.paper.widths import formula_width
from tests.shared import family_of


def test_no_line_is_wider_than_the_window():
    series = family_of("2a").series(6)
    variants = formulas.displays([("a_{5}", sympy.latex(series.entries["a_5"])), ("a_{6}", sympy.latex(series.loss))])
    assert [one["least"] for one in variants] == [0, *formulas.WIDTHS[1:]]
    lines = [one["tex"].count("&") for one in variants]
    assert lines[0] > lines[1] > lines[2] > 2
    for width, one in zip(formulas.WIDTHS, variants, strict=True):
        inside = one["tex"].removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
        for line in re.split(r"\\(?:\[4pt\])?\n", inside):
            assert formula_width(line.replace("&", "")) * formulas.POINT <= width


def test_what_fits_everywhere_is_there_once():
    assert formulas.displays([("a_{1}", "1 + t")]) == [
        {"least": 0, "tex": "\\begin{aligned}\na_{1} &= 1 + t\n\\end{aligned}"}
    ]


def test_cells_are_read_by_katex():
    variants = formulas.cells(sympy.latex(family_of("2a").series(6).loss))
    assert len(variants) == 3
    assert all("aligned" in one["tex"] and "[t]" not in one["tex"] and "$" not in one["tex"] for one in variants)


def test_each_width_shows_one_variant():
    for starts in ([0], [0, 640], [0, 960], [0, 640, 960]):
        made = pieces.fit([{"least": start, "tex": str(start)} for start in starts], str)
        assert len(re.findall("sr-variant", made)) == len(starts)
        assert sorted(re.findall(r"sr-(\d)", made)) == ["0", "1", "2"]


def test_the_style_knows_the_widths():
    assert all(f"(min-width:{width}px)" in pieces.HEAD for width in formulas.WIDTHS[1:])
