"""Laws that hold along every family: homogeneity, scaling, permutations, and the symmetry of critical points."""

from collections.abc import Callable
from fractions import Fraction

import pytest

import symrelu
from symrelu.exact.arithmetic import SeriesArithmetic
from symrelu.exact.series import Series, monomial

Known = Callable[[str], symrelu.Family]
ORDER = 8
TYPES = {"1b": 0, "2a": 1, "2b": 1, "3a": 2, "4": 3, "d-5,5:-,+": 5}
CASES = [
    pytest.param(name, m, marks=() if m < 2 else pytest.mark.slow, id=name) for name, m in TYPES.items()
]


def kernel(p: Series, q: Series, s: Series, angle: Series) -> Series:
    """2 pi kappa = |w| |v| sin(theta) + (pi - theta) <w, v>, the sine from the Gram determinant."""
    return (p * q - s * s).sqrt() + (p.field.pi - angle) * s


class Sums:
    """2 pi times the sums over one row of each orbit, by formulas for Delta(S_{d-m} x S_m) written out by hand."""

    def __init__(self, result: symrelu.FamilySeries, m: int) -> None:
        a = list(result.entries.values())
        n, angle, field = result.d - m, result.angle, result.field
        one, zero = monomial(field, 1, 0), monomial(field, 0, 0)
        pi = monomial(field, field.pi, 0)
        a1, a2 = a[:2]
        a3, a4, a5 = a[2:5] if m else (zero, zero, zero)
        a6 = a[5] if m > 1 else zero
        p = a1 * a1 + (n - 1) * (a2 * a2) + m * (a3 * a3)
        s = 2 * (a1 * a2) + (n - 2) * (a2 * a2) + m * (a3 * a3)
        self.students = [pi * p + (n - 1) * kernel(p, p, s, angle(1, 1))]
        self.teachers = [
            kernel(p, one, a1, angle(1, 1, target=True, same=True))
            + (n - 1) * kernel(p, one, a2, angle(1, 1, target=True))
        ]
        self.counts = [n, one * m]
        if m:
            q = n * (a4 * a4) + a5 * a5 + (m - 1) * (a6 * a6)
            cross = kernel(p, q, a1 * a4 + (n - 1) * (a2 * a4) + a3 * a5 + (m - 1) * (a3 * a6), angle(1, 2))
            self.students[0] += m * cross
            self.students.append(pi * q + n * cross)
            self.teachers[0] += m * kernel(p, one, a3, angle(1, 2, target=True))
            self.teachers.append(
                kernel(q, one, a5, angle(2, 2, target=True, same=True))
                + n * kernel(q, one, a4, angle(2, 1, target=True))
            )
        if m > 1:
            s = n * (a4 * a4) + 2 * (a5 * a6) + (m - 2) * (a6 * a6)
            self.students[1] += (m - 1) * kernel(q, q, s, angle(2, 2))
            self.teachers[1] += (m - 1) * kernel(q, one, a6, angle(2, 2, target=True))
        # the sum of kappa(v, v') over pairs of unit vectors, times 2 pi
        self.target = result.d * pi + result.d * (result.d - 1)


@pytest.mark.parametrize(("name", "m"), CASES)
def test_euler_identity_of_every_row(name: str, m: int, known: Known) -> None:
    # kappa is homogeneous in w_i, so <w_i, dL/dw_i> = sum_j kappa(w_i, w_j) - sum_j kappa(w_i, v_j): 0 if critical
    sums = Sums(known(name).series(ORDER), m)
    for students, teachers in zip(sums.students, sums.teachers, strict=True):
        assert teachers.coefficients, "the two sides must not vanish by themselves"
        difference = students - teachers
        assert not difference.coefficients, str(difference)
        assert difference.precision is not None and difference.precision >= 4


@pytest.mark.parametrize(("name", "m"), CASES)
def test_loss_by_homogeneity(name: str, m: int, known: Known) -> None:
    # with the Euler identities L = 1/2 (sum kappa(v, v') - sum kappa(w, v))
    result = known(name).series(ORDER)
    sums = Sums(result, m)
    overlap = monomial(result.field, 0, 0)
    for count, teachers in zip(sums.counts, sums.teachers, strict=False):
        overlap = overlap + count * teachers
    loss = (sums.target - overlap) / (4 * monomial(result.field, result.field.pi, 0))
    difference = loss - result.loss
    assert not difference.coefficients, str(difference)
    assert difference.precision is not None and difference.precision >= 3


