"""Kernels end to end: spectra against dense Hessians, series against evaluation, numbers of points by brute force."""

from __future__ import annotations

import json
from itertools import permutations, product

import numpy as np
import pytest

import symrelu
from symrelu.errors import BadInput, SymreluError
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.exact.reading import ExactReader
from symrelu.reference.activations import ABS, ERF, S3, Z2, Z3, Activation, leaky
from symrelu.reference.hessian import first_layer_hessian, hessian
from symrelu.results import FamilySeries

REFERENCE: dict[str, Activation] = {
    "abs": ABS,
    "erf": ERF,
    "z2": Z2,
    "z3": Z3,
    "s3": S3,
    "leaky:1/10": leaky(1, 10),
}


def family(kernel: str, limit: str = "+", blocks: str = "d") -> symrelu.Family:
    branch = 1 if kernel == "z2" else None  # over +, z2 has the target and a saddle
    return symrelu.family(blocks=blocks, limit=limit, branch=branch, setting=symrelu.Setting.parse(kernel=kernel))


def test_a_limit_that_is_critical_itself_does_not_hide_other_families() -> None:
    """z2: over the limit I lie I itself and the saddle sqrt(1 + 1/(d + 1)) (I - J/d)."""
    found = symrelu.find_families(blocks="d", limit="+", setting=symrelu.Setting.parse(kernel="z2")).families
    assert [one.kind_at_large_d() for one in found] == ["minimum", "saddle"]
    own, other = (float(x) for x in found[1].path().point(8, MpmathArithmetic(20)))
    assert (own, other) == pytest.approx((np.sqrt(10 / 9) * 7 / 8, -np.sqrt(10 / 9) / 8))


def matrix(found: symrelu.Evaluation, d: int) -> np.ndarray:
    """W at an integer d for the type Delta S_d."""
    own, other = (float(found.entries[name].value) for name in ("a_1", "a_2"))
    return own * np.eye(d) + other * (1 - np.eye(d))


@pytest.mark.parametrize("layers", [2, 1])
@pytest.mark.parametrize(
    ("kernel", "limit"), [*((k, "+") for k in REFERENCE), ("leaky:1/10", "-")], ids=lambda x: str(x)
)
def test_the_spectrum_is_that_of_the_dense_hessian(kernel: str, limit: str, layers: int) -> None:
    d = 9
    found = family(kernel, limit).at(d, layers=layers)
    W, ones = matrix(found, d), np.ones(d)
    dense = (hessian if layers == 2 else first_layer_hessian)(W, ones, np.eye(d), ones, REFERENCE[kernel])
    ours = sorted(float(v.value) for v in found.eigenvalues for _ in range(int(v.multiplicity)))
    expected = np.linalg.eigvalsh(dense)
    assert len(ours) == len(expected) == d * (d + layers - 1)
    assert np.max(np.abs(ours - expected)) < 1e-11 * np.max(np.abs(expected))


@pytest.mark.parametrize(("kernel", "zeros"), [("erf", 0), ("z3", 9), ("abs", 9), ("z2", 9 + 36)])
def test_zeros_are_those_of_the_symmetries(kernel: str, zeros: int) -> None:
    """k of rescaling, unless the second layer is free; k(k - 1)/2 of O(k) for z2."""
    found = family(kernel).at(9)
    assert sum(v.multiplicity for v in found.eigenvalues if v.value == 0) == zeros
    assert family(kernel).kind_at_large_d() == "minimum"


@pytest.mark.parametrize("kernel", ["z2", "z3", "s3", "erf"])
def test_a_series_of_the_spectrum_is_near_the_eigenvalues_at_large_d(kernel: str) -> None:
    d = 10**6
    of = family(kernel)
    at = {(v.component, v.branch): float(v.value) for v in of.at(d).eigenvalues}
    for e in of.spectrum(2).eigenvalues:
        value = sum(
            float(e.series.field.ball(e.series.field(c), 64).mid()) * d ** (-(e.series.valuation + i) / 2)
            for i, c in enumerate(e.series.coefficients)
        )
        assert value == pytest.approx(at[e.component.name, e.branch], rel=1e-8, abs=1e-12)


@pytest.mark.parametrize("limit", ["+", "-"])
def test_a_series_is_near_the_point_at_large_d(limit: str) -> None:
    d = 10**6
    of = family("leaky:1/10", limit)
    at, series = of.at(d), of.series(4)
    for name, x in series.entries.items():
        value = sum(
            float(x.field.ball(x.field(c), 64).mid()) * d ** (-(x.valuation + i) / 2)
            for i, c in enumerate(x.coefficients)
        )
        assert value == pytest.approx(float(at.entries[name].value), abs=1e-13)


def test_a_symbolic_slope_gives_the_series_of_every_slope() -> None:
    symbolic = family("leaky:s", "-").series(4)
    assert symbolic.field.name == "QQ(pi, s)"
    from fractions import Fraction

    rational = family("leaky:1/10", "-").series(4)
    pairs = [*zip(symbolic.entries.values(), rational.entries.values(), strict=True), (symbolic.loss, rational.loss)]
    for x, y in pairs:
        assert [symbolic.field.at(symbolic.field(x[i]), Fraction(1, 10)) for i in range(5)] == [y[i] for i in range(5)]
    data = symbolic.to_json()
    assert data["field"] == {"base": "QQ(pi, s)", "parameters": ["s"], "generators": []}
    again = FamilySeries.from_json(json.loads(json.dumps(data)))
    assert (again.entries, again.loss, again.to_json()) == (symbolic.entries, symbolic.loss, data)


def test_one_parameter_is_read() -> None:
    for names in (["s", "r"], ["pi"], [7], ["__import__"]):
        with pytest.raises(BadInput, match="a parameter was declared as"):
            ExactReader({"base": "QQ(pi, s)", "parameters": names, "generators": []})


@pytest.mark.parametrize("ask", [lambda f: f.at(20), lambda f: f.certify(20), lambda f: f.thresholds()])
def test_what_needs_a_number_refuses_a_symbol_in_one_line(ask: object) -> None:
    with pytest.raises(SymreluError, match="1/10") as caught:
        ask(family("leaky:s", "-"))  # type: ignore[operator]
    assert "\n" not in str(caught.value)


def signed_images(W: np.ndarray) -> int:
    """The number of distinct matrices that permutations of rows and columns and signs of rows make of W."""
    k, d = W.shape
    return len(
        {
            tuple((np.array(signs)[:, None] * W[np.ix_(p, q)]).ravel())
            for signs in product((1, -1), repeat=k)
            for p in permutations(range(k))
            for q in permutations(range(d))
        }
    )


@pytest.mark.parametrize("kernel", ["abs", "erf"])
def test_signs_of_rows_multiply_the_number_of_points(kernel: str) -> None:
    assert family(kernel).multiplicity().at(3) == signed_images(np.eye(3)) == 48


@pytest.mark.parametrize("kernel", ["leaky:1/10", "z3", "s3"])
def test_with_the_second_layer_fixed_rows_of_odd_kernels_do_not_turn_round(kernel: str) -> None:
    assert family(kernel).multiplicity().at(3) == 6


def test_points_in_orbits_of_rotations_are_not_counted() -> None:
    assert str(family("z2").multiplicity()).startswith("infinite")


@pytest.mark.parametrize("kernel", ["erf", "z2", "z3", "abs"])
def test_the_target_is_certified(kernel: str) -> None:
    assert family(kernel).certify(20).verdict == "minimum"
