"""From a candidate to a family, and everything downstream of constants in balls.

The guides (guides.json) were written by :class:`symrelu.finding.keeping.Guide` from searches of these types; here they
only choose among solutions, which are derived, enclosed and lifted anew.
"""

import json
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import symrelu
from symrelu.catalogue import choose
from symrelu.errors import Undecided
from symrelu.exact.constants import BallField
from symrelu.families import Family
from symrelu.finding.guide import Guide
from symrelu.finding.guided import guided_start
from symrelu.finding.keeping import start_from_json, start_json
from symrelu.reference import dense, hessian
from symrelu.results import FamilySeries

GUIDES = json.loads((Path(__file__).parent / "guides.json").read_text())
TYPES = {
    "d-2,2 rows 1,2,* +": ("d-2,2", "1,2,*"),
    "d-2,2 rows 1,2,* -": ("d-2,2", "1,2,*"),
    "d-3,3 O(1)": ("d-3,3", None),
    "d-1,1 rows 1,2,* bulk -1": ("d-1,1", "1,2,*"),
}
Made = Callable[[str], Family]


@pytest.fixture(scope="module")
def made() -> Made:
    @cache
    def make(name: str) -> Family:
        key = choose(None, *TYPES[name], None, None, 1)
        empty = Family(key)
        return Family(key, guided_start(empty.problem, Guide.from_json(GUIDES[name])))  # type: ignore[arg-type]

    return make


def value(family: Family, name: str, power: int) -> float:
    x = family.start.entries[family.problem.names.index(name)]
    return float(x.field.ball(x.field(x[power]), 64).mid()) if x[power] else 0.0


def test_the_extra_neuron_of_section_5(made: Made) -> None:
    """k = d + 1, m = 2: exponents 3, 4, 2, 2, 1, 1, 2, 1; the two branches differ by the sign of the extra row, and in
    what follows (finding_families.md, section 5).
    """
    plus, minus = made("d-2,2 rows 1,2,* +"), made("d-2,2 rows 1,2,* -")
    for one, sign in ((plus, 1), (minus, -1)):
        assert isinstance(one.start.field, BallField)
        e, h, b = value(one, "a_7", 2), value(one, "a_8", 1), value(one, "a_4", 2)
        r = np.hypot(e, np.sqrt(2) * h)
        eta, eps = h / r, e / r
        phi = np.arccos(eta)
        assert np.sign(e) == sign and np.sign(h) == -sign
        assert b == pytest.approx(4 / np.pi + r * eps * (1 - 2 * phi / np.pi), rel=1e-14)
        assert value(one, "a_6", 1) == pytest.approx(
            r * ((2 / np.pi) * (np.sin(phi) - 1) + eta * (1 - 2 * phi / np.pi)) / (1 - 2 / np.pi), rel=1e-14
        )
    assert value(plus, "a_2", 4) != pytest.approx(value(minus, "a_2", 4))


def test_coefficients_to_any_number_of_digits(made: Made) -> None:
    few, many = (made("d-2,2 rows 1,2,* +").series(2, digits=n) for n in (15, 200))
    for short, long in zip(few.to_json()["entries"]["a_8"], many.to_json()["entries"]["a_8"], strict=True):
        if short["rad"] != "0":
            assert len(long["mid"]) > 195
            assert abs(Fraction(short["mid"]) - Fraction(long["mid"])) <= Fraction(short["rad"]) + Fraction(long["rad"])
    data = few.to_json()
    assert data["exact"] is False and data["field"]["base"] == "balls" and "psi_1" in data["leading_system"]
    again = FamilySeries.from_json(data)
    for name, x in again.entries.items():
        for power in range(3):
            assert x[power].enclosure.overlaps(few.entries[name][power].enclosure)


