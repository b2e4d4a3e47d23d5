"""New series from results: norms, angles, traces, differences, a determinant; judged by solves at d = 10^6."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from mpmath import mpf

import symrelu
from symrelu.errors import BadInput
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.reference.oracle import NAMED, block_matrix, leading_entries, newton

Fresh = Callable[[str, int], symrelu.FamilySeries]
ValueAt = Callable[[Series, Any], Any]
ORDER = 8
D = 10**6
pi = QPI.pi
slow = pytest.mark.slow
CASES = ["1b", "2a", "2b", pytest.param("3a", marks=slow), pytest.param("4", marks=slow)]


def small() -> Any:
    """t at d = 10^6, at the working precision."""
    return mpf(1) / 1000


def solved(name: str) -> tuple[int, list[Any], Any]:
    """The size of the small block, the entries and the loss of a named family at d = 10^6, by Newton's method."""
    m, limit = NAMED[name]
    start = leading_entries(m, [{"+": 1, "-": -1}[x] for x in limit], small())
    entries, loss = newton(mpf(D), m, start, mpf(10) ** -40)
    return m, entries, loss


def geometry(m: int, a: list[Any]) -> dict[str, Any]:
    """Norms, angles and trace of the block matrix at d = 10^6, from vectors by hand."""
    n = D - m
    a3, a4, a5 = a[2:5] if m else (0, 0, 0)
    a6 = a[5] if m > 1 else 0
    p = a[0] ** 2 + (n - 1) * a[1] ** 2 + m * a3**2
    s = 2 * a[0] * a[1] + (n - 2) * a[1] ** 2 + m * a3**2
    found = {
        "norm 1": mpmath.sqrt(p),
        "own teacher 1": mpmath.acos(a[0] / mpmath.sqrt(p)),
        "other teacher 1": mpmath.acos(a[1] / mpmath.sqrt(p)),
        "row 1, row 1": mpmath.acos(s / p),
        "trace": n * a[0] + m * a5,
        "sum of norms": n * mpmath.sqrt(p),
    }
    if m:
        q = n * a4**2 + a5**2 + (m - 1) * a6**2
        cross = a[0] * a4 + (n - 1) * a[1] * a4 + a3 * a5 + (m - 1) * a3 * a6
        found |= {
            "norm 2": mpmath.sqrt(q),
            "own teacher 2": mpmath.acos(a5 / mpmath.sqrt(q)),
            "row 1, row 2": mpmath.acos(cross / mpmath.sqrt(p * q)),
            "row 1, teacher 2": mpmath.acos(a3 / mpmath.sqrt(p)),
            "row 2, teacher 1": mpmath.acos(a4 / mpmath.sqrt(q)),
        }
        found["sum of norms"] += m * mpmath.sqrt(q)
    if m > 1:
        inner = n * a4**2 + 2 * a5 * a6 + (m - 2) * a6**2
        found["row 2, row 2"] = mpmath.acos(inner / q)
    return found


def from_result(result: symrelu.FamilySeries, m: int) -> dict[str, Series]:
    """The same by arithmetic on the result."""
    total = result.size(1) * result.norm(1)
    found = {
        "norm 1": result.norm(1),
        "own teacher 1": result.angle(1, 1, target=True, same=True),
        "other teacher 1": result.angle(1, 1, target=True),
        "row 1, row 1": result.angle(1, 1),
        "trace": result.trace(),
    }
    if m:
        total = total + result.size(2) * result.norm(2)
        found |= {
            "norm 2": result.norm(2),
            "own teacher 2": result.angle(2, 2, target=True, same=True),
            "row 1, row 2": result.angle(1, 2),
            "row 1, teacher 2": result.angle(1, 2, target=True),
            "row 2, teacher 1": result.angle(2, 1, target=True),
        }
    if m > 1:
        found["row 2, row 2"] = result.angle(2, 2)
    return found | {"sum of norms": total}


@pytest.mark.parametrize("name", CASES)
def test_norms_angles_and_sums_at_d_1e6(name: str, fresh: Fresh, value_at: ValueAt) -> None:
    with mpmath.workdps(80):
        m, entries, loss = solved(name)
        expected = geometry(m, entries) | {"loss": loss}
        result = fresh(name, ORDER)
        found = from_result(result, m) | {"loss": result.loss}
        assert found.keys() == expected.keys()
        for what, x in found.items():
            assert x.precision is not None and x.precision >= 5, what
            # the first term left out, with room for a coefficient of 10^5
            assert abs(value_at(x, small()) - expected[what]) < mpf(10) ** 5 * small() ** x.precision, what


def test_series_of_the_target() -> None:
    result = symrelu.family("1a").series(3)
    assert result.norm(1) == 1
    assert (result.angle(1, 1) - pi / 2).is_exact_zero
    assert (result.angle(1, 1, target=True) - pi / 2).is_exact_zero
    assert result.angle(1, 1, target=True, same=True).is_exact_zero
    assert result.angle(1, 1, same=True).is_exact_zero
    assert result.trace() == result.d
    assert result.size(1) * result.norm(1) == result.d


def test_a_row_has_angle_0_with_itself(fresh: Fresh) -> None:
    for row in (1, 2):
        assert fresh("2a", ORDER).angle(row, row, same=True).is_exact_zero


@pytest.mark.parametrize("row", [0, 3, -1])
def test_rows_that_are_not_there_are_refused(row: int, fresh: Fresh) -> None:
    result = fresh("2a", ORDER)
    for ask in (result.norm, result.size, lambda i: result.angle(i, 1), lambda i: result.angle(1, i)):
        with pytest.raises(BadInput, match=f"orbit {row} was asked for"):
            ask(row)
    with pytest.raises(BadInput, match=f"orbit {row} was asked for"):
        result.angle(1, row, target=True)


