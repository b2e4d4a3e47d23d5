"""Families and results as values: frozen, comparable, named, counted; and what is refused."""

import copy
import dataclasses
import math
import pickle
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

import symrelu
from symrelu.catalogue import NAMED, FamilyKey, name_of, named
from symrelu.errors import BadInput, NoFamily, SymreluError, UnknownFamily
from symrelu.exact.polynomials import PolynomialRing
from symrelu.exact.qpi import QPI
from symrelu.exact.square_roots import SquareRootField
from symrelu.families import MAX_ORDER, families

Fresh = Callable[[str, int], symrelu.FamilySeries]
slow = pytest.mark.slow


# frozen, comparable ---------------------------------------------------------------------------------------------------


def test_results_are_frozen(fresh: Fresh) -> None:
    result = fresh("1b", 4)
    for attribute in dataclasses.fields(result):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(result, attribute.name, None)
        with pytest.raises(dataclasses.FrozenInstanceError):
            delattr(result, attribute.name)


def test_entries_of_a_result_are_frozen_too() -> None:
    result = symrelu.family("1b").series(2)
    with pytest.raises(TypeError):
        result.entries["a_1"] = result.loss  # type: ignore[index]
    with pytest.raises((TypeError, AttributeError)):
        result.entries.clear()  # type: ignore[attr-defined]
    assert list(result.entries) == ["a_1", "a_2"]


def test_a_result_is_not_changed_by_what_is_computed_after_it() -> None:
    family = symrelu.family("1b")
    result = family.series(3)
    before = result.text()
    family.series(10)
    assert result.text() == before
    assert result == symrelu.family("1b").series(3)


def test_equality_of_results() -> None:
    # families of their own: one that has been continued further knows a smaller residual, and says so in its proof
    assert symrelu.family("1b").series(4) == symrelu.family("1b").series(4)
    assert symrelu.family("A").series(4) == symrelu.family("1b").series(4)  # by its other name
    assert symrelu.family("1b").series(4) != symrelu.family("1b").series(5)
    assert symrelu.family("1b").series(4) != symrelu.family("1a").series(4)
    # sought in another group: the same points, another result
    assert symrelu.family("1b").series(3) != symrelu.family(blocks="d-1,1", limit="-,-").series(3)


def test_equality_does_not_depend_on_the_version(fresh: Fresh) -> None:
    assert dataclasses.replace(fresh("1b", 4), version="9.9") == fresh("1b", 4)


def test_keys_are_hashable_values() -> None:
    key = named("2a")
    assert key == named("II") and hash(key) == hash(named("II"))
    assert key == FamilyKey(symrelu.Isotropy.parse("d-1,1"), (Fraction(1), *[Fraction(0)] * 3, Fraction(-1)), "2a")
    assert len({named(entry.name) for entry in NAMED}) == len(NAMED) == 7
    assert symrelu.family("2a").key == symrelu.family(blocks="d - 1, 1", limit="+,-").key


def test_copies_are_the_values_themselves(fresh: Fresh) -> None:
    result = fresh("1b", 4)
    spectrum = symrelu.family("1b").spectrum(-2)
    root = SquareRootField(QPI, QPI(2))
    ring = PolynomialRing(root, ["c"])
    values = [result, spectrum, result.loss, QPI, QPI.pi, root, root.root, ring, ring.unknown(0)]
    for value in values:
        assert copy.copy(value) is value
        assert copy.deepcopy(value) is value
    # inside containers of a user's own, and products with the field's own 0 stay right
    kept = copy.deepcopy({"1b": [result, spectrum.eigenvalues]})
    assert kept == {"1b": [result, spectrum.eigenvalues]}
    assert not kept["1b"][0].loss * kept["1b"][0].field.zero  # type: ignore[union-attr]


def test_pickles_are_refused_with_advice(fresh: Fresh) -> None:
    for value in (fresh("1b", 4), fresh("1b", 4).loss, QPI.pi):
        with pytest.raises(TypeError, match="to_json"):
            pickle.dumps(value)


# multiplicities -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "m"),
    [
        ("1a", 0),
        ("1b", 0),
        ("2a", 1),
        ("2b", 1),
        ("3a", 2),
        pytest.param("3b", 2, marks=slow),
        pytest.param("4", 3, marks=slow),
        pytest.param("d-5,5:+,-", 5, marks=slow),
        pytest.param("d-20,20:-,+", 20, marks=slow),
    ],
)
def test_multiplicity_at_integers(name: str, m: int, fresh: Fresh) -> None:
    # d! ways to permute the rows, and a choice of the rows of the small block
    count = fresh(name, 3).multiplicity
    for d in range(max(2 * m + 1, 2), 2 * m + 8):
        assert count.at(d) == math.factorial(d) * math.comb(d, m), d


def test_multiplicity_where_it_has_no_meaning(fresh: Fresh) -> None:
    with pytest.raises(BadInput, match="no value at d = 0"):
        fresh("2a", 8).multiplicity.at(0)


def test_multiplicity_of_a_family_sought_in_a_smaller_group() -> None:
    family = symrelu.family(blocks="d-1,1", limit="-,-")
    assert family.multiplicity().at(7) == math.factorial(7)
    assert family.multiplicity() == symrelu.family("1b").multiplicity()


# naming ---------------------------------------------------------------------------------------------------------------


def test_the_named_families() -> None:
    assert [family.name for family in families()] == ["1a", "1b", "2a", "2b", "3a", "3b", "4"]


