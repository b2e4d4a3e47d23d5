"""Factors and roots of polynomials over Q(pi) and over its square-root extensions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.errors import Undecided
from symrelu.exact.algebraic import AlgebraicField
from symrelu.exact.factors import factor
from symrelu.exact.field import Element, Field
from symrelu.exact.qpi import QPI
from symrelu.exact.roots import roots
from symrelu.exact.square_roots import SquareRootField
from symrelu.exact.univariate import Poly, evaluate

SQRT2 = SquareRootField(QPI, QPI(2))
PI = QPI.pi

numbers = st.builds(
    lambda a, b, c, n: (a + b * PI) / (n + c * c * PI),
    st.integers(-3, 3),
    st.integers(-2, 2),
    st.integers(0, 1),
    st.integers(1, 3),
)
polynomials = st.builds(lambda a, b: a + b * PI, st.integers(-2, 2), st.integers(-1, 1))
over_sqrt2 = st.builds(lambda a, b: SQRT2.make(QPI(a), QPI(b)), polynomials, st.integers(-1, 1))


def multiply(field: Field, f: Poly, g: Poly) -> Poly:
    result = [field.zero] * (len(f) + len(g) - 1)
    for i, a in enumerate(f):
        for j, b in enumerate(g):
            result[i + j] = result[i + j] + a * b
    return result


def expanded(field: Field, factors: list[tuple[Poly, int]], lead: Element = 1) -> Poly:
    result = [field(lead)]
    for f, multiplicity in factors:
        for _ in range(multiplicity):
            result = multiply(field, result, [field(c) for c in f])
    return result


def from_roots(field: Field, values: list[Element], lead: Element = 1) -> Poly:
    return expanded(field, [([-field(x), field.one], 1) for x in values], lead)


def counted(field: Field, values: list[Element]) -> list[tuple[Element, int]]:
    found: list[tuple[Element, int]] = []
    for x in values:
        if all(x != y for y, _ in found):
            found.append((x, sum(x == y for y in values)))
    return found


def together(field: Field, poly: Poly) -> tuple[Field, list[tuple[Element, int]]]:
    """The roots with their multiplicities, all in one field."""
    found = roots(field, poly)
    assert all(root.field is found[0].field for root in found)
    return found[0].field, [(root.value, root.multiplicity) for root in found]


def same_roots(found: list[tuple[Element, int]], expected: list[tuple[Element, int]]) -> bool:
    return len(found) == len(expected) and all(any(x == y and m == n for y, n in expected) for x, m in found)


@settings(max_examples=60)
@given(st.lists(numbers, min_size=1, max_size=5), numbers.filter(bool))
def test_products_of_linear_factors_over_q_pi(values: list[Element], lead: Element) -> None:
    field, found = together(QPI, from_roots(QPI, values, lead))
    assert field is QPI
    assert same_roots(found, counted(QPI, values))


@settings(max_examples=12)
@given(st.lists(over_sqrt2, min_size=1, max_size=3))
def test_products_of_linear_factors_over_a_square_root(values: list[Element]) -> None:
    field, found = together(SQRT2, from_roots(SQRT2, values))
    assert field is SQRT2
    assert same_roots(found, counted(SQRT2, values))


@settings(max_examples=40)
@given(
    st.lists(numbers, min_size=1, max_size=2), st.integers(1, 3), st.sampled_from([2, 3, 5, PI, PI + 1, 2 * PI * PI])
)
def test_factors_multiply_to_the_monic_polynomial(values: list[Element], power: int, radicand: Element) -> None:
    quadratic = [-QPI(radicand), QPI.zero, QPI.one]
    poly = multiply(QPI, from_roots(QPI, values), expanded(QPI, [(quadratic, power)]))
    for field in (QPI, SQRT2):
        found = factor(field, [field(c) * 3 for c in poly])
        assert all(f[-1] == field.one for f, _ in found)
        assert expanded(field, found) == [field(c) for c in poly]
        splits = field is SQRT2 and radicand in (2, 2 * PI * PI)
        assert sum(m for f, m in found if len(f) == 3) == (0 if splits else power)


@pytest.mark.parametrize("radicand", [QPI(2), PI, PI - 2, PI / (PI - 2), 1 + 4 * PI, QPI(Fraction(1, 3)), 2 / PI**3])
def test_quadratics_adjoin_the_root_of_their_discriminant(radicand: Element) -> None:
    field, found = together(QPI, [1 - radicand, QPI(-2), QPI.one])
    assert isinstance(field, SquareRootField) and [m for _, m in found] == [1, 1]
    assert all((x - 1) * (x - 1) == field(radicand) for x, _ in found)
    assert found[0][0] != found[1][0]


def test_a_quadratic_with_a_square_discriminant_stays() -> None:
    field, found = together(QPI, [-PI * PI, QPI.zero, QPI.one])
    assert field is QPI and same_roots(found, [(PI, 1), (-PI, 1)])


def test_two_quadratics_that_need_one_root() -> None:
    field, found = together(QPI, multiply(QPI, [QPI(-2), QPI(0), QPI(1)], [QPI(-7), QPI(-2), QPI(1)]))
    assert field == SQRT2
    root = field.root
    assert same_roots(found, [(root, 1), (-root, 1), (1 + 2 * root, 1), (1 - 2 * root, 1)])


def test_two_quadratics_that_need_two_roots() -> None:
    field, found = together(QPI, multiply(QPI, [QPI(-2), QPI(0), QPI(1)], [QPI(-3), QPI(0), QPI(1)]))
    assert isinstance(field, SquareRootField) and isinstance(field.base, SquareRootField)
    assert sorted(str(x * x) for x, _ in found) == ["2", "2", "3", "3"]


def test_repeated_quadratic() -> None:
    quadratic = [QPI(-2), QPI(0), QPI(1)]
    field, found = together(QPI, expanded(QPI, [(quadratic, 3)]))
    assert field == SQRT2 and [m for _, m in found] == [3, 3]


def test_norms_that_are_not_squarefree_are_shifted() -> None:
    """x - sqrt(2) and x + sqrt(2), x^2 - 3: the norm of their product is no squarefree polynomial."""
    root = SQRT2.root
    poly = from_roots(SQRT2, [root, -root, root, SQRT2(1)])
    assert same_roots(together(SQRT2, poly)[1], [(root, 2), (-root, 1), (SQRT2(1), 1)])
    assert [len(f) for f, _ in factor(SQRT2, [SQRT2(-3), SQRT2(0), SQRT2(1)])] == [3]


@pytest.mark.parametrize("field", [QPI, SQRT2], ids=str)
@pytest.mark.parametrize(
    "quartic",
    [[1, 0, -10, 0, 1], [2, 0, -4, 0, 1], [PI, 0, -4, 0, 1], [16, -8, -7 - PI, 2, 1]],
    ids=["two independent roots", "cyclic", "dihedral", "not biquadratic"],
)
def test_quartics_that_square_roots_solve(field: Field, quartic: list[Element]) -> None:
    """The last is (x^2 + (1 + r) x - 4)(x^2 + (1 - r) x - 4) with r^2 = pi."""
    larger, found = together(field, [field(c) for c in quartic])
    assert len(found) == 4 and all(m == 1 for _, m in found)
    while larger is not QPI:
        assert isinstance(larger, SquareRootField)
        larger = larger.base
    values = [x for x, _ in found]
    assert all(evaluate(x.field, quartic, x) == 0 for x in values)
    assert all(x != y for i, x in enumerate(values) for y in values[:i])


QUINTIC = [QPI(-1), QPI(4), QPI(0), QPI(-5), QPI(0), QPI(1)]
CUBICS = [[1, -3, 0, 1], [-PI, -5, 0, 1], [1, -3 * PI, 0, 1], [QPI(1), -5 * PI, -PI, QPI(1)]]


@pytest.mark.parametrize("field", [QPI, SQRT2], ids=str)
@pytest.mark.parametrize("cubic", CUBICS, ids=["cyclic", "b", "c", "d"])
def test_each_root_of_a_cubic_has_its_own_field(field: Field, cubic: list[Element]) -> None:
    found = roots(field, multiply(field, [field(c) for c in cubic], [field(-2), field.one]))
    assert [(r.field, r.value) for r in found if r.field is field] == [(field, 2)]
    alone = [r for r in found if r.field is not field]
    assert [r.field.generator for r in alone] == ["theta_1", "theta_2", "theta_3"]
    assert all(evaluate(r.field, cubic, r.value) == 0 and r.multiplicity == 1 for r in alone)
    balls = [r.field.ball(r.value, 64) for r in alone]
    assert all(x < y for x, y in zip(balls, balls[1:], strict=False))


def test_repeated_cubics_and_square_roots_beside_them() -> None:
    poly = expanded(QPI, [(CUBICS[1], 2), ([QPI(-2), QPI(0), QPI(1)], 1), ([QPI(-3), QPI(0), QPI(1)], 3)])
    found = roots(QPI, poly)
    assert sorted(r.multiplicity for r in found) == [1, 1, 2, 2, 2, 3, 3]
    assert {r.field.name for r in found if r.multiplicity == 2} == {f"QQ(pi)(theta_{i})" for i in (1, 2, 3)}
    assert len({id(r.field) for r in found if r.multiplicity != 2}) == 1


def test_quartics_and_quintics_without_square_roots() -> None:
    for poly in ([QPI(1), QPI(1), -4 * PI, QPI(0), QPI(1)], QUINTIC):
        found = roots(QPI, poly)
        assert [r.field.generator for r in found] == [f"theta_{i}" for i in range(1, len(poly))]
        assert all(isinstance(r.field, AlgebraicField) and evaluate(r.field, poly, r.value) == 0 for r in found)


def test_roots_that_are_not_real_are_refused() -> None:
    with pytest.raises(ArithmeticError, match="2 roots"):
        roots(QPI, [QPI(-2), QPI(0), QPI(0), QPI(1)])


def test_polynomials_too_large_to_be_factored_are_undecided() -> None:
    field = roots(QPI, QUINTIC)[0].field
    with pytest.raises(Undecided) as error:
        factor(field, [field.root, *[field.zero] * 10, field.one])
    assert "degree 55" in str(error.value) and "\n" not in str(error.value)


def test_factors_whose_coefficients_are_no_machine_integers() -> None:
    """python-flint's fmpz_mpoly fails on these."""
    left, right = [PI**6 * 10**19 + 7, PI**3 * 3**50, QPI(1)], [PI**6 * 10**19 - 7, PI**4 * 5**40, QPI(1)]
    assert len(factor(QPI, multiply(QPI, left, right))) == 2


def test_factors_come_with_their_multiplicities() -> None:
    poly = from_roots(QPI, [PI, PI, PI, QPI(0), 8 / PI])
    assert sorted((m, str(-f[0])) for f, m in factor(QPI, poly)) == [(1, "0"), (1, "8/pi"), (3, "pi")]
    assert factor(QPI, [QPI(7)]) == []
    assert factor(QPI, [QPI(0), QPI(1), QPI(0)]) == [([QPI(0), QPI(1)], 1)]
