"""A family at one real d: against the dense reference, against itself at higher precision, and at its edges."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symrelu
from symrelu.errors import BadInput, NoFamily
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.paths.evaluation_result import Evaluation
from symrelu.reference.dense import loss as dense_loss
from symrelu.reference.hessian import first_layer_hessian, hessian
from symrelu.reference.newton import critical_point
from tests.shared import family_of

Known = Callable[[str], symrelu.Family]
NAMED = ("1a", "1b", "2a", "2b", "3a", "3b", "4")
# m, limit and the smallest integer d above the end of the path
REFERENCE = {
    "1b": (0, "-", 3),
    "2a": (1, "+-", 3),
    "2b": (1, "-+", 4),
    "3a": (2, "+-", 4),
    "3b": (2, "-+", 5),
    "4": (3, "+-", 5),
}


def repeated(found: Evaluation) -> np.ndarray:
    return np.sort(np.concatenate([np.full(int(e.multiplicity), float(e.value)) for e in found.eigenvalues]))


@pytest.mark.parametrize("name", REFERENCE)
@pytest.mark.parametrize("above", [0, 1, 5])
def test_matrix_loss_and_spectrum_are_those_of_the_dense_reference(known: Known, name: str, above: int) -> None:
    """Another continuation (in floats, from the definition) and the dense Hessian. The smallest d is where the growing
    block has two rows and one copy of s is missing.
    """
    m, limit, smallest = REFERENCE[name]
    d = smallest + above
    W = critical_point(m, limit, d)
    ones, target = np.ones(d), np.eye(d)
    for layers, of in ((2, hessian), (1, first_layer_hessian)):
        found = known(name).at(d, 15, layers)
        assert np.allclose(found.matrix(), W, atol=1e-10, rtol=0)
        assert float(found.loss.value) == pytest.approx(dense_loss(W, ones, target, ones), abs=1e-12)
        eigenvalues = np.linalg.eigvalsh(of(W, ones, target, ones))
        assert np.allclose(repeated(found), eigenvalues, atol=1e-9, rtol=0)
        counts = (found.negative, found.zero, found.positive)
        assert counts == tuple(
            int(np.sum(x)) for x in (eigenvalues < -1e-9, abs(eigenvalues) < 1e-9, eigenvalues > 1e-9)
        )


@pytest.mark.parametrize("d", ["6", "7.25", "20", "1e6", "1e100"])
@pytest.mark.parametrize("name", ["1b", "2a", pytest.param("2b", marks=pytest.mark.slow)])
def test_digits_asked_are_right(known: Known, name: str, d: str) -> None:
    """Ten digits are those of fifty, of every number: also of entries of size 1e-200, beside eigenvalues of 1e100."""
    few, many = known(name).at(d, 10), known(name).at(d, 50)
    pairs = [*zip(few.entries.values(), many.entries.values(), strict=True), (few.loss, many.loss)]
    pairs += [(x.number, y.number) for x, y in zip(few.eigenvalues, many.eigenvalues, strict=True)]
    with mpmath.workdps(120):
        for x, y in pairs:
            assert abs(x.value - y.value) <= mpmath.mpf(10) ** -11 * abs(y.value)
            assert abs(x.value - y.value) <= mpmath.mpf(10) ** -3 * (x.error or 0), "the error told is an overestimate"
            printed = mpmath.mpf(x.text(10))
            assert abs(printed - y.value) <= mpmath.mpf(10) ** -9 * abs(y.value)
    assert many.error < 1e-50


def test_printed_numbers_have_the_digits_asked(known: Known) -> None:
    found = known("2a").at(6, 12)
    assert found.entries["a_1"].text(12) == "0.986703818889"
    assert known("2a").at(6, 18).entries["a_5"].text(18) == "-0.601511923561093710"  # a last zero is a digit too
    assert known("1a").at(6, 12).entries["a_2"].text(12) == "0"


def test_eigenvalues_are_numbered_as_their_series(known: Known) -> None:
    """At d = 4 the branch s1.2 of 2a is negative, and is still the second one: the rescaling zero is s1.1."""
    numbers = {(e.component.name, e.branch): e for e in known("2a").spectrum(0).eigenvalues}
    found = known("2a").at(4, 10)
    names = [(e.component, e.branch) for e in found.eigenvalues]
    assert set(names) <= set(numbers)
    values = {name: e.value for name, e in zip(names, found.eigenvalues, strict=True)}
    assert values["s1", 1] == 0 and values["s1", 2] < 0
    for e in found.eigenvalues:
        assert e.multiplicity == numbers[e.component, e.branch].multiplicity.formal(4)


def test_a_block_of_two_rows_lacks_the_branch_that_goes_over_into_y(known: Known) -> None:
    """3a at d = 4 against d = 4 + 1e-12: the numbers of the branches are continuous, and one of s1 is missing."""
    at, near = known("3a").at(4, 10), known("3a").at(4 + Fraction(1, 10**12), 10)
    nearby = {(e.component, e.branch): e.value for e in near.eigenvalues}
    assert len(nearby) == len(at.eigenvalues) + 2  # that one, and x1, which has dimension 0
    for e in at.eigenvalues:
        assert abs(e.value - nearby[e.component, e.branch]) < 1e-10


@pytest.mark.parametrize("d", [2, 3, 4])
def test_the_target_itself(known: Known, d: int) -> None:
    """1a, whose rows are parallel to their teachers, down to blocks of two rows."""
    found = known("1a").at(d, 10)
    ones = np.ones(d)
    assert found.loss.value == 0 and found.loss.text(10) == "0"
    assert np.allclose(repeated(found), np.linalg.eigvalsh(hessian(np.eye(d), ones, np.eye(d), ones)), atol=1e-10)


def test_a_path_that_ends_in_the_target_has_its_end(known: Known) -> None:
    """2b at d = 3 is the target with two rows exchanged, exactly."""
    found = known("2b").at(3)
    assert np.array_equal(found.matrix(), np.eye(3)[[1, 0, 2]])
    assert found.loss.value == 0 and found.error < 1e-20
    assert (found.negative, found.zero, found.positive) == (0, 3, 9)


def test_counts_only_where_block_sizes_are_whole(known: Known) -> None:
    found = known("2a").at("7.25", 8)
    assert (found.negative, found.zero, found.positive) == (None, None, None)
    assert {e.component: e.multiplicity for e in found.eigenvalues}["s1"] == Fraction(21, 4)


def test_no_spectrum_below_two_rows(known: Known) -> None:
    assert known("2a").at("2.5", 8).eigenvalues == ()


def test_an_eigenvalue_next_to_its_threshold_has_all_its_digits(known: Known) -> None:
    """The eigenvalue is 5e-22 there: digits are added until it is known to twelve digits."""
    d = Fraction("5.5855052474258800069")
    few, many = known("2a").at(d, 12), known("2a").at(d, 40)
    values = [next(e for e in x.eigenvalues if (e.component, e.branch) == ("s1", 2)).value for x in (few, many)]
    assert abs(values[0]) < 1e-20
    assert abs(values[0] / values[1] - 1) < 1e-12


def test_the_truncated_series_with_its_true_error(known: Known) -> None:
    """Value less error is the critical point; and the error falls as it should, t**5 from order 4."""
    point = known("2a").at(10**4, 20)
    for d in (10**4, 10**6):
        found = known("2a").at(d, 20, truncate=4)
        exact = known("2a").at(d, 20)
        for name, x in found.entries.items():
            with mpmath.workdps(30):
                assert abs(x.value - x.error - exact.entries[name].value) < 1e-18
            assert abs(x.error) < 100 * d**-2.5
    assert found.radius is not None and 0.3 < found.radius.value < 0.4
    assert point.truncated is None and found.truncated == 4


def test_the_radius_of_convergence_is_estimated(known: Known) -> None:
    """2a's is about 1/3: its series is useless below d = 9, where the path goes on."""
    radius = known("2a").path().radius(17)
    assert radius is not None and 0.31 < radius.value < 0.35 and radius.terms >= 17
    assert known("1a").path().radius() is None


