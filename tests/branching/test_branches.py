"""Branches against the definition of the loss at integers d, the laws of equivariant branching, and what was found."""

import json
from collections.abc import Callable
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from click.testing import CliRunner

from symrelu.branching import Branch, Branching, BranchPoint
from symrelu.branching.certify import certified
from symrelu.branching.follow import Course
from symrelu.branching.kernel import kernel
from symrelu.branching.subgroups import axial, split
from symrelu.cli import main
from symrelu.errors import Undecided
from symrelu.exact.arithmetic import FLOAT, MpmathArithmetic
from symrelu.model.reduced import Problem
from symrelu.reference.dense import gradient, loss
from symrelu.reference.hessian import hessian
from symrelu.symmetry.fixed_space import FixedSpace
from symrelu.symmetry.isotypic import Component
from symrelu.symmetry.size import Size
from tests.shared import family_of

Found = Callable[[str], Branching]
SLOW = pytest.mark.slow
NAMES = ["2a", *(pytest.param(name, marks=SLOW) for name in ("1b", "4"))]
THRESHOLDS = {"1b": "5.7638127349195711669", "2a": "5.5855052474258800069"}  # tested elsewhere


def all_branches(found: Branching) -> list[Branch]:
    return [branch for threshold in found.thresholds for branch in threshold.branches]


def points(found: Branching) -> list[BranchPoint]:
    return [point for branch in all_branches(found) for half in branch.halves for point in half.points]


def matrix(point: BranchPoint) -> np.ndarray:
    space = FixedSpace(point.isotropy)
    return np.asarray(space.matrix([float(x.mid()) for x in point.entries], int(point.d)))


# -- certified points against the definition ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_points_are_critical_by_the_definition_with_the_index_claimed(found: Found, name: str) -> None:
    """The dense gradient vanishes, and the dense Hessian (second layer fixed) has the negative directions claimed."""
    integers = [p for p in points(found(name)) if p.d.denominator == 1]
    assert len(integers) >= 3
    for point in integers:
        d, W = int(point.d), matrix(point)
        identity, ones = np.eye(d), np.ones(d)
        assert np.max(np.abs(gradient(W, ones, identity, ones).weights)) < 1e-12
        eigenvalues = np.linalg.eigvalsh(hessian(W, ones, identity, ones)[: d * d, : d * d])
        assert np.min(np.abs(eigenvalues)) > 1e-9
        assert point.negative == np.sum(eigenvalues < 0)
        assert point.verdict == ("saddle" if point.negative else "minimum")
        assert abs(loss(W, ones, identity, ones) - float(point.loss.mid())) < 1e-12


@pytest.mark.parametrize("name", ["2a", pytest.param("1b", marks=SLOW)])
def test_points_are_not_of_the_family(found: Found, name: str) -> None:
    """The balls exclude the family's symmetry, and the loss differs from the family's."""
    family = family_of(name)
    for point in points(found(name)):
        assert abs(point.amplitude) > 0
        assert point.loss_difference is not None and not point.loss_difference.contains(0)
        here = family.at(point.d, 12)
        assert float(point.loss.mid()) - float(here.loss.value) == pytest.approx(
            float(point.loss_difference.mid()), rel=0, abs=1e-11
        )


# -- laws --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_kinds(found: Found, name: str) -> None:
    """x has no cubic invariant (reversing all arrows of a directed graph of three edges gives it back), s has one on
    S_p x S_q unless p = q: so branches of x are pitchforks, those of s transcritical.
    """
    for threshold in found(name).thresholds:
        expected = {"x": "pitchfork", "s": "transcritical"}[threshold.component[0]]
        assert threshold.branches and all(branch.kind == expected for branch in threshold.branches)
        for branch in threshold.branches:
            sides = [half.side for half in branch.halves]
            assert sides == (["above"] * len(sides) if expected == "pitchfork" else ["above", "below"])


