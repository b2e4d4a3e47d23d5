"""Families of one type by two routes, the leading systems over signs and a search: each once."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import symrelu.found
from symrelu.errors import NoFamily
from symrelu.exact.constants import BallField
from symrelu.exact.series import monomial
from symrelu.families import Family
from symrelu.finding.normaliser import symmetries
from symrelu.found import FoundFamilies, find_families
from symrelu.model.setting import PAPER
from symrelu.series.leading import Start
from symrelu.series.numbering import agree
from symrelu.sweep.search import families_of
from symrelu.symmetry.isotropy import Isotropy


@pytest.fixture(scope="module")
def known() -> Family:
    (one,) = find_families("d-2,2", limit="+,-").families
    return one


def in_balls(start: Start) -> Start:
    field = BallField(1024)
    return replace(start, field=field, entries=tuple(x.over(field) for x in start.entries))


def another(start: Start) -> Start:
    """A start over the same limit that differs from this one at t**3 alone."""
    first, *others = start.entries
    return replace(start, entries=(first + monomial(start.field, 1, 3, start.ramification), *others))


def test_starts_agree_as_far_as_both_are_known(known: Family) -> None:
    start = known.start
    assert agree(start, in_balls(start)) and agree(in_balls(start), start)
    assert agree(start, replace(start, entries=tuple(x.truncate(3).exact() for x in start.entries), known=3))
    assert not agree(start, another(start)) and not agree(in_balls(start), another(start))
    finer = tuple(
        sum(
            (monomial(start.field, c, 2 * k, 4) for k, c in enumerate(x.coefficients, x.valuation)),
            monomial(start.field, 0, 0, 4),
        )
        for x in start.entries
    )
    assert agree(start, replace(start, entries=finer, ramification=4, known=2 * start.known))


def test_both_routes_are_united_and_a_family_counts_once(known: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    start = known.start
    images = symmetries(known.problem)
    assert len(images) > 1  # in a block of size 2 own and other entries can be exchanged
    moved = in_balls(replace(start, entries=tuple(images[1].of(start.entries))))
    assert not agree(moved, start)

    def pretended(*type_: Any, **options: Any) -> FoundFamilies:
        limit = type_[3] if len(type_) > 3 else None
        if limit == "+,-":
            return FoundFamilies((known,), "all over this limit")
        if limit is not None:
            raise NoFamily("not here")
        starts = (another(start), moved)
        keys = [replace(known.key, limit=None, name=None, branch=number) for number in (1, 2)]
        return FoundFamilies(tuple(map(Family, keys, starts)), "so many hits")

    monkeypatch.setattr(symrelu.found, "find_families", pretended)
    found = families_of(Isotropy.parse("d-2,2"), PAPER, "found")
    assert [(one.key.limit is None, number) for one, number in found.families] == [(False, 1), (True, 2)]
    assert found.families[0][0] is known
    assert {one.limit[0] for one, _ in found.families} == {Fraction(1)}
    assert "so many hits" in found.completeness
