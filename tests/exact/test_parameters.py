"""Q(pi, s): the laws of a field, values at rational s, signs where they are known; leaky ReLU with a symbolic slope."""

from fractions import Fraction
from math import prod
from typing import Any

import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.errors import BadInput, SymreluError
from symrelu.exact.field import NotASquare
from symrelu.exact.parameters import DependsOnParameter, parameter_field
from symrelu.exact.parse import parse
from symrelu.exact.qpi import QPI
from symrelu.exact.series import monomial
from symrelu.model.activations import kernel_named
from symrelu.model.reduced import Problem
from symrelu.series.leading import leading_terms
from symrelu.series.lifting import lift
from symrelu.series.loss import loss_series
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

FIELD = parameter_field("s")
S, PI = FIELD.parameter("s"), FIELD.pi

rationals = st.builds(Fraction, st.integers(-9, 9), st.sampled_from([1, 2, 3, 5]))
powers = st.tuples(st.integers(0, 2), st.integers(0, 2))
polynomials = st.lists(st.tuples(rationals, powers), max_size=3).map(
    lambda terms: sum((PI**i * S**j * c for c, (i, j) in terms), FIELD.zero)
)
denominators = st.lists(st.sampled_from([PI, S, S - 1, S + 1, PI - 2, PI * S - 3, FIELD(6)]), max_size=2)
elements = st.builds(lambda x, below: x / prod(below, start=FIELD.one), polynomials, denominators)
few = settings(max_examples=25)
VALUE = Fraction(-7, 11)  # a pole of no denominator above


@given(x=elements, y=elements, z=elements)
@few
def test_field_laws(x: Any, y: Any, z: Any) -> None:
    assert x + y == y + x and (x + y) + z == x + (y + z)
    assert x * y == y * x and (x * y) * z == x * (y * z) and x * (y + z) == x * y + x * z
    assert x - x == FIELD.zero == 0 and x + 0 == x == x * 1 and -(x - y) == y - x
    assert FIELD.dot([x, y, z], [y, z, x]) == x * y + y * z + z * x
    if x:
        assert x / x == 1 and FIELD.inverse(FIELD.inverse(x)) == x and (x * y) / x == y and x**-2 == 1 / (x * x)


@given(x=elements, y=elements)
@few
def test_values_at_a_rational_parameter_are_a_homomorphism(x: Any, y: Any) -> None:
    at = [FIELD.at(a, VALUE) for a in (x, y, x + y, x * y)]
    assert at[0] + at[1] == at[2] and at[0] * at[1] == at[3]
    if at[0]:
        assert FIELD.at(1 / x, VALUE) == 1 / at[0]


@given(x=elements)
@few
def test_text_and_sympy_say_the_same(x: Any) -> None:
    """The text is read back by the parser of the command line, with Q(pi, s) for its numbers."""
    assert parse(FIELD.text(x), {"pi": PI, "s": S}, FIELD) == x
    names = {"pi": sympy.pi, "s": sympy.Symbol("s", real=True)}
    difference = FIELD.sympy(x) - parse(FIELD.text(x), names, sympy.Rational)
    assert sympy.expand(sympy.numer(sympy.together(difference))) == 0


def test_text_by_hand() -> None:
    assert str((S - 1) ** 2 * (PI - 2) / (2 * PI)) == "(pi - 2)*(s - 1)**2/(2*pi)"
    assert [str(x) for x in (S, -S, S - 1, 1 - S, FIELD.zero, PI / 2 * S, -2 / S)] == [
        "s", "-s", "s - 1", "-(s - 1)", "0", "pi*s/2", "-2/s",
    ]  # fmt: skip


@given(x=elements)
@few
def test_equal_values_have_equal_hashes(x: Any) -> None:
    same = (x * (S - PI) + 3 - 3) / (S - PI)
    assert same == x and hash(same) == hash(x)
    below = x.in_base()
    assert below is None or (FIELD(below) == x and hash(below) == hash(x) and FIELD.text(x) == QPI.text(below))