def test_coordinates_of_a_larger_group_are_those_asked_for(known: Known) -> None:
    """d-1,1:-,- is 1b: five coordinates of two values, the spectrum of Delta S_d."""
    found, one = symrelu.family(blocks="d-1,1", limit="-,-").at(7, 15), known("1b").at(7, 15)
    assert [x.value for x in found.entries.values()] == [one.entries[f"a_{i}"].value for i in (1, 2, 2, 2, 1)]
    assert [e.component for e in found.eigenvalues] == [e.component for e in one.eigenvalues]


REFUSED: dict[str, tuple[str, Any, str]] = {
    "one row": ("2a", 2, "block 1 of size d - 1 must have more than one row: give d > 2"),
    "below a fold": ("3a", "3.2", r"the path ends at d = 3\.43405420996: the Jacobian .* is singular there"),
    "below the target": ("2b", "2.9", "the path ends at d = 3: a row of block 1 and another teacher .* parallel"),
    "negative": ("1b", -4, "give d > 1"),
    "no number": ("1b", "x", "give an integer, a decimal"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_no_answer_where_there_is_none(known: Known, case: str) -> None:
    name, d, message = REFUSED[case]
    with pytest.raises((BadInput, NoFamily), match=message):
        known(name).at(d)


def test_floats_for_d_are_refused(known: Known) -> None:
    with pytest.raises(BadInput, match="text such as '7.25'"):
        known("1b").at(7.25)  # type: ignore[arg-type]


def test_a_saved_matrix_is_the_point(known: Known, tmp_path: Any) -> None:
    found = known("2a").at(6, 15)
    found.save(str(tmp_path / "W.npy"))
    assert [p.name for p in tmp_path.iterdir()] == ["W.npy"]
    assert np.array_equal(np.load(tmp_path / "W.npy"), found.matrix())
    with pytest.raises(BadInput, match="try W.npy"):
        found.save(str(tmp_path / "W.txt"))
    with pytest.raises(BadInput, match="needs an integer"):
        known("2a").at("7.5", 5).save(str(tmp_path / "V.npy"))


@pytest.mark.slow
@settings(max_examples=25)
@given(name=st.sampled_from(NAMED), d=st.fractions(min_value=6, max_value=500, max_denominator=40))
def test_any_point_is_critical(name: str, d: Fraction) -> None:
    """The gradient in 60 digits at the printed entries is as small as their error makes it."""
    one = family_of(name)
    found = one.at(d, 25)
    arithmetic = MpmathArithmetic(60)
    values = [arithmetic.context.mpf(x.value) for x in found.entries.values()]
    gradient = one.problem.at(arithmetic, values, arithmetic.rational(d)).entry_gradient()
    assert max(map(abs, gradient)) < 1e-22 * float(d)
    assert all(abs(n.value) * mpmath.mpf(10) ** -25 >= (n.error or 0) for n in [found.loss, *found.entries.values()])


def test_nothing_is_claimed_of_an_eigenvalue_without_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """With too few attempts the eigenvalue that is 5e-22 at this d is marked, and nothing is counted."""
    monkeypatch.setattr("symrelu.paths.evaluation.ATTEMPTS", 1)
    monkeypatch.setattr("symrelu.paths.evaluation.GUARD", 0)
    found = symrelu.family("1b").at(Fraction("5.7638127349195711669"), 12)
    assert [(e.component, e.branch) for e in found.eigenvalues if not e.decided] == [("x1", 1)]
    assert "not decided" in found.text()
    assert found.negative is None
