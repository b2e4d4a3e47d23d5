"""Numbers that elsewhere turn inexact, undecided or order-dependent unnoticed: only *right* and *refuses* pass."""

import math
import subprocess
import sys
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import mpmath
import pytest
import sympy

from symrelu.errors import SymreluError, Undecided
from symrelu.exact.arithmetic import SYMBOLIC, MpmathArithmetic, SeriesArithmetic
from symrelu.exact.balls import decimal, sign_of, working_bits
from symrelu.exact.parse import parse
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.exact.square_roots import SquareRootField, tower
from symrelu.model.kernels import RELU, Gram
from symrelu.model.reduced import Problem
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

# -- balls: three-valued -----------------------------------------------------------------------------------------------

STRADDLING = [flint.arb(0, 0.5), flint.arb(0.25, 0.25), flint.arb(1, 0.5) - 1, flint.arb("nan"), flint.arb(-1, 2)]


@pytest.mark.parametrize("ball", STRADDLING, ids=str)
def test_a_ball_that_contains_zero_has_no_sign(ball: flint.arb) -> None:
    """Arb compares all points at once: each of a < 0, a > 0, a == 0 is False, and `not a < 0` proves nothing."""
    assert not ball < 0 and not ball > 0
    with pytest.raises(Undecided):
        sign_of(ball)


def test_a_ball_on_one_side_has_its_sign() -> None:
    assert sign_of(flint.arb(1, 0.5)) == 1 and sign_of(flint.arb(-1, 0.5)) == -1 and sign_of(flint.arb(0)) == 0
    assert issubclass(Undecided, SymreluError)


def test_decimals_only_of_balls_that_hold_them() -> None:
    with working_bits(200):
        assert decimal(flint.arb.pi(), 20) == "3.1415926535897932385"  # 3.14159 26535 89793 23846 26433
        assert decimal(flint.arb(1) / 3, 5) == "0.33333"
    assert decimal(flint.arb(0), 50) == "0"
    assert decimal(flint.arb(1, 0.001), 10) is None
    assert decimal(flint.arb(0, 1), 1) is None
    with working_bits(53):
        assert decimal(flint.arb.pi(), 30) is None


def test_working_precision_is_restored_after_an_error() -> None:
    """flint's precision is one for the whole process: a failing block must not leave its own behind."""
    before = flint.ctx.prec
    with pytest.raises(RuntimeError), working_bits(1000):
        assert flint.ctx.prec == 1000
        raise RuntimeError
    assert flint.ctx.prec == before


def test_a_sign_that_double_precision_gets_wrong() -> None:
    """Convergents of pi (OEIS A002485, A002486) lie below and above it in turn: 3 below, 22/7 above, 333/106 below, ...

    The 14th and 15th, 165707065/52746197 above and 245850922/78256779 below; floats make the latter equal to pi.
    """
    assert math.pi - 245850922 / 78256779 == 0.0
    assert QPI.sign(QPI.pi - Fraction(245850922, 78256779)) == 1
    assert QPI.sign(QPI.pi - Fraction(165707065, 52746197)) == -1


# -- floats ------------------------------------------------------------------------------------------------------------

ROOT_2 = SquareRootField(QPI, 2)
PARENTS: list[Any] = [QPI, ROOT_2, PolynomialRing(QPI, ["u"])]


@pytest.mark.parametrize("parent", PARENTS, ids=lambda parent: parent.name)
def test_floats_are_no_exact_numbers(parent: Any) -> None:
    """0.1 is 3602879701896397/36028797018963968: taken at face value it is a wrong coefficient."""
    x = parent.pi
    for ask in (lambda: parent(0.1), lambda: x + 0.1, lambda: 0.1 * x, lambda: x / 0.1, lambda: x - 0.1):
        with pytest.raises(TypeError):
            ask()


def test_floats_are_no_coefficients() -> None:
    series = Series(QPI, 0, [1, 2], 4)
    arithmetic = SeriesArithmetic(QPI)
    for ask in (
        lambda: Series(QPI, 0, [0.1], 4),
        lambda: monomial(QPI, 0.5, 0),
        lambda: series * 0.5,
        lambda: series + 0.5,
        lambda: series / 0.5,
        lambda: series.derive().integrate(0.5),
        lambda: arithmetic.rational(0.5),  # type: ignore[arg-type]
        lambda: SquareRootField(QPI, 2.0),
    ):
        with pytest.raises(TypeError):
            ask()


def test_floats_are_no_coefficients_of_polynomials_in_pi() -> None:
    """Fraction(0.1) is an exact number, and not 1/10."""
    with pytest.raises(TypeError):
        QPI.from_polynomial([0.1, 1])  # type: ignore[list-item]
    assert QPI.from_polynomial([Fraction(1, 10), 0, 1]) == QPI.pi * QPI.pi + Fraction(1, 10)


@dataclass
class Fractions:
    """An arithmetic of Fractions with a stand-in for pi: a float anywhere turns the result into a float."""

    pi: Fraction = Fraction(22, 7)

    def rational(self, value: Any) -> Fraction:
        return Fraction(value)

    def inverse_root(self, g: Fraction) -> Fraction:
        return 1 / g


