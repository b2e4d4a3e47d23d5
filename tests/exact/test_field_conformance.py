"""One suite for every coefficient field: what `symrelu.exact.field.Field` promises, on random elements of each of them.

A new field is one more line in FIELDS. Polynomial rings take part where a ring without inverses can.
Two judges are independent of the code under test: text is read back by a forty-line evaluator (Fractions at a rational
stand-in for pi, mpmath at pi itself), and values are compared with SymPy's own numerics.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
import sympy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symrelu.errors import NotAUnit
from symrelu.exact.algebraic import AlgebraicField, generators
from symrelu.exact.field import NotASquare
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.square_roots import SquareRootField, tower

ROOT_2 = SquareRootField(QPI, 2)
ROOT_2_3: Any = tower(QPI, [2, 3])
ROOT_PI_2 = SquareRootField(QPI, QPI.pi + 2)
# theta**3 - 3 theta + 1 has three roots in each of its fields; the next polynomial has one in each
CYCLIC = AlgebraicField(QPI, [1, -3, 0, 1], 2)
CUBIC = AlgebraicField(QPI, [QPI.one, QPI.pi * -5, -QPI.pi, QPI.one], 1)
ROOT_OVER_CUBIC = SquareRootField(CYCLIC, CYCLIC.root + 1)
CUBIC_OVER_ROOT = AlgebraicField(ROOT_2, [ROOT_2.root, -4, 0, 1], 0)
FIELDS = [QPI, ROOT_2, ROOT_2_3, ROOT_PI_2, CYCLIC, CUBIC, ROOT_OVER_CUBIC, CUBIC_OVER_ROOT]
POLYNOMIAL_RINGS = [PolynomialRing(QPI, ["u", "v"]), PolynomialRing(ROOT_2, ["u", "v"])]

every_field = pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
every_ring = pytest.mark.parametrize("field", FIELDS + POLYNOMIAL_RINGS, ids=lambda field: field.name)
sqrt_free = pytest.mark.parametrize("field", [QPI, POLYNOMIAL_RINGS[0]], ids=lambda field: field.name)
few = settings(max_examples=8)

rationals = st.builds(Fraction, st.integers(-9, 9), st.sampled_from([1, 2, 3, 5, 12]))
# what denominators of the families are made of, a factor irreducible of degree two, and one that is not primitive
DENOMINATORS = [(0, 1), (-2, 1), (2, 1), (1, 0, 1), (Fraction(1, 2), 3)]


def in_pi(coefficients: Any) -> Any:
    """The polynomial in pi, constant term first, by sums and products alone."""
    total = QPI.zero
    for i, c in enumerate(coefficients):
        total = total + QPI.pi**i * c
    return total


@st.composite
def qpi_elements(draw: st.DrawFn) -> Any:
    x = in_pi(draw(st.lists(rationals, max_size=4)))
    for below in draw(st.lists(st.sampled_from(DENOMINATORS), max_size=3)):
        x = x / in_pi(below)
    return x


def elements(field: Any) -> st.SearchStrategy[Any]:
    """Random elements of a field or ring of the lists above."""
    if field is QPI:
        return qpi_elements()
    part = elements(field.base)
    if isinstance(field, SquareRootField):
        return st.builds(lambda a, b: field(a) + field(b) * field.root, part, st.one_of(st.just(field.base.zero), part))
    if isinstance(field, AlgebraicField):  # the coordinates of a few terms, small ones: they multiply soon enough
        few_terms = st.lists(st.one_of(part, rationals), max_size=2)
        return few_terms.map(lambda cs: sum((field.root**i * c for i, c in enumerate(cs, len(cs) % 2)), field.zero))
    monomials = [
        field.one,
        field.unknown(0),
        field.unknown(1),
        field.unknown(0) * field.unknown(1),
        field.unknown(1) * field.unknown(1),
    ]
    return st.lists(part, max_size=3).flatmap(
        lambda cs: st.tuples(*(st.sampled_from(monomials) for _ in cs)).map(
            lambda ms: sum((m * c for m, c in zip(ms, cs, strict=True)), field.zero)
        )
    )


# -- the laws --------------------------------------------------------------------------------------------------------


@every_ring
@given(data=st.data())
@few
def test_ring_laws(field: Any, data: st.DataObject) -> None:
    x, y, z = (data.draw(elements(field)) for _ in range(3))
    assert x + y == y + x
    assert (x + y) + z == x + (y + z)
    assert x * y == y * x
    assert (x * y) * z == x * (y * z)
    assert x * (y + z) == x * y + x * z
    assert x + field.zero == x == x * field.one
    assert x - y == x + (-y) == -(y - x)
    assert x - x == field.zero == x * field.zero
    assert not (x - x) and bool(x) == (x != 0)


@every_ring
@given(data=st.data(), q=rationals)
@few
def test_rational_operands_on_either_side(field: Any, data: st.DataObject, q: Fraction) -> None:
    x = data.draw(elements(field))
    for number in (q, q.numerator):
        constant = field(number)
        assert x + number == number + x == x + constant
        assert x - number == x - constant
        assert number - x == constant - x
        assert x * number == number * x == x * constant
        if number:
            assert x / number == x * field.inverse(constant) == x / constant


@every_field
@given(data=st.data())
@few
def test_inverse(field: Any, data: st.DataObject) -> None:
    x, y = data.draw(elements(field)), data.draw(elements(field))
    assume(x)
    assert x * field.inverse(x) == field.one
    assert field.inverse(field.inverse(x)) == x
    assert (y / x) * x == y
    assert 1 / x == field.inverse(x)


@every_ring
def test_zero_has_no_inverse(field: Any) -> None:
    with pytest.raises(ZeroDivisionError):
        field.inverse(field.zero)
    for zero in (0, Fraction(0), field.zero):
        with pytest.raises(ZeroDivisionError):
            field.one / zero


@every_field
@given(data=st.data(), n=st.integers(-3, 4))
@few
def test_integer_powers(field: Any, data: st.DataObject, n: int) -> None:
    x = data.draw(elements(field))
    assume(x or n >= 0)
    product = field.one
    for _ in range(abs(n)):
        product = product * x
    assert x**n == (product if n >= 0 else field.inverse(product))


@every_ring
@given(data=st.data())
@few
def test_dot_is_the_sum_of_products(field: Any, data: st.DataObject) -> None:
    pair = st.tuples(elements(field), elements(field) | st.just(field.zero))
    pairs = data.draw(st.lists(pair, max_size=6))
    total = field.zero
    for x, y in pairs:
        total = total + x * y
    assert field.dot([x for x, _ in pairs], [y for _, y in pairs]) == total


@every_ring
@given(data=st.data())
@few
def test_dot_finds_cancellation(field: Any, data: st.DataObject) -> None:
    """x*y - y*x is the zero, equal to and hashed like 0: callers strip it by truth value."""
    x, y = data.draw(elements(field)), data.draw(elements(field))
    nothing = field.dot([x, y], [y, -x])
    assert not nothing and nothing == 0 and nothing == field.zero


# -- square roots and signs ------------------------------------------------------------------------------------------


@every_field
@given(data=st.data())
@few
def test_square_root_of_a_square_is_the_absolute_value(field: Any, data: st.DataObject) -> None:
    x = data.draw(elements(field))
    assert field.sqrt(x * x) == (x if field.sign(x) >= 0 else -x)


@every_field
@given(data=st.data())
@few
def test_a_refused_square_root_names_what_to_adjoin(field: Any, data: st.DataObject) -> None:
    x = data.draw(elements(field))
    assume(x)
    if field.sign(x) < 0:
        with pytest.raises(ValueError):
            field.sqrt(x)
        x = -x
    try:
        root, where = field.sqrt(x), field
    except NotASquare as refusal:
        where = SquareRootField(field, refusal.radicand)  # itself refuses a radicand that is negative or a square
        root = where.sqrt(where(x))
    assert root * root == x
    assert where.sign(root) > 0


@pytest.mark.parametrize(
    "number", [4 - QPI.pi, (4 - QPI.pi) * 3, (4 - QPI.pi) / (5 - QPI.pi) ** 3, 1 / (4 - QPI.pi)], ids=str
)
def test_positive_radicands_whose_factors_are_negative(number: Any) -> None:
    """4 - pi > 0 is -1 times the irreducible pi - 4: its rational content is negative though the number is not."""
    with pytest.raises(NotASquare) as refusal:
        QPI.sqrt(number)
    bigger = SquareRootField(QPI, refusal.value.radicand)
    assert bigger.sqrt(bigger(number)) ** 2 == number


@every_field
@given(data=st.data())
@few
def test_sign_agrees_with_the_ball_and_with_products(field: Any, data: st.DataObject) -> None:
    x, y = data.draw(elements(field)), data.draw(elements(field))
    ball = field.ball(x, 400)
    assert (field.sign(x) > 0) == bool(ball > 0)
    assert (field.sign(x) < 0) == bool(ball < 0)
    assert (field.sign(x) == 0) == (not x)
    assert field.sign(x * y) == field.sign(x) * field.sign(y)
    assert field.sign(-x) == -field.sign(x)


@every_field
@pytest.mark.parametrize("terms", [1, 2, 5, 40, 160])
def test_sign_of_numbers_very_near_0(field: Any, terms: int) -> None:
    """Convergents of a continued fraction lie below and above their limit in turn, the 160th by 1e-160 or so."""
    with mpmath.workdps(250):
        h, k, old_h, old_k, rest = 1, 0, 0, 1, +mpmath.pi
        for _ in range(terms):
            a = int(mpmath.floor(rest))
            h, old_h, k, old_k = a * h + old_h, h, a * k + old_k, k
            rest = 1 / (rest - a)
    assert field.sign(field.pi - Fraction(h, k)) == (1 if terms % 2 else -1)


def test_sign_where_nested_roots_nearly_cancel() -> None:
    """(sqrt(2) - 1)**40 and (sqrt(3) - sqrt(2))**40 are tiny and positive, but differences of huge numbers."""
    two = ROOT_2_3(ROOT_2.root)
    assert ROOT_2_3.sign((two - 1) ** 40) == 1
    assert ROOT_2_3.sign((two - 1) ** 41 * -1) == -1
    assert ROOT_2_3.sign((ROOT_2_3.root - two) ** 40) == 1
    assert (
        ROOT_2_3.sign(two * ROOT_2_3.root - Fraction(2449489742783178, 10**15)) == 1
    )  # sqrt(6) = 2.4494897427831780981...


# -- equality, hashes, coercion ----------------------------------------------------------------------------------------


@every_ring
@given(data=st.data())
@few
def test_equal_elements_built_differently_have_equal_hashes(field: Any, data: st.DataObject) -> None:
    x, y = data.draw(elements(field)), data.draw(elements(field))
    for other in ((x + y) - y, 0 - (0 - x), x * 2 - x, field(x)):
        assert other == x
        assert hash(other) == hash(x)
    assert x != x + 1
    assert x not in {x + 1, x - y - 1} or x == x - y - 1


@every_field
@given(data=st.data())
@few
def test_quotients_return_to_the_same_form(field: Any, data: st.DataObject) -> None:
    x, y = data.draw(elements(field)), data.draw(elements(field))
    assume(y)
    other = (x * y) / y
    assert other == x and hash(other) == hash(x) and field.text(other) == field.text(x)


@every_ring
@given(q=rationals)
@few
def test_rationals_are_themselves(field: Any, q: Fraction) -> None:
    assert field(q) == q and q == field(q)
    assert hash(field(q)) == hash(q)
    assert field(q.numerator) == q.numerator and q.numerator in {field(q.numerator)}


@every_ring
@given(data=st.data())
@few
def test_elements_of_subfields_are_themselves(field: Any, data: st.DataObject) -> None:
    below: Any = field
    while hasattr(below, "base"):
        below = below.base
        x, y = data.draw(elements(below)), data.draw(elements(field))
        assert field(x) == x and x == field(x)
        assert hash(field(x)) == hash(x)
        assert x + y == y + x == field(x) + y
        assert x - y == -(y - x) == field(x) - y
        assert x * y == y * x == field(x) * y
        if x:
            assert y / x == y * field.inverse(field(x))
        if field in FIELDS and y:
            assert x / y == field(x) * field.inverse(y)


def test_an_equal_field_made_again_takes_the_elements() -> None:
    again = SquareRootField(QPI, 2)
    assert again == ROOT_2 and hash(again) == hash(ROOT_2)
    x, y = ROOT_2.root + QPI.pi, again.root + QPI.pi
    assert x == y and hash(x) == hash(y)
    assert x * y == x * x and again.dot([x], [y]) == x * x


def test_unrelated_fields_do_not_mix() -> None:
    root_3 = SquareRootField(QPI, 3)
    assert ROOT_2 != root_3
    assert ROOT_2.root != root_3.root
    with pytest.raises(TypeError):
        ROOT_2.root + root_3.root
    with pytest.raises(TypeError):
        QPI(ROOT_2.root)
    first, second = (PolynomialRing(QPI, ["u"]) for _ in range(2))
    with pytest.raises(TypeError):
        first.unknown(0) + second.unknown(0)


TOWERS = [ROOT_2, ROOT_2_3, tower(QPI, [3, 2]), SquareRootField(QPI, 6), SquareRootField(QPI, 8), ROOT_PI_2, CYCLIC]


@pytest.mark.parametrize("first", TOWERS, ids=lambda field: field.name)
@pytest.mark.parametrize("second", [QPI, *TOWERS], ids=lambda field: field.name)
@given(data=st.data())
@settings(max_examples=4)
def test_joined_fields_contain_both(first: Any, second: Any, data: st.DataObject) -> None:
    """Both embeddings keep sums, products and signs: sqrt(6) becomes the positive root sqrt(2)*sqrt(3)."""
    joined = first.join(second)
    for field in (first, second):
        x, y = data.draw(elements(field)), data.draw(elements(field))
        assert joined(x) + joined(y) == joined(x + y)
        assert joined(x) * joined(y) == joined(x * y)
        assert joined.sign(joined(x)) == field.sign(x)
        assert joined(x) == x


def test_rings_are_joined_to_what_they_contain_only() -> None:
    ring = PolynomialRing(QPI, ["u"])
    assert ring.join(QPI) is ring and QPI.join(ring) is ring
    for ask in (lambda: ring.join(ROOT_2), lambda: ROOT_2.join(ring)):
        with pytest.raises(TypeError):
            ask()


SQRT_6 = [ROOT_2_3.root * ROOT_2.root, TOWERS[2].root * TOWERS[2].base.root, TOWERS[3].root]
SQRT_8 = [ROOT_2.root * 2, TOWERS[4].root, ROOT_2_3(ROOT_2.root) * 2]


@pytest.mark.parametrize("numbers", [SQRT_6, SQRT_8], ids=["sqrt(6)", "sqrt(8)"])
def test_one_number_in_several_towers_is_one_number(numbers: list[Any]) -> None:
    for x in numbers:
        for y in numbers:
            assert x == y and not x - y and x * y == x * x and x / y == 1
            assert hash(x) == hash(y)


INEXACT = [
    0.5,
    1.0,
    float("nan"),
    1j,
    np.float64(2),
    Decimal("0.5"),
    mpmath.mpf(1),
    flint.arb(1),
    flint.fmpq(1, 3),
    sympy.pi,
    "1",
    None,
]


@every_ring
@pytest.mark.parametrize("value", INEXACT, ids=lambda value: type(value).__name__)
def test_only_exact_numbers_are_taken(field: Any, value: Any) -> None:
    with pytest.raises(TypeError):
        field(value)
    assert field.one != value


@every_ring
@pytest.mark.parametrize(
    "value", [0.5, np.float64(2), Decimal("0.5"), flint.fmpq(1, 3), "1"], ids=lambda value: type(value).__name__
)
@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_inexact_operands_are_refused(field: Any, value: Any, operation: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(TypeError):
        operation(field.pi, value)
    with pytest.raises(TypeError):
        operation(value, field.one)


@every_field
@given(data=st.data())
@few
def test_no_flint_type_leaks(field: Any, data: st.DataObject) -> None:
    """flint's polynomials are unhashable and its rationals equal no Fraction: only balls may leave the field."""
    x, y = data.draw(elements(field)), data.draw(elements(field))
    results = [x + y, x - y, x * y, -x, x * 2, 2 - x, x / 3, field.dot([x, y], [y, x]), field.sqrt(x * x)]
    if y:
        results += [x / y, 1 / y, y**-2]
    for result in results:
        assert type(result) is type(field.one)
        assert isinstance(hash(result), int)
    assert type(field.sign(x)) is int and type(field.text(x)) is str
    assert isinstance(field.ball(x, 64), flint.arb)