@pytest.mark.parametrize("scale", [Fraction(3, 2), Fraction(1, 7)])
@pytest.mark.parametrize(("name", "m"), CASES)
def test_loss_of_the_scaled_network(name: str, m: int, scale: Fraction, known: Known) -> None:
    # L(c W) = c**2 A/2 - c B + C/2 with A = B at a critical point and C known: so A = C - 2 L, and
    # L(c W) - L(W) = (c - 1)**2 A/2
    family = known(name)
    result = family.series(ORDER)
    pi = monomial(result.field, result.field.pi, 0)
    d = result.d
    C = d / 2 + d * (d - 1) / (2 * pi)
    A = C - 2 * result.loss
    point = [x * scale for x in result.entries.values()]
    scaled = family.problem.at(SeriesArithmetic(result.field), point, d).loss()
    difference = scaled - result.loss - A * ((scale - 1) ** 2 / 2)
    assert A.valuation == -4, "the loss of the scaled network grows with d**2"
    assert not difference.coefficients, str(difference)
    assert difference.precision is not None and difference.precision >= 3


def test_exchanging_two_columns_exchanges_two_entries(known: Known) -> None:
    # the columns of a block of size 2 exchanged: the own entry and the other one change places
    straight = known("3a").series(4)
    crossed = symrelu.family(blocks="d-2,2", limit="a_1=1,a_6=-1").series(4)
    renamed = {"a_5": "a_6", "a_6": "a_5"}
    for name, x in straight.entries.items():
        assert crossed.entries[renamed.get(name, name)] == x
    assert crossed.loss == straight.loss
    assert str(crossed.multiplicity) == str(straight.multiplicity)
    assert crossed.actual.order() == straight.actual.order()


def test_the_permuted_target_is_a_global_minimum() -> None:
    result = symrelu.family(blocks="d-2,2", limit="a_1=1,a_6=1").series(3)
    assert result.loss.is_exact_zero
    assert str(result.multiplicity) == "factorial(d)"


@pytest.mark.parametrize("m", [1, 2, pytest.param(3, marks=pytest.mark.slow), pytest.param(6, marks=pytest.mark.slow)])
def test_minus_minus_is_1b(m: int, known: Known) -> None:
    family = symrelu.family(blocks=f"d-{m},{m}", limit="-,-")
    result, named = family.series(6), known("1b").series(6)
    assert family.name == result.family == "1b"
    assert result.actual.is_larger
    assert result.actual.label() == "Delta S_d"
    assert str(result.multiplicity) == "factorial(d)"
    # a_1 a_2 a_3 a_4 a_5 a_6 with a_1 on the diagonal and a_2 everywhere else
    diagonal, other = named.entries.values()
    expected = [diagonal, other, other, other, diagonal, other]
    assert list(result.entries.values()) == expected[: len(result.entries)]
    assert result.equal_entries == (1, 2, 2, 2, 1, 2)[: len(result.entries)]
    assert result.loss == named.loss
    assert any("more symmetry" in note for note in result.notes())


@pytest.mark.parametrize("m", [1, 2, 5])
def test_plus_plus_is_1a(m: int) -> None:
    result = symrelu.family(blocks=f"d-{m},{m}", limit="+,+").series(4)
    assert result.family == "1a"
    assert result.is_closed_form
    assert result.loss.is_exact_zero
    assert result.actual.label() == "Delta S_d"
    assert str(result.multiplicity) == "factorial(d)"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("1a", "Delta S_d"),
        ("1b", "Delta S_d"),
        ("2a", "Delta(S_{d-1} x S_1)"),
        ("2b", "Delta(S_{d-1} x S_1)"),
        ("3a", "Delta(S_{d-2} x S_2)"),
        pytest.param("3b", "Delta(S_{d-2} x S_2)", marks=pytest.mark.slow),
        pytest.param("4", "Delta(S_{d-3} x S_3)", marks=pytest.mark.slow),
        pytest.param("d-7,7:-,+", "Delta(S_{d-7} x S_7)", marks=pytest.mark.slow),
    ],
)
def test_generic_families_have_no_more_symmetry_than_asked(name: str, label: str, known: Known) -> None:
    result = known(name).series(4)
    assert not result.actual.is_larger
    assert result.actual.label() == label
    assert result.equal_entries == tuple(range(1, len(result.entries) + 1))
    assert result.notes() == []
