"""k as a real number: series of D, indices by width, proofs, thresholds in d, and points of k = d + 1."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

import symrelu
from symrelu.errors import BadInput, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.series import dimension
from symrelu.families import Family
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.paths.newton import polish
from symrelu.reference.hessian import first_layer_hessian
from symrelu.splitting import point_widths, width_series, widths
from symrelu.splitting.proof import proved_from
from symrelu.splitting.table import annihilation
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy


@cache
def named(name: str) -> Family:
    """One object for each family, which keeps what it has computed."""
    return symrelu.family(name)


@pytest.mark.parametrize("name", ["1b", "2b"])
def test_series_of_d_against_numbers(name: str) -> None:
    family, d = named(name), 10**12
    series = width_series(family, 3)
    at = widths(family, d, 15)
    numbers = {(row.orbit, v.component, v.branch): v.number.value for row in at.rows for v in row.values}
    assert len(series.branches) == len(numbers)
    for b in series.branches:
        value = sum(float(b.series.field.ball(b.series[n], 64).mid()) * 1e-6**n for n in range(4))
        assert float(numbers[b.row + 1, b.component.name, b.branch]) == pytest.approx(value, rel=1e-10, abs=1e-16)


def test_leading_terms_are_twice_the_numbers_of_the_rows() -> None:
    """Where the spectra part, an eigenvalue of two rows gets one number for each row, at t: half that of D on s."""
    for name, bulk, small in (("1b", "-1/pi", ""), ("2b", "-1/pi", "-1/pi + 2/pi**2")):
        series = width_series(named(name), 1)
        at_t = {b.row: b.series for b in series.branches if b.component.name == "s1"}
        for row, number in enumerate((bulk, small) if small else (bulk,)):
            assert at_t[row].field.text(at_t[row][1]) == number
        assert [b.row for b in series.negative(len(at_t) - 1)] == [len(at_t) - 1] * 2


def test_slopes_sum_to_minus_twice_the_loss_exactly() -> None:
    series = width_series(named("1b"), 7)
    total = series.loss * 2
    for size, slope in series.slopes:
        total = total + slope * size.at(dimension(slope.field))
    assert not total.coefficients and total.precision == 6


def test_the_target_gains_zeros_only() -> None:
    at = widths(named("1a"), 7, prove=True)
    assert at.threshold is None and at.zero_loss and at.proved
    assert at.rows[0].negative == 0 and at.rows[0].zero == 6
    assert [at.at(k).verdict for k in (7, 8)] == ["minimum", "degenerate"]
    assert "no number of further copies adds a negative direction" in at.text()
    with pytest.raises(Undecided, match="does not depend on d"):
        proved_from(named("1a"), Fraction(6))


def test_every_real_width() -> None:
    at = widths(named("2a"), 8)
    assert at.index == 0 and at.threshold == at.k == 8
    assert [row.negative for row in at.rows] == [7, 7]
    for k, index in ((8, 0), (Fraction(17, 2), Fraction(7, 2)), (9, 7), (10, 14)):
        assert (at.at(k).least, at.at(k).most, at.at(k).lines) == (index, index, k - 8)
    assert at.at(Fraction(8001, 1000)).verdict == "saddle"
    assert "for every real k > 8" in at.text([Fraction(17, 2)])
    with pytest.raises(BadInput, match="splitting only adds"):
        at.at(7)


def test_below_a_threshold_in_d_the_index_counts_too() -> None:
    at = widths(named("2a"), 5)
    assert at.index == 3 and at.at(5).verdict == "saddle" and at.at(6).least == 3 + 4


def test_rows_may_differ() -> None:
    at = widths(named("2a"), 60)
    assert [row.negative for row in at.rows] == [58, 59]  # one eigenvalue of D turned positive at d = 44.05
    assert at.at(62).least == 2 * 58 and at.at(62).most == 2 * 59
    assert "116 to 118" in at.text()


@pytest.mark.slow
def test_proved_for_all_dimensions() -> None:
    proof = proved_from(named("1b"), Fraction(6))
    assert [(b.component.name, b.least, b.exact) for b in proof.blocks] == [("t", 1, True), ("s1", 1, True)]
    assert proof.always_saddle() and "every real k > d" in proof.text()
    assert proof.to_json()["every_splitting_is_a_saddle"] is True


def test_the_table_of_families() -> None:
    found = annihilation([named("1b")], 8)
    (row,) = found.to_json()["families"]
    assert row["last_threshold"] == "5.7638127" and row["k"] == "d"
    assert [w["verdict"] for w in row["widths"]] == ["minimum", "saddle", "saddle"]
    at = found.rows[0].at
    slopes = [float(x.value) for _, x in at.slopes]
    assert float(at.loss_with_one_more) == pytest.approx(float(at.loss.value) - min(slopes) ** 2, abs=1e-15)
    assert float(at.loss_with_one_more) <= float(at.loss.value) - 4 * float(at.loss.value) ** 2 / 64 + 1e-15
    assert "5.7638127" in found.text() and "index, k + 2" in found.text()


def test_a_point_of_one_neuron_more_that_is_no_splitting() -> None:
    """Delta(S_{d-2} x S_2) and one fixed row: a minimum with k = d + 1, and a saddle for every k > d + 1."""
    isotropy = Isotropy.parse("d-2,2", "1,2,*", "1,2")
    problem, d = Problem(FixedSpace(isotropy), RELU), 9
    near = [0.973797, -0.0490616, 0.2147185, 0.0728211, -0.588594, 0.188074, 0.1744257, -0.1535695]
    arithmetic = MpmathArithmetic(40)
    values = polish(problem, arithmetic, near, arithmetic.rational(d), 1e-4)
    at = point_widths(problem, arithmetic, values, Fraction(d), 15)
    W = problem.space.matrix([float(x) for x in values], d)
    dense = np.linalg.eigvalsh(first_layer_hessian(W, np.ones(d + 1), np.eye(d), np.ones(d)))
    assert at.k == 10 and at.index == np.sum(dense < 0) == 0
    assert float(at.loss.value) == pytest.approx(0.034564694, rel=1e-7)
    assert [row.negative for row in at.rows] == [8, 8, 8]
    assert at.threshold == 10 and at.at(11).verdict == "saddle"