@given(x=qpi_elements())
@few
def test_rational_parts_and_factors_are_python_numbers(x: Any) -> None:
    assert x.rational() is None or type(x.rational()) is Fraction
    assume(x)
    content, factors = QPI.factors_of(x)
    assert type(content) is Fraction
    product = QPI(content)
    for coefficients, exponent in factors.items():
        assert {type(c) for c in coefficients} == {int} and type(exponent) is int and exponent
        product = product * in_pi(coefficients) ** exponent
    assert product == x


# -- text and values ---------------------------------------------------------------------------------------------------

OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip


def read(
    text: str, names: Mapping[str, Any], number: Callable[[int], Any], root: Callable[[Any], Any] | None = None
) -> Any:
    """The value of a text in the exact-number grammar; AssertionError for anything outside it."""

    def value(node: ast.AST) -> Any:
        match node:
            case ast.Constant(value=int() as n) if not isinstance(n, bool):
                return number(n)
            case ast.Name(id=name):
                return names[name]
            case ast.UnaryOp(op=ast.USub(), operand=x):
                return -value(x)
            case ast.BinOp(left=x, op=ast.Pow(), right=ast.Constant(value=int() as n)):
                return value(x) ** n
            case ast.BinOp(left=x, op=op, right=y) if type(op) in OPERATORS:
                return OPERATORS[type(op)](value(x), value(y))
            case ast.Call(func=ast.Name(id="sqrt"), args=[x], keywords=[]) if root is not None:
                return root(value(x))
        raise AssertionError(f"{text!r} leaves the grammar at {ast.dump(node)}")

    return value(ast.parse(text, mode="eval").body)


