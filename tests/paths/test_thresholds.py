"""Thresholds, the numerical route: against whole spectra, higher precision, and what was known before. That the proved
route agrees is tested with the proofs.
"""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

import mpmath
import pytest

import symrelu
from symrelu.errors import BadInput
from symrelu.paths.threshold_result import Thresholds

Known = Callable[[str], symrelu.Family]

# found by this version; the leading digits of 1b, 2a, 2b and 3a agree with an earlier study that did not share its code
FOUND = {
    "1a": [],
    "1b": ["5.7638127349195711669 x1.1", "2.1075798338236704063 s1.2"],
    "2a": ["5.5855052474258800069 s1.2"],
    "2b": ["6.7448306562456315954 x1.1", "3.1180703178527083701 s1.2"],
    "3a": [
        "7.5611904979454010674 s1.2",
        "6.0140890170443138989 s2.2",
        "5.0068032325075166624 s1*s2.1",
        "4.4528348129364137633 x1.1",
    ],
    "3b": ["7.7297591560600047588 x1.1", "4.1270039710416695361 s1.2"],
    "4": [
        "9.3231722176897809607 s1.2",
        "6.2859876873804296350 s2.2",
        "5.7930243936071531016 x1.1",
        "5.7220011219845804101 s1*s2.1",
        "5.5733104729052996153 x2.1",
    ],
}
QUICK = ("1a", "1b", "2a")


@pytest.fixture(scope="module")
def found(known: Known) -> dict[str, Thresholds]:
    return {name: known(name).thresholds(prove=False) for name in QUICK}


def shown(result: Thresholds) -> list[str]:
    return [f"{row['d']} {row['component']}.{row['branch']}" for row in result.to_json()["thresholds"]]


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n in QUICK else pytest.mark.slow) for n in FOUND])
def test_all_thresholds_to_twenty_digits(known: Known, found: dict[str, Thresholds], name: str) -> None:
    result = found.get(name) or known(name).thresholds(prove=False)
    assert shown(result) == FOUND[name]
    assert result.touching == () and not result.complete
    assert all(t.below == "negative" for t in result.thresholds)


@pytest.mark.parametrize("name", ["1b", "2a"])
def test_counts_between_thresholds_are_those_of_the_whole_spectrum(
    known: Known, found: dict[str, Thresholds], name: str
) -> None:
    """At every integer d the negative directions are the multiplicities of the thresholds above it."""
    result = found[name]
    for d in range(ceil(result.followed_down_to) + 1, 10):
        expected = sum(t.multiplicity.at(d) for t in result.thresholds if t.d > d)
        assert known(name).at(d, 6).negative == expected


def test_brackets_hold_the_change_of_sign(known: Known, found: dict[str, Thresholds]) -> None:
    (threshold,) = found["2a"].thresholds
    low, high = threshold.bracket
    assert 0 < high - low <= Fraction(2, 10**20)
    signs = []
    for d in (low, high):
        values = {(e.component, e.branch): e.value for e in known("2a").at(d, 3).eigenvalues}
        signs.append(values["s1", 2] > 0)
    assert signs == [False, True]
    with mpmath.workdps(40):
        assert low < Fraction(int(threshold.d * 10**30), 10**30) < high


def test_more_digits_agree(known: Known, found: dict[str, Thresholds]) -> None:
    few, many = found["2a"], known("2a").thresholds(45, Fraction(5), prove=False)
    with mpmath.workdps(60):
        assert abs(few.thresholds[0].d - many.thresholds[0].d) < mpmath.mpf(10) ** -20
        assert str(many.to_json()["thresholds"][0]["d"]).startswith("5.58550524742588000")


def test_the_number_printed_in_the_paper_is_not_it(found: dict[str, Thresholds]) -> None:
    """The paper states that 2a loses stability at d = 5.71; it does so at 5.5855."""
    (threshold,) = found["2a"].thresholds
    assert floor(threshold.d * 100) == 558


def test_looking_no_further_than_asked(known: Known) -> None:
    result = known("1b").thresholds(10, Fraction(4), prove=False)
    assert shown(result) == ["5.763812735 x1.1"]
    assert (result.followed_down_to, result.stopped_because) == (4, "asked for no further")


@pytest.mark.slow
def test_a_type_that_ends_above_its_family(known: Known) -> None:
    """2a found as d-3,2,1: the thresholds of 2a, down to where a block of d-3 rows has one."""
    result = known("d-3,2,1:+,+,-").thresholds(10, prove=False)
    assert shown(result) == ["5.585505247 s1.2"]
    assert result.followed_down_to == 4
    assert "of size d - 3 of the type asked for" in result.stopped_because


@pytest.mark.slow
def test_the_end_of_a_path_stops_the_search(known: Known) -> None:
    result = known("d-47,47:+,-").thresholds(10, prove=False)
    assert result.thresholds == () and float(result.followed_down_to) == pytest.approx(72.85311188)
    assert "fold" in result.stopped_because


def test_bad_questions_are_refused(known: Known) -> None:
    with pytest.raises(BadInput, match="0 digits"):
        known("1b").thresholds(0)
    with pytest.raises(BadInput, match="give d > 1"):
        known("1b").thresholds(10, Fraction(1, 2))
