"""Results about widths say what they rest on, where the coefficients of a family are balls."""

from dataclasses import replace
from fractions import Fraction

import pytest

import symrelu
from symrelu.exact.constants import BallField
from symrelu.families import Family
from symrelu.splitting import width_series, widths
from symrelu.splitting.proof import proved_from

ASSUMED = "constants are balls: that they cancel where they seem to was tested to 2**-512, not proved"


@pytest.fixture(scope="module")
def in_balls() -> Family:
    """1b, as if its coefficients had no exact form."""
    exact = symrelu.family("1b")
    field = BallField(1024)
    start = replace(exact.start, field=field, entries=tuple(x.over(field) for x in exact.start.entries))
    return Family(replace(exact.key, name=None), start)


def test_exact_families_rest_on_nothing() -> None:
    series = width_series(symrelu.family("1b"), 1)
    assert series.rests_on == "" and series.to_json()["rests_on"] is None and series.to_json()["exact"] is True


def test_every_result_about_widths_says_it(in_balls: Family) -> None:

    series = width_series(in_balls, 1)
    assert series.to_json()["rests_on"] == ASSUMED and ASSUMED in series.text()
    assert series.to_json()["exact"] is False
    at = widths(in_balls, 400, prove=True)
    assert at.to_json()["rests_on"] == ASSUMED and at.text().endswith(f"rests on: {ASSUMED}")
    assert widths(in_balls, 400).rests_on == ""  # numerical: nothing is claimed to be proved
    proof = proved_from(in_balls, Fraction(400))
    assert proof.to_json()["rests_on"] == ASSUMED and proof.text().endswith(f"rests on: {ASSUMED}")
