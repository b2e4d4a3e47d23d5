"""Ends of descents are told apart by what no order of rows and columns changes, and matched to families."""

import itertools
import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symrelu
from symrelu.descent.classify import _searched, classify, grouped
from symrelu.descent.problem import FittedTarget
from symrelu.exact.arithmetic import MpmathArithmetic
from symrelu.families import Family
from symrelu.identification import identify
from symrelu.model.setting import Setting
from symrelu.model.target import Target
from symrelu.reference.isotropy import isotropy_order, orbit
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotropy import Isotropy

RECORDS = Path(__file__).parents[1] / "reference" / "data"
NAMES = ("1a", "1b", "2a", "2b", "3a", "3b", "4")
CLASSES = {"1a": "0", "1b": "Theta(1)", "2b": "Theta(1)", "3b": "Theta(1)"}
TWO_LONG = Target.from_json({"blocks": "d-2,2", "entries": [[["1", "0"], "0"], ["0", ["2", "0"]]]})


def disguised(W: Any, seed: int, noise: float = 1e-9, columns: Any = None) -> np.ndarray:
    """Rows and columns in another order (columns only within the given lists), every entry a little wrong."""
    rng = np.random.default_rng(seed)
    W = np.array(W, dtype=float)
    order = np.arange(W.shape[1])
    for part in [order] if columns is None else columns:
        order[part] = rng.permutation(order[part])
    W = W[rng.permutation(len(W))][:, order]
    return W + rng.uniform(-noise, noise, W.shape)


def point(one: Family, d: int) -> np.ndarray:
    """The matrix of a family at an integer d."""
    path = one.path()
    values = path.of_asked(path.point(Fraction(d), MpmathArithmetic(20)))
    return np.asarray(one.space.matrix([float(x) for x in values], d), dtype=float)


def identity(d: int) -> FittedTarget:
    return FittedTarget.of(Setting(), d)


def check(name: str, d: int) -> None:
    W = point(symrelu.family(name), d)
    found = classify(disguised(W, d), identity(d))
    m = {"1": 0, "2": 1, "3": 2, "4": 3}[name[0]]
    assert found.family == name
    assert found.loss_class == CLASSES.get(name, "Theta(1/d)")
    assert found.multiplicity == math.factorial(d) * math.comb(d, m), "Theorem 1"
    assert found.broken == math.comb(d, m)
    if name != "1a":
        words = found.type.split()
        again = symrelu.family(blocks=words[1], limit=words[3])
        assert again.name == name, "the line derives this family"
        assert found.distance is not None and found.distance < 1e-8


@pytest.mark.parametrize("name", ["1a", "1b", "2a", "2b"])
def test_named_families_in_any_order_and_with_noise(name: str) -> None:
    check(name, 9)


@pytest.mark.slow
@pytest.mark.parametrize("d", [6, 9, 16])
def test_named_families_at_other_dimensions(d: int) -> None:
    for name in NAMES:
        check(name, d)


def test_what_lies_on_no_family_is_not_taken_for_one() -> None:
    W = point(symrelu.family("2a"), 8)
    W[W == W[0, 1]] += 1e-5  # the same isotropy, another point of its fixed space
    found = classify(disguised(W, 1), identity(8))
    assert found.family is None and found.loss_class is None
    assert found.isotropy == "Delta(S_7 x S_1)" and found.type.startswith("--blocks d-1,1")
    assert any("2a" in note and "e-0" in note for note in found.notes), "how near the nearest family is"


@pytest.mark.parametrize("k", [7, 8])
def test_a_matrix_of_no_symmetry(k: int) -> None:
    W = np.random.default_rng(k).normal(size=(k, 7))
    found = classify(W, identity(7))
    assert (found.family, found.order, found.type) == (None, 1, "")
    assert found.multiplicity == math.factorial(k) * math.factorial(7)
    assert "no block to grow" in found.reason