@sqrt_free
@given(data=st.data(), stand_in=st.fractions(3, 4, max_denominator=50))
@settings(max_examples=30)
def test_text_is_right_at_rational_stand_ins_for_pi(field: Any, data: st.DataObject, stand_in: Fraction) -> None:
    """pi is transcendental, so an identity between elements holds with any number in its place (poles apart)."""
    x, y = data.draw(elements(field)), data.draw(elements(field))
    names = {"pi": stand_in, "u": Fraction(2, 7), "v": Fraction(-5, 3)}

    def at(element: Any) -> Fraction:
        return Fraction(read(field.text(element), names, Fraction))

    results = [(x + y, at(x) + at(y)), (x - y, at(x) - at(y)), (x * y, at(x) * at(y)), (-x, -at(x)), (x / 7, at(x) / 7)]
    if y and field is QPI:
        try:
            results += [(x / y, at(x) / at(y)), (y**-2, at(y) ** -2)]
        except ZeroDivisionError:
            assume(False)
    for element, value in results:
        assert at(element) == value


@given(
    coefficients=st.lists(rationals, max_size=5),
    below=st.lists(st.sampled_from(DENOMINATORS), max_size=4),
    stand_in=st.fractions(3, 4, max_denominator=50),
)
@settings(max_examples=30)
def test_text_says_what_the_element_was_made_of(
    coefficients: list[Fraction], below: list[Any], stand_in: Fraction
) -> None:
    x, value = in_pi(coefficients), sum((c * stand_in**i for i, c in enumerate(coefficients)), Fraction(0))
    for factor in below:
        x, value = x / in_pi(factor), value / sum(c * stand_in**i for i, c in enumerate(factor))
    assert read(QPI.text(x), {"pi": stand_in}, Fraction) == value