@pytest.mark.parametrize("parallel", [False, True])
def test_compiled_kernels_hold_no_float(parallel: bool) -> None:
    """SymPy's lambdify writes 1/2 as a float (sympy#16464): kernels take their numbers from the arithmetic."""
    arithmetic: Any = Fractions()
    p, q, s, g = (Fraction(x) for x in (2, 5, 1, 3))
    gram = Gram(p, q, s, g, Fraction(5, 3), 1 / p, 1 / q, parallel)
    values = [
        RELU.prefactor_in(arithmetic),
        RELU.value(arithmetic, gram),
        *RELU.first(arithmetic, gram),
        *RELU.second(arithmetic, gram),
    ]
    assert all(type(value) in (Fraction, int) for value in values)


@pytest.mark.parametrize("ask", ["loss", "gradient", "hessian"])
def test_numbers_of_mpmath_s_global_context_do_not_bring_its_precision_along(ask: str) -> None:
    """mpmath computes in the context of the first operand: global numbers at 15 digits would pull 50 digits down."""
    problem = Problem(FixedSpace(Isotropy.parse("d-1,1")), RELU)
    values, d = [Fraction(n, 8) for n in (9, 1, -2, 3, -7)], Fraction(29, 4)
    arithmetic = MpmathArithmetic(50)

    def numbers(convert: Any) -> list[Any]:
        found = getattr(problem.at(arithmetic, [convert(a) for a in values], convert(d)), ask)()
        rows = [found] if ask == "loss" else found
        return [x for row in rows for x in row] if ask == "hessian" else rows

    with mpmath.workdps(15):
        found = numbers(lambda x: mpmath.mpf(x.numerator) / x.denominator)
    for x, expected in zip(found, numbers(arithmetic.rational), strict=True):
        assert isinstance(x, arithmetic.context.mpf)
        assert abs(x - expected) <= abs(expected) * arithmetic.context.mpf(10) ** -45


def test_exact_expressions_hold_no_float() -> None:
    problem = Problem(FixedSpace(Isotropy.parse("d-1,1")), RELU)
    symbols = sympy.symbols("a_1:6", real=True)
    point = problem.at(SYMBOLIC, symbols, sympy.Symbol("d", positive=True))
    for expression in [point.loss(), *point.gradient(), *point.hessian()[0]]:
        assert not expression.atoms(sympy.Float)


def test_series_along_a_path_hold_exact_numbers_only() -> None:
    problem = Problem(FixedSpace(Isotropy.parse("d")), RELU)
    point = problem.at(
        SeriesArithmetic(ROOT_2),
        [Series(ROOT_2, 0, [a], 6) for a in (Fraction(4, 3), Fraction(-1, 5))],
        monomial(QPI, 1, -2),
    )
    for series in [point.loss(), *point.gradient(), *point.hessian()[0]]:
        assert series.coefficients
        assert all(type(c) is type(ROOT_2.one) for c in series.coefficients)


# -- equality, hashes and text do not depend on history ----------------------------------------------------------------


def test_equality_and_hash_of_numbers_built_differently() -> None:
    pi = QPI.pi
    one_way = 1 / (pi - 2) + 1 / (pi + 2)
    other_way = 2 * pi / (pi**2 - 4)
    assert one_way == other_way and hash(one_way) == hash(other_way) and len({one_way, other_way}) == 1
    assert (pi**2 - 4) / (pi - 2) == pi + 2 and hash((pi**2 - 4) / (pi - 2)) == hash(pi + 2)
    assert QPI(Fraction(1, 3)) == Fraction(1, 3) and hash(QPI(Fraction(1, 3))) == hash(
        Fraction(1, 3)
    )  # flint's fmpq is not


PROGRAM = """
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series
from symrelu.exact.square_roots import SquareRootField
pi = QPI.pi
for factor in ({factors}):  # the order in which the process meets the factors
    1 / factor
x = 1 / (pi - 2) / (pi + 2) ** 2 / (pi**2 + 1) / (3 * pi - 1) / pi
print(QPI.text(x))
print(QPI.sympy(x))
print(QPI.text(x + 1), QPI.text(1 / x), QPI.text(x * (pi - 2)))
print(Series(QPI, -1, [x, 1 + x], 3))
print(SquareRootField(QPI, pi + 2)(x).field.root * x)
"""


def test_text_does_not_depend_on_which_factor_was_met_first() -> None:
    """Factors of denominators are interned as they come; what is printed, stored and compared must not show it."""
    orders = ["pi - 2, pi + 2, pi**2 + 1, 3*pi - 1", "3*pi - 1, pi**2 + 1, pi + 2, pi - 2"]
    runs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM.format(factors=order)], capture_output=True, text=True, check=True
        ).stdout
        for order in orders
    ]
    assert runs[0] == runs[1]
    assert runs[0].startswith("1/(pi*") and runs[0].count("\n") == 5


@pytest.mark.parametrize(
    "factor",
    [QPI.one, QPI.pi + Fraction(1, 2), (QPI.pi + Fraction(1, 2)) / 3, 1 / (QPI.pi + Fraction(1, 2)), -QPI.pi / 7 - 1],
    ids=str,
)
def test_text_of_nested_roots_reads_back(factor: Any) -> None:
    """Results are stored as text: (pi + 1*sqrt(3)/2)*sqrt(2) for (pi + 1/2)*sqrt(6) reads back as another number."""
    field: Any = tower(QPI, [2, 3])
    root_6 = field.root * field.base.root
    for x in (root_6 * factor, root_6 * factor + field.base.root, field.root * (field.base.root * factor - 1) + factor):
        assert parse(field.text(x), {"pi": field.pi}, field, {"sqrt": field.sqrt}) == x
