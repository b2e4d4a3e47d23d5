"""Young-type groups: their orbits, orders and names, and what input is refused."""

import pytest
import sympy

from symrelu.errors import BadInput
from symrelu.symmetry.isotropy import Isotropy, Orbit
from symrelu.symmetry.size import Size

d = sympy.Symbol("d")


def test_diagonal_groups_are_square() -> None:
    group = Isotropy.diagonal("d-3,2,1")
    assert group.blocks == (Size.parse("d-3"), Size.of(2), Size.of(1))
    assert group.rows == group.cols == (Orbit(0), Orbit(1), Orbit(2))
    assert group.k == group.d_columns == Size.parse("d")
    assert group.is_diagonal
    assert Isotropy.diagonal([Size.parse("d") - 3, 2, "1"]) == group


def test_rows_and_columns_of_their_own() -> None:
    group = Isotropy.parse("d-4,4", rows="1, 2, 2, *", cols="2,1")
    assert group.rows == (Orbit(0), Orbit(1), Orbit(1), Orbit(None))
    assert group.cols == (Orbit(1), Orbit(0))
    assert [str(orbit) for orbit in group.rows] == ["1", "2", "2", "*"]
    assert group.k == Size.parse("d+5")
    assert not group.is_diagonal
    assert group.orbit_size(Orbit(None)) == Size.of(1)


@pytest.mark.parametrize(
    ("blocks", "rows", "cols", "label", "latex"),
    [
        ("d", None, None, "Delta S_d", r"\Delta S_d"),
        ("d-1,1", None, None, "Delta(S_{d-1} x S_1)", r"\Delta(S_{d-1}\times S_1)"),
        ("d/2,d/2", None, None, "Delta(S_{d/2} x S_{d/2})", r"\Delta(S_{d/2}\times S_{d/2})"),
        ("d-12,12", "1,2,*", "1,2", "Delta(S_{d-12} x S_{12}) (rows 1,2,*)", r"\Delta(S_{d-12}\times S_{12})"),
        ("d-1,1", "2,1", "1,2", "Delta(S_{d-1} x S_1) (rows 2,1)", r"\Delta(S_{d-1}\times S_1)"),
        ("d-1", "1,1", "1,*", "Delta S_{d-1} (rows 1,1; columns 1,*)", r"\Delta S_{d-1}"),
        (
            "d-2,3,2",
            "1,2",
            "1,3",
            "Delta S_{d-2} x rows(S_3) x columns(S_2)",
            r"\Delta S_{d-2}\times (S_3)^{\mathrm{row}}\times (S_2)^{\mathrm{col}}",
        ),
    ],
)
def test_names(blocks: str, rows: str | None, cols: str | None, label: str, latex: str) -> None:
    group = Isotropy.parse(blocks, rows, cols)
    assert group.label() == label
    assert group.latex() == latex


def test_types_that_differ_have_labels_that_differ() -> None:
    orbits = [("1,2", "1,2"), ("2,1", "1,2"), ("1,2", "2,1"), ("1,2,*", "1,2"), ("1,2,2", "1,2"), ("1", "1,2")]
    types = [Isotropy.parse("d-4,4", rows, cols) for rows, cols in orbits]
    assert len({group.label() for group in types}) == len(types)


def test_order_is_a_product_of_factorials() -> None:
    assert Isotropy.diagonal("d-3,3").order() == 6 * sympy.factorial(d - 3)
    assert Isotropy.diagonal("d/2,d/2").order().subs(d, 8) == 24**2


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("d**2,1",), "affine"),
        (("1/d,d",), "affine"),
        (("d,0",), "not positive"),
        (("d+1,-1",), "not positive"),
        (("d-1/2,1/2",), "not a whole number"),
        (("2d-10,10-d",), "negative for large d"),
        (("d-1",), "sum to d"),
        (("d-1,2",), "sum to d + 1"),
        (("d-1,1", "1,2", "1"), "sum to d"),
        (("d-1,1", "1,3"), "numbered 1 to 2"),
        (("d-1,1", "0,1"), "numbered 1 to 2"),
        (("d-1,1", "1,2", "1,2,5"), "numbered 1 to 2"),
        (("",), "no block sizes"),
        (([],), "no block sizes"),
        (("d,,1",), "empty block size"),
        (("d-1,1", "", None), "no row orbits"),
        (("d-1,1", None, " "), "no column orbits"),
        (("d-1,1", "1,a"), "'a'"),
        (("d-1,1", "1,-1"), "'-1'"),
        (("d,3", "1", "1"), "moves no row and no column"),
        (([1.5, "d"],), "not a size"),
    ],
)
def test_bad_input_gets_one_line_of_advice(arguments: tuple, hint: str) -> None:
    with pytest.raises(BadInput) as caught:
        Isotropy.parse(*arguments)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_integer_dimensions() -> None:
    group = Isotropy.diagonal("d/2-1,d/2,1")
    assert group.minimal_d() == 4
    group.check_integer(4)
    with pytest.raises(BadInput, match="try d = 8"):
        group.check_integer(7)
    with pytest.raises(BadInput, match="try d = 4"):
        group.check_integer(2)
    with pytest.raises(BadInput, match="integer"):
        group.check_integer(8.5)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no d makes"):
        Isotropy.diagonal("d/2+1/4,d/2-1/4").check_integer(8)
