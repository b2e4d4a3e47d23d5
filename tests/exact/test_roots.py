"""Factors and roots of polynomials over Q(pi) and over its square-root extensions."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symrelu.errors import Undecided
from symrelu.exact.field import Element, Field
from symrelu.exact.qpi import QPI
from symrelu.exact.roots import Poly, factor, roots
from symrelu.exact.square_roots import SquareRootField

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


def same_roots(found: list[tuple[Element, int]], expected: list[tuple[Element, int]]) -> bool:
    return len(found) == len(expected) and all(any(x == y and m == n for y, n in expected) for x, m in found)


@settings(max_examples=60)
@given(st.lists(numbers, min_size=1, max_size=5), numbers.filter(bool))
def test_products_of_linear_factors_over_q_pi(values: list[Element], lead: Element) -> None:
    field, found = roots(QPI, from_roots(QPI, values, lead))
    assert field is QPI
    assert same_roots(found, counted(QPI, values))


@settings(max_examples=12)
@given(st.lists(over_sqrt2, min_size=1, max_size=3))
def test_products_of_linear_factors_over_a_square_root(values: list[Element]) -> None:
    field, found = roots(SQRT2, from_roots(SQRT2, values))
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
    field, found = roots(QPI, [1 - radicand, QPI(-2), QPI.one])
    assert isinstance(field, SquareRootField) and [m for _, m in found] == [1, 1]
    assert all((x - 1) * (x - 1) == field(radicand) for x, _ in found)
    assert found[0][0] != found[1][0]


def test_a_quadratic_with_a_square_discriminant_stays() -> None:
    field, found = roots(QPI, [-PI * PI, QPI.zero, QPI.one])
    assert field is QPI and same_roots(found, [(PI, 1), (-PI, 1)])


def test_two_quadratics_that_need_one_root() -> None:
    field, found = roots(QPI, multiply(QPI, [QPI(-2), QPI(0), QPI(1)], [QPI(-7), QPI(-2), QPI(1)]))
    assert field == SQRT2
    root = field.root
    assert same_roots(found, [(root, 1), (-root, 1), (1 + 2 * root, 1), (1 - 2 * root, 1)])


def test_two_quadratics_that_need_two_roots() -> None:
    field, found = roots(QPI, multiply(QPI, [QPI(-2), QPI(0), QPI(1)], [QPI(-3), QPI(0), QPI(1)]))
    assert isinstance(field, SquareRootField) and isinstance(field.base, SquareRootField)
    assert sorted(str(x * x) for x, _ in found) == ["2", "2", "3", "3"]


def test_repeated_quadratic() -> None:
    quadratic = [QPI(-2), QPI(0), QPI(1)]
    field, found = roots(QPI, expanded(QPI, [(quadratic, 3)]))
    assert field == SQRT2 and [m for _, m in found] == [3, 3]


def test_norms_that_are_not_squarefree_are_shifted() -> None:
    """x - sqrt(2) and x + sqrt(2), x^2 - 3: the norm of their product is no squarefree polynomial."""
    root = SQRT2.root
    poly = from_roots(SQRT2, [root, -root, root, SQRT2(1)])
    assert same_roots(roots(SQRT2, poly)[1], [(root, 2), (-root, 1), (SQRT2(1), 1)])
    assert [len(f) for f, _ in factor(SQRT2, [SQRT2(-3), SQRT2(0), SQRT2(1)])] == [3]


def test_quartic_that_splits_only_over_the_extension() -> None:
    """x^4 - 10 x^2 + 1, of sqrt(2) + sqrt(3): irreducible over Q(pi), two quadratics over Q(pi, sqrt 2)."""
    quartic = [1, 0, -10, 0, 1]
    with pytest.raises(Undecided, match="degree 4"):
        roots(QPI, quartic)
    field, found = roots(SQRT2, quartic)
    assert isinstance(field, SquareRootField) and len(found) == 4
    assert all(x**4 - 10 * x * x + 1 == field.zero for x, _ in found)


@pytest.mark.parametrize("field", [QPI, SQRT2])
@pytest.mark.parametrize("cubic", [[1, -3, 0, 1], [-PI, -5, 0, 1], [1, -3 * PI, 0, 1]])
def test_irreducible_cubics_are_undecided(field: Field, cubic: list[Element]) -> None:
    with pytest.raises(Undecided) as error:
        roots(field, multiply(field, [field(c) for c in cubic], [field(-2), field.one]))
    assert "degree 3" in str(error.value) and field.name in str(error.value) and "\n" not in str(error.value)


def test_factors_come_with_their_multiplicities() -> None:
    poly = from_roots(QPI, [PI, PI, PI, QPI(0), 8 / PI])
    assert sorted((m, str(-f[0])) for f, m in factor(QPI, poly)) == [(1, "0"), (1, "8/pi"), (3, "pi")]
    assert factor(QPI, [QPI(7)]) == []
    assert factor(QPI, [QPI(0), QPI(1), QPI(0)]) == [([QPI(0), QPI(1)], 1)]