@pytest.mark.parametrize("name", ["2a", pytest.param("1b", marks=SLOW)])
def test_loss_near_the_threshold_is_of_the_order_that_the_kind_says(found: Found, name: str) -> None:
    """The difference of losses is of order 4 in the amplitude of a pitchfork, of order 3 at a transcritical branch."""
    family = family_of(name)
    path = family.path()
    for branch in all_branches(found(name)):
        problem = Problem(FixedSpace(branch.isotropy), path.problem.kernel)
        arithmetic = MpmathArithmetic(25)
        for half in branch.halves:
            sizes = []
            for node, amplitude, _ in [x for x in half.nodes if abs(x[1]) > 0.04][:2]:
                own = [float(x) for x in path.point(Fraction(node.d), arithmetic)]
                family_loss = path.problem.at(FLOAT, own, node.d).loss()
                sizes.append((amplitude, float(problem.at(FLOAT, list(node.coordinates), node.d).loss() - family_loss)))
            (a, f), (b, g) = sizes
            order = np.log(f / g) / np.log(a / b)
            assert order == pytest.approx(4 if branch.kind == "pitchfork" else 3, abs=0.35)


@SLOW
def test_mirrored_halves_are_the_same_points(found: Found) -> None:
    """1b: the two single rows exchanged turn one half into the other, so that only one is listed."""
    first, second, third = all_branches(found("1b"))
    assert (first.mirrored, second.mirrored, third.mirrored) == (True, False, True)
    assert [len(branch.halves) for branch in (first, second, third)] == [1, 2, 1]


# -- what was found ----------------------------------------------------------------------------------------------------


def shown(found: Branching) -> list[str]:
    return [
        f"{','.join(str(n).replace(' ', '') for n in branch.isotropy.blocks)} {half.side} "
        + " ".join(f"{p.d}:{p.negative}" for p in half.points if p.d.denominator == 1)
        for branch in all_branches(found)
        for half in branch.halves
    ]


FOUND = {
    "1b": [
        "d-2,1,1 above 6:1 7:1",
        "d-3,2,1 above 6:5 7:9",
        "d-3,2,1 above 6:5 7:9",
        "d-4,2,2 above 6:10 7:11",
    ],
    "2a": [
        "d-2,1,1 above 6:1 7:1",
        "d-2,1,1 below 5:2 4:1",
        "d-3,2,1 above 6:2 7:2",
        "d-3,2,1 below 5:1",
    ],
}


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n == "2a" else SLOW) for n in FOUND])
def test_what_was_found(found: Found, name: str) -> None:
    assert shown(found(name)) == FOUND[name]
    assert all(p.verdict == "saddle" for p in points(found(name)) if p.indices)


MEETS = {  # at which integer d a branch meets which other family
    "2a": {("d-2,1,1", 4): "2b", ("d-3,2,1", 5): "3b"},
    "3a": {("d-4,2,2", 6): "3b", ("d-5,3,2", 7): "d-3,3:-,+"},
    "4": {("d-6,3,3", 8): "d-3,3:-,+"},
    "1b": {},
}


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n == "2a" else SLOW) for n in MEETS])
def test_branches_meet_other_families_at_integers(found: Found, name: str) -> None:
    """There the whole spectrum of the point is that of the other family, not the loss alone."""
    meets = {}
    for point in points(found(name)):
        if point.same_loss is not None:
            blocks = ",".join(str(n).replace(" ", "") for n in point.isotropy.blocks)
            meets[blocks, int(point.d)] = point.same_loss
            d, W = int(point.d), matrix(point)
            other = family_of(point.same_loss).at(d, 15, 1)
            theirs = sorted(float(e.value) for e in other.eigenvalues for _ in range(int(e.multiplicity)))
            ours = np.linalg.eigvalsh(hessian(W, np.ones(d), np.eye(d), np.ones(d))[: d * d, : d * d])
            assert np.max(np.abs(ours - np.array(theirs))) < 1e-10
    assert meets == MEETS[name]


# manual/findings/branches.md: at the next integer above the threshold, the certified point nearest in loss
NEAREST = {
    "2a": (6, "d-2,1,1", 1, 1.18e-5),
    "1b": (6, "d-2,1,1", 1, 3.43e-5),
    "2b": (7, "d-3,1,1,1", 1, 3.58e-5),
    "3a": (8, "d-3,1,2", 1, 7.47e-6),
    "3b": (8, "d-4,1,1,2", 1, 3.57e-5),
    "4": (10, "d-4,1,3", 1, 1.54e-5),
}


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if n == "2a" else SLOW) for n in NEAREST])
def test_the_table_in_the_readme(found: Found, name: str) -> None:
    d, blocks, index, height = NEAREST[name]
    above = {
        p: float(p.loss_difference.mid()) for p in points(found(name)) if p.d == d and p.loss_difference is not None
    }
    nearest = min(above, key=lambda p: abs(above[p]))
    assert ",".join(str(n).replace(" ", "") for n in nearest.isotropy.blocks) == blocks
    assert nearest.negative == index and above[nearest] == pytest.approx(height, rel=5e-3)
    assert all(p.verdict != "minimum" for p in points(found(name)))


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_a_kernel_of_several_directions_is_refused() -> None:
    """In four parts the exterior square has three fixed directions, away from a threshold there is no kernel."""
    path = family_of("1b").path()
    threshold = mpmath.mpf(THRESHOLDS["1b"])
    four = split(path.isotropy, {0: tuple(map(Size.parse, ("d-3", "1", "1", "1")))})
    with pytest.raises(Undecided, match="not one direction"):
        kernel(path, four, threshold)
    (three, *_), _ = axial(path.isotropy, Component("x", (0,)), threshold)
    with pytest.raises(Undecided, match="not one direction"):
        kernel(path, three, mpmath.mpf("5.8"))
    assert kernel(path, three, threshold).pair == (6, 8)


