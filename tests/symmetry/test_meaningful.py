"""The sizes that blocks may have at a real d, and the one line that refuses the others."""

from fractions import Fraction

import pytest

from symrelu.errors import BadInput
from symrelu.symmetry.isotropy import Isotropy
from symrelu.symmetry.meaningful import meaningful


@pytest.mark.parametrize(
    ("blocks", "d", "says"),
    [
        ("d-2,2", 2, "block 1 of size d - 2 would have 0 elements there, and a block needs at least 1: give d >= 3"),
        ("d-2,2", 1, "would have -1 elements"),
        ("d-2,2", Fraction(5, 2), "d = 5/2 was given; block 1 of size d - 2 would have 1/2 elements"),
        ("2,d-2", 2, "block 2"),
        ("d/2,d/2", 1, "block 1 of size d/2 would have 1/2 elements there, and a block needs at least 1: give d >= 2"),
    ],
)
def test_blocks_without_an_element_are_refused(blocks: str, d: Fraction, says: str) -> None:
    for spectrum in (False, True):
        with pytest.raises(BadInput) as error:
            meaningful(Isotropy.parse(blocks), d, spectrum)
        assert says in str(error.value) and "\n" not in str(error.value)


def test_between_one_and_two_elements_there_is_a_point_but_no_spectrum() -> None:
    group = Isotropy.parse("d-2,2")
    meaningful(group, Fraction(7, 2))
    with pytest.raises(BadInput, match="3/2 elements there, and between 1 and 2 .*: give d >= 4"):
        meaningful(group, Fraction(7, 2), spectrum=True)
    for d in (3, 4, Fraction(9, 2), 10**100):
        meaningful(group, d, spectrum=True)


def test_numbers_of_any_kind_are_compared() -> None:
    mpmath = pytest.importorskip("mpmath")
    with pytest.raises(BadInput, match="d = 2.5"):
        meaningful(Isotropy.parse("d-2,2"), mpmath.mpf("2.5"))
