"""k < d: padded students and padded targets, and what V = I makes of them."""

import numpy as np
import pytest

import symrelu
from symrelu.errors import NoFamily
from symrelu.exact.arithmetic import FLOAT
from symrelu.families import Family
from symrelu.model.padding import padding_remark, spare_columns
from symrelu.model.setting import Setting
from symrelu.reference import activations
from symrelu.reference.hessian import hessian
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

PAD = Setting.parse(target="pad")


@pytest.fixture(scope="module")
def padded() -> Family:
    """1b at d - 1, with one more column."""
    return symrelu.family(blocks="d-1", rows="1", cols="1,*", limit="-", setting=PAD)


def test_the_padded_1b_is_1b_at_d_minus_1(padded: Family) -> None:
    """t**2 = 1/d and s**2 = 1/(d-1) = t**2 + t**4 + ...: the loss in s, rewritten in t."""
    mine, theirs = padded.series(4), symrelu.family("1b").series(4)
    assert not mine.entries["a_3"].coefficients
    square = mine.entries["a_1"]
    below = theirs.entries["a_1"]
    assert [square[i] for i in (0, 1, 2, 3)] == [below[i] for i in (0, 1, 2, 3)]
    assert square[4] == below[4] + below[2]
    assert mine.entries["a_2"][4] == theirs.entries["a_2"][4] + theirs.entries["a_2"][2]


def test_its_multiplicity_counts_the_permutations_of_taught_columns_alone(padded: Family) -> None:
    """The column without a teacher cannot be exchanged with another: (d-1)!, not d!."""
    assert str(padded.multiplicity()) == "factorial(d - 1)"
    with_identity = symrelu.family(blocks="d-1", rows="1", cols="1,*", limit="-")
    assert str(with_identity.multiplicity()) == "factorial(d)"


@pytest.mark.parametrize("target", ["pad", "I"])
def test_spectra_are_the_dense_ones(target: str) -> None:
    d = 9
    one = symrelu.family(blocks="d-1", rows="1", cols="1,*", limit="-", setting=Setting.parse(target=target))
    here = one.at(d, digits=14)
    W = one.space.matrix([float(x.value) for x in here.entries.values()], d)
    V = np.eye(d)[: d - 1] if target == "pad" else np.eye(d)
    dense = np.linalg.eigvalsh(hessian(W, np.ones(d - 1), V, np.ones(len(V)), activations.RELU))
    found = sorted(float(e.value) for e in here.eigenvalues for _ in range(int(e.multiplicity)))
    assert found == pytest.approx(list(dense), abs=1e-10)
    assert (here.negative, here.zero) == (0, d - 1)


def test_two_spare_columns_are_exchanged_by_the_isotropy() -> None:
    one = symrelu.family(blocks="d-2,2", rows="1", cols="1,2", limit="a_1=-1", setting=PAD)
    assert one.actual.label() == "Delta S_{d-2} x columns(S_2)"
    assert str(one.multiplicity()) == "factorial(d - 2)"
    smaller = symrelu.family(blocks="d-2", rows="1", cols="1,*,*", limit="a_1=-1", setting=PAD)
    assert smaller.actual.label() == one.actual.label()
    assert smaller.multiplicity().at(7) == one.multiplicity().at(7)


def test_spectrum_with_two_spare_columns() -> None:
    """Its series has the component s2 of the spare columns: all rows together, in the direction e_1 - e_2."""
    one = symrelu.family(blocks="d-2,2", rows="1", cols="1,2", limit="a_1=-1", setting=PAD)
    found = {e["component"]: e["multiplicity"] for e in one.spectrum(0).to_json()["eigenvalues"]}
    assert found["s2"] == "1" and found["s1*s2"] == "d - 3"


@pytest.mark.parametrize("kernel", ["relu", "leaky:1/10", "z3"])
def test_with_the_identity_the_padded_point_is_not_critical(kernel: str) -> None:
    """For any padded point, critical at d - 1 or not, the derivative in the spare column is the one that is stated."""
    problem = Setting.parse(kernel=kernel).problem(FixedSpace(Isotropy.parse("d-1", "1", "1,*")))
    remark = padding_remark(problem)
    assert remark is not None and "a_3 = 0" in remark
    own, other, d = 0.7, 0.2, 6
    slope = problem.at(FLOAT, [own, other, 0.0], d).entry_gradient()[2] * float(problem.kernel.prefactor)
    p = own**2 + (d - 2) * other**2
    assert slope == pytest.approx({"relu": -1 / 4, "leaky:1/10": -121 / 400, "z3": -9 * p}[kernel])
    assert {"relu": "-1/4", "leaky:1/10": "-121/400", "z3": "-9*p"}[kernel] in remark


def test_where_there_is_nothing_to_remark() -> None:
    square = FixedSpace(Isotropy.parse("d-1,1"))
    less = FixedSpace(Isotropy.parse("d-1", "1", "1,*"))
    assert spare_columns(Setting().problem(square)) == () and padding_remark(Setting().problem(square)) is None
    assert spare_columns(PAD.problem(less)) == (1,) and padding_remark(PAD.problem(less)) is None
    assert padding_remark(Setting.parse(kernel="z2").problem(less)) is None  # there it is critical


def test_the_list_says_it_in_one_line() -> None:
    found = symrelu.find_families(blocks="d-1", rows="1", cols="1,*", limit="-")
    assert [r for r in found.remarks if "not critical" in r and "-1/4" in r and "\n" not in r]
    assert any("not critical" in note for note in found.families[0].series(2).notes())


@pytest.mark.slow
def test_thresholds_and_certificates_of_the_padded_family_are_those_of_1b_moved_by_one(padded: Family) -> None:
    """1b changes sign at d = 5.7638127 (x1) and 2.1075798 (s1); padded by one column at 6.7638127 and 3.1075798."""
    moved = padded.thresholds(8, prove=False).thresholds
    base = symrelu.family("1b").thresholds(8, prove=False).thresholds
    assert [float(x.d) - 1 for x in moved][:1] == pytest.approx([float(x.d) for x in base][:1], abs=1e-6)
    assert padded.certify(9).verdict == "minimum"


@pytest.mark.slow
def test_a_type_with_too_little_symmetry_is_told_which_one_to_ask_for() -> None:
    with pytest.raises(NoFamily, match=r"larger isotropy .*columns\(S_2\)"):
        symrelu.find_families(blocks="d-2", rows="1", cols="1,*,*", setting=PAD)
