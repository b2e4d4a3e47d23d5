"""Results whose coefficients lie in a field with a generator: text, LaTeX, and JSON that is read back or refused."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

import symrelu
from symrelu.comparison import compare
from symrelu.errors import BadInput
from symrelu.exact.algebraic import AlgebraicField
from symrelu.exact.qpi import QPI
from symrelu.exact.series import monomial
from symrelu.results import FamilySeries

CUBIC = AlgebraicField(QPI, [8 / QPI.pi, -5, 0, 1], 2)


@pytest.fixture(scope="module")
def result() -> FamilySeries:
    """No family's series, but a result like one: a number of a cubic field stands at t**3."""
    old = symrelu.family("1b").series(3)
    term = monomial(CUBIC, CUBIC.root**2 / QPI.pi - 1, 3)
    entries = {name: x.over(CUBIC) + term for name, x in old.entries.items()}
    return replace(old, field=CUBIC, entries=entries, loss=old.loss.over(CUBIC))


def test_round_trip(result: FamilySeries, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="do not solve the gradient"):  # as they should not be: this is no family
        FamilySeries.from_json(result.to_json())
    monkeypatch.setattr("symrelu.results_json._is_critical", lambda result: True)
    data = json.loads(json.dumps(result.to_json()))
    (generator,) = data["field"]["generators"]
    assert generator["minimal_polynomial"] == "theta_1**3 - 5*theta_1 + 8/pi"
    back = FamilySeries.from_json(data)
    assert back == result and back.to_json() == data and back.field == CUBIC
    assert "theta_1**2/pi - 1" in data["entries"]["a_1"][3]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("mid", "-2"),
        ("mid", "1.3"),
        ("rad", "1e-3"),
        ("name", "theta_2"),
        ("minimal_polynomial", "theta_1**3 - 5*theta_1 + 9/pi"),
        ("minimal_polynomial", "theta_1**3 - 1"),
        ("mid", None),
    ],
)
def test_tampered_generators_are_refused(result: FamilySeries, key: str, value: Any) -> None:
    data = copy.deepcopy(result.to_json())
    data["field"]["generators"][0][key] = value
    with pytest.raises(BadInput) as error:
        FamilySeries.from_json(data)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("generators", [[], None, 3, [{}], ["theta_1"]])
def test_generators_that_are_not_there(result: FamilySeries, generators: Any) -> None:
    data = copy.deepcopy(result.to_json())
    data["field"]["generators"] = generators
    with pytest.raises(BadInput):
        FamilySeries.from_json(data)


def test_text_and_latex_say_what_the_generator_is(result: FamilySeries) -> None:
    assert "theta_1 is the root near" in result.text() and "of theta_1**3 - 5*theta_1 + 8/pi" in result.text()
    assert r"\theta_{1} \approx" in result.latex() and result.latex().count("{") == result.latex().count("}")
    assert str(result.smallest_field) == "QQ(pi)(theta_1)"


def test_spectra_with_generators_are_compared() -> None:
    """Conjugate numbers are different eigenvalues, equal ones of fields made twice are one."""
    both = compare(symrelu.family("1a"), symrelu.family("1b"), 1)
    fields = [AlgebraicField(QPI, [8 / QPI.pi, -5, 0, 1], i) for i in range(3)]

    def with_roots(spectrum: Any, numbers: list[int]) -> Any:
        some = [
            replace(e, series=monomial(fields[i], fields[i].root, 0).truncate(2))
            for e, i in zip(spectrum.eigenvalues, numbers, strict=False)
        ]
        return replace(spectrum, eigenvalues=tuple(some))

    changed = replace(both, spectra=(with_roots(both.spectra[0], [0, 1]), with_roots(both.spectra[1], [1, 2])))
    rows = changed.spectrum_difference()
    assert [value for value, _, _ in rows] == [f"theta_{i} + O(t**2)" for i in (1, 2, 3)]
    assert [(first != "0", second != "0") for _, first, second in rows] == [(True, False), (True, True), (False, True)]
    assert len(changed.to_json()["field"]["generators"]) == 3 and "theta_3 is the root near" in changed.text()