def test_entries_that_do_not_fall_into_values_are_said() -> None:
    W = point(symrelu.family("2a"), 8) + np.linspace(0, 4e-7, 64).reshape(8, 8)
    found = classify(W, identity(8))
    assert found.isotropy == "not told" and "chain of close values" in found.reason


def test_zero_loss() -> None:
    assert classify(disguised(np.eye(7), 1), identity(7)).family == "1a"
    split = np.vstack([np.eye(7), np.eye(7)[:1]])
    split[0] *= 0.3
    split[-1] *= 0.7
    found = classify(split, identity(7))
    assert (found.family, found.loss_class, found.multiplicity) == ("global", "0", None)
    assert "continuum" in found.reason


def test_the_second_layer_is_taken_into_the_first() -> None:
    W = point(symrelu.family("2a"), 7)
    scale = np.linspace(0.5, 2, 7)
    found = classify(W / scale[:, None], identity(7), scale)
    assert found.family == "2a"
    found = classify(W / scale[:, None], identity(7), scale * [1, 1, 1, 1, 1, 1, -1])
    assert found.family is None and "negative second layer" in found.reason


def test_rows_of_different_second_layer_are_not_exchanged() -> None:
    W = point(symrelu.family("1b"), 6)
    assert identity(6).isotropy(W).label() == "Delta S_6"
    signs = np.array([1, 1, 1, 1, -1, -1])
    assert identity(6).isotropy(W, signs).label() == "Delta(S_4 x S_2)"


# -- the symmetry group of the loss ------------------------------------------------------------------------------------

entries = st.integers(0, 2)
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 3)).flatmap(
    lambda n: st.tuples(
        st.lists(st.lists(entries, min_size=n[2], max_size=n[2]), min_size=n[0], max_size=n[0]),
        st.lists(st.lists(entries, min_size=n[2], max_size=n[2]), min_size=n[1], max_size=n[1], unique_by=tuple),
    )
)


@given(pairs)
@settings(max_examples=60)
def test_isotropy_under_another_target_is_that_of_brute_force(pair: tuple[list[list[int]], list[list[int]]]) -> None:
    W, V = (np.array(x, dtype=float) for x in pair)
    if not np.any(V, axis=1).all():
        return
    fitted = FittedTarget.of_matrix(V)
    orders = list(itertools.permutations(range(V.shape[1])))
    allowed = [q for q in orders if sorted(V[:, list(q)].tolist()) == sorted(V.tolist())]
    rows = list(itertools.permutations(range(len(W))))
    count = sum(np.array_equal(W[list(p)][:, list(q)], W) for p in rows for q in allowed)
    assert (fitted.isotropy(W).order, fitted.symmetry.order) == (count, len(allowed))


def test_multiplicity_counts_the_orbit() -> None:
    for W in (np.diag([1.0, 1.0, -0.5]) + 0.1, np.arange(9.0).reshape(3, 3), np.ones((3, 3)) - 2 * np.eye(3)):
        found = classify(W, identity(3))
        assert found.multiplicity == len(set(orbit(W))), W
        assert found.order == isotropy_order(W)


def test_minima_of_another_target_in_its_own_families() -> None:
    fitted = FittedTarget.of(Setting(target=TWO_LONG), 8)
    assert fitted.symmetry.label() == "Delta(S_6 x S_2)"
    one = symrelu.family(blocks="d-3,1,2", limit="+,-,+", setting=Setting(target=TWO_LONG))
    W = disguised(point(one, 8), 3, columns=[slice(0, 6), slice(6, 8)])
    found = classify(W, fitted)
    assert (found.family, found.type) == ("d-3,1,2:+,-,+", "--blocks d-3,1,2 --limit +,-,+")
    assert (found.isotropy, found.broken) == ("Delta(S_5 x S_2 x S_1)", 6)
    assert found.multiplicity == math.factorial(8) * 6
    moved = fitted.isotropy(np.roll(W, 1, axis=1))
    assert moved.order < found.order and fitted.symmetry.order % moved.order == 0, "not every order of columns is one"


