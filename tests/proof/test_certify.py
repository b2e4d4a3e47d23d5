"""Certificates from the front door: verdicts, remainders, files."""

import json
from fractions import Fraction
from typing import Any

import pytest

from symrelu.checker import check
from symrelu.errors import BadInput, Undecided
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.balls import ball, rounded_out
from symrelu.proof.prover import Prover
from tests.shared import family_of


def test_1b_is_a_minimum_from_6_on() -> None:
    certificate = family_of("1b").certify(from_d=6)
    assert certificate.verdict == "minimum" and certificate.negative == 0
    data = certificate.to_json()
    assert data["from_d"] == "6" and data["d"] is None and data["pieces"] > 1
    assert data["enclosure"]["a_1"]["mid"].startswith("-0.6633973683167")


def test_1b_changes_its_index_above_5() -> None:
    certificate = family_of("1b").certify(from_d=5)
    assert certificate.verdict == "index changes" and certificate.negative is None
    assert "x1 at d = 5.7638127" in certificate.reason
    with pytest.raises(Undecided, match="index changes"):
        certificate.to_file()
    assert Prover(family_of("1b")).existence(Fraction(5)).from_d == 5, "the family itself is there"


def test_a_family_is_not_said_to_exist_below_its_end() -> None:
    """1b ends at d = 2, where rows become parallel."""
    with pytest.raises(BadInput):
        Prover(family_of("1b")).existence(Fraction(3, 2))
    with pytest.raises(BadInput, match="order 10"):
        Prover(family_of("1b")).existence(Fraction(6), 10)


@pytest.mark.parametrize("with_index", [True, False])
def test_the_remainder_holds_for_every_d(with_index: bool) -> None:
    """|a_i - (terms through t**4)| <= c t**5, at many d >= 6, by the path in 40 digits."""
    family = family_of("1b")
    whole = family.certify(from_d=6, order=4).remainder
    remainder = whole if with_index else Prover(family).existence(Fraction(6), 4)
    assert remainder is not None
    series = family.series(4)
    arithmetic = MpmathArithmetic(60)
    context = arithmetic.context
    for d in (Fraction(6), Fraction(61, 10), Fraction(8), Fraction(13), Fraction(45), Fraction(10**3), Fraction(10**8)):
        t = 1 / context.sqrt(arithmetic.rational(d))
        for name, value in family.at(d, 30).entries.items():
            known = series.entries[name].evaluate(
                t, lambda c, f=series.field: context.mpf(f.ball(c, 300).mid().str(60, radius=False))
            )
            quotient = (context.mpf(value.value) - known) / t**5
            bound = context.mpf(str(remainder.bound(name).str(20, radius=False)))
            assert abs(quotient) <= bound * (1 + context.mpf(10) ** -12)


def test_the_target_is_a_minimum_by_its_closed_form() -> None:
    assert family_of("1a").certify(from_d=4).verdict == "minimum"
    assert family_of("1a").certify(d=3).verdict == "minimum"


def test_one_dimension() -> None:
    certificate = family_of("1b").certify(d=7, digits=30)
    assert certificate.verdict == "minimum"
    value = family_of("1b").at(7, 30).entries["a_1"].value
    assert abs(float(certificate.enclosure[0].mid()) - float(value)) < 1e-15
    assert certificate.enclosure[0].rad() < 1e-30
    assert family_of("1b").certify(d=5).verdict == "saddle"
    assert family_of("1b").certify(d=5).negative == 6  # x1 at n = 5: 4*3/2


def test_a_certificate_is_checked_by_an_independent_prover(tmp_path: Any) -> None:
    data = json.loads(json.dumps(family_of("1b").certify(from_d=6).to_file()))
    assert check(data).accepted
    data["claim"]["from_d"] = "11/2"
    assert not check(data).accepted


@pytest.mark.slow
@pytest.mark.parametrize(("name", "d"), [("1b", 40), ("2a", 5), ("2b", 9), ("3b", 7)])
def test_certificates_at_one_dimension_are_checked(name: str, d: int) -> None:
    """Minima and saddles: what certify writes, check accepts; with another verdict it does not."""
    certificate = family_of(name).certify(d=d)
    data = json.loads(json.dumps(certificate.to_file()))
    assert check(data).accepted
    data["claim"]["verdict"] = {"minimum": "saddle", "saddle": "minimum"}[data["claim"]["verdict"]]
    assert not check(data).accepted


@pytest.mark.slow
@pytest.mark.parametrize(("name", "from_d"), [("2a", 6), ("4", 10)])
def test_minima_from_some_d_on_are_checked(name: str, from_d: int) -> None:
    certificate = family_of(name).certify(from_d=from_d)
    assert certificate.verdict == "minimum"
    assert check(json.loads(json.dumps(certificate.to_file()))).accepted


@pytest.mark.slow
def test_case_4_is_no_minimum_at_9() -> None:
    """Theorem 1 says minima for d >= 9: at d = 9 case 4 has five negative directions, all in s1."""
    certificate = family_of("4").certify(d=9)
    assert certificate.verdict == "saddle" and certificate.negative == 5
    assert {i.component.name for i in certificate.indices if i.negative} == {"s1"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "either d"),
        ({"d": 7, "from_d": 7}, "either d"),
        ({"d": 1}, "more than"),
        ({"from_d": 2}, "more than two"),
        ({"d": Fraction(3, 2)}, "more than two"),
        ({"d": 7, "digits": 0}, "digits"),
        ({"from_d": 7, "order": 10}, "order"),
    ],
)
def test_what_makes_no_sense_is_refused(words: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        family_of("1b").certify(**words)


@pytest.mark.parametrize("number", [Fraction(49449, 1000), Fraction(1, 3), Fraction(-2, 3), Fraction(100), Fraction(0)])
def test_printed_bounds_hold(number: Fraction) -> None:
    """Rounded to the nearest, 49.449 would be printed as 49.4, which is no upper bound."""
    assert Fraction(rounded_out(ball(number))) >= number >= Fraction(rounded_out(ball(number), up=False))
    assert abs(Fraction(rounded_out(ball(number))) - number) <= abs(number) / 100, "0 stays 0"
    assert "E" not in rounded_out(ball(number))