def assert_one_number(field: Any, x: Any) -> None:
    """The text (read by mpmath), the SymPy expression (evaluated by SymPy) and the ball of x agree to 38 digits."""
    with mpmath.workdps(60), flint.ctx.workprec(400):
        roots = {f.generator: f.root_ball(400).mid().str(60, radius=False) for f in generators(field)}
        names = {name: mpmath.mpf(value) for name, value in roots.items()}
        by_text = read(field.text(x), {"pi": mpmath.pi, **names}, mpmath.mpf, mpmath.sqrt)
        symbols = {f.symbol: sympy.Float(roots[f.generator], 60) for f in generators(field)}
        by_sympy = sympy.N(field.sympy(x).subs(symbols), 40)
        ball = field.ball(x, 400)
        tolerance = flint.arb(10) ** -38 * abs(ball)
        assert abs(ball - flint.arb(mpmath.nstr(by_text, 50))) <= tolerance
        assert abs(ball - flint.arb(str(by_sympy))) <= tolerance


@every_field
@given(data=st.data())
@few
def test_text_sympy_and_ball_are_one_number(field: Any, data: st.DataObject) -> None:
    x, y = data.draw(elements(field)), data.draw(elements(field))
    for element in (x, x * y, x + 1 / y if y else x - 1):
        assert_one_number(field, element)