def test_another_kernel() -> None:
    setting = Setting.parse("leaky:1/10")
    one = symrelu.family("2a", setting=setting)
    found = classify(disguised(point(one, 8), 2), FittedTarget.of(setting, 8))
    assert found.type == "--blocks d-1,1 --limit +,-" and found.loss_class == "Theta(1/d)"
    assert classify(disguised(point(one, 8), 2), identity(8)).family is None


# -- groups ------------------------------------------------------------------------------------------------------------


def test_runs_are_grouped_by_their_orbit() -> None:
    a, b = (point(symrelu.family(name), 7) for name in ("2a", "1b"))
    students = [disguised(x, seed) for seed, x in enumerate((a, b, a, a, b))]
    losses = [float(identity(7).loss.loss(W)) for W in students]
    found = grouped(students, [np.ones(7)] * 5, losses)
    assert [group.members for group in found] == [(0, 2, 3), (1, 4)]


@pytest.mark.slow
def test_recorded_descents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("symrelu.descent.classify._no_series", lambda isotropy: f"asked for {isotropy.label()}")
    record = json.loads((RECORDS / "descents-20-20.json").read_text())
    seen = 0
    for entry in record["types"]:
        if entry["kind"] != "minimum" or entry["blocks"][0] not in (19, 13, 11):
            continue
        first, *rest = entry["blocks"]
        group = Isotropy.parse(",".join([f"d-{20 - first}", *map(str, rest)]), ",".join(map(str, entry["rows"])))
        W = FixedSpace(group).matrix(entry["entries"], 20)
        found = classify(disguised(W, 5), identity(20))
        assert found.loss == pytest.approx(entry["loss"], abs=1e-9)
        if entry["family"] is None:
            assert (found.isotropy, found.type) == ("Delta(S_{13} x S_6 x S_1)", "--blocks d-7,6,1")
            assert found.reason.startswith("asked for Delta(S_{d-7} x S_6 x S_1)")
        else:
            assert found.type == " ".join(f"--{key} {value}" for key, value in entry["family"].items())
        seen += 1
    assert seen == 4


def test_the_number_of_a_branch_is_that_of_a_search_of_its_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """Families found near others, with one neuron more, are numbered among themselves: 2a, 3a stand for such here."""
    near = symrelu.family("3a")
    answer = identify(point(near, 9), 1e-8)
    pairs = ((1, symrelu.family("2a")), (2, near))
    listed = [Family(replace(one.key, branch=n), one.start) for n, one in pairs]
    loss = float(near.at(9, 12, layers=1).loss.value)
    monkeypatch.setattr("symrelu.descent.classify._all_over", lambda *words: tuple(listed))
    label, line, notes = _searched(answer, near, Setting(), loss)
    assert (label, line, notes) == (listed[1].key.label(), "--blocks d-2,2 --limit +,- --branch 2", ())
    monkeypatch.setattr("symrelu.descent.classify._all_over", lambda *words: (listed[0],))
    assert "its branch has no number" in _searched(answer, near, Setting(), loss)[2][-1]


@pytest.mark.parametrize("kernel", ["abs", "z2"])
def test_networks_of_zero_loss_that_are_no_order_of_the_target(kernel: str) -> None:
    """|z| does not see signs of rows, z**2 only W'W: their zeros of the loss are more than the orders of I."""
    fitted = FittedTarget.of(Setting.parse(kernel), 4)
    turned = np.diag([1.0, -1.0, 1.0, 1.0])
    if kernel == "z2":
        turned = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))[0]
    found = classify(turned, fitted)
    assert found.is_global and found.family == "global" and found.multiplicity is None
    assert found.isotropy == ("Delta(S_3 x S_1)" if kernel == "abs" else "1") and found.type == ""
    known = classify(np.eye(4), fitted)
    assert known.family == "1a" and known.multiplicity == (24 * 16 if kernel == "abs" else None)