def test_series_points_and_dense_derivatives_agree(made: Made) -> None:
    """Three routes: the series at d = 10**10, Newton's method there, and the dense Hessian at d = 12."""
    one = made("d-2,2 rows 1,2,* +")
    series, at = one.series(4), one.at(10**10, digits=20)
    t = 1e-5
    for name, x in series.entries.items():
        ours = sum(float(x.field.ball(c, 64).mid()) * t ** (x.valuation + i) for i, c in enumerate(x.coefficients) if c)
        assert ours == pytest.approx(float(at.entries[name].value), rel=1e-12, abs=1e3 * t**5)
    at = one.at(12, digits=16)
    W = np.asarray(one.space.matrix([float(v.value) for v in at.entries.values()], 12), dtype=float)
    assert W.shape == (13, 12)
    in_w, in_alpha = dense.gradient(W, np.ones(13), np.eye(12), np.ones(12))
    assert max(np.max(np.abs(in_w)), np.max(np.abs(in_alpha))) < 1e-13
    whole = np.linalg.eigvalsh(hessian.hessian(W, np.ones(13), np.eye(12), np.ones(12)))
    listed = sorted(float(e.number.value) for e in at.eigenvalues for _ in range(int(e.multiplicity)))
    assert np.allclose(np.sort(whole), listed, atol=1e-11)


@pytest.mark.slow
def test_spectra_and_certificates(made: Made) -> None:
    one = made("d-2,2 rows 1,2,* +")
    spectrum, at = one.spectrum(1), one.at(10**12, digits=20)
    for e, number in zip(spectrum.eigenvalues, at.eigenvalues, strict=True):
        ours = sum(
            float(e.series.field.ball(c, 64).mid()) * 1e-6 ** (e.series.valuation + i)
            for i, c in enumerate(e.series.coefficients)
        )
        assert ours == pytest.approx(float(number.number.value), rel=1e-9, abs=1e-9)
    assert one.kind_at_large_d() == "minimum"
    proof = one.certify(from_d=1000)
    assert proof.verdict == "minimum" and "tested to 2**-" in proof.rests_on
    with pytest.raises(Undecided, match="no file is written"):
        proof.to_file()


@pytest.mark.slow
def test_a_ramified_family_is_exact(made: Made) -> None:
    """Powers of d**(-1/4): over the bulk -1 an extra neuron shares a teacher with its own, in Q(pi)(sqrt(pi - 2))."""
    one = made("d-1,1 rows 1,2,* bulk -1")
    assert one.start.ramification == 4
    entries = one.start.entries
    assert entries[3].field.text(entries[3][3]) == "sqrt(pi - 2)/2"
    assert [x.ramification for x in entries] == [4] * 7
    assert one.certify(10**6).verdict == "undecided"  # proofs are for series in d**(-1/2)


def test_limits_that_are_no_rational_numbers(made: Made) -> None:
    one = made("d-3,3 O(1)")
    assert one.limit[:4] == (1, 0, 0, 0) and one.limit[4] is None and one.limit[5] is None
    assert "a_5~0.292522" in one.limit_text() or "a_5~-0.292522" in one.limit_text()
    assert one.kind_at_large_d() == "saddle"


@pytest.mark.parametrize("name", TYPES)
def test_starts_as_data_and_back(name: str, made: Made) -> None:
    one = made(name)
    again = start_from_json(one.problem, json.loads(json.dumps(start_json(one.start))))
    assert (again.known, again.exact, again.ramification) == (one.start.known, one.start.exact, one.start.ramification)
    for x, y in zip(again.entries, one.start.entries, strict=True):
        assert x.valuation == y.valuation and all(a == b for a, b in zip(x.coefficients, y.coefficients, strict=True))
    if again.refine is not None:
        finer: Any = again.refine(2048)
        assert finer.field.bits == 2048
        for x, y in zip(finer.entries, one.start.entries, strict=True):
            assert not (x.over(y.field) - y).coefficients


def test_a_wrong_guide_is_refused() -> None:
    """The guide chooses among solutions; it cannot make one."""
    data = json.loads(json.dumps(GUIDES["d-2,2 rows 1,2,* +"]))
    data["corrections"][5][0]["value"] = "0.7"
    problem = Family(choose(None, "d-2,2", "1,2,*", None, None, 1)).problem
    with pytest.raises(symrelu.SymreluError):
        guided_start(problem, Guide.from_json(data))  # type: ignore[arg-type]