HALF_PI_1 = QPI.pi / 2 + 1  # a radicand, and a factor, with a / inside its parentheses
ROOT_HALF: Any = tower(QPI, [HALF_PI_1, 3])


@pytest.mark.parametrize(
    ("field", "x"),
    [
        *(
            (QPI, x)
            for x in (
                QPI.zero,
                QPI.pi / 7,
                1 / (QPI.pi - 2),
                -3 / (2 * QPI.pi * (QPI.pi - 2) ** 2),
                (1 - QPI.pi) / (QPI.pi + 2),
            )
        ),
        *(
            (ROOT_2, ROOT_2.root * c)
            for c in (1, -1, Fraction(-2, 3), HALF_PI_1, 1 / HALF_PI_1, -HALF_PI_1 / QPI.pi, 8 / QPI.pi)
        ),
        *(
            (ROOT_2_3, ROOT_2_3.root * ROOT_2.root * c - c)
            for c in (1, -1, Fraction(-2, 3), HALF_PI_1, 1 / HALF_PI_1, 8 / QPI.pi)
        ),
        *((ROOT_2_3, ROOT_2_3.root * (ROOT_2.root * c + c / 5) - c) for c in (QPI.one, HALF_PI_1, -1 / HALF_PI_1)),
        *(
            (ROOT_HALF, ROOT_HALF.root * ROOT_HALF.base.root * c + 1)
            for c in (1, -1, Fraction(1, 3), HALF_PI_1, 1 / HALF_PI_1)
        ),
    ],
    ids=lambda value: value.name if hasattr(value, "name") else None,
)
def test_text_of_numbers_that_are_easily_bracketed_wrongly(field: Any, x: Any) -> None:
    assert_one_number(field, x)


