"""Block sizes: reading, writing, arithmetic, and evaluation in other rings."""

from fractions import Fraction

import flint
import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from symrelu.errors import BadInput
from symrelu.symmetry.size import Size

rationals = st.fractions(min_value=-50, max_value=50, max_denominator=12)
sizes = st.builds(Size, rationals, rationals)


@pytest.mark.parametrize(
    ("text", "slope", "const"),
    [
        ("d", 1, 0),
        ("d-4", 1, -4),
        (" d - 4 ", 1, -4),
        ("1+d", 1, 1),
        ("2", 0, 2),
        ("d/2", Fraction(1, 2), 0),
        ("3*d/4+1", Fraction(3, 4), 1),
        ("3/4*d", Fraction(3, 4), 0),
        ("2d/3 - 1", Fraction(2, 3), -1),
        ("(d-1)/2", Fraction(1, 2), Fraction(-1, 2)),
        ("2(d-3)", 2, -6),
        ("-(3-d)", 1, -3),
        ("0.5*d", Fraction(1, 2), 0),
        ("d - (d - 2)", 0, 2),
    ],
)
def test_reads_affine_expressions(text: str, slope: Fraction, const: Fraction) -> None:
    assert Size.parse(text) == Size(Fraction(const), Fraction(slope))


@pytest.mark.parametrize(
    "text",
    ["", " ", "d**2", "d^2", "2**3", "d*d", "1/d", "d/0", "d/(2-2)", "x", "n-1", "d-", "*d", "2 3", "(d", "d)", "()"]
    + ["1e3", "3.", "__import__('os')", "d;d", "٣", "(" * 90, "d" + "+1" * 100, "d/(d-d+2)*d"],
)
def test_refuses_everything_else_in_one_line(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        Size.parse(text)
    message = str(caught.value)
    assert "\n" not in message
    assert "try d-4" in message


@pytest.mark.parametrize(
    ("text", "written", "latex"),
    [
        ("d-4", "d - 4", "d-4"),
        ("d/2", "d/2", "d/2"),
        ("3d/4+1", "3*d/4 + 1", "3d/4+1"),
        ("7", "7", "7"),
        ("10-d", "-d + 10", "-d+10"),
    ],
)
def test_writes_what_the_papers_write(text: str, written: str, latex: str) -> None:
    assert str(Size.parse(text)) == written
    assert Size.parse(text).latex() == latex


@given(sizes)
def test_text_can_be_read_back(size: Size) -> None:
    assert Size.parse(str(size)) == size
    assert Size.parse(size.latex()) == size


@given(sizes, sizes, rationals, st.integers(-20, 20))
def test_arithmetic_is_that_of_functions(a: Size, b: Size, factor: Fraction, d: int) -> None:
    assert (a + b).at(d) == a.at(d) + b.at(d)
    assert (a - b).at(d) == a.at(d) - b.at(d)
    assert (a * factor).at(d) == factor * a.at(d)
    assert (1 - a).at(d) == 1 - a.at(d)
    assert (2 + a / 3).at(d) == 2 + Fraction(a.at(d)) / 3


@given(sizes, st.integers(-20, 20))
def test_values_at_integers_are_exact(size: Size, d: int) -> None:
    value = size.at(d)
    assert value == size.const + size.slope * d
    assert isinstance(value, int) == (Fraction(value).denominator == 1)


def test_values_in_other_rings() -> None:
    size = Size.parse("2*d/3 - 1")
    d = sympy.Symbol("d")
    assert size.at(Fraction(1, 2)) == Fraction(-2, 3)
    assert size.at(7.5) == 4.0
    assert sympy.expand(size.at(d) - size.sympy()) == 0
    assert size.at(mpmath.mpf(6)) == 3
    assert size.at(flint.arb(6)).contains(3)
    assert np.array_equal(size.at(np.array([3.0, 6.0])), [1.0, 3.0])
    assert isinstance(size.at(np.int64(6)), int)
    assert Size.parse("4").at(7.5) == 4


def test_no_needless_division() -> None:
    class Ring:
        """A ring without division."""

        def __add__(self, other: int) -> str:
            return f"ring + {other}"

    assert Size.parse("d-4").at(Ring()) == "ring + -4"
