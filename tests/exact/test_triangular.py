"""Polynomial systems solved step by step: planted solutions, inconsistent and underdetermined ones."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symrelu.exact.polynomials import Polynomial, PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.triangular import solve_triangular

pi = QPI.pi
RING = PolynomialRing(QPI, ["x", "y", "z"])
x, y, z = (RING.unknown(i) for i in range(3))
one = RING.one


@pytest.mark.parametrize(
    ("equations", "solution"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param([RING.zero], {}, id="0 = 0"),
        pytest.param([x * 2 - 6], {0: 3}, id="one equation"),
        pytest.param([x], {0: 0}, id="zero"),
        pytest.param([x + y - 3, x - y - 1], {0: 2, 1: 1}, id="regular"),
        pytest.param([x - pi, y * pi - x], {0: pi, 1: 1}, id="over Q(pi)"),
        pytest.param([x - 1, x * 2 - 2, x * 3 - 3], {0: 1}, id="dependent"),
        pytest.param([x + y - 1], {}, id="underdetermined"),
        pytest.param([x + y - 1, z - 5], {2: 5}, id="one unknown of an underdetermined system"),
        pytest.param([x + y + z, y + z - 2], {0: -2}, id="a combination determines one"),
        pytest.param([x - 2, x * y - 6], {0: 2, 1: 3}, id="triangular, nonlinear"),
        pytest.param([z * y - x, x * y - 6, x - 2], {0: 2, 1: 3, 2: Fraction(2, 3)}, id="three steps, backwards"),
        pytest.param([x * x - 4], {}, id="nonlinear only"),
        pytest.param([x * x - y, x - 3], {0: 3, 1: 9}, id="a square"),
        pytest.param([x * y - 1, y - x], {}, id="never linear in one"),
        pytest.param([one], None, id="1 = 0"),
        pytest.param([x - 1, x - 2], None, id="inconsistent"),
        pytest.param([x + y - 1, x + y - 2], None, id="inconsistent, underdetermined"),
        pytest.param([x, x * y - 1], None, id="inconsistent after substitution"),
        pytest.param([x - 1, x * x - 2], None, id="inconsistent with a square"),
    ],
)
def test_solve_triangular(equations: list[Polynomial], solution: dict[int, object] | None) -> None:
    assert solve_triangular(equations) == solution
    assert solve_triangular(equations[::-1]) == solution, "the order of the equations must not matter"


@given(
    values=st.lists(st.fractions(-4, 4, max_denominator=6), min_size=3, max_size=3),
    matrix=st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=1, max_size=5),
)
def test_solutions_of_random_systems_are_the_planted_ones(values: list[Fraction], matrix: list[list[int]]) -> None:
    equations = []
    for row in matrix:
        left = x * row[0] + y * row[1] + z * row[2]
        equations.append(left - sum(c * v for c, v in zip(row, values, strict=True)))
    found = solve_triangular(equations)
    assert found is not None
    for unknown, value in found.items():
        assert value == values[unknown]
    # an unknown is left out only if it can change: Cramer's rule on every three rows
    for i in range(len(matrix)):
        for j in range(i):
            for k in range(j):
                (a, b, c), (d, e, f), (g, h, m) = matrix[i], matrix[j], matrix[k]
                if a * (e * m - f * h) - b * (d * m - f * g) + c * (d * h - e * g):
                    assert len(found) == 3