@pytest.mark.parametrize("ring", POLYNOMIAL_RINGS, ids=lambda ring: ring.name)
@given(data=st.data())
@few
def test_polynomials_in_sympy_are_the_same_polynomials(ring: Any, data: st.DataObject) -> None:
    x = data.draw(elements(ring))
    constant = x.substitute({0: ring.base(Fraction(2, 3)), 1: ring.base(-2)})
    assert constant.is_constant
    value = ring.sympy(x).subs({sympy.Symbol("u"): sympy.Rational(2, 3), sympy.Symbol("v"): -2})
    with flint.ctx.workprec(200):
        assert abs(ring.ball(constant, 200) - flint.arb(str(sympy.N(value, 40)))) <= flint.arb(10) ** -36


@every_field
@given(data=st.data(), bits=st.sampled_from([53, 128, 1000]))
@few
def test_balls_enclose_and_leave_no_trace(field: Any, data: st.DataObject, bits: int) -> None:
    x = data.draw(elements(field))
    before = flint.ctx.prec
    ball, finer = field.ball(x, bits), field.ball(x, 3 * bits)
    assert flint.ctx.prec == before
    with flint.ctx.workprec(3 * bits):
        assert ball.overlaps(finer)
        assert not x or finer.rad() <= ball.rad()


# -- rings that are no fields ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ring", POLYNOMIAL_RINGS, ids=lambda ring: ring.name)
def test_polynomials_that_depend_on_unknowns_are_no_units(ring: Any) -> None:
    u = ring.unknown(0)
    for ask in (ring.inverse, ring.sqrt, ring.sign, lambda x: ring.ball(x, 64), lambda x: 1 / x):
        with pytest.raises(NotAUnit):
            ask(u + 1)
    assert ring.inverse(ring(2)) == Fraction(1, 2)
    assert ring.sqrt(ring(4)) == 2 and ring.sign(ring(-4)) == -1
    assert (u * u - u * u).is_constant and (u + 3).unknowns() == {0}
