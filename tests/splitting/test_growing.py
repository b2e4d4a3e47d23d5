"""Families with one small row more than a known one, and their place in the table of families."""

from fractions import Fraction

import pytest

import symrelu
from symrelu.errors import NoFamily
from symrelu.finding.grown import grown_candidates
from symrelu.growing import with_one_row_more
from symrelu.model.kernels import RELU
from symrelu.model.reduced import Problem
from symrelu.splitting.table import Annihilation, AnnihilationRow, leading_loss
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy


def test_the_reflection_with_one_row_more() -> None:
    """1b and a row u = 2 t**2 (1, ..., 1): exact, a saddle for large d."""
    (one,) = with_one_row_more(symrelu.family("1b")).families
    row = one.series(4).entries["a_3"]
    assert row.valuation == 2 and row.field.text(row[2]) == "2" and str(one.actual.isotropy.k) == "d + 1"
    assert one.kind_at_large_d() == "saddle" and leading_loss(one) == "1/2 - 1/pi"


def test_the_target_has_none() -> None:
    """Next to the target a further row is dead, or a copy: a continuum, no family."""
    with pytest.raises(NoFamily, match="no family with one small row more"):
        with_one_row_more(symrelu.family("1a"))


def test_one_row_more_may_turn_either_way() -> None:
    """Section 5 of the notes, m = 2: two branches, the row in opposite directions as d grows, both found as minima."""
    problem = Problem(FixedSpace(Isotropy.parse("d-2,2", "1,2,*")), RELU)
    base = [1 - 1e-9, -2e-9, 2e-6, 1e-6, 2e-4, -0.9993]  # 3a at d = 1e6, roughly
    found = grown_candidates(problem, base, 1e6)
    assert [c.kind for c in found] == ["minimum", "minimum"]
    rows = sorted(float(c.corrections[7][0].coefficient.value) for c in found)
    assert rows == pytest.approx([-1.21109173107, 1.21109173107], rel=1e-9)


def test_the_table_says_what_is_not_there() -> None:
    """A family that ends above the table's d has a line without numbers; one that is nowhere a minimum says so."""
    row = AnnihilationRow(
        "2a +1 (1)", "", "d + 1", "saddle", "1/d", None, (), Fraction(30), "fold", None, "it ends above"
    )
    text = Annihilation(Fraction(20), (row,)).text()
    (line,) = [line for line in text.splitlines() if line.startswith("2a")]
    assert line.split() == "2a +1 (1) d + 1 1/d no d 30 (fold) - - - - -".split()
    assert "families of their own" in text
