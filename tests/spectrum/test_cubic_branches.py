"""Branches whose leading coefficients are roots of irreducible polynomials of degree 3 or more, on symmetric matrices
made by hand: their series against mpmath's eigenvalues at tiny t, their order, text, LaTeX and JSON.
"""

import json
from dataclasses import replace
from itertools import pairwise

import mpmath
import pytest
import sympy

import symrelu
from symrelu.errors import TruncatedTooSoon
from symrelu.exact.algebraic import generators
from symrelu.exact.generators import field_json, numbered
from symrelu.exact.parse import parse
from symrelu.exact.qpi import QPI
from symrelu.exact.reading import ExactReader
from symrelu.exact.series import Series
from symrelu.spectrum.branches import eigenvalue_branches
from symrelu.spectrum.result import ascending, by_value

PI = QPI.pi
END = 9
Rows = list[list[list[object]]]  # the coefficients of t**valuation, ... of each entry, upper triangle given


def symmetric(n: int, upper: dict[tuple[int, int], list[object]], valuation: int = 0) -> list[list[Series]]:
    entries = {**upper, **{(j, i): cs for (i, j), cs in upper.items()}}
    return [[Series(QPI, valuation, entries.get((i, j), []), END) for j in range(n)] for i in range(n)]


GENERAL = {  # the cubic's discriminant is no square: three fields
    (0, 0): [PI, 1, PI, -1, 2], (0, 1): [1, PI, 0, 3], (0, 2): [0, 2, -1, PI],
    (1, 1): [2, -1, 1 / PI, 0, 1], (1, 2): [1, 1, PI - 2], (2, 2): [4, 3, -PI],
}  # fmt: skip
CYCLIC = {  # x**3 + x**2 - 2 x - 1, of 2 cos(2 pi/7)
    (0, 0): [0, 1], (0, 1): [1, 0, PI], (1, 1): [0, -1, 1], (1, 2): [1, PI], (2, 2): [-1, 0, 2], (0, 2): [0, 1],
}  # fmt: skip
LATER = {  # the three coincide at t**-2, and part at t**0 by an irreducible cubic
    (0, 0): [8 / PI, 0, *GENERAL[0, 0]], (1, 1): [8 / PI, 0, *GENERAL[1, 1]], (2, 2): [8 / PI, 0, *GENERAL[2, 2]],
    **{place: [0, 0, *cs] for place, cs in GENERAL.items() if place[0] != place[1]},
}  # fmt: skip
TWICE = {  # two copies of one cubic at leading order, coupled at t: each root is double, and splits at t
    **{(i, j): cs[:1] for (i, j), cs in CYCLIC.items()},
    **{(i + 3, j + 3): cs[:1] for (i, j), cs in CYCLIC.items()},
    (0, 3): [0, 1], (1, 1): [0, 1], (5, 5): [-1, PI],
}  # fmt: skip
BESIDE = {  # a cubic, two roots +-sqrt(2) and a rational root
    **CYCLIC, (3, 3): [1, 1], (3, 4): [1, 0, 2], (4, 4): [-1, 0, PI], (3, 5): [0, 1], (5, 5): [5], (0, 4): [0, 1],
}  # fmt: skip
QUARTIC = {
    (0, 1): [1, PI], (1, 2): [PI, 1], (2, 3): [1, 0, 2], (0, 0): [1], (3, 3): [0, 1], (0, 3): [0, 1],
}  # fmt: skip
CASES = {
    "general": (3, GENERAL, 0, 6), "cyclic": (3, CYCLIC, 0, 6), "later": (3, LATER, -2, 4), "twice": (6, TWICE, 0, 3),
    "beside": (6, BESIDE, 0, 4), "quartic": (4, QUARTIC, 0, 4),
}  # fmt: skip


def branches_of(case: str) -> list[Series]:
    n, upper, valuation, known = CASES[case]
    return numbered(ascending(eigenvalue_branches(symmetric(n, upper, valuation), known)))


def at(x: Series, t: mpmath.mpf, digits: int) -> mpmath.mpf:
    bits = 4 * digits
    return x.evaluate(t, lambda c: mpmath.mpf(x.field.ball(c, bits).mid().str(digits, radius=False)))


@pytest.mark.parametrize("case", CASES)
def test_series_are_the_eigenvalues_at_tiny_t(case: str) -> None:
    n, upper, valuation, known = CASES[case]
    matrix, found = symmetric(n, upper, valuation), branches_of(case)
    assert any(generators(x.field) for x in found)
    with mpmath.workdps(120):
        t = mpmath.mpf(10) ** -12
        numbers = mpmath.matrix([[at(x, t, 120) for x in row] for row in matrix])
        values = sorted(mpmath.eigsy(numbers, eigvals_only=True))
        for x, value in zip(found, values, strict=True):
            error = abs(at(x, t, 120) - value)
            assert error < 1e7 * t**known and x.precision == known  # 29 digits and more
        # as many digits, then, as there are orders: the last coefficient shows
        for x, value in zip(found, values, strict=True):
            if x[known - 1]:
                assert abs(at(x.truncate(known - 1), t, 120) - value) > 1e-7 * t ** (known - 1)