def test_two_different_rows_of_a_block_of_one_are_refused(fresh: Fresh) -> None:
    # 2a has one row in its second orbit: an angle of two different ones has no meaning
    with pytest.raises(BadInput):
        fresh("2a", ORDER).angle(2, 2)


# determinant ----------------------------------------------------------------------------------------------------------


def test_determinant_of_a_delta_s_d_matrix() -> None:
    # the formula that the next test expands: eigenvalues a_1 - a_2 (d - 1 times) and a_1 + (d - 1) a_2
    space = symrelu.FixedSpace(symrelu.Isotropy.parse("d"))
    for d, a_1, a_2 in [(2, 0.5, -2.0), (5, -0.7, 0.3), (8, 1.5, 0.25)]:
        formula = (a_1 - a_2) ** (d - 1) * (a_1 + (d - 1) * a_2)
        assert np.linalg.det(space.matrix([a_1, a_2], d)) == pytest.approx(formula, rel=1e-12)


def test_determinant_of_1b_as_a_series(fresh: Fresh, value_at: ValueAt) -> None:
    # (a_1 - a_2)**(d - 1) is (-1)**(d - 1) exp((d - 1) log(a_2 - a_1)), a_2 - a_1 = 1 + O(t**4)
    result = fresh("1b", 12)
    a_1, a_2 = result.entries.values()
    exponent = (result.d - 1) * (a_2 - a_1).log()
    constant = exponent[0]  # exp of it is no element of the field: it is split off, and put back in decimals
    size = (exponent - constant).exp() * (a_1 + (result.d - 1) * a_2)
    assert size.precision is not None and size.precision >= 8
    with mpmath.workdps(80):
        entries, _ = newton(mpf(D), 0, leading_entries(0, [-1], small()), mpf(10) ** -40)
        expected = -mpmath.power(entries[0] - entries[1], D - 1) * (entries[0] + (D - 1) * entries[1])  # d - 1 is odd
        factor = mpmath.exp(mpf(QPI.ball(QPI(constant), 300).mid().str(60, radius=False)))
        assert abs(factor * value_at(size, small()) - expected) < mpf(10) ** 5 * small() ** size.precision
        assert abs(expected) > mpf("0.01"), "an expected value near 0 would prove little"


def test_determinant_of_1a() -> None:
    result = symrelu.family("1a").series(0)
    a_1, a_2 = result.entries.values()
    assert ((result.d - 1) * (a_1 - a_2).log()).exp() * (a_1 + (result.d - 1) * a_2) == 1


# differences ----------------------------------------------------------------------------------------------------------


def test_difference_of_two_losses(fresh: Fresh, value_at: ValueAt) -> None:
    difference = fresh("2b", ORDER).loss - fresh("1b", ORDER).loss
    # equations (4) and (6) of the paper
    assert (difference[0], difference[1], difference[2]) == (0, 0, -Fraction(1, 2) - 2 / pi**2 + 2 / pi)
    assert difference.precision == ORDER + 1
    with mpmath.workdps(80):
        expected = solved("2b")[2] - solved("1b")[2]
        assert abs(value_at(difference, small()) - expected) < mpf(10) ** 5 * small() ** 9


def test_difference_of_families_over_different_fields(fresh: Fresh, value_at: ValueAt) -> None:
    # sqrt(2) in one, none in the other
    difference = fresh("3a", 6).loss - 2 * fresh("2a", 6).loss
    assert difference[2] == 0
    with mpmath.workdps(80):
        expected = solved("3a")[2] - 2 * solved("2a")[2]
        assert abs(value_at(difference, small()) - expected) < mpf(10) ** 5 * small() ** 7


def test_difference_of_families_over_fields_without_a_larger_one(fresh: Fresh, value_at: ValueAt) -> None:
    # sqrt(2) in one, sqrt(3) in the other: the difference needs both
    first, second = fresh("3a", 4), fresh("4", 4)
    difference = second.loss - first.loss
    with mpmath.workdps(80):
        expected = solved("4")[2] - solved("3a")[2]
        assert abs(value_at(difference, small()) - expected) < mpf(10) ** 5 * small() ** 5
    assert difference + first.loss == second.loss
    assert first.loss - second.loss == -difference


def test_ring_operations_with_numbers(fresh: Fresh) -> None:
    loss = fresh("2a", ORDER).loss
    assert (loss + loss) / 2 == loss
    assert loss * Fraction(1, 3) * 3 == loss
    assert (loss + pi) - pi == loss
    assert 1 / (1 / loss) == loss
    assert (loss * loss).sqrt() == loss.truncate((loss * loss).sqrt().precision)
    assert loss**3 == loss * loss * loss
    for inexact in (0.5, 1j):
        with pytest.raises(TypeError):
            loss * inexact


def test_series_are_in_the_d_of_the_result(fresh: Fresh) -> None:
    result = fresh("2a", ORDER)
    assert result.d == monomial(QPI, 1, -2)
    assert (result.loss * result.d)[0] == Fraction(1, 2) - 2 / pi**2  # the limit of d L
    assert result.size(1) + result.size(2) == result.d


def test_the_block_matrix_of_a_result_is_that_of_the_oracle(fresh: Fresh) -> None:
    # the numbering a_1 .. a_6 is the paper's in both
    space = symrelu.FixedSpace(fresh("3a", 6).asked)
    assert space.matrix([1, 2, 3, 4, 5, 6], 5).tolist() == block_matrix(5, 2, [1, 2, 3, 4, 5, 6])
