"""What the package keeps: series, lists of families, expressions; equal to what is computed, and quicker."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sympy

from symrelu.catalogue import choose, named
from symrelu.errors import NoFamily
from symrelu.families import family
from symrelu.model.expression import Expression, gradient_expression, loss_expression
from symrelu.model.reduced import Problem
from symrelu.model.setting import PAPER
from symrelu.render.expressions import expressions_of
from symrelu.results import FamilySeries
from symrelu.results_along import family_series
from symrelu.store import Store, kept_data, remembered
from symrelu.store.expressions import expression_of, kept_expression, tree_of
from symrelu.store.series import asked_of, kept_series
from symrelu.symmetry import FixedSpace, Isotropy

Open = Callable[[], Store]
ASKED = (("loss", 2), ("gradient", 2), ("hessian", 1), ("hessian", 2))


class Counted:
    """Computes the series of a family, and counts how often."""

    def __init__(self, *name: str, order: int = 3, **words: str) -> None:
        self.key, self.order, self.words, self.calls = choose(*name, **words), order, (name, words), 0

    def make(self) -> FamilySeries:
        self.calls += 1
        name, words = self.words
        return family(*name, **words).series(self.order)

    def series(self) -> FamilySeries:
        return kept_series(self.key, self.order, self.make)


@pytest.mark.parametrize("name", ["1a", "1b", "3a"])
def test_a_series_comes_back_from_disk_as_it_was(name: str, fresh: Open) -> None:
    counted = Counted(name)
    fresh()
    first = counted.series()
    assert counted.series() is first, "from memory"
    fresh()
    second = counted.series()
    assert counted.calls == 1
    assert second == first and second is not first
    assert second.to_json() == first.to_json() and second.text() == first.text()


def test_other_orders_and_families_are_other_questions(fresh: Open) -> None:
    store = fresh()
    for key, order in ((named("1b"), 2), (named("1b"), 3), (named("1a"), 2)):
        made = family(key.name).series(order)
        assert kept_series(key, order, lambda made=made: made) is made  # type: ignore[misc]
    assert store.size()[0] == 3


def test_a_name_and_its_type_are_one_question() -> None:
    assert asked_of(named("2a")) == asked_of(choose(blocks="d-1,1", limit="+,-"))
    assert asked_of(named("2a")) != asked_of(named("2b"))


def test_a_record_that_does_not_fit_together_is_made_anew(fresh: Open) -> None:
    counted = Counted("1b")
    store = fresh()
    first = counted.series()
    asked = {**asked_of(counted.key), "order": 3, "digits": 15, "start": None}
    data = store.get("series", asked)
    for wrong in (
        {**data, "family": "2a"},
        {**data, "multiplicity": "d"},
        {**data, "entries": {}},
        {**data, "order": 2},
        {**data, "loss": ["__import__('os')", *data["loss"][1:]]},
        "no series",
    ):
        store = fresh()
        store.put("series", asked, wrong)  # well signed
        calls = counted.calls
        assert counted.series() == first
        assert counted.calls == calls + 1
        assert store.get("series", asked) == data, "rebuilt"


def test_a_series_of_another_family_in_its_place_is_made_anew(fresh: Open) -> None:
    counted = Counted("1b")
    store = fresh()
    store.put("series", {**asked_of(counted.key), "order": 3, "digits": 15}, family("1a").series(3).to_json())
    assert counted.series().family == "1b"
    assert counted.calls == 1


def test_the_second_call_costs_at_most_a_twentieth(fresh: Open) -> None:
    counted = Counted("2b", order=6)
    fresh()
    clock = time.perf_counter()
    counted.series()
    between = time.perf_counter()
    counted.series()
    assert time.perf_counter() - between <= (between - clock) / 20


def test_off_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYMRELU_STORE", "off")
    monkeypatch.setenv("HOME", str(tmp_path))
    counted = Counted("1a")
    assert counted.series() == counted.series()
    assert counted.calls == 2
    assert list(tmp_path.iterdir()) == []


def test_an_error_is_not_kept(fresh: Open) -> None:
    fresh()
    made = family_series(family("1a"), 3, None, 15)  # what is asked for by its public name keeps itself
    store = fresh()

    def none() -> FamilySeries:
        raise NoFamily("none was found")

    for make, expected in ((none, None), (lambda: made, made), (none, made)):
        if expected is None:
            with pytest.raises(NoFamily, match="none was found"):
                kept_series(named("1a"), 3, make)
            assert store.size()[0] == 0
        else:
            assert kept_series(named("1a"), 3, make) is expected


def test_lists_are_the_callers_own(fresh: Open) -> None:
    for _ in range(2):  # computed, then from disk
        fresh()
        found = kept_data("families", {"blocks": "d"}, lambda: [{"limit": "+"}])
        found[0]["limit"] = "changed"
        assert kept_data("families", {"blocks": "d"}, lambda: pytest.fail("again")) == [{"limit": "+"}]


def test_memory_is_bounded(fresh: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symrelu.store.store.MOST_OBJECTS", 2)
    fresh()
    made: list[int] = []
    for i in (0, 1, 0, 2, 0, 1):  # 1 has gone for 2, since 0 was used in between
        remembered("x", {"i": i}, lambda i=i: made.append(i) or i)  # type: ignore[misc]
    assert made == [0, 1, 2, 1]


# expressions ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("blocks", ["d", "d-3,3"])
@pytest.mark.parametrize("make", [loss_expression, gradient_expression])
def test_an_expression_comes_back_from_disk_as_it_was(
    make: Callable[[Problem], Expression], blocks: str, fresh: Open
) -> None:
    isotropy = Isotropy.parse(blocks)
    expression = make(PAPER.problem(FixedSpace(isotropy)))
    fresh()
    assert kept_expression(expression.what, isotropy, PAPER, lambda: expression) is expression
    fresh()
    found = kept_expression(expression.what, isotropy, PAPER, lambda: pytest.fail("again"))
    assert found == expression and found is not expression
    assert [sympy.latex(x) for x in found.values.values()] == [sympy.latex(x) for x in expression.values.values()]
    assert list(found.explicit().items()) == list(expression.explicit().items())


def test_an_expression_without_a_tree_is_kept_in_memory_only(fresh: Open) -> None:
    expression = Expression("loss", {"L": sympy.gamma(sympy.Symbol("d"))}, {})
    store = fresh()
    isotropy = Isotropy.parse("d")
    assert kept_expression("loss", isotropy, PAPER, lambda: expression) is expression
    assert kept_expression("loss", isotropy, PAPER, lambda: pytest.fail("again")) is expression
    assert store.size()[0] == 0


def test_what_a_user_asks_for_is_kept(fresh: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Hessian of a type with four components takes seconds to derive; asked for again, it is read."""
    fresh()
    made = [expressions_of(what, "1b", layers=layers) for what, layers in ASKED]
    for name in ("loss_expression", "gradient_expression", "_of_components"):
        monkeypatch.setattr(f"symrelu.render.expressions.{name}", lambda *_: pytest.fail("again"))
    fresh()
    assert [expressions_of(what, "1b", layers=layers) for what, layers in ASKED] == made
    assert len({str(x.values) for x in made}) == len(ASKED)


x, y = sympy.Symbol("x", real=True), sympy.Symbol("y", positive=True)


@pytest.mark.parametrize(
    "value",
    [
        sympy.Integer(0),
        sympy.Rational(-2, 3),
        sympy.pi / 4,
        2 * (x + 1),
        sympy.factor(x**2 - 1) * y / sympy.sqrt(x + y),
        sympy.acos(x / y) * sympy.sin(y) ** -3,
    ],
)
def test_trees_are_faithful(value: sympy.Expr) -> None:
    found = expression_of(tree_of(value))
    assert found == value and str(found) == str(value)
    assert found.free_symbols == value.free_symbols, "the same assumptions"


@pytest.mark.parametrize(
    "tree", ["x", "1.5", "-", "9" * 5000, ["+"], ["/", "1", "0"], ["eval", "1"], ["symbol", "x"], None, 3, ["**", "2"]]
)
def test_what_is_no_tree_is_refused(tree: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        expression_of(tree)