def test_elements_of_the_field_below() -> None:
    for x in (QPI(3), QPI(Fraction(-2, 5)), QPI.pi / (QPI.pi - 2) ** 2, QPI.one / 7 + 1 / QPI.pi):
        assert FIELD(x).in_base() == x and FIELD(x) == x and FIELD.sign(FIELD(x)) == QPI.sign(x)
        assert FIELD.ball(FIELD(x), 80).contains(QPI.ball(x, 200))
    assert S.in_base() is None and (S / S).in_base() == 1
    assert monomial(FIELD, S, 1) + monomial(QPI, QPI.pi, 0) == monomial(FIELD, PI, 0) + monomial(FIELD, S, 1)
    with pytest.raises(TypeError):
        FIELD(0.5)
    with pytest.raises(BadInput, match="no parameter r"):
        FIELD.parameter("r")
    with pytest.raises(BadInput, match="use one parameter"):
        FIELD.join(parameter_field("r"))


def test_signs_hold_for_every_slope_below_one() -> None:
    known = [S - 1, 1 - S, (1 - S) ** 2 * (PI - 4), PI / (S - 1) ** 3, S**2]
    assert [FIELD.sign(x) for x in known] == [-1, 1, -1, -1, 1]
    for x in (S, 2 - S * S, S + 1, PI - S):
        with pytest.raises(DependsOnParameter, match="only s < 1 is known; give s a rational value"):
            FIELD.sign(x)
    with pytest.raises(DependsOnParameter, match="no decimal value"):
        FIELD.ball(S, 60)
    assert issubclass(DependsOnParameter, SymreluError)


@given(x=elements)
@few
def test_square_roots(x: Any) -> None:
    assume(x)
    try:
        root = FIELD.sqrt(x * x)
    except DependsOnParameter:
        return
    assert root in (x, -x) and FIELD.at(root, VALUE).__class__ is QPI.one.__class__ and FIELD.sign(root) == 1


def test_roots_that_need_an_extension() -> None:
    assert FIELD.sqrt((S - 1) ** 2 * PI**2 / 4) == (1 - S) * PI / 2
    for x in (S - 1, 2 * (S - 1) ** 2, PI * (1 - S)):
        with pytest.raises((NotASquare, ValueError)):
            FIELD.sqrt(x)
    with pytest.raises(NotASquare) as caught:
        FIELD.sqrt(FIELD(8))
    assert caught.value.radicand == 2


@pytest.mark.parametrize("slope", ["1/10", "-3"])
def test_leaky_relu_with_a_symbolic_slope(slope: str) -> None:
    """The family 1b through t**6 for every slope at once, proved by substitution; at a rational slope it is that one's.

    The notes say that the slope enters at t**4: the coefficients before it are those of ReLU.
    """
    space = FixedSpace(Isotropy.parse("d"))

    def family(kernel: str, field: Any) -> Any:
        problem = Problem(space, kernel_named(kernel))
        lifted = lift(problem, leading_terms(problem, [field(-1), field(0)], 5, field), 7)
        assert lifted.proof.residual_order == 7
        return [*lifted.entries, loss_series(problem, lifted, 3)]

    symbolic, rational, relu = family("leaky:s", FIELD), family(f"leaky:{slope}", QPI), family("relu", QPI)
    for x, y, z in zip(symbolic, rational, relu, strict=True):
        assert x.precision == y.precision
        assert [FIELD.at(x[n], Fraction(slope)) for n in range(x.precision)] == [y[n] for n in range(x.precision)]
        if x is not symbolic[-1]:
            assert [x[n] for n in range(4)] == [z[n] for n in range(4)] and x[4].in_base() is None
    assert symbolic[-1][0] == (1 - S) ** 2 * (PI - 2) / (2 * PI)