def test_a_point_that_is_not_on_the_branch_is_not_certified(found: Found) -> None:
    """A course led to the family's own point, or to no critical point, gives no certificate."""
    path = family_of("2a").path()
    threshold = mpmath.mpf(THRESHOLDS["2a"])
    (one, *_), _ = axial(path.isotropy, Component("s", (0,)), threshold)
    at = kernel(path, one, threshold)
    good = found("2a").thresholds[0].branches[0].halves[0]
    course = Course(1, tuple(node for node, _, _ in good.nodes), None)
    assert certified(at, course, Fraction(6)) is not None
    assert certified(at, course, Fraction(5)) is None  # the course does not meet it

    class Elsewhere(Course):
        def at(self, d: Fraction) -> np.ndarray:
            return at.origin + 0.3 * at.direction

    class Symmetric(Course):
        def at(self, d: Fraction) -> np.ndarray:
            here = [float(x.value) for x in family_of("2a").at(d, 15).entries.values()]
            return np.array([here[i] for i in one.sources])

    assert certified(at, Elsewhere(1, course.nodes, None), Fraction(6)) is None
    assert certified(at, Symmetric(1, course.nodes, None), Fraction(6)) is None


# -- the command -------------------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["thresholds", *arguments], prog_name="symrelu")
    return result.exit_code, result.stdout, result.stderr


def test_command() -> None:
    code, text, error = run("2a", "--numerical", "--down-to", "5.5", "--branches", "--format", "json")
    assert (code, error) == (0, "")
    data = json.loads(text)
    (at,) = data["branches"]
    assert at["component"] == "s1" and at["threshold"].startswith("5.58550")
    assert at["subgroups"][0]["isotropy"]["rows"] == [1, 2, 3], "as in every other answer"
    assert [s["isotropy"]["blocks"] for s in at["subgroups"]] == [["d - 2", "1", "1"], ["d - 3", "2", "1"]]
    (point,) = [p for p in at["subgroups"][0]["halves"][1]["points"] if p["d"] == "5"]
    assert point["verdict"] == "saddle" and point["negative"] == 2
    assert set(point["enclosure"]) == {f"a_{i}" for i in range(1, 11)}
    assert all(float(x["rad"]) < 1e-12 for x in point["enclosure"].values())
    assert at["not_searched"] and at["not_followed"] == []


def test_text(found: Found) -> None:
    text = found("2a").text()
    for words in ("at d* = 5.585505247, where s1", "Delta(S_{d-2} x S_1 x S_1)  (blocks d-2,1,1): transcritical"):
        assert words in text
    assert "not searched: parts proportional" in text and "loss - family's" in text
    assert "Proved by the equivariant branching lemma" not in text  # the thresholds were found numerically


@SLOW
def test_roles_exchanged_at_integers(found: Found) -> None:
    """At d = 7 the types d-4,2,2 and d-5,3,2 of 3a are the same: so are the points of their branches."""
    second, third = all_branches(found("3a"))[1:3]
    losses = [
        next(p.loss for half in b.halves for p in half.points if p.d == 7 and half.side == "below")
        for b in (second, third)
    ]
    assert float(abs(losses[0] - losses[1]).upper()) < 1e-15


def test_branches_have_no_latex() -> None:
    code, text, error = run("2a", "--branches", "--format", "latex")
    assert (code, text) == (2, "") and error.count("\n") == 1 and "try text or json" in error


def test_a_family_without_thresholds_has_no_branches() -> None:
    code, text, _ = run("1a", "--numerical", "--branches")
    assert code == 0 and "no threshold, no branch" in text