@pytest.mark.parametrize(("alias", "name"), [("A", "1b"), ("II", "2a"), ("I", "2b")])
def test_aliases(alias: str, name: str) -> None:
    assert symrelu.family(alias).name == name
    assert symrelu.family(alias).key == symrelu.family(name).key


@pytest.mark.parametrize(
    ("blocks", "limit", "name"),
    [
        ("d", "+", "1a"),
        ("d", "-", "1b"),
        ("d-1,1", "+,-", "2a"),
        ("d-1,1", "a_1=1,a_5=-1", "2a"),
        ("d-1,1", "a_1=1.0, a_5=-2/2", "2a"),
        ("d - 1, 1", "-1, +1", "2b"),
        ("d-2,2", "a_1=-1,a_5=1", "3b"),
        ("d-3,3", "+,-", "4"),
        ("d-1,1", "-,-", "1b"),
        ("d-2,2", "a_1=1,a_6=-1", "3a"),  # its two columns of block 2 exchanged
        ("d-2,2", "a_1=-1,a_6=1", "3b"),
        ("d-2,2", "a_1=1,a_6=1", "1a"),
        ("d-4,4", "+,+", "1a"),
        pytest.param("d-4,4", "+,-", None, marks=slow),
        pytest.param("d-3,3", "-,+", None, marks=slow),
    ],
)
def test_names_are_found_from_types(blocks: str, limit: str, name: str | None) -> None:
    assert symrelu.family(blocks=blocks, limit=limit).name == name
    assert symrelu.family(f"{blocks}:{limit}").name == name


def test_3a_with_two_columns_exchanged_has_the_loss_the_count_and_the_entries_of_3a() -> None:
    exchanged, known = symrelu.family(blocks="d-2,2", limit="a_1=1,a_6=-1").series(3), symrelu.family("3a").series(3)
    assert (exchanged.loss, exchanged.multiplicity) == (known.loss, known.multiplicity)
    a, b = list(exchanged.entries.values()), list(known.entries.values())
    assert a == [*b[:4], b[5], b[4]]
    assert symrelu.FamilySeries.from_json(exchanged.to_json()) == exchanged


def test_own_and_other_are_exchanged_in_blocks_of_size_2_only() -> None:
    limit = [Fraction(n) for n in (1, 0, 0, 0, 0, -1)]
    assert name_of(symrelu.Isotropy.parse("d-2,2"), limit) == "3a"
    assert name_of(symrelu.Isotropy.parse("d-3,3"), limit) is None


# what is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", [-1, -(10**9), MAX_ORDER + 1, 10**18])
def test_orders_out_of_range(order: int) -> None:
    with pytest.raises(BadInput, match=rf"order {order} was given; it must lie between 0 and {MAX_ORDER}"):
        symrelu.family("2a").series(order)


@pytest.mark.parametrize("order", [2.5, "4", None, True])
def test_orders_that_are_no_integers(order: Any) -> None:
    for call in (symrelu.family("1b").series, symrelu.family("1b").spectrum):
        with pytest.raises(BadInput, match=f"order {order} was given"):
            call(order)


def test_the_largest_order_is_for_closed_forms_at_least() -> None:
    assert symrelu.family("1a").series(MAX_ORDER).order == MAX_ORDER


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({}, "no family was given"),
        ({"name": "9z"}, "no family named '9z'"),
        ({"name": "2A"}, "the named ones are 1a, 1b"),
        ({"name": ""}, "no family was given"),
        ({"name": "2a", "limit": "+,-"}, "give either"),
        ({"name": "2a", "blocks": "d-1,1"}, "give either"),
        ({"blocks": "d-1,1", "limit": "+"}, "has 1 sign,"),
        ({"blocks": "d-1,1", "limit": "+,-,+"}, "has 3 signs,"),
        ({"blocks": "d-1,1", "limit": "+,x"}, "cannot read"),
        ({"blocks": "d-1,1", "limit": "a_9=1"}, "a_1 .. a_5"),
        ({"blocks": "d-1,1", "limit": "a_1=pi"}, "give an integer"),
        ({"blocks": "d-1,1", "limit": "a_1=1/0"}, "give an integer"),
        ({"blocks": "d-1,1", "limit": "a_1=1,a_1=2"}, "a_1"),  # given twice: which one is meant?
        ({"blocks": "d-1,2", "limit": "+,-"}, "sum to d"),
        ({"blocks": "d,0", "limit": "+,-"}, "not positive"),
        ({"blocks": "d-1/2,1/2", "limit": "+,-"}, "not a whole number"),
        ({"blocks": "d*d", "limit": "+"}, "affine"),
        ({"name": "2a", "branch": 2}, "there is one family of that name"),
        ({"name": "2a", "branch": 0}, "branches are numbered from 1"),
        ({"blocks": "d-501,501", "limit": "+,-"}, "at most 500 are handled"),
    ],
)
def test_words_that_make_no_sense(words: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput) as caught:
        symrelu.family(**words)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_kinds_of_errors() -> None:
    with pytest.raises(UnknownFamily):
        symrelu.family("5")
    with pytest.raises(NoFamily, match=r"no family a = limit \+ O\(1/d\) of type Delta S_d with limit a_1=2 exists"):
        symrelu.family(blocks="d", limit="a_1=2").series(1)
    assert issubclass(NoFamily, SymreluError) and issubclass(SymreluError, ValueError)


def test_importing_the_package_is_cheap() -> None:
    import subprocess
    import sys

    program = "import sys, symrelu; print(sorted({'sympy', 'flint', 'numpy', 'mpmath', 'networkx'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert found.stdout.strip() == "[]"