@pytest.mark.parametrize("case", CASES)
def test_branches_ascend_and_sum_to_the_trace(case: str) -> None:
    n, upper, valuation, known = CASES[case]
    found = branches_of(case)
    assert all(by_value(x, y) == -1 and by_value(y, x) == 1 and by_value(x, x) == 0 for x, y in pairwise(found))
    matrix = symmetric(n, upper, valuation)
    with mpmath.workdps(60):
        for i in range(valuation, known):
            total = sum(at(Series(x.field, 0, [x[i]]), mpmath.mpf(1), 60) for x in found)
            trace = sum(at(Series(QPI, 0, [matrix[j][j][i]]), mpmath.mpf(1), 60) for j in range(n))
            assert abs(total - trace) < 1e-45 * (1 + max(abs(float(x.field.ball(x[i], 64))) for x in found))


def test_one_cubic_twice_gives_the_same_generators() -> None:
    first, second = branches_of("cyclic"), branches_of("cyclic")
    together = numbered([*first, *second])
    assert [g["name"] for g in field_json([x.field for x in together])["generators"]] == [
        "theta_1",
        "theta_2",
        "theta_3",
    ]
    assert [str(x) for x in together[3:]] == [str(x) for x in together[:3]]
    assert all(by_value(x, y) == 0 for x, y in zip(together, together[3:], strict=False))


def test_a_generator_over_square_roots_of_another() -> None:
    """Each double root theta_i splits at t by a square root over its field."""
    found = branches_of("twice")
    names = [g["name"] for g in field_json([x.field for x in found])["generators"]]
    assert names == ["theta_1", "theta_2", "theta_3"]
    assert [x.field.base.generator for x in found] == [f"theta_{i}" for i in (1, 1, 2, 2, 3, 3)]


def test_json_declares_what_the_coefficients_need() -> None:
    for case in CASES:
        found = branches_of(case)
        declared = json.loads(json.dumps(field_json([x.field for x in found])))
        for g in declared["generators"]:
            x, names = sympy.Symbol(g["name"]), {"pi": sympy.pi, g["name"]: sympy.Symbol(g["name"])}
            poly = sympy.Poly(parse(g["minimal_polynomial"], names, lambda q: sympy.Rational(str(q))), x)
            with mpmath.workdps(60):
                cs = [mpmath.mpf(str(sympy.N(c, 60))) for c in poly.all_coeffs()]
                values = mpmath.polyroots(cs, maxsteps=500, extraprec=500)
                assert sum(abs(z - mpmath.mpf(g["mid"])) <= mpmath.mpf(g["rad"]) for z in values) == 1
        for branch in found:
            reader = ExactReader(declared)
            assert [reader.read(branch.field.text(c)) for c in branch.coefficients] == list(branch.coefficients)


def test_a_spectrum_with_generators_says_what_they_are() -> None:
    old = symrelu.family("1b").spectrum(2)
    series = [x.truncate(3) for x in branches_of("general")]
    some = [replace(e, series=x) for e, x in zip(old.eigenvalues, series, strict=False)]
    found = replace(old, eigenvalues=(*some, *old.eigenvalues[3:]))
    for i in (1, 2, 3):
        assert f"theta_{i} is the root near" in found.text()
        assert rf"\theta_{{{i}}} \approx" in found.latex() and rf"\theta_{{{i}}}^{{3}}" in found.latex()
    assert found.latex().endswith(r"\end{array}") and found.latex().count("{") == found.latex().count("}")
    assert [g["name"] for g in found.to_json()["field"]["generators"]] == ["theta_1", "theta_2", "theta_3"]
    reader = ExactReader(found.to_json()["field"])
    row = found.to_json()["eigenvalues"][0]["coefficients"]
    assert [reader.read(text) for text in row] == series[0].known(-2, 3)
    assert found.negative_at_large_d() is not None


def test_truncation_drops_generators_that_do_not_occur() -> None:
    found = branches_of("later")
    assert field_json([x.field for x in numbered([y.truncate(0) for y in found])])["generators"] == []


def test_too_few_known_terms_are_refused_as_ever() -> None:
    matrix = [[x.truncate(1) for x in row] for row in symmetric(6, TWICE)]
    with pytest.raises(TruncatedTooSoon):
        eigenvalue_branches(matrix, 3)
