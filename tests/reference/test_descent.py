"""Descents: the gradient is that of the definition, symmetry is recognised, the record repeats and is consistent."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import symrelu
from symrelu.errors import SymreluError
from symrelu.exact.constants import DEFAULT_BITS
from symrelu.finding.guide import Guide
from symrelu.finding.guided import refined
from symrelu.growing import with_one_row_more
from symrelu.reference import dense
from symrelu.reference.descent import (
    DescentError,
    descents,
    end_point,
    gradients,
    nearest_target,
    symmetry,
    xavier,
)
from symrelu.reference.newton import critical_entries, critical_point

DATA = Path(__file__).parent / "data"
SIZES = [(20, 20), (21, 20)]
KNOWN = 8  # powers of t below which a family is known at first


@cache
def record(k: int, d: int) -> Any:
    return json.loads((DATA / f"descents-{k}-{d}.json").read_text(encoding="utf-8"))


def minima(k: int, d: int) -> list[Any]:
    return [entry for entry in record(k, d)["types"] if entry["kind"] == "minimum"]


# the descent ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "d"), [(2, 2), (5, 4), (6, 7)])
def test_gradients_are_those_of_the_definition(k: int, d: int) -> None:
    rng = np.random.default_rng([k, d])
    W, alpha = rng.normal(size=(3, k, d)), rng.normal(size=(3, k))
    by_rows, by_outputs = gradients(W, alpha)
    for i in range(3):
        expected = dense.gradient(W[i], alpha[i], np.eye(d), np.ones(d))
        assert_allclose(by_rows[i], expected.weights, atol=1e-13)
        assert_allclose(by_outputs[i], expected.second_layer, atol=1e-13)


def test_starts_are_those_of_the_record() -> None:
    # random numbers that every version of Python and numpy gives: written down, not computed
    expected = [[-0.5318196735010019, -0.2825948937834012], [1.0384000907023785, 0.3564048338501246]]
    assert_allclose(xavier(2, 2, 1, 0), expected, atol=1e-14)
    W = xavier(60, 50, 1, 3)
    assert abs(W.mean()) < 0.01
    assert W.var() * 50 == pytest.approx(1, abs=0.1)
    assert not np.array_equal(W, xavier(60, 50, 1, 4))


def test_runs_do_not_depend_on_their_company() -> None:
    starts = np.array([xavier(6, 6, 1, run) for run in range(3)])
    together = descents(starts)
    assert {end.kind for end in together} == {"target"}
    for start, end in zip(starts, together, strict=True):
        [alone] = descents(start[None])
        assert alone.steps == end.steps
        assert_allclose(alone.weights, end.weights, atol=1e-12)


def test_small_networks_find_the_target() -> None:
    [end] = descents(np.array([xavier(5, 5, 1, 0)]), both_layers=True, step=0.4)
    assert_array_equal(np.sort(end.weights, axis=0)[-1], np.ones(5))
    assert end.loss == pytest.approx(0, abs=1e-15)


def test_a_plateau_is_not_an_end() -> None:
    # case 1b is a saddle at d = 5
    saddle = critical_point(0, "-", 5)
    assert np.linalg.norm(dense.gradient(saddle, np.ones(5), np.eye(5), np.ones(5)).weights) < 1e-12
    assert end_point(saddle, 0) is None
    assert end_point(saddle + 1e-7, 0) is None


def test_a_minimum_nearby_is_an_end_and_one_far_away_is_not() -> None:
    W = critical_point(1, "+-", 8)
    noise = np.random.default_rng(0).normal(size=W.shape)
    end = end_point(W + 1e-5 * noise, 250)
    assert end is not None and (end.kind, end.steps) == ("minimum", 250)
    assert_allclose(end.weights, W, atol=1e-11)
    assert end.smallest is not None and end.smallest > 0
    assert end_point(W + 0.3 * noise, 250) is None


def test_networks_of_zero_loss_with_more_neurons() -> None:
    split = np.array([[0.3, 0, 0], [0, 1, 0], [0.7, 0, 0], [0, 0, 1]])
    dead = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    for target in (split, dead):
        end = end_point(target + 1e-3, 0)
        assert end is not None and end.kind == "target"
        assert end.loss == pytest.approx(0, abs=1e-15)
        assert end.gradient_norm < 1e-14
        assert (end.smallest is None) == (target is dead)
    assert nearest_target(-np.eye(3)) is None
    assert nearest_target(np.array([[1.0, 0], [1, 0]])) is None


def test_runs_that_do_not_end_are_an_error() -> None:
    with pytest.raises(DescentError, match=r"runs \[0\] have not ended after 250 steps"):
        descents(np.array([xavier(6, 6, 1, 0)]), limit=250)


# symmetry -------------------------------------------------------------------------------------------------------------


def shuffled(W: Any, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    return np.asarray(W, dtype=float)[rng.permutation(len(W))][:, rng.permutation(len(W[0]))]


@pytest.mark.parametrize(("m", "limit"), [(0, "-"), (1, "+-"), (2, "-+")])
def test_families_have_the_symmetry_of_their_blocks(m: int, limit: str) -> None:
    found = symmetry(shuffled(critical_point(m, limit, 9)))
    assert found.blocks == ((9 - m, m) if m else (9,))
    assert found.label == f"--blocks {9 - m},{m} --limit {','.join(limit)}" if m else "--blocks 9 --limit -"
    # the entries are in the order of Theorem 1
    assert_allclose(found.entries, critical_entries(m, limit, 9), atol=1e-11)


def test_fixed_rows_and_several_blocks() -> None:
    W = np.full((7, 6), 0.25)
    W[:3, :3] += np.eye(3)
    W[3:5, 3:5] -= 2 * np.eye(2)
    W[5, 5] = 3
    W[6, :3] = 0.5
    found = symmetry(shuffled(W))
    assert (found.blocks, found.rows, found.signs) == ((3, 2, 1), (1, 2, 3, 0), "+-+")
    assert found.label == "--blocks 3,2,1 --rows 1,2,3,* --limit +,-,+"
    rows = [[1.25, 0.25, 0.25, 0.25], [0.25, -1.75, 0.25, 0.25], [0.25, 0.25, 3], [0.5, 0.25, 0.25]]
    assert found.entries == tuple(x for row in rows for x in row)


def test_two_orbits_of_rows_over_one_of_columns() -> None:
    W = np.vstack([np.eye(4), 0.1 - 2 * np.eye(4)])
    found = symmetry(shuffled(W))
    assert (found.blocks, found.rows, found.signs) == ((4,), (1, 1), "0")
    assert found.label == "--blocks 4 --rows 1,1"


def test_digests_tell_entries_and_types_apart() -> None:
    one, two = (symmetry(shuffled(critical_point(1, "+-", d), seed)) for d, seed in ((9, 1), (9, 2)))
    assert one.digest == two.digest
    assert one.digest != symmetry(critical_point(1, "-+", 9)).digest


@pytest.mark.parametrize(
    ("W", "message"),
    [
        ([[0, 1, 2], [2, 0, 1], [1, 2, 0]], "no orbits of a symmetric group|permuted with 0"),  # a cyclic group
        ([[1, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]], "permuted with 0 classes"),  # equal rows
        ([[1, 1 + 1e-7], [0, 1]], "neither equal nor clearly different"),
    ],
)
def test_other_groups_are_refused(W: Any, message: str) -> None:
    with pytest.raises(DescentError, match=message):
        symmetry(np.array(W, dtype=float))


# the record -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("k", "d", "run"), [(20, 20, 7), (20, 20, 4), (21, 20, 1)])
def test_runs_of_the_record_repeat(k: int, d: int, run: int) -> None:
    [end] = descents(np.array([xavier(k, d, record(k, d)["seed"], run)]))
    found, recorded = symmetry(end.weights), record(k, d)["runs"][run]
    assert (end.kind, found.label, found.digest) == (recorded["kind"], recorded["type"], recorded["digest"])
    assert end.loss == pytest.approx(recorded["loss"], abs=1e-12)
    assert end.smallest == pytest.approx(recorded["smallest"], abs=1e-9)
    assert end.gradient_norm < 1e-10


@pytest.mark.parametrize(("k", "d"), SIZES)
def test_table_is_that_of_the_runs(k: int, d: int) -> None:
    runs = record(k, d)["runs"]
    assert [row["run"] for row in runs] == list(range(200))
    assert all(row["gradient_norm"] < 1e-10 for row in runs)
    counts = Counter("target" if row["kind"] == "target" else row["digest"] for row in runs)
    assert counts == {entry.get("digest", "target"): entry["count"] for entry in record(k, d)["types"]}
    for entry in minima(k, d):
        mine = [row for row in runs if row["digest"] == entry["digest"]]
        assert {row["type"] for row in mine} == {entry["type"]}
        assert_allclose([row["loss"] for row in mine], entry["loss"], rtol=1e-11)
        assert_allclose([row["smallest"] for row in mine], entry["smallest"], atol=1e-9)
        assert entry["smallest"] > 0


@pytest.mark.parametrize(("k", "d"), SIZES)
def test_entries_of_the_table_give_its_minima(k: int, d: int) -> None:
    for entry in minima(k, d):
        W = written_out(entry, d)
        found = symmetry(W)
        assert (found.label, found.digest) == (entry["type"], entry["digest"])
        assert np.linalg.norm(dense.gradient(W, np.ones(k), np.eye(d), np.ones(d)).weights) < 1e-10
        assert dense.loss(W, np.ones(k), np.eye(d), np.ones(d)) == pytest.approx(entry["loss"], abs=1e-12)


def written_out(entry: Any, d: int) -> Any:
    """The matrix of a type, from the block sizes and the entries in the order of the command line."""
    entries = iter(entry["entries"])
    lines = []
    for orbit in entry["rows"]:
        parts = []
        for block, size in enumerate(entry["blocks"], 1):
            height = entry["blocks"][orbit - 1] if orbit else 1
            part = np.full((height, size), next(entries))
            if block == orbit and size > 1:
                part[~np.eye(size, dtype=bool)] = next(entries)
            parts.append(part)
        lines.append(np.hstack(parts))
    assert next(entries, None) is None
    return np.vstack(lines)


@pytest.mark.parametrize(("k", "d"), SIZES)
def test_training_both_layers_finds_nothing_else(k: int, d: int) -> None:
    known = {entry["digest"] for entry in minima(k, d)}
    runs = record(k, d)["both_layers"]
    assert len(runs) == 20
    assert all(row["kind"] == "target" or row["digest"] in known for row in runs)


def test_minima_of_square_networks_are_those_of_two_blocks_and_one_of_three() -> None:
    # no family d -> infinity: each line of such points ends in a fold (Safran and Shamir's data have it too)
    assert [x["type"] for x in minima(20, 20) if x["family"] is None] == ["--blocks 13,6,1 --limit +,-,-"]
    # two families have these blocks and signs at d = 20: descents find the one whose growing block is the negative one
    [entry] = [x for x in minima(20, 20) if x["blocks"] == [12, 8]]
    assert entry["family"] == {"blocks": "d-12,12", "limit": "-,+"}
    assert symmetry(critical_point(12, "-+", 20)).digest == entry["digest"]
    assert symmetry(critical_point(8, "+-", 20)).digest != entry["digest"]


def test_minima_with_one_neuron_more_have_two_blocks_and_a_fixed_row() -> None:
    for entry in minima(21, 20):
        m = entry["blocks"][1]
        assert entry["type"] == f"--blocks {20 - m},{m} --rows 1,2,* --limit +,-"
        # the fixed row points away from one block: from the growing one, but for m = 2
        *_, on_bulk, on_block = entry["entries"]
        assert (on_bulk > 0 > on_block) if m == 2 else (on_bulk < 0 < on_block)
    assert {entry["blocks"][1] for entry in minima(21, 20)} == set(range(2, 10))


MATCHED = [(k, i) for k, d in SIZES for i, entry in enumerate(minima(k, d)) if entry["family"] is not None]
# with one neuron more it takes 5 s each: m = 3, 2 and 9
REPEATED = [(k, i) for k, i in MATCHED if k == 20 or minima(k, 20)[i]["blocks"][1] in (2, 3, 9)]


def family_of(entry: Any) -> symrelu.Family:
    """The family of a minimum; where it was found by a search, from the limits, exponents and coefficients that the
    search read off: its leading system is derived again, and solved and proved.
    """
    family = symrelu.family(**entry["family"])
    if "guide" not in entry:
        return family
    guide = Guide.from_json(entry["guide"])
    return symrelu.Family(family.key, refined(family.problem, guide, KNOWN, DEFAULT_BITS))


def assert_is_of_family(entry: Any, family: symrelu.Family) -> None:
    point = family.at(20)
    assert float(point.loss.value) == pytest.approx(entry["loss"], rel=1e-9)
    assert_allclose(sorted(float(x.value) for x in point.entries.values()), sorted(entry["entries"]), atol=1e-10)


@pytest.mark.parametrize(("k", "i"), [REPEATED[0], *(pytest.param(*x, marks=pytest.mark.slow) for x in REPEATED[1:])])
def test_minima_are_the_families_of_the_engine(k: int, i: int) -> None:
    assert_is_of_family(minima(k, 20)[i], family_of(minima(k, 20)[i]))


def test_every_minimum_with_one_neuron_more_is_matched() -> None:
    assert len(MATCHED) == len(minima(20, 20)) - 1 + len(minima(21, 20))


def test_another_coefficient_is_no_guide_to_a_family() -> None:
    """The numbers of the record do not stand for the family: the leading system refuses others."""
    entry = json.loads(json.dumps(minima(21, 20)[1]))
    place = next(i for i, terms in enumerate(entry["guide"]["corrections"]) if terms[0]["exponent"] == "1")
    coefficient = entry["guide"]["corrections"][place][0]
    coefficient["value"] = str(1.01 * float(coefficient["value"]))
    with pytest.raises(SymreluError):
        assert_is_of_family(entry, family_of(entry))


@pytest.mark.slow
def test_one_neuron_more_is_found_from_the_family_without_it() -> None:
    [entry] = [x for x in minima(21, 20) if x["blocks"] == [18, 2]]
    found = with_one_row_more(symrelu.family(blocks="d-2,2", limit="+,-")).families
    assert [one.key.branch for one in found] == [1, 2]
    assert_is_of_family(entry, found[entry["family"]["branch"] - 1])
