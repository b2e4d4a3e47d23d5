"""Multiplicities: the papers' values, the closed forms' text, and counted orbits."""

import re

import pytest
import sympy

from symrelu.errors import BadInput
from symrelu.reference.isotropy import orbit
from symrelu.symmetry.actual import actual_isotropy
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.multiplicity import Count, group_order, multiplicity

d = sympy.Symbol("d")


def count_of(blocks: str, rows: str | None = None, cols: str | None = None) -> Count:
    return multiplicity(Isotropy.parse(blocks, rows, cols))


@pytest.mark.parametrize(
    ("blocks", "text", "latex"),
    [
        # main paper, Theorem 1: d!, d! d, d! C(d, 2), d! C(d, 3)
        ("d", "factorial(d)", "d!"),
        ("d-1,1", "d*factorial(d)", r"d\,d!"),
        ("d-2,2", "d*(d - 1)*factorial(d)/2", r"d!\binom{d}{2}"),
        ("d-3,3", "d*(d - 1)*(d - 2)*factorial(d)/6", r"d!\binom{d}{3}"),
        # others, by hand
        ("d-2,1,1", "d*(d - 1)*factorial(d)", r"2\,d!\binom{d}{2}"),
        ("d-3,2,1", "d*(d - 1)*(d - 2)*factorial(d)/2", r"3\,d!\binom{d}{3}"),
        ("d/2,d/2", "factorial(d)**2/factorial(d/2)**2", r"\frac{d!^2}{(d/2)!^2}"),
        ("d/2-1,d/2,1", "factorial(d)**2/(factorial(d/2 - 1)*factorial(d/2))", r"\frac{d!^2}{(d/2-1)!(d/2)!}"),
    ],
)
def test_closed_forms(blocks: str, text: str, latex: str) -> None:
    assert str(count_of(blocks)) == text
    assert count_of(blocks).latex() == latex


def test_more_rows_than_columns() -> None:
    extra = count_of("d-4,4", "1,2,*", "1,2")
    assert str(extra) == "d*(d - 1)*(d - 2)*(d - 3)*factorial(d + 1)/24"
    assert extra.latex() == r"(d+1)!\binom{d}{4}"
    assert str(count_of("d", "1,1", "1")) == "factorial(2*d)"
    assert str(count_of("d", "*,*", "1")) == "2"


def test_long_products_are_left_as_quotients() -> None:
    long = count_of("d-20,20")
    assert re.fullmatch(r"factorial\(d\)\*\*2/\(\d+\*factorial\(d - 20\)\)", str(long))
    assert long.latex() == r"d!\binom{d}{20}"
    assert long.at(25) == sympy.factorial(25) * sympy.binomial(25, 20)


def test_groups_that_are_not_young() -> None:
    swapped = actual_isotropy(Isotropy.diagonal("d/2,d/2"), "abccab")
    assert str(multiplicity(swapped)) == "factorial(d)**2/(2*factorial(d/2)**2)"
    assert str(group_order(swapped)) == "2*factorial(d/2)**2"
    alike = actual_isotropy(Isotropy.parse("d", "1,1", "1"), "abab")
    assert str(multiplicity(alike)) == "factorial(2*d)/2**d"
    assert multiplicity(alike).latex() == r"\frac{(2d)!}{2^{d}}"
    assert str(group_order(alike)) == "factorial(d)*2**d"
    everything = actual_isotropy(Isotropy.diagonal("d"), "aa")
    assert str(multiplicity(everything)) == multiplicity(everything).latex() == "1"
    apart = actual_isotropy(Isotropy.diagonal("d-1,1"), "aabcd")
    assert str(multiplicity(apart)) == "d**2"
    assert multiplicity(apart).latex() == "d^2"


@pytest.mark.parametrize(
    ("blocks", "rows", "cols", "labels", "dimension"),
    [
        ("d", None, None, "ab", 4),
        ("d-1,1", None, None, "abcde", 4),
        ("d-1,1", None, None, "abbba", 4),
        ("d-1,1", None, None, "abbbc", 4),
        ("d-1,1", None, None, "aabbb", 4),
        ("d-2,2", None, None, "abcdef", 5),
        ("d-2,2", None, None, "abbbab", 4),
        ("d/2,d/2", None, None, "abcdef", 4),
        ("d/2,d/2", None, None, "abccab", 4),
        ("d-1,1", "1,2,*", "1,2", "abcdefg", 4),
        ("d", "1,*,*", "1", "abcc", 3),
        ("d", "1,1", "1", "abab", 3),
        ("d-2,2", "1,*", "1,2", "abcde", 5),
    ],
)
def test_distinct_matrices_are_counted(blocks: str, rows: str, cols: str, labels: str, dimension: int) -> None:
    group = Isotropy.parse(blocks, rows, cols)
    count = multiplicity(actual_isotropy(group, labels))
    points = orbit(FixedSpace(group).matrix(labels, dimension))
    assert count.at(dimension) == len(points)
    assert count.sympy().subs(d, dimension) == len(points)


@pytest.mark.parametrize("blocks", ["d", "d-1,1", "d-5,3,2", "d-14,14", "d/2,d/2", "d/3,2*d/3-1,1"])
def test_text_and_values_agree(blocks: str) -> None:
    count = count_of(blocks)
    order = group_order(Isotropy.diagonal(blocks))
    assert re.fullmatch(r"(factorial|[d0-9 +\-*/()])+", str(count))
    for dimension in (18, 24, 30):
        assert count.at(dimension) * order.at(dimension) == sympy.factorial(dimension) ** 2
        # evaluated here only because it is our own text, of checked characters
        value = sympy.parse_expr(str(count), local_dict={"d": sympy.Integer(dimension)})  # noqa: TID251
        assert value == count.at(dimension)


def test_too_small_a_dimension_is_refused() -> None:
    with pytest.raises(BadInput, match="d = 2"):
        count_of("d-3,3").at(2)
    with pytest.raises(BadInput, match="d = 5"):
        count_of("d/2,d/2").at(5)
