"""The proof by substitution: it bites when any coefficient is wrong, and wrong starts are refused."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import symrelu
from symrelu.errors import NoFamily, NotRegular, ParallelToPrecision, SymreluError
from symrelu.exact.field import Field, NotASquare
from symrelu.exact.linear import Matrix
from symrelu.exact.qpi import QPI
from symrelu.exact.series import Series, monomial
from symrelu.series.leading import Start, leading_terms
from symrelu.series.lifting import _Engine, contraction, lift

KNOWN = 9
SMALL = st.builds(Fraction, st.integers(-9, 9).filter(bool), st.integers(20, 1000))
QUICK = ["1b", "2a", "2b"]
SLOW = ["3a", "3b", "4", "d-4,4:+,-"]


@dataclass(frozen=True)
class Substitution:
    """A family right below t^9, and what substituting other entries needs."""

    family: symrelu.Family
    field: Field
    order: int
    matrix: Matrix
    entries: tuple[Series, ...]

    def residual_order(self, entries: Sequence[Series]) -> int:
        return _Engine(self.family.problem, self.field, self.order, 2).residual(self.matrix, entries, KNOWN)

    def alter(self, entry: int, exponent: int, change: Fraction) -> None:
        """Alter one coefficient; the residual must say so."""
        entries = list(self.entries)
        entries[entry] = entries[entry] + monomial(self.field, change, exponent)
        try:
            found = self.residual_order(entries)
        except (NotASquare, ParallelToPrecision):
            # wrong leading terms may force a root that the family has not, or make rows parallel: no proof either
            assert exponent < self.order
        else:
            # from there on the contraction says more: the preconditioned gradient sees the change as it is
            assert found == exponent if exponent >= self.order else found <= exponent


@pytest.fixture(scope="module")
def substitution(known: Callable[[str], symrelu.Family]) -> Callable[[str], Substitution]:
    @cache
    def prepared(name: str) -> Substitution:
        lifted = known(name).lifted(KNOWN)
        order, matrix, _ = contraction(known(name).problem, known(name).start)
        entries = tuple(x.truncate(KNOWN).exact() for x in lifted.entries)
        return Substitution(known(name), lifted.field, order, matrix, entries)

    return prepared


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_the_right_coefficients_pass(name: str, substitution: Callable[[str], Substitution]) -> None:
    assert substitution(name).residual_order(substitution(name).entries) == KNOWN


@settings(max_examples=12)
@given(data=st.data(), change=SMALL)
@pytest.mark.parametrize("name", QUICK)
def test_a_wrong_coefficient_is_seen_at_its_exponent(
    name: str, data: st.DataObject, change: Fraction, substitution: Callable[[str], Substitution]
) -> None:
    right = substitution(name)
    entry = data.draw(st.integers(0, len(right.entries) - 1), "entry")
    exponent = data.draw(st.integers(0, KNOWN - 1), "exponent")
    right.alter(entry, exponent, change)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*QUICK, *SLOW])
def test_every_wrong_coefficient_is_seen(name: str, substitution: Callable[[str], Substitution]) -> None:
    right = substitution(name)
    step = 1 if name in QUICK else 3  # of the long series every third one, so that all entries and exponents occur
    for entry in range(len(right.entries)):
        for exponent in range(entry % step, KNOWN, step):
            right.alter(entry, exponent, Fraction((-1) ** exponent, 100 + entry))


@pytest.mark.parametrize("name", [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)])
def test_the_proof_stays_with_the_result(name: str, known: Callable[[str], symrelu.Family]) -> None:
    family = known(name)
    lifted = family.lifted(KNOWN)
    assert lifted.known is not None and lifted.known >= KNOWN
    assert lifted.proof.residual_order is not None and lifted.proof.residual_order >= lifted.known
    assert lifted.proof.contraction_order is not None
    # below that order the start must be known, or it would not single a family out
    assert lifted.proof.contraction_order <= family.start.known
    assert lifted.proof.seconds > 0
    assert f"residual O(t**{lifted.proof.residual_order})" in family.series(KNOWN - 1).proof


@pytest.mark.parametrize("order", range(8))
def test_the_proof_covers_the_order_asked_for(order: int) -> None:
    family = symrelu.family("1b")
    family.series(order)
    assert family.lifted(0).proof.residual_order >= order + 1


def test_a_constant_family_is_proved_for_every_d() -> None:
    family = symrelu.family("1a")
    assert family.lifted(4).proof.contraction_order is None
    assert "vanishes identically" in family.series(4).proof


# wrong starts ---------------------------------------------------------------------------------------------------------


@settings(max_examples=8)
@given(data=st.data(), change=SMALL)
@pytest.mark.parametrize("name", ["1b", "2a", pytest.param("3b", marks=pytest.mark.slow)])
def test_a_wrong_start_is_not_lifted(
    name: str, data: st.DataObject, change: Fraction, known: Callable[[str], symrelu.Family]
) -> None:
    family = known(name)
    start = family.start
    entry = data.draw(st.integers(0, len(start.entries) - 1), "entry")
    exponent = data.draw(st.integers(1, start.known - 1), "exponent")
    target = data.draw(st.sampled_from([start.known, KNOWN]), "target")
    entries = list(start.entries)
    entries[entry] = entries[entry] + monomial(start.field, change, exponent)
    with pytest.raises((SymreluError, ArithmeticError)):
        lift(family.problem, replace(start, entries=tuple(entries)), target)


@pytest.mark.parametrize(("name", "known_below"), [("1b", 1), ("1b", 2), ("2a", 2), ("2a", 3), ("2b", 2)])
def test_a_start_too_short_is_given_more_terms_or_refused(
    name: str, known_below: int, known: Callable[[str], symrelu.Family]
) -> None:
    # short starts leave a row parallel to its teacher, or the family undetermined
    start = known(name).start
    entries = tuple(x.truncate(known_below).exact() for x in start.entries)
    try:
        lifted = lift(known(name).problem, Start(start.field, entries, known_below), KNOWN)
    except (NotRegular, ParallelToPrecision):
        return
    assert lifted.proof.contraction_order is not None and lifted.proof.contraction_order > known_below
    assert [x.truncate(KNOWN) for x in lifted.entries] == [x.truncate(KNOWN) for x in known(name).lifted(KNOWN).entries]


def test_a_start_that_determines_no_family_does_not_contract(known: Callable[[str], symrelu.Family]) -> None:
    # 2a is determined from t^4 on: below t^3 alone nothing is
    start = known("2a").start
    entries = tuple(x.truncate(3).exact() for x in start.entries)
    with pytest.raises(NotRegular, match="more leading terms"):
        contraction(known("2a").problem, Start(start.field, entries, 3))


@settings(max_examples=15)
@given(a_1=st.fractions(-3, 3, max_denominator=5), a_2=st.fractions(-3, 3, max_denominator=5))
def test_limits_of_no_family_on_delta_s_d(a_1: Fraction, a_2: Fraction) -> None:
    # W = a I + b 1 1' with a growing number of neighbours: only b = 0 keeps the rows finite, only a = +-1 is critical
    assume((abs(a_1), a_2) != (1, 0))
    problem = symrelu.family("1b").problem
    with pytest.raises(NoFamily):
        leading_terms(problem, [QPI(a_1), QPI(a_2)], 5)


@pytest.mark.parametrize(
    ("blocks", "limit"), [("d", "a_1=2"), ("d-1,1", "a_1=1,a_5=-2"), pytest.param("d", "a_1=0", marks=pytest.mark.slow)]
)
def test_the_message_says_which_family_was_not_found(blocks: str, limit: str) -> None:
    family = symrelu.family(blocks=blocks, limit=limit)
    with pytest.raises(NoFamily, match=r"no family (a = limit \+ O\(1/d\) )?of type Delta") as caught:
        family.series(2)
    assert "\n" not in str(caught.value)
    if limit != "a_1=0":
        assert f"with limit {limit} exists" in str(caught.value)  # of the ansatz that is named
        assert "other exponents are not excluded" in str(caught.value)
    else:  # the limit 0 has no nonzero coordinate to name, but must not be left out of the sentence
        assert "with limit was found" not in str(caught.value)
